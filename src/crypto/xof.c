/* SPDX-License-Identifier: ISC
 *
 * XOF of hash.h: the keystream of AES-128 in counter mode, read in pieces.
 */
#include "crypto/hash.h"

enum { BATCH = 32 }; /* blocks a call: enough to fill every backend */

void tct_xof_init(tct_xof *x, const void *seed, size_t seed_bytes, const void *tag,
                  size_t tag_bytes)
{
    tct_hash h;
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash_init(&h, "xof");
    tct_hash_field(&h, tag, tag_bytes);
    tct_hash_field(&h, seed, seed_bytes);
    tct_hash_final(&h, digest);
    tct_aes_expand(&x->key, digest);
    tct_wipe(digest, sizeof digest);
    x->next_block = 0;
    x->rest_bytes = 0;
}

/* The next count (up to BATCH) blocks of the keystream. */
static void next_blocks(tct_xof *x, tct_block out[BATCH], size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (tct_block){x->next_block + i, 0};
    x->next_block += count;
    tct_aes()->encrypt(&x->key, out, out, count);
}

/* Reads at most `bytes` bytes of what the last block left over. */
static size_t read_rest(tct_xof *x, uint8_t *out, size_t bytes)
{
    size_t some = bytes < x->rest_bytes ? bytes : x->rest_bytes;
    if (some != 0)
        memcpy(out, x->rest + TCT_BLOCK_BYTES - x->rest_bytes, some);
    x->rest_bytes -= some;
    return some;
}

void tct_xof_next(tct_xof *x, uint8_t *out, size_t bytes)
{
    tct_block batch[BATCH];
    size_t at = read_rest(x, out, bytes), used = 0;
    while (bytes - at >= TCT_BLOCK_BYTES) {
        size_t count = (bytes - at) / TCT_BLOCK_BYTES;
        count = count < BATCH ? count : BATCH;
        next_blocks(x, batch, count);
        memcpy(out + at, batch, count * TCT_BLOCK_BYTES);
        at += count * TCT_BLOCK_BYTES;
        used = count > used ? count : used;
    }
    if (at < bytes) {
        next_blocks(x, batch, 1);
        tct_block_store(x->rest, batch[0]);
        x->rest_bytes = TCT_BLOCK_BYTES;
        read_rest(x, out + at, bytes - at);
        used = used > 1 ? used : 1;
    }
    tct_wipe(batch, used * TCT_BLOCK_BYTES);
}

void tct_xof_wipe(tct_xof *x)
{
    tct_wipe(x, sizeof *x);
}
