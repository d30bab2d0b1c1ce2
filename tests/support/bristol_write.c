/* SPDX-License-Identifier: ISC */
#include "support/bristol_write.h"
#include "support/random_circuit.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    char *text;
    size_t used, room;
} sheet_of_text;

__attribute__((format(printf, 2, 3))) static void say(sheet_of_text *t, const char *format, ...)
{
    enum { LINE_MAX_BYTES = 80 };
    if (t->room - t->used < LINE_MAX_BYTES) {
        t->room = 2 * t->room + LINE_MAX_BYTES;
        t->text = realloc(t->text, t->room);
        if (t->text == NULL)
            abort();
    }
    va_list list;
    va_start(list, format);
    int n = vsnprintf(t->text + t->used, t->room - t->used, format, list);
    va_end(list);
    if (n < 0 || (size_t)n >= t->room - t->used)
        abort();
    t->used += (size_t)n;
}

static uint32_t *in_order(uint32_t count)
{
    uint32_t *order = calloc((size_t)count + 1, sizeof *order);
    if (order == NULL)
        abort();
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    return order;
}

static void shuffle(random_source *r, uint32_t *order, uint32_t count)
{
    for (uint32_t i = count; i > 1; i--) {
        uint32_t j = random_below(r, i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

static void say_widths(sheet_of_text *t, uint32_t count, const uint32_t *bits)
{
    say(t, "%" PRIu32, count);
    for (uint32_t i = 0; i < count; i++)
        say(t, " %" PRIu32, bits[i]);
    say(t, "\n");
}

/* Outputs stand on the last wires, so each is a copy; a constant one is an EQ. */
static void say_outputs(sheet_of_text *t, const tct_circuit *c, const bristol_shape *shape,
                        const uint32_t *wire, uint32_t first, uint32_t outputs)
{
    uint32_t inputs = c->inputs[0] + c->inputs[1], at = 0;
    for (uint32_t i = 0; i < outputs; i++) {
        if (shape->fixed != NULL && shape->fixed[i] != 2) {
            say(t, "1 1 %d %" PRIu32 " EQ\n", shape->fixed[i], first + i);
            continue;
        }
        uint32_t w = c->outputs[at++];
        say(t, "1 1 %" PRIu32 " %" PRIu32 " EQW\n", w < inputs ? w : wire[w - inputs] + inputs,
            first + i);
    }
}

char *bristol_write(const tct_circuit *c, const bristol_shape *shape, size_t *bytes)
{
    sheet_of_text t = {NULL, 0, 0};
    uint32_t inputs = c->inputs[0] + c->inputs[1], outputs = 0;
    for (uint32_t i = 0; i < shape->output_count; i++)
        outputs += shape->output_bits[i];
    uint32_t *wire = in_order(c->gate_count), *order = in_order(c->gate_count);
    random_source r = random_from(shape->seed);
    if (shape->shuffle) {
        shuffle(&r, wire, c->gate_count);
        shuffle(&r, order, c->gate_count);
    }
    uint32_t first = inputs + c->gate_count; /* of the outputs */
    say(&t, "%" PRIu32 " %" PRIu32 "\n", c->gate_count + outputs, first + outputs);
    say_widths(&t, shape->input_count, shape->input_bits);
    say_widths(&t, shape->output_count, shape->output_bits);
    say(&t, "\n");
    if (shape->shuffle)
        say_outputs(&t, c, shape, wire, first, outputs);
    for (uint32_t i = 0; i < c->gate_count; i++) {
        static const char *const names[] = {"AND", "XOR", "INV"};
        const tct_gate *g = &c->gates[order[i]];
        uint32_t a = g->a < inputs ? g->a : wire[g->a - inputs] + inputs;
        uint32_t b = g->b < inputs ? g->b : wire[g->b - inputs] + inputs;
        uint32_t out = wire[order[i]] + inputs;
        if (g->kind == TCT_GATE_INV)
            say(&t, "1 1 %" PRIu32 " %" PRIu32 " INV\n", a, out);
        else
            say(&t, "2 1 %" PRIu32 " %" PRIu32 " %" PRIu32 " %s\n", a, b, out, names[g->kind]);
    }
    if (!shape->shuffle)
        say_outputs(&t, c, shape, wire, first, outputs);
    free(wire);
    free(order);
    *bytes = t.used;
    return t.text;
}
