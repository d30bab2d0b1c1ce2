/* SPDX-License-Identifier: ISC
 *
 * AES-128 with the AES-NI instructions.
 *
 * The functions carry their own target attribute: the file is compiled for any x86-64, and only
 * tct_aes() decides at run time whether they may be called.
 */
#include "crypto/aes_backends.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AESNI        __attribute__((target("aes,ssse3")))
#define AESNI_INLINE __attribute__((target("aes,ssse3"), always_inline)) static inline

enum { ROUNDS = 10, WIDE = 8, FRESH = 4 };

/* round_constant[r] for round key r. */
static const uint8_t round_constant[ROUNDS + 1] = {0,    0x01, 0x02, 0x04, 0x08, 0x10,
                                                   0x20, 0x40, 0x80, 0x1b, 0x36};

AESNI_INLINE __m128i load(const void *in)
{
    return _mm_loadu_si128(in);
}

AESNI_INLINE __m128i constant(int round)
{
    return _mm_set1_epi32(round_constant[round]);
}

/* Round key r from round key r-1.  The rotated last column is put into all four columns; ShiftRows
 * leaves such a state alone, so aesenclast is SubBytes and the round constant, faster than
 * aeskeygenassist.  Then the columns are summed up from the left. */
AESNI_INLINE __m128i next_round_key(__m128i k, __m128i round)
{
    const __m128i last_column =
        _mm_set_epi8(12, 15, 14, 13, 12, 15, 14, 13, 12, 15, 14, 13, 12, 15, 14, 13);
    __m128i t = _mm_aesenclast_si128(_mm_shuffle_epi8(k, last_column), round);
    k = _mm_xor_si128(k, _mm_slli_si128(k, 4));
    k = _mm_xor_si128(k, _mm_slli_si128(k, 8));
    return _mm_xor_si128(k, t);
}

static bool usable(void)
{
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("ssse3");
}

AESNI static void expand(tct_aes_key *out, const uint8_t key[16])
{
    __m128i k = load(key);
    _mm_storeu_si128((void *)out->bytes, k);
    for (int r = 1; r <= ROUNDS; r++) {
        k = next_round_key(k, constant(r));
        _mm_storeu_si128((void *)(out->bytes + 16 * r), k);
    }
}

/* `width` blocks side by side, so that their latencies overlap. */
AESNI_INLINE void encrypt_some(const __m128i k[ROUNDS + 1], const tct_block *in, tct_block *out,
                               size_t width)
{
    __m128i x[WIDE];
    for (size_t i = 0; i < width; i++)
        x[i] = _mm_xor_si128(load(&in[i]), k[0]);
    for (int r = 1; r < ROUNDS; r++)
        for (size_t i = 0; i < width; i++)
            x[i] = _mm_aesenc_si128(x[i], k[r]);
    for (size_t i = 0; i < width; i++)
        _mm_storeu_si128((void *)&out[i], _mm_aesenclast_si128(x[i], k[ROUNDS]));
}

AESNI static void encrypt(const tct_aes_key *key, const tct_block *in, tct_block *out,
                          size_t count)
{
    __m128i k[ROUNDS + 1];
    for (int r = 0; r <= ROUNDS; r++)
        k[r] = load(key->bytes + 16 * r);
    size_t at = 0;
    for (; count - at >= WIDE; at += WIDE)
        encrypt_some(k, in + at, out + at, WIDE);
    for (; at < count; at++)
        encrypt_some(k, in + at, out + at, 1);
    tct_wipe(k, sizeof k);
}

/* `width` keys with `per_key` blocks each: schedules and blocks go on round by round together. */
AESNI_INLINE void rekeyed_some(const tct_block *keys, size_t width, size_t per_key,
                               const tct_block *in, tct_block *out)
{
    __m128i k[WIDE], x[WIDE];
    for (size_t i = 0; i < width; i++)
        k[i] = load(&keys[i]);
    for (size_t i = 0; i < width * per_key; i++)
        x[i] = _mm_xor_si128(load(&in[i]), k[i / per_key]);
#if defined(__clang__)
#pragma clang loop unroll(full)
#else
#pragma GCC unroll 10
#endif
    for (int r = 1; r < ROUNDS; r++) {
        for (size_t i = 0; i < width; i++)
            k[i] = next_round_key(k[i], constant(r));
        for (size_t i = 0; i < width * per_key; i++)
            x[i] = _mm_aesenc_si128(x[i], k[i / per_key]);
    }
    for (size_t i = 0; i < width; i++)
        k[i] = next_round_key(k[i], constant(ROUNDS));
    for (size_t i = 0; i < width * per_key; i++)
        _mm_storeu_si128((void *)&out[i], _mm_aesenclast_si128(x[i], k[i / per_key]));
}

AESNI static void encrypt_rekeyed(const tct_block *keys, size_t key_count, size_t per_key,
                                  const tct_block *in, tct_block *out)
{
    size_t at = 0;
    if (per_key == 1) {
        for (; key_count - at >= FRESH; at += FRESH)
            rekeyed_some(keys + at, FRESH, 1, in + at, out + at);
        for (; at < key_count; at++)
            rekeyed_some(keys + at, 1, 1, in + at, out + at);
    } else {
        for (; key_count - at >= FRESH; at += FRESH)
            rekeyed_some(keys + at, FRESH, 2, in + 2 * at, out + 2 * at);
        for (; at < key_count; at++)
            rekeyed_some(keys + at, 1, 2, in + 2 * at, out + 2 * at);
    }
}

const tct_aes_backend tct_aes_ni = {
    .name = "aes-ni",
    .usable = usable,
    .expand = expand,
    .encrypt = encrypt,
    .encrypt_rekeyed = encrypt_rekeyed,
};
#else
typedef int tct_aes_x86_is_empty; /* ISO C wants a declaration in every file */
#endif
