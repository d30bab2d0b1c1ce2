/* SPDX-License-Identifier: ISC */
#include "ot/cot.h"

#include "crypto/gf128.h"
#include "crypto/hash.h"
#include "crypto/transpose.h"
#include "crypto/tree.h"
#include "ot/twist.h"

/* Planes are kept in tiles of up to 8 blocks: tile s holds blocks 8s…8s+7 of plane 0, then of
 * plane 1, and so on, in the very place where its rows will stand.  So the check reads runs of
 * 8 elements, and turning planes into rows needs 16 kB beside the rows themselves.
 * Cost: a tile is 128 planes * 8 blocks * 16 bytes = 16 kB, two of them fit a first-level cache. */
enum { TILE = 8, PIECE = 4 * TILE, PLANES = 128 };
_Static_assert(PIECE % (int)TCT_AES_FOLD == 0 && 1 << TCT_TREE_DEPTH == (int)TCT_AES_FOLD,
               "fold fits");

static size_t tile_width(size_t blocks, size_t tile)
{
    size_t left = blocks - tile * TILE;
    return left < TILE ? left : TILE;
}

/* Blocks of all planes of one tree. */
typedef tct_block tree_planes[TCT_TREE_DEPTH_MAX][PIECE];

/* The keystreams XOF(r, "ext" ‖ run, …) of all leaves of a group of trees, worked off side by side,
 * sixteen at a time: they share their counters, so these are made once for all.  A group is as many trees
 * as there is room for keys (45 kB), so that of every tile a good part is made while it is near. */
typedef struct {
    unsigned depth;
    tct_aes_key key[TCT_LEAVES_MAX];
    uint64_t next_block;
    tct_block counter[PIECE];
    tct_block leaf[TCT_AES_FOLD][PIECE];
} streams;

static size_t group_trees(unsigned depth)
{
    return TCT_LEAVES_MAX / tct_leaves(depth);
}

/* Of the group that begins with `tree`. */
static void open_streams(streams *s, const tct_pprf *trees, size_t tree, uint32_t run)
{
    const size_t leaves = tct_leaves(trees->depth);
    uint8_t tag[7] = {'e', 'x', 't'};
    tct_store32(tag + 3, run);
    for (size_t y = 0; y < TCT_LEAVES_MAX; y++) {
        tct_xof stream; /* only its key is used */
        const tct_block *leaf = tct_pprf_tree(trees, tree + y / leaves) + y % leaves;
        tct_xof_init(&stream, leaf, TCT_BLOCK_BYTES, tag, sizeof tag);
        s->key[y] = stream.key;
        tct_xof_wipe(&stream);
    }
    s->depth = trees->depth;
}

/* As fold_sixteen, for backends that do not do it in one go.  After v_0 neighbours are added, so that
 * v_1 sees half as many, and so on: 26 additions for 16 leaves. */
static void fold_by_parts(streams *s, const tct_aes_key *key, size_t first, size_t count,
                          tct_block u[PIECE], tct_block (*v)[PIECE])
{
    const tct_aes_backend *aes = tct_aes();
    for (size_t j = 0; j < count; j++)
        s->counter[j] = (tct_block){s->next_block + j, 0};
    if (first > 0)
        memset(s->leaf[0], 0, sizeof s->leaf[0]);
    for (size_t y = first; y < TCT_AES_FOLD; y++)
        aes->encrypt(&key[y], s->counter, s->leaf[y], count);
    for (size_t b = 0, half = TCT_AES_FOLD / 2; b < TCT_TREE_DEPTH; b++, half /= 2) {
        memcpy(v[b], s->leaf[1], count * TCT_BLOCK_BYTES);
        for (size_t h = 1; h < half; h++)
            for (size_t j = 0; j < count; j++)
                v[b][j] = tct_block_xor(v[b][j], s->leaf[2 * h + 1][j]);
        for (size_t h = 0; h < half; h++)
            for (size_t j = 0; j < count; j++)
                s->leaf[h][j] = tct_block_xor(s->leaf[2 * h][j], s->leaf[2 * h + 1][j]);
    }
    memcpy(u, s->leaf[0], count * TCT_BLOCK_BYTES);
}

/* The next `count` blocks of u = ⊕ of sixteen streams and of v_b = ⊕ of those with bit b of the leaf's
 * number set.  first: 1 leaves out leaf 0. */
static void fold_sixteen(streams *s, const tct_aes_key *key, size_t first, size_t count,
                         tct_block u[PIECE], tct_block (*v)[PIECE])
{
    const tct_aes_backend *aes = tct_aes();
    size_t whole = (count + TCT_AES_FOLD - 1) / TCT_AES_FOLD * TCT_AES_FOLD;
    if (aes->fold != NULL) /* what is beyond the count is dropped: there is room */
        aes->fold(key, first, s->next_block, whole, u, v[0], PIECE);
    else
        fold_by_parts(s, key, first, count, u, v);
}

static void add_blocks(tct_block *to, const tct_block *from, size_t count)
{
    for (size_t j = 0; j < count; j++)
        to[j] = tct_block_xor(to[j], from[j]);
}

/* The same over all leaves of a tree, number `tree` of the group.  The leaves of sixteen agree in the bits of their number from 4 on,
 * so their whole sum counts in v_b or not.  first: 1 leaves out leaf 0 (the one a COT sender lacks). */
static void fold_streams(streams *s, size_t tree, size_t first, size_t count,
                         tct_block u[PIECE], tree_planes v)
{
    tree_planes part;
    tct_block sum[PIECE];
    const tct_aes_key *key = s->key + tree * tct_leaves(s->depth);
    fold_sixteen(s, key, first, count, u, v);
    for (unsigned b = TCT_TREE_DEPTH; b < s->depth; b++)
        memset(v[b], 0, count * TCT_BLOCK_BYTES);
    for (size_t y = TCT_AES_FOLD; y < tct_leaves(s->depth); y += TCT_AES_FOLD) {
        fold_sixteen(s, key + y, 0, count, sum, part);
        add_blocks(u, sum, count);
        for (unsigned b = 0; b < TCT_TREE_DEPTH; b++)
            add_blocks(v[b], part[b], count);
        for (unsigned b = TCT_TREE_DEPTH; b < s->depth; b++)
            if (y >> b & 1)
                add_blocks(v[b], sum, count);
    }
    if (s->depth > TCT_TREE_DEPTH) {
        tct_wipe(part, sizeof part);
        tct_wipe(sum, sizeof sum);
    }
}

/* Puts blocks at…at+count-1 of the planes of a tree into their tiles. */
static void store_planes(tct_block *rows, size_t blocks, unsigned depth, size_t tree, size_t at,
                         size_t count, tree_planes v)
{
    for (size_t done = 0; done < count; done += TILE) {
        size_t tile = (at + done) / TILE, width = tile_width(blocks, tile);
        tct_block *to = rows + tile * TILE * PLANES + depth * tree * width;
        for (size_t b = 0; b < depth; b++) {
            if (width == TILE) /* a constant: copied in a few instructions */
                memcpy(to + b * TILE, v[b] + done, TILE * sizeof *to);
            else
                memcpy(to + b * width, v[b] + done, width * sizeof *to);
        }
    }
}

/* The planes of one tile into its rows, while the next one (or NULL) is on its way from memory. */
static void turn_tile(tct_block *tile, size_t width, const tct_block *next,
                      tct_block copy[PLANES * TILE])
{
    tct_block square[PLANES];
    memcpy(copy, tile, PLANES * width * sizeof *copy);
    for (size_t j = 0; j < width; j++) {
        for (size_t p = 0; p < PLANES; p++)
            square[p] = copy[p * width + j];
        for (size_t p = 0; p < PLANES && next != NULL; p += 4) /* a line of memory */
            __builtin_prefetch(next + j * PLANES + p);
        tct_transpose128(square, tile + j * PLANES);
    }
    tct_wipe(square, sizeof square);
}

/* [Roy22 §4] h_χ of every plane, and rows from planes, in one pass over memory. */
static void finish_planes(const tct_gf128_point *chi, tct_block *rows, size_t blocks,
                          tct_block hashes[PLANES])
{
    tct_block lanes[PLANES][TCT_GF128_LANES], copy[PLANES * TILE];
    size_t last = (blocks - 1) / TILE;
    memset(lanes, 0, sizeof lanes);
    for (size_t tile = 0; tile < last; tile++) {
        tct_block *planes = rows + tile * TILE * PLANES;
        for (size_t p = 0; p < PLANES; p++)
            tct_gf128_horner_lanes(chi, lanes[p], planes + p * TILE, TILE);
        turn_tile(planes, TILE, tile + 1 < last ? planes + TILE * PLANES : NULL, copy);
    }
    size_t width = tile_width(blocks, last); /* may be no multiple of the lanes */
    tct_block *planes = rows + last * TILE * PLANES;
    for (size_t p = 0; p < PLANES; p++) {
        hashes[p] = tct_gf128_lanes_sum(chi, lanes[p]);
        hashes[p] = tct_gf128_horner(chi, hashes[p], planes + p * width, width);
    }
    turn_tile(planes, width, NULL, copy);
    tct_wipe(lanes, sizeof lanes);
    tct_wipe(copy, sizeof copy);
}

/* χ of 2.4: a hash of everything that the receiver has said so far, but for x and vh. */
static void challenge(const tct_cot_place *place, unsigned depth, const uint8_t *d,
                      size_t d_bytes, tct_gf128_point *chi)
{
    tct_hash h;
    uint8_t digest[TCT_HASH_BYTES];
    if (place->tree != NULL) {
        tct_tree_hash(d, d_bytes, digest);
        memcpy(place->tree, digest, sizeof digest);
    } else {
        tct_hash_init(&h, "d");
        tct_hash_field(&h, d, d_bytes);
        tct_hash_final(&h, digest);
    }
    tct_hash_init(&h, "ss-chi");
    tct_hash_field(&h, place->sid, 32);
    tct_hash_u8(&h, (uint8_t)place->receiver);
    tct_hash_u32(&h, place->run);
    tct_hash_field(&h, place->salt, 32);
    tct_hash_field(&h, digest, sizeof digest);
    if (place->pprf != NULL) {
        const uint8_t *sums = place->pprf + tct_pprf_corr_bytes(depth);
        tct_hash_field(&h, place->pprf, tct_pprf_corr_bytes(depth));
        tct_hash_field(&h, sums, tct_pprf_sums_bytes(depth));
        tct_hash_field(&h, sums + tct_pprf_sums_bytes(depth), TCT_HASH_BYTES);
    }
    tct_hash_final(&h, digest);
    tct_gf128_point_init(chi, tct_block_load(digest));
}

/* vh = HASH("ss-v", sid, role, h_χ of all 128 planes). */
static void hash_values(const tct_cot_place *place, const tct_block values[PLANES],
                        uint8_t out[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_hash_init(&h, "ss-v");
    tct_hash_field(&h, place->sid, 32);
    tct_hash_u8(&h, (uint8_t)place->receiver);
    tct_hash_field(&h, values, PLANES * sizeof *values);
    tct_hash_final(&h, out);
}

/* d^i = u^0 ⊕ u^i into the message. */
static void store_difference(uint8_t *to, const tct_block *choice, const tct_block *u,
                             size_t count)
{
    for (size_t j = 0; j < count; j++)
        tct_block_store(to + TCT_BLOCK_BYTES * j, tct_block_xor(choice[j], u[j]));
}

/* The blocks from `at` on of u and of the planes of a group of trees. */
static void receive_piece(streams *s, size_t from, size_t at, size_t blocks, uint8_t *message,
                          tct_block *choice, tct_block *macs)
{
    const size_t count = blocks - at < PIECE ? blocks - at : PIECE;
    tct_block u[PIECE];
    tree_planes v;
    s->next_block = at;
    for (size_t i = 0; i < group_trees(s->depth); i++) {
        fold_streams(s, i, 0, count, u, v);
        store_planes(macs, blocks, s->depth, from + i, at, count, v);
        if (from + i == 0)
            memcpy(choice + at, u, count * sizeof *u);
        else
            store_difference(message + TCT_BLOCK_BYTES * ((from + i - 1) * blocks + at),
                             choice + at, u, count);
    }
    tct_wipe(u, sizeof u);
    tct_wipe(v, sizeof v);
}

void tct_cot_receive(const tct_cot_place *place, const tct_pprf *full, size_t bits,
                     uint8_t *message, tct_block *choice, tct_block *macs)
{
    size_t blocks = (size_t)tct_cot_blocks(bits);
    size_t d_bytes = (tct_trees(full->depth) - 1) * blocks * TCT_BLOCK_BYTES;
    tct_block hashes[PLANES];
    tct_gf128_point chi;
    streams s;
    for (size_t from = 0; from < tct_trees(full->depth); from += group_trees(full->depth)) {
        open_streams(&s, full, from, place->run);
        for (size_t at = 0; at < blocks; at += PIECE)
            receive_piece(&s, from, at, blocks, message, choice, macs);
    }
    TCT_TWIST(place->receiver, TCT_TWIST_EXT_D, 0, message, d_bytes);
    TCT_PUBLIC(message,
               d_bytes); /* goes out as it stands; χ hashes nothing but what goes out */
    challenge(place, full->depth, message, d_bytes, &chi);
    tct_block x = tct_gf128_horner(&chi, (tct_block){0, 0}, choice, blocks);
    tct_block_store(message + d_bytes, x);
    finish_planes(&chi, macs, blocks, hashes);
    TCT_TWIST(place->receiver, TCT_TWIST_EXT_V, 0, hashes, PLANES);
    hash_values(place, hashes, message + d_bytes + TCT_BLOCK_BYTES);
    TCT_TWIST(place->receiver, TCT_TWIST_EXT_X, 0, message + d_bytes, 48);
    tct_wipe(&s, sizeof s);
    tct_wipe(hashes, sizeof hashes);
}

/* v_b ⊕= d^i where bit b of α_i, which is bit ki+b of Δ, is set. */
static void add_difference(tree_planes v, const uint8_t *d, size_t count, tct_delta delta,
                           unsigned depth, size_t tree)
{
    for (unsigned b = 0; b < depth; b++) {
        tct_mask set = tct_mask_of_bit(tct_block_bit(delta.block, depth * (unsigned)tree + b));
        for (size_t j = 0; j < count; j++)
            v[b][j] = tct_block_xor(v[b][j],
                                    tct_block_if(set, tct_block_load(d + TCT_BLOCK_BYTES * j)));
    }
}

/* Is vh the hash of h_χ(w_p) ⊕ Δ_p·x?  Turns the planes into rows on the way. */
static tct_mask check_planes(const tct_cot_place *place, unsigned depth, const uint8_t *message,
                             tct_delta delta, tct_block *keys, size_t blocks)
{
    size_t d_bytes = (tct_trees(depth) - 1) * blocks * TCT_BLOCK_BYTES;
    tct_block hashes[PLANES], x = tct_block_load(message + d_bytes);
    tct_gf128_point chi;
    uint8_t expected[TCT_HASH_BYTES];
    challenge(place, depth, message, d_bytes, &chi);
    finish_planes(&chi, keys, blocks, hashes);
    for (unsigned p = 0; p < PLANES; p++)
        hashes[p] = tct_block_xor_if(hashes[p], tct_block_bit(delta.block, p), x);
    hash_values(place, hashes, expected);
    tct_mask bad = tct_differ(expected, message + d_bytes + TCT_BLOCK_BYTES, sizeof expected);
    tct_wipe(hashes, sizeof hashes);
    tct_wipe(expected, sizeof expected);
    return bad;
}

/* As receive_piece.  Leaves stand by distance δ = y ⊕ α, so w_b sums those with bit b of δ set. */
static void send_piece(streams *s, size_t from, size_t at, size_t blocks,
                       const uint8_t *message, tct_delta delta, tct_block *keys)
{
    const size_t count = blocks - at < PIECE ? blocks - at : PIECE;
    tct_block u[PIECE];
    tree_planes w;
    s->next_block = at;
    for (size_t i = 0; i < group_trees(s->depth); i++) {
        fold_streams(s, i, 1, count, u, w);
        if (from + i > 0)
            add_difference(w, message + TCT_BLOCK_BYTES * ((from + i - 1) * blocks + at), count,
                           delta, s->depth, from + i);
        store_planes(keys, blocks, s->depth, from + i, at, count, w);
    }
    tct_wipe(u, sizeof u);
    tct_wipe(w, sizeof w);
}

tct_mask tct_cot_send(const tct_cot_place *place, const tct_pprf *punctured, tct_delta delta,
                      size_t bits, const uint8_t *message, tct_block *keys)
{
    size_t blocks = (size_t)tct_cot_blocks(bits);
    unsigned depth = punctured->depth;
    streams s;
    for (size_t from = 0; from < tct_trees(depth); from += group_trees(depth)) {
        open_streams(&s, punctured, from, place->run);
        for (size_t at = 0; at < blocks; at += PIECE)
            send_piece(&s, from, at, blocks, message, delta, keys);
    }
    tct_mask bad = check_planes(place, depth, message, delta, keys, blocks);
    tct_wipe(&s, sizeof s);
    return bad;
}
