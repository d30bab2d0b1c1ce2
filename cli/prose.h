/* SPDX-License-Identifier: ISC
 *
 * prose.h — UTF-8 for people: strings that grow, columns, wrapping, the nearest word, and bytes made
 *          safe to show.
 *
 * The terminal program allocates with the C library; when memory runs out there is nothing sensible
 * left to do, so tct_allocate ends the program (terminal restored, status 1).
 */
#ifndef TCT_CLI_PROSE_H
#define TCT_CLI_PROSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define TCT_FORMAT(format_index, first_index)                                                  \
    __attribute__((format(printf, format_index, first_index)))
#else
#define TCT_FORMAT(format_index, first_index)
#endif

/* Zeroed memory, 64-aligned, or the end of the program.  Freed with tct_release, which wipes. */
void *tct_allocate(size_t bytes);
/* The same, not zeroed: large pieces of which little may be used. */
void *tct_allocate_raw(size_t bytes);
/* … NULL when there is no memory: for sizes that somebody else chose. */
void *tct_allocate_if_there(size_t bytes);
void tct_release(void *memory, size_t bytes);

/* A string that grows.  {0} is an empty one; .text is NULL until something was added. */
typedef struct {
    char *text;
    size_t length, room;
} tct_string;

void tct_string_add(tct_string *s, const char *text);
void tct_string_add_bytes(tct_string *s, const char *bytes, size_t count);
void tct_string_format(tct_string *s, const char *format, ...) TCT_FORMAT(2, 3);
void tct_string_free(tct_string *s); /* wipes */

/* Reads one character of UTF-8.  Returns how many bytes it took (at least 1, 0 at the end); what
 * is not UTF-8 becomes U+FFFD, one byte at a time. */
size_t tct_prose_decode(const char *text, uint32_t *character);
/* Writes one character as UTF-8 with a NUL.  Returns its bytes. */
size_t tct_prose_encode(uint32_t character, char out[5]);
/* Columns that a string takes in a terminal: 0 for marks that combine, 2 for wide characters. */
size_t tct_prose_columns(const char *text, size_t bytes);

/* Takes the next line of at most `columns` columns off *text: returns its start, its length in
 * *bytes, and moves *text behind it and the space or newline that ended it.  NULL at the end.
 * Words longer than a line are cut. */
const char *tct_prose_next_line(const char **text, size_t columns, size_t *bytes);

/* Adds `bytes` bytes with every control character, direction override and broken byte written out
 * as \xNN or \u{NNNN}, so that a hostile file cannot drive the terminal. */
void tct_prose_add_safe(tct_string *out, const char *text, size_t bytes);

/* How many single edits (insert, drop, change, swap neighbours) lie between two short words. */
unsigned tct_prose_distance(const char *a, const char *b);
/* The nearest of `count` words when it is near enough to suggest, else NULL. */
const char *tct_prose_nearest(const char *word, const char *const *words, size_t count);

/* 1234567 as "1,234,567". */
void tct_prose_number(char out[32], int64_t number);

/* "20s", "5m", "12h", "3d": into milliseconds.  false: not a duration, or more than 30 days. */
bool tct_prose_duration(const char *text, uint64_t *ms);
/* And back: "20 seconds", "5 minutes". */
void tct_prose_say_duration(char out[32], uint64_t ms);

#endif
