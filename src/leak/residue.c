/* SPDX-License-Identifier: ISC
 *
 * What is left of a rule when some answers are known.
 */
#include "leak/residue.h"

#include <string.h>

/* ------------------------------------------------------------------------------- nodes --- */

/* Marks what a result needs. */
static void mark_needed(const tct_graph *g, uint8_t *needed)
{
    for (uint32_t k = 0; k < tct_model_otherwise(g->model); k++)
        needed[g->chosen[k]] = 1;
    for (uint32_t i = 0; i < g->reveal_count; i++)
        for (uint32_t j = 0; j < g->reveals[i].count; j++)
            needed[g->reveals[i].nodes[j]] = 1;
    for (uint32_t n = g->count; n-- > 0;) {
        const tct_graph_node *node = tct_graph_at(g, n);
        for (uint32_t i = 0; needed[n] && i < node->kid_count; i++)
            needed[node->kids[i]] = 1;
    }
}

tct_err tct_residue_init(tct_residue *r, tct_arena *arena, const tct_graph *g, unsigned people)
{
    uint32_t slots = g->model->slot_count + 1;
    *r = (tct_residue){.g = g};
    r->varies = tct_arena_take(arena, g->count, 1);
    r->live = tct_arena_take(arena, g->count, 1);
    r->lo = tct_arena_take(arena, g->count, sizeof *r->lo);
    r->hi = tct_arena_take(arena, g->count, sizeof *r->hi);
    r->order = tct_arena_take(arena, g->count, sizeof *r->order);
    bool fine = r->varies != NULL && r->live != NULL && r->lo != NULL && r->hi != NULL &&
                r->order != NULL;
    for (int p = 0; p < 2; p++) {
        r->of[p].known = tct_arena_take(arena, slots, 1);
        r->of[p].values = tct_arena_take(arena, slots, sizeof(int64_t));
        fine &= r->of[p].known != NULL && r->of[p].values != NULL;
    }
    if (!fine)
        return TCT_ERR_MEMORY;
    mark_needed(g, r->varies);
    for (uint32_t n = 0; n < g->count; n++) {
        const tct_graph_node *node = tct_graph_at(g, n);
        r->varies[n] = r->varies[n] && (node->of & people) != 0;
        if (r->varies[n])
            r->order[r->order_count++] = n;
        r->lo[n] = node->lo;
        r->hi[n] = node->op == TCT_G_METHOD ? node->lo + 1 : node->hi; /* never settled */
    }
    return TCT_OK;
}

void tct_residue_set(tct_residue *r, int person, uint32_t slot, int64_t value)
{
    if (slot == UINT32_MAX) {
        r->of[person].not_now_known = true;
        r->of[person].not_now = value != 0;
        return;
    }
    r->of[person].known[slot] = 1;
    r->of[person].values[slot] = value;
}

void tct_residue_forget(tct_residue *r, int person)
{
    r->of[person].not_now_known = false;
    for (uint32_t i = 0; i < r->g->model->slot_count; i++)
        r->of[person].known[i] = 0;
}

uint32_t tct_residue_affected(tct_residue *r, int person, uint32_t slot, tct_node *out)
{
    uint32_t count = 0;
    memset(r->live, 0, r->g->count);
    for (uint32_t i = 0; i < r->order_count; i++) {
        tct_node n = r->order[i];
        const tct_graph_node *node = tct_graph_at(r->g, n);
        bool leaf = node->op == TCT_G_SLOT || node->op == TCT_G_NOT_NOW;
        bool hit =
            leaf && node->person == person &&
            (node->op == TCT_G_NOT_NOW ? slot == UINT32_MAX : (uint32_t)node->slot == slot);
        for (uint32_t k = 0; !hit && k < node->kid_count; k++)
            hit = r->live[node->kids[k]] != 0;
        r->live[n] = hit;
        if (hit)
            out[count++] = n;
    }
    return count;
}

/* --------------------------------------------------------------------------- intervals --- */

typedef struct {
    int64_t lo, hi;
} interval;

static interval of(const tct_residue *r, tct_node n)
{
    return (interval){r->lo[n], r->hi[n]};
}

static interval leaf(const tct_residue *r, const tct_graph_node *node)
{
    int p = node->person;
    if (node->op == TCT_G_NOT_NOW) {
        bool known = r->of[p].not_now_known;
        return (interval){known && r->of[p].not_now, !known || r->of[p].not_now};
    }
    if (r->of[p].known[node->slot])
        return (interval){r->of[p].values[node->slot], r->of[p].values[node->slot]};
    return (interval){node->lo, node->hi};
}

static interval conjunction(const tct_residue *r, const tct_graph_node *node)
{
    interval all = {1, 1};
    for (uint32_t i = 0; i < node->kid_count; i++) {
        all.lo &= r->lo[node->kids[i]];
        all.hi &= r->hi[node->kids[i]];
    }
    return all;
}

static interval linear(const tct_residue *r, const tct_graph_node *node)
{
    interval sum = {node->value, node->value};
    for (uint32_t i = 0; i < node->kid_count; i++) {
        int64_t f = node->factors[i], a = f * r->lo[node->kids[i]],
                b = f * r->hi[node->kids[i]];
        sum.lo += a < b ? a : b;
        sum.hi += a < b ? b : a;
    }
    return sum;
}

static interval product(interval a, interval b)
{
    const int64_t corner[4] = {a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi};
    interval all = {corner[0], corner[0]};
    for (int i = 1; i < 4; i++) {
        all.lo = corner[i] < all.lo ? corner[i] : all.lo;
        all.hi = corner[i] > all.hi ? corner[i] : all.hi;
    }
    return all;
}

static interval at_least(interval a, interval b)
{
    return (interval){a.lo >= b.hi, a.hi >= b.lo};
}

static interval equal(interval a, interval b)
{
    bool known = a.lo == a.hi && b.lo == b.hi;
    return (interval){known && a.lo == b.lo, a.lo <= b.hi && b.lo <= a.hi};
}

/* A quotient is settled when both numbers are; else it is somewhere in its range. */
static interval quotient(const tct_graph_node *node, interval a, interval b)
{
    if (a.lo != a.hi || b.lo != b.hi || b.lo == 0)
        return (interval){node->lo, node->hi};
    int64_t q = node->rounding == TCT_UP ? -tct_floor_divide(-a.lo, b.lo)
                                         : tct_floor_divide(a.lo, b.lo);
    return (interval){q, q};
}

static interval either(interval c, interval a, interval b)
{
    if (c.lo == c.hi)
        return c.lo != 0 ? a : b;
    return (interval){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

static interval work_out(const tct_residue *r, tct_node n)
{
    const tct_graph_node *node = tct_graph_at(r->g, n);
    const tct_node *k = node->kids;
    switch (node->op) {
    case TCT_G_SLOT:
    case TCT_G_NOT_NOW:
        return leaf(r, node);
    case TCT_G_NOT:
        return (interval){1 - r->hi[k[0]], 1 - r->lo[k[0]]};
    case TCT_G_AND:
        return conjunction(r, node);
    case TCT_G_XOR:
        if (!tct_residue_settled(r, k[0]) || !tct_residue_settled(r, k[1]))
            return (interval){0, 1};
        return (interval){r->lo[k[0]] ^ r->lo[k[1]], r->lo[k[0]] ^ r->lo[k[1]]};
    case TCT_G_AT_LEAST:
        return at_least(of(r, k[0]), of(r, k[1]));
    case TCT_G_EQUAL:
        return equal(of(r, k[0]), of(r, k[1]));
    case TCT_G_LINEAR:
        return linear(r, node);
    case TCT_G_PRODUCT:
        return product(of(r, k[0]), of(r, k[1]));
    case TCT_G_QUOTIENT:
        return quotient(node, of(r, k[0]), of(r, k[1]));
    case TCT_G_IF:
        return either(of(r, k[0]), of(r, k[1]), of(r, k[2]));
    case TCT_G_METHOD:
        return (interval){0, 1};
    default:
        return (interval){node->lo, node->hi};
    }
}

void tct_residue_update(tct_residue *r, const tct_node *nodes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        interval v = work_out(r, nodes[i]);
        r->lo[nodes[i]] = v.lo;
        r->hi[nodes[i]] = v.hi;
    }
}

/* ------------------------------------------------------------------------- the residue --- */

void tct_bits_add(tct_bits *b, uint64_t value, uint32_t width)
{
    if (b->bits + width <= b->room && width > 0) {
        uint32_t at = b->bits / 64, shift = b->bits % 64;
        if (shift == 0)
            b->words[at] = 0; /* words are fresh when their first bit is written */
        b->words[at] |= value << shift;
        if (shift + width > 64)
            b->words[at + 1] = value >> (64 - shift);
    }
    b->bits += width;
}

/* As wide as the range of the node. */
static void write_value(tct_bits *out, const tct_graph_node *node, int64_t value)
{
    uint64_t top = (uint64_t)(node->hi - node->lo);
    uint32_t width = 0;
    while (width < 63 && top >> width != 0)
        width++;
    tct_bits_add(out, (uint64_t)(value - node->lo), width);
}

/* A node below something unsettled: its value, or a sign that it is to be looked at. */
static void write_kid(tct_residue *r, tct_node n, tct_bits *out, bool with_value)
{
    if (!r->varies[n])
        return;
    bool settled = tct_residue_settled(r, n);
    tct_bits_add(out, settled, 1);
    if (!settled)
        r->live[n] = 1;
    else if (with_value)
        write_value(out, tct_graph_at(r->g, n), r->lo[n]);
}

static void write_unsettled(tct_residue *r, const tct_graph_node *node, tct_bits *out)
{
    int64_t sum = 0;
    /* Of a conjunction that is not settled every settled part is true; of a sum only the sum of the
     * settled parts matters. */
    bool with_value = node->op != TCT_G_AND && node->op != TCT_G_LINEAR;
    if (node->op == TCT_G_IF && tct_residue_settled(r, node->kids[0])) {
        write_kid(r, node->kids[0], out, true);
        write_kid(r, node->kids[r->lo[node->kids[0]] != 0 ? 1 : 2], out, true);
        return;
    }
    for (uint32_t i = 0; i < node->kid_count; i++) {
        tct_node kid = node->kids[i];
        write_kid(r, kid, out, with_value);
        if (node->op == TCT_G_LINEAR && r->varies[kid] && tct_residue_settled(r, kid))
            sum += node->factors[i] * r->lo[kid];
    }
    if (node->op == TCT_G_LINEAR)
        tct_bits_add(out, (uint64_t)sum, 64);
}

void tct_residue_write(tct_residue *r, tct_bits *out)
{
    const tct_graph *g = r->g;
    memset(r->live, 0, g->count);
    for (uint32_t k = 0; k < tct_model_otherwise(g->model); k++)
        write_kid(r, g->chosen[k], out, true);
    for (uint32_t i = 0; i < g->reveal_count; i++) {
        tct_node chosen = g->chosen[g->reveals[i].outcome];
        if (r->hi[chosen] == 0)
            continue; /* never shown */
        for (uint32_t j = 0; j < g->reveals[i].count; j++)
            write_kid(r, g->reveals[i].nodes[j], out, true);
    }
    for (uint32_t i = r->order_count; i-- > 0;)
        if (r->live[r->order[i]])
            write_unsettled(r, tct_graph_at(g, r->order[i]), out);
}
