/* SPDX-License-Identifier: ISC
 *
 * Outputs as authenticated XOR shares: the parts of F8, F8c and F9, and F9 itself.
 *
 * Source   protocol.md 6.2 (label proof), 6.3 (shares), 6.4 (spread bits in escrow mode).
 * Shapes   z = z_A ⊕ z_B; the garbler's z_A = λ_{w,A}, the evaluator's z_B = λ_{w,B} ⊕ Λ_w, whose
 *          key at the garbler is K_A ⊕ Λ_w·Δ_A.
 */
#include "garble/run_state.h"
#include "ot/twist.h"

static const char *part_tag(const tct_run *r)
{
    return tct_shape_escrow(&r->shape) ? "openc" : "openz";
}

/* ⊕ of those rows of a COT array that row j of E selects; E is public. */
static tct_block spread_sum(const tct_run *r, const tct_block *rows, size_t output)
{
    const uint8_t *row = r->spread_rows + output * tct_bits_bytes(r->shape.spread);
    tct_block sum = {0, 0};
    for (uint32_t i = 0; i < r->shape.spread; i++)
        sum = tct_block_xor_if(sum, tct_bit_get(row, i), rows[i]);
    return sum;
}

static uint64_t spread_parity(const tct_run *r, size_t output)
{
    const uint8_t *row = r->spread_rows + output * tct_bits_bytes(r->shape.spread);
    size_t first = tct_run_first_spread(r, r->role);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < r->shape.spread; i++)
        sum ^= tct_bit_get(row, i) & tct_run_bit(r, first + i);
    return sum;
}

/* z_P, c_P = z_P ⊕ E·y_P in escrow mode, and the digest of its MACs. */
void tct_output_part_make(tct_run *r, uint8_t *part, bool values_known)
{
    size_t bytes = tct_bits_bytes(r->shape.outputs);
    bool escrow = tct_shape_escrow(&r->shape);
    tct_hash h;
    memset(part, 0, bytes);
    tct_run_hash_role(&h, part_tag(r), r, r->role);
    tct_hash_field_open(&h, 16 * (uint64_t)r->shape.outputs);
    for (uint32_t j = 0; j < r->shape.outputs; j++) {
        uint32_t w = r->circuit->outputs[j];
        tct_block mac = r->wires[w].mac;
        uint64_t bit = r->mask_bits[w];
        if (values_known)
            bit ^= r->values[w];
        r->out_bits[j] = (uint8_t)bit;
        if (escrow) {
            bit ^= spread_parity(r, j);
            mac = tct_block_xor(mac,
                                spread_sum(r, r->macs + tct_run_first_spread(r, r->role), j));
        }
        tct_bit_put(part, j, bit);
        tct_hash_feed(&h, &mac, sizeof mac);
    }
    TCT_TWIST(r->role, TCT_TWIST_OUT_BITS, 0, part, bytes);
    tct_hash_final(&h, part + bytes);
}

bool tct_output_part_padded(const tct_run *r, const uint8_t *part)
{
    return tct_bits_padded(part, r->shape.outputs);
}

tct_mask tct_output_part_check(tct_run *r, const uint8_t *part, bool values_known)
{
    size_t bytes = tct_bits_bytes(r->shape.outputs);
    tct_delta delta = r->engine->delta;
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash h;
    tct_run_hash_role(&h, part_tag(r), r, tct_run_peer(r));
    tct_hash_field_open(&h, 16 * (uint64_t)r->shape.outputs);
    for (uint32_t j = 0; j < r->shape.outputs; j++) {
        uint32_t w = r->circuit->outputs[j];
        uint64_t bit = tct_bit_get(part, j);
        tct_block key = r->wires[w].key;
        r->peer_bits[j] = (uint8_t)bit;
        if (values_known)
            bit ^= r->values[w];
        if (tct_shape_escrow(&r->shape))
            key = tct_block_xor(
                key, spread_sum(r, r->keys + tct_run_first_spread(r, tct_run_peer(r)), j));
        key = tct_block_xor(key, tct_delta_if(bit, delta));
        tct_hash_feed(&h, &key, sizeof key);
    }
    tct_hash_final(&h, digest);
    return tct_differ(digest, part + bytes, sizeof digest);
}

/* z = z_P ⊕ z_P'.  Only after every check; own z follows from λ and, at the evaluator, Λ. */
void tct_output_combine(tct_run *r)
{
    for (uint32_t j = 0; j < r->shape.outputs; j++) {
        uint32_t w = r->circuit->outputs[j];
        uint8_t own = r->mask_bits[w] ^ (tct_run_garbles(r) ? 0 : r->values[w]);
        r->result[j] = own ^ r->peer_bits[j];
    }
    r->result_ready = true;
}

/* HASH("outlab", …) over the active labels of the outputs: the evaluator holds no others. */
static void label_proof(const tct_run *r, const uint8_t *values, uint8_t out[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_run_hash(&h, "outlab", r);
    tct_hash_field_open(&h, 16 * (uint64_t)r->shape.outputs);
    for (uint32_t j = 0; j < r->shape.outputs; j++) {
        tct_block label = r->labels[r->circuit->outputs[j]];
        if (values != NULL) /* the garbler rebuilds them from its zero labels */
            label = tct_block_xor_if(r->out_labels[j], tct_bit_get(values, j),
                                     r->engine->delta.block);
        tct_hash_feed(&h, &label, sizeof label);
    }
    tct_hash_final(&h, out);
}

void tct_f9_make(tct_run *r)
{
    size_t bytes = tct_bits_bytes(r->shape.outputs);
    memset(r->body, 0, bytes);
    for (uint32_t j = 0; j < r->shape.outputs; j++)
        tct_bit_put(r->body, j, r->values[r->circuit->outputs[j]]);
    TCT_TWIST(r->role, TCT_TWIST_OUT_VALUES, 0, r->body, bytes);
    label_proof(r, NULL, r->body + bytes);
    tct_output_part_make(r, r->body + bytes + TCT_HASH_BYTES, true);
}

tct_err tct_f9_take(tct_run *r, const uint8_t *body)
{
    size_t bytes = tct_bits_bytes(r->shape.outputs);
    const uint8_t *part = body + bytes + TCT_HASH_BYTES;
    uint8_t digest[TCT_HASH_BYTES];
    if (!tct_bits_padded(body, r->shape.outputs) || !tct_output_part_padded(r, part))
        return TCT_ERR_FORMAT;
    label_proof(r, body, digest);
    tct_mask bad = tct_differ(digest, body + bytes, sizeof digest);
    for (uint32_t j = 0; j < r->shape.outputs; j++)
        r->values[r->circuit->outputs[j]] = (uint8_t)tct_bit_get(body, j);
    bad = tct_mask_or(bad, tct_output_part_check(r, part, true));
    tct_wipe(r->out_labels, r->shape.outputs * sizeof *r->out_labels);
    if (tct_run_caught(r, bad)) /* the evaluator knows the answer already */
        return TCT_ERR_CHEAT;
    if (!tct_shape_escrow(&r->shape))
        tct_output_combine(r);
    return TCT_OK;
}
