/* SPDX-License-Identifier: ISC
 *
 * tacit_start: before anything else, one known answer of every kind of arithmetic that a session
 * stands on.  A processor, a compiler or a library that gets one of them wrong is not to be trusted
 * with the rest.  The answers are those of the standards and of the prototype (tests/kat/).
 */
#include <sodium.h>
#include <string.h>

#include "crypto/aead.h"
#include "crypto/curve.h"
#include "crypto/gf128.h"
#include "crypto/group.h"
#include "crypto/hash.h"
#include "crypto/tcr.h"
#include "tacit/tacit.h"

static bool same(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0; /* public: known answers */
}

static void count_up(uint8_t *out, uint8_t from, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(from + i);
}

static bool hash_is_right(void)
{
    static const uint8_t answer[TCT_HASH_BYTES] = {
        0x68, 0x74, 0x2a, 0xb2, 0xcc, 0x3b, 0xe2, 0x89, 0xe0, 0xfe, 0x92,
        0x66, 0xc0, 0xdb, 0x09, 0x4f, 0xda, 0x82, 0xa4, 0xb1, 0x8a, 0x5f,
        0xef, 0xbe, 0xcf, 0x13, 0x78, 0x58, 0x77, 0xa0, 0x4e, 0x06};
    uint8_t out[TCT_HASH_BYTES];
    tct_hash h;
    tct_hash_init(&h, "tr");
    tct_hash_field(&h, "abc", 3);
    tct_hash_field(&h, "", 0);
    tct_hash_final(&h, out);
    return same(out, answer, sizeof out);
}

/* AES through both ways in which it is used: one key for a stream, a fresh key for every gate. */
static bool aes_is_right(void)
{
    static const uint8_t stream[32] = {0x8f, 0xe1, 0x27, 0x53, 0xcc, 0x82, 0x0c, 0x27,
                                       0x9f, 0xd4, 0x3b, 0xf7, 0xd9, 0x59, 0xe7, 0xff,
                                       0xf9, 0xd2, 0x80, 0x31, 0x78, 0xc9, 0xaa, 0xab,
                                       0x5e, 0xa2, 0xbc, 0xe4, 0xaa, 0xdf, 0x53, 0xed};
    static const uint8_t gate[TCT_BLOCK_BYTES] = {0xe5, 0x67, 0x88, 0x4e, 0xa1, 0x81,
                                                  0x8c, 0xf8, 0x0d, 0xb9, 0xb5, 0xcc,
                                                  0x48, 0x06, 0xe6, 0xaa};
    uint8_t seed[TCT_BLOCK_BYTES], out[32];
    tct_xof x;
    count_up(seed, 0, sizeof seed);
    tct_xof_init(&x, seed, sizeof seed, "ggm", 3);
    tct_xof_next(&x, out, sizeof out);
    tct_xof_wipe(&x);
    const uint64_t tweak = 5;
    tct_block block = tct_block_load(seed), pad;
    tct_tcr(block, 3, &tweak, 1, 1, &block, &pad);
    return same(out, stream, sizeof out) && same(&pad, gate, sizeof gate);
}

static bool field_is_right(void)
{
    static const uint8_t answer[TCT_BLOCK_BYTES] = {0xc0, 0x41, 0xee, 0x39, 0x58, 0x62,
                                                    0x76, 0x1a, 0xa0, 0x0a, 0x8e, 0x72,
                                                    0x38, 0x29, 0x16, 0x51};
    uint8_t bytes[2 * TCT_BLOCK_BYTES];
    count_up(bytes, 0, sizeof bytes);
    tct_block product = tct_gf128_mul(tct_block_load(bytes), tct_block_load(bytes + 16));
    return same(&product, answer, sizeof answer);
}

/* RFC 9496 A.1: the generator, and twice it; one by one, and in a block of eight (whose backend is
 * chosen by this, after a test of its own). */
static bool group_is_right(void)
{
    static const uint8_t once[TCT_ELEMENT_BYTES] = {
        0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9,
        0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82,
        0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};
    static const uint8_t twice[TCT_ELEMENT_BYTES] = {
        0x6a, 0x49, 0x32, 0x10, 0xf7, 0x49, 0x9c, 0xd1, 0x7f, 0xec, 0xb5,
        0x10, 0xae, 0x0c, 0xea, 0x23, 0xa1, 0x10, 0xe8, 0xd5, 0xb9, 0x01,
        0xf8, 0xac, 0xad, 0xd3, 0x09, 0x5c, 0x73, 0xa3, 0xb9, 0x19};
    const tct_scalar one = {{1}}, two = {{2}};
    tct_element g, by_add, by_mul;
    tct_points block;
    tct_digits digits;
    uint8_t eight[TCT_LANES * TCT_ELEMENT_BYTES];
    for (size_t i = 0; i < TCT_LANES; i++)
        memcpy(eight + TCT_ELEMENT_BYTES * i, once, sizeof once);
    if (tct_points_decode(&block, eight) != TCT_OK)
        return false;
    tct_digits_of_one(&digits, &two);
    tct_points_mul(&block, &digits, &block);
    tct_points_encode(eight, &block);
    tct_element_mul_base(&g, &one);
    tct_element_add(&by_add, &g, &g);
    return tct_element_mul(&by_mul, &two, &g) == TCT_OK && same(g.bytes, once, sizeof once) &&
           same(by_add.bytes, twice, sizeof twice) && same(by_mul.bytes, twice, sizeof twice) &&
           same(eight, twice, sizeof twice) &&
           same(eight + sizeof eight - sizeof twice, twice, sizeof twice);
}

/* RFC 8439 2.8.2: the tag says that cipher, key schedule and authenticator are right. */
static bool aead_is_right(void)
{
    static const char text[] =
        "Ladies and Gentlemen of the class of '99: If I could offer you only "
        "one tip for the future, sunscreen would be it.";
    static const uint8_t tag[TCT_AEAD_TAG_BYTES] = {0x1a, 0xe1, 0x0b, 0x59, 0x4f, 0x09,
                                                    0xe2, 0x6a, 0x7e, 0x90, 0x2e, 0xcb,
                                                    0xd0, 0x60, 0x06, 0x91};
    enum { BYTES = sizeof text - 1 };
    uint8_t key[TCT_AEAD_KEY_BYTES], nonce[TCT_AEAD_NONCE_BYTES] = {7};
    uint8_t ad[12] = {0x50, 0x51, 0x52, 0x53}, out[BYTES + TCT_AEAD_TAG_BYTES];
    count_up(key, 0x80, sizeof key);
    count_up(nonce + 4, 0x40, 8);
    count_up(ad + 4, 0xc0, 8);
    tct_aead_seal(out, (const uint8_t *)text, BYTES, ad, sizeof ad, nonce, key);
    return same(out + BYTES, tag, sizeof tag) &&
           tct_aead_open(out, out, sizeof out, ad, sizeof ad, nonce, key) &&
           same(out, text, BYTES);
}

/* FIPS 180-4: "abc". */
static bool sha512_is_right(void)
{
    static const uint8_t front[16] = {0xdd, 0xaf, 0x35, 0xa1, 0x93, 0x61, 0x7a, 0xba,
                                      0xcc, 0x41, 0x73, 0x49, 0xae, 0x20, 0x41, 0x31};
    const tct_part parts[2] = {{"a", 1}, {"bc", 2}};
    uint8_t out[64];
    tct_sha512(out, parts, 2);
    return same(out, front, sizeof front);
}

bool tacit_start(void)
{
    return sodium_init() >= 0 && hash_is_right() && aes_is_right() && field_is_right() &&
           group_is_right() && aead_is_right() && sha512_is_right();
}
