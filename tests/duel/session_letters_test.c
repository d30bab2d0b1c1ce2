/* SPDX-License-Identifier: ISC
 *
 * Letters: a stock from one meeting, askings between two people who are never there together, and what
 * stale, foreign, crossing, changed and invented letters, copies of a disk and a forgetful relay lead to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rule/sheet.h"
#include "session/binding.h"
#include "session/letters_state.h"
#include "support/duel.h"
#include "support/letter_pair.h"

static const char sheet[] = "title Both\n"
                            "ask want: Would you like to?\n"
                            "  no: No\n"
                            "  yes: Yes\n"
                            "outcome yes: You both would.\n"
                            "  when both (want is yes)\n"
                            "outcome no: Not this time.\n"
                            "  otherwise\n";
static const char paced[] = "title Both\n"
                            "sleep on it 8 hours\n"
                            "once every 24 hours\n"
                            "ask want: Would you like to?\n"
                            "  no: No\n"
                            "  yes: Yes\n"
                            "outcome yes: You both would.\n"
                            "  when both (want is yes)\n"
                            "outcome no: Not this time.\n"
                            "  otherwise\n";

static letter_pair pair;

static int prepare(void **state)
{
    (void)state;
    assert_true(tacit_start());
    return 0;
}

static tacit_letters_view see(int i)
{
    return tacit_letters_see(pair.person[i].letters);
}

/* The disk of person i as it stands, to compare with. */
static bool unchanged(int i, const letter_person *before)
{
    return pair.person[i].count == before->count &&
           memcmp(pair.person[i].disk, before->disk, before->count) == 0;
}

static void each_asking_gives_both_the_outcome(void **state)
{
    (void)state;
    letter_pair_new(&pair, 1, sheet, 4);
    assert_string_equal(letter_ask(&pair, sheet, 0, "yes", "yes"), "yes");
    assert_string_equal(letter_ask(&pair, sheet, 1, "yes", "yes"), "yes");
    assert_string_equal(letter_ask(&pair, sheet, 1, "yes", "no"), "no");
    assert_string_equal(letter_ask(&pair, sheet, 0, "no", "yes"), "no");
    for (int i = 0; i < 2; i++) {
        (void)letter_take_up(&pair, i);
        assert_int_equal(see(i).stage, TACIT_LETTERS_SPENT);
        assert_int_equal(see(i).left, 0);
        assert_int_equal(letter_answer(&pair, i, sheet, "yes", 0), TACIT_ERR_USAGE);
    }
    letter_pair_free(&pair);
}

/* Whoever visits often, late, or twice at each step changes nothing. */
static void visits_may_be_repeated(void **state)
{
    (void)state;
    letter_pair_new(&pair, 2, sheet, 1);
    (void)letter_take_up(&pair, 1);
    assert_int_equal(letter_answer(&pair, 1, sheet, "yes", 0), TACIT_OK);
    for (int round = 0; round < 5; round++)
        for (int i = 0; i < 2; i++) {
            assert_int_equal(letter_visit(&pair, i), TACIT_OK);
            if (see(i).stage == TACIT_LETTERS_INVITED)
                assert_int_equal(letter_answer(&pair, i, sheet, "yes", 0), TACIT_OK);
        }
    for (int i = 0; i < 2; i++) {
        letter_verdict(&pair, i);
        assert_string_equal(pair.person[i].outcome, "yes");
    }
    letter_pair_free(&pair);
}

/* Writes and hands over a first letter of person i. */
static void write_first(int i)
{
    assert_int_equal(letter_visit(&pair, i), TACIT_OK);
    assert_int_equal(letter_answer(&pair, i, sheet, "yes", 0), TACIT_OK);
    assert_int_equal(letter_visit(&pair, i), TACIT_OK);
}

static void crossing_first_letters_use_one_run(void **state)
{
    (void)state;
    letter_pair_new(&pair, 3, sheet, 2);
    for (int i = 0; i < 2; i++) { /* both before either is there */
        (void)letter_take_up(&pair, i);
        assert_int_equal(letter_answer(&pair, i, sheet, "yes", 0), TACIT_OK);
    }
    assert_int_equal(letter_visit(&pair, 0), TACIT_OK);
    assert_int_equal(letter_visit(&pair, 1), TACIT_OK);
    assert_int_equal(see(1).stage, TACIT_LETTERS_ASKED); /* of the two, theirs goes on */
    assert_int_equal(letter_visit(&pair, 0), TACIT_OK);
    assert_int_equal(see(0).stage, TACIT_LETTERS_INVITED);
    assert_true(see(0).crossed);
    assert_int_equal(letter_answer(&pair, 0, sheet, "yes", 0), TACIT_OK);
    assert_false(see(0).crossed);
    for (int i = 0; i < 2; i++)
        assert_int_equal(letter_visit(&pair, i), TACIT_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(letter_visit(&pair, i), TACIT_OK);
    assert_non_null(letter_find(&pair, 0, 1, TCT_F7)); /* burnt, and answered by nobody */
    assert_null(letter_find(&pair, 1, 1, TCT_F8));
    for (int i = 0; i < 2; i++) {
        letter_verdict(&pair, i);
        assert_string_equal(pair.person[i].outcome, "yes");
    }
    pair.now_ms += 2 * 86400000u;
    assert_string_equal(letter_ask(&pair, sheet, 0, "yes", "no"), "no");
    letter_pair_free(&pair);
}

/* A second first letter, once the asking has been answered, changes nothing. */
static void an_answered_asking_is_not_answered_again(void **state)
{
    (void)state;
    letter_pair_new(&pair, 4, sheet, 1);
    write_first(1); /* run 0 */
    (void)letter_take_up(&pair, 0);
    letter_person early = letter_backup(&pair, 1);
    assert_int_equal(letter_visit(&pair, 0), TACIT_OK);
    assert_int_equal(letter_answer(&pair, 0, sheet, "yes", 0), TACIT_OK);
    letter_person answered = letter_backup(&pair, 0);
    const letter_place *first = letter_find(&pair, 1, 0, TCT_F7);
    bool changed = true;
    assert_int_equal(tacit_letters_take(pair.person[0].letters, 0, TCT_F7, first->bytes,
                                        first->count, pair.now_ms, &changed),
                     TACIT_OK); /* the same again */
    assert_false(changed);
    assert_int_equal(see(0).stage, TACIT_LETTERS_WAITING);
    letter_write_down(&pair, 0);
    assert_true(unchanged(0, &answered));
    assert_int_equal(letter_answer(&pair, 0, sheet, "no", 0), TACIT_ERR_USAGE);
    free(early.disk);
    free(answered.disk);
    letter_pair_free(&pair);
}

/* What is not a letter for this place, time and pair: nothing happens. */
static void assert_ignored(int i, uint32_t run, uint8_t flight, const uint8_t *bytes,
                           size_t count)
{
    letter_person before = letter_backup(&pair, i);
    tacit_letters_stage stage = see(i).stage;
    bool changed = true;
    uint8_t *exact = malloc(count + 1);
    memcpy(exact, bytes, count);
    assert_int_equal(tacit_letters_take(pair.person[i].letters, run, flight, exact, count,
                                        pair.now_ms, &changed),
                     TACIT_OK);
    assert_false(changed);
    assert_int_equal(see(i).stage, stage);
    letter_write_down(&pair, i);
    assert_true(unchanged(i, &before));
    free(before.disk);
    free(exact);
}

/* Brings an asking to where person `to` waits for a letter of this flight, and finds it. */
static letter_place *letter_on_its_way(int flight, int *to)
{
    letter_place *place;
    write_first(1); /* run 0: person 0 garbles */
    *to = flight == TCT_F8 ? 1 : 0;
    if (flight == TCT_F7) {
        place = letter_find(&pair, 1, 0, TCT_F7);
    } else {
        assert_int_equal(letter_visit(&pair, 0), TACIT_OK);
        assert_int_equal(letter_answer(&pair, 0, sheet, "yes", 0), TACIT_OK);
        assert_int_equal(letter_visit(&pair, 0), TACIT_OK);
        place = letter_find(&pair, 0, 0, TCT_F8);
    }
    if (flight == TCT_F9) {
        assert_int_equal(letter_visit(&pair, 1), TACIT_OK);
        place = letter_find(&pair, 1, 0, TCT_F9);
    }
    assert_non_null(place);
    (void)letter_take_up(&pair, *to);
    return place;
}

static void strange_letters_change_nothing(void **state)
{
    (void)state;
    static const int flights[] = {TCT_F7, TCT_F8, TCT_F9};
    static uint8_t foreign[3][4096];
    size_t foreign_bytes[3];
    int to;
    for (int k = 0; k < 3; k++) { /* of another pair, at the same place */
        letter_pair_new(&pair, 50, sheet, 2);
        const letter_place *place = letter_on_its_way(flights[k], &to);
        assert_true(place->count <= sizeof foreign[k]);
        memcpy(foreign[k], place->bytes, place->count);
        foreign_bytes[k] = place->count;
        letter_pair_free(&pair);
    }
    for (int k = 0; k < 3; k++) {
        letter_pair_new(&pair, 51, sheet, 2);
        letter_place *place = letter_on_its_way(flights[k], &to);
        uint8_t flight = (uint8_t)flights[k];
        assert_ignored(to, 0, flight, foreign[k], foreign_bytes[k]);
        for (uint32_t run = 1; run < 6; run++) /* of this pair, for another place */
            assert_ignored(to, run, flight, place->bytes, place->count);
        for (unsigned other = 0; other < 20; other++)
            if (other != flight)
                assert_ignored(to, 0, (uint8_t)other, place->bytes, place->count);
        for (size_t cut = 0; cut < place->count; cut += 7) /* cut, and changed anywhere */
            assert_ignored(to, 0, flight, place->bytes, cut);
        for (size_t at = 0; at < place->count; at += 5) {
            place->bytes[at] ^= 0x20;
            assert_ignored(to, 0, flight, place->bytes, place->count);
            place->bytes[at] ^= 0x20;
        }
        static uint8_t junk[1200];
        for (size_t count = 0; count < sizeof junk; count += 13) {
            for (size_t at = 0; at < count; at++)
                junk[at] = (uint8_t)(at * 167 + count);
            assert_ignored(to, 0, flight, junk, count);
        }
        bool changed;
        assert_int_equal(tacit_letters_take(pair.person[to].letters, 0, flight, place->bytes,
                                            place->count, pair.now_ms, &changed),
                         TACIT_OK); /* and the right one is still taken */
        assert_int_equal(changed, flight != TCT_F7);
        letter_pair_free(&pair);
    }
}

/* A letter of the first asking, kept for the second: it is of another question. */
static void a_stale_letter_answers_nothing(void **state)
{
    (void)state;
    letter_pair_new(&pair, 6, sheet, 2);
    assert_string_equal(letter_ask(&pair, sheet, 1, "yes", "yes"), "yes");
    write_first(1);
    (void)letter_take_up(&pair, 0);
    for (int side = 0; side < 2; side++)
        for (unsigned k = 0; k < pair.place_count[side]; k++) {
            const letter_place *old = &pair.place[side][k];
            if (old->note.run >= 2)
                continue;
            assert_ignored(0, old->note.run, old->note.flight, old->bytes, old->count);
            assert_ignored(0, old->note.run + 2, old->note.flight, old->bytes, old->count);
        }
    letter_pair_free(&pair);
}

/* What a device that cheats can do: another body under the same seal.  frame: of the letter of `from`. */
static void seal_anew(int from, uint32_t run, uint8_t *frame, size_t at, uint8_t change)
{
    uint8_t qid[32], opened[4096];
    size_t text_bytes;
    tacit_letters *sender = pair.person[from].letters, *reader = pair.person[1 - from].letters;
    const char *text = tct_sheet_canonical(sender->sheet, &text_bytes);
    tct_frame_head head = tct_frame_head_read(frame);
    tct_bind_question(qid, sender->head.sid, (tct_part){text, text_bytes}, run / 2);
    assert_true(tct_channel_open(&reader->channel, &head, qid, frame + TCT_FRAME_HEAD_BYTES,
                                 TCT_PAD_MIN + TCT_AEAD_TAG_BYTES, opened));
    opened[at] ^= change;
    tct_channel_seal(&sender->channel, &head, qid, NULL, opened, TCT_PAD_MIN, frame);
}

static void authentic_and_wrong_ends_all_of_it(void **state)
{
    (void)state;
    static const struct {
        int flight;
        size_t at; /* in its body, of at most 256 bytes */
        uint8_t change;
        tacit_status status;
    } cheats[] = {
        {TCT_F7, 0, 0x80, TACIT_ERR_FORMAT},   /* a bit that is no input */
        {TCT_F7, 250, 0x01, TACIT_ERR_FORMAT}, /* padding */
        {TCT_F8, 0, 0x01, TACIT_ERR_CHEAT},    /* labels */
        {TCT_F8, 17, 0x10, TACIT_ERR_CHEAT},   {TCT_F8, 255, 0x01, TACIT_ERR_FORMAT},
        {TCT_F9, 0, 0x01, TACIT_ERR_CHEAT}, /* Λ of the outcome */
        {TCT_F9, 1, 0x01, TACIT_ERR_CHEAT}, /* the proof of it */
        {TCT_F9, 33, 0x01, TACIT_ERR_CHEAT},   {TCT_F9, 34, 0x01, TACIT_ERR_CHEAT},
        {TCT_F9, 100, 0x01, TACIT_ERR_FORMAT},
    };
    for (size_t k = 0; k < sizeof cheats / sizeof cheats[0]; k++) {
        int to;
        bool changed;
        tacit_letter due;
        letter_pair_new(&pair, 7, sheet, 2);
        letter_place *place = letter_on_its_way(cheats[k].flight, &to);
        (void)letter_take_up(&pair, 1 - to);
        size_t second = cheats[k].flight == TCT_F8 ? tct_frame_bytes(1, false) : 0;
        seal_anew(1 - to, 0, place->bytes + second, cheats[k].at, cheats[k].change);
        tacit_status status =
            tacit_letters_take(pair.person[to].letters, 0, (uint8_t)cheats[k].flight,
                               place->bytes, place->count, pair.now_ms, &changed);
        if (status == TACIT_OK && cheats[k].flight == TCT_F7) /* its bits are used later */
            status = letter_answer(&pair, to, sheet, "yes", 0);
        assert_int_equal(status, cheats[k].status);
        letter_write_down(&pair, to);
        assert_int_equal(see(to).stage, TACIT_LETTERS_DEAD);
        assert_false(tacit_letters_due(pair.person[to].letters, 0, &due));
        assert_int_equal(letter_answer(&pair, to, sheet, "yes", 0), TACIT_ERR_USAGE);
        (void)letter_take_up(&pair, to); /* and it stays so */
        assert_int_equal(see(to).stage, TACIT_LETTERS_DEAD);
        letter_pair_free(&pair);
    }
}

/* Every place at which a copy can be taken before a letter leaves: the older copy refuses. */
static void a_restored_backup_writes_nothing(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        letter_pair_new(&pair, 10, sheet, 3);
        letter_person old = letter_backup(&pair, who);
        tacit_letter due;
        if (who == 1)
            write_first(1); /* its F7 was noted */
        else {
            write_first(1);
            assert_int_equal(letter_visit(&pair, 0), TACIT_OK);
            assert_int_equal(letter_answer(&pair, 0, sheet, "no", 0), TACIT_OK);
            assert_int_equal(letter_visit(&pair, 0), TACIT_OK); /* its F8 was noted */
        }
        letter_restore(&pair, who, &old);
        assert_int_equal(letter_visit(&pair, who), TACIT_ERR_USED);
        assert_int_equal(see(who).stage, TACIT_LETTERS_DEAD);
        assert_false(tacit_letters_due(pair.person[who].letters, 0, &due));
        assert_int_equal(letter_answer(&pair, who, sheet, "yes", 0), TACIT_ERR_USAGE);
        free(old.disk);
        letter_pair_free(&pair);
    }
}

/* The evaluator's copy of between its two letters: the second stands, and this is not it. */
static void a_backup_of_the_middle_is_refused_too(void **state)
{
    (void)state;
    int to;
    letter_pair_new(&pair, 11, sheet, 1);
    (void)letter_on_its_way(TCT_F8, &to);
    letter_person old = letter_backup(&pair, 1);
    assert_int_equal(letter_visit(&pair, 1), TACIT_OK); /* F9 */
    letter_restore(&pair, 1, &old);
    assert_int_equal(letter_visit(&pair, 1), TACIT_ERR_USED);
    free(old.disk);
    letter_pair_free(&pair);
}

/* Two copies of one person, both at the relay before either has written: one note stands. */
static void of_two_copies_one_writes(void **state)
{
    (void)state;
    letter_pair_new(&pair, 12, sheet, 2);
    write_first(1);
    assert_int_equal(letter_visit(&pair, 0),
                     TACIT_OK); /* both have seen that nothing is noted */
    letter_person copy = letter_backup(&pair, 0);
    assert_int_equal(letter_answer(&pair, 0, sheet, "yes", 0), TACIT_OK);
    tacit_letter mine;
    assert_true(tacit_letters_due(pair.person[0].letters, 0, &mine));
    tacit_letter_note stands = mine.note;
    assert_int_equal(tacit_letters_noted(pair.person[0].letters, &stands), TACIT_OK);
    letter_restore(&pair, 0, &copy);
    (void)letter_take_up(&pair, 0);
    const letter_place *first = letter_find(&pair, 1, 0, TCT_F7);
    bool changed;
    assert_int_equal(tacit_letters_take(pair.person[0].letters, 0, TCT_F7, first->bytes,
                                        first->count, pair.now_ms, &changed),
                     TACIT_OK);
    assert_int_equal(letter_answer(&pair, 0, sheet, "no", 0), TACIT_OK); /* nothing has left */
    assert_int_equal(tacit_letters_noted(pair.person[0].letters, &stands), TACIT_ERR_USED);
    assert_int_equal(see(0).stage, TACIT_LETTERS_DEAD);
    free(copy.disk);
    letter_pair_free(&pair);
}

static void a_relay_that_forgot_ends_all_of_it(void **state)
{
    (void)state;
    letter_pair_new(&pair, 13, sheet, 2);
    write_first(0);
    for (unsigned k = 0; k < pair.place_count[0]; k++)
        free(pair.place[0][k].bytes);
    pair.place_count[0] = 0;
    assert_int_equal(letter_visit(&pair, 0), TACIT_ERR_RELAY);
    assert_int_equal(see(0).stage, TACIT_LETTERS_DEAD);
    letter_pair_free(&pair);
}

/* Killed after every write and before what follows it: it goes on with the same bytes. */
static void a_crash_at_any_step_loses_nothing(void **state)
{
    (void)state;
    letter_pair_new(&pair, 14, sheet, 1);
    (void)letter_take_up(&pair, 1);
    assert_int_equal(letter_answer(&pair, 1, sheet, "yes", 0), TACIT_OK);
    letter_put_down(&pair, 1); /* before its note */
    tacit_letters *l = letter_take_up(&pair, 1);
    tacit_letter due;
    assert_true(tacit_letters_due(l, 0, &due));
    assert_false(due.confirmed);
    /* after the note, before the letter: the same letter follows */
    pair.place[1][pair.place_count[1]++] = (letter_place){.note = due.note};
    assert_int_equal(letter_visit(&pair, 1), TACIT_OK);
    assert_int_equal(letter_visit(&pair, 0), TACIT_OK);
    assert_int_equal(letter_answer(&pair, 0, sheet, "yes", 0), TACIT_OK);
    letter_put_down(&pair, 0);
    assert_int_equal(letter_visit(&pair, 0), TACIT_OK);
    /* F9 is made and written, and nothing of it has left */
    l = letter_take_up(&pair, 1);
    const letter_place *reply = letter_find(&pair, 0, 0, TCT_F8);
    bool changed;
    assert_int_equal(
        tacit_letters_take(l, 0, TCT_F8, reply->bytes, reply->count, pair.now_ms, &changed),
        TACIT_OK);
    assert_true(changed);
    letter_write_down(&pair, 1);
    letter_put_down(&pair, 1);
    for (int i = 1; i >= 0; i--)
        assert_int_equal(letter_visit(&pair, i), TACIT_OK);
    for (int i = 0; i < 2; i++) {
        letter_verdict(&pair, i);
        assert_string_equal(pair.person[i].outcome, "yes");
    }
    letter_pair_free(&pair);
}

static void silence_gives_both_the_otherwise(void **state)
{
    (void)state;
    int to;
    static const int flights[] = {TCT_F7, TCT_F8, TCT_F9};
    for (int k = 0; k < 3; k++) {
        letter_pair_new(&pair, 20 + (uint64_t)k, sheet, 2);
        (void)letter_on_its_way(flights[k], &to);
        for (int i = 0; i < 2; i++) {
            (void)letter_take_up(&pair, i);
            if (i == 0 && flights[k] == TCT_F7) /* the other never looked */
                assert_int_equal(see(i).stage, TACIT_LETTERS_IDLE);
            letter_verdict(&pair, i);
            assert_string_equal(pair.person[i].outcome, "otherwise");
        }
        pair.now_ms += 2 * 86400000u;
        /* What is over is over: the next asking is one that both agree is next. */
        assert_string_equal(letter_ask(&pair, sheet, 1, "yes", "yes"), "yes");
        letter_pair_free(&pair);
    }
}

static void times_are_held_to(void **state)
{
    (void)state;
    letter_pair_new(&pair, 30, paced, 3);
    const uint64_t hour = 3600000, now = pair.now_ms;
    (void)letter_take_up(&pair, 1);
    assert_true(see(1).pause_ms == 8 * hour);
    assert_int_equal(letter_answer(&pair, 1, paced, "yes", now), TACIT_ERR_LIMIT);
    assert_int_equal(letter_answer(&pair, 1, paced, "yes", now + 8 * hour - 1),
                     TACIT_ERR_LIMIT);
    assert_int_equal(letter_answer(&pair, 1, paced, "yes", now + TACIT_LETTERS_AHEAD_MS + 1u),
                     TACIT_ERR_LIMIT);
    assert_int_equal(letter_answer(&pair, 1, paced, "yes", now + 8 * hour), TACIT_OK);
    assert_int_equal(letter_visit(&pair, 1), TACIT_OK);
    /* The other comes when it is over: there is nothing to answer any more. */
    pair.now_ms = now + 8 * hour;
    assert_int_equal(letter_visit(&pair, 0), TACIT_OK);
    assert_int_equal(see(0).stage, TACIT_LETTERS_IDLE);
    assert_int_equal(see(0).left, 2);
    (void)letter_take_up(&pair, 1);
    assert_true(tacit_letters_close(pair.person[1].letters));
    assert_false(tacit_letters_close(pair.person[1].letters));
    letter_write_down(&pair, 1);
    /* Once every 24 hours, for whoever has begun one; broken-off askings count. */
    pair.now_ms = now + 24 * hour - 1;
    assert_int_equal(letter_answer(&pair, 1, paced, "yes", now + 40 * hour), TACIT_ERR_LIMIT);
    pair.now_ms++;
    assert_int_equal(letter_answer(&pair, 1, paced, "yes", now + 40 * hour), TACIT_OK);
    /* The other holds to it as well, by its own disk. */
    assert_int_equal(letter_visit(&pair, 1), TACIT_OK);
    assert_int_equal(letter_visit(&pair, 0), TACIT_OK);
    assert_int_equal(letter_answer(&pair, 0, paced, "yes", 0), TACIT_OK);
    for (int turn = 0; turn < 3; turn++)
        assert_int_equal(letter_visit(&pair, turn % 2), TACIT_OK);
    for (int i = 0; i < 2; i++)
        letter_verdict(&pair, i);
    assert_string_equal(pair.person[0].outcome, "yes");
    assert_int_equal(letter_answer(&pair, 0, paced, "yes", pair.now_ms + 20 * hour),
                     TACIT_ERR_LIMIT);
    letter_pair_free(&pair);
}

static tacit_status read_bytes(const uint8_t *bytes, size_t count)
{
    tacit_letters *l;
    void *memory = aligned_alloc(64, TACIT_LETTERS_MEMORY), *room = NULL;
    uint8_t *exact = malloc(count + 1);
    memcpy(exact, bytes, count);
    tacit_status status = tacit_letters_read(&l, memory, TACIT_LETTERS_MEMORY, exact, count);
    if (status == TACIT_OK) {
        size_t need = tacit_letters_memory_wanted(l);
        room = aligned_alloc(64, (need + 127) / 64 * 64);
        status = tacit_letters_memory(l, room, need);
        tacit_letters_wipe(l);
    }
    free(exact);
    free(memory);
    free(room);
    return status;
}

static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    letter_pair_new(&pair, 40, sheet, 1);
    uint8_t *disk = pair.person[0].disk;
    size_t count = pair.person[0].count;
    assert_int_equal(read_bytes(disk, count), TACIT_OK);
    for (size_t cut = 0; cut < count; cut += 61)
        assert_int_equal(read_bytes(disk, cut), TACIT_ERR_FORMAT);
    disk[8]++;
    assert_int_equal(read_bytes(disk, count), TACIT_ERR_VERSION);
    disk[8]--;
    static const size_t places[] = {0, 9, 10, 11, 125, 126, 127, 152, 153};
    for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
        disk[places[k]] ^= 0x40;
        assert_int_equal(read_bytes(disk, count), TACIT_ERR_FORMAT);
        disk[places[k]] ^= 0x40;
    }
    for (size_t at = 0; at < count; at += 101) { /* whatever else: no crash, and no promise */
        disk[at] ^= 0xff;
        (void)read_bytes(disk, count);
        disk[at] ^= 0xff;
    }
    letter_pair_free(&pair);
}

/* One side came to answer now. */
static void both_must_mean_letters(void **state)
{
    (void)state;
    static duel d;
    for (int only = 0; only < 2; only++) {
        duel_letters[only] = 2;
        duel_start(&d, 60, &(duel_options){sheet, NULL, -1, NULL},
                   &(duel_options){NULL, NULL, -1, NULL});
        duel_letters[only] = 0;
        duel_run(&d);
        assert_int_equal(tacit_session_error(d.side[1].session), TACIT_ERR_LETTERS);
        assert_int_equal(d.side[1].sent_count, 0);
        duel_end(&d);
    }
    duel_letters[0] = 2; /* a relay that keeps no deposits */
    duel_keeps_deposits[0] = false;
    duel_start(&d, 61, &(duel_options){sheet, NULL, -1, NULL},
               &(duel_options){NULL, NULL, -1, NULL});
    duel_letters[0] = 0;
    duel_keeps_deposits[0] = true;
    uint8_t room[64];
    assert_int_equal(tacit_session_memory(d.side[0].session, room, sizeof room),
                     TACIT_ERR_LIMIT);
    duel_end(&d);
}

/* Nine things: some 27,000 ANDs, of which a stock of 24 MiB has room for two askings and not for eight. */
static void a_stock_is_no_larger_than_can_be_read_again(void **state)
{
    (void)state;
    static duel d;
    static const char large[] =
        "title Share\n\nabout\n  Who keeps what.\n\nlist things, yours to change, 2 to 10\n"
        "  a: A\n  b: B\n  c: C\n  d: D\n  e: E\n  f: F\n  g: G\n  h: H\n  i: I\n\n"
        "ask points: Spread your 100 points:\n  points 100 over things\n\n"
        "outcome split: So\n  when count of things > 0\n"
        "  reveal split: fairest split of things by points, ties by lot\n\n"
        "outcome no: No\n  otherwise\n";
    for (uint32_t askings = 2; askings <= TACIT_LETTERS_ASKINGS_MAX; askings += 6) {
        uint8_t room[64];
        duel_letters[0] = askings;
        duel_start(&d, 62, &(duel_options){large, NULL, -1, NULL},
                   &(duel_options){NULL, NULL, -1, NULL});
        duel_letters[0] = 0;
        assert_int_equal(tacit_session_memory(d.side[0].session, room, sizeof room),
                         askings == 2 ? TACIT_ERR_MEMORY : TACIT_ERR_LIMIT);
        duel_end(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_asking_gives_both_the_outcome),
        cmocka_unit_test(visits_may_be_repeated),
        cmocka_unit_test(crossing_first_letters_use_one_run),
        cmocka_unit_test(an_answered_asking_is_not_answered_again),
        cmocka_unit_test(strange_letters_change_nothing),
        cmocka_unit_test(a_stale_letter_answers_nothing),
        cmocka_unit_test(authentic_and_wrong_ends_all_of_it),
        cmocka_unit_test(a_restored_backup_writes_nothing),
        cmocka_unit_test(a_backup_of_the_middle_is_refused_too),
        cmocka_unit_test(of_two_copies_one_writes),
        cmocka_unit_test(a_relay_that_forgot_ends_all_of_it),
        cmocka_unit_test(a_crash_at_any_step_loses_nothing),
        cmocka_unit_test(silence_gives_both_the_otherwise),
        cmocka_unit_test(times_are_held_to),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(both_must_mean_letters),
        cmocka_unit_test(a_stock_is_no_larger_than_can_be_read_again),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
