/* SPDX-License-Identifier: ISC
 *
 * The tables of lengths against the formulas they stand for, in exact integers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "garble/shape.h"

/* Numbers of up to 20·32 bits, little-endian. */
enum { LIMBS = 20 };
typedef struct {
    uint32_t limb[LIMBS];
} wide;

static wide wide_of(uint32_t v)
{
    wide w = {{v}};
    return w;
}
static wide add(wide a, const wide *b)
{
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (uint64_t)a.limb[i] + b->limb[i];
        a.limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    assert_int_equal(carry, 0);
    return a;
}
static wide times(wide a, uint32_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (uint64_t)a.limb[i] * factor;
        a.limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    assert_int_equal(carry, 0);
    return a;
}
static wide divided(wide a, uint32_t by)
{
    uint64_t rest = 0;
    for (int i = LIMBS - 1; i >= 0; i--) {
        rest = rest << 32 | a.limb[i];
        a.limb[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    assert_int_equal(rest, 0);
    return a;
}
static wide power_of_two(unsigned exponent)
{
    wide w = {{0}};
    w.limb[exponent / 32] = 1U << exponent % 32;
    return w;
}
static bool at_least(const wide *a, const wide *b)
{
    for (int i = LIMBS - 1; i >= 0; i--)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] > b->limb[i];
    return true;
}

/* 2^β·n^(β-1) ≥ 2^ρ; stops multiplying when it is. */
static bool bucket_suffices(uint32_t n, uint32_t beta, uint8_t rho)
{
    wide bound = power_of_two(rho), product = wide_of(2);
    for (uint32_t k = 1; k < beta; k++) {
        if (at_least(&product, &bound))
            return true;
        product = times(times(product, 2), n);
    }
    return at_least(&product, &bound);
}

static void bucket_size_is_the_smallest_that_keeps_the_bound(void **state)
{
    static const uint32_t others[] = {4095,   4096,   5000,    99999,
                                      370727, 370728, 1000000, TCT_CIRCUIT_ANDS_MAX};
    (void)state;
    for (uint8_t rho = 40; rho <= 64; rho = (uint8_t)(rho + 24)) {
        for (uint32_t n = 1; n <= (rho == 64 ? 128 : 600); n++) {
            uint32_t beta = tct_bucket_size(n, rho);
            assert_true(beta <= TCT_BUCKET_MAX && bucket_suffices(n, beta, rho));
            assert_false(bucket_suffices(n, beta - 1, rho));
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        uint32_t beta = tct_bucket_size(others[i], 40);
        assert_true(bucket_suffices(others[i], beta, 40));
        assert_false(bucket_suffices(others[i], beta - 1, 40));
    }
}

/* 2^n' ≥ 2^(40+o)·Σ_{w<40} C(n',w). */
static bool spread_suffices(uint32_t bits, uint32_t outputs)
{
    wide sum = wide_of(1), term = sum, left = power_of_two(bits);
    for (uint32_t w = 1; w < 40; w++) {
        term = divided(times(term, bits - w + 1), w);
        sum = add(sum, &term);
    }
    for (uint32_t i = 0; i < 40 + outputs; i += 16)
        sum = times(sum, 1U << (40 + outputs - i < 16 ? 40 + outputs - i : 16));
    return at_least(&left, &sum);
}

static void spread_table_is_the_smallest_code_that_hides(void **state)
{
    (void)state;
    for (uint32_t o = 1; o <= 4; o++)
        assert_int_equal(tct_spread_bits(o), 40 * o);
    for (uint32_t o = 5; o <= TCT_SPREAD_OUTPUTS_MAX; o++) {
        assert_true(spread_suffices(tct_spread_bits(o), o));
        assert_false(spread_suffices(tct_spread_bits(o) - 1, o));
    }
}

/* The table of protocol.md 7: n, inputs of each, outputs; F2 … F6 of the garbler, its F7 to F9 and
 * the evaluator's. */
static void bodies_have_the_lengths_of_the_specification(void **state)
{
    static const struct {
        uint32_t n, inputs, outputs;
        uint64_t f2, f3, f45, f6, a, b;
    } rows[] = {
        {1, 1, 1, 5696, 1024, 113, 121, 66, 67},
        {64, 32, 1, 12640, 10240, 264, 3656, 1061, 70},
        {128, 32, 8, 19088, 18432, 400, 7248, 1061, 70},
        {1000, 64, 32, 67200, 80000, 1471, 50189, 2092, 80},
        {5000, 128, 32, 257168, 320000, 5721, 250689, 4148, 88},
        {100000, 64, 32, 5042576, 3200000, 112596, 3212564, 2056, 80},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tct_circuit c = {{rows[i].inputs, rows[i].inputs},
                         rows[i].n,
                         rows[i].outputs,
                         rows[i].n,
                         NULL,
                         NULL};
        for (int garbler = 0; garbler < 2; garbler++) {
            tct_shape s;
            int other = 1 - garbler;
            assert_true(
                tct_shape_init(&s, &c, tct_engine_params_for(rows[i].n), 3, garbler, 0));
            for (int role = 0; role < 2; role++) {
                assert_int_equal(tct_shape_body_bytes(&s, TCT_F2, role), rows[i].f2);
                assert_int_equal(tct_shape_body_bytes(&s, TCT_F3, role), rows[i].f3);
                assert_int_equal(tct_shape_body_bytes(&s, TCT_F4, role) +
                                     tct_shape_body_bytes(&s, TCT_F5, role),
                                 rows[i].f45);
            }
            assert_int_equal(tct_shape_body_bytes(&s, TCT_F6, garbler), rows[i].f6);
            assert_int_equal(tct_shape_body_bytes(&s, TCT_F6, other), 64);
            assert_int_equal(tct_shape_body_bytes(&s, TCT_F7, garbler) +
                                 tct_shape_body_bytes(&s, TCT_F8, garbler) +
                                 tct_shape_body_bytes(&s, TCT_F9, garbler),
                             rows[i].a);
            assert_int_equal(tct_shape_body_bytes(&s, TCT_F7, other) +
                                 tct_shape_body_bytes(&s, TCT_F8, other) +
                                 tct_shape_body_bytes(&s, TCT_F9, other),
                             rows[i].b);
        }
    }
}

static void parameters_follow_the_largest_circuit(void **state)
{
    static const struct {
        uint32_t n;
        tct_engine_params want;
    } rows[] = {{0, {64, 64, 0}},
                {1, {64, 64, 0}},
                {128, {64, 64, 0}},
                {129, {40, 48, 0}},
                {50000, {40, 48, 0}},
                {50001, {40, 48, TCT_MODE_BATCH | TCT_MODE_BULK}},
                {1 << 24, {40, 48, TCT_MODE_BATCH | TCT_MODE_BULK}}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tct_engine_params p = tct_engine_params_for(rows[i].n);
        assert_int_equal(p.rho, rows[i].want.rho);
        assert_int_equal(p.tau, rows[i].want.tau);
        assert_int_equal(p.mode, rows[i].want.mode);
    }
}

/* Limits answer with a size that no caller has; escrow knows at most 256 outputs. */
static void too_large_circuits_are_refused_before_anything_is_taken(void **state)
{
    tct_circuit c = {{1, 1}, 1, 1, TCT_CIRCUIT_ANDS_MAX + 1, NULL, NULL};
    tct_shape s;
    (void)state;
    assert_int_equal(tct_run_bytes(&c, tct_engine_params_for(c.and_count)), SIZE_MAX);
    c.and_count = 1;
    c.output_count = 257;
    assert_true(tct_shape_init(&s, &c, (tct_engine_params){64, 64, 0}, 3, 0, 0));
    assert_false(tct_shape_init(&s, &c, (tct_engine_params){64, 64, TCT_MODE_ESCROW}, 3, 0, 0));
    /* A circuit beyond what the session's parameters were chosen for. */
    c.output_count = 1;
    c.and_count = 129;
    assert_false(tct_shape_init(&s, &c, tct_engine_params_for(128), 3, 0, 0));
    c.and_count = TCT_TAG_ANDS_MAX + 1;
    assert_false(tct_shape_init(&s, &c, tct_engine_params_for(TCT_TAG_ANDS_MAX), 3, 0, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bucket_size_is_the_smallest_that_keeps_the_bound),
        cmocka_unit_test(spread_table_is_the_smallest_code_that_hides),
        cmocka_unit_test(bodies_have_the_lengths_of_the_specification),
        cmocka_unit_test(parameters_follow_the_largest_circuit),
        cmocka_unit_test(too_large_circuits_are_refused_before_anything_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
