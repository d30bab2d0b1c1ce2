/* SPDX-License-Identifier: ISC
 *
 * The loop with each kind of standard input, its timer, and its alarm clock.
 */
#define _XOPEN_SOURCE 700
#include "net/loop.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct {
    tct_loop *loop;
    int fd;
    char text[64];
    size_t bytes;
    int ends; /* times read(2) gave 0 or an error */
    int calls;
} reader;

static void read_some(void *context)
{
    reader *r = context;
    r->calls++;
    ssize_t n = read(r->fd, r->text + r->bytes, sizeof r->text - 1 - r->bytes);
    if (n > 0) {
        r->bytes += (size_t)n;
        return;
    }
    r->ends++;
    assert_true(tct_loop_watch(r->loop, -1, NULL, NULL));
}

static void step_for(tct_loop *loop, uint64_t ms)
{
    for (uint64_t end = tct_now_ms() + ms; tct_now_ms() < end;)
        tct_loop_step(loop, (int)(end - tct_now_ms()));
}

static void step_until_end(tct_loop *loop, const reader *r)
{
    for (uint64_t end = tct_now_ms() + 3000; r->ends == 0 && tct_now_ms() < end;)
        tct_loop_step(loop, 100);
    assert_int_equal(r->ends, 1);
}

static void a_pipe_is_read_to_its_end(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    tct_loop *loop = tct_loop_new();
    reader r = {.loop = loop, .fd = ends[0]};
    assert_true(tct_loop_watch(loop, ends[0], read_some, &r));
    step_for(loop, 20);
    assert_int_equal(r.calls, 0);
    assert_int_equal(write(ends[1], "hope", 4), 4);
    step_for(loop, 50);
    assert_string_equal(r.text, "hope");
    assert_int_equal(write(ends[1], "!", 1), 1);
    close(ends[1]); /* the rest, and then the hang-up */
    step_until_end(loop, &r);
    assert_string_equal(r.text, "hope!");
    int calls = r.calls;
    step_for(loop, 30);
    assert_int_equal(r.calls, calls); /* nothing after it was stopped */
    assert_int_equal(fcntl(ends[0], F_GETFL) & O_NONBLOCK, 0);
    tct_loop_free(loop);
    assert_true(fcntl(ends[0], F_GETFD) >= 0); /* still the caller's */
    close(ends[0]);
}

static void a_regular_file_is_read_to_its_end(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    fputs("from a file", file);
    rewind(file);
    tct_loop *loop = tct_loop_new();
    reader r = {.loop = loop, .fd = fileno(file)};
    assert_true(tct_loop_watch(loop, r.fd, read_some, &r));
    step_until_end(loop, &r);
    assert_string_equal(r.text, "from a file");
    tct_loop_free(loop);
    fclose(file);
}

static void dev_null_ends_at_once(void **state)
{
    (void)state;
    tct_loop *loop = tct_loop_new();
    reader r = {.loop = loop, .fd = open("/dev/null", O_RDONLY)};
    assert_true(tct_loop_watch(loop, r.fd, read_some, &r));
    step_until_end(loop, &r);
    assert_int_equal(r.calls, 1);
    tct_loop_free(loop);
    close(r.fd);
}

static void a_terminal_is_read_and_keeps_its_flags(void **state)
{
    (void)state;
    int own = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(own >= 0 && grantpt(own) == 0 && unlockpt(own) == 0);
    int terminal = open(ptsname(own), O_RDWR | O_NOCTTY);
    assert_true(terminal >= 0);
    tct_loop *loop = tct_loop_new();
    reader r = {.loop = loop, .fd = terminal};
    assert_true(tct_loop_watch(loop, terminal, read_some, &r));
    assert_int_equal(write(own, "yes\n", 4), 4);
    step_for(loop, 50);
    assert_string_equal(r.text, "yes\n");
    assert_int_equal(fcntl(terminal, F_GETFL) & O_NONBLOCK, 0);
    assert_int_equal(r.ends, 0);
    close(own); /* the window was closed */
    step_until_end(loop, &r);
    tct_loop_free(loop);
    close(terminal);
}

static void a_closed_descriptor_is_not_watched(void **state)
{
    (void)state;
    tct_loop *loop = tct_loop_new();
    int fd = dup(0);
    close(fd);
    assert_false(tct_loop_watch(loop, fd, read_some, NULL));
    step_for(loop, 10);
    tct_loop_free(loop);
}

/* Stopping and starting again, many times, leaves nothing open. */
static void watching_again_and_again_leaks_no_descriptor(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    tct_loop *loop = tct_loop_new();
    reader r = {.loop = loop, .fd = ends[0]};
    int before = dup(0);
    close(before);
    for (int i = 0; i < 100; i++) {
        assert_true(tct_loop_watch(loop, ends[0], read_some, &r));
        if (i % 2 == 0)
            assert_true(tct_loop_watch(loop, -1, NULL, NULL));
        tct_loop_step(loop, 0);
        tct_loop_step(loop, 0);
    }
    assert_true(tct_loop_watch(loop, -1, NULL, NULL));
    step_for(loop, 10);
    int after = dup(0);
    close(after);
    assert_int_equal(before, after);
    tct_loop_free(loop);
    close(ends[0]);
    close(ends[1]);
}

static void a_step_lasts_no_longer_than_it_was_told(void **state)
{
    (void)state;
    tct_loop *loop = tct_loop_new();
    uint64_t start = tct_now_ms();
    for (int i = 0; i < 5; i++)
        step_for(loop, 40);
    assert_in_range(tct_now_ms() - start, 200, 1500);
    start = tct_now_ms();
    for (int i = 0; i < 1000; i++)
        tct_loop_step(loop, 0);
    assert_true(tct_now_ms() - start < 1500);
    tct_loop_free(loop);
}

static tct_loop *to_wake;
static volatile sig_atomic_t woken;

static void wake_it(int signal_number)
{
    (void)signal_number;
    woken++;
    tct_loop_wake(to_wake);
}

static void a_signal_handler_may_wake_it(void **state)
{
    (void)state;
    to_wake = tct_loop_new();
    struct sigaction action = {.sa_handler = wake_it}, before;
    sigaction(SIGALRM, &action, &before);
    struct itimerval soon = {.it_value.tv_usec = 30000};
    step_for(to_wake, 20); /* whatever a new loop has to do at first */
    uint64_t start = tct_now_ms();
    setitimer(ITIMER_REAL, &soon, NULL);
    while (woken == 0 && tct_now_ms() - start < 5000)
        tct_loop_step(to_wake, 10000);
    assert_true(woken == 1 && tct_now_ms() - start < 3000);
    /* Also when nobody waits yet: the next wait is cut short. */
    raise(SIGALRM);
    start = tct_now_ms();
    tct_loop_step(to_wake, 10000);
    assert_true(woken == 2 && tct_now_ms() - start < 3000);
    sigaction(SIGALRM, &before, NULL);
    tct_loop_free(to_wake);
}

static void a_broken_pipe_is_no_end_of_the_program(void **state)
{
    (void)state;
    tct_loop *loop = tct_loop_new();
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
    tct_loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_is_read_to_its_end),
        cmocka_unit_test(a_regular_file_is_read_to_its_end),
        cmocka_unit_test(dev_null_ends_at_once),
        cmocka_unit_test(a_terminal_is_read_and_keeps_its_flags),
        cmocka_unit_test(a_closed_descriptor_is_not_watched),
        cmocka_unit_test(watching_again_and_again_leaks_no_descriptor),
        cmocka_unit_test(a_step_lasts_no_longer_than_it_was_told),
        cmocka_unit_test(a_signal_handler_may_wake_it),
        cmocka_unit_test(a_broken_pipe_is_no_end_of_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
