/* SPDX-License-Identifier: ISC */
#include "circuit/circuit.h"

#include <string.h>

enum { HEAD_BYTES = 16, GATE_BYTES = 9, OUTPUT_BYTES = 4 };

static bool gate_valid(const tct_gate *g, uint32_t own_wire)
{
    if (g->a >= own_wire || g->b >= own_wire)
        return false;
    switch (g->kind) {
    case TCT_GATE_AND:
        return true;
    case TCT_GATE_XOR:
        return g->a != g->b;
    case TCT_GATE_INV:
        return g->a == g->b;
    default:
        return false;
    }
}

bool tct_circuit_valid(const tct_circuit *c)
{
    if (c->inputs[0] > TCT_CIRCUIT_INPUTS_MAX || c->inputs[1] > TCT_CIRCUIT_INPUTS_MAX ||
        c->gate_count > TCT_CIRCUIT_GATES_MAX || c->and_count > TCT_CIRCUIT_ANDS_MAX ||
        c->output_count == 0 || c->output_count > TCT_CIRCUIT_OUTPUTS_MAX)
        return false;
    uint32_t wire = c->inputs[0] + c->inputs[1], ands = 0;
    for (uint32_t i = 0; i < c->gate_count; i++, wire++) {
        if (!gate_valid(&c->gates[i], wire))
            return false;
        ands += c->gates[i].kind == TCT_GATE_AND;
    }
    for (uint32_t i = 0; i < c->output_count; i++)
        if (c->outputs[i] >= wire)
            return false;
    return ands == c->and_count;
}

uint64_t tct_circuit_serial_bytes(const tct_circuit *c)
{
    return HEAD_BYTES + (uint64_t)GATE_BYTES * c->gate_count +
           (uint64_t)OUTPUT_BYTES * c->output_count;
}

/* A small buffer before the sink, so that a hash is not called once per gate. */
typedef struct {
    void (*sink)(void *context, const uint8_t *bytes, size_t count);
    void *context;
    size_t used;
    uint8_t bytes[4096];
} writer;

static void flush(writer *w)
{
    if (w->used != 0)
        w->sink(w->context, w->bytes, w->used);
    w->used = 0;
}

static void put32(writer *w, uint32_t v)
{
    if (w->used + 4 > sizeof w->bytes)
        flush(w);
    tct_store32(w->bytes + w->used, v);
    w->used += 4;
}

static inline void put_gate(writer *w, const tct_gate *g)
{
    enum { BYTES = 9 };
    if (w->used + BYTES > sizeof w->bytes)
        flush(w);
    uint8_t *at = w->bytes + w->used;
    at[0] = (uint8_t)g->kind;
    tct_store32(at + 1, g->a);
    tct_store32(at + 5, g->b);
    w->used += BYTES;
}

void tct_circuit_serialise(const tct_circuit *c,
                           void (*sink)(void *context, const uint8_t *bytes, size_t count),
                           void *context)
{
    writer w;
    w.sink = sink;
    w.context = context;
    w.used = 0;
    put32(&w, c->inputs[0]);
    put32(&w, c->inputs[1]);
    put32(&w, c->gate_count);
    put32(&w, c->output_count);
    for (uint32_t i = 0; i < c->gate_count; i++)
        put_gate(&w, &c->gates[i]);
    for (uint32_t i = 0; i < c->output_count; i++)
        put32(&w, c->outputs[i]);
    flush(&w);
}

void tct_circuit_evaluate(const tct_circuit *c, const uint8_t *const inputs[2], uint8_t *wires,
                          uint8_t *out)
{
    uint8_t *at = wires;
    for (int role = 0; role < 2; role++) {
        if (c->inputs[role] != 0)
            memcpy(at, inputs[role], c->inputs[role]);
        at += c->inputs[role];
    }
    for (uint32_t i = 0; i < c->gate_count; i++) {
        uint8_t a = wires[c->gates[i].a], b = wires[c->gates[i].b];
        switch (c->gates[i].kind) {
        case TCT_GATE_AND:
            at[i] = a & b;
            break;
        case TCT_GATE_XOR:
            at[i] = a ^ b;
            break;
        default:
            at[i] = a ^ 1;
            break;
        }
    }
    for (uint32_t i = 0; i < c->output_count; i++)
        out[i] = wires[c->outputs[i]];
}
