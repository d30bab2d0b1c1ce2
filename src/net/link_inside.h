/* SPDX-License-Identifier: ISC
 *
 * link_inside.h — a link as link.c (messages, endings) and link_connect.c (how the line comes about)
 *                 share it; for these two only.
 */
#ifndef TCT_NET_LINK_INSIDE_H
#define TCT_NET_LINK_INSIDE_H

#include "net/link.h"
#include "net/link_text.h"
#include "net/loop_inside.h"
#include "net/resolve.h"
#include "net/url.h"

/* A message on its way out.  libwebsockets writes its header in front of what it is given and masks
 * in place: the room in front, and chunks that are gone already, are its to overwrite. */
typedef struct tct_outgoing {
    struct tct_outgoing *next;
    size_t length, sent;
    uint8_t before[LWS_PRE];
    uint8_t bytes[];
} tct_outgoing;

typedef enum {
    TCT_LINK_STARTING,
    TCT_LINK_CONNECTING,
    TCT_LINK_TALKING,
    TCT_LINK_LEAVING, /* BYE is queued; nothing is told to the owner any more */
    TCT_LINK_ENDED,
} tct_link_state;

struct tct_link {
    tct_loop *loop;
    tct_url url;
    char place[TCT_URL_PLACE_MAX];
    tct_link_callback *callback;
    void *context;
    uint32_t answer_ms;
    const lws_retry_bo_t *policy;

    tct_link_state state;
    bool reached, distrusted; /* of the connection attempt under way */
    bool closed;              /* by the callback we are in; freed when it returns */
    int depth;                /* callbacks we are in */
    tct_link_event_kind
        awaits;         /* OPENED or JOINED, from the asking until it comes; UP: neither */
    uint32_t reopening; /* REOPENs without their OPENED: what comes is of the room before */

    tct_resolve *resolve;
    tct_resolved found;
    uint32_t tried; /* of found.address */
    struct lws *wsi;
    lws_sorted_usec_list_t start, deadline;
    uint64_t alive_ms; /* when libwebsockets was last told that the relay is */

    tct_outgoing *first, *last;
    size_t queued_bytes;
    uint8_t *in; /* the message that is coming in */
    size_t in_bytes, in_room;
};

/* link_connect.c */
/* The timer that begins everything; and the policy by which a silent line is given up. */
void tct_link_begin(lws_sorted_usec_list_t *start);
const lws_retry_bo_t *tct_link_policy(tct_loop *loop, const tct_link_patience *patience);

/* link.c */
/* Ends the link and tells the owner why; the link may be gone after it. */
void tct_link_fail(tct_link *link, tct_fault fault);
/* The line stands. */
void tct_link_established(tct_link *link);
/* Takes what came; hands over what is due.  false: the line is broken. */
void tct_link_receive(tct_link *link, const uint8_t *bytes, size_t count);
bool tct_link_transmit(tct_link *link);
/* The relay, or the connection, has to answer by then. */
void tct_link_expect_answer(tct_link *link);
/* While a call is under way that may close the link and still needs it. */
void tct_link_hold(tct_link *link);
void tct_link_release(tct_link *link);

#endif
