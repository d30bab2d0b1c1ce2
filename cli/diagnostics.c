/* SPDX-License-Identifier: ISC */
#include "cli/diagnostics.h"

#include <stdio.h>
#include <string.h>

/* Columns of a line shown at most, and how many of them stand before the place in question when the
 * line has to be cut. */
enum { SHOWN_COLUMNS = 70, SHOWN_BEFORE = 40 };

/* The line with this number (from 1), without its newline. */
static const char *find_line(const char *text, size_t bytes, uint32_t number, size_t *length)
{
    const char *at = text, *end = text + bytes;
    for (uint32_t line = 1; line < number && at != NULL; line++) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at == NULL ? NULL : at + 1;
    }
    if (at == NULL)
        at = end;
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    *length = (size_t)((newline == NULL ? end : newline) - at);
    if (*length != 0 && at[*length - 1] == '\r')
        *length -= 1;
    return at;
}

/* Appends one character of the line as it is shown: a tab as a space, what could drive the terminal
 * written out.  Returns the bytes taken. */
static size_t add_shown(tct_string *shown, const char *at, size_t left)
{
    char piece[5] = {0};
    uint32_t c = 0;
    memcpy(piece, at, left < 4 ? left : 4);
    size_t taken = tct_prose_decode(piece, &c);
    if (taken == 0)
        taken = 1;
    if (at[0] == '\t')
        tct_string_add(shown, " ");
    else
        tct_prose_add_safe(shown, at, taken);
    return taken;
}

/* The line, cut around its characters [column, column + width), and the caret's line below it. */
static void show_line(tct_string *out, const char *line, size_t length, uint32_t column,
                      uint32_t width, uint32_t number)
{
    tct_string before = {0}, marked = {0}, after = {0};
    uint32_t character = 1;
    tct_string_add(&before, "");
    tct_string_add(&marked, "");
    tct_string_add(&after, "");
    for (size_t at = 0; at < length; character++) {
        tct_string *to = character < column           ? &before
                         : character - column < width ? &marked
                                                      : &after;
        at += add_shown(to, line + at, length - at);
    }
    const char *start = before.text, *cut = "";
    size_t skipped = 0;
    while (tct_prose_columns(start, strlen(start)) > SHOWN_BEFORE) {
        uint32_t c;
        start += tct_prose_decode(start, &c);
        skipped++;
    }
    if (skipped != 0)
        cut = "...";
    tct_string shown = {0};
    tct_string_format(&shown, "%s%s", cut, start);
    size_t caret_at = tct_prose_columns(shown.text, shown.length);
    size_t carets = tct_prose_columns(marked.text, marked.length);
    tct_string_format(&shown, "%s%s", marked.text, after.text);
    const char *rest = shown.text;
    size_t bytes = 0, room = SHOWN_COLUMNS;
    /* The first "line" of a wrap would end at a word; here the cut is at a column. */
    uint32_t c;
    for (size_t taken; (taken = tct_prose_decode(rest + bytes, &c)) != 0; bytes += taken)
        if (tct_prose_columns(rest, bytes + taken) > room)
            break;
    tct_string_format(out, "%5u | %.*s%s\n", (unsigned)number, (int)bytes, rest,
                      rest[bytes] != '\0' ? "..." : "");
    tct_string_format(out, "      | %*s^", (int)caret_at, "");
    for (size_t i = 1; i < carets && caret_at + i < SHOWN_COLUMNS; i++)
        tct_string_add(out, "~");
    tct_string_add(out, "\n");
    tct_string_free(&before);
    tct_string_free(&marked);
    tct_string_free(&after);
    tct_string_free(&shown);
}

/* What the rule's reader puts before a message about the items. */
static const char items_mark[] = "in the items: ";

static void add_one(tct_string *out, const tct_source *source, const char *message,
                    const tacit_diagnostic *d)
{
    size_t length;
    const char *line = find_line(source->text, source->bytes, d->line, &length);
    tct_prose_add_safe(out, source->name, strlen(source->name));
    tct_string_format(out, ":%u:%u: %s: ", (unsigned)d->line, (unsigned)d->column,
                      d->warning ? "warning" : "error");
    tct_prose_add_safe(out, message, strlen(message));
    tct_string_add(out, "\n");
    show_line(out, line, length, d->column, d->width, d->line);
    if (d->hint[0] != '\0') {
        tct_string_add(out, "      = ");
        tct_prose_add_safe(out, d->hint, strlen(d->hint));
        tct_string_add(out, "\n");
    }
}

void tct_diagnostics_add(tct_string *out, const tct_source *sheet, const tct_source *items,
                         const tacit_diagnostics *diagnostics)
{
    for (uint32_t i = 0; i < diagnostics->count && i < TACIT_DIAGNOSTICS_MAX; i++) {
        const tacit_diagnostic *d = &diagnostics->items[i];
        bool of_items =
            items->name != NULL && strncmp(d->message, items_mark, sizeof items_mark - 1) == 0;
        add_one(out, of_items ? items : sheet,
                of_items ? d->message + sizeof items_mark - 1 : d->message, d);
    }
    if (diagnostics->count >= TACIT_DIAGNOSTICS_MAX)
        tct_string_add(out, "(There may be more; these are the first.)\n");
}
