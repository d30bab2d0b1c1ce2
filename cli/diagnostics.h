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

/* name: the file's, as given.  text: its bytes, which may be anything. */
void tct_diagnostics_add(tct_string *out, const char *name, const char *text, size_t bytes,
                         const tacit_diagnostics *diagnostics);

#endif
