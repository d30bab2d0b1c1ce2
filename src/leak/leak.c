/* SPDX-License-Identifier: ISC
 *
 * The machine: from a sheet and answers to what they tell, in slices.
 */
#include "tacit/tacit.h"

#include <string.h>

#include "leak/facts.h"

#ifdef TCT_NO_FACTS /* the page checks no sheet (tools/wasm): nothing is linked that would */
#define tct_facts_prove(l)       ((void)(l))
#define tct_facts_step(l, slice) ((void)(l), true)
#endif

enum { SLICE_WORK = 1 << 22 }; /* steps of a nanosecond or so */

static const struct {
    uint32_t classes;
    size_t words;
} rooms[2] = {{1 << 14, 1 << 17}, {TCT_CROWD_CLASSES_MAX, 3 << 20}};

/* ------------------------------------------------------------------------------ begin --- */

tacit_status tacit_leak_init(tacit_leak **out, void *memory, size_t memory_bytes,
                             const tacit_sheet *sheet, int person, const tacit_answers *answers,
                             unsigned wants)
{
    tct_arena arena;
    char error[160];
    *out = NULL;
    if (answers == NULL ? wants != TACIT_LEAK_FACTS
                        : tacit_answers_check(sheet, person, answers, error) != TACIT_OK)
        return TACIT_ERR_ANSWER;
    if (memory_bytes < TACIT_LEAK_MEMORY)
        return TACIT_ERR_MEMORY;
    tct_arena_init(&arena, memory, TACIT_LEAK_MEMORY);
    tacit_leak *l = tct_arena_take(&arena, 1, sizeof *l);
    if (l == NULL)
        return TACIT_ERR_MEMORY;
    l->answers = tct_arena_take(&arena, 1, sizeof *l->answers);
    l->slots = tct_arena_take(&arena, sheet->model.slot_count + 1, sizeof *l->slots);
    if (l->answers == NULL || l->slots == NULL)
        return TACIT_ERR_MEMORY;
    if (answers != NULL)
        *l->answers = *answers;
    l->sheet = sheet;
    l->person = person;
    l->wants = wants;
    l->pairs_max = TCT_LEAK_PAIRS;
    l->near_classes_max = TCT_NEAR_CLASSES_MAX;
    l->arena = arena;
    if (tct_residue_init(&l->both, &l->arena, &sheet->graph, TCT_OF_A | TCT_OF_B) != TCT_OK)
        return TACIT_ERR_MEMORY;
    *out = l;
    return TACIT_OK;
}

static void keep_peak(tacit_leak *l)
{
    l->peak = l->arena.used > l->peak ? l->arena.used : l->peak;
}

/* Whoever only checks a sheet is done when proofs suffice. */
static void prove(tacit_leak *l)
{
    size_t mark = l->arena.used;
    l->stage = TCT_STAGE_BEGIN;
    if ((l->wants & TACIT_LEAK_FACTS) == 0)
        return;
    l->has_table = tct_table_init(&l->table, &l->arena, l->sheet) == TCT_OK;
    tct_facts_prove(l);
    keep_peak(l);
    l->arena.used = mark;
    l->has_table = false;
    if (l->facts.exact && l->wants == TACIT_LEAK_FACTS)
        l->stage = TCT_STAGE_DONE;
}

/* For facts as many on either side as the room for surveying them suffices for; whoever checks a sheet
 * waits. */
enum { FACTS_CLASSES_MAX = 1 << 16, FACTS_FOLD_MAX = 1 << 24 };

/* Room for folding: small at first, since most sheets need little and clearing it takes time. */
static tct_err begin_folding(tacit_leak *l)
{
    if (l->fold_mark == 0)
        l->fold_mark = l->arena.used;
    keep_peak(l);
    l->arena.used = l->fold_mark;
    tct_err err = tct_table_init(&l->table, &l->arena, l->sheet);
    l->has_table = err == TCT_OK;
    if (err == TCT_ERR_MEMORY)
        return err;
    err = tct_strings_init(&l->strings, &l->arena, rooms[l->level].classes,
                           rooms[l->level].words);
    for (int side = 0; side < 2 && err == TCT_OK; side++)
        err = tct_crowd_init(
            &l->crowds[side], &l->arena, &l->sheet->graph, tct_leak_person(l, side),
            &l->strings, l->wants == TACIT_LEAK_FACTS ? FACTS_FOLD_MAX : TCT_CROWD_WORK_MAX);
    return err;
}

/* A crowd that did not fit into little room gets more, and both begin anew. */
static bool enlarge(tacit_leak *l, int side)
{
    if (!l->crowds[side].too_many || l->level == 1)
        return false;
    l->level = 1;
    l->stage = TCT_STAGE_BEGIN;
    return true;
}

static bool simple(const tacit_leak *l)
{
    return l->table.compiled.circuit.gate_count <= 512 && l->table.shown_count == 0;
}

static uint64_t pairs_allowed(const tacit_leak *l)
{
    return simple(l) ? 16 * l->pairs_max : l->pairs_max;
}

/* As many as the other side's number leaves room for. */
static uint32_t classes_beside(const tacit_leak *l, uint32_t classes)
{
    uint64_t most = pairs_allowed(l) / classes;
    return most > TCT_CROWD_CLASSES_MAX ? TCT_CROWD_CLASSES_MAX : (uint32_t)most;
}

/* If both have more than this there are too many pairs, and that is found out soon. */
static uint32_t root_of_pairs(const tacit_leak *l)
{
    uint64_t root = 0;
    while ((root + 1) * (root + 1) <= pairs_allowed(l))
        root++;
    return (uint32_t)root;
}

/* ----------------------------------------------------------------------------- people --- */

static tct_err enter_crowd(tacit_leak *l, int side)
{
    const tct_crowd *c = &l->crowds[side];
    tct_err err =
        tct_table_people_init(&l->table, &l->people[side], &l->arena, c->person, c->classes);
    memcpy(l->slots, l->sheet->defaults, l->sheet->model.slot_count * sizeof *l->slots);
    for (uint32_t i = 0; i < c->classes && err == TCT_OK; i++) {
        bool not_now = false;
        tct_crowd_sample(c, i, l->slots, &not_now);
        tct_table_enter(&l->table, &l->people[side], c->person, i, l->slots, not_now);
    }
    return err;
}

/* The odds of my own answers beforehand: after something that everybody sees. */
static void find_before(tacit_leak *l)
{
    tct_crowd *c = &l->crowds[TCT_LEAK_ME];
    for (uint32_t i = 0; i < c->classes; i++)
        l->odds[i] = TCT_LIKELY_ONE;
    tct_crowd_project(c, l->odds, l->mass);
    for (uint32_t v = 0; v < c->answer_count; v++) {
        const tct_crowd_answer *a = &c->answers[v];
        uint32_t atom = tct_crowd_atom(c, v, tct_crowd_given(c, v, l->answers));
        uint64_t total = 0;
        for (uint32_t k = 0; k < a->atom_count; k++)
            total += l->mass[a->first_atom + k];
        l->before[TCT_LEAK_ME][v] = tct_leak_millionths(l->mass[a->first_atom + atom], total) /
                                    tct_crowd_size(c, v, atom);
    }
}

static tct_err take_findings(tacit_leak *l)
{
    for (int side = 0; side < 2; side++) {
        const tct_crowd *c = &l->crowds[side];
        l->before[side] = tct_arena_take(&l->arena, c->answer_count + 1, sizeof(uint32_t));
        if (l->before[side] == NULL)
            return TCT_ERR_MEMORY;
        for (uint32_t k = 0; k < l->sheet->model.outcome_count; k++) {
            tct_told *told = &l->told[side][k];
            uint8_t *possible = tct_arena_take(&l->arena, c->atom_count + 1, 1);
            told->answers =
                tct_arena_take(&l->arena, c->answer_count + 1, sizeof *told->answers);
            if (possible == NULL || told->answers == NULL)
                return TCT_ERR_MEMORY;
            for (uint32_t v = 0; v < c->answer_count; v++)
                told->answers[v].possible = possible + c->answers[v].first_atom;
        }
    }
    return TCT_OK;
}

static tct_err take_scratch(tacit_leak *l, bool views)
{
    uint32_t most = 1, atoms = 1;
    for (int side = 0; side < 2; side++) {
        most = l->people[side].count > most ? l->people[side].count : most;
        atoms += l->crowds[side].atom_count;
    }
    l->odds = tct_arena_take(&l->arena, most, sizeof *l->odds);
    l->mass = tct_arena_take(&l->arena, atoms, sizeof *l->mass);
    if (views) {
        l->views = tct_arena_take_raw(&l->arena, TCT_VIEW_LIST_MAX, sizeof *l->views);
        l->view_table = tct_arena_take(&l->arena, 2 * TCT_VIEW_LIST_MAX, sizeof *l->view_table);
    }
    if (l->odds == NULL || l->mass == NULL ||
        (views && (l->views == NULL || l->view_table == NULL)))
        return TCT_ERR_MEMORY;
    tct_err err = tct_table_row_init(&l->table, &l->row, &l->arena, l->people[0].count);
    l->set = tct_arena_take(&l->arena, l->row.words, sizeof *l->set);
    if (err == TCT_OK && l->set == NULL)
        err = TCT_ERR_MEMORY;
    if (err == TCT_OK)
        err = tct_table_row_init(&l->table, &l->row_of_them, &l->arena, l->people[1].count);
    return err == TCT_OK ? tct_viewer_init(&l->viewer, &l->arena, &l->table) : err;
}

/* Everything stands that the scan needs; or else the reach is less. */
static tct_err enter(tacit_leak *l)
{
    bool facts_only = l->wants == TACIT_LEAK_FACTS;
    tct_err err = take_findings(l);
    const tct_crowd *me = &l->crowds[TCT_LEAK_ME], *them = &l->crowds[TCT_LEAK_THEM];
    l->reach = TCT_LEAK_EXACT;
    if (!l->has_table || me->classes == 0 || them->classes == 0)
        l->reach = l->has_table && !facts_only && me->answer_count > 0 && them->answer_count > 0
                       ? TCT_LEAK_NEAR
                       : TCT_LEAK_CERTAIN;
    l->near.mark = l->arena.used;
    if ((l->wants & TACIT_LEAK_PREVIEW) == 0)
        l->near.answer = me->answer_count; /* what they learn is not asked */
    if (err != TCT_OK || l->reach != TCT_LEAK_EXACT)
        return err;
    err = enter_crowd(l, TCT_LEAK_THEM);
    if (err == TCT_OK)
        err = enter_crowd(l, TCT_LEAK_ME);
    if (err == TCT_OK)
        err = take_scratch(l, true);
    if (err != TCT_OK || facts_only)
        return err;
    l->mine = tct_crowd_class(&l->crowds[TCT_LEAK_ME], l->answers);
    find_before(l);
    return TCT_OK;
}

/* ------------------------------------------------------------------------------- steps --- */

/* Folds a crowd.  true: that is over, one way or the other. */
static bool fold(tacit_leak *l, int side)
{
    bool more = false;
    tct_err err = tct_crowd_step(&l->crowds[side], SLICE_WORK, l->fold_limits[side], &more);
    l->failed |= err != TCT_OK;
    bool again = l->crowds[side].beyond_room && enlarge(l, side);
    return err == TCT_OK && !again && !more;
}

static void fold_them(tacit_leak *l)
{
    const tct_crowd *them = &l->crowds[TCT_LEAK_THEM];
    bool facts_only = l->wants == TACIT_LEAK_FACTS;
    if (!l->folded_again)
        l->fold_limits[0] = l->fold_limits[1] =
            facts_only ? FACTS_CLASSES_MAX : root_of_pairs(l);
    if (!fold(l, TCT_LEAK_THEM))
        return;
    l->stage = TCT_STAGE_FOLD_ME;
    if (!l->has_table || (them->too_many && (facts_only || l->folded_again)))
        l->stage = TCT_STAGE_ENTER;
    else if (!them->too_many && !facts_only)
        l->fold_limits[TCT_LEAK_ME] = classes_beside(l, them->classes);
}

static void fold_me(tacit_leak *l)
{
    const tct_crowd *me = &l->crowds[TCT_LEAK_ME];
    if (!fold(l, TCT_LEAK_ME))
        return;
    l->stage = TCT_STAGE_ENTER;
    if (!l->crowds[TCT_LEAK_THEM].too_many || me->too_many)
        return;
    /* There are few of me: so there may be the more of them. */
    l->fold_limits[TCT_LEAK_THEM] = classes_beside(l, me->classes);
    l->folded_again = true;
    l->stage = TCT_STAGE_BEGIN;
}

static bool is_near_over(const tacit_leak *l)
{
    return l->near.answer == l->crowds[TCT_LEAK_ME].answer_count;
}

/* More of them differ than little room holds. */
static tct_err make_room(tacit_leak *l)
{
    l->arena.used = l->near.mark;
    tct_err err = tct_strings_init(&l->strings, &l->arena, TCT_NEAR_CLASSES_MAX, 1 << 20);
    l->crowds[TCT_LEAK_THEM].strings = l->strings;
    l->near.mark = l->arena.used;
    l->near.roomy = true;
    l->near.folding = false;
    return err;
}

/* What is near one answer of mine, and all of theirs that differ against it; and in the end all of
 * theirs that differ against my own answers, for what I learn of them. */
static void look_near(tacit_leak *l)
{
    tct_crowd *them = &l->crowds[TCT_LEAK_THEM];
    bool more = false;
    tct_err err = TCT_OK;
    if (!l->near.folding) {
        keep_peak(l);
        l->arena.used = l->near.mark;
        err = tct_near_make(l);
        if (err == TCT_OK)
            err = tct_crowd_again(them, &l->both);
        l->near.folding = true;
    } else {
        err = tct_crowd_step(them, SLICE_WORK, l->near_classes_max, &more);
        if (them->too_many && them->beyond_room && !l->near.roomy)
            err = make_room(l);
        else
            l->exhausted |= them->too_many;
        if (err != TCT_OK || more || them->too_many) {
            l->failed |= err != TCT_OK;
            return;
        }
        l->near.folding = false;
        if (err == TCT_OK)
            err = enter_crowd(l, TCT_LEAK_THEM);
        if (err == TCT_OK)
            err = take_scratch(l, is_near_over(l));
        l->stage = is_near_over(l) ? TCT_STAGE_ABOUT_THEM : TCT_STAGE_ABOUT_ME;
    }
    l->failed |= err != TCT_OK;
}

static void look_at_me(tacit_leak *l)
{
    bool counted = l->reach != TCT_LEAK_CERTAIN && (l->wants & TACIT_LEAK_PREVIEW) != 0;
    if (counted && !tct_scan_me(l, SLICE_WORK))
        return;
    l->stage = TCT_STAGE_ABOUT_THEM;
    if (l->reach != TCT_LEAK_NEAR)
        return;
    l->near.answer++;
    l->stage = TCT_STAGE_NEAR;
}

static void advance(tacit_leak *l)
{
    bool counted = l->reach != TCT_LEAK_CERTAIN, facts = (l->wants & TACIT_LEAK_FACTS) != 0;
    switch (l->stage) {
    case TCT_STAGE_PROVE:
        prove(l);
        return;
    case TCT_STAGE_BEGIN:
        l->failed |= begin_folding(l) != TCT_OK;
        l->stage = TCT_STAGE_FOLD_THEM;
        return;
    case TCT_STAGE_FOLD_THEM:
        fold_them(l);
        return;
    case TCT_STAGE_FOLD_ME:
        fold_me(l);
        return;
    case TCT_STAGE_ENTER:
        l->failed |= enter(l) != TCT_OK;
        l->stage = l->wants == TACIT_LEAK_FACTS ? TCT_STAGE_FACTS
                   : l->reach == TCT_LEAK_NEAR  ? TCT_STAGE_NEAR
                                                : TCT_STAGE_ABOUT_ME;
        if (l->reach == TCT_LEAK_CERTAIN && !l->failed && l->wants != TACIT_LEAK_FACTS)
            tct_certain_find(l);
        return;
    case TCT_STAGE_NEAR:
        look_near(l);
        return;
    case TCT_STAGE_ABOUT_ME:
        look_at_me(l);
        return;
    case TCT_STAGE_ABOUT_THEM:
        if (!counted || tct_scan_them(l, SLICE_WORK))
            l->stage = TCT_STAGE_REFLECT;
        return;
    case TCT_STAGE_REFLECT:
        if ((l->wants & TACIT_LEAK_REFLECT) != 0)
            tct_reflect_find(l);
        l->stage = TCT_STAGE_FACTS;
        return;
    case TCT_STAGE_FACTS:
        if (!facts || tct_facts_step(l, SLICE_WORK))
            l->stage = TCT_STAGE_DONE;
        return;
    case TCT_STAGE_DONE:
        return;
    }
}

/* Rows are what takes time, where it takes any. */
static uint32_t progress_of(const tacit_leak *l)
{
    static const uint32_t begins[] = {
        0, 5, 10, 50, 100, 120, 120, 850, 950, 960, TACIT_LEAK_DONE};
    uint64_t from = begins[l->stage], to = begins[l->stage + (l->stage < TCT_STAGE_DONE)];
    uint64_t rows = 1, at = 0;
    if (l->stage == TCT_STAGE_ABOUT_ME || l->stage == TCT_STAGE_ABOUT_THEM) {
        rows = l->people[TCT_LEAK_THEM].count + (uint64_t)1;
        at = l->at < rows ? l->at : rows;
    }
    return (uint32_t)(from + (to - from) * at / rows);
}

/* It would take too long: the findings so far are nothing, and the rule alone is looked at. */
static void fall_back(tacit_leak *l)
{
    l->exhausted = false;
    l->at = 0;
    memset(l->told, 0, sizeof l->told);
    l->reach = TCT_LEAK_CERTAIN;
    l->failed |= take_findings(l) != TCT_OK;
    if (!l->failed)
        tct_certain_find(l);
    l->stage = TCT_STAGE_REFLECT;
}

uint32_t tacit_leak_step(tacit_leak *l, uint32_t slices)
{
    for (uint32_t i = 0; i < slices && l->stage != TCT_STAGE_DONE; i++) {
        advance(l);
        if (l->exhausted)
            fall_back(l);
        keep_peak(l);
        if (!l->failed)
            continue;
        /* TACIT_LEAK_MEMORY did not suffice: what needs none of it still stands. */
        l->failed = false;
        memset(l->told, 0, sizeof l->told);
        l->has_table = false;
        l->crowds[0].too_many = l->crowds[1].too_many = true;
        l->crowds[0].answer_count = l->crowds[1].answer_count = 0;
        l->crowds[0].atom_count = l->crowds[1].atom_count = 0;
        l->arena.used = l->fold_mark;
        l->stage = TCT_STAGE_ENTER;
    }
    l->progress = progress_of(l);
    return l->progress;
}

const tacit_leak_facts *tacit_leak_see_facts(const tacit_leak *l)
{
    bool there = l->stage == TCT_STAGE_DONE && (l->wants & TACIT_LEAK_FACTS) != 0;
    return there ? &l->facts : NULL;
}

void tacit_leak_wipe(tacit_leak *l)
{
    tct_arena arena = l->arena;
    size_t peak = l->peak > arena.used ? l->peak : arena.used;
    tct_wipe(arena.base, peak);
}
