/* SPDX-License-Identifier: ISC
 *
 * random_circuit.h — circuits in normal form from a seed, for tests.
 *
 * A circuit is a function of its seed and shape: print the seed when a test fails.
 * The gates include what is easy to get wrong: AND(a,a), XORs that cancel to a constant (whose
 * active label is zero), inversions of inversions, outputs on inputs, repeated and dead wires.
 */
#ifndef TCT_SUPPORT_RANDOM_CIRCUIT_H
#define TCT_SUPPORT_RANDOM_CIRCUIT_H

#include "circuit/circuit.h"

typedef struct {
    uint64_t state;
} random_source;

random_source random_from(uint64_t seed);
uint64_t random_u64(random_source *r);
/* Uniform below `bound` (but for 2^-32), bound > 0. */
uint32_t random_below(random_source *r, uint32_t bound);
void random_bytes(random_source *r, uint8_t *out, size_t bytes);
/* One byte 0/1 each. */
void random_bits(random_source *r, uint8_t *out, size_t bits);

typedef struct {
    uint32_t inputs[2]; /* not both 0 */
    uint32_t ands;      /* exactly so many */
    uint32_t others;    /* XOR and INV gates */
    uint32_t outputs;   /* at least 1 */
} random_shape;

/* A small shape, with the edges (no inputs on one side, no AND, one gate) often enough. */
random_shape random_small_shape(uint64_t seed, uint32_t ands_max);

/* A circuit of that shape; tct_circuit_valid holds.  Free with random_circuit_free. */
tct_circuit *random_circuit(uint64_t seed, random_shape shape);
void random_circuit_free(tct_circuit *c);

/* tct_circuit_evaluate with its own scratch. */
void random_circuit_evaluate(const tct_circuit *c, const uint8_t *x, const uint8_t *y,
                             uint8_t *out);

#endif
