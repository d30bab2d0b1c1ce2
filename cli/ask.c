/* SPDX-License-Identifier: ISC
 *
 * `tacit ask` and `tacit answer`: their options; the meeting itself is in meeting.c.
 */
#include "cli/code_entry.h"
#include "cli/commands.h"
#include "cli/meeting.h"
#include "cli/terminal.h"
#include "cli/ui.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TYPED_MAX = 1024 };

/* Not to leave answers in a core file, and the machine's arithmetic tested first. */
static bool start(tct_meeting *m, int *status)
{
    tct_terminal_keep_no_core();
    if (tacit_start())
        return true;
    *status = tct_meeting_stop(m, TCT_END_MACHINE, NULL);
    return false;
}

enum { COMMON = 9, OPTIONS_MAX = 16 };

/* The options that both commands have, behind `count` of their own.  Gives how many there are. */
static size_t add_common(tct_meeting *m, tct_option *options, size_t count)
{
    const tct_option common[COMMON] = {
        {"answer", "Q=V",
         "an answer, question=option; may be repeated. --answers is more private: "
         "other people on this machine may see a program's arguments",
         NULL, NULL, &m->answer_options},
        {"answers", "FILE",
         "answers, a line `question = option` each; `not-now = yes` for the way "
         "out",
         NULL, &m->answers_path, NULL},
        {"sleep", "DURATION",
         "sleep on it: after a pause of 1h to 72h you both confirm, or the outcome is "
         "what the sheet says otherwise",
         NULL, &m->sleep, NULL},
        {"again", "NAME",
         "meet somebody whom you have met before, without a code; NAME is what you call "
         "them (`tacit kept` lists them)",
         NULL, &m->again, NULL},
        {"keep", "NAME",
         "keep the pairing, to meet again without a code, if the other person does too; "
         "NAME is what you call them, on this device only",
         NULL, &m->keep, NULL},
        {"no-history", NULL,
         "keep no date of what was asked; sheets that say how often they may be asked are "
         "refused",
         &m->no_history, NULL, NULL},
        {"timeout", "DURATION",
         "the longest wait for the other person to come: 20s, 5m, 12h, 3d "
         "(default: 12h)",
         NULL, &m->timeout, NULL},
        {"letter", NULL,
         "by letter, for two who are not there at the same time: see `tacit letters --help`",
         &m->by_letter, NULL, NULL},
        {"json", NULL, "one JSON object a line on standard output; asks nothing", &m->json,
         NULL, NULL},
    };
    memcpy(options + count, common, sizeof common);
    return count + COMMON;
}

/* Is it about a letter?  Then other options go with it (letters.c). */
static bool is_by_letter(int argc, char **argv)
{
    bool help = false, letter = false;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        help = help || strcmp(argv[i], "--help") == 0;
        letter = letter || strcmp(argv[i], "--letter") == 0;
    }
    return letter && !help;
}

int tct_command_ask(int argc, char **argv)
{
    if (is_by_letter(argc, argv))
        return tct_command_letter(argc, argv, true);
    tct_meeting *m = tct_allocate(sizeof *m);
    char *words[1];
    size_t count;
    const tct_option own[] = {
        {"items", "FILE", "the items of the sheet's list, a line `id: text` each", NULL,
         &m->items_path, NULL},
        {"as", "ROLE", "which of the sheet's two people you are (default: the first)", NULL,
         &m->role, NULL},
        {"within", "DURATION",
         "so long after you two have met you both see an outcome, whatever happened "
         "(default: 30m)",
         NULL, &m->within, NULL},
        {"relay", "URL",
         "the relay; ws, wss, http or https (default: TACIT_RELAY, or "
         "http://127.0.0.1:7333)",
         NULL, &m->relay, NULL},
    };
    tct_option options[OPTIONS_MAX];
    memcpy(options, own, sizeof own);
    const tct_usage usage = {
        .usage = "tacit ask SHEET [options]",
        .about =
            "Makes a code for one other person, asks you the sheet's questions in private, "
            "waits for them, and tells you both the outcome. SHEET is a name from `tacit "
            "list`, or a file. With --answer, --answers or --json nothing is asked, and every "
            "answer must be given.",
        .examples = "tacit ask last-night\n"
                    "tacit ask ours.tacit --relay https://relay.example --timeout 3d\n"
                    "tacit ask last-night --sleep 8h --keep Sam\n"
                    "tacit ask last-night --again Sam\n"
                    "tacit ask in-range --as employer --answers mine.txt --json",
        .options = options,
        .option_count = add_common(m, options, sizeof own / sizeof own[0]),
        .words_min = 1,
        .words_max = 1,
        .missing = "which sheet? `tacit list` shows those that ship with tacit.",
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status == TCT_OPTIONS_GO_ON) {
        m->asker = true;
        m->sheet_name = words[0];
        if (start(m, &status)) {
            status = tct_meeting_prepare(m, &usage);
            if (status == 0)
                status = tct_meeting_run(m);
        }
    }
    tct_options_free(&m->answer_options);
    tct_release(m, sizeof *m);
    return status;
}

/* The first line of standard input.  false: there is none. */
static bool read_line(char *out, size_t out_bytes)
{
    size_t length = 0;
    for (;;) {
        char c;
        ssize_t got = read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR && tct_signal_pending() == 0)
            continue;
        if (got <= 0 || c == '\n')
            break;
        if (length + 1 < out_bytes)
            out[length++] = c;
    }
    out[length] = '\0';
    return length != 0;
}

/* A link also names its relay; --relay goes before it. */
static bool read_code(tct_meeting *m, const char *typed, char error[160])
{
    char other[sizeof m->url];
    return tct_code_entry_read(typed, m->code, &m->number, m->relay == NULL ? m->url : other,
                               sizeof m->url, error) == TACIT_OK;
}

/* Asks at the prompt until it is a code.  false: the person left. */
static bool ask_code(tct_meeting *m)
{
    char typed[TYPED_MAX] = "", error[160] = "";
    tct_background background = {.loop = tct_loop_new()};
    tct_page page = {0};
    int result = TCT_UI_SIGNAL;
    if (background.loop == NULL)
        return false;
    tct_page_add(&page, TCT_STYLE_TITLE, 0, "The code that the other person told you:");
    tct_page_gap(&page);
    tct_signal_wakes(background.loop);
    tct_terminal_open();
    (void)tct_keys_start(&background);
    for (;;) {
        tct_line_prompt prompt = {.page = &page,
                                  .error = error[0] == '\0' ? NULL : error,
                                  .suggest = typed[0] == '\0' ? NULL : typed,
                                  .complete = tct_code_entry_complete};
        result = tct_ui_line(&background, &prompt, typed, sizeof typed);
        if (result != TCT_UI_LINE_DONE || read_code(m, typed, error))
            break;
    }
    /* Not tct_terminal_close: the next screen follows on the same alternate screen. */
    tct_keys_stop(&background);
    tct_signal_wakes(NULL);
    tct_loop_free(background.loop);
    tct_page_free(&page);
    sodium_memzero(typed, sizeof typed);
    return result == TCT_UI_LINE_DONE;
}

/* The code from the command line (blanked there), from a pipe, or from the prompt.  0 or a status. */
static int find_code(tct_meeting *m, char *word)
{
    char typed[TYPED_MAX] = "", error[160];
    if (word == NULL && !m->script) {
        if (ask_code(m))
            return 0;
        tct_terminal_close();
        return tct_meeting_stop(m, tct_meeting_signal_end(), NULL);
    }
    if (word != NULL) {
        (void)snprintf(typed, sizeof typed, "%s", word);
        sodium_memzero(word, strlen(word));
    } else if (!read_line(typed, sizeof typed)) {
        if (tct_signal_pending() != 0)
            return tct_meeting_stop(m, tct_meeting_signal_end(), NULL);
        return tct_meeting_stop(
            m, TCT_END_USAGE, "The code is missing: give it on standard input, or as a word.");
    }
    bool read = read_code(m, typed, error);
    sodium_memzero(typed, sizeof typed);
    return read ? 0 : tct_meeting_stop(m, TCT_END_CODE_TYPO, error);
}

int tct_command_answer(int argc, char **argv)
{
    if (is_by_letter(argc, argv))
        return tct_command_letter(argc, argv, false);
    tct_meeting *m = tct_allocate(sizeof *m);
    char *words[1] = {NULL};
    size_t count;
    const tct_option own[] = {
        {"sheet", "SHEET", "the sheet that you expect; another one ends it", NULL,
         &m->sheet_name, NULL},
        {"items", "FILE", "the items of that sheet's list, a line `id: text` each", NULL,
         &m->items_path, NULL},
        {"as", "ROLE",
         "which of the sheet's two people you are (default: the one that the other "
         "person did not take)",
         NULL, &m->role, NULL},
        {"relay", "URL",
         "the relay; ws, wss, http or https (default: the link's, TACIT_RELAY, or "
         "http://127.0.0.1:7333)",
         NULL, &m->relay, NULL},
    };
    tct_option options[OPTIONS_MAX];
    memcpy(options, own, sizeof own);
    const tct_usage usage = {
        .usage = "tacit answer [CODE] [options]",
        .about =
            "Meets the person who told you the code, shows you their sheet and its rule, asks "
            "you its questions in private, and tells you both the outcome. Without CODE it "
            "asks for it, so that the code stays out of the shell's history; when standard "
            "input is no terminal the code is its first line. CODE may also be the link.",
        .examples = "tacit answer\n"
                    "tacit answer --again Sam\n"
                    "tacit answer --relay https://relay.example\n"
                    "tacit answer --sheet in-range --answers mine.txt --json < code.txt",
        .options = options,
        .option_count = add_common(m, options, sizeof own / sizeof own[0]),
        .words_max = 1,
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status == TCT_OPTIONS_GO_ON && start(m, &status)) {
        status = m->items_path != NULL && m->sheet_name == NULL
                     ? tct_options_mistake(&usage, "--items goes with --sheet.")
                 : m->again != NULL && words[0] != NULL
                     ? tct_options_mistake(&usage, "--again goes without a code.")
                     : tct_meeting_prepare(m, &usage);
        if (status == 0 && m->again == NULL)
            status = find_code(m, words[0]);
        if (status == 0)
            status = tct_meeting_run(m);
    }
    tct_options_free(&m->answer_options);
    tct_release(m, sizeof *m);
    return status;
}
