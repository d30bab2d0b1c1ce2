/* SPDX-License-Identifier: ISC
 *
 * sheet_generator.h — random sheets from a tape of choices, so that a failing one can be shrunk.
 *
 * A tape is a list of numbers; each decision of the generator takes the next one modulo the number
 * of ways.  Zero always means the simplest way, and a tape that is used up reads as zeros: making
 * numbers zero makes the sheet smaller.
 */
#ifndef TCT_SUPPORT_SHEET_GENERATOR_H
#define TCT_SUPPORT_SHEET_GENERATOR_H

#include <stddef.h>
#include <stdint.h>

enum { TAPE_MAX = 400, GENERATED_MAX = 16384 };

typedef struct {
    uint16_t choices[TAPE_MAX];
    uint32_t used; /* out */
} sheet_tape;

void sheet_tape_fill(sheet_tape *tape, uint64_t *state);

/* Writes a sheet that always parses; its ranges may overflow, or its rule always end the same. */
void sheet_generate(sheet_tape *tape, char out[GENERATED_MAX]);

/* Makes the tape simpler as long as fails(tape) stays true. */
void sheet_tape_shrink(sheet_tape *tape, int (*fails)(sheet_tape *tape));

#endif
