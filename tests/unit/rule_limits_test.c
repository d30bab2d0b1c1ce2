/* SPDX-License-Identifier: ISC
 *
 * At each limit a sheet is read; one beyond it is refused with the figure, at its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/sheet_case.h"

typedef struct {
    char text[2 * TACIT_SHEET_TEXT_MAX];
    size_t bytes;
} draft;

static void add(draft *d, const char *format, ...) TCT_FORMAT(2, 3);

static void add(draft *d, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(d->text + d->bytes, sizeof d->text - d->bytes, format, arguments);
    va_end(arguments);
    assert_true(n >= 0 && (size_t)n < sizeof d->text - d->bytes);
    d->bytes += (size_t)n;
}

static void repeat(draft *d, unsigned times, const char *text)
{
    for (unsigned i = 0; i < times; i++)
        add(d, "%s", text);
}

/* refusal: NULL: the sheet must be read; else a part of the first complaint or its hint. */
static void check(const draft *d, const char *refusal)
{
    sheet_case c;
    sheet_case_bytes(&c, d->text, d->bytes, NULL);
    const tacit_diagnostic *first = &c.diagnostics.items[0];
    if (refusal == NULL && c.sheet == NULL)
        fail_msg("%u:%u %s [%s]", first->line, first->column, first->message, first->hint);
    if (refusal != NULL) {
        assert_int_equal(c.status, TACIT_ERR_SHEET);
        if (strstr(first->message, refusal) == NULL && strstr(first->hint, refusal) == NULL)
            fail_msg("%u:%u %s [%s] instead of %s", first->line, first->column, first->message,
                     first->hint, refusal);
    }
    sheet_case_free(&c);
}

/* make(d, n) writes a sheet with n of something; most of them may be. */
static void at_the_limit(void (*make)(draft *, unsigned), unsigned most, const char *refusal)
{
    static draft d;
    for (unsigned beyond = 0; beyond < 2; beyond++) {
        memset(&d, 0, sizeof d);
        make(&d, most + beyond);
        check(&d, beyond == 0 ? NULL : refusal);
    }
}

#define QUESTION "ask n: N?\n  number 0 to 9\n"
#define RULE     "outcome k: K\n  when both (n > 3)\n"
#define END      "outcome other: Else\n  otherwise\n"

static void with_bytes(draft *d, unsigned bytes)
{
    add(d, "title T\n" QUESTION RULE END "# ");
    repeat(d, bytes - (unsigned)d->bytes, "x");
}

static void with_questions(draft *d, unsigned count)
{
    add(d, "title T\n" QUESTION);
    for (unsigned i = 1; i < count; i++)
        add(d, "ask q%u: Q?\n  yes or no\n", i);
    add(d, RULE END);
}

static void with_options(draft *d, unsigned count)
{
    add(d, "title T\n" QUESTION "ask q: Q?\n");
    for (unsigned i = 0; i < count; i++)
        add(d, "  o%u: O\n", i);
    add(d, RULE END);
}

static void with_items(draft *d, unsigned count)
{
    add(d, "title T\nlist l\n");
    for (unsigned i = 0; i < count; i++)
        add(d, "  i%u: I\n", i);
    add(d, QUESTION RULE END);
}

static void with_lists(draft *d, unsigned count)
{
    add(d, "title T\n");
    for (unsigned i = 0; i < count; i++)
        add(d, "list l%u\n  a: A\n", i);
    add(d, QUESTION RULE END);
}

static void with_outcomes(draft *d, unsigned count)
{
    add(d, "title T\n" QUESTION);
    for (unsigned i = 1; i < count; i++)
        add(d, "outcome k%u: K\n  when both (n is %u) or sum (n) is %u\n", i, i % 10, i);
    add(d, END);
}

static void with_reveals(draft *d, unsigned count)
{
    add(d, "title T\n" QUESTION RULE);
    for (unsigned i = 0; i < count; i++)
        add(d, "  reveal r%u: sum (n) + %u\n", i, i);
    add(d, END);
}

static void with_notes(draft *d, unsigned count)
{
    add(d, "title T\n" QUESTION RULE END);
    for (unsigned i = 0; i < count; i++)
        add(d, "note when n is %u\n  Word.\n", i % 10);
}

static void with_limits(draft *d, unsigned count)
{
    add(d, "title T\nlist l\n  a: A\n  b: B\nask each l q: Q?\n  yes or no\n");
    repeat(d, count, "  at most 2 of them yes\n");
    add(d, QUESTION RULE END);
}

static void with_id_letters(draft *d, unsigned count)
{
    add(d, "title T\n" QUESTION RULE "outcome ");
    repeat(d, count, "o");
    add(d, ": Else\n  otherwise\n");
}

static void with_parentheses(draft *d, unsigned count)
{
    add(d, "title T\n" QUESTION "outcome k: K\n  when ");
    repeat(d, count, "(");
    add(d, "1 > 0 and both (n > 3)");
    repeat(d, count, ")");
    add(d, "\n" END);
}

static void with_nots(draft *d, unsigned count)
{
    add(d, "title T\n" QUESTION "outcome k: K\n  when ");
    repeat(d, count, "not ");
    add(d, "both (n > 3)\n" END);
}

static void with_chance(draft *d, unsigned n)
{
    add(d, "title T\n" QUESTION RULE END "  also by chance 3 in %u\n", n == 1024 ? 1024 : 2048);
}

static void with_answers(draft *d, unsigned count)
{
    add(d, "title T\nlist l\n");
    for (unsigned i = 0; i < 63; i++)
        add(d, "  i%u: I\n", i);
    add(d, "list m\n  a: A\n");
    /* 32 questions for each of 63 items, and so many alone */
    for (unsigned i = 0; i < 32; i++)
        add(d, "ask each l q%u: Q?\n  yes or no\n", i);
    for (unsigned i = 0; i < count - 32 * 63 - 1; i++)
        add(d, "ask s%u: Q?\n  yes or no\n", i);
    add(d, QUESTION RULE END);
}

static void sizes_of_every_kind(void **state)
{
    (void)state;
    at_the_limit(with_bytes, TACIT_SHEET_TEXT_MAX, "65537 bytes");
    at_the_limit(with_questions, 63, "at most 63");
    at_the_limit(with_options, 32, "at most 32");
    at_the_limit(with_items, 64, "at most 64");
    at_the_limit(with_lists, 8, "at most 8");
    at_the_limit(with_outcomes, 16, "at most 16");
    at_the_limit(with_reveals, 4, "at most 4");
    at_the_limit(with_notes, 64, "at most 64");
    at_the_limit(with_limits, 4, "at most 4");
    at_the_limit(with_id_letters, 32, "at most 32");
    at_the_limit(with_chance, 1024, "at most 1024");
}

static void nesting(void **state)
{
    (void)state;
    at_the_limit(with_parentheses, 29, "at most 32 levels");
    at_the_limit(with_nots, 29, "at most 32 levels");
}

/* 32 x 63 + 1 + 31 = 2048 answers with 63 + 1 questions would be too many questions: 30 alone make
 * 2047, and a list with one item more goes beyond. */
static void answers_of_one_person(void **state)
{
    (void)state;
    static draft d;
    with_answers(&d, 32 * 63 + 1 + 30);
    check(&d, NULL);
    memset(&d, 0, sizeof d);
    add(&d, "title T\nlist l\n");
    for (unsigned i = 0; i < 64; i++)
        add(&d, "  i%u: I\n", i);
    for (unsigned i = 0; i < 32; i++)
        add(&d, "ask each l q%u: Q?\n  yes or no\n", i);
    draft *most = malloc(sizeof *most);
    assert_non_null(most);
    *most = d; /* exactly 2048 */
    add(most, "outcome k: K\n  when any of l where both (q0 is yes)\n" END);
    check(most, NULL);
    free(most);
    add(&d, QUESTION RULE END);
    check(&d, "2049 up to here");
}

/* What travels is the canonical text, with the items as changed: it has to fit as well. */
static void bytes_of_the_text_that_travels(void **state)
{
    (void)state;
    static draft d;
    for (unsigned terms = 10; terms <= 20010; terms += 20000) {
        d.bytes = 0;
        add(&d, "title T\n" QUESTION "outcome k: K\n  when sum(n)");
        for (unsigned i = 0; i < terms; i++)
            add(&d, "+1"); /* written out: " + 1" */
        add(&d, ">5\n" END);
        check(&d, terms < 20000 ? NULL : "written out, with its items, this sheet is too long");
    }
}

/* 121 products and one more; and answers that must be the same, of which each costs one joint gate. */
static void with_pairs(draft *d, unsigned pairs)
{
    add(d, "title T\npeople one, two\n");
    for (unsigned i = 0; i < 30; i++)
        add(d, "ask a%u: A?\n  number 0 to 1048575\n", i);
    add(d, "ask b: B?\n  number 0 to 255\n");
    for (unsigned i = 0; i < pairs; i++)
        add(d, "ask y%u: Y?\n  yes or no\n", i);
    add(d, "outcome k: K\n  when one.b * two.b");
    for (unsigned i = 0; i < 121; i++)
        add(d, " + one.a%u * two.a%u", i % 30, (i * 7 + i / 30) % 30);
    add(d, " > 1000\n");
    for (unsigned i = 0; i < pairs; i++)
        add(d, "    and same (y%u)\n", i);
    add(d, END);
}

static void joint_gates(void **state)
{
    (void)state;
    sheet_case c;
    static draft d;
    d.bytes = 0;
    with_pairs(&d, 0);
    sheet_case_bytes(&c, d.text, d.bytes, NULL);
    assert_non_null(c.sheet);
    unsigned rest = 100000 - tacit_sheet_see(c.sheet)->and_count;
    sheet_case_free(&c);
    assert_in_range(rest, 1, 32); /* else change the range of b above */
    d.bytes = 0;
    with_pairs(&d, rest);
    sheet_case_bytes(&c, d.text, d.bytes, NULL);
    assert_non_null(c.sheet);
    assert_int_equal(tacit_sheet_see(c.sheet)->and_count, 100000);
    sheet_case_free(&c);
    at_the_limit(with_pairs, rest, "100001 joint gates, at most 100000");
}

/* Many joint choices: gates that cost no joint one count as well, since they take memory. */
static void gates(void **state)
{
    (void)state;
    static draft d;
    for (unsigned terms = 60; terms <= 700; terms += 640) {
        d.bytes = 0;
        add(&d, "title T\npeople one, two\n");
        for (unsigned i = 0; i < 30; i++)
            add(&d, "ask a%u: A?\n  number 0 to 1048575\n", i);
        add(&d, "outcome k: K\n  when ");
        for (unsigned i = 0; i < terms; i++)
            add(&d, "%sone.a%u * two.a%u", i == 0 ? "" : " + ", i % 30, (i * 7 + i / 30) % 30);
        add(&d, " > 1000\n" END);
        check(&d, terms == 60 ? NULL : "more than 524288 gates");
    }
}

/* One `or` over 64 items at a time, and the rest one by one. */
static void with_joined_parts(draft *d, unsigned parts)
{
    add(d, "title T\npeople one, two\nlist l\n");
    for (unsigned i = 0; i < 64; i++)
        add(d, "  i%u: I\n", i);
    for (unsigned i = 0; i < 16; i++)
        add(d, "ask each l q%u: Q?\n  a: A\n  b: B\n  c: C\n", i);
    add(d, "outcome k: K\n  when ");
    for (unsigned i = 0; i < parts / 64; i++)
        add(d, "(any of l where one.q%u > two.q%u) or\n    ", i % 16, (i + 1 + i / 16) % 16);
    for (unsigned i = 0; i < parts % 64; i++)
        add(d, "one.q0 for i%u > two.q15 for i%u or ", i, i);
    add(d, "1 > 2\n" END);
}

static void parts_of_one_condition(void **state)
{
    (void)state;
    at_the_limit(with_joined_parts, 4096, "more than 4096 parts");
}

/* Lists inside lists: written out they are large, and the limit on that stops them soon. */
static void parts_and_steps_of_writing_out(void **state)
{
    (void)state;
    static draft d;
    for (unsigned depth = 1; depth <= 8; depth++) {
        d.bytes = 0;
        add(&d, "title T\n");
        for (unsigned l = 0; l < 8; l++) {
            add(&d, "list l%u\n", l);
            for (unsigned i = 0; i < 64; i++)
                add(&d, "  i%u: I\n", i);
            add(&d, "ask each l%u q%u: Q?\n  a: A\n  b: B\n", l, l);
        }
        add(&d, "outcome k: K\n  when ");
        for (unsigned l = 0; l < depth; l++)
            add(&d, "any of l%u where ", l);
        for (unsigned l = 0; l < depth; l++)
            add(&d, "%s", l == 0 ? "both (q0 is a" : "");
        for (unsigned l = 1; l < (depth == 3 ? depth : 1); l++)
            add(&d, " and q%u is a", l);
        add(&d, ")\n" END);
        check(&d, depth == 3   ? "more than 65536 parts"
                  : depth >= 4 ? "more than 1048576 steps to write it out"
                               : NULL);
    }
}

/* Numbers at the edge of what is allowed keep exact; beyond it the sheet is refused. */
static void numbers_at_the_edge(void **state)
{
    (void)state;
    static draft d;
    add(&d, "title T\nask n: N?\n  number 999999999999999 to 1000000000000000\n"
            "outcome k: K\n  when both (n >= 1000000000000000)\n" END);
    check(&d, NULL);
    memset(&d, 0, sizeof d);
    add(&d, "title T\nask n: N?\n  number 999999999999999 to 1000000000000000\n"
            "outcome k: K\n  when sum (n) >= 1000000000000000\n" END);
    check(&d, "could become larger");
    memset(&d, 0, sizeof d);
    add(&d,
        "title T\nask n: N?\n  number 0 to 1000000000000001\noutcome k: K\n  when 1 > 2\n" END);
    check(&d, "too large");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_of_every_kind),
        cmocka_unit_test(nesting),
        cmocka_unit_test(answers_of_one_person),
        cmocka_unit_test(bytes_of_the_text_that_travels),
        cmocka_unit_test(joint_gates),
        cmocka_unit_test(gates),
        cmocka_unit_test(parts_of_one_condition),
        cmocka_unit_test(parts_and_steps_of_writing_out),
        cmocka_unit_test(numbers_at_the_edge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
