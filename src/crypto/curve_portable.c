/* SPDX-License-Identifier: ISC
 *
 * The curve in plain C, one number at a time: five limbs where the machine multiplies 64 bits by 64,
 * ten where it does not (wasm32 among them).  The one that runs under the constant-time tests; all
 * but the innermost sums is the source of the vector backends, too.
 */
#include <string.h>

#include "base/mask.h"
#include "base/vector.h"
#include "crypto/curve_backends.h"

#define CURVE_TARGET
#define CURVE_INLINE   TCT_INLINE
#define CURVE_NOINLINE static __attribute__((noinline))

enum { LANES = 1 };
typedef uint64_t lane;

/* A mask that the optimiser knows as one could become a branch. */
CURVE_INLINE lane lane_opaque(lane v)
{
    return tct_opaque64(v);
}

#if defined(__SIZEOF_INT128__) && !defined(__wasm__)
__extension__ typedef unsigned __int128 column;

CURVE_INLINE column column_zero(void)
{
    return 0;
}
CURVE_INLINE column column_open(column last)
{
    (void)last; /* comes in at the end, once */
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
#else
CURVE_INLINE lane mul32(lane a, lane b)
{
    return (a & UINT32_MAX) * (b & UINT32_MAX);
}
#include "crypto/curve_field25.h"
#endif

#if defined(TCT_SMALL)
/* For the page: one copy of what is called from many places; the products above stay as they are. */
#undef CURVE_INLINE
#define CURVE_INLINE static inline __attribute__((noinline))
CURVE_INLINE void add_once(fe *out, const fe *a, const fe *b)
{
    fe_add(out, a, b);
}
CURVE_INLINE void sub_once(fe *out, const fe *a, const fe *b)
{
    fe_sub(out, a, b);
}
CURVE_INLINE void from51_once(fe *out, const lane limb[5])
{
    fe_from51(out, limb);
}
CURVE_INLINE void to51_once(lane limb[5], const fe *a)
{
    fe_to51(limb, a);
}
CURVE_INLINE void one_square(fe *out, const fe *a)
{
    square_once(out, a);
}
#define fe_add      add_once
#define fe_sub      sub_once
#define fe_from51   from51_once
#define fe_to51     to51_once
#define square_once one_square
#endif

#include "crypto/curve_field.h"

#include "crypto/curve_point.h"

#include "crypto/curve_kernel.h"

static bool usable(void)
{
    return true;
}

const tct_curve_backend tct_curve_portable = CURVE_BACKEND("portable", usable);
