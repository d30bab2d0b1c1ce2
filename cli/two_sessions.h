/* SPDX-License-Identifier: ISC
 *
 * two_sessions.h — both people's sessions in this process, and a relay's rooms between them, without
 *                  a socket: what `tacit try` runs.
 */
#ifndef TCT_CLI_TWO_SESSIONS_H
#define TCT_CLI_TWO_SESSIONS_H

#include "tacit/tacit.h"

typedef struct tct_two_sessions tct_two_sessions;

/* Runs one sheet on two people's answers, by the same session code and the same rooms as two devices
 * would.  answers: secret; wiped.  paired(person) is called for each of them when their codes have
 * met; may be NULL.  OK: tct_two_outcome has both. */
tacit_status tct_two_run(tct_two_sessions **out, const tacit_sheet *sheet,
                         tacit_answers *const answers[2], void (*paired)(int person));
const tacit_outcome *tct_two_outcome(const tct_two_sessions *two, int person);
void tct_two_free(tct_two_sessions *two);

#endif
