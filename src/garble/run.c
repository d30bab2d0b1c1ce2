/* SPDX-License-Identifier: ISC
 *
 * The machine of a run: which flight is due, who still owes its body, and the chain of both.
 *
 * A body of ours is made when it is first needed: by tct_run_send, or because the peer was quicker
 * and its body of the same flight is already here.  A flight is over when both bodies stand; then
 * the chain takes them in.  Source  protocol.md 6.1, 7, 8.1, 8.4.
 */
#include "garble/chain.h"
#include "garble/run_state.h"
#include "ot/twist.h"

static void draw(const tct_run *r, const char *name, uint8_t out[32])
{
    tct_xof x;
    tct_xof_init(&x, r->seed, sizeof r->seed, name, strlen(name));
    tct_xof_next(&x, out, 32);
    tct_xof_wipe(&x);
}

/* The shape of a segment: the first wires are carried in, and only the last one tells anybody anything. */
static bool segment_shape(tct_shape *s, const tct_segment *segment)
{
    if (!tct_shape_stream(s))
        return segment == NULL;
    if (segment == NULL || segment->carried > s->inputs[TCT_ROLE_X] ||
        (s->params.mode & (TCT_MODE_BATCH | TCT_MODE_BULK | TCT_MODE_ESCROW)) != 0)
        return false;
    s->carried = segment->carried;
    s->inputs[TCT_ROLE_X] -= s->carried;
    if (segment->to != NULL) {
        s->out = 0;
        s->outputs = 0;
    }
    return true;
}

tct_err tct_run_init(tct_run **out, void *memory, size_t memory_bytes, tct_engine *e,
                     const tct_circuit *circuit, uint32_t run, int garbler,
                     const uint8_t seed[32])
{
    return tct_run_begin(out, memory, memory_bytes, e, circuit, run, garbler, seed, NULL);
}

tct_err tct_run_begin(tct_run **out, void *memory, size_t memory_bytes, tct_engine *e,
                      const tct_circuit *circuit, uint32_t run, int garbler,
                      const uint8_t seed[32], const tct_segment *segment)
{
    tct_arena arena;
    uint8_t digest[TCT_HASH_BYTES];
    if (e->err != TCT_OK)
        return e->err;
    if (run >= TCT_RUNS_MAX || e->ands + circuit->and_count > TCT_SESSION_ANDS_MAX)
        return TCT_ERR_LIMIT;
    if (e->stage < TCT_ENGINE_BOUND || tct_bit_get(e->runs_used, run))
        return TCT_ERR_USAGE;
    if (!tct_circuit_valid(circuit))
        return TCT_ERR_USAGE;
    tct_arena_init(&arena, memory, memory_bytes);
    tct_run *r = tct_arena_take(&arena, 1, sizeof *r);
    if (r == NULL)
        return TCT_ERR_MEMORY;
    if (!tct_shape_init(&r->shape, circuit, e->params, e->out, garbler, run) ||
        !segment_shape(&r->shape, segment))
        return TCT_ERR_LIMIT;
    if (!tct_run_carve(r, &arena))
        return TCT_ERR_MEMORY;
    tct_bit_put(e->runs_used, run, 1);
    e->ands += r->shape.ands;
    r->engine = e;
    r->circuit = circuit;
    r->segment = segment;
    r->number = run;
    r->role = e->role;
    r->arena_bytes = (size_t)(arena.base + arena.used - (uint8_t *)r);
    r->flight_count = tct_shape_flights(&r->shape, r->flights);
    memcpy(r->seed, seed, sizeof r->seed);
    draw(r, "coin", r->coin);
    draw(r, "nonce", r->nonce);
    TCT_TWIST(r->role, TCT_TWIST_COIN, run, r->coin, sizeof r->coin);
    TCT_TWIST(r->role, TCT_TWIST_NONCE, run, r->nonce, sizeof r->nonce);
    tct_circuit_digest(circuit, digest);
    tct_chain_start(r->th, e, run, digest, garbler);
    if (tct_shape_stream(&r->shape))
        tct_chain_segment(r->th, segment, circuit->output_count);
    tct_chain_salt(r->salt, e, r->th);
    *out = r;
    return TCT_OK;
}

/* A failed check, or a body that nobody honest sends here: the whole session is dead (8.4). */
static tct_err fail(tct_run *r, tct_err err)
{
    tct_engine *e = r->engine;
    tct_run_wipe(r);
    r->err = err;
    tct_engine_fail(e, err);
    return err;
}

/* The sticky error of the run or of its session. */
static tct_err dead(const tct_run *r)
{
    return r->err != TCT_OK ? r->err : r->engine->err;
}

static bool over(const tct_run *r)
{
    return r->at == r->flight_count;
}

static int flight(const tct_run *r)
{
    return r->flights[r->at];
}

/* F2 of a later run waits until F2 of run 0 has been verified, since it stands on its trees. */
static bool trees_ready(const tct_run *r)
{
    return r->number == 0 || r->engine->stage == TCT_ENGINE_READY;
}

static bool owes_own(const tct_run *r)
{
    return !over(r) && !r->own_sent && tct_shape_sends(&r->shape, flight(r), r->role);
}

static bool awaits_peer(const tct_run *r)
{
    return !over(r) && !r->left_behind && !r->peer_taken && trees_ready(r) &&
           tct_shape_sends(&r->shape, flight(r), tct_run_peer(r));
}

static bool may_make(const tct_run *r)
{
    return trees_ready(r) && (flight(r) != TCT_F7 || r->input_given);
}

unsigned tct_run_want(const tct_run *r)
{
    unsigned want = 0;
    if (dead(r) != TCT_OK)
        return 0;
    if (r->left_behind || (owes_own(r) && may_make(r)))
        want |= TCT_RUN_SEND;
    if (awaits_peer(r))
        want |= TCT_RUN_RECV;
    if (!over(r) && flight(r) == TCT_F7 && !r->input_given)
        want |= TCT_RUN_INPUT;
    if (over(r) && !r->left_behind && tct_shape_escrow(&r->shape) && !r->result_ready)
        want |= r->deposited ? TCT_RUN_RELEASE : TCT_RUN_DEPOSIT;
    return want;
}

int tct_run_flight_out(const tct_run *r)
{
    if ((tct_run_want(r) & TCT_RUN_SEND) == 0)
        return 0;
    return r->flights[r->left_behind ? r->at - 1 : r->at];
}

int tct_run_flight_in(const tct_run *r)
{
    return (tct_run_want(r) & TCT_RUN_RECV) != 0 ? flight(r) : 0;
}

size_t tct_run_body_bytes(const tct_run *r, int which, int role)
{
    return (size_t)tct_shape_body_bytes(&r->shape, which, role);
}

/* F7: Λ_w = v_w ⊕ λ_w; the values were masked when they were given. */
static void f7_make(tct_run *r)
{
    uint32_t first = tct_run_first_input(r, r->role), count = r->shape.inputs[r->role];
    memset(r->body, 0, tct_bits_bytes(count));
    for (uint32_t j = 0; j < count; j++)
        tct_bit_put(r->body, j, r->values[first + j]);
}

static tct_err f7_take(tct_run *r, const uint8_t *body)
{
    int peer = tct_run_peer(r);
    uint32_t first = tct_run_first_input(r, peer), count = r->shape.inputs[peer];
    if (!tct_bits_padded(body, count))
        return TCT_ERR_FORMAT;
    if (count != 0)
        memcpy(r->peer_values, body, tct_bits_bytes(count));
    for (uint32_t j = 0; j < count; j++)
        r->values[first + j] = (uint8_t)tct_bit_get(body, j);
    return TCT_OK;
}

static void make(tct_run *r)
{
    switch (flight(r)) {
    case TCT_F2:
        tct_f2_make(r);
        break;
    case TCT_F3:
        tct_f3_make(r);
        break;
    case TCT_F4:
        tct_f4_make(r);
        break;
    case TCT_F5:
        tct_f5_make(r);
        break;
    case TCT_F6:
        tct_f6_make(r);
        break;
    case TCT_F6P:
        if (tct_shape_stream(&r->shape))
            tct_f6p_make(r);
        break;
    case TCT_F7:
        f7_make(r);
        break;
    case TCT_F8:
        tct_f8_make(r);
        break;
    case TCT_F8B:
        tct_f8b_make(r);
        break;
    case TCT_F8C:
        tct_f8c_make(r);
        break;
    default:
        tct_f9_make(r);
    }
    /* The body goes to the peer, so it is public from here; only masked or opened values are in it. */
    TCT_PUBLIC(r->body, tct_run_body_bytes(r, flight(r), r->role));
    r->own_made = true;
}

static tct_err take(tct_run *r, const uint8_t *body)
{
    switch (flight(r)) {
    case TCT_F2:
        return tct_f2_take(r, body);
    case TCT_F3:
        tct_f3_take(r, body);
        return TCT_OK;
    case TCT_F4:
        return tct_f4_take(r, body);
    case TCT_F5:
        return tct_f5_take(r, body);
    case TCT_F6:
        return tct_f6_take(r, body);
    case TCT_F6P:
        return tct_shape_stream(&r->shape) ? tct_f6p_take(r, body) : TCT_ERR_FORMAT;
    case TCT_F7:
        return f7_take(r, body);
    case TCT_F8:
        return tct_f8_take(r, body);
    case TCT_F8B:
        return tct_f8b_take(r, body);
    case TCT_F8C:
        return tct_f8c_take(r, body);
    default:
        return tct_f9_take(r, body);
    }
}

/* Has the frame that was just made shown the peer its output?  (8.4; in escrow mode only the
 * deposit does.) */
static bool reveals(const tct_run *r)
{
    int f = flight(r);
    if (tct_shape_escrow(&r->shape) || !tct_shape_receives(&r->shape, tct_run_peer(r)))
        return false;
    return f == TCT_F9 || f == TCT_F8C || (f == TCT_F8 && !tct_shape_batch(&r->shape));
}

/* What the chain takes of each body: itself, or in bulk mode its digest. */
static void absorb(tct_run *r, int f, const uint8_t *bodies[2])
{
    size_t bytes[2];
    uint8_t digest[2][TCT_HASH_BYTES];
    for (int role = 0; role < 2; role++) {
        bytes[role] = tct_run_body_bytes(r, f, role);
        if (!tct_shape_bulk(&r->shape))
            continue;
        if (f == TCT_F2) {
            size_t d_at = r->number == 0 ? TCT_PPRF_BYTES : 0;
            size_t d_bytes = bytes[role] - d_at - TCT_F2_TAIL_BYTES;
            tct_chain_digest_f2(bodies[role], bytes[role], d_at, d_bytes, r->d_tree[role],
                                digest[role]);
        } else {
            tct_chain_digest(bodies[role], bytes[role], digest[role]);
        }
        bodies[role] = digest[role];
        bytes[role] = sizeof digest[role];
    }
    tct_chain_absorb(r->th, f, bodies, bytes);
}

/* When both bodies of the flight stand, the chain takes them and the next flight begins. */
static void settle(tct_run *r, const uint8_t *peer_body)
{
    int f = flight(r), peer = tct_run_peer(r);
    bool own = tct_shape_sends(&r->shape, f, r->role);
    bool theirs = tct_shape_sends(&r->shape, f, peer);
    if ((own && !r->own_made) || (theirs && !r->peer_taken))
        return;
    const uint8_t *bodies[2];
    bodies[r->role] = r->body;
    bodies[peer] = f == TCT_F7 ? r->peer_values : peer_body;
    absorb(r, f, bodies);
    if (f == TCT_F3)
        memcpy(r->th3, r->th, sizeof r->th3);
    r->left_behind = own && !r->own_sent;
    r->own_made = r->own_sent = r->peer_taken = false;
    r->at++;
    if (over(r) && !tct_shape_escrow(&r->shape))
        tct_run_retire(r);
}

tct_err tct_run_send(tct_run *r, uint8_t *body, size_t *bytes)
{
    if (dead(r) != TCT_OK)
        return dead(r);
    int f = tct_run_flight_out(r);
    if (f == 0)
        return TCT_ERR_USAGE;
    size_t need = tct_run_body_bytes(r, f, r->role);
    if (*bytes < need)
        return TCT_ERR_SPACE;
    *bytes = need;
    if (!r->left_behind && !r->own_made)
        make(r);
    if (need != 0)
        memcpy(body, r->body, need);
    if (r->left_behind) {
        r->left_behind = false;
        return TCT_OK;
    }
    r->revealed |= reveals(r);
    r->own_sent = true;
    settle(r, NULL);
    return TCT_OK;
}

tct_err tct_run_recv(tct_run *r, const uint8_t *body, size_t bytes)
{
    if (dead(r) != TCT_OK)
        return dead(r);
    static const uint8_t nothing[1];
    if (!awaits_peer(r) || bytes != tct_run_body_bytes(r, flight(r), tct_run_peer(r)))
        return fail(r, TCT_ERR_FORMAT);
    if (bytes == 0)
        body = nothing;
    /* Before F7 our own body of a flight never needs the peer's, and comes first. */
    if (owes_own(r) && !r->own_made && may_make(r))
        make(r);
    tct_err err = take(r, body);
    if (err != TCT_OK)
        return fail(r, err);
    r->peer_taken = true;
    settle(r, body);
    return TCT_OK;
}

tct_err tct_run_input(tct_run *r, const uint8_t *bits)
{
    if (dead(r) != TCT_OK)
        return dead(r);
    if (over(r) || flight(r) != TCT_F7 || r->input_given)
        return TCT_ERR_USAGE;
    uint32_t first = tct_run_first_input(r, r->role);
    for (uint32_t j = 0; j < r->shape.inputs[r->role]; j++)
        r->values[first + j] = (bits[j] & 1) ^ r->mask_bits[first + j];
    r->input_given = true;
    return TCT_OK;
}

const uint8_t *tct_run_result(const tct_run *r)
{
    return r->result_ready ? r->result : NULL;
}

bool tct_run_done(const tct_run *r)
{
    return r->err == TCT_OK && over(r) && !r->left_behind &&
           (!tct_shape_escrow(&r->shape) || r->result_ready);
}

bool tct_run_revealed(const tct_run *r)
{
    return r->revealed;
}

void tct_run_wipe(tct_run *r)
{
    bool revealed = r->revealed;
    tct_wipe(r, r->arena_bytes > sizeof *r ? r->arena_bytes : sizeof *r);
    r->revealed = revealed; /* what was seen stays seen */
    r->err = TCT_ERR_USAGE; /* a wiped run does nothing any more */
}
