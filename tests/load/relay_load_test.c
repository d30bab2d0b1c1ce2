/* SPDX-License-Identifier: ISC
 *
 * A thousand pairs through one relay: all of them connected at the same time, each side sending 12
 * frames of the sizes that a session of a thousand ANDs has, each frame checked on arrival.  Prints
 * what it took, one JSON object a line; fails at the first frame that is lost, doubled or changed.
 *
 * The relay is the built program in a process of its own; all devices are in this one.
 */
#define _DEFAULT_SOURCE
#include "net/link.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    PAIRS = 1000,
    CALLING_MAX = 64, /* pairs that connect at the same time */
    SECONDS_MAX = 55,
};

/* About 99 kB each way. */
static const uint32_t frame_bytes[] = {8300, 30000, 20000, 700, 1200, 36000,
                                       64,   2000,  128,   64,  64,   64};
enum { FRAMES = sizeof frame_bytes / sizeof *frame_bytes, FRAME_MAX = 36000 };

struct pair;

typedef struct {
    struct pair *pair;
    tct_link *link;
    bool asker, done;
    uint32_t sent, got;
} side;

typedef struct pair {
    uint32_t index, number;
    side sides[2];
} pair;

static pair pairs[PAIRS];
static tct_loop *loop;
static const char *url;
static uint32_t pair_count, called, in_rooms, finished, calling;
static uint64_t frames, bytes;
static uint8_t frame[FRAME_MAX];

/* Byte i of frame k of a side: differs by pair, side, frame and place. */
static uint8_t pattern(const side *s, uint32_t k, uint32_t i)
{
    return (uint8_t)(s->pair->index * 31 + k * 7 + (s->asker ? 101 : 0) + i * 13 + (i >> 8));
}

static void send_next(side *s)
{
    uint32_t k = s->sent++;
    for (uint32_t i = 0; i < frame_bytes[k]; i++)
        frame[i] = pattern(s, k, i);
    assert_true(tct_link_frame(s->link, frame, frame_bytes[k]));
}

static void take(side *s, const uint8_t *got, size_t length)
{
    const side *other = &s->pair->sides[s->asker ? 1 : 0];
    uint32_t k = s->got++;
    assert_true(k < FRAMES);
    assert_int_equal(length, frame_bytes[k]);
    for (uint32_t i = 0; i < length; i++) {
        if (got[i] != pattern(other, k, i))
            fail_msg("pair %u, frame %u, byte %u differs", s->pair->index, k, i);
    }
    frames++;
    bytes += length;
    /* As in a session: frame k + 1 leaves when frame k of the other is there. */
    if (s->sent <= s->got && s->sent < FRAMES)
        send_next(s);
}

static void call(side *s);

static void told(void *context, const tct_link_event *event)
{
    side *s = context;
    pair *p = s->pair;
    uint8_t room[TCT_RELAY_ROOM_BYTES] = {0};
    switch (event->kind) {
    case TCT_LINK_UP:
        tct_store32(room, p->index);
        assert_true(s->asker ? tct_link_ask_room(s->link, room)
                             : tct_link_join(s->link, p->number));
        return;
    case TCT_LINK_OPENED:
        p->number = event->number;
        if (p->index % 2 == 0)
            send_next(s); /* half of the first frames wait in a mailbox */
        call(&p->sides[1]);
        return;
    case TCT_LINK_JOINED:
        assert_int_equal(tct_load32(event->room), p->index);
        in_rooms++;
        calling--;
        return;
    case TCT_LINK_FRAME:
        take(s, event->bytes, event->length);
        return;
    case TCT_LINK_PEER_JOINED:
    case TCT_LINK_PEER_LEFT:
        return;
    default:
        fail_msg("pair %u, %s: event %d, %s", p->index, s->asker ? "asker" : "answerer",
                 (int)event->kind, event->text);
    }
}

static void call(side *s)
{
    char error[160];
    s->link = tct_link_open(loop, url, told, s, error);
    assert_non_null(s->link);
}

static void call_more(void)
{
    while (calling < CALLING_MAX && called < pair_count) {
        pair *p = &pairs[called];
        p->index = called++;
        calling++;
        for (int i = 0; i < 2; i++)
            p->sides[i] = (side){.pair = p, .asker = i == 0};
        call(&p->sides[0]);
    }
}

static void start_talking(void)
{
    for (uint32_t i = 0; i < pair_count; i++) {
        for (int j = 0; j < 2; j++) {
            if (pairs[i].sides[j].sent == 0)
                send_next(&pairs[i].sides[j]);
        }
    }
}

/* Whoever has sent and got everything says goodbye; whoever was let go is closed. */
static void finish_some(void)
{
    for (uint32_t i = 0; i < pair_count; i++) {
        for (int j = 0; j < 2; j++) {
            side *s = &pairs[i].sides[j];
            if (s->link != NULL && !s->done && s->got == FRAMES && s->sent == FRAMES) {
                s->done = true;
                tct_link_bye(s->link);
            }
            if (s->link != NULL && s->done && tct_link_idle(s->link)) {
                tct_link_close(s->link);
                s->link = NULL;
                finished++;
            }
        }
    }
}

/* ------------------------------------------------------------------------------- machines --- */

/* Descriptors for all pairs; fewer pairs where the system does not allow that many. */
static void fit_descriptors(void)
{
    struct rlimit limit;
    pair_count = PAIRS;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    rlim_t need = 2 * PAIRS + 64;
    if (limit.rlim_cur < need) {
        limit.rlim_cur =
            limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= need ? need : limit.rlim_max;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    }
    if (limit.rlim_cur >= need)
        return;
    pair_count = (uint32_t)(limit.rlim_cur - 64) / 5 * 2;
    printf("This system allows %llu open files at once (ulimit -n): only %u pairs.\n",
           (unsigned long long)limit.rlim_cur, pair_count);
}

static pid_t start_relay(char out[256])
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(TACIT_BINARY_DIR "/tacit-relay", "tacit-relay", "--listen", "127.0.0.1:0",
              "--connections", "4000", "--per-address", "4000", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *from = fdopen(ends[0], "r");
    assert_non_null(from);
    if (fgets(out, 256, from) == NULL || strstr(out, "http://") == NULL)
        fail_msg("the relay did not start: is " TACIT_BINARY_DIR "/tacit-relay built?");
    out[strcspn(out, "\n")] = '\0';
    fclose(from);
    return pid;
}

/* A figure of /proc, such as VmRSS, in kB; 0 where there is none. */
static unsigned long long status_of(pid_t pid, const char *key)
{
    char path[64], text[256];
    unsigned long long value = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(text, sizeof text, file) != NULL) {
        if (strncmp(text, key, strlen(key)) == 0)
            value = strtoull(text + strlen(key) + 1, NULL, 10);
    }
    if (file != NULL)
        fclose(file);
    return value;
}

static void print_figure(const char *name, unsigned long long value, const char *unit)
{
    printf("{\"figure\":\"relay_load_%s\",\"pairs\":%u,\"value\":%llu,\"unit\":\"%s\"}\n", name,
           pair_count, value, unit);
}

static unsigned long long per_second(uint64_t count, uint64_t ms)
{
    return (unsigned long long)(count * 1000 / (ms == 0 ? 1 : ms));
}

static void step(uint64_t end_ms)
{
    if (tct_now_ms() > end_ms)
        fail_msg("not done in %d s: %u called, %u in rooms, %llu frames, %u finished",
                 SECONDS_MAX, called, in_rooms, (unsigned long long)frames, finished);
    tct_loop_step(loop, 100);
}

static void a_thousand_pairs_lose_nothing(void **state)
{
    (void)state;
    char text[256];
    fit_descriptors();
    pid_t relay = start_relay(text);
    url = strstr(text, "http://");
    loop = tct_loop_new();
    assert_non_null(loop);
    unsigned long long empty_kb = status_of(relay, "VmRSS");
    uint64_t start = tct_now_ms(), end = start + (uint64_t)SECONDS_MAX * 1000;
    while (in_rooms < pair_count) {
        call_more();
        step(end);
    }
    uint64_t connected = tct_now_ms();
    unsigned long long idle_kb = status_of(relay, "VmRSS");
    start_talking();
    while (frames < (uint64_t)2 * pair_count * FRAMES)
        step(end);
    uint64_t exchanged = tct_now_ms();
    while (finished < 2 * pair_count) {
        finish_some();
        step(end);
    }
    uint64_t done = tct_now_ms();
    unsigned long long peak_kb = status_of(relay, "VmHWM");
    tct_loop_free(loop);

    struct rusage used;
    int status;
    kill(relay, SIGTERM);
    assert_int_equal(wait4(relay, &status, 0, &used), relay);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    unsigned long long cpu_ms =
        (unsigned long long)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
        (unsigned long long)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
    print_figure("frames", frames, "1");
    print_figure("bytes", bytes, "B");
    print_figure("pairs_per_second", per_second(pair_count, done - start), "1/s");
    print_figure("connections_per_second", per_second(2 * pair_count, connected - start),
                 "1/s");
    print_figure("messages_per_second", per_second(frames, exchanged - connected), "1/s");
    print_figure("bytes_per_second", per_second(bytes, exchanged - connected), "B/s");
    print_figure("relay_cpu_ms", cpu_ms, "ms");
    print_figure("relay_empty_rss", empty_kb, "kB");
    print_figure("relay_connected_rss", idle_kb, "kB");
    print_figure("relay_peak_rss", peak_kb, "kB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_pairs_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
