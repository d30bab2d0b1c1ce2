/* SPDX-License-Identifier: ISC
 *
 * hash.h — HASH and XOF of the suite.
 *
 * Source   protocol.md 0.2.  HASH = BLAKE2b-256 of u8 len(tag) ‖ tag ‖ for each field
 *          (u64 length ‖ field): injective.  XOF = AES-128-CTR keystream, key = the first 16 bytes
 *          of HASH("xof", tag, seed), counter blocks u128 little-endian from 0.
 * Trust    BLAKE2b as a random oracle; AES-128 as a pseudorandom permutation.
 */
#ifndef TCT_CRYPTO_HASH_H
#define TCT_CRYPTO_HASH_H

#include "crypto/aes.h"
#include "crypto/block.h"

/* Incremental HASH.  A field is opened with its whole length and then fed in pieces, so that
 * long lists of blocks need no copy. */
typedef struct {
    _Alignas(64) uint64_t opaque[48]; /* libsodium's state, which wants this alignment */
    uint64_t left;                    /* bytes still missing of the open field */
} tct_hash;

void tct_hash_init(tct_hash *h, const char *tag);
void tct_hash_init_bytes(tct_hash *h, const void *tag, size_t tag_bytes); /* at most 255 */
void tct_hash_field(tct_hash *h, const void *field, size_t bytes);
void tct_hash_field_open(tct_hash *h, uint64_t bytes);
void tct_hash_feed(tct_hash *h, const void *part, size_t bytes);
void tct_hash_u8(tct_hash *h, uint8_t v);   /* a field of its own */
void tct_hash_u32(tct_hash *h, uint32_t v); /* a field of its own, 4 bytes little-endian */
/* Asserts that no field is still open; wipes the state. */
void tct_hash_final(tct_hash *h, uint8_t out[TCT_HASH_BYTES]);

/* A keystream that is read in pieces; any split gives the same bytes. */
typedef struct {
    tct_aes_key key;
    uint64_t next_block;
    uint8_t rest[TCT_BLOCK_BYTES]; /* the unread end of the last block */
    size_t rest_bytes;
} tct_xof;

/* seed: secret or public, 16 or 32 bytes.  tag: public bytes (may hold a u32). */
void tct_xof_init(tct_xof *x, const void *seed, size_t seed_bytes, const void *tag,
                  size_t tag_bytes);
void tct_xof_next(tct_xof *x, uint8_t *out, size_t bytes);
void tct_xof_wipe(tct_xof *x);

#endif
