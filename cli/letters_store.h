/* SPDX-License-Identifier: ISC
 *
 * letters_store.h — letters on this person's disk: one file for each pair and sheet, encrypted under a key
 *                   that lies beside it, in the state folder (state_folder.h).
 *
 * A save is on the disk when it returns.  The key guards against damage and a copy of that file alone; not
 * against a copy of all: that is what the relay's notes are for (docs/THREATS.md).
 */
#ifndef TCT_CLI_LETTERS_STORE_H
#define TCT_CLI_LETTERS_STORE_H

#include "cli/aside_store.h"

enum { TCT_LETTERS_FILES_MAX = 32 };

typedef struct {
    char name[TCT_ASIDE_NAME]; /* of the file, and what a person types */
    uint64_t ahead_ms;         /* the relay's clock, less this machine's, as last heard */
    uint8_t ticket[TCT_RELAY_TICKET_BYTES]; /* secret */
    char url[512];
    uint8_t *bytes; /* secret: of tacit_letters_save; allocated, TACIT_LETTERS_MAX */
    size_t count;
} tct_letters_file;

/* name: made from the room when it is "". */
tct_aside_status tct_letters_save(tct_letters_file *file, const uint8_t room[TACIT_ROOM_BYTES]);
tct_aside_status tct_letters_load(tct_letters_file *file, const char *name);
size_t tct_letters_list(char names[TCT_LETTERS_FILES_MAX][TCT_ASIDE_NAME]);
void tct_letters_erase(const char *name);
void tct_letters_file_free(tct_letters_file *file); /* wipes */
/* Two programs that use the letters of one person at once would take each other for copies, and the letters
 * would end.  The lock is held until the descriptor is closed; -1: another program has it. */
int tct_letters_lock(void);
/* A sentence for a person. */
const char *tct_letters_file_says(tct_aside_status status);

#endif
