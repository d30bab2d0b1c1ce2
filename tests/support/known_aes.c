/* SPDX-License-Identifier: ISC
 *
 * AES-128 as a circuit of 200 S-boxes of 32 ANDs.
 *
 * An S-box inverts in GF(2^8), which is built here as a tower: GF(4) = {0, 1, w, w+1} with w² = w + 1,
 * GF(16) = GF(4)[z] with z² = z + w, GF(256) = GF(16)[y] with y² = y + n.  Then
 *
 *     (a1·y + a0)^-1 = (a1·y + a1 + a0) · d^-1,  d = n·a1² + a1·a0 + a0²  in GF(16),
 *
 * where squares and constant factors are linear.  A product in GF(16) takes 9 ANDs (Karatsuba twice)
 * and the inverse there 5; the S-box takes three products and that inverse.  The way between AES's
 * own basis and the tower's is computed below, not tabulated.
 */
#include "support/known_circuits.h"

#include <stdlib.h>
#include <string.h>

/* ----------------------------------------------------------------- numbers, to find maps --- */

static unsigned aes_times(unsigned a, unsigned b)
{
    unsigned product = 0;
    for (; b != 0; b >>= 1) {
        if (b & 1)
            product ^= a;
        a = a << 1 ^ (a & 0x80 ? 0x11b : 0);
    }
    return product;
}

/* An element t of AES's field with t² + t = c. */
static unsigned aes_root(unsigned c)
{
    for (unsigned t = 0; t < 256; t++)
        if ((aes_times(t, t) ^ t) == c)
            return t;
    abort();
}

typedef struct {
    unsigned to_aes[8];   /* tower bit i ↦ this element */
    unsigned from_aes[8]; /* AES bit i ↦ this element of the tower */
    unsigned n;           /* y² = y + n, an element of GF(16) in the tower */
} tower;

static unsigned apply(const unsigned *images, unsigned v)
{
    unsigned sum = 0;
    for (int i = 0; i < 8; i++)
        sum ^= (v >> i & 1) ? images[i] : 0;
    return sum;
}

/* The smallest n in GF(16) for which t² + t = n has no root there, so that y is new. */
static unsigned find_n(const unsigned *to_aes)
{
    for (unsigned n = 1; n < 16; n++) {
        bool has_root = false;
        for (unsigned t = 0; t < 16; t++) {
            unsigned e = apply(to_aes, t);
            has_root |= (aes_times(e, e) ^ e) == apply(to_aes, n);
        }
        if (!has_root)
            return n;
    }
    abort();
}

static tower find_tower(void)
{
    tower t = {{0}, {0}, 0};
    unsigned w = aes_root(1), z = aes_root(w);
    t.to_aes[0] = 1;
    t.to_aes[1] = w;
    t.to_aes[2] = z;
    t.to_aes[3] = aes_times(z, w);
    t.n = find_n(t.to_aes);
    unsigned y = aes_root(apply(t.to_aes, t.n));
    for (int i = 0; i < 4; i++)
        t.to_aes[4 + i] = aes_times(y, t.to_aes[i]);
    for (unsigned v = 0; v < 256; v++)
        for (int i = 0; i < 8; i++)
            if (apply(t.to_aes, v) == 1u << i)
                t.from_aes[i] = v;
    return t;
}

/* ----------------------------------------------------------------------------- wires --- */

typedef struct {
    tct_builder *b;
    tower t;
} maker;

/* Makes the sum of the two wires that most rows still need both of, and lets them use it.
 * need: by row, the set of wires still to be added up.  false: no two rows share a pair. */
static bool share_a_pair(maker *m, tct_wire *wire, int *wires, uint64_t *need, int rows)
{
    int best = 1, best_i = 0, best_j = 0;
    for (int i = 0; i < *wires; i++) {
        for (int j = i + 1; j < *wires; j++) {
            uint64_t pair = (uint64_t)1 << i | (uint64_t)1 << j;
            int count = 0;
            for (int row = 0; row < rows; row++)
                count += (need[row] & pair) == pair;
            if (count > best) {
                best = count;
                best_i = i;
                best_j = j;
            }
        }
    }
    if (best == 1)
        return false;
    uint64_t pair = (uint64_t)1 << best_i | (uint64_t)1 << best_j;
    wire[*wires] = tct_xor(m->b, wire[best_i], wire[best_j]);
    for (int row = 0; row < rows; row++)
        if ((need[row] & pair) == pair)
            need[row] ^= pair | (uint64_t)1 << *wires;
    ++*wires;
    return true;
}

/* out = the linear map that takes unit i to images[i]. */
static void map(maker *m, tct_wire *out, int out_bits, const tct_wire *in, int in_bits,
                const unsigned *images)
{
    tct_wire wire[64];
    uint64_t need[8] = {0};
    int wires = in_bits;
    memcpy(wire, in, (size_t)in_bits * sizeof *wire);
    for (int row = 0; row < out_bits; row++)
        for (int i = 0; i < in_bits; i++)
            need[row] |= (uint64_t)(images[i] >> row & 1) << i;
    while (wires < 64 && share_a_pair(m, wire, &wires, need, out_bits))
        ;
    for (int row = 0; row < out_bits; row++) {
        out[row] = TCT_ZERO;
        for (int i = 0; i < wires; i++)
            if (need[row] >> i & 1)
                out[row] = tct_xor(m->b, out[row], wire[i]);
    }
}

static void add(maker *m, tct_wire *out, const tct_wire *p, const tct_wire *q, int bits)
{
    for (int i = 0; i < bits; i++)
        out[i] = tct_xor(m->b, p[i], q[i]);
}

/* GF(4): with h, l the products of the high and low halves and k of their sums,
 * (p1·w + p0)(q1·w + q0) = (k + l)·w + (l + h), since w² = w + 1. */
static void times4(maker *m, tct_wire *out, const tct_wire *p, const tct_wire *q)
{
    tct_wire h = tct_and(m->b, p[1], q[1]), l = tct_and(m->b, p[0], q[0]);
    tct_wire left = tct_xor(m->b, p[1], p[0]), right = tct_xor(m->b, q[1], q[0]);
    tct_wire k = tct_and(m->b, left, right);
    out[1] = tct_xor(m->b, k, l);
    out[0] = tct_xor(m->b, l, h);
}

/* GF(16): the same one floor up, (k + l)·z + (l + w·h), since z² = z + w. */
static void times16(maker *m, tct_wire *out, const tct_wire *p, const tct_wire *q)
{
    static const unsigned times_w[2] = {2, 3}; /* 1 ↦ w, w ↦ w + 1 */
    tct_wire h[2], l[2], k[2], p_sum[2], q_sum[2];
    times4(m, h, p + 2, q + 2);
    times4(m, l, p, q);
    add(m, p_sum, p + 2, p, 2);
    add(m, q_sum, q + 2, q, 2);
    times4(m, k, p_sum, q_sum);
    add(m, out + 2, k, l, 2);
    map(m, h, 2, h, 2, times_w);
    add(m, out, l, h, 2);
}

/* The inverse in GF(16) with 5 ANDs, each of two sums of what stands before it; found by a search
 * over such chains, and right because all 256 bytes are tested. */
static void invert16(maker *m, tct_wire *out, const tct_wire *in)
{
    static const unsigned factors[5][2] = {
        {0x1, 0x4}, {0x3, 0x18}, {0x2, 0x30}, {0xc, 0x41}, {0xe, 0x52}};
    static const unsigned results[4] = {0x165, 0x0be, 0x126, 0x0dc};
    tct_wire chain[9];
    memcpy(chain, in, 4 * sizeof *chain);
    for (int step = 0; step < 9; step++) {
        tct_wire sum[2] = {TCT_ZERO, TCT_ZERO};
        for (int side = 0; side < 2; side++) {
            unsigned set = step < 5 ? factors[step][side] : side == 0 ? results[step - 5] : 0;
            for (int i = 0; i < 9; i++)
                if (set >> i & 1)
                    sum[side] = tct_xor(m->b, sum[side], chain[i]);
        }
        if (step < 5)
            chain[4 + step] = tct_and(m->b, sum[0], sum[1]);
        else
            out[step - 5] = sum[0];
    }
}

/* The element of the tower as a number, squared and times c, for the linear maps. */
static unsigned square_times(const tower *t, unsigned v, unsigned c)
{
    unsigned e = apply(t->to_aes, v);
    return apply(t->from_aes, aes_times(aes_times(e, e), apply(t->to_aes, c)));
}

static void s_box(maker *m, tct_wire *byte)
{
    tct_wire a[8], high[4], low[4], d[4];
    unsigned square[4], square_n[4], affine[8];
    for (int i = 0; i < 4; i++) {
        square[i] = square_times(&m->t, 1u << i, 1);
        square_n[i] = square_times(&m->t, 1u << i, m->t.n);
    }
    map(m, a, 8, byte, 8, m->t.from_aes);
    times16(m, d, a + 4, a);
    map(m, high, 4, a + 4, 4, square_n);
    map(m, low, 4, a, 4, square);
    add(m, d, d, high, 4);
    add(m, d, d, low, 4);
    invert16(m, d, d);
    add(m, low, a + 4, a, 4);
    times16(m, high, a + 4, d);
    times16(m, low, low, d);
    memcpy(a, low, sizeof low);
    memcpy(a + 4, high, sizeof high);
    /* back, and AES's affine map: b ⊕ its rotations by 1 to 4, ⊕ 63 [FIPS 197, 5.1.1] */
    for (int i = 0; i < 8; i++) {
        unsigned v = m->t.to_aes[i];
        affine[i] = (v ^ v << 1 ^ v << 2 ^ v << 3 ^ v << 4);
        affine[i] = (affine[i] ^ affine[i] >> 8) & 0xff;
    }
    map(m, byte, 8, a, 8, affine);
    for (int i = 0; i < 8; i++)
        if (0x63 >> i & 1)
            byte[i] = tct_not(m->b, byte[i]);
}

/* ------------------------------------------------------------------------------- AES --- */

typedef tct_wire octet[8];

/* Byte i of FIPS 197 stands at the high end of the number. */
static void take_bytes(maker *m, int role, octet bytes[16])
{
    for (uint32_t i = 0; i < 16; i++)
        for (uint32_t bit = 0; bit < 8; bit++)
            bytes[i][bit] = tct_input(m->b, role, 8 * (15 - i) + bit);
}

/* The next round key, in place [FIPS 197, 5.2]. */
static void next_key(maker *m, octet key[16], unsigned constant)
{
    octet t[4];
    for (int i = 0; i < 4; i++) {
        memcpy(t[i], key[12 + (i + 1) % 4], sizeof t[i]);
        s_box(m, t[i]);
    }
    for (int bit = 0; bit < 8; bit++)
        if (constant >> bit & 1)
            t[0][bit] = tct_not(m->b, t[0][bit]);
    for (int i = 0; i < 16; i++)
        add(m, key[i], key[i], i < 4 ? t[i] : key[i - 4], 8);
}

static void mix_column(maker *m, octet *column)
{
    static const unsigned twice[8] = {2, 4, 8, 16, 32, 64, 128, 0x1b};
    octet old[4], sum, pair;
    memcpy(old, column, sizeof old);
    add(m, sum, old[0], old[1], 8);
    add(m, sum, sum, old[2], 8);
    add(m, sum, sum, old[3], 8);
    for (int i = 0; i < 4; i++) {
        add(m, pair, old[i], old[(i + 1) % 4], 8);
        map(m, pair, 8, pair, 8, twice);
        add(m, pair, pair, sum, 8);
        add(m, column[i], old[i], pair, 8);
    }
}

static void encrypt_round(maker *m, octet state[16], bool last)
{
    octet shifted[16];
    for (int i = 0; i < 16; i++)
        s_box(m, state[i]);
    for (int i = 0; i < 16; i++)
        memcpy(shifted[i], state[(i + 4 * (i % 4)) % 16], sizeof(octet));
    memcpy(state, shifted, sizeof shifted);
    for (int i = 0; i < 16 && !last; i += 4)
        mix_column(m, state + i);
}

known_circuit known_aes128(void)
{
    known_circuit k;
    maker m = {known_begin(&k, 128, 128, 200000), find_tower()};
    octet key[16], state[16];
    tct_wire out[128];
    take_bytes(&m, 0, key);
    take_bytes(&m, 1, state);
    unsigned constant = 1;
    for (int i = 0; i < 16; i++)
        add(&m, state[i], state[i], key[i], 8);
    for (int round = 1; round <= 10; round++) {
        encrypt_round(&m, state, round == 10);
        next_key(&m, key, constant);
        constant = aes_times(constant, 2);
        for (int i = 0; i < 16; i++)
            add(&m, state[i], state[i], key[i], 8);
    }
    for (int i = 0; i < 16; i++)
        memcpy(out + 8 * (15 - i), state[i], sizeof(octet));
    known_end(&k, m.b, out, 128);
    return k;
}
