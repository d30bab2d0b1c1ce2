/* SPDX-License-Identifier: ISC */
#include "support/engine_pair.h"

#include <stdio.h>
#include <stdlib.h>

#include "crypto/hash.h"
#include "garble/engine_state.h"
#include "support/random_circuit.h"

static void *take(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
    if (memory == NULL) {
        fprintf(stderr, "no memory for a pair of engines\n");
        exit(1);
    }
    return memory;
}

void engine_pair_seed(const engine_pair *p, const char *use, int role, uint32_t number,
                      uint8_t out[32])
{
    tct_hash h;
    tct_hash_init(&h, "engine_pair");
    tct_hash_field(&h, &p->seed, sizeof p->seed);
    tct_hash_field(&h, use, strlen(use));
    tct_hash_u8(&h, (uint8_t)role);
    tct_hash_u32(&h, number);
    tct_hash_final(&h, out);
}

#ifdef TCT_EVIL
static tct_block given_key(const engine_pair *p, int receiver, uint32_t instance,
                           uint64_t choice)
{
    uint8_t bytes[32];
    engine_pair_seed(p, choice ? "one" : "zero", receiver, instance, bytes);
    return tct_block_load(bytes);
}

static void bind_given_keys(engine_pair *p, const uint8_t th_s[32])
{
    for (int role = 0; role < 2; role++) {
        tct_block chosen[128], both[128][2];
        tct_block delta = p->engine[role]->delta.block;
        for (uint32_t i = 0; i < 128; i++) {
            chosen[i] = given_key(p, role, i, 1 ^ tct_block_bit(delta, i));
            for (unsigned c = 0; c < 2; c++)
                both[i][c] = given_key(p, 1 - role, i, c);
        }
        tct_engine_bind_keys(p->engine[role], th_s, chosen, (const tct_block(*)[2])both);
    }
}
#endif

static void exchange_f1(engine_pair *p, const uint8_t th_s[32])
{
    static uint8_t f1[2][TCT_F1_BYTES];
    for (int role = 0; role < 2; role++)
        tct_engine_f1_send(p->engine[role], f1[role]);
    for (int role = 0; role < 2; role++) {
        if (tct_engine_f1_recv(p->engine[role], f1[1 - role]) != TCT_OK ||
            tct_engine_bind(p->engine[role], th_s) != TCT_OK) {
            fprintf(stderr, "the base OT failed between honest parties\n");
            exit(1);
        }
    }
}

engine_pair *engine_pair_prepare(engine_pair_options options)
{
    engine_pair *p = calloc(1, sizeof *p);
    uint8_t sid[32], seed[32];
    p->params = options.params;
    p->seed = options.seed;
    engine_pair_seed(p, "sid", 0, 0, sid);
    for (int role = 0; role < 2; role++) {
        engine_pair_seed(p, "engine", role, 0, seed);
        TCT_SECRET(seed, sizeof seed); /* for the constant-time tests */
        p->engine[role] =
            tct_engine_init(take(tct_engine_bytes(options.params)), role, sid, options.params,
                            options.out == 0 ? 3 : options.out, seed);
    }
    return p;
}

void engine_pair_bind(engine_pair *p, engine_pair_options options)
{
    uint8_t th_s[32];
    engine_pair_seed(p, "th_S", 0, 0, th_s);
#ifdef TCT_EVIL
    if (options.given_keys) {
        bind_given_keys(p, th_s);
        return;
    }
#endif
    (void)options;
    exchange_f1(p, th_s);
}

engine_pair *engine_pair_new(engine_pair_options options)
{
    engine_pair *p = engine_pair_prepare(options);
    engine_pair_bind(p, options);
    return p;
}

void engine_pair_free(engine_pair *p)
{
    for (int role = 0; role < 2; role++) {
        if (p->run[role] != NULL)
            tct_run_wipe(p->run[role]);
        tct_engine_wipe(p->engine[role]);
        free(p->memory[role]);
        free(p->engine[role]);
    }
    free(p->body);
    free(p);
}

tct_err engine_pair_begin(engine_pair *p, const tct_circuit *c, int garbler)
{
    size_t need = tct_run_bytes(c, p->params);
    uint8_t seed[32];
    tct_err err = TCT_OK;
    p->circuit = c;
    for (int role = 0; role < 2 && err == TCT_OK; role++) {
        if (p->run[role] != NULL)
            tct_run_wipe(p->run[role]);
        p->run[role] = NULL;
        if (p->memory_bytes[role] < need) {
            free(p->memory[role]);
            p->memory[role] = take(need);
            p->memory_bytes[role] = need;
        }
        engine_pair_seed(p, "run", role, p->runs, seed);
        TCT_SECRET(seed, sizeof seed);
        err = tct_run_init(&p->run[role], p->memory[role], need, p->engine[role], c, p->runs,
                           garbler, seed);
    }
    p->runs++;
    return err;
}

/* Moves one body from `role` to its peer. */
static tct_err move(engine_pair *p, int role, engine_pair_tamper tamper, void *context,
                    int *who)
{
    tct_run *from = p->run[role], *to = p->run[1 - role];
    int flight = tct_run_flight_out(from);
    size_t need = tct_run_body_bytes(from, flight, role) + 64;
    if (p->body_bytes < need) {
        free(p->body);
        p->body = take(need);
        p->body_bytes = need;
    }
    size_t bytes = p->body_bytes;
    *who = role;
    p->last_flight = flight;
    tct_err err = tct_run_send(from, p->body, &bytes);
    if (err != TCT_OK)
        return err;
    if (tamper != NULL)
        tamper(context, role, flight, p->body, &bytes, p->body_bytes);
    *who = 1 - role;
    return tct_run_recv(to, p->body, bytes);
}

tct_err engine_pair_pump(engine_pair *p, uint64_t order, engine_pair_tamper tamper,
                         void *context, int *who)
{
    random_source random = random_from(order);
    int nobody;
    for (;;) {
        bool can[2];
        for (int role = 0; role < 2; role++)
            can[role] = (tct_run_want(p->run[role]) & TCT_RUN_SEND) != 0;
        if (!can[0] && !can[1])
            return TCT_OK;
        int role = can[0] && can[1] ? (int)random_below(&random, 2) : can[1];
        if (p->first != 0 && can[p->first - 1])
            role = p->first - 1;
        tct_err err = move(p, role, tamper, context, who == NULL ? &nobody : who);
        if (err != TCT_OK)
            return err;
    }
}

tct_err engine_pair_execute(engine_pair *p, const tct_circuit *c, int garbler, const uint8_t *x,
                            const uint8_t *y)
{
    uint64_t order = p->seed ^ p->runs;
    tct_err err = engine_pair_begin(p, c, garbler);
    if (err == TCT_OK)
        err = engine_pair_pump(p, order, NULL, NULL, NULL);
    if (err == TCT_OK)
        err = tct_run_input(p->run[0], x);
    if (err == TCT_OK)
        err = tct_run_input(p->run[1], y);
    if (err == TCT_OK)
        err = engine_pair_pump(p, order + 1, NULL, NULL, NULL);
    if (err == TCT_OK && !(tct_run_done(p->run[0]) && tct_run_done(p->run[1])))
        err = TCT_ERR_USAGE;
    return err;
}

/* The relay's rule (6.4): every deposit hashes to one of the two tokens of the other side. */
static bool relay_agrees(const uint8_t *deposits, const uint8_t *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t digest[32];
        tct_hash h;
        tct_hash_init(&h, "tok");
        tct_hash_field(&h, deposits + 16 * i, 16);
        tct_hash_final(&h, digest);
        if (memcmp(digest, tokens + 32 * i, 16) != 0 &&
            memcmp(digest, tokens + 32 * i + 16, 16) != 0)
            return false;
    }
    return true;
}

tct_err engine_pair_release(engine_pair *p)
{
    size_t bytes = tct_run_deposit_bytes(p->run[0]), count = bytes / 48;
    uint8_t *deposit[2] = {take(bytes), take(bytes)};
    tct_err err = TCT_OK;
    for (int role = 0; role < 2 && err == TCT_OK; role++) {
        size_t room = bytes;
        err = tct_run_deposit(p->run[role], deposit[role], &room);
    }
    for (int role = 0; role < 2 && err == TCT_OK; role++)
        if (!relay_agrees(deposit[role], deposit[1 - role] + 16 * count, count))
            err = TCT_ERR_ABORT;
    for (int role = 0; role < 2 && err == TCT_OK; role++)
        err = tct_run_release(p->run[role], deposit[1 - role], 16 * count);
    free(deposit[0]);
    free(deposit[1]);
    return err;
}
