/* SPDX-License-Identifier: ISC
 *
 * The memory of a run: one plan, from public sizes only, that says how much is needed and then deals
 * out the arrays.
 */
#include "garble/run_state.h"

#include "garble/list_hash.h"
#include "garble/schedule.h"
#include "ot/cot.h"

/* One entry per array, in the order of carving. */
enum {
    AREA_RUN,
    AREA_CHOICE,
    AREA_MACS,
    AREA_KEYS,
    AREA_WIRES,
    AREA_MASK_BITS,
    AREA_LABELS,
    AREA_VALUES,
    AREA_GARBLED,
    AREA_ORDER,
    AREA_BODY,
    AREA_PEER_VALUES,
    AREA_OUT_LABELS,
    AREA_OUT_BITS,
    AREA_SPREAD,
    AREA_LISTS,
    AREAS,
};

typedef struct {
    uint64_t bytes[AREAS];
    bool labels_in_macs, garbled_in_keys, order_in_keys; /* they fit where x and y were */
} plan;

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Our longest body; either role may be ours. */
static uint64_t longest_body(const tct_shape *s)
{
    uint8_t flights[12];
    uint64_t most = 0;
    size_t count = tct_shape_flights(s, flights);
    for (size_t i = 0; i < count; i++)
        for (int role = 0; role < 2; role++)
            most = larger(most, tct_shape_body_bytes(s, flights[i], role));
    return most;
}

/* The plan depends on public sizes only, and not on the role, so that both parties can state the
 * need before they know who garbles. */
static plan plan_memory(const tct_shape *s)
{
    uint64_t bits = larger(tct_shape_cot_bits(s, 0), tct_shape_cot_bits(s, 1));
    uint64_t blocks = tct_cot_blocks(bits), freed = 32 * (uint64_t)s->triples;
    uint64_t garbled = tct_shape_garbled_bytes(s) + 64;
    uint64_t inputs = larger(s->inputs[0], s->inputs[1]);
    plan p = {.labels_in_macs = 16 * (uint64_t)s->wires <= freed,
              .garbled_in_keys = garbled <= freed,
              .order_in_keys = garbled + 64 + tct_schedule_bytes(s) <= freed};
    p.bytes[AREA_RUN] = sizeof(tct_run);
    p.bytes[AREA_CHOICE] = 16 * blocks;
    p.bytes[AREA_MACS] = p.bytes[AREA_KEYS] = 16 * 128 * blocks;
    p.bytes[AREA_WIRES] = larger(sizeof(tct_share) * (uint64_t)s->wires,
                                 tct_shape_sum_bytes(s) * (uint64_t)s->triples);
    p.bytes[AREA_MASK_BITS] = p.bytes[AREA_VALUES] = s->wires;
    p.bytes[AREA_LABELS] = p.labels_in_macs ? 0 : 16 * (uint64_t)s->wires;
    p.bytes[AREA_GARBLED] = p.garbled_in_keys ? 0 : garbled;
    p.bytes[AREA_ORDER] = p.order_in_keys ? 0 : tct_schedule_bytes(s);
    p.bytes[AREA_BODY] = longest_body(s);
    p.bytes[AREA_PEER_VALUES] = inputs / 8 + 1;
    p.bytes[AREA_OUT_LABELS] = 16 * (uint64_t)s->outputs;
    p.bytes[AREA_OUT_BITS] = 3 * (uint64_t)s->outputs;
    p.bytes[AREA_SPREAD] = (uint64_t)s->outputs * (s->spread / 8 + 1) * tct_shape_escrow(s);
    p.bytes[AREA_LISTS] = 2 * TCT_LIST_BLOCKS * sizeof(tct_block) * (uint64_t)tct_shape_bulk(s);
    return p;
}

size_t tct_shape_memory(const tct_shape *s)
{
    plan p = plan_memory(s);
    size_t sum = 0;
    for (int i = 0; i < AREAS; i++) {
        if (p.bytes[i] > SIZE_MAX)
            return SIZE_MAX;
        sum = tct_size_add(sum, tct_arena_cost((size_t)p.bytes[i], 1));
    }
    return sum;
}

bool tct_run_carve(tct_run *r, tct_arena *arena)
{
    plan p = plan_memory(&r->shape);
    void *area[AREAS];
    for (int i = AREA_CHOICE; i < AREAS; i++) { /* the run itself was taken before */
        /* The large ones are written before they are read. */
        bool large = i <= AREA_WIRES || (i >= AREA_LABELS && i <= AREA_BODY) || i == AREA_LISTS;
        area[i] = large ? tct_arena_take_raw(arena, (size_t)p.bytes[i], 1)
                        : tct_arena_take(arena, (size_t)p.bytes[i], 1);
        if (area[i] == NULL)
            return false;
    }
    r->choice = area[AREA_CHOICE];
    r->macs = area[AREA_MACS];
    r->keys = area[AREA_KEYS];
    r->wires = area[AREA_WIRES];
    r->sums = area[AREA_WIRES];
    r->mask_bits = area[AREA_MASK_BITS];
    r->labels = p.labels_in_macs ? r->macs : area[AREA_LABELS];
    r->values = area[AREA_VALUES];
    r->garbled = p.garbled_in_keys ? (uint8_t *)r->keys : area[AREA_GARBLED];
    /* Behind the garbled circuit, on the next multiple of 64. */
    size_t garbled = (size_t)tct_shape_garbled_bytes(&r->shape) + 64;
    uint8_t *behind = (uint8_t *)r->keys + (garbled + 63) / 64 * 64;
    r->order = p.order_in_keys ? (void *)behind : area[AREA_ORDER];
    r->and_number = r->order + (r->shape.wires - tct_run_first_gate(r));
    r->body = area[AREA_BODY];
    r->peer_values = area[AREA_PEER_VALUES];
    r->out_labels = area[AREA_OUT_LABELS];
    r->out_bits = area[AREA_OUT_BITS];
    r->peer_bits = r->out_bits + r->shape.outputs;
    r->result = r->peer_bits + r->shape.outputs;
    r->spread_rows = area[AREA_SPREAD];
    r->list[0] = area[AREA_LISTS];
    r->list[1] = tct_shape_bulk(&r->shape) ? r->list[0] + TCT_LIST_BLOCKS : NULL;
    return true;
}

/* When nothing is left to do, only the result stays: labels, shares and keys have done their work
 * (8.7).  The arrays before out_bits stand in one piece, from `choice` on. */
void tct_run_retire(tct_run *r)
{
    uint8_t *first = (uint8_t *)r->choice;
    tct_wipe(first, (size_t)(r->result - first));
    tct_wipe(r->spread_rows, (size_t)plan_memory(&r->shape).bytes[AREA_SPREAD]);
    tct_wipe(r->list[0], (size_t)plan_memory(&r->shape).bytes[AREA_LISTS]);
}

/* Seen before the run exists: the larger of what either garbler and a first run would need. */
size_t tct_run_bytes(const tct_circuit *c, tct_engine_params params)
{
    size_t most = 0;
    for (int garbler = 0; garbler < 2; garbler++) {
        tct_shape s;
        if (!tct_shape_init(&s, c, params, 3, garbler, 0))
            return SIZE_MAX;
        size_t bytes = tct_shape_memory(&s);
        most = bytes > most ? bytes : most;
    }
    return most;
}
