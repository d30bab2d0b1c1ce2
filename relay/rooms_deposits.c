/* SPDX-License-Identifier: ISC
 *
 * Deposits (docs/RELAY.md, fair reveal): both sides leave opaque halves, and the relay gives out both
 * or neither.  It can tell whether they fit together without learning a bit: each D must hash to one of
 * the two tokens that the other side gave for that place, and the two stand in the order of their
 * bytes.  A refusal names no side and no place, and looks the same for every cause.
 */
#include "crypto/hash.h"
#include "relay/rooms_inside.h"

#include <stdlib.h>
#include <string.h>

enum { TOKEN = TCT_RELAY_TOKEN_BYTES, BIT = 3 * TOKEN };

static tct_slot *find_slot(tct_room *room, uint32_t run)
{
    tct_slot *slot = room->slots;
    while (slot != NULL && slot->run != run)
        slot = slot->next;
    return slot;
}

static void drop_deposits(tct_slot *slot, tct_rooms *rooms)
{
    for (int side = 0; side < 2; side++) {
        tct_parcel_free(&rooms->store, slot->deposit[side]);
        slot->deposit[side] = NULL;
    }
}

void tct_slots_free(tct_room *room, tct_rooms *rooms)
{
    while (room->slots != NULL) {
        tct_slot *slot = room->slots;
        room->slots = slot->next;
        drop_deposits(slot, rooms);
        free(slot);
    }
    if (room->slot_count > 0 || room->keep_until != 0)
        rooms->reserved_count--;
    room->slot_count = 0;
    room->keep_until = 0;
}

/* ------------------------------------------------------------------------------- deciding --- */

/* Does each D of one side hash to one of the two tokens of the other?  All of it is public to whoever
 * made it and random to everyone else, so an early return tells nothing. */
static bool fits(const tct_parcel *deposit, const tct_parcel *tokens)
{
    size_t bits = deposit->length / BIT;
    for (size_t i = 0; i < bits; i++) {
        uint8_t hash[TCT_HASH_BYTES];
        const uint8_t *pair = tokens->bytes + bits * TOKEN + i * 2 * TOKEN;
        tct_hash h;
        tct_hash_init(&h, "tok");
        tct_hash_field(&h, deposit->bytes + i * TOKEN, TOKEN);
        tct_hash_final(&h, hash);
        if (memcmp(hash, pair, TOKEN) != 0 && memcmp(hash, pair + TOKEN, TOKEN) != 0)
            return false;
    }
    return true;
}

static bool fit_together(const tct_slot *slot)
{
    const tct_parcel *a = slot->deposit[0], *b = slot->deposit[1];
    return a != NULL && b != NULL && !slot->mismatch && a->length == b->length && fits(a, b) &&
           fits(b, a);
}

static bool is_due(const tct_slot *slot, uint64_t clock)
{
    if (slot->state != TCT_SLOT_OPEN)
        return false;
    bool both = slot->deposit[0] != NULL && slot->deposit[1] != NULL;
    return (both && slot->release_at == 0) || clock >= slot->decide_at;
}

/* Once and for all.  Of a released deposit the tokens have done their work. */
static void decide(tct_room *room, tct_slot *slot, tct_rooms *rooms, uint64_t now_ms)
{
    if (fit_together(slot)) {
        slot->state = TCT_SLOT_RELEASED;
        rooms->figures.released++;
        for (int side = 0; side < 2; side++) {
            slot->deposit[side]->length /= 3;
            tct_parcel_close(&rooms->store, &slot->deposit[side]);
        }
    } else {
        slot->state = TCT_SLOT_REFUSED;
        rooms->figures.withheld++;
        drop_deposits(slot, rooms);
    }
    slot->decided_at = tct_rooms_clock(rooms, now_ms);
    slot->dirty = true;
    tct_room_changed(room, rooms, true);
    for (int seat = 0; seat < 2; seat++)
        tct_seat_tell_last(room, seat, now_ms);
}

void tct_slots_tick(tct_room *room, tct_rooms *rooms, uint64_t now_ms)
{
    uint64_t clock = tct_rooms_clock(rooms, now_ms);
    for (tct_slot *slot = room->slots; slot != NULL; slot = slot->next) {
        /* A clock that was set back prolongs no wait. */
        if (slot->release_at == 0 && slot->decide_at > clock + rooms->limits.deposit_ms)
            slot->decide_at = clock + rooms->limits.deposit_ms;
        if (is_due(slot, clock))
            decide(room, slot, rooms, now_ms);
    }
}

void tct_slots_tell(tct_room *room, int seat, uint64_t now_ms)
{
    tct_caller *caller = room->seats[seat].caller;
    for (tct_slot *slot = room->slots; slot != NULL; slot = slot->next) {
        if (slot->state == TCT_SLOT_OPEN || slot->told[seat] || slot->seen[seat])
            continue;
        const tct_parcel *list = slot->deposit[1 - seat];
        uint8_t head[5];
        tct_store32(head, slot->run);
        head[4] = slot->state == TCT_SLOT_RELEASED;
        slot->told[seat] = true;
        tct_caller_tell(caller, TCT_RELAY_VERDICT, head, sizeof head,
                        list != NULL ? list->bytes : NULL, list != NULL ? list->length : 0,
                        now_ms);
        tct_caller_hold(caller);
    }
}

bool tct_room_is_wanted(const tct_room *room, const tct_rooms *rooms, uint64_t now_ms)
{
    uint64_t clock = tct_rooms_clock(rooms, now_ms);
    if (room->keep_until > clock)
        return true;
    for (const tct_slot *slot = room->slots; slot != NULL; slot = slot->next) {
        bool seen = (slot->seen[ASKER] || !slot->gave[ASKER]) &&
                    (slot->seen[ANSWERER] || !slot->gave[ANSWERER]);
        bool fresh = clock < slot->decided_at + rooms->limits.verdict_ms;
        if (slot->state == TCT_SLOT_OPEN || (!seen && fresh))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------------------- messages --- */

/* Rooms that may outlive their lines are counted, from the first reason on. */
static bool reserve(const tct_room *room, tct_rooms *rooms)
{
    if (room->slot_count > 0 || room->keep_until != 0)
        return true;
    if (rooms->reserved_count >= rooms->limits.reserved_max)
        return false;
    rooms->reserved_count++;
    return true;
}

static tct_slot *new_slot(tct_room *room, uint32_t run, uint64_t release_at, tct_rooms *rooms,
                          uint64_t clock)
{
    if (room->slot_count >= rooms->limits.runs_max || !reserve(room, rooms))
        return NULL;
    tct_slot *slot = calloc(1, sizeof *slot);
    if (slot == NULL) {
        rooms->reserved_count -= room->slot_count == 0 && room->keep_until == 0;
        return NULL;
    }
    slot->run = run;
    slot->release_at = release_at;
    slot->decide_at = release_at != 0 ? release_at : clock + rooms->limits.deposit_ms;
    slot->next = room->slots;
    room->slots = slot;
    room->slot_count++;
    return slot;
}

/* Keeps the deposit of this side.  One of wrong length is kept as one that fits nothing. */
static bool keep_deposit(tct_slot *slot, int seat, const uint8_t *bytes, size_t count,
                         tct_rooms *rooms)
{
    bool right = count > 0 && count <= TCT_RELAY_DEPOSIT_MAX && count % BIT == 0;
    if (!tct_parcel_add(&rooms->store, &slot->deposit[seat], bytes, right ? count : 0))
        return false;
    tct_parcel_close(&rooms->store, &slot->deposit[seat]);
    slot->mismatch = slot->mismatch || !right;
    slot->gave[seat] = true;
    return true;
}

/* u32 run ‖ u64 release_at ‖ bytes.  The first of a side is final; whatever comes later changes nothing
 * and is answered like it. */
void tct_rooms_take_deposit(tct_caller *caller, const uint8_t *body, size_t bytes,
                            uint64_t now_ms)
{
    tct_room *room = caller->room;
    tct_rooms *rooms = caller->rooms;
    uint32_t run = tct_load32(body);
    uint64_t release_at = tct_load64(body + 4), clock = tct_rooms_clock(rooms, now_ms);
    tct_slot *slot = find_slot(room, run);
    room->touched_ms = now_ms;
    if (slot != NULL && slot->state != TCT_SLOT_OPEN) {
        slot->told[caller->seat] = false;
        tct_seat_tell_last(room, caller->seat, now_ms);
        return;
    }
    if (slot != NULL && slot->deposit[caller->seat] != NULL)
        return;
    if (release_at > clock && release_at - clock > rooms->limits.ahead_ms) {
        tct_caller_refuse(caller, TCT_RELAY_MALFORMED, now_ms);
        return;
    }
    if (slot == NULL)
        slot = new_slot(room, run, release_at, rooms, clock);
    if (slot == NULL || !keep_deposit(slot, caller->seat, body + 12, bytes - 12, rooms)) {
        tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
        return;
    }
    slot->mismatch = slot->mismatch || slot->release_at != release_at;
    slot->dirty = true;
    tct_room_changed(room, rooms, true);
    if (is_due(slot, clock))
        decide(room, slot, rooms, now_ms);
}

void tct_rooms_take_seen(tct_caller *caller, uint32_t run, uint64_t now_ms)
{
    tct_room *room = caller->room;
    tct_rooms *rooms = caller->rooms;
    tct_slot *slot = find_slot(room, run);
    room->touched_ms = now_ms;
    if (slot == NULL || slot->state == TCT_SLOT_OPEN || slot->seen[caller->seat])
        return;
    slot->seen[caller->seat] = true;
    if (slot->seen[ASKER] && slot->seen[ANSWERER])
        drop_deposits(slot, rooms); /* that it was decided stays as long as the room */
    slot->dirty = true;
    tct_room_changed(room, rooms, false);
}

bool tct_room_keep(tct_room *room, tct_rooms *rooms, uint64_t until)
{
    if (!reserve(room, rooms))
        return false;
    if (until > room->keep_until)
        room->keep_until = until;
    else if (room->keep_until == 0 && room->slot_count == 0)
        rooms->reserved_count--; /* of no time at all */
    tct_room_changed(room, rooms, true);
    return true;
}

void tct_rooms_take_keep(tct_caller *caller, uint64_t until, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    uint64_t most = tct_rooms_clock(rooms, now_ms) + rooms->limits.ahead_ms;
    caller->room->touched_ms = now_ms;
    if (!tct_room_keep(caller->room, rooms, until > most ? most : until))
        tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
}
