/* SPDX-License-Identifier: ISC
 *
 * Facts about a rule, whoever answers what: over all pairs, twice, each person once as the one whose
 * answers are looked at.
 */
#include <string.h>

#include "leak/state.h"

#define MANY UINT32_MAX
/* Whoever checks a sheet waits. */
static const uint64_t FACTS_WORK_MAX = (uint64_t)1 << 33;

typedef struct {
    int side; /* whose answers */
    uint32_t at;
    bool begun, ended;
    uint8_t **free;      /* by layer and state: does anything but "not now" lead here? */
    uint32_t *seen;      /* by class: outcomes, one bit each, over all free others */
    uint64_t *row_hash;  /* by class: of all that it sees */
    uint32_t *only;      /* [class][answer]: its atom, or MANY */
    uint64_t *keys;      /* scratch: groups of a row, by what they see … */
    uint32_t *first;     /* … and who was the first of each */
    uint64_t *counted;   /* [outcome]: pairs */
    uint64_t *told;      /* [outcome][question]: pairs that tell it */
    uint64_t *questions; /* by class of a group: questions still told exactly */
    uint32_t *size;
    uint64_t *sense[2]; /* scratch by state */
    bool outcomes_differ;
} surveyor;

static const tct_crowd *own(const tacit_leak *l, const surveyor *s)
{
    return &l->crowds[s->side];
}

/* ------------------------------------------------------------------------------ begin --- */

static bool mark_free(tacit_leak *l, surveyor *s)
{
    const tct_crowd *c = own(l, s);
    s->free = tct_arena_take(&l->arena, c->answer_count + 1, sizeof *s->free);
    for (uint32_t v = 0; s->free != NULL && v <= c->answer_count; v++) {
        s->free[v] = tct_arena_take(&l->arena, c->layers[v].states, 1);
        if (s->free[v] == NULL)
            return false;
    }
    if (s->free == NULL)
        return false;
    s->free[0][0] = 1;
    for (uint32_t v = 0; v < c->answer_count; v++) {
        uint32_t atoms =
            v == 0 ? 1 : c->answers[v].atom_count; /* atom 0 of the first: not "not now" */
        for (uint32_t i = 0; i < c->layers[v].states; i++)
            for (uint32_t k = 0; k < atoms && s->free[v][i]; k++) {
                uint32_t to = c->layers[v].next[(size_t)i * c->answers[v].atom_count + k];
                if (to != TCT_CROWD_NONE)
                    s->free[v + 1][to] = 1;
            }
    }
    return true;
}

/* Which atom of each answer a class has, where it has but one.  Layer by layer, in place: the rows of
 * a layer are written from those of the layer before. */
static bool find_only(tacit_leak *l, surveyor *s)
{
    const tct_crowd *c = own(l, s);
    uint32_t width = c->answer_count;
    uint32_t *before = tct_arena_take(&l->arena, width, sizeof *before);
    for (uint32_t v = 0; v < width && before != NULL; v++) {
        uint32_t *after = tct_arena_take(
            &l->arena, (size_t)c->layers[v + 1].states * (width + 1), sizeof *after);
        uint32_t atoms = c->answers[v].atom_count;
        uint8_t *known = tct_arena_take(&l->arena, c->layers[v + 1].states, 1);
        if (after == NULL || known == NULL)
            return false;
        for (uint32_t i = 0; i < c->layers[v].states; i++)
            for (uint32_t k = 0; k < atoms && s->free[v][i] && (v > 0 || k == 0); k++) {
                uint32_t to = c->layers[v].next[(size_t)i * atoms + k];
                if (to == TCT_CROWD_NONE)
                    continue;
                uint32_t *row = after + (size_t)to * width;
                for (uint32_t w = 0; w <= v; w++) {
                    uint32_t atom = w == v ? k : before[(size_t)i * width + w];
                    row[w] = !known[to] || row[w] == atom ? atom : MANY;
                }
                known[to] = 1;
            }
        before = after;
    }
    s->only = before;
    return before != NULL;
}

static bool begin(tacit_leak *l, surveyor *s)
{
    const tct_crowd *c = own(l, s);
    uint32_t most = 1, groups = 2;
    while (groups < 2 * c->classes)
        groups *= 2;
    for (uint32_t v = 0; v <= c->answer_count; v++)
        most = c->layers[v].states > most ? c->layers[v].states : most;
    s->begun = true;
    s->outcomes_differ = false;
    s->seen = tct_arena_take(&l->arena, c->classes, sizeof *s->seen);
    s->row_hash = tct_arena_take(&l->arena, c->classes, sizeof *s->row_hash);
    s->keys = tct_arena_take(&l->arena, groups, sizeof *s->keys);
    s->first = tct_arena_take(&l->arena, groups, sizeof *s->first);
    s->questions = tct_arena_take(&l->arena, c->classes, sizeof *s->questions);
    s->size = tct_arena_take(&l->arena, c->classes, sizeof *s->size);
    s->counted = tct_arena_take(&l->arena, TCT_OUTCOMES_MAX, sizeof *s->counted);
    s->told = tct_arena_take(&l->arena, TCT_OUTCOMES_MAX * 64, sizeof *s->told);
    s->sense[0] = tct_arena_take(&l->arena, most, sizeof(uint64_t));
    s->sense[1] = tct_arena_take(&l->arena, most, sizeof(uint64_t));
    return s->seen != NULL && s->row_hash != NULL && s->keys != NULL && s->first != NULL &&
           s->questions != NULL && s->size != NULL && s->counted != NULL && s->told != NULL &&
           s->sense[0] != NULL && s->sense[1] != NULL && mark_free(l, s) && find_only(l, s);
}

/* ------------------------------------------------------------------------------- a row --- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0xff51afd7ed558ccdu;
    return h ^ h >> 32;
}

/* All that number i of the row may see, as one number. */
static uint64_t sight(const tacit_leak *l, const tct_table_row *row, uint32_t i)
{
    const tct_table *t = &l->table;
    uint64_t h = mix(0x9e3779b97f4a7c15u, row->outcome[i]);
    for (uint32_t w = 0; w < t->words; w++)
        h = mix(h, row->result[(size_t)i * t->words + w] & t->plain_mask[row->outcome[i]][w]);
    for (uint32_t s = 0; s < t->shown_count; s++)
        if (t->shown[s].outcome == row->outcome[i]) {
            h = mix(h, row->x[(size_t)s * row->count + i]);
            h = mix(h, row->y[(size_t)s * row->count + i]);
        }
    return h;
}

/* Outcomes whose reveals are no lots. */
static bool plain_reveals(const tct_table *t, uint32_t outcome)
{
    bool some = false;
    for (uint32_t s = 0; s < t->shown_count; s++) {
        if (t->shown[s].outcome != outcome)
            continue;
        some = true;
        if (t->shown[s].kind != TCT_SHOWN_PLAIN)
            return false;
    }
    return some;
}

/* The questions of which classes a and b have the same answers, and only one. */
static uint64_t alike(const surveyor *s, const tct_crowd *c, uint32_t a, uint32_t b)
{
    uint64_t same = ~(uint64_t)0;
    for (uint32_t v = 1; v < c->answer_count; v++) {
        uint32_t x = s->only[(size_t)a * c->answer_count + v];
        if (x == MANY || x != s->only[(size_t)b * c->answer_count + v] ||
            tct_crowd_size(c, v, x) > 1)
            same &= ~((uint64_t)1 << c->answers[v].question);
    }
    return same;
}

/* Puts those who see the same into groups, and counts what each group tells. */
static void note_groups(tacit_leak *l, surveyor *s, const tct_table_row *row)
{
    const tct_crowd *c = own(l, s);
    const uint8_t *free = s->free[c->answer_count];
    uint32_t mask = 1;
    while (mask < 2 * c->classes)
        mask *= 2;
    memset(s->first, 0, mask * sizeof *s->first);
    memset(s->size, 0, c->classes * sizeof *s->size);
    mask--;
    for (uint32_t i = 0; i < c->classes; i++) {
        if (!free[i] || !plain_reveals(&l->table, row->outcome[i]))
            continue;
        uint64_t key = sight(l, row, i);
        uint32_t at = (uint32_t)key & mask;
        while (s->first[at] != 0 && s->keys[at] != key)
            at = (at + 1) & mask;
        if (s->first[at] == 0) {
            s->first[at] = i + 1;
            s->keys[at] = key;
            s->questions[i] = ~(uint64_t)0;
        }
        uint32_t head = s->first[at] - 1;
        s->questions[head] &= alike(s, c, head, i);
        s->size[head]++;
    }
    for (uint32_t i = 0; i < c->classes; i++) {
        s->counted[row->outcome[i]] += s->size[i];
        for (uint32_t q = 0; s->size[i] != 0 && q < l->sheet->model.question_count; q++)
            if ((s->questions[i] >> q & 1) != 0)
                s->told[row->outcome[i] * 64 + q] += s->size[i];
    }
}

/* Somebody who could have had another outcome sees `otherwise`: whose answers can they rule out? */
static void note_cover(tacit_leak *l, surveyor *s, const tct_table_row *row)
{
    const tct_crowd *c = own(l, s);
    const uint8_t *free = s->free[c->answer_count];
    uint32_t otherwise = tct_model_otherwise(&l->sheet->model);
    bool accepting = false, refused = false;
    for (uint32_t i = 0; i < c->classes; i++) {
        bool no = row->outcome[i] == otherwise;
        l->odds[i] = free[i] && no;
        accepting |= free[i] && !no;
        refused |= free[i] && no;
    }
    if (!accepting || !refused || l->table.chance != 0)
        return; /* or every answer may see it */
    const uint32_t *after = l->odds;
    for (uint32_t v = c->answer_count; v-- > 1;) {
        const tct_crowd_answer *a = &c->answers[v];
        uint32_t *before = c->scratch[v % 2];
        for (uint32_t k = 0; k < a->atom_count; k++)
            l->mass[k] = 0; /* 1: allowed; 2: seen with `otherwise` */
        for (uint32_t i = 0; i < c->layers[v].states; i++) {
            before[i] = 0;
            for (uint32_t k = 0; k < a->atom_count && s->free[v][i]; k++) {
                uint32_t to = c->layers[v].next[(size_t)i * a->atom_count + k];
                if (to == TCT_CROWD_NONE)
                    continue;
                l->mass[k] |= after[to] != 0 ? 3 : 1;
                before[i] |= after[to] != 0;
            }
        }
        for (uint32_t k = 0; k < a->atom_count; k++)
            if (l->mass[k] == 1)
                l->facts.uncovered[c->person] |= (uint64_t)1 << a->question;
        after = before;
    }
}

static void note_row(tacit_leak *l, surveyor *s, const tct_table_row *row, bool free_other)
{
    const tct_crowd *c = own(l, s);
    const uint8_t *free = s->free[c->answer_count];
    uint32_t seen = 0;
    for (uint32_t i = 0; i < c->classes; i++) {
        uint32_t bit = (uint32_t)1 << row->outcome[i];
        s->row_hash[i] = mix(s->row_hash[i], sight(l, row, i));
        s->seen[i] |= free_other ? bit : 0;
        seen |= free[i] && free_other ? bit : 0;
        l->facts.can_happen |= bit;
    }
    s->outcomes_differ |= (seen & (seen - 1)) != 0;
    if (!free_other)
        return;
    note_cover(l, s, row);
    for (uint32_t i = 0; i < l->table.shown_count; i++)
        if (plain_reveals(&l->table, l->table.shown[i].outcome)) {
            note_groups(l, s, row);
            break;
        }
}

/* --------------------------------------------------------------------------- conclusions --- */

/* An answer matters when some beginning goes on differently with one of its values than with another. */
static void conclude_matters(tacit_leak *l, surveyor *s)
{
    const tct_crowd *c = own(l, s);
    const uint64_t *after = s->row_hash;
    for (uint32_t v = c->answer_count; v-- > 0;) {
        const tct_crowd_answer *a = &c->answers[v];
        uint64_t *before = s->sense[v % 2];
        for (uint32_t i = 0; i < c->layers[v].states; i++) {
            uint32_t first = TCT_CROWD_NONE;
            before[i] = v + 1;
            for (uint32_t k = 0; k < a->atom_count; k++) {
                uint32_t to = c->layers[v].next[(size_t)i * a->atom_count + k];
                before[i] = mix(before[i], to == TCT_CROWD_NONE ? 0 : after[to]);
                if (to == TCT_CROWD_NONE || !s->free[v][i])
                    continue;
                if (first != TCT_CROWD_NONE && after[first] != after[to] && v > 0)
                    l->facts.matters[c->person] |= (uint64_t)1 << a->question;
                first = to;
            }
        }
        after = before;
    }
}

static void conclude(tacit_leak *l, surveyor *s)
{
    const tct_crowd *c = own(l, s);
    bool decides = s->outcomes_differ;
    for (uint32_t i = 0; i < c->classes; i++)
        if (s->free[c->answer_count][i])
            decides &= (s->seen[i] & (s->seen[i] - 1)) == 0;
    l->facts.decides[c->person] = decides;
    conclude_matters(l, s);
    for (uint32_t k = 0; k < l->sheet->model.outcome_count; k++)
        for (uint32_t q = 0; s->counted[k] != 0 && q < l->sheet->model.question_count; q++) {
            uint64_t told = s->told[k * 64 + q];
            uint32_t permille = (uint32_t)(told * 1000 / s->counted[k]);
            bool asked = false; /* what the rule does not use is told to nobody */
            for (uint32_t v = 1; v < c->answer_count; v++)
                asked |= c->answers[v].question == q;
            if (!asked)
                continue;
            if (permille > l->facts.told[k][c->person].permille)
                l->facts.told[k][c->person].permille = permille;
            if (2 * told > s->counted[k])
                l->facts.told[k][c->person].questions |= (uint64_t)1 << q;
        }
}

/* What the rule shows by itself, without any pair: never more than is true. */
static void from_the_rule(tacit_leak *l)
{
    const tct_graph *g = &l->sheet->graph;
    uint32_t otherwise = tct_model_otherwise(g->model);
    tct_residue_forget(&l->both, 0);
    tct_residue_forget(&l->both, 1);
    tct_residue_update(&l->both, l->both.order, l->both.order_count);
    l->facts.can_happen = (uint32_t)1 << otherwise;
    for (uint32_t k = 0; k < otherwise; k++)
        if (l->both.hi[g->chosen[k]] != 0)
            l->facts.can_happen |= (uint32_t)1 << k;
    for (uint32_t i = 0; i < l->both.order_count; i++) {
        const tct_graph_node *node = tct_graph_at(g, l->both.order[i]);
        for (int p = 0; p < 2; p++)
            l->facts.matters[p] |= node->questions[p] & ~TCT_NOT_NOW_BIT;
    }
}

static bool survey_rows(tacit_leak *l, surveyor *s, uint64_t work)
{
    int other = 1 - s->side;
    const tct_crowd *c = own(l, s), *theirs = &l->crowds[other];
    tct_table_row *row = s->side == TCT_LEAK_ME ? &l->row : &l->row_of_them;
    uint64_t cost = tct_table_work(&l->table, c->classes) + 8 * (uint64_t)c->classes;
    cost += c->classes * (uint64_t)c->answer_count;
    for (bool first = true; s->at < theirs->classes; s->at++, first = false) {
        if (work < cost && !first)
            return false;
        work -= work < cost ? work : cost;
        /* Is this one of theirs anything but "not now"?  The sample says so, as the first way that
         * leads there, and "not now" is the second value. */
        int64_t *slots = l->slots;
        bool not_now = false;
        tct_crowd_sample(theirs, s->at, slots, &not_now);
        tct_table_fill(&l->table, row, c->person, &l->people[s->side], &l->people[other],
                       s->at);
        note_row(l, s, row, !not_now);
    }
    conclude(l, s);
    return true;
}

bool tct_facts_step(tacit_leak *l, uint64_t work)
{
    surveyor *s = l->surveyor;
    if (s == NULL) {
        from_the_rule(l);
        l->facts.exact =
            l->reach == TCT_LEAK_EXACT &&
            (uint64_t)l->crowds[0].classes * l->crowds[1].classes <= TCT_LEAK_PAIRS;
        l->surveyor = s = tct_arena_take(&l->arena, 1, sizeof *s);
        if (!l->facts.exact || s == NULL)
            return true;
        l->facts.can_happen = (uint32_t)1 << tct_model_otherwise(&l->sheet->model);
        l->facts.matters[0] = l->facts.matters[1] = 0;
    }
    uint64_t rows = 0;
    for (int side = 0; side < 2; side++)
        rows +=
            l->crowds[side].classes * tct_table_work(&l->table, l->crowds[1 - side].classes);
    if (rows > FACTS_WORK_MAX || (!s->begun && !begin(l, s))) {
        l->facts.exact = false;
        from_the_rule(l);
        return true;
    }
    if (!survey_rows(l, s, work))
        return false;
    if (s->side == TCT_LEAK_THEM)
        return true;
    *s = (surveyor){.side = TCT_LEAK_THEM};
    return false;
}
