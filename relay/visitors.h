/* SPDX-License-Identifier: ISC
 *
 * visitors.h — what is counted per network address: connections, rooms opened, numbers guessed.
 *
 * An address is 64 bits (all of IPv4, the network half of IPv6), kept in memory only while somebody
 * from there is connected or a rate has not recovered, and written nowhere.
 */
#ifndef TCT_RELAY_VISITORS_H
#define TCT_RELAY_VISITORS_H

#include "relay/relay_limits.h"

typedef struct tct_visitor {
    struct tct_visitor *next; /* in its slot of the table */
    uint64_t address;
    uint32_t present; /* connections now */
    tct_bucket failed_joins, opens;
} tct_visitor;

typedef struct tct_visitors tct_visitors;

/* limits: borrowed.  seed: so that nobody can choose addresses that fall into one slot. */
tct_visitors *tct_visitors_new(const tct_relay_limits *limits, uint64_t seed);
void tct_visitors_free(tct_visitors *visitors);

/* One more connection from there.  NULL: too many from there, or no memory. */
tct_visitor *tct_visitors_enter(tct_visitors *visitors, uint64_t address, uint64_t now_ms);
void tct_visitors_leave(tct_visitors *visitors, tct_visitor *visitor);
/* Forgets those who are gone and owe nothing. */
void tct_visitors_tidy(tct_visitors *visitors, uint64_t now_ms);
uint32_t tct_visitors_count(const tct_visitors *visitors);

#endif
