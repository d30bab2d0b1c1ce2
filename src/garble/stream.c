/* SPDX-License-Identifier: ISC
 *
 * The stream: gates over slots are cut into circuits of the engine, and their runs follow one another in
 * the same memory.
 */
#include "garble/stream.h"

#include "garble/run_state.h"
#include "garble/schedule.h"

/* Where the wire of a slot is: nowhere, in its slot since an earlier segment, or in this segment, there the
 * index of a wire that came in (carried, or an input) or of a gate. */
enum { NOWHERE = 0, AT_REST = 1, HERE = 2 };
static inline uint32_t here(uint32_t index, uint32_t is_gate)
{
    return HERE + (index << 1 | is_gate);
}
static inline bool is_here(uint32_t place)
{
    return place >= HERE;
}
static inline bool is_gate(uint32_t place)
{
    return is_here(place) && ((place - HERE) & 1) != 0;
}

struct tct_stream {
    tct_err err;
    tct_engine *engine;
    tct_program program;
    int garbler;
    uint8_t seed[TCT_SEED_BYTES];
    uint32_t number; /* of the segment */
    uint64_t ands;   /* of those before it */
    bool last, done;
    tct_step ahead; /* read, but of the next segment */
    bool has_ahead;
    uint32_t gates_max, leaving; /* how many wires go out */
    tct_circuit circuit;         /* the segment at hand */
    tct_segment segment;
    tct_run *run;
    size_t arena_bytes, run_bytes;
    /* Arrays. */
    uint32_t *place; /* by slot */
    uint32_t *from, *to, *outputs;
    tct_gate *gates;
    void *run_memory;
};

tct_engine_params tct_stream_params(bool lean)
{
    return (tct_engine_params){
        40, 48, (uint8_t)(TCT_MODE_STREAM | (lean ? (unsigned)TCT_MODE_LEAN : 0U))};
}

/* ---------------------------------------------------------------------------------- memory --- */

static uint32_t gates_max(const tct_program *p)
{
    return TCT_STREAM_GATES * p->batch + 1024;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A segment reads each slot once from outside, and writes each once. */
static size_t from_max(const tct_program *p)
{
    return (size_t)least(p->slots, 2 * (uint64_t)gates_max(p) + p->output_count);
}
static size_t to_max(const tct_program *p)
{
    return (size_t)least(p->slots,
                         gates_max(p) + (uint64_t)p->inputs[0] + (uint64_t)p->inputs[1]);
}
static size_t outputs_max(const tct_program *p)
{
    return to_max(p) > p->output_count ? to_max(p) : p->output_count;
}

static bool sensible(const tct_program *p)
{
    if (p->batch < 1 || p->batch > TCT_STREAM_BATCH_MAX || p->slots < 1 ||
        p->slots > TCT_STREAM_SLOTS_MAX || p->output_count < 1 ||
        p->output_count > TCT_CIRCUIT_OUTPUTS_MAX)
        return false;
    if ((uint64_t)p->inputs[0] + p->inputs[1] > p->slots)
        return false;
    for (uint32_t i = 0; i < p->output_count; i++)
        if (p->outputs[i] >= p->slots)
            return false;
    return true;
}

/* Room for a run of any segment: β falls as n grows, so a smaller segment may need more triples.  Labels
 * and gates are counted beside the rows, where a full segment has them in their place. */
static size_t run_bytes(const tct_program *p, tct_engine_params params)
{
    tct_shape s = {.params = params,
                   .out = 3,
                   .first_run = true,
                   .inputs = {p->inputs[0], p->inputs[1]},
                   .ands = p->batch,
                   .outputs = p->output_count,
                   .bucket = tct_bucket_size(p->batch, params.rho)};
    for (uint32_t n = 1; n <= p->batch; n++) {
        uint32_t triples = n * tct_bucket_size(n, params.rho);
        s.triples = triples > s.triples ? triples : s.triples;
    }
    uint64_t wires = from_max(p) + (uint64_t)p->inputs[0] + p->inputs[1] + gates_max(p);
    if (wires > UINT32_MAX)
        return SIZE_MAX;
    s.wires = (uint32_t)wires;
    uint64_t beside = 16 * wires + tct_schedule_bytes(&s) + tct_shape_garbled_bytes(&s);
    return beside > SIZE_MAX ? SIZE_MAX : tct_size_add(tct_shape_memory(&s), (size_t)beside);
}

enum {
    AREA_SHARE,
    AREA_LABEL,
    AREA_BIT,
    AREA_VALUE,
    AREA_PLACE,
    AREA_FROM,
    AREA_TO,
    AREA_OUT,
    AREA_GATES,
    AREAS
};

static void areas(const tct_program *p, size_t count[AREAS], size_t size[AREAS])
{
    const size_t counts[AREAS] = {p->slots,    p->slots,  p->slots,       p->slots,    p->slots,
                                  from_max(p), to_max(p), outputs_max(p), gates_max(p)};
    static const size_t sizes[AREAS] = {sizeof(tct_share),
                                        sizeof(tct_block),
                                        1,
                                        1,
                                        sizeof(uint32_t),
                                        sizeof(uint32_t),
                                        sizeof(uint32_t),
                                        sizeof(uint32_t),
                                        sizeof(tct_gate)};
    memcpy(count, counts, sizeof counts);
    memcpy(size, sizes, sizeof sizes);
}

size_t tct_stream_bytes(const tct_program *p, tct_engine_params params)
{
    size_t count[AREAS], size[AREAS];
    if (!sensible(p))
        return SIZE_MAX;
    areas(p, count, size);
    size_t sum = tct_arena_cost(1, sizeof(tct_stream));
    for (int i = 0; i < AREAS; i++)
        sum = tct_size_add(sum, tct_arena_cost(count[i], size[i]));
    return tct_size_add(sum, tct_arena_cost(run_bytes(p, params), 1));
}

static bool carve(tct_stream *s, tct_arena *arena)
{
    size_t count[AREAS], size[AREAS];
    void *area[AREAS];
    areas(&s->program, count, size);
    for (int i = 0; i < AREAS; i++)
        if ((area[i] = tct_arena_take(arena, count[i], size[i])) == NULL)
            return false;
    s->segment.slots =
        (tct_slots){area[AREA_SHARE], area[AREA_LABEL], area[AREA_BIT], area[AREA_VALUE]};
    s->place = area[AREA_PLACE];
    s->from = area[AREA_FROM];
    s->to = area[AREA_TO];
    s->outputs = area[AREA_OUT];
    s->gates = area[AREA_GATES];
    s->run_bytes = run_bytes(&s->program, s->engine->params);
    s->run_memory = tct_arena_take_raw(arena, s->run_bytes, 1);
    return s->run_memory != NULL;
}

/* --------------------------------------------------------------------------------- cutting --- */

/* The wire in a slot, as a place in this segment; NOWHERE: nothing was ever written there. */
static uint32_t fetch(tct_stream *s, uint32_t slot)
{
    if (slot >= s->program.slots)
        return NOWHERE;
    if (s->place[slot] == AT_REST) {
        s->from[s->segment.carried] = slot;
        s->place[slot] = here(s->segment.carried++, 0);
    }
    return s->place[slot];
}

/* One gate more, its operands as places. */
static bool append(tct_stream *s, const tct_step *step)
{
    uint32_t b_slot = step->kind == TCT_GATE_INV ? step->a : step->b;
    uint32_t a = fetch(s, step->a), b = fetch(s, b_slot);
    if (a == NOWHERE || b == NOWHERE || step->to >= s->program.slots ||
        step->kind > TCT_GATE_INV || (step->kind == TCT_GATE_XOR && a == b))
        return false;
    uint32_t was = s->place[step->to];
    bool fresh =
        s->number == 0 && is_here(was) && !is_gate(was); /* an input: it leaves anyway */
    if (!is_gate(was) && !fresh)
        s->to[s->leaving++] = step->to;
    s->place[step->to] = here(s->circuit.gate_count, 1);
    s->gates[s->circuit.gate_count++] = (tct_gate){step->kind, a, b};
    s->circuit.and_count += step->kind == TCT_GATE_AND;
    return true;
}

/* The place where every slot of the segment before rests now. */
static void put_to_rest(tct_stream *s)
{
    for (uint32_t i = 0; i < s->segment.carried; i++)
        s->place[s->from[i]] = AT_REST;
    for (uint32_t i = 0; i < s->leaving; i++)
        s->place[s->to[i]] = AT_REST;
}

static void begin_cut(tct_stream *s)
{
    const tct_program *p = &s->program;
    uint32_t inputs = s->number == 0 ? p->inputs[0] + p->inputs[1] : 0;
    put_to_rest(s);
    s->segment.carried = s->leaving = 0;
    s->circuit = (tct_circuit){.gates = s->gates, .outputs = s->outputs};
    for (uint32_t i = 0; i < inputs; i++) {
        s->place[i] = here(i, 0);
        s->to[s->leaving++] = i;
    }
}

/* The wire that a place is. */
static uint32_t wire_of(const tct_stream *s, uint32_t place)
{
    uint32_t first = s->circuit.inputs[0] + s->circuit.inputs[1], index = (place - HERE) >> 1;
    return is_gate(place) ? first + index : index;
}

/* Places become wires, now that it is known how many come in. */
static void number_wires(tct_stream *s, uint32_t outputs, const uint32_t *slots)
{
    for (uint32_t i = 0; i < s->circuit.gate_count; i++) {
        s->gates[i].a = wire_of(s, s->gates[i].a);
        s->gates[i].b = wire_of(s, s->gates[i].b);
    }
    s->circuit.output_count = outputs;
    for (uint32_t i = 0; i < outputs; i++)
        s->outputs[i] = wire_of(s, s->place[slots[i]]);
}

/* Reads the next segment: full, or the rest. */
static bool cut(tct_stream *s)
{
    const tct_program *p = &s->program;
    begin_cut(s);
    while (s->circuit.and_count < p->batch && s->circuit.gate_count < s->gates_max &&
           s->has_ahead) {
        if (!append(s, &s->ahead))
            return false;
        s->has_ahead = p->next(p->context, &s->ahead);
    }
    s->last = !s->has_ahead;
    for (uint32_t i = 0; i < p->output_count && s->last; i++)
        if (fetch(s, p->outputs[i]) == NOWHERE)
            return false;
    s->circuit.inputs[0] = s->segment.carried + (s->number == 0 ? p->inputs[0] : 0);
    s->circuit.inputs[1] = s->number == 0 ? p->inputs[1] : 0;
    s->segment.from = s->from;
    s->segment.to = s->last ? NULL : s->to;
    if (s->last)
        number_wires(s, p->output_count, p->outputs);
    else
        number_wires(s, s->leaving, s->to);
    return true;
}

/* ----------------------------------------------------------------------------------- turns --- */

static tct_err fail(tct_stream *s, tct_err err)
{
    tct_engine *e = s->engine;
    tct_stream_wipe(s);
    s->err = err;
    tct_engine_fail(e, err);
    return err;
}

static void segment_seed(const tct_stream *s, uint8_t out[TCT_SEED_BYTES])
{
    uint8_t tag[7] = {'s', 'e', 'g'};
    tct_xof x;
    tct_store32(tag + 3, s->number);
    tct_xof_init(&x, s->seed, sizeof s->seed, tag, sizeof tag);
    tct_xof_next(&x, out, TCT_SEED_BYTES);
    tct_xof_wipe(&x);
}

static tct_err begin_segment(tct_stream *s)
{
    uint8_t seed[TCT_SEED_BYTES];
    if (!cut(s))
        return fail(s, TCT_ERR_SHEET);
    segment_seed(s, seed);
    tct_err err = tct_run_begin(&s->run, s->run_memory, s->run_bytes, s->engine, &s->circuit,
                                s->number, s->garbler, seed, &s->segment);
    tct_wipe(seed, sizeof seed);
    return err == TCT_OK ? TCT_OK : fail(s, err);
}

/* A segment that is over makes room for the next, which stands on its transcript. */
static tct_err go_on(tct_stream *s)
{
    while (!s->done && tct_run_done(s->run)) {
        s->ands += s->circuit.and_count;
        if (s->last) {
            s->done = true;
            tct_wipe(s->seed, sizeof s->seed);
            return TCT_OK;
        }
        memcpy(s->segment.after, s->run->th, sizeof s->segment.after);
        tct_run_wipe(s->run);
        s->number++;
        tct_err err = begin_segment(s);
        if (err != TCT_OK)
            return err;
    }
    return TCT_OK;
}

tct_err tct_stream_init(tct_stream **out, void *memory, size_t memory_bytes, tct_engine *e,
                        const tct_program *program, int garbler, const uint8_t seed[32])
{
    tct_arena arena;
    if (tct_stream_bytes(program, e->params) == SIZE_MAX)
        return TCT_ERR_LIMIT;
    tct_arena_init(&arena, memory, memory_bytes);
    tct_stream *s = tct_arena_take(&arena, 1, sizeof *s);
    if (s == NULL)
        return TCT_ERR_MEMORY;
    s->engine = e;
    s->program = *program;
    s->garbler = garbler;
    if (!carve(s, &arena))
        return TCT_ERR_MEMORY;
    s->gates_max = gates_max(program);
    s->arena_bytes = (size_t)(arena.base + arena.used - (uint8_t *)s);
    memcpy(s->seed, seed, sizeof s->seed);
    s->has_ahead = program->next(program->context, &s->ahead);
    *out = s;
    return begin_segment(s);
}

static tct_err dead(const tct_stream *s)
{
    return s->err;
}

unsigned tct_stream_want(const tct_stream *s)
{
    return dead(s) != TCT_OK ? 0 : tct_run_want(s->run);
}

size_t tct_stream_send_bytes(const tct_stream *s)
{
    int flight = dead(s) != TCT_OK ? 0 : tct_run_flight_out(s->run);
    return flight == 0 ? 0 : tct_run_body_bytes(s->run, flight, s->run->role);
}

size_t tct_stream_recv_bytes(const tct_stream *s)
{
    int flight = dead(s) != TCT_OK ? 0 : tct_run_flight_in(s->run);
    return flight == 0 ? 0 : tct_run_body_bytes(s->run, flight, tct_run_peer(s->run));
}

/* What a run answered: USAGE and SPACE change nothing, all else is the end. */
static tct_err settle(tct_stream *s, tct_err err)
{
    if (err == TCT_OK)
        return go_on(s);
    return err == TCT_ERR_USAGE || err == TCT_ERR_SPACE ? err : fail(s, err);
}

tct_err tct_stream_send(tct_stream *s, uint8_t *body, size_t *bytes)
{
    return dead(s) != TCT_OK ? dead(s) : settle(s, tct_run_send(s->run, body, bytes));
}

tct_err tct_stream_recv(tct_stream *s, const uint8_t *body, size_t bytes)
{
    return dead(s) != TCT_OK ? dead(s) : settle(s, tct_run_recv(s->run, body, bytes));
}

tct_err tct_stream_input(tct_stream *s, const uint8_t *bits)
{
    return dead(s) != TCT_OK ? dead(s) : settle(s, tct_run_input(s->run, bits));
}

const uint8_t *tct_stream_result(const tct_stream *s)
{
    return dead(s) == TCT_OK && s->last ? tct_run_result(s->run) : NULL;
}

bool tct_stream_done(const tct_stream *s)
{
    return s->done;
}

bool tct_stream_revealed(const tct_stream *s)
{
    return s->run != NULL && tct_run_revealed(s->run);
}

uint64_t tct_stream_ands(const tct_stream *s)
{
    return s->ands;
}

tct_run *tct_stream_run(const tct_stream *s)
{
    return s->run;
}

void tct_stream_wipe(tct_stream *s)
{
    tct_run *run = s->run;
    bool revealed = tct_stream_revealed(s);
    tct_wipe(s, s->arena_bytes > sizeof *s ? s->arena_bytes : sizeof *s);
    s->err = TCT_ERR_USAGE; /* a wiped stream does nothing any more */
    if (revealed) {         /* what was seen stays seen */
        run->revealed = true;
        s->run = run;
    }
}
