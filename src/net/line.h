/* SPDX-License-Identifier: ISC
 *
 * line.h — a device's side of relay_wire.h as a machine without socket and clock: what to say on a
 *          new connection so that nothing is lost, said twice or out of order.
 *
 * Use      The owner (a link, a test, the simulator) says what it wants: a room, frames, a deposit.
 *          For each connection that stands it calls tct_line_up, then moves messages: out of
 *          tct_line_next, into tct_line_take.  When the connection breaks it makes another.
 * Gives    Frames of the other seat come once each and in order; own frames are held until the relay
 *          has them, deposits until their verdict, across as many connections as it takes.
 * Peer     All that comes from the relay is checked; what is not a message is TCT_LINE_STRANGER, and
 *          the line says and takes nothing after it.
 */
#ifndef TCT_NET_LINE_H
#define TCT_NET_LINE_H

#include "base/base.h"
#include "net/relay_wire.h"

typedef struct tct_line tct_line;

typedef enum {
    TCT_LINE_NOTHING, /* nothing that the owner has to know */
    TCT_LINE_OPENED,  /* number, now, features */
    TCT_LINE_JOINED,  /* room, now, features */
    TCT_LINE_BACK,    /* the seat is held again on a new connection: now, features */
    TCT_LINE_FRAME,   /* bytes, length: peer, borrowed from what was taken */
    TCT_LINE_PEER_JOINED,
    TCT_LINE_PEER_LEFT,
    TCT_LINE_NOTED,       /* run, flight, came; bytes: the digest that stands */
    TCT_LINE_LETTER,      /* run, flight; bytes, length: of the other seat */
    TCT_LINE_LETTERS_END, /* now */
    TCT_LINE_VERDICT,     /* run, released; bytes, length: the peer's D's */
    TCT_LINE_REFUSED,     /* reason */
    TCT_LINE_STRANGER,    /* not a relay of ours */
} tct_line_event_kind;

typedef struct {
    tct_line_event_kind kind;
    uint32_t number, run;
    uint8_t room[TCT_RELAY_ROOM_BYTES];
    uint64_t now;
    uint8_t features, reason, flight;
    bool released, came;
    const uint8_t *bytes;
    size_t length;
} tct_line_event;

/* One message to send: a head and a body, borrowed until the next call. */
typedef struct {
    const uint8_t *head, *body;
    size_t head_bytes, body_bytes;
} tct_line_message;

enum {
    TCT_LINE_QUEUE_MAX = 64 << 20, /* bytes of frames that may be held */
    TCT_LINE_RUNS_MAX = 64,        /* deposits and verdicts of one room */
};

/* ticket: secret, random, copied.  NULL: no memory. */
tct_line *tct_line_new(const uint8_t ticket[TCT_RELAY_TICKET_BYTES]);
void tct_line_free(tct_line *line); /* wipes the ticket; NULL is fine */

/* What to begin with: one of these, once.  resume: a seat that this program held before it was
 * restarted; taken: frames of the other that were taken then, UINT32_MAX: none is wanted now. */
bool tct_line_open(tct_line *line, const uint8_t room[TCT_RELAY_ROOM_BYTES]);
bool tct_line_join(tct_line *line, uint32_t number);
bool tct_line_meet(tct_line *line, const uint8_t room[TCT_RELAY_ROOM_BYTES]);
bool tct_line_resume(tct_line *line, const uint8_t room[TCT_RELAY_ROOM_BYTES],
                     const uint8_t ticket[TCT_RELAY_TICKET_BYTES], uint32_t taken);
/* Asker: the same number, another room.  All of the room before is dropped at once. */
bool tct_line_reopen(tct_line *line, const uint8_t room[TCT_RELAY_ROOM_BYTES]);

/* false: not now, or too much; nothing changed.  Bytes are copied. */
bool tct_line_frame(tct_line *line, const uint8_t *frame, size_t bytes);
/* The first deposit of a run is the one; another for it changes nothing and is true. */
bool tct_line_deposit(tct_line *line, uint32_t run, uint64_t release_at, const uint8_t *bytes,
                      size_t count);
bool tct_line_keep(tct_line *line, uint64_t until);
/* Letters, each said once, on this connection alone: after BACK the owner asks for all of them again, and
 * goes on from what stands. */
bool tct_line_letters(tct_line *line);
bool tct_line_note(tct_line *line, uint32_t run, uint8_t flight,
                   const uint8_t digest[TCT_RELAY_DIGEST_BYTES]);
bool tct_line_letter(tct_line *line, uint32_t run, uint8_t flight, const uint8_t *bytes,
                     size_t count);
/* After all that was given so far. */
bool tct_line_bye(tct_line *line);

/* A connection stands: everything begins from its first message. */
void tct_line_up(tct_line *line);
void tct_line_down(tct_line *line); /* it broke */
/* The next message; false: nothing now.  tct_line_sent: it is on its way. */
bool tct_line_next(tct_line *line, tct_line_message *out);
void tct_line_sent(tct_line *line);
/* Takes one whole message of the relay. */
tct_line_event tct_line_take(tct_line *line, const uint8_t *message, size_t length);

/* TAKEN is said late, so that many frames share one: this says that it is late enough. */
bool tct_line_owes(const tct_line *line);
void tct_line_pay(tct_line *line);

/* Has a room been asked for, so that a new connection takes up where this one ended? */
bool tct_line_begun(const tct_line *line);
bool tct_line_is_seated(const tct_line *line);
/* Waits for the answer to OPEN, JOIN, RESUME or REOPEN. */
bool tct_line_expects(const tct_line *line);
/* Everything that was given has left on this connection; bye_sent: with BYE as its last. */
bool tct_line_idle(const tct_line *line);
bool tct_line_bye_sent(const tct_line *line);
/* After REFUSED on a connection that was to take up a seat: is it worth another? */
bool tct_line_retries(tct_line *line, uint8_t reason);
uint8_t tct_line_features(const tct_line *line);
const uint8_t *tct_line_ticket(const tct_line *line);

#endif
