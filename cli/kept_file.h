/* SPDX-License-Identifier: ISC
 *
 * kept_file.h — the SQLite file of kept_store.h and its key: opened, judged, one transaction, closed.
 *               For kept_store.c only.
 */
#ifndef TCT_CLI_KEPT_FILE_H
#define TCT_CLI_KEPT_FILE_H

#include "cli/kept_store.h"

enum { TCT_KEPT_DIGEST = 32, TCT_KEPT_KEY = 32 };

struct sqlite3;
struct sqlite3_stmt;

typedef struct {
    struct sqlite3 *db;        /* NULL: not open */
    uint8_t key[TCT_KEPT_KEY]; /* secret */
} tct_kept_file;

typedef struct {
    struct sqlite3_stmt *statement; /* NULL: not begun */
} tct_kept_rows;

/* In a transaction of its own.  make: file and key are made if there are none; else ABSENT. */
tct_kept_status tct_kept_open(tct_kept_file *f, bool make);
/* OK and TOO_SOON: what was done is on the disk.  Else nothing was done.  Gives the status, or why it could
 * not be written. */
tct_kept_status tct_kept_close(tct_kept_file *f, tct_kept_status status);

tct_kept_status tct_kept_count(tct_kept_file *f, const char *table, size_t *count);
/* The next pairing; ABSENT: no more.  Borrowed until the next call. */
tct_kept_status tct_kept_row(tct_kept_file *f, tct_kept_rows *rows, const uint8_t **name,
                             const uint8_t **sealed, size_t sealed_bytes);
void tct_kept_rows_end(tct_kept_rows *rows);
tct_kept_status tct_kept_put_pairing(tct_kept_file *f, const uint8_t name[TCT_KEPT_DIGEST],
                                     const uint8_t *sealed, size_t sealed_bytes);
tct_kept_status tct_kept_drop_pairing(tct_kept_file *f, const uint8_t name[TCT_KEPT_DIGEST]);
tct_kept_status tct_kept_get_asked(tct_kept_file *f, const uint8_t name[TCT_KEPT_DIGEST],
                                   int64_t *until);
/* Rows that were over before the minute `over` go. */
tct_kept_status tct_kept_put_asked(tct_kept_file *f, const uint8_t name[TCT_KEPT_DIGEST],
                                   int64_t until, int64_t over);
tct_kept_status tct_kept_drop_asked(tct_kept_file *f);
int64_t tct_kept_minute(void); /* of this machine's clock, since 1970 */

#endif
