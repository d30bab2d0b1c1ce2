/* SPDX-License-Identifier: ISC
 *
 * Builds random expressions in the builder and in a plain array of booleans side by side, for all
 * or many inputs, and compares: folding, sharing, absorbing and dead-gate removal may change the
 * gates but never the function.
 */
#include "circuit/builder.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STEPS_MAX = 120, WIRES_MAX = STEPS_MAX + 16, OUTPUTS = 8, LANES = 64 };

typedef struct {
    tct_wire wire[WIRES_MAX];
    uint64_t value[WIRES_MAX]; /* 64 evaluations at once, one a bit */
    uint32_t count;
} board;

static void put(board *b, tct_wire w, uint64_t v)
{
    b->wire[b->count] = w;
    b->value[b->count++] = v;
}

static void step(tct_builder *builder, board *b, random_source *r)
{
    uint32_t i = random_below(r, b->count), j = random_below(r, b->count);
    uint32_t k = random_below(r, b->count);
    if (random_below(r, 2)) /* stay near, so that operands are related */
        i = b->count - 1 - random_below(r, b->count < 4 ? b->count : 4);
    const tct_wire *w = b->wire;
    const uint64_t *v = b->value;
    switch (random_below(r, 8)) {
    case 0:
        put(b, tct_not(builder, w[i]), ~v[i]);
        break;
    case 1:
    case 2:
        put(b, tct_xor(builder, w[i], w[j]), v[i] ^ v[j]);
        break;
    case 3:
    case 4:
    case 5:
        put(b, tct_and(builder, w[i], w[j]), v[i] & v[j]);
        break;
    case 6:
        put(b, tct_or(builder, w[i], w[j]), v[i] | v[j]);
        break;
    default:
        put(b, tct_mux(builder, w[i], w[j], w[k]), (v[i] & v[j]) | (~v[i] & v[k]));
        break;
    }
}

static void compare(const tct_circuit *c, const uint8_t *fixed, const uint64_t *inputs,
                    const uint64_t *outputs, uint64_t seed)
{
    for (unsigned lane = 0; lane < LANES; lane++) {
        uint8_t x[4], y[4], got[OUTPUTS];
        for (unsigned i = 0; i < 4; i++) {
            x[i] = inputs[i] >> lane & 1;
            y[i] = inputs[4 + i] >> lane & 1;
        }
        random_circuit_evaluate(c, x, y, got);
        uint32_t at = 0;
        for (unsigned i = 0; i < OUTPUTS; i++) {
            uint8_t bit = fixed[i] == 2 ? got[at++] : fixed[i];
            if (bit != (outputs[i] >> lane & 1))
                fail_msg("seed %llu: output %u differs", (unsigned long long)seed, i);
        }
        assert_int_equal(at, c->output_count);
    }
}

static void run_one(uint64_t seed, void *memory, size_t bytes)
{
    random_source r = random_from(seed);
    uint32_t steps = 1 + random_below(&r, STEPS_MAX);
    tct_arena arena;
    tct_arena_init(&arena, memory, bytes);
    tct_builder *builder = tct_builder_new(&arena, 4, 4, 8 * STEPS_MAX);
    assert_non_null(builder);

    board b = {.count = 0};
    uint64_t inputs[8], outputs[OUTPUTS];
    put(&b, TCT_ZERO, 0);
    put(&b, TCT_ONE, ~(uint64_t)0);
    for (unsigned i = 0; i < 8; i++) {
        inputs[i] = random_u64(&r);
        put(&b, tct_input(builder, i < 4 ? 0 : 1, i % 4), inputs[i]);
    }
    for (uint32_t i = 0; i < steps; i++)
        step(builder, &b, &r);
    for (unsigned i = 0; i < OUTPUTS; i++) {
        uint32_t k = b.count - 1 - random_below(&r, b.count < 24 ? b.count : 24);
        outputs[i] = b.value[k];
        tct_output(builder, b.wire[k]);
    }
    tct_circuit c;
    uint8_t *fixed;
    assert_int_equal(tct_builder_finish(builder, &c, &fixed), TCT_OK);
    assert_true(c.and_count <= tct_builder_ands(builder));
    if (c.output_count != 0)
        assert_true(tct_circuit_valid(&c));
    else
        assert_int_equal(c.gate_count, 0);
    compare(&c, fixed, inputs, outputs, seed);
}

static void a_built_circuit_equals_the_expression(void **state)
{
    (void)state;
    size_t bytes = tct_builder_bytes(8, 8 * STEPS_MAX, OUTPUTS);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    const char *only = getenv("SEED");
    if (only != NULL) {
        run_one(strtoull(only, NULL, 10), memory, bytes);
    } else {
        for (uint64_t seed = 0; seed < 4000; seed++)
            run_one(seed, memory, bytes);
    }
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_built_circuit_equals_the_expression),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
