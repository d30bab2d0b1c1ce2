/* SPDX-License-Identifier: ISC
 *
 * The curve in four lanes with AVX2, whose widest product is 32 by 32 bits.  See curve_field25.h for
 * ranges; everything above the field is the source of all backends.
 * Limit    a product of two numbers is 100 multiplications at two an instant: 50 cycles for four.
 */
#include "crypto/curve_backends.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "base/vector.h"

#define CURVE_TARGET   __attribute__((target("avx2")))
#define CURVE_INLINE   CURVE_TARGET TCT_INLINE
#define CURVE_NOINLINE CURVE_TARGET static __attribute__((noinline))

enum { LANES = 4 };
typedef uint64_t lane __attribute__((vector_size(32)));

CURVE_INLINE lane lane_opaque(lane v)
{
    return v; /* no branch can depend on a vector */
}

CURVE_INLINE lane mul32(lane a, lane b)
{
    return (lane)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}

#include "crypto/curve_field25.h"

#include "crypto/curve_field.h"

#include "crypto/curve_point.h"

#include "crypto/curve_kernel.h"

static bool usable(void)
{
    return __builtin_cpu_supports("avx2");
}

const tct_curve_backend tct_curve_avx2 = CURVE_BACKEND("avx2", usable);
#endif
