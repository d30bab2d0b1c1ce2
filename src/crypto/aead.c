/* SPDX-License-Identifier: ISC */
#include "crypto/aead.h"

#include <sodium.h>

#include "base/mask.h"

_Static_assert(crypto_aead_chacha20poly1305_ietf_KEYBYTES == TCT_AEAD_KEY_BYTES, "key");
_Static_assert(crypto_aead_chacha20poly1305_ietf_NPUBBYTES == TCT_AEAD_NONCE_BYTES, "nonce");
_Static_assert(crypto_aead_chacha20poly1305_ietf_ABYTES == TCT_AEAD_TAG_BYTES, "tag");

void tct_aead_seal(uint8_t *out, const uint8_t *body, size_t body_bytes, const uint8_t *ad,
                   size_t ad_bytes, const uint8_t nonce[12], const uint8_t key[32])
{
    TCT_ASSERT(body_bytes <= SIZE_MAX - TCT_AEAD_TAG_BYTES);
    crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, body, body_bytes, ad, ad_bytes, NULL,
                                              nonce, key);
}

bool tct_aead_open(uint8_t *out, const uint8_t *sealed, size_t sealed_bytes, const uint8_t *ad,
                   size_t ad_bytes, const uint8_t nonce[12], const uint8_t key[32])
{
    if (sealed_bytes < TCT_AEAD_TAG_BYTES)
        return false;
    int status = crypto_aead_chacha20poly1305_ietf_decrypt(
        out, NULL, NULL, sealed, sealed_bytes, ad, ad_bytes, nonce, key);
    TCT_PUBLIC(&status,
               sizeof status); /* whoever sent the message may know whether it opened */
    return status == 0;
}
