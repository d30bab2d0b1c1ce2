/* SPDX-License-Identifier: ISC
 *
 * state.h — what a tacit_sheet is.
 */
#ifndef TCT_RULE_STATE_H
#define TCT_RULE_STATE_H

#include "rule/graph_rule.h"
#include "rule/lower.h"
#include "rule/sheet.h"

struct tacit_sheet {
    tct_arena arena; /* everything below lives here */
    tct_model model;
    tct_graph graph;
    tct_plan plans[2];
    tct_compiled compiled;
    const char *canonical;
    size_t canonical_bytes;
    tacit_sheet_view view;
    int64_t *defaults; /* by slot: answers that are allowed, and nobody's */
    int64_t *scratch_slots, *scratch_values; /* of tct_sheet_encode: secret while it runs */
    uint8_t *scratch_lots[2];                /* of tacit_sheet_evaluate */
};

/* The canonical text of a model. */
TCT_MUST_CHECK tct_err tct_canonical_write(const tct_model *m, tct_arena *arena,
                                           const char **out, size_t *bytes);
/* Fills sheet->view (but for the fingerprint). */
TCT_MUST_CHECK tct_err tct_view_make(tacit_sheet *sheet);

/* Expressions as text, in the language itself. */
void tct_canonical_expression(tct_text *t, const tct_model *m, const tct_expr *e);

#endif
