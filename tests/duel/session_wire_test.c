/* SPDX-License-Identifier: ISC
 *
 * A hostile wire: every byte of every frame changed in turn, frames cut, lengthened, dropped, swapped
 * for others; the line ends at every point.  Never a wrong outcome, never a crash, never a hang.
 * (Attack table rows 24, 25, 27, 31, 39.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
    duel_start(d, seed, &(duel_options){duel_both, NULL, -1, &yes[0]},
               &(duel_options){NULL, NULL, -1, &yes[1]});
}

/* "yes" or none: with these answers nothing else may ever be shown. */
static void nothing_wrong_was_seen(const duel *d)
{
    for (int i = 0; i < 2; i++) {
        const tacit_session *s = d->side[i].session;
        const char *seen = duel_outcome(d, i);
        if (strcmp(seen, "yes") != 0 && strcmp(seen, "-") != 0)
            fail_msg("side %d saw \"%s\"", i, seen);
        assert_int_equal(strcmp(seen, "yes") == 0, tacit_session_stage(s) == TACIT_STAGE_DONE);
        /* Whoever cannot have been seen through was not. */
        if (strcmp(duel_outcome(d, 1 - i), "yes") == 0)
            assert_true(tacit_session_maybe_revealed(s));
    }
}

/* ---- every frame, in its place, spoilt in many ways --- */

typedef struct {
    duel *d;
    int to;
    duel_state before[2];
    unsigned tried, ended, survived;
} place;

/* Delivers these bytes instead of the next frame, looks, and winds back. */
static void instead(place *p, const uint8_t *bytes, size_t count)
{
    duel *d = p->d;
    tacit_session *s = d->side[p->to].session;
    uint8_t *exact = malloc(count == 0 ? 1 : count);
    memcpy(exact, bytes, count);
    tacit_status status = tacit_session_recv(s, exact, count);
    free(exact);
    p->tried++;
    if (status != TACIT_OK) {
        p->ended++;
        assert_int_equal(tacit_session_error(s), status);
        assert_int_equal(tacit_session_stage(s), TACIT_STAGE_ENDED);
        assert_null(tacit_session_outcome(s));
        assert_int_equal(tacit_session_recv(s, bytes, count), status);
        assert_true((tacit_session_want(s) & ~(unsigned)TACIT_WANT_SEND) == 0);
        assert_int_not_equal(status, TACIT_ERR_CHEAT); /* the wire's fault is not the peer's */
    } else { /* taken for a repeat, or not noticed yet: it has to be later */
        p->survived++;
        d->side[p->to].inbox_first++; /* the true frame is lost */
        duel_run(d);
        nothing_wrong_was_seen(d);
    }
    for (int i = 0; i < 2; i++)
        duel_restore(d, i, &p->before[i]);
}

/* Runs a whole session; before each delivery calls spoil with the frame that is next. */
static void at_every_delivery(uint64_t seed, void (*spoil)(place *, const duel_frame *))
{
    duel d;
    place p = {.d = &d};
    start_pair(&d, seed);
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i < 2; i++)
            while (duel_tend(&d, i) || duel_send(&d, i) || duel_deposit(&d, i) ||
                   duel_judge(&d, i))
                moved = true;
        for (p.to = 0; p.to < 2; p.to++) {
            duel_side *side = &d.side[p.to];
            if (side->inbox_first == side->inbox_count)
                continue;
            if ((tacit_session_want(side->session) & TACIT_WANT_RECV) == 0) {
                side->inbox_first++; /* a receipt, after the outcome */
                continue;
            }
            for (int i = 0; i < 2; i++)
                duel_save(&d, i, &p.before[i]);
            spoil(&p, &side->inbox[side->inbox_first]);
            for (int i = 0; i < 2; i++)
                duel_forget(&p.before[i]);
            assert_true(duel_deliver(&d, p.to));
            moved = true;
        }
    }
    for (int i = 0; i < 2; i++)
        assert_string_equal(duel_outcome(&d, i), "yes");
    duel_end(&d);
    print_message("    %u tried, %u ended it at once, %u were noticed later\n", p.tried,
                  p.ended, p.survived);
}

static void flip_every_byte(place *p, const duel_frame *frame)
{
    uint8_t *copy = malloc(frame->count);
    memcpy(copy, frame->bytes, frame->count);
    for (size_t i = 0; i < frame->count; i++) {
        copy[i] ^= (uint8_t)(1u << duel_draw(p->d, 8));
        instead(p, copy, frame->count);
        copy[i] = frame->bytes[i];
    }
    free(copy);
}

static void a_flipped_byte_never_leads_to_a_wrong_outcome(void **state)
{
    (void)state;
    at_every_delivery(31, flip_every_byte);
}

static void cut_and_lengthen(place *p, const duel_frame *frame)
{
    static const size_t lengths[] = {0,  1,  2,  5,  6,  13,  14,  15,  16,  17,
                                     30, 45, 46, 47, 62, 286, 300, 318, 8411};
    uint8_t *longer = calloc(frame->count + 65536, 1);
    memcpy(longer, frame->bytes, frame->count);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        if (lengths[i] < frame->count)
            instead(p, frame->bytes, lengths[i]);
    instead(p, frame->bytes, frame->count - 1);
    instead(p, frame->bytes, frame->count / 2);
    instead(p, longer, frame->count + 1);
    instead(p, longer, frame->count + 256);
    instead(p, longer, frame->count + 65536);
    free(longer);
}

static void a_frame_of_another_length_ends_it(void **state)
{
    (void)state;
    at_every_delivery(32, cut_and_lengthen);
}

/* All heads that look a little like the right one, with the rest of the frame unchanged. */
static void change_heads(place *p, const duel_frame *frame)
{
    uint8_t *copy = malloc(frame->count);
    memcpy(copy, frame->bytes, frame->count);
    for (unsigned kind = 0; kind < 4; kind++)
        for (unsigned flight = 0; flight < 20; flight++) {
            copy[0] = (uint8_t)kind;
            copy[5] = (uint8_t)flight;
            if (memcmp(copy, frame->bytes, 14) == 0)
                continue;
            instead(p, copy, frame->count);
            copy[6] = (uint8_t)flight; /* as the counter of a run's frame */
            instead(p, copy, frame->count);
            copy[6] = frame->bytes[6];
        }
    free(copy);
}

static void no_head_makes_a_frame_another(void **state)
{
    (void)state;
    at_every_delivery(33, change_heads);
}

static void mirror(place *p, const duel_frame *frame)
{
    (void)frame;
    const duel_side *self = &p->d->side[p->to];
    for (unsigned i = 0; i < self->sent_count; i++)
        instead(p, self->sent[i].bytes, self->sent[i].count);
}

static void own_frames_sent_back_are_refused(void **state)
{
    (void)state;
    at_every_delivery(34, mirror);
}

static void junk(place *p, const duel_frame *frame)
{
    uint8_t bytes[600];
    for (int k = 0; k < 8; k++) {
        for (unsigned i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)duel_draw(p->d, 256);
        instead(p, bytes, sizeof bytes);
        memcpy(bytes, frame->bytes, 14); /* a good head with junk behind it */
        instead(p, bytes, frame->count < sizeof bytes ? frame->count : sizeof bytes);
    }
}

static void junk_from_the_relay_is_refused(void **state)
{
    (void)state;
    at_every_delivery(35, junk);
}

/* ---- another session of the same two people, same code, same sheet --- */

static duel former;

static void swap_in_former(place *p, const duel_frame *frame)
{
    (void)frame;
    const duel_side *from = &former.side[1 - p->to];
    for (unsigned i = 0; i < from->sent_count; i++)
        instead(p, from->sent[i].bytes, from->sent[i].count);
}

static void frames_of_another_session_are_refused(void **state)
{
    (void)state;
    start_pair(&former, 36);
    duel_run(&former);
    at_every_delivery(37, swap_in_former);
    duel_end(&former);
}

/* ---- losing frames --- */

static void drop_some(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    if (duel_draw(d, 12) != 0)
        duel_post(d, to, frame, bytes);
}

static void lost_frames_end_in_silence_or_an_error_never_in_a_lie(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 130; seed++) {
        duel d;
        start_pair(&d, seed);
        d.wire = drop_some;
        duel_run(&d);
        nothing_wrong_was_seen(&d);
        for (int i = 0; i < 2; i++)
            tacit_session_leave(d.side[i].session);
        d.wire = NULL;
        duel_run(&d);
        for (int i = 0; i < 2; i++) {
            tacit_stage stage = tacit_session_stage(d.side[i].session);
            assert_true(stage == TACIT_STAGE_DONE || stage == TACIT_STAGE_ENDED);
        }
        nothing_wrong_was_seen(&d);
        duel_end(&d);
    }
}

static void swap_neighbours(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    duel_side *side = &d->side[to];
    duel_post(d, to, frame, bytes);
    unsigned last = side->inbox_count - 1;
    if (last > side->inbox_first && duel_draw(d, 2) == 0) {
        duel_frame f = side->inbox[last];
        side->inbox[last] = side->inbox[last - 1];
        side->inbox[last - 1] = f;
    }
}

static void frames_out_of_order_never_lead_to_a_wrong_outcome(void **state)
{
    (void)state;
    unsigned ended = 0;
    for (uint64_t seed = 200; seed < 220; seed++) {
        duel d;
        start_pair(&d, seed);
        d.wire = swap_neighbours;
        duel_run(&d);
        nothing_wrong_was_seen(&d);
        ended += tacit_session_stage(d.side[0].session) == TACIT_STAGE_ENDED;
        duel_end(&d);
    }
    assert_true(ended > 0); /* the wire did swap some */
}

/* ---- the line ends after any number of frames --- */

static unsigned frames_left;

static void until_it_breaks(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    if (frames_left > 0) {
        frames_left--;
        duel_post(d, to, frame, bytes);
    }
}

/* Is there a frame of this flight among those sent? */
static bool sent_flight(const duel_side *side, uint8_t flight)
{
    for (unsigned i = 0; i < side->sent_count; i++)
        if (side->sent[i].bytes[5] == flight)
            return true;
    return false;
}

/* 8.4: the run counts as revealed from the frame on that lets the other person learn the outcome:
 * F8 for the asker, who garbles, F9 for the answerer; with an escrow from the own deposit on. */
static void the_line_ends(unsigned frames, bool escrow)
{
    duel d;
    duel_keeps_deposits[0] = duel_keeps_deposits[1] = escrow;
    start_pair(&d, 300 + frames);
    d.wire = until_it_breaks;
    frames_left = frames;
    duel_run_in_lockstep(&d);
    nothing_wrong_was_seen(&d);
    for (int i = 0; i < 2; i++) {
        tacit_session *s = d.side[i].session;
        bool revealed =
            escrow ? d.side[i].deposit_bytes != 0 : sent_flight(&d.side[i], i == 0 ? 8 : 9);
        assert_int_equal(tacit_session_maybe_revealed(s), revealed);
        tacit_session_leave(s);
        assert_int_equal(tacit_session_maybe_revealed(s), revealed);
        assert_int_equal(tacit_session_want(s) & ~(unsigned)TACIT_WANT_SEND, 0);
    }
    duel_keeps_deposits[0] = duel_keeps_deposits[1] = true;
    duel_end(&d);
}

static void wherever_the_line_ends_both_know_whether_they_may_have_been_seen(void **state)
{
    (void)state;
    for (unsigned frames = 0; frames <= 17; frames++)
        for (int escrow = 0; escrow < 2; escrow++)
            the_line_ends(frames, escrow != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flipped_byte_never_leads_to_a_wrong_outcome),
        cmocka_unit_test(a_frame_of_another_length_ends_it),
        cmocka_unit_test(no_head_makes_a_frame_another),
        cmocka_unit_test(own_frames_sent_back_are_refused),
        cmocka_unit_test(junk_from_the_relay_is_refused),
        cmocka_unit_test(frames_of_another_session_are_refused),
        cmocka_unit_test(lost_frames_end_in_silence_or_an_error_never_in_a_lie),
        cmocka_unit_test(frames_out_of_order_never_lead_to_a_wrong_outcome),
        cmocka_unit_test(wherever_the_line_ends_both_know_whether_they_may_have_been_seen),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
