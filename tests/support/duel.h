/* SPDX-License-Identifier: ISC
 *
 * duel.h — two sessions in one process over a simulated wire.
 *
 * The wire keeps what each side sent in order; a test may look at every frame, change it, drop it,
 * repeat it or hold it back.  Who moves next is drawn from a seed, so that (commit, seed) replays.
 */
#ifndef TCT_TESTS_SUPPORT_DUEL_H
#define TCT_TESTS_SUPPORT_DUEL_H

#include "tacit/tacit.h"

enum { DUEL_FRAMES_MAX = 256 };

typedef struct {
    uint8_t *bytes;
    size_t count;
} duel_frame;

typedef struct {
    const char *text; /* of the sheet this side holds; NULL: none (answerer) */
    const char *code; /* NULL: "7-lantern-harbor" */
    int person;       /* as tacit_session_options; 0 is the first role, so say -1 for none */
    const tacit_answers *answers; /* NULL: never seals */
} duel_options;

typedef struct {
    tacit_session *session;
    void *memory, *sheet_memory, *own_sheet_memory, *room;
    size_t room_bytes;
    const tacit_answers *answers;
    duel_frame sent[DUEL_FRAMES_MAX]; /* all that it ever sent, as sent */
    unsigned sent_count;
    duel_frame inbox[DUEL_FRAMES_MAX]; /* on the way to it */
    unsigned inbox_first, inbox_count;
    tacit_status said;                  /* last status of a call that was not TACIT_OK */
    uint8_t deposit[TACIT_DEPOSIT_MAX]; /* as the relay has it */
    size_t deposit_bytes;               /* 0: none came */
    bool judged;                        /* the verdict was given to it */
} duel_side;

enum { DUEL_NO_VERDICT, DUEL_RELEASED, DUEL_REFUSED };

typedef struct duel duel;
struct duel {
    duel_side side[2]; /* 0 asks, 1 answers */
    uint64_t draws;    /* state of the generator */
    /* Called for every frame on its way; may post any number of frames to side `to` instead of the
     * one that was sent.  NULL: duel_post. */
    void (*wire)(duel *d, int to, const uint8_t *frame, size_t bytes);
    /* Called for a deposit on its way to the relay; may change it, or its length.  NULL: nothing. */
    void (*deposited)(duel *d, int from, uint8_t *bytes, size_t *count);
    /* Called for a verdict on its way to side `to`.  false: it does not arrive now.  NULL: all do. */
    bool (*told)(duel *d, int to, bool *released, uint8_t *bytes, size_t *count);
    void *context;
    int verdict; /* of the relay, the same to both */
    unsigned steps;
};

/* Answers from pairs key, value, …, NULL, as in an answers file.  person: role of the sheet. */
void duel_answer(const char *text, int person, const char *const pairs[], tacit_answers *out);

/* Two small sheets: the same question to both, and one with two roles.  Outcomes `yes` and `no`. */
extern const char duel_both[], duel_roles[];
/* The same as duel_both in other words: another sheet. */
extern const char duel_other[];

/* What each side's relay can do; both true unless a test says otherwise, and says it back. */
extern bool duel_keeps_deposits[2];
/* Letters that each prepares, or agrees to; both 0 unless a test says otherwise, and says it back. */
extern uint32_t duel_letters[2];

/* Both sessions begin with the same random room.  seed: of everything. */
void duel_start(duel *d, uint64_t seed, const duel_options *asker,
                const duel_options *answerer);
/* Also checks that no key and nonce were used twice in all that was sent. */
void duel_end(duel *d);

uint64_t duel_draw(duel *d, uint64_t below);
void duel_post(duel *d, int to, const uint8_t *frame, size_t bytes);

/* What can be done now.  Each does one thing and says whether it could. */
bool duel_send(duel *d, int side);
bool duel_deliver(duel *d, int side); /* the next frame to it */
bool duel_tend(duel *d, int side);    /* memory, answers */

/* A beat for each side that has something new to say.  duel_run gives it when nothing else moves. */
bool duel_beat(duel *d);
bool duel_deposit(duel *d, int side); /* to the relay, which judges when it has both */
bool duel_judge(duel *d, int side);   /* the verdict to it */
/* The relay waited long enough for a deposit that did not come. */
void duel_time_out(duel *d);
/* A deposit as some other device would hand it in; the first of a side counts. */
void duel_hand_in(duel *d, int side, const uint8_t *bytes, size_t count);

/* Moves until nothing moves any more, in a random order.  Fails the test when it does not end. */
void duel_run(duel *d);
/* As duel_run, but stops as soon as `reached` says so of one side's session. */
void duel_run_until(duel *d, int side, bool (*reached)(const tacit_session *s));
/* Lets each side do all it can, then delivers everything at once: one one-way latency.  Returns the
 * latencies until nothing moves. */
unsigned duel_run_in_lockstep(duel *d);
/* As duel_run, but stops as soon as `side` has sent this many frames. */
void duel_run_until_sent(duel *d, int side, unsigned frames);

/* A session's whole state, but for the sheet it read. */
typedef struct {
    uint8_t *bytes;
    size_t memory_bytes, room_bytes;
    unsigned inbox_first, inbox_count, sent_count;
    tacit_status said;
    size_t deposit_bytes;
    bool judged;
    int verdict;
} duel_state;
void duel_save(const duel *d, int side, duel_state *out);
void duel_restore(duel *d, int side, const duel_state *state);
void duel_forget(duel_state *state);

/* "same-way", … or "-" when there is none. */
const char *duel_outcome(const duel *d, int side);

#endif
