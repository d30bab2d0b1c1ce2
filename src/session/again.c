/* SPDX-License-Identifier: ISC
 *
 * Meeting again: a secret that two people keep when both want to, what it is used as, and how often a
 * sheet may be asked.  Where it is kept, and which day it is, only the caller knows.
 *
 * Source   docs/PROTOCOL.md, section 18.
 * Shapes   secret, 32 bytes: from ISK at first, then from itself, one step each meeting.
 * Gives    both the same, and nobody else any of it; a later secret tells nothing of the ones before.
 *          Not   that both devices have it on their disks: no last message can say that it came.
 */
#include <string.h>

#include "crypto/hash.h"
#include "session/session_state.h"

static void derive(uint8_t out[TCT_HASH_BYTES], const char *tag, const uint8_t secret[32])
{
    tct_hash h;
    tct_hash_init(&h, tag);
    tct_hash_field(&h, secret, 32);
    tct_hash_final(&h, out);
}

void tacit_pairing_id(uint8_t id[TACIT_PAIRING_BYTES],
                      const uint8_t secret[TACIT_PAIRING_BYTES])
{
    derive(id, "pairing-id", secret);
}

void tacit_pairing_next(uint8_t next[TACIT_PAIRING_BYTES],
                        const uint8_t secret[TACIT_PAIRING_BYTES])
{
    uint8_t out[TCT_HASH_BYTES]; /* next and secret may be one place */
    derive(out, "pairing-next", secret);
    memcpy(next, out, sizeof out);
    tct_wipe(out, sizeof out);
}

/* A digit of a secret, without a branch or a table: 10 … 15 are 39 further on in ASCII. */
static char hex_digit(uint8_t value)
{
    uint32_t is_letter = (9u - value) >> 31;
    return (char)('0' + value + 39u * is_letter);
}

void tacit_pairing_meet(const uint8_t secret[TACIT_PAIRING_BYTES], char code[TACIT_CODE_MAX],
                        uint8_t room[TACIT_ROOM_BYTES])
{
    enum { WRITTEN = (TACIT_CODE_MAX - 1) / 2 }; /* 31 bytes: all that a code has room for */
    uint8_t out[TCT_HASH_BYTES];
    derive(out, "pairing-code", secret);
    for (size_t i = 0; i < WRITTEN; i++) {
        code[2 * i] = hex_digit(out[i] >> 4);
        code[2 * i + 1] = hex_digit(out[i] & 15);
    }
    code[2 * WRITTEN] = '\0';
    derive(out, "pairing-room", secret);
    memcpy(room, out, TACIT_ROOM_BYTES);
    tct_wipe(out, sizeof out);
}

/* ---- in a session --- */

void tacit_session_ask_keep(tacit_session *s, bool keep)
{
    if (!s->sealed)
        s->own_keep = keep;
}

bool tacit_session_pairing(const tacit_session *s, uint8_t secret[TACIT_PAIRING_BYTES])
{
    tct_hash h;
    /* While the run lasts the keys do; both have said by then what they want. */
    if (s->step != TCT_STEP_RUN || !tct_session_both_ready(s) || !s->own_keep || !s->peer_keep)
        return false;
    tct_hash_init(&h, "pairing");
    tct_hash_field(&h, s->channel.isk, TCT_ISK_BYTES);
    tct_hash_field(&h, s->sid, sizeof s->sid);
    tct_hash_field(&h, s->chain, sizeof s->chain);
    tct_hash_final(&h, secret);
    return true;
}

bool tacit_session_answers_due(const tacit_session *s)
{
    return s->bye_bytes == 0 && !s->hello_due && !s->offer_due && !s->pulse_due &&
           s->step == TCT_STEP_RUN && s->out.flight == TCT_F7 && s->out.chunk == 0;
}

void tacit_session_too_soon(tacit_session *s)
{
    if (s->agreed && s->step == TCT_STEP_RUN && !s->ready_said && !s->own_f7_left)
        tct_session_end(s, TACIT_OK, TCT_FLIGHT_DECLINE, TCT_DECLINE_TOO_SOON);
    else
        tacit_session_leave(s);
}

tacit_status tct_session_take_too_soon(tacit_session *s)
{
    /* Said before its sender was ready, and of a sheet that says how often; else by no device of ours. */
    if (s->peer_ready || tacit_sheet_see(s->sheet)->once_every_hours == 0)
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    return tct_session_end(s, TACIT_ERR_TOO_SOON, 0, 0);
}
