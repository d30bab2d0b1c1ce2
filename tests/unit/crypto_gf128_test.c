/* SPDX-License-Identifier: ISC
 *
 * GF(2^128) against the Python prototype, the field's laws, and Horner against its sum of powers,
 * in any pieces.
 */
#include "crypto/gf128.h"
#include "support/kat.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { COUNT_MAX = 70, TRIALS = 300 };

static tct_block random_block(random_source *r)
{
    tct_block v;
    random_bytes(r, (uint8_t *)&v, sizeof v);
    return v;
}

static void assert_same(tct_block a, tct_block b)
{
    assert_memory_equal(&a, &b, sizeof a);
}

/* By the definition, one bit at a time; for comparison only. */
static tct_block slow_mul(tct_block a, tct_block b)
{
    tct_block sum = {0, 0};
    for (unsigned p = 128; p-- > 0;) {
        bool carry = sum.hi >> 63;
        sum = (tct_block){sum.lo << 1, sum.hi << 1 | sum.lo >> 63};
        sum.lo ^= carry ? 0x87 : 0;
        if (tct_block_bit(a, p))
            sum = tct_block_xor(sum, b);
    }
    return sum;
}

static void products_and_sums_give_the_known_answers(void **state)
{
    (void)state;
    kat_open("protocol.txt");
    unsigned count = (unsigned)kat_number("gf.count");
    assert_true(count >= 3);
    for (unsigned i = 0; i < count; i++) {
        tct_block a, b;
        kat_hex((uint8_t *)&a, 16, "gf.%u.a", i);
        kat_hex((uint8_t *)&b, 16, "gf.%u.b", i);
        tct_block ab = tct_gf128_mul(a, b);
        assert_true(kat_is(&ab, 16, "gf.%u.ab", i));
    }
    tct_block chi, c[3];
    tct_gf128_point point;
    kat_hex((uint8_t *)&chi, 16, "h_chi.chi");
    assert_int_equal(kat_hex((uint8_t *)c, sizeof c, "h_chi.c"), sizeof c);
    tct_gf128_point_init(&point, chi);
    tct_block h = tct_gf128_horner(&point, (tct_block){0, 0}, c, 3);
    assert_true(kat_is(&h, 16, "h_chi.out"));
}

static void products_follow_the_laws_of_the_field(void **state)
{
    (void)state;
    random_source r = random_from(8);
    for (int i = 0; i < TRIALS; i++) {
        tct_block a = random_block(&r), b = random_block(&r), c = random_block(&r);
        assert_same(tct_gf128_mul(a, b), slow_mul(a, b));
        assert_same(tct_gf128_mul(a, b), tct_gf128_mul(b, a));
        assert_same(tct_gf128_mul(a, tct_gf128_mul(b, c)),
                    tct_gf128_mul(tct_gf128_mul(a, b), c));
        assert_same(tct_gf128_mul(a, tct_block_xor(b, c)),
                    tct_block_xor(tct_gf128_mul(a, b), tct_gf128_mul(a, c)));
        assert_same(tct_gf128_mul(a, (tct_block){1, 0}), a);
        assert_same(tct_gf128_mul(a, (tct_block){0, 0}), (tct_block){0, 0});
    }
}

/* z^a·z^b for all a, b: each single coefficient, each carry, each reduction. */
static void powers_of_z_multiply_right(void **state)
{
    (void)state;
    tct_block power[256] = {{1, 0}};
    for (int i = 1; i < 256; i++)
        power[i] = slow_mul(power[i - 1], (tct_block){2, 0});
    for (int a = 0; a < 128; a++)
        for (int b = 0; b < 128; b++)
            assert_same(tct_gf128_mul(power[a], power[b]), power[a + b]);
}

static void horner_is_the_sum_of_powers_in_any_pieces(void **state)
{
    (void)state;
    static tct_block c[COUNT_MAX];
    random_source r = random_from(9);
    for (int trial = 0; trial < 10; trial++) {
        tct_block chi = random_block(&r), want = random_block(&r), acc = want;
        chi = trial == 1 ? (tct_block){0, 0} : trial == 2 ? (tct_block){~0u, 1} : chi;
        random_bytes(&r, (uint8_t *)c, sizeof c);
        tct_gf128_point point;
        tct_gf128_point_init(&point, chi);
        for (size_t count = 0; count <= COUNT_MAX; count++) {
            tct_block got = tct_gf128_horner(&point, acc, c, count);
            assert_same(got, want);
            size_t cut = random_below(&r, (uint32_t)count + 1);
            got = tct_gf128_horner(&point, acc, c, cut);
            assert_same(tct_gf128_horner(&point, got, c + cut, count - cut), want);
            if (count < COUNT_MAX)
                want = tct_block_xor(slow_mul(want, chi), c[count]);
        }
    }
}

static void lanes_give_what_one_sum_gives(void **state)
{
    (void)state;
    static tct_block c[96];
    random_source r = random_from(19);
    for (int trial = 0; trial < 40; trial++) {
        tct_gf128_point point;
        tct_block lanes[TCT_GF128_LANES] = {{0, 0}};
        tct_gf128_point_init(&point, random_block(&r));
        random_bytes(&r, (uint8_t *)c, sizeof c);
        size_t count = 4 * (size_t)random_below(&r, 25);
        size_t cut = count == 0 ? 0 : 4 * (size_t)random_below(&r, (uint32_t)count / 4);
        tct_gf128_horner_lanes(&point, lanes, c, cut);
        tct_gf128_horner_lanes(&point, lanes, c + cut, count - cut);
        assert_same(tct_gf128_lanes_sum(&point, lanes),
                    tct_gf128_horner(&point, (tct_block){0, 0}, c, count));
    }
}

/* Runs the test over every backend of this machine. */
static void (*const each[])(void **) = {
    products_and_sums_give_the_known_answers, products_follow_the_laws_of_the_field,
    powers_of_z_multiply_right, horner_is_the_sum_of_powers_in_any_pieces,
    lanes_give_what_one_sum_gives};

static void every_backend_passes_them_all(void **state)
{
    for (size_t b = 0; tct_gf128_backends[b] != NULL; b++) {
        if (!tct_gf128_backends[b]->usable())
            continue;
        print_message("backend %s\n", tct_gf128_backends[b]->name);
        tct_gf128_choose(tct_gf128_backends[b]);
        assert_true(tct_gf128_self_test(tct_gf128_backends[b]));
        for (size_t i = 0; i < sizeof each / sizeof *each; i++)
            each[i](state);
    }
    tct_gf128_choose(NULL);
}

static tct_block wrong_mul(tct_block a, tct_block b)
{
    return tct_block_xor(tct_gf128_mul(a, b), (tct_block){0, 1});
}

static tct_block wrong_horner(const tct_gf128_point *point, tct_block acc, const tct_block *c,
                              size_t count)
{
    return tct_gf128_horner(point, (tct_block){0, 0}, c, count + 0 * acc.lo);
}

static void the_self_test_sees_a_wrong_backend(void **state)
{
    (void)state;
    tct_gf128_backend bad = *tct_gf128_backends[0];
    if (!bad.usable())
        return;
    assert_true(tct_gf128_self_test(&bad));
    bad.mul = wrong_mul;
    assert_false(tct_gf128_self_test(&bad));
    bad = *tct_gf128_backends[0];
    bad.horner = wrong_horner;
    assert_false(tct_gf128_self_test(&bad));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_backend_passes_them_all),
        cmocka_unit_test(the_self_test_sees_a_wrong_backend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
