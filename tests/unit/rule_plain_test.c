/* SPDX-License-Identifier: ISC
 *
 * The rule in plain words: what tests/golden/plain.txt says, which was read by eye, form by form and
 * sheet by sheet; and the same words for the sheet that reads as its canonical text.
 *     rule_plain_test --write     writes the words of today into that file: read the difference
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/sheet_case.h"

enum { FILE_MAX = 1 << 17, WORDS_MAX = 1 << 14 };

static const char path[] = TACIT_SOURCE_DIR "/tests/golden/plain.txt";
static bool writing;
static char golden[FILE_MAX], today[FILE_MAX];
static size_t today_bytes;

static void write_today(const char *format, ...) TCT_FORMAT(1, 2);

static void write_today(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int wrote = vsnprintf(today + today_bytes, FILE_MAX - today_bytes, format, arguments);
    va_end(arguments);
    assert_true(wrote >= 0 && (size_t)wrote < FILE_MAX - today_bytes);
    today_bytes += (size_t)wrote;
}

static void read_file(const char *name, char *out, size_t room)
{
    FILE *file = fopen(name, "rb");
    if (file == NULL)
        fail_msg("%s cannot be read", name);
    size_t bytes = fread(out, 1, room - 1, file);
    out[bytes] = 0;
    (void)fclose(file);
}

/* The words of a sheet; those of its canonical text must be the same. */
static void words_of(const sheet_case *c, char out[WORDS_MAX])
{
    static char twice[WORDS_MAX];
    sheet_case again;
    size_t bytes = WORDS_MAX, text_bytes;
    assert_int_equal(tacit_sheet_plain_words(c->sheet, out, &bytes), TACIT_OK);
    const char *text = tct_sheet_canonical(c->sheet, &text_bytes);
    sheet_case_bytes(&again, text, text_bytes, NULL);
    assert_non_null(again.sheet);
    bytes = WORDS_MAX;
    assert_int_equal(tacit_sheet_plain_words(again.sheet, twice, &bytes), TACIT_OK);
    assert_string_equal(out, twice);
    sheet_case_free(&again);
}

static void tell(const char *entry, char *words)
{
    write_today("%s\n", entry);
    for (char *line = words, *end; *line != 0; line = end + (*end != 0)) {
        end = line + strcspn(line, "\n");
        write_today(*line == '\n' ? "%.*s\n" : "  %.*s\n", (int)(end - line), line);
    }
}

/* `when …` and `reveal …`: as the first outcome of the playground. */
static void tell_form(const char *entry)
{
    static char playground[WORDS_MAX], text[2 * WORDS_MAX], words[WORDS_MAX];
    sheet_case c;
    bool reveal = strncmp(entry, "reveal ", 7) == 0;
    read_file(TACIT_SOURCE_DIR "/tests/golden/playground.tacit", playground, sizeof playground);
    int wrote = snprintf(text, sizeof text, "%s\noutcome it: It.\n  %s%s%s\n%s", playground,
                         reveal ? "when both (ready is yes)\n  reveal it: " : entry,
                         reveal ? entry + 7 : "", "", "outcome no: No.\n  otherwise\n");
    assert_true(wrote > 0 && (size_t)wrote < sizeof text);
    sheet_case_text(&c, text);
    if (c.sheet == NULL)
        fail_msg("%s\n%s", entry, c.diagnostics.items[0].message);
    words_of(&c, words);
    char *next = strstr(words, "You both see “No”");
    assert_non_null(next);
    *next = 0;
    tell(entry, words + strlen("You both see “It”"));
    sheet_case_free(&c);
}

static void tell_sheet(const char *entry)
{
    static char words[WORDS_MAX];
    sheet_case c;
    sheet_case_file(&c, entry + strlen("sheet "));
    words_of(&c, words);
    tell(entry, words);
    sheet_case_free(&c);
}

static void the_words_are_those_that_were_read_by_eye(void **state)
{
    (void)state;
    static char line[1024];
    read_file(path, golden, sizeof golden);
    unsigned entries = 0;
    for (const char *at = golden; *at != 0;) {
        size_t bytes = strcspn(at, "\n");
        assert_true(bytes < sizeof line);
        memcpy(line, at, bytes);
        line[bytes] = 0;
        at += bytes + (at[bytes] == '\n');
        if (line[0] == '#')
            write_today("%s\n", line);
        if (line[0] == 0 || line[0] == '#' || line[0] == ' ')
            continue;
        if (strncmp(line, "sheet ", 6) == 0)
            tell_sheet(line);
        else
            tell_form(line);
        entries++;
    }
    assert_true(entries > 60);
    if (writing) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(today, 1, today_bytes, file), today_bytes);
        assert_int_equal(fclose(file), 0);
        return;
    }
    size_t same = 0;
    while (golden[same] != 0 && golden[same] == today[same])
        same++;
    if (golden[same] == today[same])
        return;
    while (same > 0 && golden[same - 1] != '\n')
        same--;
    fail_msg("wanted: %.*s\n   got: %.*s", (int)strcspn(golden + same, "\n"), golden + same,
             (int)strcspn(today + same, "\n"), today + same);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_words_are_those_that_were_read_by_eye),
    };
    writing = argc > 1 && strcmp(argv[1], "--write") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
