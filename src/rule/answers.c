/* SPDX-License-Identifier: ISC
 *
 * One person's answers: set from text, checked, and what they alone call forth.
 */
#include <string.h>

#include "rule/allowed.h"
#include "rule/interpret.h"
#include "rule/resolve.h"

enum { ERROR_BYTES = 160 };

static tacit_status complain(char error[ERROR_BYTES], const char *format, ...) TCT_FORMAT(2, 3);

static tacit_status complain(char error[ERROR_BYTES], const char *format, ...)
{
    tct_text t;
    va_list arguments;
    tct_text_init(&t, error, ERROR_BYTES);
    va_start(arguments, format);
    tct_text_add_list(&t, format, arguments);
    va_end(arguments);
    tct_text_end(&t);
    return TACIT_ERR_ANSWER;
}

/* Words that a person typed are echoed only when they are plain ASCII. */
static const char *echo(const char *word, size_t bytes, char out[48])
{
    size_t n = 0;
    for (; n < bytes && n < 40; n++)
        out[n] = word[n] >= 0x20 && word[n] < 0x7f ? word[n] : '?';
    out[n] = 0;
    return out;
}

static bool asked(const tct_question *q, int person)
{
    return q->person == 2 || q->person == person;
}

typedef struct {
    const tct_model *m;
    const tct_question *q;
    uint32_t question;
    tacit_answers *answers;
    char *error;
} setter;

static tacit_status put(const setter *s, uint32_t item, int64_t value)
{
    s->answers->value[s->q->first_slot + item] = value;
    s->answers->given[s->q->first_slot + item] = true;
    return TACIT_OK;
}

/* ---------------------------------------------------------------------- single answers --- */

static bool read_number(const char *text, size_t bytes, int64_t *out)
{
    size_t at = bytes > 0 && text[0] == '-';
    int64_t value = 0;
    if (at == bytes)
        return false;
    for (; at < bytes; at++) {
        if (text[at] < '0' || text[at] > '9' || value > TCT_NUMBER_MAX)
            return false;
        value = value * 10 + (text[at] - '0');
    }
    *out = text[0] == '-' ? -value : value;
    return true;
}

static const char *what_is_asked(const tct_question *q, char out[80])
{
    tct_text t;
    tct_text_init(&t, out, 80);
    switch (q->kind) {
    case TACIT_CHOICE:
        for (uint32_t i = 0; i < q->option_count; i++)
            tct_text_add(&t, "%s%s", i == 0 ? "" : ", ", q->options[i].id.text);
        break;
    case TACIT_NUMBER:
        tct_text_add(&t, "%lld to %lld", (long long)q->min, (long long)q->max);
        if (q->step != 1)
            tct_text_add(&t, " in steps of %lld", (long long)q->step);
        break;
    case TACIT_POINTS:
        tct_text_add(&t, "0 to %lld points", (long long)q->total);
        break;
    case TACIT_RANKING:
        tct_text_add(&t, "all items, best first, with commas");
        break;
    case TACIT_SUBSET:
        tct_text_add(&t, "%lld to %lld items, with commas", (long long)q->min,
                     (long long)q->max);
        break;
    }
    tct_text_end(&t);
    return out;
}

static tacit_status set_one(const setter *s, uint32_t item, const char *value, size_t bytes)
{
    char word[48], known[80];
    int64_t number = 0;
    if (s->q->kind == TACIT_CHOICE) {
        tct_nearest near;
        tct_nearest_begin(&near, value, bytes);
        for (uint32_t i = 0; i < s->q->option_count; i++) {
            const char *id = s->q->options[i].id.text;
            if (strlen(id) == bytes && memcmp(id, value, bytes) == 0)
                return put(s, item, i);
            tct_nearest_offer(&near, id);
        }
        if (tct_nearest_word(&near) != NULL)
            return complain(s->error, "`%s` is no answer to `%s`; did you mean `%s`?",
                            echo(value, bytes, word), s->q->id.text, tct_nearest_word(&near));
    } else if (s->q->kind == TACIT_SUBSET) {
        bool yes = bytes == 3 && memcmp(value, "yes", 3) == 0;
        if (yes || (bytes == 2 && memcmp(value, "no", 2) == 0))
            return put(s, item, yes);
    } else if (read_number(value, bytes, &number) && tct_slot_allowed(s->m, s->q, number)) {
        return put(s, item, number);
    }
    return complain(s->error, "`%s` is no answer to `%s`: %s", echo(value, bytes, word),
                    s->q->id.text, what_is_asked(s->q, known));
}

/* -------------------------------------------------------------------------- whole lists --- */

/* The next part of a comma list, without spaces around it; false at the end. */
static bool next_part(const char **at, const char **part, size_t *bytes)
{
    if (*at == NULL)
        return false;
    const char *comma = strchr(*at, ','), *from = *at;
    const char *to = comma != NULL ? comma : from + strlen(from);
    *at = comma != NULL ? comma + 1 : NULL;
    while (from < to && *from == ' ')
        from++;
    while (to > from && to[-1] == ' ')
        to--;
    *part = from;
    *bytes = (size_t)(to - from);
    return true;
}

static int item_named(const setter *s, const char *name, size_t bytes)
{
    const tct_list *list = &s->m->lists[s->q->list_index];
    for (uint32_t i = 0; i < list->item_count; i++)
        if (strlen(list->items[i].id.text) == bytes &&
            memcmp(list->items[i].id.text, name, bytes) == 0)
            return (int)i;
    return -1;
}

static tacit_status no_item(const setter *s, const char *name, size_t bytes)
{
    char word[48];
    const tct_list *list = &s->m->lists[s->q->list_index];
    tct_nearest near;
    tct_nearest_begin(&near, name, bytes);
    for (uint32_t i = 0; i < list->item_count; i++)
        tct_nearest_offer(&near, list->items[i].id.text);
    return tct_nearest_word(&near) == NULL
               ? complain(s->error, "`%s` is no item of `%s`", echo(name, bytes, word),
                          list->id.text)
               : complain(s->error, "`%s` is no item of `%s`; did you mean `%s`?",
                          echo(name, bytes, word), list->id.text, tct_nearest_word(&near));
}

/* A ranking, or a subset: items, best first. */
static tacit_status set_order(const setter *s, const char *value)
{
    int64_t found[TCT_ITEMS_MAX] = {0}, rank = 0;
    const char *part;
    size_t bytes;
    char word[48];
    while (next_part(&value, &part, &bytes)) {
        if (bytes == 0 && rank == 0 && value == NULL)
            break; /* the empty list */
        int item = item_named(s, part, bytes);
        if (item < 0)
            return no_item(s, part, bytes);
        if (found[item] != 0)
            return complain(s->error, "`%s` is there twice", echo(part, bytes, word));
        found[item] = ++rank;
    }
    if (s->q->kind == TACIT_RANKING && rank != (int64_t)s->q->slot_count)
        return complain(s->error,
                        "`%s` wants all %u items in order, best first; there are %lld",
                        s->q->id.text, s->q->slot_count, (long long)rank);
    for (uint32_t i = 0; i < s->q->slot_count; i++)
        put(s, i, s->q->kind == TACIT_RANKING ? found[i] : found[i] != 0);
    return TACIT_OK;
}

/* Points as `item=points` parts; what is not named gets none. */
static tacit_status set_points(const setter *s, const char *value)
{
    int64_t points[TCT_ITEMS_MAX] = {0};
    const char *part;
    size_t bytes;
    while (next_part(&value, &part, &bytes)) {
        const char *equals = memchr(part, '=', bytes);
        size_t name = equals == NULL ? bytes : (size_t)(equals - part);
        size_t from = equals == NULL ? bytes : name + 1;
        while (name > 0 && part[name - 1] == ' ')
            name--;
        while (from < bytes && part[from] == ' ')
            from++;
        int item = item_named(s, part, name);
        if (item < 0)
            return no_item(s, part, name);
        if (!read_number(part + from, bytes - from, &points[item]) ||
            !tct_slot_allowed(s->m, s->q, points[item]))
            return complain(s->error, "`%s` wants parts like `%s=10`", s->q->id.text,
                            s->m->lists[s->q->list_index].items[item].id.text);
    }
    for (uint32_t i = 0; i < s->q->slot_count; i++)
        put(s, i, points[i]);
    return TACIT_OK;
}

static tacit_status set_whole(const setter *s, const char *value)
{
    if (s->q->list_index < 0)
        return set_one(s, 0, value, strlen(value));
    if (s->q->kind == TACIT_RANKING || s->q->kind == TACIT_SUBSET)
        return set_order(s, value);
    if (s->q->kind == TACIT_POINTS)
        return set_points(s, value);
    return complain(s->error, "`%s` is asked for each item: write `%s.%s`", s->q->id.text,
                    s->q->id.text, s->m->lists[s->q->list_index].items[0].id.text);
}

/* --------------------------------------------------------------------------------- key --- */

static tacit_status unknown_question(const tct_model *m, int person, const char *key,
                                     size_t bytes, char error[ERROR_BYTES])
{
    char word[48];
    tct_nearest near;
    tct_nearest_begin(&near, key, bytes);
    for (uint32_t i = 0; i < m->question_count; i++)
        if (asked(&m->questions[i], person))
            tct_nearest_offer(&near, m->questions[i].id.text);
    tct_nearest_offer(&near, "not-now");
    return tct_nearest_word(&near) == NULL
               ? complain(error, "there is no question `%s`", echo(key, bytes, word))
               : complain(error, "there is no question `%s`; did you mean `%s`?",
                          echo(key, bytes, word), tct_nearest_word(&near));
}

static bool is_word(const char *text, const char *word)
{
    return strcmp(text, word) == 0;
}

tacit_status tacit_answers_set(const tacit_sheet *sheet, int person, tacit_answers *answers,
                               const char *key, const char *value, char error[ERROR_BYTES])
{
    const tct_model *m = &sheet->model;
    error[0] = 0;
    if (is_word(key, "not-now")) {
        if (!is_word(value, "yes") && !is_word(value, "no"))
            return complain(error, "`not-now` is yes or no");
        answers->not_now = is_word(value, "yes");
        return TACIT_OK;
    }
    size_t bytes = strcspn(key, ".");
    const char *item = key[bytes] == '.' ? key + bytes + 1 : NULL;
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        if (!asked(q, person) || strlen(q->id.text) != bytes ||
            memcmp(q->id.text, key, bytes) != 0)
            continue;
        const setter s = {m, q, i, answers, error};
        if (item == NULL)
            return set_whole(&s, value);
        if (q->list_index < 0)
            return complain(error, "`%s` is one question, without items", q->id.text);
        int index = item_named(&s, item, strlen(item));
        return index < 0 ? no_item(&s, item, strlen(item))
                         : set_one(&s, (uint32_t)index, value, strlen(value));
    }
    return unknown_question(m, person, key, bytes, error);
}

/* ------------------------------------------------------------------------------- check --- */

/* Why the answers to a question are not allowed together. */
static tacit_status explain(const tct_model *m, const tct_question *q, const tacit_answers *a,
                            char error[ERROR_BYTES])
{
    long long sum = 0;
    for (uint32_t i = 0; i < q->slot_count; i++)
        sum += a->value[q->first_slot + i];
    switch (q->kind) {
    case TACIT_POINTS:
        return complain(error, "the points of `%s` add up to %lld, not to %lld", q->id.text,
                        sum, (long long)q->total);
    case TACIT_RANKING:
        return complain(error, "`%s` wants each place from 1 to %u once", q->id.text,
                        q->slot_count);
    case TACIT_SUBSET:
        return complain(error, "`%s` wants %lld to %lld of the items, not %lld", q->id.text,
                        (long long)q->min, (long long)q->max, sum);
    default:
        break;
    }
    for (uint32_t k = 0; k < q->limit_count; k++) {
        const tct_limit *l = &q->limits[k];
        uint32_t count = 0;
        for (uint32_t i = 0; i < q->slot_count; i++)
            count += (l->options >> a->value[q->first_slot + i] & 1) != 0;
        if (count < l->least || count > l->most)
            return complain(error, "for `%s`, %s %u of the %u may be %s%s; now it is %u",
                            q->id.text, l->at_least ? "at least" : "at most",
                            l->at_least ? l->least : l->most, q->slot_count,
                            l->other_than ? "other than " : "", l->names[0].text, count);
    }
    return complain(error, "the answers to `%s` are not allowed together (%s)", q->id.text,
                    m->title);
}

tacit_status tacit_answers_check(const tacit_sheet *sheet, int person,
                                 const tacit_answers *answers, char error[ERROR_BYTES])
{
    const tct_model *m = &sheet->model;
    char known[80];
    error[0] = 0;
    if (answers->not_now)
        return TACIT_OK;
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        for (uint32_t k = 0; asked(q, person) && k < q->slot_count; k++) {
            const char *dot = q->list_index < 0 ? "" : ".";
            const char *item =
                q->list_index < 0 ? "" : m->lists[q->list_index].items[k].id.text;
            if (!answers->given[q->first_slot + k])
                return complain(error, "`%s%s%s` is not answered yet: %s", q->id.text, dot,
                                item, what_is_asked(q, known));
            if (!tct_slot_allowed(m, q, answers->value[q->first_slot + k]))
                return complain(error, "the answer to `%s%s%s` is not allowed: %s", q->id.text,
                                dot, item, what_is_asked(q, known));
        }
        if (asked(q, person) && !tct_question_allowed(m, q, answers->value))
            return explain(m, q, answers, error);
    }
    return TACIT_OK;
}

uint32_t tacit_notes(const tacit_sheet *sheet, int person, const tacit_answers *answers,
                     const char **texts, uint32_t texts_max)
{
    const tct_model *m = &sheet->model;
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->note_count && !answers->not_now; i++)
        if (count < texts_max && tct_interpret_note(m, &m->notes[i], person, answers))
            texts[count++] = m->notes[i].text;
    return count;
}
