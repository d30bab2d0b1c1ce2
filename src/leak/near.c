/* SPDX-License-Identifier: ISC
 *
 * Answer sheets near my own: one answer changed, with what must then change beside it; and each of
 * these with "not now", or with one other question answered otherwise.  Answer by answer, so that what
 * stays as it is is known, and there are few of theirs that differ against it.
 *
 * What is possible for one of them stays possible; so a preview over these alone never understates
 * what can be ruled out.
 */
#include <string.h>

#include "leak/state.h"
#include "rule/allowed.h"

enum { REPAIRS_MAX = 4, ATOMS_MAX = 256 };

typedef struct {
    tacit_leak *l;
    const tct_crowd *crowd;
    int64_t *slots; /* of the one at hand */
    int64_t *own;
    bool not_now;
} maker;

static bool allowed(const maker *k)
{
    const tct_model *m = k->crowd->model;
    for (uint32_t i = 0; i < m->question_count; i++)
        if (m->questions[i].person != !k->crowd->person &&
            !tct_question_allowed(m, &m->questions[i], k->slots))
            return false;
    return true;
}

/* Takes down the one at hand. */
static void add(maker *k)
{
    tct_near *near = &k->l->near;
    const tct_crowd *c = k->crowd;
    if (near->count == near->room)
        return;
    tct_table_enter(&k->l->table, &k->l->people[TCT_LEAK_ME], c->person, near->count, k->slots,
                    k->not_now);
    for (uint32_t v = 0; v < c->answer_count; v++) {
        uint32_t slot = c->answers[v].slot;
        int64_t value = slot == UINT32_MAX ? k->not_now : k->slots[slot];
        uint32_t atom = c->answers[v].first_atom + tct_crowd_atom(c, v, value);
        near->atoms[near->count * near->words + atom / 64] |= (uint64_t)1 << atom % 64;
        if (slot != UINT32_MAX)
            near->varied[slot] |= value != k->own[slot];
    }
    near->count++;
}

/* The one at hand, and what else one can make of it without touching question q. */
static void add_with_others(maker *k, uint32_t q)
{
    const tct_crowd *c = k->crowd;
    if (!allowed(k))
        return;
    add(k);
    for (uint32_t v = 1; v < c->answer_count && !k->not_now; v++) {
        const tct_crowd_answer *a = &c->answers[v];
        int64_t kept = k->slots[a->slot];
        if (a->question == q || a->atom_count > 32 ||
            tct_crowd_tied(&c->model->questions[a->question]))
            continue;
        for (uint32_t atom = 0; atom < a->atom_count; atom++) {
            k->slots[a->slot] = tct_crowd_example(c, v, atom);
            if (atom != tct_crowd_atom(c, v, kept))
                add(k);
        }
        k->slots[a->slot] = kept;
    }
}

/* Answer number v has become `value`: puts another answer of its question right. */
static void repair(maker *k, const tct_crowd_answer *a, int64_t before, int64_t value)
{
    const tct_model *m = k->crowd->model;
    const tct_question *q = &m->questions[a->question];
    uint32_t found = 0;
    for (uint32_t s = q->first_slot; s < q->first_slot + q->slot_count; s++) {
        int64_t kept = k->slots[s];
        uint64_t tries = q->kind == TACIT_CHOICE ? q->option_count : 1;
        if (s == a->slot || found == REPAIRS_MAX)
            continue;
        for (uint64_t i = 0; i < tries && found < REPAIRS_MAX; i++) {
            k->slots[s] = q->kind == TACIT_POINTS   ? kept - (value - before)
                          : q->kind == TACIT_CHOICE ? (int64_t)i
                                                    : before;
            if ((q->kind == TACIT_RANKING && kept != value) || k->slots[s] == kept ||
                !tct_slot_allowed(m, q, k->slots[s]) || !allowed(k))
                continue;
            found++;
            add_with_others(k, a->question);
        }
        k->slots[s] = kept;
    }
}

/* Points that no single other item can give or take: by all of them, in order. */
static void spread(maker *k, const tct_crowd_answer *a, int64_t before, int64_t value)
{
    const tct_question *q = &k->crowd->model->questions[a->question];
    int64_t kept[TCT_ITEMS_MAX], owed = value - before;
    if (q->kind != TACIT_POINTS)
        return;
    memcpy(kept, k->slots + q->first_slot, q->slot_count * sizeof *kept);
    for (uint32_t s = q->first_slot; s < q->first_slot + q->slot_count; s++) {
        if (s == a->slot)
            continue;
        int64_t there = k->slots[s], room = q->total - there;
        int64_t take = owed > there ? there : owed < -room ? -room : owed;
        k->slots[s] -= take;
        owed -= take;
    }
    add_with_others(k, a->question);
    memcpy(k->slots + q->first_slot, kept, q->slot_count * sizeof *kept);
}

static void vary(maker *k, uint32_t v)
{
    const tct_crowd_answer *a = &k->crowd->answers[v];
    int64_t before = k->slots[a->slot];
    uint32_t own = tct_crowd_atom(k->crowd, v, before);
    /* Of very many values some, evenly. */
    uint32_t stride = (a->atom_count + ATOMS_MAX - 1) / ATOMS_MAX;
    for (uint32_t atom = 0; atom < a->atom_count; atom += stride) {
        int64_t value = tct_crowd_example(k->crowd, v, atom);
        uint32_t count = k->l->near.count;
        if (atom == own || count == k->l->near.room)
            continue;
        k->slots[a->slot] = value;
        add_with_others(k, a->question);
        if (k->l->near.count == count)
            repair(k, a, before, value);
        if (k->l->near.count == count)
            spread(k, a, before, value);
        k->slots[a->slot] = before;
    }
}

/* What of mine is the same in all of them. */
static void know(tacit_leak *l, const maker *k)
{
    tct_residue *r = &l->both;
    tct_residue_forget(r, 0);
    tct_residue_forget(r, 1);
    for (uint32_t i = 0; i < k->crowd->model->slot_count; i++)
        if (!l->near.varied[i])
            tct_residue_set(r, l->person, i, k->own[i]);
    if (l->near.count == 1)
        tct_residue_set(r, l->person, UINT32_MAX, l->answers->not_now);
    tct_residue_update(r, r->order, r->order_count);
}

tct_err tct_near_make(tacit_leak *l)
{
    const tct_crowd *c = &l->crowds[TCT_LEAK_ME];
    uint32_t slots = c->model->slot_count;
    maker k = {.l = l, .crowd = c, .slots = l->slots};
    l->near.room = TCT_NEAR_MAX;
    l->near.count = 0;
    l->near.words = (c->atom_count + 63) / 64;
    l->near.atoms =
        tct_arena_take(&l->arena, (size_t)TCT_NEAR_MAX * l->near.words, sizeof(uint64_t));
    l->near.varied = tct_arena_take(&l->arena, slots + 1, 1);
    k.own = tct_arena_take(&l->arena, slots + 1, sizeof *k.own);
    if (l->near.atoms == NULL || l->near.varied == NULL || k.own == NULL)
        return TCT_ERR_MEMORY;
    tct_err err = tct_table_people_init(&l->table, &l->people[TCT_LEAK_ME], &l->arena,
                                        c->person, TCT_NEAR_MAX);
    if (err != TCT_OK)
        return err;
    for (uint32_t i = 0; i < slots; i++)
        k.own[i] = k.slots[i] =
            l->answers->not_now ? l->sheet->defaults[i] : l->answers->value[i];
    k.not_now = l->answers->not_now;
    add(&k); /* my own comes first */
    for (int turn = 0; turn < 2 && l->near.answer < c->answer_count; turn++) {
        k.not_now = turn == 0; /* first those that make everything possible after a no */
        add_with_others(&k, UINT32_MAX);
        if (l->near.answer > 0)
            vary(&k, l->near.answer);
    }
    l->people[TCT_LEAK_ME].count = l->near.count;
    know(l, &k);
    return TCT_OK;
}
