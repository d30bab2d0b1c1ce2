/* SPDX-License-Identifier: ISC
 *
 * Numbers as wires.  Base and step stay outside of the circuit: adding a constant, and multiplying
 * by one, cost nothing until two numbers with different bases or steps meet.
 */
#include "rule/lower.h"

#include <string.h>

tct_wire *tct_lower_wires(tct_lowering *l, uint32_t count)
{
    tct_wire *wires = tct_arena_take(l->arena, count + 1, sizeof *wires);
    if (wires == NULL) {
        static tct_wire nowhere[TCT_NUMBER_BITS_MAX + 3];
        l->err = TCT_ERR_MEMORY;
        return count <= TCT_NUMBER_BITS_MAX + 2 ? nowhere : NULL;
    }
    return wires; /* zero is TCT_ZERO */
}

static uint32_t bits_for(uint64_t top)
{
    uint32_t width = 0;
    while (top >> width != 0)
        width++;
    return width;
}

static uint64_t reach(const tct_number *a)
{
    return ((uint64_t)1 << a->width) - 1;
}

static uint64_t top_of(const tct_number *a)
{
    return a->top == 0 || a->top > reach(a) ? reach(a) : a->top;
}

/* a * b within what the widths allow: bases may lie below the values that they are bases of, so that
 * the ranges of the graph do not speak for them. */
static int64_t multiply(tct_lowering *l, int64_t a, int64_t b)
{
    int64_t size_a = a < 0 ? -a : a, size_b = b < 0 ? -b : b;
    if (size_b != 0 && size_a > ((int64_t)1 << (TCT_NUMBER_BITS_MAX - 4)) / size_b) {
        tct_lower_too_wide(l);
        return 0;
    }
    return a * b;
}

tct_number tct_lower_const(int64_t value)
{
    return (tct_number){.lo = value, .step = 1};
}

tct_number tct_lower_truth(tct_lowering *l, tct_wire w)
{
    tct_number n = {.bits = tct_lower_wires(l, 1), .width = 1, .step = 1};
    n.bits[0] = w;
    return n;
}

static void widen(const tct_number *a, tct_wire *out, uint32_t width)
{
    for (uint32_t i = 0; i < width; i++)
        out[i] = i < a->width ? a->bits[i] : TCT_ZERO;
}

/* ------------------------------------------------------------------------------- sums --- */

/* a + b as plain bits, with exactly the width that holds it. */
static tct_number add_plain(tct_lowering *l, const tct_number *a, const tct_number *b)
{
    uint64_t top = top_of(a) + top_of(b);
    uint32_t width = bits_for(top), wide = a->width > b->width ? a->width : b->width;
    tct_number sum = {
        .bits = tct_lower_wires(l, wide + 1), .width = width, .step = 1, .top = top};
    tct_wire p[TCT_NUMBER_BITS_MAX + 2], q[TCT_NUMBER_BITS_MAX + 2];
    if (width > TCT_NUMBER_BITS_MAX) {
        tct_lower_too_wide(l);
        return (tct_number){.bits = sum.bits, .width = 1, .step = 1};
    }
    /* The carry out of the widest operand is the top bit; beyond it nothing needs an adder. */
    widen(a, p, wide);
    widen(b, q, wide);
    tct_wire carry = tct_word_add(l->b, sum.bits, p, q, TCT_ZERO, wide);
    if (width > wide)
        sum.bits[wide] = carry;
    return sum;
}

static tct_number shift(tct_lowering *l, const tct_number *a, uint32_t places)
{
    tct_number out = {
        .bits = tct_lower_wires(l, a->width + places), .width = a->width + places, .step = 1};
    if (out.width > TCT_NUMBER_BITS_MAX) {
        tct_lower_too_wide(l);
        return (tct_number){.bits = a->bits, .width = a->width, .step = 1};
    }
    for (uint32_t i = 0; i < a->width; i++)
        out.bits[places + i] = a->bits[i];
    out.top = top_of(a) << places;
    return out;
}

/* code * factor, by shifts and additions. */
static tct_number times(tct_lowering *l, const tct_number *a, uint64_t factor)
{
    tct_number sum = {.step = 1};
    for (uint32_t i = 0; factor >> i != 0; i++) {
        if ((factor >> i & 1) == 0)
            continue;
        tct_number part = shift(l, a, i);
        sum = sum.width == 0 ? part : add_plain(l, &sum, &part);
    }
    return sum;
}

/* A plain constant. */
static tct_number plain_const(tct_lowering *l, uint64_t value)
{
    uint32_t width = bits_for(value);
    tct_number n = {.bits = tct_lower_wires(l, width), .width = width, .step = 1};
    tct_word_const(n.bits, width, value);
    return n;
}

/* Single bits of equal weight are counted in a tree, which is cheaper than adding them one by one. */
static void count_ones(tct_lowering *l, const tct_number *kids, const uint64_t *weights,
                       uint8_t *done, uint32_t count, tct_number *sum)
{
    for (uint32_t i = 0; i < count; i++) {
        if (done[i] || kids[i].width != 1)
            continue;
        tct_wire *ones = tct_lower_wires(l, count);
        uint32_t found = 0;
        if (ones == NULL || l->err != TCT_OK)
            return;
        for (uint32_t j = i; j < count; j++)
            if (!done[j] && kids[j].width == 1 && weights[j] == weights[i]) {
                ones[found++] = kids[j].bits[0];
                done[j] = 1;
            }
        uint32_t width = bits_for(found);
        tct_number total = {
            .bits = tct_lower_wires(l, width), .width = width, .step = 1, .top = found};
        tct_word_popcount(l->b, total.bits, width, ones, found);
        tct_number part = times(l, &total, weights[i]);
        *sum = sum->width == 0 ? part : add_plain(l, sum, &part);
    }
}

tct_number tct_lower_linear(tct_lowering *l, int64_t value, const tct_number *kids,
                            const int64_t *factors, uint32_t count)
{
    tct_number *terms = tct_arena_take(l->arena, count + 1, sizeof *terms);
    uint64_t *weights = tct_arena_take(l->arena, count + 1, sizeof *weights);
    uint8_t *done = tct_arena_take(l->arena, count + 1, 1);
    tct_number sum = {.lo = value, .step = 0};
    if (terms == NULL || weights == NULL || done == NULL) {
        l->err = TCT_ERR_MEMORY;
        return tct_lower_const(value);
    }
    for (uint32_t i = 0; i < count; i++) {
        terms[i] = kids[i];
        sum.step = tct_common_divisor(
            sum.step, kids[i].width == 0 ? 0 : multiply(l, factors[i], kids[i].step));
    }
    sum.step = sum.step == 0 ? 1 : sum.step;
    int64_t base = value;
    for (uint32_t i = 0; i < count; i++) {
        int64_t weight = multiply(l, factors[i], kids[i].step);
        base += multiply(l, factors[i], kids[i].lo);
        if (weight < 0 && kids[i].width > 0) {
            /* -w·code = -w·reach + w·(reach - code), and reach - code inverts every bit. */
            terms[i].bits = tct_lower_wires(l, kids[i].width);
            for (uint32_t j = 0; j < kids[i].width; j++)
                terms[i].bits[j] = tct_not(l->b, kids[i].bits[j]);
            base += multiply(l, weight, (int64_t)reach(&kids[i]));
            weight = -weight;
            terms[i].top = 0;
        }
        weights[i] = (uint64_t)(weight / sum.step);
        done[i] = kids[i].width == 0;
    }
    tct_number total = {.step = 1};
    count_ones(l, terms, weights, done, count, &total);
    for (uint32_t i = 0; i < count; i++) {
        if (done[i])
            continue;
        tct_number part = times(l, &terms[i], weights[i]);
        total = total.width == 0 ? part : add_plain(l, &total, &part);
    }
    total.lo = base;
    total.step = sum.step;
    return total;
}

/* ------------------------------------------------------------------------ comparisons --- */

void tct_lower_align(tct_lowering *l, const tct_number *a, const tct_number *b,
                     tct_number *out_a, tct_number *out_b)
{
    int64_t step = tct_common_divisor(a->width == 0 ? 0 : a->step, b->width == 0 ? 0 : b->step);
    step = tct_common_divisor(step, a->lo - b->lo);
    step = step == 0 ? 1 : step;
    int64_t base = a->lo < b->lo ? a->lo : b->lo;
    const tct_number *in[2] = {a, b};
    tct_number *out[2] = {out_a, out_b};
    for (int i = 0; i < 2; i++) {
        tct_number n = *in[i];
        if (n.width > 0 && n.step != step)
            n = times(l, in[i], (uint64_t)(in[i]->step / step));
        if (in[i]->lo != base) {
            tct_number offset = plain_const(l, (uint64_t)((in[i]->lo - base) / step));
            n = n.width == 0 ? offset : add_plain(l, &n, &offset);
        }
        n.lo = base;
        n.step = step;
        *out[i] = n;
    }
}

tct_wire tct_lower_code_at_most(tct_lowering *l, const tct_wire *bits, uint32_t width,
                                uint64_t top)
{
    if (top >= ((uint64_t)1 << width) - 1)
        return TCT_ONE;
    tct_wire limit[TCT_NUMBER_BITS_MAX + 2];
    tct_word_const(limit, width, top + 1);
    return tct_not(l->b, tct_word_at_least(l->b, bits, limit, width));
}

/* a >= constant: on the code alone. */
static tct_wire at_least_const(tct_lowering *l, const tct_number *a, int64_t least)
{
    int64_t code = -tct_floor_divide(a->lo - least, a->step);
    if (code <= 0)
        return TCT_ONE;
    return tct_not(l->b, tct_lower_code_at_most(l, a->bits, a->width, (uint64_t)code - 1));
}

tct_wire tct_lower_at_least(tct_lowering *l, const tct_number *a, const tct_number *b)
{
    if (b->width == 0)
        return a->width == 0 ? (a->lo >= b->lo ? TCT_ONE : TCT_ZERO)
                             : at_least_const(l, a, b->lo);
    if (a->width == 0) /* lo >= b: not (b >= lo + 1) */
        return tct_not(l->b, at_least_const(l, b, a->lo + 1));
    tct_number p, q;
    tct_wire x[TCT_NUMBER_BITS_MAX + 2], y[TCT_NUMBER_BITS_MAX + 2];
    tct_lower_align(l, a, b, &p, &q);
    uint32_t width = p.width > q.width ? p.width : q.width;
    widen(&p, x, width);
    widen(&q, y, width);
    return tct_word_at_least(l->b, x, y, width);
}

tct_wire tct_lower_equal(tct_lowering *l, const tct_number *a, const tct_number *b)
{
    if (a->width == 0 && b->width == 0)
        return a->lo == b->lo ? TCT_ONE : TCT_ZERO;
    if (a->width == 0)
        return tct_lower_equal(l, b, a);
    tct_wire x[TCT_NUMBER_BITS_MAX + 2], y[TCT_NUMBER_BITS_MAX + 2];
    if (b->width == 0) { /* the code that would be equal, if there is one */
        int64_t far = b->lo - a->lo;
        if (far < 0 || far % a->step != 0 || (uint64_t)(far / a->step) > reach(a))
            return TCT_ZERO;
        tct_word_const(y, a->width, (uint64_t)(far / a->step));
        return tct_word_equal(l->b, a->bits, y, a->width);
    }
    tct_number p, q;
    tct_lower_align(l, a, b, &p, &q);
    uint32_t width = p.width > q.width ? p.width : q.width;
    widen(&p, x, width);
    widen(&q, y, width);
    return tct_word_equal(l->b, x, y, width);
}

/* ------------------------------------------------------------------ choices, products --- */

tct_number tct_lower_if(tct_lowering *l, tct_wire c, const tct_number *a, const tct_number *b)
{
    tct_number p, q;
    tct_wire x[TCT_NUMBER_BITS_MAX + 2], y[TCT_NUMBER_BITS_MAX + 2];
    tct_lower_align(l, a, b, &p, &q);
    uint32_t width = p.width > q.width ? p.width : q.width;
    tct_number out = {
        .bits = tct_lower_wires(l, width), .width = width, .lo = p.lo, .step = p.step};
    out.top = top_of(&p) > top_of(&q) ? top_of(&p) : top_of(&q);
    widen(&p, x, width);
    widen(&q, y, width);
    tct_word_mux(l->b, out.bits, c, x, y, width);
    return out;
}

/* (la + sa·ca)(lb + sb·cb) = la·lb + la·sb·cb + lb·sa·ca + sa·sb·(ca·cb) */
tct_number tct_lower_product(tct_lowering *l, const tct_number *a, const tct_number *b)
{
    uint32_t width = a->width + b->width;
    if (width > TCT_NUMBER_BITS_MAX) {
        tct_lower_too_wide(l);
        return *a;
    }
    tct_number code_a = {a->bits, a->width, 0, 1, a->top};
    tct_number code_b = {b->bits, b->width, 0, 1, b->top};
    tct_number both = {.bits = tct_lower_wires(l, width), .width = width, .step = 1};
    both.top = top_of(a) * top_of(b);
    if (a->width == 0 || b->width == 0)
        both.width = 0;
    else
        tct_word_mul(l->b, both.bits, width, a->bits, a->width, b->bits, b->width);
    const tct_number kids[3] = {code_b, code_a, both};
    const int64_t factors[3] = {multiply(l, a->lo, b->step), multiply(l, b->lo, a->step),
                                multiply(l, a->step, b->step)};
    uint32_t first = 0; /* leave out what is multiplied by zero */
    tct_number used[3];
    int64_t weights[3];
    for (uint32_t i = 0; i < 3; i++)
        if (factors[i] != 0) {
            used[first] = kids[i];
            weights[first++] = factors[i];
        }
    return tct_lower_linear(l, multiply(l, a->lo, b->lo), used, weights, first);
}

tct_number tct_lower_reshape(tct_lowering *l, const tct_number *a, int64_t lo, int64_t step,
                             uint32_t width)
{
    /* value - lo is a multiple of step and fits: the bits above `width` are zero for every allowed
     * input, so dropping them is exact. */
    tct_number n = *a;
    if (n.width > 0 && n.step != step)
        n = times(l, a, (uint64_t)(a->step / step));
    tct_wire x[TCT_NUMBER_BITS_MAX + 2], y[TCT_NUMBER_BITS_MAX + 2];
    tct_number out = {
        .bits = tct_lower_wires(l, width), .width = width, .lo = lo, .step = step};
    widen(&n, x, width);
    int64_t offset = a->lo - lo; /* may be negative: then subtract */
    uint64_t size = (uint64_t)(offset < 0 ? -offset : offset) / (uint64_t)step;
    tct_word_const(y, width, size);
    if (size == 0)
        memcpy(out.bits, x, width * sizeof *x);
    else if (offset < 0)
        tct_word_sub(l->b, out.bits, x, y, width);
    else
        tct_word_add(l->b, out.bits, x, y, TCT_ZERO, width);
    return out;
}
