/* SPDX-License-Identifier: ISC
 *
 * lots.h — what is drawn by lot, and how both people take part in every draw.
 *
 * Bits      each person draws a string; the lot is their sum without carry.
 * Shuffle   each person draws a random order of n things and enters it as the exchanges of a
 *           sorting network; the lot is one order after the other.
 * Either way one honest person makes the lot uniform, and any string that the other may enter is
 * some string, or some order: there is nothing to check.
 *
 * Source   network: merge exchange [Knuth 5.2.2, Algorithm M].
 * Gives    orders within 2^-52 of uniform (64 tags of 64 bits are all different but for that), bits
 *          uniform; a number below N from 40 bits: no value's odds differ from 1/N by 2^-40 or more.
 */
#ifndef TCT_RULE_LOTS_H
#define TCT_RULE_LOTS_H

#include "rule/model.h"

enum {
    TCT_NUMBER_LOT_BITS = 40,
    TCT_EXCHANGES_MAX = 543, /* for 64 things */
    TCT_DRAWS_MAX = 1 + TCT_OUTCOMES_MAX * TCT_REVEALS_MAX * 2,
};

typedef struct {
    bool shuffle;
    uint32_t count;      /* bits; or things to shuffle */
    uint32_t first_bit;  /* among the lot bits that a person enters */
    uint32_t bits;       /* how many it takes there */
    uint32_t first_byte; /* among the raw random bytes */
    uint32_t bytes;
} tct_draw;

typedef struct {
    tct_draw draws[TCT_DRAWS_MAX];
    uint32_t draw_count, bit_count, byte_count;
} tct_lots;

/* Appends a draw; returns its number.  The number of draws is bounded by the reveals. */
uint32_t tct_lots_bits(tct_lots *lots, uint32_t count);
uint32_t tct_lots_shuffle(tct_lots *lots, uint32_t things);

typedef struct {
    uint8_t low, high;
} tct_exchange;

/* The exchanges of the network for n things, in order; returns their number. */
uint32_t tct_shuffle_network(uint32_t n, tct_exchange out[TCT_EXCHANGES_MAX]);

/* A person's raw random bytes as the bits to enter.  raw, bits: secret; straight line. */
void tct_lots_encode(const tct_lots *lots, const uint8_t *raw, uint8_t *bits);

#endif
