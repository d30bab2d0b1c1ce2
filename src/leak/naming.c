/* SPDX-License-Identifier: ISC
 *
 * Questions, answers and odds by names that people know.
 */
#include "leak/sentences.h"

#include <string.h>

#include "rule/allowed.h"

static const tct_question *question_of(const tacit_leak *l, int side, uint32_t answer)
{
    return &l->sheet->model.questions[l->crowds[side].answers[answer].question];
}

/* A prompt without the colon or question mark at its end, as a name for the question. */
static void name_prompt(tct_text *t, const char *prompt)
{
    size_t bytes = strlen(prompt);
    while (bytes > 0 && (prompt[bytes - 1] == ':' || prompt[bytes - 1] == ' '))
        bytes--;
    tct_text_add(t, "“%.*s”", (int)bytes, prompt);
}

/* 1234567 as 1,234,567; years and the like stay as they are. */
static void name_number(tct_text *t, int64_t value)
{
    int64_t size = value < 0 ? -value : value, unit = 1;
    if (size < 10000) {
        tct_text_number(t, value);
        return;
    }
    while (size / unit >= 1000)
        unit *= 1000;
    tct_text_add(t, "%s%lld", value < 0 ? "-" : "", (long long)(size / unit));
    for (unit /= 1000; unit > 0; unit /= 1000) {
        int64_t part = size / unit % 1000;
        tct_text_add(t, ",%s%lld", part < 10 ? "00" : part < 100 ? "0" : "", (long long)part);
    }
}

void tct_name_answer(tct_text *t, const tacit_leak *l, int side, uint32_t answer)
{
    const tct_crowd_answer *a = &l->crowds[side].answers[answer];
    if (a->slot == UINT32_MAX) {
        tct_text_add(t, "“not now”");
        return;
    }
    const tct_question *q = question_of(l, side, answer);
    if (q->list_index < 0) {
        name_prompt(t, q->prompt);
        return;
    }
    const tct_list *list = &l->sheet->model.lists[q->list_index];
    name_prompt(t, list->items[a->slot - q->first_slot].text);
    /* Which of several questions about the same item? */
    uint32_t same = 0;
    for (uint32_t v = 1; v < l->crowds[side].answer_count; v++)
        same += l->crowds[side].answers[v].question != a->question &&
                question_of(l, side, v)->list_index == q->list_index;
    if (same > 0 && q->kind == TACIT_RANKING)
        tct_text_add(t, ", its place");
    else if (same > 0) {
        tct_text_add(t, ", ");
        name_prompt(t, q->prompt);
    }
}

void tct_name_value(tct_text *t, const tacit_leak *l, int side, uint32_t answer, int64_t value)
{
    if (l->crowds[side].answers[answer].slot == UINT32_MAX) {
        tct_text_add(t, value != 0 ? "“not now”" : "anything but “not now”");
        return;
    }
    const tct_question *q = question_of(l, side, answer);
    switch (q->kind) {
    case TACIT_CHOICE:
        tct_text_add(t, "“%s”", q->options[value].text);
        return;
    case TACIT_NUMBER:
        name_number(t, value);
        if (*q->unit != 0)
            tct_text_add(t, " %s", q->unit);
        return;
    case TACIT_POINTS:
        tct_text_add(t, "%lld point%s", (long long)value, value == 1 ? "" : "s");
        return;
    case TACIT_RANKING:
        tct_text_add(t, "place %lld", (long long)value);
        return;
    case TACIT_SUBSET:
        tct_text_add(t, value != 0 ? "yes" : "no");
        return;
    }
}

typedef struct {
    uint32_t count, left, first, last; /* values; numbers of those possible */
    bool gap;                          /* between first and last */
} span;

static span span_of(const tacit_leak *l, int side, uint32_t answer, const uint8_t *possible)
{
    const tct_crowd *c = &l->crowds[side];
    span s = {.count = c->answers[answer].value_count};
    for (uint32_t i = 0; i < s.count; i++) {
        if (!possible[tct_crowd_atom(c, answer, tct_crowd_value(c, answer, i))])
            continue;
        s.first = s.left++ == 0 ? i : s.first;
        s.gap |= s.left > 1 && s.last + 1 != i;
        s.last = i;
    }
    return s;
}

/* Those that are (or are not) possible, with “or” before the last. */
static void list_values(tct_text *t, const tacit_leak *l, int side, uint32_t answer,
                        const uint8_t *possible, bool which, uint32_t count)
{
    const tct_crowd *c = &l->crowds[side];
    uint32_t said = 0;
    for (uint32_t i = 0; i < c->answers[answer].value_count; i++) {
        int64_t value = tct_crowd_value(c, answer, i);
        if ((possible[tct_crowd_atom(c, answer, value)] != 0) != which)
            continue;
        tct_text_add(t, "%s", said == 0 ? "" : said + 1 == count ? " or " : ", ");
        tct_name_value(t, l, side, answer, value);
        said++;
    }
}

static void name_range(tct_text *t, const tacit_leak *l, int side, uint32_t answer,
                       const span *s)
{
    const tct_crowd *c = &l->crowds[side];
    int64_t low = tct_crowd_value(c, answer, s->first),
            high = tct_crowd_value(c, answer, s->last);
    if (s->first == 0) {
        tct_text_add(t, "at most ");
        tct_name_value(t, l, side, answer, high);
    } else if (s->last + 1 == s->count) {
        tct_text_add(t, "at least ");
        tct_name_value(t, l, side, answer, low);
    } else {
        tct_text_add(t, "from ");
        name_number(t, low);
        tct_text_add(t, " to ");
        tct_name_value(t, l, side, answer, high);
    }
}

void tct_name_values(tct_text *t, const tacit_leak *l, int side, uint32_t answer,
                     const uint8_t *possible)
{
    const tct_question *q = question_of(l, side, answer);
    span s = span_of(l, side, answer, possible);
    bool ordered = q->kind != TACIT_CHOICE && q->kind != TACIT_SUBSET;
    if (s.left == s.count)
        tct_text_add(t, "anything");
    else if (ordered && !s.gap && s.left > 1)
        name_range(t, l, side, answer, &s);
    else if (s.left <= 4)
        list_values(t, l, side, answer, possible, true, s.left);
    else if (s.count - s.left <= 4) {
        tct_text_add(t, "not ");
        list_values(t, l, side, answer, possible, false, s.count - s.left);
    } else {
        tct_text_add(t, "one of %u possible values", s.left);
    }
}

void tct_name_odds(tct_text *t, uint32_t millionths)
{
    uint32_t in = millionths == 0 ? 0 : (1000000 + millionths / 2) / millionths;
    uint32_t near = in == 0 ? 0 : 1000000 / in;
    uint32_t off = near > millionths ? near - millionths : millionths - near;
    if (millionths >= 1000000)
        tct_text_add(t, "certain");
    else if (millionths >= 995000)
        tct_text_add(t, "more than 99 in 100");
    else if (millionths < 1)
        tct_text_add(t, "less than one in a million");
    else if (millionths < 20000 || (in <= 12 && off * 50 < millionths))
        tct_text_add(t, "1 in %u", in);
    else
        tct_text_add(t, "%u in 100", (millionths + 5000) / 10000);
}
