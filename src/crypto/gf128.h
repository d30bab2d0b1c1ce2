/* SPDX-License-Identifier: ISC
 *
 * gf128.h — GF(2^128) = F2[z]/(z^128+z^7+z^2+z+1), block bit p the coefficient of z^p
 *           (not the reflected order of GCM).   Source  protocol.md 0.1, 2.4, 8.5.
 *
 * Backends VPCLMULQDQ on AVX-512 and PCLMULQDQ (x86-64), PMULL (AArch64), and a portable one that uses no table by secret and no
 *          multiplication instruction.  Each passes a self-test before its first use.
 */
#ifndef TCT_CRYPTO_GF128_H
#define TCT_CRYPTO_GF128_H

#include "crypto/block.h"

/* a·b; constant time in both. */
tct_block tct_gf128_mul(tct_block a, tct_block b);

enum { TCT_GF128_POWERS = 8, TCT_GF128_LANES = 4 };

/* A public point χ, prepared for Horner. */
typedef struct {
    tct_block power[TCT_GF128_POWERS];  /* χ, χ^2, …, χ^8 */
    tct_block fourth[TCT_GF128_POWERS]; /* χ^4, χ^8, …, χ^32 */
} tct_gf128_point;
void tct_gf128_point_init(tct_gf128_point *point, tct_block chi);

/* Horner, fed piece by piece: acc = acc·χ ⊕ c for each of count elements, so that after all of
 * c_0 … c_m, from acc = 0, it is c_0·χ^m ⊕ … ⊕ c_{m-1}·χ ⊕ c_m.
 * point: public.  acc, c: secret. */
tct_block tct_gf128_horner(const tct_gf128_point *point, tct_block acc, const tct_block *c,
                           size_t count);

/* The same for many short pieces of several sums: a sum is kept in four lanes, of which
 * tct_gf128_lanes_sum makes one element.  It begins as four zeros.  count: a multiple of four. */
void tct_gf128_horner_lanes(const tct_gf128_point *point, tct_block acc[TCT_GF128_LANES],
                            const tct_block *c, size_t count);
tct_block tct_gf128_lanes_sum(const tct_gf128_point *point,
                              const tct_block acc[TCT_GF128_LANES]);

typedef struct {
    const char *name;
    bool (*usable)(void); /* does this processor have it? */
    tct_block (*mul)(tct_block a, tct_block b);
    tct_block (*horner)(const tct_gf128_point *point, tct_block acc, const tct_block *c,
                        size_t count);
    /* NULL: the last lane does all the work. */
    void (*horner_lanes)(const tct_gf128_point *point, tct_block acc[TCT_GF128_LANES],
                         const tct_block *c, size_t count);
} tct_gf128_backend;

/* The list ends with NULL; the portable one is last and always usable. */
extern const tct_gf128_backend *const tct_gf128_backends[];

/* For tests and benchmarks: use this backend from now on (NULL: choose again). */
void tct_gf128_choose(const tct_gf128_backend *backend);

/* True iff this backend agrees with the known answers. */
TCT_MUST_CHECK bool tct_gf128_self_test(const tct_gf128_backend *backend);

#endif
