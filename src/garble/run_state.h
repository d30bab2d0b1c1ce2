/* SPDX-License-Identifier: ISC
 *
 * run_state.h — the inside of a run and the steps that its machine strings together.  Only garble/
 * and its tests include this.
 *
 * Shapes   An authenticated bit of this party is (bit, MAC, key): our bit, our MAC on it, and our
 *          key for the peer's bit: M = K_peer ⊕ bit·Δ_peer.  COT bits are numbered as in 3.2:
 *          x_t at t, y_t at T+t, z_t at 2T+t, then the own inputs' masks, the masks of the AND
 *          outputs, the spread bits; from 3T on the two parties' numbers differ by their inputs.
 * Memory   one arena.  From F6 on the rows of x and y are free, and labels and the garbled
 *          circuit live there when they fit; the leaky triples' sums live where the wires' shares
 *          come to stand.
 */
#ifndef TCT_GARBLE_RUN_STATE_H
#define TCT_GARBLE_RUN_STATE_H

#include "crypto/hash.h"
#include "garble/engine_state.h"
#include "garble/shape.h"

enum { TCT_F2_TAIL_BYTES = 16 + 32 + 32 }; /* x ‖ vh ‖ cc */

typedef struct {
    tct_block mac, key;
} tct_share; /* with the bit kept beside it */

/* Stream mode: what is kept of a wire that outlives its segment, in arrays by slot. */
typedef struct {
    tct_share *share; /* λ */
    tct_block *label; /* garbler L_{w,0}; evaluator the active label */
    uint8_t *bit;     /* own bit of λ */
    uint8_t *value;   /* Λ, at the evaluator */
} tct_slots;

/* One segment of a stream: its circuit's first `carried` wires stand in slots; its outputs go into slots,
 * or if it is the last are the outputs of the whole. */
typedef struct {
    tct_slots slots;
    uint32_t carried;
    const uint32_t *from; /* slots of the carried wires */
    const uint32_t *to;   /* slots of the circuit's outputs; NULL in the last segment */
    uint8_t after[TCT_HASH_BYTES]; /* the chain of the segment before it; zero in the first */
} tct_segment;

struct tct_run {
    tct_err err;
    tct_engine *engine;
    const tct_circuit *circuit;
    const tct_segment *segment; /* stream mode; else NULL */
    tct_shape shape;
    uint32_t number;
    int role; /* session role; the run role is shape.garbler == role */

    /* The machine: where we are in the list of flights, and what of the current one is done. */
    uint8_t flights[12];
    size_t flight_count, at;
    bool own_made;    /* our body of this flight stands in `body` */
    bool own_sent;    /* ... and the caller has it */
    bool peer_taken;  /* the peer's body of this flight was taken */
    bool left_behind; /* `body` is of the flight before this one and still has to leave */
    bool input_given, revealed, deposited, result_ready;
    size_t arena_bytes; /* used, this struct first */

    uint8_t seed[TCT_SEED_BYTES]; /* secret, until F6 */
    uint8_t th[TCT_HASH_BYTES], th3[TCT_HASH_BYTES], salt[TCT_HASH_BYTES];
    uint8_t d_tree[2][TCT_HASH_BYTES]; /* bulk mode: TREE over the d of F2, by role */
    uint8_t coin[32], nonce[32];       /* secret until F4 and F6 */
    uint8_t peer_coin_commit[TCT_HASH_BYTES], peer_sum_commit[TCT_HASH_BYTES];
    uint8_t sum_digest[TCT_HASH_BYTES]; /* Ldig; secret until F6 */
    uint32_t shift[TCT_BUCKET_MAX];
    uint8_t batch_digest[TCT_HASH_BYTES]; /* what F8c must say, or says (5.5) */
    uint8_t and_proof[TCT_HASH_BYTES];    /* andlab, at the evaluator */

    /* Arrays of the arena; sizes in run_memory.c. */
    tct_block *choice; /* own COT bits, packed: read with tct_bit_get */
    tct_block *macs, *keys;
    uint8_t *sums;         /* S_t, tct_shape_sum_bytes each, until F4 */
    tct_share *wires;      /* λ of every wire, from F5 on */
    uint8_t *mask_bits;    /* own bit of λ_w, a byte each */
    tct_block *labels;     /* garbler L_{w,0}; evaluator the active label */
    uint8_t *values;       /* Λ_w, a byte each, as far as known */
    uint32_t *order;       /* schedule.h: gates as they are worked off, */
    uint32_t *and_number;  /* ... and the numbers of the ANDs among them */
    uint8_t *garbled;      /* evaluator: the peer's garbled circuit */
    uint8_t *body;         /* our body of the flight at hand */
    uint8_t *peer_values;  /* packed: the peer's F7 */
    tct_block *out_labels; /* garbler: L_{w,0} of the outputs */
    uint8_t *out_bits;     /* z_P, a byte each */
    uint8_t *peer_bits;    /* the peer's opened z or c, a byte each */
    uint8_t *result;       /* z */
    uint8_t *spread_rows;  /* E, o rows of ⌈n'/8⌉ bytes (escrow) */
    tct_block *list[2];    /* bulk mode: room for two lists on their way into TREE */
};

static inline tct_block tct_run_salt(const tct_run *r)
{
    return tct_block_load(r->salt);
}
static inline int tct_run_peer(const tct_run *r)
{
    return 1 - r->role;
}
static inline bool tct_run_garbles(const tct_run *r)
{
    return r->role == r->shape.garbler;
}
static inline uint64_t tct_run_bit(const tct_run *r, size_t index)
{
    return tct_bit_get((const uint8_t *)r->choice, index);
}
/* Number of the first own input mask among the COT bits of `role` is 3T; of the first AND mask: */
static inline size_t tct_run_and_masks(const tct_run *r, int role)
{
    return 3 * (size_t)r->shape.triples + r->shape.inputs[role];
}
/* First wire of a role's inputs. */
static inline uint32_t tct_run_first_input(const tct_run *r, int role)
{
    return r->shape.carried + (role == TCT_ROLE_X ? 0 : r->shape.inputs[TCT_ROLE_X]);
}
/* First gate's wire. */
static inline uint32_t tct_run_first_gate(const tct_run *r)
{
    return r->shape.carried + r->shape.inputs[0] + r->shape.inputs[1];
}
static inline int tct_run_perm_bit(const tct_run *r)
{
    return r->shape.garbler; /* bit 0 if X garbles, bit 1 if Y garbles */
}

/* Number of the first spread bit among the COT bits of `role`. */
static inline size_t tct_run_first_spread(const tct_run *r, int role)
{
    return tct_run_and_masks(r, role) + r->shape.ands;
}

/* The verdict over a flight of the peer becomes public; each caller says why it may. */
bool tct_run_caught(const tct_run *r, tct_mask bad);

/* HASH(tag, sid [, u8 role], u32 run, …): the fields that begin most hashes of a run. */
void tct_run_hash(tct_hash *h, const char *tag, const tct_run *r);
void tct_run_hash_role(tct_hash *h, const char *tag, const tct_run *r, int role);

/* Unused high bits of the last byte must be zero (0.1). */
bool tct_bits_padded(const uint8_t *bits, size_t count);

/* run_memory.c: points the arrays into the arena. false: it is too small. */
bool tct_run_carve(tct_run *r, tct_arena *arena);
size_t tct_shape_memory(const tct_shape *s);
/* Erases everything but the result. */
void tct_run_retire(tct_run *r);

/* The steps, in order.  make: fill r->body.  take: check the peer's body (of the right length) and
 * go on from it. */
void tct_f2_make(tct_run *r);
tct_err tct_f2_take(tct_run *r, const uint8_t *body);
void tct_f3_make(tct_run *r); /* leaky.c */
void tct_f3_take(tct_run *r, const uint8_t *body);
void tct_f4_make(tct_run *r);
tct_err tct_f4_take(tct_run *r, const uint8_t *body);
void tct_f5_make(tct_run *r); /* bucket.c */
tct_err tct_f5_take(tct_run *r, const uint8_t *body);
void tct_f6p_make(tct_run *r); /* late.c */
tct_err tct_f6p_take(tct_run *r, const uint8_t *body);
void tct_f6_make(tct_run *r); /* garbling.c */
tct_err tct_f6_take(tct_run *r, const uint8_t *body);
/* Are the unused bits of a garbled circuit zero? */
bool tct_garbled_padded(const tct_run *r, const uint8_t *garbled);
void tct_f8_make(tct_run *r);
tct_err tct_f8_take(tct_run *r, const uint8_t *body); /* evaluating.c */
void tct_f8b_make(tct_run *r);                        /* batch_check.c */
tct_err tct_f8b_take(tct_run *r, const uint8_t *body);
void tct_f8c_make(tct_run *r);
tct_err tct_f8c_take(tct_run *r, const uint8_t *body);
void tct_f9_make(tct_run *r); /* outputs.c */
tct_err tct_f9_take(tct_run *r, const uint8_t *body);

/* masks.c: λ of every wire from the COT bits (3.2). */
void tct_wire_masks(tct_run *r);

/* bucket.c: shifts r_k and, in escrow mode, E (4.2, 6.4). coins by session role. */
void tct_draw_shifts(tct_run *r, const uint8_t *const coins[2]);

/* bucket_columns.c: what of F5 is another in bulk mode. */
void tct_columns_make(tct_run *r, uint8_t *body);
bool tct_columns_padded(const tct_run *r, const uint8_t *body);
/* The mask "the MACs do not fit". */
tct_mask tct_columns_check(tct_run *r, const uint8_t *body);
void tct_columns_finish(tct_run *r, const uint8_t *body);

/* late.c: what of F5 is another in stream mode. */
void tct_late_make(tct_run *r, uint8_t *body);
/* The mask "the MACs do not fit"; and the triples joined, when they do. */
tct_mask tct_late_check(tct_run *r, const uint8_t *body);
void tct_late_join(tct_run *r, const uint8_t *body);

/* late.c: carried wires come in: λ, at the garbler and evaluator labels, at the evaluator values; and go
 * out into their slots. */
void tct_segment_masks(tct_run *r);
void tct_segment_labels(tct_run *r);
void tct_segment_leave(tct_run *r);

/* run.c: tct_run_init for a segment (NULL: for a run by itself). */
tct_err tct_run_begin(tct_run **out, void *memory, size_t memory_bytes, tct_engine *e,
                      const tct_circuit *circuit, uint32_t run, int garbler,
                      const uint8_t seed[32], const tct_segment *segment);

/* bucket.c: commitment and equality of L from the peer's F6 (4.1). */
tct_err tct_sum_check(tct_run *r, const uint8_t *body);

/* outputs.c: "output bits ‖ digest" of our own shares into `part`, and the check of the peer's,
 * which keeps its bits.  values_known: Λ of the outputs already stands in r->values. */
void tct_output_part_make(tct_run *r, uint8_t *part, bool values_known);
tct_mask tct_output_part_check(tct_run *r, const uint8_t *part, bool values_known);
bool tct_output_part_padded(const tct_run *r, const uint8_t *part);
void tct_output_combine(tct_run *r);

#endif
