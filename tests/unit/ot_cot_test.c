/* SPDX-License-Identifier: ISC
 *
 * The oblivious transfer room between honest parties: base OT, trees and extension keep their relations.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ot/base_ot.h"
#include "ot/cot.h"
#include "support/random_circuit.h"

static random_source source;
static const unsigned depths[2] = {TCT_TREE_DEPTH, TCT_TREE_DEPTH_MAX};

static tct_block random_block(void)
{
    return (tct_block){random_u64(&source), random_u64(&source)};
}

static int seed_source(void **state)
{
    (void)state;
    source = random_from(4711);
    return 0;
}

/* chosen = the sender's key of that choice, and not the other. */
static void base_ot_gives_the_chosen_key_in_both_directions(void **state)
{
    static tct_base_ot party[2];
    static uint8_t message[2][TCT_BASE_OT_BYTES];
    static tct_block chosen[2][128], both[2][128][2];
    uint8_t sid[32] = {1}, th_s[32] = {2}, seed[32] = {3};
    tct_block choice[2] = {random_block(), random_block()};
    (void)state;
    for (int role = 0; role < 2; role++) {
        seed[1] = (uint8_t)role;
        tct_base_ot_init(&party[role], sid, role, choice[role], seed);
        tct_base_ot_send(&party[role], message[role]);
    }
    for (int role = 0; role < 2; role++) {
        assert_int_equal(tct_base_ot_recv(&party[role], message[1 - role]), TCT_OK);
        assert_int_equal(tct_base_ot_keys(&party[role], th_s, chosen[role], both[role]),
                         TCT_OK);
    }
    for (int role = 0; role < 2; role++)
        for (unsigned i = 0; i < 128; i++) {
            uint64_t c = tct_block_bit(choice[role], i);
            assert_memory_equal(&chosen[role][i], &both[1 - role][i][c], 16);
            assert_memory_not_equal(&chosen[role][i], &both[1 - role][i][1 - c], 16);
        }
}

/* F1 may be asked for twice (the page is drawn again): the same bytes. */
static void base_ot_message_is_a_function_of_the_seed(void **state)
{
    static tct_base_ot o;
    static uint8_t first[TCT_BASE_OT_BYTES], second[TCT_BASE_OT_BYTES];
    uint8_t sid[32] = {1}, seed[32] = {3};
    (void)state;
    tct_base_ot_init(&o, sid, 0, random_block(), seed);
    tct_base_ot_send(&o, first);
    tct_base_ot_send(&o, second);
    assert_memory_equal(first, second, sizeof first);
}

/* Both sides of the trees for one Δ, with keys from thin air. */
typedef struct {
    tct_block both[128][2], chosen[128];
    tct_delta delta;
    tct_block leaf[2][16 * TCT_LEAVES_MAX];
    tct_pprf full, punctured;
    uint8_t message[TCT_PPRF_BYTES], sid[32];
} trees;

static void grow_trees(trees *t, unsigned depth)
{
    t->full = (tct_pprf){depth, t->leaf[0]};
    t->punctured = (tct_pprf){depth, t->leaf[1]};
    t->delta.block = random_block();
    for (unsigned i = 0; i < 128; i++) {
        for (unsigned c = 0; c < 2; c++)
            t->both[i][c] = random_block();
        t->chosen[i] = t->both[i][1 ^ tct_block_bit(t->delta.block, i)];
    }
    tct_pprf_build(&t->full, t->message, (const tct_block(*)[2])t->both, t->sid, 0);
}

static bool open_trees(trees *t)
{
    return !tct_mask_reveal(
        tct_pprf_open(&t->punctured, t->message, t->chosen, t->delta, t->sid, 0));
}

static void punctured_trees_have_all_leaves_but_one(void **state)
{
    static trees t;
    (void)state;
    for (int round = 0; round < 8; round++) {
        unsigned k = depths[round % 2];
        grow_trees(&t, k);
        assert_true(open_trees(&t));
        for (unsigned i = 0; i < tct_trees(k); i++) {
            const tct_block *some = tct_pprf_tree(&t.punctured, i);
            unsigned alpha = 0;
            for (unsigned b = 0; b < k; b++)
                alpha |= (unsigned)tct_block_bit(t.delta.block, k * i + b) << b;
            assert_true((some[0].lo | some[0].hi) == 0);
            for (unsigned d = 1; d < tct_leaves(k); d++)
                assert_memory_equal(&some[d], &tct_pprf_tree(&t.full, i)[d ^ alpha], 16);
        }
    }
}

static void a_changed_sum_does_not_open(unsigned depth)
{
    static trees t;
    grow_trees(&t, depth);
    for (size_t at = tct_pprf_corr_bytes(depth); at < TCT_PPRF_BYTES; at += 97) {
        t.message[at] ^= 4;
        assert_false(open_trees(&t));
        t.message[at] ^= 4;
    }
    t.sid[0] ^= 1; /* another session */
    assert_false(open_trees(&t));
    t.sid[0] ^= 1;
    assert_true(open_trees(&t));
}

static void trees_with_a_changed_sum_or_digest_do_not_open(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        a_changed_sum_does_not_open(depths[i]);
}

/* M = K ⊕ u·Δ on every row, at sizes around a block, a tile, a piece. */
static void rows_are_correlated(unsigned depth)
{
    static const size_t sizes[] = {0,   1,    127,  128,  129,  895,  896,
                                   897, 1023, 1024, 3968, 3969, 4096, 12345};
    static trees t;
    uint8_t salt[32] = {9};
    grow_trees(&t, depth);
    assert_true(open_trees(&t));
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        size_t bits = sizes[k], blocks = (size_t)tct_cot_blocks(bits);
        tct_cot_place place = {t.sid, salt, (uint32_t)k, 0, k == 0 ? t.message : NULL, NULL};
        uint8_t *message = malloc((size_t)tct_cot_message_bytes(depth, bits));
        tct_block *choice = malloc(16 * blocks), *macs = malloc(2048 * blocks);
        tct_block *keys = malloc(2048 * blocks);
        tct_cot_receive(&place, &t.full, bits, message, choice, macs);
        tct_mask bad = tct_cot_send(&place, &t.punctured, t.delta, bits, message, keys);
        assert_false(tct_mask_reveal(bad));
        size_t ones = 0;
        for (size_t j = 0; j < bits; j++) {
            uint64_t u = tct_bit_get((const uint8_t *)choice, j);
            tct_block want = tct_block_xor(keys[j], tct_delta_if(u, t.delta));
            assert_memory_equal(&macs[j], &want, 16);
            ones += u;
        }
        assert_true(bits < 1000 || (ones > bits * 4 / 10 && ones < bits * 6 / 10));
        message[place.run % 15] ^= 1; /* any change is one of d, x, vh */
        bad = tct_cot_send(&place, &t.punctured, t.delta, bits, message, keys);
        assert_true(tct_mask_reveal(bad));
        free(message);
        free(choice);
        free(macs);
        free(keys);
    }
}

static void every_row_is_correlated(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        rows_are_correlated(depths[i]);
}

static void runs_have_independent_bits(void **state)
{
    static trees t;
    static uint8_t message[1 << 13], salt[32];
    tct_block choice[2][5], macs[640];
    (void)state;
    grow_trees(&t, TCT_TREE_DEPTH);
    for (uint32_t run = 0; run < 2; run++) {
        tct_cot_place place = {t.sid, salt, run, 0, NULL, NULL};
        tct_cot_receive(&place, &t.full, 512, message, choice[run], macs);
    }
    assert_memory_not_equal(choice[0], choice[1], 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_ot_gives_the_chosen_key_in_both_directions),
        cmocka_unit_test(base_ot_message_is_a_function_of_the_seed),
        cmocka_unit_test(punctured_trees_have_all_leaves_but_one),
        cmocka_unit_test(trees_with_a_changed_sum_or_digest_do_not_open),
        cmocka_unit_test(every_row_is_correlated),
        cmocka_unit_test(runs_have_independent_bits),
    };
    return cmocka_run_group_tests(tests, seed_source, NULL);
}
