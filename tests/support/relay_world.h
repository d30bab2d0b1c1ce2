/* SPDX-License-Identifier: ISC
 *
 * relay_world.h — a relay with its journal, its clock and two devices in one process, with everything
 *                 that can happen to the lines between them, for tests and the simulator.
 *
 * A step moves one message.  A line may break with messages on their way, in either direction; the
 * relay may be killed and started again, with what it had written and nothing else; the disk may be
 * full; clocks jump.  Everything follows from one seed.
 */
#ifndef TESTS_SUPPORT_RELAY_WORLD_H
#define TESTS_SUPPORT_RELAY_WORLD_H

#include "net/line.h"
#include "relay/journal.h"
#include "relay/rooms.h"

enum { WORLD_ASKER = 0, WORLD_ANSWERER = 1 };

struct tct_world;
typedef void tct_world_told(struct tct_world *world, int who, const tct_line_event *event);

typedef struct {
    tct_line *line;     /* NULL: the device is off */
    tct_caller *caller; /* its connection; NULL: none */
    uint8_t *in;
    size_t in_bytes;
    uint32_t number; /* that the answerer joins */
    bool done;       /* it said goodbye, and the relay has closed */
} tct_world_device;

typedef struct tct_world {
    tct_relay_limits limits;
    tct_journal *journal;
    tct_rooms *rooms;
    bool keeps;        /* the journal is used */
    uint64_t now_ms;   /* of every device and of the relay's own time */
    uint64_t clock_ms; /* the relay's clock, minus that */
    uint64_t random;
    tct_world_device devices[2];
    tct_world_told *told;
    void *context;
    bool strange; /* a line called the relay a stranger, or a device was refused as malformed */
} tct_world;

uint64_t tct_world_draw(tct_world *world, uint64_t count); /* from 0 to count - 1 */
bool tct_world_one_in(tct_world *world, uint64_t count);

void tct_world_init(tct_world *world, uint64_t seed, bool keeps, tct_world_told *told,
                    void *context);
void tct_world_free(tct_world *world);

/* A device that begins; what it wants, it says to its line. */
void tct_world_switch_on(tct_world *world, int who);
void tct_world_switch_off(tct_world *world,
                          int who); /* at once: its line is gone, and forgets */

void tct_world_connect(tct_world *world, int who);
/* lost: a message that was on its way is not delivered: 1 from the device, 2 to it. */
void tct_world_break(tct_world *world, int who, unsigned lost);
/* The relay is killed: what it had not written is gone.  Then it starts again. */
void tct_world_kill_relay(tct_world *world);
/* As between two turns of its loop. */
void tct_world_settle(tct_world *world);
void tct_world_pass(tct_world *world, uint64_t ms);

/* Moves one message for this device.  false: there is none. */
bool tct_world_say(tct_world *world, int who);
bool tct_world_hear(tct_world *world, int who);
/* Moves all messages there are, as if nothing went wrong; connects whoever has no line. */
void tct_world_calm(tct_world *world);

#endif
