/* SPDX-License-Identifier: ISC
 *
 * state_file.h — where this person's few files lie ($XDG_STATE_HOME/tacit, or ~/.local/state/tacit), and
 *                small ones among them read and written whole.
 */
#ifndef TCT_CLI_STATE_FILE_H
#define TCT_CLI_STATE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TCT_STATE_PATH = 4096 };

typedef enum {
    TCT_STATE_OK,
    TCT_STATE_ABSENT,
    TCT_STATE_DAMAGED, /* no regular file, or it cannot be read */
    TCT_STATE_FOREIGN, /* of another user */
} tct_state_status;

/* The path of a name in the folder; folders are made, 0700.  false: there is no place for it. */
bool tct_state_path(char out[TCT_STATE_PATH], const char *name);
/* Is it a file of ours to open?  No link is followed. */
tct_state_status tct_state_look(const char *path);
/* At most room bytes of it. */
tct_state_status tct_state_read(const char *path, uint8_t *out, size_t room, size_t *count);
/* A new file, 0600, takes the place of the old one when it is whole on the disk, or nothing changes. */
bool tct_state_write(const char *path, const uint8_t *bytes, size_t count);

#endif
