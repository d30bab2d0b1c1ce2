/* SPDX-License-Identifier: ISC
 *
 * The ranges of limbs that the proofs in src/crypto/curve_field51.h and curve_field25.h name: from
 * limbs at the bounds, all ways round and at random, every function gives limbs within its own bounds,
 * the right number mod p (by a schoolbook of its own), and the same with lanes of 64 bits as with
 * lanes in which nothing can wrap around.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "support/field_lanes.h"
#include "support/random_circuit.h"

enum { RANDOM_ROUNDS = 4000 };

static const field_lanes *const all[] = {&field_51_exact, &field_51_ifma, &field_51_wide,
                                         &field_25_exact, &field_25_plain};
enum { ALL = sizeof all / sizeof *all, OF_51 = 3 };

/* ------------------------------------------------------------------- a schoolbook mod p --- */

typedef struct {
    uint64_t word[4]; /* below p */
} number;

static const number prime = {
    {0xffffffffffffffed, ~(uint64_t)0, ~(uint64_t)0, 0x7fffffffffffffff}};

static number plus(number a, number b)
{
    number sum, less;
    field_word carry = 0, borrow = 0;
    for (int i = 0; i < 4; i++) {
        carry += (field_word)a.word[i] + b.word[i];
        sum.word[i] = (uint64_t)carry;
        carry >>= 64;
    }
    for (int i = 0; i < 4; i++) {
        field_word d = (field_word)sum.word[i] - prime.word[i] - borrow;
        less.word[i] = (uint64_t)d;
        borrow = d >> 64 & 1;
    }
    return borrow ? sum : less; /* a + b < 2p < 2^256 */
}

static number minus(number a, number b)
{
    number out;
    field_word borrow = 0;
    for (int i = 0; i < 4; i++) {
        field_word d = (field_word)prime.word[i] - b.word[i] - borrow;
        out.word[i] = (uint64_t)d;
        borrow = d >> 64 & 1;
    }
    return plus(a, plus(out, (number){{0}}));
}

static number times(number a, number b)
{
    number out = {{0}};
    for (int i = 255; i >= 0; i--) {
        out = plus(out, out);
        if (b.word[i / 64] >> (i % 64) & 1)
            out = plus(out, a);
    }
    return out;
}

/* 2^shift·v mod p, v < 2^64. */
static number shifted(uint64_t v, int shift)
{
    number out = {{v}};
    for (int i = 0; i < shift; i++)
        out = plus(out, out);
    return out;
}

static number value(const field_lanes *f, const field_number *a)
{
    number sum = {{0}};
    for (int k = 0; k < f->limbs; k++)
        sum =
            plus(sum, shifted((uint64_t)a->limb[k], f->limbs == 5 ? 51 * k : (51 * k + 1) / 2));
    return sum;
}

/* ------------------------------------------------------------------------------- bounds --- */

static field_word power(int n)
{
    return (field_word)1 << n;
}

/* One above the largest limb that a function takes, or gives. */
static field_word takes(const field_lanes *f, int k)
{
    if (f->limbs == 5)
        return power(51) + power(44);
    return k % 2 == 0 ? power(26) + power(18) : power(25) + power(17);
}

static field_word gives(const field_lanes *f, int k)
{
    if (f->limbs == 5)
        return power(51) + power(15);
    return k % 2 == 0 ? power(26) + power(9) : power(25) + power(15);
}

static void expect(const field_lanes *f, const field_number *out, number want)
{
    number got = value(f, out);
    for (int k = 0; k < f->limbs; k++)
        assert_true(out->limb[k] < gives(f, k));
    assert_memory_equal(&got, &want, sizeof got);
}

static void same(const field_lanes *f, const field_number *a, const field_number *b)
{
    for (int k = 0; k < f->limbs; k++)
        assert_true(a->limb[k] == b->limb[k]);
}

/* All functions on a and b, by the lanes from `first` on that have the same limbs. */
static void check(int first, int last, const field_number *a, const field_number *b)
{
    enum { FUNCTIONS = 5 };
    field_number exact[FUNCTIONS], out[FUNCTIONS];
    number x = value(all[first], a), y = value(all[first], b);
    const number want[FUNCTIONS] = {times(x, y), times(x, x), plus(x, y), minus(x, y),
                                    minus(plus(x, x), y)};
    for (int i = first; i < last; i++) {
        const field_lanes *f = all[i];
        f->mul(&out[0], a, b);
        f->square(&out[1], a);
        f->add(&out[2], a, b);
        f->sub(&out[3], a, b);
        f->twice_sub(&out[4], a, b);
        for (int function = 0; function < FUNCTIONS; function++)
            if (i == first)
                expect(f, &out[function], want[function]);
            else
                same(f, &out[function], &exact[function]);
        if (i == first)
            memcpy(exact, out, sizeof exact);
    }
}

/* Limb k is at its upper bound where bit k is set, zero elsewhere. */
static field_number corner(const field_lanes *f, uint32_t bits)
{
    field_number a = {{0}};
    for (int k = 0; k < f->limbs; k++)
        a.limb[k] = bits >> k & 1 ? takes(f, k) - 1 : 0;
    return a;
}

static void five_limbs_at_every_corner(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 32; i++)
        for (uint32_t j = 0; j < 32; j++) {
            field_number a = corner(&field_51_exact, i), b = corner(&field_51_exact, j);
            check(0, OF_51, &a, &b);
        }
}

static void ten_limbs_at_every_corner(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 1024; i++) {
        field_number a = corner(&field_25_exact, i), top = corner(&field_25_exact, 1023),
                     b = corner(&field_25_exact, i * 421 & 1023);
        check(OF_51, ALL, &a, &top);
        check(OF_51, ALL, &top, &a);
        check(OF_51, ALL, &a, &b);
    }
}

/* Near 0, near the bound, or anywhere: each limb for itself. */
static field_number draw(const field_lanes *f, random_source *r)
{
    field_number a = {{0}};
    for (int k = 0; k < f->limbs; k++) {
        uint64_t any = random_u64(r) % (uint64_t)takes(f, k), few = random_below(r, 40);
        uint32_t how = random_below(r, 4);
        a.limb[k] = how == 0 ? few : how == 1 ? takes(f, k) - 1 - few : any;
    }
    return a;
}

static void limbs_at_random(void **state)
{
    (void)state;
    random_source r = random_from(41);
    for (int i = 0; i < RANDOM_ROUNDS; i++)
        for (int first = 0; first < ALL; first += OF_51) {
            field_number a = draw(all[first], &r), b = draw(all[first], &r);
            check(first, first == 0 ? OF_51 : ALL, &a, &b);
        }
}

/* What functions give can be stored in five limbs below 2^51 + 2^42 and taken up again by others. */
static void memory_keeps_the_number(void **state)
{
    (void)state;
    random_source r = random_from(42);
    for (int i = 0; i < ALL; i++)
        for (int round = 0; round < 200; round++) {
            field_number a = draw(all[i], &r), b = draw(all[i], &r), out;
            all[i]->add(&a, &a, &b);
            number want = value(all[i], &a);
            all[i]->memory(&out, &a);
            for (int k = 0; k < all[i]->limbs; k++)
                assert_true(out.limb[k] < takes(all[i], k));
            number got = value(all[i], &out);
            assert_memory_equal(&got, &want, sizeof got);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_limbs_at_every_corner),
        cmocka_unit_test(ten_limbs_at_every_corner),
        cmocka_unit_test(limbs_at_random),
        cmocka_unit_test(memory_keeps_the_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
