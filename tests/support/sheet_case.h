/* SPDX-License-Identifier: ISC
 *
 * sheet_case.h — sheets in tests: read from text or from sheets/, and run both ways.
 */
#ifndef TCT_SUPPORT_SHEET_CASE_H
#define TCT_SUPPORT_SHEET_CASE_H

#include "rule/interpret.h"

/* Reads a sheet into memory of its own; sheet is NULL after errors.  Asserts that memory sufficed. */
typedef struct {
    tacit_sheet *sheet;
    tacit_status status;
    tacit_diagnostics diagnostics;
    void *memory;
} sheet_case;

void sheet_case_text(sheet_case *c, const char *text);
void sheet_case_bytes(sheet_case *c, const char *text, size_t bytes, const tacit_items *items);
void sheet_case_file(sheet_case *c, const char *name); /* sheets/NAME.tacit; must be right */
void sheet_case_free(sheet_case *c);

/* Sets answers from "question=value\nquestion.item=value\n…"; fails the test when one is refused. */
void sheet_case_answers(const sheet_case *c, int person, tacit_answers *out, const char *lines);

/* Random numbers of a test: replayable from the seed. */
uint64_t sheet_case_random(uint64_t *state);
/* Allowed answers, all given. */
void sheet_case_random_answers(const sheet_case *c, int person, tacit_answers *out,
                               uint64_t *state);

/* Buffers to run a sheet's circuit in the clear. */
typedef struct {
    const tacit_sheet *sheet;
    uint8_t *inputs[2], *wires, *outputs, *lots[2];
} sheet_run;

void sheet_run_init(sheet_run *r, const tacit_sheet *sheet);
void sheet_run_free(sheet_run *r);
void sheet_run_draw(sheet_run *r, uint64_t *state); /* both people's lots */
void sheet_run_encode(sheet_run *r, int person, const tacit_answers *answers);
/* Evaluates the circuit on what stands in inputs. */
void sheet_run_circuit(sheet_run *r, tct_meaning *out);
/* Fails the test, with `what` and the seed, unless circuit and interpreter say the same. */
void sheet_run_agree(sheet_run *r, const tacit_answers *const answers[2], const char *what,
                     uint64_t seed);
/* The string that an honest device enters for the same: ones after the first zero of a choice say
 * nothing. */
void sheet_entry_normalise(const tacit_sheet *sheet, int person, uint8_t *bits);
/* Could a person with allowed answers have entered these bits? */
bool sheet_entry_allowed(const tacit_sheet *sheet, int person, const uint8_t *bits);
/* Do two meanings tell the same? */
bool sheet_same_meaning(const tacit_sheet *sheet, const tct_meaning *a, const tct_meaning *b);

#endif
