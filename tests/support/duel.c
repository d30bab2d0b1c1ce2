/* SPDX-License-Identifier: ISC */
#include "support/duel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/hash.h"
#include "session/session_state.h"

enum { STEPS_MAX = 5000, MOVES = 2 * 5 };

#define TAIL                                                                                   \
    "outcome no: Not this time.\n"                                                             \
    "  otherwise\n"

const char duel_both[] = "title Both\n"
                         "ask want: Would you like to?\n"
                         "  no: No\n"
                         "  yes: Yes\n"
                         "outcome yes: You both would.\n"
                         "  when both (want is yes)\n" TAIL;
const char duel_other[] = "title Both\n"
                          "ask want: Would you rather?\n"
                          "  no: No\n"
                          "  yes: Yes\n"
                          "outcome yes: You both would.\n"
                          "  when both (want is yes)\n" TAIL;
const char duel_roles[] = "title Give and take\n"
                          "people giver, taker\n"
                          "ask giver want: Would you give it?\n"
                          "  no: No\n"
                          "  yes: Yes\n"
                          "ask taker like: Would you take it?\n"
                          "  no: No\n"
                          "  yes: Yes\n"
                          "outcome yes: It changes hands.\n"
                          "  when giver.want is yes and taker.like is yes\n" TAIL;

bool duel_keeps_deposits[2] = {true, true};
uint32_t duel_letters[2];

/* splitmix64: any seed is a good one. */
static uint64_t next_draw(duel *d)
{
    uint64_t z = d->draws += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t duel_draw(duel *d, uint64_t below)
{
    return next_draw(d) % below;
}

static void *take(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
    assert_non_null(memory);
    return memory;
}

static const tacit_sheet *read_sheet(void **memory, const char *text)
{
    static tacit_diagnostics diagnostics;
    tacit_sheet *sheet;
    *memory = take(TACIT_SHEET_MEMORY);
    tacit_status status = tacit_sheet_read(&sheet, *memory, TACIT_SHEET_MEMORY, text,
                                           strlen(text), NULL, &diagnostics);
    if (status != TACIT_OK)
        fail_msg("the sheet of the test: %u:%u %s", diagnostics.items[0].line,
                 diagnostics.items[0].column, diagnostics.items[0].message);
    return sheet;
}

void duel_answer(const char *text, int person, const char *const pairs[], tacit_answers *out)
{
    char error[160] = "";
    void *memory;
    const tacit_sheet *sheet = read_sheet(&memory, text);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; pairs[i] != NULL; i += 2)
        if (tacit_answers_set(sheet, person, out, pairs[i], pairs[i + 1], error) != TACIT_OK)
            fail_msg("the answers of the test: %s", error);
    assert_int_equal(tacit_answers_check(sheet, person, out, error), TACIT_OK);
    free(memory);
}

static void start_side(duel *d, int i, const duel_options *options, const uint8_t room[16])
{
    duel_side *side = &d->side[i];
    tacit_session_options o = {.asker = i == 0, .person = options->person};
    memset(side, 0, sizeof *side);
    memcpy(o.room, room, sizeof o.room);
    o.code = options->code != NULL ? options->code : "7-lantern-harbor";
    o.sheet = options->text == NULL ? NULL : read_sheet(&side->own_sheet_memory, options->text);
    for (unsigned j = 0; j < sizeof o.seed; j++)
        o.seed[j] = (uint8_t)next_draw(d);
    if (i == 1)
        o.sheet_memory = side->sheet_memory = take(TACIT_SHEET_MEMORY);
    o.sheet_memory_bytes = TACIT_SHEET_MEMORY;
    o.escrow = duel_keeps_deposits[i];
    side->answers = options->answers;
    side->memory = take(tacit_session_bytes());
    assert_int_equal(
        tacit_session_init(&side->session, side->memory, tacit_session_bytes(), &o), TACIT_OK);
    if (duel_letters[i] != 0)
        assert_int_equal(tacit_session_for_letters(side->session, duel_letters[i]), TACIT_OK);
}

void duel_start(duel *d, uint64_t seed, const duel_options *asker, const duel_options *answerer)
{
    uint8_t room[TACIT_ROOM_BYTES];
    memset(d, 0, sizeof *d);
    d->draws = seed;
    for (unsigned i = 0; i < sizeof room; i++)
        room[i] = (uint8_t)next_draw(d);
    start_side(d, 0, asker, room);
    start_side(d, 1, answerer, room);
}

/* Same key and nonce: same sender, kind, run and counter (12.1).  Then it must be the same frame. */
static void check_nonces(const duel_side *side)
{
    enum { HEAD = 14 };
    for (unsigned i = 0; i < side->sent_count; i++) {
        const duel_frame *a = &side->sent[i];
        assert_true(a->count >= HEAD);
        for (unsigned j = 0; j < i && a->bytes[0] != 0; j++) {
            const duel_frame *b = &side->sent[j];
            if (memcmp(a->bytes, b->bytes, 5) == 0 && /* kind, run */
                memcmp(a->bytes + 6, b->bytes + 6, 8) == 0)
                fail_msg("frames %u and %u share key and nonce", i, j);
        }
    }
}

void duel_end(duel *d)
{
    for (int i = 0; i < 2; i++)
        check_nonces(&d->side[i]);
    for (int i = 0; i < 2; i++) {
        duel_side *side = &d->side[i];
        tacit_session_wipe(side->session);
        for (unsigned j = 0; j < side->sent_count; j++)
            free(side->sent[j].bytes);
        for (unsigned j = 0; j < side->inbox_count; j++)
            free(side->inbox[j].bytes);
        free(side->memory);
        free(side->sheet_memory);
        free(side->own_sheet_memory);
        free(side->room);
        memset(side, 0, sizeof *side);
    }
}

static void keep(duel_frame *list, unsigned *count, const uint8_t *frame, size_t bytes)
{
    assert_true(*count < DUEL_FRAMES_MAX);
    uint8_t *copy = malloc(bytes + 1); /* exact but for one: a read past the end is seen */
    assert_non_null(copy);
    if (bytes != 0)
        memcpy(copy, frame, bytes);
    list[(*count)++] = (duel_frame){copy, bytes};
}

void duel_post(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    keep(d->side[to].inbox, &d->side[to].inbox_count, frame, bytes);
}

bool duel_send(duel *d, int i)
{
    static uint8_t frame[TACIT_FRAME_MAX];
    duel_side *side = &d->side[i];
    size_t bytes = sizeof frame;
    if ((tacit_session_want(side->session) & TACIT_WANT_SEND) == 0)
        return false;
    assert_int_equal(tacit_session_send(side->session, frame, &bytes), TACIT_OK);
    keep(side->sent, &side->sent_count, frame, bytes);
    if (d->wire != NULL)
        d->wire(d, 1 - i, frame, bytes);
    else
        duel_post(d, 1 - i, frame, bytes);
    return true;
}

bool duel_deliver(duel *d, int i)
{
    duel_side *side = &d->side[i];
    if (side->inbox_first == side->inbox_count ||
        (tacit_session_want(side->session) & TACIT_WANT_RECV) == 0)
        return false;
    duel_frame *frame = &side->inbox[side->inbox_first++];
    /* The session gets a copy of exactly this size, so that a sanitizer sees any byte too far. */
    uint8_t *exact = malloc(frame->count == 0 ? 1 : frame->count);
    memcpy(exact, frame->bytes, frame->count);
    tacit_status status = tacit_session_recv(side->session, exact, frame->count);
    free(exact);
    if (status != TACIT_OK)
        side->said = status;
    assert_int_equal(tacit_session_error(side->session), status);
    return true;
}

static bool give_room(duel_side *side)
{
    if ((tacit_session_want(side->session) & TACIT_WANT_MEMORY) == 0)
        return false;
    side->room_bytes = tacit_session_memory_wanted(side->session);
    assert_true(side->room_bytes < (size_t)1 << 30);
    side->room = take(side->room_bytes);
    tacit_status status = tacit_session_memory(side->session, side->room, side->room_bytes);
    if (status != TACIT_OK)
        side->said = status;
    return true;
}

bool duel_tend(duel *d, int i)
{
    duel_side *side = &d->side[i];
    if (give_room(side))
        return true;
    if (side->answers == NULL || (tacit_session_want(side->session) & TACIT_WANT_ANSWERS) == 0)
        return false;
    assert_int_equal(tacit_session_seal(side->session, side->answers), TACIT_OK);
    return true;
}

/* ---- the relay's part (protocol.md 6.4), written from the document --- */

static bool is_token_of(const uint8_t token[16], const uint8_t deposit[16])
{
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash h;
    tct_hash_init(&h, "tok");
    tct_hash_field(&h, deposit, 16);
    tct_hash_final(&h, digest);
    return memcmp(token, digest, 16) == 0;
}

/* Does each of one side's values hash to one of the two tokens that the other gave for it? */
static bool fits(const duel_side *values, const duel_side *tokens)
{
    size_t count = values->deposit_bytes / 48;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *pair = tokens->deposit + 16 * (count + 2 * i);
        if (!is_token_of(pair, values->deposit + 16 * i) &&
            !is_token_of(pair + 16, values->deposit + 16 * i))
            return false;
    }
    return true;
}

void duel_hand_in(duel *d, int i, const uint8_t *bytes, size_t count)
{
    duel_side *a = &d->side[0], *b = &d->side[1];
    duel_side *side = &d->side[i];
    if (side->deposit_bytes != 0 || d->verdict != DUEL_NO_VERDICT)
        return; /* the first is final, and late is late */
    assert_true(count != 0 && count <= sizeof side->deposit);
    memcpy(side->deposit, bytes, count);
    side->deposit_bytes = count;
    if (a->deposit_bytes == 0 || b->deposit_bytes == 0)
        return;
    bool same = a->deposit_bytes == b->deposit_bytes && a->deposit_bytes % 48 == 0;
    d->verdict = same && fits(a, b) && fits(b, a) ? DUEL_RELEASED : DUEL_REFUSED;
}

void duel_time_out(duel *d)
{
    if (d->verdict == DUEL_NO_VERDICT)
        d->verdict = DUEL_REFUSED;
}

bool duel_deposit(duel *d, int i)
{
    static uint8_t bytes[TACIT_DEPOSIT_MAX];
    size_t count = sizeof bytes;
    if ((tacit_session_want(d->side[i].session) & TACIT_WANT_DEPOSIT) == 0)
        return false;
    assert_int_equal(tacit_session_deposit(d->side[i].session, bytes, &count), TACIT_OK);
    if (d->deposited != NULL)
        d->deposited(d, i, bytes, &count);
    if (count != 0)
        duel_hand_in(d, i, bytes, count);
    return true;
}

bool duel_judge(duel *d, int i)
{
    static uint8_t bytes[TACIT_DEPOSIT_MAX];
    duel_side *side = &d->side[i], *peer = &d->side[1 - i];
    bool released = d->verdict == DUEL_RELEASED;
    size_t count = released ? peer->deposit_bytes / 3 : 0;
    if (d->verdict == DUEL_NO_VERDICT || side->judged ||
        (tacit_session_want(side->session) & TACIT_WANT_VERDICT) == 0)
        return false;
    memcpy(bytes, peer->deposit, count);
    if (d->told != NULL && !d->told(d, i, &released, bytes, &count))
        return false;
    side->judged = true;
    tacit_status status = tacit_session_verdict(side->session, released, bytes, count);
    if (status != TACIT_OK)
        side->said = status;
    return true;
}

static bool move(duel *d, unsigned which)
{
    int i = (int)(which & 1);
    switch (which >> 1) {
    case 0:
        return duel_send(d, i);
    case 1:
        return duel_deliver(d, i);
    case 2:
        return duel_deposit(d, i);
    case 3:
        return duel_judge(d, i);
    default:
        return duel_tend(d, i);
    }
}

static bool step(duel *d)
{
    unsigned first = (unsigned)duel_draw(d, MOVES);
    if (++d->steps > STEPS_MAX)
        fail_msg("the two never come to an end");
    for (unsigned i = 0; i < MOVES; i++)
        if (move(d, (first + i) % MOVES))
            return true;
    return false;
}

bool duel_beat(duel *d)
{
    bool told = false;
    for (int i = 0; i < 2; i++) {
        tacit_session *s = d->side[i].session;
        bool wants =
            (s->sealed || s->stock_kept) && !s->ready_said && s->own_f6_left && !s->own_f7_left;
        if (!wants || s->step != TCT_STEP_RUN)
            continue;
        tacit_session_beat(s);
        told = true;
    }
    return told;
}

void duel_run(duel *d)
{
    while (step(d) || duel_beat(d))
        ;
}

void duel_run_until(duel *d, int side, bool (*reached)(const tacit_session *s))
{
    while (!reached(d->side[side].session))
        if (!step(d) && !duel_beat(d))
            fail_msg("it never came to that");
}

void duel_run_until_sent(duel *d, int side, unsigned frames)
{
    while (d->side[side].sent_count < frames && step(d))
        ;
}

unsigned duel_run_in_lockstep(duel *d)
{
    /* To the relay and back is one, as it is to the other person: the relay stands between. */
    for (unsigned latencies = 0;; latencies++) {
        for (int i = 0; i < 2; i++)
            while (duel_tend(d, i) || duel_send(d, i) || duel_deposit(d, i))
                ;
        unsigned arrived[2] = {d->side[0].inbox_count, d->side[1].inbox_count};
        bool any = false;
        for (int i = 0; i < 2; i++)
            any = duel_judge(d, i) || any;
        for (int i = 0; i < 2; i++) {
            while (d->side[i].inbox_first < arrived[i]) {
                duel_tend(d, i);
                if (!duel_deliver(d, i))
                    break;
                any = true;
            }
        }
        if (!any)
            return latencies;
    }
}

void duel_save(const duel *d, int i, duel_state *out)
{
    const duel_side *side = &d->side[i];
    *out = (duel_state){.memory_bytes = tacit_session_bytes(),
                        .room_bytes = side->room == NULL ? 0 : side->room_bytes,
                        .inbox_first = side->inbox_first,
                        .inbox_count = side->inbox_count,
                        .sent_count = side->sent_count,
                        .said = side->said,
                        .deposit_bytes = side->deposit_bytes,
                        .judged = side->judged,
                        .verdict = d->verdict};
    out->bytes = malloc(out->memory_bytes + out->room_bytes);
    assert_non_null(out->bytes);
    memcpy(out->bytes, side->memory, out->memory_bytes);
    if (out->room_bytes != 0)
        memcpy(out->bytes + out->memory_bytes, side->room, out->room_bytes);
}

void duel_restore(duel *d, int i, const duel_state *state)
{
    duel_side *side = &d->side[i];
    memcpy(side->memory, state->bytes, state->memory_bytes);
    if (state->room_bytes != 0)
        memcpy(side->room, state->bytes + state->memory_bytes, state->room_bytes);
    else {
        free(side->room);
        side->room = NULL;
    }
    while (side->inbox_count > state->inbox_count)
        free(side->inbox[--side->inbox_count].bytes);
    while (side->sent_count > state->sent_count)
        free(side->sent[--side->sent_count].bytes);
    side->inbox_first = state->inbox_first;
    side->said = state->said;
    side->deposit_bytes = state->deposit_bytes; /* the bytes of a first deposit do not change */
    side->judged = state->judged;
    d->verdict = state->verdict;
}

void duel_forget(duel_state *state)
{
    free(state->bytes);
    state->bytes = NULL;
}

const char *duel_outcome(const duel *d, int side)
{
    const tacit_outcome *outcome = tacit_session_outcome(d->side[side].session);
    return outcome == NULL ? "-" : outcome->outcome->id;
}
