/* SPDX-License-Identifier: ISC */
#include "cli/two_sessions.h"

#include "cli/prose.h"
#include "net/loop.h"
#include "net/relay_wire.h"
#include "relay/rooms.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORIES_MAX = 16, HEAD_BYTES_MAX = 32 };

/* One person: their session, their place in the relay's rooms, what is on its way to them. */
typedef struct {
    tacit_session *session;
    void *session_memory;
    void *sheet_memory;
    void *memories[MEMORIES_MAX];
    size_t memory_bytes[MEMORIES_MAX];
    size_t memory_count;
    tct_caller *caller;
    uint8_t *in, *out;
    size_t in_bytes;
    uint32_t said, taken; /* frames */
    tacit_answers *answers;
    bool told_paired;
} seat;

struct tct_two_sessions {
    tct_rooms *rooms;
    seat seats[2]; /* the asker, the answerer: persons 0 and 1 */
    const tacit_sheet *sheet;
    bool
        escrow; /* practice does not wait for a morning, so a sheet with a pause goes without */
    char code[TACIT_CODE_MAX];
    uint32_t number;
    tacit_status error;
};

/* Limits for two people who are one program: nothing is too fast. */
static tct_relay_limits wide_limits(void)
{
    static const tct_rate any = {1000000000, 1000000000};
    tct_relay_limits limits = tct_relay_limits_usual();
    limits.messages = limits.bytes = any;
    return limits;
}

static void say(seat *s, const uint8_t *message, size_t bytes)
{
    tct_caller_recv(s->caller, message, bytes, true, tct_now_ms());
}

static void start_session(tct_two_sessions *two, int person,
                          const uint8_t room[TACIT_ROOM_BYTES])
{
    seat *s = &two->seats[person];
    tacit_session_options options = {.asker = person == 0, .code = two->code, .person = person};
    options.sheet = two->sheet;
    options.escrow = two->escrow;
    memcpy(options.room, room, TACIT_ROOM_BYTES);
    randombytes_buf(options.seed, sizeof options.seed);
    if (person == 1) {
        s->sheet_memory = tct_allocate_raw(TACIT_SHEET_MEMORY);
        options.sheet_memory = s->sheet_memory;
        options.sheet_memory_bytes = TACIT_SHEET_MEMORY;
    }
    s->session_memory = tct_allocate(tacit_session_bytes());
    two->error =
        tacit_session_init(&s->session, s->session_memory, tacit_session_bytes(), &options);
    if (two->error != TACIT_OK)
        s->session = NULL;
    sodium_memzero(&options, sizeof options);
}

static void give_memory(tct_two_sessions *two, seat *s)
{
    size_t bytes = tacit_session_memory_wanted(s->session);
    if (s->memory_count == MEMORIES_MAX) {
        two->error = TACIT_ERR_LIMIT;
        return;
    }
    void *memory = tct_allocate_raw(bytes);
    s->memories[s->memory_count] = memory;
    s->memory_bytes[s->memory_count++] = bytes;
    two->error = tacit_session_memory(s->session, memory, bytes);
}

/* The answerer takes the other seat of this room. */
static void join(tct_two_sessions *two, const uint8_t number[4])
{
    uint8_t message[6 + TCT_RELAY_TICKET_BYTES] = {TCT_RELAY_JOIN, TCT_RELAY_VERSION};
    memcpy(message + 2, number, 4);
    randombytes_buf(message + 6, TCT_RELAY_TICKET_BYTES);
    say(&two->seats[1], message, sizeof message);
}

static void take_frame(tct_two_sessions *two, seat *s)
{
    uint8_t taken[5] = {TCT_RELAY_TAKEN};
    tct_store32(taken + 1, ++s->taken);
    if (s->session != NULL) {
        (void)tacit_session_recv(s->session, s->in + TCT_RELAY_FRAME_HEAD,
                                 s->in_bytes - TCT_RELAY_FRAME_HEAD);
        /* At once: the next frame may be here already, and needs it. */
        if (tacit_session_want(s->session) & TACIT_WANT_MEMORY)
            give_memory(two, s);
    }
    say(s, taken, sizeof taken);
}

/* A whole message of the relay to this person. */
static void take_message(tct_two_sessions *two, int person)
{
    seat *s = &two->seats[person];
    const uint8_t *body = s->in + 1;
    if (s->in_bytes == 0)
        return;
    switch (s->in[0]) {
    case TCT_RELAY_OPENED:
        join(two, body);
        break;
    case TCT_RELAY_JOINED:
        start_session(two, person, body);
        break;
    case TCT_RELAY_FRAME_IN:
        take_frame(two, s);
        break;
    case TCT_RELAY_VERDICT: /* u32 run ‖ u8 released ‖ the other's half */
        two->error = tacit_session_verdict(s->session, s->in_bytes > 6 && body[4] == 1,
                                           body + 5, s->in_bytes - 6);
        break;
    case TCT_RELAY_REFUSED:
        two->error = TACIT_ERR_LIMIT;
        break;
    default: /* the other came or left, frames are kept: nothing to do */
        break;
    }
}

/* Takes what the relay has for this person.  true: there was something. */
static bool hear(tct_two_sessions *two, int person)
{
    seat *s = &two->seats[person];
    tct_piece piece;
    bool heard = false;
    while (tct_caller_next(s->caller, TCT_RELAY_MESSAGE_MAX, &piece)) {
        if (piece.first)
            s->in_bytes = 0;
        size_t room = TCT_RELAY_MESSAGE_MAX - s->in_bytes;
        size_t count = piece.count < room ? piece.count : room;
        bool final = piece.final;
        memcpy(s->in + s->in_bytes, piece.bytes, count);
        s->in_bytes += count;
        tct_caller_sent(s->caller, piece.count, tct_now_ms());
        if (final)
            take_message(two, person);
        heard = true;
    }
    return heard;
}

/* Does one thing that this person's session wants.  true: there was one. */
static bool serve(tct_two_sessions *two, int person)
{
    seat *s = &two->seats[person];
    if (s->session == NULL || two->error != TACIT_OK)
        return false;
    unsigned want = tacit_session_want(s->session);
    if ((want & TACIT_WANT_SEND) && !tct_caller_paused(s->caller)) {
        size_t bytes = TACIT_FRAME_MAX;
        if (tacit_session_send(s->session, s->out + TCT_RELAY_FRAME_HEAD, &bytes) != TACIT_OK)
            return false;
        s->out[0] = TCT_RELAY_FRAME;
        tct_store32(s->out + 1, s->said++);
        say(s, s->out, bytes + TCT_RELAY_FRAME_HEAD);
        return true;
    }
    if (want & TACIT_WANT_MEMORY) {
        give_memory(two, s);
        return true;
    }
    if ((want & TACIT_WANT_ANSWERS) && s->answers != NULL) {
        two->error = tacit_session_seal(s->session, s->answers);
        sodium_memzero(s->answers, sizeof *s->answers);
        s->answers = NULL;
        return true;
    }
    if (want & TACIT_WANT_DEPOSIT) {
        enum { HEAD = 1 + 4 + 8 }; /* run 0; 0: as soon as both are there */
        size_t bytes = TACIT_DEPOSIT_MAX;
        memset(s->out, 0, HEAD);
        s->out[0] = TCT_RELAY_DEPOSIT;
        two->error = tacit_session_deposit(s->session, s->out + HEAD, &bytes);
        say(s, s->out, HEAD + bytes);
        return true;
    }
    return false;
}

static void look(tct_two_sessions *two, int person, const tct_two_hooks *hooks)
{
    seat *s = &two->seats[person];
    if (s->session == NULL)
        return;
    tacit_stage stage = tacit_session_stage(s->session);
    if (stage == TACIT_STAGE_ENDED && two->error == TACIT_OK)
        two->error = tacit_session_error(s->session);
    if (stage > TACIT_STAGE_PAIRING && stage != TACIT_STAGE_ENDED && !s->told_paired) {
        s->told_paired = true;
        if (hooks->paired != NULL)
            hooks->paired(hooks->context, person);
    }
}

static bool is_done(const seat *s)
{
    return s->session != NULL && tacit_session_stage(s->session) == TACIT_STAGE_DONE;
}

tacit_status tct_two_run(tct_two_sessions **out, const tacit_sheet *sheet,
                         tacit_answers *const answers[2], const tct_two_hooks *hooks)
{
    tct_two_sessions *two = tct_allocate(sizeof *two);
    tct_relay_limits limits = wide_limits();
    uint8_t open[2 + TACIT_ROOM_BYTES + TCT_RELAY_TICKET_BYTES] = {TCT_RELAY_OPEN,
                                                                   TCT_RELAY_VERSION};
    uint8_t seed[32];
    *out = two;
    const tacit_sheet_view *view = tacit_sheet_see(sheet);
    two->sheet = sheet;
    two->escrow = view->sleep_hours == 0 || view->sleep_optional;
    two->rooms = tct_rooms_new(&limits, 0);
    for (int i = 0; i < 2 && two->rooms != NULL; i++) {
        two->seats[i].in = tct_allocate_raw(TCT_RELAY_MESSAGE_MAX);
        two->seats[i].out = tct_allocate_raw(TCT_RELAY_MESSAGE_MAX);
        two->seats[i].answers = answers[i];
        two->seats[i].caller = tct_rooms_arrive(two->rooms, (uint64_t)i, NULL, tct_now_ms());
        if (two->seats[i].caller == NULL)
            return TACIT_ERR_MEMORY;
    }
    if (two->rooms == NULL)
        return TACIT_ERR_MEMORY;
    randombytes_buf(seed, sizeof seed);
    tacit_code_make(two->code, 1, seed);
    sodium_memzero(seed, sizeof seed);
    randombytes_buf(open + 2, sizeof open - 2);
    start_session(two, 0, open + 2);
    say(&two->seats[0], open, sizeof open);
    for (bool busy = true; busy && two->error == TACIT_OK;) {
        busy = false;
        for (int person = 0; person < 2; person++) {
            busy = hear(two, person) || busy;
            while (serve(two, person))
                busy = true;
            look(two, person, hooks);
            if (hooks->working != NULL && !hooks->working(hooks->context))
                return TACIT_ERR_ABORT;
        }
    }
    if (two->error == TACIT_OK && (!is_done(&two->seats[0]) || !is_done(&two->seats[1])))
        two->error = TACIT_ERR_ABORT; /* both wait for each other: never with honest code */
    return two->error;
}

const tacit_outcome *tct_two_outcome(const tct_two_sessions *two, int person)
{
    return tacit_session_outcome(two->seats[person].session);
}

void tct_two_free(tct_two_sessions *two)
{
    for (int i = 0; i < 2; i++) {
        seat *s = &two->seats[i];
        if (s->session != NULL)
            tacit_session_wipe(s->session);
        tct_release(s->session_memory, s->session_memory == NULL ? 0 : tacit_session_bytes());
        for (size_t k = 0; k < s->memory_count; k++)
            tct_release(s->memories[k], s->memory_bytes[k]);
        if (s->answers != NULL)
            sodium_memzero(s->answers, sizeof *s->answers);
        free(s->sheet_memory); /* a sheet is no secret; frames are sealed or known to both */
        free(s->in);
        free(s->out);
    }
    if (two->rooms != NULL)
        tct_rooms_free(two->rooms);
    tct_release(two, sizeof *two);
}
