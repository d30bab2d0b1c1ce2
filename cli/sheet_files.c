/* SPDX-License-Identifier: ISC */
#include "cli/sheet_files.h"

#include "cli/commands.h"
#include "cli/diagnostics.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUILTINS_MAX = 64 };

char *tct_file_read(const char *path, size_t most, size_t *bytes, tct_string *error)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    if (file != NULL) {
        text = tct_allocate(most + 2); /* one byte to see that there is more, and a NUL */
        *bytes = fread(text, 1, most + 1, file);
    }
    if (file == NULL || ferror(file)) {
        int reason = errno;
        tct_prose_add_safe(error, path, strlen(path));
        tct_string_format(error, " cannot be read: %s.", strerror(reason));
        tct_release(text, most + 2);
        text = NULL;
    }
    if (file != NULL)
        (void)fclose(file);
    return text;
}

static const tct_builtin_sheet *find_builtin(const char *name)
{
    for (size_t i = 0; i < tct_builtin_sheet_count; i++)
        if (strcmp(tct_builtin_sheets[i].name, name) == 0)
            return &tct_builtin_sheets[i];
    return NULL;
}

/* "There is no sheet and no file called lastnight." */
static void say_unknown(const char *name, const tct_string *why)
{
    const char *names[BUILTINS_MAX];
    tct_string safe = {0};
    size_t count = 0;
    for (; count < tct_builtin_sheet_count && count < BUILTINS_MAX; count++)
        names[count] = tct_builtin_sheets[count].name;
    const char *nearest = tct_prose_nearest(name, names, count);
    bool looks_like_a_file = strpbrk(name, "/.") != NULL;
    tct_prose_add_safe(&safe, name, strlen(name));
    if (looks_like_a_file)
        fprintf(stderr, "tacit: %s\n", why->text);
    else if (nearest != NULL)
        fprintf(stderr, "tacit: there is no sheet and no file called %s. Did you mean %s?\n",
                safe.text, nearest);
    else
        fprintf(stderr,
                "tacit: there is no sheet and no file called %s. `tacit list` shows the sheets "
                "that ship with tacit.\n",
                safe.text);
    tct_string_free(&safe);
}

/* The text of a sheet: NULL after saying why not. */
static char *read_text(const char *name, size_t *bytes)
{
    const tct_builtin_sheet *builtin = find_builtin(name);
    tct_string error = {0};
    char *text;
    if (builtin != NULL) {
        text = tct_allocate(TACIT_SHEET_TEXT_MAX + 2);
        *bytes = builtin->bytes <= TACIT_SHEET_TEXT_MAX ? builtin->bytes : 0;
        memcpy(text, builtin->text, *bytes);
        return text;
    }
    text = tct_file_read(name, TACIT_SHEET_TEXT_MAX, bytes, &error);
    if (text == NULL)
        say_unknown(name, &error);
    tct_string_free(&error);
    return text;
}

static bool has_error(const tacit_diagnostics *diagnostics, uint32_t *warnings)
{
    bool error = false;
    *warnings = 0;
    for (uint32_t i = 0; i < diagnostics->count && i < TACIT_DIAGNOSTICS_MAX; i++) {
        *warnings += diagnostics->items[i].warning;
        error = error || !diagnostics->items[i].warning;
    }
    return error;
}

/* Compiles; says the diagnostics when there are errors, or always. */
static int compile(tct_sheet_file *out, const char *name, const char *text, size_t bytes,
                   const tacit_items *items, const char *items_path, bool say_warnings)
{
    tacit_diagnostics *found = tct_allocate(sizeof *found);
    int status = TCT_EXIT_OUTCOME;
    out->memory = tct_allocate_raw(TACIT_SHEET_MEMORY);
    tacit_status read = tacit_sheet_read(&out->sheet, out->memory, TACIT_SHEET_MEMORY, text,
                                         bytes, items, found);
    bool error = has_error(found, &out->warnings);
    if (read != TACIT_OK || error)
        status = TCT_EXIT_SHEET;
    else
        out->view = tacit_sheet_see(out->sheet);
    if (found->count != 0 && (status != TCT_EXIT_OUTCOME || say_warnings)) {
        tct_string shown = {0};
        tct_diagnostics_add(&shown, name, text, bytes, found);
        fputs(shown.text, stderr);
        tct_string_free(&shown);
    }
    if (status == TCT_EXIT_SHEET && !error)
        fprintf(stderr, "tacit: this sheet%s%s cannot be used: it is beyond a limit.\n",
                items_path == NULL ? "" : " with the items of ",
                items_path == NULL ? "" : items_path);
    tct_release(found, sizeof *found);
    return status;
}

static int load(tct_sheet_file *out, const char *name, const char *items_path,
                bool say_warnings)
{
    size_t bytes = 0, items_bytes = 0;
    char *items_text = NULL;
    int status = TCT_EXIT_USAGE;
    *out = (tct_sheet_file){0};
    char *text = read_text(name, &bytes);
    if (text == NULL)
        return status;
    if (bytes > TACIT_SHEET_TEXT_MAX) {
        tct_string safe = {0};
        tct_prose_add_safe(&safe, name, strlen(name));
        fprintf(stderr, "tacit: %s is no sheet: it is larger than %d kB.\n", safe.text,
                TACIT_SHEET_TEXT_MAX / 1024);
        tct_string_free(&safe);
        tct_release(text, TACIT_SHEET_TEXT_MAX + 2);
        return TCT_EXIT_SHEET;
    }
    if (items_path != NULL) {
        tct_string error = {0};
        items_text = tct_file_read(items_path, TACIT_SHEET_TEXT_MAX, &items_bytes, &error);
        if (items_text == NULL)
            fprintf(stderr, "tacit: %s\n", error.text);
        tct_string_free(&error);
    }
    if (items_path == NULL || items_text != NULL) {
        tacit_items items = {.list = NULL, .text = items_text, .text_bytes = items_bytes};
        status = compile(out, name, text, bytes, items_path == NULL ? NULL : &items, items_path,
                         say_warnings);
    }
    tct_release(items_text, TACIT_SHEET_TEXT_MAX + 2);
    tct_release(text, TACIT_SHEET_TEXT_MAX + 2);
    if (status != TCT_EXIT_OUTCOME)
        tct_sheet_unload(out);
    return status;
}

int tct_sheet_load(tct_sheet_file *out, const char *name, const char *items_path)
{
    return load(out, name, items_path, false);
}

int tct_sheet_check(tct_sheet_file *out, const char *name)
{
    return load(out, name, NULL, true);
}

void tct_sheet_unload(tct_sheet_file *file)
{
    free(file->memory); /* a sheet is no secret */
    *file = (tct_sheet_file){0};
}
