/* SPDX-License-Identifier: ISC
 *
 * engine_pair.h — two engines in one process, for tests: X and Y hand each other bodies.
 *
 * All randomness comes from one seed, so a failure is replayed from that number alone.
 */
#ifndef TCT_SUPPORT_ENGINE_PAIR_H
#define TCT_SUPPORT_ENGINE_PAIR_H

#include "garble/engine.h"

typedef struct {
    tct_engine *engine[2]; /* by session role */
    tct_run *run[2];
    void *memory[2]; /* of the runs */
    size_t memory_bytes[2];
    const tct_circuit *circuit;
    tct_engine_params params;
    uint64_t seed;
    uint32_t runs; /* number of the next run */
    uint8_t *body; /* the body on its way */
    size_t body_bytes;
    int last_flight; /* of the body that moved last */
    int first;       /* 1 + the role that sends first when both could; 0: at random */
} engine_pair;

typedef struct {
    tct_engine_params params;
    uint8_t out; /* who receives; 0 stands for both */
    uint64_t seed;
    bool
        given_keys; /* base-OT keys from the seed instead of F1: only where TCT_EVIL is built */
} engine_pair_options;

/* F1 and bind included. Ends the test program when it cannot. */
engine_pair *engine_pair_new(engine_pair_options options);
/* The same in two steps: the engines; then F1 and bind. */
engine_pair *engine_pair_prepare(engine_pair_options options);
void engine_pair_bind(engine_pair *p, engine_pair_options options);
void engine_pair_free(engine_pair *p);

/* Begins the next run on both sides. */
tct_err engine_pair_begin(engine_pair *p, const tct_circuit *c, int garbler);

/* A body on its way from `role`; may change it or its length (up to capacity). */
typedef void (*engine_pair_tamper)(void *context, int role, int flight, uint8_t *body,
                                   size_t *bytes, size_t capacity);

/* Runs until nobody wants anything but input, or somebody fails.  order: a number whose bits
 * decide who goes first when both could.  Returns the first error, and in *who its role. */
tct_err engine_pair_pump(engine_pair *p, uint64_t order, engine_pair_tamper tamper,
                         void *context, int *who);

/* begin, pump, input, pump.  x, y: input bits.  TCT_OK: both are done. */
tct_err engine_pair_execute(engine_pair *p, const tct_circuit *c, int garbler, const uint8_t *x,
                            const uint8_t *y);

/* Escrow, after all flights: both deposit, the relay compares with both sides' tokens and releases, or
 * refuses: then TCT_ERR_ABORT and nobody has anything. */
tct_err engine_pair_release(engine_pair *p);

/* A seed for each use, from p->seed. */
void engine_pair_seed(const engine_pair *p, const char *use, int role, uint32_t number,
                      uint8_t out[32]);

#endif
