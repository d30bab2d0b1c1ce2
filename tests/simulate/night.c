/* SPDX-License-Identifier: ISC
 *
 * The night and the mornings after, as cli/asleep.c has them: a state file, and programs that are
 * started for a moment, are told what time it is by the relay, hand the deposit in or do not, and
 * may be killed at any point.  What was written to the state file is all that the next one knows.
 */
#include "people.h"

#include <string.h>

enum { RUN = 0 };

uint64_t sim_calendar(const simulation *s, const person *p)
{
    return s->world.now_ms + p->calendar_ms;
}

/* ---- the evening's end --- */

void night_put_aside(simulation *s, int who)
{
    person *p = &s->people[who];
    tct_line *line = s->world.devices[who].line;
    uint64_t until = tacit_session_until(p->session), hours = tacit_session_pause(p->session);
    night_file *f = &p->file;
    f->count = sizeof f->bytes;
    f->window.opens_ms = until + hours * HOUR;
    f->window.closes_ms = f->window.opens_ms + WINDOW_MS;
    f->window.confirmed = false;
    f->ahead_ms = s->world.now_ms + p->ahead_ms - sim_calendar(s, p);
    memcpy(f->ticket, tct_line_ticket(line), sizeof f->ticket);
    if (tacit_session_put_aside(p->session, f->bytes, &f->count) != TACIT_OK) {
        sim_wrong(s, "it could not be put aside");
        return;
    }
    if (p->disk_full) { /* it is said, and nothing of it is kept */
        counts[DISKS_FULL]++;
        memset(f, 0, sizeof *f);
        sim_see(p, SEES_AN_END, NULL);
        return;
    }
    f->there = true;
    (void)tct_line_keep(line, f->window.closes_ms + KEEP_MS);
    sim_see(p, SEES_SLEEP, NULL);
    counts[SLEPT]++;
}

/* ---- a visit --- */

static void erase(person *p)
{
    memset(&p->file, 0, sizeof p->file);
}

static void end(simulation *s, int who, sees what, const tacit_outcome *outcome)
{
    person *p = &s->people[who];
    sim_see(p, what, outcome);
    erase(p);
    night_end_visit(s, who);
}

void night_end_visit(simulation *s, int who)
{
    person *p = &s->people[who];
    tct_world_switch_off(&s->world, who);
    s->world.devices[who].done = false;
    if (p->aside != NULL)
        tacit_aside_wipe(p->aside);
    p->aside = NULL;
    p->awake = p->greeted = p->given = false;
}

/* `tacit withdraw`: what is confirmed cannot be taken back. */
static void take_back(person *p)
{
    if (p->file.window.confirmed)
        return;
    erase(p);
    sim_see(p, SEES_OTHERWISE, NULL);
}

void night_visit(simulation *s, int who)
{
    person *p = &s->people[who];
    tct_world *w = &s->world;
    if (p->awake || !p->file.there)
        return;
    counts[VISITS]++;
    if (p->plan == TAKES_BACK && !p->file.window.confirmed) {
        take_back(p);
        return;
    }
    if (p->aside_memory == NULL)
        p->aside_memory = sim_memory(TACIT_ASIDE_MEMORY);
    if (tacit_aside_read(&p->aside, p->aside_memory, TACIT_ASIDE_MEMORY, p->file.bytes,
                         p->file.count) != TACIT_OK) {
        sim_wrong(s, "what was put aside cannot be read");
        return;
    }
    tct_world_switch_on(w, who);
    TCT_ASSERT(tct_line_resume(w->devices[who].line, tacit_aside_see(p->aside).room,
                               p->file.ticket, UINT32_MAX));
    p->awake = true;
    p->waits = tct_world_one_in(w, 4);
}

/* The seat is ours again, and it is known what time it is. */
static void go_on(simulation *s, int who, uint64_t relay_now)
{
    person *p = &s->people[who];
    night_file *f = &p->file;
    tacit_aside_view view = tacit_aside_see(p->aside);
    p->ahead_ms = relay_now - s->world.now_ms;
    switch (tct_morning_at(&f->window, relay_now, sim_calendar(s, p) + f->ahead_ms)) {
    case TCT_MORNING_MISSED:
        end(s, who, SEES_OTHERWISE, view.otherwise);
        return;
    case TCT_MORNING_EARLY:
    case TCT_MORNING_CLOCKS:
        night_end_visit(s, who);
        return;
    case TCT_MORNING_GIVE:
        break;
    }
    if (p->disk_full && !s->calm) { /* what is not written down is not done */
        counts[DISKS_FULL]++;
        night_end_visit(s, who);
        return;
    }
    f->window.confirmed = true;
    p->handed_in = true;
    if (!s->calm && tct_world_one_in(&s->world, 8)) { /* killed between writing and sending */
        counts[KILLED_AT_NIGHT]++;
        night_end_visit(s, who);
        return;
    }
    if (!tct_line_deposit(s->world.devices[who].line, RUN, f->window.closes_ms, view.deposit,
                          view.deposit_bytes))
        sim_wrong(s, "a deposit was not taken in the morning");
    p->given = true;
}

static void take_verdict(simulation *s, int who, const tct_line_event *event)
{
    person *p = &s->people[who];
    switch (tacit_aside_verdict(p->aside, event->released, event->bytes, event->length)) {
    case TACIT_OK:
        if (s->latest_ms < p->file.window.closes_ms)
            sim_wrong(s, "an outcome came before its time");
        end(s, who, SEES_COMPUTED, tacit_aside_outcome(p->aside));
        break;
    case TACIT_ERR_REFUSED:
        end(s, who, SEES_OTHERWISE, tacit_aside_see(p->aside).otherwise);
        break;
    default:
        sim_wrong(s, "a verdict of the morning does not fit");
    }
}

void night_told(simulation *s, int who, const tct_line_event *event)
{
    person *p = &s->people[who];
    if (!p->awake)
        return;
    switch (event->kind) {
    case TCT_LINE_BACK:
        if (!p->greeted) {
            p->greeted = true;
            go_on(s, who, event->now);
        }
        break;
    case TCT_LINE_VERDICT:
        take_verdict(s, who, event);
        break;
    case TCT_LINE_REFUSED:
        if (event->reason == TCT_RELAY_NO_ROOM && p->kept &&
            s->latest_ms < p->file.window.closes_ms + KEEP_MS)
            sim_wrong(s, "a room that was to be kept is gone");
        if (event->reason == TCT_RELAY_NO_ROOM)
            end(s, who, SEES_OTHERWISE, tacit_aside_see(p->aside).otherwise);
        else
            night_end_visit(s, who);
        break;
    case TCT_LINE_STRANGER:
        sim_wrong(s, "the relay is a stranger in the morning");
        break;
    default:
        break;
    }
}

void night_look(simulation *s, int who)
{
    person *p = &s->people[who];
    const tct_line *line = s->world.devices[who].line;
    if (!p->awake)
        return;
    bool over = s->world.now_ms + p->ahead_ms >= p->file.window.closes_ms;
    if (p->given && !over && tct_line_idle(line) &&
        tct_rooms_settle(s->world.rooms, s->world.now_ms) &&
        s->latest_ms < p->file.window.closes_ms)
        p->delivered = true;
    if (p->given && !p->waits && !over && tct_line_idle(line)) {
        night_end_visit(s, who);
    } else if (!s->calm && tct_world_one_in(&s->world, 40)) {
        counts[KILLED_AT_NIGHT]++;
        night_end_visit(s, who);
    }
}
