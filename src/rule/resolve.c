/* SPDX-License-Identifier: ISC
 *
 * Lists, questions, outcomes and notes; the expressions are in resolve_expression.c.
 */
#include "rule/resolve.h"

#include <string.h>

int tct_find_list(const tct_model *m, const char *id)
{
    for (uint32_t i = 0; i < m->list_count; i++)
        if (strcmp(m->lists[i].id.text, id) == 0)
            return (int)i;
    return -1;
}

int tct_find_item(const tct_list *list, const char *id)
{
    for (uint32_t i = 0; i < list->item_count; i++)
        if (strcmp(list->items[i].id.text, id) == 0)
            return (int)i;
    return -1;
}

int tct_find_option(const tct_question *q, const char *id)
{
    for (uint32_t i = 0; i < q->option_count; i++)
        if (strcmp(q->options[i].id.text, id) == 0)
            return (int)i;
    return -1;
}

int tct_find_question(const tct_model *m, const char *id, int person)
{
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        if ((q->person == 2 || q->person == person) && strcmp(q->id.text, id) == 0)
            return (int)i;
    }
    return -1;
}

static void write_hint(char hint[160], const tct_nearest *near, const char *otherwise)
{
    tct_text t;
    tct_text_init(&t, hint, 160);
    if (tct_nearest_word(near) != NULL)
        tct_text_add(&t, "did you mean `%s`?", tct_nearest_word(near));
    else
        tct_text_add(&t, "%s", otherwise);
    tct_text_end(&t);
}

/* The nearest of some options or items; all of them when they are few and none is near. */
static void hint_among(char hint[160], const tct_option *known, uint32_t count, const char *id,
                       const char *what)
{
    tct_nearest near;
    tct_nearest_begin(&near, id, strlen(id));
    for (uint32_t i = 0; i < count; i++)
        tct_nearest_offer(&near, known[i].id.text);
    char all[160];
    tct_text t;
    tct_text_init(&t, all, sizeof all);
    tct_text_add(&t, "%s", what);
    uint32_t told = 0;
    for (uint32_t i = 0; i < count && told < 8; i++)
        if (*known[i].id.text != 0) /* else it was complained about itself */
            tct_text_add(&t, "%s %s", told++ == 0 ? "" : ",", known[i].id.text);
    tct_text_end(&t);
    write_hint(hint, &near, told == 0 ? "" : all);
}

void tct_hint_option(char hint[160], const tct_question *q, const char *id)
{
    hint_among(hint, q->options, q->option_count, id, "the options are");
}

void tct_hint_item(char hint[160], const tct_list *list, const char *id)
{
    hint_among(hint, list->items, list->item_count, id, "the items are");
}

void tct_hint_list(char hint[160], const tct_model *m, const char *id)
{
    tct_nearest near;
    tct_nearest_begin(&near, id, strlen(id));
    for (uint32_t i = 0; i < m->list_count; i++)
        tct_nearest_offer(&near, m->lists[i].id.text);
    write_hint(hint, &near, m->list_count == 0 ? "this sheet has no list" : "");
}

/* ------------------------------------------------------------------------------ lists --- */

static void complain_count(const tct_list *list, tct_complaints *c, tct_place at)
{
    char needs[32];
    tct_text t;
    tct_text_init(&t, needs, sizeof needs);
    tct_text_add(&t, list->least == list->most ? "%u" : "%u to %u", list->least, list->most);
    tct_text_end(&t);
    tct_complain(c, at, list->item_count < list->least ? "add some" : "take some away",
                 "the list `%s` has %u item%s, but needs %s", list->id.text, list->item_count,
                 list->item_count == 1 ? "" : "s", needs);
}

static void check_items(tct_list *list, tct_complaints *c)
{
    static const tct_place top = {1, 1, 1};
    c->file = list->from_file ? TCT_IN_THE_ITEMS : NULL;
    for (uint32_t i = 0; i < list->item_count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (*list->items[i].id.text != 0 &&
                strcmp(list->items[i].id.text, list->items[j].id.text) == 0) {
                tct_complain(c, list->items[i].id.at, "each needs its own name",
                             "`%s` is in the list twice", list->items[i].id.text);
                break;
            }
    if (list->item_count < list->least || list->item_count > list->most)
        complain_count(list, c, list->from_file ? top : list->id.at);
    c->file = NULL;
}

void tct_resolve_lists(tct_model *m, tct_complaints *c)
{
    for (uint32_t i = 0; i < m->list_count; i++) {
        if (*m->lists[i].id.text != 0 && tct_find_list(m, m->lists[i].id.text) != (int)i)
            tct_complain(c, m->lists[i].id.at, "", "there are two lists called `%s`",
                         m->lists[i].id.text);
        check_items(&m->lists[i], c);
    }
}

/* -------------------------------------------------------------------------- questions --- */

static void check_options(const tct_question *q, tct_complaints *c)
{
    for (uint32_t i = 0; i < q->option_count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (*q->options[i].id.text != 0 &&
                strcmp(q->options[i].id.text, q->options[j].id.text) == 0) {
                tct_complain(c, q->options[i].id.at, "each needs its own name",
                             "the option `%s` is there twice", q->options[i].id.text);
                break;
            }
}

static bool plain_id(const char *id)
{
    for (; *id != 0; id++)
        if (*id >= 'A' && *id <= 'Z')
            return false;
    return true;
}

static void find_role(const tct_model *m, tct_question *q, tct_complaints *c)
{
    q->person = 2;
    if (q->role.text == NULL)
        return;
    for (int p = 0; p < 2; p++)
        if (m->people[p].text != NULL && strcmp(m->people[p].text, q->role.text) == 0)
            q->person = p;
    if (q->person != 2)
        return;
    if (m->people[1].text != NULL &&
        (*m->people[1].text == 0 || !plain_id(m->people[0].text))) {
        /* The names of the roles were complained about: the first that is met is the first. */
        const tct_question *first = m->questions;
        while (first->role.text == NULL)
            first++;
        q->person = strcmp(first->role.text, q->role.text) == 0 ? 0 : 1;
        return;
    }
    tct_nearest near;
    tct_nearest_begin(&near, q->role.text, strlen(q->role.text));
    for (int p = 0; p < 2 && m->people[1].text != NULL; p++)
        tct_nearest_offer(&near, m->people[p].text);
    char hint[160];
    write_hint(hint, &near, "name the two roles in a line like: people owner, buyer");
    tct_complain(c, q->role.at, hint, "there is no role called `%s`", q->role.text);
}

/* A limit in numbers: at least and at most how many answers may be among the options. */
static void settle_limit(const tct_model *m, const tct_question *q, tct_limit *l,
                         tct_complaints *c)
{
    uint32_t items = tct_question_items(m, q);
    for (uint32_t i = 0; i < l->name_count; i++) {
        int option = tct_find_option(q, l->names[i].text);
        if (option >= 0) {
            l->options |= (uint64_t)1 << option;
            continue;
        }
        char hint[160];
        tct_hint_option(hint, q, l->names[i].text);
        tct_complain(c, l->names[i].at, hint, "`%s` is no option of `%s`", l->names[i].text,
                     q->id.text);
    }
    if (l->other_than)
        l->options = ~l->options & (((uint64_t)1 << q->option_count) - 1);
    int64_t bound = l->number;
    if (l->half) /* strict: fewer than n/2 is at most ceil(n/2)-1, more than n/2 at least n/2+1 */
        bound = l->strict ? (l->at_least ? items / 2 : (items + 1) / 2)
                          : (l->rounding == TCT_DOWN ? items / 2 : (items + 1) / 2);
    if (l->strict)
        bound += l->at_least ? 1 : -1;
    int64_t least = l->at_least ? bound : 0, most = l->at_least ? (int64_t)items : bound;
    if (least > (int64_t)items || most < 0)
        tct_complain(c, l->at, "", "with %u items nobody could keep to this limit", items);
    l->least = least < 0 ? 0 : (uint32_t)(least > items ? items : least);
    l->most = most < 0 ? 0 : (uint32_t)(most > items ? items : most);
}

static void check_limits(const tct_model *m, tct_question *q, tct_complaints *c)
{
    if (q->limit_count == 0)
        return;
    if (!q->each || q->kind != TACIT_CHOICE) {
        tct_complain(
            c, q->limits[0].at, "ask each wishes like: Would you like this?",
            "only a question with options that is asked for each item can have a limit");
        return;
    }
    /* Whether all limits can be kept at once: tct_question_default. */
    for (uint32_t i = 0; i < q->limit_count; i++)
        settle_limit(m, q, &q->limits[i], c);
}

static void check_list_kind(const tct_model *m, tct_question *q, tct_complaints *c)
{
    q->list_index = -1;
    if (q->list.text == NULL)
        return;
    q->list_index = tct_find_list(m, q->list.text);
    if (q->list_index < 0) {
        char hint[160];
        tct_hint_list(hint, m, q->list.text);
        tct_complain(c, q->list.at, hint, "there is no list called `%s`", q->list.text);
        return;
    }
    int64_t items = m->lists[q->list_index].item_count;
    if (q->each && q->kind != TACIT_CHOICE && q->kind != TACIT_NUMBER)
        tct_complain(c, q->id.at, "leave out `each`",
                     "the answer to `%s` already covers the whole list", q->id.text);
    if (q->kind == TACIT_SUBSET) {
        if (!q->max_given)
            q->max = items;
        if (q->min < 0 || q->min > q->max || q->max > items)
            tct_complain(c, q->id.at, "",
                         "nobody could choose %lld to %lld of the %lld items of `%s`",
                         (long long)q->min, (long long)q->max, (long long)items, q->list.text);
    }
    if (q->kind == TACIT_POINTS) {
        q->min = 0;
        q->max = q->total;
        q->step = 1;
    }
    if (q->kind == TACIT_RANKING) {
        q->min = q->step = 1;
        q->max = items;
    }
}

static void check_twice(const tct_model *m, uint32_t index, tct_complaints *c)
{
    const tct_question *q = &m->questions[index];
    for (uint32_t i = 0; i < index; i++) {
        const tct_question *other = &m->questions[i];
        bool meet = q->person == 2 || other->person == 2 || q->person == other->person;
        if (meet && *q->id.text != 0 && strcmp(q->id.text, other->id.text) == 0) {
            tct_complain(c, q->id.at, "each needs its own name",
                         "there are two questions called `%s`", q->id.text);
            return;
        }
    }
    for (int p = 0; p < 2; p++)
        if (m->people[p].text != NULL && strcmp(q->id.text, m->people[p].text) == 0)
            tct_complain(c, q->id.at, "", "`%s` is already the name of a role", q->id.text);
    if (*q->id.text != 0 && tct_find_list(m, q->id.text) >= 0)
        tct_complain(c, q->id.at, "", "`%s` is already the name of a list", q->id.text);
}

void tct_resolve_questions(tct_model *m, tct_complaints *c)
{
    uint32_t slots = 0;
    for (uint32_t i = 0; i < m->question_count; i++) {
        tct_question *q = &m->questions[i];
        find_role(m, q, c);
        check_list_kind(m, q, c);
        check_options(q, c);
        check_limits(m, q, c);
        check_twice(m, i, c);
        q->first_slot = slots;
        q->slot_count = tct_question_items(m, q);
        slots += q->slot_count; /* at most 63 * 64 */
        if (slots > TACIT_VALUES_MAX) {
            tct_complain(c, q->id.at, "at most 2048 in all",
                         "this sheet asks for too many answers (%u up to here)", slots);
            q->slot_count = 0;
            q->first_slot = 0;
            slots = 0;
        }
    }
    m->slot_count = slots;
}

bool tct_same_options(const tct_question *a, const tct_question *b)
{
    if (a->option_count != b->option_count)
        return false;
    for (uint32_t i = 0; i < a->option_count; i++)
        if (strcmp(a->options[i].id.text, b->options[i].id.text) != 0)
            return false;
    return true;
}

/* --------------------------------------------------------------------- outcomes, notes --- */

/* K in N must be a number of 2^m-ths once reduced: the coin is drawn from bits. */
static void check_chance(const tct_outcome *o, tct_complaints *c)
{
    if (o->chance_n == 0)
        return;
    if (!o->otherwise) {
        tct_complain(c, o->chance_at, "put it under the outcome with `otherwise`",
                     "a lot may turn a yes into a not-now, never the reverse");
        return;
    }
    uint32_t a = o->chance_k, b = o->chance_n;
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    uint32_t n = o->chance_n / a;
    if ((n & (n - 1)) != 0)
        tct_complain(c, o->chance_at, "use 2, 4, 8, 16, 32, … as the second number",
                     "a chance of %u in %u cannot be drawn exactly from coins", o->chance_k,
                     o->chance_n);
}

static void check_reveals(tct_model *m, tct_outcome *o, tct_complaints *c)
{
    if (o->otherwise && o->reveal_count > 0)
        tct_complain(c, o->reveals[0].id.at, "reveal something in another outcome",
                     "`otherwise` also happens when an answer was not now: it reveals nothing");
    for (uint32_t i = 0; i < o->reveal_count; i++) {
        for (uint32_t j = 0; j < i; j++)
            if (strcmp(o->reveals[i].id.text, o->reveals[j].id.text) == 0)
                tct_complain(c, o->reveals[i].id.at, "", "`%s` is revealed twice",
                             o->reveals[i].id.text);
        tct_scope s = {.model = m, .complaints = c, .reveal = true};
        tct_expr *value = o->reveals[i].value;
        tct_resolve_expression(&s, value);
        if (value->type == TCT_TYPE_TRUTH || value->type == TCT_TYPE_CHOICE)
            tct_complain(c, value->at, "make it an outcome of its own",
                         "numbers and items can be revealed, but this is %s",
                         tct_type_name(value->type));
    }
}

/* `may tell of` names questions, those of both roles at once. */
static void find_told(const tct_model *m, tct_outcome *o, tct_complaints *c)
{
    for (uint32_t i = 0; i < o->tell_count; i++) {
        uint64_t found = 0;
        tct_nearest near;
        char hint[160];
        tct_nearest_begin(&near, o->tells[i].text, strlen(o->tells[i].text));
        for (uint32_t q = 0; q < m->question_count; q++) {
            tct_nearest_offer(&near, m->questions[q].id.text);
            if (strcmp(m->questions[q].id.text, o->tells[i].text) == 0)
                found |= (uint64_t)1 << q;
        }
        o->tells_of |= found;
        if (found != 0)
            continue;
        write_hint(hint, &near, "");
        tct_complain(c, o->tells[i].at, hint, "there is no question called `%s`",
                     o->tells[i].text);
    }
}

static void check_outcomes(tct_model *m, tct_complaints *c)
{
    uint32_t otherwise = 0;
    for (uint32_t i = 0; i < m->outcome_count; i++) {
        tct_outcome *o = &m->outcomes[i];
        for (uint32_t j = 0; j < i; j++)
            if (*o->id.text != 0 && strcmp(o->id.text, m->outcomes[j].id.text) == 0)
                tct_complain(c, o->id.at, "each needs its own name",
                             "there are two outcomes called `%s`", o->id.text);
        if (o->when != NULL) {
            tct_scope s = {.model = m, .complaints = c};
            tct_resolve_expression(&s, o->when);
            tct_need_type(&s, o->when, TCT_TYPE_TRUTH);
        }
        if (o->otherwise && otherwise++ > 0)
            tct_complain(c, o->id.at, "only the last one can be it",
                         "there is a second outcome with `otherwise`");
        check_chance(o, c);
        check_reveals(m, o, c);
        find_told(m, o, c);
    }
    if (m->outcome_count == 0 || c->errors > 0)
        return;
    const tct_outcome *last = &m->outcomes[m->outcome_count - 1];
    if (otherwise == 0)
        tct_complain(c, last->id.at, "add an outcome with `otherwise` at the end",
                     "no outcome is there for not now: every sheet needs one with `otherwise`");
    else if (!last->otherwise)
        tct_complain(c, last->id.at, "move it up",
                     "the outcome with `otherwise` must be the last one");
    for (uint32_t i = 0; i + 1 < m->outcome_count; i++)
        if (m->outcomes[i].when == NULL && !m->outcomes[i].otherwise)
            tct_complain(c, m->outcomes[i].id.at, "add a line with `when …`",
                         "the outcome `%s` does not say when it happens",
                         m->outcomes[i].id.text);
    if (m->outcome_count == 1 && otherwise == 1)
        tct_complain(c, last->id.at, "add an outcome with `when …` before it",
                     "this sheet always ends the same way");
}

static void check_notes(tct_model *m, tct_complaints *c)
{
    for (uint32_t i = 0; i < m->note_count; i++) {
        tct_note *n = &m->notes[i];
        if (n->when == NULL)
            continue;
        tct_scope s = {.model = m, .complaints = c, .one_person = true, .note = true};
        tct_resolve_expression(&s, n->when);
        if (!tct_need_type(&s, n->when, TCT_TYPE_TRUTH))
            continue;
        if (s.asks[0] && s.asks[1]) {
            tct_complain(
                c, n->when->at, "write one for each person",
                "this speaks of both people, but a note depends on one person's answers");
            continue;
        }
        n->concerns[0] = !s.asks[1];
        n->concerns[1] = !s.asks[0];
    }
}

void tct_resolve(tct_model *m, tct_complaints *complaints)
{
    tct_resolve_lists(m, complaints);
    tct_resolve_questions(m, complaints);
    check_outcomes(m, complaints);
    check_notes(m, complaints);
}
