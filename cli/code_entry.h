/* SPDX-License-Identifier: ISC
 *
 * code_entry.h — a code as people give it: at a prompt with completion, as a word or a link on the
 *                command line, on standard input.
 */
#ifndef TCT_CLI_CODE_ENTRY_H
#define TCT_CLI_CODE_ENTRY_H

#include "cli/prose.h"
#include "tacit/tacit.h"

/* Completes the last word of a line in place; hint lists the words when there are several. */
void tct_code_entry_complete(char *line, size_t line_bytes, char hint[160]);

/* Takes a code or a whole link; of a link the part before # becomes the relay's address in url
 * (url_bytes), which is else left alone.  ANSWER: error says what is wrong. */
tacit_status tct_code_entry_read(const char *typed, char code[TACIT_CODE_MAX], uint32_t *number,
                                 char *url, size_t url_bytes, char error[160]);

#endif
