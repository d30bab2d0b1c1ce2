/* SPDX-License-Identifier: ISC */
#include "relay/visitors.h"

#include <stdlib.h>

enum { SLOTS = 4096 };

/* The table is bounded: by those who are present, and, for those who are gone but whose rates have
 * not recovered, by this many more.  Beyond it the gone are forgotten early. */
enum { GONE_MAX = 65536 };

struct tct_visitors {
    const tct_relay_limits *limits;
    uint64_t seed;
    uint32_t count, gone;
    tct_visitor *slot[SLOTS];
};

static size_t slot_of(const tct_visitors *v, uint64_t address)
{
    uint64_t z = (address ^ v->seed) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 32)) * 0xd6e8feb86659fd93u;
    return (size_t)((z ^ (z >> 32)) % SLOTS);
}

tct_visitors *tct_visitors_new(const tct_relay_limits *limits, uint64_t seed)
{
    tct_visitors *v = calloc(1, sizeof *v);
    if (v == NULL)
        return NULL;
    v->limits = limits;
    v->seed = seed;
    return v;
}

/* Frees those of a slot for whom keep says false. */
static void sweep(tct_visitors *v, size_t slot,
                  bool (*keep)(tct_visitors *, tct_visitor *, uint64_t), uint64_t now_ms)
{
    tct_visitor **at = &v->slot[slot];
    while (*at != NULL) {
        tct_visitor *one = *at;
        if (keep(v, one, now_ms)) {
            at = &one->next;
            continue;
        }
        *at = one->next;
        v->count--;
        v->gone -= one->present == 0;
        free(one);
    }
}

static bool nobody(tct_visitors *v, tct_visitor *one, uint64_t now_ms)
{
    (void)v, (void)one, (void)now_ms;
    return false;
}

static bool the_present(tct_visitors *v, tct_visitor *one, uint64_t now_ms)
{
    (void)v, (void)now_ms;
    return one->present > 0;
}

static bool who_matters(tct_visitors *v, tct_visitor *one, uint64_t now_ms)
{
    return one->present > 0 ||
           !tct_bucket_is_full(&one->failed_joins, v->limits->failed_joins, now_ms) ||
           !tct_bucket_is_full(&one->opens, v->limits->opens, now_ms);
}

void tct_visitors_free(tct_visitors *v)
{
    if (v == NULL)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        sweep(v, i, nobody, 0);
    free(v);
}

void tct_visitors_tidy(tct_visitors *v, uint64_t now_ms)
{
    for (size_t i = 0; i < SLOTS; i++)
        sweep(v, i, v->gone > GONE_MAX ? the_present : who_matters, now_ms);
}

static tct_visitor *find(tct_visitors *v, uint64_t address)
{
    tct_visitor *one = v->slot[slot_of(v, address)];
    while (one != NULL && one->address != address)
        one = one->next;
    return one;
}

static tct_visitor *add(tct_visitors *v, uint64_t address, uint64_t now_ms)
{
    tct_visitor *one = calloc(1, sizeof *one);
    if (one == NULL)
        return NULL;
    one->address = address;
    tct_bucket_fill(&one->failed_joins, v->limits->failed_joins, now_ms);
    tct_bucket_fill(&one->opens, v->limits->opens, now_ms);
    size_t slot = slot_of(v, address);
    one->next = v->slot[slot];
    v->slot[slot] = one;
    v->count++;
    v->gone++;
    return one;
}

tct_visitor *tct_visitors_enter(tct_visitors *v, uint64_t address, uint64_t now_ms)
{
    tct_visitor *one = find(v, address);
    if (one == NULL)
        one = add(v, address, now_ms);
    if (one == NULL || one->present >= v->limits->callers_per_address)
        return NULL;
    v->gone -= one->present == 0;
    one->present++;
    return one;
}

void tct_visitors_leave(tct_visitors *v, tct_visitor *one)
{
    one->present--;
    v->gone += one->present == 0;
}

uint32_t tct_visitors_count(const tct_visitors *v)
{
    return v->count;
}
