/* SPDX-License-Identifier: ISC
 *
 * The curve in lanes: every backend against RFC 9496, against a second implementation that was not
 * made from the C (tests/kat/curve.py), and against libsodium on random and edge inputs; that blocks
 * can pass from one backend to another; the self-test; and what is left on the stack.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/curve_backends.h"
#include "support/kat.h"
#include "support/random_circuit.h"

enum { LANES = TCT_LANES, BYTES = TCT_ELEMENT_BYTES };

/* Every usable backend, forced. */
#define FOR_EACH_BACKEND                                                                       \
    for (size_t b_at = 0; tct_curve_backends[b_at] != NULL; b_at++)                            \
        if (tct_curve_backends[b_at]->usable() &&                                              \
            (tct_curve_choose(tct_curve_backends[b_at]), true))

typedef union {
    uint8_t bytes[LANES][BYTES];
    uint8_t all[LANES * BYTES];
} block;

static const block identities;

static void decode(tct_points *out, const block *in)
{
    assert_int_equal(tct_points_decode(out, in->all), TCT_OK);
}

static block encode(const tct_points *in)
{
    block b;
    tct_points_encode(b.all, in);
    return b;
}

static void random_scalars(random_source *r, tct_scalar s[LANES])
{
    for (int i = 0; i < LANES; i++) {
        uint8_t wide[TCT_WIDE_BYTES];
        random_bytes(r, wide, sizeof wide);
        tct_scalar_from_wide(&s[i], wide);
    }
}

/* Random elements, with the identity at `hole` (8: nowhere). */
static block random_block(random_source *r, int hole)
{
    block b;
    for (int i = 0; i < LANES; i++) {
        uint8_t wide[TCT_WIDE_BYTES];
        tct_element e = {{0}};
        random_bytes(r, wide, sizeof wide);
        if (i != hole)
            tct_element_from_wide(&e, wide);
        memcpy(b.bytes[i], e.bytes, BYTES);
    }
    return b;
}

static tct_element element(const block *b, int i)
{
    tct_element e;
    memcpy(e.bytes, b->bytes[i], BYTES);
    return e;
}

/* ------------------------------------------------------------------------ known answers --- */

static void multiples_of_the_generator_are_as_published(void **state)
{
    (void)state;
    FOR_EACH_BACKEND
    {
        char word[80], line[2000];
        kat_open("published.txt");
        snprintf(line, sizeof line, "%s", kat_text("ristretto.multiples"));
        const char *rest = line;
        tct_comb base;
        tct_comb_init_base(&base);
        for (int half = 0; half < 2; half++) {
            block want, got;
            tct_scalar s[LANES] = {{{0}}};
            tct_points p;
            tct_digits d;
            for (int i = 0; i < LANES; i++) {
                assert_true(kat_word(&rest, word, sizeof word));
                assert_int_equal(kat_hex_word(want.bytes[i], BYTES, word), BYTES);
                s[i].bytes[0] = (uint8_t)(LANES * half + i);
            }
            tct_digits_of(&d, s);
            tct_comb_mul(&p, &base, &d);
            got = encode(&p);
            assert_memory_equal(&got, &want, sizeof want);
            decode(&p, &want);
            got = encode(&p);
            assert_memory_equal(&got, &want, sizeof want);
        }
    }
}

static void one_wrong_encoding_among_eight_is_refused(void **state)
{
    (void)state;
    random_source r = random_from(31);
    block good = random_block(&r, 8);
    FOR_EACH_BACKEND
    {
        char word[80], line[3000];
        kat_open("published.txt");
        snprintf(line, sizeof line, "%s", kat_text("ristretto.invalid"));
        const char *rest = line;
        int count = 0;
        for (; kat_word(&rest, word, sizeof word); count++) {
            block b = good;
            tct_points p;
            assert_int_equal(tct_points_decode(&p, b.all), TCT_OK);
            assert_int_equal(kat_hex_word(b.bytes[count % LANES], BYTES, word), BYTES);
            assert_int_equal(tct_points_decode(&p, b.all), TCT_ERR_FORMAT);
        }
        assert_int_equal(count, 29);
        for (int i = 0; i < LANES; i++)
            for (int bit = 0; bit < 2; bit++) { /* the two bits that no encoding has */
                block b = good;
                tct_points p;
                b.bytes[i][bit == 0 ? 0 : BYTES - 1] ^= bit == 0 ? 1 : 0x80;
                assert_int_equal(tct_points_decode(&p, b.all), TCT_ERR_FORMAT);
            }
    }
}

/* Every 32 bytes are taken or refused as libsodium does (its neglect of bit 255 apart). */
static void the_verdict_on_any_bytes_is_that_of_group_h(void **state)
{
    (void)state;
    FOR_EACH_BACKEND
    {
        random_source r = random_from(32);
        int taken = 0;
        for (int i = 0; i < 300; i++) {
            block b = identities;
            tct_element e;
            tct_points p;
            random_bytes(&r, b.bytes[i % LANES], BYTES);
            b.bytes[i % LANES][0] &= 0xfe;
            b.bytes[i % LANES][BYTES - 1] &= 0x7f;
            tct_err want = tct_element_decode(&e, b.bytes[i % LANES]);
            assert_int_equal(tct_points_decode(&p, b.all), want);
            taken += want == TCT_OK;
        }
        assert_in_range(taken, 30, 120); /* a quarter of them */
    }
}

static void the_map_is_as_known_at_its_edges(void **state)
{
    (void)state;
    FOR_EACH_BACKEND
    {
        kat_open("curve.txt");
        uint32_t count = (uint32_t)kat_number("map.count");
        assert_int_equal(count % LANES, 0);
        for (uint32_t at = 0; at < count; at += LANES) {
            uint8_t wide[LANES * TCT_WIDE_BYTES];
            tct_points p;
            for (uint32_t i = 0; i < LANES; i++)
                assert_int_equal(kat_hex(wide + TCT_WIDE_BYTES * i, 64, "map.%u.in", at + i),
                                 64);
            tct_points_from_wide(&p, wide);
            block got = encode(&p);
            for (uint32_t i = 0; i < LANES; i++)
                assert_true(kat_is(got.bytes[i], BYTES, "map.%u.out", at + i));
        }
    }
}

static void multiples_are_as_known_at_the_edges_of_the_digits(void **state)
{
    (void)state;
    FOR_EACH_BACKEND
    {
        kat_open("curve.txt");
        uint32_t count = (uint32_t)kat_number("multiple.count");
        assert_int_equal(count % LANES, 0);
        block same;
        tct_points point, p;
        tct_comb comb, base;
        for (int i = 0; i < LANES; i++)
            assert_int_equal(kat_hex(same.bytes[i], BYTES, "point"), BYTES);
        decode(&point, &same);
        tct_comb_init(&comb, &point);
        tct_comb_init_base(&base);
        for (uint32_t at = 0; at < count; at += LANES) {
            tct_scalar s[LANES];
            tct_digits d;
            for (uint32_t i = 0; i < LANES; i++)
                assert_int_equal(kat_hex(s[i].bytes, 32, "multiple.%u.scalar", at + i), 32);
            tct_digits_of(&d, s);
            for (int way = 0; way < 3; way++) {
                if (way == 0)
                    tct_points_mul(&p, &d, &point);
                else
                    tct_comb_mul(&p, way == 1 ? &comb : &base, &d);
                block got = encode(&p);
                for (uint32_t i = 0; i < LANES; i++)
                    assert_true(kat_is(got.bytes[i], BYTES, "multiple.%u.%s", at + i,
                                       way == 2 ? "base" : "point"));
            }
        }
    }
}

/* ---------------------------------------------------------------------- against libsodium --- */

static void products_are_those_of_libsodium(void **state)
{
    (void)state;
    FOR_EACH_BACKEND
    {
        random_source r = random_from(33);
        for (int round = 0; round < 4; round++) {
            block in = random_block(&r, 2 * round), got;
            tct_scalar s[LANES];
            tct_points points, p;
            tct_digits d;
            random_scalars(&r, s);
            decode(&points, &in);
            for (int one = 0; one < 2; one++) {
                if (one)
                    tct_digits_of_one(&d, &s[3]);
                else
                    tct_digits_of(&d, s);
                tct_points_mul(&p, &d, &points);
                got = encode(&p);
                for (int i = 0; i < LANES; i++) {
                    tct_element want, e = element(&in, i);
                    tct_err err = tct_element_mul(&want, one ? &s[3] : &s[i], &e);
                    assert_int_equal(err, i == 2 * round ? TCT_ERR_FORMAT : TCT_OK);
                    assert_memory_equal(got.bytes[i], want.bytes, BYTES);
                }
            }
        }
    }
}

static void tables_give_the_products_of_libsodium(void **state)
{
    (void)state;
    FOR_EACH_BACKEND
    {
        random_source r = random_from(34);
        for (int round = 0; round < 4; round++) {
            block in = random_block(&r, 8), got;
            tct_element first = element(&in, 0), want;
            tct_scalar s[LANES];
            tct_points p;
            tct_digits d;
            tct_comb comb;
            random_scalars(&r, s);
            tct_digits_of(&d, s);
            decode(&p, &in);
            tct_comb_init(&comb, &p);
            tct_comb_mul(&p, &comb, &d);
            got = encode(&p);
            for (int i = 0; i < LANES; i++) {
                assert_int_equal(tct_element_mul(&want, &s[i], &first), TCT_OK);
                assert_memory_equal(got.bytes[i], want.bytes, BYTES);
            }
            tct_comb_init_base(&comb);
            tct_comb_mul(&p, &comb, &d);
            got = encode(&p);
            for (int i = 0; i < LANES; i++) {
                tct_element_mul_base(&want, &s[i]);
                assert_memory_equal(got.bytes[i], want.bytes, BYTES);
            }
        }
    }
}

static void the_table_of_the_identity_gives_the_identity(void **state)
{
    (void)state;
    FOR_EACH_BACKEND
    {
        random_source r = random_from(35);
        tct_scalar s[LANES];
        tct_points p;
        tct_digits d;
        tct_comb comb;
        random_scalars(&r, s);
        tct_digits_of(&d, s);
        decode(&p, &identities);
        tct_comb_init(&comb, &p);
        tct_comb_mul(&p, &comb, &d);
        block got = encode(&p);
        assert_memory_equal(&got, &identities, sizeof got);
    }
}

static void maps_sums_and_differences_are_those_of_libsodium(void **state)
{
    (void)state;
    FOR_EACH_BACKEND
    {
        random_source r = random_from(36);
        for (int round = 0; round < 10; round++) {
            uint8_t wide[LANES * TCT_WIDE_BYTES];
            tct_points a, b, p;
            random_bytes(&r, wide, sizeof wide);
            tct_points_from_wide(&a, wide);
            block in[2] = {encode(&a), random_block(&r, round)}, sum, difference;
            memcpy(in[1].bytes[7], in[0].bytes[7], BYTES); /* twice, and zero */
            decode(&b, &in[1]);
            tct_points_add(&p, &a, &b);
            sum = encode(&p);
            tct_points_sub(&a, &a, &b); /* in place */
            difference = encode(&a);
            for (int i = 0; i < LANES; i++) {
                tct_element x = element(&in[0], i), y = element(&in[1], i), want;
                tct_element_from_wide(&want, wide + TCT_WIDE_BYTES * i);
                assert_memory_equal(x.bytes, want.bytes, BYTES);
                tct_element_add(&want, &x, &y);
                assert_memory_equal(sum.bytes[i], want.bytes, BYTES);
                tct_element_sub(&want, &x, &y);
                assert_memory_equal(difference.bytes[i], want.bytes, BYTES);
            }
        }
    }
}

/* ------------------------------------------------------------------------------- choice --- */

/* What one backend stored another can go on with, and the other way round. */
static void blocks_pass_from_one_backend_to_another(void **state)
{
    (void)state;
    random_source r = random_from(37);
    uint8_t wide[LANES * TCT_WIDE_BYTES];
    tct_scalar s[LANES];
    tct_digits d;
    block want = identities;
    bool first = true;
    random_bytes(&r, wide, sizeof wide);
    random_scalars(&r, s);
    tct_digits_of(&d, s);
    for (size_t i = 0; tct_curve_backends[i] != NULL; i++)
        for (size_t j = 0; tct_curve_backends[j] != NULL; j++) {
            const tct_curve_backend *x = tct_curve_backends[i], *y = tct_curve_backends[j];
            tct_points p, q;
            tct_comb comb;
            if (!x->usable() || !y->usable())
                continue;
            tct_curve_choose(x);
            tct_points_from_wide(&p, wide);
            tct_comb_init(&comb, &p);
            tct_curve_choose(y);
            tct_comb_mul(&q, &comb, &d);
            tct_points_mul(&p, &d, &p);
            tct_curve_choose(x);
            tct_points_add(&p, &p, &q);
            tct_curve_choose(y);
            block got = encode(&p);
            want = first ? got : want;
            first = false;
            assert_memory_equal(&got, &want, sizeof got);
        }
}

static uint64_t takes_all(tct_points *out, const tct_field8 *s)
{
    (void)tct_curve()->decode(out, s);
    return ~(uint64_t)0;
}
static uint64_t takes_none(tct_points *out, const tct_field8 *s)
{
    (void)tct_curve()->decode(out, s);
    return 0;
}
static void swaps_lanes(tct_field8 *s, const tct_points *in)
{
    tct_curve()->encode(s, in);
    for (int k = 0; k < TCT_FIELD_LIMBS; k++) {
        uint64_t other = s->limb[k][2];
        s->limb[k][2] = s->limb[k][5];
        s->limb[k][5] = other;
    }
}
static void forgets_half(tct_points *out, const tct_field8 *first, const tct_field8 *second)
{
    (void)second;
    tct_curve()->map(out, first, first);
}
static void never_subtracts(tct_points *out, const tct_points *a, const tct_points *b,
                            bool subtract)
{
    (void)subtract;
    tct_curve()->add(out, a, b, false);
}
static void forgets_a_digit(tct_points *out, const tct_digits *s, const tct_points *in)
{
    tct_digits less = *s;
    less.digit[TCT_DIGITS - 2][LANES - 1] = 0;
    tct_curve()->multiply(out, &less, in);
}
static void forgets_a_row(tct_comb *out, const tct_points *in)
{
    tct_curve()->comb_make(out, in);
    memcpy(out->row[TCT_COMB_WINDOWS - 1], out->row[TCT_COMB_WINDOWS - 2], sizeof out->row[0]);
}
static void takes_another_digit(tct_points *out, const tct_comb *comb, const tct_digits *s)
{
    tct_digits other = *s;
    other.digit[0][0] += 1;
    tct_curve()->comb_multiply(out, comb, &other);
}

static void the_self_test_sees_a_wrong_backend(void **state)
{
    (void)state;
    tct_curve_choose(NULL);
    const tct_curve_backend right = *tct_curve();
    assert_true(tct_curve_self_test(&right));
    tct_curve_backend wrong[8];
    for (int i = 0; i < 8; i++)
        wrong[i] = right;
    wrong[0].decode = takes_all;
    wrong[1].decode = takes_none;
    wrong[2].encode = swaps_lanes;
    wrong[3].map = forgets_half;
    wrong[4].add = never_subtracts;
    wrong[5].multiply = forgets_a_digit;
    wrong[6].comb_make = forgets_a_row;
    wrong[7].comb_multiply = takes_another_digit;
    for (int i = 0; i < 8; i++)
        assert_false(tct_curve_self_test(&wrong[i]));
}

static void every_usable_backend_passes_and_can_be_forced(void **state)
{
    (void)state;
    tct_curve_choose(NULL);
    const tct_curve_backend *fastest = tct_curve(), *last = NULL;
    for (size_t i = 0; tct_curve_backends[i] != NULL; i++) {
        last = tct_curve_backends[i];
        if (!last->usable())
            print_message("not here: %s\n", last->name);
        else
            assert_true(tct_curve_self_test(last));
    }
    assert_non_null(last);
    assert_string_equal(last->name, "portable");
    assert_true(last->usable());
    tct_curve_choose(last);
    assert_ptr_equal(tct_curve(), last);
    tct_curve_choose(NULL);
    assert_ptr_equal(tct_curve(), fastest);
}

/* -------------------------------------------------------------------- what is left behind --- */

/* One operation on secrets, run on a stack of our own. */
typedef struct {
    int what;
    tct_points in, out;
    tct_digits digits;
    tct_comb comb;
    uint8_t wide[LANES * TCT_WIDE_BYTES], bytes[LANES * BYTES];
} work;

enum { MUL, COMB_MUL, MAP, ADD, ENCODE, COMB, OPERATIONS, STACK = 256 * 1024, OF_THE_WIPE = 8 };

static void *operate(void *memory)
{
    work *w = memory;
    switch (w->what) {
    case MUL:
        tct_points_mul(&w->out, &w->digits, &w->in);
        break;
    case COMB_MUL:
        tct_comb_mul(&w->out, &w->comb, &w->digits);
        break;
    case MAP:
        tct_points_from_wide(&w->out, w->wide);
        break;
    case ADD:
        tct_points_add(&w->out, &w->in, &w->in);
        break;
    case ENCODE:
        tct_points_encode(w->bytes, &w->in);
        break;
    default:
        tct_comb_init(&w->comb, &w->in);
        break;
    }
    return NULL;
}

/* How many words of the stack are neither what they were before nor zero.  The wiping itself leaves
 * its return address and a frame pointer or two, below all that it wiped: OF_THE_WIPE. */
static size_t words_left(work *w, uint64_t *stack)
{
    pthread_attr_t attributes;
    pthread_t thread;
    const uint64_t paint = 0x5a5a5a5a5a5a5a5a;
    size_t left = 0;
    for (size_t i = 0; i < STACK / 8; i++)
        stack[i] = paint;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, operate, w), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    /* From below: what is no paint and no zero was left there.  The thread's own things lie on top,
     * in the last pages. */
    for (size_t i = 0; i < (STACK - 16 * 1024) / 8; i++)
        left += stack[i] != paint && stack[i] != 0;
    return left;
}

static void nothing_is_left_on_the_stack(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__)
    print_message("the address sanitizer's frames are larger than those that people run\n");
    skip();
#endif
    static work w;
    random_source r = random_from(38);
    tct_scalar s[LANES];
    block in = random_block(&r, 8);
    uint64_t *stack = aligned_alloc(64 * 1024, STACK);
    assert_non_null(stack);
    random_scalars(&r, s);
    random_bytes(&r, w.wide, sizeof w.wide);
    tct_digits_of(&w.digits, s);
    FOR_EACH_BACKEND
    {
        decode(&w.in, &in);
        tct_comb_init(&w.comb, &w.in);
        for (w.what = 0; w.what < OPERATIONS; w.what++) {
            size_t left = words_left(&w, stack);
            if (left > OF_THE_WIPE)
                print_message("%s, operation %d: %zu words\n", tct_curve()->name, w.what, left);
            assert_in_range(left, 0, OF_THE_WIPE);
        }
    }
    free(stack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiples_of_the_generator_are_as_published),
        cmocka_unit_test(one_wrong_encoding_among_eight_is_refused),
        cmocka_unit_test(the_verdict_on_any_bytes_is_that_of_group_h),
        cmocka_unit_test(the_map_is_as_known_at_its_edges),
        cmocka_unit_test(multiples_are_as_known_at_the_edges_of_the_digits),
        cmocka_unit_test(products_are_those_of_libsodium),
        cmocka_unit_test(tables_give_the_products_of_libsodium),
        cmocka_unit_test(the_table_of_the_identity_gives_the_identity),
        cmocka_unit_test(maps_sums_and_differences_are_those_of_libsodium),
        cmocka_unit_test(blocks_pass_from_one_backend_to_another),
        cmocka_unit_test(the_self_test_sees_a_wrong_backend),
        cmocka_unit_test(every_usable_backend_passes_and_can_be_forced),
        cmocka_unit_test(nothing_is_left_on_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
