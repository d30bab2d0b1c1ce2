/* SPDX-License-Identifier: ISC
 *
 * Answers in English, and what is asked of them.
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

/* The item in question, or the one that is named. */
static void say_item(const tct_plain *p, const tct_expr *e)
{
    const tct_question *q = question_of(p, e);
    if (e->item_index >= 0)
        tct_plain_quote(p, p->m->lists[q->list_index].items[e->item_index].text);
    else
        add(p, "it");
}

void tct_plain_about(const tct_plain *p, const tct_expr *e)
{
    const tct_question *q = question_of(p, e);
    tct_plain_quote(p, q->prompt);
    if (q->list_index >= 0 && q->kind != TACIT_SUBSET) {
        add(p, " for ");
        say_item(p, e);
    }
}

void tct_plain_answer(const tct_plain *p, const tct_expr *e)
{
    static const char *const what[] = {
        [TACIT_CHOICE] = "answer to ",
        [TACIT_NUMBER] = "answer to ",
        [TACIT_POINTS] = "points in ",
        [TACIT_RANKING] = "place in ",
    };
    say_whose(p, e);
    add(p, what[question_of(p, e)->kind]);
    tct_plain_about(p, e);
}

bool tct_plain_many(const tct_plain *p, const tct_expr *e)
{
    return e->op == TCT_E_ANSWER && question_of(p, e)->kind == TACIT_POINTS;
}

void tct_plain_same(const tct_plain *p, const tct_expr *answer)
{
    if (question_of(p, answer)->kind == TACIT_SUBSET) {
        add(p, "you both, or neither of you, chose ");
        say_item(p, answer);
        add(p, " in ");
    } else {
        add(p, "you both gave the same answer to ");
    }
    tct_plain_about(p, answer);
}

bool tct_plain_of_two(const tct_plain *p, tct_fold fold, const tct_expr *e)
{
    static const char *const what[] = {
        [TACIT_NUMBER] = "answers to ",
        [TACIT_POINTS] = "points in ",
        [TACIT_RANKING] = "places in ",
    };
    if (e->op != TCT_E_ANSWER || e->person >= 0 || e->type != TCT_TYPE_NUMBER)
        return false;
    add(p, fold == TCT_FOLD_SUM     ? "the sum of your two "
           : fold == TCT_FOLD_LEAST ? "the smaller of your two "
                                    : "the larger of your two ");
    add(p, what[question_of(p, e)->kind]);
    tct_plain_about(p, e);
    return true;
}

/* ---------------------------------------------------------------------------- options --- */

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

/* Does e say of one answer which options it may be?  negated: which it may not be. */
static bool as_options(const tct_plain *p, const tct_expr *e, uint64_t *options, bool *negated)
{
    if (e->op == TCT_E_ONE_OF) {
        *options = e->options;
        *negated = e->negated;
        return true;
    }
    if (e->op != TCT_E_COMPARE || e->kids[1]->op != TCT_E_OPTION)
        return false;
    *negated = e->relation == TCT_DIFFERENT;
    *options =
        related_options(&p->m->questions[e->kids[0]->domain], e->relation, e->kids[1]->value);
    return true;
}

bool tct_plain_options(const tct_plain *p, const tct_expr *e)
{
    uint64_t options;
    bool negated;
    if (!as_options(p, e, &options, &negated))
        return false;
    bool one = (options & (options - 1)) == 0;
    tct_plain_expression(p, e->kids[0]);
    add(p, options == 0 ? " is none of the options"
           : !negated   ? " is "
           : one        ? " is not "
                        : " is neither ");
    say_options(p, &p->m->questions[e->kids[0]->domain], options, negated ? " nor " : " or ");
    return true;
}

/* ------------------------------------------------------------------------------- deeds --- */

void tct_plain_choice(const tct_plain *p, const tct_expr *e, bool chosen)
{
    bool named = e->person >= 0 && p->m->people[1].text != NULL, you = *p->self == 'y';
    if (named || you) {
        tct_text_add(p->t, named ? "the %s " : "%s ",
                     named ? p->m->people[e->person].text : "you");
        add(p, chosen ? "chose " : "did not choose ");
        say_item(p, e);
    } else {
        say_item(p, e);
        add(p, chosen ? " is chosen" : " is not chosen");
    }
    add(p, " in ");
    tct_plain_about(p, e);
}

/* `could`, `could is yes`, `could is no`. */
static const tct_expr *as_choice(const tct_expr *e, bool *chosen)
{
    *chosen = true;
    if (e->op == TCT_E_COMPARE && e->kids[0]->type == TCT_TYPE_TRUTH) {
        *chosen = (e->kids[1]->value != 0) == (e->relation == TCT_EQUAL);
        e = e->kids[0];
    }
    return e->op == TCT_E_ANSWER && e->type == TCT_TYPE_TRUTH && e->person < 0 ? e : NULL;
}

bool tct_plain_is_deed(const tct_plain *p, const tct_expr *e)
{
    uint64_t options;
    bool negated;
    if (as_options(p, e, &options, &negated))
        return options != 0 && e->kids[0]->op == TCT_E_ANSWER && e->kids[0]->person < 0;
    return as_choice(e, &negated) != NULL;
}

bool tct_plain_is_refusal(const tct_plain *p, const tct_expr *e)
{
    uint64_t options;
    bool negated, chosen;
    if (as_options(p, e, &options, &negated))
        return negated;
    (void)as_choice(e, &chosen);
    return !chosen;
}

void tct_plain_deed(const tct_plain *p, const tct_expr *e, bool refused)
{
    uint64_t options;
    bool ignored;
    if (as_options(p, e, &options, &ignored)) {
        add(p, refused ? "answered anything but " : "answered ");
        say_options(p, question_of(p, e->kids[0]), options, " or ");
        add(p, " to ");
        tct_plain_about(p, e->kids[0]);
        return;
    }
    e = as_choice(e, &ignored);
    add(p, refused ? "did not choose " : "chose ");
    say_item(p, e);
    add(p, " in ");
    tct_plain_about(p, e);
}
