/* SPDX-License-Identifier: ISC
 *
 * facts.h — what facts about a rule are made of: proofs and witnesses first (proof.c), and pairs one by
 *           one for what is left (facts.c).
 */
#ifndef TCT_LEAK_FACTS_H
#define TCT_LEAK_FACTS_H

#include "leak/state.h"

/* All that number i of the row may see, as one number. */
uint64_t tct_facts_sight(const tacit_leak *l, const tct_table_row *row, uint32_t i);
/* Does the outcome reveal something, and nothing of it by lot? */
bool tct_facts_plain(const tct_table *t, uint32_t outcome);
/* What the outcome reveals is told by answers to these questions, that it does not say it may tell of. */
uint64_t tct_facts_revealed(const tacit_leak *l, uint32_t outcome);

/* Settles what proofs and drawn witnesses can; what they cannot stays in l->facts.open.  Needs the
 * table, and no crowds; takes room from l->arena, which the caller takes back. */
void tct_facts_prove(tacit_leak *l);

#endif
