/* SPDX-License-Identifier: ISC */
#include "pair/channel.h"

#include <string.h>

#include "crypto/hash.h"

void tct_frame_head_write(uint8_t out[TCT_FRAME_HEAD_BYTES], const tct_frame_head *head)
{
    out[0] = head->kind;
    tct_store32(out + 1, head->run);
    out[5] = head->flight;
    tct_store64(out + 6, head->counter);
}

tct_frame_head tct_frame_head_read(const uint8_t in[TCT_FRAME_HEAD_BYTES])
{
    return (tct_frame_head){.kind = in[0],
                            .run = tct_load32(in + 1),
                            .flight = in[5],
                            .counter = tct_load64(in + 6)};
}

bool tct_frame_head_same(const tct_frame_head *a, const tct_frame_head *b)
{
    return a->kind == b->kind && a->run == b->run && a->flight == b->flight &&
           a->counter == b->counter;
}

size_t tct_padded_bytes(size_t body_bytes)
{
    TCT_ASSERT(body_bytes <= TCT_CHUNK_BYTES);
    if (body_bytes > TCT_PAD_STEP)
        return (body_bytes + TCT_PAD_STEP - 1) / TCT_PAD_STEP * TCT_PAD_STEP;
    size_t rung = TCT_PAD_MIN;
    while (rung < body_bytes)
        rung *= 2;
    return rung;
}

uint32_t tct_chunk_count(uint64_t body_bytes)
{
    uint64_t count = body_bytes / TCT_CHUNK_BYTES + (body_bytes % TCT_CHUNK_BYTES != 0);
    TCT_ASSERT(count <= UINT32_MAX);
    return count == 0 ? 1 : (uint32_t)count;
}

size_t tct_chunk_bytes(uint64_t body_bytes, uint32_t chunk)
{
    uint64_t begin = (uint64_t)chunk * TCT_CHUNK_BYTES;
    TCT_ASSERT(begin <= body_bytes);
    uint64_t left = body_bytes - begin;
    return left < TCT_CHUNK_BYTES ? (size_t)left : TCT_CHUNK_BYTES;
}

size_t tct_frame_bytes(size_t chunk_bytes, bool confirm)
{
    return TCT_FRAME_HEAD_BYTES + (confirm ? (size_t)TCT_CONFIRM_BYTES : 0) +
           tct_padded_bytes(chunk_bytes) + TCT_AEAD_TAG_BYTES;
}

static void live_key(const tct_channel *c, int sender, uint8_t out[TCT_AEAD_KEY_BYTES])
{
    tct_hash h;
    tct_hash_init(&h, "ch");
    tct_hash_field(&h, c->isk, TCT_ISK_BYTES);
    tct_hash_u8(&h, (uint8_t)sender);
    tct_hash_final(&h, out);
}

void tct_channel_run_key(const tct_channel *c, int sender, uint32_t run,
                         uint8_t out[TCT_AEAD_KEY_BYTES])
{
    tct_hash h;
    tct_hash_init(&h, "ch");
    tct_hash_field(&h, c->isk, TCT_ISK_BYTES);
    tct_hash_u8(&h, (uint8_t)sender);
    tct_hash_u32(&h, run);
    tct_hash_final(&h, out);
}

void tct_channel_init(tct_channel *c, int role, const uint8_t sid[32],
                      const uint8_t isk[TCT_ISK_BYTES])
{
    *c = (tct_channel){.role = role};
    memcpy(c->isk, isk, TCT_ISK_BYTES);
    memcpy(c->sid, sid, sizeof c->sid);
    for (int sender = 0; sender < 2; sender++)
        live_key(c, sender, c->live[sender]);
}

void tct_channel_wipe(tct_channel *c)
{
    tct_wipe(c, sizeof *c);
}

void tct_channel_ad(const tct_channel *c, uint32_t run, uint8_t flight, const uint8_t *qid,
                    uint8_t out[TCT_CHANNEL_AD_BYTES])
{
    static const uint8_t no_question[32];
    memcpy(out, c->sid, 32);
    tct_store32(out + 32, run);
    out[36] = flight;
    memcpy(out + 37, qid != NULL ? qid : no_question, 32);
}

tct_frame_head tct_channel_next_head(const tct_channel *c, uint8_t kind, uint32_t run,
                                     uint8_t flight, uint32_t chunk)
{
    uint64_t counter = kind == TCT_KIND_LIVE ? c->sent : tct_run_counter(flight, chunk);
    return (tct_frame_head){.kind = kind, .run = run, .flight = flight, .counter = counter};
}

/* The key and the nonce of a frame.  Live: one key for all, nonce = 0 ‖ counter.  Run: a key per run,
 * nonce = chunk ‖ flight, which is the counter with its halves in the other order. */
static void key_and_nonce(const tct_channel *c, const tct_frame_head *head, int sender,
                          uint8_t key[TCT_AEAD_KEY_BYTES], uint8_t nonce[TCT_AEAD_NONCE_BYTES])
{
    if (head->kind == TCT_KIND_LIVE) {
        memcpy(key, c->live[sender], TCT_AEAD_KEY_BYTES);
        tct_store32(nonce, 0);
        tct_store64(nonce + 4, head->counter);
    } else {
        tct_channel_run_key(c, sender, head->run, key);
        tct_store32(nonce, (uint32_t)(head->counter >> 32));
        tct_store64(nonce + 4, head->counter & UINT32_MAX);
    }
}

void tct_channel_seal(tct_channel *c, const tct_frame_head *head, const uint8_t *qid,
                      const uint8_t *confirm, const uint8_t *chunk, size_t chunk_bytes,
                      uint8_t *frame)
{
    uint8_t key[TCT_AEAD_KEY_BYTES], nonce[TCT_AEAD_NONCE_BYTES], ad[TCT_CHANNEL_AD_BYTES];
    size_t padded = tct_padded_bytes(chunk_bytes);
    TCT_ASSERT(head->kind == TCT_KIND_RUN ||
               (head->kind == TCT_KIND_LIVE && head->counter == c->sent));
    tct_frame_head_write(frame, head);
    uint8_t *at = frame + TCT_FRAME_HEAD_BYTES;
    if (confirm != NULL) {
        memcpy(at, confirm, TCT_CONFIRM_BYTES);
        at += TCT_CONFIRM_BYTES;
    }
    if (chunk_bytes != 0)
        memmove(at, chunk, chunk_bytes);
    memset(at + chunk_bytes, 0, padded - chunk_bytes);
    key_and_nonce(c, head, c->role, key, nonce);
    tct_channel_ad(c, head->run, head->flight, qid, ad);
    tct_aead_seal(at, at, padded, ad, sizeof ad, nonce, key);
    if (head->kind == TCT_KIND_LIVE)
        c->sent++;
    tct_wipe(key, sizeof key);
}

bool tct_channel_open(tct_channel *c, const tct_frame_head *head, const uint8_t *qid,
                      const uint8_t *sealed, size_t sealed_bytes, uint8_t *out)
{
    uint8_t key[TCT_AEAD_KEY_BYTES], nonce[TCT_AEAD_NONCE_BYTES], ad[TCT_CHANNEL_AD_BYTES];
    key_and_nonce(c, head, 1 - c->role, key, nonce);
    tct_channel_ad(c, head->run, head->flight, qid, ad);
    bool opened = tct_aead_open(out, sealed, sealed_bytes, ad, sizeof ad, nonce, key);
    tct_wipe(key, sizeof key);
    if (opened && head->kind == TCT_KIND_LIVE)
        c->taken++;
    return opened;
}

bool tct_padding_is_zero(const uint8_t *opened, size_t opened_bytes, size_t body_bytes)
{
    TCT_ASSERT(body_bytes <= opened_bytes);
    uint8_t any = 0;
    for (size_t i = body_bytes; i < opened_bytes; i++)
        any |= opened[i];
    return any == 0; /* the padding is the same for every honest body */
}
