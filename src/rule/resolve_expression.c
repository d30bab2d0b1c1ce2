/* SPDX-License-Identifier: ISC
 *
 * Types of expressions: answers, comparisons, arithmetic, people.
 */
#include "rule/resolve.h"

#include <string.h>

const char *tct_type_name(tct_type type)
{
    switch (type) {
    case TCT_TYPE_WRONG:
        return "nothing";
    case TCT_TYPE_TRUTH:
        return "something true or false";
    case TCT_TYPE_NUMBER:
        return "a number";
    case TCT_TYPE_CHOICE:
        return "an option";
    case TCT_TYPE_ITEM:
        return "an item of a list";
    case TCT_TYPE_SET:
        return "items of a list";
    case TCT_TYPE_SPLIT:
        return "a division of a list";
    }
    return "";
}

bool tct_need_type(tct_scope *s, const tct_expr *e, tct_type type)
{
    if (e->type == type)
        return true;
    if (e->type != TCT_TYPE_WRONG)
        tct_complain(
            s->complaints, e->at, e->type == TCT_TYPE_CHOICE ? "compare it with `is`" : "",
            "this is %s, where %s is needed", tct_type_name(e->type), tct_type_name(type));
    return false;
}

static void wrong(tct_scope *s, tct_expr *e, const char *hint, const char *message)
{
    tct_complain(s->complaints, e->at, hint, "%s", message);
    e->type = TCT_TYPE_WRONG;
}

/* ---------------------------------------------------------------------------- answers --- */

static void offer_questions(tct_nearest *near, const tct_model *m)
{
    for (uint32_t i = 0; i < m->question_count; i++)
        tct_nearest_offer(near, m->questions[i].id.text);
}

static void unknown_name(tct_scope *s, tct_expr *e)
{
    tct_nearest near;
    tct_nearest_begin(&near, e->name.text, strlen(e->name.text));
    offer_questions(&near, s->model);
    char hint[160];
    tct_text t;
    tct_text_init(&t, hint, sizeof hint);
    if (tct_nearest_word(&near) != NULL)
        tct_text_add(&t, "did you mean `%s`?", tct_nearest_word(&near));
    else if (strchr(e->name.text, '-') != NULL)
        tct_text_add(&t, "a minus needs a space on both sides");
    tct_text_end(&t);
    tct_complain(s->complaints, e->name.at, hint, "there is no question called `%s`",
                 e->name.text);
    e->type = TCT_TYPE_WRONG;
}

/* Finds which role `role.` names, -1 after a complaint. */
static int find_person(tct_scope *s, tct_expr *e)
{
    const tct_model *m = s->model;
    tct_nearest near;
    tct_nearest_begin(&near, e->role.text, strlen(e->role.text));
    for (int p = 0; p < 2 && m->people[1].text != NULL; p++) {
        if (strcmp(m->people[p].text, e->role.text) == 0)
            return p;
        tct_nearest_offer(&near, m->people[p].text);
    }
    char hint[160];
    tct_text t;
    tct_text_init(&t, hint, sizeof hint);
    if (tct_nearest_word(&near) != NULL)
        tct_text_add(&t, "did you mean `%s`?", tct_nearest_word(&near));
    else if (m->people[1].text == NULL)
        tct_text_add(&t, "name the two roles in a line like: people owner, buyer");
    else
        tct_text_add(&t, "the roles are %s and %s", m->people[0].text, m->people[1].text);
    tct_text_end(&t);
    tct_complain(s->complaints, e->role.at, hint, "there is no role called `%s`", e->role.text);
    e->type = TCT_TYPE_WRONG;
    return -1;
}

/* Which item's answer is meant, for questions about a list. */
static void resolve_item(tct_scope *s, tct_expr *e, const tct_question *q)
{
    if (e->item.text != NULL) {
        if (q->list_index < 0) {
            wrong(s, e, "", "this question is not about the items of a list");
            return;
        }
        const tct_list *list = &s->model->lists[q->list_index];
        e->item_index = tct_find_item(list, e->item.text);
        if (e->item_index < 0) {
            char hint[160];
            tct_hint_item(hint, list, e->item.text);
            tct_complain(s->complaints, e->item.at, hint, "`%s` is no item of `%s`",
                         e->item.text, list->id.text);
            e->type = TCT_TYPE_WRONG;
        }
    } else if (q->list_index >= 0 && (s->lists >> q->list_index & 1) == 0) {
        wrong(s, e, "say which item (`like for walk`), or use it after `where`",
              "this has an answer for each item of a list");
    }
}

/* Which questions an answer comes from, by person; false after a complaint. */
static bool find_questions(tct_scope *s, tct_expr *e)
{
    const tct_model *m = s->model;
    if (e->role.text != NULL) {
        e->person = find_person(s, e);
        if (e->person < 0)
            return false;
        if (s->one_person && !s->note) {
            wrong(s, e, "move it out of both, either, count, …",
                  "a single role cannot be named where each person is asked in turn");
            return false;
        }
        s->asks[e->person] = true;
        e->question[e->person] = tct_find_question(m, e->name.text, e->person);
    } else {
        for (int p = 0; p < 2; p++)
            e->question[p] = tct_find_question(m, e->name.text, p);
    }
    if (e->question[0] < 0 && e->question[1] < 0) {
        unknown_name(s, e);
        return false;
    }
    if (e->role.text != NULL)
        return true;
    /* A bare name: asked of one role only it is that role's; else it needs a person. */
    for (int p = 0; p < 2; p++)
        if (e->question[!p] < 0 && (!s->one_person || s->note)) {
            e->person = p;
            s->asks[p] = true;
            return true;
        }
    if (!s->one_person) {
        wrong(s, e,
              m->people[0].text != NULL ? "write role.question, or both (…), either (…)"
                                        : "write both (…), either (…), same (…), …",
              "this does not say whose answer is meant");
        return false;
    }
    if (e->question[0] < 0 || e->question[1] < 0) {
        wrong(s, e, "write role.question instead", "only one of the two people is asked this");
        return false;
    }
    return true;
}

static void resolve_answer(tct_scope *s, tct_expr *e)
{
    const tct_model *m = s->model;
    if (!find_questions(s, e))
        return;
    int first = e->question[e->person == 1 || e->question[0] < 0];
    const tct_question *q = &m->questions[first];
    static const tct_type types[] = {[TACIT_CHOICE] = TCT_TYPE_CHOICE,
                                     [TACIT_NUMBER] = TCT_TYPE_NUMBER,
                                     [TACIT_POINTS] = TCT_TYPE_NUMBER,
                                     [TACIT_RANKING] = TCT_TYPE_NUMBER,
                                     [TACIT_SUBSET] = TCT_TYPE_TRUTH};
    if (q->broken)
        return;
    e->type = types[q->kind];
    e->domain = first;
    if (e->person < 0 && e->question[0] != e->question[1]) {
        const tct_question *other = &m->questions[e->question[1]];
        bool alike = q->kind == other->kind && q->list_index == other->list_index &&
                     (q->kind != TACIT_CHOICE || tct_same_options(q, other));
        if (!alike) {
            wrong(s, e, "write role.question instead",
                  "the two people are asked different things under this name");
            return;
        }
    }
    e->list_index = q->list_index;
    resolve_item(s, e, q);
}

/* ------------------------------------------------------------------------ comparisons --- */

/* `x is name`, `x at least name`: where x is an option, name is one of the same question. */
static bool become_option(tct_scope *s, const tct_expr *left, tct_expr *right)
{
    if (left->type != TCT_TYPE_CHOICE || right->op != TCT_E_ANSWER ||
        right->role.text != NULL || right->item.text != NULL)
        return false;
    const tct_question *q = &s->model->questions[left->domain];
    int option = tct_find_option(q, right->name.text);
    if (option < 0 && (tct_find_question(s->model, right->name.text, 0) >= 0 ||
                       tct_find_question(s->model, right->name.text, 1) >= 0))
        return false; /* compares two questions */
    right->op = TCT_E_OPTION;
    right->domain = left->domain;
    right->type = TCT_TYPE_CHOICE;
    right->value = option;
    if (option < 0) {
        char hint[160];
        tct_hint_option(hint, q, right->name.text);
        tct_complain(s->complaints, right->at, hint, "`%s` is no option of `%s`",
                     right->name.text, q->id.text);
        right->type = TCT_TYPE_WRONG;
    }
    return true;
}

static void resolve_compare(tct_scope *s, tct_expr *e)
{
    tct_expr *left = e->kids[0], *right = e->kids[1];
    tct_resolve_expression(s, left);
    if (left->type == TCT_TYPE_WRONG)
        return;
    /* `could is yes` for something that is true or false. */
    if (left->type == TCT_TYPE_TRUTH && right->op == TCT_E_ANSWER && right->role.text == NULL &&
        (strcmp(right->name.text, "yes") == 0 || strcmp(right->name.text, "no") == 0) &&
        (e->relation == TCT_EQUAL || e->relation == TCT_DIFFERENT)) {
        right->op = TCT_E_NUMBER;
        right->value = strcmp(right->name.text, "yes") == 0;
        right->type = TCT_TYPE_TRUTH;
        e->type = TCT_TYPE_TRUTH;
        return;
    }
    if (!become_option(s, left, right))
        tct_resolve_expression(s, right);
    if (right->type == TCT_TYPE_WRONG)
        return;
    bool options = left->type == TCT_TYPE_CHOICE && right->type == TCT_TYPE_CHOICE;
    if (options && !tct_same_options(&s->model->questions[left->domain],
                                     &s->model->questions[right->domain])) {
        tct_complain(s->complaints, right->at, "",
                     "these two questions have different options");
        return;
    }
    if (options ||
        (tct_need_type(s, left, TCT_TYPE_NUMBER) && tct_need_type(s, right, TCT_TYPE_NUMBER)))
        e->type = TCT_TYPE_TRUTH;
}

static void resolve_one_of(tct_scope *s, tct_expr *e)
{
    tct_expr *left = e->kids[0];
    tct_resolve_expression(s, left);
    if (!tct_need_type(s, left, TCT_TYPE_CHOICE))
        return;
    const tct_question *q = &s->model->questions[left->domain];
    e->type = TCT_TYPE_TRUTH;
    for (uint32_t i = 0; i < e->name_count; i++) {
        int option = tct_find_option(q, e->names[i].text);
        if (option >= 0) {
            e->options |= (uint64_t)1 << option;
            continue;
        }
        char hint[160];
        tct_hint_option(hint, q, e->names[i].text);
        tct_complain(s->complaints, e->names[i].at, hint, "`%s` is no option of `%s`",
                     e->names[i].text, q->id.text);
        e->type = TCT_TYPE_WRONG;
    }
}

/* -------------------------------------------------------------------- people, numbers --- */

static void resolve_people(tct_scope *s, tct_expr *e)
{
    tct_expr *kid = e->kids[0];
    if (s->one_person) {
        wrong(s, e, "",
              s->note ? "a note or guard depends on one person's answers only"
                      : "this already stands where each person is asked in turn");
        return;
    }
    s->one_person = true;
    tct_resolve_expression(s, kid);
    s->one_person = false;
    bool number =
        e->fold == TCT_FOLD_SUM || e->fold == TCT_FOLD_LEAST || e->fold == TCT_FOLD_GREATEST;
    if (!tct_need_type(s, kid, number ? TCT_TYPE_NUMBER : TCT_TYPE_TRUTH))
        return;
    e->type = number || e->fold == TCT_FOLD_COUNT ? TCT_TYPE_NUMBER : TCT_TYPE_TRUTH;
}

static void resolve_same(tct_scope *s, tct_expr *e)
{
    if (s->one_person) {
        wrong(s, e, "", "`same` compares the two people and cannot stand here");
        return;
    }
    s->one_person = true;
    tct_resolve_expression(s, e->kids[0]);
    s->one_person = false;
    if (e->kids[0]->type != TCT_TYPE_WRONG)
        e->type = TCT_TYPE_TRUTH;
}

static void resolve_all(tct_scope *s, tct_expr *e, tct_type kids, tct_type type)
{
    bool fine = true;
    for (uint32_t i = 0; i < e->kid_count; i++) {
        tct_resolve_expression(s, e->kids[i]);
        fine &= tct_need_type(s, e->kids[i], kids);
    }
    e->type = fine ? type : TCT_TYPE_WRONG;
}

static void resolve_if(tct_scope *s, tct_expr *e)
{
    for (int i = 0; i < 3; i++)
        tct_resolve_expression(s, e->kids[i]);
    bool fine = tct_need_type(s, e->kids[0], TCT_TYPE_TRUTH);
    tct_type type = e->kids[1]->type;
    if (type == TCT_TYPE_WRONG || e->kids[2]->type == TCT_TYPE_WRONG)
        return;
    if (type != TCT_TYPE_TRUTH)
        fine = tct_need_type(s, e->kids[1], TCT_TYPE_NUMBER) && fine;
    fine = tct_need_type(s, e->kids[2], type) && fine;
    e->type = fine ? type : TCT_TYPE_WRONG;
}

void tct_resolve_expression(tct_scope *s, tct_expr *e)
{
    e->type = TCT_TYPE_WRONG;
    switch (e->op) {
    case TCT_E_NUMBER:
        e->type = TCT_TYPE_NUMBER;
        return;
    case TCT_E_OPTION:
        return;
    case TCT_E_ANSWER:
        resolve_answer(s, e);
        return;
    case TCT_E_ONE_OF:
        resolve_one_of(s, e);
        return;
    case TCT_E_COMPARE:
        resolve_compare(s, e);
        return;
    case TCT_E_AND:
    case TCT_E_OR:
    case TCT_E_NOT:
        resolve_all(s, e, TCT_TYPE_TRUTH, TCT_TYPE_TRUTH);
        return;
    case TCT_E_PEOPLE:
        resolve_people(s, e);
        return;
    case TCT_E_SAME:
        resolve_same(s, e);
        return;
    case TCT_E_SUM:
    case TCT_E_PRODUCT:
    case TCT_E_QUOTIENT:
    case TCT_E_LEAST:
    case TCT_E_GREATEST:
        resolve_all(s, e, TCT_TYPE_NUMBER, TCT_TYPE_NUMBER);
        return;
    case TCT_E_IF:
        resolve_if(s, e);
        return;
    case TCT_E_ITEMS:
    case TCT_E_WHERE:
    case TCT_E_SOME:
    case TCT_E_BEST:
    case TCT_E_STEP:
    case TCT_E_COMPROMISE:
    case TCT_E_WINNER:
    case TCT_E_FAIREST:
        tct_resolve_forms(s, e);
        return;
    }
}
