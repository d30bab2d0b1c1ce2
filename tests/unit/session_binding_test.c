/* SPDX-License-Identifier: ISC
 *
 * What ties a session to sheet, program, roles and room: the prototype's values, those of session.py,
 * and that every part counts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/hash.h"
#include "session/binding.h"
#include "support/kat.h"

static void the_prototype_s_sheet_hash_sid_and_question_come_out(void **state)
{
    (void)state;
    uint8_t text[64], options[64], program[32], room[16], params[5], out[32], sid[32];
    kat_open("protocol.txt");
    size_t text_bytes = kat_hex(text, sizeof text, "strings.sheet_text");
    size_t options_bytes = kat_hex(options, sizeof options, "strings.options");
    kat_hex(program, sizeof program, "strings.program_id");
    kat_hex(room, sizeof room, "strings.room");
    tct_bind_sheet(out, (tct_part){text, text_bytes}, (tct_part){options, options_bytes}, 1, 2,
                   program);
    assert_true(kat_is(out, 32, "strings.sheet_hash"));
    tct_bind_params(params, tct_engine_params_for(1));
    assert_true(kat_is(params, 5, "strings.params_field"));
    tct_bind_sid(sid, room, out, program, params);
    assert_true(kat_is(sid, 32, "strings.sid"));
    size_t question_bytes = kat_hex(text, sizeof text, "strings.channel.question");
    tct_bind_question(out, sid, (tct_part){text, question_bytes}, 0);
    assert_true(kat_is(out, 32, "strings.channel.qid"));
}

/* F1rest of the prototype: HASH("kat", "str", name, u32 i) for i = 0 … 256. */
static void make_body(uint8_t out[8395], char who)
{
    const char name[] = {'F', '1', 'r', 'e', 's', 't', '_', who};
    kat_hex(out, 32, "strings.CPace.Y_%c", who);
    kat_hex(out + 32, 139, "strings.CPace.AD_%c", who);
    for (uint32_t i = 0; i < 257; i++) {
        tct_hash h;
        tct_hash_init(&h, "kat");
        tct_hash_field(&h, "str", 3);
        tct_hash_field(&h, name, sizeof name);
        tct_hash_u32(&h, i);
        tct_hash_final(&h, out + 171 + (size_t)32 * i);
    }
}

static void the_prototype_s_chain_comes_out(void **state)
{
    (void)state;
    static uint8_t x[8395], y[8395];
    uint8_t out[32];
    kat_open("protocol.txt");
    make_body(x, 'X');
    make_body(y, 'Y');
    tct_bind_chain(out, (tct_part){x, sizeof x}, (tct_part){y, sizeof y});
    assert_true(kat_is(out, 32, "strings.CPace.th_S"));
    tct_bind_f1(out, x + 171);
    assert_memory_equal(out, x + 171 - 32, 32); /* the last field of AD */
}

static void veils_are_those_of_the_document(void **state)
{
    (void)state;
    uint8_t nonce[32], room[16], program[32], text[64], sheet[32], params[5], out[32], sid[32];
    uint8_t veils[2][32];
    kat_open("session.txt");
    kat_hex(nonce, sizeof nonce, "nonce");
    kat_hex(room, sizeof room, "room");
    kat_hex(program, sizeof program, "program");
    size_t bytes = kat_hex(text, sizeof text, "text");
    tct_bind_sheet(sheet, (tct_part){text, bytes}, (tct_part){text, 0}, 1, 3, program);
    assert_true(kat_is(sheet, 32, "sheet"));
    tct_bind_sheet_veil(out, nonce, sheet, 0);
    assert_true(kat_is(out, 32, "veil.sheet.0"));
    tct_bind_sheet_veil(veils[0], nonce, sheet, 1);
    assert_true(kat_is(veils[0], 32, "veil.sheet.1"));
    tct_bind_program_veil(veils[1], nonce, program);
    assert_true(kat_is(veils[1], 32, "veil.program"));
    tct_bind_params(params, tct_engine_params_for(129));
    assert_true(kat_is(params, 5, "params"));
    tct_bind_sid(sid, room, veils[0], veils[1], params);
    assert_true(kat_is(sid, 32, "sid"));
    tct_engine_params escrow = tct_engine_params_for(128);
    escrow.mode |= TCT_MODE_ESCROW;
    tct_bind_params(params, escrow);
    assert_true(kat_is(params, 5, "params.escrow"));
    tct_bind_sid(out, room, veils[0], veils[1], params);
    assert_true(kat_is(out, 32, "sid.escrow"));
    tct_bind_question(out, sid, (tct_part){text, bytes}, 0);
    assert_true(kat_is(out, 32, "qid"));
}

/* Without the nonce a relay could try the built-in sheets until one fits. */
static void a_veil_changes_with_its_nonce(void **state)
{
    (void)state;
    uint8_t nonce[32] = {1}, sheet[32] = {2}, first[32], second[32];
    tct_bind_sheet_veil(first, nonce, sheet, 0);
    nonce[31] = 1;
    tct_bind_sheet_veil(second, nonce, sheet, 0);
    assert_memory_not_equal(first, second, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_prototype_s_sheet_hash_sid_and_question_come_out),
        cmocka_unit_test(the_prototype_s_chain_comes_out),
        cmocka_unit_test(veils_are_those_of_the_document),
        cmocka_unit_test(a_veil_changes_with_its_nonce),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
