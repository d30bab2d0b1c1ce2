/* SPDX-License-Identifier: ISC
 *
 * code_words.h — the words of a code: 1,024 of them, so that one word is exactly ten bits.
 *
 * Gives    sorted, lower-case ASCII, 4 to 8 letters, no two with the same first three letters: three
 *          letters and a completion are enough to type one.
 */
#ifndef TCT_PAIR_CODE_WORDS_H
#define TCT_PAIR_CODE_WORDS_H

#include "base/base.h"

enum {
    TCT_WORD_COUNT = 1024,
    TCT_WORD_BITS = 10,
    TCT_WORD_LETTERS_MAX = 8,
    TCT_WORD_PREFIX = 3, /* letters that tell a word from all others */
};

extern const char *const tct_words[TCT_WORD_COUNT];

/* The index of the word of which text[0 … letters-1] is a beginning of at least three letters (in
 * lower case), or -1. */
int tct_word_find(const char *text, size_t letters);

/* The index of the word with the smallest edit distance (insert, leave out, change, swap two
 * neighbours), the first of them; -1 when every word differs from the text in all its letters. */
int tct_word_nearest(const char *text, size_t letters);

#endif
