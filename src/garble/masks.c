/* SPDX-License-Identifier: ISC
 *
 * The masks λ of all wires (3.2).  The mask of an input wire is known to its owner alone: the peer's
 * share of it is 0, so nothing has to be opened to the owner.  XOR adds, INV keeps.
 */
#include "garble/run_state.h"

static void input_masks(tct_run *r)
{
    size_t from = 3 * (size_t)r->shape.triples;
    for (int role = 0; role < 2; role++) {
        uint32_t first = tct_run_first_input(r, role);
        for (uint32_t j = 0; j < r->shape.inputs[role]; j++) {
            bool own = role == r->role;
            r->wires[first + j] = (tct_share){0};
            if (own)
                r->wires[first + j].mac = r->macs[from + j];
            else
                r->wires[first + j].key = r->keys[from + j];
            r->mask_bits[first + j] = own ? (uint8_t)tct_run_bit(r, from + j) : 0;
        }
    }
}

void tct_wire_masks(tct_run *r)
{
    const tct_gate *gates = r->circuit->gates;
    size_t own = tct_run_and_masks(r, r->role), peer = tct_run_and_masks(r, tct_run_peer(r));
    uint32_t w = tct_run_first_gate(r);
    input_masks(r);
    if (tct_shape_stream(&r->shape))
        tct_segment_masks(r);
    for (uint32_t i = 0; i < r->circuit->gate_count; i++, w++) {
        const tct_gate *g = &gates[i];
        tct_share *share = &r->wires[w];
        const tct_share *a = &r->wires[g->a], *b = &r->wires[g->b];
        switch (g->kind) {
        case TCT_GATE_AND:
            *share = (tct_share){r->macs[own], r->keys[peer++]};
            r->mask_bits[w] = (uint8_t)tct_run_bit(r, own++);
            break;
        case TCT_GATE_XOR:
            share->mac = tct_block_xor(a->mac, b->mac);
            share->key = tct_block_xor(a->key, b->key);
            r->mask_bits[w] = r->mask_bits[g->a] ^ r->mask_bits[g->b];
            break;
        default:
            *share = *a;
            r->mask_bits[w] = r->mask_bits[g->a];
        }
    }
}
