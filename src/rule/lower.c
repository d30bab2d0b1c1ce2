/* SPDX-License-Identifier: ISC
 *
 * From the graph to gates: entries, nodes, checks, outputs.
 */
#include "rule/lower_method.h"

#include <string.h>

/* ----------------------------------------------------------------------------- entries --- */

static tct_number entry_number(tct_lowering *l, int person, const tct_entry *e)
{
    tct_number n = {.bits = tct_lower_wires(l, e->width),
                    .width = e->width,
                    .lo = e->lo,
                    .step = e->step == 0 ? 1 : e->step};
    for (uint32_t i = 0; i < e->width; i++)
        n.bits[i] = tct_input(l->b, person, e->first_bit + i);
    return n;
}

/* Evaluates a node and what lies below it, each once for a mark. */
static void evaluate_below(tct_lowering *l, tct_node n)
{
    const tct_graph_node *node = tct_graph_at(l->g, n);
    if (l->seen[n] == l->mark)
        return;
    l->seen[n] = l->mark;
    for (uint32_t i = 0; i < node->kid_count; i++)
        evaluate_below(l, node->kids[i]);
    tct_graph_evaluate(l->g, &n, 1, l->slots, false, l->values);
}

/* A node that depends on one choice only, which was entered as a thermometer: every bit of its
 * value is a table over the options, hence a sum without carry of the steps where it changes. */
static tct_number of_one_choice(tct_lowering *l, tct_node n, int person, const tct_entry *e)
{
    const tct_graph_node *node = tct_graph_at(l->g, n);
    int64_t step = node->step == 0 ? 1 : node->step;
    uint64_t top = (uint64_t)((node->hi - node->lo) / step), last = 0;
    tct_number out = {.lo = node->lo, .step = step};
    while (top >> out.width != 0)
        out.width++;
    out.bits = tct_lower_wires(l, out.width);
    for (uint32_t option = 0; option <= e->width && l->err == TCT_OK; option++) {
        l->slots[node->only_slot] = option;
        l->mark++;
        evaluate_below(l, n);
        uint64_t code = (uint64_t)((l->values[n] - node->lo) / step);
        uint64_t changed = option == 0 ? code : code ^ last;
        tct_wire from_here = option == 0 ? TCT_ONE : tct_lower_above(l, person, e, option - 1);
        for (uint32_t i = 0; i < out.width; i++)
            if ((changed >> i & 1) != 0)
                out.bits[i] = tct_xor(l->b, out.bits[i], from_here);
        last = code;
    }
    return out;
}

/* The thermometer that alone decides this node, or NULL. */
static const tct_entry *deciding_choice(const tct_lowering *l, const tct_graph_node *node,
                                        int *person)
{
    *person = tct_graph_local(node);
    if (*person < 0 || node->only_slot < 0)
        return NULL;
    const tct_plan *plan = &l->plans[*person];
    uint32_t index = plan->entry_of_slot[node->only_slot];
    if (index == 0 || !plan->entries[index - 1].thermometer)
        return NULL;
    return &plan->entries[index - 1];
}

/* ------------------------------------------------------------------------------- nodes --- */

static tct_wire truth(const tct_lowering *l, tct_node n)
{
    const tct_number *v = &l->numbers[n];
    return v->width == 0 ? (v->lo != 0 ? TCT_ONE : TCT_ZERO) : v->bits[0];
}

static tct_number conjunction(tct_lowering *l, const tct_graph_node *node)
{
    tct_wire all = TCT_ONE;
    for (uint32_t i = 0; i < node->kid_count; i++)
        all = tct_and(l->b, all, truth(l, node->kids[i]));
    return tct_lower_truth(l, all);
}

static tct_number linear(tct_lowering *l, const tct_graph_node *node)
{
    tct_number *kids = tct_arena_take(l->arena, node->kid_count, sizeof *kids);
    if (kids == NULL) {
        l->err = TCT_ERR_MEMORY;
        return tct_lower_const(node->lo);
    }
    for (uint32_t i = 0; i < node->kid_count; i++)
        kids[i] = l->numbers[node->kids[i]];
    return tct_lower_linear(l, node->value, kids, node->factors, node->kid_count);
}

/* Values stay in the node's range for all allowed answers: higher bits are dropped. */
static void trim(tct_number *v, const tct_graph_node *node)
{
    if (v->lo != node->lo || v->step != node->step || node->step == 0)
        return;
    uint64_t top = (uint64_t)((node->hi - node->lo) / node->step);
    while (v->width > 0 && top >> (v->width - 1) == 0)
        v->width--;
}

static tct_number joint(tct_lowering *l, tct_node n)
{
    const tct_graph_node *node = tct_graph_at(l->g, n);
    const tct_node *k = node->kids;
    const tct_number *v = l->numbers;
    switch (node->op) {
    case TCT_G_CONST:
        return tct_lower_const(node->value);
    case TCT_G_LOT:
        return tct_lower_truth(
            l, tct_xor(l->b, tct_input(l->b, 0, l->plans[0].bit_count + (uint32_t)node->slot),
                       tct_input(l->b, 1, l->plans[1].bit_count + (uint32_t)node->slot)));
    case TCT_G_NOT:
        return tct_lower_truth(l, tct_not(l->b, truth(l, k[0])));
    case TCT_G_AND:
        return conjunction(l, node);
    case TCT_G_XOR:
        return tct_lower_truth(l, tct_xor(l->b, truth(l, k[0]), truth(l, k[1])));
    case TCT_G_AT_LEAST:
        return tct_lower_truth(l, tct_lower_at_least(l, &v[k[0]], &v[k[1]]));
    case TCT_G_EQUAL:
        return tct_lower_truth(l, tct_lower_equal(l, &v[k[0]], &v[k[1]]));
    case TCT_G_LINEAR:
        return linear(l, node);
    case TCT_G_PRODUCT:
        return tct_lower_product(l, &v[k[0]], &v[k[1]]);
    case TCT_G_QUOTIENT:
        return tct_lower_quotient(l, node, &v[k[0]], &v[k[1]]);
    case TCT_G_IF:
        return tct_lower_if(l, truth(l, k[0]), &v[k[1]], &v[k[2]]);
    case TCT_G_METHOD:
        tct_lower_method(l, n);
        return tct_lower_const(0);
    case TCT_G_PICK:
        return l->results[k[0]] == NULL ? tct_lower_const(0) : l->results[k[0]][node->slot];
    default: /* a slot or not-now is always below an entry, or one itself */
        TCT_ASSERT(false);
        return tct_lower_const(0);
    }
}

/* Marks what the results need, down to what people enter. */
static uint8_t *find_needed(tct_lowering *l, const uint8_t *entered)
{
    const tct_graph *g = l->g;
    uint8_t *needed = tct_arena_take(l->arena, g->count, 1);
    if (needed == NULL)
        return NULL;
    for (uint32_t k = 0; k < tct_model_otherwise(g->model); k++)
        needed[g->chosen[k]] = 1;
    for (uint32_t i = 0; i < g->reveal_count; i++)
        for (uint32_t j = 0; j < g->reveals[i].count; j++)
            needed[g->reveals[i].nodes[j]] = 1;
    for (uint32_t n = g->count; n-- > 0;) {
        const tct_graph_node *node = tct_graph_at(g, n);
        int person;
        if (!needed[n] || entered[n] || deciding_choice(l, node, &person) != NULL)
            continue;
        for (uint32_t i = 0; i < node->kid_count; i++)
            needed[node->kids[i]] = 1;
    }
    return needed;
}

static void lower_nodes(tct_lowering *l)
{
    const tct_graph *g = l->g;
    uint8_t *entered = tct_arena_take(l->arena, g->count, 1);
    if (entered == NULL) {
        l->err = TCT_ERR_MEMORY;
        return;
    }
    for (int person = 0; person < 2; person++)
        for (uint32_t i = 0; i < l->plans[person].entry_count; i++) {
            const tct_entry *e = &l->plans[person].entries[i];
            if (e->node >= g->count || e->thermometer)
                continue;
            entered[e->node] = 1;
            l->numbers[e->node] = entry_number(l, person, e);
        }
    const uint8_t *needed = find_needed(l, entered);
    if (needed == NULL) {
        l->err = TCT_ERR_MEMORY;
        return;
    }
    for (uint32_t n = 0; n < g->count && l->err == TCT_OK && !tct_builder_failed(l->b); n++) {
        const tct_graph_node *node = tct_graph_at(g, n);
        int person;
        if (!needed[n] || entered[n])
            continue;
        const tct_entry *choice = deciding_choice(l, node, &person);
        l->numbers[n] = choice != NULL ? of_one_choice(l, n, person, choice) : joint(l, n);
        trim(&l->numbers[n], node);
    }
}

/* ----------------------------------------------------------------------------- outputs --- */

static tct_wire all_checks(tct_lowering *l)
{
    tct_wire fine = TCT_ONE;
    for (int person = 0; person < 2; person++)
        for (uint32_t i = 0; i < l->plans[person].check_count; i++)
            fine = tct_and(l->b, fine, tct_lower_check(l, person, &l->plans[person].checks[i]));
    return fine;
}

/* The outcome's number in binary, otherwise as 0: outcomes exclude each other, so that adding
 * without carry is enough. */
static void output_outcome(tct_lowering *l, tct_compiled *out, const tct_wire *chosen)
{
    uint32_t count = tct_model_otherwise(l->g->model);
    while (count >> out->outcome_width != 0)
        out->outcome_width++;
    for (uint32_t bit = 0; bit < out->outcome_width; bit++) {
        tct_wire w = TCT_ZERO;
        for (uint32_t k = 0; k < count; k++)
            if (((k + 1) >> bit & 1) != 0)
                w = tct_xor(l->b, w, chosen[k]);
        tct_output(l->b, w);
        out->output_calls++;
    }
}

static void output_reveal(tct_lowering *l, tct_compiled *out, uint32_t index, tct_wire chosen)
{
    const tct_graph_reveal *r = &l->g->reveals[index];
    tct_reveal_shape *shape = &out->reveals[index];
    *shape = (tct_reveal_shape){.first_output = out->output_calls, .step = 1};
    for (uint32_t i = 0; i < r->count; i++) {
        tct_number v = l->numbers[r->nodes[i]];
        if (tct_graph_at(l->g, r->nodes[i])->truth) {
            v = tct_lower_truth(l, truth(l, r->nodes[i]));
        } else if (r->count == 1) {
            shape->lo = v.lo;
            shape->step = v.step;
        } else { /* the percentage after the truths of a split */
            v = tct_lower_reshape(l, &v, 0, 1, TCT_PERCENT_BITS);
        }
        for (uint32_t j = 0; j < v.width; j++)
            tct_output(l->b, tct_and(l->b, chosen, v.bits[j]));
        shape->width += v.width;
        out->output_calls += v.width;
    }
}

void tct_lower_too_wide(tct_lowering *l)
{
    if (l->err == TCT_OK) {
        l->err = TCT_ERR_LIMIT;
        l->beyond = "numbers of more than 62 bits";
    }
}

static tct_err lower_with_room(tct_compiled *out, tct_lowering *l, uint32_t gates)
{
    uint32_t lots = l->g->lots.bit_count;
    *out = (tct_compiled){0};
    l->err = TCT_OK;
    l->results = tct_arena_take(l->arena, l->g->count, sizeof *l->results);
    l->numbers = tct_arena_take(l->arena, l->g->count, sizeof *l->numbers);
    l->values = tct_arena_take(l->arena, l->g->count, sizeof *l->values);
    l->slots = tct_arena_take(l->arena, l->g->model->slot_count + 1, sizeof *l->slots);
    l->seen = tct_arena_take(l->arena, l->g->count, sizeof *l->seen);
    l->b = tct_builder_new(l->arena, l->plans[0].bit_count + lots, l->plans[1].bit_count + lots,
                           gates);
    if (l->results == NULL || l->numbers == NULL || l->values == NULL || l->slots == NULL ||
        l->seen == NULL || l->b == NULL)
        return TCT_ERR_MEMORY;
    lower_nodes(l);
    out->beyond = l->beyond;
    if (l->err != TCT_OK)
        return l->err;
    tct_wire valid = all_checks(l), chosen[TCT_OUTCOMES_MAX];
    for (uint32_t k = 0; k < tct_model_otherwise(l->g->model); k++)
        chosen[k] = tct_and(l->b, valid, truth(l, l->g->chosen[k]));
    output_outcome(l, out, chosen);
    for (uint32_t i = 0; i < l->g->reveal_count; i++)
        output_reveal(l, out, i, chosen[l->g->reveals[i].outcome]);
    out->beyond = l->beyond;
    return l->err != TCT_OK ? l->err : tct_builder_finish(l->b, &out->circuit, &out->fixed);
}

tct_err tct_lower(tct_compiled *out, tct_arena *arena, const tct_graph *g,
                  const tct_plan plans[2])
{
    size_t mark = arena->used;
    tct_err err = TCT_ERR_LIMIT;
    /* Most circuits are small; a builder with room for all would cost its clearing each time. */
    static const uint32_t rooms[] = {1 << 12, 1 << 16, TCT_SHEET_GATES_MAX};
    out->beyond = NULL;
    for (size_t i = 0; i < 3 && err == TCT_ERR_LIMIT && out->beyond == NULL; i++) {
        tct_lowering l = {.arena = arena, .g = g, .plans = plans};
        arena->used = mark;
        err = lower_with_room(out, &l, rooms[i]);
    }
    if (err == TCT_ERR_LIMIT && out->beyond == NULL)
        out->beyond = "more than 524288 gates";
    return err;
}
