/* SPDX-License-Identifier: ISC
 *
 * AES-128, bitsliced: 32 blocks at once, eight planes of 128 bits for each row of their states.
 *
 * Layout   rows[r][b], byte 4j+g, bit q = bit b of row r, column j of block 4q+g.  SubBytes is then
 *          a Boolean circuit on whole planes, ShiftRows turns words, and MixColumns, which adds up
 *          rows, moves nothing at all: no branch and no address depends on data.
 * Keys     are expanded in the same form but by columns: columns[j][b], byte 4r+g.  There a round
 *          key is four sums, and its one S-box serves 32 keys.
 */
#include "base/vector.h"
#include "crypto/aes_backends.h"
#include "crypto/sbox.h"

enum { LANES = 8, GROUPS = 4, BATCH = LANES * GROUPS, ROWS = 4, ROUNDS = 10, SETS = 2 };

typedef tct_v128 planes[8];

/* Swaps the bits of `a` under mask<<shift with those of `b` under mask. */
static inline void swap_bits(tct_v128 *a, tct_v128 *b, int shift, uint64_t mask)
{
    tct_v128 t = ((*a >> shift) ^ *b) & tct_v128_splat(mask);
    *b ^= t;
    *a ^= t << shift;
}

/* An 8x8 bit transposition per byte position: bytes to planes and back. */
static void transpose_bytes(planes x)
{
    for (int i = 0; i < 8; i += 2)
        swap_bits(&x[i], &x[i + 1], 1, 0x5555555555555555);
    for (int i = 0; i < 8; i++)
        if ((i & 2) == 0)
            swap_bits(&x[i], &x[i + 2], 2, 0x3333333333333333);
    for (int i = 0; i < 4; i++)
        swap_bits(&x[i], &x[i + 4], 4, 0x0f0f0f0f0f0f0f0f);
}

/* Byte r of every word of v[g] and byte g of every word of v[r] change places. */
static inline void exchange_bytes(tct_v128 v[GROUPS])
{
    swap_bits(&v[0], &v[1], 8, 0x00ff00ff00ff00ff);
    swap_bits(&v[2], &v[3], 8, 0x00ff00ff00ff00ff);
    swap_bits(&v[0], &v[2], 16, 0x0000ffff0000ffff);
    swap_bits(&v[1], &v[3], 16, 0x0000ffff0000ffff);
}

/* Word r of in[j] becomes word j of out[r]: rows to columns and back. */
static inline void exchange_words(const tct_v128 in[4], tct_v128 out[4])
{
    tct_v128 a = TCT_V128_WORDS(in[0], in[1], 0, 4, 1, 5),
             b = TCT_V128_WORDS(in[0], in[1], 2, 6, 3, 7),
             c = TCT_V128_WORDS(in[2], in[3], 0, 4, 1, 5),
             d = TCT_V128_WORDS(in[2], in[3], 2, 6, 3, 7);
    out[0] = TCT_V128_WORDS(a, c, 0, 1, 4, 5);
    out[1] = TCT_V128_WORDS(a, c, 2, 3, 6, 7);
    out[2] = TCT_V128_WORDS(b, d, 0, 1, 4, 5);
    out[3] = TCT_V128_WORDS(b, d, 2, 3, 6, 7);
}

/* Loads count (0…32) blocks, the missing ones as zero, and turns them into rows. */
static void load_rows(planes rows[ROWS], const tct_block *in, size_t stride, size_t count)
{
    for (size_t q = 0; q < LANES; q++) {
        tct_v128 v[GROUPS];
        for (size_t g = 0; g < GROUPS; g++)
            v[g] = 4 * q + g < count ? tct_v128_load(&in[(4 * q + g) * stride])
                                     : tct_v128_splat(0);
        exchange_bytes(v);
        for (int r = 0; r < ROWS; r++)
            rows[r][q] = v[r];
    }
    for (int r = 0; r < ROWS; r++)
        transpose_bytes(rows[r]);
}

static void store_rows(tct_block *out, size_t stride, size_t count, planes rows[ROWS])
{
    for (int r = 0; r < ROWS; r++)
        transpose_bytes(rows[r]);
    for (size_t q = 0; 4 * q < count; q++) {
        tct_v128 v[GROUPS] = {rows[0][q], rows[1][q], rows[2][q], rows[3][q]};
        exchange_bytes(v);
        for (size_t g = 0; g < GROUPS && 4 * q + g < count; g++)
            tct_v128_store(&out[(4 * q + g) * stride], v[g]);
    }
}

static void substitute(planes *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tct_sbox(x[i]);
}

static void add_rows(planes x[ROWS], planes k[ROWS])
{
    for (int r = 0; r < ROWS; r++)
        for (int b = 0; b < 8; b++)
            x[r][b] ^= k[r][b];
}

/* Plane b of the rows; ShiftRows: row r moves r columns to the left. */
static inline void shifted(planes x[ROWS], int b, tct_v128 a[ROWS])
{
    a[0] = x[0][b];
    a[1] = TCT_V128_WORDS(x[1][b], x[1][b], 1, 2, 3, 0);
    a[2] = TCT_V128_WORDS(x[2][b], x[2][b], 2, 3, 0, 1);
    a[3] = TCT_V128_WORDS(x[3][b], x[3][b], 3, 0, 1, 2);
}

/* What follows SubBytes in a round: ShiftRows, MixColumns unless it is the last, and the round key.
 * With s = a ⊕ a', where a' is the row below: 2a ⊕ 3a' ⊕ a" ⊕ a"' = 2s ⊕ a' ⊕ s".  Doubling moves
 * up the planes; the top one comes back into z^4+z^3+z+1. */
static void mix_rows(planes x[ROWS], planes k[ROWS], int last)
{
    tct_v128 a[ROWS], s[ROWS], under[ROWS],
        top[ROWS]; /* under: s of the plane below this one */
    shifted(x, 7, a);
    for (int r = 0; r < ROWS; r++)
        under[r] = top[r] = a[r] ^ a[(r + 1) % ROWS];
    for (int b = 0; b < 8; b++) {
        shifted(x, b, a);
        for (int r = 0; r < ROWS; r++)
            s[r] = a[r] ^ a[(r + 1) % ROWS];
        for (int r = 0; r < ROWS; r++) {
            tct_v128 sum = last ? a[r] : under[r] ^ a[(r + 1) % ROWS] ^ s[(r + 2) % ROWS];
            if (!last && (0x1a >> b & 1) != 0)
                sum ^= top[r];
            x[r][b] = sum ^ k[r][b];
            under[r] = s[r];
        }
    }
}

/* The same 16 bytes as round key of all blocks. */
static void same_key(planes rows[ROWS], const uint8_t *key)
{
    tct_v128_words words = (tct_v128_words)tct_v128_load(key);
    for (int r = 0; r < ROWS; r++, words >>= 8) {
        tct_v128_words byte = words & 0xff;
        byte |= byte << 8;
        byte |= byte << 16;
        for (int b = 0; b < 8; b++)
            rows[r][b] = (tct_v128)(((tct_v128_bytes)byte &
                                     (tct_v128_bytes)tct_v128_splat(UINT64_C(0x0101010101010101)
                                                                    << b)) != 0);
    }
}

static void to_columns(planes rows[ROWS], planes columns[4])
{
    for (int b = 0; b < 8; b++) {
        tct_v128 in[ROWS] = {rows[0][b], rows[1][b], rows[2][b], rows[3][b]}, out[4];
        exchange_words(in, out);
        for (int j = 0; j < 4; j++)
            columns[j][b] = out[j];
    }
}

/* Round key r (1…10) from round key r-1: sub is its last column after the S-box; rotated, and with
 * the round constant, that goes into the first column, and each column into the next. */
static void next_keys(planes columns[4], const planes sub, int round, planes rows[ROWS])
{
    unsigned constant = round < 9 ? 1u << (round - 1) : round == 9 ? 0x1b : 0x36;
    for (int b = 0; b < 8; b++) {
        tct_v128 c[4], k[ROWS], sum = TCT_V128_WORDS(sub[b], sub[b], 1, 2, 3, 0);
        sum ^= (tct_v128){constant >> b & 1 ? 0xffffffff : 0, 0};
        for (int j = 0; j < 4; j++)
            columns[j][b] = c[j] = sum ^= columns[j][b];
        exchange_words(c, k);
        for (int r = 0; r < ROWS; r++)
            rows[r][b] = k[r];
    }
}

static bool usable(void)
{
    return true;
}

static void expand(tct_aes_key *out, const uint8_t key[16])
{
    planes rows[ROWS], columns[4], sub;
    tct_block some[GROUPS]; /* the same four times */
    memcpy(out->bytes, key, 16);
    same_key(rows, key);
    to_columns(rows, columns);
    for (int r = 1; r <= ROUNDS; r++) {
        memcpy(sub, columns[3], sizeof sub);
        substitute(&sub, 1);
        next_keys(columns, sub, r, rows);
        store_rows(some, 1, 1, rows);
        tct_block_store(out->bytes + 16 * r, some[0]);
    }
    tct_wipe(some, sizeof some);
    tct_wipe(rows, sizeof rows);
    tct_wipe(columns, sizeof columns);
    tct_wipe(sub, sizeof sub);
}

static void encrypt(const tct_aes_key *key, const tct_block *in, tct_block *out, size_t count)
{
    planes x[SETS * ROWS], k[ROWS];
    for (size_t at = 0; at < count; at += SETS * BATCH) {
        size_t some[SETS], sets = 0;
        same_key(k, key->bytes);
        for (size_t from = at; sets < SETS && from < count; from += BATCH, sets++) {
            some[sets] = count - from < BATCH ? count - from : BATCH;
            load_rows(x + ROWS * sets, in + from, 1, some[sets]);
            add_rows(x + ROWS * sets, k);
        }
        for (int r = 1; r <= ROUNDS; r++) {
            same_key(k, key->bytes + 16 * r);
            substitute(x, ROWS * sets);
            for (size_t j = 0; j < sets; j++)
                mix_rows(x + ROWS * j, k, r == ROUNDS);
        }
        for (size_t j = 0; j < sets; j++)
            store_rows(out + at + BATCH * j, 1, some[j], x + ROWS * j);
    }
    tct_wipe(k, sizeof k);
    tct_wipe(x, sizeof x);
}

/* Up to 32 keys with one or two blocks each.  Whatever their number, a pass takes its time. */
static void rekeyed_some(const tct_block *keys, size_t count, size_t per_key,
                         const tct_block *in, tct_block *out)
{
    planes x[SETS * ROWS + 1], k[ROWS], columns[4]; /* the last of x is a column of the keys */
    size_t last = ROWS * per_key;
    load_rows(k, keys, 1, count);
    to_columns(k, columns);
    for (size_t j = 0; j < per_key; j++) {
        load_rows(x + ROWS * j, in + j, per_key, count);
        add_rows(x + ROWS * j, k);
    }
    for (int r = 1; r <= ROUNDS; r++) {
        memcpy(x[last], columns[3], sizeof x[last]);
        substitute(x, last + 1);
        next_keys(columns, x[last], r, k);
        for (size_t j = 0; j < per_key; j++)
            mix_rows(x + ROWS * j, k, r == ROUNDS);
    }
    for (size_t j = 0; j < per_key; j++)
        store_rows(out + j, per_key, count, x + ROWS * j);
    tct_wipe(columns, sizeof columns);
    tct_wipe(k, sizeof k);
    tct_wipe(x, sizeof x);
}

static void encrypt_rekeyed(const tct_block *keys, size_t key_count, size_t per_key,
                            const tct_block *in, tct_block *out)
{
    tct_block each[BATCH];
    if (per_key == 2 && key_count <= BATCH / 2) { /* one pass instead of two half empty ones */
        for (size_t i = 0; i < 2 * key_count; i++)
            each[i] = keys[i / 2];
        rekeyed_some(each, 2 * key_count, 1, in, out);
        tct_wipe(each, sizeof each);
        return;
    }
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
