/* SPDX-License-Identifier: ISC
 *
 * aead.h — ChaCha20-Poly1305 (IETF) by libsodium.   Source  RFC 8439; protocol.md 12.1.
 */
#ifndef TCT_CRYPTO_AEAD_H
#define TCT_CRYPTO_AEAD_H

#include "base/base.h"

enum { TCT_AEAD_KEY_BYTES = 32, TCT_AEAD_NONCE_BYTES = 12, TCT_AEAD_TAG_BYTES = 16 };

/* out: body_bytes + 16.  Never call twice with one (key, nonce). */
void tct_aead_seal(uint8_t *out, const uint8_t *body, size_t body_bytes, const uint8_t *ad,
                   size_t ad_bytes, const uint8_t nonce[12], const uint8_t key[32]);
/* out: sealed_bytes - 16 of body; when it returns false they are zero (in place, the sealed
 * message is then gone), and nothing at all is written when sealed_bytes < 16.  In place is fine. */
TCT_MUST_CHECK bool tct_aead_open(uint8_t *out, const uint8_t *sealed, size_t sealed_bytes,
                                  const uint8_t *ad, size_t ad_bytes, const uint8_t nonce[12],
                                  const uint8_t key[32]);

#endif
