/* SPDX-License-Identifier: ISC
 *
 * Division, rounded down or up, of numbers with known ranges.
 */
#include "rule/lower_method.h"

#include <string.h>

/* Restoring division: one subtraction and one choice for each bit of a. */
tct_number tct_lower_divide(tct_lowering *l, const tct_number *a, const tct_number *b)
{
    uint32_t width = b->width + 1;
    tct_number out = {.bits = tct_lower_wires(l, a->width), .width = a->width, .step = 1};
    tct_wire rest[TCT_NUMBER_BITS_MAX + 2], less[TCT_NUMBER_BITS_MAX + 2];
    tct_wire by[TCT_NUMBER_BITS_MAX + 2];
    tct_word_const(rest, width, 0);
    for (uint32_t i = 0; i < width; i++)
        by[i] = i < b->width ? b->bits[i] : TCT_ZERO;
    for (uint32_t i = a->width; i-- > 0;) {
        memmove(rest + 1, rest, (width - 1) * sizeof *rest);
        rest[0] = a->bits[i];
        tct_wire fits = tct_word_sub(l->b, less, rest, by, width);
        tct_word_mux(l->b, rest, fits, less, rest, width);
        out.bits[i] = fits;
    }
    return out;
}

/* By a constant that divides base and step. */
static tct_number divide_exactly(tct_lowering *l, const tct_number *a, int64_t by)
{
    const int64_t sign = by < 0 ? -1 : 1;
    tct_number out = *a;
    out.lo = a->lo / (by * sign);
    out.step = a->step / (by * sign);
    return sign > 0 ? out : tct_lower_linear(l, 0, &out, &sign, 1);
}

/* Numbers that may be negative are divided by size: for a divisor above zero,
 *   floor(a/b) = a >= 0 ? floor(a/b) : -floor((-a + b - 1)/b)
 *   ceil(a/b)  = -floor(-a/b)
 * and a negative divisor changes the sign of both. */
static tct_number divide_by_size(tct_lowering *l, const tct_number *a, const tct_number *b,
                                 const tct_graph_node *node)
{
    const tct_graph_node *over = tct_graph_at(l->g, node->kids[0]);
    const tct_graph_node *under = tct_graph_at(l->g, node->kids[1]);
    bool negative_divisor = under->hi < 0, up = node->rounding == TCT_UP;
    /* Both up and a negative divisor turn the dividend around; up turns the result as well. */
    const int64_t turn_a = negative_divisor != up ? -1 : 1, turn_b = negative_divisor ? -1 : 1;
    const int64_t turn_out = up ? -1 : 1, one = 1;
    int64_t lo = turn_a > 0 ? over->lo : -over->hi, hi = turn_a > 0 ? over->hi : -over->lo;
    int64_t most_b = turn_b > 0 ? under->hi : -under->lo;
    tct_number x = tct_lower_linear(l, 0, a, &turn_a, 1),
               y = tct_lower_linear(l, 0, b, &turn_b, 1);
    uint32_t y_width = tct_bits_for((uint64_t)most_b);
    y = tct_lower_reshape(l, &y, 0, 1, y_width);

    tct_number positive = tct_lower_const(0), negative = tct_lower_const(0), zero = positive;
    if (hi >= 0) {
        tct_number size = tct_lower_reshape(l, &x, 0, 1, tct_bits_for((uint64_t)hi));
        positive = tct_lower_divide(l, &size, &y);
    }
    if (lo < 0) {
        const tct_number terms[2] = {x, y};
        const int64_t factors[2] = {-1, 1};
        tct_number size = tct_lower_linear(l, -1, terms, factors, 2); /* -x + y - 1 */
        size = tct_lower_reshape(l, &size, 0, 1, tct_bits_for((uint64_t)(most_b - lo)));
        const int64_t minus = -1;
        negative = tct_lower_divide(l, &size, &y);
        negative = tct_lower_linear(l, 0, &negative, &minus, 1);
    }
    tct_number out = lo >= 0 ? positive : negative;
    if (lo < 0 && hi >= 0)
        out = tct_lower_if(l, tct_lower_at_least(l, &x, &zero), &positive, &negative);
    return tct_lower_linear(l, 0, &out, turn_out < 0 ? &turn_out : &one, 1);
}

tct_number tct_lower_quotient(tct_lowering *l, const tct_graph_node *node, const tct_number *a,
                              const tct_number *b)
{
    if (node->rounding == TCT_EXACT)
        return divide_exactly(l, a, b->lo);
    return divide_by_size(l, a, b, node);
}
