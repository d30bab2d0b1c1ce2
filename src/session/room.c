/* SPDX-License-Identifier: ISC
 *
 * The memory of one evaluation, sized from the circuit before anything of it is used: the circuit, the
 * run, one body on its way out and one on its way in, and the encoded answers until the run has them.
 */
#include <string.h>

#include "crypto/hash.h"
#include "garble/shape.h"
#include "session/letters_state.h"
#include "session/session_state.h"

static int asker_person(const tacit_session *s)
{
    return s->role == TCT_ROLE_X ? s->person : 1 - s->person;
}

/* The circuit by its sizes only: for the other role map the inputs change places, nothing else. */
static bool outline(const tacit_session *s, tct_circuit *c)
{
    tct_arena nothing;
    tct_arena_init(&nothing, NULL, 0);
    if (tct_sheet_circuit(s->sheet, 0, &nothing, c) != TCT_OK)
        return false;
    if (asker_person(s) == 1) {
        uint32_t first = c->inputs[0];
        c->inputs[0] = c->inputs[1];
        c->inputs[1] = first;
    }
    return true;
}

tct_engine_params tct_session_params(const tacit_session *s, const tct_circuit *c)
{
    tct_engine_params params = tct_engine_params_for(c->and_count);
    if (s->role == TCT_ROLE_X ? s->keeps_deposits && c->output_count <= TCT_SPREAD_OUTPUTS_MAX
                              : (s->params.mode & TCT_MODE_ESCROW) != 0)
        params.mode |= TCT_MODE_ESCROW;
    return params;
}

/* The longest body of `role`, as it stands in memory: padded to its rung when it is taken apart. */
static size_t longest_body(const tct_shape *shape, int role)
{
    uint8_t flights[12];
    uint64_t most = 0;
    size_t count = tct_shape_flights(shape, flights);
    for (size_t i = 0; i < count; i++) {
        uint64_t bytes = tct_shape_body_bytes(shape, flights[i], role);
        most = bytes > most ? bytes : most;
    }
    if (most > SIZE_MAX - TCT_CHUNK_BYTES)
        return SIZE_MAX;
    uint32_t last = tct_chunk_count(most) - 1;
    return (size_t)last * TCT_CHUNK_BYTES + tct_padded_bytes(tct_chunk_bytes(most, last));
}

typedef struct {
    size_t circuit, run, out, in, bits, lots, item, stock;
} plan;

/* Letters: each of the two garbles every other run. */
static bool plan_stock(const tacit_session *s, const tct_circuit *c, plan *p)
{
    tct_shape shape;
    tct_engine_params params = tct_session_params(s, c);
    if (s->askings == 0)
        return true;
    p->item = s->shelving->item_bytes(c, params);
    p->stock = p->item * tct_session_run_count(s);
    if (tct_letters_most_bytes(p->item, tct_session_run_count(s)) > TACIT_LETTERS_MAX)
        return false; /* nobody would read it again */
    if (p->item == 0 || !tct_shape_init(&shape, c, params, TCT_SESSION_OUT, TCT_ROLE_Y, 1))
        return false;
    size_t out = longest_body(&shape, s->role), in = longest_body(&shape, tct_session_peer(s));
    p->out = out > p->out ? out : p->out;
    p->in = in > p->in ? in : p->in;
    return true;
}

static bool plan_room(const tacit_session *s, const tct_circuit *c, plan *p)
{
    tct_shape shape;
    tct_engine_params params = tct_session_params(s, c);
    if (!tct_shape_init(&shape, c, params, TCT_SESSION_OUT, TCT_ROLE_X, 0))
        return false;
    *p = (plan){
        .circuit = tct_sheet_circuit_bytes(s->sheet),
        .run = tct_run_bytes(c, params),
        .out = longest_body(&shape, s->role),
        .in = longest_body(&shape, tct_session_peer(s)),
        .bits = tct_sheet_input_count(s->sheet, s->person),
        .lots = tct_sheet_lot_bytes(s->sheet, s->person),
    };
    return plan_stock(s, c, p) && p->run != SIZE_MAX && p->out != SIZE_MAX && p->in != SIZE_MAX;
}

size_t tct_session_room_bytes(const tacit_session *s)
{
    tct_circuit c;
    plan p;
    if (!outline(s, &c) || !plan_room(s, &c, &p))
        return SIZE_MAX;
    const size_t areas[] = {p.circuit, p.run, p.out, p.in, p.bits, p.lots, p.stock};
    size_t sum = 0;
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++)
        sum = tct_size_add(sum, tct_arena_cost(areas[i], 1));
    return sum;
}

tct_err tct_session_carve(tacit_session *s, void *memory, size_t bytes, uint8_t program[32])
{
    tct_arena arena, circuit_arena;
    tct_circuit c;
    plan p;
    if (!outline(s, &c) || !plan_room(s, &c, &p))
        return TCT_ERR_LIMIT;
    tct_arena_init(&arena, memory, bytes);
    void *circuit_memory = tct_arena_take(&arena, p.circuit, 1);
    s->run_memory = tct_arena_take(&arena, p.run, 1);
    s->run_memory_bytes = p.run;
    s->out = (tct_body){.bytes = tct_arena_take(&arena, p.out, 1), .room = p.out};
    s->in = (tct_body){.bytes = tct_arena_take(&arena, p.in, 1), .room = p.in};
    s->bits = tct_arena_take(&arena, p.bits, 1);
    s->bits_bytes = p.bits;
    s->lots = tct_arena_take(&arena, p.lots, 1);
    s->lots_bytes = p.lots;
    s->stock = tct_arena_take(&arena, p.stock, 1);
    s->stock_item = p.item;
    if (circuit_memory == NULL || s->run_memory == NULL || s->out.bytes == NULL ||
        s->in.bytes == NULL || s->bits == NULL || s->lots == NULL || s->stock == NULL)
        return TCT_ERR_MEMORY;
    tct_arena_init(&circuit_arena, circuit_memory, p.circuit);
    tct_err err = tct_sheet_circuit(s->sheet, asker_person(s), &circuit_arena, &s->circuit);
    if (err != TCT_OK)
        return err;
    if (s->role == TCT_ROLE_X) /* the answerer's came with F1, and is compared later */
        s->params = tct_session_params(s, &s->circuit);
    tct_circuit_digest(&s->circuit, program);
    return TCT_OK;
}

/* Every run has a seed of its own; that of the first, and mostly the only one, is the one drawn. */
static void run_seed(const tacit_session *s, uint8_t seed[32])
{
    tct_hash h;
    memcpy(seed, s->seeds.run, 32);
    if (s->run_number == 0)
        return;
    tct_hash_init(&h, "run seed");
    tct_hash_field(&h, s->seeds.run, sizeof s->seeds.run);
    tct_hash_u32(&h, s->run_number);
    tct_hash_final(&h, seed);
}

tct_err tct_session_begin_run(tacit_session *s)
{
    uint8_t seed[32];
    tct_err err = s->run_number == 0 ? tct_engine_bind(s->engine, s->chain) : TCT_OK;
    if (err != TCT_OK)
        return err;
    run_seed(s, seed);
    err = tct_run_init(&s->run, s->run_memory, s->run_memory_bytes, s->engine, &s->circuit,
                       s->run_number, tct_letters_garbler(s->run_number), seed);
    tct_wipe(seed, sizeof seed);
    if (s->run_number + 1 == tct_session_run_count(s))
        tct_wipe(s->seeds.run, sizeof s->seeds.run);
    if (err == TCT_OK && s->run_number == 0)
        tct_session_pump(s);
    return err;
}
