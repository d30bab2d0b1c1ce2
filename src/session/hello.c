/* SPDX-License-Identifier: ISC
 *
 * F1: CPace shares and base OTs in the clear, and the keys that follow from both.  The asker's waits
 * at the relay until the other person comes.  Nothing in it is authentic until T says so, so whatever
 * is wrong here ends the session as a frame that is not of this protocol, and accuses nobody.
 */
#include <string.h>

#include "session/session_state.h"

static const tct_frame_head hello_head = {.kind = TCT_KIND_PLAIN, .flight = TCT_FLIGHT_HELLO};

static bool asks(const tacit_session *s)
{
    return s->role == TCT_ROLE_X;
}

static tct_part code_part(const tacit_session *s)
{
    return (tct_part){s->code, s->code_bytes};
}

void tct_session_greet(tacit_session *s)
{
    uint8_t ci[TCT_CI_BYTES], digest[64], f1_hash[32];
    tct_hello hello;
    const uint8_t *bond = s->terms + 5, *program = s->terms + 37;
    tct_bind_sid(s->sid, s->room, bond, program, s->terms);
    tct_engine_init(s->engine, s->role, s->sid, s->params, TCT_SESSION_OUT, s->seeds.engine);
    tct_engine_f1_send(s->engine, s->f1 + sizeof hello);
    tct_bind_f1(f1_hash, s->f1 + sizeof hello);
    tct_cpace_ci(ci, bond);
    tct_cpace_generator_digest(digest, code_part(s), (tct_part){ci, sizeof ci},
                               (tct_part){s->room, sizeof s->room});
    tct_scalar_from_wide(&s->y, s->seeds.share);
    tct_cpace_share(hello.share, &s->y, digest);
    tct_cpace_ad(hello.ad, s->role, bond, program, s->seeds.hello, f1_hash);
    memcpy(s->f1, &hello, sizeof hello);
    TCT_PUBLIC(s->f1, sizeof s->f1); /* it leaves in the clear */
    tct_wipe(digest, sizeof digest);
    tct_wipe(s->code, sizeof s->code);
    tct_wipe(s->seeds.engine, sizeof s->seeds.engine);
    tct_wipe(s->seeds.share, sizeof s->seeds.share);
    s->hello_due = true;
}

size_t tct_session_hello_bytes(const tacit_session *s)
{
    return asks(s) ? TCT_HELLO_X_BYTES : TCT_HELLO_Y_BYTES;
}

static uint8_t *write_version(uint8_t *frame)
{
    tct_frame_head_write(frame, &hello_head);
    tct_store16(frame + TCT_FRAME_HEAD_BYTES, TCT_SESSION_VERSION);
    return frame + TCT_FRAME_HEAD_BYTES + TCT_VERSION_BYTES;
}

void tct_session_hello_write(const tacit_session *s, uint8_t *frame)
{
    uint8_t *at = write_version(frame);
    if (asks(s)) {
        memcpy(at, s->terms, sizeof s->terms);
        at += sizeof s->terms;
    }
    memcpy(at, s->f1, sizeof s->f1);
}

/* The parameters follow from the circuit's size by rule, with or without an escrow, so only six sets
 * exist. */
static bool read_terms(tacit_session *s, const uint8_t terms[TCT_TERMS_BYTES])
{
    static const uint32_t sizes[] = {0, 129, TCT_TAG_ANDS_MAX + 1};
    s->askings = terms[4] >> TCT_TERMS_ASKINGS_SHIFT;
    if (s->askings > TACIT_LETTERS_ASKINGS_MAX)
        return false;
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t params[5];
        s->params = tct_engine_params_for(sizes[i / 2]);
        if (i % 2 != 0)
            s->params.mode |= TCT_MODE_ESCROW;
        tct_bind_params(params, s->params);
        params[4] |= (uint8_t)(s->askings << TCT_TERMS_ASKINGS_SHIFT);
        if (memcmp(params, terms, sizeof params) == 0) { /* public: F1 travels in the clear */
            if (s->askings != 0 && i % 2 == 0)
                return false; /* letters are for a fair reveal alone */
            memcpy(s->terms, terms, sizeof s->terms);
            return true;
        }
    }
    return false;
}

/* Does the peer's associated data name its role, these terms and the rest of this F1? */
static bool hangs_together(const tacit_session *s, const uint8_t body[TCT_F1_BODY_BYTES])
{
    uint8_t f1_hash[32];
    tct_hello peer;
    memcpy(&peer, body, sizeof peer);
    tct_bind_f1(f1_hash, body + sizeof peer);
    return tct_cpace_ad_is(peer.ad, tct_session_peer(s), s->terms + 5, s->terms + 37, f1_hash);
}

/* From both F1 to the keys: ISK, both T, the channel, the chain. */
static tct_err derive_keys(tacit_session *s, const uint8_t body[TCT_F1_BODY_BYTES])
{
    uint8_t k[TCT_ELEMENT_BYTES], isk[TCT_ISK_BYTES];
    tct_hello own, peer;
    memcpy(&own, s->f1, sizeof own);
    memcpy(&peer, body, sizeof peer);
    tct_err err = tct_cpace_secret(k, &s->y, peer.share);
    if (err != TCT_OK)
        return err;
    const tct_hello *x = asks(s) ? &own : &peer, *y = asks(s) ? &peer : &own;
    tct_part x_parts[2] = {{x->share, sizeof x->share}, {x->ad, sizeof x->ad}};
    tct_part y_parts[2] = {{y->share, sizeof y->share}, {y->ad, sizeof y->ad}};
    tct_cpace_isk(isk, (tct_part){s->room, sizeof s->room}, k, x_parts, y_parts);
    tct_cpace_confirmation(s->own_confirm, s->sid, isk, &own);
    tct_cpace_confirmation(s->peer_confirm, s->sid, isk, &peer);
    tct_channel_init(&s->channel, s->role, s->sid, isk);
    tct_part own_body = {s->f1, sizeof s->f1}, peer_body = {body, TCT_F1_BODY_BYTES};
    tct_bind_chain(s->chain, asks(s) ? own_body : peer_body, asks(s) ? peer_body : own_body);
    tct_wipe(k, sizeof k);
    tct_wipe(isk, sizeof isk);
    tct_wipe(&s->y, sizeof s->y);
    return tct_engine_f1_recv(s->engine, body + sizeof peer);
}

/* The other side speaks another version.  The answerer says its own before it goes, so that the
 * asker's device can say the same. */
static tacit_status end_by_version(tacit_session *s)
{
    tacit_status status = tct_session_end(s, TACIT_ERR_VERSION, 0, 0);
    if (!asks(s)) {
        write_version(s->bye);
        s->bye_bytes = TCT_FRAME_HEAD_BYTES + TCT_VERSION_BYTES;
    }
    return status;
}

tacit_status tct_session_take_hello(tacit_session *s, const uint8_t *frame, size_t bytes)
{
    enum { FRONT = TCT_FRAME_HEAD_BYTES + TCT_VERSION_BYTES };
    if (bytes < FRONT)
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    tct_frame_head head = tct_frame_head_read(frame);
    if (!tct_frame_head_same(&head, &hello_head))
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    /* The version stands before everything that may differ between versions, lengths too. */
    if (tct_load16(frame + TCT_FRAME_HEAD_BYTES) != TCT_SESSION_VERSION)
        return end_by_version(s);
    if (bytes != (size_t)(asks(s) ? TCT_HELLO_Y_BYTES : TCT_HELLO_X_BYTES))
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    const uint8_t *body = frame + FRONT;
    if (!asks(s)) {
        if (!read_terms(s, body))
            return tct_session_fail(s, TACIT_ERR_FORMAT);
        if ((s->askings != 0) != (s->shelving != NULL))
            return tct_session_end(s, TACIT_ERR_LETTERS, 0, 0);
        if (tacit_session_is_fair(s) &&
            !s->keeps_deposits) /* agreed with a relay that this is not */
            return tct_session_end(s, TACIT_ERR_RELAY, 0, 0);
        body += TCT_TERMS_BYTES;
    }
    if (!hangs_together(s, body)) /* hashes first: junk costs no group operation */
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    if (!asks(s))
        tct_session_greet(s);
    if (derive_keys(s, body) != TCT_OK)
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    if (!asks(s)) {
        s->step = TCT_STEP_OFFER;
        return TACIT_OK;
    }
    if (tct_session_begin_run(s) != TCT_OK)
        return tct_session_fail(s, TACIT_ERR_FORMAT);
    s->offer_due = true;
    s->step = TCT_STEP_CONFIRM;
    return TACIT_OK;
}
