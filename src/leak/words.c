/* SPDX-License-Identifier: ISC
 *
 * What was found, as a text and as JSON.
 */
#include "leak/sentences.h"

#include <string.h>

enum { SHORT_LINES = 4 };

typedef struct {
    tct_text *t;
    uint32_t said, most; /* lines after a heading */
    bool listing;
    bool brief; /* no lists */
} page;

static void say_line(void *context, const char *sentence)
{
    page *p = context;
    size_t bytes = strlen(sentence);
    bool heading = bytes > 0 && sentence[bytes - 1] == ':';
    if (p->brief) { /* what stands before a list, which it sums up */
        if (!p->listing)
            tct_text_add(p->t, "%.*s%s\n", (int)(bytes - heading), sentence,
                         heading ? "." : "");
        p->listing |= heading;
        return;
    }
    if (p->listing && ++p->said > p->most)
        return;
    tct_text_add(p->t, "%s%s\n", p->listing ? "- " : "", sentence);
    p->listing |= heading;
}

static void say_part(const tacit_leak *l, int side, uint32_t k, unsigned how, tct_text *t)
{
    page p = {.t = t, .most = (how & TACIT_LEAK_ALL) != 0 ? UINT32_MAX : SHORT_LINES};
    const tct_speaker to = {say_line, &p};
    p.brief = (how & TACIT_LEAK_BRIEF) != 0;
    tct_say_told(l, side, k, &to);
    if (p.brief)
        return;
    if (p.said > p.most)
        tct_text_add(t, "- and %u more\n", p.said - p.most);
}

static tacit_status finish(tct_text *t, bool some, size_t *bytes)
{
    tct_text_end(t);
    bool fits = some && t->needed < *bytes;
    *bytes = t->needed + 1;
    return fits ? TACIT_OK : TACIT_ERR_SPACE;
}

/* Outcomes that cannot happen, in one sentence. */
static void say_impossible(const tacit_leak *l, tct_text *t)
{
    const tct_model *m = &l->sheet->model;
    uint32_t said = 0;
    for (uint32_t k = 0; k < m->outcome_count; k++)
        if (!l->told[TCT_LEAK_ME][k].can_happen)
            tct_text_add(t, "%s“%s”",
                         said++ == 0 ? "\nWith these answers you will not see " : ", ",
                         m->outcomes[k].headline);
    if (said > 0)
        tct_text_add(t, "%s whatever they answer.\n", said == 1 ? "," : ",");
}

tacit_status tacit_leak_words(const tacit_leak *l, unsigned how, char *out, size_t *bytes)
{
    tct_text t;
    const tct_model *m = &l->sheet->model;
    bool first = true;
    if (l->stage != TCT_STAGE_DONE || (l->wants & TACIT_LEAK_PREVIEW) == 0)
        return TACIT_ERR_USAGE;
    tct_text_init(&t, out, *bytes);
    if (*tct_say_bound(l) != 0)
        tct_text_add(&t, "%s\n\n", tct_say_bound(l));
    for (uint32_t k = 0; k < m->outcome_count; k++) {
        if (!l->told[TCT_LEAK_ME][k].can_happen)
            continue;
        tct_text_add(&t, "%sIf you both see “%s”\n", first ? "" : "\n",
                     m->outcomes[k].headline);
        first = false;
        say_part(l, TCT_LEAK_ME, k, how, &t);
        if ((how & TACIT_LEAK_ALL) != 0)
            say_part(l, TCT_LEAK_THEM, k, how, &t);
        if ((how & TACIT_LEAK_FIGURES) == 0)
            continue;
        page p = {.t = &t, .most = UINT32_MAX, .listing = true};
        const tct_speaker to = {say_line, &p};
        tct_say_figures(l, k, &to);
    }
    say_impossible(l, &t);
    return finish(&t, out != NULL, bytes);
}

tacit_status tacit_leak_reflect_words(const tacit_leak *l, char *out, size_t *bytes)
{
    tct_text t;
    const tct_model *m = &l->sheet->model;
    if (l->stage != TCT_STAGE_DONE || (l->wants & TACIT_LEAK_REFLECT) == 0)
        return TACIT_ERR_USAGE;
    tct_text_init(&t, out, *bytes);
    page settled = {.t = &t, .most = UINT32_MAX};
    const tct_speaker first = {say_line, &settled};
    tct_say_settled(l, &first);
    for (uint32_t k = 0; k < m->outcome_count; k++) {
        page p = {.t = &t, .most = UINT32_MAX};
        const tct_speaker to = {say_line, &p};
        tct_text_add(&t, "\nYou both see “%s”\n", m->outcomes[k].headline);
        tct_say_needs(l, k, &to);
    }
    return finish(&t, out != NULL, bytes);
}

/* -------------------------------------------------------------------------------- JSON --- */

static void text(tct_text *t, const char *s)
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

static void say_string(void *context, const char *sentence)
{
    page *p = context;
    tct_text_add(p->t, "%s", p->said++ == 0 ? "" : ",");
    text(p->t, sentence);
}

static void value_list(tct_text *t, const tacit_leak *l, int side, uint32_t v,
                       const uint8_t *possible, bool which)
{
    const tct_crowd *c = &l->crowds[side];
    uint32_t said = 0;
    char name[TCT_SENTENCE_BYTES];
    tct_text n;
    for (uint32_t i = 0; i < c->answers[v].value_count && said < 64; i++) {
        int64_t value = tct_crowd_value(c, v, i);
        if ((possible[tct_crowd_atom(c, v, value)] != 0) != which)
            continue;
        tct_text_init(&n, name, sizeof name);
        tct_name_value(&n, l, side, v, value);
        tct_text_end(&n);
        tct_text_add(t, "%s", said++ == 0 ? "" : ",");
        text(t, name);
    }
}

static void detail(tct_text *t, const tacit_leak *l, int side, uint32_t k, uint32_t v)
{
    const tct_crowd *c = &l->crowds[side];
    const tct_model *m = &l->sheet->model;
    const tct_finding *f = &l->told[side][k].answers[v];
    const tct_question *q = &m->questions[c->answers[v].question];
    char words[TCT_SENTENCE_BYTES];
    tct_text w;
    tct_text_add(t, "{\"question\":\"%s\",\"item\":", q->id.text);
    if (q->list_index < 0)
        tct_text_add(t, "null");
    else
        text(t, m->lists[q->list_index].items[c->answers[v].slot - q->first_slot].id.text);
    tct_text_add(t, ",\"prompt\":");
    text(t, q->prompt);
    tct_text_init(&w, words, sizeof words);
    if (side == TCT_LEAK_ME)
        tct_name_value(&w, l, side, v, tct_crowd_given(c, v, l->answers));
    tct_text_end(&w);
    tct_text_add(t, ",\"answer\":");
    text(t, words);
    tct_text_init(&w, words, sizeof words);
    tct_name_values(&w, l, side, v, f->possible);
    tct_text_end(&w);
    tct_text_add(t, ",\"words\":");
    text(t, words);
    tct_text_add(t, ",\"left\":[");
    value_list(t, l, side, v, f->possible, true);
    tct_text_add(t, "],\"ruled_out\":[");
    value_list(t, l, side, v, f->possible, false);
    tct_text_add(t, "],\"left_count\":%u,\"of\":%u,\"known\":%s,\"before\":%u,\"after\":%u}",
                 f->left, c->answers[v].value_count, f->left == 1 ? "true" : "false",
                 l->before[side][v], f->after);
}

static void details(tct_text *t, const tacit_leak *l, int side, uint32_t k)
{
    bool some = false;
    for (uint32_t v = 1; v < l->crowds[side].answer_count; v++) {
        if (!l->told[side][k].answers[v].seen)
            continue;
        tct_text_add(t, "%s", some ? "," : "");
        detail(t, l, side, k, v);
        some = true;
    }
}

static void outcome(tct_text *t, const tacit_leak *l, uint32_t k)
{
    const tct_outcome *o = &l->sheet->model.outcomes[k];
    tct_text_add(t, "{\"id\":\"%s\",\"headline\":", o->id.text);
    text(t, o->headline);
    tct_text_add(t, ",\"possible\":%s", l->told[TCT_LEAK_ME][k].can_happen ? "true" : "false");
    for (int side = 0; side < 2; side++) {
        page p = {.t = t};
        const tct_speaker to = {say_string, &p};
        tct_text_add(t, side == TCT_LEAK_ME ? ",\"about_you\":[" : ",\"about_them\":[");
        tct_say_told(l, side, k, &to);
        tct_text_add(t, "]");
    }
    page p = {.t = t};
    const tct_speaker to = {say_string, &p};
    tct_text_add(t, ",\"figures\":[");
    tct_say_figures(l, k, &to);
    tct_text_add(t, "],\"details\":[");
    details(t, l, TCT_LEAK_ME, k);
    tct_text_add(t, "],\"details_of_them\":[");
    details(t, l, TCT_LEAK_THEM, k);
    tct_text_add(t, "]}");
}

static void reflection(tct_text *t, const tacit_leak *l)
{
    const tct_model *m = &l->sheet->model;
    bool wanted = (l->wants & TACIT_LEAK_REFLECT) != 0;
    page p = {.t = t};
    const tct_speaker to = {say_string, &p};
    tct_text_add(t, "],\"settled\":[");
    if (wanted)
        tct_say_settled(l, &to);
    tct_text_add(t, "],\"needs\":[");
    for (uint32_t k = 0; wanted && k < m->outcome_count; k++) {
        p.said = 0;
        tct_text_add(t, "%s{\"id\":\"%s\",\"headline\":", k == 0 ? "" : ",",
                     m->outcomes[k].id.text);
        text(t, m->outcomes[k].headline);
        tct_text_add(t, ",\"possible\":%s,\"words\":[",
                     l->reflection.needs[k].can_happen ? "true" : "false");
        tct_say_needs(l, k, &to);
        tct_text_add(t, "]}");
    }
    tct_text_add(t, "]");
}

tacit_status tacit_leak_json(const tacit_leak *l, char *out, size_t *bytes)
{
    tct_text t;
    uint64_t pairs = (uint64_t)l->crowds[0].classes * l->crowds[1].classes;
    if (l->stage != TCT_STAGE_DONE)
        return TACIT_ERR_USAGE;
    tct_text_init(&t, out, *bytes);
    tct_text_add(&t, "{\"exact\":%s,\"bound\":", *tct_say_bound(l) == 0 ? "true" : "false");
    text(&t, tct_say_bound(l));
    tct_text_add(&t, ",\"pairs\":%llu,\"outcomes\":[",
                 (unsigned long long)(l->reach == TCT_LEAK_EXACT ? pairs : 0));
    for (uint32_t k = 0;
         (l->wants & TACIT_LEAK_PREVIEW) != 0 && k < l->sheet->model.outcome_count; k++) {
        tct_text_add(&t, "%s", k == 0 ? "" : ",");
        outcome(&t, l, k);
    }
    reflection(&t, l);
    tct_text_add(&t, "}");
    return finish(&t, out != NULL, bytes);
}
