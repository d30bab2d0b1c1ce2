/* SPDX-License-Identifier: ISC
 *
 * HASH, XOF, SHA-512 and HMAC against the Python prototype and the standards; the pieces in which
 * a field or a keystream is fed or read never matter.
 */
#include "crypto/group.h"
#include "crypto/hash.h"
#include "support/kat.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <sodium.h>

static void hash_gives_the_known_answers(void **state)
{
    (void)state;
    kat_open("protocol.txt");
    unsigned count = (unsigned)kat_number("HASH.count");
    assert_true(count >= 3);
    for (unsigned i = 0; i < count; i++) {
        char tag[40], word[1000];
        uint8_t field[500], out[TCT_HASH_BYTES];
        const char *rest = kat_text("HASH.%u.tag", i);
        assert_true(kat_word(&rest, tag, sizeof tag));
        tct_hash h;
        tct_hash_init(&h, tag);
        char fields[2000];
        snprintf(fields, sizeof fields, "%s", kat_text("HASH.%u.fields", i));
        bool none = i == 1; /* "-" alone stands for no field or for one that is empty */
        for (rest = fields; !none && kat_word(&rest, word, sizeof word);)
            tct_hash_field(&h, field, kat_hex_word(field, sizeof field, word));
        tct_hash_final(&h, out);
        assert_true(kat_is(out, sizeof out, "HASH.%u.out", i));
    }
}

/* The strings of the protocol that are HASHes of what the file also holds. */
static void hash_gives_the_strings_of_the_protocol(void **state)
{
    (void)state;
    uint8_t a[500], out[TCT_HASH_BYTES];
    tct_hash h;
    kat_open("protocol.txt");
    tct_hash_init(&h, "sheet");
    tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.sheet_text"));
    tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.options"));
    tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.p"));
    tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.program_id"));
    tct_hash_final(&h, out);
    assert_true(kat_is(out, 32, "strings.sheet_hash"));

    tct_hash_init(&h, "sid");
    tct_hash_field(&h, "2pc/1", 5);
    tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.room"));
    tct_hash_field(&h, out, 32);
    tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.program_id"));
    tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.role_map"));
    tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.params_field"));
    tct_hash_final(&h, out);
    assert_true(kat_is(out, 32, "strings.sid"));

    for (unsigned i = 0; i < 2; i++) {
        tct_hash_init(&h, "bot-k");
        tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.sid"));
        tct_hash_u8(&h, (uint8_t)kat_number("strings.bot_k.%u.P", i));
        tct_hash_u32(&h, (uint32_t)kat_number("strings.bot_k.%u.i", i));
        tct_hash_u8(&h, (uint8_t)kat_number("strings.bot_k.%u.c", i));
        tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.bot_k.%u.tr", i));
        tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.bot_k.%u.enc", i));
        tct_hash_final(&h, out);
        assert_true(kat_is(out, 16, "strings.bot_k.%u.key", i));
    }

    tct_hash_init(&h, "ch");
    tct_hash_field(&h, a, kat_hex(a, sizeof a, "strings.CPace.ISK"));
    tct_hash_u8(&h, 1);
    tct_hash_u32(&h, 3);
    tct_hash_final(&h, out);
    assert_true(kat_is(out, 32, "strings.channel.k_run3_Y"));
}

static void a_field_may_be_fed_in_any_pieces(void **state)
{
    (void)state;
    uint8_t field[700], want[32], out[32];
    random_source r = random_from(5);
    random_bytes(&r, field, sizeof field);
    tct_hash h;
    tct_hash_init(&h, "x");
    tct_hash_field(&h, field, sizeof field);
    tct_hash_final(&h, want);
    for (int trial = 0; trial < 200; trial++) {
        tct_hash_init(&h, "x");
        tct_hash_field_open(&h, sizeof field);
        for (size_t at = 0; at < sizeof field;) {
            size_t some = random_below(&r, 200);
            some = some < sizeof field - at ? some : sizeof field - at;
            tct_hash_feed(&h, field + at, some);
            at += some;
        }
        tct_hash_final(&h, out);
        assert_memory_equal(out, want, 32);
    }
}

static void a_moved_boundary_gives_another_hash(void **state)
{
    (void)state;
    uint8_t one[32], two[32];
    tct_hash h;
    tct_hash_init(&h, "x");
    tct_hash_field(&h, "ab", 2);
    tct_hash_field(&h, "c", 1);
    tct_hash_final(&h, one);
    tct_hash_init(&h, "x");
    tct_hash_field(&h, "a", 1);
    tct_hash_field(&h, "bc", 2);
    tct_hash_final(&h, two);
    assert_memory_not_equal(one, two, 32);
    tct_hash_init(&h, "xa");
    tct_hash_field(&h, "b", 1);
    tct_hash_field(&h, "c", 1);
    tct_hash_final(&h, one);
    assert_memory_not_equal(one, two, 32);
}

static jmp_buf stopped;
static void stop(int signal_number)
{
    (void)signal_number;
    longjmp(stopped, 1);
}
/* Runs the statement and requires that an assertion of ours ends it. */
#define MUST_STOP(statement)                                                                   \
    do {                                                                                       \
        void (*before)(int) = signal(SIGABRT, stop);                                           \
        if (setjmp(stopped) == 0) {                                                            \
            statement;                                                                         \
            fail_msg("%s did not stop", #statement);                                           \
        }                                                                                      \
        signal(SIGABRT, before);                                                               \
    } while (0)

static void a_field_of_another_length_than_opened_stops(void **state)
{
    (void)state;
    static tct_hash h;
    static uint8_t out[32], long_tag[256];
    tct_hash_init(&h, "x");
    tct_hash_field_open(&h, 3);
    tct_hash_feed(&h, "ab", 2);
    MUST_STOP(tct_hash_feed(&h, "cd", 2));
    MUST_STOP(tct_hash_final(&h, out));
    MUST_STOP(tct_hash_field_open(&h, 1));
    MUST_STOP(tct_hash_init_bytes(&h, long_tag, sizeof long_tag));
}

static void final_leaves_nothing_of_the_state(void **state)
{
    (void)state;
    static const tct_hash zero;
    uint8_t out[32];
    tct_hash h;
    tct_hash_init(&h, "secret");
    tct_hash_field(&h, "secret", 6);
    tct_hash_final(&h, out);
    assert_memory_equal(&h, &zero, sizeof h);
}

static void xof_gives_the_known_answers(void **state)
{
    (void)state;
    kat_open("protocol.txt");
    unsigned count = (unsigned)kat_number("XOF.count");
    assert_true(count >= 4);
    for (unsigned i = 0; i < count; i++) {
        uint8_t seed[32], tag[40], out[200];
        size_t seed_bytes = kat_hex(seed, sizeof seed, "XOF.%u.seed", i);
        size_t tag_bytes = kat_hex(tag, sizeof tag, "XOF.%u.tag", i);
        size_t bytes = (size_t)kat_number("XOF.%u.n", i);
        tct_xof x;
        tct_xof_init(&x, seed, seed_bytes, tag, tag_bytes);
        assert_true(bytes <= sizeof out);
        tct_xof_next(&x, out, bytes);
        tct_xof_wipe(&x);
        assert_true(kat_is(out, bytes, "XOF.%u.out", i));
    }
}

static void a_keystream_may_be_read_in_any_pieces(void **state)
{
    (void)state;
    static uint8_t want[2000], out[2000];
    random_source r = random_from(6);
    tct_xof x;
    tct_xof_init(&x, "0123456789abcdef", 16, "ext", 3);
    tct_xof_next(&x, want, sizeof want);
    for (int trial = 0; trial < 300; trial++) {
        uint32_t largest = trial % 3 == 0 ? 3 : trial % 3 == 1 ? 40 : 1200;
        tct_xof_init(&x, "0123456789abcdef", 16, "ext", 3);
        for (size_t at = 0; at < sizeof out;) {
            size_t some = random_below(&r, largest + 1);
            some = some < sizeof out - at ? some : sizeof out - at;
            tct_xof_next(&x, out + at, some);
            at += some;
        }
        assert_memory_equal(out, want, sizeof want);
    }
}

static void keystreams_of_other_seeds_or_tags_differ(void **state)
{
    (void)state;
    uint8_t a[16], b[16];
    tct_xof x;
    tct_xof_init(&x, "0123456789abcdef", 16, "ext", 3);
    tct_xof_next(&x, a, 16);
    tct_xof_init(&x, "0123456789abcdef", 16, "exu", 3);
    tct_xof_next(&x, b, 16);
    assert_memory_not_equal(a, b, 16);
    tct_xof_init(&x, "0123456789abcdeg", 16, "ext", 3);
    tct_xof_next(&x, b, 16);
    assert_memory_not_equal(a, b, 16);
}

static void sha512_and_hmac_give_the_known_answers(void **state)
{
    (void)state;
    uint8_t in[500], key[32], out[64];
    kat_open("published.txt");
    for (unsigned i = 0; i < kat_number("sha512.count"); i++) {
        size_t bytes = kat_hex(in, sizeof in, "sha512.%u.in", i);
        for (size_t cut = 0; cut <= bytes; cut++) {
            const tct_part parts[] = {{in, cut}, {NULL, 0}, {in + cut, bytes - cut}};
            tct_sha512(out, parts, 3);
            assert_true(kat_is(out, 64, "sha512.%u.out", i));
        }
    }
    for (unsigned i = 0; i < kat_number("hmac.count"); i++) {
        memset(key, 0, sizeof key);
        kat_hex(key, sizeof key, "hmac.%u.key", i);
        size_t bytes = kat_hex(in, sizeof in, "hmac.%u.in", i);
        const tct_part parts[] = {{in, bytes / 2}, {in + bytes / 2, bytes - bytes / 2}};
        tct_hmac_sha512(out, key, parts, 2);
        assert_true(kat_is(out, 64, "hmac.%u.out", i));
    }
    kat_open("protocol.txt");
    for (unsigned i = 0; i < kat_number("strings.H2G.count"); i++) {
        const tct_part part = {in, kat_hex(in, sizeof in, "strings.H2G.%u.sha512_in", i)};
        tct_sha512(out, &part, 1);
        assert_true(kat_is(out, 64, "strings.H2G.%u.sha512_out", i));
    }
    const tct_part part = {in, kat_hex(in, sizeof in, "strings.CPace.gen_string")};
    tct_sha512(out, &part, 1);
    assert_true(kat_is(out, 64, "strings.CPace.gen_sha512"));
}

/* The library that we stand on, through its own interface. */
static void blake2b_gives_the_published_answer(void **state)
{
    (void)state;
    uint8_t in[10], out[64];
    kat_open("published.txt");
    size_t bytes = kat_hex(in, sizeof in, "blake2b.in");
    crypto_generichash(out, sizeof out, in, bytes, NULL, 0);
    assert_true(kat_is(out, 64, "blake2b.out"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_gives_the_known_answers),
        cmocka_unit_test(hash_gives_the_strings_of_the_protocol),
        cmocka_unit_test(a_field_may_be_fed_in_any_pieces),
        cmocka_unit_test(a_moved_boundary_gives_another_hash),
        cmocka_unit_test(a_field_of_another_length_than_opened_stops),
        cmocka_unit_test(final_leaves_nothing_of_the_state),
        cmocka_unit_test(xof_gives_the_known_answers),
        cmocka_unit_test(a_keystream_may_be_read_in_any_pieces),
        cmocka_unit_test(keystreams_of_other_seeds_or_tags_differ),
        cmocka_unit_test(sha512_and_hmac_give_the_known_answers),
        cmocka_unit_test(blake2b_gives_the_published_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
