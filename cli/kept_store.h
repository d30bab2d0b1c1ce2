/* SPDX-License-Identifier: ISC
 *
 * kept_store.h — what this person keeps beyond one meeting: whom they can meet again without a code, and
 *                when they two last asked each other which sheet.
 *
 * The file  $XDG_STATE_HOME/tacit/kept/kept.db, SQLite, 0600; the key in kept.key beside it.
 *           asked    a digest of pairing and sheet, and the minute from which it may be asked again;
 *           pairing  a digest, and sealed: the name, the relay, the secrets.
 *           Both under the key: without it nothing in the file names, links or opens anything.  Whoever
 *           can read this person's files reads both.  No answer, no outcome, no sheet.
 * Clock     this machine's.  A row can make somebody wait for as long as its sheet says from now, and no
 *           longer: a date further ahead was written by a clock that was wrong, and is set anew.
 * Crashes   Each call opens the file, does one transaction, and closes it: after it returned OK it is on
 *           the disk; else nothing changed.
 */
#ifndef TCT_CLI_KEPT_STORE_H
#define TCT_CLI_KEPT_STORE_H

#include "tacit/tacit.h"

enum { TCT_KEPT_NAME = 64, TCT_KEPT_URL = 512, TCT_KEPT_MAX = 256 };

typedef enum {
    TCT_KEPT_OK,
    TCT_KEPT_TOO_SOON,
    TCT_KEPT_ABSENT,
    TCT_KEPT_NAME_TAKEN,
    TCT_KEPT_MANY,
    TCT_KEPT_NO_FOLDER,
    TCT_KEPT_NOT_WRITTEN,
    TCT_KEPT_NO_KEY,
    TCT_KEPT_DAMAGED,
    TCT_KEPT_VERSION,
    TCT_KEPT_FOREIGN,
    TCT_KEPT_OPEN,
    TCT_KEPT_BUSY,
} tct_kept_status;

/* Somebody whom this person can meet again.  Secret, but for name and url. */
typedef struct {
    char name[TCT_KEPT_NAME]; /* what this person calls them, on this device only */
    char url[TCT_KEPT_URL];   /* the relay of the last meeting */
    uint8_t id[TACIT_PAIRING_BYTES];
    uint8_t newest[TACIT_PAIRING_BYTES], before[TACIT_PAIRING_BYTES];
    bool settled; /* the other has newest too; else they may be one step behind or ahead … */
    bool asked;   /* … ahead, if this side asked */
} tct_kept;

tct_kept_status tct_kept_load(tct_kept *kept, const char *name);
/* fresh: a new one, whose name must be free.  Else ABSENT: it was forgotten since it was loaded, and is not
 * written again. */
tct_kept_status tct_kept_save(const tct_kept *kept, bool fresh);
/* Their names, sorted, and how many rows there are of what was asked. */
tct_kept_status tct_kept_list(char names[TCT_KEPT_MAX][TCT_KEPT_NAME], size_t *count,
                              size_t *asked);

/* May these two ask each other this now?  TOO_SOON: *again is when, in seconds since 1970.  Errors: it
 * cannot be said.  hours: of the sheet's `once every`. */
tct_kept_status tct_kept_may_ask(const uint8_t id[TACIT_PAIRING_BYTES], const uint8_t sheet[32],
                                 uint32_t hours, int64_t *again);
/* They ask each other now.  TOO_SOON: another program did so since tct_kept_may_ask. */
tct_kept_status tct_kept_ask(const uint8_t id[TACIT_PAIRING_BYTES], const uint8_t sheet[32],
                             uint32_t hours);

/* Erases one pairing; what was asked; all of it, file and key, in whatever state they are. */
tct_kept_status tct_kept_forget(const char *name);
tct_kept_status tct_kept_forget_asked(void);
tct_kept_status tct_kept_forget_all(void);

/* A sentence for a person. */
const char *tct_kept_says(tct_kept_status status);
/* Is it a name that can be shown and typed?  1 to 63 bytes, no control characters, no space around it. */
bool tct_kept_name_is_good(const char *name);

#endif
