/* SPDX-License-Identifier: ISC
 *
 * Codes, `number-word-word`: made from a seed, read as people type them, completed at a prompt.  The
 * number names the room at the relay and is no secret; the two words are twenty bits that only the
 * two people know [AHH21].
 */
#include <string.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "pair/code_words.h"
#include "tacit/tacit.h"

enum { CODE_WORDS = 2, ERROR_BYTES = 160, ECHO_MAX = 24 };

static void write_code(char out[TACIT_CODE_MAX], uint32_t number, int first, int second)
{
    tct_text text;
    tct_text_init(&text, out, TACIT_CODE_MAX);
    tct_text_add(&text, "%u-%s-%s", number, tct_words[first], tct_words[second]);
    tct_text_end(&text);
}

void tacit_code_make(char out[TACIT_CODE_MAX], uint32_t number, const uint8_t seed[32])
{
    tct_xof x;
    uint8_t draw[2 * CODE_WORDS];
    tct_xof_init(&x, seed, TCT_SEED_BYTES, "code", 4);
    tct_xof_next(&x, draw, sizeof draw);
    int first = tct_load16(draw) % TCT_WORD_COUNT; /* 2^16 is a multiple: no bias */
    int second = tct_load16(draw + 2) % TCT_WORD_COUNT;
    write_code(out, number, first, second);
    tct_xof_wipe(&x);
    tct_wipe(draw, sizeof draw);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

/* How many bytes of a separator stand here; 0: none.  Phones turn hyphens into the dashes of
 * U+2010 … U+2015, which are the bytes E2 80 90 … 95. */
static size_t separator(const char *at)
{
    if (*at != '\0' && strchr(" \t\r\n-_.,", *at) != NULL)
        return 1;
    const unsigned char *byte = (const unsigned char *)at;
    return byte[0] == 0xe2 && byte[1] == 0x80 && byte[2] >= 0x90 && byte[2] <= 0x95 ? 3 : 0;
}

static const char *skip_separators(const char *at)
{
    for (size_t step = separator(at); step != 0; step = separator(at))
        at += step;
    return at;
}

typedef struct {
    char text[ECHO_MAX + 1]; /* lower case, cut */
    size_t letters;          /* of the whole piece */
    bool plain;              /* letters only: fit to be shown again */
} piece;

/* The bytes up to the next separator. */
static const char *cut_piece(const char *at, piece *out)
{
    *out = (piece){.plain = true};
    for (; *at != '\0' && separator(at) == 0; at++) {
        out->plain = out->plain && is_letter(*at);
        if (out->letters < ECHO_MAX)
            out->text[out->letters] = lower(*at);
        out->letters++;
    }
    return at;
}

static tacit_status complain(char error[ERROR_BYTES], const char *before, const char *what,
                             const char *after)
{
    tct_text text;
    tct_text_init(&text, error, ERROR_BYTES);
    tct_text_add(&text, "%s%s%s", before, what, after);
    tct_text_end(&text);
    return TACIT_ERR_ANSWER;
}

static tacit_status show_how(char error[ERROR_BYTES], const char *before)
{
    return complain(error, before, ", like 7-lantern-harbor", ".");
}

/* The digits at the front; nine of them always fit 32 bits. */
static const char *cut_number(const char *at, uint32_t *number)
{
    *number = 0;
    for (int digits = 0; is_digit(*at); at++) {
        digits += *number != 0 || *at != '0';
        if (digits > 9)
            return NULL;
        *number = *number * 10 + (uint32_t)(*at - '0');
    }
    return at;
}

static tacit_status read_word(const piece *typed, int index, int *word, char error[ERROR_BYTES])
{
    if (!typed->plain)
        return complain(error, "The ", index == 0 ? "first" : "second",
                        " word of the code has a sign in it that no code word has.");
    *word = typed->letters <= ECHO_MAX ? tct_word_find(typed->text, typed->letters) : -1;
    if (*word >= 0)
        return TACIT_OK;
    if (typed->letters < TCT_WORD_PREFIX)
        return complain(error, "\"", typed->text,
                        "\" is too short: type at least three letters of a word.");
    int nearest = tct_word_nearest(typed->text, strlen(typed->text));
    if (nearest < 0)
        return complain(error, "\"", typed->text, "\" is not one of the code words.");
    tct_text text;
    tct_text_init(&text, error, ERROR_BYTES);
    tct_text_add(&text, "\"%s\" is not one of the code words. Did you mean \"%s\"?", typed->text,
                 tct_words[nearest]);
    tct_text_end(&text);
    return TACIT_ERR_ANSWER;
}

tacit_status tacit_code_read(const char *typed, char out[TACIT_CODE_MAX], uint32_t *number,
                             char error[160])
{
    uint32_t room;
    int words[CODE_WORDS];
    const char *at = skip_separators(typed);
    if (*at == '\0')
        return show_how(error, "A code is a number and two words");
    if (!is_digit(*at))
        return show_how(error, "A code begins with its number");
    at = cut_number(at, &room);
    if (at == NULL)
        return show_how(error, "The number of a code is a short one");
    for (int i = 0; i < CODE_WORDS; i++) {
        piece part;
        at = skip_separators(at);
        if (*at == '\0')
            return show_how(error, "A code has two words after its number");
        at = cut_piece(at, &part);
        tacit_status status = read_word(&part, i, &words[i], error);
        tct_wipe(&part, sizeof part);
        if (status != TACIT_OK)
            return status;
    }
    if (*skip_separators(at) != '\0')
        return show_how(error, "A code has just two words after its number");
    write_code(out, room, words[0], words[1]);
    *number = room;
    error[0] = '\0';
    return TACIT_OK;
}

const char *tacit_code_complete(const char *prefix, uint32_t index)
{
    size_t letters = strlen(prefix);
    for (int i = 0; i < TCT_WORD_COUNT; i++) {
        size_t same = 0;
        while (same < letters && tct_words[i][same] == lower(prefix[same]))
            same++; /* a word that ends early differs at its NUL */
        if (same == letters && index-- == 0)
            return tct_words[i];
    }
    return NULL;
}
