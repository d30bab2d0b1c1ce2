/* SPDX-License-Identifier: ISC
 *
 * A device that was made to enter what its person may not answer, against an honest one, through the
 * whole computation: both see `otherwise`, whatever the honest person answered, and not a bit more.
 * As a control, allowed answers in the same place do lead to another outcome.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/engine_pair.h"
#include "support/sheet_case.h"

enum { ROUNDS = 3, BITS_MAX = 1 << 12 };

typedef struct {
    const char *sheet, *items;
    const char *honest[2]; /* answers of each person with which an outcome is reached … */
    const char *allowed[2]; /* … by these of the other; by the person who cheats, NULL: never */
    void (*cheat)(const tacit_sheet *sheet, tacit_answers *a);
} attempt;

static const tct_question *question(const tacit_sheet *sheet, const char *id, int person)
{
    for (uint32_t i = 0; i < sheet->model.question_count; i++) {
        const tct_question *q = &sheet->model.questions[i];
        if (strcmp(q->id.text, id) == 0 && (q->person == 2 || q->person == person))
            return q;
    }
    fail();
    return NULL;
}

static void put_all(const tct_question *q, tacit_answers *a, int64_t value)
{
    for (uint32_t i = 0; i < q->slot_count; i++)
        a->value[q->first_slot + i] = value;
}

static void like_everything(const tacit_sheet *sheet, tacit_answers *a)
{
    put_all(question(sheet, "like", 0), a, 2);
}

static void veto_everything(const tacit_sheet *sheet, tacit_answers *a)
{
    put_all(question(sheet, "feel", 0), a, 2);
}

static void spend_everything_on_each(const tacit_sheet *sheet, tacit_answers *a)
{
    put_all(question(sheet, "points", 0), a, 100);
}

static void spend_nothing(const tacit_sheet *sheet, tacit_answers *a)
{
    put_all(question(sheet, "points", 0), a, 0);
}

static void choose_one_path_only(const tacit_sheet *sheet, tacit_answers *a)
{
    const tct_question *q = question(sheet, "could", 0);
    put_all(q, a, 0);
    a->value[q->first_slot] = 1;
}

static void put_all_first(const tacit_sheet *sheet, tacit_answers *a)
{
    put_all(question(sheet, "rank", 0), a, 1);
}

static void put_two_first(const tacit_sheet *sheet, tacit_answers *a)
{
    const tct_question *q = question(sheet, "rank", 0);
    a->value[q->first_slot + 1] = a->value[q->first_slot];
}

static void rank_beyond_the_last(const tacit_sheet *sheet, tacit_answers *a)
{
    a->value[question(sheet, "rank", 0)->first_slot] = 8;
}

static void pay_beyond_the_range(const tacit_sheet *sheet, tacit_answers *a)
{
    a->value[question(sheet, "pay", 1)->first_slot] = 635000; /* 7 bits of ones */
}

static void stay_longer_than_a_week(const tacit_sheet *sheet, tacit_answers *a)
{
    a->value[question(sheet, "days", 0)->first_slot] = 7;
}

static void pay_more_than_there_is(const tacit_sheet *sheet, tacit_answers *a)
{
    a->value[question(sheet, "most", 1)->first_slot] = 4095 * 500;
}

#define WAY                                                                                    \
    "could=together, sell\nrank=together, sell, close, first-leads, second-leads\nready=yes\n"
#define FITS                                                                                   \
    {                                                                                          \
        "pay=0\ndays=5\nstart=0\n", "pay=500000\ndays=0\nstart=24\n"                           \
    }
#define PRICE                                                                                  \
    {                                                                                          \
        "least=0\nclose=month\n", "most=500000\nclose=month\n"                                 \
    }

static const attempt attempts[] = {
    {"common-ground",
     "a: A\nb: B\nc: C\nd: D\n",
     {"like.a=yes\nlike.b=yes\nlike.c=no\nlike.d=no\nmost=three\n",
      "like.a=yes\nlike.b=yes\nlike.c=no\nlike.d=no\nmost=three\n"},
     {"like.a=yes\nlike.b=maybe\nlike.c=no\nlike.d=no\nmost=one\n",
      "like.a=yes\nlike.b=maybe\nlike.c=no\nlike.d=no\nmost=one\n"},
     like_everything},
    {"which-one",
     "a: A\nb: B\nc: C\n",
     {"feel.a=like\nfeel.b=fine\nfeel.c=fine\n", "feel.a=like\nfeel.b=fine\nfeel.c=fine\n"},
     {"feel.a=like\nfeel.b=fine\nfeel.c=fine\n", "feel.a=like\nfeel.b=fine\nfeel.c=fine\n"},
     veto_everything},
    {"share-out",
     "a: A\nb: B\n",
     {"points=a=60, b=40\n", "points=a=60, b=40\n"},
     {"points=a=50, b=50\n", "points=a=50, b=50\n"},
     spend_everything_on_each},
    {"share-out",
     "a: A\nb: B\n",
     {"points=a=60, b=40\n", "points=a=60, b=40\n"},
     {"points=a=50, b=50\n", "points=a=50, b=50\n"},
     spend_nothing},
    {"two-founders", NULL, {WAY, WAY}, {WAY, WAY}, choose_one_path_only},
    {"two-founders", NULL, {WAY, WAY}, {WAY, WAY}, put_all_first},
    {"two-founders", NULL, {WAY, WAY}, {WAY, WAY}, put_two_first},
    {"two-founders", NULL, {WAY, WAY}, {WAY, WAY}, rank_beyond_the_last},
    {"in-range", NULL, FITS, {NULL, "pay=500000\ndays=0\nstart=24\n"}, pay_beyond_the_range},
    {"in-range", NULL, FITS, {"pay=0\ndays=5\nstart=0\n", NULL}, stay_longer_than_a_week},
    {"meet-in-the-middle",
     NULL,
     PRICE,
     {NULL, "most=500000\nclose=month\n"},
     pay_more_than_there_is},
};

static uint8_t inputs[2][BITS_MAX], seen[BITS_MAX];

static void enter(const sheet_case *c, int person, const tacit_answers *a, uint64_t *seed)
{
    uint8_t lots[BITS_MAX];
    size_t bytes = tct_sheet_lot_bytes(c->sheet, person);
    assert_true(bytes <= sizeof lots &&
                tct_sheet_input_count(c->sheet, person) <= sizeof inputs[0]);
    for (size_t i = 0; i < bytes; i++)
        lots[i] = (uint8_t)sheet_case_random(seed);
    tct_sheet_encode(c->sheet, person, a, lots, inputs[person]);
}

/* What both see of what stands in `inputs`. */
static void compute(const sheet_case *c, uint64_t seed)
{
    const tct_circuit *circuit = &c->sheet->compiled.circuit;
    engine_pair *p = engine_pair_new((engine_pair_options){
        .params = tct_engine_params_for(circuit->and_count), .seed = seed});
    assert_int_equal(engine_pair_execute(p, circuit, 0, inputs[0], inputs[1]), TCT_OK);
    for (int role = 0; role < 2; role++) {
        const uint8_t *result = tct_run_result(p->run[role]);
        assert_non_null(result);
        if (role == 0)
            memcpy(seen, result, circuit->output_count);
        assert_memory_equal(seen, result, circuit->output_count);
    }
    engine_pair_free(p);
}

static uint32_t ones(const sheet_case *c)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->sheet->compiled.circuit.output_count; i++)
        count += seen[i];
    return count;
}

static void read_attempt(sheet_case *c, const attempt *t)
{
    static char text[TACIT_SHEET_TEXT_MAX];
    char path[512];
    snprintf(path, sizeof path, TACIT_SOURCE_DIR "/sheets/%s.tacit", t->sheet);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t bytes = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    tacit_items items = {.text = t->items};
    items.text_bytes = t->items == NULL ? 0 : strlen(t->items);
    sheet_case_bytes(c, text, bytes, t->items == NULL ? NULL : &items);
    assert_non_null(c->sheet);
}

static void try_it(const sheet_case *c, const attempt *t, int cheat, uint64_t seed)
{
    static tacit_answers honest, cheating;
    sheet_case_answers(c, !cheat, &honest, t->honest[!cheat]);
    sheet_case_answers(c, cheat, &cheating, t->allowed[cheat]);
    enter(c, !cheat, &honest, &seed);
    enter(c, cheat, &cheating, &seed);
    compute(c, seed);
    assert_true(ones(c) > 0); /* the control: an outcome */
    t->cheat(c->sheet, &cheating);
    for (int round = 0; round < ROUNDS; round++) {
        enter(c, cheat, &cheating, &seed);
        assert_false(sheet_entry_allowed(c->sheet, cheat, inputs[cheat]));
        compute(c, seed + (uint64_t)round);
        if (ones(c) != 0)
            fail_msg("%s, person %d, round %d: something was told", t->sheet, cheat, round);
        sheet_case_random_answers(c, !cheat, &honest, &seed); /* whatever the other said */
        enter(c, !cheat, &honest, &seed);
    }
}

static void invalid_answers_give_otherwise_and_tell_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        sheet_case c;
        read_attempt(&c, &attempts[i]);
        for (int cheat = 0; cheat < 2; cheat++)
            if (attempts[i].allowed[cheat] != NULL)
                try_it(&c, &attempts[i], cheat, 100 * i + 1);
        sheet_case_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invalid_answers_give_otherwise_and_tell_nothing),
    };
    if (!tacit_start())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
