/* SPDX-License-Identifier: ISC
 *
 * pprf.h — 32 small trees of keys: one party has all 16 leaves of each, the other all but one.
 *
 * Source   [Roy22] puncturable PRF and its consistency check; protocol.md 2.2.
 * Shapes   tree i has the puncture α_i = bits 4i…4i+3 of Δ; base OT p = 4i+j carries level j+1 with
 *          choice 1 ⊕ Δ_p, so level 1 is the base-OT keys themselves.
 * Order    COT receiver → c_{i,j,b} 3072 ‖ t̂_i 1024 ‖ h 32, once per session.
 * Gives    after acceptance all punctures that are still possible share one vector of leaves; a
 *          cheating builder guesses bits of α and is caught with probability 1-2^-bits.
 * Cost     960 expansions at either side.   Trust  AES as a PRG, BLAKE2b as a random oracle.
 */
#ifndef TCT_OT_PPRF_H
#define TCT_OT_PPRF_H

#include "crypto/block.h"

enum {
    TCT_TREES = 32,
    TCT_TREE_DEPTH = 4,
    TCT_LEAVES = 1 << TCT_TREE_DEPTH,
    TCT_PPRF_CORR_BYTES = TCT_TREES * (TCT_TREE_DEPTH - 1) * 2 * TCT_BLOCK_BYTES,
    TCT_PPRF_SUMS_BYTES = TCT_TREES * TCT_HASH_BYTES,
    TCT_PPRF_BYTES = TCT_PPRF_CORR_BYTES + TCT_PPRF_SUMS_BYTES + TCT_HASH_BYTES,
};

/* All leaves: leaf[i][y] = r_{i,y}. */
typedef struct {
    tct_block leaf[TCT_TREES][TCT_LEAVES];
} tct_pprf_full;

/* All leaves but one, stored by distance from the puncture: leaf[i][δ] = r_{i, δ ⊕ α_i}, and
 * leaf[i][0] is zero.  In this order nobody who uses them needs to know α. */
typedef struct {
    tct_block leaf[TCT_TREES][TCT_LEAVES];
} tct_pprf_punctured;

/* keys: secret, both base-OT keys per instance.  role: own session role (that of the COT
 * receiver). */
void tct_pprf_build(tct_pprf_full *full, uint8_t message[TCT_PPRF_BYTES],
                    const tct_block keys[128][2], const uint8_t sid[32], int role);

/* keys: secret, the chosen base-OT keys.  message: peer.  role: session role of the builder.
 * Returns the mask "does not fit"; `punctured` is then not to be used. */
tct_mask tct_pprf_open(tct_pprf_punctured *punctured, const uint8_t message[TCT_PPRF_BYTES],
                       const tct_block keys[128], tct_delta delta, const uint8_t sid[32],
                       int role);

#endif
