/* SPDX-License-Identifier: ISC */
#include "cli/options.h"

#include "cli/commands.h"
#include "cli/page.h"
#include "cli/prose.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { OPTIONS_MAX = 32 };

/* "tacit ask" out of "tacit ask SHEET [options]". */
static int command_length(const char *usage)
{
    const char *space = strchr(usage, ' ');
    const char *second = space == NULL ? NULL : strchr(space + 1, ' ');
    return second == NULL ? (int)strlen(usage) : (int)(second - usage);
}

int tct_options_mistake(const tct_usage *usage, const char *format, ...)
{
    tct_string what = {0}, safe = {0};
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int needed = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (needed > 0) {
        char *text = tct_allocate((size_t)needed + 1);
        (void)vsnprintf(text, (size_t)needed + 1, format, again);
        tct_string_add(&what, text);
        tct_release(text, (size_t)needed + 1);
        tct_prose_add_safe(&safe, what.text, what.length);
    }
    va_end(again);
    fprintf(stderr, "tacit: %s\nSee: %.*s --help\n", safe.text != NULL ? safe.text : "",
            command_length(usage->usage), usage->usage);
    tct_string_free(&what);
    tct_string_free(&safe);
    return TCT_EXIT_USAGE;
}

static void print_help(const tct_usage *usage)
{
    tct_page page = {0};
    tct_page_add(&page, TCT_STYLE_STRONG, 0, "%s", usage->usage);
    tct_page_gap(&page);
    tct_page_add(&page, TCT_STYLE_PLAIN, 0, "%s", usage->about);
    tct_page_gap(&page);
    for (size_t i = 0; i < usage->option_count; i++) {
        const tct_option *o = &usage->options[i];
        char lead[64];
        (void)snprintf(lead, sizeof lead, "--%s%s%s", o->name, o->value == NULL ? "" : " ",
                       o->value == NULL ? "" : o->value);
        char column[72];
        (void)snprintf(column, sizeof column, "%-21s ", lead);
        tct_page_hang(&page, TCT_STYLE_PLAIN, 2, column, o->help);
    }
    tct_page_hang(&page, TCT_STYLE_PLAIN, 2, "--help                ", "this page");
    tct_page_gap(&page);
    tct_page_add(&page, TCT_STYLE_PLAIN, 0, "Examples:");
    tct_page_print(&page, stdout, 0);
    tct_page_free(&page);
    /* Examples are commands to copy: never wrapped. */
    for (const char *line = usage->examples; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        printf("  %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static int unknown(const tct_usage *usage, const char *name, size_t length)
{
    const char *names[OPTIONS_MAX + 1];
    char word[48];
    size_t count = 0;
    for (; count < usage->option_count && count < OPTIONS_MAX; count++)
        names[count] = usage->options[count].name;
    names[count++] = "help";
    (void)snprintf(word, sizeof word, "%.*s", (int)(length < 40 ? length : 40), name);
    const char *nearest = tct_prose_nearest(word, names, count);
    if (nearest != NULL)
        return tct_options_mistake(usage, "there is no option --%s. Did you mean --%s?", word,
                                   nearest);
    return tct_options_mistake(usage, "there is no option --%s.", word);
}

static int add_value(const tct_usage *usage, const tct_option *option, char *value)
{
    if (option->text != NULL) {
        if (*option->text != NULL)
            return tct_options_mistake(usage, "--%s was given twice.", option->name);
        *option->text = value;
        return TCT_OPTIONS_GO_ON;
    }
    tct_option_list *list = option->list;
    if (list->values == NULL)
        list->values = tct_allocate(TCT_OPTION_REPEAT_MAX * sizeof *list->values);
    if (list->count == TCT_OPTION_REPEAT_MAX)
        return tct_options_mistake(usage, "--%s was given too often.", option->name);
    list->values[list->count++] = value;
    return TCT_OPTIONS_GO_ON;
}

/* argv[*at] begins with two hyphens.  Moves *at to the last word used. */
static int read_option(const tct_usage *usage, int argc, char **argv, int *at)
{
    char *name = argv[*at] + 2;
    size_t length = strcspn(name, "=");
    const tct_option *option = NULL;
    for (size_t i = 0; i < usage->option_count; i++)
        if (strlen(usage->options[i].name) == length &&
            memcmp(usage->options[i].name, name, length) == 0)
            option = &usage->options[i];
    if (option == NULL)
        return unknown(usage, name, length);
    if (option->flag != NULL) {
        if (name[length] == '=')
            return tct_options_mistake(usage, "--%s takes no value.", option->name);
        *option->flag = true;
        return TCT_OPTIONS_GO_ON;
    }
    if (name[length] == '=')
        return add_value(usage, option, name + length + 1);
    if (*at + 1 >= argc)
        return tct_options_mistake(usage, "--%s needs a value: --%s %s.", option->name,
                                   option->name, option->value);
    return add_value(usage, option, argv[++*at]);
}

int tct_options_read(const tct_usage *usage, int argc, char **argv, char **words, size_t *count)
{
    bool options_over = false;
    *count = 0;
    for (int i = 1; i < argc; i++) {
        if (!options_over && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            print_help(usage);
            return TCT_EXIT_OUTCOME;
        }
        if (strcmp(argv[i], "--") == 0)
            break;
    }
    for (int i = 1; i < argc; i++) {
        if (!options_over && strcmp(argv[i], "--") == 0) {
            options_over = true;
        } else if (!options_over && strncmp(argv[i], "--", 2) == 0) {
            int status = read_option(usage, argc, argv, &i);
            if (status != TCT_OPTIONS_GO_ON)
                return status;
        } else if (!options_over && argv[i][0] == '-' && argv[i][1] != '\0') {
            return tct_options_mistake(usage, "options begin with two hyphens: %s.", argv[i]);
        } else if (*count == usage->words_max) {
            return tct_options_mistake(usage, "there is a word too many: %s.", argv[i]);
        } else {
            words[(*count)++] = argv[i];
        }
    }
    if (*count < usage->words_min)
        return tct_options_mistake(usage, "%s", usage->missing);
    return TCT_OPTIONS_GO_ON;
}

void tct_options_free(tct_option_list *list)
{
    tct_release(list->values, TCT_OPTION_REPEAT_MAX * sizeof *list->values);
    *list = (tct_option_list){0};
}
