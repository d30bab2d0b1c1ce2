/* SPDX-License-Identifier: ISC */
#include "circuit/bristol_text.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

tct_bristol_cursor tct_bristol_begin(const char *text, size_t text_bytes,
                                     tct_bristol_error *error)
{
    TCT_ASSERT(text_bytes <= UINT32_MAX);
    memset(error, 0, sizeof *error);
    return (tct_bristol_cursor){
        .at = text, .line_end = text, .end = text + text_bytes, .error = error};
}

tct_err tct_bristol_wrong(tct_bristol_cursor *c, tct_err err, uint32_t line, const char *format,
                          ...)
{
    va_list list;
    tct_text text;
    va_start(list, format);
    c->error->line = line;
    tct_text_init(&text, c->error->text, sizeof c->error->text);
    tct_text_add_list(&text, format, list);
    tct_text_end(&text);
    va_end(list);
    return err;
}

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r';
}

static const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    return at;
}

bool tct_bristol_next_line(tct_bristol_cursor *c)
{
    const char *next = c->line_end;
    do {
        if (c->line != 0 && next < c->end)
            next++; /* over the newline that ended the line before */
        if (next == c->end)
            return false;
        const char *newline = memchr(next, '\n', (size_t)(c->end - next));
        c->line++;
        c->line_end = newline == NULL ? c->end : newline;
        c->at = skip_spaces(next, c->line_end);
        next = c->line_end;
    } while (c->at == c->line_end);
    return true;
}

bool tct_bristol_next_word(tct_bristol_cursor *c, tct_bristol_word *out)
{
    c->at = skip_spaces(c->at, c->line_end);
    out->at = c->at;
    while (c->at < c->line_end && !is_space(*c->at))
        c->at++;
    out->bytes = (size_t)(c->at - out->at);
    return out->bytes != 0;
}

tct_bristol_word tct_bristol_last_word(const tct_bristol_cursor *c)
{
    const char *end = c->line_end;
    while (end > c->at && is_space(end[-1]))
        end--;
    const char *at = end;
    while (at > c->at && !is_space(at[-1]))
        at--;
    return (tct_bristol_word){at, (size_t)(end - at)};
}

bool tct_bristol_word_is(tct_bristol_word w, const char *name)
{
    return w.bytes == strlen(name) && memcmp(w.at, name, w.bytes) == 0;
}

bool tct_bristol_word_is_name(tct_bristol_word w)
{
    return w.bytes != 0 && ((*w.at >= 'A' && *w.at <= 'Z') || (*w.at >= 'a' && *w.at <= 'z'));
}

tct_bristol_shown tct_bristol_show(tct_bristol_word w)
{
    tct_bristol_shown s;
    size_t room = sizeof s.text - 4, i = 0;
    for (; i < w.bytes && i < room; i++)
        s.text[i] = w.at[i] > ' ' && w.at[i] <= '~' ? w.at[i] : '?';
    memcpy(s.text + i, w.bytes > room ? "..." : "", w.bytes > room ? 4 : 1);
    return s;
}

tct_err tct_bristol_number(tct_bristol_cursor *c, const char *what, uint32_t *out)
{
    tct_bristol_word w;
    if (!tct_bristol_next_word(c, &w))
        return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line,
                                 "the line ends where %s should stand", what);
    uint64_t v = 0;
    for (size_t i = 0; i < w.bytes; i++) {
        if (w.at[i] < '0' || w.at[i] > '9')
            return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line,
                                     "'%s' stands where %s should, a number",
                                     tct_bristol_show(w).text, what);
        v = v * 10 + (uint64_t)(w.at[i] - '0');
        if (v > UINT32_MAX)
            return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line, "%s is too large a number: %s",
                                     what, tct_bristol_show(w).text);
    }
    *out = (uint32_t)v;
    return TCT_OK;
}

tct_err tct_bristol_line_ends(tct_bristol_cursor *c)
{
    tct_bristol_word w;
    if (!tct_bristol_next_word(c, &w))
        return TCT_OK;
    return tct_bristol_wrong(c, TCT_ERR_FORMAT, c->line,
                             "'%s' is one word too many: the line should have ended before it",
                             tct_bristol_show(w).text);
}
