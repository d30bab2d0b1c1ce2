/* SPDX-License-Identifier: ISC
 *
 * `tacit kept` and `tacit forget`: what this device keeps beyond a meeting, and erasing it.
 */
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/kept_store.h"
#include "cli/options.h"
#include "cli/prose.h"
#include "cli/say.h"
#include "cli/terminal.h"

#include <stdio.h>
#include <string.h>

typedef char kept_names[TCT_KEPT_MAX][TCT_KEPT_NAME];

static int tell(tct_kept_status status)
{
    if (status == TCT_KEPT_OK)
        return TCT_EXIT_OUTCOME;
    tct_tell("%s", tct_kept_says(status));
    return status == TCT_KEPT_ABSENT ? TCT_EXIT_USAGE : TCT_EXIT_MACHINE;
}

/* ----------------------------------------------------------------------------------- kept --- */

static void list_as_json(kept_names names, size_t count, size_t asked)
{
    tct_json json = {0};
    tct_json_begin(&json, "kept");
    tct_json_open(&json, "names", '[');
    for (size_t i = 0; i < count; i++)
        tct_json_add_text(&json, names[i]);
    tct_json_close(&json, ']');
    tct_json_number(&json, "asked", (int64_t)asked);
    tct_json_send(&json);
}

static void say_asked(size_t asked)
{
    if (asked != 0)
        printf("%zu %s when something may be asked again %s kept.\n", asked,
               asked == 1 ? "date" : "dates", asked == 1 ? "is" : "are");
}

int tct_command_kept(int argc, char **argv)
{
    static kept_names names;
    bool as_json = false;
    size_t count, asked;
    const tct_option options[] = {
        {"json", NULL, "a JSON object: names, and how many dates are kept", &as_json, NULL,
         NULL},
    };
    const tct_usage usage = {
        .usage = "tacit kept [options]",
        .about =
            "Lists whom you can meet again without a code, by the names that you gave them, "
            "and "
            "how many dates this device keeps of sheets that may be asked only so often. No "
            "answers and no outcomes are kept.",
        .examples = "tacit kept\ntacit kept --json",
        .options = options,
        .option_count = 1,
    };
    int status = tct_options_read(&usage, argc, argv, NULL, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    status = tell(tct_kept_list(names, &count, &asked));
    if (status != TCT_EXIT_OUTCOME)
        return status;
    if (as_json) {
        list_as_json(names, count, asked);
        return status;
    }
    for (size_t i = 0; i < count; i++)
        puts(names[i]);
    say_asked(asked);
    if (count == 0 && asked == 0)
        puts("Nothing is kept.");
    return status;
}

/* --------------------------------------------------------------------------------- forget --- */

/* A question with yes or no; anything but yes is no. */
static bool agrees(const char *question)
{
    char line[64] = "";
    printf("%s [yes/no] ", question);
    (void)fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL)
        return false;
    return strcmp(line, "yes\n") == 0 || strcmp(line, "y\n") == 0;
}

static int erased(tct_kept_status status)
{
    int result = tell(status);
    if (result == TCT_EXIT_OUTCOME)
        puts("Erased on this device. The other person's keeps its own.");
    return result;
}

static int forget_one(const char *name, bool yes)
{
    char question[TCT_KEPT_NAME + 64];
    tct_kept kept;
    tct_kept_status status = tct_kept_load(&kept, name);
    if (status != TCT_KEPT_OK)
        return tell(status);
    (void)snprintf(question, sizeof question, "Forget %s, so that you need a new code to meet?",
                   kept.name);
    if (!yes && !agrees(question)) {
        puts("Nothing was erased.");
        return TCT_EXIT_OUTCOME;
    }
    int result = tell(tct_kept_forget(name));
    if (result == TCT_EXIT_OUTCOME)
        puts("Forgotten on this device. Theirs keeps what it has until they forget it too.");
    return result;
}

/* With questions: the dates, then the people. */
static int forget_asking(void)
{
    static kept_names names;
    size_t count, asked;
    tct_kept_status status = tct_kept_list(names, &count, &asked);
    if (status != TCT_KEPT_OK) /* it cannot be read, so it can only go as a whole */
        return agrees("What this device keeps cannot be read. Erase all of it?")
                   ? erased(tct_kept_forget_all())
                   : tell(status);
    if (count == 0 && asked == 0) {
        puts("Nothing is kept.");
        return TCT_EXIT_OUTCOME;
    }
    say_asked(asked);
    bool dates = asked != 0 && agrees("Erase them?");
    for (size_t i = 0; i < count; i++)
        puts(names[i]);
    bool people =
        count != 0 && agrees("Erase these pairings too, so that you need new codes to meet?");
    if (people && (dates || asked == 0))
        status = tct_kept_forget_all();
    else if (dates)
        status = tct_kept_forget_asked();
    for (size_t i = 0; people && !dates && asked != 0 && i < count && status == TCT_KEPT_OK;
         i++)
        status = tct_kept_forget(names[i]);
    if (status == TCT_KEPT_OK)
        puts(dates || people ? "Erased on this device. The other person's keeps its own."
                             : "Nothing was erased.");
    return tell(status);
}

int tct_command_forget(int argc, char **argv)
{
    bool yes = false, all = false;
    char *words[1] = {NULL};
    size_t count;
    const tct_option options[] = {
        {"yes", NULL, "ask nothing: erase the dates, or the one named", &yes, NULL, NULL},
        {"all", NULL, "with the people whom you can meet again, and the key", &all, NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit forget [NAME] [options]",
        .about =
            "Erases what this device keeps: the dates of sheets that may be asked only so "
            "often, "
            "and, if you say so, whom you can meet again without a code. With NAME only that "
            "person. The other person's device keeps its own until they forget it there.",
        .examples = "tacit forget\ntacit forget Sam\ntacit forget --all --yes",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .words_max = 1,
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    if (count == 1 && all)
        return tct_options_mistake(&usage, "--all goes without a name.");
    if (!yes && !tct_terminal_is_interactive())
        return tct_options_mistake(&usage, "nobody can be asked here: say --yes.");
    if (count == 1)
        return forget_one(words[0], yes);
    if (all && !yes &&
        !agrees("Erase all that this device keeps, and everyone whom you can meet again?")) {
        puts("Nothing was erased.");
        return TCT_EXIT_OUTCOME;
    }
    if (!all && !yes)
        return forget_asking();
    return erased(all ? tct_kept_forget_all() : tct_kept_forget_asked());
}
