/* SPDX-License-Identifier: ISC
 *
 * gate_hash.h — a handful of AND gates that do not depend on each other, hashed in one batch.
 *
 * Source   [GKWWY20] MITCCRH; protocol.md 0.2: the two half gates of a gate and their tag pads have four
 *          keys of their own (domains 3, 4, 19, 20, tweak = gate number).
 */
#ifndef TCT_GARBLE_GATE_HASH_H
#define TCT_GARBLE_GATE_HASH_H

#include "crypto/tcr.h"
#include "garble/run_state.h"

/* AND gates of one level, to be worked off together, and what a walk over the gates works in: the sums
 * are secret and wiped by the walk when it is over. */
typedef struct {
    tct_tcr_gates gates;
    uint32_t wire[TCT_TCR_GATES];
    const tct_gate *gate[TCT_TCR_GATES];
    tct_tcr_sums sums, tags;
} tct_gate_batch;

static inline bool tct_gate_batch_full(const tct_gate_batch *b)
{
    return b->gates.count == TCT_TCR_GATES;
}

/* number: of the gate among all ANDs of the circuit. */
static inline void tct_gate_batch_add(tct_gate_batch *b, const tct_run *r, const tct_gate *gate,
                                      uint32_t wire, uint32_t number)
{
    size_t i = b->gates.count++;
    b->gates.number[i] = number;
    b->gates.a[i] = &r->labels[gate->a];
    b->gates.b[i] = &r->labels[gate->b];
    b->gate[i] = gate;
    b->wire[i] = wire;
}

/* Fills the sums, and those of the tags where there are any.  delta: the garbler's; or NULL. */
static inline void tct_gate_batch_hash(tct_gate_batch *b, const tct_run *r,
                                       const tct_delta *delta, bool tags)
{
    tct_tcr_gates_sums(tct_run_salt(r), TCT_DOM_GATE_A, &b->gates, delta, &b->sums);
    if (tags)
        tct_tcr_gates_sums(tct_run_salt(r), TCT_DOM_GATE_A + TCT_DOM_TAG, &b->gates, delta,
                           &b->tags);
}

/* All gates in the order of r->order, which stands.  garbling.c: labels, rows and permute bits from the
 * labels of the inputs; evaluating.c: active labels and values, and the OR of all differences of tags. */
void tct_garble_gates(tct_run *r);
uint64_t tct_evaluate_gates(tct_run *r);

/* Masks the low τ bits. */
static inline uint64_t tct_tag_mask(const tct_run *r)
{
    return r->shape.params.tau == 64 ? ~(uint64_t)0 : ((uint64_t)1 << r->shape.params.tau) - 1;
}

#endif
