/* SPDX-License-Identifier: ISC
 *
 * One sheet has one text: however it is written, the canonical text and the fingerprint are the same,
 * and any change of meaning or wording changes them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/sheet_case.h"

static const char *const shipped[] = {"last-night",   "try-again",         "in-range",
                                      "which-one",    "common-ground",     "share-out",
                                      "two-founders", "meet-in-the-middle"};

static const char plain[] = "title T\n\nask q: Q?\n  a: A\n  b: B and more\n\noutcome k: K\n"
                            "  when both (q is a)\n\noutcome other: Else\n  otherwise\n";

/* Reads text and compares its canonical text and fingerprint with those of `plain`. */
static bool same_as_plain(const char *text)
{
    sheet_case a, b;
    size_t a_bytes, b_bytes;
    sheet_case_text(&a, plain);
    sheet_case_text(&b, text);
    assert_non_null(a.sheet);
    if (b.sheet == NULL)
        fail_msg("%s\n%s", b.diagnostics.items[0].message, text);
    const char *x = tct_sheet_canonical(a.sheet, &a_bytes);
    const char *y = tct_sheet_canonical(b.sheet, &b_bytes);
    bool texts = a_bytes == b_bytes && memcmp(x, y, a_bytes) == 0;
    bool prints = memcmp(tacit_sheet_see(a.sheet)->fingerprint,
                         tacit_sheet_see(b.sheet)->fingerprint, 32) == 0;
    assert_int_equal(texts, prints);
    sheet_case_free(&a);
    sheet_case_free(&b);
    return texts;
}

static void every_shipped_sheet_reads_as_its_canonical_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
        sheet_case a, b;
        size_t a_bytes, b_bytes;
        sheet_case_file(&a, shipped[i]);
        const char *x = tct_sheet_canonical(a.sheet, &a_bytes);
        sheet_case_bytes(&b, x, a_bytes, NULL);
        assert_non_null(b.sheet);
        const char *y = tct_sheet_canonical(b.sheet, &b_bytes);
        assert_int_equal(a_bytes, b_bytes);
        assert_memory_equal(x, y, a_bytes);
        assert_int_equal(b.diagnostics.count, 0);
        sheet_case_free(&a);
        sheet_case_free(&b);
    }
}

static void ways_of_writing_do_not_matter(void **state)
{
    (void)state;
    assert_true(same_as_plain(plain));
    /* a byte-order mark, CRLF, tabs, comments, spaces at the end, other indentation */
    assert_true(same_as_plain("\xef\xbb\xbftitle T\r\n# a comment\r\nask q:  Q?\r\n\ta: A  \r\n"
                              "\tb: B and\r\n\t\tmore\r\noutcome k: K\r\n      when both\r\n"
                              "          (q is a)\r\noutcome other: Else\r\n otherwise\r\n"));
    /* the order of what stands at the margin, where it has no meaning */
    assert_true(same_as_plain("outcome k: K\n  when ((both (q is a)))\noutcome other: Else\n"
                              "  otherwise\nask q: Q?\n  a: A\n  b: B and more\ntitle T"));
}

/* A line that begins with # is a comment wherever it stands; a # elsewhere is a sign like any. */
static void comments_are_no_part_of_the_text(void **state)
{
    (void)state;
    assert_true(
        same_as_plain("title T\n  # of a title\nask q: Q?\n  a: A\n    # below an option\n"
                      "  # between two\n  b: B\n# at the margin\n    and more\n"
                      "outcome k: K\n  when both\n# in a rule\n   # and here\n    (q is a)\n"
                      "outcome other: Else\n  otherwise\n"));
    sheet_case c, again;
    size_t bytes;
    sheet_case_text(&c, "title # T\nabout # first\n  # no text\n  more\n\n  second\n# no\n"
                        "  paragraph\nask q: # Q\n  a: # A\n  b: B # B\noutcome k: # K\n"
                        "  when both (q is a)\n  say # said\n    # not said\n"
                        "outcome other: Else\n  otherwise\n");
    assert_non_null(c.sheet);
    const tacit_sheet_view *v = tacit_sheet_see(c.sheet);
    assert_string_equal(v->title, "# T");
    assert_string_equal(v->about, "# first more\nsecond paragraph");
    assert_string_equal(v->questions[0].prompt, "# Q");
    assert_string_equal(v->questions[0].options[1].text, "B # B");
    assert_string_equal(v->outcomes[0].say, "# said");
    const char *canonical = tct_sheet_canonical(c.sheet, &bytes);
    sheet_case_bytes(&again, canonical, bytes, NULL);
    assert_non_null(again.sheet);
    assert_memory_equal(v->fingerprint, tacit_sheet_see(again.sheet)->fingerprint, 32);
    sheet_case_free(&again);
    sheet_case_free(&c);
}

static void every_change_matters(void **state)
{
    (void)state;
    static const char *const changed[] = {
        "title t\nask q: Q?\n  a: A\n  b: B and more\noutcome k: K\n  when both (q is a)\n"
        "outcome other: Else\n  otherwise\n",
        "title T\nask q: Q\n  a: A\n  b: B and more\noutcome k: K\n  when both (q is a)\n"
        "outcome other: Else\n  otherwise\n",
        "title T\nask q: Q?\n  b: B and more\n  a: A\noutcome k: K\n  when both (q is a)\n"
        "outcome other: Else\n  otherwise\n",
        "title T\nask q: Q?\n  a: A\n  b: B and more\noutcome k: K\n  when either (q is a)\n"
        "outcome other: Else\n  otherwise\n",
        "title T\nask q: Q?\n  a: A\n  b: B and more\noutcome k: K\n  when both (q is a)\n"
        "outcome other: Else\n  otherwise\n  also by chance 1 in 8\n",
        "title T\nask q: Q?\n  a: A\n  b: B and more\noutcome k: K\n  when both (q is a)\n"
        "outcome other: Else\n  otherwise\nnote when q is b\n  Word.\n",
    };
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
        assert_false(same_as_plain(changed[i]));
}

static void four_words_are_those_of_the_fingerprint(void **state)
{
    (void)state;
    char words[sizeof shipped / sizeof *shipped][64];
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
        sheet_case c;
        unsigned spaces = 0;
        sheet_case_file(&c, shipped[i]);
        tacit_sheet_words(c.sheet, words[i]);
        for (const char *s = words[i]; *s != 0; s++)
            spaces += *s == ' ';
        assert_int_equal(spaces, 3);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(words[i], words[k]);
        sheet_case_free(&c);
    }
}

/* Room too small: the figure that is needed, and nothing written beyond the room. */
static void voices_say_how_much_room_they_need(void **state)
{
    (void)state;
    sheet_case c;
    sheet_case_file(&c, "last-night");
    tacit_status (*const voices[])(const tacit_sheet *, char *,
                                   size_t *) = {tacit_sheet_plain_words, tacit_sheet_json};
    for (int i = 0; i < 2; i++) {
        char small[16], text[16384];
        size_t bytes = 8, whole = sizeof text;
        memset(small, '#', sizeof small);
        assert_int_equal(voices[i](c.sheet, small, &bytes), TACIT_ERR_SPACE);
        assert_int_equal(small[8], '#');
        assert_int_equal(voices[i](c.sheet, text, &whole), TACIT_OK);
        assert_int_equal(bytes, whole);
        assert_int_equal(strlen(text) + 1, whole);
        bytes = whole - 1;
        assert_int_equal(voices[i](c.sheet, text, &bytes), TACIT_ERR_SPACE);
    }
    sheet_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_sheet_reads_as_its_canonical_text),
        cmocka_unit_test(ways_of_writing_do_not_matter),
        cmocka_unit_test(comments_are_no_part_of_the_text),
        cmocka_unit_test(every_change_matters),
        cmocka_unit_test(four_words_are_those_of_the_fingerprint),
        cmocka_unit_test(voices_say_how_much_room_they_need),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
