/* SPDX-License-Identifier: ISC
 *
 * tacit-relay: the relay alone, for whoever hosts one.
 */
#include "relay/server.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORIGINS_MAX = 16, USAGE = 2 };

static const char HELP[] =
    "Usage: tacit-relay [--listen HOST:PORT] [options]\n"
    "\n"
    "A meeting point for two devices that run tacit: it passes their sealed messages on,\n"
    "cannot open them, forgets them once they are taken, and logs no address.\n"
    "\n"
    "  --listen HOST:PORT   where to listen; [::]:443 is every address, port 0 any free one\n"
    "                       (" TCT_RELAY_LISTEN_USUAL ", this machine only)\n"
    "  --cert FILE          certificate chain (PEM), and\n"
    "  --key FILE           its private key: TLS without a proxy in front\n"
    "  --behind-proxy       a reverse proxy is in front: take the guest's address from its\n"
    "                       X-Forwarded-For, for the limits per address\n"
    "  --origin URL         a page from there may connect, too, such as https://a.example\n"
    "  --state FILE         keep rooms there, so that a restart loses nothing (relay-PORT.db "
    "in\n"
    "                       $STATE_DIRECTORY, $XDG_STATE_HOME/tacit or ~/.local/state/tacit;\n"
    "                       on any free port: memory only)\n"
    "  --no-state           keep everything in memory\n"
    "  --away SECONDS       how long a lost line is waited for (600)\n"
    "  --connections N      at most so many connections in all (10000)\n"
    "  --per-address N      at most so many from one address (256)\n"
    "  --help               this text\n"
    "  --version            the version\n"
    "\n"
    "Ends on SIGTERM or SIGINT within a second, and tells everyone connected; SIGUSR1 asks\n"
    "for a line of numbers without names.\n"
    "\n"
    "Examples:\n"
    "  tacit-relay --listen 127.0.0.1:7333 --behind-proxy\n"
    "  tacit-relay --listen [::]:443 --cert chain.pem --key key.pem\n";

static bool read_count(const char *text, uint32_t *out)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || value < 1 ||
        value > 1000000)
        return false;
    *out = (uint32_t)value;
    return true;
}

static int complain(const char *about, const char *what)
{
    fprintf(stderr, "tacit-relay: %s%s%s\nTry: tacit-relay --help\n", about,
            *about != '\0' ? ": " : "", what);
    return USAGE;
}

enum {
    LISTEN = 1,
    CERT,
    KEY,
    PROXY,
    ORIGIN,
    STATE,
    NO_STATE,
    AWAY,
    CONNECTIONS,
    PER_ADDRESS,
    HELP_ASKED,
    VERSION,
};

static const struct option known[] = {
    {"listen", required_argument, NULL, LISTEN},
    {"cert", required_argument, NULL, CERT},
    {"key", required_argument, NULL, KEY},
    {"behind-proxy", no_argument, NULL, PROXY},
    {"origin", required_argument, NULL, ORIGIN},
    {"state", required_argument, NULL, STATE},
    {"no-state", no_argument, NULL, NO_STATE},
    {"away", required_argument, NULL, AWAY},
    {"connections", required_argument, NULL, CONNECTIONS},
    {"per-address", required_argument, NULL, PER_ADDRESS},
    {"help", no_argument, NULL, HELP_ASKED},
    {"version", no_argument, NULL, VERSION},
    {0},
};

/* One option.  -1: go on; else the exit status. */
static int take(int option, tct_relay_options *o, const char **origins)
{
    switch (option) {
    case LISTEN:
        o->listen = optarg;
        return -1;
    case CERT:
        o->cert_file = optarg;
        return -1;
    case KEY:
        o->key_file = optarg;
        return -1;
    case PROXY:
        o->behind_proxy = true;
        return -1;
    case ORIGIN:
        if (o->origin_count == ORIGINS_MAX)
            return complain("--origin", "too many of them.");
        origins[o->origin_count++] = optarg;
        return -1;
    case STATE:
        o->state = optarg;
        return -1;
    case NO_STATE:
        o->no_state = true;
        return -1;
    case AWAY:
        if (!read_count(optarg, &o->limits.away_ms) || o->limits.away_ms > 86400)
            return complain("--away", "it must be a number of seconds from 1 to 86400.");
        o->limits.away_ms *= 1000;
        return -1;
    case CONNECTIONS:
        return read_count(optarg, &o->limits.callers_max)
                   ? -1
                   : complain("--connections", "it must be a number from 1 to 1000000.");
    case PER_ADDRESS:
        return read_count(optarg, &o->limits.callers_per_address)
                   ? -1
                   : complain("--per-address", "it must be a number from 1 to 1000000.");
    case HELP_ASKED:
        fputs(HELP, stdout);
        return 0;
    case VERSION:
        puts("tacit-relay " TCT_RELAY_PROGRAM_VERSION);
        return 0;
    default:
        fputs("Try: tacit-relay --help\n", stderr);
        return USAGE;
    }
}

int main(int argc, char **argv)
{
    const char *origins[ORIGINS_MAX];
    tct_relay_options options = tct_relay_options_usual();
    options.origins = origins;
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        int status = take(option, &options, origins);
        if (status >= 0)
            return status;
    }
    if (optind < argc)
        return complain(argv[optind], "nothing is expected here.");
    if ((options.cert_file == NULL) != (options.key_file == NULL))
        return complain("", "--cert and --key belong together.");
    if (options.state != NULL && options.no_state)
        return complain("", "--state and --no-state contradict each other.");
    options.limits.rooms_max = options.limits.callers_max; /* should all of them ask */
    if (options.limits.opens.burst < options.limits.callers_per_address)
        options.limits.opens.burst = options.limits.callers_per_address;
    return tct_relay_main(&options);
}
