/* SPDX-License-Identifier: ISC
 *
 * The known circuits against the published answers, straight from the builder and again after a trip
 * through a Bristol Fashion text; and the files in examples/circuits/, which this program wrote:
 *
 *     WRITE_EXAMPLES=1 circuit_known_test
 */
#include "circuit/bristol.h"
#include "support/known_circuits.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BITS_MAX = 512 };

/* A number in hexadecimal to bits, lowest first. */
static void from_hex(const char *hex, uint8_t *bits, uint32_t count)
{
    size_t digits = strlen(hex);
    memset(bits, 0, count);
    for (uint32_t i = 0; i < count && i / 4 < digits; i++) {
        char digit[2] = {hex[digits - 1 - i / 4], 0};
        bits[i] = strtoul(digit, NULL, 16) >> i % 4 & 1;
    }
}

static void to_hex(const uint8_t *bits, uint32_t count, char *hex)
{
    uint32_t digits = (count + 3) / 4;
    for (uint32_t i = 0; i < digits; i++) {
        unsigned v = 0;
        for (uint32_t bit = 4 * i; bit < 4 * i + 4 && bit < count; bit++)
            v |= (unsigned)bits[bit] << bit % 4;
        hex[digits - 1 - i] = "0123456789abcdef"[v];
    }
    hex[digits] = 0;
}

static void evaluate(const tct_circuit *c, const uint8_t *fixed, uint32_t outputs,
                     const char *first, const char *second, char *hex)
{
    uint8_t x[BITS_MAX], y[BITS_MAX], real[BITS_MAX], out[BITS_MAX];
    from_hex(first, x, c->inputs[0]);
    from_hex(second, y, c->inputs[1]);
    random_circuit_evaluate(c, x, y, real);
    for (uint32_t i = 0, at = 0; i < outputs; i++)
        out[i] = fixed[i] == 2 ? real[at++] : fixed[i];
    to_hex(out, outputs, hex);
}

static void expect(const known_circuit *k, const char *first, const char *second,
                   const char *want)
{
    char hex[BITS_MAX];
    evaluate(&k->circuit, k->fixed, k->output_bits, first, second, hex);
    assert_string_equal(hex, want);
}

/* Writes the circuit as text, reads it back, and expects the same of it. */
static void expect_from_text(const known_circuit *k, const char *first, const char *second,
                             const char *want)
{
    size_t bytes;
    char *text = known_circuit_text(k, &bytes), hex[BITS_MAX];
    size_t room = tct_bristol_bytes(bytes);
    void *memory = malloc(room);
    tct_arena arena;
    tct_bristol back;
    tct_bristol_error error;
    const uint8_t owner[2] = {0, 1};
    tct_arena_init(&arena, memory, room);
    assert_int_equal(tct_bristol_read(&arena, text, bytes, owner, &back, &error), TCT_OK);
    assert_true(back.circuit.and_count <= k->circuit.and_count);
    evaluate(&back.circuit, back.fixed, back.output_bit_count, first, second, hex);
    assert_string_equal(hex, want);
    free(memory);
    free(text);
}

/* FIPS 197, appendices B and C.1; SP 800-38A, F.1.1. */
static void aes_gives_the_published_ciphertexts(void **state)
{
    (void)state;
    static const char *const vectors[][3] = {
        {"2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734",
         "3925841d02dc09fbdc118597196a0b32"},
        {"000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
         "69c4e0d86a7b0430d8cdb78070b4c55a"},
        {"2b7e151628aed2a6abf7158809cf4f3c", "6bc1bee22e409f96e93d7e117393172a",
         "3ad77bb40d7a3660a89ecaf32466ef97"},
    };
    known_circuit k = known_aes128();
    assert_int_equal(k.circuit.and_count, 6400);
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        expect(&k, vectors[i][0], vectors[i][1], vectors[i][2]);
        expect_from_text(&k, vectors[i][0], vectors[i][1], vectors[i][2]);
    }
    known_circuit_free(&k);
}

/* FIPS 180-4 with its examples "abc" and the message of two blocks. */
static void sha256_gives_the_published_digests(void **state)
{
    (void)state;
    static const char start[] =
        "6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19";
    static const char abc[] = "61626380000000000000000000000000000000000000000000000000"
                              "00000000000000000000000000000000000000000000000000000000"
                              "0000000000000018";
    static const char two_blocks[2][129] = {
        "6162636462636465636465666465666765666768666768696768696a68696a6b"
        "696a6b6c6a6b6c6d6b6c6d6e6c6d6e6f6d6e6f706e6f70718000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000"
        "00000000000000000000000000000000000000000000000000000000000001c0"};
    known_circuit k = known_sha256();
    assert_true(k.circuit.and_count <= 22696);
    expect(&k, abc, start, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect_from_text(&k, abc, start,
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    char middle[BITS_MAX];
    evaluate(&k.circuit, k.fixed, 256, two_blocks[0], start, middle);
    expect(&k, two_blocks[1], middle,
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    known_circuit_free(&k);
}

static void numbers_are_added_multiplied_and_compared(void **state)
{
    (void)state;
    known_circuit k = known_adder(64);
    assert_int_equal(k.circuit.and_count, 63);
    expect(&k, "123456789abcdef0", "fedcba9876543210", "1111111111111100");
    expect_from_text(&k, "ffffffffffffffff", "1", "0000000000000000");
    known_circuit_free(&k);
    k = known_multiplier(64);
    expect(&k, "ffffffffffffffff", "ffffffffffffffff", "fffffffffffffffe0000000000000001");
    expect_from_text(&k, "123456789abcdef", "fedcba987654321",
                     "00121fa00ad77d7422236d88fe5618cf");
    known_circuit_free(&k);
    k = known_at_least(32);
    assert_int_equal(k.circuit.and_count, 32);
    expect(&k, "5", "5", "1");
    expect(&k, "5", "6", "0");
    expect(&k, "ffffffff", "fffffffe", "1");
    known_circuit_free(&k);
    k = known_chain(1000);
    assert_int_equal(k.circuit.and_count, 1000);
    known_circuit_free(&k);
}

/* --------------------------------------------------------------------------- examples --- */

static known_circuit adder64(void)
{
    return known_adder(64);
}
static known_circuit multiplier32(void)
{
    return known_multiplier(32);
}
static known_circuit at_least32(void)
{
    return known_at_least(32);
}

static const struct {
    const char *name;
    known_circuit (*make)(void);
} examples[] = {
    {"adder64", adder64},
    {"at-least32", at_least32},
    {"multiplier32", multiplier32},
    {"aes128", known_aes128},
};

static void the_example_files_are_what_we_write(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/examples/circuits/%s.txt", TACIT_SOURCE_DIR,
                       examples[i].name);
        known_circuit k = examples[i].make();
        size_t bytes;
        char *text = known_circuit_text(&k, &bytes);
        FILE *file = fopen(path, getenv("WRITE_EXAMPLES") != NULL ? "w+" : "r");
        if (file == NULL)
            fail_msg("%s is missing", path);
        if (getenv("WRITE_EXAMPLES") != NULL) {
            assert_int_equal(fwrite(text, 1, bytes, file), bytes);
            rewind(file);
        }
        char *there = malloc(bytes + 1);
        assert_int_equal(fread(there, 1, bytes + 1, file), bytes);
        assert_memory_equal(there, text, bytes);
        (void)fclose(file);
        free(there);
        free(text);
        known_circuit_free(&k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aes_gives_the_published_ciphertexts),
        cmocka_unit_test(sha256_gives_the_published_digests),
        cmocka_unit_test(numbers_are_added_multiplied_and_compared),
        cmocka_unit_test(the_example_files_are_what_we_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
