/* SPDX-License-Identifier: ISC */
#include "net/link.h"

#include "net/link_text.h"
#include "net/loop_inside.h"
#include "net/resolve.h"
#include "net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_BYTES = 32 * 1024, /* handed to libwebsockets at once */
    FIRST_BYTES =
        4 * 1024, /* an incoming message's first buffer; doubled as bytes really come */
};

/* A message on its way out.  libwebsockets writes its header in front of what it is given and masks
 * in place: the room in front, and chunks that are gone already, are its to overwrite. */
typedef struct outgoing {
    struct outgoing *next;
    size_t length, sent;
    uint8_t before[LWS_PRE];
    uint8_t bytes[];
} outgoing;

typedef enum { STARTING, CONNECTING, UP, LEAVING, DOWN } link_state;

struct tct_link {
    tct_loop *loop;
    tct_url url;
    char place[TCT_URL_PLACE_MAX];
    tct_link_callback *callback;
    void *context;
    uint32_t answer_ms;
    const lws_retry_bo_t *policy;

    link_state state;
    bool reached, distrusted; /* of the connection attempt under way */
    bool closed;              /* by the callback we are in; freed when it returns */
    int depth;                /* callbacks we are in */
    uint32_t reopening; /* REOPENs without their OPENED: what comes is of the room before */

    tct_resolve *resolve;
    tct_resolved found;
    uint32_t tried; /* of found.address */
    struct lws *wsi;
    lws_sorted_usec_list_t start, deadline;

    outgoing *first, *last;
    size_t queued_bytes;
    uint8_t *in; /* the message that is coming in */
    size_t in_bytes, in_room;
};

/* ------------------------------------------------------------------------------- endings --- */

static void drop_queues(tct_link *link)
{
    while (link->first != NULL) {
        outgoing *next = link->first->next;
        free(link->first);
        link->first = next;
    }
    link->last = NULL;
    link->queued_bytes = 0;
    free(link->in);
    link->in = NULL;
    link->in_bytes = link->in_room = 0;
}

/* Lets the connection go; libwebsockets ends it in the next step.  No callback of it reaches the
 * link any more. */
static void detach(tct_link *link)
{
    lws_sul_cancel(&link->start);
    lws_sul_cancel(&link->deadline);
    tct_resolve_stop(link->resolve);
    link->resolve = NULL;
    if (link->wsi != NULL) {
        lws_set_opaque_user_data(link->wsi, NULL);
        lws_set_timeout(link->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    }
    link->wsi = NULL;
}

static void free_link(tct_link *link)
{
    drop_queues(link);
    free(link);
}

/* Tells the owner.  false: the owner closed the link meanwhile, and it may be gone. */
static bool tell(tct_link *link, const tct_link_event *event)
{
    if (link->state == LEAVING)
        return true; /* the owner said goodbye and hears nothing more */
    link->depth++;
    link->callback(link->context, event);
    link->depth--;
    if (!link->closed)
        return true;
    if (link->depth == 0)
        free_link(link);
    return false;
}

static void end(tct_link *link, tct_link_event event)
{
    detach(link);
    drop_queues(link);
    bool silent = link->state == LEAVING || link->state == DOWN;
    link->state = DOWN;
    if (!silent)
        tell(link, &event);
}

static void fail(tct_link *link, tct_fault fault)
{
    char text[TCT_FAULT_TEXT_MAX];
    tct_fault_text(fault, link->place, text);
    end(link, (tct_link_event){
                  .kind = fault == TCT_FAULT_STRANGER ? TCT_LINK_NOT_A_RELAY : TCT_LINK_DOWN,
                  .text = text,
              });
}

static void too_late(lws_sorted_usec_list_t *timer)
{
    tct_link *link = lws_container_of(timer, tct_link, deadline);
    fail(link, TCT_FAULT_SILENT);
}

static void expect_answer(tct_link *link)
{
    lws_sul_schedule(link->loop->lws, 0, &link->deadline, too_late,
                     (lws_usec_t)link->answer_ms * 1000);
}

/* ------------------------------------------------------------------------------ messages --- */

static tct_link_event_kind kind_of(uint8_t type)
{
    switch (type) {
    case TCT_RELAY_OPENED:
        return TCT_LINK_OPENED;
    case TCT_RELAY_JOINED:
        return TCT_LINK_JOINED;
    case TCT_RELAY_FRAME_IN:
        return TCT_LINK_FRAME;
    case TCT_RELAY_PEER_JOINED:
        return TCT_LINK_PEER_JOINED;
    case TCT_RELAY_PEER_LEFT:
        return TCT_LINK_PEER_LEFT;
    case TCT_RELAY_REFUSED:
        return TCT_LINK_REFUSED;
    default:
        return TCT_LINK_NOT_A_RELAY;
    }
}

/* The bytes after the type that a message of this kind must have; frames have one or more. */
static size_t body_bytes(tct_link_event_kind kind)
{
    switch (kind) {
    case TCT_LINK_OPENED:
        return 4;
    case TCT_LINK_JOINED:
        return TCT_RELAY_ROOM_BYTES;
    case TCT_LINK_REFUSED:
        return 1;
    default:
        return 0;
    }
}

static bool is_of_room_before(tct_link *link, tct_link_event_kind kind)
{
    if (kind == TCT_LINK_OPENED && link->reopening > 0)
        link->reopening--;
    return link->reopening > 0 && kind != TCT_LINK_REFUSED;
}

/* Takes one whole message of the relay. */
static void take(tct_link *link, const uint8_t *message, size_t length)
{
    tct_link_event event = {.kind = TCT_LINK_NOT_A_RELAY, .text = ""};
    if (length > 0)
        event.kind = kind_of(message[0]);
    bool fits =
        event.kind == TCT_LINK_FRAME ? length > 1 : length == 1 + body_bytes(event.kind);
    if (!fits || event.kind == TCT_LINK_NOT_A_RELAY) {
        fail(link, TCT_FAULT_STRANGER);
        return;
    }
    if (link->state != LEAVING)
        lws_sul_cancel(&link->deadline);
    if (is_of_room_before(link, event.kind)) {
        expect_answer(link);
        return;
    }
    if (event.kind == TCT_LINK_OPENED)
        event.number = tct_load32(message + 1);
    if (event.kind == TCT_LINK_JOINED)
        memcpy(event.room, message + 1, sizeof event.room);
    if (event.kind == TCT_LINK_FRAME) {
        event.bytes = message + 1;
        event.length = length - 1;
    }
    if (event.kind == TCT_LINK_REFUSED) {
        event.reason = message[1];
        event.text = tct_link_refusal(event.reason);
        end(link, event);
        return;
    }
    tell(link, &event);
}

/* Adds to the message that is coming in; its buffer grows with what has come, not with what was
 * announced. */
static bool gather(tct_link *link, const uint8_t *bytes, size_t count)
{
    size_t need = link->in_bytes + count,
           room = link->in_room == 0 ? FIRST_BYTES : link->in_room;
    while (room < need)
        room *= 2;
    if (room != link->in_room) {
        uint8_t *larger = realloc(link->in, room);
        if (larger == NULL)
            return false;
        link->in = larger;
        link->in_room = room;
    }
    memcpy(link->in + link->in_bytes, bytes, count);
    link->in_bytes = need;
    return true;
}

static void receive(tct_link *link, const uint8_t *bytes, size_t count)
{
    bool final = lws_is_final_fragment(link->wsi) != 0;
    if (!lws_frame_is_binary(link->wsi) || count > TCT_RELAY_MESSAGE_MAX - link->in_bytes) {
        fail(link, TCT_FAULT_STRANGER);
        return;
    }
    if (final && link->in_bytes == 0) {
        take(link, bytes, count);
        return;
    }
    if (!gather(link, bytes, count)) {
        fail(link, TCT_FAULT_MEMORY);
        return;
    }
    if (!final)
        return;
    uint8_t *message = link->in;
    size_t length = link->in_bytes;
    link->in = NULL; /* the owner may close the link while it reads */
    link->in_bytes = link->in_room = 0;
    take(link, message, length);
    free(message);
}

/* Hands the next chunk over.  false: the line is broken. */
static bool transmit(tct_link *link)
{
    outgoing *o = link->first;
    if (o == NULL)
        return true;
    size_t left = o->length - o->sent, count = left < CHUNK_BYTES ? left : CHUNK_BYTES;
    int flags = lws_write_ws_flags(LWS_WRITE_BINARY, o->sent == 0, count == left);
    if (lws_write(link->wsi, o->bytes + o->sent, count, (enum lws_write_protocol)flags) < 0)
        return false;
    o->sent += count;
    link->queued_bytes -= count;
    if (o->sent == o->length) {
        link->first = o->next;
        if (link->first == NULL)
            link->last = NULL;
        free(o);
    }
    if (link->first != NULL)
        lws_callback_on_writable(link->wsi);
    return true;
}

static bool queue(tct_link *link, uint8_t type, const uint8_t *body, size_t bytes)
{
    if (link->state != UP || bytes > TCT_RELAY_MESSAGE_MAX - 1 ||
        bytes + 1 > TCT_LINK_QUEUE_MAX - link->queued_bytes)
        return false;
    outgoing *o = malloc(sizeof *o + 1 + bytes);
    if (o == NULL)
        return false;
    o->next = NULL;
    o->length = 1 + bytes;
    o->sent = 0;
    o->bytes[0] = type;
    if (bytes > 0)
        memcpy(o->bytes + 1, body, bytes);
    if (link->last != NULL)
        link->last->next = o;
    else
        link->first = o;
    link->last = o;
    link->queued_bytes += o->length;
    lws_callback_on_writable(link->wsi);
    return true;
}

/* ---------------------------------------------------------------------------- connecting --- */

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
        fail(link, fault);
}

static bool confirms_subprotocol(struct lws *wsi)
{
    char name[sizeof TCT_RELAY_SUBPROTOCOL + 8];
    return lws_hdr_copy(wsi, name, sizeof name, WSI_TOKEN_PROTOCOL) > 0 &&
           strcmp(name, TCT_RELAY_SUBPROTOCOL) == 0;
}

static void established(tct_link *link)
{
    lws_sul_cancel(&link->deadline);
    link->state = UP;
    tell(link, &(tct_link_event){.kind = TCT_LINK_UP, .text = ""});
}

static void connection_failed(tct_link *link, const char *said, size_t bytes)
{
    char words[128] = "";
    if (said != NULL)
        snprintf(words, sizeof words, "%.*s", (int)(bytes < sizeof words ? bytes : 127), said);
    attempt_failed(link, tct_fault_of(said != NULL ? words : NULL, link->reached));
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
        established(link);
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        lws_validity_confirmed(wsi); /* whoever sends is alive */
        receive(link, in, bytes);
        break;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return transmit(link) ? 0 : -1;
    case LWS_CALLBACK_CLIENT_CLOSED:
        lws_set_opaque_user_data(wsi, NULL);
        link->wsi = NULL;
        fail(link, TCT_FAULT_LOST);
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
    if (vhost == NULL || (tls && lws_init_vhost_client_ssl(&info, vhost) != 0))
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
        fail(link, TCT_FAULT_MEMORY);
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
    link->depth++; /* what fails at once is told by the callback, and `pwsi` is written after it */
    lws_client_connect_via_info(&info);
    link->depth--;
    if (link->closed && link->depth == 0)
        free_link(link);
}

static void connect_first(tct_link *link)
{
    if (link->found.count == 0)
        fail(link, TCT_FAULT_NAME);
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

static void start(lws_sorted_usec_list_t *timer)
{
    tct_link *link = lws_container_of(timer, tct_link, start);
    link->state = CONNECTING;
    expect_answer(link);
    if (tct_resolve_now(link->url.host, &link->found)) {
        connect_first(link);
        return;
    }
    link->resolve = tct_resolve_start(link->loop, link->url.host, name_found, link);
    if (link->resolve == NULL)
        fail(link, TCT_FAULT_MEMORY);
}

/* ---------------------------------------------------------------------------- the public --- */

static const lws_retry_bo_t *policy_of(tct_loop *loop, const tct_link_patience *patience)
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

tct_link *tct_link_open_patient(tct_loop *loop, const char *url,
                                const tct_link_patience *patience, tct_link_callback *callback,
                                void *context, char error[160])
{
    tct_url read;
    if (!tct_url_read(url, &read, error))
        return NULL;
    tct_link *link = calloc(1, sizeof *link);
    if (link != NULL)
        link->policy = policy_of(loop, patience);
    if (link == NULL || link->policy == NULL) {
        free(link);
        snprintf(error, 160, "There is not enough memory.");
        return NULL;
    }
    link->loop = loop;
    link->url = read;
    tct_url_place(&read, link->place);
    link->callback = callback;
    link->context = context;
    link->answer_ms = patience != NULL ? patience->answer_ms : 20000;
    lws_sul_schedule(loop->lws, 0, &link->start, start, 1);
    return link;
}

tct_link *tct_link_open(tct_loop *loop, const char *url, tct_link_callback *callback,
                        void *context, char error[160])
{
    return tct_link_open_patient(loop, url, NULL, callback, context, error);
}

bool tct_link_ask_room(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES])
{
    uint8_t body[1 + TCT_RELAY_ROOM_BYTES] = {TCT_RELAY_VERSION};
    memcpy(body + 1, room, TCT_RELAY_ROOM_BYTES);
    if (!queue(link, TCT_RELAY_OPEN, body, sizeof body))
        return false;
    expect_answer(link);
    return true;
}

bool tct_link_join(tct_link *link, uint32_t number)
{
    uint8_t body[1 + 4] = {TCT_RELAY_VERSION};
    tct_store32(body + 1, number);
    if (!queue(link, TCT_RELAY_JOIN, body, sizeof body))
        return false;
    expect_answer(link);
    return true;
}

bool tct_link_reopen(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES])
{
    if (!queue(link, TCT_RELAY_REOPEN, room, TCT_RELAY_ROOM_BYTES))
        return false;
    link->reopening++;
    expect_answer(link);
    return true;
}

bool tct_link_frame(tct_link *link, const uint8_t *frame, size_t bytes)
{
    return bytes > 0 && queue(link, TCT_RELAY_FRAME, frame, bytes);
}

bool tct_link_idle(const tct_link *link)
{
    if (link->state == LEAVING)
        return false; /* until the relay has closed */
    return link->first == NULL && (link->wsi == NULL || !lws_partial_buffered(link->wsi));
}

void tct_link_bye(tct_link *link)
{
    if (queue(link, TCT_RELAY_BYE, NULL, 0)) {
        link->state = LEAVING;
        expect_answer(link);
    } else if (link->state != LEAVING) {
        detach(link);
        drop_queues(link);
        link->state = DOWN;
    }
}

void tct_link_close(tct_link *link)
{
    if (link == NULL || link->closed)
        return;
    detach(link);
    link->closed = true;
    if (link->depth == 0)
        free_link(link);
}
