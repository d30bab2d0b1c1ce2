/* SPDX-License-Identifier: ISC
 *
 * outcome.h — the events of a meeting as JSON lines; `person` is 0 when there is only one here, else 1
 *             or 2 (tacit try).
 */
#ifndef TCT_CLI_OUTCOME_H
#define TCT_CLI_OUTCOME_H

#include "cli/say.h"
#include "tacit/tacit.h"

void tct_event_code(const char *code, const char *link, int person);
/* history: "new" or "kept" for a sheet that may be asked only so often; else NULL. */
void tct_event_paired(int person, const char *history);
void tct_event_kept(bool kept);
void tct_event_note(const char *text, int person);
void tct_event_outcome(const tacit_outcome *outcome, int person);
void tct_event_ended(const tct_end *end, int person);

#endif
