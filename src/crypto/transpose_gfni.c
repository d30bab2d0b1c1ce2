/* SPDX-License-Identifier: ISC
 *
 * The 128x128 transposition with GFNI and byte permutations on 512-bit registers.
 *
 * A square of 8x8 bits is one 64-bit word of gf2p8affineqb: as the matrix of a product with the unit
 * vectors, it comes out transposed.  All else moves whole bytes: sixteen groups of eight planes become
 * words, one for each group q and byte column c; the words change places (q, c); and the sixteen words of
 * a column are taken apart into its eight rows.
 * Limit    224 shuffles on one port: 1.8 cycles a row.
 */
#include "crypto/transpose_backends.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#include "base/vector.h"

#define GFNI        __attribute__((target("gfni,avx512f,avx512bw,avx512vbmi")))
#define GFNI_INLINE GFNI TCT_INLINE

enum { GROUPS = 16 };

/* clang 14 does not know the feature by name. */
static bool usable(void)
{
    unsigned a, b, c, d;
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vbmi") &&
           __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (c & bit_GFNI) != 0;
}

GFNI_INLINE __m512i load(const void *from)
{
    return _mm512_loadu_si512(from);
}

/* Eight planes of 16 bytes into sixteen transposed words: columns 0 1 4 5 8 9 12 13 and the others. */
GFNI_INLINE void turn_group(const tct_block *planes, __m512i out[2])
{
    /* Byte 4c+i is byte c of plane 3-i: the matrix has its first row last. */
    const __m512i gather =
        _mm512_set_epi32(0x0f1f2f3f, 0x0e1e2e3e, 0x0d1d2d3d, 0x0c1c2c3c, 0x0b1b2b3b, 0x0a1a2a3a,
                         0x09192939, 0x08182838, 0x07172737, 0x06162636, 0x05152535, 0x04142434,
                         0x03132333, 0x02122232, 0x01112131, 0x00102030);
    const __m512i units = _mm512_set1_epi64((long long)0x8040201008040201);
    __m512i first = _mm512_permutexvar_epi8(gather, load(planes));
    __m512i second = _mm512_permutexvar_epi8(gather, load(planes + 4));
    out[0] = _mm512_gf2p8affine_epi64_epi8(units, _mm512_unpacklo_epi32(second, first), 0);
    out[1] = _mm512_gf2p8affine_epi64_epi8(units, _mm512_unpackhi_epi32(second, first), 0);
}

/* 8x8 words of 64 bits change places: word j of x[i] and word i of x[j]. */
GFNI_INLINE void swap_words(__m512i x[8])
{
    __m512i y[8];
    TCT_UNROLL
    for (int i = 0; i < 8; i += 2) {
        y[i] = _mm512_unpacklo_epi64(x[i], x[i + 1]);
        y[i + 1] = _mm512_unpackhi_epi64(x[i], x[i + 1]);
    }
    TCT_UNROLL
    for (int i = 0; i < 2; i++) { /* four vectors of four pairs */
        __m512i a = _mm512_shuffle_i64x2(y[i], y[i + 2], 0x44);
        __m512i b = _mm512_shuffle_i64x2(y[i], y[i + 2], 0xee);
        __m512i c = _mm512_shuffle_i64x2(y[i + 4], y[i + 6], 0x44);
        __m512i d = _mm512_shuffle_i64x2(y[i + 4], y[i + 6], 0xee);
        x[i] = _mm512_shuffle_i64x2(a, c, 0x88);
        x[i + 2] = _mm512_shuffle_i64x2(a, c, 0xdd);
        x[i + 4] = _mm512_shuffle_i64x2(b, d, 0x88);
        x[i + 6] = _mm512_shuffle_i64x2(b, d, 0xdd);
    }
}

/* The eight rows of a byte column from its words of groups 0 to 7 and 8 to 15. */
GFNI_INLINE void store_rows(tct_block *rows, __m512i left, __m512i right)
{
    /* Word 2b is row b, word 2b+1 row b+4: so the two halves join in order. */
    const __m512i spread =
        _mm512_set_epi32(0x3f372f27, 0x1f170f07, 0x3b332b23, 0x1b130b03, 0x3e362e26, 0x1e160e06,
                         0x3a322a22, 0x1a120a02, 0x3d352d25, 0x1d150d05, 0x39312921, 0x19110901,
                         0x3c342c24, 0x1c140c04, 0x38302820, 0x18100800);
    left = _mm512_permutexvar_epi8(spread, left);
    right = _mm512_permutexvar_epi8(spread, right);
    _mm512_storeu_si512(rows, _mm512_unpacklo_epi64(left, right));
    _mm512_storeu_si512(rows + 4, _mm512_unpackhi_epi64(left, right));
}

GFNI static void transpose(const tct_block planes[128], tct_block rows[128])
{
    __m512i words[2][GROUPS]; /* the two halves of the columns */
    for (size_t q = 0; q < GROUPS; q++) {
        __m512i both[2];
        turn_group(planes + 8 * q, both);
        words[0][q] = both[0];
        words[1][q] = both[1];
    }
    for (size_t half = 0; half < 2; half++) {
        swap_words(words[half]);
        swap_words(words[half] + 8);
        for (size_t i = 0; i < 8; i++) {
            size_t column = 4 * (i / 2) + 2 * half + i % 2;
            store_rows(rows + 8 * column, words[half][i], words[half][i + 8]);
        }
    }
    tct_wipe(words, sizeof words);
}

const tct_transpose_backend tct_transpose_gfni = {
    .name = "gfni-512",
    .usable = usable,
    .transpose = transpose,
};
#else
typedef int tct_transpose_gfni_is_empty; /* ISO C wants a declaration in every file */
#endif
