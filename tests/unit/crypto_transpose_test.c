/* SPDX-License-Identifier: ISC
 *
 * The square transposition bit by bit, on random squares and on every single bit.
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_single_bit_goes_to_its_mirror_place),
        cmocka_unit_test(random_squares_are_transposed_and_back),
        cmocka_unit_test(in_place_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
