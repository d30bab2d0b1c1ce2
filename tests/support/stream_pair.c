/* SPDX-License-Identifier: ISC */
#include "support/stream_pair.h"

#include <stdio.h>
#include <stdlib.h>

#include "circuit/slots.h"
#include "support/random_circuit.h"

static void *take(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
    if (memory == NULL) {
        fprintf(stderr, "no memory for a pair of streams\n");
        exit(1);
    }
    return memory;
}

slot_source slot_source_new(const tct_circuit *c)
{
    size_t wires = tct_circuit_wires(c);
    slot_source s = {.circuit = c};
    uint32_t *scratch = take(2 * wires * sizeof *scratch);
    s.slot = take(wires * sizeof *s.slot);
    s.outputs = take(c->output_count * sizeof *s.outputs);
    s.slots = tct_slots_assign(c, s.slot, scratch);
    for (uint32_t i = 0; i < c->output_count; i++)
        s.outputs[i] = s.slot[c->outputs[i]];
    free(scratch);
    return s;
}

void slot_source_free(slot_source *s)
{
    free(s->slot);
    free(s->outputs);
}

bool slot_source_next(void *context, tct_step *step)
{
    slot_source *s = context;
    if (s->at == s->circuit->gate_count)
        return false;
    const tct_gate *g = &s->circuit->gates[s->at];
    uint32_t wire = s->circuit->inputs[0] + s->circuit->inputs[1] + s->at++;
    *step = (tct_step){g->kind, s->slot[wire], s->slot[g->a], s->slot[g->b]};
    return true;
}

tct_program slot_source_program(slot_source *s, uint32_t batch)
{
    return (tct_program){.inputs = {s->circuit->inputs[0], s->circuit->inputs[1]},
                         .slots = s->slots,
                         .output_count = s->circuit->output_count,
                         .batch = batch,
                         .outputs = s->outputs,
                         .next = slot_source_next,
                         .context = s};
}

stream_pair *stream_pair_new(uint64_t seed, bool lean, bool given_keys,
                             const tct_circuit *const circuits[2], uint32_t batch, int garbler)
{
    stream_pair *p = calloc(1, sizeof *p);
    tct_engine_params params = tct_stream_params(lean);
    p->engines = engine_pair_new(
        (engine_pair_options){.params = params, .seed = seed, .given_keys = given_keys});
    for (int role = 0; role < 2; role++) {
        uint8_t own[32];
        p->source[role] = slot_source_new(circuits[role]);
        tct_program program = slot_source_program(&p->source[role], batch);
        size_t bytes = tct_stream_bytes(&program, params);
        p->memory[role] = take(bytes);
        engine_pair_seed(p->engines, "stream", role, 0, own);
        TCT_SECRET(own, sizeof own); /* for the constant-time tests */
        tct_err err = tct_stream_init(&p->stream[role], p->memory[role], bytes,
                                      p->engines->engine[role], &program, garbler, own);
        if (err != TCT_OK) {
            fprintf(stderr, "a stream does not begin: 0x%02x\n", (unsigned)err);
            exit(1);
        }
    }
    return p;
}

void stream_pair_free(stream_pair *p)
{
    for (int role = 0; role < 2; role++) {
        tct_stream_wipe(p->stream[role]);
        free(p->memory[role]);
        slot_source_free(&p->source[role]);
    }
    engine_pair_free(p->engines);
    free(p);
}

/* Moves one body from `role`. */
static tct_err move(stream_pair *p, int role, engine_pair_tamper tamper, void *context,
                    int *who)
{
    size_t bytes = tct_stream_send_bytes(p->stream[role]), room = bytes + 64;
    int flight = tct_run_flight_out(tct_stream_run(p->stream[role]));
    uint8_t *body = take(room);
    *who = role;
    p->engines->last_flight = flight;
    p->bodies++;
    p->body_bytes = bytes > p->body_bytes ? bytes : p->body_bytes;
    tct_err err = tct_stream_send(p->stream[role], body, &bytes);
    if (err == TCT_OK) {
        if (tamper != NULL)
            tamper(context, role, flight, body, &bytes, room);
        *who = 1 - role;
        err = tct_stream_recv(p->stream[1 - role], body, bytes);
    }
    free(body);
    return err;
}

tct_err stream_pair_pump(stream_pair *p, const uint8_t *const inputs[2],
                         engine_pair_tamper tamper, void *context, int *who)
{
    random_source random = random_from(p->engines->seed);
    int nobody;
    for (;;) {
        bool can[2];
        for (int role = 0; role < 2; role++) {
            if (inputs != NULL && (tct_stream_want(p->stream[role]) & TCT_RUN_INPUT) &&
                tct_stream_input(p->stream[role], inputs[role]) != TCT_OK)
                return TCT_ERR_USAGE;
            can[role] = (tct_stream_want(p->stream[role]) & TCT_RUN_SEND) != 0;
        }
        if (!can[0] && !can[1])
            return TCT_OK;
        int role = can[0] && can[1] ? (int)random_below(&random, 2) : can[1];
        tct_err err = move(p, role, tamper, context, who == NULL ? &nobody : who);
        if (err != TCT_OK)
            return err;
    }
}
