/* SPDX-License-Identifier: ISC */
#include "garble/stock.h"

#include "garble/run_state.h"

enum { BLOCK = TCT_BLOCK_BYTES, HEAD = 1 + 2 * TCT_HASH_BYTES };
enum { FORM_PREPARED = 0, FORM_LABELS_SENT = 1 }; /* the garbler's, once F8 has left */

/* ---- engine --- */

tct_engine *tct_engine_restore(void *memory, int role, const uint8_t sid[32],
                               tct_engine_params params, uint8_t out, const uint8_t delta[16])
{
    tct_engine *e = memory;
    TCT_ASSERT(role == TCT_ROLE_X || role == TCT_ROLE_Y);
    memset(e, 0, sizeof *e);
    e->bytes = sizeof *e;
    e->role = role;
    e->out = out;
    e->params = params;
    e->stage = TCT_ENGINE_READY;
    memcpy(e->sid, sid, sizeof e->sid);
    e->delta.block = tct_block_load(delta);
    return e;
}

void tct_engine_delta(const tct_engine *e, uint8_t out[16])
{
    tct_block_store(out, e->delta.block);
}

/* ---- sizes --- */

/* COT rows of a run that the rest of it reads: σ of every AND (evaluator), and from the input masks
 * on everything; or the spread bits alone. */
typedef struct {
    size_t sigma, own, own_count, peer, peer_count;
} rows;

static rows rows_of(const tct_shape *s, int role, int form)
{
    size_t after = 3 * (size_t)s->triples, n = s->ands, spread = s->spread;
    size_t own = s->inputs[role] + n, peer = s->inputs[1 - role] + n;
    if (form == FORM_LABELS_SENT)
        return (rows){0, after + own, spread, after + peer, spread};
    return (rows){role == s->garbler ? 0 : n, after, own + spread, after, peer + spread};
}

static size_t spread_bytes(const tct_shape *s)
{
    return (size_t)s->outputs * tct_bits_bytes(s->spread);
}

static size_t garbled_bytes(const tct_shape *s)
{
    return (size_t)tct_shape_body_bytes(s, TCT_F6, s->garbler) - 2 * TCT_HASH_BYTES;
}

static size_t form_bytes(const tct_shape *s, int role, int form)
{
    rows w = rows_of(s, role, form);
    size_t sum = HEAD + tct_bits_bytes(w.sigma) + tct_bits_bytes(w.own_count) +
                 BLOCK * (2 * w.sigma + w.own_count + w.peer_count) + spread_bytes(s);
    if (form == FORM_LABELS_SENT) /* of each output: mask bit, MAC, key, zero label */
        return sum + s->outputs * (1 + 3 * (size_t)BLOCK);
    if (role != s->garbler)
        return sum + garbled_bytes(s);
    return sum + BLOCK * ((size_t)s->inputs[0] + s->inputs[1] + s->outputs);
}

static bool can_be_stored(const tct_shape *s)
{
    return (s->params.mode & ~TCT_MODE_LEAN) == TCT_MODE_ESCROW;
}

size_t tct_stock_bytes(const tct_circuit *c, tct_engine_params params)
{
    size_t most = 0;
    for (int garbler = 0; garbler < 2; garbler++) {
        tct_shape s;
        if (!tct_shape_init(&s, c, params, 3, garbler, 0) || !can_be_stored(&s))
            return 0;
        for (int role = 0; role < 2; role++) {
            size_t bytes = form_bytes(&s, role, FORM_PREPARED);
            most = bytes > most ? bytes : most;
        }
        /* Of many outputs and few gates this is the longer one. */
        size_t second = form_bytes(&s, garbler, FORM_LABELS_SENT);
        most = second > most ? second : most;
    }
    return most;
}

/* Where the run is; -1: elsewhere. */
static int form_of(const tct_run *r)
{
    if (r->err != TCT_OK || r->engine->err != TCT_OK || !can_be_stored(&r->shape) ||
        r->at == r->flight_count || r->left_behind || r->own_made || r->peer_taken)
        return -1;
    int flight = r->flights[r->at];
    if (flight == TCT_F7 && !r->input_given)
        return FORM_PREPARED;
    return flight == TCT_F9 && tct_run_garbles(r) ? FORM_LABELS_SENT : -1;
}

size_t tct_run_stock_bytes(const tct_run *r)
{
    int form = form_of(r);
    return form < 0 ? 0 : form_bytes(&r->shape, r->role, form);
}

/* ---- both directions --- */

/* One walk over the parts serves writing and reading, so that they cannot come apart. */
typedef struct {
    uint8_t *out;      /* writing; NULL: reading */
    const uint8_t *in; /* reading */
} tape;

static void pass(tape *t, void *field, size_t bytes)
{
    if (bytes == 0)
        return;
    if (t->out != NULL) {
        memcpy(t->out, field, bytes);
        t->out += bytes;
    } else {
        memcpy(field, t->in, bytes);
        t->in += bytes;
    }
}

/* `count` of the own bits from `first` on, packed. */
static void pass_bits(tape *t, tct_run *r, size_t first, size_t count)
{
    uint8_t *bits = (uint8_t *)r->choice;
    if (t->out != NULL) {
        memset(t->out, 0, tct_bits_bytes(count));
        for (size_t i = 0; i < count; i++)
            tct_bit_put(t->out, i, tct_bit_get(bits, first + i));
        t->out += tct_bits_bytes(count);
    } else {
        for (size_t i = 0; i < count; i++)
            tct_bit_put(bits, first + i, tct_bit_get(t->in, i));
        t->in += tct_bits_bytes(count);
    }
}

/* What the check of F9 and the deposit read of each output. */
static void pass_outputs(tape *t, tct_run *r)
{
    for (uint32_t j = 0; j < r->shape.outputs; j++) {
        uint32_t w = r->circuit->outputs[j];
        pass(t, &r->mask_bits[w], 1);
        pass(t, &r->wires[w].mac, BLOCK);
        pass(t, &r->wires[w].key, BLOCK);
        pass(t, &r->out_labels[j], BLOCK);
    }
}

static void pass_run(tape *t, tct_run *r, int form)
{
    rows w = rows_of(&r->shape, r->role, form);
    size_t sigma = 2 * (size_t)r->shape.triples;
    uint8_t form_byte = (uint8_t)form;
    pass(t, &form_byte, 1);
    pass(t, r->th, sizeof r->th);
    pass(t, r->salt, sizeof r->salt);
    pass_bits(t, r, sigma, w.sigma);
    pass_bits(t, r, w.own, w.own_count);
    pass(t, r->macs + sigma, BLOCK * w.sigma);
    pass(t, r->keys + sigma, BLOCK * w.sigma);
    pass(t, r->macs + w.own, BLOCK * w.own_count);
    pass(t, r->keys + w.peer, BLOCK * w.peer_count);
    pass(t, r->spread_rows, spread_bytes(&r->shape));
    if (form == FORM_LABELS_SENT) {
        pass_outputs(t, r);
    } else if (tct_run_garbles(r)) {
        pass(t, r->labels, BLOCK * (size_t)tct_run_first_gate(r));
        pass(t, r->out_labels, BLOCK * (size_t)r->shape.outputs);
    } else {
        pass(t, r->garbled, garbled_bytes(&r->shape));
    }
}

tct_err tct_run_store(tct_run *r, uint8_t *out, size_t *bytes)
{
    int form = form_of(r);
    if (form < 0)
        return r->err != TCT_OK ? r->err : TCT_ERR_USAGE;
    size_t need = form_bytes(&r->shape, r->role, form);
    if (*bytes < need)
        return TCT_ERR_SPACE;
    *bytes = need;
    tape t = {.out = out};
    pass_run(&t, r, form);
    TCT_ASSERT(t.out == out + need);
    tct_run_wipe(r);
    return TCT_OK;
}

/* ---- taking up again --- */

/* Where the flights go on, and what is known of them by then. */
static void set_place(tct_run *r, int form)
{
    int flight = form == FORM_PREPARED ? TCT_F7 : TCT_F9;
    while (r->flights[r->at] != flight)
        r->at++;
    if (form == FORM_PREPARED) {
        tct_wire_masks(r);
        return;
    }
    r->input_given = true;
    for (uint32_t j = 0; j < r->shape.outputs; j++)
        r->out_bits[j] = r->mask_bits[r->circuit->outputs[j]]; /* the garbler's z is its λ */
}

static bool is_form(const tct_run *r, const uint8_t *bytes, size_t count)
{
    if (count == 0 || bytes[0] > FORM_LABELS_SENT)
        return false;
    if (bytes[0] == FORM_LABELS_SENT && !tct_run_garbles(r))
        return false;
    return count == form_bytes(&r->shape, r->role, bytes[0]);
}

tct_err tct_run_restore(tct_run **out, void *memory, size_t memory_bytes, tct_engine *e,
                        const tct_circuit *circuit, uint32_t run, int garbler,
                        const uint8_t *bytes, size_t count)
{
    tct_arena arena;
    if (e->err != TCT_OK)
        return e->err;
    if (run >= TCT_RUNS_MAX || tct_bit_get(e->runs_used, run) || !tct_circuit_valid(circuit))
        return TCT_ERR_USAGE;
    tct_arena_init(&arena, memory, memory_bytes);
    tct_run *r = tct_arena_take(&arena, 1, sizeof *r);
    if (r == NULL)
        return TCT_ERR_MEMORY;
    if (!tct_shape_init(&r->shape, circuit, e->params, e->out, garbler, run) ||
        !can_be_stored(&r->shape))
        return TCT_ERR_LIMIT;
    if (!tct_run_carve(r, &arena))
        return TCT_ERR_MEMORY;
    r->engine = e;
    r->circuit = circuit;
    r->number = run;
    r->role = e->role;
    r->arena_bytes = (size_t)(arena.base + arena.used - (uint8_t *)r);
    r->flight_count = tct_shape_flights(&r->shape, r->flights);
    if (!is_form(r, bytes, count))
        return TCT_ERR_FORMAT;
    tct_bit_put(e->runs_used, run, 1);
    memset(r->choice, 0, tct_bits_bytes(tct_shape_cot_bits(&r->shape, r->role)));
    tape t = {.in = bytes};
    pass_run(&t, r, bytes[0]);
    set_place(r, bytes[0]);
    *out = r;
    return TCT_OK;
}

tct_err tct_run_input_again(tct_run *r, const uint8_t *f7, size_t bytes)
{
    uint32_t first = tct_run_first_input(r, r->role), count = r->shape.inputs[r->role];
    if ((tct_run_want(r) & TCT_RUN_INPUT) == 0)
        return r->err != TCT_OK ? r->err : TCT_ERR_USAGE;
    if (bytes != tct_bits_bytes(count) || !tct_bits_padded(f7, count))
        return TCT_ERR_FORMAT;
    for (uint32_t j = 0; j < count; j++)
        r->values[first + j] = (uint8_t)tct_bit_get(f7, j);
    r->input_given = true;
    return TCT_OK;
}
