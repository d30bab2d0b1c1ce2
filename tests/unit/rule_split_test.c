/* SPDX-License-Identifier: ISC
 *
 * Dividing things: the fairest split against every way to divide, and the adjusted winner against its
 * definition, on all spreads of a few points over a few things.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/sheet_case.h"

enum { SPREADS_MAX = 4096 };

static void make_sheet(sheet_case *c, const char *method, int things, int points)
{
    char text[1024];
    size_t at = (size_t)snprintf(text, sizeof text, "title T\nlist things\n");
    for (int i = 0; i < things; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "  t%d: Thing\n", i);
    snprintf(text + at, sizeof text - at,
             "ask points: P?\n  points %d over things\noutcome split: S\n  when count of "
             "things > 0\n"
             "  reveal who: %s\noutcome other: Else\n  otherwise\n",
             points, method);
    sheet_case_text(c, text);
    assert_non_null(c->sheet);
}

static int list_spreads(int things, int points, int64_t (*out)[10])
{
    int64_t v[10] = {0};
    int count = 0;
    for (;;) {
        int64_t sum = 0;
        for (int i = 0; i + 1 < things; i++)
            sum += v[i];
        if (sum <= points) {
            v[things - 1] = points - sum;
            memcpy(out[count++], v, sizeof v);
            assert_true(count < SPREADS_MAX);
        }
        int i = 0;
        while (i + 1 < things && ++v[i] > points)
            v[i++] = 0;
        if (i + 1 >= things)
            return count;
    }
}

static void set_points(tacit_answers *a, const int64_t *v, int things)
{
    memset(a, 0, sizeof *a);
    memcpy(a->value, v, (size_t)things * sizeof *v);
}

/* The set of best ways, as bits of a mask over the ways; no more than 6 things. */
static uint64_t best_ways(const int64_t *a, const int64_t *b, int things)
{
    int64_t most_small = -1, most_sum = -1;
    uint64_t best = 0;
    for (int way = 0; way < 1 << things; way++) {
        int64_t first = 0, second = 0;
        for (int i = 0; i < things; i++) {
            first += way >> i & 1 ? 0 : a[i];
            second += way >> i & 1 ? b[i] : 0;
        }
        int64_t small = first < second ? first : second;
        if (small > most_small || (small == most_small && first + second > most_sum)) {
            most_small = small;
            most_sum = first + second;
            best = 0;
        }
        if (small == most_small && first + second == most_sum)
            best |= (uint64_t)1 << way;
    }
    return best;
}

static void check_fairest(int things, int points, int stride)
{
    sheet_case c;
    sheet_run r;
    static tacit_answers a[2];
    static int64_t spreads[SPREADS_MAX][10];
    const tacit_answers *const answers[2] = {&a[0], &a[1]};
    uint64_t seed = 17;
    make_sheet(&c, "fairest split of things by points, ties by lot", things, points);
    sheet_run_init(&r, c.sheet);
    int count = list_spreads(things, points, spreads);
    for (int i = 0; i < count; i++)
        for (int j = i % stride; j < count; j += stride) {
            set_points(&a[0], spreads[i], things);
            set_points(&a[1], spreads[j], things);
            sheet_run_draw(&r, &seed);
            sheet_run_agree(&r, answers, "fairest", seed);
            tct_meaning meaning;
            sheet_run_circuit(&r, &meaning);
            uint64_t best = best_ways(spreads[i], spreads[j], things);
            if ((best >> meaning.reveals[0].items & 1) == 0)
                fail_msg("%d things, %d points, spreads %d and %d: not a best way", things,
                         points, i, j);
        }
    sheet_run_free(&r);
    sheet_case_free(&c);
}

static void the_fairest_split_is_a_best_way(void **state)
{
    (void)state;
    check_fairest(2, 1, 1);
    check_fairest(2, 7, 1);
    check_fairest(3, 7, 1);
    check_fairest(3, 8, 1);
    check_fairest(4, 5, 1);
    check_fairest(5, 4, 7);
    check_fairest(6, 3, 5);
}

/* Over all lots of a small draw each of the tied ways comes up; counted below in rule_lots_test. */
static void every_tied_way_is_drawn(void **state)
{
    (void)state;
    sheet_case c;
    sheet_run r;
    static tacit_answers a[2];
    uint64_t seed = 23, seen = 0;
    make_sheet(&c, "fairest split of things", 4, 4);
    sheet_run_init(&r, c.sheet);
    const int64_t even[10] = {1, 1, 1, 1};
    for (int p = 0; p < 2; p++)
        set_points(&a[p], even, 4);
    for (int i = 0; i < 600; i++) {
        tct_meaning meaning;
        sheet_run_draw(&r, &seed);
        for (int p = 0; p < 2; p++)
            sheet_run_encode(&r, p, &a[p]);
        sheet_run_circuit(&r, &meaning);
        seen |= (uint64_t)1 << meaning.reveals[0].items;
    }
    assert_true(seen == best_ways(even, even, 4));
    assert_int_equal(__builtin_popcountll(seen), 6);
    sheet_run_free(&r);
    sheet_case_free(&c);
}

static void check_winner(int things, int points, const char *method)
{
    sheet_case c;
    sheet_run r;
    static tacit_answers a[2];
    static int64_t spreads[SPREADS_MAX][10];
    const tacit_answers *const answers[2] = {&a[0], &a[1]};
    uint64_t seed = 29;
    make_sheet(&c, method, things, points);
    sheet_run_init(&r, c.sheet);
    int count = list_spreads(things, points, spreads);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            tct_meaning meaning;
            set_points(&a[0], spreads[i], things);
            set_points(&a[1], spreads[j], things);
            sheet_run_draw(&r, &seed);
            sheet_run_agree(&r, answers, method, seed);
            sheet_run_circuit(&r, &meaning);
            /* Totals in hundredths differ by at most what rounding to a percent can cost. */
            int64_t first = 0, second = 0, most = 0;
            for (int k = 0; k < things; k++) {
                int64_t percent = (meaning.reveals[0].items >> k & 1) != 0 ? 100 : 0;
                bool shared = (meaning.reveals[0].shared >> k & 1) != 0;
                percent = shared ? meaning.reveals[0].percent : percent;
                first += (100 - percent) * spreads[i][k];
                second += percent * spreads[j][k];
                int64_t both = spreads[i][k] + spreads[j][k];
                most = both > most ? both : most;
            }
            if (strstr(method, "nothing") == NULL)
                assert_true(llabs(first - second) <= most);
            else
                assert_int_equal(meaning.reveals[0].shared, 0);
        }
    sheet_run_free(&r);
    sheet_case_free(&c);
}

static void the_adjusted_winner_gives_both_as_much(void **state)
{
    (void)state;
    check_winner(2, 7, "adjusted winner of things");
    check_winner(3, 6, "adjusted winner of things by points");
    check_winner(4, 3, "adjusted winner of things");
    check_winner(3, 6, "adjusted winner of things, nothing shared");
}

/* The book's own kind of example: 100 points, the second thing is shared. */
static void a_known_adjusted_winner(void **state)
{
    (void)state;
    sheet_case c;
    static tacit_answers a, b;
    const tacit_answers *const answers[2] = {&a, &b};
    const uint8_t seed[32] = {1};
    tacit_outcome outcome;
    make_sheet(&c, "adjusted winner of things", 3, 100);
    sheet_case_answers(&c, 0, &a, "points=t0=60, t1=25, t2=15\n");
    sheet_case_answers(&c, 1, &b, "points.t0=30\npoints.t1=30\npoints.t2=40\n");
    /* In the order t0 (2), t1 (5/6), t2 (3/8): t0 alone gives 60 against 70, so t0 and a part x of t1:
     * 60 + 25x = 40 + 30(1 - x), x = 10/55: the second person gets 82 percent of t1. */
    for (int reader = 0; reader < 2; reader++) {
        assert_int_equal(tacit_sheet_evaluate(c.sheet, answers, seed, reader, &outcome),
                         TACIT_OK);
        const tacit_reveal *r = &outcome.reveals[0];
        assert_true(r->is_split);
        assert_int_equal(r->item_count, 3);
        const int wanted[2][3] = {{0, 82, 100}, {100, 18, 0}};
        for (int i = 0; i < 3; i++)
            assert_int_equal(r->percent_to_them[i], wanted[reader][i]);
        assert_int_equal(r->to_them[1], reader == 0);
    }
    sheet_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fairest_split_is_a_best_way),
        cmocka_unit_test(every_tied_way_is_drawn),
        cmocka_unit_test(the_adjusted_winner_gives_both_as_much),
        cmocka_unit_test(a_known_adjusted_winner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
