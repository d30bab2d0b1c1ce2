/* SPDX-License-Identifier: ISC
 *
 * GF(2^128) in plain vectors.
 *
 * Two secrets are multiplied bit by bit with masks.  Horner's point is public, and that allows a
 * comb: the sixteen multiples of a secret element by the polynomials of degree below 4 are looked
 * up by the nibbles of χ, so addresses depend on χ only.  Even and odd elements go through it side
 * by side, one in each half of a vector, by χ^2.
 * Limit    about 270 vector operations for two elements.
 */
#include "base/vector.h"
#include "crypto/gf128_backends.h"

/* v·z: shift up by one; what leaves at the top comes back as z^7+z^2+z+1. */
static inline tct_block times_z(tct_block v)
{
    uint64_t carry = (uint64_t)0 - (v.hi >> 63);
    return (tct_block){v.lo << 1 ^ (carry & 0x87), v.hi << 1 | v.lo >> 63};
}

static bool usable(void)
{
    return true;
}

static tct_block mul(tct_block a, tct_block b)
{
    tct_block sum = {0, 0};
    for (unsigned p = 128; p-- > 0;)
        sum = tct_block_xor_if(times_z(sum), tct_block_bit(a, p), b);
    return sum;
}

/* Two elements, word by word: half h of word[w] is word w of element h. */
typedef struct {
    tct_v128 word[2];
} pair;

/* All multiples by polynomials of degree below 4: 131 bits in three words. */
typedef struct {
    tct_v128 word[16][3];
} multiples;

static inline void make_multiples(multiples *t, pair v)
{
    memset(t->word[0], 0, sizeof t->word[0]);
    for (int s = 0; s < 4; s++) { /* by z^s */
        tct_v128 *at = t->word[1 << s];
        at[0] = v.word[0] << s;
        at[1] = s == 0 ? v.word[1] : v.word[1] << s | v.word[0] >> (64 - s);
        at[2] = s == 0 ? tct_v128_splat(0) : v.word[1] >> (64 - s);
    }
    for (int i = 3; i < 16; i++) {
        int top = i >= 8 ? 8 : i >= 4 ? 4 : 2;
        if (i != top)
            for (int w = 0; w < 3; w++)
                t->word[i][w] = t->word[top][w] ^ t->word[i - top][w];
    }
}

/* The lowest 128 of 256 bits, with the upper ones brought down by z^128 = z^7+z^2+z+1. */
static inline pair reduce(tct_v128 r[4])
{
    /* The bits of word w above z^128 go to word w-2, and what the shifts push out to word w-1. */
    for (int w = 3; w >= 2; w--) {
        r[w - 2] ^= r[w] ^ r[w] << 1 ^ r[w] << 2 ^ r[w] << 7;
        r[w - 1] ^= r[w] >> 63 ^ r[w] >> 62 ^ r[w] >> 57;
    }
    return (pair){{r[0], r[1]}};
}

/* Both elements times the public χ. */
static inline pair times(pair v, tct_block chi)
{
    multiples t;
    tct_v128 r[4] = {{0}};
    make_multiples(&t, v);
    for (int s = 60; s >= 0; s -= 4) {
        if (s != 60) /* move the sum up by one nibble */
            for (int w = 3; w >= 0; w--)
                r[w] = w == 0 ? r[0] << 4 : r[w] << 4 | r[w - 1] >> 60;
        const tct_v128 *low = t.word[chi.lo >> s & 15], *high = t.word[chi.hi >> s & 15];
        r[0] ^= low[0];
        r[1] ^= low[1] ^ high[0];
        r[2] ^= low[2] ^ high[1];
        r[3] ^= high[2];
    }
    return reduce(r);
}

static inline pair pair_of(tct_block first, tct_block second)
{
    return (pair){{{first.lo, second.lo}, {first.hi, second.hi}}};
}

static inline tct_block element(pair v, int half)
{
    return (tct_block){v.word[0][half], v.word[1][half]};
}

static tct_block horner(const tct_gf128_point *point, tct_block acc, const tct_block *c,
                        size_t count)
{
    const tct_block zero = {0, 0}, chi = point->power[0], square = point->power[1];
    if (count % 2 != 0) {
        acc = tct_block_xor(element(times(pair_of(acc, zero), chi), 0), *c++);
        count--;
    }
    if (count == 0)
        return acc;
    /* With χ^2 between neighbours of a half: acc·χ, c_0, c_2, … in one and c_1, c_3, … in the
     * other; the former lacks one last χ. */
    pair sum = times(pair_of(acc, zero), chi);
    for (size_t i = 0; i < count; i += 2) {
        if (i != 0)
            sum = times(sum, square);
        pair next = pair_of(c[i], c[i + 1]);
        sum.word[0] ^= next.word[0];
        sum.word[1] ^= next.word[1];
    }
    tct_block even = element(times(pair_of(element(sum, 0), zero), chi), 0);
    return tct_block_xor(even, element(sum, 1));
}

const tct_gf128_backend tct_gf128_portable = {
    .name = "portable",
    .usable = usable,
    .mul = mul,
    .horner = horner,
};
