/* SPDX-License-Identifier: ISC
 *
 * The file is read twice: once to count what its gates come to (a MAND is several), once to store
 * them.  Then every gate is given to the builder after the gates that it needs.
 */
#include "circuit/bristol.h"
#include "circuit/bristol_reader.h"

#include <string.h>

/* ------------------------------------------------------------------------------ limits --- */

enum {
    WIDTH_FREE = 1 << 16, /* so many input bits are allowed whatever the length of the file */
    USED_INPUT_BYTES =
        8, /* an input wire takes more of the file than this, once there are many */
    GATE_LINE_BYTES = 10, /* `1 1 0 1 EQ` */
};

static size_t inputs_max(size_t text_bytes)
{
    size_t by_length = text_bytes / USED_INPUT_BYTES;
    return by_length > WIDTH_FREE ? by_length : WIDTH_FREE;
}

static size_t gates_max(size_t text_bytes)
{
    return text_bytes / GATE_LINE_BYTES + 1;
}

static size_t ops_max(size_t text_bytes)
{
    return gates_max(text_bytes) + text_bytes / TCT_BRISTOL_MAND_PART_BYTES;
}

/* One op may need two XORs in the builder, when it reuses an AND. */
static uint32_t builder_gates(size_t ops)
{
    return ops > TCT_CIRCUIT_GATES_MAX / 2 ? TCT_CIRCUIT_GATES_MAX : 2 * (uint32_t)ops;
}

size_t tct_bristol_bytes(size_t text_bytes)
{
    if (text_bytes > UINT32_MAX)
        return SIZE_MAX;
    size_t inputs = inputs_max(text_bytes), ops = ops_max(text_bytes), wires = inputs + ops;
    size_t outputs = wires < TCT_CIRCUIT_OUTPUTS_MAX ? wires : TCT_CIRCUIT_OUTPUTS_MAX;
    const size_t parts[] = {
        tct_arena_cost(ops, sizeof(tct_bristol_op)),
        tct_arena_cost(wires, sizeof(uint32_t)),
        tct_arena_cost(wires, sizeof(tct_wire)),
        tct_arena_cost(ops, 1),
        tct_arena_cost(ops, sizeof(uint32_t)),
        tct_builder_bytes((uint32_t)inputs, builder_gates(ops), (uint32_t)outputs),
    };
    size_t sum = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        sum = tct_size_add(sum, parts[i]);
    return sum;
}

/* ------------------------------------------------------------------------------ header --- */

/* A line `count width width …`. */
static tct_err read_widths(tct_bristol_reader *r, const char *what, uint32_t *count,
                           uint32_t *bits, uint32_t *total)
{
    tct_bristol_cursor *c = &r->at;
    uint64_t sum = 0;
    if (!tct_bristol_next_line(c))
        return tct_bristol_wrong(c, TCT_ERR_FORMAT, 0, "the file ends before the line of %s",
                                 what);
    tct_err err = tct_bristol_number(c, "the number of values", count);
    if (err != TCT_OK)
        return err;
    if (*count > TCT_BRISTOL_VALUES_MAX)
        return tct_bristol_wrong(c, TCT_ERR_LIMIT, c->line,
                                 "%u values are too many: at most %d", *count,
                                 TCT_BRISTOL_VALUES_MAX);
    for (uint32_t i = 0; i < *count; i++) {
        err = tct_bristol_number(c, "the width of a value", &bits[i]);
        if (err != TCT_OK)
            return err;
        sum += bits[i];
    }
    if (sum > r->wires)
        return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line,
                                 "the %s need %llu wires, but line 1 promises %u", what,
                                 (unsigned long long)sum, r->wires);
    *total = (uint32_t)sum;
    return tct_bristol_line_ends(c);
}

/* The older Bristol format has one line `n1 n2 n3` here, and gates right after it. */
static tct_err refuse_older(tct_bristol_reader *r)
{
    tct_bristol_cursor c = r->at;
    uint32_t n[3];
    tct_bristol_word word;
    tct_bristol_error kept = *c.error;
    tct_err err = TCT_OK;
    if (!tct_bristol_next_line(&c))
        return TCT_OK;
    uint32_t line = c.line;
    for (int i = 0; i < 3 && err == TCT_OK; i++)
        err = tct_bristol_number(&c, "", &n[i]);
    *c.error = kept;
    if (err != TCT_OK || tct_bristol_next_word(&c, &word) || !tct_bristol_next_line(&c) ||
        !tct_bristol_word_is_name(tct_bristol_last_word(&c)))
        return TCT_OK;
    return tct_bristol_wrong(&r->at, TCT_ERR_FORMAT, line,
                             "this is the older Bristol format; for Bristol Fashion write two "
                             "lines here: '2 %u %u' and '1 %u'",
                             n[0], n[1], n[2]);
}

static tct_err check_sizes(tct_bristol_reader *r, size_t text_bytes)
{
    tct_bristol_cursor *c = &r->at;
    if (r->outputs == 0)
        return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line, "a circuit needs an output");
    if (r->outputs > TCT_CIRCUIT_OUTPUTS_MAX)
        return tct_bristol_wrong(c, TCT_ERR_LIMIT, c->line,
                                 "%u output bits are too many: at most %d", r->outputs,
                                 TCT_CIRCUIT_OUTPUTS_MAX);
    if (r->inputs > inputs_max(text_bytes) || r->inputs > TCT_CIRCUIT_INPUTS_MAX)
        return tct_bristol_wrong(c, TCT_ERR_LIMIT, 0,
                                 "%u input bits are more than a file of this length can use",
                                 r->inputs);
    if (r->gates > gates_max(text_bytes) || r->wires - r->inputs > ops_max(text_bytes))
        return tct_bristol_wrong(
            c, TCT_ERR_FORMAT, 0,
            "line 1 promises %u gates and %u wires, more than this file can "
            "hold",
            r->gates, r->wires);
    return TCT_OK;
}

static tct_err read_header(tct_bristol_reader *r, const char *text, size_t text_bytes,
                           tct_bristol *out, tct_bristol_error *error)
{
    memset(out, 0, sizeof *out);
    memset(r, 0, sizeof *r);
    r->out = out;
    bool too_long = text_bytes > UINT32_MAX;
    r->at = tct_bristol_begin(text, too_long ? 0 : text_bytes, error);
    tct_bristol_cursor *c = &r->at;
    if (too_long)
        return tct_bristol_wrong(c, TCT_ERR_LIMIT, 0, "the file is too long: at most 4 GB");
    if (!tct_bristol_next_line(c))
        return tct_bristol_wrong(c, TCT_ERR_FORMAT, 0, "the file is empty");

    tct_err err = tct_bristol_number(c, "the number of gates", &r->gates);
    if (err == TCT_OK)
        err = tct_bristol_number(c, "the number of wires", &r->wires);
    if (err == TCT_OK)
        err = tct_bristol_line_ends(c);
    if (err == TCT_OK)
        err = refuse_older(r);
    if (err == TCT_OK)
        err = read_widths(r, "inputs", &out->input_count, out->input_bits, &r->inputs);
    if (err == TCT_OK)
        err = read_widths(r, "outputs", &out->output_count, out->output_bits, &r->outputs);
    if (err == TCT_OK)
        err = check_sizes(r, text_bytes);
    out->output_bit_count = r->outputs;
    return err;
}

tct_err tct_bristol_header(const char *text, size_t text_bytes, tct_bristol *out,
                           tct_bristol_error *error)
{
    tct_bristol_reader r;
    return read_header(&r, text, text_bytes, out, error);
}

/* ------------------------------------------------------------------------------- whole --- */

static tct_err take_memory(tct_bristol_reader *r, const uint32_t owned[2])
{
    r->ops = tct_arena_take(r->arena, r->op_count, sizeof *r->ops);
    r->driver = tct_arena_take(r->arena, r->wires, sizeof *r->driver);
    r->value = tct_arena_take(r->arena, r->wires, sizeof *r->value);
    r->stage = tct_arena_take(r->arena, r->op_count, 1);
    r->stack = tct_arena_take(r->arena, r->op_count, sizeof *r->stack);
    r->builder = tct_builder_new(r->arena, owned[0], owned[1], builder_gates(r->op_count));
    if (r->ops == NULL || r->driver == NULL || r->value == NULL || r->stage == NULL ||
        r->stack == NULL || r->builder == NULL)
        return tct_bristol_wrong(&r->at, TCT_ERR_MEMORY, 0,
                                 "not enough memory for this circuit");
    return TCT_OK;
}

/* Gives every input value to its owner: X's values in order, then Y's. */
static void place_inputs(tct_bristol_reader *r)
{
    uint32_t wire = 0, next[2] = {0, 0};
    for (uint32_t i = 0; i < r->out->input_count; i++) {
        int owner = r->out->input_owner[i];
        for (uint32_t bit = 0; bit < r->out->input_bits[i]; bit++)
            r->value[wire++] = tct_input(r->builder, owner, next[owner]++);
    }
}

static tct_err finish(tct_bristol_reader *r)
{
    uint32_t first = r->wires - r->outputs;
    for (uint32_t wire = first; wire < r->wires; wire++) {
        if (wire >= r->inputs && r->driver[wire] == 0)
            return tct_bristol_wrong(&r->at, TCT_ERR_FORMAT, 0,
                                     "no gate ever sets wire %u, which is bit %u of the output",
                                     wire, wire - first);
        tct_output(r->builder, r->value[wire]);
    }
    tct_err err = tct_builder_finish(r->builder, &r->out->circuit, &r->out->fixed);
    if (err == TCT_ERR_LIMIT)
        return tct_bristol_wrong(&r->at, err, 0, "more than %d ANDs or %d gates are too many",
                                 TCT_CIRCUIT_ANDS_MAX, TCT_CIRCUIT_GATES_MAX);
    if (err != TCT_OK)
        return tct_bristol_wrong(&r->at, err, 0, "not enough memory for this circuit");
    return TCT_OK;
}

tct_err tct_bristol_read(tct_arena *arena, const char *text, size_t text_bytes,
                         const uint8_t *owner, tct_bristol *out, tct_bristol_error *error)
{
    tct_bristol_reader r;
    uint32_t owned[2] = {0, 0};
    tct_err err = read_header(&r, text, text_bytes, out, error);
    if (err != TCT_OK)
        return err;
    r.arena = arena;
    for (uint32_t i = 0; i < out->input_count; i++) {
        TCT_ASSERT(owner[i] <= 1);
        out->input_owner[i] = owner[i];
        owned[owner[i]] += out->input_bits[i];
    }
    err = tct_bristol_count_ops(&r);
    if (err == TCT_OK)
        err = take_memory(&r, owned);
    if (err == TCT_OK)
        err = tct_bristol_read_gates(&r);
    if (err != TCT_OK)
        return err;
    place_inputs(&r);
    err = tct_bristol_build(&r);
    return err == TCT_OK ? finish(&r) : err;
}
