/* SPDX-License-Identifier: ISC
 *
 * The words of the preview.  "They" is the other person, "you" the one who reads.
 */
#include "leak/sentences.h"

#include <string.h>

/* ------------------------------------------------------------------------- a sentence --- */

typedef struct {
    tct_text t;
    char buffer[TCT_SENTENCE_BYTES];
} sentence;

static tct_text *begin(sentence *s)
{
    tct_text_init(&s->t, s->buffer, sizeof s->buffer);
    return &s->t;
}

static void say(sentence *s, const tct_speaker *to)
{
    tct_text_end(&s->t);
    to->say(to->context, s->buffer);
}

static const char *headline(const tacit_leak *l, uint32_t k)
{
    return l->sheet->model.outcomes[k].headline;
}

const char *tct_say_bound(const tacit_leak *l)
{
    bool shows_all = false;
    for (uint32_t k = 0; k < l->sheet->model.outcome_count; k++)
        shows_all |= l->told[TCT_LEAK_ME][k].shows_all;
    switch (l->reach) {
    case TCT_LEAK_EXACT:
        return shows_all ? "By lot, more different things can be shown than could be looked at "
                           "one by "
                           "one. What is said of them is the most that they could work out: it "
                           "may be "
                           "less."
                         : "";
    case TCT_LEAK_NEAR:
        return "There are too many ways to answer this sheet to look at all of them. What is "
               "said "
               "here is the most that they could work out: it may be less.";
    case TCT_LEAK_CERTAIN:
        return "There are too many ways to answer this sheet to count what each outcome tells. "
               "What is said here is certain; take it that they can work out more.";
    }
    return "";
}

/* ----------------------------------------------------------------------------- telling --- */

/* How much an outcome tells, over all answers of a side. */
typedef struct {
    uint32_t told,
        known;        /* answers of which something is ruled out; of which only one is left */
    bool always;      /* … in every case alike */
    uint32_t shifted; /* the answer whose odds move most, and by how much (of 1000) */
    uint32_t shift;
} summary;

static uint32_t values(const tacit_leak *l, int side, uint32_t v)
{
    return l->crowds[side].answers[v].allowed_count;
}

/* By how many thousandths do the odds of my answer change at most? */
static uint32_t shift_of(uint32_t before, const tct_finding *f)
{
    uint64_t up = f->highest > before ? f->highest - before : 0;
    uint64_t down = before > f->lowest ? before - f->lowest : 0;
    uint64_t most = up > down ? up : down;
    return before == 0 ? 0 : (uint32_t)(most * 1000 / before);
}

static summary sum_up(const tacit_leak *l, int side, uint32_t k)
{
    const tct_told *told = &l->told[side][k];
    summary s = {.always = true};
    for (uint32_t v = 1; v < l->crowds[side].answer_count; v++) {
        const tct_finding *f = &told->answers[v];
        if (f->left < values(l, side, v)) {
            s.told++;
            s.known += f->left == 1 && f->bound_by_view == 0;
            s.always &= f->most_left == f->left;
        }
        uint32_t shift = side == TCT_LEAK_ME && l->reach == TCT_LEAK_EXACT
                             ? shift_of(l->before[side][v], f)
                             : 0;
        if (shift > s.shift) {
            s.shift = shift;
            s.shifted = v;
        }
    }
    return s;
}

/* After "…" nothing is ruled out: but do the odds move? */
static void say_shift(const tacit_leak *l, uint32_t k, const summary *s, const tct_speaker *to)
{
    sentence w;
    tct_text *t = begin(&w);
    const tct_finding *f = &l->told[TCT_LEAK_ME][k].answers[s->shifted];
    uint32_t before = l->before[TCT_LEAK_ME][s->shifted];
    bool up = f->highest > before &&
              f->highest - before >= (before > f->lowest ? before - f->lowest : 0);
    if (s->shift == 0)
        return;
    if (s->shift < 20) {
        tct_text_add(t,
                     "It hardly changes what they would guess about any single answer: by less "
                     "than one part in fifty.");
    } else {
        tct_text_add(t, "At most it becomes %s in their eyes that you answered ",
                     up ? "likelier" : "less likely");
        tct_name_value(t, l, TCT_LEAK_ME, s->shifted,
                       tct_crowd_given(&l->crowds[TCT_LEAK_ME], s->shifted, l->answers));
        tct_text_add(t, " to ");
        tct_name_answer(t, l, TCT_LEAK_ME, s->shifted);
        tct_text_add(t, ": ");
        tct_name_odds(t, before);
        tct_text_add(t, " before, ");
        tct_name_odds(t, up ? f->highest : f->lowest);
        tct_text_add(t, " after.");
    }
    say(&w, to);
}

static void say_nothing_told(const tacit_leak *l, int side, uint32_t k, const summary *s,
                             const tct_speaker *to)
{
    sentence w;
    tct_text *t = begin(&w);
    const tct_told *told = &l->told[side][k];
    bool me = side == TCT_LEAK_ME;
    bool counted = l->reach == TCT_LEAK_EXACT || (!me && l->reach == TCT_LEAK_NEAR);
    const char *who = me ? "They" : "You", *whose = me ? "yours" : "theirs";
    if (counted && !told->sheets_lost && s->shift == 0 && me)
        tct_text_add(t, "They can rule out nothing, and nothing becomes likelier.");
    else if (counted && told->sheets_lost)
        tct_text_add(t,
                     "%s can rule out nothing about any single answer of %s, only some "
                     "combinations of them.",
                     who, whose);
    else
        tct_text_add(t, "%s can rule out nothing about any single answer of %s.", who, whose);
    say(&w, to);
    if (me)
        say_shift(l, k, s, to);
}

static void say_answer(const tacit_leak *l, int side, uint32_t k, uint32_t v,
                       const tct_speaker *to)
{
    sentence w;
    tct_text *t = begin(&w);
    const tct_finding *f = &l->told[side][k].answers[v];
    tct_name_answer(t, l, side, v);
    tct_text_add(t, ": ");
    if (f->bound_by_view != 0)
        tct_text_add(t, "%s the “%s” that you both see",
                     f->bound_by_view > 0 ? "at least" : "at most",
                     l->sheet->model.outcomes[k].reveals[0].id.text);
    else
        tct_name_values(t, l, side, v, f->possible);
    say(&w, to);
}

/* Those with one value left first. */
static void say_answers(const tacit_leak *l, int side, uint32_t k, const tct_speaker *to)
{
    const tct_told *told = &l->told[side][k];
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t v = 1; v < l->crowds[side].answer_count; v++) {
            uint32_t left = told->answers[v].left;
            if (left < values(l, side, v) && (left == 1) == (turn == 0))
                say_answer(l, side, k, v, to);
        }
}

/* "Not now" is told to whoever sees an outcome that nothing else leads to. */
static void say_not_now(const tacit_leak *l, int side, uint32_t k, const tct_speaker *to)
{
    const tct_finding *f = &l->told[side][k].answers[0];
    sentence w;
    tct_text *t = begin(&w);
    if (k != tct_model_otherwise(&l->sheet->model) || f->left > 1 || !f->possible[1] ||
        l->reach == TCT_LEAK_CERTAIN)
        return;
    tct_text_add(t, side == TCT_LEAK_ME
                        ? "They can tell that you said “not now”: nothing else leads there."
                        : "You can tell that they said “not now”: nothing else leads there.");
    say(&w, to);
}

/* How many different things can be shown with an outcome, for want of anything better; 0: unknown. */
static uint64_t pictures(const tacit_leak *l, uint32_t k)
{
    const tct_model *m = &l->sheet->model;
    uint64_t product = 1;
    for (uint32_t i = 0; i < m->outcomes[k].reveal_count; i++) {
        const tct_expr *e = m->outcomes[k].reveals[i].value;
        uint64_t here = 0;
        if (e->list_index >= 0 && m->lists[e->list_index].item_count < 20) {
            uint32_t n = m->lists[e->list_index].item_count;
            here = e->type == TCT_TYPE_ITEM ? n : (uint64_t)1 << n;
        }
        product = product < UINT32_MAX ? product * here : 0;
    }
    return product;
}

static void say_uncounted(const tacit_leak *l, int side, uint32_t k, const tct_speaker *to)
{
    sentence w;
    tct_text *t = begin(&w);
    uint64_t count = pictures(l, k);
    if (count > 1)
        tct_text_add(t, "What you both see is one of at most %llu possibilities. ",
                     (unsigned long long)count);
    tct_text_add(
        t,
        "%s can work out what it tells about %s answers; how much that is at worst was "
        "not counted.",
        side == TCT_LEAK_ME ? "They" : "You", side == TCT_LEAK_ME ? "your" : "their");
    say(&w, to);
}

/* "3 of your 5 answers, and something about 2 more" */
static void add_amount(tct_text *t, const tacit_leak *l, int side, const summary *s)
{
    const char *whose = side == TCT_LEAK_ME ? "your" : "their";
    uint32_t all = l->crowds[side].answer_count - 1, narrowed = s->told - s->known;
    if (all == 1)
        tct_text_add(t, "%s%s answer", s->known == 1 ? "" : "something about ", whose);
    else if (s->known == all && all == 2)
        tct_text_add(t, "both of %s answers", whose);
    else if (s->known == all)
        tct_text_add(t, "all %u of %s answers", all, whose);
    else if (s->known > 0)
        tct_text_add(t, "%u of %s %u answers", s->known, whose, all);
    if (all == 1 || narrowed == 0)
        return;
    if (s->known > 0)
        tct_text_add(t, ", and something about %u more", narrowed);
    else if (narrowed == all && all == 2)
        tct_text_add(t, "something about both of %s answers", whose);
    else if (narrowed == all)
        tct_text_add(t, "something about all %u of %s answers", all, whose);
    else
        tct_text_add(t, "something about %u of %s %u answers", narrowed, whose, all);
}

static void say_heading(const tacit_leak *l, int side, uint32_t k, const summary *s,
                        const tct_speaker *to)
{
    sentence w;
    tct_text *t = begin(&w);
    bool me = side == TCT_LEAK_ME;
    bool certain = l->reach == TCT_LEAK_CERTAIN;
    bool exact = !(me && l->reach == TCT_LEAK_NEAR) && !l->told[side][k].shows_all;
    if (certain || (s->always && exact)) {
        tct_text_add(t, me ? "They will know " : "You will know ");
        add_amount(t, l, side, s);
    } else if (me) {
        tct_text_add(t, "They can work out %s", exact ? "" : "no more than ");
        add_amount(t, l, side, s);
        tct_text_add(t, s->told == 1 ? ", at worst" : ", each in the worst case for it");
    } else {
        tct_text_add(t, "You may be able to work out ");
        add_amount(t, l, side, s);
        tct_text_add(t, ", at most");
    }
    tct_text_add(t, ":");
    say(&w, to);
}

void tct_say_told(const tacit_leak *l, int side, uint32_t k, const tct_speaker *to)
{
    const tct_told *told = &l->told[side][k];
    uint32_t otherwise = tct_model_otherwise(&l->sheet->model);
    if (!told->can_happen || l->crowds[side].answer_count == 0) {
        if (told->can_happen)
            say_uncounted(l, side, k, to);
        return;
    }
    if (told->cut_short) { /* what was not looked at may tell more */
        say_uncounted(l, side, k, to);
        return;
    }
    summary s = sum_up(l, side, k);
    say_not_now(l, side, k, to);
    if (s.told == 0 && (l->reach != TCT_LEAK_CERTAIN || k == otherwise))
        say_nothing_told(l, side, k, &s, to);
    if (l->reach == TCT_LEAK_CERTAIN && k != otherwise)
        say_uncounted(l, side, k, to);
    if (s.told > 0) {
        say_heading(l, side, k, &s, to);
        say_answers(l, side, k, to);
    }
}

/* ----------------------------------------------------------------------------- figures --- */

static void percent(tct_text *t, uint32_t millionths)
{
    tct_text_add(t, "%u.%u%u %%", millionths / 10000, millionths / 1000 % 10,
                 millionths / 100 % 10);
}

void tct_say_figures(const tacit_leak *l, uint32_t k, const tct_speaker *to)
{
    const tct_told *told = &l->told[TCT_LEAK_ME][k];
    if (!told->can_happen || l->reach != TCT_LEAK_EXACT)
        return;
    for (uint32_t v = 0; v < l->crowds[TCT_LEAK_ME].answer_count; v++) {
        const tct_finding *f = &told->answers[v];
        sentence w;
        tct_text *t = begin(&w);
        tct_name_answer(t, l, TCT_LEAK_ME, v);
        tct_text_add(t, ": your answer has odds of ");
        percent(t, l->before[TCT_LEAK_ME][v]);
        tct_text_add(t, " beforehand, of ");
        percent(t, f->lowest);
        if (f->highest != f->lowest) {
            tct_text_add(t, " to ");
            percent(t, f->highest);
        }
        tct_text_add(t, " afterwards; %u of %u values stay possible at worst", f->left,
                     values(l, TCT_LEAK_ME, v));
        say(&w, to);
    }
    sentence w;
    tct_text *t = begin(&w);
    tct_text_add(t, "Of all ways to answer, ");
    percent(t, tct_leak_millionths(told->sheets, (uint64_t)1 << 31));
    tct_text_add(t, " stay possible at worst");
    say(&w, to);
}

/* ------------------------------------------------------------------------- reflecting --- */

void tct_say_settled(const tacit_leak *l, const tct_speaker *to)
{
    const tct_crowd *c = &l->crowds[TCT_LEAK_ME];
    const tct_reflection *r = &l->reflection;
    uint32_t alone = 0, possible = 0, last = 0;
    sentence w;
    tct_text *t;
    for (uint32_t v = 0; v < c->answer_count; v++) {
        if (r->alone == NULL || r->alone[v] == 0)
            continue;
        alone++;
        t = begin(&w);
        if (v > 0) {
            tct_name_answer(t, l, TCT_LEAK_ME, v);
            tct_text_add(t, ": ");
        }
        tct_name_value(t, l, TCT_LEAK_ME, v, tct_crowd_given(c, v, l->answers));
        tct_text_add(t, " settles it alone: you both see “%s”", headline(l, r->alone[v] - 1u));
        say(&w, to);
    }
    for (uint32_t k = 0; k < l->sheet->model.outcome_count; k++)
        if (r->needs[k].can_happen) {
            possible++;
            last = k;
        }
    t = begin(&w);
    if (alone > 0)
        return;
    if (possible == 1 && l->reach != TCT_LEAK_CERTAIN)
        tct_text_add(
            t, "None of your answers settles it alone, but together they do: you both see “%s”",
            headline(l, last));
    else
        tct_text_add(t, "None of your answers settles it: it depends on theirs.");
    say(&w, to);
}

/* Answers of theirs that outcome k takes, one line each. */
static void say_wanted(const tacit_leak *l, uint32_t k, const tct_speaker *to)
{
    const tct_crowd *c = &l->crowds[TCT_LEAK_THEM];
    const uint8_t *possible = l->reflection.needs[k].possible;
    for (uint32_t v = 1; v < c->answer_count; v++) {
        const tct_crowd_answer *a = &c->answers[v];
        bool all = true;
        for (uint32_t atom = 0; atom < a->atom_count; atom++)
            all &= possible[a->first_atom + atom] != 0;
        if (all)
            continue;
        sentence w;
        tct_text *t = begin(&w);
        tct_name_answer(t, l, TCT_LEAK_THEM, v);
        tct_text_add(t, ": ");
        tct_name_values(t, l, TCT_LEAK_THEM, v, possible + a->first_atom);
        say(&w, to);
    }
}

/* Does everything that they may answer lead elsewhere? */
static bool only_not_now(const tacit_leak *l)
{
    const tct_finding *f =
        &l->told[TCT_LEAK_THEM][tct_model_otherwise(&l->sheet->model)].answers[0];
    return l->reach != TCT_LEAK_CERTAIN && f->seen && f->left == 1 && f->possible[1];
}

/* A yes may still be turned into a no. */
static void add_chance(tct_text *t, const tacit_leak *l, const char *end)
{
    const tct_outcome *o = &l->sheet->model.outcomes[tct_model_otherwise(&l->sheet->model)];
    if (o->chance_n != 0)
        tct_text_add(t, " (even then it is “%s” by chance, %u time%s in %u)", o->headline,
                     o->chance_k, o->chance_k == 1 ? "" : "s", o->chance_n);
    tct_text_add(t, "%s", end);
}

void tct_say_needs(const tacit_leak *l, uint32_t k, const tct_speaker *to)
{
    const tct_model *m = &l->sheet->model;
    uint32_t otherwise = tct_model_otherwise(m), possible = 0;
    bool some = false;
    sentence w;
    tct_text *t = begin(&w);
    const tct_crowd *c = &l->crowds[TCT_LEAK_THEM];
    for (uint32_t i = 0; i < m->outcome_count; i++)
        possible += l->reflection.needs[i].can_happen;
    for (uint32_t i = c->answer_count == 0 ? 0 : c->answers[0].atom_count; i < c->atom_count;
         i++)
        some |= !l->reflection.needs[k].possible[i];
    if (!l->reflection.needs[k].can_happen)
        tct_text_add(t, "With these answers it cannot happen.");
    else if (possible == 1)
        tct_text_add(t, "Whatever they answer.");
    else if (k == otherwise && only_not_now(l))
        tct_text_add(t, "Only if they say “not now”.");
    else if (k == otherwise)
        tct_text_add(t, "If they answer anything else, or say “not now”.");
    else if (l->reflection.needs[k].all) {
        tct_text_add(t, "Whatever they answer, as long as they do not say “not now”");
        add_chance(t, l, ".");
    } else if (!some) {
        tct_text_add(t, "It depends on how their answers go together with yours: no single one "
                        "of theirs is needed");
        add_chance(t, l, ".");
    } else if (l->reflection.needs[k].enough) {
        tct_text_add(t, "If they answer as follows");
        add_chance(t, l, ":");
    } else {
        tct_text_add(t,
                     "It takes at least this, and that their answers go together with yours");
        add_chance(t, l, ":");
    }
    say(&w, to);
    if (some && possible > 1 && k != otherwise && l->reflection.needs[k].can_happen)
        say_wanted(l, k, to);
}
