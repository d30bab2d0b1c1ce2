/* SPDX-License-Identifier: ISC
 *
 * Who sits where: how seats are taken, lost with a line, taken up again, and given up; and how long a
 * room lasts.
 */
#include "crypto/hash.h"
#include "relay/rooms_inside.h"

#include <stdlib.h>
#include <string.h>

/* --------------------------------------------------------------------------- rooms by id --- */

static tct_room **entry_of(tct_rooms *rooms, const uint8_t id[TCT_RELAY_ROOM_BYTES])
{
    uint64_t z = (tct_load64(id) ^ rooms->seed) * 0x9e3779b97f4a7c15u;
    z = (z ^ tct_load64(id + 8) ^ (z >> 29)) * 0xbf58476d1ce4e5b9u;
    return &rooms->by_id[(z >> 40) % ROOM_SLOTS];
}

static tct_room *find_room(tct_rooms *rooms, const uint8_t id[TCT_RELAY_ROOM_BYTES])
{
    tct_room *room = *entry_of(rooms, id);
    /* An id is known to both in the room; tickets are what is secret. */
    while (room != NULL && memcmp(room->id, id, TCT_RELAY_ROOM_BYTES) != 0)
        room = room->next_by_id;
    return room;
}

void tct_room_enter_table(tct_room *room, tct_rooms *rooms)
{
    tct_room **entry = entry_of(rooms, room->id);
    room->next_by_id = *entry;
    *entry = room;
}

static void leave_table(tct_room *room, tct_rooms *rooms)
{
    tct_room **at = entry_of(rooms, room->id);
    while (*at != room)
        at = &(*at)->next_by_id;
    *at = room->next_by_id;
}

/* ------------------------------------------------------------------------- a room's life --- */

static void give_number_back(tct_room *room, tct_rooms *rooms, uint64_t now_ms)
{
    if (room->number != 0)
        tct_numbers_rest(rooms->numbers, room->number, now_ms);
    room->number = 0;
}

void tct_room_free(tct_room *room, tct_rooms *rooms)
{
    for (int seat = 0; seat < 2; seat++)
        tct_seat_clear(room, seat, rooms);
    tct_slots_free(room, rooms);
    tct_letters_free(room, rooms);
    leave_table(room, rooms);
    tct_place_leave(&room->dirty);
    tct_place_leave(&room->place);
    if (room->asleep)
        rooms->asleep_count--;
    else
        rooms->room_count--;
    free(room);
}

/* Both are gone, and one may come back for a deposit or a verdict. */
static void fall_asleep(tct_room *room, tct_rooms *rooms, uint64_t now_ms)
{
    if (room->asleep)
        return;
    give_number_back(room, rooms, now_ms);
    tct_place_leave(&room->place);
    tct_place_enter(&room->place, &rooms->asleep, room);
    room->asleep = true;
    rooms->room_count--;
    rooms->asleep_count++;
    tct_room_changed(room, rooms, false);
}

void tct_room_settle(tct_room *room, tct_rooms *rooms, uint64_t now_ms)
{
    const tct_seat *asker = &room->seats[ASKER], *answerer = &room->seats[ANSWERER];
    if (!asker->left || (answerer->taken && !answerer->left))
        return;
    if (asker->caller != NULL || answerer->caller != NULL)
        return;
    if (tct_room_is_wanted(room, rooms, now_ms)) {
        fall_asleep(room, rooms, now_ms);
        return;
    }
    give_number_back(room, rooms, now_ms);
    tct_room_dropped(room, rooms);
    tct_room_free(room, rooms);
}

/* --------------------------------------------------------------------------------- seats --- */

static void hash_ticket(const uint8_t ticket[TCT_RELAY_TICKET_BYTES],
                        uint8_t out[TCT_TICKET_HASH_BYTES])
{
    uint8_t hash[TCT_HASH_BYTES];
    tct_hash h;
    tct_hash_init(&h, "relay ticket");
    tct_hash_field(&h, ticket, TCT_RELAY_TICKET_BYTES);
    tct_hash_final(&h, hash);
    memcpy(out, hash, TCT_TICKET_HASH_BYTES);
}

/* Hashes are compared, so that the time taken says nothing of a ticket. */
static bool holds(const tct_seat *seat, const uint8_t ticket[TCT_RELAY_TICKET_BYTES])
{
    uint8_t hash[TCT_TICKET_HASH_BYTES];
    hash_ticket(ticket, hash);
    return seat->taken && memcmp(hash, seat->ticket, sizeof hash) == 0;
}

/* A frame that has left in part must be finished on that line, whatever becomes of the seat. */
static void keep_half_sent(tct_caller *caller, uint64_t now_ms)
{
    const tct_seat *seat = &caller->room->seats[caller->seat];
    if (caller->frame_sent == 0)
        return;
    tct_parcel *copy = tct_parcel_new(&caller->rooms->store, seat->unsent->bytes,
                                      seat->unsent->length, NULL, 0, NULL, 0);
    if (copy != NULL) {
        tct_queue_push(&caller->out, copy);
        caller->out_sent = caller->frame_sent;
    } else {
        caller->state = CALLER_CUT;
        caller->since_ms = now_ms;
    }
    caller->frame_sent = 0;
}

/* The caller has no seat any more; the seat has no line. */
static void part(tct_caller *caller, uint64_t now_ms)
{
    tct_seat *seat = &caller->room->seats[caller->seat];
    keep_half_sent(caller, now_ms);
    seat->caller = NULL;
    seat->lost_ms = now_ms;
    caller->room->touched_ms = now_ms;
    caller->room = NULL;
}

void tct_seat_give_up(tct_room *room, int seat, tct_rooms *rooms, uint64_t now_ms)
{
    tct_seat *own = &room->seats[seat], *other = &room->seats[1 - seat];
    own->left = true;
    room->touched_ms = now_ms;
    tct_seat_clear(room, seat, rooms);
    tct_room_changed(room, rooms, true);
    if (other->caller != NULL) {
        tct_seat_tell_last(room, 1 - seat, now_ms);
        tct_caller_consider(other->caller, now_ms);
    }
}

void tct_seat_lose(tct_caller *caller, bool for_good, uint64_t now_ms)
{
    tct_room *room = caller->room;
    tct_rooms *rooms = caller->rooms;
    if (room == NULL)
        return;
    int seat = caller->seat;
    part(caller, now_ms);
    if (for_good && !room->seats[seat].left) {
        tct_seat_give_up(room, seat, rooms, now_ms);
    } else if (room->seats[1 - seat].caller != NULL) {
        tct_caller_consider(room->seats[1 - seat].caller, now_ms);
    }
    tct_room_settle(room, rooms, now_ms);
}

void tct_seat_tell_last(tct_room *room, int seat, uint64_t now_ms)
{
    tct_seat *own = &room->seats[seat];
    if (own->caller == NULL || own->unsent != NULL)
        return;
    tct_slots_tell(room, seat, now_ms);
    /* Whoever left and came back did so for a verdict, and for nothing else. */
    if (!room->seats[1 - seat].left || own->left || own->told_left)
        return;
    own->told_left = true;
    tct_caller_tell(own->caller, TCT_RELAY_PEER_LEFT, NULL, 0, NULL, 0, now_ms);
}

/* The caller has the seat.  Whoever had its line before is cut off: it is the same device. */
static void sit_down(tct_caller *caller, tct_room *room, int seat, uint64_t now_ms)
{
    tct_seat *own = &room->seats[seat];
    tct_caller *before = own->caller;
    if (before != NULL) {
        part(before, now_ms);
        tct_caller_cut(before, now_ms);
    }
    own->caller = caller;
    room->touched_ms = now_ms;
    tct_caller_enter(caller, room, seat, now_ms);
}

/* After the answer to a greeting: what this seat has to hear. */
static void catch_up(tct_caller *caller, uint64_t now_ms)
{
    tct_room *room = caller->room;
    if (caller->seat == ASKER && room->seats[ANSWERER].taken && !room->seats[ASKER].left)
        tct_caller_tell(caller, TCT_RELAY_PEER_JOINED, NULL, 0, NULL, 0, now_ms);
    tct_seat_rewind(room, caller->seat, now_ms);
    tct_seat_tell_last(room, caller->seat, now_ms);
}

/* u64 now ‖ u8 features, as several answers end. */
static void put_now(const tct_rooms *rooms, uint8_t out[9], uint64_t now_ms)
{
    tct_store64(out, tct_rooms_clock(rooms, now_ms));
    out[8] = TCT_RELAY_KEEPS_DEPOSITS | TCT_RELAY_MEETS |
             (rooms->journal != NULL ? TCT_RELAY_KEEPS_ROOMS | TCT_RELAY_KEEPS_LETTERS : 0);
}

static void tell_opened(tct_caller *caller, uint64_t now_ms)
{
    uint8_t number[4], now[9];
    tct_store32(number, caller->room->number);
    put_now(caller->rooms, now, now_ms);
    tct_caller_tell(caller, TCT_RELAY_OPENED, number, sizeof number, now, sizeof now, now_ms);
    tct_caller_hold(caller);
}

static void tell_joined(tct_caller *caller, uint64_t now_ms)
{
    uint8_t now[9];
    put_now(caller->rooms, now, now_ms);
    tct_caller_tell(caller, TCT_RELAY_JOINED, caller->room->id, TCT_RELAY_ROOM_BYTES, now,
                    sizeof now, now_ms);
    tct_caller_hold(caller);
}

/* Whoever has the other seat gets what was on its way to it, then PEER_LEFT, and has to go. */
static void send_away(tct_room *room, tct_rooms *rooms, uint64_t now_ms)
{
    tct_caller *other = room->seats[ANSWERER].caller;
    if (other == NULL)
        return;
    tct_seat_hand_out(room, ANSWERER, rooms);
    other->room = NULL;
    room->seats[ANSWERER].caller = NULL;
    tct_caller_tell(other, TCT_RELAY_PEER_LEFT, NULL, 0, NULL, 0, now_ms);
    tct_caller_see_off(other, now_ms);
}

/* ----------------------------------------------------------------------------- greetings --- */

/* Two who meet again know the id of their room beforehand.  If the asker's program was killed, its next
 * one opens the same room and has no ticket: the room before ends, as long as nobody holds its line
 * and nothing was left in it. */
static bool ends_abandoned(tct_room *room, tct_rooms *rooms, uint64_t now_ms)
{
    tct_seat *asker = &room->seats[ASKER], *answerer = &room->seats[ANSWERER];
    if (asker->caller != NULL || tct_room_is_wanted(room, rooms, now_ms))
        return false;
    send_away(room, rooms, now_ms);
    asker->left = true;
    answerer->left = answerer->taken;
    tct_room_settle(room, rooms, now_ms);
    return true;
}

/* The same OPEN once more: its answer was lost.  A stranger cannot have this id by chance. */
static void open_again(tct_caller *caller, tct_room *room, const uint8_t *ticket,
                       uint64_t now_ms)
{
    const tct_seat *asker = &room->seats[ASKER];
    if (!holds(asker, ticket) || asker->left || room->number == 0) {
        tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
        return;
    }
    sit_down(caller, room, ASKER, now_ms);
    tell_opened(caller, now_ms);
    catch_up(caller, now_ms);
}

static tct_room *new_room(tct_rooms *rooms, const uint8_t *id, uint64_t now_ms)
{
    tct_room *room = NULL;
    if (rooms->room_count < rooms->limits.rooms_max && !rooms->failing)
        room = calloc(1, sizeof *room);
    if (room != NULL)
        room->number = tct_numbers_draw(rooms->numbers, room, now_ms);
    if (room == NULL || room->number == 0) {
        free(room);
        return NULL;
    }
    memcpy(room->id, id, sizeof room->id);
    room->key = rooms->next_key++;
    tct_room_enter_table(room, rooms);
    tct_place_enter(&room->place, &rooms->rooms, room);
    rooms->room_count++;
    return room;
}

/* An asker opens a room: room[16] ‖ ticket[16]. */
void tct_rooms_take_open(tct_caller *caller, const uint8_t *body, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    if (!tct_bucket_take(&caller->visitor->opens, rooms->limits.opens, 1, now_ms)) {
        tct_caller_refuse(caller, TCT_RELAY_TOO_FAST, now_ms);
        return;
    }
    const uint8_t *ticket = body + TCT_RELAY_ROOM_BYTES;
    tct_room *room = find_room(rooms, body);
    if (room != NULL &&
        (holds(&room->seats[ASKER], ticket) || !ends_abandoned(room, rooms, now_ms))) {
        open_again(caller, room, ticket, now_ms);
        return;
    }
    room = new_room(rooms, body, now_ms);
    if (room == NULL) {
        tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
        return;
    }
    hash_ticket(ticket, room->seats[ASKER].ticket);
    room->seats[ASKER].taken = true;
    sit_down(caller, room, ASKER, now_ms);
    tct_room_changed(room, rooms, true);
    tell_opened(caller, now_ms);
}

/* Someone takes the other seat of a room that was found, or of none. */
static void join(tct_caller *caller, tct_room *room, const uint8_t *ticket, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    if (room == NULL || room->seats[ASKER].left) {
        tct_caller_refuse(caller, TCT_RELAY_NO_ROOM, now_ms);
        return;
    }
    tct_seat *seat = &room->seats[ANSWERER];
    if (seat->taken && (seat->left || !holds(seat, ticket))) {
        tct_caller_refuse(caller, TCT_RELAY_FULL, now_ms);
        return;
    }
    bool again = seat->taken;
    if (!again && rooms->failing) {
        tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
        return;
    }
    if (!again) {
        hash_ticket(ticket, seat->ticket);
        seat->taken = true;
        tct_room_changed(room, rooms, true);
    }
    sit_down(caller, room, ANSWERER, now_ms);
    tell_joined(caller, now_ms);
    catch_up(caller, now_ms);
    tct_caller *asker = room->seats[ASKER].caller;
    if (again || asker == NULL)
        return;
    tct_caller_tell(asker, TCT_RELAY_PEER_JOINED, NULL, 0, NULL, 0, now_ms);
    tct_caller_consider(asker, now_ms);
}

/* u32 number ‖ ticket[16].  Whoever has guessed too often is not told any more whether a number
 * exists. */
void tct_rooms_take_join(tct_caller *caller, const uint8_t *body, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    tct_bucket *failed = &caller->visitor->failed_joins;
    if (!tct_bucket_take(failed, rooms->limits.failed_joins, 1, now_ms)) {
        tct_caller_refuse(caller, TCT_RELAY_TOO_FAST, now_ms);
        return;
    }
    tct_room *room = tct_numbers_holder(rooms->numbers, tct_load32(body));
    join(caller, room, body + 4, now_ms);
    if (caller->room != NULL)
        tct_bucket_give(failed, rooms->limits.failed_joins, 1); /* it was no failure */
}

/* room[16] ‖ ticket[16].  Nobody guesses a room id, and whoever comes before the asker asks for it again
 * and again: each time costs as much as opening a room. */
void tct_rooms_take_meet(tct_caller *caller, const uint8_t *body, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    if (!tct_bucket_take(&caller->visitor->opens, rooms->limits.opens, 1, now_ms)) {
        tct_caller_refuse(caller, TCT_RELAY_TOO_FAST, now_ms);
        return;
    }
    join(caller, find_room(rooms, body), body + TCT_RELAY_ROOM_BYTES, now_ms);
}

/* A seat that lost its line: room[16] ‖ ticket[16] ‖ u32 taken.  Whoever has no such ticket learns no
 * more than that it has none. */
void tct_rooms_take_resume(tct_caller *caller, const uint8_t *body, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    tct_bucket *failed = &caller->visitor->failed_joins;
    const uint8_t *ticket = body + TCT_RELAY_ROOM_BYTES;
    if (!tct_bucket_take(failed, rooms->limits.failed_joins, 1, now_ms)) {
        tct_caller_refuse(caller, TCT_RELAY_TOO_FAST, now_ms);
        return;
    }
    tct_room *room = find_room(rooms, body);
    int seat = room != NULL && holds(&room->seats[ANSWERER], ticket) ? ANSWERER : ASKER;
    if (room == NULL || !holds(&room->seats[seat], ticket) ||
        (room->seats[seat].left && !tct_room_is_wanted(room, rooms, now_ms))) {
        tct_caller_refuse(caller, TCT_RELAY_NO_ROOM, now_ms);
        return;
    }
    tct_bucket_give(failed, rooms->limits.failed_joins, 1);
    sit_down(caller, room, seat, now_ms);
    tct_seat_taken(room, seat, tct_load32(ticket + TCT_RELAY_TICKET_BYTES), rooms);
    tct_seat *own = &room->seats[seat];
    uint8_t clock[9], answer[8 + 4 + 1];
    put_now(rooms, clock, now_ms);
    own->kept_told = tct_seat_kept(room, seat, rooms);
    own->untold_bytes = 0;
    memcpy(answer, clock, 8);
    tct_store32(answer + 8, own->kept_told);
    answer[12] = clock[8];
    tct_caller_tell(caller, TCT_RELAY_RESUMED, answer, sizeof answer, NULL, 0, now_ms);
    tct_caller_hold(caller);
    catch_up(caller, now_ms);
}

/* ----------------------------------------------------------------------------- reopening --- */

/* The asker empties the room for another try: room[16] ‖ ticket[16].  OPENED tells the asker from where
 * on it is the new room. */
void tct_rooms_take_reopen(tct_caller *caller, const uint8_t *body, uint64_t now_ms)
{
    tct_room *room = caller->room;
    tct_rooms *rooms = caller->rooms;
    const uint8_t *ticket = body + TCT_RELAY_ROOM_BYTES;
    tct_room *there = find_room(rooms, body);
    if (room->number == 0 ||
        (there != NULL && (there != room || !holds(&room->seats[ASKER], ticket)))) {
        tct_caller_refuse(caller, there != NULL ? TCT_RELAY_BUSY : TCT_RELAY_MALFORMED, now_ms);
        return;
    }
    if (there == room) { /* done already; its answer was lost */
        tell_opened(caller, now_ms);
        return;
    }
    send_away(room, rooms, now_ms);
    keep_half_sent(caller, now_ms);
    for (int seat = 0; seat < 2; seat++)
        tct_seat_clear(room, seat, rooms);
    tct_queue_clear(&rooms->store, &caller->out, caller->out_sent > 0);
    tct_slots_free(room, rooms);
    tct_letters_free(room, rooms);
    leave_table(room, rooms);
    memcpy(room->id, body, sizeof room->id);
    tct_room_enter_table(room, rooms);
    room->seats[ASKER] = (tct_seat){.caller = caller, .taken = true};
    room->seats[ANSWERER] = (tct_seat){0};
    hash_ticket(ticket, room->seats[ASKER].ticket);
    room->keep_until = 0;
    room->reset = true;
    room->touched_ms = now_ms;
    tct_room_changed(room, rooms, true);
    tell_opened(caller, now_ms);
}
