/* SPDX-License-Identifier: ISC */
#include "crypto/aes.h"

#include <stdatomic.h>

#include "crypto/aes_backends.h"

enum { TEST_KEYS = 61 }; /* the widest step of every backend, its narrow one, and a rest */

const tct_aes_backend *const tct_aes_backends[] = {
#if defined(__x86_64__) && !defined(TCT_CHECK_CONSTANT_TIME)
    &tct_aes_vaes,
    &tct_aes_ni,
#endif
#if defined(TCT_ARM_AES) && !defined(TCT_CHECK_CONSTANT_TIME)
    &tct_aes_arm,
#endif
    &tct_aes_portable, /* the only one under the constant-time tests */
    NULL,
};

/* Two threads may choose at once: both come to the same result. */
static _Atomic(const tct_aes_backend *) chosen;

/* Test string: byte j of string i. */
static tct_block pattern(unsigned i, unsigned step, unsigned slope, unsigned start)
{
    uint8_t bytes[TCT_BLOCK_BYTES];
    for (unsigned j = 0; j < TCT_BLOCK_BYTES; j++)
        bytes[j] = (uint8_t)(step * i + slope * j + start);
    return tct_block_load(bytes);
}

/* Folds a list into one block so that order counts: turn left by one, add the next. */
static bool folds_to(const tct_block *v, size_t count, tct_block want)
{
    tct_block sum = {0, 0};
    for (size_t i = 0; i < count; i++) {
        sum = (tct_block){sum.lo << 1 | sum.hi >> 63, sum.hi << 1 | sum.lo >> 63};
        sum = tct_block_xor(sum, v[i]);
    }
    return sum.lo == want.lo && sum.hi == want.hi;
}

/* The fused hash against the definition over the backend's own AES, which is right by now. */
static bool hash_agrees(const tct_aes_backend *backend, tct_block keys[TEST_KEYS],
                        const tct_block in[2 * TEST_KEYS], tct_block out[2 * TEST_KEYS])
{
    const tct_block salt = {5, 6};
    tct_block x[2 * TEST_KEYS], pads[2 * TEST_KEYS];
    uint64_t tweaks[TEST_KEYS], differ = 0;
    for (size_t i = 0; i < TEST_KEYS; i++) {
        tweaks[i] = keys[i].hi;
        keys[i] = (tct_block){salt.lo ^ tweaks[i], salt.hi};
    }
    for (size_t i = 0; i < 2 * TEST_KEYS; i++)
        x[i] = (tct_block){in[i].hi, in[i].hi ^ in[i].lo};
    for (size_t per = 1; per <= 2; per++) {
        backend->encrypt_rekeyed(keys, TEST_KEYS, per, x, out);
        backend->tcr(salt, tweaks, TEST_KEYS, per, in, pads);
        for (size_t i = 0; i < per * TEST_KEYS; i++)
            differ |= (pads[i].lo ^ out[i].lo ^ x[i].lo) | (pads[i].hi ^ out[i].hi ^ x[i].hi);
    }
    return differ == 0;
}

/* The fused hash of gates against tct_tcr's definition over the backend's own AES: twelve gates take a
 * wide step and a rest, three a narrow one. */
static bool gates_agree(const tct_aes_backend *backend, const tct_block in[2 * TEST_KEYS])
{
    enum { MOST = 12, FEW = 3 };
    const tct_delta delta = {in[2 * TEST_KEYS - 1]};
    tct_tcr_gates gates = {.count = MOST};
    tct_tcr_sums sums;
    uint64_t differ = 0;
    for (uint32_t i = 0; i < MOST; i++) {
        gates.number[i] = i << 28 ^ i;
        gates.a[i] = &in[2 * i];
        gates.b[i] = &in[2 * i + 1];
    }
    for (int way = 0; way < 4; way++) {
        const tct_block salt = {in[0].hi, in[1].hi};
        gates.count = way < 2 ? MOST : FEW;
        backend->gates(salt, &gates, way % 2 == 0 ? &delta : NULL, &sums);
        for (size_t i = 0; i < gates.count; i++) {
            tct_block pad[4];
            for (size_t j = 0; j < 4; j++) {
                tct_block key = {salt.lo ^ gates.number[i], salt.hi ^ (j < 2 ? 0 : 7)};
                tct_block v = tct_block_xor_if(in[2 * i + j / 2], j % 2, delta.block);
                v = (tct_block){v.hi, v.hi ^ v.lo};
                backend->encrypt_rekeyed(&key, 1, 1, &v, &pad[j]);
                pad[j] = tct_block_xor(pad[j], v);
            }
            tct_block both = tct_block_xor(tct_block_xor(pad[0], pad[2]), sums.both[i]);
            differ |= both.lo | both.hi;
            if (way % 2 != 0)
                continue;
            tct_block a = tct_block_xor(tct_block_xor(pad[0], pad[1]), sums.a[i]);
            tct_block b = tct_block_xor(tct_block_xor(pad[2], pad[3]), sums.b[i]);
            differ |= a.lo | a.hi | b.lo | b.hi;
        }
    }
    return differ == 0;
}

/* The fused sum of keystreams against the definition, with and without the first key. */
static bool fold_agrees(const tct_aes_backend *backend, const tct_block keys[TEST_KEYS])
{
    enum { COUNT = 2 * TCT_AES_FOLD };
    tct_aes_key expanded[TCT_AES_FOLD];
    tct_block x[COUNT], sum[5][COUNT], u[COUNT], v[4 * COUNT];
    uint64_t differ = 0, counter = 0xfffffff0;
    for (size_t y = 0; y < TCT_AES_FOLD; y++)
        backend->expand(&expanded[y], (const uint8_t *)&keys[y]);
    for (size_t first = 0; first < 2; first++) {
        memset(sum, 0, sizeof sum);
        for (size_t y = first; y < TCT_AES_FOLD; y++) {
            for (size_t j = 0; j < COUNT; j++)
                x[j] = (tct_block){counter + j, 0};
            backend->encrypt(&expanded[y], x, x, COUNT);
            for (size_t j = 0; j < COUNT; j++) {
                sum[4][j] = tct_block_xor(sum[4][j], x[j]);
                for (size_t b = 0; b < 4; b++)
                    sum[b][j] = tct_block_xor_if(sum[b][j], y >> b & 1, x[j]);
            }
        }
        backend->fold(expanded, first, counter, COUNT, u, v, COUNT);
        for (size_t j = 0; j < COUNT; j++)
            differ |= (u[j].lo ^ sum[4][j].lo) | (u[j].hi ^ sum[4][j].hi);
        for (size_t j = 0; j < 4 * COUNT; j++)
            differ |= (v[j].lo ^ sum[j / COUNT][j % COUNT].lo) |
                      (v[j].hi ^ sum[j / COUNT][j % COUNT].hi);
    }
    return differ == 0;
}

bool tct_aes_self_test(const tct_aes_backend *backend)
{
    /* Computed by the Python prototype from FIPS 197, not by this code. */
    static const tct_block one_key = {0x2abbdc2b760a2342, 0x84eaf5ee1a8118c7},
                           fresh_1 = {0x27a47764c35190bf, 0xe1be32c710405e9a},
                           fresh_2 = {0x35b74869cf3c86f6, 0x242e13e48f70262e};
    tct_block keys[TEST_KEYS], in[2 * TEST_KEYS], out[2 * TEST_KEYS];
    tct_aes_key expanded;
    for (unsigned i = 0; i < TEST_KEYS; i++)
        keys[i] = pattern(i, 17, 13, 1);
    for (unsigned i = 0; i < 2 * TEST_KEYS; i++)
        in[i] = pattern(i, 29, 7, 5);
    backend->expand(&expanded, (const uint8_t *)&keys[0]);
    backend->encrypt(&expanded, in, out, TEST_KEYS);
    bool good = folds_to(out, TEST_KEYS, one_key);
    backend->encrypt_rekeyed(keys, TEST_KEYS, 1, in, out);
    good &= folds_to(out, TEST_KEYS, fresh_1);
    backend->encrypt_rekeyed(keys, TEST_KEYS, 2, in, out);
    good &= folds_to(out, 2 * TEST_KEYS, fresh_2);
    if (!TCT_AES_FUSED)
        return good;
    good = good && (backend->gates == NULL || gates_agree(backend, in));
    good = good && (backend->fold == NULL || fold_agrees(backend, keys));
    return good && (backend->tcr == NULL || hash_agrees(backend, keys, in, out));
}

static const tct_aes_backend *choose(void)
{
    const tct_aes_backend *const *at = tct_aes_backends;
    while (*at != NULL && !((*at)->usable() && tct_aes_self_test(*at)))
        at++;
    TCT_ASSERT(*at != NULL); /* the compiler broke even the portable one: go no further */
    return *at;
}

const tct_aes_backend *tct_aes(void)
{
    const tct_aes_backend *backend = atomic_load_explicit(&chosen, memory_order_acquire);
    if (backend == NULL) {
        backend = choose();
        atomic_store_explicit(&chosen, backend, memory_order_release);
    }
    return backend;
}

void tct_aes_choose(const tct_aes_backend *backend)
{
    atomic_store_explicit(&chosen, backend, memory_order_release);
}

void tct_aes_expand(tct_aes_key *out, const uint8_t key[16])
{
    tct_aes()->expand(out, key);
}
