/* SPDX-License-Identifier: ISC */
#include "relay/listen.h"

#include "net/url.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

static bool prepare(int fd, const struct addrinfo *a)
{
    int on = 1, off = 0;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        return false;
    /* `[::]` is every address of this machine, the older kind too. */
    return a->ai_family != AF_INET6 ||
           setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0;
}

static int open_one(const struct addrinfo *a)
{
    int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    if (fd < 0)
        return -1;
    if (prepare(fd, a) && bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage own = {0};
    socklen_t length = sizeof own;
    if (getsockname(fd, (struct sockaddr *)&own, &length) != 0)
        return 0;
    if (own.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&own)->sin6_port);
    return ntohs(((struct sockaddr_in *)&own)->sin_port);
}

static void explain(int why, const char *place, char error[160])
{
    const char *reason = why == EADDRINUSE ? "another program has that port already."
                         : why == EACCES   ? "that port needs special rights; take one above "
                                             "1023."
                         : why == EADDRNOTAVAIL ? "this machine does not have that address."
                                                : strerror(why);
    snprintf(error, 160, "Cannot listen on %.64s: %.70s", place, reason);
}

int tct_listen(const char *place, uint16_t *port, char error[160])
{
    char host[TCT_URL_HOST_MAX], digits[8], sentence[160];
    if (!tct_url_read_listen(place, host, port, sentence)) {
        snprintf(error, 160, "“%.30s” is no place to listen on. %.80s", place, sentence);
        return -1;
    }
    snprintf(digits, sizeof digits, "%u", *port);
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    if (getaddrinfo(host, digits, &hints, &list) != 0) {
        snprintf(error, 160, "Cannot listen on %.64s: the host name is unknown.", place);
        return -1;
    }
    int fd = -1, why = 0;
    for (struct addrinfo *a = list; a != NULL && fd < 0; a = a->ai_next) {
        fd = open_one(a);
        why = errno;
    }
    freeaddrinfo(list);
    if (fd < 0)
        explain(why, place, error);
    else
        *port = port_of(fd);
    return fd;
}

/* IPv4 lies where no IPv6 guest comes from: ffff:ffff::/32 is multicast. */
static uint64_t of_ipv4(const uint8_t octets[4])
{
    return 0xffffffff00000000u | (uint64_t)octets[0] << 24 | (uint64_t)octets[1] << 16 |
           (uint64_t)octets[2] << 8 | octets[3];
}

static uint64_t of_ipv6(const uint8_t octets[16])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (memcmp(octets, mapped, sizeof mapped) == 0)
        return of_ipv4(octets + 12);
    uint64_t network = 0;
    for (int i = 0; i < 8; i++)
        network = network << 8 | octets[i];
    return network;
}

uint64_t tct_address_of(const struct sockaddr *address)
{
    uint8_t octets[16];
    if (address->sa_family == AF_INET) {
        memcpy(octets, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
        return of_ipv4(octets);
    }
    if (address->sa_family == AF_INET6) {
        memcpy(octets, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
        return of_ipv6(octets);
    }
    return 0;
}

bool tct_address_of_text(const char *list, uint64_t *out)
{
    const char *comma = strrchr(list, ',');
    const char *last = comma != NULL ? comma + 1 : list;
    char text[64] = "";
    size_t n = 0;
    for (; *last != '\0'; last++) {
        if (*last == ' ' || *last == '[' || *last == ']' || *last == '"')
            continue;
        if (n + 1 == sizeof text)
            return false;
        text[n++] = *last;
    }
    uint8_t octets[16];
    if (inet_pton(AF_INET, text, octets) == 1)
        *out = of_ipv4(octets);
    else if (inet_pton(AF_INET6, text, octets) == 1)
        *out = of_ipv6(octets);
    else
        return false;
    return true;
}
