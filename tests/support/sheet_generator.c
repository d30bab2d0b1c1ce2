/* SPDX-License-Identifier: ISC */
#include "support/sheet_generator.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support/sheet_case.h"

enum { LISTS = 2, QUESTIONS = 6 };

typedef enum { CHOICE, NUMBER, POINTS, RANKING, SUBSET } kind;

typedef struct {
    kind kind;
    int list;   /* -1: none */
    int person; /* 2: both */
    int options;
} question;

typedef struct {
    sheet_tape *tape;
    char *out;
    size_t at;
    int roles, lists, list_items[LISTS], questions;
    question question[QUESTIONS];
} maker;

/* Whose answers an expression may name, and of which list the current item is known. */
typedef struct {
    int self;  /* inside both(…) or a note */
    int list;  /* -1: none */
    int owner; /* notes: only this person's; -1: no matter */
} scene;

static uint32_t pick(maker *m, uint32_t ways)
{
    uint32_t at = m->tape->used++;
    return at < TAPE_MAX && ways > 0 ? m->tape->choices[at] % ways : 0;
}

static void say(maker *m, const char *format, ...) TCT_FORMAT(2, 3);

static void say(maker *m, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int wrote = vsnprintf(m->out + m->at, GENERATED_MAX - m->at, format, arguments);
    va_end(arguments);
    m->at += wrote > 0 ? (size_t)wrote : 0;
    m->at = m->at < GENERATED_MAX ? m->at : GENERATED_MAX - 1;
}

/* ------------------------------------------------------------------------- declarations --- */

static void make_lists(maker *m)
{
    m->lists = (int)pick(m, LISTS + 1);
    for (int i = 0; i < m->lists; i++) {
        m->list_items[i] = 1 + (int)pick(m, 5);
        say(m, "list l%d%s\n", i, pick(m, 2) ? ", yours to change" : "");
        for (int k = 0; k < m->list_items[i]; k++)
            say(m, "  i%d: Item %d\n", k, k);
    }
}

static void make_form(maker *m, question *q, int each)
{
    const char *list = q->list == 1 ? "l1" : "l0";
    switch (q->kind) {
    case CHOICE:
        q->options = 2 + (int)pick(m, 4);
        for (int i = 0; i < q->options; i++)
            say(m, "  o%d: Option %d\n", i, i);
        if (each && pick(m, 3) == 1)
            say(m, "  at most half of them other than o0\n");
        if (each && pick(m, 4) == 1)
            say(m, "  fewer than half of them o1, o0\n");
        if (each && pick(m, 4) == 1)
            say(m, "  at least 1 of them o%d or o0\n", q->options - 1);
        break;
    case NUMBER: {
        int step = 1 + (int)pick(m, 3), low = (int)pick(m, 9) - 4;
        say(m, "  number %d to %d step %d, units\n", low, low + step * (1 + (int)pick(m, 12)),
            step);
        break;
    }
    case POINTS:
        say(m, "  points %d over %s\n", 1 + (int)pick(m, 12), list);
        break;
    case RANKING:
        say(m, "  ranking of %s\n", list);
        break;
    case SUBSET:
        say(m, "  any of %s, at least %d", list, (int)pick(m, 2));
        say(m, pick(m, 2) ? ", at most 1\n" : "\n");
        break;
    }
}

static void make_questions(maker *m)
{
    m->questions = 1 + (int)pick(m, QUESTIONS);
    for (int i = 0; i < m->questions; i++) {
        question *q = &m->question[i];
        *q = (question){.list = -1, .person = 2};
        q->kind = (kind)pick(m, m->lists > 0 ? 5 : 2);
        int each = q->kind <= NUMBER && m->lists > 0 && pick(m, 2);
        if (q->kind > NUMBER || each)
            q->list = (int)pick(m, (uint32_t)m->lists);
        if (m->roles && pick(m, 3) != 0)
            q->person = (int)pick(m, 2);
        say(m, "ask ");
        if (each)
            say(m, "each l%d ", q->list);
        if (q->person != 2)
            say(m, "%s ", q->person == 0 ? "anna" : "bert");
        say(m, "q%d: Question %d?\n", i, i);
        make_form(m, q, each);
    }
}

/* -------------------------------------------------------------------------- expressions --- */

static void truth(maker *m, scene s, int depth);
static void number(maker *m, scene s, int depth);

/* Names an answer of one of these kinds (a set of bits) that may stand here; false: there is none. */
static int name_answer(maker *m, scene s, unsigned kinds, int *which)
{
    int fitting[QUESTIONS], count = 0;
    for (int i = 0; i < m->questions; i++) {
        const question *q = &m->question[i];
        int there = (kinds >> q->kind & 1) != 0;
        if (s.self)
            there = there && (q->person == 2 || (s.owner >= 0 && q->person == s.owner));
        else
            there = there && (m->roles || q->person != 2);
        if (there)
            fitting[count++] = i;
    }
    if (count == 0)
        return 0;
    *which = fitting[pick(m, (uint32_t)count)];
    const question *q = &m->question[*which];
    if (!s.self) {
        int person = q->person != 2 ? q->person : (int)pick(m, 2);
        say(m, "%s.", person == 0 ? "anna" : "bert");
    }
    say(m, "q%d", *which);
    if (q->list >= 0 && (q->list != s.list || pick(m, 6) == 5))
        say(m, " for i%d", (int)pick(m, (uint32_t)m->list_items[q->list]));
    return 1;
}

static void condition(maker *m, scene s)
{
    static const char *const numeric[] = {">=", "<", "<=", ">", "is", "is not"};
    int which = 0;
    uint32_t how = pick(m, 4);
    if (how <= 1 && name_answer(m, s, 1u << CHOICE, &which)) {
        int options = m->question[which].options;
        switch (pick(m, 5)) {
        case 0:
            say(m, " is o%d", (int)pick(m, (uint32_t)options));
            break;
        case 1:
            say(m, " is not o%d", (int)pick(m, (uint32_t)options));
            break;
        case 2:
            say(m, " at least o%d", (int)pick(m, (uint32_t)options));
            break;
        case 3:
            say(m, " at most o%d", (int)pick(m, (uint32_t)options));
            break;
        default:
            say(m, " is %sone of o0, o%d", pick(m, 2) ? "not " : "", options - 1);
            break;
        }
        return;
    }
    if (how == 2 && name_answer(m, s, 1u << SUBSET, &which))
        return;
    number(m, s, 2);
    say(m, " %s ", numeric[pick(m, 6)]);
    number(m, s, 2);
}

static void over_list(maker *m, scene s, int depth, const char *words, int number_inside)
{
    scene inside = s;
    inside.list = (int)pick(m, (uint32_t)m->lists);
    say(m, "%s of ", words);
    if (number_inside) {
        number(m, inside, depth - 1);
        say(m, " over l%d", inside.list);
        if (strcmp(words, "sum") == 0 && pick(m, 2)) {
            say(m, " where (");
            truth(m, inside, depth - 1);
            say(m, ")");
        }
        return;
    }
    say(m, "l%d where (", inside.list);
    truth(m, inside, depth - 1);
    say(m, ")");
}

static void truth(maker *m, scene s, int depth)
{
    static const char *const folds[] = {"both", "either", "neither", "exactly one"};
    static const char *const items[] = {"any", "all", "none"};
    scene inside = s;
    inside.self = 1;
    int which = 0;
    uint32_t how = depth <= 0 ? 0 : pick(m, 8);
    switch (how) {
    case 1:
    case 2:
        say(m, "(");
        truth(m, s, depth - 1);
        say(m, how == 1 ? " and " : " or ");
        truth(m, s, depth - 1);
        say(m, ")");
        return;
    case 3:
        say(m, "not (");
        truth(m, s, depth - 1);
        say(m, ")");
        return;
    case 4:
    case 5:
        if (s.self)
            break;
        say(m, "%s (", folds[pick(m, 4)]);
        truth(m, inside, depth - 1);
        say(m, ")");
        return;
    case 6:
        if (m->lists == 0)
            break;
        say(m, "(");
        over_list(m, s, depth, items[pick(m, 3)], 0);
        say(m, ")");
        return;
    case 7:
        if (s.self)
            break;
        say(m, "same (");
        if (name_answer(m, inside, 31, &which)) {
            say(m, ")");
            return;
        }
        m->at -= 6; /* nothing to compare: take it back */
        break;
    default:
        break;
    }
    condition(m, s);
}

static void number(maker *m, scene s, int depth)
{
    static const char *const folds[] = {"sum", "min", "max"};
    scene inside = s;
    inside.self = 1;
    int which = 0;
    uint32_t how = depth <= 0 ? pick(m, 2) : pick(m, 12);
    switch (how) {
    case 1:
        if (name_answer(m, s, 1u << NUMBER | 1u << POINTS | 1u << RANKING, &which))
            return;
        break;
    case 2:
    case 3:
        say(m, "(");
        number(m, s, depth - 1);
        say(m, how == 2 ? " + " : " - ");
        number(m, s, depth - 1);
        say(m, ")");
        return;
    case 4:
        say(m, "(");
        number(m, s, depth - 1);
        say(m, " * ");
        number(m, s, 0);
        say(m, ")");
        return;
    case 5:
        say(m, "(");
        number(m, s, depth - 1);
        if (pick(m, 3) == 1) { /* by something that two people say */
            say(m, " / max (1, ");
            number(m, s, 0);
            say(m, ", 2) rounded %s)", pick(m, 2) ? "up" : "down");
            return;
        }
        say(m, " / %d rounded %s)", (int)pick(m, 2) ? 3 : -2, pick(m, 2) ? "up" : "down");
        return;
    case 6:
        say(m, "%s (", pick(m, 2) ? "min" : "max");
        number(m, s, depth - 1);
        say(m, ", ");
        number(m, s, depth - 1);
        say(m, ")");
        return;
    case 7:
        say(m, "(if ");
        truth(m, s, depth - 1);
        say(m, " then ");
        number(m, s, depth - 1);
        say(m, " else ");
        number(m, s, depth - 1);
        say(m, ")");
        return;
    case 8:
        if (s.self)
            break;
        say(m, "%s (", folds[pick(m, 3)]);
        number(m, inside, depth - 1);
        say(m, ")");
        return;
    case 9:
        if (s.self)
            break;
        say(m, "count (");
        truth(m, inside, depth - 1);
        say(m, ")");
        return;
    case 10:
        if (m->lists == 0)
            break;
        say(m, "(");
        over_list(m, s, depth, "count", 0);
        say(m, ")");
        return;
    case 11:
        if (m->lists == 0)
            break;
        say(m, "(");
        over_list(m, s, depth, folds[pick(m, 3)], 1);
        say(m, ")");
        return;
    default:
        break;
    }
    say(m, "%d", (int)pick(m, 7) - 2);
}

/* ------------------------------------------------------------------------------ outcomes --- */

/* Do both people have a question of this kind over this list? */
static int both_have(const maker *m, kind k, int list)
{
    int have = 0, questions = 0;
    for (int i = 0; i < m->questions; i++)
        if (m->question[i].kind == k && m->question[i].list == list) {
            questions++;
            have |= m->question[i].person == 2 ? 3 : 1 << m->question[i].person;
        }
    return have == 3 && questions == 1;
}

static void make_reveal(maker *m, int index)
{
    const scene nobody = {.list = -1, .owner = -1};
    scene item = nobody;
    uint32_t how = pick(m, m->lists > 0 ? 8 : 2);
    item.list = m->lists > 0 ? (int)pick(m, (uint32_t)m->lists) : -1;
    int list = item.list, items = list < 0 ? 0 : m->list_items[list];
    say(m, "  reveal r%d: ", index);
    if (how == 5 && both_have(m, RANKING, list)) {
        say(m, "best compromise of l%d", list);
        if (pick(m, 3) == 1) {
            say(m, " where (");
            truth(m, item, 1);
            say(m, ")");
        }
        say(m, "%s\n", pick(m, 2) ? ", ties by order" : "");
    } else if (how >= 6 && items >= 2 && both_have(m, POINTS, list)) {
        static const char *const methods[] = {"fairest split", "adjusted winner"};
        uint32_t method = pick(m, 2);
        say(m, "%s of l%d%s\n", methods[method], list,
            pick(m, 2) == 0 ? ""
            : method == 0   ? ", ties by order"
                            : ", nothing shared");
    } else if (how == 1) {
        say(m, "any step from ");
        number(m, nobody, 2);
        say(m, " to ");
        number(m, nobody, 2);
        say(m, ", by lot\n");
    } else if (how == 2 || how == 3) {
        say(m, "l%d where (", list);
        truth(m, item, 2);
        say(m, ")");
        if (how == 3) {
            say(m, ", at most ");
            number(m, nobody, 1);
            say(m, " by lot");
        }
        say(m, "\n");
    } else if (how == 4) {
        say(m, "best of l%d", list);
        if (pick(m, 2)) {
            say(m, " where (");
            truth(m, item, 1);
            say(m, ")");
        }
        say(m, " by %s ", pick(m, 2) ? "lowest" : "highest");
        number(m, item, 2);
        say(m, ", ties by %s\n", pick(m, 2) ? "lot" : "order");
    } else {
        number(m, nobody, 3);
        say(m, "\n");
    }
}

static void make_outcomes(maker *m)
{
    const scene nobody = {.list = -1, .owner = -1};
    int outcomes = 1 + (int)pick(m, 3);
    for (int k = 0; k < outcomes; k++) {
        say(m, "outcome k%d: Outcome %d\n  when ", k, k);
        truth(m, nobody, 3);
        say(m, "\n");
        int reveals = (int)pick(m, 3);
        for (int i = 0; i < reveals; i++)
            make_reveal(m, i);
    }
    say(m, "outcome else: Nothing\n  otherwise\n");
    if (pick(m, 3) == 1)
        say(m, "  also by chance %d in 8\n", 1 + (int)pick(m, 7));
    if (pick(m, 4) == 1)
        say(m, "  may tell of q0\n");
    for (int p = 0; p < (m->roles ? 2 : 1); p++)
        if (pick(m, 3) == 1) {
            scene own = {.self = 1, .list = -1, .owner = m->roles ? p : -1};
            say(m, "%s when ", pick(m, 2) ? "stop" : "note");
            truth(m, own, 2);
            say(m, "\n  A word.\n");
        }
}

void sheet_generate(sheet_tape *tape, char out[GENERATED_MAX])
{
    maker m = {.tape = tape, .out = out};
    tape->used = 0;
    memset(out, 0, GENERATED_MAX);
    say(&m, "title Generated\n");
    m.roles = (int)pick(&m, 2);
    if (m.roles)
        say(&m, "people anna, bert\n");
    make_lists(&m);
    make_questions(&m);
    make_outcomes(&m);
}

void sheet_tape_fill(sheet_tape *tape, uint64_t *state)
{
    for (uint32_t i = 0; i < TAPE_MAX; i++)
        tape->choices[i] = (uint16_t)(sheet_case_random(state) >> 16);
    tape->used = 0;
}

void sheet_tape_shrink(sheet_tape *tape, int (*fails)(sheet_tape *tape))
{
    sheet_tape kept = *tape;
    for (uint32_t length = 64; length > 0; length /= 2)
        for (uint32_t at = 0; at < tape->used && at < TAPE_MAX; at += length) {
            for (int drop = 1; drop >= 0; drop--) { /* cut a piece out; or make it zeros */
                sheet_tape tried = kept;
                uint32_t end = at + length < TAPE_MAX ? at + length : TAPE_MAX;
                if (drop) {
                    memmove(tried.choices + at, kept.choices + end,
                            (TAPE_MAX - end) * sizeof *tried.choices);
                    memset(tried.choices + TAPE_MAX - (end - at), 0,
                           (end - at) * sizeof *tried.choices);
                } else {
                    memset(tried.choices + at, 0, (end - at) * sizeof *tried.choices);
                }
                if (memcmp(tried.choices, kept.choices, sizeof kept.choices) != 0 &&
                    fails(&tried))
                    kept = tried;
            }
        }
    *tape = kept;
}
