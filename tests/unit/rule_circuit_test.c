/* SPDX-License-Identifier: ISC
 *
 * What the sheets cost, held to a golden file; what stands in their circuits; and the essay's night.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/sheet_case.h"

/* tests/golden/ands.txt: name, items of the editable list (0: as shipped), ANDs, the goal, and what a
 * circuit made by hand needs. */
static void every_sheet_costs_what_the_golden_file_says(void **state)
{
    (void)state;
    char path[512], line[256], name[64];
    snprintf(path, sizeof path, "%s/tests/golden/ands.txt", TACIT_SOURCE_DIR);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    int lines = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned items = 0, ands = 0, goal = 0, hand = 0;
        if (line[0] == '#' ||
            sscanf(line, "%63s %u %u %u %u", name, &items, &ands, &goal, &hand) != 5)
            continue;
        lines++;
        sheet_case c;
        char sheet[512], list[4096] = "";
        static char text[TACIT_SHEET_TEXT_MAX];
        for (unsigned i = 0; i < items; i++)
            snprintf(list + strlen(list), sizeof list - strlen(list), "thing-%u: Thing %u\n", i,
                     i);
        snprintf(sheet, sizeof sheet, "%s/sheets/%s.tacit", TACIT_SOURCE_DIR, name);
        FILE *source = fopen(sheet, "rb");
        assert_non_null(source);
        size_t bytes = fread(text, 1, sizeof text, source);
        fclose(source);
        const tacit_items edited = {NULL, list, strlen(list)};
        sheet_case_bytes(&c, text, bytes, items > 0 ? &edited : NULL);
        assert_non_null(c.sheet);
        if (c.sheet->view.and_count != ands)
            fail_msg("%s with %u items: %u ANDs; %s says %u", name, items,
                     c.sheet->view.and_count, path, ands);
        assert_true(goal == 0 || ands <= goal);
        assert_true(hand == 0 || 10 * ands <= 13 * hand);
        assert_true(tct_circuit_valid(&c.sheet->compiled.circuit));
        sheet_case_free(&c);
    }
    fclose(file);
    assert_true(lines >= 12);
}

/* One bit each and three of the coin each; the joint part is their AND and the coin. */
static void last_night_is_the_and_of_two_bits_and_its_coin(void **state)
{
    (void)state;
    sheet_case c;
    sheet_case_file(&c, "last-night");
    assert_true(c.sheet->view.and_count <= 4);
    for (int p = 0; p < 2; p++) {
        assert_int_equal(c.sheet->plans[p].bit_count, 1);
        assert_int_equal(c.sheet->plans[p].check_count, 0);
        assert_int_equal(tct_sheet_input_count(c.sheet, p), 4);
        assert_int_equal(tct_sheet_lot_bytes(c.sheet, p), 1);
    }
    assert_int_equal(c.sheet->compiled.circuit.output_count, 1);
    uint32_t k;
    uint8_t m;
    tct_sheet_coin(c.sheet, &k, &m);
    assert_int_equal(k, 1);
    assert_int_equal(m, 3);
    sheet_case_free(&c);
}

/* She hopes and would feel wanted; he is ready, but angry, and drank.  Whatever the coin does, both see
 * Not tonight; what either device enters is the same as for any other no; she alone sees the note. */
static void the_essays_own_night(void **state)
{
    (void)state;
    sheet_case c;
    sheet_run r;
    static tacit_answers she, he, plain;
    const char *texts[8];
    sheet_case_file(&c, "last-night");
    sheet_run_init(&r, c.sheet);
    sheet_case_answers(
        &c, 0, &she, "ending=hope\ntonight=wanted\ntomorrow=fine\ndrink=nothing\nslept=same\n");
    sheet_case_answers(&c, 1, &he,
                       "ending=ready\ntonight=anger\ntomorrow=fine\ndrink=more\nslept=same\n");
    sheet_case_answers(&c, 0, &plain, "not-now=yes\n");
    for (unsigned lots = 0; lots < 64; lots++) {
        r.lots[0][0] = lots & 7;
        r.lots[1][0] = (uint8_t)(lots >> 3);
        sheet_run_encode(&r, 0, &plain);
        uint8_t as_plain = r.inputs[0][0];
        sheet_run_encode(&r, 0, &she);
        sheet_run_encode(&r, 1, &he);
        assert_int_equal(r.inputs[0][0], as_plain);
        const uint8_t *const inputs[2] = {r.inputs[0], r.inputs[1]};
        tct_circuit_evaluate(&c.sheet->compiled.circuit, inputs, r.wires, r.outputs);
        for (int reader = 0; reader < 2; reader++) {
            tacit_outcome outcome;
            tct_sheet_decode(c.sheet, reader, r.outputs, &outcome);
            assert_string_equal(outcome.outcome->headline, "Not tonight.");
            assert_int_equal(outcome.reveal_count, 0);
        }
    }
    assert_int_equal(tacit_notes(c.sheet, 0, &she, texts, 8), 1);
    assert_non_null(strstr(texts[0], "fiery limbo"));
    assert_int_equal(tacit_notes(c.sheet, 1, &he, texts, 8), 2);
    sheet_run_free(&r);
    sheet_case_free(&c);
}

/* The asker may take the second role: then the input wires change places, and nothing else. */
static void the_second_role_may_ask(void **state)
{
    (void)state;
    static const char *const names[] = {"last-night", "in-range", "meet-in-the-middle",
                                        "share-out"};
    for (size_t i = 0; i < 4; i++) {
        sheet_case c;
        sheet_run r;
        static tacit_answers a[2];
        uint64_t seed = 3;
        sheet_case_file(&c, names[i]);
        sheet_run_init(&r, c.sheet);
        size_t bytes = tct_sheet_circuit_bytes(c.sheet);
        void *memory = malloc(bytes);
        tct_arena arena;
        tct_circuit swapped;
        assert_non_null(memory);
        tct_arena_init(&arena, memory, bytes);
        assert_int_equal(tct_sheet_circuit(c.sheet, 1, &arena, &swapped), TCT_OK);
        assert_true(tct_circuit_valid(&swapped));
        for (int round = 0; round < 50; round++) {
            for (int p = 0; p < 2; p++)
                sheet_case_random_answers(&c, p, &a[p], &seed);
            sheet_run_draw(&r, &seed);
            sheet_run_encode(&r, 0, &a[0]);
            sheet_run_encode(&r, 1, &a[1]);
            tct_meaning meaning;
            uint8_t outputs[64];
            assert_true(swapped.output_count <= sizeof outputs);
            sheet_run_circuit(&r, &meaning);
            memcpy(outputs, r.outputs, swapped.output_count);
            const uint8_t *const inputs[2] = {r.inputs[1], r.inputs[0]};
            tct_circuit_evaluate(&swapped, inputs, r.wires, r.outputs);
            assert_memory_equal(outputs, r.outputs, swapped.output_count);
        }
        free(memory);
        sheet_run_free(&r);
        sheet_case_free(&c);
    }
}

/* Whoever says not now enters the same bits whatever was answered before. */
static void not_now_enters_nothing_of_the_answers(void **state)
{
    (void)state;
    static const char *const names[] = {"common-ground", "share-out", "two-founders",
                                        "in-range"};
    for (size_t i = 0; i < 4; i++) {
        sheet_case c;
        sheet_run r;
        static tacit_answers a, none;
        uint64_t seed = 5;
        sheet_case_file(&c, names[i]);
        sheet_run_init(&r, c.sheet);
        uint32_t bits = c.sheet->plans[0].bit_count;
        uint8_t *first = malloc(bits);
        assert_non_null(first);
        memset(&none, 0, sizeof none);
        none.not_now = true;
        sheet_run_encode(&r, 0, &none);
        memcpy(first, r.inputs[0], bits);
        for (int round = 0; round < 50; round++) {
            sheet_case_random_answers(&c, 0, &a, &seed);
            a.not_now = true;
            sheet_run_encode(&r, 0, &a);
            assert_memory_equal(first, r.inputs[0], bits);
        }
        free(first);
        sheet_run_free(&r);
        sheet_case_free(&c);
    }
}

/* An outcome that leaves no choice has constant outputs; they are no outputs of the circuit, and are
 * read all the same. */
static void constant_outputs_are_read(void **state)
{
    (void)state;
    sheet_case c;
    sheet_run r;
    static tacit_answers a;
    sheet_case_text(
        &c, "title T\nlist l\n  a: A\n  b: B\nask n: N?\n  number 0 to 3\n"
            "outcome never: Never\n  when both (n > 2) and both (n < 2)\n"
            "outcome k: K\n  when both (n > 1)\n  reveal five: 5\n  reveal one: l where 1 > 2\n"
            "outcome other: Else\n  otherwise\n");
    assert_non_null(c.sheet);
    sheet_run_init(&r, c.sheet);
    sheet_case_answers(&c, 0, &a, "n=3\n");
    sheet_run_encode(&r, 0, &a);
    sheet_run_encode(&r, 1, &a);
    const uint8_t *const inputs[2] = {r.inputs[0], r.inputs[1]};
    tct_circuit_evaluate(&c.sheet->compiled.circuit, inputs, r.wires, r.outputs);
    tacit_outcome outcome;
    tct_sheet_decode(c.sheet, 0, r.outputs, &outcome);
    assert_string_equal(outcome.outcome->id, "k");
    assert_int_equal(outcome.reveal_count, 2);
    assert_int_equal(outcome.reveals[0].number, 5);
    assert_true(outcome.reveals[1].is_set);
    assert_int_equal(outcome.reveals[1].item_count, 0);
    sheet_run_free(&r);
    sheet_case_free(&c);
}

/* Outputs other than the outcome and its own reveals are zero. */
static void reveals_of_other_outcomes_are_zero(void **state)
{
    (void)state;
    static const char *const names[] = {"common-ground", "share-out", "two-founders",
                                        "which-one", "meet-in-the-middle"};
    for (size_t i = 0; i < 5; i++) {
        sheet_case c;
        sheet_run r;
        static tacit_answers a[2];
        uint64_t seed = 11;
        sheet_case_file(&c, names[i]);
        sheet_run_init(&r, c.sheet);
        for (int round = 0; round < 200; round++) {
            for (int p = 0; p < 2; p++) {
                sheet_case_random_answers(&c, p, &a[p], &seed);
                a[p].not_now = round % 2 == 0 && p == round / 2 % 2;
            }
            sheet_run_draw(&r, &seed);
            sheet_run_encode(&r, 0, &a[0]);
            sheet_run_encode(&r, 1, &a[1]);
            tct_meaning meaning;
            sheet_run_circuit(&r, &meaning);
            if (!c.sheet->model.outcomes[meaning.outcome].otherwise)
                continue;
            for (uint32_t k = 0; k < c.sheet->compiled.circuit.output_count; k++)
                assert_int_equal(r.outputs[k], 0);
        }
        sheet_run_free(&r);
        sheet_case_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sheet_costs_what_the_golden_file_says),
        cmocka_unit_test(last_night_is_the_and_of_two_bits_and_its_coin),
        cmocka_unit_test(the_essays_own_night),
        cmocka_unit_test(the_second_role_may_ask),
        cmocka_unit_test(not_now_enters_nothing_of_the_answers),
        cmocka_unit_test(constant_outputs_are_read),
        cmocka_unit_test(reveals_of_other_outcomes_are_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
