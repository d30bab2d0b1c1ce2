/* SPDX-License-Identifier: ISC
 *
 * The simulator: two people with their programs, a relay with its journal, the lines between them and
 * all their clocks in one process, and faults at random places.  Everything follows from a seed.
 *
 *     simulate COUNT [FIRST]     runs the seeds FIRST … FIRST + COUNT - 1 (1 …)
 *
 * Each seed draws who answers what and when, who withdraws, leaves, answers twice, is switched off and
 * comes back as another device, who asks to sleep on it and what they do then; and where lines break
 * with messages on their way, frames come twice, late or spoilt, a deposit is wrong, programs and the relay are killed,
 * disks are full, clocks are set.  After a while nothing more goes wrong, and then must hold:
 *
 *   - both see the same computed outcome, or neither sees a computed one;
 *   - a computed outcome is what the rule gives for the answers that left their devices;
 *   - whoever was switched off, or did not confirm, leaves the other without a computed outcome; if
 *     the relay has what both left in time, both see it, and a room that it keeps is kept;
 *   - nothing is answered or deposited twice, no seat is given to a second device, nothing is known
 *     before its time, and nobody is accused of anything unless somebody spoils frames;
 *   - nobody waits longer than was agreed on, or than the relay may take;
 *   - when both are gone, the relay holds nothing, in memory or in its file, and neither do they.
 *
 * Most seeds begin where both devices are prepared: the real code, and its preparation is no secret
 * here.  One in 25 begins at the beginning.
 */
#include "people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FROM_THE_BEGINNING = 25, EVENING_STEPS = 8000, NIGHT_STEPS = 4000 };

static const char sheet_text[] = "title Both\n"
                                 "ask want: Would you like to?\n"
                                 "  no: No\n"
                                 "  yes: Yes\n"
                                 "outcome yes: You both would.\n"
                                 "  when both (want is yes)\n"
                                 "outcome no: Not this time.\n"
                                 "  otherwise\n";

const tacit_sheet *sim_sheet;
uint64_t counts[COUNTS];

void sim_wrong(simulation *s, const char *what)
{
    if (s->wrong == NULL)
        s->wrong = what;
}

void *sim_memory(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    TCT_ASSERT(memory != NULL);
    return memory;
}

bool sim_is_over(const person *p)
{
    return p->off || p->sees != SEES_NOTHING;
}

void sim_see(person *p, sees what, const tacit_outcome *outcome)
{
    p->sees = what;
    if (outcome != NULL)
        snprintf(p->id, sizeof p->id, "%s", outcome->outcome->id);
}

/* ---------------------------------------------------------------------------------- faults --- */

/* A clock is set: back or ahead, by up to a day. */
static uint64_t set_clock(simulation *s)
{
    counts[CLOCKS_SET]++;
    return tct_world_draw(&s->world, 2 * DAY) - DAY;
}

static void note_clock(simulation *s)
{
    uint64_t clock_ms = s->world.now_ms + s->world.clock_ms;
    if (clock_ms > s->latest_ms)
        s->latest_ms = clock_ms;
}

/* Time passes for everybody. */
static void pass(simulation *s, uint64_t ms)
{
    tct_world_pass(&s->world, ms);
    note_clock(s);
}

static void go_wrong(simulation *s)
{
    tct_world *w = &s->world;
    person *somebody = &s->people[tct_world_draw(w, 2)];
    if (tct_world_one_in(w, 14)) {
        tct_world_break(w, (int)tct_world_draw(w, 2), (unsigned)tct_world_draw(w, 4));
        counts[LINES_BROKEN]++;
    }
    if (tct_world_one_in(w, 30)) {
        tct_world_kill_relay(w);
        counts[RELAYS_KILLED]++;
    }
    if (s->people[WORLD_ANSWERER].met && tct_world_one_in(w, 20)) {
        tct_journal_limit(w->journal, tct_world_one_in(w, 3));
        counts[DISKS_FULL]++;
    }
    if (tct_world_one_in(w, s->night ? 60 : 400))
        w->clock_ms += set_clock(s);
    note_clock(s);
    if (tct_world_one_in(w, 200))
        somebody->calendar_ms += set_clock(s);
    if (tct_world_one_in(w, 40))
        somebody->disk_full = !somebody->disk_full;
}

static void told(tct_world *world, int who, const tct_line_event *event)
{
    simulation *s = world->context;
    if (s->night)
        night_told(s, who, event);
    else
        evening_told(s, who, event);
}

/* ------------------------------------------------------------------------------ the evening --- */

static void connect(simulation *s, int who)
{
    tct_world_device *d = &s->world.devices[who];
    person *p = &s->people[who];
    if (d->line == NULL)
        return;
    if (who == WORLD_ANSWERER && d->number != 0 && !tct_line_begun(d->line) &&
        p->sees == SEES_NOTHING && !p->met && p->session != NULL &&
        !tct_line_join(d->line, d->number))
        sim_wrong(s, "JOIN was not taken");
    if (tct_line_begun(d->line))
        tct_world_connect(&s->world, who);
}

static void move_message(simulation *s, int who)
{
    if (tct_world_one_in(&s->world, 2))
        tct_world_say(&s->world, who);
    else
        tct_world_hear(&s->world, who);
    if (tct_world_one_in(&s->world, 3))
        tct_world_settle(&s->world);
}

/* Whoever has seen how it ended goes; who sleeps on it goes without a word. */
static void go_home(simulation *s, int who)
{
    person *p = &s->people[who];
    tct_world_device *d = &s->world.devices[who];
    if (d->line == NULL)
        return;
    if (p->sees == SEES_SLEEP && (tct_line_idle(d->line) || tct_world_one_in(&s->world, 40))) {
        p->kept = tct_line_idle(d->line) && tct_rooms_settle(s->world.rooms, s->world.now_ms);
        night_end_visit(s, who);
    }
    if (s->calm && p->sees != SEES_SLEEP && sim_is_over(p) && d->line != NULL)
        tct_line_bye(d->line);
}

static void evening_step(simulation *s)
{
    tct_world *w = &s->world;
    int who = (int)tct_world_draw(w, 2);
    s->step++;
    connect(s, who);
    evening_act(s, who);
    move_message(s, who);
    if (tct_world_one_in(w, 6)) {
        pass(s, tct_world_draw(w, 4000));
        for (int i = 0; i < 2; i++) {
            if (s->people[i].session != NULL && tct_world_one_in(w, 2))
                tacit_session_beat(s->people[i].session);
        }
    }
    for (int i = 0; i < 2; i++) {
        evening_look_at_time(s, i);
        evening_pump(s, i);
        go_home(s, i);
    }
    /* No code was ever given: this person has nobody to wait for. */
    if (s->calm && !s->people[WORLD_ANSWERER].met && sim_is_over(&s->people[WORLD_ASKER]))
        evening_leave(s, WORLD_ANSWERER);
    if (!s->calm)
        go_wrong(s);
}

static bool is_home(const simulation *s, int who)
{
    const person *p = &s->people[who];
    return sim_is_over(p) && (p->sees != SEES_SLEEP || s->world.devices[who].line == NULL);
}

static void spend_evening(simulation *s)
{
    uint64_t chaos = tct_world_draw(&s->world, 3 * CHAOS_STEPS);
    while (s->step < chaos && s->wrong == NULL)
        evening_step(s);
    s->calm = true;
    tct_journal_limit(s->world.journal, false);
    for (int i = 0; i < EVENING_STEPS && s->wrong == NULL; i++) {
        if (is_home(s, 0) && is_home(s, 1))
            return;
        evening_step(s);
        if (i > 400 && i % 20 == 0) /* a relay set back before they met: they agreed on a day */
            pass(s, i > EVENING_STEPS / 2 ? 15 * MINUTE : 5000);
    }
    sim_wrong(s, "somebody waits for ever");
}

/* -------------------------------------------------------------------------------- the night --- */

/* Everybody has gone; who did not sleep on it says goodbye. */
static void say_goodbye(simulation *s, int who)
{
    tct_world *w = &s->world;
    if (w->devices[who].line == NULL)
        return;
    evening_pump(s, who);
    tct_line_bye(w->devices[who].line);
    for (int i = 0; i < 4; i++) {
        tct_world_pass(w, 1000);
        tct_world_calm(w);
    }
    if (s->people[who].session != NULL)
        tacit_session_wipe(s->people[who].session);
    s->people[who].session = NULL;
    tct_world_switch_off(w, who);
    w->devices[who].done = false;
}

static bool sleeps(const person *p)
{
    return p->sees == SEES_SLEEP && p->file.there;
}

/* Is somebody there who does not only wait for the end of the window? */
static bool is_busy(const simulation *s)
{
    const person *a = &s->people[0], *b = &s->people[1];
    return (a->awake && !(a->waits && a->given)) || (b->awake && !(b->waits && b->given));
}

static void night_step(simulation *s)
{
    tct_world *w = &s->world;
    int who = (int)tct_world_draw(w, 2);
    person *p = &s->people[who];
    if (sleeps(p) && tct_world_one_in(w, 8) && (s->calm || p->plan != SLEEPS_ON))
        night_visit(s, who);
    if (!s->calm && sleeps(p) && p->plan == LOSES_IT && tct_world_one_in(w, 60)) {
        night_end_visit(s, who);
        memset(&p->file, 0, sizeof p->file);
        p->off = true;
        counts[WERE_OFF]++;
    }
    connect(s, who);
    move_message(s, who);
    if (tct_world_one_in(w, 5)) /* minutes while somebody is busy, hours while nobody is */
        pass(s, tct_world_draw(w, is_busy(s) ? 2 * MINUTE : HOUR));
    for (int i = 0; i < 2; i++)
        night_look(s, i);
    if (!s->calm)
        go_wrong(s);
}

static void spend_night(simulation *s)
{
    tct_world *w = &s->world;
    s->night = true;
    s->calm = false;
    for (uint64_t i = tct_world_draw(w, 4 * CHAOS_STEPS); i > 0 && s->wrong == NULL; i--)
        night_step(s);
    s->calm = true;
    tct_journal_limit(w->journal, false);
    for (int who = 0; who < 2; who++) { /* the clocks are right again */
        person *p = &s->people[who];
        p->calendar_ms = w->clock_ms - p->file.ahead_ms;
    }
    for (int i = 0; i < NIGHT_STEPS && s->wrong == NULL; i++) {
        if (!sleeps(&s->people[0]) && !sleeps(&s->people[1]))
            return;
        night_step(s);
    }
    sim_wrong(s, "somebody sleeps for ever");
}

/* -------------------------------------------------------------------------------- a seed --- */

static void set_up(simulation *s, uint64_t seed)
{
    *s = (simulation){.seed = seed};
    tct_world *w = &s->world;
    tct_world_init(w, seed, true, told, s);
    s->noise = tct_world_one_in(w, 8);
    bool sleep = tct_world_one_in(w, 3);
    for (int who = 0; who < 2; who++) {
        person *p = &s->people[who];
        p->says_yes = !tct_world_one_in(w, 4);
        p->seal_at = tct_world_draw(w, CHAOS_STEPS);
        p->act_at = tct_world_draw(w, 2 * CHAOS_STEPS);
        p->intent = tct_world_one_in(w, 2) ? STAYS : (intent)tct_world_draw(w, 4);
        p->plan = tct_world_one_in(w, 2) ? CONFIRMS : (plan)tct_world_draw(w, 4);
        p->cheats = tct_world_one_in(w, 24);
        p->pause_hours = sleep ? (uint32_t)tct_world_draw(w, 12) : 0;
        if (seed % FROM_THE_BEGINNING == 0) {
            prepared_standing(s, who);
            evening_start(s, who);
        } else {
            prepared_take(s, who);
        }
        tct_world_switch_on(w, who);
    }
    uint8_t room[TCT_RELAY_ROOM_BYTES];
    memset(room, 7, sizeof room);
    TCT_ASSERT(tct_line_open(w->devices[WORLD_ASKER].line, room));
}

/* Everybody who is still there says goodbye; then nothing may be left. */
static void clean_up(simulation *s)
{
    tct_world *w = &s->world;
    bool kept = s->people[0].off || s->people[1].off || s->night;
    for (int who = 0; who < 2; who++)
        say_goodbye(s, who);
    pass(s, w->limits.away_ms + 1000);
    if (kept) { /* the window ends, and then a verdict waits so long for whoever does not come */
        pass(s, s->latest_ms - (w->now_ms + w->clock_ms) + 5 * (uint64_t)DAY);
        pass(s, w->limits.verdict_ms + (uint64_t)DAY);
    }
    tct_world_pass(w, 1000);
    tct_world_kill_relay(w);
    tct_rooms_figures figures = tct_rooms_count(w->rooms);
    if (figures.rooms + figures.asleep + figures.bytes_waiting != 0)
        sim_wrong(s, "something is left with the relay");
    if (s->people[0].file.there || s->people[1].file.there)
        sim_wrong(s, "a state file is left");
}

static void judge_outcome(simulation *s, const person *p, const person *other)
{
    const person *a = &s->people[0], *b = &s->people[1];
    bool yes = a->says_yes && b->says_yes && !a->took_back && !b->took_back;
    if (!other->off && other->sees != SEES_COMPUTED)
        sim_wrong(s, "one sees a computed outcome, and the other does not");
    if (other->off && !other->deposited && !other->handed_in)
        sim_wrong(s, "somebody was switched off before, and the outcome was computed");
    if (s->night && (!a->handed_in || !b->handed_in))
        sim_wrong(s, "somebody did not confirm, and the outcome was computed");
    if ((!a->sealed && !a->took_back) || (!b->sealed && !b->took_back) ||
        strcmp(p->id, yes ? "yes" : "no") != 0)
        sim_wrong(s, "the outcome is not what the rule gives");
}

/* What the relay has of both before the window ends is given out, whatever comes then. */
static void judge_night(simulation *s)
{
    const person *a = &s->people[0], *b = &s->people[1];
    if (a->delivered && b->delivered &&
        ((!a->off && a->sees != SEES_COMPUTED) || (!b->off && b->sees != SEES_COMPUTED)))
        sim_wrong(s, "both confirmed in time, and the outcome was not computed");
}

static void judge(simulation *s)
{
    static const int seen[] = {[SEES_OTHERWISE] = SAW_OTHERWISE, [SEES_AN_END] = SAW_AN_END};
    for (int who = 0; who < 2; who++) {
        const person *p = &s->people[who];
        if (!sim_is_over(p) || (p->sees == SEES_SLEEP && !p->off)) {
            sim_wrong(s, "somebody waits for ever");
            return;
        }
        if (p->sees == SEES_COMPUTED) {
            counts[strcmp(p->id, "yes") == 0 ? SAW_YES : SAW_COMPUTED]++;
            judge_outcome(s, p, &s->people[1 - who]);
        } else if (!p->off) {
            counts[seen[p->sees]]++;
        }
    }
    judge_night(s);
    if (s->world.strange)
        sim_wrong(s, "a device and the relay did not understand each other");
}

/* NULL: all is well; else what is wrong. */
static const char *simulate(uint64_t seed)
{
    static simulation s;
    set_up(&s, seed);
    spend_evening(&s);
    if (s.wrong == NULL && (sleeps(&s.people[0]) || sleeps(&s.people[1]))) {
        for (int who = 0; who < 2; who++)
            say_goodbye(&s, who);
        spend_night(&s);
    }
    if (s.wrong == NULL)
        judge(&s);
    if (s.wrong == NULL)
        clean_up(&s);
    for (int who = 0; who < 2; who++) {
        const person *p = &s.people[who];
        if (s.wrong != NULL)
            printf("%s: yes %d, sealed %d, took back %d, deposited %d, confirmed %d, off %d, "
                   "saw %d %s\n",
                   who == WORLD_ASKER ? "asker" : "answerer", p->says_yes, p->sealed,
                   p->took_back, p->deposited, p->handed_in, p->off, (int)p->sees, p->id);
        if (p->session != NULL)
            tacit_session_wipe(p->session);
    }
    tct_world_free(&s.world);
    for (int who = 0; who < 2; who++)
        free(s.people[who].aside_memory);
    return s.wrong;
}

static void report(uint64_t seeds)
{
    static const char *const names[COUNTS] = {"the agreed outcome",
                                              "another computed one",
                                              "otherwise",
                                              "ended before agreeing",
                                              "slept on it",
                                              "switched off",
                                              "lines broken",
                                              "relays killed",
                                              "disks filled or freed",
                                              "clocks set",
                                              "frames spoilt",
                                              "deposits spoilt",
                                              "mornings",
                                              "killed at night"};
    printf("%llu seeds.", (unsigned long long)seeds);
    for (size_t i = 0; i < COUNTS; i++)
        printf("%s %s %llu", i == 0 ? "  Seen:" : ",", names[i], (unsigned long long)counts[i]);
    printf(".\n");
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    static tacit_diagnostics diagnostics;
    tacit_sheet *read;
    if (tacit_sheet_read(&read, sim_memory(TACIT_SHEET_MEMORY), TACIT_SHEET_MEMORY, sheet_text,
                         sizeof sheet_text - 1, NULL, &diagnostics) != TACIT_OK)
        return 2;
    sim_sheet = read;
    prepared_make();
    for (uint64_t seed = first; seed < first + count; seed++) {
        const char *what = simulate(seed);
        if (what == NULL)
            continue;
        printf("seed %llu: %s\nAgain: %s 1 %llu\n", (unsigned long long)seed, what, argv[0],
               (unsigned long long)seed);
        return 1;
    }
    report(count);
    return 0;
}
