/* SPDX-License-Identifier: ISC
 *
 * plan.h — what each person enters into the circuit, and what the circuit must check of it.
 *
 * The graph is cut at the largest nodes that depend on one person only.  For each group of such
 * nodes that share a question there are two ways:
 *   quotient  the results enter, and nothing else.  Enumerating the allowed answers gives exactly
 *             the results that can occur: when that is every bit string, there is nothing to check
 *             and no validity is lost, since each string is the result of some allowed answers.
 *   raw       the answers themselves enter, with their checks, and the results are computed in the
 *             circuit: for groups that are too large to enumerate or whose check would cost more.
 * A check is left out when an invalid entry provably leads to `otherwise` without it.
 */
#ifndef TCT_RULE_PLAN_H
#define TCT_RULE_PLAN_H

#include "rule/graph.h"

#define TCT_NO_SLOT UINT32_MAX

/* A value that a person enters: lo + step * code. */
typedef struct {
    tct_node node; /* whose value it is; beyond the graph: a slot that no node names */
    uint32_t slot; /* entered raw: which one; else TCT_NO_SLOT */
    bool
        thermometer; /* a choice, entered raw: bit j says value > j; ones after a zero say nothing */
    uint32_t first_bit, width;
    int64_t lo, step;
    uint64_t top; /* largest allowed code */
} tct_entry;

typedef enum {
    TCT_CHECK_TOP,      /* entry `index`: code <= top */
    TCT_CHECK_RESULTS,  /* the `width` bits from first_bit are one of the marked strings */
    TCT_CHECK_QUESTION, /* question `index`, entered raw */
} tct_check_kind;

typedef struct {
    tct_check_kind kind;
    uint32_t index, first_bit, width;
    const uint8_t *marked; /* one byte for each string */
    bool needless;         /* an invalid entry gives `otherwise` without it */
} tct_check;

enum { TCT_MARKED_BITS_MAX = 8 };

typedef struct {
    tct_entry *entries;
    uint32_t entry_count, bit_count;
    tct_check *checks;
    uint32_t check_count;
    tct_node *order; /* what to evaluate for the entries, kids first */
    uint32_t order_count;
    uint32_t *entry_of_slot; /* by slot: 1 + index of the raw entry, 0: none */
} tct_plan;

/* plans[person].  MEMORY. */
TCT_MUST_CHECK tct_err tct_plan_make(tct_plan plans[2], const tct_graph *g, tct_arena *arena);

/* The largest value that the bits of an entry can say, allowed or not. */
static inline uint64_t tct_entry_reach(const tct_entry *e)
{
    return ((uint64_t)1 << e->width) - 1;
}

/* Marks the checks that are needless (plan_needless.c). */
TCT_MUST_CHECK tct_err tct_plan_drop(tct_plan plans[2], const tct_graph *g, tct_arena *arena);

#endif
