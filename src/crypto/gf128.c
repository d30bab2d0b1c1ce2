/* SPDX-License-Identifier: ISC */
#include "crypto/gf128.h"

#include "base/vector.h"

/* v·z: shift up by one; what leaves at the top comes back as z^7+z^2+z+1. */
static inline tct_block times_z(tct_block v)
{
    uint64_t carry = (uint64_t)0 - (v.hi >> 63);
    return (tct_block){v.lo << 1 ^ (carry & 0x87), v.hi << 1 | v.lo >> 63};
}

void tct_gf128_point_init(tct_gf128_point *point, tct_block chi)
{
    for (int p = 0; p < 128; p++) {
        point->power[p] = chi;
        chi = times_z(chi);
    }
}

/* acc·χ: the sum of those powers χ·z^p where acc has bit p. */
static tct_block times_point(const tct_gf128_point *point, tct_block acc)
{
    tct_v128 even = tct_v128_splat(0), odd = even;
    for (int p = 0; p < 64; p++) {
        uint64_t low = tct_opaque64((uint64_t)0 - (acc.lo >> p & 1));
        uint64_t high = tct_opaque64((uint64_t)0 - (acc.hi >> p & 1));
        even ^= tct_v128_load(&point->power[p]) & tct_v128_splat(low);
        odd ^= tct_v128_load(&point->power[p + 64]) & tct_v128_splat(high);
    }
    even ^= odd;
    return (tct_block){even[0], even[1]};
}

tct_block tct_gf128_mul(tct_block a, tct_block b)
{
    tct_block sum = {0, 0};
    for (int p = 127; p >= 0; p--)
        sum = tct_block_xor_if(times_z(sum), tct_block_bit(a, (unsigned)p), b);
    return sum;
}

tct_block tct_gf128_horner(const tct_gf128_point *point, tct_block acc, const tct_block *c,
                           size_t count)
{
    for (size_t i = 0; i < count; i++)
        acc = tct_block_xor(times_point(point, acc), c[i]);
    return acc;
}
