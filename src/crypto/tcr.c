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
