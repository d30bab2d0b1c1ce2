/* SPDX-License-Identifier: ISC
 *
 * Which checks are needless: with an invalid value in place of an entry, is every outcome but
 * `otherwise` out of reach, whatever else is entered?
 *
 * Intervals over the whole graph: the entry at hand holds the values beyond its top, the same
 * person's other entries anything that their bits can say, the other person's the allowed ones.
 * The circuit computes truths and comparisons of entries exactly as integers for every bit string
 * (lower_number.c keeps the full width there); everything else that sees a value outside of its
 * range counts as unknown.
 */
#include "rule/plan.h"

typedef struct {
    int64_t lo, hi;
    bool wild; /* the circuit may compute anything here */
} interval;

typedef struct {
    const tct_graph *g;
    interval *at;     /* by node */
    uint8_t *entered; /* by node: stands at an entry */
} scene;

static const interval unknown_truth = {0, 1, false};

/* Does a value leave the range that the circuit's widths were chosen for? */
static bool beyond(const scene *s, tct_node n)
{
    const tct_graph_node *node = tct_graph_at(s->g, n);
    return s->at[n].wild || s->at[n].lo < node->lo || s->at[n].hi > node->hi;
}

static interval of_comparison(const scene *s, const tct_graph_node *node)
{
    interval a = s->at[node->kids[0]], b = s->at[node->kids[1]];
    if (a.wild || b.wild)
        return unknown_truth;
    if (node->op == TCT_G_EQUAL)
        return a.lo > b.hi || b.lo > a.hi ? (interval){0, 0, false} : unknown_truth;
    if (a.lo >= b.hi)
        return (interval){1, 1, false};
    return a.hi < b.lo ? (interval){0, 0, false} : unknown_truth;
}

static interval of_truths(const scene *s, const tct_graph_node *node)
{
    interval v = {1, 1, false}, a = s->at[node->kids[0]];
    if (node->op == TCT_G_NOT)
        return (interval){1 - a.hi, 1 - a.lo, false};
    if (node->op == TCT_G_XOR) {
        interval b = s->at[node->kids[1]];
        bool known = a.lo == a.hi && b.lo == b.hi;
        return known ? (interval){a.lo ^ b.lo, a.lo ^ b.lo, false} : unknown_truth;
    }
    for (uint32_t i = 0; i < node->kid_count; i++) {
        a = s->at[node->kids[i]];
        v.lo = a.lo < v.lo ? a.lo : v.lo;
        v.hi = a.hi < v.hi ? a.hi : v.hi;
    }
    return v;
}

static interval evaluate_one(const scene *s, const tct_graph_node *node)
{
    interval range = {node->lo, node->hi, false};
    switch (node->op) {
    case TCT_G_NOT:
    case TCT_G_AND:
    case TCT_G_XOR:
        return of_truths(s, node);
    case TCT_G_AT_LEAST:
    case TCT_G_EQUAL:
        return of_comparison(s, node);
    default:
        for (uint32_t i = 0; i < node->kid_count; i++)
            range.wild |= beyond(s, node->kids[i]);
        if (range.wild && node->truth)
            range.wild = false; /* a truth is 0 or 1 whatever happens */
        return range;
    }
}

static void place(scene *s, const tct_plan *plan, const tct_entry *invalid, bool all)
{
    for (uint32_t i = 0; i < plan->entry_count; i++) {
        const tct_entry *e = &plan->entries[i];
        if (e->node >= s->g->count)
            continue;
        s->entered[e->node] = 1;
        uint64_t from = e == invalid ? e->top + 1 : 0;
        uint64_t to = all ? tct_entry_reach(e) : e->top;
        s->at[e->node] =
            (interval){e->lo + e->step * (int64_t)from, e->lo + e->step * (int64_t)to, false};
    }
}

static bool leads_to_otherwise(scene *s, const tct_plan plans[2], int person,
                               const tct_entry *invalid)
{
    const tct_graph *g = s->g;
    for (uint32_t n = 0; n < g->count; n++)
        s->entered[n] = 0;
    place(s, &plans[person], invalid, true);
    place(s, &plans[!person], NULL, false);
    for (uint32_t n = 0; n < g->count; n++)
        if (!s->entered[n])
            s->at[n] = evaluate_one(s, tct_graph_at(g, n));
    for (uint32_t k = 0; k < tct_model_otherwise(g->model); k++)
        if (s->at[g->chosen[k]].hi != 0)
            return false;
    return true;
}

/* The entry that a check is about, if it only bounds that one from above. */
static const tct_entry *bounded_entry(const tct_graph *g, const tct_plan *plan,
                                      const tct_check *check)
{
    if (check->kind == TCT_CHECK_TOP)
        return &plan->entries[check->index];
    if (check->kind != TCT_CHECK_QUESTION)
        return NULL;
    const tct_question *q = &g->model->questions[check->index];
    if (q->kind != TACIT_NUMBER || q->slot_count != 1)
        return NULL;
    return &plan->entries[plan->entry_of_slot[q->first_slot] - 1];
}

tct_err tct_plan_drop(tct_plan plans[2], const tct_graph *g, tct_arena *arena)
{
    scene s = {.g = g};
    s.at = tct_arena_take(arena, g->count, sizeof *s.at);
    s.entered = tct_arena_take(arena, g->count, 1);
    if (s.at == NULL || s.entered == NULL)
        return TCT_ERR_MEMORY;
    for (int person = 0; person < 2; person++)
        for (uint32_t i = 0; i < plans[person].check_count; i++) {
            tct_check *check = &plans[person].checks[i];
            const tct_entry *e = bounded_entry(g, &plans[person], check);
            if (e != NULL && e->node < g->count && e->top < tct_entry_reach(e))
                check->needless = leads_to_otherwise(&s, plans, person, e);
        }
    return TCT_OK;
}
