/* SPDX-License-Identifier: ISC
 *
 * base.h — errors, byte order, wiping and arenas: what every room stands on.
 *
 * Gives    one error type whose class says who is at fault; little-endian loads and stores;
 *          memory that the caller owns and that is sized before the peer speaks.
 */
#ifndef TCT_BASE_BASE_H
#define TCT_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define TCT_MUST_CHECK __attribute__((warn_unused_result))
#else
#define TCT_MUST_CHECK
#endif

/* The high digit says who is at fault: 0x0_ our caller, 0x1_ the machine, 0x2_ the peer. */
typedef enum {
    TCT_OK = 0x00,
    TCT_ERR_USAGE = 0x01,  /* called at the wrong time or with the wrong thing; recoverable */
    TCT_ERR_SPACE = 0x02,  /* the caller's buffer is too small; nothing changed, try again */
    TCT_ERR_MEMORY = 0x11, /* the arena is too small */
    TCT_ERR_LIMIT = 0x12,  /* larger than a documented limit */
    TCT_ERR_SHEET = 0x13,  /* the circuit has errors */
    TCT_ERR_FORMAT = 0x21, /* the peer sent a wrong length, turn, encoding or padding bit */
    TCT_ERR_CHEAT = 0x22,  /* a cryptographic check of the peer failed */
    TCT_ERR_ABORT = 0x23,  /* the peer said that it stops */
} tct_err;

/* Stops the program when an invariant of ours is broken; kept in release builds.
 * Never used on what a peer, a file or a person can choose. */
#define TCT_ASSERT(condition)                                                                  \
    do {                                                                                       \
        if (!(condition))                                                                      \
            tct_assert_failed(#condition, __FILE__, __LINE__);                                 \
    } while (0)
_Noreturn void tct_assert_failed(const char *condition, const char *file, int line);

/* Erases `bytes` bytes in a way that the compiler keeps. */
void tct_wipe(void *memory, size_t bytes);

static inline void tct_store16(uint8_t out[2], uint16_t v)
{
    out[0] = (uint8_t)v;
    out[1] = (uint8_t)(v >> 8);
}
static inline void tct_store32(uint8_t out[4], uint32_t v)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(v >> (8 * i));
}
static inline void tct_store64(uint8_t out[8], uint64_t v)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(v >> (8 * i));
}
static inline uint16_t tct_load16(const uint8_t in[2])
{
    return (uint16_t)(in[0] | in[1] << 8);
}
static inline uint32_t tct_load32(const uint8_t in[4])
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++)
        v |= (uint32_t)in[i] << (8 * i);
    return v;
}
static inline uint64_t tct_load64(const uint8_t in[8])
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v |= (uint64_t)in[i] << (8 * i);
    return v;
}

/* Memory that the caller owns and hands over once.  Taking never frees; the owner wipes it. */
typedef struct {
    uint8_t *base;
    size_t bytes, used;
} tct_arena;

/* Borrows `memory` for the life of the arena. */
void tct_arena_init(tct_arena *arena, void *memory, size_t bytes);

/* Takes count*unit_bytes zeroed bytes, aligned to 64.  NULL when the arena is too small or the
 * product overflows: the caller turns that into TCT_ERR_MEMORY. */
void *tct_arena_take(tct_arena *arena, size_t count, size_t unit_bytes);

/* The same without the zeros: whatever stood there.  For large arrays that are written before they are
 * read. */
void *tct_arena_take_raw(tct_arena *arena, size_t count, size_t unit_bytes);

/* What one tct_arena_take(count, unit_bytes) uses at most, for `_bytes()` functions.
 * SIZE_MAX on overflow. */
size_t tct_arena_cost(size_t count, size_t unit_bytes);

/* a + b, or SIZE_MAX: sizes saturate, so that an overflow ends as "too large". */
static inline size_t tct_size_add(size_t a, size_t b)
{
    return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

#endif
