/* SPDX-License-Identifier: ISC
 *
 * channel.h — frames: everything between the two devices after F1 travels sealed in them.
 *
 * Source   protocol.md 12.1 (keys, counters, nonces, associated data), 8.1 (flight numbers).
 * Differs  bodies are padded to a ladder of sizes and cut into chunks, so that the relay sees a size
 *          class and not a sheet; the chunk stands in the high half of a per-run counter.
 * Shapes   frame = u8 kind ‖ u32 run ‖ u8 flight ‖ u64 counter ‖ [T, 32 bytes] ‖ sealed ‖ tag, 16
 *          bytes.  Lengths of frames follow from the body's length, which both sides compute.
 * Gives    secrecy, order and integrity under ISK.   Not  delivery: a relay can drop and delay.
 * Trust    ChaCha20-Poly1305; a nonce is never used twice under a key.
 */
#ifndef TCT_PAIR_CHANNEL_H
#define TCT_PAIR_CHANNEL_H

#include "crypto/aead.h"
#include "pair/cpace.h"

enum { TCT_KIND_PLAIN = 0, TCT_KIND_LIVE = 1, TCT_KIND_RUN = 2 };

enum {
    TCT_FRAME_HEAD_BYTES = 14,
    TCT_PAD_MIN = 256,
    TCT_PAD_STEP = 64 * 1024,      /* above this size: multiples of it */
    TCT_CHUNK_BYTES = 1024 * 1024, /* the most of a body that one frame carries */
    TCT_CHANNEL_AD_BYTES = 69,
};

typedef struct {
    uint8_t kind, flight;
    uint32_t run;
    uint64_t counter;
} tct_frame_head;

void tct_frame_head_write(uint8_t out[TCT_FRAME_HEAD_BYTES], const tct_frame_head *head);
tct_frame_head tct_frame_head_read(const uint8_t in[TCT_FRAME_HEAD_BYTES]);
bool tct_frame_head_same(const tct_frame_head *a, const tct_frame_head *b);

/* Per-run counters: the flight, and the chunk above it. */
static inline uint64_t tct_run_counter(uint8_t flight, uint32_t chunk)
{
    return (uint64_t)chunk << 32 | flight;
}

/* The rung of the ladder for a body of at most TCT_CHUNK_BYTES: 256, 512, … 65,536, then multiples
 * of 65,536. */
size_t tct_padded_bytes(size_t body_bytes);
/* A body of any length, 0 too, is at least one chunk; all but the last are TCT_CHUNK_BYTES. */
uint32_t tct_chunk_count(uint64_t body_bytes);
size_t tct_chunk_bytes(uint64_t body_bytes, uint32_t chunk);
/* Bytes of a whole frame.  confirm: with T. */
size_t tct_frame_bytes(size_t chunk_bytes, bool confirm);

/* One side's keys and counters.  Secret. */
typedef struct {
    uint8_t isk[TCT_ISK_BYTES];
    uint8_t sid[32];
    uint8_t live[2][TCT_AEAD_KEY_BYTES]; /* by the sender's role */
    uint64_t sent, taken;                /* live counters: the next to use, the next expected */
    int role;
} tct_channel;

/* isk: secret, copied. */
void tct_channel_init(tct_channel *c, int role, const uint8_t sid[32],
                      const uint8_t isk[TCT_ISK_BYTES]);
void tct_channel_wipe(tct_channel *c);

/* k_{dir,run} of 12.1. */
void tct_channel_run_key(const tct_channel *c, int sender, uint32_t run,
                         uint8_t out[TCT_AEAD_KEY_BYTES]);
/* qid: NULL for 32 zero bytes. */
void tct_channel_ad(const tct_channel *c, uint32_t run, uint8_t flight, const uint8_t *qid,
                    uint8_t out[TCT_CHANNEL_AD_BYTES]);

/* The head of the next frame: live frames take the next counter, run frames theirs. */
tct_frame_head tct_channel_next_head(const tct_channel *c, uint8_t kind, uint32_t run,
                                     uint8_t flight, uint32_t chunk);

/* Seals one chunk, padded, into frame (tct_frame_bytes) and counts.  confirm: T, or NULL.
 * qid: NULL unless the flight is bound to a question.  Seal a run's (flight, chunk) once only. */
void tct_channel_seal(tct_channel *c, const tct_frame_head *head, const uint8_t *qid,
                      const uint8_t *confirm, const uint8_t *chunk, size_t chunk_bytes,
                      uint8_t *frame);

/* Opens what follows the head (and T) into out, sealed_bytes - 16 of it, padding included; counts a
 * live frame.  head: the peer's, already compared with what is expected.  false: nothing changed. */
TCT_MUST_CHECK bool tct_channel_open(tct_channel *c, const tct_frame_head *head,
                                     const uint8_t *qid, const uint8_t *sealed,
                                     size_t sealed_bytes, uint8_t *out);

/* Is all of the padding behind the first body_bytes zero?  opened: of an authentic frame. */
bool tct_padding_is_zero(const uint8_t *opened, size_t opened_bytes, size_t body_bytes);

#endif
