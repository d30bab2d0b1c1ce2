/* SPDX-License-Identifier: ISC
 *
 * The 128x128 transposition on 256-bit registers: all four 64x64 quarters at once.
 *
 * Limit    192 swaps of six instructions: about 400 cycles a square on three vector ports.
 */
#include "crypto/transpose_backends.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "base/vector.h"

#define AVX2 __attribute__((target("avx2")))

typedef uint64_t words4 __attribute__((vector_size(32)));
#define WORDS        words4
#define WORDS_INLINE AVX2 TCT_INLINE
#include "crypto/transpose_network.h"

static bool usable(void)
{
    return __builtin_cpu_supports("avx2");
}

AVX2 static void transpose(const tct_block planes[128], tct_block rows[128])
{
    words4 x[64]; /* the quarters A B above, C D below, in the order A B C D */
    for (int i = 0; i < 64; i++) {
        tct_block above = planes[i], below = planes[i + 64];
        x[i] = (words4){above.lo, above.hi, below.lo, below.hi};
    }
    transpose_words(x);
    for (int i = 0; i < 64; i++) {
        rows[i] = (tct_block){x[i][0], x[i][2]};
        rows[i + 64] = (tct_block){x[i][1], x[i][3]};
    }
    tct_wipe(x, sizeof x);
}

const tct_transpose_backend tct_transpose_avx2 = {
    .name = "avx2",
    .usable = usable,
    .transpose = transpose,
};
#else
typedef int tct_transpose_x86_is_empty; /* ISO C wants a declaration in every file */
#endif
