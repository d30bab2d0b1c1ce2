/* SPDX-License-Identifier: ISC
 *
 * Meeting again without a code, keeping a pairing to be able to, and how often a sheet may be asked: what is
 * written down, and before which frame (docs/PROTOCOL.md, section 18).
 *
 *     asker      the other's T has come      → one step further, before anything else leaves
 *     answerer   the asker's T has fitted    → one step further, before its own T leaves
 *     both       own F7 is due               → the pairing, if both keep it; the date
 */
#include "cli/pairing_inside.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { LOOK_AGAIN_MS = 2000, LOOK_BESIDE_MS = 200 };

bool tct_pairing_is_again(const tct_pairing *p)
{
    return p->options.again != NULL;
}

/* --------------------------------------------------------------------------- the meeting --- */

void tct_pairing_choose_room(tct_pairing *p)
{
    uint8_t secret[TACIT_PAIRING_BYTES];
    memcpy(secret, p->kept.newest, sizeof secret);
    if (p->looked % 2 == 1 && p->kept.asked)
        tacit_pairing_next(secret, secret);
    else if (p->looked % 2 == 1)
        memcpy(secret, p->kept.before, sizeof secret);
    tacit_pairing_meet(secret, p->code, p->room);
    sodium_memzero(secret, sizeof secret);
}

bool tct_pairing_looks_again(tct_pairing *p)
{
    if (!tct_pairing_is_again(p) || p->options.asker || p->stepped)
        return false;
    /* After a meeting that broke off the other may stand one step away: there too. */
    bool beside = !p->kept.settled && p->looked % 2 == 0, soon = beside || !p->link_down;
    p->looked += p->kept.settled ? 2 : 1;
    p->look_ms = tct_now_ms() + (soon ? LOOK_BESIDE_MS : LOOK_AGAIN_MS);
    return true;
}

void tct_pairing_look(tct_pairing *p)
{
    if (p->look_ms == 0 || p->end.kind != TCT_END_NONE)
        return;
    if (tct_now_ms() - p->heard_ms > p->options.timeout_ms) {
        char detail[TCT_END_DETAIL_MAX];
        (void)snprintf(detail, sizeof detail, "%s did not ask in time.", p->kept.name);
        tct_pairing_set_end(p, TCT_END_NOBODY_CAME, detail);
    } else if (tct_now_ms() >= p->look_ms) {
        p->look_ms = 0;
        tct_link_close(p->link);
        tct_pairing_drop_session(p);
        tct_pairing_choose_room(p);
        tct_pairing_connect(p);
    }
}

/* ---------------------------------------------------------------------- what is written --- */

static bool fail(tct_pairing *p, tct_kept_status status)
{
    tct_pairing_set_end(p, status == TCT_KEPT_TOO_SOON ? TCT_END_TOO_SOON : TCT_END_HISTORY,
                        tct_kept_says(status));
    tacit_session_leave(p->session);
    return false;
}

static bool save(tct_pairing *p)
{
    tct_kept_status status = tct_kept_save(&p->kept, false);
    return status == TCT_KEPT_OK || fail(p, status);
}

/* The two have met with this secret: the next time it is another. */
static bool step(tct_pairing *p)
{
    uint8_t met[TACIT_PAIRING_BYTES], next[TACIT_PAIRING_BYTES];
    memcpy(met, p->kept.newest, sizeof met);
    if (p->looked % 2 == 1 && p->kept.asked)
        tacit_pairing_next(met, met);
    else if (p->looked % 2 == 1)
        memcpy(met, p->kept.before, sizeof met);
    tacit_pairing_next(next, met);
    memcpy(p->kept.before, met, sizeof met);
    memcpy(p->kept.newest, next, sizeof next);
    p->kept.asked = p->options.asker;
    p->kept.settled = p->options.asker; /* the answerer has made its step before this one */
    (void)snprintf(p->kept.url, sizeof p->kept.url, "%s", p->options.url);
    p->stepped = true;
    p->looked = 0;
    sodium_memzero(met, sizeof met);
    sodium_memzero(next, sizeof next);
    return save(p);
}

/* Both wish to keep it.  What cannot be written is said later, and changes nothing else. */
static void keep(tct_pairing *p)
{
    uint8_t secret[TACIT_PAIRING_BYTES];
    if (p->options.keep == NULL || p->keeping != TCT_KEEPING_NONE)
        return;
    p->keeping = TCT_KEEPING_NOT;
    if (!tacit_session_pairing(p->session, secret))
        return;
    tct_kept kept = {.settled = true};
    (void)snprintf(kept.name, sizeof kept.name, "%s", p->options.keep);
    (void)snprintf(kept.url, sizeof kept.url, "%s", p->options.url);
    memcpy(kept.newest, secret, sizeof secret);
    tacit_pairing_id(kept.id, secret);
    p->keeping =
        tct_kept_save(&kept, true) == TCT_KEPT_OK ? TCT_KEEPING_BOTH : TCT_KEEPING_FAILED;
    if (p->keeping == TCT_KEEPING_BOTH)
        p->kept = kept;
    sodium_memzero(&kept, sizeof kept);
    sodium_memzero(secret, sizeof secret);
}

/* A sheet that may be asked only so often, by two who have a history.  0: not. */
static uint32_t limited_hours(const tct_pairing *p)
{
    const tacit_sheet *sheet = p->session == NULL ? NULL : tacit_session_sheet(p->session);
    return p->kept.name[0] == '\0' || sheet == NULL ? 0
                                                    : tacit_sheet_see(sheet)->once_every_hours;
}

static tct_kept_status count(tct_pairing *p)
{
    uint32_t hours = limited_hours(p);
    if (hours == 0 || p->counted)
        return TCT_KEPT_OK;
    tct_kept_status status = tct_kept_ask(
        p->kept.id, tacit_sheet_see(tacit_session_sheet(p->session))->fingerprint, hours);
    p->counted = status == TCT_KEPT_OK;
    return status;
}

void tct_pairing_count(tct_pairing *p)
{
    /* What is shown in place of an outcome counts as one, or else what is refused later would tell
     * whether the other had answered.  It is shown all the same when it cannot be written. */
    (void)count(p);
}

bool tct_pairing_writes_down(tct_pairing *p)
{
    bool pairing = tacit_session_stage(p->session) == TACIT_STAGE_PAIRING;
    bool over = tacit_session_stage(p->session) == TACIT_STAGE_ENDED;
    if (tct_pairing_is_again(p) && pairing && p->options.asker && p->kept.settled &&
        tacit_session_heard(p->session) != 0) { /* own T is next: the other may step alone */
        p->kept.settled = false;
        p->kept.asked = true;
        if (!save(p))
            return false;
    }
    if (tct_pairing_is_again(p) && !pairing && !over && !p->stepped && !step(p))
        return false;
    if (!tacit_session_answers_due(p->session))
        return true;
    keep(p);
    if (tct_pairing_is_again(p) && !p->kept.settled) { /* it has said something since */
        p->kept.settled = true;
        if (!save(p))
            return false;
    }
    tct_kept_status status = count(p);
    return status == TCT_KEPT_OK || fail(p, status);
}

/* --------------------------------------------------------------------------- is it time? --- */

static void say_too_soon(tct_pairing *p, uint32_t hours, int64_t again)
{
    char detail[TCT_END_DETAIL_MAX];
    tct_too_soon_says(detail, hours, again);
    tct_pairing_set_end(p, TCT_END_TOO_SOON, detail);
}

void tct_pairing_look_at_history(tct_pairing *p)
{
    int64_t again = 0;
    const tacit_sheet *sheet = p->session == NULL ? NULL : tacit_session_sheet(p->session);
    if (sheet == NULL || p->history_looked || p->end.kind != TCT_END_NONE ||
        p->options.letters != 0) /* nothing is asked now; each asking by letter counts */
        return;
    p->history_looked = true;
    const tacit_sheet_view *view = tacit_sheet_see(sheet);
    tct_kept_status status = TCT_KEPT_OK;
    if (view->once_every_hours == 0)
        return;
    if (p->options.no_history)
        tct_pairing_set_end(p, TCT_END_NO_HISTORY, NULL);
    else if (limited_hours(p) != 0)
        status =
            tct_kept_may_ask(p->kept.id, view->fingerprint, view->once_every_hours, &again);
    if (status == TCT_KEPT_TOO_SOON)
        say_too_soon(p, view->once_every_hours, again);
    else if (status != TCT_KEPT_OK)
        tct_pairing_set_end(p, TCT_END_HISTORY, tct_kept_says(status));
    if (p->end.kind != TCT_END_NONE)
        tacit_session_too_soon(p->session);
}

tct_keeping tct_pairing_keeping(const tct_pairing *p)
{
    return p->keeping;
}
