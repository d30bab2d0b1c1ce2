/* SPDX-License-Identifier: ISC */
#include "cli/preview.h"

#include "cli/answers_file.h"
#include "cli/terminal.h"

#include <stdio.h>
#include <string.h>

struct tct_preview {
    const tacit_sheet *sheet;
    int person;
    unsigned wants;
    void *memory;
    tacit_leak *leak;
    bool done;
    tacit_answers answers; /* what it is, or was, worked out for.  secret */
    uint64_t started_ms, shown_ms;
};

tct_preview *tct_preview_new(const tacit_sheet *sheet, int person, unsigned wants)
{
    void *memory = tct_allocate_if_there(TACIT_LEAK_MEMORY);
    if (memory == NULL)
        return NULL;
    tct_preview *p = tct_allocate(sizeof *p);
    *p = (tct_preview){.sheet = sheet, .person = person, .wants = wants, .memory = memory};
    return p;
}

void tct_preview_free(tct_preview *p)
{
    if (p == NULL)
        return;
    if (p->leak != NULL)
        tacit_leak_wipe(p->leak);
    tct_release(p->memory, 0); /* wiped as far as it was used */
    tct_release(p, sizeof *p);
}

/* A sign of life after half a second; nothing before. */
static void show_progress(tct_preview *p, uint32_t done)
{
    enum { SILENT_MS = 500, EVERY_MS = 300 };
    uint64_t now = tct_now_ms();
    tct_page page = {0};
    char words[64];
    if (now - p->started_ms < SILENT_MS || now - p->shown_ms < EVERY_MS)
        return;
    p->shown_ms = now;
    (void)snprintf(words, sizeof words, "Looking at what could be told (%u %%)", done / 10);
    if (tct_terminal_is_open())
        tct_ui_show(&page, words);
    else
        tct_terminal_progress(words, p->started_ms);
    tct_page_free(&page);
}

/* Was it for the same answers?  Field by field: a struct has bytes between its fields. */
static bool same_answers(const tacit_answers *a, const tacit_answers *b)
{
    bool same = a->not_now == b->not_now;
    for (size_t i = 0; i < TACIT_VALUES_MAX; i++)
        same &= a->given[i] == b->given[i] && (!a->given[i] || a->value[i] == b->value[i]);
    return same;
}

static bool begin(tct_preview *p, const tacit_answers *answers)
{
    if (p->leak != NULL)
        tacit_leak_wipe(p->leak);
    p->leak = NULL;
    p->done = false;
    p->answers = *answers;
    p->started_ms = p->shown_ms = tct_now_ms();
    return tacit_leak_init(&p->leak, p->memory, TACIT_LEAK_MEMORY, p->sheet, p->person, answers,
                           p->wants) == TACIT_OK;
}

bool tct_preview_work(tct_preview *p, const tacit_answers *answers,
                      const tct_background *background)
{
    bool begun = p->leak != NULL && same_answers(&p->answers, answers);
    if (!begun && !begin(p, answers))
        return false;
    while (!p->done) {
        uint32_t done = tacit_leak_step(p->leak, 4);
        p->done = done == TACIT_LEAK_DONE;
        show_progress(p, done);
        if (tct_signal_pending() != 0)
            break;
        if (background == NULL || background->serve == NULL || p->done)
            continue;
        tct_loop_step(background->loop, 0);
        if (background->serve(background->context))
            break;
    }
    if (!tct_terminal_is_open())
        tct_terminal_progress(NULL, p->started_ms);
    return p->done;
}

/* Its lines as paragraphs: headings stand out, lists hang. */
static void add_lines(tct_page *page, const char *text)
{
    while (*text != '\0') {
        size_t bytes = strcspn(text, "\n");
        tct_string line = {0};
        tct_string_add_bytes(&line, text, bytes);
        text += bytes + (text[bytes] == '\n');
        if (bytes == 0)
            tct_page_gap(page);
        else if (strncmp(line.text, "- ", 2) == 0)
            tct_page_hang(page, TCT_STYLE_PLAIN, 4, "- ", line.text + 2);
        else if (strncmp(line.text, "If you both", 11) == 0 ||
                 strncmp(line.text, "You both see", 12) == 0)
            tct_page_add(page, TCT_STYLE_STRONG, 0, "%s", line.text);
        else
            tct_page_add(page, TCT_STYLE_PLAIN, 2, "%s", line.text);
        tct_string_free(&line);
    }
}

typedef tacit_status teller(const tacit_leak *l, unsigned how, char *out, size_t *bytes);

static tacit_status tell_reflection(const tacit_leak *l, unsigned how, char *out, size_t *bytes)
{
    (void)how;
    return tacit_leak_reflect_words(l, out, bytes);
}

static tacit_status tell_json(const tacit_leak *l, unsigned how, char *out, size_t *bytes)
{
    (void)how;
    return tacit_leak_json(l, out, bytes);
}

/* The whole text that `tell` writes.  Released with *bytes. */
static char *text_of(const tct_preview *p, teller *tell, unsigned how, size_t *bytes)
{
    *bytes = 0;
    (void)tell(p->leak, how, NULL, bytes);
    char *text = tct_allocate(*bytes + 1);
    size_t room = *bytes;
    (void)tell(p->leak, how, text, &room);
    return text;
}

void tct_preview_add(const tct_preview *p, unsigned how, tct_page *page)
{
    size_t bytes;
    char *text = text_of(p, tacit_leak_words, how, &bytes);
    add_lines(page, text);
    tct_release(text, bytes + 1);
}

void tct_preview_add_reflection(const tct_preview *p, tct_page *page)
{
    size_t bytes;
    char *text = text_of(p, tell_reflection, 0, &bytes);
    add_lines(page, text);
    tct_release(text, bytes + 1);
}

void tct_preview_json(const tct_preview *p, tct_string *out)
{
    size_t bytes;
    char *text = text_of(p, tell_json, 0, &bytes);
    tct_string_add(out, text);
    tct_release(text, bytes + 1);
}

/* ------------------------------------------------------------------------ whose answers --- */

int tct_preview_role(const tct_sheet_file *file, const char *role)
{
    const tacit_sheet_view *view = file->view;
    if (role == NULL)
        return 0;
    for (int i = 0; i < 2; i++)
        if (view->people[i][0] != '\0' && strcmp(view->people[i], role) == 0)
            return i;
    if (view->people[0][0] == '\0')
        fputs("tacit: this sheet asks both people the same: leave --role out.\n", stderr);
    else
        fprintf(stderr, "tacit: the roles of this sheet are %s and %s.\n", view->people[0],
                view->people[1]);
    return -1;
}

bool tct_preview_answers(const char *path, const tct_sheet_file *file, int person,
                         tacit_answers *answers)
{
    tct_given_answers given = {0};
    tct_string error = {0};
    char why[160] = "";
    bool good = tct_given_read(&given, path, NULL, &error) &&
                tct_given_apply(&given, file->sheet, person, answers, &error);
    if (good && tacit_answers_check(file->sheet, person, answers, why) != TACIT_OK) {
        tct_string_format(&error, "%s: %s", path, why);
        good = false;
    }
    if (!good)
        fprintf(stderr, "tacit: %s\n", error.text);
    tct_given_free(&given);
    tct_string_free(&error);
    return good;
}
