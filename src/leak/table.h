/* SPDX-License-Identifier: ISC
 *
 * table.h — what two people see, for many pairs of answers at once.
 *
 * Method   The rule is compiled once more, with what lots and joint methods are worked out from as its
 *          results instead of what they give: so a pair has one result, which says what can be
 *          shown and with which odds.  Rows of the table hold the other person's answers fixed, and
 *          a run of the circuit evaluates 512 of one's own at a time, one in each bit of its words.
 */
#ifndef TCT_LEAK_TABLE_H
#define TCT_LEAK_TABLE_H

#include "leak/crowd.h"
#include "leak/lanes.h"
#include "rule/state.h"

enum {
    TCT_TABLE_WORDS_MAX = 16, /* of results of a pair */
    TCT_TABLE_FIELDS_MAX = TCT_OUTCOMES_MAX * TCT_REVEALS_MAX,
    TCT_TABLE_GRID_MAX = 1 << 20, /* different numbers that a lot can give */
};

/* A bit of the results that is no output: this for a constant 0, and one more for a constant 1. */
#define TCT_TABLE_FIXED (UINT32_MAX - 1)

/* How a reveal comes about. */
typedef enum {
    TCT_SHOWN_PLAIN,  /* it is what is computed */
    TCT_SHOWN_STEP,   /* any step from x to y */
    TCT_SHOWN_SOME,   /* y of the items in x, at most */
    TCT_SHOWN_ONE,    /* one of the items in x */
    TCT_SHOWN_EITHER, /* x or y, by one coin */
    TCT_SHOWN_HIDDEN, /* by lots in a way that is not taken apart: what it is drawn from counts as
                         shown, which is more than is */
} tct_shown_kind;

typedef struct {
    tct_shown_kind kind;
    uint32_t outcome, index; /* whose reveal */
    uint32_t first_field, field_count;
    uint32_t items;
    bool by_lot, points; /* points: worked out from the points of both, not by the circuit */
    tct_method method;   /* with points */
    uint32_t slot[2];    /* with points: the first slot, by person */
    int64_t base, step;  /* STEP: numbers are base + k * step */
    uint32_t grid;       /* STEP: how many there are */
} tct_shown;

typedef struct {
    uint32_t first_bit, width; /* among the bits of a pair */
    int64_t lo, step;
} tct_table_field;

/* The answers of many people, as what they enter. */
typedef struct {
    uint32_t count, words; /* words: for one input bit of all */
    uint64_t *bits;        /* input bit i of all: bits[i * words …] */
    int64_t *points;       /* [shown][who][item], for those with points */
    uint32_t points_stride;
} tct_table_people;

typedef struct {
    const tacit_sheet *sheet;
    tct_compiled compiled;
    tct_shown shown[TCT_TABLE_FIELDS_MAX];
    uint32_t shown_count;
    tct_table_field fields[TCT_TABLE_FIELDS_MAX];
    uint32_t field_count;
    uint32_t *source;                   /* by bit of a pair: which output, or FIXED */
    uint32_t bits, outcome_bits, words; /* words: of a pair's results */
    uint64_t plain_mask[TCT_OUTCOMES_MAX][TCT_TABLE_WORDS_MAX]; /* fields shown as they are */
    uint32_t chance; /* of `also by chance`, of TCT_LIKELY_ONE */
    uint8_t chance_bits;
    uint64_t *wires;        /* scratch */
    int64_t *values;        /* scratch, by node */
    tacit_answers *pair[2]; /* scratch, for points */
} tct_table;

/* One row: the other's answers fixed. */
typedef struct {
    uint32_t count;
    uint32_t words;   /* of one plane */
    uint64_t *planes; /* [bit of the number of the outcome][word]: one bit for each pair */
    uint8_t *outcome; /* by pair: by the rule, without the coin */
    uint64_t *result; /* by pair: `words` words */
    uint64_t *x, *y;  /* by shown and pair */
} tct_table_row;

/* LIMIT: the rule cannot be taken apart so; MEMORY. */
TCT_MUST_CHECK tct_err tct_table_init(tct_table *t, tct_arena *arena, const tacit_sheet *sheet);
TCT_MUST_CHECK tct_err tct_table_people_init(const tct_table *t, tct_table_people *p,
                                             tct_arena *arena, int person, uint32_t count);
/* Person number i of `person` gave these answers. */
void tct_table_enter(tct_table *t, tct_table_people *p, int person, uint32_t i,
                     const int64_t *slots, bool not_now);
TCT_MUST_CHECK tct_err tct_table_row_init(const tct_table *t, tct_table_row *row,
                                          tct_arena *arena, uint32_t count);
/* All of `own` (who are `person`) against number `other` of `others`. */
void tct_table_fill(tct_table *t, tct_table_row *row, int person, const tct_table_people *own,
                    const tct_table_people *others, uint32_t other);
/* The outcomes alone, as planes: for rules that reveal nothing. */
void tct_table_fill_planes(tct_table *t, tct_table_row *row, int person,
                           const tct_table_people *own, const tct_table_people *others,
                           uint32_t other);
/* From the planes: the outcome of one; and all with an outcome, as `words` words with a bit for each. */
uint32_t tct_table_outcome(const tct_table *t, const tct_table_row *row, uint32_t who);
void tct_table_with_outcome(const tct_table *t, const tct_table_row *row, uint32_t outcome,
                            uint64_t *set);
/* Steps that one row costs, for budgets. */
uint64_t tct_table_work(const tct_table *t, uint32_t count);

/* x and y of reveals that are worked out from points (split.c). */
void tct_table_split(tct_table *t, tct_table_row *row, uint32_t shown, int person,
                     const tct_table_people *own, const tct_table_people *others,
                     uint32_t other);

#endif
