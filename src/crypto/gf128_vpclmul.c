/* SPDX-License-Identifier: ISC
 *
 * GF(2^128) with the carry-less multiplication on 512-bit registers: four elements an instruction.
 *
 * The same steps as gf128_x86.c, which explains them; every lane of 128 bits is a sum of its own.
 * Limit    eight elements are eleven multiplications, one a cycle: 1.4 cycles an element.
 */
#include "crypto/gf128_backends.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#include "base/vector.h"

#define WIDE        __attribute__((target("vpclmulqdq,avx512f,avx512bw")))
#define WIDE_INLINE WIDE TCT_INLINE

/* Sums of products that are not reduced yet: low + middle·z^64 + high·z^128. */
typedef struct {
    __m512i low, middle, high;
} wide;

WIDE_INLINE void add_product(wide *sum, __m512i a, __m512i b)
{
    sum->low = _mm512_xor_si512(sum->low, _mm512_clmulepi64_epi128(a, b, 0x00));
    sum->high = _mm512_xor_si512(sum->high, _mm512_clmulepi64_epi128(a, b, 0x11));
    sum->middle = _mm512_ternarylogic_epi64(sum->middle, _mm512_clmulepi64_epi128(a, b, 0x01),
                                            _mm512_clmulepi64_epi128(a, b, 0x10), 0x96);
}

WIDE_INLINE __m512i reduce(wide sum)
{
    const __m512i f = _mm512_set_epi64(0, 0x87, 0, 0x87, 0, 0x87, 0, 0x87);
    __m512i low = _mm512_xor_si512(sum.low, _mm512_bslli_epi128(sum.middle, 8));
    __m512i high = _mm512_xor_si512(sum.high, _mm512_bsrli_epi128(sum.middle, 8));
    __m512i top = _mm512_clmulepi64_epi128(high, f, 0x01); /* h1·f, 71 bits */
    low = _mm512_xor_si512(low, _mm512_bslli_epi128(top, 8));
    high = _mm512_xor_si512(high, _mm512_bsrli_epi128(top, 8)); /* its overflow joins h0 */
    return _mm512_xor_si512(low, _mm512_clmulepi64_epi128(high, f, 0x00));
}

WIDE_INLINE __m512i spread(const tct_block *power)
{
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)power));
}

/* clang 14 does not know the feature by name. */
static bool usable(void)
{
    unsigned a, b, c, d;
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           tct_gf128_clmul.usable() && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 &&
           (c & bit_VPCLMULQDQ) != 0;
}

/* acc·χ^(4n) ⊕ c_0·χ^(4n-4) ⊕ … ⊕ c_(n-1), in every lane; n up to 8. */
WIDE_INLINE __m512i lanes_some(const tct_gf128_point *point, __m512i acc, const tct_block *c,
                               int n)
{
    const __m512i zero = _mm512_setzero_si512();
    wide sum = {_mm512_loadu_si512(&c[4 * (n - 1)]), zero, zero};
    add_product(&sum, acc, spread(&point->fourth[n - 1]));
    TCT_UNROLL
    for (int i = 0; i < n - 1; i++)
        add_product(&sum, _mm512_loadu_si512(&c[4 * i]), spread(&point->fourth[n - 2 - i]));
    return reduce(sum);
}

WIDE static void horner_lanes(const tct_gf128_point *point, tct_block acc[TCT_GF128_LANES],
                              const tct_block *c, size_t count)
{
    __m512i sum = _mm512_loadu_si512(acc);
    for (; count >= 32; c += 32, count -= 32)
        sum = lanes_some(point, sum, c, 8);
    for (; count >= 8; c += 8, count -= 8)
        sum = lanes_some(point, sum, c, 2);
    if (count != 0)
        sum = lanes_some(point, sum, c, 1);
    _mm512_storeu_si512(acc, sum);
}

static tct_block horner(const tct_gf128_point *point, tct_block acc, const tct_block *c,
                        size_t count)
{
    size_t most = count / TCT_GF128_LANES * TCT_GF128_LANES;
    tct_block lanes[TCT_GF128_LANES] = {{0, 0}, {0, 0}, {0, 0}, acc};
    if (count < 32)
        return tct_gf128_clmul.horner(point, acc, c, count);
    horner_lanes(point, lanes, c, most);
    acc = tct_gf128_clmul.horner(point, (tct_block){0, 0}, lanes, TCT_GF128_LANES);
    return tct_gf128_clmul.horner(point, acc, c + most, count - most);
}

static tct_block mul(tct_block a, tct_block b)
{
    return tct_gf128_clmul.mul(a, b);
}

const tct_gf128_backend tct_gf128_vpclmul = {
    .name = "vpclmul-512",
    .usable = usable,
    .mul = mul,
    .horner = horner,
    .horner_lanes = horner_lanes,
};
#else
typedef int tct_gf128_vpclmul_is_empty; /* ISO C wants a declaration in every file */
#endif
