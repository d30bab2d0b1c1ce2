/* SPDX-License-Identifier: ISC
 *
 * `outcome` and what stands below it; `note when` and `stop when`.
 */
#include "rule/parser.h"

#include <string.h>

/* `at most K by lot` after the items of a list. */
static tct_expr *parse_reveal_value(tct_parser *p)
{
    tct_expr *value = tct_parse_expression(p);
    if (p->bad || value->op != TCT_E_WHERE || !tct_accept(p, ","))
        return value;
    tct_place at = tct_peek(p)->at;
    if (!tct_accept_words(p, "at", "most")) {
        tct_expect(p, "at most", "how many, by lot");
        return NULL;
    }
    tct_expr *most = tct_parse_expression(p);
    if (p->bad || !tct_expect(p, "by", "in `by lot`") || !tct_expect(p, "lot", "in `by lot`"))
        return NULL;
    tct_expr *some = tct_parser_take(p, 1, sizeof *some);
    tct_expr **kids = tct_parser_take(p, 2, sizeof *kids);
    if (some == NULL || kids == NULL)
        return NULL;
    *some = *value; /* the same list and defaults */
    some->op = TCT_E_SOME;
    some->at = at;
    some->kids = kids;
    some->kid_count = 2;
    kids[0] = value;
    kids[1] = most;
    return some;
}

/* `reveal NAME: VALUE` */
static void parse_reveal(tct_parser *p, tct_outcome *o)
{
    tct_reveal spare;
    tct_reveal *r = o->reveal_count < TCT_REVEALS_MAX ? &o->reveals[o->reveal_count] : &spare;
    memset(r, 0, sizeof *r);
    if (r == &spare)
        tct_parser_wrong(p, tct_peek(p)->at, "at most 4", "this outcome reveals too much");
    p->form = "reveal price: any step from owner.least to buyer.most, by lot";
    if (!tct_expect_id(p, &r->id, "a name for what is revealed", TCT_ID_ANY) ||
        !tct_expect(p, ":", "and what is revealed"))
        return;
    p->form = NULL;
    r->value = parse_reveal_value(p);
    tct_expect_end(p);
    if (!p->bad && r != &spare)
        o->reveal_count++;
}

static void parse_when(tct_parser *p, tct_outcome *o, tct_place at)
{
    if (o->when != NULL || o->otherwise) {
        tct_parser_wrong(p, at, "join them with `and` or `or`",
                         "this outcome already says when it happens");
        return;
    }
    o->when = tct_parse_expression(p);
    tct_expect_end(p);
}

/* `also by chance K in N` */
static void parse_chance(tct_parser *p, tct_outcome *o, tct_place at)
{
    int64_t k = 0, n = 0;
    p->form = "also by chance 1 in 8";
    if (!tct_expect(p, "by", "in `also by chance`") ||
        !tct_expect(p, "chance", "in `also by chance`") ||
        !tct_expect_number(p, &k, "how often") || !tct_expect(p, "in", "as in `1 in 8`") ||
        !tct_expect_number(p, &n, "out of how many"))
        return;
    tct_expect_end(p);
    if (o->chance_n != 0)
        tct_parser_wrong(p, at, "keep one of them", "there is a second `also by chance`");
    if (k < 1 || k >= n || n > TCT_CHANCE_MAX) {
        tct_parser_wrong(p, at, "for example 1 in 8; at most 1024 as the second number",
                         "%lld in %lld is no chance", (long long)k, (long long)n);
        return;
    }
    o->chance_k = (uint32_t)k;
    o->chance_n = (uint32_t)n;
    o->chance_at = at;
}

/* `may tell of close, most` */
static void parse_tells(tct_parser *p, tct_outcome *o, tct_place at)
{
    p->form = "may tell of close, most";
    if (!tct_expect(p, "tell", "in `may tell of`") || !tct_expect(p, "of", "in `may tell of`"))
        return;
    if (o->tells != NULL) {
        tct_parser_wrong(p, at, "keep one of them", "there is a second `may tell of`");
        return;
    }
    o->tells_at = at;
    o->tells = tct_parser_take(p, TCT_QUESTIONS_MAX, sizeof *o->tells);
    do {
        if (o->tells == NULL || o->tell_count == TCT_QUESTIONS_MAX)
            break;
        if (!tct_expect_id(p, &o->tells[o->tell_count], "a question", TCT_ID_NAME))
            return;
        o->tell_count++;
    } while (tct_accept(p, ","));
    tct_expect_end(p);
}

/* Words that others would use, and the one for them here; none of them is a word of the language. */
static const char *other_word(const tct_token *t)
{
    static const char *const pairs[] = {
        "",     "",       "if",   "when", "else",    "otherwise", "default", "otherwise",
        "show", "reveal", "text", "say",  "message", "say",       "chance",  "also",
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i += 2)
        if (tct_token_is(t, pairs[i]))
            return pairs[i + 1];
    return NULL;
}

static void parse_clause(tct_parser *p, tct_outcome *o)
{
    const tct_line *line = tct_parser_line(p);
    p->bad = false;
    if (line->bytes >= 3 && memcmp(line->text, "say", 3) == 0 &&
        (line->bytes == 3 || line->text[3] == ' ')) {
        if (o->say != NULL)
            tct_parser_wrong(p, tct_place_in(line, line->text, 3), "keep one of them",
                             "there is a second `say`");
        o->say = tct_take_text(p, line->text + 3, line->indent, true);
        return;
    }
    tct_lex_clause(p, line->text, NULL);
    tct_place at = tct_peek(p)->at;
    if (tct_accept(p, "when")) {
        parse_when(p, o, at);
    } else if (tct_accept(p, "otherwise")) {
        if (o->when != NULL || o->otherwise)
            tct_parser_wrong(p, at, "keep `when` or `otherwise`",
                             "this outcome already says when it happens");
        o->otherwise = true;
        tct_expect_end(p);
    } else if (tct_accept(p, "also")) {
        parse_chance(p, o, at);
    } else if (tct_accept(p, "reveal")) {
        parse_reveal(p, o);
    } else if (tct_accept(p, "may")) {
        parse_tells(p, o, at);
    } else {
        tct_nearest near;
        const char *other = other_word(tct_peek(p));
        tct_nearest_begin(&near, other != NULL ? other : tct_peek(p)->text,
                          other != NULL ? strlen(other) : tct_peek(p)->bytes);
        static const char *const words[] = {"when",   "otherwise", "also",
                                            "reveal", "say",       "may"};
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            tct_nearest_offer(&near, words[i]);
        char hint[64];
        tct_text t;
        tct_text_init(&t, hint, sizeof hint);
        if (tct_nearest_word(&near) != NULL)
            tct_text_add(&t, "did you mean `%s`?", tct_nearest_word(&near));
        tct_text_end(&t);
        tct_parser_wrong(p, at, hint,
                         "an outcome has lines that begin with when, otherwise, "
                         "also by chance, reveal, say or may tell of");
    }
}

void tct_parse_outcome(tct_parser *p)
{
    tct_model *m = p->model;
    const tct_line *line = tct_parser_line(p);
    const char *colon = memchr(line->text, ':', line->bytes), *end = line->text + line->bytes;
    tct_outcome spare;
    tct_outcome *o =
        m->outcome_count < TCT_OUTCOMES_MAX ? &m->outcomes[m->outcome_count] : &spare;
    memset(o, 0, sizeof *o);
    tct_lex_clause(p, line->text, colon == NULL ? end : colon);
    tct_accept(p, "outcome");
    if (o == &spare)
        tct_parser_wrong(p, tct_peek(p)->at, "at most 16 outcomes",
                         "this sheet has too many outcomes");
    if (tct_expect_id(p, &o->id, "the name of an outcome", TCT_ID_ANY))
        tct_expect_end(p);
    const char *headline = colon == NULL ? end : colon + 1;
    while (headline < end && *headline == ' ')
        headline++;
    if (headline == end)
        tct_parser_wrong(p, o->id.at, "outcome same-way: You see it the same way.",
                         "expected a colon and what people read");
    char *copy = tct_parser_take(p, (size_t)(end - headline) + 1, 1);
    if (copy == NULL)
        return;
    memcpy(copy, headline, (size_t)(end - headline));
    o->headline = copy;
    p->line++;
    bool empty = true;
    uint32_t level = 0;
    while (tct_parser_next(p, line->indent, &level)) {
        parse_clause(p, o);
        empty = false;
    }
    p->bad = false;
    if (empty)
        tct_parser_wrong(p, o->id.at, "add a line with `when …` or `otherwise` below it",
                         "the outcome `%s` does not say when it happens", o->id.text);
    if (o->say == NULL)
        o->say = "";
    if (o != &spare)
        m->outcome_count++;
}

/* `note when …` and `stop when …`, with a text below.  The condition may go on in the same line
 * only: what is indented is the text. */
void tct_parse_note(tct_parser *p, bool guard)
{
    tct_model *m = p->model;
    const tct_line *line = tct_parser_line(p);
    tct_note spare, *note = m->note_count < TCT_NOTES_MAX ? &m->notes[m->note_count] : &spare;
    memset(note, 0, sizeof *note);
    tct_lex_clause(p, line->text, line->text + line->bytes);
    note->at = tct_peek(p)->at;
    note->guard = guard;
    tct_accept(p, guard ? "stop" : "note");
    if (note == &spare)
        tct_parser_wrong(p, note->at, "at most 64 notes", "this sheet has too many notes");
    if (tct_expect(p, "when", "and a condition")) {
        note->when = tct_parse_expression(p);
        tct_expect_end(p);
    }
    note->text = tct_take_text(p, line->text + line->bytes, line->indent, true);
    if (*note->text == 0)
        tct_parser_wrong(p, note->at, "write what this person shall read, indented, below it",
                         "this note has no text");
    if (note != &spare)
        m->note_count++;
}
