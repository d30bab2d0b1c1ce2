/* SPDX-License-Identifier: ISC */
#include "cli/pairing.h"

#include "cli/terminal.h"
#include "cli/tries_store.h"
#include "net/link.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MEMORIES_MAX = 16,       /* pieces that one session may ask for */
    REOPENS_MAX = 20,        /* passers-by who joined and left before a guess was made */
    FAREWELL_MS = 3000,      /* for the last frames to leave */
    FAREWELL_HURRY_MS = 800, /* … after Ctrl-C */
};
static const size_t memory_limit_bytes = (size_t)3 << 30;

struct tct_pairing {
    tct_loop *loop;
    tct_pairing_options options;
    tct_link *link;
    bool link_up, link_down, bye_sent;
    uint8_t room[TACIT_ROOM_BYTES]; /* the first room's id; later ones live in their session */
    char code[TACIT_CODE_MAX];
    tacit_session *session;
    void *session_memory;
    void *sheet_memory; /* the answerer's, for the sheet that comes over the line */
    struct {
        void *memory;
        size_t bytes;
    } memories[MEMORIES_MAX];
    size_t memory_count;
    uint8_t *frame; /* one frame that the line would not take yet */
    size_t frame_bytes;
    tacit_answers *answers;
    bool sealed;
    bool guess_counted;
    unsigned guesses, reopens;
    uint64_t heard_ms; /* when the other person last did something, or ours was done */
    tct_end end;
};

static void set_end(tct_pairing *p, tct_end_kind kind, const char *detail)
{
    if (p->end.kind != TCT_END_NONE)
        return; /* the first reason is the reason */
    p->end.kind = kind;
    if (detail != NULL)
        (void)snprintf(p->end.detail, sizeof p->end.detail, "%s", detail);
    if (kind != TCT_END_OUTCOME && p->session != NULL)
        p->end.maybe_revealed = tacit_session_maybe_revealed(p->session);
}

/* ------------------------------------------------------------------------------ session --- */

static void drop_session(tct_pairing *p)
{
    if (p->session != NULL)
        tacit_session_wipe(p->session);
    p->session = NULL;
    tct_release(p->session_memory, p->session_memory == NULL ? 0 : tacit_session_bytes());
    p->session_memory = NULL;
    for (size_t i = 0; i < p->memory_count; i++)
        tct_release(p->memories[i].memory, p->memories[i].bytes);
    p->memory_count = 0;
    sodium_memzero(p->frame, TACIT_FRAME_MAX);
    p->frame_bytes = 0;
    p->guess_counted = false;
}

static void start_session(tct_pairing *p, const uint8_t room[TACIT_ROOM_BYTES])
{
    tacit_session_options options = {.asker = p->options.asker,
                                     .code = p->code,
                                     .sheet = p->options.sheet,
                                     .person = p->options.person,
                                     .sheet_memory = p->sheet_memory,
                                     .sheet_memory_bytes =
                                         p->sheet_memory == NULL ? 0 : TACIT_SHEET_MEMORY};
    drop_session(p);
    memcpy(options.room, room, TACIT_ROOM_BYTES);
    randombytes_buf(options.seed, sizeof options.seed);
    p->session_memory = tct_allocate(tacit_session_bytes());
    tacit_status status =
        tacit_session_init(&p->session, p->session_memory, tacit_session_bytes(), &options);
    sodium_memzero(&options, sizeof options);
    if (status != TACIT_OK) {
        p->session = NULL;
        set_end(p, tct_end_of_error(status), NULL);
    }
}

/* A guess of the code is written down before the frame that makes it leaves. */
static void count_guess(tct_pairing *p)
{
    if (tacit_session_guess_open(p->session) && !p->guess_counted) {
        p->guess_counted = true;
        p->guesses++;
        if (!p->options.asker)
            (void)tct_tries_add(p->code);
    }
    if (p->guess_counted && tacit_session_stage(p->session) > TACIT_STAGE_PAIRING &&
        tacit_session_stage(p->session) != TACIT_STAGE_ENDED &&
        !tacit_session_guess_open(p->session)) {
        p->guess_counted = false;
        p->guesses = 0;
        if (!p->options.asker)
            tct_tries_clear(p->code);
    }
}

static bool give_memory(tct_pairing *p)
{
    size_t bytes = tacit_session_memory_wanted(p->session);
    if (p->memory_count == MEMORIES_MAX || bytes > memory_limit_bytes) {
        set_end(p, TCT_END_TOO_LARGE, NULL);
        tacit_session_leave(p->session);
        return false;
    }
    void *memory = tct_allocate_raw(bytes);
    p->memories[p->memory_count].memory = memory;
    p->memories[p->memory_count++].bytes = bytes;
    return tacit_session_memory(p->session, memory, bytes) == TACIT_OK;
}

static bool seal(tct_pairing *p)
{
    tacit_status status = tacit_session_seal(p->session, p->answers);
    sodium_memzero(p->answers, sizeof *p->answers);
    p->answers = NULL;
    p->heard_ms = tct_now_ms();
    if (status != TACIT_OK) {
        set_end(p, tct_end_of_error(status), NULL);
        tacit_session_leave(p->session);
        return false;
    }
    p->sealed = true;
    return true;
}

static bool take_frame(tct_pairing *p)
{
    p->frame_bytes = TACIT_FRAME_MAX;
    if (tacit_session_send(p->session, p->frame, &p->frame_bytes) == TACIT_OK) {
        count_guess(p);
        return true;
    }
    p->frame_bytes = 0;
    return false;
}

/* Everything that the session can do now without hearing from the other. */
static void pump(tct_pairing *p)
{
    bool more = true;
    while (more && p->session != NULL) {
        unsigned want = tacit_session_want(p->session);
        if (want & TACIT_WANT_MEMORY) { /* first: the other's next frame may need it */
            more = give_memory(p);
            continue;
        }
        if (p->frame_bytes != 0) {
            if (p->link_down || !tct_link_frame(p->link, p->frame, p->frame_bytes))
                break; /* later, or never */
            p->frame_bytes = 0;
        }
        if (want & TACIT_WANT_SEND)
            more = take_frame(p);
        else if ((want & TACIT_WANT_ANSWERS) && p->answers != NULL)
            more = seal(p);
        else
            more = false;
    }
    if (p->session == NULL)
        return;
    count_guess(p);
    if (tacit_session_stage(p->session) == TACIT_STAGE_DONE)
        set_end(p, TCT_END_OUTCOME, NULL);
    else if (tacit_session_stage(p->session) == TACIT_STAGE_ENDED)
        set_end(p, tct_end_of_error(tacit_session_error(p->session)), NULL);
}

/* ------------------------------------------------------------------------------- events --- */

static void ask_for_room(tct_pairing *p, bool again)
{
    uint8_t room[TACIT_ROOM_BYTES];
    randombytes_buf(room, sizeof room);
    bool asked = again ? tct_link_reopen(p->link, room) : tct_link_ask_room(p->link, room);
    if (!asked)
        set_end(p, TCT_END_LOST, NULL);
    else if (again)
        start_session(p, room);
    else
        memcpy(p->room, room, sizeof room);
}

static void on_opened(tct_pairing *p, uint32_t number)
{
    uint8_t seed[32];
    if (p->code[0] != '\0')
        return; /* the answer to a reopening: the code stays */
    randombytes_buf(seed, sizeof seed);
    tacit_code_make(p->code, number, seed);
    sodium_memzero(seed, sizeof seed);
    p->heard_ms = tct_now_ms();
    start_session(p, p->room);
}

/* Nobody has shown that they know the code, and no guess was made: the asker's room is made anew
 * under the same number, and whoever it was has learned nothing. */
static bool starts_over(tct_pairing *p, bool was_pairing)
{
    if (!p->options.asker || !was_pairing || p->guess_counted || p->reopens >= REOPENS_MAX)
        return false;
    p->reopens++;
    ask_for_room(p, true);
    return true;
}

static void on_frame(tct_pairing *p, const uint8_t *bytes, size_t length)
{
    p->heard_ms = tct_now_ms();
    if (p->session == NULL || p->end.kind != TCT_END_NONE)
        return;
    bool was_pairing = tacit_session_stage(p->session) == TACIT_STAGE_PAIRING;
    /* Bytes of no device of ours; a version of ours is another matter, and is said. */
    if (tacit_session_recv(p->session, bytes, length) == TACIT_ERR_FORMAT)
        (void)starts_over(p, was_pairing);
}

static void on_peer_left(tct_pairing *p)
{
    if (p->session == NULL || p->end.kind != TCT_END_NONE)
        return;
    bool pairing = tacit_session_stage(p->session) == TACIT_STAGE_PAIRING;
    if (starts_over(p, pairing))
        return;
    if (p->options.asker && pairing && p->guess_counted)
        set_end(
            p, TCT_END_WRONG_CODE,
            "Someone came, but not with this code: a word was misheard, or their line broke.");
    else
        set_end(p, TCT_END_LEFT, NULL);
}

static void on_refused(tct_pairing *p, int reason)
{
    static const struct {
        int reason;
        tct_end_kind kind;
    } kinds[] = {
        {TCT_RELAY_NO_ROOM, TCT_END_UNKNOWN_CODE},
        {TCT_RELAY_FULL, TCT_END_FULL},
        {TCT_RELAY_BUSY, TCT_END_RELAY_BUSY},
        {TCT_RELAY_OLD, TCT_END_RELAY_OLD},
        {TCT_RELAY_IDLE, TCT_END_IDLE},
        {TCT_RELAY_CLOSING, TCT_END_RELAY_CLOSING},
    };
    tct_end_kind kind = TCT_END_RELAY_REFUSED;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].reason == reason)
            kind = kinds[i].kind;
    set_end(p, kind, NULL);
}

static void on_down(tct_pairing *p, tct_end_kind kind, const char *why)
{
    p->link_down = true;
    if (why != NULL && why[0] == '\0')
        why = NULL;
    set_end(p, kind, why);
}

static void on_event(void *context, const tct_link_event *event)
{
    tct_pairing *p = context;
    switch (event->kind) {
    case TCT_LINK_UP:
        p->link_up = true;
        if (p->options.asker)
            ask_for_room(p, false);
        else if (!tct_link_join(p->link, p->options.number))
            set_end(p, TCT_END_LOST, NULL);
        break;
    case TCT_LINK_OPENED:
        on_opened(p, event->number);
        break;
    case TCT_LINK_JOINED:
        p->heard_ms = tct_now_ms();
        start_session(p, event->room);
        break;
    case TCT_LINK_FRAME:
        on_frame(p, event->bytes, event->length);
        break;
    case TCT_LINK_PEER_JOINED:
        p->heard_ms = tct_now_ms();
        break;
    case TCT_LINK_PEER_LEFT:
        pump(p); /* what came before it counts first */
        on_peer_left(p);
        break;
    case TCT_LINK_REFUSED:
        p->link_down = true;
        on_refused(p, event->reason);
        break;
    case TCT_LINK_DOWN:
        on_down(p, p->link_up ? TCT_END_LOST : TCT_END_UNREACHABLE, event->text);
        break;
    case TCT_LINK_NOT_A_RELAY:
        on_down(p, TCT_END_NOT_A_RELAY, event->text);
        break;
    }
    pump(p);
}

/* Is it the other person that we wait for?  While someone here reads and answers it is not. */
static bool waits_for_them(const tct_pairing *p)
{
    if (p->session == NULL || p->end.kind != TCT_END_NONE)
        return false;
    return tacit_session_stage(p->session) == TACIT_STAGE_PAIRING || p->sealed ||
           p->answers != NULL;
}

void tct_pairing_serve(tct_pairing *p)
{
    pump(p);
    if (waits_for_them(p) && tct_now_ms() - p->heard_ms > p->options.timeout_ms) {
        bool came = tacit_session_stage(p->session) != TACIT_STAGE_PAIRING;
        tct_pairing_leave(p, came ? TCT_END_TIMEOUT : TCT_END_NOBODY_CAME, NULL);
    }
    if (p->end.kind == TCT_END_OUTCOME && !p->bye_sent && !p->link_down &&
        p->frame_bytes == 0 && tct_link_idle(p->link)) {
        p->bye_sent = true;
        tct_link_bye(p->link);
    }
}

/* --------------------------------------------------------------------------- the outside --- */

tct_pairing *tct_pairing_start(tct_loop *loop, const tct_pairing_options *options)
{
    char error[160] = "";
    tct_pairing *p = tct_allocate(sizeof *p);
    p->loop = loop;
    p->options = *options;
    p->heard_ms = tct_now_ms();
    p->frame = tct_allocate(TACIT_FRAME_MAX);
    if (!options->asker) {
        (void)snprintf(p->code, sizeof p->code, "%s", options->code);
        p->sheet_memory = tct_allocate_raw(TACIT_SHEET_MEMORY);
        p->guesses = tct_tries_count(p->code);
        if (p->guesses >= TCT_TRIES_MAX)
            set_end(p, TCT_END_CODE_SPENT, NULL);
    }
    if (p->end.kind == TCT_END_NONE)
        p->link = tct_link_open(loop, options->url, on_event, p, error);
    if (p->link == NULL) {
        p->link_down = true;
        set_end(p, TCT_END_BAD_URL, error[0] == '\0' ? NULL : error);
    }
    return p;
}

const char *tct_pairing_code(const tct_pairing *p)
{
    return p->code[0] == '\0' || p->session == NULL ? NULL : p->code;
}

bool tct_pairing_is_paired(const tct_pairing *p)
{
    return tct_pairing_sheet(p) != NULL &&
           tacit_session_stage(p->session) > TACIT_STAGE_PAIRING &&
           tacit_session_stage(p->session) != TACIT_STAGE_ENDED;
}

const tacit_sheet *tct_pairing_sheet(const tct_pairing *p)
{
    return p->session == NULL ? NULL : tacit_session_sheet(p->session);
}

int tct_pairing_person(const tct_pairing *p)
{
    return p->session == NULL ? -1 : tacit_session_person(p->session);
}

const tct_end *tct_pairing_end(const tct_pairing *p)
{
    return &p->end;
}

const tacit_outcome *tct_pairing_outcome(const tct_pairing *p)
{
    return p->session == NULL ? NULL : tacit_session_outcome(p->session);
}

void tct_pairing_answer(tct_pairing *p, tacit_answers *answers)
{
    p->answers = answers;
    p->heard_ms = tct_now_ms();
    pump(p);
}

bool tct_pairing_is_sealed(const tct_pairing *p)
{
    return p->sealed;
}

unsigned tct_pairing_tries_left(const tct_pairing *p)
{
    bool again = p->options.asker && !p->link_down && !p->sealed && p->session != NULL &&
                 (p->end.kind == TCT_END_WRONG_CODE || p->end.kind == TCT_END_LEFT ||
                  p->end.kind == TCT_END_CHECK || p->end.kind == TCT_END_VERSION ||
                  p->end.kind == TCT_END_SAME_ROLE || p->end.kind == TCT_END_OTHER_SHEET);
    return again && p->guesses < TCT_TRIES_MAX ? TCT_TRIES_MAX - p->guesses : 0;
}

void tct_pairing_wait_again(tct_pairing *p)
{
    p->end = (tct_end){0};
    p->heard_ms = tct_now_ms();
    ask_for_room(p, true);
    pump(p);
}

void tct_pairing_leave(tct_pairing *p, tct_end_kind kind, const char *detail)
{
    if (p->end.kind != TCT_END_NONE)
        return;
    set_end(p, kind, detail);
    if (p->session != NULL) {
        tacit_session_leave(p->session);
        pump(p);
    }
}

void tct_pairing_finish(tct_pairing *p)
{
    uint64_t start = tct_now_ms();
    uint64_t most = tct_signal_pending() != 0 ? FAREWELL_HURRY_MS : FAREWELL_MS;
    while (p->link != NULL && !p->link_down && tct_now_ms() - start < most) {
        pump(p);
        if (p->frame_bytes == 0 && tct_link_idle(p->link)) {
            if (p->bye_sent)
                break;
            p->bye_sent = true;
            tct_link_bye(p->link);
        }
        tct_loop_step(p->loop, 20);
    }
    if (p->link != NULL)
        tct_link_close(p->link);
    drop_session(p);
    tct_release(p->frame, TACIT_FRAME_MAX);
    free(p->sheet_memory); /* a sheet is no secret */
    tct_release(p, sizeof *p);
}
