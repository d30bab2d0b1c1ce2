/* SPDX-License-Identifier: ISC
 *
 * base_ot.h — 128 base oblivious transfers in each direction, in one simultaneous flight.
 *
 * Source   [MR19] "Endemic OT from one-round key agreement"; protocol.md section 1.
 * Differs  one point S = a·G serves all 128 instances and both directions share the flight; the
 *          oracles and keys are separated by session, role and instance (protocol.md 15.6).
 * Order    both → S 32 ‖ R_{0,0} ‖ R_{0,1} ‖ … ‖ R_{127,1}: 8224 bytes.
 * Gives    as receiver one key of each pair by choice, as sender both; malicious security with
 *          endemic output distribution, which is all that the extension needs.
 * Cost     per party 256 multiplications by one scalar, 129 of G and 128 of the peer's S by tables,
 *          512 maps to the group, 641 encodings, 257 decodings; all in blocks of eight (curve.h).
 * Trust    gap-CDH in ristretto255, BLAKE2b and SHA-512 as random oracles.
 */
#ifndef TCT_OT_BASE_OT_H
#define TCT_OT_BASE_OT_H

#include "crypto/block.h"
#include "crypto/curve.h"

enum { TCT_BASE_OT_COUNT = 128, TCT_BASE_OT_BYTES = 32 + 64 * TCT_BASE_OT_COUNT };

typedef struct { /* every field is private */
    uint8_t sid[32], role;
    uint8_t seed[TCT_SEED_BYTES];                                 /* secret */
    tct_block choice;                                             /* secret: bit i is c_i */
    tct_scalar sender;                                            /* a */
    tct_scalar receiver[TCT_BASE_OT_COUNT];                       /* b_i */
    uint8_t peer[64 * TCT_BASE_OT_COUNT];                         /* the peer's R, as sent, */
    tct_points peer_r[2 * TCT_BASE_OT_COUNT / TCT_LANES], peer_s; /* decoded; S in lane 0 */
} tct_base_ot;

/* sid: public, 32 bytes, copied.  role: own session role.  choice: secret, bit i is the choice of
 * instance i.  seed: secret, fresh, copied. */
void tct_base_ot_init(tct_base_ot *o, const uint8_t sid[32], int role, tct_block choice,
                      const uint8_t seed[TCT_SEED_BYTES]);

/* The own message.  The same bytes every time. */
void tct_base_ot_send(const tct_base_ot *o, uint8_t out[TCT_BASE_OT_BYTES]);

/* peer: unchecked.  FORMAT: an encoding is not canonical.  CHEAT: S is the identity. */
TCT_MUST_CHECK tct_err tct_base_ot_recv(tct_base_ot *o, const uint8_t peer[TCT_BASE_OT_BYTES]);

/* th_s: 32 bytes, public, hash of both messages.  chosen[i]: secret, the key of the own choice in
 * instance i, where the peer sends.  both[i][c]: secret, the two keys where we send.
 * CHEAT: a point of the peer adds up to the identity; nothing may be used then. */
TCT_MUST_CHECK tct_err tct_base_ot_keys(const tct_base_ot *o, const uint8_t th_s[32],
                                        tct_block chosen[TCT_BASE_OT_COUNT],
                                        tct_block both[TCT_BASE_OT_COUNT][2]);

void tct_base_ot_wipe(tct_base_ot *o);

#endif
