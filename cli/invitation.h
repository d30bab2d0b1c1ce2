/* SPDX-License-Identifier: ISC
 *
 * invitation.h — what `tacit serve` says to its host once it is open: where the page is, as a code to
 *                scan too, and who can get there.
 */
#ifndef TCT_CLI_INVITATION_H
#define TCT_CLI_INVITATION_H

#include <stdbool.h>

typedef struct {
    const char *address; /* where people open it, as the host says; NULL: where it listens */
    bool behind_proxy;
    bool with_code; /* a code to scan, if the terminal can show one */
} tct_invitation;

/* url: where it listens, `http://HOST:PORT/`. */
void tct_invitation_print(const tct_invitation *invitation, const char *url);

#endif
