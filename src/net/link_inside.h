/* SPDX-License-Identifier: ISC
 *
 * link_inside.h — a link as link.c (messages, endings) and link_connect.c (how the line comes about)
 *                 share it; for these two only.
 */
#ifndef TCT_NET_LINK_INSIDE_H
#define TCT_NET_LINK_INSIDE_H

#include "net/line.h"
#include "net/link.h"
#include "net/link_text.h"
#include "net/loop_inside.h"
#include "net/resolve.h"
#include "net/url.h"

enum { TCT_LINK_CHUNK_BYTES = 32 * 1024 }; /* handed to libwebsockets at once */

typedef enum {
    TCT_LINK_STARTING,
    TCT_LINK_CONNECTING,
    TCT_LINK_TALKING,
    TCT_LINK_WAITING, /* the line was lost; another attempt comes */
    TCT_LINK_ENDED,
} tct_link_state;

struct tct_link {
    tct_loop *loop;
    tct_url url;
    char place[TCT_URL_PLACE_MAX];
    tct_link_callback *callback;
    void *context;
    tct_link_patience patience;
    const lws_retry_bo_t *policy;

    tct_line *line; /* what is said and heard, over all connections */
    tct_link_state state;
    bool reached, distrusted; /* of the connection attempt under way */
    bool was_up;              /* UP was told */
    bool leaving;             /* BYE was asked for: nothing is told to the owner any more */
    bool polite;              /* the relay has closed this connection in so many words */
    bool lost;                /* LOST was told, BACK not yet */
    uint64_t lost_ms;         /* since when */
    uint32_t attempts;        /* since then */
    bool closed;              /* by the callback we are in; freed when it returns */
    int depth;                /* callbacks we are in */

    tct_resolve *resolve;
    tct_resolved found;
    uint32_t tried; /* of found.address */
    struct lws *wsi;
    lws_sorted_usec_list_t start, deadline, pay;
    bool pay_runs;
    uint64_t alive_ms; /* when libwebsockets was last told that the relay is */

    size_t sent; /* of the message that is going out */
    uint8_t *in; /* the message that is coming in */
    size_t in_bytes, in_room;
    /* libwebsockets writes its header in front of what it is given and masks in place: what may have
     * to be said again is copied. */
    uint8_t scratch[LWS_PRE + TCT_LINK_CHUNK_BYTES];
};

/* link_connect.c */
/* The timer that begins everything; and the policy by which a silent line is given up. */
void tct_link_begin(lws_sorted_usec_list_t *start);
const lws_retry_bo_t *tct_link_policy(tct_loop *loop, const tct_link_patience *patience);

/* link.c */
/* The connection is over: another attempt comes, or else the end, and the owner is told; the link may
 * be gone after it. */
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
