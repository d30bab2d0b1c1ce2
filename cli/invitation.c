/* SPDX-License-Identifier: ISC */
#include "cli/invitation.h"

#include "cli/scan_code.h"
#include "cli/terminal.h"
#include "net/url.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ADDRESS_MAX = 160 };

static const char this_machine_only[] =
    "Only this machine can open it. Two phones need an address that both can reach,\n"
    "over https: see tacit serve --help.\n";
static const char plain_http[] =
    "Over plain http, whoever is on the way could change the page. Use this in a\n"
    "network that you trust, or give --cert and --key.\n";
static const char behind_proxy[] =
    "Listening on %s, behind your proxy. With --address it also shows what\n"
    "people open, as a code to scan.\n";

static bool is_loopback(const char *host)
{
    return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0 ||
           strcmp(host, "localhost") == 0;
}

/* An address of this machine that another may reach: the first of IPv4 that is not its own. */
static bool find_own(char out[INET_ADDRSTRLEN])
{
    struct ifaddrs *list = NULL;
    bool found = false;
    if (getifaddrs(&list) != 0)
        return false;
    for (const struct ifaddrs *at = list; at != NULL && !found; at = at->ifa_next) {
        if (at->ifa_addr == NULL || at->ifa_addr->sa_family != AF_INET)
            continue;
        const struct sockaddr_in *own = (const struct sockaddr_in *)(const void *)at->ifa_addr;
        found = inet_ntop(AF_INET, &own->sin_addr, out, INET_ADDRSTRLEN) != NULL &&
                !is_loopback(out);
    }
    freeifaddrs(list);
    return found;
}

/* Every address of this machine (0.0.0.0, [::]) is none that can be typed: names one of them. */
static void name_place(char out[ADDRESS_MAX], const char *url, tct_url *read)
{
    char error[160], own[INET_ADDRSTRLEN];
    snprintf(out, ADDRESS_MAX, "%s", url);
    if (!tct_url_read(url, read, error)) {
        memset(read, 0, sizeof *read);
        return;
    }
    if ((strcmp(read->host, "0.0.0.0") == 0 || strcmp(read->host, "::") == 0) &&
        find_own(own)) {
        char place[TCT_URL_PLACE_MAX];
        snprintf(read->host, sizeof read->host, "%s", own);
        read->numeric6 = false;
        tct_url_place(read, place);
        snprintf(out, ADDRESS_MAX, "%s://%s/", read->tls ? "https" : "http", place);
    }
}

static void print_code(const char *address)
{
    int rows, columns;
    if (isatty(STDOUT_FILENO) != 1 || !tct_terminal_has_colour())
        return;
    tct_terminal_size(&rows, &columns);
    putchar('\n');
    if (tct_scan_code_print(stdout, address, tct_terminal_has_unicode(), rows, columns))
        putchar('\n');
}

void tct_invitation_print(const tct_invitation *invitation, const char *url)
{
    tct_url read;
    char place[ADDRESS_MAX];
    name_place(place, url, &read);
    const char *address = invitation->address != NULL ? invitation->address : place;
    if (invitation->behind_proxy && invitation->address == NULL) {
        printf(behind_proxy, url);
    } else {
        printf("The page is at %s\n", address);
        if (invitation->with_code)
            print_code(address);
        if (invitation->address != NULL)
            printf("Listening on %s\n", url);
        else if (is_loopback(read.host))
            fputs(this_machine_only, stdout);
        else if (!read.tls)
            fputs(plain_http, stdout);
    }
    printf("Ctrl-C ends it.\n");
    (void)fflush(stdout);
}
