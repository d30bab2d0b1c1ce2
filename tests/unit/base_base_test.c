/* SPDX-License-Identifier: ISC
 *
 * Arena, masks, byte order and wiping at their edges.
 */
#include "base/base.h"
#include "base/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void the_arena_gives_zeroed_aligned_memory_until_it_is_full(void **state)
{
    (void)state;
    static uint8_t memory[1000];
    memset(memory, 0xff, sizeof memory);
    tct_arena arena;
    tct_arena_init(&arena, memory + 1, sizeof memory - 1);
    for (int taken = 0;; taken++) {
        uint8_t *p = tct_arena_take(&arena, 3, 20);
        if (p == NULL) {
            assert_true(taken >= 7);
            break;
        }
        assert_int_equal((uintptr_t)p % 64, 0);
        assert_true(p + 60 <= memory + sizeof memory);
        for (int i = 0; i < 60; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, 60);
    }
    assert_non_null(tct_arena_take(&arena, 0, 20));
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    static uint8_t memory[200];
    tct_arena arena;
    tct_arena_init(&arena, memory, sizeof memory);
    assert_null(tct_arena_take(&arena, SIZE_MAX, 2));
    assert_null(tct_arena_take(&arena, 2, SIZE_MAX));
    assert_null(tct_arena_take(&arena, SIZE_MAX / 2 + 1, 2)); /* the product is 0 */
    assert_null(tct_arena_take(&arena, 201, 1));
    assert_int_equal(arena.used, 0);
    assert_int_equal(tct_arena_cost(SIZE_MAX, 2), SIZE_MAX);
    assert_int_equal(tct_arena_cost(SIZE_MAX - 10, 1), SIZE_MAX);
    assert_int_equal(tct_size_add(SIZE_MAX, 1), SIZE_MAX);
    assert_int_equal(tct_size_add(SIZE_MAX - 1, 1), SIZE_MAX);
    assert_int_equal(tct_size_add(2, 3), 5);
}

/* Whatever the start of the memory, the costs add up to enough. */
static void the_sum_of_costs_is_enough_memory(void **state)
{
    (void)state;
    static uint8_t memory[2000];
    size_t need = tct_size_add(tct_arena_cost(7, 16), tct_arena_cost(1, 33));
    need = tct_size_add(need, tct_arena_cost(100, 3));
    for (size_t start = 0; start < 64; start++) {
        tct_arena arena;
        tct_arena_init(&arena, memory + start, need);
        assert_non_null(tct_arena_take(&arena, 7, 16));
        assert_non_null(tct_arena_take(&arena, 1, 33));
        assert_non_null(tct_arena_take(&arena, 100, 3));
    }
}

static void the_gap_before_aligned_memory_counts(void **state)
{
    (void)state;
    static _Alignas(64) uint8_t memory[200];
    for (size_t start = 0; start < 64; start++) {
        size_t gap = (64 - start) % 64;
        tct_arena arena;
        tct_arena_init(&arena, memory + start, gap + 70);
        assert_null(tct_arena_take(&arena, 1, 71));
        assert_int_equal(arena.used, 0);
        assert_non_null(tct_arena_take(&arena, 1, 70));
        assert_int_equal(arena.used, gap + 70);
    }
}

static void masks_are_all_or_nothing(void **state)
{
    (void)state;
    assert_int_equal(tct_mask_of_bit(0).bits, 0);
    assert_int_equal(tct_mask_of_bit(1).bits, UINT64_MAX);
    assert_int_equal(tct_mask_of_nonzero(0).bits, 0);
    for (int i = 0; i < 64; i++) {
        assert_int_equal(tct_mask_of_nonzero((uint64_t)1 << i).bits, UINT64_MAX);
        assert_int_equal(tct_mask_of_nonzero(UINT64_MAX << i).bits, UINT64_MAX);
        assert_int_equal(tct_mask_equal((uint64_t)1 << i, (uint64_t)1 << i).bits, UINT64_MAX);
        assert_int_equal(tct_mask_equal((uint64_t)1 << i, 0).bits, 0);
    }
    const tct_mask yes = tct_mask_of_bit(1), no = tct_mask_of_bit(0);
    assert_true(tct_mask_reveal(yes));
    assert_false(tct_mask_reveal(no));
    assert_false(tct_mask_reveal(tct_mask_and(yes, no)));
    assert_true(tct_mask_reveal(tct_mask_or(yes, no)));
    assert_false(tct_mask_reveal(tct_mask_not(yes)));
}

static void one_differing_bit_anywhere_is_seen(void **state)
{
    (void)state;
    uint8_t a[40], b[40];
    for (size_t bytes = 0; bytes <= sizeof a; bytes++) {
        memset(a, 0x33, sizeof a);
        memcpy(b, a, sizeof a);
        assert_false(tct_mask_reveal(tct_differ(a, b, bytes)));
        for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
            b[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(tct_mask_reveal(tct_differ(a, b, bytes)), bit / 8 < bytes);
            b[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
}

static void numbers_are_little_endian(void **state)
{
    (void)state;
    uint8_t bytes[8];
    tct_store64(bytes, 0x8877665544332211);
    for (int i = 0; i < 8; i++)
        assert_int_equal(bytes[i], 0x11 * (i + 1));
    assert_int_equal(tct_load64(bytes), 0x8877665544332211);
    assert_int_equal(tct_load32(bytes), 0x44332211);
    assert_int_equal(tct_load16(bytes), 0x2211);
    tct_store32(bytes, 0xaabbccdd);
    tct_store16(bytes + 4, 0xeeff);
    static const uint8_t want[] = {0xdd, 0xcc, 0xbb, 0xaa, 0xff, 0xee};
    assert_memory_equal(bytes, want, sizeof want);
}

static void wiping_leaves_zeros(void **state)
{
    (void)state;
    uint8_t bytes[33];
    static const uint8_t zeros[33];
    memset(bytes, 1, sizeof bytes);
    tct_wipe(bytes, 0);
    assert_int_equal(bytes[0], 1);
    tct_wipe(bytes, sizeof bytes);
    assert_memory_equal(bytes, zeros, sizeof bytes);
    tct_wipe(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_arena_gives_zeroed_aligned_memory_until_it_is_full),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(the_sum_of_costs_is_enough_memory),
        cmocka_unit_test(the_gap_before_aligned_memory_counts),
        cmocka_unit_test(masks_are_all_or_nothing),
        cmocka_unit_test(one_differing_bit_anywhere_is_seen),
        cmocka_unit_test(numbers_are_little_endian),
        cmocka_unit_test(wiping_leaves_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
