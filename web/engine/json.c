/* SPDX-License-Identifier: ISC */
#include "json.h"

#include <string.h>

static void put(json_writer *w, const char *bytes, size_t count)
{
    if ((size_t)(w->end - w->at) <= count) { /* one byte stays for the NUL */
        w->at = w->end;
        return;
    }
    memcpy(w->at, bytes, count);
    w->at += count;
}

static void comma(json_writer *w)
{
    if (!w->first && !w->after_key)
        put(w, ",", 1);
    w->first = false;
    w->after_key = false;
}

json_writer json_begin(char *buffer, size_t bytes)
{
    return (json_writer){.start = buffer, .at = buffer, .end = buffer + bytes, .first = true};
}

void json_open(json_writer *w, char bracket)
{
    comma(w);
    put(w, &bracket, 1);
    w->first = true;
}

void json_close(json_writer *w, char bracket)
{
    put(w, &bracket, 1);
    w->first = false;
}

void json_string(json_writer *w, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    comma(w);
    put(w, "\"", 1);
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\') {
            put(w, "\\", 1);
            put(w, p, 1);
        } else if (c < 0x20) {
            char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            put(w, escape, 6);
        } else {
            put(w, p, 1);
        }
    }
    put(w, "\"", 1);
}

void json_key(json_writer *w, const char *key)
{
    json_string(w, key);
    put(w, ":", 1);
    w->after_key = true;
}

void json_number(json_writer *w, int64_t number)
{
    char digits[21];
    size_t count = 0;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[sizeof digits - 1 - count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0)
        digits[sizeof digits - 1 - count++] = '-';
    comma(w);
    put(w, digits + sizeof digits - count, count);
}

void json_bool(json_writer *w, bool value)
{
    comma(w);
    if (value)
        put(w, "true", 4);
    else
        put(w, "false", 5);
}

size_t json_end(json_writer *w)
{
    if (w->at >= w->end)
        return 0;
    *w->at = '\0';
    return (size_t)(w->at - w->start);
}
