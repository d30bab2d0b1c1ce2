/* SPDX-License-Identifier: ISC
 *
 * bristol_write.h — writes a circuit in the Bristol Fashion format.
 */
#ifndef TCT_SUPPORT_BRISTOL_WRITE_H
#define TCT_SUPPORT_BRISTOL_WRITE_H

#include "circuit/circuit.h"

typedef struct {
    const uint32_t *input_bits; /* widths: X's values, then Y's */
    uint32_t input_count;
    const uint32_t *output_bits;
    uint32_t output_count;
    const uint8_t *fixed; /* as tct_builder_finish; NULL: no output is constant */
    bool shuffle;         /* inner wires in a random order, gates in another */
    uint64_t seed;        /* of the shuffle */
} bristol_shape;

/* The text, NUL-terminated; free it.  *bytes: its length without the NUL. */
char *bristol_write(const tct_circuit *c, const bristol_shape *shape, size_t *bytes);

#endif
