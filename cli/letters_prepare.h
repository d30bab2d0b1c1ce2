/* SPDX-License-Identifier: ISC
 *
 * letters_prepare.h — the meeting at which two devices prepare letters.
 */
#ifndef TCT_CLI_LETTERS_PREPARE_H
#define TCT_CLI_LETTERS_PREPARE_H

#include "tacit/tacit.h"

typedef struct {
    const char *url;
    bool any_relay; /* not the one that a program takes by itself: the other has to name it */
    const tacit_sheet *sheet; /* who makes the code; NULL: who has it */
    int person;               /* as of tct_pairing_options */
    uint32_t askings;         /* who has the code: 1 */
    const char *code;         /* secret */
    uint32_t number;
    uint64_t timeout_ms;
    bool json;
} tct_prepare;

/* Runs it to its end, and tells.  Returns the exit status. */
int tct_letters_prepare(const tct_prepare *prepare);

#endif
