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
    size_t before = tct_shape_stream(&r->shape) /* in F8, behind the labels; else in F6 */
                        ? 16 * (size_t)(tct_run_first_gate(r) - r->shape.carried)
                        : 64;
    body_parts p = {.gates = r->body + before, .with_tags = !tct_shape_batch(&r->shape)};
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
 * C2 = m_0 ⊕ k_0 ⊕ trunc(M[σ] ⊕ M[λ_c]).  Gate i of the batch. */
static void make_tags(const tct_run *r, const body_parts *p, const tct_gate_batch *batch,
                      size_t i)
{
    const tct_gate *g = batch->gate[i];
    uint32_t number = batch->gates.number[i];
    uint8_t *out = p->tags + 3 * p->tag_bytes * number;
    tct_block result = tct_block_xor(r->macs[2 * (size_t)r->shape.triples + number],
                                     r->wires[batch->wire[i]].mac);
    store_tag(out, batch->tags.a[i].lo, r->wires[g->b].mac, p);
    store_tag(out + p->tag_bytes, batch->tags.b[i].lo, r->wires[g->a].mac, p);
    store_tag(out + 2 * p->tag_bytes, batch->tags.both[i].lo, result, p);
}

/* Where a gate's numbers stand: found once for a batch. */
typedef struct {
    const tct_share *wires;
    const tct_block *sigma_keys;
    const uint8_t *mask_bits, *choice;
    tct_block *labels;
    uint8_t *gates, *permute;
    size_t sigma; /* number of the first σ */
    int permute_bit;
} gate_places;

static gate_places places_of(const tct_run *r, const body_parts *p)
{
    size_t sigma = 2 * (size_t)r->shape.triples;
    return (gate_places){.wires = r->wires,
                         .sigma_keys = r->keys + sigma,
                         .mask_bits = r->mask_bits,
                         .choice = (const uint8_t *)r->choice,
                         .labels = r->labels,
                         .gates = p->gates,
                         .permute = p->permute,
                         .sigma = sigma,
                         .permute_bit = tct_run_perm_bit(r)};
}

/* [ZRE15] with [KRRW18] masks: G0, G1, L_{c,0}, the permute bit.  Gate i of the batch. */
static inline void garble_gate(const gate_places *at, tct_v128 delta,
                               const tct_gate_batch *batch, size_t i)
{
    size_t a = batch->gate[i]->a, b = batch->gate[i]->b, wire = batch->wire[i];
    size_t number = batch->gates.number[i];
    uint8_t *out = at->gates + 32 * number;
    tct_v128 g0 =
        tct_v128_load(&batch->sums.a[i]) ^ held(at->mask_bits[b], &at->wires[b].key, delta);
    tct_v128 g1 = tct_v128_load(&batch->sums.b[i]) ^ tct_v128_load(&at->labels[a]) ^
                  held(at->mask_bits[a], &at->wires[a].key, delta);
    uint64_t bit = tct_bit_get(at->choice, at->sigma + number) ^ at->mask_bits[wire];
    tct_v128 label = tct_v128_load(&batch->sums.both[i]) ^
                     tct_v128_load(&at->sigma_keys[number]) ^
                     held(bit, &at->wires[wire].key, delta);
    tct_v128_store(&at->labels[wire], label);
    tct_v128_store(out, g0);
    tct_v128_store(out + 16, g1);
    tct_bit_put(at->permute, number, label[0] >> at->permute_bit);
}

static void work_off(tct_run *r, const body_parts *p, tct_gate_batch *batch)
{
    if (batch->gates.count == 0)
        return;
    tct_gate_batch_hash(batch, r, &r->engine->delta, p->with_tags);
    const gate_places at = places_of(r, p);
    const tct_v128 delta = tct_v128_load(&r->engine->delta);
    const size_t count = batch->gates.count;
    for (size_t i = 0; i < count; i++)
        garble_gate(&at, delta, batch, i);
    for (size_t i = 0; i < count && p->with_tags; i++)
        make_tags(r, p, batch, i);
    batch->gates.count = 0;
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
            tct_gate_batch_full(&batch))
            work_off(r, p, &batch);
        if (g->kind == TCT_GATE_AND)
            tct_gate_batch_add(&batch, r, g, wire, r->and_number[ands++]);
        else if (g->kind == TCT_GATE_XOR)
            r->labels[wire] = tct_block_xor(r->labels[g->a], r->labels[g->b]);
        else
            r->labels[wire] = tct_block_xor(r->labels[g->a], r->engine->delta.block);
    }
    work_off(r, p, &batch);
    tct_wipe(&batch, sizeof batch);
}

void tct_garble_gates(tct_run *r)
{
    body_parts p = parts_of(r);
    garble_circuit(r, &p);
}

static void draw_input_labels(tct_run *r)
{
    tct_xof x;
    uint32_t inputs = tct_run_first_gate(r) - r->shape.carried;
    tct_block *labels = r->labels + r->shape.carried;
    tct_xof_init(&x, r->seed, sizeof r->seed, "label", 5);
    tct_xof_next(&x, (uint8_t *)labels, inputs * sizeof *labels);
    tct_xof_wipe(&x);
    TCT_TWIST(r->role, TCT_TWIST_INPUT_LABEL, r->number, labels, inputs);
}

/* The garbled circuit into the body at hand. */
static void make_circuit(tct_run *r)
{
    uint32_t n = r->shape.ands, inputs = tct_run_first_gate(r);
    body_parts p = parts_of(r);
    memset(p.permute, 0, tct_bits_bytes(n));
    draw_input_labels(r);
    if (tct_shape_stream(&r->shape))
        tct_segment_labels(r);
    tct_schedule_make(r);
    tct_garble_gates(r);
    for (uint32_t j = 0; j < r->shape.outputs; j++)
        r->out_labels[j] = r->labels[r->circuit->outputs[j]];
    if (!tct_shape_batch(&r->shape) &&
        !tct_shape_stream(&r->shape)) /* they answer F8b, or leave, first */
        tct_wipe(r->labels + inputs, (r->shape.wires - inputs) * sizeof *r->labels);
    TCT_TWIST(r->role, TCT_TWIST_GATES, 0, p.gates, 32 * (size_t)n);
    TCT_TWIST(r->role, TCT_TWIST_TAGS, 0, p.tags, 3 * p.tag_bytes * n);
    TCT_TWIST(r->role, TCT_TWIST_PERMUTE, 0, p.permute, tct_bits_bytes(n));
}

void tct_f6_make(tct_run *r)
{
    memcpy(r->body, r->sum_digest, TCT_HASH_BYTES);
    memcpy(r->body + TCT_HASH_BYTES, r->nonce, sizeof r->nonce);
    if (tct_run_garbles(r) && !tct_shape_stream(&r->shape))
        make_circuit(r);
}

bool tct_garbled_padded(const tct_run *r, const uint8_t *garbled)
{
    size_t n = r->shape.ands, bytes = (size_t)tct_shape_garbled_bytes(&r->shape);
    return tct_bits_padded(garbled + bytes - tct_bits_bytes(n), n);
}

tct_err tct_f6_take(tct_run *r, const uint8_t *body)
{
    bool stream = tct_shape_stream(&r->shape);
    if (!tct_run_garbles(r) && !stream) {
        if (!tct_garbled_padded(r, body + 64))
            return TCT_ERR_FORMAT;
        memcpy(r->garbled, body + 64, (size_t)tct_shape_garbled_bytes(&r->shape));
    }
    tct_err err = tct_sum_check(r, body);
    if (!stream) /* its labels are drawn in F8 */
        tct_wipe(r->seed, sizeof r->seed);
    tct_wipe(r->nonce, sizeof r->nonce);
    return err;
}

/* F8: L_{w,Λ_w} of all inputs; with tags also our shares of the outputs. */
void tct_f8_make(tct_run *r)
{
    uint32_t inputs = tct_run_first_gate(r), carried = r->shape.carried;
    uint8_t *part = r->body + 16 * (size_t)(inputs - carried);
    if (tct_shape_stream(&r->shape)) {
        make_circuit(r);
        part += (size_t)tct_shape_garbled_bytes(&r->shape);
        tct_wipe(r->seed, sizeof r->seed);
    }
    for (uint32_t w = carried; w < inputs; w++)
        tct_block_store(r->body + 16 * (size_t)(w - carried),
                        tct_block_xor_if(r->labels[w], r->values[w], r->engine->delta.block));
    TCT_TWIST(r->role, TCT_TWIST_ACTIVE, 0, r->body, 16 * (size_t)(inputs - carried));
    if (tct_shape_stream(&r->shape))
        tct_segment_leave(r);
    if (!tct_shape_batch(&r->shape)) {
        size_t all = tct_shape_stream(&r->shape) ? r->shape.wires : inputs;
        tct_wipe(r->labels, all * sizeof *r->labels);
        if (tct_shape_receives(&r->shape, tct_run_peer(r)))
            tct_output_part_make(r, part, false);
    }
}
