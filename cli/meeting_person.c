/* SPDX-License-Identifier: ISC
 *
 * A meeting with a person at the terminal, screen by screen:
 *
 *     asker      the code → the sheet → the questions → sealed, waiting → the outcome
 *     answerer   (the code was asked before) waiting → the sheet → …
 *
 * Preparation goes on behind every screen.  Whatever ends the meeting comes up as "attention".
 */
#include "cli/meeting.h"
#include "cli/questions.h"
#include "cli/sheet_page.h"
#include "cli/terminal.h"

#include <stdio.h>
#include <string.h>

enum { OUTCOME_SHOWN_MS = 10 * 60 * 1000 };

static const char *status_line(void *context)
{
    static char line[TACIT_CODE_MAX + TCT_KEPT_NAME + 48];
    const tct_meeting *m = context;
    if (tct_pairing_end(m->pairing)->kind != TCT_END_NONE)
        return NULL;
    if (tct_pairing_line_is_lost(m->pairing))
        return "The line is lost; it is being made again.";
    if (tct_pairing_is_paired(m->pairing))
        return "The other person is here.";
    if (m->asker && m->kept.name[0] != '\0' && tct_pairing_is_open(m->pairing)) {
        (void)snprintf(line, sizeof line, "%s is not here yet.", m->kept.name);
        return line;
    }
    if (!m->asker || tct_pairing_code(m->pairing) == NULL)
        return NULL;
    (void)snprintf(line, sizeof line, "The other person is not here yet: %s",
                   tct_pairing_code(m->pairing));
    return line;
}

/* The meeting broke off while pairing: the same code may be tried again, if the person wants it.
 * true: on with what was shown. */
static bool offer_again(tct_meeting *m)
{
    unsigned left = tct_pairing_tries_left(m->pairing);
    char again[80];
    const char *options[] = {again, "Leave"};
    tct_page page = {0};
    if (left == 0)
        return false;
    (void)snprintf(again, sizeof again, "Wait again with this code (%u %s left)", left,
                   left == 1 ? "try" : "tries");
    tct_end_page(tct_pairing_end(m->pairing), &page);
    page.items[0].style = TCT_STYLE_TITLE;
    tct_page_gap(&page);
    tct_page_add(&page, TCT_STYLE_PLAIN, 0,
                 "Your answers so far are kept on this screen, and nowhere else.");
    tct_page_gap(&page);
    tct_choice choice = {.page = &page, .options = options, .count = 2, .apart = 2};
    m->quiet = true;
    int result = tct_ui_choose(&m->background, &choice);
    m->quiet = false;
    tct_page_free(&page);
    if (result != 0)
        return false;
    tct_pairing_wait_again(m->pairing);
    return true;
}

/* After a screen: shall it be shown again?  Else *over says whether the meeting is. */
static bool shows_again(tct_meeting *m, int result)
{
    if (result != TCT_UI_ATTENTION)
        return false;
    return tct_pairing_end(m->pairing)->kind == TCT_END_NONE || offer_again(m);
}

static int show_page(tct_meeting *m, const tct_page *page, const char *enter, bool can_go_back)
{
    int result;
    do {
        result = tct_ui_page(&m->background, page, enter, can_go_back, -1);
    } while (shows_again(m, result));
    return result;
}

/* Waits until `reached`, or the end.  true: reached. */
static bool wait_until(tct_meeting *m, bool (*reached)(const void *), const tct_page *page,
                       const char *what)
{
    m->reached = reached;
    int result = TCT_UI_ATTENTION;
    while (result == TCT_UI_ATTENTION && !reached(m)) {
        result = tct_ui_wait(&m->background, page, what);
        if (result == TCT_UI_ATTENTION && tct_pairing_end(m->pairing)->kind != TCT_END_NONE &&
            !offer_again(m))
            break;
    }
    m->reached = NULL;
    return reached(m) && tct_pairing_end(m->pairing)->kind == TCT_END_NONE;
}

static void make_code_page(const tct_meeting *m, tct_page *page)
{
    tct_string link = {0};
    bool local = strstr(m->url, "127.0.0.1") != NULL || strstr(m->url, "localhost") != NULL ||
                 strstr(m->url, "[::1]") != NULL;
    tct_meeting_link(m, &link);
    tct_page_add(page, TCT_STYLE_PLAIN, 0, "Tell the other person this code:");
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_TITLE, 4, "%s", tct_pairing_code(m->pairing));
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_PLAIN, 0,
                 "Say it, or write it where only they will read it. They run");
    tct_page_gap(page);
    if (m->relay == NULL && local)
        tct_page_add(page, TCT_STYLE_STRONG, 4, "tacit answer");
    else
        tct_page_add(page, TCT_STYLE_STRONG, 4, "tacit answer --relay %s", m->url);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_PLAIN, 0, "and type the code. Or send them this link:");
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_PLAIN, 4, "%s", link.text);
    tct_page_gap(page);
    if (local)
        tct_page_add(
            page, TCT_STYLE_QUIET, 0,
            "The relay is on this machine, so the other person must be too. --relay URL "
            "names one that both of you can reach.");
    tct_page_add(page, TCT_STYLE_QUIET, 0,
                 "The code is for one person and one time. Somebody who guesses has less than "
                 "three chances in a million. You can read and answer while you wait.");
    tct_string_free(&link);
}

/* ask --again: no code, but somebody who has to know that they are asked. */
static void make_again_page(const tct_meeting *m, tct_page *page)
{
    tct_page_add(page, TCT_STYLE_PLAIN, 0, "Tell %s that you have something to ask. They run",
                 m->kept.name);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_STRONG, 4, "tacit answer --again NAME");
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_PLAIN, 0, "with the name that they call you by.");
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_QUIET, 0, "You can read and answer while you wait.");
}

/* ask: the code.  false: over. */
static bool show_code(tct_meeting *m)
{
    tct_page page = {0};
    bool there = wait_until(m, tct_meeting_is_open, &page, "Reaching the relay");
    if (there) {
        if (m->kept.name[0] == '\0')
            make_code_page(m, &page);
        else
            make_again_page(m, &page);
        there = show_page(m, &page, "read the sheet", false) == 0;
    }
    tct_page_free(&page);
    return there;
}

/* answer: until the other's sheet is here.  false: over. */
static bool wait_for_sheet(tct_meeting *m)
{
    tct_page page = {0};
    bool there = wait_until(m, tct_meeting_has_sheet, &page,
                            m->kept.name[0] == '\0' ? "Meeting the other person"
                                                    : "Waiting until they ask");
    tct_page_free(&page);
    return there && tct_meeting_check_role(m);
}

/* The sheet and the questions, to and fro.  true: seal. */
static bool read_and_answer(tct_meeting *m)
{
    const tacit_sheet *sheet = m->asker ? m->own.sheet : tct_pairing_sheet(m->pairing);
    int person = m->asker ? (m->person < 0 ? 0 : m->person) : tct_pairing_person(m->pairing);
    tct_questions *questions = tct_questions_new(sheet, person, m->answers, "");
    tct_page page = {0};
    int result = 0;
    int64_t left = tct_pairing_left_ms(m->pairing);
    tct_meeting_terms terms = {.within_ms = m->asker   ? m->within_ms
                                            : left < 0 ? 0
                                                       : (uint64_t)left,
                               .unfair = !tct_pairing_is_fair(m->pairing),
                               .meets =
                                   m->kept.name[0] == '\0' ? TCT_MEETS_NEW : TCT_MEETS_AGAIN};
    tct_before_page(sheet, person, terms, &page);
    do {
        result = show_page(m, &page, "begin", false);
        if (result != 0)
            break;
        do {
            result = tct_questions_ask(questions, &m->background);
        } while (shows_again(m, result));
    } while (result == TCT_UI_BACK);
    tct_questions_free(questions);
    tct_page_free(&page);
    return result == TCT_QUESTIONS_SEALED;
}

static bool never(const void *meeting)
{
    (void)meeting;
    return false;
}

static void add_latest(const tct_meeting *m, tct_page *page)
{
    enum { MINUTE_MS = 60 * 1000 };
    int64_t left = tct_pairing_left_ms(m->pairing);
    char text[32];
    if (left <= 0)
        return;
    tct_prose_say_duration(text, ((uint64_t)left + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS);
    tct_page_gap(page);
    tct_page_add(
        page, TCT_STYLE_PLAIN, 0,
        "In %s at the latest you both see an outcome, whatever happens. Leaving now is "
        "the same as saying: not now.",
        text);
}

static void wait_for_outcome(tct_meeting *m)
{
    tct_page page = {0};
    tct_page_add(&page, TCT_STYLE_TITLE, 0, "Your answers are sealed.");
    tct_page_gap(&page);
    tct_page_add(
        &page, TCT_STYLE_PLAIN, 0,
        "When the other person has sealed theirs, you both learn the outcome. How long "
        "that takes says nothing.");
    add_latest(m, &page);
    for (uint32_t i = 0; i < m->note_count; i++)
        tct_note_page(m->notes[i], &page);
    (void)wait_until(m, never, &page, "Waiting for the other person");
    tct_page_free(&page);
}

static void show_outcome(tct_meeting *m)
{
    tct_page page = {0};
    tct_outcome_page(tct_pairing_outcome(m->pairing), &page);
    for (uint32_t i = 0; i < m->note_count; i++)
        tct_note_page(m->notes[i], &page);
    tct_meeting_keeping_page(m, &page);
    tct_page_gap(&page);
    if (tct_terminal_is_open()) {
        tct_page_add(&page, TCT_STYLE_QUIET, 0,
                     "Neither answers nor outcome stay on this device. The screen closes with "
                     "Enter, or by "
                     "itself after ten minutes.");
        m->quiet = true; /* the end is what is shown */
        (void)tct_ui_page(&m->background, &page, "close", false, OUTCOME_SHOWN_MS);
        m->quiet = false;
    } else {
        fputc('\n', stdout);
        tct_page_print(&page, stdout, 0);
    }
    tct_page_free(&page);
}

void tct_meeting_with_person(tct_meeting *m)
{
    m->background.status = status_line;
    tct_terminal_open();
    (void)tct_keys_start(&m->background);
    bool there = m->asker ? show_code(m) : wait_for_sheet(m);
    if (there && read_and_answer(m)) {
        tct_meeting_seal(m);
        wait_for_outcome(m);
    }
    if (tct_pairing_end(m->pairing)->kind == TCT_END_OUTCOME)
        show_outcome(m);
    tct_keys_stop(&m->background);
    tct_keys_forget();
}
