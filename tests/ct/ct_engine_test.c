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

/* F1 costs valgrind seconds, so the runs of one mode share a session. */
static void session(tct_engine_params params, uint8_t out, uint64_t seed)
{
    engine_pair *p =
        engine_pair_new((engine_pair_options){.params = params, .out = out, .seed = seed});
    for (int garbler = 0; garbler < 2; garbler++) {
        tct_circuit *c = random_circuit(seed + 1, (random_shape){{3, 2}, 5, 6, 5});
        uint8_t x[3] = {1, 0, 1}, y[2] = {0, 1}, want[5], got[5];
        random_circuit_evaluate(c, x, y, want);
        TCT_SECRET(x, sizeof x);
        TCT_SECRET(y, sizeof y);
        assert_int_equal(engine_pair_execute(p, c, garbler, x, y), TCT_OK);
        for (int role = 0; role < 2; role++) {
            if (out != 0 && !(out >> role & 1))
                continue;
            memcpy(got, tct_run_result(p->run[role]), sizeof got);
            TCT_PUBLIC(got, sizeof got);
            assert_memory_equal(got, want, sizeof got);
        }
        random_circuit_free(c);
    }
    engine_pair_free(p);
}

static void a_run_with_tags_shows_no_secret(void **state)
{
    (void)state;
    session((tct_engine_params){64, 64, 0}, 0, 1);
}

static void a_run_with_the_batch_check_shows_no_secret(void **state)
{
    (void)state;
    session((tct_engine_params){40, 48, TCT_MODE_BATCH}, 1, 2);
}

/* The deposits and tokens of the escrow, up to a release. */
static void an_escrowed_reveal_shows_no_secret(void **state)
{
    (void)state;
    static uint8_t deposit[2][4096];
    size_t bytes[2];
    tct_circuit *c = random_circuit(5, (random_shape){{3, 2}, 2, 3, 2});
    engine_pair *p =
        engine_pair_new((engine_pair_options){.params = {64, 64, TCT_MODE_ESCROW}, .seed = 3});
    uint8_t x[3] = {1, 0, 1}, y[2] = {0, 1}, want[2], got[2];
    random_circuit_evaluate(c, x, y, want);
    TCT_SECRET(x, sizeof x);
    TCT_SECRET(y, sizeof y);
    assert_int_equal(engine_pair_execute(p, c, 0, x, y), TCT_ERR_USAGE); /* not yet done */
    for (int role = 0; role < 2; role++) {
        bytes[role] = sizeof deposit[role];
        assert_int_equal(tct_run_deposit(p->run[role], deposit[role], &bytes[role]), TCT_OK);
    }
    for (int role = 0; role < 2; role++) {
        assert_int_equal(tct_run_release(p->run[role], deposit[1 - role], bytes[1 - role] / 3),
                         TCT_OK);
        memcpy(got, tct_run_result(p->run[role]), sizeof got);
        TCT_PUBLIC(got, sizeof got);
        assert_memory_equal(got, want, sizeof got);
    }
    engine_pair_free(p);
    random_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_with_tags_shows_no_secret),
        cmocka_unit_test(a_run_with_the_batch_check_shows_no_secret),
        cmocka_unit_test(an_escrowed_reveal_shows_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
