/* SPDX-License-Identifier: ISC
 *
 * engine.h — malicious-secure two-party computation of one circuit, as a machine.
 *
 * An engine is what two devices share for a session: Δ, base OTs, trees.  A run evaluates one
 * circuit once.  Bodies are plaintexts; framing and encryption are the caller's (session/).
 *
 * Source   protocol.md sections 1 to 6, 8.1 (bodies, chains); [MR19] [Roy22] [KRRW18] [ZRE15]
 *          [GKWWY20].   Differs  docs/SECURITY-ARGUMENT.md lists every place.
 * Order    F1 both; per run F2 … F7 both, F8 garbler, (F8b evaluator, F8c garbler), F9 evaluator.
 *          A party may send flight j as soon as it has taken the peer's flight j-1.
 * Gives    correctness and privacy against one malicious party, abort allowed.   Not  fairness.
 */
#ifndef TCT_GARBLE_ENGINE_H
#define TCT_GARBLE_ENGINE_H

#include "circuit/circuit.h"
#include "crypto/block.h"

enum { TCT_ROLE_X = 0, TCT_ROLE_Y = 1 }; /* creator, joiner */
enum {
    TCT_MODE_BATCH = 1,  /* 5.5 instead of gate tags; n_max > TCT_TAG_ANDS_MAX */
    TCT_MODE_ESCROW = 2, /* 6.4 instead of direct reveal; both receive */
    TCT_MODE_BULK = 4,   /* long strings hashed as trees, short sums; with TCT_MODE_BATCH */
    TCT_MODE_LEAN = 8,   /* k = 8 (ot/cot.h): half the bytes of F2, eight times its keystream */
    TCT_MODE_STREAM =
        16, /* runs are segments of a larger circuit (stream.h); without BATCH, BULK, ESCROW */
    TCT_MODES = 31,
    TCT_TAG_ANDS_MAX = 50000,
    TCT_F1_BYTES = 8224, /* S ‖ R_{0,0} … R_{127,1} */
};
enum { /* flight numbers on the wire and in the chain (8.1) */
       TCT_F2 = 2,
       TCT_F3,
       TCT_F4,
       TCT_F5,
       TCT_F6,
       TCT_F7,
       TCT_F8,
       TCT_F9,
       TCT_F8B = 11,
       TCT_F8C = 12,
       TCT_F6P = 13, /* between F6 and F7 in stream mode */
};

typedef struct {
    uint8_t rho, tau, mode;
} tct_engine_params;

/* ρ, τ and the mode by the largest circuit of the session (0.1).  Never negotiated. */
tct_engine_params tct_engine_params_for(uint32_t and_count_max);

/* Depth k of the trees behind the correlated bits. */
static inline unsigned tct_params_depth(tct_engine_params params)
{
#ifdef TCT_SHEETS_ONLY /* the page */
    (void)params;
    return 4;
#else
    return (params.mode & TCT_MODE_LEAN) != 0 ? 8 : 4;
#endif
}

/* "circuit digest" of 0.5. */
void tct_circuit_digest(const tct_circuit *c, uint8_t out[TCT_HASH_BYTES]);

typedef struct tct_engine tct_engine; /* complete type in garble/engine_state.h */
typedef struct tct_run tct_run;

size_t tct_engine_bytes(tct_engine_params params);

/* Starts an engine in `memory` (tct_engine_bytes, 64-aligned, borrowed until wipe).
 * sid: 32 bytes, public, known to both.  seed: secret, 32 fresh bytes, copied.
 * out: 1 only X receives, 2 only Y, 3 both. */
tct_engine *tct_engine_init(void *memory, int role, const uint8_t sid[32],
                            tct_engine_params params, uint8_t out, const uint8_t seed[32]);

/* F1, base-OT part.  May be called before the peer is there. */
void tct_engine_f1_send(tct_engine *e, uint8_t out[TCT_F1_BYTES]);
/* Checks every encoding of the peer's F1 and keeps it. FORMAT, CHEAT: sticky. */
TCT_MUST_CHECK tct_err tct_engine_f1_recv(tct_engine *e, const uint8_t peer[TCT_F1_BYTES]);
/* th_s: the session chain after F1 (both whole bodies).  Derives the base-OT keys and the trees. */
TCT_MUST_CHECK tct_err tct_engine_bind(tct_engine *e, const uint8_t th_s[TCT_HASH_BYTES]);

void tct_engine_wipe(tct_engine *e);

/* Memory for one run; SIZE_MAX when the circuit is too large for this machine. */
size_t tct_run_bytes(const tct_circuit *c, tct_engine_params params);

/* Begins run number `run` (0, 1, …; never reused) of the bound engine.
 * circuit: borrowed until wipe, in normal form.  garbler: session role of the garbler.
 * seed: secret, fresh, copied.  MEMORY: `memory` is smaller than tct_run_bytes. */
TCT_MUST_CHECK tct_err tct_run_init(tct_run **out, void *memory, size_t memory_bytes,
                                    tct_engine *e, const tct_circuit *circuit, uint32_t run,
                                    int garbler, const uint8_t seed[32]);

typedef enum {
    TCT_RUN_SEND = 1,     /* a body is due from us */
    TCT_RUN_RECV = 2,     /* waiting for the peer's body */
    TCT_RUN_INPUT = 4,    /* prepared (F6 verified): waiting for tct_run_input */
    TCT_RUN_DEPOSIT = 8,  /* escrow: our deposit for the relay is due */
    TCT_RUN_RELEASE = 16, /* escrow: waiting for the peer's deposit from the relay */
} tct_run_want_bits;
/* What it waits for, as a set of bits; 0: finished or failed.  Pure. */
unsigned tct_run_want(const tct_run *r);

/* The flight that tct_run_send would write, or that tct_run_recv expects; 0: none. */
int tct_run_flight_out(const tct_run *r);
int tct_run_flight_in(const tct_run *r);

/* Length of the body of `flight` from `role` (0: that role sends none). */
size_t tct_run_body_bytes(const tct_run *r, int flight, int role);

/* Writes the body now due.  *bytes: room in, written out.  SPACE, USAGE: nothing changed. */
TCT_MUST_CHECK tct_err tct_run_send(tct_run *r, uint8_t *body, size_t *bytes);
/* Takes one whole body, all or nothing.  FORMAT, CHEAT: sticky; the caller sends one abort. */
TCT_MUST_CHECK tct_err tct_run_recv(tct_run *r, const uint8_t *body, size_t bytes);
/* bits: secret; one byte 0/1 per own input wire; copied as Λ only.  Once; final. */
TCT_MUST_CHECK tct_err tct_run_input(tct_run *r, const uint8_t *bits);

/* Escrow (6.4, F10), once every flight is over.  The deposit goes to the relay, not to the peer, and
 * is final: from then on the run counts as revealed.  *bytes: room in, 48·n' out. */
size_t tct_run_deposit_bytes(const tct_run *r);
TCT_MUST_CHECK tct_err tct_run_deposit(tct_run *r, uint8_t *out, size_t *bytes);
/* released: the peer's 16·n' bytes, from the relay.  FORMAT, CHEAT: they do not fit; nothing has
 * changed, and the list may be fetched again. */
TCT_MUST_CHECK tct_err tct_run_release(tct_run *r, const uint8_t *released, size_t bytes);

/* The outputs, one byte 0/1 each; NULL until every check has passed, and for a party that does
 * not receive. */
const uint8_t *tct_run_result(const tct_run *r);
/* Is the run over, well, for us (nothing more to send or take)? */
bool tct_run_done(const tct_run *r);
/* Has a frame left, or is about to, that lets the peer learn the output (8.4)? */
bool tct_run_revealed(const tct_run *r);

void tct_run_wipe(tct_run *r);

#endif
