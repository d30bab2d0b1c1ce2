/* SPDX-License-Identifier: ISC
 *
 * Attacks on trees and COT extension (protocol.md 8.8, rows 3 to 6): the honest party stops at F2 with
 * the predicted probability, and never later.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ot/pprf.h"
#include "support/cheat.h"

/* By the params of an attack: k = 8 where its mode says so. */
static void both_ways(attack a, void (*prepare)(engine_pair *, int, random_source *))
{
    uint8_t lean = a.params.mode;
    a.params = tct_engine_params_for(100);
    a.params.mode |= lean;
    a.caught_in = TCT_F2;
    a.prepare = prepare;
    for (a.role = 0; a.role < 2; a.role++)
        attack_trials(&a);
}

/* One correction of the last level: whoever has that side of the tree punctured never uses it. */
static void wrong_correction(engine_pair *p, int role, random_source *random)
{
    static const uint8_t error[16] = {5};
    unsigned k = tct_params_depth(p->params);
    size_t tree = random_below(random, (uint32_t)tct_trees(k)), side = random_below(random, 2);
    size_t at = 2 * (k - 1) * tree + 2 * (k - 2) + side;
    cheat_add(role, TCT_TWIST_PPRF_CORR, 16 * at, error, sizeof error);
}

static void wrong_ggm_correction_is_a_guess_of_one_bit(void **state)
{
    (void)state;
    both_ways((attack){.caught = 1, .of = 2, .trials = 160, .seed = 3}, wrong_correction);
}

static void wrong_leaf_sum(engine_pair *p, int role, random_source *random)
{
    size_t bytes = tct_pprf_sums_bytes(tct_params_depth(p->params));
    cheat_flip(role, TCT_TWIST_PPRF_SUMS, random_below(random, (uint32_t)(8 * bytes)));
}
static void wrong_leaf_digest(engine_pair *p, int role, random_source *random)
{
    size_t bytes = tct_pprf_sums_bytes(tct_params_depth(p->params));
    cheat_flip(role, TCT_TWIST_PPRF_SUMS, 8 * bytes + random_below(random, 256));
}

static void wrong_leaf_sum_or_digest_is_always_caught(void **state)
{
    (void)state;
    both_ways((attack){.caught = 1, .of = 1, .trials = 8, .seed = 4}, wrong_leaf_sum);
    both_ways((attack){.caught = 1, .of = 1, .trials = 8, .seed = 5}, wrong_leaf_digest);
    both_ways(
        (attack){
            .params = {.mode = TCT_MODE_LEAN}, .caught = 1, .of = 1, .trials = 4, .seed = 14},
        wrong_leaf_sum);
    both_ways(
        (attack){
            .params = {.mode = TCT_MODE_LEAN}, .caught = 1, .of = 1, .trials = 4, .seed = 15},
        wrong_leaf_digest);
}

/* Bytes of one d^i of the run at hand. */
static size_t d_bytes(const engine_pair *p, int role)
{
    const tct_circuit *c = p->circuit;
    size_t triples = (size_t)c->and_count * 19; /* β of 6 ANDs */
    return 16 * ((3 * triples + c->inputs[role] + c->and_count + 127) / 128 + 1);
}

static size_t trees_of(const engine_pair *p)
{
    return tct_trees(tct_params_depth(p->params));
}

/* Another u in tree i > 0: k bits of Δ must be guessed. */
static void other_u(engine_pair *p, int role, random_source *random)
{
    size_t bytes = d_bytes(p, role);
    cheat_flip(role, TCT_TWIST_EXT_D,
               8 * bytes * random_below(random, (uint32_t)trees_of(p) - 1) +
                   random_below(random, (uint32_t)(8 * bytes - 128)));
}

static void different_u_in_one_tree_is_a_guess_of_four_bits(void **state)
{
    (void)state;
    both_ways((attack){.caught = 15, .of = 16, .trials = 300, .seed = 6}, other_u);
}

/* Another u in all trees but the first, and x to fit.  Two bits of the first puncture are known (one
 * of them set), so the cheater corrects that plane and has to guess that the others are 0.  In
 * the mask block a bit counts in h_χ as it stands, so no χ is needed. */
static void other_u_in_tree_0(engine_pair *p, int role, random_source *random)
{
    size_t bytes = d_bytes(p, role), bit = random_below(random, 128);
    size_t known = role == TCT_ROLE_X ? 1 : 0; /* the peer's Δ has this bit set */
    for (size_t i = 0; i < trees_of(p) - 1; i++)
        cheat_flip(role, TCT_TWIST_EXT_D, 8 * (bytes * (i + 1) - 16) + bit);
    cheat_flip(role, TCT_TWIST_EXT_X, bit);
    cheat_flip(role, TCT_TWIST_EXT_V, 128 * known + bit);
}

static void different_u_in_the_first_tree_is_a_guess_of_two_bits(void **state)
{
    (void)state;
    both_ways((attack){.caught = 3, .of = 4, .trials = 200, .seed = 7}, other_u_in_tree_0);
}

/* Trees of 256 leaves: the same guesses, of eight bits at a time. */
static const tct_engine_params lean = {.mode = TCT_MODE_LEAN};

static void with_large_trees_a_guess_is_of_eight_bits(void **state)
{
    (void)state;
    both_ways((attack){.params = lean, .caught = 255, .of = 256, .trials = 60, .seed = 16},
              other_u);
    both_ways((attack){.params = lean, .caught = 63, .of = 64, .trials = 60, .seed = 17},
              other_u_in_tree_0);
}

static void with_large_trees_a_wrong_correction_is_a_guess_of_one_bit(void **state)
{
    (void)state;
    both_ways((attack){.params = lean, .caught = 1, .of = 2, .trials = 80, .seed = 13},
              wrong_correction);
}

static void wrong_x(engine_pair *p, int role, random_source *random)
{
    (void)p;
    cheat_flip(role, TCT_TWIST_EXT_X, random_below(random, 128));
}
static void wrong_vh(engine_pair *p, int role, random_source *random)
{
    (void)p;
    cheat_flip(role, TCT_TWIST_EXT_X, 128 + random_below(random, 256));
}

static void wrong_x_or_vh_is_always_caught(void **state)
{
    (void)state;
    both_ways((attack){.caught = 1, .of = 1, .trials = 8, .seed = 8}, wrong_x);
    both_ways((attack){.caught = 1, .of = 1, .trials = 8, .seed = 9}, wrong_vh);
    both_ways((attack){.params = lean, .caught = 1, .of = 1, .trials = 4, .seed = 18}, wrong_x);
    both_ways((attack){.params = lean, .caught = 1, .of = 1, .trials = 4, .seed = 19},
              wrong_vh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_ggm_correction_is_a_guess_of_one_bit),
        cmocka_unit_test(wrong_leaf_sum_or_digest_is_always_caught),
        cmocka_unit_test(different_u_in_one_tree_is_a_guess_of_four_bits),
        cmocka_unit_test(different_u_in_the_first_tree_is_a_guess_of_two_bits),
        cmocka_unit_test(with_large_trees_a_guess_is_of_eight_bits),
        cmocka_unit_test(with_large_trees_a_wrong_correction_is_a_guess_of_one_bit),
        cmocka_unit_test(wrong_x_or_vh_is_always_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
