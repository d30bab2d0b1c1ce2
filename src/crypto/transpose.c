/* SPDX-License-Identifier: ISC */
#include "crypto/transpose.h"

#include "base/vector.h"

/* Swaps the bits of `a` under mask<<shift with those of `b` under mask. */
static inline void swap_bits(tct_v128 *a, tct_v128 *b, int shift, tct_v128 mask)
{
    tct_v128 t = ((*a >> shift) ^ *b) & mask;
    *b ^= t;
    *a ^= t << shift;
}

/* Every square of side 2·side is [P Q; R S]; Q and R change places, first for the halves of the
 * whole, then within each quarter, down to single bits. */
void tct_transpose128(const tct_block planes[128], tct_block rows[128])
{
    static const uint64_t low_half[] = {0x5555555555555555, 0x3333333333333333,
                                        0x0f0f0f0f0f0f0f0f, 0x00ff00ff00ff00ff,
                                        0x0000ffff0000ffff, 0x00000000ffffffff};
    tct_v128 x[128];
    for (int i = 0; i < 64; i++) {
        tct_block a = planes[i], b = planes[i + 64];
        x[i] = (tct_v128){a.lo, b.lo};
        x[i + 64] = (tct_v128){a.hi, b.hi};
    }
    for (int s = 5; s >= 0; s--) {
        int side = 1 << s;
        tct_v128 mask = tct_v128_splat(low_half[s]);
        for (int i = 0; i < 128; i += 2 * side)
            for (int j = i; j < i + side; j++)
                swap_bits(&x[j], &x[j + side], side, mask);
    }
    memcpy(rows, x, sizeof x);
    tct_wipe(x, sizeof x);
}
