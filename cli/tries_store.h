/* SPDX-License-Identifier: ISC
 *
 * tries_store.h — how often this device has tried a code, kept across runs of the program.
 *
 * A code is short, so guesses must be few (docs/PROTOCOL.md, pairing): an attempt is written down
 * before the own confirmation leaves and struck off only when the other's was valid; a dropped line
 * counts as a guess.  After three the code is dead here.
 *
 * The file: $XDG_STATE_HOME/tacit/tries or ~/.local/state/tacit/tries, mode 0600; a salted hash of the
 * code, a count and a time per line; lines older than a day are dropped.  Where nothing can be
 * written the count lives as long as the program.
 */
#ifndef TCT_CLI_TRIES_STORE_H
#define TCT_CLI_TRIES_STORE_H

#include <stdbool.h>

enum { TCT_TRIES_MAX = 3 };

/* code: secret, normalised. */
unsigned tct_tries_count(const char *code);
/* Counts one more.  false: it could not be written down. */
bool tct_tries_add(const char *code);
/* The attempt was good: the code is forgotten. */
void tct_tries_clear(const char *code);

#endif
