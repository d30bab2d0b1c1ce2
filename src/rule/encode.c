/* SPDX-License-Identifier: ISC
 *
 * From answers to input bits on one device, and from output bits to an outcome.
 */
#include <string.h>

#include "base/mask.h"
#include "crypto/hash.h"
#include "rule/interpret.h"

uint32_t tct_sheet_input_count(const tacit_sheet *sheet, int person)
{
    return sheet->plans[person].bit_count + sheet->graph.lots.bit_count;
}

size_t tct_sheet_lot_bytes(const tacit_sheet *sheet, int person)
{
    (void)person; /* both draw as many */
    return sheet->graph.lots.byte_count;
}

/* Who says not now enters allowed answers that they never gave, so that nothing of what they
 * already did answer goes any further. */
static int64_t answer_or_default(const tacit_answers *answers, const int64_t *defaults,
                                 uint32_t slot, tct_mask not_now)
{
    uint64_t given = (uint64_t)answers->value[slot], other = (uint64_t)defaults[slot];
    return (int64_t)((other & not_now.bits) | (given & ~not_now.bits));
}

static void encode_entry(const tct_entry *e, int64_t value, uint8_t *bits)
{
    uint64_t code = e->step == 0 ? 0 : (uint64_t)(value - e->lo) / (uint64_t)e->step;
    for (uint32_t i = 0; i < e->width; i++) {
        /* A thermometer's bit i says code > i: the sign of i - code. */
        uint64_t bit = e->thermometer ? ((uint64_t)i - code) >> 63 : code >> i;
        bits[e->first_bit + i] = (uint8_t)(bit & 1);
    }
}

void tct_sheet_encode(const tacit_sheet *sheet, int person, const tacit_answers *answers,
                      const uint8_t *lots, uint8_t *bits)
{
    const tct_plan *plan = &sheet->plans[person];
    const tct_model *m = &sheet->model;
    /* Scratch of the sheet itself, since nothing is allocated here; wiped below. */
    int64_t *slots = sheet->scratch_slots, *values = sheet->scratch_values;
    tct_mask not_now = tct_mask_of_bit(answers->not_now);
    for (uint32_t i = 0; i < m->slot_count; i++)
        slots[i] = answer_or_default(answers, sheet->defaults, i, not_now);
    tct_graph_evaluate(&sheet->graph, plan->order, plan->order_count, slots, answers->not_now,
                       values);
    for (uint32_t i = 0; i < plan->entry_count; i++) {
        const tct_entry *e = &plan->entries[i];
        /* An entered slot may be no node of the graph: its value is the answer itself. */
        encode_entry(e, e->slot != TCT_NO_SLOT ? slots[e->slot] : values[e->node], bits);
    }
    tct_lots_encode(&sheet->graph.lots, lots, bits + plan->bit_count);
    tct_wipe(slots, m->slot_count * sizeof *slots);
    tct_wipe(values, sheet->graph.count * sizeof *values);
}

/* ------------------------------------------------------------------------------ outcome --- */

static void tell_items(const tct_list *list, const tacit_sheet *sheet, int list_index,
                       uint64_t items, tacit_reveal *r)
{
    for (uint32_t i = 0; i < list->item_count; i++)
        if ((items >> i & 1) != 0)
            r->items[r->item_count++] = &sheet->view.lists[list_index].items[i];
}

static const char *unit_of(const tct_model *m, const tct_expr *e)
{
    if (e->op == TCT_E_ANSWER) {
        int q = e->question[e->question[0] < 0 || e->person == 1];
        return m->questions[q].unit;
    }
    for (uint32_t i = 0; i < e->kid_count; i++) {
        const char *unit = unit_of(m, e->kids[i]);
        if (*unit != 0)
            return unit;
    }
    return "";
}

static void tell_reveal(const tacit_sheet *sheet, const tct_reveal *reveal, int reader,
                        const tct_value *value, tacit_reveal *out)
{
    const tct_expr *e = reveal->value;
    *out = (tacit_reveal){.id = reveal->id.text, .unit = ""};
    if (e->type == TCT_TYPE_NUMBER) {
        out->number = value->number;
        out->unit = unit_of(&sheet->model, e);
        return;
    }
    const tct_list *list = &sheet->model.lists[e->list_index];
    out->is_set = e->type == TCT_TYPE_SET;
    out->is_item = e->type == TCT_TYPE_ITEM;
    out->is_split = e->type == TCT_TYPE_SPLIT;
    uint64_t all = ~(uint64_t)0, items = value->items;
    if (out->is_item)
        items = (uint64_t)1 << (value->number & 63);
    tell_items(list, sheet, e->list_index, out->is_split ? all : items, out);
    /* A split's bit says that the second person gets the item. */
    for (uint32_t i = 0; out->is_split && i < list->item_count; i++) {
        uint32_t second = (value->items >> i & 1) != 0 ? 100 : 0;
        if ((value->shared >> i & 1) != 0)
            second = value->percent;
        uint32_t percent = reader == 0 ? second : 100 - second;
        out->to_them[i] = percent > 50 || (percent == 50 && reader == 0);
        out->percent_to_them[i] = (uint8_t)percent;
    }
}

static void tell(const tacit_sheet *sheet, int reader, const tct_meaning *meaning,
                 tacit_outcome *out)
{
    const tct_outcome *o = &sheet->model.outcomes[meaning->outcome];
    memset(out, 0, sizeof *out);
    out->outcome = &sheet->view.outcomes[meaning->outcome];
    out->reveal_count = o->reveal_count;
    for (uint32_t i = 0; i < o->reveal_count; i++)
        tell_reveal(sheet, &o->reveals[i], reader, &meaning->reveals[i], &out->reveals[i]);
}

typedef struct {
    const uint8_t *fixed, *outputs;
    uint32_t at; /* of the real outputs */
} output_reader;

/* The next declared output: constant, or the next real one. */
static uint64_t next_output(output_reader *r, uint32_t call)
{
    return r->fixed[call] == 2 ? r->outputs[r->at++] : r->fixed[call];
}

void tct_sheet_decode(const tacit_sheet *sheet, int reader, const uint8_t *outputs,
                      tacit_outcome *out)
{
    tct_meaning meaning;
    tct_sheet_read_outputs(sheet, outputs, &meaning);
    tell(sheet, reader, &meaning, out);
}

/* The bits of one reveal as what it is. */
static tct_value value_of(const tacit_sheet *sheet, const tct_graph_reveal *r,
                          const tct_reveal_shape *shape, uint64_t bits)
{
    const tct_expr *e = sheet->model.outcomes[r->outcome].reveals[r->index].value;
    if (e->type == TCT_TYPE_NUMBER || e->type == TCT_TYPE_ITEM)
        return (tct_value){.number = shape->lo + shape->step * (int64_t)bits};
    if (e->op != TCT_E_WINNER || e->whole)
        return (tct_value){.items = bits};
    uint32_t n = sheet->model.lists[e->list_index].item_count;
    uint64_t mask = ((uint64_t)1 << n) - 1; /* at most 16 */
    return (tct_value){
        .items = bits & mask, .shared = bits >> n & mask, .percent = (uint32_t)(bits >> 2 * n)};
}

void tct_sheet_read_outputs(const tacit_sheet *sheet, const uint8_t *outputs, tct_meaning *out)
{
    const tct_compiled *c = &sheet->compiled;
    output_reader reader = {c->fixed, outputs, 0};
    uint32_t call = 0, number = 0;
    *out = (tct_meaning){.outcome = tct_model_otherwise(&sheet->model)};
    for (; call < c->outcome_width; call++)
        number |= (uint32_t)next_output(&reader, call) << call;
    if (number > 0 && number <= tct_model_otherwise(&sheet->model))
        out->outcome = number - 1;
    for (uint32_t i = 0; i < sheet->graph.reveal_count; i++) {
        const tct_reveal_shape *shape = &c->reveals[i];
        uint64_t bits = 0;
        for (uint32_t j = 0; j < shape->width; j++, call++)
            bits |= next_output(&reader, call) << j;
        if (sheet->graph.reveals[i].outcome != out->outcome)
            continue;
        const tct_graph_reveal *r = &sheet->graph.reveals[i];
        out->reveals[r->index] = value_of(sheet, r, shape, bits);
    }
}

/* --------------------------------------------------------------------------- in the clear --- */

tacit_status tacit_sheet_evaluate(const tacit_sheet *sheet,
                                  const tacit_answers *const answers[2], const uint8_t seed[32],
                                  int reader, tacit_outcome *out)
{
    static const char tag[] = "lots";
    char error[160];
    for (int p = 0; p < 2; p++)
        if (tacit_answers_check(sheet, p, answers[p], error) != TACIT_OK)
            return TACIT_ERR_ANSWER;
    tct_xof xof;
    tct_xof_init(&xof, seed, 32, tag, sizeof tag - 1);
    for (int p = 0; p < 2; p++)
        tct_xof_next(&xof, sheet->scratch_lots[p], sheet->graph.lots.byte_count);
    tct_xof_wipe(&xof);
    const uint8_t *const lots[2] = {sheet->scratch_lots[0], sheet->scratch_lots[1]};
    tct_meaning meaning;
    tct_interpret(sheet, answers, lots, &meaning);
    tell(sheet, reader, &meaning, out);
    return TACIT_OK;
}
