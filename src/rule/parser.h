/* SPDX-License-Identifier: ISC
 *
 * parser.h — from lines to a model: blocks by indentation, clauses by recursive descent.
 *
 * Gives    a model whose names are not looked up yet.  An error gives up one clause only, so that
 *          one reading finds them all.
 * Order    parser.c blocks and what stands at the margin; parse_question.c; parse_outcome.c;
 *          parse_expression.c; lexer.c the words of one clause.
 */
#ifndef TCT_RULE_PARSER_H
#define TCT_RULE_PARSER_H

#include "rule/model.h"

typedef enum {
    TCT_TOKEN_END,
    TCT_TOKEN_WORD,
    TCT_TOKEN_NUMBER,
    TCT_TOKEN_SYMBOL
} tct_token_kind;

typedef struct {
    tct_token_kind kind;
    const char *text; /* borrowed from the source */
    uint32_t bytes;
    tct_place at;
    int64_t value; /* NUMBER */
} tct_token;

typedef struct {
    tct_arena *arena;
    tct_err err; /* sticky: MEMORY */
    tct_complaints *complaints;
    const tct_source *source;
    uint32_t line; /* index of the next line */
    tct_model *model;
    /* the clause at hand */
    tct_token *tokens;
    uint32_t token_count, token;
    const char
        *form; /* an example of what is being read: the hint where there is no better one */
    bool bad;  /* already complained about: stay silent until the next clause */
    uint32_t depth;
    const char *counted; /* the lexer has counted columns up to here … */
    uint32_t column;     /* … where this is the column */
} tct_parser;

/* Reads the text of a sheet into a model.  Complaints say what is wrong; MEMORY. */
TCT_MUST_CHECK tct_err tct_parse(tct_model *out, tct_arena *arena, const tct_source *source,
                                 tct_complaints *complaints);

/* Puts a pair's own items into the lists that may be changed: lines `id: text`, below a line
 * `list NAME` when there are several such lists. */
TCT_MUST_CHECK tct_err tct_parse_items(tct_model *m, tct_arena *arena, const tacit_items *items,
                                       tct_complaints *complaints);

/* ---- shared by the parser's files ---- */

/* Room for the words of the longest clause. */
TCT_MUST_CHECK tct_err tct_parser_begin(tct_parser *p, const tct_source *source);
void *tct_parser_take(tct_parser *p, size_t count, size_t unit_bytes);
void tct_parser_wrong(tct_parser *p, tct_place at, const char *hint, const char *format, ...)
    TCT_FORMAT(4, 5);

/* Blank lines and lines that begin with # carry nothing. */
bool tct_line_is_empty(const tct_line *line);
/* Is this line the first of a block below a header with that indentation? */
bool tct_parser_inside(tct_parser *p, uint32_t header_indent);
const tct_line *tct_parser_line(const tct_parser *p);
/* As tct_parser_inside, and complains about a line that does not stand right below the first of its
 * block.  *level: 0 before the first line. */
bool tct_parser_next(tct_parser *p, uint32_t header_indent, uint32_t *level);
/* The place of `bytes` bytes at `text`, which lies in this line. */
tct_place tct_place_in(const tct_line *line, const char *text, size_t bytes);

/* Makes tokens of [from, end of line) and of the deeper lines that follow (which are consumed
 * with the line itself).  `until`: stop at this byte of the first line, without continuation;
 * NULL: to the end. */
void tct_lex_clause(tct_parser *p, const char *from, const char *until);

const tct_token *tct_peek(const tct_parser *p);
const tct_token *tct_peek_after(const tct_parser *p, uint32_t ahead);
bool tct_token_is(const tct_token *t, const char *text);
bool tct_accept(tct_parser *p, const char *text); /* a word or symbol */
bool tct_expect(tct_parser *p, const char *text, const char *where);
bool tct_accept_words(tct_parser *p, const char *first, const char *second);
/* The clause must end here. */
void tct_expect_end(tct_parser *p);
/* A number, with an optional minus. */
bool tct_expect_number(tct_parser *p, int64_t *out, const char *what);
/* A fresh id: lower case, and no word that would be read otherwise where such ids are used. */
typedef enum {
    TCT_ID_NAME,   /* of a question, a role, a list: begins an expression */
    TCT_ID_OPTION, /* of an option or item: follows `is` or `for` */
    TCT_ID_ANY,    /* of an outcome or reveal: in no expression */
} tct_id_kind;
bool tct_expect_id(tct_parser *p, tct_name *out, const char *what, tct_id_kind kind);
/* A name that is used, not declared. */
tct_name tct_take_name(tct_parser *p);
/* Raw text to the end of the line, joined with deeper lines, which are consumed. */
const char *tct_take_text(tct_parser *p, const char *from, uint32_t indent, bool paragraphs);

tct_expr *tct_parse_expression(tct_parser *p);
void tct_parse_list(tct_parser *p);
void tct_parse_question(tct_parser *p);
void tct_parse_outcome(tct_parser *p);
void tct_parse_note(tct_parser *p, bool guard);
/* `id: text` at the current line; false (nothing consumed) when the line has no such form. */
bool tct_parse_option(tct_parser *p, tct_option *out, const char *what);
/* Is the current line `word:…`? */
bool tct_line_is_option(const tct_line *line);
bool tct_reserved(const char *word, tct_id_kind kind);

#endif
