/* SPDX-License-Identifier: ISC
 *
 * SHA-256's compression function as a circuit [FIPS 180-4, 6.2.2].  Its constants are computed: they
 * are the fractional parts of the cube roots of the first 64 primes.
 */
#include "support/known_circuits.h"

#include <string.h>

typedef tct_wire word[32];

/* floor(2^32 · cube root of p) mod 2^32: the largest r with r³ <= p·2^96, by trial bit by bit. */
static uint32_t cube_root_fraction(uint32_t p)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t root = 0;
    for (int bit = 34; bit >= 0; bit--) {
        uint64_t r = root | (uint64_t)1 << bit;
        /* r < 2^35: r³ < 2^105 fits, and p·2^96 < 2^105 too */
        if ((wide)r * r * r <= (wide)p << 96)
            root = r;
    }
    return (uint32_t)root;
}

static uint32_t next_prime(uint32_t p)
{
    for (;;) {
        p++;
        uint32_t d = 2;
        while (d * d <= p && p % d != 0)
            d++;
        if (d * d > p)
            return p;
    }
}

static void add(tct_builder *b, word out, const word p, const word q)
{
    (void)tct_word_add(b, out, p, q, TCT_ZERO, 32);
}

/* out = w rotated right by r1, by r2, and by r3 or shifted right by s3. */
static void sigma(tct_builder *b, word out, const word w, unsigned r1, unsigned r2, unsigned r3,
                  unsigned s3)
{
    word sum;
    for (unsigned i = 0; i < 32; i++) {
        tct_wire third = r3 != 0 ? w[(i + r3) % 32] : i + s3 < 32 ? w[i + s3] : TCT_ZERO;
        sum[i] = tct_xor(b, tct_xor(b, w[(i + r1) % 32], w[(i + r2) % 32]), third);
    }
    memcpy(out, sum, sizeof sum);
}

static void choose(tct_builder *b, word out, const word e, const word f, const word g)
{
    for (unsigned i = 0; i < 32; i++)
        out[i] = tct_mux(b, e[i], f[i], g[i]);
}

/* Majority with one AND: x ⊕ (x⊕y)(x⊕z). */
static void majority(tct_builder *b, word out, const word x, const word y, const word z)
{
    for (unsigned i = 0; i < 32; i++) {
        tct_wire left = tct_xor(b, x[i], y[i]), right = tct_xor(b, x[i], z[i]);
        out[i] = tct_xor(b, x[i], tct_and(b, left, right));
    }
}

static void expand(tct_builder *b, word schedule[64])
{
    for (int t = 16; t < 64; t++) {
        word sum, s;
        add(b, sum, schedule[t - 16], schedule[t - 7]);
        sigma(b, s, schedule[t - 15], 7, 18, 0, 3);
        add(b, sum, sum, s);
        sigma(b, s, schedule[t - 2], 17, 19, 0, 10);
        add(b, schedule[t], sum, s);
    }
}

/* v: the eight working variables a to h. */
static void do_round(tct_builder *b, word v[8], const word w, uint32_t constant)
{
    word t1, t2, s, k;
    sigma(b, s, v[4], 6, 11, 25, 0);
    add(b, t1, v[7], s);
    choose(b, s, v[4], v[5], v[6]);
    add(b, t1, t1, s);
    tct_word_const(k, 32, constant);
    add(b, k, k, w);
    add(b, t1, t1, k);
    sigma(b, t2, v[0], 2, 13, 22, 0);
    majority(b, s, v[0], v[1], v[2]);
    add(b, t2, t2, s);
    memmove(v[1], v[0], 7 * sizeof *v);
    add(b, v[4], v[4], t1);
    add(b, v[0], t1, t2);
}

known_circuit known_sha256(void)
{
    known_circuit k;
    tct_builder *b = known_begin(&k, 512, 256, 400000);
    static word schedule[64];
    word state[8], v[8];
    tct_wire out[256];
    for (uint32_t i = 0; i < 16; i++)
        for (uint32_t bit = 0; bit < 32; bit++)
            schedule[i][bit] = tct_input(b, 0, 32 * (15 - i) + bit);
    for (uint32_t i = 0; i < 8; i++)
        for (uint32_t bit = 0; bit < 32; bit++)
            state[i][bit] = tct_input(b, 1, 32 * (7 - i) + bit);
    expand(b, schedule);
    memcpy(v, state, sizeof v);
    uint32_t prime = 2;
    for (int t = 0; t < 64; t++) {
        do_round(b, v, schedule[t], cube_root_fraction(prime));
        prime = next_prime(prime);
    }
    for (int i = 0; i < 8; i++)
        add(b, &out[32 * (7 - i)], state[i], v[i]);
    known_end(&k, b, out, 256);
    return k;
}
