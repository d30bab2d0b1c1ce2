/* SPDX-License-Identifier: ISC */
#include "garble/sealed.h"

#include "base/mask.h"
#include "garble/shape.h"

enum { TOKEN = TCT_BLOCK_BYTES, HEAD = 8 };

bool tct_sealed_run_read(tct_sealed_run *out, const uint8_t *bytes, size_t count)
{
    if (count < HEAD)
        return false;
    uint32_t outputs = tct_load32(bytes), spread = tct_load32(bytes + 4);
    if (outputs < 1 || outputs > TCT_SPREAD_OUTPUTS_MAX || spread != tct_spread_bits(outputs))
        return false;
    size_t rows = (size_t)outputs * (((size_t)spread + 7) / 8);
    if (count != HEAD + outputs + rows + 5 * TOKEN * (size_t)spread)
        return false;
    out->outputs = outputs;
    out->spread = spread;
    out->base = bytes + HEAD;
    out->rows = out->base + outputs;
    out->deposit = out->rows + rows;
    out->candidates = out->deposit + tct_sealed_deposit_bytes(out);
    return true;
}

tct_err tct_sealed_release(const tct_sealed_run *s, const uint8_t *released, size_t count,
                           uint8_t *result)
{
    uint8_t bits[TCT_SPREAD_OUTPUTS_MAX], peer[512]; /* n' is 489 at most */
    size_t row = ((size_t)s->spread + 7) / 8;
    tct_mask bad = {0};
    if (count != TOKEN * (size_t)s->spread || s->spread > sizeof peer)
        return TCT_ERR_FORMAT;
    for (uint32_t i = 0; i < s->spread; i++) {
        const uint8_t *value = released + TOKEN * (size_t)i;
        const uint8_t *both = s->candidates + 2 * TOKEN * (size_t)i;
        tct_mask zero = tct_mask_not(tct_differ(value, both, TOKEN));
        tct_mask one = tct_mask_not(tct_differ(value, both + TOKEN, TOKEN));
        bad = tct_mask_or(bad, tct_mask_not(tct_mask_or(zero, one)));
        peer[i] = (uint8_t)(one.bits & 1);
    }
    for (uint32_t j = 0; j < s->outputs; j++) {
        bits[j] = s->base[j];
        for (uint32_t i = 0; i < s->spread; i++)
            bits[j] ^= (uint8_t)(peer[i] & tct_bit_get(s->rows + j * row, i));
    }
    bool junk = tct_mask_reveal(bad); /* the relay let through what does not fit */
    if (!junk)
        memcpy(result, bits, s->outputs);
    tct_wipe(bits, sizeof bits);
    tct_wipe(peer, sizeof peer);
    return junk ? TCT_ERR_CHEAT : TCT_OK;
}
