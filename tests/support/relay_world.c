/* SPDX-License-Identifier: ISC */
#include "support/relay_world.h"

#include <stdlib.h>
#include <string.h>

enum { START_MS = 1000000000, CLOCK_MS = 1700000000 };

uint64_t tct_world_draw(tct_world *world, uint64_t count)
{
    uint64_t z = world->random += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return count > 0 ? (z ^ (z >> 31)) % count : 0;
}

bool tct_world_one_in(tct_world *world, uint64_t count)
{
    return tct_world_draw(world, count) == 0;
}

static void start_relay(tct_world *world)
{
    world->rooms = tct_rooms_new(&world->limits, tct_world_draw(world, UINT64_MAX));
    TCT_ASSERT(world->rooms != NULL);
    if (world->keeps)
        TCT_ASSERT(tct_rooms_keep_in(world->rooms, world->journal, world->now_ms));
    tct_rooms_set_clock(world->rooms, world->now_ms + world->clock_ms, world->now_ms);
}

void tct_world_init(tct_world *world, uint64_t seed, bool keeps, tct_world_told *told,
                    void *context)
{
    char error[TCT_JOURNAL_ERROR_MAX];
    static const tct_rate any = {1000000000, 1000000000};
    *world = (tct_world){.keeps = keeps,
                         .random = seed,
                         .now_ms = START_MS,
                         .clock_ms = CLOCK_MS,
                         .told = told,
                         .context = context};
    world->limits = tct_relay_limits_usual();
    world->limits.numbers_max = 99;
    world->limits.messages = world->limits.bytes = any;
    world->limits.failed_joins = world->limits.opens = any;
    if (keeps) {
        world->journal = tct_journal_open(":memory:", 64 << 20, error);
        TCT_ASSERT(world->journal != NULL);
    }
    for (int who = 0; who < 2; who++) {
        world->devices[who].in = malloc(TCT_RELAY_MESSAGE_MAX);
        TCT_ASSERT(world->devices[who].in != NULL);
    }
    start_relay(world);
}

void tct_world_free(tct_world *world)
{
    for (int who = 0; who < 2; who++) {
        tct_world_switch_off(world, who);
        free(world->devices[who].in);
    }
    tct_rooms_free(world->rooms);
    tct_journal_close(world->journal);
}

/* ------------------------------------------------------------------------------ devices --- */

void tct_world_switch_on(tct_world *world, int who)
{
    uint8_t ticket[TCT_RELAY_TICKET_BYTES];
    for (size_t i = 0; i < sizeof ticket; i++)
        ticket[i] = (uint8_t)tct_world_draw(world, 256);
    world->devices[who].line = tct_line_new(ticket);
    TCT_ASSERT(world->devices[who].line != NULL);
}

void tct_world_switch_off(tct_world *world, int who)
{
    tct_world_break(world, who, 3);
    tct_line_free(world->devices[who].line);
    world->devices[who].line = NULL;
}

void tct_world_connect(tct_world *world, int who)
{
    tct_world_device *d = &world->devices[who];
    if (d->line == NULL || d->caller != NULL || d->done)
        return;
    d->caller = tct_rooms_arrive(world->rooms, (uint64_t)who, d, world->now_ms);
    TCT_ASSERT(d->caller != NULL);
    d->in_bytes = 0;
    tct_line_up(d->line);
}

static void close_line(tct_world *world, int who)
{
    tct_world_device *d = &world->devices[who];
    if (d->caller != NULL)
        tct_caller_gone(d->caller, world->now_ms);
    d->caller = NULL;
    d->in_bytes = 0;
    if (d->line != NULL)
        tct_line_down(d->line);
}

void tct_world_break(tct_world *world, int who, unsigned lost)
{
    tct_world_device *d = &world->devices[who];
    if (d->caller == NULL)
        return;
    tct_line_message message;
    if ((lost & 1) != 0 && tct_line_next(d->line, &message))
        tct_line_sent(d->line); /* it left, and arrived nowhere */
    tct_piece piece;
    if ((lost & 2) != 0 && tct_caller_next(d->caller, SIZE_MAX, &piece))
        tct_caller_sent(d->caller, piece.count, world->now_ms);
    close_line(world, who);
}

/* -------------------------------------------------------------------------------- the relay --- */

void tct_world_kill_relay(tct_world *world)
{
    for (int who = 0; who < 2; who++) {
        world->devices[who].caller = NULL; /* freed with the rooms */
        world->devices[who].in_bytes = 0;
        if (world->devices[who].line != NULL)
            tct_line_down(world->devices[who].line);
    }
    tct_rooms_free(world->rooms);
    start_relay(world);
}

/* Does what the relay wants done with its connections. */
static void attend(tct_world *world)
{
    tct_caller *caller;
    while ((caller = tct_rooms_news(world->rooms)) != NULL) {
        tct_world_device *d = tct_caller_owner(caller);
        if (d->caller == caller && tct_caller_end(caller) == TCT_CALLER_CLOSE &&
            d->line != NULL)
            d->done = tct_line_bye_sent(d->line);
        if (d->caller == caller && tct_caller_end(caller) != TCT_CALLER_STAYS)
            close_line(world, (int)(d - world->devices));
        else if (d->caller != caller) /* one that was taken over by a newer connection */
            tct_caller_gone(caller, world->now_ms);
    }
}

void tct_world_settle(tct_world *world)
{
    (void)tct_rooms_settle(world->rooms, world->now_ms);
    attend(world);
}

void tct_world_pass(tct_world *world, uint64_t ms)
{
    world->now_ms += ms;
    tct_rooms_set_clock(world->rooms, world->now_ms + world->clock_ms, world->now_ms);
    tct_rooms_tick(world->rooms, world->now_ms);
    for (int who = 0; who < 2; who++) {
        if (world->devices[who].line != NULL)
            tct_line_pay(world->devices[who].line);
    }
    tct_world_settle(world);
}

/* -------------------------------------------------------------------------------- messages --- */

bool tct_world_say(tct_world *world, int who)
{
    tct_world_device *d = &world->devices[who];
    tct_line_message message;
    if (d->caller == NULL || !tct_line_next(d->line, &message))
        return false;
    tct_caller_recv(d->caller, message.head, message.head_bytes, message.body_bytes == 0,
                    world->now_ms);
    if (message.body_bytes > 0)
        tct_caller_recv(d->caller, message.body, message.body_bytes, true, world->now_ms);
    tct_line_sent(d->line);
    return true;
}

/* A message came whole. */
static void take(tct_world *world, int who)
{
    tct_world_device *d = &world->devices[who];
    tct_line_event event = tct_line_take(d->line, d->in, d->in_bytes);
    d->in_bytes = 0;
    world->strange = world->strange || event.kind == TCT_LINE_STRANGER ||
                     (event.kind == TCT_LINE_REFUSED && event.reason == TCT_RELAY_MALFORMED);
    if (event.kind == TCT_LINE_REFUSED && tct_line_retries(d->line, event.reason)) {
        close_line(world, who);
        return;
    }
    if (event.kind != TCT_LINE_NOTHING)
        world->told(world, who, &event);
}

bool tct_world_hear(tct_world *world, int who)
{
    tct_world_device *d = &world->devices[who];
    tct_piece piece;
    if (d->caller == NULL || d->line == NULL ||
        !tct_caller_next(d->caller, TCT_RELAY_MESSAGE_MAX, &piece))
        return false;
    TCT_ASSERT(piece.count <= TCT_RELAY_MESSAGE_MAX - d->in_bytes);
    memcpy(d->in + d->in_bytes, piece.bytes, piece.count);
    d->in_bytes += piece.count;
    bool final = piece.final;
    tct_caller_sent(d->caller, piece.count, world->now_ms);
    if (final)
        take(world, who);
    return true;
}

void tct_world_calm(tct_world *world)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (int who = 0; who < 2; who++) {
            tct_world_device *d = &world->devices[who];
            if (d->line != NULL && tct_line_begun(d->line))
                tct_world_connect(world, who);
            while (tct_world_say(world, who))
                moved = true;
            tct_world_settle(world);
            while (tct_world_hear(world, who))
                moved = true;
        }
    }
}
