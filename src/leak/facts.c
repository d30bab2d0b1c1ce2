/* SPDX-License-Identifier: ISC
 *
 * Facts about a rule, whoever answers what: over all pairs, twice, each person once as the one whose
 * answers are looked at.
 */
#include <string.h>

#include "leak/facts.h"

/* Whoever checks a sheet waits. */
static const uint64_t FACTS_WORK_MAX = (uint64_t)1 << 29, SOME_WORK = (uint64_t)1 << 27;

enum { NEAR_VALUES = 4, NEAR_OF = 16 }; /* a number told but for so many values, of so many */

/* The values of one answer in a class, or in a group of them: from the first to the last. */
typedef struct {
    uint32_t lo, hi;
} span;

typedef struct {
    int side; /* whose answers */
    uint32_t at;
    uint32_t stride; /* 1: all rows.  More: every so many, for what is told alone */
    bool ended;
    uint8_t **free;     /* by layer and state: does anything but "not now" lead here? */
    uint32_t *seen;     /* by class: outcomes, one bit each, over all free others */
    uint64_t *row_hash; /* by class: of all that it sees */
    span *spans;        /* [class][answer]: of its values, as numbers of atoms */
    span *group;        /* scratch: the same of a group, at its first class */
    uint64_t *keys;     /* scratch: groups of a row, by what they see … */
    uint32_t *first;    /* … and who was the first of each */
    uint64_t *counted;  /* [outcome]: odds of the pairs that lead there */
    uint64_t *told[2];  /* [outcome][question]: of those that tell it exactly; or nearly */
    uint64_t *size;
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

static void widen(span *s, span by, bool fresh)
{
    s->lo = fresh || by.lo < s->lo ? by.lo : s->lo;
    s->hi = fresh || by.hi > s->hi ? by.hi : s->hi;
}

/* Which atoms of each answer a class has, from first to last.  Layer by layer: the rows of a layer are
 * written from those of the layer before. */
static bool find_spans(tacit_leak *l, surveyor *s)
{
    const tct_crowd *c = own(l, s);
    uint32_t width = c->answer_count;
    span *before = tct_arena_take(&l->arena, width, sizeof *before);
    for (uint32_t v = 0; v < width && before != NULL; v++) {
        span *after = tct_arena_take(&l->arena, (size_t)c->layers[v + 1].states * (width + 1),
                                     sizeof *after);
        uint32_t atoms = c->answers[v].atom_count;
        uint8_t *known = tct_arena_take(&l->arena, c->layers[v + 1].states, 1);
        if (after == NULL || known == NULL)
            return false;
        for (uint32_t i = 0; i < c->layers[v].states; i++)
            for (uint32_t k = 0; k < atoms && s->free[v][i] && (v > 0 || k == 0); k++) {
                uint32_t to = c->layers[v].next[(size_t)i * atoms + k];
                if (to == TCT_CROWD_NONE)
                    continue;
                for (uint32_t w = 0; w <= v; w++)
                    widen(&after[(size_t)to * width + w],
                          w == v ? (span){k, k} : before[(size_t)i * width + w], !known[to]);
                known[to] = 1;
            }
        before = after;
    }
    s->spans = before;
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
    s->outcomes_differ = false;
    s->seen = tct_arena_take(&l->arena, c->classes, sizeof *s->seen);
    s->row_hash = tct_arena_take(&l->arena, c->classes, sizeof *s->row_hash);
    s->keys = tct_arena_take(&l->arena, groups, sizeof *s->keys);
    s->first = tct_arena_take(&l->arena, groups, sizeof *s->first);
    s->group =
        tct_arena_take(&l->arena, (size_t)c->classes * c->answer_count, sizeof *s->group);
    s->size = tct_arena_take(&l->arena, c->classes, sizeof *s->size);
    s->counted = tct_arena_take(&l->arena, TCT_OUTCOMES_MAX, sizeof *s->counted);
    for (int i = 0; i < 2; i++)
        s->told[i] = tct_arena_take(&l->arena, TCT_OUTCOMES_MAX * 64, sizeof(uint64_t));
    s->sense[0] = tct_arena_take(&l->arena, most, sizeof(uint64_t));
    s->sense[1] = tct_arena_take(&l->arena, most, sizeof(uint64_t));
    return s->seen != NULL && s->row_hash != NULL && s->keys != NULL && s->first != NULL &&
           s->group != NULL && s->size != NULL && s->counted != NULL && s->told[0] != NULL &&
           s->told[1] != NULL && s->sense[0] != NULL && s->sense[1] != NULL &&
           mark_free(l, s) && find_spans(l, s);
}

/* ------------------------------------------------------------------------------- a row --- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0xff51afd7ed558ccdu;
    return h ^ h >> 32;
}

uint64_t tct_facts_sight(const tacit_leak *l, const tct_table_row *row, uint32_t i)
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

bool tct_facts_plain(const tct_table *t, uint32_t outcome)
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

uint64_t tct_facts_revealed(const tacit_leak *l, uint32_t outcome)
{
    const tct_graph *g = &l->sheet->graph;
    uint64_t questions = 0;
    for (uint32_t i = 0; i < g->reveal_count; i++)
        for (uint32_t j = 0; g->reveals[i].outcome == outcome && j < g->reveals[i].count; j++) {
            const tct_graph_node *node = tct_graph_at(g, g->reveals[i].nodes[j]);
            questions |= node->questions[0] | node->questions[1];
        }
    return questions & ~TCT_NOT_NOW_BIT & ~l->sheet->model.outcomes[outcome].tells_of;
}

/* Puts those who see the same into groups. */
static void find_groups(tacit_leak *l, surveyor *s, const tct_table_row *row)
{
    const tct_crowd *c = own(l, s);
    const uint8_t *free = s->free[c->answer_count];
    uint32_t mask = 1, width = c->answer_count;
    while (mask < 2 * c->classes)
        mask *= 2;
    memset(s->first, 0, mask * sizeof *s->first);
    memset(s->size, 0, c->classes * sizeof *s->size);
    mask--;
    for (uint32_t i = 0; i < c->classes; i++) {
        if (!free[i] || !tct_facts_plain(&l->table, row->outcome[i]))
            continue;
        uint64_t key = tct_facts_sight(l, row, i);
        uint32_t at = (uint32_t)key & mask;
        while (s->first[at] != 0 && s->keys[at] != key)
            at = (at + 1) & mask;
        bool fresh = s->first[at] == 0;
        if (fresh) {
            s->first[at] = i + 1;
            s->keys[at] = key;
        }
        uint32_t head = s->first[at] - 1;
        for (uint32_t v = 1; v < width; v++)
            widen(&s->group[(size_t)head * width + v], s->spans[(size_t)i * width + v], fresh);
        s->size[head] += c->prior[i];
    }
}

/* What a group tells: questions of which one value of each answer is left, or a few. */
static void told_by(const surveyor *s, const tct_crowd *c, uint32_t head, uint64_t told[2])
{
    told[0] = told[1] = ~(uint64_t)0;
    for (uint32_t v = 1; v < c->answer_count; v++) {
        const tct_crowd_answer *a = &c->answers[v];
        span left = s->group[(size_t)head * c->answer_count + v];
        bool exactly = left.lo == left.hi && tct_crowd_size(c, v, left.lo) == 1;
        bool few = a->atom_of == NULL && a->value_count >= NEAR_OF &&
                   left.hi - left.lo < NEAR_VALUES &&
                   c->model->questions[a->question].kind == TACIT_NUMBER;
        if (!exactly)
            told[0] &= ~((uint64_t)1 << a->question);
        if (!exactly && !few)
            told[1] &= ~((uint64_t)1 << a->question);
    }
}

static void note_groups(tacit_leak *l, surveyor *s, const tct_table_row *row, uint32_t weight)
{
    const tct_crowd *c = own(l, s);
    uint64_t told[2];
    find_groups(l, s, row);
    for (uint32_t i = 0; i < c->classes; i++) {
        if (s->size[i] == 0)
            continue;
        uint64_t odds = s->size[i] * weight; /* of 2^62 in all */
        s->counted[row->outcome[i]] += odds;
        told_by(s, c, i, told);
        for (int how = 0; how < 2; how++)
            for (uint32_t q = 0; q < l->sheet->model.question_count; q++)
                if ((told[how] >> q & 1) != 0)
                    s->told[how][row->outcome[i] * 64 + q] += odds;
    }
}

/* Somebody who could have had another outcome sees `otherwise`: whose answers can they rule out? */
static void note_cover(tacit_leak *l, surveyor *s, const tct_table_row *row)
{
    const tct_crowd *c = own(l, s);
    const uint8_t *free = s->free[c->answer_count];
    uint32_t otherwise = tct_model_otherwise(&l->sheet->model);
    uint64_t tells = l->sheet->model.outcomes[otherwise].tells_of;
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
                l->facts.uncovered[c->person] |= (uint64_t)1 << a->question & ~tells;
        after = before;
    }
}

static void note_row(tacit_leak *l, surveyor *s, const tct_table_row *row, bool free_other,
                     uint32_t weight)
{
    const tct_crowd *c = own(l, s);
    const uint8_t *free = s->free[c->answer_count];
    uint32_t seen = 0;
    for (uint32_t i = 0; i < c->classes; i++) {
        uint32_t bit = (uint32_t)1 << row->outcome[i];
        s->row_hash[i] = mix(s->row_hash[i], tct_facts_sight(l, row, i));
        s->seen[i] |= free_other ? bit : 0;
        seen |= free[i] && free_other ? bit : 0;
        l->facts.can_happen |= bit;
    }
    s->outcomes_differ |= (seen & (seen - 1)) != 0;
    if (!free_other)
        return;
    note_cover(l, s, row);
    for (uint32_t i = 0; i < l->table.shown_count; i++)
        if (tct_facts_plain(&l->table, l->table.shown[i].outcome)) {
            note_groups(l, s, row, weight);
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

static void conclude_told(tacit_leak *l, const surveyor *s)
{
    const tct_crowd *c = own(l, s);
    uint64_t asked = 0; /* what the rule does not use is told to nobody */
    for (uint32_t v = 1; v < c->answer_count; v++)
        asked |= (uint64_t)1 << c->answers[v].question;
    for (uint32_t k = 0; k < l->sheet->model.outcome_count; k++)
        for (uint32_t q = 0; q < l->sheet->model.question_count; q++) {
            uint64_t bit = asked & (uint64_t)1 << q;
            if (2 * s->told[0][k * 64 + q] > s->counted[k])
                l->facts.told[k][c->person].questions |= bit;
            if (2 * s->told[1][k * 64 + q] > s->counted[k])
                l->facts.told[k][c->person].nearly |= bit;
        }
}

static void conclude(tacit_leak *l, surveyor *s)
{
    const tct_crowd *c = own(l, s);
    conclude_told(l, s);
    if (s->stride > 1)
        return;
    bool decides = s->outcomes_differ;
    for (uint32_t i = 0; i < c->classes; i++)
        if (s->free[c->answer_count][i])
            decides &= (s->seen[i] & (s->seen[i] - 1)) == 0;
    l->facts.decides[c->person] = decides;
    conclude_matters(l, s);
}

/* Steps that one row costs. */
static uint64_t row_work(const tacit_leak *l, int side)
{
    const tct_crowd *c = &l->crowds[side];
    return tct_table_work(&l->table, c->classes) + c->classes * (uint64_t)(8 + c->answer_count);
}

static bool survey_rows(tacit_leak *l, surveyor *s, uint64_t work)
{
    int other = 1 - s->side;
    const tct_crowd *c = own(l, s), *theirs = &l->crowds[other];
    tct_table_row *row = s->side == TCT_LEAK_ME ? &l->row : &l->row_of_them;
    uint64_t cost = row_work(l, s->side);
    for (bool first = true; s->at < theirs->classes; s->at += s->stride, first = false) {
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
        note_row(l, s, row, !not_now, theirs->prior[s->at]);
    }
    conclude(l, s);
    return true;
}

/* Rows of both surveys. */
static uint64_t work_of(const tacit_leak *l)
{
    uint64_t work = 0;
    for (int side = 0; side < 2; side++)
        work += l->crowds[1 - side].classes * row_work(l, side);
    return work;
}

/* All rows when they are few enough; else, if something may be told, some of them. */
static bool begin_surveys(tacit_leak *l, surveyor *s)
{
    uint64_t pairs = (uint64_t)l->crowds[0].classes * l->crowds[1].classes, work = work_of(l);
    bool told_only = l->facts.open == TACIT_OPEN_TOLD;
    bool all = work <= (told_only ? SOME_WORK : FACTS_WORK_MAX) && pairs <= TCT_LEAK_PAIRS;
    if (!all && (l->facts.open & TACIT_OPEN_TOLD) == 0)
        return false;
    for (int side = 0; side < 2; side++) {
        s[side] = (surveyor){.side = side, .stride = 1};
        if (!all) /* an odd one, lest it falls in with the steps of what is asked */
            s[side].stride = (uint32_t)(work / SOME_WORK + 1) | 1;
        if (!begin(l, &s[side]))
            return false;
    }
    if (all)
        l->facts = (tacit_leak_facts){.can_happen = (uint32_t)1
                                                    << tct_model_otherwise(&l->sheet->model)};
    l->facts.open &= all ? 0 : ~(unsigned)TACIT_OPEN_TOLD;
    l->facts.exact = l->facts.open == 0;
    return true;
}

bool tct_facts_step(tacit_leak *l, uint64_t work)
{
    surveyor *s = l->surveyor;
    if (s == NULL) {
        if (l->facts.exact || l->reach != TCT_LEAK_EXACT)
            return true;
        l->surveyor = s = tct_arena_take(&l->arena, 2, sizeof *s);
        if (s == NULL || !begin_surveys(l, s))
            return true;
    }
    int side = s[0].ended;
    if (survey_rows(l, &s[side], work))
        s[side].ended = true;
    return s[1].ended;
}
