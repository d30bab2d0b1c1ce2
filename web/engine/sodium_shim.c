/* SPDX-License-Identifier: ISC
 *
 * sodium_shim.c — what the chosen files of libsodium expect of the rest of it, for wasm32.
 *
 * libsodium's core, runtime and utils probe a processor and a system that are not there; these
 * few functions keep its contract without them.  tests/web checks them with known answers.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "crypto/curve.h"

#include "sodium/core.h"
#include "sodium/crypto_core_ristretto255.h"
#include "sodium/crypto_scalarmult_ristretto255.h"
#include "sodium/randombytes.h"
#include "sodium/runtime.h"
#include "sodium/utils.h"

/* The page's crypto.getRandomValues: the engine's only import. */
__attribute__((import_module("env"), import_name("random_bytes"))) void
tacit_host_random_bytes(void *out, size_t bytes);

int sodium_init(void)
{
    return 0;
}

void sodium_misuse(void)
{
    __builtin_trap();
}

void sodium_memzero(void *const memory, const size_t bytes)
{
    memset(memory, 0, bytes);
    __asm__ volatile("" : : "r"(memory) : "memory");
}

int sodium_memcmp(const void *const a, const void *const b, size_t bytes)
{
    const volatile uint8_t *p = a, *q = b;
    uint8_t difference = 0;
    for (size_t i = 0; i < bytes; i++)
        difference |= (uint8_t)(p[i] ^ q[i]);
    return (1 & ((difference - 1) >> 8)) - 1;
}

int sodium_is_zero(const unsigned char *bytes, const size_t count)
{
    unsigned char any = 0;
    for (size_t i = 0; i < count; i++)
        any |= bytes[i];
    return 1 & ((any - 1) >> 8);
}

void randombytes_buf(void *const out, const size_t bytes)
{
    tacit_host_random_bytes(out, bytes);
}

/* ------------------------------------------------------------------------------ the group --- */

/* libsodium's functions on elements, by our own curve, which is in the engine anyway: eight equal lanes
 * for one element.  Only the pairing works on single elements, and the page gets 4 kB smaller.
 * tests/web holds all of it to RFC 9496. */

static int decode(tct_points *out, const unsigned char *element)
{
    uint8_t eight[TCT_LANES * TCT_ELEMENT_BYTES];
    for (int i = 0; i < TCT_LANES; i++)
        memcpy(eight + i * TCT_ELEMENT_BYTES, element, TCT_ELEMENT_BYTES);
    return tct_points_decode(out, eight) == TCT_OK ? 0 : -1;
}

/* Takes the point away with it. */
static void encode(unsigned char *element, tct_points *in)
{
    uint8_t eight[TCT_LANES * TCT_ELEMENT_BYTES];
    tct_points_encode(eight, in);
    memcpy(element, eight, TCT_ELEMENT_BYTES);
    sodium_memzero(eight, sizeof eight);
    sodium_memzero(in, sizeof *in);
}

int crypto_core_ristretto255_is_valid_point(const unsigned char *element)
{
    tct_points point;
    return decode(&point, element) == 0;
}

int crypto_core_ristretto255_from_hash(unsigned char *element, const unsigned char *wide)
{
    uint8_t eight[TCT_LANES * TCT_WIDE_BYTES];
    tct_points point;
    for (int i = 0; i < TCT_LANES; i++)
        memcpy(eight + i * TCT_WIDE_BYTES, wide, TCT_WIDE_BYTES);
    tct_points_from_wide(&point, eight);
    sodium_memzero(eight, sizeof eight);
    encode(element, &point);
    return 0;
}

int crypto_core_ristretto255_add(unsigned char *sum, const unsigned char *a,
                                 const unsigned char *b)
{
    tct_points p, q;
    if (decode(&p, a) != 0 || decode(&q, b) != 0)
        return -1;
    tct_points_add(&p, &p, &q);
    encode(sum, &p);
    return 0;
}

int crypto_core_ristretto255_sub(unsigned char *difference, const unsigned char *a,
                                 const unsigned char *b)
{
    tct_points p, q;
    if (decode(&p, a) != 0 || decode(&q, b) != 0)
        return -1;
    tct_points_sub(&p, &p, &q);
    encode(difference, &p);
    return 0;
}

/* scalar: below the order, as all of ours are. */
int crypto_scalarmult_ristretto255(unsigned char *product, const unsigned char *scalar,
                                   const unsigned char *element)
{
    tct_points point;
    tct_digits digits;
    tct_scalar copy;
    if (decode(&point, element) != 0)
        return -1;
    memcpy(copy.bytes, scalar, sizeof copy.bytes);
    tct_digits_of_one(&digits, &copy);
    tct_points_mul(&point, &digits, &point);
    sodium_memzero(&digits, sizeof digits);
    sodium_memzero(&copy, sizeof copy);
    encode(product, &point);
    return -sodium_is_zero(product, TCT_ELEMENT_BYTES);
}

/* The 32 bytes are the encoding of the base point [RFC 9496, Appendix A.1]. */
int crypto_scalarmult_ristretto255_base(unsigned char *product, const unsigned char *scalar)
{
    static const unsigned char base_point[32] = {
        0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9,
        0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82,
        0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};
    return crypto_scalarmult_ristretto255(product, scalar, base_point);
}
