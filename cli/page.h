/* SPDX-License-Identifier: ISC
 *
 * page.h — a page of prose: paragraphs with a style and an indent, wrapped only when shown.
 *
 * The same page goes to a screen, to a plain terminal or to a pipe.
 */
#ifndef TCT_CLI_PAGE_H
#define TCT_CLI_PAGE_H

#include "cli/prose.h"

#include <stdio.h>

typedef enum {
    TCT_STYLE_PLAIN,
    TCT_STYLE_TITLE,
    TCT_STYLE_STRONG,
    TCT_STYLE_QUIET, /* said in passing */
    TCT_STYLE_NOTE,  /* for this person alone */
} tct_style;

typedef struct {
    tct_style style;
    unsigned indent;  /* columns before every line */
    unsigned hanging; /* further columns before every line but the first */
    char *text;
} tct_paragraph;

/* {0} is an empty page. */
typedef struct {
    tct_paragraph *items;
    size_t count, room;
} tct_page;

void tct_page_add(tct_page *page, tct_style style, unsigned indent, const char *format, ...)
    TCT_FORMAT(4, 5);
/* "lead text", where further lines of the text stand under its first. */
void tct_page_hang(tct_page *page, tct_style style, unsigned indent, const char *lead,
                   const char *text);
/* One empty line, never two. */
void tct_page_gap(tct_page *page);
void tct_page_free(tct_page *page); /* wipes */

/* The escape sequence of a style, "" without colour or style; and the one that ends it. */
const char *tct_style_begin(tct_style style);
const char *tct_style_end(void);

/* To a pipe, a file or a plain terminal: wrapped at 78 columns, styled only on a terminal. */
void tct_page_print(const tct_page *page, FILE *to, unsigned margin);

#endif
