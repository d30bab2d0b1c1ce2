/* SPDX-License-Identifier: ISC
 *
 * answers_file.h — answers given by options and files, for scripts and for tests.
 *
 * A file has lines `question = option`, `question.item = option`, `not-now = yes`; empty lines and
 * lines that begin with # are skipped.  An --answer wins over the file.
 */
#ifndef TCT_CLI_ANSWERS_FILE_H
#define TCT_CLI_ANSWERS_FILE_H

#include "cli/options.h"
#include "cli/prose.h"
#include "tacit/tacit.h"

typedef struct {
    char *key, *value; /* point into a text below.  secret */
    const char *path;  /* NULL: an option */
    unsigned line;
} tct_given_answer;

typedef struct {
    tct_given_answer *items;
    size_t count, room;
    char *texts[2]; /* what the items point into: the file, the options */
    size_t text_bytes[2];
} tct_given_answers;

/* Reads --answers (path, may be NULL) and --answer (may be empty); blanks the options' values in
 * argv, since other people on this machine can list them.  false: error says what is wrong, with
 * file and line. */
bool tct_given_read(tct_given_answers *given, const char *path, const tct_option_list *options,
                    tct_string *error);
/* Sets them all.  false: error says which one cannot be, and why. */
bool tct_given_apply(const tct_given_answers *given, const tacit_sheet *sheet, int person,
                     tacit_answers *answers, tct_string *error);
void tct_given_free(tct_given_answers *given); /* wipes */

#endif
