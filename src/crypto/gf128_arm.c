/* SPDX-License-Identifier: ISC
 *
 * GF(2^128) with the polynomial multiplication of AArch64: the steps of gf128_x86.c, which explains
 * them.  The time of pmull does not depend on its operands.
 */
#include "crypto/gf128_backends.h"

#if defined(TCT_ARM_AES)
#include <arm_neon.h>

#include "base/vector.h"

#define ARM        __attribute__((target("+crypto")))
#define ARM_INLINE ARM TCT_INLINE

/* A sum of products that is not reduced yet: low + middle·z^64 + high·z^128. */
typedef struct {
    uint64x2_t low, middle, high;
} wide;

ARM_INLINE uint64x2_t load(const tct_block *in)
{
    return vreinterpretq_u64_u8(vld1q_u8((const uint8_t *)in));
}

ARM_INLINE tct_block block(uint64x2_t v)
{
    return (tct_block){vgetq_lane_u64(v, 0), vgetq_lane_u64(v, 1)};
}

ARM_INLINE uint64x2_t times(uint64_t a, uint64_t b)
{
    return vreinterpretq_u64_p128(vmull_p64((poly64_t)a, (poly64_t)b));
}

ARM_INLINE void add_product(wide *sum, uint64x2_t a, uint64x2_t b)
{
    const uint64_t a0 = vgetq_lane_u64(a, 0), a1 = vgetq_lane_u64(a, 1);
    const uint64_t b0 = vgetq_lane_u64(b, 0), b1 = vgetq_lane_u64(b, 1);
    sum->low = veorq_u64(sum->low, times(a0, b0));
    sum->high = veorq_u64(sum->high, times(a1, b1));
    sum->middle = veorq_u64(sum->middle, times(a1, b0));
    sum->middle = veorq_u64(sum->middle, times(a0, b1));
}

ARM_INLINE uint64x2_t reduce(wide sum)
{
    const uint64x2_t zero = vdupq_n_u64(0);
    uint64x2_t low = veorq_u64(sum.low, vextq_u64(zero, sum.middle, 1));
    uint64x2_t high = veorq_u64(sum.high, vextq_u64(sum.middle, zero, 1));
    uint64x2_t top = times(vgetq_lane_u64(high, 1), 0x87);
    low = veorq_u64(low, vextq_u64(zero, top, 1));
    high = veorq_u64(high, vextq_u64(top, zero, 1));
    return veorq_u64(low, times(vgetq_lane_u64(high, 0), 0x87));
}

static bool usable(void)
{
    return tct_arm_has_aes(2);
}

ARM static tct_block mul(tct_block a, tct_block b)
{
    const uint64x2_t zero = vdupq_n_u64(0);
    wide sum = {zero, zero, zero};
    add_product(&sum, load(&a), load(&b));
    return block(reduce(sum));
}

/* acc·χ^n ⊕ c_0·χ^(n-1) ⊕ … ⊕ c_(n-1), n up to 8, with one reduction. */
ARM_INLINE uint64x2_t horner_some(const tct_gf128_point *point, uint64x2_t acc,
                                  const tct_block *c, int n)
{
    const uint64x2_t zero = vdupq_n_u64(0);
    wide sum = {load(&c[n - 1]), zero, zero};
    add_product(&sum, acc, load(&point->power[n - 1]));
    TCT_UNROLL
    for (int i = 0; i < n - 1; i++)
        add_product(&sum, load(&c[i]), load(&point->power[n - 2 - i]));
    return reduce(sum);
}

ARM static tct_block horner(const tct_gf128_point *point, tct_block acc, const tct_block *c,
                            size_t count)
{
    uint64x2_t sum = load(&acc);
    size_t at = 0;
    for (; count - at >= TCT_GF128_POWERS; at += TCT_GF128_POWERS)
        sum = horner_some(point, sum, c + at, TCT_GF128_POWERS);
    for (; at < count; at++)
        sum = horner_some(point, sum, c + at, 1);
    return block(sum);
}

const tct_gf128_backend tct_gf128_arm = {
    .name = "pmull",
    .usable = usable,
    .mul = mul,
    .horner = horner,
};
#else
typedef int tct_gf128_arm_is_empty; /* ISO C wants a declaration in every file */
#endif
