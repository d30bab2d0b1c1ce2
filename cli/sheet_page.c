/* SPDX-License-Identifier: ISC */
#include "cli/sheet_page.h"

#include <string.h>

void tct_question_kind(const tacit_question *q, tct_string *out)
{
    char low[32], high[32], step[32], total[32];
    tct_prose_number(low, q->min);
    tct_prose_number(high, q->max);
    tct_prose_number(step, q->step);
    tct_prose_number(total, q->total);
    switch (q->kind) {
    case TACIT_CHOICE:
        tct_string_add(out, "one of");
        break;
    case TACIT_NUMBER:
        tct_string_format(out, "a number from %s to %s", low, high);
        if (q->step > 1)
            tct_string_format(out, " in steps of %s", step);
        break;
    case TACIT_POINTS:
        tct_string_format(out, "%s points, spread over the list", total);
        break;
    case TACIT_RANKING:
        tct_string_add(out, "an order of the list, best first");
        break;
    case TACIT_SUBSET:
        tct_string_format(out, "some of the list, %s to %s of them", low, high);
        break;
    }
    if (q->unit != NULL && q->unit[0] != '\0')
        tct_string_format(out, ", %s", q->unit);
}

static void add_bullet(tct_page *page, unsigned indent, const char *text, size_t bytes)
{
    tct_string whole = {0};
    tct_string_add_bytes(&whole, text, bytes);
    tct_page_hang(page, TCT_STYLE_PLAIN, indent, "- ", whole.text);
    tct_string_free(&whole);
}

static void add_rule(const tacit_sheet *sheet, tct_page *page)
{
    size_t bytes = 0;
    char *words;
    (void)tacit_sheet_plain_words(sheet, NULL, &bytes);
    if (bytes == 0)
        return;
    words = tct_allocate(bytes);
    size_t room = bytes;
    if (tacit_sheet_plain_words(sheet, words, &room) == TACIT_OK) {
        /* One paragraph a line; leading spaces of a line become its indent. */
        char *rest = words;
        while (*rest != '\0') {
            size_t length = strcspn(rest, "\n"), blanks = strspn(rest, " ");
            bool bullet = length > blanks + 2 && memcmp(rest + blanks, "- ", 2) == 0;
            if (blanks >= length)
                tct_page_gap(page);
            else if (bullet)
                add_bullet(page, 2 + (unsigned)blanks, rest + blanks + 2, length - blanks - 2);
            else
                tct_page_add(page, TCT_STYLE_PLAIN, 2 + (unsigned)blanks, "%.*s",
                             (int)(length - blanks), rest + blanks);
            rest += length + (rest[length] == '\n');
        }
    }
    tct_release(words, bytes);
}

/* Ids in a column, texts beside it. */
static void add_items(tct_page *page, unsigned indent, const tacit_item *items, uint32_t count)
{
    size_t width = 10;
    for (uint32_t i = 0; i < count; i++)
        if (strlen(items[i].id) > width && strlen(items[i].id) <= 24)
            width = strlen(items[i].id);
    for (uint32_t i = 0; i < count; i++) {
        char lead[80];
        (void)snprintf(lead, sizeof lead, "%-*.70s ", (int)width, items[i].id);
        tct_page_hang(page, TCT_STYLE_PLAIN, indent, lead, items[i].text);
    }
}

static void add_question(const tacit_sheet_view *view, const tacit_question *q, tct_page *page)
{
    tct_string kind = {0};
    tct_question_kind(q, &kind);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_STRONG, 2, "%s", q->prompt);
    if (q->person < 2)
        tct_page_add(page, TCT_STYLE_QUIET, 2, "%s: %s alone answers this.", q->id,
                     view->people[q->person]);
    if (q->each)
        tct_page_add(page, TCT_STYLE_QUIET, 2, "%s: for each of %s, %s", q->id, q->list,
                     kind.text);
    else if (q->kind != TACIT_CHOICE)
        tct_page_add(page, TCT_STYLE_PLAIN, 4, "%s: %s", q->id, kind.text);
    else if (q->person == 2)
        tct_page_add(page, TCT_STYLE_QUIET, 2, "%s: %s", q->id, kind.text);
    add_items(page, 4, q->options, q->option_count);
    if (q->limit != NULL && q->limit[0] != '\0')
        tct_page_add(page, TCT_STYLE_PLAIN, 4, "(%s)", q->limit);
    tct_string_free(&kind);
}

static void add_head(const tacit_sheet_view *view, tct_page *page)
{
    tct_page_add(page, TCT_STYLE_TITLE, 0, "%s", view->title);
    if (view->about != NULL && view->about[0] != '\0') {
        tct_page_gap(page);
        tct_page_add(page, TCT_STYLE_PLAIN, 0, "%s", view->about);
    }
}

void tct_sheet_page(const tacit_sheet *sheet, tct_page *page)
{
    const tacit_sheet_view *view = tacit_sheet_see(sheet);
    char words[64];
    add_head(view, page);
    if (view->people[0][0] != '\0') {
        tct_page_gap(page);
        tct_page_add(page, TCT_STYLE_PLAIN, 0, "For %s and %s.", view->people[0],
                     view->people[1]);
    }
    for (uint32_t i = 0; i < view->list_count; i++) {
        const tacit_list *list = &view->lists[i];
        tct_page_gap(page);
        tct_page_add(page, TCT_STYLE_STRONG, 0, "The list %s%s", list->id,
                     list->editable ? ", yours to change" : "");
        add_items(page, 2, list->items, list->item_count);
    }
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_STRONG, 0, "What each of you is asked, in private");
    for (uint32_t i = 0; i < view->question_count; i++)
        add_question(view, &view->questions[i], page);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_STRONG, 2, "And always:");
    tct_page_add(page, TCT_STYLE_PLAIN, 4, "%-10s %s", "not-now", "Not now, for any reason");
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_STRONG, 0, "The rule");
    add_rule(sheet, page);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_STRONG, 0, "What you both learn");
    for (uint32_t i = 0; i < view->outcome_count; i++) {
        const tacit_outcome_view *o = &view->outcomes[i];
        tct_page_gap(page);
        tct_page_add(page, TCT_STYLE_PLAIN, 2, "%s", o->headline);
        if (o->say[0] != '\0')
            tct_page_add(page, TCT_STYLE_QUIET, 4, "%s", o->say);
    }
    tacit_sheet_words(sheet, words);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_QUIET, 0,
                 "Joint gates: %u. To be sure that you two read the same sheet, compare these "
                 "words: %s.",
                 (unsigned)view->and_count, words);
    char print[65];
    for (size_t i = 0; i < 32; i++)
        (void)snprintf(print + 2 * i, 3, "%02x", view->fingerprint[i]);
    tct_page_add(page, TCT_STYLE_QUIET, 0, "In full, its fingerprint is %s", print);
}

/* The rule of silence, and who learns first, if anybody does. */
static void add_terms(const tacit_sheet_view *view, tct_meeting_terms terms, tct_page *page)
{
    enum { MINUTE_MS = 60 * 1000 };
    const char *otherwise = view->outcomes[view->outcome_count - 1].headline;
    size_t length = strlen(otherwise);
    char within[32];
    if (length != 0 && otherwise[length - 1] == '.')
        length--;
    if (terms.within_ms != 0) {
        tct_string text = {0};
        uint64_t minutes = (terms.within_ms + MINUTE_MS - 1) / MINUTE_MS;
        tct_prose_say_duration(within, minutes * MINUTE_MS);
        tct_string_format(&text,
                          "Within %s of your meeting you both see an outcome. If one of you "
                          "leaves, or does not answer, it is \u201c%.*s\u201d, and nobody can "
                          "tell that from any "
                          "other way to it.",
                          within, (int)length, otherwise);
        tct_page_hang(page, TCT_STYLE_PLAIN, 2, "- ", text.text);
        tct_string_free(&text);
    }
    if (terms.unfair)
        tct_page_hang(
            page, TCT_STYLE_PLAIN, 2, "- ",
            "Here the person who was given the code learns the outcome a moment "
            "earlier, and with a program made to cheat could keep it to themselves. "
            "It takes another relay, or a shorter sheet, for both to learn it at once.");
    else if (terms.within_ms != 0)
        tct_page_hang(page, TCT_STYLE_PLAIN, 2, "- ",
                      "Both of you learn the outcome at the same moment, or neither does.");
}

/* A list that people may change: both see the same one, and going on accepts it. */
static void add_agreed_list(const tacit_list *list, tct_page *page)
{
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_STRONG, 0, "The list %s, the same for you both", list->id);
    for (uint32_t i = 0; i < list->item_count; i++)
        tct_page_hang(page, TCT_STYLE_PLAIN, 2, "- ", list->items[i].text);
    tct_page_add(
        page, TCT_STYLE_QUIET, 2,
        "If it should be another one, leave before you answer: whoever asks can put in "
        "your own items.");
}

/* How often a sheet may be asked: what there is to count by. */
static const char *const history_says[] = {
    [TCT_MEETS_PRACTICE] = "How often you ask each other is counted once you keep your pairing "
                           "(--keep). With a new code nothing is known of earlier times.",
    [TCT_MEETS_NEW] =
        "You two meet by a new code, so this starts without history: tacit cannot "
        "say when you last asked each other this.",
    [TCT_MEETS_AGAIN] =
        "Asking counts from the moment your answers leave, or an outcome is shown, "
        "whatever breaks after that. Both devices hold you two to it.",
};

void tct_before_page(const tacit_sheet *sheet, int person, tct_meeting_terms terms,
                     tct_page *page)
{
    const tacit_sheet_view *view = tacit_sheet_see(sheet);
    char words[64];
    add_head(view, page);
    tct_page_gap(page);
    if (view->people[0][0] != '\0' && (person == 0 || person == 1))
        tct_page_add(page, TCT_STYLE_STRONG, 0, "You answer as: %s", view->people[person]);
    for (uint32_t i = 0; i < view->list_count; i++)
        if (view->lists[i].editable)
            add_agreed_list(&view->lists[i], page);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_STRONG, 0, "The rule");
    add_rule(sheet, page);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_STRONG, 0, "Good to know");
    tct_page_hang(
        page, TCT_STYLE_PLAIN, 2, "- ",
        "Your answers stay on this device. Both of you learn the outcome, and nothing "
        "else.");
    tct_page_hang(page, TCT_STYLE_PLAIN, 2, "- ",
                  "On every question you can say: not now, for any reason. Nobody can tell it "
                  "from any other reason.");
    add_terms(view, terms, page);
    tct_page_hang(
        page, TCT_STYLE_PLAIN, 2, "- ",
        "Whoever hopes for a yes and sees a no may guess that it was the other's. A no "
        "has many ordinary reasons.");
    tct_page_hang(
        page, TCT_STYLE_PLAIN, 2, "- ",
        "An outcome says how you both felt when you answered. Either of you can change "
        "your mind, at any time.");
    tct_page_hang(
        page, TCT_STYLE_PLAIN, 2, "- ",
        "tacit guards the line, not the room: if somebody can look over your shoulder "
        "or holds this device, answer another time.");
    if (view->sleep_hours != 0)
        tct_page_hang(
            page, TCT_STYLE_PLAIN, 2, "- ",
            view->sleep_optional
                ? "Either of you may ask to sleep on it (--sleep). Then nothing is "
                  "learnt before you have both confirmed."
                : "You both sleep on it: nothing is learnt before the pause has passed "
                  "and you have both confirmed (`tacit confirm`).");
    if (view->once_every_hours != 0)
        tct_page_hang(page, TCT_STYLE_PLAIN, 2, "- ", history_says[terms.meets]);
    tacit_sheet_words(sheet, words);
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_QUIET, 0, "The same sheet shows the same words: %s.", words);
}

/* Who keeps an item of a split; or how much of it each, when it is shared. */
static void add_share(const tacit_reveal *r, uint32_t i, tct_page *page)
{
    unsigned them = r->percent_to_them[i];
    if (them > 0 && them < 100)
        tct_page_add(page, TCT_STYLE_STRONG, 2, "%s: shared, %u %% for you, %u %% for them",
                     r->items[i]->text, 100 - them, them);
    else
        tct_page_add(page, TCT_STYLE_STRONG, 2, "%s: %s", r->items[i]->text,
                     r->to_them[i] ? "them" : "you");
}

/* One revealed value, in words. */
static void add_reveal(const tacit_reveal *r, tct_page *page)
{
    char number[32];
    if (r->is_split) {
        for (uint32_t i = 0; i < r->item_count; i++)
            add_share(r, i, page);
    } else if (r->is_set) {
        for (uint32_t i = 0; i < r->item_count; i++)
            tct_page_hang(page, TCT_STYLE_STRONG, 2, "- ", r->items[i]->text);
    } else if (r->is_item) {
        if (r->item_count != 0)
            tct_page_add(page, TCT_STYLE_STRONG, 2, "%s", r->items[0]->text);
    } else {
        tct_prose_number(number, r->number);
        tct_page_add(page, TCT_STYLE_STRONG, 2, "%s: %s%s%s", r->id, number,
                     r->unit != NULL && r->unit[0] != '\0' ? " " : "",
                     r->unit == NULL ? "" : r->unit);
    }
}

void tct_outcome_page(const tacit_outcome *outcome, tct_page *page)
{
    tct_page_add(page, TCT_STYLE_TITLE, 0, "%s", outcome->outcome->headline);
    for (uint32_t i = 0; i < outcome->reveal_count; i++) {
        tct_page_gap(page);
        add_reveal(&outcome->reveals[i], page);
    }
    if (outcome->outcome->say[0] != '\0') {
        tct_page_gap(page);
        tct_page_add(page, TCT_STYLE_PLAIN, 0, "%s", outcome->outcome->say);
    }
}

void tct_note_page(const char *note, tct_page *page)
{
    tct_page_gap(page);
    tct_page_add(page, TCT_STYLE_NOTE, 0, "For you alone:");
    tct_page_add(page, TCT_STYLE_NOTE, 2, "%s", note);
}
