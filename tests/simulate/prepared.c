/* SPDX-License-Identifier: ISC
 *
 * Two sessions are prepared once, in memory that is then kept as a file; each simulation maps that
 * file anew where the sessions stand, so that only what it writes to is copied.
 */
#define _GNU_SOURCE /* memfd_create */
#include "people.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
    uint8_t *memory; /* session, sheet and room, in this order */
    size_t bytes;
    int file;
    tacit_session *session;
} standing[2];

static size_t whole_pages(size_t bytes)
{
    return (bytes + 65535) / 65536 * 65536;
}

void prepared_standing(simulation *s, int who)
{
    person *p = &s->people[who];
    if (standing[who].memory == NULL) {
        standing[who].bytes = whole_pages(tacit_session_bytes()) +
                              whole_pages(TACIT_SHEET_MEMORY) + SIM_ROOM_BYTES;
        standing[who].file = memfd_create("prepared", 0);
        TCT_ASSERT(standing[who].file >= 0 &&
                   ftruncate(standing[who].file, (off_t)standing[who].bytes) == 0);
    }
    /* A private mapping of the file: as it was prepared, or all zero before. */
    int fixed = standing[who].memory != NULL ? MAP_FIXED : 0;
    standing[who].memory =
        mmap(standing[who].memory, standing[who].bytes, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | fixed, standing[who].file, 0);
    TCT_ASSERT(standing[who].memory != MAP_FAILED);
    p->memory = standing[who].memory;
    p->sheet_memory = standing[who].memory + whole_pages(tacit_session_bytes());
    p->room = (uint8_t *)p->sheet_memory + whole_pages(TACIT_SHEET_MEMORY);
}

void prepared_take(simulation *s, int who)
{
    prepared_standing(s, who);
    s->people[who].session = standing[who].session;
    s->people[who].has_room = true;
}

static void never_told(tct_world *world, int who, const tct_line_event *event)
{
    (void)world;
    (void)who;
    (void)event;
}

static void exchange(simulation *s, uint8_t *frame)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (int who = 0; who < 2; who++) {
            tacit_session *from = s->people[who].session, *to = s->people[1 - who].session;
            size_t bytes = TACIT_FRAME_MAX;
            unsigned want = tacit_session_want(from);
            if (want & TACIT_WANT_MEMORY) {
                size_t wanted = tacit_session_memory_wanted(from);
                TCT_ASSERT(wanted <= SIM_ROOM_BYTES && !s->people[who].has_room);
                TCT_ASSERT(tacit_session_memory(from, s->people[who].room, wanted) == TACIT_OK);
                s->people[who].has_room = true;
            } else if (!(want & TACIT_WANT_SEND) ||
                       tacit_session_send(from, frame, &bytes) != TACIT_OK ||
                       tacit_session_recv(to, frame, bytes) != TACIT_OK) {
                continue;
            }
            moved = true;
        }
    }
}

/* Pages that are zero stay holes of the file. */
static void keep(int who)
{
    static const uint8_t zero[4096];
    for (size_t at = 0; at < standing[who].bytes; at += sizeof zero) {
        const uint8_t *page = standing[who].memory + at;
        if (memcmp(page, zero, sizeof zero) != 0) /* the test's own */
            TCT_ASSERT(pwrite(standing[who].file, page, sizeof zero, (off_t)at) ==
                       (ssize_t)sizeof zero);
    }
}

void prepared_make(void)
{
    static simulation s;
    uint8_t *frame = sim_memory(TACIT_FRAME_MAX);
    tct_world_init(&s.world, 4711, false, never_told, &s);
    for (int who = 0; who < 2; who++) {
        prepared_standing(&s, who);
        evening_start(&s, who);
    }
    exchange(&s, frame);
    for (int who = 0; who < 2; who++) {
        TCT_ASSERT(tacit_session_stage(s.people[who].session) == TACIT_STAGE_READY &&
                   tacit_session_is_fair(s.people[who].session));
        standing[who].session = s.people[who].session;
        keep(who);
    }
    free(frame);
    tct_world_free(&s.world);
}
