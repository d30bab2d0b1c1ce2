/* SPDX-License-Identifier: ISC */
#include "crypto/tree.h"

#include <stdatomic.h>

#include "base/vector.h"
#include "crypto/tree_backends.h"

/* The portable lanes: two leaves in 128 bits. */
static inline void load_message(tct_v128 m[16], const uint8_t *data)
{
    for (size_t i = 0; i < 16; i++)
        m[i] = (tct_v128){tct_load64(data + 8 * i),
                          tct_load64(data + TCT_TREE_LEAF_BYTES + 8 * i)};
}

#define LANES_VECTOR       tct_v128
#define LANES              2
#define LANES_INLINE       TCT_INLINE
#define LANES_ROTATE(v, n) ((v) >> (n) | (v) << (64 - (n)))
#define LANES_LOAD         load_message
#include "crypto/tree_lanes.h"

static void portable_leaves(const uint8_t *data, uint64_t first, uint8_t *digests)
{
    hash_leaves(data, first, digests);
}

static bool always(void)
{
    return true;
}

const tct_tree_backend tct_tree_portable = {
    .name = "portable",
    .usable = always,
    .lanes = LANES,
    .leaves = portable_leaves,
};

const tct_tree_backend *const tct_tree_backends[] = {
#if defined(__x86_64__) && !defined(TCT_CHECK_CONSTANT_TIME)
    &tct_tree_avx512,
    &tct_tree_avx2,
#endif
    &tct_tree_portable, /* the only one under the constant-time tests */
    NULL,
};

/* ------------------------------------------------------- one node, for roots and for rests --- */

static void node_init(tct_blake2b_node *n, uint64_t offset, unsigned depth)
{
    static const uint64_t iv[8] = TCT_BLAKE2B_IV;
    uint64_t words[3];
    tct_tree_parameters(words, offset, depth);
    memset(n, 0, sizeof *n);
    memcpy(n->h, iv, sizeof iv);
    for (int i = 0; i < 3; i++)
        n->h[i] ^= words[i];
}

/* The block that stands in n->block; final and last as in the template.  One lane stays empty. */
static void node_compress(tct_blake2b_node *n, uint64_t final, uint64_t last)
{
    tct_v128 h[8], m[16];
    for (size_t i = 0; i < 16; i++)
        m[i] = (tct_v128){tct_load64(n->block + 8 * i), 0};
    for (int i = 0; i < 8; i++)
        h[i] = (tct_v128){n->h[i], 0};
    n->count += n->filled;
    compress(h, m, n->count, final, last);
    for (int i = 0; i < 8; i++)
        n->h[i] = h[i][0];
    n->filled = 0;
}

static void node_feed(tct_blake2b_node *n, const uint8_t *data, size_t bytes)
{
    while (bytes != 0) {
        if (n->filled ==
            TCT_BLAKE2B_BLOCK) /* only when more follows: the last one is special */
            node_compress(n, 0, 0);
        size_t room = TCT_BLAKE2B_BLOCK - n->filled, some = bytes < room ? bytes : room;
        memcpy(n->block + n->filled, data, some);
        n->filled += some;
        data += some;
        bytes -= some;
    }
}

static void node_final(tct_blake2b_node *n, bool last, uint8_t out[TCT_HASH_BYTES])
{
    const uint64_t ones = ~(uint64_t)0;
    memset(n->block + n->filled, 0, TCT_BLAKE2B_BLOCK - n->filled);
    node_compress(n, ones, last ? ones : 0);
    for (size_t i = 0; i < 4; i++)
        tct_store64(out + 8 * i, n->h[i]);
    tct_wipe(n, sizeof *n);
}

static void hash_leaf(const uint8_t *data, size_t bytes, uint64_t number, bool last,
                      uint8_t digest[TCT_HASH_BYTES])
{
    tct_blake2b_node leaf;
    node_init(&leaf, number, 0);
    node_feed(&leaf, data, bytes);
    node_final(&leaf, last, digest);
}

/* ------------------------------------------------------------------------------ the choice --- */

/* Two threads may choose at once: both come to the same result. */
static _Atomic(const tct_tree_backend *) chosen;

bool tct_tree_self_test(const tct_tree_backend *backend)
{
    enum { BYTES = TCT_TREE_LANES_MAX * TCT_TREE_LEAF_BYTES };
    uint8_t data[BYTES], got[TCT_TREE_LANES_MAX * TCT_HASH_BYTES];
    uint8_t want[TCT_HASH_BYTES];
    unsigned differ = 0;
    TCT_ASSERT(backend->lanes <= TCT_TREE_LANES_MAX);
    for (uint32_t i = 0; i < BYTES; i++)
        data[i] = (uint8_t)(i * 2654435761u >> 24);
    backend->leaves(data, 5, got);
    for (size_t lane = 0; lane < backend->lanes; lane++) {
        hash_leaf(data + lane * TCT_TREE_LEAF_BYTES, TCT_TREE_LEAF_BYTES, 5 + lane, false,
                  want);
        for (size_t i = 0; i < sizeof want; i++)
            differ |= (unsigned)got[TCT_HASH_BYTES * lane + i] ^ want[i];
    }
    return differ == 0;
}

void tct_tree_choose(const tct_tree_backend *backend)
{
    atomic_store_explicit(&chosen, backend, memory_order_release);
}

static const tct_tree_backend *backend_in_use(void)
{
    const tct_tree_backend *backend = atomic_load_explicit(&chosen, memory_order_acquire);
    if (backend != NULL)
        return backend;
    const tct_tree_backend *const *at = tct_tree_backends;
    while (*at != NULL && !((*at)->usable() && tct_tree_self_test(*at)))
        at++;
    TCT_ASSERT(*at != NULL); /* the compiler broke even the portable one: go no further */
    atomic_store_explicit(&chosen, *at, memory_order_release);
    return *at;
}

/* ------------------------------------------------------------------------------- the tree --- */

void tct_tree_init(tct_tree *t)
{
    node_init(&t->root, 0, 1);
    t->leaves = 0;
}

void tct_tree_feed(tct_tree *t, const void *data, size_t bytes)
{
    const tct_tree_backend *backend = backend_in_use();
    const uint8_t *at = data;
    uint8_t digests[TCT_TREE_LANES_MAX * TCT_HASH_BYTES];
    size_t leaves = bytes / TCT_TREE_LEAF_BYTES;
    TCT_ASSERT(bytes % TCT_TREE_LEAF_BYTES == 0);
    while (leaves != 0) {
        size_t some = leaves >= backend->lanes ? backend->lanes : 1;
        if (some > 1)
            backend->leaves(at, t->leaves, digests);
        else
            hash_leaf(at, TCT_TREE_LEAF_BYTES, t->leaves, false, digests);
        node_feed(&t->root, digests, some * TCT_HASH_BYTES);
        at += some * TCT_TREE_LEAF_BYTES;
        t->leaves += some;
        leaves -= some;
    }
}

void tct_tree_final(tct_tree *t, const void *data, size_t bytes, uint8_t out[TCT_HASH_BYTES])
{
    uint8_t digest[TCT_HASH_BYTES];
    size_t before = bytes == 0 ? 0 : (bytes - 1) / TCT_TREE_LEAF_BYTES * TCT_TREE_LEAF_BYTES;
    TCT_ASSERT(bytes != 0 || t->leaves == 0);
    tct_tree_feed(t, data, before);
    hash_leaf((const uint8_t *)data + before, bytes - before, t->leaves, true, digest);
    node_feed(&t->root, digest, sizeof digest);
    node_final(&t->root, true, out);
    tct_wipe(t, sizeof *t);
}

void tct_tree_hash(const void *data, size_t bytes, uint8_t out[TCT_HASH_BYTES])
{
    tct_tree t;
    tct_tree_init(&t);
    tct_tree_final(&t, data, bytes, out);
}
