/* SPDX-License-Identifier: ISC
 *
 * state_folder.h — small files of this person's, in $XDG_STATE_HOME/tacit (or ~/.local/state/tacit):
 *                  folders 0700, files 0600, written whole or not at all, read only if they are theirs.
 */
#ifndef TCT_CLI_STATE_FOLDER_H
#define TCT_CLI_STATE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TCT_STATE_PATH = 4096 + 64 }; /* any path of ours fits */

typedef enum {
    TCT_STATE_OK,
    TCT_STATE_ABSENT,
    TCT_STATE_FOREIGN, /* another user's, or not to be read */
    TCT_STATE_OPEN,    /* others on this machine may read or change it */
    TCT_STATE_DAMAGED, /* no file, or a disk that cannot read it */
} tct_state_status;

/* Makes the folder `name` and those above it; path ends with a slash.  false: it cannot be. */
bool tct_state_folder(const char *name, char path[TCT_STATE_PATH]);
/* On the disk when it returns true, in place of what was there; false: nothing changed. */
bool tct_state_write(const char *folder, const char *name, const uint8_t *bytes, size_t count);
/* At most `room` bytes; *count: how many. */
tct_state_status tct_state_read(const char *folder, const char *name, uint8_t *out, size_t room,
                                size_t *count);
void tct_state_erase(const char *folder, const char *name);

#endif
