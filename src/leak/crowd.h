/* SPDX-License-Identifier: ISC
 *
 * crowd.h — all answer sheets of one person, folded into the few classes that the rule can tell apart.
 *
 * Method   Answer by answer, "not now" first.  Values of one answer that the rule treats alike are one
 *          atom.  After each answer, beginnings with the same residue (residue.h) and the same standing
 *          towards the limits of the question at hand are one state.  The states after the last
 *          answer are the classes.  Answers that the rule does not use are left out.
 * Shapes   edge (state s of layer v, atom a): index s * atom_count + a of layer v.  NONE: not allowed.
 * Odds     as if every allowed answer sheet had been equally likely.  reach and share are in units of
 *          2^-31, at least one unit for what is possible.
 */
#ifndef TCT_LEAK_CROWD_H
#define TCT_LEAK_CROWD_H

#include "leak/residue.h"

enum {
    TCT_CROWD_CLASSES_MAX = 1 << 20,
    TCT_CROWD_VALUES_MAX = 1 << 20, /* of one answer */
    TCT_CROWD_ANSWERS_MAX = 512,
    TCT_CROWD_ATOMS_MAX = 1 << 21, /* of all answers */
    TCT_CROWD_LOOKS_MAX = 1 << 27, /* nodes looked at for all values of all answers */
};

#define TCT_CROWD_NONE UINT32_MAX

/* A stranger's rule may be made to take long: more than this is not folded. */
static const uint64_t TCT_CROWD_WORK_MAX = (uint64_t)1 << 31;

/* One answer of the person, as far as the rule uses it. */
typedef struct {
    uint32_t slot;     /* UINT32_MAX: "not now", values 0 and 1 */
    uint32_t question; /* of the model; not for "not now" */
    uint32_t value_count, atom_count;
    uint32_t allowed_count; /* values that some allowed answer sheet has */
    uint32_t first_atom;    /* among the atoms of all answers */
    uint32_t *atom_of;      /* by number of the value; NULL: each value is its own atom */
    uint32_t *example;      /* by atom: the number of one of its values; NULL likewise */
    uint32_t *size;         /* by atom: how many values; NULL likewise */
} tct_crowd_answer;

typedef struct {
    uint32_t states;
    uint32_t *next;         /* by edge: state of the next layer */
    uint32_t *parent, *via; /* by state: one way that leads here: state before, atom */
    uint32_t *reach;        /* by edge: odds that an answer sheet takes it */
    uint32_t *share;        /* by edge: the same, given its state */
    uint8_t *
        side_by_side; /* last layer, by state: does it lead to classes with numbers in a row? */
} tct_crowd_layer;

/* A set of strings of bits, numbered as they come. */
typedef struct {
    uint64_t *pool;
    uint32_t *at; /* by string: where it begins; its length in bits stands in front of it */
    uint32_t *table;
    uint32_t table_mask, count, count_max;
    size_t used, room;
} tct_strings;

typedef struct {
    int person;
    const tct_model *model;
    tct_arena *arena;
    tct_residue residue;
    tct_crowd_answer *answers;
    uint32_t answer_count, atom_count;
    tct_crowd_layer *layers; /* answer_count + 1 */
    uint32_t classes;        /* of the last layer */
    uint32_t classes_max;
    bool too_many;    /* it cannot be folded within the limits: only answers and atoms stand */
    bool beyond_room; /* … since there was no more room: with more it might be */
    /* while it is being folded */
    uint32_t layer, state;
    uint32_t node_work; /* of looking at the whole residue once */
    uint64_t spent;     /* steps so far, of work_max */
    uint64_t work_max;
    tct_node *affected;
    uint32_t affected_count;
    tct_strings strings;
    uint32_t *scratch[2]; /* by state, for projections */
    uint32_t *prior;      /* by class: its odds beforehand, in units of 2^-31 */
} tct_crowd;

/* MEMORY.  strings: borrowed until the fold is complete.  work_max: steps, at most CROWD_WORK_MAX. */
TCT_MUST_CHECK tct_err tct_crowd_init(tct_crowd *f, tct_arena *arena, const tct_graph *g,
                                      int person, const tct_strings *strings,
                                      uint64_t work_max);
/* Does about `work` steps.  *more: not complete.  MEMORY is a fold with too_many. */
TCT_MUST_CHECK tct_err tct_crowd_step(tct_crowd *f, uint64_t work, uint32_t classes_max,
                                      bool *more);

/* Anew, with answers of the other known: `both` tells, whose intervals are up to date.  MEMORY. */
TCT_MUST_CHECK tct_err tct_crowd_again(tct_crowd *f, const tct_residue *both);

/* The atom of a value of an answer; a value of an atom, and the value with that number. */
uint32_t tct_crowd_atom(const tct_crowd *f, uint32_t answer, int64_t value);
int64_t tct_crowd_example(const tct_crowd *f, uint32_t answer, uint32_t atom);
int64_t tct_crowd_value(const tct_crowd *f, uint32_t answer, uint32_t index);
uint32_t tct_crowd_size(const tct_crowd *f, uint32_t answer, uint32_t atom);

/* The value that these answers have for it. */
int64_t tct_crowd_given(const tct_crowd *f, uint32_t answer, const tacit_answers *answers);
/* The class of these answers (allowed ones). */
uint32_t tct_crowd_class(const tct_crowd *f, const tacit_answers *answers);
/* One answer sheet of a class: values by slot, and whether it says "not now". */
void tct_crowd_sample(const tct_crowd *f, uint32_t class_index, int64_t *slots, bool *not_now);

enum { TCT_LIKELY_ONE = 1 << 30 };

/* How the odds of each atom become when what was seen has odds likely[class] (of TCT_LIKELY_ONE; 0: it
 * cannot have been).  mass[atom], over all answers: proportional to the odds within each answer, and
 * 0 exactly where the atom is ruled out. */
void tct_crowd_project(const tct_crowd *f, const uint32_t *likely, uint64_t *mass);

/* The same of a set of classes, one bit each, of which any is as likely as another (ONE).  Its odds, of
 * ONE. */
uint32_t tct_crowd_project_set(const tct_crowd *f, const uint64_t *set, uint64_t *mass);

/* Are the answers so far, of which `slot` is the last, within the limits of its question?  Writes their
 * standing to out (or NULL). */
bool tct_crowd_standing(const tct_model *m, const tct_question *q, uint32_t slot,
                        const int64_t *values, tct_bits *out);
/* Does the question tie its answers together? */
bool tct_crowd_tied(const tct_question *q);

/* Fills reach and share (odds.c). */
TCT_MUST_CHECK tct_err tct_crowd_weigh(tct_crowd *f);

/* ---- strings ---- */
TCT_MUST_CHECK tct_err tct_strings_init(tct_strings *s, tct_arena *arena, uint32_t count_max,
                                        size_t words);
void tct_strings_clear(tct_strings *s);
/* Where to write the next one. */
tct_bits tct_strings_begin(const tct_strings *s);
/* Its number, new or old; NONE: full. */
uint32_t tct_strings_put(tct_strings *s, const tct_bits *bits);

#endif
