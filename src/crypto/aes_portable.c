/* SPDX-License-Identifier: ISC
 *
 * AES-128, bitsliced: eight blocks at once in eight planes of 128 bits.
 *
 * Layout   plane b, byte i, bit j = bit b of byte i of block j.  SubBytes is then a Boolean circuit
 *          on whole planes, ShiftRows a permutation of bytes, MixColumns a rotation of columns:
 *          no branch and no address depends on data.
 * Fresh keys are expanded in the same form, so that a batch of eight blocks may have eight keys.
 */
#include "base/vector.h"
#include "crypto/aes_backends.h"
#include "crypto/sbox.h"

enum { LANES = 8, GROUPS = 4, BATCH = LANES * GROUPS, ROUNDS = 10 };

/* Swaps the bits of `a` under mask<<shift with those of `b` under mask. */
static inline void swap_bits(tct_v128 *a, tct_v128 *b, int shift, uint64_t mask)
{
    tct_v128 t = ((*a >> shift) ^ *b) & tct_v128_splat(mask);
    *b ^= t;
    *a ^= t << shift;
}

/* Eight 8x8 bit transpositions per half, one per byte position: blocks to planes and back. */
static inline void transpose_bytes(tct_v128 x[8])
{
    for (int i = 0; i < 8; i += 2)
        swap_bits(&x[i], &x[i + 1], 1, 0x5555555555555555);
    for (int i = 0; i < 8; i++)
        if ((i & 2) == 0)
            swap_bits(&x[i], &x[i + 2], 2, 0x3333333333333333);
    for (int i = 0; i < 4; i++)
        swap_bits(&x[i], &x[i + 4], 4, 0x0f0f0f0f0f0f0f0f);
}

/* Row r of the state (bytes r, r+4, r+8, r+12) moves r columns to the left. */
static inline tct_v128 shift_rows(tct_v128 x)
{
#if TCT_V128_SHUFFLE
    return TCT_V128_BYTES(x, 0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11);
#else
    tct_v128 two = tct_v128_swap(x); /* rotated by two columns */
    tct_v128 one = (x >> 32) | (two << 32), three = (two >> 32) | (x << 32);
    return (x & tct_v128_splat(0x000000ff000000ff)) |
           (one & tct_v128_splat(0x0000ff000000ff00)) |
           (two & tct_v128_splat(0x00ff000000ff0000)) |
           (three & tct_v128_splat(0xff000000ff000000));
#endif
}

/* Byte r of each column becomes its byte r+1. */
static inline tct_v128 rotate_columns1(tct_v128 x)
{
#if TCT_V128_SHUFFLE
    return TCT_V128_BYTES(x, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
#else
    return ((x >> 8) & tct_v128_splat(0x00ffffff00ffffff)) |
           ((x << 24) & tct_v128_splat(0xff000000ff000000));
#endif
}

/* Byte r of each column becomes its byte r+2. */
static inline tct_v128 rotate_columns2(tct_v128 x)
{
#if TCT_V128_SHUFFLE
    return TCT_V128_BYTES(x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
#else
    return ((x >> 16) & tct_v128_splat(0x0000ffff0000ffff)) |
           ((x << 16) & tct_v128_splat(0xffff0000ffff0000));
#endif
}

/* With b = a ⊕ rot1(a): 2a ⊕ 3rot1(a) ⊕ rot2(a) ⊕ rot3(a) = 2b ⊕ rot1(a) ⊕ rot2(b).
 * Doubling shifts the planes; the top one comes back into z^4+z^3+z+1. */
static inline void mix_columns(tct_v128 x[8])
{
    tct_v128 b[8], r[8];
    for (int i = 0; i < 8; i++) {
        r[i] = rotate_columns1(x[i]);
        b[i] = x[i] ^ r[i];
        r[i] ^= rotate_columns2(b[i]);
    }
    x[0] = r[0] ^ b[7];
    x[1] = r[1] ^ b[0] ^ b[7];
    x[2] = r[2] ^ b[1];
    x[3] = r[3] ^ b[2] ^ b[7];
    x[4] = r[4] ^ b[3] ^ b[7];
    for (int i = 5; i < 8; i++)
        x[i] = r[i] ^ b[i - 1];
}

static inline void add_planes(tct_v128 x[8], const tct_v128 k[8])
{
    for (int i = 0; i < 8; i++)
        x[i] ^= k[i];
}

/* One whole round with round key k; the last has no MixColumns. */
static inline void round_planes(tct_v128 x[8], const tct_v128 k[8], int last)
{
    tct_sbox(x);
    for (int i = 0; i < 8; i++)
        x[i] = shift_rows(x[i]);
    if (!last)
        mix_columns(x);
    add_planes(x, k);
}

/* Each column becomes the sum of itself and those to its left. */
static inline tct_v128 sum_columns(tct_v128 x)
{
    const tct_v128 zero = tct_v128_splat(0);
    x ^= TCT_V128_WORDS(x, zero, 4, 0, 1, 2);
    return x ^ TCT_V128_WORDS(x, zero, 4, 4, 0, 1);
}

/* The last columns of four groups side by side. */
static inline tct_v128 last_columns(tct_v128 a, tct_v128 b, tct_v128 c, tct_v128 d)
{
    tct_v128 ab = TCT_V128_WORDS(a, b, 3, 7, 3, 7), cd = TCT_V128_WORDS(c, d, 3, 7, 3, 7);
    return TCT_V128_WORDS(ab, cd, 0, 1, 4, 5);
}

/* Round key r (1…10) from round key r-1, for 32 keys: the last column, rotated and substituted, and
 * the round constant go into every column of the summed up key.  The last columns of four groups
 * of eight keys fill all sixteen byte positions, so one S-box serves all 32. */
static void next_round_keys(tct_v128 k[GROUPS][8], size_t groups, int round)
{
    unsigned constant = round < 9 ? 1u << (round - 1) : round == 9 ? 0x1b : 0x36;
    tct_v128 s[8];
    for (int i = 0; i < 8; i++)
        s[i] = last_columns(k[0][i], k[1][i], k[2][i], k[3][i]);
    tct_sbox(s);
    for (int i = 0; i < 8; i++) {
        s[i] = rotate_columns1(s[i]); /* row by row the same as before the S-box */
        s[i] ^= tct_v128_splat(constant >> i & 1 ? 0x000000ff000000ff : 0);
    }
    for (size_t g = 0; g < groups; g++)
        for (int i = 0; i < 8; i++) {
            k[g][i] = sum_columns(k[g][i]) ^ TCT_V128_WORDS(s[i], s[i], 0, 0, 0, 0);
            s[i] = TCT_V128_WORDS(s[i], s[i], 1, 2, 3, 0); /* the next group's column */
        }
}

/* Loads count (0…8) blocks, the missing ones as zero, and turns them into planes. */
static inline void load_planes(tct_v128 x[8], const tct_block *in, size_t stride, size_t count)
{
    for (size_t i = 0; i < LANES; i++)
        x[i] = i < count ? tct_v128_load(&in[i * stride]) : tct_v128_splat(0);
    transpose_bytes(x);
}

static inline void store_planes(tct_block *out, size_t stride, size_t count, tct_v128 x[8])
{
    transpose_bytes(x);
    for (size_t i = 0; i < count; i++)
        tct_v128_store(&out[i * stride], x[i]);
}

static bool usable(void)
{
    return true;
}

static void expand(tct_aes_key *out, const uint8_t key[16])
{
    tct_v128 k[GROUPS][8] = {{{0}}}, copy[8];
    tct_block block = tct_block_load(key);
    load_planes(k[0], &block, 1, 1);
    memcpy(out->bytes, key, 16);
    for (int r = 1; r <= ROUNDS; r++) {
        next_round_keys(k, 1, r);
        memcpy(copy, k[0], sizeof copy);
        store_planes(&block, 1, 1, copy);
        tct_block_store(out->bytes + 16 * r, block);
    }
    tct_wipe(&block, sizeof block);
    tct_wipe(k, sizeof k);
    tct_wipe(copy, sizeof copy);
}

static void encrypt(const tct_aes_key *key, const tct_block *in, tct_block *out, size_t count)
{
    tct_v128 k[ROUNDS + 1][8], x[8];
    for (int r = 0; r <= ROUNDS; r++) {
        for (int i = 0; i < 8; i++)
            k[r][i] = tct_v128_load(key->bytes + 16 * r);
        transpose_bytes(k[r]);
    }
    for (size_t at = 0; at < count; at += LANES) {
        size_t some = count - at < LANES ? count - at : LANES;
        load_planes(x, in + at, 1, some);
        add_planes(x, k[0]);
        for (int r = 1; r <= ROUNDS; r++)
            round_planes(x, k[r], r == ROUNDS);
        store_planes(out + at, 1, some, x);
    }
    tct_wipe(k, sizeof k);
    tct_wipe(x, sizeof x);
}

/* Up to 32 keys with one or two blocks each. */
static void rekeyed_some(const tct_block *keys, size_t count, size_t per_key,
                         const tct_block *in, tct_block *out)
{
    tct_v128 k[GROUPS][8] = {{{0}}}, x[GROUPS][2][8];
    size_t groups = (count + LANES - 1) / LANES;
    for (size_t g = 0; g < groups; g++) {
        size_t at = g * LANES, some = count - at < LANES ? count - at : LANES;
        load_planes(k[g], keys + at, 1, some);
        for (size_t j = 0; j < per_key; j++) {
            load_planes(x[g][j], in + at * per_key + j, per_key, some);
            add_planes(x[g][j], k[g]);
        }
    }
    for (int r = 1; r <= ROUNDS; r++) {
        next_round_keys(k, groups, r);
        for (size_t g = 0; g < groups; g++)
            for (size_t j = 0; j < per_key; j++)
                round_planes(x[g][j], k[g], r == ROUNDS);
    }
    for (size_t g = 0; g < groups; g++) {
        size_t at = g * LANES, some = count - at < LANES ? count - at : LANES;
        for (size_t j = 0; j < per_key; j++)
            store_planes(out + at * per_key + j, per_key, some, x[g][j]);
    }
    tct_wipe(k, sizeof k);
    tct_wipe(x, sizeof x);
}

static void encrypt_rekeyed(const tct_block *keys, size_t key_count, size_t per_key,
                            const tct_block *in, tct_block *out)
{
    for (size_t at = 0; at < key_count; at += BATCH) {
        size_t some = key_count - at < BATCH ? key_count - at : BATCH;
        rekeyed_some(keys + at, some, per_key, in + at * per_key, out + at * per_key);
    }
}

const tct_aes_backend tct_aes_portable = {
    .name = "portable",
    .usable = usable,
    .expand = expand,
    .encrypt = encrypt,
    .encrypt_rekeyed = encrypt_rekeyed,
};
