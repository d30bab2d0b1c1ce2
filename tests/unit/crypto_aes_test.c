/* SPDX-License-Identifier: ISC
 *
 * AES against FIPS 197, SP 800-38A and the Python prototype, for every backend that this machine
 * can run; then every backend against a byte-wise AES written here from the standard, on random
 * blocks for every count from 0 to 70, in place too.
 */
#include "crypto/aes.h"
#include "support/kat.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { COUNT_MAX = 70 };

#define FOR_EACH_BACKEND(b)                                                                    \
    for (const tct_aes_backend *const *b##_at = tct_aes_backends, *b; (b = *b##_at) != NULL;   \
         b##_at++)                                                                             \
        if (b->usable())

/* ---- AES a byte at a time, with a table made from the definition: for comparison only. ---- */

static uint8_t times(uint8_t a, uint8_t b)
{
    unsigned sum = 0;
    for (int i = 7; i >= 0; i--) {
        sum = sum << 1 ^ (sum & 0x80 ? 0x11b : 0);
        sum ^= b >> i & 1 ? a : 0;
    }
    return (uint8_t)sum;
}

static uint8_t substitute(uint8_t v)
{
    uint8_t inverse = 0;
    for (unsigned i = 1; i < 256; i++)
        if (times(v, (uint8_t)i) == 1)
            inverse = (uint8_t)i;
    unsigned turned = 0;
    for (int i = 0; i < 5; i++)
        turned ^= (unsigned)inverse << i | (unsigned)inverse >> (8 - i);
    return (uint8_t)(turned ^ 0x63);
}

static uint8_t sbox[256];

static int make_sbox(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 256; i++)
        sbox[i] = substitute((uint8_t)i);
    return 0;
}

static void slow_expand(uint8_t out[176], const uint8_t key[16])
{
    uint8_t constant = 1;
    memcpy(out, key, 16);
    for (int i = 16; i < 176; i++) {
        uint8_t v = out[i - 4];
        if (i % 16 < 4) {
            v = sbox[out[i - i % 16 - 4 + (i + 1) % 4]];
            v ^= i % 16 == 0 ? constant : 0;
        }
        if (i % 16 == 3)
            constant = times(constant, 2);
        out[i] = out[i - 16] ^ v;
    }
}

static tct_block slow_encrypt(const uint8_t key[16], tct_block in)
{
    uint8_t round_keys[176], x[16], y[16];
    slow_expand(round_keys, key);
    tct_block_store(x, in);
    for (int i = 0; i < 16; i++)
        x[i] ^= round_keys[i];
    for (int r = 1; r <= 10; r++) {
        for (int i = 0; i < 16; i++)
            y[i] = sbox[x[(i + 4 * (i % 4)) % 16]];
        for (int i = 0; i < 16; i++) {
            const uint8_t *c = y + i / 4 * 4;
            x[i] = r == 10 ? y[i]
                           : times(c[i % 4], 2) ^ times(c[(i + 1) % 4], 3) ^ c[(i + 2) % 4] ^
                                 c[(i + 3) % 4];
            x[i] ^= round_keys[16 * r + i];
        }
    }
    return tct_block_load(x);
}

/* ---- Known answers ---- */

static void check_vector(const tct_aes_backend *b, const char *file, const char *name)
{
    uint8_t key[16];
    tct_block in, out;
    tct_aes_key expanded;
    kat_open(file);
    assert_int_equal(kat_hex(key, 16, "%s.key", name), 16);
    assert_int_equal(kat_hex((uint8_t *)&in, 16, "%s.in", name), 16);
    b->expand(&expanded, key);
    b->encrypt(&expanded, &in, &out, 1);
    assert_true(kat_is(&out, 16, "%s.out", name));
    tct_block fresh = tct_block_load(key);
    b->encrypt_rekeyed(&fresh, 1, 1, &in, &out);
    assert_true(kat_is(&out, 16, "%s.out", name));
}

static void every_backend_gives_the_known_answers(void **state)
{
    (void)state;
    FOR_EACH_BACKEND(b)
    {
        print_message("backend %s\n", b->name);
        kat_open("published.txt");
        unsigned count = (unsigned)kat_number("aes.count");
        for (unsigned i = 0; i < count; i++) {
            char name[20];
            snprintf(name, sizeof name, "aes.%u", i);
            check_vector(b, "published.txt", name);
        }
        check_vector(b, "protocol.txt", "AES");
        assert_true(tct_aes_self_test(b));
    }
}

static void every_backend_expands_the_key_as_the_standard(void **state)
{
    (void)state;
    FOR_EACH_BACKEND(b)
    {
        uint8_t key[16], want[176];
        tct_aes_key got;
        kat_open("published.txt");
        kat_hex(key, 16, "aes.0.key");
        b->expand(&got, key);
        assert_true(kat_is(got.bytes + 160, 16, "aes.last_round_key"));
        random_source r = random_from(1);
        for (int i = 0; i < 50; i++) {
            random_bytes(&r, key, 16);
            slow_expand(want, key);
            b->expand(&got, key);
            assert_memory_equal(got.bytes, want, sizeof want);
        }
    }
}

/* ---- Backends against the slow one ---- */

static void one_key_agrees_for_every_count(void **state)
{
    (void)state;
    static tct_block in[COUNT_MAX], want[COUNT_MAX], out[COUNT_MAX + 1];
    uint8_t key[16];
    random_source r = random_from(2);
    random_bytes(&r, key, 16);
    random_bytes(&r, (uint8_t *)in, sizeof in);
    memset(&in[0], 0x00, 16);
    memset(&in[1], 0xff, 16);
    for (size_t i = 0; i < COUNT_MAX; i++)
        want[i] = slow_encrypt(key, in[i]);
    FOR_EACH_BACKEND(b)
    {
        tct_aes_key expanded;
        b->expand(&expanded, key);
        for (size_t count = 0; count <= COUNT_MAX; count++) {
            memset(out, 0x5a, sizeof out);
            b->encrypt(&expanded, in, out, count);
            assert_memory_equal(out, want, count * 16);
            assert_int_equal(out[count].lo, 0x5a5a5a5a5a5a5a5a); /* wrote no further */
            memcpy(out, in, sizeof in);
            b->encrypt(&expanded, out, out, count);
            assert_memory_equal(out, want, count * 16);
        }
    }
}

static void fresh_keys_agree_for_every_count(void **state)
{
    (void)state;
    static tct_block keys[COUNT_MAX], in[2 * COUNT_MAX], want[2 * COUNT_MAX];
    static tct_block out[2 * COUNT_MAX + 1];
    random_source r = random_from(3);
    random_bytes(&r, (uint8_t *)keys, sizeof keys);
    random_bytes(&r, (uint8_t *)in, sizeof in);
    memset(&keys[0], 0x00, 16);
    memset(&keys[1], 0xff, 16);
    memset(&in[1], 0xff, 16);
    for (size_t per_key = 1; per_key <= 2; per_key++) {
        for (size_t i = 0; i < COUNT_MAX * per_key; i++)
            want[i] = slow_encrypt((const uint8_t *)&keys[i / per_key], in[i]);
        FOR_EACH_BACKEND(b)
        for (size_t count = 0; count <= COUNT_MAX; count++) {
            memset(out, 0x5a, sizeof out);
            b->encrypt_rekeyed(keys, count, per_key, in, out);
            assert_memory_equal(out, want, count * per_key * 16);
            assert_int_equal(out[count * per_key].lo, 0x5a5a5a5a5a5a5a5a);
            memcpy(out, in, sizeof in);
            b->encrypt_rekeyed(keys, count, per_key, out, out);
            assert_memory_equal(out, want, count * per_key * 16);
        }
    }
}

/* All 256 values at every byte position pass through SubBytes, and through the key schedule. */
static void every_byte_value_is_substituted_right(void **state)
{
    (void)state;
    static tct_block keys[256], in[256], out[256], flat[256];
    for (unsigned i = 0; i < 256; i++) {
        memset(&in[i], (int)i, 16);
        memset(&keys[i], (int)(i ^ 0xa5), 16);
    }
    FOR_EACH_BACKEND(b)
    {
        b->encrypt_rekeyed(keys, 256, 1, in, out);
        b->encrypt_rekeyed(in, 256, 1, keys, flat);
        for (unsigned i = 0; i < 256; i++) {
            tct_block want = slow_encrypt((const uint8_t *)&keys[i], in[i]);
            assert_memory_equal(&out[i], &want, 16);
            want = slow_encrypt((const uint8_t *)&in[i], keys[i]);
            assert_memory_equal(&flat[i], &want, 16);
        }
    }
}

/* ---- Choice ---- */

static void wrong_encrypt(const tct_aes_key *key, const tct_block *in, tct_block *out,
                          size_t count)
{
    (void)key;
    memmove(out, in, count * sizeof *in);
}

static void wrong_in_the_last(const tct_block *keys, size_t key_count, size_t per_key,
                              const tct_block *in, tct_block *out)
{
    tct_aes()->encrypt_rekeyed(keys, key_count, per_key, in, out);
    if (per_key == 2 && key_count != 0)
        out[2 * key_count - 1].hi ^= (uint64_t)1 << 63;
}

static void wrong_hash(tct_block salt, const uint64_t *tweaks, size_t tweak_count,
                       size_t per_tweak, const tct_block *in, tct_block *pads)
{
    (void)salt;
    (void)tweaks;
    memmove(pads, in, tweak_count * per_tweak * sizeof *in);
}

/* Right but for the last sum of the last gate. */
static void wrong_gates(tct_block salt, const tct_tcr_gates *gates, const tct_delta *delta,
                        tct_tcr_sums *out)
{
    tct_aes_backend right = *tct_aes();
    right.gates(salt, gates, delta, out);
    if (delta != NULL)
        out->b[gates->count - 1].lo ^= 1;
}

static void the_self_test_sees_a_wrong_backend(void **state)
{
    (void)state;
    tct_aes_backend bad = *tct_aes();
    assert_true(tct_aes_self_test(&bad));
    bad.encrypt = wrong_encrypt;
    assert_false(tct_aes_self_test(&bad));
    bad = *tct_aes();
    bad.encrypt_rekeyed = wrong_in_the_last;
    assert_false(tct_aes_self_test(&bad));
    bad = *tct_aes();
    bad.tcr = wrong_hash;
    assert_false(tct_aes_self_test(&bad));
    bad = *tct_aes();
    if (bad.gates == NULL)
        return;
    bad.gates = wrong_gates;
    assert_false(tct_aes_self_test(&bad));
}

static void the_choice_can_be_forced_and_freed(void **state)
{
    (void)state;
    const tct_aes_backend *first = tct_aes(), *last = NULL;
    for (size_t i = 0; tct_aes_backends[i] != NULL; i++)
        last = tct_aes_backends[i];
    assert_non_null(last);
    assert_string_equal(last->name, "portable");
    assert_true(last->usable());
    tct_aes_choose(last);
    assert_ptr_equal(tct_aes(), last);
    tct_aes_choose(NULL);
    assert_ptr_equal(tct_aes(), first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_backend_gives_the_known_answers),
        cmocka_unit_test(every_backend_expands_the_key_as_the_standard),
        cmocka_unit_test(one_key_agrees_for_every_count),
        cmocka_unit_test(fresh_keys_agree_for_every_count),
        cmocka_unit_test(every_byte_value_is_substituted_right),
        cmocka_unit_test(the_self_test_sees_a_wrong_backend),
        cmocka_unit_test(the_choice_can_be_forced_and_freed),
    };
    return cmocka_run_group_tests(tests, make_sbox, NULL);
}
