/* SPDX-License-Identifier: ISC
 *
 * A rule that was taken apart, run on many pairs at once.
 */
#include "leak/table.h"

#include <string.h>

#include "leak/lanes.h"

/* ------------------------------------------------------------------------------ people --- */

tct_err tct_table_people_init(const tct_table *t, tct_table_people *p, tct_arena *arena,
                              int person, uint32_t count)
{
    *p = (tct_table_people){.count = count};
    p->words = (count + 64 * TCT_TABLE_LANES - 1) / (64 * TCT_TABLE_LANES) * TCT_TABLE_LANES;
    p->bits = tct_arena_take(arena, (size_t)t->sheet->plans[person].bit_count * p->words + 1,
                             sizeof *p->bits);
    for (uint32_t i = 0; i < t->shown_count; i++)
        p->points_stride += t->shown[i].points ? t->shown[i].items : 0;
    p->points = tct_arena_take(arena, (size_t)p->points_stride * count + 1, sizeof *p->points);
    return p->bits != NULL && p->points != NULL ? TCT_OK : TCT_ERR_MEMORY;
}

void tct_table_enter(tct_table *t, tct_table_people *p, int person, uint32_t i,
                     const int64_t *slots, bool not_now)
{
    const tct_plan *plan = &t->sheet->plans[person];
    tct_graph_evaluate(&t->sheet->graph, plan->order, plan->order_count, slots, not_now,
                       t->values);
    for (uint32_t k = 0; k < plan->entry_count; k++) {
        const tct_entry *e = &plan->entries[k];
        int64_t value = e->slot != TCT_NO_SLOT ? slots[e->slot] : t->values[e->node];
        uint64_t code = e->step == 0 ? 0 : (uint64_t)(value - e->lo) / (uint64_t)e->step;
        for (uint32_t b = 0; b < e->width; b++) {
            uint64_t bit = e->thermometer ? b < code : code >> b & 1;
            p->bits[(size_t)(e->first_bit + b) * p->words + i / 64] |= bit << i % 64;
        }
    }
    int64_t *points = p->points + (size_t)i * p->points_stride;
    for (uint32_t k = 0; k < t->shown_count; k++)
        for (uint32_t j = 0; t->shown[k].points && j < t->shown[k].items; j++)
            *points++ = slots[t->shown[k].slot[person] + j];
}

tct_err tct_table_row_init(const tct_table *t, tct_table_row *row, tct_arena *arena,
                           uint32_t count)
{
    uint32_t pass = 64 * TCT_TABLE_LANES, room = (count + pass - 1) / pass * pass;
    *row = (tct_table_row){.count = count, .words = room / 64};
    row->planes =
        tct_arena_take(arena, (size_t)t->outcome_bits * row->words, sizeof *row->planes);
    row->outcome = tct_arena_take(arena, room, 1);
    row->result = tct_arena_take(arena, (size_t)room * t->words, sizeof *row->result);
    row->x = tct_arena_take(arena, (size_t)t->shown_count * count + 1, sizeof *row->x);
    row->y = tct_arena_take(arena, (size_t)t->shown_count * count + 1, sizeof *row->y);
    return row->planes != NULL && row->outcome != NULL && row->result != NULL &&
                   row->x != NULL && row->y != NULL
               ? TCT_OK
               : TCT_ERR_MEMORY;
}

/* -------------------------------------------------------------------------------- rows --- */

/* The inputs of a person: who is in lane j is number `first` + j; or the same one everywhere. */
static uint64_t *set_inputs(const tct_table *t, int person, const tct_table_people *p,
                            uint32_t first, bool one, uint64_t *wires)
{
    uint32_t bits = t->sheet->plans[person].bit_count;
    for (uint32_t i = 0; i < bits; i++)
        for (uint32_t w = 0; w < TCT_TABLE_LANES; w++) {
            const uint64_t *column = p->bits + (size_t)i * p->words;
            *wires++ =
                one ? 0 - (column[first / 64] >> first % 64 & 1) : column[first / 64 + w];
        }
    /* Lots matter to the coin only, and all ones say that it did not fall. */
    uint32_t lots = t->compiled.circuit.inputs[person] - bits;
    for (uint32_t i = 0; i < lots * TCT_TABLE_LANES; i++)
        *wires++ = person == 0 ? ~(uint64_t)0 : 0;
    return wires;
}

/* 64 words of 64 bits change places with their bits.  Warren, Hackers Delight, 7-3. */
static void transpose(uint64_t m[64])
{
    uint64_t mask = 0x00000000ffffffffu;
    for (uint32_t j = 32; j != 0; j >>= 1, mask ^= mask << j)
        for (uint32_t k = 0; k < 64; k = (k + j + 1) & ~j) {
            uint64_t swap = (m[k] >> j ^ m[k + j]) & mask;
            m[k] ^= swap << j;
            m[k + j] ^= swap;
        }
}

/* A bit of the results of 64 pairs. */
static uint64_t word_of(const tct_table *t, uint32_t lane, uint32_t bit)
{
    uint32_t from = bit < t->bits ? t->source[bit] : TCT_TABLE_FIXED;
    if (from >= TCT_TABLE_FIXED)
        return 0 - (uint64_t)(from - TCT_TABLE_FIXED);
    return t->wires[(size_t)t->compiled.circuit.outputs[from] * TCT_TABLE_LANES + lane];
}

/* The outcomes of 64 pairs.  Does any of them reveal something? */
static bool find_outcomes(const tct_table *t, uint32_t lane, uint8_t *outcome)
{
    static const uint64_t each = 0x0101010101010101u, diagonal = 0x8040201008040201u;
    uint32_t otherwise = tct_model_otherwise(&t->sheet->model);
    uint64_t any = 0, number[8] = {0};
    for (uint32_t b = 0; b < t->outcome_bits; b++) {
        uint64_t word = word_of(t, lane, b);
        any |= word;
        /* Eight bits become eight bytes: bit i is kept of the i-th copy of them. */
        for (uint32_t i = 0; i < 8; i++) {
            uint64_t kept = (word >> 8 * i & 255) * each & diagonal;
            number[i] |= (((kept + 0x7f * each) >> 7) & each) << b;
        }
    }
    for (uint32_t i = 0; i < 64; i++) {
        uint8_t n = (uint8_t)(number[i / 8] >> i % 8 * 8);
        outcome[i] = (uint8_t)(n == 0 ? otherwise : n - 1u);
    }
    return any != 0 && t->shown_count > 0;
}

/* The results of 64 pairs, from the words of the outputs. */
static void collect(const tct_table *t, uint32_t lane, uint64_t *result)
{
    uint64_t block[64];
    for (uint32_t w = 0; w < t->words; w++) {
        for (uint32_t i = 0; i < 64; i++) {
            uint32_t bit = 64 * w + i, from = bit < t->bits ? t->source[bit] : TCT_TABLE_FIXED;
            block[i] =
                from >= TCT_TABLE_FIXED
                    ? 0 - (uint64_t)(from - TCT_TABLE_FIXED)
                    : t->wires[(size_t)t->compiled.circuit.outputs[from] * TCT_TABLE_LANES +
                               lane];
        }
        transpose(block);
        for (uint32_t i = 0; i < 64; i++)
            result[(size_t)i * t->words + w] = block[i];
    }
}

static int64_t field_of(const tct_table_field *f, const uint64_t *result)
{
    uint32_t at = f->first_bit / 64, shift = f->first_bit % 64;
    if (f->width == 0)
        return f->lo;
    uint64_t code = result[at] >> shift;
    if (shift + f->width > 64)
        code |= result[at + 1] << (64 - shift);
    if (f->width < 64)
        code &= ((uint64_t)1 << f->width) - 1;
    return (int64_t)((uint64_t)f->lo + (uint64_t)f->step * code);
}

/* Which of the items in question have the largest score. */
static uint64_t best_items(const tct_shown *s, const tct_table_field *f, const uint64_t *result)
{
    uint64_t in = (uint64_t)field_of(&f[0], result), tied = 0;
    int64_t most = 0;
    for (uint32_t i = 0; i < s->items; i++) {
        int64_t score = (in >> i & 1) != 0 ? field_of(&f[1 + i], result) : 0;
        if ((in >> i & 1) == 0 || (tied != 0 && score < most))
            continue;
        tied = tied != 0 && score == most ? tied | (uint64_t)1 << i : (uint64_t)1 << i;
        most = score;
    }
    return s->by_lot ? tied : tied & (0 - tied);
}

static void fill_drawn(tct_table *t, tct_table_row *row, uint32_t shown)
{
    const tct_shown *s = &t->shown[shown];
    const tct_table_field *f = &t->fields[s->first_field];
    uint64_t *x = row->x + (size_t)shown * row->count, *y = row->y + (size_t)shown * row->count;
    for (uint32_t i = 0; i < row->count; i++) {
        const uint64_t *result = row->result + (size_t)i * t->words;
        if (row->outcome[i] != s->outcome)
            continue;
        if (s->kind == TCT_SHOWN_ONE) {
            x[i] = best_items(s, f, result);
        } else if (s->kind == TCT_SHOWN_STEP) {
            x[i] = (uint64_t)((field_of(&f[0], result) - s->base) / s->step);
            y[i] = (uint64_t)((field_of(&f[1], result) - s->base) / s->step);
        } else { /* SOME */
            uint64_t most = (uint64_t)field_of(&f[0], result);
            x[i] = most == 0 ? 0 : (uint64_t)field_of(&f[1], result);
            y[i] = most < (uint64_t)__builtin_popcountll(x[i])
                       ? most
                       : (uint64_t)__builtin_popcountll(x[i]);
        }
    }
}

/* Own people `first` … against number `other`. */
static void run(tct_table *t, int person, const tct_table_people *own, uint32_t first,
                const tct_table_people *others, uint32_t other)
{
    const tct_circuit *c = &t->compiled.circuit;
    uint64_t *at = t->wires;
    for (int p = 0; p < 2; p++)
        at = p == person ? set_inputs(t, p, own, first, false, at)
                         : set_inputs(t, p, others, other, true, at);
    tct_lanes_run(c->gates, c->gate_count, t->wires, at);
}

void tct_table_fill_planes(tct_table *t, tct_table_row *row, int person,
                           const tct_table_people *own, const tct_table_people *others,
                           uint32_t other)
{
    for (uint32_t first = 0; first < own->count; first += 64 * TCT_TABLE_LANES) {
        run(t, person, own, first, others, other);
        for (uint32_t b = 0; b < t->outcome_bits; b++)
            for (uint32_t lane = 0; lane < TCT_TABLE_LANES; lane++)
                row->planes[(size_t)b * row->words + first / 64 + lane] = word_of(t, lane, b);
    }
}

uint32_t tct_table_outcome(const tct_table *t, const tct_table_row *row, uint32_t who)
{
    uint32_t n = 0;
    for (uint32_t b = 0; b < t->outcome_bits; b++)
        n |= (uint32_t)(row->planes[(size_t)b * row->words + who / 64] >> who % 64 & 1) << b;
    return n == 0 ? tct_model_otherwise(&t->sheet->model) : n - 1;
}

void tct_table_with_outcome(const tct_table *t, const tct_table_row *row, uint32_t outcome,
                            uint64_t *set)
{
    uint32_t n = outcome == tct_model_otherwise(&t->sheet->model) ? 0 : outcome + 1;
    for (uint32_t w = 0; w < row->words; w++)
        set[w] = ~(uint64_t)0;
    for (uint32_t b = 0; b < t->outcome_bits; b++)
        for (uint32_t w = 0; w < row->words; w++)
            set[w] &= row->planes[(size_t)b * row->words + w] ^ ((uint64_t)(n >> b & 1) - 1);
    if (row->count % 64 != 0) /* nobody is there */
        set[row->count / 64] &= ((uint64_t)1 << row->count % 64) - 1;
    for (uint32_t w = (row->count + 63) / 64; w < row->words; w++)
        set[w] = 0;
}

void tct_table_fill(tct_table *t, tct_table_row *row, int person, const tct_table_people *own,
                    const tct_table_people *others, uint32_t other)
{
    for (uint32_t first = 0; first < own->count; first += 64 * TCT_TABLE_LANES) {
        run(t, person, own, first, others, other);
        for (uint32_t lane = 0; lane < TCT_TABLE_LANES; lane++)
            if (find_outcomes(t, lane, row->outcome + first + 64 * lane))
                collect(t, lane, row->result + (size_t)(first + 64 * lane) * t->words);
    }
    for (uint32_t s = 0; s < t->shown_count; s++) {
        if (t->shown[s].points)
            tct_table_split(t, row, s, person, own, others, other);
        else if (t->shown[s].kind != TCT_SHOWN_PLAIN && t->shown[s].kind != TCT_SHOWN_HIDDEN)
            fill_drawn(t, row, s);
    }
}

uint64_t tct_table_work(const tct_table *t, uint32_t count)
{
    uint64_t blocks = (count + 64 * TCT_TABLE_LANES - 1) / (64 * TCT_TABLE_LANES);
    uint64_t work =
        blocks * (t->compiled.circuit.gate_count * (uint64_t)TCT_TABLE_LANES + 1024 * t->words);
    for (uint32_t s = 0; s < t->shown_count; s++)
        work += count * (t->shown[s].points
                             ? 64 + ((uint64_t)t->shown[s].items << t->shown[s].items)
                             : 2 + t->shown[s].field_count);
    return work;
}
