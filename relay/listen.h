/* SPDX-License-Identifier: ISC
 *
 * listen.h — opens the port that a relay listens on, and says from where a connection comes.
 */
#ifndef TCT_RELAY_LISTEN_H
#define TCT_RELAY_LISTEN_H

#include "base/base.h"

#include <sys/socket.h>

/* Opens HOST:PORT.  The real port is put into *port.  -1: error says why in one sentence. */
int tct_listen(const char *place, uint16_t *port, char error[160]);

/* 64 bits for an address: IPv4 whole, IPv6 by its network half, since the other half is the guest's
 * to choose. */
uint64_t tct_address_of(const struct sockaddr *address);
/* The same for the last address in a list such as X-Forwarded-For.  false: there is none. */
bool tct_address_of_text(const char *list, uint64_t *out);

#endif
