/* SPDX-License-Identifier: ISC
 *
 * What a cheater can count on, counted: grinding the shifts at reduced ρ (protocol.md 8.8, row 28), and the
 * masked values of honest runs, which must be uniform whatever the inputs are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "garble/run_state.h"
#include "support/cheat.h"

enum { ANDS = 4, LAYERS_MAX = 5 };

static const tct_gate gates[ANDS] = {
    {TCT_GATE_AND, 0, 2}, {TCT_GATE_AND, 1, 3}, {TCT_GATE_AND, 0, 3}, {TCT_GATE_AND, 1, 2}};
static const uint32_t outputs[] = {7};
static const tct_circuit circuit = {{2, 2}, ANDS, 1, ANDS, gates, outputs};

/* One triple attacked in every layer, with lsb(E) = 1: both values of its s bit can survive. */
typedef struct {
    size_t target[LAYERS_MAX];
    uint8_t error[LAYERS_MAX][16];
    bool guess[LAYERS_MAX]; /* of the honest x */
} plan;

static plan make_plan(uint32_t layers, random_source *random)
{
    plan a = {0};
    for (uint32_t k = 0; k < layers; k++) {
        a.target[k] = k * ANDS + random_below(random, ANDS);
        random_bytes(random, a.error[k], 16);
        a.error[k][0] |= 1;
        a.guess[k] = random_below(random, 2) == 1;
    }
    return a;
}

static void attack_g(const plan *a, uint32_t layers, int role)
{
    for (uint32_t k = 0; k < layers; k++)
        cheat_add(role, TCT_TWIST_LEAKY_G, 16 * a->target[k], a->error[k], 16);
}

/* s flipped = guess x = 1; then L moves by E. */
static void attack_s(const plan *a, uint32_t layers, int role)
{
    for (uint32_t k = 0; k < layers; k++)
        if (a->guess[k]) {
            cheat_flip(role, TCT_TWIST_LEAKY_S, a->target[k]);
            cheat_add(role, TCT_TWIST_LEAKY_L, 16 * a->target[k], a->error[k], 16);
        }
}

/* One bucket has attacked triples in all layers. */
static bool bucket_is_open(const plan *a, const tct_run *r)
{
    for (size_t i = 0; i < ANDS; i++) {
        bool all = true;
        for (uint32_t k = 0; k < r->shape.bucket; k++)
            all = all && k * ANDS + (i + r->shift[k]) % ANDS == a->target[k];
        if (all)
            return true;
    }
    return false;
}

/* Up to F4 of both; the honest F4 is there before the cheater's s bits are chosen. */
static void exchange(engine_pair *p, int role, uint8_t *body, size_t room)
{
    size_t bytes = room;
    assert_int_equal(tct_run_send(p->run[role], body, &bytes), TCT_OK);
    assert_int_equal(tct_run_recv(p->run[1 - role], body, bytes), TCT_OK);
}

static engine_pair *reduced(uint8_t rho, uint64_t seed)
{
    return engine_pair_new(
        (engine_pair_options){.params = {rho, 64, 0}, .seed = seed, .given_keys = true});
}

typedef struct {
    unsigned survived, won;
} score;

/* The cheater sees the honest F4, knows the shifts, and may pick its s bits then. */
static score grind(uint8_t rho, unsigned trials, int cheater)
{
    static uint8_t body[1 << 13];
    random_source random = random_from(rho + 50);
    score sum = {0, 0};
    engine_pair *p = NULL;
    uint64_t seed = 1000 * rho;
    for (unsigned i = 0; i < trials; i++) {
        cheat_clear();
        if (p == NULL)
            p = reduced(rho, ++seed);
        assert_int_equal(engine_pair_begin(p, &circuit, (int)(i & 1)), TCT_OK);
        uint32_t layers = p->run[0]->shape.bucket;
        plan a = make_plan(layers, &random);
        cheat_ignores_checks(cheater);
        attack_g(&a, layers, cheater);
        for (int flight = TCT_F2; flight <= TCT_F3; flight++)
            for (int role = 0; role < 2; role++)
                exchange(p, role, body, sizeof body);
        attack_s(&a, layers, cheater);
        exchange(p, 1 - cheater, body, sizeof body);
        bool open = bucket_is_open(&a, p->run[cheater]);
        tct_err err = engine_pair_pump(p, i, NULL, NULL, NULL);
        sum.survived += err == TCT_OK;
        sum.won += err == TCT_OK && open;
        if (err != TCT_OK) { /* the session died with the guess */
            engine_pair_free(p);
            p = NULL;
        }
    }
    cheat_clear();
    if (p != NULL)
        engine_pair_free(p);
    return sum;
}

/* count within 4 σ of trials/of; squared to stay in integers. */
static bool fits(unsigned count, unsigned trials, unsigned of)
{
    int64_t off = (int64_t)count * of - trials;
    return off * off <= 16 * (int64_t)trials * (of - 1);
}

/* ρ = 6: β = 3, bound 2^-3·4^-2 = 1/128, survival 1/8.   ρ = 8: β = 4, 1/1024 and 1/16. */
static void grinding_the_s_bits_stays_at_the_bucket_bound(void **state)
{
    (void)state;
    for (int cheater = 0; cheater < 2; cheater++) {
        score s = grind(6, 800, cheater);
        print_message("rho 6: survived %u, won %u of 800 (100, 6.3)\n", s.survived, s.won);
        assert_true(fits(s.survived, 800, 8));
        assert_true(s.won * 128 <= 800 || fits(s.won, 800, 128));
        s = grind(8, 500, cheater);
        assert_true(fits(s.survived, 500, 16));
        assert_true(s.won * 1024 <= 500 || fits(s.won, 500, 1024));
    }
}

/* Whatever s says, the honest party comes to the same shifts. */
static void shifts_do_not_depend_on_the_s_bits(void **state)
{
    static uint8_t body[1 << 13];
    uint32_t first[TCT_BUCKET_MAX];
    (void)state;
    for (unsigned way = 0; way < 8; way++) {
        engine_pair *p = reduced(6, 77);
        assert_int_equal(engine_pair_begin(p, &circuit, 0), TCT_OK);
        cheat_clear();
        for (unsigned t = 0; t < 3; t++)
            if (way >> t & 1)
                cheat_flip(TCT_ROLE_Y, TCT_TWIST_LEAKY_S, 4 * t);
        for (int flight = TCT_F2; flight <= TCT_F4; flight++)
            for (int role = 0; role < 2; role++)
                exchange(p, role, body, sizeof body);
        const tct_run *honest = p->run[TCT_ROLE_X];
        if (way == 0)
            memcpy(first, honest->shift, sizeof first);
        assert_memory_equal(first, honest->shift, honest->shape.bucket * sizeof *first);
        engine_pair_free(p);
    }
    cheat_clear();
}

/* ------------------------------------------------------------------------- masked values --- */

static unsigned cells[8];
static unsigned cell;
static void read_values(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                        size_t capacity)
{
    (void)context;
    (void)bytes;
    (void)capacity;
    if (flight == TCT_F7)
        cell |= (unsigned)(body[0] & 1) << role;
    if (flight == TCT_F9)
        cell |= (unsigned)(body[0] & 1) << 2;
}

static const tct_gate one_gate = {TCT_GATE_AND, 0, 1};
static const uint32_t one_output[] = {2};
static const tct_circuit one = {{1, 1}, 1, 1, 1, &one_gate, one_output};

/* (Λ_x, Λ_y, Λ_out) of n runs on the same inputs: χ² of the eight cells, 7 degrees of freedom; 29.9 is
 * exceeded once in 10,000. */
static void masked_values_are_uniform_for_all_inputs(void **state)
{
    enum { RUNS = 320 };
    (void)state;
    for (uint8_t inputs = 0; inputs < 4; inputs++) {
        uint8_t x = inputs & 1, y = inputs >> 1;
        engine_pair *p = engine_pair_new((engine_pair_options){
            .params = {40, 48, 0}, .seed = 40 + inputs, .given_keys = true});
        memset(cells, 0, sizeof cells);
        for (int i = 0; i < RUNS; i++) {
            cell = 0;
            assert_int_equal(engine_pair_begin(p, &one, i & 1), TCT_OK);
            assert_int_equal(engine_pair_pump(p, 0, NULL, NULL, NULL), TCT_OK);
            assert_int_equal(tct_run_input(p->run[0], &x), TCT_OK);
            assert_int_equal(tct_run_input(p->run[1], &y), TCT_OK);
            assert_int_equal(engine_pair_pump(p, 0, read_values, NULL, NULL), TCT_OK);
            assert_int_equal(tct_run_result(p->run[0])[0], x & y);
            cells[cell]++;
        }
        int64_t sum = 0; /* χ²·RUNS/8 */
        for (int k = 0; k < 8; k++)
            sum += ((int64_t)cells[k] - RUNS / 8) * ((int64_t)cells[k] - RUNS / 8);
        assert_true(sum * 10 <= 299 * (RUNS / 8));
        engine_pair_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shifts_do_not_depend_on_the_s_bits),
        cmocka_unit_test(grinding_the_s_bits_stays_at_the_bucket_bound),
        cmocka_unit_test(masked_values_are_uniform_for_all_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
