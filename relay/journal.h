/* SPDX-License-Identifier: ISC
 *
 * journal.h — what a relay writes down so that it may be killed at any moment: rooms with their seats,
 *             frames that were not taken, deposits and verdicts.  One SQLite file.
 *
 * Use      The relay works in memory; once in a while it begins, writes what has changed, and commits:
 *          all of it or nothing.  At its start it reads everything back.
 * Holds    Random room ids, hashes of tickets, sealed frames, opaque deposits, times of deposits.  No
 *          address, no name, no answer.  What is taken or over is deleted and overwritten.
 * Durable  After a commit it is on the disk (WAL, synchronous = FULL).
 */
#ifndef TCT_RELAY_JOURNAL_H
#define TCT_RELAY_JOURNAL_H

#include "base/base.h"
#include "net/relay_wire.h"

enum { TCT_TICKET_HASH_BYTES = 16, TCT_JOURNAL_ERROR_MAX = 320 };

typedef struct tct_journal tct_journal;

typedef struct {
    uint64_t key; /* of the relay's own making, never given twice */
    uint8_t id[TCT_RELAY_ROOM_BYTES];
    uint32_t number; /* 0: none any more */
    uint64_t keep_until;
    struct {
        bool taken, left;
        uint8_t ticket[TCT_TICKET_HASH_BYTES];
        uint32_t received, taken_count;
    } seats[2];
} tct_journal_room;

typedef struct {
    uint64_t room;
    int seat; /* for whom */
    uint32_t seq;
    const uint8_t *bytes;
    size_t length;
} tct_journal_frame;

typedef enum { TCT_SLOT_OPEN, TCT_SLOT_REFUSED, TCT_SLOT_RELEASED } tct_slot_state;

typedef struct {
    uint64_t room;
    uint32_t run;
    tct_slot_state state;
    uint64_t release_at, decide_at, decided_at;
    bool mismatch, gave[2], seen[2];
    const uint8_t *deposit[2]; /* NULL: none */
    size_t length[2];
} tct_journal_slot;

typedef struct {
    uint64_t room;
    int seat; /* whose */
    uint32_t run;
    uint8_t flight;
    uint8_t digest[TCT_RELAY_DIGEST_BYTES];
    bool came;
    uint64_t put_at;
    const uint8_t *bytes; /* NULL: not there, or done with */
    size_t length;
} tct_journal_letter;

/* Opens or makes the file; ":memory:" is one that goes with the program.  bytes_max: how large it may
 * grow, about.  NULL: error says why in a sentence; the file, if it is no journal of ours, is as it
 * was. */
tct_journal *tct_journal_open(const char *path, size_t bytes_max,
                              char error[TCT_JOURNAL_ERROR_MAX]);
void tct_journal_close(tct_journal *journal); /* NULL is fine */

/* Each false: it did not work, and tct_journal_why says why; nothing since begin stays. */
bool tct_journal_begin(tct_journal *journal);
bool tct_journal_put_room(tct_journal *journal, const tct_journal_room *room);
bool tct_journal_drop_room(tct_journal *journal, uint64_t key); /* with all of it */
bool tct_journal_put_frame(tct_journal *journal, const tct_journal_frame *frame);
/* Frames for this seat with smaller numbers. */
bool tct_journal_drop_frames(tct_journal *journal, uint64_t room, int seat, uint32_t below);
bool tct_journal_put_slot(tct_journal *journal, const tct_journal_slot *slot);
bool tct_journal_put_letter(tct_journal *journal, const tct_journal_letter *letter);
bool tct_journal_commit(tct_journal *journal);
void tct_journal_undo(tct_journal *journal); /* after any of them failed */
const char *tct_journal_why(const tct_journal *journal);

/* Everything that stands in it: each room, then its frames in their order, its slots, its letters.  Bytes are
 * borrowed for the call; a callback that says false ends it. */
typedef struct {
    void *context;
    bool (*room)(void *context, const tct_journal_room *room);
    bool (*frame)(void *context, const tct_journal_frame *frame);
    bool (*slot)(void *context, const tct_journal_slot *slot);
    bool (*letter)(void *context, const tct_journal_letter *letter);
} tct_journal_reader;
bool tct_journal_read(tct_journal *journal, const tct_journal_reader *reader);

/* For tests: a disk that is full from here on, or has room again. */
void tct_journal_limit(tct_journal *journal, bool full);

#endif
