/* SPDX-License-Identifier: ISC
 *
 * Buckets: from β·n leaky triples to n that do not leak, and from those to σ of every AND (F5).
 *
 * Source   [WRK17] Π_aAND, [KRRW18, §5] combining; protocol.md 4.2 to 4.4.
 * Differs  layers are shifted by public random amounts instead of being permuted, and the bucket
 *          size is exact for small n; protocol.md 4.3 has the argument.
 * Shapes   bucket i < n takes triple k·n + (i + r_k mod n) of every layer k, so each layer is read
 *          in order, once around.
 */
#include "garble/bucket_steps.h"
#include "ot/twist.h"

/* 16 bytes, little-endian, mod n, by 32-bit digits.  Public. */
static uint32_t reduce(const uint8_t bytes[16], uint32_t n)
{
    uint64_t rest = 0;
    for (int i = 12; i >= 0; i -= 4)
        rest = (rest << 32 | tct_load32(bytes + i)) % n;
    return (uint32_t)rest;
}

/* HASH(tag, sid, run, coin_X, coin_Y, th3).  Nothing that the last speaker may still choose enters:
 * th3 ends with F3, the coins were committed in F2 (4.2, 8.2). */
static void coin_seed(const tct_run *r, const char *tag, const uint8_t *const coins[2],
                      uint8_t seed[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_run_hash(&h, tag, r);
    tct_hash_field(&h, coins[TCT_ROLE_X], 32);
    tct_hash_field(&h, coins[TCT_ROLE_Y], 32);
    tct_hash_field(&h, r->th3, sizeof r->th3);
    tct_hash_final(&h, seed);
}

/* The public matrix E of the escrow: rows that join spread bits to outputs (6.4). */
static void draw_spread(tct_run *r, const uint8_t *const coins[2])
{
    uint32_t o = r->shape.outputs, bits = r->shape.spread;
    size_t row = tct_bits_bytes(bits);
    uint8_t seed[TCT_HASH_BYTES];
    if (o <= 4) { /* each output has 40 columns of its own */
        memset(r->spread_rows, 0, o * row);
        for (uint32_t i = 0; i < bits; i++)
            tct_bit_put(r->spread_rows + i / 40 * row, i, 1);
        return;
    }
    tct_xof x;
    coin_seed(r, "escE", coins, seed);
    tct_xof_init(&x, seed, sizeof seed, "E", 1);
    tct_xof_next(&x, r->spread_rows, o * row);
    tct_xof_wipe(&x);
}

void tct_draw_shifts(tct_run *r, const uint8_t *const coins[2])
{
    uint8_t seed[TCT_HASH_BYTES], number[16];
    tct_xof x;
    coin_seed(r, "bucket", coins, seed);
    tct_xof_init(&x, seed, sizeof seed, "shift", 5);
    for (uint32_t k = 0; k < r->shape.bucket; k++) {
        tct_xof_next(&x, number, sizeof number);
        r->shift[k] = k == 0 ? 0 : reduce(number, r->shape.ands);
    }
    tct_xof_wipe(&x);
    if (tct_shape_escrow(&r->shape))
        draw_spread(r, coins);
}

/* x = ⊕_k x_k into layer 0; opens e_k = y_0 ⊕ y_k, p = λ_a ⊕ x, q = λ_b ⊕ y with our MACs. */
static void open_gate(tct_run *r, size_t i, const tct_gate *g, tct_bit_writer *bits,
                      tct_block macs[TCT_BUCKET_MAX + 1])
{
    size_t y = r->shape.triples + i;
    uint32_t beta = r->shape.bucket;
    tct_block x = r->macs[i];
    uint64_t x_bit = tct_run_bit(r, i), y_bit = tct_run_bit(r, y);
    for (uint32_t k = 1; k < beta; k++) {
        size_t t = tct_bucket_member(r, i, k), yk = r->shape.triples + t;
        x = tct_block_xor(x, r->macs[t]);
        x_bit ^= tct_run_bit(r, t);
        tct_bit_write(bits, y_bit ^ tct_run_bit(r, yk));
        macs[k - 1] = tct_block_xor(r->macs[y], r->macs[yk]);
    }
    r->macs[i] = x;
    tct_bit_assign((uint8_t *)r->choice, i, x_bit);
    tct_bit_write(bits, r->mask_bits[g->a] ^ x_bit);
    macs[beta - 1] = tct_block_xor(r->wires[g->a].mac, x);
    tct_bit_write(bits, r->mask_bits[g->b] ^ y_bit);
    macs[beta] = tct_block_xor(r->wires[g->b].mac, r->macs[y]);
    TCT_TWIST(r->role, TCT_TWIST_OPEN_MACS, i, macs, beta + 1);
}

/* HASH("comL", sid, role, run, Ldig, nonce): role stops copying (4.1). */
static void sum_commitment(const tct_run *r, int role, const uint8_t digest[TCT_HASH_BYTES],
                           const uint8_t nonce[32], uint8_t out[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_run_hash_role(&h, "comL", r, role);
    tct_hash_field(&h, digest, TCT_HASH_BYTES);
    tct_hash_field(&h, nonce, 32);
    tct_hash_final(&h, out);
}

/* The opened bits and the digest of their MACs, gate by gate. */
static void open_gates(tct_run *r, uint8_t *body)
{
    uint32_t n = r->shape.ands, beta = r->shape.bucket;
    size_t bytes = (size_t)tct_shape_open_bytes(&r->shape);
    tct_block macs[TCT_BUCKET_MAX + 1];
    tct_bit_writer bits = {.out = body};
    const tct_gate *gate = r->circuit->gates;
    tct_hash h;
    tct_run_hash_role(&h, "open", r, r->role);
    tct_hash_field_open(&h, 16 * (uint64_t)n * (beta + 1));
    for (size_t i = 0; i < n; i++, gate++) {
        gate = tct_next_and(gate);
        open_gate(r, i, gate, &bits, macs);
        tct_hash_feed(&h, macs, (beta + 1) * sizeof *macs);
    }
    if (bits.filled != 0)
        *bits.out = (uint8_t)bits.word;
    TCT_TWIST(r->role, TCT_TWIST_OPEN_BITS, 0, body, bytes);
    tct_hash_final(&h, body + bytes);
    tct_wipe(macs, sizeof macs);
}

void tct_f5_make(tct_run *r)
{
    size_t bytes = (size_t)tct_shape_open_bytes(&r->shape);
    if (tct_shape_stream(&r->shape)) {
        tct_late_make(r, r->body);
    } else {
        tct_wire_masks(r);
        if (tct_shape_bulk(&r->shape))
            tct_columns_make(r, r->body);
        else
            open_gates(r, r->body);
    }
    sum_commitment(r, r->role, r->sum_digest, r->nonce, r->body + bytes + 32);
}

/* The peer's MACs as they must be: our keys ⊕ its bits·Δ.  Adds up the keys of x on the way. */
static void expect_gate(tct_run *r, size_t i, const tct_gate *g, const uint8_t *peer_bits,
                        tct_block macs[TCT_BUCKET_MAX + 1])
{
    size_t y = r->shape.triples + i;
    uint32_t beta = r->shape.bucket;
    size_t first = i * (beta + 1);
    tct_block x = r->keys[i];
    for (uint32_t k = 1; k < beta; k++) {
        size_t t = tct_bucket_member(r, i, k);
        x = tct_block_xor(x, r->keys[t]);
        macs[k - 1] = tct_block_xor(r->keys[y], r->keys[r->shape.triples + t]);
    }
    r->keys[i] = x;
    macs[beta - 1] = tct_block_xor(r->wires[g->a].key, x);
    macs[beta] = tct_block_xor(r->wires[g->b].key, r->keys[y]);
    for (uint32_t k = 0; k <= beta; k++)
        macs[k] = tct_block_xor(
            macs[k], tct_delta_if(tct_bit_get(peer_bits, first + k), r->engine->delta));
}

/* [Beaver] z = z_0 ⊕ ⊕(z_k ⊕ e_k·x_k), then σ = z ⊕ p·y ⊕ q·x ⊕ p·q, left in the place of z_0. */
static void finish_gate(tct_run *r, size_t i, const uint8_t *peer_bits)
{
    size_t triples = r->shape.triples, at = 2 * triples + i;
    uint32_t beta = r->shape.bucket;
    size_t first = i * (beta + 1);
    tct_triple_share sigma = tct_share_at(r, at), part;
    for (uint32_t k = 1; k < beta; k++) {
        size_t t = tct_bucket_member(r, i, k), b = first + k - 1;
        uint64_t e = tct_bit_get(r->body, b) ^ tct_bit_get(peer_bits, b);
        part = tct_share_at(r, 2 * triples + t);
        tct_share_add_if(&sigma, 1, &part);
        part = tct_share_at(r, t);
        tct_share_add_if(&sigma, e, &part);
    }
    uint64_t p =
        tct_bit_get(r->body, first + beta - 1) ^ tct_bit_get(peer_bits, first + beta - 1);
    uint64_t q = tct_bit_get(r->body, first + beta) ^ tct_bit_get(peer_bits, first + beta);
    part = tct_share_at(r, triples + i);
    tct_share_add_if(&sigma, p, &part);
    part = tct_share_at(r, i);
    tct_share_add_if(&sigma, q, &part);
    if (r->role == TCT_ROLE_X) /* a public bit: X flips its bit, Y shifts its key */
        sigma.bit ^= p & q;
    else
        sigma.key = tct_block_xor(sigma.key, tct_delta_if(p & q, r->engine->delta));
    tct_share_put(r, at, &sigma);
}

/* The mask "the MACs of the peer's opened bits do not fit", gate by gate. */
static tct_mask check_gates(tct_run *r, const uint8_t *body)
{
    uint32_t n = r->shape.ands, beta = r->shape.bucket;
    tct_block macs[TCT_BUCKET_MAX + 1];
    uint8_t digest[TCT_HASH_BYTES];
    const tct_gate *gate = r->circuit->gates;
    tct_hash h;
    tct_run_hash_role(&h, "open", r, tct_run_peer(r));
    tct_hash_field_open(&h, 16 * (uint64_t)n * (beta + 1));
    for (size_t i = 0; i < n; i++, gate++) {
        gate = tct_next_and(gate);
        expect_gate(r, i, gate, body, macs);
        tct_hash_feed(&h, macs, (beta + 1) * sizeof *macs);
    }
    tct_hash_final(&h, digest);
    tct_wipe(macs, sizeof macs);
    return tct_differ(digest, body + tct_shape_open_bytes(&r->shape), sizeof digest);
}

static bool padded(const tct_run *r, const uint8_t *body)
{
    size_t n = r->shape.ands, columns = r->shape.bucket + 1;
    if (tct_shape_stream(&r->shape))
        return n == 0 || tct_bits_padded(body, n * (columns - 2));
    return tct_shape_bulk(&r->shape) ? tct_columns_padded(r, body)
                                     : tct_bits_padded(body, n * columns);
}

tct_err tct_f5_take(tct_run *r, const uint8_t *body)
{
    uint32_t n = r->shape.ands;
    bool bulk = tct_shape_bulk(&r->shape), late = tct_shape_stream(&r->shape);
    size_t bytes = (size_t)tct_shape_open_bytes(&r->shape);
    if (!padded(r, body))
        return TCT_ERR_FORMAT;
    /* No input has been used, and in stream mode nothing is opened that one went into: whether it fits
     * says nothing about anyone. */
    if (tct_run_caught(r, late   ? tct_late_check(r, body)
                          : bulk ? tct_columns_check(r, body)
                                 : check_gates(r, body)))
        return TCT_ERR_CHEAT;
    memcpy(r->peer_sum_commit, body + bytes + 32, TCT_HASH_BYTES);
    if (late) {
        tct_late_join(r, body);
        return TCT_OK;
    }
    if (bulk)
        tct_columns_finish(r, body);
    for (size_t i = 0; i < n && !bulk; i++)
        finish_gate(r, i, body);
    /* x and y have done their work; from here their place belongs to labels and gates. */
    if (!bulk) { /* large ones are wiped once, at the end: most of it is written over now */
        tct_wipe(r->macs, 32 * (size_t)r->shape.triples);
        tct_wipe(r->keys, 32 * (size_t)r->shape.triples);
    }
    return TCT_OK;
}

/* F6, first half: opening of L, for both. */
tct_err tct_sum_check(tct_run *r, const uint8_t *body)
{
    uint8_t commitment[TCT_HASH_BYTES];
    sum_commitment(r, tct_run_peer(r), body, body + TCT_HASH_BYTES, commitment);
    tct_mask bad = tct_differ(commitment, r->peer_sum_commit, sizeof commitment);
    bad = tct_mask_or(bad, tct_differ(body, r->sum_digest, sizeof r->sum_digest));
    return tct_run_caught(r, bad) ? TCT_ERR_CHEAT : TCT_OK;
}
