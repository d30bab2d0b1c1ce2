/* SPDX-License-Identifier: ISC
 *
 * tacit_stream_*: circuits from a function of the caller's, what is refused, and where it can be left.
 */
#include "tacit/tacit.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A register of 16 bits for each person, stirred `rounds` times: 16 ANDs, 16 XORs and an INV each.  It never
 * stands in memory as a circuit. */
enum { BITS = 16, SLOTS = 3 * BITS };

typedef struct {
    uint32_t rounds, round, step;
    int bad; /* which mistake the last gate makes */
} stir;

static bool next_gate(void *context, tacit_gate *gate)
{
    stir *s = context;
    if (s->round == s->rounds) {
        if (s->bad == 0)
            return false;
        const tacit_gate wrong[] = {{0},
                                    {TACIT_GATE_AND, 0, SLOTS, 1}, /* no such slot */
                                    {TACIT_GATE_AND, SLOTS, 0, 1},
                                    {TACIT_GATE_AND, 0, 1, UINT32_MAX},
                                    {TACIT_GATE_XOR, 0, 1, 1},          /* itself */
                                    {3, 0, 0, 1},                       /* no such kind */
                                    {TACIT_GATE_INV, 0, SLOTS - 1, 0}}; /* never written */
        *gate = wrong[s->bad];
        return true;
    }
    uint32_t i = s->step / 2, r = s->round;
    if (s->step == 2 * BITS)
        *gate = (tacit_gate){TACIT_GATE_INV, r % BITS, r % BITS, 0};
    else if (s->step % 2 == 0)
        *gate =
            (tacit_gate){TACIT_GATE_AND, 2 * BITS + i % (BITS - 1), i, BITS + (i + r) % BITS};
    else
        *gate = (tacit_gate){TACIT_GATE_XOR, BITS + (i + 3) % BITS, BITS + (i + 3) % BITS,
                             2 * BITS + i % (BITS - 1)};
    if (s->step++ == 2 * BITS) {
        s->step = 0;
        s->round++;
    }
    return true;
}

static uint32_t in_the_clear(uint32_t rounds, uint16_t x, uint16_t y)
{
    uint8_t slot[SLOTS] = {0};
    stir s = {.rounds = rounds};
    tacit_gate g;
    uint32_t out = 0;
    for (uint32_t i = 0; i < BITS; i++) {
        slot[i] = x >> i & 1;
        slot[BITS + i] = y >> i & 1;
    }
    while (next_gate(&s, &g))
        slot[g.to] = g.kind == TACIT_GATE_AND   ? slot[g.p] & slot[g.q]
                     : g.kind == TACIT_GATE_XOR ? slot[g.p] ^ slot[g.q]
                                                : slot[g.p] ^ 1;
    for (uint32_t i = 0; i < 2 * BITS; i++)
        out |= (uint32_t)slot[i] << i;
    return out;
}

static const uint32_t all_slots[2 * BITS] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                             11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                             22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

static tacit_program program_of(stir *s, uint32_t batch)
{
    return (tacit_program){.input_bits = {BITS, BITS},
                           .slots = SLOTS,
                           .output_count = 2 * BITS,
                           .outputs = all_slots,
                           .batch = batch,
                           .next = next_gate,
                           .context = s};
}

typedef struct {
    tacit_stream *stream[2];
    stir source[2];
    void *memory[2];
    size_t bytes;
} pair;

/* off: how far from an aligned address the memory begins. */
static void begin(pair *p, stir source, uint32_t batch, unsigned line, size_t off)
{
    static const uint8_t sid[32] = {5};
    for (int person = 0; person < 2; person++) {
        uint8_t seed[32] = {(uint8_t)(1 + person)};
        p->source[person] = source;
        tacit_program program = program_of(&p->source[person], batch);
        program.line = line;
        p->bytes = tacit_stream_bytes(&program);
        assert_true(p->bytes != SIZE_MAX);
        p->memory[person] = calloc(1, p->bytes + 128);
        assert_int_equal(tacit_stream_init(&p->stream[person],
                                           (uint8_t *)p->memory[person] + off, p->bytes + 64,
                                           &program, person, sid, seed),
                         TACIT_OK);
    }
}

static void end(pair *p)
{
    for (int person = 0; person < 2; person++) {
        tacit_stream_wipe(p->stream[person]);
        free(p->memory[person]);
    }
}

/* Moves at most `moves` messages, each by way of an odd address. */
static tacit_status pump(pair *p, unsigned moves, int *who)
{
    *who = -1;
    while (moves-- != 0) {
        int from = tacit_stream_want(p->stream[0]) & TACIT_WANT_SEND ? 0 : 1;
        if (!(tacit_stream_want(p->stream[from]) & TACIT_WANT_SEND))
            return TACIT_OK;
        size_t bytes = tacit_stream_send_bytes(p->stream[from]);
        uint8_t *message = malloc(bytes + 2);
        size_t little = bytes == 0 ? 0 : bytes - 1;
        if (bytes != 0)
            assert_int_equal(tacit_stream_send(p->stream[from], message, &little),
                             TACIT_ERR_SPACE);
        *who = from;
        tacit_status err = tacit_stream_send(p->stream[from], message + 1, &bytes);
        if (err == TACIT_OK) {
            *who = 1 - from;
            err = tacit_stream_recv(p->stream[1 - from], message + 1, bytes);
        }
        free(message);
        if (err != TACIT_OK)
            return err;
    }
    return TACIT_OK;
}

static void give(pair *p, uint16_t x, uint16_t y)
{
    const uint16_t v[2] = {x, y};
    for (int person = 0; person < 2; person++) {
        const uint8_t bits[2] = {(uint8_t)v[person], (uint8_t)(v[person] >> 8)};
        assert_int_equal(tacit_stream_input(p->stream[person], bits, 1), TACIT_ERR_ANSWER);
        assert_int_equal(tacit_stream_input(p->stream[person], bits, 2), TACIT_OK);
        assert_int_equal(tacit_stream_input(p->stream[person], bits, 2), TACIT_ERR_USAGE);
    }
}

static void expect(const pair *p, uint32_t want)
{
    for (int person = 0; person < 2; person++) {
        size_t bytes;
        const uint8_t *got = tacit_stream_result(p->stream[person], &bytes);
        assert_int_equal(bytes, 4);
        assert_non_null(got);
        assert_int_equal((uint32_t)got[0] | (uint32_t)got[1] << 8 | (uint32_t)got[2] << 16 |
                             (uint32_t)got[3] << 24,
                         want);
    }
}

static void a_generated_circuit_gives_what_it_gives_in_the_clear(void **state)
{
    static const uint32_t batches[] = {1, 40, 64, 100000};
    int who;
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        pair p;
        uint32_t rounds = i == 0 ? 1 : 9;
        begin(&p, (stir){.rounds = rounds}, batches[i], i & 1 ? TACIT_FEW_BYTES : 0, i);
        if (i % 2 == 0)
            give(&p, 0xBEEF, 0x1234);
        assert_int_equal(pump(&p, 2000, &who), TACIT_OK);
        if (i % 2 == 1) { /* inputs may come late: nothing goes on without */
            assert_int_equal(tacit_stream_ands(p.stream[0]), 0);
            give(&p, 0xBEEF, 0x1234);
            assert_int_equal(pump(&p, 2000, &who), TACIT_OK);
        }
        expect(&p, in_the_clear(rounds, 0xBEEF, 0x1234));
        assert_int_equal(tacit_stream_ands(p.stream[0]), BITS * rounds);
        assert_int_equal(tacit_stream_want(p.stream[1]), 0);
        end(&p);
    }
}

static void numbers_that_cannot_be_are_refused_before_memory_is_taken(void **state)
{
    static const uint32_t beyond[] = {SLOTS};
    stir s = {.rounds = 1};
    tacit_program good = program_of(&s, 64), p;
    tacit_stream *out;
    uint8_t none[32] = {0};
    (void)state;
    for (int i = 0; i < 11; i++) {
        p = good;
        p.batch = i == 0 ? 0 : i == 1 ? (1 << 20) + 1 : p.batch;
        p.slots = i == 2 ? 0 : i == 3 ? (1 << 24) + 1 : i == 4 ? BITS : p.slots;
        p.output_count = i == 5 ? 0 : i == 6 ? 1 : i == 7 ? (1 << 20) + 1 : p.output_count;
        p.outputs = i == 6 ? beyond : p.outputs;
        p.input_bits[0] = i == 8 ? UINT32_MAX : BITS;
        p.line = i == 9 ? TACIT_FEW_TRIPS : 0;
        p.next = i == 10 ? NULL : p.next;
        assert_true(tacit_stream_bytes(&p) == SIZE_MAX);
        assert_int_equal(tacit_stream_init(&out, none, sizeof none, &p, 0, none, none),
                         TACIT_ERR_LIMIT);
        assert_null(out);
    }
    assert_int_equal(tacit_stream_init(&out, none, sizeof none, &good, 2, none, none),
                     TACIT_ERR_USAGE);
    assert_int_equal(tacit_stream_init(&out, none, sizeof none, &good, 0, none, none),
                     TACIT_ERR_MEMORY);
    assert_int_equal(s.step + s.round, 0); /* nothing was read */
}

static void a_wrong_gate_ends_it_before_anything_is_known(void **state)
{
    (void)state;
    for (int bad = 1; bad <= 6; bad++)
        for (uint32_t rounds = 0; rounds < 9;
             rounds += 8) { /* at once, and in a later segment */
            pair p;
            int who;
            size_t bytes;
            begin(&p, (stir){.rounds = rounds, .bad = bad}, 64, 0, 0);
            give(&p, 1, 2);
            assert_int_equal(pump(&p, 2000, &who), TACIT_ERR_SHEET);
            assert_null(tacit_stream_result(p.stream[who], &bytes));
            assert_int_equal(tacit_stream_want(p.stream[who]), 0);
            assert_int_equal(tacit_stream_recv(p.stream[who], NULL, 0), TACIT_ERR_SHEET);
            end(&p);
        }
}

/* One byte at a time is not a message: lengths are known to both, and a caller collects (examples/). */
static void a_message_in_pieces_is_refused(void **state)
{
    pair p;
    uint8_t byte = 0;
    int who;
    (void)state;
    begin(&p, (stir){.rounds = 2}, 64, 0, 0);
    assert_int_equal(pump(&p, 4, &who), TACIT_OK);
    int taker = tacit_stream_want(p.stream[0]) & TACIT_WANT_RECV ? 0 : 1;
    assert_true(tacit_stream_recv_bytes(p.stream[taker]) > 1);
    assert_int_equal(tacit_stream_recv(p.stream[taker], &byte, 1), TACIT_ERR_FORMAT);
    assert_int_equal(tacit_stream_recv(p.stream[taker], &byte, 1), TACIT_ERR_FORMAT);
    end(&p);
}

/* Left at any message, nothing stays in its memory but the end itself. */
static void a_stream_can_be_left_anywhere(void **state)
{
    (void)state;
    for (unsigned moves = 0; moves < 45; moves += 4) {
        pair p;
        int who;
        begin(&p, (stir){.rounds = 10}, 64, 0, 0);
        give(&p, 77, 88);
        assert_int_equal(pump(&p, moves, &who), TACIT_OK);
        tacit_stream_wipe(p.stream[0]);
        size_t dirty = 0;
        const uint8_t *from = (const uint8_t *)p.stream[0];
        for (size_t i = 0; i < p.bytes - 64; i++)
            dirty += from[i] != 0;
        assert_true(dirty <= 1); /* the sticky error */
        assert_int_equal(tacit_stream_want(p.stream[0]), 0);
        end(&p);
    }
}

/* Two pairs in two threads have nothing in common. */
static void *whole_run(void *wrong)
{
    pair p;
    int who;
    begin(&p, (stir){.rounds = 12}, 50, 0, 0);
    give(&p, 0x5A5A, 0x0FF1);
    if (pump(&p, 5000, &who) != TACIT_OK)
        *(int *)wrong = 1;
    expect(&p, in_the_clear(12, 0x5A5A, 0x0FF1));
    end(&p);
    return NULL;
}

static void pairs_in_threads_of_their_own_do_not_meet(void **state)
{
    pthread_t thread[3];
    int wrong[3] = {0};
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, whole_run, &wrong[i]), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
        assert_int_equal(wrong[i], 0);
    }
}

static int start(void **state)
{
    (void)state;
    return tacit_start() ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_generated_circuit_gives_what_it_gives_in_the_clear),
        cmocka_unit_test(numbers_that_cannot_be_are_refused_before_memory_is_taken),
        cmocka_unit_test(a_wrong_gate_ends_it_before_anything_is_known),
        cmocka_unit_test(a_message_in_pieces_is_refused),
        cmocka_unit_test(a_stream_can_be_left_anywhere),
        cmocka_unit_test(pairs_in_threads_of_their_own_do_not_meet),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
