/* SPDX-License-Identifier: ISC */
#include "support/letter_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/duel.h"

static void *take(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
    assert_non_null(memory);
    return memory;
}

/* ---- the meeting --- */

static void keep(letter_pair *p, int i, tacit_session *s)
{
    letter_person *person = &p->person[i];
    size_t need = tacit_session_letters_bytes(s);
    assert_true(need > 0 && need <= TACIT_LETTERS_MAX);
    person->disk = malloc(need);
    person->count = need - 1;
    assert_int_equal(tacit_session_letters(s, person->disk, &person->count), TACIT_ERR_SPACE);
    person->count = need;
    assert_int_equal(tacit_session_letters(s, person->disk, &person->count), TACIT_OK);
    assert_false(tacit_session_letters_ready(s));
    tacit_session_letters_kept(s);
}

void letter_pair_new(letter_pair *p, uint64_t seed, const char *text, uint32_t askings)
{
    static duel d;
    memset(p, 0, sizeof *p);
    p->now_ms = 1795000000000u;
    duel_letters[0] = askings;
    duel_letters[1] = 1;
    duel_start(&d, seed, &(duel_options){text, NULL, -1, NULL},
               &(duel_options){NULL, NULL, -1, NULL});
    duel_letters[0] = duel_letters[1] = 0;
    duel_run(&d);
    for (int i = 0; i < 2; i++) {
        tacit_session *s = d.side[i].session;
        assert_int_equal(tacit_session_error(s), TACIT_OK);
        assert_int_equal(tacit_session_want(s), TACIT_WANT_RECV | TACIT_WANT_KEEP);
        assert_int_equal(tacit_session_stage(s), TACIT_STAGE_READY);
        assert_int_equal(tacit_session_letters_count(s), askings);
        keep(p, i, s);
    }
    duel_run(&d);
    for (int i = 0; i < 2; i++) {
        assert_true(tacit_session_letters_ready(d.side[i].session));
        assert_int_equal(tacit_session_stage(d.side[i].session), TACIT_STAGE_ENDED);
        assert_int_equal(tacit_session_error(d.side[i].session), TACIT_OK);
    }
    duel_end(&d);
}

void letter_pair_free(letter_pair *p)
{
    for (int i = 0; i < 2; i++) {
        letter_put_down(p, i);
        free(p->person[i].disk);
        free(p->deposit[i]);
        for (unsigned k = 0; k < p->place_count[i]; k++)
            free(p->place[i][k].bytes);
    }
    memset(p, 0, sizeof *p);
}

/* ---- the disk --- */

tacit_letters *letter_take_up(letter_pair *p, int i)
{
    letter_person *person = &p->person[i];
    letter_put_down(p, i);
    person->memory = take(TACIT_LETTERS_MEMORY);
    assert_int_equal(tacit_letters_read(&person->letters, person->memory, TACIT_LETTERS_MEMORY,
                                        person->disk, person->count),
                     TACIT_OK);
    size_t need = tacit_letters_memory_wanted(person->letters);
    assert_true(need > 0);
    person->room = take(need);
    assert_int_equal(tacit_letters_memory(person->letters, person->room, need), TACIT_OK);
    return person->letters;
}

void letter_put_down(letter_pair *p, int i)
{
    letter_person *person = &p->person[i];
    if (person->letters != NULL)
        tacit_letters_wipe(person->letters);
    free(person->memory);
    free(person->room);
    person->letters = NULL;
    person->memory = person->room = NULL;
}

void letter_write_down(letter_pair *p, int i)
{
    letter_person *person = &p->person[i];
    size_t need = tacit_letters_bytes(person->letters);
    free(person->disk);
    person->disk = malloc(need);
    person->count = need;
    assert_int_equal(tacit_letters_save(person->letters, person->disk, &person->count),
                     TACIT_OK);
    assert_int_equal(person->count, need);
}

letter_person letter_backup(const letter_pair *p, int i)
{
    letter_person copy = {.count = p->person[i].count};
    copy.disk = malloc(copy.count);
    memcpy(copy.disk, p->person[i].disk, copy.count);
    return copy;
}

void letter_restore(letter_pair *p, int i, const letter_person *backup)
{
    letter_put_down(p, i);
    free(p->person[i].disk);
    p->person[i].disk = malloc(backup->count);
    p->person[i].count = backup->count;
    memcpy(p->person[i].disk, backup->disk, backup->count);
}

/* ---- the relay --- */

letter_place *letter_find(letter_pair *p, int i, uint32_t run, uint8_t flight)
{
    for (unsigned k = 0; k < p->place_count[i]; k++)
        if (p->place[i][k].note.run == run && p->place[i][k].note.flight == flight)
            return &p->place[i][k];
    return NULL;
}

/* The first note of a place stands. */
static letter_place *note(letter_pair *p, int i, const tacit_letter_note *wanted)
{
    letter_place *place = letter_find(p, i, wanted->run, wanted->flight);
    if (place != NULL)
        return place;
    assert_true(p->place_count[i] < LETTER_PLACES);
    place = &p->place[i][p->place_count[i]++];
    *place = (letter_place){.note = *wanted};
    return place;
}

/* ---- a visit --- */

static tacit_status compare_notes(letter_pair *p, int i)
{
    tacit_letter_note notes[LETTER_PLACES];
    for (unsigned k = 0; k < p->place_count[i]; k++)
        notes[k] = p->place[i][k].note;
    return tacit_letters_check(p->person[i].letters, notes, p->place_count[i]);
}

static tacit_status take_letters(letter_pair *p, int i)
{
    tacit_letters *l = p->person[i].letters;
    for (unsigned k = 0; k < p->place_count[1 - i]; k++) {
        const letter_place *place = &p->place[1 - i][k];
        bool changed = false;
        if (place->bytes == NULL)
            continue;
        tacit_status status =
            tacit_letters_take(l, place->note.run, place->note.flight, place->bytes,
                               place->count, p->now_ms, &changed);
        if (status != TACIT_OK)
            return status;
        if (changed)
            letter_write_down(p, i);
    }
    return TACIT_OK;
}

static tacit_status hand_over(letter_pair *p, int i)
{
    tacit_letters *l = p->person[i].letters;
    tacit_letter letter;
    for (uint32_t k = 0; tacit_letters_due(l, k, &letter); k++) {
        letter_place *place = note(p, i, &letter.note);
        tacit_status status = tacit_letters_noted(l, &place->note);
        if (status != TACIT_OK)
            return status;
        letter_write_down(p, i);
        if (place->bytes != NULL) {
            assert_int_equal(place->count, letter.count);
            assert_memory_equal(place->bytes, letter.bytes, letter.count);
            continue;
        }
        place->bytes = malloc(letter.count);
        place->count = letter.count;
        memcpy(place->bytes, letter.bytes, letter.count);
    }
    return TACIT_OK;
}

static void deposit(letter_pair *p, int i)
{
    uint32_t run;
    uint64_t until;
    const uint8_t *bytes;
    size_t count;
    if (!tacit_letters_deposit(p->person[i].letters, &run, &until, &bytes, &count))
        return;
    if (p->deposit[i] != NULL && p->deposit_run[i] == run) {
        assert_int_equal(p->deposit_bytes[i], count); /* the same, as often as it is given */
        assert_memory_equal(p->deposit[i], bytes, count);
        return;
    }
    free(p->deposit[i]);
    p->deposit[i] = malloc(count);
    memcpy(p->deposit[i], bytes, count);
    p->deposit_bytes[i] = count;
    p->deposit_run[i] = run;
}

tacit_status letter_visit(letter_pair *p, int i)
{
    (void)letter_take_up(p, i);
    tacit_status status = compare_notes(p, i);
    if (status == TACIT_OK)
        status = take_letters(p, i);
    if (status == TACIT_OK)
        status = hand_over(p, i);
    if (status == TACIT_OK)
        deposit(p, i);
    else
        letter_write_down(p, i);
    p->person[i].trouble = status;
    return status;
}

tacit_status letter_answer(letter_pair *p, int i, const char *text, const char *want,
                           uint64_t until_ms)
{
    static tacit_answers answers;
    uint8_t seed[32] = {0};
    tacit_letters *l = p->person[i].letters;
    seed[0] = p->seed++;
    duel_answer(text, tacit_letters_see(l).person, (const char *[]){"want", want, NULL},
                &answers);
    tacit_status status = tacit_letters_answer(
        l, &answers, until_ms == 0 ? p->now_ms + 86400000 : until_ms, p->now_ms, seed);
    letter_write_down(p, i);
    return status;
}

void letter_verdict(letter_pair *p, int i)
{
    letter_person *person = &p->person[i];
    tacit_letters *l = letter_take_up(p, i);
    bool both = p->deposit[0] != NULL && p->deposit[1] != NULL &&
                p->deposit_run[0] == p->deposit_run[1] &&
                p->deposit_bytes[0] == p->deposit_bytes[1];
    size_t third = both ? p->deposit_bytes[1 - i] / 3 : 0;
    uint32_t run;
    uint64_t until;
    const uint8_t *bytes;
    size_t count;
    (void)snprintf(person->outcome, sizeof person->outcome, "otherwise");
    if (tacit_letters_deposit(l, &run, &until, &bytes, &count)) {
        tacit_status status =
            tacit_letters_verdict(l, run, both, both ? p->deposit[1 - i] : NULL, third);
        assert_int_equal(status, both ? TACIT_OK : TACIT_ERR_REFUSED);
        if (status == TACIT_OK)
            (void)snprintf(person->outcome, sizeof person->outcome, "%s",
                           tacit_letters_outcome(l)->outcome->id);
    } else {
        (void)tacit_letters_close(l);
    }
    letter_write_down(p, i);
}

const char *letter_ask(letter_pair *p, const char *text, int first, const char *want_0,
                       const char *want_1)
{
    const char *want[2] = {want_0, want_1};
    int second = 1 - first;
    assert_int_equal(letter_visit(p, first), TACIT_OK);
    assert_int_equal(letter_answer(p, first, text, want[first], 0), TACIT_OK);
    assert_int_equal(letter_visit(p, first), TACIT_OK);
    assert_int_equal(letter_visit(p, second), TACIT_OK);
    assert_int_equal(tacit_letters_see(p->person[second].letters).stage, TACIT_LETTERS_INVITED);
    assert_int_equal(letter_answer(p, second, text, want[second], 0), TACIT_OK);
    assert_int_equal(letter_visit(p, second), TACIT_OK);
    assert_int_equal(letter_visit(p, first), TACIT_OK);
    assert_int_equal(letter_visit(p, second), TACIT_OK);
    for (int i = 0; i < 2; i++)
        letter_verdict(p, i);
    assert_string_equal(p->person[0].outcome, p->person[1].outcome);
    p->now_ms += 2 * 86400000u;
    return p->person[0].outcome;
}
