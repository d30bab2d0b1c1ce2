/* SPDX-License-Identifier: ISC
 *
 * builder_api.c — circuits that a developer makes gate by gate: circuit/builder.h with every argument
 *                 looked at, since a wire of another builder would be an index out of bounds.
 *
 * Order    init → inputs, gates, words, outputs in any order → finish, once.
 * Errors   are sticky: after the first one every call is harmless, and finish says which it was.
 */
#include "circuit/builder.h"
#include "session/circuit_api.h"

struct tacit_builder {
    tct_arena arena;
    tct_builder *inside;
    tacit_circuit *circuit; /* filled while it grows, given away by finish */
    tacit_status error;     /* of the arguments; the builder inside keeps its own */
    uint32_t first_input[TCT_BRISTOL_VALUES_MAX]; /* of each value, among its owner's */
    bool finished;
};

_Static_assert(TACIT_WIRE_ZERO == TCT_ZERO && TACIT_WIRE_ONE == TCT_ONE, "the same wires");

size_t tacit_builder_bytes(uint32_t input_bits, uint32_t gates_max, uint32_t output_bits)
{
    size_t sum = tct_size_add(tct_arena_cost(1, sizeof(tacit_builder)),
                              tct_arena_cost(1, sizeof(tacit_circuit)));
    return tct_size_add(sum, tct_builder_bytes(input_bits, gates_max, output_bits));
}

/* Widths and owners into the circuit; false: one is out of range. */
static bool set_values(tacit_builder *b, const uint32_t *bits, const uint8_t *owner,
                       uint32_t values, uint64_t sums[2])
{
    tct_bristol *read = &b->circuit->read;
    if (values > TCT_BRISTOL_VALUES_MAX)
        return false;
    for (uint32_t i = 0; i < values; i++) {
        if (owner[i] > 1 || bits[i] > TCT_CIRCUIT_INPUTS_MAX)
            return false;
        b->first_input[i] = (uint32_t)sums[owner[i]];
        sums[owner[i]] += bits[i];
        read->input_bits[i] = bits[i];
        read->input_owner[i] = owner[i];
    }
    read->input_count = values;
    return sums[0] <= TCT_CIRCUIT_INPUTS_MAX && sums[1] <= TCT_CIRCUIT_INPUTS_MAX;
}

tacit_status tacit_builder_init(tacit_builder **out, void *memory, size_t memory_bytes,
                                const uint32_t *value_bits, const uint8_t *owner,
                                uint32_t values, uint32_t gates_max)
{
    uint64_t sums[2] = {0, 0};
    tct_arena arena;
    *out = NULL;
    tct_arena_init(&arena, memory, memory_bytes);
    tacit_builder *b = tct_arena_take(&arena, 1, sizeof *b);
    tacit_circuit *circuit = tct_arena_take(&arena, 1, sizeof *circuit);
    if (b == NULL || circuit == NULL)
        return TACIT_ERR_MEMORY;
    b->circuit = circuit;
    b->arena = arena; /* it is kept with the builder: the one inside takes on from here */
    if (!set_values(b, value_bits, owner, values, sums) || gates_max > TCT_CIRCUIT_GATES_MAX)
        return TACIT_ERR_LIMIT;
    b->inside = tct_builder_new(&b->arena, (uint32_t)sums[0], (uint32_t)sums[1], gates_max);
    if (b->inside == NULL)
        return TACIT_ERR_MEMORY;
    *out = b;
    return TACIT_OK;
}

/* ------------------------------------------------------------------------------ wires --- */

static bool refuse(tacit_builder *b)
{
    if (b->error == TACIT_OK)
        b->error = TACIT_ERR_USAGE;
    return false;
}

/* May gates be made from these wires? */
static bool takes(tacit_builder *b, const tacit_wire *wires, unsigned count)
{
    if (b->error != TACIT_OK || b->finished)
        return refuse(b);
    for (unsigned i = 0; i < count; i++)
        if (!tct_wire_known(b->inside, wires[i]))
            return refuse(b);
    return true;
}

tacit_wire tacit_input(tacit_builder *b, uint32_t value, uint32_t bit)
{
    const tct_bristol *read = &b->circuit->read;
    if (!takes(b, NULL, 0))
        return TACIT_WIRE_ZERO;
    if (value >= read->input_count || bit >= read->input_bits[value]) {
        (void)refuse(b);
        return TACIT_WIRE_ZERO;
    }
    return tct_input(b->inside, read->input_owner[value], b->first_input[value] + bit);
}

tacit_wire tacit_not(tacit_builder *b, tacit_wire p)
{
    return takes(b, &p, 1) ? tct_not(b->inside, p) : TACIT_WIRE_ZERO;
}

tacit_wire tacit_xor(tacit_builder *b, tacit_wire p, tacit_wire q)
{
    const tacit_wire both[] = {p, q};
    return takes(b, both, 2) ? tct_xor(b->inside, p, q) : TACIT_WIRE_ZERO;
}

tacit_wire tacit_and(tacit_builder *b, tacit_wire p, tacit_wire q)
{
    const tacit_wire both[] = {p, q};
    return takes(b, both, 2) ? tct_and(b->inside, p, q) : TACIT_WIRE_ZERO;
}

tacit_wire tacit_or(tacit_builder *b, tacit_wire p, tacit_wire q)
{
    const tacit_wire both[] = {p, q};
    return takes(b, both, 2) ? tct_or(b->inside, p, q) : TACIT_WIRE_ZERO;
}

tacit_wire tacit_mux(tacit_builder *b, tacit_wire which, tacit_wire one, tacit_wire zero)
{
    const tacit_wire all[] = {which, one, zero};
    return takes(b, all, 3) ? tct_mux(b->inside, which, one, zero) : TACIT_WIRE_ZERO;
}

/* ------------------------------------------------------------------------------ words --- */

static bool takes_two(tacit_builder *b, const tacit_wire *p, const tacit_wire *q,
                      unsigned width)
{
    return takes(b, p, width) && takes(b, q, width);
}

static void zeros(tacit_wire *out, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        out[i] = TACIT_WIRE_ZERO;
}

void tacit_word(tacit_wire *out, unsigned width, uint64_t value)
{
    tct_word_const(out, width, value);
}

tacit_wire tacit_word_add(tacit_builder *b, tacit_wire *out, const tacit_wire *p,
                          const tacit_wire *q, unsigned width)
{
    if (!takes_two(b, p, q, width)) {
        zeros(out, width);
        return TACIT_WIRE_ZERO;
    }
    return tct_word_add(b->inside, out, p, q, TCT_ZERO, width);
}

tacit_wire tacit_word_sub(tacit_builder *b, tacit_wire *out, const tacit_wire *p,
                          const tacit_wire *q, unsigned width)
{
    if (!takes_two(b, p, q, width)) {
        zeros(out, width);
        return TACIT_WIRE_ZERO;
    }
    return tct_word_sub(b->inside, out, p, q, width);
}

tacit_wire tacit_word_at_least(tacit_builder *b, const tacit_wire *p, const tacit_wire *q,
                               unsigned width)
{
    return takes_two(b, p, q, width) ? tct_word_at_least(b->inside, p, q, width)
                                     : TACIT_WIRE_ZERO;
}

tacit_wire tacit_word_equal(tacit_builder *b, const tacit_wire *p, const tacit_wire *q,
                            unsigned width)
{
    return takes_two(b, p, q, width) ? tct_word_equal(b->inside, p, q, width) : TACIT_WIRE_ZERO;
}

void tacit_word_mux(tacit_builder *b, tacit_wire *out, tacit_wire which, const tacit_wire *one,
                    const tacit_wire *zero, unsigned width)
{
    if (!takes(b, &which, 1) || !takes_two(b, one, zero, width)) {
        zeros(out, width);
        return;
    }
    tct_word_mux(b->inside, out, which, one, zero, width);
}

void tacit_word_mul(tacit_builder *b, tacit_wire *out, unsigned out_width, const tacit_wire *p,
                    unsigned p_width, const tacit_wire *q, unsigned q_width)
{
    if (!takes(b, p, p_width) || !takes(b, q, q_width)) {
        zeros(out, out_width);
        return;
    }
    tct_word_mul(b->inside, out, out_width, p, p_width, q, q_width);
}

/* ------------------------------------------------------------------------------ finish --- */

void tacit_output(tacit_builder *b, const tacit_wire *wires, uint32_t count)
{
    tct_bristol *read = &b->circuit->read;
    if (!takes(b, wires, count))
        return;
    if (read->output_count == TCT_BRISTOL_VALUES_MAX ||
        count > TCT_CIRCUIT_OUTPUTS_MAX - read->output_bit_count) {
        b->error = TACIT_ERR_LIMIT;
        return;
    }
    read->output_bits[read->output_count++] = count;
    read->output_bit_count += count;
    for (uint32_t i = 0; i < count; i++)
        tct_output(b->inside, wires[i]);
}

tacit_status tacit_builder_finish(tacit_builder *b, tacit_circuit **out)
{
    tct_bristol *read = &b->circuit->read;
    *out = NULL;
    if (b->finished || (b->error == TACIT_OK && read->output_count == 0))
        (void)refuse(b);
    if (b->error != TACIT_OK)
        return b->error;
    b->finished = true;
    tct_err err = tct_builder_finish(b->inside, &read->circuit, &read->fixed);
    if (err != TCT_OK)
        return b->error = (tacit_status)err;
    tct_circuit_show(b->circuit);
    *out = b->circuit;
    return TACIT_OK;
}
