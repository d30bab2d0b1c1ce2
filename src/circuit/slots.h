/* SPDX-License-Identifier: ISC
 *
 * slots.h — how few places a circuit's wires need when each is freed after its last use.
 *
 * Gives    a slot for every wire, so that gates taken in order never write a slot whose wire is still to
 *          be read.  Inputs have the slots of their own numbers; outputs keep theirs to the end.
 * Memory   three words for each wire, the caller's.   Time  linear.
 */
#ifndef TCT_CIRCUIT_SLOTS_H
#define TCT_CIRCUIT_SLOTS_H

#include "circuit/circuit.h"

/* c: in normal form.  slot: tct_circuit_wires(c) words; scratch: twice as many.  Returns how many slots. */
uint32_t tct_slots_assign(const tct_circuit *c, uint32_t *slot, uint32_t *scratch);

#endif
