/* SPDX-License-Identifier: ISC */
#include "net/resolve.h"

#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* Shared by the loop and the thread; who lets go last frees it. */
typedef struct {
    atomic_int holders;
    int answered; /* an eventfd: readable once `found` may be read */
    char host[256];
    tct_resolved found;
} question;

struct tct_resolve {
    question *asked;
    tct_watch watch;
};

static void let_go(question *q)
{
    if (atomic_fetch_sub(&q->holders, 1) != 1)
        return;
    close(q->answered);
    free(q);
}

static void look_up(const char *host, int flags, tct_resolved *out)
{
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags};
    struct addrinfo *list = NULL;
    memset(out, 0, sizeof *out);
    if (getaddrinfo(host, NULL, &hints, &list) != 0)
        return;
    for (struct addrinfo *a = list; a != NULL && out->count < TCT_RESOLVE_MAX; a = a->ai_next) {
        if (getnameinfo(a->ai_addr, a->ai_addrlen, out->address[out->count], TCT_RESOLVE_TEXT,
                        NULL, 0, NI_NUMERICHOST) == 0)
            out->count++;
    }
    freeaddrinfo(list);
}

static void *answer(void *argument)
{
    question *q = argument;
    look_up(q->host, AI_ADDRCONFIG, &q->found);
    eventfd_write(q->answered, 1);
    let_go(q);
    return NULL;
}

bool tct_resolve_now(const char *host, tct_resolved *out)
{
    if (strcmp(host, "localhost") == 0) {
        *out = (tct_resolved){.count = 2, .address = {"127.0.0.1", "::1"}};
        return true;
    }
    look_up(host, AI_NUMERICHOST, out);
    return out->count > 0;
}

/* Signals belong to the main thread, whose step they must interrupt. */
static bool start_thread(question *q)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, NULL, answer, q) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started)
        pthread_detach(thread);
    return started;
}

static question *ask(const char *host)
{
    question *q = calloc(1, sizeof *q);
    if (q == NULL || strlen(host) >= sizeof q->host) {
        free(q);
        return NULL;
    }
    memcpy(q->host, host, strlen(host) + 1);
    atomic_init(&q->holders, 2);
    q->answered = eventfd(0, EFD_CLOEXEC);
    if (q->answered >= 0 && start_thread(q))
        return q;
    if (q->answered >= 0)
        close(q->answered);
    free(q);
    return NULL;
}

tct_resolve *tct_resolve_start(tct_loop *loop, const char *host, tct_readable *done,
                               void *context)
{
    tct_resolve *resolve = calloc(1, sizeof *resolve);
    if (resolve == NULL)
        return NULL;
    resolve->asked = ask(host);
    if (resolve->asked != NULL &&
        tct_watch_start(&resolve->watch, loop, resolve->asked->answered, done, context))
        return resolve;
    if (resolve->asked != NULL)
        let_go(resolve->asked);
    free(resolve);
    return NULL;
}

const tct_resolved *tct_resolve_result(const tct_resolve *resolve)
{
    return &resolve->asked->found;
}

void tct_resolve_stop(tct_resolve *resolve)
{
    if (resolve == NULL)
        return;
    tct_watch_stop(&resolve->watch);
    let_go(resolve->asked);
    free(resolve);
}
