/* SPDX-License-Identifier: ISC
 *
 * A session's edges: options, memory, buffers, calls at the wrong time.  None of them changes anything
 * but those that are final.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/duel.h"

static tacit_answers yes[2];
static tacit_sheet *sheet;
static void *sheet_memory;

static int prepare(void **state)
{
    (void)state;
    static tacit_diagnostics diagnostics;
    assert_true(tacit_start());
    for (int person = 0; person < 2; person++)
        duel_answer(duel_both, person, (const char *[]){"want", "yes", NULL}, &yes[person]);
    sheet_memory = aligned_alloc(64, TACIT_SHEET_MEMORY);
    return tacit_sheet_read(&sheet, sheet_memory, TACIT_SHEET_MEMORY, duel_both,
                            strlen(duel_both), NULL, &diagnostics) != TACIT_OK;
}

static int tidy_up(void **state)
{
    (void)state;
    free(sheet_memory);
    return 0;
}

static void start_pair(duel *d, uint64_t seed)
{
    duel_start(d, seed, &(duel_options){duel_both, NULL, -1, &yes[0]},
               &(duel_options){NULL, NULL, -1, &yes[1]});
}

static void the_machine_passes_its_own_known_answers(void **state)
{
    (void)state;
    assert_true(tacit_start());
    assert_true(tacit_start()); /* and again */
}

static void options_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    void *memory = malloc(tacit_session_bytes());
    char longest[TACIT_CODE_MAX + 1];
    memset(longest, 'a', sizeof longest);
    longest[TACIT_CODE_MAX] = '\0';
    const tacit_session_options good = {
        .asker = true, .code = "7-lantern-harbor", .sheet = sheet, .person = -1};
    tacit_session_options bad[7] = {good, good, good, good, good, good, good};
    bad[0].code = NULL;
    bad[1].code = "";
    bad[2].code = longest;
    bad[3].sheet = NULL;
    bad[4].person = 2;
    bad[5].person = -2;
    bad[6].asker = false; /* without memory for the sheet */
    tacit_session *s = NULL;
    for (int i = 0; i < 7; i++) {
        assert_int_equal(tacit_session_init(&s, memory, tacit_session_bytes(), &bad[i]),
                         TACIT_ERR_USAGE);
        assert_null(s);
    }
    assert_int_equal(tacit_session_init(&s, memory, 1000, &good), TACIT_ERR_MEMORY);
    assert_null(s);
    assert_int_equal(tacit_session_init(&s, memory, tacit_session_bytes(), &good), TACIT_OK);
    tacit_session_wipe(s);
    free(memory);
}

/* tacit_session_bytes is enough at any alignment; so is what a session asks for. */
static void memory_may_begin_anywhere(void **state)
{
    (void)state;
    for (size_t shift = 1; shift < 64; shift += 31) {
        uint8_t *memory = malloc(tacit_session_bytes() + shift);
        tacit_session_options o = {
            .asker = true, .code = "7-lantern-harbor", .sheet = sheet, .person = -1};
        tacit_session *s;
        assert_int_equal(tacit_session_init(&s, memory + shift, tacit_session_bytes(), &o),
                         TACIT_OK);
        size_t bytes = tacit_session_memory_wanted(s);
        uint8_t *room = malloc(bytes + shift);
        assert_int_equal(tacit_session_memory(s, room + shift, bytes), TACIT_OK);
        assert_int_equal(tacit_session_want(s), TACIT_WANT_SEND | TACIT_WANT_RECV);
        assert_int_equal(tacit_session_memory_wanted(s), 0);
        tacit_session_wipe(s);
        free(room);
        free(memory);
    }
}

static void too_little_memory_is_final_and_the_other_is_told(void **state)
{
    (void)state;
    duel d;
    uint8_t little[1000];
    start_pair(&d, 1);
    assert_int_equal(tacit_session_memory(d.side[0].session, little, sizeof little),
                     TACIT_ERR_MEMORY);
    assert_int_equal(tacit_session_error(d.side[0].session), TACIT_ERR_MEMORY);
    assert_int_equal(tacit_session_memory(d.side[0].session, little, sizeof little),
                     TACIT_ERR_MEMORY);
    assert_int_equal(tacit_session_want(d.side[0].session), 0);
    duel_end(&d);
    start_pair(&d, 2);
    while ((tacit_session_want(d.side[1].session) & TACIT_WANT_MEMORY) == 0)
        assert_true(duel_tend(&d, 0) || duel_send(&d, 0) || duel_send(&d, 1) ||
                    duel_deliver(&d, 0) || duel_deliver(&d, 1));
    assert_int_equal(tacit_session_memory(d.side[1].session, little, sizeof little),
                     TACIT_ERR_MEMORY);
    duel_run(&d);
    assert_int_equal(tacit_session_error(d.side[0].session), TACIT_ERR_ABORT);
    duel_end(&d);
}

static void calls_at_the_wrong_time_change_nothing(void **state)
{
    (void)state;
    duel d;
    uint8_t frame[600];
    size_t bytes = sizeof frame;
    start_pair(&d, 3);
    tacit_session *asker = d.side[0].session, *answerer = d.side[1].session;
    assert_int_equal(tacit_session_want(asker), TACIT_WANT_MEMORY);
    assert_int_equal(tacit_session_want(answerer), TACIT_WANT_RECV);
    assert_int_equal(tacit_session_send(asker, frame, &bytes), TACIT_ERR_USAGE);
    assert_int_equal(tacit_session_send(answerer, frame, &bytes), TACIT_ERR_USAGE);
    assert_int_equal(tacit_session_recv(asker, frame, sizeof frame), TACIT_ERR_USAGE);
    assert_int_equal(tacit_session_memory(answerer, frame, sizeof frame), TACIT_ERR_USAGE);
    assert_int_equal(tacit_session_seal(asker, &yes[0]), TACIT_ERR_USAGE);
    assert_int_equal(tacit_session_seal(answerer, &yes[1]), TACIT_ERR_USAGE);
    assert_int_equal(tacit_session_stage(asker), TACIT_STAGE_PAIRING);
    assert_null(tacit_session_sheet(asker));
    assert_null(tacit_session_outcome(asker));
    assert_int_equal(tacit_session_person(asker), 0);
    assert_int_equal(tacit_session_person(answerer), -1);
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 0), "yes");
    assert_string_equal(duel_outcome(&d, 1), "yes");
    assert_int_equal(tacit_session_seal(asker, &yes[0]), TACIT_ERR_USAGE);
    assert_int_equal(tacit_session_memory(asker, frame, sizeof frame), TACIT_ERR_USAGE);
    assert_int_equal(tacit_session_recv(asker, frame, sizeof frame), TACIT_OK); /* ignored */
    tacit_session_leave(asker);
    assert_int_equal(tacit_session_stage(asker), TACIT_STAGE_DONE);
    assert_string_equal(duel_outcome(&d, 0), "yes");
    duel_end(&d);
}

static void a_buffer_that_is_too_small_changes_nothing(void **state)
{
    (void)state;
    static uint8_t frame[TACIT_FRAME_MAX];
    duel d;
    start_pair(&d, 4);
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i < 2; i++) {
            while (duel_tend(&d, i) || duel_deliver(&d, i) || duel_deposit(&d, i) ||
                   duel_judge(&d, i))
                moved = true;
            if ((tacit_session_want(d.side[i].session) & TACIT_WANT_SEND) == 0)
                continue;
            for (size_t room = 0; room < 270; room += 13) {
                size_t bytes = room;
                assert_int_equal(tacit_session_send(d.side[i].session, frame, &bytes),
                                 TACIT_ERR_SPACE);
                assert_int_equal(bytes, room);
            }
            assert_true(duel_send(&d, i));
            const duel_frame *sent = &d.side[i].sent[d.side[i].sent_count - 1];
            assert_true(sent->count <= TACIT_FRAME_MAX);
            moved = true;
        }
    }
    assert_string_equal(duel_outcome(&d, 0), "yes");
    assert_string_equal(duel_outcome(&d, 1), "yes");
    duel_end(&d);
}

static void answers_that_are_missing_are_refused_and_may_be_given_later(void **state)
{
    (void)state;
    static tacit_answers none;
    duel d;
    start_pair(&d, 5);
    d.side[0].answers = NULL;
    duel_run(&d);
    tacit_session *s = d.side[0].session;
    assert_int_equal(tacit_session_stage(s), TACIT_STAGE_READY);
    assert_int_equal(tacit_session_seal(s, &none), TACIT_ERR_ANSWER);
    assert_int_equal(tacit_session_error(s), TACIT_OK);
    assert_int_equal(tacit_session_stage(s), TACIT_STAGE_READY);
    d.side[0].answers = &yes[0];
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 0), "yes");
    duel_end(&d);
}

/* Sealing as soon as the two have paired, or only when all is prepared: the same outcome. */
static void answers_may_be_sealed_before_the_machines_are_ready(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 6);
    duel_run_until_sent(&d, 1, 2);
    tacit_session *s = d.side[1].session;
    if (tacit_session_stage(s) != TACIT_STAGE_SEALED)
        assert_true(duel_tend(&d, 1));
    assert_int_equal(tacit_session_stage(s), TACIT_STAGE_SEALED);
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 1), "yes");
    duel_end(&d);
}

static void wiping_twice_is_harmless(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 7);
    duel_run(&d);
    tacit_session_wipe(d.side[0].session);
    tacit_session_wipe(d.side[0].session);
    assert_int_equal(tacit_session_stage(d.side[0].session), TACIT_STAGE_ENDED);
    assert_int_equal(tacit_session_want(d.side[0].session), 0);
    duel_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machine_passes_its_own_known_answers),
        cmocka_unit_test(options_that_make_no_sense_are_refused),
        cmocka_unit_test(memory_may_begin_anywhere),
        cmocka_unit_test(too_little_memory_is_final_and_the_other_is_told),
        cmocka_unit_test(calls_at_the_wrong_time_change_nothing),
        cmocka_unit_test(a_buffer_that_is_too_small_changes_nothing),
        cmocka_unit_test(answers_that_are_missing_are_refused_and_may_be_given_later),
        cmocka_unit_test(answers_may_be_sealed_before_the_machines_are_ready),
        cmocka_unit_test(wiping_twice_is_harmless),
    };
    return cmocka_run_group_tests(tests, prepare, tidy_up);
}
