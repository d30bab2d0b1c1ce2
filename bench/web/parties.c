/* SPDX-License-Identifier: ISC
 *
 * parties.c — one party of tacit.h as numbers and one buffer: what bench/web/party.js calls in a worker.
 *
 * The circuit is that of bench/growth.c: 64 words side by side, each step w ← w·y ⊕ x.  The page is not
 * served this: it runs sheets, not circuits.
 */
#include <stdlib.h>

#include "tacit/tacit.h"

__attribute__((import_module("env"), import_name("random_bytes"))) void
tacit_host_random_bytes(void *out, size_t bytes);

#define EXPORT(name) __attribute__((export_name(#name))) name

/* No message has more; party_send would say so. */
enum { LANES = 64, INPUTS = 64, MESSAGE_BYTES = 131072, MESSAGE_BYTES_AND = 64 };

static tacit_circuit *circuit;
static tacit_party *party;
static uint8_t sid[32], *buffer;
static size_t buffer_bytes; /* room for every message */

static tacit_status build(uint32_t ands)
{
    static const uint32_t bits[2] = {INPUTS, INPUTS};
    static const uint8_t owner[2] = {0, 1};
    uint32_t gates = 2 * ands + LANES;
    size_t bytes = tacit_builder_bytes(2 * INPUTS, gates, LANES);
    tacit_builder *b;
    tacit_wire w[LANES];
    tacit_status status = tacit_builder_init(&b, malloc(bytes), bytes, bits, owner, 2, gates);
    if (status != TACIT_OK)
        return status;
    for (uint32_t i = 0; i < LANES; i++)
        w[i] = tacit_input(b, 0, i);
    for (uint32_t i = 0; i < ands; i++) {
        uint32_t lane = i % LANES, round = i / LANES;
        tacit_wire y = tacit_input(b, 1, (lane + round) % INPUTS);
        tacit_wire x = tacit_input(b, 0, (lane + 1 + 3 * round) % INPUTS);
        w[lane] = tacit_xor(b, tacit_and(b, w[lane], y), x);
    }
    tacit_output(b, w, LANES);
    return tacit_builder_finish(b, &circuit);
}

uint8_t *EXPORT(party_sid)(void)
{
    return sid;
}

int EXPORT(party_start)(int person, uint32_t ands)
{
    uint8_t seed[32];
    if (!tacit_start())
        return TACIT_ERR_LIMIT;
    tacit_status status = build(ands);
    if (status != TACIT_OK)
        return (int)status;
    size_t bytes = tacit_party_bytes(circuit);
    buffer_bytes = MESSAGE_BYTES + (size_t)MESSAGE_BYTES_AND * ands;
    buffer = malloc(buffer_bytes);
    tacit_host_random_bytes(seed, sizeof seed);
    return (int)tacit_party_init(&party, malloc(bytes), bytes, circuit, person, sid, seed);
}

uint32_t EXPORT(party_ands)(void)
{
    return tacit_circuit_see(circuit)->and_count;
}

uint8_t *EXPORT(party_buffer)(void)
{
    return buffer;
}

unsigned EXPORT(party_want)(void)
{
    return tacit_party_want(party);
}

/* The next message into the buffer; its bytes, or minus a tacit_status. */
int EXPORT(party_send)(void)
{
    size_t bytes = buffer_bytes;
    tacit_status status = tacit_party_send(party, buffer, &bytes);
    return status == TACIT_OK ? (int)bytes : -(int)status;
}

/* What stands in the buffer. */
int EXPORT(party_recv)(size_t bytes)
{
    return (int)tacit_party_recv(party, buffer, bytes);
}

int EXPORT(party_input)(uint32_t low, uint32_t high)
{
    uint64_t bits = (uint64_t)high << 32 | low;
    return (int)tacit_party_input(party, (const uint8_t *)&bits, sizeof bits);
}

/* The eight bytes of the outcome, or NULL. */
const uint8_t *EXPORT(party_result)(void)
{
    size_t bytes;
    return tacit_party_result(party, &bytes);
}
