/* SPDX-License-Identifier: ISC */
#include "cli/outcome.h"

#include "cli/json.h"

static tct_json begin(const char *event, int person)
{
    tct_json json = {0};
    tct_json_begin(&json, event);
    if (person != 0)
        tct_json_number(&json, "person", person);
    return json;
}

void tct_event_code(const char *code, const char *link, int person)
{
    tct_json json = begin("code", person);
    tct_json_text(&json, "code", code);
    tct_json_text(&json, "link", link);
    tct_json_send(&json);
}

void tct_event_paired(int person, const char *history)
{
    tct_json json = begin("paired", person);
    if (history != NULL)
        tct_json_text(&json, "history", history);
    tct_json_send(&json);
}

void tct_event_kept(bool kept)
{
    tct_json json = begin("kept", 0);
    tct_json_bool(&json, "kept", kept);
    tct_json_send(&json);
}

void tct_event_note(const char *text, int person)
{
    tct_json json = begin("note", person);
    tct_json_text(&json, "text", text);
    tct_json_send(&json);
}

/* "you", "them", or how many percent each when it is shared. */
static void add_share(tct_json *json, const tacit_reveal *r, uint32_t i)
{
    unsigned them = r->percent_to_them[i];
    if (them == 0 || them >= 100) {
        tct_json_text(json, r->items[i]->id, r->to_them[i] ? "them" : "you");
        return;
    }
    tct_json_open(json, r->items[i]->id, '{');
    tct_json_number(json, "you", 100 - (int64_t)them);
    tct_json_number(json, "them", them);
    tct_json_close(json, '}');
}

/* A set is an array of item ids in the list's order; a split says of each item who keeps it. */
static void add_reveal(tct_json *json, const tacit_reveal *r)
{
    if (r->is_split) {
        tct_json_open(json, r->id, '{');
        for (uint32_t i = 0; i < r->item_count; i++)
            add_share(json, r, i);
        tct_json_close(json, '}');
    } else if (r->is_set) {
        tct_json_open(json, r->id, '[');
        for (uint32_t i = 0; i < r->item_count; i++)
            tct_json_add_text(json, r->items[i]->id);
        tct_json_close(json, ']');
    } else if (r->is_item) {
        tct_json_text(json, r->id, r->item_count == 0 ? "" : r->items[0]->id);
    } else {
        tct_json_number(json, r->id, r->number);
    }
}

void tct_event_outcome(const tacit_outcome *outcome, int person)
{
    tct_json json = begin("outcome", person);
    tct_json_text(&json, "id", outcome->outcome->id);
    tct_json_text(&json, "headline", outcome->outcome->headline);
    tct_json_text(&json, "say", outcome->outcome->say);
    tct_json_open(&json, "reveals", '{');
    for (uint32_t i = 0; i < outcome->reveal_count; i++)
        add_reveal(&json, &outcome->reveals[i]);
    tct_json_close(&json, '}');
    tct_json_send(&json);
}

void tct_event_ended(const tct_end *end, int person)
{
    tct_json json = begin("ended", person);
    tct_page page = {0};
    tct_json_text(&json, "reason", tct_end_reason(end));
    if (end->maybe_revealed)
        tct_json_text(&json, "revealed", "maybe");
    else
        tct_json_bool(&json, "revealed", false);
    tct_end_page(end, &page);
    tct_json_text(&json, "says", page.items[0].text);
    tct_page_free(&page);
    tct_json_send(&json);
}
