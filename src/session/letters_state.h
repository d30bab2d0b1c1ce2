/* SPDX-License-Identifier: ISC
 *
 * letters_state.h — letters as bytes on a disk, and the inside of tacit_letters.  Only session/ and its
 *                   tests include this.
 *
 * Source   protocol.md 6.1 (states), 11.1.
 * Shapes   "tacit-le" ‖ u8 version ‖ u8 role ‖ u8 person ‖ u8 askings ‖ u8 dead ‖ room (16) ‖ sid (32) ‖
 *          ISK (64) ‖ u8 ρ ‖ u8 τ ‖ u8 mode ‖ Δ (16) ‖ u64 begun ‖ u32 text bytes ‖ canonical text ‖
 *          runs.  Run = u8 state ‖ u8 marks ‖ u64 until ‖ two claims (32 each) ‖ u32 hold bytes ‖ u32
 *          letter bytes ‖ hold ‖ letter.  Secret.
 * Runs     Asking a has the runs 2a, in which X garbles and Y writes the first letter, and 2a+1, the
 *          other way round; one of the two is used (11.1: the smaller, when first letters cross).
 *
 *     evaluator   FRESH ─ own answers → WROTE ─ the other's letter → PROVED ─ verdict → DONE
 *     garbler     FRESH ─ own answers → ANSWERED ─ the other's letter → GAVE ─ verdict → DONE
 *
 *     state        hold                                     letter
 *     FRESH        the prepared run (garble/stock.h)        none
 *     WROTE        the same ‖ own F7                        F7 ‖ until
 *     ANSWERED     the run after F8                         F7, F8
 *     PROVED       the sealed run (garble/sealed.h)         F9
 *     GAVE         the sealed run                           F7, F8
 *     DONE         none                                     none
 */
#ifndef TCT_SESSION_LETTERS_STATE_H
#define TCT_SESSION_LETTERS_STATE_H

#include "garble/sealed.h"
#include "garble/shape.h"
#include "garble/stock.h"
#include "pair/channel.h"
#include "tacit/tacit.h"

enum {
    TCT_RUNS_PER_ASKING = 2,
    TCT_LETTER_RUNS_MAX = TCT_RUNS_PER_ASKING * TACIT_LETTERS_ASKINGS_MAX,
    TCT_LETTERS_HEAD_BYTES =
        8 + 5 + TACIT_ROOM_BYTES + 32 + TCT_ISK_BYTES + 3 + TCT_BLOCK_BYTES + 8 + 4,
    TCT_LETTERS_RUN_BYTES = 1 + 1 + 8 + 2 * 32 + 4 + 4,
    TCT_LETTER_UNTIL_BYTES = 8, /* behind the bits of the first letter's F7 */
};

/* No more is ever kept: each run as it was prepared (item: bytes of one), and of the asking that is under way
 * what its two runs hold beside that. */
static inline size_t tct_letters_most_bytes(size_t item, uint32_t runs)
{
    return TCT_LETTERS_HEAD_BYTES + TACIT_SHEET_TEXT_MAX +
           runs * (TCT_LETTERS_RUN_BYTES + item) + 4 * (size_t)TACIT_LETTER_MAX;
}

/* X garbles run 0; the two take turns (11.1). */
static inline int tct_letters_garbler(uint32_t run)
{
    return run % 2 == 0 ? TCT_ROLE_X : TCT_ROLE_Y;
}

typedef struct {
    uint8_t role, person, askings;
    bool dead; /* a check failed, or it was used elsewhere: nothing of it is used any more */
    uint8_t room[TACIT_ROOM_BYTES], sid[32], isk[TCT_ISK_BYTES], delta[TCT_BLOCK_BYTES];
    tct_engine_params params;
    uint64_t begun_ms; /* when the last asking began, by the relay's clock; 0: none did */
    size_t text_bytes;
} tct_letters_head;

typedef enum {
    TCT_LETTER_FRESH,
    TCT_LETTER_WROTE,
    TCT_LETTER_ANSWERED,
    TCT_LETTER_PROVED,
    TCT_LETTER_GAVE,
    TCT_LETTER_DONE,
} tct_letter_state;

enum { /* marks: own letters, the first and (F9) the second */
       TCT_LETTER_MADE = 1,
       TCT_LETTER_CONFIRMED = 4, /* the relay has noted it */
};

typedef struct {
    uint8_t state, marks;
    uint64_t until_ms;
    uint8_t claims[2][32];  /* of own letters; they stay when the run is done */
    uint8_t *hold, *letter; /* secret; sealed */
    size_t hold_bytes, letter_bytes;
} tct_letter_run;

/* Both return what follows.  The head is followed by the text. */
uint8_t *tct_letters_head_write(uint8_t *out, const tct_letters_head *head);
uint8_t *tct_letter_run_write(uint8_t *out, const tct_letter_run *run);
/* VERSION, FORMAT: bytes that are not of this kind. */
tacit_status tct_letters_head_read(tct_letters_head *head, const uint8_t *bytes, size_t count);
/* Points into bytes.  NULL: they are not of this kind; else what follows. */
const uint8_t *tct_letter_run_read(tct_letter_run *run, const uint8_t *bytes, size_t count);

/* The longest letter of a run: two frames. */
uint64_t tct_letters_frame_bytes(const tct_shape *shape);
/* The first letter's frame; and both frames of the second. */
size_t tct_letter_first_bytes(const tct_shape *shape, int writer);

struct tacit_letters {
    tct_letters_head head;
    const tacit_sheet *sheet;
    tct_letter_run runs[TCT_LETTER_RUNS_MAX];
    size_t hold_room, letter_room; /* of each run */
    bool ready;                    /* memory was given */

    tct_channel channel; /* secret */
    tct_engine *engine;  /* secret, while a run is open */
    tct_circuit circuit;
    void *run_memory;
    size_t run_memory_bytes;
    uint8_t *scratch, *body, *bits, *lots; /* secret, wiped after each use */
    size_t scratch_bytes, body_bytes, bits_bytes, lots_bytes;

    /* A first letter of the other's that waits for this person's answers; public. */
    bool invited;
    uint32_t invited_run;
    uint8_t *invited_f7;
    uint64_t invited_until;

    tacit_outcome outcome, otherwise;
    bool has_outcome;
    const uint8_t *state; /* as read: borrowed until memory is given */
    size_t state_bytes;
    tacit_diagnostics diagnostics;
};

#endif
