/* SPDX-License-Identifier: ISC */
#include "support/cheat.h"

#ifdef TCT_EVIL

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "garble/run_state.h"

enum { CHEATS_MAX = 64 };

static struct {
    int role;
    tct_twist_point point;
    size_t at, bytes;
    uint8_t value[64];
} cheats[CHEATS_MAX];
static size_t cheat_count;
static int blind; /* role that ignores its own checks; -1: nobody */

/* Where this call's data begins in the whole, in bytes, and its length. */
static void span(tct_twist_point point, uint64_t index, size_t count, size_t *from,
                 size_t *bytes)
{
    *from = 0;
    *bytes = count;
    if (point == TCT_TWIST_OPEN_MACS)
        *from = 16 * (size_t)index * count;
    if (point == TCT_TWIST_DELTA || point == TCT_TWIST_PPRF_CORR ||
        point == TCT_TWIST_EXT_V || point == TCT_TWIST_OPEN_MACS || point == TCT_TWIST_INPUT_LABEL)
        *bytes = 16 * count;
    if (point == TCT_TWIST_PPRF_SUMS)
        *bytes += 32; /* h stands behind the sums */
}

static void twist(int role, tct_twist_point point, uint64_t index, void *data, size_t count)
{
    size_t from, bytes;
    if (point == TCT_TWIST_VERDICT) {
        if (role == blind)
            *(tct_mask *)data = (tct_mask){0};
        return;
    }
    span(point, index, count, &from, &bytes);
    for (size_t i = 0; i < cheat_count; i++) {
        if (cheats[i].role != role || cheats[i].point != point)
            continue;
        for (size_t j = 0; j < cheats[i].bytes; j++) {
            size_t at = cheats[i].at + j;
            if (at >= from && at < from + bytes)
                ((uint8_t *)data)[at - from] ^= cheats[i].value[j];
        }
    }
}

void cheat_add(int role, tct_twist_point point, size_t at, const void *value, size_t bytes)
{
    assert_true(cheat_count < CHEATS_MAX && bytes <= sizeof cheats->value);
    cheats[cheat_count].role = role;
    cheats[cheat_count].point = point;
    cheats[cheat_count].at = at;
    cheats[cheat_count].bytes = bytes;
    memcpy(cheats[cheat_count].value, value, bytes);
    cheat_count++;
    tct_twist = twist;
}

void cheat_flip(int role, tct_twist_point point, size_t bit)
{
    uint8_t value = (uint8_t)(1U << bit % 8);
    cheat_add(role, point, bit / 8, &value, 1);
}

void cheat_ignores_checks(int role)
{
    blind = role;
    tct_twist = twist;
}

void cheat_clear(void)
{
    cheat_count = 0;
    blind = -1;
    tct_twist = NULL;
}

tct_circuit *circuit_with_all_wires_out(uint64_t seed, uint32_t ands)
{
    tct_circuit *c = random_circuit(seed, (random_shape){{4, 4}, ands, ands, 4});
    uint32_t wires = tct_circuit_wires(c), *outputs = malloc(wires * sizeof *outputs);
    for (uint32_t w = 0; w < wires; w++)
        outputs[w] = w;
    union {
        const void *from;
        void *to;
    } old = {c->outputs}; /* made writable by random_circuit */
    free(old.to);
    c->outputs = outputs;
    c->output_count = wires;
    return c;
}

static tct_err online(engine_pair *p, const attack *a, uint8_t *const inputs[2], int *who)
{
    for (int role = 0; role < 2; role++)
        if (tct_run_input(p->run[role], inputs[role]) != TCT_OK)
            return TCT_ERR_USAGE;
    return engine_pair_pump(p, p->seed + 1, a->tamper, p, who);
}

/* A right result at whoever has one; no result at the honest side after an error. */
static void expect_honest(const engine_pair *p, const attack *a, tct_err err, int who,
                          const uint8_t *want)
{
    if (err != TCT_OK) {
        assert_int_equal(err, TCT_ERR_CHEAT);
        assert_true(a->either_stops || who == 1 - a->role);
        assert_null(tct_run_result(p->run[who]));
        const uint8_t *early = tct_run_result(p->run[1 - a->role]);
        if (early != NULL) /* the evaluator may have it already when the cheater stops */
            assert_memory_equal(early, want, p->circuit->output_count);
        assert_int_equal(tct_run_want(p->run[who]), 0);
        if (a->caught_in != 0)
            assert_int_equal(p->last_flight, a->caught_in);
        return;
    }
    const uint8_t *got = tct_run_result(p->run[1 - a->role]);
    if (a->out == 0 || (a->out >> (1 - a->role) & 1)) {
        assert_non_null(got);
        assert_memory_equal(got, want, p->circuit->output_count);
    }
}

static bool trial(const attack *a, uint64_t seed)
{
    random_source random = random_from(seed);
    uint8_t given[2][256], *inputs[2] = {given[0], given[1]};
    tct_circuit *fresh = NULL;
    const tct_circuit *c = a->circuit;
    int who = -1;
    if (c == NULL)
        c = fresh = circuit_with_all_wires_out(seed, 6);
    uint8_t *want = malloc(c->output_count);
    for (int role = 0; role < 2; role++) {
        random_bits(&random, given[role], c->inputs[role]);
        if (a->inputs[role] != NULL)
            memcpy(given[role], a->inputs[role], c->inputs[role]);
    }
    random_circuit_evaluate(c, inputs[0], inputs[1], want);
    engine_pair_options options = {
        .params = a->params, .out = a->out, .seed = seed, .given_keys = true};
    cheat_clear();
    engine_pair *p = engine_pair_prepare(options);
    p->circuit = c;
    if (a->prepare != NULL)
        a->prepare(p, a->role, &random);
    engine_pair_bind(p, options);
    assert_int_equal(engine_pair_begin(p, c, a->garbler), TCT_OK);
    p->first = 1 + a->role;
    cheat_ignores_checks(a->either_stops ? -1 : a->role);
    tct_err err = engine_pair_pump(p, seed, a->tamper, p, &who);
    if (err == TCT_OK)
        err = online(p, a, inputs, &who);
    expect_honest(p, a, err, who, want);
    cheat_clear();
    engine_pair_free(p);
    free(want);
    if (fresh != NULL)
        random_circuit_free(fresh);
    return err != TCT_OK;
}

unsigned attack_trials(const attack *a)
{
    unsigned stopped = 0;
    for (unsigned i = 0; i < a->trials; i++)
        stopped += trial(a, a->seed * 100003 + i);
    if (a->of == 0)
        return stopped;
    /* |stopped - N·p| ≤ 4·sqrt(N·p·(1-p)), squared to stay in integers. */
    int64_t n = a->trials, hit = a->caught, of = a->of;
    int64_t off = (int64_t)stopped * of - n * hit;
    if (off * off > 16 * n * hit * (of - hit))
        print_error("stopped %u of %u, expected %u/%u\n", stopped, a->trials, a->caught, a->of);
    assert_true(off * off <= 16 * n * hit * (of - hit));
    return stopped;
}
#endif
