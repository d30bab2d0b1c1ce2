/* SPDX-License-Identifier: ISC
 *
 * Nodes, sharing, and truths.
 */
#include "rule/graph.h"

#include <string.h>

const tct_graph_node *tct_graph_at(const tct_graph *g, tct_node n)
{
    return &g->nodes[n];
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

static uint64_t hash_node(const tct_graph_node *n, const tct_node *kids, const int64_t *factors)
{
    uint64_t h =
        mix((uint64_t)n->op << 16 | (uint64_t)n->person << 8 | n->rounding, (uint64_t)n->slot);
    h = mix(h, (uint64_t)n->value);
    for (uint32_t i = 0; i < n->kid_count; i++) {
        h = mix(h, kids[i]);
        if (factors != NULL)
            h = mix(h, (uint64_t)factors[i]);
    }
    return h;
}

static bool same_node(const tct_graph_node *a, const tct_graph_node *b, const tct_node *kids,
                      const int64_t *factors)
{
    if (a->op != b->op || a->person != b->person || a->rounding != b->rounding ||
        a->slot != b->slot || a->value != b->value || a->kid_count != b->kid_count)
        return false;
    size_t count = a->kid_count;
    return count == 0 ||
           (memcmp(a->kids, kids, count * sizeof *kids) == 0 &&
            (factors == NULL || memcmp(a->factors, factors, count * sizeof *factors) == 0));
}

tct_node tct_graph_beyond(tct_graph *g, const char *limit)
{
    if (g->err == TCT_OK) {
        g->err = TCT_ERR_LIMIT;
        g->beyond = limit;
    }
    return TCT_FALSE;
}

static const char too_many_parts[] = "more than 65536 parts";
static const char too_many_together[] = "more than 4096 parts joined by one `and`, `or` or sum";

static bool copy_kids(tct_graph *g, tct_graph_node *n, const tct_node *kids,
                      const int64_t *factors)
{
    uint32_t count = n->kid_count;
    if (count > g->pool_room - g->pool_used)
        return false;
    tct_node *copy = g->kid_pool + g->pool_used;
    int64_t *copied = g->factor_pool + g->pool_used;
    g->pool_used += count;
    if (count > 0)
        memcpy(copy, kids, count * sizeof *copy);
    if (count > 0 && factors != NULL)
        memcpy(copied, factors, count * sizeof *copied);
    n->kids = copy;
    n->factors = copied;
    return true;
}

/* What a node depends on is the union over its kids. */
static void gather(const tct_graph *g, tct_graph_node *n, const tct_node *kids)
{
    for (uint32_t i = 0; i < n->kid_count; i++) {
        const tct_graph_node *kid = tct_graph_at(g, kids[i]);
        n->of |= kid->of;
        for (int p = 0; p < 2; p++)
            n->questions[p] |= kid->questions[p];
        if (kid->only_slot == TCT_SLOT_NONE)
            continue;
        if (n->only_slot == TCT_SLOT_NONE)
            n->only_slot = kid->only_slot;
        else if (n->only_slot != kid->only_slot)
            n->only_slot = TCT_SLOT_MANY;
    }
}

tct_node tct_graph_intern(tct_graph *g, tct_graph_node node, const tct_node *kids,
                          uint32_t kid_count, const int64_t *factors)
{
    node.kid_count = kid_count;
    if (g->err != TCT_OK)
        return TCT_FALSE;
    uint64_t h = hash_node(&node, kids, factors);
    uint32_t at = (uint32_t)(h >> 32) & g->table_mask;
    for (; g->table[at] != 0; at = (at + 1) & g->table_mask)
        if (same_node(&g->nodes[g->table[at] - 1], &node, kids, factors))
            return g->table[at] - 1;
    if (g->count == g->room)
        return tct_graph_beyond(g, too_many_parts);
    if (node.op != TCT_G_SLOT && node.op != TCT_G_NOT_NOW)
        node.only_slot = TCT_SLOT_NONE;
    gather(g, &node, kids);
    if (!copy_kids(g, &node, kids, factors))
        return tct_graph_beyond(g, too_many_parts);
    node.at = g->at;
    g->nodes[g->count] = node;
    g->table[at] = g->count + 1;
    return g->count++;
}

static tct_graph_node truth_of(tct_graph_op op)
{
    return (tct_graph_node){.op = (uint8_t)op, .truth = true, .hi = 1, .step = 1};
}

/* ------------------------------------------------------------------------------ leaves --- */

tct_node tct_graph_lot(tct_graph *g, uint32_t number)
{
    tct_graph_node n = truth_of(TCT_G_LOT);
    n.slot = (int32_t)number;
    n.of = TCT_OF_LOTS;
    return tct_graph_intern(g, n, NULL, 0, NULL);
}

tct_node tct_graph_slot(tct_graph *g, int person, uint32_t question, uint32_t slot)
{
    const tct_question *q = &g->model->questions[question];
    tct_graph_node n = {.op = TCT_G_SLOT,
                        .of = person == 0 ? TCT_OF_A : TCT_OF_B,
                        .person = (uint8_t)person,
                        .slot = (int32_t)slot,
                        .only_slot = (int32_t)slot,
                        .lo = q->min,
                        .hi = q->max,
                        .step = q->step};
    n.questions[person] = (uint64_t)1 << question;
    if (q->kind == TACIT_CHOICE || q->kind == TACIT_SUBSET) {
        n.lo = 0;
        n.hi = q->kind == TACIT_SUBSET ? 1 : (int64_t)q->option_count - 1;
        n.step = 1;
        n.truth = q->kind == TACIT_SUBSET;
    }
    if (n.lo == n.hi)
        return tct_graph_const(g, n.lo);
    return tct_graph_intern(g, n, NULL, 0, NULL);
}

/* -------------------------------------------------------------------------------- not --- */

tct_node tct_graph_not(tct_graph *g, tct_node a)
{
    const tct_graph_node *n = tct_graph_at(g, a);
    if (n->op == TCT_G_CONST)
        return a == TCT_FALSE ? TCT_TRUE : TCT_FALSE;
    if (n->op == TCT_G_NOT)
        return n->kids[0];
    return tct_graph_intern(g, truth_of(TCT_G_NOT), &a, 1, NULL);
}

/* -------------------------------------------------------------------------------- and --- */

/* A sorted set of nodes being gathered. */
typedef struct {
    tct_node *nodes; /* room for TCT_KIDS_MAX */
    uint32_t count;
} gathering;

/* Where n stands or belongs. */
static uint32_t position(const gathering *s, tct_node n)
{
    uint32_t low = 0, high = s->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (s->nodes[middle] < n)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void insert(tct_graph *g, gathering *s, tct_node n)
{
    uint32_t low = position(s, n);
    if (low < s->count && s->nodes[low] == n)
        return;
    if (s->count == TCT_KIDS_MAX) {
        tct_graph_beyond(g, too_many_together);
        return;
    }
    memmove(s->nodes + low + 1, s->nodes + low, (s->count - low) * sizeof n);
    s->nodes[low] = n;
    s->count++;
}

static bool holds(const gathering *s, tct_node n)
{
    uint32_t at = position(s, n);
    return at < s->count && s->nodes[at] == n;
}

/* Takes kids apart as far as they are conjunctions themselves: two levels at most, since every
 * conjunction was built this way.  false: one of them is false. */
static bool flatten(tct_graph *g, gathering *s, const tct_node *kids, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const tct_graph_node *n = tct_graph_at(g, kids[i]);
        if (kids[i] == TCT_FALSE)
            return false;
        if (n->op == TCT_G_AND) {
            if (!flatten(g, s, n->kids, n->kid_count))
                return false;
        } else if (kids[i] != TCT_TRUE) {
            insert(g, s, kids[i]);
        }
    }
    return true;
}

static tct_node conjunction(tct_graph *g, const tct_node *kids, uint32_t count)
{
    if (count == 0)
        return TCT_TRUE;
    return count == 1 ? kids[0] : tct_graph_intern(g, truth_of(TCT_G_AND), kids, count, NULL);
}

/* One node for each person's part, then everything joint. */
static tct_node regroup(tct_graph *g, const gathering *all)
{
    tct_node *part = g->scratch[1], *top = g->scratch[2];
    uint32_t top_count = 0;
    for (int p = 0; p < 2; p++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < all->count; i++)
            if (tct_graph_local(tct_graph_at(g, all->nodes[i])) == p)
                part[count++] = all->nodes[i];
        if (count > 0)
            top[top_count++] = conjunction(g, part, count);
    }
    for (uint32_t i = 0; i < all->count; i++)
        if (tct_graph_local(tct_graph_at(g, all->nodes[i])) < 0)
            top[top_count++] = all->nodes[i];
    return conjunction(g, top, top_count);
}

tct_node tct_graph_and(tct_graph *g, const tct_node *kids, uint32_t count)
{
    gathering all = {.nodes = g->scratch[0]};
    if (!flatten(g, &all, kids, count))
        return TCT_FALSE;
    for (uint32_t i = 0; i < all.count; i++) {
        const tct_graph_node *n = tct_graph_at(g, all.nodes[i]);
        if (n->op == TCT_G_NOT && holds(&all, n->kids[0]))
            return TCT_FALSE;
    }
    return regroup(g, &all);
}

tct_node tct_graph_and2(tct_graph *g, tct_node a, tct_node b)
{
    const tct_node kids[2] = {a, b};
    return tct_graph_and(g, kids, 2);
}

tct_node tct_graph_or(tct_graph *g, const tct_node *kids, uint32_t count)
{
    tct_node *inverted = g->scratch[3];
    if (count > TCT_KIDS_MAX)
        return tct_graph_beyond(g, too_many_together);
    for (uint32_t i = 0; i < count; i++)
        inverted[i] = tct_graph_not(g, kids[i]);
    return tct_graph_not(g, tct_graph_and(g, inverted, count));
}

tct_node tct_graph_xor(tct_graph *g, tct_node a, tct_node b)
{
    bool flip = false;
    tct_node kids[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        if (tct_graph_at(g, kids[i])->op == TCT_G_NOT) {
            kids[i] = tct_graph_at(g, kids[i])->kids[0];
            flip = !flip;
        }
        if (kids[i] == TCT_TRUE) {
            kids[i] = TCT_FALSE;
            flip = !flip;
        }
    }
    if (kids[0] > kids[1]) {
        tct_node swapped = kids[0];
        kids[0] = kids[1];
        kids[1] = swapped;
    }
    tct_node result = kids[0] == kids[1] ? TCT_FALSE
                      : kids[0] == TCT_FALSE
                          ? kids[1]
                          : tct_graph_intern(g, truth_of(TCT_G_XOR), kids, 2, NULL);
    return flip ? tct_graph_not(g, result) : result;
}
