/* SPDX-License-Identifier: ISC
 *
 * The steps of letters: own answers into a letter, and what follows from a letter of the other's.  Each
 * makes its letter once; what leaves later, and again, is those bytes.
 *
 * Source   protocol.md 6.1, 8.4, 11.1 (crossing first letters), 12.1 (frames).
 * Differs  the first letter's F7 carries the time of the release behind its bits, under the same seal;
 *          a letter of a later asking ends earlier ones that nobody here has begun.
 */
#include <string.h>

#include "crypto/hash.h"
#include "rule/sheet.h"
#include "session/binding.h"
#include "session/letters_inside.h"

/* ---- small parts --- */

static void question(const tacit_letters *l, uint32_t run, uint8_t qid[32])
{
    size_t bytes;
    const char *text = tct_sheet_canonical(l->sheet, &bytes);
    tct_bind_question(qid, l->head.sid, (tct_part){text, bytes}, run / TCT_RUNS_PER_ASKING);
}

/* Seals one body; returns what it takes. */
static size_t seal(tacit_letters *l, uint32_t run, int flight, const uint8_t *body,
                   size_t bytes, uint8_t *frame)
{
    uint8_t qid[32];
    question(l, run, qid);
    tct_frame_head head =
        tct_channel_next_head(&l->channel, TCT_KIND_RUN, run, (uint8_t)flight, 0);
    tct_channel_seal(&l->channel, &head, qid, NULL, body, bytes, frame);
    return tct_frame_bytes(bytes, false);
}

typedef enum { STRANGE, WRONG, RIGHT } opened;

/* Opens the frame at *at, which must be of this flight, into out.  STRANGE: it is not, or does not open;
 * WRONG: it opens, and is not what an honest device makes. */
static opened open_frame(tacit_letters *l, uint32_t run, int flight, const uint8_t **at,
                         const uint8_t *end, uint8_t *out, size_t body_bytes)
{
    uint8_t qid[32];
    size_t padded = tct_padded_bytes(body_bytes), bytes = tct_frame_bytes(body_bytes, false);
    if ((size_t)(end - *at) < bytes)
        return STRANGE;
    tct_frame_head head = tct_frame_head_read(*at);
    tct_frame_head want =
        tct_channel_next_head(&l->channel, TCT_KIND_RUN, run, (uint8_t)flight, 0);
    question(l, run, qid);
    if (!tct_frame_head_same(&head, &want) ||
        !tct_channel_open(&l->channel, &head, qid, *at + TCT_FRAME_HEAD_BYTES,
                          padded + TCT_AEAD_TAG_BYTES, out))
        return STRANGE;
    TCT_PUBLIC(out, padded); /* the peer made it: it hides nothing from the peer */
    *at += bytes;
    return tct_padding_is_zero(out, padded, body_bytes) ? RIGHT : WRONG;
}

/* The stored run, alive again. */
static tacit_status take_up(tacit_letters *l, uint32_t number, size_t bytes, tct_run **out)
{
    tct_letter_run *run = &l->runs[number];
    tct_engine_restore(l->engine, l->head.role, l->head.sid, l->head.params, TCT_SESSION_OUT,
                       l->head.delta);
    tct_err err =
        tct_run_restore(out, l->run_memory, l->run_memory_bytes, l->engine, &l->circuit, number,
                        tct_letters_garbler(number), run->hold, bytes);
    return (tacit_status)err;
}

/* What was alive for this step is gone; what stays is in hold and letter. */
static void put_down(tacit_letters *l, tct_run *run)
{
    if (run != NULL)
        tct_run_wipe(run);
    tct_engine_wipe(l->engine);
    tct_wipe(l->scratch, l->scratch_bytes);
    tct_wipe(l->body, 2 * l->body_bytes);
}

static size_t say(tacit_letters *l, tct_run *run)
{
    size_t bytes = l->body_bytes;
    tct_err err = tct_run_send(run, l->body, &bytes);
    TCT_ASSERT(err == TCT_OK); /* it is its turn, and the room was computed */
    return bytes;
}

/* The own letter stands in run->letter. */
static void note_made(tct_letter_run *run, int index, size_t bytes)
{
    tct_hash h;
    run->letter_bytes = bytes;
    run->marks |= (uint8_t)(TCT_LETTER_MADE << index);
    tct_hash_init(&h, "letter");
    tct_hash_field(&h, run->letter, bytes);
    tct_hash_final(&h, run->claims[index]);
}

/* ---- own answers --- */

/* F7 of a run in which this side evaluates: the first letter. */
static tacit_status write_first(tacit_letters *l, uint32_t number, uint64_t until_ms)
{
    tct_letter_run *run = &l->runs[number];
    tct_run *r = NULL;
    tacit_status status = take_up(l, number, run->hold_bytes, &r);
    if (status != TACIT_OK) {
        put_down(l, r);
        return status;
    }
    tct_err err = tct_run_input(r, l->bits);
    TCT_ASSERT(err == TCT_OK);
    size_t bytes = say(l, r);
    memcpy(run->hold + run->hold_bytes, l->body, bytes);
    run->hold_bytes += bytes;
    tct_store64(l->body + bytes, until_ms);
    size_t count =
        seal(l, number, TCT_F7, l->body, bytes + TCT_LETTER_UNTIL_BYTES, run->letter);
    note_made(run, 0, count);
    run->until_ms = until_ms;
    run->state = TCT_LETTER_WROTE;
    put_down(l, r);
    return TACIT_OK;
}

/* F7 and F8 of a run in which this side garbles, to a first letter of the other's. */
static tacit_status write_reply(tacit_letters *l)
{
    uint32_t number = l->invited_run;
    tct_letter_run *run = &l->runs[number];
    tct_run *r = NULL;
    tacit_status status = take_up(l, number, run->hold_bytes, &r);
    tct_err err = (tct_err)status;
    if (err == TCT_OK)
        err = tct_run_recv(r, l->invited_f7, tct_run_body_bytes(r, TCT_F7, 1 - l->head.role));
    if (err == TCT_OK)
        err = tct_run_input(r, l->bits);
    if (err != TCT_OK) {
        put_down(l, r);
        return (tacit_status)err;
    }
    size_t at = 0, bytes = say(l, r);
    at += seal(l, number, TCT_F7, l->body, bytes, run->letter);
    bytes = say(l, r);
    at += seal(l, number, TCT_F8, l->body, bytes, run->letter + at);
    bytes = l->scratch_bytes;
    err = tct_run_store(r, l->scratch, &bytes);
    TCT_ASSERT(err == TCT_OK);
    tct_wipe(run->hold, run->hold_bytes);
    memcpy(run->hold, l->scratch, bytes);
    run->hold_bytes = bytes;
    note_made(run, 0, at);
    run->until_ms = l->invited_until;
    run->state = TCT_LETTER_ANSWERED;
    l->invited = false;
    put_down(l, NULL);
    return TACIT_OK;
}

static void encode(tacit_letters *l, const tacit_answers *answers, const uint8_t seed[32])
{
    tct_xof x;
    tct_xof_init(&x, seed, 32, "lots", 4);
    tct_xof_next(&x, l->lots, l->lots_bytes);
    tct_xof_wipe(&x);
    tct_sheet_encode(l->sheet, l->head.person, answers, l->lots, l->bits);
    tct_wipe(l->lots, l->lots_bytes);
    TCT_SECRET(l->bits, l->bits_bytes); /* from here on nothing branches on them */
}

/* In which this side writes the first letter. */
static uint32_t writing_run(const tacit_letters *l, uint32_t asking)
{
    uint32_t first = TCT_RUNS_PER_ASKING * asking;
    return tct_letters_garbler(first) == l->head.role ? first + 1 : first;
}

/* May an asking begin, or be answered, now? */
static bool in_time(const tacit_letters *l, uint64_t until_ms, uint64_t now_ms)
{
    tacit_letters_view view = tacit_letters_see(l);
    if (until_ms <= now_ms || until_ms - now_ms > TACIT_LETTERS_AHEAD_MS)
        return false;
    if (!l->invited && until_ms - now_ms < view.pause_ms)
        return false;
    return view.crossed || now_ms >= view.next_ms;
}

tacit_status tacit_letters_answer(tacit_letters *l, const tacit_answers *answers,
                                  uint64_t until_ms, uint64_t now_ms, const uint8_t seed[32])
{
    char error[160];
    tacit_letters_stage stage = l->ready ? tacit_letters_see(l).stage : TACIT_LETTERS_DEAD;
    if (stage != TACIT_LETTERS_IDLE && stage != TACIT_LETTERS_INVITED)
        return TACIT_ERR_USAGE;
    if (!in_time(l, l->invited ? l->invited_until : until_ms, now_ms))
        return TACIT_ERR_LIMIT;
    tacit_status status = tacit_answers_check(l->sheet, l->head.person, answers, error);
    tct_wipe(error, sizeof error); /* it may quote an answer */
    if (status != TACIT_OK)
        return status;
    uint32_t asking = tct_letters_asking(l);
    encode(l, answers, seed);
    if (l->invited) {
        tct_letter_run *crossed = tct_letters_open_run(l, asking);
        if (crossed != NULL) /* never answered, on either side */
            tct_letters_finish_run(crossed);
        status = write_reply(l);
    } else {
        status = write_first(l, writing_run(l, asking), until_ms);
    }
    tct_wipe(l->bits, l->bits_bytes);
    l->head.begun_ms = now_ms;
    return status == TACIT_OK ? TACIT_OK : tct_letters_die(l, status);
}

/* ---- the other's letters --- */

/* An authentic letter that is wrong: it is of the one who holds the other half (8.4). */
static tacit_status accuse(tacit_letters *l, tct_run *run, tacit_status status)
{
    put_down(l, run);
    return tct_letters_die(l, status);
}

/* May a first letter in this run still be answered? */
static bool is_open_to(const tacit_letters *l, uint32_t number, uint64_t now_ms)
{
    uint32_t asking = tct_letters_asking(l), of = number / TCT_RUNS_PER_ASKING;
    tacit_letters *mine = (tacit_letters *)(uintptr_t)l; /* nothing of it is changed */
    if (tct_letters_garbler(number) != l->head.role ||
        l->runs[number].state != TCT_LETTER_FRESH || of < asking)
        return false;
    const tct_letter_run *open = tct_letters_open_run(mine, asking);
    if (open == NULL)
        return true;
    if (of > asking) /* what is under way goes on until its time */
        return now_ms >= open->until_ms;
    return open->state == TCT_LETTER_WROTE && open > &l->runs[number]; /* the smaller one */
}

static tacit_status take_first(tacit_letters *l, uint32_t number, const uint8_t *bytes,
                               size_t count, uint64_t now_ms, bool *changed)
{
    tct_shape shape;
    uint32_t of = number / TCT_RUNS_PER_ASKING;
    if (!is_open_to(l, number, now_ms) ||
        !tct_shape_init(&shape, &l->circuit, l->head.params, TCT_SESSION_OUT,
                        tct_letters_garbler(number), number))
        return TACIT_OK;
    size_t f7 = (size_t)tct_shape_body_bytes(&shape, TCT_F7, 1 - l->head.role);
    const uint8_t *at = bytes, *end = bytes + count;
    opened what =
        count != tct_letter_first_bytes(&shape, 1 - l->head.role)
            ? STRANGE
            : open_frame(l, number, TCT_F7, &at, end, l->body, f7 + TCT_LETTER_UNTIL_BYTES);
    if (what == STRANGE)
        return TACIT_OK;
    if (what == WRONG)
        return accuse(l, NULL, TACIT_ERR_FORMAT);
    for (uint32_t earlier = tct_letters_asking(l); earlier < of; earlier++, *changed = true)
        tct_letters_close_asking(l, earlier);
    uint64_t until = tct_load64(l->body + f7);
    if (until <= now_ms) { /* it came too late for anything */
        tct_letters_close_asking(l, of);
        *changed = true;
        return TACIT_OK;
    }
    if (until - now_ms > TACIT_LETTERS_AHEAD_MS)
        return TACIT_OK; /* no relay would keep a deposit so long */
    if (f7 != 0)
        memcpy(l->invited_f7, l->body, f7);
    l->invited = true;
    l->invited_run = number;
    l->invited_until = until;
    return TACIT_OK;
}

/* What is left of a run whose flights are over: a deposit, and what reads the other's. */
static void seal_run(tacit_letters *l, tct_letter_run *run, tct_run *r)
{
    size_t bytes = l->scratch_bytes;
    tct_err err = tct_run_put_aside(r, l->scratch, &bytes);
    TCT_ASSERT(err == TCT_OK);
    tct_wipe(run->hold, run->hold_bytes);
    memcpy(run->hold, l->scratch, bytes);
    run->hold_bytes = bytes;
}

/* F7 and F8: this side evaluates, checks, and says F9. */
static tacit_status take_reply(tacit_letters *l, uint32_t number, const uint8_t *bytes,
                               size_t count, bool *changed)
{
    tct_letter_run *run = &l->runs[number];
    tct_run *r = NULL;
    tct_shape shape;
    int peer = 1 - l->head.role;
    if (run->state != TCT_LETTER_WROTE || (l->invited && l->invited_run < number) ||
        !tct_shape_init(&shape, &l->circuit, l->head.params, TCT_SESSION_OUT, peer, number))
        return TACIT_OK;
    size_t own_f7 = (size_t)tct_shape_body_bytes(&shape, TCT_F7, l->head.role);
    size_t f7 = (size_t)tct_shape_body_bytes(&shape, TCT_F7, peer);
    size_t f8 = (size_t)tct_shape_body_bytes(&shape, TCT_F8, peer);
    const uint8_t *at = bytes, *end = bytes + count;
    if (count != tct_frame_bytes(f7, false) + tct_frame_bytes(f8, false))
        return TACIT_OK;
    uint8_t *theirs = l->body + l->body_bytes;
    opened first = open_frame(l, number, TCT_F7, &at, end, l->body, f7);
    opened second =
        first == STRANGE ? STRANGE : open_frame(l, number, TCT_F8, &at, end, theirs, f8);
    if (first == STRANGE || second == STRANGE)
        return TACIT_OK;
    if (first == WRONG || second == WRONG)
        return accuse(l, NULL, TACIT_ERR_FORMAT);
    tacit_status status = take_up(l, number, run->hold_bytes - own_f7, &r);
    if (status != TACIT_OK)
        return accuse(l, NULL, status);
    tct_err err = tct_run_input_again(r, run->hold + run->hold_bytes - own_f7, own_f7);
    if (err == TCT_OK)
        err = tct_run_recv(r, l->body, f7);
    if (err == TCT_OK)
        (void)say(l, r); /* own F7 once more: it left before */
    if (err == TCT_OK)
        err = tct_run_recv(r, theirs, f8);
    if (err != TCT_OK)
        return accuse(l, r, (tacit_status)err);
    size_t f9 = say(l, r);
    note_made(run, 1, seal(l, number, TCT_F9, l->body, f9, run->letter));
    seal_run(l, run, r);
    run->state = TCT_LETTER_PROVED;
    put_down(l, r);
    *changed = true;
    return TACIT_OK;
}

/* F9: this side, which garbled, checks the proof; then only the deposit is left. */
static tacit_status take_proof(tacit_letters *l, uint32_t number, const uint8_t *bytes,
                               size_t count, bool *changed)
{
    tct_letter_run *run = &l->runs[number];
    tct_run *r = NULL;
    tct_shape shape;
    if (run->state != TCT_LETTER_ANSWERED ||
        !tct_shape_init(&shape, &l->circuit, l->head.params, TCT_SESSION_OUT, l->head.role,
                        number))
        return TACIT_OK;
    size_t f9 = (size_t)tct_shape_body_bytes(&shape, TCT_F9, 1 - l->head.role);
    const uint8_t *at = bytes, *end = bytes + count;
    if (count != tct_frame_bytes(f9, false))
        return TACIT_OK;
    opened what = open_frame(l, number, TCT_F9, &at, end, l->body, f9);
    if (what == STRANGE)
        return TACIT_OK;
    tacit_status status =
        what == WRONG ? TACIT_ERR_FORMAT : take_up(l, number, run->hold_bytes, &r);
    if (status == TACIT_OK)
        status = (tacit_status)tct_run_recv(r, l->body, f9);
    if (status != TACIT_OK)
        return accuse(l, r, status);
    seal_run(l, run, r);
    run->state = TCT_LETTER_GAVE;
    put_down(l, r);
    *changed = true;
    return TACIT_OK;
}

tacit_status tacit_letters_take(tacit_letters *l, uint32_t run, uint8_t flight,
                                const uint8_t *bytes, size_t count, uint64_t now_ms,
                                bool *changed)
{
    *changed = false;
    if (!l->ready || l->head.dead)
        return TACIT_ERR_USAGE;
    if (run >= TCT_RUNS_PER_ASKING * (uint32_t)l->head.askings || count > TACIT_LETTER_MAX)
        return TACIT_OK;
    if (flight == TCT_F7)
        return take_first(l, run, bytes, count, now_ms, changed);
    bool garbles = tct_letters_garbler(run) == l->head.role;
    if (run / TCT_RUNS_PER_ASKING != tct_letters_asking(l) || now_ms >= l->runs[run].until_ms)
        return TACIT_OK; /* its time is over, or has not come */
    if (flight == TCT_F8 && !garbles)
        return take_reply(l, run, bytes, count, changed);
    if (flight == TCT_F9 && garbles)
        return take_proof(l, run, bytes, count, changed);
    return TACIT_OK;
}
