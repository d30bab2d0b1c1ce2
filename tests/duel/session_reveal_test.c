/* SPDX-License-Identifier: ISC
 *
 * Leaving, and what it shows: silence before the reveal, "may have been seen" after it, and no way
 * back.  (Attack table rows 20, 24, 26, 31, 32, 38.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "session/session_state.h"
#include "support/duel.h"

static tacit_answers yes[2], no[2];

static int prepare(void **state)
{
    (void)state;
    assert_true(tacit_start());
    for (int person = 0; person < 2; person++) {
        duel_answer(duel_both, person, (const char *[]){"want", "yes", NULL}, &yes[person]);
        duel_answer(duel_both, person, (const char *[]){"want", "no", NULL}, &no[person]);
    }
    return 0;
}

static void start_pair(duel *d, uint64_t seed)
{
    duel_start(d, seed, &(duel_options){duel_both, NULL, -1, &yes[0]},
               &(duel_options){NULL, NULL, -1, &yes[1]});
}

/* ---- leaving --- */

/* Whoever leaves, whenever: the other ends too, with no other error than that the peer stopped. */
static void leaving_at_any_time_ends_the_other_quietly(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++)
        for (unsigned frames = 0; frames <= 9; frames++) {
            duel d;
            start_pair(&d, 400 + frames);
            duel_run_until_sent(&d, who, frames);
            bool proved = d.side[who].session->confirm_taken; /* only then it says goodbye */
            tacit_session_leave(d.side[who].session);
            bool done = tacit_session_stage(d.side[who].session) == TACIT_STAGE_DONE;
            assert_true(done || tacit_session_stage(d.side[who].session) == TACIT_STAGE_ENDED);
            assert_int_equal(tacit_session_error(d.side[who].session), TACIT_OK);
            duel_run(&d);
            duel_time_out(&d); /* a deposit may be alone at the relay */
            duel_run(&d);
            const tacit_session *other = d.side[1 - who].session;
            tacit_status said = tacit_session_error(other);
            assert_true(said == TACIT_OK || said == TACIT_ERR_ABORT ||
                        said == TACIT_ERR_REFUSED);
            if (proved && !done)
                assert_true(tacit_session_stage(other) >= TACIT_STAGE_DONE);
            duel_end(&d);
        }
}

static bool f7_has_left(const tacit_session *s)
{
    return s->own_f7_left;
}

static bool f7_has_come(const tacit_session *s)
{
    return s->peer_f7_come;
}

static size_t farewell_bytes(duel *d, int who, uint8_t *flight)
{
    unsigned before = d->side[who].sent_count;
    tacit_session_leave(d->side[who].session);
    assert_true(duel_send(d, who));
    assert_false(duel_send(d, who));
    const duel_frame *frame = &d->side[who].sent[before];
    *flight = frame->bytes[5];
    return frame->count;
}

/* Before own F7 a reason is allowed, after it none; the size is the same. */
static void after_the_answers_have_left_no_reason_is_given(void **state)
{
    (void)state;
    uint8_t flight;
    duel d;
    start_pair(&d, 420);
    d.side[0].answers = d.side[1].answers = NULL;
    duel_run(&d);
    size_t before = farewell_bytes(&d, 0, &flight);
    assert_int_equal(flight, TCT_FLIGHT_DECLINE);
    duel_end(&d);
    start_pair(&d, 421);
    duel_run_until(&d, 0, f7_has_left);
    size_t after = farewell_bytes(&d, 0, &flight);
    assert_int_equal(flight, TCT_FLIGHT_BYE);
    assert_int_equal(d.side[0].sent[d.side[0].sent_count - 1].bytes[0], TCT_KIND_RUN);
    assert_int_equal(before, after);
    duel_run(&d);
    assert_int_equal(tacit_session_error(d.side[1].session), TACIT_ERR_ABORT);
    duel_end(&d);
}

/* An answer of no and an answer of yes leave alike. */
static void a_farewell_looks_the_same_whatever_was_answered(void **state)
{
    (void)state;
    uint8_t flights[2];
    size_t bytes[2];
    for (int i = 0; i < 2; i++) {
        duel d;
        start_pair(&d, 422);
        d.side[0].answers = i == 0 ? &yes[0] : &no[0];
        d.side[1].answers = NULL;
        duel_run(&d);
        bytes[i] = farewell_bytes(&d, 0, &flights[i]);
        duel_end(&d);
    }
    assert_int_equal(bytes[0], bytes[1]);
    assert_int_equal(flights[0], flights[1]);
}

static void nothing_is_said_to_who_has_not_proved_the_code(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 423);
    duel_run_until_sent(&d, 0, 2); /* own T is out, the peer's has not come */
    tacit_session_leave(d.side[0].session);
    assert_int_equal(tacit_session_want(d.side[0].session), 0);
    duel_end(&d);
    start_pair(&d, 424);
    duel_run_until_sent(&d, 1, 1);
    tacit_session_leave(d.side[1].session);
    assert_int_equal(tacit_session_want(d.side[1].session), 0);
    duel_end(&d);
}

/* A reason that does not exist, or one given too late, ends it as any nonsense does. */
static void send_farewell(duel *d, int from, uint8_t flight, uint8_t reason)
{
    tacit_session *s = d->side[from].session;
    uint8_t frame[TCT_BYE_FRAME_MAX];
    tct_frame_head head = tct_channel_next_head(&s->channel, TCT_KIND_LIVE, 0, flight, 0);
    tct_channel_seal(&s->channel, &head, NULL, NULL, &reason, 1, frame);
    duel_post(d, 1 - from, frame, tct_frame_bytes(1, false));
}

static void farewells_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    static const uint8_t cases[][3] = {{TCT_FLIGHT_DECLINE, 0, TACIT_ERR_FORMAT},
                                       {TCT_FLIGHT_DECLINE, 4, TACIT_ERR_FORMAT},
                                       {TCT_FLIGHT_DECLINE, 3, TACIT_ERR_ABORT},
                                       {TCT_FLIGHT_BYE, 1, TACIT_ERR_FORMAT},
                                       {TCT_FLIGHT_BYE, 0, TACIT_ERR_ABORT},
                                       {TCT_FLIGHT_OFFER, 0, TACIT_ERR_FORMAT},
                                       {0, 0, TACIT_ERR_FORMAT},
                                       {10, 0, TACIT_ERR_FORMAT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int from = 0; from < 2; from++) {
            duel d;
            start_pair(&d, 430 + i);
            d.side[0].answers = d.side[1].answers = NULL;
            duel_run(&d);
            send_farewell(&d, from, cases[i][0], cases[i][1]);
            duel_run(&d);
            assert_int_equal(tacit_session_error(d.side[1 - from].session), cases[i][2]);
            duel_end(&d);
        }
}

static void without_f8(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    if (frame[5] != TCT_F8)
        duel_post(d, to, frame, bytes);
}

static void a_reason_after_the_answers_is_refused(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 440);
    d.wire = without_f8;
    duel_run(&d);
    assert_true(d.side[1].session->peer_f7_come);
    send_farewell(&d, 0, TCT_FLIGHT_DECLINE, TCT_DECLINE_LEFT);
    duel_run(&d);
    assert_int_equal(tacit_session_error(d.side[1].session), TACIT_ERR_FORMAT);
    duel_end(&d);
}

/* ---- look, deny, retry (row 32) --- */

static void swallow(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    if (to == 1 || frame[5] != TCT_F9)
        duel_post(d, to, frame, bytes);
}

/* The answerer evaluates, sees, and lets the line drop.  The asker knows that it may have been seen
 * through, and its session can do nothing more: no second F7, no F8 again, no other answer. */
static void who_looks_and_drops_the_line_cannot_ask_again(void **state)
{
    (void)state;
    duel d;
    duel_keeps_deposits[0] = false; /* with deposits nobody looks first: session_escrow_test */
    start_pair(&d, 450);
    duel_keeps_deposits[0] = true;
    d.wire = swallow;
    duel_run(&d);
    tacit_session *asker = d.side[0].session;
    assert_string_equal(duel_outcome(&d, 1), "yes");
    assert_string_equal(duel_outcome(&d, 0), "-");
    assert_true(tacit_session_maybe_revealed(asker));
    assert_int_equal(tacit_session_want(asker) & TACIT_WANT_ANSWERS, 0);
    assert_int_equal(tacit_session_seal(asker, &no[0]), TACIT_ERR_USAGE);
    unsigned sent = d.side[0].sent_count;
    for (unsigned i = 0; i < d.side[1].sent_count; i++) /* everything again, F7 too; but F9 */
        if (d.side[1].sent[i].bytes[5] != TCT_F9)
            duel_post(&d, 0, d.side[1].sent[i].bytes, d.side[1].sent[i].count);
    duel_run(&d);
    assert_int_equal(d.side[0].sent_count, sent);
    tacit_session_leave(asker);
    assert_true(tacit_session_maybe_revealed(asker));
    assert_int_equal(tacit_session_seal(asker, &no[0]), TACIT_ERR_USAGE);
    duel_end(&d);
}

/* A second F7 with other answers, properly sealed (row 20): the frame is a repeat by its number and is
 * never opened. */
static void a_second_f7_is_not_opened(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 451);
    duel_run_until(&d, 0, f7_has_come);
    tacit_session *evil = d.side[1].session;
    uint8_t frame[TCT_BYE_FRAME_MAX], other_bits[1] = {1};
    tct_frame_head head = tct_channel_next_head(&evil->channel, TCT_KIND_RUN, 0, TCT_F7, 0);
    tct_channel_seal(&evil->channel, &head, evil->qid, NULL, other_bits, 1, frame);
    duel_post(&d, 0, frame, tct_frame_bytes(1, false));
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 0), "yes");
    duel_end(&d);
}

/* ---- a run is bound to its question (row 38) --- */

static void answers_to_another_question_do_not_open(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        duel d;
        start_pair(&d, 460);
        d.side[0].answers = d.side[1].answers = NULL;
        duel_run(&d);
        d.side[who].session->qid[0] ^= 1;
        d.side[0].answers = &yes[0];
        d.side[1].answers = &yes[1];
        duel_run(&d);
        for (int i = 0; i < 2; i++) {
            assert_string_equal(duel_outcome(&d, i), "-");
            assert_int_equal(tacit_session_stage(d.side[i].session), TACIT_STAGE_ENDED);
            assert_false(tacit_session_maybe_revealed(d.side[i].session));
        }
        duel_end(&d);
    }
}

/* ---- what is left behind --- */

static bool anywhere(const void *memory, size_t bytes, const void *what, size_t count)
{
    const uint8_t *m = memory;
    for (size_t i = 0; i + count <= bytes; i++)
        if (memcmp(m + i, what, count) == 0)
            return true;
    return false;
}

/* Keys, seeds, the code: gone when it is over, one way or the other. */
static void secrets_are_gone_when_it_is_over(void **state)
{
    (void)state;
    for (int leave = 0; leave < 2; leave++)
        for (int i = 0; i < 2; i++) {
            duel d;
            start_pair(&d, 470);
            tct_session_seeds seeds = d.side[i].session->seeds;
            d.side[1 - i].answers = NULL;
            duel_run(&d);
            tct_channel channel = d.side[i].session->channel;
            uint8_t live[32];
            memcpy(live, channel.live[0], 32);
            if (leave != 0)
                tacit_session_leave(d.side[i].session);
            d.side[1 - i].answers = &yes[1 - i];
            duel_run(&d);
            const duel_side *side = &d.side[i];
            assert_true(tacit_session_stage(side->session) >= TACIT_STAGE_DONE);
            const void *places[2] = {side->memory, side->room};
            size_t bytes[2] = {tacit_session_bytes(), side->room_bytes};
            for (int k = 0; k < 2; k++) {
                assert_false(anywhere(places[k], bytes[k], channel.isk, 32));
                assert_false(anywhere(places[k], bytes[k], live, 32));
                assert_false(anywhere(places[k], bytes[k], seeds.engine, 32));
                assert_false(anywhere(places[k], bytes[k], seeds.run, 32));
                assert_false(anywhere(places[k], bytes[k], seeds.lots, 32));
                assert_false(anywhere(places[k], bytes[k], seeds.share, 32));
                assert_false(anywhere(places[k], bytes[k], "lantern", 7));
            }
            duel_end(&d);
        }
}

/* Sealing encodes and forgets: after F7 has left, the answers' bits are nowhere in this shape. */
static void encoded_answers_are_wiped_when_the_run_has_them(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 471);
    duel_run_until(&d, 0, f7_has_left);
    const tacit_session *s = d.side[0].session;
    assert_true(s->sealed && !s->bits_waiting);
    for (size_t i = 0; i < s->bits_bytes; i++)
        assert_int_equal(s->bits[i], 0);
    duel_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaving_at_any_time_ends_the_other_quietly),
        cmocka_unit_test(after_the_answers_have_left_no_reason_is_given),
        cmocka_unit_test(a_farewell_looks_the_same_whatever_was_answered),
        cmocka_unit_test(nothing_is_said_to_who_has_not_proved_the_code),
        cmocka_unit_test(farewells_that_make_no_sense_are_refused),
        cmocka_unit_test(a_reason_after_the_answers_is_refused),
        cmocka_unit_test(who_looks_and_drops_the_line_cannot_ask_again),
        cmocka_unit_test(a_second_f7_is_not_opened),
        cmocka_unit_test(answers_to_another_question_do_not_open),
        cmocka_unit_test(secrets_are_gone_when_it_is_over),
        cmocka_unit_test(encoded_answers_are_wiped_when_the_run_has_them),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
