/* SPDX-License-Identifier: ISC
 *
 * When a wait is over, whatever clocks do.
 * The command's files are no library, so the one under test is included.
 */
#include "cli/agreed.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
static const uint64_t relay_ms = 1700000000000, own_ms = 5 * DAY;

static void a_time_is_kept_by_the_own_clock_from_the_agreement_on(void **state)
{
    (void)state;
    tct_agreed agreed = tct_agreed_on(relay_ms + 30 * MINUTE, relay_ms, own_ms);
    assert_int_equal(agreed.kind, TCT_AGREED_BY);
    assert_int_equal(tct_agreed_left_ms(&agreed, own_ms), 30 * MINUTE);
    assert_int_equal(tct_agreed_left_ms(&agreed, own_ms + 30 * MINUTE - 1), 1);
    assert_int_equal(tct_agreed_left_ms(&agreed, own_ms + 30 * MINUTE), 0);
    assert_int_equal(tct_agreed_left_ms(&agreed, own_ms + DAY), 0);
}

static void no_time_is_no_time(void **state)
{
    (void)state;
    tct_agreed agreed = tct_agreed_on(0, relay_ms, own_ms);
    assert_int_equal(agreed.kind, TCT_AGREED_NEVER);
    assert_int_equal(tct_agreed_left_ms(&agreed, own_ms), -1);
    agreed = (tct_agreed){0};
    assert_int_equal(tct_agreed_left_ms(&agreed, own_ms), -1);
}

static void a_slow_line_may_use_up_the_time_and_a_set_clock_is_told(void **state)
{
    (void)state;
    const uint64_t most = (uint64_t)TCT_WITHIN_MAX_DAYS * DAY + TCT_CLOCK_SLACK_MS;
    const struct {
        uint64_t until;
        tct_agreed_kind kind;
    } cases[] = {
        {relay_ms, TCT_AGREED_BY},
        {relay_ms - TCT_CLOCK_SLACK_MS, TCT_AGREED_BY},
        {relay_ms - TCT_CLOCK_SLACK_MS - 1, TCT_AGREED_CLOCK},
        {relay_ms - DAY, TCT_AGREED_CLOCK},
        {1, TCT_AGREED_CLOCK},
        {relay_ms + most, TCT_AGREED_BY},
        {relay_ms + most + 1, TCT_AGREED_CLOCK},
        {UINT64_MAX, TCT_AGREED_CLOCK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(tct_agreed_on(cases[i].until, relay_ms, own_ms).kind, cases[i].kind);
    tct_agreed late = tct_agreed_on(relay_ms - MINUTE, relay_ms, own_ms);
    assert_int_equal(tct_agreed_left_ms(&late, own_ms), 0);
}

static void a_window_is_one_of_the_relays_clock(void **state)
{
    (void)state;
    tct_window window = {relay_ms, relay_ms + 12 * HOUR, false};
    assert_int_equal(tct_morning_at(&window, relay_ms - 1, relay_ms), TCT_MORNING_EARLY);
    assert_int_equal(tct_morning_at(&window, relay_ms, relay_ms), TCT_MORNING_GIVE);
    assert_int_equal(tct_morning_at(&window, relay_ms, relay_ms + DAY), TCT_MORNING_GIVE);
    uint64_t closes = window.closes_ms;
    assert_int_equal(tct_morning_at(&window, closes - 1, closes), TCT_MORNING_GIVE);
    assert_int_equal(tct_morning_at(&window, closes, closes), TCT_MORNING_MISSED);
    /* A calendar that is a little slow changes nothing; one that is far behind keeps the file. */
    assert_int_equal(tct_morning_at(&window, closes, closes - HOUR), TCT_MORNING_MISSED);
    assert_int_equal(tct_morning_at(&window, closes, closes - HOUR - 1), TCT_MORNING_CLOCKS);
    assert_int_equal(tct_morning_at(&window, closes + DAY, closes - 1), TCT_MORNING_CLOCKS);
    assert_int_equal(tct_morning_at(&window, closes + DAY, closes), TCT_MORNING_MISSED);
    window.confirmed = true; /* it may be handed in again, and asked for */
    assert_int_equal(tct_morning_at(&window, closes + DAY, closes - 1), TCT_MORNING_GIVE);
    assert_int_equal(tct_morning_at(&window, relay_ms - 1, closes), TCT_MORNING_EARLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_kept_by_the_own_clock_from_the_agreement_on),
        cmocka_unit_test(no_time_is_no_time),
        cmocka_unit_test(a_slow_line_may_use_up_the_time_and_a_set_clock_is_told),
        cmocka_unit_test(a_window_is_one_of_the_relays_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
