/* SPDX-License-Identifier: ISC */
#include "cli/meeting.h"

#include "cli/commands.h"
#include "cli/json.h"
#include "cli/outcome.h"
#include "cli/sheet_page.h"
#include "cli/terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static const char default_relay[] = "http://127.0.0.1:7333";
static const char default_timeout[] = "12h";
static const char default_within[] = "30m";

/* ------------------------------------------------------------------------------ telling --- */

static void tell_outcome_as_text(const tct_meeting *m, const tacit_outcome *outcome)
{
    tct_page page = {0};
    tct_outcome_page(outcome, &page);
    for (uint32_t i = 0; i < m->note_count; i++)
        tct_note_page(m->notes[i], &page);
    tct_meeting_keeping_page(m, &page);
    tct_page_print(&page, stdout, 0);
    tct_page_free(&page);
}

/* Nothing is over yet, so it stays on the terminal. */
static void tell_asleep(const tct_meeting *m, const tct_end *end)
{
    const tct_asleep *asleep = tct_pairing_asleep(m->pairing);
    if (m->json) {
        tct_json json = {0};
        tct_json_begin(&json, "asleep");
        tct_json_text(&json, "id", asleep->name);
        tct_json_number(&json, "opens", (int64_t)asleep->opens_ms);
        tct_json_number(&json, "closes", (int64_t)asleep->closes_ms);
        tct_json_send(&json);
    } else {
        tct_page page = {0};
        tct_page_add(&page, TCT_STYLE_PLAIN, 0, "%s", end->detail);
        tct_page_print(&page, stdout, 0);
        tct_page_free(&page);
    }
}

/* With a person at the terminal the outcome was on the screen already, and does not stay. */
static int tell(tct_meeting *m, const tct_end *end)
{
    const tacit_outcome *outcome = m->pairing == NULL ? NULL : tct_pairing_outcome(m->pairing);
    if (end->kind == TCT_END_OUTCOME && outcome != NULL) {
        if (m->json)
            tct_event_outcome(outcome, 0);
        else if (m->script)
            tell_outcome_as_text(m, outcome);
    } else if (end->kind == TCT_END_ASLEEP) {
        tell_asleep(m, end);
    } else {
        if (m->json)
            tct_event_ended(end, 0);
        tct_end_tell(end);
        if (m->script && !m->json && m->pairing != NULL && tct_pairing_is_sealed(m->pairing)) {
            tct_page page = {0};
            for (uint32_t i = 0; i < m->note_count; i++)
                tct_note_page(m->notes[i], &page);
            tct_page_print(&page, stdout, 0);
            tct_page_free(&page);
        }
    }
    return tct_end_status(end);
}

static void free_meeting(tct_meeting *m)
{
    tct_given_free(&m->given);
    tct_options_free(&m->answer_options);
    tct_release(m->answers, m->answers == NULL ? 0 : sizeof *m->answers);
    m->answers = NULL;
    if (m->own.sheet != NULL)
        tct_sheet_unload(&m->own);
    sodium_memzero(m->code, sizeof m->code);
    sodium_memzero(&m->kept, sizeof m->kept);
}

int tct_meeting_stop(tct_meeting *m, tct_end_kind kind, const char *detail)
{
    tct_end end = {.kind = kind};
    if (detail != NULL)
        (void)snprintf(end.detail, sizeof end.detail, "%s", detail);
    int status = tell(m, &end);
    free_meeting(m);
    return status;
}

/* ---------------------------------------------------------------------------- preparing --- */

/* The index of a role, or -2. */
static int find_role(const tacit_sheet_view *view, const char *role)
{
    for (int i = 0; i < 2; i++)
        if (view->people[i][0] != '\0' && strcmp(view->people[i], role) == 0)
            return i;
    return -2;
}

static void say_roles(const tacit_sheet_view *view, const char *role, char detail[200])
{
    if (view->people[0][0] == '\0')
        (void)snprintf(detail, 200, "This sheet asks both people the same: leave --as out.");
    else
        (void)snprintf(detail, 200,
                       "This sheet has no role %.40s. Its roles are %.40s and %.40s.", role,
                       view->people[0], view->people[1]);
}

/* Are the given answers whole for this person?  Sets m->answers. */
static bool apply_given(tct_meeting *m, const tacit_sheet *sheet, int person, tct_string *error)
{
    char why[160] = "";
    memset(m->answers, 0, sizeof *m->answers);
    if (!tct_given_apply(&m->given, sheet, person, m->answers, error))
        return false;
    if (tacit_answers_check(sheet, person, m->answers, why) == TACIT_OK)
        return true;
    tct_string_add(error, why);
    return false;
}

/* Before anything is sent, as far as the sheet is known here.  0, or the status. */
static int check_own_sheet(tct_meeting *m)
{
    const tacit_sheet_view *view = m->own.view;
    tct_string error = {0};
    char detail[200];
    int status = 0;
    if (m->role != NULL) {
        m->person = find_role(view, m->role);
        if (m->person == -2) {
            say_roles(view, m->role, detail);
            return tct_meeting_stop(m, TCT_END_USAGE, detail);
        }
    }
    if (!m->script)
        return 0;
    /* The answerer's default role is the one that the asker leaves: usually the second. */
    int person = m->person >= 0 ? m->person : m->asker ? 0 : 1;
    bool whole = apply_given(m, m->own.sheet, person, &error);
    if (!whole && m->person < 0 && !m->asker) {
        tct_string ignored = {0};
        whole = apply_given(m, m->own.sheet, 0, &ignored);
        tct_string_free(&ignored);
    }
    if (!whole)
        status = tct_meeting_stop(m, TCT_END_ANSWER, error.text);
    tct_string_free(&error);
    return status;
}

static bool read_pause(tct_meeting *m)
{
    enum { HOUR_MS = 3600 * 1000 };
    uint64_t ms;
    if (m->sleep == NULL)
        return true;
    if (!tct_prose_duration(m->sleep, &ms) || ms % HOUR_MS != 0 ||
        ms / HOUR_MS > TACIT_PAUSE_MAX)
        return false;
    m->pause_hours = (uint32_t)(ms / HOUR_MS);
    return true;
}

int tct_meeting_prepare(tct_meeting *m, const tct_usage *usage)
{
    tct_string error = {0};
    const char *from_environment = getenv("TACIT_RELAY");
    m->answers = tct_allocate(sizeof *m->answers);
    m->person = -1;
    bool read = tct_given_read(&m->given, m->answers_path, &m->answer_options, &error);
    m->script = m->json || m->given.count != 0 || m->answers_path != NULL ||
                !tct_terminal_is_interactive();
    if (!read) {
        int status = tct_meeting_stop(m, TCT_END_ANSWER, error.text);
        tct_string_free(&error);
        return status;
    }
    if (!tct_prose_duration(m->timeout == NULL ? default_timeout : m->timeout,
                            &m->timeout_ms)) {
        int status = tct_options_mistake(
            usage, "--timeout takes a time like 20s, 5m, 12h or 3d (30d at most), and not %s.",
            m->timeout);
        free_meeting(m);
        return status;
    }
    if (!tct_prose_duration(m->within == NULL ? default_within : m->within, &m->within_ms)) {
        int status = tct_options_mistake(
            usage, "--within takes a time like 20s, 30m, 12h or 3d (30d at most), and not %s.",
            m->within);
        free_meeting(m);
        return status;
    }
    if (!read_pause(m)) {
        int status = tct_options_mistake(
            usage, "--sleep takes whole hours, 1h to 72h, or days up to 3d, and not %s.",
            m->sleep);
        free_meeting(m);
        return status;
    }
    int status = tct_meeting_prepare_again(m);
    if (status != 0)
        return status;
    if (m->url[0] == '\0' || m->relay != NULL)
        (void)snprintf(m->url, sizeof m->url, "%s",
                       m->relay != NULL ? m->relay
                       : from_environment != NULL && from_environment[0] != '\0'
                           ? from_environment
                           : default_relay);
    if (m->sheet_name != NULL) {
        status = tct_sheet_load(&m->own, m->sheet_name, m->items_path);
        if (status != 0) { /* it was told with line and caret; a program hears of it too */
            tct_end end = {.kind = status == TCT_EXIT_SHEET ? TCT_END_SHEET : TCT_END_USAGE};
            if (m->json)
                tct_event_ended(&end, 0);
            free_meeting(m);
            return status;
        }
        status = check_own_sheet(m);
        return status != 0 ? status : tct_meeting_prepare_history(m);
    }
    return 0;
}

/* ------------------------------------------------------------------------------ running --- */

void tct_meeting_link(const tct_meeting *m, tct_string *out)
{
    const char *url = m->url, *scheme = strstr(url, "://");
    bool secure = strncmp(url, "wss:", 4) == 0 || strncmp(url, "https:", 6) == 0;
    const char *host = scheme == NULL ? url : scheme + 3;
    tct_string_format(out, "%s://", secure ? "https" : "http");
    tct_prose_add_safe(out, host, strcspn(host, "/?#"));
    tct_string_format(out, "/#%s", tct_pairing_code(m->pairing));
}

/* … and of a sheet that may be asked only so often, whether there is a history to count by. */
static void tell_paired(const tct_meeting *m)
{
    bool limited = tacit_sheet_see(tct_pairing_sheet(m->pairing))->once_every_hours != 0;
    bool again = m->kept.name[0] != '\0';
    tct_terminal_progress(NULL, 0); /* it stands in the line that this will be written to */
    if (m->json)
        tct_event_paired(0, !limited ? NULL : again ? "kept" : "new");
    else if (m->script && limited && !again)
        puts("You two meet by a new code, so this starts without history.\n");
    (void)fflush(stdout);
}

/* What a program that started us hears, as it happens. */
static void tell_events(tct_meeting *m)
{
    if (m->asker && !m->said_code && tct_pairing_code(m->pairing) != NULL) {
        tct_string link = {0};
        tct_meeting_link(m, &link);
        m->said_code = true;
        if (m->json) {
            tct_event_code(tct_pairing_code(m->pairing), link.text, 0);
        } else if (m->script) {
            printf("Code: %s\nLink: %s\n\n", tct_pairing_code(m->pairing), link.text);
            (void)fflush(stdout);
        }
        tct_string_free(&link);
    }
    if (!m->said_paired && tct_pairing_is_paired(m->pairing)) {
        m->said_paired = true;
        tell_paired(m);
    }
    if (m->json && !m->said_keeping && tct_pairing_keeping(m->pairing) != TCT_KEEPING_NONE) {
        m->said_keeping = true;
        tct_event_kept(tct_pairing_keeping(m->pairing) == TCT_KEEPING_BOTH);
    }
    if (m->json && !m->said_notes && tct_pairing_is_sealed(m->pairing)) {
        m->said_notes = true;
        for (uint32_t i = 0; i < m->note_count; i++)
            tct_event_note(m->notes[i], 0);
    }
}

/* A pause that this relay cannot carry is said before anybody has answered. */
static void check_sleep(tct_meeting *m)
{
    if (m->sleep_checked ||
        (m->asker ? !tct_pairing_is_open(m->pairing) : tct_pairing_sheet(m->pairing) == NULL))
        return;
    const tacit_sheet_view *view =
        tacit_sheet_see(m->asker ? m->own.sheet : tct_pairing_sheet(m->pairing));
    m->sleep_checked = true;
    if ((m->pause_hours != 0 || (view->sleep_hours != 0 && !view->sleep_optional)) &&
        !tct_pairing_is_fair(m->pairing))
        tct_pairing_leave(m->pairing, TCT_END_NO_SLEEP, NULL);
}

static bool serve(void *context)
{
    tct_meeting *m = context;
    tct_pairing_serve(m->pairing);
    check_sleep(m);
    tell_events(m);
    if (ferror(stdout))
        tct_pairing_leave(m->pairing, TCT_END_OUTPUT, NULL);
    if (m->quiet)
        return false;
    return tct_pairing_end(m->pairing)->kind != TCT_END_NONE ||
           (m->reached != NULL && m->reached(m));
}

bool tct_meeting_has_sheet(const void *meeting)
{
    const tct_meeting *m = meeting;
    return tct_pairing_is_paired(m->pairing);
}

bool tct_meeting_is_open(const void *meeting)
{
    const tct_meeting *m = meeting;
    return tct_pairing_is_open(m->pairing);
}

bool tct_meeting_check_role(tct_meeting *m)
{
    const tacit_sheet_view *view = tacit_sheet_see(tct_pairing_sheet(m->pairing));
    char detail[200];
    if (m->role == NULL)
        return true;
    int wanted = find_role(view, m->role);
    if (wanted == -2) {
        say_roles(view, m->role, detail);
        tct_pairing_leave(m->pairing, TCT_END_USAGE, detail);
        return false;
    }
    if (wanted != tct_pairing_person(m->pairing)) {
        tct_pairing_leave(m->pairing, TCT_END_SAME_ROLE, NULL);
        return false;
    }
    return true;
}

void tct_meeting_seal(tct_meeting *m)
{
    const tacit_sheet *sheet = m->asker ? m->own.sheet : tct_pairing_sheet(m->pairing);
    int person = m->asker ? (m->person < 0 ? 0 : m->person) : tct_pairing_person(m->pairing);
    m->note_count = tacit_notes(sheet, person, m->answers, m->notes, TCT_NOTES_MAX);
    if (m->note_count > TCT_NOTES_MAX)
        m->note_count = TCT_NOTES_MAX;
    tct_pairing_answer(m->pairing, m->answers);
}

tct_end_kind tct_meeting_signal_end(void)
{
    switch (tct_signal_pending()) {
    case SIGTERM:
        return TCT_END_TERMINATED;
    case SIGHUP:
        return TCT_END_HUNG_UP;
    default:
        return TCT_END_INTERRUPTED;
    }
}

/* A role that is longer than any can be is no role; the sheet, once here, says which there are. */
static const char *nameable_role(const tct_meeting *m)
{
    bool fits = !m->asker && m->role != NULL && strlen(m->role) < TACIT_ROLE_MAX;
    return fits ? m->role : NULL;
}

/* The end of a terminal's first process hangs up on all of them: the child may not hear of it before it
 * stands apart, or it would be gone like one whose person is in a hurry. */
static void hold_signals(bool hold)
{
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGHUP);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &signals, NULL);
}

/* In the child: serves the meeting to its end, without a terminal and without a word. */
static void finish_alone(tct_meeting *m)
{
    enum { LONGER_MS = 15 * 60 * 1000 }; /* for the relay's verdict */
    uint64_t start = tct_now_ms(), most = LONGER_MS;
    int64_t left = tct_pairing_left_ms(m->pairing);
    int nowhere = open("/dev/null", O_RDWR);
    (void)setsid();
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_DFL);
    hold_signals(false);
    for (int fd = 0; nowhere >= 0 && fd < 3; fd++)
        (void)dup2(nowhere, fd);
    most += left > 0 ? (uint64_t)left : 0;
    while (tct_pairing_end(m->pairing)->kind == TCT_END_NONE && tct_now_ms() - start < most) {
        tct_loop_step(m->background.loop, 200);
        tct_pairing_serve(m->pairing);
    }
    tct_pairing_finish(m->pairing);
}

/* Someone who leaves after the two have agreed is, to the other person, someone who said "not now": a
 * child of this process says it for them, and this one is done.  Else nothing happens here. */
static void leave_in_background(tct_meeting *m)
{
    tct_end end = {.kind = tct_meeting_signal_end()};
    if (tct_pairing_end(m->pairing)->kind != TCT_END_NONE)
        return;
    bool was_sealed = tct_pairing_is_sealed(m->pairing);
    if (!tct_pairing_can_go_on_alone(m->pairing))
        return;
    (void)fflush(stdout);
    hold_signals(true);
    pid_t child = fork();
    if (child == 0) {
        finish_alone(m);
        _exit(0);
    }
    hold_signals(false);
    if (child < 0)
        return;
    if (tct_pairing_is_given(m->pairing))
        end.maybe_revealed = true;
    else
        (void)snprintf(end.detail, sizeof end.detail, "%s",
                       was_sealed
                           ? "You left, and took your answers back. The other person sees "
                             "what they would see after a not now."
                           : "You left. The other person sees what they would see after a "
                             "not now.");
    int status = tell(m, &end);
    tct_pairing_forget(
        m->pairing); /* and the line is the child's: nothing of it is closed here */
    free_meeting(m);
    (void)fflush(stdout);
    _exit(status);
}

int tct_meeting_run(tct_meeting *m)
{
    tct_pairing_options options = {.url = m->url,
                                   .asker = m->asker,
                                   .sheet = m->own.sheet,
                                   .person = m->person,
                                   .role = nameable_role(m),
                                   .code = m->code,
                                   .number = m->number,
                                   .timeout_ms = m->timeout_ms,
                                   .within_ms = m->within_ms,
                                   .pause_hours = m->pause_hours,
                                   .again = m->kept.name[0] == '\0' ? NULL : &m->kept,
                                   .keep = m->keep,
                                   .no_history = m->no_history};
    m->background = (tct_background){.loop = tct_loop_new(), .serve = serve, .context = m};
    if (m->background.loop == NULL)
        return tct_meeting_stop(m, TCT_END_MACHINE, "This machine cannot open a connection.");
    tct_signal_wakes(m->background.loop);
    m->pairing = tct_pairing_start(m->background.loop, &options);
    if (m->script)
        tct_meeting_by_script(m);
    else
        tct_meeting_with_person(m);
    /* Whatever came, the terminal is given back before anything is told. */
    tct_terminal_close();
    leave_in_background(m);
    tct_pairing_leave(m->pairing, tct_meeting_signal_end(), NULL);
    tct_end end = *tct_pairing_end(m->pairing);
    int status = tell(m, &end);
    tct_pairing_finish(m->pairing);
    tct_signal_wakes(NULL);
    tct_loop_free(m->background.loop);
    free_meeting(m);
    return status;
}

/* ---------------------------------------------------------------------------- by script --- */

static void wait_by_script(tct_meeting *m, const char *what)
{
    uint64_t start = tct_now_ms();
    while (!serve(m)) {
        if (tct_signal_pending() != 0)
            break; /* tct_meeting_run says what that means */
        tct_loop_step(m->background.loop, 200);
        tct_terminal_progress(what, start);
    }
    tct_terminal_progress(NULL, start);
}

void tct_meeting_by_script(tct_meeting *m)
{
    if (!m->asker) {
        tct_string error = {0};
        m->reached = tct_meeting_has_sheet;
        wait_by_script(m, "Waiting for the other person");
        m->reached = NULL;
        if (!tct_meeting_has_sheet(m) || tct_pairing_end(m->pairing)->kind != TCT_END_NONE ||
            !tct_meeting_check_role(m))
            return;
        if (!apply_given(m, tct_pairing_sheet(m->pairing), tct_pairing_person(m->pairing),
                         &error)) {
            tct_pairing_leave(m->pairing, TCT_END_ANSWER, error.text);
            tct_string_free(&error);
            return;
        }
    }
    tct_meeting_seal(m);
    wait_by_script(m, "Waiting for the other person");
}
