/* SPDX-License-Identifier: ISC
 *
 * Dividing things by points, in the clear.
 */
#include "rule/interpret.h"

typedef struct {
    uint32_t n;
    int64_t a[TCT_ITEMS_MAX], b[TCT_ITEMS_MAX];
} worth;

/* What the two have by their own points when the items in `second` are the second person's. */
static void totals(const worth *w, uint64_t second, int64_t *smaller, int64_t *larger)
{
    int64_t a = 0, b = 0;
    for (uint32_t i = 0; i < w->n; i++) {
        bool theirs = (second >> i & 1) != 0;
        a += theirs ? 0 : w->a[i];
        b += theirs ? w->b[i] : 0;
    }
    *smaller = a < b ? a : b;
    *larger = a < b ? b : a;
}

/* Is giving the last thing to the first person the way that the search looks at (lower_split.c)? */
static bool first_is_looked_at(const worth *w, uint64_t first_of_rest)
{
    int64_t u = 0, v = 0, a = w->a[w->n - 1], b = w->b[w->n - 1];
    for (uint32_t i = 0; i + 1 < w->n; i++) {
        bool first = (first_of_rest >> i & 1) != 0;
        u += first ? w->a[i] : 0;
        v += first ? 0 : w->b[i];
    }
    bool second = u > v || (u == v && b >= a);
    return second ? b == 0 : a != 0;
}

/* All the best ways, in the order in which the lot counts them: pairs by the number of what the first
 * person gets of the others, of each the way looked at, then its twin. */
static tct_value fairest(const tct_view_point *v, const tct_expr *e, const worth *w)
{
    uint64_t best[1024], last = (uint64_t)1 << (w->n - 1), rest = last - 1;
    int64_t most_smaller = -1, most_larger = -1, smaller, larger;
    uint32_t count = 0;
    for (uint64_t pair = 0; pair < last; pair++) {
        bool first = first_is_looked_at(w, pair);
        for (int twin = 0; twin < 2; twin++) {
            uint64_t second = (~pair & rest) | (first != (twin == 1) ? 0 : last);
            totals(w, second, &smaller, &larger);
            if (smaller < most_smaller || (smaller == most_smaller && larger < most_larger))
                continue;
            if (smaller != most_smaller || larger != most_larger)
                count = 0;
            most_smaller = smaller;
            most_larger = larger;
            best[count++] = second;
        }
    }
    int64_t rank = e->by_lot ? tct_interpret_below(v, e->draw, count, false) : 0;
    return (tct_value){.items = best[rank]};
}

static bool stands_before(const worth *w, uint32_t i, uint32_t j)
{
    int64_t ai = w->a[i], bi = w->b[i], aj = w->a[j], bj = w->b[j];
    if (ai == 0 && bi == 0)
        ai = bi = 1;
    if (aj == 0 && bj == 0)
        aj = bj = 1;
    return ai * bj > aj * bi || (ai * bj == aj * bi && i < j);
}

static tct_value adjusted_winner(const tct_view_point *v, const tct_expr *e, const worth *w)
{
    tct_value result = {0};
    int64_t u = 0, after = 0;
    uint32_t order[TCT_ITEMS_MAX] = {0}, k = 0;
    for (uint32_t i = 0; i < w->n; i++) {
        uint32_t place = 0;
        for (uint32_t j = 0; j < w->n; j++)
            place += j != i && stands_before(w, j, i);
        order[place] = i;
        after += w->b[i];
    }
    /* Gives things to the first person until that one has enough. */
    for (;; k++) {
        after -= w->b[order[k]];
        if (u + w->a[order[k]] >= after)
            break;
        u += w->a[order[k]];
    }
    uint32_t between = order[k];
    int64_t a = w->a[between], b = w->b[between];
    for (uint32_t i = k + 1; i < w->n; i++)
        result.items |= (uint64_t)1 << order[i];
    if (e->whole) {
        bool tie = u == after && a == b;
        bool first = after > u || (after == u && a > b) ||
                     (tie && tct_interpret_bit(v, e->draw, 0) == 1);
        result.items |= (uint64_t)!first << between;
        return result;
    }
    int64_t percent = (200 * (u + a - after) + a + b) / (2 * (a + b));
    if (percent == 100)
        result.items |= (uint64_t)1 << between;
    else if (percent > 0)
        result.shared = (uint64_t)1 << between;
    result.percent = percent == 100 ? 0 : (uint32_t)percent;
    return result;
}

tct_value tct_interpret_split(const tct_view_point *v, const tct_expr *e)
{
    worth w = {.n = v->model->lists[e->list_index].item_count};
    for (uint32_t i = 0; i < w.n; i++) {
        const tct_question *first = &v->model->questions[e->question[0]];
        const tct_question *second = &v->model->questions[e->question[1]];
        w.a[i] = v->answers[0]->value[first->first_slot + i];
        w.b[i] = v->answers[1]->value[second->first_slot + i];
    }
    return e->op == TCT_E_FAIREST ? fairest(v, e, &w) : adjusted_winner(v, e, &w);
}
