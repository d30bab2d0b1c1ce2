/* SPDX-License-Identifier: ISC
 *
 * curve_backends.h — the backends by name; everyone else asks tct_curve().
 */
#ifndef TCT_CRYPTO_CURVE_BACKENDS_H
#define TCT_CRYPTO_CURVE_BACKENDS_H

#include "crypto/curve.h"

extern const tct_curve_backend tct_curve_portable;
#if defined(__x86_64__)
extern const tct_curve_backend tct_curve_ifma, tct_curve_avx2;
#endif

#endif
