/* SPDX-License-Identifier: ISC */
#include "net/loop_inside.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

static tct_loop *loop_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

static int watch_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
                          void *in, size_t bytes)
{
    (void)user;
    (void)in;
    tct_watch *watch = wsi != NULL ? lws_get_opaque_user_data(wsi) : NULL;
    switch (reason) {
    case LWS_CALLBACK_RAW_RX_FILE:
        if (watch == NULL)
            return -1; /* stopped; libwebsockets closes the set */
        watch->readable(watch->context);
        return 0;
    case LWS_CALLBACK_RAW_CLOSE_FILE:
        if (watch != NULL)
            watch->wsi = NULL;
        return 0;
    case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
        /* Asked of the loop's first vhost, whichever the connection belongs to: here wsi is a link's.
         * `bytes` is OpenSSL's own verdict, which stands. */
        if (bytes == 0 && loop_of(wsi)->distrust != NULL)
            loop_of(wsi)->distrust(lws_get_opaque_user_data(wsi));
        return 0;
    default:
        return 0;
    }
}

static const struct lws_protocols watch_protocols[] = {
    {.name = "watch", .callback = watch_callback},
    {0},
};

static void ignore_broken_pipes(void)
{
    struct sigaction action;
    if (sigaction(SIGPIPE, NULL, &action) != 0 || action.sa_handler != SIG_DFL)
        return;
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

tct_loop *tct_loop_new(void)
{
    tct_loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL)
        return NULL;
    loop->input.fd = -1;
    /* Its log would name addresses; what people need to know is said elsewhere, in plain words. */
    lws_set_log_level(0, NULL);
    struct lws_context_creation_info info = {
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = watch_protocols,
        .vhost_name = "watch",
        .user = loop,
        .pt_serv_buf_size = 16 * 1024,
        .timeout_secs = 10,
        .http_proxy_address = "", /* not from the environment: no third party unasked */
        .gid = -1,
        .uid = -1,
    };
    loop->lws = lws_create_context(&info);
    info.options = 0; /* this vhost speaks no TLS, and need not read the list of authorities */
    if (loop->lws != NULL)
        loop->vhost = lws_create_vhost(loop->lws, &info);
    if (loop->vhost == NULL) {
        tct_loop_free(loop);
        return NULL;
    }
    ignore_broken_pipes();
    return loop;
}

void tct_loop_free(tct_loop *loop)
{
    if (loop == NULL)
        return;
    tct_watch_stop(&loop->input);
    if (loop->lws != NULL)
        lws_context_destroy(loop->lws);
    while (loop->kept != NULL) {
        tct_kept *next = loop->kept->next;
        free(loop->kept);
        loop->kept = next;
    }
    free(loop);
}

void *tct_loop_keep(tct_loop *loop, size_t bytes)
{
    tct_kept *kept = calloc(1, sizeof *kept + bytes);
    if (kept == NULL)
        return NULL;
    kept->next = loop->kept;
    loop->kept = kept;
    return kept->memory;
}

static void ring(lws_sorted_usec_list_t *alarm)
{
    (void)alarm; /* the wait is over; nothing else to do */
}

/* lws_service ignores its timeout except for "do not wait"; a timer of our own bounds the wait. */
void tct_loop_step(tct_loop *loop, int timeout_ms)
{
    bool wait = timeout_ms > 0 && !loop->input.always;
    if (wait)
        lws_sul_schedule(loop->lws, 0, &loop->alarm, ring, (lws_usec_t)timeout_ms * 1000);
    lws_service(loop->lws, wait ? 0 : -1);
    lws_sul_cancel(&loop->alarm);
    if (loop->input.always)
        loop->input.readable(loop->input.context);
}

void tct_loop_wake(tct_loop *loop)
{
    int kept = errno; /* a signal handler must leave it */
    lws_cancel_service(loop->lws);
    errno = kept;
}

/* libwebsockets would adopt a descriptor only after setting it non-blocking, and a terminal shares
 * that flag with the shell behind it; it also closes what it adopts, and drops a pipe at its hang-up
 * without a word.  So it is given a private epoll set that holds the descriptor: the flag falls on
 * the set, closing it closes nothing else, and a hang-up shows as "can be read". */
bool tct_watch_start(tct_watch *watch, tct_loop *loop, int fd, tct_readable *readable,
                     void *context)
{
    *watch = (tct_watch){.loop = loop, .readable = readable, .context = context, .fd = fd};
    watch->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (watch->poll_fd < 0)
        return false;
    struct epoll_event event = {.events = EPOLLIN};
    if (epoll_ctl(watch->poll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        bool always = errno == EPERM; /* a regular file or /dev/null never makes one wait */
        close(watch->poll_fd);
        watch->always = always;
        return always;
    }
    lws_adopt_desc_t adopt = {
        .vh = loop->vhost,
        .type = LWS_ADOPT_RAW_FILE_DESC,
        .fd.filefd = watch->poll_fd,
        .vh_prot_name = "watch",
        .opaque = watch,
    };
    watch->wsi = lws_adopt_descriptor_vhost_via_info(&adopt); /* closes the set if it fails */
    return watch->wsi != NULL;
}

void tct_watch_stop(tct_watch *watch)
{
    watch->always = false;
    if (watch->wsi == NULL)
        return;
    /* The set is emptied at once, so that nothing is called any more; libwebsockets lets go of it in
     * the next step, since we may be inside its callback. */
    epoll_ctl(watch->poll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    lws_set_opaque_user_data(watch->wsi, NULL);
    lws_set_timeout(watch->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    watch->wsi = NULL;
}

bool tct_loop_watch(tct_loop *loop, int fd, void (*readable)(void *context), void *context)
{
    tct_watch_stop(&loop->input);
    return fd < 0 || tct_watch_start(&loop->input, loop, fd, readable, context);
}

/* Time that this machine slept through has passed, too, for whoever waits. */
#ifdef CLOCK_BOOTTIME
#define ELAPSED CLOCK_BOOTTIME
#else
#define ELAPSED CLOCK_MONOTONIC
#endif

uint64_t tct_now_ms(void)
{
    struct timespec now;
    clock_gettime(ELAPSED, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
