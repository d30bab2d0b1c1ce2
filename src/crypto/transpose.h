/* SPDX-License-Identifier: ISC
 *
 * transpose.h — 128 bit planes to rows.   Source  protocol.md 2.3 ("rows").
 */
#ifndef TCT_CRYPTO_TRANSPOSE_H
#define TCT_CRYPTO_TRANSPOSE_H

#include "crypto/block.h"

/* Transposes one 128x128 square: bit p of rows[j] = bit j of planes[p]. Constant time. */
void tct_transpose128(const tct_block planes[128], tct_block rows[128]);

#endif
