/* SPDX-License-Identifier: ISC
 *
 * Adjusted winner: things in the order of how much more the first person cares for them than the
 * second; the first gets those at the beginning, the second those at the end, and one between is
 * shared so that both have as much by their own points.
 *
 * Source   [Brams-Taylor 1996, chapter 4]: giving each thing to who wants it more, and then moving
 *          things in the order of a/b until the totals meet, ends at this same point of that order.
 * Differs  nothing shared: the thing between goes where the smaller total is then larger.
 *
 * With U, V what the first has before thing k and the second after it, and a, b its worth:
 *   k is the thing between  iff  U + a >= V  and  U < V + b     (true of exactly one)
 *   the second's share of it is (U + a - V) / (a + b)           (of 1; in percent, to the nearest)
 */
#include "rule/lower_method.h"

#include <string.h>

enum { THINGS_MAX = 16, WIDTH_MAX = 24 };

typedef struct {
    tct_lowering *l;
    uint32_t n, width;
    tct_number a[THINGS_MAX], b[THINGS_MAX];              /* worth to the two */
    tct_wire before[THINGS_MAX][THINGS_MAX];              /* i stands before j */
    tct_number before_a[THINGS_MAX], after_b[THINGS_MAX]; /* U, V of each */
    tct_wire between[THINGS_MAX];
} division;

static tct_number sum_of(division *d, const tct_number *words, const int64_t *factors,
                         uint32_t count)
{
    return tct_lower_linear(d->l, 0, words, factors, count);
}

/* Worth for the order only: what neither cares for stands where both care alike. */
static void order_worth(division *d, uint32_t i, tct_number out[2])
{
    tct_wire nothing = TCT_ONE;
    for (uint32_t j = 0; j < d->width; j++)
        nothing = tct_and(d->l->b, nothing, tct_not(d->l->b, d->a[i].bits[j]));
    for (uint32_t j = 0; j < d->width; j++)
        nothing = tct_and(d->l->b, nothing, tct_not(d->l->b, d->b[i].bits[j]));
    const tct_number *from[2] = {&d->a[i], &d->b[i]};
    for (int p = 0; p < 2; p++) {
        out[p] = *from[p];
        out[p].bits = tct_lower_wires(d->l, d->width);
        memcpy(out[p].bits, from[p]->bits, d->width * sizeof(tct_wire));
        out[p].bits[0] = tct_xor(d->l->b, out[p].bits[0], nothing); /* 0 becomes 1 */
    }
}

/* i before j iff a_i/b_i > a_j/b_j, multiplied out; of equals the first in the list. */
static void find_order(division *d)
{
    tct_number worth[THINGS_MAX][2];
    for (uint32_t i = 0; i < d->n; i++)
        order_worth(d, i, worth[i]);
    for (uint32_t i = 0; i < d->n; i++) {
        d->before[i][i] = TCT_ZERO;
        for (uint32_t j = i + 1; j < d->n; j++) {
            tct_number left = tct_lower_product(d->l, &worth[i][0], &worth[j][1]);
            tct_number right = tct_lower_product(d->l, &worth[j][0], &worth[i][1]);
            d->before[i][j] = tct_lower_at_least(d->l, &left, &right);
            d->before[j][i] = tct_not(d->l->b, d->before[i][j]);
        }
    }
}

static tct_number masked(division *d, const tct_number *n, tct_wire mask)
{
    tct_number out = *n;
    out.bits = tct_lower_wires(d->l, n->width);
    for (uint32_t i = 0; i < n->width; i++)
        out.bits[i] = tct_and(d->l->b, n->bits[i], mask);
    return out;
}

static void find_between(division *d)
{
    int64_t ones[THINGS_MAX];
    tct_number firsts[THINGS_MAX], seconds[THINGS_MAX];
    for (uint32_t k = 0; k < d->n; k++) {
        for (uint32_t j = 0; j < d->n; j++) {
            ones[j] = 1;
            firsts[j] = masked(d, &d->a[j], d->before[j][k]);
            seconds[j] = masked(d, &d->b[j], d->before[k][j]);
        }
        tct_number u = sum_of(d, firsts, ones, d->n), v = sum_of(d, seconds, ones, d->n);
        d->before_a[k] = tct_lower_reshape(d->l, &u, 0, 1, d->width);
        d->after_b[k] = tct_lower_reshape(d->l, &v, 0, 1, d->width);
        const tct_number with_a[2] = {d->before_a[k], d->a[k]};
        const tct_number with_b[2] = {d->after_b[k], d->b[k]};
        tct_number u_a = sum_of(d, with_a, ones, 2), v_b = sum_of(d, with_b, ones, 2);
        tct_wire enough = tct_lower_at_least(d->l, &u_a, &d->after_b[k]);
        tct_wire earlier = tct_lower_at_least(d->l, &d->before_a[k], &v_b);
        d->between[k] = tct_and(d->l->b, enough, tct_not(d->l->b, earlier));
    }
}

/* The word of the thing between. */
static tct_number of_between(division *d, const tct_number *words)
{
    tct_number out = {.bits = tct_lower_wires(d->l, d->width), .width = d->width, .step = 1};
    for (uint32_t k = 0; k < d->n; k++)
        for (uint32_t i = 0; i < d->width; i++)
            out.bits[i] = tct_xor(d->l->b, out.bits[i],
                                  tct_and(d->l->b, d->between[k], words[k].bits[i]));
    return out;
}

/* floor((200·(U + a - V) + (a + b)) / (2·(a + b))): percent of it for the second, 0 to 100. */
static tct_number percent_of_between(division *d)
{
    tct_number u = of_between(d, d->before_a), v = of_between(d, d->after_b);
    tct_number a = of_between(d, d->a), b = of_between(d, d->b);
    const tct_number over[4] = {u, a, v, b}, under[2] = {a, b};
    const int64_t factors[4] = {200, 201, -200, 1}, twos[2] = {2, 2};
    tct_number dividend = sum_of(d, over, factors, 4), divisor = sum_of(d, under, twos, 2);
    dividend = tct_lower_reshape(d->l, &dividend, 0, 1, d->width + 9);
    divisor = tct_lower_reshape(d->l, &divisor, 0, 1, d->width + 2);
    tct_number out = tct_lower_divide(d->l, &dividend, &divisor);
    out.width = TCT_PERCENT_BITS;
    return out;
}

/* (V, a, coin) >= (U, b, 1): the thing between goes to the first person. */
static tct_wire first_gets_between(division *d, tct_wire coin)
{
    const tct_number u = of_between(d, d->before_a), v = of_between(d, d->after_b);
    const tct_number a = of_between(d, d->a), b = of_between(d, d->b);
    tct_wire left[2 * WIDTH_MAX + 1] = {coin}, right[2 * WIDTH_MAX + 1] = {TCT_ONE};
    memcpy(left + 1, a.bits, d->width * sizeof *left);
    memcpy(left + 1 + d->width, v.bits, d->width * sizeof *left);
    memcpy(right + 1, b.bits, d->width * sizeof *right);
    memcpy(right + 1 + d->width, u.bits, d->width * sizeof *right);
    return tct_word_at_least(d->l->b, left, right, 2 * d->width + 1);
}

/* What stands after the thing between is the second person's; that one too if `too`. */
static void tell_who(division *d, tct_wire too, tct_number *out)
{
    for (uint32_t i = 0; i < d->n; i++) {
        tct_wire second = tct_and(d->l->b, d->between[i], too);
        for (uint32_t k = 0; k < d->n; k++)
            if (k != i)
                second =
                    tct_xor(d->l->b, second, tct_and(d->l->b, d->between[k], d->before[k][i]));
        out[i] = tct_lower_truth(d->l, second);
    }
}

static void share(division *d, tct_number *out)
{
    tct_number percent = percent_of_between(d);
    tct_number none = tct_lower_const(0), all = tct_lower_const(100);
    tct_wire is_all = tct_lower_equal(d->l, &percent, &all);
    tct_wire whole = tct_or(d->l->b, is_all, tct_lower_equal(d->l, &percent, &none));
    tell_who(d, is_all, out);
    for (uint32_t i = 0; i < d->n; i++)
        out[d->n + i] =
            tct_lower_truth(d->l, tct_and(d->l->b, d->between[i], tct_not(d->l->b, whole)));
    out[2 * d->n] = masked(d, &percent, tct_not(d->l->b, whole));
}

void tct_lower_winner(tct_lowering *l, const tct_graph_node *node, tct_number *out)
{
    division *d = tct_arena_take(l->arena, 1, sizeof *d);
    if (d == NULL) {
        l->err = TCT_ERR_MEMORY;
        return;
    }
    d->l = l;
    d->n = node->kid_count / 2;
    for (uint32_t i = 0; i < 2 * d->n; i++) {
        uint32_t bits = tct_bits_for((uint64_t)tct_graph_at(l->g, node->kids[i])->hi);
        d->width = bits > d->width ? bits : d->width;
    }
    for (uint32_t i = 0; i < d->n; i++) {
        d->a[i] = tct_lower_reshape(l, &l->numbers[node->kids[i]], 0, 1, d->width);
        d->b[i] = tct_lower_reshape(l, &l->numbers[node->kids[d->n + i]], 0, 1, d->width);
    }
    find_order(d);
    find_between(d);
    if ((tct_method)node->slot == TCT_METHOD_WHOLE_WINNER) {
        tct_wire coin = tct_lower_lot_bit(l, &l->g->lots.draws[node->value], 0);
        tell_who(d, tct_not(l->b, first_gets_between(d, coin)), out);
    } else {
        share(d, out);
    }
}
