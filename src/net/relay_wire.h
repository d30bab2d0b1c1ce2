/* SPDX-License-Identifier: ISC
 *
 * relay_wire.h — the few control messages between a device and the relay: one message is one
 *                binary WebSocket message at the path /relay; its first byte says what it is.
 *
 * The relay learns a room number, a random room id, frame sizes and times, and opaque deposits; it
 * learns no bit of an answer or an outcome.
 *
 * Seats    A device shows a ticket, 16 random bytes of its own, when it takes a seat (OPEN, JOIN, MEET).
 *          Whoever shows it again holds that seat: a lost line is taken up by RESUME, or by the same
 *          greeting once more if its answer never came.  The relay keeps a hash of it.
 * Frames   are numbered from 0 for each seat and room.  One that is kept already is ignored, a gap is
 *          MALFORMED.  A sender holds each frame until KEPT covers it; the relay holds it until TAKEN
 *          does.  Sent and not KEPT: at most one frame or TCT_RELAY_CREDIT bytes.
 * Deposits (docs/RELAY.md, fair reveal) are decided when both are there and release_at has come, else
 *          at release_at (release_at 0: 120 s after the first): both learn the other's, or both learn
 *          that it was refused.  The first deposit of a side is final.
 * Letters  (docs/RELAY.md, letters) stand at a place (seat, run, flight).  The first NOTE of a place is final,
 *          and a letter must be as noted.
 * Numbers  little-endian.  Times: ms since 1970 by the relay's clock.
 */
#ifndef TCT_NET_RELAY_WIRE_H
#define TCT_NET_RELAY_WIRE_H

/* Offered by the device and confirmed by the relay when the WebSocket opens, so that each knows at
 * once that the other is meant. */
#define TCT_RELAY_SUBPROTOCOL "tacit-relay"
#define TCT_RELAY_PATH        "/relay"

enum {
    TCT_RELAY_VERSION = 2,
    TCT_RELAY_ROOM_BYTES = 16,
    TCT_RELAY_TICKET_BYTES = 16,
    TCT_RELAY_MESSAGE_MAX = (4 << 20) + 64,
    TCT_RELAY_FRAME_HEAD = 1 + 4, /* of FRAME and FRAME_IN */
    TCT_RELAY_CREDIT = 1 << 20,
    TCT_RELAY_AWAY_MS = 10 * 60 * 1000, /* so long a lost line is waited for */
    /* A deposit: for each of n' bits D[16], then for each a pair of tokens [16][16]. */
    TCT_RELAY_TOKEN_BYTES = 16,
    TCT_RELAY_DEPOSIT_BITS_MAX = 489,
    TCT_RELAY_DIGEST_BYTES = 32, /* HASH("letter", bytes) */
    TCT_RELAY_LETTER_MAX = 128 * 1024 + 64,
    TCT_RELAY_DEPOSIT_MAX = 3 * TCT_RELAY_TOKEN_BYTES * TCT_RELAY_DEPOSIT_BITS_MAX,
};

enum {                        /* device → relay */
       TCT_RELAY_OPEN = 0x01, /* u8 version ‖ room[16] ‖ ticket[16]: a new room, as its asker */
       TCT_RELAY_JOIN = 0x02, /* u8 version ‖ u32 number ‖ ticket[16]: take the other seat */
       TCT_RELAY_FRAME = 0x03, /* u32 seq ‖ bytes…, at least one: for the other seat */
       TCT_RELAY_BYE = 0x04,   /* leave for good; the room ends when both are gone */
       TCT_RELAY_REOPEN =
           0x05, /* room[16] ‖ ticket[16]: asker only: same number, new room id, other
                                 * seat freed, undelivered frames dropped */
       TCT_RELAY_RESUME =
           0x06, /* u8 version ‖ room[16] ‖ ticket[16] ‖ u32 taken: the seat again;
                                 * so many frames of the other seat have been taken.  2^32 - 1: none
                                 * is wanted any more */
       TCT_RELAY_TAKEN = 0x07, /* u32 count: so many frames of the other seat have been taken */
       TCT_RELAY_DEPOSIT = 0x08, /* u32 run ‖ u64 release_at ‖ bytes… */
       TCT_RELAY_SEEN = 0x09,    /* u32 run: the verdict was taken */
       TCT_RELAY_KEEP = 0x0a,    /* u64 until: keep both seats so long, also without a line */
       TCT_RELAY_MEET = 0x0b, /* u8 version ‖ room[16] ‖ ticket[16]: take the other seat of the
                               * room with this id, which both already know.  Answered as JOIN */
       TCT_RELAY_NOTE =
           0x0c, /* u32 run ‖ u8 flight ‖ digest[32]: of a letter to come.  NOTED */
       TCT_RELAY_LETTER = 0x0d,  /* u32 run ‖ u8 flight ‖ bytes: as noted.  NOTED */
       TCT_RELAY_LETTERS = 0x0e, /* all there is: NOTED and LETTER_IN for each, LETTERS_END */
};
enum {                               /* relay → device */
       TCT_RELAY_OPENED = 0x81,      /* u32 number ‖ u64 now ‖ u8 features */
       TCT_RELAY_JOINED = 0x82,      /* room[16] ‖ u64 now ‖ u8 features */
       TCT_RELAY_FRAME_IN = 0x83,    /* u32 seq ‖ bytes…: from the other seat */
       TCT_RELAY_PEER_JOINED = 0x84, /* to the asker: someone has the other seat */
       TCT_RELAY_PEER_LEFT = 0x85,   /* after all of their frames: they said BYE, or had no line
                                      * for TCT_RELAY_AWAY_MS */
       TCT_RELAY_REFUSED = 0x86,     /* u8 reason; then the relay closes */
       TCT_RELAY_RESUMED =
           0x87, /* u64 now ‖ u32 kept ‖ u8 features: send from frame `kept` on */
       TCT_RELAY_KEPT = 0x88,    /* u32 count: so many of your frames are kept */
       TCT_RELAY_VERDICT = 0x89, /* u32 run ‖ u8 1 ‖ the peer's D's, or u32 run ‖ u8 0 */
       TCT_RELAY_NOTED =
           0x8a, /* u32 run ‖ u8 flight ‖ u8 came ‖ digest[32]: what stands there */
       TCT_RELAY_LETTER_IN = 0x8b,   /* u32 run ‖ u8 flight ‖ bytes: from the other seat */
       TCT_RELAY_LETTERS_END = 0x8c, /* u64 now */
};
enum {                                 /* features */
       TCT_RELAY_KEEPS_DEPOSITS = 1,   /* fair reveal */
       TCT_RELAY_KEEPS_ROOMS = 1 << 1, /* rooms, frames and deposits outlive a restart */
       TCT_RELAY_MEETS = 1 << 2,       /* takes MEET, and a room id opened anew (OPEN) when
                                        * its asker has no line and nothing was left there */
       TCT_RELAY_KEEPS_LETTERS =
           1 << 3, /* takes NOTE, LETTER and LETTERS, and outlives a restart */
};
enum {
    TCT_RELAY_NO_ROOM = 1,   /* unknown or finished number, or room */
    TCT_RELAY_FULL = 2,      /* both seats are taken */
    TCT_RELAY_BUSY = 3,      /* too many rooms, connections or bytes waiting */
    TCT_RELAY_OLD = 4,       /* the device speaks another version */
    TCT_RELAY_TOO_LARGE = 5, /* a frame over the limit */
    TCT_RELAY_IDLE = 6,      /* nothing happened for too long */
    TCT_RELAY_CLOSING = 7,   /* the relay is shutting down */
    TCT_RELAY_TOO_FAST = 8,  /* more messages or bytes than the rate allows */
    TCT_RELAY_MALFORMED = 9, /* not a message of this protocol */
};

#endif
