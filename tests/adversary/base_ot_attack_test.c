/* SPDX-License-Identifier: ISC
 *
 * Attacks on the base OT (protocol.md 8.8, rows 1 and 2): bad encodings, points that add up to the
 * identity, and an F1 that is thrown back or comes from another session.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "garble/run_state.h"
#include "support/engine_pair.h"
#include "support/random_circuit.h"

static const tct_engine_params tags = {64, 64, 0};
static uint8_t f1[2][TCT_F1_BYTES];

/* Two engines that have made F1 and taken nothing. */
static engine_pair *strangers(uint64_t seed)
{
    engine_pair *p = engine_pair_prepare((engine_pair_options){.params = tags, .seed = seed});
    for (int role = 0; role < 2; role++)
        tct_engine_f1_send(p->engine[role], f1[role]);
    return p;
}

static const uint8_t bad_encodings[][32] = {
    /* the prime: 0 written another way */
    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {1}, /* negative */
    /* not a square (RFC 9496 A.3) */
    {0x26, 0x94, 0x8d, 0x35, 0xca, 0x62, 0xe6, 0x43, 0xe2, 0x6a, 0x83,
     0x17, 0x73, 0x32, 0xe6, 0xb6, 0xaf, 0xeb, 0x9d, 0x08, 0xe4, 0x26,
     0x8b, 0x65, 0x0f, 0x1f, 0x5b, 0xbd, 0x8d, 0x81, 0xd3, 0x71},
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80}, /* the unused high bit */
};

static void non_canonical_encodings_are_refused_wherever_they_stand(void **state)
{
    static const size_t places[] = {0, 32, 64, 32 + 64 * 57 + 32, TCT_F1_BYTES - 32};
    (void)state;
    for (size_t i = 0; i < sizeof bad_encodings / sizeof *bad_encodings; i++)
        for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
            engine_pair *p = strangers(1);
            uint8_t th_s[32] = {0};
            memcpy(f1[1] + places[k], bad_encodings[i], 32);
            assert_int_equal(tct_engine_f1_recv(p->engine[0], f1[1]), TCT_ERR_FORMAT);
            assert_int_equal(tct_engine_f1_recv(p->engine[0], f1[1]), TCT_ERR_FORMAT);
            assert_int_equal(tct_engine_bind(p->engine[0], th_s), TCT_ERR_FORMAT);
            engine_pair_free(p);
            if (i > 0)
                break; /* every place for one encoding, one place for the others */
        }
}

static void identity_as_sender_point_is_refused(void **state)
{
    (void)state;
    engine_pair *p = strangers(2);
    memset(f1[1], 0, 32);
    assert_int_equal(tct_engine_f1_recv(p->engine[0], f1[1]), TCT_ERR_CHEAT);
    assert_int_equal(tct_engine_f1_recv(p->engine[0], f1[1]), TCT_ERR_CHEAT);
    engine_pair_free(p);
}

/* R_{i,c} = -H2G_c(R_{i,1-c}): the sender's M would be the identity and its key known. */
static void point_that_cancels_the_oracle_is_refused(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 2; c++) {
        engine_pair *p = strangers(3);
        uint8_t text[75], wide[64], th_s[32] = {0}, *pair = f1[1] + 32 + 64 * 5;
        tct_element zero = {{0}}, oracle;
        memcpy(text, "bot-h", 5);
        text[5] = (uint8_t)c;
        memcpy(text + 6, p->engine[0]->sid, 32);
        text[38] = TCT_ROLE_Y;
        tct_store32(text + 39, 5);
        memcpy(text + 43, pair + 32 * (1 - c), 32);
        tct_sha512(wide, &(tct_part){text, sizeof text}, 1);
        tct_element_from_wide(&oracle, wide);
        tct_element_sub(&oracle, &zero, &oracle);
        memcpy(pair + 32 * c, oracle.bytes, 32);
        assert_int_equal(tct_engine_f1_recv(p->engine[0], f1[1]), TCT_OK);
        assert_int_equal(tct_engine_bind(p->engine[0], th_s), TCT_ERR_CHEAT);
        assert_int_equal(tct_engine_bind(p->engine[0], th_s), TCT_ERR_CHEAT);
        engine_pair_free(p);
    }
}

/* The identity as R is an encoding like any other (the session fails later, by the trees). */
static void identity_as_receiver_point_is_no_format_error(void **state)
{
    (void)state;
    engine_pair *p = strangers(4);
    uint8_t th_s[32] = {0};
    memset(f1[1] + 32, 0, 64);
    assert_int_equal(tct_engine_f1_recv(p->engine[0], f1[1]), TCT_OK);
    assert_int_equal(tct_engine_bind(p->engine[0], th_s), TCT_OK);
    engine_pair_free(p);
}

static const tct_gate gate = {TCT_GATE_AND, 0, 1};
static const uint32_t output[] = {2};
static const tct_circuit one = {{1, 1}, 1, 1, 1, &gate, output};

/* Gives `peer_f1` to X, then X's own F2 back to X (both are what a mirror can do). */
static void expect_mirror_fails(engine_pair *p, const uint8_t *peer_f1)
{
    uint8_t th_s[32] = {7}, seed[32] = {1}, body[8192];
    size_t bytes = sizeof body, need = tct_run_bytes(&one, tags);
    void *memory = malloc(need);
    tct_run *run;
    assert_int_equal(tct_engine_f1_recv(p->engine[0], peer_f1), TCT_OK);
    assert_int_equal(tct_engine_bind(p->engine[0], th_s), TCT_OK);
    assert_int_equal(tct_run_init(&run, memory, need, p->engine[0], &one, 0, 0, seed), TCT_OK);
    assert_int_equal(tct_run_send(run, body, &bytes), TCT_OK);
    assert_int_equal(tct_run_recv(run, body, bytes), TCT_ERR_CHEAT);
    assert_int_equal(tct_run_want(run), 0);
    free(memory);
}

static void mirrored_f1_fails_in_f2(void **state)
{
    (void)state;
    engine_pair *p = strangers(5);
    expect_mirror_fails(p, f1[0]);
    engine_pair_free(p);
}

/* Y's F1 of an old session, with all that Y says afterwards. */
static void replayed_f1_fails_in_f2(void **state)
{
    uint8_t old[TCT_F1_BYTES], th_s[32] = {7}, seed[32] = {1}, body[8192];
    size_t bytes = sizeof body, need = tct_run_bytes(&one, tags);
    (void)state;
    engine_pair *p = strangers(6);
    memcpy(old, f1[1], sizeof old);
    engine_pair *q = strangers(7);
    assert_int_equal(tct_engine_f1_recv(q->engine[0], old), TCT_OK);
    assert_int_equal(tct_engine_f1_recv(p->engine[1], f1[0]), TCT_OK);
    tct_run *run[2];
    void *memory[2];
    for (int role = 0; role < 2; role++) {
        tct_engine *e = role == 0 ? q->engine[0] : p->engine[1];
        memory[role] = malloc(need);
        assert_int_equal(tct_engine_bind(e, th_s), TCT_OK);
        assert_int_equal(tct_run_init(&run[role], memory[role], need, e, &one, 0, 0, seed),
                         TCT_OK);
    }
    assert_int_equal(tct_run_send(run[1], body, &bytes), TCT_OK);
    assert_int_equal(tct_run_recv(run[0], body, bytes), TCT_ERR_CHEAT);
    for (int role = 0; role < 2; role++)
        free(memory[role]);
    engine_pair_free(p);
    engine_pair_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(non_canonical_encodings_are_refused_wherever_they_stand),
        cmocka_unit_test(identity_as_sender_point_is_refused),
        cmocka_unit_test(point_that_cancels_the_oracle_is_refused),
        cmocka_unit_test(identity_as_receiver_point_is_no_format_error),
        cmocka_unit_test(mirrored_f1_fails_in_f2),
        cmocka_unit_test(replayed_f1_fails_in_f2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
