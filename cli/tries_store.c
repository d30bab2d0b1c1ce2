/* SPDX-License-Identifier: ISC */
#include "cli/tries_store.h"

#include "cli/prose.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    SALT_BYTES = 16,
    HASH_BYTES = 16,
    HASH_TEXT = 2 * HASH_BYTES + 1,
    ENTRIES_MAX = 256,
    PATH_BYTES = 4096,
    KEPT_SECONDS = 86400,
};

typedef struct {
    char hash[HASH_TEXT];
    unsigned count;
    int64_t seconds; /* when it was last tried */
} entry;

typedef struct {
    char path[PATH_BYTES];
    int lock;
    uint8_t salt[SALT_BYTES];
    entry entries[ENTRIES_MAX];
    size_t count;
} store;

static int64_t seconds_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

/* Makes the folder and those above it.  path is cut at each slash for the while. */
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

static bool find_path(char path[PATH_BYTES])
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int needed;
    if (state != NULL && state[0] == '/')
        needed = snprintf(path, PATH_BYTES, "%s/tacit/tries", state);
    else if (home != NULL && home[0] == '/')
        needed = snprintf(path, PATH_BYTES, "%s/.local/state/tacit/tries", home);
    else
        return false;
    return needed > 0 && needed < PATH_BYTES - 8 && make_folders(path);
}

/* Waits for the lock on a file beside the store, so that two programs at once count right. */
static int take_lock(const char *path)
{
    char name[PATH_BYTES + 8];
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    (void)snprintf(name, sizeof name, "%s.lock", path);
    int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    while (file >= 0 && fcntl(file, F_SETLKW, &lock) != 0)
        if (errno != EINTR) {
            (void)close(file);
            return -1;
        }
    return file;
}

/* Fills the store from its file; a damaged or absent one is an empty one with a fresh salt. */
static void read_store(store *s)
{
    char line[160], salt[2 * SALT_BYTES + 1] = "";
    int64_t now = seconds_now();
    FILE *file = fopen(s->path, "r");
    bool salted =
        file != NULL && fgets(line, sizeof line, file) != NULL &&
        sscanf(line, "salt %32[0-9a-f]", salt) == 1 &&
        sodium_hex2bin(s->salt, SALT_BYTES, salt, 2 * SALT_BYTES, NULL, NULL, NULL) == 0;
    if (!salted)
        randombytes_buf(s->salt, SALT_BYTES);
    while (salted && s->count < ENTRIES_MAX && fgets(line, sizeof line, file) != NULL) {
        entry *e = &s->entries[s->count];
        if (sscanf(line, "%32[0-9a-f] %u %" SCNd64, e->hash, &e->count, &e->seconds) == 3 &&
            strlen(e->hash) == HASH_TEXT - 1 && e->seconds <= now + KEPT_SECONDS &&
            now - e->seconds < KEPT_SECONDS)
            s->count++;
    }
    if (file != NULL)
        (void)fclose(file);
}

/* A new file in place of the old one, whole or not at all. */
static bool write_store(const store *s)
{
    char name[PATH_BYTES + 8], salt[2 * SALT_BYTES + 1];
    (void)snprintf(name, sizeof name, "%s.new", s->path);
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *out = file < 0 ? NULL : fdopen(file, "w");
    if (out == NULL)
        return false;
    fprintf(out, "salt %s\n", sodium_bin2hex(salt, sizeof salt, s->salt, SALT_BYTES));
    for (size_t i = 0; i < s->count; i++)
        if (s->entries[i].count != 0)
            fprintf(out, "%s %u %" PRId64 "\n", s->entries[i].hash, s->entries[i].count,
                    s->entries[i].seconds);
    bool good = fflush(out) == 0 && fsync(fileno(out)) == 0;
    good = fclose(out) == 0 && good;
    if (good && rename(name, s->path) == 0)
        return true;
    (void)unlink(name);
    return false;
}

/* Locked and read; NULL where there is no place for it. */
static store *open_store(void)
{
    store *s = tct_allocate(sizeof *s);
    if (!find_path(s->path) || (s->lock = take_lock(s->path)) < 0) {
        tct_release(s, sizeof *s);
        return NULL;
    }
    read_store(s);
    return s;
}

static void close_store(store *s)
{
    (void)close(s->lock);
    tct_release(s, sizeof *s);
}

/* The entry of a code; with `make`, a new one in place of the oldest if need be. */
static entry *find_entry(store *s, const char *code, bool make)
{
    uint8_t hash[HASH_BYTES];
    char text[HASH_TEXT];
    (void)crypto_generichash(hash, sizeof hash, (const uint8_t *)code, strlen(code), s->salt,
                             SALT_BYTES);
    (void)sodium_bin2hex(text, sizeof text, hash, sizeof hash);
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->entries[i].hash, text) == 0)
            return &s->entries[i];
    if (!make)
        return NULL;
    entry *e = &s->entries[0];
    if (s->count < ENTRIES_MAX)
        e = &s->entries[s->count++];
    else
        for (size_t i = 1; i < s->count; i++)
            if (s->entries[i].seconds < e->seconds)
                e = &s->entries[i];
    *e = (entry){.count = 0};
    memcpy(e->hash, text, sizeof text);
    return e;
}

unsigned tct_tries_count(const char *code)
{
    store *s = open_store();
    unsigned count = 0;
    if (s == NULL)
        return 0;
    const entry *e = find_entry(s, code, false);
    if (e != NULL)
        count = e->count;
    close_store(s);
    return count;
}

bool tct_tries_add(const char *code)
{
    store *s = open_store();
    if (s == NULL)
        return false;
    entry *e = find_entry(s, code, true);
    e->count++;
    e->seconds = seconds_now();
    bool good = write_store(s);
    close_store(s);
    return good;
}

void tct_tries_clear(const char *code)
{
    store *s = open_store();
    if (s == NULL)
        return;
    entry *e = find_entry(s, code, false);
    if (e != NULL) {
        e->count = 0;
        (void)write_store(s);
    }
    close_store(s);
}
