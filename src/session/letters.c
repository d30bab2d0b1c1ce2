/* SPDX-License-Identifier: ISC
 *
 * Letters between their steps: how they are read from a disk and written to it, what stands, what is due,
 * what the relay has noted, and how an asking ends.  letters_steps.c has the steps themselves.
 */
#include "session/letters_inside.h"

#include <string.h>

#include "base/mask.h"
#include "crypto/hash.h"
#include "rule/sheet.h"
#include "session/binding.h"

enum { HOUR_MS = 3600 * 1000 };

/* ---- reading --- */

static uint32_t run_count(const tacit_letters *l)
{
    return TCT_RUNS_PER_ASKING * (uint32_t)l->head.askings;
}

static tacit_status read_sheet(tacit_letters *l, void *memory, size_t memory_bytes)
{
    tacit_sheet *sheet;
    size_t canonical_bytes;
    const char *text = (const char *)l->state + TCT_LETTERS_HEAD_BYTES;
    tacit_status status = tacit_sheet_read(&sheet, memory, memory_bytes, text,
                                           l->head.text_bytes, NULL, &l->diagnostics);
    if (status != TACIT_OK)
        return status == TACIT_ERR_MEMORY ? status : TACIT_ERR_FORMAT;
    const char *canonical = tct_sheet_canonical(sheet, &canonical_bytes);
    l->sheet = sheet;
    return canonical_bytes == l->head.text_bytes &&
                   memcmp(canonical, text, canonical_bytes) == 0 /* public: both read it */
               ? TACIT_OK
               : TACIT_ERR_FORMAT;
}

static tacit_status read_runs(tacit_letters *l)
{
    const uint8_t *at = l->state + TCT_LETTERS_HEAD_BYTES + l->head.text_bytes;
    const uint8_t *end = l->state + l->state_bytes;
    for (uint32_t i = 0; i < run_count(l); i++) {
        at = tct_letter_run_read(&l->runs[i], at, (size_t)(end - at));
        if (at == NULL)
            return TACIT_ERR_FORMAT;
    }
    return at == end ? TACIT_OK : TACIT_ERR_FORMAT;
}

tacit_status tacit_letters_read(tacit_letters **out, void *memory, size_t memory_bytes,
                                const uint8_t *bytes, size_t count)
{
    tct_arena arena;
    *out = NULL;
    if (count > TACIT_LETTERS_MAX)
        return TACIT_ERR_FORMAT;
    tct_arena_init(&arena, memory, memory_bytes);
    tacit_letters *l = tct_arena_take(&arena, 1, sizeof *l);
    uint8_t *rest = tct_arena_take(&arena, 0, 1); /* the sheet's */
    if (l == NULL || rest == NULL)
        return TACIT_ERR_MEMORY;
    l->state = bytes;
    l->state_bytes = count;
    tacit_status status = tct_letters_head_read(&l->head, bytes, count);
    if (status == TACIT_OK)
        status = read_sheet(l, rest, arena.bytes - arena.used);
    if (status == TACIT_OK)
        status = read_runs(l);
    if (status != TACIT_OK) {
        tct_wipe(&l->head, sizeof l->head);
        return status;
    }
    const tacit_sheet_view *view = tacit_sheet_see(l->sheet);
    l->otherwise.outcome = &view->outcomes[view->outcome_count - 1];
    *out = l;
    return TACIT_OK;
}

/* ---- memory --- */

static int asker_person(const tacit_letters *l)
{
    return l->head.role == TCT_ROLE_X ? l->head.person : 1 - l->head.person;
}

typedef struct {
    size_t circuit, engine, run, scratch, body, bits, lots, f7;
} plan;

static size_t most_of(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Everything by public sizes.  false: a circuit that these parameters are not of. */
static bool plan_memory(tacit_letters *l, plan *p)
{
    tct_arena nothing;
    tct_circuit c;
    size_t sealed = 0, longest = 0, f7 = 0;
    tct_engine_params params;
    tct_arena_init(&nothing, NULL, 0);
    if (tct_sheet_circuit(l->sheet, 0, &nothing, &c) != TCT_OK)
        return false;
    params = tct_engine_params_for(c.and_count);
    params.mode |= TCT_MODE_ESCROW;
    if (params.rho != l->head.params.rho || params.tau != l->head.params.tau ||
        params.mode != l->head.params.mode)
        return false;
    if (asker_person(l) == 1) {
        uint32_t first = c.inputs[0];
        c.inputs[0] = c.inputs[1];
        c.inputs[1] = first;
    }
    for (int garbler = 0; garbler < 2; garbler++) {
        tct_shape s;
        if (!tct_shape_init(&s, &c, params, TCT_SESSION_OUT, garbler, 1) ||
            tct_letters_frame_bytes(&s) > TACIT_LETTER_MAX)
            return false;
        l->letter_room = most_of(l->letter_room, (size_t)tct_letters_frame_bytes(&s));
        sealed = most_of(sealed, tct_sealed_run_bytes(s.outputs, s.spread));
        for (int role = 0; role < 2; role++) {
            f7 = most_of(f7, (size_t)tct_shape_body_bytes(&s, TCT_F7, role));
            longest = most_of(longest, (size_t)tct_shape_body_bytes(&s, TCT_F8, role));
            longest = most_of(longest, (size_t)tct_shape_body_bytes(&s, TCT_F9, role));
        }
    }
    size_t stock = tct_stock_bytes(&c, params);
    l->hold_room = most_of(stock + f7, sealed);
    longest = tct_padded_bytes(most_of(longest, f7 + TCT_LETTER_UNTIL_BYTES));
    *p = (plan){.circuit = tct_sheet_circuit_bytes(l->sheet),
                .engine = tct_engine_bytes(params),
                .run = tct_run_bytes(&c, params),
                .scratch = most_of(l->hold_room, l->letter_room),
                .body = 2 * longest,
                .bits = tct_sheet_input_count(l->sheet, l->head.person),
                .lots = tct_sheet_lot_bytes(l->sheet, l->head.person),
                .f7 = f7};
    return stock != 0 && p->run != SIZE_MAX;
}

size_t tacit_letters_memory_wanted(const tacit_letters *l)
{
    plan p;
    tacit_letters copy = *l; /* the plan notes lengths */
    bool fits = plan_memory(&copy, &p);
    size_t sum = 0;
    const size_t areas[] = {p.circuit, p.engine, p.run,  p.scratch,
                            p.body,    p.bits,   p.lots, p.f7};
    for (size_t i = 0; fits && i < sizeof areas / sizeof areas[0]; i++)
        sum = tct_size_add(sum, tct_arena_cost(areas[i], 1));
    size_t each =
        tct_size_add(tct_arena_cost(copy.hold_room, 1), tct_arena_cost(copy.letter_room, 1));
    for (uint32_t i = 0; fits && i < run_count(l); i++)
        sum = tct_size_add(sum, each);
    tct_wipe(&copy, sizeof copy);
    return fits ? sum : 0;
}

/* Each run moves to a place of its own, in which it can grow. */
static bool move_runs(tacit_letters *l, tct_arena *arena)
{
    for (uint32_t i = 0; i < run_count(l); i++) {
        tct_letter_run *run = &l->runs[i];
        uint8_t *hold = tct_arena_take(arena, l->hold_room, 1);
        uint8_t *letter = tct_arena_take(arena, l->letter_room, 1);
        if (hold == NULL || letter == NULL)
            return false;
        memcpy(hold, run->hold, run->hold_bytes);
        memcpy(letter, run->letter, run->letter_bytes);
        run->hold = hold;
        run->letter = letter;
    }
    return true;
}

static bool runs_fit(const tacit_letters *l)
{
    for (uint32_t i = 0; i < run_count(l); i++)
        if (l->runs[i].hold_bytes > l->hold_room || l->runs[i].letter_bytes > l->letter_room)
            return false;
    return true;
}

tacit_status tacit_letters_memory(tacit_letters *l, void *memory, size_t memory_bytes)
{
    tct_arena arena, circuit_arena;
    plan p;
    if (l->ready)
        return TACIT_ERR_USAGE;
    if (!plan_memory(l, &p) || !runs_fit(l))
        return TACIT_ERR_FORMAT;
    tct_arena_init(&arena, memory, memory_bytes);
    void *circuit = tct_arena_take(&arena, p.circuit, 1);
    l->engine = tct_arena_take(&arena, p.engine, 1);
    l->run_memory = tct_arena_take(&arena, p.run, 1);
    l->scratch = tct_arena_take(&arena, p.scratch, 1);
    l->body = tct_arena_take(&arena, p.body, 1);
    l->bits = tct_arena_take(&arena, p.bits, 1);
    l->lots = tct_arena_take(&arena, p.lots, 1);
    l->invited_f7 = tct_arena_take(&arena, p.f7, 1);
    if (circuit == NULL || l->engine == NULL || l->run_memory == NULL || l->scratch == NULL ||
        l->body == NULL || l->bits == NULL || l->lots == NULL || l->invited_f7 == NULL ||
        !move_runs(l, &arena))
        return TACIT_ERR_MEMORY;
    l->run_memory_bytes = p.run;
    l->scratch_bytes = p.scratch;
    l->body_bytes = p.body / 2;
    l->bits_bytes = p.bits;
    l->lots_bytes = p.lots;
    tct_arena_init(&circuit_arena, circuit, p.circuit);
    if (tct_sheet_circuit(l->sheet, asker_person(l), &circuit_arena, &l->circuit) != TCT_OK)
        return TACIT_ERR_FORMAT;
    tct_channel_init(&l->channel, l->head.role, l->head.sid, l->head.isk);
    l->state = NULL;
    l->ready = true;
    return TACIT_OK;
}

/* ---- writing --- */

size_t tacit_letters_bytes(const tacit_letters *l)
{
    size_t sum = TCT_LETTERS_HEAD_BYTES + l->head.text_bytes;
    for (uint32_t i = 0; i < run_count(l); i++)
        sum += TCT_LETTERS_RUN_BYTES + l->runs[i].hold_bytes + l->runs[i].letter_bytes;
    return sum;
}

tacit_status tacit_letters_save(const tacit_letters *l, uint8_t *out, size_t *bytes)
{
    size_t text_bytes;
    if (!l->ready)
        return TACIT_ERR_USAGE;
    if (*bytes < tacit_letters_bytes(l))
        return TACIT_ERR_SPACE;
    *bytes = tacit_letters_bytes(l);
    uint8_t *at = tct_letters_head_write(out, &l->head);
    const char *text = tct_sheet_canonical(l->sheet, &text_bytes);
    memcpy(at, text, text_bytes);
    at += text_bytes;
    for (uint32_t i = 0; i < run_count(l); i++)
        at = tct_letter_run_write(at, &l->runs[i]);
    return TACIT_OK;
}

/* ---- how it stands --- */

void tct_letters_finish_run(tct_letter_run *run)
{
    tct_wipe(run->hold, run->hold_bytes);
    tct_wipe(run->letter, run->letter_bytes);
    run->hold_bytes = run->letter_bytes = 0;
    run->state = TCT_LETTER_DONE;
}

/* Nothing of it is ever used again; what was noted stays, so that it can be told. */
tacit_status tct_letters_die(tacit_letters *l, tacit_status status)
{
    for (uint32_t i = 0; i < run_count(l); i++)
        tct_letters_finish_run(&l->runs[i]);
    tct_wipe(l->head.isk, sizeof l->head.isk);
    tct_wipe(l->head.delta, sizeof l->head.delta);
    tct_channel_wipe(&l->channel);
    l->head.dead = true;
    l->invited = false;
    return status;
}

uint32_t tct_letters_asking(const tacit_letters *l)
{
    uint32_t asking = 0;
    while (asking < l->head.askings && l->runs[2 * asking].state == TCT_LETTER_DONE &&
           l->runs[2 * asking + 1].state == TCT_LETTER_DONE)
        asking++;
    return asking;
}

/* The run of this asking that is under way; NULL: none is. */
tct_letter_run *tct_letters_open_run(tacit_letters *l, uint32_t asking)
{
    for (uint32_t i = 0; i < TCT_RUNS_PER_ASKING; i++) {
        tct_letter_run *run = &l->runs[TCT_RUNS_PER_ASKING * asking + i];
        if (run->state != TCT_LETTER_FRESH && run->state != TCT_LETTER_DONE)
            return run;
    }
    return NULL;
}

static tacit_letters_stage stage_of(const tacit_letters *l, const tct_letter_run *run)
{
    static const tacit_letters_stage stages[] = {
        [TCT_LETTER_FRESH] = TACIT_LETTERS_IDLE,
        [TCT_LETTER_WROTE] = TACIT_LETTERS_ASKED,
        [TCT_LETTER_ANSWERED] = TACIT_LETTERS_WAITING,
        [TCT_LETTER_PROVED] = TACIT_LETTERS_GIVEN,
        [TCT_LETTER_GAVE] = TACIT_LETTERS_GIVEN,
        [TCT_LETTER_DONE] = TACIT_LETTERS_IDLE,
    };
    if (l->head.dead)
        return TACIT_LETTERS_DEAD;
    if (tct_letters_asking(l) == l->head.askings)
        return TACIT_LETTERS_SPENT;
    if (l->invited)
        return TACIT_LETTERS_INVITED;
    return run != NULL ? stages[run->state] : TACIT_LETTERS_IDLE;
}

tacit_letters_view tacit_letters_see(const tacit_letters *l)
{
    tacit_letters *mine = (tacit_letters *)(uintptr_t)l; /* nothing of it is changed */
    uint32_t asking = tct_letters_asking(l);
    const tct_letter_run *run =
        asking < l->head.askings ? tct_letters_open_run(mine, asking) : NULL;
    const tacit_sheet_view *sheet = tacit_sheet_see(l->sheet);
    tacit_letters_view view = {.sheet = l->sheet,
                               .person = l->head.person,
                               .askings = l->head.askings,
                               .left = l->head.askings - asking,
                               .stage = stage_of(l, run),
                               .until_ms = run != NULL ? run->until_ms : 0,
                               .crossed = l->invited && run != NULL,
                               .otherwise = &l->otherwise};
    memcpy(view.room, l->head.room, sizeof view.room);
    if (l->invited)
        view.until_ms = l->invited_until;
    if (!sheet->sleep_optional)
        view.pause_ms = (uint64_t)sheet->sleep_hours * HOUR_MS;
    if (l->head.begun_ms != 0 && sheet->once_every_hours != 0)
        view.next_ms = l->head.begun_ms + (uint64_t)sheet->once_every_hours * HOUR_MS;
    return view;
}

/* ---- what the relay has noted --- */

/* Which own letter of a run has this flight; -1: none. */
static int own_letter(const tacit_letters *l, uint32_t run, uint8_t flight)
{
    if (run >= run_count(l))
        return -1;
    if (tct_letters_garbler(run) == l->head.role)
        return flight == TCT_F8 ? 0 : -1;
    return flight == TCT_F7 ? 0 : flight == TCT_F9 ? 1 : -1;
}

static uint8_t flight_of(const tacit_letters *l, uint32_t run, int index)
{
    if (tct_letters_garbler(run) == l->head.role)
        return TCT_F8;
    return index == 0 ? TCT_F7 : TCT_F9;
}

static bool was_made(const tct_letter_run *run, int index)
{
    return (run->marks >> index & TCT_LETTER_MADE) != 0;
}

/* Does it stand as this copy made it? */
static bool is_ours(const tacit_letters *l, const tacit_letter_note *note)
{
    int index = own_letter(l, note->run, note->flight);
    if (index < 0)
        return false;
    const tct_letter_run *run = &l->runs[note->run];
    return was_made(run, index) &&
           memcmp(run->claims[index], note->digest, sizeof note->digest) == 0; /* public */
}

/* Is there a note for what was confirmed once? */
static bool still_noted(const tacit_letter_note *notes, size_t count, uint32_t run,
                        uint8_t flight)
{
    for (size_t i = 0; i < count; i++)
        if (notes[i].run == run && notes[i].flight == flight)
            return true;
    return false;
}

tacit_status tacit_letters_check(tacit_letters *l, const tacit_letter_note *notes, size_t count)
{
    if (!l->ready || l->head.dead)
        return TACIT_ERR_USAGE;
    for (size_t i = 0; i < count; i++)
        if (!is_ours(l, &notes[i]))
            return tct_letters_die(l, TACIT_ERR_USED);
    for (uint32_t r = 0; r < run_count(l); r++)
        for (int index = 0; index < 2; index++)
            if ((l->runs[r].marks >> index & TCT_LETTER_CONFIRMED) != 0 &&
                !still_noted(notes, count, r, flight_of(l, r, index)))
                return tct_letters_die(l, TACIT_ERR_RELAY);
    return TACIT_OK;
}

tacit_status tacit_letters_noted(tacit_letters *l, const tacit_letter_note *stands)
{
    if (!l->ready || l->head.dead)
        return TACIT_ERR_USAGE;
    if (!is_ours(l, stands))
        return tct_letters_die(l, TACIT_ERR_USED);
    int index = own_letter(l, stands->run, stands->flight);
    l->runs[stands->run].marks |= (uint8_t)(TCT_LETTER_CONFIRMED << index);
    return TACIT_OK;
}

/* ---- what is due --- */

bool tacit_letters_due(const tacit_letters *l, uint32_t index, tacit_letter *out)
{
    if (!l->ready || l->head.dead)
        return false;
    for (uint32_t r = 0; r < run_count(l); r++) {
        const tct_letter_run *run = &l->runs[r];
        if (run->letter_bytes == 0 || index-- != 0)
            continue;
        int which = was_made(run, 1) ? 1 : 0;
        *out = (tacit_letter){
            .note = {.run = r, .flight = flight_of(l, r, which)},
            .bytes = run->letter,
            .count = run->letter_bytes,
            .confirmed = (run->marks >> which & TCT_LETTER_CONFIRMED) != 0,
        };
        memcpy(out->note.digest, run->claims[which], sizeof out->note.digest);
        return true;
    }
    return false;
}

/* The run whose flights are over, and what was sealed of it. */
static tct_letter_run *sealed_run(tacit_letters *l, tct_sealed_run *sealed)
{
    uint32_t asking = tct_letters_asking(l);
    if (!l->ready || l->head.dead || asking == l->head.askings)
        return NULL;
    tct_letter_run *run = tct_letters_open_run(l, asking);
    if (run == NULL || (run->state != TCT_LETTER_PROVED && run->state != TCT_LETTER_GAVE) ||
        !tct_sealed_run_read(sealed, run->hold, run->hold_bytes) ||
        sealed->outputs != l->circuit.output_count)
        return NULL;
    return run;
}

bool tacit_letters_deposit(const tacit_letters *l, uint32_t *run, uint64_t *until_ms,
                           const uint8_t **bytes, size_t *count)
{
    tct_sealed_run sealed;
    tacit_letters *mine = (tacit_letters *)(uintptr_t)l; /* nothing of it is changed */
    const tct_letter_run *open = sealed_run(mine, &sealed);
    if (open == NULL)
        return false;
    *run = (uint32_t)(open - l->runs);
    *until_ms = open->until_ms;
    *bytes = sealed.deposit;
    *count = tct_sealed_deposit_bytes(&sealed);
    return true;
}

/* ---- how an asking ends --- */

void tct_letters_close_asking(tacit_letters *l, uint32_t asking)
{
    for (uint32_t i = 0; i < TCT_RUNS_PER_ASKING; i++)
        tct_letters_finish_run(&l->runs[TCT_RUNS_PER_ASKING * asking + i]);
    l->invited = false;
}

tacit_status tacit_letters_verdict(tacit_letters *l, uint32_t run, bool released,
                                   const uint8_t *bytes, size_t count)
{
    uint8_t result[TCT_SPREAD_OUTPUTS_MAX];
    tct_sealed_run sealed;
    tct_letter_run *open = sealed_run(l, &sealed);
    if (open == NULL || open != &l->runs[run % TCT_LETTER_RUNS_MAX])
        return TACIT_ERR_USAGE;
    uint32_t asking = tct_letters_asking(l);
    tacit_status status = TACIT_ERR_REFUSED;
    if (released && tct_sealed_release(&sealed, bytes, count, result) != TCT_OK)
        return TACIT_ERR_RELAY; /* it may be fetched again */
    if (released) {
        TCT_PUBLIC(result, sealed.outputs); /* both are to know it */
        tct_sheet_decode(l->sheet, l->head.person, result, &l->outcome);
        l->has_outcome = true;
        status = TACIT_OK;
    }
    tct_letters_close_asking(l, asking);
    return status;
}

bool tacit_letters_close(tacit_letters *l)
{
    uint32_t asking = tct_letters_asking(l);
    if (!l->ready || l->head.dead || asking == l->head.askings ||
        (tct_letters_open_run(l, asking) == NULL && !l->invited))
        return false;
    tct_letters_close_asking(l, asking);
    return true;
}

const tacit_outcome *tacit_letters_outcome(const tacit_letters *l)
{
    return l->has_outcome ? &l->outcome : NULL;
}

void tacit_letters_wipe(tacit_letters *l)
{
    if (l->ready)
        (void)tct_letters_die(l, TACIT_OK);
    tct_wipe(&l->head, sizeof l->head);
    l->head.dead = true;
    l->ready = false;
}
