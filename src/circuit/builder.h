/* SPDX-License-Identifier: ISC
 *
 * builder.h — makes circuits: gates with folding and sharing, then words of bits.
 *
 * A tct_wire is a wire, its inverse, or a constant: inversions and constants are free and never
 * become gates until an output needs one.  The builder folds constants, shares equal gates
 * (hash-consing) and drops what no output uses when it finishes.
 * Errors are sticky: after the arena or a limit is exhausted every call is harmless and
 * tct_builder_finish says so.
 */
#ifndef TCT_CIRCUIT_BUILDER_H
#define TCT_CIRCUIT_BUILDER_H

#include "circuit/circuit.h"

typedef uint32_t tct_wire; /* private encoding; compare only with TCT_ZERO and TCT_ONE */
#define TCT_ZERO ((tct_wire)0)
#define TCT_ONE  ((tct_wire)1)

typedef struct tct_builder tct_builder;

/* Room for about `gates_max` gates.  inputs by session role. NULL when the arena is too small. */
tct_builder *tct_builder_new(tct_arena *arena, uint32_t inputs_x, uint32_t inputs_y,
                             uint32_t gates_max);
/* The number of bytes that tct_builder_new, up to gates_max gates, up to outputs_max outputs and
 * tct_builder_finish take together at most. inputs: of both. SIZE_MAX on overflow. */
size_t tct_builder_bytes(uint32_t inputs, uint32_t gates_max, uint32_t outputs_max);
/* Did something not fit?  Then all that is built on is for nothing. */
bool tct_builder_failed(const tct_builder *b);
tct_wire tct_input(tct_builder *b, int role, uint32_t index);
/* Is it one of this builder's?  Others must not be given to what follows. */
bool tct_wire_known(const tct_builder *b, tct_wire w);

tct_wire tct_not(tct_builder *b, tct_wire a);                                /* free */
tct_wire tct_xor(tct_builder *b, tct_wire p, tct_wire q);                    /* free */
tct_wire tct_and(tct_builder *b, tct_wire p, tct_wire q);                    /* one AND */
tct_wire tct_or(tct_builder *b, tct_wire p, tct_wire q);                     /* one AND */
tct_wire tct_mux(tct_builder *b, tct_wire sel, tct_wire one, tct_wire zero); /* one AND */

/* Words: little-endian arrays of wires, unsigned unless said otherwise. */
void tct_word_const(tct_wire *out, unsigned width, uint64_t value);
/* out = p + q + carry, width bits (the carry out is returned). One AND a bit. */
tct_wire tct_word_add(tct_builder *b, tct_wire *out, const tct_wire *p, const tct_wire *q,
                      tct_wire carry, unsigned width);
/* out = p - q mod 2^width; returns 1 iff p >= q (unsigned). One AND a bit. */
tct_wire tct_word_sub(tct_builder *b, tct_wire *out, const tct_wire *p, const tct_wire *q,
                      unsigned width);
/* 1 iff p >= q, unsigned / two's complement.  One AND a bit. */
tct_wire tct_word_at_least(tct_builder *b, const tct_wire *p, const tct_wire *q,
                           unsigned width);
tct_wire tct_word_at_least_signed(tct_builder *b, const tct_wire *p, const tct_wire *q,
                                  unsigned width);
tct_wire tct_word_equal(tct_builder *b, const tct_wire *p, const tct_wire *q, unsigned width);
void tct_word_mux(tct_builder *b, tct_wire *out, tct_wire sel, const tct_wire *one,
                  const tct_wire *zero, unsigned width);
void tct_word_mul(tct_builder *b, tct_wire *out, unsigned out_width, const tct_wire *p,
                  unsigned p_width, const tct_wire *q, unsigned q_width);
/* Number of ones among count wires, in out[width]; width must hold count. */
void tct_word_popcount(tct_builder *b, tct_wire *out, unsigned width, const tct_wire *bits,
                       unsigned count);

/* Declares the next output.  A constant output is allowed here and is reported by
 * tct_builder_finish in `fixed` (it is not an output of the circuit: protocol.md 0.5). */
void tct_output(tct_builder *b, tct_wire w);

/* Removes dead gates and writes the circuit into the same arena.
 * fixed[i] (as many as tct_output calls): 0 or 1 for a constant output, 2 for a real one; real
 * ones keep their order.  When all are constant the circuit has no output and is not valid: there
 * is nothing to compute together.  MEMORY: the arena; LIMIT: more than gates_max, or than circuit.h
 * allows. */
TCT_MUST_CHECK tct_err tct_builder_finish(tct_builder *b, tct_circuit *out, uint8_t **fixed);

/* ANDs so far, live or dead: for size limits while building. */
uint32_t tct_builder_ands(const tct_builder *b);

#endif
