/* SPDX-License-Identifier: ISC */
#include "cli/kept_file.h"

#include "cli/state_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { APPLICATION = 0x74636b31, VERSION = 1, WAIT_MS = 5000 };

static const char folder_name[] = "kept", file_name[] = "kept.db", key_name[] = "kept.key";
static const char schema[] =
    "CREATE TABLE asked (name BLOB PRIMARY KEY, until INTEGER) STRICT, WITHOUT ROWID;"
    "CREATE TABLE pairing (name BLOB PRIMARY KEY, sealed BLOB) STRICT, WITHOUT ROWID;";

int64_t tct_kept_minute(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec / 60;
}

/* What SQLite's last answer means here. */
static tct_kept_status judge(const tct_kept_file *f)
{
    switch (sqlite3_errcode(f->db) & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return TCT_KEPT_BUSY;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_MISMATCH:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR: /* a table or a column that ours has is not there */
        return TCT_KEPT_DAMAGED;
    default:
        return TCT_KEPT_NOT_WRITTEN;
    }
}

static tct_kept_status run(tct_kept_file *f, const char *text)
{
    return sqlite3_exec(f->db, text, NULL, NULL, NULL) == SQLITE_OK ? TCT_KEPT_OK : judge(f);
}

/* A number that a pragma or a count gives. */
static tct_kept_status ask(tct_kept_file *f, const char *text, int64_t *out)
{
    sqlite3_stmt *s = NULL;
    tct_kept_status status = TCT_KEPT_OK;
    if (sqlite3_prepare_v2(f->db, text, -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW)
        *out = sqlite3_column_int64(s, 0);
    else
        status = judge(f);
    sqlite3_finalize(s);
    return status;
}

/* ------------------------------------------------------------------------------ opening --- */

static tct_kept_status of_state(tct_state_status status)
{
    switch (status) {
    case TCT_STATE_OK:
        return TCT_KEPT_OK;
    case TCT_STATE_ABSENT:
        return TCT_KEPT_ABSENT;
    case TCT_STATE_FOREIGN:
        return TCT_KEPT_FOREIGN;
    case TCT_STATE_OPEN:
        return TCT_KEPT_OPEN;
    case TCT_STATE_DAMAGED:
        break;
    }
    return TCT_KEPT_DAMAGED;
}

/* The key; a new one only in the transaction that makes the tables, so that two programs that begin at
 * once have the same. */
static tct_kept_status find_key(tct_kept_file *f, const char *folder, bool make)
{
    uint8_t read[TCT_KEPT_KEY + 1];
    size_t count;
    tct_kept_status status =
        of_state(tct_state_read(folder, key_name, read, sizeof read, &count));
    if (status == TCT_KEPT_OK) {
        memcpy(f->key, read, sizeof f->key);
        sodium_memzero(read, sizeof read);
        return count == TCT_KEPT_KEY ? TCT_KEPT_OK : TCT_KEPT_NO_KEY;
    }
    if (status != TCT_KEPT_ABSENT)
        return status == TCT_KEPT_DAMAGED ? TCT_KEPT_NO_KEY : status;
    if (!make)
        return TCT_KEPT_NO_KEY;
    randombytes_buf(f->key, sizeof f->key);
    return tct_state_write(folder, key_name, f->key, sizeof f->key) ? TCT_KEPT_OK
                                                                    : TCT_KEPT_NOT_WRITTEN;
}

/* An empty file of ours to begin with, so that nobody else may read it. */
static tct_kept_status make_file(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return errno == EEXIST ? TCT_KEPT_OK : TCT_KEPT_NOT_WRITTEN;
    (void)close(file);
    return TCT_KEPT_OK;
}

/* fresh: there was nothing in it. */
static tct_kept_status begin(tct_kept_file *f, bool *fresh)
{
    int64_t application = 0, version = 0, pages = 0;
    sqlite3_busy_timeout(f->db, WAIT_MS);
    tct_kept_status status =
        run(f, "PRAGMA trusted_schema=OFF; PRAGMA journal_mode=DELETE;"
               "PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON; BEGIN IMMEDIATE");
    if (status == TCT_KEPT_OK)
        status = ask(f, "PRAGMA application_id", &application);
    if (status == TCT_KEPT_OK)
        status = ask(f, "PRAGMA user_version", &version);
    if (status == TCT_KEPT_OK)
        status = ask(f, "PRAGMA page_count", &pages);
    if (status != TCT_KEPT_OK)
        return status;
    *fresh =
        pages <= 1 && application == 0 && version == 0; /* its first page, not yet written */
    if (*fresh) {
        char text[sizeof schema + 120];
        (void)snprintf(text, sizeof text, "%sPRAGMA application_id=%d; PRAGMA user_version=%d;",
                       schema, APPLICATION, VERSION);
        return run(f, text);
    }
    if (application != APPLICATION)
        return TCT_KEPT_DAMAGED;
    return version == VERSION ? TCT_KEPT_OK : TCT_KEPT_VERSION;
}

static tct_kept_status check(tct_kept_file *f)
{
    sqlite3_stmt *s = NULL;
    bool sound =
        sqlite3_prepare_v2(f->db, "PRAGMA quick_check(1)", -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW &&
        strcmp((const char *)sqlite3_column_text(s, 0), "ok") == 0;
    sqlite3_finalize(s);
    return sound ? TCT_KEPT_OK : TCT_KEPT_DAMAGED;
}

tct_kept_status tct_kept_open(tct_kept_file *f, bool make)
{
    char folder[TCT_STATE_PATH], path[TCT_STATE_PATH + sizeof file_name];
    uint8_t nothing;
    size_t count;
    bool fresh = false;
    memset(f, 0, sizeof *f);
    if (!tct_state_folder(folder_name, folder))
        return TCT_KEPT_NO_FOLDER;
    (void)snprintf(path, sizeof path, "%s%s", folder, file_name);
    tct_kept_status status = of_state(tct_state_read(folder, file_name, &nothing, 1, &count));
    if (status == TCT_KEPT_ABSENT && make)
        status = make_file(path);
    if (status != TCT_KEPT_OK)
        return status;
    if (sqlite3_open_v2(path, &f->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE,
                        NULL) != SQLITE_OK)
        return judge(f);
    status = begin(f, &fresh);
    if (status == TCT_KEPT_OK)
        status = find_key(f, folder, fresh);
    return status == TCT_KEPT_OK ? check(f) : status;
}

tct_kept_status tct_kept_close(tct_kept_file *f, tct_kept_status status)
{
    if (f->db != NULL) {
        if (status == TCT_KEPT_OK || status == TCT_KEPT_TOO_SOON) {
            tct_kept_status written = run(f, "COMMIT");
            status = written == TCT_KEPT_OK ? status : written;
        }
        (void)sqlite3_close(f->db); /* what was not committed is rolled back */
    }
    sodium_memzero(f, sizeof *f);
    return status;
}

/* --------------------------------------------------------------------------------- rows --- */

tct_kept_status tct_kept_count(tct_kept_file *f, const char *table, size_t *count)
{
    char text[64];
    int64_t rows = 0;
    (void)snprintf(text, sizeof text, "SELECT count(*) FROM %s", table);
    tct_kept_status status = ask(f, text, &rows);
    *count = (size_t)rows;
    return status;
}

tct_kept_status tct_kept_row(tct_kept_file *f, tct_kept_rows *rows, const uint8_t **name,
                             const uint8_t **sealed, size_t sealed_bytes)
{
    if (rows->statement == NULL && sqlite3_prepare_v2(f->db, "SELECT name, sealed FROM pairing",
                                                      -1, &rows->statement, NULL) != SQLITE_OK)
        return judge(f);
    int step = sqlite3_step(rows->statement);
    if (step == SQLITE_DONE)
        return TCT_KEPT_ABSENT;
    if (step != SQLITE_ROW)
        return judge(f);
    *name = sqlite3_column_blob(rows->statement, 0);
    *sealed = sqlite3_column_blob(rows->statement, 1);
    return sqlite3_column_bytes(rows->statement, 0) == TCT_KEPT_DIGEST &&
                   (size_t)sqlite3_column_bytes(rows->statement, 1) == sealed_bytes
               ? TCT_KEPT_OK
               : TCT_KEPT_DAMAGED;
}

void tct_kept_rows_end(tct_kept_rows *rows)
{
    sqlite3_finalize(rows->statement);
    rows->statement = NULL;
}

/* A statement with a row's name as its first parameter. */
static tct_kept_status prepare(tct_kept_file *f, const char *text,
                               const uint8_t name[TCT_KEPT_DIGEST], sqlite3_stmt **s)
{
    *s = NULL;
    if (sqlite3_prepare_v2(f->db, text, -1, s, NULL) == SQLITE_OK &&
        sqlite3_bind_blob(*s, 1, name, TCT_KEPT_DIGEST, SQLITE_STATIC) == SQLITE_OK)
        return TCT_KEPT_OK;
    return judge(f);
}

static tct_kept_status finish(tct_kept_file *f, sqlite3_stmt *s, tct_kept_status status)
{
    if (status == TCT_KEPT_OK && sqlite3_step(s) != SQLITE_DONE)
        status = judge(f);
    sqlite3_finalize(s);
    return status;
}

tct_kept_status tct_kept_put_pairing(tct_kept_file *f, const uint8_t name[TCT_KEPT_DIGEST],
                                     const uint8_t *sealed, size_t sealed_bytes)
{
    sqlite3_stmt *s;
    tct_kept_status status =
        prepare(f, "INSERT OR REPLACE INTO pairing (name, sealed) VALUES (?1, ?2)", name, &s);
    if (status == TCT_KEPT_OK &&
        sqlite3_bind_blob(s, 2, sealed, (int)sealed_bytes, SQLITE_STATIC) != SQLITE_OK)
        status = judge(f);
    return finish(f, s, status);
}

tct_kept_status tct_kept_drop_pairing(tct_kept_file *f, const uint8_t name[TCT_KEPT_DIGEST])
{
    sqlite3_stmt *s;
    tct_kept_status status = prepare(f, "DELETE FROM pairing WHERE name = ?1", name, &s);
    return finish(f, s, status);
}

tct_kept_status tct_kept_get_asked(tct_kept_file *f, const uint8_t name[TCT_KEPT_DIGEST],
                                   int64_t *until)
{
    sqlite3_stmt *s;
    tct_kept_status status = prepare(f, "SELECT until FROM asked WHERE name = ?1", name, &s);
    if (status == TCT_KEPT_OK) {
        int step = sqlite3_step(s);
        if (step == SQLITE_ROW)
            *until = sqlite3_column_int64(s, 0);
        else
            status = step == SQLITE_DONE ? TCT_KEPT_ABSENT : judge(f);
    }
    sqlite3_finalize(s);
    return status;
}

tct_kept_status tct_kept_put_asked(tct_kept_file *f, const uint8_t name[TCT_KEPT_DIGEST],
                                   int64_t until, int64_t over)
{
    sqlite3_stmt *s;
    char text[80];
    (void)snprintf(text, sizeof text, "DELETE FROM asked WHERE until < %lld", (long long)over);
    tct_kept_status status = run(f, text);
    if (status != TCT_KEPT_OK)
        return status;
    status = prepare(f, "INSERT OR REPLACE INTO asked (name, until) VALUES (?1, ?2)", name, &s);
    if (status == TCT_KEPT_OK && sqlite3_bind_int64(s, 2, until) != SQLITE_OK)
        status = judge(f);
    return finish(f, s, status);
}

tct_kept_status tct_kept_drop_asked(tct_kept_file *f)
{
    return run(f, "DELETE FROM asked");
}

tct_kept_status tct_kept_forget_all(void)
{
    static const char *const names[] = {"kept.db", "kept.db-journal", "kept.key"};
    char folder[TCT_STATE_PATH], path[TCT_STATE_PATH + 32];
    if (!tct_state_folder(folder_name, folder))
        return TCT_KEPT_NO_FOLDER;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s%s", folder, names[i]);
        if (unlink(path) != 0 && errno != ENOENT)
            return TCT_KEPT_NOT_WRITTEN;
    }
    return TCT_KEPT_OK;
}

/* -------------------------------------------------------------------------------- words --- */

const char *tct_kept_says(tct_kept_status status)
{
    switch (status) {
    case TCT_KEPT_OK:
        return "";
    case TCT_KEPT_TOO_SOON:
        return "You two asked each other this a short while ago.";
    case TCT_KEPT_ABSENT:
        return "There is nobody of that name to meet again. `tacit kept` lists those there "
               "are.";
    case TCT_KEPT_NAME_TAKEN:
        return "You call somebody else by that name already. Take another, or `tacit forget` "
               "that one.";
    case TCT_KEPT_MANY:
        return "There are too many people whom you can meet again. `tacit forget` some of "
               "them.";
    case TCT_KEPT_NO_FOLDER:
        return "The state folder cannot be made: look at XDG_STATE_HOME, or HOME.";
    case TCT_KEPT_NOT_WRITTEN:
        return "What this device keeps could not be written: the disk is full, or the state "
               "folder may not be written to.";
    case TCT_KEPT_NO_KEY:
        return "The key to what this device keeps is not in the state folder any more, so "
               "nobody "
               "can read it. `tacit forget --all` begins anew.";
    case TCT_KEPT_DAMAGED:
        return "What this device keeps is damaged; nothing in it was changed. `tacit forget "
               "--all` begins anew.";
    case TCT_KEPT_VERSION:
        return "Another version of tacit wrote what this device keeps; nothing in it was "
               "changed. "
               "Use that version.";
    case TCT_KEPT_FOREIGN:
        return "What this device keeps belongs to another user of this machine.";
    case TCT_KEPT_OPEN:
        return "Others on this machine may read what this device keeps. `chmod 600` its files, "
               "or "
               "`tacit forget --all`.";
    case TCT_KEPT_BUSY:
        return "Another program holds what this device keeps. Try again.";
    }
    return "";
}
