/* SPDX-License-Identifier: ISC
 *
 * Any bytes as a circuit file: never a crash, never short of the memory named beforehand, every
 * refusal has a sentence, and what is accepted is a circuit in normal form that evaluates.
 */
#include "circuit/bristol.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void evaluate(const tct_bristol *b)
{
    const tct_circuit *c = &b->circuit;
    uint32_t real = 0;
    for (uint32_t i = 0; i < b->output_bit_count; i++)
        real += b->fixed[i] == 2;
    require(real == c->output_count);
    if (real == 0)
        return;
    require(tct_circuit_valid(c));
    uint8_t *bits = calloc((size_t)c->inputs[0] + c->inputs[1] + 1, 1);
    uint8_t *wires = malloc(tct_circuit_wires(c)), *out = malloc(c->output_count);
    require(bits != NULL && wires != NULL && out != NULL);
    const uint8_t *inputs[2] = {bits, bits + c->inputs[0]};
    tct_circuit_evaluate(c, inputs, wires, out);
    free(bits);
    free(wires);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t owner[TCT_BRISTOL_VALUES_MAX];
    for (unsigned i = 0; i < sizeof owner; i++)
        owner[i] = (uint8_t)((size >> i % 8) & 1);
    size_t room = tct_bristol_bytes(size);
    void *memory = malloc(room);
    require(memory != NULL);
    tct_arena arena;
    tct_arena_init(&arena, memory, room);
    static tct_bristol read;
    tct_bristol_error error;
    tct_err err = tct_bristol_read(&arena, (const char *)data, size, owner, &read, &error);
    require(memchr(error.text, 0, sizeof error.text) != NULL);
    if (err == TCT_OK)
        evaluate(&read);
    else
        require((err == TCT_ERR_FORMAT || err == TCT_ERR_LIMIT) && error.text[0] != 0);
    free(memory);
    return 0;
}
