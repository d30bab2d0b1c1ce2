/* SPDX-License-Identifier: ISC
 *
 * bristol_gates.c — the gate lines of a circuit file, and the order in which they can be built.
 */
#include "circuit/bristol_reader.h"

static const struct {
    const char *name;
    tct_bristol_op_kind kind;
    uint32_t operands;
} names[] = {
    {"AND", TCT_OP_AND, 2},   {"XOR", TCT_OP_XOR, 2},  {"INV", TCT_OP_INV, 1},
    {"NOT", TCT_OP_INV, 1},   {"EQ", TCT_OP_CONST, 1}, {"EQW", TCT_OP_COPY, 1},
    {"MAND", TCT_OP_MAND, 0},
};

/* ------------------------------------------------------------------------------- gates --- */

/* Counts the ops of all lines; leaves the cursor where it was. */
tct_err tct_bristol_count_ops(tct_bristol_reader *r)
{
    tct_bristol_cursor c = r->at;
    uint32_t lines = 0, ops = 0;
    while (tct_bristol_next_line(&c)) {
        if (lines++ == r->gates)
            return tct_bristol_wrong(&c, TCT_ERR_FORMAT, c.line,
                                     "one gate too many: line 1 promises %u", r->gates);
        uint32_t parts = 1;
        if (tct_bristol_word_is(tct_bristol_last_word(&c), "MAND")) {
            size_t bytes = (size_t)(c.line_end - c.at);
            uint32_t operands;
            tct_err err = tct_bristol_number(&c, "the number of input wires", &operands);
            if (err == TCT_OK)
                err = tct_bristol_number(&c, "the number of output wires", &parts);
            if (err != TCT_OK)
                return err;
            if (parts > bytes / TCT_BRISTOL_MAND_PART_BYTES)
                return tct_bristol_wrong(&c, TCT_ERR_FORMAT, c.line,
                                         "the line is too short for %u ANDs", parts);
        }
        ops += parts;
    }
    if (lines != r->gates)
        return tct_bristol_wrong(&c, TCT_ERR_FORMAT, 0,
                                 "the file ends after %u gates, but line 1 promises %u", lines,
                                 r->gates);
    if (ops > TCT_CIRCUIT_GATES_MAX / 2)
        return tct_bristol_wrong(&c, TCT_ERR_LIMIT, 0, "%u gates are too many: at most %d", ops,
                                 TCT_CIRCUIT_GATES_MAX / 2);
    r->op_count = ops;
    return TCT_OK;
}

static tct_err read_wire(tct_bristol_reader *r, tct_bristol_cursor *c, uint32_t *out)
{
    tct_err err = tct_bristol_number(c, "a wire", out);
    if (err == TCT_OK && *out >= r->wires)
        return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line,
                                 "there is no wire %u: line 1 promises %u wires, 0 to %u", *out,
                                 r->wires, r->wires - 1);
    return err;
}

/* Takes the wire that this op sets, and writes down that it does. */
static tct_err read_target(tct_bristol_reader *r, tct_bristol_cursor *c, uint32_t op_index)
{
    tct_bristol_op *o = &r->ops[op_index];
    tct_err err = read_wire(r, c, &o->out);
    if (err != TCT_OK)
        return err;
    if (o->out < r->inputs)
        return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line,
                                 "wire %u is an input: no gate may set it", o->out);
    if (r->driver[o->out] != 0)
        return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line,
                                 "wire %u is set twice: line %u sets it too", o->out,
                                 r->ops[r->driver[o->out] - 1].line);
    r->driver[o->out] = op_index + 1;
    return TCT_OK;
}

static tct_err read_simple(tct_bristol_reader *r, tct_bristol_op_kind kind, uint32_t operands,
                           uint32_t op_index)
{
    tct_bristol_cursor *c = &r->at;
    tct_bristol_op *o = &r->ops[op_index];
    tct_err err;
    *o = (tct_bristol_op){.kind = kind, .line = c->line};
    if (kind == TCT_OP_CONST) {
        err = tct_bristol_number(c, "the constant", &o->a);
        if (err == TCT_OK && o->a > 1)
            return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line,
                                     "EQ gives a wire the constant 0 or 1, not %u", o->a);
    } else {
        err = read_wire(r, c, &o->a);
    }
    if (err == TCT_OK && operands == 2)
        err = read_wire(r, c, &o->b);
    return err == TCT_OK ? read_target(r, c, op_index) : err;
}

/* `2n n a… b… c… MAND`: c_i = a_i AND b_i.  Three cursors walk along the line. */
static tct_err read_mand(tct_bristol_reader *r, uint32_t count, uint32_t op_index)
{
    tct_bristol_cursor a = r->at, b, *c = &r->at;
    tct_bristol_word skipped;
    for (uint32_t i = 0; i < 2 * count; i++) {
        if (i == count)
            b = *c;
        (void)tct_bristol_next_word(c, &skipped);
    }
    for (uint32_t i = 0; i < count; i++) {
        tct_bristol_op *o = &r->ops[op_index + i];
        *o = (tct_bristol_op){.kind = TCT_OP_AND, .line = c->line};
        tct_err err = read_wire(r, &a, &o->a);
        if (err == TCT_OK)
            err = read_wire(r, &b, &o->b);
        if (err == TCT_OK)
            err = read_target(r, c, op_index + i);
        if (err != TCT_OK)
            return err;
    }
    return TCT_OK;
}

/* One line; *op_index moves on. */
static tct_err read_gate(tct_bristol_reader *r, uint32_t *op_index)
{
    tct_bristol_cursor *c = &r->at;
    tct_bristol_word name = tct_bristol_last_word(c);
    size_t k = 0, known = sizeof names / sizeof *names;
    while (k < known && !tct_bristol_word_is(name, names[k].name))
        k++;
    if (k == known)
        return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line,
                                 "'%s' is no gate: AND, XOR, INV, EQ, EQW and MAND are",
                                 tct_bristol_show(name).text);
    uint32_t in, out;
    tct_err err = tct_bristol_number(c, "the number of input wires", &in);
    if (err == TCT_OK)
        err = tct_bristol_number(c, "the number of output wires", &out);
    if (err != TCT_OK)
        return err;
    bool mand = names[k].kind == TCT_OP_MAND;
    if (mand ? out == 0 || in / 2 != out || in % 2 != 0 : in != names[k].operands || out != 1)
        return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line, "%s begins with '%s', not '%u %u'",
                                 names[k].name,
                                 mand                     ? "2n n"
                                 : names[k].operands == 2 ? "2 1"
                                                          : "1 1",
                                 in, out);
    err = mand ? read_mand(r, out, *op_index)
               : read_simple(r, names[k].kind, names[k].operands, *op_index);
    *op_index += out;
    if (err != TCT_OK)
        return err;
    tct_bristol_word word;
    if (tct_bristol_next_word(c, &word) && word.at == name.at)
        return TCT_OK;
    return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line,
                             "'%s' is one wire too many for this %s",
                             tct_bristol_show(word).text, names[k].name);
}

tct_err tct_bristol_read_gates(tct_bristol_reader *r)
{
    uint32_t index = 0;
    tct_err err = TCT_OK;
    while (err == TCT_OK && tct_bristol_next_line(&r->at))
        err = read_gate(r, &index);
    return err;
}

/* ------------------------------------------------------------------------------- order --- */

enum { WAITING, BEGUN, DONE };
#define NONE UINT32_MAX

/* Gives the op to the builder; its operands are there. */
static void build(tct_bristol_reader *r, const tct_bristol_op *o)
{
    tct_wire a = o->kind == TCT_OP_CONST ? TCT_ZERO : r->value[o->a];
    tct_wire *out = &r->value[o->out];
    switch (o->kind) {
    case TCT_OP_AND:
        *out = tct_and(r->builder, a, r->value[o->b]);
        break;
    case TCT_OP_XOR:
        *out = tct_xor(r->builder, a, r->value[o->b]);
        break;
    case TCT_OP_INV:
        *out = tct_not(r->builder, a);
        break;
    case TCT_OP_CONST:
        *out = o->a == 1 ? TCT_ONE : TCT_ZERO;
        break;
    default:
        *out = a;
        break;
    }
}

/* The op that this one still waits for on `wire`: *first = its index, or NONE. */
static tct_err find_wait(tct_bristol_reader *r, const tct_bristol_op *o, uint32_t wire,
                         uint32_t *first)
{
    *first = NONE;
    if (wire < r->inputs)
        return TCT_OK;
    if (r->driver[wire] == 0)
        return tct_bristol_wrong(&r->at, TCT_ERR_FORMAT, o->line, "no gate ever sets wire %u",
                                 wire);
    uint32_t needed = r->driver[wire] - 1;
    if (r->stage[needed] == BEGUN)
        return tct_bristol_wrong(&r->at, TCT_ERR_FORMAT, o->line,
                                 "gates wait for each other in a circle: this one and line %u",
                                 r->ops[needed].line);
    if (r->stage[needed] == WAITING)
        *first = needed;
    return TCT_OK;
}

/* Builds one op after all that it needs: depth first, with a stack of our own since a file decides
 * how deep it goes.  What is on the stack is BEGUN, so an op stands there once at most. */
static tct_err build_after_needs(tct_bristol_reader *r, uint32_t index)
{
    uint32_t depth = 0;
    if (r->stage[index] == DONE)
        return TCT_OK;
    r->stage[index] = BEGUN;
    r->stack[depth++] = index;
    while (depth > 0) {
        uint32_t top = r->stack[depth - 1], wait = NONE;
        const tct_bristol_op *o = &r->ops[top];
        tct_err err = TCT_OK;
        if (o->kind != TCT_OP_CONST)
            err = find_wait(r, o, o->a, &wait);
        if (err == TCT_OK && wait == NONE && (o->kind == TCT_OP_AND || o->kind == TCT_OP_XOR))
            err = find_wait(r, o, o->b, &wait);
        if (err != TCT_OK)
            return err;
        if (wait != NONE) {
            r->stage[wait] = BEGUN;
            r->stack[depth++] = wait;
            continue;
        }
        build(r, o);
        r->stage[top] = DONE;
        depth--;
    }
    return TCT_OK;
}

tct_err tct_bristol_build(tct_bristol_reader *r)
{
    tct_err err = TCT_OK;
    for (uint32_t i = 0; i < r->op_count && err == TCT_OK; i++)
        err = build_after_needs(r, i);
    return err;
}
