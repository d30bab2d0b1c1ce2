/* SPDX-License-Identifier: ISC */
#include "crypto/group.h"

#include <sodium.h>
#include <string.h>

_Static_assert(crypto_core_ristretto255_BYTES == TCT_ELEMENT_BYTES, "an element");
_Static_assert(crypto_core_ristretto255_SCALARBYTES == TCT_SCALAR_BYTES, "a scalar");
_Static_assert(crypto_core_ristretto255_HASHBYTES == TCT_WIDE_BYTES, "input of the map");
_Static_assert(crypto_core_ristretto255_NONREDUCEDSCALARBYTES == TCT_WIDE_BYTES, "wide scalar");

void tct_scalar_from_wide(tct_scalar *out, const uint8_t wide[TCT_WIDE_BYTES])
{
    crypto_core_ristretto255_scalar_reduce(out->bytes, wide);
    uint64_t any = 0;
    for (int i = 0; i < TCT_SCALAR_BYTES; i++)
        any |= out->bytes[i];
    out->bytes[0] |= (uint8_t)(tct_mask_not(tct_mask_of_nonzero(any)).bits & 1);
}

/* libsodium's verdict on values of our own, which is the same whatever their bits are. */
static void stop_unless_zero(int status)
{
    TCT_PUBLIC(&status, sizeof status);
    TCT_ASSERT(status == 0);
}

void tct_element_from_wide(tct_element *out, const uint8_t wide[TCT_WIDE_BYTES])
{
    stop_unless_zero(crypto_core_ristretto255_from_hash(out->bytes, wide));
}

tct_err tct_element_decode(tct_element *out, const uint8_t in[TCT_ELEMENT_BYTES])
{
    /* libsodium 1.0.18 overlooks bit 255, so one element would have two encodings. */
    if ((in[TCT_ELEMENT_BYTES - 1] & 0x80) != 0 ||
        crypto_core_ristretto255_is_valid_point(in) != 1)
        return TCT_ERR_FORMAT;
    memcpy(out->bytes, in, TCT_ELEMENT_BYTES);
    return TCT_OK;
}

bool tct_element_is_identity(const tct_element *e)
{
    static const tct_element identity = {{0}};
    return !tct_mask_reveal(tct_differ(e->bytes, identity.bytes, TCT_ELEMENT_BYTES));
}

void tct_element_mul_base(tct_element *out, const tct_scalar *s)
{
    stop_unless_zero(crypto_scalarmult_ristretto255_base(out->bytes, s->bytes));
}

tct_err tct_element_mul(tct_element *out, const tct_scalar *s, const tct_element *e)
{
    tct_element product = {{0}};
    int status = crypto_scalarmult_ristretto255(product.bytes, s->bytes, e->bytes);
    *out = product;
    tct_wipe(&product, sizeof product);
    TCT_PUBLIC(&status, sizeof status); /* only the peer's element can make it fail */
    return status == 0 ? TCT_OK : TCT_ERR_FORMAT;
}

/* Elements inside the program were decoded or computed here, so they are valid. */
void tct_element_add(tct_element *out, const tct_element *a, const tct_element *b)
{
    stop_unless_zero(crypto_core_ristretto255_add(out->bytes, a->bytes, b->bytes));
}

void tct_element_sub(tct_element *out, const tct_element *a, const tct_element *b)
{
    stop_unless_zero(crypto_core_ristretto255_sub(out->bytes, a->bytes, b->bytes));
}

void tct_element_select(tct_element *out, tct_mask mask, const tct_element *a,
                        const tct_element *b)
{
    for (int i = 0; i < TCT_ELEMENT_BYTES; i++)
        out->bytes[i] = (uint8_t)((a->bytes[i] & mask.bits) | (b->bytes[i] & ~mask.bits));
}

void tct_sha512(uint8_t out[64], const tct_part *parts, size_t part_count)
{
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    for (size_t i = 0; i < part_count; i++)
        if (parts[i].length != 0)
            crypto_hash_sha512_update(&state, parts[i].bytes, parts[i].length);
    crypto_hash_sha512_final(&state, out);
    tct_wipe(&state, sizeof state);
}

void tct_hmac_sha512(uint8_t out[64], const uint8_t key[32], const tct_part *parts,
                     size_t part_count)
{
    crypto_auth_hmacsha512_state state;
    crypto_auth_hmacsha512_init(&state, key, 32);
    for (size_t i = 0; i < part_count; i++)
        if (parts[i].length != 0)
            crypto_auth_hmacsha512_update(&state, parts[i].bytes, parts[i].length);
    crypto_auth_hmacsha512_final(&state, out);
    tct_wipe(&state, sizeof state);
}
