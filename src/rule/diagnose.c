/* SPDX-License-Identifier: ISC
 *
 * Diagnostics: what is wrong, where, and what was probably meant.
 */
#include "rule/source.h"

#include <string.h>

enum { WORD_MAX = 40 }; /* longer words are not compared */

static void add(tct_complaints *c, bool warning, tct_place at, const char *hint,
                const char *format, va_list arguments) TCT_FORMAT(5, 0);

static void add(tct_complaints *c, bool warning, tct_place at, const char *hint,
                const char *format, va_list arguments)
{
    c->errors += !warning;
    if (c->list == NULL || c->list->count == TACIT_DIAGNOSTICS_MAX)
        return;
    tacit_diagnostic *d = &c->list->items[c->list->count++];
    *d = (tacit_diagnostic){.warning = warning,
                            .line = at.line,
                            .column = at.column,
                            .width = at.width == 0 ? 1 : at.width};
    tct_text t;
    tct_text_init(&t, d->message, sizeof d->message);
    if (c->file != NULL)
        tct_text_add(&t, "%s", c->file);
    tct_text_add_list(&t, format, arguments);
    tct_text_end(&t);
    tct_text_init(&t, d->hint, sizeof d->hint);
    tct_text_add(&t, "%s", hint);
    tct_text_end(&t);
}

void tct_complain(tct_complaints *c, tct_place at, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(c, false, at, hint, format, arguments);
    va_end(arguments);
}

void tct_warn(tct_complaints *c, tct_place at, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(c, true, at, hint, format, arguments);
    va_end(arguments);
}

static bool before(const tacit_diagnostic *a, const tacit_diagnostic *b)
{
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

void tct_complaints_sort(tacit_diagnostics *list)
{
    for (uint32_t i = 1; i < list->count;
         i++) /* at most 64: insertion, which keeps ties in order */
        for (uint32_t j = i; j > 0 && before(&list->items[j], &list->items[j - 1]); j--) {
            tacit_diagnostic swapped = list->items[j];
            list->items[j] = list->items[j - 1];
            list->items[j - 1] = swapped;
        }
}

/* ------------------------------------------------------------------- the nearest word --- */

void tct_nearest_begin(tct_nearest *n, const char *word, size_t bytes)
{
    *n = (tct_nearest){.word = word, .bytes = bytes};
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static uint32_t smallest(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Insertions, deletions and changes, and swaps of neighbours as one (optimal string alignment). */
static uint32_t edit_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    uint32_t rows[3][WORD_MAX + 1];
    for (uint32_t j = 0; j <= b_bytes; j++)
        rows[0][j] = j;
    for (uint32_t i = 1; i <= a_bytes; i++) {
        uint32_t *row = rows[i % 3], *last = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];
        row[0] = i;
        for (uint32_t j = 1; j <= b_bytes; j++) {
            uint32_t change = lower(a[i - 1]) != lower(b[j - 1]);
            row[j] = smallest(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
            bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped && older[j - 2] + 1 < row[j])
                row[j] = older[j - 2] + 1;
        }
    }
    return rows[a_bytes % 3][b_bytes];
}

void tct_nearest_offer(tct_nearest *n, const char *known)
{
    size_t bytes = strlen(known);
    if (n->bytes > WORD_MAX || bytes > WORD_MAX)
        return;
    uint32_t distance = edit_distance(n->word, n->bytes, known, bytes);
    size_t longer = n->bytes > bytes ? n->bytes : bytes;
    /* A third of the letters may differ: more would be guessing. */
    if (distance > (longer + 2) / 3 || distance >= longer)
        return;
    if (n->best == NULL || distance < n->distance) {
        n->best = known;
        n->distance = distance;
    }
}

const char *tct_nearest_word(const tct_nearest *n)
{
    return n->best;
}
