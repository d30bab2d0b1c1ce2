/* SPDX-License-Identifier: ISC
 *
 * A rule of eighteen thousand ANDs: other parameters, and bodies of more than a mebibyte, which travel
 * in several frames.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pair/channel.h"
#include "support/duel.h"

enum { PRODUCTS = 16 };

static char text[8192];
static tacit_answers low[2], high[2];

static void append(const char *piece)
{
    size_t used = strlen(text), room = sizeof text - used;
    assert_true(snprintf(text + used, room, "%s", piece) < (int)room);
}

static void append_questions(int i)
{
    char piece[200];
    snprintf(piece, sizeof piece,
             "ask one a%d: First?\n  number 0 to 5600000 step 1, EUR\n"
             "ask two b%d: Second?\n  number 0 to 5600000 step 1, EUR\n",
             i, i);
    append(piece);
}

static void append_product(int i)
{
    char piece[60];
    snprintf(piece, sizeof piece, "%sone.a%d * two.b%d", i == 0 ? "" : " + ", i, i);
    append(piece);
}

static void answer(int person, const char *value, tacit_answers *out)
{
    char keys[PRODUCTS][8];
    const char *pairs[2 * PRODUCTS + 1];
    for (int i = 0; i < PRODUCTS; i++) {
        snprintf(keys[i], sizeof keys[i], "%c%d", person == 0 ? 'a' : 'b', i);
        pairs[2 * i] = keys[i];
        pairs[2 * i + 1] = value;
    }
    pairs[2 * PRODUCTS] = NULL;
    duel_answer(text, person, pairs, out);
}

static int prepare(void **state)
{
    (void)state;
    assert_true(tacit_start());
    append("title Sum of products\npeople one, two\n");
    for (int i = 0; i < PRODUCTS; i++)
        append_questions(i);
    append("outcome yes: Enough.\n  when ");
    for (int i = 0; i < PRODUCTS; i++)
        append_product(i);
    append(" >= 1600000000\noutcome no: Not enough.\n  otherwise\n");
    for (int person = 0; person < 2; person++) {
        answer(person, "9999", &low[person]);
        answer(person, "10000", &high[person]);
    }
    return 0;
}

static void start_pair(duel *d, uint64_t seed, const tacit_answers *a, const tacit_answers *b)
{
    duel_start(d, seed, &(duel_options){text, NULL, 0, a}, &(duel_options){NULL, NULL, -1, b});
}

static void long_bodies_travel_in_chunks(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 1, &high[0], &high[1]);
    duel_run(&d);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(duel_outcome(&d, i), "yes");
        unsigned chunks = 0;
        for (unsigned j = 0; j < d.side[i].sent_count; j++) {
            assert_true(d.side[i].sent[j].count <= tct_frame_bytes(TCT_CHUNK_BYTES, true));
            chunks += d.side[i].sent[j].bytes[5] == 3;
        }
        assert_int_equal(chunks, 2);
        assert_int_equal(d.side[i].sent[0].bytes[0], TCT_KIND_PLAIN);
    }
    assert_int_equal(d.side[0].sent[0].bytes[17], 40); /* rho, as stated in F1 */
    duel_end(&d);
}

static void twice(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    duel_post(d, to, frame, bytes);
    duel_post(d, to, frame, bytes);
}

static void chunks_that_come_twice_change_nothing(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 2, &low[0], &high[1]);
    d.wire = twice;
    duel_run(&d);
    assert_string_equal(duel_outcome(&d, 0), "no");
    assert_string_equal(duel_outcome(&d, 1), "no");
    duel_end(&d);
}

/* The second chunk of F3 before the first. */
static void swapped(duel *d, int to, const uint8_t *frame, size_t bytes)
{
    duel_post(d, to, frame, bytes);
    duel_side *side = &d->side[to];
    unsigned last = side->inbox_count - 1;
    if (to == 0 && frame[5] == 3 && last > side->inbox_first &&
        side->inbox[last - 1].bytes[5] == 3) {
        duel_frame f = side->inbox[last];
        side->inbox[last] = side->inbox[last - 1];
        side->inbox[last - 1] = f;
    }
}

static void chunks_out_of_order_end_it(void **state)
{
    (void)state;
    duel d;
    start_pair(&d, 3, &high[0], &high[1]);
    d.wire = swapped;
    (void)duel_run_in_lockstep(&d);
    assert_string_equal(duel_outcome(&d, 0), "-");
    assert_string_equal(duel_outcome(&d, 1), "-");
    assert_int_equal(tacit_session_error(d.side[0].session), TACIT_ERR_FORMAT);
    duel_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_bodies_travel_in_chunks),
        cmocka_unit_test(chunks_that_come_twice_change_nothing),
        cmocka_unit_test(chunks_out_of_order_end_it),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
