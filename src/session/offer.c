/* SPDX-License-Identifier: ISC
 *
 * The offer: the asker's T, and under the paired key the sheet itself with the nonce of the veils.
 * The answerer believes none of it: it reads the sheet as it would read a file, compiles the circuit
 * and computes every hash and parameter again.
 */
#include <string.h>

#include "session/session_state.h"

static tct_part canonical(const tacit_sheet *sheet)
{
    size_t bytes;
    const char *text = tct_sheet_canonical(sheet, &bytes);
    return (tct_part){text, bytes};
}

static bool same_text(tct_part a, tct_part b)
{
    /* public between the two: a text that both read */
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

/* What is sealed: head and text, or the least that every offer has. */
static size_t sealed_bytes(size_t used)
{
    return used < TCT_OFFER_BYTES_MIN ? (size_t)TCT_OFFER_BYTES_MIN : used;
}

size_t tct_session_offer_bytes(const tacit_session *s)
{
    return tct_frame_bytes(sealed_bytes(TCT_OFFER_HEAD_BYTES + canonical(s->sheet).length),
                           true);
}

void tct_session_offer_write(tacit_session *s, uint8_t *frame)
{
    /* The body is laid where it will be sealed. */
    uint8_t *body = frame + TCT_FRAME_HEAD_BYTES + TCT_CONFIRM_BYTES;
    tct_part text = canonical(s->sheet);
    memcpy(body, s->nonce, sizeof s->nonce);
    body[32] = (uint8_t)s->person;
    tct_store64(body + 33, s->until_ms);
    tct_store32(body + 41, (uint32_t)text.length);
    memcpy(body + TCT_OFFER_HEAD_BYTES, text.bytes, text.length);
    size_t used = TCT_OFFER_HEAD_BYTES + text.length, whole = sealed_bytes(used);
    memset(body + used, 0, whole - used);
    tct_frame_head head =
        tct_channel_next_head(&s->channel, TCT_KIND_LIVE, 0, TCT_FLIGHT_OFFER, 0);
    tct_channel_seal(&s->channel, &head, NULL, s->own_confirm, body, whole, frame);
    s->confirm_sent = true;
    tct_wipe(s->nonce, sizeof s->nonce);
}

/* The offer after it was opened: does its length fit its text, and is the rest of the rung zero? */
static bool well_formed(const uint8_t *body, size_t opened)
{
    size_t text_bytes = tct_load32(body + 41);
    if (body[32] > 1 || text_bytes > TACIT_SHEET_TEXT_MAX)
        return false;
    size_t used = TCT_OFFER_HEAD_BYTES + text_bytes;
    return tct_padded_bytes(sealed_bytes(used)) == opened &&
           tct_padding_is_zero(body, opened, used);
}

/* Two people of one kind need no roles: the answerer is simply the other one. */
static bool same_role(const tacit_session *s, int asker_person)
{
    const tacit_sheet_view *view = tacit_sheet_see(s->sheet);
    if (view->people[0][0] == '\0')
        return false;
    return s->wanted_person == asker_person ||
           strcmp(s->wanted_role, view->people[asker_person]) == 0; /* public words */
}

static tacit_status read_offer(tacit_session *s, size_t opened)
{
    if (!well_formed(s->offer, opened))
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    tct_part text = {s->offer + TCT_OFFER_HEAD_BYTES, tct_load32(s->offer + 41)};
    tacit_sheet *sheet;
    tacit_status status = tacit_sheet_read(&sheet, s->sheet_memory, s->sheet_memory_bytes,
                                           text.bytes, text.length, NULL, &s->diagnostics);
    if (status == TACIT_ERR_MEMORY)
        return tct_session_end(s, status, TCT_FLIGHT_DECLINE, TCT_DECLINE_LEFT);
    /* An honest asker has read it itself, and sends it in the one form that reading gives back. */
    if (status != TACIT_OK || !same_text(text, canonical(sheet)))
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    memcpy(s->nonce, s->offer, sizeof s->nonce);
    s->sheet = sheet;
    if (s->expected != NULL && !same_text(text, canonical(s->expected)))
        return tct_session_end(s, TACIT_ERR_OTHER_SHEET, TCT_FLIGHT_DECLINE,
                               TCT_DECLINE_OTHER_SHEET);
    int asker_person = s->offer[32];
    if (same_role(s, asker_person))
        return tct_session_end(s, TACIT_ERR_SAME_ROLE, TCT_FLIGHT_DECLINE,
                               TCT_DECLINE_SAME_ROLE);
    s->person = 1 - asker_person;
    s->until_ms = tct_load64(s->offer + 33);
    s->step = TCT_STEP_ROOM;
    return TACIT_OK;
}

tacit_status tct_session_take_offer(tacit_session *s, const uint8_t *frame, size_t bytes)
{
    enum { FRONT = TCT_FRAME_HEAD_BYTES + TCT_CONFIRM_BYTES };
    size_t least = tct_frame_bytes(0, true);
    if (bytes < least || bytes > FRONT + TCT_OFFER_PADDED_MAX + TCT_AEAD_TAG_BYTES)
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    tct_frame_head head = tct_frame_head_read(frame);
    tct_frame_head wanted = {.kind = TCT_KIND_LIVE, .flight = TCT_FLIGHT_OFFER};
    if (!tct_frame_head_same(&head, &wanted))
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    /* T first and alone.  If it fails, nothing is opened under this key: ChaCha20-Poly1305 does not
     * commit to its key, and each opening would test many codes at once [LGR21]. */
    tacit_status status = tct_session_check_confirm(s, frame + TCT_FRAME_HEAD_BYTES);
    if (status != TACIT_OK)
        return status;
    if (!tct_channel_open(&s->channel, &head, NULL, frame + FRONT, bytes - FRONT, s->offer))
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    TCT_PUBLIC(s->offer, bytes - FRONT - TCT_AEAD_TAG_BYTES); /* the asker's, and known to it */
    return read_offer(s, bytes - FRONT - TCT_AEAD_TAG_BYTES);
}
