/* SPDX-License-Identifier: ISC
 *
 * transpose_backends.h — the backends by name; everyone else calls transpose.h.
 */
#ifndef TCT_CRYPTO_TRANSPOSE_BACKENDS_H
#define TCT_CRYPTO_TRANSPOSE_BACKENDS_H

#include "crypto/transpose.h"

extern const tct_transpose_backend tct_transpose_portable;
#if defined(__x86_64__)
extern const tct_transpose_backend tct_transpose_gfni, tct_transpose_avx2;
#endif

#endif
