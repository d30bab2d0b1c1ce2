/* SPDX-License-Identifier: ISC
 *
 * curve_field25.h — numbers mod p = 2^255 - 19 in ten limbs of 26 and 25 bits by turns, one a lane.
 *
 * Source   the representation of [BS12] and of ref10: limb k weighs 2^ceil(25.5 k).
 * A template: curve_avx2.c (four lanes) includes it, and curve_portable.c where there is no product
 * of 128 bits.  They say what a `lane` is and give mul32(a, b): the product of the low 32 bits of
 * each lane of 64.
 *
 * Ranges   Every function takes even limbs below 2^26 + 2^18 and odd ones below 2^25 + 2^17, and gives
 *          even ones below 2^26 + 2^9 and odd ones below 2^25 + 2^15.
 * Proof    Products: an odd limb twice is below 2^26 + 2^18; 19 times a limb is below 2^30.3, so all
 *          factors fit in 32 bits.  A column is ten products, each below 2^26.01·2^30.26: below
 *          2^59.6.  `carry_long` passes on less than 2^35 a limb; 19 times that, in the first limb,
 *          is below 2^39.3, of which at most 2^13.4 goes on into the second.
 *          Sums and differences: a + b, a + 2p - b and 2a + 2p - b are below 2^28.1, and not below
 *          zero, as the limbs of 2p are at least 2^27 - 38 and 2^26 - 2; `carry_short` passes on less
 *          than 2^4.
 *          In memory, as five limbs: below 2^26 + 2^9 + 2^26·(2^25 + 2^15) < 2^51 + 2^42, and back
 *          again: odd limbs below 2^25 + 2^16.
 * Tested   tests/property/crypto_field_test.c instantiates this with a lane that checks every bound.
 */

typedef struct {
    lane limb[10];
} fe;

enum { FE_LIMBS = 10 };

CURVE_INLINE int width(int k)
{
    return k % 2 == 0 ? 26 : 25;
}

CURVE_INLINE uint64_t low_bits(int k)
{
    return ((uint64_t)1 << width(k)) - 1;
}

CURVE_INLINE lane times19(lane v)
{
    return (v << 4) + (v << 1) + v;
}

/* Limb k keeps its bits, the next one gets the rest. */
CURVE_INLINE void pass_on(lane z[10], int k)
{
    lane rest = z[k] >> width(k);
    z[k] &= low_bits(k);
    if (k < 9)
        z[k + 1] += rest;
    else
        z[0] += times19(rest);
}

/* Two chains side by side, from limb 0 and from limb 4, so that one waits less for the other; the
 * two limbs that received last pass on once more. */
CURVE_INLINE void carry_long(fe *out, lane z[10])
{
    pass_on(z, 0);
    pass_on(z, 4);
    pass_on(z, 1);
    pass_on(z, 5);
    pass_on(z, 2);
    pass_on(z, 6);
    pass_on(z, 3);
    pass_on(z, 7);
    pass_on(z, 4);
    pass_on(z, 8);
    pass_on(z, 9);
    pass_on(z, 0);
    TCT_UNROLL
    for (int k = 0; k < 10; k++)
        out->limb[k] = z[k];
}

/* One round in all limbs at once, for limbs below 2^29. */
CURVE_INLINE void carry_short(fe *out, const lane z[10])
{
    lane first = (z[0] & low_bits(0)) + times19(z[9] >> width(9));
    TCT_UNROLL
    for (int k = 9; k > 0; k--)
        out->limb[k] = (z[k] & low_bits(k)) + (z[k - 1] >> width(k - 1));
    out->limb[0] = first;
}

/* Limbs of one factor, and with them what the products need: times 2 if odd, times 19 if the product
 * goes round.  Two odd limbs i, j weigh 2^(ceil + ceil) = twice the weight of limb i + j. */
typedef struct {
    lane once[10], twice[10], times19[10];
} multiples;

CURVE_INLINE void prepare(multiples *m, const fe *a)
{
    TCT_UNROLL
    for (int k = 0; k < 10; k++) {
        m->once[k] = a->limb[k];
        m->twice[k] = a->limb[k] + a->limb[k];
        m->times19[k] = mul32(a->limb[k], (lane){0} + 19);
    }
}

/* Adds a_i·b_j to column i + j, indices mod 10, for one i: all columns stay in registers. */
CURVE_INLINE void add_row(lane z[10], const multiples *a, const multiples *b, int i)
{
    TCT_UNROLL
    for (int j = 0; j < 10; j++) {
        lane product = mul32(i % 2 == 1 && j % 2 == 1 ? a->twice[i] : a->once[i],
                             i + j >= 10 ? b->times19[j] : b->once[j]);
        z[(i + j) % 10] = i == 0 ? product : z[(i + j) % 10] + product;
    }
}

/* The same for a square: unequal i, j count twice, and are met once. */
CURVE_INLINE void add_square_row(lane z[10], const multiples *a, int i)
{
    TCT_UNROLL
    for (int j = i; j < 10; j++) {
        bool odd = i % 2 == 1 && j % 2 == 1;
        lane once = odd ? a->twice[i] : a->once[i];
        lane times = i == j ? once : once + once;
        lane product = mul32(times, i + j >= 10 ? a->times19[j] : a->once[j]);
        z[(i + j) % 10] = i == 0 ? product : z[(i + j) % 10] + product;
    }
}

CURVE_NOINLINE void fe_mul(fe *out, const fe *a, const fe *b)
{
    lane z[10];
    multiples x, y;
    prepare(&x, a);
    prepare(&y, b);
    TCT_UNROLL
    for (int i = 0; i < 10; i++)
        add_row(z, &x, &y, i);
    carry_long(out, z);
}

CURVE_INLINE void square_once(fe *out, const fe *a)
{
    lane z[10];
    multiples x;
    prepare(&x, a);
    TCT_UNROLL
    for (int i = 0; i < 10; i++)
        add_square_row(z, &x, i);
    carry_long(out, z);
}

CURVE_INLINE void fe_add(fe *out, const fe *a, const fe *b)
{
    lane z[10];
    TCT_UNROLL
    for (int k = 0; k < 10; k++)
        z[k] = a->limb[k] + b->limb[k];
    carry_short(out, z);
}

CURVE_INLINE void fe_sub(fe *out, const fe *a, const fe *b)
{
    lane z[10];
    z[0] = a->limb[0] + 2 * (low_bits(0) - 18) - b->limb[0];
    TCT_UNROLL
    for (int k = 1; k < 10; k++)
        z[k] = a->limb[k] + 2 * low_bits(k) - b->limb[k];
    carry_short(out, z);
}

/* 2a - b */
CURVE_INLINE void fe_twice_sub(fe *out, const fe *a, const fe *b)
{
    lane z[10];
    z[0] = a->limb[0] + a->limb[0] + 2 * (low_bits(0) - 18) - b->limb[0];
    TCT_UNROLL
    for (int k = 1; k < 10; k++)
        z[k] = a->limb[k] + a->limb[k] + 2 * low_bits(k) - b->limb[k];
    carry_short(out, z);
}

/* From and to the limbs in memory, of 51 = 26 + 25 bits. */
CURVE_INLINE void fe_from51(fe *out, const lane limb[5])
{
    TCT_UNROLL
    for (int k = 0; k < 5; k++) {
        out->limb[2 * k] = limb[k] & low_bits(0);
        out->limb[2 * k + 1] = limb[k] >> 26;
    }
}

CURVE_INLINE void fe_to51(lane limb[5], const fe *a)
{
    TCT_UNROLL
    for (int k = 0; k < 5; k++)
        limb[k] = a->limb[2 * k] + (a->limb[2 * k + 1] << 26);
}
