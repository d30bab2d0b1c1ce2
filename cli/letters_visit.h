/* SPDX-License-Identifier: ISC
 *
 * letters_visit.h — one visit to the relay with letters: what stands there is compared with this disk,
 *                   what came is taken, what is due is handed over.  Every step is on the disk before
 *                   anything of it leaves.
 */
#ifndef TCT_CLI_LETTERS_VISIT_H
#define TCT_CLI_LETTERS_VISIT_H

#include "cli/letters_store.h"
#include "net/link.h"

enum { TCT_VISIT_PLACES_MAX = 64 };

typedef enum {
    TCT_VISIT_GOING,
    TCT_VISIT_DONE,    /* everything that could be done now was */
    TCT_VISIT_LATE,    /* the answers were too late, too soon, or for too long a time */
    TCT_VISIT_NOT_NOW, /* there is nothing that these answers are for */
    TCT_VISIT_USED, /* another copy was used, or (CHECK) something did not add up: it is dead */
    TCT_VISIT_CHECK,
    TCT_VISIT_FORGOT, /* the relay has lost its notes: it is dead */
    TCT_VISIT_GONE,   /* the relay knows nothing of it */
    TCT_VISIT_NO_LETTERS,
    TCT_VISIT_LOST, /* the line; why has a sentence */
    TCT_VISIT_UNSAVED,
} tct_visit_result;

typedef struct {
    tct_letters_file file;
    bool locked;
    int lock; /* from the disk to the disk no other program has them */
    tacit_letters *letters;
    void *memory, *room;
    size_t room_bytes;

    const tacit_answers *answers; /* to be given at this visit, or NULL.  secret */
    uint64_t until_in_ms;         /* … for an asking of so long */

    tct_loop *loop;
    tct_link *link;
    bool met, over, listed;
    tacit_letter_note notes[TCT_VISIT_PLACES_MAX];
    size_t note_count;
    struct {
        uint32_t run;
        uint8_t flight;
        uint8_t *bytes;
        size_t count;
    } came[TCT_VISIT_PLACES_MAX];
    size_t came_count;
    uint32_t due;                  /* which letter is handed over now */
    uint64_t given_ms;             /* when the last of it left; 0: not yet */
    bool waits_for_verdict, ended; /* an asking has ended: with letters' outcome, or without */
    tct_visit_result result;
    char why[200];
} tct_visit;

/* Takes it up from the disk.  false: told on standard error. */
bool tct_visit_take_up(tct_visit *v, const char *name);
void tct_visit_put_down(tct_visit *v); /* wipes */
/* Goes to the relay and does it.  v->result, v->ended say what came of it. */
void tct_visit_relay(tct_visit *v);
uint64_t tct_visit_relay_now(const tct_visit *v); /* by what was last heard */

#endif
