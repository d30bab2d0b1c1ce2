/* SPDX-License-Identifier: ISC
 *
 * Attacks of a garbler (protocol.md 8.8, rows 14 to 18, half of 33, and 35): wrong rows, tags, permute
 * bits and labels.  Never a wrong output; and whether it is caught depends on no honest input.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "garble/engine_state.h"
#include "support/cheat.h"

static const tct_engine_params tags = {64, 64, 0}, short_tags = {40, 48, 0};
static const tct_engine_params batch = {64, 64, TCT_MODE_BATCH};
static const tct_engine_params bulk = {40, 48, TCT_MODE_BATCH | TCT_MODE_BULK};
/* Few trips: tags in bulk mode, here with the trees of few bytes too. */
static const tct_engine_params bulk_tags = {40, 48, TCT_MODE_BULK | TCT_MODE_LEAN};
static const tct_engine_params *const checks[] = {&tags, &batch, &bulk};

/* Both session roles as garbler. */
static void both_garblers(attack a)
{
    for (a.role = 0; a.role < 2; a.role++) {
        a.garbler = a.role;
        attack_trials(&a);
    }
}

static void flipped_row(engine_pair *p, int role, random_source *random)
{
    cheat_flip(role, TCT_TWIST_GATES, random_below(random, 256 * p->circuit->and_count));
}

/* The bit counts only if the row is used.  The label is wrong then: the evaluator sees it at the next
 * AND or by its Λ, else the garbler itself in F9 (it learns one Λ, a uniform bit: 5.4). */
static void flipped_bit_in_a_row_is_caught_when_the_row_is_used(void **state)
{
    (void)state;
    both_garblers((attack){.params = tags,
                           .caught = 1,
                           .of = 2,
                           .trials = 120,
                           .seed = 40,
                           .prepare = flipped_row,
                           .either_stops = true});
    both_garblers((attack){.params = batch,
                           .caught = 1,
                           .of = 2,
                           .trials = 120,
                           .seed = 41,
                           .prepare = flipped_row,
                           .either_stops = true});
}

static void shifted_row(engine_pair *p, int role, random_source *random)
{
    cheat_add(role, TCT_TWIST_GATES,
              16 * (size_t)random_below(random, 2 * p->circuit->and_count),
              &p->engine[role]->delta, 16);
}

static void row_shifted_by_delta_is_caught_by_the_tag(void **state)
{
    (void)state;
    both_garblers((attack){.params = tags,
                           .caught = 1,
                           .of = 2,
                           .trials = 120,
                           .caught_in = TCT_F8,
                           .seed = 42,
                           .prepare = shifted_row});
    both_garblers((attack){.params = bulk_tags,
                           .caught = 1,
                           .of = 2,
                           .trials = 60,
                           .caught_in = TCT_F8,
                           .seed = 46,
                           .prepare = shifted_row});
    both_garblers((attack){.params = short_tags,
                           .caught = 1,
                           .of = 2,
                           .trials = 60,
                           .caught_in = TCT_F8,
                           .seed = 43,
                           .prepare = shifted_row});
}

static void row_shifted_by_delta_is_caught_by_the_batch_check(void **state)
{
    (void)state;
    both_garblers((attack){.params = batch,
                           .caught = 1,
                           .of = 2,
                           .trials = 120,
                           .caught_in = TCT_F8C,
                           .seed = 44,
                           .prepare = shifted_row});
}

/* One bit in C0, C1 or C2 of some gate. */
static void flipped_tag(engine_pair *p, int role, random_source *random, size_t which)
{
    size_t bits = p->params.tau;
    cheat_flip(role, TCT_TWIST_TAGS,
               bits * (3 * (size_t)random_below(random, p->circuit->and_count) + which) +
                   random_below(random, (uint32_t)bits));
}
static void flipped_c0(engine_pair *p, int role, random_source *random)
{
    flipped_tag(p, role, random, 0);
}
static void flipped_c1(engine_pair *p, int role, random_source *random)
{
    flipped_tag(p, role, random, 1);
}
static void flipped_c2(engine_pair *p, int role, random_source *random)
{
    flipped_tag(p, role, random, 2);
}

static void flipped_tag_string_is_caught_when_it_is_used(void **state)
{
    attack a = {.caught = 1, .of = 2, .trials = 80, .caught_in = TCT_F8, .seed = 45};
    (void)state;
    for (int size = 0; size < 3; size++) {
        a.params = size == 0 ? tags : size == 1 ? short_tags : bulk_tags;
        a.prepare = flipped_c0;
        both_garblers(a);
        a.prepare = flipped_c1;
        both_garblers(a);
    }
}

static void flipped_last_tag_string_is_always_caught(void **state)
{
    (void)state;
    both_garblers((attack){.params = tags,
                           .caught = 1,
                           .of = 1,
                           .trials = 20,
                           .caught_in = TCT_F8,
                           .seed = 46,
                           .prepare = flipped_c2});
    both_garblers((attack){.params = short_tags,
                           .caught = 1,
                           .of = 1,
                           .trials = 20,
                           .caught_in = TCT_F8,
                           .seed = 47,
                           .prepare = flipped_c2});
}

static void flipped_permute(engine_pair *p, int role, random_source *random)
{
    cheat_flip(role, TCT_TWIST_PERMUTE, random_below(random, p->circuit->and_count));
}

static void flipped_permute_bit_is_always_caught(void **state)
{
    (void)state;
    both_garblers((attack){.params = tags,
                           .caught = 1,
                           .of = 1,
                           .trials = 20,
                           .caught_in = TCT_F8,
                           .seed = 48,
                           .prepare = flipped_permute});
    both_garblers((attack){.params = batch,
                           .caught = 1,
                           .of = 1,
                           .trials = 20,
                           .seed = 49,
                           .prepare = flipped_permute});
}

static void other_label(engine_pair *p, int role, random_source *random)
{
    cheat_add(role, TCT_TWIST_ACTIVE, 16 * (size_t)random_below(random, 8),
              &p->engine[role]->delta, 16);
}
static void junk_label(engine_pair *p, int role, random_source *random)
{
    (void)p;
    cheat_flip(role, TCT_TWIST_ACTIVE, random_below(random, 8 * 128));
}

/* All wires are outputs, so the garbler's own label proof sees every label; the evaluator's check
 * sees those that an AND uses. */
static void other_or_junk_input_label_is_always_caught(void **state)
{
    attack a = {.caught = 1, .of = 1, .trials = 30, .seed = 50, .either_stops = true};
    (void)state;
    for (int mode = 0; mode < 3; mode++) {
        a.params = *checks[mode];
        a.prepare = other_label;
        both_garblers(a);
        a.prepare = junk_label;
        both_garblers(a);
    }
}

/* ------------------------------------------------------- nothing about the inputs leaks --- */

static const tct_gate tree_gates[] = {
    {TCT_GATE_AND, 0, 2}, {TCT_GATE_AND, 1, 3}, {TCT_GATE_AND, 4, 5}};
static const uint32_t tree_outputs[] = {6};
static const tct_circuit tree = {{2, 2}, 3, 1, 3, tree_gates, tree_outputs};

static void shifted_inner_row(engine_pair *p, int role, random_source *random)
{
    (void)random;
    cheat_add(role, TCT_TWIST_GATES, 64, &p->engine[role]->delta, 16); /* G0 of gate 2 */
}

/* Selective failure: a cheater that attacks an inner gate is caught half of the time, whatever the
 * honest inputs are. */
static void selective_failure_says_nothing_about_the_inputs(void **state)
{
    static const uint8_t ones[] = {1, 1};
    (void)state;
    for (int mode = 0; mode < 3; mode++) {
        for (uint8_t i = 0; i < 8; i++) {
            const uint8_t honest[] = {i & 1, i >> 1 & 1};
            int role = i >> 2;
            attack a = {.params = *checks[mode],
                        .role = role,
                        .garbler = role,
                        .caught = 1,
                        .of = 2,
                        .trials = 150,
                        .seed = 60 + i,
                        .circuit = &tree,
                        .prepare = shifted_inner_row};
            a.inputs[role] = ones;
            a.inputs[1 - role] = honest;
            attack_trials(&a);
        }
    }
}

static const tct_gate one_gate = {TCT_GATE_AND, 0, 1};
static const uint32_t one_output[] = {2};
static const tct_circuit one = {{1, 1}, 1, 1, 1, &one_gate, one_output};

/* The joiner's Δ without its permute bit: each of its ANDs has a Λ fixed in advance. */
static void wrong_bit_1_of_delta(engine_pair *p, int role, random_source *random)
{
    (void)random;
    p->engine[role]->delta.block.lo ^= 2;
}

static void wrong_permute_bit_of_delta_is_caught_half_the_time_for_all_inputs(void **state)
{
    static const uint8_t bits[] = {0, 1};
    (void)state;
    for (int i = 0; i < 4; i++) {
        attack a = {.params = tags,
                    .role = TCT_ROLE_Y,
                    .garbler = TCT_ROLE_Y,
                    .caught = 1,
                    .of = 2,
                    .trials = 150,
                    .caught_in = TCT_F8,
                    .seed = 70 + (uint64_t)i,
                    .circuit = &one,
                    .prepare = wrong_bit_1_of_delta,
                    .inputs = {&bits[i & 1], &bits[i >> 1]}};
        attack_trials(&a);
    }
}

/* ------------------------------------------------------------------- opened outputs --- */

static void wrong_opened_bit(engine_pair *p, int role, random_source *random)
{
    cheat_flip(role, TCT_TWIST_OUT_BITS, random_below(random, p->circuit->output_count));
}

static void wrong_bit_of_an_opened_share_is_always_caught(void **state)
{
    static const uint8_t modes[] = {0, TCT_MODE_BATCH, TCT_MODE_ESCROW,
                                    TCT_MODE_BATCH | TCT_MODE_ESCROW};
    (void)state;
    for (unsigned i = 0; i < 16; i++) {
        attack a = {.params = {64, 64, modes[i >> 2]},
                    .role = i & 1,
                    .garbler = i >> 1 & 1,
                    .caught = 1,
                    .of = 1,
                    .trials = 4,
                    .seed = 80 + i,
                    .prepare = wrong_opened_bit};
        bool garbles = a.role == a.garbler, with_batch = (a.params.mode & TCT_MODE_BATCH) != 0;
        a.caught_in = !garbles ? TCT_F9 : with_batch ? TCT_F8C : TCT_F8;
        attack_trials(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flipped_bit_in_a_row_is_caught_when_the_row_is_used),
        cmocka_unit_test(row_shifted_by_delta_is_caught_by_the_tag),
        cmocka_unit_test(row_shifted_by_delta_is_caught_by_the_batch_check),
        cmocka_unit_test(flipped_tag_string_is_caught_when_it_is_used),
        cmocka_unit_test(flipped_last_tag_string_is_always_caught),
        cmocka_unit_test(flipped_permute_bit_is_always_caught),
        cmocka_unit_test(other_or_junk_input_label_is_always_caught),
        cmocka_unit_test(selective_failure_says_nothing_about_the_inputs),
        cmocka_unit_test(wrong_permute_bit_of_delta_is_caught_half_the_time_for_all_inputs),
        cmocka_unit_test(wrong_bit_of_an_opened_share_is_always_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
