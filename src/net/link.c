/* SPDX-License-Identifier: ISC
 *
 * Messages between a line (line.h: what is said and heard) and its connections, and how they end.
 */
#include "net/link.h"

#include "net/link_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    FIRST_BYTES = 4 * 1024, /* for an incoming message; doubled as bytes really come */
    PAY_MS = 200,           /* frames that come within it share one TAKEN */
    AGAIN_MS = 250,         /* the first pause before a new connection; doubled each time … */
    AGAIN_MAX_MS = 15000,   /* … up to this, and shortened by chance */
};

_Static_assert((int)TCT_LINK_QUEUE_MAX == (int)TCT_LINE_QUEUE_MAX, "one bound");

/* ------------------------------------------------------------------------------- endings --- */

static void drop_message(tct_link *link)
{
    if (link->line != NULL)
        tct_line_down(link->line);
    free(link->in);
    link->in = NULL;
    link->in_bytes = link->in_room = 0;
    link->sent = 0;
}

/* Lets the connection go; libwebsockets ends it in the next step.  No callback of it reaches the
 * link any more. */
static void detach(tct_link *link)
{
    lws_sul_cancel(&link->start);
    lws_sul_cancel(&link->deadline);
    lws_sul_cancel(&link->pay);
    link->pay_runs = false;
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
    drop_message(link);
    tct_line_free(link->line);
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
    if (link->leaving || link->closed)
        return; /* the owner said goodbye and hears nothing more */
    tct_link_hold(link);
    link->callback(link->context, event);
    tct_link_release(link);
}

static void end(tct_link *link, tct_link_event event)
{
    detach(link);
    drop_message(link);
    bool silent = link->state == TCT_LINK_ENDED;
    link->state = TCT_LINK_ENDED;
    if (!silent)
        tell(link, &event);
}

/* From 0 to 1 less than `count`, to spread those who lost the same relay. */
static uint32_t draw(uint32_t count)
{
    uint32_t drawn = 0;
    if (getrandom(&drawn, sizeof drawn, GRND_NONBLOCK) != (ssize_t)sizeof drawn)
        return 0;
    return drawn % count;
}

/* Another connection after a pause, if there is still time for one. */
static bool try_again(tct_link *link)
{
    uint64_t now_ms = tct_now_ms();
    if (link->lost_ms == 0)
        link->lost_ms = now_ms;
    uint64_t passed_ms = now_ms - link->lost_ms, left_ms = link->patience.away_ms;
    if (passed_ms >= left_ms)
        return false;
    left_ms -= passed_ms;
    uint32_t pause_ms = AGAIN_MAX_MS;
    if (link->attempts < 6)
        pause_ms = (uint32_t)AGAIN_MS << link->attempts;
    link->attempts++;
    pause_ms = pause_ms / 2 + draw(pause_ms / 2);
    if (pause_ms > left_ms)
        pause_ms = (uint32_t)left_ms;
    link->state = TCT_LINK_WAITING;
    lws_sul_schedule(link->loop->lws, 0, &link->start, tct_link_begin,
                     (lws_usec_t)pause_ms * 1000 + 1);
    return true;
}

/* Is this loss worth another connection?  Not before a room was asked for; and a relay that took the
 * call and stays silent has not begun anything.  One that closes politely after BYE has everything; one
 * that breaks may not. */
static bool is_worth_another(const tct_link *link, tct_fault fault)
{
    if (link->patience.away_ms == 0 || !link->was_up || !tct_line_begun(link->line) ||
        (link->leaving && link->polite && tct_line_bye_sent(link->line)))
        return false;
    return link->lost || fault == TCT_FAULT_LOST || tct_line_is_seated(link->line);
}

static void lose(tct_link *link, const char *text)
{
    bool first = !link->lost;
    link->lost = true;
    if (first)
        tell(link, &(tct_link_event){.kind = TCT_LINK_LOST, .text = text});
}

void tct_link_fail(tct_link *link, tct_fault fault)
{
    char text[TCT_FAULT_TEXT_MAX];
    detach(link);
    drop_message(link);
    if (is_worth_another(link, fault)) {
        tct_fault_text(TCT_FAULT_LOST, link->place, text);
        if (try_again(link)) {
            lose(link, text);
            return;
        }
        fault = TCT_FAULT_LOST; /* for good */
    }
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
                     (lws_usec_t)link->patience.answer_ms * 1000);
}

/* Something may be due on the line. */
static void write_soon(tct_link *link)
{
    if (link->state == TCT_LINK_TALKING && link->wsi != NULL)
        lws_callback_on_writable(link->wsi);
}

void tct_link_established(tct_link *link)
{
    lws_sul_cancel(&link->deadline);
    link->state = TCT_LINK_TALKING;
    tct_line_up(link->line);
    link->sent = 0;
    link->polite = false;
    write_soon(link);
    if (tct_line_begun(link->line) || link->leaving)
        tct_link_expect_answer(link);
    if (!link->was_up) {
        link->was_up = true;
        tell(link, &(tct_link_event){.kind = TCT_LINK_UP, .text = ""});
    }
}

/* ------------------------------------------------------------------------------ messages --- */

static void pay_now(lws_sorted_usec_list_t *timer)
{
    tct_link *link = lws_container_of(timer, tct_link, pay);
    link->pay_runs = false;
    tct_line_pay(link->line);
    write_soon(link);
}

static void pay_soon(tct_link *link)
{
    if (link->pay_runs || !tct_line_owes(link->line))
        return;
    link->pay_runs = true;
    lws_sul_schedule(link->loop->lws, 0, &link->pay, pay_now, (lws_usec_t)PAY_MS * 1000);
}

static void take_refusal(tct_link *link, uint8_t reason)
{
    bool was_lost = link->lost;
    if (link->patience.away_ms != 0 && tct_line_retries(link->line, reason)) {
        detach(link);
        drop_message(link);
        if (try_again(link)) {
            lose(link, tct_link_refusal(reason));
            return;
        }
    }
    if (was_lost && reason == TCT_RELAY_NO_ROOM) { /* it did not wait so long, or forgot */
        tct_link_fail(link, TCT_FAULT_LOST);
        return;
    }
    end(link, (tct_link_event){
                  .kind = TCT_LINK_REFUSED,
                  .reason = reason,
                  .text = tct_link_refusal(reason),
              });
}

/* The seat is held, on this connection. */
static void take_seat(tct_link *link, const tct_line_event *event)
{
    bool was_lost = link->lost;
    link->lost = false;
    link->lost_ms = 0;
    link->attempts = 0;
    if (was_lost || event->kind == TCT_LINE_BACK)
        tell(link, &(tct_link_event){.kind = TCT_LINK_BACK,
                                     .relay_now = event->now,
                                     .features = event->features,
                                     .text = ""});
}

static const tct_link_event_kind told_as[] = {
    [TCT_LINE_OPENED] = TCT_LINK_OPENED,
    [TCT_LINE_JOINED] = TCT_LINK_JOINED,
    [TCT_LINE_FRAME] = TCT_LINK_FRAME,
    [TCT_LINE_PEER_JOINED] = TCT_LINK_PEER_JOINED,
    [TCT_LINE_PEER_LEFT] = TCT_LINK_PEER_LEFT,
    [TCT_LINE_VERDICT] = TCT_LINK_VERDICT,
    [TCT_LINE_NOTED] = TCT_LINK_NOTED,
    [TCT_LINE_LETTER] = TCT_LINK_LETTER,
    [TCT_LINE_LETTERS_END] = TCT_LINK_LETTERS_END,
};

/* Hands over what the line made of a message. */
static void hand_over(tct_link *link, const tct_line_event *event)
{
    switch (event->kind) {
    case TCT_LINE_NOTHING:
        return;
    case TCT_LINE_STRANGER:
        tct_link_fail(link, TCT_FAULT_STRANGER);
        return;
    case TCT_LINE_REFUSED:
        take_refusal(link, event->reason);
        return;
    case TCT_LINE_BACK:
        take_seat(link, event);
        return;
    case TCT_LINE_OPENED:
    case TCT_LINE_JOINED:
        take_seat(link, event);
        break;
    default:
        break;
    }
    tct_link_event told = {
        .kind = told_as[event->kind],
        .number = event->number,
        .bytes = event->bytes,
        .length = event->length,
        .relay_now = event->now,
        .features = event->features,
        .run = event->run,
        .flight = event->flight,
        .released = event->released,
        .came = event->came,
        .text = "",
    };
    memcpy(told.room, event->room, sizeof told.room);
    tell(link, &told);
}

/* Takes one whole message of the relay. */
static void take(tct_link *link, const uint8_t *message, size_t length)
{
    tct_link_hold(link);
    tct_line_event event = tct_line_take(link->line, message, length);
    if (!link->leaving) {
        if (tct_line_expects(link->line))
            tct_link_expect_answer(link);
        else
            lws_sul_cancel(&link->deadline);
    }
    hand_over(link, &event);
    if (!link->closed && link->state == TCT_LINK_TALKING) {
        pay_soon(link);
        write_soon(link);
    }
    tct_link_release(link);
}

/* Adds a piece of a message that has more.  Room grows with what really comes, not with what a header
 * announces. */
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
        take(link, NULL, 0); /* nothing of ours */
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

/* Copies what follows `from` of head and body; how much that was. */
static size_t copy_chunk(const tct_line_message *message, size_t from, uint8_t *out)
{
    size_t count = 0;
    if (from < message->head_bytes) {
        count = message->head_bytes - from;
        memcpy(out, message->head + from, count);
        from = message->head_bytes;
    }
    size_t at = from - message->head_bytes, left = message->body_bytes - at;
    size_t room = TCT_LINK_CHUNK_BYTES - count, body = left < room ? left : room;
    if (body > 0)
        memcpy(out + count, message->body + at, body);
    return count + body;
}

/* Hands the next chunk over.  false: the line is broken. */
bool tct_link_transmit(tct_link *link)
{
    tct_line_message message;
    if (link->state != TCT_LINK_TALKING || !tct_line_next(link->line, &message))
        return true;
    size_t length = message.head_bytes + message.body_bytes;
    size_t count = copy_chunk(&message, link->sent, link->scratch + LWS_PRE);
    int flags =
        lws_write_ws_flags(LWS_WRITE_BINARY, link->sent == 0, link->sent + count == length);
    if (lws_write(link->wsi, link->scratch + LWS_PRE, count, (enum lws_write_protocol)flags) <
        0)
        return false;
    link->sent += count;
    if (link->sent == length) {
        link->sent = 0;
        tct_line_sent(link->line);
    }
    if (tct_line_next(link->line, &message))
        lws_callback_on_writable(link->wsi);
    return true;
}

/* ---------------------------------------------------------------------------- the public --- */

static tct_line *new_line(void)
{
    uint8_t ticket[TCT_RELAY_TICKET_BYTES];
    if (getrandom(ticket, sizeof ticket, 0) != (ssize_t)sizeof ticket)
        return NULL;
    tct_line *line = tct_line_new(ticket);
    tct_wipe(ticket, sizeof ticket);
    return line;
}

tct_link *tct_link_open_patient(tct_loop *loop, const char *url,
                                const tct_link_patience *patience, tct_link_callback *callback,
                                void *context, char error[160])
{
    static const tct_link_patience usual = {
        .answer_ms = 20000, .ping_s = 25, .hangup_s = 85, .away_ms = TCT_RELAY_AWAY_MS};
    tct_url read;
    if (!tct_url_read(url, &read, error))
        return NULL;
    tct_link *link = calloc(1, sizeof *link);
    if (link != NULL) {
        link->policy = tct_link_policy(loop, patience);
        link->line = new_line();
    }
    if (link == NULL || link->policy == NULL || link->line == NULL) {
        if (link != NULL)
            free_link(link);
        snprintf(error, 160, "There is not enough memory.");
        return NULL;
    }
    link->loop = loop;
    link->url = read;
    tct_url_place(&read, link->place);
    link->callback = callback;
    link->context = context;
    link->patience = patience != NULL ? *patience : usual;
    lws_sul_schedule(loop->lws, 0, &link->start, tct_link_begin, 1);
    return link;
}

tct_link *tct_link_open(tct_loop *loop, const char *url, tct_link_callback *callback,
                        void *context, char error[160])
{
    return tct_link_open_patient(loop, url, NULL, callback, context, error);
}

/* What an owner may give: once the line was up and as long as it may come back. */
static bool is_open(const tct_link *link)
{
    return link->was_up && !link->leaving && link->state != TCT_LINK_ENDED;
}

/* Something was asked that the relay has to answer. */
static bool asked(tct_link *link, bool taken)
{
    if (taken && link->state == TCT_LINK_TALKING) {
        write_soon(link);
        tct_link_expect_answer(link);
    }
    return taken;
}

static bool given(tct_link *link, bool taken)
{
    if (taken)
        write_soon(link);
    return taken;
}

bool tct_link_ask_room(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES])
{
    return is_open(link) && asked(link, tct_line_open(link->line, room));
}

bool tct_link_join(tct_link *link, uint32_t number)
{
    return is_open(link) && asked(link, tct_line_join(link->line, number));
}

bool tct_link_meet(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES])
{
    return is_open(link) && asked(link, tct_line_meet(link->line, room));
}

bool tct_link_resume(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES],
                     const uint8_t ticket[TCT_RELAY_TICKET_BYTES], uint32_t taken)
{
    return is_open(link) && asked(link, tct_line_resume(link->line, room, ticket, taken));
}

bool tct_link_reopen(tct_link *link, const uint8_t room[TCT_RELAY_ROOM_BYTES])
{
    return is_open(link) && asked(link, tct_line_reopen(link->line, room));
}

bool tct_link_frame(tct_link *link, const uint8_t *frame, size_t bytes)
{
    return is_open(link) && given(link, tct_line_frame(link->line, frame, bytes));
}

bool tct_link_deposit(tct_link *link, uint32_t run, uint64_t release_at, const uint8_t *bytes,
                      size_t count)
{
    return is_open(link) &&
           given(link, tct_line_deposit(link->line, run, release_at, bytes, count));
}

bool tct_link_keep(tct_link *link, uint64_t until)
{
    return is_open(link) && given(link, tct_line_keep(link->line, until));
}

bool tct_link_letters(tct_link *link)
{
    return is_open(link) && given(link, tct_line_letters(link->line));
}

bool tct_link_note(tct_link *link, uint32_t run, uint8_t flight,
                   const uint8_t digest[TCT_RELAY_DIGEST_BYTES])
{
    return is_open(link) && given(link, tct_line_note(link->line, run, flight, digest));
}

bool tct_link_letter(tct_link *link, uint32_t run, uint8_t flight, const uint8_t *bytes,
                     size_t count)
{
    return is_open(link) && given(link, tct_line_letter(link->line, run, flight, bytes, count));
}

void tct_link_ticket(const tct_link *link, uint8_t out[TCT_RELAY_TICKET_BYTES])
{
    memcpy(out, tct_line_ticket(link->line), TCT_RELAY_TICKET_BYTES);
}

bool tct_link_idle(const tct_link *link)
{
    if (link->state == TCT_LINK_ENDED)
        return true;
    if (link->leaving) /* until the relay has closed */
        return false;
    return tct_line_idle(link->line) && (link->wsi == NULL || !lws_partial_buffered(link->wsi));
}

void tct_link_bye(tct_link *link)
{
    if (link->leaving)
        return;
    if (is_open(link) && tct_line_bye(link->line)) {
        link->leaving = true;
        write_soon(link);
        if (link->state == TCT_LINK_TALKING)
            tct_link_expect_answer(link);
    } else {
        detach(link);
        drop_message(link);
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
