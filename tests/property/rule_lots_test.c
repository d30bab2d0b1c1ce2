/* SPDX-License-Identifier: ISC
 *
 * Lots are what they are said to be: exactly, where all random strings can be listed, else by counting.
 * Counting fails an honest lot with probability below 10^-9 a test: chi-square against its mean plus
 * seven standard deviations and more (k + 7·sqrt(2k) + 50), with fixed seeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rule/lots.h"
#include "support/sheet_case.h"

enum { ROUNDS = 20000 };

/* chi-square of counts that should all be equal, in hundredths. */
static void check_even(const uint32_t *counts, uint32_t kinds, const char *what)
{
    uint64_t total = 0, sum = 0;
    for (uint32_t i = 0; i < kinds; i++)
        total += counts[i];
    for (uint32_t i = 0; i < kinds; i++) {
        int64_t off = (int64_t)counts[i] * kinds - (int64_t)total;
        sum += (uint64_t)(off * off) / total * 100 / kinds;
    }
    uint64_t k = kinds - 1, root = 0;
    while (root * root < 2 * k)
        root++;
    if (sum > 100 * (k + 7 * root + 50))
        fail_msg("%s: chi-square %llu.%02llu over %u kinds", what,
                 (unsigned long long)(sum / 100), (unsigned long long)(sum % 100), kinds);
}

typedef struct {
    sheet_case c;
    sheet_run r;
    tacit_answers a[2];
    uint64_t seed;
} lottery;

static void begin(lottery *l, const char *text, const char *first, const char *second)
{
    l->seed = 42;
    sheet_case_text(&l->c, text);
    assert_non_null(l->c.sheet);
    sheet_run_init(&l->r, l->c.sheet);
    sheet_case_answers(&l->c, 0, &l->a[0], first);
    sheet_case_answers(&l->c, 1, &l->a[1], second);
}

static void end(lottery *l)
{
    sheet_run_free(&l->r);
    sheet_case_free(&l->c);
}

static void draw(lottery *l, tct_meaning *out)
{
    sheet_run_draw(&l->r, &l->seed);
    for (int p = 0; p < 2; p++)
        sheet_run_encode(&l->r, p, &l->a[p]);
    sheet_run_circuit(&l->r, out);
}

/* The network sorts: by the zero-one principle it is enough that it sorts every string of bits. */
static void the_shuffling_network_sorts(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 14; n++) {
        tct_exchange network[TCT_EXCHANGES_MAX];
        uint32_t count = tct_shuffle_network(n, network);
        for (uint32_t string = 0; string < 1u << n; string++) {
            uint32_t bits = string;
            for (uint32_t i = 0; i < count; i++) {
                uint32_t low = bits >> network[i].low & 1, high = bits >> network[i].high & 1;
                if (low > high)
                    bits ^= 1u << network[i].low | 1u << network[i].high;
            }
            for (uint32_t i = 0; i + 1 < n; i++)
                assert_true((bits >> i & 1) <= (bits >> (i + 1) & 1));
        }
    }
    tct_exchange network[TCT_EXCHANGES_MAX];
    assert_int_equal(tct_shuffle_network(64, network), TCT_EXCHANGES_MAX);
    assert_int_equal(tct_shuffle_network(16, network), 63);
}

/* A number below N from K lots is floor((N(2R+1) - d)/2^(K+1)): here with 10 lots instead of 40, over
 * all 1,024 strings, no count is off by more than one. */
static void a_drawn_number_is_as_even_as_its_lots_allow(void **state)
{
    (void)state;
    for (int64_t n = 1; n <= 100; n++)
        for (int less_one = 0; less_one < 2; less_one++) {
            uint32_t counts[100] = {0};
            tct_lots lots = {0};
            tct_lots_bits(&lots, 10);
            for (uint32_t string = 0; string < 1024; string++) {
                const uint8_t mine[2] = {(uint8_t)string, (uint8_t)(string >> 8)};
                const uint8_t theirs[2] = {0x5a, 0x03}; /* any */
                const uint8_t *const raw[2] = {mine, theirs};
                const tct_view_point v = {.draws = &lots, .lots = raw};
                int64_t drawn = tct_interpret_below(&v, 0, n, less_one != 0);
                assert_true(drawn >= 0 && drawn < n);
                counts[drawn]++;
            }
            for (int64_t i = 0; i < n; i++) {
                int64_t off = (int64_t)counts[i] * n - 1024;
                assert_true(off < 2 * n && -off < 2 * n);
            }
        }
}

static const char price[] =
    "title T\npeople owner, buyer\nask owner least: L?\n  number 0 to 1000 step 5\n"
    "ask buyer most: M?\n  number 0 to 1000 step 5\noutcome k: K\n"
    "  when most >= least\n"
    "  reveal price: any step from owner.least to buyer.most, by lot\n"
    "outcome other: Else\n  otherwise\n";

static void every_step_of_a_price_is_as_likely(void **state)
{
    (void)state;
    static lottery l;
    uint32_t counts[37] = {0};
    begin(&l, price, "least=100\n", "most=280\n");
    for (int i = 0; i < ROUNDS; i++) {
        tct_meaning meaning;
        draw(&l, &meaning);
        int64_t step = (meaning.reveals[0].number - 100) / 5;
        assert_true(step >= 0 && step <= 36 && meaning.reveals[0].number % 5 == 0);
        counts[step]++;
    }
    check_even(counts, 37, "price");
    end(&l);
}

static const char wishes[] =
    "title T\nlist l\n  a: A\n  b: B\n  c: C\n  d: D\n  e: E\n  f: F\n"
    "ask each l like: L?\n  no: N\n  yes: Y\nask n: N?\n  number 0 to 9\noutcome k: K\n"
    "  when any of l where both (like is yes)\n"
    "  reveal some: l where both (like is yes), at most min (n) by lot\n"
    "  reveal one: best of l where both (like is yes) by count (like is yes), ties by lot\n"
    "outcome other: Else\n  otherwise\n";

static void items_by_lot_are_even_in_themselves_and_together(void **state)
{
    (void)state;
    static lottery l;
    uint32_t sets[64] = {0}, pairs[10] = {0}, singles[5] = {0};
    begin(&l, wishes,
          "like.a=yes\nlike.b=yes\nlike.c=no\nlike.d=yes\nlike.e=yes\nlike.f=yes\nn=2\n",
          "like.a=yes\nlike.b=yes\nlike.c=yes\nlike.d=yes\nlike.e=yes\nlike.f=yes\nn=7\n");
    for (int i = 0; i < ROUNDS; i++) {
        tct_meaning meaning;
        draw(&l, &meaning);
        uint64_t set = meaning.reveals[0].items;
        assert_true(set < 64 && (set >> 2 & 1) == 0 && __builtin_popcountll(set) == 2);
        sets[set]++;
        int64_t one = meaning.reveals[1].number;
        assert_true(one >= 0 && one < 6 && one != 2);
        singles[one - (one > 2)]++;
    }
    for (uint32_t set = 0, at = 0; set < 64; set++)
        if ((set >> 2 & 1) == 0 && __builtin_popcount(set) == 2)
            pairs[at++] = sets[set];
    check_even(pairs, 10, "pairs of items");
    check_even(singles, 5, "one of five");
    end(&l);
}

static void ties_of_a_split_are_even(void **state)
{
    (void)state;
    static lottery l;
    uint32_t counts[16] = {0}, ways[6], at = 0;
    begin(&l,
          "title T\nlist l\n  a: A\n  b: B\n  c: C\n  d: D\nask points: P?\n  points 8 over l\n"
          "outcome k: K\n  when count of l > 0\n  reveal who: fairest split of l\n"
          "outcome other: Else\n  otherwise\n",
          "points=a=2, b=2, c=2, d=2\n", "points=a=2, b=2, c=2, d=2\n");
    for (int i = 0; i < ROUNDS; i++) {
        tct_meaning meaning;
        draw(&l, &meaning);
        counts[meaning.reveals[0].items]++;
    }
    for (uint32_t way = 0; way < 16; way++) {
        if (__builtin_popcount(way) == 2)
            ways[at++] = counts[way];
        else
            assert_int_equal(counts[way], 0);
    }
    check_even(ways, 6, "splits");
    end(&l);
}

/* One person who always enters the same string, whatever it is, does not make the lot less even. */
static void one_honest_person_is_enough(void **state)
{
    (void)state;
    static lottery l;
    for (int cheat = 0; cheat < 2; cheat++) {
        uint32_t counts[37] = {0}, singles[5] = {0};
        begin(&l, price, "least=100\n", "most=280\n");
        for (int i = 0; i < ROUNDS; i++) {
            tct_meaning meaning;
            sheet_run_draw(&l.r, &l.seed);
            memset(l.r.lots[cheat], 0xa7, tct_sheet_lot_bytes(l.c.sheet, cheat));
            for (int p = 0; p < 2; p++)
                sheet_run_encode(&l.r, p, &l.a[p]);
            sheet_run_circuit(&l.r, &meaning);
            counts[(meaning.reveals[0].number - 100) / 5]++;
        }
        check_even(counts, 37, "price with one cheat");
        end(&l);
        begin(&l, wishes,
              "like.a=yes\nlike.b=yes\nlike.c=no\nlike.d=yes\nlike.e=yes\nlike.f=yes\nn=1\n",
              "like.a=yes\nlike.b=yes\nlike.c=yes\nlike.d=yes\nlike.e=yes\nlike.f=yes\nn=7\n");
        for (int i = 0; i < ROUNDS; i++) {
            tct_meaning meaning;
            sheet_run_draw(&l.r, &l.seed);
            for (int p = 0; p < 2; p++)
                sheet_run_encode(&l.r, p, &l.a[p]);
            /* Any setting of the exchanges is some order, also one that no tags give. */
            memset(l.r.inputs[cheat] + l.c.sheet->plans[cheat].bit_count, cheat,
                   l.c.sheet->graph.lots.bit_count);
            sheet_run_circuit(&l.r, &meaning);
            int64_t one = meaning.reveals[1].number;
            singles[one - (one > 2)]++;
        }
        check_even(singles, 5, "one of five with one cheat");
        end(&l);
    }
}

/* A coin of K in N takes as many strings of bits as it should, to the string: whatever the other
 * person adds, of the 2^m that one draws K·2^m/N make it fall. */
static void a_coin_falls_for_exactly_its_share_of_all_strings(void **state)
{
    (void)state;
    static const struct {
        unsigned k, n;
    } coins[] = {{1, 2},   {1, 8},    {3, 4},    {3, 12},     {5, 16},
                 {7, 128}, {1, 1024}, {2, 1024}, {683, 1024}, {1023, 1024}};
    for (size_t i = 0; i < sizeof coins / sizeof *coins; i++) {
        static lottery l;
        char text[256];
        snprintf(text, sizeof text,
                 "title T\nask n: N?\n  number 0 to 9\noutcome k: K\n  when sum (n) > 3\n"
                 "outcome other: Else\n  otherwise\n  also by chance %u in %u\n",
                 coins[i].k, coins[i].n);
        begin(&l, text, "n=5\n", "n=5\n");
        uint32_t bits = l.c.sheet->graph.lots.draws[0].count, fell = 0;
        for (uint32_t string = 0; string < 1u << bits; string++) {
            tct_meaning meaning;
            const uint8_t mine[2] = {(uint8_t)string, (uint8_t)(string >> 8)};
            memcpy(l.r.lots[0], mine, (bits + 7) / 8);
            memcpy(l.r.lots[1], "\xa5\x01", (bits + 7) / 8);
            for (int p = 0; p < 2; p++)
                sheet_run_encode(&l.r, p, &l.a[p]);
            sheet_run_circuit(&l.r, &meaning);
            fell += meaning.outcome == 1;
        }
        assert_int_equal((uint64_t)fell * coins[i].n, (uint64_t)coins[i].k << bits);
        end(&l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shuffling_network_sorts),
        cmocka_unit_test(a_drawn_number_is_as_even_as_its_lots_allow),
        cmocka_unit_test(every_step_of_a_price_is_as_likely),
        cmocka_unit_test(items_by_lot_are_even_in_themselves_and_together),
        cmocka_unit_test(ties_of_a_split_are_even),
        cmocka_unit_test(one_honest_person_is_enough),
        cmocka_unit_test(a_coin_falls_for_exactly_its_share_of_all_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
