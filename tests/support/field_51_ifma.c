/* SPDX-License-Identifier: ISC */
#include "support/field_lanes.h"

#include "base/vector.h"

#define CURVE_INLINE   TCT_INLINE
#define CURVE_NOINLINE static __attribute__((noinline))

typedef uint64_t lane;

#define LOW52 (((uint64_t)1 << 52) - 1)

typedef struct {
    lane low, high;
} column;

CURVE_INLINE column column_zero(void)
{
    return (column){0, 0};
}
CURVE_INLINE column column_open(column last)
{
    return (column){last.high, 0};
}
CURVE_INLINE void column_twice(column *c)
{
    c->low += c->low;
    c->high += c->high;
}
CURVE_INLINE void column_add(column *c, lane a, lane b)
{
    field_word product = (field_word)(a & LOW52) * (b & LOW52);
    c->low += (lane)(product & LOW52);
    c->high += (lane)(product >> 52);
}
CURVE_INLINE void column_close(column *c, column last)
{
    (void)c;
    (void)last;
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
    return z + 19 * v;
}

#include "crypto/curve_field51.h"

#include "support/field_table.h"

const field_lanes field_51_ifma = FIELD_TABLE("51, IFMA's columns");
