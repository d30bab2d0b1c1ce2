/* SPDX-License-Identifier: ISC
 *
 * tacit.h — two people apply a rule to their private answers and learn only its outcome.
 *
 * Conventions
 *   Sans-I/O   No function opens a socket or file, reads a clock or draws randomness.  Bytes come in
 *              and go out through the caller; seeds are arguments.  A run is a function of its
 *              seeds, inputs and the peer's bytes.
 *   Memory     The caller owns it and says how much; nothing is allocated or freed.  Objects live in
 *              the memory given to their `_init` and are valid until `_wipe`.
 *   Errors     tacit_status.  USAGE and SPACE leave the object as it was; every other error is final
 *              for that object: later calls return it again.
 *   Secrets    Parameters are public unless the line says *secret*; *peer* marks bytes that an
 *              attacker may have chosen.
 *   Threads    One object, one thread at a time; different objects are independent.
 *   Text       UTF-8; strings given back are NUL-terminated and live as long as their object.
 */
#ifndef TACIT_TACIT_H
#define TACIT_TACIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__ /* the library hides every other name */
#pragma GCC visibility push(default)
#endif

#define TACIT_VERSION "0.1.0"

typedef enum {
    TACIT_OK = 0x00,
    TACIT_ERR_USAGE = 0x01,  /* called at the wrong time; nothing changed */
    TACIT_ERR_SPACE = 0x02,  /* buffer too small; nothing changed */
    TACIT_ERR_ANSWER = 0x03, /* an answer is missing or not allowed; nothing changed */
    TACIT_ERR_MEMORY = 0x11, /* the memory given is too small */
    TACIT_ERR_LIMIT = 0x12,  /* larger than a documented limit */
    TACIT_ERR_SHEET = 0x13,  /* the sheet (or circuit) has errors; see its diagnostics */
    TACIT_ERR_FORMAT = 0x21, /* the peer's bytes are not what the protocol allows */
    TACIT_ERR_CHEAT = 0x22,  /* a check of the peer failed: something did not add up */
    TACIT_ERR_ABORT = 0x23,  /* the peer stopped */
    TACIT_ERR_CODE = 0x24,   /* the two did not use the same code words */
    TACIT_ERR_OTHER_SHEET = 0x25, /* the peer holds another sheet than expected */
    TACIT_ERR_SAME_ROLE = 0x26,   /* both took the same role of the sheet */
    TACIT_ERR_VERSION = 0x27,     /* the peer speaks another version */
    TACIT_ERR_REFUSED = 0x28, /* the relay gave the outcome to nobody; it says not why */
    TACIT_ERR_RELAY = 0x29,   /* the relay cannot do, or did not do, what it says it does */
    TACIT_ERR_TOO_SOON = 0x2a, /* one of the two devices cannot say that the sheet's `once every` has
                                  passed; it says not which, nor why */
    TACIT_ERR_LETTERS = 0x2b, /* one of the two prepares letters, and the other does not */
    TACIT_ERR_USED = 0x2c,    /* used elsewhere: this copy is older than what was sent from it */
} tacit_status;

/* Must be called once before anything else; checks the fast code against known answers.
 * false: this machine cannot be trusted to compute (say so and stop). */
bool tacit_start(void);

/* ------------------------------------------------------------------------------- sheets --- */

enum {
    TACIT_SHEET_TEXT_MAX = 64 * 1024, /* bytes of a sheet */
    TACIT_VALUES_MAX = 2048,          /* answer slots of one person over all questions */
    TACIT_DIAGNOSTICS_MAX = 64,
    TACIT_SHEET_MEMORY = 64 << 20,    /* enough for every sheet within the limits */
};

typedef struct tacit_sheet tacit_sheet;

typedef struct {
    bool warning;             /* a lint, not an error */
    uint32_t line, column;    /* 1-based; column counts characters */
    uint32_t width;           /* characters to underline, at least 1 */
    char message[200];        /* what is wrong, one sentence */
    char hint[160];           /* what was expected, the nearest known word; may be empty */
} tacit_diagnostic;

typedef struct {
    uint32_t count;
    tacit_diagnostic items[TACIT_DIAGNOSTICS_MAX];
} tacit_diagnostics;

/* Reads, checks and compiles a sheet into `memory` (64-aligned; TACIT_SHEET_MEMORY is always enough;
 * borrowed as long as the sheet is used).  text: peer; copied.  SHEET: diagnostics say where.
 * `items`: edited items of editable lists, or NULL (see tacit_items). */
typedef struct tacit_items tacit_items;
tacit_status tacit_sheet_read(tacit_sheet **out, void *memory, size_t memory_bytes,
                              const char *text, size_t text_bytes, const tacit_items *items,
                              tacit_diagnostics *diagnostics);

/* A pair's own items for the lists that may be changed: lines `id: text`; where a sheet has several
 * such lists, below a line `list NAME` each.  A list that is not named keeps its items.  list: the
 * list of the lines before any such line; NULL: the only one. */
struct tacit_items {
    const char *list;
    const char *text; /* peer or file */
    size_t text_bytes;
};

typedef struct {
    const char *id, *text;
} tacit_item; /* an option of a question, an item of a list */

typedef struct {
    const char *id;
    bool editable;
    const tacit_item *items;
    uint32_t item_count;
} tacit_list;

typedef enum {
    TACIT_CHOICE,  /* one of the options */
    TACIT_NUMBER,  /* min … max in steps */
    TACIT_POINTS,  /* `total` spread over the items of a list */
    TACIT_RANKING, /* the items of a list in order, best first */
    TACIT_SUBSET,  /* some items of a list: min … max of them */
} tacit_kind;

typedef struct {
    const char *id;
    int person;         /* 0, 1: that role only; 2: both */
    tacit_kind kind;
    const char *list;   /* id of the list for list questions, else NULL */
    int list_index;     /* -1: none */
    bool each;          /* asked once for every item of the list (CHOICE or NUMBER) */
    const char *prompt;
    const tacit_item *options;
    uint32_t option_count;
    int64_t min, max, step, total;
    const char *unit;   /* "" when none */
    const char *limit;  /* a limit on these answers in plain words, or "" */
    uint32_t first_slot, slot_count; /* where its values stand in tacit_answers.value */
} tacit_question;

typedef struct {
    const char *id, *headline, *say; /* say: "" when none */
    bool otherwise;
    uint32_t chance_k, chance_n; /* `also by chance K in N`; 0, 0: none */
    const char *const *reveals;  /* ids of what it reveals */
    uint32_t reveal_count;
} tacit_outcome_view;

typedef struct {
    const char *title, *about;
    const char *people[2]; /* ids of the two roles; both "" when there is one kind of person */
    const tacit_list *lists;
    uint32_t list_count;
    const tacit_question *questions;
    uint32_t question_count;
    const tacit_outcome_view *outcomes;
    uint32_t outcome_count;
    uint32_t sleep_hours;     /* 0: none */
    bool sleep_optional;      /* `may sleep on it` */
    uint32_t once_every_hours; /* 0: no limit */
    uint32_t and_count;       /* of the compiled circuit */
    uint8_t fingerprint[32];  /* of the canonical text, with the items as edited */
} tacit_sheet_view;

const tacit_sheet_view *tacit_sheet_see(const tacit_sheet *sheet);

/* The rule in plain English, made from the parse tree; and the sheet as JSON (tacit show --json).
 * Writes at most *bytes including a NUL; *bytes: room in, needed out.  SPACE: call again. */
tacit_status tacit_sheet_plain_words(const tacit_sheet *sheet, char *out, size_t *bytes);
tacit_status tacit_sheet_json(const tacit_sheet *sheet, char *out, size_t *bytes);
/* Bytes that the two devices send in one evaluation, both together and as frames for the relay; besides
 * them a beat every few seconds while people answer, and where both are to learn the outcome at the same
 * moment what they leave with the relay. */
uint64_t tacit_sheet_traffic(const tacit_sheet *sheet);
/* Four words that two people can compare aloud. out: at least 64 bytes. */
void tacit_sheet_words(const tacit_sheet *sheet, char out[64]);

/* Answers of one person.  Secret.  Plain storage, owned by the caller; wipe it after sealing. */
typedef struct {
    bool not_now;                    /* "Not now, for any reason" */
    bool given[TACIT_VALUES_MAX];    /* by slot */
    int64_t value[TACIT_VALUES_MAX]; /* CHOICE: option index; NUMBER: the number; POINTS: points of
                                        the item; RANKING: rank of the item from 1; SUBSET: 0/1 */
} tacit_answers;

/* Sets one answer from text, as in an answers file: key `question` or `question.item` (or
 * `not-now`), value an option id, a number, `yes`/`no`, or a comma list (rankings, subsets; points as
 * `item=points` lists or per item).  ANSWER: `error` (160 bytes) says what is wrong. */
tacit_status tacit_answers_set(const tacit_sheet *sheet, int person, tacit_answers *answers,
                               const char *key, const char *value, char error[160]);
/* Are they complete and allowed?  ANSWER: error says which question, why, and what is allowed. */
tacit_status tacit_answers_check(const tacit_sheet *sheet, int person,
                                 const tacit_answers *answers, char error[160]);

/* Private texts for this person alone, by their own answers.  secret in, secret out. */
uint32_t tacit_notes(const tacit_sheet *sheet, int person, const tacit_answers *answers,
                     const char **texts, uint32_t texts_max);

typedef struct {
    const char *id; /* of the reveal */
    bool is_set;    /* items of a list, in the list's order */
    bool is_split;  /* every item: 0 = you keep it, 1 = the other does (from the reader's side) */
    bool is_item;   /* one item */
    int64_t number; /* a value */
    const char *unit;
    const tacit_item *items[64]; /* set, split: all items concerned; item: items[0] */
    uint8_t to_them[64];         /* split only */
    uint8_t percent_to_them[64]; /* split only: 0 or 100; between for what is shared */
    uint32_t item_count;
} tacit_reveal;

typedef struct {
    const tacit_outcome_view *outcome;
    tacit_reveal reveals[4];
    uint32_t reveal_count;
} tacit_outcome;

/* The rule in the clear, for practice and tests: what two sets of answers give.  The lots come from
 * `seed`, so that a run replays. */
tacit_status tacit_sheet_evaluate(const tacit_sheet *sheet, const tacit_answers *const answers[2],
                                  const uint8_t seed[32], int reader, tacit_outcome *out);

/* --------------------------------------------------------------------- what answers tell --- */

/* The leak preview, and what reflecting alone needs: what each outcome would let the other person work
 * out about the answers about to be given, in the worst case over their own answers; the mirror, what
 * this person would learn; and which answers settle the outcome.  Everything happens on this device.
 *
 *     tacit_leak_init(&leak, memory, TACIT_LEAK_MEMORY, sheet, person, &answers, TACIT_LEAK_PREVIEW);
 *     while (tacit_leak_step(leak, 1) < TACIT_LEAK_DONE)
 *         ;                                          (show progress, stay responsive)
 *     tacit_leak_json(leak, text, &bytes);           (or tacit_leak_words)
 *     tacit_leak_wipe(leak);
 *
 * Exact   by looking at every pair of answers that the rule can tell apart, for 2^24 pairs and, where
 *         the rule is simple, more; else a bound that says that it is one: never less is learned than is
 *         said not to be, but maybe less than may be.
 * Odds    of coins and lots, and of answers, are counted as if all answers had been equally likely
 *         beforehand, "not now" as one of two; rounded to a millionth or so. */
typedef struct tacit_leak tacit_leak;

enum {
    TACIT_LEAK_MEMORY = 80 << 20,  /* enough for every sheet; 64-aligned; smaller: MEMORY */
    TACIT_LEAK_DONE = 1000,
};
enum { /* what to work out; may be added */
    TACIT_LEAK_PREVIEW = 1,
    TACIT_LEAK_REFLECT = 2,
    TACIT_LEAK_FACTS = 4, /* about the rule itself, whoever answers what (tacit_leak_facts) */
};

/* sheet: borrowed.  answers: secret, copied, complete (ANSWER); NULL when only facts are wanted. */
tacit_status tacit_leak_init(tacit_leak **out, void *memory, size_t memory_bytes,
                             const tacit_sheet *sheet, int person, const tacit_answers *answers,
                             unsigned wants);
/* Does `slices` pieces of work of a few milliseconds each.  How far it is: 0 … TACIT_LEAK_DONE. */
uint32_t tacit_leak_step(tacit_leak *l, uint32_t slices);

enum { /* what to tell; may be added */
    TACIT_LEAK_SHORT = 0,   /* of each outcome what is most telling */
    TACIT_LEAK_ALL = 1,     /* and answer by answer */
    TACIT_LEAK_FIGURES = 2, /* and how far the odds move */
    TACIT_LEAK_BRIEF = 4,   /* a single sentence for each outcome */
};

/* In sentences; when done (USAGE).  Lines end with a newline, paragraphs with an empty line, and a
 * line that begins with "- " is one of a list.  *bytes: room in, needed out, with a NUL.  SPACE: call
 * again.  Secret: tells of the answers. */
tacit_status tacit_leak_words(const tacit_leak *l, unsigned how, char *out, size_t *bytes);
/* What reflecting tells, in the same form. */
tacit_status tacit_leak_reflect_words(const tacit_leak *l, char *out, size_t *bytes);

/* All of it as one JSON object; texts are sentences as people should read them, most telling first:
 *   {"exact":true, "bound":"", "pairs":N,
 *    "outcomes":[{"id":"…","headline":"…","possible":true,
 *      "about_you":["…"],    what they could work out, at worst: the first sentence sums up, and heads the
 *                            others if it ends with a colon
 *      "about_them":["…"],   what you could
 *      "figures":["…"],      how far odds move
 *      "details":[{"question":"…","item":"…" or null,"prompt":"…","answer":"…",
 *                  "words":"…", "left":["…"], "left_count":4, "of":5, "ruled_out":["…"],   what stays
 *                  possible at worst, in words, one by one (64 at most), and how many; and the rest
 *                  "known":false,"before":333333,"after":331683}],   odds of your answer, in millionths
 *      "details_of_them":[…]}],
 *    "settled":["…"], "needs":[{"id":"…","headline":"…","possible":true,"words":["…"]}]}
 * The last two are empty unless TACIT_LEAK_REFLECT was wanted, and "outcomes" unless _PREVIEW was. */
tacit_status tacit_leak_json(const tacit_leak *l, char *out, size_t *bytes);

enum { /* kinds of facts; may be added */
    TACIT_OPEN_OUTCOMES = 1,
    TACIT_OPEN_DECIDES = 2,
    TACIT_OPEN_MATTERS = 4,
    TACIT_OPEN_COVER = 8,
    TACIT_OPEN_TOLD = 16,
};

/* What holds of the rule, whoever answers what; "not now" left aside.  By question: one bit each.  Shown
 * by proofs and by examples, and by looking at all pairs where those do not suffice and it is feasible. */
typedef struct {
    bool exact;              /* nothing is open */
    unsigned open;           /* kinds of which something is not known: what is unknown of them is given as
                                if nothing were wrong with it */
    uint32_t can_happen;     /* by outcome: bit k.  Otherwise by "not now" or by chance counts */
    bool decides[2];         /* this person's answers alone settle the outcome, whatever the other's */
    uint64_t matters[2];     /* by person: questions that can change what happens */
    uint64_t uncovered[2];   /* by person: questions of which somebody who could have had another outcome
                                can rule out an answer when they see `otherwise`; without those that it
                                says it may tell of */
    struct {                 /* an outcome whose reveals tell the other what was answered … */
        uint64_t questions;  /* … to these, in more than half of the pairs that lead there … */
        uint64_t nearly;     /* … and to these but for a few: of a number with 16 values or more, four
                                at most are left, and stand side by side */
    } told[16][2];           /* by outcome, and by the person whose answers they are */
} tacit_leak_facts;

/* NULL unless wanted and done. */
const tacit_leak_facts *tacit_leak_see_facts(const tacit_leak *l);

void tacit_leak_wipe(tacit_leak *l);

/* What a sheet may say, and should perhaps not: warnings with their places.  facts: what
 * tacit_leak_see_facts gave; NULL: only the warnings that need none. */
void tacit_sheet_lint(const tacit_sheet *sheet, const tacit_leak_facts *facts,
                      tacit_diagnostics *out);

/* ------------------------------------------------------------------------------- codes --- */

enum { TACIT_ROLE_MAX = 64 }; /* bytes of a role's id, with its NUL */
enum { TACIT_CODE_MAX = 64 }; /* bytes of a normalised code, with its NUL */

/* A fresh code `number-word-word`.  seed: secret.  number: given by the relay. */
void tacit_code_make(char out[TACIT_CODE_MAX], uint32_t number, const uint8_t seed[32]);
/* Reads what a person typed: any case, spaces or hyphens.  ANSWER: error names the word that is
 * not one and suggests the nearest. */
tacit_status tacit_code_read(const char *typed, char out[TACIT_CODE_MAX], uint32_t *number,
                             char error[160]);
/* For completion at a prompt: the index-th word that begins with prefix, or NULL. */
const char *tacit_code_complete(const char *prefix, uint32_t index);

/* ---------------------------------------------------------------------------- sessions --- */

/* One evaluation of one sheet by one pair.  The asker creates the room and is the first to send;
 * its first frame can wait in the relay's mailbox until the other person comes. */
typedef struct tacit_session tacit_session;

enum {
    TACIT_FRAME_MAX = 4 << 20, /* bytes of one frame; longer flights are split into frames */
    TACIT_ROOM_BYTES = 16,
    TACIT_DEPOSIT_MAX = 48 * 489, /* bytes of a deposit */
    TACIT_LETTERS_ASKINGS_MAX = 8,
};

typedef struct {
    bool asker;                 /* creator of the room */
    uint8_t room[TACIT_ROOM_BYTES]; /* drawn by the asker; the answerer has it from the relay */
    const char *code;           /* secret; normalised (tacit_code_read); copied */
    const tacit_sheet *sheet;   /* asker: required.  answerer: NULL, or the sheet that is expected */
    int person;                 /* 0, 1: role of the sheet; -1: the default (asker 0, answerer the other) */
    const char *role;           /* answerer: the id of the role to take, when the sheet is not known
                                   yet and so person is -1; NULL: none; copied */
    bool escrow;                /* the relay keeps deposits: both can learn at the same moment */
    uint8_t seed[32];           /* secret, fresh from the system's generator */
    void *sheet_memory;         /* answerer: where the received sheet goes (TACIT_SHEET_MEMORY) */
    size_t sheet_memory_bytes;
} tacit_session_options;

size_t tacit_session_bytes(void);
tacit_status tacit_session_init(tacit_session **out, void *memory, size_t memory_bytes,
                                const tacit_session_options *options);

enum { /* what a session waits for; several may hold at once */
    TACIT_WANT_SEND = 1,    /* tacit_session_send has a frame */
    TACIT_WANT_RECV = 2,    /* a frame from the peer */
    TACIT_WANT_MEMORY = 4,  /* tacit_session_memory, to go on */
    TACIT_WANT_ANSWERS = 8, /* tacit_session_seal: the sheet is there and agreed */
    TACIT_WANT_DEPOSIT = 16, /* tacit_session_deposit: something for the relay to keep */
    TACIT_WANT_VERDICT = 32, /* tacit_session_verdict: what the relay says to both deposits */
    TACIT_WANT_KEEP = 128, /* tacit_session_letters: what was prepared, for the disk */
    TACIT_WANT_PUT_ASIDE = 64, /* tacit_session_put_aside, in place of a deposit now */
};
unsigned tacit_session_want(const tacit_session *s);

typedef enum {
    TACIT_STAGE_PAIRING,   /* waiting for the other person and a valid code */
    TACIT_STAGE_PREPARING, /* paired; the machines prepare; answers may be given */
    TACIT_STAGE_READY,     /* prepared, not sealed */
    TACIT_STAGE_SEALED,    /* own answers are in */
    TACIT_STAGE_DONE,      /* outcome known, nothing left to send */
    TACIT_STAGE_ENDED,     /* over without an outcome; tacit_session_error says why */
} tacit_stage;
tacit_stage tacit_session_stage(const tacit_session *s);
tacit_status tacit_session_error(const tacit_session *s);

/* Writes one frame for the relay.  *bytes: room in (TACIT_FRAME_MAX), written out. */
tacit_status tacit_session_send(tacit_session *s, uint8_t *frame, size_t *bytes);
/* Takes one whole frame.  frame: peer. */
tacit_status tacit_session_recv(tacit_session *s, const uint8_t *frame, size_t bytes);

size_t tacit_session_memory_wanted(const tacit_session *s);
tacit_status tacit_session_memory(tacit_session *s, void *memory, size_t memory_bytes);

/* The sheet both agreed on; NULL before.  The own role in it. */
const tacit_sheet *tacit_session_sheet(const tacit_session *s);
int tacit_session_person(const tacit_session *s);

/* answers: secret, complete (tacit_answers_check), encoded and not kept.  Once; final.  Nothing of them
 * leaves before both people have sealed. */
tacit_status tacit_session_seal(tacit_session *s, const tacit_answers *answers);
/* For a person who leaves: seals *not now*, or puts it in the place of what was sealed, so that the
 * caller can finish without them and nobody can tell.  false: it is too early, or the answers have
 * left; then tacit_session_leave. */
bool tacit_session_not_now(tacit_session *s);
/* A fixed time has passed (5 s, from agreement until the answers leave): says, sealed and the same in
 * size whatever it says, whether this side is ready.  Without beats nobody learns that the other is. */
void tacit_session_beat(tacit_session *s);

/* The time by which both show an outcome, computed or otherwise, in ms of a clock that both have from
 * the relay.  The asker says it before the other comes; 0: none. */
void tacit_session_agree_by(tacit_session *s, uint64_t until_ms);
uint64_t tacit_session_until(const tacit_session *s);
/* What is shown, in place of a computed outcome, when the other leaves, falls silent, or the relay gives
 * nobody anything: the sheet's `otherwise`.  NULL before the two have agreed. */
const tacit_outcome *tacit_session_otherwise(const tacit_session *s);

/* Do both learn the outcome at the same moment?  That takes a relay that keeps deposits, and an outcome
 * of at most 256 bits; else the answerer learns it one message earlier.  Final from the stage
 * PREPARING on, and for the asker as soon as its session has memory. */
bool tacit_session_is_fair(const tacit_session *s);
/* What this side leaves with the relay: TACIT_DEPOSIT_MAX bytes are room enough.  Once; after a lost
 * line the same bytes are handed in again.  From here on it counts as revealed. */
tacit_status tacit_session_deposit(tacit_session *s, uint8_t *out, size_t *bytes);
/* What the relay said, the same to both.  released: bytes is what the other side left.  peer.  OK: the
 * outcome is there.  REFUSED: nobody has it, and nothing accuses anybody; RELAY: what came is not
 * what was left.  After these two tacit_session_recv still takes a frame: the other device's word
 * about what it was told. */
tacit_status tacit_session_verdict(tacit_session *s, bool released, const uint8_t *bytes,
                                   size_t count);
/* Does the other device say that it was given the outcome, when this one was not? */
bool tacit_session_told_only_them(const tacit_session *s);

/* Sleeping on it.  This person asks for a pause before the reveal, in hours (0 … TACIT_PAUSE_MAX), before
 * sealing.  The pause is the longest that the sheet or either of the two asks for, and final once the
 * answers leave; 0: none.  It takes a session that is fair. */
void tacit_session_ask_pause(tacit_session *s, uint32_t hours);
uint32_t tacit_session_pause(const tacit_session *s);
/* Writes all that the reveal will need, and ends the session, with every key wiped and no error.  The
 * bytes are secret: encrypt them, and erase them after the reveal.  tacit_aside_read takes them up. */
size_t tacit_session_aside_bytes(const tacit_session *s); /* 0: nothing to put aside */
tacit_status tacit_session_put_aside(tacit_session *s, uint8_t *out, size_t *bytes);

/* How often, and meeting again.  The library keeps nothing: the caller has the history and the clock.
 *
 * Answers are about to leave: the next frame handed out is the first that follows from them.  What has
 * to be written down before that, must be on the disk before the next tacit_session_send; whoever cannot
 * write it leaves instead. */
bool tacit_session_answers_due(const tacit_session *s);
/* In place of tacit_session_leave, before own answers are sealed: this device's history says that the
 * sheet's `once every` has not passed, or cannot say that it has.  The other side ends with TOO_SOON. */
void tacit_session_too_soon(tacit_session *s);
/* This person would keep the pairing, to meet again without a code.  Before sealing.  Told to the other
 * device when both have sealed, with what it wishes; a program that is honest keeps nothing, and shows
 * nothing, unless both do. */
void tacit_session_ask_keep(tacit_session *s, bool keep);

enum { TACIT_PAIRING_BYTES = 32 };
/* From the moment that both have sealed until the outcome: both wish to keep it, and this is it, the same
 * for both.  Secret.  false: nothing was written. */
bool tacit_session_pairing(const tacit_session *s, uint8_t secret[TACIT_PAIRING_BYTES]);
/* A name for the pairing that stays: of the first secret.  Secret too: it is what a history hangs on. */
void tacit_pairing_id(uint8_t id[TACIT_PAIRING_BYTES], const uint8_t secret[TACIT_PAIRING_BYTES]);
/* What takes its place when the two have met once more (no longer PAIRING, with this one as code).  The
 * answerer writes it down before its next frame leaves, the asker before its next; each keeps the one
 * before until then.  next may be secret. */
void tacit_pairing_next(uint8_t next[TACIT_PAIRING_BYTES],
                        const uint8_t secret[TACIT_PAIRING_BYTES]);
/* For tacit_session_options: the code (secret), and the room in which both look for each other. */
void tacit_pairing_meet(const uint8_t secret[TACIT_PAIRING_BYTES], char code[TACIT_CODE_MAX],
                        uint8_t room[TACIT_ROOM_BYTES]);

/* How many frames of the other's were looked at.  Repeats are not: anyone on the line can make them. */
uint32_t tacit_session_heard(const tacit_session *s);
/* Did this attempt use up one guess of the code (own confirmation has left, no valid one came)? */
bool tacit_session_guess_open(const tacit_session *s);
/* May the other person have seen the outcome? */
bool tacit_session_maybe_revealed(const tacit_session *s);
/* NULL until every check has passed. */
const tacit_outcome *tacit_session_outcome(const tacit_session *s);

/* Ends it: queues one abort frame where the protocol allows (send it if you can), wipes secrets. */
void tacit_session_leave(tacit_session *s);
void tacit_session_wipe(tacit_session *s);

/* What was put aside.  Confirming is handing in its deposit, with the end of the window as its time;
 * withdrawing, or forgetting it, is not doing so.  Both look the same to the other person. */
typedef struct tacit_aside tacit_aside;

enum {
    TACIT_PAUSE_MAX = 72,
    TACIT_ASIDE_MAX = 160 * 1024, /* bytes of anything put aside */
    TACIT_ASIDE_MEMORY = TACIT_SHEET_MEMORY + 256 * 1024,
};

typedef struct {
    const tacit_sheet *sheet;
    int person;
    uint32_t hours;    /* of the pause */
    uint64_t until_ms; /* when the pause begins: the time agreed on, by the relay's clock */
    uint8_t room[TACIT_ROOM_BYTES];
    const uint8_t *deposit; /* the same bytes, as often as they are handed in */
    size_t deposit_bytes;
    const tacit_outcome *otherwise;
} tacit_aside_view;

/* memory: TACIT_ASIDE_MEMORY, 64-aligned.  bytes: copied.  FORMAT: they are damaged, or nothing of
 * ours; VERSION: another version of tacit wrote them. */
tacit_status tacit_aside_read(tacit_aside **out, void *memory, size_t memory_bytes,
                              const uint8_t *bytes, size_t count);
tacit_aside_view tacit_aside_see(const tacit_aside *a);
/* As tacit_session_verdict.  OK: tacit_aside_outcome has it. */
tacit_status tacit_aside_verdict(tacit_aside *a, bool released, const uint8_t *bytes,
                                 size_t count);
const tacit_outcome *tacit_aside_outcome(const tacit_aside *a);
void tacit_aside_wipe(tacit_aside *a);

/* ----------------------------------------------------------------------------- letters --- */

/* Two people who are never online together.  Once, at a meeting (tacit_session_for_letters), their
 * devices prepare a stock for one sheet.  Later each asking is three letters, left at the relay one by
 * one, and two deposits.  Every step is written to the disk before its letter leaves, and the relay
 * notes the first letter of each place, so that no run is ever answered twice (docs/THREATS.md).
 *
 *     writer          other
 *     answers   →                     answer, save, hand over
 *               ←     answers         read from the relay, answer, save, hand over
 *     (nothing  →                     take, save, hand over, deposit
 *      asked)         (nothing asked) take, save, deposit
 *     verdict         verdict         both at the time that the writer named
 */
typedef struct tacit_letters tacit_letters;

enum {
    TACIT_LETTER_MAX = 128 * 1024 + 64,  /* bytes of one letter */
    TACIT_LETTERS_MAX = 24 * 1024 * 1024, /* bytes of all that is kept */
    TACIT_LETTERS_MEMORY = TACIT_SHEET_MEMORY + 64 * 1024,
    TACIT_LETTER_DIGEST = 32,
    TACIT_LETTERS_AHEAD_MS = 2000000000, /* how far ahead an asking may end: 23 days */
};

/* Right after tacit_session_init.  Asker: nothing is asked at this meeting, but so many askings by letter
 * (1 … TACIT_LETTERS_ASKINGS_MAX) are prepared; answerer: this person came for that, whatever the number.
 * USAGE: too late, or too many. */
tacit_status tacit_session_for_letters(tacit_session *s, uint32_t askings);
/* At the meeting: what was prepared, once TACIT_WANT_KEEP is wanted.  Secret: encrypt it.  When it is
 * on the disk say so; when both have said so the session ends, and tacit_session_letters_ready. */
size_t tacit_session_letters_bytes(const tacit_session *s);
tacit_status tacit_session_letters(tacit_session *s, uint8_t *out, size_t *bytes);
void tacit_session_letters_kept(tacit_session *s);
bool tacit_session_letters_ready(const tacit_session *s);
uint32_t tacit_session_letters_count(const tacit_session *s); /* askings; 0: none are prepared */

/* memory: TACIT_LETTERS_MEMORY, 64-aligned.  bytes: borrowed until tacit_letters_memory has returned.
 * FORMAT, VERSION: as tacit_aside_read. */
tacit_status tacit_letters_read(tacit_letters **out, void *memory, size_t memory_bytes,
                                const uint8_t *bytes, size_t count);
size_t tacit_letters_memory_wanted(const tacit_letters *l);
tacit_status tacit_letters_memory(tacit_letters *l, void *memory, size_t memory_bytes);
/* As it stands now: to be on the disk before anything of it leaves. */
size_t tacit_letters_bytes(const tacit_letters *l);
tacit_status tacit_letters_save(const tacit_letters *l, uint8_t *out, size_t *bytes);

typedef enum {
    TACIT_LETTERS_IDLE,    /* nothing is under way: tacit_letters_answer begins an asking */
    TACIT_LETTERS_ASKED,   /* own first letter is made: the other has to answer */
    TACIT_LETTERS_INVITED, /* the other has asked: tacit_letters_answer answers */
    TACIT_LETTERS_WAITING, /* own answer is made: the other's device has to confirm it */
    TACIT_LETTERS_GIVEN,   /* nothing is left but the deposit, and the verdict at its time */
    TACIT_LETTERS_SPENT,   /* no asking is left */
    TACIT_LETTERS_DEAD,    /* a check failed, or this copy was used elsewhere */
} tacit_letters_stage;

typedef struct {
    const tacit_sheet *sheet;
    int person;
    uint8_t room[TACIT_ROOM_BYTES];
    uint32_t askings, left; /* left: with the one under way */
    tacit_letters_stage stage;
    uint64_t until_ms;  /* of what is under way; 0: nothing is */
    uint64_t pause_ms;  /* how long an asking lasts at least: the sheet's pause */
    uint64_t next_ms;   /* an asking begins no sooner: the sheet's `once every` */
    bool crossed;       /* own letter crossed the other's, and is not used: answer theirs */
    const tacit_outcome *otherwise;
} tacit_letters_view;
tacit_letters_view tacit_letters_see(const tacit_letters *l);

/* What the relay has noted of letters that came from this seat.  USED: there is one that this copy
 * does not know; RELAY: the relay has forgotten one that it had noted.  Both end all of it: save. */
typedef struct {
    uint32_t run;
    uint8_t flight;
    uint8_t digest[TACIT_LETTER_DIGEST];
} tacit_letter_note;
tacit_status tacit_letters_check(tacit_letters *l, const tacit_letter_note *notes, size_t count);

/* Begins an asking that ends at until_ms, or answers the other's (until_ms: not looked at).  answers:
 * secret; not kept, but until the other's letter has come they follow from what is kept.  now_ms: the
 * relay's clock.  seed: fresh.  ANSWER: not allowed; LIMIT: too soon, too late or too far ahead;
 * USAGE: not now.  OK: save it, then hand over what is due. */
tacit_status tacit_letters_answer(tacit_letters *l, const tacit_answers *answers,
                                  uint64_t until_ms, uint64_t now_ms, const uint8_t seed[32]);

/* A letter of the other's, as the relay has it.  peer.  OK: *changed says whether there is something to
 * save and hand over; what is stale, foreign or not for now changes nothing.  CHEAT, FORMAT: authentic
 * and wrong: all of it is dead: save. */
tacit_status tacit_letters_take(tacit_letters *l, uint32_t run, uint8_t flight,
                                const uint8_t *bytes, size_t count, uint64_t now_ms,
                                bool *changed);

/* What the relay must have, in order: index 0, 1, … until false.  First the note, by itself; the bytes
 * only when the relay says that this is the note that stands. */
typedef struct {
    tacit_letter_note note;
    const uint8_t *bytes;
    size_t count;
    bool confirmed; /* tacit_letters_noted was called for it */
} tacit_letter;
bool tacit_letters_due(const tacit_letters *l, uint32_t index, tacit_letter *out);
/* The relay says which note stands.  USED: another one: all of it is dead: save. */
tacit_status tacit_letters_noted(tacit_letters *l, const tacit_letter_note *stands);

/* The deposit of what is under way, for `run`, to be released at until_ms.  false: none yet. */
bool tacit_letters_deposit(const tacit_letters *l, uint32_t *run, uint64_t *until_ms,
                           const uint8_t **bytes, size_t *count);
/* As tacit_aside_verdict, and the asking is over: save. */
tacit_status tacit_letters_verdict(tacit_letters *l, uint32_t run, bool released,
                                   const uint8_t *bytes, size_t count);
/* The time of what is under way has passed without a verdict, or the person lets it go: the asking is
 * over.  false: nothing was under way. */
bool tacit_letters_close(tacit_letters *l);
const tacit_outcome *tacit_letters_outcome(const tacit_letters *l);
void tacit_letters_wipe(tacit_letters *l);

/* ---------------------------------------------------------------------------- circuits --- */

/* The engine for developers: two parties over any authenticated byte stream run one circuit. */
typedef struct tacit_circuit tacit_circuit;
typedef struct tacit_party tacit_party;

typedef struct {
    uint32_t input_count, output_count; /* values */
    uint32_t input_bits[64], output_bits[64];
    uint32_t and_count, gate_count;
} tacit_circuit_view;

/* Reads Bristol Fashion.  owner[i] ∈ {0, 1}: who enters value i, for every input value (64 at most);
 * NULL: value 0 the first person, all others the second.  text: peer; not kept.  SHEET, LIMIT: error
 * (200 bytes) says line and reason.  tacit_circuit_bytes: always enough for a text of this length. */
size_t tacit_circuit_bytes(size_t text_bytes);
tacit_status tacit_circuit_read(tacit_circuit **out, void *memory, size_t memory_bytes,
                                const char *text, size_t text_bytes, const uint8_t *owner,
                                char error[200]);
const tacit_circuit_view *tacit_circuit_see(const tacit_circuit *c);

/* What the line between two parties lacks; may be added.  Both must say the same, before their parties
 * are sized and begin: the first message that depends on it fails else.  Without: 160 bytes an AND, both
 * ways, and from 50,001 ANDs on two trips more than below. */
enum {
    TACIT_FEW_BYTES = 1, /* 40 bytes an AND fewer, for eight times the work on correlated bits */
    TACIT_FEW_TRIPS = 2, /* the trips of a small circuit at any size, for 18 bytes an AND more */
};
/* USAGE: another bit is set. */
tacit_status tacit_circuit_line(tacit_circuit *c, unsigned line);

/* Or made gate by gate.  A wire is a bit of an input, a constant, or what a gate gives; inverting it is
 * free, and so is XOR; AND, OR and MUX cost one AND of two-party work, sums and comparisons one AND a
 * bit.  Equal gates are made once; what no output needs falls away.
 * Errors stick: after one, calls do nothing and tacit_builder_finish says which it was. */
typedef struct tacit_builder tacit_builder;
typedef uint32_t tacit_wire;
#define TACIT_WIRE_ZERO ((tacit_wire)0)
#define TACIT_WIRE_ONE  ((tacit_wire)1)

/* Enough for so many input bits (of both people), gates (XORs too) and output bits. */
size_t tacit_builder_bytes(uint32_t input_bits, uint32_t gates_max, uint32_t output_bits);
/* value_bits, owner: width of each input value (64 at most) and who enters it, 0 or 1; copied.
 * LIMIT: too many, too wide, an owner that is neither. */
tacit_status tacit_builder_init(tacit_builder **out, void *memory, size_t memory_bytes,
                                const uint32_t *value_bits, const uint8_t *owner,
                                uint32_t values, uint32_t gates_max);
tacit_wire tacit_input(tacit_builder *b, uint32_t value, uint32_t bit);
tacit_wire tacit_not(tacit_builder *b, tacit_wire p);
tacit_wire tacit_xor(tacit_builder *b, tacit_wire p, tacit_wire q);
tacit_wire tacit_and(tacit_builder *b, tacit_wire p, tacit_wire q);
tacit_wire tacit_or(tacit_builder *b, tacit_wire p, tacit_wire q);
tacit_wire tacit_mux(tacit_builder *b, tacit_wire which, tacit_wire one, tacit_wire zero);

/* Words: arrays of `width` wires, least significant first, unsigned. */
void tacit_word(tacit_wire *out, unsigned width, uint64_t value); /* a constant */
/* out = p + q, gives the carry; out = p - q, gives p >= q.  out may be p or q. */
tacit_wire tacit_word_add(tacit_builder *b, tacit_wire *out, const tacit_wire *p,
                          const tacit_wire *q, unsigned width);
tacit_wire tacit_word_sub(tacit_builder *b, tacit_wire *out, const tacit_wire *p,
                          const tacit_wire *q, unsigned width);
tacit_wire tacit_word_at_least(tacit_builder *b, const tacit_wire *p, const tacit_wire *q,
                               unsigned width);
tacit_wire tacit_word_equal(tacit_builder *b, const tacit_wire *p, const tacit_wire *q,
                            unsigned width);
void tacit_word_mux(tacit_builder *b, tacit_wire *out, tacit_wire which, const tacit_wire *one,
                    const tacit_wire *zero, unsigned width);
/* The low out_width bits of p·q; out stands apart from p and q. */
void tacit_word_mul(tacit_builder *b, tacit_wire *out, unsigned out_width, const tacit_wire *p,
                    unsigned p_width, const tacit_wire *q, unsigned q_width);

/* The next output value, 64 at most. */
void tacit_output(tacit_builder *b, const tacit_wire *wires, uint32_t count);
/* The circuit, in the builder's memory; the builder is spent.  USAGE: a wire or an input that is not
 * of this builder, no output, or a second time; LIMIT: more gates than gates_max, or too many
 * outputs; MEMORY. */
tacit_status tacit_builder_finish(tacit_builder *b, tacit_circuit **out);

/* One party.  person: 0 or 1 (0 garbles).  sid: 32 public bytes, the same and fresh for both.
 * seed: secret, fresh, copied.  LIMIT: too large for this machine (tacit_party_bytes: SIZE_MAX). */
size_t tacit_party_bytes(const tacit_circuit *c);
tacit_status tacit_party_init(tacit_party **out, void *memory, size_t memory_bytes,
                              const tacit_circuit *c, int person, const uint8_t sid[32],
                              const uint8_t seed[32]);
unsigned tacit_party_want(const tacit_party *p); /* TACIT_WANT_SEND, _RECV, _ANSWERS */
/* bits: secret; the input values of this person in order, packed little-endian, each value starting
 * at a fresh byte.  At any time, once; final.  A person without input values says 0 bytes, and so
 * goes on.  ANSWER: another number of bytes, or a bit beyond the width of a value. */
tacit_status tacit_party_input(tacit_party *p, const uint8_t *bits, size_t bytes);
/* The message now due; its length is public and computed by both (0 is one: see tacit_party_want).
 * *bytes: room in, written out.  message: peer; of another length or out of turn: FORMAT. */
size_t tacit_party_send_bytes(const tacit_party *p);
tacit_status tacit_party_send(tacit_party *p, uint8_t *message, size_t *bytes);
size_t tacit_party_recv_bytes(const tacit_party *p);
tacit_status tacit_party_recv(tacit_party *p, const uint8_t *message, size_t bytes);
/* All output values in order, each starting at a fresh byte; NULL until every check has passed. */
const uint8_t *tacit_party_result(const tacit_party *p, size_t *bytes);
void tacit_party_wipe(tacit_party *p);

/* A circuit of any size in bounded memory.  It is read once, gate by gate, from a function of the caller's,
 * and worked off in segments of at most `batch` ANDs, each of which takes seven trips on the line.  A gate reads slots and writes one; what stood there is gone, so the circuit itself says when a value
 * is no longer needed.  Slots 0 … hold the first person's input bits, then the second's.
 * Cost   about 850 bytes of memory for an AND of the batch and 120 for a slot (55 MB for 65,536 and 4,096, 67
 *        for 100,000 slots; 14 MB for a batch of 16,384), and two messages of 70 bytes an AND of the batch at
 *        the caller; 282 bytes an AND on the line, both ways together.
 * Error  2^-40 and 2^-52 for each full batch of 65,536; a small batch has 2^-40 for each segment
 *        (docs/SECURITY-ARGUMENT.md, 3.13). */
typedef enum { TACIT_GATE_AND, TACIT_GATE_XOR, TACIT_GATE_INV } tacit_gate_kind;
typedef struct {
    uint32_t kind;     /* tacit_gate_kind */
    uint32_t to, p, q; /* slots; INV reads p alone; XOR of a value with itself is refused */
} tacit_gate;
typedef struct {
    uint32_t input_bits[2];  /* by person */
    uint32_t slots;          /* 2^24 at most, the inputs' among them */
    uint32_t output_count;   /* 2^20 at most */
    const uint32_t *outputs; /* slots, at the end of the circuit; borrowed */
    uint32_t batch;          /* 1 … 2^20; 65,536 is a good one */
    unsigned line;           /* TACIT_FEW_BYTES or 0 */
    /* The next gate; false: there is none.  Both people's must give the same. */
    bool (*next)(void *context, tacit_gate *gate);
    void *context;
} tacit_program;

typedef struct tacit_stream tacit_stream;

/* Memory for one party; SIZE_MAX: a number is beyond its limit, or zero that must not be. */
size_t tacit_stream_bytes(const tacit_program *p);
/* As tacit_party_init.  program: copied, what it points to borrowed.  LIMIT: tacit_stream_bytes is
 * SIZE_MAX. */
tacit_status tacit_stream_init(tacit_stream **out, void *memory, size_t memory_bytes,
                               const tacit_program *program, int person, const uint8_t sid[32],
                               const uint8_t seed[32]);
/* As tacit_party_….  SHEET, final: a gate reads a slot that nothing was written to, names one that does not
 * exist, is of no kind, or an XOR of a value with itself. */
unsigned tacit_stream_want(const tacit_stream *s);
/* bits: secret; packed, eight to a byte, least significant first; once.  ANSWER: another length, or a bit
 * beyond the last. */
tacit_status tacit_stream_input(tacit_stream *s, const uint8_t *bits, size_t bytes);
size_t tacit_stream_send_bytes(const tacit_stream *s);
tacit_status tacit_stream_send(tacit_stream *s, uint8_t *message, size_t *bytes);
size_t tacit_stream_recv_bytes(const tacit_stream *s);
tacit_status tacit_stream_recv(tacit_stream *s, const uint8_t *message, size_t bytes);
/* Progress: ANDs of the segments that are over. */
uint64_t tacit_stream_ands(const tacit_stream *s);
/* The output bits, packed like the input; NULL until every check of every segment has passed. */
const uint8_t *tacit_stream_result(const tacit_stream *s, size_t *bytes);
/* At any time; erases everything. */
void tacit_stream_wipe(tacit_stream *s);

/* What a party has moved and taken so far, by phase: setup (base transfers and their extension),
 * preparation (triples, the garbled circuit; no input used yet), answers (from the inputs to the
 * result).  time: in the caller's unit, spent inside tacit_party_send and _recv, from a clock that the
 * caller lends (the library has none); 0 without. */
typedef enum {
    TACIT_PHASE_SETUP,
    TACIT_PHASE_PREPARE,
    TACIT_PHASE_ANSWER,
    TACIT_PHASES, /* how many there are */
} tacit_phase;
typedef struct {
    uint32_t messages_out, messages_in;
    uint64_t bytes_out, bytes_in, time;
} tacit_counter;
void tacit_party_clock(tacit_party *p, uint64_t (*clock)(void *context), void *context);
const tacit_counter *tacit_party_count(const tacit_party *p, tacit_phase phase);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
