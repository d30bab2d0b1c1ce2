/* SPDX-License-Identifier: ISC
 *
 * sentences.h — what was found, as sentences for people, one at a time.
 */
#ifndef TCT_LEAK_SENTENCES_H
#define TCT_LEAK_SENTENCES_H

#include "leak/state.h"

enum { TCT_SENTENCE_BYTES = 2048 };

typedef struct {
    void (*say)(void *context, const char *sentence);
    void *context;
} tct_speaker;

/* What outcome k tells, most telling first.  One that ends with a colon heads those that follow.
 * shift: also in words how far the odds move. */
void tct_say_told(const tacit_leak *l, int side, uint32_t k, const tct_speaker *to);
/* In figures, answer by answer (side ME). */
void tct_say_figures(const tacit_leak *l, uint32_t k, const tct_speaker *to);
/* What already settles it; what outcome k takes. */
void tct_say_settled(const tacit_leak *l, const tct_speaker *to);
void tct_say_needs(const tacit_leak *l, uint32_t k, const tct_speaker *to);
/* That it is a bound, and why; "" when all was counted. */
const char *tct_say_bound(const tacit_leak *l);

/* ---- naming.c: answers and what they may be ---- */

/* The question (and item) of an answer of a side. */
void tct_name_answer(tct_text *t, const tacit_leak *l, int side, uint32_t answer);
/* One of its values. */
void tct_name_value(tct_text *t, const tacit_leak *l, int side, uint32_t answer, int64_t value);
/* The values whose atoms are marked, as few words as do: “a or b”, “at least 300”, “not c”. */
void tct_name_values(tct_text *t, const tacit_leak *l, int side, uint32_t answer,
                     const uint8_t *possible);
/* 250000 millionths: “1 in 4”. */
void tct_name_odds(tct_text *t, uint32_t millionths);

#endif
