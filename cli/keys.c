/* SPDX-License-Identifier: ISC */
#include "cli/keys.h"

#include "cli/prose.h"
#include "cli/terminal.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

enum {
    STEP_MS = 200,  /* the longest wait in one step: a missed wake-up costs no more */
    ESCAPE_MS = 40, /* an Esc with nothing behind it for so long is the key itself */
    TYPED_MAX = 512,
};

/* What was typed and not yet used. */
static struct {
    char bytes[TYPED_MAX];
    size_t count;
    bool over; /* end of input, or the terminal has gone */
} typed;

static void on_readable(void *context)
{
    if (typed.count == TYPED_MAX)
        typed.count = 0; /* nobody types so far ahead: a paste that no question asked for */
    ssize_t got = read(STDIN_FILENO, typed.bytes + typed.count, TYPED_MAX - typed.count);
    if (got > 0) {
        typed.count += (size_t)got;
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
        typed.over = true;
        (void)tct_loop_watch(context, -1, NULL, NULL);
    }
}

bool tct_keys_start(const tct_background *background)
{
    return tct_loop_watch(background->loop, STDIN_FILENO, on_readable, background->loop);
}

void tct_keys_stop(const tct_background *background)
{
    (void)tct_loop_watch(background->loop, -1, NULL, NULL);
}

void tct_keys_forget(void)
{
    sodium_memzero(typed.bytes, sizeof typed.bytes);
    typed.count = 0;
}

static void drop(size_t bytes)
{
    memmove(typed.bytes, typed.bytes + bytes, typed.count - bytes);
    sodium_memzero(typed.bytes + typed.count - bytes, bytes);
    typed.count -= bytes;
}

static const struct {
    const char *bytes;
    tct_key_kind kind;
} sequences[] = {
    {"\033[A", TCT_KEY_UP},         {"\033OA", TCT_KEY_UP},    {"\033[B", TCT_KEY_DOWN},
    {"\033OB", TCT_KEY_DOWN},       {"\033[C", TCT_KEY_RIGHT}, {"\033OC", TCT_KEY_RIGHT},
    {"\033[D", TCT_KEY_LEFT},       {"\033OD", TCT_KEY_LEFT},  {"\033[H", TCT_KEY_HOME},
    {"\033OH", TCT_KEY_HOME},       {"\033[1~", TCT_KEY_HOME}, {"\033[F", TCT_KEY_END},
    {"\033OF", TCT_KEY_END},        {"\033[4~", TCT_KEY_END},  {"\033[5~", TCT_KEY_PAGE_UP},
    {"\033[6~", TCT_KEY_PAGE_DOWN},
};

/* An escape sequence at the front.  Returns its bytes; 0 when more must come; *kind NONE for one that
 * means nothing here. */
static size_t read_sequence(tct_key_kind *kind)
{
    *kind = TCT_KEY_NONE;
    for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++) {
        size_t length = strlen(sequences[i].bytes);
        if (typed.count >= length && memcmp(typed.bytes, sequences[i].bytes, length) == 0) {
            *kind = sequences[i].kind;
            return length;
        }
    }
    if (typed.count < 2)
        return 0;
    if (typed.bytes[1] != '[' && typed.bytes[1] != 'O') {
        *kind = TCT_KEY_ESCAPE;
        return 1;
    }
    for (size_t i = 2; i < typed.count; i++) /* the final byte of any other sequence */
        if (typed.bytes[i] >= 0x40 && typed.bytes[i] <= 0x7e)
            return i + 1;
    return typed.count >= 16 ? typed.count : 0;
}

/* Takes one key off the front.  false: nothing whole is there. */
static bool take_key(tct_key *key)
{
    while (typed.count != 0) {
        unsigned char first = (unsigned char)typed.bytes[0];
        size_t bytes = 1;
        *key = (tct_key){TCT_KEY_NONE, 0};
        if (first == 0x1b) {
            bytes = read_sequence(&key->kind);
            if (bytes == 0)
                return false;
        } else if (first == '\r' || first == '\n') {
            key->kind = TCT_KEY_ENTER;
        } else if (first == '\t') {
            key->kind = TCT_KEY_TAB;
        } else if (first == 0x7f || first == 0x08) {
            key->kind = TCT_KEY_BACKSPACE;
        } else if (first == 0x15) {
            key->kind = TCT_KEY_ERASE_LINE;
        } else if (first == 0x04) {
            key->kind = TCT_KEY_END_OF_INPUT;
        } else if (first >= 0x20) {
            char piece[5] = {0};
            memcpy(piece, typed.bytes, typed.count < 4 ? typed.count : 4);
            bytes = tct_prose_decode(piece, &key->character);
            if (key->character == 0xfffd && first >= 0xc2 && typed.count < 4)
                return false; /* its other bytes are on their way */
            key->kind = TCT_KEY_CHARACTER;
            sodium_memzero(piece, sizeof piece);
        }
        drop(bytes);
        if (key->kind != TCT_KEY_NONE)
            return true;
    }
    return false;
}

/* One step of the loop.  NONE: nothing that the caller must know. */
static tct_key_kind step(const tct_background *background, int timeout_ms)
{
    if (tct_signal_pending() != 0)
        return TCT_KEY_SIGNAL;
    tct_loop_step(background->loop, timeout_ms);
    if (tct_signal_pending() != 0)
        return TCT_KEY_SIGNAL;
    if (tct_signal_redraw())
        return TCT_KEY_REDRAW;
    if (background->serve != NULL && background->serve(background->context))
        return TCT_KEY_ATTENTION;
    return TCT_KEY_NONE;
}

tct_key tct_keys_next(const tct_background *background, int timeout_ms)
{
    uint64_t start = tct_now_ms();
    tct_key key;
    for (;;) {
        if (take_key(&key))
            return key;
        if (typed.over)
            return (tct_key){TCT_KEY_END_OF_INPUT, 0};
        bool half_key = typed.count != 0;
        uint64_t waited = tct_now_ms() - start;
        int left = timeout_ms < 0 ? STEP_MS : timeout_ms - (int)waited;
        if (timeout_ms >= 0 && waited >= (uint64_t)timeout_ms)
            return (tct_key){TCT_KEY_NONE, 0};
        size_t before = typed.count;
        int limit = half_key ? ESCAPE_MS : STEP_MS;
        tct_key_kind kind = step(background, left < limit ? left : limit);
        if (kind != TCT_KEY_NONE)
            return (tct_key){kind, 0};
        if (half_key && typed.count == before) {
            bool escape = typed.bytes[0] == 0x1b;
            tct_keys_forget();
            if (escape)
                return (tct_key){TCT_KEY_ESCAPE, 0};
        }
    }
}

tct_key_kind tct_keys_line(const tct_background *background, char *out, size_t out_bytes)
{
    for (;;) {
        char *newline = memchr(typed.bytes, '\n', typed.count);
        if (newline != NULL || (typed.over && typed.count != 0)) {
            size_t length = newline == NULL ? typed.count : (size_t)(newline - typed.bytes);
            size_t kept = length < out_bytes - 1 ? length : out_bytes - 1;
            memcpy(out, typed.bytes, kept);
            out[kept] = '\0';
            drop(newline == NULL ? length : length + 1);
            return TCT_KEY_ENTER;
        }
        if (typed.over)
            return TCT_KEY_END_OF_INPUT;
        tct_key_kind kind = step(background, STEP_MS);
        if (kind != TCT_KEY_NONE && kind != TCT_KEY_REDRAW)
            return kind;
    }
}
