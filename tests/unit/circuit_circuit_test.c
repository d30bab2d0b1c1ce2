/* SPDX-License-Identifier: ISC
 *
 * Normal form, the canonical serialisation and the evaluator in the clear.
 */
#include "circuit/circuit.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const tct_gate gates[] = {
    {TCT_GATE_AND, 0, 2}, /* wire 3 */
    {TCT_GATE_XOR, 3, 1}, /* 4 */
    {TCT_GATE_INV, 4, 4}, /* 5 */
    {TCT_GATE_AND, 5, 5}, /* 6: AND of a wire with itself is allowed */
};
static const uint32_t outputs[] = {6, 0, 6};
static const tct_circuit good = {
    .inputs = {2, 1},
    .gate_count = 4,
    .output_count = 3,
    .and_count = 2,
    .gates = gates,
    .outputs = outputs,
};

static bool valid_with_gate(uint32_t index, tct_gate g)
{
    tct_gate changed[4];
    memcpy(changed, gates, sizeof gates);
    changed[index] = g;
    tct_circuit c = good;
    c.gates = changed;
    return tct_circuit_valid(&c);
}

static void normal_form_is_recognised(void **state)
{
    (void)state;
    assert_true(tct_circuit_valid(&good));
    assert_true(valid_with_gate(1, (tct_gate){TCT_GATE_XOR, 0, 1}));
    assert_false(valid_with_gate(1, (tct_gate){TCT_GATE_XOR, 1, 1}));
    assert_false(valid_with_gate(0, (tct_gate){TCT_GATE_AND, 0, 3})); /* itself */
    assert_false(valid_with_gate(0, (tct_gate){TCT_GATE_AND, 5, 0})); /* a later one */
    assert_true(valid_with_gate(3, (tct_gate){TCT_GATE_AND, 0, 5}));
    assert_false(valid_with_gate(3, (tct_gate){TCT_GATE_AND, 0, 6}));
    assert_false(valid_with_gate(2, (tct_gate){TCT_GATE_INV, 4, 3}));
    assert_false(valid_with_gate(2, (tct_gate){3, 4, 4}));
    assert_false(valid_with_gate(2, (tct_gate){TCT_GATE_AND, 4, 4})); /* one AND uncounted */
}

static void outputs_and_limits_are_checked(void **state)
{
    (void)state;
    tct_circuit c = good;
    c.output_count = 0;
    assert_false(tct_circuit_valid(&c));
    const uint32_t beyond[] = {7};
    c = good;
    c.output_count = 1;
    c.outputs = beyond;
    assert_false(tct_circuit_valid(&c));

    c = good;
    c.gate_count = 0;
    c.and_count = 0;
    c.output_count = 1;
    c.outputs = outputs + 1;
    assert_true(tct_circuit_valid(&c)); /* the output is an input, no gate at all */
    for (int role = 0; role < 2; role++) {
        c.inputs[role] = TCT_CIRCUIT_INPUTS_MAX;
        assert_true(tct_circuit_valid(&c));
        c.inputs[role]++;
        assert_false(tct_circuit_valid(&c));
        c.inputs[role] = 1;
    }
    c.gate_count = TCT_CIRCUIT_GATES_MAX + 1; /* refused before a gate is looked at */
    assert_false(tct_circuit_valid(&c));
    c.gate_count = 0;
    c.and_count = TCT_CIRCUIT_ANDS_MAX + 1;
    assert_false(tct_circuit_valid(&c));
}

static void outputs_hold_at_the_limit_and_one_beyond(void **state)
{
    (void)state;
    uint32_t *many = calloc(TCT_CIRCUIT_OUTPUTS_MAX + 1, sizeof *many);
    assert_non_null(many);
    tct_circuit c = good;
    c.outputs = many;
    c.output_count = TCT_CIRCUIT_OUTPUTS_MAX;
    assert_true(tct_circuit_valid(&c));
    c.output_count++;
    assert_false(tct_circuit_valid(&c));
    free(many);
}

typedef struct {
    uint8_t *bytes;
    size_t used, room;
} collector;

static void collect(void *context, const uint8_t *bytes, size_t count)
{
    collector *c = context;
    assert_true(count <= c->room - c->used);
    memcpy(c->bytes + c->used, bytes, count);
    c->used += count;
}

static void serialisation_is_the_bytes_of_the_specification(void **state)
{
    (void)state;
    /* protocol.md 0.5, written out by hand */
    static const uint8_t want[] = {
        2, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, /* in_X, in_Y, gates, outputs */
        0, 0, 0, 0, 0, 2, 0, 0, 0,                      /* AND 0 2 */
        1, 3, 0, 0, 0, 1, 0, 0, 0,                      /* XOR 3 1 */
        2, 4, 0, 0, 0, 4, 0, 0, 0,                      /* INV 4 4 */
        0, 5, 0, 0, 0, 5, 0, 0, 0,                      /* AND 5 5 */
        6, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0,             /* outputs */
    };
    uint8_t got[sizeof want];
    collector c = {got, 0, sizeof got};
    tct_circuit_serialise(&good, collect, &c);
    assert_int_equal(c.used, sizeof want);
    assert_int_equal(tct_circuit_serial_bytes(&good), sizeof want);
    assert_memory_equal(got, want, sizeof want);
}

/* Longer than the buffer in between: every byte must still come, once and in order. */
static void a_long_serialisation_loses_nothing(void **state)
{
    (void)state;
    random_shape shape = {.inputs = {300, 200}, .ands = 700, .others = 900, .outputs = 401};
    tct_circuit *c = random_circuit(7, shape);
    collector all = {malloc(tct_circuit_serial_bytes(c)), 0, tct_circuit_serial_bytes(c)};
    tct_circuit_serialise(c, collect, &all);
    assert_int_equal(all.used, all.room);
    for (uint32_t i = 0; i < c->gate_count; i++) {
        const uint8_t *at = all.bytes + 16 + 9 * (size_t)i;
        assert_int_equal(at[0], c->gates[i].kind);
        assert_int_equal(tct_load32(at + 1), c->gates[i].a);
        assert_int_equal(tct_load32(at + 5), c->gates[i].b);
    }
    for (uint32_t i = 0; i < c->output_count; i++)
        assert_int_equal(tct_load32(all.bytes + 16 + 9 * (size_t)c->gate_count + 4 * i),
                         c->outputs[i]);
    free(all.bytes);
    random_circuit_free(c);
}

static void evaluation_follows_the_truth_tables(void **state)
{
    (void)state;
    for (uint8_t v = 0; v < 8; v++) {
        uint8_t x[2] = {v & 1, v >> 1 & 1}, y[1] = {v >> 2}, out[3];
        random_circuit_evaluate(&good, x, y, out);
        uint8_t want = (uint8_t)(((x[0] & y[0]) ^ x[1]) ^ 1);
        assert_int_equal(out[0], want);
        assert_int_equal(out[1], x[0]);
        assert_int_equal(out[2], want);
    }
}

static void random_circuits_are_in_normal_form(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        random_shape shape = random_small_shape(seed, 50);
        tct_circuit *c = random_circuit(seed, shape);
        if (!tct_circuit_valid(c) || c->and_count != shape.ands)
            fail_msg("seed %llu", (unsigned long long)seed);
        random_circuit_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_form_is_recognised),
        cmocka_unit_test(outputs_and_limits_are_checked),
        cmocka_unit_test(outputs_hold_at_the_limit_and_one_beyond),
        cmocka_unit_test(serialisation_is_the_bytes_of_the_specification),
        cmocka_unit_test(a_long_serialisation_loses_nothing),
        cmocka_unit_test(evaluation_follows_the_truth_tables),
        cmocka_unit_test(random_circuits_are_in_normal_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
