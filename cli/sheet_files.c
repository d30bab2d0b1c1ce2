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

static void say(const tct_source *sheet, const tct_source *items,
                const tacit_diagnostics *found)
{
    tct_string shown = {0};
    tct_diagnostics_add(&shown, sheet, items, found);
    fputs(shown.text, stderr);
    tct_string_free(&shown);
}

/* A second look at a sheet without errors: what it gives away, and what is of no use in it. */
static void look_again(tct_sheet_file *out, const tct_source *sheet, const tct_source *items)
{
    tacit_diagnostics *found = tct_allocate(sizeof *found);
    void *memory = tct_allocate_raw(TACIT_LEAK_MEMORY);
    const tacit_leak_facts *facts = NULL;
    tacit_leak *leak;
    if (tacit_leak_init(&leak, memory, TACIT_LEAK_MEMORY, out->sheet, 0, NULL,
                        TACIT_LEAK_FACTS) == TACIT_OK) {
        while (tacit_leak_step(leak, 64) < TACIT_LEAK_DONE)
            ;
        facts = tacit_leak_see_facts(leak);
    }
    out->open = facts == NULL ? ~0u : facts->open;
    tacit_sheet_lint(out->sheet, facts, found);
    if (found->count != 0)
        say(sheet, items, found);
    out->warnings += found->count;
    free(memory); /* no answers are in it */
    tct_release(found, sizeof *found);
}

/* Compiles; says the diagnostics when there are errors, or always. */
static int compile(tct_sheet_file *out, const tct_source *sheet, const tct_source *items,
                   bool say_warnings)
{
    tacit_diagnostics *found = tct_allocate(sizeof *found);
    tacit_items edited = {.list = NULL, .text = items->text, .text_bytes = items->bytes};
    int status = TCT_EXIT_OUTCOME;
    out->memory = tct_allocate_raw(TACIT_SHEET_MEMORY);
    tacit_status read =
        tacit_sheet_read(&out->sheet, out->memory, TACIT_SHEET_MEMORY, sheet->text,
                         sheet->bytes, items->name == NULL ? NULL : &edited, found);
    bool error = has_error(found, &out->warnings);
    if (read != TACIT_OK || error)
        status = TCT_EXIT_SHEET;
    else
        out->view = tacit_sheet_see(out->sheet);
    if (found->count != 0 && (status != TCT_EXIT_OUTCOME || say_warnings)) {
        say(sheet, items, found);
    }
    if (status == TCT_EXIT_OUTCOME && say_warnings)
        look_again(out, sheet, items);
    if (status == TCT_EXIT_SHEET && !error)
        fprintf(stderr, "tacit: this sheet cannot be used: it is beyond a limit.\n");
    tct_release(found, sizeof *found);
    return status;
}

/* "x.tacit is no sheet: it is larger than 64 kB." */
static int say_too_large(const char *name, const char *what)
{
    tct_string safe = {0};
    tct_prose_add_safe(&safe, name, strlen(name));
    fprintf(stderr, "tacit: %s is no %s: it is larger than %d kB.\n", safe.text, what,
            TACIT_SHEET_TEXT_MAX / 1024);
    tct_string_free(&safe);
    return TCT_EXIT_SHEET;
}

/* The items' text; its name stays NULL when there is none.  0, or a status after saying why. */
static int read_items(tct_source *items, const char *path, char **text)
{
    tct_string error = {0};
    int status = TCT_EXIT_OUTCOME;
    if (path == NULL)
        return status;
    *text = tct_file_read(path, TACIT_SHEET_TEXT_MAX, &items->bytes, &error);
    if (*text == NULL) {
        fprintf(stderr, "tacit: %s\n", error.text);
        status = TCT_EXIT_USAGE;
    } else if (items->bytes > TACIT_SHEET_TEXT_MAX) {
        status = say_too_large(path, "list of items");
    }
    items->name = path;
    items->text = *text;
    tct_string_free(&error);
    return status;
}

static int load(tct_sheet_file *out, const char *name, const char *items_path,
                bool say_warnings)
{
    tct_source sheet = {.name = name}, items = {0};
    char *items_text = NULL, *text = read_text(name, &sheet.bytes);
    int status = TCT_EXIT_USAGE;
    *out = (tct_sheet_file){0};
    if (text != NULL) {
        sheet.text = text;
        status = sheet.bytes > TACIT_SHEET_TEXT_MAX
                     ? say_too_large(name, "sheet")
                     : read_items(&items, items_path, &items_text);
        if (status == TCT_EXIT_OUTCOME)
            status = compile(out, &sheet, &items, say_warnings);
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
