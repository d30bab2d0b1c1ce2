/* SPDX-License-Identifier: ISC */
#include "cli/agreed.h"

tct_agreed tct_agreed_on(uint64_t until_ms, uint64_t relay_now_ms, uint64_t now_ms)
{
    if (until_ms == 0)
        return (tct_agreed){.kind = TCT_AGREED_NEVER};
    uint64_t most_ms = (uint64_t)TCT_WITHIN_MAX_DAYS * 24 * 3600 * 1000 + TCT_CLOCK_SLACK_MS;
    uint64_t left_ms = until_ms > relay_now_ms ? until_ms - relay_now_ms : 0;
    if (left_ms > most_ms || (left_ms == 0 && relay_now_ms - until_ms > TCT_CLOCK_SLACK_MS))
        return (tct_agreed){.kind = TCT_AGREED_CLOCK};
    return (tct_agreed){.kind = TCT_AGREED_BY, .end_ms = now_ms + left_ms};
}

int64_t tct_agreed_left_ms(const tct_agreed *agreed, uint64_t now_ms)
{
    if (agreed->kind != TCT_AGREED_BY)
        return -1;
    return agreed->end_ms > now_ms ? (int64_t)(agreed->end_ms - now_ms) : 0;
}

bool tct_clocks_apart(uint64_t relay_now_ms, uint64_t calendar_now_ms)
{
    uint64_t apart = relay_now_ms > calendar_now_ms ? relay_now_ms - calendar_now_ms
                                                    : calendar_now_ms - relay_now_ms;
    return apart > TCT_CLOCKS_APART_MS;
}

tct_morning tct_morning_at(const tct_window *window, uint64_t relay_now_ms,
                           uint64_t calendar_now_ms)
{
    if (relay_now_ms < window->opens_ms)
        return TCT_MORNING_EARLY;
    if (window->confirmed || relay_now_ms < window->closes_ms)
        return TCT_MORNING_GIVE;
    if (calendar_now_ms < window->closes_ms && tct_clocks_apart(relay_now_ms, calendar_now_ms))
        return TCT_MORNING_CLOCKS;
    return TCT_MORNING_MISSED;
}
