/* SPDX-License-Identifier: ISC
 *
 * The reader of circuit files: what it takes, and for each thing it refuses the line and the words.
 */
#include "circuit/bristol.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    tct_bristol read;
    tct_bristol_error error;
    void *memory;
} attempt;

/* Reads with exactly the memory that tct_bristol_bytes names, so that MEMORY is a bug. */
static tct_err try_to_read(attempt *a, const char *text, size_t bytes)
{
    static const uint8_t owner[TCT_BRISTOL_VALUES_MAX] = {0, 1};
    size_t room = tct_bristol_bytes(bytes);
    a->memory = malloc(room);
    assert_non_null(a->memory);
    tct_arena arena;
    tct_arena_init(&arena, a->memory, room);
    return tct_bristol_read(&arena, text, bytes, owner, &a->read, &a->error);
}

/* The output of a circuit of at most 64 output bits for its two first input values. */
static uint64_t compute(const char *text, uint64_t first, uint64_t second)
{
    attempt a;
    tct_err err = try_to_read(&a, text, strlen(text));
    if (err != TCT_OK)
        fail_msg("line %u: %s", a.error.line, a.error.text);
    uint8_t x[64], y[64], out[64];
    for (unsigned i = 0; i < 64; i++) {
        x[i] = first >> i & 1;
        y[i] = second >> i & 1;
    }
    uint64_t v = 0;
    uint32_t at = 0;
    if (a.read.circuit.output_count != 0) {
        assert_true(tct_circuit_valid(&a.read.circuit));
        random_circuit_evaluate(&a.read.circuit, x, y, out);
    }
    for (unsigned i = 0; i < a.read.output_bit_count; i++)
        v |= (uint64_t)(a.read.fixed[i] == 2 ? out[at++] : a.read.fixed[i]) << i;
    free(a.memory);
    return v;
}

static void every_gate_does_its_name(void **state)
{
    (void)state;
    for (uint64_t x = 0; x < 2; x++) {
        for (uint64_t y = 0; y < 2; y++) {
            assert_int_equal(compute("1 3\n2 1 1\n1 1\n2 1 0 1 2 AND\n", x, y), x & y);
            assert_int_equal(compute("1 3\n2 1 1\n1 1\n2 1 0 1 2 XOR\n", x, y), x ^ y);
            assert_int_equal(compute("1 3\n2 1 1\n1 1\n1 1 0 2 INV\n", x, y), x ^ 1);
            assert_int_equal(compute("1 3\n2 1 1\n1 1\n1 1 1 2 NOT\n", x, y), y ^ 1);
            assert_int_equal(compute("1 3\n2 1 1\n1 1\n1 1 1 2 EQW\n", x, y), y);
            assert_int_equal(compute("2 4\n2 1 1\n1 2\n1 1 0 2 EQ\n1 1 1 3 EQ\n", x, y), 2);
            assert_int_equal(compute("1 3\n2 1 1\n1 1\n2 1 0 0 2 XOR\n", x, y), 0);
            assert_int_equal(compute("1 3\n2 1 1\n1 1\n2 1 1 1 2 AND\n", x, y), y);
        }
    }
}

/* In a MAND the first operands of all its ANDs stand before the second ones. */
static void a_mand_is_many_ands(void **state)
{
    (void)state;
    const char *text = "1 6\n2 2 2\n1 2\n4 2 0 2 1 3 4 5 MAND\n";
    for (uint64_t x = 0; x < 4; x++)
        for (uint64_t y = 0; y < 4; y++)
            assert_int_equal(compute(text, x, y), ((x & 1) & (x >> 1)) | ((y & 1) & (y >> 1))
                                                                             << 1);
    attempt a;
    assert_int_equal(try_to_read(&a, text, strlen(text)), TCT_OK);
    assert_int_equal(a.read.circuit.and_count, 2);
    free(a.memory);
}

static void gates_may_stand_in_any_order(void **state)
{
    (void)state;
    /* wire 5 = x AND y, 2 = NOT 5, 3 = 2 XOR x, 4 = copy of 3, 6 = 4; last line first */
    const char *text = "5 7\n2 1 1\n1 1\n1 1 4 6 EQW\n1 1 3 4 EQW\n2 1 2 0 3 XOR\n"
                       "1 1 5 2 INV\n2 1 0 1 5 AND\n";
    for (uint64_t x = 0; x < 2; x++)
        for (uint64_t y = 0; y < 2; y++)
            assert_int_equal(compute(text, x, y), (x & y) ^ 1 ^ x);
}

static void spaces_tabs_and_line_ends_do_not_matter(void **state)
{
    (void)state;
    assert_int_equal(
        compute("\r\n\n 1\t3 \r\n\n2 1  1\r\n1 1\r\n \r\n2 1 0 1 2 AND\r\n\r\n", 1, 1), 1);
    assert_int_equal(compute("1 3\n2 1 1\n1 1\n2 1 0 1 2 AND", 1, 1), 1);
}

static void inputs_may_be_unused_or_outputs_themselves(void **state)
{
    (void)state;
    assert_int_equal(compute("0 8\n2 4 4\n1 4\n", 0x5, 0x9), 0x9);
    assert_int_equal(compute("1 9\n2 4 4\n1 1\n1 1 3 8 INV\n", 0x7, 0), 1);
    assert_int_equal(compute("0 3\n2 0 3\n2 2 1\n", 0, 0x5), 0x5);
}

static void input_values_go_to_their_owners(void **state)
{
    (void)state;
    const char *text = "1 7\n3 2 1 3\n1 1\n2 1 1 2 6 AND\n";
    const uint8_t owner[3] = {1, 0, 1};
    tct_bristol read;
    tct_bristol_error error;
    size_t room = tct_bristol_bytes(strlen(text));
    void *memory = malloc(room);
    tct_arena arena;
    tct_arena_init(&arena, memory, room);
    assert_int_equal(tct_bristol_read(&arena, text, strlen(text), owner, &read, &error),
                     TCT_OK);
    assert_int_equal(read.circuit.inputs[0], 1);
    assert_int_equal(read.circuit.inputs[1], 5);
    assert_int_equal(read.input_owner[0], 1);
    assert_int_equal(read.circuit.gate_count, 1); /* x0 AND y1: wires 0 and 1 + 1 */
    assert_int_equal(read.circuit.gates[0].a, 0);
    assert_int_equal(read.circuit.gates[0].b, 2);
    free(memory);
}

/* ---------------------------------------------------------------------------- refused --- */

static const struct {
    const char *text;
    uint32_t line;
    const char *says;
} refused[] = {
    {"", 0, "the file is empty"},
    {" \r\n\t\n\n", 0, "the file is empty"},
    {"x", 1, "'x' stands where the number of gates should"},
    {"1", 1, "the line ends where the number of wires should stand"},
    {"-1 3", 1, "'-1' stands where"},
    {"1 3 3", 1, "'3' is one word too many"},
    {"4294967296 3", 1, "too large a number"},
    {"99999999999999999999999999 3", 1, "too large a number: 999999999999999999999999..."},
    {"1 3\n", 0, "the file ends before the line of inputs"},
    {"1 3\n2 1", 2, "the line ends where the width of a value should stand"},
    {"1 3\n2 1 1 1", 2, "'1' is one word too many"},
    {"1 3\n2 1 1\n", 0, "the file ends before the line of outputs"},
    {"1 3\n2 2 2\n1 1\n", 2, "the inputs need 4 wires, but line 1 promises 3"},
    {"1 3\n2 4294967295 4294967295\n1 1\n", 2, "need 8589934590 wires"},
    {"1 3\n2 1 1\n1 4\n", 3, "the outputs need 4 wires"},
    {"1 3\n2 1 1\n0\n", 3, "a circuit needs an output"},
    {"1 3\n2 1 1\n1 0\n", 3, "a circuit needs an output"},
    {"1 3\n65 1\n", 2, "65 values are too many: at most 64"},
    {"1 3\n2 1 1\n65 1\n", 3, "65 values are too many: at most 64"},
    {"1000 3\n2 1 1\n1 1\n2 1 0 1 2 AND\n", 0, "promises 1000 gates and 3 wires, more than"},
    {"1 3000\n2 1 1\n1 1\n2 1 0 1 2 AND\n", 0, "promises 1 gates and 3000 wires, more than"},
    {"0 4000000000\n1 4000000000\n1 1\n", 0, "more than a file of this length can use"},
    {"2 4\n2 1 1\n1 1\n2 1 0 1 3 AND\n", 0,
     "the file ends after 1 gates, but line 1 promises 2"},
    {"1 4\n2 1 1\n1 1\n2 1 0 1 3 AND\n2 1 0 1 2 AND\n", 5,
     "one gate too many: line 1 promises 1"},
    {"1 3\n2 1 1\n1 1\n2 1 0 1 2 NAND\n", 4, "'NAND' is no gate"},
    {"1 3\n2 1 1\n1 1\n2 1 0 1 2 and\n", 4, "'and' is no gate"},
    {"1 3\n2 1 1\n1 1\n2 1 0 1 2\n", 4, "'2' is no gate"},
    {"1 3\n2 1 1\n1 1\n2 1 0 1 2 \x1b[2J\xff\n", 4, "'?[2J?' is no gate"},
    {"1 3\n2 1 1\n1 1\nAND\n", 4, "'AND' stands where the number of input wires"},
    {"1 3\n2 1 1\n1 1\n2 1 AND\n", 4, "'AND' stands where a wire should"},
    {"1 3\n2 1 1\n1 1\n2 1 0 1 AND\n", 4, "'AND' stands where a wire should"},
    {"1 3\n2 1 1\n1 1\n2 1 0 1 2 2 AND\n", 4, "'2' is one wire too many for this AND"},
    {"1 3\n2 1 1\n1 1\n3 1 0 1 2 AND\n", 4, "AND begins with '2 1', not '3 1'"},
    {"1 3\n2 1 1\n1 1\n2 1 0 2 INV\n", 4, "INV begins with '1 1', not '2 1'"},
    {"1 3\n2 1 1\n1 1\n3 1 0 1 2 MAND\n", 4, "MAND begins with '2n n', not '3 1'"},
    {"1 3\n2 1 1\n1 1\n0 0 MAND\n", 4, "MAND begins with '2n n', not '0 0'"},
    {"1 3\n2 1 1\n1 1\n2000 1000 0 1 2 MAND\n", 4, "the line is too short for 1000 ANDs"},
    {"1 4\n2 1 1\n1 1\n4 2 0 1 0 1 2 MAND\n", 4, "'MAND' stands where a wire should"},
    {"1 4\n2 1 1\n1 1\n4 2 0 1 0 1 2 3 3 MAND\n", 4, "'3' is one wire too many for this MAND"},
    {"1 4\n2 1 1\n1 1\n4 2 0 1 0 1 2 2 MAND\n", 4, "wire 2 is set twice: line 4 sets it too"},
    {"1 3\n2 1 1\n1 1\n1 1 2 2 EQ\n", 4, "EQ gives a wire the constant 0 or 1, not 2"},
    {"1 3\n2 1 1\n1 1\n2 1 0 3 2 AND\n", 4,
     "there is no wire 3: line 1 promises 3 wires, 0 to 2"},
    {"1 3\n2 1 1\n1 1\n2 1 0 1 3 AND\n", 4, "there is no wire 3"},
    {"1 3\n2 1 1\n1 1\n2 1 0 1 1 AND\n", 4, "wire 1 is an input: no gate may set it"},
    {"2 3\n2 1 1\n1 1\n2 1 0 1 2 AND\n\n2 1 0 1 2 XOR\n", 6, "wire 2 is set twice: line 4"},
    {"1 4\n2 1 1\n1 1\n2 1 0 2 3 AND\n", 4, "no gate ever sets wire 2"},
    {"1 4\n2 1 1\n1 2\n2 1 0 1 3 AND\n", 0,
     "no gate ever sets wire 2, which is bit 0 of the output"},
    {"1 3\n2 1 1\n1 1\n2 1 0 2 2 AND\n", 4, "in a circle: this one and line 4"},
    {"2 4\n2 1 1\n1 1\n2 1 0 3 2 AND\n1 1 2 3 INV\n", 5, "in a circle: this one and line 4"},
    {"1 3\n1 1 1\n2 1 0 1 2 AND\n", 2,
     "for Bristol Fashion write two lines here: '2 1 1' and '1 1'"},
    {"1 3\n64 64 64\n2 1 0 1 2 AND\n", 2, "'2 64 64' and '1 64'"},
};

static void what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        attempt a;
        tct_err err = try_to_read(&a, refused[i].text, strlen(refused[i].text));
        if (err != TCT_ERR_FORMAT && err != TCT_ERR_LIMIT)
            fail_msg("case %zu: error %d", i, (int)err);
        if (strstr(a.error.text, refused[i].says) == NULL || a.error.line != refused[i].line)
            fail_msg("case %zu: line %u: %s", i, a.error.line, a.error.text);
        free(a.memory);
    }
}

/* Every beginning of a good file, and every byte of it replaced by each that matters: an error or a circuit, and never
 * short of the memory named. */
static void a_damaged_file_is_an_error_or_a_circuit(void **state)
{
    (void)state;
    const char *good = "4 9\n2 2 2\n2 1 1\n4 2 0 2 1 3 4 5 MAND\n2 1 4 5 6 XOR\n1 1 6 7 INV\n"
                       "1 1 1 8 EQ\n";
    size_t bytes = strlen(good);
    assert_int_equal(compute(good, 1, 3), 2);
    for (size_t cut = 0; cut < bytes; cut++) {
        attempt a;
        assert_int_not_equal(try_to_read(&a, good, cut), TCT_ERR_MEMORY);
        free(a.memory);
    }
    for (size_t at = 0; at < bytes; at++) {
        static const char values[] = " \n0123456789AMQ\377"; /* and the NUL at its end */
        for (size_t value = 0; value < sizeof values; value++) {
            attempt a;
            char bad[128];
            memcpy(bad, good, bytes);
            bad[at] = values[value];
            tct_err err = try_to_read(&a, bad, bytes);
            assert_int_not_equal(err, TCT_ERR_MEMORY);
            if (err == TCT_OK && a.read.circuit.output_count != 0)
                assert_true(tct_circuit_valid(&a.read.circuit));
            free(a.memory);
        }
    }
}

/* ----------------------------------------------------------------------------- limits --- */

static tct_err header_of(const char *text)
{
    tct_bristol out;
    tct_bristol_error error;
    return tct_bristol_header(text, strlen(text), &out, &error);
}

static void limits_hold_at_the_limit_and_one_beyond(void **state)
{
    (void)state;
    char text[1024];
    for (int values = 64; values <= 65; values++) {
        int at = snprintf(text, sizeof text, "0 65\n%d", values);
        for (int i = 0; i < values; i++)
            at += snprintf(text + at, sizeof text - (size_t)at, " 1");
        (void)snprintf(text + at, sizeof text - (size_t)at, "\n1 1\n");
        assert_int_equal(header_of(text), values == 64 ? TCT_OK : TCT_ERR_LIMIT);
    }
    assert_int_equal(header_of("0 65536\n1 65536\n1 1\n"), TCT_OK);
    assert_int_equal(header_of("0 65537\n1 65537\n1 1\n"), TCT_ERR_LIMIT);
    const char *widest = "0 65536\n1 65536\n1 65536\n";
    attempt a;
    assert_int_equal(try_to_read(&a, widest, strlen(widest)), TCT_OK);
    assert_true(tct_circuit_valid(&a.read.circuit));
    free(a.memory);

    tct_bristol out;
    tct_bristol_error error;
    size_t long_file = 8 * ((size_t)1 << 24) + 64;
    char *blank = malloc(long_file); /* long enough for 2^24 inputs and 2^20 outputs */
    memset(blank, ' ', long_file);
    const struct {
        const char *head;
        tct_err err;
    } cases[] = {
        {"0 1048576\n1 1048576\n1 1048576\n", TCT_OK},
        {"0 1048577\n1 1048577\n1 1048577\n", TCT_ERR_LIMIT},
        {"0 16777216\n1 16777216\n1 1\n", TCT_OK},
        {"0 16777217\n1 16777217\n1 1\n", TCT_ERR_LIMIT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(blank, ' ', 64);
        memcpy(blank, cases[i].head, strlen(cases[i].head));
        assert_int_equal(tct_bristol_header(blank, long_file, &out, &error), cases[i].err);
    }
    free(blank);
    assert_int_equal(tct_bristol_header("", (size_t)UINT32_MAX + 1, &out, &error),
                     TCT_ERR_LIMIT);
    assert_true(tct_bristol_bytes((size_t)UINT32_MAX + 1) == SIZE_MAX);
}

/* A chain written last gate first makes the deepest search and must still take linear time: this
 * file has 200,000 gates. */
static void a_long_chain_backwards_is_read_quickly(void **state)
{
    (void)state;
    enum { GATES = 200000 };
    size_t room = GATES * 32 + 64, used;
    char *text = malloc(room);
    used = (size_t)snprintf(text, room, "%d %d\n2 1 1\n1 1\n", GATES, GATES + 2);
    for (int i = GATES - 1; i >= 0; i--)
        used += (size_t)snprintf(text + used, room - used, "2 1 %d %d %d AND\n",
                                 i < 2 ? i : i + 1, (i + 1) % 2, i + 2);
    attempt a;
    tct_err err = try_to_read(&a, text, used);
    if (err != TCT_OK)
        fail_msg("line %u: %s", a.error.line, a.error.text);
    assert_true(tct_circuit_valid(&a.read.circuit));
    free(a.memory);
    free(text);
}

/* x·y and ¬x·¬y for all pairs: the second is made of the first with two XORs, so the circuit built has
 * more gates than the file. */
static void a_file_may_grow_while_it_is_built(void **state)
{
    (void)state;
    enum {
        WIDTH = 6,
        PAIRS = WIDTH * WIDTH,
        GATES = 2 * WIDTH + 2 * PAIRS,
        INPUTS = 2 * WIDTH
    };
    char text[8192];
    size_t used = (size_t)snprintf(text, sizeof text, "%d %d\n2 %d %d\n1 %d\n", GATES,
                                   INPUTS + GATES, WIDTH, WIDTH, 2 * PAIRS);
    for (int i = 0; i < INPUTS; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "1 1 %d %d INV\n", i, INPUTS + i);
    for (int i = 0; i < 2 * PAIRS; i++) {
        int shift = i % 2 * INPUTS, x = i / 2 % WIDTH, y = WIDTH + i / 2 / WIDTH;
        used += (size_t)snprintf(text + used, sizeof text - used, "2 1 %d %d %d AND\n",
                                 shift + x, shift + y, 2 * INPUTS + i);
    }
    attempt a;
    assert_int_equal(try_to_read(&a, text, used), TCT_OK);
    assert_int_equal(a.read.circuit.and_count, PAIRS);
    assert_true(a.read.circuit.gate_count > GATES);
    free(a.memory);
}

static void too_little_memory_is_an_error(void **state)
{
    (void)state;
    const char *text = "3 5\n2 1 1\n1 1\n2 1 0 1 2 AND\n2 1 0 2 3 XOR\n1 1 3 4 INV\n";
    static const uint8_t owner[2] = {0, 1};
    _Alignas(64) static uint8_t memory[4096];
    bool read_once = false;
    for (size_t bytes = 0; bytes <= sizeof memory; bytes += 16) {
        tct_bristol out;
        tct_bristol_error error;
        tct_arena arena;
        tct_arena_init(&arena, memory, bytes);
        tct_err err = tct_bristol_read(&arena, text, strlen(text), owner, &out, &error);
        if (err == TCT_OK)
            read_once = true;
        else
            assert_int_equal(err, TCT_ERR_MEMORY);
        assert_true(!read_once || err == TCT_OK);
    }
    assert_true(read_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gate_does_its_name),
        cmocka_unit_test(a_mand_is_many_ands),
        cmocka_unit_test(gates_may_stand_in_any_order),
        cmocka_unit_test(spaces_tabs_and_line_ends_do_not_matter),
        cmocka_unit_test(inputs_may_be_unused_or_outputs_themselves),
        cmocka_unit_test(input_values_go_to_their_owners),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(a_damaged_file_is_an_error_or_a_circuit),
        cmocka_unit_test(limits_hold_at_the_limit_and_one_beyond),
        cmocka_unit_test(a_long_chain_backwards_is_read_quickly),
        cmocka_unit_test(a_file_may_grow_while_it_is_built),
        cmocka_unit_test(too_little_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
