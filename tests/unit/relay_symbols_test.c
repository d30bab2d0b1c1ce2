/* SPDX-License-Identifier: ISC
 *
 * The relay cannot read: nothing that could open a message is in its program.  Of the core it has base
 * and one hash, by which it sees whether deposits fit together; of libsodium it takes that hash and
 * nothing else.  This looks at the built program itself, with nm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PROGRAM TACIT_BINARY_DIR "/tacit-relay"
#define CORE    TACIT_BINARY_DIR "/libtacit.a"

enum { SYMBOLS_MAX = 20000, NAME_MAX_BYTES = 96 };
typedef char name[NAME_MAX_BYTES];

static FILE *run(const char *command)
{
    FILE *out = popen(command, "r");
    assert_non_null(out);
    return out;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* All symbols of the program, its own and those that it takes from libraries, in order. */
static size_t symbols_of_program(name *symbols)
{
    size_t count = 0;
    char text[512];
    FILE *out = run("nm " PROGRAM);
    while (count < SYMBOLS_MAX && fgets(text, sizeof text, out) != NULL) {
        char *symbol = strrchr(text, ' ');
        if (symbol == NULL)
            continue;
        symbol[1 + strcspn(symbol + 1, "@\n")] = '\0';
        snprintf(symbols[count++], NAME_MAX_BYTES, "%.90s", symbol + 1);
    }
    assert_int_equal(pclose(out), 0);
    qsort(symbols, count, sizeof *symbols, by_name);
    return count;
}

static bool is_in(name *symbols, size_t count, const char *symbol)
{
    name key;
    snprintf(key, sizeof key, "%.90s", symbol);
    return bsearch(key, symbols, count, sizeof *symbols, by_name) != NULL;
}

/* The sources that the relay may have: those of base/, and the hash. */
static bool is_allowed(const char *member)
{
    char path[256];
    size_t length = strcspn(member, ".");
    if (strncmp(member, "hash.", 5) == 0)
        return true;
    snprintf(path, sizeof path, TACIT_SOURCE_DIR "/src/base/%.*s.c", (int)length, member);
    return access(path, F_OK) == 0;
}

static name symbols[SYMBOLS_MAX];

static void nothing_of_the_core_but_base_and_a_hash_is_in_the_relay(void **state)
{
    (void)state;
    size_t count = symbols_of_program(symbols), looked_at = 0;
    assert_true(is_in(symbols, count, "main"));
    assert_true(is_in(symbols, count, "tct_rooms_new"));
    char text[512], member[128] = "";
    FILE *out = run("nm --defined-only --extern-only " CORE);
    while (fgets(text, sizeof text, out) != NULL) {
        text[strcspn(text, "\n")] = '\0';
        char *end = strstr(text, ".o:");
        char *symbol = strrchr(text, ' ');
        if (end != NULL && symbol == NULL)
            snprintf(member, sizeof member, "%.120s", text);
        if (symbol == NULL || is_allowed(member))
            continue;
        looked_at++;
        if (is_in(symbols, count, symbol + 1))
            fail_msg("%s of %s is in the relay", symbol + 1, member);
    }
    assert_int_equal(pclose(out), 0);
    assert_true(looked_at > 20);
}

static void no_symbol_of_the_relay_is_named_like_a_key(void **state)
{
    (void)state;
    static const char *const never[] = {"sodium",  "crypto_",    "tct_aead",     "tct_channel",
                                        "tct_aes", "tct_xof",    "tct_group",    "tct_cpace",
                                        "tct_tcr", "tct_garble", "tacit_session"};
    static const char hash[] = "crypto_generichash_"; /* BLAKE2b: hashes, and opens nothing */
    size_t count = symbols_of_program(symbols);
    assert_true(count > 100);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < sizeof never / sizeof *never; j++) {
            if (strncmp(symbols[i], never[j], strlen(never[j])) == 0 &&
                strncmp(symbols[i], hash, sizeof hash - 1) != 0)
                fail_msg("%s", symbols[i]);
        }
    }
}

/* What it takes of libsodium, and no more: to begin, to add, to end a hash. */
static void of_libsodium_the_relay_takes_one_hash(void **state)
{
    (void)state;
    size_t count = symbols_of_program(symbols), taken = 0;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(symbols[i], "crypto_", 7) != 0)
            continue;
        taken++;
        if (strcmp(symbols[i], "crypto_generichash_init") != 0 &&
            strcmp(symbols[i], "crypto_generichash_update") != 0 &&
            strcmp(symbols[i], "crypto_generichash_final") != 0)
            fail_msg("%s", symbols[i]);
    }
    assert_int_equal(taken, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_of_the_core_but_base_and_a_hash_is_in_the_relay),
        cmocka_unit_test(no_symbol_of_the_relay_is_named_like_a_key),
        cmocka_unit_test(of_libsodium_the_relay_takes_one_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
