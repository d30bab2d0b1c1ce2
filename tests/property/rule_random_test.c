/* SPDX-License-Identifier: ISC
 *
 * Random sheets over every construct: circuit and interpreter agree, on all pairs of answers where
 * each person has up to 63 of them, and the canonical text reads as the same sheet.  A failure is shrunk and printed with its seed;
 *     rule_random_test SEED COUNT
 * replays or goes on longer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rule/allowed.h"
#include "support/sheet_case.h"
#include "support/sheet_generator.h"

static uint64_t first_seed = 1;
static unsigned sheet_count = 1500;
enum { PAIRS = 60, LISTED_MAX = 3000, LISTED_BITS = 14, ALL_MAX = 64, STEPS_MAX = 256 };
static unsigned listed_whole;

static void *memory, *again;

/* NULL: fine, or refused for its ranges; else what is wrong. */
static const char *check_reading(const tacit_sheet *sheet)
{
    static tacit_diagnostics diagnostics;
    tacit_sheet *second;
    size_t bytes, second_bytes;
    const char *text = tct_sheet_canonical(sheet, &bytes);
    if (tacit_sheet_read(&second, again, TACIT_SHEET_MEMORY, text, bytes, NULL, &diagnostics) !=
        TACIT_OK)
        return "the canonical text is refused";
    const char *second_text = tct_sheet_canonical(second, &second_bytes);
    if (bytes != second_bytes || memcmp(text, second_text, bytes) != 0)
        return "the canonical text of the canonical text differs";
    if (second->view.and_count != sheet->view.and_count)
        return "the canonical text compiles to another circuit";
    return NULL;
}

static const char *check_runs(tacit_sheet *sheet, uint64_t seed)
{
    sheet_case c = {.sheet = sheet};
    sheet_run r;
    static tacit_answers a[2];
    const tacit_answers *const answers[2] = {&a[0], &a[1]};
    const char *wrong = NULL;
    sheet_run_init(&r, sheet);
    for (int i = 0; i < PAIRS && wrong == NULL; i++) {
        tct_meaning meant, computed;
        sheet_run_draw(&r, &seed);
        for (int p = 0; p < 2; p++) {
            sheet_case_random_answers(&c, p, &a[p], &seed);
            sheet_run_encode(&r, p, &a[p]);
        }
        const uint8_t *const lots[2] = {r.lots[0], r.lots[1]};
        sheet_run_circuit(&r, &computed);
        tct_interpret(sheet, answers, lots, &meant);
        if (!sheet_same_meaning(sheet, &meant, &computed))
            wrong = "circuit and interpreter differ";
    }
    sheet_run_free(&r);
    return wrong;
}

/* All answers of a person that are allowed, "not now" as well; 0: more than ALL_MAX. */
static uint32_t all_answers(const tct_model *m, int person, tacit_answers out[ALL_MAX])
{
    uint64_t at[TACIT_VALUES_MAX] = {0};
    uint32_t count = 0;
    bool more = true;
    while (more) {
        tacit_answers *a = &out[count];
        bool allowed = true;
        memset(a, 0, sizeof *a);
        for (uint32_t i = 0; i < m->question_count; i++) {
            const tct_question *q = &m->questions[i];
            for (uint32_t k = q->first_slot; k < q->first_slot + q->slot_count; k++)
                a->value[k] = tct_slot_value(q, at[k]);
            allowed &= q->person == !person || tct_question_allowed(m, q, a->value);
        }
        if (allowed && count + 2 > ALL_MAX - 1)
            return 0;
        if (allowed) {
            out[count + 1] = *a;
            out[count + 1].not_now = true;
            count += 2;
        }
        more = false;
        for (uint32_t i = 0; i < m->question_count && !more; i++) {
            const tct_question *q = &m->questions[i];
            if (q->person == !person)
                continue;
            for (uint32_t k = q->first_slot; k < q->first_slot + q->slot_count && !more; k++) {
                more = ++at[k] < tct_slot_values(m, q);
                at[k] = more ? at[k] : 0;
            }
        }
    }
    return count;
}

/* Every pair of answers, each with lots of its own, where there are not too many. */
static const char *check_all_pairs(tacit_sheet *sheet, uint64_t seed)
{
    static tacit_answers all[2][ALL_MAX];
    uint32_t count[2];
    const char *wrong = NULL;
    sheet_run r;
    for (int p = 0; p < 2; p++) {
        uint64_t listed = 1; /* by slots: what has to be stepped through */
        for (uint32_t i = 0; i < sheet->model.question_count && listed <= STEPS_MAX; i++)
            for (uint32_t k = 0;
                 k < sheet->model.questions[i].slot_count && listed <= STEPS_MAX; k++)
                if (sheet->model.questions[i].person != !p)
                    listed *= tct_slot_values(&sheet->model, &sheet->model.questions[i]);
        count[p] = listed > STEPS_MAX ? 0 : all_answers(&sheet->model, p, all[p]);
        if (count[p] == 0)
            return NULL;
    }
    listed_whole++;
    sheet_run_init(&r, sheet);
    for (uint32_t i = 0; i < count[0] && wrong == NULL; i++)
        for (uint32_t k = 0; k < count[1] && wrong == NULL; k++) {
            const tacit_answers *const answers[2] = {&all[0][i], &all[1][k]};
            tct_meaning meant, computed;
            sheet_run_draw(&r, &seed);
            for (int p = 0; p < 2; p++)
                sheet_run_encode(&r, p, answers[p]);
            const uint8_t *const lots[2] = {r.lots[0], r.lots[1]};
            sheet_run_circuit(&r, &computed);
            tct_interpret(sheet, answers, lots, &meant);
            if (!sheet_same_meaning(sheet, &meant, &computed))
                wrong = "circuit and interpreter differ on one of all pairs";
        }
    sheet_run_free(&r);
    return wrong;
}

/* Every string that a person with allowed answers enters, by listing the answers: independent of how
 * the plan came about.  false: too many. */
static bool list_entries(tacit_sheet *sheet, sheet_run *r, int person, uint8_t *entered)
{
    const tct_model *m = &sheet->model;
    static tacit_answers a;
    uint64_t at[TACIT_VALUES_MAX] = {0}, count = 2;
    uint32_t bits = sheet->plans[person].bit_count, slot = 0;
    for (uint32_t i = 0; i < m->question_count; i++)
        for (uint32_t k = 0; k < m->questions[i].slot_count && count <= LISTED_MAX; k++)
            count *=
                m->questions[i].person == !person ? 1 : tct_slot_values(m, &m->questions[i]);
    if (count > LISTED_MAX || bits > LISTED_BITS)
        return false;
    memset(entered, 0, (size_t)1 << bits);
    do {
        bool allowed = true;
        for (uint32_t i = 0; i < m->question_count; i++) {
            const tct_question *q = &m->questions[i];
            for (uint32_t k = q->first_slot; k < q->first_slot + q->slot_count; k++)
                a.value[k] = tct_slot_value(q, at[k]);
            allowed &= q->person == !person || tct_question_allowed(m, q, a.value);
        }
        for (int not_now = 0; allowed && not_now < 2; not_now++) {
            uint32_t string = 0;
            a.not_now = not_now;
            sheet_run_encode(r, person, &a);
            for (uint32_t k = 0; k < bits; k++)
                string |= (uint32_t)r->inputs[person][k] << k;
            entered[string] = 1;
        }
        slot = 0;
        for (uint32_t i = 0; i < m->question_count && slot != UINT32_MAX; i++) {
            const tct_question *q = &m->questions[i];
            for (uint32_t k = q->first_slot; k < q->first_slot + q->slot_count; k++) {
                if (q->person != !person && ++at[k] < tct_slot_values(m, q)) {
                    slot = UINT32_MAX;
                    break;
                }
                at[k] = 0;
            }
        }
    } while (slot == UINT32_MAX);
    return true;
}

/* Bits that no allowed answers give lead to `otherwise`, with nothing revealed. */
static const char *check_cheats(tacit_sheet *sheet, uint64_t seed)
{
    sheet_case c = {.sheet = sheet};
    sheet_run r;
    static tacit_answers a;
    const char *wrong = NULL;
    static uint8_t entered[2][1 << LISTED_BITS];
    sheet_run_init(&r, sheet);
    const bool listed[2] = {list_entries(sheet, &r, 0, entered[0]),
                            list_entries(sheet, &r, 1, entered[1])};
    for (int i = 0; i < PAIRS && wrong == NULL; i++) {
        sheet_run_draw(&r, &seed);
        for (int p = 0; p < 2; p++) {
            sheet_case_random_answers(&c, p, &a, &seed);
            a.not_now = false;
            sheet_run_encode(&r, p, &a);
        }
        int cheat = i % 2;
        uint32_t bits = sheet->plans[cheat].bit_count;
        for (int k = 0; bits > 0 && k <= i % 3; k++)
            r.inputs[cheat][sheet_case_random(&seed) % bits] ^= 1;
        uint32_t string = 0;
        static uint8_t same[1 << 16];
        assert_true(bits <= sizeof same);
        memcpy(same, r.inputs[cheat], bits);
        sheet_entry_normalise(sheet, cheat, same);
        for (uint32_t k = 0; listed[cheat] && k < bits; k++)
            string |= (uint32_t)same[k] << k;
        /* With not now entered as well nothing is left to check: such a string need not be listed. */
        if (listed[cheat] ? entered[cheat][string] != 0
                          : sheet_entry_allowed(sheet, cheat, r.inputs[cheat]))
            continue;
        tct_meaning computed;
        sheet_run_circuit(&r, &computed);
        if (!sheet->model.outcomes[computed.outcome].otherwise)
            wrong = "an entry that is not allowed changes the outcome";
        for (uint32_t k = 0; k < sheet->compiled.circuit.output_count; k++)
            if (r.outputs[k] != 0)
                wrong = "an entry that is not allowed reveals something";
    }
    sheet_run_free(&r);
    return wrong;
}

static unsigned accepted;

static const char *problem(sheet_tape *tape)
{
    static char text[GENERATED_MAX];
    static tacit_diagnostics diagnostics;
    tacit_sheet *sheet;
    sheet_generate(tape, text);
    tacit_status status = tacit_sheet_read(&sheet, memory, TACIT_SHEET_MEMORY, text,
                                           strlen(text), NULL, &diagnostics);
    if (status == TACIT_ERR_SHEET)
        for (uint32_t i = 0; i < diagnostics.count; i++) {
            const char *message = diagnostics.items[i].message;
            if (strstr(message, "could become") == NULL &&
                strstr(message, "always ends") == NULL &&
                strstr(message, "can keep to") == NULL &&
                strstr(message, "nobody could") == NULL &&
                strstr(message, "only one of the two") == NULL &&
                strstr(message, "too deeply") == NULL && strstr(message, "too large") == NULL &&
                strstr(message, "different") == NULL &&
                strstr(message, "divide by zero") == NULL)
                return message;
        }
    if (status == TACIT_ERR_MEMORY)
        return "memory";
    if (status != TACIT_OK)
        return NULL;
    accepted++;
    const char *wrong = check_reading(sheet);
    if (wrong == NULL)
        wrong = check_runs(sheet, 99);
    if (wrong == NULL)
        wrong = check_all_pairs(sheet, 97);
    return wrong != NULL ? wrong : check_cheats(sheet, 98);
}

static int fails(sheet_tape *tape)
{
    return problem(tape) != NULL;
}

static void random_sheets_mean_the_same_both_ways(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + sheet_count; seed++) {
        sheet_tape tape;
        uint64_t random = seed;
        sheet_tape_fill(&tape, &random);
        if (!fails(&tape))
            continue;
        sheet_tape_shrink(&tape, fails);
        const char *wrong = problem(&tape);
        static char text[GENERATED_MAX];
        sheet_generate(&tape, text);
        fail_msg("seed %llu: %s\n%s\nreplay: rule_random_test %llu 1", (unsigned long long)seed,
                 wrong, text, (unsigned long long)seed);
    }
    print_message("%u of %u sheets were accepted, %u run on all pairs\n", accepted, sheet_count,
                  listed_whole);
    assert_true(accepted >= sheet_count / 4);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_sheets_mean_the_same_both_ways)};
    first_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : first_seed;
    sheet_count = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : sheet_count;
    memory = aligned_alloc(64, TACIT_SHEET_MEMORY);
    again = aligned_alloc(64, TACIT_SHEET_MEMORY);
    if (memory == NULL || again == NULL)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(memory);
    free(again);
    return failed;
}
