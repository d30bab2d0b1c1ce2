/* SPDX-License-Identifier: ISC
 *
 * Frames: from the seat that gives them into the inbox of the other, where they stay until its device
 * has taken them; and how far their sender may forget them.
 */
#include "relay/rooms_inside.h"

enum {
    KEPT_FRAMES = 16,        /* so many frames, or … */
    KEPT_BYTES = 256 * 1024, /* … bytes later KEPT is said without waiting for a tick */
};

static uint32_t number_of(const tct_parcel *parcel)
{
    return tct_load32(parcel->bytes + 1);
}

/* ------------------------------------------------------------------------------- the inbox --- */

void tct_seat_clear(tct_room *room, int seat, tct_rooms *rooms)
{
    tct_seat *own = &room->seats[seat];
    TCT_ASSERT(own->caller == NULL || own->caller->frame_sent == 0);
    tct_queue_clear(&rooms->store, &own->inbox, false);
    own->unsent = NULL;
    own->unsent_bytes = 0;
}

void tct_seat_hand_out(tct_room *room, int seat, tct_rooms *rooms)
{
    tct_seat *own = &room->seats[seat];
    tct_caller *caller = own->caller;
    size_t half = caller->frame_sent;
    tct_parcel *parcel;
    bool waits = false;
    caller->frame_sent = 0;
    while ((parcel = own->inbox.first) != NULL) {
        waits = waits || parcel == own->unsent;
        tct_queue_take(&own->inbox);
        if (!waits) { /* it has it, and only did not say so yet */
            tct_parcel_free(&rooms->store, parcel);
        } else if (half > 0) {
            tct_queue_push(&caller->out, parcel);
            caller->out_sent = half;
            half = 0;
        } else {
            tct_queue_put(&caller->out, parcel);
        }
    }
    own->unsent = NULL;
    own->unsent_bytes = 0;
}

void tct_seat_rewind(tct_room *room, int seat, uint64_t now_ms)
{
    tct_seat *own = &room->seats[seat];
    own->unsent_bytes = 0;
    own->unsent = NULL;
    if (own->inbox.first != NULL && own->caller != NULL)
        tct_caller_begins_to_wait(own->caller, own->inbox.bytes, now_ms);
    own->unsent = own->inbox.first;
    own->unsent_bytes = own->inbox.bytes;
    own->gone = own->unsent != NULL ? number_of(own->unsent) : own->taken_count;
    own->told_left = false;
    for (tct_slot *slot = room->slots; slot != NULL; slot = slot->next)
        slot->told[seat] = false;
}

void tct_seat_taken(tct_room *room, int seat, uint32_t count, tct_rooms *rooms)
{
    tct_seat *own = &room->seats[seat];
    if (count <= own->taken_count)
        return;
    own->taken_count = count;
    while (own->inbox.first != NULL && number_of(own->inbox.first) < count)
        tct_parcel_free(&rooms->store, tct_queue_take(&own->inbox));
    tct_room_changed(room, rooms, false);
}

/* ------------------------------------------------------------------------------- the sender --- */

uint32_t tct_seat_kept(const tct_room *room, int seat, const tct_rooms *rooms)
{
    const tct_seat *own = &room->seats[seat], *other = &room->seats[1 - seat];
    uint32_t kept = rooms->journal != NULL ? own->written : own->received;
    uint32_t taken = other->taken_count < own->received ? other->taken_count : own->received;
    /* While much waits for the other, its sender gets no credit for more. */
    size_t much = rooms->limits.seat_bytes_pause;
    if (rooms->store.used > rooms->store.max / 2)
        much /= 8;
    uint32_t least = taken > own->kept_told ? taken : own->kept_told;
    if (other->inbox.bytes >= much && kept > least)
        kept = least;
    return kept;
}

void tct_seat_tell_kept(tct_room *room, int seat, bool all, uint64_t now_ms)
{
    tct_seat *own = &room->seats[seat];
    if (own->caller == NULL)
        return;
    tct_rooms *rooms = own->caller->rooms;
    uint32_t kept = tct_seat_kept(room, seat, rooms);
    if (kept <= own->kept_told) {
        if (rooms->journal != NULL && own->untold_bytes >= KEPT_BYTES &&
            own->written < own->received)
            rooms->overdue = true; /* the sender may be waiting for it */
        return;
    }
    if (!all && kept - own->kept_told < KEPT_FRAMES && own->untold_bytes < KEPT_BYTES)
        return;
    uint8_t count[4];
    tct_store32(count, kept);
    own->kept_told = kept;
    own->untold_bytes = 0;
    tct_caller_tell(own->caller, TCT_RELAY_KEPT, count, sizeof count, NULL, 0, now_ms);
}

/* Into the inbox of the other; the parcel is moved. */
static void deliver(tct_room *room, int seat, tct_parcel *parcel, uint64_t now_ms)
{
    tct_seat *to = &room->seats[1 - seat];
    parcel->bytes[0] = TCT_RELAY_FRAME_IN;
    if (to->caller != NULL)
        tct_caller_begins_to_wait(to->caller, parcel->length, now_ms);
    tct_queue_put(&to->inbox, parcel);
    to->unsent_bytes += parcel->length;
    if (to->unsent == NULL) {
        to->unsent = parcel;
        to->gone = number_of(parcel);
    }
}

/* A frame for the other seat: u32 seq ‖ bytes; the parcel is moved.  For a seat that was left, or has it
 * already, it is dropped. */
void tct_rooms_take_frame(tct_caller *caller, tct_parcel *parcel, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    tct_room *room = caller->room;
    tct_seat *own = &room->seats[caller->seat], *to = &room->seats[1 - caller->seat];
    uint32_t number = number_of(parcel);
    room->touched_ms = now_ms;
    if (number != own->received || number == UINT32_MAX) {
        tct_parcel_free(&rooms->store, parcel);
        if (number > own->received || number == UINT32_MAX)
            tct_caller_refuse(caller, TCT_RELAY_MALFORMED, now_ms);
        return;
    }
    bool wanted = !to->left && number >= to->taken_count;
    size_t most = to->taken ? rooms->limits.seat_bytes_max : rooms->limits.mailbox_bytes_max;
    if (wanted && (parcel->length > most || to->inbox.bytes > most - parcel->length)) {
        tct_parcel_free(&rooms->store, parcel);
        tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
        return;
    }
    own->received++;
    own->untold_bytes += parcel->length;
    rooms->figures.frames++;
    rooms->figures.frame_bytes += parcel->length - TCT_RELAY_FRAME_HEAD;
    if (wanted)
        deliver(room, caller->seat, parcel, now_ms);
    else
        tct_parcel_free(&rooms->store, parcel);
    tct_room_changed(room, rooms, false);
    tct_seat_tell_kept(room, caller->seat, false, now_ms);
}

void tct_rooms_take_taken(tct_caller *caller, uint32_t count, uint64_t now_ms)
{
    tct_room *room = caller->room;
    const tct_seat *own = &room->seats[caller->seat];
    if (own->taken_count == UINT32_MAX)
        return;
    if (count > own->gone) { /* of what never reached it */
        tct_caller_refuse(caller, TCT_RELAY_MALFORMED, now_ms);
        return;
    }
    tct_seat_taken(room, caller->seat, count, caller->rooms);
    tct_seat_tell_kept(room, 1 - caller->seat, false, now_ms);
}
