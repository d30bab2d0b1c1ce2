/* SPDX-License-Identifier: ISC
 *
 * shape.h — all lengths of a run, computed from public things only, before the peer speaks.
 *
 * Source   protocol.md 0.1 (ρ, τ, mode), 3.2 (layout of the COT bits), 4.3 (bucket size),
 *          6.4 (spread bits), 7 (bytes of every flight).
 */
#ifndef TCT_GARBLE_SHAPE_H
#define TCT_GARBLE_SHAPE_H

#include "garble/engine.h"

enum { TCT_SPREAD_OUTPUTS_MAX = 256, TCT_BUCKET_MAX = 64 };

typedef struct {
    tct_engine_params params;
    uint8_t out;        /* who receives: bit 0 X, bit 1 Y */
    int garbler;        /* session role */
    bool first_run;     /* run 0 carries the trees */
    uint32_t inputs[2]; /* by session role */
    uint32_t
        carried;   /* stream mode: wires that come from earlier segments, before the inputs */
    uint32_t ands; /* n */
    uint32_t outputs; /* o */
    uint32_t wires;
    uint32_t bucket;  /* β; 0 without ANDs */
    uint32_t triples; /* T = n·β */
    uint32_t spread;  /* n' */
} tct_shape;

/* The smallest β with 2^β·n^(β-1) ≥ 2^ρ, rho 64 or 40 [protocol.md 4.3: survive and leak a whole
 * bucket ≤ 2^-β·n^-(β-1)].  n ≥ 1, and at most 128 for ρ = 64. */
uint32_t tct_bucket_size(uint32_t ands, uint8_t rho);

/* n' for o = 1…256 outputs. */
uint32_t tct_spread_bits(uint32_t outputs);

/* false: too large for the protocol (T must fit 32 bits; escrow has at most 256 outputs) or for the
 * parameters of this session. */
bool tct_shape_init(tct_shape *s, const tct_circuit *c, tct_engine_params params, uint8_t out,
                    int garbler, uint32_t run);

/* Does `role` send a body in `flight` at all (it may be of 0 bytes)? */
bool tct_shape_sends(const tct_shape *s, int flight, int role);

/* Its length; 0 if it sends none. */
uint64_t tct_shape_body_bytes(const tct_shape *s, int flight, int role);

/* Random bits that `role` holds as COT receiver: x, y, z of every triple, masks, spread bits. */
uint64_t tct_shape_cot_bits(const tct_shape *s, int role);

/* The garbled circuit: G0, G1 and the permute bit of every AND, and the tag strings where they are used. */
uint64_t tct_shape_garbled_bytes(const tct_shape *s);

/* The flights of the run in order; returns how many. */
size_t tct_shape_flights(const tct_shape *s, uint8_t flights[12]);

/* Does `role` receive the result? */
static inline bool tct_shape_receives(const tct_shape *s, int role)
{
    return (s->out >> role & 1) != 0;
}
static inline bool tct_shape_batch(const tct_shape *s)
{
    return (s->params.mode & TCT_MODE_BATCH) != 0;
}
static inline bool tct_shape_bulk(const tct_shape *s)
{
    return (s->params.mode & TCT_MODE_BULK) != 0;
}
static inline bool tct_shape_escrow(const tct_shape *s)
{
    return (s->params.mode & TCT_MODE_ESCROW) != 0;
}

static inline bool tct_shape_stream(const tct_shape *s)
{
#ifdef TCT_SHEETS_ONLY /* the page: nothing of it is there then */
    (void)s;
    return false;
#else
    return (s->params.mode & TCT_MODE_STREAM) != 0;
#endif
}

/* G, S and L of a leaky AND: whole blocks, or their low 64 bits in bulk mode. */
static inline size_t tct_shape_sum_bytes(const tct_shape *s)
{
    return tct_shape_bulk(s) ? 8 : TCT_BLOCK_BYTES;
}

/* The bits that F5 opens: gate by gate (in stream mode all but p and q, which F6P opens), or in bulk mode a column of n bits for each of the β+1, which
 * begins on a byte of its own. */
static inline uint64_t tct_shape_open_bytes(const tct_shape *s)
{
    uint64_t n = s->ands, columns = s->bucket + 1;
    if (tct_shape_stream(s))
        return n == 0 ? 0 : (n * (columns - 2) + 7) / 8;
    return tct_shape_bulk(s) ? columns * ((n + 7) / 8) : (n * columns + 7) / 8;
}

/* "Output bits ‖ digest" of 6.3: bytes of that part when it is there. */
static inline uint64_t tct_shape_part_bytes(const tct_shape *s)
{
    return (uint64_t)s->outputs / 8 + (s->outputs % 8 != 0) + 32;
}

#endif
