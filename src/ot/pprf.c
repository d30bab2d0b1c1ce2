/* SPDX-License-Identifier: ISC */
#include "ot/pprf.h"

#include "crypto/hash.h"
#include "ot/twist.h"

typedef struct {
    uint8_t bytes[TCT_HASH_BYTES];
} check; /* chk_{i,y} */

/* Level j+1 from level j, in place: node v has the children v and v + 2^j. */
static void grow(tct_block nodes[TCT_LEAVES], unsigned level)
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
static void finish_leaves(const tct_block nodes[TCT_LEAVES], tct_block leaf[TCT_LEAVES],
                          check checks[TCT_LEAVES])
{
    for (size_t y = 0; y < TCT_LEAVES; y++) {
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
static void sum_sides(const tct_block nodes[TCT_LEAVES], unsigned level, tct_block sums[2])
{
    size_t half = (size_t)1 << (level - 1);
    sums[0] = sums[1] = (tct_block){0, 0};
    for (size_t v = 0; v < half; v++) {
        sums[0] = tct_block_xor(sums[0], nodes[v]);
        sums[1] = tct_block_xor(sums[1], nodes[v + half]);
    }
}

/* Where c_{i,j,b} of tree `tree` stands in the message, in blocks; level from 2. */
static size_t correction_index(size_t tree, unsigned level, unsigned side)
{
    return (tree * (TCT_TREE_DEPTH - 1) + level - 2) * 2 + side;
}

static void hash_begin(tct_hash *h, const uint8_t sid[32], int role)
{
    tct_hash_init(h, "pprf");
    tct_hash_field(h, sid, 32);
    tct_hash_u8(h, (uint8_t)role);
    tct_hash_field_open(h, (uint64_t)TCT_TREES * TCT_LEAVES * TCT_HASH_BYTES);
}

static void xor_check(uint8_t into[TCT_HASH_BYTES], const check *c)
{
    for (size_t i = 0; i < TCT_HASH_BYTES; i++)
        into[i] ^= c->bytes[i];
}

void tct_pprf_build(tct_pprf_full *full, uint8_t message[TCT_PPRF_BYTES],
                    const tct_block keys[128][2], const uint8_t sid[32], int role)
{
    uint8_t *sums = message + TCT_PPRF_CORR_BYTES;
    tct_block nodes[TCT_LEAVES], side[2];
    check checks[TCT_LEAVES];
    tct_hash h;
    hash_begin(&h, sid, role);
    memset(sums, 0, TCT_PPRF_SUMS_BYTES);
    for (size_t i = 0; i < TCT_TREES; i++) {
        nodes[0] = keys[4 * i][0];
        nodes[1] = keys[4 * i][1];
        for (unsigned level = 2; level <= TCT_TREE_DEPTH; level++) {
            grow(nodes, level - 1);
            sum_sides(nodes, level, side);
            for (unsigned b = 0; b < 2; b++) /* c = σ ⊕ K: the peer can undo one of the two */
                tct_block_store(message + 16 * correction_index(i, level, b),
                                tct_block_xor(side[b], keys[4 * i + level - 1][b]));
        }
        finish_leaves(nodes, full->leaf[i], checks);
        for (size_t y = 0; y < TCT_LEAVES; y++)
            xor_check(sums + TCT_HASH_BYTES * i, &checks[y]);
        tct_hash_feed(&h, checks, sizeof checks);
    }
    tct_hash_final(&h, sums + TCT_PPRF_SUMS_BYTES);
    TCT_TWIST(role, TCT_TWIST_PPRF_CORR, 0, message, TCT_PPRF_CORR_BYTES / 16);
    TCT_TWIST(role, TCT_TWIST_PPRF_SUMS, 0, sums, TCT_PPRF_SUMS_BYTES);
    TCT_PUBLIC(message, TCT_PPRF_BYTES); /* all of it goes to the peer */
    tct_wipe(nodes, sizeof nodes);
    tct_wipe(side, sizeof side);
    tct_wipe(checks, sizeof checks);
}

/* One level of a punctured tree.  The parent on the path is unknown, so both its children are; the
 * one off the path comes out of the correction.  Every node is touched the same way.
 * path: α mod 2^(level-1).  side: the bit of α at this level.  Both secret. */
static void grow_punctured(tct_block nodes[TCT_LEAVES], unsigned level, uint64_t path,
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

/* out[δ] = leaf[δ ⊕ α]: four layers of swaps, one for each bit of α. */
static void order_by_distance(tct_block leaf[TCT_LEAVES], uint64_t alpha)
{
    for (unsigned b = 0; b < TCT_TREE_DEPTH; b++) {
        uint64_t bit = (alpha >> b) & 1;
        for (size_t y = 0; y < TCT_LEAVES; y++) {
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
static void complete_leaves(tct_block leaf[TCT_LEAVES], check checks[TCT_LEAVES],
                            uint64_t alpha, const uint8_t sum[TCT_HASH_BYTES])
{
    check missing;
    memcpy(missing.bytes, sum, TCT_HASH_BYTES);
    for (size_t y = 0; y < TCT_LEAVES; y++) {
        uint8_t keep = (uint8_t)~tct_mask_equal(y, alpha).bits;
        for (size_t i = 0; i < TCT_HASH_BYTES; i++) {
            checks[y].bytes[i] &= keep;
            missing.bytes[i] ^= checks[y].bytes[i];
        }
    }
    for (size_t y = 0; y < TCT_LEAVES; y++) {
        tct_mask here = tct_mask_equal(y, alpha);
        leaf[y] = tct_block_if(tct_mask_not(here), leaf[y]);
        for (size_t i = 0; i < TCT_HASH_BYTES; i++)
            checks[y].bytes[i] |= missing.bytes[i] & (uint8_t)here.bits;
    }
    tct_wipe(&missing, sizeof missing);
}

/* Bits 4i…4i+3 of Δ; i is public. */
static uint64_t puncture(tct_delta delta, size_t tree)
{
    uint64_t word = tree < 16 ? delta.block.lo : delta.block.hi;
    return (word >> (4 * (tree % 16))) & 15;
}

tct_mask tct_pprf_open(tct_pprf_punctured *punctured, const uint8_t message[TCT_PPRF_BYTES],
                       const tct_block keys[128], tct_delta delta, const uint8_t sid[32],
                       int role)
{
    const uint8_t *sums = message + TCT_PPRF_CORR_BYTES;
    tct_block nodes[TCT_LEAVES];
    check checks[TCT_LEAVES];
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash h;
    hash_begin(&h, sid, role);
    for (size_t i = 0; i < TCT_TREES; i++) {
        uint64_t alpha = puncture(delta, i);
        tct_mask low_missing = tct_mask_of_bit(alpha & 1); /* the sibling of the path */
        nodes[0] = tct_block_if(low_missing, keys[4 * i]);
        nodes[1] = tct_block_if(tct_mask_not(low_missing), keys[4 * i]);
        for (unsigned level = 2; level <= TCT_TREE_DEPTH; level++)
            grow_punctured(
                nodes, level, alpha & ((1U << (level - 1)) - 1), alpha >> (level - 1) & 1,
                message + 16 * correction_index(i, level, 0), keys[4 * i + level - 1]);
        finish_leaves(nodes, punctured->leaf[i], checks);
        complete_leaves(punctured->leaf[i], checks, alpha, sums + TCT_HASH_BYTES * i);
        order_by_distance(punctured->leaf[i], alpha);
        tct_hash_feed(&h, checks, sizeof checks);
    }
    tct_hash_final(&h, digest);
    tct_mask bad = tct_differ(digest, sums + TCT_PPRF_SUMS_BYTES, sizeof digest);
    tct_wipe(nodes, sizeof nodes);
    tct_wipe(checks, sizeof checks);
    tct_wipe(digest, sizeof digest);
    return bad;
}
