/* SPDX-License-Identifier: ISC */
#include "support/random_circuit.h"

#include <stdlib.h>

/* --------------------------------------------------------------------------- random --- */

random_source random_from(uint64_t seed)
{
    return (random_source){seed};
}

/* splitmix64: any seed is a good seed. */
uint64_t random_u64(random_source *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint32_t random_below(random_source *r, uint32_t bound)
{
    return (uint32_t)((random_u64(r) >> 32) * bound >> 32);
}

void random_bytes(random_source *r, uint8_t *out, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)random_u64(r);
}

void random_bits(random_source *r, uint8_t *out, size_t bits)
{
    for (size_t i = 0; i < bits; i++)
        out[i] = (uint8_t)(random_u64(r) >> 63);
}

/* -------------------------------------------------------------------------- circuit --- */

random_shape random_small_shape(uint64_t seed, uint32_t ands_max)
{
    random_source r = random_from(seed ^ 0x7368617065u);
    random_shape s = {
        .inputs = {random_below(&r, 10), random_below(&r, 10)},
        .ands = random_below(&r, ands_max + 1),
        .outputs = 1 + random_below(&r, 12),
    };
    s.others = random_below(&r, 2 * s.ands + 8);
    if (random_below(&r, 8) == 0)
        s.inputs[random_below(&r, 2)] = 0;
    if (random_below(&r, 16) == 0)
        s.ands = 0;
    if (s.inputs[0] + s.inputs[1] == 0)
        s.inputs[random_below(&r, 2)] = 1;
    return s;
}

/* A wire below `limit`: often one of the last, so that circuits become deep. */
static uint32_t pick(random_source *r, uint32_t limit)
{
    if (limit > 8 && random_below(r, 2) == 0)
        return limit - 1 - random_below(r, 8);
    return random_below(r, limit);
}

/* An XOR of the last gate that undoes it, if that is an XOR: x ⊕ (x ⊕ y) or (x ⊕ y) ⊕ …; now and
 * then a wire that is always 0 (two XORs of the same operands, XORed). */
static bool undo(random_source *r, const tct_gate *gates, uint32_t index, uint32_t inputs,
                 tct_gate *out)
{
    if (index == 0 || gates[index - 1].kind != TCT_GATE_XOR || random_below(r, 4) != 0)
        return false;
    const tct_gate *last = &gates[index - 1];
    if (random_below(r, 2) == 0) /* the same gate again: XORing the two gives zero */
        *out = *last;
    else
        *out = (tct_gate){TCT_GATE_XOR, inputs + index - 1, last->a};
    if (index >= 2 && last->a == gates[index - 2].a && last->b == gates[index - 2].b &&
        gates[index - 2].kind == TCT_GATE_XOR)
        *out = (tct_gate){TCT_GATE_XOR, inputs + index - 2, inputs + index - 1};
    return true;
}

static tct_gate pick_other(random_source *r, const tct_gate *gates, uint32_t index,
                           uint32_t inputs)
{
    uint32_t limit = inputs + index;
    tct_gate g;
    if (undo(r, gates, index, inputs, &g))
        return g;
    g = (tct_gate){TCT_GATE_XOR, pick(r, limit), pick(r, limit)};
    if (g.a == g.b || random_below(r, 4) == 0)
        g = (tct_gate){TCT_GATE_INV, g.a, g.a};
    return g;
}

static void *claim(size_t count, size_t unit_bytes)
{
    void *p = calloc(count + 1, unit_bytes);
    if (p == NULL)
        abort();
    return p;
}

tct_circuit *random_circuit(uint64_t seed, random_shape shape)
{
    random_source r = random_from(seed);
    uint32_t inputs = shape.inputs[0] + shape.inputs[1];
    uint32_t gate_count = shape.ands + shape.others, ands_left = shape.ands;
    tct_gate *gates = claim(gate_count, sizeof *gates);
    uint32_t *outputs = claim(shape.outputs, sizeof *outputs);

    for (uint32_t i = 0; i < gate_count; i++) {
        if (random_below(&r, gate_count - i) < ands_left) {
            gates[i] = (tct_gate){TCT_GATE_AND, pick(&r, inputs + i), pick(&r, inputs + i)};
            if (random_below(&r, 32) == 0)
                gates[i].b = gates[i].a;
            ands_left--;
        } else {
            gates[i] = pick_other(&r, gates, i, inputs);
        }
    }
    for (uint32_t i = 0; i < shape.outputs; i++)
        outputs[i] =
            i > 0 && random_below(&r, 8) == 0 ? outputs[i - 1] : pick(&r, inputs + gate_count);

    tct_circuit *c = claim(1, sizeof *c);
    *c = (tct_circuit){
        .inputs = {shape.inputs[0], shape.inputs[1]},
        .gate_count = gate_count,
        .output_count = shape.outputs,
        .and_count = shape.ands,
        .gates = gates,
        .outputs = outputs,
    };
    return c;
}

void random_circuit_free(tct_circuit *c)
{
    if (c == NULL)
        return;
    /* They were made writable above and are const only for the readers. */
    union {
        const void *from;
        void *to;
    } gates = {c->gates}, outputs = {c->outputs};
    free(gates.to);
    free(outputs.to);
    free(c);
}

void random_circuit_evaluate(const tct_circuit *c, const uint8_t *x, const uint8_t *y,
                             uint8_t *out)
{
    uint8_t *wires = claim(tct_circuit_wires(c), 1);
    const uint8_t *inputs[2] = {x, y};
    tct_circuit_evaluate(c, inputs, wires, out);
    free(wires);
}
