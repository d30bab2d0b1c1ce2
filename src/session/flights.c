/* SPDX-License-Identifier: ISC
 *
 * F2 … F9 in frames.  Each body leaves in chunks as soon as the run can make it, and comes in as
 * chunks of lengths that this side computes.  F2 to F6 travel under the live key, F7 to F9 under the
 * run's, bound to the question.
 */
#include <string.h>

#include "crypto/hash.h"
#include "session/session_state.h"

/* F7, F8, F9, F8b, F8c: they hold what follows from answers. */
static bool answers_flow(int flight)
{
    return flight >= TCT_F7 && flight <= TCT_F8C;
}

static const uint8_t *question(const tacit_session *s, int flight)
{
    return answers_flow(flight) ? s->qid : NULL;
}

/* ---- out --- */

static void give_input(tacit_session *s)
{
    if (!s->bits_waiting || !tct_session_both_ready(s) ||
        (tct_run_want(s->run) & TCT_RUN_INPUT) == 0)
        return;
    tct_err err = tct_run_input(s->run, s->bits);
    TCT_ASSERT(err == TCT_OK);
    tct_wipe(s->bits, s->bits_bytes);
    tct_wipe(s->seeds.lots, sizeof s->seeds.lots);
    s->bits_waiting = false;
}

static void make_body(tacit_session *s)
{
    if (s->out.flight != 0 || (tct_run_want(s->run) & TCT_RUN_SEND) == 0)
        return;
    bool revealed = tct_run_revealed(s->run);
    int flight = tct_run_flight_out(s->run);
    size_t bytes = s->out.room;
    tct_err err = tct_run_send(s->run, s->out.bytes, &bytes);
    TCT_ASSERT(err == TCT_OK); /* the room was computed from the same circuit */
    s->out.flight = flight;
    s->out.length = bytes;
    s->out.chunk = 0;
    s->out_reveals = !revealed && tct_run_revealed(s->run);
}

/* The outcome is read when every check has passed and nothing of ours is still to be sent, so that
 * whoever evaluates does not see it before the other person can. */
void tct_session_read_outcome(tacit_session *s)
{
    const uint8_t *result = tct_run_result(s->run);
    if (!tct_run_done(s->run) || s->out.flight != 0 || result == NULL)
        return;
    TCT_PUBLIC(result, s->circuit.output_count); /* both are to know it */
    tct_sheet_decode(s->sheet, s->person, result, &s->outcome);
    tct_session_forget(s);
    s->step = TCT_STEP_DONE;
}

void tct_session_pump(tacit_session *s)
{
    if (s->askings != 0)
        s->shelving->shelve(s);
    if (s->run == NULL) /* both have kept their letters: it is over */
        return;
    give_input(s);
    make_body(s);
    if (s->step == TCT_STEP_RUN)
        tct_session_read_outcome(s);
}

static bool confirms(const tacit_session *s)
{
    return !s->confirm_sent;
}

size_t tct_session_chunk_frame_bytes(const tacit_session *s)
{
    return tct_frame_bytes(tct_chunk_bytes(s->out.length, s->out.chunk), confirms(s));
}

void tct_session_chunk_write(tacit_session *s, uint8_t *frame)
{
    int flight = s->out.flight;
    uint8_t kind = answers_flow(flight) ? TCT_KIND_RUN : TCT_KIND_LIVE;
    const uint8_t *chunk = s->out.bytes + (size_t)s->out.chunk * TCT_CHUNK_BYTES;
    tct_frame_head head =
        tct_channel_next_head(&s->channel, kind, s->run_number, (uint8_t)flight, s->out.chunk);
    tct_channel_seal(&s->channel, &head, question(s, flight),
                     confirms(s) ? s->own_confirm : NULL, chunk,
                     tct_chunk_bytes(s->out.length, s->out.chunk), frame);
    s->confirm_sent = true;
    s->own_f7_left |= flight == TCT_F7;
    s->maybe_revealed |= s->out_reveals;
    if (++s->out.chunk == tct_chunk_count(s->out.length)) {
        s->out.flight = 0;
        if (flight == TCT_F6 && s->run_number + 1 == tct_session_run_count(s))
            s->own_f6_left = s->pulse_due = true;
    }
}

/* ---- in --- */

bool tct_session_is_repeat(const tacit_session *s, const uint8_t *frame, size_t bytes)
{
    if (bytes < TCT_FRAME_HEAD_BYTES || s->step == TCT_STEP_SPACE || s->step == TCT_STEP_HELLO)
        return false;
    tct_frame_head head = tct_frame_head_read(frame);
    switch (head.kind) {
    case TCT_KIND_PLAIN:
        return head.flight == TCT_FLIGHT_HELLO;
    case TCT_KIND_LIVE:
        return head.counter < s->channel.taken;
    case TCT_KIND_RUN:
        if (head.flight > 31 || head.run != 0)
            return false;
        if ((s->taken_flights >> head.flight & 1) != 0)
            return true;
        return head.flight == s->in.flight &&
               head.counter < tct_run_counter(head.flight, s->in.chunk);
    default:
        return false;
    }
}

static bool is_expected(const tacit_session *s, const tct_frame_head *head)
{
    bool body = head->flight >= TCT_F2 && head->flight <= TCT_F8C;
    if (head->run != (body ? s->run_number : 0))
        return false;
    bool live = head->kind == TCT_KIND_LIVE && head->counter == s->channel.taken;
    switch (head->flight) {
    case TCT_FLIGHT_BYE: /* under either key: it depends on the peer's F7 */
        return live || (head->kind == TCT_KIND_RUN &&
                        head->counter == tct_run_counter(TCT_FLIGHT_BYE, 0));
    case TCT_FLIGHT_DECLINE:
    case TCT_FLIGHT_PULSE:
        return live && !s->peer_f7_come;
    default:
        if (head->flight == 0 || head->flight != tct_run_flight_in(s->run))
            return false;
        if (head->flight == TCT_F7 && !s->peer_ready) /* its sender says first that it is */
            return false;
        if (!answers_flow(head->flight))
            return live;
        return head->kind == TCT_KIND_RUN &&
               head->counter == tct_run_counter(head->flight, s->in.chunk);
    }
}

/* Opens what is body_bytes long before its padding. */
static bool open_padded(tacit_session *s, const tct_frame_head *head, const uint8_t *sealed,
                        size_t sealed_bytes, uint8_t *out, size_t body_bytes)
{
    size_t padded = sealed_bytes - TCT_AEAD_TAG_BYTES;
    if (!tct_channel_open(&s->channel, head, question(s, head->flight), sealed, sealed_bytes,
                          out))
        return false;
    TCT_PUBLIC(out, padded); /* the peer made it: it hides nothing from the peer */
    return tct_padding_is_zero(out, padded, body_bytes);
}

/* BYE and DECLINE: one byte. */
static tacit_status take_farewell(tacit_session *s, const tct_frame_head *head,
                                  const uint8_t *sealed, size_t sealed_bytes)
{
    uint8_t opened[TCT_PAD_MIN];
    if (sealed_bytes != sizeof opened + TCT_AEAD_TAG_BYTES ||
        !open_padded(s, head, sealed, sealed_bytes, opened, 1))
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    if (head->flight == TCT_FLIGHT_BYE)
        return opened[0] == 0 ? tct_session_end(s, TACIT_ERR_ABORT, 0, 0)
                              : tct_session_fail(s, TACIT_ERR_FORMAT);
    switch (opened[0]) {
    case TCT_DECLINE_OTHER_SHEET:
        return tct_session_end(s, TACIT_ERR_OTHER_SHEET, 0, 0);
    case TCT_DECLINE_SAME_ROLE:
        return tct_session_end(s, TACIT_ERR_SAME_ROLE, 0, 0);
    case TCT_DECLINE_TOO_SOON:
        return tct_session_take_too_soon(s);
    case TCT_DECLINE_LEFT:
        return tct_session_end(s, TACIT_ERR_ABORT, 0, 0);
    default:
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    }
}

static tacit_status take_pulse(tacit_session *s, const tct_frame_head *head,
                               const uint8_t *sealed, size_t sealed_bytes)
{
    uint8_t opened[TCT_PAD_MIN];
    if (sealed_bytes != sizeof opened + TCT_AEAD_TAG_BYTES ||
        !open_padded(s, head, sealed, sealed_bytes, opened, TCT_PULSE_BYTES) ||
        !tct_session_take_pulse(s, opened, TCT_PULSE_BYTES))
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    return TACIT_OK;
}

static tacit_status take_body(tacit_session *s)
{
    int flight = s->in.flight;
    tct_err err = tct_run_recv(s->run, s->in.bytes, s->in.length);
    if (err != TCT_OK)
        return tct_session_fail(s, (tacit_status)err);
    s->taken_flights |= 1u << flight;
    s->in.flight = 0;
    s->in.chunk = 0;
    return TACIT_OK;
}

/* One chunk of the body that the run waits for. */
static tacit_status take_chunk(tacit_session *s, const tct_frame_head *head,
                               const uint8_t *sealed, size_t sealed_bytes)
{
    int flight = head->flight;
    size_t length = tct_run_body_bytes(s->run, flight, tct_session_peer(s));
    size_t chunk_bytes = tct_chunk_bytes(length, s->in.chunk);
    size_t padded = tct_padded_bytes(chunk_bytes);
    uint8_t *at = s->in.bytes + (size_t)s->in.chunk * TCT_CHUNK_BYTES;
    if (sealed_bytes != padded + TCT_AEAD_TAG_BYTES ||
        !open_padded(s, head, sealed, sealed_bytes, at, chunk_bytes))
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    s->in.flight = flight;
    s->in.length = length;
    s->peer_f7_come |= flight == TCT_F7;
    if (++s->in.chunk < tct_chunk_count(length))
        return TACIT_OK;
    return take_body(s);
}

tacit_status tct_session_take_sealed(tacit_session *s, const uint8_t *frame, size_t bytes)
{
    size_t front = TCT_FRAME_HEAD_BYTES;
    if (bytes < TCT_FRAME_HEAD_BYTES)
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    tct_frame_head head = tct_frame_head_read(frame);
    if (!is_expected(s, &head))
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    bool farewell = head.flight == TCT_FLIGHT_BYE || head.flight == TCT_FLIGHT_DECLINE;
    if (!s->confirm_taken) { /* the answerer's first sealed frame carries its T, checked alone */
        front += TCT_CONFIRM_BYTES;
        if (bytes < front)
            return tct_session_fail(s, TACIT_ERR_FORMAT);
        tacit_status status = tct_session_check_confirm(s, frame + TCT_FRAME_HEAD_BYTES);
        if (status != TACIT_OK)
            return status;
        s->step = TCT_STEP_RUN;
        if (!farewell)
            tct_session_agree(s);
    }
    tacit_status status = farewell ? take_farewell(s, &head, frame + front, bytes - front)
                          : head.flight == TCT_FLIGHT_PULSE
                              ? take_pulse(s, &head, frame + front, bytes - front)
                              : take_chunk(s, &head, frame + front, bytes - front);
    if (status == TACIT_OK)
        tct_session_pump(s);
    return status;
}
