/* SPDX-License-Identifier: ISC
 *
 * Facts about a rule that need no look at all pairs.
 *
 * Method   Some hundred drawn answer sheets of each person, against each other: what they show can
 *          happen (a witness).  That something can never happen, or always, is shown by intervals:
 *          the rule with some answers known, and all others open (residue.h).  What neither shows
 *          stays open.
 */
#include <string.h>

#include "leak/draw.h"
#include "leak/facts.h"
#include "rule/allowed.h"

enum {
    BASES =
        96, /* drawn sheets of a person; and of some of them copies that differ in one question */
    SHEETS_MAX = 1024,
    COPIED = 32,
    VALUES_TRIED = 64,
    EVEN = 9,  /* that answer everything alike */
    LEADS = 3, /* pairs that lead to an outcome */
    LEAD_TRIES = 24,
    LOOKS_MAX = 1 << 25, /* nodes looked at, in all */
};
static const uint64_t ROWS_WORK_MAX = (uint64_t)1 << 26;

typedef struct {
    uint32_t count, bases;
    int64_t *slots;             /* [sheet][slot] */
    uint32_t *base;             /* by sheet: of which it is a copy */
    uint8_t *question;          /* … that differs in this one */
    uint64_t *sights;           /* scratch by sheet */
    uint8_t *accepts, *refuses; /* by base: what the other's sheets show of it */
    tct_table_people people;
    tct_table_row row;
} party;

typedef struct {
    tacit_leak *l;
    tct_drawer d;
    party of[2];
    uint32_t happened; /* by outcome */
    uint64_t matters[2], looks, look_work;
    bool constant;  /* whatever is answered, the outcome is the same */
    bool swayed[2]; /* this person's answers were seen to change the outcome */
} prover;

static const tct_model *model(const prover *p)
{
    return &p->l->sheet->model;
}

static int64_t *sheet_of(const prover *p, int person, uint32_t i)
{
    return p->of[person].slots + (size_t)i * (model(p)->slot_count + 1);
}

/* --------------------------------------------------------------------------- intervals --- */

/* Nobody says "not now", and nothing else is known. */
static void open_all(prover *p)
{
    for (int person = 0; person < 2; person++) {
        tct_residue_forget(&p->l->both, person);
        tct_residue_set(&p->l->both, person, UINT32_MAX, 0);
    }
}

static void look(prover *p)
{
    tct_residue *r = &p->l->both;
    tct_residue_update(r, r->order, r->order_count);
    p->looks += p->look_work;
}

static bool spent(const prover *p)
{
    return p->looks > LOOKS_MAX;
}

static void set_question(prover *p, int person, const tct_question *q, const int64_t *slots)
{
    for (uint32_t s = q->first_slot; s < q->first_slot + q->slot_count; s++)
        tct_residue_set(&p->l->both, person, s, slots[s]);
}

/* A person's answers, but for those to one question (or to none: UINT32_MAX). */
static void set_sheet(prover *p, int person, const int64_t *slots, uint32_t but)
{
    for (uint32_t i = 0; i < model(p)->question_count; i++)
        if (i != but && model(p)->questions[i].person != !person)
            set_question(p, person, &model(p)->questions[i], slots);
}

static bool only_otherwise(const prover *p)
{
    const tct_residue *r = &p->l->both;
    bool none = true;
    for (uint32_t k = 0; k < tct_model_otherwise(model(p)); k++)
        none &= r->hi[r->g->chosen[k]] == 0;
    return none;
}

static bool never_otherwise(const prover *p)
{
    const tct_residue *r = &p->l->both;
    bool some = false;
    for (uint32_t k = 0; k < tct_model_otherwise(model(p)); k++)
        some |= r->lo[r->g->chosen[k]] != 0;
    return some;
}

/* ------------------------------------------------------------------------------ sheets --- */

static bool keep(prover *p, int person, const int64_t *slots, uint32_t base, uint32_t question)
{
    party *o = &p->of[person];
    if (o->count == SHEETS_MAX)
        return false;
    memcpy(sheet_of(p, person, o->count), slots, model(p)->slot_count * sizeof *slots);
    o->base[o->count] = base == UINT32_MAX ? o->count : base;
    o->question[o->count++] = (uint8_t)question;
    return true;
}

/* One answer after the other, none of which keeps outcome k from happening. */
static bool lead_slots(prover *p, int person, const tct_question *q, uint32_t k)
{
    tct_residue *r = &p->l->both;
    for (uint32_t s = q->first_slot; s < q->first_slot + q->slot_count; s++) {
        bool found = false;
        for (uint32_t i = 0; i < 16 && !found && !spent(p); i++) {
            tct_residue_set(r, person, s, tct_draw_value(&p->d, q));
            if (!tct_crowd_standing(model(p), q, s, r->of[person].values, NULL))
                continue;
            look(p);
            found = r->hi[r->g->chosen[k]] != 0;
        }
        if (!found)
            return false;
    }
    return true;
}

static bool lead_question(prover *p, int person, const tct_question *q, uint32_t k,
                          int64_t *slots)
{
    tct_residue *r = &p->l->both;
    if (q->kind == TACIT_CHOICE || q->kind == TACIT_NUMBER)
        return lead_slots(p, person, q, k);
    for (uint32_t i = 0; i < 16 && !spent(p); i++) {
        tct_draw_question(&p->d, q, UINT32_MAX, slots);
        set_question(p, person, q, slots);
        look(p);
        if (r->hi[r->g->chosen[k]] != 0)
            return true;
    }
    return false;
}

/* A pair of sheets with outcome k. */
static bool lead_to(prover *p, uint32_t k)
{
    tct_residue *r = &p->l->both;
    int first = (int)tct_draw_below(&p->d, 2);
    open_all(p);
    for (int turn = 0; turn < 2; turn++) {
        int person = turn ^ first;
        memcpy(p->l->slots, p->l->sheet->defaults, model(p)->slot_count * sizeof *p->l->slots);
        for (uint32_t i = 0; i < model(p)->question_count; i++)
            if (model(p)->questions[i].person != !person &&
                !lead_question(p, person, &model(p)->questions[i], k, p->l->slots))
                return false;
    }
    if (r->lo[r->g->chosen[k]] == 0)
        return false;
    bool room = keep(p, 0, r->of[0].values, UINT32_MAX, 0);
    return keep(p, 1, r->of[1].values, UINT32_MAX, 0) && room;
}

/* Sheets that lead somewhere, plain ones, any others, and copies of some with another answer to one question. */
static void draw_sheets(prover *p, uint32_t bases)
{
    const tct_model *m = model(p);
    for (uint32_t k = 0; k < tct_model_otherwise(m); k++)
        for (uint32_t i = 0, found = 0; i < LEAD_TRIES && found < LEADS && !spent(p); i++)
            found += lead_to(p, k);
    for (int person = 0; person < 2; person++) {
        party *o = &p->of[person];
        for (uint64_t i = 0; i < EVEN; i++) {
            tct_draw_even(&p->d, person, i + 1 == EVEN ? UINT64_MAX : i, p->l->slots);
            (void)keep(p, person, p->l->slots, UINT32_MAX, 0);
        }
        while (o->count < bases) {
            tct_draw_sheet(&p->d, person, p->l->slots);
            (void)keep(p, person, p->l->slots, UINT32_MAX, 0);
        }
        o->bases = o->count;
        uint32_t room = (SHEETS_MAX - o->bases) / (2 * m->question_count);
        uint32_t copied = room < COPIED ? room : COPIED;
        copied = copied < bases ? copied : bases;
        for (uint32_t i = 0; i < 2 * copied; i++)
            for (uint32_t q = 0; q < m->question_count; q++) {
                if (m->questions[q].person == !person)
                    continue;
                memcpy(p->l->slots, sheet_of(p, person, i / 2),
                       m->slot_count * sizeof *p->l->slots);
                tct_draw_question(&p->d, &m->questions[q], UINT32_MAX, p->l->slots);
                (void)keep(p, person, p->l->slots, i / 2, q);
            }
    }
}

/* --------------------------------------------------------------------------- witnesses --- */

static tct_err enter(prover *p)
{
    tacit_leak *l = p->l;
    for (int person = 0; person < 2; person++) {
        party *o = &p->of[person];
        tct_err err = tct_table_people_init(&l->table, &o->people, &l->arena, person, o->count);
        if (err == TCT_OK)
            err = tct_table_row_init(&l->table, &o->row, &l->arena, o->count);
        for (uint32_t i = 0; i < o->count && err == TCT_OK; i++)
            tct_table_enter(&l->table, &o->people, person, i, sheet_of(p, person, i), false);
        if (err != TCT_OK)
            return err;
    }
    return TCT_OK;
}

/* All sheets of a person against one of the other's. */
static void note(prover *p, int person, uint32_t other)
{
    party *o = &p->of[person], *others = &p->of[1 - person];
    uint32_t otherwise = tct_model_otherwise(model(p));
    tct_table_fill(&p->l->table, &o->row, person, &o->people, &others->people, other);
    for (uint32_t i = 0; i < o->count; i++) {
        uint32_t outcome = o->row.outcome[i], base = o->base[i];
        p->happened |= (uint32_t)1 << outcome;
        o->sights[i] = tct_facts_sight(p->l, &o->row, i);
        if (o->sights[i] != o->sights[base])
            p->matters[person] |= (uint64_t)1 << o->question[i];
        p->swayed[person] |= outcome != o->row.outcome[0];
        if (outcome == otherwise)
            others->refuses[other] = 1;
        else
            others->accepts[other] = 1;
    }
}

/* As many sheets as there is time for. */
static bool witness(prover *p)
{
    tacit_leak *l = p->l;
    size_t slots = model(p)->slot_count + (size_t)1;
    for (int person = 0; person < 2; person++) {
        party *o = &p->of[person];
        o->slots = tct_arena_take(&l->arena, SHEETS_MAX * slots, sizeof *o->slots);
        o->base = tct_arena_take(&l->arena, SHEETS_MAX, sizeof *o->base);
        o->question = tct_arena_take(&l->arena, SHEETS_MAX, 1);
        o->sights = tct_arena_take(&l->arena, SHEETS_MAX, sizeof *o->sights);
        o->accepts = tct_arena_take(&l->arena, SHEETS_MAX, 1);
        o->refuses = tct_arena_take(&l->arena, SHEETS_MAX, 1);
        if (o->slots == NULL || o->base == NULL || o->question == NULL || o->sights == NULL ||
            o->accepts == NULL || o->refuses == NULL)
            return false;
    }
    draw_sheets(p, BASES);
    if (enter(p) != TCT_OK)
        return false;
    for (int person = 0; person < 2; person++) {
        uint64_t cost = tct_table_work(&l->table, p->of[person].count), work = 0;
        for (uint32_t j = 0; j < p->of[1 - person].bases && work < ROWS_WORK_MAX; j++) {
            note(p, person, j);
            work += cost;
        }
    }
    return true;
}

/* ------------------------------------------------------------------------------- cover --- */

/* Somebody with any answer to question q may have kept everything from happening by their others. */
static bool kept_by_others(prover *p, int person, uint32_t q)
{
    for (uint32_t i = 0; i < p->of[person].bases && !spent(p); i++) {
        open_all(p);
        set_sheet(p, person, sheet_of(p, person, i), q);
        look(p);
        if (only_otherwise(p))
            return true;
    }
    return false;
}

/* The same for each value of each answer to q, by sheets that have it. */
static bool kept_by_each(prover *p, int person, uint32_t q)
{
    const tct_question *question = &model(p)->questions[q];
    const party *o = &p->of[person];
    uint64_t values = tct_slot_values(model(p), question);
    for (uint32_t s = question->first_slot; s < question->first_slot + question->slot_count;
         s++)
        for (uint64_t v = 0; v < values; v++) {
            bool kept = false;
            for (uint32_t i = 0; i < o->count && !kept && values <= VALUES_TRIED; i++) {
                const int64_t *sheet = sheet_of(p, person, i);
                if (sheet[s] != tct_slot_value(question, v) || spent(p))
                    continue;
                open_all(p);
                set_sheet(p, person, sheet, UINT32_MAX);
                look(p);
                kept = only_otherwise(p);
            }
            if (!kept)
                return false;
        }
    return true;
}

/* Somebody who would have agreed, and an answer to q that keeps them from seeing `otherwise`. */
static bool found_uncovered(prover *p, int person, uint32_t q)
{
    const tct_question *question = &model(p)->questions[q];
    const party *o = &p->of[person], *others = &p->of[1 - person];
    for (uint32_t j = 0; j < others->bases; j++) {
        if (!others->accepts[j] || !others->refuses[j])
            continue;
        for (uint32_t i = 0; i < o->bases && i < COPIED; i++)
            for (uint32_t s = question->first_slot;
                 s < question->first_slot + question->slot_count && !spent(p); s++) {
                open_all(p);
                set_sheet(p, 1 - person, sheet_of(p, 1 - person, j), UINT32_MAX);
                tct_residue_set(&p->l->both, person, s, sheet_of(p, person, i)[s]);
                look(p);
                if (never_otherwise(p))
                    return true;
            }
    }
    return false;
}

static void prove_cover(prover *p, const uint64_t asked[2])
{
    tacit_leak_facts *f = &p->l->facts;
    const tct_outcome *o = &model(p)->outcomes[tct_model_otherwise(model(p))];
    if (p->constant || p->l->table.chance != 0)
        return; /* nobody who could have agreed sees it; or anybody may */
    for (int person = 0; person < 2; person++)
        for (uint32_t q = 0; q < model(p)->question_count; q++) {
            if (((asked[person] & ~o->tells_of) >> q & 1) == 0)
                continue;
            if (kept_by_others(p, person, q) || kept_by_each(p, person, q))
                continue;
            if (found_uncovered(p, person, q))
                f->uncovered[person] |= (uint64_t)1 << q;
            else
                f->open |= TACIT_OPEN_COVER;
        }
}

/* --------------------------------------------------------------------------- conclusions --- */

/* Questions that the rule uses at all. */
static void find_asked(const tacit_leak *l, uint64_t asked[2])
{
    for (uint32_t i = 0; i < l->both.order_count; i++)
        for (int p = 0; p < 2; p++)
            asked[p] |= tct_graph_at(&l->sheet->graph, l->both.order[i])->questions[p] &
                        ~TCT_NOT_NOW_BIT;
}

static void conclude_outcomes(prover *p)
{
    tacit_leak_facts *f = &p->l->facts;
    const tct_residue *r = &p->l->both;
    uint32_t otherwise = tct_model_otherwise(model(p));
    open_all(p);
    look(p);
    f->can_happen = p->happened | (uint32_t)1 << otherwise;
    for (uint32_t k = 0; k < otherwise; k++) {
        if (r->hi[r->g->chosen[k]] == 0 || (f->can_happen >> k & 1) != 0)
            continue;
        f->can_happen |= (uint32_t)1 << k; /* as far as is known */
        f->open |= TACIT_OPEN_OUTCOMES;
    }
}

static void conclude_decides(prover *p)
{
    tacit_leak_facts *f = &p->l->facts;
    const tct_graph *g = &p->l->sheet->graph;
    for (int person = 0; person < 2 && !p->constant; person++) {
        bool alone = true;
        for (uint32_t k = 0; k < tct_model_otherwise(model(p)); k++)
            alone &=
                (tct_graph_at(g, g->chosen[k])->questions[1 - person] & ~TCT_NOT_NOW_BIT) == 0;
        if (p->swayed[1 - person])
            continue; /* the other's answers count */
        if (alone && p->swayed[person])
            f->decides[person] = true;
        else
            f->open |= TACIT_OPEN_DECIDES;
    }
}

void tct_facts_prove(tacit_leak *l)
{
    prover p = {.l = l};
    uint64_t asked[2] = {0, 0};
    l->facts = (tacit_leak_facts){0};
    tct_drawer_init(&p.d, l->sheet);
    find_asked(l, asked);
    p.look_work = 64;
    for (uint32_t i = 0; i < l->both.order_count; i++)
        p.look_work += 1 + tct_graph_at(&l->sheet->graph, l->both.order[i])->kid_count;
    open_all(&p);
    look(&p);
    p.constant = only_otherwise(&p) || never_otherwise(&p);
    bool drawn = l->has_table && witness(&p);
    conclude_outcomes(&p);
    conclude_decides(&p);
    for (int person = 0; person < 2; person++) {
        l->facts.matters[person] = asked[person];
        if ((asked[person] & ~p.matters[person]) != 0)
            l->facts.open |= TACIT_OPEN_MATTERS;
    }
    if (drawn)
        prove_cover(&p, asked);
    else
        l->facts.open |= TACIT_OPEN_COVER | TACIT_OPEN_TOLD;
    for (uint32_t k = 0; k < tct_model_otherwise(&l->sheet->model); k++)
        if (l->has_table && tct_facts_plain(&l->table, k) && tct_facts_revealed(l, k) != 0)
            l->facts.open |= TACIT_OPEN_TOLD;
    l->facts.exact = l->facts.open == 0;
}
