/* SPDX-License-Identifier: ISC
 *
 * The escrowed reveal (F10): deposits and tokens for the relay, and what a release gives.
 *
 * Source   protocol.md 6.4.   Each output share is hidden behind n' spread bits; the relay lets the
 *          deposits of these bits through only if all of both sides' match the other side's tokens.
 * Shapes   F10 = D_0 … D_{n'-1} ‖ token pair 0 … n'-1; 16 bytes each, pairs sorted by value.
 * Gives    both results or none while the relay colludes with nobody; a refusal depends on no
 *          output and accuses nobody.
 */
#include "garble/run_state.h"
#include "garble/sealed.h"
#include "ot/twist.h"

enum { TOKEN = TCT_BLOCK_BYTES };

/* D_P(i, bit, mac) = HASH("dep", sid, role P, run, i, bit, mac, th9)[0..15]. */
static tct_block deposit_value(const tct_run *r, int role, uint32_t index, uint64_t bit,
                               tct_block mac)
{
    tct_hash h;
    uint8_t digest[TCT_HASH_BYTES];
    tct_run_hash_role(&h, "dep", r, role);
    tct_hash_u32(&h, index);
    tct_hash_u8(&h, (uint8_t)bit);
    tct_hash_field(&h, &mac, sizeof mac);
    tct_hash_field(&h, r->th, sizeof r->th);
    tct_hash_final(&h, digest);
    return tct_block_load(digest);
}

/* The two values that the peer's deposit i may have. */
static void candidates(const tct_run *r, uint32_t index, tct_block out[2])
{
    int peer = tct_run_peer(r);
    tct_block key = r->keys[tct_run_first_spread(r, peer) + index];
    for (unsigned b = 0; b < 2; b++)
        out[b] = deposit_value(r, peer, index, b,
                               tct_block_xor(key, tct_delta_if(b, r->engine->delta)));
}

/* HASH("tok", D)[0..15]. */
static tct_block token_of(tct_block value)
{
    tct_hash h;
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash_init(&h, "tok");
    tct_hash_field(&h, &value, sizeof value);
    tct_hash_final(&h, digest);
    return tct_block_load(digest);
}

/* Bytes of a word in the opposite order, so that words compare as strings do. */
static uint64_t swapped(uint64_t v)
{
    uint8_t bytes[8];
    uint64_t out = 0;
    tct_store64(bytes, v);
    for (int i = 0; i < 8; i++)
        out = out << 8 | bytes[i];
    return out;
}

/* a < b by the borrow of a - b. */
static tct_mask less(uint64_t a, uint64_t b)
{
    return tct_mask_of_bit(((~a & b) | ((~a | b) & (a - b))) >> 63);
}

/* Which of the two stands first says which bit is which, so it is decided by masks. */
static void store_sorted(uint8_t *out, tct_block a, tct_block b)
{
    uint64_t a_first = swapped(a.lo), b_first = swapped(b.lo);
    tct_mask swap =
        tct_mask_or(less(b_first, a_first), tct_mask_and(tct_mask_equal(a_first, b_first),
                                                         less(swapped(b.hi), swapped(a.hi))));
    tct_block difference = tct_block_if(swap, tct_block_xor(a, b));
    tct_block_store(out, tct_block_xor(a, difference));
    tct_block_store(out + TOKEN, tct_block_xor(b, difference));
}

size_t tct_run_deposit_bytes(const tct_run *r)
{
    return 3 * TOKEN * (size_t)r->shape.spread;
}

tct_err tct_run_deposit(tct_run *r, uint8_t *out, size_t *bytes)
{
    uint32_t count = r->shape.spread;
    size_t own = tct_run_first_spread(r, r->role);
    if ((tct_run_want(r) & TCT_RUN_DEPOSIT) == 0)
        return r->err != TCT_OK ? r->err : TCT_ERR_USAGE;
    if (*bytes < tct_run_deposit_bytes(r))
        return TCT_ERR_SPACE;
    *bytes = tct_run_deposit_bytes(r);
    for (uint32_t i = 0; i < count; i++) {
        tct_block value[2];
        tct_block_store(
            out + TOKEN * (size_t)i,
            deposit_value(r, r->role, i, tct_run_bit(r, own + i), r->macs[own + i]));
        candidates(r, i, value);
        store_sorted(out + TOKEN * ((size_t)count + 2 * (size_t)i), token_of(value[0]),
                     token_of(value[1]));
        tct_wipe(value, sizeof value);
    }
    TCT_TWIST(r->role, TCT_TWIST_DEPOSIT, 0, out, TOKEN * (size_t)count);
    TCT_TWIST(r->role, TCT_TWIST_TOKENS, 0, out + TOKEN * (size_t)count,
              2 * TOKEN * (size_t)count);
    TCT_PUBLIC(out, *bytes); /* it goes to the relay */
    r->deposited = r->revealed = true;
    return TCT_OK;
}

/* z_P ⊕ c_P': what E times the peer's bits is added to. */
static uint8_t base_bit(const tct_run *r, uint32_t output)
{
    return r->out_bits[output] ^ r->peer_bits[output];
}

size_t tct_run_sealed_bytes(const tct_run *r)
{
    return tct_sealed_run_bytes(r->shape.outputs, r->shape.spread);
}

tct_err tct_run_put_aside(tct_run *r, uint8_t *out, size_t *bytes)
{
    size_t spread = r->shape.spread, outputs = r->shape.outputs;
    size_t rows = outputs * tct_bits_bytes(spread), need = tct_run_sealed_bytes(r);
    if ((tct_run_want(r) & TCT_RUN_DEPOSIT) == 0)
        return r->err != TCT_OK ? r->err : TCT_ERR_USAGE;
    if (*bytes < need)
        return TCT_ERR_SPACE;
    tct_store32(out, (uint32_t)outputs);
    tct_store32(out + 4, (uint32_t)spread);
    for (uint32_t j = 0; j < outputs; j++)
        out[8 + j] = base_bit(r, j);
    memcpy(out + 8 + outputs, r->spread_rows, rows);
    uint8_t *deposit = out + 8 + outputs + rows;
    size_t deposit_bytes = 3 * TOKEN * spread;
    tct_err err = tct_run_deposit(r, deposit, &deposit_bytes);
    if (err != TCT_OK)
        return err;
    uint8_t *at = deposit + deposit_bytes;
    for (uint32_t i = 0; i < spread; i++, at += 2 * TOKEN) {
        tct_block value[2];
        candidates(r, i, value);
        tct_block_store(at, value[0]);
        tct_block_store(at + TOKEN, value[1]);
        tct_wipe(value, sizeof value);
    }
    *bytes = need;
    return TCT_OK;
}

/* Adds column i of E, times the peer's bit y_i, to every output. */
static void add_column(tct_run *r, uint32_t index, uint64_t bit)
{
    size_t row = tct_bits_bytes(r->shape.spread);
    for (uint32_t j = 0; j < r->shape.outputs; j++)
        r->result[j] ^= (uint8_t)(bit & tct_bit_get(r->spread_rows + j * row, index));
}

tct_err tct_run_release(tct_run *r, const uint8_t *released, size_t bytes)
{
    tct_mask bad = {0};
    if ((tct_run_want(r) & TCT_RUN_RELEASE) == 0)
        return r->err != TCT_OK ? r->err : TCT_ERR_USAGE;
    if (bytes != TOKEN * (size_t)r->shape.spread)
        return TCT_ERR_FORMAT;
    for (uint32_t j = 0; j < r->shape.outputs; j++)
        r->result[j] = base_bit(r, j);
    for (uint32_t i = 0; i < r->shape.spread; i++) {
        tct_block value[2];
        candidates(r, i, value);
        tct_mask zero =
            tct_mask_not(tct_differ(released + TOKEN * (size_t)i, &value[0], TOKEN));
        tct_mask one = tct_mask_not(tct_differ(released + TOKEN * (size_t)i, &value[1], TOKEN));
        bad = tct_mask_or(bad, tct_mask_not(tct_mask_or(zero, one)));
        add_column(r, i, one.bits & 1);
        tct_wipe(value, sizeof value);
    }
    if (tct_mask_reveal(
            bad)) { /* junk on the way, or a relay that let through what does not fit */
        tct_wipe(r->result, r->shape.outputs);
        return TCT_ERR_CHEAT;
    }
    r->result_ready = true;
    tct_run_retire(r);
    return TCT_OK;
}
