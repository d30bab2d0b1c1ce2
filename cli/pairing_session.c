/* SPDX-License-Identifier: ISC
 *
 * The session that a pairing carries: its memory, its frames, the answers, the count of guesses, and
 * how it ends.
 */
#include "cli/pairing_inside.h"
#include "cli/prose.h"
#include "cli/tries_store.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* Far more than a sheet within the limits takes; whoever sends one cannot ask for more. */
static const size_t memory_limit_bytes = (size_t)3 << 30;

void tct_pairing_set_end(tct_pairing *p, tct_end_kind kind, const char *detail)
{
    if (p->end.kind != TCT_END_NONE || p->silent)
        return; /* the first reason is the reason */
    if (tct_pairing_keeps_silent(p, kind))
        return;
    p->end.kind = kind;
    if (detail != NULL)
        (void)snprintf(p->end.detail, sizeof p->end.detail, "%s", detail);
    if (kind != TCT_END_OUTCOME && p->session != NULL)
        p->end.maybe_revealed = tacit_session_maybe_revealed(p->session);
}

void tct_pairing_drop_session(tct_pairing *p)
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
    p->came = false;
    p->deposited_ms = p->refused_ms = 0;
    p->silent = p->otherwise = false;
    p->agreed = (tct_agreed){0};
    p->evidence = (tct_evidence){0};
}

void tct_pairing_start_session(tct_pairing *p, const uint8_t room[TACIT_ROOM_BYTES])
{
    tacit_session_options options = {.asker = p->options.asker,
                                     .code = p->code,
                                     .sheet = p->options.sheet,
                                     .person = p->options.person,
                                     .role = p->options.role,
                                     .escrow = (p->features & TCT_RELAY_KEEPS_DEPOSITS) != 0,
                                     .sheet_memory = p->sheet_memory,
                                     .sheet_memory_bytes =
                                         p->sheet_memory == NULL ? 0 : TACIT_SHEET_MEMORY};
    tct_pairing_drop_session(p);
    memcpy(options.room, room, TACIT_ROOM_BYTES);
    randombytes_buf(options.seed, sizeof options.seed);
    p->session_memory = tct_allocate(tacit_session_bytes());
    tacit_status status =
        tacit_session_init(&p->session, p->session_memory, tacit_session_bytes(), &options);
    sodium_memzero(&options, sizeof options);
    if (status == TACIT_OK && p->options.letters != 0) {
        if ((p->features & TCT_RELAY_KEEPS_LETTERS) == 0)
            tct_pairing_set_end(p, TCT_END_NO_LETTERS, NULL);
        status = tacit_session_for_letters(p->session, p->options.letters);
    }
    if (status != TACIT_OK) {
        p->session = NULL;
        tct_pairing_set_end(p, tct_end_of_error(status), NULL);
    }
}

/* A guess of the code is written down before the frame that makes it leaves. */
static void count_guess(tct_pairing *p)
{
    if (tct_pairing_is_again(p))
        return; /* nobody guesses 31 bytes */
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
    void *memory = p->memory_count == TCT_PAIRING_MEMORIES_MAX || bytes > memory_limit_bytes
                       ? NULL
                       : tct_allocate_if_there(bytes);
    if (memory == NULL) {
        tct_pairing_set_end(p, TCT_END_TOO_LARGE, NULL);
        tacit_session_leave(p->session);
        return false;
    }
    p->memories[p->memory_count].memory = memory;
    p->memories[p->memory_count++].bytes = bytes;
    return tacit_session_memory(p->session, memory, bytes) == TACIT_OK;
}

static bool seal(tct_pairing *p)
{
    tacit_session_ask_pause(p->session, p->options.pause_hours);
    tacit_session_ask_keep(p->session, p->options.keep != NULL);
    tacit_status status = tacit_session_seal(p->session, p->answers);
    sodium_memzero(p->answers, sizeof *p->answers);
    p->answers = NULL;
    p->heard_ms = tct_now_ms();
    if (status != TACIT_OK) {
        tct_pairing_set_end(p, tct_end_of_error(status), NULL);
        tacit_session_leave(p->session);
        return false;
    }
    p->sealed = true;
    return true;
}

static bool take_frame(tct_pairing *p)
{
    if (!tct_pairing_writes_down(p))
        return true; /* another one is due: a farewell */
    p->frame_bytes = TACIT_FRAME_MAX;
    if (tacit_session_send(p->session, p->frame, &p->frame_bytes) == TACIT_OK) {
        count_guess(p);
        return true;
    }
    p->frame_bytes = 0;
    return false;
}

/* Everything that the session can do now without hearing from the other. */
void tct_pairing_pump(tct_pairing *p)
{
    bool more = true;
    tct_pairing_look_at_agreement(p);
    while (more && p->session != NULL) {
        unsigned want = tacit_session_want(p->session);
        if (want & TACIT_WANT_MEMORY) { /* first: the other's next frame may need it */
            more = give_memory(p);
            tct_pairing_look_at_history(p);
            continue;
        }
        if (p->frame_bytes != 0) {
            if (p->link_down || !tct_link_frame(p->link, p->frame, p->frame_bytes))
                break; /* later, or never */
            p->frame_bytes = 0;
        }
        more = false;
        if (want & TACIT_WANT_SEND)
            more = take_frame(p);
        else if ((want & TACIT_WANT_ANSWERS) && p->answers != NULL)
            more = seal(p);
        else if (want & TACIT_WANT_DEPOSIT)
            more = tct_pairing_deposit(p);
        else if (want & TACIT_WANT_PUT_ASIDE)
            tct_pairing_put_aside(p);
        else if (want & TACIT_WANT_KEEP)
            more = tct_pairing_keep_letters(p);
    }
    if (p->session == NULL)
        return;
    count_guess(p);
    tct_pairing_look_at_history(p);
    if (tacit_session_letters_ready(p->session))
        tct_pairing_set_end(p, TCT_END_PREPARED, p->letters_name);
    if (tacit_session_stage(p->session) == TACIT_STAGE_DONE)
        tct_pairing_set_end(p, TCT_END_OUTCOME, NULL);
    else if (tacit_session_stage(p->session) == TACIT_STAGE_ENDED && p->refused_ms == 0)
        tct_pairing_set_end(p, tct_end_of_error(tacit_session_error(p->session)), NULL);
}
