/* SPDX-License-Identifier: ISC
 *
 * transpose.h — 128 bit planes to rows.   Source  protocol.md 2.3 ("rows").
 *
 * Backends GFNI on AVX-512 and AVX2 (x86-64), and a portable one in vectors of 128 bits; self-tested like the others.
 */
#ifndef TCT_CRYPTO_TRANSPOSE_H
#define TCT_CRYPTO_TRANSPOSE_H

#include "crypto/block.h"

/* Transposes one 128x128 square: bit p of rows[j] = bit j of planes[p].  Constant time.
 * planes == rows is fine. */
void tct_transpose128(const tct_block planes[128], tct_block rows[128]);

typedef struct {
    const char *name;
    bool (*usable)(void); /* does this processor have it? */
    void (*transpose)(const tct_block planes[128], tct_block rows[128]);
} tct_transpose_backend;

/* The list ends with NULL; the portable one is last and always usable. */
extern const tct_transpose_backend *const tct_transpose_backends[];

/* For tests and benchmarks: use this backend from now on (NULL: choose again). */
void tct_transpose_choose(const tct_transpose_backend *backend);

/* True iff this backend moves the bits of a test pattern as the definition says. */
TCT_MUST_CHECK bool tct_transpose_self_test(const tct_transpose_backend *backend);

#endif
