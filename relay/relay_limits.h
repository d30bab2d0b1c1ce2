/* SPDX-License-Identifier: ISC
 *
 * relay_limits.h — everything that a relay limits, and the leaky bucket that its rates are kept with.
 */
#ifndef TCT_RELAY_RELAY_LIMITS_H
#define TCT_RELAY_RELAY_LIMITS_H

#include "base/base.h"

/* A rate: `burst` at once, then `per_minute`. */
typedef struct {
    uint32_t burst, per_minute;
} tct_rate;

typedef struct {
    uint32_t callers_max;         /* connections in all */
    uint32_t callers_per_address; /* connections from one address */
    uint32_t rooms_max;           /* rooms with somebody in them */
    uint32_t numbers_max;         /* the highest room number */

    uint32_t message_bytes_max; /* one message with its type byte */
    size_t mailbox_bytes_max;   /* frames for a seat that nobody has taken yet */
    size_t seat_bytes_pause; /* waiting for one device: from here the sender is not read … */
    size_t seat_bytes_max;   /* … and here it is refused, did it not heed that */
    size_t total_bytes_max;  /* all that the relay holds, whole or half */

    tct_rate messages;     /* of one connection; beyond it is refused */
    tct_rate bytes;        /* of one connection; beyond it is not read for a while … */
    uint32_t bytes_grace;  /* … and refused, did it run this far ahead all the same */
    tct_rate failed_joins; /* of one address: guessed numbers */
    tct_rate opens;        /* of one address: new rooms */

    uint32_t hello_ms;   /* from connecting to OPEN or JOIN */
    uint32_t wait_ms;    /* from the last sign of the asker until somebody joins */
    uint32_t idle_ms;    /* between frames once both were there */
    uint32_t left_ms;    /* alone in a room that the other has left */
    uint32_t away_ms;    /* without a line, before a seat counts as left */
    uint32_t silent_ms;  /* … one that has said no frame: somebody who looked in, and went */
    uint32_t message_ms; /* from the first to the last byte of one message */
    uint32_t stall_ms;   /* in which a device must take at least stall_bytes of what waits */
    uint32_t stall_bytes;
    uint32_t linger_ms; /* for the last message to leave before the line is cut */
    uint32_t rest_ms;   /* before a number is given out again */

    uint32_t reserved_max;     /* rooms that somebody may come back to after both have left */
    uint32_t runs_max;         /* deposits of one room */
    uint32_t deposit_ms;       /* for the second deposit, where no other time is named */
    uint32_t verdict_ms;       /* for a verdict to be fetched */
    size_t letters_bytes_max;  /* letters of all rooms */
    uint32_t notes_max;        /* places for letters of one seat */
    uint32_t seat_letters_max; /* … and letters of it that wait */
    uint32_t letter_ms;        /* for a letter to be fetched */
    uint64_t letters_ms;       /* for a room with letters to be visited again by either */
    uint32_t ahead_ms;         /* how far ahead a release, or the end of a wait, may lie */
} tct_relay_limits;

/* What docs/RELAY.md says. */
tct_relay_limits tct_relay_limits_usual(void);

/* A leaky bucket.  Level counts what may be taken at once, in 1/60000: what one per minute gives in
 * a millisecond.  Zeroed memory is not a bucket: tct_bucket_fill first. */
typedef struct {
    int64_t level;
    uint64_t at_ms;
} tct_bucket;

void tct_bucket_fill(tct_bucket *bucket, tct_rate rate, uint64_t now_ms);
/* Takes `amount` if the bucket has it; else nothing changes and it says false. */
bool tct_bucket_take(tct_bucket *bucket, tct_rate rate, uint64_t amount, uint64_t now_ms);
/* Takes it in any case; the bucket may owe. */
void tct_bucket_charge(tct_bucket *bucket, tct_rate rate, uint64_t amount, uint64_t now_ms);
/* Gives back what was taken. */
void tct_bucket_give(tct_bucket *bucket, tct_rate rate, uint64_t amount);
/* How much it owes; 0: nothing. */
uint64_t tct_bucket_debt(tct_bucket *bucket, tct_rate rate, uint64_t now_ms);
bool tct_bucket_is_full(tct_bucket *bucket, tct_rate rate, uint64_t now_ms);

#endif
