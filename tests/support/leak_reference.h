/* SPDX-License-Identifier: ISC
 *
 * leak_reference.h — what outcomes tell, counted the slow way: every allowed answer sheet of both
 *                    people, written out, and the interpreter on every pair.
 *
 * It shares nothing with src/leak: no folding, no circuit, no analysis of lots.  What lots can give is
 * found by drawing until nothing new has come for long; or, with a single lot, with its odds, by going
 * through all that it can be.
 */
#ifndef TCT_SUPPORT_LEAK_REFERENCE_H
#define TCT_SUPPORT_LEAK_REFERENCE_H

#include "support/sheet_case.h"

enum { REFERENCE_SHEETS_MAX = 400, REFERENCE_VIEWS_MAX = 16, REFERENCE_VALUES_MAX = 64 };

/* All allowed answer sheets of one person, each also with "not now". */
typedef struct {
    uint32_t count;
    tacit_answers *sheets;
} reference_crowd;

/* What a pair may see: outcome, and a number for all of it.  odds: of 2^20, when there is no lot but the
 * coin, or reference_one_lot. */
typedef struct {
    uint32_t count;
    uint32_t outcome[REFERENCE_VIEWS_MAX];
    uint64_t key[REFERENCE_VIEWS_MAX];
    uint64_t odds[REFERENCE_VIEWS_MAX];
    bool too_many;
} reference_views;

/* One answer (slot; UINT32_MAX: not now) after one outcome, over all cases. */
typedef struct {
    bool seen;
    uint32_t least, most;    /* values left: in the case that tells most, and least */
    uint64_t least_masks[8]; /* the sets with that many, by number of the value */
    uint32_t least_count;
    uint32_t lowest, highest; /* odds of the true answer, in millionths (side 0, no lots) */
} reference_finding;

typedef struct {
    bool can_happen[TCT_OUTCOMES_MAX];
    reference_finding (*slots)[TACIT_VALUES_MAX + 1]; /* by outcome, slot; last: not now */
} reference_told;

/* false: too many sheets, or values of an answer. */
bool reference_crowd_list(const tacit_sheet *sheet, int person, reference_crowd *out);
void reference_crowd_free(reference_crowd *c);

/* Is there a single thing to draw, with few enough ways that it can come? */
bool reference_one_lot(const tacit_sheet *sheet);

/* random: for drawing; NULL: reference_one_lot holds, and all that it can be is gone through. */
void reference_pair(const tacit_sheet *sheet, const tacit_answers *a, const tacit_answers *b,
                    uint64_t *random, reference_views *out);

/* Views of every pair: [person 0's sheet][person 1's sheet]; freed by the caller.  NULL: some pair
 * may see too many different things. */
reference_views *reference_table(const tacit_sheet *sheet, const reference_crowd crowds[2],
                                 uint64_t *random);

/* side 0: about `person`, who is number `mine` of theirs, for whatever the other says; side 1: about the
 * other. */
void reference_tell(const tacit_sheet *sheet, const reference_crowd crowds[2],
                    const reference_views *table, int person, uint32_t mine, int side,
                    reference_told *out);
void reference_told_free(reference_told *t);

#endif
