/* SPDX-License-Identifier: ISC
 *
 * Answers from text: what is taken, and what is said of the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/sheet_case.h"

static const char text[] =
    "title T\npeople owner, buyer\nlist things\n  sofa: S\n  bike: B\n  lamp: L\n"
    "ask ending: E?\n  ready: R\n  hope: H\nask owner least: L?\n  number -10 to 50 step 5, "
    "EUR\n"
    "ask each things like: L?\n  no: N\n  yes: Y\n  at most 2 of them yes\n"
    "ask points: P?\n  points 10 over things\nask rank: R?\n  ranking of things\n"
    "ask could: C?\n  any of things, at least 1, at most 2\n"
    "outcome k: K\n  when both (ending is ready)\noutcome other: Else\n  otherwise\n";

static sheet_case c;
static tacit_answers a;
static char error[160];

static int setup(void **state)
{
    (void)state;
    sheet_case_text(&c, text);
    assert_non_null(c.sheet);
    memset(&a, 0, sizeof a);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sheet_case_free(&c);
    return 0;
}

static void takes(const char *key, const char *value)
{
    if (tacit_answers_set(c.sheet, 0, &a, key, value, error) != TACIT_OK)
        fail_msg("%s = %s: %s", key, value, error);
}

static void refuses(int person, const char *key, const char *value, const char *words)
{
    tacit_answers before = a;
    assert_int_equal(tacit_answers_set(c.sheet, person, &a, key, value, error),
                     TACIT_ERR_ANSWER);
    if (strstr(error, words) == NULL)
        fail_msg("%s = %s: %s", key, value, error);
    assert_memory_equal(&before, &a, sizeof a);
}

static void is_incomplete(const char *words)
{
    assert_int_equal(tacit_answers_check(c.sheet, 0, &a, error), TACIT_ERR_ANSWER);
    if (strstr(error, words) == NULL)
        fail_msg("%s", error);
}

static void single_answers(void **state)
{
    (void)state;
    takes("ending", "hope");
    assert_int_equal(a.value[0], 1);
    takes("least", "-10");
    takes("least", "50");
    refuses(0, "ending", "hop", "did you mean `hope`?");
    refuses(0, "ending", "zebra", "ready, hope");
    refuses(0, "ending", "", "no answer to `ending`");
    refuses(0, "ending.sofa", "hope", "without items");
    refuses(0, "least", "51", "-10 to 50 in steps of 5");
    refuses(0, "least", "7", "steps of 5");
    refuses(0, "least", "5.0", "no answer");
    refuses(0, "least", "99999999999999999999999999", "no answer");
    refuses(0, "least", "-", "no answer");
    refuses(1, "least", "5", "no question `least`");
    refuses(0, "endign", "hope", "did you mean `ending`?");
    refuses(0, "qqqqq", "hope", "no question `qqqqq`");
    refuses(0, "not-now", "maybe", "yes or no");
    takes("not-now", "yes");
    assert_true(a.not_now);
    takes("not-now", "no");
    assert_false(a.not_now);
}

static void control_characters_are_not_echoed(void **state)
{
    (void)state;
    refuses(0, "ending", "\x1b[2J\xc3\xa9", "`?[2J??`");
    refuses(0, "\x1b[31m", "x", "`?[31m`");
    refuses(0, "points", "\x1b=3", "`?` is no item");
}

static void answers_about_a_list(void **state)
{
    (void)state;
    takes("like.sofa", "yes");
    takes("like.bike", "no");
    refuses(0, "like", "yes", "write `like.sofa`");
    refuses(0, "like.sofas", "yes", "did you mean `sofa`?");
    takes("points", "sofa=3, bike = 7");
    takes("points.lamp", "0");
    refuses(0, "points", "sofa", "`sofa=10`");
    refuses(0, "points", "sofa=11", "`sofa=10`");
    refuses(0, "points", "chair=3", "no item");
    takes("rank", "lamp, sofa,bike");
    const tacit_question *rank = &tacit_sheet_see(c.sheet)->questions[4];
    assert_string_equal(rank->id, "rank");
    assert_int_equal(a.value[rank->first_slot], 2);
    assert_int_equal(a.value[rank->first_slot + 1], 3);
    assert_int_equal(a.value[rank->first_slot + 2], 1);
    refuses(0, "rank", "lamp, sofa", "all 3 items in order, best first; there are 2");
    refuses(0, "rank", "lamp, sofa, lamp", "`lamp` is there twice");
    refuses(0, "rank", "lamp,, sofa", "no item");
    takes("rank.sofa", "1");
    takes("could", "lamp, sofa");
    takes("could.lamp", "no");
    takes("could", "");
    refuses(0, "could", "lamp, lamp", "twice");
    refuses(0, "could.lamp", "perhaps", "1 to 2 items");
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    is_incomplete("`ending` is not answered yet: ready, hope");
    takes("ending", "ready");
    is_incomplete("`least` is not answered yet");
    takes("least", "0");
    takes("like.sofa", "yes");
    takes("like.bike", "yes");
    is_incomplete("`like.lamp` is not answered yet: no, yes");
    takes("like.lamp", "yes");
    is_incomplete("at most 2 of the 3");
    takes("like.lamp", "no");
    takes("points", "sofa=3, bike=6");
    is_incomplete("add up to 9, not to 10");
    takes("points", "sofa=3, bike=7");
    takes("rank", "sofa, bike, lamp");
    takes("rank.lamp", "1");
    is_incomplete("each place from 1 to 3 once");
    takes("rank", "sofa, bike, lamp");
    takes("could", "sofa, bike, lamp");
    is_incomplete("wants 1 to 2 of the items, not 3");
    takes("could", "sofa");
    assert_int_equal(tacit_answers_check(c.sheet, 0, &a, error), TACIT_OK);
    /* the other role is not asked `least` */
    a.given[1] = false;
    assert_int_equal(tacit_answers_check(c.sheet, 1, &a, error), TACIT_OK);
    /* values that came some other way are looked at as well */
    a.value[0] = 2;
    is_incomplete("the answer to `ending` is not allowed");
    a.value[0] = -1;
    is_incomplete("the answer to `ending` is not allowed");
    a.not_now = true;
    assert_int_equal(tacit_answers_check(c.sheet, 0, &a, error), TACIT_OK);
}

/* With several lists to change, a line says whose items come; what is not named stays as it is. */
static void items_of_several_lists(void **state)
{
    (void)state;
    static const char sheet[] =
        "title T\nlist l, yours to change\n  a: A\nlist m, yours to change\n  b: B\n"
        "list n\n  c: C\nask each l q: Q?\n  yes or no\noutcome k: K\n"
        "  when any of l where both (q is yes)\noutcome other: Else\n  otherwise\n";
    static const struct {
        const char *items, *l, *m, *refusal;
    } cases[] = {
        {"list l\nx: X\ny: Y\nlist m\nz: Z\n", "x", "z", NULL},
        {"list m\n  z: Z\n", "a", "z", NULL},
        {"# nothing\n", "a", "b", NULL},
        {"x: X\ny: Y\n", "", "", "in the items: this sheet has several lists to change"},
        {"list n\nx: X\n", "", "", "in the items: the list `n` cannot be changed"},
        {"list m\n", "", "", "in the items: the list `m` has 0 items, but needs 1 to 64"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sheet_case edited;
        const tacit_items items = {.text = cases[i].items,
                                   .text_bytes = strlen(cases[i].items)};
        sheet_case_bytes(&edited, sheet, sizeof sheet - 1, &items);
        const tacit_diagnostics *d = &edited.diagnostics;
        if (cases[i].refusal == NULL) {
            assert_non_null(edited.sheet);
            const tacit_list *lists = tacit_sheet_see(edited.sheet)->lists;
            assert_string_equal(lists[0].items[0].id, cases[i].l);
            assert_string_equal(lists[1].items[0].id, cases[i].m);
        } else if (d->count != 1 || strstr(d->items[0].message, cases[i].refusal) == NULL) {
            fail_msg("%s: %u, %s", cases[i].items, d->count, d->items[0].message);
        }
        sheet_case_free(&edited);
    }
}

static void items_can_be_edited(void **state)
{
    (void)state;
    static const char sheet[] =
        "title T\nlist l, yours to change, 1 to 3\n  a: A\nask each l q: Q?\n"
        "  yes or no\noutcome k: K\n  when any of l where both (q is yes)\n"
        "outcome other: Else\n  otherwise\n";
    static const struct {
        const char *list, *items, *refusal; /* NULL: taken */
    } cases[] = {
        {NULL, "x: X\n\n# a note\ny: Y\r\n", NULL},
        {"l", "x: X", NULL},
        {"m", "x: X", "there is no list called `m`"},
        {NULL, "list l\n  x: X\n", NULL},
        {NULL, "list l:\nlist: a thing called so\n", NULL},
        {NULL, "list m\nx: X\n", "there is no list called `m`"},
        {NULL, "x: X\nlist l\ny: Y\n", "the list `l` is here twice"},
        {NULL, "list\n", "expected an item"},
        {NULL, "list L\nx: X\n", "capital"},
        {NULL, "x: X\nx: Y\n", "twice"},
        {NULL, "", "has 0 items, but needs 1 to 3"},
        {NULL, "w: W\nx: X\ny: Y\nz: Z\n", "has 4 items, but needs 1 to 3"},
        {NULL, "nonsense\n", "in the items: expected an item"},
        {NULL, "x: \xff\n", "in the items: this is not UTF-8"},
        {NULL, "X: x\n", "capital"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sheet_case edited;
        const tacit_items items = {cases[i].list, cases[i].items, strlen(cases[i].items)};
        sheet_case_bytes(&edited, sheet, sizeof sheet - 1, &items);
        if (cases[i].refusal == NULL)
            assert_non_null(edited.sheet);
        else if (edited.sheet != NULL ||
                 strstr(edited.diagnostics.items[0].message, cases[i].refusal) == NULL)
            fail_msg("%s: %s", cases[i].items, edited.diagnostics.items[0].message);
        if (i == 0) {
            size_t bytes;
            assert_int_equal(tacit_sheet_see(edited.sheet)->lists[0].item_count, 2);
            assert_non_null(
                strstr(tct_sheet_canonical(edited.sheet, &bytes), "  x: X\n  y: Y\n"));
        }
        sheet_case_free(&edited);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(single_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(control_characters_are_not_echoed, setup, teardown),
        cmocka_unit_test_setup_teardown(answers_about_a_list, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_missing_is_named, setup, teardown),
        cmocka_unit_test(items_can_be_edited),
        cmocka_unit_test(items_of_several_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
