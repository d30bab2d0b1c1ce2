/* SPDX-License-Identifier: ISC
 *
 * The edges of tacit_circuit_* and tacit_party_*: what is refused, in which words, and what it costs.
 */
#include "tacit/tacit.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char and_text[] = "1 3\n2 1 1\n1 1\n2 1 0 1 2 AND\n";
/* two values of 3 and 9 bits for the first, 1 for the second; outputs: the 9 bits, and a constant */
static const char wide_text[] = "14 27\n3 3 9 1\n2 9 5\n"
                                "2 1 3 12 13 XOR\n1 1 4 14 EQW\n1 1 5 15 EQW\n1 1 6 16 EQW\n"
                                "1 1 7 17 EQW\n1 1 8 18 EQW\n1 1 9 19 EQW\n1 1 10 20 EQW\n"
                                "2 1 11 12 21 AND\n1 1 1 22 EQ\n1 1 0 23 EQ\n1 1 1 24 EQ\n"
                                "1 1 0 25 EQ\n1 1 2 26 EQW\n";

typedef struct {
    tacit_circuit *circuit;
    tacit_party *party[2];
    void *memory[3];
} pair;

static void *claim(size_t bytes)
{
    void *p = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
    assert_non_null(p);
    return p;
}

static tacit_status read_text(pair *p, const char *text, const uint8_t *owner, char error[200])
{
    size_t bytes = tacit_circuit_bytes(strlen(text));
    p->memory[2] = claim(bytes);
    return tacit_circuit_read(&p->circuit, p->memory[2], bytes, text, strlen(text), owner,
                              error);
}

/* lines: what each of the two says that the line lacks. */
static void begin_on(pair *p, const char *text, const uint8_t *owner, const unsigned lines[2])
{
    char error[200];
    assert_int_equal(read_text(p, text, owner, error), TACIT_OK);
    static const uint8_t sid[32] = {1};
    for (int person = 0; person < 2; person++) {
        assert_int_equal(tacit_circuit_line(p->circuit, lines[person]), TACIT_OK);
        uint8_t seed[32] = {(uint8_t)(7 + person)};
        size_t bytes = tacit_party_bytes(p->circuit);
        p->memory[person] = claim(bytes);
        assert_int_equal(tacit_party_init(&p->party[person], p->memory[person], bytes,
                                          p->circuit, person, sid, seed),
                         TACIT_OK);
    }
}

static void begin(pair *p, const char *text, const uint8_t *owner)
{
    begin_on(p, text, owner, (const unsigned[2]){0, 0});
}

static void end(pair *p)
{
    for (int i = 0; i < 3; i++)
        free(p->memory[i]);
}

/* Moves messages until none is left or one is refused.  spoil: flip a bit of the so-many-th. */
static tacit_status pump(pair *p, int spoil, int *who)
{
    int moved = 0;
    for (;;) {
        int from = tacit_party_want(p->party[0]) & TACIT_WANT_SEND ? 0 : 1;
        if (!(tacit_party_want(p->party[from]) & TACIT_WANT_SEND))
            return TACIT_OK;
        size_t bytes = tacit_party_send_bytes(p->party[from]);
        uint8_t *message = malloc(bytes + 1);
        assert_int_equal(tacit_party_send(p->party[from], message, &bytes), TACIT_OK);
        if (moved++ == spoil && bytes != 0)
            message[bytes / 2] ^= 4;
        tacit_status err = tacit_party_recv(p->party[1 - from], message, bytes);
        free(message);
        if (err != TACIT_OK) {
            *who = 1 - from;
            return err;
        }
    }
}

static void a_wrong_file_is_a_sentence_with_its_line(void **state)
{
    (void)state;
    pair p;
    char error[200];
    assert_int_equal(read_text(&p, "1 3\n2 1 1\n1 1\n2 1 0 9 2 AND\n", NULL, error),
                     TACIT_ERR_SHEET);
    assert_string_equal(error, "line 4: there is no wire 9: line 1 promises 3 wires, 0 to 2");
    free(p.memory[2]);
    assert_int_equal(read_text(&p, "", NULL, error), TACIT_ERR_SHEET);
    assert_string_equal(error, "the file is empty");
    free(p.memory[2]);
    assert_int_equal(read_text(&p, "1 3\n65 1\n1 1\n", NULL, error), TACIT_ERR_LIMIT);
    assert_string_equal(error, "line 2: 65 values are too many: at most 64");
    free(p.memory[2]);
    const uint8_t third_person[2] = {0, 2};
    assert_int_equal(read_text(&p, and_text, third_person, error), TACIT_ERR_USAGE);
    free(p.memory[2]);
}

static void values_and_sizes_can_be_seen(void **state)
{
    (void)state;
    pair p;
    const uint8_t owner[3] = {0, 0, 1};
    begin(&p, wide_text, owner);
    const tacit_circuit_view *v = tacit_circuit_see(p.circuit);
    assert_int_equal(v->input_count, 3);
    assert_int_equal(v->input_bits[1], 9);
    assert_int_equal(v->output_count, 2);
    assert_int_equal(v->output_bits[1], 5);
    assert_int_equal(v->and_count, 1);
    end(&p);
}

static void values_stand_in_bytes_of_their_own(void **state)
{
    (void)state;
    pair p;
    int who;
    const uint8_t owner[3] = {0, 0, 1};
    const uint8_t first[3] = {5, 0xab, 1}, second[1] = {1};
    begin(&p, wide_text, owner);
    assert_int_equal(tacit_party_input(p.party[0], first, 3), TACIT_OK);
    assert_int_equal(tacit_party_input(p.party[1], second, 1), TACIT_OK);
    assert_int_equal(pump(&p, -1, &who), TACIT_OK);
    for (int person = 0; person < 2; person++) {
        size_t bytes;
        const uint8_t *result = tacit_party_result(p.party[person], &bytes);
        /* 0x1ab with its lowest bit turned round; then 1, 0, 1, 0 and bit 2 of the 5 */
        const uint8_t want[3] = {0xaa, 1, 0x15};
        assert_non_null(result);
        assert_int_equal(bytes, 3);
        assert_memory_equal(result, want, 3);
        assert_int_equal(tacit_party_want(p.party[person]), 0);
    }
    end(&p);
}

static void an_input_must_fit_its_values(void **state)
{
    (void)state;
    pair p;
    const uint8_t owner[3] = {0, 0, 1};
    const uint8_t good[3] = {7, 0xff, 1}, high3[3] = {8, 0xff, 1}, high9[3] = {7, 0xff, 2};
    begin(&p, wide_text, owner);
    assert_int_equal(tacit_party_input(p.party[0], good, 2), TACIT_ERR_ANSWER);
    assert_int_equal(tacit_party_input(p.party[0], good, 0), TACIT_ERR_ANSWER);
    assert_int_equal(tacit_party_input(p.party[0], high3, 3), TACIT_ERR_ANSWER);
    assert_int_equal(tacit_party_input(p.party[0], high9, 3), TACIT_ERR_ANSWER);
    assert_true(tacit_party_want(p.party[0]) & TACIT_WANT_ANSWERS);
    assert_int_equal(tacit_party_input(p.party[0], good, 3), TACIT_OK);
    assert_int_equal(tacit_party_input(p.party[0], good, 3), TACIT_ERR_USAGE);
    assert_false(tacit_party_want(p.party[0]) & TACIT_WANT_ANSWERS);
    end(&p);
}

static void constant_outputs_need_no_message(void **state)
{
    (void)state;
    pair p;
    begin(&p, "1 3\n2 1 1\n1 1\n1 1 1 2 EQ\n", NULL);
    for (int person = 0; person < 2; person++) {
        const uint8_t one = 1;
        size_t bytes;
        assert_int_equal(tacit_party_want(p.party[person]), TACIT_WANT_ANSWERS);
        assert_null(tacit_party_result(p.party[person], &bytes));
        assert_int_equal(tacit_party_input(p.party[person], &one, 1), TACIT_OK);
        assert_int_equal(*tacit_party_result(p.party[person], &bytes), 1);
        assert_int_equal(tacit_party_want(p.party[person]), 0);
    }
    end(&p);
}

static void someone_without_input_still_says_go(void **state)
{
    (void)state;
    pair p;
    int who;
    const uint8_t owner[2] = {1, 1}, bits[2] = {1, 1};
    begin(&p, and_text, owner);
    assert_int_equal(tacit_party_input(p.party[1], bits, 2), TACIT_OK);
    assert_int_equal(pump(&p, -1, &who), TACIT_OK);
    size_t bytes;
    assert_null(tacit_party_result(p.party[0], &bytes));
    assert_int_equal(tacit_party_want(p.party[0]) & TACIT_WANT_ANSWERS, TACIT_WANT_ANSWERS);
    assert_int_equal(tacit_party_input(p.party[0], NULL, 0), TACIT_OK);
    assert_int_equal(pump(&p, -1, &who), TACIT_OK);
    assert_int_equal(*tacit_party_result(p.party[0], &bytes), 1);
    assert_int_equal(*tacit_party_result(p.party[1], &bytes), 1);
    end(&p);
}

/* Few bytes, few trips, both: the same result; and two who do not say the same do not get far. */
static void a_line_that_lacks_something_changes_no_result(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 4; first++)
        for (unsigned second = 0; second < 4; second++) {
            pair p;
            int who = -1;
            size_t bytes;
            begin_on(&p, and_text, NULL, (const unsigned[2]){first, second});
            assert_int_equal(tacit_party_input(p.party[0], (const uint8_t[]){1}, 1), TACIT_OK);
            assert_int_equal(tacit_party_input(p.party[1], (const uint8_t[]){1}, 1), TACIT_OK);
            /* So small a circuit has few trips anyway. */
            bool same = (first & TACIT_FEW_BYTES) == (second & TACIT_FEW_BYTES);
            assert_int_equal(pump(&p, -1, &who), same ? TACIT_OK : TACIT_ERR_FORMAT);
            for (int person = 0; person < 2; person++) {
                const uint8_t *result = tacit_party_result(p.party[person], &bytes);
                if (same)
                    assert_int_equal(result[0], 1);
                else
                    assert_null(result);
            }
            assert_int_equal(tacit_circuit_line(p.circuit, 4), TACIT_ERR_USAGE);
            end(&p);
        }
}

static void calls_at_the_wrong_time_change_nothing(void **state)
{
    (void)state;
    pair p;
    int who;
    uint8_t buffer[8224], one = 1;
    size_t bytes = sizeof buffer;
    begin(&p, and_text, NULL);
    assert_int_equal(tacit_party_send(p.party[0], buffer, &bytes), TACIT_OK);
    bytes = sizeof buffer;
    assert_int_equal(tacit_party_send(p.party[0], buffer, &bytes), TACIT_ERR_USAGE);
    assert_int_equal(tacit_party_send_bytes(p.party[0]), 0);
    assert_int_equal(tacit_party_recv(p.party[1], buffer, sizeof buffer), TACIT_OK);
    assert_int_equal(tacit_party_input(p.party[0], &one, 1), TACIT_OK);
    assert_int_equal(tacit_party_input(p.party[1], &one, 1), TACIT_OK);
    assert_int_equal(pump(&p, -1, &who), TACIT_OK);
    assert_int_equal(*tacit_party_result(p.party[0], &bytes), 1);
    end(&p);
}

static void a_message_of_another_length_ends_it_for_good(void **state)
{
    (void)state;
    static const int wrong_by[] = {-1, 1};
    uint8_t buffer[8225], one = 1;
    for (int i = 0; i < 2; i++) {
        pair p;
        begin(&p, and_text, NULL);
        size_t bytes = sizeof buffer;
        assert_int_equal(tacit_party_send(p.party[0], buffer, &bytes), TACIT_OK);
        assert_int_equal(
            tacit_party_recv(p.party[1], buffer, (size_t)((int)bytes + wrong_by[i])),
            TACIT_ERR_FORMAT);
        assert_int_equal(tacit_party_recv(p.party[1], buffer, bytes), TACIT_ERR_FORMAT);
        assert_int_equal(tacit_party_input(p.party[1], &one, 1), TACIT_ERR_FORMAT);
        assert_int_equal(tacit_party_want(p.party[1]), 0);
        end(&p);
    }
    pair p; /* a second F1, before it may send F2 */
    begin(&p, and_text, NULL);
    size_t bytes = sizeof buffer;
    assert_int_equal(tacit_party_send(p.party[0], buffer, &bytes), TACIT_OK);
    assert_int_equal(tacit_party_recv(p.party[1], buffer, bytes), TACIT_OK);
    assert_int_equal(tacit_party_recv(p.party[1], buffer, bytes), TACIT_ERR_FORMAT);
    end(&p);
}

/* A flipped bit in any message: somebody stops, or it did not matter (half of the leaky triples take
 * no notice of their G); but never a wrong result. */
static void a_changed_message_is_never_a_wrong_result(void **state)
{
    (void)state;
    int refused = 0;
    for (int spoil = 0; spoil < 16; spoil++) {
        pair p;
        int who = 0;
        size_t bytes;
        const uint8_t one = 1;
        begin(&p, and_text, NULL);
        assert_int_equal(tacit_party_input(p.party[0], &one, 1), TACIT_OK);
        assert_int_equal(tacit_party_input(p.party[1], &one, 1), TACIT_OK);
        if (pump(&p, spoil, &who) != TACIT_OK) {
            refused++;
            assert_null(tacit_party_result(p.party[who], &bytes));
        }
        for (int person = 0; person < 2; person++) {
            const uint8_t *result = tacit_party_result(p.party[person], &bytes);
            assert_true(result == NULL || *result == 1);
        }
        end(&p);
    }
    assert_true(refused >= 13);
}

static void too_little_memory_is_said(void **state)
{
    (void)state;
    pair p;
    begin(&p, and_text, NULL);
    static const uint8_t sid[32], seed[32];
    size_t need = tacit_party_bytes(p.circuit);
    uint8_t *memory = claim(need);
    tacit_party *party;
    for (size_t bytes = 0; bytes < need - 6 * 64; bytes += 1000) {
        assert_int_equal(tacit_party_init(&party, memory, bytes, p.circuit, 0, sid, seed),
                         TACIT_ERR_MEMORY);
        assert_null(party);
    }
    assert_int_equal(tacit_party_init(&party, memory, need, p.circuit, 2, sid, seed),
                     TACIT_ERR_USAGE);
    assert_int_equal(tacit_party_init(&party, memory, need, p.circuit, 1, sid, seed), TACIT_OK);
    free(memory);
    end(&p);
}

static void a_wiped_party_keeps_nothing(void **state)
{
    (void)state;
    pair p;
    const uint8_t one = 1;
    begin(&p, and_text, NULL);
    assert_int_equal(tacit_party_input(p.party[0], &one, 1), TACIT_OK);
    tacit_party_wipe(p.party[0]);
    assert_int_equal(tacit_party_want(p.party[0]), 0);
    uint8_t buffer[8224];
    size_t bytes = sizeof buffer;
    assert_int_equal(tacit_party_send(p.party[0], buffer, &bytes), TACIT_ERR_USAGE);
    assert_null(tacit_party_result(p.party[0], &bytes));
    const uint8_t *memory = p.memory[0];
    size_t kept = 0;
    for (size_t i = 0; i < tacit_party_bytes(p.circuit) - 6 * 64; i++)
        kept += memory[i] != 0;
    assert_true(kept <= 12); /* the error, and where the circuit is */
    end(&p);
}

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_file_is_a_sentence_with_its_line),
        cmocka_unit_test(values_and_sizes_can_be_seen),
        cmocka_unit_test(values_stand_in_bytes_of_their_own),
        cmocka_unit_test(an_input_must_fit_its_values),
        cmocka_unit_test(constant_outputs_need_no_message),
        cmocka_unit_test(someone_without_input_still_says_go),
        cmocka_unit_test(a_line_that_lacks_something_changes_no_result),
        cmocka_unit_test(calls_at_the_wrong_time_change_nothing),
        cmocka_unit_test(a_message_of_another_length_ends_it_for_good),
        cmocka_unit_test(a_changed_message_is_never_a_wrong_result),
        cmocka_unit_test(too_little_memory_is_said),
        cmocka_unit_test(a_wiped_party_keeps_nothing),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
