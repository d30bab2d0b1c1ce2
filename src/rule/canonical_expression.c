/* SPDX-License-Identifier: ISC
 *
 * Expressions in the spelling of the language, with as few parentheses as reading needs.
 */
#include "rule/state.h"

/* How tightly an operator binds; what binds less needs parentheses inside. */
enum { BIND_OR, BIND_AND, BIND_NOT, BIND_COMPARE, BIND_SUM, BIND_PRODUCT, BIND_ALONE };

typedef struct {
    tct_text *t;
    const tct_model *m;
} writer;

static void put(const writer *w, const tct_expr *e, int bind);

static int binding(const tct_expr *e)
{
    switch (e->op) {
    case TCT_E_OR:
    case TCT_E_IF:
    case TCT_E_WHERE: /* what follows `where` reaches as far as it can */
    case TCT_E_SOME:
    case TCT_E_BEST:
    case TCT_E_STEP:
    case TCT_E_COMPROMISE:
    case TCT_E_WINNER:
    case TCT_E_FAIREST:
        return BIND_OR;
    case TCT_E_ITEMS:
        return e->fold == TCT_FOLD_COUNT && e->kid_count == 0 ? BIND_ALONE : BIND_OR;
    case TCT_E_AND:
        return BIND_AND;
    case TCT_E_NOT:
        return BIND_NOT;
    case TCT_E_COMPARE:
    case TCT_E_ONE_OF:
        return BIND_COMPARE;
    case TCT_E_SUM:
        return BIND_SUM;
    case TCT_E_PRODUCT:
    case TCT_E_QUOTIENT:
        return BIND_PRODUCT;
    default:
        return BIND_ALONE;
    }
}

static void write_chain(const writer *w, const tct_expr *e, const char *between, int bind)
{
    for (uint32_t i = 0; i < e->kid_count; i++) {
        if (i > 0)
            tct_text_add(w->t, "%s", between);
        put(w, e->kids[i], bind);
    }
}

static void write_answer(const writer *w, const tct_expr *e)
{
    if (e->role.text != NULL)
        tct_text_add(w->t, "%s.", e->role.text);
    tct_text_add(w->t, "%s", e->name.text);
    if (e->item.text != NULL)
        tct_text_add(w->t, " for %s", e->item.text);
}

static void write_one_of(const writer *w, const tct_expr *e)
{
    put(w, e->kids[0], BIND_SUM);
    tct_text_add(w->t, " is %sone of", e->negated ? "not " : "");
    for (uint32_t i = 0; i < e->name_count; i++)
        tct_text_add(w->t, "%s %s", i == 0 ? "" : ",", e->names[i].text);
}

static void write_compare(const writer *w, const tct_expr *e)
{
    static const char *const signs[] = {
        [TCT_EQUAL] = " is ",   [TCT_DIFFERENT] = " is not ", [TCT_LESS] = " < ",
        [TCT_AT_MOST] = " <= ", [TCT_MORE] = " > ",           [TCT_AT_LEAST] = " >= "};
    const tct_expr *right = e->kids[1];
    const char *sign = signs[e->relation];
    if (right->op == TCT_E_OPTION && e->relation == TCT_AT_MOST)
        sign = " at most ";
    if (right->op == TCT_E_OPTION && e->relation == TCT_AT_LEAST)
        sign = " at least ";
    put(w, e->kids[0], BIND_SUM);
    tct_text_add(w->t, "%s", sign);
    if (right->op == TCT_E_NUMBER && right->type == TCT_TYPE_TRUTH)
        tct_text_add(w->t, "%s", right->value != 0 ? "yes" : "no");
    else
        put(w, right, BIND_SUM);
}

static void write_sum(const writer *w, const tct_expr *e)
{
    for (uint32_t i = 0; i < e->kid_count; i++) {
        bool minus = e->minus != NULL && (e->minus[i / 64] >> (i % 64) & 1) != 0;
        tct_text_add(w->t, "%s", i == 0 ? (minus ? "-" : "") : minus ? " - " : " + ");
        /* A minus in front of a number would be read as part of it. */
        bool number = i == 0 && minus && e->kids[i]->op == TCT_E_NUMBER;
        tct_text_add(w->t, "%s", number ? "(" : "");
        put(w, e->kids[i], i == 0 && minus ? BIND_ALONE : BIND_PRODUCT);
        tct_text_add(w->t, "%s", number ? ")" : "");
    }
}

static void write_quotient(const writer *w, const tct_expr *e)
{
    put(w, e->kids[0], BIND_PRODUCT);
    tct_text_add(w->t, " / ");
    put(w, e->kids[1], BIND_ALONE);
    if (e->rounding != TCT_EXACT)
        tct_text_add(w->t, " rounded %s", e->rounding == TCT_UP ? "up" : "down");
}

static const char *people_word(tct_fold fold)
{
    switch (fold) {
    case TCT_FOLD_BOTH:
        return "both";
    case TCT_FOLD_EITHER:
        return "either";
    case TCT_FOLD_NEITHER:
        return "neither";
    case TCT_FOLD_EXACTLY_ONE:
        return "exactly one";
    case TCT_FOLD_COUNT:
        return "count";
    case TCT_FOLD_SUM:
        return "sum";
    case TCT_FOLD_LEAST:
        return "min";
    case TCT_FOLD_GREATEST:
        return "max";
    }
    return "";
}

static const char *items_word(tct_fold fold)
{
    switch (fold) {
    case TCT_FOLD_BOTH:
        return "all";
    case TCT_FOLD_EITHER:
        return "any";
    case TCT_FOLD_NEITHER:
        return "none";
    default:
        return people_word(fold);
    }
}

static void write_where(const writer *w, const tct_expr *e, uint32_t kid)
{
    if (kid >= e->kid_count)
        return;
    tct_text_add(w->t, " where ");
    put(w, e->kids[kid], BIND_OR);
}

static void write_items(const writer *w, const tct_expr *e)
{
    bool score =
        e->fold == TCT_FOLD_SUM || e->fold == TCT_FOLD_LEAST || e->fold == TCT_FOLD_GREATEST;
    tct_text_add(w->t, "%s of ", items_word(e->fold));
    if (score) {
        put(w, e->kids[0], BIND_SUM);
        tct_text_add(w->t, " over ");
    }
    tct_text_add(w->t, "%s", e->list.text);
    write_where(w, e, score ? 1 : 0);
}

static void write_ties(const writer *w, const tct_expr *e)
{
    tct_text_add(w->t, ", ties by %s", e->by_lot ? "lot" : "order");
}

static void write_best(const writer *w, const tct_expr *e)
{
    tct_text_add(w->t, "best of %s", e->list.text);
    write_where(w, e, 1);
    tct_text_add(w->t, " by %s ", e->lowest ? "lowest" : "highest");
    put(w, e->kids[0], BIND_SUM);
    write_ties(w, e);
}

static void write_method(const writer *w, const tct_expr *e, const char *words)
{
    tct_text_add(w->t, "%s of %s", words, e->list.text);
    write_where(w, e, 0);
    if (e->name.text != NULL)
        tct_text_add(w->t, " by %s", e->name.text);
    if (e->op == TCT_E_WINNER)
        tct_text_add(w->t, "%s", e->whole ? ", nothing shared" : "");
    else
        write_ties(w, e);
}

static void write_form(const writer *w, const tct_expr *e)
{
    switch (e->op) {
    case TCT_E_WHERE:
        tct_text_add(w->t, "%s where ", e->list.text);
        put(w, e->kids[0], BIND_OR);
        break;
    case TCT_E_SOME:
        put(w, e->kids[0], BIND_OR);
        tct_text_add(w->t, ", at most ");
        put(w, e->kids[1], BIND_OR);
        tct_text_add(w->t, " by lot");
        break;
    case TCT_E_STEP:
        tct_text_add(w->t, "any step from ");
        put(w, e->kids[0], BIND_SUM);
        tct_text_add(w->t, " to ");
        put(w, e->kids[1], BIND_SUM);
        tct_text_add(w->t, ", by lot");
        break;
    case TCT_E_BEST:
        write_best(w, e);
        break;
    case TCT_E_COMPROMISE:
        write_method(w, e, "best compromise");
        break;
    case TCT_E_WINNER:
        write_method(w, e, "adjusted winner");
        break;
    default:
        write_method(w, e, "fairest split");
        break;
    }
}

static void write_plain(const writer *w, const tct_expr *e)
{
    switch (e->op) {
    case TCT_E_NUMBER:
        tct_text_number(w->t, e->value);
        break;
    case TCT_E_OPTION:
        tct_text_add(w->t, "%s", e->name.text);
        break;
    case TCT_E_ANSWER:
        write_answer(w, e);
        break;
    case TCT_E_ONE_OF:
        write_one_of(w, e);
        break;
    case TCT_E_COMPARE:
        write_compare(w, e);
        break;
    case TCT_E_AND:
        write_chain(w, e, " and ", BIND_NOT);
        break;
    case TCT_E_OR:
        write_chain(w, e, " or ", BIND_AND);
        break;
    case TCT_E_NOT:
        tct_text_add(w->t, "not ");
        put(w, e->kids[0], BIND_NOT);
        break;
    case TCT_E_PEOPLE:
    case TCT_E_SAME:
        tct_text_add(w->t, "%s (", e->op == TCT_E_SAME ? "same" : people_word(e->fold));
        put(w, e->kids[0], BIND_OR);
        tct_text_add(w->t, ")");
        break;
    case TCT_E_SUM:
        write_sum(w, e);
        break;
    case TCT_E_PRODUCT:
        put(w, e->kids[0], BIND_PRODUCT);
        tct_text_add(w->t, " * ");
        put(w, e->kids[1], BIND_ALONE);
        break;
    case TCT_E_QUOTIENT:
        write_quotient(w, e);
        break;
    case TCT_E_LEAST:
    case TCT_E_GREATEST:
        tct_text_add(w->t, "%s (", e->op == TCT_E_LEAST ? "min" : "max");
        write_chain(w, e, ", ", BIND_SUM);
        tct_text_add(w->t, ")");
        break;
    case TCT_E_IF:
        tct_text_add(w->t, "if ");
        put(w, e->kids[0], BIND_OR);
        tct_text_add(w->t, " then ");
        put(w, e->kids[1], BIND_OR);
        tct_text_add(w->t, " else ");
        put(w, e->kids[2], BIND_OR);
        break;
    case TCT_E_ITEMS:
        write_items(w, e);
        break;
    default:
        write_form(w, e);
        break;
    }
}

static void put(const writer *w, const tct_expr *e, int bind)
{
    bool inside = binding(e) < bind;
    tct_text_add(w->t, "%s", inside ? "(" : "");
    write_plain(w, e);
    tct_text_add(w->t, "%s", inside ? ")" : "");
}

void tct_canonical_expression(tct_text *t, const tct_model *m, const tct_expr *e)
{
    const writer w = {t, m};
    put(&w, e, BIND_OR);
}
