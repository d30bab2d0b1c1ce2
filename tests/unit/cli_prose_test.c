/* SPDX-License-Identifier: ISC
 *
 * Text for people: wrapping, columns, near words, durations, and bytes that must not reach a terminal.
 * The command's files are no library, so the ones under test are included.
 */
#include "cli/diagnostics.c"
#include "cli/json.c"
#include "cli/prose.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

void tct_terminal_close(void)
{
}

static void wraps_to(const char *text, size_t columns, const char *expected)
{
    tct_string out = {0};
    const char *rest = text, *line;
    size_t bytes;
    while ((line = tct_prose_next_line(&rest, columns, &bytes)) != NULL) {
        assert_true(tct_prose_columns(line, bytes) <= columns || bytes <= 4);
        tct_string_add_bytes(&out, line, bytes);
        tct_string_add(&out, "|");
    }
    assert_string_equal(out.text, expected);
    tct_string_free(&out);
}

static void lines_break_at_spaces_and_long_words_are_cut(void **state)
{
    (void)state;
    wraps_to("one two three", 7, "one two|three|");
    wraps_to("one two three", 8, "one two|three|");
    wraps_to("one two three", 6, "one|two|three|");
    wraps_to("incomprehensible", 5, "incom|prehe|nsibl|e|");
    wraps_to("a\nb\n\nc", 5, "a|b||c|");
    wraps_to("\xc3\xa9t\xc3\xa9 \xc3\xa9t\xc3\xa9", 4, "\xc3\xa9t\xc3\xa9|\xc3\xa9t\xc3\xa9|");
    wraps_to("\xe6\x9b\xb8\xe7\x89\xa9", 3, "\xe6\x9b\xb8|\xe7\x89\xa9|"); /* wide letters */
    wraps_to("\xe6\x9b\xb8", 1, "\xe6\x9b\xb8|"); /* wider than the line: shown all the same */
}

static void columns_count_wide_and_combining_characters(void **state)
{
    (void)state;
    assert_int_equal(tct_prose_columns("abc", 3), 3);
    assert_int_equal(tct_prose_columns("e\xcc\x81", 3), 1);
    assert_int_equal(tct_prose_columns("\xe6\x9b\xb8", 3), 2);
    assert_int_equal(tct_prose_columns("\xff\xfe", 2), 2);
}

static void broken_utf8_is_read_byte_by_byte_and_never_past_the_end(void **state)
{
    static const char *const broken[] = {"\x80",         "\xc0\x80",     "\xc3",
                                         "\xe2\x82",     "\xed\xa0\x80", "\xf0\x9f\x92",
                                         "\xf5\x80\x80", "\xe0\x80\x80", "\xf4\x90\x80\x80"};
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        uint32_t c = 0;
        assert_int_equal(tct_prose_decode(broken[i], &c), 1);
        assert_int_equal(c, 0xfffd);
    }
}

static void what_is_encoded_is_decoded_again(void **state)
{
    static const uint32_t characters[] = {0x41,   0x7f,   0x80,   0x7ff,   0x800,
                                          0xd7ff, 0xe000, 0xfffd, 0x10000, 0x10ffff};
    (void)state;
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        char bytes[5];
        uint32_t c = 0;
        size_t count = tct_prose_encode(characters[i], bytes);
        assert_int_equal(tct_prose_decode(bytes, &c), count);
        assert_int_equal(c, characters[i]);
    }
}

static void what_could_drive_a_terminal_is_written_out(void **state)
{
    tct_string out = {0};
    static const char hostile[] = "a\x1b[2J\0\x07\x7f\xc2\x9b\xe2\x80\xae\xff\xe6\x9b\xb8";
    (void)state;
    tct_prose_add_safe(&out, hostile, sizeof hostile - 1);
    assert_string_equal(out.text, "a\\x1b[2J\\x00\\x07\\x7f\\u{9b}\\u{202e}\\xff\xe6\x9b\xb8");
    tct_string_free(&out);
}

static void near_words_are_found_and_far_ones_are_not(void **state)
{
    static const char *const words[] = {"last-night", "try-again", "in-range"};
    (void)state;
    assert_int_equal(tct_prose_distance("abcd", "abdc"), 1);
    assert_int_equal(tct_prose_distance("", "abc"), 3);
    assert_int_equal(tct_prose_distance("relay", "relya"), 1);
    assert_int_equal(tct_prose_distance("kitten", "sitting"), 3);
    assert_string_equal(tct_prose_nearest("lastnight", words, 3), "last-night");
    assert_string_equal(tct_prose_nearest("in-rnage", words, 3), "in-range");
    assert_null(tct_prose_nearest("something-else", words, 3));
    char endless[300];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_true(tct_prose_distance(endless, "a") >= WORD_MAX);
}

static void durations_have_a_unit_and_a_limit(void **state)
{
    static const char *const bad[] = {"",    "5",   "s",   "0s",   "-1s",  "5x",
                                      "5 s", "5ms", "31d", "721h", "1.5h", "99999999999s"};
    uint64_t ms = 0;
    char said[32];
    (void)state;
    assert_true(tct_prose_duration("20s", &ms) && ms == 20000);
    assert_true(tct_prose_duration("5m", &ms) && ms == 300000);
    assert_true(tct_prose_duration("12h", &ms) && ms == 43200000);
    assert_true(tct_prose_duration("30d", &ms) && ms == 2592000000u);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(tct_prose_duration(bad[i], &ms));
    tct_prose_say_duration(said, 300000);
    assert_string_equal(said, "5 minutes");
    tct_prose_say_duration(said, 3600000);
    assert_string_equal(said, "1 hour");
}

static void numbers_have_commas(void **state)
{
    static const struct {
        int64_t number;
        const char *said;
    } rows[] = {{0, "0"},
                {999, "999"},
                {1000, "1,000"},
                {-1000, "-1,000"},
                {-100, "-100"},
                {1234567, "1,234,567"},
                {INT64_MIN, "-9,223,372,036,854,775,808"}};
    char said[32];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tct_prose_number(said, rows[i].number);
        assert_string_equal(said, rows[i].said);
    }
}

static void json_escapes_what_it_must(void **state)
{
    tct_json json = {0};
    (void)state;
    tct_json_begin(&json, "x");
    tct_json_text(&json, "k\"", "a\\b\n\x1b\xc2\x85\xff\xe6\x9b\xb8");
    tct_json_open(&json, "list", '[');
    tct_json_add_text(&json, "one");
    tct_json_add_text(&json, "two");
    tct_json_close(&json, ']');
    tct_json_number(&json, "n", -5);
    tct_json_bool(&json, "yes", true);
    tct_json_open(&json, "empty", '{');
    tct_json_close(&json, '}');
    assert_string_equal(
        json.line.text,
        "{\"event\":\"x\",\"k\\\"\":\"a\\\\b\\n\\u001b\\u0085\\ufffd\xe6\x9b\xb8\","
        "\"list\":[\"one\",\"two\"],\"n\":-5,\"yes\":true,\"empty\":{}");
    tct_string_free(&json.line);
}

static void a_caret_stands_under_its_word(void **state)
{
    static const char text[] = "title x\n\twhen \xe6\x9b\xb8 is yess\r\n";
    static tacit_diagnostics found = {
        .count = 2,
        .items = {{.line = 2, .column = 12, .width = 4, .message = "no", .hint = "yes?"},
                  {.line = 9, .column = 3, .width = 1, .message = "in the items: no \x1b"}}};
    const tct_source sheet = {"a\x1b", text, sizeof text - 1}, none = {0};
    tct_string out = {0};
    (void)state;
    tct_diagnostics_add(&out, &sheet, &none, &found);
    assert_string_equal(out.text, "a\\x1b:2:12: error: no\n"
                                  "    2 |  when \xe6\x9b\xb8 is yess\n"
                                  "      |             ^~~~\n"
                                  "      = yes?\n"
                                  "a\\x1b:9:3: error: in the items: no \\x1b\n"
                                  "    9 | \n"
                                  "      | ^\n");
    tct_string_free(&out);
}

static void a_long_line_is_cut_around_the_place(void **state)
{
    static tacit_diagnostics found = {
        .count = 1, .items = {{.line = 1, .column = 501, .width = 900, .message = "no"}}};
    static char text[1000];
    const tct_source sheet = {"a", text, sizeof text}, none = {0};
    tct_string out = {0};
    (void)state;
    memset(text, 'x', sizeof text);
    text[500] = 'Y';
    tct_diagnostics_add(&out, &sheet, &none, &found);
    const char *line = strchr(out.text, '\n') + 1, *caret = strchr(line, '\n') + 1;
    assert_int_equal(strchr(line, 'Y') - line, strchr(caret, '^') - caret);
    for (const char *at = out.text; *at != '\0'; at += strcspn(at, "\n") + 1)
        assert_true(strcspn(at, "\n") <= 82);
    tct_string_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_break_at_spaces_and_long_words_are_cut),
        cmocka_unit_test(columns_count_wide_and_combining_characters),
        cmocka_unit_test(broken_utf8_is_read_byte_by_byte_and_never_past_the_end),
        cmocka_unit_test(what_is_encoded_is_decoded_again),
        cmocka_unit_test(what_could_drive_a_terminal_is_written_out),
        cmocka_unit_test(near_words_are_found_and_far_ones_are_not),
        cmocka_unit_test(durations_have_a_unit_and_a_limit),
        cmocka_unit_test(numbers_have_commas),
        cmocka_unit_test(json_escapes_what_it_must),
        cmocka_unit_test(a_caret_stands_under_its_word),
        cmocka_unit_test(a_long_line_is_cut_around_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
