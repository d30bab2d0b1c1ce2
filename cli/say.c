/* SPDX-License-Identifier: ISC */
#include "cli/say.h"

#include "cli/commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define RUN_AGAIN "Start again when you both want to, with a new code."

/* People read these on a hard night: short, plain, nobody's fault. */
static const struct {
    tct_end_kind kind;
    int status;
    const char *reason, *what, *next;
} endings[] = {
    {TCT_END_OUTCOME, TCT_EXIT_OUTCOME, "outcome", "", ""},
    {TCT_END_ASLEEP, TCT_EXIT_OUTCOME, "asleep", "Your answers are put aside.", ""},
    {TCT_END_PREPARED, TCT_EXIT_OUTCOME, "prepared", "Letters are prepared.", ""},
    {TCT_END_USAGE, TCT_EXIT_USAGE, "usage", "", "See: tacit help"},
    {TCT_END_ANSWER, TCT_EXIT_USAGE, "answer", "An answer is missing or not allowed.",
     "Change the answers, and start again. `tacit show SHEET` lists what can be answered."},
    {TCT_END_CODE_TYPO, TCT_EXIT_USAGE, "code-typo", "That is not a code.",
     "Look at the code again: a number and two words, like 7-lantern-harbor."},
    {TCT_END_SHEET, TCT_EXIT_SHEET, "sheet", "The sheet has an error.",
     "`tacit check FILE` shows where."},
    {TCT_END_THEIR_SHEET, TCT_EXIT_SHEET, "sheet",
     "The sheet that the other person brought cannot be read.",
     "Ask them to look at it with `tacit check`."},
    {TCT_END_TOO_LARGE, TCT_EXIT_SHEET, "sheet-too-large",
     "This sheet is larger than this device can work out.", "Try a shorter sheet."},
    {TCT_END_LEFT_SELF, TCT_EXIT_PERSON, "left-self", "You left.",
     "That is all right. You can start again at any time, or not."},
    {TCT_END_OUTPUT, TCT_EXIT_MACHINE, "output",
     "The output could not be written: the disk is full, or the reader has gone.",
     "Make room, or read to the end, and start again."},
    {TCT_END_NOT_KEPT, TCT_EXIT_MACHINE, "not-kept",
     "Your answers could not be kept overnight.",
     "You both will see what the sheet says otherwise. Make room, and start again when you "
     "both "
     "want to."},
    {TCT_END_NO_SLEEP, TCT_EXIT_RELAY, "no-sleep",
     "Sleeping on it takes a relay that keeps things overnight, and this one does not.",
     "Use another relay, or a sheet without a pause."},
    {TCT_END_NO_HISTORY, TCT_EXIT_USAGE, "no-history",
     "This sheet says how often it may be asked, and --no-history says that nothing is kept to "
     "count by.",
     "Leave --no-history out, or take a sheet without `once every`."},
    {TCT_END_HISTORY, TCT_EXIT_MACHINE, "history",
     "What this device has kept cannot be read or written, so it cannot say whether it is time "
     "again.",
     "Mend that, or meet with a new code: a new pairing starts without history."},
    {TCT_END_NO_PAIRING, TCT_EXIT_USAGE, "no-pairing",
     "There is nobody of that name to meet again.",
     "`tacit kept` lists those there are. Or meet with a new code."},
    {TCT_END_NO_LETTERS, TCT_EXIT_RELAY, "no-letters",
     "Letters take a relay that keeps them and notes which were used, and this one does not.",
     "Use another relay, or ask when you are both there."},
    {TCT_END_MACHINE, TCT_EXIT_MACHINE, "machine",
     "This machine's arithmetic failed its own test, so nothing was worked out.",
     "Please use another machine."},
    {TCT_END_INTERRUPTED, 130, "interrupted", "You left.",
     "That is all right. You can start again at any time, or not."},
    {TCT_END_TERMINATED, 143, "terminated", "tacit was asked to stop.", RUN_AGAIN},
    {TCT_END_HUNG_UP, 129, "hung-up", "The terminal was closed.", RUN_AGAIN},

    {TCT_END_BAD_URL, TCT_EXIT_USAGE, "relay-url", "That is not the address of a relay.",
     "It looks like https://relay.example or http://127.0.0.1:7333."},
    {TCT_END_UNREACHABLE, TCT_EXIT_RELAY, "relay-unreachable", "The relay cannot be reached.",
     "`tacit serve` starts a relay on this machine; --relay URL names another."},
    {TCT_END_LOST, TCT_EXIT_RELAY, "relay-lost", "The line to the relay was lost.", RUN_AGAIN},
    {TCT_END_NOT_A_RELAY, TCT_EXIT_RELAY, "not-a-relay",
     "Something answered at that address, but it is not a tacit relay.",
     "Look at the address given with --relay, or in TACIT_RELAY."},
    {TCT_END_RELAY_BUSY, TCT_EXIT_RELAY, "relay-busy",
     "The relay has no room for more people now.",
     "Try again in a few minutes, or use another relay."},
    {TCT_END_RELAY_OLD, TCT_EXIT_RELAY, "relay-version",
     "The relay and this program are of versions that do not fit together.",
     "Use the same version of tacit at both ends."},
    {TCT_END_RELAY_CLOSING, TCT_EXIT_RELAY, "relay-closing", "The relay is shutting down.",
     RUN_AGAIN},
    {TCT_END_RELAY_REFUSED, TCT_EXIT_RELAY, "relay-refused",
     "The relay did not take what this program sent.",
     "Use the same version of tacit at both ends, or another relay."},
    {TCT_END_NOT_GIVEN, TCT_EXIT_PERSON, "not-given",
     "The relay gave the outcome to neither of you.",
     "It may mean nothing at all: a line that dropped at the wrong moment. " RUN_AGAIN},
    {TCT_END_RELAY_WRONG, TCT_EXIT_CHECK, "relay-wrong",
     "What the relay handed over is not what was left with it.", "Please use another relay."},
    {TCT_END_NO_MEETING, TCT_EXIT_RELAY, "no-meeting",
     "This relay cannot bring two together without a code.",
     "Use another relay, both of you the same, or meet with a new code."},
    {TCT_END_TOLD_ONE, TCT_EXIT_CHECK, "told-one",
     "The other device says that the relay gave it the outcome, and this one got nothing.",
     "Please use another relay."},

    {TCT_END_CLOCK, TCT_EXIT_RELAY, "clock",
     "The relay's clock was set while you two met, so there is no time that you could agree "
     "on.",
     RUN_AGAIN},

    {TCT_END_NOBODY_CAME, TCT_EXIT_PERSON, "nobody-came", "Nobody came with the code in time.",
     "Start again when you are both there. --timeout says how long to wait."},
    {TCT_END_TIMEOUT, TCT_EXIT_PERSON, "timeout", "The other person did not go on in time.",
     "It may mean nothing at all: a battery, a call, a door bell. " RUN_AGAIN},
    {TCT_END_LEFT, TCT_EXIT_PERSON, "left", "The other person is no longer there.",
     "It may mean nothing at all: a battery, a call, a door bell. " RUN_AGAIN},
    {TCT_END_IDLE, TCT_EXIT_PERSON, "idle",
     "Nothing happened for so long that the relay closed the room.", RUN_AGAIN},

    {TCT_END_CHECK, TCT_EXIT_CHECK, "check-failed",
     "Something did not add up, so nothing was worked out.",
     "If you try again and it happens again, one of the two programs, or something between "
     "them, "
     "is not what it says it is: do not go on with this device and that one."},

    {TCT_END_UNKNOWN_CODE, TCT_EXIT_PAIR, "unknown-code",
     "The relay knows no such code, or it is over.",
     "Ask the other person for a new one, and use the same relay as they do."},
    {TCT_END_FULL, TCT_EXIT_PAIR, "room-full",
     "Two people are already there with this code, or were a moment ago.",
     "If a try has just failed, the other person must first choose to wait again. Else ask "
     "them for "
     "a new code."},
    {TCT_END_WRONG_CODE, TCT_EXIT_PAIR, "wrong-code", "The two codes are not the same.",
     "Someone may have misheard a word, or someone else tried. " RUN_AGAIN},
    {TCT_END_CODE_SPENT, TCT_EXIT_PAIR, "code-spent",
     "This code was tried three times without success. It is over.",
     "Ask the other person for a new one."},
    {TCT_END_OTHER_SHEET, TCT_EXIT_PAIR, "other-sheet",
     "The other person holds another sheet than the one you expect.",
     "Agree on the sheet, word for word, and start again."},
    {TCT_END_SAME_ROLE, TCT_EXIT_PAIR, "same-role", "You both took the same part of the sheet.",
     "Agree on who is who, and start again with --as."},
    {TCT_END_ONE_OF_LETTERS, TCT_EXIT_PAIR, "letters",
     "One of you came to prepare letters, and the other to answer now.",
     "`tacit letters join` takes a code for letters, and `tacit answer` one for now. Ask the "
     "other person for a new one."},
    {TCT_END_VERSION, TCT_EXIT_PAIR, "other-version",
     "The other person's tacit is of another version than yours.",
     "Use the same version at both ends (`tacit version` tells)."},
    {TCT_END_TOO_SOON, TCT_EXIT_PAIR, "too-soon",
     "You two asked each other this a short while ago.",
     "Asked again and again, a sheet tells more than one outcome should. Another sheet can be "
     "asked now."},
    {TCT_END_NOT_YET, TCT_EXIT_PAIR, "not-yet",
     "This sheet says how often it may be asked, and one of your two devices cannot say that "
     "it "
     "is time again.",
     "Nothing was asked, and nobody did anything wrong. Another sheet can be asked now."},
};

static int64_t time_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

static size_t find(tct_end_kind kind)
{
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (endings[i].kind == kind)
            return i;
    return 0;
}

_Static_assert(sizeof endings / sizeof endings[0] == TCT_END_COUNT - 1,
               "every ending has words");

int tct_end_status(const tct_end *end)
{
    return endings[find(end->kind)].status;
}

const char *tct_end_reason(const tct_end *end)
{
    return endings[find(end->kind)].reason;
}

tct_end_kind tct_end_of_error(tacit_status error)
{
    switch (error) {
    case TACIT_ERR_ABORT:
        return TCT_END_LEFT;
    case TACIT_ERR_CODE:
        return TCT_END_WRONG_CODE;
    case TACIT_ERR_OTHER_SHEET:
        return TCT_END_OTHER_SHEET;
    case TACIT_ERR_SAME_ROLE:
        return TCT_END_SAME_ROLE;
    case TACIT_ERR_LETTERS:
        return TCT_END_ONE_OF_LETTERS;
    case TACIT_ERR_VERSION:
        return TCT_END_VERSION;
    case TACIT_ERR_SHEET:
        return TCT_END_THEIR_SHEET;
    case TACIT_ERR_MEMORY:
    case TACIT_ERR_LIMIT:
        return TCT_END_TOO_LARGE;
    case TACIT_ERR_ANSWER:
        return TCT_END_ANSWER;
    case TACIT_ERR_REFUSED:
        return TCT_END_NOT_GIVEN;
    case TACIT_ERR_TOO_SOON:
        return TCT_END_NOT_YET;
    case TACIT_ERR_RELAY:
        return TCT_END_RELAY_WRONG;
    case TACIT_OK:
    case TACIT_ERR_USAGE:
    case TACIT_ERR_SPACE:
    case TACIT_ERR_USED:
    case TACIT_ERR_FORMAT:
    case TACIT_ERR_CHEAT:
        break;
    }
    return TCT_END_CHECK;
}

void tct_too_soon_says(char detail[TCT_END_DETAIL_MAX], uint32_t hours, int64_t again)
{
    char when[64] = "?", ago[32];
    time_t seconds = (time_t)again;
    struct tm parts;
    bool far = again - (int64_t)time_now() > 6 * 86400;
    if (localtime_r(&seconds, &parts) == NULL ||
        strftime(when, sizeof when, far ? "%e %B" : "%A %H:%M", &parts) == 0)
        (void)snprintf(when, sizeof when, "?");
    if (hours % 24 == 0 && hours > 24)
        (void)snprintf(ago, sizeof ago, "%u days", hours / 24);
    else
        (void)snprintf(ago, sizeof ago, "%u hours", hours);
    if (hours == 24 || hours == 1)
        (void)snprintf(ago, sizeof ago, "%s", hours == 24 ? "a day" : "an hour");
    (void)snprintf(detail, TCT_END_DETAIL_MAX,
                   "You two asked each other this less than %s ago; again from %s.", ago,
                   when[0] == ' ' ? when + 1 : when);
}

void tct_end_page(const tct_end *end, tct_page *page)
{
    size_t i = find(end->kind);
    tct_string safe = {0};
    if (end->detail[0] != '\0')
        tct_prose_add_safe(&safe, end->detail, strlen(end->detail));
    else
        tct_string_add(&safe, endings[i].what);
    tct_page_add(page, TCT_STYLE_PLAIN, 0, "%s", safe.text);
    tct_string_free(&safe);
    if (end->maybe_revealed && end->kind == TCT_END_TOLD_ONE)
        tct_page_add(page, TCT_STYLE_PLAIN, 0,
                     "Either the relay or that device is not what it says it is. Your answers "
                     "were not shown to anybody. Please use another relay.");
    else if (end->maybe_revealed)
        tct_page_add(page, TCT_STYLE_PLAIN, 0,
                     "It was interrupted at the very end: the other person may have seen the "
                     "outcome, though not your answers. Please don't simply run it again; talk "
                     "first, if you can.");
    else
        tct_page_add(page, TCT_STYLE_PLAIN, 0, "Nothing was revealed.");
    if (endings[i].next[0] != '\0' && !end->maybe_revealed)
        tct_page_add(page, TCT_STYLE_PLAIN, 0, "%s", endings[i].next);
}

void tct_end_tell(const tct_end *end)
{
    tct_page words = {0}, page = {0};
    tct_end_page(end, &words);
    for (size_t i = 0; i < words.count; i++)
        tct_page_hang(&page, TCT_STYLE_PLAIN, 0, i == 0 ? "tacit: " : "       ",
                      words.items[i].text);
    tct_page_print(&page, stderr, 0);
    tct_page_free(&page);
    tct_page_free(&words);
}

void tct_tell(const char *format, ...)
{
    char text[TCT_END_DETAIL_MAX];
    tct_page page = {0};
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tct_page_hang(&page, TCT_STYLE_PLAIN, 0, "tacit: ", text);
    tct_page_print(&page, stderr, 0);
    tct_page_free(&page);
}
