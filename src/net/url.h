/* SPDX-License-Identifier: ISC
 *
 * url.h — reads the address of a relay as people write it.
 */
#ifndef TCT_NET_URL_H
#define TCT_NET_URL_H

#include "base/base.h"

/* Below 128, where libwebsockets would cut the name whose certificate it checks. */
enum { TCT_URL_HOST_MAX = 120 };

typedef struct {
    bool tls;                    /* wss, https */
    char host[TCT_URL_HOST_MAX]; /* a name or a numeric address, without brackets */
    bool numeric6;               /* host is an IPv6 address: brackets around it in a URL */
    uint16_t port;               /* the scheme's own when none is written */
} tct_url;

/* Reads `scheme://host[:port][/path][?query][#fragment]`; path and what follows are passed over.
 * text: from a person; NUL-terminated.  false: error says in one sentence what is wrong. */
bool tct_url_read(const char *text, tct_url *out, char error[160]);

/* host and port as one writes them: `relay.example.org`, `127.0.0.1:4711`, `[::1]:443`; the port is
 * left out where it is the scheme's own. */
enum { TCT_URL_PLACE_MAX = TCT_URL_HOST_MAX + 10 };
void tct_url_place(const tct_url *url, char out[TCT_URL_PLACE_MAX]);

/* Reads `HOST:PORT`, `[V6]:PORT`, as after --listen; port 0: any free one. */
bool tct_url_read_listen(const char *text, char host[TCT_URL_HOST_MAX], uint16_t *port,
                         char error[160]);

#endif
