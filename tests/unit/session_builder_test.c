/* SPDX-License-Identifier: ISC
 *
 * Circuits built through tacit.h: two parties compute them, and what a caller may get wrong is an
 * error of the builder and never of the memory.
 */
#include "tacit/tacit.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 16, GATES = 4096 };

typedef struct {
    tacit_builder *builder;
    void *memory;
    size_t bytes;
} kit;

static void *claim(size_t bytes)
{
    void *p = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
    assert_non_null(p);
    return p;
}

static kit begin(uint32_t gates_max)
{
    static const uint32_t bits[3] = {WIDTH, WIDTH, 1};
    static const uint8_t owner[3] = {1, 0, 1};
    kit k = {.bytes = tacit_builder_bytes(2 * WIDTH + 1, gates_max, 4 * WIDTH)};
    k.memory = claim(k.bytes);
    assert_int_equal(
        tacit_builder_init(&k.builder, k.memory, k.bytes, bits, owner, 3, gates_max), TACIT_OK);
    return k;
}

static void read_word(tacit_builder *b, uint32_t value, tacit_wire out[WIDTH])
{
    for (uint32_t i = 0; i < WIDTH; i++)
        out[i] = tacit_input(b, value, i);
}

/* p ± q, p·q, their order, and a choice between them by the last value. */
static tacit_circuit *build_sums(kit *k)
{
    tacit_builder *b = k->builder;
    tacit_wire p[WIDTH], q[WIDTH], out[WIDTH], which = tacit_input(b, 2, 0), bits[4];
    tacit_circuit *circuit;
    read_word(b, 0, p);
    read_word(b, 1, q);
    bits[0] = tacit_word_add(b, out, p, q, WIDTH);
    tacit_output(b, out, WIDTH);
    bits[1] = tacit_word_sub(b, out, p, q, WIDTH);
    tacit_output(b, out, WIDTH);
    bits[2] = tacit_word_equal(b, p, q, WIDTH);
    bits[3] = tacit_or(b, bits[2], tacit_not(b, tacit_word_at_least(b, p, q, WIDTH)));
    tacit_word_mul(b, out, WIDTH, p, WIDTH, q, WIDTH);
    tacit_output(b, out, WIDTH);
    tacit_word_mux(b, out, which, p, q, WIDTH);
    out[0] = tacit_mux(b, which, tacit_xor(b, p[0], TACIT_WIRE_ONE), q[0]);
    tacit_output(b, out, WIDTH);
    tacit_output(b, bits, 4);
    assert_int_equal(tacit_builder_finish(b, &circuit), TACIT_OK);
    return circuit;
}

typedef struct {
    tacit_party *party[2];
    void *memory[2];
} pair;

static uint64_t tick(void *context)
{
    return ++*(uint64_t *)context;
}

static void compute(const tacit_circuit *circuit, pair *run, const uint8_t *const inputs[2],
                    const size_t counts[2], uint64_t *ticks)
{
    static const uint8_t sid[32] = {9};
    for (int i = 0; i < 2; i++) {
        uint8_t seed[32] = {(uint8_t)(40 + i)};
        size_t bytes = tacit_party_bytes(circuit);
        run->memory[i] = claim(bytes);
        assert_int_equal(
            tacit_party_init(&run->party[i], run->memory[i], bytes, circuit, i, sid, seed),
            TACIT_OK);
        tacit_party_clock(run->party[i], tick, ticks);
        assert_int_equal(tacit_party_input(run->party[i], inputs[i], counts[i]), TACIT_OK);
    }
    for (;;) {
        int from = tacit_party_want(run->party[0]) & TACIT_WANT_SEND ? 0 : 1;
        if (!(tacit_party_want(run->party[from]) & TACIT_WANT_SEND))
            return;
        size_t bytes = tacit_party_send_bytes(run->party[from]);
        uint8_t *message = claim(bytes);
        assert_int_equal(tacit_party_send(run->party[from], message, &bytes), TACIT_OK);
        assert_int_equal(tacit_party_recv(run->party[1 - from], message, bytes), TACIT_OK);
        free(message);
    }
}

static void end(pair *run)
{
    for (int i = 0; i < 2; i++) {
        tacit_party_wipe(run->party[i]);
        free(run->memory[i]);
    }
}

static uint32_t word_at(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

static void built_circuits_compute_what_they_say(void **state)
{
    (void)state;
    static const uint32_t tries[][3] = {
        {0, 0, 0}, {65535, 1, 1}, {1, 65535, 0}, {300, 300, 1}, {54321, 12345, 0}};
    kit k = begin(GATES);
    const tacit_circuit *circuit = build_sums(&k);
    for (size_t t = 0; t < sizeof tries / sizeof *tries; t++) {
        uint32_t p = tries[t][0], q = tries[t][1], which = tries[t][2];
        const uint8_t first[2] = {(uint8_t)q, (uint8_t)(q >> 8)};
        const uint8_t second[3] = {(uint8_t)p, (uint8_t)(p >> 8), (uint8_t)which};
        uint64_t ticks = 0;
        pair run;
        compute(circuit, &run, (const uint8_t *const[2]){first, second}, (size_t[2]){2, 3},
                &ticks);
        for (int i = 0; i < 2; i++) {
            size_t bytes;
            const uint8_t *got = tacit_party_result(run.party[i], &bytes);
            uint32_t chosen = which != 0 ? p ^ 1 : q;
            uint32_t bits = (uint32_t)(p + q > 65535) | (uint32_t)(p >= q) << 1 |
                            (uint32_t)(p == q) << 2 | (uint32_t)(p <= q) << 3;

            assert_non_null(got);
            assert_int_equal(bytes, 9);
            assert_int_equal(word_at(got), (p + q) & 65535);
            assert_int_equal(word_at(got + 2), (p - q) & 65535);
            assert_int_equal(word_at(got + 4), (p * q) & 65535);
            assert_int_equal(word_at(got + 6), chosen);
            assert_int_equal(got[8], bits);
        }
        end(&run);
    }
    free(k.memory);
}

static void a_partys_counters_add_up_by_phase(void **state)
{
    (void)state;
    static const uint8_t nothing[3] = {0};
    uint64_t ticks = 0;
    pair run;
    kit k = begin(GATES);
    const tacit_circuit *circuit = build_sums(&k);
    compute(circuit, &run, (const uint8_t *const[2]){nothing, nothing}, (size_t[2]){2, 3},
            &ticks);
    uint32_t messages = 0;
    for (tacit_phase phase = TACIT_PHASE_SETUP; phase < TACIT_PHASES; phase++) {
        const tacit_counter *x = tacit_party_count(run.party[0], phase);
        const tacit_counter *y = tacit_party_count(run.party[1], phase);
        assert_true(x->bytes_out == y->bytes_in && x->bytes_in == y->bytes_out);
        assert_true(x->messages_out == y->messages_in && x->messages_in == y->messages_out);
        /* the clock steps by one each time that it is read: once inside every call */
        assert_int_equal(x->time, x->messages_out + x->messages_in);
        messages += x->messages_out + x->messages_in;
    }
    assert_int_equal(tacit_party_count(run.party[0], TACIT_PHASE_SETUP)->messages_out, 2);
    assert_int_equal(tacit_party_count(run.party[0], TACIT_PHASE_PREPARE)->messages_out, 4);
    assert_int_equal(messages, 2 * 7 + 2); /* F1 … F7 both ways, then F8, F9 */
    end(&run);
    free(k.memory);
}

static tacit_status finish(kit *k)
{
    tacit_circuit *circuit;
    tacit_status status = tacit_builder_finish(k->builder, &circuit);
    assert_true((circuit != NULL) == (status == TACIT_OK));
    free(k->memory);
    return status;
}

static void a_strange_wire_or_input_is_a_usage_error(void **state)
{
    (void)state;
    kit k = begin(GATES);
    tacit_wire w = tacit_and(k.builder, tacit_input(k.builder, 0, 0), 0xffffff);
    tacit_output(k.builder, &w, 1);
    assert_int_equal(finish(&k), TACIT_ERR_USAGE);

    k = begin(GATES);
    w = tacit_input(k.builder, 3, 0);
    tacit_output(k.builder, &w, 1);
    assert_int_equal(finish(&k), TACIT_ERR_USAGE);

    k = begin(GATES);
    w = tacit_input(k.builder, 0, WIDTH);
    tacit_output(k.builder, &w, 1);
    assert_int_equal(finish(&k), TACIT_ERR_USAGE);

    k = begin(GATES); /* nothing comes out */
    assert_int_equal(finish(&k), TACIT_ERR_USAGE);
}

static void a_builder_is_finished_once(void **state)
{
    (void)state;
    tacit_circuit *circuit;
    kit k = begin(GATES);
    (void)build_sums(&k);
    assert_int_equal(tacit_builder_finish(k.builder, &circuit), TACIT_ERR_USAGE);
    assert_null(circuit);
    assert_int_equal(tacit_and(k.builder, 2, 4), TACIT_WIRE_ZERO);
    free(k.memory);
}

/* One AND per pair of different inputs: none is shared. */
static tacit_status ands(uint32_t count, uint32_t gates_max)
{
    kit k = begin(gates_max);
    tacit_wire w[2 * WIDTH];
    for (uint32_t i = 0; i < count; i++)
        w[i] = tacit_and(k.builder, tacit_input(k.builder, 0, i), tacit_input(k.builder, 1, i));
    tacit_output(k.builder, w, count);
    return finish(&k);
}

static void one_gate_over_the_limit_is_refused(void **state)
{
    (void)state;
    assert_int_equal(ands(8, 8), TACIT_OK);
    assert_int_equal(ands(9, 8), TACIT_ERR_LIMIT);
}

static void sixty_four_values_fit_and_one_more_does_not(void **state)
{
    (void)state;
    uint32_t bits[65];
    uint8_t owner[65] = {0};
    tacit_builder *b;
    tacit_circuit *circuit;
    size_t bytes = tacit_builder_bytes(65, GATES, 65);
    void *memory = claim(bytes);
    for (int i = 0; i < 65; i++)
        bits[i] = 1;
    assert_int_equal(tacit_builder_init(&b, memory, bytes, bits, owner, 65, GATES),
                     TACIT_ERR_LIMIT);
    assert_null(b);
    owner[3] = 2;
    assert_int_equal(tacit_builder_init(&b, memory, bytes, bits, owner, 64, GATES),
                     TACIT_ERR_LIMIT);
    owner[3] = 1;
    for (int outputs = 64; outputs <= 65; outputs++) {
        assert_int_equal(tacit_builder_init(&b, memory, bytes, bits, owner, 64, GATES),
                         TACIT_OK);
        for (int i = 0; i < outputs; i++) {
            tacit_wire w = tacit_input(b, (uint32_t)i % 64, 0);
            tacit_output(b, &w, 1);
        }
        assert_int_equal(tacit_builder_finish(b, &circuit),
                         outputs == 64 ? TACIT_OK : TACIT_ERR_LIMIT);
    }
    assert_int_equal(tacit_builder_init(&b, memory, 100, bits, owner, 64, GATES),
                     TACIT_ERR_MEMORY);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_circuits_compute_what_they_say),
        cmocka_unit_test(a_partys_counters_add_up_by_phase),
        cmocka_unit_test(a_strange_wire_or_input_is_a_usage_error),
        cmocka_unit_test(a_builder_is_finished_once),
        cmocka_unit_test(one_gate_over_the_limit_is_refused),
        cmocka_unit_test(sixty_four_values_fit_and_one_more_does_not),
    };
    if (sodium_init() < 0 || !tacit_start())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
