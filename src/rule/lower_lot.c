/* SPDX-License-Identifier: ISC
 *
 * Lots as gates.
 */
#include "rule/lower_method.h"

#include <string.h>

static tct_wire entered(const tct_lowering *l, int person, const tct_draw *draw, uint32_t bit)
{
    return tct_input(l->b, person, l->plans[person].bit_count + draw->first_bit + bit);
}

tct_wire tct_lower_lot_bit(const tct_lowering *l, const tct_draw *draw, uint32_t index)
{
    return tct_xor(l->b, entered(l, 0, draw, index), entered(l, 1, draw, index));
}

/* With lots r_0 … r_{K-1} as signs s_j = ±1 and R their number, the sum of s_j·2^(j-K)·N is
 * N·(2R+1)/2^K - N: so t = floor((that + N)/2) = floor(N·(2R+1)/2^(K+1)) takes each value below N
 * for floor or ceiling of 2^K/N of the R's.  The sum is built from its lowest term by
 * y ← floor((y ± N)/2), where cutting the half off never changes the final floor.  A sign costs
 * nothing: -N is the complement of N and a carry.  The first y is ±N/2 less the carry: at most one
 * unit of 2^-(K+1) in t, which moves no odds by 2^-K. */
tct_number tct_lower_lot_below(tct_lowering *l, const tct_draw *draw, const tct_number *w,
                               bool plus_one, uint64_t most)
{
    enum { ROOM = TCT_NUMBER_BITS_MAX + 4 };
    tct_wire y[ROOM], term[ROOM], sum[ROOM];
    uint32_t wide = tct_bits_for(most) + 1; /* holds -N … N, as two's complement */
    tct_number out = {.width = tct_bits_for(most - 1), .step = 1};
    out.bits = tct_lower_wires(l, out.width);
    for (uint32_t j = 0; j < draw->count; j++) {
        tct_wire minus = tct_not(l->b, tct_lower_lot_bit(l, draw, j));
        for (uint32_t i = 0; i <= wide; i++)
            term[i] = i < w->width ? tct_xor(l->b, w->bits[i], minus) : minus;
        if (j == 0) {
            memcpy(sum, term, sizeof sum);
        } else {
            y[wide] = y[wide - 1]; /* one place more for the sum */
            tct_word_add(l->b, sum, y, term, plus_one ? tct_not(l->b, minus) : minus, wide + 1);
        }
        memcpy(y, sum + 1, wide * sizeof *y); /* halved: the lowest bit falls off */
    }
    /* t = floor((y + N)/2), which is not negative and below N. */
    y[wide] = y[wide - 1];
    for (uint32_t i = 0; i <= wide; i++)
        term[i] = i < w->width ? w->bits[i] : TCT_ZERO;
    tct_word_add(l->b, sum, y, term, plus_one ? TCT_ONE : TCT_ZERO, wide + 1);
    memcpy(out.bits, sum + 1, out.width * sizeof *out.bits);
    return out;
}

static void exchange(tct_lowering *l, tct_wire control, tct_wire *p, tct_wire *q)
{
    tct_wire change = tct_and(l->b, control, tct_xor(l->b, *p, *q));
    *p = tct_xor(l->b, *p, change);
    *q = tct_xor(l->b, *q, change);
}

void tct_lower_shuffle(tct_lowering *l, const tct_draw *draw, tct_wire *truths)
{
    tct_exchange network[TCT_EXCHANGES_MAX];
    uint32_t count = tct_shuffle_network(draw->count, network);
    for (int person = 0; person < 2; person++)
        for (uint32_t i = 0; i < count; i++)
            exchange(l, entered(l, person, draw, i), &truths[network[i].low],
                     &truths[network[i].high]);
}

void tct_lower_unshuffle(tct_lowering *l, const tct_draw *draw, tct_wire *truths)
{
    tct_exchange network[TCT_EXCHANGES_MAX];
    uint32_t count = tct_shuffle_network(draw->count, network);
    for (int person = 1; person >= 0; person--)
        for (uint32_t i = count; i-- > 0;)
            exchange(l, entered(l, person, draw, i), &truths[network[i].low],
                     &truths[network[i].high]);
}
