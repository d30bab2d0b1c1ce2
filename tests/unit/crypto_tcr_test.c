/* SPDX-License-Identifier: ISC
 *
 * TCR against the Python prototype, pad and tag pad; then against its definition, over every
 * backend, for all counts up to 70, in place too; and the sums of gates.
 */
#include "crypto/tcr.h"
#include "support/kat.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { COUNT_MAX = 70 };

static void tcr_gives_the_known_answers(void **state)
{
    (void)state;
    kat_open("protocol.txt");
    unsigned count = (unsigned)kat_number("TCR.count");
    assert_true(count >= 5);
    for (unsigned i = 0; i < count; i++) {
        uint8_t salt[32], v[16], dom = (uint8_t)kat_number("TCR.%u.dom", i);
        uint64_t tweak = kat_number("TCR.%u.tweak", i);
        kat_hex(salt, sizeof salt, "TCR.%u.salt", i);
        kat_hex(v, sizeof v, "TCR.%u.X", i);
        tct_block in = tct_block_load(v), pad, tag;
        tct_tcr(tct_block_load(salt), dom, &tweak, 1, 1, &in, &pad);
        tct_tcr(tct_block_load(salt), dom + TCT_DOM_TAG, &tweak, 1, 1, &in, &tag);
        assert_true(kat_is(&pad, 16, "TCR.%u.pad", i));
        assert_true(kat_is(&tag, (size_t)kat_number("TCR.%u.tau", i) / 8, "TCR.%u.tpad", i));
    }
}

/* One pad from the definition: V = hi‖lo, σ(V) = (hi⊕lo)‖hi, the key as 16 bytes. */
static tct_block defined(tct_block salt, uint8_t dom, uint64_t tweak, tct_block v)
{
    uint8_t key[16];
    tct_block_store(key, salt);
    for (int i = 0; i < 8; i++)
        key[i] ^= (uint8_t)(tweak >> (8 * i));
    key[8] ^= dom;
    tct_block s = {.lo = v.hi, .hi = v.hi ^ v.lo}, y;
    tct_aes_key expanded;
    tct_aes_expand(&expanded, key);
    tct_aes()->encrypt(&expanded, &s, &y, 1);
    return tct_block_xor(y, s);
}

static void tcr_is_its_definition_for_every_count(void **state)
{
    (void)state;
    static tct_block in[2 * COUNT_MAX], want[2 * COUNT_MAX], out[2 * COUNT_MAX];
    static uint64_t tweaks[COUNT_MAX];
    tct_block salt;
    random_source r = random_from(7);
    random_bytes(&r, (uint8_t *)&salt, sizeof salt);
    random_bytes(&r, (uint8_t *)in, sizeof in);
    random_bytes(&r, (uint8_t *)tweaks, sizeof tweaks);
    tweaks[0] = 0;
    tweaks[1] = UINT64_MAX;
    for (size_t per = 1; per <= 2; per++) {
        for (size_t i = 0; i < COUNT_MAX * per; i++)
            want[i] = defined(salt, TCT_DOM_GATE_B, tweaks[i / per], in[i]);
        for (size_t b = 0; tct_aes_backends[b] != NULL; b++) {
            if (!tct_aes_backends[b]->usable())
                continue;
            tct_aes_choose(tct_aes_backends[b]);
            for (size_t count = 0; count <= COUNT_MAX; count++) {
                memset(out, 0, sizeof out);
                tct_tcr(salt, TCT_DOM_GATE_B, tweaks, count, per, in, out);
                assert_memory_equal(out, want, count * per * 16);
                memcpy(out, in, sizeof in);
                tct_tcr(salt, TCT_DOM_GATE_B, tweaks, count, per, out, out);
                assert_memory_equal(out, want, count * per * 16);
                assert_memory_equal(out + count * per, in + count * per,
                                    (2 * COUNT_MAX - count * per) * 16);
            }
        }
        tct_aes_choose(NULL);
    }
}

/* Operands at random places, one of them twice; numbers up to the last; both roles; every count. */
static void sums_of_gates_are_their_definition(void **state)
{
    (void)state;
    static tct_block labels[2 * TCT_TCR_GATES], want[3][TCT_TCR_GATES];
    static const uint8_t doms[2] = {TCT_DOM_GATE_A, TCT_DOM_GATE_A + TCT_DOM_TAG};
    static tct_tcr_gates gates;
    tct_block salt;
    tct_delta delta;
    random_source r = random_from(9);
    random_bytes(&r, (uint8_t *)&salt, sizeof salt);
    random_bytes(&r, (uint8_t *)&delta, sizeof delta);
    random_bytes(&r, (uint8_t *)labels, sizeof labels);
    random_bytes(&r, (uint8_t *)gates.number, sizeof gates.number);
    gates.number[0] = 0;
    gates.number[1] = UINT32_MAX;
    for (size_t i = 0; i < TCT_TCR_GATES; i++) {
        gates.a[i] = &labels[i * 7 % (sizeof labels / sizeof *labels)];
        gates.b[i] = i == 2 ? gates.a[i] : &labels[63 - i];
    }
    for (size_t d = 0; d < 2; d++) {
        for (size_t i = 0; i < TCT_TCR_GATES; i++) {
            uint8_t second = d == 0 ? TCT_DOM_GATE_B : TCT_DOM_GATE_B + TCT_DOM_TAG;
            uint64_t tweak = gates.number[i];
            tct_block a = defined(salt, doms[d], tweak, *gates.a[i]);
            tct_block b = defined(salt, second, tweak, *gates.b[i]);
            want[0][i] = tct_block_xor(a, b);
            want[1][i] = tct_block_xor(
                a, defined(salt, doms[d], tweak, tct_block_xor(*gates.a[i], delta.block)));
            want[2][i] = tct_block_xor(
                b, defined(salt, second, tweak, tct_block_xor(*gates.b[i], delta.block)));
        }
        for (size_t b = 0; tct_aes_backends[b] != NULL; b++) {
            if (!tct_aes_backends[b]->usable())
                continue;
            tct_aes_choose(tct_aes_backends[b]);
            for (gates.count = 1; gates.count <= TCT_TCR_GATES; gates.count++) {
                static tct_tcr_sums sums;
                memset(&sums, 0, sizeof sums);
                tct_tcr_gates_sums(salt, doms[d], &gates, NULL, &sums);
                assert_memory_equal(sums.both, want[0], gates.count * 16);
                assert_true(sums.a[0].lo == 0 && sums.b[0].hi == 0); /* left alone */
                tct_tcr_gates_sums(salt, doms[d], &gates, &delta, &sums);
                assert_memory_equal(sums.both, want[0], gates.count * 16);
                assert_memory_equal(sums.a, want[1], gates.count * 16);
                assert_memory_equal(sums.b, want[2], gates.count * 16);
            }
        }
        tct_aes_choose(NULL);
    }
}

static void another_salt_domain_or_tweak_gives_another_pad(void **state)
{
    (void)state;
    tct_block v = {1, 2}, pad[4];
    const uint64_t five = 5, six = 6;
    tct_tcr((tct_block){0, 0}, 3, &five, 1, 1, &v, &pad[0]);
    tct_tcr((tct_block){1, 0}, 3, &five, 1, 1, &v, &pad[1]);
    tct_tcr((tct_block){0, 0}, 4, &five, 1, 1, &v, &pad[2]);
    tct_tcr((tct_block){0, 0}, 3, &six, 1, 1, &v, &pad[3]);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < i; j++)
            assert_memory_not_equal(&pad[i], &pad[j], 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcr_gives_the_known_answers),
        cmocka_unit_test(tcr_is_its_definition_for_every_count),
        cmocka_unit_test(sums_of_gates_are_their_definition),
        cmocka_unit_test(another_salt_domain_or_tweak_gives_another_pad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
