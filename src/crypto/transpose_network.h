/* SPDX-License-Identifier: ISC
 *
 * transpose_network.h — 64x64 bits in every 64-bit half or quarter of a vector at once.
 *
 * A template: include it after defining WORDS, a vector type of uint64_t, and WORDS_INLINE, the
 * attributes of its functions.  Every square of side 2s is [P Q; R S]; Q and R change places, for
 * s = 32, 16, 8 on eight registers at a time, then for s = 4, 2, 1: two passes over memory.
 */
#include <stdint.h>

/* Swaps the bits of `a` under mask<<s with those of `b` under mask. */
WORDS_INLINE void swap_bits(WORDS *a, WORDS *b, int s, uint64_t mask)
{
    WORDS t = ((*a >> s) ^ *b) & mask;
    *b ^= t;
    *a ^= t << s;
}

/* Three sizes of square, s = 4u, 2u, u, on the rows x[0], x[u], …, x[7u]. */
WORDS_INLINE void swap_eight(WORDS *x, int u, const uint64_t mask[3])
{
    WORDS r[8];
    TCT_UNROLL
    for (int i = 0; i < 8; i++)
        r[i] = x[i * u];
    TCT_UNROLL
    for (int i = 0; i < 4; i++)
        swap_bits(&r[i], &r[i + 4], 4 * u, mask[0]);
    TCT_UNROLL
    for (int i = 0; i < 8; i += 4) {
        swap_bits(&r[i], &r[i + 2], 2 * u, mask[1]);
        swap_bits(&r[i + 1], &r[i + 3], 2 * u, mask[1]);
    }
    TCT_UNROLL
    for (int i = 0; i < 8; i += 2)
        swap_bits(&r[i], &r[i + 1], u, mask[2]);
    TCT_UNROLL
    for (int i = 0; i < 8; i++)
        x[i * u] = r[i];
}

WORDS_INLINE void transpose_words(WORDS x[64])
{
    static const uint64_t coarse[3] = {0x00000000ffffffff, 0x0000ffff0000ffff,
                                       0x00ff00ff00ff00ff};
    static const uint64_t fine[3] = {0x0f0f0f0f0f0f0f0f, 0x3333333333333333,
                                     0x5555555555555555};
    for (int i = 0; i < 8; i++)
        swap_eight(x + i, 8, coarse);
    for (int i = 0; i < 64; i += 8)
        swap_eight(x + i, 1, fine);
}
