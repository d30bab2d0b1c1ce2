/* SPDX-License-Identifier: ISC
 *
 * The batch check for large circuits: F8b and F8c in place of the gate tags.
 *
 * Source   [KRRW18, Fig. 3]; protocol.md 5.5.
 * Differs  the evaluator first proves by a hash of its labels that it holds the Λ's it claims
 *          ("andlab"); without that, a lying evaluator reads the garbler's inputs from the answer.
 */
#include "garble/list_hash.h"
#include "ot/twist.h"

/* F8b: Λ of every AND, and the proof made while walking. */
void tct_f8b_make(tct_run *r)
{
    size_t bytes = tct_bits_bytes(r->shape.ands), number = 0;
    uint32_t wire = tct_run_first_gate(r);
    memset(r->body, 0, bytes);
    for (uint32_t i = 0; i < r->circuit->gate_count; i++, wire++)
        if (r->circuit->gates[i].kind == TCT_GATE_AND)
            tct_bit_put(r->body, number++, r->values[wire]);
    TCT_TWIST(r->role, TCT_TWIST_AND_VALUES, 0, r->body, bytes);
    memcpy(r->body + bytes, r->and_proof, TCT_HASH_BYTES);
}

/* Λ of all wires from the inputs' and the claimed ones of the ANDs; what the labels must then be,
 * and what we would answer. */
static void follow_values(tct_run *r, const uint8_t *claimed, tct_list_hash *proof,
                          tct_list_hash *answer)
{
    size_t number = 0, sigma = 2 * (size_t)r->shape.triples;
    uint32_t wire = tct_run_first_gate(r);
    for (uint32_t i = 0; i < r->circuit->gate_count; i++, wire++) {
        const tct_gate *g = &r->circuit->gates[i];
        uint8_t va = r->values[g->a], vb = r->values[g->b];
        if (g->kind == TCT_GATE_XOR) {
            r->values[wire] = va ^ vb;
        } else if (g->kind == TCT_GATE_INV) {
            r->values[wire] = va ^ 1;
        } else {
            uint8_t value = (uint8_t)tct_bit_get(claimed, number);
            r->values[wire] = value;
            tct_list_feed(proof,
                          tct_block_xor_if(r->labels[wire], value, r->engine->delta.block));
            tct_block mac = tct_block_xor(r->macs[sigma + number], r->wires[wire].mac);
            mac = tct_block_xor_if(mac, va, r->wires[g->b].mac);
            tct_list_feed(answer, tct_block_xor_if(mac, vb, r->wires[g->a].mac));
            number++;
        }
    }
}

tct_err tct_f8b_take(tct_run *r, const uint8_t *body)
{
    uint32_t n = r->shape.ands;
    tct_list_hash proof, answer;
    uint8_t digest[TCT_HASH_BYTES];
    if (!tct_bits_padded(body, n))
        return TCT_ERR_FORMAT;
    tct_list_begin(&proof, "andlab", r, 0);
    tct_list_begin(&answer, "batch", r, 1);
    follow_values(r, body, &proof, &answer);
    tct_list_final(&proof, digest);
    tct_list_final(&answer, r->batch_digest);
    tct_wipe(r->labels, r->shape.wires * sizeof *r->labels);
    /* The labels are the evaluator's own; whether they fit says nothing that it does not know. */
    if (tct_run_caught(r, tct_differ(digest, body + tct_bits_bytes(n), sizeof digest))) {
        tct_wipe(r->batch_digest, sizeof r->batch_digest); /* never answered */
        return TCT_ERR_CHEAT;
    }
    return TCT_OK;
}

void tct_f8c_make(tct_run *r)
{
    memcpy(r->body, r->batch_digest, TCT_HASH_BYTES);
    if (tct_shape_receives(&r->shape, tct_run_peer(r)))
        tct_output_part_make(r, r->body + TCT_HASH_BYTES, false);
}

tct_err tct_f8c_take(tct_run *r, const uint8_t *body)
{
    const uint8_t *part = body + TCT_HASH_BYTES;
    bool part_here = tct_shape_receives(&r->shape, r->role);
    if (part_here && !tct_output_part_padded(r, part))
        return TCT_ERR_FORMAT;
    tct_mask bad = tct_differ(r->batch_digest, body, TCT_HASH_BYTES);
    if (part_here)
        bad = tct_mask_or(bad, tct_output_part_check(r, part, false));
    if (tct_run_caught(r, bad))
        return TCT_ERR_CHEAT;
    if (part_here && !tct_shape_escrow(&r->shape))
        tct_output_combine(r);
    return TCT_OK;
}
