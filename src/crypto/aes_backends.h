/* SPDX-License-Identifier: ISC
 *
 * aes_backends.h — the backends by name; everyone else asks tct_aes().
 */
#ifndef TCT_CRYPTO_AES_BACKENDS_H
#define TCT_CRYPTO_AES_BACKENDS_H

#include "crypto/aes.h"

extern const tct_aes_backend tct_aes_portable;
#if defined(__x86_64__)
extern const tct_aes_backend tct_aes_ni;
#endif

#endif
