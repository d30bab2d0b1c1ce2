/* SPDX-License-Identifier: ISC
 *
 * link_text.h — what went wrong with a line, in words for the person who waits.
 */
#ifndef TCT_NET_LINK_TEXT_H
#define TCT_NET_LINK_TEXT_H

#include "net/link.h"

typedef enum {
    TCT_FAULT_NAME,        /* the host's name is unknown */
    TCT_FAULT_CLOSED,      /* nobody listens there */
    TCT_FAULT_SILENT,      /* no answer in time */
    TCT_FAULT_HUNG_UP,     /* answered the call and hung up before saying anything */
    TCT_FAULT_CERTIFICATE, /* the certificate is not for this host, or from nobody we trust */
    TCT_FAULT_TLS,         /* does not speak TLS as we do */
    TCT_FAULT_LOST,        /* the line broke later */
    TCT_FAULT_STRANGER,    /* something else than a relay answered */
    TCT_FAULT_MEMORY,
} tct_fault;

enum { TCT_FAULT_TEXT_MAX = 320 };

/* place: as people wrote it, `relay.example.org` or `127.0.0.1:4711`. */
void tct_fault_text(tct_fault fault, const char *place, char out[TCT_FAULT_TEXT_MAX]);

/* What libwebsockets says when a connection does not come about; reached: the other end had taken
 * the call, and TLS, if any, was done.  said: NULL or its own words. */
tct_fault tct_fault_of(const char *said, bool reached);

#endif
