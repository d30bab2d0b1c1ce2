/* SPDX-License-Identifier: ISC
 *
 * Numbers: every node knows its exact range, and that all its values are a whole number of steps
 * above the smallest.  A range that leaves ±10^15 is an error of the sheet.
 */
#include "rule/graph.h"

#include <string.h>

int64_t tct_common_divisor(int64_t a, int64_t b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

int64_t tct_floor_divide(int64_t a, int64_t b)
{
    int64_t quotient = a / b;
    return a % b != 0 && (a % b < 0) != (b < 0) ? quotient - 1 : quotient;
}

static tct_node too_large(tct_graph *g)
{
    tct_complain(g->complaints, g->at, "at most 1000000000000000 on either side of zero",
                 "this could become larger than any number that is allowed");
    if (g->err == TCT_OK)
        g->err = TCT_ERR_FORMAT;
    return TCT_FALSE;
}

/* a*b, if it stays within the limits. */
static bool multiply(int64_t a, int64_t b, int64_t *out)
{
    int64_t size_a = a < 0 ? -a : a, size_b = b < 0 ? -b : b;
    if (size_b != 0 && size_a > TCT_NUMBER_MAX / size_b)
        return false;
    *out = a * b;
    return true;
}

static bool within(int64_t v)
{
    return v >= -TCT_NUMBER_MAX && v <= TCT_NUMBER_MAX;
}

tct_node tct_graph_const(tct_graph *g, int64_t value)
{
    tct_graph_node n = {.op = TCT_G_CONST,
                        .value = value,
                        .lo = value,
                        .hi = value,
                        .truth = value == 0 || value == 1};
    return tct_graph_intern(g, n, NULL, 0, NULL);
}

/* ---------------------------------------------------------------------------- linear --- */

typedef struct {
    int64_t value;
    tct_node *kids; /* sorted, different, room for TCT_KIDS_MAX */
    int64_t *factors;
    uint32_t count;
} terms;

/* t += factor * n.  false: out of range or too many. */
static bool add_term(terms *t, tct_node n, int64_t factor)
{
    uint32_t low = 0, high = t->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (t->kids[middle] < n)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < t->count && t->kids[low] == n) {
        t->factors[low] += factor;
        return within(t->factors[low]);
    }
    if (t->count == TCT_KIDS_MAX)
        return false;
    memmove(t->kids + low + 1, t->kids + low, (t->count - low) * sizeof n);
    memmove(t->factors + low + 1, t->factors + low, (t->count - low) * sizeof factor);
    t->kids[low] = n;
    t->factors[low] = factor;
    t->count++;
    return true;
}

/* As add_term, but takes sums and constants apart.  Sums hold sums at most two levels deep. */
static bool add_flat(tct_graph *g, terms *t, tct_node n, int64_t factor)
{
    const tct_graph_node *node = tct_graph_at(g, n);
    int64_t part = 0;
    if (node->op == TCT_G_CONST || node->op == TCT_G_LINEAR) {
        if (!multiply(node->value, factor, &part) || !within(t->value + part))
            return false;
        t->value += part;
        for (uint32_t i = 0; i < node->kid_count; i++) {
            if (!multiply(node->factors[i], factor, &part) ||
                !add_flat(g, t, node->kids[i], part))
                return false;
        }
        return true;
    }
    return add_term(t, n, factor);
}

static void drop_zeros(terms *t)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < t->count; i++)
        if (t->factors[i] != 0) {
            t->kids[kept] = t->kids[i];
            t->factors[kept++] = t->factors[i];
        }
    t->count = kept;
}

/* The node of these terms as they stand. */
static tct_node linear_node(tct_graph *g, const terms *t)
{
    tct_graph_node n = {.op = TCT_G_LINEAR, .value = t->value, .lo = t->value, .hi = t->value};
    if (t->count == 0)
        return tct_graph_const(g, t->value);
    if (t->count == 1 && t->factors[0] == 1 && t->value == 0)
        return t->kids[0];
    for (uint32_t i = 0; i < t->count; i++) {
        const tct_graph_node *kid = tct_graph_at(g, t->kids[i]);
        int64_t at_lo = 0, at_hi = 0, step = 0;
        if (!multiply(t->factors[i], kid->lo, &at_lo) ||
            !multiply(t->factors[i], kid->hi, &at_hi) ||
            !multiply(t->factors[i], kid->step, &step))
            return too_large(g);
        n.lo += at_lo < at_hi ? at_lo : at_hi;
        n.hi += at_lo < at_hi ? at_hi : at_lo;
        n.step = tct_common_divisor(n.step, step);
        if (!within(n.lo) || !within(n.hi))
            return too_large(g);
    }
    return tct_graph_intern(g, n, t->kids, t->count, t->factors);
}

static bool joint_terms(const tct_graph *g, const terms *t)
{
    uint8_t of = 0;
    for (uint32_t i = 0; i < t->count; i++)
        of |= tct_graph_at(g, t->kids[i])->of;
    return of != TCT_OF_A && of != TCT_OF_B;
}

/* Makes one kid of each person's part, where that is more than one term.  `side` has the part. */
static void regroup(tct_graph *g, terms *t)
{
    for (int p = 0; p < 2; p++) {
        terms part = {.kids = g->scratch[1], .factors = g->scratch_factors[1]};
        uint32_t kept = 0;
        for (uint32_t i = 0; i < t->count; i++)
            part.count += tct_graph_local(tct_graph_at(g, t->kids[i])) == p;
        if (part.count < 2)
            continue;
        part.count = 0;
        for (uint32_t i = 0; i < t->count; i++) {
            bool own = tct_graph_local(tct_graph_at(g, t->kids[i])) == p;
            terms *to = own ? &part : t;
            uint32_t at = own ? part.count++ : kept++;
            to->kids[at] = t->kids[i];
            to->factors[at] = t->factors[i];
        }
        t->count = kept;
        add_term(t, linear_node(g, &part), 1);
    }
}

tct_node tct_graph_linear(tct_graph *g, int64_t value, const tct_node *kids,
                          const int64_t *factors, uint32_t count)
{
    terms t = {.value = value, .kids = g->scratch[0], .factors = g->scratch_factors[0]};
    for (uint32_t i = 0; i < count; i++)
        if (!add_flat(g, &t, kids[i], factors[i]))
            return too_large(g);
    drop_zeros(&t);
    if (joint_terms(g, &t))
        regroup(g, &t);
    return linear_node(g, &t);
}

/* ------------------------------------------------------------------------ comparisons --- */

/* Splits a - b into one person's part and the other's, so that each computes its own side of the
 * comparison.  false: something else is in it. */
static bool split_difference(tct_graph *g, tct_node *a, tct_node *b)
{
    terms t = {.kids = g->scratch[0], .factors = g->scratch_factors[0]};
    if (!add_flat(g, &t, *a, 1) || !add_flat(g, &t, *b, -1))
        return false;
    drop_zeros(&t);
    bool both[2] = {false, false};
    for (uint32_t i = 0; i < t.count; i++) {
        int person = tct_graph_local(tct_graph_at(g, t.kids[i]));
        if (person < 0)
            return false;
        both[person] = true;
    }
    if (!both[0] || !both[1])
        return false;
    /* The person whose first term is positive stands on the left. */
    int left = 0;
    for (uint32_t i = t.count; i-- > 0;)
        if (t.factors[i] > 0)
            left = tct_graph_local(tct_graph_at(g, t.kids[i]));
    terms side[2] = {
        {.value = t.value, .kids = g->scratch[1], .factors = g->scratch_factors[1]},
        {.kids = g->scratch[2], .factors = g->scratch_factors[2]}};
    for (uint32_t i = 0; i < t.count; i++) {
        int person = tct_graph_local(tct_graph_at(g, t.kids[i]));
        terms *to = &side[person != left];
        to->kids[to->count] = t.kids[i];
        to->factors[to->count++] = person == left ? t.factors[i] : -t.factors[i];
    }
    *a = linear_node(g, &side[0]);
    *b = linear_node(g, &side[1]);
    return true;
}

tct_node tct_graph_at_least(tct_graph *g, tct_node a, tct_node b)
{
    split_difference(g, &a, &b);
    const tct_graph_node *left = tct_graph_at(g, a), *right = tct_graph_at(g, b);
    if (a == b || left->lo >= right->hi)
        return TCT_TRUE;
    if (left->hi < right->lo)
        return TCT_FALSE;
    const tct_node kids[2] = {a, b};
    tct_graph_node n = {.op = TCT_G_AT_LEAST, .truth = true, .hi = 1, .step = 1};
    return tct_graph_intern(g, n, kids, 2, NULL);
}

/* Can two numbers meet, by their ranges and steps? */
static bool may_be_equal(const tct_graph_node *a, const tct_graph_node *b)
{
    if (a->lo > b->hi || b->lo > a->hi)
        return false;
    int64_t step = tct_common_divisor(a->step, b->step);
    return step == 0 ? a->lo == b->lo : (a->lo - b->lo) % step == 0;
}

tct_node tct_graph_equal(tct_graph *g, tct_node a, tct_node b)
{
    split_difference(g, &a, &b);
    const tct_graph_node *left = tct_graph_at(g, a), *right = tct_graph_at(g, b);
    if (a == b)
        return TCT_TRUE;
    if (!may_be_equal(left, right))
        return TCT_FALSE;
    if (left->truth && right->truth)
        return tct_graph_not(g, tct_graph_xor(g, a, b));
    const tct_node kids[2] = {a < b ? a : b, a < b ? b : a};
    tct_graph_node n = {.op = TCT_G_EQUAL, .truth = true, .hi = 1, .step = 1};
    return tct_graph_intern(g, n, kids, 2, NULL);
}

/* ------------------------------------------------------------------- products, choices --- */

tct_node tct_graph_product(tct_graph *g, tct_node a, tct_node b)
{
    const tct_graph_node *x = tct_graph_at(g, a), *y = tct_graph_at(g, b);
    if (x->op == TCT_G_CONST)
        return tct_graph_linear(g, 0, &b, &x->value, 1);
    if (y->op == TCT_G_CONST)
        return tct_graph_linear(g, 0, &a, &y->value, 1);
    int64_t corners[4], p = 0, q = 0, r = 0;
    if (!multiply(x->lo, y->lo, &corners[0]) || !multiply(x->lo, y->hi, &corners[1]) ||
        !multiply(x->hi, y->lo, &corners[2]) || !multiply(x->hi, y->hi, &corners[3]) ||
        !multiply(x->lo, y->step, &p) || !multiply(y->lo, x->step, &q) ||
        !multiply(x->step, y->step, &r))
        return too_large(g);
    tct_graph_node n = {.op = TCT_G_PRODUCT, .lo = corners[0], .hi = corners[0]};
    for (int i = 1; i < 4; i++) {
        n.lo = corners[i] < n.lo ? corners[i] : n.lo;
        n.hi = corners[i] > n.hi ? corners[i] : n.hi;
    }
    n.step = tct_common_divisor(tct_common_divisor(p, q), r);
    const tct_node kids[2] = {a < b ? a : b, a < b ? b : a};
    return tct_graph_intern(g, n, kids, 2, NULL);
}

tct_node tct_graph_if(tct_graph *g, tct_node condition, tct_node a, tct_node b)
{
    const tct_graph_node *x = tct_graph_at(g, a), *y = tct_graph_at(g, b);
    if (condition == TCT_TRUE || a == b)
        return a;
    if (condition == TCT_FALSE)
        return b;
    if (x->truth && y->truth) { /* c a or not c b: exclusive, so the two can be added */
        tct_node one = tct_graph_and2(g, condition, a);
        tct_node other = tct_graph_and2(g, tct_graph_not(g, condition), b);
        return tct_graph_xor(g, one, other);
    }
    tct_graph_node n = {.op = TCT_G_IF};
    n.lo = x->lo < y->lo ? x->lo : y->lo;
    n.hi = x->hi > y->hi ? x->hi : y->hi;
    n.step = tct_common_divisor(tct_common_divisor(x->step, y->step), x->lo - y->lo);
    const tct_node kids[3] = {condition, a, b};
    return tct_graph_intern(g, n, kids, 3, NULL);
}

static int64_t divide_rounded(int64_t a, int64_t b, tct_rounding rounding)
{
    return rounding == TCT_UP ? -tct_floor_divide(-a, b) : tct_floor_divide(a, b);
}

static tct_node refuse_division(tct_graph *g, const char *hint, const char *message)
{
    tct_complain(g->complaints, g->at, hint, "%s", message);
    if (g->err == TCT_OK)
        g->err = TCT_ERR_FORMAT;
    return TCT_FALSE;
}

tct_node tct_graph_quotient(tct_graph *g, tct_node a, tct_node b, tct_rounding rounding)
{
    const tct_graph_node *x = tct_graph_at(g, a), *y = tct_graph_at(g, b);
    if (y->lo <= 0 && y->hi >= 0)
        return refuse_division(g, "add something to it that keeps it above zero",
                               "this could divide by zero");
    bool exact = y->lo == y->hi && x->lo % y->lo == 0 && x->step % y->lo == 0;
    if (!exact && rounding == TCT_EXACT)
        return refuse_division(g, "add `rounded down` or `rounded up`",
                               "this division does not always come out even");
    if (x->op == TCT_G_CONST && y->op == TCT_G_CONST)
        return tct_graph_const(g, divide_rounded(x->lo, y->lo, rounding));
    tct_graph_node n = {.op = TCT_G_QUOTIENT,
                        .rounding = (uint8_t)(exact ? TCT_EXACT : rounding)};
    /* Over intervals, the ends of a quotient lie at the ends of its operands. */
    for (int i = 0; i < 4; i++) {
        int64_t v = divide_rounded(i & 1 ? x->hi : x->lo, i & 2 ? y->hi : y->lo, rounding);
        n.lo = i == 0 || v < n.lo ? v : n.lo;
        n.hi = i == 0 || v > n.hi ? v : n.hi;
    }
    n.step = exact ? x->step / y->lo : 1;
    n.step = n.step < 0 ? -n.step : n.step;
    const tct_node kids[2] = {a, b};
    return n.lo == n.hi ? tct_graph_const(g, n.lo) : tct_graph_intern(g, n, kids, 2, NULL);
}
