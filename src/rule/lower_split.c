/* SPDX-License-Identifier: ISC
 *
 * The fairest split of a few things: of all ways to divide them, those in which the smaller of the
 * two people's own totals is largest, of these those with the largest sum, of these one by lot.
 *
 * Writing (m, M) for the smaller and the larger total, that is the lexicographically largest (m, M).
 * The ways come in pairs that differ in who gets the last thing, of worth a and b to the two.  Say
 * that without it they have u and v.
 *   (u, b) >= (v, a)   giving it to the second is at least as good, unless b = 0
 *   (u, b) <  (v, a)   giving it to the first is better, unless a = 0
 * For u > v, b > 0: the smaller total rises above v, while with the other way it stays v.  For u = v
 * it stays either way, and the larger becomes u + max(a, b).  If it is worth nothing to the one with
 * less, the other way leaves the smaller total and does not lower the larger.  So one comparison
 * finds the better way of each pair, and only that one enters the search.  Both ways of a pair are
 * equally good iff a = b = 0, or u = v and a = b; for one that won as (m, M), not by giving to the
 * first, the latter says M = m + b with u < v + b.
 *
 * Cost per way, at 7 bits: totals 6, comparison 4, giving 13, sorting 7, search 21, twins 2, lot 4.
 */
#include "rule/lower_method.h"

#include <string.h>

enum { WAYS_MAX = 512, WIDTH_MAX = 24, THINGS_MAX = 10 };

/* One pair of ways, with the better of them chosen. */
typedef struct {
    tct_wire *best;  /* candidates */
    tct_wire *first; /* the last thing goes to the first person */
    tct_wire *twin;  /* if best: may the other way be as good? */
    tct_wire *keys;  /* 2·width each: M below, m above */
    uint32_t count;
} pairs;

/* Totals of all subsets of things 0 … count-1, each from one with its highest thing left out. */
static tct_wire *subset_totals(tct_lowering *l, const tct_number *worth, uint32_t count,
                               uint32_t width)
{
    tct_wire *totals = tct_lower_wires(l, width << count);
    for (uint32_t thing = 0; totals != NULL && thing < count; thing++)
        for (uint32_t rest = 0; rest < (uint32_t)1 << thing; rest++)
            tct_word_add(l->b, totals + ((rest | (uint32_t)1 << thing) * width),
                         totals + rest * width, worth[thing].bits, TCT_ZERO, width);
    return totals;
}

/* Every total fits, since all of one person's points together do. */
static void give(tct_lowering *l, tct_wire *out, const tct_wire *total, tct_wire gets,
                 const tct_number *worth, uint32_t width)
{
    tct_wire part[WIDTH_MAX];
    for (uint32_t i = 0; i < width; i++)
        part[i] = tct_and(l->b, gets, worth->bits[i]);
    tct_word_add(l->b, out, total, part, TCT_ZERO, width);
}

static tct_wire not_zero(tct_lowering *l, const tct_number *n)
{
    tct_wire any = TCT_ZERO;
    for (uint32_t i = 0; i < n->width; i++)
        any = tct_or(l->b, any, n->bits[i]);
    return any;
}

/* u, v: totals without the last thing. */
static void add_pair(tct_lowering *l, pairs *p, const tct_wire *u, const tct_wire *v,
                     const tct_number *a, const tct_number *b)
{
    uint32_t width = a->width, at = p->count++;
    tct_wire left[2 * WIDTH_MAX], right[2 * WIDTH_MAX], x[WIDTH_MAX], y[WIDTH_MAX];
    memcpy(left, b->bits, width * sizeof *left);
    memcpy(left + width, u, width * sizeof *left);
    memcpy(right, a->bits, width * sizeof *right);
    memcpy(right + width, v, width * sizeof *right);
    tct_wire second = tct_word_at_least(l->b, left, right, 2 * width);
    tct_wire some = not_zero(l, a);
    tct_wire none = tct_not(l->b, not_zero(l, b));
    tct_wire first = tct_mux(l->b, second, none, some);
    give(l, x, u, first, a, width);
    give(l, y, v, tct_not(l->b, first), b, width);
    tct_wire x_larger = tct_word_at_least(l->b, x, y, width);
    tct_wire *key = p->keys + (size_t)at * 2 * width;
    tct_word_mux(l->b, key, x_larger, x, y, width);
    for (uint32_t i = 0; i < width; i++) /* the other of the two: free */
        key[width + i] = tct_xor(l->b, key[i], tct_xor(l->b, x[i], y[i]));
    p->best[at] = TCT_ONE;
    p->first[at] = first;
    p->twin[at] = tct_and(l->b, tct_not(l->b, x_larger), tct_not(l->b, first));
}

/* Leaves the best pairs, and says of each whether both of its ways are as good. */
static void search(tct_lowering *l, pairs *p, const tct_number *a, const tct_number *b)
{
    uint32_t width = a->width;
    tct_wire top[2 * WIDTH_MAX], risen[WIDTH_MAX];
    tct_lower_keep_largest(l, p->best, p->keys, 2 * width, p->count, top);
    tct_wire some = not_zero(l, a);
    tct_wire any = tct_or(l->b, some, not_zero(l, b));
    tct_wire nothing = tct_not(l->b, any);
    /* M = m + b and a = b.  Neither a sum that wraps around nor b = 0 needs a second look: for a best
     * way with x = m < y = M that gave to the second, v = M - b would be below zero, or m = M. */
    tct_word_add(l->b, risen, top + width, b->bits, TCT_ZERO, width);
    tct_wire risen_to_top = tct_word_equal(l->b, risen, top, width);
    tct_wire even = tct_and(l->b, risen_to_top, tct_word_equal(l->b, a->bits, b->bits, width));
    for (uint32_t i = 0; i < p->count; i++) {
        tct_wire twin = tct_xor(l->b, nothing, tct_and(l->b, even, p->twin[i]));
        p->twin[i] = tct_and(l->b, p->best[i], twin);
    }
}

/* ------------------------------------------------------------------- one of the best --- */

/* 2^k true-or-false marks in blocks of 32 (fewer when there are fewer); finds the one that has
 * `rank` others before it. */
typedef struct {
    const tct_wire *marks;
    uint32_t count, block; /* marks; marks in a block */
    tct_wire in_block[32]; /* one of these is set */
    tct_wire in_place[32]; /* and one of these */
} finder;

static tct_number count_marks(tct_lowering *l, const tct_wire *marks, uint32_t count)
{
    tct_number n = {.width = tct_bits_for(count), .step = 1};
    n.bits = tct_lower_wires(l, n.width);
    tct_word_popcount(l->b, n.bits, n.width, marks, count);
    return n;
}

/* a + b in exactly this width. */
static tct_number plus(tct_lowering *l, const tct_number *a, const tct_number *b,
                       uint32_t width)
{
    const tct_number both[2] = {*a, *b};
    const int64_t ones[2] = {1, 1};
    tct_number sum = tct_lower_linear(l, 0, both, ones, 2);
    return tct_lower_reshape(l, &sum, 0, 1, width);
}

/* Marks before each block; before[blocks] is the number of all. */
static void count_before(tct_lowering *l, const finder *f, tct_number *before)
{
    before[0] = tct_lower_const(0);
    for (uint32_t b = 0; b < f->count / f->block; b++) {
        tct_number here = count_marks(l, f->marks + b * f->block, f->block);
        before[b + 1] = plus(l, &before[b], &here, tct_bits_for((uint64_t)(b + 1) * f->block));
    }
}

/* Sets in_block, and rest to the rank inside that block (its low bits). */
static void find_block(tct_lowering *l, finder *f, const tct_number *before,
                       const tct_number *rank, tct_wire *rest, uint32_t rest_width)
{
    tct_wire passed = TCT_ONE, start[8], low[8];
    tct_word_const(start, rest_width, 0);
    for (uint32_t b = 0; b < f->count / f->block; b++) {
        tct_wire next = tct_lower_at_least(l, rank, &before[b + 1]);
        f->in_block[b] = tct_xor(l->b, passed, next); /* reached, but not passed */
        for (uint32_t i = 0; i < rest_width && i < before[b].width; i++)
            start[i] =
                tct_xor(l->b, start[i], tct_and(l->b, f->in_block[b], before[b].bits[i]));
        passed = next;
    }
    for (uint32_t i = 0; i < rest_width; i++)
        low[i] = i < rank->width ? rank->bits[i] : TCT_ZERO;
    tct_word_sub(l->b, rest, low, start, rest_width);
}

/* The marks (or others that stand like them) of the block that was found. */
static void take_block(tct_lowering *l, const finder *f, const tct_wire *marks, uint32_t block,
                       tct_wire *out)
{
    for (uint32_t i = 0; i < block; i++)
        out[i] = TCT_ZERO;
    for (uint32_t b = 0; b < f->count / f->block; b++)
        for (uint32_t i = 0; i < block; i++)
            out[i] = tct_xor(l->b, out[i], tct_and(l->b, f->in_block[b], marks[b * block + i]));
}

static void find(tct_lowering *l, finder *f, const tct_number *before, const tct_number *rank)
{
    tct_wire rest[8], here[32], seen[8];
    uint32_t width = tct_bits_for(f->block - 1); /* a rank inside a block is below its size */
    find_block(l, f, before, rank, rest, width);
    take_block(l, f, f->marks, f->block, here);
    tct_word_const(seen, width, 0);
    for (uint32_t i = 0; i < f->block; i++) {
        f->in_place[i] = tct_and(l->b, here[i], tct_word_equal(l->b, seen, rest, width));
        tct_wire carry = here[i];
        for (uint32_t j = 0; j < width; j++) {
            tct_wire next = tct_and(l->b, seen[j], carry);
            seen[j] = tct_xor(l->b, seen[j], carry);
            carry = next;
        }
    }
}

/* Chooses one of the best ways and says who gets what. */
static void choose(tct_lowering *l, const tct_graph_node *node, const pairs *p, uint32_t things,
                   tct_number *out)
{
    /* Two marks a pair: the better way, and its twin. */
    tct_wire marks[2 * WAYS_MAX], firsts[16];
    tct_number before[33];
    finder f = {.marks = marks, .count = 2 * p->count};
    f.block = f.count < 32 ? f.count : 32;
    for (uint32_t i = 0; i < p->count; i++) {
        marks[2 * i] = p->best[i];
        marks[2 * i + 1] = p->twin[i];
    }
    count_before(l, &f, before);
    const tct_number *all = &before[f.count / f.block];
    tct_number rank = tct_lower_const(0);
    if (node->value != TCT_NO_DRAW)
        rank = tct_lower_lot_below(l, &l->g->lots.draws[node->value], all, false, f.count);
    find(l, &f, before, &rank);
    take_block(l, &f, p->first, f.block / 2, firsts);
    tct_wire twin = TCT_ZERO, first = TCT_ZERO, gets[THINGS_MAX];
    for (uint32_t i = 0; i < things; i++)
        gets[i] = TCT_ZERO; /* bit i of the pair's number: the first person gets thing i */
    for (uint32_t i = 0; i < f.block; i++) {
        tct_wire here = f.in_place[i];
        twin = i % 2 == 1 ? tct_xor(l->b, twin, here) : twin;
        first = tct_xor(l->b, first, tct_and(l->b, here, firsts[i / 2]));
        for (uint32_t j = 0; j + 1 < things; j++)
            if ((i / 2 >> j & 1) != 0)
                gets[j] = tct_xor(l->b, gets[j], here);
    }
    for (uint32_t b = 0; b < f.count / f.block; b++)
        for (uint32_t j = 0; j + 1 < things; j++)
            if ((b * (f.block / 2) >> j & 1) != 0)
                gets[j] = tct_xor(l->b, gets[j], f.in_block[b]);
    gets[things - 1] = tct_xor(l->b, first, twin);
    for (uint32_t i = 0; i < things; i++)
        out[i] = tct_lower_truth(l, tct_not(l->b, gets[i]));
}

void tct_lower_fairest(tct_lowering *l, const tct_graph_node *node, tct_number *out)
{
    uint32_t things = node->kid_count / 2, width = 0;
    tct_number worth[2][THINGS_MAX];
    for (uint32_t i = 0; i < 2 * things;
         i++) { /* up to the total of points, which is one for all */
        uint32_t bits = tct_bits_for((uint64_t)tct_graph_at(l->g, node->kids[i])->hi);
        width = bits > width ? bits : width;
    }
    for (uint32_t i = 0; i < 2 * things; i++)
        worth[i / things][i % things] =
            tct_lower_reshape(l, &l->numbers[node->kids[i]], 0, 1, width);
    uint32_t ways = (uint32_t)1 << (things - 1);
    pairs p = {.best = tct_lower_wires(l, ways),
               .first = tct_lower_wires(l, ways),
               .twin = tct_lower_wires(l, ways),
               .keys = tct_lower_wires(l, ways * 2 * width)};
    const tct_wire *u = subset_totals(l, worth[0], things - 1, width);
    const tct_wire *v = subset_totals(l, worth[1], things - 1, width);
    if (p.best == NULL || p.first == NULL || p.twin == NULL || p.keys == NULL || u == NULL ||
        v == NULL)
        return;
    for (uint32_t way = 0; way < ways && l->err == TCT_OK; way++)
        add_pair(l, &p, u + way * width, v + (ways - 1 - way) * width, &worth[0][things - 1],
                 &worth[1][things - 1]);
    search(l, &p, &worth[0][things - 1], &worth[1][things - 1]);
    choose(l, node, &p, things, out);
}
