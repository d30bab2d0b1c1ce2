/* SPDX-License-Identifier: ISC
 *
 * What outlives a restart: rooms as the journal has them, and when it is brought up to date.
 *
 * Rooms that changed stand in a ring until they are written.  What a caller is told that it may rely on
 * (a seat, a verdict, that a frame is kept) leaves only when the journal has it; everything that came
 * in one turn is written at once.  Frames may wait for a second: whoever sent them holds them so long,
 * and most are taken by the other meanwhile and never touch the disk.
 */
#include "relay/rooms_inside.h"

#include <stdlib.h>
#include <string.h>

uint64_t tct_rooms_clock(const tct_rooms *rooms, uint64_t now_ms)
{
    return now_ms + rooms->clock_ahead_ms;
}

void tct_rooms_set_clock(tct_rooms *rooms, uint64_t clock_ms, uint64_t now_ms)
{
    rooms->clock_ahead_ms =
        clock_ms - now_ms; /* wraps if the driver's is ahead; so does the sum */
}

void tct_room_changed(tct_room *room, tct_rooms *rooms, bool urgent)
{
    if (rooms->journal == NULL)
        return;
    rooms->urgent = rooms->urgent || urgent;
    if (!tct_place_taken(&room->dirty))
        tct_place_enter(&room->dirty, &rooms->dirty, room);
}

void tct_room_dropped(tct_room *room, tct_rooms *rooms)
{
    if (rooms->journal == NULL || !room->saved)
        return;
    if (rooms->dropped_count == rooms->dropped_room) {
        size_t wider = rooms->dropped_room * 2 + 16;
        uint64_t *moved = realloc(rooms->dropped, wider * sizeof *moved);
        if (moved == NULL)
            return; /* it goes when it has timed out after the next restart */
        rooms->dropped = moved;
        rooms->dropped_room = wider;
    }
    rooms->dropped[rooms->dropped_count++] = room->key;
}

/* -------------------------------------------------------------------------------- writing --- */

static uint32_t first_in(const tct_seat *seat, uint32_t end)
{
    return seat->inbox.first != NULL ? tct_load32(seat->inbox.first->bytes + 1) : end;
}

/* The frames that wait for this seat: those that are gone go, new ones come. */
static bool write_frames(tct_rooms *rooms, const tct_room *room, int seat)
{
    const tct_seat *own = &room->seats[seat];
    uint32_t from = first_in(own, room->seats[1 - seat].received);
    if (own->saved_from < own->saved_to && from > own->saved_from &&
        !tct_journal_drop_frames(rooms->journal, room->key, seat, from))
        return false;
    for (const tct_parcel *parcel = own->inbox.first; parcel != NULL; parcel = parcel->next) {
        tct_journal_frame frame = {.room = room->key,
                                   .seat = seat,
                                   .seq = tct_load32(parcel->bytes + 1),
                                   .bytes = parcel->bytes + TCT_RELAY_FRAME_HEAD,
                                   .length = parcel->length - TCT_RELAY_FRAME_HEAD};
        if (frame.seq >= own->saved_to && !tct_journal_put_frame(rooms->journal, &frame))
            return false;
    }
    return true;
}

static bool write_slots(tct_rooms *rooms, const tct_room *room)
{
    for (const tct_slot *slot = room->slots; slot != NULL; slot = slot->next) {
        if (!slot->dirty)
            continue;
        tct_journal_slot row = {.room = room->key,
                                .run = slot->run,
                                .state = slot->state,
                                .release_at = slot->release_at,
                                .decide_at = slot->decide_at,
                                .decided_at = slot->decided_at,
                                .mismatch = slot->mismatch,
                                .gave = {slot->gave[0], slot->gave[1]}};
        for (int side = 0; side < 2; side++) {
            const tct_parcel *deposit = slot->deposit[side];
            row.seen[side] = slot->seen[side];
            row.deposit[side] = deposit != NULL ? deposit->bytes : NULL;
            row.length[side] = deposit != NULL ? deposit->length : 0;
        }
        if (!tct_journal_put_slot(rooms->journal, &row))
            return false;
    }
    return true;
}

static bool write_letters(tct_rooms *rooms, const tct_room *room)
{
    for (const tct_letter *letter = room->letters; letter != NULL; letter = letter->next) {
        if (!letter->dirty)
            continue;
        tct_journal_letter row = {.room = room->key,
                                  .seat = letter->seat,
                                  .run = letter->run,
                                  .flight = letter->flight,
                                  .came = letter->came,
                                  .put_at = letter->put_at};
        memcpy(row.digest, letter->digest, sizeof row.digest);
        if (letter->bytes != NULL) {
            row.bytes = letter->bytes->bytes;
            row.length = letter->bytes->length;
        }
        if (!tct_journal_put_letter(rooms->journal, &row))
            return false;
    }
    return true;
}

static bool write_room(tct_rooms *rooms, const tct_room *room)
{
    tct_journal_room row = {
        .key = room->key, .number = room->number, .keep_until = room->keep_until};
    memcpy(row.id, room->id, sizeof row.id);
    for (int seat = 0; seat < 2; seat++) {
        const tct_seat *own = &room->seats[seat];
        row.seats[seat].taken = own->taken;
        row.seats[seat].left = own->left;
        row.seats[seat].received = own->received;
        row.seats[seat].taken_count = own->taken_count;
        memcpy(row.seats[seat].ticket, own->ticket, sizeof own->ticket);
    }
    /* Of the room before, nothing stays. */
    if (room->reset && room->saved && !tct_journal_drop_room(rooms->journal, room->key))
        return false;
    return tct_journal_put_room(rooms->journal, &row) && write_frames(rooms, room, ASKER) &&
           write_frames(rooms, room, ANSWERER) && write_slots(rooms, room) &&
           write_letters(rooms, room);
}

static bool write_all(tct_rooms *rooms)
{
    if (!tct_journal_begin(rooms->journal))
        return false;
    for (size_t i = 0; i < rooms->dropped_count; i++) {
        if (!tct_journal_drop_room(rooms->journal, rooms->dropped[i]))
            return false;
    }
    for (const tct_place *at = rooms->dirty.after; at->owner != NULL; at = at->after) {
        if (!write_room(rooms, at->owner))
            return false;
    }
    return tct_journal_commit(rooms->journal);
}

static void note_written(tct_room *room, uint64_t now_ms)
{
    tct_place_leave(&room->dirty);
    room->saved = true;
    room->reset = false;
    for (tct_slot *slot = room->slots; slot != NULL; slot = slot->next)
        slot->dirty = false;
    for (tct_letter *letter = room->letters; letter != NULL; letter = letter->next)
        letter->dirty = false;
    for (int seat = 0; seat < 2; seat++) {
        tct_seat *own = &room->seats[seat], *other = &room->seats[1 - seat];
        own->saved_from = first_in(own, other->received);
        own->saved_to = other->received;
        own->written = own->received;
    }
    for (int seat = 0; seat < 2; seat++)
        tct_seat_tell_kept(room, seat, false, now_ms);
}

bool tct_rooms_settle(tct_rooms *rooms, uint64_t now_ms)
{
    if (rooms->journal == NULL)
        return true;
    if (!rooms->overdue && (!rooms->urgent || rooms->failing))
        return !rooms->failing;
    rooms->overdue = false;
    if (rooms->dropped_count > 0 || rooms->dirty.after->owner != NULL) {
        if (!write_all(rooms)) {
            tct_journal_undo(rooms->journal);
            rooms->failing = true;
            return false;
        }
    }
    rooms->failing = rooms->urgent = false;
    rooms->dropped_count = 0;
    while (rooms->dirty.after->owner != NULL)
        note_written(rooms->dirty.after->owner, now_ms);
    while (rooms->held.after->owner != NULL) {
        tct_caller *caller = rooms->held.after->owner;
        tct_place_leave(&caller->held);
        tct_caller_has_news(caller);
    }
    return true;
}

/* -------------------------------------------------------------------------------- reading --- */

typedef struct {
    tct_rooms *rooms;
    tct_room *room; /* whose frames and slots come */
    uint64_t now_ms;
} reading;

static bool take_room(void *context, const tct_journal_room *row)
{
    reading *r = context;
    tct_rooms *rooms = r->rooms;
    tct_room *room = calloc(1, sizeof *room);
    if (room == NULL)
        return false;
    memcpy(room->id, row->id, sizeof room->id);
    room->key = row->key;
    room->keep_until = row->keep_until;
    room->saved = true;
    room->touched_ms = r->now_ms;
    for (int seat = 0; seat < 2; seat++) {
        tct_seat *own = &room->seats[seat];
        own->taken = row->seats[seat].taken;
        own->left = row->seats[seat].left;
        own->received = own->written = row->seats[seat].received;
        own->taken_count = row->seats[seat].taken_count;
        own->lost_ms =
            r->now_ms; /* everybody has to come back: all have the same time for it */
        memcpy(own->ticket, row->seats[seat].ticket, sizeof own->ticket);
    }
    room->asleep = row->number == 0 || !tct_numbers_claim(rooms->numbers, row->number, room);
    room->number = room->asleep ? 0 : row->number;
    if (room->asleep)
        room->seats[ASKER].left = room->seats[ANSWERER].left = true;
    tct_place_enter(&room->place, room->asleep ? &rooms->asleep : &rooms->rooms, room);
    *(room->asleep ? &rooms->asleep_count : &rooms->room_count) += 1;
    tct_room_enter_table(room, rooms);
    rooms->reserved_count += room->keep_until != 0;
    if (row->key >= rooms->next_key)
        rooms->next_key = row->key + 1;
    r->room = room;
    return true;
}

static bool take_frame(void *context, const tct_journal_frame *row)
{
    reading *r = context;
    tct_room *room = r->room;
    if (row->seat > 1)
        return false;
    tct_seat *own = &room->seats[row->seat];
    uint32_t received = room->seats[1 - row->seat].received;
    uint32_t next =
        own->inbox.last != NULL ? tct_load32(own->inbox.last->bytes + 1) + 1 : row->seq;
    if (row->seq != next || row->seq >= received)
        return false;
    uint8_t head[TCT_RELAY_FRAME_HEAD] = {TCT_RELAY_FRAME_IN};
    tct_store32(head + 1, row->seq);
    tct_parcel *parcel =
        tct_parcel_new(&r->rooms->store, head, sizeof head, row->bytes, row->length, NULL, 0);
    if (parcel == NULL)
        return false;
    if (own->inbox.first == NULL)
        own->saved_from = row->seq;
    own->saved_to = row->seq + 1;
    tct_queue_put(&own->inbox, parcel);
    return true;
}

static bool take_slot(void *context, const tct_journal_slot *row)
{
    reading *r = context;
    tct_room *room = r->room;
    tct_slot *slot = calloc(1, sizeof *slot);
    if (slot == NULL)
        return false;
    *slot = (tct_slot){.next = room->slots,
                       .run = row->run,
                       .state = row->state,
                       .release_at = row->release_at,
                       .decide_at = row->decide_at,
                       .decided_at = row->decided_at,
                       .mismatch = row->mismatch,
                       .gave = {row->gave[0], row->gave[1]},
                       .seen = {row->seen[0], row->seen[1]}};
    r->rooms->reserved_count += room->slots == NULL && room->keep_until == 0;
    room->slots = slot;
    room->slot_count++;
    for (int side = 0; side < 2; side++) {
        if (row->deposit[side] == NULL)
            continue;
        slot->deposit[side] = tct_parcel_new(&r->rooms->store, row->deposit[side],
                                             row->length[side], NULL, 0, NULL, 0);
        if (slot->deposit[side] == NULL)
            return false;
    }
    return true;
}

static bool take_letter(void *context, const tct_journal_letter *row)
{
    reading *r = context;
    tct_letter *letter = row->seat > 1 ? NULL : tct_letter_new(r->room, r->rooms);
    if (letter == NULL)
        return false;
    letter->seat = row->seat;
    letter->run = row->run;
    letter->flight = row->flight;
    letter->noted = true;
    letter->came = row->came;
    letter->put_at = row->put_at;
    memcpy(letter->digest, row->digest, sizeof letter->digest);
    if (row->bytes == NULL)
        return true;
    letter->bytes =
        tct_parcel_new(&r->rooms->letter_store, row->bytes, row->length, NULL, 0, NULL, 0);
    return letter->bytes != NULL;
}

/* Every frame that was given and not taken must be there. */
static bool is_whole(const tct_room *room)
{
    for (int seat = 0; seat < 2; seat++) {
        const tct_seat *own = &room->seats[seat];
        uint32_t received = room->seats[1 - seat].received;
        bool wanted = !own->left && own->taken_count < received;
        if (wanted && (first_in(own, received) > own->taken_count || own->saved_to != received))
            return false;
    }
    return true;
}

bool tct_rooms_keep_in(tct_rooms *rooms, tct_journal *journal, uint64_t now_ms)
{
    reading r = {.rooms = rooms, .now_ms = now_ms};
    tct_journal_reader reader = {.context = &r,
                                 .room = take_room,
                                 .frame = take_frame,
                                 .slot = take_slot,
                                 .letter = take_letter};
    if (!tct_journal_read(journal, &reader))
        return false;
    for (tct_place *at = rooms->rooms.after; at->owner != NULL; at = at->after) {
        if (!is_whole(at->owner))
            return false;
    }
    rooms->journal = journal;
    return true;
}
