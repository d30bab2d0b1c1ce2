/* SPDX-License-Identifier: ISC
 *
 * link.h — a device's line to the relay: one WebSocket, whole messages, events by callback.
 *
 * Order    UP first; then ask_room, join, meet or resume, once; then what the relay says.  REFUSED, DOWN and
 *          NOT_A_RELAY are final: no event follows, and the link waits for tct_link_close.
 * Lines    A line that breaks once a room was asked for is made again, with growing pauses, for
 *          TCT_RELAY_AWAY_MS: LOST, then BACK, or DOWN.  Meanwhile frames and deposits may be given
 *          as ever; nothing is lost, doubled or out of order.  line.h has how.
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
    TCT_LINK_OPENED, /* number, relay_now, features */
    TCT_LINK_JOINED, /* room, relay_now, features */
    TCT_LINK_FRAME,  /* bytes, length: peer, borrowed for the call */
    TCT_LINK_PEER_JOINED,
    TCT_LINK_PEER_LEFT,
    TCT_LINK_REFUSED,     /* reason: TCT_RELAY_NO_ROOM …; text says it in plain words */
    TCT_LINK_DOWN,        /* lost or never reached; text says why, in plain words */
    TCT_LINK_NOT_A_RELAY, /* something answered, but not a tacit relay; text says so */
    TCT_LINK_VERDICT,     /* run, released; bytes, length: the other's half, NULL when refused.
                           * Once per run; the relay hears that it was taken when this returns */
    TCT_LINK_NOTED,       /* run, flight, came; bytes: the digest that stands */
    TCT_LINK_LETTER,      /* run, flight; bytes, length: peer, borrowed for the call */
    TCT_LINK_LETTERS_END, /* relay_now: all of them were told */
    TCT_LINK_LOST,        /* the line broke and is being made again; text says so */
    TCT_LINK_BACK, /* … and stands, or tct_link_resume has its seat: relay_now, features */
} tct_link_event_kind;

typedef struct {
    tct_link_event_kind kind;
    uint32_t number;
    uint8_t room[TCT_RELAY_ROOM_BYTES];
    const uint8_t *bytes;
    size_t length;
    int reason;
    uint64_t relay_now; /* ms since 1970 by the relay's clock */
    uint8_t features;   /* TCT_RELAY_KEEPS_… */
    uint32_t run;
    uint8_t flight;
    bool released, came;
    const char *text; /* REFUSED, DOWN, NOT_A_RELAY, LOST: borrowed for the call; "" else */
} tct_link_event;

/* How long a link waits before it calls a line dead. */
typedef struct {
    uint32_t answer_ms; /* for the connection, and for the answer to OPEN, JOIN and REOPEN */
    uint16_t ping_s;    /* of silence, before a sign of life is asked for */
    uint16_t hangup_s;  /* of silence, before the line is given up; more than ping_s */
    uint32_t away_ms;   /* in which a lost line is made again; 0: its loss is the end */
} tct_link_patience;

enum { TCT_LINK_QUEUE_MAX = 64 << 20 }; /* bytes of frames that the relay does not have yet */

typedef struct tct_link tct_link;
typedef void tct_link_callback(void *context, const tct_link_event *event);

/* Starts to connect to url (ws, wss, http or https; a path is replaced by /relay; the default port
 * is the scheme's).  Events come from tct_loop_step; the callback may close the link.
 * NULL: the url is not one, or out of memory; error (160 bytes) says so. */
tct_link *tct_link_open(tct_loop *loop, const char *url, tct_link_callback *callback,
                        void *context, char error[160]);
/* The same with other times; patience NULL: 20 s, 25 s, 85 s, 10 minutes.  Copied. */
tct_link *tct_link_open_patient(tct_loop *loop, const char *url,
                                const tct_link_patience *patience, tct_link_callback *callback,
                                void *context, char error[160]);
bool tct_link_ask_room(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES]);
/* Frames of the room before are not given out any more once this was called. */
bool tct_link_reopen(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES]);
bool tct_link_join(tct_link *link, uint32_t number);
/* As join, in a room whose id both know beforehand; only where the relay has TCT_RELAY_MEETS. */
bool tct_link_meet(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES]);
/* A seat that was held before this program was restarted, by the ticket of that link; taken: frames of
 * the other that it took, UINT32_MAX: none is wanted any more.  BACK or REFUSED answers. */
bool tct_link_resume(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES],
                     const uint8_t ticket[TCT_RELAY_TICKET_BYTES], uint32_t taken);
/* Secret: whoever shows it holds the seat.  Drawn anew for each link. */
void tct_link_ticket(const tct_link *link, uint8_t out[TCT_RELAY_TICKET_BYTES]);
/* Queues a copy of at least one byte.  false: no room was asked for, or the frame is too large, or
 * more than TCT_LINK_QUEUE_MAX would wait. */
bool tct_link_frame(tct_link *link, const uint8_t *frame, size_t bytes);
/* Our half of a fair reveal (F10), for the relay; kept and said again until a VERDICT comes.  The first
 * for a run is final.  release_at: ms of the relay's clock; 0: as soon as both are there.
 * false: no room was asked for, or too many bytes or runs. */
bool tct_link_deposit(tct_link *link, uint32_t run, uint64_t release_at, const uint8_t *bytes,
                      size_t count);
/* Letters (docs/RELAY.md): all that there are; a note; a letter.  Each is said once, on the line that stands:
 * after BACK ask for all again.  false: the line does not stand, or no memory. */
bool tct_link_letters(tct_link *link);
bool tct_link_note(tct_link *link, uint32_t run, uint8_t flight,
                   const uint8_t digest[TCT_RELAY_DIGEST_BYTES]);
bool tct_link_letter(tct_link *link, uint32_t run, uint8_t flight, const uint8_t *bytes,
                     size_t count);
/* Asks the relay to know both seats of this room until then, even if nobody has a line. */
bool tct_link_keep(tct_link *link, uint64_t until);
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
