/* SPDX-License-Identifier: ISC
 *
 * Base OTs in blocks of eight against the same protocol in single steps of libsodium, with every
 * backend of the curve: the same message, the same keys, the same verdicts on what a peer sends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/curve_backends.h"
#include "crypto/hash.h"
#include "ot/base_ot.h"

#define FOR_EACH_BACKEND                                                                       \
    for (size_t b_at = 0; tct_curve_backends[b_at] != NULL; b_at++)                            \
        if (tct_curve_backends[b_at]->usable() &&                                              \
            (tct_curve_choose(tct_curve_backends[b_at]), true))

static const uint8_t sid[32] = {1, 2, 3}, th_s[32] = {4, 5};
static const uint8_t seeds[2][32] = {{6}, {7}};
static const tct_block choices[2] = {{0x0123456789abcdef, 0xfedcba9876543210},
                                     {0x5555555500000000, 0xffffffff12345678}};

static void hash_to_group(tct_element *out, unsigned choice, int role, uint32_t index,
                          const uint8_t *point)
{
    uint8_t text[75], wide[64];
    memcpy(text, "bot-h", 5);
    text[5] = (uint8_t)choice;
    memcpy(text + 6, sid, 32);
    text[38] = (uint8_t)role;
    tct_store32(text + 39, index);
    memcpy(text + 43, point, 32);
    tct_sha512(wide, &(tct_part){text, sizeof text}, 1);
    tct_element_from_wide(out, wide);
}

static tct_block derive(int role, uint32_t index, unsigned choice, const tct_element *point)
{
    tct_hash h;
    uint8_t digest[32];
    tct_hash_init(&h, "bot-k");
    tct_hash_field(&h, sid, 32);
    tct_hash_u8(&h, (uint8_t)role);
    tct_hash_u32(&h, index);
    tct_hash_u8(&h, (uint8_t)choice);
    tct_hash_field(&h, th_s, 32);
    tct_hash_field(&h, point->bytes, 32);
    tct_hash_final(&h, digest);
    return tct_block_load(digest);
}

/* [MR19] one step after the other, from the scalars of `o` and the stream of its seed. */
static void slow_message(const tct_base_ot *o, uint8_t out[TCT_BASE_OT_BYTES])
{
    tct_xof points;
    tct_element s;
    tct_element_mul_base(&s, &o->sender);
    memcpy(out, s.bytes, 32);
    tct_xof_init(&points, o->seed, 32, "base-ot points", 14);
    for (uint32_t i = 0; i < TCT_BASE_OT_COUNT; i++) {
        uint8_t wide[64], *pair = out + 32 + 64 * (size_t)i;
        unsigned choice = (unsigned)tct_block_bit(o->choice, i);
        tct_element other, oracle, mine;
        tct_xof_next(&points, wide, sizeof wide);
        tct_element_from_wide(&other, wide);
        hash_to_group(&oracle, choice, o->role, i, other.bytes);
        tct_element_mul_base(&mine, &o->receiver[i]);
        tct_element_sub(&mine, &mine, &oracle);
        memcpy(pair + 32 * choice, mine.bytes, 32);
        memcpy(pair + 32 * (1 - choice), other.bytes, 32);
    }
}

static void expect_slow_keys(const tct_base_ot *o, const uint8_t *peer, const tct_block *chosen,
                             const tct_block both[][2])
{
    const int other = 1 - o->role;
    tct_element s;
    memcpy(s.bytes, peer, 32);
    for (uint32_t i = 0; i < TCT_BASE_OT_COUNT; i++) {
        const uint8_t *pair = peer + 32 + 64 * (size_t)i;
        tct_element shared;
        assert_int_equal(tct_element_mul(&shared, &o->receiver[i], &s), TCT_OK);
        tct_block want = derive(o->role, i, (unsigned)tct_block_bit(o->choice, i), &shared);
        assert_memory_equal(&chosen[i], &want, sizeof want);
        for (unsigned c = 0; c < 2; c++) {
            tct_element m, oracle;
            memcpy(m.bytes, pair + 32 * c, 32);
            hash_to_group(&oracle, c, other, i, pair + 32 * (1 - c));
            tct_element_add(&m, &m, &oracle);
            assert_int_equal(tct_element_mul(&m, &o->sender, &m), TCT_OK);
            want = derive(other, i, c, &m);
            assert_memory_equal(&both[i][c], &want, sizeof want);
        }
    }
}

static void every_backend_says_what_single_steps_say(void **state)
{
    static tct_base_ot party[2];
    static uint8_t message[2][TCT_BASE_OT_BYTES], want[TCT_BASE_OT_BYTES];
    static tct_block chosen[TCT_BASE_OT_COUNT], both[TCT_BASE_OT_COUNT][2];
    (void)state;
    FOR_EACH_BACKEND
    {
        for (int role = 0; role < 2; role++) {
            tct_base_ot_init(&party[role], sid, role, choices[role], seeds[role]);
            tct_base_ot_send(&party[role], message[role]);
            slow_message(&party[role], want);
            assert_memory_equal(message[role], want, sizeof want);
        }
        for (int role = 0; role < 2; role++) {
            assert_int_equal(tct_base_ot_recv(&party[role], message[1 - role]), TCT_OK);
            assert_int_equal(tct_base_ot_keys(&party[role], th_s, chosen, both), TCT_OK);
            expect_slow_keys(&party[role], message[1 - role], chosen,
                             (const tct_block(*)[2])both);
        }
    }
    tct_curve_choose(NULL);
}

/* What protocol.md 8.8 lists for the base OT, wherever in its block of eight it stands. */
static void every_backend_refuses_the_same(void **state)
{
    static tct_base_ot party;
    static uint8_t good[TCT_BASE_OT_BYTES], bad[TCT_BASE_OT_BYTES];
    static tct_block chosen[TCT_BASE_OT_COUNT], both[TCT_BASE_OT_COUNT][2];
    (void)state;
    tct_base_ot_init(&party, sid, 1, choices[1], seeds[1]);
    tct_base_ot_send(&party, good);
    FOR_EACH_BACKEND
    {
        tct_base_ot_init(&party, sid, 0, choices[0], seeds[0]);
        for (size_t at = 0; at < 32 * 10; at += 32) {
            memcpy(bad, good, sizeof bad);
            bad[at] ^= 1; /* negative */
            assert_int_equal(tct_base_ot_recv(&party, bad), TCT_ERR_FORMAT);
        }
        memcpy(bad, good, sizeof bad);
        memset(bad, 0, 32); /* S is the identity */
        assert_int_equal(tct_base_ot_recv(&party, bad), TCT_ERR_CHEAT);
        for (uint32_t i = 100; i < 104; i++) /* a block holds four instances */
            for (unsigned c = 0; c < 2; c++) {
                uint8_t *pair = bad + 32 + 64 * (size_t)i;
                tct_element oracle, zero = {{0}};
                memcpy(bad, good, sizeof bad);
                hash_to_group(&oracle, c, 1, i, pair + 32 * (1 - c));
                tct_element_sub(&oracle, &zero, &oracle);
                memcpy(pair + 32 * c, oracle.bytes, 32); /* M is the identity */
                assert_int_equal(tct_base_ot_recv(&party, bad), TCT_OK);
                assert_int_equal(tct_base_ot_keys(&party, th_s, chosen, both), TCT_ERR_CHEAT);
            }
        assert_int_equal(tct_base_ot_recv(&party, good), TCT_OK);
        assert_int_equal(tct_base_ot_keys(&party, th_s, chosen, both), TCT_OK);
    }
    tct_curve_choose(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_backend_says_what_single_steps_say),
        cmocka_unit_test(every_backend_refuses_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
