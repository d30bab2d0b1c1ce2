/* SPDX-License-Identifier: ISC */
#include "cli/letters_store.h"

#include "cli/prose.h"
#include "cli/state_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    MAGIC = 16,
    FRONT = MAGIC + crypto_secretbox_NONCEBYTES, /* magic ‖ nonce ‖ sealed */
    HEAD = 8 + TCT_RELAY_TICKET_BYTES + 512,
    PLAIN_MAX = HEAD + TACIT_LETTERS_MAX,
    FILE_MAX = FRONT + crypto_secretbox_MACBYTES + PLAIN_MAX,
};
/* The version is the digit. */
static const char magic[MAGIC + 1] = "tacit-letters-1\n";
static const char folder_name[] = "letters", key_name[] = "letters.key";

static bool is_ours(const char *name)
{
    return strlen(name) == TCT_ASIDE_NAME - 1 &&
           strspn(name, "0123456789abcdef") == TCT_ASIDE_NAME - 1;
}

static tct_aside_status told_as(tct_state_status status)
{
    static const tct_aside_status told[] = {
        [TCT_STATE_OK] = TCT_ASIDE_OK,           [TCT_STATE_ABSENT] = TCT_ASIDE_ABSENT,
        [TCT_STATE_FOREIGN] = TCT_ASIDE_FOREIGN, [TCT_STATE_OPEN] = TCT_ASIDE_OPEN,
        [TCT_STATE_DAMAGED] = TCT_ASIDE_DAMAGED,
    };
    return told[status];
}

static tct_aside_status load_key(const char *folder, bool make,
                                 uint8_t key[crypto_secretbox_KEYBYTES])
{
    uint8_t read[crypto_secretbox_KEYBYTES + 1];
    size_t count = 0;
    tct_state_status status = tct_state_read(folder, key_name, read, sizeof read, &count);
    if (status == TCT_STATE_ABSENT && make) {
        crypto_secretbox_keygen(key);
        return tct_state_write(folder, key_name, key, crypto_secretbox_KEYBYTES)
                   ? TCT_ASIDE_OK
                   : TCT_ASIDE_NOT_WRITTEN;
    }
    memcpy(key, read, crypto_secretbox_KEYBYTES);
    sodium_memzero(read, sizeof read);
    if (status == TCT_STATE_OK && count == crypto_secretbox_KEYBYTES)
        return TCT_ASIDE_OK;
    return status == TCT_STATE_OK || status == TCT_STATE_ABSENT ? TCT_ASIDE_NO_KEY
                                                                : told_as(status);
}

tct_aside_status tct_letters_save(tct_letters_file *f, const uint8_t room[TACIT_ROOM_BYTES])
{
    char folder[TCT_STATE_PATH];
    uint8_t key[crypto_secretbox_KEYBYTES];
    if (!tct_state_folder(folder_name, folder))
        return TCT_ASIDE_NO_FOLDER;
    tct_aside_status status = load_key(folder, true, key);
    if (status != TCT_ASIDE_OK)
        return status;
    if (f->name[0] == '\0')
        (void)sodium_bin2hex(f->name, sizeof f->name, room, (TCT_ASIDE_NAME - 1) / 2);
    size_t count = HEAD + f->count, all = FRONT + crypto_secretbox_MACBYTES + count;
    uint8_t *out = tct_allocate(all), *plain = out + FRONT + crypto_secretbox_MACBYTES;
    for (int i = 0; i < 8; i++)
        plain[i] = (uint8_t)(f->ahead_ms >> 8 * i);
    memcpy(plain + 8, f->ticket, sizeof f->ticket);
    memcpy(plain + 8 + sizeof f->ticket, f->url, sizeof f->url);
    memcpy(plain + HEAD, f->bytes, f->count);
    memcpy(out, magic, MAGIC);
    randombytes_buf(out + MAGIC, crypto_secretbox_NONCEBYTES);
    (void)crypto_secretbox_easy(out + FRONT, plain, count, out + MAGIC, key);
    if (!tct_state_write(folder, f->name, out, all))
        status = TCT_ASIDE_NOT_WRITTEN;
    sodium_memzero(key, sizeof key);
    tct_release(out, all);
    return status;
}

static tct_aside_status unseal(tct_letters_file *f, const uint8_t *key, const uint8_t *in,
                               size_t all)
{
    enum { LEAST = FRONT + crypto_secretbox_MACBYTES + HEAD };
    if (all < LEAST || all > FILE_MAX || memcmp(in, magic, MAGIC - 2) != 0) /* public */
        return TCT_ASIDE_DAMAGED;
    if (memcmp(in, magic, MAGIC) != 0) /* public */
        return TCT_ASIDE_VERSION;
    size_t count = all - FRONT - crypto_secretbox_MACBYTES;
    uint8_t *plain = tct_allocate(count);
    bool whole =
        crypto_secretbox_open_easy(plain, in + FRONT, all - FRONT, in + MAGIC, key) == 0 &&
        plain[HEAD - 1] == '\0';
    if (whole) {
        for (int i = 7; i >= 0; i--)
            f->ahead_ms = f->ahead_ms << 8 | plain[i];
        memcpy(f->ticket, plain + 8, sizeof f->ticket);
        memcpy(f->url, plain + 8 + sizeof f->ticket, sizeof f->url);
        f->count = count - HEAD;
        f->bytes = tct_allocate(TACIT_LETTERS_MAX);
        memcpy(f->bytes, plain + HEAD, f->count);
    }
    tct_release(plain, count);
    return whole ? TCT_ASIDE_OK : TCT_ASIDE_DAMAGED;
}

tct_aside_status tct_letters_load(tct_letters_file *f, const char *name)
{
    char folder[TCT_STATE_PATH];
    uint8_t key[crypto_secretbox_KEYBYTES];
    size_t count = 0;
    memset(f, 0, sizeof *f);
    if (!is_ours(name))
        return TCT_ASIDE_ABSENT;
    if (!tct_state_folder(folder_name, folder))
        return TCT_ASIDE_NO_FOLDER;
    uint8_t *file = tct_allocate(FILE_MAX + 1);
    tct_aside_status status = told_as(tct_state_read(folder, name, file, FILE_MAX + 1, &count));
    if (status == TCT_ASIDE_OK)
        status = load_key(folder, false, key);
    if (status == TCT_ASIDE_OK)
        status = unseal(f, key, file, count);
    (void)snprintf(f->name, sizeof f->name, "%s", name);
    sodium_memzero(key, sizeof key);
    tct_release(file, FILE_MAX + 1);
    return status;
}

size_t tct_letters_list(char names[TCT_LETTERS_FILES_MAX][TCT_ASIDE_NAME])
{
    char folder[TCT_STATE_PATH];
    size_t count = 0;
    DIR *place = tct_state_folder(folder_name, folder) ? opendir(folder) : NULL;
    struct dirent *entry;
    while (place != NULL && count < TCT_LETTERS_FILES_MAX && (entry = readdir(place)) != NULL)
        if (is_ours(entry->d_name))
            memcpy(names[count++], entry->d_name, TCT_ASIDE_NAME);
    if (place != NULL)
        (void)closedir(place);
    return count;
}

/* On the key: it stays the same file when letters are written anew.  Without one there is nothing to lock,
 * and nothing to use. */
int tct_letters_lock(void)
{
    char path[TCT_STATE_PATH + sizeof key_name], folder[TCT_STATE_PATH];
    if (!tct_state_folder(folder_name, folder))
        return -1;
    (void)snprintf(path, sizeof path, "%s%s", folder, key_name);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (flock(file, LOCK_EX | LOCK_NB) == 0)
        return file;
    (void)close(file);
    return -1;
}

void tct_letters_erase(const char *name)
{
    char folder[TCT_STATE_PATH];
    if (is_ours(name) && tct_state_folder(folder_name, folder))
        tct_state_erase(folder, name);
}

void tct_letters_file_free(tct_letters_file *f)
{
    tct_release(f->bytes, f->bytes == NULL ? 0 : TACIT_LETTERS_MAX);
    sodium_memzero(f, sizeof *f);
}

const char *tct_letters_file_says(tct_aside_status status)
{
    if (status == TCT_ASIDE_ABSENT)
        return "There are no letters of that name. `tacit letters` lists what there is.";
    if (status == TCT_ASIDE_OPEN)
        return "Others on this machine may read the file or its key (letters.key). If nobody "
               "did, `chmod 600` both; else do not use these letters, and prepare new ones "
               "when you next meet.";
    if (status == TCT_ASIDE_DAMAGED || status == TCT_ASIDE_NO_KEY)
        return "The file is damaged, or its key (letters.key) is another one or gone. Nothing "
               "was sent. These letters cannot be used: prepare new ones when you next meet.";
    return tct_aside_says(status);
}
