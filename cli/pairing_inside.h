/* SPDX-License-Identifier: ISC
 *
 * pairing_inside.h — what the two halves of pairing share: the session carried along
 *                    (pairing_session.c), and the line to the relay (pairing.c).
 */
#ifndef TCT_CLI_PAIRING_INSIDE_H
#define TCT_CLI_PAIRING_INSIDE_H

#include "cli/agreed.h"
#include "cli/evidence.h"
#include "cli/pairing.h"
#include "net/link.h"

enum { TCT_PAIRING_MEMORIES_MAX = 16 }; /* pieces that one session may ask for */

struct tct_pairing {
    tct_loop *loop;
    tct_pairing_options options;
    tct_link *link;
    bool link_up, link_down, line_lost, bye_sent;
    uint64_t relay_ahead_ms;        /* the relay's clock, less ours */
    uint8_t features;               /* of the relay */
    uint8_t room[TACIT_ROOM_BYTES]; /* the first room's id; later ones live in their session */
    char code[TACIT_CODE_MAX];
    tacit_session *session;
    void *session_memory;
    void *sheet_memory; /* the answerer's, for the sheet that comes over the line */
    struct {
        void *memory;
        size_t bytes;
    } memories[TCT_PAIRING_MEMORIES_MAX];
    size_t memory_count;
    uint8_t *frame; /* one frame that the line would not take yet */
    size_t frame_bytes;
    tacit_answers *answers;
    bool sealed;
    bool guess_counted;
    bool came; /* someone took the other seat of this room */
    unsigned guesses, reopens;
    uint64_t heard_ms; /* when the other person last did something, or ours was done */
    uint64_t beat_ms;  /* the last beat; 0: none yet */
    tct_agreed agreed; /* by when both show an outcome */
    uint64_t deposited_ms, refused_ms; /* 0: not yet */
    tct_evidence evidence;             /* should the relay not keep to its word */
    tct_asleep asleep;
    char letters_name[16]; /* of what was prepared, once it is on the disk */
    bool silent;           /* it is over, and only the agreed time shows it */
    bool otherwise;        /* what is shown is what the sheet says otherwise */
    /* Meeting again, and how often (pairing_again.c). */
    tct_kept kept;       /* whom; name "": a new pairing.  secret */
    unsigned looked;     /* in which of the rooms that may be meant */
    uint64_t look_ms;    /* when to look again; 0: not */
    bool stepped;        /* the next secret is written down */
    bool history_looked; /* at what this device remembers of the sheet */
    bool counted;        /* this meeting is in the history */
    tct_keeping keeping;
    tct_end end;
};

/* The first end is the end.  detail may be NULL. */
void tct_pairing_set_end(tct_pairing *p, tct_end_kind kind, const char *detail);
/* A fresh session for this room in place of the one before; code, sheet and person stay. */
void tct_pairing_start_session(tct_pairing *p, const uint8_t room[TACIT_ROOM_BYTES]);
void tct_pairing_drop_session(tct_pairing *p);
/* pairing_reveal.c */
void tct_pairing_take_clock(tct_pairing *p, const tct_link_event *event);
uint64_t tct_pairing_relay_now(const tct_pairing *p);
void tct_pairing_agree_time(tct_pairing *p); /* before the other's first frame is taken */
bool tct_pairing_keeps_silent(tct_pairing *p, tct_end_kind kind);
void tct_pairing_look_at_agreement(tct_pairing *p); /* from then on our own clock counts */
void tct_pairing_look_at_time(tct_pairing *p);
bool tct_pairing_deposit(tct_pairing *p); /* true: something changed */
void tct_pairing_put_aside(tct_pairing *p);
void tct_pairing_take_verdict(tct_pairing *p, const tct_link_event *event);

bool tct_pairing_keep_letters(
    tct_pairing *p); /* letters_prepare.c; false: they were not kept */

void tct_pairing_connect(tct_pairing *p); /* a new link; pairing.c */

/* ---- pairing_again.c --- */
bool tct_pairing_is_again(const tct_pairing *p);
/* The code and the room that both look for each other in; room: written. */
void tct_pairing_choose_room(tct_pairing *p);
/* Answerer: nobody is in that room yet.  true: it will be looked for again. */
bool tct_pairing_looks_again(tct_pairing *p);
void tct_pairing_look(tct_pairing *p); /* if it is time */
/* Before a frame is made.  false: what had to be written down was not, and the session has ended. */
bool tct_pairing_writes_down(tct_pairing *p);
/* Once the sheet is agreed: is it time again?  Else the session has ended. */
void tct_pairing_look_at_history(tct_pairing *p);
void tct_pairing_count(tct_pairing *p); /* `otherwise` is about to be shown */

/* Everything that the session can do now without hearing from the other; and how it stands. */
void tct_pairing_pump(tct_pairing *p);

#endif
