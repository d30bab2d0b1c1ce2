/* SPDX-License-Identifier: ISC
 *
 * The end of a meeting: the deposit and what the relay says to it; the time both agreed on; and what is
 * shown when the other person leaves, or falls silent: what the sheet says otherwise, in the same words
 * as a computed outcome, and not before that time.
 */
#include "cli/aside_store.h"
#include "cli/pairing_inside.h"
#include "cli/prose.h"

#include <stdio.h>
#include <string.h>

/* Tests make hours short; no program that people use does. */
#ifndef TCT_HOUR_MS
#define TCT_HOUR_MS 3600000u
#endif

enum {
    WINDOW_HOURS = 12, /* to confirm in, after the pause */
    KEEP_HOURS = 48,   /* after the window, to fetch what came of it */
    RUN = 0,           /* a session has one */
    RECEIPT_MS = 1500, /* for the other device's word, after a refusal */
    VERDICT_MS =
        11 * 60 * 1000, /* longer than any relay of ours takes, and than a line is lost */
};

/* ---- the relay's clock --- */

void tct_pairing_take_clock(tct_pairing *p, const tct_link_event *event)
{
    p->relay_ahead_ms = event->relay_now - tct_now_ms(); /* wraps, and back again */
    p->features = event->features;
}

uint64_t tct_pairing_relay_now(const tct_pairing *p)
{
    return tct_now_ms() + p->relay_ahead_ms;
}

/* ---- what was agreed --- */

static bool is_agreed(const tct_pairing *p)
{
    return p->session != NULL && tacit_session_otherwise(p->session) != NULL;
}

void tct_pairing_agree_time(tct_pairing *p)
{
    if (p->options.asker && p->session != NULL && p->options.letters == 0)
        tacit_session_agree_by(p->session, tct_pairing_relay_now(p) + p->options.within_ms);
}

/* Once: what the relay's clock does from now on is no matter. */
void tct_pairing_look_at_agreement(tct_pairing *p)
{
    if (p->agreed.kind != TCT_AGREED_NOT_YET || !is_agreed(p) || p->end.kind != TCT_END_NONE)
        return;
    p->agreed =
        tct_agreed_on(tacit_session_until(p->session), tct_pairing_relay_now(p), tct_now_ms());
    if (p->agreed.kind == TCT_AGREED_CLOCK)
        tct_pairing_leave(p, TCT_END_CLOCK, NULL);
}

int64_t tct_pairing_left_ms(const tct_pairing *p)
{
    return tct_agreed_left_ms(&p->agreed, tct_now_ms());
}

bool tct_pairing_is_fair(const tct_pairing *p)
{
    return p->session != NULL && tacit_session_is_fair(p->session);
}

bool tct_pairing_line_is_lost(const tct_pairing *p)
{
    return p->line_lost;
}

/* ---- silence --- */

/* What the other person, or their line, did; of this nothing is said. */
bool tct_pairing_keeps_silent(tct_pairing *p, tct_end_kind kind)
{
    if (kind != TCT_END_LEFT && kind != TCT_END_TIMEOUT && kind != TCT_END_IDLE)
        return false;
    if (p->agreed.kind != TCT_AGREED_BY)
        return false;
    p->silent = true;
    return true;
}

static void show_otherwise(tct_pairing *p)
{
    tct_pairing_count(p);
    p->otherwise = true;
    p->frame_bytes = 0;
    tacit_session_leave(p->session);
    p->end.kind = TCT_END_OUTCOME;
}

/* What a person needs to show it to somebody is kept, and it is said where. */
static void tell_broken_word(tct_pairing *p, tct_end_kind kind, const char *what)
{
    char detail[TCT_END_DETAIL_MAX], path[TCT_STATE_PATH] = "";
    p->evidence.what = what;
    p->evidence.url = p->options.url;
    memcpy(p->evidence.room, p->room, sizeof p->room);
    bool kept = tct_evidence_save(&p->evidence, path);
    (void)snprintf(detail, sizeof detail,
                   "%s (%.120s, room %02x%02x%02x%02x, relay's time %llu). %s%.500s%s", what,
                   p->options.url, p->room[0], p->room[1], p->room[2], p->room[3],
                   (unsigned long long)(tct_pairing_relay_now(p) / 1000),
                   kept ? "What shows it is kept in " : "What shows it could not be written",
                   kept ? path : "", ".");
    tct_pairing_set_end(p, kind, detail);
}

static void look_at_refusal(tct_pairing *p)
{
    if (tacit_session_told_only_them(p->session))
        tell_broken_word(
            p, TCT_END_TOLD_ONE,
            "The other device says that the relay gave it the outcome, and this one "
            "got nothing");
    else if (tct_now_ms() - p->refused_ms >= RECEIPT_MS)
        show_otherwise(p);
}

/* Once the two have agreed: has the time come? */
void tct_pairing_look_at_time(tct_pairing *p)
{
    if (p->end.kind != TCT_END_NONE || !is_agreed(p))
        return;
    if (p->refused_ms != 0) {
        look_at_refusal(p);
    } else if (p->deposited_ms != 0) {
        if (tct_now_ms() - p->deposited_ms >= VERDICT_MS)
            tct_pairing_set_end(p, TCT_END_LOST, "The relay never said what became of it.");
    } else if (tct_pairing_left_ms(p) == 0) {
        show_otherwise(p);
    }
}

/* ---- deposit and verdict --- */

bool tct_pairing_deposit(tct_pairing *p)
{
    static uint8_t bytes[TACIT_DEPOSIT_MAX];
    size_t count = sizeof bytes;
    if (tct_pairing_left_ms(p) == 0)
        return false; /* too late: the other shows something else by now */
    if (tacit_session_deposit(p->session, bytes, &count) != TACIT_OK)
        return false;
    tct_evidence_deposit(&p->evidence, bytes, count);
    p->deposited_ms = tct_now_ms();
    if (p->link_down || !tct_link_deposit(p->link, RUN, 0, bytes, count))
        tct_pairing_set_end(p, TCT_END_LOST, NULL);
    return true;
}

void tct_pairing_take_verdict(tct_pairing *p, const tct_link_event *event)
{
    if (p->session == NULL || event->run != RUN || p->end.kind != TCT_END_NONE)
        return;
    tct_evidence_verdict(&p->evidence, event->released, event->bytes, event->length,
                         tct_pairing_relay_now(p));
    tacit_status status =
        tacit_session_verdict(p->session, event->released, event->bytes, event->length);
    if (status == TACIT_ERR_REFUSED)
        p->refused_ms = tct_now_ms();
    else if (status == TACIT_ERR_RELAY)
        tell_broken_word(p, TCT_END_RELAY_WRONG,
                         "What the relay handed over is not what was left with it");
}

/* ---- sleeping on it --- */

static void say_asleep(tct_pairing *p, const tct_aside *a, const char *otherwise)
{
    char detail[TCT_END_DETAIL_MAX];
    tct_asleep *asleep = &p->asleep;
    (void)snprintf(asleep->name, sizeof asleep->name, "%s", a->name);
    asleep->opens_ms = a->opens_ms;
    asleep->closes_ms = a->closes_ms;
    tct_aside_clock(asleep->opens, a, a->opens_ms);
    tct_aside_clock(asleep->closes, a, a->closes_ms);
    (void)snprintf(
        detail, sizeof detail,
        "Your answers are put aside. From %s to %s you can say that they still hold: "
        "`tacit confirm`. If you both do, you both learn the outcome then, at the end. "
        "If one of you does not, or takes them back (`tacit withdraw`), it is: %.100s",
        asleep->opens, asleep->closes, otherwise);
    tct_pairing_set_end(p, TCT_END_ASLEEP, detail);
}

/* Everything that the morning needs goes into a file, and the relay is asked to know both seats until
 * it has passed. */
void tct_pairing_put_aside(tct_pairing *p)
{
    tct_aside a = {.ahead_ms = tct_pairing_relay_now(p) - tct_aside_wall_ms()};
    uint64_t until = tacit_session_until(p->session), hours = tacit_session_pause(p->session);
    const char *otherwise = tacit_session_otherwise(p->session)->outcome->headline;
    a.opens_ms = (until != 0 ? until : tct_pairing_relay_now(p)) + hours * TCT_HOUR_MS;
    a.closes_ms = a.opens_ms + (uint64_t)WINDOW_HOURS * TCT_HOUR_MS;
    (void)snprintf(a.url, sizeof a.url, "%s", p->options.url);
    tct_link_ticket(p->link, a.ticket);
    a.bytes = tct_allocate(TACIT_ASIDE_MAX);
    a.count = TACIT_ASIDE_MAX;
    tacit_status status = tacit_session_put_aside(p->session, a.bytes, &a.count);
    tct_aside_status kept =
        status == TACIT_OK ? tct_aside_save(&a, p->room) : TCT_ASIDE_NOT_WRITTEN;
    if (kept != TCT_ASIDE_OK) {
        char detail[TCT_END_DETAIL_MAX];
        (void)snprintf(detail, sizeof detail, "Your answers could not be kept overnight. %s",
                       tct_aside_says(kept));
        tct_pairing_set_end(p, TCT_END_NOT_KEPT, detail);
    } else {
        (void)tct_link_keep(p->link, a.closes_ms + (uint64_t)KEEP_HOURS * TCT_HOUR_MS);
        say_asleep(p, &a, otherwise);
    }
    tct_aside_free(&a);
}

const tct_asleep *tct_pairing_asleep(const tct_pairing *p)
{
    return &p->asleep;
}

/* ---- leaving so that nobody can tell --- */

bool tct_pairing_is_given(const tct_pairing *p)
{
    return p->deposited_ms != 0;
}

bool tct_pairing_can_go_on_alone(tct_pairing *p)
{
    if (!is_agreed(p) || p->link_down || p->end.kind != TCT_END_NONE || p->silent)
        return false;
    if (p->deposited_ms != 0)
        return true; /* it is out of hands: the other's outcome only needs nothing more */
    if (!tacit_session_not_now(p->session))
        return false;
    p->sealed = true;
    p->answers = NULL;
    return true;
}
