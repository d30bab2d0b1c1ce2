/* SPDX-License-Identifier: ISC
 *
 * allowed.h — which answers to a question are allowed, in the clear.
 */
#ifndef TCT_RULE_ALLOWED_H
#define TCT_RULE_ALLOWED_H

#include "rule/model.h"

/* How many values one slot of this question can have; value number `index` of them. */
uint64_t tct_slot_values(const tct_model *m, const tct_question *q);
int64_t tct_slot_value(const tct_question *q, uint64_t index);

/* Is a single value one that this question has? */
bool tct_slot_allowed(const tct_model *m, const tct_question *q, int64_t value);

/* Are the answers to q, at values[q->first_slot …], together within its limits (each is already
 * allowed for itself)? */
bool tct_question_allowed(const tct_model *m, const tct_question *q, const int64_t *values);

/* Writes some allowed answers to q.  false: there are none, whatever the limits are. */
bool tct_question_default(const tct_question *q, int64_t *values);

#endif
