/* SPDX-License-Identifier: ISC
 *
 * AES-128 with the vector AES instructions on 512-bit registers: four blocks an instruction.
 *
 * The same steps as aes_x86.c, which explains them; a vector holds four keys or four blocks, and
 * masked loads and stores take the place of a tail.
 * Limit    two rounds of four fresh keys are 12 instructions on two ports, so ten rounds take at
 *          least 30 cycles for four keys: 7.5 a hash, where one key for all takes 1.25 a block.
 */
#include "crypto/aes_backends.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#include "base/vector.h"

#define VAES        __attribute__((target("vaes,avx512f,avx512bw,avx512vl")))
#define VAES_INLINE VAES TCT_INLINE

/* PER blocks a vector; at most MOST vectors of keys and as many of blocks are under way. */
enum {
    ROUNDS = 10,
    PER = 4,
    MOST = 6,
    FRESH_1 = 6,
    FRESH_2 = 4,
    ONE_KEY = 8,
    FEW_GATES = 4,
    FOLD = TCT_AES_FOLD / PER
};

static const uint8_t round_constant[ROUNDS + 1] = {0,    0x01, 0x02, 0x04, 0x08, 0x10,
                                                   0x20, 0x40, 0x80, 0x1b, 0x36};

/* The lanes of 64 bits that the first count (0…4) blocks fill. */
VAES_INLINE __mmask8 lanes_mask(size_t count)
{
    return (__mmask8)((1u << 2 * count) - 1);
}

/* How many of `left` blocks the vector that starts at block `at` takes. */
VAES_INLINE size_t some_of(size_t left, size_t at)
{
    return left <= at ? 0 : left - at < PER ? left - at : PER;
}

/* The vector at block `at` of the `left` ones in memory; the rest of it is zero, and memory beyond
 * the last block is not touched. */
VAES_INLINE __m512i load(const tct_block *in, size_t at, size_t left)
{
    size_t some = some_of(left, at);
    return _mm512_maskz_loadu_epi64(lanes_mask(some), some == 0 ? in : in + at);
}

VAES_INLINE void store(tct_block *out, size_t at, size_t left, __m512i v)
{
    size_t some = some_of(left, at);
    _mm512_mask_storeu_epi64(some == 0 ? out : out + at, lanes_mask(some), v);
}

/* Round key r of four keys from the last one; see aes_x86.c. */
VAES_INLINE __m512i next_round_key(__m512i *s, __m512i k, int round)
{
    if (round % 2 == 0) {
        __m512i spread = _mm512_set1_epi32(0x0c0f0e0d);
        __m512i c = _mm512_set1_epi32(round_constant[round]);
        __m512i t = _mm512_aesenclast_epi128(_mm512_shuffle_epi8(k, spread), c);
        return *s = _mm512_xor_si512(*s, t);
    }
    __m512i spread = _mm512_set1_epi64(0x0cff0effff0fff0d);
    __m512i c = _mm512_set1_epi64(0x6363636300000000 | round_constant[round]);
    __m512i t = _mm512_aesenclast_epi128(_mm512_shuffle_epi8(k, spread), c);
    *s = _mm512_ternarylogic_epi64(*s, _mm512_bslli_epi128(*s, 8), t, 0x96); /* XOR of three */
    return _mm512_xor_si512(*s, _mm512_bslli_epi128(*s, 4));
}

/* clang 14 does not know the feature by name.  That the system saves the wide registers is part of
 * the other questions. */
static bool has_vaes(void)
{
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (c & bit_VAES) != 0;
}

static bool usable(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && has_vaes() && tct_aes_ni.usable();
}

VAES_INLINE __m512i round_key_of(const tct_aes_key *key, int r)
{
    const void *at = key->bytes + 16 * r;
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)at));
}

VAES_INLINE void encrypt_some(const __m512i k[ROUNDS + 1], const tct_block *in, tct_block *out,
                              int width, size_t count)
{
    __m512i x[ONE_KEY];
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        x[i] = _mm512_xor_si512(load(in, (size_t)(PER * i), count), k[0]);
    TCT_UNROLL
    for (int r = 1; r < ROUNDS; r++) {
        TCT_UNROLL
        for (int i = 0; i < width; i++)
            x[i] = _mm512_aesenc_epi128(x[i], k[r]);
    }
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        store(out, (size_t)(PER * i), count, _mm512_aesenclast_epi128(x[i], k[ROUNDS]));
}

VAES static void encrypt(const tct_aes_key *key, const tct_block *in, tct_block *out,
                         size_t count)
{
    enum { WIDE = ONE_KEY * PER };
    __m512i k[ROUNDS + 1];
    TCT_UNROLL
    for (int r = 0; r <= ROUNDS; r++)
        k[r] = round_key_of(key, r);
    for (; count >= WIDE; count -= WIDE, in += WIDE, out += WIDE)
        encrypt_some(k, in, out, ONE_KEY, WIDE);
    for (; count >= PER; count -= PER, in += PER, out += PER)
        encrypt_some(k, in, out, 1, PER);
    if (count != 0)
        encrypt_some(k, in, out, 1, count);
}

/* x[i*per_key + j] is a vector of four blocks, the j-th ones of the four keys in k[i]. */
VAES_INLINE void rekeyed_rounds(__m512i *k, __m512i *x, int width, int per_key)
{
    __m512i s[MOST];
    TCT_UNROLL
    for (int i = 0; i < width; i++)
        s[i] = k[i];
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        x[i] = _mm512_xor_si512(x[i], k[i / per_key]);
    TCT_UNROLL
    for (int r = 1; r <= ROUNDS; r++) {
        TCT_UNROLL
        for (int i = 0; i < width; i++)
            k[i] = next_round_key(&s[i], k[i], r);
        TCT_UNROLL
        for (int i = 0; i < width * per_key; i++)
            x[i] = r < ROUNDS ? _mm512_aesenc_epi128(x[i], k[i / per_key])
                              : _mm512_aesenclast_epi128(x[i], k[i / per_key]);
    }
}

/* Eight blocks b_0 … b_7 of four keys become b_0 b_2 b_4 b_6 and b_1 b_3 b_5 b_7. */
VAES_INLINE void part(__m512i x[2])
{
    __m512i a = x[0], b = x[1];
    x[0] = _mm512_shuffle_i64x2(a, b, 0x88);
    x[1] = _mm512_shuffle_i64x2(a, b, 0xdd);
}

/* And back. */
VAES_INLINE void join(__m512i x[2])
{
    const __m512i low = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
    const __m512i high = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
    __m512i a = x[0], b = x[1];
    x[0] = _mm512_permutex2var_epi64(a, low, b);
    x[1] = _mm512_permutex2var_epi64(a, high, b);
}

/* count ≤ PER·width keys; x gets their per_key·count blocks, parted when there are two a key. */
VAES_INLINE void load_blocks(__m512i *x, const tct_block *in, int width, int per_key,
                             size_t count)
{
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        x[i] = load(in, (size_t)(PER * i), count * (size_t)per_key);
}

VAES_INLINE void store_blocks(tct_block *out, const __m512i *x, int width, int per_key,
                              size_t count)
{
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        store(out, (size_t)(PER * i), count * (size_t)per_key, x[i]);
}

VAES_INLINE void rekeyed_in_order(__m512i *k, __m512i *x, int width, int per_key)
{
    TCT_UNROLL
    for (int i = 0; i < width && per_key == 2; i++)
        part(&x[2 * i]);
    rekeyed_rounds(k, x, width, per_key);
    TCT_UNROLL
    for (int i = 0; i < width && per_key == 2; i++)
        join(&x[2 * i]);
}

VAES_INLINE void rekeyed_some(const tct_block *keys, const tct_block *in, tct_block *out,
                              int width, int per_key, size_t count)
{
    __m512i k[MOST], x[2 * MOST];
    load_blocks(k, keys, width, 1, count);
    load_blocks(x, in, width, per_key, count);
    rekeyed_in_order(k, x, width, per_key);
    store_blocks(out, x, width, per_key, count);
}

VAES_INLINE void rekeyed_all(const tct_block *keys, size_t count, const tct_block *in,
                             tct_block *out, int width, int per_key)
{
    const size_t wide = (size_t)width * PER, per = (size_t)per_key;
    for (; count >= wide; count -= wide, keys += wide, in += wide * per, out += wide * per)
        rekeyed_some(keys, in, out, width, per_key, wide);
    for (; count >= PER; count -= PER, keys += PER, in += PER * per, out += PER * per)
        rekeyed_some(keys, in, out, 1, per_key, PER);
    if (count != 0)
        rekeyed_some(keys, in, out, 1, per_key, count);
}

VAES static void encrypt_rekeyed(const tct_block *keys, size_t key_count, size_t per_key,
                                 const tct_block *in, tct_block *out)
{
    if (per_key == 1)
        rekeyed_all(keys, key_count, in, out, FRESH_1, 1);
    else
        rekeyed_all(keys, key_count, in, out, FRESH_2, 2);
}

/* σ(hi‖lo) = (hi⊕lo)‖hi. */
VAES_INLINE __m512i sigma(__m512i v)
{
    __m512i turned = _mm512_shuffle_epi32(v, _MM_PERM_BADC);
    return _mm512_mask_xor_epi64(turned, 0xaa, turned, v);
}

VAES_INLINE void tcr_some(__m512i salt, const uint64_t *tweaks, const tct_block *in,
                          tct_block *pads, int width, int per_key, size_t count)
{
    const __m512i apart = _mm512_set_epi64(0, 3, 0, 2, 0, 1, 0, 0);
    __m512i k[MOST], x[2 * MOST], v[2 * MOST];
    TCT_UNROLL
    for (int i = 0; i < width; i++) {
        __mmask8 some = (__mmask8)((1u << some_of(count, (size_t)(PER * i))) - 1);
        __m512i t = _mm512_castsi256_si512(_mm256_maskz_loadu_epi64(some, tweaks + PER * i));
        k[i] = _mm512_xor_si512(salt, _mm512_maskz_permutexvar_epi64(0x55, apart, t));
    }
    load_blocks(v, in, width, per_key, count);
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        x[i] = sigma(v[i]);
    rekeyed_in_order(k, x, width, per_key);
    load_blocks(v, in, width, per_key, count); /* again: cheaper than to keep σ */
    TCT_UNROLL
    for (int i = 0; i < width * per_key; i++)
        x[i] = _mm512_xor_si512(x[i], sigma(v[i]));
    store_blocks(pads, x, width, per_key, count);
}

VAES_INLINE void tcr_all(__m512i salt, const uint64_t *tweaks, size_t count,
                         const tct_block *in, tct_block *pads, int width, int per_key)
{
    const size_t wide = (size_t)width * PER, per = (size_t)per_key;
    for (; count >= wide; count -= wide, tweaks += wide, in += wide * per, pads += wide * per)
        tcr_some(salt, tweaks, in, pads, width, per_key, wide);
    for (; count >= PER; count -= PER, tweaks += PER, in += PER * per, pads += PER * per)
        tcr_some(salt, tweaks, in, pads, 1, per_key, PER);
    if (count != 0)
        tcr_some(salt, tweaks, in, pads, 1, per_key, count);
}

VAES static void tcr(tct_block salt, const uint64_t *tweaks, size_t tweak_count,
                     size_t per_tweak, const tct_block *in, tct_block *pads)
{
    const __m512i s = _mm512_broadcast_i32x4(
        _mm_set_epi64x((long long)tct_opaque64(salt.hi), (long long)tct_opaque64(salt.lo)));
    if (per_tweak == 1)
        tcr_all(s, tweaks, tweak_count, in, pads, FRESH_1, 1);
    else
        tcr_all(s, tweaks, tweak_count, in, pads, FRESH_2, 2);
}

/* ---------------------------------------------------------------------------------- gates --- */

typedef __m512i lanes;
#define LANES        4
#define LANES_INLINE VAES_INLINE

LANES_INLINE lanes lanes_xor(lanes a, lanes b)
{
    return _mm512_xor_si512(a, b);
}
LANES_INLINE lanes lanes_enc(lanes x, lanes k)
{
    return _mm512_aesenc_epi128(x, k);
}
LANES_INLINE lanes lanes_last(lanes x, lanes k)
{
    return _mm512_aesenclast_epi128(x, k);
}
LANES_INLINE lanes lanes_low32(lanes a, lanes b)
{
    return _mm512_unpacklo_epi32(a, b);
}
LANES_INLINE lanes lanes_high32(lanes a, lanes b)
{
    return _mm512_unpackhi_epi32(a, b);
}
LANES_INLINE lanes lanes_low64(lanes a, lanes b)
{
    return _mm512_unpacklo_epi64(a, b);
}
LANES_INLINE lanes lanes_high64(lanes a, lanes b)
{
    return _mm512_unpackhi_epi64(a, b);
}
LANES_INLINE lanes lanes_sigma(lanes v)
{
    return sigma(v);
}
LANES_INLINE lanes lanes_same(const tct_block *b)
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)b));
}
LANES_INLINE lanes lanes_words(uint64_t two)
{
    return _mm512_set1_epi64((long long)two);
}
LANES_INLINE lanes lanes_column(lanes w)
{
    const __m128i order = _mm_set_epi32(AES_COLUMN_ORDER);
    return _mm512_shuffle_epi8(w, _mm512_broadcast_i32x4(order));
}
LANES_INLINE __m128i block_of(const tct_block *const *from, size_t i, size_t count)
{
    const void *at = from[i < count ? i : 0];
    return _mm_loadu_si128((const __m128i *)at);
}
LANES_INLINE lanes lanes_of(const tct_block *const *from, size_t first, size_t count)
{
    lanes v = _mm512_castsi128_si512(block_of(from, first, count));
    v = _mm512_inserti32x4(v, block_of(from, first + 1, count), 1);
    v = _mm512_inserti32x4(v, block_of(from, first + 2, count), 2);
    return _mm512_inserti32x4(v, block_of(from, first + 3, count), 3);
}
LANES_INLINE lanes lanes_numbers(const uint32_t *number)
{
    const __m512i spread = _mm512_set_epi32(7, 7, 3, 3, 6, 6, 2, 2, 5, 5, 1, 1, 4, 4, 0, 0);
    __m256i n = _mm256_loadu_si256((const __m256i *)(const void *)number);
    return _mm512_permutexvar_epi32(spread, _mm512_castsi256_si512(n));
}
LANES_INLINE void lanes_store(tct_block *out, lanes v)
{
    _mm512_storeu_si512(out, v);
}
#include "crypto/aes_gates.h"

/* Two gates in one vector, by rows: as few steps one after the other as there can be, for circuits
 * that have no more gates at a time.  Blocks 0 and 2 are first operands, 1 and 3 second ones. */
VAES_INLINE void two_gates(tct_block salt, const tct_tcr_gates *g, size_t at,
                           const tct_delta *delta, tct_tcr_sums *out)
{
    const size_t next = at + 1 < g->count ? at + 1 : at;
    const tct_block *from[4] = {g->a[at], g->b[at], g->a[next], g->b[next]};
    const long long second = TCT_DOM_GATE_A ^ TCT_DOM_GATE_B;
    const __m512i other = _mm512_set_epi64(second, 0, 0, 0, second, 0, 0, 0);
    __m512i number = _mm512_set_epi64(0, g->number[next], 0, g->number[next], 0, g->number[at],
                                      0, g->number[at]);
    __m512i k = _mm512_ternarylogic_epi64(lanes_same(&salt), number, other, 0x96);
    __m512i v = lanes_of(from, 0, 4), x[2] = {sigma(v)}, turned = x[0];
    if (delta != NULL) {
        turned = sigma(lanes_same(&delta->block));
        x[1] = _mm512_xor_si512(x[0], turned);
    }
    __m512i sum = x[0];
    rekeyed_rounds(&k, x, 1, delta != NULL ? 2 : 1);
    sum = _mm512_xor_si512(sum, x[0]);
    sum = _mm512_xor_si512(sum, _mm512_shuffle_i64x2(sum, sum, 0xb1));
    _mm_storeu_si128((__m128i *)&out->both[at], _mm512_castsi512_si128(sum));
    _mm_storeu_si128((__m128i *)&out->both[at + 1], _mm512_extracti32x4_epi32(sum, 2));
    if (delta == NULL)
        return;
    sum = _mm512_ternarylogic_epi64(x[0], x[1], turned, 0x96);
    _mm_storeu_si128((__m128i *)&out->a[at], _mm512_castsi512_si128(sum));
    _mm_storeu_si128((__m128i *)&out->b[at], _mm512_extracti32x4_epi32(sum, 1));
    _mm_storeu_si128((__m128i *)&out->a[at + 1], _mm512_extracti32x4_epi32(sum, 2));
    _mm_storeu_si128((__m128i *)&out->b[at + 1], _mm512_extracti32x4_epi32(sum, 3));
}

VAES_INLINE void gates_some(tct_block salt, const tct_tcr_gates *g, const tct_delta *delta,
                            tct_tcr_sums *out)
{
    if (g->count > FEW_GATES) {
        gates_all(salt, g, delta, out);
        return;
    }
    for (size_t at = 0; at < g->count; at += 2)
        two_gates(salt, g, at, delta, out);
}

VAES static void gates(tct_block salt, const tct_tcr_gates *g, const tct_delta *delta,
                       tct_tcr_sums *out)
{
    if (delta != NULL)
        gates_some(salt, g, delta, out);
    else
        gates_some(salt, g, NULL, out);
}

/* ----------------------------------------------------------------------------------- fold --- */

/* Sixteen blocks of one keystream: x ← AES(key, counters). */
VAES_INLINE void keystream(__m512i x[FOLD], const tct_aes_key *key, const __m512i c[FOLD])
{
    __m512i k = round_key_of(key, 0);
    TCT_UNROLL
    for (int i = 0; i < FOLD; i++)
        x[i] = _mm512_xor_si512(c[i], k);
    TCT_UNROLL
    for (int r = 1; r < ROUNDS; r++) {
        k = round_key_of(key, r);
        TCT_UNROLL
        for (int i = 0; i < FOLD; i++)
            x[i] = _mm512_aesenc_epi128(x[i], k);
    }
    k = round_key_of(key, ROUNDS);
    TCT_UNROLL
    for (int i = 0; i < FOLD; i++)
        x[i] = _mm512_aesenclast_epi128(x[i], k);
}

/* The sums stay in registers: five times four vectors, beside four of a keystream under way. */
VAES_INLINE void fold_sixteen(const tct_aes_key *keys, bool with_first, uint64_t counter,
                              tct_block *u, tct_block *v, size_t stride)
{
    __m512i c[FOLD], x[FOLD], sum[5][FOLD];
    TCT_UNROLL
    for (int i = 0; i < FOLD; i++) {
        const __m512i own =
            _mm512_set_epi64(0, PER * i + 3, 0, PER * i + 2, 0, PER * i + 1, 0, PER * i);
        c[i] = _mm512_add_epi64(_mm512_maskz_set1_epi64(0x55, (long long)counter), own);
    }
    keystream(x, &keys[0], c);
    TCT_UNROLL
    for (int i = 0; i < FOLD; i++) {
        sum[4][i] = with_first ? x[i] : _mm512_setzero_si512();
        sum[0][i] = sum[1][i] = sum[2][i] = sum[3][i] = _mm512_setzero_si512();
    }
    TCT_UNROLL
    for (int y = 1; y < TCT_AES_FOLD; y++) {
        keystream(x, &keys[y], c);
        TCT_UNROLL
        for (int i = 0; i < FOLD; i++) {
            sum[4][i] = _mm512_xor_si512(sum[4][i], x[i]);
            TCT_UNROLL
            for (int b = 0; b < 4; b++)
                if (y >> b & 1)
                    sum[b][i] = _mm512_xor_si512(sum[b][i], x[i]);
        }
    }
    TCT_UNROLL
    for (int i = 0; i < FOLD; i++) {
        _mm512_storeu_si512(u + PER * i, sum[4][i]);
        TCT_UNROLL
        for (size_t b = 0; b < 4; b++)
            _mm512_storeu_si512(v + b * stride + (size_t)(PER * i), sum[b][i]);
    }
}

VAES static void fold(const tct_aes_key keys[TCT_AES_FOLD], size_t first, uint64_t counter,
                      size_t count, tct_block *u, tct_block *v, size_t stride)
{
    for (size_t at = 0; at < count; at += TCT_AES_FOLD)
        fold_sixteen(keys, first == 0, counter + at, u + at, v + at, stride);
}

const tct_aes_backend tct_aes_vaes = {
    .name = "vaes-512",
    .usable = usable,
    .expand = tct_aes_ni_expand,
    .encrypt = encrypt,
    .encrypt_rekeyed = encrypt_rekeyed,
    .tcr = tcr,
    .gates = gates,
    .fold = fold,
};
#else
typedef int tct_aes_vaes_is_empty; /* ISO C wants a declaration in every file */
#endif
