/* SPDX-License-Identifier: ISC
 *
 * Whole small runs under valgrind with every seed and input secret: all that follows from them (Δ,
 * scalars, trees, shares, labels, Λ before it is sent) is secret with them.  Only what a party sends
 * becomes public, where it is sent, and verdicts over the peer where they are revealed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/engine_pair.h"
#include "support/random_circuit.h"
#include "support/stream_pair.h"

/* F1 costs valgrind many seconds, so each mode has one session for all that it shows. */
static engine_pair *session(uint8_t mode, uint64_t seed)
{
    tct_engine_params params = {64, 64, mode};
    return engine_pair_new((engine_pair_options){.params = params, .seed = seed});
}

static uint8_t x[3] = {1, 0, 1}, y[2] = {0, 1}, want[5];

static tct_circuit *secret_question(uint64_t seed)
{
    tct_circuit *c = random_circuit(seed, (random_shape){{3, 2}, 5, 6, 5});
    TCT_PUBLIC(x, sizeof x);
    TCT_PUBLIC(y, sizeof y);
    random_circuit_evaluate(c, x, y, want);
    TCT_SECRET(x, sizeof x);
    TCT_SECRET(y, sizeof y);
    return c;
}

static void expect_outputs(const engine_pair *p)
{
    uint8_t got[sizeof want];
    for (int role = 0; role < 2; role++) {
        memcpy(got, tct_run_result(p->run[role]), sizeof got);
        TCT_PUBLIC(got, sizeof got);
        assert_memory_equal(got, want, sizeof got);
    }
}

static void runs_with_tags_show_no_secret(void **state)
{
    (void)state;
    engine_pair *p = session(0, 1);
    for (int garbler = 0; garbler < 2; garbler++) {
        tct_circuit *c = secret_question(2);
        assert_int_equal(engine_pair_execute(p, c, garbler, x, y), TCT_OK);
        expect_outputs(p);
        random_circuit_free(c);
    }
    engine_pair_free(p);
}

/* As above 50,000 ANDs, over more gates than a word has bits. */
static void runs_in_bulk_mode_show_no_secret(void **state)
{
    (void)state;
    engine_pair *p = session(TCT_MODE_BATCH | TCT_MODE_BULK, 5);
    tct_circuit *c = random_circuit(6, (random_shape){{3, 2}, 70, 6, 5});
    TCT_PUBLIC(x, sizeof x);
    TCT_PUBLIC(y, sizeof y);
    random_circuit_evaluate(c, x, y, want);
    TCT_SECRET(x, sizeof x);
    TCT_SECRET(y, sizeof y);
    assert_int_equal(engine_pair_execute(p, c, 0, x, y), TCT_OK);
    expect_outputs(p);
    random_circuit_free(c);
    engine_pair_free(p);
}

/* Batch check, spread shares, deposits and tokens, up to a release. */
static void runs_with_batch_check_and_escrow_show_no_secret(void **state)
{
    static uint8_t deposit[2][1 << 14];
    size_t bytes[2];
    (void)state;
    engine_pair *p = session(TCT_MODE_BATCH | TCT_MODE_ESCROW | TCT_MODE_LEAN, 3);
    for (int garbler = 0; garbler < 2; garbler++) {
        tct_circuit *c = secret_question(4);
        /* Every flight is over, but nobody is done before the relay's word. */
        assert_int_equal(engine_pair_execute(p, c, garbler, x, y), TCT_ERR_USAGE);
        for (int role = 0; role < 2; role++) {
            bytes[role] = sizeof deposit[role];
            assert_int_equal(tct_run_deposit(p->run[role], deposit[role], &bytes[role]),
                             TCT_OK);
        }
        for (int role = 0; role < 2; role++)
            assert_int_equal(
                tct_run_release(p->run[role], deposit[1 - role], bytes[1 - role] / 3), TCT_OK);
        expect_outputs(p);
        random_circuit_free(c);
    }
    engine_pair_free(p);
}

/* A circuit in two segments, with wires carried from one into the other. */
static void streams_show_no_secret(void **state)
{
    const uint8_t *const inputs[2] = {x, y};
    (void)state;
    tct_circuit *c = secret_question(8);
    stream_pair *p = stream_pair_new(9, false, false, (const tct_circuit *[]){c, c}, 3, 1);
    assert_int_equal(stream_pair_pump(p, inputs, NULL, NULL, NULL), TCT_OK);
    for (int role = 0; role < 2; role++) {
        uint8_t got[sizeof want];
        assert_true(tct_stream_done(p->stream[role]));
        memcpy(got, tct_stream_result(p->stream[role]), sizeof got);
        TCT_PUBLIC(got, sizeof got);
        assert_memory_equal(got, want, sizeof got);
    }
    stream_pair_free(p);
    random_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_with_tags_show_no_secret),
        cmocka_unit_test(runs_in_bulk_mode_show_no_secret),
        cmocka_unit_test(runs_with_batch_check_and_escrow_show_no_secret),
        cmocka_unit_test(streams_show_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
