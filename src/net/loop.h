/* SPDX-License-Identifier: ISC
 *
 * loop.h — one event loop for a program: sockets, a terminal, timers.  Wraps libwebsockets.
 *
 * One thread.  Everything else in net/ and relay/ hangs on a loop and calls back from within
 * tct_loop_step only.  Close links and relay servers before their loop is freed.
 */
#ifndef TCT_NET_LOOP_H
#define TCT_NET_LOOP_H

#include "base/base.h"

typedef struct tct_loop tct_loop;

/* Also ignores SIGPIPE, unless the program handles it: a line that breaks is an event here.
 * NULL: out of memory or of file descriptors. */
tct_loop *tct_loop_new(void);
void tct_loop_free(tct_loop *loop);

/* Waits for events, at most timeout_ms, and calls whoever waits for them.  May return early. */
void tct_loop_step(tct_loop *loop, int timeout_ms);

/* Makes a waiting step return, or the next one if none waits; may be called from a signal handler. */
void tct_loop_wake(tct_loop *loop);

/* Calls readable(context) whenever fd can be read: a terminal, a pipe, a file, /dev/null.  Also at the
 * end of its input and after a hang-up, where read(2) gives 0: stop watching then, or it is called
 * again.  One fd per loop; fd < 0 stops watching, also from within readable.  The fd stays the
 * caller's and its flags stay as they are. */
bool tct_loop_watch(tct_loop *loop, int fd, void (*readable)(void *context), void *context);

uint64_t
tct_now_ms(void); /* a clock that never goes back, and goes on while the machine sleeps */

#endif
