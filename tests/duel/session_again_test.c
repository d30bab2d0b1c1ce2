/* SPDX-License-Identifier: ISC
 *
 * How often, and meeting again: a pairing that both keep or neither, what it is used as, the moment before
 * answers leave, and the word of a device whose history says no.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "session/session_state.h"
#include "support/duel.h"

static const char weekly[] = "title Weekly\n"
                             "ask want: Do you want to?\n"
                             "  no: No\n"
                             "  yes: Yes\n"
                             "outcome yes: Yes.\n"
                             "  when both (want is yes)\n"
                             "outcome no: Not now.\n"
                             "  otherwise\n"
                             "once every 7 days\n";
static tacit_answers yes[2];

static int prepare(void **state)
{
    (void)state;
    assert_true(tacit_start());
    for (int person = 0; person < 2; person++)
        duel_answer(weekly, person, (const char *[]){"want", "yes", NULL}, &yes[person]);
    return 0;
}

static void start_pair(duel *d, uint64_t seed)
{
    duel_start(d, seed, &(duel_options){weekly, NULL, -1, NULL},
               &(duel_options){NULL, NULL, -1, NULL});
}

/* ---- keeping --- */

static bool answers_due(const tacit_session *s)
{
    return tacit_session_answers_due(s);
}

/* Both seal, each with its wish; what each side has at the moment before its answers leave. */
static void keep(duel *d, uint64_t seed, const bool wish[2], bool has[2], uint8_t secret[2][32])
{
    for (int side = 0; side < 2; side++) {
        start_pair(d, seed);
        for (int i = 0; i < 2; i++) {
            tacit_session_ask_keep(d->side[i].session, wish[i]);
            d->side[i].answers = &yes[i];
        }
        duel_run_until(d, side, answers_due);
        assert_true(tacit_session_answers_due(d->side[side].session));
        assert_false(d->side[side].session->own_f7_left);
        memset(secret[side], 0xee, 32);
        has[side] = tacit_session_pairing(d->side[side].session, secret[side]);
        duel_run(d);
        assert_string_equal(duel_outcome(d, side), "yes");
        if (side == 0)
            duel_end(d);
    }
}

static void both_keep_the_same_or_neither_has_anything(void **state)
{
    (void)state;
    static const uint8_t untouched[32] = {0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
                                          0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
                                          0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
                                          0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee};
    for (unsigned wishes = 0; wishes < 4; wishes++) {
        duel d;
        uint8_t secret[2][32];
        bool has[2];
        keep(&d, 1, (const bool[2]){(wishes & 1) != 0, (wishes & 2) != 0}, has, secret);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(has[i], wishes == 3);
            if (wishes != 3)
                assert_memory_equal(secret[i], untouched, 32);
        }
        assert_memory_equal(secret[0], secret[1], 32);
        /* Afterwards the keys are gone, and nothing can be had any more. */
        assert_false(tacit_session_pairing(d.side[0].session, secret[0]));
        duel_end(&d);
    }
}

static void every_session_keeps_another_secret(void **state)
{
    (void)state;
    duel d;
    uint8_t one[2][32], other[2][32];
    bool has[2];
    keep(&d, 2, (const bool[2]){true, true}, has, one);
    duel_end(&d);
    keep(&d, 3, (const bool[2]){true, true}, has, other);
    duel_end(&d);
    assert_memory_not_equal(one[0], other[0], 32);
}

static bool is_ready(const tacit_session *s)
{
    return tacit_session_stage(s) == TACIT_STAGE_READY;
}

/* Before the other has said that it is ready, its wish is not known, and nothing is there. */
static void nothing_is_there_before_both_have_sealed(void **state)
{
    (void)state;
    duel d;
    uint8_t secret[32];
    start_pair(&d, 4);
    for (int i = 0; i < 2; i++)
        tacit_session_ask_keep(d.side[i].session, true);
    assert_false(tacit_session_pairing(d.side[0].session, secret));
    duel_run_until(&d, 0, is_ready);
    d.side[0].answers = &yes[0];
    duel_run(&d);
    for (int i = 0; i < 2; i++) {
        assert_false(tacit_session_pairing(d.side[i].session, secret));
        assert_false(tacit_session_answers_due(d.side[i].session));
    }
    tacit_session_ask_keep(d.side[0].session, false); /* too late: what was sealed stays */
    d.side[1].answers = &yes[1];
    duel_run_until(&d, 0, answers_due);
    assert_true(tacit_session_pairing(d.side[0].session, secret));
    duel_run(&d);
    duel_end(&d);
}

/* ---- what a pairing is used as --- */

/* By Python's hashlib: BLAKE2b of len(tag) ‖ tag ‖ u64 32 ‖ secret. */
static void a_pairing_is_used_as_a_second_implementation_says(void **state)
{
    (void)state;
    uint8_t secret[32], out[32], room[16];
    char code[TACIT_CODE_MAX];
    for (uint8_t i = 0; i < 32; i++)
        secret[i] = i;
    static const uint8_t id[8] = {0x91, 0xc6, 0x5b, 0x84, 0xcc, 0x01, 0x63, 0x44},
                         next[8] = {0x9e, 0xd1, 0xf9, 0x07, 0x42, 0x69, 0x77, 0x6a},
                         at[16] = {0xa7, 0x3e, 0x13, 0xa5, 0xbc, 0xfd, 0x82, 0xf3,
                                   0xc3, 0xd4, 0x2d, 0x6e, 0x36, 0xd1, 0x71, 0xab};
    tacit_pairing_id(out, secret);
    assert_memory_equal(out, id, sizeof id);
    tacit_pairing_meet(secret, code, room);
    assert_string_equal(code, "6b487ec7f50b25e6152b160dace69074254ea0880c70588c7c31c2a1f7b1b9");
    assert_memory_equal(room, at, sizeof at);
    tacit_pairing_next(secret, secret);
    assert_memory_equal(secret, next, sizeof next);
}

/* The kept secret as the code, in the room that follows from it: an ordinary meeting; with another secret,
 * or one a step further, it is a wrong code. */
static void two_meet_with_what_they_kept(void **state)
{
    (void)state;
    uint8_t secret[32] = {7}, room[16];
    char code[TACIT_CODE_MAX], later[TACIT_CODE_MAX];
    tacit_pairing_meet(secret, code, room);
    tacit_pairing_next(secret, secret);
    tacit_pairing_meet(secret, later, room);
    assert_string_not_equal(code, later);
    for (int same = 0; same < 2; same++) {
        duel d;
        duel_start(&d, 5, &(duel_options){weekly, code, -1, &yes[0]},
                   &(duel_options){NULL, same != 0 ? code : later, -1, &yes[1]});
        duel_run(&d);
        assert_string_equal(duel_outcome(&d, 0), same != 0 ? "yes" : "-");
        if (same == 0)
            assert_int_equal(tacit_session_error(d.side[1].session), TACIT_ERR_CODE);
        duel_end(&d);
    }
}

/* ---- too soon --- */

static bool has_sheet(const tacit_session *s)
{
    return tacit_session_sheet(s) != NULL;
}

static void whose_history_says_no_ends_it_for_both(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        duel d;
        start_pair(&d, 6);
        duel_run_until(&d, who, has_sheet);
        tacit_session_too_soon(d.side[who].session);
        duel_run(&d);
        assert_int_equal(tacit_session_error(d.side[who].session), TACIT_OK);
        assert_int_equal(tacit_session_stage(d.side[who].session), TACIT_STAGE_ENDED);
        assert_int_equal(tacit_session_error(d.side[1 - who].session), TACIT_ERR_TOO_SOON);
        assert_false(tacit_session_maybe_revealed(d.side[1 - who].session));
        duel_end(&d);
    }
}

static void decline(duel *d, int from, uint8_t reason)
{
    tacit_session *s = d->side[from].session;
    uint8_t frame[TCT_BYE_FRAME_MAX];
    tct_frame_head head =
        tct_channel_next_head(&s->channel, TCT_KIND_LIVE, 0, TCT_FLIGHT_DECLINE, 0);
    tct_channel_seal(&s->channel, &head, NULL, NULL, &reason, 1, frame);
    duel_post(d, 1 - from, frame, tct_frame_bytes(1, false));
}

/* Of a sheet that says nothing of how often; after its sender was ready; and a reason that is none. */
static void a_word_that_no_honest_device_says_is_refused(void **state)
{
    (void)state;
    for (int from = 0; from < 2; from++)
        for (int how = 0; how < 3; how++) {
            duel d;
            if (how == 0)
                duel_start(&d, 7, &(duel_options){duel_both, NULL, -1, NULL},
                           &(duel_options){NULL, NULL, -1, NULL});
            else
                start_pair(&d, 7);
            duel_run(&d);
            if (how == 1) {
                d.side[from].answers = &yes[from];
                duel_run(&d);
                assert_true(d.side[1 - from].session->peer_ready);
            }
            decline(&d, from, how == 2 ? 5 : TCT_DECLINE_TOO_SOON);
            duel_run(&d);
            assert_int_equal(tacit_session_error(d.side[1 - from].session), TACIT_ERR_FORMAT);
            duel_end(&d);
        }
}

/* Once it has said that it is ready a device does not say it either: it leaves, without a reason. */
static void after_being_ready_it_is_plain_leaving(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 8);
    d.side[1].answers = &yes[1];
    duel_run(&d);
    assert_true(d.side[1].session->ready_said);
    tacit_session_too_soon(d.side[1].session);
    duel_run(&d);
    assert_int_equal(tacit_session_error(d.side[0].session), TACIT_ERR_ABORT);
    duel_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_keep_the_same_or_neither_has_anything),
        cmocka_unit_test(every_session_keeps_another_secret),
        cmocka_unit_test(nothing_is_there_before_both_have_sealed),
        cmocka_unit_test(a_pairing_is_used_as_a_second_implementation_says),
        cmocka_unit_test(two_meet_with_what_they_kept),
        cmocka_unit_test(whose_history_says_no_ends_it_for_both),
        cmocka_unit_test(a_word_that_no_honest_device_says_is_refused),
        cmocka_unit_test(after_being_ready_it_is_plain_leaving),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
