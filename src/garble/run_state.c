/* SPDX-License-Identifier: ISC
 *
 * What every step of a run stands on: the fields that begin its hashes, and how a check ends it.
 */
#include "garble/run_state.h"

#include "ot/twist.h"

void tct_run_hash(tct_hash *h, const char *tag, const tct_run *r)
{
    tct_hash_init(h, tag);
    tct_hash_field(h, r->engine->sid, sizeof r->engine->sid);
    tct_hash_u32(h, r->number);
}

void tct_run_hash_role(tct_hash *h, const char *tag, const tct_run *r, int role)
{
    tct_hash_init(h, tag);
    tct_hash_field(h, r->engine->sid, sizeof r->engine->sid);
    tct_hash_u8(h, (uint8_t)role);
    tct_hash_u32(h, r->number);
}

bool tct_bits_padded(const uint8_t *bits, size_t count)
{
    return count % 8 == 0 || bits[count / 8] >> count % 8 == 0;
}

bool tct_run_caught(const tct_run *r, tct_mask bad)
{
    TCT_TWIST(r->role, TCT_TWIST_VERDICT, r->flights[r->at], &bad, 1);
    return tct_mask_reveal(bad);
}
