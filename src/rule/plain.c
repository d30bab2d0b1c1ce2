/* SPDX-License-Identifier: ISC */
#include "rule/plain.h"

#include "rule/interpret.h"

static const char *times(uint32_t count)
{
    return count == 1 ? "" : "s";
}

static void say_hours(tct_text *t, uint32_t hours)
{
    bool days = hours % 24 == 0;
    uint32_t count = days ? hours / 24 : hours;
    tct_text_add(t, "%u %s%s", count, days ? "day" : "hour", times(count));
}

/* Is it known when the sheet is read, as `count of things`? */
static bool known(const tct_expr *e)
{
    bool count = e->op == TCT_E_ITEMS && e->fold == TCT_FOLD_COUNT && e->kid_count == 0;
    return count || e->op == TCT_E_NUMBER;
}

/* `count of things > 0`: true whatever anybody answers. */
static bool always_holds(const tct_model *m, const tct_expr *e)
{
    const tct_view_point nobody = {.model = m};
    return e->op == TCT_E_COMPARE && known(e->kids[0]) && known(e->kids[1]) &&
           tct_interpret_number(&nobody, e) != 0;
}

/* "a day", "every 30 days". */
static void say_every(tct_text *t, uint32_t hours)
{
    if (hours == 1 || hours == 24 || hours == 168) {
        tct_text_add(t, "%s", hours == 1 ? "an hour" : hours == 24 ? "a day" : "a week");
        return;
    }
    tct_text_add(t, "every ");
    say_hours(t, hours);
}

/* What the one who wrote the sheet says of what an outcome may give away. */
static void say_tells(const tct_plain *p, const tct_outcome *o)
{
    uint32_t left = 0;
    for (uint32_t q = 0; q < p->m->question_count; q++)
        left += (o->tells_of >> q & 1) != 0;
    if (left == 0)
        return;
    bool first = true;
    tct_text_add(p->t,
                 o->otherwise
                     ? "  Unless it was “Not now”, who would have agreed may then be able "
                       "to rule out an answer of the other's to "
                     : "  What you see may tell each of you the other's answer to ");
    for (uint32_t q = 0; q < p->m->question_count; q++) {
        if ((o->tells_of >> q & 1) == 0)
            continue;
        tct_text_add(p->t, "%s", first ? "" : left == 1 ? " or " : ", ");
        tct_plain_quote(p, p->m->questions[q].prompt);
        first = false;
        left--;
    }
    tct_text_add(p->t, ".\n");
}

static void say_outcome(const tct_plain *p, const tct_outcome *o, bool first)
{
    tct_text_add(p->t, "You both see ");
    tct_plain_quote(p, o->headline);
    if (o->otherwise) {
        tct_text_add(p->t, " otherwise.");
        if (o->chance_n != 0)
            tct_text_add(p->t,
                         " It also happens by chance, %u time%s in %u, whatever you answer: "
                         "neither of you can steer or see that.",
                         o->chance_k, times(o->chance_k), o->chance_n);
        tct_text_add(p->t, "\n");
        say_tells(p, o);
        return;
    }
    if (!first)
        tct_text_add(p->t, ", if nothing above happened,");
    if (always_holds(p->m, o->when))
        tct_text_add(p->t, " unless one of you says “Not now, for any reason”.\n");
    else
        tct_plain_condition(p, o->when);
    tct_plain end = *p;
    end.last = true;
    for (uint32_t i = 0; i < o->reveal_count; i++) {
        tct_text_add(p->t, "  Then you both also see: ");
        tct_plain_expression(&end, o->reveals[i].value);
        tct_text_add(p->t, ".\n");
    }
    say_tells(p, o);
}

static void say_limits(const tct_plain *p, const tacit_sheet *sheet)
{
    for (uint32_t i = 0; i < sheet->view.question_count; i++) {
        const tacit_question *q = &sheet->view.questions[i];
        if (*q->limit == 0)
            continue;
        tct_text_add(p->t, "In ");
        tct_plain_quote(p, q->prompt);
        tct_text_add(p->t, ", %s.\n", q->limit);
    }
}

static void say_notes(const tct_plain *p)
{
    uint32_t notes = 0;
    tct_plain own = *p;
    own.self = "your";
    for (uint32_t i = 0; i < p->m->note_count; i++) {
        const tct_note *n = &p->m->notes[i];
        notes += !n->guard;
        if (!n->guard)
            continue;
        tct_text_add(p->t, "If ");
        tct_plain_expression(&own, n->when);
        tct_text_add(p->t, ", you alone are shown a few words, and you both see ");
        tct_plain_quote(p, p->m->outcomes[tct_model_otherwise(p->m)].headline);
        tct_text_add(p->t, ", as after any other no.\n");
    }
    if (notes > 0)
        tct_text_add(p->t,
                     "Some answers of yours call forth a private note, which only you see "
                     "and which changes nothing.\n");
}

/* A pause is kept by both devices and the relay; how often, by the devices of two who keep their pairing. */
static void say_pacing(const tct_plain *p)
{
    const tct_model *m = p->m;
    if (m->sleep_hours != 0) {
        tct_text_add(p->t, m->sleep_optional ? "Either of you may ask to sleep on it for "
                                             : "You both sleep on it for ");
        say_hours(p->t, m->sleep_hours);
        tct_text_add(p->t, m->sleep_optional ? ". Then the" : ". The");
        tct_text_add(p->t, " outcome is learnt only if you both confirm after that; else you "
                           "both see ");
        tct_plain_quote(p, m->outcomes[tct_model_otherwise(m)].headline);
        tct_text_add(p->t, ", and nobody can tell which of you did not.\n");
    }
    if (m->once_every_hours != 0) {
        tct_text_add(p->t, "Ask this at most once ");
        say_every(p->t, m->once_every_hours);
        tct_text_add(p->t,
                     ": asking again and again tells more than one outcome should. Two who "
                     "keep their pairing, as the terminal can, are held to it; with a "
                     "new code nothing is known of earlier times.\n");
    }
}

static void say_sheet(tct_text *t, const tacit_sheet *sheet)
{
    const tct_model *m = &sheet->model;
    const tct_plain p = {t, m, "the", false};
    for (uint32_t k = 0; k < m->outcome_count; k++)
        say_outcome(&p, &m->outcomes[k], k == 0);
    tct_text_add(t, "\nEither of you can say “Not now, for any reason” until your answers are "
                    "sealed. That gives ");
    tct_plain_quote(&p, m->outcomes[tct_model_otherwise(m)].headline);
    tct_text_add(t,
                 " too, as do silence and leaving early, and nobody can tell which way it came "
                 "about.\n");
    say_limits(&p, sheet);
    say_notes(&p);
    say_pacing(&p);
}

tacit_status tacit_sheet_plain_words(const tacit_sheet *sheet, char *out, size_t *bytes)
{
    tct_text t;
    tct_text_init(&t, out, *bytes);
    say_sheet(&t, sheet);
    tct_text_end(&t);
    bool fits = out != NULL && t.needed < *bytes;
    *bytes = t.needed + 1;
    return fits ? TACIT_OK : TACIT_ERR_SPACE;
}
