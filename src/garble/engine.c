/* SPDX-License-Identifier: ISC */
#include "garble/engine_state.h"

#include "crypto/hash.h"
#include "ot/twist.h"

size_t tct_engine_bytes(tct_engine_params params)
{
    return sizeof(tct_engine) +
           2 * tct_pprf_leaves(tct_params_depth(params)) * sizeof(tct_block);
}

/* Δ: 126 random bits; bits 1 and 0 are 01 for X and 10 for Y, so that lsb(Δ_X ⊕ Δ_Y) = 1 and the
 * garbler's Δ has its permute bit set, whoever garbles (2.1). */
static tct_delta draw_delta(int role, const uint8_t seed[TCT_SEED_BYTES])
{
    tct_xof x;
    uint8_t bytes[TCT_BLOCK_BYTES];
    tct_xof_init(&x, seed, TCT_SEED_BYTES, "delta", 5);
    tct_xof_next(&x, bytes, sizeof bytes);
    tct_delta delta = {tct_block_load(bytes)};
    delta.block.lo = (delta.block.lo & ~(uint64_t)3) | (role == TCT_ROLE_X ? 1 : 2);
    tct_xof_wipe(&x);
    tct_wipe(bytes, sizeof bytes);
    return delta;
}

tct_engine *tct_engine_init(void *memory, int role, const uint8_t sid[32],
                            tct_engine_params params, uint8_t out, const uint8_t seed[32])
{
    tct_engine *e = memory;
    TCT_ASSERT(role == TCT_ROLE_X || role == TCT_ROLE_Y);
    TCT_ASSERT(out >= 1 && out <= 3);
    TCT_ASSERT((params.mode & ~TCT_MODES) == 0);
    TCT_ASSERT((params.mode & TCT_MODE_ESCROW) == 0 || out == 3);
    unsigned depth = tct_params_depth(params);
    memset(e, 0, tct_engine_bytes(params));
    e->bytes = tct_engine_bytes(params);
    e->full = (tct_pprf){depth, e->leaf};
    e->punctured = (tct_pprf){depth, e->leaf + tct_pprf_leaves(depth)};
    e->role = role;
    e->out = out;
    e->params = params;
    memcpy(e->sid, sid, sizeof e->sid);
    e->delta = draw_delta(role, seed);
    TCT_TWIST(role, TCT_TWIST_DELTA, 0, &e->delta.block, 1);
    /* The choice 1 ⊕ Δ_p gives the key of the sibling of the path (2.1). */
    tct_block choice = {~e->delta.block.lo, ~e->delta.block.hi};
    tct_base_ot_init(&e->base, sid, role, choice, seed);
    return e;
}

void tct_engine_f1_send(tct_engine *e, uint8_t out[TCT_F1_BYTES])
{
    tct_base_ot_send(&e->base, out);
}

void tct_engine_fail(tct_engine *e, tct_err err)
{
    tct_engine_wipe(e);
    e->err = err;
}

tct_err tct_engine_f1_recv(tct_engine *e, const uint8_t peer[TCT_F1_BYTES])
{
    if (e->err != TCT_OK)
        return e->err;
    if (e->stage != TCT_ENGINE_NEW)
        return TCT_ERR_USAGE;
    tct_err err = tct_base_ot_recv(&e->base, peer);
    if (err != TCT_OK)
        tct_engine_fail(e, err);
    else
        e->stage = TCT_ENGINE_MET;
    return err;
}

/* Own trees from both keys of every instance; the scalars and those keys have done their work. */
static void plant(tct_engine *e, const uint8_t th_s[TCT_HASH_BYTES],
                  const tct_block both[TCT_BASE_OT_COUNT][2])
{
    memcpy(e->th_s, th_s, sizeof e->th_s);
    tct_pprf_build(&e->full, e->pprf, both, e->sid, e->role);
    tct_base_ot_wipe(&e->base);
    e->stage = TCT_ENGINE_BOUND;
}

tct_err tct_engine_bind(tct_engine *e, const uint8_t th_s[TCT_HASH_BYTES])
{
    tct_block both[TCT_BASE_OT_COUNT][2];
    if (e->err != TCT_OK)
        return e->err;
    if (e->stage != TCT_ENGINE_MET)
        return TCT_ERR_USAGE;
    tct_err err = tct_base_ot_keys(&e->base, th_s, e->chosen, both);
    if (err == TCT_OK)
        plant(e, th_s, (const tct_block(*)[2])both);
    else
        tct_engine_fail(e, err);
    tct_wipe(both, sizeof both);
    return err;
}

#ifdef TCT_EVIL
void tct_engine_bind_keys(tct_engine *e, const uint8_t th_s[TCT_HASH_BYTES],
                          const tct_block chosen[TCT_BASE_OT_COUNT],
                          const tct_block both[TCT_BASE_OT_COUNT][2])
{
    memcpy(e->chosen, chosen, sizeof e->chosen);
    plant(e, th_s, both);
}
#endif

void tct_engine_wipe(tct_engine *e)
{
    tct_wipe(e, e->bytes);
    e->err = TCT_ERR_USAGE; /* a wiped engine does nothing any more */
}
