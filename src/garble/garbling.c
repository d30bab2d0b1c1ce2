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
static inline tct_block held(uint64_t bit, tct_block key, tct_delta delta)
{
    return tct_block_xor(key, tct_delta_if(bit, delta));
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
static void make_tags(const body_parts *p, uint32_t number, const tct_block pads[4],
                      const tct_share *a, const tct_share *b, tct_block result_mac)
{
    uint8_t *out = p->tags + 3 * p->tag_bytes * number;
    store_tag(out, pads[0].lo ^ pads[1].lo, b->mac, p);
    store_tag(out + p->tag_bytes, pads[2].lo ^ pads[3].lo, a->mac, p);
    store_tag(out + 2 * p->tag_bytes, pads[0].lo ^ pads[2].lo, result_mac, p);
}

/* [ZRE15] with [KRRW18] masks: G0, G1, L_{c,0}, the permute bit. */
static void garble_gate(tct_run *r, const body_parts *p, uint32_t number, uint32_t wire,
                        const tct_gate *g, const tct_block *pads)
{
    tct_delta delta = r->engine->delta;
    size_t sigma = 2 * (size_t)r->shape.triples + number;
    const tct_share *a = &r->wires[g->a], *b = &r->wires[g->b], *c = &r->wires[wire];
    tct_block a_held = held(r->mask_bits[g->a], a->key, delta);
    tct_block b_held = held(r->mask_bits[g->b], b->key, delta);
    tct_block c_held = held(tct_run_bit(r, sigma) ^ r->mask_bits[wire],
                            tct_block_xor(r->keys[sigma], c->key), delta);
    tct_block g0 = tct_block_xor(tct_block_xor(pads[0], pads[1]), b_held);
    tct_block g1 = tct_block_xor(tct_block_xor(pads[2], pads[3]), a_held);
    g1 = tct_block_xor(g1, r->labels[g->a]);
    tct_block label = tct_block_xor(tct_block_xor(pads[0], pads[2]), c_held);
    r->labels[wire] = label;
    tct_block_store(p->gates + 32 * (size_t)number, g0);
    tct_block_store(p->gates + 32 * (size_t)number + 16, g1);
    tct_bit_put(p->permute, number, label.lo >> tct_run_perm_bit(r));
    if (p->with_tags)
        make_tags(p, number, pads + 4, a, b, tct_block_xor(r->macs[sigma], c->mac));
}

static void work_off(tct_run *r, const body_parts *p, tct_gate_batch *batch)
{
    tct_block in[4 * TCT_GATE_BATCH], pads[TCT_GATE_PADS], delta = r->engine->delta.block;
    size_t per_gate = p->with_tags ? 8 : 4;
    if (batch->count == 0)
        return;
    for (size_t i = 0; i < batch->count; i++) {
        in[4 * i] = r->labels[batch->gate[i]->a];
        in[4 * i + 1] = tct_block_xor(in[4 * i], delta);
        in[4 * i + 2] = r->labels[batch->gate[i]->b];
        in[4 * i + 3] = tct_block_xor(in[4 * i + 2], delta);
    }
    tct_gate_hash(r, batch, 2, p->with_tags, in, pads);
    for (uint32_t i = 0; i < batch->count; i++)
        garble_gate(r, p, batch->number[i], batch->wire[i], batch->gate[i],
                    pads + per_gate * i);
    tct_wipe(in, 4 * batch->count * sizeof *in);
    tct_wipe(pads, per_gate * batch->count * sizeof *pads);
    batch->count = 0;
}

static void garble_circuit(tct_run *r, const body_parts *p)
{
    tct_gate_batch batch = {0};
    uint32_t first = tct_run_first_gate(r), ands = 0;
    for (uint32_t i = 0; i < r->circuit->gate_count; i++) {
        uint32_t entry = r->order[i], index = entry & ~(uint32_t)TCT_SCHEDULE_FIRST;
        const tct_gate *g = &r->circuit->gates[index];
        uint32_t wire = first + index;
        if (g->kind != TCT_GATE_AND || (entry & TCT_SCHEDULE_FIRST) != 0 ||
            batch.count == TCT_GATE_BATCH)
            work_off(r, p, &batch);
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
    work_off(r, p, &batch);
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
