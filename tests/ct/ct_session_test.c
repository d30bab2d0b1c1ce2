/* SPDX-License-Identifier: ISC
 *
 * A whole session under valgrind with both seeds and both codes secret, and the encoded answers from
 * the moment they are sealed: shares, keys, T, lots, Δ, everything that follows is secret with them.
 * Only what leaves, and what the peer sent, is public.
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

static void start_secretly(duel *d, const char *other_code)
{
    for (int person = 0; person < 2; person++)
        duel_answer(duel_both, person, (const char *[]){"want", "yes", NULL}, &yes[person]);
    duel_start(d, 1, &(duel_options){duel_both, NULL, -1, &yes[0]},
               &(duel_options){NULL, other_code, -1, &yes[1]});
    for (int i = 0; i < 2; i++) {
        tacit_session *s = d->side[i].session;
        TCT_SECRET(&s->seeds, sizeof s->seeds);
        TCT_SECRET(s->code, sizeof s->code);
    }
}

static bool answers_due(const tacit_session *s)
{
    return tacit_session_answers_due(s);
}

/* What both keep follows from secret keys, and what it is used as follows from that. */
static void use_pairing(const tacit_session *session)
{
    uint8_t secret[TACIT_PAIRING_BYTES], id[TACIT_PAIRING_BYTES], room[TACIT_ROOM_BYTES];
    char code[TACIT_CODE_MAX];
    assert_true(tacit_session_pairing(session, secret));
    TCT_SECRET(secret, sizeof secret);
    tacit_pairing_id(id, secret);
    tacit_pairing_meet(secret, code, room);
    tacit_pairing_next(secret, secret);
}

static void a_session_shows_no_secret(void **state)
{
    (void)state;
    duel d;
    start_secretly(&d, NULL);
    for (int i = 0; i < 2; i++)
        tacit_session_ask_keep(d.side[i].session, true);
    duel_run_until(&d, 0, answers_due);
    use_pairing(d.side[0].session);
    duel_run_in_lockstep(&d);
    assert_string_equal(duel_outcome(&d, 0), "yes");
    assert_string_equal(duel_outcome(&d, 1), "yes");
    duel_end(&d);
}

/* That a code is wrong becomes known; where it differs does not. */
static void a_wrong_code_shows_only_that_it_is_wrong(void **state)
{
    (void)state;
    duel d;
    start_secretly(&d, "7-lantern-hatch");
    duel_run_in_lockstep(&d);
    assert_int_equal(tacit_session_error(d.side[1].session), TACIT_ERR_CODE);
    duel_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_shows_no_secret),
        cmocka_unit_test(a_wrong_code_shows_only_that_it_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
