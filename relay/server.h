/* SPDX-License-Identifier: ISC
 *
 * server.h — the relay on a port: WebSocket at /relay, a few files for browsers everywhere else.
 *
 * Logs no address and no number.  Reads no frame: see rooms.h.
 */
#ifndef TCT_RELAY_SERVER_H
#define TCT_RELAY_SERVER_H

#include "net/loop.h"
#include "relay/relay_limits.h"

#define TCT_RELAY_LISTEN_USUAL    "127.0.0.1:7333"
#define TCT_RELAY_PROGRAM_VERSION "0.1.0" /* TACIT_VERSION; a test holds them together */

/* One file for browsers, in memory.  A path may stand several times, best encoding first; the first
 * that the browser takes is served. */
typedef struct {
    const char *path;     /* "/page.css"; the front page is "/" */
    const char *type;     /* "text/css; charset=utf-8" */
    const char *encoding; /* "br", "gzip"; NULL: as it is */
    const char *cache;    /* Cache-Control; NULL: "no-store" */
    const uint8_t *bytes;
    size_t length;
} tct_asset;

typedef struct {
    const char *listen; /* HOST:PORT, [V6]:PORT; port 0: any free one */
    const char
        *state;    /* a file to keep rooms in; NULL: memory only (tct_relay_main: the usual) */
    bool no_state; /* tct_relay_main: memory only */
    const char *cert_file, *key_file; /* PEM, for TLS; NULL: plain */
    bool behind_proxy;          /* believe the last X-Forwarded-For: a proxy of ours set it */
    const char *const *origins; /* pages from elsewhere that may connect: "https://a.example" */
    size_t origin_count;
    const tct_asset *assets; /* borrowed; NULL: the built-in page */
    size_t asset_count;
    const char *content_security_policy; /* for the assets; NULL: nothing is allowed */
    tct_relay_limits limits;
    const char *program; /* in messages; "tacit-relay" */
    /* Called once the port is open; NULL: tct_relay_main prints a line. */
    void (*ready)(void *context, const char *url);
    void *ready_context;
} tct_relay_options;

enum { TCT_RELAY_ERROR_MAX = 320 };

tct_relay_options tct_relay_options_usual(void); /* loopback, plain, the built-in page */

typedef struct tct_relay_server tct_relay_server;

/* options: copied; strings and assets borrowed for the server's life.  NULL: error says why in one
 * sentence. */
tct_relay_server *tct_relay_server_new(tct_loop *loop, const tct_relay_options *options,
                                       char error[TCT_RELAY_ERROR_MAX]);
uint16_t tct_relay_server_port(const tct_relay_server *server);
/* `http://127.0.0.1:7333/` */
enum { TCT_RELAY_URL_MAX = 160 };
void tct_relay_server_url(const tct_relay_server *server, char out[TCT_RELAY_URL_MAX]);
/* Opens the door to nobody any more and tells everyone that the relay closes; step the loop until it
 * is empty, or for as long as you like. */
void tct_relay_server_close(tct_relay_server *server);
bool tct_relay_server_empty(const tct_relay_server *server);
/* Callers, rooms, bytes: one line of numbers without names. */
void tct_relay_server_figures(const tct_relay_server *server, char out[TCT_RELAY_ERROR_MAX]);
/* Drops whoever is still there.  NULL is fine. */
void tct_relay_server_free(tct_relay_server *server);

/* Runs a relay until SIGTERM or SIGINT; `tacit-relay` and `tacit serve` are this.  Prints the address
 * to standard output, what goes wrong to standard error, and on SIGUSR1 a line of numbers without
 * names there.  Exit status: 0 ended by a signal, 2 the options are wrong, 4 the port or the state
 * could not be opened.
 * Without `state` and `no_state`, a relay with a port of its own keeps its rooms in relay-PORT.db under
 * $STATE_DIRECTORY, else $XDG_STATE_HOME/tacit, else ~/.local/state/tacit; one on any free port could
 * not be found again after a restart, and keeps them in memory. */
int tct_relay_main(const tct_relay_options *options);

#endif
