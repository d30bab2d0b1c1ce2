/* SPDX-License-Identifier: ISC
 *
 * The relay's port against whoever may come: browsers, junk, half of something, too much of it, and
 * guests who do not listen.  Raw sockets, so that what a good client never sends is sent.
 */
#include "net_line_kit.h"

#include <errno.h>

/* A socket to the relay, in the same thread: everything waits by stepping the loop. */
static int dial(const place *p)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons(tct_relay_server_port(p->server))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

static void put(const place *p, int fd, const void *bytes, size_t count)
{
    for (const uint8_t *at = bytes; count > 0;) {
        ssize_t n = send(fd, at, count, MSG_NOSIGNAL);
        if (n > 0) {
            at += n;
            count -= (size_t)n;
        } else if (errno == EPIPE || errno == ECONNRESET) {
            return; /* hung up on us: the test sees it when it reads */
        }
        tct_loop_step(p->loop, 1);
    }
}

/* Reads until the end of the line or until `enough` bytes are there; NUL-terminated. */
static size_t get(const place *p, int fd, void *out, size_t room, size_t enough, bool *ended)
{
    size_t got = 0;
    char *text = out;
    *ended = false;
    for (uint64_t end = tct_now_ms() + PATIENT_MS; got < enough && !*ended;) {
        assert_true(tct_now_ms() < end);
        ssize_t n = recv(fd, text + got, room - 1 - got, 0);
        if (n > 0)
            got += (size_t)n;
        else if (n == 0 || errno == ECONNRESET)
            *ended = true;
        else
            tct_loop_step(p->loop, 5);
    }
    text[got] = '\0';
    return got;
}

/* The whole answer to one request, and whether the line was closed after it. */
static const char *ask(const place *p, const char *request, size_t enough)
{
    static char answer[8192];
    bool ended;
    int fd = dial(p);
    put(p, fd, request, strlen(request));
    get(p, fd, answer, sizeof answer, enough, &ended);
    close(fd);
    return answer;
}

static void assert_says(const char *text, const char *what)
{
    if (strstr(text, what) == NULL)
        fail_msg("no “%s” in: %s", what, text);
}

/* A WebSocket that is open. */
static int dial_relay(const place *p)
{
    static const char request[] =
        "GET /relay HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    char answer[1024];
    bool ended;
    int fd = dial(p);
    put(p, fd, request, sizeof request - 1);
    get(p, fd, answer, sizeof answer, 129, &ended);
    assert_says(answer, "101 Switching");
    assert_says(answer, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    return fd;
}

/* A WebSocket frame with a mask of zeros, so that bytes stand as they are. */
static void put_frame(const place *p, int fd, uint8_t first, const void *bytes, size_t count)
{
    uint8_t header[14] = {first};
    size_t n = 2;
    if (count < 126) {
        header[1] = (uint8_t)(0x80 | count);
    } else if (count < 65536) {
        header[1] = 0x80 | 126;
        header[2] = (uint8_t)(count >> 8);
        header[3] = (uint8_t)count;
        n = 4;
    } else {
        header[1] = 0x80 | 127;
        for (int i = 0; i < 8; i++)
            header[2 + i] = (uint8_t)((uint64_t)count >> (56 - 8 * i));
        n = 10;
    }
    put(p, fd, header, n + 4);
    put(p, fd, bytes, count);
}

static void assert_gets(const place *p, int fd, const void *bytes, size_t count)
{
    uint8_t got[256];
    bool ended;
    size_t n = get(p, fd, got, sizeof got, count, &ended);
    assert_int_equal(n, count);
    assert_memory_equal(got, bytes, count);
}

/* REFUSED with this reason, then a polite end. */
static void assert_refuses(const place *p, int fd, uint8_t reason)
{
    assert_gets(p, fd, (uint8_t[]){0x82, 2, TCT_RELAY_REFUSED, reason, 0x88, 2, 0x03, 0xe8}, 8);
    put(p, fd, "\x88\x82\0\0\0\0\x03\xe8", 8);
    uint8_t rest[16];
    bool ended;
    assert_int_equal(get(p, fd, rest, sizeof rest, 1, &ended), 0);
    assert_true(ended);
    close(fd);
}

/* The line ends, whatever is said before. */
static void assert_hung_up(const place *p, int fd)
{
    static uint8_t rest[65536];
    bool ended = false;
    while (!ended)
        get(p, fd, rest, sizeof rest, sizeof rest - 1, &ended);
    close(fd);
}

/* REFUSED (where libwebsockets overlooks the fault and the message itself is junk), a frame that closes
 * the WebSocket, or the end of the line. */
static void assert_gives_up(const place *p, int fd)
{
    uint8_t first[8];
    bool ended;
    size_t got = get(p, fd, first, sizeof first, 4, &ended);
    if (!ended && first[0] != 0x88 && first[2] != TCT_RELAY_REFUSED)
        fail_msg("%zu bytes: %02x %02x %02x %02x", got, first[0], first[1], first[2], first[3]);
    close(fd);
}

static void await_empty(const place *p)
{
    for (uint64_t end = tct_now_ms() + PATIENT_MS; !tct_relay_server_empty(p->server);) {
        assert_true(tct_now_ms() < end);
        tct_loop_step(p->loop, 20);
    }
}

/* -------------------------------------------------------------------------------- browsers --- */

static void the_front_page_is_small_and_closed(void **state)
{
    (void)state;
    place p = place_usual();
    const char *page = ask(&p, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 9000);
    assert_says(page, "HTTP/1.1 200 OK");
    assert_says(page, "content-type: text/html");
    assert_says(page, "It cannot open them");
    assert_says(page, "content-security-policy: default-src 'none'");
    assert_says(page, "x-content-type-options: nosniff");
    assert_says(page, "referrer-policy: no-referrer");
    assert_says(page, "cross-origin-opener-policy: same-origin");
    assert_says(page, "cross-origin-embedder-policy: require-corp");
    assert_says(page, "cache-control: no-store");
    assert_null(strstr(page, "et-cookie"));
    assert_null(strstr(page, "erver:"));
    page = ask(&p, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 9000);
    assert_says(page, "200 OK");
    assert_null(strstr(page, "<h1>"));
    leave_place(&p);
}

static void other_requests_are_declined(void **state)
{
    (void)state;
    place p = place_usual();
    static const char *const requests[][2] = {
        {"GET /etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", " 404 "},
        {"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", " 404 "},
        {"GET /%2e%2e/%2e%2e/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", " 40"},
        {"GET /relay HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", " 426 "},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=b",
         " 405 "},
        {"DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", " 405 "},
    };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        const char *answer = ask(&p, requests[i][0], 9000);
        /* For what it cannot even parse, libwebsockets just hangs up. */
        if (*answer != '\0')
            assert_says(answer, requests[i][1]);
        else
            assert_true(i == 1 || i == 2 || i == 5);
    }
    leave_place(&p);
}

static const uint8_t plain_bytes[] = "plain", small_bytes[] = "SQUEEZED";
static uint8_t large_bytes[300000];

static void assets_come_from_a_table(void **state)
{
    (void)state;
    memset(large_bytes, 'L', sizeof large_bytes);
    static const tct_asset assets[] = {
        {"/", "text/html", NULL, NULL, (const uint8_t *)"front", 5},
        {"/a.js", "text/javascript", "br", "max-age=60", small_bytes, sizeof small_bytes - 1},
        {"/a.js", "text/javascript", NULL, "max-age=60", plain_bytes, sizeof plain_bytes - 1},
        {"/large", "application/wasm", NULL, NULL, large_bytes, sizeof large_bytes},
        {"/empty", "text/plain", NULL, NULL, plain_bytes, 0},
    };
    tct_relay_options options = usual_on("127.0.0.1:0");
    options.assets = assets;
    options.asset_count = sizeof assets / sizeof *assets;
    options.content_security_policy = "default-src 'self'";
    place p = place_with(&options);
    const char *answer =
        ask(&p, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 9000);
    assert_says(answer, "\r\n\r\nfront");
    assert_says(answer, "content-security-policy: default-src 'self'\r\n");
    answer = ask(&p, "GET /a.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 9000);
    assert_says(answer, "\r\n\r\nplain");
    assert_says(answer, "cache-control: max-age=60");
    assert_null(strstr(answer, "content-encoding"));
    static const char *const takes[] = {"br", "gzip, br", "gzip,br;q=0.8", "br, *"};
    static const char *const takes_not[] = {"gzip", "abr", "brx", "gzip, br;q=0", "identity"};
    char request[256];
    for (size_t i = 0; i < sizeof takes / sizeof *takes; i++) {
        snprintf(request, sizeof request,
                 "GET /a.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: %s\r\nConnection: "
                 "close\r\n\r\n",
                 takes[i]);
        answer = ask(&p, request, 9000);
        assert_says(answer, "\r\n\r\nSQUEEZED");
        assert_says(answer, "content-encoding: br");
    }
    for (size_t i = 0; i < sizeof takes_not / sizeof *takes_not; i++) {
        snprintf(request, sizeof request,
                 "GET /a.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: %s\r\nConnection: "
                 "close\r\n\r\n",
                 takes_not[i]);
        assert_says(ask(&p, request, 9000), "\r\n\r\nplain");
    }
    answer = ask(&p, "GET /empty HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 9000);
    assert_says(answer, "200 OK");

    int fd = dial(&p);
    static const char large[] = "GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    static char body[sizeof large_bytes + 4096];
    bool ended;
    put(&p, fd, large, sizeof large - 1);
    size_t got = get(&p, fd, body, sizeof body, sizeof body - 1, &ended);
    const char *start = strstr(body, "\r\n\r\n") + 4;
    assert_int_equal(got - (size_t)(start - body), sizeof large_bytes);
    assert_memory_equal(start, large_bytes, sizeof large_bytes);
    close(fd);
    leave_place(&p);
}

static const char *ask_to_upgrade(const place *p, const char *path, const char *origin)
{
    char request[512];
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: relay.example:81\r\nUpgrade: websocket\r\nConnection: "
             "Upgrade\r\n%s%s%sSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: tacit-relay\r\n\r\n",
             path, origin != NULL ? "Origin: " : "", origin != NULL ? origin : "",
             origin != NULL ? "\r\n" : "");
    return ask(p, request, 12);
}

static void pages_of_strangers_may_not_connect(void **state)
{
    (void)state;
    static const char *const origins[] = {"https://friend.example"};
    tct_relay_options options = usual_on("127.0.0.1:0");
    options.origins = origins;
    options.origin_count = 1;
    place p = place_with(&options);
    assert_says(ask_to_upgrade(&p, "/relay", NULL), " 101 ");
    assert_says(ask_to_upgrade(&p, "/relay", "http://relay.example:81"), " 101 ");
    assert_says(ask_to_upgrade(&p, "/relay", "https://relay.example:81"), " 101 ");
    assert_says(ask_to_upgrade(&p, "/relay", "https://friend.example"), " 101 ");
    static const char *const strangers[] = {
        "http://relay.example",
        "http://relay.example:810",
        "https://evil.example",
        "https://friend.example.evil",
        "null",
        "relay.example:81",
        "http://evil.example/relay.example:81",
        "http://",
    };
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        assert_says(ask_to_upgrade(&p, "/relay", strangers[i]), " 403 ");
    assert_says(ask_to_upgrade(&p, "/", NULL), " 404 ");
    assert_says(ask_to_upgrade(&p, "/relay/", NULL), " 404 ");
    assert_says(ask_to_upgrade(&p, "/relayx", NULL), " 404 ");
    leave_place(&p);
}

/* ------------------------------------------------------------------------------------ junk --- */

static void text_is_no_message(void **state)
{
    (void)state;
    place p = place_usual();
    int fd = dial_relay(&p);
    put_frame(&p, fd, 0x81, "\x01\x02rrrrrrrrrrrrrrrrtttttttttttttttt", 34);
    assert_refuses(&p, fd, TCT_RELAY_MALFORMED);
    leave_place(&p);
}

static void junk_is_no_message(void **state)
{
    (void)state;
    place p = place_usual();
    int fd = dial_relay(&p);
    put_frame(&p, fd, 0x82, "junk", 4);
    assert_refuses(&p, fd, TCT_RELAY_MALFORMED);
    fd = dial_relay(&p);
    put_frame(&p, fd, 0x82, "", 0);
    assert_refuses(&p, fd, TCT_RELAY_MALFORMED);
    leave_place(&p);
}

/* One message in fragments, with a ping between them. */
static void a_message_may_come_in_fragments(void **state)
{
    (void)state;
    place p = place_usual();
    int fd = dial_relay(&p);
    put_frame(&p, fd, 0x02, "\x01\x02rrr", 5);
    put_frame(&p, fd, 0x89, "ping", 4);
    assert_gets(&p, fd, "\x8a\x04ping", 6);
    put_frame(&p, fd, 0x00, "", 0);
    put_frame(&p, fd, 0x80, "rrrrrrrrrrrrrtttttttttttttttt", 29);
    uint8_t opened[32];
    bool ended;
    assert_int_equal(get(&p, fd, opened, sizeof opened, 16, &ended), 16);
    assert_memory_equal(opened, "\x82\x0e\x81", 3);
    close(fd);
    await_empty(&p);
    leave_place(&p);
}

static void what_breaks_the_rules_of_websockets_is_cut_off(void **state)
{
    (void)state;
    place p = place_usual();
    static const struct {
        const char *bytes;
        size_t count;
    } broken[] = {
        {"\x82\x04nope", 6},           /* not masked */
        {"\xf2\x84\0\0\0\0nope", 10},  /* reserved bits */
        {"\x83\x84\0\0\0\0nope", 10},  /* reserved opcode */
        {"\x80\x84\0\0\0\0nope", 10},  /* a continuation of nothing */
        {"\x89\xfe\x01\0\0\0\0\0", 8}, /* a ping of 256 bytes */
        {"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14}, /* 2^64 - 1 bytes */
        {"\x88\x83\0\0\0\0\x03\xe8x\x88\x80\0\0\0\0", 15},        /* closed twice */
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        int fd = dial_relay(&p);
        put(&p, fd, broken[i].bytes, broken[i].count);
        assert_gives_up(&p, fd);
    }
    await_empty(&p);
    leave_place(&p);
}

/* Not what a message announces counts, but what comes: half of one may stay half for a while. */
static void half_a_message_holds_nobody_up(void **state)
{
    (void)state;
    place p = place_usual();
    int half = dial_relay(&p), header = dial_relay(&p);
    put(&p, half, "\x82\xff\0\0\0\0\0\x3f\xff\xff\0\0\0\0\x03half", 19);
    put(&p, header, "\x82", 1);
    line asker, answerer;
    call_pair(&asker, &answerer, p.loop, p.url);
    assert_true(tct_link_frame(asker.link, (const uint8_t *)"meanwhile", 9));
    await(&answerer, TCT_LINK_FRAME);
    close(half);
    close(header);
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    await_empty(&p);
    leave_place(&p);
}

static void http_junk_is_cut_off(void **state)
{
    (void)state;
    place p = place_usual();
    static const char *const junk[] = {
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello TLS\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n\r\n",
        "\r\n\r\n\r\n\r\n",
        "GET /relay HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "GET /relay HTTP/1.1\r\nHost: x\r\nUpgrade: smoke\r\nConnection: Upgrade\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        int fd = dial(&p);
        put(&p, fd, junk[i], strlen(junk[i]));
        shutdown(fd, SHUT_WR);
        assert_hung_up(&p, fd);
    }
    /* Headers without end. */
    int fd = dial(&p);
    char line_of_junk[256];
    memset(line_of_junk, 'x', sizeof line_of_junk);
    put(&p, fd, "GET / HTTP/1.1\r\nx: ", 19);
    for (int i = 0; i < 400; i++)
        put(&p, fd, line_of_junk, sizeof line_of_junk);
    shutdown(fd, SHUT_WR);
    assert_hung_up(&p, fd);
    await_empty(&p);
    assert_says(ask(&p, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 9000),
                "200 OK");
    leave_place(&p);
}

static void a_message_over_the_limit_is_refused(void **state)
{
    (void)state;
    tct_relay_options options = usual_on("127.0.0.1:0");
    options.limits.message_bytes_max = 20000;
    place p = place_with(&options);
    int fd = dial_relay(&p);
    static const uint8_t message[20001] = {TCT_RELAY_FRAME};
    put_frame(&p, fd, 0x82, message, sizeof message);
    assert_refuses(&p, fd, TCT_RELAY_TOO_LARGE);
    leave_place(&p);
}

static void too_many_messages_are_refused(void **state)
{
    (void)state;
    tct_relay_options options = usual_on("127.0.0.1:0");
    options.limits.messages = (tct_rate){.burst = 5, .per_minute = 1};
    place p = place_with(&options);
    line asker, answerer;
    call_pair(&asker, &answerer, p.loop, p.url);
    for (int i = 0; i < 6; i++)
        tct_link_frame(asker.link, (const uint8_t *)"x", 1);
    await(&asker, TCT_LINK_REFUSED);
    assert_int_equal(asker.reason, TCT_RELAY_TOO_FAST);
    await(&answerer, TCT_LINK_PEER_LEFT);
    assert_int_equal(answerer.frame_count, 4);
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    leave_place(&p);
}

/* A sender over its byte rate is slowed down, and loses nothing. */
static void too_many_bytes_are_slowed_down(void **state)
{
    (void)state;
    tct_relay_options options = usual_on("127.0.0.1:0");
    options.limits.bytes = (tct_rate){.burst = 100000, .per_minute = 60 * 100000};
    place p = place_with(&options);
    line asker, answerer;
    call_pair(&asker, &answerer, p.loop, p.url);
    uint64_t start = tct_now_ms();
    static const uint8_t frame[100000];
    for (int i = 0; i < 3; i++)
        assert_true(tct_link_frame(asker.link, frame, sizeof frame));
    await_frames(&answerer, 3);
    assert_int_equal(answerer.frame_bytes, 3 * sizeof frame);
    assert_in_range(tct_now_ms() - start, 1000, 10000);
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    leave_place(&p);
}

/* ----------------------------------------------------------------------------- slow readers --- */

/* A guest that does not read: its partner is held back, the relay's memory stays bounded, and in the
 * end the deaf one is cut off. */
static void a_guest_that_does_not_read_is_cut_off(void **state)
{
    (void)state;
    tct_relay_options options = usual_on("127.0.0.1:0");
    options.limits.stall_ms = 1500;
    options.limits.away_ms = 500;
    options.limits.seat_bytes_pause = 16 << 20; /* more than a socket takes by itself */
    options.limits.seat_bytes_max = 24 << 20;
    place p = place_with(&options);
    line asker;
    call(&asker, p.loop, p.url, NULL);
    await(&asker, TCT_LINK_UP);
    assert_true(tct_link_ask_room(asker.link, (const uint8_t *)"0123456789abcdef"));
    await(&asker, TCT_LINK_OPENED);
    int deaf = dial_relay(&p);
    uint8_t join[22] = {TCT_RELAY_JOIN, TCT_RELAY_VERSION};
    tct_store32(join + 2, asker.number);
    put_frame(&p, deaf, 0x82, join, sizeof join);
    await(&asker, TCT_LINK_PEER_JOINED);
    uint8_t *frame = calloc(1, 1 << 20);
    for (int i = 0; i < 25; i++)
        assert_true(tct_link_frame(asker.link, frame, 1 << 20));
    free(frame);
    await(&asker, TCT_LINK_PEER_LEFT);
    tct_link_close(asker.link);
    close(deaf);
    await_empty(&p);
    leave_place(&p);
}

/* A slow one that goes on reading gets everything. */
static void a_slow_reader_gets_everything(void **state)
{
    (void)state;
    place p = place_usual();
    line asker;
    call(&asker, p.loop, p.url, NULL);
    await(&asker, TCT_LINK_UP);
    assert_true(tct_link_ask_room(asker.link, (const uint8_t *)"0123456789abcdef"));
    await(&asker, TCT_LINK_OPENED);
    int slow = dial_relay(&p);
    int small = 32768;
    setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    uint8_t join[22] = {TCT_RELAY_JOIN, TCT_RELAY_VERSION};
    tct_store32(join + 2, asker.number);
    put_frame(&p, slow, 0x82, join, sizeof join);
    await(&asker, TCT_LINK_PEER_JOINED);
    enum { FRAMES = 8, BYTES = 1 << 20 };
    uint8_t *frame = calloc(1, BYTES);
    for (int i = 0; i < FRAMES; i++)
        assert_true(tct_link_frame(asker.link, frame, BYTES));
    free(frame);
    uint64_t got = 0, end = tct_now_ms() + 2 * PATIENT_MS;
    static uint8_t sink[65536];
    uint8_t taken[5] = {TCT_RELAY_TAKEN};
    while (got < (uint64_t)FRAMES * (BYTES + TCT_RELAY_FRAME_HEAD)) {
        assert_true(tct_now_ms() < end);
        tct_loop_step(p.loop, 1);
        ssize_t n = recv(slow, sink, sizeof sink, 0);
        if (n > 0)
            got += (uint64_t)n;
        if (got / (BYTES + 64) > tct_load32(taken + 1)) { /* a frame more, surely */
            tct_store32(taken + 1, (uint32_t)(got / (BYTES + 64)));
            put_frame(&p, slow, 0x82, taken, sizeof taken);
        }
        assert_true(n != 0);
    }
    assert_false(was_told(&asker, TCT_LINK_PEER_LEFT));
    tct_link_close(asker.link);
    close(slow);
    await_empty(&p);
    leave_place(&p);
}

/* ------------------------------------------------------------------------------------ many --- */

static void one_too_many_is_told_that_it_is_full(void **state)
{
    (void)state;
    tct_relay_options options = usual_on("127.0.0.1:0");
    options.limits.callers_max = 3;
    place p = place_with(&options);
    line lines[4];
    for (int i = 0; i < 3; i++) {
        call(&lines[i], p.loop, p.url, NULL);
        await(&lines[i], TCT_LINK_UP);
    }
    call(&lines[3], p.loop, p.url, NULL);
    await(&lines[3], TCT_LINK_REFUSED);
    assert_int_equal(lines[3].reason, TCT_RELAY_BUSY);
    for (int i = 0; i < 4; i++)
        tct_link_close(lines[i].link);
    await_empty(&p);
    call(&lines[0], p.loop, p.url, NULL);
    await(&lines[0], TCT_LINK_UP);
    tct_link_close(lines[0].link);
    leave_place(&p);
}

/* Sockets that say nothing are bounded, too; beyond it they are closed at once. */
static void silent_sockets_are_bounded(void **state)
{
    (void)state;
    tct_relay_options options = usual_on("127.0.0.1:0");
    options.limits.callers_max = 8; /* and so 26 sockets */
    place p = place_with(&options);
    int sockets[40], closed = 0;
    for (int i = 0; i < 40; i++)
        sockets[i] = dial(&p);
    step_for(p.loop, 200);
    for (int i = 0; i < 40; i++) {
        char byte;
        closed += recv(sockets[i], &byte, 1, 0) == 0;
    }
    assert_int_equal(closed, 40 - 26);
    for (int i = 0; i < 40; i++)
        close(sockets[i]);
    await_empty(&p);
    leave_place(&p);
}

/* Behind a proxy, guests are told apart by what the proxy adds, and only by the last of it. */
static void behind_a_proxy_limits_are_per_guest(void **state)
{
    (void)state;
    for (int behind = 0; behind < 2; behind++) {
        tct_relay_options options = usual_on("127.0.0.1:0");
        options.behind_proxy = behind != 0;
        options.limits.callers_per_address = 1;
        place p = place_with(&options);
        static const char *const from[] = {"192.0.2.1",   "9.9.9.9, 192.0.2.1",
                                           "192.0.2.2",   "[2001:db8::1]",
                                           "2001:db8::2", "2001:db8:0:1::2"};
        static const bool full_if_believed[] = {false, true, false, false, true, false};
        int sockets[6];
        for (int i = 0; i < 6; i++) {
            char request[512], answer[600];
            bool ended;
            snprintf(request, sizeof request,
                     "GET /relay HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: %s\r\nUpgrade: "
                     "websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
                     "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                     from[i]);
            sockets[i] = dial(&p);
            put(&p, sockets[i], request, strlen(request));
            get(&p, sockets[i], answer, sizeof answer, 129, &ended);
            step_for(p.loop, 30);
            size_t n = strlen(answer);
            ssize_t more = recv(sockets[i], answer + n, sizeof answer - n, 0);
            bool full = n > 129 || more > 0;
            assert_int_equal(full, behind ? full_if_believed[i] : i > 0);
        }
        for (int i = 0; i < 6; i++)
            close(sockets[i]);
        leave_place(&p);
    }
}

/* ------------------------------------------------------------------------------- beginnings --- */

static void a_place_that_cannot_be_had_is_explained(void **state)
{
    (void)state;
    place p = place_usual();
    char listen[64], error[TCT_RELAY_ERROR_MAX] = "";
    snprintf(listen, sizeof listen, "127.0.0.1:%u", tct_relay_server_port(p.server));
    tct_relay_options options = usual_on(listen);
    assert_null(tct_relay_server_new(p.loop, &options, error));
    assert_says(error, "another program has that port");
    options.listen = "192.0.2.77:0";
    assert_null(tct_relay_server_new(p.loop, &options, error));
    assert_says(error, "does not have that address");
    options.listen = "no-such-place.invalid:0";
    assert_null(tct_relay_server_new(p.loop, &options, error));
    assert_says(error, "unknown");
    options.listen = "nonsense";
    assert_null(tct_relay_server_new(p.loop, &options, error));
    assert_says(error, "HOST:PORT");
    options.listen = "127.0.0.1:0";
    options.cert_file = options.key_file = "/nonexistent.pem";
    assert_null(tct_relay_server_new(p.loop, &options, error));
    assert_says(error, "certificate");
    leave_place(&p);
}

static void a_server_freed_in_the_middle_leaves_nothing(void **state)
{
    (void)state;
    for (int steps = 0; steps < 40; steps += 3) {
        place p = place_usual();
        line asker, answerer;
        call(&asker, p.loop, p.url, NULL);
        call(&answerer, p.loop, p.url, NULL);
        for (int i = 0; i < steps; i++) {
            tct_loop_step(p.loop, 1);
            if (i == 12)
                tct_link_ask_room(asker.link, (const uint8_t *)"0123456789abcdef");
        }
        tct_relay_server_free(p.server);
        p.server = NULL;
        step_for(p.loop, 20);
        tct_link_close(asker.link);
        tct_link_close(answerer.link);
        leave_place(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_front_page_is_small_and_closed),
        cmocka_unit_test(other_requests_are_declined),
        cmocka_unit_test(assets_come_from_a_table),
        cmocka_unit_test(pages_of_strangers_may_not_connect),
        cmocka_unit_test(text_is_no_message),
        cmocka_unit_test(junk_is_no_message),
        cmocka_unit_test(a_message_may_come_in_fragments),
        cmocka_unit_test(what_breaks_the_rules_of_websockets_is_cut_off),
        cmocka_unit_test(half_a_message_holds_nobody_up),
        cmocka_unit_test(http_junk_is_cut_off),
        cmocka_unit_test(a_message_over_the_limit_is_refused),
        cmocka_unit_test(too_many_messages_are_refused),
        cmocka_unit_test(too_many_bytes_are_slowed_down),
        cmocka_unit_test(a_guest_that_does_not_read_is_cut_off),
        cmocka_unit_test(a_slow_reader_gets_everything),
        cmocka_unit_test(one_too_many_is_told_that_it_is_full),
        cmocka_unit_test(silent_sockets_are_bounded),
        cmocka_unit_test(behind_a_proxy_limits_are_per_guest),
        cmocka_unit_test(a_place_that_cannot_be_had_is_explained),
        cmocka_unit_test(a_server_freed_in_the_middle_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
