/* SPDX-License-Identifier: ISC
 *
 * Attacks on leaky ANDs, coins and openings (protocol.md 8.8, rows 7 to 13 and half of 33).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "garble/engine_state.h"
#include "garble/shape.h"
#include "support/cheat.h"

static uint32_t triples(const engine_pair *p)
{
    uint32_t n = p->circuit->and_count;
    return n * tct_bucket_size(n, p->params.rho);
}

static void both_ways_with(attack a, uint8_t mode)
{
    a.params = tct_engine_params_for(100);
    a.params.mode = mode;
    for (a.role = 0; a.role < 2; a.role++)
        for (a.garbler = 0; a.garbler < 2; a.garbler++)
            attack_trials(&a);
}

/* Both roles, both garblers; also as above 50,000 ANDs. */
static void both_ways(attack a)
{
    both_ways_with(a, 0);
    both_ways_with(a, TCT_MODE_BATCH | TCT_MODE_BULK);
}

/* Bytes of a G and of an L. */
static size_t width(const engine_pair *p)
{
    return p->params.mode & TCT_MODE_BULK ? 8 : 16;
}

/* An error E in one G: the honest S moves by x·E, so it is a guess of x. */
static void error_in_g(engine_pair *p, int role, random_source *random, uint8_t low,
                       bool guess_one)
{
    uint8_t error[16];
    size_t t = random_below(random, triples(p));
    random_bytes(random, error, sizeof error);
    error[0] = (uint8_t)((error[0] & 0xFE) | low);
    error[5] |= 1;
    cheat_add(role, TCT_TWIST_LEAKY_G, width(p) * t, error, width(p));
    if (guess_one)
        cheat_add(role, TCT_TWIST_LEAKY_L, width(p) * t, error, width(p));
}
static void even_error_guess_zero(engine_pair *p, int role, random_source *random)
{
    error_in_g(p, role, random, 0, false);
}
static void even_error_guess_one(engine_pair *p, int role, random_source *random)
{
    error_in_g(p, role, random, 0, true);
}
static void odd_error_guess_zero(engine_pair *p, int role, random_source *random)
{
    error_in_g(p, role, random, 1, false);
}

static void error_in_one_g_is_a_guess_of_x(void **state)
{
    (void)state;
    attack a = {.caught = 1, .of = 2, .trials = 100, .caught_in = TCT_F6, .seed = 21};
    a.prepare = even_error_guess_zero;
    both_ways(a);
    a.prepare = even_error_guess_one;
    both_ways(a);
    a.prepare = odd_error_guess_zero;
    both_ways(a);
}

static void five_errors(engine_pair *p, int role, random_source *random)
{
    static const uint8_t error[16] = {2};
    uint32_t all = triples(p), first = random_below(random, all);
    for (uint32_t i = 0; i < 5; i++)
        cheat_add(role, TCT_TWIST_LEAKY_G, width(p) * (size_t)((first + i * 7) % all), error,
                  width(p));
}

static void errors_in_five_g_must_all_be_guessed(void **state)
{
    (void)state;
    both_ways((attack){.caught = 31,
                       .of = 32,
                       .trials = 150,
                       .caught_in = TCT_F6,
                       .seed = 22,
                       .prepare = five_errors});
}

static void flipped_s(engine_pair *p, int role, random_source *random)
{
    cheat_flip(role, TCT_TWIST_LEAKY_S, random_below(random, triples(p)));
}

static void flipped_s_of_an_unattacked_triple_is_always_caught(void **state)
{
    (void)state;
    both_ways((attack){.caught = 1,
                       .of = 1,
                       .trials = 10,
                       .caught_in = TCT_F6,
                       .seed = 23,
                       .prepare = flipped_s});
}

/* Every d is wrong with probability one half, so all T triples would have to be guessed. */
static void wrong_bit_0_of_delta(engine_pair *p, int role, random_source *random)
{
    (void)random;
    p->engine[role]->delta.block.lo ^= 1;
}

static void wrong_bit_0_of_delta_is_always_caught(void **state)
{
    (void)state;
    both_ways((attack){.caught = 1,
                       .of = 1,
                       .trials = 10,
                       .caught_in = TCT_F6,
                       .seed = 24,
                       .prepare = wrong_bit_0_of_delta});
}

/* Bit c of gate i: gate by gate, or column by column. */
static size_t opened_bit(const engine_pair *p, uint32_t i, uint32_t c)
{
    uint32_t n = p->circuit->and_count;
    if (p->params.mode & TCT_MODE_BULK)
        return 8 * tct_bits_bytes(n) * c + i;
    return i * (tct_bucket_size(n, p->params.rho) + 1) + c;
}
static void flipped_opening(engine_pair *p, int role, random_source *random)
{
    uint32_t n = p->circuit->and_count, i = random_below(random, n);
    uint32_t c = random_below(random, tct_bucket_size(n, p->params.rho) + 1);
    cheat_flip(role, TCT_TWIST_OPEN_BITS, opened_bit(p, i, c));
}
/* p and q are the last two bits of each gate, e all others. */
static void flipped_p(engine_pair *p, int role, random_source *random)
{
    uint32_t n = p->circuit->and_count, beta = tct_bucket_size(n, p->params.rho);
    cheat_flip(role, TCT_TWIST_OPEN_BITS, opened_bit(p, random_below(random, n), beta - 1));
}
static void flipped_q(engine_pair *p, int role, random_source *random)
{
    uint32_t n = p->circuit->and_count, beta = tct_bucket_size(n, p->params.rho);
    cheat_flip(role, TCT_TWIST_OPEN_BITS, opened_bit(p, random_below(random, n), beta));
}

static void flipped_e_p_or_q_is_always_caught(void **state)
{
    (void)state;
    attack a = {.caught = 1, .of = 1, .trials = 10, .caught_in = TCT_F5, .seed = 25};
    a.prepare = flipped_opening;
    both_ways(a);
    a.prepare = flipped_p;
    both_ways(a);
    a.prepare = flipped_q;
    both_ways(a);
}

static void wrong_mac(engine_pair *p, int role, random_source *random)
{
    uint32_t n = p->circuit->and_count, beta = tct_bucket_size(n, p->params.rho);
    uint32_t among = p->params.mode & TCT_MODE_BULK ? 1 : n; /* a sum for each column */
    cheat_flip(role, TCT_TWIST_OPEN_MACS, 128 * among * random_below(random, beta) + 77);
}

static void wrong_mac_of_right_bits_is_always_caught(void **state)
{
    (void)state;
    both_ways((attack){.caught = 1,
                       .of = 1,
                       .trials = 10,
                       .caught_in = TCT_F5,
                       .seed = 26,
                       .prepare = wrong_mac});
}

/* The honest party's bodies, for a cheat that copies them; X is asked first in every flight. */
static uint8_t kept[1 << 16];
static size_t kept_bytes;
static int copier;

/* The copier waits for the honest body of the flight and puts its own commitment to it. */
static void copy_coin(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                      size_t capacity)
{
    (void)context;
    (void)capacity;
    if (flight != TCT_F2 && flight != TCT_F4)
        return;
    if (role != copier) {
        kept_bytes = *bytes;
        memcpy(kept, body, *bytes);
    } else {
        memcpy(body + *bytes - 32, kept + kept_bytes - 32, 32); /* cc in F2, coin in F4 */
    }
}
static void copy_sum(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                     size_t capacity)
{
    (void)context;
    (void)capacity;
    if (flight != TCT_F5 && flight != TCT_F6)
        return;
    if (role != copier) {
        kept_bytes = *bytes;
        memcpy(kept, body, *bytes);
    } else if (flight == TCT_F5) {
        memcpy(body + *bytes - 32, kept + kept_bytes - 32, 32); /* comL */
    } else {
        memcpy(body, kept, 64); /* Ldig, nonce */
    }
}

static void copied_commitments_do_not_open(void **state)
{
    static const engine_pair_tamper copies[] = {copy_coin, copy_sum};
    static const int caught_in[] = {TCT_F4, TCT_F6};
    (void)state;
    for (int i = 0; i < 2; i++) {
        for (copier = 0; copier < 2; copier++) {
            engine_pair *p =
                engine_pair_new((engine_pair_options){.params = tct_engine_params_for(10),
                                                      .seed = 3 + (uint64_t)i,
                                                      .given_keys = true});
            tct_circuit *c = circuit_with_all_wires_out(5, 6);
            int who = -1;
            assert_int_equal(engine_pair_begin(p, c, 0), TCT_OK);
            p->first = 2 - copier; /* the honest one goes first */
            assert_int_equal(engine_pair_pump(p, 0, copies[i], NULL, &who), TCT_ERR_CHEAT);
            assert_int_equal(who, 1 - copier);
            assert_int_equal(p->last_flight, caught_in[i]);
            engine_pair_free(p);
            random_circuit_free(c);
        }
    }
}

/* One bit at the end of a flight of `copier`, or near its start. */
static int changed_flight;
static void change_end(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                       size_t capacity)
{
    (void)context;
    (void)capacity;
    if (role == copier && flight == changed_flight)
        body[*bytes - 5] ^= 16; /* coin in F4, comL in F5 */
}
static void change_start(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                         size_t capacity)
{
    (void)context;
    (void)bytes;
    (void)capacity;
    if (role == copier && flight == changed_flight)
        body[40] ^= 16; /* the nonce in F6 */
}

static void changed_coin_opening_is_always_caught(void **state)
{
    (void)state;
    changed_flight = TCT_F4;
    for (copier = 0; copier < 2; copier++)
        attack_trials(&(attack){.role = copier,
                                .params = tct_engine_params_for(100),
                                .caught = 1,
                                .of = 1,
                                .trials = 5,
                                .caught_in = TCT_F4,
                                .seed = 27,
                                .tamper = change_end});
}

static void changed_commitment_of_sums_is_always_caught(void **state)
{
    (void)state;
    for (copier = 0; copier < 2; copier++) {
        attack a = {.role = copier,
                    .params = tct_engine_params_for(100),
                    .caught = 1,
                    .of = 1,
                    .trials = 5,
                    .caught_in = TCT_F6,
                    .seed = 28};
        changed_flight = TCT_F5;
        a.tamper = change_end;
        attack_trials(&a);
        changed_flight = TCT_F6;
        a.tamper = change_start;
        attack_trials(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_in_one_g_is_a_guess_of_x),
        cmocka_unit_test(errors_in_five_g_must_all_be_guessed),
        cmocka_unit_test(flipped_s_of_an_unattacked_triple_is_always_caught),
        cmocka_unit_test(wrong_bit_0_of_delta_is_always_caught),
        cmocka_unit_test(flipped_e_p_or_q_is_always_caught),
        cmocka_unit_test(wrong_mac_of_right_bits_is_always_caught),
        cmocka_unit_test(copied_commitments_do_not_open),
        cmocka_unit_test(changed_coin_opening_is_always_caught),
        cmocka_unit_test(changed_commitment_of_sums_is_always_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
