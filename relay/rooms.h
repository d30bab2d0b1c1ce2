/* SPDX-License-Identifier: ISC
 *
 * rooms.h — what a relay does, without a socket or a clock: callers, rooms with two seats, and the
 *           frames that wait for a seat.
 *
 * Use      A driver (the server, a test, `tacit try`) gives in what each caller sends, and the time;
 *          it asks tct_rooms_news who has something to be told, and tct_caller_next what.  With a
 *          journal it calls tct_rooms_settle after each turn.
 * Order    A caller says OPEN (a new room; seat of the asker), JOIN (the other seat) or RESUME, then
 *          FRAMEs and what else there is, then BYE; an asker may REOPEN.  relay_wire.h has the bytes.
 * Gives    Frames arrive whole, in order, once, at the other seat only.  PEER_LEFT comes after the
 *          last of them.  A seat whose line drops waits limits.away_ms for another.
 *          With a journal, rooms outlive the relay: what callers were told that is kept is kept.
 *          Whatever callers do, memory stays below limits.total_bytes_max plus a fixed amount for
 *          each caller, and each call costs no more than its own bytes (a tick: all callers once).
 * Not      It reads no frame.  It knows no sheet, answer or outcome, and links nothing that could
 *          open one.
 * Peer     All bytes of callers are theirs to choose; what is not a message ends with REFUSED.
 */
#ifndef TCT_RELAY_ROOMS_H
#define TCT_RELAY_ROOMS_H

#include "relay/journal.h"
#include "relay/relay_limits.h"

typedef struct tct_rooms tct_rooms;
typedef struct tct_caller
    tct_caller; /* one connection, from its arrival until tct_caller_gone */

/* limits: copied.  seed: any; spreads numbers and addresses.  NULL: no memory. */
tct_rooms *tct_rooms_new(const tct_relay_limits *limits, uint64_t seed);
void tct_rooms_free(tct_rooms *rooms); /* with all callers; a journal stays as it is */

/* Keeps the rooms in this journal (borrowed) from now on, and takes up those that are there.  Before
 * anybody has arrived.  false: what is there cannot be read. */
bool tct_rooms_keep_in(tct_rooms *rooms, tct_journal *journal, uint64_t now_ms);
/* Writes what has to be written, all of this turn at once.  false: it could not be; what depends on it
 * is not told until it is, nothing is lost, and each tick tries again. */
bool tct_rooms_settle(tct_rooms *rooms, uint64_t now_ms);
/* The relay's clock shows this now (ms since 1970); without it, it shows the driver's own time. */
void tct_rooms_set_clock(tct_rooms *rooms, uint64_t clock_ms, uint64_t now_ms);

/* Somebody connected.  address: 64 bits that stand for where from; owner: whatever the driver wants
 * back from tct_caller_owner.  One over a limit is told so and ended; NULL: not even that. */
tct_caller *tct_rooms_arrive(tct_rooms *rooms, uint64_t address, void *owner, uint64_t now_ms);
void *tct_caller_owner(const tct_caller *caller);
/* The line is down or was closed; frees the caller. */
void tct_caller_gone(tct_caller *caller, uint64_t now_ms);

/* Takes a piece of a message; final: its last one. */
void tct_caller_recv(tct_caller *caller, const uint8_t *bytes, size_t count, bool final,
                     uint64_t now_ms);

/* Ends the caller's part with REFUSED and a reason of relay_wire.h. */
void tct_caller_refuse(tct_caller *caller, uint8_t reason, uint64_t now_ms);

/* What goes out next: a piece of a message, borrowed until the next call.  false: nothing. */
typedef struct {
    const uint8_t *bytes;
    size_t count;
    bool first, final; /* of its message */
} tct_piece;
bool tct_caller_next(const tct_caller *caller, size_t bytes_max, tct_piece *out);
/* The driver has sent `count` bytes of it. */
void tct_caller_sent(tct_caller *caller, size_t count, uint64_t now_ms);

typedef enum {
    TCT_CALLER_STAYS,
    TCT_CALLER_CLOSE, /* all is sent: close the line politely */
    TCT_CALLER_CUT,   /* end it at once: it takes nothing */
} tct_caller_fate;
tct_caller_fate tct_caller_end(const tct_caller *caller);
/* Do not read from this one for now: what it sends would have to wait here. */
bool tct_caller_paused(const tct_caller *caller);

/* The next caller with something new to send, another fate or another pause; each comes once until
 * it has news again.  NULL: none. */
tct_caller *tct_rooms_news(tct_rooms *rooms);

/* Ends what lasted too long.  Once a second is enough. */
void tct_rooms_tick(tct_rooms *rooms, uint64_t now_ms);
/* Tells all callers that the relay closes, and whoever comes from now on. */
void tct_rooms_close(tct_rooms *rooms, uint64_t now_ms);

/* Numbers without names, for tests and whoever runs a relay. */
typedef struct {
    uint32_t callers, rooms, asleep, addresses; /* asleep: only a deposit may bring one back */
    size_t bytes_waiting, letter_bytes;
    uint64_t frames, frame_bytes; /* carried so far */
    uint64_t refused[16];         /* so far, by reason */
    uint64_t released, withheld;  /* pairs of deposits, so far */
} tct_rooms_figures;
tct_rooms_figures tct_rooms_count(const tct_rooms *rooms);

#endif
