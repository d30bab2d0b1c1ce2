/* SPDX-License-Identifier: ISC
 *
 * `tacit pending`, `tacit confirm`, `tacit withdraw`: what this person sleeps on.
 *
 * Confirming hands the deposit to the relay, to be looked at when the window ends; withdrawing erases
 * it here, and nothing is sent.  The other person sees the same of both, and of doing nothing: an
 * outcome, at the end of the window.
 */
#include "cli/agreed.h"
#include "cli/aside_store.h"
#include "cli/commands.h"
#include "cli/evidence.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/outcome.h"
#include "cli/say.h"
#include "cli/sheet_page.h"
#include "cli/terminal.h"
#include "net/link.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RUN = 0,
    SETTLE_MS = 700,        /* for a deposit to arrive */
    VERDICT_MS = 60 * 1000, /* after the window has ended */
    REACH_MS = 90 * 1000,   /* for the relay to be reached */
};

typedef enum {
    GOING,
    EARLY,
    CLOCKS,
    GIVEN,
    RELEASED,
    REFUSED,
    MISSED,
    GONE,
    WRONG,
    LOST,
    UNSAVED
} result;

typedef struct {
    tct_loop *loop;
    tct_link *link;
    tct_aside file;
    tacit_aside *aside;
    void *memory;
    tacit_aside_view view;
    uint64_t ahead_ms; /* the relay's clock, less tct_now_ms, as first heard */
    bool apart;        /* from this machine's calendar, so far that one of them must be wrong */
    uint64_t given_ms;
    bool met, down;
    tct_evidence evidence;
    result result;
    char why[200];
} waking;

/* ----------------------------------------------------------------------------- finding --- */

static bool take_up(waking *w, const char *name)
{
    tct_aside_status status = tct_aside_load(&w->file, name);
    if (status != TCT_ASIDE_OK) {
        tct_tell("%s: %s", name, tct_aside_says(status));
        return false;
    }
    w->memory = tct_allocate_raw(TACIT_ASIDE_MEMORY);
    if (tacit_aside_read(&w->aside, w->memory, TACIT_ASIDE_MEMORY, w->file.bytes,
                         w->file.count) != TACIT_OK) {
        tct_tell("%s: %s", name, tct_aside_says(TCT_ASIDE_DAMAGED));
        return false;
    }
    w->view = tacit_aside_see(w->aside);
    return true;
}

static void put_down(waking *w)
{
    if (w->aside != NULL)
        tacit_aside_wipe(w->aside);
    free(w->memory); /* the sheet is no secret, and the rest is wiped */
    tct_aside_free(&w->file);
    tct_release(w, sizeof *w);
}

/* The one that is meant: named, or the only one.  0, or the status after telling. */
static int find(const char *word, char name[TCT_ASIDE_NAME])
{
    char names[TCT_ASIDES_MAX][TCT_ASIDE_NAME];
    size_t count = tct_aside_list(names);
    if (word != NULL) {
        for (size_t i = 0; i < count; i++)
            if (strcmp(word, names[i]) == 0) {
                memcpy(name, names[i], TCT_ASIDE_NAME);
                return 0;
            }
        tct_tell("%s", tct_aside_says(TCT_ASIDE_ABSENT));
        return TCT_EXIT_USAGE;
    }
    if (count == 1) {
        memcpy(name, names[0], TCT_ASIDE_NAME);
        return 0;
    }
    if (count == 0)
        tct_tell("There is nothing that you sleep on.");
    else
        tct_tell("There is more than one. Name it: `tacit pending` lists them.");
    return TCT_EXIT_USAGE;
}

/* ------------------------------------------------------------------------------ pending --- */

static void tell_one(const waking *w, bool as_json)
{
    char opens[48], closes[48];
    uint64_t now = tct_aside_wall_ms() + w->file.ahead_ms;
    const tacit_sheet_view *sheet = tacit_sheet_see(w->view.sheet);
    if (as_json) {
        tct_json json = {0};
        tct_json_begin(&json, "pending");
        tct_json_text(&json, "id", w->file.name);
        tct_json_text(&json, "title", sheet->title);
        tct_json_number(&json, "opens", (int64_t)w->file.opens_ms);
        tct_json_number(&json, "closes", (int64_t)w->file.closes_ms);
        tct_json_bool(&json, "confirmed", w->file.confirmed);
        tct_json_send(&json);
        return;
    }
    tct_aside_clock(opens, &w->file, w->file.opens_ms);
    tct_aside_clock(closes, &w->file, w->file.closes_ms);
    printf("%s  %s\n", w->file.name, sheet->title);
    if (now >= w->file.closes_ms)
        printf("          It ended %s. `tacit confirm %s` shows what came of it.\n", closes,
               w->file.name);
    else if (w->file.confirmed)
        printf("          You have confirmed. It ends %s.\n", closes);
    else
        printf("          To confirm from %s to %s.\n", opens, closes);
}

int tct_command_pending(int argc, char **argv)
{
    bool as_json = false;
    size_t count;
    char names[TCT_ASIDES_MAX][TCT_ASIDE_NAME];
    const tct_option options[] = {
        {"json", NULL, "a JSON object a line: id, title, opens, closes, confirmed", &as_json,
         NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit pending [options]",
        .about =
            "Lists what you sleep on: answers that are sealed, and that you can confirm, or "
            "take back, before the outcome is learnt.",
        .examples = "tacit pending\ntacit pending --json",
        .options = options,
        .option_count = 1,
    };
    int status = tct_options_read(&usage, argc, argv, NULL, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    status = TCT_EXIT_OUTCOME;
    count = tct_aside_list(names);
    for (size_t i = 0; i < count; i++) {
        waking *w = tct_allocate(sizeof *w);
        if (take_up(w, names[i]))
            tell_one(w, as_json);
        else
            status = TCT_EXIT_MACHINE;
        put_down(w);
    }
    if (count == 0 && !as_json)
        puts("There is nothing that you sleep on.");
    return status;
}

/* ------------------------------------------------------------------------------ confirm --- */

static uint64_t relay_now(const waking *w)
{
    return tct_now_ms() + w->ahead_ms;
}

/* The seat is ours again, and it is known what time it is. */
static void go_on(waking *w)
{
    const tct_window window = {w->file.opens_ms, w->file.closes_ms, w->file.confirmed};
    uint64_t now = relay_now(w), calendar = tct_aside_wall_ms() + w->file.ahead_ms;
    w->apart = tct_clocks_apart(now, calendar);
    switch (tct_morning_at(&window, now, calendar)) {
    case TCT_MORNING_EARLY:
        w->result = EARLY;
        return;
    case TCT_MORNING_CLOCKS:
        w->result = CLOCKS;
        return;
    case TCT_MORNING_MISSED:
        w->result = MISSED;
        return;
    case TCT_MORNING_GIVE:
        break;
    }
    w->file.confirmed = true;
    if (tct_aside_save(&w->file, w->view.room) != TCT_ASIDE_OK) {
        w->result = UNSAVED; /* what is not written down is not done */
        return;
    }
    if (!tct_link_deposit(w->link, RUN, w->file.closes_ms, w->view.deposit,
                          w->view.deposit_bytes))
        w->result = LOST;
    w->given_ms = tct_now_ms();
}

static void take_verdict(waking *w, const tct_link_event *event)
{
    tct_evidence_deposit(&w->evidence, w->view.deposit, w->view.deposit_bytes);
    tct_evidence_verdict(&w->evidence, event->released, event->bytes, event->length,
                         relay_now(w));
    switch (tacit_aside_verdict(w->aside, event->released, event->bytes, event->length)) {
    case TACIT_OK:
        w->result = RELEASED;
        break;
    case TACIT_ERR_REFUSED:
        w->result = REFUSED;
        break;
    default:
        w->result = WRONG;
    }
}

static void on_event(void *context, const tct_link_event *event)
{
    waking *w = context;
    switch (event->kind) {
    case TCT_LINK_UP:
        if (!w->met && !tct_link_resume(w->link, w->view.room, w->file.ticket, UINT32_MAX))
            w->result = LOST;
        break;
    case TCT_LINK_BACK:
        if (w->met)
            break;
        w->ahead_ms = event->relay_now - tct_now_ms(); /* wraps, and back again */
        w->met = true;
        if (w->result == GOING)
            go_on(w);
        break;
    case TCT_LINK_VERDICT:
        if (event->run == RUN && w->result == GOING)
            take_verdict(w, event);
        break;
    case TCT_LINK_REFUSED:
        w->down = true;
        if (w->result == GOING)
            w->result = event->reason == TCT_RELAY_NO_ROOM ? GONE : LOST;
        (void)snprintf(w->why, sizeof w->why, "%s", event->text);
        break;
    case TCT_LINK_DOWN:
    case TCT_LINK_NOT_A_RELAY:
        w->down = true;
        if (w->result == GOING)
            w->result = LOST;
        (void)snprintf(w->why, sizeof w->why, "%s", event->text);
        break;
    default:
        break;
    }
}

/* Has the deposit left, with nothing more to wait for now? */
static bool may_go(const waking *w, bool wait)
{
    return !wait && w->given_ms != 0 && relay_now(w) < w->file.closes_ms &&
           tct_link_idle(w->link) && tct_now_ms() - w->given_ms > SETTLE_MS;
}

static bool is_late(const waking *w, uint64_t start)
{
    if (!w->met)
        return tct_now_ms() - start > REACH_MS;
    return relay_now(w) > w->file.closes_ms + VERDICT_MS &&
           tct_now_ms() - w->given_ms > VERDICT_MS;
}

static void meet_relay(waking *w, bool wait)
{
    char error[160] = "";
    uint64_t start = tct_now_ms();
    w->loop = tct_loop_new();
    if (w->loop != NULL) {
        tct_signal_wakes(w->loop);
        w->link = tct_link_open(w->loop, w->file.url, on_event, w, error);
    }
    if (w->link == NULL) {
        w->result = LOST;
        (void)snprintf(w->why, sizeof w->why, "%s", error);
    }
    while (w->result == GOING && tct_signal_pending() == 0) {
        tct_loop_step(w->loop, 100);
        if (may_go(w, wait))
            w->result = GIVEN;
        else if (w->result == GOING && is_late(w, start))
            w->result = LOST;
    }
    for (int i = 0; i < 20 && w->link != NULL && !w->down && !tct_link_idle(w->link); i++)
        tct_loop_step(w->loop, 50); /* that the verdict was taken */
    tct_link_close(w->link);
    tct_signal_wakes(NULL);
    if (w->loop != NULL)
        tct_loop_free(w->loop);
}

static void show(const waking *w, const tacit_outcome *outcome, bool as_json)
{
    tct_page page = {0};
    if (as_json) {
        tct_event_outcome(outcome, 0);
    } else {
        tct_outcome_page(outcome, &page);
        tct_page_print(&page, stdout, 0);
        tct_page_free(&page);
    }
    (void)w;
}

static void say(const waking *w, const char *event, const char *text, bool as_json)
{
    if (as_json) {
        tct_json json = {0};
        tct_json_begin(&json, event);
        tct_json_text(&json, "id", w->file.name);
        tct_json_number(&json, "closes", (int64_t)w->file.closes_ms);
        tct_json_send(&json);
    } else {
        tct_page page = {0};
        tct_page_add(&page, TCT_STYLE_PLAIN, 0, "%s", text);
        tct_page_print(&page, stdout, 0);
        tct_page_free(&page);
    }
}

static void tell_wrong(waking *w)
{
    char path[TCT_STATE_PATH];
    w->evidence.what = "What the relay handed over is not what was left with it";
    w->evidence.url = w->file.url;
    memcpy(w->evidence.room, w->view.room, sizeof w->view.room);
    fprintf(stderr,
            "tacit: %s. Nothing is worked out from it.\n       Please use another relay.\n",
            w->evidence.what);
    if (tct_evidence_save(&w->evidence, path))
        fprintf(stderr, "       What shows it is kept in %s.\n", path);
}

/* In the morning, what a person is told.  Everything that ends it erases the file. */
static int tell_result(waking *w, bool as_json)
{
    char when[48], text[400];
    bool early = w->result == EARLY;
    tct_aside_clock(when, &w->file, early ? w->file.opens_ms : w->file.closes_ms);
    switch (w->result) {
    case RELEASED:
        tct_aside_erase(w->file.name);
        show(w, tacit_aside_outcome(w->aside), as_json);
        return TCT_EXIT_OUTCOME;
    case REFUSED:
    case MISSED:
    case GONE:
        tct_aside_erase(w->file.name);
        show(w, w->view.otherwise, as_json);
        return TCT_EXIT_OUTCOME;
    case EARLY:
        (void)snprintf(text, sizeof text, "It is too early: you can confirm from %s on.%s",
                       when,
                       w->apart ? " The relay's clock and this machine's are more than an hour "
                                  "apart, and it is the relay's that counts."
                                : "");
        say(w, "early", text, as_json);
        return TCT_EXIT_USAGE;
    case GIVEN:
        (void)snprintf(
            text, sizeof text,
            "You have confirmed. You both learn the outcome when the window ends, %s: "
            "run `tacit confirm` again then.",
            when);
        say(w, "confirmed", text, as_json);
        return TCT_EXIT_OUTCOME;
    case CLOCKS:
        tct_tell("By the relay's clock the time to confirm is over; by this machine's it "
                 "lasts until %s. One of the two is wrong. Nothing was sent and nothing is "
                 "lost: try again when it is mended, or take your answers back with `tacit "
                 "withdraw`.",
                 when);
        return TCT_EXIT_RELAY;
    case WRONG:
        tell_wrong(w);
        return TCT_EXIT_CHECK;
    case UNSAVED:
        tct_tell("%s Nothing was sent. Make room, and try again.",
                 tct_aside_says(TCT_ASIDE_NOT_WRITTEN));
        return TCT_EXIT_MACHINE;
    default:
        tct_tell("%s Nothing is lost: try again before %s.",
                 w->why[0] != '\0' ? w->why : "The relay cannot be reached.", when);
        return tct_signal_pending() != 0 ? 128 + tct_signal_pending() : TCT_EXIT_RELAY;
    }
}

int tct_command_confirm(int argc, char **argv)
{
    bool as_json = false, wait = false;
    char *words[1] = {NULL}, name[TCT_ASIDE_NAME];
    size_t count;
    const tct_option options[] = {
        {"wait", NULL, "stay until the window ends, and show the outcome", &wait, NULL, NULL},
        {"json", NULL, "JSON objects a line", &as_json, NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit confirm [ID] [options]",
        .about =
            "Says that your answers still hold, after you have slept on them. If the other "
            "person confirms too, you both learn the outcome when the window ends; else you "
            "both see what the sheet says otherwise, at the same time and in the same words. "
            "After the window it shows what came of it. ID is from `tacit pending`; it can be "
            "left out when there is only one.",
        .examples = "tacit confirm\ntacit confirm 3f9a01bc --wait",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .words_max = 1,
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    status = find(words[0], name);
    if (status != 0)
        return status;
    tct_terminal_keep_no_core();
    waking *w = tct_allocate(sizeof *w);
    status = TCT_EXIT_MACHINE;
    if (tacit_start() && take_up(w, name)) {
        meet_relay(w, wait);
        status = tell_result(w, as_json);
    }
    put_down(w);
    return status;
}

/* ----------------------------------------------------------------------------- withdraw --- */

static void tell_withdrawn(const char *name, bool as_json)
{
    if (as_json) {
        tct_json json = {0};
        tct_json_begin(&json, "withdrawn");
        tct_json_text(&json, "id", name);
        tct_json_send(&json);
    } else {
        puts("Taken back, and erased here. The other person is not told.");
    }
}

int tct_command_withdraw(int argc, char **argv)
{
    bool as_json = false;
    char *words[1] = {NULL}, name[TCT_ASIDE_NAME];
    size_t count;
    const tct_option options[] = {
        {"json", NULL, "a JSON object: id", &as_json, NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit withdraw [ID] [options]",
        .about =
            "Takes your answers back, after you have slept on them: they are erased here, and "
            "nothing is sent. When the window ends you both see what the sheet says otherwise; "
            "the other person cannot tell it from any other way there. What you have confirmed "
            "cannot be taken back.",
        .examples = "tacit withdraw\ntacit withdraw 3f9a01bc",
        .options = options,
        .option_count = 1,
        .words_max = 1,
    };
    int status = tct_options_read(&usage, argc, argv, words, &count);
    if (status != TCT_OPTIONS_GO_ON)
        return status;
    status = find(words[0], name);
    if (status != 0)
        return status;
    waking *w = tct_allocate(sizeof *w);
    bool readable = take_up(w, name);
    if (readable && w->file.confirmed) {
        tct_tell("You have confirmed this one: it is with the relay, and cannot be taken "
                 "back.");
        put_down(w);
        return TCT_EXIT_USAGE;
    }
    tct_aside_erase(name); /* also one that cannot be read: that is what was asked for */
    tell_withdrawn(name, as_json);
    put_down(w);
    return TCT_EXIT_OUTCOME;
}
