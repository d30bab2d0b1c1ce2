/* SPDX-License-Identifier: ISC */
#include "pair/cpace.h"

#include <string.h>

#include "crypto/hash.h"

enum { SHA512_BLOCK_BYTES = 128, SHORT_MAX = 127 };

static const char dsi[] = "CPaceRistretto255";
static const char dsi_isk[] = "CPaceRistretto255_ISK";

/* lv_cat writes each string behind its length, in LEB128.  Every string here is shorter than 128
 * bytes but AD, whose length takes two. */
typedef struct {
    uint8_t bytes[2];
    size_t count;
} leb128;

static leb128 length_prefix(size_t length)
{
    TCT_ASSERT(length < 1u << 14);
    if (length <= SHORT_MAX)
        return (leb128){{(uint8_t)length, 0}, 1};
    return (leb128){{(uint8_t)(length & 127) | 128, (uint8_t)(length >> 7)}, 2};
}

/* A list of parts for the hash, with room for the prefixes that stand between them. */
enum { STRINGS_MAX = 7 };
typedef struct {
    leb128 prefix[STRINGS_MAX];
    tct_part parts[2 * STRINGS_MAX];
    size_t strings;
} lv_list;

static void lv_add(lv_list *list, const void *bytes, size_t length)
{
    size_t i = list->strings++;
    TCT_ASSERT(i < STRINGS_MAX);
    list->prefix[i] = length_prefix(length);
    list->parts[2 * i] = (tct_part){list->prefix[i].bytes, list->prefix[i].count};
    list->parts[2 * i + 1] = (tct_part){bytes, length};
}

static uint8_t *lv_put(uint8_t *at, const void *bytes, uint8_t length)
{
    *at++ = length;
    memcpy(at, bytes, length);
    return at + length;
}

void tct_cpace_ci(uint8_t out[TCT_CI_BYTES], const uint8_t bond[32])
{
    static const uint8_t roles[2] = {0, 1};
    uint8_t *at = lv_put(out, TCT_PAIR_NAME, sizeof TCT_PAIR_NAME - 1);
    at = lv_put(at, roles, sizeof roles);
    at = lv_put(at, bond, 32);
    TCT_ASSERT(at == out + TCT_CI_BYTES);
}

void tct_cpace_ad(uint8_t out[TCT_AD_BYTES], int role, const uint8_t bond[32],
                  const uint8_t program[32], const uint8_t nonce[32], const uint8_t f1[32])
{
    const uint8_t sender = (uint8_t)role;
    const uint8_t versions[4] = {TCT_PAIR_VERSION, 0, TCT_PAIR_SUITE, TCT_PAIR_TREES_K};
    uint8_t *at = lv_put(out, &sender, 1);
    at = lv_put(at, bond, 32);
    at = lv_put(at, program, 32);
    at = lv_put(at, versions, sizeof versions);
    at = lv_put(at, nonce, 32);
    at = lv_put(at, f1, 32);
    TCT_ASSERT(at == out + TCT_AD_BYTES);
}

bool tct_cpace_ad_is(const uint8_t ad[TCT_AD_BYTES], int role, const uint8_t bond[32],
                     const uint8_t program[32], const uint8_t f1[32])
{
    enum { NONCE_AT = 2 + 33 + 33 + 5 + 1 };
    uint8_t wanted[TCT_AD_BYTES];
    tct_cpace_ad(wanted, role, bond, program, ad + NONCE_AT, f1);
    return !tct_mask_reveal(tct_differ(wanted, ad, TCT_AD_BYTES)); /* AD is public */
}

void tct_cpace_generator_digest(uint8_t out[64], tct_part prs, tct_part ci, tct_part sid)
{
    static const uint8_t zeros[SHA512_BLOCK_BYTES];
    /* The padding fills the first block of SHA-512 after DSI and PRS, so that hashing the code takes
     * one block whatever its length. */
    size_t before = 1 + length_prefix(prs.length).count + prs.length + 1 + strlen(dsi);
    size_t padding = before < SHA512_BLOCK_BYTES ? SHA512_BLOCK_BYTES - before : 0;
    lv_list list = {0};
    lv_add(&list, dsi, strlen(dsi));
    lv_add(&list, prs.bytes, prs.length);
    lv_add(&list, zeros, padding);
    lv_add(&list, ci.bytes, ci.length);
    lv_add(&list, sid.bytes, sid.length);
    tct_sha512(out, list.parts, 2 * list.strings);
}

void tct_cpace_share(uint8_t share[TCT_ELEMENT_BYTES], const tct_scalar *y,
                     const uint8_t digest[64])
{
    tct_element generator, product;
    tct_element_from_wide(&generator, digest);
    tct_err err = tct_element_mul(&product, y, &generator);
    TCT_ASSERT(err == TCT_OK); /* only a digest that maps to the identity: 2^-252 */
    memcpy(share, product.bytes, TCT_ELEMENT_BYTES);
    tct_wipe(&generator, sizeof generator);
}

tct_err tct_cpace_secret(uint8_t k[TCT_ELEMENT_BYTES], const tct_scalar *y,
                         const uint8_t peer[TCT_ELEMENT_BYTES])
{
    tct_element share, product;
    tct_err err = tct_element_decode(&share, peer);
    if (err == TCT_OK)
        err = tct_element_mul(&product, y, &share); /* the identity times y is the identity */
    if (err != TCT_OK)
        return err;
    memcpy(k, product.bytes, TCT_ELEMENT_BYTES);
    tct_wipe(&product, sizeof product);
    return TCT_OK;
}

void tct_cpace_isk(uint8_t out[TCT_ISK_BYTES], tct_part sid, const uint8_t k[TCT_ELEMENT_BYTES],
                   const tct_part x[2], const tct_part y[2])
{
    lv_list list = {0};
    lv_add(&list, dsi_isk, strlen(dsi_isk));
    lv_add(&list, sid.bytes, sid.length);
    lv_add(&list, k, TCT_ELEMENT_BYTES);
    for (int i = 0; i < 2; i++)
        lv_add(&list, x[i].bytes, x[i].length);
    for (int i = 0; i < 2; i++)
        lv_add(&list, y[i].bytes, y[i].length);
    tct_sha512(out, list.parts, 2 * list.strings);
}

void tct_cpace_confirmation(uint8_t out[TCT_CONFIRM_BYTES], const uint8_t session[32],
                            const uint8_t isk[TCT_ISK_BYTES], const tct_hello *hello)
{
    uint8_t key[TCT_HASH_BYTES], mac[64];
    tct_hash h;
    tct_hash_init(&h, "CPaceMac");
    tct_hash_field(&h, session, 32);
    tct_hash_field(&h, isk, TCT_ISK_BYTES);
    tct_hash_final(&h, key);
    lv_list list = {0};
    lv_add(&list, hello->share, sizeof hello->share);
    lv_add(&list, hello->ad, sizeof hello->ad);
    tct_hmac_sha512(mac, key, list.parts, 2 * list.strings);
    memcpy(out, mac, TCT_CONFIRM_BYTES);
    tct_wipe(key, sizeof key);
    tct_wipe(mac, sizeof mac);
}
