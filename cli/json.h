/* SPDX-License-Identifier: ISC
 *
 * json.h — one JSON object a line on standard output, for programs that start tacit.
 *
 *     tct_json json = {0};
 *     tct_json_begin(&json, "code");
 *     tct_json_text(&json, "code", code);
 *     tct_json_send(&json);
 */
#ifndef TCT_CLI_JSON_H
#define TCT_CLI_JSON_H

#include "cli/prose.h"

typedef struct {
    tct_string line;
    bool has_field; /* the next field needs a comma */
} tct_json;

void tct_json_begin(tct_json *json, const char *event); /* NULL: an object without "event" */
void tct_json_key(tct_json *json, const char *key); /* the value follows by one of the next */
void tct_json_add_text(tct_json *json, const char *text);
void tct_json_text(tct_json *json, const char *key, const char *text);
void tct_json_number(tct_json *json, const char *key, int64_t number);
void tct_json_bool(tct_json *json, const char *key, bool value);
void tct_json_open(tct_json *json, const char *key,
                   char bracket); /* '{' or '['; key NULL: none */
void tct_json_close(tct_json *json, char bracket);
/* Ends the object, prints it with a newline, flushes and wipes it. */
void tct_json_send(tct_json *json);

#endif
