/* SPDX-License-Identifier: ISC
 *
 * aes_backends.h — the backends by name; everyone else asks tct_aes().
 */
#ifndef TCT_CRYPTO_AES_BACKENDS_H
#define TCT_CRYPTO_AES_BACKENDS_H

#include "crypto/aes.h"
#include "crypto/arm.h"
#include "crypto/tcr.h"

/* May a backend here have more than the portable one?  Otherwise what deals with that is left out. */
#if defined(__x86_64__) || defined(TCT_ARM_AES)
#define TCT_AES_FUSED 1
#else
#define TCT_AES_FUSED 0
#endif

extern const tct_aes_backend tct_aes_portable;
#if defined(__x86_64__)
extern const tct_aes_backend tct_aes_vaes, tct_aes_ni;
void tct_aes_ni_expand(tct_aes_key *out, const uint8_t key[16]); /* the same in both */
#endif
/* The words of a shuffle, last first: RotWord in every column, put where ShiftRows of aesenclast brings it
 * home; for key schedules in columns (aes_gates.h). */
#define AES_COLUMN_ORDER 0x00070a0d, 0x0c030609, 0x080f0205, 0x040b0e01
#if defined(TCT_ARM_AES)
extern const tct_aes_backend tct_aes_arm;
#endif

#endif
