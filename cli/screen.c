/* SPDX-License-Identifier: ISC
 *
 * The full terminal: one screen at a time, arrow keys, redrawn whole whenever something changed.
 */
#include "cli/layout.h"
#include "cli/prose.h"
#include "cli/terminal.h"
#include "cli/ui.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { TICK_MS = 600, LINE_BYTES_MAX = 256 };

static const char *status_of(const tct_background *background)
{
    return background->status == NULL ? NULL : background->status(background->context);
}

/* Keys that every screen answers alike.  true: *result is what the screen returns. */
static bool is_final(tct_key_kind kind, int *result)
{
    if (kind == TCT_KEY_ATTENTION)
        *result = TCT_UI_ATTENTION;
    else if (kind == TCT_KEY_SIGNAL || kind == TCT_KEY_END_OF_INPUT)
        *result = TCT_UI_SIGNAL;
    else
        return false;
    return true;
}

/* Scrolls by hand.  true: it was such a key. */
static bool scroll(tct_layout *layout, tct_key_kind kind)
{
    size_t page = tct_layout_height(layout);
    switch (kind) {
    case TCT_KEY_UP:
        layout->top -= layout->top > 0;
        return true;
    case TCT_KEY_DOWN:
        layout->top++;
        return true;
    case TCT_KEY_PAGE_UP:
        layout->top -= layout->top < page ? layout->top : page;
        return true;
    case TCT_KEY_PAGE_DOWN:
        layout->top += page;
        return true;
    default:
        return false;
    }
}

/* A changed status line ("the other person is here") is a reason to draw again. */
static tct_key wait_key(const tct_background *background, const char *shown_status)
{
    for (;;) {
        tct_key key = tct_keys_next(background, TICK_MS);
        if (key.kind != TCT_KEY_NONE)
            return key;
        const char *status = status_of(background);
        if (status != shown_status &&
            (status == NULL || shown_status == NULL || strcmp(status, shown_status) != 0))
            return (tct_key){TCT_KEY_REDRAW, 0};
    }
}

static void lay_options(tct_layout *layout, const tct_choice *choice, size_t selected)
{
    const char *mark = tct_terminal_has_unicode() ? "› " : "> ";
    for (size_t i = 0; i < choice->count; i++) {
        if (i == choice->apart && i != 0)
            tct_layout_gap(layout);
        tct_layout_option(layout, i == selected ? mark : "  ", choice->options[i],
                          i == selected, false);
    }
}

int tct_screen_choose(const tct_background *background, const tct_choice *choice)
{
    tct_layout layout = {0};
    size_t selected = choice->selected;
    bool follow = true;
    int result = 0;
    char keys[120];
    const char *arrows = tct_terminal_has_unicode() ? "↑ ↓" : "Up/Down";
    (void)snprintf(keys, sizeof keys, "%s move   Enter %s%s   Ctrl-C leave", arrows,
                   choice->enter == NULL ? "choose" : choice->enter,
                   !choice->can_go_back         ? ""
                   : tct_terminal_has_unicode() ? "   ← back"
                                                : "   Left back");
    for (;;) {
        const char *status = status_of(background);
        tct_layout_clear(&layout);
        tct_layout_page(&layout, choice->page);
        lay_options(&layout, choice, selected);
        tct_layout_settle(&layout, follow);
        tct_layout_draw(&layout, status, keys);
        tct_key key = wait_key(background, status);
        if (is_final(key.kind, &result))
            break;
        follow = true;
        if (key.kind == TCT_KEY_ENTER && selected < choice->count) {
            result = (int)selected;
            break;
        }
        bool back = key.kind == TCT_KEY_LEFT || key.kind == TCT_KEY_ESCAPE ||
                    key.kind == TCT_KEY_BACKSPACE;
        if (back && choice->can_go_back) {
            result = TCT_UI_BACK;
            break;
        }
        if (key.kind == TCT_KEY_UP && selected != 0)
            selected = selected < choice->count ? selected - 1 : choice->count - 1;
        else if (key.kind == TCT_KEY_DOWN && selected + 1 < choice->count)
            selected++; /* from TCT_UI_NONE to the first */
        else if (key.kind == TCT_KEY_CHARACTER && key.character >= '1' &&
                 key.character - '1' < choice->count)
            selected = key.character - '1';
        else
            follow = !scroll(&layout, key.kind);
    }
    tct_layout_free(&layout);
    return result;
}

/* The parts of a line prompt that can be stood on: the line, "not now", "back". */
typedef struct {
    const char *line;
    int focus, last;
} line_state;

static void lay_line(tct_layout *layout, const tct_line_prompt *prompt, const line_state *state,
                     const char *hint)
{
    const char *mark = tct_terminal_has_unicode() ? "› " : "> ";
    int place = 0;
    tct_layout_page(layout, prompt->page);
    if (prompt->label != NULL)
        tct_layout_text(layout, TCT_STYLE_PLAIN, prompt->label);
    tct_layout_option(layout, state->focus == 0 ? mark : "  ", state->line, state->focus == 0,
                      state->focus == 0);
    if (hint[0] != '\0')
        tct_layout_text(layout, TCT_STYLE_QUIET, hint);
    if (prompt->not_now || prompt->can_go_back)
        tct_layout_gap(layout);
    if (prompt->not_now) {
        bool here = state->focus == ++place;
        tct_layout_option(layout, here ? mark : "  ", "Not now, for any reason", here, false);
    }
    if (prompt->can_go_back) {
        bool here = state->focus == ++place;
        tct_layout_option(layout, here ? mark : "  ", "Back", here, false);
    }
}

/* Changes the line by one key.  true: it was such a key. */
static bool edit(const tct_line_prompt *prompt, const tct_key *key, char *line, char hint[160])
{
    size_t length = strlen(line);
    char bytes[5];
    hint[0] = '\0';
    switch (key->kind) {
    case TCT_KEY_CHARACTER: {
        size_t count = tct_prose_encode(key->character, bytes);
        if (length + count < LINE_BYTES_MAX)
            memcpy(line + length, bytes, count + 1);
        return true;
    }
    case TCT_KEY_BACKSPACE:
        while (length != 0 && (line[length - 1] & 0xc0) == 0x80)
            length--; /* the last character, however many bytes it has */
        line[length != 0 ? length - 1 : 0] = '\0';
        return true;
    case TCT_KEY_ERASE_LINE:
        line[0] = '\0';
        return true;
    case TCT_KEY_TAB:
        if (prompt->complete != NULL)
            prompt->complete(line, LINE_BYTES_MAX, hint);
        return true;
    default:
        return false;
    }
}

int tct_screen_line(const tct_background *background, const tct_line_prompt *prompt, char *out,
                    size_t out_bytes)
{
    tct_layout layout = {0};
    char line[LINE_BYTES_MAX] = "", hint[160] = "";
    line_state state = {.line = line, .last = prompt->not_now + prompt->can_go_back};
    int result = TCT_UI_LINE_DONE;
    (void)snprintf(line, sizeof line, "%s", prompt->suggest == NULL ? "" : prompt->suggest);
    (void)snprintf(hint, sizeof hint, "%s", prompt->error == NULL ? "" : prompt->error);
    for (;;) {
        const char *status = status_of(background);
        tct_layout_clear(&layout);
        lay_line(&layout, prompt, &state, hint);
        tct_layout_settle(&layout, true);
        tct_layout_draw(&layout, status,
                        prompt->complete != NULL
                            ? "Enter go on   Tab complete a word   Ctrl-C leave"
                            : "Enter go on   Up/Down move   Ctrl-C leave");
        tct_key key = wait_key(background, status);
        if (is_final(key.kind, &result))
            break;
        if (key.kind == TCT_KEY_ESCAPE && prompt->can_go_back) {
            result = TCT_UI_BACK;
            break;
        }
        if (key.kind == TCT_KEY_UP && state.focus > 0)
            state.focus--;
        else if (key.kind == TCT_KEY_DOWN && state.focus < state.last)
            state.focus++;
        else if (key.kind == TCT_KEY_ENTER && state.focus != 0) {
            result = state.focus == 1 && prompt->not_now ? TCT_UI_NOT_NOW : TCT_UI_BACK;
            break;
        } else if (key.kind == TCT_KEY_ENTER && line[0] != '\0') {
            (void)snprintf(out, out_bytes, "%s", line);
            break;
        } else if (edit(prompt, &key, line, hint))
            state.focus = 0;
    }
    sodium_memzero(line, sizeof line);
    tct_layout_free(&layout);
    return result;
}

int tct_screen_page(const tct_background *background, const tct_page *page, const char *enter,
                    bool can_go_back, int timeout_ms)
{
    tct_layout layout = {0};
    uint64_t start = tct_now_ms();
    int result = 0;
    char keys[120];
    (void)snprintf(keys, sizeof keys, "Enter %s%s   Ctrl-C leave", enter,
                   can_go_back ? "   Left back" : "");
    while (timeout_ms < 0 || tct_now_ms() - start < (uint64_t)timeout_ms) {
        const char *status = status_of(background);
        tct_layout_clear(&layout);
        tct_layout_page(&layout, page);
        tct_layout_settle(&layout, false);
        tct_layout_draw(&layout, status, keys);
        tct_key key =
            timeout_ms < 0 ? wait_key(background, status) : tct_keys_next(background, TICK_MS);
        if (is_final(key.kind, &result))
            break;
        bool at_end = layout.top + tct_layout_height(&layout) >= layout.count;
        bool on = key.kind == TCT_KEY_ENTER ||
                  (key.kind == TCT_KEY_CHARACTER && key.character == ' ');
        if (on && at_end)
            break;
        if (on)
            key.kind = TCT_KEY_PAGE_DOWN; /* first to the end of the text */
        if (can_go_back && (key.kind == TCT_KEY_LEFT || key.kind == TCT_KEY_ESCAPE)) {
            result = TCT_UI_BACK;
            break;
        }
        (void)scroll(&layout, key.kind);
    }
    tct_layout_free(&layout);
    return result;
}

static const char *const dots[] = {"", ".", "..", "..."};

/* A page with a sign of life below; the end of it is what matters. */
static void draw_waiting(tct_layout *layout, const tct_page *page, const char *what,
                         size_t turn, const char *status)
{
    tct_string line = {0};
    tct_string_format(&line, "%s%s", what, dots[turn % 4]);
    tct_layout_clear(layout);
    tct_layout_page(layout, page);
    tct_layout_gap(layout);
    tct_layout_text(layout, TCT_STYLE_QUIET, line.text);
    layout->top = layout->count;
    tct_layout_settle(layout, false);
    tct_layout_draw(layout, status, "Ctrl-C leave");
    tct_string_free(&line);
}

int tct_screen_wait(const tct_background *background, const tct_page *page, const char *what)
{
    tct_layout layout = {0};
    int result = 0;
    for (size_t turn = 0;; turn++) {
        draw_waiting(&layout, page, what, turn, status_of(background));
        tct_key key = tct_keys_next(background, TICK_MS);
        if (is_final(key.kind, &result))
            break;
    }
    tct_layout_free(&layout);
    return result;
}

void tct_screen_show(const tct_page *page, const char *what)
{
    tct_layout layout = {0};
    draw_waiting(&layout, page, what, (size_t)(tct_now_ms() / TICK_MS), NULL);
    tct_layout_free(&layout);
}
