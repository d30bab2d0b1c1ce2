/* SPDX-License-Identifier: ISC
 *
 * numbers.h — room numbers: small, since people speak them, and not given out again until they have
 *             rested, so that a late guest does not walk into a stranger's room.
 */
#ifndef TCT_RELAY_NUMBERS_H
#define TCT_RELAY_NUMBERS_H

#include "base/base.h"

typedef struct tct_numbers tct_numbers;

/* Numbers 1 … max; seed: any.  NULL: no memory. */
tct_numbers *tct_numbers_new(uint32_t max, uint32_t rest_ms, uint64_t seed);
void tct_numbers_free(tct_numbers *numbers);

/* A free number for `holder` (not NULL), drawn from those with the fewest digits of which at least
 * half are free, or else from any.  0: none is free. */
uint32_t tct_numbers_draw(tct_numbers *numbers, void *holder, uint64_t now_ms);
/* This very number, for a holder that had it before a restart.  false: it is not free. */
bool tct_numbers_claim(tct_numbers *numbers, uint32_t number, void *holder);
/* Who holds it; NULL: nobody, or not a number of ours. */
void *tct_numbers_holder(const tct_numbers *numbers, uint32_t number);
/* The holder lets go; the number rests from now on. */
void tct_numbers_rest(tct_numbers *numbers, uint32_t number, uint64_t now_ms);

#endif
