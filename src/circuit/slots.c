/* SPDX-License-Identifier: ISC */
#include "circuit/slots.h"

#define NEVER  ((uint32_t)0) /* no gate reads the wire */
#define ALWAYS UINT32_MAX    /* it is an output */
#define NONE   UINT32_MAX    /* the end of the list of free slots */

/* The gate that reads a wire last, counted from 1. */
static void find_last_uses(const tct_circuit *c, uint32_t *last)
{
    uint32_t wires = tct_circuit_wires(c);
    for (uint32_t w = 0; w < wires; w++)
        last[w] = NEVER;
    for (uint32_t i = 0; i < c->gate_count; i++)
        last[c->gates[i].a] = last[c->gates[i].b] = i + 1;
    for (uint32_t i = 0; i < c->output_count; i++)
        last[c->outputs[i]] = ALWAYS;
}

typedef struct {
    uint32_t *next; /* by slot */
    uint32_t head, count;
} pool;

static void release(pool *p, uint32_t slot)
{
    p->next[slot] = p->head;
    p->head = slot;
}

static uint32_t claim(pool *p)
{
    uint32_t slot = p->head;
    if (slot == NONE)
        return p->count++;
    p->head = p->next[slot];
    return slot;
}

uint32_t tct_slots_assign(const tct_circuit *c, uint32_t *slot, uint32_t *scratch)
{
    uint32_t inputs = c->inputs[0] + c->inputs[1], wire = inputs;
    uint32_t *last = scratch;
    pool p = {.next = scratch + tct_circuit_wires(c), .head = NONE, .count = inputs};
    find_last_uses(c, last);
    for (uint32_t w = 0; w < inputs; w++) {
        slot[w] = w;
        if (last[w] == NEVER)
            release(&p, w);
    }
    for (uint32_t i = 0; i < c->gate_count; i++, wire++) {
        const tct_gate *g = &c->gates[i];
        if (last[g->a] == i + 1) /* the gate reads before it writes */
            release(&p, slot[g->a]);
        if (g->b != g->a && last[g->b] == i + 1)
            release(&p, slot[g->b]);
        slot[wire] = claim(&p);
        if (last[wire] == NEVER)
            release(&p, slot[wire]);
    }
    return p.count;
}
