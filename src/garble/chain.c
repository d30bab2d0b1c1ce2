/* SPDX-License-Identifier: ISC */
#include "garble/chain.h"

#include "crypto/hash.h"
#include "crypto/tree.h"

static void feed_circuit(void *context, const uint8_t *bytes, size_t count)
{
    tct_hash_feed(context, bytes, count);
}

void tct_circuit_digest(const tct_circuit *c, uint8_t out[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_hash_init(&h, "circuit");
    tct_hash_field_open(&h, tct_circuit_serial_bytes(c));
    tct_circuit_serialise(c, feed_circuit, &h);
    tct_hash_final(&h, out);
}

void tct_chain_start(uint8_t th[TCT_HASH_BYTES], const tct_engine *e, uint32_t run,
                     const uint8_t circuit_digest[TCT_HASH_BYTES], int garbler)
{
    const uint8_t bound[4] = {(uint8_t)garbler, e->params.rho, e->params.tau, e->params.mode};
    tct_hash h;
    tct_hash_init(&h, "run");
    tct_hash_field(&h, e->sid, sizeof e->sid);
    tct_hash_field(&h, e->th_s, sizeof e->th_s);
    tct_hash_u32(&h, run);
    tct_hash_field(&h, circuit_digest, TCT_HASH_BYTES);
    tct_hash_field(&h, bound, sizeof bound);
    tct_hash_final(&h, th);
}

static void feed_slots(tct_hash *h, const uint32_t *slots, uint32_t count)
{
    tct_hash_field_open(h, 4 * (uint64_t)count);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t bytes[4];
        tct_store32(bytes, slots[i]);
        tct_hash_feed(h, bytes, sizeof bytes);
    }
}

void tct_chain_segment(uint8_t th[TCT_HASH_BYTES], const tct_segment *segment,
                       uint32_t output_count)
{
    bool last = segment->to == NULL;
    tct_hash h;
    tct_hash_init(&h, "seg");
    tct_hash_field(&h, th, TCT_HASH_BYTES);
    tct_hash_field(&h, segment->after, sizeof segment->after);
    tct_hash_u8(&h, last);
    tct_hash_u32(&h, segment->carried);
    feed_slots(&h, segment->from, segment->carried);
    feed_slots(&h, segment->to, last ? 0 : output_count);
    tct_hash_final(&h, th);
}

void tct_chain_salt(uint8_t salt[TCT_HASH_BYTES], const tct_engine *e,
                    const uint8_t th[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_hash_init(&h, "salt");
    tct_hash_field(&h, e->sid, sizeof e->sid);
    tct_hash_field(&h, th, TCT_HASH_BYTES);
    tct_hash_final(&h, salt);
}

void tct_chain_digest(const uint8_t *body, size_t bytes, uint8_t out[TCT_HASH_BYTES])
{
    tct_tree_hash(body, bytes, out);
}

void tct_chain_digest_f2(const uint8_t *body, size_t bytes, size_t d_at, size_t d_bytes,
                         const uint8_t tree[TCT_HASH_BYTES], uint8_t out[TCT_HASH_BYTES])
{
    tct_hash h;
    tct_hash_init(&h, "f2");
    tct_hash_field(&h, body, d_at);
    tct_hash_field(&h, tree, TCT_HASH_BYTES);
    tct_hash_field(&h, body + d_at + d_bytes, bytes - d_at - d_bytes);
    tct_hash_final(&h, out);
}

void tct_chain_absorb(uint8_t th[TCT_HASH_BYTES], int flight, const uint8_t *const bodies[2],
                      const size_t bytes[2])
{
    tct_hash h;
    tct_hash_init(&h, "tr");
    tct_hash_field(&h, th, TCT_HASH_BYTES);
    tct_hash_u8(&h, (uint8_t)flight);
    tct_hash_field(&h, bodies[TCT_ROLE_X], bytes[TCT_ROLE_X]);
    tct_hash_field(&h, bodies[TCT_ROLE_Y], bytes[TCT_ROLE_Y]);
    tct_hash_final(&h, th);
}
