/* SPDX-License-Identifier: ISC
 *
 * For whoever thinks alone: what already settles it, and what each outcome would take.
 */
#include <string.h>

#include "leak/state.h"

/* Outcomes that one answer alone leaves possible, by the rule. */
static uint8_t settled_by(tacit_leak *l, uint32_t v)
{
    const tct_crowd *c = &l->crowds[TCT_LEAK_ME];
    tct_residue *r = &l->both;
    const tct_graph *g = r->g;
    uint32_t otherwise = tct_model_otherwise(g->model);
    tct_residue_forget(r, 0);
    tct_residue_forget(r, 1);
    tct_residue_set(r, c->person, c->answers[v].slot, tct_crowd_given(c, v, l->answers));
    tct_residue_update(r, r->order, r->order_count);
    for (uint32_t k = 0; k < otherwise; k++)
        if (r->hi[g->chosen[k]] != 0)
            return r->lo[g->chosen[k]] != 0 ? (uint8_t)(k + 1) : 0;
    return (uint8_t)(otherwise + 1);
}

/* Do all answer sheets of theirs whose every answer is possible lead to what l->odds marks? */
static bool any_together(tacit_leak *l, const uint8_t *possible)
{
    const tct_crowd *c = &l->crowds[TCT_LEAK_THEM];
    uint32_t *here = c->scratch[0], *next = c->scratch[1];
    here[0] = 1;
    for (uint32_t v = 0; v < c->answer_count; v++) {
        const tct_crowd_answer *a = &c->answers[v];
        const tct_crowd_layer *layer = &c->layers[v];
        memset(next, 0, c->layers[v + 1].states * sizeof *next);
        for (uint32_t s = 0; s < layer->states; s++)
            for (uint32_t k = 0; here[s] != 0 && k < a->atom_count; k++) {
                uint32_t to = layer->next[(size_t)s * a->atom_count + k];
                if (to != TCT_CROWD_NONE && possible[a->first_atom + k])
                    next[to] = 1;
            }
        uint32_t *t = here;
        here = next;
        next = t;
    }
    for (uint32_t i = 0; i < c->classes; i++)
        if (here[i] != 0 && l->odds[i] == 0)
            return false;
    return true;
}

static void find_needs(tacit_leak *l, uint32_t k)
{
    const tct_crowd *c = &l->crowds[TCT_LEAK_THEM];
    const tct_table_row *row = &l->row_of_them;
    bool all = true, any = false;
    for (uint32_t i = 0; i < c->classes; i++) {
        l->odds[i] = row->outcome[i] == k ? TCT_LIKELY_ONE : 0;
        any |= l->odds[i] != 0;
    }
    l->reflection.needs[k].can_happen = any;
    tct_crowd_project(c, l->odds, l->mass);
    uint8_t *possible = l->reflection.needs[k].possible;
    for (uint32_t i = 0; i < c->atom_count; i++)
        possible[i] = l->mass[i] != 0;
    for (uint32_t i = c->answers[0].atom_count; i < c->atom_count; i++)
        all &= possible[i] != 0;
    l->reflection.needs[k].enough = any && any_together(l, possible);
    l->reflection.needs[k].all = all && l->reflection.needs[k].enough;
}

void tct_reflect_find(tacit_leak *l)
{
    tct_reflection *r = &l->reflection;
    const tct_crowd *me = &l->crowds[TCT_LEAK_ME], *them = &l->crowds[TCT_LEAK_THEM];
    uint32_t outcomes = l->sheet->model.outcome_count;
    r->alone = tct_arena_take(&l->arena, me->answer_count + 1, 1);
    bool fine = r->alone != NULL;
    for (uint32_t k = 0; k < outcomes; k++) {
        r->needs[k].possible = tct_arena_take(&l->arena, them->atom_count + 1, 1);
        fine &= r->needs[k].possible != NULL;
    }
    l->failed |= !fine;
    for (uint32_t v = 0; fine && v < me->answer_count; v++)
        r->alone[v] = settled_by(l, v);
    for (uint32_t k = 0; fine && k < outcomes; k++) {
        if (l->reach != TCT_LEAK_CERTAIN) {
            find_needs(l, k);
            continue;
        }
        const tct_told *told = &l->told[TCT_LEAK_THEM][k];
        r->needs[k].can_happen = told->can_happen;
        for (uint32_t v = 0; told->can_happen && v < them->answer_count; v++)
            memcpy(r->needs[k].possible + them->answers[v].first_atom,
                   told->answers[v].possible, them->answers[v].atom_count);
    }
}
