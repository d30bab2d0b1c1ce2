/* SPDX-License-Identifier: ISC
 *
 * The square transposition of every backend, bit by bit, on random squares and on every single bit.
 */
#include "crypto/transpose.h"
#include "support/kat.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static tct_block planes[128], rows[128], back[128];

static void every_single_bit_goes_to_its_mirror_place(void **state)
{
    (void)state;
    static tct_block want[128];
    for (unsigned p = 0; p < 128; p++)
        for (unsigned j = 0; j < 128; j++) {
            memset(planes, 0, sizeof planes);
            memset(want, 0, sizeof want);
            tct_bit_put((uint8_t *)&planes[p], j, 1);
            tct_bit_put((uint8_t *)&want[j], p, 1);
            tct_transpose128(planes, rows);
            assert_memory_equal(rows, want, sizeof want);
        }
}

static void random_squares_are_transposed_and_back(void **state)
{
    (void)state;
    random_source r = random_from(10);
    for (int trial = 0; trial < 20; trial++) {
        random_bytes(&r, (uint8_t *)planes, sizeof planes);
        tct_transpose128(planes, rows);
        for (unsigned p = 0; p < 128; p++)
            for (unsigned j = 0; j < 128; j++)
                assert_int_equal(tct_block_bit(rows[j], p), tct_block_bit(planes[p], j));
        tct_transpose128(rows, back);
        assert_memory_equal(back, planes, sizeof back);
    }
}

static void in_place_is_fine(void **state)
{
    (void)state;
    random_source r = random_from(11);
    random_bytes(&r, (uint8_t *)planes, sizeof planes);
    tct_transpose128(planes, rows);
    tct_transpose128(planes, planes);
    assert_memory_equal(planes, rows, sizeof rows);
}

static void every_backend_passes_them_all(void **state)
{
    for (size_t b = 0; tct_transpose_backends[b] != NULL; b++) {
        if (!tct_transpose_backends[b]->usable())
            continue;
        print_message("backend %s\n", tct_transpose_backends[b]->name);
        tct_transpose_choose(tct_transpose_backends[b]);
        assert_true(tct_transpose_self_test(tct_transpose_backends[b]));
        every_single_bit_goes_to_its_mirror_place(state);
        random_squares_are_transposed_and_back(state);
        in_place_is_fine(state);
    }
    tct_transpose_choose(NULL);
}

static void wrong_in_one_bit(const tct_block in[128], tct_block out[128])
{
    tct_transpose128(in, out);
    out[127].hi ^= (uint64_t)1 << 63;
}

static void the_self_test_sees_a_wrong_backend(void **state)
{
    (void)state;
    const tct_transpose_backend bad = {.transpose = wrong_in_one_bit};
    assert_false(tct_transpose_self_test(&bad));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_backend_passes_them_all),
        cmocka_unit_test(the_self_test_sees_a_wrong_backend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
