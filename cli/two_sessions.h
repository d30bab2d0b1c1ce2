/* SPDX-License-Identifier: ISC
 *
 * two_sessions.h — both people's sessions in this process, and a relay's rooms between them, without
 *                  a socket: what `tacit try` runs.
 */
#ifndef TCT_CLI_TWO_SESSIONS_H
#define TCT_CLI_TWO_SESSIONS_H

#include "tacit/tacit.h"

typedef struct tct_two_sessions tct_two_sessions;

/* What the caller hears meanwhile; both may be NULL. */
typedef struct {
    void (*paired)(void *context, int person); /* their codes have met */
    bool (*working)(void *context);            /* often; false: stop */
    void *context;
} tct_two_hooks;

/* Runs one sheet on two people's answers, by the same session code and the same rooms as two devices
 * would.  answers: secret; wiped.  OK: tct_two_outcome has both.  ABORT: stopped by `working`. */
tacit_status tct_two_run(tct_two_sessions **out, const tacit_sheet *sheet,
                         tacit_answers *const answers[2], const tct_two_hooks *hooks);
const tacit_outcome *tct_two_outcome(const tct_two_sessions *two, int person);
void tct_two_free(tct_two_sessions *two);

#endif
