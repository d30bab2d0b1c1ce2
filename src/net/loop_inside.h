/* SPDX-License-Identifier: ISC
 *
 * loop_inside.h — what net/ and the relay's server share of a loop, and nobody else sees.
 */
#ifndef TCT_NET_LOOP_INSIDE_H
#define TCT_NET_LOOP_INSIDE_H

#include "net/loop.h"

#include <libwebsockets.h>

typedef void tct_readable(void *context);

/* Memory that lives as long as the loop: for what libwebsockets borrows, since its connections may
 * outlive the link or server that they belonged to by a moment. */
typedef struct tct_kept {
    struct tct_kept *next;
    max_align_t memory[];
} tct_kept;

/* A descriptor that the loop watches for its owner. */
typedef struct tct_watch {
    tct_loop *loop;
    struct lws *wsi; /* NULL: not in libwebsockets' table */
    tct_readable *readable;
    void *context;
    int poll_fd, fd; /* a private epoll set, and the one descriptor in it */
    bool always;     /* a regular file: can be read at any time */
} tct_watch;

struct tct_loop {
    struct lws_context *lws;
    struct lws_vhost *vhost;      /* the first one: for watched descriptors */
    struct lws_vhost *links[2];   /* for links: plain, TLS; made by link.c when first needed */
    tct_kept *kept;               /* tct_loop_keep */
    void (*distrust)(void *link); /* a link's certificate was refused; set by link.c */
    tct_watch input;              /* tct_loop_watch */
    lws_sorted_usec_list_t alarm; /* ends a step in time */
};

/* Zeroed memory that is freed with the loop.  NULL: no memory. */
void *tct_loop_keep(tct_loop *loop, size_t bytes);

/* Watches fd until tct_watch_stop.  The fd stays the owner's and keeps its flags. */
bool tct_watch_start(tct_watch *watch, tct_loop *loop, int fd, tct_readable *readable,
                     void *context);
void tct_watch_stop(tct_watch *watch); /* also from within readable; fine when not started */

#endif
