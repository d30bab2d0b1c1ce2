/* SPDX-License-Identifier: ISC */
#include "cli/aside_store.h"

#include "cli/prose.h"
#include "cli/state_folder.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    MAGIC_BYTES = 14,
    KEY_BYTES = crypto_secretbox_KEYBYTES,
    NONCE_BYTES = crypto_secretbox_NONCEBYTES,
    SEAL_BYTES = crypto_secretbox_MACBYTES,
    HEAD_BYTES = 8 + 8 + 8 + 1 + TCT_RELAY_TICKET_BYTES + 2,
    PLAIN_MAX = HEAD_BYTES + 512 + TACIT_ASIDE_MAX,
    FILE_MAX = MAGIC_BYTES + NONCE_BYTES + SEAL_BYTES + PLAIN_MAX,
};
/* The version is the digit. */
static const char magic[MAGIC_BYTES + 1] = "tacit-sleep-1\n";
static const char folder_name[] = "sleep", key_name[] = "sleep.key";

/* Our own names only: what else lies there is not ours to read or to erase. */
static bool is_name(const char *name)
{
    return strlen(name) == TCT_ASIDE_NAME - 1 &&
           strspn(name, "0123456789abcdef") == TCT_ASIDE_NAME - 1;
}

/* ------------------------------------------------------------------------------- bytes --- */

static tct_aside_status status_of(tct_state_status status)
{
    switch (status) {
    case TCT_STATE_OK:
        return TCT_ASIDE_OK;
    case TCT_STATE_ABSENT:
        return TCT_ASIDE_ABSENT;
    case TCT_STATE_FOREIGN:
        return TCT_ASIDE_FOREIGN;
    case TCT_STATE_OPEN:
        return TCT_ASIDE_OPEN;
    case TCT_STATE_DAMAGED:
        break;
    }
    return TCT_ASIDE_DAMAGED;
}

/* The person's key; made when there is none yet and `make` says so. */
static tct_aside_status find_key(const char *folder, bool make, uint8_t key[KEY_BYTES])
{
    uint8_t read[KEY_BYTES + 1];
    size_t count;
    tct_aside_status status =
        status_of(tct_state_read(folder, key_name, read, sizeof read, &count));
    if (status == TCT_ASIDE_OK && count == KEY_BYTES) {
        memcpy(key, read, KEY_BYTES);
        sodium_memzero(read, sizeof read);
        return TCT_ASIDE_OK;
    }
    if (status == TCT_ASIDE_FOREIGN || status == TCT_ASIDE_OPEN)
        return status;
    if (!make || status != TCT_ASIDE_ABSENT)
        return TCT_ASIDE_NO_KEY;
    randombytes_buf(key, KEY_BYTES);
    return tct_state_write(folder, key_name, key, KEY_BYTES) ? TCT_ASIDE_OK
                                                             : TCT_ASIDE_NOT_WRITTEN;
}

static void store64(uint8_t *out, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t load64(const uint8_t *in)
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | in[i];
    return value;
}

static size_t write_plain(const tct_aside *a, uint8_t *out)
{
    size_t url_bytes = strlen(a->url);
    store64(out, a->opens_ms);
    store64(out + 8, a->closes_ms);
    store64(out + 16, a->ahead_ms);
    out[24] = a->confirmed ? 1 : 0;
    memcpy(out + 25, a->ticket, sizeof a->ticket);
    out[41] = (uint8_t)url_bytes;
    out[42] = (uint8_t)(url_bytes >> 8);
    memcpy(out + HEAD_BYTES, a->url, url_bytes);
    memcpy(out + HEAD_BYTES + url_bytes, a->bytes, a->count);
    return HEAD_BYTES + url_bytes + a->count;
}

static bool read_plain(tct_aside *a, const uint8_t *in, size_t count)
{
    if (count < HEAD_BYTES)
        return false;
    size_t url_bytes = (size_t)in[41] | (size_t)in[42] << 8;
    if (in[24] > 1 || url_bytes >= sizeof a->url || url_bytes > count - HEAD_BYTES ||
        count - HEAD_BYTES - url_bytes > TACIT_ASIDE_MAX)
        return false;
    a->opens_ms = load64(in);
    a->closes_ms = load64(in + 8);
    a->ahead_ms = load64(in + 16);
    a->confirmed = in[24] == 1;
    memcpy(a->ticket, in + 25, sizeof a->ticket);
    memcpy(a->url, in + HEAD_BYTES, url_bytes);
    a->url[url_bytes] = '\0';
    a->count = count - HEAD_BYTES - url_bytes;
    a->bytes = tct_allocate(TACIT_ASIDE_MAX);
    memcpy(a->bytes, in + HEAD_BYTES + url_bytes, a->count);
    return true;
}

/* ------------------------------------------------------------------------ save and load --- */

tct_aside_status tct_aside_save(tct_aside *a, const uint8_t room[TCT_RELAY_ROOM_BYTES])
{
    char folder[TCT_STATE_PATH];
    uint8_t key[KEY_BYTES];
    if (!tct_state_folder(folder_name, folder))
        return TCT_ASIDE_NO_FOLDER;
    tct_aside_status status = find_key(folder, true, key);
    if (status != TCT_ASIDE_OK)
        return status;
    if (a->name[0] == '\0')
        (void)sodium_bin2hex(a->name, sizeof a->name, room, (TCT_ASIDE_NAME - 1) / 2);
    uint8_t *plain = tct_allocate(PLAIN_MAX), *file = tct_allocate(FILE_MAX);
    size_t count = write_plain(a, plain);
    memcpy(file, magic, MAGIC_BYTES);
    randombytes_buf(file + MAGIC_BYTES, NONCE_BYTES);
    (void)crypto_secretbox_easy(file + MAGIC_BYTES + NONCE_BYTES, plain, count,
                                file + MAGIC_BYTES, key);
    count += MAGIC_BYTES + NONCE_BYTES + SEAL_BYTES;
    if (!tct_state_write(folder, a->name, file, count))
        status = TCT_ASIDE_NOT_WRITTEN;
    sodium_memzero(key, sizeof key);
    tct_release(plain, PLAIN_MAX);
    tct_release(file, FILE_MAX);
    return status;
}

static tct_aside_status open_file(tct_aside *a, const uint8_t key[KEY_BYTES],
                                  const uint8_t *file, size_t count)
{
    const size_t front = MAGIC_BYTES + NONCE_BYTES;
    if (count < front + SEAL_BYTES || memcmp(file, magic, MAGIC_BYTES - 2) != 0) /* public */
        return TCT_ASIDE_DAMAGED;
    if (memcmp(file, magic, MAGIC_BYTES) != 0) /* public */
        return TCT_ASIDE_VERSION;
    uint8_t *plain = tct_allocate(PLAIN_MAX);
    size_t plain_bytes = count - front - SEAL_BYTES;
    bool whole = plain_bytes <= PLAIN_MAX &&
                 crypto_secretbox_open_easy(plain, file + front, count - front,
                                            file + MAGIC_BYTES, key) == 0 &&
                 read_plain(a, plain, plain_bytes);
    tct_release(plain, PLAIN_MAX);
    return whole ? TCT_ASIDE_OK : TCT_ASIDE_DAMAGED;
}

tct_aside_status tct_aside_load(tct_aside *a, const char *name)
{
    char folder[TCT_STATE_PATH];
    uint8_t key[KEY_BYTES];
    size_t count;
    memset(a, 0, sizeof *a);
    if (!is_name(name))
        return TCT_ASIDE_ABSENT;
    if (!tct_state_folder(folder_name, folder))
        return TCT_ASIDE_NO_FOLDER;
    uint8_t *file = tct_allocate(FILE_MAX + 1);
    tct_aside_status status =
        status_of(tct_state_read(folder, name, file, FILE_MAX + 1, &count));
    if (status == TCT_ASIDE_OK)
        status = find_key(folder, false, key);
    if (status == TCT_ASIDE_OK)
        status = open_file(a, key, file, count);
    (void)snprintf(a->name, sizeof a->name, "%s", name);
    sodium_memzero(key, sizeof key);
    tct_release(file, FILE_MAX + 1);
    return status;
}

size_t tct_aside_list(char names[TCT_ASIDES_MAX][TCT_ASIDE_NAME])
{
    char folder[TCT_STATE_PATH];
    size_t count = 0;
    DIR *place = tct_state_folder(folder_name, folder) ? opendir(folder) : NULL;
    for (struct dirent *entry; place != NULL && (entry = readdir(place)) != NULL;)
        if (is_name(entry->d_name) && count < TCT_ASIDES_MAX)
            memcpy(names[count++], entry->d_name, TCT_ASIDE_NAME);
    if (place != NULL)
        (void)closedir(place);
    return count;
}

void tct_aside_erase(const char *name)
{
    char folder[TCT_STATE_PATH];
    if (!is_name(name) || !tct_state_folder(folder_name, folder))
        return;
    tct_state_erase(folder, name);
}

void tct_aside_free(tct_aside *a)
{
    tct_release(a->bytes, a->bytes == NULL ? 0 : TACIT_ASIDE_MAX);
    sodium_memzero(a, sizeof *a);
}

/* -------------------------------------------------------------------------------- words --- */

const char *tct_aside_says(tct_aside_status status)
{
    switch (status) {
    case TCT_ASIDE_OK:
        return "";
    case TCT_ASIDE_ABSENT:
        return "There is nothing of that name to sleep on. `tacit pending` lists what there "
               "is.";
    case TCT_ASIDE_NO_FOLDER:
        return "The state folder cannot be made: look at XDG_STATE_HOME, or HOME.";
    case TCT_ASIDE_NOT_WRITTEN:
        return "It could not be written: the disk is full, or the state folder may not be "
               "written to.";
    case TCT_ASIDE_NO_KEY:
        return "The key that opens it is not in the state folder any more, so nobody can open "
               "it. `tacit withdraw` clears it away; to the other person it is as if you had "
               "taken your answers back.";
    case TCT_ASIDE_DAMAGED:
        return "The file is damaged, or another key made it. Nothing was sent. `tacit "
               "withdraw` clears it away; to the other person it is as if you had taken your "
               "answers back.";
    case TCT_ASIDE_VERSION:
        return "Another version of tacit wrote it: use that version for this one.";
    case TCT_ASIDE_FOREIGN:
        return "The file belongs to another user of this machine.";
    case TCT_ASIDE_OPEN:
        return "Others on this machine may read the file or its key (sleep.key). If nobody "
               "did, `chmod 600` both; else take your answers back with `tacit withdraw`.";
    }
    return "";
}

uint64_t tct_aside_wall_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void tct_aside_clock(char out[48], const tct_aside *a, uint64_t ms)
{
    time_t seconds = (time_t)((ms - a->ahead_ms) / 1000);
    struct tm parts;
    if (localtime_r(&seconds, &parts) == NULL || strftime(out, 48, "%A %H:%M", &parts) == 0)
        (void)snprintf(out, 48, "?");
}
