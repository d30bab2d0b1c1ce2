/* SPDX-License-Identifier: ISC
 *
 * relay_fuzz.c — rooms, driven by a program of small steps: callers arrive and go, say whole messages,
 * pieces or junk, take what waits for them or not, and time passes.
 *
 * One step is a byte: its upper half says what (see `step`), its lower half who; operands follow.
 * Checked all along: frames arrive whole, in order, once, in the sender's room only; nothing follows
 * REFUSED; memory stays below its bound; and when all are gone nothing is held.
 */
#include "net/relay_wire.h"
#include "relay/listen.h"
#include "relay/rooms.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CALLERS = 16, MARK = 0xa5, MARKED_BYTES = 5, HEARD_MAX = 128 };

typedef struct {
    tct_caller *caller;
    uint32_t number;         /* of its room; 0: none yet */
    uint16_t said, before;   /* marked frames so far; those of who had this place before */
    uint16_t heard[CALLERS]; /* … of each other caller, the last one */
    bool refused;
    uint8_t in[HEARD_MAX]; /* the message that comes */
    size_t in_bytes;
    uint32_t asks_for; /* the number of its first JOIN */
} guest;

typedef struct {
    tct_rooms *rooms;
    uint64_t now_ms;
    guest guests[CALLERS];
    const uint8_t *data;
    size_t left;
} world;

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Small, so that a short program reaches every limit. */
static tct_relay_limits small_limits(void)
{
    return (tct_relay_limits){
        .callers_max = 10,
        .callers_per_address = 8,
        .rooms_max = 4,
        .numbers_max = 7,
        .message_bytes_max = 100,
        .mailbox_bytes_max = 120,
        .seat_bytes_pause = 80,
        .seat_bytes_max = 200,
        .total_bytes_max = 2000,
        .messages = {.burst = 40, .per_minute = 600},
        .bytes = {.burst = 600, .per_minute = 6000},
        .bytes_grace = 200,
        .failed_joins = {.burst = 4, .per_minute = 60},
        .opens = {.burst = 8, .per_minute = 60},
        .hello_ms = 4000,
        .wait_ms = 60000,
        .idle_ms = 60000,
        .left_ms = 30000,
        .message_ms = 5000,
        .stall_ms = 3000,
        .stall_bytes = 20,
        .linger_ms = 2000,
        .rest_ms = 10000,
    };
}

static uint8_t take(world *w)
{
    if (w->left == 0)
        return 0;
    w->left--;
    return *w->data++;
}

static void say(world *w, guest *g, const void *bytes, size_t count, bool final)
{
    if (g->caller != NULL)
        tct_caller_recv(g->caller, bytes, count, final, w->now_ms);
}

static void say_open(world *w, guest *g)
{
    uint8_t message[18] = {TCT_RELAY_OPEN, TCT_RELAY_VERSION};
    say(w, g, message, sizeof message, true);
}

static void say_join(world *w, guest *g)
{
    uint8_t message[6] = {TCT_RELAY_JOIN, TCT_RELAY_VERSION};
    uint32_t number = take(w) % 9;
    tct_store32(message + 2, number);
    if (g->asks_for == 0)
        g->asks_for = number; /* a second JOIN is refused, whatever it asks for */
    say(w, g, message, sizeof message, true);
}

/* A frame that says whose it is and which. */
static void say_marked(world *w, guest *g)
{
    uint8_t message[1 + MARKED_BYTES] = {TCT_RELAY_FRAME, MARK, (uint8_t)(g - w->guests)};
    g->said++;
    tct_store16(message + 3, g->said);
    message[5] = MARK;
    say(w, g, message, sizeof message, true);
}

/* Junk, in one piece or as a part of a message; without the marks of a frame above. */
static void say_junk(world *w, guest *g)
{
    uint8_t junk[64], control = take(w);
    size_t count = control & 63;
    for (size_t i = 0; i < count; i++) {
        junk[i] = take(w);
        junk[i] = junk[i] == MARK ? 0 : junk[i];
    }
    /* JOINs and REOPENs come from their own steps, so that rooms stay known here. */
    if (count > 0 && junk[0] == TCT_RELAY_JOIN)
        junk[0] = TCT_RELAY_FRAME;
    say(w, g, junk, count, (control & 64) != 0);
}

static void check_frame(world *w, guest *g)
{
    if (g->in_bytes != 1 + MARKED_BYTES || g->in[1] != MARK || g->in[5] != MARK)
        return;
    must(g->in[2] < CALLERS);
    guest *from = &w->guests[g->in[2]];
    uint16_t which = tct_load16(g->in + 3);
    must(from != g);
    must(which > g->heard[g->in[2]]); /* in order, and once */
    g->heard[g->in[2]] = which;
    /* The sender may be gone, and its place taken by another. */
    must(from->caller == NULL || which <= from->before || from->number == 0 ||
         from->number == g->number);
}

static void check_message(world *w, guest *g)
{
    must(g->in_bytes > 0 && !g->refused);
    switch (g->in[0]) {
    case TCT_RELAY_OPENED:
        must(g->in_bytes == 5);
        must(g->number == 0 || g->number == tct_load32(g->in + 1));
        g->number = tct_load32(g->in + 1);
        must(g->number >= 1 && g->number <= 7);
        break;
    case TCT_RELAY_JOINED:
        must(g->in_bytes == 17 && g->number == 0);
        g->number = g->asks_for;
        break;
    case TCT_RELAY_FRAME_IN:
        must(g->in_bytes > 1 && g->number != 0);
        check_frame(w, g);
        break;
    case TCT_RELAY_PEER_JOINED:
    case TCT_RELAY_PEER_LEFT:
        must(g->in_bytes == 1 && g->number != 0);
        break;
    case TCT_RELAY_REFUSED:
        must(g->in_bytes == 2 && g->in[1] >= TCT_RELAY_NO_ROOM &&
             g->in[1] <= TCT_RELAY_MALFORMED);
        g->refused = true;
        break;
    default:
        must(false);
    }
}

/* Takes up to `most` bytes of what waits for it. */
static void hear(world *w, guest *g, size_t most)
{
    tct_piece piece;
    while (g->caller != NULL && most > 0 && tct_caller_next(g->caller, most, &piece)) {
        must(piece.count > 0 && piece.count <= most);
        must(piece.first == (g->in_bytes == 0));
        must(g->in_bytes + piece.count <= HEARD_MAX);
        memcpy(g->in + g->in_bytes, piece.bytes, piece.count);
        g->in_bytes += piece.count;
        most -= piece.count;
        tct_caller_sent(g->caller, piece.count, w->now_ms);
        if (!piece.final)
            continue;
        check_message(w, g);
        g->in_bytes = 0;
    }
}

static void arrive(world *w, guest *g)
{
    if (g->caller != NULL)
        return;
    uint16_t said = g->said;
    memset(g, 0, sizeof *g);
    g->said = g->before = said;
    g->caller = tct_rooms_arrive(w->rooms, take(w) & 3, g, w->now_ms);
    /* What it heard of others before it came does not bind them now. */
    for (size_t i = 0; i < CALLERS; i++)
        g->heard[i] = 0;
}

static void go(world *w, guest *g)
{
    if (g->caller != NULL)
        tct_caller_gone(g->caller, w->now_ms);
    g->caller = NULL;
}

/* As the server does: whoever is to be closed or cut is. */
static void attend(world *w)
{
    tct_caller *caller;
    while ((caller = tct_rooms_news(w->rooms)) != NULL) {
        guest *g = tct_caller_owner(caller);
        must(g->caller == caller || g->caller == NULL);
        if (tct_caller_end(caller) != TCT_CALLER_STAYS && g->caller == caller)
            go(w, g);
    }
}

static void step(world *w)
{
    uint8_t what = take(w);
    guest *g = &w->guests[what & 15];
    switch (what >> 4) {
    case 0:
    case 1:
        arrive(w, g);
        break;
    case 2:
        go(w, g);
        break;
    case 3:
        say_open(w, g);
        break;
    case 4:
    case 5:
        say_join(w, g);
        break;
    case 6:
    case 7:
        say_marked(w, g);
        break;
    case 8:
        say_junk(w, g);
        break;
    case 9:
        say(w, g, (uint8_t[17]){TCT_RELAY_REOPEN, what}, 17, true);
        break;
    case 10:
        say(w, g, (uint8_t[1]){TCT_RELAY_BYE}, 1, true);
        break;
    case 11:
        hear(w, g, take(w));
        break;
    case 12:
        hear(w, g, SIZE_MAX);
        break;
    case 13:
        attend(w);
        break;
    case 14:
        w->now_ms += (uint64_t)take(w) * take(w);
        tct_rooms_tick(w->rooms, w->now_ms);
        break;
    default:
        if (take(w) == 0xff)
            tct_rooms_close(w->rooms, w->now_ms);
        break;
    }
}

static void check_store(const world *w)
{
    /* 2000 bytes, and a few words of the relay's own for each caller. */
    must(tct_rooms_count(w->rooms).bytes_waiting <= 2000 + 20 * 8 * 80);
    must(tct_rooms_count(w->rooms).rooms <= 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tct_relay_limits limits = small_limits();
    world w = {.now_ms = 1000, .data = data, .left = size};
    w.rooms = tct_rooms_new(&limits, 5);
    must(w.rooms != NULL);
    while (w.left > 0) {
        step(&w);
        check_store(&w);
    }
    for (size_t i = 0; i < CALLERS; i++) {
        hear(&w, &w.guests[i], SIZE_MAX);
        go(&w, &w.guests[i]);
    }
    tct_rooms_figures figures = tct_rooms_count(w.rooms);
    must(figures.bytes_waiting == 0 && figures.rooms == 0 && figures.callers == 0);
    tct_rooms_free(w.rooms);

    char list[64];
    uint64_t address;
    size_t n = size < sizeof list - 1 ? size : sizeof list - 1;
    memcpy(list, data, n);
    list[n] = '\0';
    (void)tct_address_of_text(list, &address);
    return 0;
}
