/* SPDX-License-Identifier: ISC
 *
 * builder_finish.c — from the builder's nodes to a circuit in normal form: only what an output needs,
 * and one INV gate for each inverse that an AND or an output names.
 */
#include "circuit/builder_state.h"

#include <string.h>

/* What the circuit needs of a node. */
enum { NEEDED = 1, INVERSE_NEEDED = 2 };

typedef struct {
    uint8_t *need;   /* by node */
    uint32_t *wire;  /* by node: the wire of a gate; of an input, the wire of its inverse.
                          The inverse of a gate is the wire after it. */
    tct_gate *gates; /* written in order */
    uint32_t gate_count, first_wire;
} plan;

static void need(plan *p, tct_wire w)
{
    p->need[tct_wire_node(w)] |=
        (uint8_t)(tct_wire_inverted(w) ? NEEDED | INVERSE_NEEDED : NEEDED);
}

/* Marks what outputs need, then from the last gate back what needed gates need. */
static void mark_needed(const tct_builder *b, plan *p)
{
    for (uint32_t i = 0; i < b->output_count; i++)
        need(p, b->outputs[i]);
    for (uint32_t i = b->gate_count; i-- > 0;) {
        if (p->need[b->first_gate + i] == 0)
            continue;
        need(p, b->gates[i].a);
        need(p, b->gates[i].b);
    }
}

static uint64_t count_gates(const tct_builder *b, const plan *p)
{
    uint64_t count = 0;
    for (uint32_t node = 1; node < b->first_gate + b->gate_count; node++) {
        count += node >= b->first_gate && (p->need[node] & NEEDED);
        count += (p->need[node] & INVERSE_NEEDED) != 0;
    }
    return count;
}

static uint32_t wire_for(const tct_builder *b, const plan *p, tct_wire w)
{
    uint32_t node = tct_wire_node(w);
    if (node >= b->first_gate)
        return p->wire[node] + tct_wire_inverted(w);
    return tct_wire_inverted(w) ? p->wire[node] : node - 1;
}

static uint32_t emit(plan *p, uint32_t kind, uint32_t a, uint32_t b)
{
    p->gates[p->gate_count] = (tct_gate){.kind = kind, .a = a, .b = b};
    return p->first_wire + p->gate_count++;
}

static uint32_t emit_all(const tct_builder *b, plan *p)
{
    uint32_t ands = 0;
    for (uint32_t node = 1; node < b->first_gate; node++)
        if (p->need[node] & INVERSE_NEEDED)
            p->wire[node] = emit(p, TCT_GATE_INV, node - 1, node - 1);
    for (uint32_t i = 0; i < b->gate_count; i++) {
        uint32_t node = b->first_gate + i;
        const tct_gate *g = &b->gates[i];
        if (p->need[node] == 0)
            continue;
        uint32_t wire = emit(p, g->kind, wire_for(b, p, g->a), wire_for(b, p, g->b));
        if (p->need[node] & INVERSE_NEEDED)
            (void)emit(p, TCT_GATE_INV, wire, wire);
        p->wire[node] = wire;
        ands += g->kind == TCT_GATE_AND;
    }
    return ands;
}

static tct_err write_circuit(tct_builder *b, plan *p, tct_circuit *out, uint8_t **fixed)
{
    uint32_t *outputs = tct_arena_take(b->arena, b->output_count, sizeof *outputs);
    *fixed = tct_arena_take(b->arena, b->output_count, 1);
    if (outputs == NULL || *fixed == NULL)
        return TCT_ERR_MEMORY;
    out->gate_count = p->gate_count;
    out->gates = p->gates;
    out->outputs = outputs;
    out->inputs[0] = b->inputs[0];
    out->inputs[1] = b->inputs[1];
    out->output_count = 0;
    for (uint32_t i = 0; i < b->output_count; i++) {
        tct_wire w = b->outputs[i];
        bool constant = w == TCT_ZERO || w == TCT_ONE;
        (*fixed)[i] = constant ? (uint8_t)w : 2;
        if (!constant)
            outputs[out->output_count++] = wire_for(b, p, w);
    }
    return TCT_OK;
}

tct_err tct_builder_finish(tct_builder *b, tct_circuit *out, uint8_t **fixed)
{
    memset(out, 0, sizeof *out);
    *fixed = NULL;
    if (b->err != TCT_OK)
        return b->err;
    size_t nodes = (size_t)b->first_gate + b->gate_count;
    plan p = {.first_wire = b->inputs[0] + b->inputs[1]};
    p.need = tct_arena_take(b->arena, nodes, 1);
    p.wire = tct_arena_take(b->arena, nodes, sizeof *p.wire);
    if (p.need == NULL || p.wire == NULL)
        return b->err = TCT_ERR_MEMORY;
    mark_needed(b, &p);
    uint64_t count = count_gates(b, &p);
    if (count > TCT_CIRCUIT_GATES_MAX)
        return b->err = TCT_ERR_LIMIT;
    p.gates = tct_arena_take(b->arena, (size_t)count, sizeof *p.gates);
    if (p.gates == NULL)
        return b->err = TCT_ERR_MEMORY;
    uint32_t ands = emit_all(b, &p);
    TCT_ASSERT(p.gate_count == count);
    if (ands > TCT_CIRCUIT_ANDS_MAX)
        return b->err = TCT_ERR_LIMIT;
    b->err = write_circuit(b, &p, out, fixed);
    out->and_count = ands;
    return b->err;
}
