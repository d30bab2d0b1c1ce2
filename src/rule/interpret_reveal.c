/* SPDX-License-Identifier: ISC
 *
 * What outcomes reveal, in the clear: items that satisfy a condition, some of them by lot, the best.
 */
#include "rule/interpret.h"

typedef struct {
    uint64_t in; /* one bit per item */
    uint32_t count;
} items;

static items items_where(const tct_view_point *v, const tct_expr *e, const tct_expr *where)
{
    items all = {.count = v->model->lists[e->list_index].item_count};
    for (uint32_t i = 0; i < all.count; i++)
        if (where == NULL || tct_interpret_for_item(v, where, e->list_index, i) != 0)
            all.in |= (uint64_t)1 << i;
    return all;
}

/* The first `most` items of those that are in, in the drawn order. */
static uint64_t first_in_order(const tct_view_point *v, uint32_t draw, uint64_t in,
                               int64_t most)
{
    uint8_t order[TCT_ITEMS_MAX];
    uint64_t taken = 0;
    tct_interpret_order(v, draw, order);
    for (uint32_t place = 0; place < v->draws->draws[draw].count && most > 0; place++)
        if ((in >> order[place] & 1) != 0) {
            taken |= (uint64_t)1 << order[place];
            most--;
        }
    return taken;
}

static int64_t number_of(uint64_t item)
{
    int64_t number = 0;
    while (number < 63 && (item >> number & 1) == 0)
        number++;
    return number;
}

/* Of the items that are in, the one with the largest score. */
static tct_value best(const tct_view_point *v, const tct_expr *e, const items *all,
                      const int64_t *score)
{
    uint64_t tied = 0;
    int64_t most = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        if ((all->in >> i & 1) == 0)
            continue;
        if (tied == 0 || score[i] > most) {
            most = score[i];
            tied = 0;
        }
        if (score[i] == most)
            tied |= (uint64_t)1 << i;
    }
    if (tied == 0) {
        *v->exists = false;
        return (tct_value){0};
    }
    if (e->by_lot && all->count > 1)
        tied = first_in_order(v, e->draw, tied, 1);
    return (tct_value){.number = number_of(tied)};
}

static tct_value best_of(const tct_view_point *v, const tct_expr *e)
{
    int64_t score[TCT_ITEMS_MAX];
    items all = items_where(v, e, e->kid_count > 1 ? e->kids[1] : NULL);
    for (uint32_t i = 0; i < all.count; i++) {
        score[i] = tct_interpret_for_item(v, e->kids[0], e->list_index, i);
        score[i] = e->lowest ? -score[i] : score[i];
    }
    return best(v, e, &all, score);
}

static int64_t answer_for(const tct_view_point *v, const tct_expr *e, int person, uint32_t item)
{
    const tct_question *q = &v->model->questions[e->question[person]];
    return v->answers[person]->value[q->first_slot + item];
}

static tct_value best_compromise(const tct_view_point *v, const tct_expr *e)
{
    int64_t score[TCT_ITEMS_MAX];
    items all = items_where(v, e, e->kid_count > 0 ? e->kids[0] : NULL);
    for (uint32_t i = 0; i < all.count; i++) {
        int64_t a = answer_for(v, e, 0, i), b = answer_for(v, e, 1, i);
        score[i] = -1000 * (a > b ? a : b) - (a + b);
    }
    return best(v, e, &all, score);
}

tct_value tct_interpret_reveal(const tct_view_point *v, const tct_expr *e)
{
    switch (e->op) {
    case TCT_E_WHERE:
        return (tct_value){.items = items_where(v, e, e->kids[0]).in};
    case TCT_E_SOME:
        return (tct_value){.items = first_in_order(v, e->draw,
                                                   items_where(v, e, e->kids[0]->kids[0]).in,
                                                   tct_interpret_number(v, e->kids[1]))};
    case TCT_E_BEST:
        return best_of(v, e);
    case TCT_E_COMPROMISE:
        return best_compromise(v, e);
    case TCT_E_WINNER:
    case TCT_E_FAIREST:
        return tct_interpret_split(v, e);
    default:
        return (tct_value){.number = tct_interpret_number(v, e)};
    }
}
