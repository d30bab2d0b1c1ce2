/* SPDX-License-Identifier: ISC
 *
 * builder_state.h — the inside of a builder, for builder.c and builder_finish.c.
 *
 * Shapes   A node is the constant zero (node 0), an input, or a gate; a tct_wire is
 *          2·node + inverted.  So inversions live in references.  An XOR node never has inverted
 *          operands (they move to its result); an AND node may.  Operands always stand before their
 *          node.
 */
#ifndef TCT_CIRCUIT_BUILDER_STATE_H
#define TCT_CIRCUIT_BUILDER_STATE_H

#include "circuit/builder.h"

struct tct_builder {
    tct_arena *arena;
    tct_err err; /* sticky */
    uint32_t inputs[2];
    uint32_t first_gate; /* node of gate 0 */
    uint32_t gate_count, gate_room, and_count;
    tct_gate *gates;             /* a, b are tct_wires */
    uint32_t *table, table_mask; /* of gate index + 1 by contents; 0: empty */
    tct_wire *outputs;
    uint32_t output_count, output_room;
};

static inline uint32_t tct_wire_node(tct_wire w)
{
    return w >> 1;
}

static inline tct_wire tct_wire_plain(tct_wire w)
{
    return w & ~(tct_wire)1;
}

static inline uint32_t tct_wire_inverted(tct_wire w)
{
    return w & 1;
}

#endif
