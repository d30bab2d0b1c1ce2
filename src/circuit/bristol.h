/* SPDX-License-Identifier: ISC
 *
 * bristol.h — reads circuits in the Bristol Fashion format.
 *
 * Format   line 1: gates wires; line 2: number of input values, width of each; line 3: the same
 *          for outputs; then gates: `inputs outputs in… out… NAME` with AND, XOR, INV (NOT), EQ
 *          (constant), EQW (copy), MAND.  Wires may be numbered in any order; gates in any
 *          topological or untopological order (they are sorted; a cycle is an error).
 */
#ifndef TCT_CIRCUIT_BRISTOL_H
#define TCT_CIRCUIT_BRISTOL_H

#include "circuit/circuit.h"

enum { TCT_BRISTOL_VALUES_MAX = 64 };

typedef struct {
    uint32_t input_count, output_count;          /* values, not wires */
    uint32_t input_bits[TCT_BRISTOL_VALUES_MAX]; /* width of each input value */
    uint32_t output_bits[TCT_BRISTOL_VALUES_MAX];
    uint8_t input_owner[TCT_BRISTOL_VALUES_MAX]; /* 0 = X, 1 = Y: as given by the caller */
    tct_circuit circuit; /* input wires regrouped by owner: X's values in order, then Y's */
    uint8_t *fixed;      /* as tct_builder_finish, one entry per output bit */
    uint32_t output_bit_count; /* sum of output_bits */
} tct_bristol;

typedef struct {
    uint32_t line;  /* 1-based; 0: the file as a whole */
    char text[160]; /* one plain sentence */
} tct_bristol_error;

/* The number of bytes that reading a text of this length may take from the arena. */
size_t tct_bristol_bytes(size_t text_bytes);

/* Reads the header only: counts and widths (owners all zero). */
TCT_MUST_CHECK tct_err tct_bristol_header(const char *text, size_t text_bytes, tct_bristol *out,
                                          tct_bristol_error *error);

/* owner[i]: who enters input value i.  FORMAT: error says where and what.  text: any bytes. */
TCT_MUST_CHECK tct_err tct_bristol_read(tct_arena *arena, const char *text, size_t text_bytes,
                                        const uint8_t *owner, tct_bristol *out,
                                        tct_bristol_error *error);

#endif
