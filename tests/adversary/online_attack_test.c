/* SPDX-License-Identifier: ISC
 *
 * Attacks after the inputs (protocol.md 8.8, rows 19 to 21, 24 to 26, 30): masked inputs, claimed Λ's,
 * repeated, missing, cut and padded bodies, reused runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "garble/run_state.h"
#include "support/cheat.h"

static const tct_engine_params tags = {64, 64, 0}, batch = {64, 64, TCT_MODE_BATCH};
static const tct_engine_params bulk = {40, 48, TCT_MODE_BATCH | TCT_MODE_BULK};
static const tct_engine_params *const checks[] = {&tags, &batch, &bulk};

static int cheater;

/* The peer takes another Λ of one input than was sent. */
static void other_masked_input(void *context, int role, int flight, uint8_t *body,
                               size_t *bytes, size_t capacity)
{
    (void)context;
    (void)bytes;
    (void)capacity;
    if (role == cheater && flight == TCT_F7)
        body[0] ^= 2;
}

/* Every input goes into an AND, so every label is checked by the evaluator. */
static const tct_gate tree_gates[] = {
    {TCT_GATE_AND, 0, 2}, {TCT_GATE_AND, 1, 3}, {TCT_GATE_AND, 4, 5}};
static const uint32_t tree_outputs[] = {6, 0, 1, 2, 3};
static const tct_circuit tree = {{2, 2}, 3, 5, 3, tree_gates, tree_outputs};

static void different_masked_inputs_are_caught(void **state)
{
    (void)state;
    for (cheater = 0; cheater < 2; cheater++)
        for (int garbler = 0; garbler < 2; garbler++)
            for (int mode = 0; mode < 3; mode++) {
                attack a = {.role = cheater,
                            .garbler = garbler,
                            .trials = 20,
                            .seed = 90,
                            .params = *checks[mode],
                            .tamper = other_masked_input,
                            .circuit = &tree,
                            .caught = 1,
                            .of = 1};
                a.either_stops = true; /* changed on the way: whoever checks first */
                attack_trials(&a);
            }
}

static void lying_values(engine_pair *p, int role, random_source *random)
{
    cheat_flip(role, TCT_TWIST_AND_VALUES, random_below(random, p->circuit->and_count));
}

/* caught_in F8b: the garbler stops before it has answered. */
static void batch_check_liar_is_caught_before_the_answer(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        attack_trials(&(attack){.role = i & 1,
                                .garbler = 1 - (i & 1),
                                .params = i & 2 ? bulk : batch,
                                .trials = 30,
                                .caught = 1,
                                .of = 1,
                                .caught_in = TCT_F8B,
                                .seed = 91,
                                .prepare = lying_values});
}

static void false_output_values(engine_pair *p, int role, random_source *random)
{
    cheat_flip(role, TCT_TWIST_OUT_VALUES, random_below(random, p->circuit->output_count));
}

static void false_masked_output_is_always_caught(void **state)
{
    (void)state;
    for (int role = 0; role < 2; role++)
        for (int mode = 0; mode < 3; mode++)
            attack_trials(&(attack){.role = role,
                                    .garbler = 1 - role,
                                    .trials = 20,
                                    .caught = 1,
                                    .of = 1,
                                    .caught_in = TCT_F9,
                                    .seed = 92,
                                    .params = *checks[mode],
                                    .prepare = false_output_values});
}

/* ------------------------------------------------------------------- turns and lengths --- */

static engine_pair *fresh_pair(const tct_circuit *c, tct_engine_params params, uint64_t seed)
{
    engine_pair *p = engine_pair_new(
        (engine_pair_options){.params = params, .seed = seed, .given_keys = true});
    assert_int_equal(engine_pair_begin(p, c, (int)(seed & 1)), TCT_OK);
    return p;
}

static void give_inputs(engine_pair *p)
{
    static const uint8_t zeros[16];
    for (int role = 0; role < 2; role++)
        assert_int_equal(tct_run_input(p->run[role], zeros), TCT_OK);
}

static void expect_dead(engine_pair *p, int role, tct_err err)
{
    size_t bytes = p->body_bytes;
    assert_int_equal(tct_run_want(p->run[role]), 0);
    assert_null(tct_run_result(p->run[role]));
    assert_false(tct_run_done(p->run[role]));
    assert_int_equal(tct_run_send(p->run[role], p->body, &bytes), err);
    assert_int_equal(tct_run_recv(p->run[role], p->body, 1), err);
    /* The session is dead with it. */
    tct_run *other;
    static uint8_t memory[4096], seed[32];
    assert_int_equal(
        tct_run_init(&other, memory, sizeof memory, p->engine[role], p->circuit, 9, 0, seed),
        err);
}

/* A second F7, and a second body of any flight, finds nobody waiting for it. */
static int repeated_flight;
static uint8_t repeated[1 << 16];
static size_t repeated_bytes;
static void keep_body(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                      size_t capacity)
{
    (void)context;
    (void)capacity;
    if (flight == repeated_flight && role == cheater) {
        repeated_bytes = *bytes;
        memcpy(repeated, body, *bytes);
    }
}

static void second_f7_ends_the_session(void **state)
{
    (void)state;
    tct_circuit *c = circuit_with_all_wires_out(8, 3);
    for (cheater = 0; cheater < 2; cheater++) {
        engine_pair *p = fresh_pair(c, tags, 4);
        int who = -1;
        static const uint8_t zeros[16];
        assert_int_equal(engine_pair_pump(p, 1, NULL, NULL, &who), TCT_OK);
        repeated_flight = TCT_F7;
        assert_int_equal(tct_run_input(p->run[cheater], zeros), TCT_OK);
        assert_int_equal(engine_pair_pump(p, 1, keep_body, NULL, &who), TCT_OK);
        assert_int_equal(tct_run_recv(p->run[1 - cheater], repeated, repeated_bytes),
                         TCT_ERR_FORMAT);
        expect_dead(p, 1 - cheater, TCT_ERR_FORMAT);
        engine_pair_free(p);
    }
    random_circuit_free(c);
}

/* After F8 has left, no body of any length makes the garbler send labels a second time. */
static void garbler_never_sends_labels_twice(void **state)
{
    (void)state;
    tct_circuit *c = circuit_with_all_wires_out(8, 3);
    engine_pair *p = fresh_pair(c, tags, 2);
    size_t bytes;
    assert_int_equal(engine_pair_pump(p, 1, NULL, NULL, NULL), TCT_OK);
    give_inputs(p);
    assert_int_equal(engine_pair_pump(p, 1, NULL, NULL, NULL), TCT_OK);
    bytes = p->body_bytes;
    assert_int_equal(tct_run_send(p->run[0], p->body, &bytes), TCT_ERR_USAGE);
    assert_true(tct_run_done(p->run[0]));
    assert_int_equal(tct_run_recv(p->run[0], p->body, tct_run_body_bytes(p->run[0], TCT_F7, 1)),
                     TCT_ERR_FORMAT);
    assert_int_equal(tct_run_send(p->run[0], p->body, &bytes), TCT_ERR_FORMAT);
    engine_pair_free(p);
    random_circuit_free(c);
}

static int bad_flight, bad_role, bad_way;
static bool changed;

/* Lengths one off, and a bit set beyond the end of a packed string that stands first. */
static void bad_length(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                       size_t capacity)
{
    (void)context;
    if (role != bad_role || flight != bad_flight)
        return;
    changed = true;
    if (bad_way == 0) {
        body[*bytes] = 0;
        assert_true(*bytes < capacity);
        *bytes += 1;
    } else if (bad_way == 1) {
        *bytes = *bytes == 0 ? 1 : *bytes - 1;
    } else {
        *bytes = *bytes == 0 ? 1 : 0;
    }
}

static const int all_flights[] = {TCT_F2, TCT_F3, TCT_F4,  TCT_F5,  TCT_F6,
                                  TCT_F7, TCT_F8, TCT_F8B, TCT_F8C, TCT_F9};

static void expect_format_error(engine_pair *p, engine_pair_tamper tamper, int role)
{
    int who = -1;
    tct_err err = engine_pair_pump(p, 3, tamper, NULL, &who);
    if (err == TCT_OK && !changed) {
        give_inputs(p);
        err = engine_pair_pump(p, 3, tamper, NULL, &who);
    }
    if (!changed)
        return; /* this role sends no such flight */
    assert_int_equal(err, TCT_ERR_FORMAT);
    assert_int_equal(who, 1 - role);
    expect_dead(p, who, TCT_ERR_FORMAT);
}

static void body_of_another_length_ends_the_session(void **state)
{
    (void)state;
    tct_circuit *c = circuit_with_all_wires_out(8, 3);
    for (size_t i = 0; i < sizeof all_flights / sizeof *all_flights; i++)
        for (bad_role = 0; bad_role < 2; bad_role++)
            for (bad_way = 0; bad_way < 3; bad_way++) {
                engine_pair *p = fresh_pair(c, batch, 6);
                bad_flight = all_flights[i];
                changed = false;
                expect_format_error(p, bad_length, bad_role);
                engine_pair_free(p);
            }
    random_circuit_free(c);
}

/* Sets the highest bit of the last byte of a bit string of `bits` bits at `at`, if it is unused. */
static void pad(uint8_t *body, size_t at, size_t bits)
{
    if (bits % 8 == 0)
        return;
    body[at + bits / 8] |= 0x80;
    changed = true;
}

static void bad_padding(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                        size_t capacity)
{
    const tct_run *r = ((engine_pair *)context)->run[0];
    uint32_t n = r->shape.ands, o = r->shape.outputs;
    (void)capacity;
    if (role != bad_role || flight != bad_flight)
        return;
    if (flight == TCT_F4)
        pad(body, 0, r->shape.triples);
    if (flight == TCT_F5)
        pad(body, 0, (size_t)n * (r->shape.bucket + 1));
    if (flight == TCT_F6 && role == r->shape.garbler)
        pad(body, *bytes - tct_bits_bytes(n), n);
    if (flight == TCT_F7)
        pad(body, 0, r->shape.inputs[role]);
    if (flight == TCT_F8B)
        pad(body, 0, n);
    if (flight == TCT_F9 && bad_way == 0)
        pad(body, 0, o);
    if ((flight == TCT_F8 && !tct_shape_batch(&r->shape)) || flight == TCT_F8C ||
        (flight == TCT_F9 && bad_way == 1))
        pad(body, *bytes - 32 - tct_bits_bytes(o), o);
}

static void set_padding_bit_ends_the_session(void **state)
{
    (void)state;
    unsigned hit = 0;
    /* 3 ANDs and 13 outputs; β+1 = 27 bits a gate; 5 and 4 inputs. */
    tct_circuit *c = random_circuit(12, (random_shape){{5, 4}, 3, 4, 13});
    for (size_t i = 0; i < sizeof all_flights / sizeof *all_flights; i++)
        for (int k = 0; k < 8; k++) {
            engine_pair *p = fresh_pair(c, k & 4 ? batch : tags, 7);
            bad_flight = all_flights[i];
            bad_role = k & 1;
            bad_way = k >> 1 & 1;
            changed = false;
            int who = -1;
            tct_err err = engine_pair_pump(p, 3, bad_padding, p, &who);
            if (err == TCT_OK) {
                give_inputs(p);
                err = engine_pair_pump(p, 3, bad_padding, p, &who);
            }
            assert_int_equal(err, changed ? TCT_ERR_FORMAT : TCT_OK);
            hit += changed;
            engine_pair_free(p);
        }
    assert_true(hit >= 30);
    random_circuit_free(c);
}

/* ---------------------------------------------------------------------- stopping short --- */

static int stop_flight;
static bool stopping(const engine_pair *p, int role)
{
    return tct_run_flight_out(p->run[role]) == stop_flight;
}

/* The peer goes silent before some flight: we wait, have no output, and can be wiped. */
static void silence_at_any_flight_gives_no_output_and_no_hang(void **state)
{
    (void)state;
    tct_circuit *c = circuit_with_all_wires_out(8, 3);
    for (size_t i = 0; i < sizeof all_flights / sizeof *all_flights; i++)
        for (int silent = 0; silent < 2; silent++) {
            engine_pair *p = fresh_pair(c, batch, 6);
            tct_run *honest = p->run[1 - silent];
            stop_flight = all_flights[i];
            for (int steps = 0; steps < 40; steps++) {
                for (int role = 0; role < 2; role++) {
                    if (tct_run_want(p->run[role]) & TCT_RUN_INPUT)
                        assert_int_equal(tct_run_input(p->run[role], (uint8_t[16]){0}), TCT_OK);
                    if (!(tct_run_want(p->run[role]) & TCT_RUN_SEND) ||
                        (role == silent && stopping(p, silent)))
                        continue;
                    size_t bytes = sizeof repeated;
                    assert_int_equal(tct_run_send(p->run[role], repeated, &bytes), TCT_OK);
                    assert_int_equal(tct_run_recv(p->run[1 - role], repeated, bytes), TCT_OK);
                }
            }
            if (stopping(p, silent)) { /* else this role sends no such flight */
                assert_true(tct_run_want(honest) == TCT_RUN_RECV);
                /* Only the evaluator has it one flight early (6.3). */
                bool early = stop_flight == TCT_F9;
                assert_true(early || tct_run_result(honest) == NULL);
                assert_false(tct_run_done(honest));
            }
            engine_pair_free(p);
        }
    random_circuit_free(c);
}

/* ----------------------------------------------------------------------------- reuse --- */

static void a_run_number_is_never_used_twice(void **state)
{
    (void)state;
    tct_circuit *c = circuit_with_all_wires_out(8, 3);
    engine_pair *p = fresh_pair(c, tags, 6);
    p->runs = 0;
    assert_int_equal(engine_pair_begin(p, c, 0), TCT_ERR_USAGE);
    p->runs = TCT_RUNS_MAX;
    assert_int_equal(engine_pair_begin(p, c, 0), TCT_ERR_LIMIT);
    engine_pair_free(p);
    random_circuit_free(c);
}

/* Sessions, runs, circuits or roles that the two sides see differently do not get beyond F2. */
static void preparation_of_another_place_is_caught_in_f2(void **state)
{
    (void)state;
    tct_circuit *c = circuit_with_all_wires_out(8, 3), *d = circuit_with_all_wires_out(9, 3);
    for (int way = 0; way < 5; way++) {
        engine_pair *p = engine_pair_new(
            (engine_pair_options){.params = tags, .seed = 5, .given_keys = true});
        int who = -1;
        if (way == 0)
            p->engine[0]->sid[0] ^= 1; /* another room */
        if (way == 1)
            p->engine[0]->th_s[0] ^= 1; /* another F1 */
        assert_int_equal(engine_pair_begin(p, c, 0), TCT_OK);
        if (way >= 2) { /* the same number, begun differently at one side */
            uint8_t seed[32] = {1};
            tct_run_wipe(p->run[0]);
            memset(p->engine[0]->runs_used, 0, sizeof p->engine[0]->runs_used);
            if (way == 2)
                p->engine[0]->params.rho = 40; /* other parameters: other lengths */
            assert_int_equal(tct_run_init(&p->run[0], p->memory[0], p->memory_bytes[0],
                                          p->engine[0], way == 3 ? d : c, 0, way == 4, seed),
                             TCT_OK);
        }
        tct_err err = engine_pair_pump(p, 0, NULL, NULL, &who);
        assert_true(err == TCT_ERR_CHEAT || err == TCT_ERR_FORMAT);
        assert_int_equal(p->last_flight, TCT_F2);
        engine_pair_free(p);
    }
    random_circuit_free(c);
    random_circuit_free(d);
}

/* The bodies of run 0, given again in run 1. */
static uint8_t old_body[2][16][1 << 14];
static size_t old_bytes[2][16];
static bool replaying;
static void record_or_replay(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                             size_t capacity)
{
    (void)context;
    (void)capacity;
    if (!replaying) {
        memcpy(old_body[role][flight], body, *bytes);
        old_bytes[role][flight] = *bytes;
    } else if (role == 1) {
        size_t skip = flight == TCT_F2 ? TCT_PPRF_BYTES : 0; /* run 1 has no trees */
        *bytes = old_bytes[role][flight] - skip;
        memcpy(body, old_body[role][flight] + skip, *bytes);
    }
}

static void bodies_of_another_run_are_caught(void **state)
{
    (void)state;
    tct_circuit *c = circuit_with_all_wires_out(8, 3);
    engine_pair *p = fresh_pair(c, tags, 6);
    int who = -1;
    replaying = false;
    assert_int_equal(engine_pair_pump(p, 0, record_or_replay, NULL, &who), TCT_OK);
    assert_int_equal(engine_pair_begin(p, c, 0), TCT_OK);
    replaying = true;
    assert_int_equal(engine_pair_pump(p, 0, record_or_replay, NULL, &who), TCT_ERR_CHEAT);
    assert_int_equal(p->last_flight, TCT_F2);
    assert_int_equal(who, 0);
    engine_pair_free(p);
    random_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(different_masked_inputs_are_caught),
        cmocka_unit_test(batch_check_liar_is_caught_before_the_answer),
        cmocka_unit_test(false_masked_output_is_always_caught),
        cmocka_unit_test(second_f7_ends_the_session),
        cmocka_unit_test(garbler_never_sends_labels_twice),
        cmocka_unit_test(body_of_another_length_ends_the_session),
        cmocka_unit_test(set_padding_bit_ends_the_session),
        cmocka_unit_test(silence_at_any_flight_gives_no_output_and_no_hang),
        cmocka_unit_test(a_run_number_is_never_used_twice),
        cmocka_unit_test(preparation_of_another_place_is_caught_in_f2),
        cmocka_unit_test(bodies_of_another_run_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
