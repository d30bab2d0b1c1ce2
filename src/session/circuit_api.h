/* SPDX-License-Identifier: ISC
 *
 * circuit_api.h — what stands behind a tacit_circuit, for the party that runs it.
 */
#ifndef TCT_SESSION_CIRCUIT_API_H
#define TCT_SESSION_CIRCUIT_API_H

#include "circuit/bristol.h"
#include "garble/engine.h"
#include "tacit/tacit.h"

struct tacit_circuit {
    tacit_circuit_view view;
    tct_bristol read;
    unsigned line; /* TACIT_FEW_BYTES, _TRIPS */
};

/* Fills the view from what was read or built. */
void tct_circuit_show(tacit_circuit *c);

/* party.c: what two parties without pairing are bound to.  digest: of what they compute; given: the
 * caller's 32 bytes; f1: both, by person. */
void tct_party_sid(const uint8_t digest[TCT_HASH_BYTES], tct_engine_params params,
                   const uint8_t given[32], uint8_t sid[TCT_HASH_BYTES]);
void tct_party_th_s(const uint8_t f1[2][TCT_F1_BYTES], uint8_t th_s[TCT_HASH_BYTES]);

#endif
