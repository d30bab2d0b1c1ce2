/* SPDX-License-Identifier: ISC
 *
 * A relay as a program: from the options to the signal that ends it.
 */
#include "net/url.h"
#include "relay/server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { ENDED = 0, WRONG_OPTIONS = 2, NO_PORT = 4 };
enum { PATH_BYTES = 1024 };
enum { CLOSING_MS = 800 }; /* for everyone to hear it; a second is what a signal may take */

static tct_loop *running;
static volatile sig_atomic_t asked_to_end, asked_for_figures;

static void note_signal(int signal_number)
{
    if (signal_number == SIGUSR1)
        asked_for_figures = 1;
    else
        asked_to_end++;
    tct_loop_wake(running);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = note_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
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

/* Makes each folder of the path that is not there, for its owner alone. */
static void make_folders(char *path)
{
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        mkdir(path, 0700); /* if it cannot be, the file cannot be opened, and that is said */
        *at = '/';
    }
}

/* Where a relay on this port keeps its rooms, if nobody said otherwise.  false: nowhere. */
static bool usual_state(uint16_t port, char out[PATH_BYTES])
{
    const char *service = getenv("STATE_DIRECTORY"), *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int length;
    if (port == 0)
        return false;
    if (service != NULL && service[0] == '/')
        length = snprintf(out, PATH_BYTES, "%.*s/relay-%u.db", (int)strcspn(service, ":"),
                          service, port);
    else if (state != NULL && state[0] == '/')
        length = snprintf(out, PATH_BYTES, "%s/tacit/relay-%u.db", state, port);
    else if (home != NULL && home[0] == '/')
        length = snprintf(out, PATH_BYTES, "%s/.local/state/tacit/relay-%u.db", home, port);
    else
        return false;
    if (length < 0 || length >= PATH_BYTES)
        return false;
    make_folders(out);
    return true;
}

static void say_figures(const tct_relay_options *options, const tct_relay_server *server)
{
    char figures[TCT_RELAY_ERROR_MAX];
    asked_for_figures = 0;
    tct_relay_server_figures(server, figures);
    fprintf(stderr, "%s: %s\n", options->program, figures);
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
    char error[TCT_RELAY_ERROR_MAX], host[TCT_URL_HOST_MAX], state[PATH_BYTES];
    uint16_t port;
    tct_relay_options fitted = *options;
    if (!tct_url_read_listen(options->listen, host, &port, error)) {
        fprintf(stderr, "%s: --listen %s: %s\n", options->program, options->listen, error);
        return WRONG_OPTIONS;
    }
    fit_descriptors(options->program, &fitted.limits);
    if (options->no_state)
        fitted.state = NULL;
    else if (options->state == NULL && usual_state(port, state))
        fitted.state = state;
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
    while (asked_to_end == 0) {
        tct_loop_step(loop, 1000);
        if (asked_for_figures)
            say_figures(options, server);
    }
    tct_relay_server_close(server);
    wait_until_empty(loop, server);
    tct_relay_server_free(server);
    signal(SIGTERM, SIG_IGN); /* the loop that the handler wakes is going */
    signal(SIGINT, SIG_IGN);
    signal(SIGUSR1, SIG_IGN);
    tct_loop_free(loop);
    return ENDED;
}
