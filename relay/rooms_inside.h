/* SPDX-License-Identifier: ISC
 *
 * rooms_inside.h — how the files of rooms keep callers, seats, rooms and deposits; for these only:
 *                  rooms.c (callers and messages), rooms_seats.c (who sits where), rooms_frames.c,
 *                  rooms_deposits.c, rooms_letters.c, rooms_time.c, rooms_state.c (what outlives a
 *                  restart).
 */
#ifndef TCT_RELAY_ROOMS_INSIDE_H
#define TCT_RELAY_ROOMS_INSIDE_H

#include "net/relay_wire.h"
#include "relay/journal.h"
#include "relay/list.h"
#include "relay/numbers.h"
#include "relay/parcel.h"
#include "relay/rooms.h"
#include "relay/visitors.h"

enum { ASKER = 0, ANSWERER = 1 };
enum { ROOM_SLOTS = 1 << 14 }; /* of the table by room id */

/* One side of a room.  It outlives its lines: whoever shows the ticket again has it again. */
typedef struct {
    tct_caller *caller; /* its line; NULL: none now */
    bool taken;         /* somebody has held it since OPEN or REOPEN */
    bool left;          /* given up for good; never true unless taken */
    uint8_t ticket[TCT_TICKET_HASH_BYTES];
    uint64_t lost_ms; /* since when it has no line */

    tct_queue inbox;     /* frames for it that its device has not taken */
    tct_parcel *unsent;  /* the first of them that has not left on this line; NULL: all have */
    size_t unsent_bytes; /* of it and those behind it */
    uint32_t gone;       /* number of the first that has not left: unsent's, if there is one */
    uint32_t
        taken_count; /* frames of the other that its device has taken; UINT32_MAX: wants none */

    uint32_t received;   /* frames from it */
    uint32_t written;    /* … of these, as the journal has it */
    uint32_t kept_told;  /* KEPT as last said to it */
    size_t untold_bytes; /* of its frames since then */
    bool told_left;      /* PEER_LEFT was said on this line */

    uint32_t saved_from, saved_to; /* frames for it that stand in the journal */
} tct_seat;

/* A deposit slot: what both sides leave for one run, and what came of it. */
typedef struct tct_slot {
    struct tct_slot *next;
    uint32_t run;
    tct_slot_state state;
    uint64_t release_at, decide_at; /* as the first deposit says; by the relay's clock */
    uint64_t decided_at;
    bool mismatch;          /* the two do not fit together, whatever they hold */
    bool gave[2];           /* has left one: only then somebody comes for the verdict */
    tct_parcel *deposit[2]; /* open: as deposited; released: its D's only; NULL: none */
    bool seen[2];           /* the verdict was acknowledged */
    bool told[2];           /* on this line */
    bool dirty;             /* the journal has it otherwise */
} tct_slot;

/* A place for a letter, from its note on. */
typedef struct tct_letter {
    struct tct_letter *next;
    int seat; /* whose it is */
    uint32_t run;
    uint8_t flight;
    uint8_t digest[TCT_RELAY_DIGEST_BYTES];
    bool noted;
    bool came;         /* … also if it is gone again */
    uint64_t put_at;   /* by the relay's clock */
    tct_parcel *bytes; /* NULL: not there, or done with */
    bool dirty;        /* the journal has it otherwise */
} tct_letter;

typedef struct tct_room {
    tct_place place; /* in rooms->rooms, or in rooms->asleep when both have left */
    tct_place dirty; /* in rooms->dirty: the journal has it otherwise */
    struct tct_room *next_by_id;
    uint64_t key; /* its name in the journal */
    bool saved;   /* it stands there */
    bool reset;   /* all frames that stand there are of the room before */
    bool asleep;
    uint32_t number; /* 0: given back */
    uint8_t id[TCT_RELAY_ROOM_BYTES];
    tct_seat seats[2];
    tct_slot *slots;
    uint32_t slot_count;
    tct_letter *letters;
    uint64_t keep_until; /* by the relay's clock; 0: nobody asked */
    uint64_t touched_ms;
} tct_room;

typedef enum {
    CALLER_NEW,    /* has no seat yet */
    CALLER_SEATED, /* in caller->room */
    CALLER_ENDING, /* heard no more; closes when `out` is empty */
    CALLER_CUT,
} tct_caller_state;

struct tct_caller {
    tct_place place, news; /* in rooms->callers; in rooms->news */
    tct_place held;        /* in rooms->held: what it would be told is not in the journal yet */
    tct_rooms *rooms;
    void *owner;
    tct_visitor *visitor; /* NULL: not counted, was refused on arrival */
    tct_caller_state state;
    tct_room *room; /* NULL: none */
    int seat;
    bool paused;

    tct_queue out;     /* words of the relay's own; they go before frames */
    size_t out_sent;   /* of its first */
    size_t frame_sent; /* of its seat's first unsent frame; then out_sent is 0 */
    bool receiving;    /* a message has begun: */
    tct_parcel *in;    /* what of it is there */

    tct_bucket messages, bytes;
    uint64_t since_ms;     /* in this state */
    uint64_t receiving_ms; /* since its first byte */
    uint64_t stall_ms;     /* the window in which … */
    size_t stall_due;      /* … this much of what waits is yet to leave */
};

struct tct_rooms {
    tct_relay_limits limits;
    tct_place callers, rooms, asleep, news, held, dirty;
    tct_room *by_id[ROOM_SLOTS];
    uint64_t seed;
    uint32_t caller_count, room_count, asleep_count;
    uint32_t reserved_count; /* rooms that somebody may come back to after both have left */
    tct_store store, letter_store;
    tct_numbers *numbers;
    tct_visitors *visitors;
    bool closing;
    tct_rooms_figures figures;

    tct_journal *journal; /* NULL: everything is in memory only */
    bool urgent;          /* something was promised that has to be written first */
    bool overdue;         /* something has waited long enough to be written */
    bool failing;         /* the last attempt to write failed */
    uint64_t next_key;
    uint64_t *dropped; /* keys of rooms that ended and still stand in the journal */
    size_t dropped_count, dropped_room;
    uint64_t clock_ahead_ms; /* the relay's clock, minus the driver's */
};

/* ------------------------------------------------------------------------------- rooms.c --- */

void tct_caller_has_news(tct_caller *caller);
/* One of the relay's own words: type ‖ body (two parts). */
void tct_caller_tell(tct_caller *caller, uint8_t type, const uint8_t *body, size_t bytes,
                     const uint8_t *more, size_t more_bytes, uint64_t now_ms);
/* So many more bytes wait to go out: a window for them to be taken begins if none runs. */
void tct_caller_begins_to_wait(tct_caller *caller, size_t bytes, uint64_t now_ms);
/* Nothing goes out to it before the journal has what is noted now. */
void tct_caller_hold(tct_caller *caller);
/* Ends the caller's part without a word. */
void tct_caller_cut(tct_caller *caller, uint64_t now_ms);
/* The caller is not heard any more; it goes when what is still in `out` has left. */
void tct_caller_see_off(tct_caller *caller, uint64_t now_ms);
/* Looks again whether it may be read from. */
void tct_caller_consider(tct_caller *caller, uint64_t now_ms);
/* How many bytes wait to go out to it. */
size_t tct_caller_waiting(const tct_caller *caller);
void tct_caller_enter(tct_caller *caller, tct_room *room, int seat, uint64_t now_ms);

/* ------------------------------------------------------------------------- rooms_seats.c --- */

void tct_rooms_take_open(tct_caller *caller, const uint8_t *body, uint64_t now_ms);
void tct_rooms_take_join(tct_caller *caller, const uint8_t *body, uint64_t now_ms);
void tct_rooms_take_meet(tct_caller *caller, const uint8_t *body, uint64_t now_ms);
void tct_rooms_take_resume(tct_caller *caller, const uint8_t *body, uint64_t now_ms);
void tct_rooms_take_reopen(tct_caller *caller, const uint8_t *body, uint64_t now_ms);
/* The caller's line is gone.  for_good: so is its seat, and the other is told after all frames. */
void tct_seat_lose(tct_caller *caller, bool for_good, uint64_t now_ms);
void tct_seat_give_up(tct_room *room, int seat, tct_rooms *rooms, uint64_t now_ms);
/* What comes after all frames, if all have left: verdicts, and that the other is gone. */
void tct_seat_tell_last(tct_room *room, int seat, uint64_t now_ms);
/* The room goes, sleeps or stays, as it now must. */
void tct_room_settle(tct_room *room, tct_rooms *rooms, uint64_t now_ms);
void tct_room_enter_table(tct_room *room, tct_rooms *rooms);
void tct_room_free(tct_room *room, tct_rooms *rooms);

/* ------------------------------------------------------------------------ rooms_frames.c --- */

void tct_rooms_take_frame(tct_caller *caller, tct_parcel *parcel, uint64_t now_ms);
void tct_rooms_take_taken(tct_caller *caller, uint32_t count, uint64_t now_ms);
/* Its device has taken so many. */
void tct_seat_taken(tct_room *room, int seat, uint32_t count, tct_rooms *rooms);
/* On a new line, from the first that its device has not taken. */
void tct_seat_rewind(tct_room *room, int seat, uint64_t now_ms);
/* No frame of these is wanted any more; one that has left in part stays with its caller. */
void tct_seat_clear(tct_room *room, int seat, tct_rooms *rooms);
/* What has not left goes out to the caller all the same, who is losing the seat. */
void tct_seat_hand_out(tct_room *room, int seat, tct_rooms *rooms);
/* Says KEPT if it is time; all: also for little. */
void tct_seat_tell_kept(tct_room *room, int seat, bool all, uint64_t now_ms);
/* So many frames of this seat are kept. */
uint32_t tct_seat_kept(const tct_room *room, int seat, const tct_rooms *rooms);

/* ---------------------------------------------------------------------- rooms_deposits.c --- */

void tct_rooms_take_deposit(tct_caller *caller, const uint8_t *body, size_t bytes,
                            uint64_t now_ms);
void tct_rooms_take_seen(tct_caller *caller, uint32_t run, uint64_t now_ms);
void tct_rooms_take_keep(tct_caller *caller, uint64_t until, uint64_t now_ms);
void tct_slots_tick(tct_room *room, tct_rooms *rooms, uint64_t now_ms);
void tct_slots_tell(tct_room *room, int seat, uint64_t now_ms);
/* Has somebody a reason to come back to this room? */
bool tct_room_is_wanted(const tct_room *room, const tct_rooms *rooms, uint64_t now_ms);
void tct_slots_free(tct_room *room, tct_rooms *rooms);

/* It is kept so long at least, also without a line.  false: too many are. */
bool tct_room_keep(tct_room *room, tct_rooms *rooms, uint64_t until);

/* ----------------------------------------------------------------------- rooms_letters.c --- */

void tct_rooms_take_letters(tct_caller *caller, uint64_t now_ms);
void tct_rooms_take_note(tct_caller *caller, const uint8_t *body, uint64_t now_ms);
void tct_rooms_take_letter(tct_caller *caller, const uint8_t *body, size_t bytes,
                           uint64_t now_ms);
/* An empty place, in the room.  NULL: no memory, or too many letters in all rooms. */
tct_letter *tct_letter_new(tct_room *room, tct_rooms *rooms);
void tct_letters_tick(tct_room *room, tct_rooms *rooms, uint64_t now_ms);
void tct_letters_free(tct_room *room, tct_rooms *rooms);

/* ------------------------------------------------------------------------- rooms_state.c --- */

uint64_t tct_rooms_clock(const tct_rooms *rooms, uint64_t now_ms);
/* The journal has this room otherwise.  urgent: nothing is told that depends on it before it is
 * written. */
void tct_room_changed(tct_room *room, tct_rooms *rooms, bool urgent);
void tct_room_dropped(tct_room *room, tct_rooms *rooms);

#endif
