/* SPDX-License-Identifier: ISC
 *
 * Expressions in English: each form of the language as a part of a sentence.  Nobody should have to
 * guess how far a part reaches: what could be read two ways stands in parentheses.
 */
#include "rule/plain.h"

static void add(const tct_plain *p, const char *words)
{
    tct_text_add(p->t, "%s", words);
}

/* Does it consist of parts between which one could stop reading? */
static bool has_parts(const tct_expr *e)
{
    return e->op == TCT_E_AND || e->op == TCT_E_OR || e->op == TCT_E_SUM ||
           e->op == TCT_E_PRODUCT || e->op == TCT_E_QUOTIENT || e->op == TCT_E_LEAST ||
           e->op == TCT_E_GREATEST;
}

/* Does what it says reach as far as the reader likes: "for each of you, …", "the sum of …"? */
static bool reaches_on(const tct_plain *p, const tct_expr *e)
{
    if (e->op == TCT_E_PEOPLE && e->type == TCT_TYPE_NUMBER && e->fold != TCT_FOLD_COUNT)
        return e->kids[0]->op != TCT_E_ANSWER;
    if (e->op == TCT_E_PEOPLE)
        return !tct_plain_is_deed(p, e->kids[0]);
    return (e->op == TCT_E_ITEMS && e->kid_count > 0) || e->op == TCT_E_NOT;
}

/* In parentheses, unless it is the end of a sentence or cannot be misread. */
static void say_inside(const tct_plain *p, const tct_expr *e)
{
    bool wrap = !p->last && (has_parts(e) || reaches_on(p, e));
    tct_plain inside = *p;
    inside.last = p->last || wrap;
    add(p, wrap ? "(" : "");
    tct_plain_expression(&inside, e);
    add(p, wrap ? ")" : "");
}

/* ------------------------------------------------------------------------ comparisons --- */

/* `count of wishes where …` against a number: "for at least 2 items of …". */
static bool say_item_count(const tct_plain *p, const tct_expr *e)
{
    static const tct_relation mirrored[] = {
        [TCT_EQUAL] = TCT_EQUAL, [TCT_DIFFERENT] = TCT_DIFFERENT, [TCT_LESS] = TCT_MORE,
        [TCT_MORE] = TCT_LESS,   [TCT_AT_MOST] = TCT_AT_LEAST,    [TCT_AT_LEAST] = TCT_AT_MOST,
    };
    bool left = e->kids[1]->op == TCT_E_NUMBER;
    const tct_expr *count = e->kids[left ? 0 : 1], *number = e->kids[left ? 1 : 0];
    tct_relation relation = left ? e->relation : mirrored[e->relation];
    if (count->op != TCT_E_ITEMS || count->fold != TCT_FOLD_COUNT || count->kid_count == 0 ||
        number->op != TCT_E_NUMBER || relation == TCT_DIFFERENT)
        return false;
    int64_t n = number->value + (relation == TCT_MORE) - (relation == TCT_LESS);
    if (n < 0)
        return false;
    const char *list = p->m->lists[count->list_index].id.text;
    bool least = relation == TCT_MORE || relation == TCT_AT_LEAST;
    if (n == 0 && !least) {
        tct_text_add(p->t, "for no item of “%s”, ", list);
    } else {
        add(p, relation == TCT_EQUAL ? "for exactly "
               : least               ? "for at least "
                                     : "for at most ");
        tct_text_number(p->t, n);
        tct_text_add(p->t, " item%s of “%s”, ", n == 1 ? "" : "s", list);
    }
    say_inside(p, count->kids[0]);
    return true;
}

static void say_compare(const tct_plain *p, const tct_expr *e)
{
    static const char *const words[] = {
        [TCT_EQUAL] = " ",           [TCT_DIFFERENT] = " not ",  [TCT_LESS] = " less than ",
        [TCT_AT_MOST] = " at most ", [TCT_MORE] = " more than ", [TCT_AT_LEAST] = " at least ",
    };
    const tct_expr *left = e->kids[0], *right = e->kids[1];
    if (tct_plain_options(p, e) || say_item_count(p, e))
        return;
    if (right->type == TCT_TYPE_TRUTH) {
        bool yes = (right->value != 0) == (e->relation == TCT_EQUAL);
        if (left->op == TCT_E_ANSWER) {
            tct_plain_choice(p, left, yes);
        } else {
            add(p, yes ? "" : "it does not hold that ");
            say_inside(p, left);
        }
        return;
    }
    tct_plain inside = *p;
    inside.last = false;
    say_inside(&inside, left);
    tct_text_add(p->t, " %s%s", tct_plain_many(p, left) ? "are" : "is", words[e->relation]);
    say_inside(p, right);
}

/* ------------------------------------------------------------------------------- folds --- */

static void say_people(const tct_plain *p, const tct_expr *e)
{
    static const char *const who[] = {
        [TCT_FOLD_BOTH] = "you both ",
        [TCT_FOLD_EITHER] = "at least one of you ",
        [TCT_FOLD_NEITHER] = "neither of you ",
        [TCT_FOLD_EXACTLY_ONE] = "exactly one of you ",
        [TCT_FOLD_COUNT] = "the number of you who ",
    };
    static const char *const before[] = {
        [TCT_FOLD_BOTH] = "for each of you, ",
        [TCT_FOLD_EITHER] = "for at least one of you, ",
        [TCT_FOLD_NEITHER] = "for neither of you, ",
        [TCT_FOLD_EXACTLY_ONE] = "for exactly one of you, ",
        [TCT_FOLD_COUNT] = "the number of you for whom ",
        [TCT_FOLD_SUM] = "the sum of two numbers, one from each of you: ",
        [TCT_FOLD_LEAST] = "the smaller of two numbers, one from each of you: ",
        [TCT_FOLD_GREATEST] = "the larger of two numbers, one from each of you: ",
    };
    bool number =
        e->fold == TCT_FOLD_SUM || e->fold == TCT_FOLD_LEAST || e->fold == TCT_FOLD_GREATEST;
    if (number && tct_plain_of_two(p, e->fold, e->kids[0]))
        return;
    if (!number && tct_plain_is_deed(p, e->kids[0])) {
        /* That both did not is that neither did, and the other way round. */
        bool refused = tct_plain_is_refusal(p, e->kids[0]), turn = false;
        turn = refused && (e->fold == TCT_FOLD_BOTH || e->fold == TCT_FOLD_NEITHER);
        add(p, who[!turn                      ? e->fold
                   : e->fold == TCT_FOLD_BOTH ? TCT_FOLD_NEITHER
                                              : TCT_FOLD_BOTH]);
        tct_plain_deed(p, e->kids[0], refused && !turn);
        return;
    }
    tct_plain inside = *p;
    inside.self = "the";
    add(p, before[e->fold]);
    say_inside(&inside, e->kids[0]);
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
    say_inside(p, e->kids[kid]);
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
    tct_plain middle = *p;
    middle.last = false;
    if (score)
        say_where(&middle, e, 1, " for which ");
    add(p, score ? ", of " : ", ");
    say_inside(p, e->kids[0]);
}

/* --------------------------------------------------------------------- reveals and lots --- */

/* "the item of …" or "of the items of … for which …, the one", and then what is best about it. */
static void say_one_item(const tct_plain *p, const tct_expr *e, uint32_t where)
{
    tct_plain middle = *p;
    middle.last = false;
    bool some = where < e->kid_count;
    add(p, some ? "of the items of " : "the item of ");
    say_list(p, e);
    say_where(&middle, e, where, " for which ");
    add(p, some ? ", the one " : " ");
}

static void say_winner(const tct_plain *p, const tct_expr *e)
{
    add(p, "a division of ");
    say_list(p, e);
    add(p,
        " by adjusted winner: each item goes to who gave it more points, and then items move, "
        "those valued most alike first, until both have as much by their own points");
    add(p, e->whole
               ? "; nothing is shared, and the item that would have to be goes whole to who "
                 "has less without it, or values it more, or by lot"
               : "; at most one item is shared, in whole percent");
}

/* "with the highest number of you who answered …". */
static void say_score(const tct_plain *p, const tct_expr *e)
{
    const tct_expr *score = e->kids[0];
    bool people = score->op == TCT_E_PEOPLE && score->fold == TCT_FOLD_COUNT &&
                  tct_plain_is_deed(p, score->kids[0]);
    tct_text_add(p->t, "with the %s ", e->lowest ? "lowest" : "highest");
    if (people) {
        add(p, "number of you who ");
        tct_plain_deed(p, score->kids[0], tct_plain_is_refusal(p, score->kids[0]));
        return;
    }
    add(p, "value of ");
    tct_plain_expression(p, score);
}

static void say_form(const tct_plain *p, const tct_expr *e)
{
    tct_plain middle = *p;
    middle.last = false;
    switch (e->op) {
    case TCT_E_WHERE:
        add(p, "the items of ");
        say_list(p, e);
        say_where(p, e, 0, " for which ");
        break;
    case TCT_E_SOME:
        tct_plain_expression(p, e->kids[0]); /* a semicolon ends it */
        add(p, "; if they are more than ");
        tct_plain_expression(&middle, e->kids[1]);
        add(p, ", only so many of them, chosen by lot");
        break;
    case TCT_E_STEP:
        add(p, "any step from ");
        tct_plain_expression(&middle, e->kids[0]);
        add(p, " to ");
        tct_plain_expression(&middle, e->kids[1]);
        add(p, ", both included, drawn by lot: each is as likely");
        break;
    case TCT_E_BEST:
        say_one_item(p, e, 1);
        say_score(&middle, e);
        add(p,
            e->by_lot ? " (a tie is decided by lot)" : " (of equals, the first in the list)");
        break;
    case TCT_E_COMPROMISE:
        say_one_item(p, e, 0);
        add(p, "whose worse place in your two rankings is best; of those the one with the "
               "better two places together");
        add(p,
            e->by_lot ? " (a tie is decided by lot)" : " (of equals, the first in the list)");
        break;
    case TCT_E_WINNER:
        say_winner(p, e);
        break;
    default:
        add(p, "the division of ");
        say_list(p, e);
        add(p,
            " in which the one who gets less, by their own points, gets as much as possible; "
            "of those the one with the most points together");
        add(p, e->by_lot ? " (a tie is decided by lot)" : " (of equals, always the same one)");
        break;
    }
}

/* -------------------------------------------------------------------------- the whole --- */

static void say_chain(const tct_plain *p, const tct_expr *e, const char *between)
{
    tct_plain middle = *p;
    for (uint32_t i = 0; i < e->kid_count; i++) {
        bool wrap = has_parts(e->kids[i]) || reaches_on(p, e->kids[i]);
        add(p, i == 0 ? "" : between);
        add(p, wrap ? "(" : "");
        middle.last = wrap;
        tct_plain_expression(&middle, e->kids[i]);
        add(p, wrap ? ")" : "");
    }
}

static void say_sum(const tct_plain *p, const tct_expr *e)
{
    for (uint32_t i = 0; i < e->kid_count; i++) {
        bool minus = e->minus != NULL && (e->minus[i / 64] >> (i % 64) & 1) != 0;
        add(p, i == 0 ? (minus ? "minus " : "") : minus ? " minus " : " plus ");
        tct_plain middle = *p;
        middle.last = false;
        say_inside(&middle, e->kids[i]);
    }
}

static void say_if(const tct_plain *p, const tct_expr *e)
{
    tct_plain inside = *p;
    inside.last = true; /* the words between part it, and the parenthesis ends it */
    add(p, "(if ");
    tct_plain_expression(&inside, e->kids[0]);
    add(p, ", then ");
    tct_plain_expression(&inside, e->kids[1]);
    add(p, ", else ");
    tct_plain_expression(&inside, e->kids[2]);
    add(p, ")");
}

static void say_not(const tct_plain *p, const tct_expr *e)
{
    add(p, "it does not hold that ");
    say_inside(p, e->kids[0]);
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
        if (e->type == TCT_TYPE_TRUTH)
            tct_plain_choice(p, e, true);
        else
            tct_plain_answer(p, e);
        break;
    case TCT_E_ONE_OF:
        tct_plain_options(p, e);
        break;
    case TCT_E_COMPARE:
        say_compare(p, e);
        break;
    case TCT_E_AND:
        say_chain(p, e, ", and ");
        break;
    case TCT_E_OR:
        say_chain(p, e, ", or ");
        break;
    case TCT_E_NOT:
        say_not(p, e);
        break;
    case TCT_E_PEOPLE:
        say_people(p, e);
        break;
    case TCT_E_SAME:
        tct_plain_same(p, e->kids[0]);
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
    inside.last = true; /* each demand has a line of its own */
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
        add(p, e->kids[i]->op == TCT_E_OR ? "at least one of these: " : "");
        tct_plain_expression(&inside, e->kids[i]);
        add(p, "\n");
    }
}
