/* SPDX-License-Identifier: ISC */
#include "cli/layout.h"

#include "cli/terminal.h"

#include <string.h>
#include <unistd.h>

enum {
    TEXT_COLUMNS = 76, /* prose is read best in lines that are not too long */
    MARGIN = 2,
    FOOT_ROWS = 3, /* a gap, the status, the keys */
    HEAD_ROWS = 1,
};

void tct_layout_clear(tct_layout *layout)
{
    layout->count = 0;
    layout->focused = false;
    tct_terminal_size(&layout->rows, &layout->columns);
}

static void append(tct_layout *layout, tct_layout_line line)
{
    if (layout->count == layout->room) {
        size_t room = layout->room * 2 + 64;
        tct_layout_line *lines = tct_allocate(room * sizeof *lines);
        if (layout->count != 0)
            memcpy(lines, layout->lines, layout->count * sizeof *lines);
        tct_release(layout->lines, layout->room * sizeof *lines);
        layout->lines = lines;
        layout->room = room;
    }
    layout->lines[layout->count++] = line;
}

static size_t text_columns(const tct_layout *layout, size_t indent)
{
    size_t columns = layout->columns > 1 ? (size_t)layout->columns - 1 : 1;
    if (columns > TEXT_COLUMNS + MARGIN)
        columns = TEXT_COLUMNS + MARGIN;
    return columns > indent + 8 ? columns - indent : 8;
}

void tct_layout_gap(tct_layout *layout)
{
    append(layout, (tct_layout_line){.lead = "", .text = ""});
}

void tct_layout_page(tct_layout *layout, const tct_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const tct_paragraph *p = &page->items[i];
        const char *rest = p->text;
        tct_layout_line line = {.lead = "", .style = p->style, .indent = p->indent};
        size_t columns = text_columns(layout, MARGIN + p->indent);
        if (*rest == '\0')
            tct_layout_gap(layout);
        while ((line.text = tct_prose_next_line(&rest, columns, &line.bytes)) != NULL) {
            append(layout, line);
            line.indent = p->indent + p->hanging;
            columns = text_columns(layout, MARGIN + line.indent);
        }
    }
}

void tct_layout_option(tct_layout *layout, const char *lead, const char *text, bool chosen,
                       bool cursor)
{
    const char *rest = text;
    unsigned width = (unsigned)tct_prose_columns(lead, strlen(lead));
    tct_layout_line line = {.lead = lead, .text = text, .chosen = chosen, .cursor = cursor};
    size_t columns = text_columns(layout, MARGIN + width + cursor);
    size_t first = layout->count;
    if (*rest == '\0')
        append(layout, line);
    line.cursor = false;
    while ((line.text = tct_prose_next_line(&rest, columns, &line.bytes)) != NULL) {
        line.cursor = cursor && *rest == '\0';
        append(layout, line);
        line.lead = "";
        line.indent = width;
    }
    if (chosen) {
        layout->focused = true;
        layout->focus_first = first;
        layout->focus_last = layout->count - 1;
    }
}

void tct_layout_text(tct_layout *layout, tct_style style, const char *text)
{
    const char *rest = text;
    tct_layout_line line = {.lead = "", .style = style};
    while ((line.text =
                tct_prose_next_line(&rest, text_columns(layout, MARGIN), &line.bytes)) != NULL)
        append(layout, line);
}

size_t tct_layout_height(const tct_layout *layout)
{
    int height = layout->rows - HEAD_ROWS - FOOT_ROWS;
    return height < 1 ? 1 : (size_t)height;
}

void tct_layout_settle(tct_layout *layout, bool follow)
{
    size_t height = tct_layout_height(layout);
    if (follow && layout->focused) {
        if (layout->focus_last >= layout->top + height)
            layout->top = layout->focus_last + 1 - height;
        if (layout->focus_first < layout->top)
            layout->top = layout->focus_first;
    }
    if (layout->count <= height)
        layout->top = 0;
    else if (layout->top > layout->count - height)
        layout->top = layout->count - height;
}

static void draw_line(tct_string *out, const tct_layout_line *line)
{
    const char *style = tct_style_begin(line->chosen ? TCT_STYLE_STRONG : line->style);
    tct_string_format(out, "%*s%s%s%.*s%s", (int)(MARGIN + line->indent), "", style, line->lead,
                      (int)line->bytes, line->text, tct_style_end());
    if (line->cursor)
        tct_string_add(out, "\033[7m \033[0m");
}

/* One line of the foot, cut to the window. */
static void draw_foot(tct_string *out, const tct_layout *layout, const char *text)
{
    const char *rest = text;
    size_t bytes = 0;
    size_t columns = layout->columns > MARGIN + 1 ? (size_t)layout->columns - MARGIN - 1 : 1;
    const char *line = tct_prose_next_line(&rest, columns, &bytes);
    if (line != NULL)
        tct_string_format(out, "%*s%s%.*s%s", MARGIN, "", tct_style_begin(TCT_STYLE_QUIET),
                          (int)bytes, line, tct_style_end());
}

void tct_layout_draw(const tct_layout *layout, const char *status, const char *keys)
{
    tct_string out = {0};
    size_t height = tct_layout_height(layout);
    bool more = layout->top + height < layout->count;
    tct_string_add(&out, "\033[H\033[K");
    for (size_t row = 0; row < height; row++) {
        tct_string_add(&out, "\r\n\033[K");
        if (layout->top + row < layout->count)
            draw_line(&out, &layout->lines[layout->top + row]);
    }
    tct_string_add(&out, "\r\n\033[K");
    if (more)
        draw_foot(&out, layout, "(more below)");
    tct_string_add(&out, "\r\n\033[K");
    if (status != NULL)
        draw_foot(&out, layout, status);
    tct_string_add(&out, "\r\n\033[K");
    draw_foot(&out, layout, keys);
    const char *at = out.text;
    for (size_t left = out.length; left != 0;) {
        ssize_t done = write(STDOUT_FILENO, at, left);
        if (done <= 0)
            break; /* the terminal has gone; its signal says so */
        at += done;
        left -= (size_t)done;
    }
    tct_string_free(&out);
}

void tct_layout_free(tct_layout *layout)
{
    tct_release(layout->lines, layout->room * sizeof *layout->lines);
    *layout = (tct_layout){0};
}
