/* SPDX-License-Identifier: ISC
 *
 * tree.h — TREE: one digest of a long string, many lanes at a time.
 *
 * Source   [ANWW13, 2.10] BLAKE2b in its own tree mode: 32 bytes, fanout 0 (no limit), depth 2, leaves of
 *          8,192 bytes, inner digests of 32.  An empty string is one empty leaf.
 * Gives    the collision resistance of BLAKE2b-256; its parameter block keeps it apart from HASH.
 * Why      BLAKE2b is one chain, so a string of 100 MB takes 0.1 s whatever the machine has.  Leaves
 *          are independent: 2, 4 or 8 of them share the instructions of one.
 * Backends AVX-512 (8 leaves), AVX2 (4), compiler vectors (2, also wasm); each self-tested.
 */
#ifndef TCT_CRYPTO_TREE_H
#define TCT_CRYPTO_TREE_H

#include "crypto/block.h"

enum {
    TCT_TREE_LEAF_BYTES = 8192,
#if defined(__x86_64__)
    TCT_TREE_LANES_MAX = 8,
#else
    TCT_TREE_LANES_MAX = 2,
#endif
};

/* BLAKE2b over one node, block by block. */
typedef struct {
    uint64_t h[8];
    uint64_t count;
    uint8_t block[128];
    size_t filled;
} tct_blake2b_node;

/* A string that comes in pieces.  Every piece but the last is a whole number of leaves. */
typedef struct {
    tct_blake2b_node root;
    uint64_t leaves;
} tct_tree;

void tct_tree_init(tct_tree *t);
/* bytes: a multiple of TCT_TREE_LEAF_BYTES, and more must follow. */
void tct_tree_feed(tct_tree *t, const void *data, size_t bytes);
/* The last piece (1 byte or more, or the empty string as a whole), and the digest.  Wipes t. */
void tct_tree_final(tct_tree *t, const void *data, size_t bytes, uint8_t out[TCT_HASH_BYTES]);

/* The same in one go. */
void tct_tree_hash(const void *data, size_t bytes, uint8_t out[TCT_HASH_BYTES]);

typedef struct {
    const char *name;
    bool (*usable)(void); /* does this processor have it? */
    size_t lanes;
    /* Digests of `lanes` whole leaves that stand one after another, numbered from first; none of
     * them is the last one. */
    void (*leaves)(const uint8_t *data, uint64_t first, uint8_t *digests);
} tct_tree_backend;

/* The list ends with NULL; the portable one is last and always usable. */
extern const tct_tree_backend *const tct_tree_backends[];

/* For tests and benchmarks: use this backend from now on (NULL: choose again). */
void tct_tree_choose(const tct_tree_backend *backend);

/* True iff this backend agrees with BLAKE2b node by node. */
TCT_MUST_CHECK bool tct_tree_self_test(const tct_tree_backend *backend);

#endif
