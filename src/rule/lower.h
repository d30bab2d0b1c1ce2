/* SPDX-License-Identifier: ISC
 *
 * lower.h — from the graph and the plan of entries to a circuit.
 *
 * Shapes   inputs of a person: the bits of the entries, then one bit for each lot (both people's
 *          are added without carry).  Outputs: the number of the outcome in binary (0: otherwise),
 *          then each reveal, all zero unless its outcome was chosen.
 * Order    lower.c the whole; lower_number.c numbers; lower_check.c validity; lower_block.c lots
 *          and joint methods.
 */
#ifndef TCT_RULE_LOWER_H
#define TCT_RULE_LOWER_H

#include "circuit/builder.h"
#include "rule/plan.h"

enum { TCT_NUMBER_BITS_MAX = 62, TCT_PERCENT_BITS = 7 };

/* lo + step * (the bits, little-endian).  A truth has one bit, lo 0 and step 1. */
typedef struct {
    tct_wire *bits;
    uint32_t width;
    int64_t lo, step;
    uint64_t top; /* the bits say at most this, whatever people enter; 0: not known */
} tct_number;

typedef struct {
    tct_arena *arena;
    const tct_graph *g;
    const tct_plan *plans;
    tct_builder *b;
    tct_err err;
    const char *beyond;   /* LIMIT: which */
    tct_number *numbers;  /* by node */
    tct_number **results; /* by node: those of methods */
    int64_t *values;      /* scratch by node */
    int64_t *slots;       /* scratch by slot */
    uint32_t *seen, mark; /* scratch by node: evaluated since the mark */
} tct_lowering;

/* How one reveal stands in the outputs. */
typedef struct {
    uint32_t first_output; /* of tct_output calls, constants counted */
    uint32_t width;        /* number: bits; set, split: items; item: bits of its number */
    int64_t lo, step;
} tct_reveal_shape;

typedef struct {
    tct_circuit circuit;
    uint8_t *fixed; /* by tct_output call */
    uint32_t output_calls;
    uint32_t outcome_width;
    const char *beyond; /* LIMIT: which limit the rule is beyond, for people */
    tct_reveal_shape reveals[TCT_OUTCOMES_MAX * TCT_REVEALS_MAX];
} tct_compiled;

/* A sheet may be a stranger's: what two devices take upon them for it has a bound.  At 100,000 joint
 * gates (ANDs) a session takes 75 MB of memory besides the 30 MB of the sheet, sends 15 MB and computes
 * for a quarter of a second (bench/README.md); the largest sheet that ships needs 57,284. */
enum { TCT_SHEET_GATES_MAX = 1 << 19, TCT_SHEET_ANDS_MAX = 100000 };

/* MEMORY; LIMIT: out->beyond says which limit. */
TCT_MUST_CHECK tct_err tct_lower(tct_compiled *out, tct_arena *arena, const tct_graph *g,
                                 const tct_plan plans[2]);

/* ---- shared ---- */
/* Sets l->err to LIMIT, unless something went wrong before: numbers that need more than
 * TCT_NUMBER_BITS_MAX bits on the way, although no value leaves its range. */
void tct_lower_too_wide(tct_lowering *l);
tct_wire *tct_lower_wires(tct_lowering *l, uint32_t count);
tct_number tct_lower_const(int64_t value);
tct_number tct_lower_truth(tct_lowering *l, tct_wire w);
tct_wire tct_lower_at_least(tct_lowering *l, const tct_number *a, const tct_number *b);
tct_wire tct_lower_equal(tct_lowering *l, const tct_number *a, const tct_number *b);
tct_number tct_lower_linear(tct_lowering *l, int64_t value, const tct_number *kids,
                            const int64_t *factors, uint32_t count);
tct_number tct_lower_product(tct_lowering *l, const tct_number *a, const tct_number *b);
tct_number tct_lower_quotient(tct_lowering *l, const tct_graph_node *node, const tct_number *a,
                              const tct_number *b);
tct_number tct_lower_if(tct_lowering *l, tct_wire c, const tct_number *a, const tct_number *b);
/* Both as plain bits above the same base with the same step. */
void tct_lower_align(tct_lowering *l, const tct_number *a, const tct_number *b,
                     tct_number *out_a, tct_number *out_b);
/* The same value with exactly lo, step and width: for results with a known shape. */
tct_number tct_lower_reshape(tct_lowering *l, const tct_number *a, int64_t lo, int64_t step,
                             uint32_t width);
/* Is a choice, entered as a thermometer, above option j?  A bit counts while all before it are one, so
 * that every string says some option, and there is nothing to check. */
tct_wire tct_lower_above(tct_lowering *l, int person, const tct_entry *e, uint32_t j);
tct_wire tct_lower_check(tct_lowering *l, int person, const tct_check *check);
tct_wire tct_lower_code_at_most(tct_lowering *l, const tct_wire *bits, uint32_t width,
                                uint64_t top);

#endif
