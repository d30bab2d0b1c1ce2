/* SPDX-License-Identifier: ISC
 *
 * pairing.h — one person's side of a meeting: a session carried over a line to the relay.
 *
 * It never blocks.  Whoever waits for anything (a key, the other person) steps the loop and calls
 * tct_pairing_serve after each step; between two calls the things below may have changed.
 *
 *     connecting → code (asker) → the other comes → paired, sheet known → answers → over
 */
#ifndef TCT_CLI_PAIRING_H
#define TCT_CLI_PAIRING_H

#include "cli/kept_store.h"
#include "cli/say.h"
#include "net/loop.h"
#include "tacit/tacit.h"

typedef struct {
    const char *url;
    bool asker;
    const tacit_sheet *sheet; /* asker: the sheet; answerer: the one expected, or NULL */
    int person;               /* 0, 1, or -1 for the default */
    const char *role;      /* answerer who does not know the sheet: the role wanted, or NULL */
    const char *code;      /* answerer; normalised.  secret */
    uint32_t number;       /* answerer: the code's */
    uint64_t timeout_ms;   /* bounds the wait for the other person to come */
    uint64_t within_ms;    /* asker: so long after the meeting both show an outcome */
    uint32_t pause_hours;  /* that this person asks for; 0: none */
    uint32_t letters;      /* askings by letter to prepare; answerer: 1 agrees to it; 0: none */
    const tct_kept *again; /* whom to meet without a code, or NULL; copied.  secret */
    const char *keep;      /* what to call the other, to meet again; NULL: nothing is kept */
    bool no_history;
} tct_pairing_options;

typedef struct tct_pairing tct_pairing;

/* Starts to connect.  Never NULL; a bad address is an end like any other. */
tct_pairing *tct_pairing_start(tct_loop *loop, const tct_pairing_options *options);

/* Sends what is due, looks at the clock. */
void tct_pairing_serve(tct_pairing *pairing);

/* NULL: not yet, or the two meet again.  secret */
const char *tct_pairing_code(const tct_pairing *pairing);
bool tct_pairing_is_open(const tct_pairing *pairing);   /* asker: the other may come */
bool tct_pairing_is_paired(const tct_pairing *pairing); /* the codes were the same */
const tacit_sheet *tct_pairing_sheet(const tct_pairing *pairing); /* NULL: not yet agreed */
int tct_pairing_person(const tct_pairing *pairing);               /* once there is a sheet */
const tct_end *tct_pairing_end(const tct_pairing *pairing);       /* kind NONE: not over */
/* At the end OUTCOME: the computed one, or what the sheet says otherwise. */
const tacit_outcome *tct_pairing_outcome(const tct_pairing *pairing);
/* Do both learn it at the same moment?  Known once there is a code (asker) or a sheet (answerer). */
bool tct_pairing_is_fair(const tct_pairing *pairing);
/* Until both show an outcome, whatever happened.  -1: the two have not agreed yet. */
int64_t tct_pairing_left_ms(const tct_pairing *pairing);
/* At the end ASLEEP: what it is called, and its window by the relay's clock, and in words. */
typedef struct {
    char name[16];
    uint64_t opens_ms, closes_ms;
    char opens[48], closes[48];
} tct_asleep;
const tct_asleep *tct_pairing_asleep(const tct_pairing *pairing);
/* What became of `keep`. */
typedef enum {
    TCT_KEEPING_NONE,   /* not asked for, or not known yet */
    TCT_KEEPING_BOTH,   /* it is kept */
    TCT_KEEPING_NOT,    /* the other did not choose it */
    TCT_KEEPING_FAILED, /* they did; it could not be written here */
} tct_keeping;
tct_keeping tct_pairing_keeping(const tct_pairing *pairing);
/* The line to the relay broke, and is being made again. */
bool tct_pairing_line_is_lost(const tct_pairing *pairing);

/* Gives the answers, complete and allowed; sealed as soon as the session takes them, then wiped.
 * answers: secret; the caller's memory, borrowed until then. */
void tct_pairing_answer(tct_pairing *pairing, tacit_answers *answers);
bool tct_pairing_is_sealed(const tct_pairing *pairing);

/* After an end by a wrong code or a line dropped while pairing: may the asker wait again with the
 * same code?  How many tries are left. */
unsigned tct_pairing_tries_left(const tct_pairing *pairing);
void tct_pairing_wait_again(tct_pairing *pairing);

/* For a person who leaves after the two have agreed: seals *not now*.  true: the caller goes on serving,
 * alone and in the background, until the end, and the other cannot tell.  false: leave. */
bool tct_pairing_can_go_on_alone(tct_pairing *pairing);
/* It is with the relay: nothing can be taken back. */
bool tct_pairing_is_given(const tct_pairing *pairing);
/* In the process that does not go on: wipes what is secret, and touches no line. */
void tct_pairing_forget(tct_pairing *pairing);

/* Ends it from this side, telling the other that it is over and no more.  detail may be NULL. */
void tct_pairing_leave(tct_pairing *pairing, tct_end_kind kind, const char *detail);
/* Lets what is due leave (a moment at most), closes the line and wipes everything. */
void tct_pairing_finish(tct_pairing *pairing);

#endif
