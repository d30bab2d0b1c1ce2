/* SPDX-License-Identifier: ISC
 *
 * say.h — how a meeting ended, and the words for it: what happened, whether anything may have been
 *         revealed, and the next step.  All of them stand in one table in say.c, so that they can be
 *         read, and weighed, together.
 */
#ifndef TCT_CLI_SAY_H
#define TCT_CLI_SAY_H

#include "cli/page.h"
#include "tacit/tacit.h"

typedef enum {
    TCT_END_NONE, /* not over */
    TCT_END_OUTCOME,
    TCT_END_ASLEEP,   /* put aside until the morning */
    TCT_END_PREPARED, /* letters can be written */
    /* this person's side */
    TCT_END_USAGE,
    TCT_END_ANSWER,
    TCT_END_CODE_TYPO,
    TCT_END_SHEET,
    TCT_END_THEIR_SHEET,
    TCT_END_TOO_LARGE,
    TCT_END_LEFT_SELF,
    TCT_END_OUTPUT,
    TCT_END_NOT_KEPT,
    TCT_END_NO_SLEEP,
    TCT_END_NO_HISTORY,
    TCT_END_HISTORY,
    TCT_END_NO_PAIRING,
    TCT_END_NO_LETTERS,
    TCT_END_MACHINE,
    TCT_END_INTERRUPTED,
    TCT_END_TERMINATED,
    TCT_END_HUNG_UP,
    /* the relay */
    TCT_END_BAD_URL,
    TCT_END_UNREACHABLE,
    TCT_END_LOST,
    TCT_END_NOT_A_RELAY,
    TCT_END_RELAY_BUSY,
    TCT_END_RELAY_OLD,
    TCT_END_RELAY_CLOSING,
    TCT_END_RELAY_REFUSED,
    TCT_END_NOT_GIVEN,
    TCT_END_RELAY_WRONG,
    TCT_END_NO_MEETING,
    TCT_END_TOLD_ONE,
    TCT_END_CLOCK,
    /* the other person */
    TCT_END_NOBODY_CAME,
    TCT_END_TIMEOUT,
    TCT_END_LEFT,
    TCT_END_IDLE,
    /* something did not add up */
    TCT_END_CHECK,
    /* the two cannot pair */
    TCT_END_UNKNOWN_CODE,
    TCT_END_FULL,
    TCT_END_WRONG_CODE,
    TCT_END_CODE_SPENT,
    TCT_END_OTHER_SHEET,
    TCT_END_SAME_ROLE,
    TCT_END_ONE_OF_LETTERS,
    TCT_END_VERSION,
    TCT_END_TOO_SOON,
    TCT_END_NOT_YET,
    TCT_END_COUNT
} tct_end_kind;

enum { TCT_END_DETAIL_MAX = 1024 };

typedef struct {
    tct_end_kind kind;
    bool maybe_revealed;
    char detail[TCT_END_DETAIL_MAX]; /* said in place of the table's first sentence; or "" */
} tct_end;

int tct_end_status(const tct_end *end);
const char *tct_end_reason(const tct_end *end); /* for JSON: "wrong-code" */
/* What a session that ended with this error means to a person. */
tct_end_kind tct_end_of_error(tacit_status error);

/* "You two asked each other this less than 7 days ago; again from Thursday 14:05."  again: seconds since
 * 1970. */
void tct_too_soon_says(char detail[TCT_END_DETAIL_MAX], uint32_t hours, int64_t again);

/* Three paragraphs: what, revealed or not, next. */
void tct_end_page(const tct_end *end, tct_page *page);
/* The same on standard error, after the program's name. */
void tct_end_tell(const tct_end *end);
/* A paragraph on standard error, after the program's name, wrapped like a page. */
void tct_tell(const char *format, ...) TCT_FORMAT(1, 2);

#endif
