/* SPDX-License-Identifier: ISC
 *
 * bucket_steps.h — single bits, triples and buckets: what bucket.c and late.c both do, gate by gate.
 */
#ifndef TCT_GARBLE_BUCKET_STEPS_H
#define TCT_GARBLE_BUCKET_STEPS_H

#include "garble/run_state.h"

/* Where bucket i finds its triple in layer k. */
static inline size_t tct_bucket_member(const tct_run *r, size_t i, uint32_t k)
{
    size_t n = r->shape.ands, at = i + r->shift[k];
    return k * n + (at < n ? at : at - n);
}

/* Writes bit `index` of a string, whatever stood there. */
static inline void tct_bit_assign(uint8_t *bits, size_t index, uint64_t bit)
{
    unsigned keep = 0xFFU ^ 1U << index % 8;
    bits[index / 8] = (uint8_t)((bits[index / 8] & keep) | (unsigned)bit << index % 8);
}

/* The opened bits of all gates go out one after another; a word collects them. */
typedef struct {
    uint8_t *out;
    uint64_t word;
    unsigned filled;
} tct_bit_writer;

static inline void tct_bit_write(tct_bit_writer *w, uint64_t bit)
{
    w->word |= bit << w->filled;
    if (++w->filled == 8) {
        *w->out++ = (uint8_t)w->word;
        w->word = 0;
        w->filled = 0;
    }
}

/* The next AND gate at or after `gate`. */
static inline const tct_gate *tct_next_and(const tct_gate *gate)
{
    while (gate->kind != TCT_GATE_AND)
        gate++;
    return gate;
}

typedef struct {
    tct_block mac, key;
    uint64_t bit;
} tct_triple_share;

static inline tct_triple_share tct_share_at(const tct_run *r, size_t index)
{
    return (tct_triple_share){r->macs[index], r->keys[index], tct_run_bit(r, index)};
}

/* sum ⊕= bit·s; bit is public. */
static inline void tct_share_add_if(tct_triple_share *sum, uint64_t bit,
                                    const tct_triple_share *s)
{
    sum->mac = tct_block_xor_if(sum->mac, bit, s->mac);
    sum->key = tct_block_xor_if(sum->key, bit, s->key);
    sum->bit ^= bit & s->bit;
}

static inline void tct_share_put(tct_run *r, size_t index, const tct_triple_share *s)
{
    r->macs[index] = s->mac;
    r->keys[index] = s->key;
    tct_bit_assign((uint8_t *)r->choice, index, s->bit);
}

#endif
