/* SPDX-License-Identifier: ISC
 *
 * All answer sheets of one person, folded answer by answer.
 */
#include "leak/crowd.h"

#include <string.h>

#include "rule/allowed.h"

/* ------------------------------------------------------------------------------ limits --- */

bool tct_crowd_tied(const tct_question *q)
{
    return q->kind == TACIT_POINTS || q->kind == TACIT_RANKING ||
           (q->kind == TACIT_SUBSET && (q->min > 0 || q->max < (int64_t)q->slot_count)) ||
           (q->kind == TACIT_CHOICE && q->limit_count > 0);
}

static bool choices_standing(const tct_question *q, uint32_t given, const int64_t *v, bool last,
                             tct_bits *out)
{
    for (uint32_t l = 0; l < q->limit_count; l++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < given; i++)
            count += (q->limits[l].options >> v[i] & 1) != 0;
        uint32_t missing = count < q->limits[l].least ? q->limits[l].least - count : 0;
        if (count > q->limits[l].most || missing > q->slot_count - given)
            return false;
        if (out != NULL && !last)
            tct_bits_add(out, count, 8);
    }
    return true;
}

bool tct_crowd_standing(const tct_model *m, const tct_question *q, uint32_t slot,
                        const int64_t *values, tct_bits *out)
{
    const int64_t *v = values + q->first_slot;
    uint32_t given = slot - q->first_slot + 1;
    bool last = given == q->slot_count;
    int64_t sum = 0;
    uint64_t ranks = 0;
    if (!tct_crowd_tied(q))
        return true;
    if (last && !tct_question_allowed(m, q, values))
        return false;
    if (q->kind == TACIT_CHOICE)
        return choices_standing(q, given, v, last, out);
    for (uint32_t i = 0; i < given; i++) {
        sum += v[i];
        if (q->kind == TACIT_RANKING) {
            uint64_t bit = (uint64_t)1 << (v[i] - 1);
            if ((ranks & bit) != 0)
                return false;
            ranks |= bit;
        }
    }
    if (out != NULL && !last)
        tct_bits_add(out, q->kind == TACIT_RANKING ? ranks : (uint64_t)sum, 64);
    if (q->kind == TACIT_POINTS)
        return sum <= q->total;
    return q->kind != TACIT_SUBSET ||
           (sum <= q->max && sum + (int64_t)(q->slot_count - given) >= q->min);
}

/* ------------------------------------------------------------------------------- atoms --- */

/* Nodes that this answer alone decides, and of which something else makes use. */
static uint32_t telling_nodes(tct_crowd *f, uint32_t slot, tct_node *out)
{
    tct_residue *r = &f->residue;
    const tct_graph *g = r->g;
    uint32_t count = 0;
    memset(r->live, 0, g->count);
    for (uint32_t k = 0; k < tct_model_otherwise(g->model); k++)
        r->live[g->chosen[k]] = 1;
    for (uint32_t i = 0; i < g->reveal_count; i++)
        for (uint32_t j = 0; j < g->reveals[i].count; j++)
            r->live[g->reveals[i].nodes[j]] = 1;
    for (uint32_t i = r->order_count; i-- > 0;) {
        const tct_graph_node *node = tct_graph_at(g, r->order[i]);
        bool own = tct_graph_local(node) == f->person && node->only_slot == (int32_t)slot;
        if (own && r->live[r->order[i]])
            out[count++] = r->order[i];
        for (uint32_t k = 0; !own && k < node->kid_count; k++)
            r->live[node->kids[k]] = 1;
    }
    return count;
}

/* What the limits of its question see of a value. */
static void write_limits(const tct_question *q, int64_t value, tct_bits *out)
{
    for (uint32_t l = 0; q->kind == TACIT_CHOICE && l < q->limit_count; l++)
        tct_bits_add(out, q->limits[l].options >> value & 1, 1);
    if (q->kind != TACIT_CHOICE && tct_crowd_tied(q))
        tct_bits_add(out, (uint64_t)value, 64);
}

static tct_err take_atoms(tct_crowd *f, tct_crowd_answer *a)
{
    a->atom_of = tct_arena_take(f->arena, a->value_count, sizeof(uint32_t));
    a->example = tct_arena_take(f->arena, a->value_count, sizeof(uint32_t));
    a->size = tct_arena_take(f->arena, a->value_count, sizeof(uint32_t));
    return a->atom_of != NULL && a->example != NULL && a->size != NULL ? TCT_OK
                                                                       : TCT_ERR_MEMORY;
}

/* Groups the values of an answer by what the rule sees of them. */
static tct_err find_atoms(tct_crowd *f, tct_crowd_answer *a)
{
    const tct_question *q = &f->model->questions[a->question];
    tct_residue *r = &f->residue;
    tct_node *telling = f->affected; /* scratch, both parts of it */
    uint32_t count = telling_nodes(f, a->slot, telling);
    bool itself = false;
    for (uint32_t i = 0; i < count; i++)
        itself |= tct_graph_at(r->g, telling[i])->op == TCT_G_SLOT;
    if (itself || (q->kind != TACIT_CHOICE && tct_crowd_tied(q))) {
        a->atom_count = a->value_count;
        return TCT_OK;
    }
    if (take_atoms(f, a) != TCT_OK)
        return TCT_ERR_MEMORY;
    tct_node *below = telling + count;
    uint32_t below_count = tct_residue_affected(r, f->person, a->slot, below);
    f->spent += a->value_count * (uint64_t)(below_count + 1);
    if (f->spent > TCT_CROWD_LOOKS_MAX || f->spent > f->work_max)
        return TCT_ERR_LIMIT;
    tct_strings_clear(&f->strings);
    for (uint32_t i = 0; i < a->value_count; i++) {
        int64_t value = tct_slot_value(q, i);
        tct_bits bits = tct_strings_begin(&f->strings);
        tct_residue_set(r, f->person, a->slot, value);
        tct_residue_update(r, below, below_count);
        for (uint32_t k = 0; k < count; k++)
            tct_bits_add(&bits, (uint64_t)r->lo[telling[k]], 64);
        write_limits(q, value, &bits);
        uint32_t atom = tct_strings_put(&f->strings, &bits);
        f->beyond_room = atom == TCT_CROWD_NONE;
        if (f->beyond_room)
            return TCT_ERR_LIMIT;
        a->atom_of[i] = atom;
        if (a->size[atom]++ == 0)
            a->example[atom] = i;
    }
    a->atom_count = f->strings.count;
    tct_residue_forget(r, f->person);
    tct_residue_update(r, below, below_count);
    return TCT_OK;
}

uint32_t tct_crowd_size(const tct_crowd *f, uint32_t answer, uint32_t atom)
{
    const tct_crowd_answer *a = &f->answers[answer];
    return a->size == NULL ? 1 : a->size[atom];
}

int64_t tct_crowd_value(const tct_crowd *f, uint32_t answer, uint32_t index)
{
    const tct_crowd_answer *a = &f->answers[answer];
    return a->slot == UINT32_MAX ? (int64_t)index
                                 : tct_slot_value(&f->model->questions[a->question], index);
}

int64_t tct_crowd_example(const tct_crowd *f, uint32_t answer, uint32_t atom)
{
    const tct_crowd_answer *a = &f->answers[answer];
    return tct_crowd_value(f, answer, a->example == NULL ? atom : a->example[atom]);
}

uint32_t tct_crowd_atom(const tct_crowd *f, uint32_t answer, int64_t value)
{
    const tct_crowd_answer *a = &f->answers[answer];
    int64_t first = tct_crowd_value(f, answer, 0), step = 1;
    if (a->slot != UINT32_MAX && f->model->questions[a->question].kind == TACIT_NUMBER)
        step = f->model->questions[a->question].step;
    uint32_t index = (uint32_t)((value - first) / step);
    return a->atom_of == NULL ? index : a->atom_of[index];
}

/* ----------------------------------------------------------------------------- answers --- */

/* Which answers of the person does the rule use?  Of a question that ties its answers, all. */
static bool used(const tct_crowd *f, const uint8_t *named, uint32_t question, uint32_t slot)
{
    const tct_question *q = &f->model->questions[question];
    if (!tct_crowd_tied(q))
        return named[slot] != 0;
    for (uint32_t s = q->first_slot; s < q->first_slot + q->slot_count; s++)
        if (named[s] != 0)
            return true;
    return false;
}

static tct_err find_answers(tct_crowd *f)
{
    const tct_model *m = f->model;
    tct_residue *r = &f->residue;
    uint8_t *named = tct_arena_take(f->arena, m->slot_count + 1, 1);
    f->answers = tct_arena_take(f->arena, m->slot_count + 1, sizeof *f->answers);
    if (named == NULL || f->answers == NULL)
        return TCT_ERR_MEMORY;
    for (uint32_t i = 0; i < r->order_count; i++) {
        const tct_graph_node *node = tct_graph_at(r->g, r->order[i]);
        if (node->op == TCT_G_SLOT && node->person == f->person)
            named[node->slot] = 1;
    }
    f->answers[f->answer_count++] =
        (tct_crowd_answer){.slot = UINT32_MAX, .value_count = 2, .atom_count = 2};
    for (uint32_t i = 0; i < m->question_count; i++) {
        const tct_question *q = &m->questions[i];
        uint64_t values = tct_slot_values(m, q);
        if (q->person == !f->person)
            continue;
        for (uint32_t s = q->first_slot; s < q->first_slot + q->slot_count; s++) {
            if (!used(f, named, i, s))
                continue;
            if (values > TCT_CROWD_VALUES_MAX || f->answer_count == TCT_CROWD_ANSWERS_MAX)
                return TCT_ERR_LIMIT;
            tct_crowd_answer *a = &f->answers[f->answer_count++];
            *a = (tct_crowd_answer){.slot = s, .question = i, .value_count = (uint32_t)values};
        }
    }
    for (uint32_t v = 0; v < f->answer_count; v++) {
        tct_crowd_answer *a = &f->answers[v];
        tct_err err = a->slot == UINT32_MAX ? TCT_OK : find_atoms(f, a);
        if (err != TCT_OK)
            return err;
        a->first_atom = f->atom_count;
        a->allowed_count = a->value_count; /* as far as is known before weighing */
        f->atom_count += a->atom_count;
        if (f->atom_count > TCT_CROWD_ATOMS_MAX)
            return TCT_ERR_LIMIT;
    }
    f->node_work = r->order_count + 8;
    for (uint32_t i = 0; i < r->order_count; i++)
        f->node_work += tct_graph_at(r->g, r->order[i])->kid_count;
    return TCT_OK;
}

/* ------------------------------------------------------------------------------- layers --- */

static tct_err begin_layer(tct_crowd *f)
{
    const tct_crowd_answer *a = &f->answers[f->layer];
    tct_crowd_layer *l = &f->layers[f->layer];
    f->state = 0;
    l->next = tct_arena_take(f->arena, (size_t)l->states * a->atom_count, sizeof(uint32_t));
    f->affected_count = tct_residue_affected(&f->residue, f->person, a->slot, f->affected);
    return l->next != NULL ? TCT_OK : TCT_ERR_MEMORY;
}

tct_err tct_crowd_init(tct_crowd *f, tct_arena *arena, const tct_graph *g, int person,
                       const tct_strings *strings, uint64_t work_max)
{
    *f = (tct_crowd){.person = person, .model = g->model, .arena = arena, .strings = *strings};
    f->work_max = work_max;
    tct_err err = tct_residue_init(&f->residue, arena, g, person == 0 ? TCT_OF_A : TCT_OF_B);
    f->affected = tct_arena_take(arena, 2 * (size_t)g->count, sizeof *f->affected);
    if (err != TCT_OK || f->affected == NULL)
        return TCT_ERR_MEMORY;
    tct_residue_update(&f->residue, f->residue.order, f->residue.order_count);
    err = find_answers(f);
    if (err == TCT_ERR_LIMIT) { /* said of the fold, not of the machine */
        f->too_many = true;
        f->answer_count = f->atom_count = 0;
        return TCT_OK;
    }
    if (err != TCT_OK)
        return err;
    f->layers = tct_arena_take(arena, f->answer_count + 1, sizeof *f->layers);
    if (f->layers == NULL)
        return TCT_ERR_MEMORY;
    f->layers[0].states = 1;
    return begin_layer(f);
}

tct_err tct_crowd_again(tct_crowd *f, const tct_residue *both)
{
    tct_residue *r = &f->residue;
    for (tct_node n = 0; n < r->g->count; n++)
        if (!r->varies[n]) {
            r->lo[n] = both->lo[n];
            r->hi[n] = both->hi[n];
        }
    tct_residue_forget(r, f->person);
    tct_residue_update(r, r->order, r->order_count);
    f->layer = f->classes = 0;
    f->spent = 0;
    f->too_many = f->beyond_room = false;
    f->scratch[0] = f->scratch[1] = NULL;
    f->layers = tct_arena_take(f->arena, f->answer_count + 1, sizeof *f->layers);
    if (f->layers == NULL)
        return TCT_ERR_MEMORY;
    f->layers[0].states = 1;
    return begin_layer(f);
}

/* Sets the answers that lead to a state. */
static void retrace(const tct_crowd *f, uint32_t layer, uint32_t state, tct_residue *r)
{
    for (uint32_t v = layer; v-- > 0;) {
        const tct_crowd_layer *to = &f->layers[v + 1];
        tct_residue_set(r, f->person, f->answers[v].slot,
                        tct_crowd_example(f, v, to->via[state]));
        state = to->parent[state];
    }
}

/* All that may follow a state.  Strings of the next layer are numbered as its states. */
static bool expand(tct_crowd *f, uint32_t *parent, uint32_t *via)
{
    const tct_crowd_answer *a = &f->answers[f->layer];
    tct_residue *r = &f->residue;
    tct_crowd_layer *l = &f->layers[f->layer];
    tct_residue_forget(r, f->person);
    retrace(f, f->layer, f->state, r);
    tct_residue_update(r, r->order, r->order_count);
    for (uint32_t atom = 0; atom < a->atom_count; atom++) {
        uint32_t *next = &l->next[(size_t)f->state * a->atom_count + atom];
        tct_bits bits = tct_strings_begin(&f->strings);
        tct_residue_set(r, f->person, a->slot, tct_crowd_example(f, f->layer, atom));
        *next = TCT_CROWD_NONE;
        if (a->slot != UINT32_MAX &&
            !tct_crowd_standing(f->model, &f->model->questions[a->question], a->slot,
                                r->of[f->person].values, &bits))
            continue;
        tct_residue_update(r, f->affected, f->affected_count);
        tct_residue_write(r, &bits);
        uint32_t before = f->strings.count;
        *next = tct_strings_put(&f->strings, &bits);
        f->beyond_room = *next == TCT_CROWD_NONE;
        if (f->beyond_room || f->strings.count > f->classes_max)
            return false;
        if (*next == before) {
            parent[before] = f->state;
            via[before] = atom;
        }
    }
    return true;
}

/* The states of the next layer are known: keep how each is reached. */
static tct_err end_layer(tct_crowd *f)
{
    tct_crowd_layer *to = &f->layers[f->layer + 1];
    to->states = f->strings.count;
    to->parent = tct_arena_take(f->arena, to->states, sizeof(uint32_t));
    to->via = tct_arena_take(f->arena, to->states, sizeof(uint32_t));
    if (to->parent == NULL || to->via == NULL)
        return TCT_ERR_MEMORY;
    memcpy(to->parent, f->scratch[0], to->states * sizeof(uint32_t));
    memcpy(to->via, f->scratch[1], to->states * sizeof(uint32_t));
    f->layer++;
    if (f->layer < f->answer_count)
        return begin_layer(f);
    f->classes = to->states;
    return tct_crowd_weigh(f);
}

static tct_err give_up(tct_crowd *f, bool *more)
{
    f->too_many = true;
    *more = false;
    return TCT_OK;
}

tct_err tct_crowd_step(tct_crowd *f, uint64_t work, uint32_t classes_max, bool *more)
{
    *more = false;
    f->classes_max = classes_max;
    if (f->too_many || f->classes > 0)
        return TCT_OK;
    for (int i = 0; i < 2 && f->scratch[0] == NULL; i++) {
        f->scratch[1 - i] = tct_arena_take(f->arena, f->strings.count_max, sizeof(uint32_t));
        if (f->scratch[1 - i] == NULL)
            return TCT_ERR_MEMORY;
    }
    for (bool first = true; f->classes == 0; first = false) {
        const tct_crowd_answer *a = &f->answers[f->layer];
        uint64_t cost = (uint64_t)a->atom_count * f->node_work + 64;
        if (work < cost && !first) {
            *more = true;
            return TCT_OK;
        }
        work -= work < cost ? work : cost;
        f->spent += cost;
        if (f->spent > f->work_max)
            return give_up(f, more);
        if (f->state == 0) /* somebody else may have written there since */
            tct_strings_clear(&f->strings);
        if (!expand(f, f->scratch[0], f->scratch[1]))
            return give_up(f, more);
        if (++f->state < f->layers[f->layer].states)
            continue;
        tct_err err = end_layer(f);
        if (err == TCT_ERR_MEMORY)
            return give_up(f, more);
        if (err != TCT_OK)
            return err;
    }
    return TCT_OK;
}

/* ----------------------------------------------------------------------------- classes --- */

int64_t tct_crowd_given(const tct_crowd *f, uint32_t answer, const tacit_answers *answers)
{
    uint32_t slot = f->answers[answer].slot;
    return slot == UINT32_MAX ? answers->not_now : answers->value[slot];
}

uint32_t tct_crowd_class(const tct_crowd *f, const tacit_answers *answers)
{
    uint32_t state = 0;
    for (uint32_t v = 0; v < f->answer_count; v++)
        state = f->layers[v].next[(size_t)state * f->answers[v].atom_count +
                                  tct_crowd_atom(f, v, tct_crowd_given(f, v, answers))];
    return state;
}

void tct_crowd_sample(const tct_crowd *f, uint32_t class_index, int64_t *slots, bool *not_now)
{
    uint32_t state = class_index;
    for (uint32_t v = f->answer_count; v-- > 0;) {
        const tct_crowd_layer *to = &f->layers[v + 1];
        int64_t value = tct_crowd_example(f, v, to->via[state]);
        if (f->answers[v].slot == UINT32_MAX)
            *not_now = value != 0;
        else
            slots[f->answers[v].slot] = value;
        state = to->parent[state];
    }
}
