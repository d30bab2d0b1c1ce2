/* SPDX-License-Identifier: ISC
 *
 * Two honest sessions: the same outcome on both sides as the rule gives in the clear, whatever the
 * order of events; how many latencies that takes; and what the relay sees meanwhile.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

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

static const tacit_answers *answers(int person, int would)
{
    return would != 0 ? &yes[person] : &no[person];
}

static void start_pair(duel *d, uint64_t seed, int asker_would, int answerer_would)
{
    duel_start(d, seed, &(duel_options){duel_both, NULL, -1, answers(0, asker_would)},
               &(duel_options){NULL, NULL, -1, answers(1, answerer_would)});
}

static void both_see(duel *d, const char *outcome)
{
    for (int i = 0; i < 2; i++) {
        assert_string_equal(duel_outcome(d, i), outcome);
        assert_int_equal(tacit_session_stage(d->side[i].session), TACIT_STAGE_DONE);
        assert_int_equal(tacit_session_error(d->side[i].session), TACIT_OK);
        assert_int_equal(tacit_session_want(d->side[i].session), 0);
        assert_false(tacit_session_guess_open(d->side[i].session));
        assert_true(tacit_session_maybe_revealed(d->side[i].session));
    }
}

static void both_see_the_rule_s_outcome_in_any_order_of_events(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        int a = (int)(seed & 1), b = (int)(seed >> 1 & 1);
        duel d;
        start_pair(&d, seed, a, b);
        duel_run(&d);
        both_see(&d, a != 0 && b != 0 ? "yes" : "no");
        assert_int_equal(tacit_session_person(d.side[0].session), 0);
        assert_int_equal(tacit_session_person(d.side[1].session), 1);
        duel_end(&d);
    }
}

/* Who asks may take either role; the roles' own questions stay with them. */
static void roles_may_be_taken_either_way(void **state)
{
    (void)state;
    tacit_answers part[2][2];
    for (int would = 0; would < 2; would++) {
        const char *word = would != 0 ? "yes" : "no";
        duel_answer(duel_roles, 0, (const char *[]){"want", word, NULL}, &part[0][would]);
        duel_answer(duel_roles, 1, (const char *[]){"like", word, NULL}, &part[1][would]);
    }
    for (uint64_t seed = 0; seed < 8; seed++) {
        int asker = (int)(seed & 1), a = (int)(seed >> 1 & 1), b = (int)(seed >> 2 & 1);
        int stated =
            seed % 3 == 0 ? 1 - asker : -1; /* saying it or leaving it open is the same */
        duel d;
        duel_start(&d, seed, &(duel_options){duel_roles, NULL, asker, &part[asker][a]},
                   &(duel_options){duel_roles, NULL, stated, &part[1 - asker][b]});
        duel_run(&d);
        both_see(&d, a != 0 && b != 0 ? "yes" : "no");
        assert_int_equal(tacit_session_person(d.side[0].session), asker);
        assert_int_equal(tacit_session_person(d.side[1].session), 1 - asker);
        duel_end(&d);
    }
}

/* F1 of the asker waits in the mailbox; from the answerer's first frame on, nine one-way latencies
 * take the last frame across, the sheet's journey included, and one more is deposit and verdict: the
 * relay stands between the two.  Without an escrow it is nine. */
static void latencies_of_a_session(bool escrow, unsigned expected)
{
    duel d;
    duel_keeps_deposits[0] = escrow;
    start_pair(&d, 5, 1, 1);
    duel_keeps_deposits[0] = true;
    assert_true(duel_tend(&d, 0));
    assert_true(duel_send(&d, 0));
    assert_true(duel_deliver(&d, 1));
    assert_int_equal(duel_run_in_lockstep(&d), expected);
    both_see(&d, "yes");
    duel_end(&d);
}

static void ten_latencies_from_the_answerer_s_first_frame_are_enough(void **state)
{
    (void)state;
    latencies_of_a_session(true, 10);
    latencies_of_a_session(false, 9);
}

/* Prepared while people think: after the last input F7, F8 and F9 are left, and the reveal.  It is one
 * more when the last is the asker, since the answerer's device sends its F7 first. */
static void four_or_five_latencies_follow_the_last_answer(void **state)
{
    (void)state;
    for (int late = 0; late < 2; late++) {
        duel d;
        start_pair(&d, 6, 1, 1);
        d.side[late].answers = NULL;
        duel_run(&d);
        assert_int_equal(tacit_session_stage(d.side[late].session), TACIT_STAGE_READY);
        assert_int_equal(tacit_session_stage(d.side[1 - late].session), TACIT_STAGE_SEALED);
        d.side[late].answers = &yes[late];
        unsigned latencies = duel_run_in_lockstep(&d);
        assert_true(latencies <= (late == 0 ? 5 : 4));
        both_see(&d, "yes");
        duel_end(&d);
    }
}

/* The relay sees headers, sizes and order; none of them may depend on an answer. */
static void what_the_relay_sees_does_not_depend_on_answers(void **state)
{
    (void)state;
    duel first, other;
    start_pair(&first, 7, 1, 1);
    duel_run_in_lockstep(&first);
    for (int which = 0; which < 3; which++) {
        start_pair(&other, 8, which & 1, which >> 1);
        duel_run_in_lockstep(&other);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(first.side[i].sent_count, other.side[i].sent_count);
            for (unsigned j = 0; j < first.side[i].sent_count; j++) {
                const duel_frame *a = &first.side[i].sent[j], *b = &other.side[i].sent[j];
                assert_int_equal(a->count, b->count);
                assert_memory_equal(a->bytes, b->bytes, 14);
            }
        }
        duel_end(&other);
    }
    duel_end(&first);
}

static bool holds(const duel_frame *frame, const void *bytes, size_t count)
{
    for (size_t at = 0; at + count <= frame->count; at++)
        if (memcmp(frame->bytes + at, bytes, count) == 0)
            return true;
    return false;
}

/* Neither the code's words, nor the sheet's fingerprint, nor its text is ever in a frame; and the
 * same sheet shows different veils in two sessions. */
static void the_relay_never_sees_the_code_or_the_sheet(void **state)
{
    (void)state;
    duel d[2];
    for (int k = 0; k < 2; k++) {
        start_pair(&d[k], 9 + (uint64_t)k, 1, 1);
        duel_run(&d[k]);
        both_see(&d[k], "yes");
        const tacit_sheet *sheet = tacit_session_sheet(d[k].side[1].session);
        assert_non_null(sheet);
        for (int i = 0; i < 2; i++)
            for (unsigned j = 0; j < d[k].side[i].sent_count; j++) {
                const duel_frame *frame = &d[k].side[i].sent[j];
                assert_false(holds(frame, "lantern", 7));
                assert_false(holds(frame, "harbor", 6));
                assert_false(holds(frame, "title", 5));
                assert_false(holds(frame, tacit_sheet_see(sheet)->fingerprint, 32));
            }
    }
    for (int veil = 0; veil < 2; veil++)
        assert_memory_not_equal(d[0].side[0].sent[0].bytes + 21 + 32 * veil,
                                d[1].side[0].sent[0].bytes + 21 + 32 * veil, 32);
    duel_end(&d[0]);
    duel_end(&d[1]);
}

static void both_hold_the_same_sheet_and_can_compare_it(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 11, 1, 1);
    duel_run(&d);
    const tacit_sheet *own = tacit_session_sheet(d.side[0].session);
    const tacit_sheet *came = tacit_session_sheet(d.side[1].session);
    assert_ptr_not_equal(own, came);
    assert_memory_equal(tacit_sheet_see(own)->fingerprint, tacit_sheet_see(came)->fingerprint,
                        32);
    duel_end(&d);
}

/* ---- repeats --- */

static void twice(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    duel_post(d, to, frame, bytes);
    duel_post(d, to, frame, bytes);
}

static void frames_that_come_twice_change_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 20; seed < 24; seed++) {
        duel d;
        start_pair(&d, seed, 1, 1);
        d.wire = twice;
        duel_run(&d);
        both_see(&d, "yes");
        duel_end(&d);
    }
}

/* Before each frame, everything that this side ever sent comes again. */
static void with_all_that_went_before(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    const duel_side *from = &d->side[1 - to];
    for (unsigned i = 0; i + 1 < from->sent_count; i++)
        duel_post(d, to, from->sent[i].bytes, from->sent[i].count);
    duel_post(d, to, frame, bytes);
}

static void old_frames_that_come_again_change_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 24; seed < 27; seed++) {
        duel d;
        start_pair(&d, seed, 1, (int)(seed & 1));
        d.wire = with_all_that_went_before;
        duel_run(&d);
        both_see(&d, (seed & 1) != 0 ? "yes" : "no");
        duel_end(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_see_the_rule_s_outcome_in_any_order_of_events),
        cmocka_unit_test(roles_may_be_taken_either_way),
        cmocka_unit_test(ten_latencies_from_the_answerer_s_first_frame_are_enough),
        cmocka_unit_test(four_or_five_latencies_follow_the_last_answer),
        cmocka_unit_test(what_the_relay_sees_does_not_depend_on_answers),
        cmocka_unit_test(the_relay_never_sees_the_code_or_the_sheet),
        cmocka_unit_test(both_hold_the_same_sheet_and_can_compare_it),
        cmocka_unit_test(frames_that_come_twice_change_nothing),
        cmocka_unit_test(old_frames_that_come_again_change_nothing),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
