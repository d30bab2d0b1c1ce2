/* SPDX-License-Identifier: ISC
 *
 * draw.h — allowed answer sheets drawn at random, the same ones each time.
 *
 * Not   a secret, nor even chance: witnesses of what a rule can do.  Numbers come from a few places of
 *       their range about half of the time, so that two people happen upon the same one, and often are
 *       one that the rule names.
 */
#ifndef TCT_LEAK_DRAW_H
#define TCT_LEAK_DRAW_H

#include "rule/state.h"

enum { TCT_DRAW_NAMED_MAX = 128 };

typedef struct {
    const tacit_sheet *sheet;
    uint64_t state;
    int64_t named[TCT_DRAW_NAMED_MAX]; /* numbers that the rule names, and those beside them */
    uint32_t named_count;
} tct_drawer;

void tct_drawer_init(tct_drawer *d, const tacit_sheet *sheet);
/* Below n, which is not 0. */
uint64_t tct_draw_below(tct_drawer *d, uint64_t n);
/* A value of one answer to q. */
int64_t tct_draw_value(tct_drawer *d, const tct_question *q);
/* Other answers to q within its limits; slots[…]: allowed ones before, and after.  pinned: this slot
 * stays as it is; UINT32_MAX: none. */
void tct_draw_question(tct_drawer *d, const tct_question *q, uint32_t pinned, int64_t *slots);
/* An answer sheet that gives the index-th value to everything, or the last if there are fewer, as far
 * as its limits let it. */
void tct_draw_even(tct_drawer *d, int person, uint64_t index, int64_t *slots);
/* Any answer sheet of a person. */
void tct_draw_sheet(tct_drawer *d, int person, int64_t *slots);

#endif
