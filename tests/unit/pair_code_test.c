/* SPDX-License-Identifier: ISC
 *
 * The code words, and codes as people type them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair/code_words.h"
#include "tacit/tacit.h"

static char code[TACIT_CODE_MAX], error[160];
static uint32_t number;

static void there_are_1024_words_in_order_with_letters_only(void **state)
{
    (void)state;
    assert_int_equal(TCT_WORD_COUNT, 1024);
    for (int i = 0; i < TCT_WORD_COUNT; i++) {
        const char *word = tct_words[i];
        assert_non_null(word);
        assert_in_range(strlen(word), 4, TCT_WORD_LETTERS_MAX);
        assert_int_equal(strspn(word, "abcdefghijklmnopqrstuvwxyz"), strlen(word));
        if (i > 0)
            assert_true(strcmp(tct_words[i - 1], word) < 0);
    }
}

/* The list is sorted, so equal beginnings would be neighbours. */
static void no_two_words_begin_with_the_same_three_letters(void **state)
{
    (void)state;
    for (int i = 1; i < TCT_WORD_COUNT; i++)
        assert_int_not_equal(strncmp(tct_words[i - 1], tct_words[i], TCT_WORD_PREFIX), 0);
}

/* Not a proof of kindness, but a list of what must never slip in. */
static void no_word_could_sting(void **state)
{
    (void)state;
    static const char *const never[] = {
        "ex",    "kill", "dead",  "die",  "sex",   "kiss",  "love", "hate", "lone",
        "alone", "wed",  "bed",   "bra",  "butt",  "hurt",  "cry",  "sad",  "wife",
        "lie",   "liar", "sorry", "over", "end",   "left",  "gun",  "wine", "beer",
        "fat",   "ugly", "bye",   "lost", "cheat", "split", "blood"};
    for (int i = 0; i < TCT_WORD_COUNT; i++)
        for (size_t j = 0; j < sizeof never / sizeof never[0]; j++)
            assert_string_not_equal(tct_words[i], never[j]);
    for (int i = 0; i < TCT_WORD_COUNT; i++)
        assert_int_not_equal(strncmp(tct_words[i], "ex", 2), 0);
}

static void a_made_code_reads_back_and_depends_on_its_seed(void **state)
{
    (void)state;
    char again[TACIT_CODE_MAX], former[TACIT_CODE_MAX] = "";
    for (unsigned i = 0; i < 200; i++) {
        uint8_t seed[32] = {(uint8_t)i, (uint8_t)(i >> 8), 9};
        tacit_code_make(code, i * 4999999, seed);
        assert_int_equal(tacit_code_read(code, again, &number, error), TACIT_OK);
        assert_string_equal(code, again);
        assert_int_equal(number, i * 4999999);
        assert_string_not_equal(code, former);
        memcpy(former, code, sizeof former);
    }
}

static void every_word_can_be_drawn(void **state)
{
    (void)state;
    static int drawn[TCT_WORD_COUNT];
    int missing = TCT_WORD_COUNT;
    for (unsigned i = 0; i < 20000 && missing > 0; i++) {
        uint8_t seed[32] = {(uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16)};
        tacit_code_make(code, 7, seed);
        char *word = strchr(code, '-') + 1;
        *strchr(word, '-') = '\0';
        int index = tct_word_find(word, strlen(word));
        assert_in_range(index, 0, TCT_WORD_COUNT - 1);
        missing -= drawn[index]++ == 0;
    }
    assert_int_equal(missing, 0);
}

static void a_code_may_be_typed_in_many_ways(void **state)
{
    (void)state;
    static const char *const ways[] = {
        "7-lantern-harbor", "7 lantern harbor",     "  7-LANTERN-Harbor \n",
        "7lantern harbor",  "7 - lantern - harbor", "7-lan-har",
        "07, lante, harb.", "7_lantern_harbor",     "7\xe2\x80\x93lantern\xe2\x80\x94harbor",
        "7\tLAN\tHAR\r\n",
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        assert_int_equal(tacit_code_read(ways[i], code, &number, error), TACIT_OK);
        assert_string_equal(code, "7-lantern-harbor");
        assert_int_equal(number, 7);
    }
}

static void refused(const char *typed, const char *because)
{
    memcpy(code, "kept", 5);
    number = 77;
    assert_int_equal(tacit_code_read(typed, code, &number, error), TACIT_ERR_ANSWER);
    assert_string_equal(code, "kept");
    assert_int_equal(number, 77);
    if (strstr(error, because) == NULL)
        fail_msg("for \"%s\": \"%s\" does not say \"%s\"", typed, error, because);
}

static void a_typo_is_named_and_the_nearest_word_suggested(void **state)
{
    (void)state;
    refused("7-lantrn-harbor",
            "\"lantrn\" is not one of the code words. Did you mean \"lantern\"?");
    refused("7-lantern-habror",
            "\"habror\" is not one of the code words. Did you mean \"harbor\"?");
    refused("7-latnern-harbor", "Did you mean \"lantern\"?");
    refused("7-lanterns-harbor", "Did you mean \"lantern\"?");
    refused("7-LANTRN-harbor", "\"lantrn\"");
}

static void what_is_missing_or_too_much_is_said(void **state)
{
    (void)state;
    refused("", "a number and two words, like 7-lantern-harbor.");
    refused(" - ", "a number and two words");
    refused("lantern-harbor", "begins with its number");
    refused("7", "two words after its number");
    refused("7-lantern", "two words after its number");
    refused("7-lantern-harbor-7", "just two words");
    refused("7-la-harbor", "at least three letters");
    refused("1234567890-lantern-harbor", "number of a code is a short one");
}

/* Nothing that a terminal could obey is given back. */
static void signs_that_are_no_letters_are_never_echoed(void **state)
{
    (void)state;
    refused("7-lan\x1b[31mtern-harbor", "first word of the code has a sign in it");
    refused("7-lantern-h\xc3\xa4rbor", "second word of the code has a sign in it");
    assert_null(strchr(error, '\x1b'));
    assert_null(strchr(error, '\xc3'));
    char longest[5000];
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "7-", 2);
    longest[sizeof longest - 1] = '\0';
    refused(longest, "is not one of the code words");
    assert_true(strlen(error) < sizeof error);
}

static void completion_lists_the_words_of_a_beginning(void **state)
{
    (void)state;
    assert_string_equal(tacit_code_complete("lant", 0), "lantern");
    assert_string_equal(tacit_code_complete("HAR", 0), "harbor");
    assert_null(tacit_code_complete("lant", 1));
    assert_null(tacit_code_complete("lanterns", 0));
    assert_null(tacit_code_complete("q9", 0));
    uint32_t count = 0;
    for (const char *word; (word = tacit_code_complete("", count)) != NULL; count++)
        assert_ptr_equal(word, tct_words[count]);
    assert_int_equal(count, TCT_WORD_COUNT);
    for (count = 0; tacit_code_complete("la", count) != NULL; count++)
        assert_int_equal(strncmp(tacit_code_complete("la", count), "la", 2), 0);
    assert_true(count > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_1024_words_in_order_with_letters_only),
        cmocka_unit_test(no_two_words_begin_with_the_same_three_letters),
        cmocka_unit_test(no_word_could_sting),
        cmocka_unit_test(a_made_code_reads_back_and_depends_on_its_seed),
        cmocka_unit_test(every_word_can_be_drawn),
        cmocka_unit_test(a_code_may_be_typed_in_many_ways),
        cmocka_unit_test(a_typo_is_named_and_the_nearest_word_suggested),
        cmocka_unit_test(what_is_missing_or_too_much_is_said),
        cmocka_unit_test(signs_that_are_no_letters_are_never_echoed),
        cmocka_unit_test(completion_lists_the_words_of_a_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
