/* SPDX-License-Identifier: ISC
 *
 * F5 in bulk mode: the opened bits in columns, and one sum over the MACs of each.
 *
 * Source   as bucket.c; the sums are the batched MAC check of [DPSZ12] and [KOS15], made
 *          non-interactive; SECURITY-ARGUMENT.md, 3.8.
 * Shapes   column c < β-1: e_{c+1} of every gate; then p, then q.  Σ_c = h_ω(MACs of column c), ω a hash
 *          of all that was said before and of all opened bits.  Columns turn the work over single bits
 *          into work over words, and over layers of triples into passes from end to end.
 * Cost     four additions and six products in GF(2^128) for each gate and direction.
 */
#include "crypto/gf128.h"
#include "crypto/tree.h"
#include "garble/run_state.h"
#include "ot/twist.h"

enum { PIECE = 128, X = 0, Y = 1, Z = 2 };

/* ------------------------------------------------------------------------ bits by words --- */

/* 64 bits from bit `at` on.  Nine bytes are read: every string here is followed by so many. */
static inline uint64_t bits_at(const uint8_t *bits, size_t at)
{
    uint64_t word;
    memcpy(&word, bits + at / 8, sizeof word);
    unsigned shift = at % 8;
    return shift == 0 ? word : word >> shift | (uint64_t)bits[at / 8 + 8] << (64 - shift);
}

static inline void add_bits(uint8_t *bits, size_t at, uint64_t add)
{
    uint64_t word;
    unsigned shift = at % 8;
    memcpy(&word, bits + at / 8, sizeof word);
    word ^= add << shift;
    memcpy(bits + at / 8, &word, sizeof word);
    if (shift != 0)
        bits[at / 8 + 8] ^= (uint8_t)(add >> (64 - shift));
}

/* The first `count` bits (64 at most). */
static inline uint64_t first_bits(size_t count)
{
    return count >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1;
}

/* First row of layer k of x, y or z. */
static inline size_t layer(const tct_run *r, int kind, uint32_t k)
{
    return (size_t)kind * r->shape.triples + (size_t)k * r->shape.ands;
}

/* Our bits of layer k, turned by its shift: those of gates i … i+63.  Bits beyond the last gate are
 * anything. */
static uint64_t layer_bits(const tct_run *r, int kind, uint32_t k, size_t i)
{
    const uint8_t *bits = (const uint8_t *)r->choice;
    size_t n = r->shape.ands, from = layer(r, kind, k), at = i + r->shift[k];
    at = at < n ? at : at - n;
    uint64_t word = bits_at(bits, from + at);
    if (n - at < 64)
        word = (word & first_bits(n - at)) | bits_at(bits, from) << (n - at);
    return word;
}

static size_t column_bytes(const tct_run *r)
{
    return tct_bits_bytes(r->shape.ands);
}

static void store_column(const tct_run *r, uint8_t *columns, uint32_t c, size_t i,
                         uint64_t word)
{
    size_t n = r->shape.ands, left = column_bytes(r) - i / 8;
    word &= first_bits(n - i);
    memcpy(columns + c * column_bytes(r) + i / 8, &word, left < 8 ? left : 8);
}

/* -------------------------------------------------------------------------------- opening --- */

static const tct_gate *next_and(const tct_gate *gate)
{
    while (gate->kind != TCT_GATE_AND)
        gate++;
    return gate;
}

/* to[i] ⊕= from[i turned by shift]. */
static void add_turned(tct_block *to, const tct_block *from, size_t n, size_t shift)
{
    for (size_t i = 0; i < n - shift; i++)
        to[i] = tct_block_xor(to[i], from[shift + i]);
    for (size_t i = 0; i < shift; i++)
        to[n - shift + i] = tct_block_xor(to[n - shift + i], from[i]);
}

/* x = ⊕_k x_k into layer 0. */
static void join_x(tct_run *r)
{
    size_t n = r->shape.ands;
    for (uint32_t k = 1; k < r->shape.bucket; k++) {
        add_turned(r->macs, r->macs + layer(r, X, k), n, r->shift[k]);
        add_turned(r->keys, r->keys + layer(r, X, k), n, r->shift[k]);
    }
    for (size_t i = 0; i < n; i += 64) {
        uint64_t sum = 0;
        for (uint32_t k = 1; k < r->shape.bucket; k++)
            sum ^= layer_bits(r, X, k, i);
        add_bits((uint8_t *)r->choice, i, sum & first_bits(n - i));
    }
}

/* e_k = y_0 ⊕ y_k, p = λ_a ⊕ x, q = λ_b ⊕ y. */
static void open_bits(const tct_run *r, uint8_t *columns)
{
    size_t n = r->shape.ands;
    uint32_t beta = r->shape.bucket;
    const tct_gate *gate = r->circuit->gates;
    for (size_t i = 0; i < n; i += 64) {
        size_t some = n - i < 64 ? n - i : 64;
        uint64_t x = layer_bits(r, X, 0, i), y = layer_bits(r, Y, 0, i), a = 0, b = 0;
        for (size_t j = 0; j < some; j++, gate++) {
            gate = next_and(gate);
            a |= (uint64_t)r->mask_bits[gate->a] << j;
            b |= (uint64_t)r->mask_bits[gate->b] << j;
        }
        for (uint32_t k = 1; k < beta; k++)
            store_column(r, columns, k - 1, i, y ^ layer_bits(r, Y, k, i));
        store_column(r, columns, beta - 1, i, a ^ x);
        store_column(r, columns, beta, i, b ^ y);
    }
}

/* ω: nothing that enters the sums may be chosen after it is known. */
static void challenge(const tct_run *r, int role, const uint8_t *columns,
                      tct_gf128_point *omega)
{
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash h;
    tct_tree_hash(columns, (size_t)tct_shape_open_bytes(&r->shape), digest);
    tct_run_hash_role(&h, "open-chi", r, role);
    tct_hash_field(&h, r->th, sizeof r->th); /* th_4 */
    tct_hash_field(&h, digest, sizeof digest);
    tct_hash_final(&h, digest);
    tct_gf128_point_init(omega, tct_block_load(digest));
}

/* h_ω over a layer, turned by its shift. */
static tct_block sum_turned(const tct_gf128_point *omega, const tct_block *rows, size_t n,
                            size_t shift)
{
    tct_block sum = tct_gf128_horner(omega, (tct_block){0, 0}, rows + shift, n - shift);
    return tct_gf128_horner(omega, sum, rows, shift);
}

/* Σ of every column over our MACs, or over our keys for the peer's. */
static void sum_columns(const tct_run *r, const tct_gf128_point *omega, bool keys,
                        tct_block sums[TCT_BUCKET_MAX + 1])
{
    tct_block a[PIECE], b[PIECE], p = {0, 0}, q = {0, 0};
    const tct_block *rows = keys ? r->keys : r->macs;
    size_t n = r->shape.ands;
    uint32_t beta = r->shape.bucket;
    const tct_gate *gate = r->circuit->gates;
    if (n == 0) { /* β is 0 then, and the one column empty */
        sums[0] = (tct_block){0, 0};
        return;
    }
    tct_block y = sum_turned(omega, rows + layer(r, Y, 0), n, 0);
    for (uint32_t k = 1; k < beta; k++)
        sums[k - 1] =
            tct_block_xor(y, sum_turned(omega, rows + layer(r, Y, k), n, r->shift[k]));
    for (size_t i = 0; i < n; i += PIECE) {
        size_t some = n - i < PIECE ? n - i : PIECE;
        for (size_t j = 0; j < some; j++, gate++) {
            gate = next_and(gate);
            const tct_share *left = &r->wires[gate->a], *right = &r->wires[gate->b];
            a[j] = tct_block_xor(rows[i + j], keys ? left->key : left->mac);
            b[j] = keys ? right->key : right->mac;
        }
        p = tct_gf128_horner(omega, p, a, some);
        q = tct_gf128_horner(omega, q, b, some);
    }
    sums[beta - 1] = p;
    sums[beta] = tct_block_xor(q, y);
    tct_wipe(a, sizeof a);
    tct_wipe(b, sizeof b);
}

static void digest_sums(const tct_run *r, int role, const tct_block *sums,
                        uint8_t out[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_run_hash_role(&h, "open", r, role);
    tct_hash_field(&h, sums, (r->shape.bucket + 1) * sizeof *sums);
    tct_hash_final(&h, out);
}

void tct_columns_make(tct_run *r, uint8_t *body)
{
    tct_block sums[TCT_BUCKET_MAX + 1];
    tct_gf128_point omega;
    size_t bytes = (size_t)tct_shape_open_bytes(&r->shape);
    join_x(r);
    open_bits(r, body);
    TCT_TWIST(r->role, TCT_TWIST_OPEN_BITS, 0, body, bytes);
    TCT_PUBLIC(body, bytes); /* they are opened herewith */
    challenge(r, r->role, body, &omega);
    sum_columns(r, &omega, false, sums);
    TCT_TWIST(r->role, TCT_TWIST_OPEN_MACS, 0, sums, r->shape.bucket + 1);
    digest_sums(r, r->role, sums, body + bytes);
    tct_wipe(sums, sizeof sums);
}

/* ------------------------------------------------------------------------------- checking --- */

bool tct_columns_padded(const tct_run *r, const uint8_t *body)
{
    bool padded = true;
    for (uint32_t c = 0; c <= r->shape.bucket && r->shape.ands != 0; c++)
        padded &= tct_bits_padded(body + c * column_bytes(r), r->shape.ands);
    return padded;
}

/* h_ω over single bits, eight to an element: the powers that a byte selects, at the point ω^8.  The
 * bits are the peer's opened ones, so a table may be read by them. */
static tct_block sum_bits(const tct_gf128_point *omega, const uint8_t *bits, size_t n)
{
    tct_block of_byte[256], piece[PIECE], sum = {0, 0};
    tct_gf128_point eighth;
    tct_gf128_point_init(&eighth, omega->power[7]);
    of_byte[0] = (tct_block){0, 0};
    for (unsigned v = 1; v < 256; v++) { /* bit i of a byte stands at ω^(7-i) */
        unsigned low = (unsigned)__builtin_ctz(v);
        tct_block power = low == 7 ? (tct_block){1, 0} : omega->power[6 - low];
        of_byte[v] = tct_block_xor(of_byte[v & (v - 1)], power);
    }
    for (size_t at = 0; at < n / 8; at += PIECE) {
        size_t some = n / 8 - at < PIECE ? n / 8 - at : PIECE;
        for (size_t j = 0; j < some; j++)
            piece[j] = of_byte[bits[at + j]];
        sum = tct_gf128_horner(&eighth, sum, piece, some);
    }
    for (size_t i = n / 8 * 8; i < n; i++) {
        tct_block bit = {tct_bit_get(bits, i), 0};
        sum = tct_gf128_horner(omega, sum, &bit, 1);
    }
    return sum;
}

tct_mask tct_columns_check(tct_run *r, const uint8_t *body)
{
    tct_block sums[TCT_BUCKET_MAX + 1];
    uint8_t digest[TCT_HASH_BYTES];
    tct_gf128_point omega;
    challenge(r, tct_run_peer(r), body, &omega);
    sum_columns(r, &omega, true, sums);
    for (uint32_t c = 0; c <= r->shape.bucket; c++) {
        tct_block bits = sum_bits(&omega, body + c * column_bytes(r), r->shape.ands);
        sums[c] = tct_block_xor(sums[c], tct_gf128_mul(bits, r->engine->delta.block));
    }
    digest_sums(r, tct_run_peer(r), sums, digest);
    tct_wipe(sums, sizeof sums);
    return tct_differ(digest, body + tct_shape_open_bytes(&r->shape), sizeof digest);
}

/* ------------------------------------------------------------------------------ finishing --- */

/* Bits of our own column and the peer's together: public. */
static uint64_t opened(const tct_run *r, const uint8_t *body, uint32_t c, size_t i)
{
    size_t at = 8 * c * column_bytes(r) + i;
    return (bits_at(r->body, at) ^ bits_at(body, at)) & first_bits(r->shape.ands - i);
}

/* sigma[j] ⊕= z_k ⊕ e·x_k, for some of the gates, in MACs or keys. */
static void add_layer(const tct_run *r, tct_block *rows, uint32_t k, size_t i, size_t some,
                      uint64_t e)
{
    size_t n = r->shape.ands, at = i + r->shift[k];
    tct_block *sigma = rows + layer(r, Z, 0) + i;
    const tct_block *z = rows + layer(r, Z, k), *x = rows + layer(r, X, k);
    at = at < n ? at : at - n;
    for (size_t j = 0; j < some; j++) {
        tct_block sum = tct_block_xor(sigma[j], z[at]);
        sigma[j] = tct_block_xor_if(sum, e >> j & 1, x[at]);
        at = at + 1 == n ? 0 : at + 1;
    }
}

static void finish_rows(const tct_run *r, tct_block *rows, size_t i, size_t some, uint64_t p,
                        uint64_t q)
{
    tct_block *sigma = rows + layer(r, Z, 0) + i;
    const tct_block *x = rows + i, *y = rows + layer(r, Y, 0) + i;
    for (size_t j = 0; j < some; j++)
        sigma[j] =
            tct_block_xor_if(tct_block_xor_if(sigma[j], p >> j & 1, y[j]), q >> j & 1, x[j]);
}

/* [Beaver] z = z_0 ⊕ ⊕(z_k ⊕ e_k·x_k), then σ = z ⊕ p·y ⊕ q·x ⊕ p·q, left in the place of z_0. */
void tct_columns_finish(tct_run *r, const uint8_t *body)
{
    size_t n = r->shape.ands, sigma = layer(r, Z, 0);
    uint32_t beta = r->shape.bucket;
    for (size_t i = 0; i < n; i += 64) {
        size_t some = n - i < 64 ? n - i : 64;
        uint64_t p = opened(r, body, beta - 1, i), q = opened(r, body, beta, i), bits = 0;
        for (uint32_t k = 1; k < beta; k++) {
            uint64_t e = opened(r, body, k - 1, i);
            add_layer(r, r->macs, k, i, some, e);
            add_layer(r, r->keys, k, i, some, e);
            bits ^= layer_bits(r, Z, k, i) ^ (e & layer_bits(r, X, k, i));
        }
        finish_rows(r, r->macs, i, some, p, q);
        finish_rows(r, r->keys, i, some, p, q);
        bits ^= (p & layer_bits(r, Y, 0, i)) ^ (q & layer_bits(r, X, 0, i));
        if (r->role == TCT_ROLE_X) /* a public bit: X flips its bit, Y shifts its key */
            bits ^= p & q;
        else
            for (size_t j = 0; j < some; j++)
                r->keys[sigma + i + j] =
                    tct_block_xor(r->keys[sigma + i + j],
                                  tct_delta_if(p >> j & q >> j & 1, r->engine->delta));
        add_bits((uint8_t *)r->choice, sigma + i, bits & first_bits(some));
    }
}
