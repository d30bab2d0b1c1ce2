/* SPDX-License-Identifier: ISC */
#include "support/kat.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MAX = 1 << 20, VALUE_BYTES_MAX = 1 << 16, KEY_BYTES_MAX = 200 };

static char content[FILE_BYTES_MAX + 1], value[VALUE_BYTES_MAX];

static _Noreturn void give_up(const char *what, const char *which)
{
    fprintf(stderr, "known answers: %s: %s\n", what, which);
    exit(1);
}

void kat_open(const char *name)
{
    char path[1000];
    int length = snprintf(path, sizeof path, "%s/tests/kat/%s", TACIT_SOURCE_DIR, name);
    if (length < 0 || (size_t)length >= sizeof path)
        give_up("the path is too long", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        give_up("cannot open", path);
    size_t bytes = fread(content, 1, FILE_BYTES_MAX, file);
    if (ferror(file) || !feof(file))
        give_up("cannot read all of", path);
    fclose(file);
    content[bytes] = 0;
}

/* Copies the value of `key` to value[]; false when no line has it. */
static bool look_up(const char *key)
{
    size_t key_bytes = strlen(key);
    for (const char *line = content; *line != 0;) {
        size_t bytes = strcspn(line, "\n");
        if (bytes >= key_bytes + 3 && memcmp(line, key, key_bytes) == 0 &&
            memcmp(line + key_bytes, " = ", 3) == 0) {
            size_t value_bytes = bytes - key_bytes - 3;
            if (value_bytes >= sizeof value)
                give_up("the value is too long", key);
            memcpy(value, line + key_bytes + 3, value_bytes);
            value[value_bytes] = 0;
            return true;
        }
        line += bytes + (line[bytes] == '\n');
    }
    return false;
}

__attribute__((format(printf, 2, 0))) static void make_key(char out[KEY_BYTES_MAX],
                                                           const char *format, va_list list)
{
    int length = vsnprintf(out, KEY_BYTES_MAX, format, list);
    if (length < 0 || length >= KEY_BYTES_MAX)
        give_up("the key is too long", format);
}

/* Declares `name` and fills it from the printf arguments after `format`. */
#define KEY_OF_ARGUMENTS(name, format)                                                         \
    char name[KEY_BYTES_MAX];                                                                  \
    va_list name##_list;                                                                       \
    va_start(name##_list, format);                                                             \
    make_key(name, format, name##_list);                                                       \
    va_end(name##_list)

static void find(const char *key)
{
    if (!look_up(key))
        give_up("no such key", key);
}

bool kat_has(const char *key, ...)
{
    KEY_OF_ARGUMENTS(full, key);
    return look_up(full);
}

const char *kat_text(const char *key, ...)
{
    KEY_OF_ARGUMENTS(full, key);
    find(full);
    return value;
}

uint64_t kat_number(const char *key, ...)
{
    KEY_OF_ARGUMENTS(full, key);
    find(full);
    char *end;
    unsigned long long number = strtoull(value, &end, 10);
    if (*value == 0 || *end != 0)
        give_up("not a number", full);
    return number;
}

static unsigned nibble(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    give_up("not hex", value);
}

size_t kat_hex_word(uint8_t *out, size_t capacity, const char *word)
{
    size_t digits = strcmp(word, "-") == 0 ? 0 : strlen(word);
    if (digits % 2 != 0 || digits / 2 > capacity)
        give_up("odd or too long", word);
    for (size_t i = 0; i < digits / 2; i++)
        out[i] = (uint8_t)(nibble(word[2 * i]) << 4 | nibble(word[2 * i + 1]));
    return digits / 2;
}

size_t kat_hex(uint8_t *out, size_t capacity, const char *key, ...)
{
    KEY_OF_ARGUMENTS(full, key);
    find(full);
    return kat_hex_word(out, capacity, value);
}

bool kat_word(const char **rest, char *word, size_t capacity)
{
    *rest += strspn(*rest, " ");
    size_t bytes = strcspn(*rest, " ");
    if (bytes == 0)
        return false;
    if (bytes >= capacity)
        give_up("the word is too long", *rest);
    memcpy(word, *rest, bytes);
    word[bytes] = 0;
    *rest += bytes;
    return true;
}

bool kat_is(const void *bytes, size_t count, const char *key, ...)
{
    KEY_OF_ARGUMENTS(full, key);
    find(full);
    static uint8_t want[VALUE_BYTES_MAX / 2];
    size_t want_count = kat_hex_word(want, sizeof want, value);
    if (count == want_count && memcmp(bytes, want, count) == 0)
        return true;
    fprintf(stderr, "%s\n  want %s\n  got  ", full, value);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "%02x", ((const uint8_t *)bytes)[i]);
    fprintf(stderr, "\n");
    return false;
}
