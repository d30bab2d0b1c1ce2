/* SPDX-License-Identifier: ISC
 *
 * One person's part of the graph, in the clear, on that person's device.
 */
#include "rule/graph.h"

#include "base/mask.h"

/* a where the truth c is 1, else b; without a branch on c. */
static int64_t choose(int64_t c, int64_t a, int64_t b)
{
    uint64_t mask = tct_mask_of_bit((uint64_t)c).bits;
    return (int64_t)(((uint64_t)a & mask) | ((uint64_t)b & ~mask));
}

/* a >= b as 0 or 1: the sign of the difference, which cannot overflow within our limits. */
static int64_t at_least(int64_t a, int64_t b)
{
    return (int64_t)(1 ^ (uint64_t)(a - b) >> 63);
}

static int64_t quotient(const tct_graph_node *n, int64_t a, int64_t b)
{
    /* A division takes a time of its own for each operand on most machines; this one happens on
     * the person's own device, before anything is sent. */
    return n->rounding == TCT_UP ? -tct_floor_divide(-a, b) : tct_floor_divide(a, b);
}

static int64_t evaluate_one(const tct_graph_node *n, const int64_t *v, const int64_t *slots,
                            bool not_now)
{
    const tct_node *kids = n->kids;
    int64_t result = n->value;
    switch (n->op) {
    case TCT_G_CONST:
        return n->value;
    case TCT_G_SLOT:
        return slots[n->slot];
    case TCT_G_NOT_NOW:
        return not_now;
    case TCT_G_NOT:
        return 1 ^ v[kids[0]];
    case TCT_G_AND:
        result = 1;
        for (uint32_t i = 0; i < n->kid_count; i++)
            result &= v[kids[i]];
        return result;
    case TCT_G_XOR:
        return v[kids[0]] ^ v[kids[1]];
    case TCT_G_AT_LEAST:
        return at_least(v[kids[0]], v[kids[1]]);
    case TCT_G_EQUAL:
        return at_least(v[kids[0]], v[kids[1]]) & at_least(v[kids[1]], v[kids[0]]);
    case TCT_G_LINEAR:
        for (uint32_t i = 0; i < n->kid_count; i++)
            result += n->factors[i] * v[kids[i]];
        return result;
    case TCT_G_PRODUCT:
        return v[kids[0]] * v[kids[1]];
    case TCT_G_QUOTIENT:
        return quotient(n, v[kids[0]], v[kids[1]]);
    case TCT_G_IF:
        return choose(v[kids[0]], v[kids[1]], v[kids[2]]);
    default: /* lots and joint methods are nobody's own */
        TCT_ASSERT(false);
        return 0;
    }
}

void tct_graph_evaluate(const tct_graph *g, const tct_node *order, uint32_t count,
                        const int64_t *slots, bool not_now, int64_t *values)
{
    for (uint32_t i = 0; i < count; i++)
        values[order[i]] = evaluate_one(tct_graph_at(g, order[i]), values, slots, not_now);
}
