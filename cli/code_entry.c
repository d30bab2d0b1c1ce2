/* SPDX-License-Identifier: ISC */
#include "cli/code_entry.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { WORD_BYTES = 32, HINT_WORDS = 12 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void tct_code_entry_complete(char *line, size_t line_bytes, char hint[160])
{
    char prefix[WORD_BYTES];
    size_t length = strlen(line), start = length, words = 0;
    hint[0] = '\0';
    while (start != 0 && is_letter(line[start - 1]))
        start--;
    if (start == length || length - start >= sizeof prefix)
        return;
    for (size_t i = 0; i <= length - start; i++) {
        char c = line[start + i];
        prefix[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    for (size_t i = 0; i < start; i++)
        words += is_letter(line[i]) && !is_letter(line[i + 1]);
    const char *only = tacit_code_complete(prefix, 0);
    if (only == NULL) {
        (void)snprintf(hint, 160, "No word of a code begins like that.");
    } else if (tacit_code_complete(prefix, 1) == NULL) {
        (void)snprintf(line + start, line_bytes - start, "%s%s", only, words == 0 ? "-" : "");
    } else {
        size_t used = 0;
        for (uint32_t i = 0; i < HINT_WORDS && tacit_code_complete(prefix, i) != NULL; i++) {
            const char *word = tacit_code_complete(prefix, i);
            if (used + strlen(word) + 6 < 160)
                used += (size_t)snprintf(hint + used, 160 - used, "%s ", word);
        }
        if (tacit_code_complete(prefix, HINT_WORDS) != NULL)
            (void)snprintf(hint + used, 160 - used, "...");
    }
    sodium_memzero(prefix, sizeof prefix);
}

tacit_status tct_code_entry_read(const char *typed, char code[TACIT_CODE_MAX], uint32_t *number,
                                 char *url, size_t url_bytes, char error[160])
{
    const char *hash = strchr(typed, '#');
    error[0] = '\0';
    tacit_status status = tacit_code_read(hash == NULL ? typed : hash + 1, code, number, error);
    if (status == TACIT_OK && hash != NULL && strstr(typed, "://") != NULL)
        (void)snprintf(url, url_bytes, "%.*s", (int)(hash - typed), typed);
    return status;
}
