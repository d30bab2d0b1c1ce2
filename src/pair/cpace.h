/* SPDX-License-Identifier: ISC
 *
 * cpace.h — CPace: two people who know the same few words get the same long key, and one who does not
 *           know them can try one guess per meeting, never afterwards at leisure.
 *
 * Source   [AHH21]; draft-irtf-cfrg-cpace, G_Ristretto255 with SHA-512, initiator-responder order
 *          (X = initiator); protocol.md 12.1 for what goes into CI, sid and AD.
 * Order    both: share Y and associated data AD; then both: a confirmation T.
 * Gives    ISK, 64 bytes; T binds Y, AD and the session id to the knowledge of the code.
 * Trust    gap CDH in the group, the map and SHA-512 as random oracles.
 */
#ifndef TCT_PAIR_CPACE_H
#define TCT_PAIR_CPACE_H

#include "crypto/group.h"

enum {
    TCT_ISK_BYTES = 64,
    TCT_CONFIRM_BYTES = 32,
    TCT_CI_BYTES = 42,    /* lv_cat of 5, 2 and 32 bytes */
    TCT_AD_BYTES = 139,   /* lv_cat of 1, 32, 32, 4, 32 and 32 bytes */
    TCT_PAIR_VERSION = 1, /* u16 in AD and at the front of F1 */
    TCT_PAIR_SUITE = 1,   /* u8: BLAKE2b, AES-128, ristretto255, ChaCha20-Poly1305 */
    TCT_PAIR_TREES_K = 4, /* u8: the k of the OT extension */
};

/* The version string of sid, CI and the suite hash. */
#define TCT_PAIR_NAME "2pc/1"

/* What a party sends in the clear: its share and its associated data. */
typedef struct {
    uint8_t share[TCT_ELEMENT_BYTES];
    uint8_t ad[TCT_AD_BYTES];
} tct_hello;
_Static_assert(sizeof(tct_hello) == 171, "the CPace part of F1");

/* CI: both sides the same.  bond: 32 public bytes that name what the two are about to do. */
void tct_cpace_ci(uint8_t out[TCT_CI_BYTES], const uint8_t bond[32]);

/* AD of `role` (0 = X).  bond, program, nonce, f1: 32 public bytes each; f1 is the hash of the
 * base-OT part of F1, so that T covers it too. */
void tct_cpace_ad(uint8_t out[TCT_AD_BYTES], int role, const uint8_t bond[32],
                  const uint8_t program[32], const uint8_t nonce[32], const uint8_t f1[32]);

/* Is the peer's AD what it must be?  All but its nonce is recomputed, nothing is parsed. */
bool tct_cpace_ad_is(const uint8_t ad[TCT_AD_BYTES], int role, const uint8_t bond[32],
                     const uint8_t program[32], const uint8_t f1[32]);

/* The 64 bytes that the map turns into the generator.  prs: secret, the code.  The whole generator
 * string is hashed in parts; it is never stored. */
void tct_cpace_generator_digest(uint8_t out[64], tct_part prs, tct_part ci, tct_part sid);

/* share = y·generator.  y, digest: secret. */
void tct_cpace_share(uint8_t share[TCT_ELEMENT_BYTES], const tct_scalar *y,
                     const uint8_t digest[64]);

/* K = y·peer.  FORMAT: the peer's share is no element, or K is the identity. */
TCT_MUST_CHECK tct_err tct_cpace_secret(uint8_t k[TCT_ELEMENT_BYTES], const tct_scalar *y,
                                        const uint8_t peer[TCT_ELEMENT_BYTES]);

/* ISK from K and both messages, X's first.  The parts are share and AD of each. */
void tct_cpace_isk(uint8_t out[TCT_ISK_BYTES], tct_part sid, const uint8_t k[TCT_ELEMENT_BYTES],
                   const tct_part x[2], const tct_part y[2]);

/* T of the party that sent `hello`.  session: the 32-byte sid of the session. */
void tct_cpace_confirmation(uint8_t out[TCT_CONFIRM_BYTES], const uint8_t session[32],
                            const uint8_t isk[TCT_ISK_BYTES], const tct_hello *hello);

#endif
