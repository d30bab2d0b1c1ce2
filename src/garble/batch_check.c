/* SPDX-License-Identifier: ISC
 *
 * The batch check for large circuits: F8b and F8c in place of the gate tags.
 *
 * Source   [KRRW18, Fig. 3]; protocol.md 5.5.
 * Differs  the evaluator first proves by a hash of its labels that it holds the Λ's it claims
 *          ("andlab"); without that, a lying evaluator reads the garbler's inputs from the answer.
 */
#include "garble/run_state.h"
#include "ot/twist.h"

enum { BATCH = 64 };

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

/* Hash input in pieces. */
typedef struct {
    tct_hash hash;
    tct_block block[BATCH];
    size_t count;
} block_hash;

static void block_hash_begin(block_hash *b, const char *tag, const tct_run *r)
{
    tct_run_hash(&b->hash, tag, r);
    tct_hash_field_open(&b->hash, 16 * (uint64_t)r->shape.ands);
    b->count = 0;
}

static void block_hash_feed(block_hash *b, tct_block block)
{
    b->block[b->count++] = block;
    if (b->count == BATCH) {
        tct_hash_feed(&b->hash, b->block, sizeof b->block);
        b->count = 0;
    }
}

static void block_hash_final(block_hash *b, uint8_t out[TCT_HASH_BYTES])
{
    tct_hash_feed(&b->hash, b->block, b->count * sizeof *b->block);
    tct_hash_final(&b->hash, out);
    tct_wipe(b, sizeof *b);
}

/* Λ of all wires from the inputs' and the claimed ones of the ANDs; what the labels must then be,
 * and what we would answer. */
static void follow_values(tct_run *r, const uint8_t *claimed, block_hash *proof,
                          block_hash *answer)
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
            block_hash_feed(proof,
                            tct_block_xor_if(r->labels[wire], value, r->engine->delta.block));
            tct_block mac = tct_block_xor(r->macs[sigma + number], r->wires[wire].mac);
            mac = tct_block_xor_if(mac, va, r->wires[g->b].mac);
            block_hash_feed(answer, tct_block_xor_if(mac, vb, r->wires[g->a].mac));
            number++;
        }
    }
}

tct_err tct_f8b_take(tct_run *r, const uint8_t *body)
{
    uint32_t n = r->shape.ands;
    block_hash proof, answer;
    uint8_t digest[TCT_HASH_BYTES];
    if (!tct_bits_padded(body, n))
        return TCT_ERR_FORMAT;
    block_hash_begin(&proof, "andlab", r);
    block_hash_begin(&answer, "batch", r);
    follow_values(r, body, &proof, &answer);
    block_hash_final(&proof, digest);
    block_hash_final(&answer, r->batch_digest);
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
