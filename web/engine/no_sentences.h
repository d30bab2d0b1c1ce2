/* SPDX-License-Identifier: ISC
 *
 * no_sentences.h — put before the parts of src/rule/ that read a sheet's grammar: what they say to
 * whoever writes a sheet is left out.
 *
 * The page reads sheets that ship, and those of the other person, of which it only says that they
 * cannot be used: the sentences would be a twentieth of the engine.  Where and that something is wrong
 * stays; what is wrong with a person's own list (items.c, source.c) is said, too.
 */
#ifndef TACIT_WEB_NO_SENTENCES_H
#define TACIT_WEB_NO_SENTENCES_H

#include "rule/parser.h"
#include "rule/source.h"

/* Looks at the arguments as the compiler does, and leaves nothing of them. */
static inline void no_sentence(const char *hint, const char *format, ...) TCT_FORMAT(2, 3);
static inline void no_sentence(const char *hint, const char *format, ...)
{
    (void)hint, (void)format;
}
#define UNSAID(hint, ...) (0 ? no_sentence(hint, __VA_ARGS__) : (void)0)

#define tct_complain(c, at, hint, ...)                                                         \
    (UNSAID(hint, __VA_ARGS__), tct_complain(c, at, "", "this sheet cannot be read"))
#define tct_warn(c, at, hint, ...)                                                             \
    (UNSAID(hint, __VA_ARGS__), tct_warn(c, at, "", "this sheet can be misread"))
#define tct_parser_wrong(p, at, hint, ...)                                                     \
    (UNSAID(hint, __VA_ARGS__), tct_parser_wrong(p, at, "", "this sheet cannot be read"))

/* What was expected where, in the words of such a sentence. */
#define tct_expect(p, text, where)        tct_expect(p, text, "")
#define tct_expect_number(p, out, what)   tct_expect_number(p, out, "")
#define tct_expect_id(p, out, what, kind) tct_expect_id(p, out, "", kind)

#endif
