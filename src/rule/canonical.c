/* SPDX-License-Identifier: ISC
 *
 * The canonical text: one spelling for one sheet, in a fixed order.  Reading it gives the same
 * model; it is what the two people's devices compare.
 */
#include "rule/state.h"

#include <string.h>

/* Paragraphs, each a line, with blank lines between, behind a word that stands in a line of its
 * own.  A first paragraph that begins with # can only have stood in the line of the word, where it
 * is no comment: there it stays. */
static void write_text(tct_text *t, const char *word, const char *text, const char *indent)
{
    tct_text_add(t, *text == '#' ? "%s " : "%s\n", word);
    if (*text == '#') {
        size_t bytes = strcspn(text, "\n");
        tct_text_add(t, "%.*s\n", (int)bytes, text);
        text += bytes + (text[bytes] == '\n');
        tct_text_add(t, *text == 0 ? "" : "\n");
    }
    while (*text != 0) {
        size_t bytes = strcspn(text, "\n");
        tct_text_add(t, "%s%.*s\n", indent, (int)bytes, text);
        text += bytes;
        if (*text == '\n') {
            tct_text_add(t, "\n");
            text++;
        }
    }
}

static void write_options(tct_text *t, const tct_option *options, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        tct_text_add(t, "  %s: %s\n", options[i].id.text, options[i].text);
}

static void write_list(tct_text *t, const tct_list *list)
{
    tct_text_add(t, "\nlist %s", list->id.text);
    if (list->editable)
        tct_text_add(t, ", yours to change");
    if (list->least != 1 || list->most != TCT_ITEMS_MAX)
        tct_text_add(t, ", %u to %u", list->least, list->most);
    tct_text_add(t, "\n");
    write_options(t, list->items, list->item_count);
}

static void write_limit(tct_text *t, const tct_limit *l)
{
    tct_text_add(t, "  %s ",
                 l->strict ? (l->at_least ? "more than" : "fewer than")
                           : (l->at_least ? "at least" : "at most"));
    if (l->half)
        tct_text_add(t, "half of them%s", l->rounding == TCT_DOWN ? " rounded down" : "");
    else
        tct_text_add(t, "%lld of them", (long long)l->number);
    if (l->other_than)
        tct_text_add(t, " other than");
    for (uint32_t i = 0; i < l->name_count; i++)
        tct_text_add(t, "%s %s", i == 0 ? "" : ",", l->names[i].text);
    tct_text_add(t, "\n");
}

static void write_answer_form(tct_text *t, const tct_question *q)
{
    const char *list = q->list.text;
    switch (q->kind) {
    case TACIT_CHOICE:
        if (q->yes_no)
            tct_text_add(t, "  yes or no\n");
        else
            write_options(t, q->options, q->option_count);
        break;
    case TACIT_NUMBER:
        tct_text_add(t, "  number %lld to %lld", (long long)q->min, (long long)q->max);
        if (q->step != 1)
            tct_text_add(t, " step %lld", (long long)q->step);
        tct_text_add(t, "%s%s\n", *q->unit != 0 ? ", " : "", q->unit);
        break;
    case TACIT_POINTS:
        tct_text_add(t, "  points %lld over %s\n", (long long)q->total, list);
        break;
    case TACIT_RANKING:
        tct_text_add(t, "  ranking of %s\n", list);
        break;
    case TACIT_SUBSET:
        tct_text_add(t, "  any of %s", list);
        if (q->min > 0)
            tct_text_add(t, ", at least %lld", (long long)q->min);
        if (q->max_given)
            tct_text_add(t, ", at most %lld", (long long)q->max);
        tct_text_add(t, "\n");
        break;
    }
    for (uint32_t i = 0; i < q->limit_count; i++)
        write_limit(t, &q->limits[i]);
}

static void write_question(tct_text *t, const tct_question *q)
{
    tct_text_add(t, "\nask ");
    if (q->each)
        tct_text_add(t, "each %s ", q->list.text);
    if (q->role.text != NULL)
        tct_text_add(t, "%s ", q->role.text);
    tct_text_add(t, "%s: %s\n", q->id.text, q->prompt);
    write_answer_form(t, q);
}

static void write_outcome(tct_text *t, const tct_model *m, const tct_outcome *o)
{
    tct_text_add(t, "\noutcome %s: %s\n", o->id.text, o->headline);
    if (o->otherwise)
        tct_text_add(t, "  otherwise\n");
    if (o->when != NULL) {
        tct_text_add(t, "  when ");
        tct_canonical_expression(t, m, o->when);
        tct_text_add(t, "\n");
    }
    if (o->chance_n != 0)
        tct_text_add(t, "  also by chance %u in %u\n", o->chance_k, o->chance_n);
    for (uint32_t i = 0; i < o->tell_count; i++)
        tct_text_add(t, "%s %s%s", i == 0 ? "  may tell of" : ",", o->tells[i].text,
                     i + 1 == o->tell_count ? "\n" : "");
    for (uint32_t i = 0; i < o->reveal_count; i++) {
        tct_text_add(t, "  reveal %s: ", o->reveals[i].id.text);
        tct_canonical_expression(t, m, o->reveals[i].value);
        tct_text_add(t, "\n");
    }
    if (*o->say != 0) {
        write_text(t, "  say", o->say, "    ");
    }
}

static void write_note(tct_text *t, const tct_model *m, const tct_note *n)
{
    tct_text_add(t, "\n%s when ", n->guard ? "stop" : "note");
    tct_canonical_expression(t, m, n->when);
    write_text(t, "", n->text, "  ");
}

static void write_hours(tct_text *t, const char *what, uint32_t hours)
{
    bool days = hours % 24 == 0;
    uint32_t count = days ? hours / 24 : hours;
    tct_text_add(t, "%s %u %s%s\n", what, count, days ? "day" : "hour", count == 1 ? "" : "s");
}

static void write_model(tct_text *t, const tct_model *m)
{
    tct_text_add(t, "title %s\n", m->title);
    if (*m->about != 0) {
        write_text(t, "about", m->about, "  ");
    }
    if (m->people[0].text != NULL)
        tct_text_add(t, "people %s, %s\n", m->people[0].text, m->people[1].text);
    for (uint32_t i = 0; i < m->list_count; i++)
        write_list(t, &m->lists[i]);
    for (uint32_t i = 0; i < m->question_count; i++)
        write_question(t, &m->questions[i]);
    for (uint32_t i = 0; i < m->outcome_count; i++)
        write_outcome(t, m, &m->outcomes[i]);
    for (uint32_t i = 0; i < m->note_count; i++)
        write_note(t, m, &m->notes[i]);
    if (m->sleep_hours != 0 || m->once_every_hours != 0)
        tct_text_add(t, "\n");
    if (m->sleep_hours != 0)
        write_hours(t, m->sleep_optional ? "may sleep on it" : "sleep on it", m->sleep_hours);
    if (m->once_every_hours != 0)
        write_hours(t, "once every", m->once_every_hours);
}

tct_err tct_canonical_write(const tct_model *m, tct_arena *arena, const char **out,
                            size_t *bytes)
{
    tct_text t;
    tct_text_init(&t, NULL, 0);
    write_model(&t, m);
    char *text = tct_arena_take(arena, t.needed + 1, 1);
    if (text == NULL)
        return TCT_ERR_MEMORY;
    *bytes = t.needed;
    tct_text_init(&t, text, *bytes + 1);
    write_model(&t, m);
    tct_text_end(&t);
    *out = text;
    return TCT_OK;
}
