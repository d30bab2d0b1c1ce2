/* SPDX-License-Identifier: ISC */
#include "net/url.h"

#include <stdio.h>
#include <string.h>

enum { PORT_WS = 80, PORT_WSS = 443 };

static bool complain(char error[160], const char *sentence)
{
    snprintf(error, 160, "%s", sentence);
    return false;
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* What follows `scheme` in text, whatever the case, or NULL. */
static const char *after(const char *text, const char *scheme)
{
    while (*scheme != '\0') {
        if (lower(*text++) != *scheme++)
            return NULL;
    }
    return text;
}

static bool is_name(char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' ||
           c == '.' || c == '_';
}

static bool is_numeric6(char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' ||
           c == '.';
}

/* Reads a host: what `belongs` allows, up to the first other character; *text moves behind it. */
static bool read_host(const char **text, bool (*belongs)(char), char host[TCT_URL_HOST_MAX],
                      char error[160])
{
    size_t n = 0;
    while (belongs(**text)) {
        if (n + 1 == TCT_URL_HOST_MAX)
            return complain(error, "The host name is too long.");
        host[n++] = *(*text)++;
    }
    host[n] = '\0';
    return n > 0 || complain(error, "There is no host name in it.");
}

static bool read_port(const char **text, uint32_t *port, char error[160])
{
    const char *digits = *text;
    *port = 0;
    while (**text >= '0' && **text <= '9' && *text - digits < 6)
        *port = *port * 10 + (uint32_t)(*(*text)++ - '0');
    if (*text == digits || *port > 65535)
        return complain(error, "The port must be a number up to 65535.");
    return true;
}

static bool read_host_either(const char **text, char host[TCT_URL_HOST_MAX], bool *numeric6,
                             char error[160])
{
    *numeric6 = **text == '[';
    if (!*numeric6)
        return read_host(text, is_name, host, error);
    (*text)++;
    if (!read_host(text, is_numeric6, host, error))
        return false;
    if (*(*text)++ != ']')
        return complain(error, "An IPv6 address needs brackets: [::1].");
    return true;
}

bool tct_url_read(const char *text, tct_url *out, char error[160])
{
    static const struct {
        const char *scheme;
        bool tls;
    } schemes[] = {{"ws://", false}, {"wss://", true}, {"http://", false}, {"https://", true}};
    tct_url url = {0};
    const char *rest = NULL;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes && rest == NULL; i++) {
        rest = after(text, schemes[i].scheme);
        url.tls = schemes[i].tls;
    }
    if (rest == NULL)
        return complain(error, "It must begin with wss://, https://, ws:// or http://.");
    if (!read_host_either(&rest, url.host, &url.numeric6, error))
        return false;
    uint32_t port = url.tls ? PORT_WSS : PORT_WS;
    if (*rest == ':') {
        rest++;
        if (!read_port(&rest, &port, error))
            return false;
        if (port == 0)
            return complain(error, "Port 0 is not one that can be reached.");
    }
    if (*rest == '@')
        return complain(error, "A user name has no place in it.");
    if (*rest != '\0' && *rest != '/' && *rest != '?' && *rest != '#')
        return complain(error, "There is a character that does not belong after the host.");
    url.port = (uint16_t)port;
    *out = url;
    return true;
}

void tct_url_place(const tct_url *url, char out[TCT_URL_PLACE_MAX])
{
    const char *open = url->numeric6 ? "[" : "", *close = url->numeric6 ? "]" : "";
    if (url->port == (url->tls ? PORT_WSS : PORT_WS))
        snprintf(out, TCT_URL_PLACE_MAX, "%s%s%s", open, url->host, close);
    else
        snprintf(out, TCT_URL_PLACE_MAX, "%s%s%s:%u", open, url->host, close, url->port);
}

bool tct_url_read_listen(const char *text, char host[TCT_URL_HOST_MAX], uint16_t *port,
                         char error[160])
{
    uint32_t number;
    bool numeric6;
    if (!read_host_either(&text, host, &numeric6, error))
        return false;
    if (*text++ != ':')
        return complain(error, "It must be HOST:PORT, like 127.0.0.1:8080 or [::1]:8080.");
    if (!read_port(&text, &number, error))
        return false;
    if (*text != '\0')
        return complain(error, "There is something left over after the port.");
    *port = (uint16_t)number;
    return true;
}
