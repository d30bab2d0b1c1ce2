/* SPDX-License-Identifier: ISC */
#include "rule/interpret.h"

static int64_t answer(const tct_view_point *v, const tct_expr *e)
{
    int person = e->person >= 0 ? e->person : v->person;
    const tct_question *q = &v->model->questions[e->question[person]];
    uint32_t item = 0;
    if (q->list_index >= 0)
        item = e->item_index >= 0 ? (uint32_t)e->item_index : v->item[q->list_index];
    return v->answers[person]->value[q->first_slot + item];
}

static bool related(int64_t a, tct_relation relation, int64_t b)
{
    switch (relation) {
    case TCT_EQUAL:
        return a == b;
    case TCT_DIFFERENT:
        return a != b;
    case TCT_LESS:
        return a < b;
    case TCT_AT_MOST:
        return a <= b;
    case TCT_MORE:
        return a > b;
    case TCT_AT_LEAST:
        return a >= b;
    }
    return false;
}

/* Takes values one after another. */
typedef struct {
    tct_fold how;
    uint32_t count;
    int64_t value; /* AND, OR: the number of true ones; else the result so far */
} folding;

static void fold_in(folding *f, int64_t value)
{
    bool first = f->count++ == 0;
    if (f->how == TCT_FOLD_LEAST)
        f->value = first || value < f->value ? value : f->value;
    else if (f->how == TCT_FOLD_GREATEST)
        f->value = first || value > f->value ? value : f->value;
    else
        f->value += value;
}

static int64_t folded(const folding *f)
{
    switch (f->how) {
    case TCT_FOLD_BOTH:
        return f->value == (int64_t)f->count;
    case TCT_FOLD_EITHER:
        return f->value > 0;
    case TCT_FOLD_NEITHER:
        return f->value == 0;
    case TCT_FOLD_EXACTLY_ONE:
        return f->value == 1;
    default:
        return f->value;
    }
}

static int64_t over_people(const tct_view_point *v, const tct_expr *e)
{
    folding f = {.how = e->fold};
    int64_t values[2];
    for (int p = 0; p < 2; p++) {
        tct_view_point theirs = *v;
        theirs.person = p;
        values[p] = tct_interpret_number(&theirs, e->kids[0]);
        fold_in(&f, values[p]);
    }
    return e->op == TCT_E_SAME ? values[0] == values[1] : folded(&f);
}

int64_t tct_interpret_for_item(const tct_view_point *v, const tct_expr *e, int list,
                               uint32_t item)
{
    tct_view_point there = *v;
    there.item[list] = item;
    return tct_interpret_number(&there, e);
}

static int64_t over_items(const tct_view_point *v, const tct_expr *e)
{
    folding f = {.how = e->fold};
    for (uint32_t i = 0; i < v->model->lists[e->list_index].item_count; i++) {
        if (e->kid_count == 2 && !tct_interpret_for_item(v, e->kids[1], e->list_index, i))
            continue;
        fold_in(&f, e->kid_count == 0
                        ? 1
                        : tct_interpret_for_item(v, e->kids[0], e->list_index, i));
    }
    return folded(&f);
}

/* Rounds towards plus or minus infinity. */
static int64_t divide(int64_t a, int64_t b, tct_rounding rounding)
{
    int64_t quotient = a / b, rest = a % b;
    bool above = rest != 0 && (rest < 0) == (b < 0); /* the true quotient lies above */
    bool below = rest != 0 && !above;
    if (rounding == TCT_UP && above)
        return quotient + 1;
    if (rounding == TCT_DOWN && below)
        return quotient - 1;
    return quotient;
}

static int64_t sum(const tct_view_point *v, const tct_expr *e)
{
    int64_t total = 0;
    for (uint32_t i = 0; i < e->kid_count; i++) {
        bool minus = e->minus != NULL && (e->minus[i / 64] >> (i % 64) & 1) != 0;
        int64_t value = tct_interpret_number(v, e->kids[i]);
        total += minus ? -value : value;
    }
    return total;
}

static int64_t all_or_any(const tct_view_point *v, const tct_expr *e)
{
    folding f = {.how = e->op == TCT_E_AND ? TCT_FOLD_BOTH : TCT_FOLD_EITHER};
    for (uint32_t i = 0; i < e->kid_count; i++)
        fold_in(&f, tct_interpret_number(v, e->kids[i]));
    return folded(&f);
}

static int64_t extreme(const tct_view_point *v, const tct_expr *e)
{
    folding f = {.how = e->op == TCT_E_LEAST ? TCT_FOLD_LEAST : TCT_FOLD_GREATEST};
    for (uint32_t i = 0; i < e->kid_count; i++)
        fold_in(&f, tct_interpret_number(v, e->kids[i]));
    return folded(&f);
}

int64_t tct_interpret_number(const tct_view_point *v, const tct_expr *e)
{
    switch (e->op) {
    case TCT_E_NUMBER:
    case TCT_E_OPTION:
        return e->value;
    case TCT_E_ANSWER:
        return answer(v, e);
    case TCT_E_ONE_OF:
        return (int64_t)(e->options >> (tct_interpret_number(v, e->kids[0]) & 63) & 1) ^
               e->negated;
    case TCT_E_COMPARE:
        return related(tct_interpret_number(v, e->kids[0]), e->relation,
                       tct_interpret_number(v, e->kids[1]));
    case TCT_E_AND:
    case TCT_E_OR:
        return all_or_any(v, e);
    case TCT_E_NOT:
        return !tct_interpret_number(v, e->kids[0]);
    case TCT_E_PEOPLE:
    case TCT_E_SAME:
        return over_people(v, e);
    case TCT_E_SUM:
        return sum(v, e);
    case TCT_E_PRODUCT:
        return tct_interpret_number(v, e->kids[0]) * tct_interpret_number(v, e->kids[1]);
    case TCT_E_QUOTIENT:
        return divide(tct_interpret_number(v, e->kids[0]), tct_interpret_number(v, e->kids[1]),
                      e->rounding);
    case TCT_E_LEAST:
    case TCT_E_GREATEST:
        return extreme(v, e);
    case TCT_E_IF:
        return tct_interpret_number(v, e->kids[tct_interpret_number(v, e->kids[0]) ? 1 : 2]);
    case TCT_E_ITEMS:
        return over_items(v, e);
    case TCT_E_STEP:
        return tct_interpret_step(v, e);
    default: /* only a reveal as a whole can be any other */
        TCT_ASSERT(false);
        return 0;
    }
}

/* -------------------------------------------------------------------------------- rule --- */

bool tct_interpret_note(const tct_model *m, const tct_note *note, int person,
                        const tacit_answers *answers)
{
    const tacit_answers *const both[2] = {answers, answers};
    const tct_view_point v = {.model = m, .answers = both, .person = person};
    return note->concerns[person] && tct_interpret_number(&v, note->when) != 0;
}

static bool stopped(const tacit_sheet *sheet, int person, const tacit_answers *answers)
{
    const tct_model *m = &sheet->model;
    if (answers->not_now)
        return true;
    for (uint32_t i = 0; i < m->note_count; i++)
        if (m->notes[i].guard && tct_interpret_note(m, &m->notes[i], person, answers))
            return true;
    return false;
}

static bool coin_fell(const tct_view_point *v)
{
    uint32_t k = 0, drawn = 0;
    uint8_t bits = 0;
    tct_model_coin(v->model, &k, &bits);
    for (uint32_t i = 0; i < bits; i++) /* the coin is the first draw */
        drawn |= tct_interpret_bit(v, 0, i) << i;
    return drawn < k;
}

/* Does this outcome happen?  Fills its reveals: without anything to reveal it does not. */
static bool happens(const tct_view_point *v, const tct_outcome *o, tct_meaning *out)
{
    if (tct_interpret_number(v, o->when) == 0)
        return false;
    *v->exists = true;
    for (uint32_t i = 0; i < o->reveal_count; i++)
        out->reveals[i] = tct_interpret_reveal(v, o->reveals[i].value);
    return *v->exists;
}

void tct_interpret(const tacit_sheet *sheet, const tacit_answers *const answers[2],
                   const uint8_t *const lots[2], tct_meaning *out)
{
    const tct_model *m = &sheet->model;
    bool exists = true;
    const tct_view_point v = {.model = m,
                              .answers = answers,
                              .draws = &sheet->graph.lots,
                              .lots = lots,
                              .exists = &exists,
                              .person = -1};
    *out = (tct_meaning){.outcome = tct_model_otherwise(m)};
    if (stopped(sheet, 0, answers[0]) || stopped(sheet, 1, answers[1]) || coin_fell(&v))
        return;
    for (uint32_t k = 0; k < tct_model_otherwise(m); k++)
        if (happens(&v, &m->outcomes[k], out)) {
            out->outcome = k;
            return;
        }
    *out = (tct_meaning){.outcome = tct_model_otherwise(m)};
}
