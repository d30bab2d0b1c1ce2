/* SPDX-License-Identifier: ISC
 *
 * residue.h — the rule with some answers known: what is settled already, and what is left of it.
 *
 * Gives    for every node of the graph the interval in which it must be; and the residue as a string
 *          of bits: two sets of answers with the same string cannot be told apart by anything that
 *          is answered, drawn or shown later.
 * Method   interval arithmetic from the leaves up; then from the results down, past what is settled,
 *          writing what the rest still depends on.
 */
#ifndef TCT_LEAK_RESIDUE_H
#define TCT_LEAK_RESIDUE_H

#include "rule/graph.h"

typedef struct {
    const tct_graph *g;
    tct_node
        *order; /* needed by a result, and depending on the people in question; kids first */
    uint32_t order_count;
    uint8_t *varies;  /* by node: is it in `order`? */
    uint8_t *live;    /* scratch by node */
    int64_t *lo, *hi; /* by node: settled where they are equal */
    struct {
        uint8_t *known;  /* by slot */
        int64_t *values; /* by slot; secret */
        bool not_now_known, not_now;
    } of[2]; /* by person */
} tct_residue;

/* people: whose answers will be set, TCT_OF_A and TCT_OF_B.  MEMORY. */
TCT_MUST_CHECK tct_err tct_residue_init(tct_residue *r, tct_arena *arena, const tct_graph *g,
                                        unsigned people);

/* Sets, or forgets.  Nothing is computed before tct_residue_update. */
void tct_residue_set(tct_residue *r, int person, uint32_t slot, int64_t value);
void tct_residue_forget(tct_residue *r, int person);

/* Intervals of these nodes (kids first) once more. */
void tct_residue_update(tct_residue *r, const tct_node *nodes, uint32_t count);

static inline bool tct_residue_settled(const tct_residue *r, tct_node n)
{
    return r->lo[n] == r->hi[n];
}

/* The nodes of `order` that depend on this answer (slot UINT32_MAX: on "not now"); returns how many. */
uint32_t tct_residue_affected(tct_residue *r, int person, uint32_t slot, tct_node *out);

/* A string of bits being written. */
typedef struct {
    uint64_t *words;
    uint32_t bits, room; /* room: in bits; beyond it nothing is written, and `bits` goes on */
} tct_bits;

void tct_bits_add(tct_bits *b, uint64_t value, uint32_t width);
/* Writes the residue. */
void tct_residue_write(tct_residue *r, tct_bits *out);

#endif
