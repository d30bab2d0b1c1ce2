/* SPDX-License-Identifier: ISC
 *
 * Any bytes as a body, at every place of a run: never a crash, a wait for nobody or a wrong output.
 *
 * Two sessions (tags, batch check with escrow) are played once with fixed seeds, and the state is kept
 * before every delivery.  An input is place ‖ way ‖ bytes.  Way 0: the bytes are the body.  Way 1: they
 * are filled or cut to the length that is due.  Else: the honest body with the bytes XORed into it, from
 * the place that the next two bytes name.  Then the run goes on between honest parties.
 * Place 255 takes the bytes as F1.
 */
#include <stdlib.h>
#include <string.h>

#include "garble/engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PLACES_MAX = 64, BODY_MAX = 1 << 15 };

typedef struct {
    tct_engine *engine[2];
    tct_run *run[2];
    uint8_t *memory[2];
    size_t engine_bytes, need;
} pair;

typedef struct {
    pair *pair;
    int to;
    uint8_t *engine[2], *memory[2]; /* of both, as they were */
    uint8_t *body;                  /* the honest one */
    size_t bytes;
} place;

static const tct_gate gates[] = {
    {TCT_GATE_AND, 0, 2}, {TCT_GATE_XOR, 3, 1}, {TCT_GATE_AND, 4, 2}};
static const uint32_t outputs[] = {5, 4};
static const tct_circuit circuit = {{2, 1}, 3, 2, 2, gates, outputs};
static const uint8_t x[] = {1, 0}, y[] = {1}, right[] = {1, 1};

static pair pairs[2];
static place places[PLACES_MAX];
static unsigned place_count;

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void *take(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
    require(memory != NULL);
    return memory;
}

static void meet(pair *p, tct_engine_params params)
{
    static uint8_t f1[2][TCT_F1_BYTES];
    uint8_t sid[32] = {params.mode}, th_s[32] = {2};
    p->engine_bytes = tct_engine_bytes(params);
    for (int role = 0; role < 2; role++) {
        uint8_t seed[32] = {(uint8_t)(role + 3)};
        p->engine[role] =
            tct_engine_init(take(tct_engine_bytes(params)), role, sid, params, 3, seed);
        tct_engine_f1_send(p->engine[role], f1[role]);
    }
    p->need = tct_run_bytes(&circuit, params);
    for (int role = 0; role < 2; role++) {
        uint8_t seed[32] = {(uint8_t)(role + 5)};
        require(tct_engine_f1_recv(p->engine[role], f1[1 - role]) == TCT_OK);
        require(tct_engine_bind(p->engine[role], th_s) == TCT_OK);
        p->memory[role] = take(p->need);
        require(tct_run_init(&p->run[role], p->memory[role], p->need, p->engine[role], &circuit,
                             0, params.mode != 0, seed) == TCT_OK);
    }
}

static void keep(pair *p, int to, const uint8_t *body, size_t bytes)
{
    require(place_count < PLACES_MAX);
    place *at = &places[place_count++];
    at->pair = p;
    at->to = to;
    for (int role = 0; role < 2; role++) {
        at->engine[role] = take(p->engine_bytes);
        memcpy(at->engine[role], p->engine[role], p->engine_bytes);
        at->memory[role] = take(p->need);
        memcpy(at->memory[role], p->memory[role], p->need);
    }
    at->body = take(bytes + 1);
    memcpy(at->body, body, bytes);
    at->bytes = bytes;
}

static void put_back(const place *at)
{
    for (int role = 0; role < 2; role++) {
        memcpy(at->pair->engine[role], at->engine[role], at->pair->engine_bytes);
        memcpy(at->pair->memory[role], at->memory[role], at->pair->need);
    }
}

/* Everything that honest parties have left to do; keeps the places on the way if asked. */
static tct_err go_on(pair *p, bool keeping)
{
    static uint8_t body[BODY_MAX];
    for (bool moved = true; moved;) {
        moved = false;
        for (int role = 0; role < 2; role++) {
            if (tct_run_want(p->run[role]) & TCT_RUN_INPUT)
                require(tct_run_input(p->run[role], role == 0 ? x : y) == TCT_OK);
            if (!(tct_run_want(p->run[role]) & TCT_RUN_SEND))
                continue;
            size_t bytes = sizeof body;
            require(tct_run_send(p->run[role], body, &bytes) == TCT_OK);
            if (keeping)
                keep(p, 1 - role, body, bytes);
            tct_err err = tct_run_recv(p->run[1 - role], body, bytes);
            if (err != TCT_OK)
                return err;
            moved = true;
        }
    }
    return TCT_OK;
}

static void prepare(void)
{
    static const tct_engine_params params[2] = {{64, 64, 0}, {40, 48, TCT_MODE_BATCH}};
    for (int i = 0; i < 2; i++) {
        meet(&pairs[i], params[i]);
        require(go_on(&pairs[i], true) == TCT_OK);
        require(tct_run_done(pairs[i].run[0]) && tct_run_done(pairs[i].run[1]));
    }
}

static void try_f1(const uint8_t *data, size_t size)
{
    static uint8_t f1[TCT_F1_BYTES];
    static tct_engine *e;
    uint8_t sid[32] = {0}, seed[32] = {1};
    if (e == NULL)
        e = take(tct_engine_bytes(tct_engine_params_for(1)));
    e = tct_engine_init(e, 0, sid, tct_engine_params_for(1), 3, seed);
    memset(f1, 0, sizeof f1);
    memcpy(f1, data, size < sizeof f1 ? size : sizeof f1);
    tct_err err = tct_engine_f1_recv(e, f1);
    require(err == TCT_OK || err == TCT_ERR_FORMAT || err == TCT_ERR_CHEAT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t body[BODY_MAX];
    if (place_count == 0)
        prepare();
    if (size < 2 || size > BODY_MAX)
        return 0;
    if (data[0] == 255) {
        try_f1(data + 1, size - 1);
        return 0;
    }
    const place *at = &places[data[0] % place_count];
    pair *p = at->pair;
    size_t bytes = size - 2;
    put_back(at);
    if (data[1] == 0) {
        memcpy(body, data + 2, bytes);
    } else if (data[1] == 1) {
        memset(body, 0, at->bytes);
        memcpy(body, data + 2, bytes < at->bytes ? bytes : at->bytes);
        bytes = at->bytes;
    } else {
        size_t from = bytes < 2 ? 0 : data[2] | (size_t)data[3] << 8;
        memcpy(body, at->body, at->bytes);
        for (size_t i = 4; i < size && at->bytes != 0; i++)
            body[(from + i - 4) % at->bytes] ^= data[i];
        bytes = at->bytes;
    }
    tct_err err = tct_run_recv(p->run[at->to], body, bytes);
    if (err == TCT_OK)
        err = go_on(p, false);
    require(err == TCT_OK || err == TCT_ERR_FORMAT || err == TCT_ERR_CHEAT);
    for (int role = 0; role < 2; role++) {
        const uint8_t *got = tct_run_result(p->run[role]);
        require(got == NULL || memcmp(got, right, sizeof right) == 0);
        require(err != TCT_OK || tct_run_done(p->run[role]));
    }
    return 0;
}
