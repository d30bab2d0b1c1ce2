/* SPDX-License-Identifier: ISC */
#include "cli/pairing_inside.h"

#include "cli/prose.h"
#include "cli/terminal.h"
#include "cli/tries_store.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BEAT_MS = 5000,          /* of the word whether this side is ready */
    REOPENS_MAX = 20,        /* passers-by who joined and left before a guess was made */
    FAREWELL_MS = 3000,      /* for the last frames to leave */
    FAREWELL_HURRY_MS = 800, /* … after Ctrl-C */
    SETTLE_MS = 400,         /* for what goes without a farewell to arrive, and … */
    ASLEEP_MS = 20 * 1000,   /* … for a lost line to be made again: a night depends on it */
};

/* ------------------------------------------------------------------------------- events --- */

static void ask_for_room(tct_pairing *p, bool again)
{
    uint8_t room[TACIT_ROOM_BYTES];
    if (tct_pairing_is_again(p))
        memcpy(room, p->room, sizeof room);
    else
        randombytes_buf(room, sizeof room);
    bool asked = again ? tct_link_reopen(p->link, room) : tct_link_ask_room(p->link, room);
    if (!asked)
        tct_pairing_set_end(p, TCT_END_LOST, NULL);
    else if (again)
        tct_pairing_start_session(p, room);
    else
        memcpy(p->room, room, sizeof room);
}

static void on_opened(tct_pairing *p, uint32_t number)
{
    uint8_t seed[32];
    if (tct_pairing_is_again(p)) {
        p->heard_ms = tct_now_ms();
        if ((p->features & TCT_RELAY_MEETS) != 0)
            tct_pairing_start_session(p, p->room);
        else
            tct_pairing_set_end(p, TCT_END_NO_MEETING, NULL);
        return;
    }
    if (p->code[0] != '\0')
        return; /* the answer to a reopening: the code stays */
    randombytes_buf(seed, sizeof seed);
    tacit_code_make(p->code, number, seed);
    sodium_memzero(seed, sizeof seed);
    p->heard_ms = tct_now_ms();
    tct_pairing_start_session(p, p->room);
}

/* Nobody has shown that they know the code, and no guess was made: the asker's room is made anew
 * under the same number, and whoever it was has learned nothing. */
static bool starts_over(tct_pairing *p, bool was_pairing)
{
    if (!p->options.asker || !was_pairing || p->guess_counted || p->reopens >= REOPENS_MAX ||
        tct_pairing_is_again(p))
        return false;
    p->reopens++;
    ask_for_room(p, true);
    return true;
}

static void on_frame(tct_pairing *p, const uint8_t *bytes, size_t length)
{
    if (p->session == NULL || p->end.kind != TCT_END_NONE)
        return;
    bool was_pairing = tacit_session_stage(p->session) == TACIT_STAGE_PAIRING;
    tct_pairing_agree_time(p);
    uint32_t heard = tacit_session_heard(p->session);
    tct_evidence_frame(&p->evidence, bytes, length);
    tacit_status status = tacit_session_recv(p->session, bytes, length);
    if (tacit_session_heard(p->session) != heard) /* a relay's repeats prolong no wait */
        p->heard_ms = tct_now_ms();
    /* Bytes of no device of ours; a version of ours is another matter, and is said. */
    if (status == TACIT_ERR_FORMAT)
        (void)starts_over(p, was_pairing);
}

static void on_peer_left(tct_pairing *p)
{
    if (p->session == NULL || p->end.kind != TCT_END_NONE)
        return;
    bool pairing = tacit_session_stage(p->session) == TACIT_STAGE_PAIRING;
    if (p->deposited_ms != 0)
        return; /* the relay decides, and has what it needs */
    if (starts_over(p, pairing) || (pairing && tct_pairing_looks_again(p)))
        return;
    if (p->options.asker && pairing && p->guess_counted)
        tct_pairing_set_end(
            p, TCT_END_WRONG_CODE,
            "Someone came, but not with this code: a word was misheard, or their line broke.");
    else
        tct_pairing_set_end(p, TCT_END_LEFT, NULL);
    /* What was said of it must stay true: nothing of this session may be sent any more. */
    p->frame_bytes = 0;
    tacit_session_leave(p->session);
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
    /* FULL: the room of a try that broke off, until the asker opens it anew. */
    if ((reason == TCT_RELAY_NO_ROOM || reason == TCT_RELAY_FULL) && tct_pairing_looks_again(p))
        return;
    if (reason == TCT_RELAY_MALFORMED && tct_pairing_is_again(p) && !p->options.asker)
        kind = TCT_END_NO_MEETING;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].reason == reason)
            kind = kinds[i].kind;
    tct_pairing_set_end(p, kind, NULL);
}

static void on_down(tct_pairing *p, tct_end_kind kind, const char *why)
{
    p->link_down = true;
    if (p->look_ms != 0)
        return; /* it is made anew in a moment */
    if (why != NULL && why[0] == '\0')
        why = NULL;
    tct_pairing_set_end(p, kind, why);
}

static void on_event(void *context, const tct_link_event *event)
{
    tct_pairing *p = context;
    switch (event->kind) {
    case TCT_LINK_UP:
        p->link_up = true;
        if (p->options.asker)
            ask_for_room(p, false);
        else if (tct_pairing_is_again(p)) {
            if (!tct_link_meet(p->link, p->room))
                tct_pairing_set_end(p, TCT_END_LOST, NULL);
        } else if (!tct_link_join(p->link, p->options.number))
            tct_pairing_set_end(p, TCT_END_LOST, NULL);
        break;
    case TCT_LINK_OPENED:
        tct_pairing_take_clock(p, event);
        on_opened(p, event->number);
        break;
    case TCT_LINK_JOINED:
        p->look_ms = 0;
        tct_pairing_take_clock(p, event);
        memcpy(p->room, event->room, sizeof p->room);
        p->heard_ms = tct_now_ms();
        tct_pairing_start_session(p, event->room);
        break;
    case TCT_LINK_FRAME:
        on_frame(p, event->bytes, event->length);
        break;
    case TCT_LINK_PEER_JOINED:
        if (!p->came)
            p->heard_ms = tct_now_ms();
        p->came = true;
        break;
    case TCT_LINK_PEER_LEFT:
        tct_pairing_pump(p); /* what came before it counts first */
        on_peer_left(p);
        break;
    case TCT_LINK_REFUSED:
        p->link_down = true;
        on_refused(p, event->reason);
        break;
    case TCT_LINK_VERDICT:
        tct_pairing_take_verdict(p, event);
        break;
    case TCT_LINK_NOTED: /* letters are another command's */
    case TCT_LINK_LETTER:
    case TCT_LINK_LETTERS_END:
        break;
    case TCT_LINK_LOST:
        p->line_lost = true;
        break;
    case TCT_LINK_BACK:
        p->line_lost = false;
        tct_pairing_take_clock(p, event);
        break;
    case TCT_LINK_DOWN:
        p->line_lost = false;
        on_down(p, p->link_up ? TCT_END_LOST : TCT_END_UNREACHABLE, event->text);
        break;
    case TCT_LINK_NOT_A_RELAY:
        on_down(p, TCT_END_NOT_A_RELAY, event->text);
        break;
    }
    tct_pairing_pump(p);
}

/* Is it the other person that we wait for?  While someone here reads and answers it is not. */
static bool waits_for_them(const tct_pairing *p)
{
    if (p->session == NULL || p->end.kind != TCT_END_NONE)
        return false;
    if (tacit_session_stage(p->session) == TACIT_STAGE_PAIRING)
        return true;
    return tacit_session_until(p->session) == 0 && (p->sealed || p->answers != NULL);
}

/* From the meeting on, and at a time that nobody's answers decide. */
static void beat(tct_pairing *p)
{
    uint64_t now = tct_now_ms();
    if (p->session == NULL || tacit_session_stage(p->session) == TACIT_STAGE_PAIRING) {
        p->beat_ms = 0;
        return;
    }
    if (p->beat_ms == 0)
        p->beat_ms = now;
    if (now - p->beat_ms < BEAT_MS)
        return;
    p->beat_ms += (now - p->beat_ms) / BEAT_MS * BEAT_MS;
    tacit_session_beat(p->session);
}

void tct_pairing_serve(tct_pairing *p)
{
    tct_pairing_look(p);
    beat(p);
    tct_pairing_pump(p);
    if (waits_for_them(p) && tct_now_ms() - p->heard_ms > p->options.timeout_ms) {
        bool came = tacit_session_stage(p->session) != TACIT_STAGE_PAIRING;
        tct_pairing_leave(p, came ? TCT_END_TIMEOUT : TCT_END_NOBODY_CAME, NULL);
    }
    tct_pairing_look_at_time(p);
    if (p->end.kind == TCT_END_OUTCOME && !p->bye_sent && !p->link_down &&
        p->frame_bytes == 0 && tct_link_idle(p->link)) {
        p->bye_sent = true;
        tct_link_bye(p->link);
    }
}

/* --------------------------------------------------------------------------- the outside --- */

void tct_pairing_connect(tct_pairing *p)
{
    char error[160] = "";
    p->link_down = p->link_up = false;
    p->link = tct_link_open(p->loop, p->options.url, on_event, p, error);
    if (p->link == NULL) {
        p->link_down = true;
        tct_pairing_set_end(p, TCT_END_BAD_URL, error[0] == '\0' ? NULL : error);
    }
}

tct_pairing *tct_pairing_start(tct_loop *loop, const tct_pairing_options *options)
{
    tct_pairing *p = tct_allocate(sizeof *p);
    p->loop = loop;
    p->options = *options;
    p->heard_ms = tct_now_ms();
    p->frame = tct_allocate(TACIT_FRAME_MAX);
    if (options->again != NULL) {
        p->kept = *options->again;
        tct_pairing_choose_room(p);
    } else if (!options->asker) {
        (void)snprintf(p->code, sizeof p->code, "%s", options->code);
    }
    if (!options->asker)
        p->sheet_memory = tct_allocate_raw(TACIT_SHEET_MEMORY);
    if (!options->asker && !tct_pairing_is_again(p)) {
        p->guesses = tct_tries_count(p->code);
        if (p->guesses >= TCT_TRIES_MAX)
            tct_pairing_set_end(p, TCT_END_CODE_SPENT, NULL);
    }
    if (p->end.kind == TCT_END_NONE)
        tct_pairing_connect(p);
    p->link_down = p->link == NULL;
    return p;
}

const char *tct_pairing_code(const tct_pairing *p)
{
    bool shown = p->code[0] != '\0' && p->session != NULL && !tct_pairing_is_again(p);
    return shown ? p->code : NULL;
}

bool tct_pairing_is_open(const tct_pairing *p)
{
    return p->session != NULL;
}

bool tct_pairing_is_paired(const tct_pairing *p)
{
    if (tct_pairing_sheet(p) == NULL)
        return false;
    return p->silent || (tacit_session_stage(p->session) > TACIT_STAGE_PAIRING &&
                         tacit_session_stage(p->session) != TACIT_STAGE_ENDED);
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
    if (p->session == NULL)
        return NULL;
    return p->otherwise ? tacit_session_otherwise(p->session)
                        : tacit_session_outcome(p->session);
}

void tct_pairing_answer(tct_pairing *p, tacit_answers *answers)
{
    p->answers = answers;
    p->heard_ms = tct_now_ms();
    if (p->silent) { /* the other has gone, which this person is not told: these go nowhere */
        sodium_memzero(answers, sizeof *answers);
        p->answers = NULL;
        p->sealed = true;
    }
    tct_pairing_pump(p);
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
                  p->end.kind == TCT_END_SAME_ROLE || p->end.kind == TCT_END_OTHER_SHEET) &&
                 !tct_pairing_is_again(p);
    return again && p->guesses < TCT_TRIES_MAX ? TCT_TRIES_MAX - p->guesses : 0;
}

void tct_pairing_wait_again(tct_pairing *p)
{
    p->end = (tct_end){0};
    p->heard_ms = tct_now_ms();
    ask_for_room(p, true);
    tct_pairing_pump(p);
}

void tct_pairing_leave(tct_pairing *p, tct_end_kind kind, const char *detail)
{
    if (p->end.kind != TCT_END_NONE)
        return;
    tct_pairing_set_end(p, kind, detail);
    if (p->session != NULL) {
        tacit_session_leave(p->session);
        tct_pairing_pump(p);
    }
}

void tct_pairing_forget(tct_pairing *p)
{
    tct_pairing_drop_session(p);
    sodium_memzero(p->code, sizeof p->code);
    sodium_memzero(&p->kept, sizeof p->kept);
}

void tct_pairing_finish(tct_pairing *p)
{
    uint64_t start = tct_now_ms();
    bool goes_on = p->end.kind == TCT_END_ASLEEP || p->end.kind == TCT_END_PREPARED;
    uint64_t most = tct_signal_pending() != 0 ? FAREWELL_HURRY_MS
                    : goes_on                 ? ASLEEP_MS
                                              : FAREWELL_MS;
    while (p->link != NULL && !p->link_down && tct_now_ms() - start < most) {
        tct_pairing_pump(p);
        if (p->frame_bytes == 0 && tct_link_idle(p->link)) {
            if (goes_on) { /* no farewell */
                if (tct_now_ms() - start > SETTLE_MS)
                    break;
            } else if (p->bye_sent) {
                break;
            } else {
                p->bye_sent = true;
                tct_link_bye(p->link);
            }
        }
        tct_loop_step(p->loop, 20);
    }
    if (p->link != NULL)
        tct_link_close(p->link);
    tct_pairing_drop_session(p);
    tct_release(p->frame, TACIT_FRAME_MAX);
    free(p->sheet_memory); /* a sheet is no secret */
    tct_release(p, sizeof *p);
}
