/* SPDX-License-Identifier: ISC */
#include "ot/pprf.h"

#include "crypto/hash.h"
#include "ot/twist.h"

typedef struct {
    uint8_t bytes[TCT_HASH_BYTES];
} check; /* chk_{i,y} */

/* Level j+1 from level j, in place: node v has the children v and v + 2^j. */
static void grow(tct_block nodes[TCT_LEAVES_MAX], unsigned level)
{
    size_t half = (size_t)1 << level;
    for (size_t v = 0; v < half; v++) {
        tct_xof x;
        uint8_t children[2 * TCT_BLOCK_BYTES];
        tct_xof_init(&x, &nodes[v], TCT_BLOCK_BYTES, "ggm", 3);
        tct_xof_next(&x, children, sizeof children);
        nodes[v] = tct_block_load(children);
        nodes[v + half] = tct_block_load(children + TCT_BLOCK_BYTES);
        tct_xof_wipe(&x);
        tct_wipe(children, sizeof children);
    }
}

/* XOF(s_y, "leaf", 48) = r_y ‖ chk_y for all leaves. */
static void finish_leaves(const tct_block nodes[TCT_LEAVES_MAX], size_t leaves, tct_block *leaf,
                          check checks[TCT_LEAVES_MAX])
{
    for (size_t y = 0; y < leaves; y++) {
        tct_xof x;
        uint8_t both[TCT_BLOCK_BYTES + TCT_HASH_BYTES];
        tct_xof_init(&x, &nodes[y], TCT_BLOCK_BYTES, "leaf", 4);
        tct_xof_next(&x, both, sizeof both);
        leaf[y] = tct_block_load(both);
        memcpy(checks[y].bytes, both + TCT_BLOCK_BYTES, TCT_HASH_BYTES);
        tct_xof_wipe(&x);
        tct_wipe(both, sizeof both);
    }
}

/* sums[b] = XOR of the nodes of level `level` whose newest bit is b. */
static void sum_sides(const tct_block nodes[TCT_LEAVES_MAX], unsigned level, tct_block sums[2])
{
    size_t half = (size_t)1 << (level - 1);
    sums[0] = sums[1] = (tct_block){0, 0};
    for (size_t v = 0; v < half; v++) {
        sums[0] = tct_block_xor(sums[0], nodes[v]);
        sums[1] = tct_block_xor(sums[1], nodes[v + half]);
    }
}

/* Where c_{i,j,b} of tree `tree` stands in the message, in blocks; level from 2. */
static size_t correction_index(unsigned depth, size_t tree, unsigned level, unsigned side)
{
    return (tree * (depth - 1) + level - 2) * 2 + side;
}

static void hash_begin(tct_hash *h, const uint8_t sid[32], int role, unsigned depth)
{
    tct_hash_init(h, "pprf");
    tct_hash_field(h, sid, 32);
    tct_hash_u8(h, (uint8_t)role);
    tct_hash_field_open(h, (uint64_t)tct_pprf_leaves(depth) * TCT_HASH_BYTES);
}

static void xor_check(uint8_t into[TCT_HASH_BYTES], const check *c)
{
    for (size_t i = 0; i < TCT_HASH_BYTES; i++)
        into[i] ^= c->bytes[i];
}

void tct_pprf_build(const tct_pprf *full, uint8_t message[TCT_PPRF_BYTES],
                    const tct_block keys[128][2], const uint8_t sid[32], int role)
{
    unsigned depth = full->depth;
    size_t leaves = tct_leaves(depth);
    uint8_t *sums = message + tct_pprf_corr_bytes(depth);
    tct_block nodes[TCT_LEAVES_MAX], side[2];
    check checks[TCT_LEAVES_MAX];
    tct_hash h;
    hash_begin(&h, sid, role, depth);
    memset(sums, 0, tct_pprf_sums_bytes(depth));
    for (size_t i = 0; i < tct_trees(depth); i++) {
        nodes[0] = keys[depth * i][0];
        nodes[1] = keys[depth * i][1];
        for (unsigned level = 2; level <= depth; level++) {
            grow(nodes, level - 1);
            sum_sides(nodes, level, side);
            for (unsigned b = 0; b < 2; b++) /* c = σ ⊕ K: the peer can undo one of the two */
                tct_block_store(message + 16 * correction_index(depth, i, level, b),
                                tct_block_xor(side[b], keys[depth * i + level - 1][b]));
        }
        finish_leaves(nodes, leaves, tct_pprf_tree(full, i), checks);
        for (size_t y = 0; y < leaves; y++)
            xor_check(sums + TCT_HASH_BYTES * i, &checks[y]);
        tct_hash_feed(&h, checks, leaves * sizeof *checks);
    }
    tct_hash_final(&h, sums + tct_pprf_sums_bytes(depth));
    TCT_TWIST(role, TCT_TWIST_PPRF_CORR, 0, message, tct_pprf_corr_bytes(depth) / 16);
    TCT_TWIST(role, TCT_TWIST_PPRF_SUMS, 0, sums, tct_pprf_sums_bytes(depth));
    TCT_PUBLIC(message, TCT_PPRF_BYTES); /* all of it goes to the peer */
    tct_wipe(nodes, sizeof nodes);
    tct_wipe(side, sizeof side);
    tct_wipe(checks, sizeof checks);
}

/* One level of a punctured tree.  The parent on the path is unknown, so both its children are; the
 * one off the path comes out of the correction.  Every node is touched the same way.
 * path: α mod 2^(level-1).  side: the bit of α at this level.  Both secret. */
static void grow_punctured(tct_block nodes[TCT_LEAVES_MAX], unsigned level, uint64_t path,
                           uint64_t side, const uint8_t *corrections, tct_block key)
{
    size_t half = (size_t)1 << (level - 1);
    tct_block sums[2], missing;
    tct_mask missing_is_high = tct_mask_not(tct_mask_of_bit(side));
    grow(nodes, level - 1);
    for (size_t v = 0; v < half; v++) {
        tct_mask known = tct_mask_not(tct_mask_equal(v, path));
        nodes[v] = tct_block_if(known, nodes[v]);
        nodes[v + half] = tct_block_if(known, nodes[v + half]);
    }
    sum_sides(nodes, level, sums);
    sums[0] = tct_block_xor(sums[0], tct_block_load(corrections));
    sums[1] = tct_block_xor(sums[1], tct_block_load(corrections + TCT_BLOCK_BYTES));
    missing = tct_block_xor(tct_block_if(missing_is_high, sums[1]),
                            tct_block_if(tct_mask_not(missing_is_high), sums[0]));
    missing = tct_block_xor(missing, key);
    for (size_t v = 0; v < half; v++) {
        tct_mask here = tct_mask_equal(v, path);
        tct_mask high = tct_mask_and(here, missing_is_high);
        tct_mask low = tct_mask_and(here, tct_mask_not(missing_is_high));
        nodes[v] = tct_block_xor(nodes[v], tct_block_if(low, missing));
        nodes[v + half] = tct_block_xor(nodes[v + half], tct_block_if(high, missing));
    }
    tct_wipe(sums, sizeof sums);
    tct_wipe(&missing, sizeof missing);
}

/* out[δ] = leaf[δ ⊕ α]: a layer of swaps for each bit of α. */
static void order_by_distance(tct_block *leaf, unsigned depth, uint64_t alpha)
{
    for (unsigned b = 0; b < depth; b++) {
        uint64_t bit = (alpha >> b) & 1;
        for (size_t y = 0; y < tct_leaves(depth); y++) {
            size_t z = y | (size_t)1 << b;
            if (z == y)
                continue;
            tct_block swap =
                tct_block_if(tct_mask_of_bit(bit), tct_block_xor(leaf[y], leaf[z]));
            leaf[y] = tct_block_xor(leaf[y], swap);
            leaf[z] = tct_block_xor(leaf[z], swap);
        }
    }
}

/* chk_α = t̂ ⊕ all others, put in its place; and r_α, which is not known, becomes zero. */
static void complete_leaves(tct_block *leaf, size_t leaves, check checks[TCT_LEAVES_MAX],
                            uint64_t alpha, const uint8_t sum[TCT_HASH_BYTES])
{
    check missing;
    memcpy(missing.bytes, sum, TCT_HASH_BYTES);
    for (size_t y = 0; y < leaves; y++) {
        uint8_t keep = (uint8_t)~tct_mask_equal(y, alpha).bits;
        for (size_t i = 0; i < TCT_HASH_BYTES; i++) {
            checks[y].bytes[i] &= keep;
            missing.bytes[i] ^= checks[y].bytes[i];
        }
    }
    for (size_t y = 0; y < leaves; y++) {
        tct_mask here = tct_mask_equal(y, alpha);
        leaf[y] = tct_block_if(tct_mask_not(here), leaf[y]);
        for (size_t i = 0; i < TCT_HASH_BYTES; i++)
            checks[y].bytes[i] |= missing.bytes[i] & (uint8_t)here.bits;
    }
    tct_wipe(&missing, sizeof missing);
}

/* Bits ki…ki+k-1 of Δ; i is public, and k divides 64. */
static uint64_t puncture(tct_delta delta, unsigned depth, size_t tree)
{
    size_t at = depth * tree;
    uint64_t word = at < 64 ? delta.block.lo : delta.block.hi;
    return word >> at % 64 & (tct_leaves(depth) - 1);
}

tct_mask tct_pprf_open(const tct_pprf *punctured, const uint8_t message[TCT_PPRF_BYTES],
                       const tct_block keys[128], tct_delta delta, const uint8_t sid[32],
                       int role)
{
    unsigned depth = punctured->depth;
    size_t leaves = tct_leaves(depth);
    const uint8_t *sums = message + tct_pprf_corr_bytes(depth);
    tct_block nodes[TCT_LEAVES_MAX];
    check checks[TCT_LEAVES_MAX];
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash h;
    hash_begin(&h, sid, role, depth);
    for (size_t i = 0; i < tct_trees(depth); i++) {
        tct_block *leaf = tct_pprf_tree(punctured, i);
        uint64_t alpha = puncture(delta, depth, i);
        tct_mask low_missing = tct_mask_of_bit(alpha & 1); /* the sibling of the path */
        nodes[0] = tct_block_if(low_missing, keys[depth * i]);
        nodes[1] = tct_block_if(tct_mask_not(low_missing), keys[depth * i]);
        for (unsigned level = 2; level <= depth; level++)
            grow_punctured(nodes, level, alpha & ((1U << (level - 1)) - 1),
                           alpha >> (level - 1) & 1,
                           message + 16 * correction_index(depth, i, level, 0),
                           keys[depth * i + level - 1]);
        finish_leaves(nodes, leaves, leaf, checks);
        complete_leaves(leaf, leaves, checks, alpha, sums + TCT_HASH_BYTES * i);
        order_by_distance(leaf, depth, alpha);
        tct_hash_feed(&h, checks, leaves * sizeof *checks);
    }
    tct_hash_final(&h, digest);
    tct_mask bad = tct_differ(digest, sums + tct_pprf_sums_bytes(depth), sizeof digest);
    tct_wipe(nodes, sizeof nodes);
    tct_wipe(checks, sizeof checks);
    tct_wipe(digest, sizeof digest);
    return bad;
}
