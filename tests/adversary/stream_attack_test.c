/* SPDX-License-Identifier: ISC
 *
 * Cheating in a later segment of a stream, when inputs are in use: caught as often as in a run by itself, in
 * the same flight, and before anything was opened that the cheater could put together with what it has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "crypto/gf128.h"
#include "crypto/transpose.h"
#include "crypto/tree.h"
#include "garble/run_state.h"
#include "support/cheat.h"
#include "support/stream_pair.h"

enum { ANDS = 24, BATCH = 8, WHERE = 1 }; /* three segments; the second is attacked */

typedef struct {
    int cheater;
    uint32_t segment;
    void (*prepare)(const tct_run *r, int role, random_source *random); /* once it begins */
    random_source *random;
    stream_pair *pair;
    bool prepared;
    /* What moved: in the attacked segment, from the honest party, by flight. */
    uint32_t honest_in_segment[16], segments_seen;
} watch;

static void look_on(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                    size_t capacity)
{
    watch *w = context;
    const tct_run *r = tct_stream_run(w->pair->stream[w->cheater]);
    (void)body;
    (void)bytes;
    (void)capacity;
    uint32_t number = w->segments_seen;
    if (flight == TCT_F8)
        w->segments_seen++;
    if (!w->prepared && w->segments_seen == w->segment) { /* nothing of it was made yet */
        w->prepare(r, w->cheater, w->random);
        w->prepared = true;
    } else if (flight == TCT_F8 && w->prepared) { /* honest again in the next one */
        cheat_clear();
        cheat_ignores_checks(w->cheater);
    }
    if (role != w->cheater && number == w->segment)
        w->honest_in_segment[flight]++;
}

typedef struct {
    void (*prepare)(const tct_run *r, int role, random_source *random);
    unsigned caught, of, trials;
    int caught_in;
    bool garblers_only;
} stream_attack;

/* A circuit in which every wire is an output, so that none is without consequence. */
static void attack_once(const stream_attack *a, int cheater, int garbler, uint64_t seed,
                        unsigned *caught)
{
    random_source random = random_from(seed);
    tct_circuit *c = circuit_with_all_wires_out(seed, ANDS);
    uint8_t x[64], y[64], want[512];
    const uint8_t *const inputs[2] = {x, y};
    random_bits(&random, x, c->inputs[0]);
    random_bits(&random, y, c->inputs[1]);
    assert_true(c->output_count <= sizeof want && c->inputs[0] <= 64 && c->inputs[1] <= 64);
    random_circuit_evaluate(c, x, y, want);
    stream_pair *p =
        stream_pair_new(seed, false, true, (const tct_circuit *[]){c, c}, BATCH, garbler);
    watch w = {.cheater = cheater,
               .segment = WHERE,
               .prepare = a->prepare,
               .random = &random,
               .pair = p};
    int who = -1, honest = 1 - cheater;
    cheat_ignores_checks(cheater);
    tct_err err = stream_pair_pump(p, inputs, look_on, &w, &who);
    assert_true(w.prepared);
    if (err != TCT_OK) {
        (*caught)++;
        assert_int_equal(who, honest);
        assert_int_equal(err, TCT_ERR_CHEAT);
        assert_int_equal(p->engines->last_flight, a->caught_in);
        assert_null(tct_stream_result(p->stream[honest]));
        assert_false(tct_stream_revealed(p->stream[honest]));
        assert_int_equal(tct_stream_want(p->stream[honest]), 0);
        /* Who is caught by F6 has seen no p or q of the segment, and by F6P no garbled gate. */
        if (a->caught_in <= TCT_F6)
            assert_int_equal(w.honest_in_segment[TCT_F6P], 0);
        if (a->caught_in != TCT_F8)
            assert_int_equal(w.honest_in_segment[TCT_F8], 0);
    } else {
        assert_memory_equal(tct_stream_result(p->stream[honest]), want, c->output_count);
    }
    cheat_clear();
    stream_pair_free(p);
    random_circuit_free(c);
}

static void attack_streams(stream_attack a)
{
    for (int cheater = 0; cheater < 2; cheater++)
        for (int garbler = 0; garbler < 2; garbler++) {
            unsigned caught = 0;
            if (a.garblers_only && cheater != garbler)
                continue;
            for (unsigned i = 0; i < a.trials; i++)
                attack_once(&a, cheater, garbler,
                            1000 * (unsigned)a.caught_in + 4 * i + 2 * (unsigned)cheater +
                                (unsigned)garbler,
                            &caught);
            /* Within four standard deviations of what is expected. */
            double expect = (double)a.trials * a.caught / a.of;
            double sigma2 = expect * (1 - (double)a.caught / a.of);
            double off = caught - expect;
            if (off * off > 16 * sigma2 + 1e-9)
                print_error("cheater %d, garbler %d: caught %u of %u\n", cheater, garbler,
                            caught, a.trials);
            assert_true(off * off <= 16 * sigma2 + 1e-9);
        }
}

static void error_in_one_g(const tct_run *r, int role, random_source *random)
{
    static const uint8_t error[16] = {0, 0, 0, 9};
    (void)r;
    cheat_add(role, TCT_TWIST_LEAKY_G, 16 * (size_t)random_below(random, BATCH), error,
              sizeof error);
}

/* All triples of one bucket: the attack that reads x from the honest L and its λ from p, if p were opened
 * before L is known to be right. */
static void errors_in_many_g(const tct_run *r, int role, random_source *random)
{
    static const uint8_t error[16] = {0, 0, 0, 9};
    (void)r;
    (void)random;
    for (size_t t = 0; t < 40; t++)
        cheat_add(role, TCT_TWIST_LEAKY_G, 16 * t, error, sizeof error);
}

static void a_cheater_with_triples_is_caught_before_p_is_opened(void **state)
{
    (void)state;
    attack_streams((stream_attack){
        .prepare = error_in_one_g, .caught = 1, .of = 2, .trials = 60, .caught_in = TCT_F6});
    attack_streams((stream_attack){
        .prepare = errors_in_many_g, .caught = 1, .of = 1, .trials = 6, .caught_in = TCT_F6});
}

static void flipped_e(const tct_run *r, int role, random_source *random)
{
    size_t bits = (size_t)r->shape.ands * (r->shape.bucket - 1);
    cheat_flip(role, TCT_TWIST_OPEN_BITS, random_below(random, (uint32_t)bits));
}
static void flipped_p_or_q(const tct_run *r, int role, random_source *random)
{
    cheat_flip(role, TCT_TWIST_LATE_BITS, random_below(random, 2 * r->shape.ands));
}
static void wrong_mac_of_p_or_q(const tct_run *r, int role, random_source *random)
{
    (void)r;
    cheat_flip(role, TCT_TWIST_LATE_DIGEST, random_below(random, 256));
}

static void flipped_e_p_or_q_is_always_caught_in_a_stream(void **state)
{
    (void)state;
    attack_streams((stream_attack){
        .prepare = flipped_e, .caught = 1, .of = 1, .trials = 6, .caught_in = TCT_F5});
    attack_streams((stream_attack){
        .prepare = flipped_p_or_q, .caught = 1, .of = 1, .trials = 6, .caught_in = TCT_F6P});
    attack_streams((stream_attack){.prepare = wrong_mac_of_p_or_q,
                                   .caught = 1,
                                   .of = 1,
                                   .trials = 6,
                                   .caught_in = TCT_F6P});
}

static void flipped_permute(const tct_run *r, int role, random_source *random)
{
    cheat_flip(role, TCT_TWIST_PERMUTE, random_below(random, r->shape.ands));
}

/* The row of the b side, off by Δ: used for half of all masked values. */
static void shifted_row(const tct_run *r, int role, random_source *random)
{
    uint8_t delta[16];
    tct_block_store(delta, r->engine->delta.block);
    cheat_add(role, TCT_TWIST_GATES, 32 * (size_t)random_below(random, r->shape.ands) + 16,
              delta, sizeof delta);
}

static void wrong_gates_are_caught_in_their_segment(void **state)
{
    (void)state;
    attack_streams((stream_attack){.prepare = flipped_permute,
                                   .caught = 1,
                                   .of = 1,
                                   .trials = 6,
                                   .caught_in = TCT_F8,
                                   .garblers_only = true});
    attack_streams((stream_attack){.prepare = shifted_row,
                                   .caught = 1,
                                   .of = 2,
                                   .trials = 60,
                                   .caught_in = TCT_F8,
                                   .garblers_only = true});
}

/* ------------------------------------------------------------------------- not the same --- */

/* Another gate in the last segment, or other places to cut: found by F2 of the segment where it matters, which
 * no input went into. */
static void two_who_hold_different_circuits_part_at_the_segment(void **state)
{
    tct_circuit *one = random_circuit(21, (random_shape){{4, 4}, ANDS, 20, 5});
    tct_circuit *other = random_circuit(21, (random_shape){{4, 4}, ANDS, 20, 5});
    const uint8_t x[4] = {1, 0, 1, 1}, y[4] = {0, 1, 1, 0}, *const inputs[2] = {x, y};
    (void)state;
    for (uint32_t i = other->gate_count; i-- > 0;) /* the last AND */
        if (other->gates[i].kind == TCT_GATE_AND) {
            tct_gate *g = (tct_gate *)(uintptr_t)&other->gates[i];
            g->a = g->a == 0 ? 1 : 0;
            break;
        }
    int who;
    stream_pair *p =
        stream_pair_new(5, false, true, (const tct_circuit *[]){one, other}, BATCH, 0);
    assert_int_equal(stream_pair_pump(p, inputs, NULL, NULL, &who), TCT_ERR_CHEAT);
    assert_int_equal(p->engines->last_flight, TCT_F2);
    for (int role = 0; role < 2; role++)
        assert_null(tct_stream_result(p->stream[role]));
    stream_pair_free(p);
    random_circuit_free(one);
    random_circuit_free(other);
}

/* ------------------------------------------------------------------------ bytes and ends --- */

typedef struct {
    uint32_t at, now; /* which body is spoilt, and which this is */
    random_source *random;
    int how; /* 0: a bit, 1: shorter, 2: longer */
    bool done;
} spoil;

static void spoil_one(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                      size_t capacity)
{
    spoil *s = context;
    (void)role;
    (void)flight;
    (void)capacity;
    if (s->now++ != s->at)
        return;
    if (s->how == 0 && *bytes != 0)
        body[random_below(s->random, (uint32_t)*bytes)] ^=
            (uint8_t)(1U << random_below(s->random, 8));
    else if (s->how == 1 && *bytes != 0)
        --*bytes;
    else if (s->how == 2)
        body[(*bytes)++] = 0;
    else
        return;
    s->done = true;
}

static void no_spoilt_body_gives_a_wrong_output(void **state)
{
    random_source random = random_from(12);
    tct_circuit *c = circuit_with_all_wires_out(4, 6);
    uint8_t x[64] = {1}, y[64] = {0, 1}, want[512];
    const uint8_t *const inputs[2] = {x, y};
    (void)state;
    random_circuit_evaluate(c, x, y, want);
    for (uint32_t at = 0; at < 29; at++) /* two segments: 2 * 13 + 3 */
        for (int how = 0; how < 5; how++) {
            spoil s = {.at = at, .random = &random, .how = how > 2 ? 0 : how};
            int who;
            stream_pair *p = stream_pair_new(at, false, true, (const tct_circuit *[]){c, c}, 3,
                                             (int)(at & 1));
            tct_err err = stream_pair_pump(p, inputs, spoil_one, &s, &who);
            if (s.how != 0 && s.done)
                assert_int_equal(err, TCT_ERR_FORMAT);
            for (int role = 0; role < 2; role++) {
                const uint8_t *got = tct_stream_result(p->stream[role]);
                if (got != NULL)
                    assert_memory_equal(got, want, c->output_count);
            }
            if (err != TCT_OK) { /* and it stays so */
                size_t bytes = 0;
                assert_int_equal(tct_stream_send(p->stream[who], NULL, &bytes), err);
                assert_null(tct_stream_result(p->stream[who]));
            }
            stream_pair_free(p);
        }
    random_circuit_free(c);
}

/* Without inputs a stream prepares its first segment and waits: nothing later is read or sent. */
static void a_stream_waits_for_its_inputs_in_the_first_segment(void **state)
{
    tct_circuit *c = circuit_with_all_wires_out(9, ANDS);
    (void)state;
    stream_pair *p = stream_pair_new(6, false, true, (const tct_circuit *[]){c, c}, BATCH, 1);
    assert_int_equal(stream_pair_pump(p, NULL, NULL, NULL, NULL), TCT_OK);
    for (int role = 0; role < 2; role++) {
        assert_int_equal(tct_stream_want(p->stream[role]), TCT_RUN_INPUT | TCT_RUN_RECV);
        assert_int_equal(tct_stream_ands(p->stream[role]), 0);
        assert_false(tct_stream_done(p->stream[role]));
        assert_null(tct_stream_result(p->stream[role]));
    }
    stream_pair_free(p);
    random_circuit_free(c);
}

/* ------------------------------------------------------------------------------ backends --- */

static void every_backend_streams_the_same_bytes(void **state)
{
    tct_circuit *c = circuit_with_all_wires_out(7, 70);
    uint8_t x[64] = {1, 1}, y[64] = {1}, first[32];
    const uint8_t *const inputs[2] = {x, y};
    (void)state;
    for (int portable = 0; portable < 2; portable++) {
        if (portable) {
            size_t last = 0;
            while (tct_aes_backends[last + 1] != NULL)
                last++;
            tct_aes_choose(tct_aes_backends[last]);
            for (last = 0; tct_gf128_backends[last + 1] != NULL;)
                last++;
            tct_gf128_choose(tct_gf128_backends[last]);
            for (last = 0; tct_transpose_backends[last + 1] != NULL;)
                last++;
            tct_transpose_choose(tct_transpose_backends[last]);
        }
        stream_pair *p = stream_pair_new(6, true, true, (const tct_circuit *[]){c, c}, 30, 1);
        assert_int_equal(stream_pair_pump(p, inputs, NULL, NULL, NULL), TCT_OK);
        const tct_run *r = tct_stream_run(p->stream[0]);
        if (portable)
            assert_memory_equal(r->th, first, sizeof first);
        else
            memcpy(first, r->th, sizeof first);
        stream_pair_free(p);
    }
    tct_aes_choose(NULL);
    tct_gf128_choose(NULL);
    tct_transpose_choose(NULL);
    random_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cheater_with_triples_is_caught_before_p_is_opened),
        cmocka_unit_test(flipped_e_p_or_q_is_always_caught_in_a_stream),
        cmocka_unit_test(wrong_gates_are_caught_in_their_segment),
        cmocka_unit_test(two_who_hold_different_circuits_part_at_the_segment),
        cmocka_unit_test(no_spoilt_body_gives_a_wrong_output),
        cmocka_unit_test(a_stream_waits_for_its_inputs_in_the_first_segment),
        cmocka_unit_test(every_backend_streams_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
