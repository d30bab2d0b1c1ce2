/* SPDX-License-Identifier: ISC */
#include "relay/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE_BYTES = 4096, APPLICATION = 0x74636974, VERSION = 2, BEFORE_LETTERS = 1 };

typedef enum {
    PUT_ROOM,
    DROP_ROOM,
    DROP_FRAMES_OF,
    DROP_SLOTS_OF,
    PUT_FRAME,
    DROP_FRAMES,
    PUT_SLOT,
    DROP_LETTERS_OF,
    PUT_LETTER,
    READ_LETTERS,
    READ_ROOMS,
    READ_FRAMES,
    READ_SLOTS,
    STATEMENTS,
} statement;

static const char *const texts[STATEMENTS] = {
    [PUT_ROOM] = "INSERT OR REPLACE INTO room VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
    [DROP_ROOM] = "DELETE FROM room WHERE key=?",
    [DROP_FRAMES_OF] = "DELETE FROM frame WHERE room=?",
    [DROP_SLOTS_OF] = "DELETE FROM slot WHERE room=?",
    [PUT_FRAME] = "INSERT OR REPLACE INTO frame VALUES (?,?,?,?)",
    [DROP_FRAMES] = "DELETE FROM frame WHERE room=? AND seat=? AND seq<?",
    [PUT_SLOT] = "INSERT OR REPLACE INTO slot VALUES (?,?,?,?,?,?,?,?,?,?,?)",
    [DROP_LETTERS_OF] = "DELETE FROM letter WHERE room=?",
    [PUT_LETTER] = "INSERT OR REPLACE INTO letter VALUES (?,?,?,?,?,?,?,?)",
    [READ_LETTERS] = "SELECT * FROM letter WHERE room=? ORDER BY rowid",
    [READ_ROOMS] = "SELECT * FROM room ORDER BY key",
    [READ_FRAMES] = "SELECT * FROM frame WHERE room=? ORDER BY seat, seq",
    [READ_SLOTS] = "SELECT * FROM slot WHERE room=? ORDER BY run",
};

static const char schema[] =
    "CREATE TABLE room (key INTEGER PRIMARY KEY, id BLOB, number INTEGER, keep_until INTEGER,"
    " state0 INTEGER, ticket0 BLOB, received0 INTEGER, taken0 INTEGER,"
    " state1 INTEGER, ticket1 BLOB, received1 INTEGER, taken1 INTEGER) STRICT;"
    "CREATE TABLE frame (room INTEGER, seat INTEGER, seq INTEGER, bytes BLOB,"
    " UNIQUE (room, seat, seq)) STRICT;"
    "CREATE TABLE slot (room INTEGER, run INTEGER, state INTEGER, release_at INTEGER,"
    " decide_at INTEGER, decided_at INTEGER, mismatch INTEGER, seen0 INTEGER, seen1 INTEGER,"
    " deposit0 BLOB, deposit1 BLOB, UNIQUE (room, run)) STRICT;";

/* Since version 2; a file of version 1 gets it when it is opened. */
static const char letter_schema[] =
    "CREATE TABLE letter (room INTEGER, seat INTEGER, run INTEGER, flight INTEGER, digest BLOB,"
    " came INTEGER, put_at INTEGER, bytes BLOB, UNIQUE (room, seat, run, flight)) STRICT;";

struct tct_journal {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    char why[TCT_JOURNAL_ERROR_MAX];
    char path[200];
    bool full; /* for tests */
};

/* --------------------------------------------------------------------------------- opening --- */

static bool run(tct_journal *j, const char *text)
{
    return sqlite3_exec(j->db, text, NULL, NULL, NULL) == SQLITE_OK;
}

/* The first column of the first row; -1: none. */
static int64_t ask(tct_journal *j, const char *text)
{
    sqlite3_stmt *s = NULL;
    int64_t answer = -1;
    if (sqlite3_prepare_v2(j->db, text, -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW)
        answer = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return answer;
}

static void explain(const tct_journal *j, char *error)
{
    const char *ends;
    switch (sqlite3_errcode(j->db) & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        ends = "is in use by another relay.";
        break;
    case SQLITE_NOTADB:
        ends = "is not a file of this relay. Move it away, or name another.";
        break;
    case SQLITE_CORRUPT:
        ends = "is damaged. Move it away to begin anew; nothing in it was changed.";
        break;
    case SQLITE_FULL:
        ends = "cannot grow: the disk is full.";
        break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        ends = "cannot be written. May this program write there?";
        break;
    case SQLITE_IOERR:
        ends = "cannot be read or written: the disk reports an error, or is full.";
        break;
    default:
        ends = "cannot be used.";
        break;
    }
    snprintf(error, TCT_JOURNAL_ERROR_MAX, "The relay's state %s %s", j->path, ends);
}

/* Is every page as it should be?  false: SQLite's error, or what it found, is in error. */
static bool is_sound(tct_journal *j, char *error)
{
    sqlite3_stmt *s = NULL;
    bool sound =
        sqlite3_prepare_v2(j->db, "PRAGMA quick_check(1)", -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW;
    if (!sound) {
        explain(j, error);
    } else if (strcmp((const char *)sqlite3_column_text(s, 0), "ok") != 0) {
        snprintf(error, TCT_JOURNAL_ERROR_MAX,
                 "The relay's state %s is damaged. Move it away to begin anew; nothing in it "
                 "was changed.",
                 j->path);
        sound = false;
    }
    sqlite3_finalize(s);
    return sound;
}

/* A new file gets its tables; one of ours is looked at; anything else is left alone. */
static bool check_or_make(tct_journal *j, char *error)
{
    int64_t pages = ask(j, "SELECT count(*) FROM sqlite_master");
    if (pages < 0) {
        explain(j, error);
        return false;
    }
    int64_t application = ask(j, "PRAGMA application_id"),
            version = ask(j, "PRAGMA user_version");
    char text[sizeof schema + sizeof letter_schema + 200];
    if (pages == 0 && application == 0 && version == 0) {
        snprintf(
            text, sizeof text,
            "BEGIN IMMEDIATE; %s %s PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT",
            schema, letter_schema, APPLICATION, VERSION);
        if (!run(j, text)) {
            explain(j, error);
            return false;
        }
        return true;
    }
    if (application == APPLICATION && version == BEFORE_LETTERS) {
        snprintf(text, sizeof text, "BEGIN IMMEDIATE; %s PRAGMA user_version=%d; COMMIT",
                 letter_schema, VERSION);
        if (!is_sound(j, error))
            return false;
        if (!run(j, text)) {
            explain(j, error);
            return false;
        }
        return true;
    }
    if (application != APPLICATION || version != VERSION) {
        snprintf(
            error, TCT_JOURNAL_ERROR_MAX, "The relay's state %s %s", j->path,
            application != APPLICATION
                ? "is not a file of this relay. Move it away, or name another."
                : "was written by another version of this program. Let that one finish, or "
                  "move the file away.");
        return false;
    }
    return is_sound(j, error);
}

static bool prepare(tct_journal *j, size_t bytes_max)
{
    char text[80];
    snprintf(text, sizeof text, "PRAGMA max_page_count=%llu",
             (unsigned long long)(bytes_max / PAGE_BYTES + 64));
    if (!run(j, text))
        return false;
    for (int i = 0; i < STATEMENTS; i++) {
        if (sqlite3_prepare_v3(j->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &j->statements[i], NULL) != SQLITE_OK)
            return false;
    }
    return true;
}

/* A file that is made here is its owner's alone; SQLite gives its companions the same rights. */
static bool touch(const char *path, char *error)
{
    if (strcmp(path, ":memory:") == 0)
        return true;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        snprintf(error, TCT_JOURNAL_ERROR_MAX,
                 "The relay's state %.200s cannot be written: %s.", path, strerror(errno));
        return false;
    }
    close(fd);
    return true;
}

tct_journal *tct_journal_open(const char *path, size_t bytes_max,
                              char error[TCT_JOURNAL_ERROR_MAX])
{
    tct_journal *j = calloc(1, sizeof *j);
    snprintf(error, TCT_JOURNAL_ERROR_MAX, "There is not enough memory.");
    if (j == NULL || !touch(path, error)) {
        free(j);
        return NULL;
    }
    snprintf(j->path, sizeof j->path, "%s", path);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int opened = sqlite3_open_v2(path, &j->db, flags, NULL);
    /* Deleted bytes are overwritten.  One program at a time: the lock is held from here on. */
    bool good = opened == SQLITE_OK && run(j, "PRAGMA locking_mode=EXCLUSIVE") &&
                run(j, "PRAGMA secure_delete=ON") && run(j, "PRAGMA temp_store=MEMORY") &&
                run(j, "PRAGMA journal_mode=WAL") && run(j, "PRAGMA synchronous=FULL") &&
                run(j, "PRAGMA journal_size_limit=1048576");
    if (!good)
        explain(j, error);
    else if (!check_or_make(j, error))
        good = false;
    else if (!prepare(j, bytes_max)) {
        explain(j, error);
        good = false;
    }
    if (good)
        return j;
    tct_journal_close(j);
    return NULL;
}

void tct_journal_close(tct_journal *j)
{
    if (j == NULL)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(j->statements[i]);
    sqlite3_close(j->db);
    free(j);
}

void tct_journal_limit(tct_journal *j, bool full)
{
    j->full = full;
}

const char *tct_journal_why(const tct_journal *j)
{
    return j->why;
}

/* --------------------------------------------------------------------------------- writing --- */

static void bind(sqlite3_stmt *s, int at, uint64_t value)
{
    sqlite3_bind_int64(s, at, (sqlite3_int64)value);
}

static void bind_bytes(sqlite3_stmt *s, int at, const uint8_t *bytes, size_t count)
{
    if (bytes == NULL)
        sqlite3_bind_null(s, at);
    else if (count == 0)
        sqlite3_bind_zeroblob(s, at, 0);
    else
        sqlite3_bind_blob64(s, at, bytes, count, SQLITE_STATIC);
}

/* Runs a statement that gives no rows. */
static bool finish(tct_journal *j, statement which)
{
    sqlite3_stmt *s = j->statements[which];
    bool done = sqlite3_step(s) == SQLITE_DONE;
    if (!done)
        explain(j, j->why);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return done;
}

bool tct_journal_begin(tct_journal *j)
{
    if (j->full) {
        snprintf(j->why, sizeof j->why, "The relay's state %s cannot grow: the disk is full.",
                 j->path);
        return false;
    }
    if (run(j, "BEGIN IMMEDIATE"))
        return true;
    explain(j, j->why);
    return false;
}

bool tct_journal_commit(tct_journal *j)
{
    if (run(j, "COMMIT"))
        return true;
    explain(j, j->why);
    return false;
}

void tct_journal_undo(tct_journal *j)
{
    if (sqlite3_get_autocommit(j->db) == 0)
        run(j, "ROLLBACK");
}

bool tct_journal_put_room(tct_journal *j, const tct_journal_room *room)
{
    sqlite3_stmt *s = j->statements[PUT_ROOM];
    bind(s, 1, room->key);
    bind_bytes(s, 2, room->id, sizeof room->id);
    bind(s, 3, room->number);
    bind(s, 4, room->keep_until);
    for (int seat = 0; seat < 2; seat++) {
        int at = 5 + 4 * seat;
        bind(s, at, (room->seats[seat].taken ? 1u : 0u) | (room->seats[seat].left ? 2u : 0u));
        bind_bytes(s, at + 1, room->seats[seat].ticket, TCT_TICKET_HASH_BYTES);
        bind(s, at + 2, room->seats[seat].received);
        bind(s, at + 3, room->seats[seat].taken_count);
    }
    return finish(j, PUT_ROOM);
}

bool tct_journal_drop_room(tct_journal *j, uint64_t key)
{
    static const statement all[] = {DROP_ROOM, DROP_FRAMES_OF, DROP_SLOTS_OF, DROP_LETTERS_OF};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        bind(j->statements[all[i]], 1, key);
        if (!finish(j, all[i]))
            return false;
    }
    return true;
}

bool tct_journal_put_frame(tct_journal *j, const tct_journal_frame *frame)
{
    sqlite3_stmt *s = j->statements[PUT_FRAME];
    bind(s, 1, frame->room);
    bind(s, 2, (uint64_t)frame->seat);
    bind(s, 3, frame->seq);
    bind_bytes(s, 4, frame->bytes, frame->length);
    return finish(j, PUT_FRAME);
}

bool tct_journal_drop_frames(tct_journal *j, uint64_t room, int seat, uint32_t below)
{
    sqlite3_stmt *s = j->statements[DROP_FRAMES];
    bind(s, 1, room);
    bind(s, 2, (uint64_t)seat);
    bind(s, 3, below);
    return finish(j, DROP_FRAMES);
}

bool tct_journal_put_slot(tct_journal *j, const tct_journal_slot *slot)
{
    sqlite3_stmt *s = j->statements[PUT_SLOT];
    bind(s, 1, slot->room);
    bind(s, 2, slot->run);
    bind(s, 3, slot->state);
    bind(s, 4, slot->release_at);
    bind(s, 5, slot->decide_at);
    bind(s, 6, slot->decided_at);
    bind(s, 7,
         (slot->mismatch ? 1u : 0u) | (slot->gave[0] ? 2u : 0u) | (slot->gave[1] ? 4u : 0u));
    for (int side = 0; side < 2; side++) {
        bind(s, 8 + side, slot->seen[side]);
        bind_bytes(s, 10 + side, slot->deposit[side], slot->length[side]);
    }
    return finish(j, PUT_SLOT);
}

bool tct_journal_put_letter(tct_journal *j, const tct_journal_letter *letter)
{
    sqlite3_stmt *s = j->statements[PUT_LETTER];
    bind(s, 1, letter->room);
    bind(s, 2, (uint64_t)letter->seat);
    bind(s, 3, letter->run);
    bind(s, 4, letter->flight);
    bind_bytes(s, 5, letter->digest, sizeof letter->digest);
    bind(s, 6, letter->came);
    bind(s, 7, letter->put_at);
    bind_bytes(s, 8, letter->bytes, letter->length);
    return finish(j, PUT_LETTER);
}

/* --------------------------------------------------------------------------------- reading --- */

static uint64_t column(sqlite3_stmt *s, int at)
{
    return (uint64_t)sqlite3_column_int64(s, at);
}

static bool read_u32(sqlite3_stmt *s, int at, uint32_t *out)
{
    uint64_t value = column(s, at);
    *out = (uint32_t)value;
    return value <= UINT32_MAX;
}

static bool read_fixed(sqlite3_stmt *s, int at, uint8_t *out, size_t bytes)
{
    if ((size_t)sqlite3_column_bytes(s, at) != bytes)
        return false;
    memcpy(out, sqlite3_column_blob(s, at), bytes);
    return true;
}

/* NULL stays NULL; nothing at all is something else. */
static const uint8_t *read_bytes(sqlite3_stmt *s, int at, size_t *length)
{
    static const uint8_t nothing[1];
    const uint8_t *bytes = sqlite3_column_blob(s, at);
    *length = (size_t)sqlite3_column_bytes(s, at);
    if (sqlite3_column_type(s, at) == SQLITE_NULL)
        return NULL;
    return bytes != NULL ? bytes : nothing;
}

static bool read_room(sqlite3_stmt *s, tct_journal_room *room)
{
    *room = (tct_journal_room){.key = column(s, 0), .keep_until = column(s, 3)};
    bool good = read_fixed(s, 1, room->id, sizeof room->id) && read_u32(s, 2, &room->number);
    for (int seat = 0; seat < 2 && good; seat++) {
        int at = 4 + 4 * seat;
        uint64_t state = column(s, at);
        room->seats[seat].taken = (state & 1) != 0;
        room->seats[seat].left = (state & 2) != 0;
        good = state < 4 &&
               read_fixed(s, at + 1, room->seats[seat].ticket, TCT_TICKET_HASH_BYTES) &&
               read_u32(s, at + 2, &room->seats[seat].received) &&
               read_u32(s, at + 3, &room->seats[seat].taken_count);
    }
    return good;
}

static bool read_frame(sqlite3_stmt *s, tct_journal_frame *frame)
{
    *frame = (tct_journal_frame){.room = column(s, 0), .seat = (int)(column(s, 1) & 3)};
    frame->bytes = read_bytes(s, 3, &frame->length);
    return read_u32(s, 2, &frame->seq) && frame->length > 0 &&
           frame->length <= TCT_RELAY_MESSAGE_MAX;
}

static bool read_slot(sqlite3_stmt *s, tct_journal_slot *slot)
{
    uint64_t state = column(s, 2);
    *slot = (tct_journal_slot){.room = column(s, 0),
                               .state = (tct_slot_state)(state & 3),
                               .release_at = column(s, 3),
                               .decide_at = column(s, 4),
                               .decided_at = column(s, 5),
                               .mismatch = (column(s, 6) & 1) != 0,
                               .gave = {(column(s, 6) & 2) != 0, (column(s, 6) & 4) != 0}};
    for (int side = 0; side < 2; side++) {
        slot->seen[side] = column(s, 7 + side) != 0;
        slot->deposit[side] = read_bytes(s, 9 + side, &slot->length[side]);
        if (slot->length[side] > TCT_RELAY_DEPOSIT_MAX)
            return false;
    }
    return state <= TCT_SLOT_RELEASED && read_u32(s, 1, &slot->run);
}

static bool read_letter(sqlite3_stmt *s, tct_journal_letter *letter)
{
    *letter = (tct_journal_letter){.room = column(s, 0),
                                   .seat = (int)(column(s, 1) & 3),
                                   .flight = (uint8_t)column(s, 3),
                                   .came = column(s, 5) != 0,
                                   .put_at = column(s, 6)};
    letter->bytes = read_bytes(s, 7, &letter->length);
    return read_u32(s, 2, &letter->run) &&
           read_fixed(s, 4, letter->digest, sizeof letter->digest) &&
           letter->length <= TCT_RELAY_LETTER_MAX;
}

/* Frames, slots or letters of a room. */
static bool read_of_room(tct_journal *j, statement which, uint64_t key,
                         const tct_journal_reader *reader)
{
    sqlite3_stmt *s = j->statements[which];
    int step = SQLITE_DONE;
    bool good = true;
    bind(s, 1, key);
    while (good && (step = sqlite3_step(s)) == SQLITE_ROW) {
        tct_journal_frame frame;
        tct_journal_slot slot;
        tct_journal_letter letter;
        if (which == READ_LETTERS)
            good = read_letter(s, &letter) && reader->letter(reader->context, &letter);
        else if (which == READ_FRAMES)
            good = read_frame(s, &frame) && reader->frame(reader->context, &frame);
        else
            good = read_slot(s, &slot) && reader->slot(reader->context, &slot);
    }
    sqlite3_reset(s);
    return good && step == SQLITE_DONE;
}

bool tct_journal_read(tct_journal *j, const tct_journal_reader *reader)
{
    sqlite3_stmt *s = j->statements[READ_ROOMS];
    int step = SQLITE_DONE;
    bool good = true;
    while (good && (step = sqlite3_step(s)) == SQLITE_ROW) {
        tct_journal_room room;
        good = read_room(s, &room) && reader->room(reader->context, &room) &&
               read_of_room(j, READ_FRAMES, room.key, reader) &&
               read_of_room(j, READ_SLOTS, room.key, reader) &&
               read_of_room(j, READ_LETTERS, room.key, reader);
    }
    sqlite3_reset(s);
    if (!good || step != SQLITE_DONE)
        snprintf(
            j->why, sizeof j->why,
            "The relay's state %s is damaged. Move it away to begin anew; nothing in it was "
            "changed.",
            j->path);
    return good && step == SQLITE_DONE;
}
