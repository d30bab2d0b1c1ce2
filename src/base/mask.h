/* SPDX-License-Identifier: ISC
 *
 * mask.h — secret conditions that C refuses to branch on.
 *
 * A tct_mask is all ones or all zeros.  It is a struct, so `if (mask)` does not compile; the one
 * way to a branch is tct_mask_reveal, which a reader can search for.
 * TCT_SECRET / TCT_PUBLIC mark memory for the constant-time tests (valgrind's memcheck sees every
 * branch and index that depends on "undefined" memory); elsewhere they are nothing.
 */
#ifndef TCT_BASE_MASK_H
#define TCT_BASE_MASK_H

#include "base/base.h"

#ifdef TCT_CHECK_CONSTANT_TIME
#include <valgrind/memcheck.h>
#define TCT_SECRET(memory, bytes) ((void)VALGRIND_MAKE_MEM_UNDEFINED((memory), (bytes)))
#define TCT_PUBLIC(memory, bytes) ((void)VALGRIND_MAKE_MEM_DEFINED((memory), (bytes)))
#else
#define TCT_SECRET(memory, bytes) ((void)(memory), (void)(bytes))
#define TCT_PUBLIC(memory, bytes) ((void)(memory), (void)(bytes))
#endif

typedef struct {
    uint64_t bits; /* 0 or ~0 */
} tct_mask;

/* Hides a value from the optimiser, so that it cannot turn masks back into branches. */
static inline uint64_t tct_opaque64(uint64_t v)
{
    __asm__ volatile("" : "+r"(v));
    return v;
}

/* bit: 0 or 1. */
static inline tct_mask tct_mask_of_bit(uint64_t bit)
{
    return (tct_mask){(uint64_t)0 - tct_opaque64(bit & 1)};
}

/* All ones iff v is not zero: v | -v has its top bit set just then. */
static inline tct_mask tct_mask_of_nonzero(uint64_t v)
{
    v = tct_opaque64(v);
    return tct_mask_of_bit((v | ((uint64_t)0 - v)) >> 63);
}

static inline tct_mask tct_mask_not(tct_mask m)
{
    return (tct_mask){~m.bits};
}
static inline tct_mask tct_mask_and(tct_mask a, tct_mask b)
{
    return (tct_mask){a.bits & b.bits};
}
static inline tct_mask tct_mask_or(tct_mask a, tct_mask b)
{
    return (tct_mask){a.bits | b.bits};
}

/* All ones iff a and b are the same number. */
static inline tct_mask tct_mask_equal(uint64_t a, uint64_t b)
{
    return tct_mask_not(tct_mask_of_nonzero(a ^ b));
}

/* All ones iff the two strings differ; time depends on `bytes` only. */
tct_mask tct_differ(const void *a, const void *b, size_t bytes);

/* The one place where a secret condition becomes public.  Each caller says why it may. */
static inline bool tct_mask_reveal(tct_mask m)
{
    TCT_PUBLIC(&m, sizeof m);
    return m.bits != 0;
}

#endif
