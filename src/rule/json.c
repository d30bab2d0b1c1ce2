/* SPDX-License-Identifier: ISC
 *
 * A sheet as one JSON object, for programs.
 */
#include <string.h>

#include "rule/state.h"

static void write_string(tct_text *t, const char *s)
{
    tct_text_add(t, "\"");
    while (*s != 0) {
        size_t plain = strcspn(s, "\"\\\n");
        tct_text_bytes(t, s, plain);
        s += plain;
        if (*s != 0) /* other control characters cannot be in a sheet */
            tct_text_add(t, "\\%.*s", 1, *s == '\n' ? "n" : s);
        s += *s != 0;
    }
    tct_text_add(t, "\"");
}

static void write_key(tct_text *t, const char *key, const char *value)
{
    tct_text_add(t, ",\"%s\":", key);
    write_string(t, value);
}

static void write_pairs(tct_text *t, const char *key, const tacit_item *items, uint32_t count)
{
    tct_text_add(t, ",\"%s\":[", key);
    for (uint32_t i = 0; i < count; i++) {
        tct_text_add(t, "%s{\"id\":\"%s\"", i == 0 ? "" : ",", items[i].id);
        write_key(t, "text", items[i].text);
        tct_text_add(t, "}");
    }
    tct_text_add(t, "]");
}

static void write_lists(tct_text *t, const tacit_sheet *sheet)
{
    const tacit_sheet_view *v = &sheet->view;
    tct_text_add(t, ",\"lists\":[");
    for (uint32_t i = 0; i < v->list_count; i++) {
        const tacit_list *list = &v->lists[i];
        tct_text_add(t, "%s{\"id\":\"%s\",\"editable\":%s,\"least\":%u,\"most\":%u",
                     i == 0 ? "" : ",", list->id, list->editable ? "true" : "false",
                     sheet->model.lists[i].least, sheet->model.lists[i].most);
        write_pairs(t, "items", list->items, list->item_count);
        tct_text_add(t, "}");
    }
    tct_text_add(t, "]");
}

static const char *who(const tacit_sheet_view *v, int person)
{
    return person == 2 ? "both" : v->people[person];
}

/* A number where the kind of question has it, else null. */
static void write_number(tct_text *t, const char *key, bool has, int64_t value)
{
    if (has)
        tct_text_add(t, ",\"%s\":%lld", key, (long long)value);
    else
        tct_text_add(t, ",\"%s\":null", key);
}

/* How many answers may be among these options, at least and at most. */
static void write_limits(tct_text *t, const tct_question *q)
{
    tct_text_add(t, ",\"limits\":[");
    for (uint32_t i = 0; i < q->limit_count; i++) {
        const tct_limit *l = &q->limits[i];
        bool first = true;
        tct_text_add(t, "%s{\"least\":%u,\"most\":%u,\"options\":[", i == 0 ? "" : ",",
                     l->least, l->most);
        for (uint32_t o = 0; o < q->option_count; o++) {
            if ((l->options >> o & 1) == 0)
                continue;
            tct_text_add(t, "%s\"%s\"", first ? "" : ",", q->options[o].id.text);
            first = false;
        }
        tct_text_add(t, "]}");
    }
    tct_text_add(t, "]");
}

static void write_question(tct_text *t, const tacit_sheet_view *v, const tacit_question *q,
                           const tct_question *model)
{
    static const char *const kinds[] = {
        [TACIT_CHOICE] = "choice",   [TACIT_NUMBER] = "number", [TACIT_POINTS] = "points",
        [TACIT_RANKING] = "ranking", [TACIT_SUBSET] = "subset",
    };
    bool ranged = q->kind == TACIT_NUMBER || q->kind == TACIT_SUBSET;
    tct_text_add(t,
                 "{\"id\":\"%s\",\"who\":\"%s\",\"kind\":\"%s\",\"each\":%s,\"list\":", q->id,
                 who(v, q->person), kinds[q->kind], q->each ? "true" : "false");
    if (q->list == NULL)
        tct_text_add(t, "null");
    else
        write_string(t, q->list);
    write_key(t, "prompt", q->prompt);
    write_pairs(t, "options", q->options, q->option_count);
    write_number(t, "min", ranged, q->min);
    write_number(t, "max", ranged, q->max);
    write_number(t, "step", q->kind == TACIT_NUMBER, q->step);
    write_key(t, "unit", q->unit);
    write_number(t, "total", q->kind == TACIT_POINTS, q->total);
    write_key(t, "limit", q->limit);
    write_limits(t, model);
    tct_text_add(t, "}");
}

/* In the language itself, which has no character that JSON would have to escape. */
static void write_expression(tct_text *t, const tct_model *m, const char *key,
                             const tct_expr *e)
{
    if (e == NULL) {
        tct_text_add(t, ",\"%s\":null", key);
        return;
    }
    tct_text_add(t, ",\"%s\":\"", key);
    tct_canonical_expression(t, m, e);
    tct_text_add(t, "\"");
}

static void write_reveal(tct_text *t, const tct_model *m, const tct_reveal *r)
{
    static const char *const types[] = {
        [TCT_TYPE_NUMBER] = "number",
        [TCT_TYPE_ITEM] = "item",
        [TCT_TYPE_SET] = "items",
        [TCT_TYPE_SPLIT] = "split",
    };
    const tct_expr *e = r->value;
    tct_text_add(t, "{\"id\":\"%s\",\"type\":\"%s\",\"list\":", r->id.text, types[e->type]);
    if (e->type == TCT_TYPE_NUMBER)
        tct_text_add(t, "null");
    else
        write_string(t, m->lists[e->list_index].id.text);
    write_expression(t, m, "value", e);
    tct_text_add(t, "}");
}

static void write_outcome(tct_text *t, const tct_model *m, const tacit_outcome_view *o,
                          const tct_outcome *model)
{
    tct_text_add(t, "{\"id\":\"%s\"", o->id);
    write_key(t, "headline", o->headline);
    write_key(t, "say", o->say);
    tct_text_add(t, ",\"otherwise\":%s,\"chance\":", o->otherwise ? "true" : "false");
    if (o->chance_n == 0)
        tct_text_add(t, "null");
    else
        tct_text_add(t, "{\"k\":%u,\"n\":%u}", o->chance_k, o->chance_n);
    write_expression(t, m, "when", model->when);
    tct_text_add(t, ",\"reveals\":[");
    for (uint32_t i = 0; i < model->reveal_count; i++) {
        tct_text_add(t, "%s", i == 0 ? "" : ",");
        write_reveal(t, m, &model->reveals[i]);
    }
    tct_text_add(t, "],\"may_tell_of\":[");
    for (uint32_t i = 0; i < model->tell_count; i++)
        tct_text_add(t, "%s\"%s\"", i == 0 ? "" : ",", model->tells[i].text);
    tct_text_add(t, "]}");
}

static void write_notes(tct_text *t, const tct_model *m)
{
    tct_text_add(t, ",\"notes\":[");
    for (uint32_t i = 0; i < m->note_count; i++) {
        const tct_note *note = &m->notes[i];
        tct_text_add(t, "%s{\"stops\":%s", i == 0 ? "" : ",", note->guard ? "true" : "false");
        write_expression(t, m, "when", note->when);
        write_key(t, "text", note->text);
        tct_text_add(t, "}");
    }
    tct_text_add(t, "]");
}

static void write_sheet(tct_text *t, const tacit_sheet *sheet)
{
    static const char hex[] = "0123456789abcdef";
    const tacit_sheet_view *v = &sheet->view;
    const tct_model *m = &sheet->model;
    char print[65] = {0}, words[64];
    for (int i = 0; i < 32; i++) {
        print[2 * i] = hex[v->fingerprint[i] >> 4];
        print[2 * i + 1] = hex[v->fingerprint[i] & 15];
    }
    tct_text_add(t, "{\"title\":");
    write_string(t, v->title);
    write_key(t, "about", v->about);
    write_key(t, "fingerprint", print);
    tacit_sheet_words(sheet, words);
    write_key(t, "words", words);
    tct_text_add(t, ",\"people\":[");
    if (*v->people[0] != 0)
        tct_text_add(t, "\"%s\",\"%s\"", v->people[0], v->people[1]);
    tct_text_add(t, "]");
    write_lists(t, sheet);
    tct_text_add(t, ",\"questions\":[");
    for (uint32_t i = 0; i < v->question_count; i++) {
        tct_text_add(t, "%s", i == 0 ? "" : ",");
        write_question(t, v, &v->questions[i], &m->questions[i]);
    }
    tct_text_add(t, "],\"outcomes\":[");
    for (uint32_t i = 0; i < v->outcome_count; i++) {
        tct_text_add(t, "%s", i == 0 ? "" : ",");
        write_outcome(t, m, &v->outcomes[i], &m->outcomes[i]);
    }
    tct_text_add(t, "]");
    write_notes(t, m);
    tct_text_add(t, ",\"sleep_hours\":%u,\"sleep_optional\":%s,\"once_every_hours\":%u",
                 v->sleep_hours, v->sleep_optional ? "true" : "false", v->once_every_hours);
    tct_text_add(t, ",\"ands\":%u}", v->and_count);
}

tacit_status tacit_sheet_json(const tacit_sheet *sheet, char *out, size_t *bytes)
{
    tct_text t;
    tct_text_init(&t, out, *bytes);
    write_sheet(&t, sheet);
    tct_text_end(&t);
    bool fits = out != NULL && t.needed < *bytes;
    *bytes = t.needed + 1;
    return fits ? TACIT_OK : TACIT_ERR_SPACE;
}
