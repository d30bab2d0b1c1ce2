/* SPDX-License-Identifier: ISC
 *
 * graph.h — the rule as one graph of truths and exact integers, with both people written out.
 *
 * Gives    shared nodes with constants folded; for each its exact range, and whose answers it
 *          depends on.  Conjunctions and sums are regrouped so that each person's part is one node:
 *          that part is computed on that person's device.
 * Order    graph.c nodes and folding; graph_number.c numbers; graph_rule.c from the model;
 *          graph_local.c evaluation of one person's part in the clear.
 * Shapes   kids stand before their node.  A truth is a number 0 or 1.
 */
#ifndef TCT_RULE_GRAPH_H
#define TCT_RULE_GRAPH_H

#include "rule/lots.h"
#include "rule/model.h"

typedef uint32_t tct_node; /* index; 0: false, 1: true */
#define TCT_FALSE ((tct_node)0)
#define TCT_TRUE  ((tct_node)1)

typedef enum {
    TCT_G_CONST, /* value */
    TCT_G_SLOT,  /* one answer of one person: person, slot */
    TCT_G_NOT_NOW,
    TCT_G_LOT, /* one bit that neither person controls: slot is its number */
    TCT_G_NOT,
    TCT_G_AND, /* any number of kids */
    TCT_G_XOR,
    TCT_G_AT_LEAST, /* kids[0] >= kids[1] */
    TCT_G_EQUAL,
    TCT_G_LINEAR, /* value + the sum of factor[i] * kids[i] */
    TCT_G_PRODUCT,
    TCT_G_QUOTIENT, /* kids[0] / kids[1], rounding; kids[1] is never zero */
    TCT_G_IF,       /* kids[0] ? kids[1] : kids[2] */
    TCT_G_METHOD,   /* a joint method, `slot` a tct_method; PICKs are its results */
    TCT_G_PICK,     /* result number `slot` of the method kids[0] */
} tct_graph_op;

/* Joint methods, by what their kids are.  `value` is the number of their draw, or NO_DRAW. */
typedef enum {
    TCT_METHOD_STEP, /* from, to → any step between; needs to >= from */
    TCT_METHOD_SOME, /* most, n truths → n truths, at most `most` of them */
    TCT_METHOD_BEST, /* n truths, n numbers → the number of the true item with the largest one */
    TCT_METHOD_FAIREST, /* n points of A, n of B → n truths: the second person gets it */
    TCT_METHOD_WINNER, /* the same → n truths, n truths: it is shared, and percent for the second */
    TCT_METHOD_WHOLE_WINNER, /* the same → n truths */
} tct_method;
#define TCT_NO_DRAW ((int64_t)-1)

enum { TCT_OF_A = 1, TCT_OF_B = 2, TCT_OF_LOTS = 4 }; /* what a node depends on */
enum { TCT_SLOT_NONE = -1, TCT_SLOT_MANY = -2 };
#define TCT_NOT_NOW_BIT ((uint64_t)1 << 63) /* beside the bits of the questions */

typedef struct {
    uint8_t op, of, person, rounding;
    bool truth;
    int32_t slot;
    int32_t only_slot; /* the one slot that it depends on, NONE or MANY */
    uint32_t kid_count;
    const tct_node *kids;
    const int64_t *factors; /* LINEAR */
    int64_t value;
    int64_t lo, hi, step;  /* every value is lo + k*step and at most hi; step 0: one value */
    uint64_t questions[2]; /* by person */
    tct_place at;          /* for complaints */
} tct_graph_node;

typedef struct {
    uint32_t outcome, index; /* which reveal */
    tct_node *nodes;         /* NUMBER: one; ITEM: its number; SET, SPLIT: a truth per item; of
                                adjusted winner also a truth per item and a percentage */
    uint32_t count;
} tct_graph_reveal;

typedef struct {
    tct_arena *arena;
    tct_complaints *complaints;
    const tct_model *model;
    tct_err err;        /* sticky: MEMORY, LIMIT */
    const char *beyond; /* LIMIT: which limit the rule is beyond, for people */
    tct_graph_node *nodes;
    uint32_t count, room;
    uint32_t *table, table_mask;
    tct_node *kid_pool;
    int64_t *factor_pool;
    uint32_t pool_used, pool_room;
    tct_node *scratch[4]; /* of TCT_KIDS_MAX nodes each, and factors: while one node is made */
    int64_t *scratch_factors[3];
    uint32_t work; /* steps taken while unrolling lists */
    tct_lots lots;
    tct_node
        exists;   /* is there something to reveal, as far as the reveal at hand has been made */
    tct_place at; /* of the expression at hand */
    /* results */
    tct_node chosen[TCT_OUTCOMES_MAX]; /* without the checks of validity; not for otherwise */
    tct_graph_reveal reveals[TCT_OUTCOMES_MAX * TCT_REVEALS_MAX];
    uint32_t reveal_count;
} tct_graph;

enum {
    TCT_GRAPH_NODES_MAX = 1 << 16, /* parts of a rule, each counted once */
    TCT_KIDS_MAX = 4096,           /* of one conjunction or sum */
    TCT_GRAPH_WORK_MAX = 1 << 20,  /* steps of writing it out, with all items and both people */
};

/* Builds the graph of a resolved model.  Complains where a range overflows, a division may be
 * inexact or by zero.  Numbers the draws of the model's expressions. */
TCT_MUST_CHECK tct_err tct_graph_build(tct_graph *g, tct_arena *arena, tct_model *model,
                                       tct_complaints *complaints);

/* ---- making nodes ---- */
const tct_graph_node *tct_graph_at(const tct_graph *g, tct_node n);
/* Sets g->err to LIMIT, unless something went wrong before.  Returns TCT_FALSE. */
tct_node tct_graph_beyond(tct_graph *g, const char *limit);
tct_node tct_graph_intern(tct_graph *g, tct_graph_node node, const tct_node *kids,
                          uint32_t kid_count, const int64_t *factors);
tct_node tct_graph_const(tct_graph *g, int64_t value);
tct_node tct_graph_slot(tct_graph *g, int person, uint32_t question, uint32_t slot);
tct_node tct_graph_lot(tct_graph *g, uint32_t number);
tct_node tct_graph_not(tct_graph *g, tct_node a);
tct_node tct_graph_and(tct_graph *g, const tct_node *kids, uint32_t count);
tct_node tct_graph_or(tct_graph *g, const tct_node *kids, uint32_t count);
tct_node tct_graph_and2(tct_graph *g, tct_node a, tct_node b);
tct_node tct_graph_xor(tct_graph *g, tct_node a, tct_node b);
tct_node tct_graph_linear(tct_graph *g, int64_t value, const tct_node *kids,
                          const int64_t *factors, uint32_t count);
tct_node tct_graph_at_least(tct_graph *g, tct_node a, tct_node b);
tct_node tct_graph_equal(tct_graph *g, tct_node a, tct_node b);
tct_node tct_graph_product(tct_graph *g, tct_node a, tct_node b);
tct_node tct_graph_quotient(tct_graph *g, tct_node a, tct_node b, tct_rounding rounding);
tct_node tct_graph_if(tct_graph *g, tct_node condition, tct_node a, tct_node b);

/* Is it computed on one device?  0, 1: that person's; -1: constant, joint, or drawn. */
static inline int tct_graph_local(const tct_graph_node *n)
{
    return n->of == TCT_OF_A ? 0 : n->of == TCT_OF_B ? 1 : -1;
}

/* Evaluates nodes of one person in the clear, in straight line: no branch on a value.
 * order: nodes, kids first; values: scratch of one per node of the graph, kept by the caller.
 * slots: secret; by slot. */
void tct_graph_evaluate(const tct_graph *g, const tct_node *order, uint32_t count,
                        const int64_t *slots, bool not_now, int64_t *values);

int64_t tct_floor_divide(int64_t a, int64_t b); /* b > 0 or b < 0; rounds down */
int64_t tct_common_divisor(int64_t a, int64_t b);

#endif
