/* SPDX-License-Identifier: ISC
 *
 * parcel.h — messages that wait in the relay, and the account of the memory that they take.
 *
 * A parcel is one message, whole or still coming in.  It is carried as it came: the buffer that a
 * frame was gathered in is the one that is sent on.
 */
#ifndef TCT_RELAY_PARCEL_H
#define TCT_RELAY_PARCEL_H

#include "base/base.h"

typedef struct tct_parcel {
    struct tct_parcel *next;
    size_t length, room;
    uint8_t bytes[];
} tct_parcel;

/* All bytes that a relay holds for its callers. */
typedef struct {
    size_t used, max;
} tct_store;

/* First in, first out.  `bytes`: the messages in it, as sent. */
typedef struct {
    tct_parcel *first, *last;
    size_t bytes;
    uint32_t count;
} tct_queue;

/* A parcel with copies of three parts one after the other, for the relay's own few words: charged, but
 * also given by a full store.  NULL: no memory. */
tct_parcel *tct_parcel_new(tct_store *store, const uint8_t *first, size_t first_bytes,
                           const uint8_t *second, size_t second_bytes, const uint8_t *third,
                           size_t third_bytes);
/* Appends; *parcel may be NULL, and may move.  Its room doubles, so that it grows with what came and
 * not with what was announced.  false: nothing changed; the store is full, or no memory. */
bool tct_parcel_add(tct_store *store, tct_parcel **parcel, const uint8_t *bytes, size_t count);
/* Gives back the room that is not used, also what was cut off; *parcel may move. */
void tct_parcel_close(tct_store *store, tct_parcel **parcel);
void tct_parcel_free(tct_store *store, tct_parcel *parcel); /* NULL is fine */

void tct_queue_put(tct_queue *queue, tct_parcel *parcel);  /* moved */
void tct_queue_push(tct_queue *queue, tct_parcel *parcel); /* moved, to the front */
tct_parcel *tct_queue_take(tct_queue *queue);              /* moved; NULL: empty */
void tct_queue_move(tct_queue *to, tct_queue *from);       /* appends all */
/* Frees all, or all but the first (which may be half sent). */
void tct_queue_clear(tct_store *store, tct_queue *queue, bool keep_first);

#endif
