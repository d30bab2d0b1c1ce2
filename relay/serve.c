/* SPDX-License-Identifier: ISC
 *
 * A relay as a program: from the options to the signal that ends it.
 */
#include "net/url.h"
#include "relay/server.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

enum { ENDED = 0, WRONG_OPTIONS = 2, NO_PORT = 4 };
enum { CLOSING_MS = 800 }; /* for everyone to hear it; a second is what a signal may take */

static tct_loop *running;
static volatile sig_atomic_t asked_to_end;

static void end_soon(int signal_number)
{
    (void)signal_number;
    asked_to_end++;
    tct_loop_wake(running);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = end_soon};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

/* Descriptors for as many connections as the limits name, and a few more.  Also lowers what is far
 * beyond that: libwebsockets makes a table of all there may be.  Says what could not be had. */
static void fit_descriptors(const char *program, tct_relay_limits *limits)
{
    struct rlimit limit;
    rlim_t need = (rlim_t)limits->callers_max + limits->callers_max / 4 + 64;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    rlim_t hard = limit.rlim_max;
    limit.rlim_cur = hard == RLIM_INFINITY || need <= hard ? need : hard;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need)
        return;
    limits->callers_max = limit.rlim_cur > 128 ? (uint32_t)(limit.rlim_cur - 64) / 5 * 4 : 32;
    fprintf(
        stderr,
        "%s: this system allows %llu open files at once, so there is room for %u connections "
        "(ulimit -n).\n",
        program, (unsigned long long)limit.rlim_cur, limits->callers_max);
}

static void wait_until_empty(tct_loop *loop, const tct_relay_server *server)
{
    uint64_t end_ms = tct_now_ms() + CLOSING_MS;
    int asked = asked_to_end;
    while (!tct_relay_server_empty(server) && tct_now_ms() < end_ms && asked_to_end == asked)
        tct_loop_step(loop, 50);
}

static void announce(const tct_relay_options *options, const tct_relay_server *server)
{
    char url[TCT_RELAY_URL_MAX];
    tct_relay_server_url(server, url);
    if (options->ready != NULL) {
        options->ready(options->ready_context, url);
        return;
    }
    printf("The relay listens on %s\n", url);
    fflush(stdout);
}

int tct_relay_main(const tct_relay_options *options)
{
    char error[160], host[TCT_URL_HOST_MAX];
    uint16_t port;
    tct_relay_options fitted = *options;
    if (!tct_url_read_listen(options->listen, host, &port, error)) {
        fprintf(stderr, "%s: --listen %s: %s\n", options->program, options->listen, error);
        return WRONG_OPTIONS;
    }
    fit_descriptors(options->program, &fitted.limits);
    tct_loop *loop = tct_loop_new();
    tct_relay_server *server = NULL;
    if (loop == NULL)
        snprintf(error, sizeof error, "There is not enough memory.");
    else
        server = tct_relay_server_new(loop, &fitted, error);
    if (server == NULL) {
        fprintf(stderr, "%s: %s\n", options->program, error);
        tct_loop_free(loop);
        return NO_PORT;
    }
    running = loop;
    catch_signals();
    announce(options, server);
    while (asked_to_end == 0)
        tct_loop_step(loop, 1000);
    tct_relay_server_close(server);
    wait_until_empty(loop, server);
    tct_relay_server_free(server);
    signal(SIGTERM, SIG_IGN); /* the loop that the handler wakes is going */
    signal(SIGINT, SIG_IGN);
    tct_loop_free(loop);
    return ENDED;
}
