/* SPDX-License-Identifier: ISC
 *
 * gate_hash.h — the pads of a handful of AND gates that do not depend on each other, in one batch.
 *
 * Source   [GKWWY20] MITCCRH; protocol.md 0.2, the same function as crypto/tcr.h.
 * Differs  nothing; but the two half gates of a gate and their tag pads have four keys of their own
 *          (domains 3, 4, 19, 20, tweak = gate number), and a batch mixes them so that even a
 *          circuit that is one long chain fills the AES pipeline.
 * Shapes   in[operand][gate·labels + label]; pads[key][gate·labels + label]: key a, b, then their tag pads if
 *          there are tags.
 */
#ifndef TCT_GARBLE_GATE_HASH_H
#define TCT_GARBLE_GATE_HASH_H

#include "garble/run_state.h"

/* 48 keys: three wide steps of a garbler and two of an evaluator with VAES. */
enum { TCT_GATE_BATCH = 24 };

/* AND gates of one level, to be worked off together. */
typedef struct {
    uint32_t count;
    uint32_t number[TCT_GATE_BATCH]; /* among all ANDs of the circuit */
    uint32_t wire[TCT_GATE_BATCH];
    const tct_gate *gate[TCT_GATE_BATCH];
} tct_gate_batch;

/* What a walk over the gates works in; secret, wiped by the walk when it is over. */
typedef struct {
    tct_block in[2][2 * TCT_GATE_BATCH];
    tct_block pads[4][2 * TCT_GATE_BATCH];
    tct_block keys[4 * TCT_GATE_BATCH], x[8 * TCT_GATE_BATCH], y[8 * TCT_GATE_BATCH];
} tct_gate_work;

/* labels: 1 or 2 per operand.  tags: also the tag pads. */
void tct_gate_hash(const tct_run *r, const tct_gate_batch *batch, size_t labels, bool tags,
                   tct_gate_work *w);

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
