/* SPDX-License-Identifier: ISC
 *
 * The simulator: two people with their sessions, a relay with its journal, the lines between them and
 * all their clocks in one process, and faults at random places.  Everything follows from a seed.
 *
 *     simulate COUNT [FIRST]     runs the seeds FIRST … FIRST + COUNT - 1 (1 …)
 *
 * Each seed draws who answers what and when, who withdraws, leaves, answers twice or is switched off
 * in the middle, and where lines break with messages on their way, the relay is killed, its disk is
 * full, its clock jumps.  After a while nothing more goes wrong, and then must hold:
 *
 *   - both see the same computed outcome, or neither sees a computed one;
 *   - a computed outcome is what the rule gives for the answers that left their devices;
 *   - whoever was switched off before its deposit leaves the other without a computed outcome;
 *   - nothing is answered or deposited twice; nobody is accused of anything;
 *   - when both are gone, the relay holds nothing, in memory or in its file.
 *
 * Most seeds begin where both devices are prepared, from a copy of two sessions that were prepared
 * once: the real code, and its preparation is no secret here.  One in 25 begins at the beginning.
 */
#include "support/relay_world.h"
#include "tacit/tacit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_BYTES = 64 << 20, CHAOS_STEPS = 160, FROM_THE_BEGINNING = 25 };
enum { MINUTE = 60000 };

static const char sheet_text[] = "title Both\n"
                                 "ask want: Would you like to?\n"
                                 "  no: No\n"
                                 "  yes: Yes\n"
                                 "outcome yes: You both would.\n"
                                 "  when both (want is yes)\n"
                                 "outcome no: Not this time.\n"
                                 "  otherwise\n";

typedef enum { NOTHING, COMPUTED, OTHERWISE, ENDED } shown;
typedef enum { STAYS, WITHDRAWS, LEAVES, SWITCHED_OFF } intent;

typedef struct {
    tacit_session *session;
    void *memory, *room, *sheet_memory;
    bool has_room, sealed, deposited, off, gone, says_yes, took_back;
    intent intent;
    uint64_t seal_at, act_at; /* steps */
    uint64_t ahead_ms;        /* the relay's clock, as last heard, minus ours */
    shown shown;
    char id[32];
} person;

typedef struct {
    tct_world world;
    person people[2];
    uint64_t seed, step;
    bool calm;
    const char *wrong;
} simulation;

/* What two prepared sessions and the memory they stand in look like. */
static struct {
    uint8_t *memory[2], *room[2], *sheet[2];
    size_t room_bytes[2];
    tacit_session *session[2];
} prepared;

/* Every simulation stands in the same memory, as sessions point into it. */
static struct {
    void *memory, *room, *sheet;
} standing[2];

static const tacit_sheet *sheet;
static uint8_t *frame;
static uint64_t
    counts[8]; /* computed yes, computed, otherwise, ended, off, broken, killed, full */

static void wrong(simulation *s, const char *what)
{
    if (s->wrong == NULL)
        s->wrong = what;
}

static void *take_memory(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    TCT_ASSERT(memory != NULL);
    memset(memory, 0, bytes);
    return memory;
}

static bool is_over(const person *p)
{
    return p->off || p->shown != NOTHING;
}

/* ------------------------------------------------------------------------------- sessions --- */

static void start_session(simulation *s, int who)
{
    person *p = &s->people[who];
    tacit_session_options o = {.asker = who == WORLD_ASKER,
                               .code = "7-lantern-harbor",
                               .sheet = who == WORLD_ASKER ? sheet : NULL,
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
        tacit_session_agree_by(p->session, s->world.now_ms + s->world.clock_ms + 30 * MINUTE);
    p->has_room = false;
}

/* In most simulations the sheet never travels: it was there when they were prepared. */
static void give_memory(simulation *s, person *p)
{
    size_t bytes = tacit_session_memory_wanted(p->session);
    if (bytes > ROOM_BYTES || p->has_room ||
        tacit_session_memory(p->session, p->room, bytes) != TACIT_OK)
        wrong(s, "memory was asked for twice, or too much");
    p->has_room = true;
}

static void seal(simulation *s, person *p)
{
    tacit_answers answers = {0};
    char error[160];
    TCT_ASSERT(tacit_answers_set(sheet, 0, &answers, "want", p->says_yes ? "yes" : "no",
                                 error) == TACIT_OK);
    if (tacit_session_seal(p->session, &answers) != TACIT_OK)
        wrong(s, "answers were not taken");
    if (tacit_session_seal(p->session, &answers) == TACIT_OK)
        wrong(s, "answers were taken twice");
    p->sealed = true;
}

static void deposit(simulation *s, int who)
{
    static uint8_t bytes[TACIT_DEPOSIT_MAX], again[TACIT_DEPOSIT_MAX];
    person *p = &s->people[who];
    size_t count = sizeof bytes, more = sizeof again;
    if (p->deposited || tacit_session_deposit(p->session, bytes, &count) != TACIT_OK ||
        !tct_line_deposit(s->world.devices[who].line, 0, 0, bytes, count)) {
        wrong(s, "a deposit was asked for twice, or not to be had");
        return;
    }
    p->deposited = true;
    if (tacit_session_deposit(p->session, again, &more) == TACIT_OK &&
        (more != count || memcmp(again, bytes, count) != 0)) /* both are the test's own */
        wrong(s, "a second deposit differs");
}

static void show(person *p, shown what, const tacit_outcome *outcome)
{
    p->shown = what;
    if (outcome != NULL)
        snprintf(p->id, sizeof p->id, "%s", outcome->outcome->id);
}

/* It is over for this person, without a computed outcome: once the two have agreed, that is shown as the
 * sheet's `otherwise`. */
static void end_without(simulation *s, int who)
{
    person *p = &s->people[who];
    const tacit_outcome *otherwise = tacit_session_otherwise(p->session);
    if (p->shown != NOTHING)
        return;
    show(p, otherwise != NULL ? OTHERWISE : ENDED, otherwise);
    if (!p->deposited)
        tacit_session_leave(p->session);
}

/* What the session wants, and how it stands. */
static void pump(simulation *s, int who)
{
    person *p = &s->people[who];
    tct_line *line = s->world.devices[who].line;
    for (bool more = true; more && !p->gone && p->session != NULL;) {
        unsigned want = tacit_session_want(p->session);
        size_t bytes = TACIT_FRAME_MAX;
        more = true;
        if (want & TACIT_WANT_MEMORY)
            give_memory(s, p);
        else if (want & TACIT_WANT_SEND && tct_line_begun(line) &&
                 tacit_session_send(p->session, frame, &bytes) == TACIT_OK) {
            if (!tct_line_frame(line, frame, bytes))
                wrong(s, "a frame was not taken");
        } else if (want & TACIT_WANT_ANSWERS && s->step >= p->seal_at && !p->sealed)
            seal(s, p);
        else if (want & TACIT_WANT_DEPOSIT && p->shown == NOTHING)
            deposit(s, who);
        else
            more = false;
        if (s->wrong != NULL)
            return;
    }
    if (p->session == NULL || p->shown != NOTHING)
        return;
    if (tacit_session_stage(p->session) == TACIT_STAGE_DONE)
        show(p, COMPUTED, tacit_session_outcome(p->session));
    if (tacit_session_stage(p->session) != TACIT_STAGE_ENDED)
        return;
    if (tacit_session_error(p->session) == TACIT_ERR_CHEAT ||
        tacit_session_error(p->session) == TACIT_ERR_FORMAT)
        wrong(s, "somebody honest was accused");
    end_without(s, who);
}

static void take_verdict(simulation *s, int who, const tct_line_event *event)
{
    person *p = &s->people[who];
    if (p->session == NULL || p->shown != NOTHING)
        return;
    if (!p->deposited) { /* too late for ours, then */
        end_without(s, who);
        return;
    }
    tacit_status status =
        tacit_session_verdict(p->session, event->released, event->bytes, event->length);
    if (status == TACIT_OK)
        show(p, COMPUTED, tacit_session_outcome(p->session));
    else if (status == TACIT_ERR_REFUSED)
        end_without(s, who);
    else
        wrong(s, "a verdict does not fit");
}

static void told(tct_world *world, int who, const tct_line_event *event)
{
    simulation *s = world->context;
    person *p = &s->people[who];
    switch (event->kind) {
    case TCT_LINE_OPENED:
        world->devices[WORLD_ANSWERER].number = event->number;
        p->ahead_ms = event->now - world->now_ms;
        break;
    case TCT_LINE_JOINED:
    case TCT_LINE_BACK:
        p->ahead_ms = event->now - world->now_ms;
        break;
    case TCT_LINE_FRAME:
        if (p->session != NULL)
            (void)tacit_session_recv(p->session, event->bytes, event->length);
        break;
    case TCT_LINE_VERDICT:
        take_verdict(s, who, event);
        break;
    case TCT_LINE_PEER_LEFT:
        if (p->session != NULL && !p->deposited)
            end_without(s, who);
        break;
    case TCT_LINE_REFUSED:
        /* Once it is over, the room may be gone; before, only from one who has not come yet. */
        if (p->shown == NOTHING && p->session != NULL && event->reason != TCT_RELAY_BUSY &&
            event->reason != TCT_RELAY_NO_ROOM &&
            !(event->reason == TCT_RELAY_IDLE && s->calm)) /* alone for too long */
            wrong(s, "a device was refused");
        if (p->session != NULL)
            end_without(s, who);
        break;
    case TCT_LINE_STRANGER:
        wrong(s, "the relay is a stranger");
        break;
    default:
        break;
    }
    pump(s, who);
}

/* ------------------------------------------------------------------------------- preparing --- */

static void exchange(simulation *s)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (int who = 0; who < 2; who++) {
            tacit_session *from = s->people[who].session, *to = s->people[1 - who].session;
            size_t bytes = TACIT_FRAME_MAX;
            if (tacit_session_want(from) & TACIT_WANT_MEMORY)
                give_memory(s, &s->people[who]);
            else if (!(tacit_session_want(from) & TACIT_WANT_SEND) ||
                     tacit_session_send(from, frame, &bytes) != TACIT_OK ||
                     tacit_session_recv(to, frame, bytes) != TACIT_OK)
                continue;
            moved = true;
        }
    }
}

static void prepare(void)
{
    static simulation s;
    tct_world_init(&s.world, 4711, false, told, &s);
    for (int who = 0; who < 2; who++) {
        s.people[who].memory = standing[who].memory = take_memory(tacit_session_bytes());
        s.people[who].room = standing[who].room = take_memory(ROOM_BYTES);
        s.people[who].sheet_memory = standing[who].sheet = take_memory(TACIT_SHEET_MEMORY);
        start_session(&s, who);
    }
    exchange(&s);
    for (int who = 0; who < 2; who++) {
        person *p = &s.people[who];
        TCT_ASSERT(tacit_session_stage(p->session) == TACIT_STAGE_READY &&
                   tacit_session_is_fair(p->session));
        prepared.session[who] = p->session;
        /* How much of it was used is not said; what is zero behind it was not. */
        size_t used = ROOM_BYTES;
        while (used > 0 && ((uint8_t *)p->room)[used - 1] == 0)
            used--;
        prepared.room_bytes[who] = used;
        prepared.memory[who] = take_memory(tacit_session_bytes());
        prepared.room[who] = take_memory(used + 1);
        prepared.sheet[who] = take_memory(TACIT_SHEET_MEMORY);
        memcpy(prepared.memory[who], p->memory, tacit_session_bytes());
        memcpy(prepared.room[who], p->room, used);
        memcpy(prepared.sheet[who], p->sheet_memory, TACIT_SHEET_MEMORY);
    }
    tct_world_free(&s.world);
}

static void restore(simulation *s, int who)
{
    person *p = &s->people[who];
    memcpy(p->memory, prepared.memory[who], tacit_session_bytes());
    memcpy(p->room, prepared.room[who], prepared.room_bytes[who]);
    if (who == WORLD_ANSWERER)
        memcpy(p->sheet_memory, prepared.sheet[who], TACIT_SHEET_MEMORY);
    p->session = prepared.session[who];
    p->has_room = true;
}

/* ---------------------------------------------------------------------------------- faults --- */

static void act(simulation *s, int who)
{
    person *p = &s->people[who];
    if (p->session == NULL || p->gone || p->intent == STAYS || s->step < p->act_at)
        return;
    switch (p->intent) {
    case WITHDRAWS:
    case LEAVES:
        p->took_back = p->took_back || tacit_session_not_now(p->session);
        if (p->intent == LEAVES && !p->took_back && !p->deposited && p->shown == NOTHING)
            end_without(s, who);
        break;
    default:
        tct_world_switch_off(&s->world, who);
        tacit_session_wipe(p->session);
        p->session = NULL;
        p->off = true;
        counts[4]++;
        break;
    }
    p->intent = STAYS;
    if (p->session != NULL)
        pump(s, who);
}

static void go_wrong(simulation *s)
{
    tct_world *w = &s->world;
    if (tct_world_one_in(w, 14)) {
        tct_world_break(w, (int)tct_world_draw(w, 2), (unsigned)tct_world_draw(w, 4));
        counts[5]++;
    }
    if (tct_world_one_in(w, 30)) {
        tct_world_kill_relay(w);
        counts[6]++;
    }
    if (s->people[1].ahead_ms != 0 && tct_world_one_in(w, 20)) {
        tct_journal_limit(w->journal, tct_world_one_in(w, 3));
        counts[7]++;
    }
    if (tct_world_one_in(w, 400)) /* up to a day, either way */
        w->clock_ms += tct_world_draw(w, 2 * 24 * 60 * MINUTE) - 24 * 60 * MINUTE;
}

/* By the relay's clock as this device knows it: when the time that was agreed on is over, and it has not
 * left its half, it never will. */
static void look_at_time(simulation *s, int who)
{
    person *p = &s->people[who];
    if (p->session == NULL || p->shown != NOTHING || p->deposited)
        return;
    uint64_t until = tacit_session_until(p->session);
    if (until != 0 && s->world.now_ms + p->ahead_ms >= until)
        end_without(s, who);
}

static void connect(simulation *s, int who)
{
    tct_world_device *d = &s->world.devices[who];
    person *p = &s->people[who];
    if (d->line == NULL || p->gone)
        return;
    if (who == WORLD_ANSWERER && d->number != 0 && !tct_line_begun(d->line) &&
        p->shown == NOTHING && p->ahead_ms == 0 && !tct_line_join(d->line, d->number))
        wrong(s, "JOIN was not taken");
    if (tct_line_begun(d->line))
        tct_world_connect(&s->world, who);
}

static void step(simulation *s)
{
    tct_world *w = &s->world;
    int who = (int)tct_world_draw(w, 2);
    s->step++;
    connect(s, who);
    act(s, who);
    if (tct_world_one_in(w, 2))
        tct_world_say(w, who);
    else
        tct_world_hear(w, who);
    if (tct_world_one_in(w, 3))
        tct_world_settle(w);
    if (tct_world_one_in(w, 6)) {
        tct_world_pass(w, tct_world_draw(w, 4000));
        for (int i = 0; i < 2; i++) {
            if (s->people[i].session != NULL && tct_world_one_in(w, 2))
                tacit_session_beat(s->people[i].session);
        }
    }
    for (int i = 0; i < 2; i++) {
        look_at_time(s, i);
        pump(s, i);
    }
    /* Whoever has seen how it ended goes; the program ends. */
    for (int i = 0; i < 2 && s->calm; i++) {
        if (s->people[i].shown != NOTHING && s->world.devices[i].line != NULL)
            tct_line_bye(s->world.devices[i].line);
    }
    /* No code was ever given: this person has nobody to wait for. */
    if (s->calm && s->people[1].ahead_ms == 0 && is_over(&s->people[0]) &&
        s->people[1].session != NULL)
        end_without(s, WORLD_ANSWERER);
    if (!s->calm)
        go_wrong(s);
}

/* -------------------------------------------------------------------------------- a seed --- */

static void set_up(simulation *s, uint64_t seed)
{
    *s = (simulation){.seed = seed};
    tct_world_init(&s->world, seed, true, told, s);
    for (int who = 0; who < 2; who++) {
        person *p = &s->people[who];
        p->memory = standing[who].memory;
        p->room = standing[who].room;
        p->sheet_memory = standing[who].sheet;
        p->says_yes = !tct_world_one_in(&s->world, 4);
        p->seal_at = tct_world_draw(&s->world, CHAOS_STEPS);
        p->act_at = tct_world_draw(&s->world, 2 * CHAOS_STEPS);
        p->intent =
            tct_world_one_in(&s->world, 2) ? STAYS : (intent)tct_world_draw(&s->world, 4);
        if (seed % FROM_THE_BEGINNING == 0)
            start_session(s, who);
        else
            restore(s, who);
        tct_world_switch_on(&s->world, who);
    }
    uint8_t room[TCT_RELAY_ROOM_BYTES];
    memset(room, 7, sizeof room);
    TCT_ASSERT(tct_line_open(s->world.devices[WORLD_ASKER].line, room));
}

/* Everybody who is still there says goodbye; then nothing may be left. */
static void clean_up(simulation *s)
{
    tct_world *w = &s->world;
    for (int who = 0; who < 2; who++) {
        if (w->devices[who].line == NULL)
            continue;
        pump(s, who);
        tct_line_bye(w->devices[who].line);
        for (int i = 0; i < 4; i++) {
            tct_world_pass(w, 1000);
            tct_world_calm(w);
        }
        s->people[who].gone = true;
        tct_world_switch_off(w, who);
    }
    bool any_off = s->people[0].off || s->people[1].off;
    tct_world_pass(w, w->limits.away_ms + 1000);
    if (any_off) /* its verdict is kept for it, for so long */
        tct_world_pass(w, (uint64_t)w->limits.verdict_ms + 2 * 24 * 60 * MINUTE);
    tct_world_pass(w, 1000);
    tct_world_kill_relay(w);
    tct_rooms_figures figures = tct_rooms_count(w->rooms);
    if (figures.rooms + figures.asleep + figures.bytes_waiting != 0)
        wrong(s, "something is left with the relay");
}

static void judge(simulation *s)
{
    const person *a = &s->people[0], *b = &s->people[1];
    for (int who = 0; who < 2; who++) {
        const person *p = &s->people[who], *other = &s->people[1 - who];
        if (!is_over(p)) {
            wrong(s, "somebody waits for ever");
            return;
        }
        counts[p->shown == COMPUTED && strcmp(p->id, "yes") == 0 ? 0 : (int)p->shown] +=
            !p->off;
        if (p->shown != COMPUTED)
            continue;
        if (!other->off && other->shown != COMPUTED)
            wrong(s, "one sees a computed outcome, and the other does not");
        if (other->off && !other->deposited)
            wrong(s, "somebody was switched off before, and the outcome was computed");
        bool yes = a->says_yes && b->says_yes && !a->took_back && !b->took_back;
        if ((!a->sealed && !a->took_back) || (!b->sealed && !b->took_back) ||
            strcmp(p->id, yes ? "yes" : "no") != 0)
            wrong(s, "the outcome is not what the rule gives");
    }
    if (s->world.strange)
        wrong(s, "a device and the relay did not understand each other");
}

/* NULL: all is well; else what is wrong. */
static const char *simulate(uint64_t seed)
{
    static simulation s;
    set_up(&s, seed);
    uint64_t chaos = tct_world_draw(&s.world, 3 * CHAOS_STEPS);
    while (s.step < chaos && s.wrong == NULL)
        step(&s);
    s.calm = true;
    tct_journal_limit(s.world.journal, false);
    for (int i = 0; i < 8000 && s.wrong == NULL; i++) {
        if (is_over(&s.people[0]) && is_over(&s.people[1]))
            break;
        step(&s);
        if (i > 400 && i % 20 == 0) /* after a clock was set back by a day, it takes a day */
            tct_world_pass(&s.world, i > 4000 ? 15 * MINUTE : 5000);
    }
    if (s.wrong == NULL)
        judge(&s);
    if (s.wrong == NULL)
        clean_up(&s);
    for (int who = 0; who < 2; who++) {
        const person *p = &s.people[who];
        if (s.wrong != NULL)
            printf("%s: yes %d, sealed %d, took back %d, deposited %d, off %d, saw %d %s\n",
                   who == WORLD_ASKER ? "asker" : "answerer", p->says_yes, p->sealed,
                   p->took_back, p->deposited, p->off, (int)p->shown, p->id);
        if (p->session != NULL)
            tacit_session_wipe(p->session);
    }
    tct_world_free(&s.world);
    return s.wrong;
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    static tacit_diagnostics diagnostics;
    tacit_sheet *read;
    if (tacit_sheet_read(&read, take_memory(TACIT_SHEET_MEMORY), TACIT_SHEET_MEMORY, sheet_text,
                         sizeof sheet_text - 1, NULL, &diagnostics) != TACIT_OK)
        return 2;
    sheet = read;
    frame = take_memory(TACIT_FRAME_MAX);
    prepare();
    for (uint64_t seed = first; seed < first + count; seed++) {
        const char *what = simulate(seed);
        if (what == NULL)
            continue;
        printf("seed %llu: %s\nAgain: %s 1 %llu\n", (unsigned long long)seed, what, argv[0],
               (unsigned long long)seed);
        return 1;
    }
    printf("%llu seeds.  Seen: the agreed outcome %llu, another computed one %llu, otherwise "
           "%llu, "
           "ended before agreeing %llu; switched off %llu.  Lines broken %llu, relays killed "
           "%llu, "
           "disks filled or freed %llu.\n",
           (unsigned long long)count, (unsigned long long)counts[0],
           (unsigned long long)counts[1], (unsigned long long)counts[2],
           (unsigned long long)counts[3], (unsigned long long)counts[4],
           (unsigned long long)counts[5], (unsigned long long)counts[6],
           (unsigned long long)counts[7]);
    return 0;
}
