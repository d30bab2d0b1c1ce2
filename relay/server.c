/* SPDX-License-Identifier: ISC */
#include "relay/server.h"

#include "net/relay_wire.h"
#include "net/url.h"
#include "relay/listen.h"
#include "relay/server_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum {
    TICK_US = 1000 * 1000,
    ALIVE_MS =
        5000, /* libwebsockets sorts a timer into a long list each time that it is told */
    ACCEPT_MAX = 64, /* in one go, so that those who are in are served, too */
};

tct_relay_options tct_relay_options_usual(void)
{
    return (tct_relay_options){
        .listen = TCT_RELAY_LISTEN_USUAL,
        .limits = tct_relay_limits_usual(),
        .program = "tacit-relay",
    };
}

/* --------------------------------------------------------------------------- WebSockets --- */

/* Does what rooms want done with the connections they have news of. */
static void attend(tct_relay_server *server)
{
    tct_caller *caller;
    while ((caller = tct_rooms_news(server->rooms)) != NULL) {
        tct_socket *socket = tct_caller_owner(caller);
        if (tct_caller_end(caller) == TCT_CALLER_CUT) {
            lws_set_timeout(socket->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
            continue;
        }
        lws_rx_flow_control(socket->wsi, tct_caller_paused(caller) ? 0 : 1);
        lws_callback_on_writable(socket->wsi);
    }
}

/* Writes what this turn of the loop has changed, then tells: nobody hears of what is not kept. */
static void settle(tct_relay_server *server)
{
    bool good = tct_rooms_settle(server->rooms, tct_now_ms());
    if (good == server->in_trouble) {
        server->in_trouble = !good;
        if (good)
            fprintf(stderr, "%s: The relay's state can be written again; all goes on.\n",
                    server->options.program);
        else
            fprintf(stderr, "%s: %s Nothing is lost: whoever is there waits until it can.\n",
                    server->options.program, tct_journal_why(server->journal));
    }
    attend(server);
}

static void turn(lws_sorted_usec_list_t *timer)
{
    tct_relay_server *server = lws_container_of(timer, tct_relay_server, turn);
    server->turn_due = false;
    settle(server);
}

/* Everything that comes in one turn of the loop is written at once. */
static void attend_soon(tct_relay_server *server)
{
    if (server->journal == NULL) {
        attend(server);
    } else if (!server->turn_due) {
        server->turn_due = true;
        lws_sul_schedule(server->loop->lws, 0, &server->turn, turn, 1);
    }
}

static void set_clock(tct_relay_server *server)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) == 0)
        tct_rooms_set_clock(server->rooms,
                            (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000,
                            tct_now_ms());
}

static void tick(lws_sorted_usec_list_t *timer)
{
    tct_relay_server *server = lws_container_of(timer, tct_relay_server, tick);
    uint64_t now_ms = tct_now_ms();
    set_clock(server);
    tct_rooms_tick(server->rooms, now_ms);
    tct_visitors_tidy(server->doors, now_ms);
    settle(server);
    lws_sul_schedule(server->loop->lws, 0, &server->tick, tick, TICK_US);
}

/* Behind a proxy of the host's own, the guest's address is the last one that it has added. */
static uint64_t address_for(const tct_socket *socket)
{
    char list[512];
    uint64_t address;
    if (socket->server->options.behind_proxy &&
        lws_hdr_copy(socket->wsi, list, sizeof list, WSI_TOKEN_X_FORWARDED_FOR) > 0 &&
        tct_address_of_text(list, &address))
        return address;
    return socket->address;
}

static int welcome(tct_socket *socket)
{
    socket->caller =
        tct_rooms_arrive(socket->server->rooms, address_for(socket), socket, tct_now_ms());
    return socket->caller != NULL ? 0 : -1;
}

static void receive(tct_socket *socket, const uint8_t *bytes, size_t count)
{
    uint64_t now_ms = tct_now_ms();
    if (now_ms - socket->alive_ms > ALIVE_MS) { /* whoever sends is alive */
        lws_validity_confirmed(socket->wsi);
        socket->alive_ms = now_ms;
    }
    if (lws_frame_is_binary(socket->wsi))
        tct_caller_recv(socket->caller, bytes, count, lws_is_final_fragment(socket->wsi) != 0,
                        now_ms);
    else
        tct_caller_refuse(socket->caller, TCT_RELAY_MALFORMED, now_ms);
}

/* Sends pieces for as long as the line takes them.  -1: close it. */
static int transmit(tct_socket *socket)
{
    tct_piece piece;
    uint8_t *scratch = socket->server->scratch + LWS_PRE;
    while (tct_caller_next(socket->caller, PIECE_BYTES, &piece)) {
        if (lws_send_pipe_choked(socket->wsi)) {
            lws_callback_on_writable(socket->wsi);
            return 0;
        }
        int flags = lws_write_ws_flags(LWS_WRITE_BINARY, piece.first, piece.final);
        memcpy(scratch, piece.bytes, piece.count);
        if (lws_write(socket->wsi, scratch, piece.count, (enum lws_write_protocol)flags) < 0)
            return -1;
        tct_caller_sent(socket->caller, piece.count, tct_now_ms());
    }
    if (tct_caller_end(socket->caller) == TCT_CALLER_STAYS)
        return 0;
    lws_close_reason(socket->wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
    return -1;
}

/* ------------------------------------------------------------------------------ sockets --- */

static void hang_up(tct_socket *socket)
{
    if (socket->caller != NULL)
        tct_caller_gone(socket->caller, tct_now_ms());
    socket->caller = NULL;
}

static void forget(tct_socket *socket)
{
    hang_up(socket);
    if (socket->gone != NULL)
        *socket->gone = true;
    if (socket->door != NULL)
        tct_visitors_leave(socket->server->doors, socket->door);
    tct_place_leave(&socket->place);
    socket->server->socket_count--;
    free(socket);
}

static int server_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
                           void *in, size_t bytes)
{
    (void)user;
    tct_socket *socket = wsi != NULL ? lws_get_opaque_user_data(wsi) : NULL;
    if (socket == NULL)
        return 0;
    tct_relay_server *server = socket->server;
    int result = 0;
    socket->wsi = wsi;
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        return tct_pages_answer(socket, in);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return tct_pages_write(socket);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return tct_pages_confirm_upgrade(socket);
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return welcome(socket); /* while the request's headers are there */
    case LWS_CALLBACK_ESTABLISHED:
        lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        if (socket->caller != NULL)
            receive(socket, in, bytes);
        break;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        if (socket->caller != NULL)
            result = transmit(socket);
        break;
    case LWS_CALLBACK_CLOSED:
        hang_up(socket);
        break;
    case LWS_CALLBACK_WSI_DESTROY:
        lws_set_opaque_user_data(wsi, NULL);
        forget(socket);
        break;
    default:
        return 0;
    }
    attend_soon(server);
    return result;
}

static const struct lws_protocols server_protocols[] = {
    {.name = TCT_RELAY_SUBPROTOCOL, .callback = server_callback, .rx_buffer_size = 4 * 1024},
    {0},
};

static void adopt(tct_relay_server *server, int fd, uint64_t address)
{
    bool gone = false;
    tct_socket *socket = calloc(1, sizeof *socket);
    tct_visitor *door = NULL;
    if (socket != NULL)
        door = tct_visitors_enter(server->doors, address, tct_now_ms());
    if (door == NULL) {
        free(socket);
        close(fd);
        return;
    }
    *socket = (tct_socket){.server = server, .address = address, .door = door, .gone = &gone};
    tct_place_enter(&socket->place, &server->sockets, socket);
    server->socket_count++;
    lws_adopt_desc_t info = {
        .vh = server->vhost,
        .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL,
        .fd.sockfd = fd,
        .opaque = socket,
    };
    struct lws *wsi = lws_adopt_descriptor_vhost_via_info(&info); /* closes fd if it fails */
    if (gone)
        return;
    socket->gone = NULL;
    socket->wsi = wsi;
    if (wsi == NULL)
        forget(socket);
}

/* More sockets than callers: for those who read a page, or wait to be told that it is full. */
static uint32_t sockets_max(const tct_relay_limits *limits)
{
    return limits->callers_max + limits->callers_max / 4 + 16;
}

static void accept_some(void *context)
{
    tct_relay_server *server = context;
    for (int i = 0; i < ACCEPT_MAX; i++) {
        struct sockaddr_storage from = {0};
        socklen_t length = sizeof from;
        int fd = accept(server->listen_fd, (struct sockaddr *)&from, &length);
        if (fd < 0)
            return;
        if (server->socket_count >= sockets_max(&server->options.limits))
            close(fd);
        else
            adopt(server, fd, tct_address_of((struct sockaddr *)&from));
    }
}

/* --------------------------------------------------------------------------- the server --- */

static bool make_vhost(tct_relay_server *server)
{
    static const lws_retry_bo_t policy = {.secs_since_valid_ping = 30,
                                          .secs_since_valid_hangup = 100};
    const tct_relay_options *options = &server->options;
    struct lws_context_creation_info info = {
        .options = options->cert_file != NULL ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0,
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .vhost_name = "relay",
        .protocols = server_protocols,
        .headers = tct_pages_headers(server->loop, options->content_security_policy),
        .http_proxy_address = "",
        .keepalive_timeout = 10,
        .timeout_secs = 10,
        .retry_and_idle_policy = &policy,
        .alpn = "http/1.1",
        .ssl_cert_filepath = options->cert_file,
        .ssl_private_key_filepath = options->key_file,
        .client_ssl_ca_filepath = "/dev/null", /* it calls nobody; see net/link_connect.c */
        .ssl_options_set = (long)(SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1),
        .gid = -1,
        .uid = -1,
    };
    if (info.headers == NULL)
        return false;
    server->vhost = lws_create_vhost(server->loop->lws, &info);
    return server->vhost != NULL;
}

static bool make_rooms(tct_relay_server *server)
{
    uint64_t seeds[2];
    if (getrandom(seeds, sizeof seeds, 0) != (ssize_t)sizeof seeds)
        return false;
    server->door_limits = server->options.limits;
    server->door_limits.callers_per_address =
        2 * server->options.limits.callers_per_address + 8;
    if (server->options.behind_proxy) /* all sockets come from there */
        server->door_limits.callers_per_address = UINT32_MAX;
    server->rooms = tct_rooms_new(&server->options.limits, seeds[0]);
    server->doors = tct_visitors_new(&server->door_limits, seeds[1]);
    if (server->rooms == NULL || server->doors == NULL)
        return false;
    set_clock(server);
    return true;
}

/* The rooms of the relay that was here before, if it kept them. */
static bool take_up_rooms(tct_relay_server *server, char error[TCT_RELAY_ERROR_MAX])
{
    const tct_relay_options *options = &server->options;
    if (options->state == NULL)
        return true;
    /* What is held for callers in memory is bounded; the file has a copy, and room for its tables. */
    server->journal = tct_journal_open(
        options->state,
        2 * (options->limits.total_bytes_max + options->limits.letters_bytes_max), error);
    if (server->journal == NULL)
        return false;
    if (tct_rooms_keep_in(server->rooms, server->journal, tct_now_ms()))
        return true;
    snprintf(error, TCT_RELAY_ERROR_MAX, "%s", tct_journal_why(server->journal));
    return false;
}

tct_relay_server *tct_relay_server_new(tct_loop *loop, const tct_relay_options *options,
                                       char error[TCT_RELAY_ERROR_MAX])
{
    tct_relay_server *server = calloc(1, sizeof *server);
    snprintf(error, TCT_RELAY_ERROR_MAX, "There is not enough memory for a relay.");
    if (server == NULL)
        return NULL;
    server->loop = loop;
    server->options = *options;
    server->listen_fd = -1;
    tct_ring_init(&server->sockets);
    if (!make_rooms(server))
        goto failed;
    if (!make_vhost(server)) {
        if (options->cert_file != NULL)
            snprintf(error, TCT_RELAY_ERROR_MAX,
                     "The certificate or its key cannot be used: %.100s", options->cert_file);
        goto failed;
    }
    server->listen_fd = tct_listen(options->listen, &server->port, error);
    if (server->listen_fd < 0 || !take_up_rooms(server, error) ||
        !tct_watch_start(&server->listener, loop, server->listen_fd, accept_some, server))
        goto failed;
    lws_sul_schedule(loop->lws, 0, &server->tick, tick, TICK_US);
    return server;
failed:
    tct_relay_server_free(server);
    return NULL;
}

uint16_t tct_relay_server_port(const tct_relay_server *server)
{
    return server->port;
}

void tct_relay_server_url(const tct_relay_server *server, char out[TCT_RELAY_URL_MAX])
{
    const char *listen = server->options.listen, *port = strrchr(listen, ':');
    snprintf(out, TCT_RELAY_URL_MAX, "%s://%.*s:%u/",
             server->options.cert_file != NULL ? "https" : "http", (int)(port - listen), listen,
             server->port);
}

static void stop_listening(tct_relay_server *server)
{
    if (server->listen_fd < 0)
        return;
    tct_watch_stop(&server->listener);
    close(server->listen_fd);
    server->listen_fd = -1;
}

void tct_relay_server_close(tct_relay_server *server)
{
    stop_listening(server);
    tct_rooms_close(server->rooms, tct_now_ms());
    settle(server);
    for (tct_place *at = server->sockets.after; at->owner != NULL; at = at->after) {
        tct_socket *socket = at->owner;
        if (socket->caller == NULL) /* somebody reading a page */
            lws_set_timeout(socket->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    }
}

void tct_relay_server_figures(const tct_relay_server *server, char out[TCT_RELAY_ERROR_MAX])
{
    tct_rooms_figures f = tct_rooms_count(server->rooms);
    snprintf(
        out, TCT_RELAY_ERROR_MAX,
        "callers %u, rooms %u, asleep %u, bytes waiting %zu, frames %llu, frame bytes %llu, "
        "deposits released %llu, refused %llu",
        f.callers, f.rooms, f.asleep, f.bytes_waiting, (unsigned long long)f.frames,
        (unsigned long long)f.frame_bytes, (unsigned long long)f.released,
        (unsigned long long)f.withheld);
}

bool tct_relay_server_empty(const tct_relay_server *server)
{
    return server->socket_count == 0;
}

/* The vhost stays with the loop: connections that are ending still belong to it. */
void tct_relay_server_free(tct_relay_server *server)
{
    if (server == NULL)
        return;
    stop_listening(server);
    lws_sul_cancel(&server->tick);
    lws_sul_cancel(&server->turn);
    while (server->sockets.after->owner != NULL) {
        tct_socket *socket = server->sockets.after->owner;
        lws_set_opaque_user_data(socket->wsi, NULL);
        lws_set_timeout(socket->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        forget(socket);
    }
    if (server->rooms != NULL && server->journal != NULL) {
        tct_rooms_tick(server->rooms, tct_now_ms());
        settle(server);
    }
    tct_rooms_free(server->rooms);
    tct_journal_close(server->journal);
    tct_visitors_free(server->doors);
    free(server);
}
