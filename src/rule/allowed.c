/* SPDX-License-Identifier: ISC */
#include "rule/allowed.h"

uint64_t tct_slot_values(const tct_model *m, const tct_question *q)
{
    switch (q->kind) {
    case TACIT_CHOICE:
        return q->option_count;
    case TACIT_NUMBER:
        return (uint64_t)((q->max - q->min) / q->step) + 1;
    case TACIT_POINTS:
        return (uint64_t)q->total + 1;
    case TACIT_RANKING:
        return tct_question_items(m, q);
    case TACIT_SUBSET:
        return 2;
    }
    return 0;
}

int64_t tct_slot_value(const tct_question *q, uint64_t index)
{
    switch (q->kind) {
    case TACIT_NUMBER:
        return q->min + (int64_t)index * q->step;
    case TACIT_RANKING:
        return (int64_t)index + 1;
    default:
        return (int64_t)index;
    }
}

bool tct_slot_allowed(const tct_model *m, const tct_question *q, int64_t value)
{
    int64_t first = tct_slot_value(q, 0);
    int64_t last = tct_slot_value(q, tct_slot_values(m, q) - 1);
    return value >= first && value <= last &&
           (q->kind != TACIT_NUMBER || (value - first) % q->step == 0);
}

static bool within_limits(const tct_question *q, const int64_t *v, uint32_t items)
{
    for (uint32_t l = 0; l < q->limit_count; l++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < items; i++)
            count += (q->limits[l].options >> v[i] & 1) != 0;
        if (count < q->limits[l].least || count > q->limits[l].most)
            return false;
    }
    return true;
}

bool tct_question_allowed(const tct_model *m, const tct_question *q, const int64_t *values)
{
    const int64_t *v = values + q->first_slot;
    uint32_t items = q->slot_count;
    int64_t sum = 0;
    uint64_t ranks = 0;
    (void)m;
    switch (q->kind) {
    case TACIT_CHOICE:
        return within_limits(q, v, items);
    case TACIT_NUMBER:
        return true;
    case TACIT_POINTS:
    case TACIT_SUBSET:
        for (uint32_t i = 0; i < items; i++)
            sum += v[i];
        return q->kind == TACIT_POINTS ? sum == q->total : sum >= q->min && sum <= q->max;
    case TACIT_RANKING:
        for (uint32_t i = 0; i < items; i++)
            ranks |= (uint64_t)1 << (v[i] - 1);
        return ranks == (items == 64 ? ~(uint64_t)0 : ((uint64_t)1 << items) - 1);
    }
    return false;
}

/* ------------------------------------------------- answers that keep to the limits ----- */

/* A limit counts answers that are good for it: among its options for an `at least`, outside of them
 * for an `at most`.  So each limit needs so many good answers, and an option is the set of limits
 * that it is good for.  An option good for fewer limits can always give way to one that is good for
 * the same and more: of the 16 sets at most six remain, none of them inside another. */
typedef struct {
    uint32_t limits;
    uint32_t needs[TCT_LIMITS_MAX];
    uint32_t good[TCT_OPTIONS_MAX]; /* by kind: a bit for each limit */
    uint32_t option[TCT_OPTIONS_MAX];
    uint32_t kinds;
    uint32_t count[TCT_OPTIONS_MAX]; /* out: answers of each kind */
} mixture;

static void find_kinds(mixture *x, const tct_question *q)
{
    uint32_t good[TCT_OPTIONS_MAX];
    for (uint32_t o = 0; o < q->option_count; o++) {
        good[o] = 0;
        for (uint32_t l = 0; l < q->limit_count; l++) {
            bool in = (q->limits[l].options >> o & 1) != 0;
            good[o] |= (uint32_t)(in == q->limits[l].at_least) << l;
        }
    }
    for (uint32_t o = 0; o < q->option_count; o++) {
        bool better =
            false; /* is another good for all of the same, and more or named earlier? */
        for (uint32_t p = 0; p < q->option_count; p++)
            better |= (good[o] & ~good[p]) == 0 && (good[p] != good[o] || p < o);
        if (better)
            continue;
        x->good[x->kinds] = good[o];
        x->option[x->kinds++] = o;
    }
}

/* Shares `left` answers out among the kinds from `kind` on; the depth is the number of kinds. */
static bool share_out(mixture *x, uint32_t kind, uint32_t left, const uint32_t needs[])
{
    uint32_t wanted = 0, most = 0; /* … and what one answer can give of it */
    for (uint32_t l = 0; l < x->limits; l++) {
        if (needs[l] > left)
            return false;
        wanted += needs[l];
    }
    for (uint32_t k = kind; k < x->kinds; k++) {
        uint32_t gives = (uint32_t)__builtin_popcount(x->good[k]);
        most = gives > most ? gives : most;
    }
    if (wanted > left * most)
        return false;
    bool last = kind + 1 == x->kinds;
    for (uint32_t n = last ? left : 0; n <= left; n++) {
        uint32_t rest[TCT_LIMITS_MAX] = {0}, open = 0;
        for (uint32_t l = 0; l < x->limits; l++) {
            uint32_t met = (x->good[kind] >> l & 1) != 0 ? n : 0;
            rest[l] = needs[l] > met ? needs[l] - met : 0;
            open += rest[l];
        }
        x->count[kind] = n;
        if (last ? open == 0 : share_out(x, kind + 1, left - n, rest))
            return true;
    }
    return false;
}

static bool default_choices(const tct_question *q, int64_t *v)
{
    mixture x = {.limits = q->limit_count};
    uint32_t at = 0;
    for (uint32_t l = 0; l < q->limit_count; l++)
        x.needs[l] =
            q->limits[l].at_least ? q->limits[l].least : q->slot_count - q->limits[l].most;
    find_kinds(&x, q);
    if (!share_out(&x, 0, q->slot_count, x.needs))
        return false;
    for (uint32_t kind = 0; kind < x.kinds; kind++)
        for (uint32_t n = 0; n < x.count[kind]; n++)
            v[at++] = x.option[kind];
    return true;
}

bool tct_question_default(const tct_question *q, int64_t *values)
{
    int64_t *v = values + q->first_slot;
    for (uint32_t i = 0; i < q->slot_count; i++) {
        v[i] = tct_slot_value(q, 0);
        if (q->kind == TACIT_POINTS)
            v[i] = i == 0 ? q->total : 0;
        else if (q->kind == TACIT_RANKING)
            v[i] = (int64_t)i + 1;
        else if (q->kind == TACIT_SUBSET)
            v[i] = (int64_t)i < q->min;
    }
    if (q->kind == TACIT_CHOICE && q->limit_count > 0)
        return default_choices(q, v);
    return true;
}
