/* SPDX-License-Identifier: ISC
 *
 * The order by levels: every gate once, operands first, and no AND beside one that feeds it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "garble/schedule.h"
#include "support/random_circuit.h"

static void expect_order(const tct_circuit *c)
{
    tct_engine_params params = tct_engine_params_for(c->and_count);
    tct_run r = {.circuit = c};
    assert_true(tct_shape_init(&r.shape, c, params, 3, 0, 0));
    uint32_t *memory = calloc(1, (size_t)tct_schedule_bytes(&r.shape) + 4);
    uint32_t *guard = memory + tct_schedule_bytes(&r.shape) / 4;
    uint8_t *done = calloc(1, r.shape.wires); /* 1: before this batch of ANDs */
    uint32_t *number = calloc(c->gate_count + 1, sizeof *number);
    uint32_t first = tct_run_first_gate(&r), ands = 0, pending = 0;
    *guard = 0x5a5a5a5a;
    for (uint32_t i = 0; i < c->gate_count; i++)
        number[i] = c->gates[i].kind == TCT_GATE_AND ? ands++ : 0;
    memset(done, 1, first);
    r.order = memory;
    r.and_number = memory + c->gate_count;
    tct_schedule_make(&r);
    assert_int_equal(*guard, 0x5a5a5a5a);
    ands = 0;
    for (uint32_t i = 0; i < c->gate_count; i++) {
        uint32_t entry = r.order[i], index = entry & ~(uint32_t)TCT_SCHEDULE_FIRST;
        const tct_gate *g = &c->gates[index];
        if (g->kind != TCT_GATE_AND || (entry & TCT_SCHEDULE_FIRST) != 0) {
            for (; pending > 0;
                 pending--) /* the ANDs before are worked off here at the latest */
                done[first + (r.order[i - pending] & ~(uint32_t)TCT_SCHEDULE_FIRST)] = 1;
        }
        assert_int_equal(done[first + index], 0);
        assert_int_equal(done[g->a] & done[g->b], 1);
        if (g->kind == TCT_GATE_AND) {
            assert_int_equal(r.and_number[ands++], number[index]);
            pending++;
        } else {
            done[first + index] = 1;
        }
    }
    assert_int_equal(ands, c->and_count);
    free(memory);
    free(done);
    free(number);
}

static void every_gate_comes_once_after_what_feeds_it(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        tct_circuit *c = random_circuit(seed, random_small_shape(seed, 300));
        expect_order(c);
        random_circuit_free(c);
    }
}

static void a_chain_and_a_row_are_ordered_too(void **state)
{
    enum { LENGTH = 500 };
    static tct_gate gates[LENGTH];
    static const uint32_t outputs[] = {LENGTH + 1};
    const tct_circuit c = {{1, 1}, LENGTH, 1, LENGTH, gates, outputs};
    (void)state;
    for (uint32_t i = 0; i < LENGTH; i++)
        gates[i] = (tct_gate){TCT_GATE_AND, i, i + 1}; /* every AND a level of its own */
    expect_order(&c);
    for (uint32_t i = 0; i < LENGTH; i++)
        gates[i] = (tct_gate){TCT_GATE_AND, 0, 1}; /* all in one */
    expect_order(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gate_comes_once_after_what_feeds_it),
        cmocka_unit_test(a_chain_and_a_row_are_ordered_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
