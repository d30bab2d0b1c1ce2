/* SPDX-License-Identifier: ISC
 *
 * AES-128 with the AES instructions of AArch64.
 *
 * Here a round begins with the key: aese is SubBytes(ShiftRows(x ⊕ k)), aesmc is MixColumns, so the last
 * round key is added by itself.  The functions carry their own target attribute; aes.c asks at run
 * time whether they may be called.
 */
#include "crypto/aes_backends.h"

#if defined(TCT_ARM_AES)
#include <arm_neon.h>

#include "base/vector.h"

#define ARM        __attribute__((target("+crypto")))
#define ARM_INLINE ARM TCT_INLINE

/* As many side by side as keep the units busy; there are 32 registers. */
enum { ROUNDS = 10, WIDE = 8, FRESH_1 = 6, FRESH_2 = 4, MOST = 8 };

static const uint8_t round_constant[ROUNDS + 1] = {0,    0x01, 0x02, 0x04, 0x08, 0x10,
                                                   0x20, 0x40, 0x80, 0x1b, 0x36};

ARM_INLINE uint8x16_t load(const tct_block *in)
{
    return vld1q_u8((const uint8_t *)in);
}

ARM_INLINE void store(tct_block *out, uint8x16_t v)
{
    vst1q_u8((uint8_t *)out, v);
}

/* FIPS 197, section 5.2.  The last column in all four: ShiftRows moves nothing then, so that aese with
 * a key of zeros is SubWord.  Each column is the sum of those up to it, and of that word. */
ARM_INLINE uint8x16_t next_round_key(uint8x16_t k, int round)
{
    const uint8x16_t zero = vdupq_n_u8(0);
    uint32x4_t last = vdupq_laneq_u32(vreinterpretq_u32_u8(k), 3);
    uint32x4_t word = vreinterpretq_u32_u8(vaeseq_u8(vreinterpretq_u8_u32(last), zero));
    word = veorq_u32(vshrq_n_u32(word, 8), vshlq_n_u32(word, 24)); /* RotWord */
    word = veorq_u32(word, vdupq_n_u32(round_constant[round]));
    k = veorq_u8(k, vextq_u8(zero, k, 12)); /* one column on */
    k = veorq_u8(k, vextq_u8(zero, k, 8));  /* two columns on */
    return veorq_u8(k, vreinterpretq_u8_u32(word));
}

static bool usable(void)
{
    return tct_arm_has_aes(1);
}

ARM static void expand(tct_aes_key *out, const uint8_t key[16])
{
    uint8x16_t k = vld1q_u8(key);
    vst1q_u8(out->bytes, k);
    for (int r = 1; r <= ROUNDS; r++) {
        k = next_round_key(k, r);
        vst1q_u8(out->bytes + 16 * r, k);
    }
}

/* `width` blocks side by side, so that their latencies overlap. */
ARM_INLINE void encrypt_some(const uint8x16_t k[ROUNDS + 1], const tct_block *in,
                             tct_block *out, int width)
{
    uint8x16_t x[WIDE];
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        x[i] = load(&in[i]);
    TCT_UNROLL
    for (int r = 0; r < ROUNDS - 1; r++) {
        TCT_UNROLL
        for (int i = 0; i < width; i++)
            x[i] = vaesmcq_u8(vaeseq_u8(x[i], k[r]));
    }
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        store(&out[i], veorq_u8(vaeseq_u8(x[i], k[ROUNDS - 1]), k[ROUNDS]));
}

ARM static void encrypt(const tct_aes_key *key, const tct_block *in, tct_block *out,
                        size_t count)
{
    uint8x16_t k[ROUNDS + 1];
    for (int r = 0; r <= ROUNDS; r++)
        k[r] = vld1q_u8(key->bytes + 16 * r);
    size_t at = 0;
    for (; count - at >= WIDE; at += WIDE)
        encrypt_some(k, in + at, out + at, WIDE);
    for (; at < count; at++)
        encrypt_some(k, in + at, out + at, 1);
}

/* Schedules and blocks go on round by round together; nothing is stored. */
ARM_INLINE void rekeyed_some(const tct_block *keys, const tct_block *in, tct_block *out,
                             int width, int per_key)
{
    uint8x16_t k[MOST], x[MOST];
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        k[i] = load(&keys[i]);
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        x[i] = load(&in[i]);
    TCT_UNROLL
    for (int r = 1; r <= ROUNDS; r++) {
        TCT_UNROLL
        for (int i = 0; i < width * per_key; i++) {
            x[i] = vaeseq_u8(x[i], k[i / per_key]);
            x[i] = r < ROUNDS ? vaesmcq_u8(x[i]) : x[i];
        }
        TCT_UNROLL
        for (int i = 0; i < width; i++)
            k[i] = next_round_key(k[i], r);
    }
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        store(&out[i], veorq_u8(x[i], k[i / per_key]));
}

ARM static void encrypt_rekeyed(const tct_block *keys, size_t key_count, size_t per_key,
                                const tct_block *in, tct_block *out)
{
    size_t at = 0;
    if (per_key == 1) {
        for (; key_count - at >= FRESH_1; at += FRESH_1)
            rekeyed_some(keys + at, in + at, out + at, FRESH_1, 1);
        for (; at < key_count; at++)
            rekeyed_some(keys + at, in + at, out + at, 1, 1);
    } else {
        for (; key_count - at >= FRESH_2; at += FRESH_2)
            rekeyed_some(keys + at, in + 2 * at, out + 2 * at, FRESH_2, 2);
        for (; at < key_count; at++)
            rekeyed_some(keys + at, in + 2 * at, out + 2 * at, 1, 2);
    }
}

const tct_aes_backend tct_aes_arm = {
    .name = "aarch64",
    .usable = usable,
    .expand = expand,
    .encrypt = encrypt,
    .encrypt_rekeyed = encrypt_rekeyed,
};
#else
typedef int tct_aes_arm_is_empty; /* ISO C wants a declaration in every file */
#endif
