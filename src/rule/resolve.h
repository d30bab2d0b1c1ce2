/* SPDX-License-Identifier: ISC
 *
 * resolve.h — names become questions, options, items and people; every expression gets a type.
 *
 * Gives    a model in which every [resolved] field holds, if nothing was complained about.
 */
#ifndef TCT_RULE_RESOLVE_H
#define TCT_RULE_RESOLVE_H

#include "rule/model.h"

void tct_resolve(tct_model *m, tct_complaints *complaints);

/* ---- shared by the files of the type check ---- */

/* Who and what an expression may speak of. */
typedef struct {
    tct_model *model;
    tct_complaints *complaints;
    bool one_person; /* inside both(…), or in a note: `question` is that person's */
    bool note;       /* in a note or guard: role.question is fine */
    uint32_t lists;  /* the lists whose current item is known */
    bool reveal;     /* lots may be drawn here */
    bool asks[2];    /* out: answers of role 0, 1 were named */
} tct_scope;

void tct_resolve_lists(tct_model *m, tct_complaints *c);
void tct_resolve_questions(tct_model *m, tct_complaints *c);
/* Sets e->type and the rest, WRONG after a complaint. */
void tct_resolve_expression(tct_scope *s, tct_expr *e);
void tct_resolve_forms(tct_scope *s, tct_expr *e); /* those over lists, and lots */

int tct_find_list(const tct_model *m, const char *id);
int tct_find_item(const tct_list *list, const char *id);
int tct_find_option(const tct_question *q, const char *id);
/* The question of this name that is asked of this person, or -1. */
int tct_find_question(const tct_model *m, const char *id, int person);
/* `did you mean …`, or the given words. */
void tct_hint_option(char hint[160], const tct_question *q, const char *id);
void tct_hint_item(char hint[160], const tct_list *list, const char *id);
void tct_hint_list(char hint[160], const tct_model *m, const char *id);
/* Must e be of this type?  Complains unless it is wrong already. */
bool tct_need_type(tct_scope *s, const tct_expr *e, tct_type type);
const char *tct_type_name(tct_type type);
bool tct_same_options(const tct_question *a, const tct_question *b);

#endif
