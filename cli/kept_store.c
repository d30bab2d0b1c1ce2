/* SPDX-License-Identifier: ISC
 *
 * The rows; kept_file.c opens the file they stand in.
 */
#include "cli/kept_store.h"

#include "cli/kept_file.h"
#include "cli/prose.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PLAIN = TCT_KEPT_NAME + TCT_KEPT_URL + 3 * TACIT_PAIRING_BYTES + 2,
    SEALED = NONCE + PLAIN + TAG,
    SLACK_MINUTES = 2 * 24 * 60, /* a row is dropped so long after it is over: clocks differ */
};

/* ------------------------------------------------------------------------------ digests --- */

static void digest(const tct_kept_file *f, const char *tag, const uint8_t *id,
                   const uint8_t *sheet, uint8_t out[TCT_KEPT_DIGEST])
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, f->key, sizeof f->key, TCT_KEPT_DIGEST);
    (void)crypto_generichash_update(&state, (const uint8_t *)tag, strlen(tag) + 1);
    (void)crypto_generichash_update(&state, id, TACIT_PAIRING_BYTES);
    if (sheet != NULL)
        (void)crypto_generichash_update(&state, sheet, 32);
    (void)crypto_generichash_final(&state, out, TCT_KEPT_DIGEST);
    sodium_memzero(&state, sizeof state);
}

/* ---------------------------------------------------------------------------- pairings --- */

static void write_plain(const tct_kept *kept, uint8_t out[PLAIN])
{
    uint8_t *at = out;
    memset(out, 0, PLAIN);
    memcpy(at, kept->name, strlen(kept->name));
    memcpy(at += TCT_KEPT_NAME, kept->url, strlen(kept->url));
    memcpy(at += TCT_KEPT_URL, kept->id, sizeof kept->id);
    memcpy(at += sizeof kept->id, kept->newest, sizeof kept->newest);
    memcpy(at += sizeof kept->newest, kept->before, sizeof kept->before);
    at += sizeof kept->before;
    at[0] = kept->settled ? 1 : 0;
    at[1] = kept->asked ? 1 : 0;
}

static bool read_plain(tct_kept *kept, const uint8_t in[PLAIN])
{
    const uint8_t *at = in;
    memcpy(kept->name, at, TCT_KEPT_NAME);
    memcpy(kept->url, at += TCT_KEPT_NAME, TCT_KEPT_URL);
    memcpy(kept->id, at += TCT_KEPT_URL, sizeof kept->id);
    memcpy(kept->newest, at += sizeof kept->id, sizeof kept->newest);
    memcpy(kept->before, at += sizeof kept->newest, sizeof kept->before);
    at += sizeof kept->before;
    kept->settled = at[0] == 1;
    kept->asked = at[1] == 1;
    return kept->name[TCT_KEPT_NAME - 1] == '\0' && kept->url[TCT_KEPT_URL - 1] == '\0';
}

static void seal(const tct_kept_file *f, const tct_kept *kept,
                 const uint8_t name[TCT_KEPT_DIGEST], uint8_t out[SEALED])
{
    uint8_t plain[PLAIN];
    write_plain(kept, plain);
    randombytes_buf(out, NONCE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, plain, PLAIN, name,
                                                     TCT_KEPT_DIGEST, NULL, out, f->key);
    sodium_memzero(plain, sizeof plain);
}

static bool unseal(const tct_kept_file *f, tct_kept *kept, const uint8_t name[TCT_KEPT_DIGEST],
                   const uint8_t sealed[SEALED])
{
    uint8_t plain[PLAIN];
    bool good = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed + NONCE,
                                                           PLAIN + TAG, name, TCT_KEPT_DIGEST,
                                                           sealed, f->key) == 0 &&
                read_plain(kept, plain);
    sodium_memzero(plain, sizeof plain);
    return good;
}

/* One row after the other into `kept`.  ABSENT: no more. */
static tct_kept_status next_pairing(tct_kept_file *f, tct_kept_rows *rows, tct_kept *kept)
{
    const uint8_t *name, *sealed;
    tct_kept_status status = tct_kept_row(f, rows, &name, &sealed, SEALED);
    if (status != TCT_KEPT_OK)
        return status;
    return unseal(f, kept, name, sealed) ? TCT_KEPT_OK : TCT_KEPT_DAMAGED;
}

/* The pairing of that name. */
static tct_kept_status find(tct_kept_file *f, const char *name, tct_kept *kept)
{
    tct_kept_rows rows = {0};
    tct_kept_status status;
    do {
        status = next_pairing(f, &rows, kept);
    } while (status == TCT_KEPT_OK && strcmp(kept->name, name) != 0);
    tct_kept_rows_end(&rows);
    if (status != TCT_KEPT_OK)
        sodium_memzero(kept, sizeof *kept);
    return status;
}

tct_kept_status tct_kept_load(tct_kept *kept, const char *name)
{
    tct_kept_file f;
    memset(kept, 0, sizeof *kept);
    tct_kept_status status = tct_kept_open(&f, false);
    if (status == TCT_KEPT_OK)
        status = find(&f, name, kept);
    return tct_kept_close(&f, status);
}

tct_kept_status tct_kept_save(const tct_kept *kept, bool fresh)
{
    tct_kept_file f;
    tct_kept other;
    uint8_t name[TCT_KEPT_DIGEST], sealed[SEALED];
    size_t count = 0;
    /* What was forgotten meanwhile stays forgotten. */
    tct_kept_status status = tct_kept_open(&f, fresh);
    if (status == TCT_KEPT_OK) {
        status = find(&f, kept->name, &other);
        if (!fresh && status == TCT_KEPT_OK &&
            sodium_memcmp(other.id, kept->id, sizeof other.id) != 0)
            status = TCT_KEPT_ABSENT;
        sodium_memzero(&other, sizeof other);
    }
    if (fresh && (status == TCT_KEPT_OK || status == TCT_KEPT_ABSENT)) {
        status = status == TCT_KEPT_OK       ? TCT_KEPT_NAME_TAKEN
                 : status == TCT_KEPT_ABSENT ? tct_kept_count(&f, "pairing", &count)
                                             : status;
        if (status == TCT_KEPT_OK && count >= TCT_KEPT_MAX)
            status = TCT_KEPT_MANY;
    }
    if (status == TCT_KEPT_OK) {
        digest(&f, "pairing", kept->id, NULL, name);
        seal(&f, kept, name, sealed);
        status = tct_kept_put_pairing(&f, name, sealed, SEALED);
    }
    return tct_kept_close(&f, status);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

tct_kept_status tct_kept_list(char names[TCT_KEPT_MAX][TCT_KEPT_NAME], size_t *count,
                              size_t *asked)
{
    tct_kept_file f;
    tct_kept kept;
    tct_kept_rows rows = {0};
    *count = *asked = 0;
    tct_kept_status status = tct_kept_open(&f, false);
    while (status == TCT_KEPT_OK && *count < TCT_KEPT_MAX) {
        status = next_pairing(&f, &rows, &kept);
        if (status == TCT_KEPT_OK)
            memcpy(names[(*count)++], kept.name, TCT_KEPT_NAME);
    }
    sodium_memzero(&kept, sizeof kept);
    tct_kept_rows_end(&rows);
    if (f.db != NULL && (status == TCT_KEPT_ABSENT || status == TCT_KEPT_OK))
        status = tct_kept_count(&f, "asked", asked);
    qsort(names, *count, TCT_KEPT_NAME, by_name);
    status = tct_kept_close(&f, status);
    return status == TCT_KEPT_ABSENT ? TCT_KEPT_OK : status; /* no file: nothing is kept */
}

/* ------------------------------------------------------------------------------- asked --- */

static tct_kept_status look(tct_kept_file *f, const uint8_t name[TCT_KEPT_DIGEST],
                            uint32_t hours, int64_t *again)
{
    int64_t until, now = tct_kept_minute();
    tct_kept_status status = tct_kept_get_asked(f, name, &until);
    if (status == TCT_KEPT_ABSENT || (status == TCT_KEPT_OK && now >= until))
        return TCT_KEPT_OK;
    if (status != TCT_KEPT_OK)
        return status;
    if (until > now + (int64_t)hours * 60) { /* a clock was wrong, then or now */
        until = now + (int64_t)hours * 60;
        status = tct_kept_put_asked(f, name, until, 0);
    }
    *again = until * 60;
    return status == TCT_KEPT_OK ? TCT_KEPT_TOO_SOON : status;
}

tct_kept_status tct_kept_may_ask(const uint8_t id[TACIT_PAIRING_BYTES], const uint8_t sheet[32],
                                 uint32_t hours, int64_t *again)
{
    tct_kept_file f;
    uint8_t name[TCT_KEPT_DIGEST];
    tct_kept_status status = tct_kept_open(&f, true);
    if (status == TCT_KEPT_OK) {
        digest(&f, "asked", id, sheet, name);
        status = look(&f, name, hours, again);
    }
    return tct_kept_close(&f, status);
}

tct_kept_status tct_kept_ask(const uint8_t id[TACIT_PAIRING_BYTES], const uint8_t sheet[32],
                             uint32_t hours)
{
    tct_kept_file f;
    uint8_t name[TCT_KEPT_DIGEST];
    int64_t again, now = tct_kept_minute();
    tct_kept_status status = tct_kept_open(&f, true);
    if (status == TCT_KEPT_OK) {
        digest(&f, "asked", id, sheet, name);
        status = look(&f, name, hours, &again);
    }
    /* Up, so that a minute is not given away. */
    if (status == TCT_KEPT_OK)
        status =
            tct_kept_put_asked(&f, name, now + 1 + (int64_t)hours * 60, now - SLACK_MINUTES);
    return tct_kept_close(&f, status);
}

/* ------------------------------------------------------------------------------- names --- */

bool tct_kept_name_is_good(const char *name)
{
    size_t bytes = strlen(name);
    tct_string safe = {0};
    if (bytes == 0 || bytes >= TCT_KEPT_NAME || name[0] == ' ' || name[bytes - 1] == ' ' ||
        name[0] == '-')
        return false;
    tct_prose_add_safe(&safe, name, bytes);
    bool same = strcmp(safe.text, name) == 0;
    tct_string_free(&safe);
    return same;
}

/* ---------------------------------------------------------------------------- forgetting --- */

tct_kept_status tct_kept_forget(const char *name)
{
    tct_kept_file f;
    tct_kept kept = {0};
    uint8_t row[TCT_KEPT_DIGEST];
    tct_kept_status status = tct_kept_open(&f, true);
    if (status == TCT_KEPT_OK)
        status = find(&f, name, &kept);
    if (status == TCT_KEPT_OK) {
        digest(&f, "pairing", kept.id, NULL, row);
        status = tct_kept_drop_pairing(&f, row);
    }
    sodium_memzero(&kept, sizeof kept);
    return tct_kept_close(&f, status);
}

tct_kept_status tct_kept_forget_asked(void)
{
    tct_kept_file f;
    tct_kept_status status = tct_kept_open(&f, false);
    if (status == TCT_KEPT_OK)
        status = tct_kept_drop_asked(&f);
    status = tct_kept_close(&f, status);
    return status == TCT_KEPT_ABSENT ? TCT_KEPT_OK : status;
}
