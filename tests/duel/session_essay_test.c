/* SPDX-License-Identifier: ISC
 *
 * The night of the essay, as a session.  She hopes it means forgiveness; for him there is anger in it.
 * Both see "Not tonight", and nothing on either device can say why: with the same seeds every frame is
 * the same, byte for byte, whatever the reason for a no was.
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

static char last_night[TACIT_SHEET_TEXT_MAX + 1];

static const char *const hers[] = {"ending", "hope",   "tonight", "wanted", "tomorrow", "hurt",
                                   "drink",  "little", "slept",   "unsure", NULL};
static const char *const his[] = {"ending", "ready", "tonight", "anger", "tomorrow", "fine",
                                  "drink",  "more",  "slept",   "same",  NULL};
static const char *const ready[] = {"ending",   "ready", "tonight", "goodbye",
                                    "tomorrow", "fine",  "drink",   "nothing",
                                    "slept",    "same",  NULL};

static int prepare(void **state)
{
    (void)state;
    assert_true(tacit_start());
    FILE *file = fopen(TACIT_SOURCE_DIR "/sheets/last-night.tacit", "rb");
    assert_non_null(file);
    size_t bytes = fread(last_night, 1, sizeof last_night - 1, file);
    fclose(file);
    last_night[bytes] = '\0';
    return 0;
}

/* She asks, he answers; he has only the code. */
static void spend_the_night(duel *d, uint64_t seed, const tacit_answers *she,
                            const tacit_answers *he)
{
    duel_start(d, seed, &(duel_options){last_night, NULL, -1, she},
               &(duel_options){NULL, NULL, -1, he});
    duel_run_in_lockstep(d);
    for (int i = 0; i < 2; i++)
        assert_int_equal(tacit_session_stage(d->side[i].session), TACIT_STAGE_DONE);
}

static void both_see_not_tonight(void **state)
{
    (void)state;
    static tacit_answers she, he;
    duel_answer(last_night, 0, hers, &she);
    duel_answer(last_night, 1, his, &he);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        duel d;
        spend_the_night(&d, seed, &she, &he);
        for (int i = 0; i < 2; i++) {
            const tacit_outcome *outcome = tacit_session_outcome(d.side[i].session);
            assert_string_equal(outcome->outcome->id, "not-tonight");
            assert_string_equal(outcome->outcome->headline, "Not tonight.");
            assert_int_equal(outcome->reveal_count, 0);
        }
        duel_end(&d);
    }
}

static bool has_note(const duel *d, int person, const tacit_answers *answers, const char *words)
{
    const char *texts[8];
    const tacit_sheet *sheet = tacit_session_sheet(d->side[person].session);
    uint32_t count = tacit_notes(sheet, person, answers, texts, 8);
    for (uint32_t i = 0; i < count; i++)
        if (strstr(texts[i], words) != NULL)
            return true;
    return false;
}

static void she_alone_is_told_of_the_fiery_limbo(void **state)
{
    (void)state;
    static tacit_answers she, he;
    duel d;
    duel_answer(last_night, 0, hers, &she);
    duel_answer(last_night, 1, his, &he);
    spend_the_night(&d, 4, &she, &he);
    assert_true(has_note(&d, 0, &she, "fiery limbo"));
    assert_false(has_note(&d, 1, &he, "fiery limbo"));
    duel_end(&d);
}

static void same_frames(const duel *a, const duel *b)
{
    for (int i = 0; i < 2; i++) {
        assert_int_equal(a->side[i].sent_count, b->side[i].sent_count);
        for (unsigned j = 0; j < a->side[i].sent_count; j++) {
            const duel_frame *f = &a->side[i].sent[j], *g = &b->side[i].sent[j];
            assert_int_equal(f->count, g->count);
            assert_memory_equal(f->bytes, g->bytes, f->count);
        }
    }
}

static void nothing_that_travels_depends_on_the_reason_for_a_no(void **state)
{
    (void)state;
    static const char *const reasons[][11] = {
        {"ending", "unsure", "tonight", "goodbye", "tomorrow", "fine", "drink", "nothing",
         "slept", "same", NULL},
        {"ending", "ready", "tonight", "anger", "tomorrow", "fine", "drink", "nothing", "slept",
         "same", NULL},
        {"ending", "ready", "tonight", "comfort", "tomorrow", "hurt", "drink", "more", "slept",
         "wait", NULL},
        {"not-now", "yes", NULL},
    };
    static tacit_answers she, he, other;
    duel first, second;
    duel_answer(last_night, 0, hers, &she);
    duel_answer(last_night, 1, his, &he);
    spend_the_night(&first, 5, &she, &he);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        duel_answer(last_night, 0, reasons[i], &other);
        spend_the_night(&second, 5, &other, &he);
        same_frames(&first, &second);
        duel_end(&second);
        duel_answer(last_night, 1, reasons[i], &other);
        spend_the_night(&second, 5, &she, &other);
        same_frames(&first, &second);
        duel_end(&second);
    }
    duel_end(&first);
}

/* Nor can her frames tell his device that hers was a yes: all that differs is one masked bit and what
 * follows from it. */
static void a_yes_that_meets_a_no_sees_the_same_words(void **state)
{
    (void)state;
    static tacit_answers she, he;
    duel d;
    duel_answer(last_night, 0, ready, &she);
    duel_answer(last_night, 1, his, &he);
    spend_the_night(&d, 6, &she, &he);
    assert_string_equal(duel_outcome(&d, 0), "not-tonight");
    assert_string_equal(duel_outcome(&d, 1), "not-tonight");
    duel_end(&d);
}

/* When both are ready to let go it is the same way, but for the coin that neither controls. */
static void two_who_are_ready_mostly_see_it_the_same_way(void **state)
{
    (void)state;
    static tacit_answers she, he;
    int same = 0, by_chance = 0;
    duel_answer(last_night, 0, ready, &she);
    duel_answer(last_night, 1, ready, &he);
    for (uint64_t seed = 1; seed <= 32; seed++) {
        duel d;
        spend_the_night(&d, seed, &she, &he);
        assert_string_equal(duel_outcome(&d, 0), duel_outcome(&d, 1));
        same += strcmp(duel_outcome(&d, 0), "same-way") == 0;
        by_chance += strcmp(duel_outcome(&d, 0), "not-tonight") == 0;
        duel_end(&d);
    }
    assert_int_equal(same + by_chance, 32);
    assert_in_range(by_chance, 1, 12); /* 4 expected; the seeds are fixed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_see_not_tonight),
        cmocka_unit_test(she_alone_is_told_of_the_fiery_limbo),
        cmocka_unit_test(nothing_that_travels_depends_on_the_reason_for_a_no),
        cmocka_unit_test(a_yes_that_meets_a_no_sees_the_same_words),
        cmocka_unit_test(two_who_are_ready_mostly_see_it_the_same_way),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
