/* SPDX-License-Identifier: ISC
 *
 * line_inside.h — a line as line.c (what is said) and line_take.c (what is heard) share it; for these
 *                 two only.
 */
#ifndef TCT_NET_LINE_INSIDE_H
#define TCT_NET_LINE_INSIDE_H

#include "net/line.h"

enum { TCT_LINE_ROOMS_MAX = 8 }; /* reopenings that the relay has not confirmed, and one */

/* A frame until the relay has it. */
typedef struct tct_held {
    struct tct_held *next;
    uint32_t seq;
    size_t length;
    uint8_t bytes[];
} tct_held;

/* A run: our deposit, if there is one, and how far it is. */
typedef struct {
    uint32_t run;
    uint64_t release_at;
    uint8_t *bytes; /* NULL: we made no deposit, or it was answered */
    size_t count;
    bool said;     /* on this connection */
    bool answered; /* a verdict came */
    bool see;      /* SEEN is due on this connection */
} tct_line_run;

typedef enum { BEGIN_NONE, BEGIN_OPEN, BEGIN_JOIN, BEGIN_MEET, BEGIN_RESUME } tct_line_begin;

/* What the message under way is. */
typedef enum {
    SAYS_NOTHING,
    SAYS_GREETING,
    SAYS_REOPEN,
    SAYS_KEEP,
    SAYS_SEEN,
    SAYS_TAKEN,
    SAYS_DEPOSIT,
    SAYS_WORD,
    SAYS_FRAME,
    SAYS_BYE,
} tct_line_says;

/* A message that is said once. */
typedef struct tct_word {
    struct tct_word *next;
    size_t length;
    uint8_t bytes[];
} tct_word;

struct tct_line {
    uint8_t ticket[TCT_RELAY_TICKET_BYTES];
    tct_line_begin begin;
    uint32_t number;
    /* The room that the relay confirmed last, and those that it was asked for since. */
    uint8_t rooms[TCT_LINE_ROOMS_MAX][TCT_RELAY_ROOM_BYTES];
    uint32_t room_count, tried; /* tried: which of them this connection resumes */
    bool seated;                /* a seat was confirmed once */
    bool over;                  /* refused, or no relay: nothing any more */
    uint8_t features;

    /* of this connection */
    bool up, greeted, answered, reopen_due, keep_said, bye_said;
    uint8_t awaits; /* the answer to the greeting */
    uint32_t
        reopenings;   /* REOPENs whose OPENED has not come: what comes is of the room before */
    tct_held *next;   /* the first frame that was not said on it */
    size_t in_flight; /* bytes said on it and not KEPT */
    uint32_t taken_told;   /* TAKEN as last said */
    size_t untold_bytes;   /* of frames since then */
    bool pay;              /* say TAKEN now */
    tct_line_says current; /* the message under way */
    uint8_t head[64];
    size_t head_bytes;
    tct_held *frame;        /* of SAYS_FRAME */
    bool frame_dropped;     /* it is in no list any more: freed when it has left */
    tct_word *words, *word; /* that wait; of SAYS_WORD */
    uint8_t *deposit;       /* of SAYS_DEPOSIT: a copy, as a verdict may come meanwhile */
    size_t deposit_bytes;

    /* of this room */
    tct_held *first, *last;
    size_t held_bytes;
    uint32_t given, said,
        kept;       /* frames of the owner; that left on some connection; that are kept */
    uint32_t taken; /* frames of the other seat; UINT32_MAX: none is wanted */
    bool peer_known, peer_left;
    tct_line_run runs[TCT_LINE_RUNS_MAX];
    uint32_t run_count;
    uint64_t keep_until; /* 0: not asked for */
    bool bye;
};

void tct_line_drop_kept(tct_line *line, uint32_t kept);
/* The entry of a run; made if there is none.  NULL: there are too many. */
tct_line_run *tct_line_find_run(tct_line *line, uint32_t run);

#endif
