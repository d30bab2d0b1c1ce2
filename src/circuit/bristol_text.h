/* SPDX-License-Identifier: ISC
 *
 * bristol_text.h — lines, words and numbers of a circuit file, with errors that name the line.
 *
 * Shapes   text: any bytes, no NUL needed.  Words are what stands between spaces, tabs and carriage
 *          returns; lines without words are skipped.  Every byte is looked at a bounded number of
 *          times.
 */
#ifndef TCT_CIRCUIT_BRISTOL_TEXT_H
#define TCT_CIRCUIT_BRISTOL_TEXT_H

#include "circuit/bristol.h"

typedef struct {
    const char *at, *line_end, *end; /* the rest of this line is at … line_end */
    uint32_t line;                   /* 1-based; 0 before the first */
    tct_bristol_error *error;
} tct_bristol_cursor;

typedef struct {
    const char *at;
    size_t bytes;
} tct_bristol_word;

/* At most UINT32_MAX bytes, so that lines and words can be counted. */
tct_bristol_cursor tct_bristol_begin(const char *text, size_t text_bytes,
                                     tct_bristol_error *error);

/* Writes the error (line 0: the file as a whole) and returns `err`. */
tct_err tct_bristol_wrong(tct_bristol_cursor *c, tct_err err, uint32_t line, const char *format,
                          ...) __attribute__((format(printf, 4, 5)));

/* Goes to the next line with a word on it. */
bool tct_bristol_next_line(tct_bristol_cursor *c);
/* Takes the next word of this line. */
bool tct_bristol_next_word(tct_bristol_cursor *c, tct_bristol_word *out);
/* The last word of this line, not taken. */
tct_bristol_word tct_bristol_last_word(const tct_bristol_cursor *c);

bool tct_bristol_word_is(tct_bristol_word w, const char *name);
/* Does it begin with a letter? */
bool tct_bristol_word_is_name(tct_bristol_word w);

/* Takes a number; `what` names it in the error. */
TCT_MUST_CHECK tct_err tct_bristol_number(tct_bristol_cursor *c, const char *what,
                                          uint32_t *out);
/* Is this line at its end?  If not, an error that shows the next word. */
TCT_MUST_CHECK tct_err tct_bristol_line_ends(tct_bristol_cursor *c);

/* A word as it may be shown: printable, short. */
typedef struct {
    char text[28];
} tct_bristol_shown;
tct_bristol_shown tct_bristol_show(tct_bristol_word w);

#endif
