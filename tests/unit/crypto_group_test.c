/* SPDX-License-Identifier: ISC
 *
 * The group against RFC 9496: multiples of the generator, every encoding that must be rejected,
 * the one-way map; and the edges that the base OTs rest on (zero scalars, identities, selection).
 */
#include "crypto/group.h"
#include "support/kat.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const tct_element identity;

static tct_scalar small_scalar(uint8_t v)
{
    return (tct_scalar){{v}};
}

static tct_scalar random_scalar(random_source *r)
{
    uint8_t wide[TCT_WIDE_BYTES];
    tct_scalar s;
    random_bytes(r, wide, sizeof wide);
    tct_scalar_from_wide(&s, wide);
    return s;
}

static tct_element random_element(random_source *r)
{
    uint8_t wide[TCT_WIDE_BYTES];
    tct_element e;
    random_bytes(r, wide, sizeof wide);
    tct_element_from_wide(&e, wide);
    return e;
}

static void multiples_of_the_generator_are_as_published(void **state)
{
    (void)state;
    char word[80], line[2000];
    kat_open("published.txt");
    snprintf(line, sizeof line, "%s", kat_text("ristretto.multiples"));
    const char *rest = line;
    tct_element generator = identity, sum = identity;
    const tct_scalar one = small_scalar(1);
    tct_element_mul_base(&generator, &one);
    uint8_t i = 0;
    for (; kat_word(&rest, word, sizeof word); i++) {
        uint8_t want[32];
        tct_element decoded, product;
        assert_int_equal(kat_hex_word(want, 32, word), 32);
        assert_memory_equal(sum.bytes, want, 32);
        assert_int_equal(tct_element_decode(&decoded, want), TCT_OK);
        assert_memory_equal(decoded.bytes, want, 32);
        assert_int_equal(tct_element_is_identity(&decoded), i == 0);
        if (i > 0) {
            tct_scalar s = small_scalar(i);
            tct_element_mul_base(&product, &s);
            assert_memory_equal(product.bytes, want, 32);
            assert_int_equal(tct_element_mul(&product, &s, &generator), TCT_OK);
            assert_memory_equal(product.bytes, want, 32);
        }
        tct_element_add(&sum, &sum, &generator);
    }
    assert_int_equal(i, 16);
}

static void every_published_wrong_encoding_is_refused(void **state)
{
    (void)state;
    char word[80], line[3000];
    kat_open("published.txt");
    snprintf(line, sizeof line, "%s", kat_text("ristretto.invalid"));
    const char *rest = line;
    int count = 0;
    for (; kat_word(&rest, word, sizeof word); count++) {
        uint8_t bytes[32];
        tct_element out = {{7}}, before = out;
        assert_int_equal(kat_hex_word(bytes, 32, word), 32);
        assert_int_equal(tct_element_decode(&out, bytes), TCT_ERR_FORMAT);
        assert_memory_equal(&out, &before, sizeof out); /* nothing written */
    }
    assert_int_equal(count, 29);
}

/* A canonical encoding has 255 bits and is even: each of the two bits on its own is refused. */
static void the_bits_that_no_encoding_has_are_refused(void **state)
{
    (void)state;
    random_source r = random_from(12);
    for (int i = 0; i < 20; i++) {
        tct_element e = random_element(&r), out;
        assert_int_equal(tct_element_decode(&out, e.bytes), TCT_OK);
        e.bytes[31] ^= 0x80;
        assert_int_equal(tct_element_decode(&out, e.bytes), TCT_ERR_FORMAT);
        e.bytes[31] ^= 0x80;
        e.bytes[0] ^= 1;
        assert_int_equal(tct_element_decode(&out, e.bytes), TCT_ERR_FORMAT);
    }
}

static void the_one_way_map_is_as_published(void **state)
{
    (void)state;
    kat_open("published.txt");
    for (unsigned i = 0; i < kat_number("ristretto.map.count"); i++) {
        uint8_t text[100], wide[64];
        const tct_part part = {text, kat_hex(text, sizeof text, "ristretto.map.%u.in", i)};
        tct_element e;
        tct_sha512(wide, &part, 1);
        tct_element_from_wide(&e, wide);
        assert_true(kat_is(e.bytes, 32, "ristretto.map.%u.out", i));
    }
}

static void sums_differences_and_products_fit_together(void **state)
{
    (void)state;
    random_source r = random_from(13);
    for (int i = 0; i < 20; i++) {
        tct_element a = random_element(&r), b = random_element(&r), sum, x, y;
        tct_scalar s = random_scalar(&r), t = random_scalar(&r);
        tct_element_add(&sum, &a, &b);
        tct_element_sub(&x, &sum, &b);
        assert_memory_equal(&x, &a, sizeof a);
        tct_element_sub(&x, &a, &a);
        assert_true(tct_element_is_identity(&x));
        tct_element_add(&x, &a, &identity);
        assert_memory_equal(&x, &a, sizeof a);
        /* Diffie and Hellman: s·(t·G) = t·(s·G). */
        tct_element_mul_base(&x, &s);
        assert_int_equal(tct_element_mul(&x, &t, &x), TCT_OK);
        tct_element_mul_base(&y, &t);
        assert_int_equal(tct_element_mul(&y, &s, &y), TCT_OK);
        assert_memory_equal(&x, &y, sizeof x);
    }
}

static void a_product_with_the_identity_is_refused(void **state)
{
    (void)state;
    random_source r = random_from(14);
    tct_scalar s = random_scalar(&r);
    tct_element out = {{7}};
    assert_int_equal(tct_element_mul(&out, &s, &identity), TCT_ERR_FORMAT);
    assert_true(tct_element_is_identity(&out));
}

static void a_wide_scalar_is_reduced_and_never_zero(void **state)
{
    (void)state;
    /* q = 2^252 + 27742317777372353535851937790883648493, as RFC 9496 gives it. */
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                      0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                      0,    0,    0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0x10};
    uint8_t wide[64] = {0};
    const tct_scalar one = small_scalar(1);
    tct_scalar s;
    tct_scalar_from_wide(&s, wide); /* 0 */
    assert_memory_equal(&s, &one, sizeof s);
    memcpy(wide, order, 32);
    tct_scalar_from_wide(&s, wide); /* q */
    assert_memory_equal(&s, &one, sizeof s);
    wide[0]++;
    tct_scalar_from_wide(&s, wide); /* q + 1 */
    assert_memory_equal(&s, &one, sizeof s);
    wide[0]++;
    tct_scalar_from_wide(&s, wide); /* q + 2 */
    assert_int_equal(s.bytes[0], 2);
    memset(wide, 0, sizeof wide);
    wide[0] = 5;
    tct_scalar_from_wide(&s, wide);
    const tct_scalar five = small_scalar(5);
    assert_memory_equal(&s, &five, sizeof s);
}

static void selection_takes_the_one_the_mask_says(void **state)
{
    (void)state;
    random_source r = random_from(15);
    tct_element a = random_element(&r), b = random_element(&r), out;
    tct_element_select(&out, tct_mask_of_bit(1), &a, &b);
    assert_memory_equal(&out, &a, sizeof a);
    tct_element_select(&out, tct_mask_of_bit(0), &a, &b);
    assert_memory_equal(&out, &b, sizeof b);
    tct_element_select(&a, tct_mask_of_bit(0), &a, &b); /* in place */
    assert_memory_equal(&a, &b, sizeof b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiples_of_the_generator_are_as_published),
        cmocka_unit_test(every_published_wrong_encoding_is_refused),
        cmocka_unit_test(the_bits_that_no_encoding_has_are_refused),
        cmocka_unit_test(the_one_way_map_is_as_published),
        cmocka_unit_test(sums_differences_and_products_fit_together),
        cmocka_unit_test(a_product_with_the_identity_is_refused),
        cmocka_unit_test(a_wide_scalar_is_reduced_and_never_zero),
        cmocka_unit_test(selection_takes_the_one_the_mask_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
