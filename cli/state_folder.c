/* SPDX-License-Identifier: ISC */
#include "cli/state_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_ROOM = 64 }; /* for a file's name behind its folder's */

bool tct_state_folder(const char *name, char path[TCT_STATE_PATH])
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int needed = -1;
    if (state != NULL && state[0] == '/')
        needed = snprintf(path, TCT_STATE_PATH, "%s/tacit/%s/", state, name);
    else if (home != NULL && home[0] == '/')
        needed = snprintf(path, TCT_STATE_PATH, "%s/.local/state/tacit/%s/", home, name);
    if (needed < 0 || needed >= TCT_STATE_PATH - NAME_ROOM)
        return false;
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

static void join(char out[TCT_STATE_PATH], const char *folder, const char *name,
                 const char *tail)
{
    (void)snprintf(out, TCT_STATE_PATH, "%s%s%s", folder, name, tail);
}

static bool write_all(int file, const uint8_t *bytes, size_t count)
{
    while (count != 0) {
        ssize_t wrote = write(file, bytes, count);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        bytes += wrote;
        count -= (size_t)wrote;
    }
    return true;
}

/* A new file takes the place of the old one only when it is whole on the disk. */
bool tct_state_write(const char *folder, const char *name, const uint8_t *bytes, size_t count)
{
    char path[TCT_STATE_PATH], fresh[TCT_STATE_PATH];
    join(path, folder, name, "");
    join(fresh, folder, name, ".new");
    (void)unlink(fresh); /* of a program that was killed; its mode may be another */
    int file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return false;
    bool written = write_all(file, bytes, count) && fsync(file) == 0;
    written = close(file) == 0 && written;
    if (!written || rename(fresh, path) != 0) {
        (void)unlink(fresh);
        return false;
    }
    /* So that the new name is on the disk, too; some file systems know no such thing of a folder. */
    int place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (place < 0)
        return false;
    written = fsync(place) == 0 || errno == EINVAL || errno == ENOTSUP;
    (void)close(place);
    return written;
}

static tct_state_status look_at(int file)
{
    struct stat facts;
    if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode))
        return TCT_STATE_DAMAGED;
    if (facts.st_uid != geteuid())
        return TCT_STATE_FOREIGN;
    return (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0 ? TCT_STATE_OPEN : TCT_STATE_OK;
}

tct_state_status tct_state_read(const char *folder, const char *name, uint8_t *out, size_t room,
                                size_t *count)
{
    char path[TCT_STATE_PATH];
    join(path, folder, name, "");
    *count = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return errno == ENOENT   ? TCT_STATE_ABSENT
               : errno == EACCES ? TCT_STATE_FOREIGN
                                 : TCT_STATE_DAMAGED; /* a link, a disk that fails */
    tct_state_status status = look_at(file);
    while (status == TCT_STATE_OK && *count < room) {
        ssize_t got = read(file, out + *count, room - *count);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            status = TCT_STATE_DAMAGED;
        if (got <= 0)
            break;
        *count += (size_t)got;
    }
    (void)close(file);
    return status;
}

void tct_state_erase(const char *folder, const char *name)
{
    char path[TCT_STATE_PATH];
    join(path, folder, name, "");
    (void)unlink(path);
}
