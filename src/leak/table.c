/* SPDX-License-Identifier: ISC
 *
 * A rule taken apart, and compiled.
 */
#include "leak/table.h"

#include <string.h>

/* ----------------------------------------------------------------- taking a rule apart --- */

typedef struct {
    tct_table *t;
    tct_graph *shadow;
    bool full;
} taker;

/* One more result of the shadow rule: the bits of these nodes. */
static void take_field(taker *k, uint32_t outcome, tct_node *nodes, uint32_t count)
{
    tct_graph *g = k->shadow;
    if (g->reveal_count == TCT_TABLE_FIELDS_MAX) {
        k->full = true;
        return;
    }
    g->reveals[g->reveal_count++] =
        (tct_graph_reveal){.outcome = outcome, .nodes = nodes, .count = count};
}

/* Truths together are one field, numbers one each. */
static void take_fields(taker *k, uint32_t outcome, tct_node *nodes, uint32_t count)
{
    uint32_t truths = 0;
    while (truths < count && tct_graph_at(k->shadow, nodes[truths])->truth)
        truths++;
    if (truths > 0)
        take_field(k, outcome, nodes, truths);
    for (uint32_t i = truths; i < count; i++)
        take_field(k, outcome, nodes + i, 1);
}

/* Is there a draw or a method below this node? */
static bool drawn_below(const tct_graph *g, tct_node n, uint8_t *seen)
{
    memset(seen, 0, g->count);
    seen[n] = 1;
    for (uint32_t i = n + 1; i-- > 0;) {
        const tct_graph_node *node = tct_graph_at(g, i);
        if (seen[i] && (node->op == TCT_G_METHOD || (node->of & TCT_OF_LOTS) != 0))
            return true;
        for (uint32_t j = 0; seen[i] && j < node->kid_count; j++)
            seen[node->kids[j]] = 1;
    }
    return false;
}

static tct_node *copy(taker *k, const tct_node *nodes, uint32_t count)
{
    tct_node *out = tct_arena_take(k->shadow->arena, count, sizeof *out);
    if (out == NULL)
        k->full = true;
    else
        memcpy(out, nodes, count * sizeof *out);
    return out;
}

/* Everything that the draws and methods below this reveal are worked out from: each person's parts. */
static void take_hidden(taker *k, tct_shown *s, const tct_graph_reveal *r, uint8_t *seen)
{
    const tct_graph *g = k->shadow;
    s->kind = TCT_SHOWN_HIDDEN;
    memset(seen, 0, g->count);
    for (uint32_t i = 0; i < r->count; i++)
        seen[r->nodes[i]] = 1;
    for (tct_node n = g->count; n-- > 0 && !k->full;) {
        const tct_graph_node *node = tct_graph_at(g, n);
        if (seen[n] && tct_graph_local(node) >= 0) {
            tct_node *one = copy(k, &n, 1);
            if (one != NULL)
                take_field(k, s->outcome, one, 1);
            continue;
        }
        for (uint32_t j = 0; seen[n] && j < node->kid_count; j++)
            seen[node->kids[j]] = 1;
    }
}

static void take_points(tct_shown *s, const tct_graph *g, const tct_expr *e,
                        const tct_graph_node *method)
{
    s->points = true;
    s->method = (tct_method)method->slot;
    s->items = method->kid_count / 2;
    for (int p = 0; p < 2; p++)
        s->slot[p] = g->model->questions[e->question[p]].first_slot;
    s->kind = TCT_SHOWN_PLAIN;
    if (s->method == TCT_METHOD_FAIREST && s->by_lot)
        s->kind = s->items <= 6 ? TCT_SHOWN_ONE : TCT_SHOWN_HIDDEN;
    if (s->method == TCT_METHOD_WHOLE_WINNER)
        s->kind = TCT_SHOWN_EITHER;
}

static void take_method(taker *k, tct_shown *s, const tct_graph_reveal *r,
                        const tct_graph_node *pick)
{
    const tct_graph *g = k->shadow;
    const tct_graph_node *method = tct_graph_at(g, pick->kids[0]);
    const tct_expr *e = g->model->outcomes[r->outcome].reveals[r->index].value;
    tct_node *kids = copy(k, method->kids, method->kid_count);
    if (kids == NULL)
        return;
    s->by_lot = method->value != TCT_NO_DRAW;
    switch ((tct_method)method->slot) {
    case TCT_METHOD_STEP:
        s->kind = TCT_SHOWN_STEP;
        s->base = pick->lo;
        s->step = pick->step;
        s->grid = (pick->hi - pick->lo) / pick->step < TCT_TABLE_GRID_MAX
                      ? (uint32_t)((pick->hi - pick->lo) / pick->step) + 1
                      : 0;
        if (s->grid == 0)
            s->kind = TCT_SHOWN_HIDDEN;
        take_field(k, r->outcome, kids, 1);
        take_field(k, r->outcome, kids + 1, 1);
        break;
    case TCT_METHOD_SOME:
        s->kind = TCT_SHOWN_SOME;
        s->items = method->kid_count - 1;
        take_field(k, r->outcome, kids, 1);
        take_field(k, r->outcome, kids + 1, s->items);
        break;
    case TCT_METHOD_BEST:
        s->kind = TCT_SHOWN_ONE;
        s->items = method->kid_count / 2;
        take_field(k, r->outcome, kids, s->items);
        for (uint32_t i = 0; i < s->items; i++)
            take_field(k, r->outcome, kids + s->items + i, 1);
        break;
    default:
        take_points(s, g, e, method);
        break;
    }
}

static void take_reveal(taker *k, const tct_graph_reveal *r, uint8_t *seen)
{
    tct_table *t = k->t;
    tct_graph *g = k->shadow;
    tct_shown *s = &t->shown[t->shown_count++];
    *s = (tct_shown){.outcome = r->outcome, .index = r->index, .first_field = g->reveal_count};
    bool drawn = false;
    for (uint32_t i = 0; i < r->count; i++)
        drawn |= drawn_below(g, r->nodes[i], seen);
    const tct_graph_node *first = tct_graph_at(g, r->nodes[0]);
    if (!drawn)
        take_fields(k, r->outcome, r->nodes, r->count);
    else if (first->op == TCT_G_PICK)
        take_method(k, s, r, first);
    else
        take_hidden(k, s, r, seen);
    s->field_count = g->reveal_count - s->first_field;
}

/* ------------------------------------------------------------------------- the circuit --- */

static tct_err compile(tct_table *t, tct_arena *arena, const tct_graph *shadow)
{
    /* All answers here are allowed ones: nothing is checked. */
    tct_plan plans[2] = {t->sheet->plans[0], t->sheet->plans[1]};
    plans[0].check_count = plans[1].check_count = 0;
    return tct_lower(&t->compiled, arena, shadow, plans);
}

/* Where each bit of a pair's results comes from: the outcome, then the fields. */
static tct_err find_sources(tct_table *t, tct_arena *arena)
{
    const tct_compiled *c = &t->compiled;
    uint32_t at = 0, real = 0;
    t->outcome_bits = c->outcome_width;
    t->bits = c->output_calls;
    t->words = (t->bits + 63) / 64;
    t->words = t->words == 0 ? 1 : t->words;
    t->source = tct_arena_take(arena, t->bits + 1, sizeof *t->source);
    t->wires = tct_arena_take(arena, tct_circuit_wires(&c->circuit) * (size_t)TCT_TABLE_LANES,
                              sizeof(uint64_t));
    t->values = tct_arena_take(arena, t->sheet->graph.count, sizeof *t->values);
    for (int p = 0; p < 2; p++)
        t->pair[p] = tct_arena_take(arena, 1, sizeof *t->pair[p]);
    if (t->source == NULL || t->wires == NULL || t->values == NULL || t->pair[0] == NULL ||
        t->pair[1] == NULL)
        return TCT_ERR_MEMORY;
    if (t->words > TCT_TABLE_WORDS_MAX)
        return TCT_ERR_LIMIT;
    for (; at < t->bits; at++)
        t->source[at] = c->fixed[at] == 2 ? real++ : TCT_TABLE_FIXED + c->fixed[at];
    return TCT_OK;
}

static void mark_plain(tct_table *t, const tct_shown *s, const tct_table_field *f)
{
    for (uint32_t i = f->first_bit; i < f->first_bit + f->width; i++)
        if (s->kind == TCT_SHOWN_PLAIN || s->kind == TCT_SHOWN_HIDDEN)
            t->plain_mask[s->outcome][i / 64] |= (uint64_t)1 << i % 64;
}

static void find_fields(tct_table *t, uint32_t count)
{
    t->field_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const tct_reveal_shape *shape = &t->compiled.reveals[i];
        t->fields[i] =
            (tct_table_field){shape->first_output, shape->width, shape->lo, shape->step};
    }
    for (uint32_t i = 0; i < t->shown_count; i++)
        for (uint32_t f = 0; f < t->shown[i].field_count; f++)
            mark_plain(t, &t->shown[i], &t->fields[t->shown[i].first_field + f]);
}

static void find_chance(tct_table *t)
{
    uint32_t k = 0;
    tct_model_coin(&t->sheet->model, &k, &t->chance_bits);
    if (t->chance_bits > 0)
        t->chance = (uint32_t)(((uint64_t)k << 30) >> t->chance_bits);
}

tct_err tct_table_init(tct_table *t, tct_arena *arena, const tacit_sheet *sheet)
{
    *t = (tct_table){.sheet = sheet};
    const tct_graph *g = &sheet->graph;
    tct_graph *shadow = tct_arena_take(arena, 1, sizeof *shadow);
    uint8_t *seen = tct_arena_take(arena, g->count, 1);
    if (shadow == NULL || seen == NULL)
        return TCT_ERR_MEMORY;
    *shadow = *g;
    shadow->arena = arena;
    shadow->reveal_count = 0;
    taker k = {.t = t, .shadow = shadow};
    for (uint32_t i = 0; i < g->reveal_count && !k.full; i++)
        take_reveal(&k, &g->reveals[i], seen);
    if (k.full)
        return TCT_ERR_LIMIT;
    tct_err err = compile(t, arena, shadow);
    if (err == TCT_OK)
        err = find_sources(t, arena);
    if (err == TCT_OK)
        find_fields(t, shadow->reveal_count);
    find_chance(t);
    return err;
}
