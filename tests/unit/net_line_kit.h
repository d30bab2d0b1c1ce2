/* SPDX-License-Identifier: ISC
 *
 * net_line_kit.h — lines in one process, for tests: a loop with a relay on it, links that write down
 * what they are told, and a stranger on a port who answers with whatever a test wants.
 */
#ifndef TESTS_NET_LINE_KIT_H
#define TESTS_NET_LINE_KIT_H

#include "net/link.h"
#include "relay/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <libwebsockets.h>

enum { PATIENT_MS = 20000 }; /* what a test waits at most, also on a slow machine */

/* ------------------------------------------------------------------------------- a relay --- */

typedef struct {
    tct_loop *loop;
    tct_relay_server *server;
    char url[TCT_RELAY_URL_MAX];
} place;

static inline tct_relay_options usual_on(const char *listen)
{
    tct_relay_options options = tct_relay_options_usual();
    options.listen = listen;
    return options;
}

static inline place place_with(const tct_relay_options *options)
{
    char error[TCT_RELAY_ERROR_MAX] = "";
    place p = {.loop = tct_loop_new()};
    assert_non_null(p.loop);
    p.server = tct_relay_server_new(p.loop, options, error);
    if (p.server == NULL)
        fail_msg("%s", error);
    tct_relay_server_url(p.server, p.url);
    return p;
}

static inline place place_usual(void)
{
    tct_relay_options options = usual_on("127.0.0.1:0");
    return place_with(&options);
}

static inline void leave_place(place *p)
{
    tct_relay_server_free(p->server);
    tct_loop_free(p->loop);
}

/* --------------------------------------------------------------------------------- links --- */

enum { NOTES_MAX = 4096 };

/* A link and what it was told. */
typedef struct {
    tct_loop *loop;
    tct_link *link;
    size_t count, seen; /* events told; those that await has passed */
    tct_link_event_kind kinds[NOTES_MAX];
    uint32_t number;
    uint8_t room[TCT_RELAY_ROOM_BYTES];
    int reason;
    char text[400];
    uint64_t frame_count, frame_bytes;
    uint32_t frame_sum;      /* of the last frame */
    uint8_t frame_start[16]; /* its first bytes */
    int close_on;            /* close the link in this event; -1: never */
    bool asks, joins;        /* as soon as it is up */
    bool reopen;             /* at the next OPENED */
} line;

static inline uint32_t sum_of(const uint8_t *bytes, size_t length)
{
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ bytes[i]) * 16777619u;
    return sum;
}

static inline void write_down(void *context, const tct_link_event *event)
{
    line *l = context;
    assert_true(l->count < NOTES_MAX);
    l->kinds[l->count++] = event->kind;
    if (event->kind == TCT_LINK_OPENED)
        l->number = event->number;
    if (event->kind == TCT_LINK_JOINED)
        memcpy(l->room, event->room, sizeof l->room);
    if (event->kind == TCT_LINK_FRAME) {
        l->frame_count++;
        l->frame_bytes += event->length;
        l->frame_sum = sum_of(event->bytes, event->length);
        memset(l->frame_start, 0, sizeof l->frame_start);
        memcpy(l->frame_start, event->bytes,
               event->length < sizeof l->frame_start ? event->length : sizeof l->frame_start);
    }
    l->reason = event->reason;
    if (event->text != NULL)
        snprintf(l->text, sizeof l->text, "%s", event->text);
    if (event->kind == TCT_LINK_UP && l->asks)
        assert_true(tct_link_ask_room(l->link, (const uint8_t *)"this one room id"));
    if (event->kind == TCT_LINK_UP && l->joins)
        assert_true(tct_link_join(l->link, 7));
    if (event->kind == TCT_LINK_OPENED && l->reopen) {
        l->reopen = false;
        assert_true(tct_link_reopen(l->link, (const uint8_t *)"another room id."));
    }
    if ((int)event->kind == l->close_on) {
        tct_link_close(l->link);
        l->link = NULL;
    }
}

static inline void call(line *l, tct_loop *loop, const char *url,
                        const tct_link_patience *patience)
{
    char error[160] = "";
    *l = (line){.loop = loop, .close_on = -1};
    l->link = tct_link_open_patient(loop, url, patience, write_down, l, error);
    if (l->link == NULL)
        fail_msg("%s: %s", url, error);
}

static inline bool was_told(const line *l, tct_link_event_kind kind)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->kinds[i] == kind)
            return true;
    }
    return false;
}

/* Steps until `count` events were told; fails if that takes too long. */
static inline void await_count(line *l, size_t count)
{
    for (uint64_t end = tct_now_ms() + PATIENT_MS; l->count < count;) {
        if (tct_now_ms() > end)
            fail_msg("waited for event %zu, had %zu; last %d: %s", count, l->count,
                     l->count > 0 ? (int)l->kinds[l->count - 1] : -1, l->text);
        tct_loop_step(l->loop, 20);
    }
}

/* Waits for the next event of this kind, after the last that was awaited. */
static inline void await(line *l, tct_link_event_kind kind)
{
    do {
        await_count(l, l->seen + 1);
    } while (l->kinds[l->seen++] != kind);
}

static inline void await_frames(line *l, uint64_t count)
{
    for (uint64_t end = tct_now_ms() + PATIENT_MS; l->frame_count < count;) {
        if (tct_now_ms() > end)
            fail_msg("waited for %llu frames, had %llu", (unsigned long long)count,
                     (unsigned long long)l->frame_count);
        tct_loop_step(l->loop, 20);
    }
}

static inline void step_for(tct_loop *loop, uint64_t ms)
{
    for (uint64_t end = tct_now_ms() + ms; tct_now_ms() < end;)
        tct_loop_step(loop, 5);
}

static inline void await_idle(line *l)
{
    for (uint64_t end = tct_now_ms() + PATIENT_MS; !tct_link_idle(l->link);) {
        assert_true(tct_now_ms() < end);
        tct_loop_step(l->loop, 20);
    }
}

/* Two lines in one room of the relay at url. */
static inline void call_pair(line *asker, line *answerer, tct_loop *loop, const char *url)
{
    uint8_t room[TCT_RELAY_ROOM_BYTES] = "sixteen bytes..";
    call(asker, loop, url, NULL);
    await(asker, TCT_LINK_UP);
    assert_true(tct_link_ask_room(asker->link, room));
    await(asker, TCT_LINK_OPENED);
    call(answerer, loop, url, NULL);
    await(answerer, TCT_LINK_UP);
    assert_true(tct_link_join(answerer->link, asker->number));
    await_count(answerer, 2);
    assert_int_equal(answerer->kinds[1], TCT_LINK_JOINED);
    assert_memory_equal(answerer->room, room, sizeof room);
    await_count(asker, 3);
    assert_int_equal(asker->kinds[2], TCT_LINK_PEER_JOINED);
}

/* ------------------------------------------------------------------------------ a stranger --- */

/* Listens in a thread and treats each caller alike: reads what comes (until an empty line, if
 * `request`), sends `answer`, or a WebSocket handshake and then `answer`, and hangs up or stays. */
typedef struct {
    bool request, handshake, stays;
    bool waits;              /* until something was said to it */
    const char *subprotocol; /* in the handshake; NULL: none */
    const void *answer;
    size_t answer_bytes;
    int listen_fd, stop[2];
    uint16_t port;
    char url[64];
    pthread_t thread;
} stranger;

static inline void send_all(int fd, const void *bytes, size_t count)
{
    for (const uint8_t *at = bytes; count > 0;) {
        ssize_t n = send(fd, at, count, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        at += n;
        count -= (size_t)n;
    }
}

static inline void shake_hands(const stranger *s, int fd, const char *request)
{
    char key[128] = "", hash[64], answer[512];
    uint8_t digest[20];
    const char *at = strstr(request, "Sec-WebSocket-Key: ");
    if (at == NULL)
        return;
    size_t n = strcspn(at + 19, "\r");
    snprintf(key, sizeof key, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)n, at + 19);
    lws_SHA1((unsigned char *)key, strlen(key), digest);
    lws_b64_encode_string((char *)digest, 20, hash, sizeof hash);
    snprintf(answer, sizeof answer,
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Accept: %s\r\n%s%s%s\r\n",
             hash, s->subprotocol != NULL ? "Sec-WebSocket-Protocol: " : "",
             s->subprotocol != NULL ? s->subprotocol : "",
             s->subprotocol != NULL ? "\r\n" : "");
    send_all(fd, answer, strlen(answer));
}

static inline void read_request(int fd, char request[2048])
{
    size_t n = 0;
    while (n < 2047 && strstr(request, "\r\n\r\n") == NULL) {
        ssize_t got = recv(fd, request + n, 2047 - n, 0);
        if (got <= 0)
            return;
        n += (size_t)got;
        request[n] = '\0';
    }
}

static inline void *be_strange(void *context)
{
    stranger *s = context;
    int callers[16], count = 0;
    for (;;) {
        struct pollfd wait[2] = {{.fd = s->listen_fd, .events = POLLIN},
                                 {.fd = s->stop[0], .events = POLLIN}};
        poll(wait, 2, -1);
        if (wait[1].revents != 0)
            break;
        int fd = accept(s->listen_fd, NULL, NULL);
        char request[2048] = "";
        if (s->request || s->handshake)
            read_request(fd, request);
        if (s->handshake)
            shake_hands(s, fd, request);
        if (s->waits && recv(fd, request, sizeof request, 0) <= 0)
            s->waits = true; /* it hung up: so do we */
        send_all(fd, s->answer, s->answer_bytes);
        if (s->stays && count < 16) {
            callers[count++] = fd;
        } else {
            shutdown(fd, SHUT_WR);
            poll(NULL, 0, 50);
            close(fd);
        }
    }
    while (count > 0)
        close(callers[--count]);
    return NULL;
}

static inline void stranger_start(stranger *s)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof own;
    s->listen_fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(s->listen_fd, (struct sockaddr *)&own, length), 0);
    assert_int_equal(listen(s->listen_fd, 16), 0);
    assert_int_equal(getsockname(s->listen_fd, (struct sockaddr *)&own, &length), 0);
    s->port = ntohs(own.sin_port);
    snprintf(s->url, sizeof s->url, "http://127.0.0.1:%u", s->port);
    assert_int_equal(pipe(s->stop), 0);
    assert_int_equal(pthread_create(&s->thread, NULL, be_strange, s), 0);
}

static inline void stranger_stop(stranger *s)
{
    assert_int_equal(write(s->stop[1], "x", 1), 1);
    pthread_join(s->thread, NULL);
    close(s->listen_fd);
    close(s->stop[0]);
    close(s->stop[1]);
}

#endif
