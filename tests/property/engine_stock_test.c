/* SPDX-License-Identifier: ISC
 *
 * Runs stored after F6 and taken up on another day: in any order, under either garbler, stored once more
 * on the way, they say byte for byte what runs say that were never stored.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "garble/engine_state.h"
#include "garble/sealed.h"
#include "garble/stock.h"
#include "support/engine_pair.h"
#include "support/random_circuit.h"

enum { ITEMS = 4, WORDS_MAX = 1 << 16 };

typedef struct {
    tct_circuit *circuit;
    tct_engine_params params;
    uint64_t seed;
    uint8_t sid[32], delta[2][16];
    uint8_t *bytes[ITEMS][2];
    size_t count[ITEMS][2];
    uint8_t x[ITEMS][8], y[ITEMS][8], want[ITEMS][300];
    uint32_t outputs;
} shelf;

/* Everything that one run says after F6, and its deposits. */
typedef struct {
    uint8_t bytes[WORDS_MAX];
    size_t count;
    int who;
} words;

static void listen(void *context, int role, int flight, uint8_t *body, size_t *bytes,
                   size_t capacity)
{
    words *w = context;
    (void)capacity;
    if (flight < TCT_F7)
        return;
    w->bytes[w->count++] = (uint8_t)role;
    assert_true(w->count + *bytes <= sizeof w->bytes);
    memcpy(w->bytes + w->count, body, *bytes);
    w->count += *bytes;
}

static engine_pair *pair_of(const shelf *s)
{
    return engine_pair_new((engine_pair_options){.params = s->params, .seed = s->seed});
}

static void fill(shelf *s, uint64_t seed, uint32_t ands, uint32_t outputs)
{
    random_source random = random_from(seed);
    random_shape shape = {{5, 6}, ands, 10, outputs};
    memset(s, 0, sizeof *s);
    s->seed = seed;
    s->outputs = outputs;
    s->circuit = random_circuit(seed, shape);
    s->params = tct_engine_params_for(ands);
    s->params.mode |= TCT_MODE_ESCROW;
    engine_pair *p = pair_of(s);
    size_t most = tct_stock_bytes(s->circuit, s->params);
    assert_true(most > 0);
    for (uint32_t i = 0; i < ITEMS; i++) {
        random_bits(&random, s->x[i], 5);
        random_bits(&random, s->y[i], 6);
        random_circuit_evaluate(s->circuit, s->x[i], s->y[i], s->want[i]);
        assert_int_equal(engine_pair_begin(p, s->circuit, (int)(i % 2)), TCT_OK);
        assert_int_equal(tct_run_stock_bytes(p->run[0]), 0); /* not yet */
        assert_int_equal(engine_pair_pump(p, seed + i, NULL, NULL, NULL), TCT_OK);
        for (int role = 0; role < 2; role++) {
            size_t need = tct_run_stock_bytes(p->run[role]), bytes = need - 1;
            assert_true(need > 0 && need <= most);
            s->bytes[i][role] = malloc(need);
            assert_int_equal(tct_run_store(p->run[role], s->bytes[i][role], &bytes),
                             TCT_ERR_SPACE);
            bytes = need;
            assert_int_equal(tct_run_store(p->run[role], s->bytes[i][role], &bytes), TCT_OK);
            s->count[i][role] = bytes;
            assert_int_equal(tct_run_store(p->run[role], s->bytes[i][role], &bytes),
                             TCT_ERR_USAGE); /* it is gone from here */
        }
    }
    for (int role = 0; role < 2; role++)
        tct_engine_delta(p->engine[role], s->delta[role]);
    memcpy(s->sid, p->engine[0]->sid, sizeof s->sid);
    engine_pair_free(p);
}

static void clear(shelf *s)
{
    for (uint32_t i = 0; i < ITEMS; i++)
        for (int role = 0; role < 2; role++)
            free(s->bytes[i][role]);
    random_circuit_free(s->circuit);
}

/* The same run in one go, as the measure. */
static void say_live(const shelf *s, uint32_t item, words *w)
{
    engine_pair *p = pair_of(s);
    w->count = 0;
    p->first = 1; /* X speaks first, so that both orders are the same */
    for (uint32_t i = 0; i <= item; i++) {
        assert_int_equal(engine_pair_begin(p, s->circuit, (int)(i % 2)), TCT_OK);
        assert_int_equal(engine_pair_pump(p, 0, NULL, NULL, NULL), TCT_OK);
    }
    assert_int_equal(tct_run_input(p->run[0], s->x[item]), TCT_OK);
    assert_int_equal(tct_run_input(p->run[1], s->y[item]), TCT_OK);
    assert_int_equal(engine_pair_pump(p, 0, listen, w, NULL), TCT_OK);
    engine_pair_free(p);
}

/* A pair in which only Δ and the stored run are left. */
static engine_pair *take_up(const shelf *s, uint32_t item)
{
    engine_pair *p =
        engine_pair_prepare((engine_pair_options){.params = s->params, .seed = s->seed + 99});
    p->circuit = s->circuit;
    for (int role = 0; role < 2; role++) {
        tct_engine_restore(p->engine[role], role, s->sid, s->params, 3, s->delta[role]);
        p->memory_bytes[role] = tct_run_bytes(s->circuit, s->params);
        p->memory[role] = aligned_alloc(64, (p->memory_bytes[role] + 63) / 64 * 64);
        memset(p->memory[role], 0xa5, p->memory_bytes[role]); /* nothing of before */
        assert_int_equal(tct_run_restore(&p->run[role], p->memory[role], p->memory_bytes[role],
                                         p->engine[role], s->circuit, item, (int)(item % 2),
                                         s->bytes[item][role], s->count[item][role]),
                         TCT_OK);
    }
    return p;
}

/* The garbler's run, stored between F8 and F9 and taken up again. */
static void store_again(engine_pair *p, const shelf *s, uint32_t item, int role)
{
    size_t bytes = tct_run_stock_bytes(p->run[role]);
    uint8_t *copy = malloc(bytes);
    assert_true(bytes > 0 && bytes < s->count[item][role]);
    assert_int_equal(tct_run_store(p->run[role], copy, &bytes), TCT_OK);
    memset(p->memory[role], 0x5a, p->memory_bytes[role]);
    tct_engine_restore(p->engine[role], role, s->sid, s->params, 3, s->delta[role]);
    assert_int_equal(tct_run_restore(&p->run[role], p->memory[role], p->memory_bytes[role],
                                     p->engine[role], s->circuit, item, (int)(item % 2), copy,
                                     bytes),
                     TCT_OK);
    free(copy);
}

static void hand_over(engine_pair *p, int from, int flight, words *w)
{
    uint8_t body[8192];
    size_t bytes = sizeof body;
    assert_int_equal(tct_run_flight_out(p->run[from]), flight);
    assert_int_equal(tct_run_send(p->run[from], body, &bytes), TCT_OK);
    listen(w, from, flight, body, &bytes, sizeof body);
    assert_int_equal(tct_run_recv(p->run[1 - from], body, bytes), TCT_OK);
}

static void release(engine_pair *p, const shelf *s, uint32_t item)
{
    uint8_t *bytes[2], got[300];
    tct_sealed_run sealed[2];
    for (int role = 0; role < 2; role++) {
        size_t count = tct_run_sealed_bytes(p->run[role]);
        bytes[role] = malloc(count);
        assert_int_equal(tct_run_put_aside(p->run[role], bytes[role], &count), TCT_OK);
        assert_true(tct_sealed_run_read(&sealed[role], bytes[role], count));
    }
    for (int role = 0; role < 2; role++) {
        size_t third = tct_sealed_deposit_bytes(&sealed[role]) / 3;
        assert_int_equal(
            tct_sealed_release(&sealed[role], sealed[1 - role].deposit, third, got), TCT_OK);
        assert_memory_equal(got, s->want[item], s->outputs);
    }
    free(bytes[0]);
    free(bytes[1]);
}

/* As letters go: F7 of the evaluator, F7 and F8 of the garbler, F9. */
static void say_stored(const shelf *s, uint32_t item, words *w)
{
    engine_pair *p = take_up(s, item);
    int garbler = (int)(item % 2), evaluator = 1 - garbler;
    const uint8_t *inputs[2] = {s->x[item], s->y[item]};
    w->count = 0;
    assert_int_equal(tct_run_input(p->run[evaluator], inputs[evaluator]), TCT_OK);
    hand_over(p, evaluator, TCT_F7, w);
    assert_int_equal(tct_run_stock_bytes(p->run[garbler]), 0); /* only before the peer's F7 */
    assert_int_equal(tct_run_input(p->run[garbler], inputs[garbler]), TCT_OK);
    hand_over(p, garbler, TCT_F7, w);
    hand_over(p, garbler, TCT_F8, w);
    store_again(p, s, item, garbler);
    hand_over(p, evaluator, TCT_F9, w);
    release(p, s, item);
    engine_pair_free(p);
}

static void stored_runs_say_what_live_ones_say(void **state)
{
    (void)state;
    static const uint32_t ands[] = {1, 20, 130, 300}, outputs[] = {1, 5, 33, 3};
    static words live, stored;
    static const uint32_t order[ITEMS] = {2, 3, 0, 1};
    for (size_t c = 0; c < sizeof ands / sizeof ands[0]; c++) {
        shelf s;
        fill(&s, 40 + c, ands[c], outputs[c]);
        for (uint32_t i = 0; i < ITEMS; i++) {
            say_live(&s, order[i], &live);
            say_stored(&s, order[i], &stored);
            assert_int_equal(live.count, stored.count);
            /* The orders of the two F7 differ when Y evaluates; F8 and F9 are in one order. */
            size_t f7 = 2 + 1 + 1;
            assert_memory_equal(live.bytes + f7, stored.bytes + f7, live.count - f7);
        }
        clear(&s);
    }
}

static void own_f7_again_is_the_same_run(void **state)
{
    (void)state;
    shelf s;
    uint8_t first[16], again[16];
    fill(&s, 50, 20, 2);
    for (uint32_t item = 0; item < 2; item++) {
        int evaluator = 1 - (int)(item % 2);
        const uint8_t *inputs[2] = {s.x[item], s.y[item]};
        engine_pair *p = take_up(&s, item);
        size_t bytes = sizeof first, count = sizeof again;
        assert_int_equal(tct_run_input(p->run[evaluator], inputs[evaluator]), TCT_OK);
        assert_int_equal(tct_run_send(p->run[evaluator], first, &bytes), TCT_OK);
        engine_pair_free(p);
        p = take_up(&s, item);
        assert_int_equal(tct_run_input_again(p->run[evaluator], first, bytes + 1),
                         TCT_ERR_FORMAT);
        first[bytes - 1] ^= 0x80; /* beyond the last input */
        assert_int_equal(tct_run_input_again(p->run[evaluator], first, bytes), TCT_ERR_FORMAT);
        first[bytes - 1] ^= 0x80;
        assert_int_equal(tct_run_input_again(p->run[evaluator], first, bytes), TCT_OK);
        assert_int_equal(tct_run_input_again(p->run[evaluator], first, bytes), TCT_ERR_USAGE);
        assert_int_equal(tct_run_send(p->run[evaluator], again, &count), TCT_OK);
        assert_int_equal(bytes, count);
        assert_memory_equal(first, again, count);
        engine_pair_free(p);
    }
    clear(&s);
}

static void bytes_of_another_run_are_refused(void **state)
{
    (void)state;
    shelf s;
    fill(&s, 60, 20, 2);
    engine_pair *p = take_up(&s, 0);
    tct_run *r;
    size_t count = s.count[1][0];
    void *memory = aligned_alloc(64, (p->memory_bytes[0] + 63) / 64 * 64);
    for (size_t cut = 0; cut < count; cut += 7)
        assert_int_equal(tct_run_restore(&r, memory, p->memory_bytes[0], p->engine[0],
                                         s.circuit, 1, 1, s.bytes[1][0], cut),
                         TCT_ERR_FORMAT);
    assert_int_equal(tct_run_restore(&r, memory, p->memory_bytes[0], p->engine[0], s.circuit, 1,
                                     0, s.bytes[1][0], count),
                     TCT_ERR_FORMAT); /* as its garbler */
    for (int form = 1; form < 256; form++) {
        s.bytes[1][0][0] = (uint8_t)form;
        assert_int_equal(tct_run_restore(&r, memory, p->memory_bytes[0], p->engine[0],
                                         s.circuit, 1, 1, s.bytes[1][0], count),
                         TCT_ERR_FORMAT);
    }
    s.bytes[1][0][0] = 0;
    assert_int_equal(
        tct_run_restore(&r, memory, 100, p->engine[0], s.circuit, 1, 1, s.bytes[1][0], count),
        TCT_ERR_MEMORY);
    assert_int_equal(tct_run_restore(&r, memory, p->memory_bytes[0], p->engine[0], s.circuit, 0,
                                     0, s.bytes[0][0], s.count[0][0]),
                     TCT_ERR_USAGE); /* a run number once */
    free(memory);
    engine_pair_free(p);
    clear(&s);
}

/* Few inputs and gates, many outputs: the garbler's second form is the longer one, and has room as well. */
static void many_outputs_have_room_for_the_second_form(void **state)
{
    (void)state;
    tct_gate gate = {TCT_GATE_AND, 0, 1};
    uint32_t outputs[200];
    for (size_t i = 0; i < 200; i++)
        outputs[i] = 2;
    const tct_circuit c = {.inputs = {1, 1},
                           .gate_count = 1,
                           .and_count = 1,
                           .output_count = 200,
                           .gates = &gate,
                           .outputs = outputs};
    tct_engine_params params = tct_engine_params_for(1);
    params.mode |= TCT_MODE_ESCROW;
    size_t most = tct_stock_bytes(&c, params);
    engine_pair *p = engine_pair_new((engine_pair_options){.params = params, .seed = 4});
    words *w = calloc(1, sizeof *w);
    const uint8_t yes = 1;
    assert_int_equal(engine_pair_begin(p, &c, 0), TCT_OK);
    assert_int_equal(engine_pair_pump(p, 0, NULL, NULL, NULL), TCT_OK);
    assert_int_equal(tct_run_input(p->run[1], &yes), TCT_OK);
    hand_over(p, 1, TCT_F7, w);
    assert_int_equal(tct_run_input(p->run[0], &yes), TCT_OK);
    hand_over(p, 0, TCT_F7, w);
    hand_over(p, 0, TCT_F8, w);
    size_t need = tct_run_stock_bytes(p->run[0]);
    assert_true(need > 0 && need <= most);
    free(w);
    engine_pair_free(p);
}

/* A direct reveal, and a circuit with the batch check, have no stock. */
static void other_modes_have_no_stock(void **state)
{
    (void)state;
    random_shape shape = {{5, 6}, 20, 10, 2};
    tct_circuit *c = random_circuit(3, shape);
    tct_engine_params params = tct_engine_params_for(20);
    assert_int_equal(tct_stock_bytes(c, params), 0);
    params.mode |= TCT_MODE_ESCROW | TCT_MODE_BATCH;
    assert_int_equal(tct_stock_bytes(c, params), 0);
    engine_pair *p =
        engine_pair_new((engine_pair_options){.params = tct_engine_params_for(20), .seed = 3});
    assert_int_equal(engine_pair_begin(p, c, 0), TCT_OK);
    assert_int_equal(engine_pair_pump(p, 0, NULL, NULL, NULL), TCT_OK);
    assert_int_equal(tct_run_stock_bytes(p->run[0]), 0);
    engine_pair_free(p);
    random_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stored_runs_say_what_live_ones_say),
        cmocka_unit_test(own_f7_again_is_the_same_run),
        cmocka_unit_test(bytes_of_another_run_are_refused),
        cmocka_unit_test(many_outputs_have_room_for_the_second_form),
        cmocka_unit_test(other_modes_have_no_stock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
