/* SPDX-License-Identifier: ISC
 *
 * Expressions, loosest first: or, and, not, comparison, + -, * /, and what stands alone.
 */
#include "rule/parser.h"

#include <string.h>

static tct_expr *parse_sum(tct_parser *p);
static tct_expr *parse_comparison(tct_parser *p);
static tct_expr *parse_alone(tct_parser *p);

/* ------------------------------------------------------------------------------ nodes --- */

static tct_expr *make(tct_parser *p, tct_op op, tct_place at)
{
    tct_expr *e = tct_parser_take(p, 1, sizeof *e);
    if (e == NULL) {
        p->bad = true;
        return NULL;
    }
    e->op = op;
    e->at = at;
    e->person = e->question[0] = e->question[1] = e->domain = -1;
    e->list_index = e->item_index = -1;
    e->depth = 1;
    return e;
}

/* Adds a kid.  Kids come in doubling arrays; a power of two is full. */
static void add_kid(tct_parser *p, tct_expr *e, tct_expr *kid)
{
    if (e == NULL || kid == NULL || p->bad)
        return;
    uint32_t n = e->kid_count;
    if (n == 0 || (n >= 2 && (n & (n - 1)) == 0)) {
        tct_expr **more = tct_parser_take(p, n == 0 ? 2 : 2 * (size_t)n, sizeof *more);
        if (more == NULL)
            return;
        if (n > 0)
            memcpy(more, e->kids, n * sizeof *more);
        e->kids = more;
    }
    e->kids[e->kid_count++] = kid;
    if (kid->depth >= e->depth)
        e->depth = (uint8_t)(kid->depth + 1);
    if (e->depth > TCT_NESTING_MAX)
        tct_parser_wrong(p, e->at, "at most 32 levels", "this is nested too deeply");
}

static tct_expr *unary(tct_parser *p, tct_op op, tct_place at, tct_expr *kid)
{
    tct_expr *e = make(p, op, at);
    add_kid(p, e, kid);
    return p->bad ? NULL : e;
}

static tct_expr *binary(tct_parser *p, tct_op op, tct_place at, tct_expr *a, tct_expr *b)
{
    tct_expr *e = make(p, op, at);
    add_kid(p, e, a);
    add_kid(p, e, b);
    return p->bad ? NULL : e;
}

/* ------------------------------------------------------------------ answers and lists --- */

static bool expect_name(tct_parser *p, tct_name *out, const char *what)
{
    const tct_token *t = tct_peek(p);
    if (t->kind != TCT_TOKEN_WORD) {
        tct_expect(p, what, "");
        return false;
    }
    *out = tct_take_name(p);
    return true;
}

/* `question`, `role.question`, either followed by `for item`; `list where …` */
static tct_expr *parse_name(tct_parser *p)
{
    tct_expr *e = make(p, TCT_E_ANSWER, tct_peek(p)->at);
    if (e == NULL || !expect_name(p, &e->name, "a name"))
        return NULL;
    if (tct_accept(p, "where")) {
        e->op = TCT_E_WHERE;
        e->list = e->name;
        add_kid(p, e, tct_parse_expression(p));
        return p->bad ? NULL : e;
    }
    if (tct_accept(p, ".")) {
        e->role = e->name;
        if (!expect_name(p, &e->name, "the name of a question"))
            return NULL;
        e->at.width = e->name.at.column + e->name.at.width - e->at.column;
    }
    if (tct_accept(p, "for") && !expect_name(p, &e->item, "the name of an item"))
        return NULL;
    return e;
}

/* `of list` */
static bool parse_of_list(tct_parser *p, tct_expr *e)
{
    return tct_expect(p, "of", "and a list") && expect_name(p, &e->list, "the name of a list");
}

/* `of LIST [where …]` for any, all, none, count. */
static tct_expr *parse_items(tct_parser *p, tct_fold fold, tct_place at)
{
    tct_expr *e = make(p, TCT_E_ITEMS, at);
    if (e == NULL || !parse_of_list(p, e))
        return NULL;
    e->fold = fold;
    if (tct_accept(p, "where"))
        add_kid(p, e, tct_parse_expression(p));
    else if (fold != TCT_FOLD_COUNT)
        tct_expect(p, "where", "and what must hold");
    return p->bad ? NULL : e;
}

/* `of EXPRESSION over LIST [where …]` for sum, min, max.  kids: condition or NULL, score. */
static tct_expr *parse_items_of(tct_parser *p, tct_fold fold, tct_place at)
{
    tct_expr *e = make(p, TCT_E_ITEMS, at);
    if (e == NULL || !tct_expect(p, "of", ""))
        return NULL;
    e->fold = fold;
    tct_expr *score = parse_sum(p), *where = NULL;
    if (p->bad || !tct_expect(p, "over", "and a list") ||
        !expect_name(p, &e->list, "the name of a list"))
        return NULL;
    if (tct_accept(p, "where"))
        where = tct_parse_expression(p);
    add_kid(p, e, score);
    add_kid(p, e, where);
    return p->bad ? NULL : e;
}

/* ------------------------------------------------------------------------ the methods --- */

/* `, ties by lot` or `, ties by order`; required: nobody should wonder. */
static void parse_ties(tct_parser *p, tct_expr *e, bool required)
{
    bool comma = tct_token_is(tct_peek(p), ",") && tct_token_is(tct_peek_after(p, 1), "ties");
    e->by_lot = true;
    if (!comma) {
        if (required)
            tct_parser_wrong(p, tct_peek(p)->at, "add `, ties by lot` or `, ties by order`",
                             "this does not say what happens when several are equally good");
        return;
    }
    p->token += 2;
    if (!tct_expect(p, "by", "after `ties`") || tct_accept(p, "lot"))
        return;
    e->by_lot = false;
    tct_expect(p, "order", "or `lot`");
}

/* `best of LIST [where …] by [lowest|highest] SCORE, ties by …` */
static tct_expr *parse_best(tct_parser *p, tct_place at)
{
    tct_expr *e = make(p, TCT_E_BEST, at), *where = NULL;
    if (e == NULL || !parse_of_list(p, e))
        return NULL;
    if (tct_accept(p, "where"))
        where = tct_parse_expression(p);
    if (p->bad || !tct_expect(p, "by", "and what makes an item good"))
        return NULL;
    if (tct_peek_after(p, 1)->kind != TCT_TOKEN_END)
        e->lowest = tct_accept(p, "lowest");
    if (!e->lowest)
        tct_accept(p, "highest");
    add_kid(p, e, parse_sum(p));
    add_kid(p, e, where);
    if (!p->bad)
        parse_ties(p, e, true);
    return p->bad ? NULL : e;
}

/* `of LIST [where …] [by QUESTION][, ties by …]` for the three joint methods; adjusted winner ends
 * with `, nothing shared` instead. */
static tct_expr *parse_method(tct_parser *p, tct_op op, tct_place at)
{
    tct_expr *e = make(p, op, at);
    if (e == NULL || !parse_of_list(p, e))
        return NULL;
    if (op == TCT_E_COMPROMISE && tct_accept(p, "where"))
        add_kid(p, e, tct_parse_expression(p));
    if (tct_accept(p, "by") && !expect_name(p, &e->name, "the name of a question"))
        return NULL;
    if (op == TCT_E_WINNER) {
        e->whole =
            tct_token_is(tct_peek(p), ",") && tct_token_is(tct_peek_after(p, 1), "nothing");
        p->token += e->whole ? 2 : 0;
        if (e->whole)
            tct_expect(p, "shared", "in `nothing shared`");
    } else {
        parse_ties(p, e, false);
    }
    return p->bad ? NULL : e;
}

/* `any step from A to B, by lot` */
static tct_expr *parse_step(tct_parser *p, tct_place at)
{
    tct_expr *from = NULL, *to = NULL;
    if (tct_expect(p, "from", "after `any step`"))
        from = parse_sum(p);
    if (!p->bad && tct_expect(p, "to", "and the other end"))
        to = parse_sum(p);
    if (!p->bad)
        tct_accept(p, ",");
    if (p->bad || !tct_expect(p, "by", "in `by lot`") || !tct_expect(p, "lot", "in `by lot`"))
        return NULL;
    return binary(p, TCT_E_STEP, at, from, to);
}

/* --------------------------------------------------------------------- words that begin --- */

static tct_expr *parse_people_fold(tct_parser *p, tct_fold fold, tct_place at)
{
    tct_expr *e = make(p, TCT_E_PEOPLE, at);
    if (e == NULL)
        return NULL;
    e->fold = fold;
    /* What stands in parentheses is the whole of it: `count (…) >= 1` compares the count. */
    add_kid(p, e, tct_token_is(tct_peek(p), "(") ? parse_alone(p) : parse_comparison(p));
    return p->bad ? NULL : e;
}

/* min, max: over the two people with one operand in parentheses, of the operands with several,
 * or over the items of a list. */
static tct_expr *parse_extreme(tct_parser *p, bool least, tct_place at)
{
    tct_fold fold = least ? TCT_FOLD_LEAST : TCT_FOLD_GREATEST;
    if (tct_token_is(tct_peek(p), "of"))
        return parse_items_of(p, fold, at);
    if (!tct_expect(p, "(", "or `of`"))
        return NULL;
    tct_expr *e = make(p, least ? TCT_E_LEAST : TCT_E_GREATEST, at);
    do {
        add_kid(p, e, parse_sum(p));
    } while (!p->bad && tct_accept(p, ","));
    if (p->bad || !tct_expect(p, ")", "or a comma"))
        return NULL;
    if (e->kid_count == 1) {
        e->op = TCT_E_PEOPLE;
        e->fold = fold;
    }
    return e;
}

static tct_expr *parse_if(tct_parser *p, tct_place at)
{
    tct_expr *e = make(p, TCT_E_IF, at);
    add_kid(p, e, tct_parse_expression(p));
    if (p->bad || !tct_expect(p, "then", "after the condition"))
        return NULL;
    add_kid(p, e, tct_parse_expression(p));
    if (p->bad || !tct_expect(p, "else", "and what holds otherwise"))
        return NULL;
    add_kid(p, e, tct_parse_expression(p));
    return p->bad ? NULL : e;
}

/* `same (question)` */
static tct_expr *parse_same(tct_parser *p, tct_place at)
{
    bool paren = tct_accept(p, "(");
    tct_expr *e = unary(p, TCT_E_SAME, at, parse_name(p));
    if (e != NULL && paren && !tct_expect(p, ")", ""))
        return NULL;
    return e;
}

static const struct {
    const char *word;
    tct_fold fold;
} people_folds[] = {
    {"both", TCT_FOLD_BOTH}, {"either", TCT_FOLD_EITHER}, {"neither", TCT_FOLD_NEITHER}};
static const struct {
    const char *word;
    tct_fold fold;
} item_folds[] = {{"any", TCT_FOLD_EITHER}, {"all", TCT_FOLD_BOTH}, {"none", TCT_FOLD_NEITHER}};

static tct_expr *parse_word(tct_parser *p)
{
    tct_place at = tct_peek(p)->at;
    for (size_t i = 0; i < 3; i++)
        if (tct_accept(p, people_folds[i].word))
            return parse_people_fold(p, people_folds[i].fold, at);
    if (tct_accept_words(p, "exactly", "one"))
        return parse_people_fold(p, TCT_FOLD_EXACTLY_ONE, at);
    if (tct_accept_words(p, "any", "step"))
        return parse_step(p, at);
    for (size_t i = 0; i < 3; i++)
        if (tct_accept(p, item_folds[i].word))
            return parse_items(p, item_folds[i].fold, at);
    if (tct_accept(p, "same"))
        return parse_same(p, at);
    if (tct_accept(p, "count"))
        return tct_token_is(tct_peek(p), "of") ? parse_items(p, TCT_FOLD_COUNT, at)
                                               : parse_people_fold(p, TCT_FOLD_COUNT, at);
    if (tct_accept(p, "sum"))
        return tct_token_is(tct_peek(p), "of") ? parse_items_of(p, TCT_FOLD_SUM, at)
                                               : parse_people_fold(p, TCT_FOLD_SUM, at);
    if (tct_token_is(tct_peek(p), "min") || tct_token_is(tct_peek(p), "max")) {
        bool least = tct_accept(p, "min");
        tct_accept(p, "max");
        return parse_extreme(p, least, at);
    }
    if (tct_accept_words(p, "best", "compromise"))
        return parse_method(p, TCT_E_COMPROMISE, at);
    if (tct_accept(p, "best"))
        return parse_best(p, at);
    if (tct_accept_words(p, "adjusted", "winner"))
        return parse_method(p, TCT_E_WINNER, at);
    if (tct_accept_words(p, "fairest", "split"))
        return parse_method(p, TCT_E_FAIREST, at);
    if (tct_accept(p, "if"))
        return parse_if(p, at);
    return parse_name(p);
}

/* ------------------------------------------------------------------------- arithmetic --- */

static tct_expr *parse_alone_inside(tct_parser *p)
{
    const tct_token *t = tct_peek(p);
    if (t->kind == TCT_TOKEN_NUMBER) {
        tct_expr *e = make(p, TCT_E_NUMBER, t->at);
        if (e != NULL)
            e->value = t->value;
        p->token++;
        return e;
    }
    if (tct_accept(p, "(")) {
        tct_expr *e = tct_parse_expression(p);
        return !p->bad && tct_expect(p, ")", "to close the parenthesis") ? e : NULL;
    }
    if (t->kind == TCT_TOKEN_WORD)
        return parse_word(p);
    tct_parser_wrong(
        p, t->at,
        tct_token_is(t, "=") ? "write one = only; and >= or <= without a space in it" : "",
        "expected a name, a number or a parenthesis here");
    return NULL;
}

/* Every way to nest passes here, so that the depth of the recursion has a bound. */
static tct_expr *parse_alone(tct_parser *p)
{
    if (p->bad)
        return NULL;
    if (p->depth == TCT_NESTING_MAX) {
        tct_parser_wrong(p, tct_peek(p)->at, "at most 32 levels", "this is nested too deeply");
        return NULL;
    }
    p->depth++;
    tct_expr *e = parse_alone_inside(p);
    p->depth--;
    return p->bad ? NULL : e;
}

/* A minus in front is a sum with one kid taken away; a negative number stays a number. */
static tct_expr *parse_signed(tct_parser *p)
{
    tct_place at = tct_peek(p)->at;
    bool minus = tct_accept(p, "-");
    tct_expr *e = parse_alone(p);
    if (!minus || e == NULL)
        return e;
    if (e->op == TCT_E_NUMBER) {
        e->value = -e->value;
        return e;
    }
    tct_expr *sum = unary(p, TCT_E_SUM, at, e);
    if (sum != NULL && (sum->minus = tct_parser_take(p, 1, sizeof *sum->minus)) != NULL)
        sum->minus[0] = 1;
    return sum;
}

static tct_expr *parse_quotient(tct_parser *p, tct_place at, tct_expr *over)
{
    tct_expr *e = binary(p, TCT_E_QUOTIENT, at, over, parse_signed(p));
    if (e == NULL || !tct_accept(p, "rounded"))
        return e;
    if (tct_accept(p, "down"))
        e->rounding = TCT_DOWN;
    else if (tct_expect(p, "up", "or `down` after `rounded`"))
        e->rounding = TCT_UP;
    return p->bad ? NULL : e;
}

static tct_expr *parse_product(tct_parser *p)
{
    tct_expr *e = parse_signed(p);
    while (!p->bad) {
        tct_place at = tct_peek(p)->at;
        if (tct_accept(p, "*"))
            e = binary(p, TCT_E_PRODUCT, at, e, parse_signed(p));
        else if (tct_accept(p, "/"))
            e = parse_quotient(p, at, e);
        else
            break;
    }
    return p->bad ? NULL : e;
}

static void take_away(tct_parser *p, tct_expr *sum, uint32_t room)
{
    /* One bit for each kid; a clause has no more kids than tokens. */
    if (sum->minus == NULL)
        sum->minus = tct_parser_take(p, room / 64 + 1, sizeof *sum->minus);
    uint32_t last = sum->kid_count - 1;
    if (sum->minus != NULL)
        sum->minus[last / 64] |= (uint64_t)1 << (last % 64);
}

static tct_expr *parse_sum(tct_parser *p)
{
    tct_expr *first = parse_product(p), *sum = NULL;
    while (!p->bad) {
        tct_place at = tct_peek(p)->at;
        bool minus = tct_token_is(tct_peek(p), "-");
        if (!tct_accept(p, "+") && !tct_accept(p, "-"))
            break;
        if (sum == NULL)
            sum = unary(p, TCT_E_SUM, at, first);
        add_kid(p, sum, parse_product(p));
        if (!p->bad && minus)
            take_away(p, sum, p->token_count);
    }
    return p->bad ? NULL : sum != NULL ? sum : first;
}

/* ------------------------------------------------------------------------ comparisons --- */

/* A name after `is` or `at least`, unless it is clearly the beginning of something longer. */
static bool name_follows(const tct_parser *p)
{
    const tct_token *after = tct_peek_after(p, 1);
    return tct_peek(p)->kind == TCT_TOKEN_WORD && !tct_token_is(after, "(") &&
           !tct_token_is(after, ".") && !tct_token_is(after, "for") &&
           !tct_token_is(after, "of") && !tct_token_is(tct_peek(p), "if");
}

static tct_expr *parse_bare_name(tct_parser *p)
{
    tct_expr *e = make(p, TCT_E_ANSWER, tct_peek(p)->at);
    if (e != NULL)
        e->name = tct_take_name(p);
    return e;
}

static tct_expr *parse_operand(tct_parser *p)
{
    const tct_token *after = tct_peek_after(p, 1);
    bool longer = tct_token_is(after, "+") || tct_token_is(after, "-") ||
                  tct_token_is(after, "*") || tct_token_is(after, "/");
    return name_follows(p) && !longer ? parse_bare_name(p) : parse_sum(p);
}

/* `one of a, b` or the only name. */
static tct_expr *parse_one_of(tct_parser *p, tct_place at, tct_expr *left, bool negated)
{
    tct_expr *e = unary(p, TCT_E_ONE_OF, at, left);
    if (e == NULL)
        return NULL;
    e->negated = negated;
    e->names = tct_parser_take(p, TCT_OPTIONS_MAX, sizeof *e->names);
    do {
        const tct_token *t = tct_peek(p);
        if (e->names == NULL || t->kind != TCT_TOKEN_WORD) {
            tct_expect(p, "an option", "");
            return NULL;
        }
        if (e->name_count == TCT_OPTIONS_MAX) {
            tct_parser_wrong(p, t->at, "at most 32 options", "this list is too long");
            return NULL;
        }
        e->names[e->name_count++] = tct_take_name(p);
        const tct_token *next = tct_peek_after(p, 1);
        if (!tct_token_is(tct_peek(p), ",") || tct_token_is(next, "at") ||
            tct_token_is(next, "ties") || tct_token_is(next, "by"))
            return e; /* the comma, if any, belongs to what stands around */
    } while (tct_accept(p, ","));
    return e;
}

/* What follows `is`: [not] option, [not] one of options, [not] a number or expression. */
static tct_expr *parse_is(tct_parser *p, tct_place at, tct_expr *left)
{
    bool negated = tct_accept(p, "not");
    if (tct_accept_words(p, "one", "of"))
        return parse_one_of(p, at, left, negated);
    tct_expr *e = binary(p, TCT_E_COMPARE, at, left, parse_operand(p));
    if (e != NULL)
        e->relation = negated ? TCT_DIFFERENT : TCT_EQUAL;
    return e;
}

static tct_expr *parse_comparison(tct_parser *p)
{
    static const struct {
        const char *sign;
        tct_relation relation;
    } signs[] = {{"<", TCT_LESS},
                 {"<=", TCT_AT_MOST},
                 {">", TCT_MORE},
                 {">=", TCT_AT_LEAST},
                 {"=", TCT_EQUAL}};
    tct_expr *left = parse_sum(p);
    if (p->bad)
        return NULL;
    tct_place at = tct_peek(p)->at;
    bool is = tct_accept(p, "is");
    bool most = tct_accept_words(p, "at", "most");
    if (most || tct_accept_words(p, "at", "least")) {
        tct_expr *e = binary(p, TCT_E_COMPARE, at, left, parse_operand(p));
        if (e != NULL)
            e->relation = most ? TCT_AT_MOST : TCT_AT_LEAST;
        return e;
    }
    if (is)
        return parse_is(p, at, left);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (tct_accept(p, signs[i].sign)) {
            tct_expr *e = binary(p, TCT_E_COMPARE, at, left, parse_sum(p));
            if (e != NULL)
                e->relation = signs[i].relation;
            return e;
        }
    return left;
}

/* -------------------------------------------------------------------------- and or not --- */

static tct_expr *parse_not(tct_parser *p)
{
    tct_place at = tct_peek(p)->at;
    uint32_t nots = 0;
    while (tct_accept(p, "not"))
        nots++;
    tct_expr *e = parse_comparison(p);
    for (; e != NULL && nots > 0; nots--)
        e = unary(p, TCT_E_NOT, at, e);
    return p->bad ? NULL : e;
}

static tct_expr *parse_chain(tct_parser *p, tct_op op, const char *word,
                             tct_expr *(*operand)(tct_parser *))
{
    tct_expr *first = operand(p), *chain = NULL;
    while (!p->bad) {
        tct_place at = tct_peek(p)->at;
        if (!tct_accept(p, word))
            break;
        if (chain == NULL)
            chain = unary(p, op, at, first);
        add_kid(p, chain, operand(p));
    }
    return p->bad ? NULL : chain != NULL ? chain : first;
}

static tct_expr *parse_and(tct_parser *p)
{
    return parse_chain(p, TCT_E_AND, "and", parse_not);
}

tct_expr *tct_parse_expression(tct_parser *p)
{
    return p->bad ? NULL : parse_chain(p, TCT_E_OR, "or", parse_and);
}
