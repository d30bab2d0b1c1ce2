/* SPDX-License-Identifier: ISC
 *
 * letter_pair.h — two people who write letters, and the relay between them, for tests.
 *
 * Each person is the bytes on a disk; every visit to the relay takes them up anew and writes them back
 * before anything leaves, as the program does.  The relay keeps the first note of every place, the
 * letters, and deposits; it is written from docs/RELAY.md, not from the relay.
 */
#ifndef TCT_TESTS_SUPPORT_LETTER_PAIR_H
#define TCT_TESTS_SUPPORT_LETTER_PAIR_H

#include "tacit/tacit.h"

enum { LETTER_PLACES = 64 };

typedef struct {
    tacit_letter_note note;
    uint8_t *bytes; /* NULL: noted, and the letter has not come */
    size_t count;
} letter_place;

typedef struct {
    uint8_t *disk; /* what is written down */
    size_t count;
    void *memory, *room; /* while it is taken up */
    tacit_letters *letters;
    char outcome[40];     /* of the last asking: an id, "otherwise" for none; "" not yet */
    tacit_status trouble; /* the last status of a visit that was not OK */
} letter_person;

typedef struct {
    letter_person person[2]; /* by session role: 0 opened the meeting */
    letter_place place[2][LETTER_PLACES];
    unsigned place_count[2];
    uint8_t *deposit[2];
    size_t deposit_bytes[2];
    uint32_t deposit_run[2];
    uint64_t now_ms;
    uint8_t seed;
} letter_pair;

/* Meets, prepares `askings`, writes both to their disks. */
void letter_pair_new(letter_pair *p, uint64_t seed, const char *text, uint32_t askings);
void letter_pair_free(letter_pair *p);

/* Takes person i up from the disk; letters are those of the disk until it is put down. */
tacit_letters *letter_take_up(letter_pair *p, int i);
void letter_put_down(letter_pair *p, int i); /* without writing */
void letter_write_down(letter_pair *p, int i);

/* Answers from pairs, as duel_answer; then writes down, and hands over nothing.  until: 0 is in a day. */
tacit_status letter_answer(letter_pair *p, int i, const char *text, const char *want,
                           uint64_t until_ms);
/* What the program does at the relay: compares notes, takes what came, hands over, deposits. */
tacit_status letter_visit(letter_pair *p, int i);
/* The relay's time has come: both fetch the verdict. */
void letter_verdict(letter_pair *p, int i);
/* All of one asking, `first` writing first; checks that both see the same and returns its id. */
const char *letter_ask(letter_pair *p, const char *text, int first, const char *want_0,
                       const char *want_1);

/* A copy of a disk, and back. */
letter_person letter_backup(const letter_pair *p, int i);
void letter_restore(letter_pair *p, int i, const letter_person *backup);

/* The relay's copy of a letter of seat i. */
letter_place *letter_find(letter_pair *p, int i, uint32_t run, uint8_t flight);

#endif
