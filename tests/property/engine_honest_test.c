/* SPDX-License-Identifier: ISC
 *
 * Honest runs: what two engines compute together is what the circuit says.
 *
 * Random circuits from seeds, both garblers, several runs per session, tags and batch check, direct
 * and escrowed reveal, random order of sending.  Replay one: TACIT_SEED=<number> engine_honest_test.  More: TACIT_ROUNDS=<n>.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/engine_pair.h"
#include "support/random_circuit.h"

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 0);
}

/* One run on random inputs; prints how to replay it when it is wrong. */
static void expect_right(engine_pair *p, const tct_circuit *c, int garbler, uint64_t seed)
{
    random_source random = random_from(seed);
    uint8_t *x = malloc(c->inputs[0] + 1), *y = malloc(c->inputs[1] + 1);
    uint8_t *want = malloc(c->output_count);
    random_bits(&random, x, c->inputs[0]);
    random_bits(&random, y, c->inputs[1]);
    random_circuit_evaluate(c, x, y, want);
    tct_err err = engine_pair_execute(p, c, garbler, x, y);
    if (err == TCT_ERR_USAGE &&
        (p->params.mode & TCT_MODE_ESCROW)) /* all but the relay's part */
        err = engine_pair_release(p);
    if (err != TCT_OK)
        print_error("error 0x%02x; replay: TACIT_SEED=%llu\n", (unsigned)err,
                    (unsigned long long)p->seed);
    assert_int_equal(err, TCT_OK);
    for (int role = 0; role < 2; role++) {
        const uint8_t *got = tct_run_result(p->run[role]);
        assert_non_null(got);
        if (memcmp(got, want, c->output_count) != 0)
            print_error("wrong output; replay: TACIT_SEED=%llu\n", (unsigned long long)p->seed);
        assert_memory_equal(got, want, c->output_count);
        assert_true(tct_run_revealed(p->run[role]));
    }
    free(x);
    free(y);
    free(want);
}

/* A session of several small circuits: they share Δ and the trees. */
static void session(uint64_t seed)
{
    random_source random = random_from(seed);
    tct_engine_params params = tct_engine_params_for(random_below(&random, 2) ? 100 : 300);
    if (random_below(&random, 3) == 0)
        params.mode |= TCT_MODE_BATCH;
    if (random_below(&random, 3) == 0)
        params.mode |= TCT_MODE_BULK;
    if (random_below(&random, 3) == 0)
        params.mode |= TCT_MODE_LEAN;
    if (random_below(&random, 3) == 0)
        params.mode |= TCT_MODE_ESCROW;
    engine_pair *p = engine_pair_new((engine_pair_options){.params = params, .seed = seed});
    for (int run = 0; run < 8; run++) {
        uint64_t shape_seed = random_u64(&random);
        random_shape shape = random_small_shape(shape_seed, params.rho == 64 ? 60 : 200);
        tct_circuit *c = random_circuit(shape_seed, shape);
        expect_right(p, c, (int)random_below(&random, 2), random_u64(&random));
        random_circuit_free(c);
    }
    engine_pair_free(p);
}

static void random_circuits_give_what_they_say(void **state)
{
    (void)state;
    uint64_t seed = from_environment("TACIT_SEED", 0);
    if (seed != 0) {
        session(seed);
        return;
    }
    uint64_t rounds = from_environment("TACIT_ROUNDS", 12);
    for (uint64_t i = 1; i <= rounds; i++)
        session(0x7ac17 * 1000 + i);
}

/* Sizes at which β, ρ, τ or a packed length changes. */
static void sizes_around_every_threshold_work(void **state)
{
    static const uint32_t ands[] = {0,   1,   2,   3,   7,   8,   9,   63,  64,   65,   118,
                                    127, 128, 129, 430, 431, 511, 512, 513, 4095, 4096, 4097};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof ands / sizeof *ands; i++) {
        uint32_t n = ands[i / 2];
        random_shape shape = {{5, 9}, n, 40, 11};
        tct_circuit *c = random_circuit(900 + i, shape);
        tct_engine_params params = tct_engine_params_for(n);
        if (i % 2 == 1) /* as above 50,000, where the thresholds of words and leaves are */
            params.mode = TCT_MODE_BATCH | TCT_MODE_BULK;
        engine_pair *p =
            engine_pair_new((engine_pair_options){.params = params, .seed = 77 + i});
        expect_right(p, c, (int)(i / 2 & 1), i);
        engine_pair_free(p);
        random_circuit_free(c);
    }
}

static void a_single_and_is_right_on_all_inputs(void **state)
{
    static const tct_gate gate = {TCT_GATE_AND, 0, 1};
    static const uint32_t outputs[] = {2};
    const tct_circuit one = {{1, 1}, 1, 1, 1, &gate, outputs};
    (void)state;
    for (int mode = 0; mode < TCT_MODE_STREAM; mode++) {
        if (mode & TCT_MODE_ESCROW)
            continue;
        tct_engine_params params = tct_engine_params_for(1);
        params.mode = (uint8_t)mode;
        engine_pair *p = engine_pair_new((engine_pair_options){.params = params, .seed = 5});
        for (unsigned i = 0; i < 8; i++) {
            uint8_t x = i & 1, y = i >> 1 & 1;
            assert_int_equal(engine_pair_execute(p, &one, (int)(i >> 2), &x, &y), TCT_OK);
            assert_int_equal(tct_run_result(p->run[0])[0], x & y);
            assert_int_equal(tct_run_result(p->run[1])[0], x & y);
        }
        engine_pair_free(p);
    }
}

/* Who does not receive learns nothing, and the flights for that party do not exist. */
static void only_the_named_person_receives(void **state)
{
    static const tct_gate gates[] = {{TCT_GATE_AND, 0, 1}, {TCT_GATE_XOR, 2, 0}};
    static const uint32_t outputs[] = {3, 2};
    const tct_circuit c = {{1, 1}, 2, 2, 1, gates, outputs};
    (void)state;
    for (unsigned k = 0; k < 8; k++) {
        tct_engine_params params = {64, 64, k & 1 ? TCT_MODE_BATCH : 0};
        params.mode |= k & 4 ? TCT_MODE_BULK : 0;
        uint8_t out = k & 2 ? 1 : 2;
        int reader = out == 1 ? 0 : 1;
        engine_pair *p =
            engine_pair_new((engine_pair_options){.params = params, .seed = k, .out = out});
        for (unsigned i = 0; i < 8; i++) {
            uint8_t x = i & 1, y = i >> 1 & 1;
            assert_int_equal(engine_pair_execute(p, &c, (int)(i >> 2), &x, &y), TCT_OK);
            assert_null(tct_run_result(p->run[1 - reader]));
            assert_int_equal(tct_run_result(p->run[reader])[0], (x & y) ^ x);
            assert_int_equal(tct_run_result(p->run[reader])[1], x & y);
            assert_false(tct_run_revealed(p->run[reader]));
            assert_true(tct_run_revealed(p->run[1 - reader]));
        }
        engine_pair_free(p);
    }
}

/* What a line lacks: k = 8, tags at any size, both. */
static void a_hundred_thousand_ands_are_right(void **state)
{
    static const uint8_t modes[] = {TCT_MODE_BATCH | TCT_MODE_BULK,
                                    TCT_MODE_BATCH | TCT_MODE_BULK | TCT_MODE_LEAN,
                                    TCT_MODE_BULK, TCT_MODE_BULK | TCT_MODE_LEAN};
    tct_circuit *c = random_circuit(31, (random_shape){{500, 700}, 100000, 150000, 300});
    tct_engine_params params = tct_engine_params_for(100000);
    (void)state;
    assert_int_equal(params.mode, modes[0]);
    for (unsigned i = 0; i < sizeof modes; i++) {
        params.mode = modes[i];
        engine_pair *p = engine_pair_new((engine_pair_options){.params = params, .seed = 9});
        expect_right(p, c, i < 2 ? TCT_ROLE_X : TCT_ROLE_Y, 4);
        if (i == 0)
            expect_right(p, c, TCT_ROLE_Y, 5);
        engine_pair_free(p);
    }
    random_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_and_is_right_on_all_inputs),
        cmocka_unit_test(random_circuits_give_what_they_say),
        cmocka_unit_test(sizes_around_every_threshold_work),
        cmocka_unit_test(only_the_named_person_receives),
        cmocka_unit_test(a_hundred_thousand_ands_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
