/* SPDX-License-Identifier: ISC
 *
 * layout.h — a screen as lines: text wrapped to the window, a part of it shown, a foot below.
 *
 * Nothing ever scrolls the terminal itself: each draw addresses the whole screen, so that no line of
 * it enters the scrollback.
 */
#ifndef TCT_CLI_LAYOUT_H
#define TCT_CLI_LAYOUT_H

#include "cli/page.h"

typedef struct {
    const char *lead, *text; /* borrowed until the layout is cleared */
    size_t bytes;            /* of text */
    tct_style style;
    unsigned indent;
    bool chosen, cursor; /* marked; with a cursor behind it */
} tct_layout_line;

typedef struct {
    tct_layout_line *lines;
    size_t count, room;
    size_t focus_first, focus_last; /* lines that must be seen, when focused */
    bool focused;
    size_t top; /* the first line shown */
    int rows, columns;
} tct_layout;

/* Empties it and asks the terminal for its size. */
void tct_layout_clear(tct_layout *layout);
void tct_layout_page(tct_layout *layout, const tct_page *page);
/* An option or an input line: wrapped behind its lead. */
void tct_layout_option(tct_layout *layout, const char *lead, const char *text, bool chosen,
                       bool cursor);
void tct_layout_text(tct_layout *layout, tct_style style, const char *text);
void tct_layout_gap(tct_layout *layout);

size_t tct_layout_height(const tct_layout *layout); /* lines of text that fit */
/* Moves the shown part so that the focus is in it (follow), or just so that it is not past the end. */
void tct_layout_settle(tct_layout *layout, bool follow);
/* Draws everything; status may be NULL. */
void tct_layout_draw(const tct_layout *layout, const char *status, const char *keys);
void tct_layout_free(tct_layout *layout);

#endif
