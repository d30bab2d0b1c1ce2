/* SPDX-License-Identifier: ISC
 *
 * link.h — a device's line to the relay: one WebSocket, whole messages, events by callback.
 *
 * Order    UP first; then what the relay says.  REFUSED, DOWN and NOT_A_RELAY are final: no event
 *          follows, and the link waits for tct_link_close.
 * Secrets  None: what goes through here is sealed already.  No user name, cookie, origin or proxy of
 *          the environment is used; a redirection is not followed.
 * TLS      wss and https: the certificate must be valid for the host, by the system's list of
 *          authorities (SSL_CERT_FILE and SSL_CERT_DIR change it); TLS 1.2 or newer.
 */
#ifndef TCT_NET_LINK_H
#define TCT_NET_LINK_H

#include "net/loop.h"
#include "net/relay_wire.h"

typedef enum {
    TCT_LINK_UP,     /* connected; OPEN or JOIN may be sent */
    TCT_LINK_OPENED, /* number */
    TCT_LINK_JOINED, /* room */
    TCT_LINK_FRAME,  /* bytes, length: peer, borrowed for the call */
    TCT_LINK_PEER_JOINED,
    TCT_LINK_PEER_LEFT,
    TCT_LINK_REFUSED,     /* reason: TCT_RELAY_NO_ROOM …; text says it in plain words */
    TCT_LINK_DOWN,        /* lost or never reached; text says why, in plain words */
    TCT_LINK_NOT_A_RELAY, /* something answered, but not a tacit relay; text says so */
} tct_link_event_kind;

typedef struct {
    tct_link_event_kind kind;
    uint32_t number;
    uint8_t room[TCT_RELAY_ROOM_BYTES];
    const uint8_t *bytes;
    size_t length;
    int reason;
    const char *text; /* REFUSED, DOWN, NOT_A_RELAY: borrowed for the call; "" else */
} tct_link_event;

/* How long a link waits before it calls a line dead. */
typedef struct {
    uint32_t answer_ms; /* for the connection, and for the answer to OPEN, JOIN and REOPEN */
    uint16_t ping_s;    /* of silence, before a sign of life is asked for */
    uint16_t hangup_s;  /* of silence, before the line is given up; more than ping_s */
} tct_link_patience;

enum { TCT_LINK_QUEUE_MAX = 64 << 20 }; /* bytes that may wait to be sent */

typedef struct tct_link tct_link;
typedef void tct_link_callback(void *context, const tct_link_event *event);

/* Starts to connect to url (ws, wss, http or https; a path is replaced by /relay; the default port
 * is the scheme's).  Events come from tct_loop_step; the callback may close the link.
 * NULL: the url is not one, or out of memory; error (160 bytes) says so. */
tct_link *tct_link_open(tct_loop *loop, const char *url, tct_link_callback *callback,
                        void *context, char error[160]);
/* The same with other times; patience NULL: 20 s, 25 s, 85 s.  Copied. */
tct_link *tct_link_open_patient(tct_loop *loop, const char *url,
                                const tct_link_patience *patience, tct_link_callback *callback,
                                void *context, char error[160]);
bool tct_link_ask_room(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES]);
/* Frames of the room before are not given out any more once this was called. */
bool tct_link_reopen(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES]);
bool tct_link_join(tct_link *link, uint32_t number);
/* Queues a copy of 1 … TCT_RELAY_MESSAGE_MAX - 1 bytes.  false: the line is not up, or the frame is
 * too large, or more than TCT_LINK_QUEUE_MAX would wait. */
bool tct_link_frame(tct_link *link, const uint8_t *frame, size_t bytes);
/* Everything queued has left this device, or cannot any more.  After tct_link_bye: the relay has
 * taken everything, and closed. */
bool tct_link_idle(const tct_link *link);
/* Says that this device leaves for good.  No event follows; step until idle, then close. */
void tct_link_bye(tct_link *link);
/* Drops the line with whatever is still queued, and frees the link; NULL is fine. */
void tct_link_close(tct_link *link);

/* A sentence for a person, by the reason of a refusal. */
const char *tct_link_refusal(int reason);

#endif
