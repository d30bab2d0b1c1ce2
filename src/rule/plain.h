/* SPDX-License-Identifier: ISC
 *
 * plain.h — the rule in English, made from the parse tree.  If the words are wrong, the rule is.
 */
#ifndef TCT_RULE_PLAIN_H
#define TCT_RULE_PLAIN_H

#include "rule/state.h"

typedef struct {
    tct_text *t;
    const tct_model *m;
    const char *self; /* whose answer a bare name means: "your", "the" */
    bool last; /* what comes now ends its sentence: nothing after it could be taken for it */
} tct_plain;

/* An expression as a part of a sentence. */
void tct_plain_expression(const tct_plain *p, const tct_expr *e);
/* What a condition demands, one demand a line ("- …") when it is a conjunction. */
void tct_plain_condition(const tct_plain *p, const tct_expr *e);
/* ---- answers (plain_answer.c) ---- */
/* “the answer to …”, “the owner's points in …”; the question, with its item. */
void tct_plain_answer(const tct_plain *p, const tct_expr *e);
void tct_plain_about(const tct_plain *p, const tct_expr *e);
bool tct_plain_many(const tct_plain *p, const tct_expr *e); /* are, not is */
/* “the buyer chose “A” in …”, for an answer of `any of LIST`. */
void tct_plain_choice(const tct_plain *p, const tct_expr *e, bool chosen);
/* “you both gave the same answer to …”. */
void tct_plain_same(const tct_plain *p, const tct_expr *answer);
/* “the sum of your two answers to …”; false: e is no answer of each. */
bool tct_plain_of_two(const tct_plain *p, tct_fold fold, const tct_expr *e);
/* “… is “A” or “B””; false: e says nothing about options. */
bool tct_plain_options(const tct_plain *p, const tct_expr *e);
/* “answered “A” to …”, “chose it in …”: what the person in question did. */
bool tct_plain_is_deed(const tct_plain *p, const tct_expr *e);
bool tct_plain_is_refusal(const tct_plain *p, const tct_expr *e); /* … or did not do */
void tct_plain_deed(const tct_plain *p, const tct_expr *e, bool refused);

/* “…”, without a colon or full stop at the end. */
void tct_plain_quote(const tct_plain *p, const char *text);

#endif
