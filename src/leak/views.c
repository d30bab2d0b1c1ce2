/* SPDX-License-Identifier: ISC
 *
 * What can be seen, and how likely.
 */
#include "leak/views.h"

#include <string.h>

tct_err tct_viewer_init(tct_viewer *v, tct_arena *arena, const tct_table *t)
{
    size_t grid = 1;
    *v = (tct_viewer){.table = t};
    for (uint32_t i = 0; i < t->shown_count; i++)
        grid = t->shown[i].grid > grid ? t->shown[i].grid : grid;
    v->starts = tct_arena_take(arena, grid + 1, 1);
    v->ends = tct_arena_take(arena, grid + 1, 1);
    return v->starts != NULL && v->ends != NULL ? TCT_OK : TCT_ERR_MEMORY;
}

static uint64_t *x_of(const tct_viewer *v, uint32_t shown)
{
    return v->row->x + (size_t)shown * v->row->count;
}

static uint64_t *y_of(const tct_viewer *v, uint32_t shown)
{
    return v->row->y + (size_t)shown * v->row->count;
}

/* A lot between two steps is the only thing drawn in this outcome: then, of all numbers that may come,
 * those suffice at which ranges have just ended and none has begun since.  With anything else drawn
 * beside it all numbers are looked at. */
static bool alone(const tct_table *t, uint32_t shown)
{
    uint32_t of_outcome = 0;
    for (uint32_t i = 0; i < t->shown_count; i++)
        of_outcome += t->shown[i].outcome == t->shown[shown].outcome;
    return of_outcome == 1;
}

void tct_viewer_look(tct_viewer *v, const tct_table_row *row)
{
    const tct_table *t = v->table;
    v->row = row;
    v->few = UINT32_MAX;
    for (uint32_t s = 0; s < t->shown_count; s++) {
        if (t->shown[s].kind != TCT_SHOWN_STEP || !alone(t, s) || v->few != UINT32_MAX)
            continue;
        const uint64_t *x = x_of(v, s), *y = y_of(v, s);
        v->few = s; /* the first such; others go without */
        memset(v->starts, 0, t->shown[s].grid);
        memset(v->ends, 0, t->shown[s].grid);
        for (uint32_t i = 0; i < row->count; i++)
            if (row->outcome[i] == t->shown[s].outcome)
                v->starts[x[i]] = v->ends[y[i]] = 1;
    }
}

/* ------------------------------------------------------------------------ alternatives --- */

static uint32_t ones(uint64_t bits)
{
    uint32_t count = 0;
    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

/* n over k, at most `most`. */
static uint64_t choose(uint32_t n, uint32_t k, uint64_t most)
{
    uint64_t c = 1;
    for (uint32_t i = 1; i <= k; i++) {
        c = c * (n - k + i) / i;
        if (c > most)
            return most + 1;
    }
    return c;
}

static uint32_t some_count(uint64_t in, uint64_t most)
{
    uint32_t there = ones(in);
    return most < there ? (uint32_t)most : there;
}

/* How many different things may be shown. */
static uint64_t alternatives(const tct_viewer *v, uint32_t shown, uint32_t who)
{
    const tct_shown *s = &v->table->shown[shown];
    uint64_t x = x_of(v, shown)[who], y = y_of(v, shown)[who];
    switch (s->kind) {
    case TCT_SHOWN_STEP:
        return y - x + 1;
    case TCT_SHOWN_SOME:
        return choose(ones(x), some_count(x, y), TCT_VIEWS_MAX);
    case TCT_SHOWN_ONE:
        return ones(x);
    case TCT_SHOWN_EITHER:
        return x == y ? 1 : 2;
    default:
        return 1;
    }
}

/* The bits of `index` items of `in`, as the index-th of all subsets with `count` of them. */
static uint64_t subset(uint64_t in, uint32_t count, uint64_t index)
{
    uint64_t out = 0;
    for (uint32_t left = ones(in); count > 0; left--) {
        uint64_t low = in & (0 - in), with = choose(left - 1, count - 1, UINT32_MAX);
        in ^= low;
        if (index < with) {
            out |= low;
            count--;
        } else {
            index -= with;
        }
    }
    return out;
}

static uint64_t alternative(const tct_viewer *v, uint32_t shown, uint32_t who, uint64_t index)
{
    const tct_shown *s = &v->table->shown[shown];
    uint64_t x = x_of(v, shown)[who], y = y_of(v, shown)[who];
    switch (s->kind) {
    case TCT_SHOWN_STEP:
        return x + index;
    case TCT_SHOWN_SOME:
        return subset(x, some_count(x, y), index);
    case TCT_SHOWN_ONE:
        for (; index > 0; index--)
            x &= x - 1;
        for (; (x & 1) == 0; x >>= 1)
            index++;
        return index;
    case TCT_SHOWN_EITHER:
        return index == 0 ? x : y;
    default:
        return x;
    }
}

/* Is this a step at which the fewest answers are possible?  `from`, `to`: what may be shown. */
static bool telling_step(const tct_viewer *v, uint64_t p, uint64_t from, uint64_t to)
{
    if (p > from && !v->ends[p - 1])
        return false; /* nobody has dropped out since the step before */
    for (uint64_t q = p; q < to; q++) {
        if (v->starts[q + 1] && !v->ends[q])
            return true; /* somebody comes in first */
        if (v->ends[q])
            return false; /* somebody drops out first: that is a better place */
    }
    return true;
}

/* The telling steps only. */
static bool steps_of(tct_viewer *v, uint32_t shown, tct_view *view,
                     bool (*see)(void *, const tct_view *), void *context)
{
    uint64_t from = x_of(v, shown)[view->like], to = y_of(v, shown)[view->like];
    for (uint64_t p = from; p <= to; p++) {
        view->value[v->table->shown[shown].index] = p;
        if (telling_step(v, p, from, to) && see(context, view))
            return true;
    }
    return false;
}

bool tct_views_of(tct_viewer *v, uint32_t who, bool (*see)(void *context, const tct_view *view),
                  void *context)
{
    const tct_table *t = v->table;
    uint32_t of[TCT_REVEALS_MAX] = {0}, count = 0;
    uint64_t total = 1;
    tct_view view = {.outcome = v->row->outcome[who], .like = who};
    for (uint32_t s = 0; s < t->shown_count; s++) {
        if (t->shown[s].outcome != view.outcome)
            continue;
        if (s == v->few)
            return steps_of(v, s, &view, see, context);
        uint64_t here = alternatives(v, s, who);
        of[count++] = s;
        total =
            total > TCT_VIEWS_MAX || here > TCT_VIEWS_MAX ? TCT_VIEWS_MAX + 1 : total * here;
    }
    view.everything = total > TCT_VIEWS_MAX;
    for (uint64_t i = 0; i < (view.everything ? 1 : total); i++) {
        uint64_t rest = i;
        for (uint32_t k = 0; k < count; k++) {
            uint64_t here = view.everything ? 1 : alternatives(v, of[k], who);
            view.value[t->shown[of[k]].index] = alternative(v, of[k], who, rest % here);
            rest /= here;
        }
        if (see(context, &view))
            return true;
    }
    return false;
}

/* -------------------------------------------------------------------------------- odds --- */

static bool same_plain(const tct_viewer *v, uint32_t outcome, uint32_t a, uint32_t b)
{
    const tct_table *t = v->table;
    const uint64_t *ra = v->row->result + (size_t)a * t->words,
                   *rb = v->row->result + (size_t)b * t->words;
    uint64_t differ = 0;
    for (uint32_t w = 0; w < t->words; w++)
        differ |= (ra[w] ^ rb[w]) & t->plain_mask[outcome][w];
    return differ == 0;
}

static bool drawn_from_the_same(const tct_viewer *v, uint32_t shown, uint32_t a, uint32_t b)
{
    const uint64_t *x = x_of(v, shown), *y = y_of(v, shown);
    return x[a] == x[b] && y[a] == y[b];
}

bool tct_views_same(const tct_viewer *v, const tct_view *a, const tct_view *b)
{
    if (a->outcome != b->outcome || a->everything != b->everything ||
        !same_plain(v, a->outcome, a->like, b->like))
        return false;
    for (uint32_t s = 0; s < v->table->shown_count; s++) {
        uint32_t i = v->table->shown[s].index;
        if (v->table->shown[s].outcome == a->outcome &&
            (a->everything ? !drawn_from_the_same(v, s, a->like, b->like)
                           : a->value[i] != b->value[i]))
            return false;
    }
    return true;
}

static uint32_t one_of(uint64_t count)
{
    return count < TCT_LIKELY_ONE ? (uint32_t)(TCT_LIKELY_ONE / count) : 1;
}

/* The odds that number i shows `value` here. */
static uint32_t odds_here(const tct_viewer *v, uint32_t shown, uint64_t value, uint32_t i)
{
    uint64_t x = x_of(v, shown)[i], y = y_of(v, shown)[i];
    switch (v->table->shown[shown].kind) {
    case TCT_SHOWN_STEP:
        return value < x || value > y ? 0 : one_of(y - x + 1);
    case TCT_SHOWN_SOME:
        if ((value & ~x) != 0 || ones(value) != some_count(x, y))
            return 0;
        return one_of(choose(ones(x), ones(value), TCT_LIKELY_ONE));
    case TCT_SHOWN_ONE:
        return (x >> value & 1) == 0 ? 0 : one_of(ones(x));
    case TCT_SHOWN_EITHER:
        return x == y ? (value == x ? TCT_LIKELY_ONE : 0)
                      : (value == x || value == y ? TCT_LIKELY_ONE / 2 : 0);
    default:
        return !v->table->shown[shown].points || value == x ? TCT_LIKELY_ONE : 0;
    }
}

void tct_views_odds(const tct_viewer *v, const tct_view *view, uint32_t *odds)
{
    const tct_table *t = v->table;
    const tct_table_row *row = v->row;
    uint64_t plain = 0;
    for (uint32_t w = 0; w < t->words; w++)
        plain |= t->plain_mask[view->outcome][w];
    for (uint32_t i = 0; i < row->count; i++)
        odds[i] = row->outcome[i] == view->outcome ? TCT_LIKELY_ONE : 0;
    for (uint32_t i = 0; plain != 0 && i < row->count; i++)
        if (odds[i] != 0 && !same_plain(v, view->outcome, i, view->like))
            odds[i] = 0;
    for (uint32_t s = 0; s < t->shown_count; s++) {
        uint64_t value = view->value[t->shown[s].index];
        if (t->shown[s].outcome != view->outcome)
            continue;
        for (uint32_t i = 0; i < row->count; i++) {
            if (odds[i] == 0)
                continue;
            uint64_t here =
                view->everything
                    ? (drawn_from_the_same(v, s, i, view->like) ? TCT_LIKELY_ONE : 0)
                    : odds_here(v, s, value, i);
            here = here * odds[i];
            odds[i] = here == 0 ? 0 : here >> 30 == 0 ? 1 : (uint32_t)(here >> 30);
        }
    }
}
