/* SPDX-License-Identifier: ISC
 *
 * Is what a person entered the answers, or the result of answers, that the sheet allows?
 */
#include "rule/lower.h"

static const tct_entry *slot_entry(const tct_plan *plan, uint32_t slot)
{
    return &plan->entries[plan->entry_of_slot[slot] - 1];
}

static tct_wire entered(const tct_lowering *l, int person, const tct_entry *e, uint32_t bit)
{
    return tct_input(l->b, person, e->first_bit + bit);
}

static void entered_word(const tct_lowering *l, int person, const tct_entry *e, tct_wire *out)
{
    for (uint32_t i = 0; i < e->width; i++)
        out[i] = entered(l, person, e, i);
}

/* One of the marked strings: a decision on the highest bit, then on each half.  Equal halves share
 * their circuit, since the builder makes no gate twice. */
static tct_wire is_marked(tct_lowering *l, int person, const tct_check *check,
                          const uint8_t *marked, uint32_t width)
{
    if (width == 0)
        return marked[0] ? TCT_ONE : TCT_ZERO;
    uint32_t half = (uint32_t)1 << (width - 1);
    tct_wire low = is_marked(l, person, check, marked, width - 1);
    tct_wire high = is_marked(l, person, check, marked + half, width - 1);
    return tct_mux(l->b, tct_input(l->b, person, check->first_bit + width - 1), high, low);
}

/* --------------------------------------------------------------------------- by kind --- */

/* One AND for each bit but the first, whoever asks how often: the builder makes no gate twice. */
tct_wire tct_lower_above(tct_lowering *l, int person, const tct_entry *e, uint32_t j)
{
    tct_wire above = entered(l, person, e, 0);
    for (uint32_t i = 1; i <= j; i++)
        above = tct_and(l->b, above, entered(l, person, e, i));
    return above;
}

/* How many of count bits are one lies between least and most. */
static tct_wire count_within(tct_lowering *l, const tct_wire *bits, uint32_t count,
                             uint32_t least, uint32_t most)
{
    if (least == 0 && most >= count)
        return TCT_ONE;
    tct_wire total[8];
    uint32_t width = 0;
    while (count >> width != 0)
        width++;
    tct_word_popcount(l->b, total, width, bits, count);
    tct_wire fine = tct_lower_code_at_most(l, total, width, most);
    if (least > 0)
        fine = tct_and(l->b, fine,
                       tct_not(l->b, tct_lower_code_at_most(l, total, width, least - 1)));
    return fine;
}

/* value is one of the options: steps of the thermometer, where they differ. */
static tct_wire among(tct_lowering *l, int person, const tct_entry *e, uint64_t options)
{
    tct_wire w = (options & 1) != 0 ? TCT_ONE : TCT_ZERO;
    for (uint32_t j = 0; j < e->width; j++)
        if ((options >> j & 1) != (options >> (j + 1) & 1))
            w = tct_xor(l->b, w, tct_lower_above(l, person, e, j));
    return w;
}

static tct_wire check_choices(tct_lowering *l, int person, const tct_question *q)
{
    const tct_plan *plan = &l->plans[person];
    tct_wire fine = TCT_ONE, bits[TCT_ITEMS_MAX];
    for (uint32_t k = 0; k < q->limit_count; k++) {
        const tct_limit *limit = &q->limits[k];
        for (uint32_t i = 0; i < q->slot_count; i++)
            bits[i] = among(l, person, slot_entry(plan, q->first_slot + i), limit->options);
        fine = tct_and(l->b, fine,
                       count_within(l, bits, q->slot_count, limit->least, limit->most));
    }
    return fine;
}

static tct_wire check_tops(tct_lowering *l, int person, const tct_question *q)
{
    tct_wire fine = TCT_ONE, word[TCT_NUMBER_BITS_MAX + 2];
    for (uint32_t i = 0; i < q->slot_count; i++) {
        const tct_entry *e = slot_entry(&l->plans[person], q->first_slot + i);
        entered_word(l, person, e, word);
        fine = tct_and(l->b, fine, tct_lower_code_at_most(l, word, e->width, e->top));
    }
    return fine;
}

/* The points of all items add up to the total, in words too wide to wrap around. */
static tct_wire check_points(tct_lowering *l, int person, const tct_question *q)
{
    tct_number points[TCT_ITEMS_MAX], total = tct_lower_const(q->total);
    int64_t ones[TCT_ITEMS_MAX];
    for (uint32_t i = 0; i < q->slot_count; i++) {
        const tct_entry *e = slot_entry(&l->plans[person], q->first_slot + i);
        points[i] =
            (tct_number){.bits = tct_lower_wires(l, e->width), .width = e->width, .step = 1};
        ones[i] = 1;
        entered_word(l, person, e, points[i].bits);
    }
    tct_number sum = tct_lower_linear(l, 0, points, ones, q->slot_count);
    return tct_lower_equal(l, &sum, &total);
}

/* n ranks are a permutation iff each of 1 … n occurs.  unary[i][r]: item i has rank r; a rank
 * beyond n leaves its row empty, so that some rank is then missing. */
static tct_wire check_ranks(tct_lowering *l, int person, const tct_question *q)
{
    uint32_t n = q->slot_count;
    tct_wire seen[TCT_ITEMS_MAX], word[TCT_NUMBER_BITS_MAX + 2],
        wanted[TCT_NUMBER_BITS_MAX + 2];
    for (uint32_t r = 0; r < n; r++)
        seen[r] = TCT_ZERO;
    for (uint32_t i = 0; i < n; i++) {
        const tct_entry *e = slot_entry(&l->plans[person], q->first_slot + i);
        entered_word(l, person, e, word);
        for (uint32_t r = 0; r < n; r++) {
            tct_word_const(wanted, e->width, r);
            tct_wire here = tct_word_equal(l->b, word, wanted, e->width);
            seen[r] = tct_xor(l->b, seen[r], here);
        }
    }
    /* n rows with one mark at most, and every column with an odd number: one mark each. */
    tct_wire fine = TCT_ONE;
    for (uint32_t r = 0; r < n; r++)
        fine = tct_and(l->b, fine, seen[r]);
    return fine;
}

static tct_wire check_subset(tct_lowering *l, int person, const tct_question *q)
{
    tct_wire bits[TCT_ITEMS_MAX];
    for (uint32_t i = 0; i < q->slot_count; i++)
        bits[i] = entered(l, person, slot_entry(&l->plans[person], q->first_slot + i), 0);
    return count_within(l, bits, q->slot_count, (uint32_t)q->min, (uint32_t)q->max);
}

tct_wire tct_lower_check(tct_lowering *l, int person, const tct_check *check)
{
    const tct_plan *plan = &l->plans[person];
    tct_wire word[TCT_NUMBER_BITS_MAX + 2];
    if (check->needless)
        return TCT_ONE;
    if (check->kind == TCT_CHECK_RESULTS)
        return is_marked(l, person, check, check->marked, check->width);
    if (check->kind == TCT_CHECK_TOP) {
        const tct_entry *e = &plan->entries[check->index];
        entered_word(l, person, e, word);
        return tct_lower_code_at_most(l, word, e->width, e->top);
    }
    const tct_question *q = &l->g->model->questions[check->index];
    switch (q->kind) {
    case TACIT_CHOICE:
        return check_choices(l, person, q);
    case TACIT_NUMBER:
        return check_tops(l, person, q);
    case TACIT_POINTS:
        return check_points(l, person, q);
    case TACIT_RANKING:
        return check_ranks(l, person, q);
    case TACIT_SUBSET:
        return check_subset(l, person, q);
    }
    return TCT_ZERO;
}
