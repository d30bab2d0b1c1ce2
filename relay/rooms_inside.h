/* SPDX-License-Identifier: ISC
 *
 * rooms_inside.h — how rooms.c and rooms_time.c keep callers and rooms; for these two only.
 */
#ifndef TCT_RELAY_ROOMS_INSIDE_H
#define TCT_RELAY_ROOMS_INSIDE_H

#include "net/relay_wire.h"
#include "relay/list.h"
#include "relay/numbers.h"
#include "relay/parcel.h"
#include "relay/rooms.h"
#include "relay/visitors.h"

enum { ASKER = 0, ANSWERER = 1 };

typedef struct {
    tct_place place; /* in rooms->rooms */
    uint32_t number;
    uint8_t id[TCT_RELAY_ROOM_BYTES];
    tct_caller *seat[2]; /* NULL: not taken yet, or left */
    bool taken;          /* the answerer's seat has been taken since OPEN or REOPEN */
    tct_queue mailbox;   /* the asker's frames, until it is */
    uint64_t touched_ms;
} tct_room;

typedef enum {
    CALLER_NEW,    /* has not said OPEN or JOIN */
    CALLER_SEATED, /* in caller->room */
    CALLER_ENDING, /* heard no more; closes when `out` is empty */
    CALLER_CUT,
} tct_caller_state;

struct tct_caller {
    tct_place place, news; /* in rooms->callers; in rooms->news */
    tct_rooms *rooms;
    void *owner;
    tct_visitor *visitor; /* NULL: not counted, was refused on arrival */
    tct_caller_state state;
    tct_room *room; /* NULL: none */
    int seat;
    bool paused;

    tct_queue out;
    size_t out_sent; /* of its first */
    bool receiving;  /* a message has begun: */
    tct_parcel *in;  /* what of it is there */

    tct_bucket messages, bytes;
    uint64_t since_ms;     /* in this state */
    uint64_t receiving_ms; /* since its first byte */
    uint64_t stall_ms;     /* the window in which … */
    size_t stall_due;      /* … this much of `out` is yet to leave */
};

struct tct_rooms {
    tct_relay_limits limits;
    tct_place callers, rooms, news;
    uint32_t caller_count, room_count;
    tct_store store;
    tct_numbers *numbers;
    tct_visitors *visitors;
    bool closing;
    tct_rooms_figures figures;
};

/* Ends the caller's part without a word. */
void tct_caller_cut(tct_caller *caller, uint64_t now_ms);
/* Looks again whether it may be read from. */
void tct_caller_consider(tct_caller *caller, uint64_t now_ms);
/* How many bytes wait to go out to it. */
size_t tct_caller_waiting(const tct_caller *caller);

#endif
