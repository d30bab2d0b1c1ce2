/* SPDX-License-Identifier: ISC
 *
 * interpret.h — the meaning of a sheet: the rule applied to two people's answers in the clear.
 *
 * It walks the expressions themselves and shares nothing with the graph and the circuit, so that
 * the property tests compare two independent readings.
 */
#ifndef TCT_RULE_INTERPRET_H
#define TCT_RULE_INTERPRET_H

#include "rule/state.h"

/* A reveal as a value: a number, or an item's; or one bit per item (split: the second person gets it),
 * and for adjusted winner the shared ones and how much of them the second gets. */
typedef struct {
    int64_t number;
    uint64_t items, shared;
    uint32_t percent;
} tct_value;

typedef struct {
    uint32_t outcome;
    tct_value reveals[TCT_REVEALS_MAX];
} tct_meaning;

/* answers: allowed (tacit_answers_check), or not_now.  lots: each person's raw random bytes. */
void tct_interpret(const tacit_sheet *sheet, const tacit_answers *const answers[2],
                   const uint8_t *const lots[2], tct_meaning *out);

/* What the circuit's outputs say. */
void tct_sheet_read_outputs(const tacit_sheet *sheet, const uint8_t *outputs, tct_meaning *out);

/* Is a note's condition true for this person? */
bool tct_interpret_note(const tct_model *m, const tct_note *note, int person,
                        const tacit_answers *answers);

/* ---- shared by the interpreter's files ---- */
typedef struct {
    const tct_model *model;
    const tacit_answers *const *answers;
    const tct_lots *draws;
    const uint8_t *const *lots;
    bool *exists; /* out: cleared when there is nothing to reveal */
    int person;
    uint32_t item[TCT_LISTS_MAX];
} tct_view_point;

int64_t tct_interpret_number(const tct_view_point *v, const tct_expr *e);
int64_t tct_interpret_for_item(const tct_view_point *v, const tct_expr *e, int list,
                               uint32_t item);
tct_value tct_interpret_reveal(const tct_view_point *v, const tct_expr *e);
int64_t tct_interpret_step(const tct_view_point *v, const tct_expr *e);
tct_value tct_interpret_split(const tct_view_point *v, const tct_expr *e);

/* The drawn bit; a drawn number below n; the order that both people drew (order[p]: what stands at
 * place p). */
uint32_t tct_interpret_bit(const tct_view_point *v, uint32_t draw, uint32_t index);
int64_t tct_interpret_below(const tct_view_point *v, uint32_t draw, int64_t n, bool less_one);
void tct_interpret_order(const tct_view_point *v, uint32_t draw, uint8_t order[TCT_ITEMS_MAX]);

#endif
