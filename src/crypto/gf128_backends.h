/* SPDX-License-Identifier: ISC
 *
 * gf128_backends.h — the backends by name; everyone else calls gf128.h.
 */
#ifndef TCT_CRYPTO_GF128_BACKENDS_H
#define TCT_CRYPTO_GF128_BACKENDS_H

#include "crypto/arm.h"
#include "crypto/gf128.h"

extern const tct_gf128_backend tct_gf128_portable;
#if defined(__x86_64__)
extern const tct_gf128_backend tct_gf128_vpclmul, tct_gf128_clmul;
#endif
#if defined(TCT_ARM_AES)
extern const tct_gf128_backend tct_gf128_arm;
#endif

#endif
