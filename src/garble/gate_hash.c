/* SPDX-License-Identifier: ISC */
#include "garble/gate_hash.h"

#include "crypto/tcr.h"

enum { FULL = 8 }; /* from here on each key fills the pipeline by itself */

static const uint8_t domain[4] = {TCT_DOM_GATE_A, TCT_DOM_GATE_B, TCT_DOM_GATE_A + TCT_DOM_TAG,
                                  TCT_DOM_GATE_B + TCT_DOM_TAG};

/* Few gates: all their keys in one batch. */
static void hash_mixed(const tct_run *r, const tct_gate_batch *batch, size_t labels,
                       size_t per_gate, tct_gate_work *w)
{
    tct_block salt = tct_run_salt(r);
    size_t blocks = batch->count * per_gate * labels, at = 0;
    for (size_t i = 0; i < batch->count; i++) {
        for (size_t k = 0; k < per_gate; k++) {
            w->keys[per_gate * i + k] =
                (tct_block){salt.lo ^ batch->number[i], salt.hi ^ domain[k]};
            for (size_t j = 0; j < labels; j++) { /* σ(hi‖lo) = (hi⊕lo)‖hi */
                tct_block v = w->in[k % 2][labels * i + j];
                w->x[at++] = (tct_block){v.hi, v.hi ^ v.lo};
            }
        }
    }
    tct_aes()->encrypt_rekeyed(w->keys, batch->count * per_gate, labels, w->x, w->y);
    for (size_t b = 0; b < blocks; b++) {
        size_t i = b / (per_gate * labels), k = b / labels % per_gate, j = b % labels;
        w->pads[k][labels * i + j] = tct_block_xor(w->x[b], w->y[b]);
    }
}

void tct_gate_hash(const tct_run *r, const tct_gate_batch *batch, size_t labels, bool tags,
                   tct_gate_work *w)
{
    uint64_t tweaks[TCT_GATE_BATCH];
    size_t per_gate = tags ? 4 : 2;
    if (batch->count < FULL || tct_aes()->tcr == NULL) {
        hash_mixed(r, batch, labels, per_gate, w);
        return;
    }
    for (size_t i = 0; i < batch->count; i++)
        tweaks[i] = batch->number[i];
    for (size_t k = 0; k < per_gate; k++)
        tct_tcr(tct_run_salt(r), domain[k], tweaks, batch->count, labels, w->in[k % 2],
                w->pads[k]);
}
