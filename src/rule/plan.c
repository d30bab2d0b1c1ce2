/* SPDX-License-Identifier: ISC */
#include "rule/plan.h"

#include <string.h>

#include "rule/allowed.h"

enum {
    ENUMERATE_MAX = 1 << 13, /* answer sheets of one group */
    ENUMERATE_WORK =
        1 << 20, /* … times the nodes, their kids and the answers looked at for each */
    ENUMERATE_ALL = 1 << 24, /* over all groups of a sheet */
    RESULT_BITS_MAX = 16,
};

typedef struct {
    const tct_graph *g;
    tct_arena *arena;
    int person;
    tct_plan *plan;
    tct_node *cut; /* the largest local nodes */
    uint32_t cut_count;
    uint8_t *needed;  /* scratch by node */
    int64_t *values;  /* scratch by node */
    int64_t *slots;   /* scratch by slot */
    uint8_t *results; /* scratch by result string */
    uint64_t *work; /* what may still be enumerated of this sheet, which may be a stranger's */
} planner;

/* One group: nodes of the cut that share questions, directly or through others. */
typedef struct {
    uint64_t questions;
    tct_node *nodes;
    uint32_t node_count;
    tct_node *order;
    uint32_t order_count;
} cluster;

/* ---------------------------------------------------------------------------- the cut --- */

static void need_results(const tct_graph *g, uint8_t *needed)
{
    for (uint32_t k = 0; k < tct_model_otherwise(g->model); k++)
        needed[g->chosen[k]] = 1;
    for (uint32_t i = 0; i < g->reveal_count; i++)
        for (uint32_t j = 0; j < g->reveals[i].count; j++)
            needed[g->reveals[i].nodes[j]] = 1;
}

/* Walks down from the results and stops where one person's part begins. */
static void find_cut(planner *p)
{
    const tct_graph *g = p->g;
    memset(p->needed, 0, g->count);
    need_results(g, p->needed);
    for (uint32_t n = g->count; n-- > 0;) {
        const tct_graph_node *node = tct_graph_at(g, n);
        if (!p->needed[n])
            continue;
        if (tct_graph_local(node) == p->person)
            p->cut[p->cut_count++] = n;
        if (tct_graph_local(node) >= 0)
            continue;
        for (uint32_t i = 0; i < node->kid_count; i++)
            p->needed[node->kids[i]] = 1;
    }
}

/* The nodes below `nodes`, kids first. */
static bool find_order(planner *p, const tct_node *nodes, uint32_t count, tct_node **order,
                       uint32_t *order_count)
{
    memset(p->needed, 0, p->g->count);
    uint32_t found = 0, at = 0;
    for (uint32_t i = 0; i < count; i++)
        p->needed[nodes[i]] = 1;
    for (uint32_t n = p->g->count; n-- > 0;) {
        const tct_graph_node *node = tct_graph_at(p->g, n);
        found += p->needed[n];
        for (uint32_t i = 0; p->needed[n] && i < node->kid_count; i++)
            p->needed[node->kids[i]] = 1;
    }
    *order = tct_arena_take(p->arena, found, sizeof **order);
    if (*order == NULL)
        return false;
    for (uint32_t n = 0; n < p->g->count; n++)
        if (p->needed[n])
            (*order)[at++] = n;
    *order_count = at;
    return true;
}

/* ------------------------------------------------------------------------ enumeration --- */

/* Steps through the answer sheets of a group like a counter; false after the last. */
static bool next_sheet(planner *p, const cluster *group, uint64_t *at, bool *not_now)
{
    const tct_model *m = p->g->model;
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        if ((group->questions >> i & 1) == 0)
            continue;
        for (uint32_t s = q->first_slot; s < q->first_slot + q->slot_count; s++) {
            if (++at[s] < tct_slot_values(m, q)) {
                p->slots[s] = tct_slot_value(q, at[s]);
                return true;
            }
            at[s] = 0;
            p->slots[s] = tct_slot_value(q, 0);
        }
    }
    if ((group->questions & TCT_NOT_NOW_BIT) == 0 || *not_now)
        return false;
    *not_now = true;
    return true;
}

/* Sets every slot of the group to its first value. */
static void first_sheet(planner *p, const cluster *group, uint64_t *at)
{
    const tct_model *m = p->g->model;
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        for (uint32_t s = q->first_slot; s < q->first_slot + q->slot_count; s++) {
            at[s] = 0;
            if ((group->questions >> i & 1) != 0)
                p->slots[s] = tct_slot_value(q, 0);
        }
    }
}

static bool sheet_allowed(const planner *p, const cluster *group)
{
    const tct_model *m = p->g->model;
    for (uint32_t i = 0; i < m->question_count; i++)
        if ((group->questions >> i & 1) != 0 &&
            !tct_question_allowed(m, &m->questions[i], p->slots))
            return false;
    return true;
}

/* What one evaluation of the group costs, with the look at whether its answers are allowed. */
static uint64_t order_work(const planner *p, const cluster *group)
{
    const tct_model *m = p->g->model;
    uint64_t sum = group->order_count;
    for (uint32_t i = 0; i < m->question_count; i++)
        if ((group->questions >> i & 1) != 0)
            sum += m->questions[i].slot_count * (1 + (uint64_t)m->questions[i].limit_count);
    for (uint32_t i = 0; i < group->order_count; i++)
        sum += tct_graph_at(p->g, group->order[i])->kid_count;
    return sum;
}

/* Counts as done what it allows. */
static bool may_enumerate(planner *p, const cluster *group)
{
    const tct_model *m = p->g->model;
    uint64_t sheets = (group->questions & TCT_NOT_NOW_BIT) != 0 ? 2 : 1;
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        for (uint32_t s = 0; (group->questions >> i & 1) != 0 && s < q->slot_count; s++) {
            uint64_t values = tct_slot_values(m, q);
            if (values > ENUMERATE_MAX || sheets * values > ENUMERATE_MAX)
                return false;
            sheets *= values;
        }
    }
    uint64_t work = sheets * order_work(p, group);
    if (work > ENUMERATE_WORK || work > *p->work)
        return false;
    *p->work -= work;
    return true;
}

/* Calls `see` for the values of each allowed answer sheet. */
static bool each_sheet(planner *p, const cluster *group, uint64_t *at,
                       void (*see)(planner *, const cluster *, tct_entry *), tct_entry *entries)
{
    bool not_now = false;
    first_sheet(p, group, at);
    do {
        if (!sheet_allowed(p, group))
            continue;
        tct_graph_evaluate(p->g, group->order, group->order_count, p->slots, not_now,
                           p->values);
        see(p, group, entries);
    } while (next_sheet(p, group, at, &not_now));
    return true;
}

/* First pass: the range of each result.  top counts the sheets seen, until the ranges stand. */
static void see_range(planner *p, const cluster *group, tct_entry *entries)
{
    for (uint32_t i = 0; i < group->node_count; i++) {
        tct_entry *e = &entries[i];
        int64_t v = p->values[group->nodes[i]];
        if (e->top++ == 0) {
            e->lo = v;
            continue;
        }
        e->step = tct_common_divisor(e->step, v - e->lo);
        e->lo = v < e->lo ? v : e->lo;
    }
}

static void see_top(planner *p, const cluster *group, tct_entry *entries)
{
    for (uint32_t i = 0; i < group->node_count; i++) {
        tct_entry *e = &entries[i];
        uint64_t code =
            e->step == 0 ? 0 : (uint64_t)((p->values[group->nodes[i]] - e->lo) / e->step);
        e->top = code > e->top ? code : e->top;
    }
}

/* Third pass: which strings of results occur. */
static void see_results(planner *p, const cluster *group, tct_entry *entries)
{
    uint64_t string = 0;
    for (uint32_t i = group->node_count; i-- > 0;) {
        tct_entry *e = &entries[i];
        uint64_t code =
            e->step == 0 ? 0 : (uint64_t)((p->values[group->nodes[i]] - e->lo) / e->step);
        string = string << e->width | code;
    }
    p->results[string] = 1;
}

static uint32_t width_of(uint64_t top)
{
    uint32_t width = 0;
    while (width < 63 && top >> width != 0)
        width++;
    return width;
}

/* The check that the results of a group need; false: the raw way is better. */
static bool add_result_check(planner *p, const cluster *group, uint32_t first_entry,
                             uint32_t width)
{
    tct_plan *plan = p->plan;
    uint32_t strings = (uint32_t)1 << width, occur = 0;
    for (uint32_t i = 0; i < strings; i++)
        occur += p->results[i];
    if (occur == strings)
        return true;
    tct_entry *first = &plan->entries[first_entry];
    tct_check *check = &plan->checks[plan->check_count];
    *check = (tct_check){.first_bit = first->first_bit, .width = width, .index = first_entry};
    if (group->node_count == 1 && occur == first->top + 1) {
        check->kind = TCT_CHECK_TOP;
    } else if (width <= TCT_MARKED_BITS_MAX) {
        uint8_t *marked = tct_arena_take(p->arena, strings, 1);
        if (marked == NULL)
            return false;
        memcpy(marked, p->results, strings);
        check->kind = TCT_CHECK_RESULTS;
        check->marked = marked;
    } else {
        return false;
    }
    plan->check_count++;
    return true;
}

/* The quotient way.  false: it does not fit; nothing has changed. */
static bool enter_results(planner *p, const cluster *group, uint64_t *at)
{
    tct_plan *plan = p->plan;
    uint32_t first = plan->entry_count, width = 0;
    tct_entry *entries = plan->entries + first;
    if (!may_enumerate(p, group))
        return false;
    for (uint32_t i = 0; i < group->node_count; i++)
        entries[i] = (tct_entry){.node = group->nodes[i], .slot = TCT_NO_SLOT};
    each_sheet(p, group, at, see_range, entries);
    for (uint32_t i = 0; i < group->node_count; i++)
        entries[i].top = 0;
    each_sheet(p, group, at, see_top, entries);
    for (uint32_t i = 0; i < group->node_count; i++) {
        entries[i].width = width_of(entries[i].top);
        entries[i].first_bit = plan->bit_count + width;
        width += entries[i].width;
        if (width > RESULT_BITS_MAX)
            return false;
    }
    memset(p->results, 0, (size_t)1 << width);
    each_sheet(p, group, at, see_results, entries);
    if (!add_result_check(p, group, first, width))
        return false;
    plan->entry_count += group->node_count;
    plan->bit_count += width;
    return true;
}

/* -------------------------------------------------------------------------------- raw --- */

static void enter_slot(planner *p, uint32_t question, uint32_t slot)
{
    tct_plan *plan = p->plan;
    const tct_model *m = p->g->model;
    const tct_question *q = &m->questions[question];
    uint64_t values = tct_slot_values(m, q);
    /* The node may not be in the graph (an item that the rule never asks for): it is entered all
     * the same, since the checks of its question need it. */
    tct_entry *e = &plan->entries[plan->entry_count++];
    *e = (tct_entry){.node = UINT32_MAX,
                     .slot = slot,
                     .lo = tct_slot_value(q, 0),
                     .step = q->kind == TACIT_NUMBER ? q->step : 1,
                     .top = values - 1};
    e->thermometer = q->kind == TACIT_CHOICE;
    e->width = e->thermometer ? (uint32_t)values - 1 : width_of(values - 1);
    e->first_bit = plan->bit_count;
    plan->bit_count += e->width;
    plan->entry_of_slot[slot] = plan->entry_count;
}

static void enter_raw(planner *p, const cluster *group)
{
    tct_plan *plan = p->plan;
    const tct_model *m = p->g->model;
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        if ((group->questions >> i & 1) == 0)
            continue;
        for (uint32_t s = 0; s < q->slot_count; s++)
            enter_slot(p, i, q->first_slot + s);
        plan->checks[plan->check_count++] = (tct_check){.kind = TCT_CHECK_QUESTION, .index = i};
    }
    if ((group->questions & TCT_NOT_NOW_BIT) != 0)
        plan->entries[plan->entry_count++] = (tct_entry){

            .node = UINT32_MAX - 1,
            .slot = TCT_NO_SLOT,
            .width = 1,
            .step = 1,
            .top = 1,
            .first_bit = plan->bit_count++};
}

/* Raw entries learn which node they stand for. */
static void name_raw_nodes(planner *p)
{
    tct_plan *plan = p->plan;
    for (uint32_t n = 0; n < p->g->count; n++) {
        const tct_graph_node *node = tct_graph_at(p->g, n);
        if (node->person != p->person)
            continue;
        if (node->op == TCT_G_SLOT && plan->entry_of_slot[node->slot] != 0)
            plan->entries[plan->entry_of_slot[node->slot] - 1].node = n;
        for (uint32_t i = 0; node->op == TCT_G_NOT_NOW && i < plan->entry_count; i++)
            if (plan->entries[i].node == UINT32_MAX - 1)
                plan->entries[i].node = n;
    }
}

/* ----------------------------------------------------------------------------- groups --- */

/* Joins the nodes of the cut into groups.  groups: room for cut_count. */
static uint32_t find_groups(planner *p, uint64_t *groups)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->cut_count; i++) {
        uint64_t joined = tct_graph_at(p->g, p->cut[i])->questions[p->person];
        for (uint32_t j = 0; j < count;) {
            if ((groups[j] & joined) == 0) {
                j++;
                continue;
            }
            joined |= groups[j];
            groups[j] = groups[--count];
            j = 0; /* the larger group may now touch one that was passed over */
        }
        groups[count++] = joined;
    }
    return count;
}

static tct_err enter_group(planner *p, uint64_t questions, uint64_t *at)
{
    cluster group = {.questions = questions};
    group.nodes = tct_arena_take(p->arena, p->cut_count, sizeof *group.nodes);
    if (group.nodes == NULL)
        return TCT_ERR_MEMORY;
    for (uint32_t i = p->cut_count; i-- > 0;) /* in the order in which they were made */
        if ((tct_graph_at(p->g, p->cut[i])->questions[p->person] & questions) != 0)
            group.nodes[group.node_count++] = p->cut[i];
    if (!find_order(p, group.nodes, group.node_count, &group.order, &group.order_count))
        return TCT_ERR_MEMORY;
    if (!enter_results(p, &group, at))
        enter_raw(p, &group);
    return TCT_OK;
}

static tct_err plan_person(planner *p)
{
    const tct_graph *g = p->g;
    uint32_t slots = g->model->slot_count;
    p->cut = tct_arena_take(p->arena, g->count, sizeof *p->cut);
    p->plan->entries =
        tct_arena_take(p->arena, (size_t)g->count + slots + 1, sizeof *p->plan->entries);
    p->plan->checks =
        tct_arena_take(p->arena, (size_t)g->count + TCT_QUESTIONS_MAX, sizeof *p->plan->checks);
    p->plan->entry_of_slot = tct_arena_take(p->arena, slots + 1, sizeof(uint32_t));
    uint64_t *groups = tct_arena_take(p->arena, g->count, sizeof *groups);
    uint64_t *at = tct_arena_take(p->arena, slots + 1, sizeof *at);
    if (p->cut == NULL || p->plan->entries == NULL || p->plan->checks == NULL ||
        p->plan->entry_of_slot == NULL || groups == NULL || at == NULL)
        return TCT_ERR_MEMORY;
    find_cut(p);
    uint32_t group_count = find_groups(p, groups);
    for (uint32_t i = 0; i < group_count; i++) {
        tct_err err = enter_group(p, groups[i], at);
        if (err != TCT_OK)
            return err;
    }
    name_raw_nodes(p);
    uint32_t named = 0;
    for (uint32_t i = 0; i < p->plan->entry_count; i++)
        if (p->plan->entries[i].node < g->count)
            p->cut[named++] = p->plan->entries[i].node;
    return find_order(p, p->cut, named, &p->plan->order, &p->plan->order_count)
               ? TCT_OK
               : TCT_ERR_MEMORY;
}

tct_err tct_plan_make(tct_plan plans[2], const tct_graph *g, tct_arena *arena)
{
    uint64_t work = ENUMERATE_ALL;
    for (int person = 0; person < 2; person++) {
        plans[person] = (tct_plan){0};
        planner p = {
            .g = g, .arena = arena, .person = person, .plan = &plans[person], .work = &work};
        p.needed = tct_arena_take(arena, g->count, 1);
        p.values = tct_arena_take(arena, g->count, sizeof *p.values);
        p.slots = tct_arena_take(arena, g->model->slot_count + 1, sizeof *p.slots);
        p.results = tct_arena_take(arena, (size_t)1 << RESULT_BITS_MAX, 1);
        if (p.needed == NULL || p.values == NULL || p.slots == NULL || p.results == NULL)
            return TCT_ERR_MEMORY;
        tct_err err = plan_person(&p);
        if (err != TCT_OK)
            return err;
    }
    return TCT_OK;
}
