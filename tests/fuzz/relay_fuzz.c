/* SPDX-License-Identifier: ISC
 *
 * relay_fuzz.c — rooms, driven by a program of small steps: callers arrive and go, say whole messages,
 * pieces or junk, take what waits for them or not, and time passes.
 *
 * One step is a byte: its upper half says what (see `step`), its lower half who; operands follow.
 * Checked all along: frames arrive whole, in order, once, in the sender's room only; nothing follows
 * REFUSED; memory stays below its bound; and when all are gone and time has passed nothing is held.
 */
#include "net/relay_wire.h"
#include "relay/listen.h"
#include "relay/rooms.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    CALLERS = 16,
    MARK = 0xa5,
    MARKED_BYTES = 5,
    HEARD_MAX = 256,
    HEAD = TCT_RELAY_FRAME_HEAD
};

typedef struct {
    tct_caller *caller;
    uint32_t number;         /* of its room; 0: none yet */
    uint16_t said, before;   /* marked frames so far; those of who had this place before */
    uint16_t heard[CALLERS]; /* … of each other caller, the last one */
    bool refused;
    uint8_t in[HEARD_MAX]; /* the message that comes */
    size_t in_bytes;
    uint32_t asks_for; /* the number of its first JOIN */
    uint32_t seq;      /* of its next frame */
    bool resumed; /* it may hear again what was said before, and is in the room of another */
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
        .away_ms = 20000,
        .silent_ms = 8000,
        .reserved_max = 3,
        .runs_max = 2,
        .deposit_ms = 10000,
        .verdict_ms = 40000,
        .ahead_ms = 30000,
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

/* A few room ids and tickets, so that steps meet each other's. */
static void say_open(world *w, guest *g)
{
    uint8_t message[34] = {TCT_RELAY_OPEN, TCT_RELAY_VERSION, take(w) & 7};
    message[18] = (uint8_t)(g - w->guests);
    say(w, g, message, sizeof message, true);
}

static void say_join(world *w, guest *g)
{
    uint8_t message[22] = {TCT_RELAY_JOIN, TCT_RELAY_VERSION};
    uint32_t number = take(w) % 9;
    tct_store32(message + 2, number);
    message[6] = (uint8_t)(g - w->guests);
    if (g->asks_for == 0)
        g->asks_for = number; /* a second JOIN is refused, whatever it asks for */
    say(w, g, message, sizeof message, true);
}

static void say_resume(world *w, guest *g)
{
    uint8_t what = take(w), message[38] = {TCT_RELAY_RESUME, TCT_RELAY_VERSION, what & 7};
    message[18] = what >> 4;
    tct_store32(message + 34, (what & 8) != 0 ? UINT32_MAX : take(w) & 3);
    g->resumed = true;
    say(w, g, message, sizeof message, true);
}

/* A deposit that fits a like one of the other side, or not; or one of the small words. */
static void say_of_deposits(world *w, guest *g)
{
    uint8_t what = take(w), message[13 + 48] = {TCT_RELAY_DEPOSIT, what & 3};
    switch (what >> 6) {
    case 0:
        say(w, g, (uint8_t[5]){TCT_RELAY_SEEN, what & 3}, 5, true);
        return;
    case 1:
        say(w, g, (uint8_t[9]){TCT_RELAY_KEEP, what, what}, 9, true);
        return;
    case 2:
        say(w, g, (uint8_t[5]){TCT_RELAY_TAKEN, what & 15}, 5, true);
        return;
    default:
        message[5] = message[6] = (what & 4) != 0 ? what : 0; /* when to release */
        say(w, g, message, (what & 8) != 0 ? sizeof message : 13u + (what & 7), true);
        return;
    }
}

/* A frame that says whose it is and which. */
static void say_marked(world *w, guest *g)
{
    uint8_t message[HEAD + MARKED_BYTES] = {TCT_RELAY_FRAME};
    uint8_t *marked = message + HEAD;
    g->said++;
    tct_store32(message + 1, g->seq++);
    marked[0] = marked[4] = MARK;
    marked[1] = (uint8_t)(g - w->guests);
    tct_store16(marked + 2, g->said);
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
    /* JOINs and RESUMEs come from their own steps, so that rooms stay known here. */
    if (count > 0 && (junk[0] == TCT_RELAY_JOIN || junk[0] == TCT_RELAY_RESUME))
        junk[0] = TCT_RELAY_FRAME;
    say(w, g, junk, count, (control & 64) != 0);
}

static void check_frame(world *w, guest *g)
{
    const uint8_t *marked = g->in + HEAD;
    if (g->in_bytes != HEAD + MARKED_BYTES || marked[0] != MARK || marked[4] != MARK ||
        g->resumed)
        return;
    must(marked[1] < CALLERS);
    guest *from = &w->guests[marked[1]];
    uint16_t which = tct_load16(marked + 2);
    must(from != g);
    must(which > g->heard[marked[1]]); /* in order, and once */
    g->heard[marked[1]] = which;
    if (from->resumed)
        return;
    /* The sender may be gone, and its place taken by another. */
    must(from->caller == NULL || which <= from->before || from->number == 0 ||
         from->number == g->number);
}

static void check_message(world *w, guest *g)
{
    must(g->in_bytes > 0 && !g->refused);
    switch (g->in[0]) {
    case TCT_RELAY_OPENED:
        must(g->in_bytes == 14);
        must(g->number == 0 || g->number == tct_load32(g->in + 1));
        g->number = tct_load32(g->in + 1);
        must(g->number >= 1 && g->number <= 7);
        break;
    case TCT_RELAY_JOINED:
        must(g->in_bytes == 26 && g->number == 0);
        g->number = g->asks_for;
        break;
    case TCT_RELAY_RESUMED:
        must(g->in_bytes == 14 && g->resumed);
        break;
    case TCT_RELAY_FRAME_IN:
        must(g->in_bytes > HEAD && (g->number != 0 || g->resumed));
        check_frame(w, g);
        break;
    case TCT_RELAY_KEPT:
        must(g->in_bytes == 5);
        break;
    case TCT_RELAY_VERDICT:
        must(g->in_bytes == (g->in[5] == 1 ? 6u + 16 : 6u));
        break;
    case TCT_RELAY_PEER_JOINED:
    case TCT_RELAY_PEER_LEFT:
        must(g->in_bytes == 1 && (g->number != 0 || g->resumed));
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
        say(w, g, (uint8_t[33]){TCT_RELAY_REOPEN, what & 7, [17] = (uint8_t)(g - w->guests)},
            33, true);
        g->seq = 0;
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
        what = take(w);
        if (what == 0xff)
            tct_rooms_close(w->rooms, w->now_ms);
        else if (what & 1)
            say_resume(w, g);
        else
            say_of_deposits(w, g);
        break;
    }
}

static void check_store(const world *w)
{
    /* 2000 bytes, and a few words of the relay's own for each caller. */
    must(tct_rooms_count(w->rooms).bytes_waiting <= 2000 + 20 * 12 * 80);
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
    for (int i = 0; i < 3; i++) /* seats are given up, rooms fall asleep, verdicts grow old */
        tct_rooms_tick(w.rooms, w.now_ms += 70000);
    tct_rooms_figures figures = tct_rooms_count(w.rooms);
    must(figures.bytes_waiting == 0 && figures.rooms == 0 && figures.callers == 0 &&
         figures.asleep == 0);
    tct_rooms_free(w.rooms);

    char list[64];
    uint64_t address;
    size_t n = size < sizeof list - 1 ? size : sizeof list - 1;
    memcpy(list, data, n);
    list[n] = '\0';
    (void)tct_address_of_text(list, &address);
    return 0;
}
