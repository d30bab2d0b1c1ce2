/* SPDX-License-Identifier: ISC
 *
 * What is allowed and yet worth a second look.  What a rule gives away was worked out before
 * (tacit_leak_facts); here it gets its place in the text and its words.
 */
#include <string.h>

#include "rule/state.h"

typedef struct {
    const tct_model *m;
    const tacit_leak_facts *facts; /* or NULL */
    tct_complaints c;
} lint;

static uint64_t bit(uint32_t i)
{
    return (uint64_t)1 << i;
}

static uint64_t of_both(const uint64_t by_person[2])
{
    return by_person[0] | by_person[1];
}

/* The questions among these that no earlier one of the same name stands for: both roles may have one. */
static uint64_t once_each(const tct_model *m, uint64_t questions)
{
    uint64_t out = 0;
    for (uint32_t q = 0; q < m->question_count; q++) {
        bool seen = (questions >> q & 1) == 0;
        for (uint32_t i = 0; i < q && !seen; i++)
            seen = (out >> i & 1) != 0 &&
                   strcmp(m->questions[i].id.text, m->questions[q].id.text) == 0;
        out |= seen ? 0 : bit(q);
    }
    return out;
}

/* The questions that an expression names, by itself or as `by QUESTION` of a joint method. */
static uint64_t asked_in(const tct_expr *e)
{
    uint64_t questions = 0;
    bool names = e->op == TCT_E_ANSWER || e->op == TCT_E_COMPROMISE || e->op == TCT_E_WINNER ||
                 e->op == TCT_E_FAIREST;
    for (int p = 0; names && p < 2; p++)
        if (e->question[p] >= 0 && (e->person < 0 || e->person == p))
            questions |= bit((uint32_t)e->question[p]);
    for (uint32_t i = 0; i < e->kid_count; i++) /* the depth has a bound: TCT_NESTING_MAX */
        questions |= asked_in(e->kids[i]);
    return questions;
}

/* ------------------------------------------------------------------------ the outcomes --- */

static void impossible_outcomes(lint *l)
{
    const tct_model *m = l->m;
    for (uint32_t k = 0; k < tct_model_otherwise(m); k++)
        if ((l->facts->can_happen >> k & 1) == 0)
            tct_warn(&l->c, m->outcomes[k].id.at,
                     k == 0
                         ? "what it asks for cannot all be true"
                         : "what it asks for cannot all be true, or an outcome above takes it",
                     "the outcome `%s` can never happen", m->outcomes[k].id.text);
}

/* A rule that one person's answers settle asks nothing of the other. */
static void one_who_decides(lint *l)
{
    const tct_model *m = l->m;
    const bool *decides = l->facts->decides;
    if (decides[0] == decides[1]) /* neither; or nobody, since it always ends the same way */
        return;
    const char *role = m->people[decides[1]].text;
    tct_warn(&l->c, m->outcomes[0].id.at, "let it depend on what both say",
             "%s%s alone decide%s what happens, whatever the other says",
             role == NULL ? "one of the two" : "the ", role == NULL ? "" : role, "s");
}

/* Whoever would have agreed and sees the last outcome should be left with every answer of the other's
 * to every question. */
static void missing_cover(lint *l)
{
    const tct_model *m = l->m;
    const tct_outcome *o = &m->outcomes[tct_model_otherwise(m)];
    uint64_t open = once_each(m, of_both(l->facts->uncovered) & ~o->tells_of);
    for (uint32_t q = 0; q < m->question_count; q++) {
        char hint[160];
        tct_text t;
        if ((open >> q & 1) == 0)
            continue;
        tct_text_init(&t, hint, sizeof hint);
        tct_text_add(&t,
                     "let other answers lead there, too; or say so below it: may tell of %s",
                     m->questions[q].id.text);
        tct_text_end(&t);
        tct_warn(&l->c, o->id.at, hint,
                 "who would have agreed and sees `%s` may rule out an answer to `%s`",
                 o->id.text, m->questions[q].id.text);
    }
}

/* A reveal that gives the other person's answer away, like the middle of two numbers. */
static void telling_reveals(lint *l)
{
    const tct_model *m = l->m;
    for (uint32_t k = 0; k < tct_model_otherwise(m); k++) {
        const tct_outcome *o = &m->outcomes[k];
        uint64_t told = 0, exactly = 0, revealed = 0;
        for (uint32_t i = 0; i < o->reveal_count; i++)
            revealed |= asked_in(o->reveals[i].value);
        for (int p = 0; p < 2; p++) {
            /* The rest is told by the outcome itself, as its words say. */
            exactly |= l->facts->told[k][p].questions & revealed & ~o->tells_of;
            told |= l->facts->told[k][p].nearly & revealed & ~o->tells_of;
        }
        told |= exactly;
        told = once_each(m, told);
        for (uint32_t q = 0; o->reveal_count > 0 && q < m->question_count; q++) {
            char hint[160];
            tct_text t;
            if ((told >> q & 1) == 0)
                continue;
            tct_text_init(&t, hint, sizeof hint);
            tct_text_add(&t, "draw it by lot, or make it coarser; or say so: may tell of %s",
                         m->questions[q].id.text);
            tct_text_end(&t);
            tct_warn(&l->c, o->reveals[0].id.at, hint,
                     "what `%s` reveals mostly tells the other's answer to `%s`, %s",
                     o->id.text, m->questions[q].id.text,
                     (exactly >> q & 1) != 0 ? "exactly" : "but for a few values");
        }
    }
}

/* ----------------------------------------------------------------------- the questions --- */

static void useless_questions(lint *l)
{
    const tct_model *m = l->m;
    uint64_t used = of_both(l->facts->matters);
    for (uint32_t i = 0; i < m->note_count; i++)
        used |= asked_in(m->notes[i].when);
    for (uint32_t q = 0; q < m->question_count; q++)
        if ((used >> q & 1) == 0)
            tct_warn(&l->c, m->questions[q].id.at, "use it in the rule, or do not ask it",
                     "whatever is answered to `%s`, nothing changes", m->questions[q].id.text);
}

static bool begins(const char *id, const char *with)
{
    return strncmp(id, with, strlen(with)) == 0;
}

/* `no`, `not-yet`, `rather-not`, `no-thanks` … */
static bool says_no(const char *id)
{
    size_t bytes = strlen(id);
    return strcmp(id, "no") == 0 || begins(id, "no-") || begins(id, "not-") ||
           (bytes > 4 && strcmp(id + bytes - 4, "-not") == 0);
}

/* A longer text is read as the better answer, or as the one that has to excuse itself. */
static void unequal_texts(lint *l)
{
    const tct_model *m = l->m;
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        const tct_option *yes = NULL, *no = NULL;
        for (uint32_t k = 0; k < q->option_count; k++) {
            const tct_option *o = &q->options[k];
            if (says_no(o->id.text))
                no = no == NULL ? o : no;
            else if (strcmp(o->id.text, "yes") == 0 || (yes == NULL && q->option_count == 2))
                yes = o;
        }
        if (yes == NULL || no == NULL)
            continue;
        uint32_t a = tct_characters(yes->text, strlen(yes->text));
        uint32_t b = tct_characters(no->text, strlen(no->text));
        uint32_t shorter = a < b ? a : b, longer = a < b ? b : a;
        if (longer > 2 * shorter && longer - shorter > 12)
            tct_warn(&l->c, (a < b ? no : yes)->id.at,
                     "yes and no are best worded at the same length, and as warmly",
                     "`%s` takes %u characters, and `%s` only %u", (a < b ? no : yes)->id.text,
                     longer, (a < b ? yes : no)->id.text, shorter);
    }
}

void tacit_sheet_lint(const tacit_sheet *sheet, const tacit_leak_facts *facts,
                      tacit_diagnostics *out)
{
    lint l = {.m = &sheet->model, .c = {.list = out}};
    out->count = 0;
    unequal_texts(&l);
    if (facts != NULL) {
        l.facts = facts;
        impossible_outcomes(&l);
        one_who_decides(&l);
        missing_cover(&l);
        telling_reveals(&l);
        useless_questions(&l);
    }
    tct_complaints_sort(out);
}
