/* SPDX-License-Identifier: ISC
 *
 * lanes.h — the gates of a circuit on many inputs at once: one in each bit of the words of a wire.
 */
#ifndef TCT_LEAK_LANES_H
#define TCT_LEAK_LANES_H

#include "circuit/circuit.h"

enum { TCT_TABLE_LANES = 8 }; /* words of a wire */

/* wires: [wire][lane], 64-aligned, with the inputs set; to: where the first gate's wire begins. */
void tct_lanes_run(const tct_gate *gates, uint32_t count, const uint64_t *wires, uint64_t *to);

#endif
