/* SPDX-License-Identifier: ISC
 *
 * loop.h — one event loop for a program: sockets, a terminal, timers.  Wraps libwebsockets.
 */
#ifndef TCT_NET_LOOP_H
#define TCT_NET_LOOP_H

#include "base/base.h"

typedef struct tct_loop tct_loop;

tct_loop *tct_loop_new(void); /* NULL: out of memory */
void tct_loop_free(tct_loop *loop);

/* Waits for events, at most timeout_ms, and calls whoever waits for them. */
void tct_loop_step(tct_loop *loop, int timeout_ms);

/* Makes a waiting step return; may be called from a signal handler. */
void tct_loop_wake(tct_loop *loop);

/* Calls readable(context) whenever fd can be read (a terminal, a pipe).  One fd per loop.
 * fd < 0 stops watching.  The fd stays the caller's. */
bool tct_loop_watch(tct_loop *loop, int fd, void (*readable)(void *context), void *context);

uint64_t tct_now_ms(void); /* a clock that never goes back */

#endif
