/* SPDX-License-Identifier: ISC
 *
 * group.h — ristretto255 by libsodium, in the few shapes the protocol uses.
 *
 * Source   RFC 9496; libsodium's crypto_core_ristretto255.   Trust  CDH (gap) in the group.
 * Elements are 32 canonical bytes.  All functions are constant time in secrets.
 */
#ifndef TCT_CRYPTO_GROUP_H
#define TCT_CRYPTO_GROUP_H

#include "base/base.h"
#include "base/mask.h"

enum { TCT_ELEMENT_BYTES = 32, TCT_SCALAR_BYTES = 32, TCT_WIDE_BYTES = 64 };

typedef struct {
    uint8_t bytes[TCT_ELEMENT_BYTES];
} tct_element; /* canonical, or zero bytes for the identity */
typedef struct {
    uint8_t bytes[TCT_SCALAR_BYTES];
} tct_scalar; /* secret, not zero */

/* wide: 64 uniform bytes, reduced mod q; a zero result becomes 1 (probability 2^-252). */
void tct_scalar_from_wide(tct_scalar *out, const uint8_t wide[TCT_WIDE_BYTES]);
/* The one-way map of RFC 9496 4.3.4 on 64 uniform bytes. */
void tct_element_from_wide(tct_element *out, const uint8_t wide[TCT_WIDE_BYTES]);
/* Takes a peer's encoding.  FORMAT: not canonical.  The identity is canonical. */
TCT_MUST_CHECK tct_err tct_element_decode(tct_element *out,
                                          const uint8_t in[TCT_ELEMENT_BYTES]);
bool tct_element_is_identity(const tct_element *e); /* of public values */
void tct_element_mul_base(tct_element *out, const tct_scalar *s);
/* out = s·e.  FORMAT when the product is the identity (out is then the identity). */
TCT_MUST_CHECK tct_err tct_element_mul(tct_element *out, const tct_scalar *s,
                                       const tct_element *e);
void tct_element_add(tct_element *out, const tct_element *a, const tct_element *b);
void tct_element_sub(tct_element *out, const tct_element *a, const tct_element *b);
/* *out = mask ? a : b, without a branch. */
void tct_element_select(tct_element *out, tct_mask mask, const tct_element *a,
                        const tct_element *b);

/* SHA-512 of the concatenation of up to a handful of parts. */
typedef struct {
    const void *bytes;
    size_t length;
} tct_part;
void tct_sha512(uint8_t out[64], const tct_part *parts, size_t part_count);
/* HMAC-SHA-512 with a 32-byte key, all 64 bytes. */
void tct_hmac_sha512(uint8_t out[64], const uint8_t key[32], const tct_part *parts,
                     size_t part_count);

#endif
