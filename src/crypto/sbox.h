/* SPDX-License-Identifier: ISC */
#ifndef TCT_CRYPTO_SBOX_H
#define TCT_CRYPTO_SBOX_H

#include "base/vector.h"

/* out = a·b in GF(2^8), z^8 = z^4+z^3+z+1; element bit b in plane b. */
static inline void sbox_mul(tct_v128 out[8], const tct_v128 a[8], const tct_v128 b[8])
{
    tct_v128 c[15];
    for (int i = 0; i < 15; i++)
        c[i] = tct_v128_splat(0);
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++)
            c[i + j] ^= a[i] & b[j];
    for (int i = 14; i >= 8; i--) {
        c[i - 8] ^= c[i];
        c[i - 7] ^= c[i];
        c[i - 5] ^= c[i];
        c[i - 4] ^= c[i];
    }
    for (int i = 0; i < 8; i++)
        out[i] = c[i];
}

/* SubBytes on all byte positions: x^254 and the affine map. */
static inline void tct_sbox(tct_v128 x[8])
{
    tct_v128 x2[8], x3[8], x12[8], x15[8];
    sbox_mul(x2, x, x);
    sbox_mul(x3, x2, x);
    sbox_mul(x12, x3, x3);
    sbox_mul(x12, x12, x12);
    sbox_mul(x15, x12, x3);
    for (int i = 0; i < 4; i++)
        sbox_mul(x15, x15, x15);
    sbox_mul(x15, x15, x12);
    sbox_mul(x15, x15, x2);
    for (int i = 0; i < 8; i++)
        x[i] = x15[i] ^ x15[(i + 4) & 7] ^ x15[(i + 5) & 7] ^ x15[(i + 6) & 7] ^
               x15[(i + 7) & 7] ^ tct_v128_splat((uint64_t)0 - ((0x63u >> i) & 1));
}

#endif
