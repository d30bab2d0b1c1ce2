/* SPDX-License-Identifier: ISC */
#include "net/link.h"

#include "net/link_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_BYTES = 32 * 1024, /* handed to libwebsockets at once */
    FIRST_BYTES = 4 * 1024,  /* for an incoming message; doubled as bytes really come */
};

/* ------------------------------------------------------------------------------- endings --- */

static void drop_queues(tct_link *link)
{
    while (link->first != NULL) {
        tct_outgoing *next = link->first->next;
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

void tct_link_hold(tct_link *link)
{
    link->depth++;
}

void tct_link_release(tct_link *link)
{
    link->depth--;
    if (link->closed && link->depth == 0)
        free_link(link);
}

/* Tells the owner, who may close the link: it may be gone after it. */
static void tell(tct_link *link, const tct_link_event *event)
{
    if (link->state == TCT_LINK_LEAVING)
        return; /* the owner said goodbye and hears nothing more */
    tct_link_hold(link);
    link->callback(link->context, event);
    tct_link_release(link);
}

static void end(tct_link *link, tct_link_event event)
{
    detach(link);
    drop_queues(link);
    bool silent = link->state == TCT_LINK_LEAVING || link->state == TCT_LINK_ENDED;
    link->state = TCT_LINK_ENDED;
    if (!silent)
        tell(link, &event);
}

void tct_link_fail(tct_link *link, tct_fault fault)
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
    tct_link_fail(link, TCT_FAULT_SILENT);
}

void tct_link_expect_answer(tct_link *link)
{
    lws_sul_schedule(link->loop->lws, 0, &link->deadline, too_late,
                     (lws_usec_t)link->answer_ms * 1000);
}

void tct_link_established(tct_link *link)
{
    lws_sul_cancel(&link->deadline);
    link->state = TCT_LINK_TALKING;
    tell(link, &(tct_link_event){.kind = TCT_LINK_UP, .text = ""});
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

/* Each OPEN and JOIN is answered once.  A second answer would begin the meeting anew, with the same
 * code and without a word to anyone: a relay could guess at the code again and again that way. */
static bool is_unasked(const tct_link *link, tct_link_event_kind kind)
{
    bool begins = kind == TCT_LINK_OPENED || kind == TCT_LINK_JOINED;
    return begins && link->reopening == 0 && link->awaits != kind;
}

/* Takes one whole message of the relay. */
static void take(tct_link *link, const uint8_t *message, size_t length)
{
    tct_link_event event = {.kind = TCT_LINK_NOT_A_RELAY, .text = ""};
    if (length > 0)
        event.kind = kind_of(message[0]);
    bool fits =
        event.kind == TCT_LINK_FRAME ? length > 1 : length == 1 + body_bytes(event.kind);
    if (!fits || event.kind == TCT_LINK_NOT_A_RELAY || is_unasked(link, event.kind)) {
        tct_link_fail(link, TCT_FAULT_STRANGER);
        return;
    }
    if (link->state != TCT_LINK_LEAVING)
        lws_sul_cancel(&link->deadline);
    if (is_of_room_before(link, event.kind)) {
        tct_link_expect_answer(link);
        return;
    }
    if (event.kind == link->awaits)
        link->awaits = TCT_LINK_UP;
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

void tct_link_receive(tct_link *link, const uint8_t *bytes, size_t count)
{
    bool final = lws_is_final_fragment(link->wsi) != 0;
    if (!lws_frame_is_binary(link->wsi) || count > TCT_RELAY_MESSAGE_MAX - link->in_bytes) {
        tct_link_fail(link, TCT_FAULT_STRANGER);
        return;
    }
    if (final && link->in_bytes == 0) {
        take(link, bytes, count);
        return;
    }
    if (!gather(link, bytes, count)) {
        tct_link_fail(link, TCT_FAULT_MEMORY);
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
bool tct_link_transmit(tct_link *link)
{
    tct_outgoing *o = link->first;
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
    if (link->state != TCT_LINK_TALKING || bytes > TCT_RELAY_MESSAGE_MAX - 1 ||
        bytes + 1 > TCT_LINK_QUEUE_MAX - link->queued_bytes)
        return false;
    tct_outgoing *o = malloc(sizeof *o + 1 + bytes);
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

/* ---------------------------------------------------------------------------- the public --- */

tct_link *tct_link_open_patient(tct_loop *loop, const char *url,
                                const tct_link_patience *patience, tct_link_callback *callback,
                                void *context, char error[160])
{
    tct_url read;
    if (!tct_url_read(url, &read, error))
        return NULL;
    tct_link *link = calloc(1, sizeof *link);
    if (link != NULL)
        link->policy = tct_link_policy(loop, patience);
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
    lws_sul_schedule(loop->lws, 0, &link->start, tct_link_begin, 1);
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
    link->awaits = TCT_LINK_OPENED;
    tct_link_expect_answer(link);
    return true;
}

bool tct_link_join(tct_link *link, uint32_t number)
{
    uint8_t body[1 + 4] = {TCT_RELAY_VERSION};
    tct_store32(body + 1, number);
    if (!queue(link, TCT_RELAY_JOIN, body, sizeof body))
        return false;
    link->awaits = TCT_LINK_JOINED;
    tct_link_expect_answer(link);
    return true;
}

bool tct_link_reopen(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES])
{
    if (!queue(link, TCT_RELAY_REOPEN, room, TCT_RELAY_ROOM_BYTES))
        return false;
    link->reopening++;
    tct_link_expect_answer(link);
    return true;
}

bool tct_link_frame(tct_link *link, const uint8_t *frame, size_t bytes)
{
    return bytes > 0 && queue(link, TCT_RELAY_FRAME, frame, bytes);
}

bool tct_link_idle(const tct_link *link)
{
    if (link->state == TCT_LINK_LEAVING)
        return false; /* until the relay has closed */
    return link->first == NULL && (link->wsi == NULL || !lws_partial_buffered(link->wsi));
}

void tct_link_bye(tct_link *link)
{
    if (queue(link, TCT_RELAY_BYE, NULL, 0)) {
        link->state = TCT_LINK_LEAVING;
        tct_link_expect_answer(link);
    } else if (link->state != TCT_LINK_LEAVING) {
        detach(link);
        drop_queues(link);
        link->state = TCT_LINK_ENDED;
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
