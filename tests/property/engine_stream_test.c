/* SPDX-License-Identifier: ISC
 *
 * Streams between honest parties: a circuit cut into segments gives what it gives whole.
 *
 * Replay one: TACIT_SEED=<number> engine_stream_test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "circuit/slots.h"
#include "support/random_circuit.h"
#include "support/stream_pair.h"

/* Runs it and gives how many bodies moved. */
static uint32_t expect_right(const tct_circuit *c, uint64_t seed, bool lean, uint32_t batch,
                             int garbler)
{
    random_source random = random_from(seed);
    uint8_t *x = malloc(c->inputs[0] + 1), *y = malloc(c->inputs[1] + 1);
    uint8_t *want = malloc(c->output_count);
    const uint8_t *const inputs[2] = {x, y};
    random_bits(&random, x, c->inputs[0]);
    random_bits(&random, y, c->inputs[1]);
    random_circuit_evaluate(c, x, y, want);
    stream_pair *p =
        stream_pair_new(seed, lean, false, (const tct_circuit *[]){c, c}, batch, garbler);
    tct_err err = stream_pair_pump(p, inputs, NULL, NULL, NULL);
    if (err != TCT_OK)
        print_error("error 0x%02x; seed %llu, batch %u\n", (unsigned)err,
                    (unsigned long long)seed, batch);
    assert_int_equal(err, TCT_OK);
    for (int role = 0; role < 2; role++) {
        assert_true(tct_stream_done(p->stream[role]));
        assert_true(tct_stream_revealed(p->stream[role]));
        assert_int_equal(tct_stream_ands(p->stream[role]), c->and_count);
        assert_int_equal(tct_stream_want(p->stream[role]), 0);
        assert_non_null(tct_stream_result(p->stream[role]));
        assert_memory_equal(tct_stream_result(p->stream[role]), want, c->output_count);
    }
    uint32_t bodies = p->bodies;
    stream_pair_free(p);
    free(x);
    free(y);
    free(want);
    return bodies;
}

static void random_circuits_give_what_they_say_in_any_batches(void **state)
{
    (void)state;
    const char *given = getenv("TACIT_SEED");
    uint64_t from = given == NULL ? 8100 : strtoull(given, NULL, 0);
    for (uint64_t seed = from; seed < from + (given == NULL ? 40 : 1); seed++) {
        random_source random = random_from(seed);
        random_shape shape = random_small_shape(seed, 120);
        tct_circuit *c = random_circuit(seed, shape);
        uint32_t batch = 1 + random_below(&random, random_below(&random, 4) ? 30 : 200);
        expect_right(c, seed, seed % 5 == 0, batch, (int)(seed & 1));
        random_circuit_free(c);
    }
}

/* Segments of one AND, of all but one, of all; and one that ends where the circuit does. */
static void batches_at_the_edges_work(void **state)
{
    static const uint32_t batches[] = {1, 2, 11, 12, 13, 1000};
    tct_circuit *c = random_circuit(5, (random_shape){{3, 2}, 12, 20, 6});
    (void)state;
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        uint32_t segments = (12 + batches[i] - 1) / batches[i];
        uint32_t bodies = expect_right(c, 70 + i, false, batches[i], (int)(i & 1));
        /* Six flights of both and F8 for each; F7 of both; F9.  Gates behind the last AND may make one more. */
        assert_true(bodies == 13 * segments + 3 || bodies == 13 * (segments + 1) + 3);
    }
    random_circuit_free(c);
}

/* A long chain of XOR alone is cut too, so that no segment outgrows its memory. */
static void gates_without_ands_are_cut_by_their_number(void **state)
{
    enum { GATES = 9000 };
    static tct_gate gates[GATES];
    static const uint32_t outputs[] = {GATES + 1, 1};
    (void)state;
    for (uint32_t i = 0; i < GATES; i++)
        gates[i] = i % 3 == 2 ? (tct_gate){TCT_GATE_INV, i + 1, i + 1}
                              : (tct_gate){TCT_GATE_XOR, i + 1, i > 3 ? i - 2 : 0};
    gates[0] = (tct_gate){TCT_GATE_AND, 0, 1};
    const tct_circuit c = {{1, 1}, GATES, 2, 1, gates, outputs};
    assert_true(tct_circuit_valid(&c));
    assert_true(expect_right(&c, 3, false, 1, 0) >= 13 * (GATES / 1028));
}

/* Memory is that of a batch and of the slots, whatever the circuit's size. */
static void memory_does_not_grow_with_the_circuit(void **state)
{
    tct_circuit *small = random_circuit(8, (random_shape){{20, 20}, 600, 600, 4});
    slot_source source = slot_source_new(small);
    tct_program program = slot_source_program(&source, 65536);
    (void)state;
    program.slots = 100000;
    assert_true(tct_stream_bytes(&program, tct_stream_params(false)) < (size_t)88 << 20);
    expect_right(small, 4, false, 100, 1);
    slot_source_free(&source);
    random_circuit_free(small);
}

/* A wire's slot is given away after its last use, and never before. */
static void wires_are_freed_after_their_last_use(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 60; seed++) {
        tct_circuit *c = random_circuit(seed, random_small_shape(seed, 150));
        uint32_t wires = tct_circuit_wires(c), inputs = c->inputs[0] + c->inputs[1];
        slot_source s = slot_source_new(c);
        uint32_t *holds = malloc((s.slots + 1) * sizeof *holds);
        for (uint32_t w = 0; w < inputs; w++)
            holds[s.slot[w]] = w;
        for (uint32_t i = 0; i < c->gate_count; i++) {
            assert_int_equal(holds[s.slot[c->gates[i].a]], c->gates[i].a);
            assert_int_equal(holds[s.slot[c->gates[i].b]], c->gates[i].b);
            assert_true(s.slot[inputs + i] < s.slots);
            holds[s.slot[inputs + i]] = inputs + i;
        }
        for (uint32_t i = 0; i < c->output_count; i++)
            assert_int_equal(holds[s.slot[c->outputs[i]]], c->outputs[i]);
        assert_true(s.slots <= wires);
        slot_source_free(&s);
        free(holds);
        random_circuit_free(c);
    }
    /* A chain of a thousand gates needs no more than its inputs and one. */
    static tct_gate chain[1000];
    static const uint32_t end[] = {1001};
    for (uint32_t i = 0; i < 1000; i++)
        chain[i] = (tct_gate){TCT_GATE_AND, i + 1, 0};
    const tct_circuit long_one = {{1, 1}, 1000, 1, 1000, chain, end};
    slot_source s = slot_source_new(&long_one);
    assert_true(s.slots <= 3);
    slot_source_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wires_are_freed_after_their_last_use),
        cmocka_unit_test(random_circuits_give_what_they_say_in_any_batches),
        cmocka_unit_test(batches_at_the_edges_work),
        cmocka_unit_test(gates_without_ands_are_cut_by_their_number),
        cmocka_unit_test(memory_does_not_grow_with_the_circuit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
