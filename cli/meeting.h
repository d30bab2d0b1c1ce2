/* SPDX-License-Identifier: ISC
 *
 * meeting.h — `tacit ask` and `tacit answer`: one person's side from the options to the outcome.
 *
 * Both commands fill in a meeting and run it.  It goes one of two ways: by script (answers from
 * options or files, output for a program or a pipe) or with a person at a terminal.
 */
#ifndef TCT_CLI_MEETING_H
#define TCT_CLI_MEETING_H

#include "cli/answers_file.h"
#include "cli/keys.h"
#include "cli/options.h"
#include "cli/pairing.h"
#include "cli/sheet_files.h"

enum { TCT_NOTES_MAX = 32 };

typedef struct {
    /* From the options. */
    char *relay, *timeout, *within, *sleep, *role, *answers_path, *items_path, *sheet_name;
    char *again, *keep; /* whom to meet without a code; what to call the other from now on */
    tct_option_list answer_options;
    bool json, no_history, by_letter;

    /* Made from them. */
    bool asker, script;
    char url[512];
    uint64_t timeout_ms, within_ms;
    uint32_t pause_hours; /* that this person asks for */
    bool sleep_checked;
    char code[TACIT_CODE_MAX]; /* the answerer's.  secret */
    uint32_t number;
    tct_kept kept;      /* whom, when they meet again.  secret */
    tct_sheet_file own; /* the asker's sheet, or the one that the answerer expects */
    tct_given_answers given;
    tacit_answers *answers; /* secret */
    int person;             /* -1: the default */

    /* While it runs. */
    tct_background background;
    tct_pairing *pairing;
    bool (*reached)(const void *meeting); /* what is waited for besides the end, or NULL */
    bool quiet;                           /* a screen about the end itself is up */
    bool said_code, said_paired, said_notes, said_keeping;
    const char *notes[TCT_NOTES_MAX]; /* texts of the sheet, by the own answers.  secret */
    uint32_t note_count;
    tct_end early; /* an end before there was a pairing */
} tct_meeting;

/* The options that ask and answer have in common are filled in by the command; these check them, load
 * the sheet, read the answers.  Returns 0 or the exit status after telling. */
int tct_meeting_prepare(tct_meeting *m, const tct_usage *usage);
/* Runs it to the end, tells, frees everything.  Returns the exit status. */
int tct_meeting_run(tct_meeting *m);
/* Tells an end that came before anything was started, and frees everything. */
int tct_meeting_stop(tct_meeting *m, tct_end_kind kind, const char *detail);

/* The two ways through, up to the end. */
void tct_meeting_by_script(tct_meeting *m);
void tct_meeting_with_person(tct_meeting *m);

/* meeting_again.c.  0, or the exit status after telling. */
int tct_meeting_prepare_again(tct_meeting *m);
int tct_meeting_prepare_history(tct_meeting *m); /* the sheet is loaded */

/* Shared by the two. */
bool tct_meeting_has_sheet(const void *meeting);
bool tct_meeting_is_open(const void *meeting); /* asker: the other may come */
/* What became of keeping the pairing, if that was asked for. */
void tct_meeting_keeping_page(const tct_meeting *m, tct_page *page);
void tct_meeting_link(const tct_meeting *m, tct_string *out); /* the link with the code */
/* Does the role given with --as fit the sheet and the place that is left?  Else ends the meeting. */
bool tct_meeting_check_role(tct_meeting *m);
/* Notes for these answers, then gives the answers to the session. */
void tct_meeting_seal(tct_meeting *m);
/* What a signal, or the end of input, means. */
tct_end_kind tct_meeting_signal_end(void);

#endif
