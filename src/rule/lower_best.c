/* SPDX-License-Identifier: ISC
 *
 * The item with the highest score, and at most so many items by lot.
 */
#include "rule/lower_method.h"

#include <string.h>

/* From the highest bit down: where any candidate has a one, those with a zero fall out. */
void tct_lower_keep_largest(tct_lowering *l, tct_wire *candidates, const tct_wire *words,
                            uint32_t width, uint32_t count, tct_wire *largest)
{
    tct_wire *with_one = tct_lower_wires(l, count);
    if (with_one == NULL)
        return;
    for (uint32_t bit = width; bit-- > 0;) {
        tct_wire any = TCT_ZERO;
        for (uint32_t i = 0; i < count; i++) {
            with_one[i] = tct_and(l->b, candidates[i], words[i * width + bit]);
            any = tct_or(l->b, any, with_one[i]);
        }
        for (uint32_t i = 0; i < count; i++)
            candidates[i] = tct_mux(l->b, any, with_one[i], candidates[i]);
        if (largest != NULL)
            largest[bit] = any;
    }
}

void tct_lower_keep_first(tct_lowering *l, tct_wire *truths, uint32_t count)
{
    tct_wire none = TCT_ONE; /* so far */
    for (uint32_t i = 0; i < count; i++) {
        tct_wire first = tct_and(l->b, truths[i], none);
        none = tct_xor(l->b, none, first); /* none and not truths[i] */
        truths[i] = first;
    }
}

tct_wire *tct_lower_common(tct_lowering *l, const tct_number *numbers, uint32_t count,
                           uint32_t *width)
{
    int64_t base = numbers[0].lo, step = 0;
    uint64_t top = 0;
    for (uint32_t i = 0; i < count; i++)
        base = numbers[i].lo < base ? numbers[i].lo : base;
    for (uint32_t i = 0; i < count; i++) {
        step = tct_common_divisor(step, numbers[i].width == 0 ? 0 : numbers[i].step);
        step = tct_common_divisor(step, numbers[i].lo - base);
    }
    step = step == 0 ? 1 : step;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t reach = ((uint64_t)1 << numbers[i].width) - 1;
        uint64_t code = (uint64_t)((numbers[i].lo - base) / step) +
                        reach * (uint64_t)(numbers[i].step / step);
        top = code > top ? code : top;
    }
    *width = tct_bits_for(top);
    tct_wire *words = tct_lower_wires(l, count * *width);
    if (words == NULL || *width > TCT_NUMBER_BITS_MAX) {
        tct_lower_too_wide(l);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        tct_number plain = tct_lower_reshape(l, &numbers[i], base, step, *width);
        memcpy(words + i * *width, plain.bits, *width * sizeof *words);
    }
    return words;
}

static tct_wire truth_of(const tct_number *v)
{
    return v->width == 0 ? (v->lo != 0 ? TCT_ONE : TCT_ZERO) : v->bits[0];
}

void tct_lower_best(tct_lowering *l, const tct_graph_node *node, tct_number *out)
{
    uint32_t n = node->kid_count / 2, width = 0;
    tct_wire in[TCT_ITEMS_MAX];
    tct_number scores[TCT_ITEMS_MAX];
    for (uint32_t i = 0; i < n; i++) {
        in[i] = truth_of(&l->numbers[node->kids[i]]);
        scores[i] = l->numbers[node->kids[n + i]];
    }
    const tct_wire *words = tct_lower_common(l, scores, n, &width);
    if (words == NULL)
        return;
    tct_lower_keep_largest(l, in, words, width, n, NULL);
    const tct_draw *draw = node->value == TCT_NO_DRAW ? NULL : &l->g->lots.draws[node->value];
    if (draw != NULL)
        tct_lower_shuffle(l, draw, in);
    tct_lower_keep_first(l, in, n);
    if (draw != NULL)
        tct_lower_unshuffle(l, draw, in);
    /* One item is left: its number is the sum without carry of all numbers that are in. */
    uint32_t bits = tct_bits_for(n - 1);
    out[0] = (tct_number){.bits = tct_lower_wires(l, bits), .width = bits, .step = 1};
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < bits; j++)
            if ((i >> j & 1) != 0)
                out[0].bits[j] = tct_xor(l->b, out[0].bits[j], in[i]);
}

/* Walks through the shuffled items with a number of how many may still be taken. */
void tct_lower_some(tct_lowering *l, const tct_graph_node *node, tct_number *out)
{
    uint32_t n = node->kid_count - 1;
    int64_t most_ever = tct_graph_at(l->g, node->kids[0])->hi;
    uint32_t width = tct_bits_for(most_ever > 0 && most_ever < n ? (uint64_t)most_ever : n);
    tct_wire in[TCT_ITEMS_MAX], left[8];
    const tct_draw *draw = &l->g->lots.draws[node->value];
    tct_number most = tct_lower_reshape(l, &l->numbers[node->kids[0]], 0, 1, width);
    memcpy(left, most.bits, width * sizeof *left);
    for (uint32_t i = 0; i < n; i++)
        in[i] = truth_of(&l->numbers[node->kids[1 + i]]);
    tct_lower_shuffle(l, draw, in);
    for (uint32_t i = 0; i < n; i++) {
        tct_wire any_left = TCT_ZERO;
        for (uint32_t j = 0; j < width; j++)
            any_left = tct_or(l->b, any_left, left[j]);
        in[i] = tct_and(l->b, in[i], any_left);
        tct_wire borrow = in[i]; /* left -= in[i], never below zero */
        for (uint32_t j = 0; j < width; j++) {
            tct_wire next = tct_and(l->b, borrow, tct_not(l->b, left[j]));
            left[j] = tct_xor(l->b, left[j], borrow);
            borrow = next;
        }
    }
    tct_lower_unshuffle(l, draw, in);
    for (uint32_t i = 0; i < n; i++)
        out[i] = tct_lower_truth(l, in[i]);
}
