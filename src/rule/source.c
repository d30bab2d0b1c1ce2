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

typedef struct {
    uint32_t first, last;
} span;

/* Characters that show nothing, and no text needs: formats, fillers, tags, what is deprecated. */
static const span invisible[] = {
    {0xad, 0xad},       {0x34f, 0x34f},     {0x115f, 0x1160},   {0x17b4, 0x17b5},
    {0x180e, 0x180e},   {0x200b, 0x200b},   {0x2060, 0x2065},   {0x206a, 0x206f},
    {0x2800, 0x2800},   {0x3164, 0x3164},   {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},
    {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
    {0xe0000, 0xe00ff}, {0xe01f0, 0xe0fff},
};
static const span turning[] = {
    {0x61c, 0x61c}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};

static bool among(const span *spans, size_t count, uint32_t c)
{
    for (size_t i = 0; i < count; i++)
        if (c >= spans[i].first && c <= spans[i].last)
            return true;
    return false;
}

/* What is wrong with a character wherever it stands, or NULL. */
static const char *refuse_character(uint32_t c)
{
    if (c == 0)
        return "there is a NUL byte here";
    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
        return "there is a control character here";
    if (among(turning, sizeof turning / sizeof *turning, c))
        return "an invisible character here would turn the direction of the text";
    if (among(invisible, sizeof invisible / sizeof *invisible, c) || (c & 0xfffe) == 0xfffe)
        return "there is an invisible character here";
    return NULL;
}

static bool is_joiner(uint32_t c)
{
    return c == 0x200c || c == 0x200d;
}

static bool is_selector(uint32_t c)
{
    return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef) ||
           (c >= 0x180b && c <= 0x180d) || c == 0x180f;
}

/* Characters that a selector changes: signs that are also emoji; ideographs; Mongolian letters. */
static const span emoji[] = {{0xa9, 0xa9},      {0xae, 0xae},     {0x203c, 0x2bff},
                             {0x3030, 0x3030},  {0x303d, 0x303d}, {0x3297, 0x3299},
                             {0x1f000, 0x1faff}};
static const span ideographs[] = {{0x3400, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x3ffff}};
static const span mongolian[] = {{0x1820, 0x18aa}};

static bool selects(uint32_t before, uint32_t c, uint32_t after)
{
    bool keycap =
        ((before >= '0' && before <= '9') || before == '#' || before == '*') && after == 0x20e3;
    if (c == 0xfe0e || c == 0xfe0f)
        return keycap || among(emoji, sizeof emoji / sizeof *emoji, before);
    if (c < 0x1810)
        return among(mongolian, 1, before);
    return among(ideographs, sizeof ideographs / sizeof *ideographs, before);
}

/* Joiners and selectors show nothing by themselves, but some scripts and emoji are not written
 * without them: they may stand where they change what is seen.  A joiner joins two characters of
 * such scripts (Arabic, those of India, emoji: all from U+0600).  before, after: 0: none. */
static const char *refuse_helper(uint32_t before, uint32_t c, uint32_t after)
{
    if (is_joiner(c) && (before < 0x600 || is_joiner(before) || after < 0x600 ||
                         is_joiner(after) || is_selector(after)))
        return "an invisible character here joins nothing";
    if (is_selector(c) && !selects(before, c, after))
        return "an invisible character here changes nothing";
    return NULL;
}

typedef struct {
    const unsigned char *in;
    size_t bytes, at;
    char *out; /* the clean copy */
    size_t written;
    uint32_t line, column;
    uint32_t before; /* the character before this one; 0: none */
    tct_complaints *complaints;
} reader;

static void complain_here(reader *r, const char *what, const char *hint)
{
    tct_place here = {r->line, r->column, 1};
    tct_complain(r->complaints, here, hint, "%s", what);
}

/* The character at some place, 0 at the end and where there is none. */
static uint32_t character_at(const reader *r, size_t at)
{
    uint32_t c = 0;
    return at < r->bytes && decode_character(r->in + at, r->bytes - at, &c) != 0 ? c : 0;
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
        r->before = 0;
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
        if (is_joiner(c) || is_selector(c))
            wrong = refuse_helper(r->before, c, character_at(r, r->at + length));
        if (wrong != NULL)
            complain_here(r, wrong, "remove it");
        if (c == '\t')
            r->out[r->written++] = ' ';
        else
            memcpy(r->out + r->written, r->in + r->at, length), r->written += length;
        r->column++;
    }
    r->before = c;
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
