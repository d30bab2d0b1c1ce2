/* SPDX-License-Identifier: ISC */
#include "garble/gate_hash.h"

#include "crypto/tcr.h"

enum { FULL = 8 }; /* from here on each key fills the pipeline by itself */

/* Without tags, and with many gates: operand by operand through the fused hash. */
static void hash_by_operand(const tct_run *r, const tct_gate_batch *batch, size_t labels,
                            const tct_block *in, tct_block *pads)
{
    static const uint8_t domain[2] = {TCT_DOM_GATE_A, TCT_DOM_GATE_B};
    tct_block x[2 * TCT_GATE_BATCH];
    uint64_t tweaks[TCT_GATE_BATCH];
    for (size_t i = 0; i < batch->count; i++)
        tweaks[i] = batch->number[i];
    for (size_t operand = 0; operand < 2; operand++) {
        for (size_t i = 0; i < batch->count; i++)
            for (size_t j = 0; j < labels; j++)
                x[labels * i + j] = in[labels * (2 * i + operand) + j];
        tct_tcr(tct_run_salt(r), domain[operand], tweaks, batch->count, labels, x, x);
        for (size_t i = 0; i < batch->count; i++)
            for (size_t j = 0; j < labels; j++)
                pads[labels * (2 * i + operand) + j] = x[labels * i + j];
    }
    tct_wipe(x, labels * batch->count * sizeof *x);
}

void tct_gate_hash(const tct_run *r, const tct_gate_batch *batch, size_t labels, bool tags,
                   const tct_block *in, tct_block *pads)
{
    tct_block keys[4 * TCT_GATE_BATCH], x[TCT_GATE_PADS], salt = tct_run_salt(r);
    size_t per_gate = tags ? 4 : 2, blocks = batch->count * per_gate * labels;
    if (!tags && batch->count >= FULL && tct_aes()->tcr != NULL) {
        hash_by_operand(r, batch, labels, in, pads);
        return;
    }
    for (size_t i = 0; i < batch->count; i++) {
        uint64_t low = salt.lo ^ batch->number[i];
        const tct_block *from = in + 2 * labels * i;
        tct_block *to = x + per_gate * labels * i, *key = keys + per_gate * i;
        key[0] = (tct_block){low, salt.hi ^ TCT_DOM_GATE_A};
        key[1] = (tct_block){low, salt.hi ^ TCT_DOM_GATE_B};
        for (size_t j = 0; j < 2 * labels; j++) /* σ(hi‖lo) = (hi⊕lo)‖hi */
            to[j] = (tct_block){from[j].hi, from[j].hi ^ from[j].lo};
        if (!tags)
            continue;
        key[2] = (tct_block){low, salt.hi ^ (TCT_DOM_GATE_A + TCT_DOM_TAG)};
        key[3] = (tct_block){low, salt.hi ^ (TCT_DOM_GATE_B + TCT_DOM_TAG)};
        memcpy(to + 2 * labels, to, 2 * labels * sizeof *to);
    }
    tct_aes()->encrypt_rekeyed(keys, batch->count * per_gate, labels, x, pads);
    for (size_t j = 0; j < blocks; j++)
        pads[j] = tct_block_xor(pads[j], x[j]);
    tct_wipe(x, blocks * sizeof *x);
}
