/* SPDX-License-Identifier: ISC
 *
 * Two parties run circuits, known and random, and get what the evaluator in the clear gets; messages
 * move in a random order, and each side computes the length of every message before it comes.
 */
#include "circuit/bristol.h"
#include "session/circuit_api.h"
#include "support/bristol_write.h"
#include "support/known_circuits.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PACKED_MAX = 256 };

typedef struct {
    tacit_circuit *circuit;
    void *circuit_memory;
    tacit_party *party[2];
    void *memory[2];
    unsigned messages;       /* moved */
    unsigned after_input;    /* … since both inputs were given */
    const uint8_t *input[2]; /* packed */
    size_t input_bytes[2];
    uint64_t seed;
} table;

static void *claim(size_t bytes)
{
    void *p = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
    assert_non_null(p);
    return p;
}

static void sit_down(table *t, const char *text, size_t text_bytes, const uint8_t *owner)
{
    char error[200];
    size_t bytes = tacit_circuit_bytes(text_bytes);
    t->circuit_memory = claim(bytes);
    tacit_status err = tacit_circuit_read(&t->circuit, t->circuit_memory, bytes, text,
                                          text_bytes, owner, error);
    if (err != TACIT_OK)
        fail_msg("seed %llu: %s", (unsigned long long)t->seed, error);
    random_source r = random_from(t->seed);
    uint8_t sid[32];
    random_bytes(&r, sid, sizeof sid);
    for (int person = 0; person < 2; person++) {
        uint8_t seed[32];
        random_bytes(&r, seed, sizeof seed);
        bytes = tacit_party_bytes(t->circuit);
        t->memory[person] = claim(bytes);
        assert_int_equal(tacit_party_init(&t->party[person], t->memory[person], bytes,
                                          t->circuit, person, sid, seed),
                         TACIT_OK);
    }
}

static void stand_up(table *t)
{
    for (int person = 0; person < 2; person++) {
        tacit_party_wipe(t->party[person]);
        assert_int_equal(tacit_party_want(t->party[person]), 0);
        free(t->memory[person]);
    }
    free(t->circuit_memory);
}

/* Moves one message from `person` if there is one, at once to the other. */
static bool move(table *t, int person)
{
    tacit_party *from = t->party[person], *to = t->party[1 - person];
    if (!(tacit_party_want(from) & TACIT_WANT_SEND) ||
        !(tacit_party_want(to) & TACIT_WANT_RECV))
        return false;
    size_t bytes = tacit_party_send_bytes(from);
    assert_int_equal(tacit_party_recv_bytes(to), bytes);
    uint8_t *message = malloc(bytes + 1);
    size_t too_few = bytes - 1;
    if (bytes != 0)
        assert_int_equal(tacit_party_send(from, message, &too_few), TACIT_ERR_SPACE);
    assert_int_equal(tacit_party_send(from, message, &bytes), TACIT_OK);
    assert_int_equal(tacit_party_recv(to, message, bytes), TACIT_OK);
    free(message);
    t->messages++;
    if (t->after_input != 0 ||
        !((tacit_party_want(from) | tacit_party_want(to)) & TACIT_WANT_ANSWERS))
        t->after_input++;
    return true;
}

static void give_input(table *t, int person)
{
    if (!(tacit_party_want(t->party[person]) & TACIT_WANT_ANSWERS))
        return;
    assert_int_equal(
        tacit_party_input(t->party[person], t->input[person], t->input_bytes[person]),
        TACIT_OK);
    assert_int_equal(
        tacit_party_input(t->party[person], t->input[person], t->input_bytes[person]),
        TACIT_ERR_USAGE);
}

/* Until nothing moves any more. late: inputs only when all else waits for them. */
static void play(table *t, bool late)
{
    random_source r = random_from(t->seed ^ 0x706c6179u);
    for (;;) {
        int first = (int)random_below(&r, 2);
        if (!late && random_below(&r, 4) == 0)
            give_input(t, first);
        if (move(t, first) || move(t, 1 - first))
            continue;
        bool waits = (tacit_party_want(t->party[0]) | tacit_party_want(t->party[1])) &
                     TACIT_WANT_ANSWERS;
        give_input(t, first);
        give_input(t, 1 - first);
        if (!waits)
            return;
    }
}

/* Bits (a byte each) of one person's values, packed. */
static size_t pack(const tct_bristol *b, int person, const uint8_t *bits, uint8_t *out)
{
    size_t bytes = 0;
    for (uint32_t value = 0; value < b->input_count; value++) {
        if (b->input_owner[value] != person)
            continue;
        size_t more = (b->input_bits[value] + 7) / 8;
        memset(out + bytes, 0, more);
        for (uint32_t i = 0; i < b->input_bits[value]; i++)
            out[bytes + i / 8] = (uint8_t)(out[bytes + i / 8] | *bits++ << i % 8);
        bytes += more;
    }
    return bytes;
}

static void compare(const table *t, const uint8_t *x, const uint8_t *y)
{
    const tct_bristol *b = &t->circuit->read;
    uint8_t *real = malloc(b->circuit.output_count + 1);
    if (b->circuit.output_count != 0)
        random_circuit_evaluate(&b->circuit, x, y, real);
    for (int person = 0; person < 2; person++) {
        size_t bytes, at = 0;
        uint32_t bit = 0, next = 0;
        const uint8_t *got = tacit_party_result(t->party[person], &bytes);
        if (got == NULL)
            fail_msg("seed %llu: no result", (unsigned long long)t->seed);
        for (uint32_t value = 0; value < b->output_count; value++) {
            for (uint32_t i = 0; i < b->output_bits[value]; i++, bit++) {
                unsigned want = b->fixed[bit] == 2 ? real[next++] : b->fixed[bit];
                if (((unsigned)got[at + i / 8] >> i % 8 & 1) != want)
                    fail_msg("seed %llu: person %d, value %u, bit %u",
                             (unsigned long long)t->seed, person, value, i);
            }
            at += (b->output_bits[value] + 7) / 8;
        }
        assert_int_equal(at, bytes);
    }
    free(real);
}

static void run_text(uint64_t seed, const char *text, size_t text_bytes, const uint8_t *owner)
{
    table t = {.seed = seed};
    uint8_t x[1024], y[1024], packed[2][PACKED_MAX];
    sit_down(&t, text, text_bytes, owner);
    const tct_bristol *b = &t.circuit->read;
    random_source r = random_from(seed ^ 0x696e7075u);
    random_bits(&r, x, b->circuit.inputs[0]);
    random_bits(&r, y, b->circuit.inputs[1]);
    for (int person = 0; person < 2; person++) {
        t.input_bytes[person] = pack(b, person, person == 0 ? x : y, packed[person]);
        t.input[person] = packed[person];
    }
    play(&t, seed % 2 != 0);
    compare(&t, x, y);
    stand_up(&t);
}

static void known_circuits_give_what_the_evaluator_gives(void **state)
{
    (void)state;
    known_circuit known[] = {known_adder(64), known_at_least(32), known_multiplier(16),
                             known_chain(129), known_aes128()};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t bytes;
        char *text = known_circuit_text(&known[i], &bytes);
        run_text(i, text, bytes, NULL);
        free(text);
        known_circuit_free(&known[i]);
    }
}

static void random_circuits_give_what_the_evaluator_gives(void **state)
{
    (void)state;
    const char *only = getenv("SEED");
    for (uint64_t i = 0; i < 60; i++) {
        uint64_t seed = only != NULL ? strtoull(only, NULL, 10) : i;
        random_shape shape = random_small_shape(seed, 40);
        tct_circuit *c = random_circuit(seed, shape);
        uint32_t in[4] = {shape.inputs[0] / 3, shape.inputs[0] - shape.inputs[0] / 3,
                          shape.inputs[1] / 2, shape.inputs[1] - shape.inputs[1] / 2};
        uint32_t out[2] = {shape.outputs / 3, shape.outputs - shape.outputs / 3};
        const uint8_t owner[4] = {0, 0, 1, 1};
        bristol_shape how = {.input_bits = in,
                             .input_count = 4,
                             .output_bits = out,
                             .output_count = 2,
                             .shuffle = true,
                             .seed = seed};
        size_t bytes;
        char *text = bristol_write(c, &how, &bytes);
        run_text(seed, text, bytes, owner);
        free(text);
        random_circuit_free(c);
        if (only != NULL)
            return;
    }
}

/* Nine flights, of which F1 to F7 go both ways: 16 messages, and 4 of them after the inputs (F7
 * twice, F8, F9). */
static void a_run_is_sixteen_messages_and_four_after_the_input(void **state)
{
    (void)state;
    const char *text = "1 3\n2 1 1\n1 1\n2 1 0 1 2 AND\n";
    uint8_t one = 1;
    table t = {.seed = 1, .input = {&one, &one}, .input_bytes = {1, 1}};
    sit_down(&t, text, strlen(text), NULL);
    play(&t, true);
    assert_int_equal(t.messages, 16);
    assert_int_equal(t.after_input, 4);
    size_t bytes;
    for (int person = 0; person < 2; person++)
        assert_int_equal(*tacit_party_result(t.party[person], &bytes), 1);
    stand_up(&t);
}

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_circuits_give_what_the_evaluator_gives),
        cmocka_unit_test(random_circuits_give_what_the_evaluator_gives),
        cmocka_unit_test(a_run_is_sixteen_messages_and_four_after_the_input),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
