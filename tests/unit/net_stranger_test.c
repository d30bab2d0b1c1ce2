/* SPDX-License-Identifier: ISC
 *
 * Links to places where no relay is, or one that cannot be trusted: each is named in plain words, and
 * within the time that was given.
 */
#include "net_line_kit.h"

static const tct_link_patience short_patience = {.answer_ms = 700, .ping_s = 1, .hangup_s = 2};

/* What the link at url is told as its only event. */
static void assert_only_told(const char *url, tct_link_event_kind kind, const char *says)
{
    tct_loop *loop = tct_loop_new();
    line l;
    call(&l, loop, url, &short_patience);
    uint64_t start = tct_now_ms();
    await_count(&l, 1);
    assert_true(tct_now_ms() - start < 5000);
    if (l.kinds[0] != kind || strstr(l.text, says) == NULL)
        fail_msg("%s: %d, %s", url, (int)l.kinds[0], l.text);
    step_for(loop, 30);
    assert_int_equal(l.count, 1);
    tct_link_close(l.link);
    tct_loop_free(loop);
}

static void what_is_no_url_is_refused_at_once(void **state)
{
    (void)state;
    tct_loop *loop = tct_loop_new();
    char error[160] = "";
    assert_null(tct_link_open(loop, "relay.example", write_down, NULL, error));
    assert_non_null(strstr(error, "wss://"));
    tct_loop_free(loop);
}

static void where_nobody_listens_nobody_answers(void **state)
{
    (void)state;
    stranger s = {0};
    stranger_start(&s);
    stranger_stop(&s); /* its port is closed now */
    char where[32];
    snprintf(where, sizeof where, "127.0.0.1:%u", s.port);
    assert_only_told(s.url, TCT_LINK_DOWN, "Nobody answers at");
    assert_only_told(s.url, TCT_LINK_DOWN, where);
}

static void an_unknown_name_is_said(void **state)
{
    (void)state;
    tct_loop *loop = tct_loop_new();
    line l;
    call(&l, loop, "wss://no-such-place.invalid", &(tct_link_patience){8000, 10, 20, 0});
    uint64_t longest = 0, start = tct_now_ms();
    while (l.count == 0 && tct_now_ms() - start < PATIENT_MS) {
        uint64_t before = tct_now_ms();
        tct_loop_step(loop, 20);
        longest = tct_now_ms() - before > longest ? tct_now_ms() - before : longest;
    }
    assert_int_equal(l.count, 1);
    assert_int_equal(l.kinds[0], TCT_LINK_DOWN);
    /* Where a resolver never answers, the time limit does. */
    assert_true(strstr(l.text, "cannot be found") != NULL || strstr(l.text, "in time") != NULL);
    assert_non_null(strstr(l.text, "no-such-place.invalid"));
    assert_true(longest < 1000); /* the loop went on meanwhile */
    tct_link_close(l.link);
    tct_loop_free(loop);
}

static void a_link_may_be_closed_while_its_name_is_looked_up(void **state)
{
    (void)state;
    tct_loop *loop = tct_loop_new();
    line l;
    for (int i = 0; i < 5; i++) {
        call(&l, loop, "ws://no-such-place.invalid", NULL);
        for (int step = 0; step < i; step++)
            tct_loop_step(loop, 1);
        tct_link_close(l.link);
    }
    tct_loop_free(loop);
}

static void who_takes_the_call_and_says_nothing_is_left_in_time(void **state)
{
    (void)state;
    stranger s = {.stays = true};
    stranger_start(&s);
    assert_only_told(s.url, TCT_LINK_DOWN, "did not answer in time");
    stranger_stop(&s);
}

static void who_hangs_up_is_said(void **state)
{
    (void)state;
    stranger s = {.request = true};
    stranger_start(&s);
    assert_only_told(s.url, TCT_LINK_DOWN, "hung up");
    stranger_stop(&s);
}

static void what_is_no_relay_is_said(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/relay\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: bm90IHRoZSByaWdodCBoYXNo\r\n\r\n"),
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        stranger s = {
            .request = true, .answer = answers[i], .answer_bytes = strlen(answers[i])};
        stranger_start(&s);
        assert_only_told(s.url, TCT_LINK_NOT_A_RELAY, "not a tacit relay");
        stranger_stop(&s);
    }
}

/* Mail, secure shell, noise, half an answer: told in time, one way or another. */
static void what_speaks_something_else_is_left_in_time(void **state)
{
    (void)state;
    static const char noise[300] = {1, 2, 3};
    static const struct {
        const char *bytes;
        size_t count;
        bool stays;
    } answers[] = {
        {"SSH-2.0-OpenSSH_9.2p1\r\n", 23, true},
        {"220 mail.example ESMTP\r\n", 24, true},
        {noise, sizeof noise, true},
        {noise, sizeof noise, false},
        {"HTTP/1.1 101 Switch", 19, true},
        {"HTTP/1.1 101 Switch", 19, false},
        {"HTTP/1.1", 8, false},
        {"\r\n\r\n", 4, false},
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        stranger s = {.request = true,
                      .stays = answers[i].stays,
                      .answer = answers[i].bytes,
                      .answer_bytes = answers[i].count};
        stranger_start(&s);
        tct_loop *loop = tct_loop_new();
        line l;
        call(&l, loop, s.url, &short_patience);
        await_count(&l, 1);
        assert_true(l.kinds[0] == TCT_LINK_DOWN || l.kinds[0] == TCT_LINK_NOT_A_RELAY);
        assert_true(strlen(l.text) > 20);
        tct_link_close(l.link);
        tct_loop_free(loop);
        stranger_stop(&s);
    }
}

static void another_kind_of_websocket_is_no_relay(void **state)
{
    (void)state;
    stranger none = {.handshake = true, .stays = true};
    stranger_start(&none);
    assert_only_told(none.url, TCT_LINK_NOT_A_RELAY, "not a tacit relay");
    stranger_stop(&none);
    stranger other = {.handshake = true, .stays = true, .subprotocol = "chat"};
    stranger_start(&other);
    assert_only_told(other.url, TCT_LINK_NOT_A_RELAY, "not a tacit relay");
    stranger_stop(&other);
}

/* A line that came about; then these bytes. */
static void assert_told_after_up(const void *answer, size_t bytes, tct_link_event_kind kind,
                                 const char *says)
{
    stranger s = {.handshake = true,
                  .stays = true,
                  .subprotocol = TCT_RELAY_SUBPROTOCOL,
                  .answer = answer,
                  .answer_bytes = bytes};
    stranger_start(&s);
    tct_loop *loop = tct_loop_new();
    line l;
    call(&l, loop, s.url, &short_patience);
    await(&l, TCT_LINK_UP);
    await(&l, kind);
    if (strstr(l.text, says) == NULL)
        fail_msg("%s", l.text);
    step_for(loop, 30);
    assert_int_equal(l.count, 2);
    tct_link_close(l.link);
    tct_loop_free(loop);
    stranger_stop(&s);
}

static void a_relay_that_says_nonsense_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t count;
    } nonsense[] = {
        {"\x81\x05hello", 7},            /* text */
        {"\x82\x00", 2},                 /* nothing */
        {"\x82\x01\x00", 3},             /* no message of ours */
        {"\x82\x01\x03", 3},             /* one that only devices send */
        {"\x82\x02\x8ax", 4},            /* … */
        {"\x82\x04\x81\x01\x02\x03", 6}, /* OPENED, too short */
        {"\x82\x0f\x81\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e", 17},
        {"\x82\x02\x82x", 4}, /* JOINED */
        {"\x82\x01\x83", 3},  /* a frame of nothing */
        {"\x82\x05\x83\x00\x00\x00\x00", 7},
        {"\x82\x06\x83\x00\x00\x00\x00x", 8}, /* a frame before a room */
        {"\x82\x05\x87\x00\x00\x00\x00", 7},  /* RESUMED, too short */
        {"\x82\x04\x88\x00\x00\x00", 6},      /* KEPT */
        {"\x82\x05\x89\x00\x00\x00\x00", 7},  /* VERDICT */
        {"\x82\x06\x89\x00\x00\x00\x00\x02", 8},
        {"\x82\x07\x89\x00\x00\x00\x00\x01x", 9},
        {"\x82\x02\x84x", 4}, /* PEER_JOINED with something behind it */
        {"\x82\x02\x85x", 4}, /* PEER_LEFT */
        {"\x82\x01\x86", 3},  /* REFUSED without a reason */
        {"\x82\x03\x86\x01\x01", 5},
    };
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
        assert_told_after_up(nonsense[i].bytes, nonsense[i].count, TCT_LINK_NOT_A_RELAY,
                             "not a tacit relay");
}

/* Against the rules of WebSockets themselves: the line is lost. */
static void a_broken_websocket_is_a_lost_line(void **state)
{
    (void)state;
    assert_told_after_up("\xf2\x01\x84", 3, TCT_LINK_DOWN, "was lost"); /* reserved bits */
    assert_told_after_up("\x83\x01\x84", 3, TCT_LINK_DOWN, "was lost"); /* reserved opcode */
    assert_told_after_up("\x88\x02\x03\xe8", 4, TCT_LINK_DOWN, "was lost"); /* closed */
}

/* An endless message is given up at the bound, not gathered until memory is full. */
static void a_message_without_end_is_given_up(void **state)
{
    (void)state;
    enum { BYTES = 5 << 20 };
    uint8_t *flood = calloc(1, BYTES + 10);
    static const uint8_t header[10] = {0x82, 127, 0, 0, 0, 0, 0, 0x50, 0, 0};
    memcpy(flood, header, sizeof header);
    flood[10] = TCT_RELAY_FRAME_IN;
    assert_told_after_up(flood, BYTES + 10, TCT_LINK_NOT_A_RELAY, "not a tacit relay");
    free(flood);
}

static void a_refusal_comes_through_in_words(void **state)
{
    (void)state;
    static const char *const says[] = {
        [TCT_RELAY_NO_ROOM] = "no open question",
        [TCT_RELAY_FULL] = "already there",
        [TCT_RELAY_BUSY] = "too much to do",
        [TCT_RELAY_OLD] = "different versions",
        [TCT_RELAY_TOO_LARGE] = "more than the relay takes",
        [TCT_RELAY_IDLE] = "Nothing happened",
        [TCT_RELAY_CLOSING] = "shut down",
        [TCT_RELAY_TOO_FAST] = "too short a time",
        [TCT_RELAY_MALFORMED] = "did not understand",
        [TCT_RELAY_MALFORMED + 1] = "does not know",
    };
    for (uint8_t i = 1; i < sizeof says / sizeof *says; i++)
        assert_told_after_up((uint8_t[]){0x82, 2, TCT_RELAY_REFUSED, i}, 4, TCT_LINK_REFUSED,
                             says[i]);
}

/* A line that asks or joins, to a relay that says `answer`; its events, UP first, NOT_A_RELAY last. */
static void assert_begun_once(bool asks, const char *answer, size_t bytes,
                              const tct_link_event_kind *told, size_t count)
{
    stranger s = {.handshake = true,
                  .stays = true,
                  .waits = true,
                  .subprotocol = TCT_RELAY_SUBPROTOCOL,
                  .answer = answer,
                  .answer_bytes = bytes};
    stranger_start(&s);
    tct_loop *loop = tct_loop_new();
    line l;
    call(&l, loop, s.url, &short_patience);
    l.asks = asks;
    l.joins = !asks;
    await(&l, TCT_LINK_NOT_A_RELAY);
    assert_int_equal(l.count, count);
    assert_memory_equal(l.kinds, told, count * sizeof *told);
    tct_link_close(l.link);
    tct_loop_free(loop);
    stranger_stop(&s);
}

/* Each JOINED or OPENED more would begin a meeting with the same code again, and give away another
 * guess at it. */
static void a_relay_that_begins_anew_unasked_is_none(void **state)
{
    (void)state;
    static const char opened_joined[] = "\x82\x0e\x81\x07\0\0\0\0\0\0\0\0\0\0\0\x01"
                                        "\x82\x1a\x82room of its own!\0\0\0\0\0\0\0\0\x01";
    static const char opened_twice[] = "\x82\x0e\x81\x07\0\0\0\0\0\0\0\0\0\0\0\x01"
                                       "\x82\x0e\x81\x08\0\0\0\0\0\0\0\0\0\0\0\x01";
    static const char joined_twice[] = "\x82\x1a\x82room of its own!\0\0\0\0\0\0\0\0\x01"
                                       "\x82\x1a\x82room of its own!\0\0\0\0\0\0\0\0\x01";
    static const tct_link_event_kind opened[] = {TCT_LINK_UP, TCT_LINK_OPENED,
                                                 TCT_LINK_NOT_A_RELAY};
    static const tct_link_event_kind joined[] = {TCT_LINK_UP, TCT_LINK_JOINED,
                                                 TCT_LINK_NOT_A_RELAY};
    static const tct_link_event_kind neither[] = {TCT_LINK_UP, TCT_LINK_NOT_A_RELAY};
    assert_begun_once(true, opened_joined, sizeof opened_joined - 1, opened, 3);
    assert_begun_once(true, opened_twice, sizeof opened_twice - 1, opened, 3);
    assert_begun_once(true, joined_twice, sizeof joined_twice - 1, neither, 2);
    assert_begun_once(false, joined_twice, sizeof joined_twice - 1, joined, 3);
    assert_begun_once(false, opened_twice, sizeof opened_twice - 1, neither, 2);
}

/* What was on its way when the room was reopened is of the room before. */
static void after_reopening_nothing_of_the_room_before_is_told(void **state)
{
    (void)state;
    static const char answer[] = "\x82\x0e\x81\x07\0\0\0\0\0\0\0\0\0\0\0\x01" /* OPENED */
                                 "\x82\x08\x83\0\0\0\0old"                    /* a frame, and */
                                 "\x82\x01\x85" /* PEER_LEFT, of the room before */
                                 "\x82\x0e\x81\x07\0\0\0\0\0\0\0\0\0\0\0\x01" /* OPENED again */
                                 "\x82\x01\x84"             /* PEER_JOINED and */
                                 "\x82\x08\x83\0\0\0\0new"; /* a frame of the new one */
    stranger s = {.handshake = true,
                  .stays = true,
                  .waits = true,
                  .subprotocol = TCT_RELAY_SUBPROTOCOL,
                  .answer = answer,
                  .answer_bytes = sizeof answer - 1};
    stranger_start(&s);
    tct_loop *loop = tct_loop_new();
    line l;
    call(&l, loop, s.url, &short_patience);
    l.asks = l.reopen = true;
    await(&l, TCT_LINK_FRAME);
    assert_memory_equal(l.frame_start, "new", 4);
    static const tct_link_event_kind told[] = {TCT_LINK_UP, TCT_LINK_OPENED, TCT_LINK_OPENED,
                                               TCT_LINK_PEER_JOINED, TCT_LINK_FRAME};
    assert_int_equal(l.count, 5);
    assert_memory_equal(l.kinds, told, sizeof told);
    tct_link_close(l.link);
    tct_loop_free(loop);
    stranger_stop(&s);
}

/* It answered the call and is silent when a room is asked for. */
static void a_relay_that_does_not_answer_is_given_up(void **state)
{
    (void)state;
    stranger s = {.handshake = true, .stays = true, .subprotocol = TCT_RELAY_SUBPROTOCOL};
    stranger_start(&s);
    tct_loop *loop = tct_loop_new();
    line l;
    call(&l, loop, s.url, &(tct_link_patience){.answer_ms = 300, .ping_s = 60, .hangup_s = 90});
    await(&l, TCT_LINK_UP);
    step_for(loop, 400); /* nothing was asked: nothing is missed */
    assert_int_equal(l.count, 1);
    assert_true(tct_link_join(l.link, 7));
    await(&l, TCT_LINK_DOWN);
    assert_non_null(strstr(l.text, "did not answer in time"));
    tct_link_close(l.link);
    tct_loop_free(loop);
    stranger_stop(&s);
}

/* No sign of life, not even when asked for one. */
static void a_dead_line_is_noticed(void **state)
{
    (void)state;
    stranger s = {.handshake = true, .stays = true, .subprotocol = TCT_RELAY_SUBPROTOCOL};
    stranger_start(&s);
    tct_loop *loop = tct_loop_new();
    line l;
    call(&l, loop, s.url, &short_patience);
    await(&l, TCT_LINK_UP);
    uint64_t start = tct_now_ms();
    await(&l, TCT_LINK_DOWN);
    assert_in_range(tct_now_ms() - start, 1500, 6000);
    assert_non_null(strstr(l.text, "was lost"));
    tct_link_close(l.link);
    tct_loop_free(loop);
    stranger_stop(&s);
}

/* A relay answers: the same silence is none. */
static void a_quiet_line_that_lives_stays(void **state)
{
    (void)state;
    place p = place_usual();
    line l;
    call(&l, p.loop, p.url, &short_patience);
    await(&l, TCT_LINK_UP);
    step_for(p.loop, 3500);
    assert_int_equal(l.count, 1);
    tct_link_close(l.link);
    leave_place(&p);
}

/* ------------------------------------------------------------------------------------ TLS --- */

#define TLS_FOLDER TACIT_SOURCE_DIR "/tests/unit/net_tls/"

static place place_with_certificate(const char *file, const char *scheme, const char *host)
{
    tct_relay_options options = usual_on("127.0.0.1:0");
    options.cert_file = file;
    options.key_file = TLS_FOLDER "server-key.pem";
    place p = place_with(&options);
    assert_memory_equal(p.url, "https://", 8);
    snprintf(p.url, sizeof p.url, "%s://%s:%u", scheme, host, tct_relay_server_port(p.server));
    return p;
}

static void a_good_certificate_is_trusted(void **state)
{
    (void)state;
    static const char *const ways[][2] = {
        {"wss", "localhost"}, {"https", "localhost"}, {"wss", "127.0.0.1"}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        place p = place_with_certificate(TLS_FOLDER "server.pem", ways[i][0], ways[i][1]);
        line asker, answerer;
        call_pair(&asker, &answerer, p.loop, p.url);
        uint8_t *frame = calloc(1, 1 << 20);
        for (int j = 0; j < 4; j++)
            assert_true(tct_link_frame(asker.link, frame, 1 << 20));
        free(frame);
        tct_link_bye(asker.link);
        await(&answerer, TCT_LINK_PEER_LEFT);
        assert_int_equal(answerer.frame_bytes, 4 << 20);
        tct_link_close(asker.link);
        tct_link_close(answerer.link);
        leave_place(&p);
    }
}

static void a_certificate_that_proves_nothing_is_not_trusted(void **state)
{
    (void)state;
    static const char *const files[] = {TLS_FOLDER "elsewhere.pem", TLS_FOLDER "expired.pem",
                                        TLS_FOLDER "future.pem", TLS_FOLDER "selfsigned.pem"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        place p = place_with_certificate(files[i], "wss", "localhost");
        line l;
        call(&l, p.loop, p.url, NULL);
        await_count(&l, 1);
        if (l.kinds[0] != TCT_LINK_DOWN || strstr(l.text, "does not trust") == NULL)
            fail_msg("%s: %d, %s", files[i], (int)l.kinds[0], l.text);
        tct_link_close(l.link);
        leave_place(&p);
    }
}

static void the_wrong_scheme_is_said(void **state)
{
    (void)state;
    place plain = place_usual();
    char url[200];
    snprintf(url, sizeof url, "wss://127.0.0.1:%u", tct_relay_server_port(plain.server));
    line l;
    call(&l, plain.loop, url, NULL);
    await_count(&l, 1);
    assert_int_equal(l.kinds[0], TCT_LINK_DOWN);
    assert_non_null(strstr(l.text, "http://"));
    tct_link_close(l.link);
    leave_place(&plain);

    place tls = place_with_certificate(TLS_FOLDER "server.pem", "ws", "localhost");
    call(&l, tls.loop, tls.url, NULL);
    await_count(&l, 1);
    assert_true(l.kinds[0] == TCT_LINK_DOWN || l.kinds[0] == TCT_LINK_NOT_A_RELAY);
    tct_link_close(l.link);
    leave_place(&tls);
}

static int trust_only_the_test_authority(void **state)
{
    (void)state;
    setenv("SSL_CERT_FILE", TLS_FOLDER "authority.pem", 1);
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_url_is_refused_at_once),
        cmocka_unit_test(where_nobody_listens_nobody_answers),
        cmocka_unit_test(an_unknown_name_is_said),
        cmocka_unit_test(a_link_may_be_closed_while_its_name_is_looked_up),
        cmocka_unit_test(who_takes_the_call_and_says_nothing_is_left_in_time),
        cmocka_unit_test(who_hangs_up_is_said),
        cmocka_unit_test(what_is_no_relay_is_said),
        cmocka_unit_test(what_speaks_something_else_is_left_in_time),
        cmocka_unit_test(another_kind_of_websocket_is_no_relay),
        cmocka_unit_test(a_relay_that_says_nonsense_is_none),
        cmocka_unit_test(a_broken_websocket_is_a_lost_line),
        cmocka_unit_test(a_message_without_end_is_given_up),
        cmocka_unit_test(a_refusal_comes_through_in_words),
        cmocka_unit_test(a_relay_that_begins_anew_unasked_is_none),
        cmocka_unit_test(after_reopening_nothing_of_the_room_before_is_told),
        cmocka_unit_test(a_relay_that_does_not_answer_is_given_up),
        cmocka_unit_test(a_dead_line_is_noticed),
        cmocka_unit_test(a_quiet_line_that_lives_stays),
        cmocka_unit_test(a_good_certificate_is_trusted),
        cmocka_unit_test(a_certificate_that_proves_nothing_is_not_trusted),
        cmocka_unit_test(the_wrong_scheme_is_said),
    };
    return cmocka_run_group_tests(tests, trust_only_the_test_authority, NULL);
}
