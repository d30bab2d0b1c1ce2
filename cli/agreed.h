/* SPDX-License-Identifier: ISC
 *
 * agreed.h — when a wait is over: the rules, without a clock of their own, as the terminal keeps them and
 *            the simulator tries them.
 *
 * Clocks   A time that two people agree on travels as one of the relay's clock, which both hear at the
 *          start.  It is turned into a time of this machine's own clock once, when the two agree:
 *          from then on only time that has passed here counts, and no clock that is set, back or
 *          ahead, makes anybody wait longer or ends anything sooner.
 *          What is put aside overnight outlives programs and restarts, so its window stays one of the
 *          relay's clock; this machine's calendar is a second opinion, and where the two are far
 *          apart nothing is thrown away.
 */
#ifndef TCT_CLI_AGREED_H
#define TCT_CLI_AGREED_H

#include <stdbool.h>
#include <stdint.h>

enum {
    TCT_WITHIN_MAX_DAYS = 30,           /* the longest time that two may agree on */
    TCT_CLOCK_SLACK_MS = 5 * 60 * 1000, /* what a slow line may have used up of it */
    TCT_CLOCKS_APART_MS = 3600 * 1000,  /* from here on two clocks do not agree */
};

typedef enum {
    TCT_AGREED_NOT_YET,
    TCT_AGREED_NEVER, /* no time was agreed on */
    TCT_AGREED_BY,    /* end_ms holds */
    TCT_AGREED_CLOCK, /* long over already, or too far away: a clock was set meanwhile */
} tct_agreed_kind;

typedef struct {
    tct_agreed_kind kind;
    uint64_t end_ms; /* by this machine's own clock, which never goes back */
} tct_agreed;

/* Once, when the two agree.  until_ms: peer; by the relay's clock, 0: none. */
tct_agreed tct_agreed_on(uint64_t until_ms, uint64_t relay_now_ms, uint64_t now_ms);
/* -1: no such time. */
int64_t tct_agreed_left_ms(const tct_agreed *agreed, uint64_t now_ms);

/* What somebody who slept on it may do. */
typedef struct {
    uint64_t opens_ms, closes_ms; /* by the relay's clock */
    bool confirmed;
} tct_window;

typedef enum {
    TCT_MORNING_EARLY,
    TCT_MORNING_GIVE,   /* the deposit may be handed in, for the first time or again */
    TCT_MORNING_MISSED, /* handing it in now could only help somebody who cheats */
    TCT_MORNING_CLOCKS, /* over by the relay's clock, and far from over by this machine's */
} tct_morning;

/* calendar_now_ms: this machine's calendar, as a time of the relay's clock as it was that evening. */
tct_morning tct_morning_at(const tct_window *window, uint64_t relay_now_ms,
                           uint64_t calendar_now_ms);
/* So far apart that one of them must be wrong? */
bool tct_clocks_apart(uint64_t relay_now_ms, uint64_t calendar_now_ms);

#endif
