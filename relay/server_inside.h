/* SPDX-License-Identifier: ISC
 *
 * server_inside.h — what server.c (sockets, WebSocket) and pages.c (HTTP) share; for these two only.
 */
#ifndef TCT_RELAY_SERVER_INSIDE_H
#define TCT_RELAY_SERVER_INSIDE_H

#include "net/loop_inside.h"
#include "relay/list.h"
#include "relay/rooms.h"
#include "relay/server.h"
#include "relay/visitors.h"

enum { PIECE_BYTES = 16 * 1024 }; /* handed to libwebsockets at once */

/* One accepted socket, from accept until libwebsockets lets go of it. */
typedef struct {
    tct_place place; /* in server->sockets */
    tct_relay_server *server;
    struct lws *wsi;
    uint64_t address;
    tct_visitor *door;      /* its place among the sockets from there */
    tct_caller *caller;     /* NULL: not a WebSocket, or not yet */
    const tct_asset *asset; /* being sent, */
    size_t asset_sent;      /* so much of it */
    uint64_t alive_ms;      /* when libwebsockets was last told that it is */
    bool *gone;             /* set when this ends while it is being adopted */
} tct_socket;

struct tct_relay_server {
    tct_loop *loop;
    tct_relay_options options;
    struct lws_vhost *vhost;
    tct_watch listener;
    int listen_fd;
    uint16_t port;
    tct_rooms *rooms;
    tct_journal *journal; /* NULL: memory only */
    bool turn_due, in_trouble;
    tct_relay_limits door_limits;
    tct_visitors *doors; /* sockets per address */
    tct_place sockets;
    uint32_t socket_count;
    lws_sorted_usec_list_t tick, turn;
    uint8_t scratch[LWS_PRE + PIECE_BYTES];
};

/* The headers of every answer: a list that lives as long as the loop. */
const struct lws_protocol_vhost_options *tct_pages_headers(tct_loop *loop, const char *policy);
/* Answers a request.  What libwebsockets' callback is to return. */
int tct_pages_answer(tct_socket *socket, const char *path);
/* Sends on. */
int tct_pages_write(tct_socket *socket);
/* May this WebSocket be?  0: yes; else an answer was sent, or -1. */
int tct_pages_confirm_upgrade(tct_socket *socket);

#endif
