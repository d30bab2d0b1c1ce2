/* SPDX-License-Identifier: ISC
 *
 * cheat.h — a party that departs from the protocol in one place and stays consistent with it.
 *
 * Only in programs that link tacit_evil.  A cheat adds (XORs) something to what stands at a hook of
 * ot/twist.h; cheat_trials counts what comes of it.
 */
#ifndef TCT_SUPPORT_CHEAT_H
#define TCT_SUPPORT_CHEAT_H

#include "ot/twist.h"
#include "support/engine_pair.h"
#include "support/random_circuit.h"

#ifdef TCT_EVIL

/* Adds value[0 … bytes-1] at byte `at` of what `role` has at `point`.  For L and the opened MACs
 * `at` counts over all of them (16 bytes a block, β+1 blocks a gate). */
void cheat_add(int role, tct_twist_point point, size_t at, const void *value, size_t bytes);
/* The same with one bit. */
void cheat_flip(int role, tct_twist_point point, size_t bit);
/* From now on this role lets everything pass; -1: nobody does. */
void cheat_ignores_checks(int role);
void cheat_clear(void);

/* What a row of the attack list says of one attack. */
typedef struct {
    int role; /* who cheats */
    int garbler;
    tct_engine_params params;
    uint8_t out;
    int caught_in;       /* flight in which the honest party stops; 0: any */
    unsigned caught, of; /* expected share of runs that end so; of == 0: no expectation */
    unsigned trials;
    uint64_t seed;
    const tct_circuit *circuit; /* NULL: a fresh one with every wire revealed */
    const uint8_t *inputs[2];   /* NULL: random */
    /* Sets up the cheat once the runs stand: may read everything of its own party. */
    void (*prepare)(engine_pair *p, int role, random_source *random);
    engine_pair_tamper tamper; /* may be NULL */
    /* The cheater keeps its own checks, and the count includes where it stops by them.  Otherwise
     * it ignores them, and only the honest party can stop. */
    bool either_stops;
} attack;

/* Runs it: a wrong output, an accusation in another flight or a rate more than 4 σ off fails the
 * test.  Returns how many runs were stopped. */
unsigned attack_trials(const attack *a);

/* A circuit in which every wire matters: all of them are outputs. */
tct_circuit *circuit_with_all_wires_out(uint64_t seed, uint32_t ands);

#endif
#endif
