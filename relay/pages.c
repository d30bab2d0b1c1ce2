/* SPDX-License-Identifier: ISC
 *
 * What browsers get: a table of files in memory, and a few plain refusals.  No file system is touched
 * and no path is built, so that no request can reach beyond the table.
 */
#include "net/relay_wire.h"
#include "relay/server_inside.h"

#include <stdio.h>
#include <string.h>

static const char FRONT[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>Relay</title>\n"
    "<h1>Relay</h1>\n"
    "<p>Two devices meet here and hand each other sealed messages. This machine passes them "
    "on. "
    "It cannot open them, and it keeps no record of them.</p>\n"
    "<p>If someone gave you a code, type it into the program that they told you about.</p>\n"
    "</html>\n";

static const tct_asset front = {
    .path = "/",
    .type = "text/html; charset=utf-8",
    .bytes = (const uint8_t *)FRONT,
    .length = sizeof FRONT - 1,
};

/* ------------------------------------------------------------------------------- headers --- */

const struct lws_protocol_vhost_options *tct_pages_headers(tct_loop *loop, const char *policy)
{
    static const char *const fixed[][2] = {
        {"x-content-type-options:", "nosniff"},
        {"x-frame-options:", "DENY"},
        {"referrer-policy:", "no-referrer"},
        {"cross-origin-opener-policy:", "same-origin"},
        {"cross-origin-embedder-policy:", "require-corp"},
        {"cross-origin-resource-policy:", "same-origin"},
        {"permissions-policy:", "camera=(), geolocation=(), microphone=()"},
    };
    enum { FIXED = sizeof fixed / sizeof *fixed };
    static const char closed[] = "default-src 'none'; base-uri 'none'; form-action 'none'; "
                                 "frame-ancestors 'none'";
    if (policy == NULL)
        policy = closed;
    size_t bytes = strlen(policy) + 1;
    struct lws_protocol_vhost_options *list =
        tct_loop_keep(loop, (FIXED + 1) * sizeof *list + bytes);
    if (list == NULL)
        return NULL;
    char *copy = (char *)(list + FIXED + 1);
    memcpy(copy, policy, bytes);
    for (size_t i = 0; i < FIXED; i++) {
        list[i].next = &list[i + 1];
        list[i].name = fixed[i][0];
        list[i].value = fixed[i][1];
    }
    list[FIXED].name = "content-security-policy:";
    list[FIXED].value = copy;
    return list;
}

static bool add_header(struct lws *wsi, const char *name, const char *value, uint8_t **at,
                       uint8_t *end)
{
    return lws_add_http_header_by_name(wsi, (const unsigned char *)name,
                                       (const unsigned char *)value, (int)strlen(value), at,
                                       end) == 0;
}

/* Sends status, headers and, unless it is a HEAD request, begins the body. */
static int begin(tct_socket *socket, unsigned status, const tct_asset *asset, bool body)
{
    uint8_t *start = socket->server->scratch + LWS_PRE, *at = start;
    uint8_t *end = socket->server->scratch + sizeof socket->server->scratch;
    struct lws *wsi = socket->wsi;
    const char *cache = asset->cache != NULL ? asset->cache : "no-store";
    if (lws_add_http_common_headers(wsi, status, asset->type, (lws_filepos_t)asset->length, &at,
                                    end) != 0 ||
        !add_header(wsi, "cache-control:", cache, &at, end) ||
        !add_header(wsi, "vary:", "accept-encoding", &at, end) ||
        (asset->encoding != NULL &&
         !add_header(wsi, "content-encoding:", asset->encoding, &at, end)) ||
        (status == 405 && !add_header(wsi, "allow:", "GET, HEAD", &at, end)) ||
        lws_finalize_write_http_header(wsi, start, &at, end) != 0)
        return -1;
    if (!body || asset->length == 0)
        return lws_http_transaction_completed(wsi) != 0 ? -1 : 0;
    socket->asset = asset;
    socket->asset_sent = 0;
    lws_callback_on_writable(wsi);
    return 0;
}

int tct_pages_write(tct_socket *socket)
{
    const tct_asset *asset = socket->asset;
    if (asset == NULL)
        return 0;
    uint8_t *piece = socket->server->scratch + LWS_PRE;
    size_t left = asset->length - socket->asset_sent;
    size_t count = left < PIECE_BYTES ? left : PIECE_BYTES;
    memcpy(piece, asset->bytes + socket->asset_sent, count);
    if (lws_write(socket->wsi, piece, count,
                  count == left ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < 0)
        return -1;
    socket->asset_sent += count;
    if (count < left) {
        lws_callback_on_writable(socket->wsi);
        return 0;
    }
    socket->asset = NULL;
    return lws_http_transaction_completed(socket->wsi) != 0 ? -1 : 0;
}

/* ------------------------------------------------------------------------------ requests --- */

static int refuse(tct_socket *socket, unsigned status, bool body)
{
    static const struct {
        unsigned status;
        const char *text;
    } words[] = {
        {403, "Pages from elsewhere may not connect here.\n"},
        {404, "There is nothing under this address.\n"},
        {405, "This place is only for reading.\n"},
        {426, "This address is for programs.\n"},
    };
    static tct_asset pages[sizeof words / sizeof *words];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].status != status)
            continue;
        pages[i] = (tct_asset){
            .type = "text/plain; charset=utf-8",
            .bytes = (const uint8_t *)words[i].text,
            .length = strlen(words[i].text),
        };
        return begin(socket, status, &pages[i], body);
    }
    return -1;
}

/* Is `encoding` one of those in an Accept-Encoding list?  (`;q=0` is taken for a no.) */
static bool is_accepted(const char *list, const char *encoding)
{
    size_t length = strlen(encoding);
    for (const char *at = list; (at = strstr(at, encoding)) != NULL; at += length) {
        char before = at == list ? ',' : at[-1], after = at[length];
        if ((before == ',' || before == ' ') && (after == '\0' || after == ',' || after == ' '))
            return true;
        if ((before == ',' || before == ' ') && after == ';')
            return strncmp(at + length, ";q=0", 4) != 0 || at[length + 4] == '.';
    }
    return false;
}

static const tct_asset *find(tct_socket *socket, const char *path)
{
    const tct_relay_options *options = &socket->server->options;
    if (options->assets == NULL)
        return strcmp(path, front.path) == 0 ? &front : NULL;
    char accepted[128];
    if (lws_hdr_copy(socket->wsi, accepted, sizeof accepted, WSI_TOKEN_HTTP_ACCEPT_ENCODING) <=
        0)
        accepted[0] = '\0';
    for (size_t i = 0; i < options->asset_count; i++) {
        const tct_asset *asset = &options->assets[i];
        if (strcmp(asset->path, path) == 0 &&
            (asset->encoding == NULL || is_accepted(accepted, asset->encoding)))
            return asset;
    }
    return NULL;
}

int tct_pages_answer(tct_socket *socket, const char *path)
{
    bool head = lws_hdr_total_length(socket->wsi, WSI_TOKEN_HEAD_URI) > 0;
    bool get = lws_hdr_total_length(socket->wsi, WSI_TOKEN_GET_URI) > 0;
    if (!head && !get) {
        refuse(socket, 405, false);
        return -1; /* whatever body follows is not read */
    }
    const tct_asset *asset = find(socket, path);
    if (asset != NULL)
        return begin(socket, 200, asset, !head);
    return refuse(socket, strcmp(path, TCT_RELAY_PATH) == 0 ? 426 : 404, !head);
}

/* A page may connect if it came from this very place, or from one that the host named: a page of a
 * stranger shall not use a visitor's browser to get at rooms.  Programs send no Origin. */
static bool is_welcome(tct_socket *socket)
{
    char origin[256], host[256];
    if (lws_hdr_total_length(socket->wsi, WSI_TOKEN_ORIGIN) == 0)
        return true;
    if (lws_hdr_copy(socket->wsi, origin, sizeof origin, WSI_TOKEN_ORIGIN) <= 0)
        return false;
    const char *name = strstr(origin, "://");
    if (name != NULL && lws_hdr_copy(socket->wsi, host, sizeof host, WSI_TOKEN_HOST) > 0 &&
        strcmp(name + 3, host) == 0)
        return true;
    const tct_relay_options *options = &socket->server->options;
    for (size_t i = 0; i < options->origin_count; i++) {
        if (strcmp(origin, options->origins[i]) == 0)
            return true;
    }
    return false;
}

int tct_pages_confirm_upgrade(tct_socket *socket)
{
    char path[sizeof TCT_RELAY_PATH + 1];
    bool here = lws_hdr_copy(socket->wsi, path, sizeof path, WSI_TOKEN_GET_URI) > 0 &&
                strcmp(path, TCT_RELAY_PATH) == 0;
    if (here && is_welcome(socket))
        return 0;
    /* The answer is short: it is sent at once, and the line closed after it. */
    refuse(socket, here ? 403 : 404, false);
    return -1;
}
