/* SPDX-License-Identifier: ISC
 *
 * text.h — writing text into memory that somebody else owns, with a small own format.
 *
 * Errors   a writer that is full goes on counting and writes no more: `needed` says what it takes.
 */
#ifndef TCT_BASE_TEXT_H
#define TCT_BASE_TEXT_H

#include <stdarg.h>

#include "base/base.h"

#if defined(__GNUC__)
#define TCT_FORMAT(at, first) __attribute__((format(printf, at, first)))
#else
#define TCT_FORMAT(at, first)
#endif

typedef struct {
    char *out;     /* NULL: count only */
    size_t room;   /* bytes of out, with the NUL */
    size_t needed; /* bytes written or wanted so far, without the NUL */
} tct_text;

void tct_text_init(tct_text *t, char *out, size_t room);
/* Ends with a NUL (cutting between characters when it did not fit). */
void tct_text_end(tct_text *t);

void tct_text_bytes(tct_text *t, const char *bytes, size_t count);
/* Understands %s, %.*s, %d, %u, %lld, %llu and %%; nothing else. */
void tct_text_add(tct_text *t, const char *format, ...) TCT_FORMAT(2, 3);
void tct_text_add_list(tct_text *t, const char *format, va_list arguments) TCT_FORMAT(2, 0);

/* Puts a number of the C type of our values. */
void tct_text_number(tct_text *t, int64_t value);

#endif
