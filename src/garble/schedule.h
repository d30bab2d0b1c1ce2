/* SPDX-License-Identifier: ISC
 *
 * schedule.h — the order in which gates are garbled and evaluated: level by level.
 *
 * Gives    all ANDs of a level (those that no AND of it feeds) stand next to each other, so that their
 *          hashes go in full batches, however the circuit's author numbered the gates.  Numbers,
 *          tweaks and bytes stay those of the circuit: nobody else can tell.
 * Memory   eight bytes for each gate at most, and twelve for each wire while it is made; it lives where
 *          x and y of the triples were, if it fits.
 */
#ifndef TCT_GARBLE_SCHEDULE_H
#define TCT_GARBLE_SCHEDULE_H

#include "garble/run_state.h"

enum { TCT_SCHEDULE_FIRST = 1 << 30 }; /* in an entry: the first AND of its level */
_Static_assert((int)TCT_CIRCUIT_GATES_MAX < (int)TCT_SCHEDULE_FIRST,
               "the mark is no bit of an index");

/* Memory for tct_schedule_make, with what it needs only while it works. */
uint64_t tct_schedule_bytes(const tct_shape *s);

/* Fills r->order: gate indices, marked; and r->and_number: the numbers of the ANDs as they come. */
void tct_schedule_make(tct_run *r);

#endif
