/* SPDX-License-Identifier: ISC
 *
 * state.h — what a tacit_leak is, and what it finds.
 *
 * Shapes   side ME: what they learn about me; THEM: what I learn about them.
 */
#ifndef TCT_LEAK_STATE_H
#define TCT_LEAK_STATE_H

#include "leak/views.h"

enum { TCT_LEAK_ME = 0, TCT_LEAK_THEM = 1 };

/* How much was looked at. */
typedef enum {
    TCT_LEAK_EXACT,
    TCT_LEAK_NEAR, /* all of theirs, but of mine those near my own: what is called possible is */
    TCT_LEAK_CERTAIN, /* the rule alone: what is called ruled out is, and more may be */
} tct_leak_reach;

/* What an outcome tells about one answer.  Values, not atoms, are counted. */
typedef struct {
    bool seen;
    uint32_t left, most_left; /* possible values: in the case that tells most, and least */
    uint32_t after; /* odds of the true answer where `left` was found, in millionths */
    uint32_t lowest, highest; /* … over all cases */
    uint8_t *possible;        /* by atom, where `left` was found */
    int bound_by_view; /* side THEM: 1: at least the number that is shown, always; -1: at most */
} tct_finding;

typedef struct {
    bool can_happen; /* with my answers */
    bool shows_all;  /* some case was too rich: counted as if it told what it is drawn from */
    bool
        cut_short; /* side THEM: too many different things may be seen; not all were looked at */
    uint32_t sheets;      /* odds beforehand of the answer sheets left at worst, of 2^31 */
    bool sheets_lost;     /* some combination is ruled out in some case */
    tct_finding *answers; /* by answer of that person's crowd */
} tct_told;

/* Answer sheets near mine, for want of all: of one answer after the other, with what else must change
 * then.  Theirs are folded anew each time, with all that stays as it is of mine known. */
typedef struct {
    uint32_t answer; /* which one; beyond the last: none, mine alone */
    bool folding, roomy;
    size_t mark;     /* of the arena: behind it is what belongs to one answer */
    uint8_t *varied; /* by slot: not the same in all of them */
    uint32_t count, room;
    uint32_t words;  /* for one bit of each atom */
    uint64_t *atoms; /* [one of them][word]: its atoms */
} tct_near;

typedef enum {
    TCT_STAGE_PROVE, /* facts that need no crowds */
    TCT_STAGE_BEGIN,
    TCT_STAGE_FOLD_THEM,
    TCT_STAGE_FOLD_ME,
    TCT_STAGE_ENTER,
    TCT_STAGE_NEAR,
    TCT_STAGE_ABOUT_ME,
    TCT_STAGE_ABOUT_THEM,
    TCT_STAGE_REFLECT,
    TCT_STAGE_FACTS,
    TCT_STAGE_DONE,
} tct_leak_stage;

/* For reflecting. */
typedef struct {
    uint8_t *alone; /* by answer of mine: outcome that it settles alone, + 1; 0: none */
    struct {
        bool can_happen, all; /* all: whatever they answer, but for "not now" */
        bool enough;          /* any answers that are possible one by one lead there together */
        uint8_t *possible;    /* by atom of theirs */
    } needs[TCT_OUTCOMES_MAX];
} tct_reflection;

struct tacit_leak {
    tct_arena arena;        /* everything below lives here */
    size_t fold_mark, peak; /* peak: how much of the arena was ever used */
    const tacit_sheet *sheet;
    int person;
    unsigned wants;
    tacit_answers *answers; /* secret */
    tct_leak_stage stage;
    uint32_t progress; /* 0 … TACIT_LEAK_DONE */
    tct_leak_reach reach;
    uint32_t fold_limits[2]; /* by side: classes that are not too many */
    bool folded_again;       /* the limits are those that the smaller crowd allows the other */
    bool failed; /* too little memory for what it set out to do: the rule alone is looked at */
    int level;   /* of the room for folding */
    tct_table table;
    bool has_table;
    tct_residue both;
    tct_crowd crowds[2]; /* by side */
    tct_strings strings;
    tct_near near;
    tct_table_people people[2]; /* by side */
    tct_table_row row;          /* of mine, and of theirs */
    tct_table_row row_of_them;
    tct_viewer viewer;
    uint64_t pairs_max; /* how many pairs are always looked at */
    uint32_t near_classes_max;
    uint32_t mine;  /* number of my own answers among mine */
    uint32_t at;    /* row, or class, at hand */
    uint64_t spent; /* steps of the scans so far, of TCT_LEAK_WORK_MAX */
    bool exhausted; /* that did not suffice */
    uint32_t *odds;
    uint64_t *set; /* of mine, one bit each */
    uint64_t *mass;
    uint32_t
        *before[2]; /* by side and answer: odds of my answer beforehand (side ME), millionths */
    tct_view *views; /* of them, each once */
    uint32_t *view_table;
    uint32_t view_count;
    int64_t *slots; /* scratch */
    tct_told told[2][TCT_OUTCOMES_MAX];
    tct_reflection reflection;
    tacit_leak_facts facts;
    void *surveyor; /* of facts.c */
};

/* ---- shared by the files of the room ---- */

enum { TCT_VIEW_LIST_MAX = 1 << 16, TCT_NEAR_MAX = 1 << 10, TCT_NEAR_CLASSES_MAX = 1 << 17 };

/* Pairs that are always looked at; 16 times as many when the rule is simple. */
static const uint64_t TCT_LEAK_PAIRS = (uint64_t)1 << 24;

/* A person is waiting: at about a nanosecond a step, more than this is not done, and the rule alone is
 * looked at. */
static const uint64_t TCT_LEAK_WORK_MAX = (uint64_t)1 << 34;

static inline int tct_leak_person(const tacit_leak *l, int side)
{
    return side == TCT_LEAK_ME ? l->person : 1 - l->person;
}

/* What is left of the odds of each atom: `mass`, and the findings of one case. */
void tct_leak_note(tacit_leak *l, int side, const tct_view *view);
/* Odds of a view into l->odds, the coin included; the row at hand is the viewer's. */
void tct_leak_odds(tacit_leak *l, const tct_view *view);
/* a / b in millionths. */
uint32_t tct_leak_millionths(uint64_t a, uint64_t b);

/* near.c: the list for l->near.answer, its atoms, and what l->both knows of it. */
TCT_MUST_CHECK tct_err tct_near_make(tacit_leak *l);

/* scan.c.  Each does some rows; true: all done. */
bool tct_scan_me(tacit_leak *l, uint64_t work);
bool tct_scan_them(tacit_leak *l, uint64_t work);
/* certain.c: what the rule alone tells. */
void tct_certain_find(tacit_leak *l);
/* reflect.c */
void tct_reflect_find(tacit_leak *l);
/* facts.c: what tct_facts_prove (facts.h) left open, if it is not too much to look at. */
bool tct_facts_step(tacit_leak *l, uint64_t work);

#endif
