/* SPDX-License-Identifier: ISC
 *
 * `tacit serve`: the relay, as tacit-relay runs it, and the page.
 */
#include "cli/commands.h"
#include "cli/invitation.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/terminal.h"
#ifdef TACIT_PAGE
#include "cli/page_assets.h"
#endif
#include "net/url.h"
#include "relay/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { ORIGINS_MAX = 16, COUNT_MAX = 1000000, AWAY_MAX_S = 86400 };
#define STATE_HELP                                                                             \
    "keep what is under way there, so that a restart loses nothing (default: relay-PORT.db "   \
    "in $XDG_STATE_HOME/tacit or ~/.local/state/tacit; on any free port: memory only)"
static char usual_listen[] = "127.0.0.1:7333"; /* where ask and answer look when not told */

/* How to tell the host that it is open. */
typedef struct {
    tct_invitation invitation;
    bool json;
} manner;

static void tell_ready(void *context, const char *url)
{
    const manner *how = context;
    if (how->json) {
        tct_json json = {0};
        tct_json_begin(&json, "listening");
        tct_json_text(&json, "url", url);
        tct_json_send(&json);
        return;
    }
#ifdef TACIT_PAGE
    tct_invitation_print(&how->invitation, url);
#else
    printf("The relay listens on %s\nCtrl-C ends it.\n", url);
    (void)fflush(stdout);
#endif
}

/* A number from 1 to a million, or 0. */
static uint32_t read_count(const char *text)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    bool good =
        errno == 0 && *text >= '0' && *text <= '9' && *end == '\0' && value <= COUNT_MAX;
    return good ? (uint32_t)value : 0;
}

static tct_relay_options usual_relay(manner *how)
{
    tct_relay_options relay = tct_relay_options_usual();
    relay.listen = usual_listen;
    relay.program = "tacit serve";
    relay.ready = tell_ready;
    relay.ready_context = how;
#ifdef TACIT_PAGE
    relay.assets = tct_page_assets;
    relay.asset_count = tct_page_asset_count;
    relay.content_security_policy = tct_page_policy;
#endif
    return relay;
}

/* What is wrong with options that could be read: said, and its status; or TCT_OPTIONS_GO_ON. */
static int find_mistake(const tct_usage *usage, const tct_relay_options *relay,
                        const char *address, size_t origin_count)
{
    char error[160];
    tct_url url;
    if ((relay->cert_file == NULL) != (relay->key_file == NULL))
        return tct_options_mistake(usage, "--cert and --key belong together.");
    if (address != NULL && !tct_url_read(address, &url, error))
        return tct_options_mistake(usage, "--address: %s", error);
    if (origin_count > ORIGINS_MAX)
        return tct_options_mistake(usage, "--origin was given too often.");
    if (relay->state != NULL && relay->no_state)
        return tct_options_mistake(usage, "--state and --no-state contradict each other.");
    if (relay->limits.away_ms == 0 || relay->limits.away_ms > AWAY_MAX_S * 1000u)
        return tct_options_mistake(usage, "--away takes a number of seconds, from 1 to %d.",
                                   AWAY_MAX_S);
    if (relay->limits.callers_max == 0 || relay->limits.callers_per_address == 0)
        return tct_options_mistake(usage, "a number from 1 to %d is needed.", COUNT_MAX);
    return TCT_OPTIONS_GO_ON;
}

/* As they were given; what is no number becomes 0, which is no limit that may be. */
static void set_limits(tct_relay_limits *limits, const char *connections,
                       const char *per_address, const char *away)
{
    if (connections != NULL)
        limits->callers_max = read_count(connections);
    if (per_address != NULL)
        limits->callers_per_address = read_count(per_address);
    if (away != NULL)
        limits->away_ms = read_count(away) * 1000;
    limits->rooms_max = (limits->callers_max + 1) / 2; /* half of them ask, at most */
}

int tct_command_serve(int argc, char **argv)
{
    char *listen = NULL, *cert = NULL, *key = NULL, *connections = NULL, *per_address = NULL;
    char *address = NULL, *state = NULL, *away = NULL;
    const char *origins[ORIGINS_MAX];
    tct_option_list origin_list = {0};
    bool behind_proxy = false, no_qr = false, no_state = false;
    manner how = {0};
    size_t count;
    const tct_option options[] = {
        {"listen", "HOST:PORT",
         "where to listen (default: 127.0.0.1:7333, this machine only); "
         "[::]:443 is every address, port 0 any free one",
         NULL, &listen, NULL},
        {"cert", "FILE", "certificate chain (PEM), with --key: TLS without a proxy in front",
         NULL, &cert, NULL},
        {"key", "FILE", "its private key (PEM)", NULL, &key, NULL},
        {"behind-proxy", NULL,
         "a reverse proxy of yours is in front: limits per address go by its "
         "X-Forwarded-For",
         &behind_proxy, NULL, NULL},
        {"address", "URL",
         "what people open, when that is not where it listens (a proxy in front, a name)", NULL,
         &address, NULL},
        {"no-qr", NULL, "no code to scan on the terminal", &no_qr, NULL, NULL},
        {"origin", "URL",
         "a page from there may connect too, such as https://a.example; may be "
         "repeated",
         NULL, NULL, &origin_list},
        {"state", "FILE", STATE_HELP, NULL, &state, NULL},
        {"no-state", NULL, "keep everything in memory", &no_state, NULL, NULL},
        {"away", "SECONDS", "how long a lost line is waited for (600)", NULL, &away, NULL},
        {"connections", "N", "at most so many connections in all", NULL, &connections, NULL},
        {"per-address", "N", "at most so many from one address", NULL, &per_address, NULL},
        {"json", NULL, "tell the address as a JSON object", &how.json, NULL, NULL},
    };
    const tct_usage usage = {
        .usage = "tacit serve [options]",
        .about =
            "Serves the page and a relay: the meeting point for two devices. It passes on what "
            "they seal for each other, cannot open it, forgets it when it is taken, and logs "
            "no "
            "address. It ends on Ctrl-C or SIGTERM.",
        .examples = "tacit serve\n"
                    "tacit serve --listen 0.0.0.0:443 --cert chain.pem --key key.pem\n"
                    "tacit serve --behind-proxy --address https://tacit.example.org/",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
    };
    int status = tct_options_read(&usage, argc, argv, NULL, &count);
    tct_relay_options relay = usual_relay(&how);
    how.invitation = (tct_invitation){address, behind_proxy, !no_qr};
    if (listen != NULL)
        relay.listen = listen;
    relay.cert_file = cert;
    relay.key_file = key;
    relay.behind_proxy = behind_proxy;
    relay.origins = origins;
    for (size_t i = 0; i < origin_list.count && i < ORIGINS_MAX; i++)
        origins[relay.origin_count++] = origin_list.values[i];
    relay.state = state;
    relay.no_state = no_state;
    set_limits(&relay.limits, connections, per_address, away);
    if (status == TCT_OPTIONS_GO_ON)
        status = find_mistake(&usage, &relay, address, origin_list.count);
    if (status == TCT_OPTIONS_GO_ON) {
        tct_signal_release(); /* the relay has its own way to end */
        status = tct_relay_main(&relay);
    }
    tct_options_free(&origin_list);
    return status;
}
