/* SPDX-License-Identifier: ISC
 *
 * Circuit and interpreter agree on every pair of answers of the shipped sheets: on all pairs where
 * they can be listed, else on the edges and on a million random ones; and whatever bits a changed
 * device enters, the outcome is one that allowed answers give, or `otherwise`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rule/allowed.h"
#include "support/sheet_case.h"

enum { SHEETS_MAX = 4096 };

/* All answer sheets of one person, by counting through the slots; choices and numbers only. */
static uint32_t list_answers(const sheet_case *c, int person, tacit_answers *out)
{
    const tct_model *m = &c->sheet->model;
    tacit_answers a;
    uint64_t at[TACIT_VALUES_MAX] = {0};
    uint32_t count = 0, i = 0;
    memset(&a, 0, sizeof a);
    do {
        for (uint32_t k = 0; k < m->question_count; k++)
            a.value[k] = tct_slot_value(&m->questions[k], at[k]);
        for (int not_now = 0; not_now < 2; not_now++) {
            assert_true(count < SHEETS_MAX);
            a.not_now = not_now;
            out[count++] = a;
        }
        for (i = 0; i < m->question_count; i++) {
            const tct_question *q = &m->questions[i];
            bool asked = q->person == 2 || q->person == person;
            if (asked && ++at[i] < tct_slot_values(m, q))
                break;
            at[i] = 0;
        }
    } while (i < m->question_count);
    return count;
}

static void agree_on_all_pairs(const char *name, uint32_t expected)
{
    sheet_case c;
    sheet_run r;
    sheet_case_file(&c, name);
    sheet_run_init(&r, c.sheet);
    tacit_answers *all = calloc(SHEETS_MAX, sizeof *all);
    assert_non_null(all);
    uint32_t count = list_answers(&c, 0, all);
    assert_int_equal(count, expected);
    uint64_t state = 1;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < count; j++) {
            const tacit_answers *const answers[2] = {&all[i], &all[j]};
            if (c.sheet->graph.lots.byte_count > 0)
                sheet_run_draw(&r, &state);
            sheet_run_agree(&r, answers, name, 1);
        }
    free(all);
    sheet_run_free(&r);
    sheet_case_free(&c);
}

/* 2 (not now) x 3 x 6 x 3 x 3 x 3; every pair, each with a draw of the coin. */
static void last_night_agrees_on_all_pairs(void **state)
{
    (void)state;
    agree_on_all_pairs("last-night", 972);
}

static void try_again_agrees_on_all_pairs(void **state)
{
    (void)state;
    agree_on_all_pairs("try-again", 288);
}

/* The coin's three bits, all eight of them, for one accepting pair. */
static void the_coin_of_last_night_falls_once_in_eight(void **state)
{
    (void)state;
    sheet_case c;
    sheet_run r;
    static tacit_answers a;
    sheet_case_file(&c, "last-night");
    sheet_run_init(&r, c.sheet);
    sheet_case_answers(
        &c, 0, &a, "ending=ready\ntonight=comfort\ntomorrow=fine\ndrink=little\nslept=same\n");
    int not_tonight = 0;
    for (uint8_t mine = 0; mine < 8; mine++) {
        r.lots[0][0] = mine;
        r.lots[1][0] = 5; /* whatever the other adds, each of the eight comes up once */
        for (int p = 0; p < 2; p++)
            sheet_run_encode(&r, p, &a);
        tct_meaning meaning;
        sheet_run_circuit(&r, &meaning);
        not_tonight += meaning.outcome == 1;
    }
    assert_int_equal(not_tonight, 1);
    sheet_run_free(&r);
    sheet_case_free(&c);
}

static void agree_on_samples(const char *name, int rounds)
{
    sheet_case c;
    sheet_run r;
    static tacit_answers a[2];
    const tacit_answers *const answers[2] = {&a[0], &a[1]};
    uint64_t state = 20250101;
    sheet_case_file(&c, name);
    sheet_run_init(&r, c.sheet);
    for (int i = 0; i < rounds; i++) {
        for (int p = 0; p < 2; p++)
            sheet_case_random_answers(&c, p, &a[p], &state);
        sheet_run_draw(&r, &state);
        sheet_run_agree(&r, answers, name, 20250101);
    }
    sheet_run_free(&r);
    sheet_case_free(&c);
}

/* Along each question alone, all pairs of its values, with the others at every corner. */
static void in_range_agrees_on_each_question_and_at_random(void **state)
{
    (void)state;
    sheet_case c;
    sheet_run r;
    static tacit_answers a[2];
    const tacit_answers *const answers[2] = {&a[0], &a[1]};
    sheet_case_file(&c, "in-range");
    sheet_run_init(&r, c.sheet);
    const tct_model *m = &c.sheet->model;
    for (uint32_t moving = 0; moving < 3; moving++)
        for (uint32_t corner = 0; corner < 16; corner++) {
            for (uint32_t k = 0, bit = 0; k < 3; k++) {
                if (k == moving)
                    continue;
                for (int p = 0; p < 2; p++, bit++)
                    a[p].value[k + 3 * (uint32_t)p] =
                        corner >> bit & 1 ? m->questions[k].max : m->questions[k].min;
            }
            uint64_t values = tct_slot_values(m, &m->questions[moving]);
            for (uint64_t x = 0; x < values; x++)
                for (uint64_t y = 0; y < values; y++) {
                    a[0].value[moving] = tct_slot_value(&m->questions[moving], x);
                    a[1].value[moving + 3] = tct_slot_value(&m->questions[moving], y);
                    sheet_run_agree(&r, answers, "in-range", 0);
                }
        }
    sheet_run_free(&r);
    sheet_case_free(&c);
    agree_on_samples("in-range", 300000);
}

/* One person enters every possible string; the other honest answers.  A string outside of the ranges
 * gives `otherwise`, and one inside what its answers give: so a changed device learns nothing that
 * allowed answers would not have told it. */
static void in_range_gives_otherwise_for_every_invalid_entry(void **state)
{
    (void)state;
    sheet_case c;
    sheet_run r;
    static tacit_answers honest;
    uint64_t seed = 7;
    sheet_case_file(&c, "in-range");
    sheet_run_init(&r, c.sheet);
    for (int cheat = 0; cheat < 2; cheat++)
        for (int round = 0; round < 24; round++) {
            const tct_plan *plan = &c.sheet->plans[cheat];
            sheet_case_random_answers(&c, !cheat, &honest, &seed);
            honest.not_now = false;
            if (round == 0) /* the most accepting answers there are */
                for (uint32_t k = 0; k < 6; k++)
                    honest.value[k] = (k % 3 == 1) == (cheat == 0) ? 0
                                      : cheat == 0 ? c.sheet->model.questions[k].max
                                                   : c.sheet->model.questions[k].min;
            if (round == 0 && cheat == 1)
                honest.value[1] = 5;
            sheet_run_encode(&r, !cheat, &honest);
            for (uint32_t string = 0; string < 1u << plan->bit_count; string++) {
                bool valid = true;
                for (uint32_t i = 0; i < plan->bit_count; i++)
                    r.inputs[cheat][i] = string >> i & 1;
                for (uint32_t i = 0; i < plan->entry_count; i++) {
                    const tct_entry *e = &plan->entries[i];
                    uint64_t code = string >> e->first_bit & tct_entry_reach(e);
                    valid &= code <= e->top;
                }
                tct_meaning meaning;
                sheet_run_circuit(&r, &meaning);
                if (!valid)
                    assert_int_equal(meaning.outcome, 1);
            }
        }
    sheet_run_free(&r);
    sheet_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_night_agrees_on_all_pairs),
        cmocka_unit_test(try_again_agrees_on_all_pairs),
        cmocka_unit_test(the_coin_of_last_night_falls_once_in_eight),
        cmocka_unit_test(in_range_agrees_on_each_question_and_at_random),
        cmocka_unit_test(in_range_gives_otherwise_for_every_invalid_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
