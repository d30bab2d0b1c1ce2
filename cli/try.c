/* SPDX-License-Identifier: ISC
 *
 * `tacit try`: practice.  One terminal answers for both people and sees what each of them would see;
 * the sessions and the relay are the real ones, in this process.  Pacing is left out.
 */
#include "cli/answers_file.h"
#include "cli/commands.h"
#include "cli/outcome.h"
#include "cli/questions.h"
#include "cli/sheet_files.h"
#include "cli/sheet_page.h"
#include "cli/terminal.h"
#include "cli/two_sessions.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { NOTES_MAX = 32 };

typedef struct {
    char *paths[2], *items_path;
    bool json, script;
    tct_sheet_file file;
    tacit_answers *answers[2]; /* secret */
    const char *notes[2][NOTES_MAX];
    uint32_t note_counts[2];
    tct_background background;
    uint64_t started_ms, shown_ms; /* of the computation; of its sign of life */
} practice;

static tct_end_kind signal_end(void)
{
    return tct_signal_pending() == SIGTERM  ? TCT_END_TERMINATED
           : tct_signal_pending() == SIGHUP ? TCT_END_HUNG_UP
                                            : TCT_END_INTERRUPTED;
}

static bool nobody(void *context)
{
    (void)context;
    return false;
}

/* "the first person", or "the candidate". */
static void name_person(const practice *p, int person, char out[80])
{
    const char *role = p->file.view->people[person];
    if (role[0] != '\0')
        (void)snprintf(out, 80, "the %.60s", role);
    else
        (void)snprintf(out, 80, "the %s person", person == 0 ? "first" : "second");
}

/* ------------------------------------------------------------------------------- answers --- */

static bool read_answers(practice *p, int person, tct_end *end)
{
    tct_given_answers given = {0};
    tct_string error = {0};
    char why[160] = "";
    bool good = tct_given_read(&given, p->paths[person], NULL, &error) &&
                tct_given_apply(&given, p->file.sheet, person, p->answers[person], &error);
    if (good &&
        tacit_answers_check(p->file.sheet, person, p->answers[person], why) != TACIT_OK) {
        tct_string_format(&error, "%s: %s",
                          p->paths[person] == NULL ? (person == 0 ? "--first" : "--second")
                                                   : p->paths[person],
                          why);
        good = false;
    }
    if (!good) {
        end->kind = TCT_END_ANSWER;
        (void)snprintf(end->detail, sizeof end->detail, "%s", error.text);
    }
    tct_given_free(&given);
    tct_string_free(&error);
    return good;
}

/* Asks one of the two.  Returns SEALED, BACK or SIGNAL. */
static int ask_person(practice *p, int person)
{
    tct_page page = {0};
    char name[80];
    int result;
    name_person(p, person, name);
    tct_questions *questions =
        tct_questions_new(p->file.sheet, person, p->answers[person], name);
    tct_page_add(&page, TCT_STYLE_TITLE, 0, "Now you are %s.", name);
    tct_page_gap(&page);
    tct_page_add(&page, TCT_STYLE_PLAIN, 0, "%s",
                 person == 0 ? "Answer as they would. Afterwards you answer for the other."
                             : "The first answers are put away. Answer for the other now.");
    result = tct_ui_page(&p->background, &page, "begin", person == 0, -1);
    while (result == 0) {
        result = tct_questions_ask(questions, &p->background);
        if (result != TCT_UI_BACK)
            break;
        result = tct_ui_page(&p->background, &page, "begin", person == 0, -1);
    }
    tct_questions_free(questions);
    tct_page_free(&page);
    return result;
}

static bool ask_both(practice *p)
{
    tct_page page = {0};
    int result;
    tct_page_add(&page, TCT_STYLE_QUIET, 0,
                 "Practice: you answer for both people, and see what each of them would see.");
    tct_page_gap(&page);
    tct_before_page(p->file.sheet, -1, (tct_meeting_terms){0}, &page);
    do {
        result = tct_ui_page(&p->background, &page, "begin", false, -1);
        if (result == 0)
            result = ask_person(p, 0);
    } while (result == TCT_UI_BACK);
    tct_page_free(&page);
    return result == TCT_QUESTIONS_SEALED && ask_person(p, 1) == TCT_QUESTIONS_SEALED;
}

/* ------------------------------------------------------------------------------- telling --- */

static void tell_paired(void *context, int person)
{
    const practice *p = context;
    if (p->json)
        tct_event_paired(person + 1, NULL);
}

/* A sign of life; Ctrl-C ends it. */
static bool go_on(void *context)
{
    practice *p = context;
    static const char words[] = "Working it out";
    if (tct_terminal_is_open() && tct_now_ms() - p->shown_ms > 500) {
        tct_page page = {0};
        p->shown_ms = tct_now_ms();
        tct_ui_show(&page, words);
        tct_page_free(&page);
    }
    tct_terminal_progress(words, p->started_ms);
    return tct_signal_pending() == 0;
}

static void add_view(const practice *p, const tct_two_sessions *two, int person, tct_page *page)
{
    char name[80];
    name_person(p, person, name);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_QUIET, 0, "What %s sees", name);
    tct_page inner = {0};
    tct_outcome_page(tct_two_outcome(two, person), &inner);
    for (uint32_t i = 0; i < p->note_counts[person]; i++)
        tct_note_page(p->notes[person][i], &inner);
    for (size_t i = 0; i < inner.count; i++) {
        const tct_paragraph *q = &inner.items[i];
        if (q->text[0] == '\0')
            tct_page_gap(page);
        else
            tct_page_add(page, q->style, q->indent + 2, "%s", q->text);
    }
    tct_page_free(&inner);
}

static void tell_outcomes(practice *p, const tct_two_sessions *two)
{
    tct_page page = {0};
    for (int person = 0; person < 2; person++) {
        if (p->json) {
            for (uint32_t i = 0; i < p->note_counts[person]; i++)
                tct_event_note(p->notes[person][i], person + 1);
            tct_event_outcome(tct_two_outcome(two, person), person + 1);
        } else {
            add_view(p, two, person, &page);
        }
    }
    if (p->json)
        return;
    if (tct_terminal_is_open())
        (void)tct_ui_page(&p->background, &page, "close", false, -1);
    else
        tct_page_print(&page, stdout, 0);
    tct_page_free(&page);
}

/* --------------------------------------------------------------------------------- running --- */

static void run(practice *p, tct_end *end)
{
    tct_two_sessions *two = NULL;
    for (int i = 0; i < 2; i++) {
        p->note_counts[i] =
            tacit_notes(p->file.sheet, i, p->answers[i], p->notes[i], NOTES_MAX);
        if (p->note_counts[i] > NOTES_MAX)
            p->note_counts[i] = NOTES_MAX;
    }
    p->started_ms = p->shown_ms = tct_now_ms();
    tct_two_hooks hooks = {.paired = tell_paired, .working = go_on, .context = p};
    tacit_status status = tct_two_run(&two, p->file.sheet, p->answers, &hooks);
    tct_terminal_progress(NULL, p->started_ms);
    if (tct_signal_pending() != 0) {
        end->kind = signal_end();
    } else if (status == TACIT_OK) {
        end->kind = TCT_END_OUTCOME;
        tell_outcomes(p, two);
    } else {
        end->kind = tct_end_of_error(status);
    }
    tct_two_free(two);
}

static void practise(practice *p, tct_end *end)
{
    if (p->script) {
        if (read_answers(p, 0, end) && read_answers(p, 1, end))
            run(p, end);
        return;
    }
    p->background = (tct_background){.loop = tct_loop_new(), .serve = nobody};
    if (p->background.loop == NULL) {
        end->kind = TCT_END_MACHINE;
        return;
    }
    tct_signal_wakes(p->background.loop);
    tct_terminal_open();
    (void)tct_keys_start(&p->background);
    if (ask_both(p))
        run(p, end);
    tct_keys_stop(&p->background);
    tct_keys_forget();
    tct_terminal_close();
    tct_signal_wakes(NULL);
    tct_loop_free(p->background.loop);
    if (end->kind == TCT_END_NONE)
        end->kind = signal_end();
}

static int finish(practice *p, const tct_end *end)
{
    if (end->kind != TCT_END_OUTCOME) {
        if (p->json)
            tct_event_ended(end, 0);
        tct_end_tell(end);
    }
    for (int i = 0; i < 2; i++)
        tct_release(p->answers[i], sizeof *p->answers[i]);
    tct_sheet_unload(&p->file);
    return tct_end_status(end);
}

int tct_command_try(int argc, char **argv)
{
    practice p = {0};
    tct_end end = {0};
    char *words[1];
    size_t count;
    const tct_option options[] = {
        {"first", "FILE", "the first person's answers, a line `question = option` each", NULL,
         &p.paths[0], NULL},
        {"second", "FILE", "the second person's answers", NULL, &p.paths[1], NULL},
        {"items", "FILE", "the items of the sheet's list, a line `id: text` each", NULL,
         &p.items_path, NULL},
        {"json", NULL, "one JSON object a line, each with \"person\": 1 or 2", &p.json, NULL,
         NULL},
    };
    const tct_usage usage = {
        .usage = "tacit try SHEET [options]",
        .about =
            "Practice on one device: you answer for both people, and see what each of them "
            "would see. It runs the same computation as two devices do, with a relay inside "
            "the program. Pacing is left out.",
        .examples = "tacit try last-night\n"
                    "tacit try ours.tacit --first hers.txt --second his.txt\n"
                    "tacit try in-range --first a.txt --second b.txt --json",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .words_min = 1,
        .words_max = 1,
        .missing = "which sheet? `tacit list` shows those that ship with tacit.",
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    p.script =
        p.json || p.paths[0] != NULL || p.paths[1] != NULL || !tct_terminal_is_interactive();
    tct_terminal_keep_no_core();
    status = tct_sheet_load(&p.file, words[0], p.items_path);
    if (status != 0) {
        end.kind = status == TCT_EXIT_SHEET ? TCT_END_SHEET : TCT_END_USAGE;
        if (p.json)
            tct_event_ended(&end, 0);
        return status;
    }
    for (int i = 0; i < 2; i++)
        p.answers[i] = tct_allocate(sizeof *p.answers[i]);
    if (!tacit_start())
        end.kind = TCT_END_MACHINE;
    else
        practise(&p, &end);
    return finish(&p, &end);
}
