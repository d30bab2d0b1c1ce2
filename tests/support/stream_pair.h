/* SPDX-License-Identifier: ISC
 *
 * stream_pair.h — two streams in one process, for tests: X and Y run a circuit segment by segment.
 */
#ifndef TCT_SUPPORT_STREAM_PAIR_H
#define TCT_SUPPORT_STREAM_PAIR_H

#include "garble/stream.h"
#include "support/engine_pair.h"

/* A circuit in normal form as a program over slots, read from its beginning. */
typedef struct {
    const tct_circuit *circuit;
    uint32_t *slot, *outputs; /* of each wire; of each output */
    uint32_t slots, at;
} slot_source;

slot_source slot_source_new(const tct_circuit *c);
void slot_source_free(slot_source *s);
bool slot_source_next(void *context, tct_step *step);
tct_program slot_source_program(slot_source *s, uint32_t batch);

typedef struct {
    engine_pair *engines;
    tct_stream *stream[2];
    void *memory[2];
    slot_source source[2];
    uint32_t bodies;   /* how many have moved */
    size_t body_bytes; /* the longest */
} stream_pair;

/* One circuit for each of the two: the same unless they are to disagree. */
stream_pair *stream_pair_new(uint64_t seed, bool lean, bool given_keys,
                             const tct_circuit *const circuits[2], uint32_t batch, int garbler);
void stream_pair_free(stream_pair *p);

/* Moves bodies until nobody has one to send.  who: whose error it is.  Inputs are given when they are asked
 * for; NULL: nobody gives any. */
tct_err stream_pair_pump(stream_pair *p, const uint8_t *const inputs[2],
                         engine_pair_tamper tamper, void *context, int *who);

#endif
