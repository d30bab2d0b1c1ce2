/* SPDX-License-Identifier: ISC
 *
 * bristol_reader.h — the inside of reading a circuit file: what bristol.c (header, limits, whole)
 *                    and bristol_gates.c (gates, and their order) share.
 */
#ifndef TCT_CIRCUIT_BRISTOL_READER_H
#define TCT_CIRCUIT_BRISTOL_READER_H

#include "circuit/bristol_text.h"
#include "circuit/builder.h"

typedef enum {
    TCT_OP_AND,
    TCT_OP_XOR,
    TCT_OP_INV,
    TCT_OP_CONST,
    TCT_OP_COPY,
    TCT_OP_MAND, /* only as a name: it is stored as ANDs */
} tct_bristol_op_kind;

typedef struct {
    tct_bristol_op_kind kind;
    uint32_t a, b, out; /* wires of the file; TCT_OP_CONST: a is the bit */
    uint32_t line;
} tct_bristol_op;

typedef struct {
    tct_bristol_cursor at;
    tct_arena *arena;
    tct_bristol *out;
    uint32_t gates, wires;    /* line 1 */
    uint32_t inputs, outputs; /* bits */
    tct_bristol_op *ops;
    uint32_t op_count;
    uint32_t *driver; /* by wire: index + 1 of the op that sets it, 0: none */
    tct_wire *value;  /* by wire, once it is set */
    uint8_t *stage;   /* by op: waiting, begun, done */
    uint32_t *stack;  /* ops begun */
    tct_builder *builder;
} tct_bristol_reader;

enum { TCT_BRISTOL_MAND_PART_BYTES = 6 }; /* three wires, each a digit and a space */

/* Counts the ops of all gate lines into op_count; the cursor stays before the gates. */
TCT_MUST_CHECK tct_err tct_bristol_count_ops(tct_bristol_reader *r);
/* Reads all gate lines into ops and driver. */
TCT_MUST_CHECK tct_err tct_bristol_read_gates(tct_bristol_reader *r);
/* Gives every op to the builder, each after those that it needs. */
TCT_MUST_CHECK tct_err tct_bristol_build(tct_bristol_reader *r);

#endif
