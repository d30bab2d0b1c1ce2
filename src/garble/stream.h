/* SPDX-License-Identifier: ISC
 *
 * stream.h — a circuit of any size in bounded memory: it is read once, cut into segments of at most
 * `batch` ANDs, and each of them is prepared, garbled, evaluated and checked before the next is read.
 *
 * Gives    the outputs, when every check of every segment has passed.  Inputs are committed once, in the
 *          first segment.  As engine.h otherwise: bodies in, bodies out.
 * Shapes   gates stand over slots: a gate reads two slots and writes one, whatever stood there before is
 *          gone.  So the circuit itself says when a wire is no longer needed.  Slots 0 … hold X's inputs,
 *          then Y's.
 * Order    for each segment F2 … F6, F6P both, in the first F7 both, F8 garbler; in the last F9 evaluator.
 *          Each run of the engine is one segment, numbered from 0.
 * Memory   tct_stream_bytes: about 850 bytes an AND of the batch, 120 a slot; none that grows with the
 *          circuit.
 * Error    at most 2^-40 + 2^-48 and 2^-52 for each full segment of 65,536 ANDs (SECURITY-ARGUMENT.md,
 *          3.13).
 */
#ifndef TCT_GARBLE_STREAM_H
#define TCT_GARBLE_STREAM_H

#include "garble/engine.h"

enum {
    TCT_STREAM_BATCH_MAX = 1 << 20,
    TCT_STREAM_SLOTS_MAX = 1 << 24,
    TCT_STREAM_GATES =
        4, /* gates of a segment for each AND of the batch, at most, and 1024 more */
};

typedef struct {
    uint32_t kind; /* tct_gate_kind; INV reads a alone */
    uint32_t to, a, b;
} tct_step;

/* Both parties must give the same; each segment's hashes say whether they do. */
typedef struct {
    uint32_t inputs[2]; /* by session role */
    uint32_t slots, output_count, batch;
    const uint32_t *outputs; /* slots; borrowed */
    /* The next gate; false: there is none.  Called once for each gate, in order. */
    bool (*next)(void *context, tct_step *step);
    void *context;
} tct_program;

typedef struct tct_stream tct_stream;

/* ρ = 40, τ = 48, TCT_MODE_STREAM; lean: k = 8. */
tct_engine_params tct_stream_params(bool lean);

/* Memory for one party; SIZE_MAX: a count is zero that must not be, or beyond its limit. */
size_t tct_stream_bytes(const tct_program *p, tct_engine_params params);

/* Begins on a bound engine that has no run yet.  program: copied, what it points to borrowed.  seed:
 * secret, fresh, copied.  LIMIT, MEMORY; SHEET: the first gates are wrong (see tct_stream_recv). */
TCT_MUST_CHECK tct_err tct_stream_init(tct_stream **out, void *memory, size_t memory_bytes,
                                       tct_engine *e, const tct_program *program, int garbler,
                                       const uint8_t seed[32]);

/* As of engine.h, over all segments.  SHEET, sticky: the program reads a slot that nothing was written
 * to, has a slot that does not exist, an XOR of a wire with itself, or a gate of no kind. */
unsigned tct_stream_want(const tct_stream *s);
size_t tct_stream_send_bytes(const tct_stream *s); /* of the body that is due, or expected */
size_t tct_stream_recv_bytes(const tct_stream *s);
TCT_MUST_CHECK tct_err tct_stream_send(tct_stream *s, uint8_t *body, size_t *bytes);
TCT_MUST_CHECK tct_err tct_stream_recv(tct_stream *s, const uint8_t *body, size_t bytes);
TCT_MUST_CHECK tct_err tct_stream_input(tct_stream *s, const uint8_t *bits);
const uint8_t *tct_stream_result(const tct_stream *s);
bool tct_stream_done(const tct_stream *s);
bool tct_stream_revealed(const tct_stream *s);

/* ANDs of the segments that are over; and the run at work, for tests. */
uint64_t tct_stream_ands(const tct_stream *s);
tct_run *tct_stream_run(const tct_stream *s);

void tct_stream_wipe(tct_stream *s);

#endif
