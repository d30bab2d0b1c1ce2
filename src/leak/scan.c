/* SPDX-License-Identifier: ISC
 *
 * Over all pairs: case by case, what can be seen, and what it leaves.
 *
 * About me: a case is an answer sheet of theirs and what they see.  About them: what I see.
 */
#include <string.h>

#include "leak/state.h"

uint32_t tct_leak_millionths(uint64_t a, uint64_t b)
{
    if (b == 0)
        return 0;
    while (b < (uint64_t)1 << 42 && b != 0) {
        a <<= 1;
        b <<= 1;
    }
    return (uint32_t)(a / (b / 1000000));
}

void tct_leak_odds(tacit_leak *l, const tct_view *view)
{
    const tct_table_row *row = l->viewer.row;
    if (view->outcome != tct_model_otherwise(&l->sheet->model)) {
        tct_views_odds(&l->viewer, view, l->odds);
        return;
    }
    for (uint32_t i = 0; i < row->count; i++)
        l->odds[i] = row->outcome[i] == view->outcome ? TCT_LIKELY_ONE : l->table.chance;
}

/* ------------------------------------------------------------------------------- cases --- */

/* Of those near me only who is possible is known, not how likely. */
static void project_near(tacit_leak *l)
{
    const tct_near *near = &l->near;
    const tct_crowd_answer *a = &l->crowds[TCT_LEAK_ME].answers[near->answer];
    uint32_t from = a->first_atom / 64, atoms = a->first_atom + a->atom_count;
    for (uint32_t w = from; 64 * w < atoms; w++) {
        uint64_t any = 0;
        for (uint32_t i = 0; i < near->count; i++)
            any |= l->odds[i] != 0 ? near->atoms[(size_t)i * near->words + w] : 0;
        for (uint32_t k = 64 * w; k < 64 * w + 64 && k < atoms; k++)
            l->mass[k] = any >> k % 64 & 1;
    }
}

static void note_answer(tacit_leak *l, int side, uint32_t answer, tct_finding *f)
{
    const tct_crowd *c = &l->crowds[side];
    const tct_crowd_answer *a = &c->answers[answer];
    const uint64_t *mass = l->mass + a->first_atom;
    uint64_t total = 0;
    uint32_t left = 0, likeliest = 0, after;
    for (uint32_t k = 0; k < a->atom_count; k++) {
        total += mass[k];
        left += mass[k] != 0 ? tct_crowd_size(c, answer, k) : 0;
        likeliest = mass[k] > mass[likeliest] ? k : likeliest;
    }
    if (side == TCT_LEAK_ME)
        likeliest = tct_crowd_atom(c, answer, tct_crowd_given(c, answer, l->answers));
    after = side == TCT_LEAK_ME && l->reach == TCT_LEAK_NEAR
                ? 0 /* not known */
                : tct_leak_millionths(mass[likeliest], total) /
                      tct_crowd_size(c, answer, likeliest);
    bool worst = !f->seen || left < f->left || (left == f->left && after > f->after);
    f->most_left = !f->seen || left > f->most_left ? left : f->most_left;
    f->lowest = !f->seen || after < f->lowest ? after : f->lowest;
    f->highest = !f->seen || after > f->highest ? after : f->highest;
    f->seen = true;
    if (!worst)
        return;
    f->left = left;
    f->after = after;
    for (uint32_t k = 0; k < a->atom_count; k++)
        f->possible[k] = mass[k] != 0;
}

static void note_sheets(tacit_leak *l, int side, tct_told *told)
{
    const tct_crowd *c = &l->crowds[side];
    uint64_t left = 0;
    bool lost = false;
    if (side == TCT_LEAK_ME && l->reach != TCT_LEAK_EXACT)
        return;
    for (uint32_t i = 0; i < c->classes; i++) {
        left += l->odds[i] != 0 ? c->prior[i] : 0;
        lost |= l->odds[i] == 0;
    }
    if (!told->can_happen || left < told->sheets)
        told->sheets = left >> 31 != 0 ? (uint32_t)1 << 31 : (uint32_t)left;
    told->sheets_lost |= lost;
}

static uint64_t edges(const tct_crowd *c)
{
    uint64_t sum = 0;
    for (uint32_t v = 0; v < c->answer_count; v++)
        sum += (uint64_t)c->layers[v].states * c->answers[v].atom_count;
    return sum;
}

/* What noting one case takes. */
static uint64_t case_work(const tacit_leak *l, int side)
{
    bool is_near = side == TCT_LEAK_ME && l->reach == TCT_LEAK_NEAR;
    const tct_crowd *c = &l->crowds[side];
    return is_near ? l->near.count + (uint64_t)c->answers[l->near.answer].atom_count
                   : edges(c) + 4 * (uint64_t)c->classes + c->atom_count;
}

void tct_leak_note(tacit_leak *l, int side, const tct_view *view)
{
    tct_told *told = &l->told[side][view->outcome];
    l->spent += case_work(l, side);
    l->exhausted |= l->spent > TCT_LEAK_WORK_MAX;
    if (l->exhausted)
        return;
    tct_leak_odds(l, view);
    if (side == TCT_LEAK_ME && l->reach == TCT_LEAK_NEAR)
        project_near(l);
    else
        tct_crowd_project(&l->crowds[side], l->odds, l->mass);
    note_sheets(l, side, told);
    told->can_happen = true;
    told->shows_all |= view->everything;
    uint32_t few = l->viewer.few;
    bool most_telling = few != UINT32_MAX && l->table.shown[few].outcome == view->outcome;
    bool is_near = side == TCT_LEAK_ME && l->reach == TCT_LEAK_NEAR;
    for (uint32_t v = 0; v < l->crowds[side].answer_count; v++) {
        tct_finding *f = &told->answers[v];
        if (is_near && v != l->near.answer)
            continue;
        note_answer(l, side, v, f);
        if (most_telling) /* others, which were not looked at, may tell nothing */
            f->most_left = l->crowds[side].answers[v].allowed_count;
    }
}

/* ---------------------------------------------------------------------------- about me --- */

/* Nothing is revealed and nothing drawn: who sees an outcome is a set, and bits suffice. */
static bool bits_suffice(const tacit_leak *l)
{
    return l->reach == TCT_LEAK_EXACT && l->table.shown_count == 0 && l->table.chance == 0;
}

/* One case: I see `outcome`, and so do those in l->set. */
static void note_set(tacit_leak *l, uint32_t outcome)
{
    tct_told *told = &l->told[TCT_LEAK_ME][outcome];
    const tct_crowd *c = &l->crowds[TCT_LEAK_ME];
    uint32_t there = tct_crowd_project_set(c, l->set, l->mass);
    uint32_t sheets = there > (uint32_t)1 << 30 ? (uint32_t)1 << 31 : 2 * there, left = 0;
    for (uint32_t w = 0; w < l->row.words; w++)
        left += (uint32_t)__builtin_popcountll(l->set[w]);
    told->sheets = !told->can_happen || sheets < told->sheets ? sheets : told->sheets;
    told->sheets_lost |= left < c->classes;
    told->can_happen = true;
    for (uint32_t v = 0; v < c->answer_count; v++)
        note_answer(l, TCT_LEAK_ME, v, &told->answers[v]);
}

static void scan_row_of_bits(tacit_leak *l)
{
    tct_table_fill_planes(&l->table, &l->row, l->person, &l->people[TCT_LEAK_ME],
                          &l->people[TCT_LEAK_THEM], l->at);
    uint32_t outcome = tct_table_outcome(&l->table, &l->row, l->mine);
    tct_table_with_outcome(&l->table, &l->row, outcome, l->set);
    l->spent += case_work(l, TCT_LEAK_ME) / 4;
    note_set(l, outcome);
}

static bool see_about_me(void *context, const tct_view *view)
{
    tacit_leak *l = context;
    tct_leak_note(l, TCT_LEAK_ME, view);
    return l->exhausted;
}

bool tct_scan_me(tacit_leak *l, uint64_t work)
{
    uint32_t otherwise = tct_model_otherwise(&l->sheet->model);
    uint32_t count = l->people[TCT_LEAK_ME].count, rows = l->people[TCT_LEAK_THEM].count;
    uint64_t cost = tct_table_work(&l->table, count), end = l->spent + work;
    l->exhausted |= rows * cost > TCT_LEAK_WORK_MAX;
    for (bool first = true; l->at < rows && !l->exhausted; l->at++, first = false) {
        if (l->spent >= end && !first)
            return false;
        l->spent += cost;
        if (bits_suffice(l)) {
            scan_row_of_bits(l);
            continue;
        }
        tct_table_fill(&l->table, &l->row, l->person, &l->people[TCT_LEAK_ME],
                       &l->people[TCT_LEAK_THEM], l->at);
        tct_viewer_look(&l->viewer, &l->row);
        uint32_t outcome = l->row.outcome[l->mine];
        const tct_view no = {.outcome = otherwise, .like = l->mine};
        if (outcome != otherwise)
            (void)tct_views_of(&l->viewer, l->mine, see_about_me, l);
        if (outcome == otherwise || l->table.chance != 0)
            tct_leak_note(l, TCT_LEAK_ME, &no);
    }
    l->at = 0;
    return true;
}

/* -------------------------------------------------------------------------- about them --- */

static uint64_t hash_view(const tct_viewer *v, const tct_view *view)
{
    uint64_t h = view->outcome + 1;
    for (uint32_t i = 0; i < TCT_REVEALS_MAX && !view->everything; i++)
        h = (h ^ view->value[i]) * 0xff51afd7ed558ccdu, h ^= h >> 29;
    for (uint32_t w = 0; w < v->table->words; w++) {
        h ^= v->row->result[(size_t)view->like * v->table->words + w] &
             v->table->plain_mask[view->outcome][w];
        h = h * 0xff51afd7ed558ccdu;
        h ^= h >> 29;
    }
    return h;
}

/* A view that was not seen before is looked at. */
static bool see_about_them(void *context, const tct_view *view)
{
    tacit_leak *l = context;
    uint32_t mask = 2 * TCT_VIEW_LIST_MAX - 1;
    uint32_t at = (uint32_t)hash_view(&l->viewer, view) & mask;
    for (; l->view_table[at] != 0; at = (at + 1) & mask)
        if (tct_views_same(&l->viewer, &l->views[l->view_table[at] - 1], view))
            return false;
    if (l->view_count == TCT_VIEW_LIST_MAX) {
        l->told[TCT_LEAK_THEM][view->outcome].cut_short = true;
        return true;
    }
    l->views[l->view_count] = *view;
    l->view_table[at] = ++l->view_count;
    tct_leak_note(l, TCT_LEAK_THEM, view);
    return l->exhausted;
}

/* The smallest or largest value of an answer in each class: layer by layer, into of[0]. */
static void find_extremes(const tct_crowd *c, uint32_t answer, bool least, int64_t *of[2])
{
    int64_t none = least ? INT64_MAX : INT64_MIN;
    of[0][0] = none;
    for (uint32_t v = 0; v < c->answer_count; v++) {
        const tct_crowd_layer *layer = &c->layers[v];
        uint32_t atoms = c->answers[v].atom_count;
        for (uint32_t s = 0; s < c->layers[v + 1].states; s++)
            of[1][s] = none;
        for (uint32_t s = 0; s < layer->states; s++)
            for (uint32_t k = 0; k < atoms; k++) {
                uint32_t to = layer->next[(size_t)s * atoms + k];
                int64_t value = v == answer ? tct_crowd_example(c, v, k) : of[0][s];
                if (to != TCT_CROWD_NONE && (least ? value < of[1][to] : value > of[1][to]))
                    of[1][to] = value;
            }
        int64_t *t = of[0];
        of[0] = of[1];
        of[1] = t;
    }
}

/* Whatever step is drawn between two numbers, is this answer of theirs always beyond it? */
static void relate(tacit_leak *l, uint32_t shown, uint32_t answer, int64_t *scratch[2])
{
    const tct_shown *s = &l->table.shown[shown];
    const tct_crowd *c = &l->crowds[TCT_LEAK_THEM];
    const tct_table_row *row = &l->row_of_them;
    const uint64_t *x = row->x + (size_t)shown * row->count,
                   *y = row->y + (size_t)shown * row->count;
    tct_finding *f = &l->told[TCT_LEAK_THEM][s->outcome].answers[answer];
    for (int sign = -1; sign <= 1; sign += 2) {
        bool beyond = f->seen && c->answers[answer].atom_of == NULL;
        if (beyond)
            find_extremes(c, answer, sign > 0, scratch);
        for (uint32_t i = 0; i < c->classes && beyond; i++) {
            int64_t end = s->base + s->step * (int64_t)(sign > 0 ? y[i] : x[i]);
            if (row->outcome[i] == s->outcome)
                beyond = sign > 0 ? scratch[0][i] >= end : scratch[0][i] <= end;
        }
        if (beyond)
            f->bound_by_view = sign;
    }
}

/* For the outcome whose number by lot was looked at where it tells most. */
static void relate_all(tacit_leak *l)
{
    const tct_crowd *c = &l->crowds[TCT_LEAK_THEM];
    uint32_t few = l->viewer.few, most = 1;
    int64_t *scratch[2];
    if (few == UINT32_MAX || l->exhausted)
        return;
    for (uint32_t v = 0; v <= c->answer_count; v++)
        most = c->layers[v].states > most ? c->layers[v].states : most;
    for (int i = 0; i < 2; i++) {
        scratch[i] = tct_arena_take(&l->arena, most, sizeof(int64_t));
        if (scratch[i] == NULL)
            return; /* then only the worst case is told */
    }
    for (uint32_t v = 1; v < c->answer_count; v++)
        if (c->model->questions[c->answers[v].question].kind == TACIT_NUMBER)
            relate(l, few, v, scratch);
}

bool tct_scan_them(tacit_leak *l, uint64_t work)
{
    uint32_t otherwise = tct_model_otherwise(&l->sheet->model);
    uint32_t count = l->people[TCT_LEAK_THEM].count;
    uint64_t end = l->spent + work;
    tct_table_row *row = &l->row_of_them;
    bool no = l->table.chance != 0;
    if (l->at == 0) {
        tct_table_fill(&l->table, row, 1 - l->person, &l->people[TCT_LEAK_THEM],
                       &l->people[TCT_LEAK_ME], l->mine);
        tct_viewer_look(&l->viewer, row);
        for (uint32_t i = 0; i < count; i++)
            no |= row->outcome[i] == otherwise;
        const tct_view view = {.outcome = otherwise};
        if (no)
            tct_leak_note(l, TCT_LEAK_THEM, &view);
    }
    for (; l->at < count && !l->exhausted; l->at++) {
        if (row->outcome[l->at] == otherwise)
            continue;
        if (tct_views_of(&l->viewer, l->at, see_about_them, l))
            break;
        l->spent += 64;
        if (l->spent >= end) {
            l->at++;
            return false;
        }
    }
    relate_all(l);
    l->at = 0;
    return true;
}
