/* SPDX-License-Identifier: ISC
 * tct_text: what it writes, what it counts, and where it cuts. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

static void every_conversion_is_written(void **state)
{
    char out[200];
    tct_text t;
    (void)state;
    tct_text_init(&t, out, sizeof out);
    tct_text_add(&t, "%s|%.*s|%d|%u|%lld|%llu|%%", "word", 2, "cut", INT_MIN, UINT_MAX,
                 (long long)INT64_MIN, (unsigned long long)UINT64_MAX);
    tct_text_end(&t);
    assert_string_equal(out, "word|cu|-2147483648|4294967295|-9223372036854775808|"
                             "18446744073709551615|%");
    assert_int_equal(t.needed, sizeof "word|cu|-2147483648|4294967295|-9223372036854775808|"
                                      "18446744073709551615|%" -
                                   1);
}

static void a_full_text_is_cut_between_characters(void **state)
{
    char out[5] = "....";
    tct_text t;
    (void)state;
    tct_text_init(&t, out, sizeof out);
    tct_text_add(&t, "abc%s",
                 "\xc3\xa9"); /* the two bytes of one character end at the NUL's place */
    tct_text_end(&t);
    assert_string_equal(out, "abc");
    assert_int_equal(t.needed, 5);
}

static void without_memory_it_counts(void **state)
{
    tct_text t;
    (void)state;
    tct_text_init(&t, NULL, 0);
    tct_text_add(&t, "%s-%u", "seven", 7u);
    tct_text_end(&t);
    assert_int_equal(t.needed, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_conversion_is_written),
        cmocka_unit_test(a_full_text_is_cut_between_characters),
        cmocka_unit_test(without_memory_it_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
