/* SPDX-License-Identifier: ISC
 *
 * Which circuit computes which joint method.
 */
#include "rule/lower_method.h"

#include <string.h>

/* from + g·(a number below N), where to - from = g·(N - 1).  The subtraction shares its gates with
 * the comparison of the two, which every such outcome needs anyway. */
static void step(tct_lowering *l, const tct_graph_node *node, tct_number *out)
{
    enum { ROOM = TCT_NUMBER_BITS_MAX + 2 };
    tct_number to, from;
    tct_wire x[ROOM], y[ROOM], less_one[ROOM];
    tct_lower_align(l, &l->numbers[node->kids[1]], &l->numbers[node->kids[0]], &to, &from);
    /* What people can enter may lie on a coarser grid than the graph knows of: the steps are its. */
    const tct_graph_node *low = tct_graph_at(l->g, node->kids[0]);
    const tct_graph_node *high = tct_graph_at(l->g, node->kids[1]);
    int64_t grid =
        tct_common_divisor(tct_common_divisor(low->step, high->step), low->lo - high->lo);
    if (to.step != grid) {
        uint32_t more = tct_bits_for((uint64_t)(to.step / grid));
        to = tct_lower_reshape(l, &to, to.lo, grid, to.width + more);
        from = tct_lower_reshape(l, &from, from.lo, grid, from.width + more);
    }
    uint32_t width = to.width > from.width ? to.width : from.width;
    for (uint32_t i = 0; i < width; i++) {
        x[i] = i < to.width ? to.bits[i] : TCT_ZERO;
        y[i] = i < from.width ? from.bits[i] : TCT_ZERO;
    }
    tct_word_sub(l->b, less_one, x, y, width);
    /* The circuit is right where to >= from; then the difference keeps to the graph's ranges. */
    uint64_t steps = high->hi < low->lo ? 0 : (uint64_t)((high->hi - low->lo) / grid);
    tct_number w = {.bits = less_one, .width = width, .step = 1};
    uint32_t needed = tct_bits_for(steps);
    w.width = needed < width ? needed : width;
    tct_number below =
        tct_lower_lot_below(l, &l->g->lots.draws[node->value], &w, true, steps + 1);
    for (uint32_t i = 0; i < width; i++)
        x[i] = i < below.width ? below.bits[i] : TCT_ZERO;
    out[0] = (tct_number){
        .bits = tct_lower_wires(l, width), .width = width, .lo = from.lo, .step = from.step};
    tct_word_add(l->b, out[0].bits, y, x, TCT_ZERO, width);
}

void tct_lower_method(tct_lowering *l, tct_node n)
{
    const tct_graph_node *node = tct_graph_at(l->g, n);
    tct_number *out = tct_arena_take(l->arena, node->kid_count + 1, sizeof *out);
    if (out == NULL) {
        l->err = TCT_ERR_MEMORY;
        return;
    }
    l->results[n] = out;
    switch ((tct_method)node->slot) {
    case TCT_METHOD_STEP:
        step(l, node, out);
        break;
    case TCT_METHOD_SOME:
        tct_lower_some(l, node, out);
        break;
    case TCT_METHOD_BEST:
        tct_lower_best(l, node, out);
        break;
    case TCT_METHOD_FAIREST:
        tct_lower_fairest(l, node, out);
        break;
    case TCT_METHOD_WINNER:
    case TCT_METHOD_WHOLE_WINNER:
        tct_lower_winner(l, node, out);
        break;
    }
}
