/* SPDX-License-Identifier: ISC
 *
 * stock.h — a prepared run as bytes, to be used another day: the stock that letters are written from.
 *
 * A run may be stored where it waits for its input (F6 verified), and the garbler's once more between F8
 * and F9.  Restored under the same Δ it goes on as if nothing had been.  Of everything that F1 to F6
 * made, only what the rest of the run reads is kept; the garbler's second form holds no input mask.
 *
 * Source   protocol.md 6.1 (states of a run), 8.1 (a chain for each run), 11.1 (stock).
 * Differs  runs with gate tags and escrow only (up to TCT_TAG_ANDS_MAX ANDs, both receive).
 * Shapes   u8 form ‖ th ‖ salt ‖ own bits, packed ‖ their MACs ‖ the peer's keys ‖ E ‖ labels and zero
 *          labels of the outputs (garbler) or garbled circuit (evaluator).  Secret, but th and salt.
 * Not      single use: whoever restores the same bytes twice and answers both breaks the session.  The
 *          caller holds to 6.1 (session/letters.h).
 */
#ifndef TCT_GARBLE_STOCK_H
#define TCT_GARBLE_STOCK_H

#include "garble/engine.h"

/* An engine for runs that were stored, with nothing but what they need.  delta: secret, 16 bytes, as
 * tct_engine_delta gave it.  The rest as of the engine that prepared them. */
tct_engine *tct_engine_restore(void *memory, int role, const uint8_t sid[32],
                               tct_engine_params params, uint8_t out, const uint8_t delta[16]);
void tct_engine_delta(const tct_engine *e, uint8_t out[16]);

/* How many bytes any run of this circuit takes at most; 0: it cannot be stored in this mode. */
size_t tct_stock_bytes(const tct_circuit *c, tct_engine_params params);
/* This one, now; 0: it is not at a place where it can be stored. */
size_t tct_run_stock_bytes(const tct_run *r);
/* Writes it and wipes the run.  SPACE, USAGE: nothing changed. */
TCT_MUST_CHECK tct_err tct_run_store(tct_run *r, uint8_t *out, size_t *bytes);

/* As tct_run_init, for a run that was stored.  FORMAT: the bytes are of no such run. */
TCT_MUST_CHECK tct_err tct_run_restore(tct_run **out, void *memory, size_t memory_bytes,
                                       tct_engine *e, const tct_circuit *circuit, uint32_t run,
                                       int garbler, const uint8_t *bytes, size_t count);

/* In place of tct_run_input: the body of own F7 as it was sent before. */
TCT_MUST_CHECK tct_err tct_run_input_again(tct_run *r, const uint8_t *f7, size_t bytes);

#endif
