/* SPDX-License-Identifier: ISC
 *
 * Sleeping on it: sessions put aside, their bytes taken up by themselves, and the outcome of both; and
 * what bytes that are damaged, cut or foreign lead to.
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

static const char sleepy[] = "title Both\n"
                             "sleep on it 8 hours\n"
                             "ask want: Would you like to?\n"
                             "  no: No\n"
                             "  yes: Yes\n"
                             "outcome yes: You both would.\n"
                             "  when both (want is yes)\n"
                             "outcome no: Not this time.\n"
                             "  otherwise\n";

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

typedef struct {
    uint8_t bytes[2][TACIT_ASIDE_MAX];
    size_t count[2];
    void *memory[2];
    tacit_aside *aside[2];
} night;

/* pause: hours that each asks for. */
static void put_aside(night *n, uint64_t seed, const char *text, bool both_would,
                      const uint32_t pause[2])
{
    duel d;
    duel_start(&d, seed, &(duel_options){text, NULL, -1, NULL},
               &(duel_options){NULL, NULL, -1, NULL});
    tacit_session_agree_by(d.side[0].session, 1795000000000u);
    duel_run(&d);
    for (int i = 0; i < 2; i++) {
        tacit_session_ask_pause(d.side[i].session, pause[i]);
        d.side[i].answers = both_would || i == 0 ? &yes[i] : &no[i];
    }
    duel_run(&d);
    for (int i = 0; i < 2; i++) {
        tacit_session *s = d.side[i].session;
        uint8_t isk[32];
        assert_int_equal(tacit_session_want(s), TACIT_WANT_RECV | TACIT_WANT_PUT_ASIDE);
        memcpy(isk, s->channel.isk, sizeof isk);
        n->count[i] = tacit_session_aside_bytes(s) - 1;
        assert_int_equal(tacit_session_put_aside(s, n->bytes[i], &n->count[i]),
                         TACIT_ERR_SPACE);
        n->count[i] = sizeof n->bytes[i];
        assert_int_equal(tacit_session_put_aside(s, n->bytes[i], &n->count[i]), TACIT_OK);
        assert_int_equal(tacit_session_stage(s), TACIT_STAGE_ENDED);
        assert_int_equal(tacit_session_error(s), TACIT_OK);
        assert_int_equal(tacit_session_want(s), 0);
        assert_false(tacit_session_maybe_revealed(s)); /* that begins with the deposit */
        assert_int_equal(tacit_session_put_aside(s, n->bytes[i], &n->count[i]),
                         TACIT_ERR_USAGE);
        assert_memory_not_equal(s->channel.isk, isk, sizeof isk);
    }
    duel_end(&d);
}

static tacit_status take_up(night *n, int i)
{
    n->memory[i] = aligned_alloc(64, TACIT_ASIDE_MEMORY);
    assert_non_null(n->memory[i]);
    return tacit_aside_read(&n->aside[i], n->memory[i], TACIT_ASIDE_MEMORY, n->bytes[i],
                            n->count[i]);
}

static void end_night(night *n)
{
    for (int i = 0; i < 2; i++) {
        if (n->aside[i] != NULL)
            tacit_aside_wipe(n->aside[i]);
        free(n->memory[i]);
        n->memory[i] = NULL;
        n->aside[i] = NULL;
    }
}

static night n;

static void both_see_it_in_the_morning(void **state)
{
    (void)state;
    for (int would = 0; would < 2; would++) {
        put_aside(&n, 1, duel_both, would != 0, (const uint32_t[2]){0, 8});
        for (int i = 0; i < 2; i++)
            assert_int_equal(take_up(&n, i), TACIT_OK);
        for (int i = 0; i < 2; i++) {
            tacit_aside_view mine = tacit_aside_see(n.aside[i]);
            tacit_aside_view theirs = tacit_aside_see(n.aside[1 - i]);
            assert_int_equal(mine.hours, 8);
            assert_int_equal(mine.person, i);
            assert_true(mine.until_ms == 1795000000000u);
            assert_memory_equal(mine.room, theirs.room, TACIT_ROOM_BYTES);
            assert_string_equal(mine.otherwise->outcome->id, "no");
            assert_null(tacit_aside_outcome(n.aside[i]));
            assert_int_equal(tacit_aside_verdict(n.aside[i], false, NULL, 0),
                             TACIT_ERR_REFUSED);
            assert_null(tacit_aside_outcome(n.aside[i]));
            assert_int_equal(
                tacit_aside_verdict(n.aside[i], true, mine.deposit, mine.deposit_bytes / 3),
                TACIT_ERR_RELAY);
            assert_int_equal(
                tacit_aside_verdict(n.aside[i], true, theirs.deposit, theirs.deposit_bytes / 3),
                TACIT_OK);
            assert_string_equal(tacit_aside_outcome(n.aside[i])->outcome->id,
                                would != 0 ? "yes" : "no");
        }
        end_night(&n);
    }
}

/* The deposits are what the relay's check asks for. */
static void the_deposits_of_the_morning_fit_each_other(void **state)
{
    (void)state;
    static duel relay;
    put_aside(&n, 2, duel_both, true, (const uint32_t[2]){24, 0});
    memset(&relay, 0, sizeof relay);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(take_up(&n, i), TACIT_OK);
        tacit_aside_view mine = tacit_aside_see(n.aside[i]);
        duel_hand_in(&relay, i, mine.deposit, mine.deposit_bytes);
    }
    assert_int_equal(relay.verdict, DUEL_RELEASED);
    end_night(&n);
}

/* The longest of the sheet's pause and both people's. */
static void the_longest_pause_is_the_pause(void **state)
{
    (void)state;
    static const uint32_t asked[][3] = {{0, 0, 8}, {0, 12, 12}, {72, 9, 72}, {3, 3, 8}};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        put_aside(&n, 3, sleepy, true, asked[i]);
        for (int side = 0; side < 2; side++) {
            assert_int_equal(take_up(&n, side), TACIT_OK);
            assert_int_equal(tacit_aside_see(n.aside[side]).hours, asked[i][2]);
        }
        end_night(&n);
    }
}

static void a_pause_takes_a_relay_that_keeps_deposits(void **state)
{
    (void)state;
    duel d;
    duel_keeps_deposits[0] = false;
    duel_start(&d, 4, &(duel_options){sleepy, NULL, -1, &yes[0]},
               &(duel_options){NULL, NULL, -1, &yes[1]});
    duel_keeps_deposits[0] = true;
    duel_run(&d);
    assert_int_equal(tacit_session_pause(d.side[0].session), 0);
    assert_string_equal(duel_outcome(&d, 0),
                        "yes"); /* at once: the caller says so beforehand */
    duel_end(&d);
}

/* Every byte changed: refused, or it concerns what only the caller's encryption can guard; never a
 * crash, and with the true release never a wrong outcome while the check of it passes. */
static void damaged_bytes_are_refused_or_lead_to_nothing_wrong(void **state)
{
    (void)state;
    unsigned refused = 0;
    put_aside(&n, 5, duel_both, true, (const uint32_t[2]){1, 1});
    size_t text = strlen(duel_both);
    for (size_t at = 0; at < 60 + text + 20; at++) {
        n.bytes[0][at] ^= 0x11;
        tacit_status status = take_up(&n, 0);
        refused += status != TACIT_OK;
        assert_true(status == TACIT_OK || status == TACIT_ERR_FORMAT ||
                    status == TACIT_ERR_VERSION);
        if (at == 8)
            assert_int_equal(status, TACIT_ERR_VERSION);
        end_night(&n);
        n.bytes[0][at] ^= 0x11;
    }
    assert_true(refused > 20);
    size_t whole = n.count[0];
    for (n.count[0] = 0; n.count[0] < whole; n.count[0] += 17) {
        assert_int_equal(take_up(&n, 0), TACIT_ERR_FORMAT);
        end_night(&n);
    }
    n.count[0] = whole + 1;
    assert_int_equal(take_up(&n, 0), TACIT_ERR_FORMAT);
    end_night(&n);
}

static void too_little_memory_is_said(void **state)
{
    (void)state;
    static _Alignas(64) uint8_t little[4096];
    tacit_aside *aside;
    put_aside(&n, 6, duel_both, true, (const uint32_t[2]){1, 1});
    assert_int_equal(tacit_aside_read(&aside, little, sizeof little, n.bytes[0], n.count[0]),
                     TACIT_ERR_MEMORY);
    assert_null(aside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_see_it_in_the_morning),
        cmocka_unit_test(the_deposits_of_the_morning_fit_each_other),
        cmocka_unit_test(the_longest_pause_is_the_pause),
        cmocka_unit_test(a_pause_takes_a_relay_that_keeps_deposits),
        cmocka_unit_test(damaged_bytes_are_refused_or_lead_to_nothing_wrong),
        cmocka_unit_test(too_little_memory_is_said),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
