/* SPDX-License-Identifier: ISC */
#include "cli/terminal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

/* Alternate screen, cleared, cursor hidden, no bracketed paste marks; and all of it undone.  The
 * clearing before leaving is for terminals that keep the alternate screen's text. */
static const char enter_screen[] = "\033[?1049h\033[2J\033[H\033[?25l";
static const char leave_screen[] = "\033[0m\033[2J\033[H\033[?25h\033[?1049l";

static struct {
    bool input, output, error, styles, colour, unicode;
    struct termios before;
    volatile sig_atomic_t open;
} terminal;

static volatile sig_atomic_t pending, resized, stopped;
static tct_loop *volatile woken;

/* A write whose failure changes nothing: the terminal is gone then. */
static void put(const char *bytes, size_t count)
{
    while (count != 0) {
        ssize_t done = write(STDOUT_FILENO, bytes, count);
        if (done <= 0)
            return;
        bytes += done;
        count -= (size_t)done;
    }
}

/* Called from signal handlers too: only write and tcsetattr. */
static void give_back(void)
{
    if (!terminal.open)
        return;
    terminal.open = 0;
    put(leave_screen, sizeof leave_screen - 1);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal.before);
}

static void on_stop_wanted(int number)
{
    if (pending != 0) { /* the second time somebody is in a hurry */
        give_back();
        _exit(128 + number);
    }
    pending = number;
    if (woken != NULL)
        tct_loop_wake(woken);
}

static void on_window(int number)
{
    if (number == SIGTSTP)
        stopped = 1;
    else
        resized = 1;
    if (woken != NULL)
        tct_loop_wake(woken);
}

static void on_crash(int number)
{
    give_back();
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void take(int number, void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(number, &action, NULL); /* no SA_RESTART: a waiting read shall return */
}

/* Is this name somewhere in the locale's name? */
static bool locale_says_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return strstr(value, "UTF-8") != NULL || strstr(value, "utf8") != NULL ||
                   strstr(value, "UTF8") != NULL || strstr(value, "utf-8") != NULL;
    }
    return false;
}

void tct_terminal_start(void)
{
    const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
    terminal.input = isatty(STDIN_FILENO) == 1;
    terminal.output = isatty(STDOUT_FILENO) == 1;
    terminal.error = isatty(STDERR_FILENO) == 1;
    terminal.styles = term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0;
    terminal.colour = terminal.styles && (no_colour == NULL || no_colour[0] == '\0');
    terminal.unicode = locale_says_utf8();

    static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGQUIT};
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
        take(crashes[i], on_crash);
    take(SIGINT, on_stop_wanted);
    take(SIGTERM, on_stop_wanted);
    take(SIGHUP, on_stop_wanted);
    take(SIGWINCH, on_window);
    take(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write, said in words, … */
    take(SIGXFSZ, SIG_IGN); /* … as is a file that may not grow */
}

bool tct_terminal_is_interactive(void)
{
    return terminal.input && terminal.output;
}

bool tct_terminal_is_full(void)
{
    return terminal.input && terminal.output && terminal.styles;
}

bool tct_terminal_has_styles(void)
{
    return terminal.styles;
}

bool tct_terminal_has_colour(void)
{
    return terminal.colour;
}

bool tct_terminal_has_unicode(void)
{
    return terminal.unicode;
}

bool tct_terminal_has_progress(void)
{
    return terminal.error && terminal.styles;
}

void tct_terminal_progress(const char *what, uint64_t started_ms)
{
    static const char *const dots[] = {"   ", ".  ", ".. ", "..."};
    static int shown; /* columns of the line that stands there */
    uint64_t waited_ms = tct_now_ms() - started_ms;
    if (what == NULL && shown != 0) {
        fprintf(stderr, "\r%*s\r", shown, "");
        shown = 0;
    }
    if (what == NULL || waited_ms < 1000 || terminal.open || !tct_terminal_has_progress())
        return;
    shown = fprintf(stderr, "\r%s%s", what, dots[waited_ms / 500 % 4]);
    (void)fflush(stderr);
}

void tct_terminal_size(int *rows, int *columns)
{
    struct winsize size;
    *rows = 24;
    *columns = 80;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row != 0 && size.ws_col != 0) {
        *rows = size.ws_row;
        *columns = size.ws_col;
    }
}

void tct_terminal_keep_no_core(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
}

void tct_terminal_open(void)
{
    if (terminal.open || !tct_terminal_is_full())
        return;
    if (tcgetattr(STDIN_FILENO, &terminal.before) != 0)
        return;
    struct termios raw = terminal.before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    terminal.open = 1;
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
    put(enter_screen, sizeof enter_screen - 1);
    take(SIGTSTP, on_window);
}

void tct_terminal_close(void)
{
    if (!terminal.open)
        return;
    give_back();
    take(SIGTSTP, SIG_DFL);
}

bool tct_terminal_is_open(void)
{
    return terminal.open != 0;
}

void tct_signal_wakes(tct_loop *loop)
{
    woken = loop;
}

int tct_signal_pending(void)
{
    return (int)pending;
}

void tct_signal_release(void)
{
    int came = (int)pending;
    take(SIGINT, SIG_DFL);
    take(SIGTERM, SIG_DFL);
    if (came != 0)
        (void)raise(came);
}

bool tct_signal_redraw(void)
{
    bool redraw = resized != 0;
    resized = 0;
    if (stopped != 0) {
        /* Sleep with the terminal given back, and take it again on waking. */
        stopped = 0;
        bool was_open = tct_terminal_is_open();
        tct_terminal_close();
        (void)raise(SIGTSTP);
        if (was_open)
            tct_terminal_open();
        redraw = true;
    }
    return redraw;
}
