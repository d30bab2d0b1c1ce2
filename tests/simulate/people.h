/* SPDX-License-Identifier: ISC
 *
 * people.h — the two people of a simulation: what their programs do with a session and a line
 *            (evening.c), and with what they sleep on (night.c).
 *
 * They follow the program that people use (cli/pairing*.c, cli/asleep.c) without its sockets and
 * screens: sessions, lines, rooms, the journal and the rules about time (cli/agreed.h) are the real ones.
 */
#ifndef TESTS_SIMULATE_PEOPLE_H
#define TESTS_SIMULATE_PEOPLE_H

#include "cli/agreed.h"
#include "support/relay_world.h"
#include "tacit/tacit.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
enum { WITHIN_MS = 30 * MINUTE, WINDOW_MS = 12 * HOUR, KEEP_MS = 48 * HOUR };
enum { SIM_ROOM_BYTES = 64 << 20, SIM_FRAME_MAX = 1 << 16, CHAOS_STEPS = 160 };

typedef enum { SEES_NOTHING, SEES_COMPUTED, SEES_OTHERWISE, SEES_AN_END, SEES_SLEEP } sees;
typedef enum { STAYS, WITHDRAWS, LEAVES, SWITCHED_OFF } intent;
typedef enum { CONFIRMS, TAKES_BACK, SLEEPS_ON, LOSES_IT } plan;

/* The state file: sealed on a real disk, plain here.  It is there whole or not at all. */
typedef struct {
    bool there;
    tct_window window;
    uint64_t ahead_ms; /* the relay's clock that evening, minus this machine's calendar */
    uint8_t ticket[TCT_RELAY_TICKET_BYTES];
    uint8_t bytes[TACIT_ASIDE_MAX];
    size_t count;
} night_file;

typedef struct {
    /* the evening */
    tacit_session *session;
    void *memory, *room, *sheet_memory;
    bool has_room, sealed, deposited, off, says_yes, took_back, met;
    bool cheats; /* by one bit of its deposit */
    intent intent;
    uint32_t pause_hours;     /* that this person asks for */
    uint64_t seal_at, act_at; /* steps */
    uint64_t ahead_ms;        /* the relay's clock, as last heard, minus our own */
    tct_agreed agreed;
    uint64_t met_ms, given_ms;   /* the relay answered; the deposit was handed in */
    bool silent;                 /* it is over, and only the agreed time shows it */
    uint8_t held[SIM_FRAME_MAX]; /* a frame that comes late, or once more */
    size_t held_bytes;

    /* the night */
    night_file file;
    plan plan;
    bool disk_full, awake, greeted, given, waits, handed_in;
    bool kept, delivered; /* the relay has written down the wish, the deposit in time */
    tacit_aside *aside;
    void *aside_memory;
    uint64_t calendar_ms; /* this machine's calendar, minus the time that has passed */

    sees sees;
    char id[32];
} person;

typedef struct {
    tct_world world;
    person people[2];
    uint64_t seed, step;
    bool calm, night, noise;
    uint64_t latest_ms; /* that the relay's clock ever showed */
    const char *wrong;
} simulation;

enum {
    SAW_YES,
    SAW_COMPUTED,
    SAW_OTHERWISE,
    SAW_AN_END,
    SLEPT,
    WERE_OFF,
    LINES_BROKEN,
    RELAYS_KILLED,
    DISKS_FULL,
    CLOCKS_SET,
    FRAMES_SPOILT,
    DEPOSITS_SPOILT,
    VISITS,
    KILLED_AT_NIGHT,
    COUNTS
};
extern uint64_t counts[COUNTS];

extern const tacit_sheet *sim_sheet;

void sim_wrong(simulation *s, const char *what); /* the first is the one */
void *sim_memory(size_t bytes);
bool sim_is_over(const person *p);
void sim_see(person *p, sees what, const tacit_outcome *outcome);
/* How the relay's clock looks to this machine's calendar. */
uint64_t sim_calendar(const simulation *s, const person *p);

/* evening.c: a program that carries a session over its line. */
void evening_start(simulation *s, int who);
void evening_told(simulation *s, int who, const tct_line_event *event);
void evening_pump(simulation *s, int who);
void evening_look_at_time(simulation *s, int who);
void evening_act(simulation *s,
                 int who); /* withdraws, leaves, is switched off: when it is time */
void evening_leave(simulation *s, int who);

/* night.c: what is put aside, and the mornings after. */
void night_put_aside(simulation *s, int who);
void night_visit(simulation *s,
                 int who); /* the person starts `confirm`, `withdraw`, or nothing */
void night_told(simulation *s, int who, const tct_line_event *event);
void night_look(simulation *s, int who); /* has this visit done what it can? */
void night_end_visit(simulation *s, int who);

/* prepared.c: two sessions that have met and are ready, as often as one likes. */
void prepared_make(void);
void prepared_take(simulation *s, int who);
void prepared_standing(simulation *s,
                       int who); /* the memory alone, for a session from the beginning */

#endif
