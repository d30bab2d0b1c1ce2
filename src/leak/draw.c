/* SPDX-License-Identifier: ISC
 *
 * Allowed answer sheets, by small steps from one that is allowed.
 */
#include "leak/draw.h"

#include <string.h>

#include "rule/allowed.h"

/* splitmix64 [Steele, Lea, Flood 2014]. */
static uint64_t next(tct_drawer *d)
{
    uint64_t z = d->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t tct_draw_below(tct_drawer *d, uint64_t n)
{
    return next(d) % n;
}

void tct_drawer_init(tct_drawer *d, const tacit_sheet *sheet)
{
    const tct_graph *g = &sheet->graph;
    *d = (tct_drawer){.sheet = sheet};
    for (tct_node n = 2; n < g->count; n++) {
        const tct_graph_node *node = tct_graph_at(g, n);
        bool names = node->op == TCT_G_CONST || node->op == TCT_G_LINEAR;
        int64_t named =
            node->op == TCT_G_LINEAR && node->value < 0 ? -node->value : node->value;
        for (int beside = -1; names && beside <= 1; beside++)
            if (d->named_count < TCT_DRAW_NAMED_MAX)
                d->named[d->named_count++] = named + beside;
    }
}

int64_t tct_draw_value(tct_drawer *d, const tct_question *q)
{
    uint64_t values = tct_slot_values(&d->sheet->model, q), eighths = next(d) % 18;
    if (q->kind != TACIT_NUMBER || values > UINT64_MAX / 16)
        return tct_slot_value(q, next(d) % values);
    if (eighths <= 8)
        return tct_slot_value(q, (values - 1) * eighths / 8);
    if (eighths < 13 && d->named_count > 0) {
        int64_t named = d->named[next(d) % d->named_count];
        if (tct_slot_allowed(&d->sheet->model, q, named))
            return named;
    }
    return tct_slot_value(q, next(d) % values);
}

/* One answer more, and another one less by as much, or the two changed about. */
static void step_tied(tct_drawer *d, const tct_question *q, int64_t *a, int64_t *b)
{
    int64_t t = *a;
    if (q->kind != TACIT_POINTS) {
        *a = *b;
        *b = t;
        return;
    }
    t = next(d) % 4 == 0 ? *a : (int64_t)tct_draw_below(d, (uint64_t)*a + 1);
    *a -= t;
    *b += t;
}

void tct_draw_question(tct_drawer *d, const tct_question *q, uint32_t pinned, int64_t *slots)
{
    const tct_model *m = &d->sheet->model;
    int64_t *v = slots + q->first_slot;
    for (uint32_t i = 0; i < 2 * q->slot_count; i++) {
        uint32_t one = (uint32_t)tct_draw_below(d, q->slot_count), other = one;
        if (q->slot_count > 1)
            other = (one + 1 + (uint32_t)tct_draw_below(d, q->slot_count - 1)) % q->slot_count;
        int64_t before = v[one], before_other = v[other];
        if (q->first_slot + one == pinned || q->first_slot + other == pinned)
            continue;
        bool tied = q->kind == TACIT_POINTS || q->kind == TACIT_RANKING || next(d) % 4 == 0;
        if (tied)
            step_tied(d, q, &v[one], &v[other]);
        else
            v[one] = tct_draw_value(d, q);
        if (!tct_question_allowed(m, q, slots)) {
            v[one] = before;
            v[other] = before_other;
        }
    }
}

void tct_draw_even(tct_drawer *d, int person, uint64_t index, int64_t *slots)
{
    const tct_model *m = &d->sheet->model;
    memcpy(slots, d->sheet->defaults, m->slot_count * sizeof *slots);
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        uint64_t values = tct_slot_values(m, q);
        size_t bytes = q->slot_count * sizeof *slots;
        int64_t even = tct_slot_value(q, index < values ? index : values - 1);
        for (uint32_t s = 0; q->person != !person && s < q->slot_count; s++)
            slots[q->first_slot + s] = even;
        if (!tct_question_allowed(m, q, slots))
            memcpy(slots + q->first_slot, d->sheet->defaults + q->first_slot, bytes);
    }
}

void tct_draw_sheet(tct_drawer *d, int person, int64_t *slots)
{
    const tct_model *m = &d->sheet->model;
    memcpy(slots, d->sheet->defaults, m->slot_count * sizeof *slots);
    for (uint32_t i = 0; i < m->question_count; i++)
        if (m->questions[i].person != !person)
            tct_draw_question(d, &m->questions[i], UINT32_MAX, slots);
}
