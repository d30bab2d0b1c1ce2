/* SPDX-License-Identifier: ISC */
#include "relay/parcel.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_MIN = 64, HEAP_OVERHEAD = 16 };

static size_t cost(size_t room)
{
    return sizeof(tct_parcel) + HEAP_OVERHEAD + room;
}

static bool has_room(const tct_store *store, const tct_parcel *parcel, size_t room)
{
    size_t before = parcel != NULL ? cost(parcel->room) : 0;
    size_t left = store->max > store->used ? store->max - store->used : 0;
    return cost(room) - before <= left;
}

/* Gives the parcel, or a new one, `room` bytes; the store is charged for the difference. */
static bool resize(tct_store *store, tct_parcel **parcel, size_t room)
{
    size_t before = *parcel != NULL ? cost((*parcel)->room) : 0;
    tct_parcel *moved = realloc(*parcel, sizeof(tct_parcel) + room);
    if (moved == NULL)
        return false;
    if (*parcel == NULL)
        *moved = (tct_parcel){0};
    moved->room = room;
    store->used = store->used - before + cost(room);
    *parcel = moved;
    return true;
}

tct_parcel *tct_parcel_new(tct_store *store, const uint8_t *first, size_t first_bytes,
                           const uint8_t *second, size_t second_bytes, const uint8_t *third,
                           size_t third_bytes)
{
    tct_parcel *parcel = NULL;
    const uint8_t *const parts[] = {first, second, third};
    const size_t bytes[] = {first_bytes, second_bytes, third_bytes};
    if (!resize(store, &parcel, first_bytes + second_bytes + third_bytes))
        return NULL;
    for (size_t i = 0; i < 3; i++) {
        if (bytes[i] > 0)
            memcpy(parcel->bytes + parcel->length, parts[i], bytes[i]);
        parcel->length += bytes[i];
    }
    return parcel;
}

bool tct_parcel_add(tct_store *store, tct_parcel **parcel, const uint8_t *bytes, size_t count)
{
    size_t length = *parcel != NULL ? (*parcel)->length : 0;
    size_t room = *parcel != NULL ? (*parcel)->room : 0, need = tct_size_add(length, count);
    if (need > SIZE_MAX / 4)
        return false;
    if (*parcel == NULL || need > room) {
        room = room < ROOM_MIN ? ROOM_MIN : room;
        while (room < need)
            room *= 2;
        if (!has_room(store, *parcel, room) || !resize(store, parcel, room))
            return false;
    }
    if (count > 0)
        memcpy((*parcel)->bytes + length, bytes, count);
    (*parcel)->length = need;
    return true;
}

void tct_parcel_close(tct_store *store, tct_parcel **parcel)
{
    resize(store, parcel, (*parcel)->length); /* if it cannot shrink, it stays as it is */
}

void tct_parcel_free(tct_store *store, tct_parcel *parcel)
{
    if (parcel == NULL)
        return;
    store->used -= cost(parcel->room);
    free(parcel);
}

void tct_queue_put(tct_queue *queue, tct_parcel *parcel)
{
    parcel->next = NULL;
    if (queue->last != NULL)
        queue->last->next = parcel;
    else
        queue->first = parcel;
    queue->last = parcel;
    queue->bytes += parcel->length;
    queue->count++;
}

void tct_queue_push(tct_queue *queue, tct_parcel *parcel)
{
    parcel->next = queue->first;
    queue->first = parcel;
    if (queue->last == NULL)
        queue->last = parcel;
    queue->bytes += parcel->length;
    queue->count++;
}

tct_parcel *tct_queue_take(tct_queue *queue)
{
    tct_parcel *parcel = queue->first;
    if (parcel == NULL)
        return NULL;
    queue->first = parcel->next;
    if (queue->first == NULL)
        queue->last = NULL;
    queue->bytes -= parcel->length;
    queue->count--;
    parcel->next = NULL;
    return parcel;
}

void tct_queue_move(tct_queue *to, tct_queue *from)
{
    tct_parcel *parcel;
    while ((parcel = tct_queue_take(from)) != NULL)
        tct_queue_put(to, parcel);
}

void tct_queue_clear(tct_store *store, tct_queue *queue, bool keep_first)
{
    tct_parcel *kept = keep_first ? tct_queue_take(queue) : NULL, *parcel;
    while ((parcel = tct_queue_take(queue)) != NULL)
        tct_parcel_free(store, parcel);
    if (kept != NULL)
        tct_queue_put(queue, kept);
}
