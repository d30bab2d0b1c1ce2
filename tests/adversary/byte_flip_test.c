/* SPDX-License-Identifier: ISC
 *
 * Every byte of every message of a small run, changed on its way: the run ends with the right output or
 * with CHEAT or FORMAT, never with a wrong output, a crash or a wait for nobody.
 *
 * The state before each body is kept and put back, so each byte costs only what follows it.  F2 of run 0
 * (the trees) is sampled; TACIT_ALL=1 tries all of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "garble/run_state.h"
#include "support/engine_pair.h"
#include "support/random_circuit.h"

static const tct_gate gates[] = {
    {TCT_GATE_AND, 0, 1}, {TCT_GATE_INV, 2, 2}, {TCT_GATE_AND, 3, 1}};
static const uint32_t outputs[] = {4, 2};
static const tct_circuit circuit = {{1, 1}, 3, 2, 2, gates, outputs};
static const uint8_t x_bit = 1, y_bit = 1, want[2] = {0, 1};

/* Everything that two parties hold. */
typedef struct {
    uint8_t *engine[2], *memory[2];
    size_t need;
} snapshot;

static snapshot snapshot_new(const engine_pair *p)
{
    snapshot s = {.need = p->memory_bytes[0]};
    for (int role = 0; role < 2; role++) {
        s.engine[role] = malloc(tct_engine_bytes(p->params));
        s.memory[role] = malloc(s.need);
    }
    return s;
}
static void snapshot_take(snapshot *s, const engine_pair *p)
{
    for (int role = 0; role < 2; role++) {
        memcpy(s->engine[role], p->engine[role], tct_engine_bytes(p->params));
        memcpy(s->memory[role], p->memory[role], s->need);
    }
}
static void snapshot_restore(const snapshot *s, engine_pair *p)
{
    for (int role = 0; role < 2; role++) {
        memcpy(p->engine[role], s->engine[role], tct_engine_bytes(p->params));
        memcpy(p->memory[role], s->memory[role], s->need);
    }
}
static void snapshot_free(snapshot *s)
{
    for (int role = 0; role < 2; role++) {
        free(s->engine[role]);
        free(s->memory[role]);
    }
}

static void give_inputs(engine_pair *p)
{
    for (int role = 0; role < 2; role++)
        if (tct_run_want(p->run[role]) & TCT_RUN_INPUT)
            assert_int_equal(tct_run_input(p->run[role], role == 0 ? &x_bit : &y_bit), TCT_OK);
}

/* To the end from here, with an already changed body on its way. */
static void expect_nothing_wrong(engine_pair *p, int to, const uint8_t *body, size_t bytes)
{
    tct_err err = tct_run_recv(p->run[to], body, bytes);
    for (int round = 0; err == TCT_OK && round < 2; round++) {
        give_inputs(p);
        err = engine_pair_pump(p, 1, NULL, NULL, NULL);
    }
    assert_true(err == TCT_OK || err == TCT_ERR_CHEAT || err == TCT_ERR_FORMAT);
    for (int role = 0; role < 2; role++) {
        const uint8_t *got = tct_run_result(p->run[role]);
        if (got != NULL)
            assert_memory_equal(got, want, sizeof want);
        /* Nobody is left between: over, failed, or waiting for the one who failed. */
        if (err == TCT_OK)
            assert_true(tct_run_done(p->run[role]) && got != NULL);
    }
}

static unsigned flips;

static void flip_all(engine_pair *p, snapshot *s, int from, size_t stride,
                     random_source *random)
{
    static uint8_t honest[1 << 14], body[1 << 14];
    size_t bytes = sizeof honest;
    assert_int_equal(tct_run_send(p->run[from], honest, &bytes), TCT_OK);
    snapshot_take(s, p);
    for (size_t i = random_below(random, (uint32_t)stride); i < bytes; i += stride) {
        memcpy(body, honest, bytes);
        body[i] ^= (uint8_t)(1U << random_below(random, 8));
        expect_nothing_wrong(p, 1 - from, body, bytes);
        snapshot_restore(s, p);
        flips++;
    }
    assert_int_equal(tct_run_recv(p->run[1 - from], honest, bytes), TCT_OK);
}

static void flip_run(engine_pair *p, int garbler, random_source *random)
{
    bool first = p->runs == 0;
    assert_int_equal(engine_pair_begin(p, &circuit, garbler), TCT_OK);
    snapshot s = snapshot_new(p);
    for (bool moved = true; moved;) {
        moved = false;
        give_inputs(p);
        for (int role = 0; role < 2; role++) {
            if (!(tct_run_want(p->run[role]) & TCT_RUN_SEND))
                continue;
            bool trees = first && tct_run_flight_out(p->run[role]) == TCT_F2;
            flip_all(p, &s, role, trees && getenv("TACIT_ALL") == NULL ? 7 : 1, random);
            moved = true;
        }
    }
    for (int role = 0; role < 2; role++) {
        assert_true(tct_run_done(p->run[role]));
        assert_memory_equal(tct_run_result(p->run[role]), want, sizeof want);
    }
    snapshot_free(&s);
}

static void no_flipped_byte_gives_a_wrong_output(void **state)
{
    random_source random = random_from(99);
    (void)state;
    static const uint8_t modes[] = {0, TCT_MODE_BATCH, TCT_MODE_BATCH | TCT_MODE_BULK,
                                    TCT_MODE_BULK | TCT_MODE_LEAN};
    for (size_t i = 0; i < sizeof modes; i++) {
        engine_pair *p = engine_pair_new(
            (engine_pair_options){.params = {40, 48, modes[i]}, .seed = 8, .given_keys = true});
        if (i > 0) { /* the trees once are enough */
            assert_int_equal(engine_pair_execute(p, &circuit, 0, &x_bit, &y_bit), TCT_OK);
        }
        flip_run(p, 1, &random);
        engine_pair_free(p);
    }
    assert_true(flips > 6000);
}

/* A byte of F1: bad encoding, or keys that fit nothing and trees that do not open. */
static void no_flipped_byte_of_f1_survives_f2(void **state)
{
    static uint8_t f1[2][TCT_F1_BYTES], body[1 << 14];
    random_source random = random_from(7);
    unsigned refused = 0;
    (void)state;
    for (int i = 0; i < 24; i++) {
        engine_pair *p = engine_pair_prepare(
            (engine_pair_options){.params = {64, 64, 0}, .seed = 5 + (uint64_t)i});
        for (int role = 0; role < 2; role++)
            tct_engine_f1_send(p->engine[role], f1[role]);
        assert_int_equal(tct_engine_f1_recv(p->engine[1], f1[0]), TCT_OK);
        f1[1][random_below(&random, TCT_F1_BYTES)] ^= (uint8_t)(1U << random_below(&random, 8));
        if (tct_engine_f1_recv(p->engine[0], f1[1]) != TCT_OK) {
            refused++;
        } else { /* the chain differs, and with it every key */
            uint8_t th_x[32] = {1}, th_y[32] = {2};
            size_t bytes = sizeof body;
            assert_int_equal(tct_engine_bind(p->engine[0], th_x), TCT_OK);
            assert_int_equal(tct_engine_bind(p->engine[1], th_y), TCT_OK);
            assert_int_equal(engine_pair_begin(p, &circuit, 0), TCT_OK);
            assert_int_equal(tct_run_send(p->run[1], body, &bytes), TCT_OK);
            assert_int_equal(tct_run_recv(p->run[0], body, bytes), TCT_ERR_CHEAT);
        }
        engine_pair_free(p);
    }
    assert_true(refused > 0 && refused < 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_flipped_byte_gives_a_wrong_output),
        cmocka_unit_test(no_flipped_byte_of_f1_survives_f2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
