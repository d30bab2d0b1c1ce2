/* SPDX-License-Identifier: ISC
 *
 * binding.h — the hashes that tie a session to what both people see: sheet, program, roles, room.
 *
 * Source   protocol.md 8.1 (sid, session chain), 11.1 (qid), 12.2 (sheet hash).
 * Differs  the answerer knows only the code when the two meet, and the relay must not learn the
 *          sheet's fingerprint.  So the asker hides sheet and program behind a nonce; these veils
 *          stand in sid, CI and AD where the hashes stood, and are opened inside the sealed offer.
 *          A veil binds like a commitment: another sheet under it would be a collision of HASH.
 * Shapes   every value is 32 public bytes, but the nonce is secret until the offer is opened.
 */
#ifndef TCT_SESSION_BINDING_H
#define TCT_SESSION_BINDING_H

#include "garble/engine.h"
#include "pair/cpace.h"

enum { TCT_SESSION_OUT = 3 }; /* both people receive */

/* 12.2: canonical text, options (empty here: all of them stand in the text), the coin, program. */
void tct_bind_sheet(uint8_t out[32], tct_part text, tct_part options, uint32_t coin_k,
                    uint8_t coin_m, const uint8_t program[32]);

void tct_bind_sheet_veil(uint8_t out[32], const uint8_t nonce[32], const uint8_t sheet_hash[32],
                         int asker_person);
void tct_bind_program_veil(uint8_t out[32], const uint8_t nonce[32], const uint8_t program[32]);

/* k ‖ ρ ‖ τ ‖ mode ‖ out, as in sid and at the front of the asker's F1. */
void tct_bind_params(uint8_t out[5], tct_engine_params params);

/* sheet, program: the veils.  The role map is u8 0 ‖ u8 1; the real one is in the sheet's veil. */
void tct_bind_sid(uint8_t out[32], const uint8_t room[16], const uint8_t sheet[32],
                  const uint8_t program[32], const uint8_t params[5]);

void tct_bind_question(uint8_t out[32], const uint8_t sid[32], tct_part text, uint32_t asking);

/* HASH("f1", …) of the base-OT part of F1. */
void tct_bind_f1(uint8_t out[32], const uint8_t rest[TCT_F1_BYTES]);

/* th_S over both bodies of F1, X's first. */
void tct_bind_chain(uint8_t out[32], tct_part x, tct_part y);

#endif
