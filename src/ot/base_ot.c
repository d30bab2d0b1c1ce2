/* SPDX-License-Identifier: ISC */
#include "ot/base_ot.h"

#include "crypto/hash.h"

/* Every label of local randomness is its own stream of the seed. */
static const char scalar_tag[] = "base-ot scalars";
static const char point_tag[] = "base-ot points";

/* H2G_c(sid, role, i, R): the one-way map of a SHA-512 over everything that names the place.
 * role is that of the OT receiver; choice may be secret. */
static void hash_to_group(tct_element *out, const uint8_t sid[32], uint64_t choice, int role,
                          uint32_t index, const uint8_t point[TCT_ELEMENT_BYTES])
{
    uint8_t text[5 + 1 + 32 + 1 + 4 + TCT_ELEMENT_BYTES], wide[TCT_WIDE_BYTES];
    memcpy(text, "bot-h", 5);
    text[5] = (uint8_t)choice;
    memcpy(text + 6, sid, 32);
    text[38] = (uint8_t)role;
    tct_store32(text + 39, index);
    memcpy(text + 43, point, TCT_ELEMENT_BYTES);
    tct_part part = {text, sizeof text};
    tct_sha512(wide, &part, 1);
    tct_element_from_wide(out, wide);
    tct_wipe(text, sizeof text);
    tct_wipe(wide, sizeof wide);
}

/* HASH("bot-k", sid, role, i, c, tr, point)[0..15]. */
static tct_block derive_key(const uint8_t sid[32], int role, uint32_t index, uint64_t choice,
                            const uint8_t th_s[32], const tct_element *point)
{
    tct_hash h;
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash_init(&h, "bot-k");
    tct_hash_field(&h, sid, 32);
    tct_hash_u8(&h, (uint8_t)role);
    tct_hash_u32(&h, index);
    tct_hash_u8(&h, (uint8_t)choice);
    tct_hash_field(&h, th_s, 32);
    tct_hash_field(&h, point->bytes, sizeof point->bytes);
    tct_hash_final(&h, digest);
    tct_block key = tct_block_load(digest);
    tct_wipe(digest, sizeof digest);
    return key;
}

void tct_base_ot_init(tct_base_ot *o, const uint8_t sid[32], int role, tct_block choice,
                      const uint8_t seed[TCT_SEED_BYTES])
{
    tct_xof scalars;
    uint8_t wide[TCT_WIDE_BYTES];
    memcpy(o->sid, sid, sizeof o->sid);
    memcpy(o->seed, seed, sizeof o->seed);
    o->role = (uint8_t)role;
    o->choice = choice;
    tct_xof_init(&scalars, seed, TCT_SEED_BYTES, scalar_tag, sizeof scalar_tag - 1);
    tct_xof_next(&scalars, wide, sizeof wide);
    tct_scalar_from_wide(&o->sender, wide);
    for (size_t i = 0; i < TCT_BASE_OT_COUNT; i++) {
        tct_xof_next(&scalars, wide, sizeof wide);
        tct_scalar_from_wide(&o->receiver[i], wide);
    }
    tct_xof_wipe(&scalars);
    tct_wipe(wide, sizeof wide);
}

/* [MR19] receiver: R_{1-c} uniform, R_c = b·G - H2G_c(R_{1-c}).  Whoever sees both cannot tell
 * which is which, since R_c is uniform as well. */
static void send_instance(const tct_base_ot *o, uint32_t index,
                          const uint8_t wide[TCT_WIDE_BYTES],
                          uint8_t out[2 * TCT_ELEMENT_BYTES])
{
    uint64_t choice = tct_block_bit(o->choice, index);
    tct_mask chosen_one = tct_mask_of_bit(choice);
    tct_element other, oracle, mine, first, second;
    tct_element_from_wide(&other, wide);
    hash_to_group(&oracle, o->sid, choice, o->role, index, other.bytes);
    tct_element_mul_base(&mine, &o->receiver[index]);
    tct_element_sub(&mine, &mine, &oracle);
    tct_element_select(&first, chosen_one, &other, &mine);
    tct_element_select(&second, chosen_one, &mine, &other);
    memcpy(out, first.bytes, TCT_ELEMENT_BYTES);
    memcpy(out + TCT_ELEMENT_BYTES, second.bytes, TCT_ELEMENT_BYTES);
    tct_wipe(&oracle, sizeof oracle);
    tct_wipe(&other, sizeof other);
    tct_wipe(&mine, sizeof mine);
}

void tct_base_ot_send(const tct_base_ot *o, uint8_t out[TCT_BASE_OT_BYTES])
{
    tct_xof points;
    tct_element s;
    uint8_t wide[TCT_WIDE_BYTES];
    tct_element_mul_base(&s, &o->sender);
    memcpy(out, s.bytes, TCT_ELEMENT_BYTES);
    tct_xof_init(&points, o->seed, sizeof o->seed, point_tag, sizeof point_tag - 1);
    for (uint32_t i = 0; i < TCT_BASE_OT_COUNT; i++) {
        tct_xof_next(&points, wide, sizeof wide);
        send_instance(o, i, wide, out + 32 + 64 * (size_t)i);
    }
    tct_xof_wipe(&points);
    tct_wipe(wide, sizeof wide);
    TCT_PUBLIC(out, TCT_BASE_OT_BYTES); /* all of it goes to the peer */
}

tct_err tct_base_ot_recv(tct_base_ot *o, const uint8_t peer[TCT_BASE_OT_BYTES])
{
    for (size_t at = 0; at < TCT_BASE_OT_BYTES; at += TCT_ELEMENT_BYTES) {
        tct_element e;
        tct_err err = tct_element_decode(&e, peer + at);
        if (err != TCT_OK)
            return err;
        if (at == 0 && tct_element_is_identity(&e))
            return TCT_ERR_CHEAT; /* b·S would be known to everybody */
    }
    memcpy(o->peer, peer, TCT_BASE_OT_BYTES);
    return TCT_OK;
}

/* [MR19] sender: M_c = R_c + H2G_c(R_{1-c}), key from a·M_c; one of the two is b·S for the peer. */
static tct_err sender_key(const tct_base_ot *o, uint32_t index, unsigned choice,
                          const uint8_t th_s[32], tct_block *key)
{
    const uint8_t *pair = o->peer + 32 + 64 * (size_t)index;
    tct_element point, oracle;
    int peer = 1 - o->role;
    memcpy(point.bytes, pair + 32 * choice, TCT_ELEMENT_BYTES);
    hash_to_group(&oracle, o->sid, choice, peer, index, pair + 32 * (1 - choice));
    tct_element_add(&point, &point, &oracle);
    if (tct_element_mul(&point, &o->sender, &point) != TCT_OK)
        return TCT_ERR_CHEAT; /* only the peer can have made M the identity */
    *key = derive_key(o->sid, peer, index, choice, th_s, &point);
    tct_wipe(&point, sizeof point);
    return TCT_OK;
}

tct_err tct_base_ot_keys(const tct_base_ot *o, const uint8_t th_s[32],
                         tct_block chosen[TCT_BASE_OT_COUNT],
                         tct_block both[TCT_BASE_OT_COUNT][2])
{
    tct_element s, shared;
    tct_err err = TCT_OK;
    memcpy(s.bytes, o->peer, TCT_ELEMENT_BYTES);
    for (uint32_t i = 0; i < TCT_BASE_OT_COUNT && err == TCT_OK; i++) {
        if (tct_element_mul(&shared, &o->receiver[i], &s) != TCT_OK)
            err = TCT_ERR_CHEAT;
        chosen[i] = derive_key(o->sid, o->role, i, tct_block_bit(o->choice, i), th_s, &shared);
        for (unsigned c = 0; c < 2 && err == TCT_OK; c++)
            err = sender_key(o, i, c, th_s, &both[i][c]);
    }
    tct_wipe(&shared, sizeof shared); /* on every way out */
    return err;
}

void tct_base_ot_wipe(tct_base_ot *o)
{
    tct_wipe(o, sizeof *o);
}
