/* SPDX-License-Identifier: ISC
 *
 * The machine of engine.h as its caller meets it: turns, room, wrong calls, early bodies, prepared and
 * overlapping runs, wiping.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "garble/run_state.h"
#include "support/engine_pair.h"
#include "support/random_circuit.h"

static const tct_engine_params tags = {64, 64, 0};
static tct_circuit *circuit;
static uint8_t x[3] = {1, 0, 1}, y[2] = {1, 1}, want[4], body[1 << 16];

/* The base OT is dear, so one session serves all tests but those that end it. */
static engine_pair *shared;

static int set_up(void **state)
{
    (void)state;
    circuit = random_circuit(3, (random_shape){{3, 2}, 9, 12, 4});
    random_circuit_evaluate(circuit, x, y, want);
    shared = engine_pair_new((engine_pair_options){.params = tags, .seed = 1});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    engine_pair_free(shared);
    random_circuit_free(circuit);
    return 0;
}

static void send_to(tct_run *from, tct_run *to)
{
    size_t bytes = sizeof body;
    assert_int_equal(tct_run_send(from, body, &bytes), TCT_OK);
    assert_int_equal(tct_run_recv(to, body, bytes), TCT_OK);
}

/* A party that has everything says so by want: what it may do, and no more. */
static void want_tells_the_turns(void **state)
{
    (void)state;
    assert_int_equal(engine_pair_begin(shared, circuit, 0), TCT_OK);
    tct_run *a = shared->run[0], *b = shared->run[1];
    assert_int_equal(tct_run_want(a), TCT_RUN_SEND | TCT_RUN_RECV);
    assert_int_equal(tct_run_flight_out(a), TCT_F2);
    assert_int_equal(tct_run_flight_in(a), TCT_F2);
    send_to(a, b);
    assert_int_equal(tct_run_want(a), TCT_RUN_RECV);
    assert_int_equal(tct_run_flight_out(a), 0);
    /* b has taken F2 before it sent its own: it owes F2, and nobody honest sends it more. */
    assert_int_equal(tct_run_want(b), TCT_RUN_SEND);
    assert_int_equal(tct_run_flight_out(b), TCT_F2);
    assert_int_equal(tct_run_flight_in(b), 0);
    send_to(b, a);
    assert_int_equal(tct_run_want(b), TCT_RUN_SEND | TCT_RUN_RECV);
    assert_int_equal(tct_run_flight_out(b), TCT_F3);
    assert_int_equal(engine_pair_pump(shared, 2, NULL, NULL, NULL), TCT_OK);
    assert_int_equal(tct_run_want(a), TCT_RUN_RECV | TCT_RUN_INPUT);
    assert_int_equal(tct_run_flight_in(a), TCT_F7);
    assert_int_equal(tct_run_input(a, x), TCT_OK);
    assert_int_equal(tct_run_want(a), TCT_RUN_RECV | TCT_RUN_SEND);
    send_to(a, b);
    assert_int_equal(tct_run_want(b), TCT_RUN_INPUT); /* F7 of the peer is here already */
    assert_int_equal(tct_run_input(b, y), TCT_OK);
    send_to(b, a);
    assert_int_equal(tct_run_want(b), TCT_RUN_RECV);
    assert_int_equal(tct_run_flight_in(b), TCT_F8);
    assert_false(tct_run_revealed(a));
    send_to(a, b);
    assert_true(tct_run_revealed(a));
    assert_int_equal(tct_run_want(a), TCT_RUN_RECV);
    assert_null(tct_run_result(a));
    assert_memory_equal(tct_run_result(b), want, sizeof want);
    assert_false(tct_run_revealed(b));
    assert_false(tct_run_done(b));
    send_to(b, a);
    assert_true(tct_run_revealed(b));
    assert_true(tct_run_done(a) && tct_run_done(b));
    assert_int_equal(tct_run_want(a) | tct_run_want(b), 0);
    assert_memory_equal(tct_run_result(a), want, sizeof want);
}

/* Labels, shares and keys end with the run; what stays beside the struct is the result. */
static void a_finished_run_keeps_only_its_result(void **state)
{
    (void)state;
    assert_int_equal(engine_pair_execute(shared, circuit, 0, x, y), TCT_OK);
    for (int role = 0; role < 2; role++) {
        const tct_run *r = shared->run[role];
        const uint8_t *memory = (const uint8_t *)r;
        size_t dirty = 0, ones = 0;
        for (size_t i = sizeof *r; i < r->arena_bytes; i++)
            dirty += memory[i] != 0;
        for (size_t j = 0; j < sizeof want; j++)
            ones += want[j];
        assert_int_equal(dirty, ones);
        assert_memory_equal(tct_run_result(r), want, sizeof want);
    }
}

/* USAGE and SPACE are our own caller's mistakes: nothing has changed. */
static void wrong_calls_change_nothing(void **state)
{
    (void)state;
    assert_int_equal(engine_pair_begin(shared, circuit, 1), TCT_OK);
    tct_run *a = shared->run[0];
    size_t bytes = 10;
    assert_int_equal(tct_run_send(a, body, &bytes), TCT_ERR_SPACE);
    assert_int_equal(bytes, 10);
    assert_int_equal(tct_run_input(a, x), TCT_ERR_USAGE); /* too early */
    bytes = sizeof body;
    assert_int_equal(tct_run_send(a, body, &bytes), TCT_OK);
    assert_int_equal(bytes, tct_run_body_bytes(a, TCT_F2, 0));
    assert_int_equal(tct_run_recv(shared->run[1], body, bytes), TCT_OK);
    bytes = sizeof body;
    assert_int_equal(tct_run_send(a, body, &bytes), TCT_ERR_USAGE); /* not our turn */
    assert_int_equal(engine_pair_pump(shared, 4, NULL, NULL, NULL), TCT_OK);
    assert_int_equal(tct_run_input(a, x), TCT_OK);
    assert_int_equal(tct_run_input(a, x), TCT_ERR_USAGE); /* final */
    assert_int_equal(tct_run_input(shared->run[1], y), TCT_OK);
    assert_int_equal(engine_pair_pump(shared, 4, NULL, NULL, NULL), TCT_OK);
    assert_memory_equal(tct_run_result(a), want, sizeof want);
    bytes = sizeof body;
    assert_int_equal(tct_run_deposit(a, body, &bytes), TCT_ERR_USAGE); /* no escrow here */
    assert_int_equal(tct_run_release(a, body, 0), TCT_ERR_USAGE);
}

/* An engine is used in order as well. */
static void engine_calls_out_of_order_are_refused(void **state)
{
    (void)state;
    engine_pair *p = engine_pair_prepare((engine_pair_options){.params = tags, .seed = 5});
    uint8_t th_s[32] = {0}, seed[32] = {0};
    static uint8_t f1[2][TCT_F1_BYTES];
    tct_run *run;
    for (int role = 0; role < 2; role++)
        tct_engine_f1_send(p->engine[role], f1[role]);
    assert_int_equal(tct_engine_bind(p->engine[0], th_s), TCT_ERR_USAGE);
    assert_int_equal(tct_run_init(&run, body, sizeof body, p->engine[0], circuit, 0, 0, seed),
                     TCT_ERR_USAGE);
    assert_int_equal(tct_engine_f1_recv(p->engine[0], f1[1]), TCT_OK);
    assert_int_equal(tct_engine_f1_recv(p->engine[0], f1[1]), TCT_ERR_USAGE);
    assert_int_equal(tct_engine_bind(p->engine[0], th_s), TCT_OK);
    assert_int_equal(tct_engine_bind(p->engine[0], th_s), TCT_ERR_USAGE);
    engine_pair_free(p);
}

/* tct_run_bytes suffices wherever the memory begins; less is refused or does, and is never overrun. */
static void too_little_memory_is_refused(void **state)
{
    (void)state;
    size_t need = tct_run_bytes(circuit, tags), slack = 16 * 64 + 4128;
    uint8_t seed[32] = {0};
    tct_run *run;
    uint32_t number = 1000;
    for (size_t bytes = 0; bytes < need; bytes += bytes < need - slack ? need / 37 : 3) {
        uint8_t *exact = malloc(bytes + 1); /* a sanitizer sees what goes beyond */
        tct_err err =
            tct_run_init(&run, exact, bytes, shared->engine[0], circuit, number++, 0, seed);
        /* Alignment is counted at its worst for each array, and the trees of run 0 as well, so
         * a little less may do. */
        assert_true(err == TCT_ERR_MEMORY || (err == TCT_OK && bytes > need - slack));
        free(exact);
    }
    uint8_t *memory = malloc(need + 64);
    for (size_t at = 0; at < 64; at += 9)
        assert_int_equal(tct_run_init(&run, memory + at, need, shared->engine[0], circuit,
                                      number++, 0, seed),
                         TCT_OK);
    free(memory);
}

/* Runs prepared side by side and used the other way round (a stock of prepared runs). */
static void overlapping_runs_are_used_in_any_order(void **state)
{
    enum { RUNS = 3 };
    tct_run *run[RUNS][2];
    void *memory[RUNS][2];
    size_t need = tct_run_bytes(circuit, tags);
    (void)state;
    for (int i = 0; i < RUNS; i++)
        for (int role = 0; role < 2; role++) {
            uint8_t seed[32] = {(uint8_t)i, (uint8_t)role, 7};
            memory[i][role] = malloc(need);
            assert_int_equal(tct_run_init(&run[i][role], memory[i][role], need,
                                          shared->engine[role], circuit, 500 + (uint32_t)i,
                                          i % 2, seed),
                             TCT_OK);
        }
    for (int flight = TCT_F2; flight <= TCT_F6; flight++)
        for (int i = 0; i < RUNS; i++)
            for (int role = 0; role < 2; role++)
                send_to(run[i][role], run[i][1 - role]);
    for (int i = RUNS - 1; i >= 0; i--) {
        assert_int_equal(tct_run_input(run[i][0], x), TCT_OK);
        assert_int_equal(tct_run_input(run[i][1], y), TCT_OK);
        for (int step = 0; step < 4; step++)
            for (int role = 0; role < 2; role++)
                if (tct_run_want(run[i][role]) & TCT_RUN_SEND)
                    send_to(run[i][role], run[i][1 - role]);
        for (int role = 0; role < 2; role++) {
            assert_true(tct_run_done(run[i][role]));
            assert_memory_equal(tct_run_result(run[i][role]), want, sizeof want);
            tct_run_wipe(run[i][role]);
            free(memory[i][role]);
        }
    }
}

/* F2 of a later run waits for the trees of run 0. */
static void later_runs_wait_for_the_trees(void **state)
{
    (void)state;
    engine_pair *p = engine_pair_new((engine_pair_options){.params = tags, .seed = 6});
    uint8_t seed[32] = {0};
    size_t need = tct_run_bytes(circuit, tags);
    void *memory = malloc(need);
    tct_run *later;
    assert_int_equal(tct_run_init(&later, memory, need, p->engine[0], circuit, 1, 0, seed),
                     TCT_OK);
    assert_int_equal(tct_run_want(later), 0);
    assert_int_equal(tct_run_send(later, body, &need), TCT_ERR_USAGE);
    p->runs = 0;
    assert_int_equal(engine_pair_begin(p, circuit, 0), TCT_OK);
    send_to(p->run[1], p->run[0]);
    assert_int_equal(tct_run_want(later), TCT_RUN_SEND | TCT_RUN_RECV);
    free(memory);
    engine_pair_free(p);
}

static void wiping_leaves_zeros_and_is_done_twice(void **state)
{
    (void)state;
    size_t need = tct_run_bytes(circuit, tags), dirty = 0;
    uint8_t *memory = aligned_alloc(64, (need + 63) / 64 * 64), seed[32] = {3};
    tct_run *run;
    memset(memory, 0, need);
    assert_int_equal(tct_run_init(&run, memory, need, shared->engine[0], circuit, 700, 0, seed),
                     TCT_OK);
    size_t bytes = sizeof body;
    assert_int_equal(tct_run_send(run, body, &bytes), TCT_OK);
    tct_run_wipe(run);
    for (size_t i = 0; i < need; i++)
        dirty += memory[i] != 0;
    assert_true(dirty <= 1); /* the sticky error */
    assert_int_equal(tct_run_want(run), 0);
    assert_int_equal(tct_run_recv(run, body, 1), TCT_ERR_USAGE);
    assert_null(tct_run_result(run));
    tct_run_wipe(run);
    free(memory);

    engine_pair *p = engine_pair_prepare((engine_pair_options){.params = tags, .seed = 6});
    tct_engine_wipe(p->engine[0]);
    const uint8_t *e = (const uint8_t *)p->engine[0];
    dirty = 0;
    for (size_t i = 0; i < tct_engine_bytes(tags); i++)
        dirty += e[i] != 0;
    assert_true(dirty <= 1);
    assert_int_equal(tct_engine_f1_recv(p->engine[0], body), TCT_ERR_USAGE);
    engine_pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(want_tells_the_turns),
        cmocka_unit_test(a_finished_run_keeps_only_its_result),
        cmocka_unit_test(wrong_calls_change_nothing),
        cmocka_unit_test(engine_calls_out_of_order_are_refused),
        cmocka_unit_test(too_little_memory_is_refused),
        cmocka_unit_test(overlapping_runs_are_used_in_any_order),
        cmocka_unit_test(later_runs_wait_for_the_trees),
        cmocka_unit_test(wiping_leaves_zeros_and_is_done_twice),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
