/* SPDX-License-Identifier: ISC
 *
 * The garbler: F6 (garbled circuit) and F8 (active labels of the inputs).
 *
 * Source   [ZRE15] half gates, [KRRW18, §4] with authenticated masks; protocol.md 5.1.
 * Differs  the tag strings C0, C1, C2: [WRK17]'s check of the garbler's share made local and
 *          linear; protocol.md 5.3, 5.4 have the argument.
 * Cost     8 re-keyed AES blocks and 32 + 3τ/8 bytes per AND (4 blocks, 32 bytes with the batch
 *          check).
 */
#include "base/vector.h"
#include "garble/gate_hash.h"
#include "garble/schedule.h"
#include "ot/twist.h"

/* Where the parts of the body stand. */
typedef struct {
    uint8_t *gates, *tags, *permute;
    bool with_tags;
    size_t tag_bytes;
} body_parts;

static body_parts parts_of(const tct_run *r)
{
    body_parts p = {.gates = r->body + 64, .with_tags = !tct_shape_batch(&r->shape)};
    p.tag_bytes = p.with_tags ? r->shape.params.tau / 8 : 0;
    p.tags = p.gates + 32 * (size_t)r->shape.ands;
    p.permute = p.tags + 3 * p.tag_bytes * r->shape.ands;
    return p;
}

/* ⟨λ⟩_A = λ_A·Δ_A ⊕ K_A[λ]: with the evaluator's MAC it makes λ·Δ_A. */
static inline tct_v128 held(uint64_t bit, const tct_block *key, tct_v128 delta)
{
    return tct_v128_load(key) ^ (delta & tct_v128_splat(tct_mask_of_bit(bit).bits));
}

/* trunc: bits 64… of the block, τ of them (never the selected bits). */
static void store_tag(uint8_t *out, uint64_t pad, tct_block mac, const body_parts *p)
{
    uint8_t bytes[8];
    tct_store64(bytes, pad ^ mac.hi);
    memcpy(out, bytes, p->tag_bytes);
}

/* C0 = m_0 ⊕ m_1 ⊕ trunc M[λ_b], C1 = k_0 ⊕ k_1 ⊕ trunc M[λ_a],
 * C2 = m_0 ⊕ k_0 ⊕ trunc(M[σ] ⊕ M[λ_c]). */
static void make_tags(const body_parts *p, uint32_t number, const tct_block m[2],
                      const tct_block k[2], const tct_share *a, const tct_share *b,
                      tct_block result_mac)
{
    uint8_t *out = p->tags + 3 * p->tag_bytes * number;
    store_tag(out, m[0].lo ^ m[1].lo, b->mac, p);
    store_tag(out + p->tag_bytes, k[0].lo ^ k[1].lo, a->mac, p);
    store_tag(out + 2 * p->tag_bytes, m[0].lo ^ k[0].lo, result_mac, p);
}

/* [ZRE15] with [KRRW18] masks: G0, G1, L_{c,0}, the permute bit.  Gate i of the batch. */
static void garble_gate(tct_run *r, const body_parts *p, const tct_gate_batch *batch, size_t i,
                        const tct_gate_work *w)
{
    const tct_gate *g = batch->gate[i];
    uint32_t number = batch->number[i], wire = batch->wire[i];
    tct_v128 delta = tct_v128_load(&r->engine->delta);
    size_t sigma = 2 * (size_t)r->shape.triples + number;
    const tct_share *a = &r->wires[g->a], *b = &r->wires[g->b], *c = &r->wires[wire];
    const tct_block *pa = &w->pads[0][2 * i], *pb = &w->pads[1][2 * i];
    tct_v128 a0 = tct_v128_load(&pa[0]), b0 = tct_v128_load(&pb[0]);
    tct_v128 g0 = a0 ^ tct_v128_load(&pa[1]) ^ held(r->mask_bits[g->b], &b->key, delta);
    tct_v128 g1 = b0 ^ tct_v128_load(&pb[1]) ^ held(r->mask_bits[g->a], &a->key, delta);
    g1 ^= tct_v128_load(&r->labels[g->a]);
    uint64_t bit = tct_run_bit(r, sigma) ^ r->mask_bits[wire];
    tct_v128 label = a0 ^ b0 ^ held(bit, &r->keys[sigma], delta) ^ tct_v128_load(&c->key);
    tct_v128_store(&r->labels[wire], label);
    tct_v128_store(p->gates + 32 * (size_t)number, g0);
    tct_v128_store(p->gates + 32 * (size_t)number + 16, g1);
    tct_bit_put(p->permute, number, label[0] >> tct_run_perm_bit(r));
    if (p->with_tags)
        make_tags(p, number, &w->pads[2][2 * i], &w->pads[3][2 * i], a, b,
                  tct_block_xor(r->macs[sigma], c->mac));
}

static void work_off(tct_run *r, const body_parts *p, tct_gate_batch *batch, tct_gate_work *w)
{
    tct_v128 delta = tct_v128_load(&r->engine->delta);
    if (batch->count == 0)
        return;
    for (size_t i = 0; i < batch->count; i++) {
        tct_v128 a = tct_v128_load(&r->labels[batch->gate[i]->a]);
        tct_v128 b = tct_v128_load(&r->labels[batch->gate[i]->b]);
        tct_v128_store(&w->in[0][2 * i], a);
        tct_v128_store(&w->in[0][2 * i + 1], a ^ delta);
        tct_v128_store(&w->in[1][2 * i], b);
        tct_v128_store(&w->in[1][2 * i + 1], b ^ delta);
    }
    tct_gate_hash(r, batch, 2, p->with_tags, w);
    for (size_t i = 0; i < batch->count; i++)
        garble_gate(r, p, batch, i, w);
    batch->count = 0;
}

static void garble_circuit(tct_run *r, const body_parts *p)
{
    tct_gate_batch batch = {0};
    tct_gate_work w;
    uint32_t first = tct_run_first_gate(r), ands = 0;
    for (uint32_t i = 0; i < r->circuit->gate_count; i++) {
        uint32_t entry = r->order[i], index = entry & ~(uint32_t)TCT_SCHEDULE_FIRST;
        const tct_gate *g = &r->circuit->gates[index];
        uint32_t wire = first + index;
        if (g->kind != TCT_GATE_AND || (entry & TCT_SCHEDULE_FIRST) != 0 ||
            batch.count == TCT_GATE_BATCH)
            work_off(r, p, &batch, &w);
        if (g->kind == TCT_GATE_AND) {
            batch.gate[batch.count] = g;
            batch.number[batch.count] = r->and_number[ands++];
            batch.wire[batch.count++] = wire;
        } else if (g->kind == TCT_GATE_XOR) {
            r->labels[wire] = tct_block_xor(r->labels[g->a], r->labels[g->b]);
        } else {
            r->labels[wire] = tct_block_xor(r->labels[g->a], r->engine->delta.block);
        }
    }
    work_off(r, p, &batch, &w);
    tct_wipe(&w, sizeof w);
}

void tct_garble_gates(tct_run *r)
{
    body_parts p = parts_of(r);
    garble_circuit(r, &p);
}

static void draw_input_labels(tct_run *r)
{
    tct_xof x;
    uint32_t inputs = tct_run_first_gate(r);
    tct_xof_init(&x, r->seed, sizeof r->seed, "label", 5);
    tct_xof_next(&x, (uint8_t *)r->labels, inputs * sizeof *r->labels);
    tct_xof_wipe(&x);
    TCT_TWIST(r->role, TCT_TWIST_INPUT_LABEL, r->number, r->labels, inputs);
}

void tct_f6_make(tct_run *r)
{
    memcpy(r->body, r->sum_digest, TCT_HASH_BYTES);
    memcpy(r->body + TCT_HASH_BYTES, r->nonce, sizeof r->nonce);
    if (!tct_run_garbles(r))
        return;
    uint32_t n = r->shape.ands, inputs = tct_run_first_gate(r);
    body_parts p = parts_of(r);
    memset(p.permute, 0, tct_bits_bytes(n));
    draw_input_labels(r);
    tct_schedule_make(r);
    tct_garble_gates(r);
    for (uint32_t j = 0; j < r->shape.outputs; j++)
        r->out_labels[j] = r->labels[r->circuit->outputs[j]];
    if (!tct_shape_batch(&r->shape)) /* with 5.5 they answer F8b first */
        tct_wipe(r->labels + inputs, (r->shape.wires - inputs) * sizeof *r->labels);
    TCT_TWIST(r->role, TCT_TWIST_GATES, 0, p.gates, 32 * (size_t)n);
    TCT_TWIST(r->role, TCT_TWIST_TAGS, 0, p.tags, 3 * p.tag_bytes * n);
    TCT_TWIST(r->role, TCT_TWIST_PERMUTE, 0, p.permute, tct_bits_bytes(n));
}

tct_err tct_f6_take(tct_run *r, const uint8_t *body)
{
    size_t n = r->shape.ands;
    if (!tct_run_garbles(r)) {
        size_t bytes = (size_t)tct_shape_body_bytes(&r->shape, TCT_F6, r->shape.garbler) - 64;
        if (!tct_bits_padded(body + 64 + bytes - tct_bits_bytes(n), n))
            return TCT_ERR_FORMAT;
        memcpy(r->garbled, body + 64, bytes);
    }
    tct_err err = tct_sum_check(r, body);
    tct_wipe(r->seed, sizeof r->seed);
    tct_wipe(r->nonce, sizeof r->nonce);
    return err;
}

/* F8: L_{w,Λ_w} of all inputs; with tags also our shares of the outputs. */
void tct_f8_make(tct_run *r)
{
    uint32_t inputs = tct_run_first_gate(r);
    for (uint32_t w = 0; w < inputs; w++)
        tct_block_store(r->body + 16 * (size_t)w,
                        tct_block_xor_if(r->labels[w], r->values[w], r->engine->delta.block));
    TCT_TWIST(r->role, TCT_TWIST_ACTIVE, 0, r->body, 16 * (size_t)inputs);
    if (!tct_shape_batch(&r->shape)) {
        tct_wipe(r->labels, inputs * sizeof *r->labels);
        if (tct_shape_receives(&r->shape, tct_run_peer(r)))
            tct_output_part_make(r, r->body + 16 * (size_t)inputs, false);
    }
}
