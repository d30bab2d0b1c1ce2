/* SPDX-License-Identifier: ISC
 *
 * `tacit`: one table of commands.  Everything that a command leaves half done at the end (a full
 * disk, a closed pipe) becomes a status here.
 */
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "tacit/tacit.h"

#include <errno.h>
#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} command;

static const command commands[] = {
    {"ask", tct_command_ask, "begin: a code for the other person, your answers, the outcome"},
    {"answer", tct_command_answer, "join: with the code that the other person told you"},
    {"pending", tct_command_pending, "what you sleep on"},
    {"confirm", tct_command_confirm, "say that your answers still hold, and learn the outcome"},
    {"withdraw", tct_command_withdraw, "take your answers back, after sleeping on them"},
    {"letters", tct_command_letters, "ask each other later, without being there together"},
    {"kept", tct_command_kept, "whom you can meet again without a code"},
    {"forget", tct_command_forget, "erase what this device keeps"},
    {"try", tct_command_try, "practise: answer for both, see what each would see"},
    {"reflect", tct_command_reflect, "alone: what your answers settle, and what it would take"},
    {"show", tct_command_show, "a sheet and its rule, in plain words"},
    {"check", tct_command_check, "find the errors in a sheet of your own"},
    {"list", tct_command_list, "the sheets that ship with tacit"},
    {"new", tct_command_new, "a sheet of your own to begin from, with explanations"},
    {"serve", tct_command_serve, "run a relay, the meeting point for two devices"},
    {"circuit", tct_command_circuit, "run a circuit file between two parties (for developers)"},
    {"version", tct_command_version, "the version"},
    {"help", tct_command_help, "this page; `tacit help COMMAND` for more"},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static const command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[COMMAND_COUNT];
    tct_string safe = {0};
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *nearest = tct_prose_nearest(name, names, COMMAND_COUNT);
    tct_prose_add_safe(&safe, name, strlen(name));
    fprintf(stderr, "tacit: there is no command %s.", safe.text);
    if (nearest != NULL)
        fprintf(stderr, " Did you mean `tacit %s`?", nearest);
    fputs("\nSee: tacit help\n", stderr);
    tct_string_free(&safe);
    return TCT_EXIT_USAGE;
}

static void print_help(FILE *to)
{
    fputs("tacit tells two people whether they mean the same thing, without either of them\n"
          "having to say it first. Each answers a sheet of questions in private; both\n"
          "learn the outcome of a rule that they could read before, and nothing else.\n"
          "\n"
          "Usage: tacit COMMAND [options]\n\n",
          to);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].help);
    fputs("\n"
          "Begin with `tacit try last-night`. Every command has --help with examples.\n"
          "\n"
          "Exit status: 0 an outcome was reached, whichever it is; 2 usage, or an answer\n"
          "that is missing or wrong; 3 the sheet or circuit is wrong; 4 the relay cannot\n"
          "be reached or was lost; 5 the other person did not come, left, or ran out of\n"
          "time; 6 something did not add up; 7 the two cannot pair; 1 this machine failed\n"
          "(a full disk, no memory); 130 and 143 interrupted.\n",
          to);
}

int tct_command_help(int argc, char **argv)
{
    char help[] = "--help";
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return TCT_EXIT_OUTCOME;
    }
    const command *found = find_command(argv[1]);
    if (found == NULL)
        return unknown_command(argv[1]);
    char *arguments[] = {argv[1], help, NULL};
    return found->run(2, arguments);
}

int tct_command_version(int argc, char **argv)
{
    bool json_wanted = false;
    size_t count;
    const tct_option options[] = {
        {"json", NULL, "as a JSON object", &json_wanted, NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit version [options]",
        .about = "Tells the version of this program. Two people need the same one.",
        .examples = "tacit version\ntacit version --json",
        .options = options,
        .option_count = 1,
    };
    int status = tct_options_read(&usage, argc, argv, NULL, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    if (json_wanted) {
        tct_json json = {0};
        tct_json_begin(&json, NULL);
        tct_json_text(&json, "version", TACIT_VERSION);
        tct_json_send(&json);
    } else {
        puts("tacit " TACIT_VERSION);
    }
    return TCT_EXIT_OUTCOME;
}

/* Output that could not be written turns a success into a failure. */
static int check_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    int reason = errno;
    if (reason != EPIPE) /* the reader has gone and knows it */
        fprintf(stderr, "tacit: the output could not be written: %s.\n", strerror(reason));
    return status == TCT_EXIT_OUTCOME ? TCT_EXIT_MACHINE : status;
}

int main(int argc, char **argv)
{
    (void)setlocale(LC_CTYPE, "");
    tct_terminal_start();
    if (sodium_init() < 0) {
        fputs("tacit: this machine gives no random numbers, so nothing can be done safely.\n",
              stderr);
        return TCT_EXIT_MACHINE;
    }
    if (argc < 2) {
        print_help(stderr);
        return TCT_EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    else if (strcmp(name, "--version") == 0)
        name = "version";
    const command *found = find_command(name);
    int status = found == NULL ? unknown_command(name) : found->run(argc - 1, argv + 1);
    tct_terminal_close();
    return check_output(status);
}
