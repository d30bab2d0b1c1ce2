/* SPDX-License-Identifier: ISC
 *
 * Sleeping on it: a session put aside before its reveal, and taken up again, on this device, later.
 *
 * Shapes   aside = "tacit-as" ‖ u8 version ‖ u8 person ‖ u8 hours ‖ u64 until ‖ room (16) ‖ u32 text
 *          bytes ‖ canonical text ‖ the run (garble/sealed.h).
 * Gives    the same deposit every time.   Not  secrecy at rest: the caller encrypts it.
 */
#include <string.h>

#include "garble/sealed.h"
#include "session/session_state.h"

enum { VERSION = 1, HEAD = 8 + 1 + 1 + 1 + 8 + TACIT_ROOM_BYTES + 4, RESULT_MAX = 256 };
static const char magic[8] = {'t', 'a', 'c', 'i', 't', '-', 'a', 's'};

struct tacit_aside {
    const tacit_sheet *sheet;
    uint8_t *bytes; /* secret */
    size_t count;
    tct_sealed_run run;
    tacit_outcome outcome, otherwise;
    bool revealed;
    tacit_diagnostics diagnostics; /* of a text that was read before: there are none */
};

/* ---- putting aside --- */

void tacit_session_ask_pause(tacit_session *s, uint32_t hours)
{
    if (!s->sealed && hours <= TACIT_PAUSE_MAX)
        s->own_pause = (uint8_t)hours;
}

uint32_t tacit_session_pause(const tacit_session *s)
{
    uint32_t hours = s->own_pause > s->peer_pause ? s->own_pause : s->peer_pause;
    if (s->sheet == NULL || !tacit_session_is_fair(s))
        return 0; /* without a relay that keeps deposits there is nothing to wait with */
    const tacit_sheet_view *view = tacit_sheet_see(s->sheet);
    if (!view->sleep_optional && view->sleep_hours > hours)
        hours = view->sleep_hours;
    return hours > TACIT_PAUSE_MAX ? TACIT_PAUSE_MAX : hours;
}

size_t tacit_session_aside_bytes(const tacit_session *s)
{
    size_t text_bytes;
    if (!tct_session_in_escrow(s))
        return 0;
    tct_sheet_canonical(s->sheet, &text_bytes);
    return HEAD + text_bytes + tct_run_sealed_bytes(s->run);
}

tacit_status tacit_session_put_aside(tacit_session *s, uint8_t *out, size_t *bytes)
{
    size_t text_bytes;
    if (s->error != TACIT_OK)
        return s->error;
    if ((tct_session_escrow_want(s) & TACIT_WANT_PUT_ASIDE) == 0)
        return TACIT_ERR_USAGE;
    if (*bytes < tacit_session_aside_bytes(s))
        return TACIT_ERR_SPACE;
    const char *text = tct_sheet_canonical(s->sheet, &text_bytes);
    size_t run_bytes = tct_run_sealed_bytes(s->run);
    tct_err err = tct_run_put_aside(s->run, out + HEAD + text_bytes, &run_bytes);
    if (err != TCT_OK)
        return (tacit_status)err;
    memcpy(out, magic, sizeof magic);
    out[8] = VERSION;
    out[9] = (uint8_t)s->person;
    out[10] = (uint8_t)tacit_session_pause(s);
    tct_store64(out + 11, s->until_ms);
    memcpy(out + 19, s->room, TACIT_ROOM_BYTES);
    tct_store32(out + 19 + TACIT_ROOM_BYTES, (uint32_t)text_bytes);
    memcpy(out + HEAD, text, text_bytes);
    *bytes = HEAD + text_bytes + run_bytes;
    tct_session_end(s, TACIT_OK, 0, 0); /* every key goes; what is left is in these bytes */
    return TACIT_OK;
}

/* ---- taking up again --- */

/* Does the run have as many outputs as the sheet's circuit? */
static bool run_fits(const tacit_aside *a)
{
    tct_arena nothing;
    tct_circuit c;
    tct_arena_init(&nothing, NULL, 0);
    return tct_sheet_circuit(a->sheet, 0, &nothing, &c) == TCT_OK &&
           c.output_count == a->run.outputs;
}

static tacit_status read_parts(tacit_aside *a, void *sheet_memory, size_t sheet_memory_bytes)
{
    tacit_sheet *sheet;
    size_t text_bytes, canonical_bytes;
    if (a->count < HEAD || memcmp(a->bytes, magic, sizeof magic) != 0) /* public */
        return TACIT_ERR_FORMAT;
    if (a->bytes[8] != VERSION)
        return TACIT_ERR_VERSION;
    text_bytes = tct_load32(a->bytes + 19 + TACIT_ROOM_BYTES);
    if (a->bytes[9] > 1 || a->bytes[10] > TACIT_PAUSE_MAX ||
        text_bytes > TACIT_SHEET_TEXT_MAX || text_bytes > a->count - HEAD)
        return TACIT_ERR_FORMAT;
    const char *text = (const char *)a->bytes + HEAD;
    tacit_status status = tacit_sheet_read(&sheet, sheet_memory, sheet_memory_bytes, text,
                                           text_bytes, NULL, &a->diagnostics);
    if (status != TACIT_OK)
        return status == TACIT_ERR_MEMORY ? status : TACIT_ERR_FORMAT;
    const char *canonical = tct_sheet_canonical(sheet, &canonical_bytes);
    a->sheet = sheet;
    if (canonical_bytes != text_bytes ||
        memcmp(canonical, text, text_bytes) != 0 || /* public: a text that both read */
        !tct_sealed_run_read(&a->run, a->bytes + HEAD + text_bytes,
                             a->count - HEAD - text_bytes) ||
        !run_fits(a))
        return TACIT_ERR_FORMAT;
    return TACIT_OK;
}

tacit_status tacit_aside_read(tacit_aside **out, void *memory, size_t memory_bytes,
                              const uint8_t *bytes, size_t count)
{
    tct_arena arena;
    *out = NULL;
    if (count > TACIT_ASIDE_MAX)
        return TACIT_ERR_FORMAT;
    tct_arena_init(&arena, memory, memory_bytes);
    tacit_aside *a = tct_arena_take(&arena, 1, sizeof *a);
    uint8_t *copy = tct_arena_take(&arena, count, 1);
    /* The rest is the sheet's, which clears what it takes of it. */
    uint8_t *rest = tct_arena_take(&arena, 0, 1);
    if (a == NULL || copy == NULL || rest == NULL)
        return TACIT_ERR_MEMORY;
    if (count != 0)
        memcpy(copy, bytes, count);
    a->bytes = copy;
    a->count = count;
    tacit_status status = read_parts(a, rest, arena.bytes - arena.used);
    if (status != TACIT_OK) {
        tct_wipe(copy, count);
        return status;
    }
    a->otherwise.outcome = tct_session_otherwise_of(a->sheet);
    *out = a;
    return TACIT_OK;
}

tacit_aside_view tacit_aside_see(const tacit_aside *a)
{
    tacit_aside_view view = {.sheet = a->sheet,
                             .person = a->bytes[9],
                             .hours = a->bytes[10],
                             .until_ms = tct_load64(a->bytes + 11),
                             .deposit = a->run.deposit,
                             .deposit_bytes = tct_sealed_deposit_bytes(&a->run),
                             .otherwise = &a->otherwise};
    memcpy(view.room, a->bytes + 19, TACIT_ROOM_BYTES);
    return view;
}

tacit_status tacit_aside_verdict(tacit_aside *a, bool released, const uint8_t *bytes,
                                 size_t count)
{
    uint8_t result[RESULT_MAX];
    if (!released)
        return TACIT_ERR_REFUSED;
    if (tct_sealed_release(&a->run, bytes, count, result) != TCT_OK)
        return TACIT_ERR_RELAY;
    TCT_PUBLIC(result, a->run.outputs); /* both are to know it */
    tct_sheet_decode(a->sheet, a->bytes[9], result, &a->outcome);
    a->revealed = true;
    return TACIT_OK;
}

const tacit_outcome *tacit_aside_outcome(const tacit_aside *a)
{
    return a->revealed ? &a->outcome : NULL;
}

void tacit_aside_wipe(tacit_aside *a)
{
    if (a->bytes != NULL)
        tct_wipe(a->bytes, a->count);
}
