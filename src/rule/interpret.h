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

/* A reveal as a value: number; item index (item_count: none); or one bit per item. */
typedef struct {
    int64_t number;
    uint64_t items;
} tct_value;

typedef struct {
    uint32_t outcome;
    tct_value reveals[TCT_REVEALS_MAX];
} tct_meaning;

/* answers: allowed (tacit_answers_check), or not_now.  lots: one byte 0/1 for each lot bit, those of
 * the two people already added. */
void tct_interpret(const tacit_sheet *sheet, const tacit_answers *const answers[2],
                   const uint8_t *lots, tct_meaning *out);

/* What the circuit's outputs say. */
void tct_sheet_read_outputs(const tacit_sheet *sheet, const uint8_t *outputs, tct_meaning *out);

/* Is a note's condition true for this person? */
bool tct_interpret_note(const tct_model *m, const tct_note *note, int person,
                        const tacit_answers *answers);

/* ---- shared by the interpreter's files ---- */
typedef struct {
    const tct_model *model;
    const tacit_answers *const *answers;
    const uint8_t *lots;
    int person;
    uint32_t item[TCT_LISTS_MAX];
} tct_view_point;

int64_t tct_interpret_number(const tct_view_point *v, const tct_expr *e);
int64_t tct_interpret_for_item(const tct_view_point *v, const tct_expr *e, int list,
                               uint32_t item);
/* Reveals and what is drawn by lot; *exists: is there anything to reveal? */
tct_value tct_interpret_reveal(const tct_view_point *v, const tct_expr *e, bool *exists);

#endif
