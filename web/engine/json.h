/* SPDX-License-Identifier: ISC
 *
 * json.h — writes JSON into a buffer, for the page's glue.
 */
#ifndef TACIT_WEB_JSON_H
#define TACIT_WEB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *start, *at, *end;
    bool first; /* no comma is due */
    bool after_key;
} json_writer;

json_writer json_begin(char *buffer, size_t bytes);
void json_open(json_writer *w, char bracket);
void json_close(json_writer *w, char bracket);
void json_key(json_writer *w, const char *key);
void json_string(json_writer *w, const char *text);
void json_number(json_writer *w, int64_t number);
void json_bool(json_writer *w, bool value);
/* Ends with a NUL; bytes written without it.  0: it did not fit. */
size_t json_end(json_writer *w);

#endif
