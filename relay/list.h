/* SPDX-License-Identifier: ISC
 *
 * list.h — rings of things that know their places in them, so that leaving costs nothing.
 */
#ifndef TCT_RELAY_LIST_H
#define TCT_RELAY_LIST_H

#include "base/base.h"

/* A place in a ring, inside what it is a place of; or the ring's own beginning (owner NULL). */
typedef struct tct_place {
    struct tct_place *before, *after; /* NULL: in no ring */
    void *owner;
} tct_place;

static inline void tct_ring_init(tct_place *ring)
{
    *ring = (tct_place){.before = ring, .after = ring};
}

static inline bool tct_place_taken(const tct_place *place)
{
    return place->after != NULL;
}

/* Puts owner's place at the end of the ring. */
static inline void tct_place_enter(tct_place *place, tct_place *ring, void *owner)
{
    *place = (tct_place){.before = ring->before, .after = ring, .owner = owner};
    ring->before->after = place;
    ring->before = place;
}

/* Takes the place out of its ring, if it is in one. */
static inline void tct_place_leave(tct_place *place)
{
    if (!tct_place_taken(place))
        return;
    place->before->after = place->after;
    place->after->before = place->before;
    *place = (tct_place){0};
}

#endif
