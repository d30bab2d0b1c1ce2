/* SPDX-License-Identifier: ISC
 *
 * model.h — a sheet as the parser made it and the type check completed it.
 *
 * Shapes   everything lives in the sheet's arena; ids are NUL-terminated ASCII, texts UTF-8 without
 *          control characters (a newline in a text separates paragraphs).
 * Order    parser.h fills names and places, resolve.h the fields marked [resolved].
 */
#ifndef TCT_RULE_MODEL_H
#define TCT_RULE_MODEL_H

#include "rule/source.h"

enum {
    TCT_LISTS_MAX = 8,
    TCT_ITEMS_MAX = 64,     /* of one list */
    TCT_QUESTIONS_MAX = 63, /* one bit each in a word, beside the one for not-now */
    TCT_OPTIONS_MAX = 32,   /* of one question */
    TCT_LIMITS_MAX = 4,     /* on the answers of one question */
    TCT_OUTCOMES_MAX = 16,
    TCT_REVEALS_MAX = 4, /* of one outcome */
    TCT_NOTES_MAX = 64,
    TCT_NESTING_MAX = 32, /* depth of an expression */
    TCT_ID_BYTES_MAX = 32,
    TCT_CHANCE_MAX = 1024, /* N of `also by chance K in N` */
};
/* Numbers stay far from the edge of 64 bits, so that sums of them do too. */
static const int64_t TCT_NUMBER_MAX = 1000000000000000;

typedef struct {
    const char *text; /* NULL: none */
    tct_place at;
} tct_name;

typedef enum {
    TCT_TYPE_WRONG, /* something in it is wrong and has been complained about */
    TCT_TYPE_TRUTH,
    TCT_TYPE_NUMBER,
    TCT_TYPE_CHOICE,
    TCT_TYPE_ITEM,  /* one item of a list, or none */
    TCT_TYPE_SET,   /* some items of a list */
    TCT_TYPE_SPLIT, /* who gets each item */
} tct_type;

typedef enum {
    TCT_E_NUMBER,  /* value */
    TCT_E_OPTION,  /* value: index of an option of question[0] */
    TCT_E_ANSWER,  /* role.name for item; a bare name may turn out to be an option */
    TCT_E_ONE_OF,  /* kids[0] is [not] one of the options; names, later the set `options` */
    TCT_E_COMPARE, /* kids[0] relation kids[1] */
    TCT_E_AND,     /* any number of kids, as E_OR and E_SUM */
    TCT_E_OR,
    TCT_E_NOT,
    TCT_E_PEOPLE, /* fold over the two people */
    TCT_E_SAME,   /* both gave the same answer to kids[0] */
    TCT_E_SUM,    /* kids, the bits of `minus` say which are taken away */
    TCT_E_PRODUCT,
    TCT_E_QUOTIENT, /* rounding */
    TCT_E_LEAST,    /* min of the kids */
    TCT_E_GREATEST, /* max of the kids */
    TCT_E_IF,       /* if kids[0] then kids[1] else kids[2] */
    TCT_E_ITEMS,    /* fold over the items of list: any, all, none, count: [kids[0] holds];
                       sum, min, max: of kids[0] [where kids[1]] */
    TCT_E_WHERE,    /* the items of list where kids[0] */
    TCT_E_SOME,     /* kids[0], at most kids[1] of them by lot */
    TCT_E_BEST,     /* the item of list [where kids[1]] with the highest (or lowest) kids[0] */
    TCT_E_STEP,     /* any step from kids[0] to kids[1], by lot */
    TCT_E_COMPROMISE, /* best compromise of list [where kids[0]] by name: a ranking */
    TCT_E_WINNER,     /* adjusted winner of list by name: points */
    TCT_E_FAIREST,    /* fairest split of list by name: points */
} tct_op;

typedef enum {
    TCT_FOLD_BOTH, /* people: both, either … ; items: all, any, none */
    TCT_FOLD_EITHER,
    TCT_FOLD_NEITHER,
    TCT_FOLD_EXACTLY_ONE,
    TCT_FOLD_COUNT,
    TCT_FOLD_SUM,
    TCT_FOLD_LEAST,
    TCT_FOLD_GREATEST,
} tct_fold;

typedef enum {
    TCT_EQUAL,
    TCT_DIFFERENT,
    TCT_LESS,
    TCT_AT_MOST,
    TCT_MORE,
    TCT_AT_LEAST,
} tct_relation;

typedef enum { TCT_EXACT, TCT_DOWN, TCT_UP } tct_rounding;

typedef struct tct_expr tct_expr;
struct tct_expr {
    tct_op op;
    tct_fold fold;
    tct_relation relation;
    tct_rounding rounding;
    bool negated; /* E_ONE_OF */
    bool plain;   /* E_ONE_OF: written `is x`, not `is one of x` */
    bool lowest;  /* E_BEST: by the lowest score */
    bool whole;   /* E_WINNER: nothing is shared */
    bool by_lot;  /* ties by lot, else by the order of the list */
    uint8_t depth;
    tct_place at;
    int64_t value; /* E_NUMBER, E_OPTION; E_STEP: how large a step is, set by the compiler */
    tct_name role, name, item, list; /* as written */
    tct_expr **kids;
    uint32_t kid_count;
    uint64_t *minus; /* E_SUM: bit i of the array: kid i is taken away */
    tct_name *names; /* E_ONE_OF */
    uint32_t name_count;
    /* [resolved] */
    tct_type type;
    int person;       /* E_ANSWER: 0, 1, or -1: the person in question */
    int question[2];  /* by person; -1: that person is not asked */
    int domain;       /* CHOICE: a question with these options; ITEM, SET, SPLIT: the list */
    int list_index;   /* -1: none */
    int item_index;   /* E_ANSWER for a named item; -1: the current one, or no list */
    uint64_t options; /* E_ONE_OF */
    uint32_t draw;    /* what is drawn by lot for it: the number of the draw */
};

typedef struct {
    tct_name id;
    const char *text;
} tct_option;

typedef struct {
    tct_name id;
    bool editable;
    uint32_t least, most; /* items */
    tct_option *items;
    uint32_t item_count;
    bool from_file; /* the items are those of tacit_items, with places in that text */
} tct_list;

/* A limit on the answers to a question that is asked for each item. */
typedef struct {
    tct_place at;
    bool at_least;         /* else at most */
    bool strict;           /* fewer than, more than */
    bool half;             /* of the items; `rounding` */
    tct_rounding rounding; /* TCT_UP unless said otherwise */
    int64_t number;        /* when not half */
    bool other_than;
    tct_name *names;
    uint32_t name_count;
    uint64_t options;     /* [resolved] those that count */
    uint32_t least, most; /* [resolved] how many answers may be among the options */
} tct_limit;

typedef struct {
    tct_name id, role, list;
    tacit_kind kind;
    bool each, yes_no;
    bool broken; /* how to answer it was complained about: what uses it is not, then */
    const char *prompt, *unit;
    tct_option *options;
    uint32_t option_count;
    int64_t min, max, step, total;
    bool max_given; /* of a subset */
    tct_limit limits[TCT_LIMITS_MAX];
    uint32_t limit_count;
    /* [resolved] */
    int person;     /* 0, 1; 2: both */
    int list_index; /* -1: none */
    uint32_t first_slot, slot_count;
} tct_question;

typedef struct {
    tct_name id;
    tct_expr *value;
} tct_reveal;

typedef struct {
    tct_name id;
    tct_place tells_at; /* `may tell of`: what it gives away is known, and told */
    tct_name *tells;
    uint32_t tell_count;
    uint64_t tells_of; /* [resolved] questions */
    const char *headline, *say;
    bool otherwise;
    tct_expr *when;
    uint32_t chance_k, chance_n;
    tct_place chance_at;
    tct_reveal reveals[TCT_REVEALS_MAX];
    uint32_t reveal_count;
} tct_outcome;

typedef struct {
    tct_place at;
    bool guard; /* `stop when` */
    tct_expr *when;
    const char *text;
    bool concerns[2]; /* [resolved] */
} tct_note;

typedef struct {
    const char *title, *about;
    tct_name people[2]; /* text NULL: one kind of person */
    tct_list lists[TCT_LISTS_MAX];
    uint32_t list_count;
    tct_question questions[TCT_QUESTIONS_MAX];
    uint32_t question_count;
    tct_outcome outcomes[TCT_OUTCOMES_MAX];
    uint32_t outcome_count;
    tct_note notes[TCT_NOTES_MAX];
    uint32_t note_count;
    uint32_t sleep_hours, once_every_hours;
    bool sleep_optional;
    uint32_t slot_count; /* [resolved] answer slots, over all questions */
} tct_model;

/* The outcome that happens when no other does: the last one. */
static inline uint32_t tct_model_otherwise(const tct_model *m)
{
    return m->outcome_count - 1;
}

/* Number of items that a question has an answer for: 1 without a list. */
static inline uint32_t tct_question_items(const tct_model *m, const tct_question *q)
{
    return q->list_index < 0 ? 1 : m->lists[q->list_index].item_count;
}

#endif
