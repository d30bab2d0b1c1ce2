/* SPDX-License-Identifier: ISC
 *
 * session_state.h — the inside of a session: the steps of docs/machines/session.dot, and which file
 *                   takes which.  Only session/ and its tests include this.
 */
#ifndef TCT_SESSION_SESSION_STATE_H
#define TCT_SESSION_SESSION_STATE_H

#include "pair/channel.h"
#include "rule/sheet.h"
#include "session/binding.h"

typedef enum {
    TCT_STEP_SPACE,   /* asker: wants memory for its circuit, then shows F1 */
    TCT_STEP_HELLO,   /* waits for the peer's F1 */
    TCT_STEP_OFFER,   /* answerer: F1 is out; waits for T and the offer */
    TCT_STEP_CONFIRM, /* asker: T, offer and F2 are out; waits for T and the first sealed frame */
    TCT_STEP_ROOM,    /* answerer: has the sheet; wants memory for its circuit */
    TCT_STEP_RUN,     /* agreed: F2 … F9 */
    TCT_STEP_DONE,    /* the outcome is known and nothing is left to send */
    TCT_STEP_ENDED,   /* over without an outcome */
} tct_step;

enum { /* flight numbers beside the engine's (12.1) */
       TCT_FLIGHT_HELLO = 1,
       TCT_FLIGHT_BYE = 15, /* one zero byte: this side stops */
       TCT_FLIGHT_OFFER = 16, /* asker: nonce ‖ u8 person ‖ u64 until ‖ u32 text bytes ‖ text */
       TCT_FLIGHT_DECLINE = 17, /* one byte: why this side does not go on, before its F7 */
       TCT_FLIGHT_PULSE =
           18, /* u8 ready ‖ u8 hours of pause asked for ‖ u8 keep: from own F6 to own F7 */
       TCT_FLIGHT_RECEIPT =
           19, /* one byte: 1 when the relay gave this side the outcome, else 0 */
};
enum {
    TCT_DECLINE_OTHER_SHEET = 1,
    TCT_DECLINE_SAME_ROLE = 2,
    TCT_DECLINE_LEFT = 3,
    TCT_DECLINE_TOO_SOON = 4
};

enum {
    TCT_F1_BODY_BYTES = sizeof(tct_hello) + TCT_F1_BYTES, /* 8,395 */
    TCT_VERSION_BYTES = 2,
    TCT_SESSION_VERSION = 3,       /* at the front of F1: of frames and their order */
    TCT_TERMS_BYTES = 5 + 32 + 32, /* parameters and both veils, in the asker's F1 */
    TCT_TERMS_ASKINGS_SHIFT =
        2, /* in the last parameter, above who receives: askings by letter */
    TCT_HELLO_X_BYTES =
        TCT_FRAME_HEAD_BYTES + TCT_VERSION_BYTES + TCT_TERMS_BYTES + TCT_F1_BODY_BYTES,
    TCT_HELLO_Y_BYTES = TCT_FRAME_HEAD_BYTES + TCT_VERSION_BYTES + TCT_F1_BODY_BYTES,
    TCT_PULSE_BYTES = 3,
    TCT_OFFER_HEAD_BYTES = 32 + 1 + 8 + 4,
    TCT_OFFER_BYTES_MIN = 4096, /* sealed at least: sheets of a page look alike to the relay */
    TCT_OFFER_BYTES_MAX = TCT_OFFER_HEAD_BYTES + TACIT_SHEET_TEXT_MAX,
    TCT_OFFER_PADDED_MAX = 2 * TCT_PAD_STEP,
    TCT_BYE_FRAME_MAX =
        TCT_FRAME_HEAD_BYTES + TCT_CONFIRM_BYTES + TCT_PAD_MIN + TCT_AEAD_TAG_BYTES,
};
_Static_assert(TCT_F1_BODY_BYTES == 8395, "protocol.md 12.1");
_Static_assert((int)TCT_OFFER_BYTES_MAX <= (int)TCT_OFFER_PADDED_MAX, "the largest offer");

/* A body on its way, in either direction. */
typedef struct {
    uint8_t *bytes;
    size_t room;    /* as carved */
    size_t length;  /* of the body; 0 with flight 0 */
    int flight;     /* 0: none */
    uint32_t chunk; /* the next one */
} tct_body;

/* What the seed is expanded into; each part is wiped when it has done its work. */
typedef struct {
    uint8_t veil[32], hello[32], share[64], engine[32], run[32], lots[32];
} tct_session_seeds;

/* What a meeting for letters does besides (stocking.c).  Reached through the session alone, so that a
 * program that never says tacit_session_for_letters holds nothing of it: the page has no room. */
typedef struct {
    /* Bytes of memory for one prepared run; 0: this circuit has no letters. */
    size_t (*item_bytes)(const tct_circuit *c, tct_engine_params params);
    /* Puts a run that is ready on the shelf and begins the next; ends when both have kept theirs. */
    void (*shelve)(tacit_session *s);
} tct_shelving;

struct tacit_session {
    tacit_status error; /* sticky */
    tct_step step;
    int role;   /* of the session: X asks, Y answers */
    int person; /* of the sheet; -1 until it is known */
    int wanted_person;
    char wanted_role[TACIT_ROLE_MAX]; /* answerer: "" when none was named */
    char code[TACIT_CODE_MAX];        /* secret, until the generator is made */
    size_t code_bytes;
    uint8_t room[TACIT_ROOM_BYTES];
    tct_session_seeds seeds; /* secret */
    void *sheet_memory;
    size_t sheet_memory_bytes;
    const tacit_sheet *sheet;    /* the asker's own, or the one that came */
    const tacit_sheet *expected; /* answerer: may be NULL */
    bool keeps_deposits;         /* the relay does */
    uint32_t askings; /* letters are prepared for so many; 0: an evaluation as ever */
    const tct_shelving *shelving; /* NULL: this person did not come for letters */

    /* What both are bound to. */
    uint8_t terms[TCT_TERMS_BYTES]; /* parameters ‖ sheet veil ‖ program veil */
    tct_engine_params params;
    uint8_t nonce[32]; /* of the veils */
    uint8_t sid[32], qid[32], chain[32];

    /* Meeting. */
    tct_scalar y;                  /* secret, until K is made */
    uint8_t f1[TCT_F1_BODY_BYTES]; /* own: hello ‖ base OT */
    uint8_t own_confirm[32],
        peer_confirm[32]; /* T as sent, T as it must come; secret till then */
    tct_channel channel;  /* secret */
    bool confirm_sent, confirm_taken, confirm_wrong;
    bool agreed; /* both confirmed, one sheet, two roles */

    /* Running. */
    tct_engine *engine;
    tct_run *run;        /* NULL until it has begun */
    uint32_t run_number; /* 0, but where letters are prepared */
    uint8_t *stock; /* secret: prepared runs, one after the other, each as long as stock_item */
    size_t stock_item, stock_bytes[2 * TACIT_LETTERS_ASKINGS_MAX];
    bool stock_kept, stocked; /* the caller has them on its disk; so does the other's */
    tct_circuit circuit;
    void *run_memory;
    size_t run_memory_bytes;
    tct_body out, in;
    uint8_t *bits, *lots; /* secret: encoded answers, until the run takes them */
    size_t bits_bytes, lots_bytes;
    bool sealed, bits_waiting;
    bool own_f7_left, peer_f7_come;
    bool own_f6_left, pulse_due;
    bool ready_said, peer_ready;   /* sealed, and the other side knows */
    uint8_t own_pause, peer_pause; /* hours, final with ready */
    bool own_keep, peer_keep;      /* the pairing; final with ready */
    uint64_t until_ms;
    uint32_t heard;         /* frames looked at */
    uint32_t taken_flights; /* bit f: flight f of the run was taken whole */
    bool out_reveals, maybe_revealed, peer_was_told;
    tacit_outcome outcome, otherwise;

    /* Waiting to leave. */
    bool hello_due, offer_due;
    uint8_t bye[TCT_BYE_FRAME_MAX]; /* sealed already: the secrets are gone when it leaves */
    size_t bye_bytes;               /* 0: none */
    bool listens;                   /* ended, and still waits for the other's receipt */

    uint8_t *offer; /* answerer: TCT_OFFER_PADDED_MAX */
    tacit_diagnostics diagnostics;
};

static inline int tct_session_peer(const tacit_session *s)
{
    return 1 - s->role;
}

/* ---- ending.c: how a session ends --- */

/* Ends it with `status`; flight: TCT_FLIGHT_BYE, TCT_FLIGHT_DECLINE (with reason) or 0 (silently).
 * The frame is sealed now, if the peer has proved that it knows the code; then secrets are wiped. */
tacit_status tct_session_end(tacit_session *s, tacit_status status, uint8_t flight,
                             uint8_t reason);
/* A check of what the peer sent failed, or a frame did not open: says BYE where that is allowed. */
tacit_status tct_session_fail(tacit_session *s, tacit_status status);
void tct_session_forget(tacit_session *s); /* wipes every secret, keeps the outcome */

/* ---- hello.c: F1 and the keys --- */

/* Makes own F1; the terms must stand (asker), or have come (answerer). */
void tct_session_greet(tacit_session *s);
size_t tct_session_hello_bytes(const tacit_session *s);
void tct_session_hello_write(const tacit_session *s, uint8_t *frame);
tacit_status tct_session_take_hello(tacit_session *s, const uint8_t *frame, size_t bytes);

/* ---- offer.c: the sheet travels --- */

size_t tct_session_offer_bytes(const tacit_session *s); /* of the frame */
void tct_session_offer_write(tacit_session *s, uint8_t *frame);
tacit_status tct_session_take_offer(tacit_session *s, const uint8_t *frame, size_t bytes);

/* ---- room.c: memory for the circuit, the run and its bodies --- */

size_t tct_session_room_bytes(const tacit_session *s);
/* What rule and relay make of a circuit: the asker decides about the escrow, the answerer has read it
 * in F1. */
tct_engine_params tct_session_params(const tacit_session *s, const tct_circuit *c);
/* Carves, compiles the circuit and computes its program id. */
tct_err tct_session_carve(tacit_session *s, void *memory, size_t bytes, uint8_t program[32]);
/* Binds the engine and begins the run.  Needs the chain of F1. */
tct_err tct_session_begin_run(tacit_session *s);

/* ---- flights.c: F2 … F9 in frames --- */

/* Moves on as far as possible: input, the next body out, the outcome. */
void tct_session_pump(tacit_session *s);
size_t tct_session_chunk_frame_bytes(const tacit_session *s);
void tct_session_chunk_write(tacit_session *s, uint8_t *frame);
/* A frame that was taken before: a relay may deliver twice.  It is never opened again. */
bool tct_session_is_repeat(const tacit_session *s, const uint8_t *frame, size_t bytes);
tacit_status tct_session_take_sealed(tacit_session *s, const uint8_t *frame, size_t bytes);
/* The result into the outcome, once it is there; then every secret goes. */
void tct_session_read_outcome(tacit_session *s);

/* ---- pulse.c: who is ready, and the step at which answers leave --- */

/* Both hold the same sheet and know it. */
void tct_session_agree(tacit_session *s);
const tacit_outcome_view *tct_session_otherwise_of(const tacit_sheet *sheet);
size_t tct_session_pulse_bytes(void);
void tct_session_pulse_write(tacit_session *s, uint8_t *frame);
/* opened: the body of an authentic pulse.  false: it says what none can. */
bool tct_session_take_pulse(tacit_session *s, const uint8_t *opened, size_t bytes);
/* May the answers leave: do both know that both are ready? */
bool tct_session_both_ready(const tacit_session *s);

/* ---- again.c: how often, and meeting again --- */

/* The other device's history says no, or it keeps none. */
tacit_status tct_session_take_too_soon(tacit_session *s);

/* ---- reveal.c: deposit, verdict, receipt --- */

bool tct_session_in_escrow(const tacit_session *s);
unsigned tct_session_escrow_want(const tacit_session *s);
void tct_session_take_receipt(tacit_session *s, const uint8_t *frame, size_t bytes);

/* ---- stocking.c: runs prepared for letters --- */

/* How many runs are prepared; 1: an evaluation as ever. */
uint32_t tct_session_run_count(const tacit_session *s);
bool tct_session_is_prepared(const tacit_session *s);

/* T of the peer against the one that must come, in constant time.  CODE ends the session. */
tacit_status tct_session_check_confirm(tacit_session *s, const uint8_t *confirm);

#endif
