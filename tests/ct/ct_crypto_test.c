/* SPDX-License-Identifier: ISC
 *
 * Runs every kernel of src/crypto on memory that valgrind holds for undefined: a branch or an
 * address that depends on it is reported and fails the test.  The results are only looked at
 * after TCT_PUBLIC, and compared with the same call on the same bytes before they were secret,
 * so that the marks cannot have changed what is computed.
 */
#include "crypto/aead.h"
#include "crypto/aes_backends.h"
#include "crypto/curve_backends.h"
#include "crypto/gf128_backends.h"
#include "crypto/group.h"
#include "crypto/hash.h"
#include "crypto/tcr.h"
#include "crypto/transpose_backends.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { COUNT = 37 }; /* full batches and a rest */

static tct_block keys[COUNT], in[2 * COUNT], out[2 * COUNT], again[2 * COUNT];
static random_source source;

static void fill(void *memory, size_t bytes)
{
    random_bytes(&source, memory, bytes);
}

static int fill_all(void **state)
{
    (void)state;
    TCT_PUBLIC(keys, sizeof keys);
    TCT_PUBLIC(in, sizeof in);
    source = random_from(17);
    fill(keys, sizeof keys);
    fill(in, sizeof in);
    return 0;
}

static void only_the_portable_backend_is_here(void **state)
{
    (void)state;
    assert_string_equal(tct_aes_backends[0]->name, "portable");
    assert_null(tct_aes_backends[1]);
    assert_string_equal(tct_curve_backends[0]->name, "portable");
    assert_null(tct_curve_backends[1]);
}

static void aes_does_not_show_key_or_blocks(void **state)
{
    (void)state;
    tct_aes_key expanded;
    tct_aes_expand(&expanded, (const uint8_t *)keys);
    tct_aes()->encrypt(&expanded, in, again, COUNT);
    TCT_SECRET(keys, sizeof keys);
    TCT_SECRET(in, sizeof in);
    tct_aes_expand(&expanded, (const uint8_t *)keys);
    tct_aes()->encrypt(&expanded, in, out, COUNT);
    TCT_PUBLIC(out, sizeof out);
    assert_memory_equal(out, again, COUNT * sizeof *out);
}

static void rekeyed_aes_does_not_show_keys_or_blocks(void **state)
{
    (void)state;
    for (size_t per_key = 1; per_key <= 2; per_key++) {
        fill_all(NULL);
        tct_aes()->encrypt_rekeyed(keys, COUNT, per_key, in, again);
        TCT_SECRET(keys, sizeof keys);
        TCT_SECRET(in, sizeof in);
        tct_aes()->encrypt_rekeyed(keys, COUNT, per_key, in, out);
        TCT_PUBLIC(out, sizeof out);
        assert_memory_equal(out, again, COUNT * per_key * sizeof *out);
    }
}

static void tcr_does_not_show_labels(void **state)
{
    (void)state;
    static uint64_t tweaks[COUNT];
    fill(tweaks, sizeof tweaks);
    const tct_block salt = {1, 2};
    for (size_t per_tweak = 1; per_tweak <= 2; per_tweak++) {
        fill_all(NULL);
        tct_tcr(salt, TCT_DOM_GATE_A, tweaks, COUNT, per_tweak, in, again);
        TCT_SECRET(in, sizeof in);
        tct_tcr(salt, TCT_DOM_GATE_A, tweaks, COUNT, per_tweak, in, out);
        TCT_PUBLIC(out, sizeof out);
        assert_memory_equal(out, again, COUNT * per_tweak * sizeof *out);
    }
}

static void hash_and_xof_do_not_show_seed_or_field(void **state)
{
    (void)state;
    uint8_t digest[32], digest_again[32];
    for (int secret = 0; secret < 2; secret++) {
        tct_hash h;
        tct_xof x;
        if (secret) {
            memcpy(digest_again, digest, sizeof digest);
            memcpy(again, out, sizeof out);
            TCT_SECRET(in, sizeof in);
        }
        tct_hash_init(&h, "ct");
        tct_hash_field(&h, in, sizeof in);
        tct_hash_final(&h, digest);
        tct_xof_init(&x, in, 32, "ct", 2);
        tct_xof_next(&x, (uint8_t *)out, 5);
        tct_xof_next(&x, (uint8_t *)out + 5, sizeof out - 5);
        tct_xof_wipe(&x);
        TCT_PUBLIC(digest, sizeof digest);
        TCT_PUBLIC(out, sizeof out);
    }
    assert_memory_equal(digest, digest_again, sizeof digest);
    assert_memory_equal(out, again, sizeof out);
}

static void products_and_horner_do_not_show_elements(void **state)
{
    (void)state;
    tct_gf128_point point;
    tct_gf128_point_init(&point, (tct_block){3, 5}); /* χ is public */
    for (int secret = 0; secret < 2; secret++) {
        if (secret) {
            memcpy(again, out, sizeof out);
            TCT_SECRET(in, sizeof in);
            TCT_SECRET(keys, sizeof keys);
        }
        out[0] = tct_gf128_horner(&point, keys[0], in, COUNT);
        out[1] = tct_gf128_mul(keys[1], in[1]);
        TCT_PUBLIC(out, sizeof out);
    }
    assert_memory_equal(out, again, 2 * sizeof *out);
}

static void transposition_does_not_show_bits(void **state)
{
    (void)state;
    static tct_block square[128], rows[128], rows_again[128];
    fill(square, sizeof square);
    tct_transpose128(square, rows_again);
    TCT_SECRET(square, sizeof square);
    tct_transpose128(square, rows);
    TCT_PUBLIC(rows, sizeof rows);
    assert_memory_equal(rows, rows_again, sizeof rows);
}

static void comparison_and_selection_do_not_show_what_they_see(void **state)
{
    (void)state;
    uint64_t bit = 1;
    TCT_SECRET(in, sizeof in);
    TCT_SECRET(keys, sizeof keys);
    TCT_SECRET(&bit, sizeof bit);
    tct_mask differ = tct_differ(keys, in, sizeof keys);
    tct_mask equal = tct_mask_not(tct_differ(in, in, sizeof in));
    assert_true(tct_mask_reveal(differ));
    assert_true(tct_mask_reveal(equal));
    tct_element a = {{1}}, b = {{2}}, chosen;
    TCT_SECRET(&a, sizeof a);
    TCT_SECRET(&b, sizeof b);
    tct_element_select(&chosen, tct_mask_of_bit(bit), &a, &b);
    out[0] = tct_block_xor_if(in[0], bit, in[1]);
    out[1] = tct_delta_if(bit, (tct_delta){in[2]});
    TCT_PUBLIC(&chosen, sizeof chosen);
    assert_int_equal(chosen.bytes[0], 1);
}

#if defined(__x86_64__)
/* The kernels that the constant-time build leaves out of its lists, as far as valgrind knows their
 * instructions (it has no AVX-512). */
static void the_kernels_of_x86_show_nothing_either(void **state)
{
    (void)state;
    static uint64_t tweaks[COUNT];
    static tct_block square[128], rows[128];
    tct_aes_key expanded;
    tct_gf128_point point;
    tct_gf128_point_init(&point, (tct_block){3, 5});
    fill(square, sizeof square);
    TCT_SECRET(square, sizeof square);
    TCT_SECRET(keys, sizeof keys);
    TCT_SECRET(in, sizeof in);
    if (tct_aes_ni.usable()) {
        tct_aes_ni.expand(&expanded, (const uint8_t *)keys);
        tct_aes_ni.encrypt(&expanded, in, out, COUNT);
        for (size_t per = 1; per <= 2; per++) {
            tct_aes_ni.encrypt_rekeyed(keys, COUNT, per, in, out);
            tct_aes_ni.tcr((tct_block){1, 2}, tweaks, COUNT, per, in, out);
        }
    }
    if (tct_gf128_clmul.usable()) {
        out[0] = tct_gf128_clmul.mul(in[0], in[1]);
        out[0] = tct_gf128_clmul.horner(&point, in[0], in, COUNT);
    }
    if (tct_transpose_avx2.usable())
        tct_transpose_avx2.transpose(square, rows);
    print_message("aes-ni %d, pclmul %d, avx2 %d\n", tct_aes_ni.usable(),
                  tct_gf128_clmul.usable(), tct_transpose_avx2.usable());
}
#endif

/* As the base OTs use it: secret wide bytes become scalars and elements, secret scalars multiply
 * public and secret elements, sums and differences of secret elements. */
static void the_group_does_not_show_scalars_or_own_elements(void **state)
{
    (void)state;
    uint8_t wide[64];
    tct_element public_element, e[5], e_again[5];
    fill(wide, sizeof wide);
    tct_element_from_wide(&public_element, wide);
    fill(wide, sizeof wide);
    for (int secret = 0; secret < 2; secret++) {
        if (secret) {
            memcpy(e_again, e, sizeof e);
            TCT_SECRET(wide, sizeof wide);
        }
        tct_scalar s;
        tct_scalar_from_wide(&s, wide);
        tct_element_from_wide(&e[0], wide);
        tct_element_mul_base(&e[1], &s);
        assert_int_equal(tct_element_mul(&e[2], &s, &public_element), TCT_OK);
        tct_element_sub(&e[3], &e[1], &e[0]);
        tct_element_add(&e[4], &e[3], &e[2]);
        TCT_PUBLIC(e, sizeof e);
    }
    assert_memory_equal(e, e_again, sizeof e);
}

/* Blocks of eight as the base OTs use them, with everything secret but the table of one's own
 * choosing: scalars, points, what is mapped. */
static void walk_the_curve(bool secret, const tct_points *public_points, uint8_t bytes[256])
{
    uint8_t wide[TCT_LANES * TCT_WIDE_BYTES];
    tct_scalar s[TCT_LANES];
    tct_points p, q;
    tct_digits digits;
    tct_comb comb;
    source = random_from(18);
    fill(wide, sizeof wide);
    for (size_t i = 0; i < TCT_LANES; i++)
        tct_scalar_from_wide(&s[i], wide + TCT_WIDE_BYTES * i);
    if (secret) {
        TCT_SECRET(wide, sizeof wide);
        TCT_SECRET(s, sizeof s);
    }
    tct_points_from_wide(&p, wide);
    tct_digits_of(&digits, s);
    tct_points_mul(&q, &digits, &p);
    tct_comb_init(&comb, public_points);
    tct_comb_mul(&p, &comb, &digits);
    tct_points_add(&p, &p, &q);
    tct_comb_init(&comb, &p); /* a secret table, too */
    tct_comb_mul(&q, &comb, &digits);
    tct_digits_of_one(&digits, &s[0]);
    tct_points_mul(&p, &digits, public_points);
    tct_points_sub(&p, &q, &p);
    tct_points_encode(bytes, &p);
    TCT_PUBLIC(bytes, 256); /* to be compared */
}

static void the_curve_does_not_show_scalars_or_points(void **state)
{
    (void)state;
    const tct_curve_backend *const backends[] = {
        &tct_curve_portable,
#if defined(__x86_64__)
        &tct_curve_avx2,
#endif
    };
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        uint8_t wide[TCT_LANES * TCT_WIDE_BYTES], open[256], closed[256];
        tct_points public_points;
        if (!backends[i]->usable())
            continue;
        tct_curve_choose(backends[i]);
        print_message("curve: %s\n", backends[i]->name);
        fill(wide, sizeof wide);
        tct_points_from_wide(&public_points, wide);
        walk_the_curve(false, &public_points, open);
        walk_the_curve(true, &public_points, closed);
        assert_memory_equal(open, closed, sizeof open);
    }
    tct_curve_choose(NULL);
}

static void sha512_hmac_and_aead_do_not_show_key_or_body(void **state)
{
    (void)state;
    uint8_t digest[64], mac[64], sealed[sizeof in + 16];
    static const uint8_t nonce[12];
    const tct_part parts[] = {{in, 100}, {in + 7, 300}};
    TCT_SECRET(in, sizeof in);
    TCT_SECRET(keys, sizeof keys);
    tct_sha512(digest, parts, 2);
    tct_hmac_sha512(mac, (const uint8_t *)keys, parts, 2);
    tct_aead_seal(sealed, (const uint8_t *)in, sizeof in, nonce, 12, nonce,
                  (const uint8_t *)keys);
    TCT_PUBLIC(sealed, sizeof sealed); /* it goes over the wire */
    bool good = tct_aead_open((uint8_t *)out, sealed, sizeof sealed, nonce, 12, nonce,
                              (const uint8_t *)keys);
    assert_true(good);
    TCT_PUBLIC(digest, sizeof digest);
    TCT_PUBLIC(mac, sizeof mac);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_portable_backend_is_here),
        cmocka_unit_test_setup(aes_does_not_show_key_or_blocks, fill_all),
        cmocka_unit_test_setup(rekeyed_aes_does_not_show_keys_or_blocks, fill_all),
        cmocka_unit_test_setup(tcr_does_not_show_labels, fill_all),
        cmocka_unit_test_setup(hash_and_xof_do_not_show_seed_or_field, fill_all),
        cmocka_unit_test_setup(products_and_horner_do_not_show_elements, fill_all),
        cmocka_unit_test_setup(transposition_does_not_show_bits, fill_all),
#if defined(__x86_64__)
        cmocka_unit_test_setup(the_kernels_of_x86_show_nothing_either, fill_all),
#endif
        cmocka_unit_test_setup(comparison_and_selection_do_not_show_what_they_see, fill_all),
        cmocka_unit_test_setup(the_group_does_not_show_scalars_or_own_elements, fill_all),
        cmocka_unit_test_setup(the_curve_does_not_show_scalars_or_points, fill_all),
        cmocka_unit_test_setup(sha512_hmac_and_aead_do_not_show_key_or_body, fill_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
