/* SPDX-License-Identifier: ISC
 *
 * Every complaint stands at its line and column, underlines the right words, and says what was
 * probably meant.  Each case is a whole sheet; line, column and width are as a reader would count
 * them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/sheet_case.h"

typedef struct {
    uint32_t line, column, width;
    const char *message, *hint; /* parts of them */
} expected;

static void check(const char *text, const expected *wanted, uint32_t count)
{
    sheet_case c;
    sheet_case_text(&c, text);
    const tacit_diagnostics *d = &c.diagnostics;
    for (uint32_t i = 0; i < count; i++) {
        if (i >= d->count)
            fail_msg("missing: %u:%u %s\n%s", wanted[i].line, wanted[i].column,
                     wanted[i].message, text);
        const tacit_diagnostic *got = &d->items[i];
        bool same = got->line == wanted[i].line && got->column == wanted[i].column &&
                    got->width == wanted[i].width &&
                    strstr(got->message, wanted[i].message) != NULL &&
                    strstr(got->hint, wanted[i].hint) != NULL;
        if (!same)
            fail_msg("wanted %u:%u+%u %s [%s]\n   got %u:%u+%u %s [%s]\n%s", wanted[i].line,
                     wanted[i].column, wanted[i].width, wanted[i].message, wanted[i].hint,
                     got->line, got->column, got->width, got->message, got->hint, text);
    }
    if (d->count > count)
        fail_msg("one more: %u:%u %s\n%s", d->items[count].line, d->items[count].column,
                 d->items[count].message, text);
    sheet_case_free(&c);
}

/* Nothing after the text: nothing is wrong with it. */
#define CHECK(...) CHECK_AS(__VA_ARGS__, {0})
#define CHECK_AS(text, ...)                                                                    \
    do {                                                                                       \
        const expected wanted[] = {__VA_ARGS__};                                               \
        check(text, wanted, sizeof wanted / sizeof *wanted - 1);                               \
    } while (0)

#define HEAD                                                                                   \
    "title T\nask want: Pizza?\n  yes: Yes\n  no: No\nask n: How many?\n  number 0 to 10\n"
#define TAIL       "outcome other: Else\n  otherwise\n"
#define RULE(when) HEAD "outcome k: K\n  when " when "\n" TAIL /* the rule is line 8 */

static void words_at_the_margin(void **state)
{
    (void)state;
    CHECK("titel T\nask want: Pizza?\n  yes or no\noutcome k: K\n  when both (want is "
          "yes)\n" TAIL,
          {1, 1, 5, "cannot begin with", "did you mean `title`?"});
    CHECK(HEAD "outcome k: K\n  when both (want is yes)\n" TAIL "qqqq\n",
          {11, 1, 4, "cannot begin with", "title, about"});
    CHECK("", {1, 1, 1, "no title", "title One last night"}, {1, 1, 1, "asks nothing", ""},
          {1, 1, 1, "no outcome", ""});
    CHECK("  title T\n", {1, 3, 1, "indented", "margin"});
}

static void names(void **state)
{
    (void)state;
    CHECK(RULE("both (wnat is yes)"), {8, 14, 4, "no question called `wnat`", "`want`"});
    CHECK(RULE("both (want is yess)"), {8, 22, 4, "`yess` is no option of `want`", "`yes`"});
    CHECK(RULE("both (want is zebra)"), {8, 22, 5, "no option", "the options are yes, no"});
    CHECK(RULE("both (want is one of no, yse)"), {8, 33, 3, "no option", "`yes`"});
    CHECK(RULE("both (want at least maybe)"), {8, 28, 5, "no option", "yes, no"});
    CHECK(RULE("owner.want is yes"),
          {8, 8, 5, "no role called `owner`", "people owner, buyer"});
    CHECK(RULE("any of whishes where both (want is yes)"),
          {8, 15, 7, "no list called", "no list"});
    CHECK(RULE("both (n-1 > 2)"),
          {8, 14, 3, "no question called `n-1`", "a space on both sides"});
}

static void whose_answer(void **state)
{
    (void)state;
    CHECK(RULE("want is yes"), {8, 8, 4, "whose answer", "both (…)"});
    CHECK(RULE("both (both (want is yes))"), {8, 14, 4, "each person is asked in turn", ""});
    CHECK(RULE("both (want is yes)") "note when both (want is yes)\n  Word.\n",
          {11, 11, 4, "one person's answers", ""});
    CHECK("title T\npeople a1, b1\nask a1 x: X?\n  yes or no\nask b1 y: Y?\n  yes or no\n"
          "outcome k: K\n  when x is yes and y is yes\n" TAIL
          "note when a1.x is yes and b1.y is no\n  Word.\n",
          {11, 23, 3, "both people", "one for each person"});
    CHECK("title T\npeople a1, b1\nask a1 x: X?\n  yes or no\nask b1 y: Y?\n  yes or no\n"
          "outcome k: K\n  when both (x is yes)\n" TAIL,
          {8, 14, 1, "only one of the two people is asked", "role.question"});
}

static void types(void **state)
{
    (void)state;
    CHECK(RULE("both (want)"), {8, 14, 4, "an option, where something true", "`is`"});
    CHECK(RULE("both (n)"), {8, 14, 1, "a number, where something true", ""});
    CHECK(RULE("sum (n)"), {8, 8, 3, "a number, where something true", ""});
    CHECK(RULE("sum (want) > 1"), {8, 13, 4, "an option, where a number", ""});
    CHECK(RULE("both (n is yes)"), {8, 19, 3, "no question called `yes`", ""});
    CHECK(RULE("both (want > 3)"), {8, 14, 4, "an option, where a number", ""});
    CHECK(RULE("both (if n > 3 then want is yes else 4)"),
          {8, 45, 1, "a number, where something true", ""});
}

static void expressions_that_break_off(void **state)
{
    (void)state;
    CHECK(RULE("both (want is yes"), {8, 25, 1, "expected `)`", ""});
    CHECK(RULE("both (want is yes))"), {8, 26, 1, "nothing more was expected here", ""});
    CHECK(RULE("both (want is)"), {8, 21, 1, "expected a name, a number or a parenthesis", ""});
    CHECK(RULE("both (want is yes) an both (want is no)"),
          {8, 27, 2, "nothing more was expected here, but there is `an`", ""});
    CHECK(RULE(""), {8, 7, 1, "expected a name", ""});
    CHECK(RULE("both (n > 1.5)"), {8, 18, 3, "whole numbers", ""});
    CHECK(RULE("both (n > 99999999999999999999)"), {8, 18, 20, "too large", ""});
    CHECK(RULE("both (n > 3x)"), {8, 18, 2, "a letter right after", ""});
    CHECK(RULE("both (want is yes) ; 3"), {8, 27, 1, "no meaning here", ""});
    CHECK(RULE("if both (n > 1) then both (n > 2)"), {8, 41, 1, "expected `else`", ""});
    CHECK(RULE("best of want by n"), {8, 25, 1, "equally good", "ties by lot"});
}

static void arithmetic(void **state)
{
    (void)state;
    CHECK(RULE("both (n / 3 > 1)"), {8, 16, 1, "come out even", "rounded down"});
    CHECK(RULE("both (10 / n rounded up > 1)"), {8, 17, 1, "divide by zero", ""});
    CHECK(RULE("sum (n * 1000000 * 1000000 * 1000000) > 1"),
          {8, 35, 1, "could become larger", ""});
}

static void questions(void **state)
{
    (void)state;
#define ASK(below) "title T\nask q: Q?\n" below "outcome k: K\n  when both (q > 1)\n" TAIL
    CHECK(ASK("  number 5 to 3\n"), {3, 3, 6, "must be above the smallest", ""});
    CHECK(ASK("  number 0 to 10 step 3\n"), {3, 3, 6, "whole number of steps", ""});
    CHECK(ASK("  number 0 to 10 step 0\n"), {3, 3, 6, "above zero", ""});
    CHECK(ASK("  number 0 - 10\n"), {3, 12, 1, "expected `to`", ""});
    CHECK(ASK("  points 10 over stuff\n"), {3, 18, 5, "no list called `stuff`", ""});
    CHECK(ASK("  nonsense\n"), {3, 3, 8, "no way to answer", "options as"});
    CHECK("title T\nask q: Q?\noutcome k: K\n  when both (q is a)\n" TAIL,
          {2, 5, 1, "says nothing about how", "yes or no"}, {4, 19, 1, "no option of `q`", ""});
    CHECK("title T\nask q: Q?\n  a: A\n   b: B\noutcome k: K\n  when both (q is a)\n" TAIL,
          {2, 5, 1, "only one possible answer", ""},
          {4, 4, 1, "looks like a line of its own", ""});
    CHECK("title T\nask q: Q?\n  a: A\n b: B\noutcome k: K\n  when both (q is a)\n" TAIL,
          {4, 2, 1, "does not stand below", ""});
    CHECK("title T\nask q: Q?\n  a: A\n  a: B\noutcome k: K\n  when both (q is a)\n" TAIL,
          {4, 3, 1, "`a` is there twice", ""});
    CHECK("title T\nask Q: Q?\n  a: A\n  b: B\noutcome k: K\n  when either (q is a)\n" TAIL,
          {2, 5, 1, "capital letter", "lower-case"},
          {6, 16, 1, "no question called `q`", "`Q`"});
    CHECK("title T\nask both: Q?\n  a: A\n  b: B\noutcome k: K\n  when 1 > 2\n" TAIL,
          {2, 5, 4, "`both` is a word of the language", ""});
    CHECK("title T\nask q: Q?\n  yes or no\nask q: R?\n  yes or no\noutcome k: K\n"
          "  when both (q is yes)\n" TAIL,
          {4, 5, 1, "two questions called `q`", ""});
    CHECK("title T\nask owner q: Q?\n  yes or no\noutcome k: K\n  when both (q is yes)\n" TAIL,
          {2, 5, 5, "no role called `owner`", "people owner, buyer"});
#undef ASK
}

static void outcomes(void **state)
{
    (void)state;
    CHECK(HEAD "outcome k: K\n  when both (n > 1)\n",
          {7, 9, 1, "no outcome is there for not now", ""});
    CHECK(HEAD TAIL, {7, 9, 5, "always ends the same way", ""});
    CHECK(HEAD TAIL "outcome k: K\n  when both (n > 1)\n", {9, 9, 1, "must be the last", ""});
    CHECK(HEAD "outcome k: K\n  when both (n > 1)\n" TAIL TAIL,
          {11, 9, 5, "two outcomes called", ""},
          {11, 9, 5, "second outcome with `otherwise`", ""});
    CHECK(HEAD "outcome k: K\n  when both (n > 1)\n  also by chance 1 in 8\n" TAIL,
          {9, 3, 4, "never the reverse", "otherwise"});
    CHECK(RULE("both (n > 1)") "  also by chance 1 in 3\n",
          {11, 3, 4, "cannot be drawn exactly", "2, 4, 8"});
    CHECK(RULE("both (n > 1)") "  also by chance 9 in 8\n", {11, 3, 4, "is no chance", ""});
    CHECK(RULE("both (n > 1)") "  also by chance 1 in 2048\n",
          {11, 3, 4, "is no chance", "1024"});
    CHECK(RULE("both (n > 1)") "  reveal x: sum (n)\n", {11, 10, 1, "it reveals nothing", ""});
    CHECK(HEAD "outcome k: K\n  whne both (n > 1)\n" TAIL,
          {8, 3, 4, "lines that begin with", "`when`"});
    CHECK(HEAD "outcome k: K\n" TAIL, {7, 9, 1, "does not say when", ""});
    CHECK(HEAD "outcome k\n  when both (n > 1)\n" TAIL, {7, 9, 1, "what people read", ""});
    CHECK(HEAD "outcome k: K\n  when both (n > 1)\n  when both (n > 2)\n" TAIL,
          {9, 3, 4, "already says when", "`and`"});
    CHECK(HEAD "outcome k: K\n  when both (n > 1)\n  reveal x: both (n > 2)\n" TAIL,
          {9, 13, 4, "numbers and items can be revealed", ""});
    CHECK(HEAD "outcome k: K\n  when any step from 1 to 2, by lot > 1\n" TAIL,
          {8, 8, 3, "only be drawn for what an outcome reveals", "reveal"});
    CHECK(RULE("both (n > 20)"), {7, 9, 1, "always ends the same way", ""});
}

static void lists(void **state)
{
    (void)state;
#define LIST       "title T\nlist l, 2 to 3\n  a: A\n  b: B\nask each l q: Q?\n  x: X\n  y: Y\n"
#define WHEN(rule) LIST "outcome k: K\n  when " rule "\n" TAIL /* line 9 */
    CHECK(WHEN("both (q is x)"), {9, 14, 1, "for each item", "like for walk"});
    CHECK(WHEN("both (q for c is x)"), {9, 20, 1, "`c` is no item of `l`", "a, b"});
    CHECK(WHEN("any of l both (q is x)"), {9, 17, 4, "expected `where`", ""});
    CHECK(WHEN("any of ll where both (q is x)"), {9, 15, 2, "no list called", "`l`"});
    CHECK(WHEN("(min of count (q is x) over l where both (q is x)) > 1"),
          {9, 9, 3, "no smallest", ""});
    CHECK("title T\nlist l, 2 to 3\n  a: A\nask n: N?\n  number 0 to 2\noutcome k: K\n"
          "  when sum (n) > 1\n" TAIL,
          {2, 6, 1, "has 1 item, but needs 2 to 3", "add some"});
    CHECK("title T\nlist l\n  a: A\n  a: B\nask n: N?\n  number 0 to 2\noutcome k: K\n"
          "  when sum (n) > 1\n" TAIL,
          {4, 3, 1, "`a` is in the list twice", ""});
    CHECK(LIST
          "  at most 5 of them z\n  more than half of them x\n  fewer than half of them x\n"
          "outcome k: K\n  when any of l where both (q is x)\n" TAIL,
          {8, 21, 1, "`z` is no option of `q`", ""});
    CHECK(LIST "  more than half of them x\n  fewer than half of them x\n"
               "outcome k: K\n  when any of l where both (q is x)\n" TAIL,
          {8, 3, 4, "no answer to `q` can keep to all", ""});
    CHECK(LIST "outcome k: K\n  when any of l where both (q is x)\n  reveal r: fairest split "
               "of l\n" TAIL,
          {10, 13, 7, "one spread of points", "points 100 over"});
#undef WHEN
#undef LIST
}

/* What is wrong with the items of a pair is said of their file. */
static void items_of_a_pair(void **state)
{
    (void)state;
    static const char sheet[] =
        "title T\nlist l, yours to change, 2 to 3\n  a: A\n  b: B\nask n: N?\n"
        "  number 0 to 2\noutcome k: K\n  when sum (n) > 1\n" TAIL;
    static const struct {
        const char *items;
        expected wanted;
    } cases[] = {
        {"x: X\nx: Y\n", {2, 1, 1, "in the items: `x` is in the list twice", "its own name"}},
        {"x: X\n", {1, 1, 1, "in the items: the list `l` has 1 item, but needs 2 to 3", "add"}},
        {"", {1, 1, 1, "in the items: the list `l` has 0 items, but needs 2 to 3", "add"}},
        {"a: A\nb: B\nc: C\nd: D\n", {1, 1, 1, "has 4 items, but needs 2 to 3", "take"}},
        {"a: A\nB: B\n", {2, 1, 1, "in the items: `B` has a capital letter", ""}},
        {"a: A\nb: B\xe2\x80\x8b\n", {2, 5, 1, "in the items: there is an invisible", ""}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sheet_case c;
        const tacit_items items = {.text = cases[i].items,
                                   .text_bytes = strlen(cases[i].items)};
        sheet_case_bytes(&c, sheet, strlen(sheet), &items);
        const tacit_diagnostic *got = &c.diagnostics.items[0];
        const expected *wanted = &cases[i].wanted;
        if (c.diagnostics.count == 0 || got->line != wanted->line ||
            got->column != wanted->column || strstr(got->message, wanted->message) == NULL ||
            strstr(got->hint, wanted->hint) == NULL)
            fail_msg("case %u: %u:%u %s [%s]", (unsigned)i, got->line, got->column,
                     got->message, got->hint);
        sheet_case_free(&c);
    }
}

/* Two options each, of which every one is wanted: no mixture of two options keeps to all. */
static void limits_that_can_be_kept_are_taken(void **state)
{
    (void)state;
#define FOUR                                                                                   \
    "title T\nlist l\n  a: A\n  b: B\n  c: C\n  d: D\nask each l q: Q?\n  o: O\n  p: P\n  r: " \
    "R\n"                                                                                      \
    "  s: S\n"
#define REST "outcome k: K\n  when any of l where both (q is o)\n" TAIL
    CHECK(FOUR "  at least 1 of them o\n  at least 1 of them p\n  at least 1 of them r\n"
               "  at least 1 of them s\n" REST);
    CHECK(FOUR "  at least 2 of them o or p\n  at least 2 of them r or s\n"
               "  at most 1 of them o\n  at most 1 of them r\n" REST);
    CHECK(FOUR "  at least 3 of them o or p\n  at least 2 of them r or s\n" REST,
          {12, 3, 2, "no answer to `q` can keep to all", ""});
    CHECK(FOUR "  at most 1 of them o\n  at most 1 of them p\n  at most 1 of them r\n"
               "  at most 0 of them s\n" REST,
          {12, 3, 2, "no answer to `q` can keep to all", ""});
    CHECK(FOUR "  at most 1 of them o\n  at most 1 of them p\n  at most 1 of them r\n"
               "  at most 1 of them s\n" REST);
#undef REST
#undef FOUR
}

static void pacing(void **state)
{
    (void)state;
    CHECK(RULE("both (n > 1)") "once every 3 parsecs\n",
          {11, 14, 7, "hours, days or weeks", ""});
    CHECK(RULE("both (n > 1)") "sleep on it 100 hours\n", {11, 13, 3, "not a time", "1 to 72"});
    CHECK(RULE("both (n > 1)") "may sleep it\n", {11, 11, 2, "expected `on`", ""});
    CHECK(RULE("both (n > 1)") "once every day\nonce every week\n",
          {12, 1, 4, "second `once every`", ""});
}

/* Spellings from elsewhere: one complaint each, which says how it is written here. */
static void what_others_would_write(void **state)
{
    (void)state;
    static const char *const rules[][2] = {
        {"both (want is yes) && both (n > 1)", "write `and`"},
        {"both (want is yes) || both (n > 1)", "write `or`"},
        {"both (want is \"yes\")", "without quotation marks"},
        {"both (want is \u201cyes\u201d)", "without quotation marks"},
        {"both (want != yes)", "write `not`, or `is not`"},
        {"both (n == 3)", "write one ="},
        {"both (n > = 3)", "without a space"},
        {"both (n \u2265 3)", "write >="},
        {"both (n \u2212 3 > 1)", "for a minus type -"},
        {"both\u00a0(n > 1)", "no ordinary space"},
        {"both [n > 1]", "parentheses are ( and )"},
        {"both (\u00e9t\u00e9 > 1)", "letters from a to z"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        char text[512];
        sheet_case c;
        snprintf(text, sizeof text, HEAD "outcome k: K\n  when %s\n" TAIL, rules[i][0]);
        sheet_case_text(&c, text);
        if (c.diagnostics.count != 1 ||
            strstr(c.diagnostics.items[0].hint, rules[i][1]) == NULL)
            fail_msg("%s: %u, %s [%s]", rules[i][0], c.diagnostics.count,
                     c.diagnostics.items[0].message, c.diagnostics.items[0].hint);
        sheet_case_free(&c);
    }
    CHECK(HEAD "outcome k: K\n  if both (n > 1)\n" TAIL,
          {8, 3, 2, "lines that begin with", "did you mean `when`?"});
    CHECK(HEAD "outcome k: K\n  when both (n > 1)\noutcome other: Else\n  else\n",
          {10, 3, 4, "lines that begin with", "did you mean `otherwise`?"});
    CHECK(RULE("both (n > 1)") "  also by chance 10%\n", {11, 20, 1, "no meaning", "1 in 8"});
    CHECK("title T\nask n: N?\n  number 0 to 5,000\noutcome k: K\n  when both (n > 1)\n" TAIL,
          {3, 16, 1, "a number has no comma in it", "write 5000"});
    /* Where nothing better is known, an example of the form. */
    CHECK("title T\nlist l (yours)\n  a: A\nask n: N?\n  points over l\noutcome k: K\n"
          "  when 1 > 2\n  reveal 3\n" TAIL "once per week\n",
          {2, 8, 1, "nothing more was expected", "list wishes, yours to change"},
          {5, 10, 4, "expected how many points", "points 100 over things"},
          {8, 10, 1, "a name for what is revealed", "a name"},
          {11, 6, 3, "expected `every`", "once every 7 days"});
    /* The roles are told once, and what uses them is left alone. */
    CHECK("title T\npeople Ann and Bob\nask ann n: N?\n  number 0 to 9\nask bob n: N?\n"
          "  number 0 to 9\noutcome k: K\n  when both (n > 1)\n" TAIL,
          {2, 8, 3, "`Ann` has a capital letter", "lower-case"});
    CHECK("title: T\nabout: A.\nask n: N?\n  number 0 to 9\noutcome k: K\n"
          "  when both (n > 1)\n" TAIL); /* a colon does no harm there */
}

/* Several at once, in the order of the file, one for each clause. */
static void all_errors_are_told_at_once(void **state)
{
    (void)state;
    CHECK("title T\nask want: Pizza?\n  yes: Yes\n  yes: No\noutcome k: K\n  when both (wnat "
          "is yes)\n"
          "outcome l: L\n  when want is no\noutcome other: Else\n  otherwhise\n",
          {4, 3, 3, "twice", ""}, {6, 14, 4, "`wnat`", "`want`"}, {8, 8, 4, "whose answer", ""},
          {10, 3, 10, "lines that begin with", "`otherwise`"});
}

/* Columns count characters, also after accents, wide letters and tabs. */
static void columns_count_characters(void **state)
{
    (void)state;
    CHECK(HEAD "outcome k: K\n\twhen both (want is yess)\n" TAIL,
          {8, 21, 4, "`yess`", "`yes`"});
    CHECK("title T\nask q: Q?\n  a: \xc3\xa9t\xc3\xa9 \xe6\x9b\xb8 \x01 x\n",
          {3, 12, 1, "control character", ""});
}

static void text_that_is_refused(void **state)
{
    (void)state;
    CHECK("title T\xff\xfe here\n", {1, 8, 1, "not UTF-8", ""}, {1, 9, 1, "not UTF-8", ""});
    CHECK("title \xc0\x80\n", {1, 7, 1, "not UTF-8", ""});
    CHECK("title \xed\xa0\x80\n", {1, 7, 1, "not UTF-8", ""});
    CHECK("title \xf4\x90\x80\x80\n", {1, 7, 1, "not UTF-8", ""});
    CHECK("title a\rb\n", {1, 8, 1, "control character", ""});
    CHECK("title \x1b[2J\n", {1, 7, 1, "control character", ""});
    CHECK("title \xc2\x9b"
          "1m\n",
          {1, 7, 1, "control character", ""});
    CHECK("title \xe2\x80\xae"
          "x\n",
          {1, 7, 1, "direction", ""});
    CHECK("title \xe2\x81\xa6"
          "x\n",
          {1, 7, 1, "direction", ""});
    CHECK("title a\xef\xbb\xbf\n", {1, 8, 1, "invisible", ""});
    CHECK("title \xe2\x80\x8f"
          "x\n",
          {1, 7, 1, "direction", "remove"});
    CHECK("title a\x7f\n", {1, 8, 1, "control character", ""});
}

/* Nothing that cannot be seen gets into a text; and what emoji and scripts are written with does. */
static void characters_that_show_nothing(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "\xc2\xad",         "\xcd\x8f",     "\xe1\x85\x9f",     "\xe1\x85\xa0",
        "\xe1\xa0\x8e",     "\xe2\x80\x8b", "\xe2\x80\x8c",     "\xe2\x80\x8d",
        "\xe2\x80\x8e",     "\xe2\x81\xa0", "\xe2\x81\xa4",     "\xe2\xa0\x80",
        "\xe3\x85\xa4",     "\xef\xb8\x8f", "\xef\xbe\xa0",     "\xef\xbf\xb9",
        "\xef\xbf\xbb",     "\xef\xbf\xbe", "\xf0\x9d\x85\xb3", "\xf3\xa0\x80\xa0",
        "\xf3\xa0\x84\x80", "\xd8\x9c",     "\xf0\x9f\xbf\xbf",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        sheet_case c;
        char text[64];
        snprintf(text, sizeof text, "title a%sb\n", refused[i]);
        sheet_case_text(&c, text);
        if (c.diagnostics.count != 1 || c.diagnostics.items[0].column != 8 ||
            strstr(c.diagnostics.items[0].message, "invisible character") == NULL)
            fail_msg("character %u: %u, %s", (unsigned)i, c.diagnostics.count,
                     c.diagnostics.items[0].message);
        sheet_case_free(&c);
    }
#define TITLED(title)                                                                          \
    "title " title "\nask n: N?\n  number 0 to 9\noutcome k: K\n  when sum (n) > 1\n" TAIL
    CHECK(TITLED("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9")); /* two people, joined */
    CHECK(
        TITLED("\xe2\x9d\xa4\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x94\xa5")); /* a heart, on fire */
    CHECK(TITLED("1\xef\xb8\x8f\xe2\x83\xa3"));                          /* a key */
    CHECK(TITLED(
        "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85")); /* Persian */
    CHECK(TITLED("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7"));            /* Hindi */
    CHECK(TITLED("\xe8\x91\x9b\xf3\xa0\x84\x80")); /* a form of an ideograph */
    CHECK(TITLED("\xf0\x9f\x91\xa9\xe2\x80\x8d"), {1, 8, 1, "joins nothing", "remove"});
    CHECK(TITLED("\xe8\x91\x9b\xef\xb8\x8f"), {1, 8, 1, "changes nothing", "remove"});
#undef TITLED
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    sheet_case c;
    sheet_case_bytes(&c, "title a\0b\n", 10, NULL);
    assert_int_equal(c.diagnostics.count, 1);
    assert_int_equal(c.diagnostics.items[0].column, 8);
    assert_non_null(strstr(c.diagnostics.items[0].message, "NUL"));
    sheet_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_at_the_margin),
        cmocka_unit_test(names),
        cmocka_unit_test(whose_answer),
        cmocka_unit_test(types),
        cmocka_unit_test(expressions_that_break_off),
        cmocka_unit_test(arithmetic),
        cmocka_unit_test(questions),
        cmocka_unit_test(outcomes),
        cmocka_unit_test(lists),
        cmocka_unit_test(items_of_a_pair),
        cmocka_unit_test(limits_that_can_be_kept_are_taken),
        cmocka_unit_test(pacing),
        cmocka_unit_test(what_others_would_write),
        cmocka_unit_test(all_errors_are_told_at_once),
        cmocka_unit_test(columns_count_characters),
        cmocka_unit_test(text_that_is_refused),
        cmocka_unit_test(characters_that_show_nothing),
        cmocka_unit_test(a_nul_byte_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
