/* SPDX-License-Identifier: ISC
 *
 * The plain terminal (TERM=dumb, a terminal for the blind, an editor's shell): no escape sequence is
 * ever written; questions are lines, answers are a number and Enter.
 */
#include "cli/prose.h"
#include "cli/ui.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 256, TICK_MS = 1000 };

/* What came instead of a line, as a result of the UI. */
static int instead(tct_key_kind kind)
{
    return kind == TCT_KEY_ATTENTION ? TCT_UI_ATTENTION : TCT_UI_SIGNAL;
}

static void show(const tct_page *page)
{
    fputc('\n', stdout);
    tct_page_print(page, stdout, 0);
    (void)fflush(stdout);
}

int tct_prompt_choose(const tct_background *background, const tct_choice *choice)
{
    char line[LINE_BYTES_MAX];
    show(choice->page);
    for (size_t i = 0; i < choice->count; i++)
        printf("  %zu  %s\n", i + 1, choice->options[i]);
    for (;;) {
        printf("A number from 1 to %zu%s, and Enter: ", choice->count,
               choice->can_go_back ? ", or b to go back" : "");
        (void)fflush(stdout);
        tct_key_kind kind = tct_keys_line(background, line, sizeof line);
        if (kind != TCT_KEY_ENTER)
            return instead(kind);
        char *end;
        unsigned long number = strtoul(line, &end, 10);
        bool whole = end != line && (*end == '\0' || *end == '\r' || *end == ' ');
        if (whole && number >= 1 && number <= choice->count)
            return (int)(number - 1);
        if (choice->can_go_back && (line[0] == 'b' || line[0] == 'B'))
            return TCT_UI_BACK;
    }
}

int tct_prompt_line(const tct_background *background, const tct_line_prompt *prompt, char *out,
                    size_t out_bytes)
{
    char line[LINE_BYTES_MAX];
    int result = TCT_UI_LINE_DONE;
    show(prompt->page);
    if (prompt->error != NULL)
        printf("%s\n", prompt->error);
    if (prompt->not_now)
        printf("(n: Not now, for any reason%s)\n", prompt->can_go_back ? "; b: back" : "");
    do {
        printf("%s ", prompt->label == NULL ? ">" : prompt->label);
        (void)fflush(stdout);
        tct_key_kind kind = tct_keys_line(background, line, sizeof line);
        if (kind != TCT_KEY_ENTER)
            return instead(kind);
    } while (line[0] == '\0');
    if (prompt->not_now && strcmp(line, "n") == 0)
        result = TCT_UI_NOT_NOW;
    else if (prompt->can_go_back && strcmp(line, "b") == 0)
        result = TCT_UI_BACK;
    else
        (void)snprintf(out, out_bytes, "%s", line);
    sodium_memzero(line, sizeof line);
    return result;
}

int tct_prompt_page(const tct_background *background, const tct_page *page)
{
    char line[LINE_BYTES_MAX];
    show(page);
    printf("\nEnter to go on: ");
    (void)fflush(stdout);
    tct_key_kind kind = tct_keys_line(background, line, sizeof line);
    return kind == TCT_KEY_ENTER ? 0 : instead(kind);
}

int tct_prompt_wait(const tct_background *background, const tct_page *page, const char *what)
{
    show(page);
    printf("%s ...\n", what);
    (void)fflush(stdout);
    for (;;) {
        tct_key key = tct_keys_next(background, TICK_MS);
        if (key.kind == TCT_KEY_ATTENTION || key.kind == TCT_KEY_SIGNAL ||
            key.kind == TCT_KEY_END_OF_INPUT)
            return instead(key.kind);
    }
}
