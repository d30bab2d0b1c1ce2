/* SPDX-License-Identifier: ISC
 *
 * sodium_small.c — two inner parts of libsodium again, in loops: its own are unrolled by hand, which is
 * fast and takes three kilobytes of the page.  tests/web holds both to a second implementation.
 */
#include <stdint.h>
#include <string.h>

#include "crypto_generichash/blake2b/ref/blake2.h"
#include "sodium/crypto_core_ristretto255.h"
#include "sodium/utils.h"

static uint64_t rotated(uint64_t v, int by)
{
    return v >> by | v << (64 - by);
}

/* BLAKE2b's compression [RFC 7693, 3.2]; called by libsodium's blake2b-ref.c. */
int blake2b_compress_ref(blake2b_state *state, const uint8_t block[BLAKE2B_BLOCKBYTES])
{
    static const uint64_t iv[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                   0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                   0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
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
