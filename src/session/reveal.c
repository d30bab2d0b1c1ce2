/* SPDX-License-Identifier: ISC
 *
 * The reveal by escrow (protocol.md 6.4): own deposit out, the relay's verdict in, and one sealed word
 * to the other device about what that verdict was.
 *
 * Order    every flight over → deposit → verdict → receipt.  From the deposit on frames decide nothing
 *          any more: what comes is a receipt, or is ignored, so that neither a peer that leaves nor
 *          a relay that sends junk can keep a person from an outcome that was released.
 * Gives    both the outcome or neither, as long as the relay colludes with nobody; and a word where
 *          it told one of two honest devices only.   Not  that word, when the relay drops it.
 */
#include "session/session_state.h"

/* Are the flights over, so that the relay decides what happens now? */
bool tct_session_in_escrow(const tacit_session *s)
{
    return s->step == TCT_STEP_RUN && s->run != NULL &&
           (tct_run_want(s->run) & (TCT_RUN_DEPOSIT | TCT_RUN_RELEASE)) != 0;
}

unsigned tct_session_escrow_want(const tacit_session *s)
{
    if (!tct_session_in_escrow(s) || s->out.flight != 0)
        return 0;
    if ((tct_run_want(s->run) & TCT_RUN_DEPOSIT) == 0)
        return TACIT_WANT_VERDICT;
    return tacit_session_pause(s) != 0 ? TACIT_WANT_PUT_ASIDE : TACIT_WANT_DEPOSIT;
}

tacit_status tacit_session_deposit(tacit_session *s, uint8_t *out, size_t *bytes)
{
    if (s->error != TACIT_OK)
        return s->error;
    if ((tct_session_escrow_want(s) & TACIT_WANT_DEPOSIT) == 0)
        return TACIT_ERR_USAGE;
    tct_err err = tct_run_deposit(s->run, out, bytes);
    if (err == TCT_OK)
        s->maybe_revealed = true;
    return (tacit_status)err;
}

/* Says to the other device what the relay said to this one; then the keys may go. */
static void seal_receipt(tacit_session *s, bool released)
{
    uint8_t body = released ? 1 : 0;
    tct_frame_head head =
        tct_channel_next_head(&s->channel, TCT_KIND_RUN, 0, TCT_FLIGHT_RECEIPT, 0);
    tct_channel_seal(&s->channel, &head, NULL, NULL, &body, 1, s->bye);
    s->bye_bytes = tct_frame_bytes(1, false);
}

/* Without the outcome, but still listening: the other device may have been told. */
static tacit_status end_refused(tacit_session *s, tacit_status status)
{
    tct_channel channel = s->channel;
    tct_session_end(s, status, 0, 0);
    s->channel = channel;
    tct_wipe(&channel, sizeof channel);
    s->listens = true;
    return status;
}

tacit_status tacit_session_verdict(tacit_session *s, bool released, const uint8_t *bytes,
                                   size_t count)
{
    if (s->error != TACIT_OK)
        return s->error;
    if ((tct_session_escrow_want(s) & TACIT_WANT_VERDICT) == 0)
        return TACIT_ERR_USAGE;
    if (!released) {
        seal_receipt(s, false);
        return end_refused(s, TACIT_ERR_REFUSED);
    }
    /* The relay lets through only what fits the tokens that this device made.  If it does not fit, it
     * is the relay that is not what it says. */
    if (tct_run_release(s->run, bytes, count) != TCT_OK) {
        seal_receipt(s, false);
        return end_refused(s, TACIT_ERR_RELAY);
    }
    seal_receipt(s, true);
    tct_session_read_outcome(s);
    return TACIT_OK;
}

/* A frame after the flights are over.  Only an authentic receipt is noted; everything else is nobody's
 * business any more, and ends nothing. */
void tct_session_take_receipt(tacit_session *s, const uint8_t *frame, size_t bytes)
{
    uint8_t opened[TCT_PAD_MIN];
    static const tct_frame_head wanted = {
        .kind = TCT_KIND_RUN, .flight = TCT_FLIGHT_RECEIPT, .counter = TCT_FLIGHT_RECEIPT};
    if (bytes != tct_frame_bytes(1, false))
        return;
    tct_frame_head head = tct_frame_head_read(frame);
    if (!tct_frame_head_same(&head, &wanted) ||
        !tct_channel_open(&s->channel, &head, NULL, frame + TCT_FRAME_HEAD_BYTES,
                          bytes - TCT_FRAME_HEAD_BYTES, opened))
        return;
    TCT_PUBLIC(opened, sizeof opened);
    s->peer_was_told |= opened[0] == 1 && tct_padding_is_zero(opened, sizeof opened, 1);
}

bool tacit_session_is_fair(const tacit_session *s)
{
    return (s->params.mode & TCT_MODE_ESCROW) != 0;
}

bool tacit_session_told_only_them(const tacit_session *s)
{
    return s->peer_was_told && s->step == TCT_STEP_ENDED;
}
