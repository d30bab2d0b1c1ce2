/* SPDX-License-Identifier: ISC */
#include "support/field_lanes.h"

#include "base/vector.h"

#define CURVE_INLINE   TCT_INLINE
#define CURVE_NOINLINE static __attribute__((noinline))

typedef uint64_t lane;

CURVE_INLINE lane mul32(lane a, lane b)
{
    return (a & UINT32_MAX) * (b & UINT32_MAX);
}

#include "crypto/curve_field25.h"

#include "support/field_table.h"

const field_lanes field_25_plain = FIELD_TABLE("25, 64-bit lane");
