/* SPDX-License-Identifier: ISC
 *
 * circuit.h — the boolean circuit in normal form.
 *
 * Shapes   wires 0 … inputs[0]-1 are X's inputs (the creator), then inputs[1] of Y (the joiner),
 *          then one wire per gate in order.  Operands stand before their gate.  AND(a,a) is
 *          allowed, XOR(a,a) is not; INV has b = a.  No constant wire.  outputs may repeat and
 *          may name input wires; at least one output.
 * Source   protocol.md 0.5 (with the canonical serialisation behind the digest).
 */
#ifndef TCT_CIRCUIT_CIRCUIT_H
#define TCT_CIRCUIT_CIRCUIT_H

#include "base/base.h"

typedef enum { TCT_GATE_AND = 0, TCT_GATE_XOR = 1, TCT_GATE_INV = 2 } tct_gate_kind;

typedef struct {
    uint32_t kind; /* tct_gate_kind */
    uint32_t a, b;
} tct_gate;

enum {
    TCT_CIRCUIT_INPUTS_MAX = 1 << 24, /* per person */
    TCT_CIRCUIT_OUTPUTS_MAX = 1 << 20,
    TCT_CIRCUIT_GATES_MAX = 1 << 28,
    TCT_CIRCUIT_ANDS_MAX = 20000000,
};

typedef struct {
    uint32_t inputs[2]; /* by session role: 0 = X, 1 = Y */
    uint32_t gate_count, output_count, and_count;
    const tct_gate *gates;   /* borrowed */
    const uint32_t *outputs; /* borrowed */
} tct_circuit;

static inline uint32_t tct_circuit_wires(const tct_circuit *c)
{
    return c->inputs[0] + c->inputs[1] + c->gate_count;
}

/* Is it in normal form, within the limits, with a right and_count? */
bool tct_circuit_valid(const tct_circuit *c);

/* Feeds the canonical serialisation to `sink`, piece by piece; garble makes the digest of it.
 * tct_circuit_serial_bytes is its length. */
uint64_t tct_circuit_serial_bytes(const tct_circuit *c);
void tct_circuit_serialise(const tct_circuit *c,
                           void (*sink)(void *context, const uint8_t *bytes, size_t count),
                           void *context);

/* Evaluates in the clear: the reference that honest runs must equal.
 * inputs[r]: one byte 0/1 per input wire of role r; out: one byte per output;
 * wires: scratch of tct_circuit_wires(c) bytes. */
void tct_circuit_evaluate(const tct_circuit *c, const uint8_t *const inputs[2], uint8_t *wires,
                          uint8_t *out);

#endif
