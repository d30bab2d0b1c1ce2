/* SPDX-License-Identifier: ISC */
#include "rule/source.h"

#include <string.h>

uint32_t tct_characters(const char *text, size_t bytes)
{
    uint32_t count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

/* Reads one character.  Returns its length, 0 when the bytes are not UTF-8 (overlong forms,
 * surrogates and values above U+10FFFF are not). */
static size_t decode_character(const unsigned char *s, size_t left, uint32_t *out)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = s[0] < 0x80             ? 1
                    : (s[0] & 0xe0) == 0xc0 ? 2
                    : (s[0] & 0xf0) == 0xe0 ? 3
                    : (s[0] & 0xf8) == 0xf0 ? 4
                                            : 0;
    if (length == 0 || length > left)
        return 0;
    uint32_t c = length == 1 ? s[0] : s[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3fu);
    }
    if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    *out = c;
    return length;
}

/* What is wrong with a character, or NULL. */
static const char *refuse_character(uint32_t c)
{
    if (c == 0)
        return "there is a NUL byte here";
    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
        return "there is a control character here";
    if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
        return "an invisible character here would turn the direction of the text";
    if (c == 0xfeff || c == 0x200b || c == 0x2060 || (c >= 0xe0000 && c < 0xe0080))
        return "there is an invisible character here";
    return NULL;
}

typedef struct {
    const unsigned char *in;
    size_t bytes, at;
    char *out; /* the clean copy */
    size_t written;
    uint32_t line, column;
    tct_complaints *complaints;
} reader;

static void complain_here(reader *r, const char *what, const char *hint)
{
    tct_place here = {r->line, r->column, 1};
    tct_complain(r->complaints, here, hint, "%s", what);
}

static void take_character(reader *r)
{
    uint32_t c = 0;
    size_t length = decode_character(r->in + r->at, r->bytes - r->at, &c);
    if (length == 0) {
        complain_here(r, "this is not UTF-8 text", "save the file as UTF-8");
        r->at++;
        /* One complaint for one broken character, not for each of its bytes. */
        while (r->at < r->bytes && (r->in[r->at] & 0xc0) == 0x80)
            r->at++;
        r->column++;
        return;
    }
    bool crlf = c == '\r' && r->at + 1 < r->bytes && r->in[r->at + 1] == '\n';
    if (crlf) {
        r->at++;
        return;
    }
    if (c == '\n') {
        r->out[r->written++] = '\n';
        r->line++;
        r->column = 1;
    } else {
        const char *wrong = c == '\t' ? NULL : refuse_character(c);
        if (wrong != NULL)
            complain_here(r, wrong, "remove it");
        if (c == '\t')
            r->out[r->written++] = ' ';
        else
            memcpy(r->out + r->written, r->in + r->at, length), r->written += length;
        r->column++;
    }
    r->at += length;
}

static void cut_line(tct_line *out, uint32_t number, const char *from, const char *to)
{
    uint32_t indent = 0;
    while (from < to && *from == ' ')
        from++, indent++;
    while (to > from && to[-1] == ' ')
        to--;
    *out = (tct_line){number, indent, from, (size_t)(to - from)};
}

tct_err tct_source_read(tct_source *out, tct_arena *arena, const char *text, size_t bytes,
                        tct_complaints *complaints)
{
    *out = (tct_source){0};
    char *copy = tct_arena_take(arena, bytes + 1, 1);
    if (copy == NULL)
        return TCT_ERR_MEMORY;
    reader r = {.in = (const unsigned char *)text,
                .bytes = bytes,
                .out = copy,
                .line = 1,
                .column = 1,
                .complaints = complaints};
    if (bytes >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        r.at = 3;
    uint32_t errors = complaints->errors;
    while (r.at < r.bytes)
        take_character(&r);
    if (complaints->errors != errors)
        return TCT_ERR_FORMAT;

    tct_line *lines = tct_arena_take(arena, r.line, sizeof *lines);
    if (lines == NULL)
        return TCT_ERR_MEMORY;
    const char *from = copy, *end = copy + r.written;
    for (uint32_t i = 0; i < r.line; i++) {
        const char *to = from;
        while (to < end && *to != '\n')
            to++;
        cut_line(&lines[i], i + 1, from, to);
        from = to < end ? to + 1 : end;
    }
    *out = (tct_source){lines, r.line};
    return TCT_OK;
}
