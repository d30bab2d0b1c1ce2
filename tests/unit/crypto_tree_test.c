/* SPDX-License-Identifier: ISC
 *
 * TREE against Python's hashlib, over every backend, whole, in pieces and from unaligned memory.
 */
#include "crypto/tree.h"
#include "support/kat.h"
#include "support/random_circuit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { BYTES_MAX = 300001 };

static uint8_t data[BYTES_MAX + 64];

static void fill(uint8_t *to, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        to[i] = (uint8_t)(31 * i + 7 * (i / 256));
}

static void strings_of_every_length_give_the_known_answers(void **state)
{
    (void)state;
    kat_open("tree.txt");
    unsigned count = (unsigned)kat_number("tree.count");
    assert_true(count >= 17);
    for (size_t shift = 0; shift < 3; shift++) { /* wherever the string stands in memory */
        fill(data + shift, BYTES_MAX);
        for (unsigned i = 0; i < count; i++) {
            uint8_t out[TCT_HASH_BYTES];
            size_t bytes = (size_t)kat_number("tree.%u.bytes", i);
            assert_true(bytes <= BYTES_MAX);
            tct_tree_hash(data + shift, bytes, out);
            assert_true(kat_is(out, sizeof out, "tree.%u.out", i));
        }
    }
}

static void pieces_give_what_the_whole_gives(void **state)
{
    (void)state;
    random_source r = random_from(21);
    fill(data, BYTES_MAX);
    for (int trial = 0; trial < 30; trial++) {
        size_t bytes = 1 + random_below(&r, BYTES_MAX), at = 0;
        uint8_t whole[TCT_HASH_BYTES], pieces[TCT_HASH_BYTES];
        tct_tree t;
        tct_tree_hash(data, bytes, whole);
        tct_tree_init(&t);
        for (;;) {
            size_t some = TCT_TREE_LEAF_BYTES * (size_t)random_below(&r, 12);
            if (at + some >= bytes)
                break;
            tct_tree_feed(&t, data + at, some);
            at += some;
            if (random_below(&r, 4) == 0)
                break;
        }
        tct_tree_final(&t, data + at, bytes - at, pieces);
        assert_memory_equal(whole, pieces, sizeof whole);
    }
}

static void no_two_strings_share_a_digest(void **state)
{
    (void)state;
    /* A zero more, a leaf more, the digests of the leaves themselves: all different. */
    static const size_t lengths[] = {0, 1, 31, 32, 64, 8192, 8193, 16384};
    enum { COUNT = sizeof lengths / sizeof *lengths };
    uint8_t digest[COUNT][TCT_HASH_BYTES];
    memset(data, 0, sizeof data);
    for (size_t i = 0; i < COUNT; i++)
        tct_tree_hash(data, lengths[i], digest[i]);
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(digest[i], digest[j], TCT_HASH_BYTES);
}

static void every_backend_passes_them_all(void **state)
{
    for (size_t b = 0; tct_tree_backends[b] != NULL; b++) {
        if (!tct_tree_backends[b]->usable())
            continue;
        print_message("backend %s\n", tct_tree_backends[b]->name);
        tct_tree_choose(tct_tree_backends[b]);
        assert_true(tct_tree_self_test(tct_tree_backends[b]));
        strings_of_every_length_give_the_known_answers(state);
        pieces_give_what_the_whole_gives(state);
        no_two_strings_share_a_digest(state);
    }
    tct_tree_choose(NULL);
}

static void wrong_in_one_bit(const uint8_t *in, uint64_t first, uint8_t *digests)
{
    tct_tree_backends[0]->leaves(in, first, digests);
    digests[TCT_HASH_BYTES * tct_tree_backends[0]->lanes - 1] ^= 1;
}

static void the_self_test_sees_a_wrong_backend(void **state)
{
    (void)state;
    tct_tree_backend bad = *tct_tree_backends[0];
    if (!bad.usable())
        return;
    assert_true(tct_tree_self_test(&bad));
    bad.leaves = wrong_in_one_bit;
    assert_false(tct_tree_self_test(&bad));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_backend_passes_them_all),
        cmocka_unit_test(the_self_test_sees_a_wrong_backend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
