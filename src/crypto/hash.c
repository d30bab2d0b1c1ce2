/* SPDX-License-Identifier: ISC */
#include "crypto/hash.h"

#include <sodium.h>

_Static_assert(sizeof(crypto_generichash_state) <= sizeof((tct_hash){0}.opaque),
               "libsodium's state fits");
_Static_assert(_Alignof(crypto_generichash_state) <= _Alignof(tct_hash),
               "libsodium's state is aligned");

static crypto_generichash_state *state(tct_hash *h)
{
    return (void *)h->opaque;
}

static void absorb(tct_hash *h, const void *bytes, size_t count)
{
    if (count != 0)
        crypto_generichash_update(state(h), bytes, count);
}

void tct_hash_init(tct_hash *h, const char *tag)
{
    tct_hash_init_bytes(h, tag, strlen(tag));
}

void tct_hash_init_bytes(tct_hash *h, const void *tag, size_t tag_bytes)
{
    TCT_ASSERT(tag_bytes <= UINT8_MAX);
    uint8_t length = (uint8_t)tag_bytes;
    crypto_generichash_init(state(h), NULL, 0, TCT_HASH_BYTES);
    absorb(h, &length, 1);
    absorb(h, tag, tag_bytes);
    h->left = 0;
}

void tct_hash_field_open(tct_hash *h, uint64_t bytes)
{
    TCT_ASSERT(h->left == 0);
    uint8_t length[8];
    tct_store64(length, bytes);
    absorb(h, length, sizeof length);
    h->left = bytes;
}

void tct_hash_feed(tct_hash *h, const void *part, size_t bytes)
{
    TCT_ASSERT(bytes <= h->left);
    absorb(h, part, bytes);
    h->left -= bytes;
}

void tct_hash_field(tct_hash *h, const void *field, size_t bytes)
{
    tct_hash_field_open(h, bytes);
    tct_hash_feed(h, field, bytes);
}

void tct_hash_u8(tct_hash *h, uint8_t v)
{
    tct_hash_field(h, &v, 1);
}

void tct_hash_u32(tct_hash *h, uint32_t v)
{
    uint8_t bytes[4];
    tct_store32(bytes, v);
    tct_hash_field(h, bytes, sizeof bytes);
}

void tct_hash_final(tct_hash *h, uint8_t out[TCT_HASH_BYTES])
{
    TCT_ASSERT(h->left == 0);
    crypto_generichash_final(state(h), out, TCT_HASH_BYTES);
    tct_wipe(h, sizeof *h);
}
