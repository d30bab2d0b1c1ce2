/* SPDX-License-Identifier: ISC
 *
 * From text to a sheet that can be run: read, check, compile.
 */
#include "rule/sheet.h"

#include <string.h>

#include "crypto/hash.h"
#include "rule/allowed.h"
#include "rule/parser.h"
#include "rule/resolve.h"
#include "rule/state.h"

static const tct_place top = {1, 1, 1};

/* What went wrong, when it was neither memory nor complained about yet. */
static tacit_status conclude(tct_err err, const tct_complaints *c)
{
    if (err == TCT_ERR_MEMORY)
        return TACIT_ERR_MEMORY;
    if (c->list != NULL)
        tct_complaints_sort(c->list);
    return c->errors > 0 ? TACIT_ERR_SHEET : TACIT_OK;
}

/* ------------------------------------------------------------------------------ reading --- */

static tct_err parse(tacit_sheet *s, const char *text, size_t bytes, const tacit_items *items,
                     tct_complaints *c)
{
    tct_source source;
    if (bytes > TACIT_SHEET_TEXT_MAX) {
        tct_complain(c, top, "at most 65536 bytes", "this sheet is too long (%lld bytes)",
                     (long long)bytes);
        return TCT_OK;
    }
    tct_err err = tct_source_read(&source, &s->arena, text, bytes, c);
    if (err != TCT_OK)
        return err == TCT_ERR_FORMAT ? TCT_OK : err;
    err = tct_parse(&s->model, &s->arena, &source, c);
    if (err == TCT_OK && items != NULL)
        err = tct_parse_items(&s->model, &s->arena, items, c);
    if (err == TCT_OK)
        tct_resolve(&s->model, c);
    return err;
}

/* Every question needs an answer that its limits allow. */
static void check_answerable(tacit_sheet *s, tct_complaints *c)
{
    const tct_model *m = &s->model;
    for (uint32_t i = 0; i < m->question_count; i++)
        if (!tct_question_default(&m->questions[i], s->defaults))
            tct_complain(c, m->questions[i].limits[0].at, "loosen one of them",
                         "no answer to `%s` can keep to all of these limits",
                         m->questions[i].id.text);
}

static void check_size(const tacit_sheet *s, tct_err err, tct_complaints *c)
{
    static const char hint[] = "shorten a list, use fewer points, or make the rule simpler";
    const char *beyond = s->graph.beyond != NULL ? s->graph.beyond : s->compiled.beyond;
    uint32_t ands = s->compiled.circuit.and_count;
    if (err == TCT_ERR_LIMIT)
        tct_complain(c, s->model.outcomes[0].id.at, hint,
                     "this rule is too large to compute (%s)", beyond);
    else if (err == TCT_OK && ands > TCT_SHEET_ANDS_MAX)
        tct_complain(c, s->model.outcomes[0].id.at, hint,
                     "this rule is too large to compute (%u joint gates, at most %u)", ands,
                     (unsigned)TCT_SHEET_ANDS_MAX);
    else if (err == TCT_OK && s->compiled.circuit.output_count == 0)
        tct_complain(c, s->model.outcomes[0].id.at, "its conditions can never be true",
                     "this sheet always ends the same way");
}

static tct_err compile(tacit_sheet *s, tct_complaints *c)
{
    s->defaults = tct_arena_take(&s->arena, TACIT_VALUES_MAX, sizeof *s->defaults);
    if (s->defaults == NULL)
        return TCT_ERR_MEMORY;
    check_answerable(s, c);
    if (c->errors > 0)
        return TCT_OK;
    tct_err err = tct_graph_build(&s->graph, &s->arena, &s->model, c);
    if (c->errors > 0 && err != TCT_ERR_MEMORY)
        return TCT_OK;
    if (err == TCT_OK)
        err = tct_plan_make(s->plans, &s->graph, &s->arena);
    if (err == TCT_OK)
        err = tct_plan_drop(s->plans, &s->graph, &s->arena);
    if (err == TCT_OK)
        err = tct_lower(&s->compiled, &s->arena, &s->graph, s->plans);
    check_size(s, err, c);
    return err == TCT_ERR_LIMIT ? TCT_OK : err;
}

/* The canonical text is what travels, and the other device must be able to read it. */
static tct_err write_canonical(tacit_sheet *s, tct_complaints *c)
{
    tct_err err = tct_canonical_write(&s->model, &s->arena, &s->canonical, &s->canonical_bytes);
    if (err == TCT_OK && s->canonical_bytes > TACIT_SHEET_TEXT_MAX)
        tct_complain(c, top, "at most 65536 bytes",
                     "written out, with its items, this sheet is too long (%lld bytes)",
                     (long long)s->canonical_bytes);
    return err;
}

static tct_err finish(tacit_sheet *s)
{
    tct_hash hash;
    tct_hash_init(&hash, "sheet-text");
    tct_hash_field(&hash, s->canonical, s->canonical_bytes);
    tct_hash_final(&hash, s->view.fingerprint);
    s->scratch_slots = tct_arena_take(&s->arena, s->model.slot_count, sizeof(int64_t));
    s->scratch_values = tct_arena_take(&s->arena, s->graph.count, sizeof(int64_t));
    for (int p = 0; p < 2; p++)
        s->scratch_lots[p] = tct_arena_take(&s->arena, s->graph.lots.byte_count, 1);
    if (s->scratch_slots == NULL || s->scratch_values == NULL || s->scratch_lots[0] == NULL ||
        s->scratch_lots[1] == NULL)
        return TCT_ERR_MEMORY;
    return tct_view_make(s);
}

tacit_status tacit_sheet_read(tacit_sheet **out, void *memory, size_t memory_bytes,
                              const char *text, size_t text_bytes, const tacit_items *items,
                              tacit_diagnostics *diagnostics)
{
    tct_arena arena;
    tct_complaints complaints = {.list = diagnostics};
    *out = NULL;
    if (diagnostics != NULL)
        diagnostics->count = 0;
    tct_arena_init(&arena, memory, memory_bytes);
    tacit_sheet *s = tct_arena_take(&arena, 1, sizeof *s);
    if (s == NULL)
        return TACIT_ERR_MEMORY;
    s->arena = arena;
    tct_err err = parse(s, text, text_bytes, items, &complaints);
    if (err == TCT_OK && complaints.errors == 0)
        err = compile(s, &complaints);
    if (err == TCT_OK && complaints.errors == 0)
        err = write_canonical(s, &complaints);
    if (err == TCT_OK && complaints.errors == 0)
        err = finish(s);
    tacit_status status = conclude(err, &complaints);
    if (status == TACIT_OK)
        *out = s;
    return status;
}

/* --------------------------------------------------------------------- for the session --- */

const char *tct_sheet_canonical(const tacit_sheet *sheet, size_t *bytes)
{
    *bytes = sheet->canonical_bytes;
    return sheet->canonical;
}

void tct_sheet_coin(const tacit_sheet *sheet, uint32_t *k, uint8_t *m)
{
    tct_model_coin(&sheet->model, k, m);
}

size_t tct_sheet_circuit_bytes(const tacit_sheet *sheet)
{
    const tct_circuit *c = &sheet->compiled.circuit;
    return tct_size_add(tct_arena_cost(c->gate_count, sizeof(tct_gate)),
                        tct_arena_cost(c->output_count, sizeof(uint32_t)));
}

/* Where a wire stands after the two people's inputs have changed places. */
static uint32_t exchanged(const tct_circuit *c, uint32_t wire)
{
    if (wire < c->inputs[0])
        return wire + c->inputs[1];
    return wire < c->inputs[0] + c->inputs[1] ? wire - c->inputs[0] : wire;
}

tct_err tct_sheet_circuit(const tacit_sheet *sheet, int asker_person, tct_arena *arena,
                          tct_circuit *out)
{
    const tct_circuit *c = &sheet->compiled.circuit;
    *out = *c;
    if (asker_person == 0)
        return TCT_OK;
    tct_gate *gates = tct_arena_take(arena, c->gate_count, sizeof *gates);
    uint32_t *outputs = tct_arena_take(arena, c->output_count, sizeof *outputs);
    if (gates == NULL || outputs == NULL)
        return TCT_ERR_MEMORY;
    for (uint32_t i = 0; i < c->gate_count; i++)
        gates[i] = (tct_gate){c->gates[i].kind, exchanged(c, c->gates[i].a),
                              exchanged(c, c->gates[i].b)};
    for (uint32_t i = 0; i < c->output_count; i++)
        outputs[i] = exchanged(c, c->outputs[i]);
    out->inputs[0] = c->inputs[1];
    out->inputs[1] = c->inputs[0];
    out->gates = gates;
    out->outputs = outputs;
    return TCT_OK;
}
