/* SPDX-License-Identifier: ISC
 *
 * Letters (docs/RELAY.md): what two people who are never there together leave for each other, and what was
 * noted of it.
 *
 * A place is (seat, run, flight).  Its first note, a hash of the letter, stands for as long as the room
 * does: nothing changes or removes it.  A letter is kept only where its hash is the one noted, so that of
 * two copies of a device only one gets its letter out, and the other hears of it before it has sent any.
 * Letters go when one that answers them has come, or after limits.letter_ms; notes stay.
 */
#include "crypto/hash.h"
#include "relay/rooms_inside.h"

#include <stdlib.h>
#include <string.h>

enum { PLACE = 4 + 1, DIGEST = TCT_RELAY_DIGEST_BYTES, HEAP_OVERHEAD = 16 };

/* A note takes memory for as long as its room is kept, so it counts as letters do. */
static const size_t note_bytes = sizeof(tct_letter) + HEAP_OVERHEAD;

/* What is put and told of a place: u32 run ‖ u8 flight. */
static void put_place(uint8_t out[PLACE], const tct_letter *letter)
{
    tct_store32(out, letter->run);
    out[4] = letter->flight;
}

static tct_letter *find_letter(const tct_room *room, int seat, uint32_t run, uint8_t flight)
{
    tct_letter *letter = room->letters;
    while (letter != NULL &&
           (letter->seat != seat || letter->run != run || letter->flight != flight))
        letter = letter->next;
    return letter;
}

/* Places of this seat; waiting: those whose letter is there. */
static uint32_t count_of(const tct_room *room, int seat, bool waiting)
{
    uint32_t count = 0;
    for (const tct_letter *letter = room->letters; letter != NULL; letter = letter->next)
        count += letter->seat == seat && (!waiting || letter->bytes != NULL);
    return count;
}

tct_letter *tct_letter_new(tct_room *room, tct_rooms *rooms)
{
    tct_store *store = &rooms->letter_store;
    bool there = store->used <= store->max && note_bytes <= store->max - store->used;
    tct_letter *letter = there ? calloc(1, sizeof *letter) : NULL;
    if (letter == NULL)
        return NULL;
    store->used += note_bytes;
    tct_letter **last = &room->letters;
    while (*last != NULL)
        last = &(*last)->next;
    *last = letter;
    return letter;
}

static void drop_bytes(tct_letter *letter, tct_rooms *rooms)
{
    tct_parcel_free(&rooms->letter_store, letter->bytes);
    letter->bytes = NULL;
}

void tct_letters_free(tct_room *room, tct_rooms *rooms)
{
    while (room->letters != NULL) {
        tct_letter *letter = room->letters;
        room->letters = letter->next;
        drop_bytes(letter, rooms);
        rooms->letter_store.used -= note_bytes;
        free(letter);
    }
}

void tct_letters_tick(tct_room *room, tct_rooms *rooms, uint64_t now_ms)
{
    uint64_t clock = tct_rooms_clock(rooms, now_ms);
    for (tct_letter *letter = room->letters; letter != NULL; letter = letter->next) {
        if (letter->bytes == NULL || clock < letter->put_at ||
            clock - letter->put_at <= rooms->limits.letter_ms)
            continue;
        drop_bytes(letter, rooms);
        letter->dirty = true;
        tct_room_changed(room, rooms, false);
    }
}

/* ---- messages --- */

static void tell_noted(tct_caller *caller, const tct_letter *letter, uint64_t now_ms)
{
    uint8_t body[PLACE + 1];
    put_place(body, letter);
    body[PLACE] = letter->came ? 1 : 0;
    tct_caller_tell(caller, TCT_RELAY_NOTED, body, sizeof body, letter->digest, DIGEST, now_ms);
    tct_caller_hold(caller); /* said only when it is on the disk */
}

/* Letters are for relays that outlive a restart, and for rooms that are kept. */
static bool may_have_letters(tct_caller *caller, uint64_t now_ms)
{
    tct_rooms *rooms = caller->rooms;
    caller->room->touched_ms = now_ms;
    if (rooms->journal == NULL) {
        tct_caller_refuse(caller, TCT_RELAY_MALFORMED, now_ms);
        return false;
    }
    if (rooms->failing ||
        !tct_room_keep(caller->room, rooms,
                       tct_rooms_clock(rooms, now_ms) + rooms->limits.letters_ms)) {
        tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
        return false;
    }
    return true;
}

/* Who does not take what was told cannot have more of it put up. */
static bool is_behind(const tct_caller *caller)
{
    const tct_store *store = &caller->rooms->store;
    return tct_caller_waiting(caller) > TCT_RELAY_LETTER_MAX || store->used >= store->max;
}

void tct_rooms_take_letters(tct_caller *caller, uint64_t now_ms)
{
    uint8_t clock[8], place[PLACE];
    if (!may_have_letters(caller, now_ms))
        return;
    if (is_behind(caller)) {
        tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
        return;
    }
    for (const tct_letter *letter = caller->room->letters; letter != NULL;
         letter = letter->next) {
        if (letter->seat == caller->seat) {
            tell_noted(caller, letter, now_ms);
        } else if (letter->bytes != NULL) {
            put_place(place, letter);
            tct_caller_tell(caller, TCT_RELAY_LETTER_IN, place, sizeof place,
                            letter->bytes->bytes, letter->bytes->length, now_ms);
        }
    }
    tct_store64(clock, tct_rooms_clock(caller->rooms, now_ms));
    tct_caller_tell(caller, TCT_RELAY_LETTERS_END, clock, sizeof clock, NULL, 0, now_ms);
    tct_caller_hold(caller);
}

static tct_letter *new_place(tct_room *room, int seat, uint32_t run, uint8_t flight,
                             tct_rooms *rooms)
{
    tct_letter *letter = count_of(room, seat, false) < rooms->limits.notes_max
                             ? tct_letter_new(room, rooms)
                             : NULL;
    if (letter == NULL)
        return NULL;
    letter->seat = seat;
    letter->run = run;
    letter->flight = flight;
    return letter;
}

/* u32 run ‖ u8 flight ‖ digest[32].  Whatever is asked for, the answer is what stands. */
void tct_rooms_take_note(tct_caller *caller, const uint8_t *body, uint64_t now_ms)
{
    if (!may_have_letters(caller, now_ms))
        return;
    tct_room *room = caller->room;
    tct_rooms *rooms = caller->rooms;
    uint32_t run = tct_load32(body);
    uint8_t flight = body[4];
    tct_letter *letter = find_letter(room, caller->seat, run, flight);
    if (letter == NULL)
        letter = new_place(room, caller->seat, run, flight, rooms);
    if (letter == NULL) {
        tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
        return;
    }
    if (!letter->noted) {
        letter->noted = letter->dirty = true;
        memcpy(letter->digest, body + PLACE, DIGEST);
        tct_room_changed(room, rooms, true);
    }
    tell_noted(caller, letter, now_ms);
}

static bool is_as_noted(const tct_letter *letter, const uint8_t *bytes, size_t count)
{
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash h;
    tct_hash_init(&h, "letter");
    tct_hash_field(&h, bytes, count);
    tct_hash_final(&h, digest);
    return memcmp(digest, letter->digest, DIGEST) ==
           0; /* public: it came from the same device */
}

/* What this letter answers has done its work, and so has all of the pairs of runs before its own. */
static void drop_answered(tct_room *room, const tct_letter *answer, tct_rooms *rooms)
{
    for (tct_letter *letter = room->letters; letter != NULL; letter = letter->next) {
        bool earlier = letter->run / 2 < answer->run / 2;
        bool answered = letter->seat != answer->seat && letter->run == answer->run &&
                        letter->flight < answer->flight;
        if (letter->bytes == NULL || !(earlier || answered))
            continue;
        drop_bytes(letter, rooms);
        letter->dirty = true;
    }
}

static bool keep_bytes(tct_letter *letter, const uint8_t *bytes, size_t count, tct_rooms *rooms)
{
    if (!tct_parcel_add(&rooms->letter_store, &letter->bytes, bytes, count))
        return false;
    tct_parcel_close(&rooms->letter_store, &letter->bytes);
    return true;
}

/* u32 run ‖ u8 flight ‖ bytes. */
void tct_rooms_take_letter(tct_caller *caller, const uint8_t *body, size_t bytes,
                           uint64_t now_ms)
{
    if (!may_have_letters(caller, now_ms))
        return;
    tct_room *room = caller->room;
    tct_rooms *rooms = caller->rooms;
    tct_letter *letter = find_letter(room, caller->seat, tct_load32(body), body[4]);
    const uint8_t *text = body + PLACE;
    if (letter == NULL || bytes - PLACE > TCT_RELAY_LETTER_MAX ||
        !is_as_noted(letter, text, bytes - PLACE)) {
        tct_caller_refuse(caller, TCT_RELAY_MALFORMED, now_ms);
        return;
    }
    if (!letter->came) {
        drop_answered(room, letter, rooms);
        if (count_of(room, caller->seat, true) >= rooms->limits.seat_letters_max ||
            !keep_bytes(letter, text, bytes - PLACE, rooms)) {
            tct_caller_refuse(caller, TCT_RELAY_BUSY, now_ms);
            return;
        }
        letter->came = letter->dirty = true;
        letter->put_at = tct_rooms_clock(rooms, now_ms);
        tct_room_changed(room, rooms, true);
    }
    tell_noted(caller, letter, now_ms);
}
