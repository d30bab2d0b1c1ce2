/* SPDX-License-Identifier: ISC
 *
 * How a line comes about: the host's addresses one after the other, the handshake, and what
 * libwebsockets calls while it stands.
 */
#include "net/link_inside.h"

#include <stdio.h>
#include <string.h>

static void connect_next(lws_sorted_usec_list_t *timer);

/* This address did not work: the next one, or else the end. */
static void attempt_failed(tct_link *link, tct_fault fault)
{
    link->wsi = NULL;
    if (link->distrusted)
        fault = TCT_FAULT_CERTIFICATE;
    if (fault == TCT_FAULT_CLOSED && link->tried < link->found.count)
        lws_sul_schedule(link->loop->lws, 0, &link->start, connect_next, 1);
    else
        tct_link_fail(link, fault);
}

static bool confirms_subprotocol(struct lws *wsi)
{
    char name[sizeof TCT_RELAY_SUBPROTOCOL + 8];
    return lws_hdr_copy(wsi, name, sizeof name, WSI_TOKEN_PROTOCOL) > 0 &&
           strcmp(name, TCT_RELAY_SUBPROTOCOL) == 0;
}

static void connection_failed(tct_link *link, const char *said, size_t bytes)
{
    char words[128] = "";
    if (said != NULL)
        snprintf(words, sizeof words, "%.*s", (int)(bytes < sizeof words ? bytes : 127), said);
    attempt_failed(link, tct_fault_of(said != NULL ? words : NULL, link->reached));
}

/* Whoever sends is alive.  Not told for every piece: each time, a timer is sorted into a list. */
static void confirm_alive(tct_link *link)
{
    uint64_t now_ms = tct_now_ms();
    if (now_ms - link->alive_ms < 500)
        return;
    link->alive_ms = now_ms;
    lws_validity_confirmed(link->wsi);
}

static int link_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
                         void *in, size_t bytes)
{
    (void)user;
    tct_link *link = wsi != NULL ? lws_get_opaque_user_data(wsi) : NULL;
    if (link == NULL)
        return reason == LWS_CALLBACK_CLIENT_RECEIVE || reason == LWS_CALLBACK_CLIENT_WRITEABLE;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        link->reached = true;
        return 0;
    case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
        return confirms_subprotocol(wsi) ? 0 : -1;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        lws_set_opaque_user_data(wsi, NULL); /* it is being freed */
        connection_failed(link, in, bytes);
        return 0;
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        tct_link_established(link);
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        confirm_alive(link);
        tct_link_receive(link, in, bytes);
        break;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return tct_link_transmit(link) ? 0 : -1;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        link->polite = true;
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        lws_set_opaque_user_data(wsi, NULL);
        link->wsi = NULL;
        tct_link_fail(link, TCT_FAULT_LOST);
        return 0;
    default:
        return 0;
    }
    return lws_get_opaque_user_data(wsi) == NULL ? -1 : 0; /* the link let go meanwhile */
}

static const struct lws_protocols link_protocols[] = {
    {.name = TCT_RELAY_SUBPROTOCOL, .callback = link_callback, .rx_buffer_size = 8 * 1024},
    {0},
};

static void distrust(void *link)
{
    if (link != NULL)
        ((tct_link *)link)->distrusted = true;
}

/* The vhost for links, made when the first is opened: the list of authorities takes a while to read
 * and is of no use to a plain line. */
static struct lws_vhost *vhost_for(tct_loop *loop, bool tls)
{
    if (loop->links[tls] != NULL)
        return loop->links[tls];
    struct lws_context_creation_info info = {
        .options = tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0,
        .port = CONTEXT_PORT_NO_LISTEN,
        .vhost_name = tls ? "links-tls" : "links",
        .protocols = link_protocols,
        .http_proxy_address = "",
        .gid = -1,
        .uid = -1,
        /* As built by Debian, libwebsockets takes authorities from "../share", wherever that is, when
         * no file is named.  This names one that has none; the system's own list stays. */
        .client_ssl_ca_filepath = "/dev/null",
        .ssl_client_options_set = (long)(SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1),
    };
    struct lws_vhost *vhost = lws_create_vhost(loop->lws, &info);
    if (vhost == NULL)
        return NULL;
    loop->distrust = distrust;
    loop->links[tls] = vhost;
    return vhost;
}

static void connect_next(lws_sorted_usec_list_t *timer)
{
    tct_link *link = lws_container_of(timer, tct_link, start);
    struct lws_vhost *vhost = vhost_for(link->loop, link->url.tls);
    if (vhost == NULL) {
        tct_link_fail(link, TCT_FAULT_MEMORY);
        return;
    }
    struct lws_client_connect_info info = {
        .context = link->loop->lws,
        .vhost = vhost,
        .address = link->found.address[link->tried++],
        .port = link->url.port,
        .path = TCT_RELAY_PATH,
        .host = link->place,
        .protocol = TCT_RELAY_SUBPROTOCOL,
        .alpn = "http/1.1",
        .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (link->url.tls ? LCCSCF_USE_SSL : 0),
        .retry_and_idle_policy = link->policy,
        .opaque_user_data = link,
        .pwsi = &link->wsi,
    };
    link->reached = link->distrusted = false;
    /* What fails at once is told by the callback, and `pwsi` is written after that. */
    tct_link_hold(link);
    lws_client_connect_via_info(&info);
    tct_link_release(link);
}

static void connect_first(tct_link *link)
{
    if (link->found.count == 0)
        tct_link_fail(link, TCT_FAULT_NAME);
    else
        connect_next(&link->start);
}

static void name_found(void *context)
{
    tct_link *link = context;
    link->found = *tct_resolve_result(link->resolve);
    tct_resolve_stop(link->resolve);
    link->resolve = NULL;
    connect_first(link);
}

void tct_link_begin(lws_sorted_usec_list_t *timer)
{
    tct_link *link = lws_container_of(timer, tct_link, start);
    link->state = TCT_LINK_CONNECTING;
    link->tried = 0;
    link->found = (tct_resolved){0};
    tct_link_expect_answer(link);
    if (tct_resolve_now(link->url.host, &link->found)) {
        connect_first(link);
        return;
    }
    link->resolve = tct_resolve_start(link->loop, link->url.host, name_found, link);
    if (link->resolve == NULL)
        tct_link_fail(link, TCT_FAULT_MEMORY);
}

const lws_retry_bo_t *tct_link_policy(tct_loop *loop, const tct_link_patience *patience)
{
    static const lws_retry_bo_t usual = {.secs_since_valid_ping = 25,
                                         .secs_since_valid_hangup = 85};
    if (patience == NULL)
        return &usual;
    lws_retry_bo_t *policy = tct_loop_keep(loop, sizeof *policy);
    if (policy == NULL)
        return NULL;
    policy->secs_since_valid_ping = patience->ping_s;
    policy->secs_since_valid_hangup = patience->hangup_s;
    return policy;
}
