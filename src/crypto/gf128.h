/* SPDX-License-Identifier: ISC
 *
 * gf128.h — GF(2^128) = F2[z]/(z^128+z^7+z^2+z+1), block bit p the coefficient of z^p
 *           (not the reflected order of GCM).   Source  protocol.md 0.1, 2.4, 8.5.
 */
#ifndef TCT_CRYPTO_GF128_H
#define TCT_CRYPTO_GF128_H

#include "crypto/block.h"

/* a·b; constant time in both. */
tct_block tct_gf128_mul(tct_block a, tct_block b);

/* Horner, fed piece by piece: after all of c_0 … c_m the accumulator holds
 * c_0·χ^m ⊕ … ⊕ c_{m-1}·χ ⊕ c_m.   χ is public, the elements are secret. */
typedef struct {
    tct_block power[128]; /* χ·z^p, for selecting with masks */
} tct_gf128_point;
void tct_gf128_point_init(tct_gf128_point *point, tct_block chi);
/* acc = acc·χ ⊕ c for each of count elements. */
tct_block tct_gf128_horner(const tct_gf128_point *point, tct_block acc, const tct_block *c,
                           size_t count);

#endif
