/* SPDX-License-Identifier: ISC
 *
 * The items that a pair puts into a sheet's lists before they begin.
 */
#include <string.h>

#include "rule/parser.h"
#include "rule/resolve.h"

typedef struct {
    tct_parser p;
    tct_model *m;
    tct_list *list; /* whose items come now; NULL: not known yet */
    bool silent;    /* what comes now was complained about as a whole */
} reader;

static uint32_t editable_lists(const tct_model *m, tct_list **first, tct_model *of)
{
    uint32_t count = 0;
    *first = NULL;
    for (uint32_t i = 0; i < m->list_count; i++) {
        if (!m->lists[i].editable)
            continue;
        *first = count++ == 0 ? &of->lists[i] : *first;
    }
    return count;
}

/* From here on the items are those of this list. */
static void begin_list(reader *r, tct_place at, const char *name)
{
    int index = tct_find_list(r->m, name);
    char hint[160];
    r->list = NULL;
    r->silent = true;
    tct_hint_list(hint, r->m, name);
    if (index < 0)
        tct_parser_wrong(&r->p, at, hint, "there is no list called `%s`", name);
    else if (!r->m->lists[index].editable)
        tct_parser_wrong(&r->p, at, "the sheet would have to say `yours to change`",
                         "the list `%s` cannot be changed", name);
    else if (r->m->lists[index].from_file)
        tct_parser_wrong(&r->p, at, "put its items together", "the list `%s` is here twice",
                         name);
    if (r->p.bad)
        return;
    r->silent = false;
    r->list = &r->m->lists[index];
    r->list->from_file = true;
    r->list->item_count = 0;
    r->list->items = tct_parser_take(&r->p, TCT_ITEMS_MAX, sizeof *r->list->items);
}

/* `list wishes`, perhaps with a colon. */
static void read_head(reader *r)
{
    const tct_line *line = tct_parser_line(&r->p);
    tct_name name;
    tct_lex_clause(&r->p, line->text, line->text + line->bytes);
    r->p.line++;
    tct_accept(&r->p, "list");
    if (!tct_expect_id(&r->p, &name, "the name of a list", TCT_ID_NAME)) {
        r->silent = true;
        return;
    }
    tct_accept(&r->p, ":");
    tct_expect_end(&r->p);
    if (!r->p.bad)
        begin_list(r, name.at, name.text);
}

/* Is there a list to put it into?  Complains once. */
static bool has_list(reader *r, tct_place at)
{
    tct_list *first;
    if (r->list != NULL || r->silent)
        return r->list != NULL;
    uint32_t count = editable_lists(r->m, &first, r->m);
    if (count == 1) {
        begin_list(r, at, first->id.text);
        return r->list != NULL;
    }
    tct_parser_wrong(&r->p, at,
                     count == 0 ? "its lists would have to say `yours to change`"
                                : "write a line like `list wishes` above the items of each",
                     count == 0 ? "this sheet has no list to change"
                                : "this sheet has several lists to change");
    r->silent = true;
    return false;
}

static void read_item(reader *r)
{
    const tct_line *line = tct_parser_line(&r->p);
    tct_place at = tct_place_in(line, line->text, 1);
    tct_option item = {0};
    if (!tct_parse_option(&r->p, &item, "an item")) {
        tct_parser_wrong(&r->p, at, "walk: A long walk", "expected an item as `name: text`");
        r->p.line++;
        return;
    }
    r->p.bad =
        false; /* a name that is wrong still makes an item: the number of them is right */
    if (!has_list(r, at))
        return;
    if (r->list->item_count == TCT_ITEMS_MAX) {
        tct_parser_wrong(&r->p, at, "at most 64 items", "the list `%s` has too many items",
                         r->list->id.text);
        r->silent = true;
        r->list = NULL;
        return;
    }
    if (r->list->items != NULL)
        r->list->items[r->list->item_count++] = item;
}

static bool is_head(const tct_line *line)
{
    return line->bytes > 5 && memcmp(line->text, "list ", 5) == 0 && !tct_line_is_option(line);
}

static tct_err read_lines(tct_model *m, tct_arena *arena, const tct_source *source,
                          const char *list, tct_complaints *c)
{
    static const tct_place top = {1, 1, 1};
    reader r = {.m = m, .p = {.arena = arena, .complaints = c, .source = source}};
    tct_list *only;
    if (tct_parser_begin(&r.p, source) != TCT_OK)
        return r.p.err;
    if (list != NULL)
        begin_list(&r, top, list);
    while (r.p.err == TCT_OK && r.p.line < source->count) {
        const tct_line *line = tct_parser_line(&r.p);
        r.p.bad = false;
        if (tct_line_is_empty(line))
            r.p.line++;
        else if (is_head(line))
            read_head(&r);
        else
            read_item(&r);
    }
    /* An empty text empties the only list; it has to be said for the right one. */
    r.p.bad = false;
    if (r.p.err == TCT_OK && r.list == NULL && !r.silent && editable_lists(m, &only, m) <= 1)
        (void)has_list(&r, top);
    return r.p.err;
}

tct_err tct_parse_items(tct_model *m, tct_arena *arena, const tacit_items *items,
                        tct_complaints *c)
{
    static const tct_place top = {1, 1, 1};
    tct_source source;
    c->file = TCT_IN_THE_ITEMS;
    tct_err err = TCT_OK;
    if (items->text_bytes > TACIT_SHEET_TEXT_MAX)
        tct_complain(c, top, "at most 65536 bytes", "this is too long (%lld bytes)",
                     (long long)items->text_bytes);
    else
        err = tct_source_read(&source, arena, items->text, items->text_bytes, c);
    if (err == TCT_OK && items->text_bytes <= TACIT_SHEET_TEXT_MAX)
        err = read_lines(m, arena, &source, items->list, c);
    c->file = NULL;
    return err == TCT_ERR_FORMAT ? TCT_OK : err;
}
