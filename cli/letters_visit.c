/* SPDX-License-Identifier: ISC */
#include "cli/letters_visit.h"

#include "cli/prose.h"
#include "cli/say.h"
#include "cli/terminal.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    REACH_MS = 60 * 1000,   /* for the relay to be reached */
    SETTLE_MS = 700,        /* for a deposit to arrive */
    VERDICT_MS = 60 * 1000, /* once its time has come */
};

bool tct_visit_take_up(tct_visit *v, const char *name)
{
    v->lock = tct_letters_lock();
    v->locked = v->lock >= 0;
    if (!v->locked) {
        fprintf(stderr,
                "tacit: %s: Another program is at your letters. Let it end, then try again.\n",
                name);
        return false;
    }
    tct_aside_status status = tct_letters_load(&v->file, name);
    if (status != TCT_ASIDE_OK) {
        tct_tell("%s: %s", name, tct_letters_file_says(status));
        return false;
    }
    v->memory = tct_allocate_raw(TACIT_LETTERS_MEMORY);
    bool good = tacit_letters_read(&v->letters, v->memory, TACIT_LETTERS_MEMORY, v->file.bytes,
                                   v->file.count) == TACIT_OK;
    if (good) {
        v->room_bytes = tacit_letters_memory_wanted(v->letters);
        v->room = v->room_bytes == 0 ? NULL : tct_allocate_if_there(v->room_bytes);
        good = v->room != NULL &&
               tacit_letters_memory(v->letters, v->room, v->room_bytes) == TACIT_OK;
    }
    if (!good)
        tct_tell("%s: %s", name, tct_letters_file_says(TCT_ASIDE_DAMAGED));
    return good;
}

void tct_visit_put_down(tct_visit *v)
{
    if (v->letters != NULL)
        tacit_letters_wipe(v->letters);
    tct_release(v->room, v->room == NULL ? 0 : v->room_bytes);
    free(v->memory); /* the sheet is no secret, and the rest is wiped */
    for (size_t i = 0; i < v->came_count; i++)
        free(v->came[i].bytes);
    tct_letters_file_free(&v->file);
    if (v->locked)
        (void)close(v->lock);
    tct_release(v, sizeof *v);
}

uint64_t tct_visit_relay_now(const tct_visit *v)
{
    return tct_aside_wall_ms() + v->file.ahead_ms; /* wraps, and back again */
}

/* On the disk, or nothing goes on. */
static bool save(tct_visit *v)
{
    tacit_letters_view view = tacit_letters_see(v->letters);
    v->file.count = TACIT_LETTERS_MAX;
    if (tacit_letters_save(v->letters, v->file.bytes, &v->file.count) == TACIT_OK &&
        tct_letters_save(&v->file, view.room) == TCT_ASIDE_OK)
        return true;
    v->result = TCT_VISIT_UNSAVED;
    return false;
}

/* What ended all of it is on the disk, too. */
static void end_by(tct_visit *v, tacit_status status)
{
    v->result = TCT_VISIT_GOING;
    if (save(v))
        v->result = status == TACIT_ERR_USED    ? TCT_VISIT_USED
                    : status == TACIT_ERR_RELAY ? TCT_VISIT_FORGOT
                                                : TCT_VISIT_CHECK;
}

/* ---- handing over --- */

static void deposit_or_end(tct_visit *v)
{
    uint32_t run;
    uint64_t until, now = tct_visit_relay_now(v);
    const uint8_t *bytes;
    size_t count;
    tacit_letters_view view = tacit_letters_see(v->letters);
    bool due = tacit_letters_deposit(v->letters, &run, &until, &bytes, &count);
    if (due && !tct_link_deposit(v->link, run, until, bytes, count)) {
        v->result = TCT_VISIT_LOST;
        return;
    }
    v->waits_for_verdict = due && now >= until;
    bool over = !due && view.until_ms != 0 && now >= view.until_ms;
    if (over && tacit_letters_close(v->letters)) {
        v->ended = true;
        (void)save(v);
    }
    v->given_ms = tct_now_ms();
}

/* The next letter that the relay does not have yet: first its note. */
static void hand_over(tct_visit *v)
{
    tacit_letter letter;
    if (!tacit_letters_due(v->letters, v->due, &letter)) {
        deposit_or_end(v);
        return;
    }
    if (!tct_link_note(v->link, letter.note.run, letter.note.flight, letter.note.digest))
        v->result = TCT_VISIT_LOST;
}

static void on_noted(tct_visit *v, const tct_link_event *event)
{
    tacit_letter_note note = {.run = event->run, .flight = event->flight};
    tacit_letter letter;
    memcpy(note.digest, event->bytes, sizeof note.digest);
    if (!v->listed) {
        if (v->note_count < TCT_VISIT_PLACES_MAX)
            v->notes[v->note_count++] = note;
        return;
    }
    if (v->result != TCT_VISIT_GOING || !tacit_letters_due(v->letters, v->due, &letter) ||
        letter.note.run != note.run || letter.note.flight != note.flight)
        return;
    tacit_status status = tacit_letters_noted(v->letters, &note);
    if (status != TACIT_OK) {
        end_by(v, status);
    } else if (!event->came) { /* it is ours to leave */
        if (save(v) &&
            !tct_link_letter(v->link, note.run, note.flight, letter.bytes, letter.count))
            v->result = TCT_VISIT_LOST;
    } else if (letter.confirmed || save(v)) { /* that the relay has noted it is kept as well */
        v->due++;
        hand_over(v);
    }
}

/* ---- what stands at the relay --- */

static void on_letter(tct_visit *v, const tct_link_event *event)
{
    if (v->listed || v->came_count == TCT_VISIT_PLACES_MAX || event->length > TACIT_LETTER_MAX)
        return;
    uint8_t *copy = tct_allocate(event->length);
    memcpy(copy, event->bytes, event->length);
    v->came[v->came_count].run = event->run;
    v->came[v->came_count].flight = event->flight;
    v->came[v->came_count].bytes = copy;
    v->came[v->came_count++].count = event->length;
}

/* As often as one of them leads on, whatever order they came in. */
static bool take_all(tct_visit *v)
{
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < v->came_count; i++) {
            bool changed = false;
            tacit_status status = tacit_letters_take(
                v->letters, v->came[i].run, v->came[i].flight, v->came[i].bytes,
                v->came[i].count, tct_visit_relay_now(v), &changed);
            if (status != TACIT_OK) {
                end_by(v, status);
                return false;
            }
            if (changed && !save(v))
                return false;
            again = again || changed;
        }
    }
    return true;
}

static bool give_answers(tct_visit *v)
{
    uint8_t seed[32];
    uint64_t now = tct_visit_relay_now(v);
    if (v->answers == NULL)
        return true;
    randombytes_buf(seed, sizeof seed);
    tacit_status status =
        tacit_letters_answer(v->letters, v->answers, now + v->until_in_ms, now, seed);
    sodium_memzero(seed, sizeof seed);
    v->answers = NULL;
    if (status == TACIT_OK)
        return save(v);
    v->result = status == TACIT_ERR_LIMIT   ? TCT_VISIT_LATE
                : status == TACIT_ERR_USAGE ? TCT_VISIT_NOT_NOW
                                            : TCT_VISIT_CHECK;
    if (v->result == TCT_VISIT_CHECK)
        end_by(v, status);
    return false;
}

static void on_listed(tct_visit *v)
{
    v->listed = true;
    tacit_status status = tacit_letters_check(v->letters, v->notes, v->note_count);
    if (status != TACIT_OK) {
        end_by(v, status);
        return;
    }
    if (take_all(v) && give_answers(v))
        hand_over(v);
}

static void on_verdict(tct_visit *v, const tct_link_event *event)
{
    tacit_status status = tacit_letters_verdict(v->letters, event->run, event->released,
                                                event->bytes, event->length);
    if (status == TACIT_ERR_USAGE)
        return; /* of an asking that is over */
    v->ended = status != TACIT_ERR_RELAY;
    if (!v->ended)
        v->result = TCT_VISIT_FORGOT;
    else if (save(v))
        v->result = TCT_VISIT_DONE;
}

static void on_end(tct_visit *v, tct_visit_result result, const char *text)
{
    v->over = true;
    if (v->result == TCT_VISIT_GOING)
        v->result = result;
    (void)snprintf(v->why, sizeof v->why, "%s", text);
}

static void begin_list(tct_visit *v, const tct_link_event *event)
{
    v->file.ahead_ms = event->relay_now - tct_aside_wall_ms(); /* wraps, and back again */
    v->met = true;
    v->listed = false;
    v->note_count = 0;
    v->due = 0;
    if ((event->features & TCT_RELAY_KEEPS_LETTERS) == 0)
        v->result = TCT_VISIT_NO_LETTERS;
    else if (!tct_link_letters(v->link))
        v->result = TCT_VISIT_LOST;
}

static void on_event(void *context, const tct_link_event *event)
{
    tct_visit *v = context;
    if (v->result != TCT_VISIT_GOING)
        return;
    switch (event->kind) {
    case TCT_LINK_UP:
        if (!v->met && !tct_link_resume(v->link, tacit_letters_see(v->letters).room,
                                        v->file.ticket, UINT32_MAX))
            v->result = TCT_VISIT_LOST;
        break;
    case TCT_LINK_BACK:
        begin_list(v, event);
        break;
    case TCT_LINK_NOTED:
        on_noted(v, event);
        break;
    case TCT_LINK_LETTER:
        on_letter(v, event);
        break;
    case TCT_LINK_LETTERS_END:
        on_listed(v);
        break;
    case TCT_LINK_VERDICT:
        on_verdict(v, event);
        break;
    case TCT_LINK_REFUSED:
        on_end(v, event->reason == TCT_RELAY_NO_ROOM ? TCT_VISIT_GONE : TCT_VISIT_LOST,
               event->text);
        break;
    case TCT_LINK_DOWN:
    case TCT_LINK_NOT_A_RELAY:
        on_end(v, TCT_VISIT_LOST, event->text);
        break;
    default:
        break;
    }
}

/* Has everything left, with nothing to wait for now? */
static bool is_done(const tct_visit *v)
{
    return v->given_ms != 0 && !v->waits_for_verdict && tct_link_idle(v->link) &&
           tct_now_ms() - v->given_ms > SETTLE_MS;
}

static bool is_late(const tct_visit *v, uint64_t start)
{
    if (v->waits_for_verdict)
        return tct_now_ms() - v->given_ms > VERDICT_MS;
    return tct_now_ms() - start > REACH_MS;
}

void tct_visit_relay(tct_visit *v)
{
    char error[160] = "";
    uint64_t start = tct_now_ms();
    v->result = TCT_VISIT_GOING;
    v->over = v->met = v->ended = v->waits_for_verdict = false;
    v->given_ms = 0;
    v->loop = tct_loop_new();
    if (v->loop != NULL) {
        tct_signal_wakes(v->loop);
        v->link = tct_link_open(v->loop, v->file.url, on_event, v, error);
    }
    if (v->link == NULL)
        on_end(v, TCT_VISIT_LOST, error);
    while (v->result == TCT_VISIT_GOING && tct_signal_pending() == 0) {
        tct_loop_step(v->loop, 100);
        if (v->result == TCT_VISIT_GOING && is_done(v))
            v->result = TCT_VISIT_DONE;
        else if (v->result == TCT_VISIT_GOING && is_late(v, start))
            v->result = TCT_VISIT_LOST;
    }
    for (int i = 0; i < 20 && v->link != NULL && !v->over && !tct_link_idle(v->link); i++)
        tct_loop_step(v->loop, 50); /* that the verdict was taken */
    tct_link_close(v->link);
    v->link = NULL;
    tct_signal_wakes(NULL);
    if (v->loop != NULL)
        tct_loop_free(v->loop);
    v->loop = NULL;
}
