/* SPDX-License-Identifier: ISC
 *
 * commands.h — the commands of `tacit`.  Each reads its own options and returns the exit status.
 */
#ifndef TCT_CLI_COMMANDS_H
#define TCT_CLI_COMMANDS_H

#include <stdbool.h>

/* The exit statuses, as `tacit help` lists them. */
enum {
    TCT_EXIT_OUTCOME = 0, /* an outcome was reached, whichever; or the command did its work */
    TCT_EXIT_MACHINE = 1, /* no memory, a full disk, a closed pipe */
    TCT_EXIT_USAGE = 2,   /* usage, or an answer that is missing or wrong */
    TCT_EXIT_SHEET = 3,   /* the sheet or circuit is wrong */
    TCT_EXIT_RELAY = 4,   /* the relay cannot be reached or was lost */
    TCT_EXIT_PERSON = 5,  /* the other person did not come, left, or ran out of time */
    TCT_EXIT_CHECK = 6,   /* something did not add up */
    TCT_EXIT_PAIR = 7,    /* the two cannot pair */
};

/* argv[0]: the command's name.  argv may be written to: codes and answers are blanked there. */
int tct_command_ask(int argc, char **argv);
int tct_command_answer(int argc, char **argv);
int tct_command_try(int argc, char **argv);
int tct_command_reflect(int argc, char **argv);
int tct_command_show(int argc, char **argv);
int tct_command_check(int argc, char **argv);
int tct_command_list(int argc, char **argv);
int tct_command_new(int argc, char **argv);
int tct_command_circuit(int argc, char **argv);
int tct_command_serve(int argc, char **argv);
int tct_command_pending(int argc, char **argv);
int tct_command_confirm(int argc, char **argv);
int tct_command_withdraw(int argc, char **argv);
int tct_command_letters(int argc, char **argv);
/* `tacit ask --letter` and `tacit answer --letter`: own answers into a letter. */
int tct_command_letter(int argc, char **argv, bool asks);
int tct_command_kept(int argc, char **argv);
int tct_command_forget(int argc, char **argv);
int tct_command_version(int argc, char **argv);
int tct_command_help(int argc, char **argv);

#endif
