/* SPDX-License-Identifier: ISC */
#include "cli/json.h"

#include <inttypes.h>
#include <stdio.h>

static void separate(tct_json *json)
{
    if (json->has_field)
        tct_string_add(&json->line, ",");
    json->has_field = true;
}

void tct_json_add_text(tct_json *json, const char *text)
{
    uint32_t c;
    size_t taken;
    separate(json);
    tct_string_add(&json->line, "\"");
    for (; (taken = tct_prose_decode(text, &c)) != 0; text += taken) {
        if (c == '"' || c == '\\')
            tct_string_format(&json->line, "\\%c", (char)c);
        else if (c == '\n')
            tct_string_add(&json->line, "\\n");
        else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
            tct_string_format(&json->line, "\\u%04x", (unsigned)c);
        else if (c == 0xfffd && taken == 1)
            tct_string_add(&json->line, "\\ufffd"); /* a byte that is not UTF-8 */
        else
            tct_string_add_bytes(&json->line, text, taken);
    }
    tct_string_add(&json->line, "\"");
}

void tct_json_key(tct_json *json, const char *key)
{
    tct_json_add_text(json, key);
    tct_string_add(&json->line, ":");
    json->has_field = false; /* the value follows without a comma */
}

void tct_json_begin(tct_json *json, const char *event)
{
    tct_string_free(&json->line);
    tct_string_add(&json->line, "{");
    json->has_field = false;
    if (event != NULL)
        tct_json_text(json, "event", event);
}

void tct_json_text(tct_json *json, const char *key, const char *text)
{
    tct_json_key(json, key);
    tct_json_add_text(json, text);
}

void tct_json_number(tct_json *json, const char *key, int64_t number)
{
    tct_json_key(json, key);
    separate(json);
    tct_string_format(&json->line, "%" PRId64, number);
}

void tct_json_bool(tct_json *json, const char *key, bool value)
{
    tct_json_key(json, key);
    separate(json);
    tct_string_add(&json->line, value ? "true" : "false");
}

void tct_json_open(tct_json *json, const char *key, char bracket)
{
    if (key != NULL)
        tct_json_key(json, key);
    separate(json);
    tct_string_format(&json->line, "%c", bracket);
    json->has_field = false;
}

void tct_json_close(tct_json *json, char bracket)
{
    tct_string_format(&json->line, "%c", bracket);
    json->has_field = true;
}

void tct_json_send(tct_json *json)
{
    tct_string_add(&json->line, "}\n");
    /* A failed write stays in ferror(stdout); main looks at the end, the pairing between steps. */
    (void)fputs(json->line.text, stdout);
    (void)fflush(stdout);
    tct_string_free(&json->line);
}
