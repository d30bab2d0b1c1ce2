/* SPDX-License-Identifier: ISC */
#include "circuit/builder_state.h"

#include <string.h>

enum { OUTPUTS_FIRST = 64 }; /* room at the start; it doubles */

/* -------------------------------------------------------------------------- storage --- */

static size_t table_room(uint32_t gates_max)
{
    size_t room = 16;
    while (room < (size_t)gates_max + gates_max / 2)
        room *= 2;
    return room;
}

tct_builder *tct_builder_new(tct_arena *arena, uint32_t inputs_x, uint32_t inputs_y,
                             uint32_t gates_max)
{
    if (inputs_x > TCT_CIRCUIT_INPUTS_MAX || inputs_y > TCT_CIRCUIT_INPUTS_MAX ||
        gates_max > TCT_CIRCUIT_GATES_MAX)
        return NULL;
    tct_builder *b = tct_arena_take(arena, 1, sizeof *b);
    tct_gate *gates = tct_arena_take(arena, gates_max, sizeof *gates);
    uint32_t *table = tct_arena_take(arena, table_room(gates_max), sizeof *table);
    if (b == NULL || gates == NULL || table == NULL)
        return NULL;
    *b = (tct_builder){
        .arena = arena,
        .inputs = {inputs_x, inputs_y},
        .first_gate = 1 + inputs_x + inputs_y,
        .gate_room = gates_max,
        .gates = gates,
        .table = table,
        .table_mask = (uint32_t)(table_room(gates_max) - 1),
    };
    return b;
}

bool tct_builder_failed(const tct_builder *b)
{
    return b->err != TCT_OK;
}

size_t tct_builder_bytes(uint32_t inputs, uint32_t gates_max, uint32_t outputs_max)
{
    size_t nodes = (size_t)inputs + gates_max;
    const size_t parts[] = {
        tct_arena_cost(1, sizeof(tct_builder)),
        tct_arena_cost(gates_max, sizeof(tct_gate)),
        tct_arena_cost(table_room(gates_max), sizeof(uint32_t)),
        /* Doubling leaves the smaller halves behind: together less than twice the last, and each
         * of the at most 32 steps may cost a cache line. */
        tct_arena_cost(4 * (size_t)outputs_max + OUTPUTS_FIRST + 32 * 64, sizeof(tct_wire)),
        /* tct_builder_finish: the circuit, every gate perhaps with an inverse … */
        tct_arena_cost(inputs + 2 * (size_t)gates_max, sizeof(tct_gate)),
        tct_arena_cost(outputs_max, sizeof(uint32_t)),
        tct_arena_cost(outputs_max, 1),
        /* … and its scratch */
        tct_arena_cost(nodes + 1, sizeof(uint32_t)),
        tct_arena_cost(nodes + 1, 1),
    };
    size_t sum = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        sum = tct_size_add(sum, parts[i]);
    return sum;
}

static tct_wire fail(tct_builder *b, tct_err err)
{
    if (b->err == TCT_OK)
        b->err = err;
    return TCT_ZERO;
}

/* The gate behind a wire if it is one of this kind, else NULL. */
static const tct_gate *gate_behind(const tct_builder *b, tct_wire w, tct_gate_kind kind)
{
    if (tct_wire_node(w) < b->first_gate)
        return NULL;
    const tct_gate *g = &b->gates[tct_wire_node(w) - b->first_gate];
    return g->kind == (uint32_t)kind ? g : NULL;
}

/* The place of this gate in the table: its own, or the empty one where it belongs. */
static uint32_t *slot_of(const tct_builder *b, tct_gate_kind kind, tct_wire p, tct_wire q)
{
    uint64_t h = ((uint64_t)p << 32 | q) * 2 + (uint64_t)kind;
    h *= 0x9e3779b97f4a7c15u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    for (uint32_t i = (uint32_t)(h >> 32) & b->table_mask;; i = (i + 1) & b->table_mask) {
        uint32_t entry = b->table[i];
        if (entry == 0)
            return &b->table[i];
        const tct_gate *g = &b->gates[entry - 1];
        if (g->kind == (uint32_t)kind && g->a == p && g->b == q)
            return &b->table[i];
    }
}

/* The wire of this gate if it is there already, else TCT_ZERO. */
static tct_wire find(const tct_builder *b, tct_gate_kind kind, tct_wire p, tct_wire q)
{
    uint32_t entry = *slot_of(b, kind, p, q);
    return entry == 0 ? TCT_ZERO : (b->first_gate + entry - 1) << 1;
}

static tct_wire append(tct_builder *b, tct_gate_kind kind, tct_wire p, tct_wire q)
{
    if (b->gate_count == b->gate_room)
        return fail(b, TCT_ERR_LIMIT);
    uint32_t index = b->gate_count++;
    *slot_of(b, kind, p, q) = index + 1;
    b->gates[index] = (tct_gate){.kind = (uint32_t)kind, .a = p, .b = q};
    b->and_count += kind == TCT_GATE_AND;
    return (b->first_gate + index) << 1;
}

bool tct_wire_known(const tct_builder *b, tct_wire w)
{
    return tct_wire_node(w) < b->first_gate + b->gate_count;
}

/* Wires come from this builder; anything else is a bug of the caller. */
static void check_wires(const tct_builder *b, tct_wire p, tct_wire q)
{
    TCT_ASSERT(tct_wire_known(b, p));
    TCT_ASSERT(tct_wire_known(b, q));
}

/* ---------------------------------------------------------------------------- gates --- */

tct_wire tct_input(tct_builder *b, int role, uint32_t index)
{
    TCT_ASSERT((role == 0 || role == 1) && index < b->inputs[role]);
    return (1 + (role == 1 ? b->inputs[0] : 0) + index) << 1;
}

tct_wire tct_not(tct_builder *b, tct_wire a)
{
    check_wires(b, a, a);
    return a ^ 1;
}

/* If p is an XOR of q and something, that something. */
static bool cancel(const tct_builder *b, tct_wire p, tct_wire q, tct_wire *rest)
{
    const tct_gate *g = gate_behind(b, p, TCT_GATE_XOR);
    if (g == NULL || (g->a != q && g->b != q))
        return false;
    *rest = g->a == q ? g->b : g->a;
    return true;
}

/* If p and q are XORs that share an operand, what is left of each. */
static bool cancel_shared(const tct_builder *b, tct_wire *p, tct_wire *q)
{
    const tct_gate *g = gate_behind(b, *p, TCT_GATE_XOR);
    tct_wire rest;
    if (g == NULL)
        return false;
    if (cancel(b, *q, g->a, &rest)) {
        *p = g->b;
        *q = rest;
        return true;
    }
    if (cancel(b, *q, g->b, &rest)) {
        *p = g->a;
        *q = rest;
        return true;
    }
    return false;
}

tct_wire tct_xor(tct_builder *b, tct_wire p, tct_wire q)
{
    check_wires(b, p, q);
    if (b->err != TCT_OK)
        return TCT_ZERO;
    uint32_t flip = tct_wire_inverted(p) ^ tct_wire_inverted(q);
    tct_wire rest;
    p = tct_wire_plain(p);
    q = tct_wire_plain(q);
    for (;;) { /* every round replaces gates by their own operands */
        if (p == q)
            return flip;
        if (p == TCT_ZERO)
            return q ^ flip;
        if (q == TCT_ZERO)
            return p ^ flip;
        if (cancel(b, p, q, &rest) || cancel(b, q, p, &rest))
            return rest ^ flip;
        if (!cancel_shared(b, &p, &q))
            break;
    }
    if (p > q) {
        tct_wire t = p;
        p = q;
        q = t;
    }
    tct_wire w = find(b, TCT_GATE_XOR, p, q);
    if (w == TCT_ZERO)
        w = append(b, TCT_GATE_XOR, p, q);
    return b->err != TCT_OK ? TCT_ZERO : w ^ flip;
}

/* AND of p with a wire r that is an AND itself (or its inverse), where p, or its inverse, is one of
 * r's operands: never needs a new AND.  With r = p·y:  p·r = r, ¬p·r = 0, p·¬r = p ⊕ r, ¬p·¬r = ¬p. */
static bool absorb(tct_builder *b, tct_wire p, tct_wire r, tct_wire *out)
{
    const tct_gate *g = gate_behind(b, r, TCT_GATE_AND);
    if (g == NULL)
        return false;
    bool same = g->a == p || g->b == p;
    bool opposite = g->a == (p ^ 1) || g->b == (p ^ 1);
    if (same)
        *out = tct_wire_inverted(r) ? tct_xor(b, p, tct_wire_plain(r)) : r;
    else if (opposite)
        *out = tct_wire_inverted(r) ? p : TCT_ZERO;
    return same || opposite;
}

/* AND of p with r = p ⊕ y: where p holds, r is ¬y; so p·r = p·¬y. */
static bool substitute(const tct_builder *b, tct_wire p, tct_wire *r)
{
    tct_wire rest;
    if (!cancel(b, *r, tct_wire_plain(p), &rest))
        return false;
    *r = rest ^ tct_wire_inverted(*r) ^ tct_wire_inverted(p) ^ 1;
    return true;
}

/* An AND of the same two wires in another polarity gives this one by XOR:
 * with p = p' ⊕ i and q = q' ⊕ j, p·q = p'q' ⊕ i·q' ⊕ j·p' ⊕ ij. */
static bool reuse(tct_builder *b, tct_wire p, tct_wire q, tct_wire *out)
{
    for (uint32_t flips = 0; flips < 4; flips++) {
        uint32_t i = flips & 1, j = flips >> 1;
        tct_wire w = find(b, TCT_GATE_AND, p ^ i, q ^ j);
        if (w == TCT_ZERO)
            continue;
        if (i)
            w = tct_xor(b, w, q ^ j);
        if (j)
            w = tct_xor(b, w, p ^ i);
        *out = tct_xor(b, w, i & j);
        return true;
    }
    return false;
}

tct_wire tct_and(tct_builder *b, tct_wire p, tct_wire q)
{
    check_wires(b, p, q);
    if (b->err != TCT_OK)
        return TCT_ZERO;
    tct_wire w;
    for (;;) { /* every round replaces an XOR by one of its operands */
        if (p == TCT_ZERO || q == TCT_ZERO || p == (q ^ 1))
            return TCT_ZERO;
        if (p == TCT_ONE || p == q)
            return q;
        if (q == TCT_ONE)
            return p;
        if (absorb(b, p, q, &w) || absorb(b, q, p, &w))
            return w;
        if (!substitute(b, p, &q) && !substitute(b, q, &p))
            break;
    }
    if (p > q) {
        w = p;
        p = q;
        q = w;
    }
    if (!reuse(b, p, q, &w))
        w = append(b, TCT_GATE_AND, p, q);
    return b->err != TCT_OK ? TCT_ZERO : w;
}

tct_wire tct_or(tct_builder *b, tct_wire p, tct_wire q)
{
    return tct_not(b, tct_and(b, tct_not(b, p), tct_not(b, q)));
}

tct_wire tct_mux(tct_builder *b, tct_wire sel, tct_wire one, tct_wire zero)
{
    return tct_xor(b, zero, tct_and(b, sel, tct_xor(b, one, zero)));
}

void tct_output(tct_builder *b, tct_wire w)
{
    check_wires(b, w, w);
    if (b->err != TCT_OK)
        return;
    if (b->output_count == TCT_CIRCUIT_OUTPUTS_MAX) {
        (void)fail(b, TCT_ERR_LIMIT);
        return;
    }
    if (b->output_count == b->output_room) {
        uint32_t room = b->output_room == 0 ? OUTPUTS_FIRST : 2 * b->output_room;
        tct_wire *larger = tct_arena_take(b->arena, room, sizeof *larger);
        if (larger == NULL) {
            (void)fail(b, TCT_ERR_MEMORY);
            return;
        }
        if (b->output_count != 0)
            memcpy(larger, b->outputs, b->output_count * sizeof *larger);
        b->outputs = larger;
        b->output_room = room;
    }
    b->outputs[b->output_count++] = w;
}

uint32_t tct_builder_ands(const tct_builder *b)
{
    return b->and_count;
}
