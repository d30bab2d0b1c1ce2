/* SPDX-License-Identifier: ISC
 *
 * aes.h — AES-128 in batches, over backends chosen at run time.
 *
 * Source   FIPS 197.  No backend uses a table that is indexed by a secret.
 * Backends VAES on AVX-512 and AES-NI (x86-64), the AES instructions of AArch64, and a bitsliced one in compiler vectors that also builds for wasm32.
 *          Each is compared with a known answer before its first use; one that fails is skipped.
 * Cost     limits per backend stand beside its kernel.
 */
#ifndef TCT_CRYPTO_AES_H
#define TCT_CRYPTO_AES_H

#include "crypto/block.h"

typedef struct {
    uint8_t bytes[176]; /* eleven round keys */
} tct_aes_key;

enum { TCT_AES_FOLD = 16, TCT_TCR_GATES = 32 };

/* AND gates that do not depend on each other, and what half gates need of their pads: see tcr.h. */
typedef struct {
    size_t count; /* 1 … TCT_TCR_GATES */
    uint32_t number[TCT_TCR_GATES];
    const tct_block *a[TCT_TCR_GATES], *b[TCT_TCR_GATES]; /* labels of the operands */
} tct_tcr_gates;
typedef struct { /* of every gate; beyond the count anything */
    tct_block both[TCT_TCR_GATES];
    tct_block a[TCT_TCR_GATES], b[TCT_TCR_GATES]; /* not without a Δ */
} tct_tcr_sums;

typedef struct {
    const char *name;
    bool (*usable)(void); /* does this processor have it? */
    void (*expand)(tct_aes_key *out, const uint8_t key[16]);
    /* out[i] = AES(key, in[i]); in == out is fine. */
    void (*encrypt)(const tct_aes_key *key, const tct_block *in, tct_block *out, size_t count);
    /* out[i*per_key + j] = AES(keys[i], in[i*per_key + j]), each key used afresh: the shape of
     * the re-keyed hash.  per_key is 1 or 2; in == out is fine. */
    void (*encrypt_rekeyed)(const tct_block *keys, size_t key_count, size_t per_key,
                            const tct_block *in, tct_block *out);
    /* The re-keyed hash in one go, with the domain already in the salt; see tcr.h, whose function
     * is the one to call.  NULL: it is put together from encrypt_rekeyed. */
    void (*tcr)(tct_block salt, const uint64_t *tweaks, size_t tweak_count, size_t per_tweak,
                const tct_block *in, tct_block *pads);
    /* tct_tcr_gates of tcr.h, with the first domain already in the salt.  NULL: as tcr. */
    void (*gates)(tct_block salt, const tct_tcr_gates *gates, const tct_delta *delta,
                  tct_tcr_sums *out);
    /* Sixteen keystreams added up: x_y = AES(keys[y], counter), AES(keys[y], counter+1), …, count
     * blocks each; u = ⊕ of the x_y from y = first on (0 or 1), and v[b·stride] on, b < 4, ⊕ of
     * those with bit b of y set.  count: a multiple of TCT_AES_FOLD.  NULL: put together from
     * encrypt. */
    void (*fold)(const tct_aes_key keys[TCT_AES_FOLD], size_t first, uint64_t counter,
                 size_t count, tct_block *u, tct_block *v, size_t stride);
} tct_aes_backend;

/* The list ends with NULL; the portable one is last and always usable. */
extern const tct_aes_backend *const tct_aes_backends[];

/* The fastest backend that is usable here and passed its self-test. */
const tct_aes_backend *tct_aes(void);

/* For tests and benchmarks: use this backend from now on (NULL: choose again). */
void tct_aes_choose(const tct_aes_backend *backend);

/* The round keys, by the backend in use. key: secret. */
void tct_aes_expand(tct_aes_key *out, const uint8_t key[16]);

/* True iff this backend agrees with the known answers (a few µs, some 30 for the portable one). */
TCT_MUST_CHECK bool tct_aes_self_test(const tct_aes_backend *backend);

#endif
