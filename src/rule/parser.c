/* SPDX-License-Identifier: ISC
 *
 * What stands at the margin of a sheet, and blocks of text.
 */
#include "rule/parser.h"

#include <string.h>

void *tct_parser_take(tct_parser *p, size_t count, size_t unit_bytes)
{
    void *taken = tct_arena_take(p->arena, count, unit_bytes);
    if (taken == NULL)
        p->err = TCT_ERR_MEMORY;
    return taken;
}

void tct_parser_wrong(tct_parser *p, tct_place at, const char *hint, const char *format, ...)
{
    if (p->bad || p->err != TCT_OK)
        return;
    p->bad = true;
    char message[sizeof((tacit_diagnostic *)0)->message];
    tct_text t;
    va_list arguments;
    tct_text_init(&t, message, sizeof message);
    va_start(arguments, format);
    tct_text_add_list(&t, format, arguments);
    va_end(arguments);
    tct_text_end(&t);
    tct_complain(p->complaints, at, *hint == 0 && p->form != NULL ? p->form : hint, "%s",
                 message);
}

const tct_line *tct_parser_line(const tct_parser *p)
{
    return &p->source->lines[p->line];
}

/* Blank lines and lines that begin with # carry nothing. */
bool tct_line_is_empty(const tct_line *line)
{
    return line->bytes == 0 || line->text[0] == '#';
}

bool tct_parser_inside(tct_parser *p, uint32_t header_indent)
{
    while (p->line < p->source->count && tct_line_is_empty(tct_parser_line(p)))
        p->line++;
    return p->line < p->source->count && tct_parser_line(p)->indent > header_indent;
}

bool tct_parser_next(tct_parser *p, uint32_t header_indent, uint32_t *level)
{
    if (p->err != TCT_OK || !tct_parser_inside(p, header_indent))
        return false;
    const tct_line *line = tct_parser_line(p);
    *level = *level == 0 ? line->indent : *level;
    p->bad = false;
    if (line->indent != *level) {
        tct_parser_wrong(p, tct_place_in(line, line->text, 1),
                         "give the lines of a block the same space in front",
                         "this line does not stand below the one it seems to belong with");
        p->bad = false;
    }
    return true;
}

/* ------------------------------------------------------------------------------ text --- */

/* A line that looks like an option, but would be swallowed as the rest of the one above. */
static void refuse_swallowed(tct_parser *p, const tct_line *line)
{
    if (line->text[0] < 'a' || line->text[0] > 'z' || !tct_line_is_option(line))
        return;
    p->bad = false;
    tct_parser_wrong(
        p, tct_place_in(line, line->text, 1),
        "give the lines of a block the same space in front",
        "this looks like a line of its own, but is indented as a part of the one above");
}

const char *tct_take_text(tct_parser *p, const char *from, uint32_t indent, bool paragraphs)
{
    const tct_source *source = p->source;
    uint32_t first = p->line, end = first + 1, last = first;
    size_t room = 1;
    while (end < source->count &&
           (tct_line_is_empty(&source->lines[end]) || source->lines[end].indent > indent)) {
        if (!tct_line_is_empty(&source->lines[end]))
            last = end;
        end++;
    }
    for (uint32_t i = first; i <= last; i++)
        room += source->lines[i].bytes + 1;
    p->line = last + 1;
    char *out = tct_parser_take(p, room, 1);
    if (out == NULL)
        return "";
    size_t at = 0;
    bool gap = false;
    for (uint32_t i = first; i <= last; i++) {
        const tct_line *line = &source->lines[i];
        const char *text = i == first ? from : line->text;
        const char *line_end = line->text + line->bytes;
        if (i != first && line->bytes > 0 && tct_line_is_empty(line))
            continue; /* a comment: no text, and no gap either */
        while (text < line_end && *text == ' ')
            text++;
        if (text == line_end) {
            gap = i != first;
            continue;
        }
        if (i != first && !paragraphs)
            refuse_swallowed(p, line);
        if (at > 0)
            out[at++] = gap && paragraphs ? '\n' : ' ';
        memcpy(out + at, text, (size_t)(line_end - text));
        at += (size_t)(line_end - text);
        gap = false;
    }
    return out;
}

bool tct_line_is_option(const tct_line *line)
{
    size_t i = 0;
    while (i < line->bytes && line->text[i] != ':' && line->text[i] != ' ')
        i++;
    size_t word = i;
    while (i < line->bytes && line->text[i] == ' ')
        i++;
    return word > 0 && i < line->bytes && line->text[i] == ':';
}

bool tct_parse_option(tct_parser *p, tct_option *out, const char *what)
{
    const tct_line *line = tct_parser_line(p);
    if (!tct_line_is_option(line))
        return false;
    const char *colon = memchr(line->text, ':', line->bytes);
    tct_lex_clause(p, line->text, colon);
    bool fine = tct_expect_id(p, &out->id, what, TCT_ID_OPTION);
    if (fine)
        tct_expect_end(p);
    out->text = tct_take_text(p, colon + 1, line->indent, false);
    if (fine && *out->text == 0)
        tct_parser_wrong(p, out->id.at, "write it after the colon", "`%s` has no text",
                         out->id.text);
    return true;
}

/* ------------------------------------------------------------------------- small ones --- */

/* The text behind `title` or `about`, which many would part from it by a colon. */
static const char *after_word(const tct_line *line, size_t bytes)
{
    return line->text + bytes + (bytes < line->bytes && line->text[bytes] == ':');
}

static void parse_title(tct_parser *p)
{
    const tct_line *line = tct_parser_line(p);
    p->bad = false;
    if (p->model->title != NULL)
        tct_parser_wrong(p, tct_place_in(line, line->text, 5), "keep one of them",
                         "there is a second title");
    const char *title = tct_take_text(p, after_word(line, 5), line->indent, false);
    if (*title == 0)
        tct_parser_wrong(p, tct_place_in(line, line->text, 5), "title One last night",
                         "the title has no text");
    p->model->title = title;
}

static void parse_about(tct_parser *p)
{
    const tct_line *line = tct_parser_line(p);
    p->bad = false;
    if (p->model->about != NULL)
        tct_parser_wrong(p, tct_place_in(line, line->text, 5), "keep one of them",
                         "there is a second `about`");
    p->model->about = tct_take_text(p, after_word(line, 5), line->indent, true);
}

static void parse_people(tct_parser *p)
{
    tct_model *m = p->model;
    tct_lex_clause(p, tct_parser_line(p)->text, NULL);
    tct_place at = tct_peek(p)->at;
    p->form = "people owner, buyer";
    tct_accept(p, "people");
    if (m->people[0].text != NULL)
        tct_parser_wrong(p, at, "keep one of them", "there is a second `people`");
    if (!tct_expect_id(p, &m->people[0], "the name of a role", TCT_ID_NAME)) {
        m->people[1] = (tct_name){"", tct_peek(p)->at};
        return;
    }
    if (!tct_accept(p, ",") && !tct_accept(p, "and"))
        tct_expect(p, ",", "between the two roles");
    if (!p->bad && tct_expect_id(p, &m->people[1], "the name of the second role", TCT_ID_NAME))
        tct_expect_end(p);
    if (m->people[1].text ==
        NULL) /* complained about: the rest is checked as if it had a name */
        m->people[1] = (tct_name){"", tct_peek(p)->at};
    if (!p->bad && strcmp(m->people[0].text, m->people[1].text) == 0)
        tct_parser_wrong(p, m->people[1].at, "the two roles need two names",
                         "both roles are called `%s`", m->people[0].text);
}

static uint32_t unit_hours(const tct_token *t)
{
    static const struct {
        const char *one, *many;
        uint32_t hours;
    } units[] = {{"hour", "hours", 1}, {"day", "days", 24}, {"week", "weeks", 168}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (tct_token_is(t, units[i].one) || tct_token_is(t, units[i].many))
            return units[i].hours;
    return 0;
}

/* `8 hours`, `a day`, `day`. */
static uint32_t parse_duration(tct_parser *p, uint32_t hours_max, const char *most)
{
    int64_t count = 1;
    tct_place at = tct_peek(p)->at;
    if (!tct_accept(p, "a") && tct_peek(p)->kind == TCT_TOKEN_NUMBER &&
        !tct_expect_number(p, &count, "how long"))
        return 0;
    uint32_t hours = unit_hours(tct_peek(p));
    if (hours == 0) {
        tct_parser_wrong(p, tct_peek(p)->at, "for example 8 hours, 7 days, 2 weeks",
                         "expected hours, days or weeks");
        return 0;
    }
    p->token++;
    if (count < 1 || count > (int64_t)(hours_max / hours)) {
        tct_parser_wrong(p, at, most, "this is not a time that is allowed here");
        return 0;
    }
    tct_expect_end(p);
    return (uint32_t)count * hours;
}

static void parse_sleep(tct_parser *p)
{
    tct_lex_clause(p, tct_parser_line(p)->text, NULL);
    tct_place at = tct_peek(p)->at;
    p->form = "may sleep on it 8 hours";
    bool optional = tct_accept(p, "may");
    if (!tct_expect(p, "sleep", "") || !tct_expect(p, "on", "") || !tct_expect(p, "it", ""))
        return;
    if (p->model->sleep_hours != 0)
        tct_parser_wrong(p, at, "keep one of them", "there is a second `sleep on it`");
    p->model->sleep_optional = optional;
    p->model->sleep_hours = parse_duration(p, 72, "1 to 72 hours");
}

static void parse_once(tct_parser *p)
{
    tct_lex_clause(p, tct_parser_line(p)->text, NULL);
    tct_place at = tct_peek(p)->at;
    p->form = "once every 7 days";
    tct_accept(p, "once");
    if (!tct_accept(p, "a") && !tct_expect(p, "every", "after `once`"))
        return;
    if (p->model->once_every_hours != 0)
        tct_parser_wrong(p, at, "keep one of them", "there is a second `once every`");
    p->model->once_every_hours = parse_duration(p, 366 * 24, "1 hour to 366 days");
}

/* ------------------------------------------------------------------------ the margin --- */

static void parse_guard(tct_parser *p)
{
    tct_parse_note(p, true);
}

static void parse_plain_note(tct_parser *p)
{
    tct_parse_note(p, false);
}

static const struct {
    const char *word;
    void (*parse)(tct_parser *p);
} headers[] = {
    {"title", parse_title},     {"about", parse_about},      {"people", parse_people},
    {"list", tct_parse_list},   {"ask", tct_parse_question}, {"outcome", tct_parse_outcome},
    {"note", parse_plain_note}, {"stop", parse_guard},       {"sleep", parse_sleep},
    {"may", parse_sleep},       {"once", parse_once},
};
enum { HEADERS = sizeof headers / sizeof *headers };

static size_t word_bytes(const tct_line *line)
{
    size_t i = 0;
    while (i < line->bytes && line->text[i] != ' ' && line->text[i] != ':')
        i++;
    return i;
}

static void skip_block(tct_parser *p, uint32_t indent)
{
    p->line++;
    while (tct_parser_inside(p, indent))
        p->line++;
}

static void parse_header(tct_parser *p)
{
    const tct_line *line = tct_parser_line(p);
    size_t bytes = word_bytes(line);
    p->bad = false;
    for (size_t i = 0; i < HEADERS; i++)
        if (strlen(headers[i].word) == bytes &&
            memcmp(headers[i].word, line->text, bytes) == 0) {
            headers[i].parse(p);
            return;
        }
    tct_nearest near;
    tct_nearest_begin(&near, line->text, bytes);
    for (size_t i = 0; i < HEADERS; i++)
        tct_nearest_offer(&near, headers[i].word);
    char hint[96];
    tct_text t;
    tct_text_init(&t, hint, sizeof hint);
    if (tct_nearest_word(&near) != NULL)
        tct_text_add(&t, "did you mean `%s`?", tct_nearest_word(&near));
    else
        tct_text_add(&t,
                     "title, about, people, list, ask, outcome, note, stop, sleep, may, once");
    tct_text_end(&t);
    tct_parser_wrong(p, tct_place_in(line, line->text, bytes == 0 ? 1 : bytes), hint,
                     "a line at the margin cannot begin with this word");
    skip_block(p, line->indent);
}

/* Complaints about something that is not there have no place of their own. */
static void check_presence(tct_parser *p)
{
    tct_model *m = p->model;
    const tct_place top = {1, 1, 1};
    bool quiet = p->complaints->errors > 0; /* it may be there, with a mistake in it */
    if (m->title == NULL && !quiet)
        tct_complain(p->complaints, top, "begin with a line like: title One last night",
                     "this sheet has no title");
    if (m->question_count == 0 && !quiet)
        tct_complain(p->complaints, top,
                     "ask ending: The two of us ending:", "this sheet asks nothing");
    if (m->outcome_count == 0 && !quiet)
        tct_complain(p->complaints, top, "outcome same-way: You see it the same way.",
                     "this sheet has no outcome");
    if (m->title == NULL)
        m->title = "";
    if (m->about == NULL)
        m->about = "";
}

tct_err tct_parser_begin(tct_parser *p, const tct_source *source)
{
    size_t room = 2;
    for (uint32_t i = 0; i < source->count; i++)
        room += source->lines[i].bytes + 1;
    p->tokens = tct_parser_take(p, room, sizeof *p->tokens);
    return p->err;
}

tct_err tct_parse(tct_model *out, tct_arena *arena, const tct_source *source,
                  tct_complaints *complaints)
{
    tct_parser p = {.arena = arena, .complaints = complaints, .source = source, .model = out};
    memset(out, 0, sizeof *out);
    if (tct_parser_begin(&p, source) != TCT_OK)
        return p.err;
    while (p.err == TCT_OK && p.line < source->count) {
        const tct_line *line = tct_parser_line(&p);
        if (tct_line_is_empty(line)) {
            p.line++;
        } else if (line->indent > 0) {
            p.bad = false;
            tct_parser_wrong(&p, tct_place_in(line, line->text, 1),
                             "move it to the margin, or under the line that it belongs to",
                             "this line is indented, but the lines above need nothing more");
            skip_block(&p, 0);
        } else {
            parse_header(&p);
        }
    }
    if (p.err == TCT_OK)
        check_presence(&p);
    return p.err;
}
