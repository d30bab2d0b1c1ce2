/* SPDX-License-Identifier: ISC
 *
 * Random circuits, written as Bristol Fashion with wires and gates in random order, are read back as
 * circuits that compute the same.
 */
#include "circuit/bristol.h"
#include "support/bristol_write.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { INPUTS = 10, OUTPUTS = 12, TRIES = 32 };

/* Splits `bits` into values of random widths. */
static uint32_t split(random_source *r, uint32_t bits, uint32_t *widths)
{
    uint32_t count = 0;
    while (bits > 0 && count < 4) {
        widths[count] = count == 3 ? bits : random_below(r, bits + 1);
        bits -= widths[count++];
    }
    if (bits > 0)
        widths[count++] = bits;
    return count;
}

static void compare(uint64_t seed, const tct_circuit *c, const tct_bristol *back)
{
    random_source r = random_from(~seed);
    for (int i = 0; i < TRIES; i++) {
        uint8_t x[INPUTS], y[INPUTS], want[OUTPUTS], got[OUTPUTS];
        random_bits(&r, x, INPUTS);
        random_bits(&r, y, INPUTS);
        random_circuit_evaluate(c, x, y, want);
        random_circuit_evaluate(&back->circuit, x, y, got);
        uint32_t at = 0;
        for (uint32_t k = 0; k < c->output_count; k++)
            if ((back->fixed[k] == 2 ? got[at++] : back->fixed[k]) != want[k])
                fail_msg("seed %llu: output %u differs", (unsigned long long)seed, k);
    }
}

static void round_trip(uint64_t seed)
{
    random_source r = random_from(seed ^ 0x77696474u);
    random_shape shape = random_small_shape(seed, 60);
    tct_circuit *c = random_circuit(seed, shape);
    assert_true(tct_circuit_valid(c));
    assert_int_equal(c->and_count, shape.ands);

    uint32_t widths[12], output_bits = shape.outputs;
    uint8_t owner[12];
    uint32_t of_x = split(&r, shape.inputs[0], widths);
    uint32_t inputs = of_x + split(&r, shape.inputs[1], widths + of_x);
    for (uint32_t i = 0; i < inputs; i++)
        owner[i] = i >= of_x;
    bristol_shape how = {.input_bits = widths,
                         .input_count = inputs,
                         .output_bits = &output_bits,
                         .output_count = 1,
                         .shuffle = seed % 4 != 0,
                         .seed = seed};
    size_t bytes;
    char *text = bristol_write(c, &how, &bytes);

    size_t room = tct_bristol_bytes(bytes);
    void *memory = malloc(room);
    tct_arena arena;
    tct_bristol back;
    tct_bristol_error error;
    tct_arena_init(&arena, memory, room);
    tct_err err = tct_bristol_read(&arena, text, bytes, owner, &back, &error);
    if (err != TCT_OK)
        fail_msg("seed %llu: line %u: %s", (unsigned long long)seed, error.line, error.text);
    assert_true(back.circuit.and_count <= c->and_count);
    assert_int_equal(back.circuit.inputs[0], c->inputs[0]);
    assert_int_equal(back.circuit.inputs[1], c->inputs[1]);
    if (back.circuit.output_count != 0)
        assert_true(tct_circuit_valid(&back.circuit));
    compare(seed, c, &back);
    free(memory);
    free(text);
    random_circuit_free(c);
}

static void what_is_written_reads_back_as_the_same_function(void **state)
{
    (void)state;
    const char *only = getenv("SEED");
    for (uint64_t seed = 0; seed < 400; seed++)
        round_trip(only != NULL ? strtoull(only, NULL, 10) : seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back_as_the_same_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
