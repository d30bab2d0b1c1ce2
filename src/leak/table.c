/* SPDX-License-Identifier: ISC
 *
 * A rule taken apart, compiled, and run on many pairs at once.
 */
#include "leak/table.h"

#include <string.h>

#define NO_BIT (UINT32_MAX - 1) /* a constant 0; and one more: a constant 1 */

/* ----------------------------------------------------------------- taking a rule apart --- */

typedef struct {
    tct_table *t;
    tct_graph *shadow;
    bool full;
} taker;

/* One more result of the shadow rule: the bits of these nodes. */
static void take_field(taker *k, uint32_t outcome, tct_node *nodes, uint32_t count)
{
    tct_graph *g = k->shadow;
    if (g->reveal_count == TCT_TABLE_FIELDS_MAX) {
        k->full = true;
        return;
    }
    g->reveals[g->reveal_count++] =
        (tct_graph_reveal){.outcome = outcome, .nodes = nodes, .count = count};
}

/* Truths together are one field, numbers one each. */
static void take_fields(taker *k, uint32_t outcome, tct_node *nodes, uint32_t count)
{
    uint32_t truths = 0;
    while (truths < count && tct_graph_at(k->shadow, nodes[truths])->truth)
        truths++;
    if (truths > 0)
        take_field(k, outcome, nodes, truths);
    for (uint32_t i = truths; i < count; i++)
        take_field(k, outcome, nodes + i, 1);
}

/* Is there a draw or a method below this node? */
static bool drawn_below(const tct_graph *g, tct_node n, uint8_t *seen)
{
    memset(seen, 0, g->count);
    seen[n] = 1;
    for (uint32_t i = n + 1; i-- > 0;) {
        const tct_graph_node *node = tct_graph_at(g, i);
        if (seen[i] && (node->op == TCT_G_METHOD || (node->of & TCT_OF_LOTS) != 0))
            return true;
        for (uint32_t j = 0; seen[i] && j < node->kid_count; j++)
            seen[node->kids[j]] = 1;
    }
    return false;
}

static tct_node *copy(taker *k, const tct_node *nodes, uint32_t count)
{
    tct_node *out = tct_arena_take(k->shadow->arena, count, sizeof *out);
    if (out == NULL)
        k->full = true;
    else
        memcpy(out, nodes, count * sizeof *out);
    return out;
}

/* Everything that the draws and methods below this reveal are worked out from: each person's parts. */
static void take_hidden(taker *k, tct_shown *s, const tct_graph_reveal *r, uint8_t *seen)
{
    const tct_graph *g = k->shadow;
    s->kind = TCT_SHOWN_HIDDEN;
    memset(seen, 0, g->count);
    for (uint32_t i = 0; i < r->count; i++)
        seen[r->nodes[i]] = 1;
    for (tct_node n = g->count; n-- > 0 && !k->full;) {
        const tct_graph_node *node = tct_graph_at(g, n);
        if (seen[n] && tct_graph_local(node) >= 0) {
            tct_node *one = copy(k, &n, 1);
            if (one != NULL)
                take_field(k, s->outcome, one, 1);
            continue;
        }
        for (uint32_t j = 0; seen[n] && j < node->kid_count; j++)
            seen[node->kids[j]] = 1;
    }
}

static void take_points(tct_shown *s, const tct_graph *g, const tct_expr *e,
                        const tct_graph_node *method)
{
    s->points = true;
    s->method = (tct_method)method->slot;
    s->items = method->kid_count / 2;
    for (int p = 0; p < 2; p++)
        s->slot[p] = g->model->questions[e->question[p]].first_slot;
    s->kind = TCT_SHOWN_PLAIN;
    if (s->method == TCT_METHOD_FAIREST && s->by_lot)
        s->kind = s->items <= 6 ? TCT_SHOWN_ONE : TCT_SHOWN_HIDDEN;
    if (s->method == TCT_METHOD_WHOLE_WINNER)
        s->kind = TCT_SHOWN_EITHER;
}

static void take_method(taker *k, tct_shown *s, const tct_graph_reveal *r,
                        const tct_graph_node *pick)
{
    const tct_graph *g = k->shadow;
    const tct_graph_node *method = tct_graph_at(g, pick->kids[0]);
    const tct_expr *e = g->model->outcomes[r->outcome].reveals[r->index].value;
    tct_node *kids = copy(k, method->kids, method->kid_count);
    if (kids == NULL)
        return;
    s->by_lot = method->value != TCT_NO_DRAW;
    switch ((tct_method)method->slot) {
    case TCT_METHOD_STEP:
        s->kind = TCT_SHOWN_STEP;
        s->base = pick->lo;
        s->step = pick->step;
        s->grid = (pick->hi - pick->lo) / pick->step < TCT_TABLE_GRID_MAX
                      ? (uint32_t)((pick->hi - pick->lo) / pick->step) + 1
                      : 0;
        if (s->grid == 0)
            s->kind = TCT_SHOWN_HIDDEN;
        take_field(k, r->outcome, kids, 1);
        take_field(k, r->outcome, kids + 1, 1);
        break;
    case TCT_METHOD_SOME:
        s->kind = TCT_SHOWN_SOME;
        s->items = method->kid_count - 1;
        take_field(k, r->outcome, kids, 1);
        take_field(k, r->outcome, kids + 1, s->items);
        break;
    case TCT_METHOD_BEST:
        s->kind = TCT_SHOWN_ONE;
        s->items = method->kid_count / 2;
        take_field(k, r->outcome, kids, s->items);
        for (uint32_t i = 0; i < s->items; i++)
            take_field(k, r->outcome, kids + s->items + i, 1);
        break;
    default:
        take_points(s, g, e, method);
        break;
    }
}

static void take_reveal(taker *k, const tct_graph_reveal *r, uint8_t *seen)
{
    tct_table *t = k->t;
    tct_graph *g = k->shadow;
    tct_shown *s = &t->shown[t->shown_count++];
    *s = (tct_shown){.outcome = r->outcome, .index = r->index, .first_field = g->reveal_count};
    bool drawn = false;
    for (uint32_t i = 0; i < r->count; i++)
        drawn |= drawn_below(g, r->nodes[i], seen);
    const tct_graph_node *first = tct_graph_at(g, r->nodes[0]);
    if (!drawn)
        take_fields(k, r->outcome, r->nodes, r->count);
    else if (first->op == TCT_G_PICK)
        take_method(k, s, r, first);
    else
        take_hidden(k, s, r, seen);
    s->field_count = g->reveal_count - s->first_field;
}

/* ------------------------------------------------------------------------- the circuit --- */

static tct_err compile(tct_table *t, tct_arena *arena, const tct_graph *shadow)
{
    /* All answers here are allowed ones: nothing is checked. */
    tct_plan plans[2] = {t->sheet->plans[0], t->sheet->plans[1]};
    plans[0].check_count = plans[1].check_count = 0;
    return tct_lower(&t->compiled, arena, shadow, plans);
}

/* Where each bit of a pair's results comes from: the outcome, then the fields. */
static tct_err find_sources(tct_table *t, tct_arena *arena)
{
    const tct_compiled *c = &t->compiled;
    uint32_t at = 0, real = 0;
    t->outcome_bits = c->outcome_width;
    t->bits = c->output_calls;
    t->words = (t->bits + 63) / 64;
    t->words = t->words == 0 ? 1 : t->words;
    t->source = tct_arena_take(arena, t->bits + 1, sizeof *t->source);
    t->wires = tct_arena_take(arena, tct_circuit_wires(&c->circuit) * (size_t)TCT_TABLE_LANES,
                              sizeof(uint64_t));
    t->values = tct_arena_take(arena, t->sheet->graph.count, sizeof *t->values);
    for (int p = 0; p < 2; p++)
        t->pair[p] = tct_arena_take(arena, 1, sizeof *t->pair[p]);
    if (t->source == NULL || t->wires == NULL || t->values == NULL || t->pair[0] == NULL ||
        t->pair[1] == NULL)
        return TCT_ERR_MEMORY;
    if (t->words > TCT_TABLE_WORDS_MAX)
        return TCT_ERR_LIMIT;
    for (; at < t->bits; at++)
        t->source[at] = c->fixed[at] == 2 ? real++ : NO_BIT + c->fixed[at];
    return TCT_OK;
}

static void mark_plain(tct_table *t, const tct_shown *s, const tct_table_field *f)
{
    for (uint32_t i = f->first_bit; i < f->first_bit + f->width; i++)
        if (s->kind == TCT_SHOWN_PLAIN || s->kind == TCT_SHOWN_HIDDEN)
            t->plain_mask[s->outcome][i / 64] |= (uint64_t)1 << i % 64;
}

static void find_fields(tct_table *t, uint32_t count)
{
    t->field_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const tct_reveal_shape *shape = &t->compiled.reveals[i];
        t->fields[i] =
            (tct_table_field){shape->first_output, shape->width, shape->lo, shape->step};
    }
    for (uint32_t i = 0; i < t->shown_count; i++)
        for (uint32_t f = 0; f < t->shown[i].field_count; f++)
            mark_plain(t, &t->shown[i], &t->fields[t->shown[i].first_field + f]);
}

static void find_chance(tct_table *t)
{
    uint32_t k = 0;
    tct_model_coin(&t->sheet->model, &k, &t->chance_bits);
    if (t->chance_bits > 0)
        t->chance = (uint32_t)(((uint64_t)k << 30) >> t->chance_bits);
}

tct_err tct_table_init(tct_table *t, tct_arena *arena, const tacit_sheet *sheet)
{
    *t = (tct_table){.sheet = sheet};
    const tct_graph *g = &sheet->graph;
    tct_graph *shadow = tct_arena_take(arena, 1, sizeof *shadow);
    uint8_t *seen = tct_arena_take(arena, g->count, 1);
    if (shadow == NULL || seen == NULL)
        return TCT_ERR_MEMORY;
    *shadow = *g;
    shadow->arena = arena;
    shadow->reveal_count = 0;
    taker k = {.t = t, .shadow = shadow};
    for (uint32_t i = 0; i < g->reveal_count && !k.full; i++)
        take_reveal(&k, &g->reveals[i], seen);
    if (k.full)
        return TCT_ERR_LIMIT;
    tct_err err = compile(t, arena, shadow);
    if (err == TCT_OK)
        err = find_sources(t, arena);
    if (err == TCT_OK)
        find_fields(t, shadow->reveal_count);
    find_chance(t);
    return err;
}

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
    uint32_t room = (count + 255) / 256 * 256;
    *row = (tct_table_row){.count = count};
    row->outcome = tct_arena_take(arena, room, 1);
    row->result = tct_arena_take(arena, (size_t)room * t->words, sizeof *row->result);
    row->x = tct_arena_take(arena, (size_t)t->shown_count * count + 1, sizeof *row->x);
    row->y = tct_arena_take(arena, (size_t)t->shown_count * count + 1, sizeof *row->y);
    return row->outcome != NULL && row->result != NULL && row->x != NULL && row->y != NULL
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

static void run_gates(const tct_circuit *c, uint64_t *wires, uint64_t *to)
{
    for (uint32_t i = 0; i < c->gate_count; i++, to += TCT_TABLE_LANES) {
        const uint64_t *a = wires + (size_t)c->gates[i].a * TCT_TABLE_LANES;
        const uint64_t *b = wires + (size_t)c->gates[i].b * TCT_TABLE_LANES;
        if (c->gates[i].kind == TCT_GATE_AND)
            for (uint32_t w = 0; w < TCT_TABLE_LANES; w++)
                to[w] = a[w] & b[w];
        else if (c->gates[i].kind == TCT_GATE_XOR)
            for (uint32_t w = 0; w < TCT_TABLE_LANES; w++)
                to[w] = a[w] ^ b[w];
        else
            for (uint32_t w = 0; w < TCT_TABLE_LANES; w++)
                to[w] = ~a[w];
    }
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
    uint32_t from = bit < t->bits ? t->source[bit] : NO_BIT;
    if (from >= NO_BIT)
        return 0 - (uint64_t)(from - NO_BIT);
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
            uint32_t bit = 64 * w + i, from = bit < t->bits ? t->source[bit] : NO_BIT;
            block[i] =
                from >= NO_BIT
                    ? 0 - (uint64_t)(from - NO_BIT)
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

void tct_table_fill(tct_table *t, tct_table_row *row, int person, const tct_table_people *own,
                    const tct_table_people *others, uint32_t other)
{
    const tct_circuit *c = &t->compiled.circuit;
    for (uint32_t first = 0; first < own->count; first += 64 * TCT_TABLE_LANES) {
        uint64_t *at = t->wires;
        for (int p = 0; p < 2; p++)
            at = p == person ? set_inputs(t, p, own, first, false, at)
                             : set_inputs(t, p, others, other, true, at);
        run_gates(c, t->wires, at);
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
