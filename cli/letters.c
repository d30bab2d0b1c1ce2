/* SPDX-License-Identifier: ISC
 *
 * `tacit letters`, `tacit ask --letter`, `tacit answer --letter`: how it stands, what has come, and own
 * answers into a letter.
 */
#include "cli/answers_file.h"
#include "cli/code_entry.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/keys.h"
#include "cli/letters_prepare.h"
#include "cli/letters_visit.h"
#include "cli/options.h"
#include "cli/outcome.h"
#include "cli/page.h"
#include "cli/prose.h"
#include "cli/questions.h"
#include "cli/say.h"
#include "cli/sheet_files.h"
#include "cli/sheet_page.h"
#include "cli/terminal.h"
#include "cli/ui.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char default_relay[] = "http://127.0.0.1:7333";
static const char default_within[] = "3d", default_timeout[] = "12h";
enum { ASKINGS = 4, NOTES_MAX = 32 };

/* ---- telling --- */

static const char *const stage_names[] = {"idle",  "asked", "invited", "waiting",
                                          "given", "spent", "dead"};

/* A time of the relay's clock on this machine's: "Monday 23 November, 06:30". */
static void clock_of(const tct_visit *v, uint64_t ms, char out[48])
{
    time_t seconds = (time_t)((ms - v->file.ahead_ms) / 1000);
    struct tm parts;
    if (localtime_r(&seconds, &parts) == NULL ||
        strftime(out, 48, "%A %e %B, %H:%M", &parts) == 0)
        (void)snprintf(out, 48, "?");
}

/* What a person reads of it: the sheet, and under it how it stands. */
static void tell_person(const tacit_letters_view *view, const char *name, const char *title,
                        const char *until)
{
    tct_page page = {0};
    tct_page_add(&page, TCT_STYLE_PLAIN, 0, "%s  %s", name, title);
    switch (view->stage) {
    case TACIT_LETTERS_IDLE:
        tct_page_add(&page, TCT_STYLE_PLAIN, 10,
                     "Nothing is under way. You can ask %u more %s: `tacit ask --letter %s`.",
                     view->left, view->left == 1 ? "time" : "times", name);
        break;
    case TACIT_LETTERS_ASKED:
        tct_page_add(&page, TCT_STYLE_PLAIN, 10, "You have asked. It ends %s.", until);
        break;
    case TACIT_LETTERS_INVITED:
        tct_page_add(&page, TCT_STYLE_PLAIN, 10, "%s `tacit answer --letter %s`. It ends %s.",
                     view->crossed
                         ? "You both asked at the same time, and theirs goes on. Please answer "
                           "once more:"
                         : "The other person asks you:",
                     name, until);
        break;
    case TACIT_LETTERS_WAITING:
        tct_page_add(&page, TCT_STYLE_PLAIN, 10,
                     "Your answers are in; the other device has to confirm. It ends %s.",
                     until);
        break;
    case TACIT_LETTERS_GIVEN:
        tct_page_add(&page, TCT_STYLE_PLAIN, 10,
                     "All is handed in. You both see the outcome %s: `tacit letters`.", until);
        break;
    case TACIT_LETTERS_SPENT:
        tct_page_add(&page, TCT_STYLE_PLAIN, 10,
                     "All that was prepared is used. `tacit letters new` prepares more.");
        break;
    case TACIT_LETTERS_DEAD:
        tct_page_add(&page, TCT_STYLE_PLAIN, 10, "It cannot be used any more.");
        break;
    }
    tct_page_print(&page, stdout, 0);
    tct_page_free(&page);
}

static void tell_stage(const tct_visit *v, bool as_json)
{
    tacit_letters_view view = tacit_letters_see(v->letters);
    char until[48] = "";
    const char *title = tacit_sheet_see(view.sheet)->title, *name = v->file.name;
    clock_of(v, view.until_ms, until);
    if (as_json) {
        tct_json json = {0};
        tct_json_begin(&json, "letters");
        tct_json_text(&json, "id", name);
        tct_json_text(&json, "title", title);
        tct_json_text(&json, "stage", stage_names[view.stage]);
        tct_json_number(&json, "until", (int64_t)view.until_ms);
        tct_json_number(&json, "left", view.left);
        tct_json_send(&json);
        return;
    }
    tell_person(&view, name, title, until);
}

static void tell_outcome(const tct_visit *v, bool as_json)
{
    const tacit_outcome *outcome = tacit_letters_outcome(v->letters);
    if (outcome == NULL)
        outcome = tacit_letters_see(v->letters).otherwise;
    if (as_json) {
        tct_event_outcome(outcome, 0);
    } else {
        tct_page page = {0};
        tct_outcome_page(outcome, &page);
        tct_page_print(&page, stdout, 0);
        tct_page_free(&page);
    }
}

static const struct {
    tct_visit_result result;
    int status;
    bool dead;
    const char *words;
} troubles[] = {
    {TCT_VISIT_LATE, TCT_EXIT_USAGE, false,
     "It is too soon for this sheet, too late for this letter, or for longer than 23 days. "
     "Nothing was sent."},
    {TCT_VISIT_NOT_NOW, TCT_EXIT_USAGE, false,
     "There is nothing to answer, or something else is under way: `tacit letters` says what. "
     "Nothing was sent."},
    {TCT_VISIT_USED, TCT_EXIT_CHECK, true,
     "These letters were used from another copy: a backup, or another device. This copy must "
     "not be used, and nothing was sent from it. Prepare new ones when you next meet."},
    {TCT_VISIT_CHECK, TCT_EXIT_CHECK, true,
     "Something did not add up, so nothing was worked out, and these letters end here. If it "
     "happens again, one of the two programs is not what it says it is."},
    {TCT_VISIT_FORGOT, TCT_EXIT_CHECK, true,
     "The relay has lost what it kept of these letters, or changed it, so they cannot be used. "
     "Prepare new ones, with another relay."},
    {TCT_VISIT_GONE, TCT_EXIT_RELAY, true,
     "The relay knows nothing of these letters any more: nobody looked after them for half a "
     "year, or it began anew. Prepare new ones when you next meet."},
    {TCT_VISIT_NO_LETTERS, TCT_EXIT_RELAY, false,
     "This relay keeps no letters now. Nothing was sent, and nothing is lost."},
    {TCT_VISIT_UNSAVED, TCT_EXIT_MACHINE, false,
     "It could not be written down: the disk is full, or the state folder may not be written "
     "to. So nothing more was sent. Make room, and try again."},
};

/* Says what came of a visit.  What is over for good is erased. */
static int tell_visit(tct_visit *v, bool as_json)
{
    if (tct_signal_pending() != 0)
        return 128 + tct_signal_pending();
    for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
        if (troubles[i].result != v->result)
            continue;
        tct_tell("%s: %s", v->file.name, troubles[i].words);
        if (troubles[i].dead)
            tct_letters_erase(v->file.name);
        return troubles[i].status;
    }
    if (v->result != TCT_VISIT_DONE) {
        tct_tell("%s: %s Nothing is lost: try again.", v->file.name,
                 v->why[0] != '\0' ? v->why : "The relay did not answer in time.");
        return TCT_EXIT_RELAY;
    }
    if (v->ended)
        tell_outcome(v, as_json);
    tell_stage(v, as_json);
    if (tacit_letters_see(v->letters).stage == TACIT_LETTERS_SPENT)
        tct_letters_erase(v->file.name);
    return TCT_EXIT_OUTCOME;
}

/* ---- tacit letters --- */

static int visit_all(const char *word, bool as_json)
{
    char names[TCT_LETTERS_FILES_MAX][TCT_ASIDE_NAME];
    size_t count = tct_letters_list(names);
    int status = TCT_EXIT_OUTCOME;
    bool found = word == NULL;
    for (size_t i = 0; i < count && tct_signal_pending() == 0; i++) {
        if (word != NULL && strcmp(word, names[i]) != 0)
            continue;
        found = true;
        tct_visit *v = tct_allocate(sizeof *v);
        int one = TCT_EXIT_MACHINE;
        if (tct_visit_take_up(v, names[i])) {
            tct_visit_relay(v);
            one = tell_visit(v, as_json);
        }
        status = one != 0 ? one : status;
        tct_visit_put_down(v);
    }
    if (!found) {
        tct_tell("%s", tct_letters_file_says(TCT_ASIDE_ABSENT));
        return TCT_EXIT_USAGE;
    }
    if (count == 0 && !as_json)
        puts("No letters are prepared. `tacit letters new SHEET` prepares some, together with\n"
             "another person.");
    return status;
}

typedef struct {
    char *relay, *as, *count, *timeout;
    bool json;
} preparing;

static const char *relay_of(const preparing *o)
{
    const char *set = getenv("TACIT_RELAY");
    return o->relay != NULL ? o->relay : set != NULL && set[0] != '\0' ? set : default_relay;
}

static int prepare_new(const preparing *o, const char *sheet, const tct_usage *usage,
                       uint64_t timeout_ms)
{
    tct_sheet_file file = {0};
    tct_prepare prepare = {.url = relay_of(o),
                           .any_relay = strcmp(relay_of(o), default_relay) != 0,
                           .person = -1,
                           .askings = ASKINGS,
                           .timeout_ms = timeout_ms,
                           .json = o->json};
    if (o->count != NULL && (strlen(o->count) != 1 || o->count[0] < '1' ||
                             o->count[0] > '0' + TACIT_LETTERS_ASKINGS_MAX))
        return tct_options_mistake(usage, "--count takes a number from 1 to %d.",
                                   TACIT_LETTERS_ASKINGS_MAX);
    if (o->count != NULL)
        prepare.askings = (uint32_t)(o->count[0] - '0');
    int status = tct_sheet_load(&file, sheet, NULL);
    if (status != 0)
        return status;
    if (o->as != NULL) {
        for (int i = 0; i < 2; i++)
            if (file.view->people[i][0] != '\0' && strcmp(file.view->people[i], o->as) == 0)
                prepare.person = i;
        if (prepare.person < 0)
            status = tct_options_mistake(usage, "this sheet has no role %.40s.", o->as);
    }
    prepare.sheet = file.sheet;
    if (status == 0)
        status = tct_letters_prepare(&prepare);
    tct_sheet_unload(&file);
    return status;
}

static int prepare_join(const preparing *o, char *word, uint64_t timeout_ms)
{
    char typed[1024] = "", error[160] = "", code[TACIT_CODE_MAX], url[512] = "";
    uint32_t number = 0;
    if (word != NULL) {
        (void)snprintf(typed, sizeof typed, "%s", word);
        sodium_memzero(word, strlen(word));
    } else {
        if (tct_terminal_is_interactive()) {
            fputs("The code that the other person told you: ", stderr);
            (void)fflush(stderr);
        }
        if (fgets(typed, sizeof typed, stdin) == NULL)
            typed[0] = '\0';
        typed[strcspn(typed, "\n")] = '\0';
    }
    tacit_status read = tct_code_entry_read(typed, code, &number, url, sizeof url, error);
    sodium_memzero(typed, sizeof typed);
    if (read != TACIT_OK) {
        tct_tell("%s", error);
        return TCT_EXIT_PAIR;
    }
    tct_prepare prepare = {.url = o->relay == NULL && url[0] != '\0' ? url : relay_of(o),
                           .person = -1,
                           .askings = 1,
                           .code = code,
                           .number = number,
                           .timeout_ms = timeout_ms,
                           .json = o->json};
    int status = tct_letters_prepare(&prepare);
    sodium_memzero(code, sizeof code);
    return status;
}

int tct_command_letters(int argc, char **argv)
{
    preparing o = {0};
    char *words[2] = {NULL, NULL};
    size_t count;
    uint64_t timeout_ms;
    const tct_option options[] = {
        {"as", "ROLE", "new: which of the sheet's two people you are (default: the first)",
         NULL, &o.as, NULL},
        {"count", "N", "new: how often it can be asked, 1 to 8 (default: 4)", NULL, &o.count,
         NULL},
        {"relay", "URL",
         "new, join: the relay that will keep the letters (default: TACIT_RELAY, or "
         "http://127.0.0.1:7333)",
         NULL, &o.relay, NULL},
        {"timeout", "DURATION",
         "new, join: the longest wait for the other person (default: 12h)", NULL, &o.timeout,
         NULL},
        {"json", NULL, "JSON objects a line", &o.json, NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit letters [new SHEET | join [CODE] | ID] [options]",
        .about =
            "Letters are for two people who are not there at the same time. You meet once: one "
            "says `tacit letters new SHEET` and tells the other the code, who says `tacit "
            "letters join`. Later either asks by `tacit ask --letter`, the other answers by "
            "`tacit answer --letter`, and `tacit letters`, now and then on both devices, "
            "passes "
            "on what is due. Both see the outcome at the time that was named when asking: the "
            "computed one, or what the sheet says otherwise. What is prepared stays on this "
            "device: a copy or a restored backup of it is refused.",
        .examples = "tacit letters new last-night\n"
                    "tacit letters join\n"
                    "tacit ask --letter --within 2d\n"
                    "tacit answer --letter\n"
                    "tacit letters",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .words_max = 2,
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    if (!tct_prose_duration(o.timeout == NULL ? default_timeout : o.timeout, &timeout_ms))
        return tct_options_mistake(&usage, "--timeout takes a time like 20s, 5m, 12h or 3d.");
    tct_terminal_keep_no_core();
    if (!tacit_start())
        return TCT_EXIT_MACHINE;
    if (count > 0 && strcmp(words[0], "new") == 0)
        return words[1] == NULL
                   ? tct_options_mistake(&usage,
                                         "which sheet? `tacit list` shows those that ship.")
                   : prepare_new(&o, words[1], &usage, timeout_ms);
    if (count > 0 && strcmp(words[0], "join") == 0)
        return prepare_join(&o, words[1], timeout_ms);
    return words[1] != NULL ? tct_options_mistake(&usage, "one ID, or none.")
                            : visit_all(words[0], o.json);
}

/* ---- asking and answering --- */

static bool nobody(void *context)
{
    (void)context;
    return false;
}

/* Question by question.  false: the person left, and nothing was sealed. */
static bool ask_person(tct_visit *v, tacit_answers *answers)
{
    tacit_letters_view view = tacit_letters_see(v->letters);
    tct_background background = {.loop = tct_loop_new(), .serve = nobody};
    int result = TCT_UI_SIGNAL;
    if (background.loop == NULL)
        return false;
    tct_signal_wakes(background.loop);
    tct_terminal_open();
    (void)tct_keys_start(&background);
    tct_questions *questions = tct_questions_new(view.sheet, view.person, answers, "");
    tct_page page = {0};
    tct_before_page(view.sheet, view.person, (tct_meeting_terms){.meets = TCT_MEETS_AGAIN},
                    &page);
    tct_page_gap(&page);
    tct_page_add(&page, TCT_STYLE_PLAIN, 0,
                 "By letter: you both see an outcome at the time that was named, whatever "
                 "happens. Until the other has answered, what this device keeps shows what you "
                 "answered to anyone who can read all of your files.");
    do {
        result = tct_ui_page(&background, &page, "begin", false, -1);
        if (result == 0)
            result = tct_questions_ask(questions, &background);
    } while (result == TCT_UI_BACK);
    tct_page_free(&page);
    tct_questions_free(questions);
    tct_keys_stop(&background);
    tct_keys_forget();
    tct_terminal_close();
    tct_signal_wakes(NULL);
    tct_loop_free(background.loop);
    return result == TCT_QUESTIONS_SEALED;
}

static bool find_answers(tct_visit *v, const char *path, tacit_answers *answers, int *status)
{
    tacit_letters_view view = tacit_letters_see(v->letters);
    tct_given_answers given = {0};
    tct_option_list none = {0};
    tct_string error = {0};
    char why[160] = "";
    if (path == NULL) {
        bool sealed = ask_person(v, answers);
        *status = tct_signal_pending() != 0 ? 128 + tct_signal_pending() : 128 + SIGINT;
        return sealed;
    }
    bool good = tct_given_read(&given, path, &none, &error) &&
                tct_given_apply(&given, view.sheet, view.person, answers, &error);
    if (good && tacit_answers_check(view.sheet, view.person, answers, why) != TACIT_OK) {
        tct_string_add(&error, why);
        good = false;
    }
    if (!good)
        tct_tell("%s", error.text);
    *status = TCT_EXIT_USAGE;
    tct_given_free(&given);
    tct_string_free(&error);
    return good;
}

/* The one that is meant: named, or the only one. */
static bool find_name(const char *word, char name[TCT_ASIDE_NAME])
{
    char names[TCT_LETTERS_FILES_MAX][TCT_ASIDE_NAME];
    size_t count = tct_letters_list(names);
    if (word == NULL && count == 1) {
        memcpy(name, names[0], TCT_ASIDE_NAME);
        return true;
    }
    if (word != NULL && strlen(word) == TCT_ASIDE_NAME - 1) {
        memcpy(name, word, TCT_ASIDE_NAME);
        return true;
    }
    tct_tell("%s", word != NULL ? tct_letters_file_says(TCT_ASIDE_ABSENT)
                   : count == 0
                       ? "No letters are prepared. `tacit letters --help` says how that goes."
                       : "There is more than one. Name it: `tacit letters` lists them.");
    return false;
}

/* What the sheet says to this person alone; they come from the answers, and stay here. */
static void tell_notes(const char *const notes[], uint32_t count, bool as_json)
{
    tct_page page = {0};
    for (uint32_t i = 0; i < count; i++) {
        if (as_json)
            tct_event_note(notes[i], 0);
        else
            tct_note_page(notes[i], &page);
    }
    tct_page_print(&page, stdout, 0);
    tct_page_free(&page);
}

/* Who is held to the sheet's `once every` hears of it before the questions. */
static bool is_too_soon(const tct_visit *v)
{
    tacit_letters_view view = tacit_letters_see(v->letters);
    return !view.crossed && tct_aside_wall_ms() + v->file.ahead_ms < view.next_ms;
}

/* Looks first, so that nobody answers for nothing; then once more with the answers. */
static int run_step(tct_visit *v, bool asks, const char *path, bool as_json)
{
    int status = TCT_EXIT_OUTCOME;
    tct_visit_relay(v);
    if (v->result != TCT_VISIT_DONE || v->ended)
        return tell_visit(v, as_json);
    tacit_letters_stage stage = tacit_letters_see(v->letters).stage;
    if (stage != TACIT_LETTERS_INVITED && (stage != TACIT_LETTERS_IDLE || !asks)) {
        v->result = TCT_VISIT_NOT_NOW;
        return tell_visit(v, as_json);
    }
    if (is_too_soon(v)) {
        char detail[TCT_END_DETAIL_MAX];
        tacit_letters_view view = tacit_letters_see(v->letters);
        tct_too_soon_says(detail, tacit_sheet_see(view.sheet)->once_every_hours,
                          (int64_t)((view.next_ms - v->file.ahead_ms) / 1000));
        tct_tell("%s: %s Nothing was sent.", v->file.name, detail);
        return TCT_EXIT_PAIR;
    }
    if (stage == TACIT_LETTERS_INVITED && asks && !as_json)
        fputs("The other person has asked already: these will be your answers to that.\n",
              stderr);
    tacit_answers *answers = tct_allocate(sizeof *answers);
    if (find_answers(v, path, answers, &status)) {
        const char *notes[NOTES_MAX];
        uint32_t count =
            tacit_notes(tacit_letters_see(v->letters).sheet,
                        tacit_letters_see(v->letters).person, answers, notes, NOTES_MAX);
        v->answers = answers;
        tct_visit_relay(v);
        v->answers = NULL;
        status = tell_visit(v, as_json);
        if (status == TCT_EXIT_OUTCOME)
            tell_notes(notes, count < NOTES_MAX ? count : NOTES_MAX, as_json);
    }
    tct_release(answers, sizeof *answers);
    return status;
}

int tct_command_letter(int argc, char **argv, bool asks)
{
    bool letter = false, as_json = false;
    char *answers = NULL, *within = NULL, *words[1] = {NULL}, name[TCT_ASIDE_NAME];
    size_t count;
    const tct_option options[] = {
        {"letter", NULL, "by letter", &letter, NULL, NULL},
        {"answers", "FILE", "answers, a line `question = option` each; else you are asked",
         NULL, &answers, NULL},
        {"json", NULL, "JSON objects a line", &as_json, NULL, NULL},
        {"within", "DURATION", "so long until you both see the outcome (default: 3d)", NULL,
         &within, NULL},
    };
    const tct_usage usage = {
        .usage =
            asks ? "tacit ask --letter [ID] [options]" : "tacit answer --letter [ID] [options]",
        .about = "By letter, with what was prepared: see `tacit letters --help`.",
        .examples = asks ? "tacit ask --letter --within 3d" : "tacit answer --letter",
        .options = options,
        .option_count = asks ? 4 : 3,
        .words_max = 1,
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    tct_visit *v = tct_allocate(sizeof *v);
    if (!tct_prose_duration(within == NULL ? default_within : within, &v->until_in_ms))
        status = tct_options_mistake(&usage, "--within takes a time like 30m, 12h or 3d.");
    else if (answers == NULL && (as_json || !tct_terminal_is_interactive()))
        status = tct_options_mistake(&usage, "without a terminal it needs --answers FILE.");
    else if (!find_name(words[0], name))
        status = TCT_EXIT_USAGE;
    if (status == TCT_OPTIONS_GO_ON) {
        tct_terminal_keep_no_core();
        status = TCT_EXIT_MACHINE;
        if (tacit_start() && tct_visit_take_up(v, name))
            status = run_step(v, asks, answers, as_json);
    }
    tct_visit_put_down(v);
    return status;
}
