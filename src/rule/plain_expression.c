/* SPDX-License-Identifier: ISC
 *
 * Expressions in English: each form of the language as a part of a sentence.
 */
#include "rule/plain.h"

#include <string.h>

void tct_plain_quote(const tct_plain *p, const char *text)
{
    size_t bytes = strlen(text);
    while (bytes > 1 && (text[bytes - 1] == ':' || text[bytes - 1] == '.'))
        bytes--;
    tct_text_add(p->t, "“%.*s”", (int)bytes, text);
}

static void add(const tct_plain *p, const char *words)
{
    tct_text_add(p->t, "%s", words);
}

/* ---------------------------------------------------------------------------- answers --- */

static const tct_question *question_of(const tct_plain *p, const tct_expr *e)
{
    return &p->m->questions[e->question[e->question[0] < 0 || e->person == 1]];
}

static void say_whose(const tct_plain *p, const tct_expr *e)
{
    if (e->person >= 0 && p->m->people[1].text != NULL)
        tct_text_add(p->t, "the %s's ", p->m->people[e->person].text);
    else if (e->person < 0)
        tct_text_add(p->t, "%s ", p->self);
}

static void say_answer(const tct_plain *p, const tct_expr *e)
{
    static const char *const what[] = {
        [TACIT_CHOICE] = "answer to ",       [TACIT_NUMBER] = "answer to ",
        [TACIT_POINTS] = "points in ",       [TACIT_RANKING] = "place in ",
        [TACIT_SUBSET] = "choice of it in ",
    };
    const tct_question *q = question_of(p, e);
    say_whose(p, e);
    add(p, what[q->kind]);
    tct_plain_quote(p, q->prompt);
    if (e->item_index >= 0) {
        add(p, " for ");
        tct_plain_quote(p, p->m->lists[q->list_index].items[e->item_index].text);
    } else if (q->list_index >= 0 && q->kind != TACIT_SUBSET) {
        add(p, " for it");
    }
}

/* “A”, “B” or “C”. */
static void say_options(const tct_plain *p, const tct_question *q, uint64_t options,
                        const char *last)
{
    uint32_t left = 0;
    bool first = true;
    for (uint32_t i = 0; i < q->option_count; i++)
        left += (options >> i & 1) != 0;
    for (uint32_t i = 0; i < q->option_count; i++) {
        if ((options >> i & 1) == 0)
            continue;
        add(p, first ? "" : left == 1 ? last : ", ");
        tct_plain_quote(p, q->options[i].text);
        first = false;
        left--;
    }
}

static void say_one_of(const tct_plain *p, const tct_expr *left, uint64_t options, bool negated)
{
    const tct_question *q = &p->m->questions[left->domain];
    bool one = (options & (options - 1)) == 0;
    tct_plain_expression(p, left);
    add(p, !negated ? " is " : one ? " is not " : " is neither ");
    say_options(p, q, options, negated ? " nor " : " or ");
}

/* ------------------------------------------------------------------------ comparisons --- */

/* The options that stand in this relation to option number `value`. */
static uint64_t related_options(const tct_question *q, tct_relation relation, int64_t value)
{
    uint64_t options = 0;
    for (int64_t i = 0; i < (int64_t)q->option_count; i++) {
        bool in = relation == TCT_AT_LEAST  ? i >= value
                  : relation == TCT_AT_MOST ? i <= value
                  : relation == TCT_MORE    ? i > value
                  : relation == TCT_LESS    ? i < value
                                            : i == value;
        options |= (uint64_t)in << i;
    }
    return options;
}

static void say_compare(const tct_plain *p, const tct_expr *e)
{
    static const char *const words[] = {
        [TCT_EQUAL] = " is ",          [TCT_DIFFERENT] = " is not ",
        [TCT_LESS] = " is less than ", [TCT_AT_MOST] = " is at most ",
        [TCT_MORE] = " is more than ", [TCT_AT_LEAST] = " is at least ",
    };
    const tct_expr *left = e->kids[0], *right = e->kids[1];
    if (right->op == TCT_E_OPTION) {
        uint64_t options =
            related_options(&p->m->questions[left->domain], e->relation, right->value);
        say_one_of(p, left, options, e->relation == TCT_DIFFERENT);
        return;
    }
    tct_plain_expression(p, left);
    if (right->type == TCT_TYPE_TRUTH) {
        bool yes = (right->value != 0) == (e->relation == TCT_EQUAL);
        add(p, yes ? " is yes" : " is no");
        return;
    }
    add(p, words[e->relation]);
    tct_plain_expression(p, right);
}

/* ------------------------------------------------------------------------------- folds --- */

static void say_people(const tct_plain *p, const tct_expr *e)
{
    static const char *const before[] = {
        [TCT_FOLD_BOTH] = "for each of you, ",
        [TCT_FOLD_EITHER] = "for at least one of you, ",
        [TCT_FOLD_NEITHER] = "for neither of you, ",
        [TCT_FOLD_EXACTLY_ONE] = "for exactly one of you, ",
        [TCT_FOLD_COUNT] = "the number of you for whom ",
        [TCT_FOLD_SUM] = "the sum, over both of you, of ",
        [TCT_FOLD_LEAST] = "the smaller, of both of you, of ",
        [TCT_FOLD_GREATEST] = "the larger, of both of you, of ",
    };
    tct_plain inside = *p;
    inside.self = "the";
    add(p, before[e->fold]);
    tct_plain_expression(&inside, e->kids[0]);
}

static void say_list(const tct_plain *p, const tct_expr *e)
{
    tct_text_add(p->t, "“%s”", p->m->lists[e->list_index].id.text);
}

static void say_where(const tct_plain *p, const tct_expr *e, uint32_t kid, const char *before)
{
    if (kid >= e->kid_count)
        return;
    add(p, before);
    tct_plain_expression(p, e->kids[kid]);
}

static void say_items(const tct_plain *p, const tct_expr *e)
{
    static const char *const before[] = {
        [TCT_FOLD_BOTH] = "for every item of ",
        [TCT_FOLD_EITHER] = "for at least one item of ",
        [TCT_FOLD_NEITHER] = "for no item of ",
        [TCT_FOLD_COUNT] = "the number of items of ",
        [TCT_FOLD_SUM] = "the sum, over the items of ",
        [TCT_FOLD_LEAST] = "the smallest, over the items of ",
        [TCT_FOLD_GREATEST] = "the largest, over the items of ",
    };
    add(p, before[e->fold]);
    say_list(p, e);
    if (e->fold == TCT_FOLD_COUNT) {
        say_where(p, e, 0, " for which ");
        return;
    }
    bool score =
        e->fold == TCT_FOLD_SUM || e->fold == TCT_FOLD_LEAST || e->fold == TCT_FOLD_GREATEST;
    if (score)
        say_where(p, e, 1, " for which ");
    add(p, score ? ", of " : ", ");
    tct_plain_expression(p, e->kids[0]);
}

/* --------------------------------------------------------------------- reveals and lots --- */

static const char *ties(const tct_expr *e)
{
    return e->by_lot ? " (a tie is decided by lot)" : " (of equals, the first in the list)";
}

static void say_form(const tct_plain *p, const tct_expr *e)
{
    switch (e->op) {
    case TCT_E_WHERE:
        add(p, "the items of ");
        say_list(p, e);
        say_where(p, e, 0, " for which ");
        break;
    case TCT_E_SOME:
        tct_plain_expression(p, e->kids[0]);
        add(p, "; if they are more than ");
        tct_plain_expression(p, e->kids[1]);
        add(p, ", only so many of them, chosen by lot");
        break;
    case TCT_E_STEP:
        add(p, "any step from ");
        tct_plain_expression(p, e->kids[0]);
        add(p, " to ");
        tct_plain_expression(p, e->kids[1]);
        add(p, ", both included, drawn by lot: each is as likely");
        break;
    case TCT_E_BEST:
        add(p, "the item of ");
        say_list(p, e);
        say_where(p, e, 1, ", among those for which ");
        tct_text_add(p->t, ", with the %s value of ", e->lowest ? "lowest" : "highest");
        tct_plain_expression(p, e->kids[0]);
        add(p, ties(e));
        break;
    case TCT_E_COMPROMISE:
        add(p, "the item of ");
        say_list(p, e);
        say_where(p, e, 0, ", among those for which ");
        add(p, ", whose worse place in your two rankings is best; of those the one with the "
               "better two places together");
        add(p, ties(e));
        break;
    case TCT_E_WINNER:
        add(p, "a division of ");
        say_list(p, e);
        add(p,
            " by adjusted winner: each item goes to who gave it more points, and then items "
            "move, cheapest first, until neither has more by their own points than the other");
        break;
    default:
        add(p, "the division of ");
        say_list(p, e);
        add(p,
            " in which the one who gets less, by their own points, gets as much as possible; "
            "of those the one with the most points together");
        add(p, ties(e));
        break;
    }
}

/* -------------------------------------------------------------------------- the whole --- */

static void say_chain(const tct_plain *p, const tct_expr *e, const char *between)
{
    for (uint32_t i = 0; i < e->kid_count; i++) {
        bool inside = e->kids[i]->op == TCT_E_AND || e->kids[i]->op == TCT_E_OR ||
                      e->kids[i]->op == TCT_E_SUM;
        add(p, i == 0 ? "" : between);
        add(p, inside ? "(" : "");
        tct_plain_expression(p, e->kids[i]);
        add(p, inside ? ")" : "");
    }
}

static void say_sum(const tct_plain *p, const tct_expr *e)
{
    for (uint32_t i = 0; i < e->kid_count; i++) {
        bool minus = e->minus != NULL && (e->minus[i / 64] >> (i % 64) & 1) != 0;
        add(p, i == 0 ? (minus ? "minus " : "") : minus ? " minus " : " plus ");
        tct_plain_expression(p, e->kids[i]);
    }
}

static void say_if(const tct_plain *p, const tct_expr *e)
{
    add(p, "(if ");
    tct_plain_expression(p, e->kids[0]);
    add(p, ", then ");
    tct_plain_expression(p, e->kids[1]);
    add(p, ", else ");
    tct_plain_expression(p, e->kids[2]);
    add(p, ")");
}

void tct_plain_expression(const tct_plain *p, const tct_expr *e)
{
    switch (e->op) {
    case TCT_E_NUMBER:
        tct_text_number(p->t, e->value);
        break;
    case TCT_E_OPTION:
        tct_plain_quote(p, p->m->questions[e->domain].options[e->value].text);
        break;
    case TCT_E_ANSWER:
        say_answer(p, e);
        break;
    case TCT_E_ONE_OF:
        say_one_of(p, e->kids[0], e->options, e->negated);
        break;
    case TCT_E_COMPARE:
        say_compare(p, e);
        break;
    case TCT_E_AND:
        say_chain(p, e, " and ");
        break;
    case TCT_E_OR:
        say_chain(p, e, ", or ");
        break;
    case TCT_E_NOT:
        add(p, "it does not hold that ");
        tct_plain_expression(p, e->kids[0]);
        break;
    case TCT_E_PEOPLE:
        say_people(p, e);
        break;
    case TCT_E_SAME:
        add(p, "you both gave the same answer to ");
        tct_plain_quote(p, question_of(p, e->kids[0])->prompt);
        break;
    case TCT_E_SUM:
        say_sum(p, e);
        break;
    case TCT_E_PRODUCT:
        say_chain(p, e, " times ");
        break;
    case TCT_E_QUOTIENT:
        say_chain(p, e, " divided by ");
        add(p, e->rounding == TCT_UP ? " (rounded up)" : "");
        add(p, e->rounding == TCT_DOWN ? " (rounded down)" : "");
        break;
    case TCT_E_LEAST:
    case TCT_E_GREATEST:
        add(p, e->op == TCT_E_LEAST ? "the smallest of " : "the largest of ");
        say_chain(p, e, ", ");
        break;
    case TCT_E_IF:
        say_if(p, e);
        break;
    case TCT_E_ITEMS:
        say_items(p, e);
        break;
    default:
        say_form(p, e);
        break;
    }
}

void tct_plain_condition(const tct_plain *p, const tct_expr *e)
{
    tct_plain inside = *p;
    if (e->op == TCT_E_PEOPLE && e->fold == TCT_FOLD_BOTH && e->kids[0]->op == TCT_E_AND) {
        inside.self = "the";
        add(p, " when, for each of you:\n");
        e = e->kids[0];
    } else {
        add(p, " when:\n");
    }
    if (e->op != TCT_E_AND) {
        add(p, "  - ");
        tct_plain_expression(&inside, e);
        add(p, "\n");
        return;
    }
    for (uint32_t i = 0; i < e->kid_count; i++) {
        add(p, i == 0 ? "  - " : "  - and ");
        tct_plain_expression(&inside, e->kids[i]);
        add(p, "\n");
    }
}
