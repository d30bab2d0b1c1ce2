/* SPDX-License-Identifier: ISC
 *
 * chain.h — the transcript of a run as a chain of hashes: both parties must have seen the same.
 *
 * Source   protocol.md 8.1.   th_{r,1} = HASH("run", …);  th_{r,j} = HASH("tr", th, u8 j, body_X,
 *          body_Y), bodies in plaintext, the creator's first, an absent body is empty; in bulk mode
 *          the digest of each body stands in its place (PROTOCOL.md, section 8).
 */
#ifndef TCT_GARBLE_CHAIN_H
#define TCT_GARBLE_CHAIN_H

#include "garble/run_state.h"

/* th_{r,1}. */
void tct_chain_start(uint8_t th[TCT_HASH_BYTES], const tct_engine *e, uint32_t run,
                     const uint8_t circuit_digest[TCT_HASH_BYTES], int garbler);

/* Of a segment: HASH("seg", th_{r,1}, th of the segment before, u8 last, u32 carried, from, to), slots as
 * u32 each; with it both know that they cut the same circuit at the same places. */
void tct_chain_segment(uint8_t th[TCT_HASH_BYTES], const tct_segment *segment,
                       uint32_t output_count);

/* salt_r = HASH("salt", sid, th_{r,1}). */
void tct_chain_salt(uint8_t salt[TCT_HASH_BYTES], const tct_engine *e,
                    const uint8_t th[TCT_HASH_BYTES]);

/* The digest of a body in bulk mode: TREE(body). */
void tct_chain_digest(const uint8_t *body, size_t bytes, uint8_t out[TCT_HASH_BYTES]);
/* ... of F2: HASH("f2", what stands before d^1, tree, what stands after the last d); tree is TREE over
 * the d, d_bytes long from d_at on, and was made for the challenge already. */
void tct_chain_digest_f2(const uint8_t *body, size_t bytes, size_t d_at, size_t d_bytes,
                         const uint8_t tree[TCT_HASH_BYTES], uint8_t out[TCT_HASH_BYTES]);

/* bodies[role], bytes[role]: what each session role sent as `flight`. */
void tct_chain_absorb(uint8_t th[TCT_HASH_BYTES], int flight, const uint8_t *const bodies[2],
                      const size_t bytes[2]);

#endif
