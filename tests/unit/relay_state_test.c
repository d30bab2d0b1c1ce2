/* SPDX-License-Identifier: ISC
 *
 * A relay that is killed at any moment loses no session: two devices that send frames in turn, leave
 * their deposits and say goodbye, over lines (net/line.h) that break, with rooms that are written to
 * SQLite.  And what a state file may be instead of a state file.
 */
#include "support/relay_world.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ------------------------------------------------------------------------------ two devices --- */

enum { FLIGHTS = 9, LARGE = 70000 };

/* One side of a conversation: it answers each frame of the other with its next. */
typedef struct {
    uint32_t said, heard;
    bool asked, joined, deposited, released, done;
} talker;

typedef struct {
    talker sides[2];
    bool wrong;
} talk;

static size_t size_of(uint32_t flight)
{
    return flight == 3 ? LARGE : 200 + 50 * flight;
}

static void say_next(tct_world *world, int who)
{
    static uint8_t frame[LARGE];
    talker *t = &((talk *)world->context)->sides[who];
    memset(frame, (int)(16 * t->said + (uint32_t)who), size_of(t->said));
    assert_true(tct_line_frame(world->devices[who].line, frame, size_of(t->said)));
    t->said++;
}

/* Halves of nothing fit nothing, so that both are refused: what matters here is that both hear it, once. */
static void go_on(tct_world *world, int who)
{
    talker *t = &((talk *)world->context)->sides[who];
    tct_line *line = world->devices[who].line;
    if (t->joined && t->said < FLIGHTS && t->said <= t->heard)
        say_next(world, who);
    if (t->heard == FLIGHTS && t->said == FLIGHTS && !t->deposited) {
        t->deposited = true;
        assert_true(tct_line_deposit(line, 0, 0, (const uint8_t *)"not a deposit", 13));
    }
}

static void told(tct_world *world, int who, const tct_line_event *event)
{
    talk *both = world->context;
    talker *t = &both->sides[who];
    switch (event->kind) {
    case TCT_LINE_OPENED:
        world->devices[WORLD_ANSWERER].number = event->number;
        t->joined = true;
        break;
    case TCT_LINE_JOINED:
        t->joined = true;
        break;
    case TCT_LINE_FRAME:
        /* Whole, in order, once. */
        both->wrong = both->wrong || event->length != size_of(t->heard) ||
                      event->bytes[0] != 16 * t->heard + (uint32_t)(1 - who) ||
                      event->bytes[event->length - 1] != event->bytes[0];
        t->heard++;
        break;
    case TCT_LINE_VERDICT:
        both->wrong = both->wrong || t->done || event->released;
        t->done = true;
        break;
    case TCT_LINE_BACK:
    case TCT_LINE_PEER_JOINED:
        break;
    case TCT_LINE_PEER_LEFT:
        both->wrong = both->wrong || !t->done;
        break;
    default:
        both->wrong = true;
        break;
    }
    go_on(world, who);
}

static void begin(tct_world *world, talk *both, uint64_t seed, bool keeps)
{
    uint8_t room[TCT_RELAY_ROOM_BYTES];
    *both = (talk){0};
    tct_world_init(world, seed, keeps, told, both);
    memset(room, (int)(seed & 0xff), sizeof room);
    tct_world_switch_on(world, WORLD_ASKER);
    tct_world_switch_on(world, WORLD_ANSWERER);
    assert_true(tct_line_open(world->devices[WORLD_ASKER].line, room));
}

/* One message, of whoever has one; the answerer comes when the number is known.  false: none. */
static bool step(tct_world *world)
{
    talk *both = world->context;
    bool moved = false;
    if (world->devices[WORLD_ANSWERER].number != 0 && !both->sides[WORLD_ANSWERER].asked) {
        both->sides[WORLD_ANSWERER].asked = true;
        assert_true(tct_line_join(world->devices[WORLD_ANSWERER].line,
                                  world->devices[WORLD_ANSWERER].number));
    }
    for (int who = 0; who < 2 && !moved; who++) {
        if (tct_line_begun(world->devices[who].line))
            tct_world_connect(world, who);
        moved = tct_world_say(world, who) || tct_world_hear(world, who);
    }
    return moved;
}

static void finish(tct_world *world, const char *what, uint64_t which)
{
    const talk *both = world->context;
    for (int i = 0; i < 400 && !(both->sides[0].done && both->sides[1].done); i++) {
        if (!step(world))
            tct_world_pass(world, 300);
        tct_world_settle(world);
    }
    if (both->wrong || world->strange || !both->sides[0].done || !both->sides[1].done)
        fail_msg(
            "%s %llu: wrong %d, strange %d; asker said %u heard %u done %d, answerer said %u "
            "heard %u done %d",
            what, (unsigned long long)which, both->wrong, world->strange, both->sides[0].said,
            both->sides[0].heard, both->sides[0].done, both->sides[1].said,
            both->sides[1].heard, both->sides[1].done);
    /* Both say goodbye, and nothing is left behind: not in memory, and not in the file. */
    for (int who = 0; who < 2; who++) {
        tct_line_bye(world->devices[who].line);
        tct_world_pass(world, 1000); /* a disk that was full is tried again each second */
        tct_world_calm(world);
        tct_world_switch_off(world, who);
    }
    tct_world_pass(world, world->limits.away_ms + 1000);
    tct_world_kill_relay(world);
    tct_rooms_figures figures = tct_rooms_count(world->rooms);
    if (figures.rooms + figures.asleep + figures.bytes_waiting != 0)
        fail_msg("%s %llu: %u rooms, %u asleep, %zu bytes are left", what,
                 (unsigned long long)which, figures.rooms, figures.asleep,
                 figures.bytes_waiting);
    tct_world_free(world);
}

/* After each message of the whole conversation, with what was written since and without it. */
static void a_relay_killed_after_any_message_loses_nothing(void **state)
{
    (void)state;
    uint32_t steps = 1;
    for (uint32_t at = 0; at < steps; at++) {
        for (int written = 0; written < 2; written++) {
            tct_world world;
            talk both;
            begin(&world, &both, at, true);
            uint32_t i = 0;
            while (i < at && !(both.sides[0].done && both.sides[1].done)) {
                if (i + 1 < at || written)
                    tct_world_settle(&world);
                if (!step(&world))
                    tct_world_pass(&world, 300);
                i++;
            }
            if (i == at && at + 1 == steps)
                steps++; /* there was one more */
            tct_world_kill_relay(&world);
            finish(&world, written ? "killed after writing, step" : "killed, step", at);
        }
    }
    assert_in_range(steps, 40, 1000);
}

/* Everything at once, at 200 random moments each: lines that break with messages on their way, the
 * relay killed again and again, a disk that is full for a while, time that passes. */
static void at_random_moments_nothing_is_lost_either(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        tct_world world;
        talk both;
        begin(&world, &both, seed, true);
        for (int i = 0; i < 400 && !(both.sides[0].done && both.sides[1].done); i++) {
            if (!step(&world) || tct_world_one_in(&world, 9))
                tct_world_pass(&world, tct_world_draw(&world, 2000));
            if (tct_world_one_in(&world, 3))
                tct_world_settle(&world);
            if (tct_world_one_in(&world, 12))
                tct_world_break(&world, (int)tct_world_draw(&world, 2),
                                (unsigned)tct_world_draw(&world, 4));
            if (tct_world_one_in(&world, 20))
                tct_world_kill_relay(&world);
            if (both.sides[1].joined &&
                tct_world_one_in(&world, 15)) /* newcomers it turns away */
                tct_journal_limit(world.journal, tct_world_one_in(&world, 3));
        }
        tct_journal_limit(world.journal, false);
        finish(&world, "seed", seed);
    }
}

/* In memory only, lines may break as well. */
static void without_a_file_lines_may_break_too(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        tct_world world;
        talk both;
        begin(&world, &both, seed, false);
        for (int i = 0; i < 300 && !(both.sides[0].done && both.sides[1].done); i++) {
            if (!step(&world))
                tct_world_pass(&world, 300);
            if (tct_world_one_in(&world, 8))
                tct_world_break(&world, (int)tct_world_draw(&world, 2),
                                (unsigned)tct_world_draw(&world, 4));
        }
        finish(&world, "seed", seed);
    }
}

/* -------------------------------------------------------------------------- a disk that is full --- */

/* What a device may rely on is not said before it is written; and then it is. */
static void while_the_disk_is_full_nothing_is_promised(void **state)
{
    (void)state;
    tct_world world;
    talk both;
    begin(&world, &both, 3, true);
    tct_journal_limit(world.journal, true);
    for (int i = 0; i < 20; i++) {
        step(&world);
        tct_world_pass(&world, 500);
    }
    assert_int_equal(world.devices[WORLD_ANSWERER].number,
                     0); /* not even that there is a room */
    assert_non_null(strstr(tct_journal_why(world.journal), "disk is full"));
    tct_journal_limit(world.journal, false);
    finish(&world, "full disk", 0);
}

/* A real one: the file may not grow beyond a few pages, and a frame does not fit. */
static void a_file_at_its_bound_loses_nothing(void **state)
{
    (void)state;
    char error[TCT_JOURNAL_ERROR_MAX];
    static uint8_t bytes[2 << 20];
    tct_journal *journal = tct_journal_open(":memory:", 256 * 1024, error);
    assert_non_null(journal);
    tct_journal_room room = {.key = 7, .number = 3};
    tct_journal_frame frame = {.room = 7, .seq = 0, .bytes = bytes, .length = sizeof bytes};
    assert_true(tct_journal_begin(journal) && tct_journal_put_room(journal, &room) &&
                tct_journal_commit(journal));
    assert_true(tct_journal_begin(journal));
    assert_false(tct_journal_put_frame(journal, &frame) && tct_journal_commit(journal));
    assert_non_null(strstr(tct_journal_why(journal), "disk is full"));
    tct_journal_undo(journal);
    frame.length = 1000;
    assert_true(tct_journal_begin(journal) && tct_journal_put_frame(journal, &frame) &&
                tct_journal_commit(journal));
    tct_journal_close(journal);
}

/* -------------------------------------------------------------------------- files of all kinds --- */

static char folder[200];

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    const char *place = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/tacit-state-XXXXXX", place != NULL ? place : "/tmp");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"a.db", "a.db-wal", "a.db-shm", "text", "other.db"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    return rmdir(folder);
}

static void assert_not_opened(const char *path, const char *says)
{
    char error[TCT_JOURNAL_ERROR_MAX] = "";
    assert_null(tct_journal_open(path, 1 << 20, error));
    if (strstr(error, says) == NULL)
        fail_msg("%s: %s", path, error);
}

static void do_sql(const char *path, const char *text)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* A new state with a room, a frame and a slot in it. */
static void make_state(const char *path)
{
    char error[TCT_JOURNAL_ERROR_MAX];
    static const uint8_t bytes[5000] = {1};
    unlink(path);
    tct_journal *journal = tct_journal_open(path, 1 << 20, error);
    if (journal == NULL)
        fail_msg("%s", error);
    tct_journal_room room = {.key = 7, .number = 3};
    room.seats[0].taken = room.seats[1].taken = true;
    room.seats[0].received = 1;
    tct_journal_frame frame = {
        .room = 7, .seat = 1, .seq = 0, .bytes = bytes, .length = sizeof bytes};
    tct_journal_slot slot = {.room = 7, .run = 1, .deposit = {bytes, NULL}, .length = {48, 0}};
    assert_true(tct_journal_begin(journal) && tct_journal_put_room(journal, &room) &&
                tct_journal_put_frame(journal, &frame) &&
                tct_journal_put_slot(journal, &slot) && tct_journal_commit(journal));
    tct_journal_close(journal);
}

/* May a relay begin with it? */
static bool takes_up(const char *path)
{
    char error[TCT_JOURNAL_ERROR_MAX];
    tct_relay_limits limits = tct_relay_limits_usual();
    tct_journal *journal = tct_journal_open(path, 1 << 20, error);
    if (journal == NULL)
        return false;
    tct_rooms *rooms = tct_rooms_new(&limits, 1);
    bool good = tct_rooms_keep_in(rooms, journal, 1000);
    tct_rooms_free(rooms);
    tct_journal_close(journal);
    return good;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    make_state(path_of("a.db"));
    assert_true(takes_up(path_of("a.db")));
    struct stat info;
    assert_int_equal(stat(path_of("a.db"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void what_is_no_state_of_ours_is_left_alone(void **state)
{
    (void)state;
    FILE *file = fopen(path_of("text"), "w");
    assert_non_null(file);
    for (int i = 0; i < 300; i++)
        fputs("These are a person's own words.\n", file);
    fclose(file);
    struct stat before, after;
    stat(path_of("text"), &before);
    assert_not_opened(path_of("text"), "not a file of this relay");
    stat(path_of("text"), &after);
    assert_int_equal(before.st_size, after.st_size);
    do_sql(path_of("other.db"), "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    assert_not_opened(path_of("other.db"), "not a file of this relay");
    assert_not_opened(path_of("no/such/folder.db"), "cannot be written");
    assert_not_opened(folder, "cannot be written");
}

static void another_version_is_said(void **state)
{
    (void)state;
    make_state(path_of("a.db"));
    do_sql(path_of("a.db"), "PRAGMA user_version=3");
    assert_not_opened(path_of("a.db"), "another version");
    do_sql(path_of("a.db"), "PRAGMA user_version=2");
    assert_true(takes_up(path_of("a.db"))); /* nothing was lost */
}

static void one_relay_at_a_time(void **state)
{
    (void)state;
    char error[TCT_JOURNAL_ERROR_MAX];
    make_state(path_of("a.db"));
    tct_journal *first = tct_journal_open(path_of("a.db"), 1 << 20, error);
    assert_non_null(first);
    assert_not_opened(path_of("a.db"), "in use by another relay");
    tct_journal_close(first);
    assert_true(takes_up(path_of("a.db")));
}

/* Bytes of the file overwritten, at every place of a page's size: said, or of no consequence. */
static void a_damaged_file_is_said_and_not_believed(void **state)
{
    (void)state;
    struct stat info;
    uint32_t refused = 0, count = 0;
    make_state(path_of("a.db"));
    assert_int_equal(stat(path_of("a.db"), &info), 0);
    for (off_t at = 0; at < info.st_size; at += 517) {
        make_state(path_of("a.db"));
        FILE *file = fopen(path_of("a.db"), "r+b");
        assert_non_null(file);
        fseek(file, at, SEEK_SET);
        for (int i = 0; i < 64; i++)
            fputc(0xa7, file);
        fclose(file);
        refused += !takes_up(path_of("a.db"));
        count++;
    }
    assert_in_range(refused, 3, count);
    make_state(path_of("a.db")); /* rows that contradict each other */
    do_sql(path_of("a.db"), "UPDATE room SET received0=2");
    assert_false(takes_up(path_of("a.db")));
    do_sql(path_of("a.db"), "UPDATE room SET received0=1, id=x'00'");
    assert_false(takes_up(path_of("a.db")));
    make_state(path_of("a.db"));
    do_sql(path_of("a.db"), "UPDATE slot SET state=3");
    assert_false(takes_up(path_of("a.db")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_relay_killed_after_any_message_loses_nothing),
        cmocka_unit_test(at_random_moments_nothing_is_lost_either),
        cmocka_unit_test(without_a_file_lines_may_break_too),
        cmocka_unit_test(while_the_disk_is_full_nothing_is_promised),
        cmocka_unit_test(a_file_at_its_bound_loses_nothing),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(what_is_no_state_of_ours_is_left_alone),
        cmocka_unit_test(another_version_is_said),
        cmocka_unit_test(one_relay_at_a_time),
        cmocka_unit_test(a_damaged_file_is_said_and_not_believed),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
