/* SPDX-License-Identifier: ISC
 *
 * `tacit letters new` and `tacit letters join`: the one meeting that letters take.  Nothing is asked at it;
 * both devices prepare, write what they prepared to their disks, and say so to each other.
 */
#include "cli/letters_prepare.h"

#include "cli/code_entry.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "cli/letters_store.h"
#include "cli/outcome.h"
#include "cli/pairing_inside.h"
#include "cli/prose.h"
#include "cli/terminal.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the pairing keeps --- */

bool tct_pairing_keep_letters(tct_pairing *p)
{
    tct_letters_file file = {.ahead_ms = tct_pairing_relay_now(p) - tct_aside_wall_ms()};
    char detail[TCT_END_DETAIL_MAX];
    file.bytes = tct_allocate(TACIT_LETTERS_MAX);
    file.count = TACIT_LETTERS_MAX;
    (void)snprintf(file.url, sizeof file.url, "%s", p->options.url);
    tct_link_ticket(p->link, file.ticket);
    uint8_t room[TACIT_ROOM_BYTES];
    randombytes_buf(room, sizeof room); /* of its name alone: several may be of one room */
    tacit_status status = tacit_session_letters(p->session, file.bytes, &file.count);
    tct_aside_status kept =
        status == TACIT_OK ? tct_letters_save(&file, room) : TCT_ASIDE_NOT_WRITTEN;
    if (kept == TCT_ASIDE_OK) {
        (void)snprintf(p->letters_name, sizeof p->letters_name, "%s", file.name);
        (void)tct_link_letters(p->link); /* from here on the relay keeps the room */
        tacit_session_letters_kept(p->session);
    } else {
        (void)snprintf(detail, sizeof detail, "The letters could not be kept. %s",
                       tct_letters_file_says(kept));
        tct_pairing_set_end(p, TCT_END_NOT_KEPT, detail);
        tacit_session_leave(p->session);
    }
    tct_letters_file_free(&file);
    return true;
}

/* ---- the meeting --- */

static void tell_code(const tct_prepare *o, const char *code)
{
    tct_string link = {0}, relay = {0};
    const char *host = strstr(o->url, "://");
    bool secure = strncmp(o->url, "wss:", 4) == 0 || strncmp(o->url, "https:", 6) == 0;
    host = host == NULL ? o->url : host + 3;
    tct_string_format(&link, "%s://", secure ? "https" : "http");
    tct_prose_add_safe(&link, host, strcspn(host, "/?#"));
    tct_string_format(&relay, " --relay %s", link.text);
    tct_string_format(&link, "/#%s", code);
    if (o->json) {
        tct_event_code(code, link.text, 0);
    } else {
        tct_page page = {0};
        printf("Code: %s\n\n", code);
        tct_page_add(&page, TCT_STYLE_PLAIN, 0,
                     "The other person runs `tacit letters join%s`, and types it. Nothing is "
                     "asked yet.",
                     o->any_relay ? relay.text : "");
        tct_page_print(&page, stdout, 0);
        tct_page_free(&page);
    }
    (void)fflush(stdout);
    tct_string_free(&relay);
    tct_string_free(&link);
}

static void tell_prepared(const tct_prepare *o, const tct_pairing *p, const char *name)
{
    const tacit_sheet *sheet = tct_pairing_sheet(p);
    uint32_t askings = tacit_session_letters_count(p->session);
    const char *title = sheet == NULL ? "" : tacit_sheet_see(sheet)->title;
    if (o->json) {
        tct_json json = {0};
        tct_json_begin(&json, "prepared");
        tct_json_text(&json, "id", name);
        tct_json_text(&json, "title", title);
        tct_json_number(&json, "left", askings);
        tct_json_send(&json);
        return;
    }
    tct_page page = {0};
    tct_page_add(&page, TCT_STYLE_STRONG, 0, "%s", title);
    tct_page_gap(&page);
    tct_page_add(&page, TCT_STYLE_PLAIN, 0,
                 "Prepared: from now on either of you can ask this by letter, %u %s, without "
                 "being there together: `tacit ask --letter %s`. `tacit letters` looks for "
                 "what has come.",
                 askings, askings == 1 ? "time" : "times", name);
    tct_page_gap(&page);
    tct_page_add(&page, TCT_STYLE_PLAIN, 0,
                 "It is kept on this device alone. Do not restore it from a backup, and do not "
                 "copy it to another device: a copy cannot be used.");
    tct_page_print(&page, stdout, 0);
    tct_page_free(&page);
}

int tct_letters_prepare(const tct_prepare *o)
{
    tct_pairing_options options = {.url = o->url,
                                   .asker = o->sheet != NULL,
                                   .sheet = o->sheet,
                                   .person = o->person,
                                   .code = o->code,
                                   .number = o->number,
                                   .letters = o->askings,
                                   .timeout_ms = o->timeout_ms};
    bool said = false;
    tct_loop *loop = tct_loop_new();
    if (loop == NULL)
        return TCT_EXIT_MACHINE;
    tct_signal_wakes(loop);
    tct_pairing *p = tct_pairing_start(loop, &options);
    while (tct_pairing_end(p)->kind == TCT_END_NONE && tct_signal_pending() == 0) {
        tct_loop_step(loop, 100);
        tct_pairing_serve(p);
        if (!said && o->sheet != NULL && tct_pairing_code(p) != NULL) {
            said = true;
            tell_code(o, tct_pairing_code(p));
        }
    }
    tct_pairing_leave(p, TCT_END_INTERRUPTED, NULL);
    tct_end end = *tct_pairing_end(p);
    int status = tct_end_status(&end);
    if (end.kind == TCT_END_PREPARED) {
        tell_prepared(o, p, end.detail);
    } else {
        if (p->letters_name[0] != '\0')
            tct_letters_erase(p->letters_name); /* the other did not say that it has them */
        if (o->json)
            tct_event_ended(&end, 0);
        tct_end_tell(&end);
    }
    tct_pairing_finish(p);
    tct_signal_wakes(NULL);
    tct_loop_free(loop);
    return status;
}
