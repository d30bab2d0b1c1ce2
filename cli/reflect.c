/* SPDX-License-Identifier: ISC
 *
 * `tacit reflect`: alone and offline.  What one's own answers already settle, what each outcome would
 * take of the other, and the private notes.  Nothing is stored and nothing is sent.
 */
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/preview.h"
#include "cli/questions.h"
#include "cli/sheet_files.h"
#include "cli/sheet_page.h"
#include "cli/terminal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { NOTES_MAX = 32 };

typedef struct {
    char *answers_path, *items_path, *role;
    bool json;
    int person;
    tct_sheet_file file;
    tacit_answers *answers; /* secret */
    tct_preview *preview;
    tct_background background;
} reflection;

static bool nobody(void *context)
{
    (void)context;
    return false;
}

/* ------------------------------------------------------------------------------- telling --- */

static void make_page(const reflection *r, tct_page *page)
{
    const char *notes[NOTES_MAX];
    uint32_t count = tacit_notes(r->file.sheet, r->person, r->answers, notes, NOTES_MAX);
    tct_page_add(page, TCT_STYLE_TITLE, 0, "%s", r->file.view->title);
    tct_page_add(page, TCT_STYLE_QUIET, 0,
                 "Only you see this. Nothing is kept, and nothing sent.");
    tct_page_gap(page);
    tct_preview_add_reflection(r->preview, page);
    for (uint32_t i = 0; i < count && i < NOTES_MAX; i++)
        tct_note_page(notes[i], page);
}

static void tell_json(const reflection *r)
{
    const char *notes[NOTES_MAX];
    uint32_t count = tacit_notes(r->file.sheet, r->person, r->answers, notes, NOTES_MAX);
    tct_json json = {0};
    tct_json_begin(&json, NULL);
    tct_json_open(&json, "notes", '[');
    for (uint32_t i = 0; i < count && i < NOTES_MAX; i++)
        tct_json_add_text(&json, notes[i]);
    tct_json_close(&json, ']');
    tct_json_key(&json, "reflection");
    tct_preview_json(r->preview, &json.line);
    tct_json_send(&json);
}

static int tell(reflection *r)
{
    tct_page page = {0};
    if (!tct_preview_work(r->preview, r->answers, NULL))
        return tct_signal_pending() == 0 ? TCT_EXIT_MACHINE : 128 + tct_signal_pending();
    if (r->json) {
        tell_json(r);
        return TCT_EXIT_OUTCOME;
    }
    make_page(r, &page);
    if (tct_terminal_is_open())
        (void)tct_ui_page(&r->background, &page, "close", false, -1);
    else
        tct_page_print(&page, stdout, 0);
    tct_page_free(&page);
    return TCT_EXIT_OUTCOME;
}

/* ------------------------------------------------------------------------------- running --- */

/* What there is to know before the first question. */
static void begin_page(const reflection *r, tct_page *page)
{
    size_t bytes = 0;
    const tacit_sheet_view *view = r->file.view;
    (void)tacit_sheet_plain_words(r->file.sheet, NULL, &bytes);
    char *rule = tct_allocate(bytes + 1);
    (void)tacit_sheet_plain_words(r->file.sheet, rule, &bytes);
    tct_page_add(page, TCT_STYLE_TITLE, 0, "%s", view->title);
    if (view->about[0] != '\0')
        tct_page_add(page, TCT_STYLE_PLAIN, 0, "%s", view->about);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_PLAIN, 0,
                 "You are alone with this: nothing is sent, and nothing kept.%s%s%s",
                 view->people[0][0] == '\0' ? "" : " You answer as: ", view->people[r->person],
                 view->people[0][0] == '\0' ? "" : ".");
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_STRONG, 0, "The rule");
    for (const char *at = rule; *at != '\0'; at += strspn(at, "\n")) {
        size_t line = strcspn(at, "\n");
        if (strncmp(at, "- ", 2) == 0) {
            char *item = tct_allocate(line + 1);
            memcpy(item, at + 2, line - 2);
            tct_page_hang(page, TCT_STYLE_PLAIN, 4, "- ", item);
            tct_release(item, line + 1);
        } else {
            tct_page_add(page, TCT_STYLE_PLAIN, 2, "%.*s", (int)line, at);
        }
        at += line;
    }
    tct_release(rule, bytes + 1);
}

static int ask_and_tell(reflection *r)
{
    tct_page page = {0};
    int result, status = TCT_EXIT_OUTCOME;
    r->background = (tct_background){.loop = tct_loop_new(), .serve = nobody};
    if (r->background.loop == NULL)
        return TCT_EXIT_MACHINE;
    tct_signal_wakes(r->background.loop);
    tct_terminal_open();
    (void)tct_keys_start(&r->background);
    tct_questions *questions = tct_questions_alone(r->file.sheet, r->person, r->answers);
    begin_page(r, &page);
    do {
        result = tct_ui_page(&r->background, &page, "begin", false, -1);
        if (result == 0)
            result = tct_questions_ask(questions, &r->background);
    } while (result == TCT_UI_BACK);
    if (result == TCT_QUESTIONS_SEALED)
        status = tell(r);
    tct_questions_free(questions);
    tct_page_free(&page);
    tct_keys_stop(&r->background);
    tct_keys_forget();
    tct_terminal_close();
    tct_signal_wakes(NULL);
    tct_loop_free(r->background.loop);
    int signal = tct_signal_pending();
    return signal != 0 ? 128 + signal : result == TCT_QUESTIONS_SEALED ? status : 128 + SIGINT;
}

static int run(reflection *r, const tct_usage *usage)
{
    r->person = tct_preview_role(&r->file, r->role);
    if (r->person < 0)
        return TCT_EXIT_USAGE;
    if (r->answers_path == NULL && (r->json || !tct_terminal_is_interactive()))
        return tct_options_mistake(usage, "without a terminal it needs --answers FILE.");
    if (!tacit_start())
        return TCT_EXIT_MACHINE;
    r->preview = tct_preview_new(r->file.sheet, r->person, TACIT_LEAK_REFLECT);
    if (r->preview == NULL) {
        fputs("tacit: there is not enough memory.\n", stderr);
        return TCT_EXIT_MACHINE;
    }
    if (r->answers_path == NULL)
        return ask_and_tell(r);
    if (!tct_preview_answers(r->answers_path, &r->file, r->person, r->answers))
        return TCT_EXIT_USAGE;
    return tell(r);
}

int tct_command_reflect(int argc, char **argv)
{
    reflection r = {0};
    char *words[1];
    size_t count;
    const tct_option options[] = {
        {"answers", "FILE", "your answers, a line `question = option` each; else you are asked",
         NULL, &r.answers_path, NULL},
        {"role", "ROLE", "which of the sheet's two people you are (default: the first)", NULL,
         &r.role, NULL},
        {"items", "FILE", "the items of the sheet's list, a line `id: text` each", NULL,
         &r.items_path, NULL},
        {"json", NULL, "as a JSON object", &r.json, NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit reflect SHEET [options]",
        .about =
            "For you alone, without anyone on the other side: which of your answers already "
            "settle the outcome, what the other person would have to answer for each, and what "
            "the sheet says to you in private. Nothing is sent, and nothing is kept.",
        .examples = "tacit reflect last-night\n"
                    "tacit reflect in-range --role employer --answers mine.txt",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .words_min = 1,
        .words_max = 1,
        .missing = "which sheet? `tacit list` shows those that ship with tacit.",
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    tct_terminal_keep_no_core();
    status = tct_sheet_load(&r.file, words[0], r.items_path);
    if (status != 0)
        return status;
    r.answers = tct_allocate(sizeof *r.answers);
    status = run(&r, &usage);
    tct_preview_free(r.preview);
    tct_release(r.answers, sizeof *r.answers);
    tct_sheet_unload(&r.file);
    return status;
}
