/* SPDX-License-Identifier: ISC
 *
 * terminal.h — the one terminal of the program: what it can do, its modes, and the signals.
 *
 * Invariant: however the program ends (return, Ctrl-C, SIGTERM, a hang-up, a crash), the terminal
 * is as it was found, and nothing that was answered stays in its scrollback.  This is process-wide
 * state, since a signal handler must reach it.
 */
#ifndef TCT_CLI_TERMINAL_H
#define TCT_CLI_TERMINAL_H

#include "net/loop.h"

#include <stdbool.h>

/* Looks at the terminal and the environment (TERM, NO_COLOR, the locale), and takes the signals.
 * Once, first thing. */
void tct_terminal_start(void);

bool tct_terminal_is_interactive(
    void);                          /* a person can be asked: input and output are terminals */
bool tct_terminal_is_full(void);    /* … and it can address its screen (TERM is not "dumb") */
bool tct_terminal_has_styles(void); /* bold, dim */
bool tct_terminal_has_colour(void); /* … and colours are wanted */
bool tct_terminal_has_unicode(void);
bool tct_terminal_has_progress(
    void); /* standard error is a terminal: a line may come and go there */
/* A line on standard error that something takes its time: from the second second on, when that is a
 * terminal and no screen is up.  started_ms: tct_now_ms at its beginning.  NULL: takes it away. */
void tct_terminal_progress(const char *what, uint64_t started_ms);

void tct_terminal_size(int *rows, int *columns);

/* From here on a crash leaves no copy of the memory behind. */
void tct_terminal_keep_no_core(void);

/* Alternate screen, keys one by one, no echo.  Ctrl-C still sends its signal.  Both may be called
 * twice; close gives everything back. */
void tct_terminal_open(void);
void tct_terminal_close(void);
bool tct_terminal_is_open(void);

/* From here on SIGINT and SIGTERM end the program as they do by default, or as its next handler says;
 * one that came already does so at once. */
void tct_signal_release(void);

/* The loop that a signal shall wake, or NULL. */
void tct_signal_wakes(tct_loop *loop);
/* SIGINT, SIGTERM or SIGHUP once one came, else 0.  Stays. */
int tct_signal_pending(void);
/* Since the last call: was the window resized, or the program continued after Ctrl-Z?  (Sleeping
 * after Ctrl-Z happens in here, with the terminal given back.) */
bool tct_signal_redraw(void);

#endif
