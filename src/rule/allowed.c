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

/* Some mixture of options that keeps to the limits: first `i` items one way, the rest another,
 * with one more option between for good measure. */
static bool default_choices(const tct_model *m, const tct_question *q, int64_t *values)
{
    int64_t *v = values + q->first_slot;
    for (uint32_t a = 0; a < q->option_count; a++)
        for (uint32_t b = 0; b < q->option_count; b++)
            for (uint32_t split = 0; split <= q->slot_count; split++) {
                for (uint32_t i = 0; i < q->slot_count; i++)
                    v[i] = i < split ? a : b;
                if (tct_question_allowed(m, q, values))
                    return true;
            }
    return false;
}

bool tct_question_default(const tct_model *m, const tct_question *q, int64_t *values)
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
        return default_choices(m, q, values);
    return true;
}
