/* SPDX-License-Identifier: ISC
 *
 * diagnostics.h — shows the errors of a sheet the way good compilers do.
 *
 *     night.tacit:7:18: error: `ending` has no answer `hop`
 *       7 |   when both (ending is hop)
 *         |                        ^~~
 *         = did you mean `hope`?
 */
#ifndef TCT_CLI_DIAGNOSTICS_H
#define TCT_CLI_DIAGNOSTICS_H

#include "cli/prose.h"
#include "tacit/tacit.h"

/* A text that was read, with its file's name as given; the bytes may be anything. */
typedef struct {
    const char *name, *text;
    size_t bytes;
} tct_source;

/* Errors in the items (items->name may be NULL: none were given) are shown with their own lines. */
void tct_diagnostics_add(tct_string *out, const tct_source *sheet, const tct_source *items,
                         const tacit_diagnostics *diagnostics);

#endif
