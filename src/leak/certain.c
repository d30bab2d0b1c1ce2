/* SPDX-License-Identifier: ISC
 *
 * What the rule alone tells, for want of looking at pairs: an answer that keeps an outcome from
 * happening, whatever else is answered, is ruled out when it happens.  More may be; but after
 * `otherwise` no single answer ever is, since "not now" leads there with any of them.
 */
#include <string.h>

#include "leak/state.h"

static void set_mine(tacit_leak *l, tct_residue *r)
{
    const tct_crowd *c = &l->crowds[TCT_LEAK_ME];
    const tct_model *m = &l->sheet->model;
    tct_residue_set(r, l->person, UINT32_MAX, l->answers->not_now);
    for (uint32_t i = 0; i < m->slot_count && c->model != NULL; i++)
        if (l->answers->given[i] && !l->answers->not_now)
            tct_residue_set(r, l->person, i, l->answers->value[i]);
}

static bool may_happen(const tct_residue *r, uint32_t k)
{
    return k == tct_model_otherwise(r->g->model) || r->hi[r->g->chosen[k]] != 0;
}

/* Which values of an answer go with which outcome, by what `both` says once it is set. */
static void find_answer(tacit_leak *l, int side, uint32_t v)
{
    const tct_crowd *c = &l->crowds[side];
    const tct_model *m = &l->sheet->model;
    tct_residue *r = &l->both;
    for (uint32_t atom = 0; atom < c->answers[v].atom_count; atom++) {
        tct_residue_set(r, c->person, c->answers[v].slot, tct_crowd_example(c, v, atom));
        tct_residue_update(r, r->order, r->order_count);
        for (uint32_t k = 0; k < m->outcome_count; k++) {
            tct_finding *f = &l->told[side][k].answers[v];
            f->seen = true;
            f->possible[atom] = may_happen(r, k);
            f->left += f->possible[atom] ? tct_crowd_size(c, v, atom) : 0;
            f->most_left = f->left;
        }
    }
}

enum { LOOKS_MAX = 1 << 28 };

void tct_certain_find(tacit_leak *l)
{
    const tct_model *m = &l->sheet->model;
    tct_residue *r = &l->both;
    tct_residue_forget(r, 0);
    tct_residue_forget(r, 1);
    set_mine(l, r);
    tct_residue_update(r, r->order, r->order_count);
    for (uint32_t k = 0; k < m->outcome_count; k++)
        l->told[0][k].can_happen = l->told[1][k].can_happen = may_happen(r, k);
    uint64_t looks = 0;
    for (int side = 0; side < 2; side++)
        looks += l->crowds[side].atom_count * (uint64_t)(r->order_count + 1);
    if (looks > LOOKS_MAX) { /* a stranger's rule, made to take long */
        l->crowds[0].answer_count = l->crowds[1].answer_count = 0;
        l->crowds[0].atom_count = l->crowds[1].atom_count = 0;
        return;
    }
    for (int side = 0; side < 2; side++)
        for (uint32_t v = 0; v < l->crowds[side].answer_count; v++) {
            /* They know their own answers, not mine; I know mine. */
            tct_residue_forget(r, 0);
            tct_residue_forget(r, 1);
            if (side == TCT_LEAK_THEM)
                set_mine(l, r);
            find_answer(l, side, v);
        }
}
