/* SPDX-License-Identifier: ISC
 *
 * A meeting that prepares letters: no answer is asked for; F2 to F6 are done for one run after the other,
 * in the same memory, and what is left of each goes on a shelf.
 *
 * Source   protocol.md 11.1.   When all stand, each device writes them to its disk and says so in the
 *          word that otherwise says that it is ready; when both have, the session is over.
 */
#include <string.h>

#include "garble/shape.h"
#include "garble/stock.h"
#include "session/letters_state.h"
#include "session/session_state.h"

static size_t item_bytes(const tct_circuit *c, tct_engine_params params)
{
    for (int garbler = 0; garbler < 2; garbler++) {
        tct_shape shape;
        if (!tct_shape_init(&shape, c, params, TCT_SESSION_OUT, garbler, 0) ||
            tct_letters_frame_bytes(&shape) > TACIT_LETTER_MAX)
            return 0;
    }
    return tct_stock_bytes(c, params);
}

static void shelve(tacit_session *s)
{
    if (s->step != TCT_STEP_RUN || s->out.flight != 0)
        return;
    if (!tct_session_is_prepared(s) && tct_run_stock_bytes(s->run) != 0) {
        size_t bytes = s->stock_item;
        tct_err err = tct_run_store(s->run, s->stock + s->run_number * s->stock_item, &bytes);
        TCT_ASSERT(err == TCT_OK); /* its room was computed from the same circuit */
        s->stock_bytes[s->run_number] = bytes;
        if (tct_session_is_prepared(s))
            return;
        s->run_number++;
        err = tct_session_begin_run(s);
        TCT_ASSERT(err == TCT_OK);
    }
    if (s->stock_kept && tct_session_both_ready(s)) {
        s->stocked = true;
        tct_session_end(s, TACIT_OK, 0, 0);
    }
}

tacit_status tacit_session_for_letters(tacit_session *s, uint32_t askings)
{
    static const tct_shelving shelving = {item_bytes, shelve};
    bool asks = s->role == TCT_ROLE_X;
    if (s->step != (asks ? TCT_STEP_SPACE : TCT_STEP_HELLO) || s->error != TACIT_OK ||
        askings < 1 || askings > TACIT_LETTERS_ASKINGS_MAX)
        return TACIT_ERR_USAGE;
    s->shelving = &shelving;
    s->askings = asks ? askings : 0; /* the answerer has it from F1 */
    return TACIT_OK;
}

/* ---- what the caller keeps --- */

static size_t letters_bytes(const tacit_session *s)
{
    size_t text_bytes, sum;
    (void)tct_sheet_canonical(s->sheet, &text_bytes);
    sum = TCT_LETTERS_HEAD_BYTES + text_bytes;
    for (uint32_t i = 0; i < tct_session_run_count(s); i++)
        sum += TCT_LETTERS_RUN_BYTES + s->stock_bytes[i];
    return sum;
}

size_t tacit_session_letters_bytes(const tacit_session *s)
{
    return (tacit_session_want(s) & TACIT_WANT_KEEP) != 0 ? letters_bytes(s) : 0;
}

tacit_status tacit_session_letters(tacit_session *s, uint8_t *out, size_t *bytes)
{
    if (s->error != TACIT_OK)
        return s->error;
    if ((tacit_session_want(s) & TACIT_WANT_KEEP) == 0)
        return TACIT_ERR_USAGE;
    if (*bytes < letters_bytes(s))
        return TACIT_ERR_SPACE;
    *bytes = letters_bytes(s);
    tct_letters_head head = {.role = (uint8_t)s->role,
                             .person = (uint8_t)s->person,
                             .askings = (uint8_t)s->askings,
                             .params = s->params};
    memcpy(head.room, s->room, sizeof head.room);
    memcpy(head.sid, s->sid, sizeof head.sid);
    memcpy(head.isk, s->channel.isk, sizeof head.isk);
    tct_engine_delta(s->engine, head.delta);
    const char *text = tct_sheet_canonical(s->sheet, &head.text_bytes);
    uint8_t *at = tct_letters_head_write(out, &head);
    memcpy(at, text, head.text_bytes);
    at += head.text_bytes;
    for (uint32_t i = 0; i < tct_session_run_count(s); i++) {
        tct_letter_run run = {.hold = s->stock + i * s->stock_item,
                              .hold_bytes = s->stock_bytes[i]};
        at = tct_letter_run_write(at, &run);
    }
    TCT_ASSERT(at == out + *bytes);
    tct_wipe(&head, sizeof head);
    return TACIT_OK;
}

void tacit_session_letters_kept(tacit_session *s)
{
    if ((tacit_session_want(s) & TACIT_WANT_KEEP) == 0)
        return;
    s->stock_kept = true;
    s->pulse_due |= s->peer_ready; /* the other only waits for this */
    tct_session_pump(s);
}

bool tacit_session_letters_ready(const tacit_session *s)
{
    return s->stocked;
}

uint32_t tacit_session_letters_count(const tacit_session *s)
{
    return s->askings;
}
