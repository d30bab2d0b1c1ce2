/* SPDX-License-Identifier: ISC
 *
 * The common reveal step: answers leave both devices when both people have sealed, and not before.
 *
 * From own F6 to own F7 each side says at every beat, sealed and always in one size, whether it is
 * ready.  Who watches the line sees a beat, and then that both were ready; not who was first, or
 * when.  The other device knows it at the next beat, and tells its person nothing.
 */
#include "session/session_state.h"

size_t tct_session_pulse_bytes(void)
{
    return tct_frame_bytes(TCT_PULSE_BYTES, false);
}

void tct_session_pulse_write(tacit_session *s, uint8_t *frame)
{
    bool ready = s->sealed || s->stock_kept;
    const uint8_t body[TCT_PULSE_BYTES] = {ready ? 1 : 0, s->sealed ? s->own_pause : 0,
                                           s->sealed && s->own_keep ? 1 : 0};
    tct_frame_head head =
        tct_channel_next_head(&s->channel, TCT_KIND_LIVE, 0, TCT_FLIGHT_PULSE, 0);
    tct_channel_seal(&s->channel, &head, NULL, NULL, body, sizeof body, frame);
    s->pulse_due = false;
    s->ready_said = ready;
}

bool tct_session_take_pulse(tacit_session *s, const uint8_t *opened, size_t bytes)
{
    uint8_t ready = opened[0], pause = opened[1], keep = opened[2];
    if (bytes != TCT_PULSE_BYTES || ready > 1 || pause > TACIT_PAUSE_MAX || keep > 1 ||
        (ready == 0 && (pause != 0 || keep != 0)))
        return false;
    if (s->peer_ready && (ready == 0 || pause != s->peer_pause || (keep != 0) != s->peer_keep))
        return false; /* what was said of being ready stays said */
    s->peer_ready = ready != 0;
    s->peer_pause = pause;
    s->peer_keep = keep != 0;
    /* The other only waits for this. */
    s->pulse_due |=
        s->peer_ready && (s->sealed || s->stock_kept) && !s->ready_said && s->own_f6_left;
    return true;
}

bool tct_session_both_ready(const tacit_session *s)
{
    return s->ready_said && s->peer_ready;
}

void tacit_session_beat(tacit_session *s)
{
    if (s->step == TCT_STEP_RUN && s->own_f6_left && !s->own_f7_left && s->out.flight == 0)
        s->pulse_due = true;
}

void tacit_session_agree_by(tacit_session *s, uint64_t until_ms)
{
    if (s->role == TCT_ROLE_X && !s->agreed && !s->confirm_sent)
        s->until_ms = until_ms;
}

uint64_t tacit_session_until(const tacit_session *s)
{
    return s->until_ms;
}

const tacit_outcome *tacit_session_otherwise(const tacit_session *s)
{
    return s->agreed ? &s->otherwise : NULL;
}

const tacit_outcome_view *tct_session_otherwise_of(const tacit_sheet *sheet)
{
    const tacit_sheet_view *view = tacit_sheet_see(sheet);
    uint32_t last = view->outcome_count - 1; /* every sheet has one, and it is the last */
    TCT_ASSERT(view->outcomes[last].otherwise);
    return &view->outcomes[last];
}

void tct_session_agree(tacit_session *s)
{
    s->agreed = true;
    s->otherwise.outcome = tct_session_otherwise_of(s->sheet);
}
