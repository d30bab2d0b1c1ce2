/* SPDX-License-Identifier: ISC
 *
 * Whole sessions against the second implementation: every body of every flight, both roles.
 *
 * tests/kat/protocol.txt was printed by the Python prototype with all randomness fixed and the
 * base-OT keys given.  Here the same draws are put in through the hooks of tacit_evil.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sodium.h>

#include "crypto/gf128.h"
#include "crypto/transpose.h"
#include "crypto/tree.h"
#include "garble/run_state.h"
#include "ot/twist.h"
#include "support/kat.h"

enum { GATES_MAX = 400, OUTPUTS_MAX = 16, INPUTS_MAX = 128, BODY_MAX = 1 << 18 };

/* HASH("kat", name, role, run, i)[0..bytes-1]: "other draws" of section 14. */
static void draw(uint8_t *out, size_t bytes, const char *name, int role, uint32_t run,
                 uint32_t index)
{
    tct_hash h;
    uint8_t digest[32];
    tct_hash_init(&h, "kat");
    tct_hash_field(&h, name, strlen(name));
    tct_hash_u8(&h, (uint8_t)role);
    tct_hash_u32(&h, run);
    tct_hash_u32(&h, index);
    tct_hash_final(&h, digest);
    memcpy(out, digest, bytes);
}

static void fix_randomness(int role, tct_twist_point point, uint64_t index, void *data,
                           size_t count)
{
    uint32_t run = (uint32_t)index;
    if (point == TCT_TWIST_DELTA) {
        tct_block *delta = data;
        draw(data, 16, "delta", role, 0, 0);
        delta->lo = (delta->lo & ~(uint64_t)3) | (role == TCT_ROLE_X ? 1 : 2);
    } else if (point == TCT_TWIST_COIN) {
        draw(data, 32, "coin", role, run, 0);
    } else if (point == TCT_TWIST_NONCE) {
        draw(data, 32, "nonce", role, run, 0);
    } else if (point == TCT_TWIST_INPUT_LABEL) {
        for (uint32_t w = 0; w < count; w++)
            draw((uint8_t *)data + 16 * (size_t)w, 16, "label", role, run, w);
    }
}

static tct_block base_key(int receiver, uint32_t instance, uint64_t choice)
{
    tct_hash h;
    uint8_t digest[32];
    tct_hash_init(&h, "kat");
    tct_hash_field(&h, "bot", 3);
    tct_hash_field(&h, "", 0);
    tct_hash_u8(&h, (uint8_t)receiver);
    tct_hash_u32(&h, instance);
    tct_hash_u8(&h, (uint8_t)choice);
    tct_hash_final(&h, digest);
    return tct_block_load(digest);
}

static void bind_known_keys(tct_engine *e, const uint8_t th_s[32])
{
    tct_block chosen[128], both[128][2];
    for (uint32_t i = 0; i < 128; i++) {
        chosen[i] = base_key(e->role, i, 1 ^ tct_block_bit(e->delta.block, i));
        for (unsigned c = 0; c < 2; c++)
            both[i][c] = base_key(1 - e->role, i, c);
    }
    tct_engine_bind_keys(e, th_s, chosen, (const tct_block(*)[2])both);
}

typedef struct {
    tct_circuit circuit;
    tct_gate gates[GATES_MAX];
    uint32_t outputs[OUTPUTS_MAX];
} known_circuit;

static tct_gate gate_from(const char *word)
{
    tct_gate g = {0};
    unsigned a = 0, b = 0;
    if (sscanf(word, "AND,%u,%u", &a, &b) == 2) {
        g.kind = TCT_GATE_AND;
    } else if (sscanf(word, "XOR,%u,%u", &a, &b) == 2) {
        g.kind = TCT_GATE_XOR;
    } else {
        assert_int_equal(sscanf(word, "INV,%u", &a), 1);
        g.kind = TCT_GATE_INV;
        b = a;
    }
    g.a = a;
    g.b = b;
    return g;
}

static void read_circuit(known_circuit *k, int session, int run)
{
    char word[32];
    const char *rest = kat_text("session.%d.run.%d.gates", session, run);
    tct_circuit *c = &k->circuit;
    *c = (tct_circuit){.gates = k->gates, .outputs = k->outputs};
    if (strcmp(rest, "chain129") == 0)
        rest = kat_text("chain129");
    while (kat_word(&rest, word, sizeof word)) {
        k->gates[c->gate_count] = gate_from(word);
        c->and_count += k->gates[c->gate_count].kind == TCT_GATE_AND;
        c->gate_count++;
    }
    rest = kat_text("session.%d.run.%d.outs", session, run);
    while (kat_word(&rest, word, sizeof word))
        k->outputs[c->output_count++] = (uint32_t)strtoul(word, NULL, 10);
    c->inputs[0] = (uint32_t)kat_number("session.%d.run.%d.nX", session, run);
    c->inputs[1] = (uint32_t)kat_number("session.%d.run.%d.nY", session, run);
    assert_true(tct_circuit_valid(c));
}

static size_t read_bits(uint8_t *out, const char *text)
{
    char word[8];
    size_t count = 0;
    while (kat_word(&text, word, sizeof word))
        if (strcmp(word, "-") != 0)
            out[count++] = word[0] == '1';
    return count;
}

static void expect_body(const uint8_t *body, size_t bytes, int session, int run,
                        const char *flight, int role)
{
    uint8_t digest[32];
    char who = role == 0 ? 'X' : 'Y';
    crypto_generichash(digest, sizeof digest, body, bytes, NULL, 0);
    assert_int_equal(bytes,
                     kat_number("session.%d.run.%d.%s.%c.len", session, run, flight, who));
    assert_true(kat_is(body, bytes < 24 ? bytes : 24, "session.%d.run.%d.%s.%c.head", session,
                       run, flight, who));
    assert_true(
        kat_is(digest, 32, "session.%d.run.%d.%s.%c.blake2b", session, run, flight, who));
}

static const char *name_of(int flight)
{
    static const char *const names[] = {"", "", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"};
    return flight == TCT_F8B ? "F8b" : flight == TCT_F8C ? "F8c" : names[flight];
}

static uint8_t body[2][BODY_MAX];

/* One flight: both send, both take, everything is compared. */
static void expect_flight(tct_run *const runs[2], int session, int run)
{
    int flight = 0;
    size_t bytes[2] = {0, 0};
    bool sent[2] = {false, false};
    for (int role = 0; role < 2; role++) {
        int own = tct_run_flight_out(runs[role]);
        if (own == 0 || (flight != 0 && own != flight))
            continue;
        flight = own;
        bytes[role] = sizeof body[role];
        assert_int_equal(tct_run_send(runs[role], body[role], &bytes[role]), TCT_OK);
        sent[role] = true;
    }
    assert_int_not_equal(flight, 0);
    for (int role = 0; role < 2; role++) {
        expect_body(body[role], bytes[role], session, run, name_of(flight), role);
        if (sent[1 - role])
            assert_int_equal(tct_run_recv(runs[role], body[1 - role], bytes[1 - role]), TCT_OK);
    }
    for (int role = 0; role < 2; role++)
        assert_true(kat_is(runs[role]->th, 32, "session.%d.run.%d.%s.th_after", session, run,
                           name_of(flight)));
}

static void expect_shifts(const tct_run *r, int session, int run)
{
    char word[32];
    const char *rest = kat_text("session.%d.run.%d.shift", session, run);
    for (uint32_t k = 0; k < r->shape.bucket; k++) {
        assert_true(kat_word(&rest, word, sizeof word));
        assert_int_equal(strtoul(word, NULL, 10), r->shift[k]);
    }
    assert_true(kat_is(r->th3, 32, "session.%d.run.%d.th3", session, run));
    assert_true(kat_is(r->sum_digest, 32, "session.%d.run.%d.Ldig", session, run));
}

/* F10: both deposit, the relay would let both through. */
static void expect_deposits(tct_run *const runs[2], int session, int run)
{
    size_t bytes[2];
    for (int role = 0; role < 2; role++) {
        bytes[role] = sizeof body[role];
        assert_int_equal(tct_run_want(runs[role]), TCT_RUN_DEPOSIT);
        assert_false(tct_run_revealed(runs[role]));
        assert_int_equal(tct_run_deposit(runs[role], body[role], &bytes[role]), TCT_OK);
        assert_true(tct_run_revealed(runs[role]));
        expect_body(body[role], bytes[role], session, run, "F10", role);
    }
    for (int role = 0; role < 2; role++) {
        assert_null(tct_run_result(runs[role]));
        body[1 - role][3] ^= 1; /* junk changes nothing */
        assert_int_equal(tct_run_release(runs[role], body[1 - role], bytes[0] / 3),
                         TCT_ERR_CHEAT);
        body[1 - role][3] ^= 1;
        assert_null(tct_run_result(runs[role]));
        assert_int_equal(tct_run_release(runs[role], body[1 - role], bytes[0] / 3), TCT_OK);
    }
}

static void expect_run(tct_engine *const engines[2], int session, int run)
{
    static const uint8_t unused[32];
    known_circuit k;
    tct_run *runs[2];
    void *memory[2];
    uint8_t inputs[2][INPUTS_MAX], want[OUTPUTS_MAX];
    int garbler = kat_text("session.%d.run.%d.garbler", session, run)[0] == 'Y';
    read_circuit(&k, session, run);
    for (int role = 0; role < 2; role++) {
        size_t need = tct_run_bytes(&k.circuit, engines[role]->params);
        memory[role] = malloc(need);
        assert_int_equal(tct_run_init(&runs[role], memory[role], need, engines[role],
                                      &k.circuit, (uint32_t)run, garbler, unused),
                         TCT_OK);
        assert_true(kat_is(runs[role]->th, 32, "session.%d.run.%d.th_1", session, run));
        assert_true(kat_is(runs[role]->salt, 32, "session.%d.run.%d.salt", session, run));
    }
    while ((tct_run_want(runs[0]) & TCT_RUN_INPUT) == 0)
        expect_flight(runs, session, run);
    for (int role = 0; role < 2; role++) {
        expect_shifts(runs[role], session, run);
        read_bits(inputs[role],
                  kat_text("session.%d.run.%d.in_%c", session, run, role == 0 ? 'X' : 'Y'));
        assert_int_equal(tct_run_input(runs[role], inputs[role]), TCT_OK);
    }
    while ((tct_run_want(runs[0]) | tct_run_want(runs[1])) & TCT_RUN_SEND)
        expect_flight(runs, session, run);
    if (engines[0]->params.mode & TCT_MODE_ESCROW)
        expect_deposits(runs, session, run);
    assert_int_equal(read_bits(want, kat_text("session.%d.run.%d.out", session, run)),
                     k.circuit.output_count);
    for (int role = 0; role < 2; role++) {
        assert_true(tct_run_done(runs[role]));
        assert_memory_equal(tct_run_result(runs[role]), want, k.circuit.output_count);
        tct_run_wipe(runs[role]);
        free(memory[role]);
    }
}

static void expect_session(int session)
{
    tct_engine *engines[2];
    uint8_t sid[32], th_s[32];
    static const uint8_t unused[32];
    tct_engine_params params = {
        .rho = (uint8_t)kat_number("session.%d.rho", session),
        .tau = (uint8_t)kat_number("session.%d.tau", session),
        .mode = (uint8_t)kat_number("session.%d.mode", session),
    };
    kat_hex(sid, sizeof sid, "session.%d.sid", session);
    kat_hex(th_s, sizeof th_s, "session.%d.thS", session);
    for (int role = 0; role < 2; role++) {
        engines[role] =
            tct_engine_init(malloc(tct_engine_bytes(params)), role, sid, params, 3, unused);
        assert_true(kat_is(&engines[role]->delta, 16, "session.%d.Delta_%c", session,
                           role == 0 ? 'X' : 'Y'));
        bind_known_keys(engines[role], th_s);
    }
    int runs = (int)kat_number("session.%d.run.count", session);
    for (int run = 0; run < runs; run++)
        expect_run(engines, session, run);
    for (int role = 0; role < 2; role++)
        free(engines[role]);
}

/* Sessions 1 and 6 direct with tags, 2, 4 and 8 escrow, 3, 4 and 7 batch check, 5 and 7 with ρ = 40,
 * 7 and 8 in bulk mode, 9 and 10 with k = 8. */
static void every_flight_equals_the_second_implementation(void **state)
{
    (void)state;
    kat_open("protocol.txt");
    tct_twist = fix_randomness;
    for (int session = 1; kat_has("session.%d.sid", session); session++)
        expect_session(session);
    tct_twist = NULL;
    assert_true(kat_has("session.10.sid"));
}

/* The n-th backend of every list that this machine has, or its last: portable. */
static void choose_backends(size_t n)
{
    size_t aes = 0, gf = 0, tree = 0, square = 0;
    for (size_t i = 0, used = 0; tct_aes_backends[i] != NULL; i++)
        if (tct_aes_backends[i]->usable() && used++ <= n)
            aes = i;
    for (size_t i = 0, used = 0; tct_gf128_backends[i] != NULL; i++)
        if (tct_gf128_backends[i]->usable() && used++ <= n)
            gf = i;
    for (size_t i = 0, used = 0; tct_tree_backends[i] != NULL; i++)
        if (tct_tree_backends[i]->usable() && used++ <= n)
            tree = i;
    for (size_t i = 0, used = 0; tct_transpose_backends[i] != NULL; i++)
        if (tct_transpose_backends[i]->usable() && used++ <= n)
            square = i;
    print_message("%s, %s, %s, %s\n", tct_aes_backends[aes]->name, tct_gf128_backends[gf]->name,
                  tct_tree_backends[tree]->name, tct_transpose_backends[square]->name);
    tct_aes_choose(tct_aes_backends[aes]);
    tct_gf128_choose(tct_gf128_backends[gf]);
    tct_tree_choose(tct_tree_backends[tree]);
    tct_transpose_choose(tct_transpose_backends[square]);
}

static void every_backend_sends_the_same_bytes(void **state)
{
    for (size_t n = 0; n < 3; n++) {
        choose_backends(n);
        every_flight_equals_the_second_implementation(state);
    }
    tct_aes_choose(NULL);
    tct_gf128_choose(NULL);
    tct_tree_choose(NULL);
    tct_transpose_choose(NULL);
}

static void bucket_and_spread_tables_equal_the_formulas(void **state)
{
    (void)state;
    kat_open("protocol.txt");
    for (int i = 0; i < (int)kat_number("beta.count"); i++)
        assert_int_equal(tct_bucket_size((uint32_t)kat_number("beta.%d.n", i),
                                         (uint8_t)kat_number("beta.%d.rho", i)),
                         kat_number("beta.%d.beta", i));
    for (uint32_t o = 1; o <= 256; o++)
        if (kat_has("escrow_len.%u", o))
            assert_int_equal(tct_spread_bits(o), kat_number("escrow_len.%u", o));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bucket_and_spread_tables_equal_the_formulas),
        cmocka_unit_test(every_flight_equals_the_second_implementation),
        cmocka_unit_test(every_backend_sends_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
