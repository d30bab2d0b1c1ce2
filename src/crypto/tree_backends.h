/* SPDX-License-Identifier: ISC
 *
 * tree_backends.h — the backends by name, and BLAKE2b's constants; everyone else calls tree.h.
 */
#ifndef TCT_CRYPTO_TREE_BACKENDS_H
#define TCT_CRYPTO_TREE_BACKENDS_H

#include "crypto/tree.h"

extern const tct_tree_backend tct_tree_portable;
#if defined(__x86_64__)
extern const tct_tree_backend tct_tree_avx512, tct_tree_avx2;
#endif

#define TCT_BLAKE2B_IV                                                                         \
    {                                                                                          \
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,        \
            0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179     \
    }

/* Which word of the message comes where (RFC 7693, 2.7); the last two rounds repeat the first. */
static const uint8_t tct_blake2b_sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

enum { TCT_BLAKE2B_ROUNDS = 12, TCT_BLAKE2B_BLOCK = 128 };

/* The first three words of a node's parameter block; the others are zero. */
static inline void tct_tree_parameters(uint64_t words[3], uint64_t offset, unsigned depth)
{
    words[0] = TCT_HASH_BYTES | (uint64_t)2 << 24 | (uint64_t)TCT_TREE_LEAF_BYTES << 32;
    words[1] = offset;
    words[2] = depth | (uint64_t)TCT_HASH_BYTES << 8;
}

#endif
