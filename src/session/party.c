/* SPDX-License-Identifier: ISC
 *
 * party.c — one party of one circuit: the engine, one run of it, and the messages between two of them
 *           as they are, without pairing or encryption.
 *
 * Source   protocol.md 8.1 for sid and th_S.   Differs  no pairing: the caller's 32 bytes stand for the
 *          room, the sheet hash is zero, and F1 is its base-OT part alone.
 * Order    as engine.h; a message is one body.
 */
#include "base/mask.h"
#include "crypto/hash.h"
#include "session/circuit_api.h"

#include <string.h>

_Static_assert((int)TACIT_ERR_USAGE == (int)TCT_ERR_USAGE &&
                   (int)TACIT_ERR_SPACE == (int)TCT_ERR_SPACE &&
                   (int)TACIT_ERR_MEMORY == (int)TCT_ERR_MEMORY &&
                   (int)TACIT_ERR_LIMIT == (int)TCT_ERR_LIMIT &&
                   (int)TACIT_ERR_FORMAT == (int)TCT_ERR_FORMAT &&
                   (int)TACIT_ERR_CHEAT == (int)TCT_ERR_CHEAT,
               "the numbers of both kinds of error are the same");

enum { BOTH_RECEIVE = 3, GARBLER = TCT_ROLE_X };

struct tacit_party {
    tct_err err; /* sticky */
    int person;
    const tacit_circuit *circuit;
    tct_engine_params params;
    uint8_t run_seed[TCT_SEED_BYTES]; /* secret until the run begins */
    tct_engine *engine;
    void *run_memory;
    size_t run_bytes;
    tct_run *run; /* NULL before both F1 are here, and when nothing is to be computed */
    bool f1_made, f1_sent, f1_taken;
    bool input_given, input_used;
    uint8_t f1[2][TCT_F1_BYTES]; /* by person */
    uint8_t *bits;   /* secret: own input wires, a byte each, until the run has them */
    uint8_t *result; /* packed */
    bool result_ready;
    tacit_counter counters[TACIT_PHASES];
    uint64_t (*clock)(void *context); /* NULL: time is not counted */
    void *clock_context;
    size_t arena_bytes;
};

/* ----------------------------------------------------------------------------- counting --- */

static tacit_phase phase_of(int flight)
{
    if (flight <= TCT_F2)
        return TACIT_PHASE_SETUP;
    return flight <= TCT_F6 ? TACIT_PHASE_PREPARE : TACIT_PHASE_ANSWER;
}

/* The flight that is due in this direction; F1 while that one is. */
static int flight_out(const tacit_party *p)
{
    return p->f1_sent && p->run != NULL ? tct_run_flight_out(p->run) : 1;
}

static int flight_in(const tacit_party *p)
{
    return p->f1_taken && p->run != NULL ? tct_run_flight_in(p->run) : 1;
}

static uint64_t now(const tacit_party *p)
{
    return p->clock == NULL ? 0 : p->clock(p->clock_context);
}

void tacit_party_clock(tacit_party *p, uint64_t (*clock)(void *context), void *context)
{
    p->clock = clock;
    p->clock_context = context;
}

const tacit_counter *tacit_party_count(const tacit_party *p, tacit_phase phase)
{
    return &p->counters[phase];
}

/* ------------------------------------------------------------------------------ sizes --- */

static const tct_circuit *gates_of(const tacit_circuit *c)
{
    return &c->read.circuit;
}

static tct_engine_params params_of(const tacit_circuit *c)
{
    tct_engine_params params = tct_engine_params_for(gates_of(c)->and_count);
    if ((c->line & TACIT_FEW_TRIPS) != 0)
        params.mode &= (uint8_t)~TCT_MODE_BATCH;
    if ((c->line & TACIT_FEW_BYTES) != 0)
        params.mode |= TCT_MODE_LEAN;
    return params;
}

tacit_status tacit_circuit_line(tacit_circuit *c, unsigned line)
{
    if ((line & ~(unsigned)(TACIT_FEW_BYTES | TACIT_FEW_TRIPS)) != 0)
        return TACIT_ERR_USAGE;
    c->line = line;
    return TACIT_OK;
}

/* With constant outputs alone there is nothing to compute together: no message at all. */
static bool computes(const tacit_circuit *c)
{
    return gates_of(c)->output_count != 0;
}

static size_t value_bytes(uint32_t bits)
{
    return ((size_t)bits + 7) / 8;
}

static size_t input_bytes(const tacit_circuit *c, int person)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < c->read.input_count; i++)
        if (c->read.input_owner[i] == person)
            bytes += value_bytes(c->read.input_bits[i]);
    return bytes;
}

static size_t output_bytes(const tacit_circuit *c)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < c->read.output_count; i++)
        bytes += value_bytes(c->read.output_bits[i]);
    return bytes;
}

static size_t run_bytes(const tacit_circuit *c)
{
    const tct_circuit *gates = gates_of(c);
    return computes(c) ? tct_run_bytes(gates, params_of(c)) : 0;
}

size_t tacit_party_bytes(const tacit_circuit *c)
{
    const tct_circuit *gates = gates_of(c);
    uint32_t most = gates->inputs[0] > gates->inputs[1] ? gates->inputs[0] : gates->inputs[1];
    const size_t parts[] = {
        tct_arena_cost(1, sizeof(tacit_party)),
        tct_arena_cost(1, tct_engine_bytes(params_of(c))),
        tct_arena_cost(1, run_bytes(c)),
        tct_arena_cost(most, 1),
        tct_arena_cost(output_bytes(c), 1),
    };
    size_t sum = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        sum = tct_size_add(sum, parts[i]);
    return sum;
}

/* ------------------------------------------------------------------------------ start --- */

static const char version[] = "2pc/1";

void tct_party_sid(const uint8_t digest[TCT_HASH_BYTES], tct_engine_params params,
                   const uint8_t given[32], uint8_t sid[TCT_HASH_BYTES])
{
    static const uint8_t no_sheet[TCT_HASH_BYTES], role_map[2] = {0, 1};
    const uint8_t bound[5] = {(uint8_t)tct_params_depth(params), params.rho, params.tau,
                              params.mode, BOTH_RECEIVE};
    tct_hash h;
    tct_hash_init(&h, "sid");
    tct_hash_field(&h, version, strlen(version));
    tct_hash_field(&h, given, 32);
    tct_hash_field(&h, no_sheet, sizeof no_sheet);
    tct_hash_field(&h, digest, TCT_HASH_BYTES);
    tct_hash_field(&h, role_map, sizeof role_map);
    tct_hash_field(&h, bound, sizeof bound);
    tct_hash_final(&h, sid);
}

/* th_S = HASH("tr", HASH("suite", version), "F1", body_X, body_Y). */
void tct_party_th_s(const uint8_t f1[2][TCT_F1_BYTES], uint8_t th_s[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_hash_init(&h, "suite");
    tct_hash_field(&h, version, strlen(version));
    tct_hash_final(&h, th_s);
    tct_hash_init(&h, "tr");
    tct_hash_field(&h, th_s, TCT_HASH_BYTES);
    tct_hash_field(&h, "F1", 2);
    tct_hash_field(&h, f1[0], TCT_F1_BYTES);
    tct_hash_field(&h, f1[1], TCT_F1_BYTES);
    tct_hash_final(&h, th_s);
}

tacit_status tacit_party_init(tacit_party **out, void *memory, size_t memory_bytes,
                              const tacit_circuit *c, int person, const uint8_t sid[32],
                              const uint8_t seed[32])
{
    tct_arena arena;
    *out = NULL;
    if (person != 0 && person != 1)
        return TACIT_ERR_USAGE;
    if (tacit_party_bytes(c) == SIZE_MAX)
        return TACIT_ERR_LIMIT;
    tct_arena_init(&arena, memory, memory_bytes);
    tacit_party *p = tct_arena_take(&arena, 1, sizeof *p);
    void *engine = tct_arena_take(&arena, 1, tct_engine_bytes(params_of(c)));
    void *run = tct_arena_take_raw(&arena, 1, run_bytes(c)); /* the run zeroes what it must */
    uint8_t *bits = tct_arena_take(&arena, gates_of(c)->inputs[person], 1);
    uint8_t *result = tct_arena_take(&arena, output_bytes(c), 1);
    if (p == NULL || engine == NULL || run == NULL || bits == NULL || result == NULL)
        return TACIT_ERR_MEMORY;
    p->person = person;
    p->circuit = c;
    p->params = params_of(c);
    p->run_memory = run;
    p->run_bytes = run_bytes(c);
    p->bits = bits;
    p->result = result;
    p->arena_bytes = (size_t)(arena.base + arena.used - (uint8_t *)p);

    uint8_t digest[TCT_HASH_BYTES], own_sid[TCT_HASH_BYTES], engine_seed[TCT_SEED_BYTES];
    tct_xof x;
    tct_circuit_digest(gates_of(c), digest);
    tct_party_sid(digest, p->params, sid, own_sid);
    tct_xof_init(&x, seed, 32, "party", 5);
    tct_xof_next(&x, engine_seed, sizeof engine_seed);
    tct_xof_next(&x, p->run_seed, sizeof p->run_seed);
    tct_xof_wipe(&x);
    p->engine = tct_engine_init(engine, person, own_sid, p->params, BOTH_RECEIVE, engine_seed);
    tct_wipe(engine_seed, sizeof engine_seed);
    *out = p;
    return TACIT_OK;
}

/* ------------------------------------------------------------------------------- turn --- */

static tacit_status fail(tacit_party *p, tct_err err)
{
    tct_engine_wipe(p->engine);
    if (p->run != NULL)
        tct_run_wipe(p->run);
    tct_wipe(p->run_seed, sizeof p->run_seed);
    tct_wipe(p->bits, gates_of(p->circuit)->inputs[p->person]);
    p->err = err;
    return (tacit_status)err;
}

unsigned tacit_party_want(const tacit_party *p)
{
    unsigned want = p->input_given ? 0 : TACIT_WANT_ANSWERS;
    if (p->err != TCT_OK)
        return 0;
    if (!computes(p->circuit))
        return want;
    if (!p->f1_sent)
        want |= TACIT_WANT_SEND;
    if (!p->f1_taken)
        want |= TACIT_WANT_RECV;
    if (!p->f1_sent || !p->f1_taken)
        return want;
    unsigned of_run = tct_run_want(p->run);
    want |= of_run & TCT_RUN_SEND ? TACIT_WANT_SEND : 0;
    want |= of_run & TCT_RUN_RECV ? TACIT_WANT_RECV : 0;
    return want;
}

size_t tacit_party_send_bytes(const tacit_party *p)
{
    if ((tacit_party_want(p) & TACIT_WANT_SEND) == 0)
        return 0;
    if (!p->f1_sent)
        return TCT_F1_BYTES;
    return tct_run_body_bytes(p->run, tct_run_flight_out(p->run), p->person);
}

size_t tacit_party_recv_bytes(const tacit_party *p)
{
    if ((tacit_party_want(p) & TACIT_WANT_RECV) == 0)
        return 0;
    if (!p->f1_taken)
        return TCT_F1_BYTES;
    return tct_run_body_bytes(p->run, tct_run_flight_in(p->run), 1 - p->person);
}

/* Packs the values of `bits` (a byte each) as they go in and out: each from a fresh byte. */
static void pack(tacit_party *p, const uint8_t *real)
{
    const tct_bristol *b = &p->circuit->read;
    uint8_t *out = p->result;
    uint32_t bit = 0, at = 0;
    for (uint32_t value = 0; value < b->output_count; value++) {
        for (uint32_t i = 0; i < b->output_bits[value]; i++, bit++) {
            uint8_t v = b->fixed[bit] == 2 ? real[at++] : b->fixed[bit];
            out[i / 8] = (uint8_t)(out[i / 8] | v << i % 8);
        }
        out += value_bytes(b->output_bits[value]);
    }
    p->result_ready = true;
}

/* What can go on by itself after every step: the run begins, takes the input, gives the result. */
static tct_err go_on(tacit_party *p)
{
    tct_err err = TCT_OK;
    if (!computes(p->circuit)) {
        if (p->input_given)
            pack(p, NULL);
        return TCT_OK;
    }
    if (p->run == NULL)
        return TCT_OK;
    if (p->input_given && !p->input_used && (tct_run_want(p->run) & TCT_RUN_INPUT)) {
        err = tct_run_input(p->run, p->bits);
        tct_wipe(p->bits, gates_of(p->circuit)->inputs[p->person]);
        p->input_used = true;
    }
    if (err == TCT_OK && !p->result_ready && tct_run_result(p->run) != NULL)
        pack(p, tct_run_result(p->run));
    return err;
}

static void make_f1(tacit_party *p)
{
    if (!p->f1_made)
        tct_engine_f1_send(p->engine, p->f1[p->person]);
    TCT_PUBLIC(p->f1[p->person], TCT_F1_BYTES); /* it leaves as it stands */
    p->f1_made = true;
}

static tacit_status send_message(tacit_party *p, uint8_t *message, size_t *bytes)
{
    tct_err err = TCT_OK;
    if (p->err != TCT_OK)
        return (tacit_status)p->err;
    if ((tacit_party_want(p) & TACIT_WANT_SEND) == 0)
        return TACIT_ERR_USAGE;
    if (*bytes < tacit_party_send_bytes(p))
        return TACIT_ERR_SPACE;
    if (!p->f1_sent) {
        make_f1(p);
        memcpy(message, p->f1[p->person], TCT_F1_BYTES);
        *bytes = TCT_F1_BYTES;
        p->f1_sent = true;
    } else {
        err = tct_run_send(p->run, message, bytes);
    }
    if (err == TCT_OK)
        err = go_on(p);
    return err == TCT_OK ? TACIT_OK : fail(p, err);
}

tacit_status tacit_party_send(tacit_party *p, uint8_t *message, size_t *bytes)
{
    tacit_counter *counter = &p->counters[phase_of(flight_out(p))];
    uint64_t since = now(p);
    tacit_status status = send_message(p, message, bytes);
    counter->time += now(p) - since;
    if (status == TACIT_OK) {
        counter->messages_out++;
        counter->bytes_out += *bytes;
    }
    return status;
}

/* Both F1 are there: the engine's keys, then the run. */
static tct_err begin_run(tacit_party *p, const uint8_t *theirs)
{
    uint8_t th_s[TCT_HASH_BYTES];
    make_f1(p);
    memcpy(p->f1[1 - p->person], theirs, TCT_F1_BYTES);
    tct_party_th_s((const uint8_t(*)[TCT_F1_BYTES])p->f1, th_s);
    tct_err err = tct_engine_f1_recv(p->engine, theirs);
    if (err == TCT_OK)
        err = tct_engine_bind(p->engine, th_s);
    if (err == TCT_OK)
        err = tct_run_init(&p->run, p->run_memory, p->run_bytes, p->engine,
                           gates_of(p->circuit), 0, GARBLER, p->run_seed);
    tct_wipe(p->run_seed, sizeof p->run_seed);
    p->f1_taken = true;
    return err;
}

static tacit_status take_message(tacit_party *p, const uint8_t *message, size_t bytes)
{
    tct_err err;
    if (p->err != TCT_OK)
        return (tacit_status)p->err;
    if ((tacit_party_want(p) & TACIT_WANT_RECV) == 0 || bytes != tacit_party_recv_bytes(p))
        return fail(p, TCT_ERR_FORMAT);
    err = p->f1_taken ? tct_run_recv(p->run, message, bytes) : begin_run(p, message);
    if (err == TCT_OK)
        err = go_on(p);
    return err == TCT_OK ? TACIT_OK : fail(p, err);
}

tacit_status tacit_party_recv(tacit_party *p, const uint8_t *message, size_t bytes)
{
    tacit_counter *counter = &p->counters[phase_of(flight_in(p))];
    uint64_t since = now(p);
    tacit_status status = take_message(p, message, bytes);
    counter->time += now(p) - since;
    if (status == TACIT_OK) {
        counter->messages_in++;
        counter->bytes_in += bytes;
    }
    return status;
}

/* ------------------------------------------------------------------------ input, result --- */

/* Are the unused high bits of every value zero? */
static bool padded(const tacit_party *p, const uint8_t *bits)
{
    const tct_bristol *b = &p->circuit->read;
    unsigned wrong = 0;
    for (uint32_t value = 0; value < b->input_count; value++) {
        uint32_t width = b->input_bits[value];
        if (b->input_owner[value] != p->person || width == 0)
            continue;
        bits += value_bytes(width);
        if (width % 8 != 0)
            wrong |= (unsigned)bits[-1] >> width % 8;
    }
    TCT_PUBLIC(&wrong, sizeof wrong); /* only whether our own caller keeps to the format */
    return wrong == 0;
}

tacit_status tacit_party_input(tacit_party *p, const uint8_t *bits, size_t bytes)
{
    const tct_bristol *b = &p->circuit->read;
    if (p->err != TCT_OK)
        return (tacit_status)p->err;
    if (p->input_given)
        return TACIT_ERR_USAGE;
    if (bytes != input_bytes(p->circuit, p->person) || !padded(p, bits))
        return TACIT_ERR_ANSWER;
    uint32_t wire = 0;
    for (uint32_t value = 0; value < b->input_count; value++) {
        if (b->input_owner[value] != p->person)
            continue;
        for (uint32_t i = 0; i < b->input_bits[value]; i++)
            p->bits[wire++] = bits[i / 8] >> i % 8 & 1;
        bits += value_bytes(b->input_bits[value]);
    }
    p->input_given = true;
    tct_err err = go_on(p);
    return err == TCT_OK ? TACIT_OK : fail(p, err);
}

const uint8_t *tacit_party_result(const tacit_party *p, size_t *bytes)
{
    *bytes = output_bytes(p->circuit);
    return p->err == TCT_OK && p->result_ready ? p->result : NULL;
}

void tacit_party_wipe(tacit_party *p)
{
    const tacit_circuit *c = p->circuit;
    tct_wipe(p, p->arena_bytes);
    p->circuit = c;
    p->err = TCT_ERR_USAGE; /* a wiped party does nothing any more */
}
