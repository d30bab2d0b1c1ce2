/* SPDX-License-Identifier: ISC
 *
 * Leaky authenticated ANDs: F2's coin, F3 and F4.
 *
 * Source   [KRRW18, Fig. 5] half-gate leaky AND; protocol.md 4.1.  Leaky in x only: a cheater may
 *          guess bits of x and is caught by the equality of all L unless every guess is right.
 * Cost     three re-keyed hashes of one block each per triple and person; 16 bytes of G each way (8 in
 *          bulk mode).
 */
#include "crypto/tcr.h"
#include "crypto/tree.h"
#include "garble/run_state.h"
#include "ot/cot.h"
#include "ot/twist.h"

enum { BATCH = 64 };

static void coin_commitment(const tct_run *r, int role, const uint8_t coin[32],
                            uint8_t out[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_run_hash_role(&h, "coin", r, role);
    tct_hash_field(&h, coin, 32);
    tct_hash_final(&h, out);
}

static tct_cot_place place_of(tct_run *r, int receiver)
{
    return (tct_cot_place){.sid = r->engine->sid,
                           .salt = r->salt,
                           .run = r->number,
                           .receiver = receiver,
                           .tree = tct_shape_bulk(&r->shape) ? r->d_tree[receiver] : NULL};
}

void tct_f2_make(tct_run *r)
{
    tct_engine *e = r->engine;
    uint8_t *at = r->body;
    size_t bits = (size_t)tct_shape_cot_bits(&r->shape, r->role);
    tct_cot_place place = place_of(r, r->role);
    if (r->number == 0) {
        memcpy(at, e->pprf, TCT_PPRF_BYTES);
        place.pprf = at;
        at += TCT_PPRF_BYTES;
    }
    tct_cot_receive(&place, &e->full, bits, at, r->choice, r->macs);
    coin_commitment(r, r->role, r->coin, at + tct_cot_message_bytes(e->full.depth, bits));
}

/* Trees and extension give one bit of accept or not: neither check says anything by itself. */
tct_err tct_f2_take(tct_run *r, const uint8_t *body)
{
    tct_engine *e = r->engine;
    const uint8_t *at = body;
    int peer = tct_run_peer(r);
    size_t bits = (size_t)tct_shape_cot_bits(&r->shape, peer);
    tct_cot_place place = place_of(r, peer);
    tct_mask bad = {0};
    if (r->number == 0) {
        bad = tct_pprf_open(&e->punctured, at, e->chosen, e->delta, e->sid, peer);
        place.pprf = at;
        at += TCT_PPRF_BYTES;
    }
    bad = tct_mask_or(bad, tct_cot_send(&place, &e->punctured, e->delta, bits, at, r->keys));
    if (tct_run_caught(r, bad)) /* an abort is a failed guess about Δ, which dies with it */
        return TCT_ERR_CHEAT;
    memcpy(r->peer_coin_commit, at + tct_cot_message_bytes(e->full.depth, bits),
           TCT_HASH_BYTES);
    if (r->number == 0) {
        tct_wipe(e->chosen, sizeof e->chosen);
        e->stage = TCT_ENGINE_READY;
    }
    return TCT_OK;
}

/* G, S and L travel and are compared whole, or in bulk mode by their low half: 62 unknown bits of Δ
 * remain in it, far more than ρ (SECURITY-ARGUMENT.md, 3.6). */
static inline void put_sum(uint8_t *list, size_t t, tct_block v, size_t width)
{
    if (width == TCT_BLOCK_BYTES)
        tct_block_store(list + TCT_BLOCK_BYTES * t, v);
    else
        memcpy(list + 8 * t, &v.lo, 8);
}
static inline tct_block get_sum(const uint8_t *list, size_t t, size_t width)
{
    tct_block v = {0, 0};
    if (width == TCT_BLOCK_BYTES)
        return tct_block_load(list + TCT_BLOCK_BYTES * t);
    memcpy(&v.lo, list + 8 * t, 8);
    return v;
}

static uint8_t domain_of(int role)
{
    return role == TCT_ROLE_X ? TCT_DOM_LEAKY_X : TCT_DOM_LEAKY_Y;
}

/* Steps 1, 2 and the own part of 4: C = y·Δ ⊕ M[y] ⊕ K[y], G = h0 ⊕ h1 ⊕ C,
 * S = h0 ⊕ M[z] ⊕ K[z] ⊕ z·Δ ⊕ x·C (what the peer's G adds comes in F3). */
static void garble_triple(tct_run *r, size_t t, const tct_block pads[2], size_t width)
{
    size_t triples = r->shape.triples, y = triples + t, z = 2 * triples + t;
    tct_delta delta = r->engine->delta;
    tct_block c = tct_block_xor(r->macs[y], r->keys[y]);
    c = tct_block_xor(c, tct_delta_if(tct_run_bit(r, y), delta));
    put_sum(r->body, t, tct_block_xor(tct_block_xor(pads[0], pads[1]), c), width);
    tct_block s = tct_block_xor(pads[0], tct_block_xor(r->macs[z], r->keys[z]));
    s = tct_block_xor(s, tct_delta_if(tct_run_bit(r, z), delta));
    put_sum(r->sums, t, tct_block_xor_if(s, tct_run_bit(r, t), c), width);
}

void tct_f3_make(tct_run *r)
{
    tct_block in[2 * BATCH], pads[2 * BATCH], delta = r->engine->delta.block;
    uint64_t tweaks[BATCH];
    size_t triples = r->shape.triples, width = tct_shape_sum_bytes(&r->shape);
    for (size_t t = 0; t < triples; t += BATCH) {
        size_t some = triples - t < BATCH ? triples - t : BATCH;
        for (size_t i = 0; i < some; i++) {
            tweaks[i] = t + i;
            in[2 * i] = r->keys[t + i];
            in[2 * i + 1] = tct_block_xor(r->keys[t + i], delta);
        }
        tct_tcr(tct_run_salt(r), domain_of(r->role), tweaks, some, 2, in, pads);
        for (size_t i = 0; i < some; i++)
            garble_triple(r, t + i, pads + 2 * i, width);
    }
    TCT_TWIST(r->role, TCT_TWIST_LEAKY_G, 0, r->body, width * triples);
    tct_wipe(in, sizeof in);
    tct_wipe(pads, sizeof pads);
}

/* Step 3: E = H(M[x]) ⊕ x·G_peer, into S. */
void tct_f3_take(tct_run *r, const uint8_t *body)
{
    tct_block pads[BATCH];
    uint64_t tweaks[BATCH];
    size_t triples = r->shape.triples, width = tct_shape_sum_bytes(&r->shape);
    for (size_t t = 0; t < triples; t += BATCH) {
        size_t some = triples - t < BATCH ? triples - t : BATCH;
        for (size_t i = 0; i < some; i++)
            tweaks[i] = t + i;
        tct_tcr(tct_run_salt(r), domain_of(tct_run_peer(r)), tweaks, some, 1, r->macs + t,
                pads);
        for (size_t i = 0; i < some; i++) {
            tct_block g = get_sum(body, t + i, width);
            tct_block e = tct_block_xor_if(pads[i], tct_run_bit(r, t + i), g);
            put_sum(r->sums, t + i, tct_block_xor(get_sum(r->sums, t + i, width), e), width);
        }
    }
    tct_wipe(pads, sizeof pads);
}

/* Step 5: the bits s, 64 at a time, and the opened coin. */
void tct_f4_make(tct_run *r)
{
    size_t triples = r->shape.triples, bytes = tct_bits_bytes(triples);
    size_t width = tct_shape_sum_bytes(&r->shape);
    for (size_t t = 0; t < triples; t += 8) {
        unsigned byte = 0;
        for (size_t i = 0; i < 8 && t + i < triples; i++)
            byte |= (unsigned)(r->sums[width * (t + i)] & 1) << i;
        r->body[t / 8] = (uint8_t)byte;
    }
    memcpy(r->body + bytes, r->coin, sizeof r->coin);
    TCT_PUBLIC(r->coin,
               sizeof r->coin); /* opened herewith; the shifts follow from both coins */
    TCT_TWIST(r->role, TCT_TWIST_LEAKY_S, 0, r->body, bytes);
}

/* Step 6: L_t = S_t ⊕ d_t·Δ, where d = s ⊕ s_peer, in the place of S_t; and Ldig over all of them. */
static void sum_digest(tct_run *r, const uint8_t *peer_bits)
{
    size_t triples = r->shape.triples, width = tct_shape_sum_bytes(&r->shape);
    uint8_t tree[TCT_HASH_BYTES];
    tct_hash h;
    for (size_t t = 0; t < triples; t++) {
        uint64_t d = tct_bit_get(r->body, t) ^ tct_bit_get(peer_bits, t);
        tct_block l = get_sum(r->sums, t, width);
        put_sum(r->sums, t, tct_block_xor(l, tct_delta_if(d, r->engine->delta)), width);
    }
    TCT_TWIST(r->role, TCT_TWIST_LEAKY_L, 0, r->sums, width * triples);
    tct_run_hash(&h, "L", r);
    if (tct_shape_bulk(&r->shape)) {
        tct_tree_hash(r->sums, width * triples, tree);
        tct_hash_field(&h, tree, sizeof tree);
    } else {
        tct_hash_field(&h, r->sums, width * triples);
    }
    tct_hash_final(&h, r->sum_digest);
}

/* [z] := [z] ⊕ d.  A public bit is added by X to its bit and by Y to its key (3.1). */
static void correct_triples(tct_run *r, const uint8_t *peer_bits)
{
    size_t triples = r->shape.triples, z = 2 * triples;
    uint8_t *choice = (uint8_t *)r->choice;
    for (size_t t = 0; t < triples; t++) {
        uint64_t d = tct_bit_get(r->body, t) ^ tct_bit_get(peer_bits, t);
        if (r->role == TCT_ROLE_X)
            choice[(z + t) / 8] ^= (uint8_t)(d << (z + t) % 8);
        else
            r->keys[z + t] = tct_block_xor(r->keys[z + t], tct_delta_if(d, r->engine->delta));
    }
}

tct_err tct_f4_take(tct_run *r, const uint8_t *body)
{
    size_t triples = r->shape.triples;
    const uint8_t *coin = body + tct_bits_bytes(triples);
    const uint8_t *const coins[2] = {r->role == TCT_ROLE_X ? r->coin : coin,
                                     r->role == TCT_ROLE_X ? coin : r->coin};
    uint8_t commitment[TCT_HASH_BYTES];
    if (!tct_bits_padded(body, triples))
        return TCT_ERR_FORMAT;
    coin_commitment(r, tct_run_peer(r), coin, commitment);
    if (tct_run_caught(r, tct_differ(commitment, r->peer_coin_commit, sizeof commitment)))
        return TCT_ERR_CHEAT; /* both values are public */
    sum_digest(r, body);
    correct_triples(r, body);
    tct_draw_shifts(r, coins);
    tct_wipe(r->coin, sizeof r->coin);
    tct_wipe(r->sums, tct_shape_sum_bytes(&r->shape) * triples);
    return TCT_OK;
}
