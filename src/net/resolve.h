/* SPDX-License-Identifier: ISC
 *
 * resolve.h — finds the numeric addresses of a host without making the loop wait.
 *
 * The system's resolver blocks, so it runs in a thread of its own, which holds nothing but its own
 * copy of the question and one descriptor to say that it is done.
 */
#ifndef TCT_NET_RESOLVE_H
#define TCT_NET_RESOLVE_H

#include "net/loop_inside.h"

enum { TCT_RESOLVE_MAX = 8, TCT_RESOLVE_TEXT = 64 };

typedef struct {
    uint32_t count; /* 0: the name is unknown */
    char address[TCT_RESOLVE_MAX][TCT_RESOLVE_TEXT];
} tct_resolved;

typedef struct tct_resolve tct_resolve;

/* A numeric address, or `localhost`: answered at once.  false: it is a name to be looked up. */
bool tct_resolve_now(const char *host, tct_resolved *out);
/* Starts to look host up; calls done(context) from a step of the loop.  Until tct_resolve_stop,
 * tct_resolve_result has the answer then.  NULL: out of memory, threads or descriptors. */
tct_resolve *tct_resolve_start(tct_loop *loop, const char *host, tct_readable *done,
                               void *context);
const tct_resolved *tct_resolve_result(const tct_resolve *resolve);
/* Ends the question, answered or not; NULL is fine. */
void tct_resolve_stop(tct_resolve *resolve);

#endif
