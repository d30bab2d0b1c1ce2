/* SPDX-License-Identifier: ISC
 *
 * relay_wire.h — the few control messages between a device and the relay: one message is one
 *                binary WebSocket message at the path /relay; its first byte says what it is.
 *
 * The relay learns a room number, a random room id, frame sizes and times; nothing else.
 *
 * Order    OPEN → OPENED, or JOIN → JOINED; then frames both ways; then BYE, and the relay closes.
 *          REOPEN → OPENED: whatever comes before that answer belongs to the room before.
 */
#ifndef TCT_NET_RELAY_WIRE_H
#define TCT_NET_RELAY_WIRE_H

/* Offered by the device and confirmed by the relay when the WebSocket opens, so that each knows at
 * once that the other is meant. */
#define TCT_RELAY_SUBPROTOCOL "tacit-relay"
#define TCT_RELAY_PATH        "/relay"

enum {
    TCT_RELAY_VERSION = 1,
    TCT_RELAY_ROOM_BYTES = 16,
    TCT_RELAY_MESSAGE_MAX = (4 << 20) + 64,
};

enum {                        /* device → relay */
       TCT_RELAY_OPEN = 0x01, /* u8 version ‖ room[16]: a new room; the sender is its asker */
       TCT_RELAY_JOIN = 0x02, /* u8 version ‖ u32 number: take the other seat */
       TCT_RELAY_FRAME =
           0x03, /* bytes…, at least one: for the other seat; kept until it comes */
       TCT_RELAY_BYE = 0x04, /* leave for good; the room ends when both are gone */
       TCT_RELAY_REOPEN =
           0x05, /* room[16]: asker only: same number, new room id, other seat freed,
                                undelivered frames dropped */
};
enum {                               /* relay → device */
       TCT_RELAY_OPENED = 0x81,      /* u32 number */
       TCT_RELAY_JOINED = 0x82,      /* room[16] */
       TCT_RELAY_FRAME_IN = 0x83,    /* bytes…: from the other seat */
       TCT_RELAY_PEER_JOINED = 0x84, /* to the asker: someone took the other seat */
       TCT_RELAY_PEER_LEFT = 0x85,   /* after all of their frames */
       TCT_RELAY_REFUSED = 0x86,     /* u8 reason; then the relay closes */
};
enum {
    TCT_RELAY_NO_ROOM = 1,   /* unknown or finished number */
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
