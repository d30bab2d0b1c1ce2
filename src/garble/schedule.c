/* SPDX-License-Identifier: ISC */
#include "garble/schedule.h"

/* Order of keys: what needs inputs only (1), the ANDs of level 1 (2), what follows from them without
 * another AND (3), the ANDs of level 2 (4), … */
static inline uint32_t key_of(const tct_gate *g, uint32_t level)
{
    return 2 * level + (g->kind != TCT_GATE_AND);
}

uint64_t tct_schedule_bytes(const tct_shape *s)
{
    uint64_t gates = (uint64_t)s->wires - s->carried - s->inputs[0] - s->inputs[1], n = s->ands;
    /* order, numbers; levels; a counter for each key, and for the ANDs of each level. */
    return 4 * (gates + n) + 4 * (uint64_t)s->wires + 4 * (3 * n + 8);
}

typedef struct {
    uint32_t *level; /* of every wire */
    uint32_t *at;    /* of every key: how many entries stand before it */
    uint32_t
        *and_at; /* of every level: how many ANDs stand before it; marked until one is placed */
} scratch;

/* Levels, and from them where each key begins. */
static void count_levels(const tct_run *r, scratch *s)
{
    uint32_t wire = tct_run_first_gate(r), sum = 0, ands = 0, top = 0;
    memset(s->level, 0, wire * sizeof *s->level);
    memset(s->at, 0, (2 * (size_t)r->shape.ands + 4) * sizeof *s->at);
    for (uint32_t i = 0; i < r->circuit->gate_count; i++, wire++) {
        const tct_gate *g = &r->circuit->gates[i];
        uint32_t a = s->level[g->a], b = s->level[g->b];
        uint32_t level = (a > b ? a : b) + (g->kind == TCT_GATE_AND);
        s->level[wire] = level;
        s->at[key_of(g, level)]++;
        top = level > top ? level : top;
    }
    for (uint32_t key = 0; key <= 2 * top + 1; key++) {
        uint32_t here = s->at[key];
        s->at[key] = sum;
        sum += here;
        if (key % 2 == 0) {
            s->and_at[key / 2] = ands | TCT_SCHEDULE_FIRST;
            ands += here;
        }
    }
}

void tct_schedule_make(tct_run *r)
{
    uint32_t gates = r->circuit->gate_count, wire = tct_run_first_gate(r), number = 0;
    uint32_t *end = r->and_number + r->shape.ands;
    scratch s = {end, end + r->shape.wires,
                 end + r->shape.wires + 2 * (size_t)r->shape.ands + 4};
    count_levels(r, &s);
    for (uint32_t i = 0; i < gates; i++, wire++) {
        const tct_gate *g = &r->circuit->gates[i];
        uint32_t level = s.level[wire], key = key_of(g, level), mark = 0;
        if (g->kind == TCT_GATE_AND) {
            mark = s.and_at[level] & TCT_SCHEDULE_FIRST;
            uint32_t place = s.and_at[level] ^ mark;
            r->and_number[place] = number++;
            s.and_at[level] = place + 1;
        }
        r->order[s.at[key]++] = i | mark;
    }
}
