/* SPDX-License-Identifier: ISC
 *
 * link.h — a device's line to the relay: one WebSocket, whole messages, events by callback.
 */
#ifndef TCT_NET_LINK_H
#define TCT_NET_LINK_H

#include "net/loop.h"
#include "net/relay_wire.h"

typedef enum {
    TCT_LINK_UP,          /* connected; OPEN or JOIN may be sent */
    TCT_LINK_OPENED,      /* number */
    TCT_LINK_JOINED,      /* room */
    TCT_LINK_FRAME,       /* bytes, length: peer, borrowed for the call */
    TCT_LINK_PEER_JOINED,
    TCT_LINK_PEER_LEFT,
    TCT_LINK_REFUSED,     /* reason: TCT_RELAY_NO_ROOM … */
    TCT_LINK_DOWN,        /* lost or never reached; text says why, in plain words */
    TCT_LINK_NOT_A_RELAY, /* something answered, but not a tacit relay */
} tct_link_event_kind;

typedef struct {
    tct_link_event_kind kind;
    uint32_t number;
    uint8_t room[TCT_RELAY_ROOM_BYTES];
    const uint8_t *bytes;
    size_t length;
    int reason;
    const char *text;
} tct_link_event;

typedef struct tct_link tct_link;
typedef void tct_link_callback(void *context, const tct_link_event *event);

/* Starts to connect to url (ws, wss, http or https; a path is replaced by /relay; the default port
 * is the scheme's).  Events come from tct_loop_step.  NULL: the url is not one; error (160 bytes). */
tct_link *tct_link_open(tct_loop *loop, const char *url, tct_link_callback *callback,
                        void *context, char error[160]);
bool tct_link_ask_room(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES]);
bool tct_link_reopen(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES]);
bool tct_link_join(tct_link *link, uint32_t number);
/* Queues a copy.  false: the line is down or too much is waiting. */
bool tct_link_frame(tct_link *link, const uint8_t *frame, size_t bytes);
bool tct_link_idle(const tct_link *link); /* everything queued has left */
void tct_link_bye(tct_link *link);
void tct_link_close(tct_link *link);

#endif
