/* SPDX-License-Identifier: ISC
 *
 * From the model to the graph: both people and all items written out.
 */
#include "rule/graph_rule.h"

#include <string.h>

enum { ROOM_FIRST = 1 << 12 };

static tct_node fail(tct_graph *g, tct_err err)
{
    if (g->err == TCT_OK)
        g->err = err;
    return TCT_FALSE;
}

/* --------------------------------------------------------------------------- answers --- */

static tct_node answer(tct_graph *g, tct_expr *e, const tct_scene *scene)
{
    int person = e->person >= 0 ? e->person : scene->person;
    int question = e->question[person];
    const tct_question *q = &g->model->questions[question];
    uint32_t item = 0;
    if (q->list_index >= 0)
        item = e->item_index >= 0 ? (uint32_t)e->item_index : scene->item[q->list_index];
    return tct_graph_slot(g, person, (uint32_t)question, q->first_slot + item);
}

static tct_node one_of(tct_graph *g, tct_expr *e, const tct_scene *scene)
{
    tct_node option = tct_graph_expression(g, e->kids[0], scene), any[TCT_OPTIONS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < TCT_OPTIONS_MAX; i++)
        if ((e->options >> i & 1) != 0)
            any[count++] = tct_graph_equal(g, option, tct_graph_const(g, i));
    tct_node result = tct_graph_or(g, any, count);
    return e->negated ? tct_graph_not(g, result) : result;
}

static tct_node compare(tct_graph *g, tct_expr *e, const tct_scene *scene)
{
    tct_node a = tct_graph_expression(g, e->kids[0], scene);
    tct_node b = tct_graph_expression(g, e->kids[1], scene);
    g->at = e->at;
    switch (e->relation) {
    case TCT_EQUAL:
        return tct_graph_equal(g, a, b);
    case TCT_DIFFERENT:
        return tct_graph_not(g, tct_graph_equal(g, a, b));
    case TCT_AT_LEAST:
        return tct_graph_at_least(g, a, b);
    case TCT_AT_MOST:
        return tct_graph_at_least(g, b, a);
    case TCT_LESS:
        return tct_graph_not(g, tct_graph_at_least(g, a, b));
    case TCT_MORE:
        return tct_graph_not(g, tct_graph_at_least(g, b, a));
    }
    return TCT_FALSE;
}

/* ------------------------------------------------------------------------------ folds --- */

static tct_node lesser(tct_graph *g, tct_node a, tct_node b, bool greater)
{
    tct_node at_least = tct_graph_at_least(g, a, b);
    return greater ? tct_graph_if(g, at_least, a, b) : tct_graph_if(g, at_least, b, a);
}

static tct_node add(tct_graph *g, const tct_node *nodes, uint32_t count)
{
    int64_t *ones = tct_arena_take(g->arena, count + 1, sizeof *ones);
    if (ones == NULL)
        return fail(g, TCT_ERR_MEMORY);
    for (uint32_t i = 0; i < count; i++)
        ones[i] = 1;
    return tct_graph_linear(g, 0, nodes, ones, count);
}

static tct_node fold(tct_graph *g, tct_fold how, tct_node *nodes, uint32_t count)
{
    tct_node result = TCT_FALSE;
    switch (how) {
    case TCT_FOLD_BOTH:
        return tct_graph_and(g, nodes, count);
    case TCT_FOLD_EITHER:
        return tct_graph_or(g, nodes, count);
    case TCT_FOLD_NEITHER:
        return tct_graph_not(g, tct_graph_or(g, nodes, count));
    case TCT_FOLD_EXACTLY_ONE:
        return tct_graph_xor(g, nodes[0], nodes[1]);
    case TCT_FOLD_COUNT:
    case TCT_FOLD_SUM:
        return add(g, nodes, count);
    case TCT_FOLD_LEAST:
    case TCT_FOLD_GREATEST:
        result = nodes[0];
        for (uint32_t i = 1; i < count; i++)
            result = lesser(g, result, nodes[i], how == TCT_FOLD_GREATEST);
        return result;
    }
    return result;
}

static tct_node over_people(tct_graph *g, tct_expr *e, const tct_scene *scene)
{
    tct_node nodes[2];
    for (int p = 0; p < 2; p++) {
        tct_scene inside = *scene;
        inside.person = p;
        nodes[p] = tct_graph_expression(g, e->kids[0], &inside);
    }
    g->at = e->at;
    return e->op == TCT_E_SAME ? tct_graph_equal(g, nodes[0], nodes[1])
                               : fold(g, e->fold, nodes, 2);
}

tct_node tct_graph_for_item(tct_graph *g, tct_expr *e, int list, uint32_t item,
                            const tct_scene *scene)
{
    tct_scene inside = *scene;
    inside.item[list] = item;
    return tct_graph_expression(g, e, &inside);
}

static tct_node over_items(tct_graph *g, tct_expr *e, const tct_scene *scene)
{
    uint32_t count = g->model->lists[e->list_index].item_count;
    tct_node nodes[TCT_ITEMS_MAX];
    for (uint32_t i = 0; i < count; i++) {
        nodes[i] = TCT_TRUE; /* `count of list` counts them all */
        if (e->kid_count > 0)
            nodes[i] = tct_graph_for_item(g, e->kids[0], e->list_index, i, scene);
        if (e->kid_count > 1) {
            tct_node where = tct_graph_for_item(g, e->kids[1], e->list_index, i, scene);
            nodes[i] = tct_graph_if(g, where, nodes[i], TCT_FALSE);
        }
    }
    g->at = e->at;
    return fold(g, e->fold, nodes, count);
}

/* ------------------------------------------------------------------------ expressions --- */

static tct_node *all_kids(tct_graph *g, tct_expr *e, const tct_scene *scene)
{
    tct_node *nodes = tct_arena_take(g->arena, e->kid_count + 1, sizeof *nodes);
    if (nodes == NULL) {
        fail(g, TCT_ERR_MEMORY);
        return NULL;
    }
    for (uint32_t i = 0; i < e->kid_count; i++)
        nodes[i] = tct_graph_expression(g, e->kids[i], scene);
    g->at = e->at;
    return nodes;
}

static tct_node sum(tct_graph *g, tct_expr *e, const tct_scene *scene)
{
    tct_node *nodes = all_kids(g, e, scene);
    int64_t *factors = tct_arena_take(g->arena, e->kid_count + 1, sizeof *factors);
    if (nodes == NULL || factors == NULL)
        return fail(g, TCT_ERR_MEMORY);
    for (uint32_t i = 0; i < e->kid_count; i++)
        factors[i] = e->minus != NULL && (e->minus[i / 64] >> (i % 64) & 1) != 0 ? -1 : 1;
    return tct_graph_linear(g, 0, nodes, factors, e->kid_count);
}

static tct_node write_out(tct_graph *g, tct_expr *e, const tct_scene *scene)
{
    tct_node *kids = NULL;
    switch (e->op) {
    case TCT_E_NUMBER:
    case TCT_E_OPTION:
        return tct_graph_const(g, e->value);
    case TCT_E_ANSWER:
        return answer(g, e, scene);
    case TCT_E_ONE_OF:
        return one_of(g, e, scene);
    case TCT_E_COMPARE:
        return compare(g, e, scene);
    case TCT_E_PEOPLE:
    case TCT_E_SAME:
        return over_people(g, e, scene);
    case TCT_E_SUM:
        return sum(g, e, scene);
    case TCT_E_ITEMS:
        return over_items(g, e, scene);
    case TCT_E_AND:
    case TCT_E_OR:
    case TCT_E_NOT:
    case TCT_E_PRODUCT:
    case TCT_E_QUOTIENT:
    case TCT_E_LEAST:
    case TCT_E_GREATEST:
    case TCT_E_IF:
        kids = all_kids(g, e, scene);
        break;
    case TCT_E_STEP:
        return tct_graph_step(g, e, scene);
    default: /* only a reveal as a whole can be any other: tct_graph_reveal_value */
        TCT_ASSERT(false);
        return TCT_FALSE;
    }
    if (kids == NULL)
        return TCT_FALSE;
    switch (e->op) {
    case TCT_E_AND:
        return tct_graph_and(g, kids, e->kid_count);
    case TCT_E_OR:
        return tct_graph_or(g, kids, e->kid_count);
    case TCT_E_NOT:
        return tct_graph_not(g, kids[0]);
    case TCT_E_PRODUCT:
        return tct_graph_product(g, kids[0], kids[1]);
    case TCT_E_QUOTIENT:
        return tct_graph_quotient(g, kids[0], kids[1], e->rounding);
    case TCT_E_IF:
        return tct_graph_if(g, kids[0], kids[1], kids[2]);
    default:
        return fold(g, e->op == TCT_E_LEAST ? TCT_FOLD_LEAST : TCT_FOLD_GREATEST, kids,
                    e->kid_count);
    }
}

tct_node tct_graph_expression(tct_graph *g, tct_expr *e, const tct_scene *scene)
{
    if (g->err != TCT_OK)
        return TCT_FALSE;
    if (++g->work > TCT_GRAPH_WORK_MAX)
        return tct_graph_beyond(g, "more than 1048576 steps to write it out");
    g->at = e->at;
    size_t mark = g->arena->used;
    tct_node result = write_out(g, e, scene);
    g->arena->used =
        mark; /* nodes have their own room; what was taken here was for making one */
    return result;
}

/* ------------------------------------------------------------------------------ rule --- */

/* May this person's answers lead to anything but `otherwise`?  Not now, and guards, say no. */
static tct_node willing(tct_graph *g, int person)
{
    tct_graph_node not_now = {.op = TCT_G_NOT_NOW,
                              .truth = true,
                              .hi = 1,
                              .step = 1,
                              .of = person == 0 ? TCT_OF_A : TCT_OF_B,
                              .person = (uint8_t)person,
                              .only_slot = TCT_SLOT_MANY};
    not_now.questions[person] = TCT_NOT_NOW_BIT;
    tct_node result = tct_graph_not(g, tct_graph_intern(g, not_now, NULL, 0, NULL));
    for (uint32_t i = 0; i < g->model->note_count; i++) {
        const tct_note *note = &g->model->notes[i];
        tct_scene scene = {.person = person};
        if (note->guard && note->concerns[person])
            result = tct_graph_and2(
                g, result, tct_graph_not(g, tct_graph_expression(g, note->when, &scene)));
    }
    return result;
}

void tct_model_coin(const tct_model *m, uint32_t *k, uint8_t *bits)
{
    const tct_outcome *o = &m->outcomes[tct_model_otherwise(m)];
    uint32_t n = o->chance_n;
    *k = o->chance_k;
    *bits = 0;
    if (n == 0)
        return;
    uint32_t common = (uint32_t)tct_common_divisor(*k, n);
    *k /= common;
    for (n /= common; n > 1; n /= 2)
        ++*bits;
}

/* r < K, from the lowest bit of r up: each bit of K decides whether a zero in r already makes it
 * smaller or a one larger.  Source  protocol.md 9. */
static tct_node coin(tct_graph *g)
{
    uint32_t k = 0;
    uint8_t bits = 0;
    tct_model_coin(g->model, &k, &bits);
    if (bits == 0)
        return TCT_FALSE;
    tct_node smaller = TCT_FALSE;
    tct_lots_bits(&g->lots, bits); /* the first draw */
    for (uint32_t i = 0; i < bits; i++) {
        tct_node zero = tct_graph_not(g, tct_graph_lot(g, i));
        const tct_node either[2] = {zero, smaller};
        smaller =
            (k >> i & 1) != 0 ? tct_graph_or(g, either, 2) : tct_graph_and2(g, zero, smaller);
    }
    return smaller;
}

static void make_rule(tct_graph *g, tct_model *m)
{
    uint32_t outcomes = tct_model_otherwise(m);
    tct_node gate[TCT_OUTCOMES_MAX + 4];
    uint32_t gates = 0;
    gate[gates++] = willing(g, 0);
    gate[gates++] = willing(g, 1);
    gate[gates++] = tct_graph_not(g, coin(g));
    const tct_scene nobody = {.person = -1};
    for (uint32_t k = 0; k < outcomes; k++) {
        const tct_outcome *o = &m->outcomes[k];
        tct_node when = tct_graph_expression(g, o->when, &nobody);
        for (uint32_t i = 0; i < o->reveal_count; i++)
            when = tct_graph_and2(g, when, tct_graph_reveal_value(g, k, i));
        gate[gates] = when;
        g->chosen[k] = tct_graph_and(g, gate, gates + 1);
        gate[gates++] = tct_graph_not(g, when);
    }
}

static tct_err begin(tct_graph *g, uint32_t room)
{
    uint32_t table_room = 2 * room;
    g->room = room;
    g->pool_room = 4 * room;
    g->nodes = tct_arena_take(g->arena, room, sizeof *g->nodes);
    g->table = tct_arena_take(g->arena, table_room, sizeof *g->table);
    g->kid_pool = tct_arena_take(g->arena, g->pool_room, sizeof *g->kid_pool);
    g->factor_pool = tct_arena_take(g->arena, g->pool_room, sizeof *g->factor_pool);
    g->table_mask = table_room - 1;
    bool fine =
        g->nodes != NULL && g->table != NULL && g->kid_pool != NULL && g->factor_pool != NULL;
    for (int i = 0; i < 4; i++)
        fine &=
            (g->scratch[i] = tct_arena_take(g->arena, TCT_KIDS_MAX, sizeof(tct_node))) != NULL;
    for (int i = 0; i < 3; i++)
        fine &= (g->scratch_factors[i] =
                     tct_arena_take(g->arena, TCT_KIDS_MAX, sizeof(int64_t))) != NULL;
    return fine ? TCT_OK : TCT_ERR_MEMORY;
}

tct_err tct_graph_build(tct_graph *g, tct_arena *arena, tct_model *model,
                        tct_complaints *complaints)
{
    size_t mark = arena->used;
    /* Most rules are small: try so, and again with more room when it does not suffice. */
    for (uint32_t room = ROOM_FIRST; room <= TCT_GRAPH_NODES_MAX; room *= 4) {
        arena->used = mark;
        *g = (tct_graph){.arena = arena, .complaints = complaints, .model = model};
        g->err = begin(g, room);
        if (g->err != TCT_OK)
            return g->err;
        tct_graph_const(g, 0);
        tct_graph_const(g, 1);
        make_rule(g, model);
        if (g->err != TCT_ERR_LIMIT)
            return g->err;
    }
    return TCT_ERR_LIMIT;
}
