/* SPDX-License-Identifier: ISC
 *
 * letters_inside.h — what letters.c and letters_steps.c share.
 */
#ifndef TCT_SESSION_LETTERS_INSIDE_H
#define TCT_SESSION_LETTERS_INSIDE_H

#include "session/letters_state.h"

/* The asking that is next or under way; askings: none is left. */
uint32_t tct_letters_asking(const tacit_letters *l);
/* Its run that has begun; NULL: none has. */
tct_letter_run *tct_letters_open_run(tacit_letters *l, uint32_t asking);
/* It is over, or burnt: everything of it is wiped but what was noted. */
void tct_letters_finish_run(tct_letter_run *run);
void tct_letters_close_asking(tacit_letters *l, uint32_t asking);
/* All of it is over for good.  Returns status. */
tacit_status tct_letters_die(tacit_letters *l, tacit_status status);

#endif
