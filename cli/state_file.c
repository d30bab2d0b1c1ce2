/* SPDX-License-Identifier: ISC */
#include "cli/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool tct_state_path(char out[TCT_STATE_PATH], const char *name)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int needed = -1;
    if (state != NULL && state[0] == '/')
        needed = snprintf(out, TCT_STATE_PATH, "%s/tacit/%s", state, name);
    else if (home != NULL && home[0] == '/')
        needed = snprintf(out, TCT_STATE_PATH, "%s/.local/state/tacit/%s", home, name);
    if (needed < 0 || needed >= TCT_STATE_PATH)
        return false;
    for (char *slash = strchr(out + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(out, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

static tct_state_status judge(int found, const struct stat *facts)
{
    if (found != 0)
        return errno == ENOENT   ? TCT_STATE_ABSENT
               : errno == EACCES ? TCT_STATE_FOREIGN
                                 : TCT_STATE_DAMAGED;
    if (!S_ISREG(facts->st_mode))
        return TCT_STATE_DAMAGED;
    return facts->st_uid == geteuid() ? TCT_STATE_OK : TCT_STATE_FOREIGN;
}

tct_state_status tct_state_look(const char *path)
{
    struct stat facts;
    return judge(lstat(path, &facts), &facts);
}

tct_state_status tct_state_read(const char *path, uint8_t *out, size_t room, size_t *count)
{
    struct stat facts;
    *count = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return judge(-1, NULL);
    tct_state_status status = judge(fstat(file, &facts), &facts);
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

/* The folder's own entry for the file is on the disk too. */
static void sync_folder(const char *path)
{
    char folder[TCT_STATE_PATH];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return;
    *slash = '\0';
    int place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (place >= 0) {
        (void)fsync(place);
        (void)close(place);
    }
}

bool tct_state_write(const char *path, const uint8_t *bytes, size_t count)
{
    char fresh[TCT_STATE_PATH + 4];
    (void)snprintf(fresh, sizeof fresh, "%s.new", path);
    int file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return false;
    bool written = write_all(file, bytes, count) && fsync(file) == 0;
    written = close(file) == 0 && written;
    if (!written || rename(fresh, path) != 0) {
        (void)unlink(fresh);
        return false;
    }
    sync_folder(path);
    return true;
}
