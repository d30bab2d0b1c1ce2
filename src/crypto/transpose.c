/* SPDX-License-Identifier: ISC */
#include "crypto/transpose.h"

#include <stdatomic.h>

#include "base/vector.h"
#include "crypto/transpose_backends.h"

#define WORDS        tct_v128
#define WORDS_INLINE TCT_INLINE
#include "crypto/transpose_network.h"

const tct_transpose_backend *const tct_transpose_backends[] = {
#if defined(__x86_64__) && !defined(TCT_CHECK_CONSTANT_TIME)
    &tct_transpose_gfni,
    &tct_transpose_avx2,
#endif
    &tct_transpose_portable, /* the only one under the constant-time tests */
    NULL,
};

/* Two threads may choose at once: both come to the same result. */
static _Atomic(const tct_transpose_backend *) chosen;

static bool always(void)
{
    return true;
}

static void transpose(const tct_block planes[128], tct_block rows[128])
{
    tct_v128 left[64], right[64]; /* the quarters [A B; C D] as A|C and B|D */
    for (int i = 0; i < 64; i++) {
        tct_block above = planes[i], below = planes[i + 64];
        left[i] = (tct_v128){above.lo, below.lo};
        right[i] = (tct_v128){above.hi, below.hi};
    }
    transpose_words(left);
    transpose_words(right);
    memcpy(rows, left, sizeof left);
    memcpy(rows + 64, right, sizeof right);
    tct_wipe(left, sizeof left);
    tct_wipe(right, sizeof right);
}

const tct_transpose_backend tct_transpose_portable = {
    .name = "portable",
    .usable = always,
    .transpose = transpose,
};

bool tct_transpose_self_test(const tct_transpose_backend *backend)
{
    tct_block planes[128], rows[128];
    uint64_t v = 1, differ = 0;
    for (int p = 0; p < 128; p++) {
        v = v * 6364136223846793005u + 1442695040888963407u;
        planes[p] = (tct_block){v, v >> 29 ^ v << 11};
    }
    backend->transpose(planes, rows);
    for (unsigned p = 0; p < 128; p++)
        for (unsigned j = 0; j < 128; j++)
            differ |= tct_block_bit(planes[p], j) ^ tct_block_bit(rows[j], p);
    return differ == 0;
}

void tct_transpose_choose(const tct_transpose_backend *backend)
{
    atomic_store_explicit(&chosen, backend, memory_order_release);
}

void tct_transpose128(const tct_block planes[128], tct_block rows[128])
{
    const tct_transpose_backend *backend = atomic_load_explicit(&chosen, memory_order_acquire);
    if (backend == NULL) {
        const tct_transpose_backend *const *at = tct_transpose_backends;
        while (*at != NULL && !((*at)->usable() && tct_transpose_self_test(*at)))
            at++;
        TCT_ASSERT(*at != NULL); /* the compiler broke even the portable one: go no further */
        backend = *at;
        atomic_store_explicit(&chosen, backend, memory_order_release);
    }
    backend->transpose(planes, rows);
}
