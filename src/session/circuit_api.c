/* SPDX-License-Identifier: ISC */
#include "session/circuit_api.h"

#include <string.h>

#include "base/text.h"

_Static_assert(TCT_BRISTOL_VALUES_MAX == 64, "tacit_circuit_view has room for as many values");

size_t tacit_circuit_bytes(size_t text_bytes)
{
    return tct_size_add(tct_arena_cost(1, sizeof(tacit_circuit)),
                        tct_bristol_bytes(text_bytes));
}

static tacit_status say(tct_err err, const tct_bristol_error *why, char error[200])
{
    tct_text text;
    tct_text_init(&text, error, 200);
    if (why->line != 0)
        tct_text_add(&text, "line %u: ", why->line);
    tct_text_add(&text, "%s", why->text);
    tct_text_end(&text);
    return err == TCT_ERR_FORMAT ? TACIT_ERR_SHEET : (tacit_status)err;
}

/* The first value is the first person's and all others the second's, unless the caller says. */
static bool choose_owners(const tct_bristol *header, const uint8_t *owner,
                          uint8_t chosen[TCT_BRISTOL_VALUES_MAX])
{
    for (uint32_t i = 0; i < header->input_count; i++) {
        chosen[i] = owner != NULL ? owner[i] : i != 0;
        if (chosen[i] > 1)
            return false;
    }
    return true;
}

void tct_circuit_show(tacit_circuit *c)
{
    const tct_bristol *b = &c->read;
    c->view = (tacit_circuit_view){
        .input_count = b->input_count,
        .output_count = b->output_count,
        .and_count = b->circuit.and_count,
        .gate_count = b->circuit.gate_count,
    };
    memcpy(c->view.input_bits, b->input_bits, sizeof c->view.input_bits);
    memcpy(c->view.output_bits, b->output_bits, sizeof c->view.output_bits);
}

tacit_status tacit_circuit_read(tacit_circuit **out, void *memory, size_t memory_bytes,
                                const char *text, size_t text_bytes, const uint8_t *owner,
                                char error[200])
{
    tct_arena arena;
    tct_bristol_error why;
    uint8_t chosen[TCT_BRISTOL_VALUES_MAX];
    tct_arena_init(&arena, memory, memory_bytes);
    error[0] = 0;
    *out = NULL;
    tacit_circuit *c = tct_arena_take(&arena, 1, sizeof *c);
    if (c == NULL)
        return TACIT_ERR_MEMORY;
    tct_err err = tct_bristol_header(text, text_bytes, &c->read, &why);
    if (err != TCT_OK)
        return say(err, &why, error);
    if (!choose_owners(&c->read, owner, chosen))
        return TACIT_ERR_USAGE;
    err = tct_bristol_read(&arena, text, text_bytes, chosen, &c->read, &why);
    if (err != TCT_OK)
        return say(err, &why, error);
    tct_circuit_show(c);
    *out = c;
    return TACIT_OK;
}

const tacit_circuit_view *tacit_circuit_see(const tacit_circuit *c)
{
    return &c->view;
}
