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

/* Which values of an answer go with outcome k, by what `both` says once it is set. */
static void find_answer(tacit_leak *l, int side, uint32_t v, uint32_t k)
{
    const tct_crowd *c = &l->crowds[side];
    tct_finding *f = &l->told[side][k].answers[v];
    tct_residue *r = &l->both;
    bool otherwise = k == tct_model_otherwise(&l->sheet->model);
    f->seen = true;
    for (uint32_t atom = 0; atom < c->answers[v].atom_count; atom++) {
        tct_residue_set(r, c->person, c->answers[v].slot, tct_crowd_example(c, v, atom));
        tct_residue_update(r, r->order, r->order_count);
        f->possible[atom] = otherwise || may_happen(r, k);
        f->left += f->possible[atom] ? tct_crowd_size(c, v, atom) : 0;
        if (otherwise)
            continue;
    }
    f->most_left = f->left;
    tct_residue_forget(r, c->person);
}

void tct_certain_find(tacit_leak *l)
{
    const tct_model *m = &l->sheet->model;
    tct_residue *r = &l->both;
    bool can_happen[TCT_OUTCOMES_MAX];
    tct_residue_forget(r, 0);
    tct_residue_forget(r, 1);
    set_mine(l, r);
    tct_residue_update(r, r->order, r->order_count);
    for (uint32_t k = 0; k < m->outcome_count; k++)
        can_happen[k] = may_happen(r, k);
    for (int side = 0; side < 2; side++)
        for (uint32_t k = 0; k < m->outcome_count; k++) {
            l->told[side][k].can_happen = can_happen[k];
            for (uint32_t v = 0; can_happen[k] && v < l->crowds[side].answer_count; v++) {
                /* They know their own answers, not mine; I know mine. */
                tct_residue_forget(r, l->person);
                if (side == TCT_LEAK_THEM)
                    set_mine(l, r);
                find_answer(l, side, v, k);
            }
        }
}
