/* SPDX-License-Identifier: ISC
 *
 * ui.h — the four things that tacit does with a person: show a page, let them choose, let them type
 *        a line, let them wait.
 *
 * Two kinds of terminal stand behind it: a full one (screen.c: one screen at a time on the alternate
 * screen, arrow keys) and a plain one (prompt.c: TERM=dumb, lines only).
 */
#ifndef TCT_CLI_UI_H
#define TCT_CLI_UI_H

#include "cli/keys.h"
#include "cli/page.h"

/* Instead of a choice (≥ 0). */
enum {
    TCT_UI_BACK = -1,
    TCT_UI_ATTENTION = -2, /* the background wants to be looked at; call again to go on */
    TCT_UI_SIGNAL = -3,    /* asked to stop */
};

#define TCT_UI_NONE SIZE_MAX

typedef struct {
    const tct_page *page; /* above the options */
    const char *const *options;
    size_t count;
    size_t apart;    /* options from this index on stand apart, below a gap; count: none */
    size_t selected; /* at first; TCT_UI_NONE: Enter does nothing until something is */
    bool can_go_back;
    const char *enter; /* what Enter does, for the foot: "choose" */
} tct_choice;

typedef struct {
    const tct_page *page;
    const char *label;
    const char *error;   /* said about what was typed before, or NULL */
    const char *suggest; /* what stands there at first, or NULL */
    bool can_go_back;
    bool not_now; /* offer "Not now, for any reason" beside the line */
    /* Tab: completes the line in place; hint says what else there is, or "".  May be NULL. */
    void (*complete)(char *line, size_t line_bytes, char hint[160]);
} tct_line_prompt;

enum { TCT_UI_LINE_DONE = 0, TCT_UI_NOT_NOW = 1 };

int tct_ui_choose(const tct_background *background, const tct_choice *choice);
/* Returns TCT_UI_LINE_DONE with the line in out, TCT_UI_NOT_NOW, or one of the above. */
int tct_ui_line(const tct_background *background, const tct_line_prompt *prompt, char *out,
                size_t out_bytes);
/* Shows a page until Enter, or at most timeout_ms (< 0: for good).  0, or one of the above. */
int tct_ui_page(const tct_background *background, const tct_page *page, const char *enter,
                bool can_go_back, int timeout_ms);
/* Shows a page and a sign that time passes until attention or a signal. */
int tct_ui_wait(const tct_background *background, const tct_page *page, const char *what);

/* Shows for the while that the program itself works; returns at once.  Nothing on a plain terminal. */
void tct_ui_show(const tct_page *page, const char *what);

/* The two kinds of terminal; only ui.c calls these. */
int tct_screen_choose(const tct_background *background, const tct_choice *choice);
int tct_screen_line(const tct_background *background, const tct_line_prompt *prompt, char *out,
                    size_t out_bytes);
int tct_screen_page(const tct_background *background, const tct_page *page, const char *enter,
                    bool can_go_back, int timeout_ms);
int tct_screen_wait(const tct_background *background, const tct_page *page, const char *what);
void tct_screen_show(const tct_page *page, const char *what);
int tct_prompt_choose(const tct_background *background, const tct_choice *choice);
int tct_prompt_line(const tct_background *background, const tct_line_prompt *prompt, char *out,
                    size_t out_bytes);
int tct_prompt_page(const tct_background *background, const tct_page *page);
int tct_prompt_wait(const tct_background *background, const tct_page *page, const char *what);

#endif
