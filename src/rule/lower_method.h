/* SPDX-License-Identifier: ISC
 *
 * lower_method.h — circuits of the joint methods and of lots.
 *
 * Cost     next to each function, in ANDs.   Order  lower_lot.c, lower_best.c, lower_split.c,
 *          lower_winner.c; lower_method.c calls them by kind.
 */
#ifndef TCT_RULE_LOWER_METHOD_H
#define TCT_RULE_LOWER_METHOD_H

#include "rule/lower.h"

/* The results of method node n, as many as its picks need, into l->results[n]. */
void tct_lower_method(tct_lowering *l, tct_node n);

/* floor(a / b) of plain bits, b > 0, as wide as a.  2·width(a)·width(b). */
tct_number tct_lower_divide(tct_lowering *l, const tct_number *a, const tct_number *b);

/* ---- lots ---- */

/* Bit `index` of a draw of bits: both people's, added. */
tct_wire tct_lower_lot_bit(const tct_lowering *l, const tct_draw *draw, uint32_t index);

/* A number below N = w + plus_one, where 1 <= N <= most.  39 times one more than the width of most. */
tct_number tct_lower_lot_below(tct_lowering *l, const tct_draw *draw, const tct_number *w,
                               bool plus_one, uint64_t most);

/* Puts n truths in the order that both people drew, or back.  Two networks, one AND an exchange. */
void tct_lower_shuffle(tct_lowering *l, const tct_draw *draw, tct_wire *truths);
void tct_lower_unshuffle(tct_lowering *l, const tct_draw *draw, tct_wire *truths);

/* ---- choosing ---- */

/* Leaves of the candidates only those with the largest word; largest (or NULL): that word.
 * words: width wires each, one after another.  About 3·width·count. */
void tct_lower_keep_largest(tct_lowering *l, tct_wire *candidates, const tct_wire *words,
                            uint32_t width, uint32_t count, tct_wire *largest);

/* Leaves only the first true one.  count - 1. */
void tct_lower_keep_first(tct_lowering *l, tct_wire *truths, uint32_t count);

/* All of count numbers as plain bits above one base with one step; *width is that of all. */
tct_wire *tct_lower_common(tct_lowering *l, const tct_number *numbers, uint32_t count,
                           uint32_t *width);

void tct_lower_best(tct_lowering *l, const tct_graph_node *node, tct_number *out);
void tct_lower_some(tct_lowering *l, const tct_graph_node *node, tct_number *out);
void tct_lower_fairest(tct_lowering *l, const tct_graph_node *node, tct_number *out);
void tct_lower_winner(tct_lowering *l, const tct_graph_node *node, tct_number *out);

static inline uint32_t tct_bits_for(uint64_t top)
{
    uint32_t width = 0;
    while (width < 64 && top >> width != 0)
        width++;
    return width;
}

#endif
