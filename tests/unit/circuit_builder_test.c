/* SPDX-License-Identifier: ISC
 *
 * What the builder folds, shares, drops and refuses, gate by gate.
 */
#include "circuit/builder.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MEMORY_BYTES = 1 << 16 };

typedef struct {
    _Alignas(64) uint8_t memory[MEMORY_BYTES];
    tct_arena arena;
    tct_builder *b;
    tct_wire x, y, z;
    tct_circuit circuit;
    uint8_t *fixed;
} bench;

static int set_up(void **state)
{
    bench *t = aligned_alloc(64, sizeof *t);
    assert_non_null(t);
    tct_arena_init(&t->arena, t->memory, sizeof t->memory);
    t->b = tct_builder_new(&t->arena, 2, 1, 100);
    assert_non_null(t->b);
    t->x = tct_input(t->b, 0, 0);
    t->y = tct_input(t->b, 0, 1);
    t->z = tct_input(t->b, 1, 0);
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static void constants_never_become_gates(void **state)
{
    bench *t = *state;
    tct_builder *b = t->b;
    assert_int_equal(tct_and(b, t->x, TCT_ZERO), TCT_ZERO);
    assert_int_equal(tct_and(b, TCT_ONE, t->x), t->x);
    assert_int_equal(tct_xor(b, t->x, TCT_ZERO), t->x);
    assert_int_equal(tct_xor(b, t->x, TCT_ONE), tct_not(b, t->x));
    assert_int_equal(tct_or(b, t->x, TCT_ONE), TCT_ONE);
    assert_int_equal(tct_or(b, t->x, TCT_ZERO), t->x);
    assert_int_equal(tct_not(b, TCT_ZERO), TCT_ONE);
    assert_int_equal(tct_mux(b, TCT_ONE, t->x, t->y), t->x);
    assert_int_equal(tct_mux(b, TCT_ZERO, t->x, t->y), t->y);
    assert_int_equal(tct_mux(b, t->x, TCT_ONE, TCT_ZERO), t->x);
    assert_int_equal(tct_builder_ands(b), 0);
}

static void a_wire_meets_itself(void **state)
{
    bench *t = *state;
    tct_builder *b = t->b;
    tct_wire not_x = tct_not(b, t->x);
    assert_int_equal(tct_not(b, not_x), t->x);
    assert_int_equal(tct_and(b, t->x, t->x), t->x);
    assert_int_equal(tct_and(b, t->x, not_x), TCT_ZERO);
    assert_int_equal(tct_or(b, t->x, not_x), TCT_ONE);
    assert_int_equal(tct_xor(b, t->x, t->x), TCT_ZERO);
    assert_int_equal(tct_xor(b, t->x, not_x), TCT_ONE);
    assert_int_equal(tct_mux(b, t->z, t->x, t->x), t->x);
    tct_wire sum = tct_xor(b, t->x, t->y);
    assert_int_equal(tct_xor(b, sum, t->y), t->x);
    assert_int_equal(tct_xor(b, sum, tct_xor(b, t->y, t->z)), tct_xor(b, t->x, t->z));
    assert_int_equal(tct_builder_ands(b), 0);
}

static void equal_gates_are_one_gate(void **state)
{
    bench *t = *state;
    tct_builder *b = t->b;
    assert_int_equal(tct_and(b, t->x, t->y), tct_and(b, t->y, t->x));
    assert_int_equal(tct_xor(b, t->x, t->y), tct_not(b, tct_xor(b, t->y, tct_not(b, t->x))));
    /* the other three polarities of an AND cost nothing once it is there */
    (void)tct_and(b, tct_not(b, t->x), t->y);
    (void)tct_and(b, t->x, tct_not(b, t->y));
    (void)tct_or(b, t->x, t->y);
    assert_int_equal(tct_builder_ands(b), 1);
    /* x ∧ (x ⊕ y) is x ∧ ¬y */
    (void)tct_and(b, t->x, tct_xor(b, t->x, t->y));
    assert_int_equal(tct_builder_ands(b), 1);
}

static void an_and_absorbs_its_own_operand(void **state)
{
    bench *t = *state;
    tct_builder *b = t->b;
    tct_wire both = tct_and(b, t->x, t->y), not_x = tct_not(b, t->x);
    assert_int_equal(tct_and(b, both, t->x), both);
    assert_int_equal(tct_and(b, both, not_x), TCT_ZERO);
    assert_int_equal(tct_or(b, both, t->x), t->x);
    assert_int_equal(tct_and(b, tct_not(b, both), not_x), not_x);
    assert_int_equal(tct_and(b, tct_not(b, both), t->x), tct_xor(b, t->x, both));
    assert_int_equal(tct_builder_ands(b), 1);
}

static void one_and_each_for_or_and_mux(void **state)
{
    bench *t = *state;
    (void)tct_or(t->b, t->x, t->z);
    assert_int_equal(tct_builder_ands(t->b), 1);
    (void)tct_mux(t->b, t->z, t->x, t->y);
    assert_int_equal(tct_builder_ands(t->b), 2);
}

static void what_no_output_needs_is_dropped(void **state)
{
    bench *t = *state;
    tct_builder *b = t->b;
    (void)tct_and(b, t->x, t->y);
    tct_output(b, tct_xor(b, t->x, t->z));
    assert_int_equal(tct_builder_finish(b, &t->circuit, &t->fixed), TCT_OK);
    assert_int_equal(t->circuit.and_count, 0);
    assert_int_equal(t->circuit.gate_count, 1);
    assert_true(tct_circuit_valid(&t->circuit));
}

static void an_inverse_is_one_shared_gate(void **state)
{
    bench *t = *state;
    tct_builder *b = t->b;
    tct_wire not_x = tct_not(b, t->x);
    tct_output(b, not_x);
    tct_output(b, tct_and(b, not_x, t->y));
    tct_output(b, tct_not(b, tct_and(b, not_x, t->z)));
    tct_output(b, tct_xor(b, not_x, tct_not(b, t->z))); /* its two inversions cancel */
    assert_int_equal(tct_builder_finish(b, &t->circuit, &t->fixed), TCT_OK);
    uint32_t inversions = 0;
    for (uint32_t i = 0; i < t->circuit.gate_count; i++)
        inversions += t->circuit.gates[i].kind == TCT_GATE_INV;
    assert_int_equal(inversions, 2);
    assert_int_equal(t->circuit.gate_count, 5);
}

static void constant_outputs_are_reported_and_left_out(void **state)
{
    bench *t = *state;
    tct_output(t->b, TCT_ONE);
    tct_output(t->b, t->z);
    tct_output(t->b, TCT_ZERO);
    tct_output(t->b, t->z);
    assert_int_equal(tct_builder_finish(t->b, &t->circuit, &t->fixed), TCT_OK);
    const uint8_t want[4] = {1, 2, 0, 2};
    assert_memory_equal(t->fixed, want, 4);
    assert_int_equal(t->circuit.output_count, 2);
    assert_int_equal(t->circuit.gate_count, 0);
    assert_int_equal(t->circuit.outputs[0], 2);
    assert_int_equal(t->circuit.outputs[1], 2);
}

static void with_only_constants_nothing_is_computed(void **state)
{
    bench *t = *state;
    tct_output(t->b, TCT_ONE);
    assert_int_equal(tct_builder_finish(t->b, &t->circuit, &t->fixed), TCT_OK);
    assert_int_equal(t->circuit.output_count, 0);
    assert_false(tct_circuit_valid(&t->circuit));
}

static void more_gates_than_promised_is_a_sticky_error(void **state)
{
    bench *t = *state;
    tct_arena arena;
    tct_arena_init(&arena, t->memory, sizeof t->memory);
    for (uint32_t room = 2; room <= 3; room++) {
        tct_builder *b = tct_builder_new(&arena, 4, 0, room);
        tct_wire w = tct_input(b, 0, 0);
        for (uint32_t i = 1; i <= 3; i++)
            w = tct_and(b, w, tct_input(b, 0, i));
        tct_output(b, w);
        tct_err want = room == 3 ? TCT_OK : TCT_ERR_LIMIT;
        assert_int_equal(tct_builder_finish(b, &t->circuit, &t->fixed), want);
        (void)tct_or(b, tct_input(b, 0, 0), tct_input(b, 0, 1)); /* harmless */
        tct_output(b, TCT_ONE);
        assert_int_equal(tct_builder_finish(b, &t->circuit, &t->fixed),
                         room == 3 ? TCT_ERR_LIMIT : want);
    }
}

static void an_arena_of_the_named_size_is_enough_and_less_is_an_error(void **state)
{
    (void)state;
    enum { GATES = 200, OUTPUTS = 300 };
    size_t need = tct_builder_bytes(10, GATES, OUTPUTS);
    uint8_t *memory = aligned_alloc(64, (need + 63) / 64 * 64);
    for (size_t bytes = 0; bytes <= need; bytes += bytes + 512 < need ? 512 : need - bytes) {
        tct_arena arena;
        tct_arena_init(&arena, memory, bytes);
        tct_builder *b = tct_builder_new(&arena, 5, 5, GATES);
        if (b == NULL) {
            assert_true(bytes < need);
            continue;
        }
        random_source r = random_from(1);
        tct_wire w = tct_input(b, 0, 0);
        while (tct_builder_ands(b) < GATES / 4 && tct_builder_ands(b) < 50)
            w = tct_and(b, tct_not(b, w), tct_xor(b, w, tct_input(b, 1, random_below(&r, 5)))) ^
                (tct_wire)random_below(&r, 2);
        for (int i = 0; i < OUTPUTS; i++)
            tct_output(b, tct_not(b, tct_input(b, 1, (uint32_t)i % 5)));
        tct_circuit c;
        uint8_t *fixed;
        tct_err err = tct_builder_finish(b, &c, &fixed);
        assert_true(err == TCT_OK || (err == TCT_ERR_MEMORY && bytes < need));
        if (bytes == need)
            break;
    }
    free(memory);
}

static void inputs_beyond_the_limit_are_refused(void **state)
{
    bench *t = *state;
    assert_null(tct_builder_new(&t->arena, TCT_CIRCUIT_INPUTS_MAX + 1, 0, 1));
    assert_null(tct_builder_new(&t->arena, 0, TCT_CIRCUIT_INPUTS_MAX + 1, 1));
    assert_non_null(
        tct_builder_new(&t->arena, TCT_CIRCUIT_INPUTS_MAX, TCT_CIRCUIT_INPUTS_MAX, 1));
}

int main(void)
{
#define WITH_BENCH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_BENCH(constants_never_become_gates),
        WITH_BENCH(a_wire_meets_itself),
        WITH_BENCH(equal_gates_are_one_gate),
        WITH_BENCH(an_and_absorbs_its_own_operand),
        WITH_BENCH(one_and_each_for_or_and_mux),
        WITH_BENCH(what_no_output_needs_is_dropped),
        WITH_BENCH(an_inverse_is_one_shared_gate),
        WITH_BENCH(constant_outputs_are_reported_and_left_out),
        WITH_BENCH(with_only_constants_nothing_is_computed),
        WITH_BENCH(more_gates_than_promised_is_a_sticky_error),
        cmocka_unit_test(an_arena_of_the_named_size_is_enough_and_less_is_an_error),
        WITH_BENCH(inputs_beyond_the_limit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
