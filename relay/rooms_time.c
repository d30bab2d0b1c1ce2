/* SPDX-License-Identifier: ISC
 *
 * The beginning and the end of things: callers arrive, everything that lasts too long ends, and so does
 * the relay.
 */
#include "relay/rooms_inside.h"

#include <stdlib.h>

tct_rooms *tct_rooms_new(const tct_relay_limits *limits, uint64_t seed)
{
    tct_rooms *rooms = calloc(1, sizeof *rooms);
    if (rooms == NULL)
        return NULL;
    rooms->limits = *limits;
    rooms->store.max = limits->total_bytes_max;
    rooms->letter_store.max = limits->letters_bytes_max;
    tct_ring_init(&rooms->callers);
    tct_ring_init(&rooms->rooms);
    tct_ring_init(&rooms->asleep);
    tct_ring_init(&rooms->news);
    tct_ring_init(&rooms->held);
    tct_ring_init(&rooms->dirty);
    rooms->seed = seed ^ 0x6a09e667f3bcc908u;
    rooms->next_key = 1;
    rooms->numbers = tct_numbers_new(limits->numbers_max, limits->rest_ms, seed);
    rooms->visitors = tct_visitors_new(&rooms->limits, ~seed);
    if (rooms->numbers != NULL && rooms->visitors != NULL)
        return rooms;
    tct_rooms_free(rooms);
    return NULL;
}

void tct_rooms_free(tct_rooms *rooms)
{
    if (rooms == NULL)
        return;
    while (rooms->callers.after->owner != NULL)
        tct_caller_gone(rooms->callers.after->owner, 0);
    while (rooms->rooms.after->owner != NULL)
        tct_room_free(rooms->rooms.after->owner, rooms);
    while (rooms->asleep.after->owner != NULL)
        tct_room_free(rooms->asleep.after->owner, rooms);
    free(rooms->dropped);
    tct_numbers_free(rooms->numbers);
    tct_visitors_free(rooms->visitors);
    free(rooms);
}

/* Those who are one too many are told so, up to an eighth more than the limit. */
static uint32_t told_max(const tct_rooms *rooms)
{
    return rooms->limits.callers_max + rooms->limits.callers_max / 8 + 8;
}

tct_caller *tct_rooms_arrive(tct_rooms *rooms, uint64_t address, void *owner, uint64_t now_ms)
{
    if (rooms->caller_count >= told_max(rooms))
        return NULL;
    tct_caller *caller = calloc(1, sizeof *caller);
    if (caller == NULL)
        return NULL;
    caller->rooms = rooms;
    caller->owner = owner;
    caller->since_ms = now_ms;
    tct_bucket_fill(&caller->messages, rooms->limits.messages, now_ms);
    tct_bucket_fill(&caller->bytes, rooms->limits.bytes, now_ms);
    tct_place_enter(&caller->place, &rooms->callers, caller);
    bool room_for_it = !rooms->closing && rooms->caller_count < rooms->limits.callers_max;
    rooms->caller_count++;
    if (room_for_it)
        caller->visitor = tct_visitors_enter(rooms->visitors, address, now_ms);
    if (caller->visitor == NULL)
        tct_caller_refuse(caller, rooms->closing ? TCT_RELAY_CLOSING : TCT_RELAY_BUSY, now_ms);
    return caller;
}

tct_caller *tct_rooms_news(tct_rooms *rooms)
{
    tct_caller *caller = rooms->news.after->owner;
    if (caller != NULL)
        tct_place_leave(&caller->news);
    return caller;
}

static bool is_over(uint64_t since_ms, uint32_t limit_ms, uint64_t now_ms)
{
    return now_ms > since_ms && now_ms - since_ms > limit_ms;
}

/* Does the caller take what waits for it?  A window in which it took enough is followed by the next. */
static bool is_stalled(tct_caller *caller, uint64_t now_ms)
{
    const tct_relay_limits *limits = &caller->rooms->limits;
    if (tct_caller_waiting(caller) == 0 || !is_over(caller->stall_ms, limits->stall_ms, now_ms))
        return false;
    /* What the relay itself holds back is no fault of the caller's. */
    if (caller->stall_due > 0 && !tct_place_taken(&caller->held))
        return true;
    size_t waiting = tct_caller_waiting(caller);
    caller->stall_ms = now_ms;
    caller->stall_due = waiting < limits->stall_bytes ? waiting : limits->stall_bytes;
    return false;
}

static void tick_caller(tct_caller *caller, uint64_t now_ms)
{
    const tct_relay_limits *limits = &caller->rooms->limits;
    switch (caller->state) {
    case CALLER_CUT:
        return;
    case CALLER_ENDING:
        if (is_over(caller->since_ms, limits->linger_ms, now_ms))
            tct_caller_cut(caller, now_ms);
        return;
    case CALLER_NEW:
        if (is_over(caller->since_ms, limits->hello_ms, now_ms))
            tct_caller_refuse(caller, TCT_RELAY_IDLE, now_ms);
        break;
    case CALLER_SEATED:
        break;
    }
    if (is_stalled(caller, now_ms))
        tct_caller_cut(caller, now_ms);
    else if (caller->receiving && is_over(caller->receiving_ms, limits->message_ms, now_ms))
        tct_caller_refuse(caller, TCT_RELAY_IDLE, now_ms);
    else
        tct_caller_consider(caller, now_ms);
}

/* A seat that has had no line for too long is left. */
static void tick_seat(tct_room *room, int seat, tct_rooms *rooms, uint64_t now_ms)
{
    const tct_seat *own = &room->seats[seat];
    uint32_t limit_ms = rooms->limits.away_ms;
    tct_seat_tell_kept(room, seat, true, now_ms);
    if (own->received == 0 && rooms->limits.silent_ms < limit_ms)
        limit_ms = rooms->limits.silent_ms;
    if (own->taken && !own->left && own->caller == NULL &&
        is_over(own->lost_ms, limit_ms, now_ms))
        tct_seat_give_up(room, seat, rooms, now_ms);
}

static uint32_t idle_limit(const tct_room *room, const tct_relay_limits *limits)
{
    const tct_seat *asker = &room->seats[ASKER], *answerer = &room->seats[ANSWERER];
    if (room->asleep)
        return limits->idle_ms;
    if (!answerer->taken)
        return limits->wait_ms;
    return asker->left || answerer->left ? limits->left_ms : limits->idle_ms;
}

static void tick_room(tct_rooms *rooms, tct_room *room, uint64_t now_ms)
{
    tct_slots_tick(room, rooms, now_ms);
    tct_letters_tick(room, rooms, now_ms);
    for (int seat = 0; seat < 2; seat++)
        tick_seat(room, seat, rooms, now_ms);
    if (is_over(room->touched_ms, idle_limit(room, &rooms->limits), now_ms)) {
        for (int seat = 0; seat < 2; seat++) {
            if (room->seats[seat].caller == NULL)
                continue;
            /* The room may end with the second of them. */
            bool last = seat == ANSWERER || room->seats[ANSWERER].caller == NULL;
            tct_caller_refuse(room->seats[seat].caller, TCT_RELAY_IDLE, now_ms);
            if (last)
                return;
        }
    }
    tct_room_settle(room, rooms, now_ms);
}

static void tick_ring(tct_rooms *rooms, tct_place *ring, uint64_t now_ms)
{
    for (tct_place *at = ring->after, *next; at->owner != NULL; at = next) {
        next = at->after;
        tick_room(rooms, at->owner, now_ms);
    }
}

void tct_rooms_tick(tct_rooms *rooms, uint64_t now_ms)
{
    rooms->overdue = true; /* what has changed is written, at the latest now */
    tick_ring(rooms, &rooms->asleep, now_ms); /* before others fall asleep */
    tick_ring(rooms, &rooms->rooms, now_ms);
    for (tct_place *at = rooms->callers.after; at->owner != NULL; at = at->after)
        tick_caller(at->owner, now_ms);
    tct_visitors_tidy(rooms->visitors, now_ms);
}

void tct_rooms_close(tct_rooms *rooms, uint64_t now_ms)
{
    rooms->closing = true;
    rooms->overdue = true;
    for (tct_place *at = rooms->callers.after; at->owner != NULL; at = at->after)
        tct_caller_refuse(at->owner, TCT_RELAY_CLOSING, now_ms);
}

tct_rooms_figures tct_rooms_count(const tct_rooms *rooms)
{
    tct_rooms_figures figures = rooms->figures;
    figures.callers = rooms->caller_count;
    figures.rooms = rooms->room_count;
    figures.asleep = rooms->asleep_count;
    figures.addresses = tct_visitors_count(rooms->visitors);
    figures.bytes_waiting = rooms->store.used;
    figures.letter_bytes = rooms->letter_store.used;
    return figures;
}
