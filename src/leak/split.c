/* SPDX-License-Identifier: ISC
 *
 * Things shared out by points: what two people may see, from the points of both.
 */
#include "leak/table.h"

#include <string.h>

#include "rule/interpret.h"

/* Both people's points, by item. */
typedef struct {
    const int64_t *a, *b;
    uint32_t n;
} worth;

/* All ways that are the fairest, one bit each (n <= 6); a way is who gets what, as in tct_value.items. */
static uint64_t fairest_ways(const worth *w)
{
    uint64_t best = 0;
    int64_t most_smaller = -1, most_larger = -1;
    for (uint32_t way = 0; way < (uint32_t)1 << w->n; way++) {
        int64_t a = 0, b = 0;
        for (uint32_t i = 0; i < w->n; i++) {
            a += (way >> i & 1) == 0 ? w->a[i] : 0;
            b += (way >> i & 1) != 0 ? w->b[i] : 0;
        }
        int64_t smaller = a < b ? a : b, larger = a < b ? b : a;
        if (smaller < most_smaller || (smaller == most_smaller && larger < most_larger))
            continue;
        if (smaller != most_smaller || larger != most_larger)
            best = 0;
        most_smaller = smaller;
        most_larger = larger;
        best |= (uint64_t)1 << way;
    }
    return best;
}

/* What the interpreter gives, when every lot is `lot`. */
static uint64_t as_interpreted(tct_table *t, const tct_shown *s, const worth *w, uint8_t lot)
{
    static const uint8_t zeros[1 + TCT_NUMBER_LOT_BITS / 8], one[1] = {1};
    const tct_model *m = &t->sheet->model;
    for (uint32_t i = 0; i < w->n; i++) {
        t->pair[0]->value[s->slot[0] + i] = w->a[i];
        t->pair[1]->value[s->slot[1] + i] = w->b[i];
    }
    tct_lots draws = {0};
    draws.draws[0] = (tct_draw){.count = 1};
    const tacit_answers *const answers[2] = {t->pair[0], t->pair[1]};
    const uint8_t *const lots[2] = {lot != 0 ? one : zeros, zeros};
    bool exists = true;
    const tct_view_point v = {
        .model = m, .answers = answers, .draws = &draws, .lots = lots, .exists = &exists};
    tct_expr e = *m->outcomes[s->outcome].reveals[s->index].value;
    e.draw = 0;
    tct_value value = tct_interpret_split(&v, &e);
    return value.items | value.shared << 16 | (uint64_t)value.percent << 32;
}

void tct_table_split(tct_table *t, tct_table_row *row, uint32_t shown, int person,
                     const tct_table_people *own, const tct_table_people *others,
                     uint32_t other)
{
    const tct_shown *s = &t->shown[shown];
    uint64_t *x = row->x + (size_t)shown * row->count, *y = row->y + (size_t)shown * row->count;
    uint32_t before = 0; /* points of other reveals stand in front */
    for (uint32_t i = 0; i < shown; i++)
        before += t->shown[i].points ? t->shown[i].items : 0;
    const int64_t *theirs = others->points + (size_t)other * others->points_stride + before;
    for (uint32_t i = 0; i < row->count; i++) {
        const int64_t *mine = own->points + (size_t)i * own->points_stride + before;
        const worth w = {person == 0 ? mine : theirs, person == 0 ? theirs : mine, s->items};
        if (row->outcome[i] != s->outcome)
            continue;
        if (s->kind == TCT_SHOWN_ONE) {
            x[i] = fairest_ways(&w);
        } else if (s->kind == TCT_SHOWN_HIDDEN) {
            x[i] = i; /* too many ways: as if it told everything */
        } else {
            x[i] = as_interpreted(t, s, &w, 0);
            y[i] = s->kind == TCT_SHOWN_EITHER ? as_interpreted(t, s, &w, 1) : x[i];
        }
    }
}
