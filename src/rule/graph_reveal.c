/* SPDX-License-Identifier: ISC
 *
 * What outcomes reveal, and what is drawn by lot for it.
 */
#include "rule/graph_rule.h"

#include <string.h>

static tct_node fail(tct_graph *g, tct_err err)
{
    if (g->err == TCT_OK)
        g->err = err;
    return TCT_FALSE;
}

/* ----------------------------------------------------------------------------- blocks --- */

static tct_node method(tct_graph *g, tct_method kind, int64_t draw, const tct_node *kids,
                       uint32_t count)
{
    /* Nobody's own, even when everything in it is one person's: it is computed jointly. */
    tct_graph_node n = {
        .op = TCT_G_METHOD, .slot = (int32_t)kind, .value = draw, .of = TCT_OF_A | TCT_OF_B};
    return tct_graph_intern(g, n, kids, count, NULL);
}

static tct_node pick(tct_graph *g, tct_node from, uint32_t index, int64_t lo, int64_t hi,
                     int64_t step)
{
    tct_graph_node n = {
        .op = TCT_G_PICK, .slot = (int32_t)index, .lo = lo, .hi = hi, .step = step};
    return tct_graph_intern(g, n, &from, 1, NULL);
}

static tct_node pick_truth(tct_graph *g, tct_node from, uint32_t index)
{
    tct_graph_node n = {
        .op = TCT_G_PICK, .slot = (int32_t)index, .hi = 1, .step = 1, .truth = true};
    return tct_graph_intern(g, n, &from, 1, NULL);
}

/* A draw for this expression. */
static int64_t draw(tct_graph *g, tct_expr *e, bool shuffle, uint32_t count)
{
    if (g->lots.draw_count == TCT_DRAWS_MAX) {
        tct_graph_beyond(g, "more than 129 draws by lot");
        return TCT_NO_DRAW;
    }
    e->draw = shuffle ? tct_lots_shuffle(&g->lots, count) : tct_lots_bits(&g->lots, count);
    return e->draw;
}

static void must_exist(tct_graph *g, tct_node n)
{
    g->exists = tct_graph_and2(g, g->exists, n);
}

tct_node tct_graph_step(tct_graph *g, tct_expr *e, const tct_scene *scene)
{
    const tct_node kids[2] = {tct_graph_expression(g, e->kids[0], scene),
                              tct_graph_expression(g, e->kids[1], scene)};
    const tct_graph_node *from = tct_graph_at(g, kids[0]), *to = tct_graph_at(g, kids[1]);
    g->at = e->at;
    must_exist(g, tct_graph_at_least(g, kids[1], kids[0]));
    int64_t step =
        tct_common_divisor(tct_common_divisor(from->step, to->step), from->lo - to->lo);
    e->value = step; /* for the interpreter */
    if (step == 0)
        return kids[0];
    tct_node b = method(g, TCT_METHOD_STEP, draw(g, e, false, TCT_NUMBER_LOT_BITS), kids, 2);
    int64_t hi = to->hi < from->lo ? from->lo : to->hi;
    return pick(g, b, 0, from->lo, hi, step);
}

/* ------------------------------------------------------------------------ over a list --- */

typedef struct {
    tct_node in[TCT_ITEMS_MAX], score[TCT_ITEMS_MAX];
    uint32_t count;
} items;

/* Which items are in question (all without a condition), and their scores. */
static void look_at(tct_graph *g, const tct_expr *e, tct_expr *where, tct_expr *score,
                    items *out)
{
    const tct_scene nobody = {.person = -1};
    out->count = g->model->lists[e->list_index].item_count;
    for (uint32_t i = 0; i < out->count; i++) {
        out->in[i] =
            where == NULL ? TCT_TRUE : tct_graph_for_item(g, where, e->list_index, i, &nobody);
        if (score != NULL)
            out->score[i] = tct_graph_for_item(g, score, e->list_index, i, &nobody);
    }
    g->at = e->at;
}

/* The number of the item with the highest score. */
static tct_node best(tct_graph *g, tct_expr *e, const items *all)
{
    tct_node kids[2 * TCT_ITEMS_MAX];
    uint32_t n = all->count;
    must_exist(g, tct_graph_or(g, all->in, n));
    if (n == 1)
        return TCT_FALSE; /* item 0 */
    memcpy(kids, all->in, n * sizeof *kids);
    memcpy(kids + n, all->score, n * sizeof *kids);
    int64_t drawn = e->by_lot ? draw(g, e, true, n) : TCT_NO_DRAW;
    return pick(g, method(g, TCT_METHOD_BEST, drawn, kids, 2 * n), 0, 0, (int64_t)n - 1, 1);
}

static tct_node best_of(tct_graph *g, tct_expr *e)
{
    items all;
    look_at(g, e, e->kid_count > 1 ? e->kids[1] : NULL, e->kids[0], &all);
    const int64_t minus = -1;
    for (uint32_t i = 0; e->lowest && i < all.count; i++)
        all.score[i] = tct_graph_linear(g, 0, &all.score[i], &minus, 1);
    return best(g, e, &all);
}

static tct_node answer_for(tct_graph *g, const tct_expr *e, int person, uint32_t item)
{
    uint32_t question = (uint32_t)e->question[person];
    return tct_graph_slot(g, person, question, g->model->questions[question].first_slot + item);
}

/* The worse of the two ranks counts first, then their sum: as one number, smaller is better. */
static tct_node best_compromise(tct_graph *g, tct_expr *e)
{
    items all;
    look_at(g, e, e->kid_count > 0 ? e->kids[0] : NULL, NULL, &all);
    for (uint32_t i = 0; i < all.count; i++) {
        tct_node rank[2];
        for (int person = 0; person < 2; person++)
            rank[person] = answer_for(g, e, person, i);
        tct_node first_worse = tct_graph_at_least(g, rank[0], rank[1]);
        const tct_node terms[3] = {tct_graph_if(g, first_worse, rank[0], rank[1]), rank[0],
                                   rank[1]};
        int64_t weight = -2 * (int64_t)all.count;
        const int64_t factors[3] = {weight, -1, -1};
        all.score[i] = tct_graph_linear(g, 0, terms, factors, 3);
    }
    return best(g, e, &all);
}

/* --------------------------------------------------------------------------- reveals --- */

static tct_graph_reveal *append(tct_graph *g, uint32_t k, uint32_t index, uint32_t count)
{
    tct_graph_reveal *r = &g->reveals[g->reveal_count++];
    *r = (tct_graph_reveal){.outcome = k, .index = index, .count = count};
    r->nodes = tct_arena_take(g->arena, count, sizeof *r->nodes);
    if (r->nodes == NULL) {
        fail(g, TCT_ERR_MEMORY);
        r->count = 0;
    }
    return r;
}

static void reveal_one(tct_graph *g, uint32_t k, uint32_t index, tct_node value)
{
    tct_graph_reveal *r = append(g, k, index, 1);
    if (r->count > 0)
        r->nodes[0] = value;
}

static void reveal_where(tct_graph *g, uint32_t k, uint32_t index, tct_expr *e)
{
    items all;
    look_at(g, e, e->kids[0], NULL, &all);
    tct_graph_reveal *r = append(g, k, index, all.count);
    if (r->count > 0)
        memcpy(r->nodes, all.in, all.count * sizeof *r->nodes);
}

/* 0 <= n <= count, whatever was asked for. */
static tct_node clamp(tct_graph *g, tct_node n, uint32_t count)
{
    tct_node most = tct_graph_const(g, count);
    n = tct_graph_if(g, tct_graph_at_least(g, n, TCT_FALSE), n, TCT_FALSE);
    return tct_graph_if(g, tct_graph_at_least(g, n, most), most, n);
}

static void reveal_some(tct_graph *g, uint32_t k, uint32_t index, tct_expr *e)
{
    items all;
    tct_node kids[1 + TCT_ITEMS_MAX];
    const tct_scene nobody = {.person = -1};
    look_at(g, e, e->kids[0]->kids[0], NULL, &all);
    kids[0] = clamp(g, tct_graph_expression(g, e->kids[1], &nobody), all.count);
    memcpy(kids + 1, all.in, all.count * sizeof *kids);
    tct_node b = method(g, TCT_METHOD_SOME, draw(g, e, true, all.count), kids, 1 + all.count);
    tct_graph_reveal *r = append(g, k, index, all.count);
    for (uint32_t i = 0; i < r->count; i++)
        r->nodes[i] = pick_truth(g, b, i);
}

/* Fairest split: who gets each item.  Adjusted winner: also which one is shared, and how. */
static void reveal_split(tct_graph *g, uint32_t k, uint32_t index, tct_expr *e)
{
    tct_node kids[2 * TCT_ITEMS_MAX];
    bool fairest = e->op == TCT_E_FAIREST;
    uint32_t n = g->model->lists[e->list_index].item_count;
    for (uint32_t i = 0; i < n; i++) {
        kids[i] = answer_for(g, e, 0, i);
        kids[n + i] = answer_for(g, e, 1, i);
    }
    int64_t drawn = TCT_NO_DRAW;
    if (fairest && e->by_lot)
        drawn = draw(g, e, false, TCT_NUMBER_LOT_BITS);
    if (e->whole) /* one coin, for the last thing that would have been shared */
        drawn = draw(g, e, false, 1);
    tct_method how = fairest    ? TCT_METHOD_FAIREST
                     : e->whole ? TCT_METHOD_WHOLE_WINNER
                                : TCT_METHOD_WINNER;
    tct_node b = method(g, how, drawn, kids, 2 * n);
    tct_graph_reveal *r = append(g, k, index, fairest || e->whole ? n : 2 * n + 1);
    for (uint32_t i = 0; i < r->count; i++)
        r->nodes[i] = i < 2 * n ? pick_truth(g, b, i) : pick(g, b, i, 0, 100, 1);
}

tct_node tct_graph_reveal_value(tct_graph *g, uint32_t k, uint32_t index)
{
    tct_expr *e = g->model->outcomes[k].reveals[index].value;
    const tct_scene nobody = {.person = -1};
    g->exists = TCT_TRUE;
    switch (e->op) {
    case TCT_E_WHERE:
        reveal_where(g, k, index, e);
        break;
    case TCT_E_SOME:
        reveal_some(g, k, index, e);
        break;
    case TCT_E_BEST:
        reveal_one(g, k, index, best_of(g, e));
        break;
    case TCT_E_COMPROMISE:
        reveal_one(g, k, index, best_compromise(g, e));
        break;
    case TCT_E_WINNER:
    case TCT_E_FAIREST:
        reveal_split(g, k, index, e);
        break;
    default:
        reveal_one(g, k, index, tct_graph_expression(g, e, &nobody));
        break;
    }
    return g->exists;
}
