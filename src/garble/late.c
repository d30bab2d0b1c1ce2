/* SPDX-License-Identifier: ISC
 *
 * Stream mode: the triples of a segment are verified before a wire meets one of them.
 *
 * A segment is prepared when inputs have been used and carried wires have masked values, so what a
 * cheater learns while being caught is no longer lost on it.  In an ordinary run F5 opens p = λ_a ⊕ x
 * before the equality of all L is known; whoever attacked every triple of a bucket then reads x from the
 * honest L digest of F6, λ_a from p, and is caught when it is too late.  Here F5 opens only e = y_0 ⊕ y_k,
 * and p and q follow in F6P, when both have verified F6.
 *
 * Source   [WRK17] Π_aAND before the Beaver step; SECURITY-ARGUMENT.md, 3.13.
 * Shapes   F5: β-1 bits a gate; F6P: p, q of every gate, then one digest of their MACs.
 */
#include "garble/bucket_steps.h"
#include "ot/twist.h"

/* ------------------------------------------------------------------------------ F5, late --- */

/* e_k = y_0 ⊕ y_k, and the digest of their MACs. */
void tct_late_make(tct_run *r, uint8_t *body)
{
    uint32_t n = r->shape.ands, beta = r->shape.bucket;
    size_t bytes = (size_t)tct_shape_open_bytes(&r->shape), triples = r->shape.triples;
    tct_block macs[TCT_BUCKET_MAX];
    tct_bit_writer bits = {.out = body};
    tct_hash h;
    tct_run_hash_role(&h, "open", r, r->role);
    tct_hash_field_open(&h, n == 0 ? 0 : 16 * (uint64_t)n * (beta - 1));
    for (size_t i = 0; i < n; i++) {
        size_t y = triples + i;
        for (uint32_t k = 1; k < beta; k++) {
            size_t yk = triples + tct_bucket_member(r, i, k);
            tct_bit_write(&bits, tct_run_bit(r, y) ^ tct_run_bit(r, yk));
            macs[k - 1] = tct_block_xor(r->macs[y], r->macs[yk]);
        }
        TCT_TWIST(r->role, TCT_TWIST_OPEN_MACS, i, macs, beta - 1);
        tct_hash_feed(&h, macs, (beta - 1) * sizeof *macs);
    }
    if (bits.filled != 0)
        *bits.out = (uint8_t)bits.word;
    TCT_TWIST(r->role, TCT_TWIST_OPEN_BITS, 0, body, bytes);
    tct_hash_final(&h, body + bytes);
    tct_wipe(macs, sizeof macs);
}

tct_mask tct_late_check(tct_run *r, const uint8_t *body)
{
    uint32_t n = r->shape.ands, beta = r->shape.bucket;
    size_t triples = r->shape.triples, bit = 0;
    tct_block macs[TCT_BUCKET_MAX];
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash h;
    tct_run_hash_role(&h, "open", r, tct_run_peer(r));
    tct_hash_field_open(&h, n == 0 ? 0 : 16 * (uint64_t)n * (beta - 1));
    for (size_t i = 0; i < n; i++) {
        size_t y = triples + i;
        for (uint32_t k = 1; k < beta; k++, bit++) {
            size_t yk = triples + tct_bucket_member(r, i, k);
            macs[k - 1] = tct_block_xor(tct_block_xor(r->keys[y], r->keys[yk]),
                                        tct_delta_if(tct_bit_get(body, bit), r->engine->delta));
        }
        tct_hash_feed(&h, macs, (beta - 1) * sizeof *macs);
    }
    tct_hash_final(&h, digest);
    tct_wipe(macs, sizeof macs);
    return tct_differ(digest, body + tct_shape_open_bytes(&r->shape), sizeof digest);
}

/* x = ⊕_k x_k and z = z_0 ⊕ ⊕(z_k ⊕ e_k·x_k), into layer 0. */
void tct_late_join(tct_run *r, const uint8_t *body)
{
    uint32_t n = r->shape.ands, beta = r->shape.bucket;
    size_t triples = r->shape.triples, bit = 0;
    for (size_t i = 0; i < n; i++) {
        tct_triple_share x = tct_share_at(r, i), z = tct_share_at(r, 2 * triples + i), part;
        for (uint32_t k = 1; k < beta; k++, bit++) {
            size_t t = tct_bucket_member(r, i, k);
            uint64_t e = tct_bit_get(r->body, bit) ^ tct_bit_get(body, bit);
            part = tct_share_at(r, 2 * triples + t);
            tct_share_add_if(&z, 1, &part);
            part = tct_share_at(r, t);
            tct_share_add_if(&z, e, &part);
            tct_share_add_if(&x, 1, &part);
        }
        tct_share_put(r, i, &x);
        tct_share_put(r, 2 * triples + i, &z);
    }
}

/* ------------------------------------------------------------------------------------ F6P --- */

/* p = λ_a ⊕ x, q = λ_b ⊕ y, and the digest of their MACs. */
void tct_f6p_make(tct_run *r)
{
    uint32_t n = r->shape.ands;
    size_t bytes = tct_bits_bytes(2 * (size_t)n), triples = r->shape.triples;
    const tct_gate *gate = r->circuit->gates;
    tct_hash h;
    tct_wire_masks(r);
    memset(r->body, 0, bytes);
    tct_run_hash_role(&h, "openpq", r, r->role);
    tct_hash_field_open(&h, 32 * (uint64_t)n);
    for (size_t i = 0; i < n; i++, gate++) {
        gate = tct_next_and(gate);
        tct_bit_put(r->body, 2 * i, r->mask_bits[gate->a] ^ tct_run_bit(r, i));
        tct_bit_put(r->body, 2 * i + 1, r->mask_bits[gate->b] ^ tct_run_bit(r, triples + i));
        tct_block macs[2] = {tct_block_xor(r->wires[gate->a].mac, r->macs[i]),
                             tct_block_xor(r->wires[gate->b].mac, r->macs[triples + i])};
        tct_hash_feed(&h, macs, sizeof macs);
    }
    TCT_TWIST(r->role, TCT_TWIST_LATE_BITS, 0, r->body, bytes);
    tct_hash_final(&h, r->body + bytes);
    TCT_TWIST(r->role, TCT_TWIST_LATE_DIGEST, 0, r->body + bytes, TCT_HASH_BYTES);
}

/* [Beaver] σ = z ⊕ p·y ⊕ q·x ⊕ p·q, left in the place of z_0. */
static void finish_gate(tct_run *r, size_t i, uint64_t p, uint64_t q)
{
    size_t triples = r->shape.triples, at = 2 * triples + i;
    tct_triple_share sigma = tct_share_at(r, at), x = tct_share_at(r, i);
    tct_triple_share y = tct_share_at(r, triples + i);
    tct_share_add_if(&sigma, p, &y);
    tct_share_add_if(&sigma, q, &x);
    if (r->role == TCT_ROLE_X) /* a public bit: X flips its bit, Y shifts its key */
        sigma.bit ^= p & q;
    else
        sigma.key = tct_block_xor(sigma.key, tct_delta_if(p & q, r->engine->delta));
    tct_share_put(r, at, &sigma);
}

tct_err tct_f6p_take(tct_run *r, const uint8_t *body)
{
    uint32_t n = r->shape.ands;
    size_t bytes = tct_bits_bytes(2 * (size_t)n), triples = r->shape.triples;
    const tct_gate *gate = r->circuit->gates;
    tct_delta delta = r->engine->delta;
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash h;
    if (!tct_bits_padded(body, 2 * (size_t)n))
        return TCT_ERR_FORMAT;
    tct_run_hash_role(&h, "openpq", r, tct_run_peer(r));
    tct_hash_field_open(&h, 32 * (uint64_t)n);
    for (size_t i = 0; i < n; i++, gate++) {
        gate = tct_next_and(gate);
        tct_block p = tct_block_xor(r->wires[gate->a].key, r->keys[i]);
        tct_block q = tct_block_xor(r->wires[gate->b].key, r->keys[triples + i]);
        tct_block macs[2] = {
            tct_block_xor(p, tct_delta_if(tct_bit_get(body, 2 * i), delta)),
            tct_block_xor(q, tct_delta_if(tct_bit_get(body, 2 * i + 1), delta))};
        tct_hash_feed(&h, macs, sizeof macs);
    }
    tct_hash_final(&h, digest);
    /* p and q are masked by verified triples: whether the MACs fit depends on no input. */
    if (tct_run_caught(r, tct_differ(digest, body + bytes, sizeof digest)))
        return TCT_ERR_CHEAT;
    for (size_t i = 0; i < n; i++)
        finish_gate(r, i, tct_bit_get(r->body, 2 * i) ^ tct_bit_get(body, 2 * i),
                    tct_bit_get(r->body, 2 * i + 1) ^ tct_bit_get(body, 2 * i + 1));
    /* x and y have done their work; from here their place belongs to labels and gates. */
    tct_wipe(r->macs, 32 * triples);
    tct_wipe(r->keys, 32 * triples);
    return TCT_OK;
}

/* --------------------------------------------------------------------------- carried wires --- */

void tct_segment_masks(tct_run *r)
{
    const tct_segment *s = r->segment;
    for (uint32_t w = 0; w < s->carried; w++) {
        r->wires[w] = s->slots.share[s->from[w]];
        r->mask_bits[w] = s->slots.bit[s->from[w]];
    }
}

void tct_segment_labels(tct_run *r)
{
    const tct_segment *s = r->segment;
    for (uint32_t w = 0; w < s->carried; w++) {
        r->labels[w] = s->slots.label[s->from[w]];
        r->values[w] = s->slots.value[s->from[w]];
    }
}

/* Several outputs may be one wire; a slot is written once a segment. */
void tct_segment_leave(tct_run *r)
{
    const tct_segment *s = r->segment;
    if (s->to == NULL) /* the last one */
        return;
    for (uint32_t j = 0; j < r->circuit->output_count; j++) {
        uint32_t w = r->circuit->outputs[j], slot = s->to[j];
        s->slots.share[slot] = r->wires[w];
        s->slots.bit[slot] = r->mask_bits[w];
        s->slots.label[slot] = r->labels[w];
        s->slots.value[slot] = r->values[w];
    }
}
