/* SPDX-License-Identifier: ISC
 *
 * A sheet may come from anyone who has the code, and is read before its person has seen a word of
 * it.  So reading ends soon, whatever it says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "support/sheet_case.h"

enum { TERMS = 64, FEW = 2, MANY = 30 };

typedef struct {
    char text[TACIT_SHEET_TEXT_MAX];
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

/* A sum that depends on one answer, and takes long to evaluate. */
static void add_sum(draft *d, const char *person, unsigned question)
{
    add(d, "min(");
    for (unsigned i = 0; i < TERMS; i++)
        add(d, "%smax(%s.q%u,%u)", i == 0 ? "" : "+", person, question, 37 * (i + 1) % 97);
    add(d, ",50000)");
}

/* Each comparison joins two sums that could each be tabulated over 65,001 answers, none of them too
 * much by itself.  Gives the processor time of reading it: a busy machine changes nothing. */
static double seconds_to_read(unsigned questions)
{
    static draft d;
    sheet_case c;
    d.bytes = 0;
    add(&d, "title T\npeople a, b\n");
    for (unsigned i = 0; i < questions; i++)
        add(&d, "ask a q%u: Q?\n  number 0 to 65000\nask b q%u: Q?\n  number 0 to 65000\n", i,
            i);
    add(&d, "outcome y: Y.\n  when ");
    for (unsigned i = 0; i < questions; i++) {
        add(&d, "%s", i == 0 ? "" : " and\n    ");
        add_sum(&d, "a", i);
        add(&d, " >= ");
        add_sum(&d, "b", i);
    }
    add(&d, "\noutcome n: N.\n  otherwise\n");
    clock_t start = clock();
    sheet_case_bytes(&c, d.text, d.bytes, NULL);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    assert_true(c.status == TACIT_OK || c.status == TACIT_ERR_SHEET); /* too large, but read */
    sheet_case_free(&c);
    return seconds;
}

static void many_tables_take_hardly_longer_than_a_few(void **state)
{
    (void)state;
    double few = seconds_to_read(FEW), many = seconds_to_read(MANY);
    if (many > 5 * few + 0.5)
        fail_msg("%u: %.2f s, %u: %.2f s", (unsigned)FEW, few, (unsigned)MANY, many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_tables_take_hardly_longer_than_a_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
