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

#include "base/vector.h"

#define AESNI        __attribute__((target("aes,ssse3")))
#define AESNI_INLINE __attribute__((target("aes,ssse3"))) TCT_INLINE

/* One key and eight blocks, or four fresh keys with two blocks each, or six with one: as many as
 * the sixteen registers hold. */
enum { ROUNDS = 10, WIDE = 8, FRESH_1 = 6, FRESH_2 = 4, MOST = 8 };

static const uint8_t round_constant[ROUNDS + 1] = {0,    0x01, 0x02, 0x04, 0x08, 0x10,
                                                   0x20, 0x40, 0x80, 0x1b, 0x36};

AESNI_INLINE __m128i load(const tct_block *in)
{
    return _mm_loadu_si128((const __m128i *)(const void *)in);
}

AESNI_INLINE void store(tct_block *out, __m128i v)
{
    _mm_storeu_si128((__m128i *)(void *)out, v);
}

/* Round key r from round key r-1 is k·P + (t, t, t, t): P sums the columns up from the left, t is
 * the last column, rotated and substituted, with the round constant.  With N, the move by one
 * column, P = 1/(1+N) = (1+N)(1+N^2), since N^4 = 0.  Two rounds together cost less than twice
 * one: carry s instead of k, with
 *     r odd:   s' = s(1+N^2) + (t, 0, t, 0),   round key s'(1+N);
 *     r even:  s' = s + (t, t, t, t),          round key s',
 * which is right since (1+N)(t, 0, t, 0) = (t, t, t, t) and P(1+N) = 1.  Two sums of columns for
 * two rounds, where the plain form takes four.
 *
 * t comes from aesenclast, which is faster than aeskeygenassist: the shuffle puts the bytes where
 * ShiftRows brings them home; where nothing shall arrive it puts zero, and the round key of
 * aesenclast takes S(0) = 0x63 away again. */
AESNI_INLINE __m128i odd_round_key(__m128i *s, __m128i k, int round)
{
    const __m128i spread =
        _mm_set_epi32(0x0cff0eff, (int)0xff0fff0d, 0x0cff0eff, (int)0xff0fff0d);
    const __m128i c =
        _mm_set_epi32(0x63636363, round_constant[round], 0x63636363, round_constant[round]);
    __m128i t = _mm_aesenclast_si128(_mm_shuffle_epi8(k, spread), c);
    *s = _mm_xor_si128(_mm_xor_si128(*s, _mm_slli_si128(*s, 8)), t);
    return _mm_xor_si128(*s, _mm_slli_si128(*s, 4));
}

AESNI_INLINE __m128i even_round_key(__m128i *s, __m128i k, int round)
{
    const __m128i spread = _mm_set1_epi32(0x0c0f0e0d);
    const __m128i c = _mm_set1_epi32(round_constant[round]);
    *s = _mm_xor_si128(*s, _mm_aesenclast_si128(_mm_shuffle_epi8(k, spread), c));
    return *s;
}

AESNI_INLINE __m128i next_round_key(__m128i *s, __m128i k, int round)
{
    return round % 2 != 0 ? odd_round_key(s, k, round) : even_round_key(s, k, round);
}

static bool usable(void)
{
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("ssse3");
}

AESNI void tct_aes_ni_expand(tct_aes_key *out, const uint8_t key[16])
{
    tct_block *round_keys = (tct_block *)(void *)out->bytes;
    __m128i k = _mm_loadu_si128((const __m128i *)(const void *)key), s = k;
    store(&round_keys[0], k);
    TCT_UNROLL
    for (int r = 1; r <= ROUNDS; r++) {
        k = next_round_key(&s, k, r);
        store(&round_keys[r], k);
    }
}

/* `width` blocks side by side, so that their latencies overlap. */
AESNI_INLINE void encrypt_some(const __m128i k[ROUNDS + 1], const tct_block *in, tct_block *out,
                               int width)
{
    __m128i x[WIDE];
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        x[i] = _mm_xor_si128(load(&in[i]), k[0]);
    TCT_UNROLL
    for (int r = 1; r < ROUNDS; r++) {
        TCT_UNROLL
        for (int i = 0; i < width; i++)
            x[i] = _mm_aesenc_si128(x[i], k[r]);
    }
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        store(&out[i], _mm_aesenclast_si128(x[i], k[ROUNDS]));
}

AESNI static void encrypt(const tct_aes_key *key, const tct_block *in, tct_block *out,
                          size_t count)
{
    const tct_block *round_keys = (const tct_block *)(const void *)key->bytes;
    __m128i k[ROUNDS + 1];
    TCT_UNROLL
    for (int r = 0; r <= ROUNDS; r++)
        k[r] = load(&round_keys[r]);
    size_t at = 0;
    for (; count - at >= WIDE; at += WIDE)
        encrypt_some(k, in + at, out + at, WIDE);
    for (; at < count; at++)
        encrypt_some(k, in + at, out + at, 1);
}

/* Encrypts x[i*per_key + j] under the fresh key k[i]: schedules and blocks go on round by round
 * together, nothing is stored. */
AESNI_INLINE void rekeyed_rounds(__m128i k[MOST], __m128i x[MOST], int width, int per_key)
{
    __m128i s[MOST];
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        s[i] = k[i];
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        x[i] = _mm_xor_si128(x[i], k[i / per_key]);
    TCT_UNROLL
    for (int r = 1; r <= ROUNDS; r++) {
        TCT_UNROLL
        for (int i = 0; i < width; i++)
            k[i] = next_round_key(&s[i], k[i], r);
        TCT_UNROLL
        for (int i = 0; i < width * per_key; i++)
            x[i] = r < ROUNDS ? _mm_aesenc_si128(x[i], k[i / per_key])
                              : _mm_aesenclast_si128(x[i], k[i / per_key]);
    }
}

AESNI_INLINE void rekeyed_some(const tct_block *keys, const tct_block *in, tct_block *out,
                               int width, int per_key)
{
    __m128i k[MOST], x[MOST];
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        k[i] = load(&keys[i]);
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        x[i] = load(&in[i]);
    rekeyed_rounds(k, x, width, per_key);
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        store(&out[i], x[i]);
}

AESNI static void encrypt_rekeyed(const tct_block *keys, size_t key_count, size_t per_key,
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

/* σ(hi‖lo) = (hi⊕lo)‖hi. */
AESNI_INLINE __m128i sigma(__m128i v)
{
    const __m128i high = _mm_set_epi64x(-1, 0);
    return _mm_xor_si128(_mm_shuffle_epi32(v, 0x4e), _mm_and_si128(v, high));
}

AESNI_INLINE void tcr_some(__m128i salt, const uint64_t *tweaks, const tct_block *in,
                           tct_block *pads, int width, int per_key)
{
    __m128i k[MOST], x[MOST];
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        k[i] = _mm_xor_si128(salt, _mm_loadl_epi64((const __m128i *)(const void *)&tweaks[i]));
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        x[i] = sigma(load(&in[i]));
    rekeyed_rounds(k, x, width, per_key);
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        store(&pads[i], _mm_xor_si128(x[i], sigma(load(&in[i]))));
}

AESNI static void tcr(tct_block salt, const uint64_t *tweaks, size_t tweak_count,
                      size_t per_tweak, const tct_block *in, tct_block *pads)
{
    /* From registers: two halves stored and read back as one would stall a single hash. */
    const __m128i s =
        _mm_set_epi64x((long long)tct_opaque64(salt.hi), (long long)tct_opaque64(salt.lo));
    size_t at = 0;
    if (per_tweak == 1) {
        for (; tweak_count - at >= FRESH_1; at += FRESH_1)
            tcr_some(s, tweaks + at, in + at, pads + at, FRESH_1, 1);
        for (; at < tweak_count; at++)
            tcr_some(s, tweaks + at, in + at, pads + at, 1, 1);
    } else {
        for (; tweak_count - at >= FRESH_2; at += FRESH_2)
            tcr_some(s, tweaks + at, in + 2 * at, pads + 2 * at, FRESH_2, 2);
        for (; at < tweak_count; at++)
            tcr_some(s, tweaks + at, in + 2 * at, pads + 2 * at, 1, 2);
    }
}

/* ---------------------------------------------------------------------------------- gates --- */

typedef __m128i lanes;
#define LANES        1
#define LANES_INLINE AESNI_INLINE

LANES_INLINE lanes lanes_xor(lanes a, lanes b)
{
    return _mm_xor_si128(a, b);
}
LANES_INLINE lanes lanes_enc(lanes x, lanes k)
{
    return _mm_aesenc_si128(x, k);
}
LANES_INLINE lanes lanes_last(lanes x, lanes k)
{
    return _mm_aesenclast_si128(x, k);
}
LANES_INLINE lanes lanes_low32(lanes a, lanes b)
{
    return _mm_unpacklo_epi32(a, b);
}
LANES_INLINE lanes lanes_high32(lanes a, lanes b)
{
    return _mm_unpackhi_epi32(a, b);
}
LANES_INLINE lanes lanes_low64(lanes a, lanes b)
{
    return _mm_unpacklo_epi64(a, b);
}
LANES_INLINE lanes lanes_high64(lanes a, lanes b)
{
    return _mm_unpackhi_epi64(a, b);
}
LANES_INLINE lanes lanes_sigma(lanes v)
{
    return sigma(v);
}
LANES_INLINE lanes lanes_same(const tct_block *b)
{
    return load(b);
}
LANES_INLINE lanes lanes_words(uint64_t two)
{
    return _mm_set1_epi64x((long long)two);
}
LANES_INLINE lanes lanes_column(lanes w)
{
    return _mm_shuffle_epi8(w, _mm_set_epi32(AES_COLUMN_ORDER));
}
LANES_INLINE lanes lanes_of(const tct_block *const *from, size_t first, size_t count)
{
    return load(from[first < count ? first : 0]);
}
LANES_INLINE lanes lanes_numbers(const uint32_t *number)
{
    __m128i n = _mm_loadl_epi64((const __m128i *)(const void *)number);
    return _mm_unpacklo_epi32(n, n);
}
LANES_INLINE void lanes_store(tct_block *out, lanes v)
{
    store(out, v);
}
#include "crypto/aes_gates.h"

AESNI static void gates(tct_block salt, const tct_tcr_gates *g, const tct_delta *delta,
                        tct_tcr_sums *out)
{
    if (delta != NULL)
        gates_all(salt, g, delta, out);
    else
        gates_all(salt, g, NULL, out);
}

const tct_aes_backend tct_aes_ni = {
    .name = "aes-ni",
    .usable = usable,
    .expand = tct_aes_ni_expand,
    .encrypt = encrypt,
    .encrypt_rekeyed = encrypt_rekeyed,
    .tcr = tcr,
    .gates = gates,
};
#else
typedef int tct_aes_x86_is_empty; /* ISO C wants a declaration in every file */
#endif
