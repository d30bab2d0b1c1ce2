/* SPDX-License-Identifier: ISC
 *
 * Links through a real relay on loopback.
 */
#include "net_line_kit.h"

#include <signal.h>
#include <sys/wait.h>

static void frames_of_every_size_arrive_whole_and_in_order(void **state)
{
    (void)state;
    static const size_t sizes[] = {
        1,     2,     124,   125,     126,
        127,   4095,  4096,  8191,    16383,
        32766, 32767, 32768, 65534,   65535,
        65536, 65537, 99999, 1 << 20, TCT_RELAY_MESSAGE_MAX - TCT_RELAY_FRAME_HEAD};
    place p = place_usual();
    line asker, answerer;
    call_pair(&asker, &answerer, p.loop, p.url);
    uint8_t *frame = malloc(TCT_RELAY_MESSAGE_MAX);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t j = 0; j < sizes[i]; j++)
            frame[j] = (uint8_t)(j * 31 + (j >> 8) * 7 + i);
        line *from = i % 2 ? &asker : &answerer, *to = i % 2 ? &answerer : &asker;
        uint64_t before = to->frame_bytes;
        assert_true(tct_link_frame(from->link, frame, sizes[i]));
        await_frames(to, to->frame_count + 1);
        assert_int_equal(to->frame_bytes - before, sizes[i]);
        assert_int_equal(to->frame_sum, sum_of(frame, sizes[i]));
    }
    free(frame);
    tct_link_bye(asker.link);
    await(&answerer, TCT_LINK_PEER_LEFT);
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    leave_place(&p);
}

/* All at once, both ways, more than the relay keeps for a seat: the senders are held back. */
static void many_large_frames_at_once_all_arrive(void **state)
{
    (void)state;
    enum { FRAMES = 10, BYTES = 3 << 20 };
    place p = place_usual();
    line asker, answerer;
    call_pair(&asker, &answerer, p.loop, p.url);
    uint8_t *frame = calloc(1, BYTES);
    for (int i = 0; i < FRAMES; i++) {
        frame[0] = (uint8_t)i;
        assert_true(tct_link_frame(asker.link, frame, BYTES));
        if (i < 3)
            assert_true(tct_link_frame(answerer.link, frame, BYTES));
    }
    await_frames(&answerer, FRAMES);
    await_frames(&asker, 3);
    assert_int_equal(answerer.frame_bytes, (uint64_t)FRAMES * BYTES);
    assert_int_equal(answerer.frame_start[0], FRAMES - 1);
    free(frame);
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    leave_place(&p);
}

static void a_frame_waits_for_whoever_comes_later(void **state)
{
    (void)state;
    place p = place_usual();
    line asker, answerer;
    call(&asker, p.loop, p.url, NULL);
    await(&asker, TCT_LINK_UP);
    assert_true(tct_link_ask_room(asker.link, (const uint8_t *)"0123456789abcdef"));
    assert_true(tct_link_frame(asker.link, (const uint8_t *)"early", 5));
    await(&asker, TCT_LINK_OPENED);
    step_for(p.loop, 50);
    call(&answerer, p.loop, p.url, NULL);
    await(&answerer, TCT_LINK_UP);
    assert_true(tct_link_join(answerer.link, asker.number));
    await_count(&answerer, 3);
    assert_int_equal(answerer.kinds[1], TCT_LINK_JOINED);
    assert_memory_equal(answerer.room, "0123456789abcdef", 16);
    assert_int_equal(answerer.kinds[2], TCT_LINK_FRAME);
    assert_memory_equal(answerer.frame_start, "early", 6);
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    leave_place(&p);
}

/* Whoever leaves politely may be sure that everything has arrived. */
static void bye_comes_after_everything_before_it(void **state)
{
    (void)state;
    enum { BYTES = 1 << 20 };
    place p = place_usual();
    line asker, answerer;
    call_pair(&asker, &answerer, p.loop, p.url);
    uint8_t *frame = calloc(1, BYTES);
    for (int i = 0; i < 5; i++)
        assert_true(tct_link_frame(asker.link, frame, BYTES));
    free(frame);
    size_t told = asker.count;
    tct_link_bye(asker.link);
    assert_false(tct_link_idle(asker.link));
    assert_false(tct_link_frame(asker.link, (const uint8_t *)"x", 1));
    await_idle(&asker);
    tct_link_close(asker.link);
    await(&answerer, TCT_LINK_PEER_LEFT);
    assert_int_equal(answerer.frame_bytes, 5 * BYTES);
    assert_int_equal(asker.count, told);
    tct_link_close(answerer.link);
    leave_place(&p);
}

/* Whoever goes to sleep asks to be known in the morning, and goes only when that has left. */
static void a_wish_to_be_known_in_the_morning_is_something_to_say(void **state)
{
    (void)state;
    place p = place_usual();
    line asker, answerer;
    call_pair(&asker, &answerer, p.loop, p.url);
    await_idle(&asker);
    assert_true(tct_link_keep(asker.link, UINT64_MAX));
    assert_false(tct_link_idle(asker.link));
    await_idle(&asker);
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    leave_place(&p);
}

static void reopening_lets_a_second_one_in(void **state)
{
    (void)state;
    place p = place_usual();
    line asker, first, second;
    call_pair(&asker, &first, p.loop, p.url);
    assert_true(tct_link_frame(first.link, (const uint8_t *)"old", 3));
    assert_true(tct_link_reopen(asker.link, (const uint8_t *)"another room id."));
    await(&asker, TCT_LINK_OPENED);
    /* Nothing of the room before was given out after the call. */
    assert_int_equal(asker.frame_count, 0);
    await(&first, TCT_LINK_PEER_LEFT);
    await(&first, TCT_LINK_LOST);
    await(&first, TCT_LINK_DOWN); /* it looked once more, and nobody knew it */
    assert_non_null(strstr(first.text, "was lost"));
    call(&second, p.loop, p.url, NULL);
    await(&second, TCT_LINK_UP);
    assert_true(tct_link_join(second.link, asker.number));
    await(&second, TCT_LINK_JOINED);
    assert_memory_equal(second.room, "another room id.", 16);
    await(&asker, TCT_LINK_PEER_JOINED);
    tct_link_close(asker.link);
    tct_link_close(first.link);
    tct_link_close(second.link);
    leave_place(&p);
}

static void a_refusal_is_the_last_word(void **state)
{
    (void)state;
    place p = place_usual();
    line l;
    call(&l, p.loop, p.url, NULL);
    await(&l, TCT_LINK_UP);
    assert_true(tct_link_join(l.link, 77));
    await(&l, TCT_LINK_REFUSED);
    assert_int_equal(l.reason, TCT_RELAY_NO_ROOM);
    assert_non_null(strstr(l.text, "no open question under this number"));
    step_for(p.loop, 100);
    assert_int_equal(l.count, 2);
    assert_true(tct_link_idle(l.link));
    assert_false(tct_link_join(l.link, 1));
    tct_link_close(l.link);
    leave_place(&p);
}

static void before_it_is_up_nothing_can_be_sent(void **state)
{
    (void)state;
    place p = place_usual();
    line l;
    call(&l, p.loop, p.url, NULL);
    assert_int_equal(l.count, 0); /* events come from a step only */
    assert_false(tct_link_ask_room(l.link, (const uint8_t *)"0123456789abcdef"));
    assert_false(tct_link_frame(l.link, (const uint8_t *)"x", 1));
    await(&l, TCT_LINK_UP);
    assert_false(tct_link_frame(l.link, (const uint8_t *)"", 0));
    static const uint8_t large[TCT_RELAY_MESSAGE_MAX];
    assert_false(tct_link_frame(l.link, large, sizeof large));
    assert_true(tct_link_ask_room(l.link, (const uint8_t *)"0123456789abcdef"));
    assert_false(tct_link_frame(l.link, large, sizeof large - TCT_RELAY_FRAME_HEAD + 1));
    assert_true(tct_link_frame(l.link, large, sizeof large - TCT_RELAY_FRAME_HEAD));
    tct_link_close(l.link);
    leave_place(&p);
}

static void a_queue_has_an_end(void **state)
{
    (void)state;
    place p = place_usual();
    line asker, answerer;
    call_pair(&asker, &answerer, p.loop, p.url);
    enum { BYTES = 4 << 20 };
    uint8_t *frame = calloc(1, BYTES);
    for (size_t waiting = 0; waiting < TCT_LINK_QUEUE_MAX; waiting += 4 << 20)
        assert_true(tct_link_frame(asker.link, frame, BYTES));
    assert_false(tct_link_frame(asker.link, frame, 1));
    await_frames(&answerer, 2);
    for (uint64_t end = tct_now_ms() + PATIENT_MS; !tct_link_frame(asker.link, frame, 1);) {
        assert_true(tct_now_ms() < end); /* there is room again once the relay has some of it */
        tct_loop_step(p.loop, 20);
    }
    free(frame);
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    leave_place(&p);
}

/* Takes the seat of a line from it, with its ticket, and lets go of it again. */
static tct_link *steal_seat(const line *from, line *thief, tct_loop *loop, const char *url)
{
    uint8_t ticket[TCT_RELAY_TICKET_BYTES];
    tct_link_ticket(from->link, ticket);
    tct_link_close(thief->link);
    call(thief, loop, url, NULL);
    await(thief, TCT_LINK_UP);
    assert_true(tct_link_resume(thief->link, (const uint8_t *)"0123456789abcdef", ticket, 0));
    await(thief, TCT_LINK_BACK);
    tct_link_close(thief->link);
    return NULL;
}

/* In each event that there is, the owner may close the link. */
static void a_link_may_be_closed_in_its_callback(void **state)
{
    (void)state;
    static const tct_link_event_kind kinds[] = {
        TCT_LINK_UP,          TCT_LINK_OPENED,    TCT_LINK_JOINED,  TCT_LINK_FRAME,
        TCT_LINK_PEER_JOINED, TCT_LINK_PEER_LEFT, TCT_LINK_REFUSED, TCT_LINK_DOWN,
        TCT_LINK_VERDICT,     TCT_LINK_BACK,      TCT_LINK_LOST};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        place p = place_usual();
        line asker, answerer, other;
        call(&other, p.loop, kinds[i] == TCT_LINK_DOWN ? "ws://127.0.0.1:1" : p.url, NULL);
        call(&asker, p.loop, p.url, NULL);
        call(&answerer, p.loop, p.url, NULL);
        other.close_on = asker.close_on = answerer.close_on = (int)kinds[i];
        for (int round = 0; round < 40; round++) {
            step_for(p.loop, 5);
            if (round == 10 && other.link != NULL)
                tct_link_join(other.link, 4711);
            if (round == 10 && asker.link != NULL)
                tct_link_ask_room(asker.link, (const uint8_t *)"0123456789abcdef");
            if (round == 20 && answerer.link != NULL)
                tct_link_join(answerer.link, asker.number);
            if (round == 25 && asker.link != NULL)
                tct_link_frame(asker.link, (const uint8_t *)"frame", 5);
            if (round == 25 && answerer.link != NULL)
                tct_link_frame(answerer.link, (const uint8_t *)"frame", 5);
            if (round == 30 && answerer.link != NULL && kinds[i] == TCT_LINK_PEER_LEFT)
                tct_link_bye(answerer.link);
            if (round == 30 && kinds[i] == TCT_LINK_VERDICT) { /* halves of nothing: refused */
                tct_link_deposit(asker.link, 0, 0, (const uint8_t *)"", 0);
                tct_link_deposit(answerer.link, 0, 0, (const uint8_t *)"", 0);
            }
            /* The same seat on another line: the first one loses its own, and comes back. */
            if (round == 30 && kinds[i] >= TCT_LINK_LOST)
                other.link = steal_seat(&asker, &other, p.loop, p.url);
        }
        assert_true(was_told(&asker, kinds[i]) || was_told(&answerer, kinds[i]) ||
                    was_told(&other, kinds[i]));
        tct_link_close(asker.link);
        tct_link_close(answerer.link);
        tct_link_close(other.link);
        leave_place(&p);
    }
}

static void links_may_be_closed_at_any_moment(void **state)
{
    (void)state;
    place p = place_usual();
    for (int steps = 0; steps < 30; steps++) {
        line l;
        call(&l, p.loop, steps % 3 == 0 ? "http://localhost:1" : p.url, NULL);
        for (int i = 0; i < steps; i++)
            tct_loop_step(p.loop, 0);
        tct_link_close(l.link);
    }
    step_for(p.loop, 50);
    assert_true(tct_relay_server_empty(p.server));
    leave_place(&p);
}

static void the_path_is_replaced_and_the_environments_proxy_ignored(void **state)
{
    (void)state;
    setenv("http_proxy", "127.0.0.1:1", 1);
    place p = place_usual();
    char url[200];
    snprintf(url, sizeof url, "ws://127.0.0.1:%u/some/where?else#7-lantern-harbor",
             tct_relay_server_port(p.server));
    line l;
    call(&l, p.loop, url, NULL);
    await(&l, TCT_LINK_UP);
    tct_link_close(l.link);
    leave_place(&p);
    unsetenv("http_proxy");
}

static void the_newer_internet_works_too(void **state)
{
    (void)state;
    tct_relay_options options = usual_on("[::1]:0");
    place p = place_with(&options);
    char url[64];
    snprintf(url, sizeof url, "http://localhost:%u", tct_relay_server_port(p.server));
    assert_memory_equal(p.url, "http://[::1]:", 13);
    line numeric, by_name;
    call(&numeric, p.loop, p.url, NULL);
    call(&by_name, p.loop, url, NULL); /* 127.0.0.1 is tried first, in vain */
    await_count(&numeric, 1);
    await_count(&by_name, 1);
    assert_int_equal(numeric.kinds[0], TCT_LINK_UP);
    assert_int_equal(by_name.kinds[0], TCT_LINK_UP);
    tct_link_close(numeric.link);
    tct_link_close(by_name.link);
    leave_place(&p);
}

/* ------------------------------------------------------------------------ ends of a relay --- */

/* A relay in a process of its own, by the same function as the programs. */
static int report[2];

static void tell_url(void *context, const char *url)
{
    (void)context;
    ssize_t n = write(report[1], url, strlen(url));
    (void)n;
}

static pid_t start_relay(char url[TCT_RELAY_URL_MAX])
{
    assert_int_equal(pipe(report), 0);
    pid_t pid = fork();
    if (pid == 0) {
        tct_relay_options options = usual_on("127.0.0.1:0");
        options.ready = tell_url;
        _exit(tct_relay_main(&options));
    }
    memset(url, 0, TCT_RELAY_URL_MAX);
    assert_true(read(report[0], url, TCT_RELAY_URL_MAX - 1) > 0);
    close(report[0]);
    close(report[1]);
    return pid;
}

static void a_killed_relay_is_a_lost_line(void **state)
{
    (void)state;
    char url[TCT_RELAY_URL_MAX];
    pid_t pid = start_relay(url);
    tct_loop *loop = tct_loop_new();
    line asker, answerer;
    call_pair(&asker, &answerer, loop, url);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    await(&asker, TCT_LINK_LOST);
    await(&answerer, TCT_LINK_LOST);
    assert_non_null(strstr(asker.text, "was lost"));
    assert_false(tct_link_idle(asker.link));
    assert_true(tct_link_frame(asker.link, (const uint8_t *)"x", 1)); /* for when it is back */
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    tct_loop_free(loop);
}

static void a_relay_that_is_ended_says_so_and_goes_within_a_second(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGINT};
    for (int i = 0; i < 2; i++) {
        char url[TCT_RELAY_URL_MAX];
        pid_t pid = start_relay(url);
        tct_loop *loop = tct_loop_new();
        line asker, answerer;
        call_pair(&asker, &answerer, loop, url);
        uint64_t start = tct_now_ms();
        kill(pid, signals[i]);
        await(&asker, TCT_LINK_REFUSED);
        assert_int_equal(asker.reason, TCT_RELAY_CLOSING);
        await(&answerer, TCT_LINK_REFUSED);
        int status;
        step_for(loop, 50);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(tct_now_ms() - start < 1000);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        tct_link_close(asker.link);
        tct_link_close(answerer.link);
        tct_loop_free(loop);
    }
}

/* Also when its guests neither read nor close. */
static void deaf_guests_do_not_hold_a_relay_up(void **state)
{
    (void)state;
    char url[TCT_RELAY_URL_MAX];
    pid_t pid = start_relay(url);
    tct_loop *loop = tct_loop_new();
    line asker, answerer;
    call_pair(&asker, &answerer, loop, url);
    uint64_t start = tct_now_ms();
    kill(pid, SIGTERM);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid); /* nobody steps the loop */
    assert_true(tct_now_ms() - start < 1200);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    tct_link_close(asker.link);
    tct_link_close(answerer.link);
    tct_loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_every_size_arrive_whole_and_in_order),
        cmocka_unit_test(many_large_frames_at_once_all_arrive),
        cmocka_unit_test(a_frame_waits_for_whoever_comes_later),
        cmocka_unit_test(bye_comes_after_everything_before_it),
        cmocka_unit_test(a_wish_to_be_known_in_the_morning_is_something_to_say),
        cmocka_unit_test(reopening_lets_a_second_one_in),
        cmocka_unit_test(a_refusal_is_the_last_word),
        cmocka_unit_test(before_it_is_up_nothing_can_be_sent),
        cmocka_unit_test(a_queue_has_an_end),
        cmocka_unit_test(a_link_may_be_closed_in_its_callback),
        cmocka_unit_test(links_may_be_closed_at_any_moment),
        cmocka_unit_test(the_path_is_replaced_and_the_environments_proxy_ignored),
        cmocka_unit_test(the_newer_internet_works_too),
        cmocka_unit_test(a_killed_relay_is_a_lost_line),
        cmocka_unit_test(a_relay_that_is_ended_says_so_and_goes_within_a_second),
        cmocka_unit_test(deaf_guests_do_not_hold_a_relay_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
