/* SPDX-License-Identifier: ISC
 *
 * Words of bits against the machine's own arithmetic, for every pair of small numbers, and the number
 * of ANDs that each operation may take.
 */
#include "circuit/builder.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH_MAX = 64, OUT_MAX = 160, GATES = 60000, MEMORY_BYTES = 8 << 20 };

typedef struct {
    uint8_t *memory;
    tct_arena arena;
    tct_builder *b;
    tct_wire p[WIDTH_MAX], q[WIDTH_MAX];
    unsigned p_width, q_width;
    tct_circuit circuit;
    uint8_t *fixed;
} bench;

static void begin(bench *t, unsigned p_width, unsigned q_width)
{
    tct_arena_init(&t->arena, t->memory, MEMORY_BYTES);
    t->b = tct_builder_new(&t->arena, p_width, q_width, GATES);
    assert_non_null(t->b);
    t->p_width = p_width;
    t->q_width = q_width;
    for (unsigned i = 0; i < p_width; i++)
        t->p[i] = tct_input(t->b, 0, i);
    for (unsigned i = 0; i < q_width; i++)
        t->q[i] = tct_input(t->b, 1, i);
}

static void put_out(bench *t, const tct_wire *word, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        tct_output(t->b, word[i]);
}

static uint32_t done(bench *t)
{
    assert_int_equal(tct_builder_finish(t->b, &t->circuit, &t->fixed), TCT_OK);
    return t->circuit.and_count;
}

/* The first 64 outputs as a number. */
static uint64_t compute(const bench *t, uint64_t p, uint64_t q)
{
    uint8_t x[WIDTH_MAX], y[WIDTH_MAX], out[OUT_MAX];
    for (unsigned i = 0; i < WIDTH_MAX; i++) {
        x[i] = p >> i & 1;
        y[i] = q >> i & 1;
    }
    if (t->circuit.output_count != 0)
        random_circuit_evaluate(&t->circuit, x, y, out);
    uint64_t v = 0;
    uint32_t at = 0;
    for (unsigned i = 0; at < t->circuit.output_count && i < 64; i++)
        v |= (uint64_t)(t->fixed[i] == 2 ? out[at++] : t->fixed[i]) << i;
    return v;
}

static uint64_t mask_of(unsigned width)
{
    return width >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << width) - 1;
}

/* All pairs at small widths; random ones and the edges above. */
static void for_pairs(const bench *t, void (*check)(const bench *t, uint64_t p, uint64_t q))
{
    uint64_t p_mask = mask_of(t->p_width), q_mask = mask_of(t->q_width);
    if (t->p_width <= 5 && t->q_width <= 5) {
        for (uint64_t p = 0; p <= p_mask; p++)
            for (uint64_t q = 0; q <= q_mask; q++)
                check(t, p, q);
        return;
    }
    static const uint64_t edges[] = {0, 1, 2, ~(uint64_t)0, ~(uint64_t)1, (uint64_t)1 << 63};
    for (size_t i = 0; i < 36; i++)
        check(t, edges[i / 6] & p_mask, edges[i % 6] & q_mask);
    random_source r = random_from(t->p_width);
    for (int i = 0; i < 100; i++)
        check(t, random_u64(&r) & p_mask, random_u64(&r) & q_mask);
}

static const unsigned widths[] = {1, 2, 3, 4, 5, 8, 31, 63};
enum { WIDTHS = sizeof widths / sizeof *widths };

static void check_add(const bench *t, uint64_t p, uint64_t q)
{
    assert_true(compute(t, p, q) == p + q);
}

static void add_is_one_and_a_bit(void **state)
{
    bench *t = *state;
    for (int i = 0; i < WIDTHS; i++) {
        unsigned w = widths[i];
        tct_wire out[WIDTH_MAX + 1];
        begin(t, w, w);
        out[w] = tct_word_add(t->b, out, t->p, t->q, TCT_ZERO, w);
        put_out(t, out, w + 1);
        assert_int_equal(done(t), w);
        for_pairs(t, check_add);
    }
}

static void check_add_one(const bench *t, uint64_t p, uint64_t q)
{
    assert_true(compute(t, p, q) == ((p + q + 1) & mask_of(t->p_width)));
}

static void a_carry_goes_in_and_the_last_is_free_to_drop(void **state)
{
    bench *t = *state;
    for (int i = 0; i < WIDTHS; i++) {
        unsigned w = widths[i];
        begin(t, w, w);
        (void)tct_word_add(t->b, t->p, t->p, t->q, TCT_ONE, w); /* in place */
        put_out(t, t->p, w);
        assert_int_equal(done(t), w - 1);
        for_pairs(t, check_add_one);
    }
}

static void check_sub(const bench *t, uint64_t p, uint64_t q)
{
    unsigned w = t->p_width;
    uint64_t want = ((p - q) & mask_of(w)) | (uint64_t)(p >= q) << w;
    assert_true(compute(t, p, q) == want);
}

static void subtract_is_one_and_a_bit(void **state)
{
    bench *t = *state;
    for (int i = 0; i < WIDTHS; i++) {
        unsigned w = widths[i];
        tct_wire out[WIDTH_MAX + 1];
        begin(t, w, w);
        out[w] = tct_word_sub(t->b, out, t->p, t->q, w);
        put_out(t, out, w + 1);
        assert_int_equal(done(t), w);
        for_pairs(t, check_sub);
    }
}

static int64_t as_signed(uint64_t v, unsigned w)
{
    uint64_t sign = (uint64_t)1 << (w - 1);
    return (int64_t)(v & (sign - 1)) - (int64_t)(v & sign);
}

static void check_compare(const bench *t, uint64_t p, uint64_t q)
{
    unsigned w = t->p_width;
    uint64_t want = (uint64_t)(p >= q) | (uint64_t)(as_signed(p, w) >= as_signed(q, w)) << 1 |
                    (uint64_t)(p == q) << 2;
    assert_true(compute(t, p, q) == want);
}

static void comparisons_are_right_and_one_and_a_bit(void **state)
{
    bench *t = *state;
    for (int i = 0; i < WIDTHS; i++) {
        unsigned w = widths[i];
        begin(t, w, w);
        tct_output(t->b, tct_word_at_least(t->b, t->p, t->q, w));
        assert_int_equal(tct_builder_ands(t->b), w);
        begin(t, w, w);
        tct_output(t->b, tct_word_at_least_signed(t->b, t->p, t->q, w));
        assert_int_equal(tct_builder_ands(t->b), w);
        begin(t, w, w);
        tct_output(t->b, tct_word_equal(t->b, t->p, t->q, w));
        assert_int_equal(tct_builder_ands(t->b), w - 1);

        begin(t, w, w);
        tct_output(t->b, tct_word_at_least(t->b, t->p, t->q, w));
        tct_output(t->b, tct_word_at_least_signed(t->b, t->p, t->q, w));
        tct_output(t->b, tct_word_equal(t->b, t->p, t->q, w));
        (void)done(t);
        for_pairs(t, check_compare);
    }
}

static void check_mux(const bench *t, uint64_t p, uint64_t q)
{
    assert_true(compute(t, p, q) == (q & 1 ? p : p ^ 5) % 8);
}

static void a_multiplexer_is_one_and_a_bit(void **state)
{
    bench *t = *state;
    tct_wire other[3], out[3], five[3];
    begin(t, 5, 3);
    tct_word_mux(t->b, out, t->q[0], t->p, t->q, 3);
    assert_int_equal(tct_builder_ands(t->b), 3);
    begin(t, 3, 1);
    tct_word_const(five, 3, 5);
    for (int i = 0; i < 3; i++)
        other[i] = tct_xor(t->b, t->p[i], five[i]);
    tct_word_mux(t->b, out, t->q[0], t->p, other, 3);
    put_out(t, out, 3);
    assert_int_equal(done(t), 0); /* p or its inverse: linear */
    for_pairs(t, check_mux);
}

static void check_mul(const bench *t, uint64_t p, uint64_t q)
{
    assert_true(compute(t, p, q) == p * q);
}

static void multiplication_is_right_at_every_pair_of_widths(void **state)
{
    bench *t = *state;
    tct_wire out[2 * WIDTH_MAX];
    for (unsigned pw = 1; pw <= 5; pw++) {
        for (unsigned qw = 1; qw <= 5; qw++) {
            begin(t, pw, qw);
            tct_word_mul(t->b, out, pw + qw, t->p, pw, t->q, qw);
            put_out(t, out, pw + qw);
            assert_int_equal(done(t), pw * qw + (pw == 1 ? 0 : (qw - 1) * pw));
            for_pairs(t, check_mul);
        }
    }
    begin(t, 32, 32);
    tct_word_mul(t->b, out, 64, t->p, 32, t->q, 32);
    put_out(t, out, 64);
    assert_int_equal(done(t), 32 * 32 + 31 * 32);
    for_pairs(t, check_mul);
    begin(t, 64, 64);
    tct_word_mul(t->b, out, 64, t->p, 64, t->q, 64);
    put_out(t, out, 64);
    assert_int_equal(done(t), 4033); /* as the published 64-bit multiplier */
    for_pairs(t, check_mul);
}

static uint64_t constant;
static void check_mul_constant(const bench *t, uint64_t p, uint64_t q)
{
    (void)q;
    assert_true(compute(t, p, 0) == ((p * constant) & 0xffff));
}

static void a_constant_factor_costs_only_its_ones(void **state)
{
    bench *t = *state;
    for (constant = 0; constant < 70; constant += 1 + constant / 3) {
        tct_wire five[8], out[16], again[16];
        begin(t, 5, 1);
        tct_word_const(five, 8, constant);
        tct_word_mul(t->b, out, 16, t->p, 5, five, 8);
        uint32_t ands = tct_builder_ands(t->b);
        unsigned ones = 0;
        for (uint64_t v = constant; v != 0; v >>= 1)
            ones += v & 1;
        assert_true(ands <= (ones < 2 ? 0 : 5 * (ones - 1)));
        tct_word_mul(t->b, again, 16, five, 8, t->p, 5);
        assert_int_equal(tct_builder_ands(t->b), ands);
        assert_memory_equal(out, again, sizeof out);
        put_out(t, out, 16);
        (void)done(t);
        for_pairs(t, check_mul_constant);
    }
}

static void counting_ones_takes_the_least_ands(void **state)
{
    bench *t = *state;
    for (unsigned count = 0; count <= 63; count++) {
        tct_wire out[8];
        unsigned ones = 0, width = 0;
        while (count >> width != 0)
            width++;
        for (unsigned v = count; v != 0; v >>= 1)
            ones += v & 1;
        begin(t, count, 1);
        tct_word_popcount(t->b, out, 8, t->p, count);
        for (unsigned i = width; i < 8; i++)
            assert_int_equal(count == 0 ? out[i] : TCT_ZERO, TCT_ZERO);
        put_out(t, out, width);
        tct_output(t->b, t->q[0]);
        assert_int_equal(done(t), count - ones);
        random_source r = random_from(count);
        for (int i = 0; i < 40; i++) {
            uint64_t v = i == 0 ? 0 : i == 1 ? ~(uint64_t)0 : random_u64(&r), want = 0;
            for (unsigned k = 0; k < count; k++)
                want += v >> k & 1;
            assert_true(compute(t, v, 0) == want);
        }
    }
}

static void words_of_no_width_are_fine(void **state)
{
    bench *t = *state;
    begin(t, 1, 1);
    tct_wire out[4];
    assert_int_equal(tct_word_add(t->b, out, t->p, t->q, TCT_ONE, 0), TCT_ONE);
    assert_int_equal(tct_word_sub(t->b, out, t->p, t->q, 0), TCT_ONE);
    assert_int_equal(tct_word_at_least(t->b, t->p, t->q, 0), TCT_ONE);
    assert_int_equal(tct_word_at_least_signed(t->b, t->p, t->q, 0), TCT_ONE);
    assert_int_equal(tct_word_equal(t->b, t->p, t->q, 0), TCT_ONE);
    tct_word_mul(t->b, out, 4, t->p, 0, t->q, 1);
    for (int i = 0; i < 4; i++)
        assert_int_equal(out[i], TCT_ZERO);
}

static int set_up(void **state)
{
    bench *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->memory = malloc(MEMORY_BYTES);
    assert_non_null(t->memory);
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    bench *t = *state;
    free(t->memory);
    free(t);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add_is_one_and_a_bit),
        cmocka_unit_test(a_carry_goes_in_and_the_last_is_free_to_drop),
        cmocka_unit_test(subtract_is_one_and_a_bit),
        cmocka_unit_test(comparisons_are_right_and_one_and_a_bit),
        cmocka_unit_test(a_multiplexer_is_one_and_a_bit),
        cmocka_unit_test(multiplication_is_right_at_every_pair_of_widths),
        cmocka_unit_test(a_constant_factor_costs_only_its_ones),
        cmocka_unit_test(counting_ones_takes_the_least_ands),
        cmocka_unit_test(words_of_no_width_are_fine),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
