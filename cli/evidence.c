/* SPDX-License-Identifier: ISC */
#include "cli/evidence.h"

#include "cli/prose.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NAME_BYTES = 40, NAME_LENGTH = 28 }; /* 20260131-235959-00112233.txt */
static const char folder_name[] = "evidence";

void tct_evidence_deposit(tct_evidence *e, const uint8_t *bytes, size_t count)
{
    (void)crypto_generichash(e->deposit_hash, sizeof e->deposit_hash, bytes, count, NULL, 0);
    e->deposit_bytes = count;
}

void tct_evidence_verdict(tct_evidence *e, bool released, const uint8_t *bytes, size_t count,
                          uint64_t relay_ms)
{
    e->released = released;
    e->relay_ms = relay_ms;
    e->verdict_bytes = released && count <= sizeof e->verdict ? count : 0;
    if (e->verdict_bytes != 0)
        memcpy(e->verdict, bytes, e->verdict_bytes);
}

void tct_evidence_frame(tct_evidence *e, const uint8_t *bytes, size_t count)
{
    if (e->deposit_bytes == 0 || e->frame_count == TCT_EVIDENCE_FRAMES ||
        count > TCT_EVIDENCE_FRAME_MAX)
        return;
    memcpy(e->frames[e->frame_count], bytes, count);
    e->frame_bytes[e->frame_count++] = count;
}

/* ---- the text --- */

static void add_hex(tct_string *out, const uint8_t *bytes, size_t count)
{
    char digits[3];
    for (size_t i = 0; i < count; i++)
        tct_string_add(out, sodium_bin2hex(digits, sizeof digits, bytes + i, 1));
}

static void add_time(tct_string *out, uint64_t ms)
{
    char text[32];
    struct tm parts;
    time_t seconds = (time_t)(ms / 1000);
    if (gmtime_r(&seconds, &parts) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) != 0)
        tct_string_add(out, text);
}

static void write_text(const tct_evidence *e, uint64_t own_ms, tct_string *out)
{
    tct_string_format(out, "tacit evidence 1\n\n%s\n\nrelay            %s", e->what, e->url);
    tct_string_add(out, "\nroom             ");
    add_hex(out, e->room, sizeof e->room);
    tct_string_add(out, "\nrelay's time     ");
    add_time(out, e->relay_ms);
    tct_string_add(out, "\nthis machine's   ");
    add_time(out, own_ms);
    tct_string_format(out, "\ndeposit left     %zu bytes, BLAKE2b-256 ", e->deposit_bytes);
    add_hex(out, e->deposit_hash, sizeof e->deposit_hash);
    tct_string_add(out,
                   e->released ? "\nverdict          released " : "\nverdict          refused");
    add_hex(out, e->verdict, e->verdict_bytes);
    for (size_t i = 0; i < e->frame_count; i++) {
        tct_string_add(out, "\nframe after it   ");
        add_hex(out, e->frames[i], e->frame_bytes[i]);
    }
    tct_string_add(out, "\n\nThis holds none of your answers, and no outcome. It proves "
                        "nothing to a stranger, since\n"
                        "nobody signs anything here. Whoever runs the relay can look for the "
                        "room and the time, and\n"
                        "the two of you can lay your files side by side. Delete it when you "
                        "need it no more.\n");
}

/* ---- the folder --- */

static bool is_ours(const char *name)
{
    return strlen(name) == NAME_LENGTH &&
           strspn(name, "0123456789-abcdef") == NAME_LENGTH - 4 &&
           strcmp(name + NAME_LENGTH - 4, ".txt") == 0;
}

/* The oldest, whose names come first, go until there is room for one more. */
static void make_room(const char *folder)
{
    for (int tries = 0; tries < 2 * TCT_EVIDENCE_FILES; tries++) {
        char oldest[NAME_BYTES] = "";
        size_t count = 0;
        DIR *place = opendir(folder);
        for (struct dirent *entry; place != NULL && (entry = readdir(place)) != NULL;) {
            if (!is_ours(entry->d_name))
                continue;
            count++;
            if (oldest[0] == '\0' || strcmp(entry->d_name, oldest) < 0)
                memcpy(oldest, entry->d_name, NAME_LENGTH + 1);
        }
        if (place != NULL)
            (void)closedir(place);
        if (count < TCT_EVIDENCE_FILES)
            return;
        tct_state_erase(folder, oldest);
    }
}

static void make_name(const tct_evidence *e, uint64_t own_ms, char name[NAME_BYTES])
{
    char start[20] = "00000000-000000", digits[9];
    struct tm parts;
    time_t seconds = (time_t)(own_ms / 1000);
    if (gmtime_r(&seconds, &parts) != NULL)
        (void)strftime(start, sizeof start, "%Y%m%d-%H%M%S", &parts);
    (void)sodium_bin2hex(digits, sizeof digits, e->room, 4);
    (void)snprintf(name, NAME_BYTES, "%s-%s.txt", start, digits);
}

bool tct_evidence_save(const tct_evidence *e, char path[TCT_STATE_PATH])
{
    struct timespec now = {0};
    char folder[TCT_STATE_PATH], name[NAME_BYTES];
    tct_string text = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t own_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    if (!tct_state_folder(folder_name, folder))
        return false;
    make_room(folder);
    make_name(e, own_ms, name);
    write_text(e, own_ms, &text);
    bool written = tct_state_write(folder, name, (const uint8_t *)text.text, text.length);
    size_t start = strlen(folder); /* a name of ours fits behind any folder */
    memcpy(path, folder, start);
    memcpy(path + start, name, strlen(name) + 1);
    tct_string_free(&text);
    return written;
}
