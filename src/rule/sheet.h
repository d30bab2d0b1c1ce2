/* SPDX-License-Identifier: ISC
 *
 * sheet.h — what the session needs of a sheet beside the public view: its canonical text, its
 *           circuit, and the way from answers to input bits and from output bits to an outcome.
 */
#ifndef TCT_RULE_SHEET_H
#define TCT_RULE_SHEET_H

#include "circuit/circuit.h"
#include "tacit/tacit.h"

/* The canonical form, with the items as edited: reading it again gives the same sheet and the same
 * canonical text.  This is what travels and what is hashed. */
const char *tct_sheet_canonical(const tacit_sheet *sheet, size_t *bytes);

/* The coin of `also by chance`, as K/2^m (protocol.md 9); 0, 0 without one. */
void tct_sheet_coin(const tacit_sheet *sheet, uint32_t *k, uint8_t *m);

/* The circuit when the asker (session role X) takes role `asker_person` (0 or 1) of the sheet.
 * The compiled circuit has person 0 as X; for 1 the input wires change places (copy in arena). */
TCT_MUST_CHECK tct_err tct_sheet_circuit(const tacit_sheet *sheet, int asker_person,
                                         tct_arena *arena, tct_circuit *out);
size_t tct_sheet_circuit_bytes(const tacit_sheet *sheet);

/* Input bits of one person: local work done, lots drawn from `lots` (the caller expands a fresh
 * secret seed; tct_sheet_lot_bytes of it).  bits: one byte 0/1 per input wire of that person. */
uint32_t tct_sheet_input_count(const tacit_sheet *sheet, int person);
size_t tct_sheet_lot_bytes(const tacit_sheet *sheet, int person);
void tct_sheet_encode(const tacit_sheet *sheet, int person, const tacit_answers *answers,
                      const uint8_t *lots, uint8_t *bits);

/* outputs: one byte 0/1 per circuit output, public now.  reader: the person who reads. */
void tct_sheet_decode(const tacit_sheet *sheet, int reader, const uint8_t *outputs,
                      tacit_outcome *out);

#endif
