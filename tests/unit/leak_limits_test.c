/* SPDX-License-Identifier: ISC
 *
 * The machine of the preview: its limits, its errors, its end on sheets made to take long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "leak/sentences.h"
#include "support/sheet_case.h"

enum { SLICES_MAX = 40000 }; /* of a few milliseconds each at most */

static uint8_t *memory;

static tacit_leak *start(const tacit_sheet *sheet, int person, const char *lines,
                         unsigned wants)
{
    static tacit_answers answers;
    tacit_leak *l;
    const sheet_case c = {.sheet = NULL};
    sheet_case with = c;
    memcpy(&with.sheet, &sheet, sizeof with.sheet); /* only looked at */
    if (lines != NULL)
        sheet_case_answers(&with, person, &answers, lines);
    assert_int_equal(tacit_leak_init(&l, memory, TACIT_LEAK_MEMORY, sheet, person,
                                     lines == NULL ? NULL : &answers, wants),
                     TACIT_OK);
    return l;
}

static uint32_t finish(tacit_leak *l)
{
    uint32_t slices = 0, before = 0, done = 0;
    while (done < TACIT_LEAK_DONE) {
        done = tacit_leak_step(l, 1);
        assert_true(++slices < SLICES_MAX);
        if (done >= before)
            before = done;
    }
    return slices;
}

/* Two numbers, a price: neither the simplest of rules, nor one that lots make large. */
static void price_sheet(sheet_case *c, unsigned top, bool price)
{
    char text[800];
    snprintf(
        text, sizeof text,
        "title T\npeople a, b\nask a x: X?\n  number 0 to %u\nask b y: Y?\n  number 0 to %u\n"
        "outcome yes: Yes.\n  when b.y >= a.x\n%soutcome no: No.\n  otherwise\n",
        top, top, price ? "  reveal p: b.y - a.x\n" : "");
    sheet_case_text(c, text);
    assert_non_null(c->sheet);
}

static void pairs_up_to_the_limit_are_counted_and_one_more_is_a_bound(void **state)
{
    (void)state;
    assert_int_equal(TCT_LEAK_PAIRS, 1 << 24);
    for (unsigned top = 14; top <= 15; top++) {
        sheet_case c;
        price_sheet(&c, top, true);
        tacit_leak *l = start(c.sheet, 0, "x=7\n", TACIT_LEAK_PREVIEW);
        l->pairs_max = 256; /* 15 numbers and "not now": 16 classes on either side */
        finish(l);
        assert_int_equal(l->reach, top == 14 ? TCT_LEAK_EXACT : TCT_LEAK_NEAR);
        if (top == 14)
            assert_int_equal(l->crowds[TCT_LEAK_THEM].classes, 16);
        assert_int_equal(*tct_say_bound(l) == 0, top == 14);
        tacit_leak_wipe(l);
        sheet_case_free(&c);
    }
}

static void sixteen_million_pairs_are_counted(void **state)
{
    (void)state;
    sheet_case c;
    price_sheet(&c, 4094, false);
    tacit_leak *l = start(c.sheet, 0, "x=1000\n", TACIT_LEAK_PREVIEW);
    finish(l);
    assert_int_equal(l->reach, TCT_LEAK_EXACT);
    assert_int_equal((uint64_t)l->crowds[0].classes * l->crowds[1].classes, 1 << 24);
    const tct_finding *yes = &l->told[TCT_LEAK_ME][0].answers[1];
    assert_int_equal(yes->left, 1001); /* at worst at most 1000 */
    assert_true(yes->possible[1000] && !yes->possible[1001]);
    assert_int_equal(yes->most_left, 4095); /* who would pay any price learns nothing */
    tacit_leak_wipe(l);
    sheet_case_free(&c);
}

/* 60 questions of four options: more answer sheets than atoms in a stone, and two classes each. */
static void many_questions_fold(void **state)
{
    (void)state;
    static char text[16384], answers[2048], rule[4096];
    size_t at = 0, said = 0, ruled = 0;
    at += (size_t)snprintf(text, sizeof text, "title T\n");
    for (int i = 0; i < 60; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "ask q%d: Q%d?\n  a: A\n  b: B\n  c: C\n  d: D\n", i, i);
        said += (size_t)snprintf(answers + said, sizeof answers - said, "q%d=a\n", i);
        ruled += (size_t)snprintf(rule + ruled, sizeof rule - ruled, "%sq%d is one of a, b",
                                  i == 0 ? "" : " and ", i);
    }
    snprintf(text + at, sizeof text - at,
             "outcome yes: Yes.\n  when both (%s)\noutcome no: No.\n  otherwise\n", rule);
    sheet_case c;
    sheet_case_text(&c, text);
    assert_non_null(c.sheet);
    tacit_leak *l = start(c.sheet, 1, answers, TACIT_LEAK_PREVIEW | TACIT_LEAK_REFLECT);
    finish(l);
    assert_int_equal(l->reach, TCT_LEAK_EXACT);
    assert_int_equal(l->crowds[0].classes, 2);
    for (uint32_t v = 1; v <= 60; v++) {
        assert_int_equal(l->told[TCT_LEAK_ME][0].answers[v].left, 2);
        assert_int_equal(l->told[TCT_LEAK_ME][0].answers[v].after, 500000);
        assert_int_equal(l->told[TCT_LEAK_ME][1].answers[v].left, 4);
    }
    tacit_leak_wipe(l);
    sheet_case_free(&c);
}

/* Made to be large in every way that the language allows; each ends, and says what it did not count. */
static void hostile_sheets_end(void **state)
{
    (void)state;
    static const char *const sheets[][2] = {
        /* numbers that cannot be listed */
        {"title T\nask x: X?\n  number 0 to 100000000000\nask y: Y?\n  number 0 to 1000000\n"
         "outcome yes: Yes.\n  when sum (x) >= 5 and sum (y) >= 77\noutcome no: No.\n  "
         "otherwise\n",
         "x=3\ny=4\n"},
        {"title T\nask x: X?\n  number 0 to 1000000\nask y: Y?\n  number 0 to 1000000\n"
         "outcome yes: Yes.\n  when sum (x) >= sum (y) + 5\noutcome no: No.\n  otherwise\n",
         "x=3\ny=4\n"},
        /* more views than can be listed */
        {"title T\nlist w\n  a: A\n  b: B\n  c: C\n  d: D\n  e: E\n  f: F\n  g: G\n  h: H\n  "
         "i: I\n"
         "  j: J\n  k: K\n  l: L\n  m: M\n  n: N\n  o: O\n  p: P\n  q: Q\n  r: R\n  s: S\n  t: "
         "T\n"
         "ask x: X?\n  yes: Y\n  no: N\nask z: Z?\n  number 0 to 20\n"
         "outcome yes: Yes.\n  when both (x is yes)\n"
         "  reveal some: w where both (x is yes), at most min (z) by lot\noutcome no: No.\n  "
         "otherwise\n",
         "x=yes\nz=10\n"},
    };
    for (size_t i = 0; i < sizeof sheets / sizeof sheets[0]; i++) {
        sheet_case c;
        sheet_case_text(&c, sheets[i][0]);
        if (c.sheet == NULL)
            fail_msg("%zu: line %u: %s", i, c.diagnostics.items[0].line,
                     c.diagnostics.items[0].message);
        for (int person = 0; person < 2; person++) {
            static char text[1 << 20];
            size_t bytes = sizeof text;
            tacit_leak *l = start(c.sheet, person, sheets[i][1],
                                  TACIT_LEAK_PREVIEW | TACIT_LEAK_REFLECT | TACIT_LEAK_FACTS);
            finish(l);
            bool all = l->reach == TCT_LEAK_EXACT && !l->told[TCT_LEAK_ME][0].shows_all;
            assert_false(all);
            assert_true(*tct_say_bound(l) != 0);
            assert_int_equal(tacit_leak_words(l, TACIT_LEAK_ALL, text, &bytes), TACIT_OK);
            tacit_leak_wipe(l);
        }
        sheet_case_free(&c);
    }
}

static void work_beyond_the_budget_says_less_and_says_so(void **state)
{
    (void)state;
    sheet_case c;
    price_sheet(&c, 30, true);
    tacit_leak *l = start(c.sheet, 0, "x=7\n", TACIT_LEAK_PREVIEW | TACIT_LEAK_REFLECT);
    while (l->stage != TCT_STAGE_ABOUT_ME)
        (void)tacit_leak_step(l, 1);
    l->spent = TCT_LEAK_WORK_MAX;
    finish(l);
    assert_int_equal(l->reach, TCT_LEAK_CERTAIN);
    assert_true(l->told[TCT_LEAK_ME][0].can_happen && l->told[TCT_LEAK_ME][1].can_happen);
    assert_int_equal(l->told[TCT_LEAK_ME][1].answers[1].left, 31);
    tacit_leak_wipe(l);
    sheet_case_free(&c);
}

static void errors_change_nothing(void **state)
{
    (void)state;
    sheet_case c;
    static tacit_answers answers;
    tacit_leak *l;
    char text[64];
    size_t bytes = sizeof text;
    price_sheet(&c, 5, true);
    memset(&answers, 0, sizeof answers);
    assert_int_equal(tacit_leak_init(&l, memory, TACIT_LEAK_MEMORY, c.sheet, 0, &answers,
                                     TACIT_LEAK_PREVIEW),
                     TACIT_ERR_ANSWER);
    assert_null(l);
    assert_int_equal(
        tacit_leak_init(&l, memory, TACIT_LEAK_MEMORY, c.sheet, 0, NULL, TACIT_LEAK_PREVIEW),
        TACIT_ERR_ANSWER);
    assert_int_equal(
        tacit_leak_init(&l, memory, TACIT_LEAK_MEMORY - 1, c.sheet, 0, NULL, TACIT_LEAK_FACTS),
        TACIT_ERR_MEMORY);
    l = start(c.sheet, 0, "x=2\n", TACIT_LEAK_PREVIEW);
    assert_int_equal(tacit_leak_words(l, 0, text, &bytes), TACIT_ERR_USAGE);
    assert_int_equal(tacit_leak_json(l, text, &bytes), TACIT_ERR_USAGE);
    assert_null(tacit_leak_see_facts(l));
    finish(l);
    assert_int_equal(tacit_leak_reflect_words(l, text, &bytes),
                     TACIT_ERR_USAGE); /* not wanted */
    assert_null(tacit_leak_see_facts(l));
    assert_int_equal(tacit_leak_words(l, 0, text, &bytes), TACIT_ERR_SPACE);
    assert_true(bytes > sizeof text);
    tacit_leak_wipe(l);
    sheet_case_free(&c);
}

static void nothing_stays_in_the_memory(void **state)
{
    (void)state;
    sheet_case c;
    sheet_case_file(&c, "last-night");
    memset(memory, 0, TACIT_LEAK_MEMORY);
    tacit_leak *l = start(
        c.sheet, 1, "ending=ready\ntonight=comfort\ntomorrow=fine\ndrink=little\nslept=same\n",
        TACIT_LEAK_PREVIEW | TACIT_LEAK_REFLECT | TACIT_LEAK_FACTS);
    finish(l);
    assert_non_null(tacit_leak_see_facts(l));
    tacit_leak_wipe(l);
    for (size_t i = 0; i < TACIT_LEAK_MEMORY; i += 8)
        if (memory[i] != 0)
            fail_msg("byte %zu is still there", i);
    sheet_case_free(&c);
}

static void how_it_is_sliced_changes_nothing(void **state)
{
    (void)state;
    static char text[2][1 << 18];
    static const char answers[] =
        "could=together,sell\nrank=together,sell,close,first-leads,second-leads\nready=yes\n";
    sheet_case c;
    sheet_case_file(&c, "two-founders");
    for (int turn = 0; turn < 2; turn++) {
        size_t bytes = sizeof text[turn];
        tacit_leak *l = start(c.sheet, 0, answers, TACIT_LEAK_PREVIEW | TACIT_LEAK_REFLECT);
        if (turn == 1)
            assert_int_equal(tacit_leak_step(l, UINT32_MAX), TACIT_LEAK_DONE);
        finish(l);
        assert_int_equal(tacit_leak_json(l, text[turn], &bytes), TACIT_OK);
        tacit_leak_wipe(l);
    }
    assert_string_equal(text[0], text[1]);
    sheet_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_up_to_the_limit_are_counted_and_one_more_is_a_bound),
        cmocka_unit_test(sixteen_million_pairs_are_counted),
        cmocka_unit_test(many_questions_fold),
        cmocka_unit_test(hostile_sheets_end),
        cmocka_unit_test(work_beyond_the_budget_says_less_and_says_so),
        cmocka_unit_test(errors_change_nothing),
        cmocka_unit_test(nothing_stays_in_the_memory),
        cmocka_unit_test(how_it_is_sliced_changes_nothing),
    };
    memory = aligned_alloc(64, TACIT_LEAK_MEMORY);
    if (memory == NULL)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(memory);
    return failed;
}
