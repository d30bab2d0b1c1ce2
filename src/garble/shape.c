/* SPDX-License-Identifier: ISC */
#include "garble/shape.h"

#include "crypto/block.h"
#include "ot/cot.h"

enum { SMALL_ANDS_MAX = 128 }; /* up to here ρ = τ = 64 costs little (0.1) */

/* Bucket sizes as thresholds: β holds from `from` ANDs on (4.3, both tables). */
typedef struct {
    uint32_t from, bucket;
} bucket_row;
static const bucket_row rows_64[] = {
    {118, 9}, {64, 10}, {40, 11}, {27, 12}, {20, 13}, {15, 14}, {12, 15}, {10, 16},
    {8, 17},  {7, 18},  {6, 19},  {5, 20},  {4, 22},  {3, 26},  {2, 33},  {1, 64},
};
static const bucket_row rows_40[] = {
    {370728, 3}, {4096, 4}, {431, 5}, {112, 6}, {46, 7}, {24, 8}, {15, 9}, {11, 10},
    {8, 11},     {6, 12},   {5, 13},  {4, 14},  {3, 17}, {2, 21}, {1, 40},
};

/* The smallest n' with 2^n' ≥ 2^(40+o)·Σ_{w<40} C(n',w), and 40·o for o ≤ 4 (6.4). */
static const uint16_t spread_table[TCT_SPREAD_OUTPUTS_MAX] = {
    40,  80,  120, 160, 176, 178, 180, 181, 183, 184, 186, 187, 189, 190, 192, 193, 195, 196,
    198, 199, 200, 202, 203, 205, 206, 208, 209, 210, 212, 213, 215, 216, 217, 219, 220, 222,
    223, 224, 226, 227, 228, 230, 231, 233, 234, 235, 237, 238, 239, 241, 242, 243, 245, 246,
    247, 249, 250, 251, 253, 254, 255, 257, 258, 259, 260, 262, 263, 264, 266, 267, 268, 270,
    271, 272, 273, 275, 276, 277, 279, 280, 281, 282, 284, 285, 286, 287, 289, 290, 291, 292,
    294, 295, 296, 297, 299, 300, 301, 302, 304, 305, 306, 307, 309, 310, 311, 312, 314, 315,
    316, 317, 319, 320, 321, 322, 324, 325, 326, 327, 328, 330, 331, 332, 333, 334, 336, 337,
    338, 339, 341, 342, 343, 344, 345, 347, 348, 349, 350, 351, 353, 354, 355, 356, 357, 359,
    360, 361, 362, 363, 365, 366, 367, 368, 369, 371, 372, 373, 374, 375, 377, 378, 379, 380,
    381, 382, 384, 385, 386, 387, 388, 390, 391, 392, 393, 394, 395, 397, 398, 399, 400, 401,
    402, 404, 405, 406, 407, 408, 409, 411, 412, 413, 414, 415, 416, 418, 419, 420, 421, 422,
    423, 425, 426, 427, 428, 429, 430, 432, 433, 434, 435, 436, 437, 439, 440, 441, 442, 443,
    444, 445, 447, 448, 449, 450, 451, 452, 453, 455, 456, 457, 458, 459, 460, 462, 463, 464,
    465, 466, 467, 468, 470, 471, 472, 473, 474, 475, 476, 478, 479, 480, 481, 482, 483, 484,
    485, 487, 488, 489,
};

tct_engine_params tct_engine_params_for(uint32_t and_count_max)
{
    bool small = and_count_max <= SMALL_ANDS_MAX;
    return (tct_engine_params){
        .rho = small ? 64 : 40,
        .tau = small ? 64 : 48,
        .mode = and_count_max > TCT_TAG_ANDS_MAX ? TCT_MODE_BATCH | TCT_MODE_BULK : 0,
    };
}

#ifdef TCT_EVIL
/* The same rule for small ρ, where failures can be counted: 2^β·n^(β-1) ≥ 2^ρ, ρ < 30. */
static uint32_t small_bucket(uint32_t ands, uint8_t rho)
{
    uint64_t product = 2;
    uint32_t bucket = 1;
    for (; product < (uint64_t)1 << rho; bucket++)
        product *= 2 * (uint64_t)ands;
    return bucket;
}
#endif

uint32_t tct_bucket_size(uint32_t ands, uint8_t rho)
{
#ifdef TCT_EVIL
    if (rho < 30)
        return small_bucket(ands, rho);
#endif
    const bucket_row *row = rho == 64 ? rows_64 : rows_40;
    TCT_ASSERT(ands >= 1 && (rho == 64 || rho == 40));
    while (ands < row->from)
        row++;
    return row->bucket;
}

uint32_t tct_spread_bits(uint32_t outputs)
{
    TCT_ASSERT(outputs >= 1 && outputs <= TCT_SPREAD_OUTPUTS_MAX);
    return spread_table[outputs - 1];
}

bool tct_shape_init(tct_shape *s, const tct_circuit *c, tct_engine_params params, uint8_t out,
                    int garbler, uint32_t run)
{
    *s = (tct_shape){
        .params = params,
        .out = out,
        .garbler = garbler,
        .first_run = run == 0,
        .inputs = {c->inputs[0], c->inputs[1]},
        .ands = c->and_count,
        .outputs = c->output_count,
        .wires = tct_circuit_wires(c),
    };
    if (s->ands > TCT_CIRCUIT_ANDS_MAX || (params.rho == 64 && s->ands > SMALL_ANDS_MAX) ||
        (!tct_shape_bulk(s) && !tct_shape_stream(s) && s->ands > TCT_TAG_ANDS_MAX))
        return false; /* larger than what ρ, τ and the mode were chosen for */
    if (s->ands > 0)
        s->bucket = tct_bucket_size(s->ands, params.rho);
    uint64_t triples = (uint64_t)s->ands * s->bucket;
    if (triples > UINT32_MAX)
        return false;
    s->triples = (uint32_t)triples;
    if (tct_shape_escrow(s)) {
        if (s->outputs < 1 || s->outputs > TCT_SPREAD_OUTPUTS_MAX)
            return false;
        s->spread = tct_spread_bits(s->outputs);
    }
    return true;
}

uint64_t tct_shape_cot_bits(const tct_shape *s, int role)
{
    return 3 * (uint64_t)s->triples + s->inputs[role] + s->ands + s->spread;
}

bool tct_shape_sends(const tct_shape *s, int flight, int role)
{
    bool garbler = role == s->garbler;
    switch (flight) {
    case TCT_F8:
        return garbler;
    case TCT_F8B:
        return !garbler && tct_shape_batch(s);
    case TCT_F8C:
        return garbler && tct_shape_batch(s);
    case TCT_F9: /* there is none if only the evaluator receives */
        return !garbler && tct_shape_receives(s, s->garbler);
    case TCT_F6P:
        return tct_shape_stream(s);
    case TCT_F7: /* only the first segment has inputs */
        return !tct_shape_stream(s) || s->inputs[0] + s->inputs[1] != 0;
    default:
        return flight >= TCT_F2 && flight <= TCT_F6;
    }
}

static uint64_t packed(uint64_t bits)
{
    return bits / 8 + (bits % 8 != 0);
}

uint64_t tct_shape_garbled_bytes(const tct_shape *s)
{
    uint64_t tags = tct_shape_batch(s) ? 0 : 3 * (uint64_t)s->params.tau / 8;
    return s->ands * (32 + tags) + packed(s->ands);
}

/* The output part rides in this flight of this sender iff the other one receives. */
static uint64_t part_bytes(const tct_shape *s, int role)
{
    return tct_shape_receives(s, 1 - role) ? tct_shape_part_bytes(s) : 0;
}

uint64_t tct_shape_body_bytes(const tct_shape *s, int flight, int role)
{
    if (!tct_shape_sends(s, flight, role))
        return 0;
    switch (flight) {
    case TCT_F2:
        return (s->first_run ? TCT_PPRF_BYTES : 0) +
               tct_cot_message_bytes(tct_params_depth(s->params), tct_shape_cot_bits(s, role)) +
               32;
    case TCT_F3:
        return tct_shape_sum_bytes(s) * (uint64_t)s->triples;
    case TCT_F4:
        return packed(s->triples) + 32;
    case TCT_F5:
        return tct_shape_open_bytes(s) + 64;
    case TCT_F6:
        return 64 +
               (role == s->garbler && !tct_shape_stream(s) ? tct_shape_garbled_bytes(s) : 0);
    case TCT_F6P:
        return packed(2 * (uint64_t)s->ands) + 32;
    case TCT_F7:
        return packed(s->inputs[role]);
    case TCT_F8:
        return 16 * ((uint64_t)s->inputs[0] + s->inputs[1]) +
               (tct_shape_stream(s) ? tct_shape_garbled_bytes(s) : 0) +
               (tct_shape_batch(s) ? 0 : part_bytes(s, role));
    case TCT_F8B:
        return packed(s->ands) + 32;
    case TCT_F8C:
        return 32 + part_bytes(s, role);
    case TCT_F9:
        return packed(s->outputs) + 32 + part_bytes(s, role);
    default:
        return 0;
    }
}

size_t tct_shape_flights(const tct_shape *s, uint8_t flights[12])
{
    static const uint8_t order[] = {TCT_F2, TCT_F3, TCT_F4,  TCT_F5,  TCT_F6, TCT_F6P,
                                    TCT_F7, TCT_F8, TCT_F8B, TCT_F8C, TCT_F9};
    size_t count = 0;
    for (size_t i = 0; i < sizeof order; i++)
        if (tct_shape_sends(s, order[i], TCT_ROLE_X) ||
            tct_shape_sends(s, order[i], TCT_ROLE_Y))
            flights[count++] = order[i];
    return count;
}
