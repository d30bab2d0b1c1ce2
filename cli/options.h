/* SPDX-License-Identifier: ISC
 *
 * options.h — one table per command says which options it has; from it come parsing, --help and
 *             the suggestion for an option that does not exist.
 */
#ifndef TCT_CLI_OPTIONS_H
#define TCT_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum { TCT_OPTION_REPEAT_MAX = 4096 };

/* Values of an option that may be given several times. */
typedef struct {
    char **values; /* TCT_OPTION_REPEAT_MAX of them at most; borrowed from argv */
    size_t count;
} tct_option_list;

/* One option; just one of flag, text and list is set and says its kind. */
typedef struct {
    const char *name;  /* without the two hyphens */
    const char *value; /* how --help calls its value; NULL for a flag */
    const char *help;
    bool *flag;
    char **text;
    tct_option_list *list;
} tct_option;

typedef struct {
    const char *usage;    /* "tacit ask SHEET [options]" */
    const char *about;    /* a paragraph or two */
    const char *examples; /* lines, each a command */
    const tct_option *options;
    size_t option_count;
    size_t words_min, words_max; /* how many words besides the options */
    const char *missing;         /* said when there are too few words */
} tct_usage;

enum { TCT_OPTIONS_GO_ON = -1 };

/* Reads argv[1…].  The words that are no options go to words[0…words_max-1] and *count.
 * Returns TCT_OPTIONS_GO_ON, or the status to exit with: 0 after --help, 2 after a mistake, which
 * was then said on standard error. */
int tct_options_read(const tct_usage *usage, int argc, char **argv, char **words,
                     size_t *count);

/* "tacit: ‹what›" and "Try: tacit ask --help" on standard error.  Returns status 2. */
int tct_options_mistake(const tct_usage *usage, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

void tct_options_free(tct_option_list *list);

#endif
