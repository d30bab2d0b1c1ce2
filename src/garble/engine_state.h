/* SPDX-License-Identifier: ISC
 *
 * engine_state.h — the inside of an engine: what two devices share for a session.  Only garble/
 * and its tests include this.
 */
#ifndef TCT_GARBLE_ENGINE_STATE_H
#define TCT_GARBLE_ENGINE_STATE_H

#include "garble/engine.h"
#include "ot/base_ot.h"
#include "ot/pprf.h"

_Static_assert((int)TCT_F1_BYTES == (int)TCT_BASE_OT_BYTES, "F1 is the base OT's message");

enum {
    TCT_RUNS_MAX = 1 << 16, /* a session ends after so many runs, or so many ANDs: the */
    TCT_SESSION_ANDS_MAX = 1 << 30, /* small chances of its runs add up (protocol.md 15.7) */
};

typedef enum {
    TCT_ENGINE_NEW,   /* F1 of the peer not taken */
    TCT_ENGINE_MET,   /* F1 taken, keys not derived */
    TCT_ENGINE_BOUND, /* own trees stand, the peer's not opened: run 0 may send F2 */
    TCT_ENGINE_READY, /* F2 of run 0 verified: any run may go on */
} tct_engine_stage;

struct tct_engine {
    tct_err err; /* sticky; a failed check in any run kills the session (8.4) */
    tct_engine_stage stage;
    int role;
    uint8_t out;
    tct_engine_params params;
    uint8_t sid[32], th_s[TCT_HASH_BYTES];
    tct_delta delta;                     /* secret */
    tct_base_ot base;                    /* secret, wiped when the trees stand */
    tct_block chosen[TCT_BASE_OT_COUNT]; /* secret, until the peer's trees are opened */
    tct_pprf full;                       /* for COTs in which we are receiver */
    tct_pprf punctured;                  /* for COTs in which we are sender */
    uint8_t pprf[TCT_PPRF_BYTES];        /* goes out with F2 of run 0 */
    uint64_t ands;                       /* of all runs so far */
    uint8_t runs_used[TCT_RUNS_MAX / 8]; /* a run number is never used twice */
    size_t bytes;                        /* of all of it */
    tct_block leaf[];                    /* secret: of both sets of trees */
};

/* Marks the session dead and erases its secrets. */
void tct_engine_fail(tct_engine *e, tct_err err);

#ifdef TCT_EVIL
/* Test seam: bind with base-OT keys from outside, without any F1. */
void tct_engine_bind_keys(tct_engine *e, const uint8_t th_s[TCT_HASH_BYTES],
                          const tct_block chosen[TCT_BASE_OT_COUNT],
                          const tct_block both[TCT_BASE_OT_COUNT][2]);
#endif

#endif
