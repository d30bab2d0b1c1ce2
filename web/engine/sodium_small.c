/* SPDX-License-Identifier: ISC
 *
 * sodium_small.c — inner parts of libsodium again, in loops: its own are unrolled by hand, which is fast
 * and takes four kilobytes of the page.  tests/web holds all to a second implementation.
 */
#include <stdint.h>
#include <string.h>

#include "crypto_generichash/blake2b/ref/blake2.h"
#include "sodium/crypto_core_ristretto255.h"
#include "sodium/crypto_hash_sha512.h"
#include "sodium/utils.h"

static uint64_t rotated(uint64_t v, int by)
{
    return v >> by | v << (64 - by);
}

/* Both hashes begin here. */
static const uint64_t iv[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                               0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                               0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/* BLAKE2b's compression [RFC 7693, 3.2]; called by libsodium's blake2b-ref.c. */
int blake2b_compress_ref(blake2b_state *state, const uint8_t block[BLAKE2B_BLOCKBYTES])
{
    static const uint8_t sigma[10][16] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
        {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
        {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
        {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
        {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};
    uint64_t m[16], v[16];
    memcpy(m, block, sizeof m); /* little-endian, as all of wasm */
    for (int i = 0; i < 8; i++) {
        v[i] = state->h[i];
        v[i + 8] = iv[i];
    }
    for (int i = 0; i < 2; i++) {
        v[12 + i] ^= state->t[i];
        v[14 + i] ^= state->f[i];
    }
    for (int step = 0; step < 12 * 8;
         step++) { /* eight mixes a round: four columns, four diagonals */
        const uint8_t *s = sigma[step / 8 % 10] + 2 * (step % 8);
        int i = step % 4, turn = step % 8 / 4;
        uint64_t *a = &v[i], *b = &v[4 + (i + turn) % 4];
        uint64_t *c = &v[8 + (i + 2 * turn) % 4], *d = &v[12 + (i + 3 * turn) % 4];
        *a += *b + m[s[0]];
        *d = rotated(*d ^ *a, 32);
        *c += *d;
        *b = rotated(*b ^ *c, 24);
        *a += *b + m[s[1]];
        *d = rotated(*d ^ *a, 16);
        *c += *d;
        *b = rotated(*b ^ *c, 63);
    }
    for (int i = 0; i < 8; i++)
        state->h[i] ^= v[i] ^ v[i + 8];
    sodium_memzero(m, sizeof m);
    sodium_memzero(v, sizeof v);
    return 0;
}

/* SHA-512 [FIPS 180-4]; count[1] holds the bytes taken so far. */
static void sha512_compress(uint64_t state[8], const uint8_t block[128])
{
    static const uint64_t k[80] = {
        0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
        0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
        0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
        0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
        0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
        0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
        0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
        0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
        0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
        0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
        0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
        0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
        0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
        0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
        0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
        0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
        0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
        0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
        0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
        0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817};
    uint64_t w[80], v[8];
    for (int i = 0; i < 16; i++) {
        w[i] = 0;
        for (int j = 0; j < 8; j++)
            w[i] = w[i] << 8 | block[8 * i + j];
    }
    for (int i = 16; i < 80; i++) {
        uint64_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotated(x, 1) ^ rotated(x, 8) ^ x >> 7) +
               (rotated(y, 19) ^ rotated(y, 61) ^ y >> 6);
    }
    memcpy(v, state, sizeof v);
    for (int i = 0; i < 80; i++) {
        uint64_t a = v[0], e = v[4];
        uint64_t first = v[7] + (rotated(e, 14) ^ rotated(e, 18) ^ rotated(e, 41)) +
                         ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
        uint64_t second = (rotated(a, 28) ^ rotated(a, 34) ^ rotated(a, 39)) +
                          ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[0] = first + second;
        v[4] += first;
    }
    for (int i = 0; i < 8; i++)
        state[i] += v[i];
    sodium_memzero(w, sizeof w);
    sodium_memzero(v, sizeof v);
}

int crypto_hash_sha512_init(crypto_hash_sha512_state *state)
{
    memset(state, 0, sizeof *state);
    memcpy(state->state, iv, sizeof iv);
    return 0;
}

int crypto_hash_sha512_update(crypto_hash_sha512_state *state, const unsigned char *in,
                              unsigned long long bytes)
{
    while (bytes > 0) {
        size_t at = state->count[1] % 128, count = 128 - at < bytes ? 128 - at : (size_t)bytes;
        memcpy(state->buf + at, in, count);
        state->count[1] += count;
        in += count;
        bytes -= count;
        if (at + count == 128)
            sha512_compress(state->state, state->buf);
    }
    return 0;
}

int crypto_hash_sha512_final(crypto_hash_sha512_state *state, unsigned char *out)
{
    static const unsigned char padding[128] = {0x80};
    uint64_t bits = state->count[1] * 8; /* less than 2^64: the upper eight bytes are zeros */
    unsigned char length[16] = {0};
    for (int i = 0; i < 8; i++)
        length[15 - i] = (unsigned char)(bits >> (8 * i));
    crypto_hash_sha512_update(state, padding, 1 + (239 - state->count[1] % 128) % 128);
    crypto_hash_sha512_update(state, length, sizeof length);
    for (int i = 0; i < 64; i++)
        out[i] = (unsigned char)(state->state[i / 8] >> (56 - 8 * (i % 8)));
    sodium_memzero(state, sizeof *state);
    return 0;
}

int crypto_hash_sha512(unsigned char *out, const unsigned char *in, unsigned long long bytes)
{
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    crypto_hash_sha512_update(&state, in, bytes);
    return crypto_hash_sha512_final(&state, out);
}

/* wide mod q, the order of the group, bit by bit from the top: after each step the number is below q,
 * so that twice it and a bit is below 2^254, and at most one q too large.  No branch and no address
 * depends on it. */
void crypto_core_ristretto255_scalar_reduce(unsigned char *out, const unsigned char *wide)
{
    static const uint32_t q[8] = {0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de,
                                  0,          0,          0,          0x10000000};
    uint32_t number[8] = {0}, less[8];
    for (int bit = 511; bit >= 0; bit--) {
        uint32_t carry = wide[bit / 8] >> (bit % 8) & 1;
        for (int i = 0; i < 8; i++) {
            uint32_t top = number[i] >> 31;
            number[i] = number[i] << 1 | carry;
            carry = top;
        }
        uint64_t borrow = 0;
        for (int i = 0; i < 8; i++) {
            uint64_t difference = (uint64_t)number[i] - q[i] - borrow;
            less[i] = (uint32_t)difference;
            borrow = difference >> 63;
        }
        uint32_t keep = 0 - (uint32_t)borrow; /* all ones: it was below q */
        __asm__("" : "+r"(keep));
        for (int i = 0; i < 8; i++)
            number[i] = (number[i] & keep) | (less[i] & ~keep);
    }
    memcpy(out, number, sizeof number);
    sodium_memzero(number, sizeof number);
    sodium_memzero(less, sizeof less);
}
