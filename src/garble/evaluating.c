/* SPDX-License-Identifier: ISC
 *
 * The evaluator: walks the garbled circuit once the labels of F8 are there, and checks every gate.
 *
 * Source   [ZRE15], [KRRW18, §4]; protocol.md 5.2, 5.4 (no selective failure), 5.5.
 * Differs  the tag check of 5.3.   The whole circuit is always walked, all differences are added
 *          up, and one decision is taken at the end.
 * Cost     4 re-keyed AES blocks per AND (2 with the batch check).
 */
#include "base/vector.h"
#include "garble/gate_hash.h"
#include "garble/list_hash.h"
#include "garble/schedule.h"

typedef struct {
    const uint8_t *gates, *tags, *permute;
    bool with_tags;
    size_t tag_bytes;
    uint64_t bad; /* OR of all tag differences */
} walk;

static void walk_begin(walk *k, const tct_run *r)
{
    k->with_tags = !tct_shape_batch(&r->shape);
    k->tag_bytes = k->with_tags ? r->shape.params.tau / 8 : 0;
    k->gates = r->garbled;
    k->tags = k->gates + 32 * (size_t)r->shape.ands;
    k->permute = k->tags + 3 * k->tag_bytes * r->shape.ands;
    k->bad = 0;
}

static uint64_t load_tag(const uint8_t *in, size_t bytes)
{
    uint8_t full[8] = {0};
    memcpy(full, in, bytes);
    return tct_load64(full);
}

/* m ⊕ k ⊕ Λ_a·C0 ⊕ Λ_b·C1 ⊕ C2 against trunc of the key that the garbler's share must have. */
static uint64_t tag_difference(const walk *k, uint32_t number, uint64_t pads, uint64_t va,
                               uint64_t vb, tct_block required)
{
    const uint8_t *c = k->tags + 3 * k->tag_bytes * number;
    uint64_t c0 = load_tag(c, k->tag_bytes), c1 = load_tag(c + k->tag_bytes, k->tag_bytes);
    uint64_t c2 = load_tag(c + 2 * k->tag_bytes, k->tag_bytes);
    return pads ^ (tct_mask_of_bit(va).bits & c0) ^ (tct_mask_of_bit(vb).bits & c1) ^ c2 ^
           required.hi;
}

/* Our key for the share of the gate's value that the garbler must hold, with the bit that it must be
 * [5.2]; Λ of the gate and of its operands stand. */
static tct_block required_key(const tct_run *r, uint32_t number, uint32_t wire,
                              const tct_gate *g)
{
    size_t sigma = 2 * (size_t)r->shape.triples + number;
    const tct_share *a = &r->wires[g->a], *b = &r->wires[g->b], *c = &r->wires[wire];
    uint64_t va = r->values[g->a], vb = r->values[g->b];
    uint64_t must = r->values[wire] ^ (va & vb) ^ (va & r->mask_bits[g->b]) ^
                    (vb & r->mask_bits[g->a]) ^ tct_run_bit(r, sigma) ^ r->mask_bits[wire];
    tct_block required = tct_block_xor(r->keys[sigma], c->key);
    required = tct_block_xor_if(required, va, b->key);
    required = tct_block_xor_if(required, vb, a->key);
    return tct_block_xor(required, tct_delta_if(must, r->engine->delta));
}

static inline tct_v128 load_if(uint64_t bit, tct_v128 v)
{
    return v & tct_v128_splat(tct_mask_of_bit(bit).bits);
}

/* One AND, gate i of the batch: L_c, Λ_c = bb ⊕ perm(L_c), and the check of 5.2. */
static void evaluate_gate(tct_run *r, walk *k, const tct_gate_batch *batch, size_t i)
{
    const tct_gate *g = batch->gate[i];
    uint32_t number = batch->gates.number[i], wire = batch->wire[i];
    size_t sigma = 2 * (size_t)r->shape.triples + number;
    const tct_share *a = &r->wires[g->a], *b = &r->wires[g->b], *c = &r->wires[wire];
    uint64_t va = r->values[g->a], vb = r->values[g->b];
    tct_v128 g0 = tct_v128_load(k->gates + 32 * (size_t)number) ^ tct_v128_load(&b->mac);
    tct_v128 g1 = tct_v128_load(k->gates + 32 * (size_t)number + 16) ^ tct_v128_load(&a->mac) ^
                  tct_v128_load(&r->labels[g->a]);
    tct_v128 label = tct_v128_load(&batch->sums.both[i]) ^ tct_v128_load(&r->macs[sigma]) ^
                     tct_v128_load(&c->mac);
    label ^= load_if(va, g0) ^ load_if(vb, g1);
    uint64_t value = (tct_bit_get(k->permute, number) ^ label[0] >> tct_run_perm_bit(r)) & 1;
    tct_v128_store(&r->labels[wire], label);
    r->values[wire] = (uint8_t)value;
    if (k->with_tags)
        k->bad |= tag_difference(k, number, batch->tags.both[i].lo, va, vb,
                                 required_key(r, number, wire, g)) &
                  tct_tag_mask(r);
}

static void work_off(tct_run *r, walk *k, tct_gate_batch *batch)
{
    if (batch->gates.count == 0)
        return;
    tct_gate_batch_hash(batch, r, NULL, k->with_tags);
    for (size_t i = 0; i < batch->gates.count; i++)
        evaluate_gate(r, k, batch, i);
    batch->gates.count = 0;
}

static void walk_circuit(tct_run *r, walk *k)
{
    tct_gate_batch batch = {0};
    uint32_t first = tct_run_first_gate(r), ands = 0;
    for (uint32_t i = 0; i < r->circuit->gate_count; i++) {
        uint32_t entry = r->order[i], index = entry & ~(uint32_t)TCT_SCHEDULE_FIRST;
        const tct_gate *g = &r->circuit->gates[index];
        uint32_t wire = first + index;
        if (g->kind != TCT_GATE_AND || (entry & TCT_SCHEDULE_FIRST) != 0 ||
            tct_gate_batch_full(&batch))
            work_off(r, k, &batch);
        if (g->kind == TCT_GATE_AND) {
            tct_gate_batch_add(&batch, r, g, wire, r->and_number[ands++]);
        } else if (g->kind == TCT_GATE_XOR) {
            r->labels[wire] = tct_block_xor(r->labels[g->a], r->labels[g->b]);
            r->values[wire] = r->values[g->a] ^ r->values[g->b];
        } else {
            r->labels[wire] = r->labels[g->a];
            r->values[wire] = r->values[g->a] ^ 1;
        }
    }
    work_off(r, k, &batch);
    tct_wipe(&batch, sizeof batch);
}

uint64_t tct_evaluate_gates(tct_run *r)
{
    walk k;
    walk_begin(&k, r);
    walk_circuit(r, &k);
    return k.bad;
}

/* What the batch check needs of every AND, in the order of their numbers. */
static void collect(tct_run *r)
{
    tct_list_hash required, proof; /* what F8c must hash to; "andlab" */
    uint32_t wire = tct_run_first_gate(r), number = 0;
    tct_list_begin(&required, "batch", r, 0);
    tct_list_begin(&proof, "andlab", r, 1);
    for (uint32_t i = 0; i < r->circuit->gate_count; i++, wire++) {
        const tct_gate *g = &r->circuit->gates[i];
        if (g->kind != TCT_GATE_AND)
            continue;
        tct_list_feed(&required, required_key(r, number++, wire, g));
        tct_list_feed(&proof, r->labels[wire]);
    }
    tct_list_final(&required, r->batch_digest);
    tct_list_final(&proof, r->and_proof);
}

tct_err tct_f8_take(tct_run *r, const uint8_t *body)
{
    uint32_t inputs = tct_run_first_gate(r);
    size_t fresh = 16 * (size_t)(inputs - r->shape.carried);
    const uint8_t *part = body + fresh;
    size_t garbled = (size_t)tct_shape_garbled_bytes(&r->shape);
    bool part_here = !tct_shape_batch(&r->shape) && tct_shape_receives(&r->shape, r->role);
    if (tct_shape_stream(&r->shape)) { /* the garbled circuit comes here instead of in F6 */
        if (!tct_garbled_padded(r, part))
            return TCT_ERR_FORMAT;
        memcpy(r->garbled, part, garbled);
        part += garbled;
        tct_segment_labels(r);
    }
    if (part_here && !tct_output_part_padded(r, part))
        return TCT_ERR_FORMAT;
    memcpy(r->labels + r->shape.carried, body, fresh);
    tct_schedule_make(r);
    uint64_t differ = tct_evaluate_gates(r);
    tct_wipe(r->garbled, garbled);
    if (tct_shape_batch(&r->shape)) {
        collect(r);
        return TCT_OK; /* nothing was checked yet, and nothing is shown before F8c */
    }
    tct_mask bad = tct_mask_of_nonzero(differ);
    if (part_here)
        bad = tct_mask_or(bad, tct_output_part_check(r, part, false));
    if (tct_run_caught(r, bad)) /* one decision; it depends on no input (5.4) */
        return TCT_ERR_CHEAT;
    if (part_here && !tct_shape_escrow(&r->shape))
        tct_output_combine(r);
    if (tct_shape_stream(&r->shape))
        tct_segment_leave(r);
    return TCT_OK;
}
