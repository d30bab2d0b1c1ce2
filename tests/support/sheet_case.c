/* SPDX-License-Identifier: ISC */
#include "support/sheet_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rule/allowed.h"

void sheet_case_bytes(sheet_case *c, const char *text, size_t bytes, const tacit_items *items)
{
    c->memory = aligned_alloc(64, TACIT_SHEET_MEMORY);
    assert_non_null(c->memory);
    c->status = tacit_sheet_read(&c->sheet, c->memory, TACIT_SHEET_MEMORY, text, bytes, items,
                                 &c->diagnostics);
    assert_int_not_equal(c->status, TACIT_ERR_MEMORY);
    assert_int_equal(c->status == TACIT_OK, c->sheet != NULL);
}

void sheet_case_text(sheet_case *c, const char *text)
{
    sheet_case_bytes(c, text, strlen(text), NULL);
}

void sheet_case_file(sheet_case *c, const char *name)
{
    char path[512];
    static char text[TACIT_SHEET_TEXT_MAX + 1];
    snprintf(path, sizeof path, "%s/sheets/%s.tacit", TACIT_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t bytes = fread(text, 1, sizeof text, file);
    fclose(file);
    sheet_case_bytes(c, text, bytes, NULL);
    if (c->sheet == NULL)
        fail_msg("%s:%u:%u: %s", path, c->diagnostics.items[0].line,
                 c->diagnostics.items[0].column, c->diagnostics.items[0].message);
}

void sheet_case_free(sheet_case *c)
{
    free(c->memory);
    memset(c, 0, sizeof *c);
}

void sheet_case_answers(const sheet_case *c, int person, tacit_answers *out, const char *lines)
{
    char copy[2048], error[160], *at = copy;
    memset(out, 0, sizeof *out);
    snprintf(copy, sizeof copy, "%s", lines);
    while (*at != 0) {
        char *end = strchr(at, '\n'), *equals = strchr(at, '=');
        assert_non_null(end);
        assert_non_null(equals);
        *end = *equals = 0;
        if (tacit_answers_set(c->sheet, person, out, at, equals + 1, error) != TACIT_OK)
            fail_msg("%s = %s: %s", at, equals + 1, error);
        at = end + 1;
    }
    if (tacit_answers_check(c->sheet, person, out, error) != TACIT_OK)
        fail_msg("%s", error);
}

uint64_t sheet_case_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void random_slots(const tct_model *m, const tct_question *q, int64_t *values,
                         uint64_t *state)
{
    int64_t *v = values + q->first_slot;
    uint64_t count = tct_slot_values(m, q);
    if (q->kind == TACIT_POINTS) {
        int64_t left = q->total;
        for (uint32_t i = 0; i + 1 < q->slot_count; i++) {
            v[i] = sheet_case_random(state) % 4 == 0
                       ? 0
                       : (int64_t)(sheet_case_random(state) % (uint64_t)(left + 1));
            left -= v[i];
        }
        v[q->slot_count - 1] = left;
        uint64_t turn = sheet_case_random(state) % q->slot_count;
        int64_t swapped = v[turn];
        v[turn] = v[q->slot_count - 1];
        v[q->slot_count - 1] = swapped;
        return;
    }
    for (uint32_t i = 0; i < q->slot_count; i++) {
        v[i] = tct_slot_value(q, sheet_case_random(state) % count);
        if (q->kind != TACIT_RANKING)
            continue;
        uint64_t other = sheet_case_random(state) % (i + 1);
        v[i] = (int64_t)i + 1;
        int64_t swapped = v[other];
        v[other] = v[i];
        v[i] = swapped;
    }
}

void sheet_case_random_answers(const sheet_case *c, int person, tacit_answers *out,
                               uint64_t *state)
{
    const tct_model *m = &c->sheet->model;
    memset(out, 0, sizeof *out);
    out->not_now = sheet_case_random(state) % 16 == 0;
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        if (q->person != 2 && q->person != person)
            continue;
        int tries = 0;
        do {
            random_slots(m, q, out->value, state);
        } while (!tct_question_allowed(m, q, out->value) && ++tries < 200);
        if (!tct_question_allowed(m, q, out->value))
            assert_true(tct_question_default(q, out->value));
        for (uint32_t k = 0; k < q->slot_count; k++)
            out->given[q->first_slot + k] = true;
    }
}

/* --------------------------------------------------------------------------------- runs --- */

void sheet_run_init(sheet_run *r, const tacit_sheet *sheet)
{
    *r = (sheet_run){.sheet = sheet};
    for (int p = 0; p < 2; p++) {
        r->inputs[p] = calloc(tct_sheet_input_count(sheet, p) + 1, 1);
        r->lots[p] = calloc(tct_sheet_lot_bytes(sheet, p) + 1, 1);
        assert_non_null(r->inputs[p]);
        assert_non_null(r->lots[p]);
    }
    r->wires = calloc(tct_circuit_wires(&sheet->compiled.circuit) + 1, 1);
    r->outputs = calloc((size_t)sheet->compiled.circuit.output_count + 1, 1);
    assert_non_null(r->wires);
    assert_non_null(r->outputs);
}

void sheet_run_free(sheet_run *r)
{
    for (int p = 0; p < 2; p++) {
        free(r->inputs[p]);
        free(r->lots[p]);
    }
    free(r->wires);
    free(r->outputs);
}

void sheet_run_draw(sheet_run *r, uint64_t *state)
{
    for (int p = 0; p < 2; p++)
        for (size_t i = 0; i < tct_sheet_lot_bytes(r->sheet, p); i++)
            r->lots[p][i] = (uint8_t)sheet_case_random(state);
}

void sheet_run_encode(sheet_run *r, int person, const tacit_answers *answers)
{
    tct_sheet_encode(r->sheet, person, answers, r->lots[person], r->inputs[person]);
}

void sheet_run_circuit(sheet_run *r, tct_meaning *out)
{
    const uint8_t *const inputs[2] = {r->inputs[0], r->inputs[1]};
    tct_circuit_evaluate(&r->sheet->compiled.circuit, inputs, r->wires, r->outputs);
    tct_sheet_read_outputs(r->sheet, r->outputs, out);
}

bool sheet_same_meaning(const tacit_sheet *sheet, const tct_meaning *a, const tct_meaning *b)
{
    if (a->outcome != b->outcome)
        return false;
    const tct_outcome *o = &sheet->model.outcomes[a->outcome];
    for (uint32_t i = 0; i < o->reveal_count; i++) {
        tct_type type = o->reveals[i].value->type;
        bool number = type == TCT_TYPE_NUMBER || type == TCT_TYPE_ITEM;
        if (number ? a->reveals[i].number != b->reveals[i].number
                   : a->reveals[i].items != b->reveals[i].items ||
                         a->reveals[i].shared != b->reveals[i].shared ||
                         a->reveals[i].percent != b->reveals[i].percent)
            return false;
    }
    return true;
}

void sheet_run_agree(sheet_run *r, const tacit_answers *const answers[2], const char *what,
                     uint64_t seed)
{
    tct_meaning meant, computed;
    for (int p = 0; p < 2; p++)
        sheet_run_encode(r, p, answers[p]);
    sheet_run_circuit(r, &computed);
    const uint8_t *const lots[2] = {r->lots[0], r->lots[1]};
    tct_interpret(r->sheet, answers, lots, &meant);
    if (sheet_same_meaning(r->sheet, &meant, &computed))
        return;
    fail_msg("%s, seed %llu: interpreter outcome %u (%lld, %llx), circuit %u (%lld, %llx)\n%s",
             what, (unsigned long long)seed, meant.outcome, (long long)meant.reveals[0].number,
             (unsigned long long)meant.reveals[0].items, computed.outcome,
             (long long)computed.reveals[0].number,
             (unsigned long long)computed.reveals[0].items, r->sheet->canonical);
}

static uint64_t entered_code(const tct_entry *e, const uint8_t *bits)
{
    uint64_t code = 0;
    if (e->thermometer) /* up to the first zero */
        while (code < e->width && bits[e->first_bit + code] != 0)
            code++;
    for (uint32_t i = 0; !e->thermometer && i < e->width; i++)
        code |= (uint64_t)bits[e->first_bit + i] << i;
    return code;
}

void sheet_entry_normalise(const tacit_sheet *sheet, int person, uint8_t *bits)
{
    const tct_plan *plan = &sheet->plans[person];
    for (uint32_t i = 0; i < plan->entry_count; i++) {
        const tct_entry *e = &plan->entries[i];
        uint64_t code = entered_code(e, bits);
        for (uint32_t k = 0; e->thermometer && k < e->width; k++)
            bits[e->first_bit + k] = k < code;
    }
}

bool sheet_entry_allowed(const tacit_sheet *sheet, int person, const uint8_t *bits)
{
    const tct_plan *plan = &sheet->plans[person];
    const tct_model *m = &sheet->model;
    static int64_t slots[TACIT_VALUES_MAX];
    bool fine = true;
    for (uint32_t i = 0; i < plan->entry_count; i++) {
        const tct_entry *e = &plan->entries[i];
        uint64_t code = entered_code(e, bits);
        fine &= code <= e->top;
        if (e->slot != TCT_NO_SLOT)
            slots[e->slot] = e->lo + e->step * (int64_t)code;
    }
    for (uint32_t i = 0; fine && i < plan->check_count; i++) {
        const tct_check *check = &plan->checks[i];
        uint32_t string = 0;
        if (check->kind == TCT_CHECK_QUESTION)
            fine = tct_question_allowed(m, &m->questions[check->index], slots);
        if (check->kind != TCT_CHECK_RESULTS)
            continue;
        for (uint32_t k = 0; k < check->width; k++)
            string |= (uint32_t)bits[check->first_bit + k] << k;
        fine = check->marked[string] != 0;
    }
    return fine;
}
