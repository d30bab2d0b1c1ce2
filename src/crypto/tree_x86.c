/* SPDX-License-Identifier: ISC
 *
 * Leaves of TREE four and eight at a time.
 *
 * Limit    twelve rounds of eight mixings of 14 instructions are 1,344; with 512-bit registers two start
 *          in a cycle, so a kilobyte of eight leaves takes about 700 cycles.
 */
#include "crypto/tree_backends.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "base/vector.h"

typedef uint64_t words4 __attribute__((vector_size(32)));
typedef uint64_t words8 __attribute__((vector_size(64)));

/* One file, two widths: the template's names get a suffix each time. */
#define AVX2        __attribute__((target("avx2")))
#define AVX2_INLINE AVX2 TCT_INLINE

AVX2_INLINE __m256i load4(const uint8_t *data, size_t lane, int part)
{
    const void *at = data + TCT_TREE_LEAF_BYTES * lane + 32 * part;
    return _mm256_loadu_si256((const __m256i *)at);
}

/* Four squares of 4x4 words. */
AVX2_INLINE void load_message4(words4 m[16], const uint8_t *data)
{
    TCT_UNROLL
    for (int part = 0; part < 4; part++) {
        __m256i a = load4(data, 0, part), b = load4(data, 1, part);
        __m256i c = load4(data, 2, part), d = load4(data, 3, part);
        __m256i ab0 = _mm256_unpacklo_epi64(a, b), ab1 = _mm256_unpackhi_epi64(a, b);
        __m256i cd0 = _mm256_unpacklo_epi64(c, d), cd1 = _mm256_unpackhi_epi64(c, d);
        m[4 * part] = (words4)_mm256_permute2x128_si256(ab0, cd0, 0x20);
        m[4 * part + 1] = (words4)_mm256_permute2x128_si256(ab1, cd1, 0x20);
        m[4 * part + 2] = (words4)_mm256_permute2x128_si256(ab0, cd0, 0x31);
        m[4 * part + 3] = (words4)_mm256_permute2x128_si256(ab1, cd1, 0x31);
    }
}

/* Turns by whole bytes are one shuffle; 63 to the right is 1 to the left. */
AVX2_INLINE words4 rotate4(words4 v, int n)
{
    const __m256i by24 = _mm256_setr_epi8(3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10,
                                          3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10);
    const __m256i by16 = _mm256_setr_epi8(2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9,
                                          2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9);
    if (n == 32)
        return (words4)_mm256_shuffle_epi32((__m256i)v, 0xb1);
    if (n == 24)
        return (words4)_mm256_shuffle_epi8((__m256i)v, by24);
    if (n == 16)
        return (words4)_mm256_shuffle_epi8((__m256i)v, by16);
    return (v + v) | v >> 63;
}

#define mix                mix4
#define compress           compress4
#define hash_leaves        hash_leaves4
#define LANES_VECTOR       words4
#define LANES              4
#define LANES_INLINE       AVX2_INLINE
#define LANES_ROTATE(v, n) rotate4((v), (n))
#define LANES_LOAD         load_message4
#include "crypto/tree_lanes.h"
#undef mix
#undef compress
#undef hash_leaves
#undef LANES_VECTOR
#undef LANES
#undef LANES_INLINE
#undef LANES_ROTATE
#undef LANES_LOAD

AVX2 static void leaves4(const uint8_t *data, uint64_t first, uint8_t *digests)
{
    hash_leaves4(data, first, digests);
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

const tct_tree_backend tct_tree_avx2 = {
    .name = "avx2",
    .usable = has_avx2,
    .lanes = 4,
    .leaves = leaves4,
};

#define AVX512        __attribute__((target("avx512f")))
#define AVX512_INLINE AVX512 TCT_INLINE

/* The squares of 8x8 words: pairs, then pairs of pairs, then halves. */
AVX512_INLINE void turn_square(__m512i r[8], words8 out[8])
{
    __m512i t[8], u[8];
    TCT_UNROLL
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm512_unpacklo_epi64(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi64(r[i], r[i + 1]);
    }
    TCT_UNROLL
    for (int i = 0; i < 2; i++) { /* u[i], u[i+2], …: even and odd pairs of 128 bits */
        u[i] = _mm512_shuffle_i64x2(t[i], t[i + 2], 0x88);
        u[i + 2] = _mm512_shuffle_i64x2(t[i], t[i + 2], 0xdd);
        u[i + 4] = _mm512_shuffle_i64x2(t[i + 4], t[i + 6], 0x88);
        u[i + 6] = _mm512_shuffle_i64x2(t[i + 4], t[i + 6], 0xdd);
    }
    TCT_UNROLL
    for (int i = 0; i < 2; i++) {
        out[i] = (words8)_mm512_shuffle_i64x2(u[i], u[i + 4], 0x88);
        out[i + 4] = (words8)_mm512_shuffle_i64x2(u[i], u[i + 4], 0xdd);
        out[i + 2] = (words8)_mm512_shuffle_i64x2(u[i + 2], u[i + 6], 0x88);
        out[i + 6] = (words8)_mm512_shuffle_i64x2(u[i + 2], u[i + 6], 0xdd);
    }
}

AVX512_INLINE void load_message8(words8 m[16], const uint8_t *data)
{
    __m512i low[8], high[8];
    TCT_UNROLL
    for (size_t lane = 0; lane < 8; lane++) {
        const uint8_t *at = data + TCT_TREE_LEAF_BYTES * lane;
        low[lane] = _mm512_loadu_si512(at);
        high[lane] = _mm512_loadu_si512(at + 64);
    }
    turn_square(low, m);
    turn_square(high, m + 8);
}

/* The instruction wants a constant, also where nothing is inlined. */
AVX512_INLINE words8 rotate8(words8 v, int n)
{
    __m512i x = (__m512i)v;
    if (n == 32)
        return (words8)_mm512_ror_epi64(x, 32);
    if (n == 24)
        return (words8)_mm512_ror_epi64(x, 24);
    if (n == 16)
        return (words8)_mm512_ror_epi64(x, 16);
    return (words8)_mm512_ror_epi64(x, 63);
}

#define mix                mix8
#define compress           compress8
#define hash_leaves        hash_leaves8
#define LANES_VECTOR       words8
#define LANES              8
#define LANES_INLINE       AVX512_INLINE
#define LANES_ROTATE(v, n) rotate8((v), (n))
#define LANES_LOAD         load_message8
#include "crypto/tree_lanes.h"

AVX512 static void leaves8(const uint8_t *data, uint64_t first, uint8_t *digests)
{
    hash_leaves8(data, first, digests);
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}

const tct_tree_backend tct_tree_avx512 = {
    .name = "avx-512",
    .usable = has_avx512,
    .lanes = 8,
    .leaves = leaves8,
};
#else
typedef int tct_tree_x86_is_empty; /* ISO C wants a declaration in every file */
#endif
