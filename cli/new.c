/* SPDX-License-Identifier: ISC
 *
 * `tacit new`: a sheet to begin from, which explains itself.  Lines that begin with `#: ` are forms
 * that are not in use: without these three characters the sheet is still fine.
 */
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/prose.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const template_lines[] = {
    "# A sheet for two people. Lines that begin with # are comments: they explain,",
    "# and the other person does not get them. Take away what you do not need.",
    "#",
    "#   tacit check FILE   says what is wrong with it",
    "#   tacit show FILE    tells its rule back in plain words",
    "#   tacit try FILE     lets you answer for both",
    "#",
    "# To use a line that begins with \"#: \", take these three characters away.",
    "",
    "title A walk on Sunday?",
    "",
    "about",
    "  Both of you read this before you answer. It may have several lines, and blank",
    "  lines between paragraphs.",
    "",
    "# If the two of you have different parts, name them; a question can then be for",
    "# one of you.",
    "#: people driver, guest",
    "#: ask driver far: How far would you drive, at most?",
    "#:   number 0 to 200 step 10, km",
    "",
    "# A list has items that questions can be about. \"yours to change\" lets you put",
    "# in your own each time.",
    "list ways, yours to change, 2 to 12",
    "  river: Along the river",
    "  hills: Up the hills",
    "  town: Through the town",
    "",
    "# A question has a name for the rule, and a text. Give a few ways to answer,",
    "# from the lowest to the highest, all of them as easy to choose.",
    "ask want: A walk on Sunday would be:",
    "  no: Not for me this time",
    "  fine: Fine with me",
    "  lovely: Lovely",
    "",
    "# One answer for each item of the list.",
    "ask each ways like: Would you like to go there?",
    "  no: Rather not",
    "  maybe: If you would like it too",
    "  yes: Yes",
    "",
    "# Other ways to answer: yes or no, a number, points, a ranking, any of a list.",
    "#: ask early: Would you get up early?",
    "#:   yes or no",
    "#: ask hours: How long may it be, at most?",
    "#:   number 1 to 8, hours",
    "#: ask rank: Put them in order, best first:",
    "#:   ranking of ways, best first",
    "",
    "# Outcomes are tried in order, and you both see the first that fits. The rule",
    "# speaks of both (...), either (...), neither (...), same (...).",
    "outcome walk: Let's go!",
    "  when neither (want is no) and any of ways where neither (like is no)",
    "  reveal way: best of ways where neither (like is no)",
    "    by count (like is yes), ties by lot",
    "  say",
    "    These words are shown with it.",
    "",
    "# The last one is for everything else, also for \"Not now, for any reason\", which",
    "# both of you can always say. By the coin it proves nothing about anyone.",
    "outcome no-walk: Not this Sunday.",
    "  otherwise",
    "  also by chance 1 in 8",
    "  say",
    "    That has many ordinary reasons. Please don't ask which.",
    "",
    "# A note is for the one whose answer calls for it, and for nobody else. \"stop",
    "# when\" does the same, and makes the outcome the last one.",
    "#: note when want is no",
    "#:   A quiet Sunday is a good plan, too.",
    "",
    "# How often you two should ask this; tacit tells it, you keep to it.",
    "#: once every week",
};
enum { TEMPLATE_LINES = sizeof template_lines / sizeof template_lines[0] };

/* Makes the file, which must not be there yet.  0, or what errno was. */
static int write_template(const char *path)
{
    FILE *file = fopen(path, "wx");
    if (file == NULL)
        return errno;
    for (size_t i = 0; i < TEMPLATE_LINES; i++)
        (void)fprintf(file, "%s\n", template_lines[i]);
    int error = ferror(file) ? EIO : 0;
    errno = 0;
    if (fclose(file) != 0)
        error = errno;
    if (error != 0)
        (void)remove(path); /* half a sheet helps nobody */
    return error;
}

static int say_failure(const char *name, int error)
{
    if (error == EEXIST) {
        fprintf(stderr, "tacit: %s is there already; it stays as it is.\n", name);
        return TCT_EXIT_USAGE;
    }
    fprintf(stderr, "tacit: %s cannot be written: %s.\n", name, strerror(error));
    return error == ENOSPC || error == EIO ? TCT_EXIT_MACHINE : TCT_EXIT_USAGE;
}

int tct_command_new(int argc, char **argv)
{
    char *words[1] = {NULL};
    size_t count = 0;
    tct_string name = {0};
    const tct_usage usage = {
        .usage = "tacit new [FILE]",
        .about = "Writes a sheet to begin from, with comments that explain it: as FILE, or as "
                 "ours.tacit. A file that is there already stays as it is.",
        .examples = "tacit new\n"
                    "tacit new sunday.tacit",
        .words_min = 0,
        .words_max = 1,
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    const char *path = count == 0 ? "ours.tacit" : words[0];
    tct_prose_add_safe(&name, path, strlen(path));
    int error = write_template(path);
    if (error == 0)
        printf("%s is there. Change it as you like, then:\n"
               "  tacit check %s\n"
               "  tacit try %s\n",
               name.text, name.text, name.text);
    status = error == 0 ? TCT_EXIT_OUTCOME : say_failure(name.text, error);
    tct_string_free(&name);
    return status;
}
