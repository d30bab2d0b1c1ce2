/* SPDX-License-Identifier: ISC
 *
 * known_circuits.h — circuits that everybody knows, made by our own builder: for tests, for figures and
 *                    for examples/circuits/.
 *
 * Shapes   two input values, the first of X and the second of Y, and one output value.  A value is a
 *          number: wire 0 is its lowest bit.  So FIPS test vectors, read as hexadecimal numbers, are
 *          inputs and outputs as they stand.
 */
#ifndef TCT_SUPPORT_KNOWN_CIRCUITS_H
#define TCT_SUPPORT_KNOWN_CIRCUITS_H

#include "circuit/circuit.h"

typedef struct {
    tct_circuit circuit;
    uint32_t input_bits[2], output_bits;
    uint8_t *fixed; /* as tct_builder_finish */
    void *memory;   /* behind it all */
} known_circuit;

known_circuit known_adder(unsigned width);      /* first + second mod 2^width */
known_circuit known_multiplier(unsigned width); /* first * second, 2*width bits */
known_circuit known_at_least(unsigned width);   /* 1 iff first >= second */
/* A chain of `ands` ANDs, each with the one before it: for timing. */
known_circuit known_chain(uint32_t ands);
known_circuit known_aes128(void); /* first: key, second: block [FIPS 197] */
/* first: block of 512 bits, second: state of 256 bits; the next state [FIPS 180-4]. */
known_circuit known_sha256(void);
void known_circuit_free(known_circuit *k);

/* As a Bristol Fashion text; free it. */
char *known_circuit_text(const known_circuit *k, size_t *bytes);

/* For the files that make them. */
#include "circuit/builder.h"
tct_builder *known_begin(known_circuit *k, uint32_t first, uint32_t second, uint32_t gates_max);
void known_end(known_circuit *k, tct_builder *b, const tct_wire *out, uint32_t bits);

#endif
