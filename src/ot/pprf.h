/* SPDX-License-Identifier: ISC
 *
 * pprf.h — small trees of keys: one party has all leaves of each, the other all but one.
 *
 * Source   [Roy22] puncturable PRF and its consistency check; protocol.md 2.2.
 * Shapes   depth k is 4, or 8 for slow links: 128/k trees of 2^k leaves.  Tree i has the puncture
 *          α_i = bits ki…ki+k-1 of Δ; base OT p = ki+j carries level j+1 with choice 1 ⊕ Δ_p, so level 1
 *          is the base-OT keys themselves.
 * Order    COT receiver → c_{i,j,b} 32·(128-trees) ‖ t̂_i 32·trees ‖ h 32, once per session: as many bytes
 *          for any k.
 * Gives    after acceptance all punctures that are still possible share one vector of leaves; a
 *          cheating builder guesses bits of α and is caught with probability 1-2^-bits.
 * Cost     960 expansions at either side for k = 4, 8160 for k = 8.   Trust  AES as a PRG, BLAKE2b as a
 *          random oracle.
 */
#ifndef TCT_OT_PPRF_H
#define TCT_OT_PPRF_H

#include "crypto/block.h"

enum {
    TCT_TREE_DEPTH = 4,     /* k, unless links are slow */
#ifdef TCT_SHEETS_ONLY      /* the page */
    TCT_TREE_DEPTH_MAX = 4,
#else
    TCT_TREE_DEPTH_MAX = 8, /* then */
#endif
    TCT_LEAVES_MAX = 1 << TCT_TREE_DEPTH_MAX,
    TCT_PPRF_BYTES = 32 * 128 + TCT_HASH_BYTES, /* for every k */
};

static inline size_t tct_trees(unsigned depth)
{
    return 128 / depth;
}
static inline size_t tct_leaves(unsigned depth)
{
    return (size_t)1 << depth;
}
/* Where the sums t̂_i stand in the message, and h. */
static inline size_t tct_pprf_corr_bytes(unsigned depth)
{
    return 32 * (128 - tct_trees(depth));
}
static inline size_t tct_pprf_sums_bytes(unsigned depth)
{
    return TCT_HASH_BYTES * tct_trees(depth);
}

/* Leaves of all trees, in the caller's memory: tct_pprf_leaves(depth) blocks.  A full set has r_{i,y}
 * at tct_pprf_tree(p, i)[y].  A punctured one has all but one of each tree, stored by distance from the
 * puncture: r_{i, δ ⊕ α_i} at [δ], and [0] is zero.  In this order nobody who uses them needs α. */
typedef struct {
    unsigned depth;
    tct_block *leaf; /* secret */
} tct_pprf;

static inline size_t tct_pprf_leaves(unsigned depth)
{
    return tct_trees(depth) << depth;
}
static inline tct_block *tct_pprf_tree(const tct_pprf *p, size_t tree)
{
    return p->leaf + (tree << p->depth);
}

/* keys: secret, both base-OT keys per instance.  role: own session role (that of the COT
 * receiver). */
void tct_pprf_build(const tct_pprf *full, uint8_t message[TCT_PPRF_BYTES],
                    const tct_block keys[128][2], const uint8_t sid[32], int role);

/* keys: secret, the chosen base-OT keys.  message: peer.  role: session role of the builder.
 * Returns the mask "does not fit"; `punctured` is then not to be used. */
tct_mask tct_pprf_open(const tct_pprf *punctured, const uint8_t message[TCT_PPRF_BYTES],
                       const tct_block keys[128], tct_delta delta, const uint8_t sid[32],
                       int role);

#endif
