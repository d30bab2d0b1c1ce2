/* SPDX-License-Identifier: ISC
 *
 * preview.h — what each outcome would tell, worked out and put on a page.
 *
 * Working it out takes a moment, rarely some seconds: the line to the other person is served meanwhile.
 * What comes of it tells of the answers: tct_preview_free wipes it.
 */
#ifndef TCT_CLI_PREVIEW_H
#define TCT_CLI_PREVIEW_H

#include "cli/sheet_files.h"
#include "cli/ui.h"
#include "tacit/tacit.h"

typedef struct tct_preview tct_preview;

/* wants: TACIT_LEAK_PREVIEW, _REFLECT.  NULL: no memory for it here. */
tct_preview *tct_preview_new(const tacit_sheet *sheet, int person, unsigned wants);
void tct_preview_free(tct_preview *preview); /* NULL is fine */

/* Works it out for these answers, complete ones; at once when it already has.  background: NULL when
 * there is none.  false: it is not done, since something else comes first; call again. */
bool tct_preview_work(tct_preview *preview, const tacit_answers *answers,
                      const tct_background *background);

/* When done: adds it to a page.  how: as for tacit_leak_words. */
void tct_preview_add(const tct_preview *preview, unsigned how, tct_page *page);
void tct_preview_add_reflection(const tct_preview *preview, tct_page *page);
/* As a JSON object, without newline.  Freed and wiped by the caller. */
void tct_preview_json(const tct_preview *preview, tct_string *out);

/* For commands without another person.  The index of a role, 0 for NULL; -1 after saying on standard
 * error what is wrong. */
int tct_preview_role(const tct_sheet_file *file, const char *role);
/* Answers from a file, complete and allowed.  false: it was said what is wrong. */
bool tct_preview_answers(const char *path, const tct_sheet_file *file, int person,
                         tacit_answers *answers);

#endif
