/* SPDX-License-Identifier: ISC
 *
 * relay_room_kit.h — rooms without a network, for tests: a clock that stands still until it is
 * moved, callers that say one message at a time, and what each of them was told.
 */
#ifndef TESTS_RELAY_ROOM_KIT_H
#define TESTS_RELAY_ROOM_KIT_H

#include "net/relay_wire.h"
#include "relay/rooms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    tct_relay_limits limits;
    tct_rooms *rooms;
    uint64_t now;
    uint32_t opened;          /* rooms so far: each has an id of its own */
    tct_caller *speakers[64]; /* who has said frames, and how many */
    uint32_t said[64];
} kit;

static inline kit kit_with(tct_relay_limits limits)
{
    kit k = {.limits = limits, .now = 1000000};
    k.rooms = tct_rooms_new(&k.limits, 7);
    assert_non_null(k.rooms);
    return k;
}

static inline kit kit_usual(void)
{
    return kit_with(tct_relay_limits_usual());
}

static inline tct_caller *arrive_from(kit *k, uint64_t address)
{
    tct_caller *caller = tct_rooms_arrive(k->rooms, address, NULL, k->now);
    assert_non_null(caller);
    for (size_t i = 0; i < 64; i++) { /* it may stand where one stood before */
        if (k->speakers[i] == caller)
            k->said[i] = 0;
    }
    return caller;
}

static inline tct_caller *arrive(kit *k)
{
    return arrive_from(k, 1);
}

static inline void say(kit *k, tct_caller *caller, const void *message, size_t bytes)
{
    tct_caller_recv(caller, message, bytes, true, k->now);
}

/* A ticket that goes with a name. */
static inline void put_ticket(uint8_t out[TCT_RELAY_TICKET_BYTES], uint64_t name)
{
    memset(out, 't', TCT_RELAY_TICKET_BYTES);
    tct_store64(out, name);
}

/* The id of the n-th room that was opened in this test, and what follows the `n` in it. */
static inline void put_room(uint8_t out[TCT_RELAY_ROOM_BYTES], uint32_t n, char id)
{
    memset(out, id, TCT_RELAY_ROOM_BYTES);
    tct_store32(out, n);
}

static inline void say_open_as(kit *k, tct_caller *caller, uint32_t room, uint64_t ticket)
{
    uint8_t message[34] = {TCT_RELAY_OPEN, TCT_RELAY_VERSION};
    put_room(message + 2, room, 'r');
    put_ticket(message + 18, ticket);
    say(k, caller, message, sizeof message);
}

static inline void say_open(kit *k, tct_caller *caller)
{
    say_open_as(k, caller, ++k->opened, (uint64_t)(uintptr_t)caller);
}

static inline void say_join_as(kit *k, tct_caller *caller, uint32_t number, uint64_t ticket)
{
    uint8_t message[22] = {TCT_RELAY_JOIN, TCT_RELAY_VERSION};
    tct_store32(message + 2, number);
    put_ticket(message + 6, ticket);
    say(k, caller, message, sizeof message);
}

static inline void say_join(kit *k, tct_caller *caller, uint32_t number)
{
    say_join_as(k, caller, number, (uint64_t)(uintptr_t)caller);
}

static inline void say_resume(kit *k, tct_caller *caller, uint32_t room, uint64_t ticket,
                              uint32_t taken)
{
    uint8_t message[38] = {TCT_RELAY_RESUME, TCT_RELAY_VERSION};
    put_room(message + 2, room, 'r');
    put_ticket(message + 18, ticket);
    tct_store32(message + 34, taken);
    say(k, caller, message, sizeof message);
}

static inline void say_taken(kit *k, tct_caller *caller, uint32_t count)
{
    uint8_t message[5] = {TCT_RELAY_TAKEN};
    tct_store32(message + 1, count);
    say(k, caller, message, sizeof message);
}

/* The number of this caller's next frame. */
static inline uint32_t *count_of(kit *k, tct_caller *caller)
{
    size_t i = 0;
    while (k->speakers[i] != caller && k->speakers[i] != NULL)
        assert_true(++i < 64);
    k->speakers[i] = caller;
    return &k->said[i];
}

static inline void say_frame_as(kit *k, tct_caller *caller, uint32_t seq, const char *text)
{
    uint8_t message[64] = {TCT_RELAY_FRAME};
    tct_store32(message + 1, seq);
    memcpy(message + 5, text, strlen(text));
    say(k, caller, message, 5 + strlen(text));
}

static inline void say_frame(kit *k, tct_caller *caller, const char *text)
{
    say_frame_as(k, caller, (*count_of(k, caller))++, text);
}

/* A frame of `bytes` bytes with its type, in pieces of 4096 as a socket would give them. */
static inline void say_large(kit *k, tct_caller *caller, size_t bytes)
{
    uint8_t piece[4096] = {TCT_RELAY_FRAME};
    tct_store32(piece + 1, (*count_of(k, caller))++);
    while (bytes > 0) {
        size_t count = bytes < sizeof piece ? bytes : sizeof piece;
        bytes -= count;
        tct_caller_recv(caller, piece, count, bytes == 0, k->now);
        memset(piece, 0x55, 5);
    }
}

static inline void say_reopen(kit *k, tct_caller *caller, char id)
{
    uint8_t message[33] = {TCT_RELAY_REOPEN};
    put_room(message + 1, ++k->opened, id);
    put_ticket(message + 17, (uint64_t)(uintptr_t)caller);
    *count_of(k, caller) = 0;
    say(k, caller, message, sizeof message);
}

static inline void say_bye(kit *k, tct_caller *caller)
{
    say(k, caller, "\x04", 1);
}

/* The next whole message for the caller, in pieces of at most 7 bytes; its length, or 0. */
static inline size_t hear_any(kit *k, tct_caller *caller, uint8_t *out, size_t room)
{
    tct_piece piece;
    size_t length = 0;
    while (tct_caller_next(caller, 7, &piece)) {
        assert_int_equal(piece.first, length == 0);
        assert_true(length + piece.count <= room);
        memcpy(out + length, piece.bytes, piece.count);
        length += piece.count;
        bool final = piece.final;
        tct_caller_sent(caller, piece.count, k->now);
        if (final)
            return length;
    }
    assert_int_equal(length, 0);
    return 0;
}

/* The same, but for KEPT, which may come at any time. */
static inline size_t hear(kit *k, tct_caller *caller, uint8_t *out, size_t room)
{
    size_t length;
    do {
        length = hear_any(k, caller, out, room);
    } while (length == 5 && out[0] == TCT_RELAY_KEPT);
    return length;
}

static inline void assert_hears(kit *k, tct_caller *caller, const void *message, size_t bytes)
{
    uint8_t heard[256];
    assert_int_equal(hear(k, caller, heard, sizeof heard), bytes);
    assert_memory_equal(heard, message, bytes);
}

static inline void assert_hears_frame(kit *k, tct_caller *caller, const char *text)
{
    uint8_t heard[256];
    assert_int_equal(hear(k, caller, heard, sizeof heard), 5 + strlen(text));
    assert_int_equal(heard[0], TCT_RELAY_FRAME_IN);
    assert_memory_equal(heard + 5, text, strlen(text));
}

/* Nothing but KEPT. */
static inline void assert_hears_nothing(tct_caller *caller)
{
    tct_piece piece;
    while (tct_caller_next(caller, 5, &piece) && piece.bytes[0] == TCT_RELAY_KEPT)
        tct_caller_sent(caller, piece.count, 1000000);
    assert_false(tct_caller_next(caller, 1, &piece));
}

static inline uint32_t assert_opened(kit *k, tct_caller *caller)
{
    uint8_t heard[16];
    assert_int_equal(hear(k, caller, heard, sizeof heard), 14);
    assert_int_equal(heard[0], TCT_RELAY_OPENED);
    return tct_load32(heard + 1);
}

static inline void assert_joined(kit *k, tct_caller *caller, char id)
{
    uint8_t heard[32], message[17] = {TCT_RELAY_JOINED};
    memset(message + 5, id, 12);
    assert_int_equal(hear(k, caller, heard, sizeof heard), 26);
    assert_int_equal(heard[0], TCT_RELAY_JOINED);
    assert_memory_equal(heard + 5, message + 5, 12);
}

/* How many of its frames are kept. */
static inline uint32_t assert_resumed(kit *k, tct_caller *caller)
{
    uint8_t heard[16];
    assert_int_equal(hear(k, caller, heard, sizeof heard), 14);
    assert_int_equal(heard[0], TCT_RELAY_RESUMED);
    return tct_load32(heard + 9);
}

static inline void assert_peer_joined(kit *k, tct_caller *caller)
{
    assert_hears(k, caller, "\x84", 1);
}

static inline void assert_peer_left(kit *k, tct_caller *caller)
{
    assert_hears(k, caller, "\x85", 1);
}

/* It is told the reason, nothing after it, and then its line is closed. */
static inline void assert_refused(kit *k, tct_caller *caller, uint8_t reason)
{
    assert_int_equal(tct_caller_end(caller), TCT_CALLER_STAYS);
    assert_hears(k, caller, (uint8_t[]){TCT_RELAY_REFUSED, reason}, 2);
    assert_hears_nothing(caller);
    assert_int_equal(tct_caller_end(caller), TCT_CALLER_CLOSE);
}

static inline void assert_stays(tct_caller *caller)
{
    assert_hears_nothing(caller);
    assert_int_equal(tct_caller_end(caller), TCT_CALLER_STAYS);
}

/* Two in one room, with everything heard. */
typedef struct {
    tct_caller *asker, *answerer;
    uint32_t number, room;
} pair;

static inline pair arrive_pair(kit *k)
{
    pair p = {.asker = arrive(k), .answerer = arrive(k)};
    say_open(k, p.asker);
    p.room = k->opened;
    p.number = assert_opened(k, p.asker);
    say_join(k, p.answerer, p.number);
    assert_joined(k, p.answerer, 'r');
    assert_peer_joined(k, p.asker);
    return p;
}

static inline uint64_t ticket_of(const tct_caller *caller)
{
    return (uint64_t)(uintptr_t)caller;
}

static inline void later(kit *k, uint64_t ms)
{
    k->now += ms;
    tct_rooms_tick(k->rooms, k->now);
}

/* Nothing is held once everybody is gone. */
static inline void end(kit *k)
{
    tct_rooms_free(k->rooms);
}

#endif
