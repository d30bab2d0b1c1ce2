/* SPDX-License-Identifier: ISC
 *
 * questions.h — asks one person everything a sheet asks, one thing at a time, with a way back, "not
 *               now" always at hand, and a look at all of it before sealing.
 */
#ifndef TCT_CLI_QUESTIONS_H
#define TCT_CLI_QUESTIONS_H

#include "cli/ui.h"
#include "tacit/tacit.h"

typedef struct tct_questions tct_questions;

/* sheet: borrowed.  answers: borrowed, secret; filled in on the way. */
tct_questions *tct_questions_new(const tacit_sheet *sheet, int person, tacit_answers *answers,
                                 const char *whose);
/* The same for somebody who reflects alone: nothing is sealed in the end. */
tct_questions *tct_questions_alone(const tacit_sheet *sheet, int person,
                                   tacit_answers *answers);
void tct_questions_free(tct_questions *questions);

enum { TCT_QUESTIONS_SEALED = 0 };
/* Returns SEALED when the person decided to seal, TCT_UI_BACK before the first question,
 * TCT_UI_SIGNAL, or TCT_UI_ATTENTION, after which it may be called again and goes on where it was. */
int tct_questions_ask(tct_questions *questions, const tct_background *background);

#endif
