/* SPDX-License-Identifier: ISC
 *
 * Finding a code word: by its first letters, or the one that a person most likely meant.  The words
 * come from the own person's typing; time may depend on them.
 */
#include <string.h>

#include "pair/code_words.h"

enum { TYPED_MAX = 24 }; /* longer than any word with a few slips of the finger */

static bool begins_with(const char *word, const char *text, size_t letters)
{
    /* public: the list is, and the typed word stands on the person's own screen */
    return strlen(word) >= letters && memcmp(word, text, letters) == 0;
}

int tct_word_find(const char *text, size_t letters)
{
    if (letters < TCT_WORD_PREFIX)
        return -1;
    for (int i = 0; i < TCT_WORD_COUNT; i++)
        if (begins_with(tct_words[i], text, letters))
            return i;
    return -1;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: the rows are prefixes of the typed text, the columns of the word.  Row i
 * needs the two rows before it, because swapped neighbours count as one slip. */
static size_t edit_distance(const char *text, size_t letters, const char *word)
{
    size_t rows[3][TCT_WORD_LETTERS_MAX + 1];
    size_t width = strlen(word);
    for (size_t j = 0; j <= width; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= letters; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= width; j++) {
            now[j] = least(above[j], now[j - 1]) + 1;
            now[j] = least(now[j], above[j - 1] + (text[i - 1] != word[j - 1]));
            if (i > 1 && j > 1 && text[i - 1] == word[j - 2] && text[i - 2] == word[j - 1])
                now[j] = least(now[j], two_above[j - 2] + 1);
        }
    }
    return rows[letters % 3][width];
}

int tct_word_nearest(const char *text, size_t letters)
{
    int nearest = -1;
    size_t best = least(letters, TYPED_MAX);
    for (int i = 0; i < TCT_WORD_COUNT; i++) {
        size_t distance = edit_distance(text, least(letters, TYPED_MAX), tct_words[i]);
        if (distance < best) {
            best = distance;
            nearest = i;
        }
    }
    return nearest;
}
