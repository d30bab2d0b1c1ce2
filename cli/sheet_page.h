/* SPDX-License-Identifier: ISC
 *
 * sheet_page.h — a sheet as people read it before they answer: what it asks, the rule in plain
 *                words, what silence means, what tacit does not protect.
 */
#ifndef TCT_CLI_SHEET_PAGE_H
#define TCT_CLI_SHEET_PAGE_H

#include "cli/page.h"
#include "tacit/tacit.h"

/* Everything about the sheet (tacit show).  */
void tct_sheet_page(const tacit_sheet *sheet, tct_page *page);
/* What this meeting adds to the sheet; all 0: practice, of which nothing needs to be said. */
typedef struct {
    uint64_t within_ms; /* until both see an outcome, whatever happened */
    enum { TCT_MEETS_PRACTICE, TCT_MEETS_NEW, TCT_MEETS_AGAIN } meets;
    bool unfair; /* the one who was given the code learns it a moment earlier */
} tct_meeting_terms;

/* What one person reads before the questions: title, about, rule, and the words of care. */
void tct_before_page(const tacit_sheet *sheet, int person, tct_meeting_terms terms,
                     tct_page *page);

/* "number from 0 to 500,000 in steps of 5,000, EUR", "one of: …", for the help beside a question. */
void tct_question_kind(const tacit_question *question, tct_string *out);

/* What a person learns: headline, text, values. */
void tct_outcome_page(const tacit_outcome *outcome, tct_page *page);
/* A note for this person alone. */
void tct_note_page(const char *note, tct_page *page);

#endif
