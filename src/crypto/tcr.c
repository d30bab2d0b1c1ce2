/* SPDX-License-Identifier: ISC */
#include "crypto/tcr.h"

enum { BATCH = 32 }; /* tweaks a batch: the portable backend works on 32 keys at once */

/* σ(hi‖lo) = (hi⊕lo)‖hi. */
static inline tct_block sigma(tct_block v)
{
    return (tct_block){v.hi, v.hi ^ v.lo};
}

/* For backends without a fused kernel. */
static void tcr_by_parts(const tct_aes_backend *aes, tct_block salt, const uint64_t *tweaks,
                         size_t tweak_count, size_t per_tweak, const tct_block *in,
                         tct_block *pads)
{
    tct_block keys[BATCH], x[2 * BATCH], y[2 * BATCH];
    for (size_t at = 0; at < tweak_count; at += BATCH) {
        size_t some = tweak_count - at < BATCH ? tweak_count - at : BATCH;
        size_t blocks = some * per_tweak;
        for (size_t i = 0; i < some; i++)
            keys[i] = (tct_block){salt.lo ^ tweaks[at + i], salt.hi};
        for (size_t i = 0; i < blocks; i++)
            x[i] = sigma(in[at * per_tweak + i]);
        aes->encrypt_rekeyed(keys, some, per_tweak, x, y);
        for (size_t i = 0; i < blocks; i++)
            pads[at * per_tweak + i] = tct_block_xor(x[i], y[i]);
    }
    size_t used = (tweak_count < BATCH ? tweak_count : BATCH) * per_tweak;
    tct_wipe(x, used * sizeof *x);
    tct_wipe(y, used * sizeof *y);
}

void tct_tcr(tct_block salt, uint8_t dom, const uint64_t *tweaks, size_t tweak_count,
             size_t per_tweak, const tct_block *in, tct_block *pads)
{
    const tct_aes_backend *aes = tct_aes();
    TCT_ASSERT(per_tweak == 1 || per_tweak == 2);
    salt.hi ^= dom;
    if (aes->tcr != NULL)
        aes->tcr(salt, tweaks, tweak_count, per_tweak, in, pads);
    else
        tcr_by_parts(aes, salt, tweaks, tweak_count, per_tweak, in, pads);
}

/* For backends without a fused kernel: the four or two pads of each gate side by side. */
static void gates_by_parts(const tct_aes_backend *aes, tct_block salt, const tct_tcr_gates *g,
                           const tct_delta *delta, tct_tcr_sums *out)
{
    enum { SOME = 16 }; /* gates, with two keys each: what the portable backend takes at once */
    tct_block keys[2 * SOME], x[4 * SOME], y[4 * SOME];
    const tct_block other = {0, TCT_DOM_GATE_A ^ TCT_DOM_GATE_B};
    const size_t labels = delta != NULL ? 2 : 1;
    for (size_t at = 0; at < g->count; at += SOME) {
        size_t some = g->count - at < SOME ? g->count - at : SOME;
        for (size_t i = 0; i < some; i++) {
            tct_block a = sigma(*g->a[at + i]), b = sigma(*g->b[at + i]);
            keys[2 * i] = (tct_block){salt.lo ^ g->number[at + i], salt.hi};
            keys[2 * i + 1] = tct_block_xor(keys[2 * i], other);
            x[2 * labels * i] = a;
            x[2 * labels * i + labels] = b;
            if (delta == NULL)
                continue;
            x[4 * i + 1] = tct_block_xor(a, sigma(delta->block)); /* σ is linear */
            x[4 * i + 3] = tct_block_xor(b, sigma(delta->block));
        }
        aes->encrypt_rekeyed(keys, 2 * some, labels, x, y);
        for (size_t i = 0; i < some; i++) {
            tct_block *pad = &y[2 * labels * i];
            for (size_t j = 0; j < 2 * labels; j++)
                pad[j] = tct_block_xor(pad[j], x[2 * labels * i + j]);
            out->both[at + i] = tct_block_xor(pad[0], pad[labels]);
            if (delta == NULL)
                continue;
            out->a[at + i] = tct_block_xor(pad[0], pad[1]);
            out->b[at + i] = tct_block_xor(pad[2], pad[3]);
        }
    }
    size_t used = 2 * labels * (g->count < SOME ? g->count : SOME);
    tct_wipe(x, used * sizeof *x);
    tct_wipe(y, used * sizeof *y);
}

void tct_tcr_gates_sums(tct_block salt, uint8_t dom, const tct_tcr_gates *gates,
                        const tct_delta *delta, tct_tcr_sums *out)
{
    const tct_aes_backend *aes = tct_aes();
    TCT_ASSERT(gates->count <= TCT_TCR_GATES);
    salt.hi ^= dom;
    if (aes->gates != NULL)
        aes->gates(salt, gates, delta, out);
    else
        gates_by_parts(aes, salt, gates, delta, out);
}
