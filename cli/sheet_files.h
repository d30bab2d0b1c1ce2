/* SPDX-License-Identifier: ISC
 *
 * sheet_files.h — a sheet by its name: one that ships inside the program, or a file.
 */
#ifndef TCT_CLI_SHEET_FILES_H
#define TCT_CLI_SHEET_FILES_H

#include "cli/prose.h"
#include "tacit/tacit.h"

typedef struct {
    const char *name;
    const unsigned char *text; /* NUL-terminated */
    size_t bytes;
} tct_builtin_sheet;

/* Made at build time by embed-sheets.cmake; ends with a NULL name. */
extern const tct_builtin_sheet tct_builtin_sheets[];
extern const size_t tct_builtin_sheet_count;

typedef struct {
    tacit_sheet *sheet;
    const tacit_sheet_view *view;
    void *memory;
    uint32_t warnings; /* of the second look as well, in tct_sheet_check */
    unsigned open;     /* after tct_sheet_check: TACIT_OPEN_*, what could not be found out */
} tct_sheet_file;

/* Loads the sheet `name`, with the items of items_path when that is not NULL.  Returns 0, or the
 * exit status after saying on standard error what is wrong: 2 there is no such file, 3 the sheet has
 * errors. */
int tct_sheet_load(tct_sheet_file *out, const char *name, const char *items_path);
void tct_sheet_unload(tct_sheet_file *file);

/* The same, telling warnings and errors of a sheet on standard error in full (tacit check). */
int tct_sheet_check(tct_sheet_file *out, const char *name);

/* Reads a whole file of at most `most` bytes.  NULL: it cannot be read; error says why, with the
 * path.  *bytes may come back as most+1: there was more. */
char *tct_file_read(const char *path, size_t most, size_t *bytes, tct_string *error);

#endif
