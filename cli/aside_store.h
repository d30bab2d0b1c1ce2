/* SPDX-License-Identifier: ISC
 *
 * aside_store.h — what this person sleeps on: one encrypted file each, in the state folder
 *                 ($XDG_STATE_HOME/tacit/sleep, mode 0600), and their key in a file beside them.
 *
 * The key guards against a file that is copied alone (a backup, a synced folder that leaves the key
 * out), and against damage; not against someone who can read this person's files.
 */
#ifndef TCT_CLI_ASIDE_STORE_H
#define TCT_CLI_ASIDE_STORE_H

#include "cli/page.h"
#include "net/relay_wire.h"
#include "tacit/tacit.h"

enum { TCT_ASIDES_MAX = 64, TCT_ASIDE_NAME = 9 };

typedef struct {
    char name[TCT_ASIDE_NAME];    /* eight hex digits: of the file, and what a person types */
    uint64_t opens_ms, closes_ms; /* the window, by the relay's clock */
    uint64_t ahead_ms;            /* that clock, less this machine's, when it was written */
    bool confirmed;
    uint8_t ticket[TCT_RELAY_TICKET_BYTES]; /* secret */
    char url[512];
    uint8_t *bytes; /* secret: of tacit_session_put_aside; allocated, TACIT_ASIDE_MAX */
    size_t count;
} tct_aside;

typedef enum {
    TCT_ASIDE_OK,
    TCT_ASIDE_ABSENT,
    TCT_ASIDE_NO_FOLDER,
    TCT_ASIDE_NOT_WRITTEN,
    TCT_ASIDE_NO_KEY,
    TCT_ASIDE_DAMAGED,
    TCT_ASIDE_VERSION,
    TCT_ASIDE_FOREIGN,
    TCT_ASIDE_OPEN, /* others may read it */
} tct_aside_status;

/* Whole on the disk before it returns, or not there.  name is made from the room when it is "". */
tct_aside_status tct_aside_save(tct_aside *aside, const uint8_t room[TCT_RELAY_ROOM_BYTES]);
tct_aside_status tct_aside_load(tct_aside *aside, const char *name);
size_t tct_aside_list(char names[TCT_ASIDES_MAX][TCT_ASIDE_NAME]);
void tct_aside_erase(const char *name);
void tct_aside_free(tct_aside *aside); /* wipes */

/* A sentence for a person, and the next step. */
const char *tct_aside_says(tct_aside_status status);

/* A time of the relay's clock on this machine's: "Monday 06:30". */
void tct_aside_clock(char out[48], const tct_aside *aside, uint64_t ms);
/* This machine's clock, in ms since 1970. */
uint64_t tct_aside_wall_ms(void);

#endif
