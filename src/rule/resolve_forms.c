/* SPDX-License-Identifier: ISC
 *
 * Types of the forms over lists, of lots and of the joint methods.
 */
#include "rule/resolve.h"

#include <string.h>

static void wrong(tct_scope *s, const tct_expr *e, const char *hint, const char *message)
{
    tct_complain(s->complaints, e->at, hint, "%s", message);
}

static bool find_list(tct_scope *s, tct_expr *e)
{
    e->list_index = tct_find_list(s->model, e->list.text);
    e->domain = e->list_index;
    if (e->list_index >= 0)
        return true;
    char hint[160];
    tct_hint_list(hint, s->model, e->list.text);
    tct_complain(s->complaints, e->list.at, hint, "there is no list called `%s`", e->list.text);
    return false;
}

/* Resolves kid `index` (when there) with the current item of the list known. */
static bool inside_list(tct_scope *s, tct_expr *e, uint32_t index, tct_type type)
{
    if (index >= e->kid_count)
        return true;
    uint32_t lists = s->lists;
    s->lists |= (uint32_t)1 << e->list_index;
    tct_resolve_expression(s, e->kids[index]);
    s->lists = lists;
    return tct_need_type(s, e->kids[index], type);
}

static void resolve_items(tct_scope *s, tct_expr *e)
{
    bool score =
        e->fold == TCT_FOLD_SUM || e->fold == TCT_FOLD_LEAST || e->fold == TCT_FOLD_GREATEST;
    bool fine = inside_list(s, e, 0, score ? TCT_TYPE_NUMBER : TCT_TYPE_TRUTH);
    fine = inside_list(s, e, 1, TCT_TYPE_TRUTH) && fine;
    if (fine && e->kid_count == 2 && e->fold != TCT_FOLD_SUM) {
        wrong(s, e, "leave out `where`", "of no items there is no smallest or largest");
        return;
    }
    if (fine)
        e->type = score || e->fold == TCT_FOLD_COUNT ? TCT_TYPE_NUMBER : TCT_TYPE_TRUTH;
}

/* Lots are drawn for what is revealed, and nowhere else. */
static bool may_draw(tct_scope *s, const tct_expr *e)
{
    if (s->reveal && !s->one_person && s->lists == 0)
        return true;
    wrong(s, e, "move it to a `reveal` line",
          "a lot can only be drawn for what an outcome reveals");
    return false;
}

/* The question that a joint method works on: named, or the only one that fits. */
static bool find_method_question(tct_scope *s, tct_expr *e, tacit_kind kind)
{
    const tct_model *m = s->model;
    uint32_t fitting = 0;
    for (int p = 0; p < 2; p++)
        for (uint32_t i = 0; i < m->question_count; i++) {
            const tct_question *q = &m->questions[i];
            bool named = e->name.text == NULL || strcmp(e->name.text, q->id.text) == 0;
            if (!named || q->kind != kind || q->list_index != e->list_index ||
                (q->person != 2 && q->person != p))
                continue;
            e->question[p] = (int)i;
            fitting++;
        }
    if (fitting == 2 && e->question[0] >= 0 && e->question[1] >= 0 &&
        m->questions[e->question[0]].total == m->questions[e->question[1]].total)
        return true;
    wrong(s, e,
          kind == TACIT_RANKING ? "ask rank: … with `ranking of LIST`; or add `by NAME`"
                                : "ask points: … with `points 100 over LIST`; or add `by NAME`",
          kind == TACIT_RANKING
              ? "this needs one ranking of the list by each person"
              : "this needs one spread of points over the list by each person");
    return false;
}

static void resolve_method(tct_scope *s, tct_expr *e)
{
    const tct_list *list = &s->model->lists[e->list_index];
    bool fine =
        find_method_question(s, e, e->op == TCT_E_COMPROMISE ? TACIT_RANKING : TACIT_POINTS);
    fine = inside_list(s, e, 0, TCT_TYPE_TRUTH) && fine;
    if (fine && e->op == TCT_E_FAIREST && (list->item_count < 2 || list->item_count > 10)) {
        tct_complain(s->complaints, e->list.at, "2 to 10 items",
                     "the fairest split of %u items would be too much work", list->item_count);
        fine = false;
    }
    if (fine && e->op == TCT_E_WINNER && (list->item_count < 2 || list->item_count > 16)) {
        tct_complain(s->complaints, e->list.at, "2 to 16 items",
                     "adjusted winner over %u items would be too much work", list->item_count);
        fine = false;
    }
    if (fine && (e->by_lot || e->op != TCT_E_COMPROMISE))
        fine = may_draw(s, e);
    if (fine)
        e->type = e->op == TCT_E_COMPROMISE ? TCT_TYPE_ITEM : TCT_TYPE_SPLIT;
}

static void resolve_best(tct_scope *s, tct_expr *e)
{
    bool fine = inside_list(s, e, 0, TCT_TYPE_NUMBER);
    fine = inside_list(s, e, 1, TCT_TYPE_TRUTH) && fine;
    if (fine && e->by_lot)
        fine = may_draw(s, e);
    if (fine)
        e->type = TCT_TYPE_ITEM;
}

static void resolve_some(tct_scope *s, tct_expr *e)
{
    tct_resolve_expression(s, e->kids[0]);
    tct_resolve_expression(s, e->kids[1]);
    bool fine = tct_need_type(s, e->kids[0], TCT_TYPE_SET);
    fine = tct_need_type(s, e->kids[1], TCT_TYPE_NUMBER) && fine;
    e->list_index = e->kids[0]->list_index;
    e->domain = e->list_index;
    if (fine && may_draw(s, e))
        e->type = TCT_TYPE_SET;
}

static void resolve_step(tct_scope *s, tct_expr *e)
{
    bool fine = true;
    for (int i = 0; i < 2; i++) {
        tct_resolve_expression(s, e->kids[i]);
        fine = tct_need_type(s, e->kids[i], TCT_TYPE_NUMBER) && fine;
    }
    if (fine && may_draw(s, e))
        e->type = TCT_TYPE_NUMBER;
}

void tct_resolve_forms(tct_scope *s, tct_expr *e)
{
    if (e->op == TCT_E_SOME) {
        resolve_some(s, e);
        return;
    }
    if (e->op == TCT_E_STEP) {
        resolve_step(s, e);
        return;
    }
    if (!find_list(s, e))
        return;
    switch (e->op) {
    case TCT_E_ITEMS:
        resolve_items(s, e);
        return;
    case TCT_E_WHERE:
        if (inside_list(s, e, 0, TCT_TYPE_TRUTH))
            e->type = TCT_TYPE_SET;
        return;
    case TCT_E_BEST:
        resolve_best(s, e);
        return;
    default:
        resolve_method(s, e);
        return;
    }
}
