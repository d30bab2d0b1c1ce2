/* SPDX-License-Identifier: ISC
 *
 * A run put aside before its reveal: the same outputs from the bytes alone, however many there are; and
 * nothing from bytes or a release that do not fit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "garble/sealed.h"
#include "support/engine_pair.h"
#include "support/random_circuit.h"

typedef struct {
    uint8_t *bytes[2];
    size_t count;
    uint8_t want[300];
    uint32_t outputs;
} aside;

static void put_aside(aside *a, uint64_t seed, uint32_t outputs)
{
    uint8_t x[8], y[8];
    random_source random = random_from(seed);
    random_shape shape = {{5, 6}, 20, 10, outputs};
    tct_circuit *c = random_circuit(seed, shape);
    tct_engine_params params = tct_engine_params_for(20);
    params.mode |= TCT_MODE_ESCROW;
    engine_pair *p = engine_pair_new((engine_pair_options){.params = params, .seed = seed});
    random_bits(&random, x, 5);
    random_bits(&random, y, 6);
    random_circuit_evaluate(c, x, y, a->want);
    a->outputs = outputs;
    assert_int_equal(engine_pair_execute(p, c, 0, x, y), TCT_ERR_USAGE);
    for (int role = 0; role < 2; role++) {
        a->count = tct_run_sealed_bytes(p->run[role]);
        size_t bytes = a->count - 1;
        a->bytes[role] = malloc(a->count + 1);
        assert_int_equal(tct_run_put_aside(p->run[role], a->bytes[role], &bytes),
                         TCT_ERR_SPACE);
        bytes = a->count;
        assert_int_equal(tct_run_put_aside(p->run[role], a->bytes[role], &bytes), TCT_OK);
        assert_int_equal(bytes, a->count);
        assert_true(tct_run_revealed(p->run[role]));
        assert_int_equal(tct_run_put_aside(p->run[role], a->bytes[role], &bytes),
                         TCT_ERR_USAGE); /* once */
    }
    engine_pair_free(p);
    random_circuit_free(c);
}

static void end(aside *a)
{
    free(a->bytes[0]);
    free(a->bytes[1]);
}

static void the_outputs_come_from_the_bytes_alone(void **state)
{
    (void)state;
    static const uint32_t outputs[] = {1, 2, 4, 5, 33, 256};
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        aside a;
        tct_sealed_run s[2];
        uint8_t got[300];
        put_aside(&a, 100 + i, outputs[i]);
        for (int role = 0; role < 2; role++)
            assert_true(tct_sealed_run_read(&s[role], a.bytes[role], a.count));
        for (int role = 0; role < 2; role++) {
            size_t third = tct_sealed_deposit_bytes(&s[role]) / 3;
            assert_int_equal(tct_sealed_release(&s[role], s[1 - role].deposit, third, got),
                             TCT_OK);
            assert_memory_equal(got, a.want, outputs[i]);
            /* and again: it is the same as often as it is fetched */
            assert_int_equal(tct_sealed_release(&s[role], s[1 - role].deposit, third, got),
                             TCT_OK);
        }
        end(&a);
    }
}

static void a_release_that_does_not_fit_gives_nothing(void **state)
{
    (void)state;
    aside a;
    tct_sealed_run s[2];
    uint8_t got[300], junk[16 * 489];
    put_aside(&a, 7, 2);
    for (int role = 0; role < 2; role++)
        assert_true(tct_sealed_run_read(&s[role], a.bytes[role], a.count));
    size_t third = tct_sealed_deposit_bytes(&s[0]) / 3;
    for (size_t at = 0; at < third; at += 37) {
        memcpy(junk, s[1].deposit, third);
        junk[at] ^= 0x10;
        memset(got, 7, sizeof got);
        assert_int_equal(tct_sealed_release(&s[0], junk, third, got), TCT_ERR_CHEAT);
        assert_int_equal(got[0], 7);
    }
    assert_int_equal(tct_sealed_release(&s[0], s[0].deposit, third, got), TCT_ERR_CHEAT);
    assert_int_equal(tct_sealed_release(&s[0], s[1].deposit, third - 1, got), TCT_ERR_FORMAT);
    assert_int_equal(tct_sealed_release(&s[0], s[1].deposit, third + 16, got), TCT_ERR_FORMAT);
    assert_int_equal(tct_sealed_release(&s[0], s[1].deposit, 0, got), TCT_ERR_FORMAT);
    end(&a);
}

static void bytes_of_no_run_are_refused(void **state)
{
    (void)state;
    aside a;
    tct_sealed_run s;
    put_aside(&a, 8, 5);
    for (size_t cut = 0; cut < a.count; cut += 11)
        assert_false(tct_sealed_run_read(&s, a.bytes[0], cut));
    assert_false(tct_sealed_run_read(&s, a.bytes[0], a.count + 1));
    for (int at = 0; at < 8; at++)
        for (int bit = 0; bit < 8; bit++) {
            a.bytes[0][at] ^= (uint8_t)(1 << bit);
            assert_false(tct_sealed_run_read(&s, a.bytes[0], a.count));
            a.bytes[0][at] ^= (uint8_t)(1 << bit);
        }
    end(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_outputs_come_from_the_bytes_alone),
        cmocka_unit_test(a_release_that_does_not_fit_gives_nothing),
        cmocka_unit_test(bytes_of_no_run_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
