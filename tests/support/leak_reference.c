/* SPDX-License-Identifier: ISC */
#include "support/leak_reference.h"

#include <stdlib.h>
#include <string.h>

#include "rule/allowed.h"

static bool asked(const tct_question *q, int person)
{
    return q->person == 2 || q->person == person;
}

/* ------------------------------------------------------------------------------ sheets --- */

static void take_down(const tct_model *m, int person, const uint64_t *at, reference_crowd *out)
{
    tacit_answers *a = &out->sheets[out->count];
    memset(a, 0, sizeof *a);
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        for (uint32_t s = q->first_slot; asked(q, person) && s < q->first_slot + q->slot_count;
             s++) {
            a->given[s] = true;
            a->value[s] = tct_slot_value(q, at[s]);
        }
        if (asked(q, person) && !tct_question_allowed(m, q, a->value))
            return;
    }
    out->sheets[out->count + 1] = *a;
    out->sheets[out->count + 1].not_now = true;
    out->count += 2;
}

static bool next(const tct_model *m, int person, uint64_t *at)
{
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        for (uint32_t s = q->first_slot; asked(q, person) && s < q->first_slot + q->slot_count;
             s++) {
            if (++at[s] < tct_slot_values(m, q))
                return true;
            at[s] = 0;
        }
    }
    return false;
}

bool reference_crowd_list(const tacit_sheet *sheet, int person, reference_crowd *out)
{
    const tct_model *m = &sheet->model;
    static uint64_t at[TACIT_VALUES_MAX];
    uint64_t all = 1;
    memset(at, 0, sizeof at);
    *out = (reference_crowd){0};
    for (uint32_t i = 0; i < m->question_count; i++)
        for (uint32_t s = 0; asked(&m->questions[i], person) && s < m->questions[i].slot_count;
             s++) {
            uint64_t values = tct_slot_values(m, &m->questions[i]);
            all = values > REFERENCE_VALUES_MAX || all > 1 << 20 ? UINT32_MAX : all * values;
        }
    if (all > 1 << 16)
        return false;
    out->sheets = calloc(REFERENCE_SHEETS_MAX + 2, sizeof *out->sheets);
    if (out->sheets == NULL)
        return false;
    do {
        if (out->count >= REFERENCE_SHEETS_MAX) {
            reference_crowd_free(out);
            return false;
        }
        take_down(m, person, at, out);
    } while (next(m, person, at));
    return true;
}

void reference_crowd_free(reference_crowd *c)
{
    free(c->sheets);
    *c = (reference_crowd){0};
}

/* ------------------------------------------------------------------------------- views --- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        h = (h ^ (v >> 8 * i & 255)) * 1099511628211u;
    return h;
}

static uint64_t key_of(const tct_model *m, const tct_meaning *meaning)
{
    uint64_t h = mix(14695981039346656037u, meaning->outcome);
    for (uint32_t i = 0; i < m->outcomes[meaning->outcome].reveal_count; i++) {
        const tct_value *v = &meaning->reveals[i];
        h = mix(mix(mix(mix(h, (uint64_t)v->number), v->items), v->shared), v->percent);
    }
    return h;
}

/* Is it there already?  Else it is now. */
static bool known(reference_views *out, const tct_model *m, const tct_meaning *meaning)
{
    uint64_t key = key_of(m, meaning);
    for (uint32_t i = 0; i < out->count; i++)
        if (out->key[i] == key)
            return true;
    if (out->count == REFERENCE_VIEWS_MAX) {
        out->too_many = true;
        return true;
    }
    out->outcome[out->count] = meaning->outcome;
    out->key[out->count++] = key;
    return false;
}

enum { QUANTILES = 840 }; /* as many of each value, when there are up to 8 of them */

bool reference_one_lot(const tacit_sheet *sheet)
{
    const tct_draw *d = &sheet->graph.lots.draws[0];
    uint32_t k;
    uint8_t bits = 0;
    tct_model_coin(&sheet->model, &k, &bits);
    return sheet->graph.lots.draw_count == 1 && bits == 0 && (!d->shuffle || d->count <= 4) &&
           (d->shuffle || d->count == 1 || d->count == TCT_NUMBER_LOT_BITS);
}

/* The draw comes for the at-th time of `ways`: number `at` of all orders; of all quantiles; of both
 * sides of a coin. */
static void write_lot(const tct_draw *d, uint32_t at, uint32_t ways, uint8_t *raw)
{
    uint64_t bits = d->count == 1 ? at : (((uint64_t)(2 * at + 1) << 39) / ways);
    if (!d->shuffle) {
        for (uint32_t i = 0; i < d->bytes; i++)
            raw[d->first_byte + i] = (uint8_t)(bits >> 8 * i);
        return;
    }
    uint8_t left[TCT_ITEMS_MAX]; /* tags not given yet */
    for (uint32_t i = 0; i < d->count; i++)
        left[i] = (uint8_t)(i + 1);
    for (uint32_t n = d->count; n > 0; at /= n, n--) {
        uint32_t one = at % n;
        raw[d->first_byte + 8 * (d->count - n)] = left[one];
        for (uint32_t i = one; i + 1 < n; i++)
            left[i] = left[i + 1];
    }
}

/* All that one lot can be, each as often as it comes. */
static void every_lot(const tacit_sheet *sheet, const tacit_answers *a, const tacit_answers *b,
                      reference_views *out)
{
    static uint8_t raw[2][8 * TCT_ITEMS_MAX];
    const tct_draw *d = &sheet->graph.lots.draws[0];
    const uint8_t *const lots[2] = {raw[0], raw[1]};
    const tacit_answers *const answers[2] = {a, b};
    uint32_t ways = d->count == 1 && !d->shuffle ? 2 : QUANTILES;
    uint32_t came[REFERENCE_VIEWS_MAX] = {0};
    memset(raw, 0, sizeof raw);
    if (d->shuffle) {
        ways = 1;
        for (uint32_t n = 2; n <= d->count; n++)
            ways *= n;
        for (uint32_t i = 0; i < d->count; i++) /* the second order changes nothing */
            raw[1][d->first_byte + 8 * i] = (uint8_t)(i + 1);
    }
    for (uint32_t at = 0; at < ways && !out->too_many; at++) {
        tct_meaning meaning;
        write_lot(d, at, ways, raw[0]);
        tct_interpret(sheet, answers, lots, &meaning);
        (void)known(out, &sheet->model, &meaning);
        for (uint32_t i = 0; i < out->count; i++)
            came[i] += out->key[i] == key_of(&sheet->model, &meaning);
    }
    for (uint32_t i = 0; i < out->count; i++)
        out->odds[i] = ((uint64_t)came[i] << 20) / ways;
}

void reference_pair(const tacit_sheet *sheet, const tacit_answers *a, const tacit_answers *b,
                    uint64_t *random, reference_views *out)
{
    const tct_model *m = &sheet->model;
    static uint8_t raw[2][1 << 16];
    const uint8_t *const lots[2] = {raw[0], raw[1]};
    const tacit_answers *const answers[2] = {a, b};
    uint32_t otherwise = tct_model_otherwise(m), k = 0;
    uint8_t bits = 0;
    size_t bytes = sheet->graph.lots.byte_count;
    memset(out, 0, sizeof *out);
    tct_model_coin(m, &k, &bits);
    if (random == NULL) {
        every_lot(sheet, a, b, out);
        return;
    }
    /* Draws until nothing new has come for 40 times as many draws as there are views. */
    for (uint32_t quiet = 0; quiet <= (bytes == 0 ? 0 : 40 * (out->count + 1)); quiet++) {
        tct_meaning meaning;
        for (size_t i = 0; i < bytes; i++)
            for (int p = 0; p < 2; p++)
                raw[p][i] = (uint8_t)(sheet_case_random(random) >> 32);
        tct_interpret(sheet, answers, lots, &meaning);
        if (!known(out, m, &meaning))
            quiet = 0;
    }
    if (bits > 0) { /* it may come by chance, which may be too rare to be drawn */
        tct_meaning no = {.outcome = otherwise};
        (void)known(out, m, &no);
    }
    for (uint32_t i = 0; i < out->count; i++) {
        uint64_t one = 1 << 20, chance = bits > 0 ? one * k >> bits : 0;
        out->odds[i] = out->count == 1                ? one
                       : out->outcome[i] == otherwise ? chance
                                                      : one - chance;
    }
}

reference_views *reference_table(const tacit_sheet *sheet, const reference_crowd crowds[2],
                                 uint64_t *random)
{
    size_t pairs = (size_t)crowds[0].count * crowds[1].count;
    reference_views *table = calloc(pairs, sizeof *table);
    bool fine = table != NULL;
    for (size_t i = 0; fine && i < pairs; i++) {
        reference_pair(sheet, &crowds[0].sheets[i / crowds[1].count],
                       &crowds[1].sheets[i % crowds[1].count], random, &table[i]);
        fine = !table[i].too_many;
    }
    if (!fine) {
        free(table);
        return NULL;
    }
    return table;
}

/* ------------------------------------------------------------------------------ telling --- */

typedef struct {
    const tacit_sheet *sheet;
    const reference_crowd *crowds;
    const reference_views *table;
    int of; /* whose answers are told */
} teller;

static const reference_views *pair_of(const teller *t, uint32_t own, uint32_t other)
{
    uint32_t a = t->of == 0 ? own : other, b = t->of == 0 ? other : own;
    return &t->table[(size_t)a * t->crowds[1].count + b];
}

static uint32_t value_index(const tct_question *q, int64_t value)
{
    uint32_t i = 0;
    while (tct_slot_value(q, i) != value)
        i++;
    return i;
}

static uint32_t ones(uint64_t x)
{
    uint32_t n = 0;
    for (; x != 0; x &= x - 1)
        n++;
    return n;
}

static void note(reference_finding *f, uint64_t mask, uint32_t odds)
{
    uint32_t left = ones(mask);
    if (!f->seen || left < f->least) {
        f->least = left;
        f->least_count = 0;
    }
    f->most = !f->seen || left > f->most ? left : f->most;
    f->lowest = !f->seen || odds < f->lowest ? odds : f->lowest;
    f->highest = !f->seen || odds > f->highest ? odds : f->highest;
    f->seen = true;
    for (uint32_t i = 0; i < f->least_count; i++)
        if (left == f->least && f->least_masks[i] == mask)
            return;
    if (left == f->least && f->least_count < 8)
        f->least_masks[f->least_count++] = mask;
}

/* The case: the other is number `other`, and sees view number `at` of (own, other).  own: whose answer
 * is the true one, or UINT32_MAX. */
static void note_case(const teller *t, uint32_t other, uint32_t outcome, uint64_t key,
                      uint32_t own, reference_told *out)
{
    const tct_model *m = &t->sheet->model;
    const reference_crowd *c = &t->crowds[t->of];
    static uint64_t odds[REFERENCE_SHEETS_MAX + 2];
    uint64_t total = 0, nots = 0, not_mask = 0;
    out->can_happen[outcome] = true;
    for (uint32_t i = 0; i < c->count; i++) {
        const reference_views *v = pair_of(t, i, other);
        odds[i] = 0;
        for (uint32_t k = 0; k < v->count; k++)
            odds[i] += v->key[k] == key ? v->odds[k] : 0;
        total += odds[i];
        if (odds[i] != 0)
            not_mask |= c->sheets[i].not_now ? 2 : 1;
        if (own != UINT32_MAX && c->sheets[i].not_now == c->sheets[own].not_now)
            nots += odds[i];
    }
    note(&out->slots[outcome][TACIT_VALUES_MAX], not_mask,
         total == 0 ? 0 : (uint32_t)(nots * 1000000 / total));
    for (uint32_t q = 0; q < m->question_count; q++) {
        const tct_question *question = &m->questions[q];
        for (uint32_t s = question->first_slot;
             asked(question, t->of) && s < question->first_slot + question->slot_count; s++) {
            uint64_t mask = 0, same = 0;
            for (uint32_t i = 0; i < c->count; i++) {
                if (odds[i] == 0)
                    continue;
                mask |= (uint64_t)1 << value_index(question, c->sheets[i].value[s]);
                if (own != UINT32_MAX && c->sheets[i].value[s] == c->sheets[own].value[s])
                    same += odds[i];
            }
            note(&out->slots[outcome][s], mask,
                 total == 0 ? 0 : (uint32_t)(same * 1000000 / total));
        }
    }
}

void reference_tell(const tacit_sheet *sheet, const reference_crowd crowds[2],
                    const reference_views *table, int person, uint32_t mine, int side,
                    reference_told *out)
{
    const teller t = {sheet, crowds, table, side == 0 ? person : 1 - person};
    const reference_crowd *others = &crowds[1 - person];
    *out = (reference_told){0};
    out->slots = calloc(TCT_OUTCOMES_MAX, sizeof *out->slots);
    for (uint32_t i = 0; out->slots != NULL && i < others->count; i++) {
        const reference_views *v = side == 0 ? pair_of(&t, mine, i) : pair_of(&t, i, mine);
        for (uint32_t k = 0; k < v->count; k++)
            note_case(&t, side == 0 ? i : mine, v->outcome[k], v->key[k],
                      side == 0 ? mine : UINT32_MAX, out);
    }
}

void reference_told_free(reference_told *t)
{
    free(t->slots);
    t->slots = NULL;
}
