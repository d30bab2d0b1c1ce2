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
    const char *self; /* whose answer a bare name means: "your", "each one's", … */
} tct_plain;

/* An expression as a part of a sentence. */
void tct_plain_expression(const tct_plain *p, const tct_expr *e);
/* What a condition demands, one demand a line ("- …") when it is a conjunction. */
void tct_plain_condition(const tct_plain *p, const tct_expr *e);
/* “…”, without a colon or full stop at the end. */
void tct_plain_quote(const tct_plain *p, const char *text);

#endif
