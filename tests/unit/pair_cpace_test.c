/* SPDX-License-Identifier: ISC
 *
 * CPace: the draft's own vectors (group operations), the prototype's strings (everything that is
 * bytes), and two people with the same and with different codes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/hash.h"
#include "pair/cpace.h"
#include "support/kat.h"

typedef struct {
    uint8_t bytes[200];
    size_t length;
} text;

static text read_text(const char *key)
{
    text t;
    t.length = kat_hex(t.bytes, sizeof t.bytes, "%s", key);
    return t;
}

static tct_part part(const text *t)
{
    return (tct_part){t->bytes, t->length};
}

static tct_scalar read_scalar(const char *key)
{
    tct_scalar s;
    assert_int_equal(kat_hex(s.bytes, sizeof s.bytes, "%s", key), 32);
    return s;
}

static void the_draft_s_generator_and_shares_come_out(void **state)
{
    (void)state;
    kat_open("cpace.txt");
    text prs = read_text("PRS"), ci = read_text("CI"), sid = read_text("sid");
    uint8_t digest[64], share[32];
    tct_cpace_generator_digest(digest, part(&prs), part(&ci), part(&sid));
    assert_true(kat_is(digest, sizeof digest, "generator_digest"));
    tct_element generator;
    tct_element_from_wide(&generator, digest);
    assert_true(kat_is(generator.bytes, 32, "generator"));
    tct_scalar ya = read_scalar("ya"), yb = read_scalar("yb");
    tct_cpace_share(share, &ya, digest);
    assert_true(kat_is(share, 32, "Ya"));
    tct_cpace_share(share, &yb, digest);
    assert_true(kat_is(share, 32, "Yb"));
}

static void the_draft_s_secret_and_key_come_out_on_both_sides(void **state)
{
    (void)state;
    kat_open("cpace.txt");
    tct_scalar ya = read_scalar("ya"), yb = read_scalar("yb");
    text sid = read_text("sid"), a = read_text("Ya"), b = read_text("Yb");
    text ad_a = read_text("ADa"), ad_b = read_text("ADb");
    uint8_t k[32], isk[TCT_ISK_BYTES];
    assert_int_equal(tct_cpace_secret(k, &ya, b.bytes), TCT_OK);
    assert_true(kat_is(k, 32, "K"));
    assert_int_equal(tct_cpace_secret(k, &yb, a.bytes), TCT_OK);
    assert_true(kat_is(k, 32, "K"));
    tct_part x[2] = {part(&a), part(&ad_a)}, y[2] = {part(&b), part(&ad_b)};
    tct_cpace_isk(isk, part(&sid), k, x, y);
    assert_true(kat_is(isk, sizeof isk, "ISK"));
}

/* The draft: these encodings must give the neutral element, and the protocol must stop there. */
static void shares_that_are_no_elements_are_refused(void **state)
{
    (void)state;
    kat_open("cpace.txt");
    tct_scalar s = read_scalar("valid.s");
    text valid = read_text("valid.X");
    uint8_t k[32] = {7};
    assert_int_equal(tct_cpace_secret(k, &s, valid.bytes), TCT_OK);
    assert_true(kat_is(k, 32, "valid.product"));
    for (int i = 0; i < 2; i++) {
        uint8_t bad[32];
        uint8_t untouched[32] = {7};
        memcpy(k, untouched, sizeof k);
        kat_hex(bad, sizeof bad, "invalid.%d", i);
        assert_int_equal(tct_cpace_secret(k, &s, bad), TCT_ERR_FORMAT);
        assert_memory_equal(k, untouched, sizeof k);
    }
}

/* F1rest of the prototype: HASH("kat", "str", name, u32 i) for i = 0 … 256. */
static void f1_rest(uint8_t out[8224], const char *name)
{
    for (uint32_t i = 0; i < 257; i++) {
        tct_hash h;
        tct_hash_init(&h, "kat");
        tct_hash_field(&h, "str", 3);
        tct_hash_field(&h, name, strlen(name));
        tct_hash_u32(&h, i);
        tct_hash_final(&h, out + (size_t)32 * i);
    }
}

static void hash_one(uint8_t out[32], const char *tag, const void *field, size_t bytes)
{
    tct_hash h;
    tct_hash_init(&h, tag);
    tct_hash_field(&h, field, bytes);
    tct_hash_final(&h, out);
}

static void the_prototype_s_strings_come_out(void **state)
{
    (void)state;
    kat_open("protocol.txt");
    text prs = read_text("strings.CPace.PRS"), room = read_text("strings.room");
    text bond = read_text("strings.sheet_hash"), k = read_text("strings.CPace.K");
    uint8_t ci[TCT_CI_BYTES], digest[64];
    tct_cpace_ci(ci, bond.bytes);
    assert_true(kat_is(ci, sizeof ci, "strings.CPace.CI"));
    tct_cpace_generator_digest(digest, part(&prs), (tct_part){ci, sizeof ci}, part(&room));
    assert_true(kat_is(digest, sizeof digest, "strings.CPace.gen_sha512"));
    text shares[2] = {read_text("strings.CPace.Y_X"), read_text("strings.CPace.Y_Y")};
    text ads[2] = {read_text("strings.CPace.AD_X"), read_text("strings.CPace.AD_Y")};
    tct_part x[2] = {part(&shares[0]), part(&ads[0])}, y[2] = {part(&shares[1]), part(&ads[1])};
    uint8_t isk[TCT_ISK_BYTES], t[TCT_CONFIRM_BYTES];
    tct_cpace_isk(isk, part(&room), k.bytes, x, y);
    assert_true(kat_is(isk, sizeof isk, "strings.CPace.ISK"));
    text sid = read_text("strings.sid");
    for (int role = 0; role < 2; role++) {
        tct_hello hello;
        memcpy(hello.share, shares[role].bytes, sizeof hello.share);
        memcpy(hello.ad, ads[role].bytes, sizeof hello.ad);
        tct_cpace_confirmation(t, sid.bytes, isk, &hello);
        assert_true(kat_is(t, sizeof t, "strings.CPace.T_%c", "XY"[role]));
    }
}

static void associated_data_is_the_prototype_s_and_is_recomputed(void **state)
{
    (void)state;
    static uint8_t rest[8224];
    kat_open("protocol.txt");
    text bond = read_text("strings.sheet_hash"), program = read_text("strings.program_id");
    for (int role = 0; role < 2; role++) {
        uint8_t f1[32], ad[TCT_AD_BYTES];
        f1_rest(rest, role == 0 ? "F1rest_X" : "F1rest_Y");
        hash_one(f1, "f1", rest, sizeof rest);
        text given = read_text(role == 0 ? "strings.CPace.AD_X" : "strings.CPace.AD_Y");
        assert_int_equal(given.length, TCT_AD_BYTES);
        tct_cpace_ad(ad, role, bond.bytes, program.bytes, given.bytes + 74, f1);
        assert_memory_equal(ad, given.bytes, sizeof ad);
        assert_true(tct_cpace_ad_is(ad, role, bond.bytes, program.bytes, f1));
        assert_false(tct_cpace_ad_is(ad, 1 - role, bond.bytes, program.bytes, f1));
        for (size_t i = 0; i < sizeof ad; i++) {
            bool nonce = i >= 74 && i < 106; /* the one field that the peer chooses */
            ad[i] ^= 1;
            assert_int_equal(tct_cpace_ad_is(ad, role, bond.bytes, program.bytes, f1), nonce);
            ad[i] ^= 1;
        }
    }
}

/* A whole meeting; returns whether the confirmations fit. */
static bool meet(const char *code_x, const char *code_y, const char *room_y)
{
    static const uint8_t bond[32] = {1}, program[32] = {2}, nonce[32] = {3}, f1[32] = {4};
    const char *codes[2] = {code_x, code_y}, *rooms[2] = {"room", room_y};
    uint8_t ci[TCT_CI_BYTES], digest[64], k[32], isk[2][TCT_ISK_BYTES];
    tct_hello hello[2];
    tct_scalar y[2];
    tct_cpace_ci(ci, bond);
    for (int i = 0; i < 2; i++) {
        uint8_t wide[64] = {(uint8_t)(i + 1)};
        tct_scalar_from_wide(&y[i], wide);
        tct_cpace_generator_digest(digest, (tct_part){codes[i], strlen(codes[i])},
                                   (tct_part){ci, sizeof ci},
                                   (tct_part){rooms[i], strlen(rooms[i])});
        tct_cpace_share(hello[i].share, &y[i], digest);
        tct_cpace_ad(hello[i].ad, i, bond, program, nonce, f1);
    }
    tct_part x[2] = {{hello[0].share, 32}, {hello[0].ad, TCT_AD_BYTES}};
    tct_part z[2] = {{hello[1].share, 32}, {hello[1].ad, TCT_AD_BYTES}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(tct_cpace_secret(k, &y[i], hello[1 - i].share), TCT_OK);
        tct_cpace_isk(isk[i], (tct_part){rooms[i], strlen(rooms[i])}, k, x, z);
    }
    uint8_t sent[32], wanted[32], own[32];
    tct_cpace_confirmation(sent, bond, isk[0], &hello[0]);
    tct_cpace_confirmation(wanted, bond, isk[1], &hello[0]);
    tct_cpace_confirmation(own, bond, isk[0], &hello[1]);
    assert_memory_not_equal(sent, own, 32); /* a mirrored T never fits */
    return memcmp(sent, wanted, 32) == 0;
}

static void the_same_code_meets_and_any_other_does_not(void **state)
{
    (void)state;
    assert_true(meet("7-lantern-harbor", "7-lantern-harbor", "room"));
    assert_false(meet("7-lantern-harbor", "7-lantern-hatch", "room"));
    assert_false(meet("7-lantern-harbor", "8-lantern-harbor", "room"));
    assert_false(meet("7-lantern-harbor", "7-harbor-lantern", "room"));
    assert_false(meet("7-lantern-harbor", "7-lantern-harbor", "other"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_draft_s_generator_and_shares_come_out),
        cmocka_unit_test(the_draft_s_secret_and_key_come_out_on_both_sides),
        cmocka_unit_test(shares_that_are_no_elements_are_refused),
        cmocka_unit_test(the_prototype_s_strings_come_out),
        cmocka_unit_test(associated_data_is_the_prototype_s_and_is_recomputed),
        cmocka_unit_test(the_same_code_meets_and_any_other_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
