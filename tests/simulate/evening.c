/* SPDX-License-Identifier: ISC
 *
 * The evening: a program that carries a session over its line, as cli/pairing*.c do, and its person.
 */
#include "people.h"

#include <string.h>

enum { VERDICT_MS = 11 * MINUTE, NOBODY_COMES_MS = 12 * HOUR };

static uint8_t *frame_room(void)
{
    static uint8_t *room;
    if (room == NULL)
        room = sim_memory(TACIT_FRAME_MAX);
    return room;
}

void evening_start(simulation *s, int who)
{
    person *p = &s->people[who];
    tacit_session_options o = {.asker = who == WORLD_ASKER,
                               .code = "7-lantern-harbor",
                               .sheet = who == WORLD_ASKER ? sim_sheet : NULL,
                               .person = who,
                               .escrow = true,
                               .sheet_memory = p->sheet_memory,
                               .sheet_memory_bytes = TACIT_SHEET_MEMORY};
    memset(o.room, 7, sizeof o.room);
    for (size_t i = 0; i < sizeof o.seed; i++)
        o.seed[i] = (uint8_t)tct_world_draw(&s->world, 256);
    TCT_ASSERT(tacit_session_init(&p->session, p->memory, tacit_session_bytes(), &o) ==
               TACIT_OK);
    if (who == WORLD_ASKER)
        tacit_session_agree_by(p->session, s->world.now_ms + s->world.clock_ms + WITHIN_MS);
    p->has_room = false;
}

/* ---- what a session wants --- */

static void give_memory(simulation *s, person *p)
{
    size_t bytes = tacit_session_memory_wanted(p->session);
    if (bytes > SIM_ROOM_BYTES || p->has_room ||
        tacit_session_memory(p->session, p->room, bytes) != TACIT_OK)
        sim_wrong(s, "memory was asked for twice, or too much");
    p->has_room = true;
}

static void seal(simulation *s, person *p)
{
    tacit_answers answers = {0};
    char error[160];
    TCT_ASSERT(tacit_answers_set(sim_sheet, 0, &answers, "want", p->says_yes ? "yes" : "no",
                                 error) == TACIT_OK);
    tacit_session_ask_pause(p->session, p->pause_hours);
    if (tacit_session_seal(p->session, &answers) != TACIT_OK)
        sim_wrong(s, "answers were not taken");
    if (tacit_session_seal(p->session, &answers) == TACIT_OK)
        sim_wrong(s, "answers were taken twice");
    p->sealed = true;
}

static void deposit(simulation *s, int who)
{
    static uint8_t bytes[TACIT_DEPOSIT_MAX], again[TACIT_DEPOSIT_MAX];
    person *p = &s->people[who];
    size_t count = sizeof bytes, more = sizeof again;
    if (p->deposited || tacit_session_deposit(p->session, bytes, &count) != TACIT_OK) {
        sim_wrong(s, "a deposit was asked for twice, or not to be had");
        return;
    }
    if (tacit_session_deposit(p->session, again, &more) == TACIT_OK &&
        (more != count || memcmp(again, bytes, count) != 0)) /* both are the test's own */
        sim_wrong(s, "a second deposit differs");
    if (p->cheats) {
        bytes[tct_world_draw(&s->world, count)] ^=
            (uint8_t)(1u << tct_world_draw(&s->world, 8));
        counts[DEPOSITS_SPOILT]++;
    }
    if (!tct_line_deposit(s->world.devices[who].line, 0, 0, bytes, count))
        sim_wrong(s, "a deposit was not taken");
    p->deposited = true;
    p->given_ms = s->world.now_ms;
}

/* It is over for this person without a computed outcome; what the two have agreed on is shown. */
void evening_leave(simulation *s, int who)
{
    person *p = &s->people[who];
    const tacit_outcome *otherwise;
    if (p->sees != SEES_NOTHING || p->session == NULL)
        return;
    otherwise = tacit_session_otherwise(p->session);
    sim_see(p, otherwise != NULL ? SEES_OTHERWISE : SEES_AN_END, otherwise);
    if (!p->deposited)
        tacit_session_leave(p->session);
    (void)s;
}

static bool is_late(const simulation *s, const person *p)
{
    return tct_agreed_left_ms(&p->agreed, s->world.now_ms) == 0;
}

/* One thing that can be done without hearing from the other.  false: there is none. */
static bool pump_once(simulation *s, int who)
{
    person *p = &s->people[who];
    tct_line *line = s->world.devices[who].line;
    unsigned want = tacit_session_want(p->session);
    size_t bytes = TACIT_FRAME_MAX;
    if (want & TACIT_WANT_MEMORY) {
        give_memory(s, p);
    } else if (want & TACIT_WANT_SEND && tct_line_begun(line) &&
               tacit_session_send(p->session, frame_room(), &bytes) == TACIT_OK) {
        if (!tct_line_frame(line, frame_room(), bytes))
            sim_wrong(s, "a frame was not taken");
    } else if (want & TACIT_WANT_ANSWERS && s->step >= p->seal_at && !p->sealed) {
        seal(s, p);
    } else if (want & TACIT_WANT_DEPOSIT && p->sees == SEES_NOTHING && !is_late(s, p)) {
        deposit(s, who);
    } else if (want & TACIT_WANT_PUT_ASIDE && p->sees == SEES_NOTHING) {
        night_put_aside(s, who);
    } else {
        return false;
    }
    return true;
}

static bool has_agreed(const person *p)
{
    return tacit_session_otherwise(p->session) != NULL;
}

void evening_pump(simulation *s, int who)
{
    person *p = &s->people[who];
    if (p->session == NULL || s->world.devices[who].line == NULL)
        return;
    if (p->met && p->agreed.kind == TCT_AGREED_NOT_YET && has_agreed(p)) {
        p->agreed = tct_agreed_on(tacit_session_until(p->session),
                                  s->world.now_ms + p->ahead_ms, s->world.now_ms);
    }
    while (s->wrong == NULL && pump_once(s, who))
        ;
    if (p->sees != SEES_NOTHING || p->silent)
        return;
    if (tacit_session_stage(p->session) == TACIT_STAGE_DONE)
        sim_see(p, SEES_COMPUTED, tacit_session_outcome(p->session));
    if (tacit_session_stage(p->session) != TACIT_STAGE_ENDED)
        return;
    tacit_status error = tacit_session_error(p->session);
    if (!s->noise && (error == TACIT_ERR_CHEAT || error == TACIT_ERR_FORMAT))
        sim_wrong(s, "somebody honest was accused");
    evening_leave(s, who);
}

/* ---- what comes --- */

static void take_verdict(simulation *s, int who, const tct_line_event *event)
{
    person *p = &s->people[who];
    if (p->sees != SEES_NOTHING)
        return;
    if (!p->deposited) { /* too late for ours, then */
        evening_leave(s, who);
        return;
    }
    tacit_status status =
        tacit_session_verdict(p->session, event->released, event->bytes, event->length);
    if (status == TACIT_OK)
        sim_see(p, SEES_COMPUTED, tacit_session_outcome(p->session));
    else if (status == TACIT_ERR_REFUSED)
        evening_leave(s, who);
    else
        sim_wrong(s, "a verdict does not fit");
}

/* Somebody between the two who repeats, holds back, swaps or spoils frames. */
static void take_spoilt(simulation *s, person *p, const tct_line_event *event)
{
    static uint8_t spoilt[SIM_FRAME_MAX];
    tct_world *w = &s->world;
    bool fits = event->length <= SIM_FRAME_MAX;
    counts[FRAMES_SPOILT]++;
    switch (tct_world_draw(w, 4)) {
    case 0: /* twice */
        (void)tacit_session_recv(p->session, event->bytes, event->length);
        (void)tacit_session_recv(p->session, event->bytes, event->length);
        break;
    case 1: /* later, or never */
        if (!fits)
            break;
        memcpy(p->held, event->bytes, event->length);
        p->held_bytes = event->length;
        break;
    case 2: /* spoilt in one bit */
        if (!fits)
            break;
        memcpy(spoilt, event->bytes, event->length);
        spoilt[tct_world_draw(w, event->length)] ^= (uint8_t)(1u << tct_world_draw(w, 8));
        (void)tacit_session_recv(p->session, spoilt, event->length);
        break;
    default: /* an older one, once more, before this one */
        (void)tacit_session_recv(p->session, p->held, p->held_bytes);
        (void)tacit_session_recv(p->session, event->bytes, event->length);
        break;
    }
}

static void take_frame(simulation *s, person *p, const tct_line_event *event)
{
    if (s->noise && tct_world_one_in(&s->world, 6)) {
        take_spoilt(s, p, event);
        return;
    }
    (void)tacit_session_recv(p->session, event->bytes, event->length);
    if (s->noise && p->held_bytes != 0 && tct_world_one_in(&s->world, 2)) {
        (void)tacit_session_recv(p->session, p->held, p->held_bytes);
        p->held_bytes = 0;
    }
}

/* The other has gone.  Of that nothing is shown before the time that was agreed on. */
static void take_leaving(simulation *s, int who)
{
    person *p = &s->people[who];
    if (p->deposited || p->sees != SEES_NOTHING)
        return;
    p->silent = has_agreed(p) && p->agreed.kind == TCT_AGREED_BY;
    if (p->silent)
        tacit_session_leave(p->session);
    else
        evening_leave(s, who);
}

static void take_refusal(simulation *s, int who, uint8_t reason)
{
    person *p = &s->people[who];
    /* Once it is over, the room may be gone; before, only from one who has not come yet. */
    if (p->sees == SEES_NOTHING && reason != TCT_RELAY_BUSY && reason != TCT_RELAY_NO_ROOM &&
        !(reason == TCT_RELAY_IDLE && s->calm)) /* alone for too long */
        sim_wrong(s, "a device was refused");
    evening_leave(s, who);
}

void evening_told(simulation *s, int who, const tct_line_event *event)
{
    person *p = &s->people[who];
    if (event->kind == TCT_LINE_OPENED)
        s->world.devices[WORLD_ANSWERER].number = event->number;
    if (event->kind == TCT_LINE_JOINED && p->off && p->met)
        sim_wrong(s, "a seat was given to a second device");
    if (p->session == NULL)
        return;
    switch (event->kind) {
    case TCT_LINE_OPENED:
    case TCT_LINE_JOINED:
    case TCT_LINE_BACK:
        p->met_ms = p->met ? p->met_ms : s->world.now_ms;
        p->met = true;
        p->ahead_ms = event->now - s->world.now_ms;
        break;
    case TCT_LINE_FRAME:
        take_frame(s, p, event);
        break;
    case TCT_LINE_VERDICT:
        take_verdict(s, who, event);
        break;
    case TCT_LINE_PEER_LEFT:
        take_leaving(s, who);
        break;
    case TCT_LINE_REFUSED:
        take_refusal(s, who, event->reason);
        break;
    case TCT_LINE_STRANGER:
        sim_wrong(s, "the relay is a stranger");
        break;
    default:
        break;
    }
    evening_pump(s, who);
}

/* ---- time, and people --- */

/* Whatever the relay's clock did meanwhile, nobody waits longer than was agreed by their own. */
void evening_look_at_time(simulation *s, int who)
{
    person *p = &s->people[who];
    if (p->session == NULL || p->sees != SEES_NOTHING)
        return;
    if (p->deposited) {
        if (s->world.now_ms - p->given_ms > VERDICT_MS)
            sim_wrong(s, "the relay never said what became of it");
    } else if (p->agreed.kind == TCT_AGREED_CLOCK) {
        tacit_session_leave(p->session);
        sim_see(p, SEES_AN_END, NULL);
    } else if (is_late(s, p) || (p->met && p->agreed.kind == TCT_AGREED_NOT_YET &&
                                 s->world.now_ms - p->met_ms > NOBODY_COMES_MS)) {
        evening_leave(s, who);
    }
}

/* The device is gone with all that it held.  Its person may start the program again, elsewhere. */
static void switch_off(simulation *s, int who)
{
    person *p = &s->people[who];
    tct_world *w = &s->world;
    tct_world_switch_off(w, who);
    tacit_session_wipe(p->session);
    p->session = NULL;
    p->off = true;
    counts[WERE_OFF]++;
    if (who != WORLD_ANSWERER || w->devices[who].number == 0 || tct_world_one_in(w, 2))
        return;
    tct_world_switch_on(w, who);
    TCT_ASSERT(tct_line_join(w->devices[who].line, w->devices[who].number));
}

void evening_act(simulation *s, int who)
{
    person *p = &s->people[who];
    if (p->session == NULL || p->intent == STAYS || s->step < p->act_at ||
        p->sees == SEES_SLEEP)
        return;
    if (p->intent == SWITCHED_OFF) {
        switch_off(s, who);
    } else {
        p->took_back = p->took_back || tacit_session_not_now(p->session);
        if (p->intent == LEAVES && !p->took_back && !p->deposited && p->sees == SEES_NOTHING)
            evening_leave(s, who);
    }
    p->intent = STAYS;
    evening_pump(s, who);
}
