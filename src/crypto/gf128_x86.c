/* SPDX-License-Identifier: ISC
 *
 * GF(2^128) with the carry-less multiplication instruction.
 *
 * Limit    four multiplications an element, one a cycle, and an eighth of a reduction: about five
 *          cycles an element.  Their time does not depend on the operands.
 */
#include "crypto/gf128_backends.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "base/vector.h"

#define CLMUL        __attribute__((target("pclmul,sse2")))
#define CLMUL_INLINE __attribute__((target("pclmul,sse2"))) TCT_INLINE

/* A sum of products that is not reduced yet: low + middle·z^64 + high·z^128. */
typedef struct {
    __m128i low, middle, high;
} wide;

CLMUL_INLINE __m128i load(const tct_block *in)
{
    return _mm_loadu_si128((const __m128i *)(const void *)in);
}

CLMUL_INLINE void add_product(wide *sum, __m128i a, __m128i b)
{
    sum->low = _mm_xor_si128(sum->low, _mm_clmulepi64_si128(a, b, 0x00));
    sum->high = _mm_xor_si128(sum->high, _mm_clmulepi64_si128(a, b, 0x11));
    sum->middle = _mm_xor_si128(sum->middle, _mm_clmulepi64_si128(a, b, 0x01));
    sum->middle = _mm_xor_si128(sum->middle, _mm_clmulepi64_si128(a, b, 0x10));
}

/* z^128 = z^7+z^2+z+1 =: f.  The upper 128 bits h1·z^64 + h0 come down as h0·f, which fits with
 * h1·f moved up by 64; what this throws over the top (at most 7 bits) comes down once more. */
CLMUL_INLINE __m128i reduce(wide sum)
{
    const __m128i f = _mm_set_epi64x(0, 0x87);
    __m128i low = _mm_xor_si128(sum.low, _mm_slli_si128(sum.middle, 8));
    __m128i high = _mm_xor_si128(sum.high, _mm_srli_si128(sum.middle, 8));
    __m128i top = _mm_clmulepi64_si128(high, f, 0x01); /* h1·f, 71 bits */
    low = _mm_xor_si128(low, _mm_slli_si128(top, 8));
    high = _mm_xor_si128(high, _mm_srli_si128(top, 8)); /* its overflow joins h0 */
    return _mm_xor_si128(low, _mm_clmulepi64_si128(high, f, 0x00));
}

static bool usable(void)
{
    return __builtin_cpu_supports("pclmul");
}

CLMUL static tct_block mul(tct_block a, tct_block b)
{
    const __m128i zero = _mm_setzero_si128();
    wide sum = {zero, zero, zero};
    tct_block out;
    add_product(&sum, load(&a), load(&b));
    _mm_storeu_si128((__m128i *)(void *)&out, reduce(sum));
    return out;
}

/* acc·χ^n ⊕ c_0·χ^(n-1) ⊕ … ⊕ c_(n-1), n up to 8, with one reduction. */
CLMUL_INLINE __m128i horner_some(const tct_gf128_point *point, __m128i acc, const tct_block *c,
                                 int n)
{
    const __m128i zero = _mm_setzero_si128();
    wide sum = {load(&c[n - 1]), zero, zero};
    add_product(&sum, acc, load(&point->power[n - 1]));
    TCT_UNROLL
    for (int i = 0; i < n - 1; i++)
        add_product(&sum, load(&c[i]), load(&point->power[n - 2 - i]));
    return reduce(sum);
}

CLMUL static tct_block horner(const tct_gf128_point *point, tct_block acc, const tct_block *c,
                              size_t count)
{
    __m128i sum = load(&acc);
    size_t at = 0;
    for (; count - at >= TCT_GF128_POWERS; at += TCT_GF128_POWERS)
        sum = horner_some(point, sum, c + at, TCT_GF128_POWERS);
    for (; at < count; at++)
        sum = horner_some(point, sum, c + at, 1);
    _mm_storeu_si128((__m128i *)(void *)&acc, sum);
    return acc;
}

const tct_gf128_backend tct_gf128_clmul = {
    .name = "pclmul",
    .usable = usable,
    .mul = mul,
    .horner = horner,
};
#else
typedef int tct_gf128_x86_is_empty; /* ISO C wants a declaration in every file */
#endif
