/* SPDX-License-Identifier: ISC */
#include "cli/answers_file.h"

#include "cli/sheet_files.h"

#include <stdio.h>
#include <string.h>

enum { FILE_BYTES_MAX = 256 * 1024, FROM_FILE = 0, FROM_OPTIONS = 1 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts blanks off both ends, in place. */
static char *trim(char *text)
{
    while (is_blank(*text))
        text++;
    size_t length = strlen(text);
    while (length != 0 && is_blank(text[length - 1]))
        text[--length] = '\0';
    return text;
}

static void say_where(tct_string *error, const tct_given_answer *answer)
{
    if (answer->path == NULL) {
        tct_string_add(error, "--answer ");
        tct_string_add(error, answer->key);
        tct_string_add(error, ": ");
    } else {
        tct_string_format(error, "%s:%u: ", answer->path, answer->line);
    }
}

static bool add(tct_given_answers *given, char *line, const char *path, unsigned number,
                tct_string *error)
{
    char *equals = strchr(line, '=');
    tct_given_answer answer = {.key = line, .path = path, .line = number};
    if (equals == NULL) {
        if (path == NULL)
            tct_string_format(error, "--answer takes QUESTION=ANSWER, and not \"%s\".", line);
        else
            tct_string_format(error, "%s:%u: a line is `question = answer`.", path, number);
        return false;
    }
    *equals = '\0';
    answer.key = trim(line);
    answer.value = trim(equals + 1);
    for (size_t i = 0; i < given->count; i++)
        if (strcmp(given->items[i].key, answer.key) == 0) {
            if ((given->items[i].path == NULL) == (path == NULL)) {
                say_where(error, &answer);
                tct_string_format(error, "%s is answered twice.", answer.key);
                return false;
            }
            given->items[i] = answer; /* an option wins over the file */
            return true;
        }
    if (given->count == given->room) {
        size_t room = given->room * 2 + 32;
        tct_given_answer *items = tct_allocate(room * sizeof *items);
        if (given->count != 0)
            memcpy(items, given->items, given->count * sizeof *items);
        tct_release(given->items, given->room * sizeof *items);
        given->items = items;
        given->room = room;
    }
    given->items[given->count++] = answer;
    return true;
}

static bool read_file(tct_given_answers *given, const char *path, tct_string *error)
{
    static const char mark[] = "\xef\xbb\xbf"; /* a byte-order mark */
    size_t bytes;
    unsigned number = 0;
    char *text = tct_file_read(path, FILE_BYTES_MAX, &bytes, error);
    if (text == NULL)
        return false;
    given->texts[FROM_FILE] = text;
    given->text_bytes[FROM_FILE] = FILE_BYTES_MAX + 2;
    if (bytes > FILE_BYTES_MAX || memchr(text, '\0', bytes) != NULL) {
        tct_string_format(error, "%s is no file of answers.", path);
        return false;
    }
    if (strncmp(text, mark, 3) == 0)
        text += 3;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        char *next = text + length + (text[length] == '\n');
        text[length] = '\0';
        char *line = trim(text);
        number++;
        if (line[0] != '\0' && line[0] != '#' && !add(given, line, path, number, error))
            return false;
        text = next;
    }
    return true;
}

/* Copies the options' values into one text and blanks them in argv. */
static bool read_options(tct_given_answers *given, const tct_option_list *options,
                         tct_string *error)
{
    size_t bytes = 1;
    for (size_t i = 0; i < options->count; i++)
        bytes += strlen(options->values[i]) + 1;
    char *at = tct_allocate(bytes);
    given->texts[FROM_OPTIONS] = at;
    given->text_bytes[FROM_OPTIONS] = bytes;
    bool good = true;
    for (size_t i = 0; i < options->count; i++) {
        size_t length = strlen(options->values[i]);
        memcpy(at, options->values[i], length + 1);
        memset(options->values[i], 0, length);
        good = good && add(given, at, NULL, 0, error);
        at += length + 1;
    }
    return good;
}

bool tct_given_read(tct_given_answers *given, const char *path, const tct_option_list *options,
                    tct_string *error)
{
    *given = (tct_given_answers){0};
    bool good = path == NULL || read_file(given, path, error);
    /* The options are blanked even when the file is bad. */
    bool options_good = options == NULL || read_options(given, options, error);
    return good && options_good;
}

bool tct_given_apply(const tct_given_answers *given, const tacit_sheet *sheet, int person,
                     tacit_answers *answers, tct_string *error)
{
    for (size_t i = 0; i < given->count; i++) {
        const tct_given_answer *answer = &given->items[i];
        char why[160] = "";
        if (tacit_answers_set(sheet, person, answers, answer->key, answer->value, why) !=
            TACIT_OK) {
            say_where(error, answer);
            tct_string_add(error, why);
            return false;
        }
    }
    return true;
}

void tct_given_free(tct_given_answers *given)
{
    tct_release(given->items, given->room * sizeof *given->items);
    for (size_t i = 0; i < 2; i++)
        tct_release(given->texts[i], given->text_bytes[i]);
    *given = (tct_given_answers){0};
}
