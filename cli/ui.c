/* SPDX-License-Identifier: ISC */
#include "cli/ui.h"

#include "cli/terminal.h"

int tct_ui_choose(const tct_background *background, const tct_choice *choice)
{
    return tct_terminal_is_open() ? tct_screen_choose(background, choice)
                                  : tct_prompt_choose(background, choice);
}

int tct_ui_line(const tct_background *background, const tct_line_prompt *prompt, char *out,
                size_t out_bytes)
{
    return tct_terminal_is_open() ? tct_screen_line(background, prompt, out, out_bytes)
                                  : tct_prompt_line(background, prompt, out, out_bytes);
}

int tct_ui_page(const tct_background *background, const tct_page *page, const char *enter,
                bool can_go_back, int timeout_ms)
{
    return tct_terminal_is_open()
               ? tct_screen_page(background, page, enter, can_go_back, timeout_ms)
               : tct_prompt_page(background, page);
}

int tct_ui_wait(const tct_background *background, const tct_page *page, const char *what)
{
    return tct_terminal_is_open() ? tct_screen_wait(background, page, what)
                                  : tct_prompt_wait(background, page, what);
}

void tct_ui_show(const tct_page *page, const char *what)
{
    if (tct_terminal_is_open())
        tct_screen_show(page, what);
}
