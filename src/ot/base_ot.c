/* SPDX-License-Identifier: ISC */
#include "ot/base_ot.h"

#include "crypto/hash.h"

/* Every label of local randomness is its own stream of the seed. */
static const char scalar_tag[] = "base-ot scalars";
static const char point_tag[] = "base-ot points";

_Static_assert(TCT_BASE_OT_COUNT % TCT_LANES == 0, "blocks are full");

/* The string of H2G_c(sid, role, i, R), to be mapped: SHA-512 over everything that names the place.
 * role is that of the OT receiver; choice may be secret. */
static void hash_to_wide(uint8_t wide[TCT_WIDE_BYTES], const uint8_t sid[32], uint64_t choice,
                         int role, uint32_t index, const uint8_t point[TCT_ELEMENT_BYTES])
{
    uint8_t text[5 + 1 + 32 + 1 + 4 + TCT_ELEMENT_BYTES];
    memcpy(text, "bot-h", 5);
    text[5] = (uint8_t)choice;
    memcpy(text + 6, sid, 32);
    text[38] = (uint8_t)role;
    tct_store32(text + 39, index);
    memcpy(text + 43, point, TCT_ELEMENT_BYTES);
    tct_part part = {text, sizeof text};
    tct_sha512(wide, &part, 1);
    tct_wipe(text, sizeof text);
}

/* HASH("bot-k", sid, role, i, c, tr, point)[0..15]. */
static tct_block derive_key(const uint8_t sid[32], int role, uint32_t index, uint64_t choice,
                            const uint8_t th_s[32], const uint8_t point[TCT_ELEMENT_BYTES])
{
    tct_hash h;
    uint8_t digest[TCT_HASH_BYTES];
    tct_hash_init(&h, "bot-k");
    tct_hash_field(&h, sid, 32);
    tct_hash_u8(&h, (uint8_t)role);
    tct_hash_u32(&h, index);
    tct_hash_u8(&h, (uint8_t)choice);
    tct_hash_field(&h, th_s, 32);
    tct_hash_field(&h, point, TCT_ELEMENT_BYTES);
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

/* What the receiver's half of the message takes for one block of instances. */
typedef struct {
    uint8_t wide[TCT_LANES * TCT_WIDE_BYTES];
    uint8_t other[TCT_LANES * TCT_ELEMENT_BYTES], mine[TCT_LANES * TCT_ELEMENT_BYTES];
    tct_points points, oracles;
    tct_digits digits;
} own_block;

/* [MR19] receiver: R_{1-c} uniform, R_c = b·G - H2G_c(R_{1-c}).  Whoever sees both cannot tell
 * which is which, since R_c is uniform as well.  Both are made alike and put in order by masks. */
static void send_block(const tct_base_ot *o, uint32_t first, const tct_comb *base, own_block *w,
                       uint8_t *out)
{
    tct_points_from_wide(&w->points, w->wide);
    tct_points_encode(w->other, &w->points);
    for (uint32_t i = 0; i < TCT_LANES; i++)
        hash_to_wide(w->wide + TCT_WIDE_BYTES * i, o->sid, tct_block_bit(o->choice, first + i),
                     o->role, first + i, w->other + TCT_ELEMENT_BYTES * i);
    tct_points_from_wide(&w->oracles, w->wide);
    tct_digits_of(&w->digits, o->receiver + first);
    tct_comb_mul(&w->points, base, &w->digits);
    tct_points_sub(&w->points, &w->points, &w->oracles);
    tct_points_encode(w->mine, &w->points);
    for (uint32_t i = 0; i < TCT_LANES; i++) {
        uint64_t chosen_one = tct_mask_of_bit(tct_block_bit(o->choice, first + i)).bits;
        for (size_t j = 0; j < TCT_ELEMENT_BYTES; j++) {
            uint8_t other = w->other[TCT_ELEMENT_BYTES * i + j];
            uint8_t swap = (uint8_t)((other ^ w->mine[TCT_ELEMENT_BYTES * i + j]) & chosen_one);
            out[2 * TCT_ELEMENT_BYTES * i + j] =
                (uint8_t)(w->mine[TCT_ELEMENT_BYTES * i + j] ^ swap);
            out[2 * TCT_ELEMENT_BYTES * i + TCT_ELEMENT_BYTES + j] = (uint8_t)(other ^ swap);
        }
    }
}

void tct_base_ot_send(const tct_base_ot *o, uint8_t out[TCT_BASE_OT_BYTES])
{
    tct_xof points;
    tct_comb base;
    own_block w;
    tct_comb_init_base(&base);
    tct_digits_of_one(&w.digits, &o->sender);
    tct_comb_mul(&w.points, &base, &w.digits);
    tct_points_encode(w.mine, &w.points);
    memcpy(out, w.mine, TCT_ELEMENT_BYTES);
    tct_xof_init(&points, o->seed, sizeof o->seed, point_tag, sizeof point_tag - 1);
    for (uint32_t i = 0; i < TCT_BASE_OT_COUNT; i += TCT_LANES) {
        tct_xof_next(&points, w.wide, sizeof w.wide);
        send_block(o, i, &base, &w, out + TCT_ELEMENT_BYTES * (1 + 2 * i));
    }
    tct_xof_wipe(&points);
    tct_wipe(&w, sizeof w);
    TCT_PUBLIC(out, TCT_BASE_OT_BYTES); /* all of it goes to the peer */
}

tct_err tct_base_ot_recv(tct_base_ot *o, const uint8_t peer[TCT_BASE_OT_BYTES])
{
    static const uint8_t identity[TCT_ELEMENT_BYTES];
    uint8_t s[TCT_LANES * TCT_ELEMENT_BYTES] = {0}; /* S, and identities to fill up with */
    memcpy(s, peer, TCT_ELEMENT_BYTES);
    tct_err err = tct_points_decode(&o->peer_s, s);
    if (err != TCT_OK)
        return err;
    if (!tct_mask_reveal(tct_differ(s, identity, sizeof identity)))
        return TCT_ERR_CHEAT; /* b·S would be known to everybody */
    memcpy(o->peer, peer + TCT_ELEMENT_BYTES, sizeof o->peer);
    for (size_t i = 0; i < 2 * TCT_BASE_OT_COUNT / TCT_LANES && err == TCT_OK; i++)
        err = tct_points_decode(&o->peer_r[i], o->peer + sizeof s * i);
    return err;
}

/* A multiple of the peer's that is the identity would be a key that everybody knows.  Our scalars
 * are not zero, so that it is the peer's doing, and the verdict is public. */
static tct_err expect_no_identity(const uint8_t products[TCT_LANES * TCT_ELEMENT_BYTES])
{
    static const uint8_t identity[TCT_ELEMENT_BYTES];
    tct_mask all = tct_mask_of_bit(1);
    for (uint32_t i = 0; i < TCT_LANES; i++)
        all = tct_mask_and(
            all, tct_differ(products + TCT_ELEMENT_BYTES * i, identity, sizeof identity));
    return tct_mask_reveal(all) ? TCT_OK : TCT_ERR_CHEAT;
}

/* [MR19] receiver: the keys of b_i·S. */
static tct_err receiver_keys(const tct_base_ot *o, const uint8_t th_s[32], tct_block *chosen)
{
    tct_comb comb;
    tct_digits digits;
    tct_points shared;
    uint8_t bytes[TCT_LANES * TCT_ELEMENT_BYTES];
    tct_err err = TCT_OK;
    tct_comb_init(&comb, &o->peer_s);
    for (uint32_t at = 0; at < TCT_BASE_OT_COUNT && err == TCT_OK; at += TCT_LANES) {
        tct_digits_of(&digits, o->receiver + at);
        tct_comb_mul(&shared, &comb, &digits);
        tct_points_encode(bytes, &shared);
        err = expect_no_identity(bytes);
        for (uint32_t i = 0; i < TCT_LANES; i++)
            chosen[at + i] =
                derive_key(o->sid, o->role, at + i, tct_block_bit(o->choice, at + i), th_s,
                           bytes + TCT_ELEMENT_BYTES * i);
    }
    tct_wipe(&digits, sizeof digits); /* on every way out */
    tct_wipe(&shared, sizeof shared);
    tct_wipe(bytes, sizeof bytes);
    return err;
}

/* [MR19] sender: M_c = R_c + H2G_c(R_{1-c}), key from a·M_c; one of the two is b·S for the peer.
 * A block holds both points of four instances. */
static tct_err sender_keys(const tct_base_ot *o, const uint8_t th_s[32],
                           tct_block both[TCT_BASE_OT_COUNT][2])
{
    const int peer = 1 - o->role;
    tct_digits digits;
    tct_points points;
    uint8_t wide[TCT_LANES * TCT_WIDE_BYTES], bytes[TCT_LANES * TCT_ELEMENT_BYTES];
    tct_err err = TCT_OK;
    tct_digits_of_one(&digits, &o->sender);
    for (uint32_t at = 0; at < 2 * TCT_BASE_OT_COUNT && err == TCT_OK; at += TCT_LANES) {
        for (uint32_t i = 0; i < TCT_LANES; i++)
            hash_to_wide(wide + TCT_WIDE_BYTES * i, o->sid, i % 2, peer, (at + i) / 2,
                         o->peer + TCT_ELEMENT_BYTES * (at + (i ^ 1)));
        tct_points_from_wide(&points, wide);
        tct_points_add(&points, &points, &o->peer_r[at / TCT_LANES]);
        tct_points_mul(&points, &digits, &points);
        tct_points_encode(bytes, &points);
        err = expect_no_identity(bytes);
        for (uint32_t i = 0; i < TCT_LANES; i++)
            both[(at + i) / 2][i % 2] = derive_key(o->sid, peer, (at + i) / 2, i % 2, th_s,
                                                   bytes + TCT_ELEMENT_BYTES * i);
    }
    tct_wipe(&digits, sizeof digits); /* on every way out */
    tct_wipe(&points, sizeof points);
    tct_wipe(bytes, sizeof bytes);
    return err;
}

tct_err tct_base_ot_keys(const tct_base_ot *o, const uint8_t th_s[32],
                         tct_block chosen[TCT_BASE_OT_COUNT],
                         tct_block both[TCT_BASE_OT_COUNT][2])
{
    tct_err err = receiver_keys(o, th_s, chosen);
    return err == TCT_OK ? sender_keys(o, th_s, both) : err;
}

void tct_base_ot_wipe(tct_base_ot *o)
{
    tct_wipe(o, sizeof *o);
}
