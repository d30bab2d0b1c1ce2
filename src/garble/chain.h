/* SPDX-License-Identifier: ISC
 *
 * chain.h — the transcript of a run as a chain of hashes: both parties must have seen the same.
 *
 * Source   protocol.md 8.1.   th_{r,1} = HASH("run", …);  th_{r,j} = HASH("tr", th, u8 j, body_X,
 *          body_Y), bodies in plaintext, the creator's first, an absent body is empty.
 */
#ifndef TCT_GARBLE_CHAIN_H
#define TCT_GARBLE_CHAIN_H

#include "garble/engine_state.h"

/* th_{r,1}. */
void tct_chain_start(uint8_t th[TCT_HASH_BYTES], const tct_engine *e, uint32_t run,
                     const uint8_t circuit_digest[TCT_HASH_BYTES], int garbler);

/* salt_r = HASH("salt", sid, th_{r,1}). */
void tct_chain_salt(uint8_t salt[TCT_HASH_BYTES], const tct_engine *e,
                    const uint8_t th[TCT_HASH_BYTES]);

/* bodies[role], bytes[role]: what each session role sent as `flight`. */
void tct_chain_absorb(uint8_t th[TCT_HASH_BYTES], int flight, const uint8_t *const bodies[2],
                      const size_t bytes[2]);

#endif
