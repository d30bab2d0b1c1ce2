/* SPDX-License-Identifier: ISC
 *
 * block.h — the 128-bit block: labels, MACs, keys, elements of GF(2^128).
 *
 * Shapes   bit 0 is the least significant; 16 bytes little-endian, bit p of the block is bit
 *          (p mod 8) of byte (p div 8).   Source  protocol.md 0.1.
 * The global key Δ has a type of its own, so that it is only ever used through tct_delta_if.
 */
#ifndef TCT_CRYPTO_BLOCK_H
#define TCT_CRYPTO_BLOCK_H

#include <string.h>

#include "base/base.h"
#include "base/mask.h"

enum { TCT_BLOCK_BYTES = 16, TCT_HASH_BYTES = 32, TCT_SEED_BYTES = 32 };

typedef struct {
    uint64_t lo, hi;
} tct_block;
_Static_assert(sizeof(tct_block) == TCT_BLOCK_BYTES, "a block has no padding");

typedef struct {
    tct_block block;
} tct_delta;

static inline tct_block tct_block_xor(tct_block a, tct_block b)
{
    return (tct_block){a.lo ^ b.lo, a.hi ^ b.hi};
}

/* v where the mask is set, else the zero block. */
static inline tct_block tct_block_if(tct_mask m, tct_block v)
{
    return (tct_block){v.lo & m.bits, v.hi & m.bits};
}

/* a ^ (bit ? b : 0); bit is 0 or 1 and may be secret. */
static inline tct_block tct_block_xor_if(tct_block a, uint64_t bit, tct_block b)
{
    return tct_block_xor(a, tct_block_if(tct_mask_of_bit(bit), b));
}

/* bit·Δ. */
static inline tct_block tct_delta_if(uint64_t bit, tct_delta delta)
{
    return tct_block_if(tct_mask_of_bit(bit), delta.block);
}

static inline tct_block tct_block_load(const uint8_t in[TCT_BLOCK_BYTES])
{
    tct_block b;
    memcpy(&b, in, sizeof b); /* little-endian machines only, asserted in base.c */
    return b;
}
static inline void tct_block_store(uint8_t out[TCT_BLOCK_BYTES], tct_block b)
{
    memcpy(out, &b, sizeof b);
}

/* Bit p (0…127); p is public. */
static inline uint64_t tct_block_bit(tct_block b, unsigned p)
{
    return (p < 64 ? b.lo >> p : b.hi >> (p - 64)) & 1;
}

/* Bit strings are packed least significant bit first. */
static inline uint64_t tct_bit_get(const uint8_t *bits, size_t index)
{
    return (uint64_t)(bits[index / 8] >> (index % 8)) & 1;
}
/* Sets a bit of a string that starts all zero. */
static inline void tct_bit_put(uint8_t *bits, size_t index, uint64_t bit)
{
    bits[index / 8] = (uint8_t)(bits[index / 8] | (uint8_t)((bit & 1) << (index % 8)));
}
static inline size_t tct_bits_bytes(size_t bits)
{
    return bits / 8 + (bits % 8 != 0);
}

#endif
