/* SPDX-License-Identifier: ISC */
#include "relay/rooms_inside.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------- callers --- */

static void has_news(tct_caller *caller)
{
    if (!tct_place_taken(&caller->news))
        tct_place_enter(&caller->news, &caller->rooms->news, caller);
}

static void enter_state(tct_caller *caller, tct_caller_state state, uint64_t now_ms)
{
    caller->state = state;
    caller->since_ms = now_ms;
    has_news(caller);
}

size_t tct_caller_waiting(const tct_caller *caller)
{
    return caller->out.bytes - caller->out_sent;
}

/* Puts a message into the line to go out.  A window for it to be taken begins if none runs. */
static void post(tct_caller *caller, tct_parcel *parcel, uint64_t now_ms)
{
    if (caller->out.first == NULL) {
        caller->stall_ms = now_ms;
        caller->stall_due = parcel->length;
        if (caller->stall_due > caller->rooms->limits.stall_bytes)
            caller->stall_due = caller->rooms->limits.stall_bytes;
    }
    tct_queue_put(&caller->out, parcel);
    has_news(caller);
}

/* Drops what waits, but for a message that has left in part. */
static void drop_waiting(tct_caller *caller)
{
    tct_queue_clear(&caller->rooms->store, &caller->out, caller->out_sent > 0);
}

/* One of the relay's own words: type ‖ body. */
static void tell(tct_caller *caller, uint8_t type, const uint8_t *body, size_t bytes,
                 uint64_t now_ms)
{
    uint8_t message[1 + TCT_RELAY_ROOM_BYTES] = {type};
    TCT_ASSERT(bytes < sizeof message);
    if (bytes > 0)
        memcpy(message + 1, body, bytes);
    tct_parcel *parcel = tct_parcel_new(&caller->rooms->store, message, 1 + bytes);
    if (parcel != NULL)
        post(caller, parcel, now_ms);
    else
        enter_state(caller, CALLER_CUT, now_ms);
}

static void end_room(tct_rooms *rooms, tct_room *room, uint64_t now_ms)
{
    tct_queue_clear(&rooms->store, &room->mailbox, false);
    tct_numbers_rest(rooms->numbers, room->number, now_ms);
    tct_place_leave(&room->place);
    rooms->room_count--;
    free(room);
}

/* The caller gives up its seat, if it has one; the other is told after all frames. */
static void leave(tct_caller *caller, uint64_t now_ms)
{
    tct_room *room = caller->room;
    if (room == NULL)
        return;
    tct_caller *other = room->seat[1 - caller->seat];
    room->seat[caller->seat] = NULL;
    room->touched_ms = now_ms;
    caller->room = NULL;
    if (other == NULL) {
        end_room(caller->rooms, room, now_ms);
        return;
    }
    tell(other, TCT_RELAY_PEER_LEFT, NULL, 0, now_ms);
    tct_caller_consider(other, now_ms);
}

/* The caller is not heard any more; it goes when what is still in `out` has left. */
static void see_off(tct_caller *caller, uint64_t now_ms)
{
    leave(caller, now_ms);
    tct_parcel_free(&caller->rooms->store, caller->in);
    caller->in = NULL;
    caller->receiving = false;
    caller->paused = false;
    enter_state(caller, CALLER_ENDING, now_ms);
}

void tct_caller_refuse(tct_caller *caller, uint8_t reason, uint64_t now_ms)
{
    if (caller->state == CALLER_ENDING || caller->state == CALLER_CUT)
        return;
    see_off(caller, now_ms);
    drop_waiting(caller);
    caller->rooms->figures.refused[reason & 15]++;
    tell(caller, TCT_RELAY_REFUSED, &reason, 1, now_ms);
}

void tct_caller_cut(tct_caller *caller, uint64_t now_ms)
{
    see_off(caller, now_ms);
    enter_state(caller, CALLER_CUT, now_ms);
}

/* A sender pauses when it owes bytes to its rate, or when too much waits for the other seat; under
 * pressure of memory that is sooner.  It goes on only at half of that, so that it does not flutter. */
static bool should_pause(tct_caller *caller, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    if (caller->state != CALLER_SEATED)
        return false;
    if (tct_bucket_debt(&caller->bytes, rooms->limits.bytes, now_ms) > 0)
        return true;
    tct_caller *other = caller->room->seat[1 - caller->seat];
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
    has_news(caller);
}

/* ------------------------------------------------------------------------------ messages --- */

/* An asker opens a room: u8 version ‖ room[16]. */
static void take_open(tct_caller *caller, const uint8_t *body, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    if (!tct_bucket_take(&caller->visitor->opens, rooms->limits.opens, 1, now_ms)) {
        tct_caller_refuse(caller, TCT_RELAY_TOO_FAST, now_ms);
        return;
    }
    tct_room *room = NULL;
    if (rooms->room_count < rooms->limits.rooms_max)
        room = calloc(1, sizeof *room);
    if (room != NULL)
        room->number = tct_numbers_draw(rooms->numbers, room, now_ms);
    if (room == NULL || room->number == 0) {
        free(room);
        tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
        return;
    }
    tct_place_enter(&room->place, &rooms->rooms, room);
    rooms->room_count++;
    memcpy(room->id, body + 1, sizeof room->id);
    room->seat[ASKER] = caller;
    room->touched_ms = now_ms;
    caller->room = room;
    caller->seat = ASKER;
    enter_state(caller, CALLER_SEATED, now_ms);
    uint8_t number[4];
    tct_store32(number, room->number);
    tell(caller, TCT_RELAY_OPENED, number, sizeof number, now_ms);
}

/* Someone takes the other seat: u8 version ‖ u32 number.  Whoever has guessed too often is not told
 * any more whether a number exists. */
static void take_join(tct_caller *caller, const uint8_t *body, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    tct_bucket *failed = &caller->visitor->failed_joins;
    if (!tct_bucket_take(failed, rooms->limits.failed_joins, 1, now_ms)) {
        tct_caller_refuse(caller, TCT_RELAY_TOO_FAST, now_ms);
        return;
    }
    tct_room *room = tct_numbers_holder(rooms->numbers, tct_load32(body + 1));
    if (room == NULL || room->seat[ASKER] == NULL || room->taken) {
        bool full = room != NULL && room->seat[ASKER] != NULL;
        tct_caller_refuse(caller, full ? TCT_RELAY_FULL : TCT_RELAY_NO_ROOM, now_ms);
        return;
    }
    tct_bucket_give(failed, rooms->limits.failed_joins, 1); /* it was no failure */
    room->taken = true;
    room->seat[ANSWERER] = caller;
    room->touched_ms = now_ms;
    caller->room = room;
    caller->seat = ANSWERER;
    enter_state(caller, CALLER_SEATED, now_ms);
    tell(caller, TCT_RELAY_JOINED, room->id, sizeof room->id, now_ms);
    tct_queue_move(&caller->out, &room->mailbox);
    tell(room->seat[ASKER], TCT_RELAY_PEER_JOINED, NULL, 0, now_ms);
    tct_caller_consider(room->seat[ASKER], now_ms);
}

/* A frame for the other seat; the parcel is moved.  For a seat that was left it is dropped. */
static void take_frame(tct_caller *caller, tct_parcel *parcel, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    tct_room *room = caller->room;
    tct_caller *other = room->seat[1 - caller->seat];
    bool waits = other == NULL && caller->seat == ASKER && !room->taken;
    size_t waiting = other != NULL ? tct_caller_waiting(other)
                     : waits       ? room->mailbox.bytes
                                   : 0;
    size_t most = waits ? rooms->limits.mailbox_bytes_max : rooms->limits.seat_bytes_max;
    room->touched_ms = now_ms;
    if ((other == NULL && !waits) || parcel->length > most || waiting > most - parcel->length) {
        tct_parcel_free(&rooms->store, parcel);
        if (other != NULL || waits)
            tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
        return;
    }
    parcel->bytes[0] = TCT_RELAY_FRAME_IN;
    rooms->figures.frames++;
    rooms->figures.frame_bytes += parcel->length - 1;
    if (waits)
        tct_queue_put(&room->mailbox, parcel);
    else
        post(other, parcel, now_ms);
}

/* The asker empties the room for another try: room[16].  Who was there gets what was on its way to
 * it, then PEER_LEFT; OPENED tells the asker from where on it is the new room. */
static void take_reopen(tct_caller *caller, const uint8_t *body, uint64_t now_ms)
{
    tct_room *room = caller->room;
    tct_caller *other = room->seat[ANSWERER];
    if (other != NULL) {
        other->room = NULL;
        room->seat[ANSWERER] = NULL;
        tell(other, TCT_RELAY_PEER_LEFT, NULL, 0, now_ms);
        see_off(other, now_ms);
    }
    tct_queue_clear(&caller->rooms->store, &room->mailbox, false);
    drop_waiting(caller);
    memcpy(room->id, body, sizeof room->id);
    room->taken = false;
    room->touched_ms = now_ms;
    uint8_t number[4];
    tct_store32(number, room->number);
    tell(caller, TCT_RELAY_OPENED, number, sizeof number, now_ms);
}

static void take_bye(tct_caller *caller, uint64_t now_ms)
{
    see_off(caller, now_ms);
    drop_waiting(caller);
}

/* Is it a message that this caller may send now?  type: its first byte; body: how many follow. */
static bool is_allowed(const tct_caller *caller, uint8_t type, size_t body)
{
    bool seated = caller->state == CALLER_SEATED;
    switch (type) {
    case TCT_RELAY_OPEN:
        return !seated && body == 1 + TCT_RELAY_ROOM_BYTES;
    case TCT_RELAY_JOIN:
        return !seated && body == 1 + 4;
    case TCT_RELAY_FRAME:
        return seated && body > 0;
    case TCT_RELAY_BYE:
        return body == 0;
    case TCT_RELAY_REOPEN:
        return seated && caller->seat == ASKER && body == TCT_RELAY_ROOM_BYTES;
    default:
        return false;
    }
}

/* A newer device may well send other lengths; its version is looked at first. */
static bool is_other_version(const tct_parcel *parcel)
{
    uint8_t type = parcel->bytes[0];
    return (type == TCT_RELAY_OPEN || type == TCT_RELAY_JOIN) && parcel->length > 1 &&
           parcel->bytes[1] != TCT_RELAY_VERSION;
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
    switch (parcel->bytes[0]) {
    case TCT_RELAY_FRAME:
        take_frame(caller, parcel, now_ms);
        return;
    case TCT_RELAY_OPEN:
        take_open(caller, parcel->bytes + 1, now_ms);
        break;
    case TCT_RELAY_JOIN:
        take_join(caller, parcel->bytes + 1, now_ms);
        break;
    case TCT_RELAY_REOPEN:
        take_reopen(caller, parcel->bytes + 1, now_ms);
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

bool tct_caller_next(const tct_caller *caller, size_t bytes_max, tct_piece *out)
{
    const tct_parcel *parcel = caller->out.first;
    if (parcel == NULL || caller->state == CALLER_CUT)
        return false;
    size_t left = parcel->length - caller->out_sent;
    *out = (tct_piece){
        .bytes = parcel->bytes + caller->out_sent,
        .count = left < bytes_max ? left : bytes_max,
        .first = caller->out_sent == 0,
        .final = left <= bytes_max,
    };
    return true;
}

void tct_caller_sent(tct_caller *caller, size_t count, uint64_t now_ms)
{
    tct_parcel *parcel = caller->out.first;
    TCT_ASSERT(parcel != NULL && count <= parcel->length - caller->out_sent);
    caller->out_sent += count;
    caller->stall_due -= count < caller->stall_due ? count : caller->stall_due;
    if (caller->out_sent == parcel->length) {
        tct_parcel_free(&caller->rooms->store, tct_queue_take(&caller->out));
        caller->out_sent = 0;
    }
    if (caller->state == CALLER_ENDING && caller->out.first == NULL)
        has_news(caller);
    if (caller->room != NULL && caller->room->seat[1 - caller->seat] != NULL)
        tct_caller_consider(caller->room->seat[1 - caller->seat], now_ms);
}

tct_caller_fate tct_caller_end(const tct_caller *caller)
{
    if (caller->state == CALLER_CUT)
        return TCT_CALLER_CUT;
    return caller->state == CALLER_ENDING && caller->out.first == NULL ? TCT_CALLER_CLOSE
                                                                       : TCT_CALLER_STAYS;
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
    leave(caller, now_ms);
    tct_parcel_free(&rooms->store, caller->in);
    tct_queue_clear(&rooms->store, &caller->out, false);
    if (caller->visitor != NULL)
        tct_visitors_leave(rooms->visitors, caller->visitor);
    tct_place_leave(&caller->news);
    tct_place_leave(&caller->place);
    rooms->caller_count--;
    free(caller);
}
