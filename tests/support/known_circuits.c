/* SPDX-License-Identifier: ISC */
#include "support/known_circuits.h"
#include "support/bristol_write.h"

#include <stdlib.h>

enum { WIDTH_MAX = 512 };

static void must(bool holds)
{
    if (!holds)
        abort();
}

tct_builder *known_begin(known_circuit *k, uint32_t first, uint32_t second, uint32_t gates_max)
{
    static tct_arena arena; /* the builder keeps a reference until known_end */
    size_t bytes = tct_builder_bytes(first + second, gates_max, 2 * WIDTH_MAX);
    *k = (known_circuit){.input_bits = {first, second}, .memory = malloc(bytes)};
    must(k->memory != NULL);
    tct_arena_init(&arena, k->memory, bytes);
    tct_builder *b = tct_builder_new(&arena, first, second, gates_max);
    must(b != NULL);
    return b;
}

void known_end(known_circuit *k, tct_builder *b, const tct_wire *out, uint32_t bits)
{
    for (uint32_t i = 0; i < bits; i++)
        tct_output(b, out[i]);
    k->output_bits = bits;
    must(tct_builder_finish(b, &k->circuit, &k->fixed) == TCT_OK);
    must(tct_circuit_valid(&k->circuit));
}

void known_circuit_free(known_circuit *k)
{
    free(k->memory);
    k->memory = NULL;
}

char *known_circuit_text(const known_circuit *k, size_t *bytes)
{
    bristol_shape shape = {.input_bits = k->input_bits,
                           .input_count = 2,
                           .output_bits = &k->output_bits,
                           .output_count = 1,
                           .fixed = k->fixed};
    return bristol_write(&k->circuit, &shape, bytes);
}

/* Two words of inputs. */
static tct_builder *begin_words(known_circuit *k, unsigned width, tct_wire *p, tct_wire *q)
{
    must(width <= WIDTH_MAX);
    tct_builder *b = known_begin(k, width, width, 8 * width * width + 64);
    for (unsigned i = 0; i < width; i++) {
        p[i] = tct_input(b, 0, i);
        q[i] = tct_input(b, 1, i);
    }
    return b;
}

known_circuit known_adder(unsigned width)
{
    known_circuit k;
    tct_wire p[WIDTH_MAX], q[WIDTH_MAX];
    tct_builder *b = begin_words(&k, width, p, q);
    (void)tct_word_add(b, p, p, q, TCT_ZERO, width);
    known_end(&k, b, p, width);
    return k;
}

known_circuit known_multiplier(unsigned width)
{
    known_circuit k;
    tct_wire p[WIDTH_MAX], q[WIDTH_MAX], out[2 * WIDTH_MAX];
    tct_builder *b = begin_words(&k, width, p, q);
    tct_word_mul(b, out, 2 * width, p, width, q, width);
    known_end(&k, b, out, 2 * width);
    return k;
}

known_circuit known_at_least(unsigned width)
{
    known_circuit k;
    tct_wire p[WIDTH_MAX], q[WIDTH_MAX];
    tct_builder *b = begin_words(&k, width, p, q);
    tct_wire out = tct_word_at_least(b, p, q, width);
    known_end(&k, b, &out, 1);
    return k;
}

/* w ← w·x ⊕ y: no rule of the builder can shorten it. */
known_circuit known_chain(uint32_t ands)
{
    known_circuit k;
    enum { INPUTS = 64 };
    tct_builder *b = known_begin(&k, INPUTS, INPUTS, 2 * ands + 2);
    tct_wire w = tct_input(b, 0, 0);
    for (uint32_t i = 0; i < ands; i++) {
        w = tct_and(b, w, tct_input(b, 1, i % INPUTS));
        w = tct_xor(b, w, tct_input(b, 0, (i + 1) % INPUTS));
    }
    known_end(&k, b, &w, 1);
    must(k.circuit.and_count == ands);
    return k;
}
