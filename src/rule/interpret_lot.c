/* SPDX-License-Identifier: ISC
 *
 * What is drawn by lot, in the clear, from the raw random bytes of both people.
 */
#include "rule/interpret.h"

uint32_t tct_interpret_bit(const tct_view_point *v, uint32_t draw, uint32_t index)
{
    uint32_t bit = 0;
    for (int p = 0; p < 2; p++)
        bit ^=
            (uint32_t)v->lots[p][v->draws->draws[draw].first_byte + index / 8] >> (index % 8);
    bit &= 1;
    return bit;
}

/* floor((n·(2R + 1) - d) / 2^(K+1)), d the small step of lower_lot.c: -1 for a first sign that adds
 * a carry.  By halves, since the product may not fit: each half loses less than the next needs. */
int64_t tct_interpret_below(const tct_view_point *v, uint32_t draw, int64_t n, bool less_one)
{
    int64_t y = tct_interpret_bit(v, draw, 0) == less_one ? -1 : 0;
    for (uint32_t j = 0; j < v->draws->draws[draw].count; j++)
        y = tct_floor_divide(tct_interpret_bit(v, draw, j) != 0 ? y + n : y - n, 2);
    return tct_floor_divide(y + n, 2);
}

/* Adds one person's order to `order`: things sorted by that person's tags. */
static void sort_by_tags(const uint8_t *raw, uint32_t count, uint8_t *order)
{
    uint8_t sorted[TCT_ITEMS_MAX];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = 0;
        for (uint32_t j = 0; j < count; j++)
            place += tct_load64(raw + 8 * j) < tct_load64(raw + 8 * i);
        sorted[place] = order[i];
    }
    for (uint32_t i = 0; i < count; i++)
        order[i] = sorted[i];
}

void tct_interpret_order(const tct_view_point *v, uint32_t draw, uint8_t order[TCT_ITEMS_MAX])
{
    const tct_draw *d = &v->draws->draws[draw];
    for (uint32_t i = 0; i < d->count; i++)
        order[i] = (uint8_t)i;
    for (int p = 0; p < 2; p++)
        sort_by_tags(v->lots[p] + d->first_byte, d->count, order);
}

int64_t tct_interpret_step(const tct_view_point *v, const tct_expr *e)
{
    int64_t from = tct_interpret_number(v, e->kids[0]),
            to = tct_interpret_number(v, e->kids[1]);
    if (to < from) {
        *v->exists = false;
        return from;
    }
    if (e->value == 0) /* one step there is, whatever the answers */
        return from;
    return from + e->value * tct_interpret_below(v, e->draw, (to - from) / e->value + 1, true);
}
