/* SPDX-License-Identifier: ISC */
#include "support/field_lanes.h"

#include "base/vector.h"

#define CURVE_INLINE   TCT_INLINE
#define CURVE_NOINLINE static __attribute__((noinline))

typedef uint64_t lane;

typedef field_word column;

CURVE_INLINE column column_zero(void)
{
    return 0;
}
CURVE_INLINE column column_open(column last)
{
    (void)last;
    return 0;
}
CURVE_INLINE void column_twice(column *c)
{
    *c += *c;
}
CURVE_INLINE void column_add(column *c, lane a, lane b)
{
    *c += (column)a * b;
}
CURVE_INLINE void column_close(column *c, column last)
{
    *c += last >> 51;
}
CURVE_INLINE lane column_low(column c)
{
    return (lane)c & (((lane)1 << 51) - 1);
}
CURVE_INLINE lane column_rest(column last)
{
    return (lane)(last >> 51);
}

CURVE_INLINE lane add_19_times(lane z, lane v)
{
    return z + 19 * v;
}

#include "crypto/curve_field51.h"

#include "support/field_table.h"

const field_lanes field_51_wide = FIELD_TABLE("51, 128-bit columns");
