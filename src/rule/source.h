/* SPDX-License-Identifier: ISC
 *
 * source.h — the text of a sheet as clean lines, and what is wrong with it.
 *
 * Gives    lines of valid UTF-8 without control characters, without those that turn the direction
 *          of text, and without invisible ones, but for joiners and selectors where a script or an
 *          emoji needs them; a byte-order mark dropped, CRLF as a newline, a tab as a space; every
 *          place in characters.
 *          diagnostics, several at once, with the nearest known word.
 * Nothing that a file holds is echoed unless it passed these checks.
 */
#ifndef TCT_RULE_SOURCE_H
#define TCT_RULE_SOURCE_H

#include "base/text.h"
#include "tacit/tacit.h"

/* Where something stands: 1-based, columns and width in characters. */
typedef struct {
    uint32_t line, column, width;
} tct_place;

typedef struct {
    tacit_diagnostics *list; /* NULL: nobody wants them */
    uint32_t errors;         /* also those that found no room */
    const char *file; /* NULL: the sheet; else a prefix for messages ("in the items: ") */
} tct_complaints;

#define TCT_IN_THE_ITEMS "in the items: "

void tct_complain(tct_complaints *c, tct_place at, const char *hint, const char *format, ...)
    TCT_FORMAT(4, 5);
void tct_warn(tct_complaints *c, tct_place at, const char *hint, const char *format, ...)
    TCT_FORMAT(4, 5);
/* In the order of the file. */
void tct_complaints_sort(tacit_diagnostics *list);

/* The word of a list that is most like `word`, or NULL when none is near.  Case does not count. */
typedef struct {
    const char *word; /* borrowed */
    size_t bytes;
    const char *best;
    uint32_t distance;
} tct_nearest;
void tct_nearest_begin(tct_nearest *n, const char *word, size_t bytes);
void tct_nearest_offer(tct_nearest *n, const char *known);
const char *tct_nearest_word(const tct_nearest *n);

typedef struct {
    uint32_t number, indent; /* 1-based; spaces before the text */
    const char *text;        /* without the indentation and spaces at the end; not terminated */
    size_t bytes;            /* 0: a blank line */
} tct_line;

typedef struct {
    tct_line *lines;
    uint32_t count;
} tct_source;

/* Copies and splits.  text: peer, any bytes.  FORMAT: complaints say where (nothing in `out`).
 * LIMIT: larger than bytes_max.  MEMORY. */
TCT_MUST_CHECK tct_err tct_source_read(tct_source *out, tct_arena *arena, const char *text,
                                       size_t bytes, tct_complaints *complaints);

/* Characters in valid UTF-8. */
uint32_t tct_characters(const char *text, size_t bytes);

#endif
