/* SPDX-License-Identifier: ISC
 *
 * `tacit show`, `tacit check`, `tacit list`: looking at sheets without meeting anyone.
 */
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/preview.h"
#include "cli/sheet_files.h"
#include "cli/sheet_page.h"
#include "cli/terminal.h"

#include <stdio.h>
#include <string.h>

enum { FILES_MAX = 4096 };

static void print_json(const tacit_sheet *sheet)
{
    size_t bytes = 0;
    (void)tacit_sheet_json(sheet, NULL, &bytes);
    char *text = tct_allocate(bytes + 1);
    size_t room = bytes;
    if (tacit_sheet_json(sheet, text, &room) == TACIT_OK) {
        size_t length = strlen(text);
        (void)fputs(text, stdout);
        if (length == 0 || text[length - 1] != '\n')
            (void)fputc('\n', stdout);
    }
    tct_release(text, bytes + 1);
}

typedef struct {
    char *answers, *role;
    bool preview, figures, json;
} showing;

/* `--preview`: what each outcome would tell about these answers. */
static int show_preview(const tct_sheet_file *file, const showing *how)
{
    int person = tct_preview_role(file, how->role), status = TCT_EXIT_USAGE;
    if (person < 0)
        return TCT_EXIT_USAGE;
    tct_terminal_keep_no_core();
    tacit_answers *answers = tct_allocate(sizeof *answers);
    tct_preview *preview = tct_preview_new(file->sheet, person, TACIT_LEAK_PREVIEW);
    if (preview == NULL) {
        fputs("tacit: there is not enough memory.\n", stderr);
        status = TCT_EXIT_MACHINE;
    } else if (tct_preview_answers(how->answers, file, person, answers)) {
        tct_page page = {0};
        if (!tct_preview_work(preview, answers, NULL)) {
            status = tct_signal_pending() == 0 ? TCT_EXIT_MACHINE : 128 + tct_signal_pending();
        } else if (how->json) {
            tct_string text = {0};
            tct_preview_json(preview, &text);
            puts(text.text);
            tct_string_free(&text);
            status = TCT_EXIT_OUTCOME;
        } else {
            tct_preview_add(preview, TACIT_LEAK_ALL | (how->figures ? TACIT_LEAK_FIGURES : 0),
                            &page);
            tct_page_print(&page, stdout, 0);
            status = TCT_EXIT_OUTCOME;
        }
        tct_page_free(&page);
    }
    tct_preview_free(preview);
    tct_release(answers, sizeof *answers);
    return status;
}

static void show_sheet(const tct_sheet_file *file, bool json)
{
    tct_page page = {0};
    if (json) {
        print_json(file->sheet);
        return;
    }
    tct_sheet_page(file->sheet, &page);
    tct_page_print(&page, stdout, 0);
    tct_page_free(&page);
}

int tct_command_show(int argc, char **argv)
{
    char *words[1], *items = NULL;
    showing how = {0};
    size_t count;
    tct_sheet_file file;
    const tct_option options[] = {
        {"items", "FILE", "the items of the sheet's list, a line `id: text` each", NULL, &items,
         NULL},
        {"preview", NULL,
         "instead: what each outcome would tell about the answers of --answers, at worst",
         &how.preview, NULL, NULL},
        {"answers", "FILE", "for --preview: answers, a line `question = option` each", NULL,
         &how.answers, NULL},
        {"role", "ROLE", "for --preview: whose answers they are (default: the first role's)",
         NULL, &how.role, NULL},
        {"figures", NULL, "for --preview: also how far the odds move", &how.figures, NULL,
         NULL},
        {"json", NULL, "the sheet, or the preview, as a JSON object", &how.json, NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit show SHEET [options]",
        .about =
            "Shows a sheet: what it asks, its rule in plain words (made from the rule itself, "
            "so if they are wrong, the rule is), and what both people can learn. SHEET is a "
            "name from `tacit list`, or a file.",
        .examples = "tacit show last-night\n"
                    "tacit show ours.tacit --json\n"
                    "tacit show last-night --preview --answers mine.txt",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .words_min = 1,
        .words_max = 1,
        .missing = "which sheet? `tacit list` shows those that ship with tacit.",
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    if (how.preview != (how.answers != NULL))
        return tct_options_mistake(&usage, "--preview and --answers FILE go together.");
    status = tct_sheet_load(&file, words[0], items);
    if (status != 0)
        return status;
    status = TCT_EXIT_OUTCOME;
    if (how.preview)
        status = show_preview(&file, &how);
    else
        show_sheet(&file, how.json);
    tct_sheet_unload(&file);
    return status;
}

/* 45,000 bytes are "45 kB". */
static void write_bytes(char out[32], uint64_t bytes)
{
    if (bytes < 1000000)
        (void)snprintf(out, 32, "%u kB", (unsigned)((bytes + 500) / 1000));
    else
        (void)snprintf(out, 32, "%u.%u MB", (unsigned)(bytes / 1000000),
                       (unsigned)(bytes / 100000 % 10));
}

/* What is not known of a rule with too many answers. */
static void say_open(unsigned open)
{
    static const struct {
        unsigned kind;
        const char *words;
    } kinds[] = {
        {TACIT_OPEN_OUTCOMES, "every outcome can happen"},
        {TACIT_OPEN_DECIDES, "one of the two decides alone"},
        {TACIT_OPEN_MATTERS, "every answer changes something"},
        {TACIT_OPEN_COVER, "the last outcome leaves every answer possible"},
        {TACIT_OPEN_TOLD, "what is revealed tells an answer"},
    };
    if (open == 0)
        return;
    puts("  There are too many answers to look at each pair, so it is not known");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if ((open & kinds[i].kind) != 0)
            printf("  - whether %s\n", kinds[i].words);
}

/* "ours.tacit is fine: "One last night", 5 questions, 2 outcomes; 4 joint gates, about 45 kB sent." */
static void say_fine(const char *name, const tct_sheet_file *file)
{
    const tacit_sheet_view *view = file->view;
    tct_string safe = {0};
    tct_prose_add_safe(&safe, name, strlen(name));
    char sent[32];
    write_bytes(sent, tacit_sheet_traffic(file->sheet));
    printf("%s is fine%s: \"%s\", %u %s, %u outcomes; %u joint %s, %s sent in all.\n",
           safe.text, file->warnings == 0 ? "" : ", but look above", view->title,
           (unsigned)view->question_count, view->question_count == 1 ? "question" : "questions",
           (unsigned)view->outcome_count, (unsigned)view->and_count,
           view->and_count == 1 ? "gate" : "gates", sent);
    tct_string_free(&safe);
    say_open(file->open);
}

int tct_command_check(int argc, char **argv)
{
    const tct_usage usage = {
        .usage = "tacit check FILE...",
        .about =
            "Reads sheets and says what is wrong with them: file, line and column, the line "
            "with a mark, and what was expected. Warns of what gives someone away, or is of no "
            "use; and tells how large the joint computation is, and how much is sent.",
        .examples = "tacit check ours.tacit\n"
                    "tacit check sheets/*.tacit",
        .words_min = 1,
        .words_max = FILES_MAX,
        .missing = "which file?",
    };
    char **words = tct_allocate(FILES_MAX * sizeof *words);
    size_t count;
    int worst = 0, status = tct_options_read(&usage, argc, argv, words, &count);
    for (size_t i = 0; status == TCT_OPTIONS_GO_ON && i < count; i++) {
        tct_sheet_file file;
        int one = tct_sheet_check(&file, words[i]);
        if (one == 0) {
            say_fine(words[i], &file);
            tct_sheet_unload(&file);
        }
        if (one > worst)
            worst = one;
    }
    tct_release(words, FILES_MAX * sizeof *words);
    return status == TCT_OPTIONS_GO_ON ? worst : status;
}

static void list_one(const tct_builtin_sheet *builtin, bool as_json)
{
    tct_sheet_file file;
    if (tct_sheet_load(&file, builtin->name, NULL) != 0)
        return; /* it was said why; the tests see to it that this does not happen */
    if (as_json) {
        tct_json json = {0};
        tct_json_begin(&json, NULL);
        tct_json_text(&json, "name", builtin->name);
        tct_json_text(&json, "title", file.view->title);
        tct_json_open(&json, "people", '[');
        for (int i = 0; i < 2 && file.view->people[0][0] != '\0'; i++)
            tct_json_add_text(&json, file.view->people[i]);
        tct_json_close(&json, ']');
        tct_json_send(&json);
    } else {
        printf("  %-20s %s", builtin->name, file.view->title);
        if (file.view->people[0][0] != '\0')
            printf(" (%s, %s)", file.view->people[0], file.view->people[1]);
        putchar('\n');
    }
    tct_sheet_unload(&file);
}

int tct_command_list(int argc, char **argv)
{
    bool json = false;
    size_t count;
    const tct_option options[] = {
        {"json", NULL, "a JSON object a line: name, title, people", &json, NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit list [options]",
        .about = "Lists the sheets that ship with tacit.",
        .examples = "tacit list\n"
                    "tacit list --json",
        .options = options,
        .option_count = 1,
    };
    int status = tct_options_read(&usage, argc, argv, NULL, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    for (size_t i = 0; i < tct_builtin_sheet_count; i++)
        list_one(&tct_builtin_sheets[i], json);
    return TCT_EXIT_OUTCOME;
}
