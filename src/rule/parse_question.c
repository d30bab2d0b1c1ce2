/* SPDX-License-Identifier: ISC
 *
 * `list` and `ask` with what stands below them.
 */
#include "rule/parser.h"

#include <string.h>

static const char *line_end(const tct_line *line)
{
    return line->text + line->bytes;
}

/* Steps over what stands below a header that was refused. */
static void skip_below(tct_parser *p, uint32_t indent)
{
    while (tct_parser_inside(p, indent))
        p->line++;
}

/* ------------------------------------------------------------------------------ lists --- */

/* `, yours to change`, `, 3 to 16`, in any order. */
static void parse_list_ends(tct_parser *p, tct_list *list)
{
    while (!p->bad && tct_accept(p, ",")) {
        int64_t least = 0, most = 0;
        if (tct_accept(p, "yours")) {
            list->editable = true;
            if (tct_expect(p, "to", "in `yours to change`"))
                tct_expect(p, "change", "in `yours to change`");
            continue;
        }
        tct_place at = tct_peek(p)->at;
        if (!tct_expect_number(p, &least, "`yours to change` or the fewest items") ||
            !tct_expect(p, "to", "between the fewest and the most items") ||
            !tct_expect_number(p, &most, "the most items"))
            return;
        tct_accept(p, "items");
        if (least < 1 || most > TCT_ITEMS_MAX || least > most) {
            tct_parser_wrong(p, at, "1 to 64", "a list cannot have %lld to %lld items",
                             (long long)least, (long long)most);
            return;
        }
        list->least = (uint32_t)least;
        list->most = (uint32_t)most;
    }
}

static void parse_list_items(tct_parser *p, tct_list *list, uint32_t indent)
{
    list->items = tct_parser_take(p, TCT_ITEMS_MAX, sizeof *list->items);
    uint32_t level = 0;
    while (tct_parser_next(p, indent, &level)) {
        const tct_line *line = tct_parser_line(p);
        tct_option item = {0};
        if (!tct_parse_option(p, &item, "an item")) {
            tct_parser_wrong(p, tct_place_in(line, line->text, 1), "walk: A long walk",
                             "expected an item as `name: text`");
            p->line++;
        } else if (list->item_count == TCT_ITEMS_MAX) {
            tct_parser_wrong(p, tct_place_in(line, line->text, 1), "at most 64 items",
                             "the list `%s` has too many items", list->id.text);
        } else {
            list->items[list->item_count++] = item;
        }
    }
}

void tct_parse_list(tct_parser *p)
{
    tct_model *m = p->model;
    const tct_line *line = tct_parser_line(p);
    tct_list spare, *list = m->list_count < TCT_LISTS_MAX ? &m->lists[m->list_count] : &spare;
    memset(list, 0, sizeof *list);
    list->least = 1;
    list->most = TCT_ITEMS_MAX;
    tct_lex_clause(p, line->text, line_end(line)); /* no continuation: items follow */
    p->line++;
    p->form = "list wishes, yours to change, 2 to 10";
    tct_accept(p, "list");
    if (list == &spare)
        tct_parser_wrong(p, tct_peek(p)->at, "at most 8 lists",
                         "this sheet has too many lists");
    bool named = tct_expect_id(p, &list->id, "the name of a list", TCT_ID_NAME);
    if (named)
        parse_list_ends(p, list);
    tct_accept(p, ":");
    tct_expect_end(p);
    parse_list_items(p, list, line->indent);
    if (list != &spare)
        m->list_count++;
}

/* -------------------------------------------------------------------------- questions --- */

/* `number MIN to MAX [step S][, UNIT]` */
static void parse_number(tct_parser *p, tct_question *q, const tct_line *line)
{
    const char *comma = memchr(line->text, ',', line->bytes);
    tct_lex_clause(p, line->text, comma == NULL ? line_end(line) : comma);
    tct_place at = tct_peek(p)->at;
    p->form = "number 0 to 100 step 5, EUR";
    tct_accept(p, "number");
    q->kind = TACIT_NUMBER;
    q->step = 1;
    bool fine = tct_expect_number(p, &q->min, "the smallest number") &&
                tct_expect(p, "to", "between the smallest and the largest number") &&
                tct_expect_number(p, &q->max, "the largest number") &&
                (!tct_accept(p, "step") || tct_expect_number(p, &q->step, "the step"));
    tct_expect_end(p);
    q->unit = comma == NULL ? "" : tct_take_text(p, comma + 1, line->indent, false);
    if (comma == NULL)
        p->line++;
    else if (fine && *q->unit >= '0' && *q->unit <= '9') /* 5,000 would be 5, in 000 */
        tct_parser_wrong(p, tct_place_in(line, comma, 1), "write 5000, not 5,000",
                         "a number has no comma in it");
    if (!fine)
        return;
    if (q->min >= q->max)
        tct_parser_wrong(p, at, "number 0 to 100",
                         "the largest number must be above the smallest");
    else if (q->step < 1)
        tct_parser_wrong(p, at, "step 1 or more", "the step must be above zero");
    else if ((q->max - q->min) % q->step != 0)
        tct_parser_wrong(p, at, "the largest is the smallest plus a number of steps",
                         "%lld to %lld is not a whole number of steps of %lld",
                         (long long)q->min, (long long)q->max, (long long)q->step);
}

/* `points 100 over things` */
static void parse_points(tct_parser *p, tct_question *q)
{
    q->kind = TACIT_POINTS;
    p->form = "points 100 over things";
    tct_place at = tct_peek(p)->at;
    if (!tct_expect_number(p, &q->total, "how many points") ||
        !tct_expect(p, "over", "and the list that they are spread over"))
        return;
    if (q->total < 1 || q->total > 1000000)
        tct_parser_wrong(p, at, "1 to 1000000", "%lld points cannot be spread",
                         (long long)q->total);
    if (tct_expect_id(p, &q->list, "the name of a list", TCT_ID_NAME))
        tct_expect_end(p);
}

/* `ranking of paths[, best first]` */
static void parse_ranking(tct_parser *p, tct_question *q)
{
    q->kind = TACIT_RANKING;
    p->form = "ranking of things, best first";
    if (!tct_expect(p, "of", "and the list") ||
        !tct_expect_id(p, &q->list, "the name of a list", TCT_ID_NAME))
        return;
    if (tct_accept(p, ",") && tct_expect(p, "best", "in `best first`"))
        tct_expect(p, "first", "in `best first`");
    tct_expect_end(p);
}

/* `any of paths[, at least N][, at most N]` */
static void parse_subset(tct_parser *p, tct_question *q)
{
    q->kind = TACIT_SUBSET;
    p->form = "any of things, at least 1, at most 2";
    if (!tct_expect(p, "of", "and the list") ||
        !tct_expect_id(p, &q->list, "the name of a list", TCT_ID_NAME))
        return;
    while (!p->bad && tct_accept(p, ",")) {
        if (tct_accept_words(p, "at", "least")) {
            tct_expect_number(p, &q->min, "the fewest items");
        } else if (tct_accept_words(p, "at", "most")) {
            q->max_given = true;
            tct_expect_number(p, &q->max, "the most items");
        } else {
            tct_expect(p, "at least", "or `at most`");
        }
    }
    tct_expect_end(p);
}

static void parse_limit_names(tct_parser *p, tct_limit *limit)
{
    limit->names = tct_parser_take(p, TCT_OPTIONS_MAX, sizeof *limit->names);
    limit->other_than = tct_accept_words(p, "other", "than");
    do {
        if (limit->names == NULL || limit->name_count == TCT_OPTIONS_MAX)
            return;
        if (!tct_expect_id(p, &limit->names[limit->name_count], "an option", TCT_ID_OPTION))
            return;
        limit->name_count++;
    } while (tct_accept(p, ",") || tct_accept(p, "or"));
}

/* `at most half of them other than no`, `fewer than half of them rather-not`. */
static void parse_limit(tct_parser *p, tct_question *q)
{
    tct_limit spare,
        *limit = q->limit_count < TCT_LIMITS_MAX ? &q->limits[q->limit_count] : &spare;
    memset(limit, 0, sizeof *limit);
    limit->at = tct_peek(p)->at;
    p->form = "at most 2 of them yes; fewer than half of them other than no";
    limit->rounding = TCT_UP;
    if (limit == &spare)
        tct_parser_wrong(p, limit->at, "at most 4 limits", "this question has too many limits");
    if (tct_accept_words(p, "at", "least"))
        limit->at_least = true;
    else if (tct_accept_words(p, "more", "than"))
        limit->at_least = limit->strict = true;
    else if (tct_accept_words(p, "fewer", "than"))
        limit->strict = true;
    else if (!tct_accept_words(p, "at", "most"))
        return;
    limit->half = tct_accept(p, "half");
    if (!limit->half && !tct_expect_number(p, &limit->number, "`half` or how many"))
        return;
    if (!tct_expect(p, "of", "in `of them`") || !tct_expect(p, "them", "in `of them`"))
        return;
    if (tct_accept(p, "rounded")) {
        limit->rounding = tct_accept(p, "down") ? TCT_DOWN : TCT_UP;
        if (limit->rounding == TCT_UP)
            tct_expect(p, "up", "or `down` after `rounded`");
    }
    parse_limit_names(p, limit);
    tct_expect_end(p);
    if (limit != &spare)
        q->limit_count++;
}

static void parse_yes_no(tct_parser *p, tct_question *q)
{
    tct_place at = tct_peek_after(p, 0)->at;
    p->form = "yes or no";
    tct_expect(p, "or", "in `yes or no`");
    tct_expect(p, "no", "in `yes or no`");
    tct_expect_end(p);
    q->yes_no = true;
    if (q->options != NULL) {
        q->options[0] = (tct_option){{"yes", at}, "Yes"};
        q->options[1] = (tct_option){{"no", at}, "No"};
        q->option_count = 2;
    }
}

static bool begins_with(const tct_line *line, const char *word)
{
    size_t bytes = strlen(word);
    return line->bytes >= bytes && memcmp(line->text, word, bytes) == 0 &&
           (line->bytes == bytes || line->text[bytes] == ' ');
}

/* One line below `ask` that is not an option. */
static void parse_form(tct_parser *p, tct_question *q, const tct_line *line, bool *kind_given)
{
    bool limit =
        begins_with(line, "at") || begins_with(line, "fewer") || begins_with(line, "more");
    if (!limit && *kind_given && !p->bad) {
        p->bad = false;
        tct_parser_wrong(p, tct_place_in(line, line->text, 1),
                         "an option is written `name: text`",
                         "what may be answered was already said above");
        p->line++;
        return;
    }
    *kind_given |= !limit;
    if (begins_with(line, "number")) {
        parse_number(p, q, line);
        return;
    }
    tct_lex_clause(p, line->text, NULL);
    if (limit)
        parse_limit(p, q);
    else if (tct_accept(p, "points"))
        parse_points(p, q);
    else if (tct_accept(p, "ranking"))
        parse_ranking(p, q);
    else if (tct_accept(p, "any"))
        parse_subset(p, q);
    else if (tct_accept(p, "yes"))
        parse_yes_no(p, q);
    else
        tct_parser_wrong(
            p, tct_peek(p)->at,
            "options as `name: text`, or number …, points …, ranking of …, any of …",
            "this is no way to answer a question");
}

static void parse_below(tct_parser *p, tct_question *q, uint32_t indent)
{
    bool kind_given = false;
    uint32_t level = 0;
    while (tct_parser_next(p, indent, &level)) {
        const tct_line *line = tct_parser_line(p);
        tct_option option = {0};
        if (!tct_parse_option(p, &option, "an option")) {
            parse_form(p, q, line, &kind_given);
            q->broken |= p->bad;
        } else if (q->option_count == TCT_OPTIONS_MAX) {
            tct_parser_wrong(p, tct_place_in(line, line->text, 1), "at most 32 options",
                             "the question `%s` has too many options", q->id.text);
        } else if (kind_given && q->option_count == 0) {
            tct_parser_wrong(p, option.id.at, "",
                             "a question has options or another kind of "
                             "answer, not both");
        } else {
            kind_given = true;
            q->options[q->option_count++] = option;
        }
    }
    p->bad = false;
    if (!kind_given)
        tct_parser_wrong(p, q->id.at, "write options as `name: text` below it, or `yes or no`",
                         "the question `%s` says nothing about how to answer it", q->id.text);
    else if (q->kind == TACIT_CHOICE && q->option_count == 1)
        tct_parser_wrong(p, q->id.at, "add an option",
                         "the question `%s` has only one possible answer", q->id.text);
}

/* `[role] [each list] name` */
static void parse_ask_head(tct_parser *p, tct_question *q)
{
    tct_accept(p, "ask");
    while (!p->bad) {
        if (tct_accept(p, "each")) {
            q->each = true;
            if (!tct_expect_id(p, &q->list, "the name of a list after `each`", TCT_ID_NAME))
                return;
        } else if (tct_peek_after(p, 1)->kind == TCT_TOKEN_WORD && q->role.text == NULL) {
            if (!tct_expect_id(p, &q->role, "a role", TCT_ID_NAME))
                return;
        } else {
            break;
        }
    }
    if (tct_expect_id(p, &q->id, "the name of the question", TCT_ID_NAME))
        tct_expect_end(p);
}

void tct_parse_question(tct_parser *p)
{
    tct_model *m = p->model;
    const tct_line *line = tct_parser_line(p);
    tct_question spare;
    tct_question *q =
        m->question_count < TCT_QUESTIONS_MAX ? &m->questions[m->question_count] : &spare;
    memset(q, 0, sizeof *q);
    q->unit = q->prompt = "";
    q->options = tct_parser_take(p, TCT_OPTIONS_MAX, sizeof *q->options);
    if (q->options == NULL)
        return;
    const char *colon = memchr(line->text, ':', line->bytes);
    tct_lex_clause(p, line->text, colon == NULL ? line_end(line) : colon);
    p->line++;
    if (q == &spare)
        tct_parser_wrong(p, tct_peek(p)->at, "at most 63 questions",
                         "this sheet has too many questions");
    parse_ask_head(p, q);
    if (colon == NULL)
        tct_parser_wrong(
            p, tct_peek_after(p, p->token_count)->at,
            "ask ending: The two of us ending:", "expected a colon and the question itself");
    if (p->bad) {
        if (q->id.text == NULL)
            q->id = (tct_name){"", tct_peek(p)->at};
        skip_below(p, line->indent);
        if (q != &spare)
            m->question_count++; /* known, so that its uses are not complained about as well */
        q->broken = true;
        return;
    }
    const char *prompt = colon + 1;
    while (prompt < line_end(line) && *prompt == ' ')
        prompt++;
    char *copy = tct_parser_take(p, (size_t)(line_end(line) - prompt) + 1, 1);
    if (copy == NULL)
        return;
    memcpy(copy, prompt, (size_t)(line_end(line) - prompt));
    q->prompt = copy;
    if (*copy == 0)
        tct_parser_wrong(p, q->id.at, "write it after the colon",
                         "the question `%s` has no text", q->id.text);
    parse_below(p, q, line->indent);
    if (q != &spare)
        m->question_count++;
}
