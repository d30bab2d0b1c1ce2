/* SPDX-License-Identifier: ISC
 *
 * How a session ends: by an error, by the peer, by the own person.  The last frame, if the protocol
 * allows one, is sealed before the keys go, and waits for tacit_session_send.
 */
#include <string.h>

#include "session/session_state.h"

static void forget_body(tct_body *body)
{
    if (body->bytes != NULL)
        tct_wipe(body->bytes, body->room);
    body->flight = 0;
    body->length = 0;
}

void tct_session_forget(tacit_session *s)
{
    if (s->run != NULL)
        tct_run_wipe(s->run);
    tct_engine_wipe(s->engine);
    s->run = NULL;
    forget_body(&s->out);
    forget_body(&s->in);
    if (s->bits != NULL)
        tct_wipe(s->bits, s->bits_bytes);
    if (s->lots != NULL)
        tct_wipe(s->lots, s->lots_bytes);
    if (s->stock != NULL)
        tct_wipe(s->stock, s->stock_item * tct_session_run_count(s));
    s->bits_waiting = false;
    tct_channel_wipe(&s->channel);
    tct_wipe(&s->seeds, sizeof s->seeds);
    tct_wipe(&s->y, sizeof s->y);
    tct_wipe(s->code, sizeof s->code);
    tct_wipe(s->nonce, sizeof s->nonce);
    tct_wipe(s->own_confirm, sizeof s->own_confirm);
    tct_wipe(s->peer_confirm, sizeof s->peer_confirm);
}

/* Only to a peer that has proved that it knows the code: nothing is ever sealed under a key that may
 * be a guesser's, beyond what opened the meeting. */
static void seal_bye(tacit_session *s, uint8_t flight, uint8_t reason)
{
    uint8_t kind = s->own_f7_left ? TCT_KIND_RUN : TCT_KIND_LIVE;
    if (!s->confirm_taken)
        return;
    if (s->own_f7_left) { /* from then on the peer learns no reason */
        flight = TCT_FLIGHT_BYE;
        reason = 0;
    }
    const uint8_t *confirm = s->confirm_sent ? NULL : s->own_confirm;
    tct_frame_head head = tct_channel_next_head(&s->channel, kind, 0, flight, 0);
    tct_channel_seal(&s->channel, &head, NULL, confirm, &reason, 1, s->bye);
    s->bye_bytes = tct_frame_bytes(1, confirm != NULL);
}

tacit_status tct_session_end(tacit_session *s, tacit_status status, uint8_t flight,
                             uint8_t reason)
{
    if (flight != 0)
        seal_bye(s, flight, reason);
    tct_session_forget(s);
    s->hello_due = s->offer_due = s->pulse_due = false;
    s->step = TCT_STEP_ENDED;
    s->error = status;
    return status;
}

tacit_status tct_session_fail(tacit_session *s, tacit_status status)
{
    return tct_session_end(s, status, TCT_FLIGHT_BYE, 0);
}

tacit_status tct_session_check_confirm(tacit_session *s, const uint8_t *confirm)
{
    tct_mask wrong = tct_differ(confirm, s->peer_confirm, TCT_CONFIRM_BYTES);
    /* Whether it fits is what both sides are about to show by going on or not. */
    if (tct_mask_reveal(wrong)) {
        s->confirm_wrong = true;
        return tct_session_end(s, TACIT_ERR_CODE, 0, 0);
    }
    s->confirm_taken = true;
    tct_wipe(s->peer_confirm, sizeof s->peer_confirm);
    return TACIT_OK;
}
