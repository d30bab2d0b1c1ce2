/* SPDX-License-Identifier: ISC
 *
 * Two parties of tacit.h under valgrind, with seeds and inputs secret: also taking the input apart and
 * handing it to the run, as well as packing the result, show nothing of it.
 */
#include "base/mask.h"
#include "tacit/tacit.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* values of 3 and 9 bits for the first, 2 for the second; two ANDs and a few XORs */
static const char text[] = "5 19\n3 3 9 2\n2 3 1\n2 1 0 12 14 AND\n2 1 11 13 15 AND\n"
                           "2 1 14 15 16 XOR\n2 1 1 4 17 XOR\n1 1 15 18 EQW\n";

static void *claim(size_t bytes)
{
    void *p = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
    assert_non_null(p);
    return p;
}

static bool carry(tacit_party *from, tacit_party *to)
{
    if (!(tacit_party_want(from) & TACIT_WANT_SEND))
        return false;
    size_t bytes = tacit_party_send_bytes(from);
    uint8_t *message = claim(bytes);
    assert_int_equal(tacit_party_send(from, message, &bytes), TACIT_OK);
    TCT_PUBLIC(message, bytes); /* it has left */
    assert_int_equal(tacit_party_recv(to, message, bytes), TACIT_OK);
    free(message);
    return true;
}

static void a_party_shows_no_secret(void **state)
{
    (void)state;
    char error[200];
    const uint8_t owner[3] = {0, 0, 1}, sid[32] = {3};
    uint8_t input[2][3] = {{5, 0x0b, 1}, {3}};
    const size_t input_bytes[2] = {3, 1};
    size_t bytes = tacit_circuit_bytes(sizeof text - 1);
    void *memory[3] = {claim(bytes)};
    tacit_circuit *circuit;
    tacit_party *party[2];
    assert_int_equal(
        tacit_circuit_read(&circuit, memory[0], bytes, text, sizeof text - 1, owner, error),
        TACIT_OK);
    for (int person = 0; person < 2; person++) {
        uint8_t seed[32] = {(uint8_t)person};
        TCT_SECRET(seed, sizeof seed);
        TCT_SECRET(input[person], sizeof input[person]);
        bytes = tacit_party_bytes(circuit);
        memory[1 + person] = claim(bytes);
        assert_int_equal(tacit_party_init(&party[person], memory[1 + person], bytes, circuit,
                                          person, sid, seed),
                         TACIT_OK);
        assert_int_equal(tacit_party_input(party[person], input[person], input_bytes[person]),
                         TACIT_OK);
    }
    while (carry(party[0], party[1]) || carry(party[1], party[0]))
        ;
    for (int person = 0; person < 2; person++) {
        uint8_t got[2];
        const uint8_t *result = tacit_party_result(party[person], &bytes);
        assert_non_null(result);
        assert_int_equal(bytes, 2);
        memcpy(got, result, sizeof got);
        TCT_PUBLIC(got, sizeof got);
        /* the outputs are wires 15, 16, 17 and 18: x8·y1 = 1, 1 ⊕ x0·y0 = 0, x1 ⊕ x4 = 1, 1 */
        assert_int_equal(got[0], 5);
        assert_int_equal(got[1], 1);
        tacit_party_wipe(party[person]);
    }
    for (int i = 0; i < 3; i++)
        free(memory[i]);
}

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_party_shows_no_secret),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
