/* SPDX-License-Identifier: ISC
 *
 * The common reveal step: answers leave when both people have sealed; until then the line shows a beat
 * that is the same whatever anybody does.  And what a person who leaves may still do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "session/session_state.h"
#include "support/duel.h"

static tacit_answers yes[2];

static int prepare(void **state)
{
    (void)state;
    assert_true(tacit_start());
    for (int person = 0; person < 2; person++)
        duel_answer(duel_both, person, (const char *[]){"want", "yes", NULL}, &yes[person]);
    return 0;
}

static void start_pair(duel *d, uint64_t seed)
{
    duel_start(d, seed, &(duel_options){duel_both, NULL, -1, NULL},
               &(duel_options){NULL, NULL, -1, NULL});
}

/* ---- what the line shows --- */

enum { BEATS = 9 };

/* Both prepare, then BEATS beats; each side seals before the beat that is named. */
static void play(duel *d, uint64_t seed, const int seals_before[2])
{
    start_pair(d, seed);
    duel_run_in_lockstep(d);
    for (int beat = 0; beat < BEATS; beat++) {
        for (int i = 0; i < 2; i++)
            if (beat == seals_before[i])
                d->side[i].answers = &yes[i];
        for (int i = 0; i < 2; i++)
            tacit_session_beat(d->side[i].session);
        duel_run_in_lockstep(d);
    }
}

static void assert_same_line(const duel *a, const duel *b)
{
    for (int i = 0; i < 2; i++) {
        assert_int_equal(a->side[i].sent_count, b->side[i].sent_count);
        for (unsigned k = 0; k < a->side[i].sent_count; k++) {
            assert_int_equal(a->side[i].sent[k].count, b->side[i].sent[k].count);
            assert_memory_equal(a->side[i].sent[k].bytes, b->side[i].sent[k].bytes, 14);
        }
    }
}

/* Heads, sizes, order and number of frames: the same whenever the first one sealed, and whoever it
 * was, as long as the last one seals at the same beat. */
static void the_line_does_not_show_when_the_first_one_sealed(void **state)
{
    (void)state;
    static const int others[][2] = {{0, 7}, {3, 7}, {6, 7}};
    duel first, other;
    play(&first, 1, (const int[2]){5, 7});
    assert_string_equal(duel_outcome(&first, 0), "yes");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        play(&other, 2, others[i]);
        assert_string_equal(duel_outcome(&other, 1), "yes");
        assert_same_line(&first, &other);
        duel_end(&other);
    }
    duel_end(&first);
}

/* One who never seals, and one who seals alone: no difference at all. */
static void sealing_alone_shows_nothing(void **state)
{
    (void)state;
    duel nobody, one;
    play(&nobody, 3, (const int[2]){99, 99});
    for (int who = 0; who < 2; who++) {
        const int seals[2] = {who == 0 ? 4 : 99, who == 1 ? 4 : 99};
        play(&one, 4, seals);
        assert_same_line(&nobody, &one);
        assert_int_equal(tacit_session_stage(one.side[who].session), TACIT_STAGE_SEALED);
        assert_false(one.side[who].session->own_f7_left);
        assert_true(one.side[who].session->bits_waiting);
        duel_end(&one);
    }
    duel_end(&nobody);
}

static void pulses_are_of_one_size(void **state)
{
    (void)state;
    duel d;
    unsigned pulses = 0;
    play(&d, 5, (const int[2]){2, 6});
    for (int i = 0; i < 2; i++)
        for (unsigned k = 0; k < d.side[i].sent_count; k++)
            if (d.side[i].sent[k].bytes[5] == TCT_FLIGHT_PULSE) {
                assert_int_equal(d.side[i].sent[k].count, 286);
                pulses++;
            }
    assert_true(pulses >= 2 * 7);
    duel_end(&d);
}

/* ---- what a pulse may say --- */

static bool is_prepared(const tacit_session *s)
{
    return tacit_session_stage(s) == TACIT_STAGE_READY;
}

static void send_pulse(duel *d, int from, const uint8_t body[TCT_PULSE_BYTES])
{
    tacit_session *s = d->side[from].session;
    uint8_t frame[TCT_BYE_FRAME_MAX];
    tct_frame_head head =
        tct_channel_next_head(&s->channel, TCT_KIND_LIVE, 0, TCT_FLIGHT_PULSE, 0);
    tct_channel_seal(&s->channel, &head, NULL, NULL, body, TCT_PULSE_BYTES, frame);
    duel_post(d, 1 - from, frame, tct_frame_bytes(TCT_PULSE_BYTES, false));
}

static void what_no_pulse_says_is_refused(void **state)
{
    (void)state;
    static const struct {
        uint8_t first[TCT_PULSE_BYTES], second[TCT_PULSE_BYTES];
        tacit_status said;
    } cases[] = {
        {{2, 0}, {0, 0}, TACIT_ERR_FORMAT},
        {{0, 1}, {0, 0}, TACIT_ERR_FORMAT},
        {{1, 73}, {1, 73}, TACIT_ERR_FORMAT},
        {{1, 0}, {0, 0}, TACIT_ERR_FORMAT},
        {{1, 8}, {1, 9}, TACIT_ERR_FORMAT},
        {{1, 8}, {1, 8}, TACIT_OK},
        {{0, 0}, {1, 72}, TACIT_OK},
        {{1, 0, 2}, {1, 0, 2}, TACIT_ERR_FORMAT},
        {{0, 0, 1}, {0, 0}, TACIT_ERR_FORMAT},
        {{1, 0, 1}, {1, 0, 0}, TACIT_ERR_FORMAT},
        {{1, 0, 0}, {1, 0, 1}, TACIT_ERR_FORMAT},
        {{1, 0, 1}, {1, 0, 1}, TACIT_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int from = 0; from < 2; from++) {
            duel d;
            start_pair(&d, 10);
            duel_run(&d);
            send_pulse(&d, from, cases[i].first);
            send_pulse(&d, from, cases[i].second);
            duel_run(&d);
            assert_int_equal(tacit_session_error(d.side[1 - from].session), cases[i].said);
            duel_end(&d);
        }
}

/* Answers that leave before their sender has said that it is ready: no device of ours does that. */
static void answers_before_a_word_of_being_ready_are_refused(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 11);
    duel_run(&d);
    tacit_session *evil = d.side[1].session;
    evil->peer_ready = evil->ready_said = true;
    d.side[1].answers = &yes[1];
    assert_true(duel_tend(&d, 1));
    evil->pulse_due = false;
    while (duel_send(&d, 1))
        ;
    assert_true(evil->own_f7_left);
    duel_run(&d);
    assert_int_equal(tacit_session_error(d.side[0].session), TACIT_ERR_FORMAT);
    duel_end(&d);
}

/* ---- leaving by not now --- */

static bool f7_has_left(const tacit_session *s)
{
    return s->own_f7_left;
}

static void not_now_goes_in_the_place_of_what_was_sealed(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++)
        for (int sealed = 0; sealed < 2; sealed++) {
            duel d;
            start_pair(&d, 20);
            duel_run_until(&d, who, is_prepared);
            duel_run(&d);
            if (sealed != 0) {
                d.side[who].answers = &yes[who];
                duel_run(&d);
            }
            assert_true(tacit_session_not_now(d.side[who].session));
            assert_int_equal(tacit_session_stage(d.side[who].session), TACIT_STAGE_SEALED);
            d.side[1 - who].answers = &yes[1 - who];
            duel_run(&d);
            assert_string_equal(duel_outcome(&d, 0), "no");
            assert_string_equal(duel_outcome(&d, 1), "no");
            duel_end(&d);
        }
}

static void
not_now_is_too_early_before_the_two_agreed_and_too_late_after_the_answers_left(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 21);
    assert_false(tacit_session_not_now(d.side[0].session));
    assert_null(tacit_session_otherwise(d.side[0].session));
    d.side[0].answers = &yes[0];
    d.side[1].answers = &yes[1];
    duel_run_until(&d, 0, f7_has_left);
    assert_false(tacit_session_not_now(d.side[0].session));
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 0), "yes");
    assert_false(tacit_session_not_now(d.side[0].session));
    duel_end(&d);
}

/* The line of one who leaves by not now is that of one who seals. */
static void not_now_looks_like_any_answer(void **state)
{
    (void)state;
    duel answered, left;
    play(&answered, 22, (const int[2]){3, 7});
    start_pair(&left, 23);
    duel_run_in_lockstep(&left);
    for (int beat = 0; beat < BEATS; beat++) {
        if (beat == 3)
            assert_true(tacit_session_not_now(left.side[0].session));
        if (beat == 7)
            left.side[1].answers = &yes[1];
        for (int i = 0; i < 2; i++)
            tacit_session_beat(left.side[i].session);
        duel_run_in_lockstep(&left);
    }
    assert_string_equal(duel_outcome(&left, 1), "no");
    assert_same_line(&answered, &left);
    duel_end(&answered);
    duel_end(&left);
}

/* ---- the agreed time, and what is shown in place of an outcome --- */

static void both_hold_the_agreed_time_and_the_same_otherwise(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 30);
    tacit_session_agree_by(d.side[0].session, 1795000000123u);
    tacit_session_agree_by(d.side[1].session, 17); /* not the answerer's to say */
    duel_run(&d);
    tacit_session_agree_by(d.side[0].session, 5); /* too late */
    for (int i = 0; i < 2; i++) {
        assert_true(tacit_session_until(d.side[i].session) == 1795000000123u);
        const tacit_outcome *o = tacit_session_otherwise(d.side[i].session);
        assert_non_null(o);
        assert_string_equal(o->outcome->id, "no");
        assert_int_equal(o->reveal_count, 0);
        tacit_session_leave(d.side[i].session);
        assert_ptr_equal(tacit_session_otherwise(d.side[i].session), o);
    }
    duel_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_does_not_show_when_the_first_one_sealed),
        cmocka_unit_test(sealing_alone_shows_nothing),
        cmocka_unit_test(pulses_are_of_one_size),
        cmocka_unit_test(what_no_pulse_says_is_refused),
        cmocka_unit_test(answers_before_a_word_of_being_ready_are_refused),
        cmocka_unit_test(not_now_goes_in_the_place_of_what_was_sealed),
        cmocka_unit_test(
            not_now_is_too_early_before_the_two_agreed_and_too_late_after_the_answers_left),
        cmocka_unit_test(not_now_looks_like_any_answer),
        cmocka_unit_test(both_hold_the_agreed_time_and_the_same_otherwise),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
