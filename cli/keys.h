/* SPDX-License-Identifier: ISC
 *
 * keys.h — what a person types, one key or one line at a time, while everything else goes on.
 *
 * A program that waits for a key must not stop serving the line to the other person: preparation
 * happens while people read.  So every wait for a key is a few steps of the event loop, with the
 * background served in between.
 */
#ifndef TCT_CLI_KEYS_H
#define TCT_CLI_KEYS_H

#include "net/loop.h"

/* What goes on while a person thinks.  All may be NULL but the loop. */
typedef struct {
    tct_loop *loop;
    bool (*serve)(void *context);         /* after every step; true: somebody must look now */
    const char *(*status)(void *context); /* a line for the foot of the screen, or NULL */
    void *context;
} tct_background;

typedef enum {
    TCT_KEY_NONE, /* the time is over */
    TCT_KEY_CHARACTER,
    TCT_KEY_ENTER,
    TCT_KEY_UP,
    TCT_KEY_DOWN,
    TCT_KEY_LEFT,
    TCT_KEY_RIGHT,
    TCT_KEY_PAGE_UP,
    TCT_KEY_PAGE_DOWN,
    TCT_KEY_HOME,
    TCT_KEY_END,
    TCT_KEY_BACKSPACE,
    TCT_KEY_ERASE_LINE, /* Ctrl-U */
    TCT_KEY_TAB,
    TCT_KEY_ESCAPE,
    TCT_KEY_END_OF_INPUT,
    TCT_KEY_REDRAW,    /* the window changed */
    TCT_KEY_ATTENTION, /* the background wants to be looked at */
    TCT_KEY_SIGNAL,    /* the program is asked to stop */
} tct_key_kind;

typedef struct {
    tct_key_kind kind;
    uint32_t character;
} tct_key;

/* Starts to watch standard input in this loop; call it again after the loop changed. */
bool tct_keys_start(const tct_background *background);
void tct_keys_stop(const tct_background *background);

/* Waits at most timeout_ms (< 0: until something happens). */
tct_key tct_keys_next(const tct_background *background, int timeout_ms);

/* A whole line from a plain terminal.  Returns TCT_KEY_ENTER with the line (cut to the buffer, without
 * newline) in out, or what came instead. */
tct_key_kind tct_keys_line(const tct_background *background, char *out, size_t out_bytes);

/* Forgets what was typed ahead, and wipes it. */
void tct_keys_forget(void);

#endif
