/* SPDX-License-Identifier: ISC */
#include "relay/relay_limits.h"

#include "net/relay_wire.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };
static const uint32_t day_ms = 24u * HOUR;
enum { KIB = 1024, MIB = 1024 * KIB };
enum { UNIT = 60000 };               /* of a bucket's level */
enum { ELAPSED_MAX_MS = 24 * HOUR }; /* keeps the product below far from 2^63 */

tct_relay_limits tct_relay_limits_usual(void)
{
    return (tct_relay_limits){
        .callers_max = 10000,
        .callers_per_address = 256,
        .rooms_max = 10000,
        .numbers_max = 99999,
        .message_bytes_max = TCT_RELAY_MESSAGE_MAX,
        .mailbox_bytes_max = 256 * KIB,
        .seat_bytes_pause = 1 * MIB,
        .seat_bytes_max = 6 * MIB,
        .total_bytes_max = 256 * MIB,
        .messages = {.burst = 600, .per_minute = 3000},
        .bytes = {.burst = 32 * MIB, .per_minute = 60 * 4 * MIB},
        .bytes_grace = 256 * KIB,
        .failed_joins = {.burst = 20, .per_minute = 12},
        .opens = {.burst = 256, .per_minute = 120},
        .hello_ms = 60 * SECOND,
        .wait_ms = 72 * HOUR,
        .idle_ms = 24 * HOUR,
        .left_ms = 10 * MINUTE,
        .away_ms = TCT_RELAY_AWAY_MS,
        .silent_ms = 30 * SECOND,
        .message_ms = 2 * MINUTE,
        .stall_ms = 30 * SECOND,
        .stall_bytes = 16 * KIB,
        .linger_ms = 10 * SECOND,
        .rest_ms = 10 * MINUTE,
        .reserved_max = 100000,
        .runs_max = 16,
        .deposit_ms = 2 * MINUTE,
        .verdict_ms = 30 * day_ms,
        .letters_bytes_max = 64 * MIB,
        .notes_max = 32,
        .seat_letters_max = 4,
        .letter_ms = 30 * day_ms,
        .letters_ms = 180ull * day_ms,
        .ahead_ms = 30 * day_ms,
    };
}

static int64_t brim(tct_rate rate)
{
    return (int64_t)rate.burst * UNIT;
}

static void refill(tct_bucket *bucket, tct_rate rate, uint64_t now_ms)
{
    uint64_t elapsed = now_ms > bucket->at_ms ? now_ms - bucket->at_ms : 0;
    if (elapsed > ELAPSED_MAX_MS)
        elapsed = ELAPSED_MAX_MS;
    bucket->level += (int64_t)(elapsed * rate.per_minute);
    if (bucket->level > brim(rate))
        bucket->level = brim(rate);
    bucket->at_ms = now_ms;
}

void tct_bucket_fill(tct_bucket *bucket, tct_rate rate, uint64_t now_ms)
{
    *bucket = (tct_bucket){.level = brim(rate), .at_ms = now_ms};
}

void tct_bucket_charge(tct_bucket *bucket, tct_rate rate, uint64_t amount, uint64_t now_ms)
{
    refill(bucket, rate, now_ms);
    bucket->level -= (int64_t)amount * UNIT;
}

bool tct_bucket_take(tct_bucket *bucket, tct_rate rate, uint64_t amount, uint64_t now_ms)
{
    refill(bucket, rate, now_ms);
    if (bucket->level < (int64_t)amount * UNIT)
        return false;
    bucket->level -= (int64_t)amount * UNIT;
    return true;
}

void tct_bucket_give(tct_bucket *bucket, tct_rate rate, uint64_t amount)
{
    bucket->level += (int64_t)amount * UNIT;
    if (bucket->level > brim(rate))
        bucket->level = brim(rate);
}

uint64_t tct_bucket_debt(tct_bucket *bucket, tct_rate rate, uint64_t now_ms)
{
    refill(bucket, rate, now_ms);
    return bucket->level < 0 ? ((uint64_t)-bucket->level + UNIT - 1) / UNIT : 0;
}

bool tct_bucket_is_full(tct_bucket *bucket, tct_rate rate, uint64_t now_ms)
{
    refill(bucket, rate, now_ms);
    return bucket->level == brim(rate);
}
