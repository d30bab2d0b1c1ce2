/* SPDX-License-Identifier: ISC
 *
 * circuit_api.h — what stands behind a tacit_circuit, for the party that runs it.
 */
#ifndef TCT_SESSION_CIRCUIT_API_H
#define TCT_SESSION_CIRCUIT_API_H

#include "circuit/bristol.h"
#include "tacit/tacit.h"

struct tacit_circuit {
    tacit_circuit_view view;
    tct_bristol read;
    unsigned line; /* TACIT_FEW_BYTES, _TRIPS */
};

/* Fills the view from what was read or built. */
void tct_circuit_show(tacit_circuit *c);

#endif
