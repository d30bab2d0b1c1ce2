/* SPDX-License-Identifier: ISC
 *
 * What is kept between meetings: programs that begin at once, dates that are over, and clocks.  The command's
 * files are no library, so the ones under test are included.
 */
#include "cli/kept_file.c"
#include "cli/kept_store.c"
#include "cli/prose.c"
#include "cli/state_folder.c"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { PROGRAMS = 4, WEEK = 7 * 24 };

static char place[] = "/tmp/tacit-kept-XXXXXX";
static const uint8_t sheet[32] = {1}, other_sheet[32] = {2};

void tct_terminal_close(void)
{
}

static int open_place(void **state)
{
    (void)state;
    memcpy(place, "/tmp/tacit-kept-XXXXXX", sizeof place);
    assert_true(sodium_init() >= 0);
    assert_non_null(mkdtemp(place));
    return setenv("XDG_STATE_HOME", place, 1);
}

static int close_place(void **state)
{
    (void)state;
    char path[128];
    assert_int_equal(tct_kept_forget_all(), TCT_KEPT_OK);
    static const char *const folders[] = {"/tacit/kept", "/tacit", ""};
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof path, "%s%s", place, folders[i]);
        assert_int_equal(rmdir(path), 0); /* nothing else was left there */
    }
    return 0;
}

static tct_kept somebody(int number)
{
    tct_kept kept = {.settled = number % 2 != 0, .asked = true};
    (void)snprintf(kept.name, sizeof kept.name, "Person %d", number);
    (void)snprintf(kept.url, sizeof kept.url, "https://relay.example");
    memset(kept.id, 0x10 + number, sizeof kept.id);
    memset(kept.newest, 0x30 + number, sizeof kept.newest);
    memset(kept.before, 0x50 + number, sizeof kept.before);
    return kept;
}

/* Each makes the file if it is the first; all have one key, and nothing is lost. */
static void programs_that_begin_at_once_keep_everything(void **state)
{
    (void)state;
    static char names[TCT_KEPT_MAX][TCT_KEPT_NAME];
    pid_t children[PROGRAMS];
    size_t count, asked;
    for (int i = 0; i < PROGRAMS; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            tct_kept kept = somebody(i);
            bool good = tct_kept_save(&kept, true) == TCT_KEPT_OK &&
                        tct_kept_ask(kept.id, sheet, WEEK) == TCT_KEPT_OK;
            _exit(good ? 0 : 1);
        }
    }
    for (int i = 0; i < PROGRAMS; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(tct_kept_list(names, &count, &asked), TCT_KEPT_OK);
    assert_int_equal(count, PROGRAMS);
    assert_int_equal(asked, PROGRAMS);
    for (int i = 0; i < PROGRAMS; i++) {
        tct_kept kept, expected = somebody(i);
        assert_int_equal(tct_kept_load(&kept, expected.name), TCT_KEPT_OK);
        assert_memory_equal(&kept, &expected, sizeof kept);
    }
}

/* Two programs of one person ask the same at once: one of them does. */
static void the_second_of_two_at_once_is_too_soon(void **state)
{
    (void)state;
    int64_t again = 0, now = tct_kept_minute() * 60;
    tct_kept kept = somebody(1);
    assert_int_equal(tct_kept_may_ask(kept.id, sheet, WEEK, &again), TCT_KEPT_OK);
    assert_int_equal(tct_kept_ask(kept.id, sheet, WEEK), TCT_KEPT_OK);
    assert_int_equal(tct_kept_ask(kept.id, sheet, WEEK), TCT_KEPT_TOO_SOON);
    assert_int_equal(tct_kept_may_ask(kept.id, sheet, WEEK, &again), TCT_KEPT_TOO_SOON);
    assert_in_range(again - now, WEEK * 3600, WEEK * 3600 + 180);
    /* Another sheet, or somebody else, is not concerned. */
    assert_int_equal(tct_kept_may_ask(kept.id, other_sheet, WEEK, &again), TCT_KEPT_OK);
    kept = somebody(2);
    assert_int_equal(tct_kept_may_ask(kept.id, sheet, WEEK, &again), TCT_KEPT_OK);
}

static void shift_dates(int64_t minutes)
{
    char path[128], text[80];
    sqlite3 *db;
    (void)snprintf(path, sizeof path, "%s/tacit/kept/kept.db", place);
    (void)snprintf(text, sizeof text, "UPDATE asked SET until = until + %lld",
                   (long long)minutes);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    (void)sqlite3_close(db);
}

/* A date goes with the first new one, two days after it is over, and not before: clocks differ. */
static void dates_that_are_over_go(void **state)
{
    (void)state;
    static char names[TCT_KEPT_MAX][TCT_KEPT_NAME];
    tct_kept kept = somebody(1);
    size_t count, asked;
    assert_int_equal(tct_kept_ask(kept.id, sheet, WEEK), TCT_KEPT_OK);
    shift_dates(-(WEEK * 60 + 24 * 60));
    assert_int_equal(tct_kept_ask(kept.id, other_sheet, WEEK), TCT_KEPT_OK);
    assert_int_equal(tct_kept_list(names, &count, &asked), TCT_KEPT_OK);
    assert_int_equal(asked, 2);
    shift_dates(-(WEEK * 60 + 3 * 24 * 60));
    assert_int_equal(tct_kept_ask(kept.id, other_sheet, WEEK), TCT_KEPT_OK);
    assert_int_equal(tct_kept_list(names, &count, &asked), TCT_KEPT_OK);
    assert_int_equal(asked, 1);
}

/* A clock that went back by a day, or was ahead by years: one time of the sheet from now, and then it is over. */
static void a_wrong_clock_costs_one_wait_at_most(void **state)
{
    (void)state;
    static const int64_t ahead_days[] = {1, 3650};
    tct_kept kept = somebody(1);
    for (size_t i = 0; i < 2; i++) {
        int64_t again, now = tct_kept_minute() * 60;
        assert_int_equal(tct_kept_ask(kept.id, sheet, WEEK), TCT_KEPT_OK);
        shift_dates(ahead_days[i] * 24 * 60);
        assert_int_equal(tct_kept_may_ask(kept.id, sheet, WEEK, &again), TCT_KEPT_TOO_SOON);
        assert_in_range(again - now, WEEK * 3600 - 60, WEEK * 3600 + 180);
        shift_dates(-(WEEK * 60 + 2));
        assert_int_equal(tct_kept_may_ask(kept.id, sheet, WEEK, &again), TCT_KEPT_OK);
    }
}

static void names_are_free_once(void **state)
{
    (void)state;
    tct_kept kept = somebody(1), other = somebody(2);
    assert_int_equal(tct_kept_load(&other, "Person 1"), TCT_KEPT_ABSENT);
    assert_int_equal(tct_kept_save(&kept, true), TCT_KEPT_OK);
    assert_int_equal(tct_kept_save(&kept, true), TCT_KEPT_NAME_TAKEN);
    memset(kept.newest, 9, sizeof kept.newest);
    assert_int_equal(tct_kept_save(&kept, false), TCT_KEPT_OK);
    assert_int_equal(tct_kept_load(&other, "Person 1"), TCT_KEPT_OK);
    assert_memory_equal(&other, &kept, sizeof kept);
    assert_int_equal(tct_kept_forget("Person 1"), TCT_KEPT_OK);
    assert_int_equal(tct_kept_forget("Person 1"), TCT_KEPT_ABSENT);
    assert_int_equal(tct_kept_load(&other, "Person 1"), TCT_KEPT_ABSENT);
}

/* A program that still has it, of a meeting under way, does not bring it back. */
static void what_was_forgotten_meanwhile_stays_forgotten(void **state)
{
    (void)state;
    tct_kept kept = somebody(1), other = somebody(2);
    assert_int_equal(tct_kept_save(&kept, true), TCT_KEPT_OK);
    assert_int_equal(tct_kept_forget("Person 1"), TCT_KEPT_OK);
    assert_int_equal(tct_kept_save(&kept, false), TCT_KEPT_ABSENT);
    memcpy(other.name, kept.name, sizeof other.name);
    assert_int_equal(tct_kept_save(&other, true), TCT_KEPT_OK); /* somebody else of that name */
    assert_int_equal(tct_kept_save(&kept, false), TCT_KEPT_ABSENT);
    assert_int_equal(tct_kept_forget_all(), TCT_KEPT_OK);
    assert_int_equal(tct_kept_save(&kept, false), TCT_KEPT_ABSENT);
    assert_int_equal(tct_kept_load(&other, "Person 1"), TCT_KEPT_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(programs_that_begin_at_once_keep_everything, open_place,
                                        close_place),
        cmocka_unit_test_setup_teardown(the_second_of_two_at_once_is_too_soon, open_place,
                                        close_place),
        cmocka_unit_test_setup_teardown(dates_that_are_over_go, open_place, close_place),
        cmocka_unit_test_setup_teardown(a_wrong_clock_costs_one_wait_at_most, open_place,
                                        close_place),
        cmocka_unit_test_setup_teardown(names_are_free_once, open_place, close_place),
        cmocka_unit_test_setup_teardown(what_was_forgotten_meanwhile_stays_forgotten,
                                        open_place, close_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
