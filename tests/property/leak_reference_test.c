/* SPDX-License-Identifier: ISC
 *
 * The preview, the bounds and the facts against a slow reference (support/leak_reference.h): on all pairs
 * of answers of random small sheets, and of some written for what lots and joint methods do.
 *     leak_reference_test SEED COUNT
 * replays or goes on longer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "leak/facts.h"
#include "rule/allowed.h"
#include "support/leak_reference.h"
#include "support/sheet_generator.h"

static uint64_t first_seed = 1;
static unsigned sheet_count = 250;
enum { PAIRS_MAX = 6000, PAIRS_WITH_LOTS_MAX = 5000, PAIRS_WITH_ODDS_MAX = 1300 };

static void *sheet_memory, *leak_memory;
static unsigned compared[3], compared_odds, surveyed, proved, told_facts;
static char wrong[400];

/* ---------------------------------------------------------------------------- running --- */

typedef enum { ALL, NEAR, RULE_ONLY } how_much;

/* Works it out; how: as if there were too many pairs, or too many sheets. */
static tacit_leak *work_out(const tacit_sheet *sheet, int person, const tacit_answers *answers,
                            unsigned wants, how_much how)
{
    tacit_leak *l;
    assert_int_equal(
        tacit_leak_init(&l, leak_memory, TACIT_LEAK_MEMORY, sheet, person, answers, wants),
        TACIT_OK);
    if (how != ALL)
        l->pairs_max = 0;
    if (how == RULE_ONLY)
        l->near_classes_max = 0;
    while (tacit_leak_step(l, 1) < TACIT_LEAK_DONE) {
        if (l->stage == TCT_STAGE_BEGIN && wants != TACIT_LEAK_FACTS) {
            l->facts.open = ~0u; /* as if no proof had been found: pair by pair */
            l->facts.exact = false;
        }
    }
    return l;
}

/* The values that a finding leaves, by number. */
static uint64_t mask_of(const tct_crowd *c, uint32_t v, const tct_finding *f)
{
    uint64_t mask = 0;
    for (uint32_t i = 0; i < c->answers[v].value_count; i++)
        if (f->possible[tct_crowd_atom(c, v, tct_crowd_value(c, v, i))])
            mask |= (uint64_t)1 << i;
    return mask;
}

static bool holds(const reference_finding *r, uint64_t mask)
{
    for (uint32_t i = 0; i < r->least_count; i++)
        if (r->least_masks[i] == mask)
            return true;
    return r->least_count == 8;
}

static bool near(uint32_t a, uint32_t b)
{
    return a > b ? a - b < 30 : b - a < 30;
}

/* -------------------------------------------------------------------------- comparing --- */

static bool is_few(const tacit_leak *l, uint32_t outcome)
{
    uint32_t few = l->viewer.few;
    return few != UINT32_MAX && l->table.shown[few].outcome == outcome;
}

static bool compare_exact(const tacit_leak *l, int side, uint32_t k, uint32_t v,
                          const reference_finding *r, bool odds)
{
    const tct_finding *f = &l->told[side][k].answers[v];
    if (l->told[side][k].shows_all) /* an upper bound, and said to be one */
        return f->left <= r->least;
    if (f->left != r->least || !holds(r, mask_of(&l->crowds[side], v, f)))
        return false;
    if (is_few(l, k)) /* not all cases were looked at */
        return !odds || (f->lowest + 30 >= r->lowest && f->highest <= r->highest + 30);
    return f->most_left == r->most &&
           (!odds || (near(f->lowest, r->lowest) && near(f->highest, r->highest)));
}

static bool compare(const tacit_leak *l, int side, uint32_t k, uint32_t v,
                    const reference_finding *r, bool odds)
{
    const tct_finding *f = &l->told[side][k].answers[v];
    uint64_t mask = mask_of(&l->crowds[side], v, f);
    switch (l->reach) {
    case TCT_LEAK_EXACT:
        return compare_exact(l, side, k, v, r, odds);
    case TCT_LEAK_NEAR:
        return side == TCT_LEAK_THEM ? compare_exact(l, side, k, v, r, false)
                                     : f->left <= r->least;
    case TCT_LEAK_CERTAIN: /* what is ruled out there is ruled out everywhere */
        for (uint32_t i = 0; i < r->least_count; i++)
            if ((r->least_masks[i] & ~mask) != 0)
                return false;
        return f->left >= r->most;
    }
    return false;
}

static const char *check_side(const tacit_leak *l, const reference_told *told, int side,
                              bool odds)
{
    const tct_model *m = &l->sheet->model;
    const tct_crowd *c = &l->crowds[side];
    for (uint32_t k = 0; k < m->outcome_count; k++) {
        bool can = l->told[side][k].can_happen;
        if (l->reach == TCT_LEAK_CERTAIN ? told->can_happen[k] && !can
                                         : can != told->can_happen[k])
            return "an outcome can happen, or cannot";
        for (uint32_t v = 0; told->can_happen[k] && v < c->answer_count; v++) {
            uint32_t slot = c->answers[v].slot;
            const reference_finding *r =
                &told->slots[k][slot == UINT32_MAX ? TACIT_VALUES_MAX : slot];
            if (v == 0 && l->reach == TCT_LEAK_CERTAIN)
                continue;
            if (compare(l, side, k, v, r, odds && side == 0))
                continue;
            const tct_finding *f = &l->told[side][k].answers[v];
            snprintf(
                wrong, sizeof wrong,
                "reach %d side %d outcome %u slot %d: left %u to %u, odds %u to %u; reference "
                "%u to %u, %u to %u",
                (int)l->reach, side, k, (int)slot, f->left, f->most_left, f->lowest, f->highest,
                r->least, r->most, r->lowest, r->highest);
            return wrong;
        }
    }
    return NULL;
}

/* Answers that the rule does not use tell nothing. */
static const char *check_unused(const tacit_leak *l, const reference_told *told, int side)
{
    const tct_model *m = &l->sheet->model;
    const tct_crowd *c = &l->crowds[side];
    for (uint32_t q = 0; q < m->question_count; q++)
        for (uint32_t s = m->questions[q].first_slot;
             m->questions[q].person != !c->person &&
             s < m->questions[q].first_slot + m->questions[q].slot_count;
             s++) {
            bool used = false;
            for (uint32_t v = 1; v < c->answer_count; v++)
                used |= c->answers[v].slot == s;
            for (uint32_t k = 0; !used && k < m->outcome_count; k++)
                if (told->can_happen[k] && told->slots[k][s].least != told->slots[k][s].most)
                    return "an answer that is said to play no part is told";
        }
    return NULL;
}

/* Are all words there, without a stop? */
static const char *check_words(const tacit_leak *l)
{
    static char text[1 << 18];
    for (unsigned how = 0; how < 8; how++) {
        size_t bytes = sizeof text;
        if (tacit_leak_words(l, how, text, &bytes) != TACIT_OK || strlen(text) + 1 != bytes)
            return "the words";
    }
    size_t bytes = sizeof text;
    if (tacit_leak_json(l, text, &bytes) != TACIT_OK)
        return "the JSON";
    bytes = sizeof text;
    return tacit_leak_reflect_words(l, text, &bytes) == TACIT_OK ? NULL : "reflecting";
}

/* What reflecting says each outcome takes of the other. */
static const char *check_reflection(const tacit_leak *l, const reference_crowd crowds[2],
                                    const reference_views *table, uint32_t mine)
{
    const tct_model *m = &l->sheet->model;
    const tct_crowd *c = &l->crowds[TCT_LEAK_THEM];
    uint32_t chance = 0;
    uint8_t bits = 0;
    tct_model_coin(m, &chance, &bits);
    for (uint32_t k = 0; k < m->outcome_count; k++) {
        bool can = false, enough = true;
        for (uint32_t i = 0; i < crowds[c->person].count; i++) {
            const tacit_answers *a = &crowds[c->person].sheets[i];
            const reference_views *v = l->person == 0
                                           ? &table[(size_t)mine * crowds[1].count + i]
                                           : &table[(size_t)i * crowds[1].count + mine];
            bool leads = false, wanted = true;
            for (uint32_t j = 0; j < v->count;
                 j++) /* by the rule: the coin's is not the only one */
                leads |= v->outcome[j] == k &&
                         (k != tct_model_otherwise(m) || bits == 0 || v->count == 1);
            for (uint32_t q = 0; q < c->answer_count; q++)
                wanted &= l->reflection.needs[k]
                              .possible[c->answers[q].first_atom +
                                        tct_crowd_atom(c, q, tct_crowd_given(c, q, a))];
            can |= leads;
            if (leads && !wanted)
                return "reflecting rules out an answer that leads there";
            enough &= !wanted || leads;
        }
        if (l->reach == TCT_LEAK_CERTAIN)
            continue;
        if (can != l->reflection.needs[k].can_happen)
            return "reflecting: an outcome can happen, or cannot";
        if (can && enough != l->reflection.needs[k].enough)
            return "reflecting: the answers are enough, or not";
    }
    return NULL;
}

/* ------------------------------------------------------------------------------- facts --- */

static const reference_views *at(const reference_crowd crowds[2], const reference_views *table,
                                 int person, uint32_t own, uint32_t other)
{
    return person == 0 ? &table[(size_t)own * crowds[1].count + other]
                       : &table[(size_t)other * crowds[1].count + own];
}

static bool same_sight(const reference_views *a, const reference_views *b)
{
    bool same = a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++) {
        bool found = false;
        for (uint32_t j = 0; j < b->count; j++)
            found |= a->key[i] == b->key[j];
        same = found;
    }
    return same;
}

/* Do two sheets of a person differ in this question only? */
static bool differ_in(const tct_model *m, int person, uint32_t question, const tacit_answers *a,
                      const tacit_answers *b)
{
    bool differ = false;
    for (uint32_t q = 0; q < m->question_count; q++)
        for (uint32_t s = m->questions[q].first_slot;
             m->questions[q].person != !person &&
             s < m->questions[q].first_slot + m->questions[q].slot_count;
             s++) {
            if (a->value[s] != b->value[s] && q != question)
                return false;
            differ |= a->value[s] != b->value[s];
        }
    return differ;
}

/* The view that the rule gives a pair of sheets, the coin left aside; one of them where lots are drawn. */
static uint32_t view_by_rule(const tct_model *m, const reference_views *v)
{
    for (uint32_t i = 0; i < v->count; i++)
        if (v->outcome[i] != tct_model_otherwise(m))
            return i;
    return 0;
}

static uint32_t by_rule(const tct_model *m, const reference_views *v)
{
    return v->outcome[view_by_rule(m, v)];
}

static uint64_t key_by_rule(const tacit_leak *l, const reference_views *v)
{
    return v->key[view_by_rule(&l->sheet->model, v)];
}

static bool is_asked(const tct_question *q, int person)
{
    return q->person != !person;
}

/* A question whose answers change what happens must be said to matter. */
static const char *check_matters(const tacit_leak *l, const reference_crowd crowds[2],
                                 const reference_views *table, int person)
{
    const tct_model *m = &l->sheet->model;
    const reference_crowd *c = &crowds[person];
    bool known = (l->facts.open & TACIT_OPEN_MATTERS) == 0;
    for (uint32_t i = 0; i < l->table.shown_count; i++) /* more is counted as seen than is */
        known &= l->table.shown[i].kind != TCT_SHOWN_HIDDEN;
    for (uint32_t q = 0; q < m->question_count; q++) {
        bool matters = false;
        for (uint32_t i = 0; i < c->count; i += 2)
            for (uint32_t j = 0; j < i && !matters; j += 2) {
                if (!differ_in(m, person, q, &c->sheets[i], &c->sheets[j]))
                    continue;
                for (uint32_t o = 0; o < crowds[1 - person].count; o++)
                    matters |= !same_sight(at(crowds, table, person, i, o),
                                           at(crowds, table, person, j, o));
            }
        bool said = (l->facts.matters[person] >> q & 1) != 0;
        if (matters && !said)
            return "facts: a question matters, and is said not to";
        if (said && !matters && known && !tct_crowd_tied(&m->questions[q]))
            return "facts: a question is said to matter, and does not";
    }
    return NULL;
}

static const char *check_decides(const tacit_leak *l, const reference_crowd crowds[2],
                                 const reference_views *table, int p)
{
    const tct_model *m = &l->sheet->model;
    bool decides = true;
    uint32_t all = 0;
    for (uint32_t i = 0; i < crowds[p].count; i += 2) { /* every second one says "not now" */
        uint32_t seen = 0;
        for (uint32_t o = 0; o < crowds[1 - p].count; o += 2)
            seen |= (uint32_t)1 << by_rule(m, at(crowds, table, p, i, o));
        decides &= (seen & (seen - 1)) == 0;
        all |= seen;
    }
    bool truly = decides && (all & (all - 1)) != 0, said = l->facts.decides[p];
    if (said && !truly)
        return "facts: one person is said to decide, and does not";
    if (!said && truly && (l->facts.open & TACIT_OPEN_DECIDES) == 0)
        return "facts: one person decides, and it is not said";
    return NULL;
}

/* Is there a value of an answer to q that nobody can have who sees `otherwise` with this other? */
static bool ruled_out(const tacit_leak *l, const reference_crowd crowds[2],
                      const reference_views *table, int p, uint32_t other,
                      const tct_question *q)
{
    const tct_model *m = &l->sheet->model;
    for (uint32_t s = q->first_slot; s < q->first_slot + q->slot_count; s++)
        for (uint64_t v = 0; v < tct_slot_values(m, q); v++) {
            bool had = false, no = false;
            for (uint32_t i = 0; i < crowds[p].count; i += 2) {
                if (crowds[p].sheets[i].value[s] != tct_slot_value(q, v))
                    continue;
                had = true;
                no |= by_rule(m, at(crowds, table, p, i, other)) == tct_model_otherwise(m);
            }
            if (had && !no)
                return true;
        }
    return false;
}

static const char *check_cover(const tacit_leak *l, const reference_crowd crowds[2],
                               const reference_views *table, int p)
{
    const tct_model *m = &l->sheet->model;
    uint32_t otherwise = tct_model_otherwise(m), k;
    uint8_t chance_bits = 0;
    uint64_t uncovered = 0;
    tct_model_coin(m, &k, &chance_bits);
    for (uint32_t o = 0; o < crowds[1 - p].count && chance_bits == 0; o += 2) {
        bool accepts = false, refuses = false;
        for (uint32_t i = 0; i < crowds[p].count; i += 2) {
            bool no = by_rule(m, at(crowds, table, p, i, o)) == otherwise;
            accepts |= !no;
            refuses |= no;
        }
        for (uint32_t q = 0; q < m->question_count && accepts && refuses; q++)
            if (is_asked(&m->questions[q], p) &&
                (m->outcomes[otherwise].tells_of >> q & 1) == 0 &&
                ruled_out(l, crowds, table, p, o, &m->questions[q]))
                uncovered |= (uint64_t)1 << q;
    }
    if ((l->facts.uncovered[p] & ~uncovered) != 0)
        return "facts: an answer is said to have no cover, and has";
    if (l->facts.uncovered[p] != uncovered && (l->facts.open & TACIT_OPEN_COVER) == 0)
        return "facts: an answer has no cover, and it is not said";
    return NULL;
}

/* Does somebody who is `other` and sees what they see with `own` know these answers?  All of them, or
 * (nearly) numbers but for four values side by side. */
static bool tells(const tacit_leak *l, const reference_crowd crowds[2],
                  const reference_views *table, int p, uint32_t own, uint32_t other,
                  const tct_question *q, bool nearly)
{
    uint64_t key = key_by_rule(l, at(crowds, table, p, own, other));
    bool number = q->kind == TACIT_NUMBER && tct_slot_values(&l->sheet->model, q) >= 16;
    for (uint32_t s = q->first_slot; s < q->first_slot + q->slot_count; s++) {
        int64_t lo = crowds[p].sheets[own].value[s], hi = lo;
        for (uint32_t i = 0; i < crowds[p].count; i += 2) {
            int64_t value = crowds[p].sheets[i].value[s];
            if (key_by_rule(l, at(crowds, table, p, i, other)) != key)
                continue;
            lo = value < lo ? value : lo;
            hi = value > hi ? value : hi;
        }
        if (hi > lo && !(nearly && number && (hi - lo) / q->step < 4))
            return false;
    }
    return true;
}

/* More than half of the pairs with outcome k tell this?  1, 0, or -1: about half. */
static int mostly(const tacit_leak *l, const reference_crowd crowds[2],
                  const reference_views *table, int p, uint32_t k, uint32_t q, bool nearly)
{
    uint32_t pairs = 0, telling = 0;
    for (uint32_t i = 0; i < crowds[p].count; i += 2)
        for (uint32_t o = 0; o < crowds[1 - p].count; o += 2) {
            if (by_rule(&l->sheet->model, at(crowds, table, p, i, o)) != k)
                continue;
            pairs++;
            telling += tells(l, crowds, table, p, i, o, &l->sheet->model.questions[q], nearly);
        }
    if (100 * telling > 49 * pairs && 100 * telling < 51 * pairs)
        return -1;
    return 2 * telling > pairs;
}

static const char *check_told(const tacit_leak *l, const reference_crowd crowds[2],
                              const reference_views *table, int p)
{
    const tct_model *m = &l->sheet->model;
    uint64_t used = 0;
    for (uint32_t i = 0; i < l->both.order_count; i++)
        used |= tct_graph_at(&l->sheet->graph, l->both.order[i])->questions[p];
    for (uint32_t k = 0; k < tct_model_otherwise(m); k++)
        for (uint32_t q = 0; q < m->question_count; q++) {
            bool plain = tct_facts_plain(&l->table, k) && (used >> q & 1) != 0 &&
                         is_asked(&m->questions[q], p);
            for (int nearly = 0; nearly < 2; nearly++) {
                uint64_t bits =
                    nearly ? l->facts.told[k][p].nearly : l->facts.told[k][p].questions;
                int truly = plain ? mostly(l, crowds, table, p, k, q, nearly) : 0;
                bool relevant = (tct_facts_revealed(l, k) >> q & 1) != 0 && plain;
                told_facts += relevant && truly == 1;
                if ((l->facts.open & TACIT_OPEN_TOLD) != 0 || truly < 0)
                    continue;
                if ((bits >> q & 1) != 0 && truly == 0)
                    return "facts: an answer is said to be told, and is not";
                if (truly == 1 && (bits >> q & 1) == 0 && relevant)
                    return "facts: an answer is told, and it is not said";
            }
        }
    return NULL;
}

static const char *check_facts(const tacit_leak *l, const reference_crowd crowds[2],
                               const reference_views *table)
{
    uint32_t can = 0;
    const char *found = NULL;
    for (size_t i = 0; i < (size_t)crowds[0].count * crowds[1].count; i++)
        for (uint32_t k = 0; k < table[i].count; k++)
            can |= (uint32_t)1 << table[i].outcome[k];
    if ((can & ~l->facts.can_happen) != 0 ||
        (l->facts.can_happen != can && (l->facts.open & TACIT_OPEN_OUTCOMES) == 0))
        return "facts: what can happen";
    for (int p = 0; p < 2 && found == NULL; p++) {
        found = check_decides(l, crowds, table, p);
        if (found == NULL)
            found = check_matters(l, crowds, table, p);
        if (found == NULL)
            found = check_cover(l, crowds, table, p);
        if (found == NULL)
            found = check_told(l, crowds, table, p);
    }
    return found;
}

/* What needs no look at pairs, and then what `tacit check` says in all. */
static const char *check_proofs(const tacit_sheet *sheet, const reference_crowd crowds[2],
                                const reference_views *table)
{
    tacit_leak *l;
    const char *found = NULL;
    assert_int_equal(
        tacit_leak_init(&l, leak_memory, TACIT_LEAK_MEMORY, sheet, 0, NULL, TACIT_LEAK_FACTS),
        TACIT_OK);
    while (l->stage == TCT_STAGE_PROVE)
        (void)tacit_leak_step(l, 1);
    proved += l->stage == TCT_STAGE_DONE;
    found = check_facts(l, crowds, table);
    while (tacit_leak_step(l, 1) < TACIT_LEAK_DONE)
        ;
    surveyed++;
    if (found == NULL && !l->facts.exact)
        found = "facts: something is open";
    if (found == NULL)
        found = check_facts(l, crowds, table);
    tacit_leak_wipe(l);
    return found;
}

/* ------------------------------------------------------------------------------ a sheet --- */

static const char *check_answers(const tacit_sheet *sheet, const reference_crowd crowds[2],
                                 const reference_views *table, int person, uint32_t mine,
                                 bool exact_odds)
{
    const char *found = NULL;
    uint32_t lots = sheet->graph.lots.draw_count, k = 0;
    uint8_t bits = 0;
    tct_model_coin(&sheet->model, &k, &bits);
    bool odds = lots == (bits > 0) || exact_odds;
    for (int how = ALL; how <= RULE_ONLY && found == NULL; how++) {
        tacit_leak *l =
            work_out(sheet, person, &crowds[person].sheets[mine],
                     TACIT_LEAK_PREVIEW | TACIT_LEAK_REFLECT | TACIT_LEAK_FACTS, (how_much)how);
        compared[l->reach]++;
        for (int side = 0; side < 2 && found == NULL; side++) {
            reference_told told;
            reference_tell(sheet, crowds, table, person, mine, side, &told);
            found = check_side(l, &told, side, odds);
            if (found == NULL)
                found = check_unused(l, &told, side);
            reference_told_free(&told);
        }
        if (found == NULL)
            found = check_words(l);
        if (found == NULL)
            found = check_reflection(l, crowds, table, mine);
        if (found == NULL)
            found = check_facts(l, crowds, table);
        tacit_leak_wipe(l);
    }
    return found;
}

static const char *check_sheet(const tacit_sheet *sheet, uint64_t random, uint32_t own_count)
{
    reference_crowd crowds[2] = {{0}};
    reference_views *table = NULL;
    const char *found = NULL;
    size_t most = sheet->graph.lots.draw_count > 0 ? PAIRS_WITH_LOTS_MAX : PAIRS_MAX;
    bool fine = reference_crowd_list(sheet, 0, &crowds[0]) &&
                reference_crowd_list(sheet, 1, &crowds[1]) &&
                (size_t)crowds[0].count * crowds[1].count <= most;
    bool exact_odds = fine && reference_one_lot(sheet) &&
                      crowds[0].count * crowds[1].count <= PAIRS_WITH_ODDS_MAX;
    if (fine)
        table = reference_table(sheet, crowds, exact_odds ? NULL : &random);
    if (table != NULL)
        found = check_proofs(sheet, crowds, table);
    compared_odds += table != NULL && exact_odds;
    for (uint32_t i = 0; table != NULL && i < own_count && found == NULL; i++) {
        int person = (int)(i % 2);
        uint32_t mine = (uint32_t)(sheet_case_random(&random) % crowds[person].count);
        if (i % 8 < 6) /* mostly not "not now" */
            mine &= ~1u;
        found = check_answers(sheet, crowds, table, person, mine, exact_odds);
    }
    free(table);
    reference_crowd_free(&crowds[0]);
    reference_crowd_free(&crowds[1]);
    return found;
}

/* ------------------------------------------------------------------------------- random --- */

static const char *problem(sheet_tape *tape)
{
    static char text[GENERATED_MAX];
    static tacit_diagnostics diagnostics;
    tacit_sheet *sheet;
    sheet_generate(tape, text);
    if (tacit_sheet_read(&sheet, sheet_memory, TACIT_SHEET_MEMORY, text, strlen(text), NULL,
                         &diagnostics) != TACIT_OK)
        return NULL;
    return check_sheet(sheet, 77, 2);
}

static int fails(sheet_tape *tape)
{
    return problem(tape) != NULL;
}

static void random_sheets_tell_what_the_reference_counts(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + sheet_count; seed++) {
        sheet_tape tape;
        uint64_t random = seed;
        sheet_tape_fill(&tape, &random);
        if (!fails(&tape))
            continue;
        sheet_tape_shrink(&tape, fails);
        static char text[GENERATED_MAX], found[400];
        snprintf(found, sizeof found, "%s", problem(&tape));
        sheet_generate(&tape, text);
        fail_msg("seed %llu: %s\n%s\nreplay: leak_reference_test %llu 1",
                 (unsigned long long)seed, found, text, (unsigned long long)seed);
    }
    print_message(
        "compared: %u exact, %u near, %u by the rule alone; facts of %u sheets, %u by "
        "proof alone; odds of lots of %u\n",
        compared[0], compared[1], compared[2], surveyed, proved, compared_odds);
    assert_true(compared[0] >= sheet_count / 8);
}

/* --------------------------------------------------------------------------- by purpose --- */

#define BOTH_SEE "outcome no: No.\n  otherwise\n"

static const char *const written[] = {
    /* a price by lot, two roles, a limit that is only one's own */
    "title T\npeople a, b\nask a least: L?\n  number 0 to 6\nask b most: M?\n  number 0 to 6\n"
    "ask when: W?\n  now: Now\n  later: Later\n"
    "outcome deal: Deal.\n  when b.most >= a.least and neither (when is later)\n"
    "  reveal price: any step from a.least to b.most, by lot\n" BOTH_SEE,
    /* the midpoint, which tells all */
    "title T\npeople a, b\nask a least: L?\n  number 0 to 8 step 2\nask b most: M?\n"
    "  number 0 to 8 step 2\noutcome deal: Deal.\n  when b.most >= a.least\n"
    "  reveal price: (a.least + b.most) / 2\n" BOTH_SEE,
    /* the same, rounded, of many values: told but for two */
    "title T\npeople a, b\nask a least: L?\n  number 0 to 16\nask b most: M?\n  number 0 to "
    "16\n"
    "outcome deal: Deal.\n  when b.most >= a.least\n"
    "  reveal price: (a.least + b.most) / 2 rounded down\n" BOTH_SEE,
    /* a no that only one of two questions can cover, and one that may tell */
    "title T\nask a: A?\n  x: X\n  y: Y\n  z: Z\nask b: B?\n  x: X\n  y: Y\n"
    "outcome yes: Y.\n  when same (a) or both (b is y)\n" BOTH_SEE,
    "title T\nask a: A?\n  x: X\n  y: Y\n  z: Z\nask b: B?\n  x: X\n  y: Y\n"
    "outcome yes: Y.\n  when same (a) or both (b is y)\n" BOTH_SEE "  may tell of a\n",
    /* one who decides; a question that changes nothing; an outcome that an earlier one takes */
    "title T\npeople p, q\nask p a: A?\n  x: X\n  y: Y\nask q b: B?\n  x: X\n  y: Y\nask q c: "
    "C?\n"
    "  number 0 to 3\noutcome one: 1.\n  when p.a is x\noutcome two: 2.\n  when p.a is x and "
    "q.b is x\n" BOTH_SEE,
    /* several things revealed, of which each tells another question; and who decides what is told */
    "title T\npeople p, q\nask p a: A?\n  number 0 to 3\nask q b: B?\n  number 0 to 3\nask p "
    "c: C?\n"
    "  x: X\n  y: Y\noutcome one: 1.\n  when p.a >= q.b\n  reveal s: p.a + q.b\noutcome two: "
    "2.\n"
    "  when p.c is x\n  reveal d: q.b - p.a\n  reveal m: min (p.a, 1)\n" BOTH_SEE,
    /* told to two in five: of answer sheets, not of kinds of them */
    "title T\npeople p, q\nask p a: A?\n  number 0 to 4\nask q b: B?\n  x: X\n  y: Y\n"
    "outcome one: 1.\n  when q.b is x\n  reveal m: min (p.a, 2)\n" BOTH_SEE,
    /* items by lot, with a limit on the answers */
    "title T\nlist w\n  x: X\n  y: Y\n  z: Z\nask each w like: Like?\n  no: No\n  maybe: "
    "Maybe\n  yes: Yes\n"
    "  at most half of them other than no\n"
    "outcome some: Some.\n  when any of w where (both (like at least maybe) and either (like "
    "is yes))\n"
    "  reveal items: w where (both (like at least maybe) and either (like is yes)), at most 1 "
    "by lot\n" BOTH_SEE,
    /* the best, ties by lot; and by order */
    "title T\nlist o\n  x: X\n  y: Y\n  z: Z\nask each o feel: Feel?\n  like: L\n  fine: F\n  "
    "avoid: N\n"
    "  fewer than half of them avoid\noutcome pick: P.\n  when any of o where neither (feel is "
    "avoid)\n"
    "  reveal pick: best of o where neither (feel is avoid) by count (feel is like), ties by "
    "lot\n" BOTH_SEE,
    "title T\nlist o\n  x: X\n  y: Y\nask each o feel: Feel?\n  like: L\n  fine: F\n  avoid: "
    "N\n"
    "outcome pick: P.\n  when any of o where neither (feel is avoid)\n"
    "  reveal pick: best of o where neither (feel is avoid) by count (feel is like), ties by "
    "order\n" BOTH_SEE,
    /* points: the fairest split, and adjusted winner both ways */
    "title T\nlist t\n  x: X\n  y: Y\nask p: P?\n  points 5 over t\n"
    "outcome split: S.\n  when count of t > 0\n  reveal s: fairest split of t by p, ties by "
    "lot\n" BOTH_SEE,
    "title T\nlist t\n  x: X\n  y: Y\nask p: P?\n  points 5 over t\n"
    "outcome split: S.\n  when count of t > 0\n  reveal s: adjusted winner of t by "
    "p\n" BOTH_SEE,
    /* ranking */
    "title T\nlist t\n  x: X\n  y: Y\n  z: Z\nask r: R?\n  ranking of t, best first\n"
    "outcome best: B.\n  when count of t > 0\n  reveal b: best compromise of t by r, ties by "
    "lot\n" BOTH_SEE,
    /* the coin, and three outcomes */
    "title T\nask a: A?\n  x: X\n  y: Y\n  z: Z\nask b: B?\n  x: X\n  y: Y\n"
    "outcome one: 1.\n  when both (a is x)\noutcome two: 2.\n  when same (a) and either (b is "
    "y)\n"
    "outcome no: No.\n  otherwise\n  also by chance 1 in 8\n",
    /* a subset with limits, and an answer that plays no part */
    "title T\nlist t\n  x: X\n  y: Y\n  z: Z\nask s: S?\n  any of t, at least 1, at most "
    "2\nask u: U?\n"
    "  x: X\n  y: Y\noutcome some: S.\n  when any of t where both (s)\n  reveal which: t where "
    "both (s)\n" BOTH_SEE,
};

static void written_sheets_tell_what_the_reference_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        sheet_case c;
        sheet_case_text(&c, written[i]);
        if (c.sheet == NULL)
            fail_msg("%s\n%u: %s", written[i], c.diagnostics.items[0].line,
                     c.diagnostics.items[0].message);
        unsigned before = compared[TCT_LEAK_EXACT];
        const char *found = check_sheet(c.sheet, 5, 8);
        if (found != NULL)
            fail_msg("%s\n%s", written[i], found);
        if (compared[TCT_LEAK_EXACT] == before)
            fail_msg("%s\nwas too large for the reference", written[i]);
        sheet_case_free(&c);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_sheets_tell_what_the_reference_counts),
        cmocka_unit_test(random_sheets_tell_what_the_reference_counts)};
    first_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : first_seed;
    sheet_count = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : sheet_count;
    sheet_memory = aligned_alloc(64, TACIT_SHEET_MEMORY);
    leak_memory = aligned_alloc(64, TACIT_LEAK_MEMORY);
    if (sheet_memory == NULL || leak_memory == NULL)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(sheet_memory);
    free(leak_memory);
    return failed;
}
