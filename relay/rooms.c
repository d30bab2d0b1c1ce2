/* SPDX-License-Identifier: ISC
 *
 * Callers: what comes from each in pieces, and what goes out to it in pieces.
 */
#include "relay/rooms_inside.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------- callers --- */

void tct_caller_has_news(tct_caller *caller)
{
    if (!tct_place_taken(&caller->news))
        tct_place_enter(&caller->news, &caller->rooms->news, caller);
}

static void enter_state(tct_caller *caller, tct_caller_state state, uint64_t now_ms)
{
    caller->state = state;
    caller->since_ms = now_ms;
    tct_caller_has_news(caller);
}

void tct_caller_enter(tct_caller *caller, tct_room *room, int seat, uint64_t now_ms)
{
    caller->room = room;
    caller->seat = seat;
    enter_state(caller, CALLER_SEATED, now_ms);
}

size_t tct_caller_waiting(const tct_caller *caller)
{
    size_t frames = caller->room != NULL ? caller->room->seats[caller->seat].unsent_bytes : 0;
    return caller->out.bytes - caller->out_sent + frames - caller->frame_sent;
}

void tct_caller_begins_to_wait(tct_caller *caller, size_t bytes, uint64_t now_ms)
{
    if (tct_caller_waiting(caller) == 0) {
        size_t due = caller->rooms->limits.stall_bytes;
        caller->stall_ms = now_ms;
        caller->stall_due = bytes < due ? bytes : due;
    }
    tct_caller_has_news(caller);
}

void tct_caller_hold(tct_caller *caller)
{
    if (caller->rooms->urgent && !tct_place_taken(&caller->held))
        tct_place_enter(&caller->held, &caller->rooms->held, caller);
}

/* Drops what waits, but for a message that has left in part. */
static void drop_waiting(tct_caller *caller)
{
    tct_queue_clear(&caller->rooms->store, &caller->out, caller->out_sent > 0);
}

void tct_caller_tell(tct_caller *caller, uint8_t type, const uint8_t *body, size_t bytes,
                     const uint8_t *more, size_t more_bytes, uint64_t now_ms)
{
    tct_parcel *parcel =
        tct_parcel_new(&caller->rooms->store, &type, 1, body, bytes, more, more_bytes);
    if (parcel == NULL) {
        enter_state(caller, CALLER_CUT, now_ms);
        return;
    }
    tct_caller_begins_to_wait(caller, parcel->length, now_ms);
    tct_queue_put(&caller->out, parcel);
}

void tct_caller_see_off(tct_caller *caller, uint64_t now_ms)
{
    tct_parcel_free(&caller->rooms->store, caller->in);
    caller->in = NULL;
    caller->receiving = false;
    caller->paused = false;
    if (caller->state != CALLER_CUT)
        enter_state(caller, CALLER_ENDING, now_ms);
}

void tct_caller_refuse(tct_caller *caller, uint8_t reason, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    if (caller->state == CALLER_ENDING || caller->state == CALLER_CUT)
        return;
    /* A relay that only rests keeps the seats for those who come back. */
    tct_seat_lose(caller, reason != TCT_RELAY_CLOSING || rooms->journal == NULL, now_ms);
    tct_caller_see_off(caller, now_ms);
    drop_waiting(caller);
    tct_place_leave(&caller->held);
    rooms->figures.refused[reason & 15]++;
    tct_caller_tell(caller, TCT_RELAY_REFUSED, &reason, 1, NULL, 0, now_ms);
}

void tct_caller_cut(tct_caller *caller, uint64_t now_ms)
{
    tct_seat_lose(caller, false, now_ms);
    tct_caller_see_off(caller, now_ms);
    enter_state(caller, CALLER_CUT, now_ms);
}

/* A sender pauses when it owes bytes to its rate, or when too much waits for the other's line; under
 * pressure of memory that is sooner.  It goes on only at half of that, so that it does not flutter.
 * Devices of ours heed KEPT (rooms_frames.c) and do not come so far. */
static bool should_pause(tct_caller *caller, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    if (caller->state != CALLER_SEATED)
        return false;
    if (tct_bucket_debt(&caller->bytes, rooms->limits.bytes, now_ms) > 0)
        return true;
    tct_caller *other = caller->room->seats[1 - caller->seat].caller;
    if (other == NULL)
        return false;
    size_t limit = rooms->limits.seat_bytes_pause;
    if (rooms->store.used > rooms->store.max / 2)
        limit /= 8;
    return tct_caller_waiting(other) >= (caller->paused ? limit / 2 + 1 : limit);
}

void tct_caller_consider(tct_caller *caller, uint64_t now_ms)
{
    bool pause = should_pause(caller, now_ms);
    if (pause == caller->paused)
        return;
    caller->paused = pause;
    tct_caller_has_news(caller);
}

/* ------------------------------------------------------------------------------ messages --- */

/* Frames that were given to it stay for the other; its own are dropped. */
static void take_bye(tct_caller *caller, uint64_t now_ms)
{
    tct_seat_lose(caller, true, now_ms);
    tct_caller_see_off(caller, now_ms);
    drop_waiting(caller);
    tct_caller_hold(caller); /* its line closes when all that it gave is safe */
}

/* Is it a message that this caller may send now?  type: its first byte; body: how many follow. */
static bool is_allowed(const tct_caller *caller, uint8_t type, size_t body)
{
    bool seated = caller->state == CALLER_SEATED;
    enum { TICKET = TCT_RELAY_TICKET_BYTES, ROOM = TCT_RELAY_ROOM_BYTES };
    switch (type) {
    case TCT_RELAY_OPEN:
    case TCT_RELAY_MEET:
        return !seated && body == 1 + ROOM + TICKET;
    case TCT_RELAY_JOIN:
        return !seated && body == 1 + 4 + TICKET;
    case TCT_RELAY_RESUME:
        return !seated && body == 1 + ROOM + TICKET + 4;
    case TCT_RELAY_FRAME:
        return seated && body > 4;
    case TCT_RELAY_BYE:
        return body == 0;
    case TCT_RELAY_REOPEN:
        return seated && caller->seat == ASKER && body == ROOM + TICKET;
    case TCT_RELAY_TAKEN:
    case TCT_RELAY_SEEN:
        return seated && body == 4;
    case TCT_RELAY_DEPOSIT:
        return seated && body >= 4 + 8;
    case TCT_RELAY_LETTERS:
        return seated && body == 0;
    case TCT_RELAY_NOTE:
        return seated && body == 4 + 1 + TCT_RELAY_DIGEST_BYTES;
    case TCT_RELAY_LETTER:
        return seated && body > 4 + 1;
    case TCT_RELAY_KEEP:
        return seated && body == 8;
    default:
        return false;
    }
}

/* A newer device may well send other lengths; its version is looked at first. */
static bool is_other_version(const tct_parcel *parcel)
{
    uint8_t type = parcel->bytes[0];
    return (type == TCT_RELAY_OPEN || type == TCT_RELAY_JOIN || type == TCT_RELAY_RESUME ||
            type == TCT_RELAY_MEET) &&
           parcel->length > 1 && parcel->bytes[1] != TCT_RELAY_VERSION;
}

/* Takes one whole message; the parcel is moved. */
static void take(tct_caller *caller, tct_parcel *parcel, uint64_t now_ms)
{
    size_t body = parcel->length - 1;
    if (parcel->length == 0 || is_other_version(parcel) ||
        !is_allowed(caller, parcel->bytes[0], body)) {
        bool old = parcel->length > 0 && is_other_version(parcel);
        tct_parcel_free(&caller->rooms->store, parcel);
        tct_caller_refuse(caller, old ? TCT_RELAY_OLD : TCT_RELAY_MALFORMED, now_ms);
        return;
    }
    const uint8_t *bytes = parcel->bytes + 1;
    switch (parcel->bytes[0]) {
    case TCT_RELAY_FRAME:
        tct_rooms_take_frame(caller, parcel, now_ms);
        return;
    case TCT_RELAY_OPEN:
        tct_rooms_take_open(caller, bytes + 1, now_ms);
        break;
    case TCT_RELAY_JOIN:
        tct_rooms_take_join(caller, bytes + 1, now_ms);
        break;
    case TCT_RELAY_MEET:
        tct_rooms_take_meet(caller, bytes + 1, now_ms);
        break;
    case TCT_RELAY_RESUME:
        tct_rooms_take_resume(caller, bytes + 1, now_ms);
        break;
    case TCT_RELAY_REOPEN:
        tct_rooms_take_reopen(caller, bytes, now_ms);
        break;
    case TCT_RELAY_TAKEN:
        tct_rooms_take_taken(caller, tct_load32(bytes), now_ms);
        break;
    case TCT_RELAY_DEPOSIT:
        tct_rooms_take_deposit(caller, bytes, body, now_ms);
        break;
    case TCT_RELAY_LETTERS:
        tct_rooms_take_letters(caller, now_ms);
        break;
    case TCT_RELAY_NOTE:
        tct_rooms_take_note(caller, bytes, now_ms);
        break;
    case TCT_RELAY_LETTER:
        tct_rooms_take_letter(caller, bytes, body, now_ms);
        break;
    case TCT_RELAY_SEEN:
        tct_rooms_take_seen(caller, tct_load32(bytes), now_ms);
        break;
    case TCT_RELAY_KEEP:
        tct_rooms_take_keep(caller, tct_load64(bytes), now_ms);
        break;
    default:
        take_bye(caller, now_ms);
        break;
    }
    tct_parcel_free(&caller->rooms->store, parcel);
}

/* --------------------------------------------------------------------------------- pieces --- */

/* May this piece be kept?  0, or the reason why not. */
static uint8_t keep(tct_caller *caller, const uint8_t *bytes, size_t count, uint64_t now_ms)
{
    const tct_relay_limits *limits = &caller->rooms->limits;
    size_t there = caller->in != NULL ? caller->in->length : 0;
    tct_bucket_charge(&caller->bytes, limits->bytes, count, now_ms);
    if (tct_bucket_debt(&caller->bytes, limits->bytes, now_ms) > limits->bytes_grace)
        return TCT_RELAY_TOO_FAST;
    if (!caller->receiving && !tct_bucket_take(&caller->messages, limits->messages, 1, now_ms))
        return TCT_RELAY_TOO_FAST;
    if (there > limits->message_bytes_max || count > limits->message_bytes_max - there)
        return TCT_RELAY_TOO_LARGE;
    if (!tct_parcel_add(&caller->rooms->store, &caller->in, bytes, count))
        return TCT_RELAY_BUSY;
    if (!caller->receiving)
        caller->receiving_ms = now_ms;
    caller->receiving = true;
    return 0;
}

void tct_caller_recv(tct_caller *caller, const uint8_t *bytes, size_t count, bool final,
                     uint64_t now_ms)
{
    if (caller->state == CALLER_ENDING || caller->state == CALLER_CUT)
        return;
    uint8_t reason = keep(caller, bytes, count, now_ms);
    if (reason != 0) {
        tct_caller_refuse(caller, reason, now_ms);
        return;
    }
    if (final) {
        tct_parcel *parcel = caller->in;
        caller->in = NULL;
        caller->receiving = false;
        tct_parcel_close(&caller->rooms->store, &parcel);
        take(caller, parcel, now_ms);
    }
    tct_caller_consider(caller, now_ms);
}

/* The frame that goes out next to the caller, or NULL. */
static tct_parcel *next_frame(const tct_caller *caller)
{
    return caller->room != NULL ? caller->room->seats[caller->seat].unsent : NULL;
}

bool tct_caller_next(const tct_caller *caller, size_t bytes_max, tct_piece *out)
{
    bool frame = caller->frame_sent > 0 || caller->out.first == NULL;
    const tct_parcel *parcel = frame ? next_frame(caller) : caller->out.first;
    if (parcel == NULL || caller->state == CALLER_CUT || tct_place_taken(&caller->held))
        return false;
    size_t sent = frame ? caller->frame_sent : caller->out_sent, left = parcel->length - sent;
    *out = (tct_piece){
        .bytes = parcel->bytes + sent,
        .count = left < bytes_max ? left : bytes_max,
        .first = sent == 0,
        .final = left <= bytes_max,
    };
    return true;
}

static void sent_of_frame(tct_caller *caller, size_t count, uint64_t now_ms)
{
    tct_seat *seat = &caller->room->seats[caller->seat];
    tct_parcel *parcel = seat->unsent;
    TCT_ASSERT(parcel != NULL && count <= parcel->length - caller->frame_sent);
    caller->frame_sent += count;
    if (caller->frame_sent < parcel->length)
        return;
    caller->frame_sent = 0;
    seat->unsent_bytes -= parcel->length;
    seat->unsent = parcel->next;
    seat->gone++;
    tct_seat_tell_last(caller->room, caller->seat, now_ms);
}

void tct_caller_sent(tct_caller *caller, size_t count, uint64_t now_ms)
{
    tct_parcel *parcel = caller->out.first;
    caller->stall_due -= count < caller->stall_due ? count : caller->stall_due;
    if (caller->frame_sent > 0 || parcel == NULL) {
        TCT_ASSERT(caller->room != NULL);
        sent_of_frame(caller, count, now_ms);
    } else {
        TCT_ASSERT(count <= parcel->length - caller->out_sent);
        caller->out_sent += count;
        if (caller->out_sent == parcel->length) {
            tct_parcel_free(&caller->rooms->store, tct_queue_take(&caller->out));
            caller->out_sent = 0;
        }
    }
    if (caller->state == CALLER_ENDING && caller->out.first == NULL)
        tct_caller_has_news(caller);
    if (caller->room != NULL && caller->room->seats[1 - caller->seat].caller != NULL)
        tct_caller_consider(caller->room->seats[1 - caller->seat].caller, now_ms);
}

tct_caller_fate tct_caller_end(const tct_caller *caller)
{
    if (caller->state == CALLER_CUT)
        return TCT_CALLER_CUT;
    bool told = caller->out.first == NULL && !tct_place_taken(&caller->held);
    return caller->state == CALLER_ENDING && told ? TCT_CALLER_CLOSE : TCT_CALLER_STAYS;
}

bool tct_caller_paused(const tct_caller *caller)
{
    return caller->paused;
}

void *tct_caller_owner(const tct_caller *caller)
{
    return caller->owner;
}

void tct_caller_gone(tct_caller *caller, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    tct_seat_lose(caller, false, now_ms);
    tct_parcel_free(&rooms->store, caller->in);
    tct_queue_clear(&rooms->store, &caller->out, false);
    if (caller->visitor != NULL)
        tct_visitors_leave(rooms->visitors, caller->visitor);
    tct_place_leave(&caller->held);
    tct_place_leave(&caller->news);
    tct_place_leave(&caller->place);
    rooms->caller_count--;
    free(caller);
}
