/* SPDX-License-Identifier: ISC
 *
 * Attacks on the escrowed reveal (protocol.md 8.8, rows 22, 23, 29): wrong deposits, junk tokens, junk
 * tokens for one value only.  A refusal leaves nobody with anything and says nothing about the output.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "garble/run_state.h"
#include "support/cheat.h"

static const tct_gate gate = {TCT_GATE_AND, 0, 1};
static const uint32_t output[] = {2};
static const tct_circuit one = {{1, 1}, 1, 1, 1, &gate, output};

static engine_pair *session(uint64_t seed)
{
    return engine_pair_new((engine_pair_options){
        .params = {64, 64, TCT_MODE_ESCROW}, .seed = seed, .given_keys = true});
}

static void expect_refused(engine_pair *p, uint8_t x, uint8_t y, int garbler)
{
    assert_int_equal(engine_pair_execute(p, &one, garbler, &x, &y), TCT_ERR_USAGE);
    assert_int_equal(engine_pair_release(p), TCT_ERR_ABORT);
    for (int role = 0; role < 2; role++) {
        assert_null(tct_run_result(p->run[role]));
        assert_true(tct_run_revealed(p->run[role]));
        assert_int_equal(tct_run_want(p->run[role]), TCT_RUN_RELEASE);
        /* One deposit per run, even after a refusal. */
        uint8_t again[48 * 40];
        size_t bytes = sizeof again;
        assert_int_equal(tct_run_deposit(p->run[role], again, &bytes), TCT_ERR_USAGE);
    }
}

static void wrong_deposits_and_junk_tokens_are_refused(void **state)
{
    random_source random = random_from(1);
    (void)state;
    engine_pair *p = session(1);
    for (unsigned i = 0; i < 32; i++) {
        int cheater = i & 1;
        cheat_clear();
        if (i & 2) {
            cheat_flip(cheater, TCT_TWIST_DEPOSIT, random_below(&random, 128 * 40));
        } else { /* both tokens of one bit */
            size_t bit = 256 * (size_t)random_below(&random, 40);
            cheat_flip(cheater, TCT_TWIST_TOKENS, bit + 5);
            cheat_flip(cheater, TCT_TWIST_TOKENS, bit + 128 + 9);
        }
        expect_refused(p, i >> 2 & 1, i >> 3 & 1, (int)(i >> 4));
    }
    cheat_clear();
    engine_pair_free(p);
}

/* The relay (or a peer with its help) gives something else than was deposited. */
static void released_junk_gives_no_output_and_can_be_fetched_again(void **state)
{
    static uint8_t deposit[2][48 * 40];
    uint8_t x = 1, y = 1;
    (void)state;
    engine_pair *p = session(2);
    assert_int_equal(engine_pair_execute(p, &one, 0, &x, &y), TCT_ERR_USAGE);
    for (int role = 0; role < 2; role++) {
        size_t bytes = sizeof deposit[role];
        assert_int_equal(tct_run_release(p->run[role], deposit[1 - role], 640), TCT_ERR_USAGE);
        assert_int_equal(tct_run_deposit(p->run[role], deposit[role], &bytes), TCT_OK);
    }
    for (int role = 0; role < 2; role++) {
        tct_run *r = p->run[role];
        for (size_t i = 0; i < 640; i += 61) {
            deposit[1 - role][i] ^= 1;
            assert_int_equal(tct_run_release(r, deposit[1 - role], 640), TCT_ERR_CHEAT);
            deposit[1 - role][i] ^= 1;
            assert_null(tct_run_result(r));
        }
        assert_int_equal(tct_run_release(r, deposit[1 - role], 639), TCT_ERR_FORMAT);
        assert_int_equal(tct_run_release(r, deposit[role], 640), TCT_ERR_CHEAT); /* mirrored */
        assert_int_equal(tct_run_release(r, deposit[1 - role], 640), TCT_OK);
        assert_int_equal(tct_run_result(r)[0], 1);
        assert_true(tct_run_done(r));
    }
    engine_pair_free(p);
}

/* Which of the two sorted tokens belongs to bit 1 is known to their maker: it junks the token of that
 * value and keeps the other, for `width` of the peer's bits. */
static unsigned width;
static int junker;
static tct_run *junker_run;
static void junk_by_value(int role, tct_twist_point point, uint64_t index, void *data,
                          size_t count)
{
    uint8_t *tokens = data;
    (void)index;
    (void)count;
    if (role != junker || point != TCT_TWIST_TOKENS)
        return;
    const tct_run *r = junker_run;
    for (uint32_t i = 0; i < width; i++) {
        uint8_t dep[32], tok[32];
        tct_hash h;
        tct_block key = r->keys[tct_run_first_spread(r, 1 - role) + i];
        key = tct_block_xor(key, r->engine->delta.block);
        tct_run_hash_role(&h, "dep", r, 1 - role);
        tct_hash_u32(&h, i);
        tct_hash_u8(&h, 1);
        tct_hash_field(&h, &key, sizeof key);
        tct_hash_field(&h, r->th, sizeof r->th);
        tct_hash_final(&h, dep);
        tct_hash_init(&h, "tok");
        tct_hash_field(&h, dep, 16);
        tct_hash_final(&h, tok);
        bool second = memcmp(tokens + 32 * i, tok, 16) != 0;
        assert_memory_equal(tokens + 32 * i + (second ? 16 : 0), tok, 16);
        tokens[32 * i + (second ? 16 : 0)] ^= 1;
    }
}

/* |hits/of_trials - p/q| within 4 σ. */
static bool fits(int64_t hits, int64_t trials, int64_t p, int64_t q)
{
    int64_t off = hits * q - trials * p;
    return off * off <= 16 * trials * p * (q - p);
}

/* Refused with 1 - 2^-w; and among refused runs the output is as it is among all. */
static void junk_tokens_by_value_say_nothing_about_the_output(void **state)
{
    enum { RUNS = 240 };
    (void)state;
    for (junker = 0; junker < 2; junker++) {
        for (width = 1; width <= 3; width += 2) {
            random_source random = random_from(width + 10);
            engine_pair *p = session(50 + width);
            int64_t refused = 0, ones = 0;
            for (int i = 0; i < RUNS; i++) {
                uint8_t bits[2];
                bits[junker] = 1; /* the output is the honest person's bit */
                bits[1 - junker] = (uint8_t)random_below(&random, 2);
                tct_twist = NULL;
                assert_int_equal(engine_pair_execute(p, &one, i & 1, &bits[0], &bits[1]),
                                 TCT_ERR_USAGE);
                junker_run = p->run[junker];
                tct_twist = junk_by_value;
                tct_err err = engine_pair_release(p);
                if (err == TCT_ERR_ABORT) {
                    refused++;
                    ones += bits[1 - junker];
                } else {
                    assert_int_equal(err, TCT_OK);
                    for (int role = 0; role < 2; role++)
                        assert_int_equal(tct_run_result(p->run[role])[0], bits[1 - junker]);
                }
            }
            assert_true(fits(refused, RUNS, (1 << width) - 1, 1 << width));
            assert_true(fits(ones, refused, 1, 2));
            tct_twist = NULL;
            engine_pair_free(p);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_deposits_and_junk_tokens_are_refused),
        cmocka_unit_test(released_junk_gives_no_output_and_can_be_fetched_again),
        cmocka_unit_test(junk_tokens_by_value_say_nothing_about_the_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
