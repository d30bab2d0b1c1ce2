/* SPDX-License-Identifier: ISC
 *
 * The public view of a sheet: what programs above the library see of the model.
 */
#include "rule/state.h"

/* Options and items are the same pairs of strings on both sides, but for their places. */
static const tacit_item *view_options(tct_arena *arena, const tct_option *options,
                                      uint32_t count)
{
    tacit_item *items = tct_arena_take(arena, count + 1, sizeof *items);
    for (uint32_t i = 0; items != NULL && i < count; i++)
        items[i] = (tacit_item){options[i].id.text, options[i].text};
    return items;
}

static bool view_lists(tacit_sheet *s)
{
    const tct_model *m = &s->model;
    tacit_list *lists = tct_arena_take(&s->arena, m->list_count + 1, sizeof *lists);
    bool fine = lists != NULL;
    for (uint32_t i = 0; fine && i < m->list_count; i++) {
        const tct_list *list = &m->lists[i];
        lists[i] = (tacit_list){.id = list->id.text,
                                .editable = list->editable,
                                .items = view_options(&s->arena, list->items, list->item_count),
                                .item_count = list->item_count};
        fine = lists[i].items != NULL;
    }
    s->view.lists = lists;
    s->view.list_count = m->list_count;
    return fine;
}

/* The limits of a question in words, "" without any. */
static const char *limit_words(tacit_sheet *s, const tct_question *q)
{
    char *out = tct_arena_take(&s->arena, 256, 1);
    tct_text t;
    tct_text_init(&t, out, out == NULL ? 0 : 256);
    for (uint32_t k = 0; k < q->limit_count; k++) {
        const tct_limit *l = &q->limits[k];
        tct_text_add(&t, "%s%s %u of the %u may be %s", k == 0 ? "" : "; ",
                     l->at_least ? "at least" : "at most", l->at_least ? l->least : l->most,
                     q->slot_count, l->other_than ? "anything other than " : "");
        for (uint32_t i = 0; i < l->name_count; i++) {
            int option = -1;
            for (uint32_t o = 0; o < q->option_count; o++)
                if (q->options[o].id.text != NULL && l->names[i].text != NULL) {
                    const char *a = q->options[o].id.text, *b = l->names[i].text;
                    while (*a != 0 && *a == *b)
                        a++, b++;
                    option = *a == *b ? (int)o : option;
                }
            if (option >= 0)
                tct_text_add(&t, "%s\u201c%s\u201d", i == 0 ? "" : " or ",
                             q->options[option].text);
        }
    }
    tct_text_end(&t);
    return out;
}

static bool view_questions(tacit_sheet *s)
{
    const tct_model *m = &s->model;
    tacit_question *view = tct_arena_take(&s->arena, m->question_count + 1, sizeof *view);
    bool fine = view != NULL;
    for (uint32_t i = 0; fine && i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        view[i] =
            (tacit_question){.id = q->id.text,
                             .person = q->person,
                             .kind = q->kind,
                             .list = q->list.text,
                             .list_index = q->list_index,
                             .each = q->each,
                             .prompt = q->prompt,
                             .options = view_options(&s->arena, q->options, q->option_count),
                             .option_count = q->option_count,
                             .min = q->min,
                             .max = q->max,
                             .step = q->step,
                             .total = q->total,
                             .unit = q->unit,
                             .limit = limit_words(s, q),
                             .first_slot = q->first_slot,
                             .slot_count = q->slot_count};
        fine = view[i].options != NULL && view[i].limit != NULL;
    }
    s->view.questions = view;
    s->view.question_count = m->question_count;
    return fine;
}

static bool view_outcomes(tacit_sheet *s)
{
    const tct_model *m = &s->model;
    tacit_outcome_view *view = tct_arena_take(&s->arena, m->outcome_count + 1, sizeof *view);
    bool fine = view != NULL;
    for (uint32_t i = 0; fine && i < m->outcome_count; i++) {
        const tct_outcome *o = &m->outcomes[i];
        const char **reveals = tct_arena_take(&s->arena, TCT_REVEALS_MAX, sizeof *reveals);
        for (uint32_t k = 0; reveals != NULL && k < o->reveal_count; k++)
            reveals[k] = o->reveals[k].id.text;
        view[i] = (tacit_outcome_view){.id = o->id.text,
                                       .headline = o->headline,
                                       .say = o->say,
                                       .otherwise = o->otherwise,
                                       .chance_k = o->chance_k,
                                       .chance_n = o->chance_n,
                                       .reveals = reveals,
                                       .reveal_count = o->reveal_count};
        fine = reveals != NULL;
    }
    s->view.outcomes = view;
    s->view.outcome_count = m->outcome_count;
    return fine;
}

tct_err tct_view_make(tacit_sheet *s)
{
    const tct_model *m = &s->model;
    s->view.title = m->title;
    s->view.about = m->about;
    for (int p = 0; p < 2; p++)
        s->view.people[p] = m->people[p].text == NULL ? "" : m->people[p].text;
    s->view.sleep_hours = m->sleep_hours;
    s->view.sleep_optional = m->sleep_optional;
    s->view.once_every_hours = m->once_every_hours;
    s->view.and_count = s->compiled.circuit.and_count;
    return view_lists(s) && view_questions(s) && view_outcomes(s) ? TCT_OK : TCT_ERR_MEMORY;
}

const tacit_sheet_view *tacit_sheet_see(const tacit_sheet *sheet)
{
    return &sheet->view;
}
