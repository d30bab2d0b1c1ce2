/* SPDX-License-Identifier: ISC
 *
 * stream.c — one party of a circuit that is worked off in segments: the engine, its stream, and the
 *            messages between two of them as they are.
 *
 * Source   as party.c.   Differs  the circuit is not known beforehand: what both say of it at the beginning
 *          stands in sid, and each segment's chain has its gates.
 */
#include "garble/stream.h"

#include "base/mask.h"
#include "crypto/hash.h"
#include "session/circuit_api.h"

_Static_assert((int)TACIT_GATE_AND == (int)TCT_GATE_AND &&
                   (int)TACIT_GATE_XOR == (int)TCT_GATE_XOR &&
                   (int)TACIT_GATE_INV == (int)TCT_GATE_INV &&
                   (int)TACIT_ERR_SHEET == (int)TCT_ERR_SHEET,
               "kinds and errors have the same numbers on both sides");

enum { BOTH_RECEIVE = 3, GARBLER = TCT_ROLE_X };

struct tacit_stream {
    tct_err err; /* sticky */
    int person;
    tacit_program program;
    uint8_t seed[TCT_SEED_BYTES]; /* secret until the stream begins */
    tct_engine *engine;
    void *memory;
    size_t memory_bytes;
    tct_stream *stream; /* NULL before both F1 are here */
    bool f1_made, f1_sent, f1_taken;
    bool input_given, input_used, result_ready;
    uint8_t f1[2][TCT_F1_BYTES]; /* by person */
    uint8_t *bits;               /* secret: own input, a byte each, until it is used */
    uint8_t *result;             /* packed */
    size_t arena_bytes;
};

static bool next_step(void *context, tct_step *step)
{
    const tacit_program *p = context;
    tacit_gate gate;
    if (!p->next(p->context, &gate))
        return false;
    *step = (tct_step){gate.kind, gate.to, gate.p, gate.q};
    return true;
}

/* context: where the program will stay. */
static tct_program steps_of(const tacit_program *p, void *context)
{
    return (tct_program){.inputs = {p->input_bits[0], p->input_bits[1]},
                         .slots = p->slots,
                         .output_count = p->output_count,
                         .batch = p->batch,
                         .outputs = p->outputs,
                         .next = next_step,
                         .context = context};
}

static tct_engine_params params_of(const tacit_program *p)
{
    return tct_stream_params((p->line & TACIT_FEW_BYTES) != 0);
}

static size_t inner_bytes(const tacit_program *p)
{
    tct_program steps = steps_of(p, NULL);
    if (p->next == NULL || (p->line & ~(unsigned)TACIT_FEW_BYTES) != 0)
        return SIZE_MAX;
    return tct_stream_bytes(&steps, params_of(p));
}

static size_t most_inputs(const tacit_program *p)
{
    return p->input_bits[0] > p->input_bits[1] ? p->input_bits[0] : p->input_bits[1];
}

size_t tacit_stream_bytes(const tacit_program *p)
{
    if (inner_bytes(p) == SIZE_MAX)
        return SIZE_MAX;
    const size_t parts[] = {
        tct_arena_cost(1, sizeof(tacit_stream)),
        tct_arena_cost(1, tct_engine_bytes(params_of(p))), tct_arena_cost(1, inner_bytes(p)),
        tct_arena_cost(most_inputs(p), 1), tct_arena_cost(tct_bits_bytes(p->output_count), 1)};
    size_t sum = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        sum = tct_size_add(sum, parts[i]);
    return sum;
}

/* What both must say alike before the first gate. */
static void digest_program(const tacit_program *p, uint8_t out[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_hash_init(&h, "program");
    tct_hash_u32(&h, p->input_bits[0]);
    tct_hash_u32(&h, p->input_bits[1]);
    tct_hash_u32(&h, p->slots);
    tct_hash_u32(&h, p->batch);
    tct_hash_field_open(&h, 4 * (uint64_t)p->output_count);
    for (uint32_t i = 0; i < p->output_count; i++) {
        uint8_t slot[4];
        tct_store32(slot, p->outputs[i]);
        tct_hash_feed(&h, slot, sizeof slot);
    }
    tct_hash_final(&h, out);
}

tacit_status tacit_stream_init(tacit_stream **out, void *memory, size_t memory_bytes,
                               const tacit_program *program, int person, const uint8_t sid[32],
                               const uint8_t seed[32])
{
    tct_arena arena;
    *out = NULL;
    if (person != 0 && person != 1)
        return TACIT_ERR_USAGE;
    if (tacit_stream_bytes(program) == SIZE_MAX)
        return TACIT_ERR_LIMIT;
    tct_arena_init(&arena, memory, memory_bytes);
    tacit_stream *s = tct_arena_take(&arena, 1, sizeof *s);
    void *engine = tct_arena_take(&arena, 1, tct_engine_bytes(params_of(program)));
    void *inner = tct_arena_take_raw(&arena, 1, inner_bytes(program));
    uint8_t *bits = tct_arena_take(&arena, program->input_bits[person], 1);
    uint8_t *result = tct_arena_take(&arena, tct_bits_bytes(program->output_count), 1);
    if (s == NULL || engine == NULL || inner == NULL || bits == NULL || result == NULL)
        return TACIT_ERR_MEMORY;
    s->person = person;
    s->program = *program;
    s->memory = inner;
    s->memory_bytes = inner_bytes(program);
    s->bits = bits;
    s->result = result;
    s->arena_bytes = (size_t)(arena.base + arena.used - (uint8_t *)s);

    uint8_t digest[TCT_HASH_BYTES], own_sid[TCT_HASH_BYTES], engine_seed[TCT_SEED_BYTES];
    tct_xof x;
    digest_program(program, digest);
    tct_party_sid(digest, params_of(program), sid, own_sid);
    tct_xof_init(&x, seed, 32, "stream", 6);
    tct_xof_next(&x, engine_seed, sizeof engine_seed);
    tct_xof_next(&x, s->seed, sizeof s->seed);
    tct_xof_wipe(&x);
    s->engine =
        tct_engine_init(engine, person, own_sid, params_of(program), BOTH_RECEIVE, engine_seed);
    tct_wipe(engine_seed, sizeof engine_seed);
    *out = s;
    return TACIT_OK;
}

/* ------------------------------------------------------------------------------- turns --- */

static tacit_status fail(tacit_stream *s, tct_err err)
{
    tct_engine_wipe(s->engine);
    if (s->stream != NULL)
        tct_stream_wipe(s->stream);
    tct_wipe(s->seed, sizeof s->seed);
    tct_wipe(s->bits, s->program.input_bits[s->person]);
    s->err = err;
    return (tacit_status)err;
}

unsigned tacit_stream_want(const tacit_stream *s)
{
    if (s->err != TCT_OK)
        return 0;
    unsigned want = s->input_given ? 0 : TACIT_WANT_ANSWERS;
    want |= s->f1_sent ? 0 : TACIT_WANT_SEND;
    want |= s->f1_taken ? 0 : TACIT_WANT_RECV;
    if (!s->f1_sent || !s->f1_taken)
        return want;
    unsigned inner = tct_stream_want(s->stream);
    want |= inner & TCT_RUN_SEND ? TACIT_WANT_SEND : 0;
    want |= inner & TCT_RUN_RECV ? TACIT_WANT_RECV : 0;
    return want;
}

size_t tacit_stream_send_bytes(const tacit_stream *s)
{
    if ((tacit_stream_want(s) & TACIT_WANT_SEND) == 0)
        return 0;
    return s->f1_sent ? tct_stream_send_bytes(s->stream) : TCT_F1_BYTES;
}

size_t tacit_stream_recv_bytes(const tacit_stream *s)
{
    if ((tacit_stream_want(s) & TACIT_WANT_RECV) == 0)
        return 0;
    return s->f1_taken ? tct_stream_recv_bytes(s->stream) : TCT_F1_BYTES;
}

static tacit_status go_on(tacit_stream *s, tct_err err)
{
    if (err == TCT_OK && s->stream != NULL && s->input_given && !s->input_used &&
        (tct_stream_want(s->stream) & TCT_RUN_INPUT)) {
        err = tct_stream_input(s->stream, s->bits);
        tct_wipe(s->bits, s->program.input_bits[s->person]);
        s->input_used = true;
    }
    if (err != TCT_OK)
        return fail(s, err);
    const uint8_t *bits = s->stream == NULL ? NULL : tct_stream_result(s->stream);
    for (uint32_t i = 0; bits != NULL && !s->result_ready && i < s->program.output_count; i++)
        s->result[i / 8] |= (uint8_t)(bits[i] << i % 8);
    s->result_ready |= bits != NULL;
    return TACIT_OK;
}

static void make_f1(tacit_stream *s)
{
    if (!s->f1_made)
        tct_engine_f1_send(s->engine, s->f1[s->person]);
    TCT_PUBLIC(s->f1[s->person], TCT_F1_BYTES); /* it leaves as it stands */
    s->f1_made = true;
}

tacit_status tacit_stream_send(tacit_stream *s, uint8_t *message, size_t *bytes)
{
    if (s->err != TCT_OK)
        return (tacit_status)s->err;
    if ((tacit_stream_want(s) & TACIT_WANT_SEND) == 0)
        return TACIT_ERR_USAGE;
    if (*bytes < tacit_stream_send_bytes(s))
        return TACIT_ERR_SPACE;
    if (s->f1_sent)
        return go_on(s, tct_stream_send(s->stream, message, bytes));
    make_f1(s);
    memcpy(message, s->f1[s->person], TCT_F1_BYTES);
    *bytes = TCT_F1_BYTES;
    s->f1_sent = true;
    return go_on(s, TCT_OK);
}

/* Both F1 are there: the engine's keys, then the first segment. */
static tct_err begin(tacit_stream *s, const uint8_t *theirs)
{
    uint8_t th_s[TCT_HASH_BYTES];
    make_f1(s);
    memcpy(s->f1[1 - s->person], theirs, TCT_F1_BYTES);
    tct_party_th_s((const uint8_t(*)[TCT_F1_BYTES])s->f1, th_s);
    tct_err err = tct_engine_f1_recv(s->engine, theirs);
    if (err == TCT_OK)
        err = tct_engine_bind(s->engine, th_s);
    if (err == TCT_OK) {
        tct_program steps = steps_of(&s->program, &s->program);
        err = tct_stream_init(&s->stream, s->memory, s->memory_bytes, s->engine, &steps,
                              GARBLER, s->seed);
    }
    tct_wipe(s->seed, sizeof s->seed);
    s->f1_taken = true;
    return err;
}

tacit_status tacit_stream_recv(tacit_stream *s, const uint8_t *message, size_t bytes)
{
    if (s->err != TCT_OK)
        return (tacit_status)s->err;
    if ((tacit_stream_want(s) & TACIT_WANT_RECV) == 0 || bytes != tacit_stream_recv_bytes(s))
        return fail(s, TCT_ERR_FORMAT);
    return go_on(s,
                 s->f1_taken ? tct_stream_recv(s->stream, message, bytes) : begin(s, message));
}

tacit_status tacit_stream_input(tacit_stream *s, const uint8_t *bits, size_t bytes)
{
    uint32_t count = s->program.input_bits[s->person];
    if (s->err != TCT_OK)
        return (tacit_status)s->err;
    if (s->input_given)
        return TACIT_ERR_USAGE;
    unsigned beyond = bytes != tct_bits_bytes(count) ? 1
                      : count % 8 == 0               ? 0
                                                     : (unsigned)bits[count / 8] >> count % 8;
    TCT_PUBLIC(&beyond, sizeof beyond); /* only whether our own caller keeps to the format */
    if (beyond != 0)
        return TACIT_ERR_ANSWER;
    for (uint32_t i = 0; i < count; i++)
        s->bits[i] = bits[i / 8] >> i % 8 & 1;
    s->input_given = true;
    return go_on(s, TCT_OK);
}

uint64_t tacit_stream_ands(const tacit_stream *s)
{
    return s->stream == NULL || s->err != TCT_OK ? 0 : tct_stream_ands(s->stream);
}

const uint8_t *tacit_stream_result(const tacit_stream *s, size_t *bytes)
{
    *bytes = tct_bits_bytes(s->program.output_count);
    return s->err == TCT_OK && s->result_ready ? s->result : NULL;
}

void tacit_stream_wipe(tacit_stream *s)
{
    tct_wipe(s, s->arena_bytes > sizeof *s ? s->arena_bytes : sizeof *s);
    s->err = TCT_ERR_USAGE; /* a wiped stream does nothing any more */
}
