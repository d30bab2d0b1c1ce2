/* SPDX-License-Identifier: ISC
 *
 * The AEAD against RFC 8439; every flipped bit and every shortened message is refused, and then
 * nothing of the body is shown.
 */
#include "crypto/aead.h"
#include "support/kat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    uint8_t key[32], nonce[12], ad[50], body[400], sealed[416];
    size_t ad_bytes, body_bytes;
} vector;

static vector load(unsigned i)
{
    vector v;
    kat_open("published.txt");
    assert_int_equal(kat_hex(v.key, 32, "aead.%u.key", i), 32);
    assert_int_equal(kat_hex(v.nonce, 12, "aead.%u.nonce", i), 12);
    v.ad_bytes = kat_hex(v.ad, sizeof v.ad, "aead.%u.ad", i);
    v.body_bytes = kat_hex(v.body, sizeof v.body, "aead.%u.in", i);
    tct_aead_seal(v.sealed, v.body, v.body_bytes, v.ad, v.ad_bytes, v.nonce, v.key);
    return v;
}

static bool opens(const vector *v, uint8_t *out, size_t sealed_bytes)
{
    return tct_aead_open(out, v->sealed, sealed_bytes, v->ad, v->ad_bytes, v->nonce, v->key);
}

static void seal_and_open_give_the_known_answers(void **state)
{
    (void)state;
    kat_open("published.txt");
    unsigned count = (unsigned)kat_number("aead.count");
    assert_int_equal(count, 2);
    for (unsigned i = 0; i < count; i++) {
        uint8_t out[400];
        vector v = load(i);
        assert_true(kat_is(v.sealed, v.body_bytes + 16, "aead.%u.out", i));
        assert_true(opens(&v, out, v.body_bytes + 16));
        assert_memory_equal(out, v.body, v.body_bytes);
    }
}

static void every_flipped_bit_is_refused_and_nothing_is_shown(void **state)
{
    (void)state;
    vector v = load(0);
    static const uint8_t nothing[400];
    uint8_t out[400];
    uint8_t *const places[] = {v.sealed, v.ad, v.nonce, v.key};
    const size_t sizes[] = {v.body_bytes + 16, v.ad_bytes, 12, 32};
    for (int p = 0; p < 4; p++)
        for (size_t bit = 0; bit < 8 * sizes[p]; bit++) {
            places[p][bit / 8] ^= (uint8_t)(1u << bit % 8);
            memset(out, 0x5a, sizeof out);
            assert_false(opens(&v, out, v.body_bytes + 16));
            assert_memory_equal(out, nothing, v.body_bytes);
            places[p][bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    for (size_t bytes = 0; bytes < v.body_bytes + 16; bytes++)
        assert_false(opens(&v, out, bytes));
    assert_true(opens(&v, out, v.body_bytes + 16));
}

static void empty_bodies_and_in_place_work(void **state)
{
    (void)state;
    vector v = load(0);
    uint8_t buffer[416], tag[16];
    memcpy(buffer, v.body, v.body_bytes);
    tct_aead_seal(buffer, buffer, v.body_bytes, v.ad, v.ad_bytes, v.nonce, v.key);
    assert_memory_equal(buffer, v.sealed, v.body_bytes + 16);
    assert_true(
        tct_aead_open(buffer, buffer, v.body_bytes + 16, v.ad, v.ad_bytes, v.nonce, v.key));
    assert_memory_equal(buffer, v.body, v.body_bytes);
    tct_aead_seal(tag, NULL, 0, NULL, 0, v.nonce, v.key);
    assert_true(tct_aead_open(buffer, tag, 16, NULL, 0, v.nonce, v.key));
    tag[0] ^= 1;
    assert_false(tct_aead_open(buffer, tag, 16, NULL, 0, v.nonce, v.key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seal_and_open_give_the_known_answers),
        cmocka_unit_test(every_flipped_bit_is_refused_and_nothing_is_shown),
        cmocka_unit_test(empty_bodies_and_in_place_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
