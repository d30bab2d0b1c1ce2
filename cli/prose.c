/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* madvise */
#include "cli/prose.h"

#include "cli/terminal.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGNMENT = 64, WORD_MAX = 40, HUGE_PAGE = 1 << 21 };

static _Noreturn void run_out(void)
{
    tct_terminal_close();
    fputs("tacit: this machine has no memory left for it. Nothing was revealed.\n", stderr);
    exit(1);
}

void *tct_allocate_if_there(size_t bytes)
{
    if (bytes > SIZE_MAX - ALIGNMENT)
        return NULL;
    if (bytes >= 2 * HUGE_PAGE && bytes <= SIZE_MAX - HUGE_PAGE) {
        /* In large pages, where the system has them: a large circuit spends less time on first touching
         * its memory. */
        size_t pages = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
        void *memory = aligned_alloc(HUGE_PAGE, pages);
#ifdef MADV_HUGEPAGE
        if (memory != NULL)
            (void)madvise(memory, pages, MADV_HUGEPAGE); /* a refusal changes nothing */
#endif
        return memory;
    }
    size_t whole = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return aligned_alloc(ALIGNMENT, whole == 0 ? ALIGNMENT : whole);
}

void *tct_allocate_raw(size_t bytes)
{
    void *memory = tct_allocate_if_there(bytes);
    if (memory == NULL)
        run_out();
    return memory;
}

void *tct_allocate(size_t bytes)
{
    void *memory = tct_allocate_raw(bytes);
    memset(memory, 0, bytes);
    return memory;
}

void tct_release(void *memory, size_t bytes)
{
    if (memory == NULL)
        return;
    sodium_memzero(memory, bytes);
    free(memory);
}

/* ------------------------------------------------------------------------------ strings --- */

static void make_room(tct_string *s, size_t more)
{
    if (s->room - s->length > more)
        return;
    if (more > SIZE_MAX / 4 || s->room > SIZE_MAX / 4)
        run_out();
    size_t room = s->room * 2 + more + 64;
    char *text = malloc(room);
    if (text == NULL)
        run_out();
    /* Not realloc: it may leave a copy of somebody's answers behind. */
    if (s->text != NULL) {
        memcpy(text, s->text, s->length);
        sodium_memzero(s->text, s->room);
        free(s->text);
    }
    s->text = text;
    s->room = room;
    s->text[s->length] = '\0';
}

void tct_string_add_bytes(tct_string *s, const char *bytes, size_t count)
{
    make_room(s, count);
    if (count != 0)
        memcpy(s->text + s->length, bytes, count);
    s->length += count;
    s->text[s->length] = '\0';
}

void tct_string_add(tct_string *s, const char *text)
{
    tct_string_add_bytes(s, text, strlen(text));
}

void tct_string_format(tct_string *s, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int needed = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (needed >= 0) {
        make_room(s, (size_t)needed);
        (void)vsnprintf(s->text + s->length, s->room - s->length, format, again);
        s->length += (size_t)needed;
    }
    va_end(again);
}

void tct_string_free(tct_string *s)
{
    if (s->text != NULL) {
        sodium_memzero(s->text, s->room);
        free(s->text);
    }
    *s = (tct_string){0};
}

/* -------------------------------------------------------------------------------- UTF-8 --- */

size_t tct_prose_decode(const char *text, uint32_t *character)
{
    const unsigned char *at = (const unsigned char *)text;
    if (at[0] == 0)
        return 0;
    if (at[0] < 0x80) {
        *character = at[0];
        return 1;
    }
    size_t more = at[0] >= 0xf0 ? 3 : at[0] >= 0xe0 ? 2 : 1;
    uint32_t value = at[0] & (0x3fu >> more);
    uint32_t least = more == 3 ? 0x10000 : more == 2 ? 0x800 : 0x80;
    bool good = at[0] >= 0xc2 && at[0] <= 0xf4;
    for (size_t i = 1; good && i <= more; i++) {
        good = (at[i] & 0xc0) == 0x80; /* false at the NUL too: never reads past the end */
        value = value << 6 | (at[i] & 0x3fu);
    }
    if (!good || value < least || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
        *character = 0xfffd;
        return 1;
    }
    *character = value;
    return more + 1;
}

size_t tct_prose_encode(uint32_t c, char out[5])
{
    size_t n = 0;
    if (c < 0x80) {
        out[n++] = (char)c;
    } else if (c < 0x800) {
        out[n++] = (char)(0xc0 | c >> 6);
        out[n++] = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        out[n++] = (char)(0xe0 | c >> 12);
        out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
        out[n++] = (char)(0x80 | (c & 0x3f));
    } else {
        out[n++] = (char)(0xf0 | c >> 18);
        out[n++] = (char)(0x80 | (c >> 12 & 0x3f));
        out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
        out[n++] = (char)(0x80 | (c & 0x3f));
    }
    out[n] = '\0';
    return n;
}

/* The ranges that matter for lines of prose: combining marks, and East Asian wide characters and
 * emoji.  The C library's table depends on the locale, which is often just "C". */
static size_t width_of(uint32_t c)
{
    static const uint32_t none[][2] = {
        {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},  {0x64b, 0x65f},
        {0x93c, 0x93c},   {0x941, 0x948},   {0xe31, 0xe31},   {0xe34, 0xe3a},  {0x1ab0, 0x1aff},
        {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
    static const uint32_t wide[][2] = {
        {0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0x33ff}, {0x3400, 0x4dbf},
        {0x4e00, 0x9fff},   {0xa000, 0xa4cf},  {0xac00, 0xd7a3}, {0xf900, 0xfaff},
        {0xfe30, 0xfe4f},   {0xff00, 0xff60},  {0xffe0, 0xffe6}, {0x1f300, 0x1f64f},
        {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (c >= none[i][0] && c <= none[i][1])
            return 0;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (c >= wide[i][0] && c <= wide[i][1])
            return 2;
    return 1;
}

size_t tct_prose_columns(const char *text, size_t bytes)
{
    size_t columns = 0, at = 0, taken;
    uint32_t c;
    while (at < bytes && (taken = tct_prose_decode(text + at, &c)) != 0) {
        columns += width_of(c);
        at += taken;
    }
    return columns;
}

const char *tct_prose_next_line(const char **text, size_t columns, size_t *bytes)
{
    const char *start = *text, *at = start, *space = NULL;
    size_t used = 0, taken;
    uint32_t c;
    if (*start == '\0')
        return NULL;
    while ((taken = tct_prose_decode(at, &c)) != 0 && c != '\n') {
        size_t width = width_of(c);
        if (c == ' ')
            space = at;
        if (used + width > columns && at != start) {
            const char *end = space != NULL && space != start ? space : at;
            *bytes = (size_t)(end - start);
            *text = *end == ' ' ? end + 1 : end;
            return start;
        }
        used += width;
        at += taken;
    }
    *bytes = (size_t)(at - start);
    *text = *at == '\n' ? at + 1 : at;
    return start;
}

static bool is_dangerous(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void tct_prose_add_safe(tct_string *out, const char *text, size_t bytes)
{
    size_t at = 0;
    while (at < bytes) {
        uint32_t c = 0;
        /* A copy, so that decoding never looks past `bytes`. */
        char piece[5] = {0};
        memcpy(piece, text + at, bytes - at < 4 ? bytes - at : 4);
        size_t taken = tct_prose_decode(piece, &c);
        if (taken == 0)
            taken = 1, c = 0;
        if (c == 0xfffd && taken == 1)
            tct_string_format(out, "\\x%02x", (unsigned)(unsigned char)text[at]);
        else if (c < 0x80 && is_dangerous(c))
            tct_string_format(out, "\\x%02x", (unsigned)c);
        else if (is_dangerous(c))
            tct_string_format(out, "\\u{%x}", (unsigned)c);
        else
            tct_string_add_bytes(out, text + at, taken);
        at += taken;
    }
}

/* --------------------------------------------------------------------------- near words --- */

unsigned tct_prose_distance(const char *a, const char *b)
{
    /* Optimal string alignment: three rows of the usual table. */
    unsigned rows[3][WORD_MAX + 1];
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > WORD_MAX || b_length > WORD_MAX)
        return WORD_MAX;
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_length; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            unsigned best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                two_above[j - 2] + 1 < best)
                best = two_above[j - 2] + 1;
            row[j] = best;
        }
    }
    return rows[a_length % 3][b_length];
}

const char *tct_prose_nearest(const char *word, const char *const *words, size_t count)
{
    const char *nearest = NULL;
    unsigned best = (unsigned)(strlen(word) / 3 + 1); /* a longer word may hold more slips */
    for (size_t i = 0; i < count; i++) {
        unsigned distance = tct_prose_distance(word, words[i]);
        if (distance < best || (distance == best && nearest == NULL)) {
            best = distance;
            nearest = words[i];
        }
    }
    return nearest;
}

/* ------------------------------------------------------------------ numbers and durations --- */

void tct_prose_number(char out[32], int64_t number)
{
    char plain[32];
    int length = snprintf(plain, sizeof plain, "%" PRId64, number);
    size_t n = 0;
    for (int i = 0; i < length && n < 30; i++) {
        int left = length - i;
        if (i > 0 && left % 3 == 0 && plain[i - 1] != '-')
            out[n++] = ',';
        out[n++] = plain[i];
    }
    out[n] = '\0';
}

static const struct {
    char letter;
    uint64_t ms;
    const char *one, *many;
} units[] = {
    {'d', 86400000u, "day", "days"},
    {'h', 3600000u, "hour", "hours"},
    {'m', 60000u, "minute", "minutes"},
    {'s', 1000u, "second", "seconds"},
};

bool tct_prose_duration(const char *text, uint64_t *ms)
{
    uint64_t number = 0;
    size_t at = 0;
    for (; text[at] >= '0' && text[at] <= '9' && at < 9; at++)
        number = number * 10 + (uint64_t)(text[at] - '0');
    if (at == 0 || text[at] == '\0' || text[at + 1] != '\0' || number == 0)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (units[i].letter == text[at] && number <= 30u * units[0].ms / units[i].ms) {
            *ms = number * units[i].ms;
            return true;
        }
    return false;
}

void tct_prose_say_duration(char out[32], uint64_t ms)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (ms % units[i].ms == 0) {
            uint64_t n = ms / units[i].ms;
            (void)snprintf(out, 32, "%" PRIu64 " %s", n, n == 1 ? units[i].one : units[i].many);
            return;
        }
    (void)snprintf(out, 32, "%" PRIu64 " ms", ms);
}
