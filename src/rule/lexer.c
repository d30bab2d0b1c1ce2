/* SPDX-License-Identifier: ISC
 *
 * The words, numbers and signs of one clause.
 */
#include "rule/parser.h"

#include <string.h>

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

tct_place tct_place_in(const tct_line *line, const char *text, size_t bytes)
{
    uint32_t column =
        line->indent + tct_characters(line->text, (size_t)(text - line->text)) + 1;
    return (tct_place){line->number, column, tct_characters(text, bytes)};
}

/* As tct_place_in, but counts on from the last token, so that a long line takes linear time. */
static tct_place place_next(tct_parser *p, const tct_line *line, const char *text, size_t bytes)
{
    p->column += tct_characters(p->counted, (size_t)(text - p->counted));
    p->counted = text;
    return (tct_place){line->number, p->column, tct_characters(text, bytes)};
}

static size_t character_bytes(const char *s, const char *end)
{
    size_t bytes = 1;
    while (s + bytes < end && ((unsigned char)s[bytes] & 0xc0) == 0x80)
        bytes++;
    return bytes;
}

static void push(tct_parser *p, const tct_line *line, tct_token_kind kind, const char *text,
                 size_t bytes, int64_t value)
{
    tct_token *t = &p->tokens[p->token_count++];
    *t = (tct_token){kind, text, (uint32_t)bytes, place_next(p, line, text, bytes), value};
}

static size_t lex_number(tct_parser *p, const tct_line *line, const char *s, const char *end)
{
    size_t bytes = 0;
    int64_t value = 0;
    bool large = false;
    while (s + bytes < end && digit(s[bytes])) {
        value = value * 10 + (s[bytes] - '0');
        large |= value > TCT_NUMBER_MAX;
        value = large ? 0 : value;
        bytes++;
    }
    if (large)
        tct_parser_wrong(p, place_next(p, line, s, bytes), "at most 1000000000000000",
                         "this number is too large");
    if (s + bytes + 1 < end && s[bytes] == '.' && digit(s[bytes + 1]))
        tct_parser_wrong(p, place_next(p, line, s, bytes + 2),
                         "for half a unit, use a smaller unit",
                         "only whole numbers are allowed");
    if (s + bytes < end && letter(s[bytes]))
        tct_parser_wrong(p, place_next(p, line, s, bytes + 1), "names start with a letter",
                         "there is a letter right after this number");
    push(p, line, TCT_TOKEN_NUMBER, s, bytes, value);
    return bytes;
}

/* What was probably meant by a sign that the language does not have. */
static const char *sign_hint(const char *s, size_t bytes)
{
    static const char *const quotes = "names stand without quotation marks";
    static const char *const minus = "for a minus type -; for a range write 0 to 10";
    static const struct {
        const char *sign, *hint;
    } known[] = {
        {"&", "write `and`"},
        {"|", "write `or`"},
        {"!", "write `not`, or `is not`"},
        {"%", "odds are written like 1 in 8"},
        {"?", "a question has a name, a colon, and then its text"},
        {"[", "parentheses are ( and )"},
        {"]", "parentheses are ( and )"},
        {"{", "parentheses are ( and )"},
        {"}", "parentheses are ( and )"},
        {"\"", quotes},
        {"'", quotes},
        {"`", quotes},
        {"\u2018", quotes},
        {"\u2019", quotes},
        {"\u201c", quotes},
        {"\u201d", quotes},
        {"\u201e", quotes},
        {"\u00ab", quotes},
        {"\u00bb", quotes},
        {"\u2265", "write >="},
        {"\u2264", "write <="},
        {"\u2260", "write `is not`"},
        {"\u00d7", "write *"},
        {"\u00f7", "write /"},
        {"\u2212", minus},
        {"\u2013", minus},
        {"\u2014", minus},
        {"\u00a0", "this is no ordinary space: type one instead"},
        {"\u202f", "this is no ordinary space: type one instead"},
        {"\u3000", "this is no ordinary space: type one instead"},
        {"\u2026", "write it all"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].sign) == bytes && memcmp(known[i].sign, s, bytes) == 0)
            return known[i].hint;
    return (unsigned char)*s >= 0x80 ? "names use lower-case letters from a to z" : "";
}

static size_t lex_one(tct_parser *p, const tct_line *line, const char *s, const char *end)
{
    size_t bytes = character_bytes(s, end);
    if (letter(*s)) {
        while (s + bytes < end && (letter(s[bytes]) || digit(s[bytes]) || s[bytes] == '-'))
            bytes++;
        push(p, line, TCT_TOKEN_WORD, s, bytes, 0);
        return bytes;
    }
    if (digit(*s))
        return lex_number(p, line, s, end);
    if (bytes == 1 && strchr("(),.:<>=+-*/", *s) != NULL) {
        bytes += (*s == '<' || *s == '>') && s + 1 < end && s[1] == '=';
        push(p, line, TCT_TOKEN_SYMBOL, s, bytes, 0);
        return bytes;
    }
    tct_parser_wrong(p, place_next(p, line, s, bytes), sign_hint(s, bytes),
                     "this sign has no meaning here");
    return bytes;
}

static void lex_line(tct_parser *p, const tct_line *line, const char *from, const char *end)
{
    p->counted = line->text;
    p->column = line->indent + 1;
    while (from < end) {
        if (*from == ' ')
            from++;
        else
            from += lex_one(p, line, from, end);
    }
}

void tct_lex_clause(tct_parser *p, const char *from, const char *until)
{
    const tct_line *first = tct_parser_line(p);
    const tct_line *line = first;
    const char *end = line->text + line->bytes;
    p->token_count = p->token = 0;
    p->bad = false;
    p->form = NULL;
    p->depth = 0;
    lex_line(p, line, from, until == NULL ? end : until);
    if (until == NULL) {
        p->line++;
        while (tct_parser_inside(p, first->indent)) {
            line = tct_parser_line(p);
            end = line->text + line->bytes;
            lex_line(p, line, line->text, end);
            p->line++;
        }
    } else {
        end = until;
    }
    push(p, line, TCT_TOKEN_END, end, 0, 0);
}

const tct_token *tct_peek(const tct_parser *p)
{
    return &p->tokens[p->token];
}

const tct_token *tct_peek_after(const tct_parser *p, uint32_t ahead)
{
    uint32_t at = p->token + ahead;
    return &p->tokens[at < p->token_count ? at : p->token_count - 1];
}

bool tct_token_is(const tct_token *t, const char *text)
{
    return (t->kind == TCT_TOKEN_WORD || t->kind == TCT_TOKEN_SYMBOL) &&
           t->bytes == strlen(text) && memcmp(t->text, text, t->bytes) == 0;
}

bool tct_accept(tct_parser *p, const char *text)
{
    if (!tct_token_is(tct_peek(p), text))
        return false;
    p->token++;
    return true;
}

bool tct_accept_words(tct_parser *p, const char *first, const char *second)
{
    if (!tct_token_is(tct_peek(p), first) || !tct_token_is(tct_peek_after(p, 1), second))
        return false;
    p->token += 2;
    return true;
}

/* How a token is named in a message; words and signs only, which are plain ASCII. */
static const char *describe(tct_parser *p, const tct_token *t)
{
    if (t->kind == TCT_TOKEN_END)
        return "the end of the line";
    char *copy = tct_parser_take(p, (size_t)t->bytes + 3, 1);
    if (copy == NULL)
        return "";
    copy[0] = '`';
    memcpy(copy + 1, t->text, t->bytes);
    copy[t->bytes + 1] = '`';
    return copy;
}

bool tct_expect(tct_parser *p, const char *text, const char *where)
{
    if (tct_accept(p, text))
        return true;
    const tct_token *t = tct_peek(p);
    tct_nearest near;
    tct_nearest_begin(&near, t->text, t->kind == TCT_TOKEN_WORD ? t->bytes : 0);
    tct_nearest_offer(&near, text);
    const char *hint =
        tct_nearest_word(&near) != NULL ? "it is spelled a little differently" : "";
    tct_parser_wrong(p, t->at, hint, "expected `%s`%s%s, not %s", text, *where ? " " : "",
                     where, describe(p, t));
    return false;
}

void tct_expect_end(tct_parser *p)
{
    const tct_token *t = tct_peek(p);
    if (t->kind != TCT_TOKEN_END)
        tct_parser_wrong(p, t->at, "", "nothing more was expected here, but there is %s",
                         describe(p, t));
}

bool tct_expect_number(tct_parser *p, int64_t *out, const char *what)
{
    bool minus =
        tct_token_is(tct_peek(p), "-") && tct_peek_after(p, 1)->kind == TCT_TOKEN_NUMBER;
    const tct_token *t = tct_peek_after(p, minus);
    if (t->kind != TCT_TOKEN_NUMBER) {
        tct_parser_wrong(p, t->at, "", "expected %s (a whole number), not %s", what,
                         describe(p, t));
        return false;
    }
    *out = minus ? -t->value : t->value;
    p->token += minus ? 2 : 1;
    return true;
}

bool tct_reserved(const char *word, tct_id_kind kind)
{
    static const char *const always[] = {"and", "or",   "not",  "is",    "at", "by",   "ties",
                                         "if",  "then", "else", "where", "of", "over", "for"};
    static const char *const names[] = {"both", "either", "neither", "same", "exactly", "count",
                                        "sum",  "min",    "max",     "best", "any",     "all",
                                        "none", "from",   "to",      "each", "not-now"};
    for (size_t i = 0; kind != TCT_ID_ANY && i < sizeof always / sizeof *always; i++)
        if (strcmp(word, always[i]) == 0)
            return true;
    for (size_t i = 0; kind == TCT_ID_NAME && i < sizeof names / sizeof *names; i++)
        if (strcmp(word, names[i]) == 0)
            return true;
    return false;
}

tct_name tct_take_name(tct_parser *p)
{
    const tct_token *t = tct_peek(p);
    char *copy = tct_parser_take(p, (size_t)t->bytes + 1, 1);
    if (copy == NULL)
        return (tct_name){"", t->at};
    memcpy(copy, t->text, t->bytes);
    p->token++;
    return (tct_name){copy, t->at};
}

bool tct_expect_id(tct_parser *p, tct_name *out, const char *what, tct_id_kind kind)
{
    const tct_token *t = tct_peek(p);
    *out = (tct_name){"", t->at}; /* always a name, if an empty one */
    if (t->kind != TCT_TOKEN_WORD) {
        tct_parser_wrong(p, t->at, "a name: lower-case letters, digits and hyphens",
                         "expected %s, not %s", what, describe(p, t));
        return false;
    }
    *out = tct_take_name(p);
    for (const char *s = out->text; *s != 0; s++)
        if (*s >= 'A' && *s <= 'Z') {
            tct_parser_wrong(p, out->at, "names use lower-case letters, digits and hyphens",
                             "`%s` has a capital letter", out->text);
            return false;
        }
    if (strlen(out->text) > TCT_ID_BYTES_MAX) {
        tct_parser_wrong(p, out->at, "names have at most 32 letters",
                         "this name is too long (%u letters)", (unsigned)strlen(out->text));
        return false;
    }
    if (tct_reserved(out->text, kind)) {
        tct_parser_wrong(p, out->at, "choose another name",
                         "`%s` is a word of the language and cannot be %s", out->text, what);
        return false;
    }
    return true;
}
