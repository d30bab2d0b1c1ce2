/* SPDX-License-Identifier: ISC */
#include "cli/page.h"

#include "cli/terminal.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PRINT_COLUMNS = 78 };

static tct_paragraph *append(tct_page *page)
{
    if (page->count == page->room) {
        size_t room = page->room * 2 + 32;
        tct_paragraph *items = tct_allocate(room * sizeof *items);
        if (page->count != 0)
            memcpy(items, page->items, page->count * sizeof *items);
        tct_release(page->items, page->room * sizeof *items);
        page->items = items;
        page->room = room;
    }
    return &page->items[page->count++];
}

void tct_page_add(tct_page *page, tct_style style, unsigned indent, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int needed = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    size_t bytes = needed < 0 ? 1 : (size_t)needed + 1;
    char *text = tct_allocate(bytes);
    (void)vsnprintf(text, bytes, format, again);
    va_end(again);
    *append(page) = (tct_paragraph){.style = style, .indent = indent, .text = text};
}

void tct_page_hang(tct_page *page, tct_style style, unsigned indent, const char *lead,
                   const char *text)
{
    tct_page_add(page, style, indent, "%s%s", lead, text);
    page->items[page->count - 1].hanging = (unsigned)tct_prose_columns(lead, strlen(lead));
}

void tct_page_gap(tct_page *page)
{
    if (page->count != 0 && page->items[page->count - 1].text[0] != '\0')
        tct_page_add(page, TCT_STYLE_PLAIN, 0, "%s", "");
}

void tct_page_free(tct_page *page)
{
    for (size_t i = 0; i < page->count; i++)
        tct_release(page->items[i].text, strlen(page->items[i].text));
    tct_release(page->items, page->room * sizeof *page->items);
    *page = (tct_page){0};
}

const char *tct_style_begin(tct_style style)
{
    bool colour = tct_terminal_has_colour();
    if (!tct_terminal_has_styles())
        return "";
    switch (style) {
    case TCT_STYLE_PLAIN:
        return "";
    case TCT_STYLE_TITLE:
        return colour ? "\033[1;36m" : "\033[1m";
    case TCT_STYLE_STRONG:
        return "\033[1m";
    case TCT_STYLE_QUIET:
        return "\033[2m";
    case TCT_STYLE_NOTE:
        return colour ? "\033[33m" : "";
    }
    return "";
}

const char *tct_style_end(void)
{
    return tct_terminal_has_styles() ? "\033[0m" : "";
}

void tct_page_print(const tct_page *page, FILE *to, unsigned margin)
{
    bool styled = isatty(fileno(to)) == 1;
    for (size_t i = 0; i < page->count; i++) {
        const tct_paragraph *p = &page->items[i];
        const char *rest = p->text, *line;
        unsigned indent = margin + p->indent, hang = p->hanging;
        size_t bytes, columns = PRINT_COLUMNS - (indent + hang < 60 ? indent + hang : 60);
        bool first = true;
        if (*rest == '\0')
            fputc('\n', to);
        while ((line = tct_prose_next_line(&rest, first ? columns + hang : columns, &bytes)) !=
               NULL) {
            fprintf(to, "%*s%s%.*s%s\n", (int)(first ? indent : indent + hang), "",
                    styled ? tct_style_begin(p->style) : "", (int)bytes, line,
                    styled ? tct_style_end() : "");
            first = false;
        }
    }
}
