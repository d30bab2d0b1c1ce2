/* SPDX-License-Identifier: ISC */
#include "cli/questions.h"

#include "cli/preview.h"
#include "cli/sheet_page.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { OPTIONS_SHOWN_MAX = 300 };
static const char not_now_words[] = "Not now, for any reason";

/* One screen: a question, or a question about one item, or one place of a ranking. */
typedef struct {
    const tacit_question *question;
    const tacit_list *list; /* of the question, or NULL */
    uint32_t index;         /* item, or place of the ranking from 0 */
    uint32_t index_count;   /* 1 when asked once */
} step;

struct tct_questions {
    const tacit_sheet *sheet;
    const tacit_sheet_view *view;
    int person;
    tacit_answers *answers;
    const char *whose; /* said above each question, or "" */
    step *steps;
    size_t count, room, at; /* at == count: the review */
    bool reviewing;         /* came from the review, and goes back to it */
    bool alone;             /* nothing will be sealed */
    tct_preview *preview;   /* NULL: not wanted, or no room for it */
};

static bool asked_item_by_item(const tacit_question *q)
{
    return q->each || q->kind == TACIT_POINTS;
}

tct_questions *tct_questions_new(const tacit_sheet *sheet, int person, tacit_answers *answers,
                                 const char *whose)
{
    tct_questions *s = tct_allocate(sizeof *s);
    *s = (tct_questions){.sheet = sheet,
                         .view = tacit_sheet_see(sheet),
                         .person = person,
                         .answers = answers,
                         .whose = whose};
    s->preview = tct_preview_new(sheet, person, TACIT_LEAK_PREVIEW);
    s->room = TACIT_VALUES_MAX;
    s->steps = tct_allocate(s->room * sizeof *s->steps);
    for (uint32_t i = 0; i < s->view->question_count; i++) {
        const tacit_question *q = &s->view->questions[i];
        const tacit_list *list = q->list_index < 0 ? NULL : &s->view->lists[q->list_index];
        uint32_t times = 1;
        if (q->person != 2 && q->person != person)
            continue;
        if (list != NULL && asked_item_by_item(q))
            times = list->item_count;
        else if (list != NULL && q->kind == TACIT_RANKING)
            times = list->item_count > 1 ? list->item_count - 1 : 1; /* the last follows */
        for (uint32_t k = 0; k < times && s->count < s->room; k++)
            s->steps[s->count++] = (step){q, list, k, times};
    }
    return s;
}

tct_questions *tct_questions_alone(const tacit_sheet *sheet, int person, tacit_answers *answers)
{
    tct_questions *s = tct_questions_new(sheet, person, answers, "");
    tct_preview_free(s->preview);
    s->preview = NULL;
    s->alone = true;
    return s;
}

void tct_questions_free(tct_questions *s)
{
    tct_preview_free(s->preview);
    tct_release(s->steps, s->room * sizeof *s->steps);
    tct_release(s, sizeof *s);
}

static uint32_t slot_of(const step *at)
{
    return at->question->first_slot + (asked_item_by_item(at->question) ? at->index : 0);
}

/* --------------------------------------------------------------------------- one question --- */

static void begin_page(const tct_questions *s, const step *at, tct_page *page)
{
    tct_string kind = {0};
    const tacit_question *q = at->question;
    tct_page_add(page, TCT_STYLE_QUIET, 0, "%s%s%s, %zu of %zu", s->view->title,
                 s->whose[0] == '\0' ? "" : ", ", s->whose, s->at + 1, s->count);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_TITLE, 0, "%s", q->prompt);
    if (at->list != NULL && asked_item_by_item(q))
        tct_page_add(page, TCT_STYLE_STRONG, 0, "%s", at->list->items[at->index].text);
    if (q->kind == TACIT_NUMBER || q->kind == TACIT_POINTS || q->kind == TACIT_SUBSET) {
        tct_question_kind(q, &kind);
        kind.text[0] = kind.text[0] == 'a' ? 'A' : kind.text[0] == 's' ? 'S' : kind.text[0];
        tct_page_add(page, TCT_STYLE_QUIET, 0, "%s.", kind.text);
        tct_string_free(&kind);
    }
    if (q->limit != NULL && q->limit[0] != '\0')
        tct_page_add(page, TCT_STYLE_QUIET, 0, "(%s)", q->limit);
    tct_page_gap(page);
}

/* Back, attention and signals are the caller's business; not now is an answer. */
static int choose(tct_questions *s, const tct_background *background, const tct_page *page,
                  const char **options, size_t count, size_t apart, size_t selected)
{
    tct_choice choice = {.page = page,
                         .options = options,
                         .count = count + 1,
                         .apart = apart,
                         .selected = selected,
                         .can_go_back = true};
    options[count] = not_now_words;
    int result = tct_ui_choose(background, &choice);
    if (result == (int)count)
        s->answers->not_now = true;
    else if (result >= 0)
        s->answers->not_now = false;
    return result;
}

static int ask_choice(tct_questions *s, const step *at, const tct_background *background)
{
    const char *options[OPTIONS_SHOWN_MAX];
    const tacit_question *q = at->question;
    uint32_t slot = slot_of(at);
    size_t count = 0;
    tct_page page = {0};
    begin_page(s, at, &page);
    for (; count < q->option_count && count < OPTIONS_SHOWN_MAX - 1; count++)
        options[count] = q->options[count].text;
    /* Nothing is chosen beforehand: a yes by mistake would be no yes. */
    size_t selected = s->answers->given[slot] ? (size_t)s->answers->value[slot] : TCT_UI_NONE;
    int result = choose(s, background, &page, options, count, count, selected);
    if (result >= 0 && (size_t)result < count) {
        s->answers->given[slot] = true;
        s->answers->value[slot] = result;
    }
    tct_page_free(&page);
    return result;
}

/* What is left of the points for this item: the suggestion for the last one. */
static int64_t points_left(const tct_questions *s, const step *at)
{
    int64_t left = at->question->total;
    for (uint32_t i = 0; i < at->index_count; i++)
        if (i != at->index && s->answers->given[at->question->first_slot + i])
            left -= s->answers->value[at->question->first_slot + i];
    return left;
}

static int ask_number(tct_questions *s, const step *at, const tct_background *background)
{
    char typed[64], key[160], error[160] = "", suggest[32] = "", left[64] = "";
    const tacit_question *q = at->question;
    uint32_t slot = slot_of(at);
    tct_page page = {0};
    int result;
    begin_page(s, at, &page);
    if (q->kind == TACIT_POINTS) {
        (void)snprintf(left, sizeof left, "%" PRId64 " points are left.", points_left(s, at));
        tct_page_add(&page, TCT_STYLE_PLAIN, 0, "%s", left);
        tct_page_gap(&page);
    }
    if (s->answers->given[slot])
        (void)snprintf(suggest, sizeof suggest, "%" PRId64, s->answers->value[slot]);
    if (at->list != NULL && asked_item_by_item(q))
        (void)snprintf(key, sizeof key, "%s.%s", q->id, at->list->items[at->index].id);
    else
        (void)snprintf(key, sizeof key, "%s", q->id);
    for (;;) {
        tct_line_prompt prompt = {.page = &page,
                                  .error = error[0] == '\0' ? NULL : error,
                                  .suggest = suggest[0] == '\0' ? NULL : suggest,
                                  .can_go_back = true,
                                  .not_now = true};
        result = tct_ui_line(background, &prompt, typed, sizeof typed);
        if (result != TCT_UI_LINE_DONE)
            break;
        s->answers->not_now = false;
        if (tacit_answers_set(s->sheet, s->person, s->answers, key, typed, error) == TACIT_OK)
            break;
        (void)snprintf(suggest, sizeof suggest, "%.31s", typed);
    }
    if (result == TCT_UI_NOT_NOW)
        s->answers->not_now = true;
    sodium_memzero(typed, sizeof typed);
    tct_page_free(&page);
    return result;
}

/* One place of a ranking: whatever is not yet placed above it can stand there. */
static int ask_rank(tct_questions *s, const step *at, const tct_background *background)
{
    const char *options[OPTIONS_SHOWN_MAX];
    uint32_t items[OPTIONS_SHOWN_MAX];
    const tacit_question *q = at->question;
    uint32_t first = q->first_slot;
    size_t count = 0;
    tct_page page = {0};
    begin_page(s, at, &page);
    tct_page_add(&page, TCT_STYLE_PLAIN, 0,
                 at->index == 0 ? "Which comes first?" : "Which comes next?");
    tct_page_gap(&page);
    for (uint32_t i = 0; i < at->list->item_count && count < OPTIONS_SHOWN_MAX - 1; i++) {
        bool above = s->answers->given[first + i] && s->answers->value[first + i] > 0 &&
                     s->answers->value[first + i] <= (int64_t)at->index;
        if (!above) {
            items[count] = i;
            options[count++] = at->list->items[i].text;
        }
    }
    int result = choose(s, background, &page, options, count, count, TCT_UI_NONE);
    if (result >= 0 && (size_t)result < count) {
        /* Everything from this place down is open again; the last place fills itself. */
        for (size_t i = 0; i < count; i++)
            s->answers->given[first + items[i]] = false;
        s->answers->given[first + items[result]] = true;
        s->answers->value[first + items[result]] = at->index + 1;
        if (count == 2) {
            uint32_t other = first + items[1 - result];
            s->answers->given[other] = true;
            s->answers->value[other] = at->index + 2;
        }
    }
    tct_page_free(&page);
    return result;
}

/* Some items of a list: each choice turns one on or off, until "That is all". */
static int ask_subset(tct_questions *s, const step *at, const tct_background *background)
{
    const tacit_question *q = at->question;
    size_t selected = TCT_UI_NONE;
    int result;
    for (;;) {
        const char *options[OPTIONS_SHOWN_MAX];
        tct_string lines[OPTIONS_SHOWN_MAX] = {{0}};
        size_t count = 0;
        tct_page page = {0};
        begin_page(s, at, &page);
        for (; count < at->list->item_count && count < OPTIONS_SHOWN_MAX - 2; count++) {
            uint32_t slot = q->first_slot + (uint32_t)count;
            if (!s->answers->given[slot]) {
                s->answers->given[slot] = true;
                s->answers->value[slot] = 0;
            }
            tct_string_format(&lines[count], "[%c] %s", s->answers->value[slot] ? 'x' : ' ',
                              at->list->items[count].text);
            options[count] = lines[count].text;
        }
        options[count] = "That is all";
        result = choose(s, background, &page, options, count + 1, count, selected);
        for (size_t i = 0; i < count; i++)
            tct_string_free(&lines[i]);
        tct_page_free(&page);
        if (result < 0 || (size_t)result >= count)
            return result;
        selected = (size_t)result;
        s->answers->value[q->first_slot + selected] ^= 1;
    }
}

static int ask_step(tct_questions *s, const tct_background *background)
{
    const step *at = &s->steps[s->at];
    switch (at->question->kind) {
    case TACIT_CHOICE:
        return ask_choice(s, at, background);
    case TACIT_NUMBER:
    case TACIT_POINTS:
        return ask_number(s, at, background);
    case TACIT_RANKING:
        return ask_rank(s, at, background);
    case TACIT_SUBSET:
        return ask_subset(s, at, background);
    }
    return 0;
}

/* ------------------------------------------------------------------------------- review --- */

/* What was answered in one step, in words. */
static void say_answer(const tct_questions *s, const step *at, tct_string *out)
{
    const tacit_question *q = at->question;
    uint32_t slot = slot_of(at);
    if (at->list != NULL && asked_item_by_item(q))
        tct_string_format(out, "%s: ", at->list->items[at->index].text);
    else
        tct_string_format(out, "%s ", q->prompt);
    if (q->kind == TACIT_RANKING || q->kind == TACIT_SUBSET) {
        const char *between = "";
        for (uint32_t rank = 1; rank <= at->list->item_count; rank++)
            for (uint32_t i = 0; i < at->list->item_count; i++) {
                int64_t value = s->answers->value[q->first_slot + i];
                bool here = q->kind == TACIT_RANKING ? value == (int64_t)rank
                                                     : value != 0 && rank == i + 1;
                if (here && s->answers->given[q->first_slot + i]) {
                    tct_string_format(out, "%s%s", between, at->list->items[i].text);
                    between = ", ";
                }
            }
    } else if (!s->answers->given[slot]) {
        tct_string_add(out, "(not answered)");
    } else if (q->kind == TACIT_CHOICE) {
        tct_string_add(out, q->options[s->answers->value[slot]].text);
    } else {
        char number[32];
        tct_prose_number(number, s->answers->value[slot]);
        tct_string_format(out, "%s%s%s", number, q->unit[0] == '\0' ? "" : " ", q->unit);
    }
}

/* Places of a ranking are shown as one line. */
static bool is_shown(const step *at)
{
    return at->question->kind != TACIT_RANKING || at->index == 0;
}

/* All that each outcome would tell, on a page of its own.  0, or what came instead. */
static int show_preview(const tct_questions *s, const tct_background *background)
{
    tct_page page = {0};
    tct_page_add(&page, TCT_STYLE_TITLE, 0, "What each outcome would tell");
    tct_page_gap(&page);
    tct_preview_add(s->preview, TACIT_LEAK_ALL, &page);
    int result = tct_ui_page(background, &page, "go back", true, -1);
    tct_page_free(&page);
    return result == TCT_UI_BACK ? 0 : result;
}

static void begin_review(const tct_questions *s, const char *missing, bool previewed,
                         tct_page *page)
{
    tct_page_add(page, TCT_STYLE_TITLE, 0, s->alone ? "Once more" : "Before you seal");
    tct_page_gap(page);
    if (s->answers->not_now && !s->alone)
        tct_page_add(
            page, TCT_STYLE_PLAIN, 0,
            "You say: not now, for any reason. Nobody will know that it was you, or why.");
    else if (s->answers->not_now)
        tct_page_add(page, TCT_STYLE_PLAIN, 0, "You say: not now, for any reason.");
    else
        tct_page_add(page, TCT_STYLE_PLAIN, 0, "Take your time. This is what you answered.");
    if (!s->alone)
        tct_page_add(page, TCT_STYLE_PLAIN, 0,
                     "Sealed answers cannot be changed, and are not shown again.");
    if (missing[0] != '\0')
        tct_page_add(page, TCT_STYLE_STRONG, 0, "Still to mend: %s.", missing);
    if (previewed) {
        tct_page_gap(page);
        tct_preview_add(s->preview, TACIT_LEAK_BRIEF, page);
    }
    tct_page_gap(page);
}

enum { REVIEW_FIXED_MAX = 3 };
typedef enum { DO_SEAL, DO_NOT_NOW, DO_PREVIEW } review_choice;

/* What can be chosen besides changing an answer. */
static size_t fixed_options(const tct_questions *s, bool whole, bool previewed,
                            const char **options, review_choice *choices)
{
    size_t count = 0;
    choices[count] = DO_SEAL;
    options[count++] = s->alone ? (whole ? "Go on" : "Go on (something is still missing)")
                       : whole  ? "Seal"
                                : "Seal (something is still missing)";
    if (!s->answers->not_now) {
        choices[count] = DO_NOT_NOW;
        options[count++] = not_now_words;
    }
    if (previewed) {
        choices[count] = DO_PREVIEW;
        options[count++] = "See all that each outcome would tell";
    }
    return count;
}

static int review(tct_questions *s, const tct_background *background)
{
    const char *options[OPTIONS_SHOWN_MAX];
    size_t steps[OPTIONS_SHOWN_MAX] = {0};
    review_choice choices[REVIEW_FIXED_MAX];
    tct_string lines[OPTIONS_SHOWN_MAX] = {{0}};
    char error[160] = "";
    bool whole = tacit_answers_check(s->sheet, s->person, s->answers, error) == TACIT_OK;
    bool previewed =
        s->preview != NULL && whole && tct_preview_work(s->preview, s->answers, background);
    tct_page page = {0};
    begin_review(s, whole ? "" : error, previewed, &page);
    size_t fixed = fixed_options(s, whole, previewed, options, choices), count = fixed;
    for (size_t i = 0; i < s->count && count < OPTIONS_SHOWN_MAX; i++)
        if (is_shown(&s->steps[i]) && !s->answers->not_now) {
            tct_string_add(&lines[count], "Change: ");
            say_answer(s, &s->steps[i], &lines[count]);
            options[count] = lines[count].text;
            steps[count++] = i;
        }
    tct_choice choice = {.page = &page,
                         .options = options,
                         .count = count,
                         .apart = fixed,
                         .selected = TCT_UI_NONE,
                         .can_go_back = true};
    int result = tct_ui_choose(background, &choice);
    if (result == 0 && !whole) {
        result = TCT_UI_BACK;
    } else if (result > 0 && (size_t)result < fixed) {
        if (choices[result] == DO_NOT_NOW)
            s->answers->not_now = true;
        else
            result = show_preview(s, background) == 0 ? result : TCT_UI_ATTENTION;
    } else if (result > 0) {
        s->at = steps[result];
        s->reviewing = true;
    }
    for (size_t i = 0; i < count; i++)
        tct_string_free(&lines[i]);
    tct_page_free(&page);
    return result;
}

/* ---------------------------------------------------------------------------------- all --- */

/* After an answer: the next step, or back to the review that asked for a change. */
static void go_on(tct_questions *s)
{
    const step *now = &s->steps[s->at];
    bool rank_goes_on =
        now->question->kind == TACIT_RANKING && now->index + 1 < now->index_count;
    if (s->answers->not_now || (s->reviewing && !rank_goes_on))
        s->at = s->count;
    else
        s->at++;
    if (s->at == s->count)
        s->reviewing = false;
}

static void go_back(tct_questions *s)
{
    if (s->reviewing) {
        s->reviewing = false;
        s->at = s->count;
    } else if (s->at == s->count && s->answers->not_now) {
        s->answers->not_now = false; /* back to the question where it was said */
        s->at = 0;
        while (s->at + 1 < s->count && s->answers->given[slot_of(&s->steps[s->at])])
            s->at++;
    } else {
        s->at--;
    }
}

int tct_questions_ask(tct_questions *s, const tct_background *background)
{
    for (;;) {
        bool at_review = s->at == s->count;
        int result = at_review ? review(s, background) : ask_step(s, background);
        if (result == TCT_UI_ATTENTION || result == TCT_UI_SIGNAL)
            return result;
        if (at_review && result == 0)
            return TCT_QUESTIONS_SEALED;
        if (result == TCT_UI_BACK && s->at == 0 && !s->reviewing)
            return TCT_UI_BACK;
        if (result == TCT_UI_BACK)
            go_back(s);
        else if (!at_review)
            go_on(s);
    }
}
