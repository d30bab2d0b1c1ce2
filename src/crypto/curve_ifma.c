/* SPDX-License-Identifier: ISC
 *
 * The curve in eight lanes with AVX-512 IFMA: 52 by 52 bits, either half of the product added to the
 * lane.  See curve_field51.h for ranges; everything above the columns is the source of all backends.
 * Limit    a product of two numbers is 50 multiply-adds, 25 of each half: at two an instant, 25 cycles
 *          for eight; with carrying and folding it takes about twice that.
 */
#include "crypto/curve_backends.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "base/vector.h"

#define CURVE_TARGET   __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512ifma")))
#define CURVE_INLINE   CURVE_TARGET TCT_INLINE
#define CURVE_NOINLINE CURVE_TARGET static __attribute__((noinline))

enum { LANES = 8 };
typedef uint64_t lane __attribute__((vector_size(64)));

CURVE_INLINE lane lane_opaque(lane v)
{
    return v; /* no branch can depend on a vector */
}

/* What the low and the high halves of the products sum up to; the high ones weigh 2^52. */
typedef struct {
    lane low, high;
} column;

CURVE_INLINE column column_zero(void)
{
    return (column){{0}, {0}};
}
/* 2^52 is twice the weight of the next column: it begins with the high halves, to be doubled. */
CURVE_INLINE column column_open(column last)
{
    return (column){last.high, {0}};
}
CURVE_INLINE void column_twice(column *c)
{
    c->low += c->low;
    c->high += c->high;
}
CURVE_INLINE void column_add(column *c, lane a, lane b)
{
    c->low = (lane)_mm512_madd52lo_epu64((__m512i)c->low, (__m512i)a, (__m512i)b);
    c->high = (lane)_mm512_madd52hi_epu64((__m512i)c->high, (__m512i)a, (__m512i)b);
}
CURVE_INLINE void column_close(column *c, column last)
{
    (void)c;
    (void)last; /* already in */
}
CURVE_INLINE lane column_low(column c)
{
    return c.low;
}
CURVE_INLINE lane column_rest(column last)
{
    return last.high + last.high;
}

CURVE_INLINE lane add_19_times(lane z, lane v)
{
    return (lane)_mm512_madd52lo_epu64((__m512i)z, (__m512i)v, _mm512_set1_epi64(19));
}

#include "crypto/curve_field51.h"

#include "crypto/curve_field.h"

#include "crypto/curve_point.h"

#include "crypto/curve_kernel.h"

static bool usable(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512ifma");
}

const tct_curve_backend tct_curve_ifma = CURVE_BACKEND("avx512-ifma", usable);
#endif
