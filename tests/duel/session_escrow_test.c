/* SPDX-License-Identifier: ISC
 *
 * The reveal by escrow between whole sessions: both learn or neither, whatever a peer deposits or does
 * not, whenever it leaves, whatever the relay says.  (Attack table rows 22, 23, 29, 32.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "garble/engine_state.h"
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

static void start_pair(duel *d, uint64_t seed, bool both_would)
{
    duel_start(d, seed, &(duel_options){duel_both, NULL, -1, &yes[0]},
               &(duel_options){NULL, NULL, -1, both_would ? &yes[1] : &no[1]});
}

/* Until nothing moves but the verdict, which a test holds back. */
static bool held_back(duel *d, int to, bool *released, uint8_t *bytes, size_t *count)
{
    (void)d;
    (void)to;
    (void)released;
    (void)bytes;
    (void)count;
    return false;
}

static void up_to_the_verdict(duel *d, uint64_t seed)
{
    start_pair(d, seed, true);
    d->told = held_back;
    duel_run(d);
    d->told = NULL;
}

static void neither_sees_it(const duel *d, tacit_status error)
{
    for (int i = 0; i < 2; i++) {
        const tacit_session *s = d->side[i].session;
        assert_string_equal(duel_outcome(d, i), "-");
        assert_int_equal(tacit_session_stage(s), TACIT_STAGE_ENDED);
        assert_int_equal(tacit_session_error(s), error);
        assert_false(tacit_session_told_only_them(s));
    }
}

/* ---- as it should be --- */

static void nobody_sees_it_before_the_relay_has_spoken(void **state)
{
    (void)state;
    duel d;
    up_to_the_verdict(&d, 1);
    assert_int_equal(d.verdict, DUEL_RELEASED);
    for (int i = 0; i < 2; i++) {
        tacit_session *s = d.side[i].session;
        assert_string_equal(duel_outcome(&d, i), "-");
        assert_int_equal(tacit_session_stage(s), TACIT_STAGE_SEALED);
        assert_int_equal(tacit_session_want(s), TACIT_WANT_RECV | TACIT_WANT_VERDICT);
        assert_true(tacit_session_maybe_revealed(s));
        assert_true(tacit_session_is_fair(s));
    }
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 0), "yes");
    assert_string_equal(duel_outcome(&d, 1), "yes");
    duel_end(&d);
}

/* The answerer has seen every frame of the asker's, and its own deposit is not there: as far as all
 * its memory goes it does not know the outcome, whichever it is. */
static void frames_alone_tell_the_answerer_nothing(void **state)
{
    (void)state;
    duel d;
    for (int would = 0; would < 2; would++) {
        start_pair(&d, 2, would != 0);
        d.told = held_back;
        duel_run(&d);
        assert_false(tct_run_done(d.side[1].session->run));
        assert_null(tct_run_result(d.side[1].session->run));
        duel_end(&d);
    }
}

static void calls_at_the_wrong_time_change_nothing(void **state)
{
    (void)state;
    static uint8_t bytes[TACIT_DEPOSIT_MAX];
    size_t count = sizeof bytes;
    duel d;
    start_pair(&d, 3, true);
    d.side[0].answers = NULL;
    duel_run(&d);
    tacit_session *s = d.side[0].session;
    assert_int_equal(tacit_session_deposit(s, bytes, &count), TACIT_ERR_USAGE);
    assert_int_equal(tacit_session_verdict(s, true, bytes, 640), TACIT_ERR_USAGE);
    assert_int_equal(tacit_session_error(s), TACIT_OK);
    d.side[0].answers = &yes[0];
    while ((tacit_session_want(s) & TACIT_WANT_DEPOSIT) == 0)
        assert_true(duel_tend(&d, 0) || duel_send(&d, 0) || duel_deliver(&d, 0) ||
                    duel_deliver(&d, 1) || duel_send(&d, 1));
    assert_int_equal(tacit_session_verdict(s, false, NULL, 0), TACIT_ERR_USAGE);
    count = 100;
    assert_int_equal(tacit_session_deposit(s, bytes, &count), TACIT_ERR_SPACE);
    assert_int_equal(count, 100);
    assert_false(tacit_session_maybe_revealed(s));
    assert_true(duel_deposit(&d, 0));
    count = sizeof bytes;
    assert_int_equal(tacit_session_deposit(s, bytes, &count), TACIT_ERR_USAGE); /* once */
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 0), "yes");
    duel_end(&d);
}

/* ---- what a peer may hand in --- */

static int cheater;
static size_t spoilt_at;

static void spoil(duel *d, int from, uint8_t *bytes, size_t *count)
{
    (void)d;
    if (from != cheater)
        return;
    if (spoilt_at >= *count)
        *count -= 16; /* of another length */
    else
        bytes[spoilt_at] ^= 1;
    if (spoilt_at >= *count / 3) /* a token: of each pair, so that one always counts */
        bytes[spoilt_at + 16 < *count ? spoilt_at + 16 : spoilt_at - 16] ^= 1;
}

static void a_wrong_share_or_a_junk_token_gives_nobody_anything(void **state)
{
    (void)state;
    /* A share, another one, both tokens of the first pair, of the last, and one short of a value. */
    static const size_t places[] = {0, 639, 640, 1919 - 16, 5000};
    for (cheater = 0; cheater < 2; cheater++)
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            duel d;
            spoilt_at = places[i];
            start_pair(&d, 10 + i, (i & 1) != 0);
            d.deposited = spoil;
            duel_run(&d);
            assert_int_equal(d.verdict, DUEL_REFUSED);
            neither_sees_it(&d, TACIT_ERR_REFUSED);
            duel_end(&d);
        }
}

static void none_of_its_own(duel *d, int from, uint8_t *bytes, size_t *count)
{
    (void)d;
    (void)bytes;
    if (from == cheater)
        *count = 0;
}

static void a_peer_that_deposits_nothing_learns_nothing(void **state)
{
    (void)state;
    for (cheater = 0; cheater < 2; cheater++) {
        duel d;
        start_pair(&d, 20, true);
        d.deposited = none_of_its_own;
        duel_run(&d);
        assert_string_equal(duel_outcome(&d, cheater), "-");
        duel_time_out(&d);
        duel_run(&d);
        neither_sees_it(&d, TACIT_ERR_REFUSED);
        duel_end(&d);
    }
}

static void a_deposit_after_the_time_is_too_late(void **state)
{
    (void)state;
    static uint8_t late[2][TACIT_DEPOSIT_MAX];
    for (cheater = 0; cheater < 2; cheater++) {
        duel d;
        size_t count = sizeof late[0];
        start_pair(&d, 21, true);
        d.told = held_back;
        while ((tacit_session_want(d.side[cheater].session) & TACIT_WANT_DEPOSIT) == 0)
            assert_true(duel_tend(&d, 0) || duel_tend(&d, 1) || duel_send(&d, 0) ||
                        duel_send(&d, 1) || duel_deliver(&d, 0) || duel_deliver(&d, 1));
        assert_int_equal(tacit_session_deposit(d.side[cheater].session, late[cheater], &count),
                         TACIT_OK);
        duel_run(&d);
        duel_time_out(&d);
        duel_hand_in(&d, cheater, late[cheater], count);
        d.told = NULL;
        duel_run(&d);
        neither_sees_it(&d, TACIT_ERR_REFUSED);
        duel_end(&d);
    }
}

static void a_second_deposit_changes_nothing(void **state)
{
    (void)state;
    static const uint8_t other[1920] = {1};
    for (int first = 0; first < 2; first++) {
        duel d;
        up_to_the_verdict(&d, 22);
        duel_hand_in(&d, first, other, sizeof other);
        duel_run(&d);
        assert_string_equal(duel_outcome(&d, 0), "yes");
        assert_string_equal(duel_outcome(&d, 1), "yes");
        duel_end(&d);
    }
}

/* Who leaves after the own deposit has given it: the other learns the outcome all the same. */
static void leaving_after_the_own_deposit_keeps_nothing_from_the_other(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        duel d;
        start_pair(&d, 23, true);
        while (!duel_deposit(&d, who))
            assert_true(duel_tend(&d, 0) || duel_tend(&d, 1) || duel_send(&d, 0) ||
                        duel_send(&d, 1) || duel_deliver(&d, 0) || duel_deliver(&d, 1));
        tacit_session_leave(d.side[who].session);
        assert_true(tacit_session_maybe_revealed(d.side[who].session));
        duel_run(&d);
        assert_string_equal(duel_outcome(&d, 1 - who), "yes");
        assert_string_equal(duel_outcome(&d, who), "-");
        duel_end(&d);
    }
}

/* Who leaves before it, with every frame of the other's in hand, has nothing either. */
static void leaving_before_the_own_deposit_leaves_both_without(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        duel d;
        start_pair(&d, 24, true);
        while ((tacit_session_want(d.side[who].session) & TACIT_WANT_DEPOSIT) == 0)
            assert_true(duel_tend(&d, 0) || duel_tend(&d, 1) || duel_send(&d, 0) ||
                        duel_send(&d, 1) || duel_deliver(&d, 0) || duel_deliver(&d, 1));
        tacit_session_leave(d.side[who].session);
        assert_false(tacit_session_maybe_revealed(d.side[who].session));
        duel_run(&d);
        duel_time_out(&d);
        duel_run(&d);
        assert_string_equal(duel_outcome(&d, 0), "-");
        assert_string_equal(duel_outcome(&d, 1), "-");
        assert_int_equal(tacit_session_error(d.side[1 - who].session), TACIT_ERR_REFUSED);
        duel_end(&d);
    }
}

/* Frames decide nothing any more once it is at the relay. */
static void junk_after_the_deposit_ends_nothing(void **state)
{
    (void)state;
    uint8_t junk[300] = {TCT_KIND_RUN};
    duel d;
    up_to_the_verdict(&d, 25);
    for (int i = 0; i < 2; i++)
        for (uint8_t flight = 0; flight < 40; flight++)
            for (size_t bytes = 0; bytes < sizeof junk; bytes += 13) {
                junk[5] = junk[6] = flight;
                assert_int_equal(tacit_session_recv(d.side[i].session, junk, bytes), TACIT_OK);
            }
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 0), "yes");
    assert_string_equal(duel_outcome(&d, 1), "yes");
    duel_end(&d);
}

/* ---- what a relay may do --- */

static int favoured;

static bool to_one_only(duel *d, int to, bool *released, uint8_t *bytes, size_t *count)
{
    (void)d;
    (void)bytes;
    if (to != favoured) {
        *released = false;
        *count = 0;
    }
    return true;
}

/* Two honest devices notice: the one that was told says so to the other. */
static void a_relay_that_tells_one_side_only_is_found_out(void **state)
{
    (void)state;
    for (favoured = 0; favoured < 2; favoured++)
        for (uint64_t seed = 30; seed < 36; seed++) { /* in both orders */
            duel d;
            start_pair(&d, seed, true);
            d.told = to_one_only;
            duel_run(&d);
            tacit_session *other = d.side[1 - favoured].session;
            assert_string_equal(duel_outcome(&d, favoured), "yes");
            assert_string_equal(duel_outcome(&d, 1 - favoured), "-");
            assert_int_equal(tacit_session_error(other), TACIT_ERR_REFUSED);
            assert_true(tacit_session_told_only_them(other));
            assert_true(tacit_session_maybe_revealed(other));
            tacit_session_leave(other);
            assert_true(tacit_session_told_only_them(other));
            assert_int_equal(tacit_session_want(other) & TACIT_WANT_RECV, 0);
            duel_end(&d);
        }
}

static void without_receipts(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    if (frame[5] != TCT_FLIGHT_RECEIPT)
        duel_post(d, to, frame, bytes);
}

/* A relay that helps one person and drops the word of it is unfair unseen; what it can never do is make
 * anybody see another outcome. */
static void a_relay_that_drops_the_word_is_unfair_and_no_more(void **state)
{
    (void)state;
    for (favoured = 0; favoured < 2; favoured++) {
        duel d;
        start_pair(&d, 40, true);
        d.told = to_one_only;
        d.wire = without_receipts;
        duel_run(&d);
        assert_string_equal(duel_outcome(&d, favoured), "yes");
        assert_false(tacit_session_told_only_them(d.side[1 - favoured].session));
        assert_true(tacit_session_maybe_revealed(d.side[1 - favoured].session));
        duel_end(&d);
    }
}

static int lie;

static bool lies(duel *d, int to, bool *released, uint8_t *bytes, size_t *count)
{
    *released = true;
    *count = 640;
    switch (lie) {
    case 0: /* the own deposit mirrored */
        memcpy(bytes, d->side[to].deposit, 640);
        break;
    case 1: /* one value changed */
        bytes[17] ^= 4;
        break;
    case 2: /* shorter, longer, nothing */
        *count = 624;
        break;
    case 3:
        *count = 656;
        break;
    case 4:
        *count = 0;
        break;
    default: /* the tokens instead, each the hash of a value */
        memcpy(bytes, d->side[1 - to].deposit + 640, 640);
    }
    return true;
}

static void a_relay_cannot_make_an_outcome(void **state)
{
    (void)state;
    for (lie = 0; lie < 6; lie++) {
        duel d;
        start_pair(&d, 50 + (uint64_t)lie, true);
        d.told = lies;
        duel_run(&d);
        neither_sees_it(&d, TACIT_ERR_RELAY);
        duel_end(&d);
    }
}

/* Whatever is released early or to whom: the deposits alone say nothing about an answer, and a relay
 * that hands them to one side gives that side the outcome and not more. */
static void a_relay_that_colludes_gives_the_outcome_and_no_more(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 60, false);
    d.told = held_back;
    cheater = 0; /* its deposit never gets there, but it is shown the other's */
    d.deposited = none_of_its_own;
    duel_run(&d);
    tacit_session *s = d.side[0].session;
    assert_int_equal(tacit_session_verdict(s, true, d.side[1].deposit, 640), TACIT_OK);
    assert_string_equal(duel_outcome(&d, 0), "no");
    assert_string_equal(duel_outcome(&d, 1), "-");
    duel_end(&d);
}

/* ---- with and without --- */

static void without_an_escrow_both_know_that_it_is_so(void **state)
{
    (void)state;
    duel d;
    duel_keeps_deposits[0] = false;
    start_pair(&d, 70, true);
    duel_keeps_deposits[0] = true;
    assert_true(duel_tend(&d, 0));
    assert_false(tacit_session_is_fair(d.side[0].session));
    duel_run(&d);
    assert_false(tacit_session_is_fair(d.side[1].session));
    assert_string_equal(duel_outcome(&d, 0), "yes");
    assert_string_equal(duel_outcome(&d, 1), "yes");
    assert_int_equal(d.side[0].deposit_bytes + d.side[1].deposit_bytes, 0);
    duel_end(&d);
}

/* An answerer whose relay keeps nothing goes no further, and says nothing. */
static void an_escrow_that_the_relay_cannot_carry_is_refused(void **state)
{
    (void)state;
    duel d;
    duel_keeps_deposits[1] = false;
    start_pair(&d, 71, true);
    duel_keeps_deposits[1] = true;
    duel_run(&d);
    assert_int_equal(tacit_session_error(d.side[1].session), TACIT_ERR_RELAY);
    assert_int_equal(d.side[1].sent_count, 0);
    assert_false(tacit_session_guess_open(d.side[1].session));
    duel_end(&d);
}

/* A relay that changes the mode under way has changed what both are bound to. */
static void mode_bit(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    uint8_t copy[TCT_HELLO_X_BYTES];
    if (to == 1 && frame[0] == TCT_KIND_PLAIN && bytes == sizeof copy) {
        memcpy(copy, frame, sizeof copy);
        copy[TCT_FRAME_HEAD_BYTES + TCT_VERSION_BYTES + 3] ^= TCT_MODE_ESCROW;
        duel_post(d, to, copy, bytes);
    } else {
        duel_post(d, to, frame, bytes);
    }
}

static void the_escrow_cannot_be_taken_away_under_way(void **state)
{
    (void)state;
    for (int escrow = 0; escrow < 2; escrow++) {
        duel d;
        duel_keeps_deposits[0] = escrow != 0;
        start_pair(&d, 72, true);
        duel_keeps_deposits[0] = true;
        d.wire = mode_bit;
        duel_run(&d);
        for (int i = 0; i < 2; i++)
            assert_string_equal(duel_outcome(&d, i), "-");
        assert_int_equal(tacit_session_error(d.side[1].session), TACIT_ERR_CODE);
        duel_end(&d);
    }
}

static bool anywhere(const void *memory, size_t bytes, const void *what, size_t count)
{
    const uint8_t *m = memory;
    for (size_t i = 0; i + count <= bytes; i++)
        if (memcmp(m + i, what, count) == 0)
            return true;
    return false;
}

static void keys_go_with_the_outcome_and_after_a_refusal_with_the_person(void **state)
{
    (void)state;
    for (int refused = 0; refused < 2; refused++) {
        duel d;
        start_pair(&d, 80, true);
        d.told = held_back;
        cheater = 1;
        d.deposited = refused != 0 ? none_of_its_own : NULL;
        duel_run(&d);
        uint8_t isk[32];
        memcpy(isk, d.side[0].session->channel.isk, sizeof isk);
        tct_delta delta = d.side[0].session->engine->delta;
        duel_time_out(&d);
        d.told = NULL;
        duel_run(&d);
        if (refused != 0)
            tacit_session_leave(d.side[0].session);
        const duel_side *side = &d.side[0];
        assert_false(anywhere(side->memory, tacit_session_bytes(), isk, sizeof isk));
        assert_false(anywhere(side->room, side->room_bytes, isk, sizeof isk));
        assert_false(anywhere(side->memory, tacit_session_bytes(), &delta, sizeof delta));
        assert_false(anywhere(side->room, side->room_bytes, &delta, sizeof delta));
        duel_end(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_sees_it_before_the_relay_has_spoken),
        cmocka_unit_test(frames_alone_tell_the_answerer_nothing),
        cmocka_unit_test(calls_at_the_wrong_time_change_nothing),
        cmocka_unit_test(a_wrong_share_or_a_junk_token_gives_nobody_anything),
        cmocka_unit_test(a_peer_that_deposits_nothing_learns_nothing),
        cmocka_unit_test(a_deposit_after_the_time_is_too_late),
        cmocka_unit_test(a_second_deposit_changes_nothing),
        cmocka_unit_test(leaving_after_the_own_deposit_keeps_nothing_from_the_other),
        cmocka_unit_test(leaving_before_the_own_deposit_leaves_both_without),
        cmocka_unit_test(junk_after_the_deposit_ends_nothing),
        cmocka_unit_test(a_relay_that_tells_one_side_only_is_found_out),
        cmocka_unit_test(a_relay_that_drops_the_word_is_unfair_and_no_more),
        cmocka_unit_test(a_relay_cannot_make_an_outcome),
        cmocka_unit_test(a_relay_that_colludes_gives_the_outcome_and_no_more),
        cmocka_unit_test(without_an_escrow_both_know_that_it_is_so),
        cmocka_unit_test(an_escrow_that_the_relay_cannot_carry_is_refused),
        cmocka_unit_test(the_escrow_cannot_be_taken_away_under_way),
        cmocka_unit_test(keys_go_with_the_outcome_and_after_a_refusal_with_the_person),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
