/* SPDX-License-Identifier: ISC
 *
 * The public face of a session (tacit.h): its beginning, what it waits for, and the one switch over
 * its steps.  docs/machines/session.dot is that switch drawn.
 */
#include <string.h>

#include "crypto/hash.h"
#include "session/session_state.h"

/* ---- beginning --- */

size_t tacit_session_bytes(void)
{
    size_t sum = tct_arena_cost(1, sizeof(tacit_session));
    sum = tct_size_add(sum, tct_arena_cost(1, tct_engine_bytes((tct_engine_params){0})));
    return tct_size_add(sum, tct_arena_cost(1, TCT_OFFER_PADDED_MAX));
}

static bool sensible(const tacit_session_options *o)
{
    if (o->code == NULL || o->code[0] == '\0' || strlen(o->code) >= TACIT_CODE_MAX)
        return false;
    if (o->person < -1 || o->person > 1)
        return false;
    if (o->role != NULL && strlen(o->role) >= TACIT_ROLE_MAX)
        return false;
    return o->asker ? o->sheet != NULL : o->sheet_memory != NULL;
}

static void expand_seed(tct_session_seeds *seeds, const uint8_t seed[TCT_SEED_BYTES])
{
    tct_xof x;
    tct_xof_init(&x, seed, TCT_SEED_BYTES, "session", 7);
    tct_xof_next(&x, seeds->veil, sizeof seeds->veil);
    tct_xof_next(&x, seeds->hello, sizeof seeds->hello);
    tct_xof_next(&x, seeds->share, sizeof seeds->share);
    tct_xof_next(&x, seeds->engine, sizeof seeds->engine);
    tct_xof_next(&x, seeds->run, sizeof seeds->run);
    tct_xof_next(&x, seeds->lots, sizeof seeds->lots);
    tct_xof_wipe(&x);
}

static bool sheet_travels(const tacit_sheet *sheet)
{
    size_t bytes;
    tct_sheet_canonical(sheet, &bytes);
    return bytes <= TACIT_SHEET_TEXT_MAX;
}

tacit_status tacit_session_init(tacit_session **out, void *memory, size_t memory_bytes,
                                const tacit_session_options *options)
{
    tct_arena arena;
    if (!sensible(options))
        return TACIT_ERR_USAGE;
    if (options->asker && !sheet_travels(options->sheet))
        return TACIT_ERR_LIMIT;
    tct_arena_init(&arena, memory, memory_bytes);
    tacit_session *s = tct_arena_take(&arena, 1, sizeof *s);
    void *engine = tct_arena_take(&arena, 1, tct_engine_bytes((tct_engine_params){0}));
    uint8_t *offer = tct_arena_take(&arena, 1, TCT_OFFER_PADDED_MAX);
    if (s == NULL || engine == NULL || offer == NULL)
        return TACIT_ERR_MEMORY;
    s->role = options->asker ? TCT_ROLE_X : TCT_ROLE_Y;
    s->step = options->asker ? TCT_STEP_SPACE : TCT_STEP_HELLO;
    s->wanted_person = options->person;
    s->person = !options->asker ? -1 : options->person == -1 ? 0 : options->person;
    s->sheet = options->asker ? options->sheet : NULL;
    s->expected = options->asker ? NULL : options->sheet;
    s->keeps_deposits = options->escrow;
    s->sheet_memory = options->sheet_memory;
    s->sheet_memory_bytes = options->sheet_memory_bytes;
    s->engine = engine;
    s->offer = offer;
    memcpy(s->room, options->room, sizeof s->room);
    s->code_bytes = strlen(options->code);
    memcpy(s->code, options->code, s->code_bytes);
    if (options->role != NULL)
        memcpy(s->wanted_role, options->role, strlen(options->role) + 1);
    expand_seed(&s->seeds, options->seed);
    *out = s;
    return TACIT_OK;
}

/* ---- memory --- */

size_t tacit_session_memory_wanted(const tacit_session *s)
{
    if (s->step != TCT_STEP_SPACE && s->step != TCT_STEP_ROOM)
        return 0;
    return tct_session_room_bytes(s);
}

/* Both veils and the parameters, as they must be for this sheet, these roles and this nonce. */
static void compute_terms(const tacit_session *s, const uint8_t program[32],
                          uint8_t terms[TCT_TERMS_BYTES])
{
    uint8_t sheet_hash[32], coin_m;
    uint32_t coin_k;
    size_t bytes;
    const char *text = tct_sheet_canonical(s->sheet, &bytes);
    int asker = s->role == TCT_ROLE_X ? s->person : 1 - s->person;
    tct_sheet_coin(s->sheet, &coin_k, &coin_m);
    tct_bind_sheet(sheet_hash, (tct_part){text, bytes}, (tct_part){text, 0}, coin_k, coin_m,
                   program);
    tct_bind_params(terms, tct_session_params(s, &s->circuit));
    terms[4] |= (uint8_t)(s->askings << TCT_TERMS_ASKINGS_SHIFT);
    tct_bind_sheet_veil(terms + 5, s->nonce, sheet_hash, asker);
    tct_bind_program_veil(terms + 37, s->nonce, program);
}

static void bind_question(tacit_session *s)
{
    size_t bytes;
    const char *text = tct_sheet_canonical(s->sheet, &bytes);
    tct_bind_question(s->qid, s->sid, (tct_part){text, bytes}, 0);
}

static tacit_status prepare_asker(tacit_session *s, const uint8_t program[32])
{
    memcpy(s->nonce, s->seeds.veil, sizeof s->nonce);
    compute_terms(s, program, s->terms);
    TCT_PUBLIC(s->terms, sizeof s->terms); /* they leave in the clear with F1 */
    tct_session_greet(s);
    bind_question(s);
    s->step = TCT_STEP_HELLO;
    return TACIT_OK;
}

static tacit_status prepare_answerer(tacit_session *s, const uint8_t program[32])
{
    uint8_t terms[TCT_TERMS_BYTES];
    compute_terms(s, program, terms);
    tct_wipe(s->nonce, sizeof s->nonce);
    /* Both sides know the veils; the asker showed them before it knew who would come. */
    if (tct_mask_reveal(tct_differ(terms, s->terms, sizeof terms)))
        return tct_session_fail(s, TACIT_ERR_CHEAT);
    bind_question(s);
    tct_err err = tct_session_begin_run(s);
    if (err != TCT_OK)
        return tct_session_fail(s, (tacit_status)err);
    tct_session_agree(s);
    s->step = TCT_STEP_RUN;
    return TACIT_OK;
}

tacit_status tacit_session_memory(tacit_session *s, void *memory, size_t memory_bytes)
{
    uint8_t program[32];
    if (s->error != TACIT_OK)
        return s->error;
    if (s->step != TCT_STEP_SPACE && s->step != TCT_STEP_ROOM)
        return TACIT_ERR_USAGE;
    tct_err err = tct_session_carve(s, memory, memory_bytes, program);
    if (err != TCT_OK)
        return tct_session_end(s, (tacit_status)err, TCT_FLIGHT_DECLINE, TCT_DECLINE_LEFT);
    return s->role == TCT_ROLE_X ? prepare_asker(s, program) : prepare_answerer(s, program);
}

uint32_t tct_session_run_count(const tacit_session *s)
{
    return s->askings == 0 ? 1 : 2 * s->askings; /* 11.1: each of the two may write first */
}

bool tct_session_is_prepared(const tacit_session *s)
{
    return s->stock_bytes[tct_session_run_count(s) - 1] != 0;
}

/* ---- waiting --- */

static bool has_frame(const tacit_session *s)
{
    return s->bye_bytes != 0 || s->hello_due || s->offer_due || s->pulse_due ||
           (s->out.flight != 0 && s->step != TCT_STEP_ENDED);
}

unsigned tacit_session_want(const tacit_session *s)
{
    unsigned want = has_frame(s) ? TACIT_WANT_SEND : 0;
    switch (s->step) {
    case TCT_STEP_SPACE:
    case TCT_STEP_ROOM:
        return want | TACIT_WANT_MEMORY;
    case TCT_STEP_HELLO:
    case TCT_STEP_OFFER:
    case TCT_STEP_CONFIRM:
        return want | TACIT_WANT_RECV;
    case TCT_STEP_RUN:
        if (s->askings != 0)
            return want | TACIT_WANT_RECV |
                   (tct_session_is_prepared(s) && !s->stock_kept ? TACIT_WANT_KEEP : 0);
        return want | TACIT_WANT_RECV | (s->sealed ? 0 : TACIT_WANT_ANSWERS) |
               tct_session_escrow_want(s);
    default:
        return want | (s->listens ? TACIT_WANT_RECV : 0);
    }
}

tacit_stage tacit_session_stage(const tacit_session *s)
{
    switch (s->step) {
    case TCT_STEP_RUN:
        if (s->sealed)
            return TACIT_STAGE_SEALED;
        if (s->askings != 0)
            return tct_session_is_prepared(s) ? TACIT_STAGE_READY : TACIT_STAGE_PREPARING;
        return (tct_run_want(s->run) & TCT_RUN_INPUT) != 0 && s->out.flight == 0
                   ? TACIT_STAGE_READY
                   : TACIT_STAGE_PREPARING;
    case TCT_STEP_ROOM:
        return TACIT_STAGE_PREPARING;
    case TCT_STEP_DONE:
        return TACIT_STAGE_DONE;
    case TCT_STEP_ENDED:
        return TACIT_STAGE_ENDED;
    default:
        return TACIT_STAGE_PAIRING;
    }
}

tacit_status tacit_session_error(const tacit_session *s)
{
    return s->error;
}

/* ---- frames --- */

static size_t next_frame_bytes(const tacit_session *s)
{
    if (s->bye_bytes != 0)
        return s->bye_bytes;
    if (s->hello_due)
        return tct_session_hello_bytes(s);
    if (s->offer_due)
        return tct_session_offer_bytes(s);
    if (s->pulse_due)
        return tct_session_pulse_bytes();
    return tct_session_chunk_frame_bytes(s);
}

tacit_status tacit_session_send(tacit_session *s, uint8_t *frame, size_t *bytes)
{
    if (!has_frame(s))
        return s->error != TACIT_OK ? s->error : TACIT_ERR_USAGE;
    size_t need = next_frame_bytes(s);
    if (*bytes < need)
        return TACIT_ERR_SPACE;
    *bytes = need;
    if (s->bye_bytes != 0) {
        memcpy(frame, s->bye, need);
        s->bye_bytes = 0;
    } else if (s->hello_due) {
        tct_session_hello_write(s, frame);
        s->hello_due = false;
    } else if (s->offer_due) {
        tct_session_offer_write(s, frame);
        s->offer_due = false;
    } else if (s->pulse_due) {
        tct_session_pulse_write(s, frame);
        tct_session_pump(s);
    } else {
        tct_session_chunk_write(s, frame);
        tct_session_pump(s);
    }
    TCT_PUBLIC(frame, need); /* it leaves */
    return TACIT_OK;
}

tacit_status tacit_session_recv(tacit_session *s, const uint8_t *frame, size_t bytes)
{
    if (s->listens)
        tct_session_take_receipt(s, frame, bytes);
    if (s->error != TACIT_OK)
        return s->error;
    if (tct_session_is_repeat(s, frame, bytes))
        return TACIT_OK;
    s->heard++;
    if (tct_session_in_escrow(s)) {
        tct_session_take_receipt(s, frame, bytes);
        return TACIT_OK;
    }
    switch (s->step) {
    case TCT_STEP_HELLO:
        return tct_session_take_hello(s, frame, bytes);
    case TCT_STEP_OFFER:
        return tct_session_take_offer(s, frame, bytes);
    case TCT_STEP_CONFIRM:
    case TCT_STEP_RUN:
        return tct_session_take_sealed(s, frame, bytes);
    case TCT_STEP_DONE:
        return TACIT_OK; /* a late repeat, or a farewell that changes nothing */
    default:
        return TACIT_ERR_USAGE;
    }
}

/* ---- answers --- */

static void encode(tacit_session *s, const tacit_answers *answers)
{
    tct_xof x;
    tct_xof_init(&x, s->seeds.lots, sizeof s->seeds.lots, "lots", 4);
    tct_xof_next(&x, s->lots, s->lots_bytes);
    tct_xof_wipe(&x);
    tct_sheet_encode(s->sheet, s->person, answers, s->lots, s->bits);
    tct_wipe(s->lots, s->lots_bytes);
    TCT_SECRET(s->bits, s->bits_bytes); /* from here on nothing branches on them */
    s->sealed = s->bits_waiting = true;
}

tacit_status tacit_session_seal(tacit_session *s, const tacit_answers *answers)
{
    char error[160];
    if (s->error != TACIT_OK)
        return s->error;
    if (s->step != TCT_STEP_RUN || s->sealed || s->askings != 0)
        return TACIT_ERR_USAGE;
    tacit_status status = tacit_answers_check(s->sheet, s->person, answers, error);
    tct_wipe(error, sizeof error); /* it may quote an answer */
    if (status != TACIT_OK)
        return status;
    encode(s, answers);
    s->pulse_due |= s->own_f6_left && s->peer_ready; /* the other only waits for this */
    tct_session_pump(s);
    return TACIT_OK;
}

bool tacit_session_not_now(tacit_session *s)
{
    if (s->step != TCT_STEP_RUN || (s->sealed && !s->bits_waiting) || s->askings != 0)
        return false;
    tacit_answers answers = {.not_now = true};
    encode(s, &answers);
    s->pulse_due |= s->own_f6_left && s->peer_ready && !s->ready_said;
    tct_session_pump(s);
    return true;
}

/* ---- what can be seen of it --- */

const tacit_sheet *tacit_session_sheet(const tacit_session *s)
{
    return s->agreed ? s->sheet : NULL;
}

int tacit_session_person(const tacit_session *s)
{
    return s->person;
}

uint32_t tacit_session_heard(const tacit_session *s)
{
    return s->heard;
}

bool tacit_session_guess_open(const tacit_session *s)
{
    return (s->confirm_sent || s->confirm_wrong) && !s->confirm_taken;
}

bool tacit_session_maybe_revealed(const tacit_session *s)
{
    return s->maybe_revealed;
}

const tacit_outcome *tacit_session_outcome(const tacit_session *s)
{
    return s->step == TCT_STEP_DONE ? &s->outcome : NULL;
}

/* ---- leaving --- */

void tacit_session_leave(tacit_session *s)
{
    if (s->step != TCT_STEP_DONE && s->step != TCT_STEP_ENDED)
        tct_session_end(s, TACIT_OK, TCT_FLIGHT_DECLINE, TCT_DECLINE_LEFT);
    if (s->listens)
        tct_channel_wipe(&s->channel);
    s->listens = false;
}

void tacit_session_wipe(tacit_session *s)
{
    if (s->engine == NULL)
        return; /* wiped already */
    tct_session_forget(s);
    tct_wipe(s->offer, TCT_OFFER_PADDED_MAX);
    tct_wipe(s, sizeof *s);
    s->step = TCT_STEP_ENDED;
}
