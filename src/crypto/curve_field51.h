/* SPDX-License-Identifier: ISC
 *
 * curve_field51.h — numbers mod p = 2^255 - 19 in five limbs of 51 bits, one number a lane.
 *
 * A template: curve_ifma.c and curve_portable.c include it after they have said what a `lane` is (a
 * vector of 64-bit words, or one word) and how products are summed up in a `column`:
 *   column_open(last)      begins the column after `last`
 *   column_twice(&c)       doubles what is in it
 *   column_add(&c, a, b)   adds the product a·b
 *   column_close(&c, last) puts in what `last` could not hold
 *   column_low(c)          this column's share of the sum, of weight 2^(51 k)
 *   column_rest(last)      what is left for the column after the last one
 * and add_19_times(z, v), which adds 19·v for v below 2^47.
 * Why columns: IFMA multiplies 52 bits by 52 and adds either the low or the high 52 bits of the
 * product to a lane; a processor without it has a product of 128 bits and one carry for the whole
 * column.  Both are sums of columns, and nothing else differs.
 *
 * Ranges   Every function takes limbs below 2^51 + 2^44 and gives limbs below 2^51 + 2^15.
 * Proof    Products: factors are below 2^52, as IFMA demands.  A column holds at most five products;
 *          its share is at most 5·2^52 of low halves and twice 5·2^52 of the high halves of the last
 *          column: below 2^56.  (In 128 bits: five times 2^103.1, the share is below 2^51 and what
 *          goes on, or is left at the end, below 2^55.)  Folded with 2^255 = 19: 20·2^56 < 2^61.
 *          `carry` then passes on less than 2^10 a limb, 19 times that from the last to the first,
 *          which is less than 2^15.
 *          Sums and differences: a + b, a + 2p - b and 2a + 2p - b are below 2^54, and not below
 *          zero, as the limbs of 2p are above 2^52 - 39; `carry` passes on less than 2^3.
 * Tested   tests/property/crypto_field_test.c instantiates this with a lane that checks every bound.
 */

typedef struct {
    lane limb[5];
} fe;

#define LOW51 (((uint64_t)1 << 51) - 1)

CURVE_INLINE lane times19(lane v)
{
    return (v << 4) + (v << 1) + v;
}

/* One round in all limbs at once. */
CURVE_INLINE void carry(fe *out, const lane z[5])
{
    out->limb[0] = add_19_times(z[0] & LOW51, z[4] >> 51);
    TCT_UNROLL
    for (int k = 1; k < 5; k++)
        out->limb[k] = (z[k] & LOW51) + (z[k - 1] >> 51);
}

/* z[5…9] weigh 2^255 times z[0…4]. */
CURVE_INLINE void fold(fe *out, lane z[10])
{
    TCT_UNROLL
    for (int k = 0; k < 5; k++)
        z[k] += times19(z[k + 5]);
    carry(out, z);
}

/* Adds the products of column k = i + j. */
CURVE_INLINE void add_products(column *c, const fe *a, const fe *b, int k)
{
    TCT_UNROLL
    for (int i = 0; i < 5; i++)
        if (k - i >= 0 && k - i < 5)
            column_add(c, a->limb[i], b->limb[k - i]);
}

/* Adds twice those with i < j, and the square in the middle. */
CURVE_INLINE void add_squares(column *c, const fe *a, int k)
{
    TCT_UNROLL
    for (int i = 0; i < 5; i++)
        if (k - i > i && k - i < 5)
            column_add(c, a->limb[i], a->limb[k - i]);
    column_twice(c);
    if (k % 2 == 0)
        column_add(c, a->limb[k / 2], a->limb[k / 2]);
}

CURVE_INLINE lane product_column(column *last, const fe *a, const fe *b, int k)
{
    column c = column_open(*last);
    column_twice(&c);
    add_products(&c, a, b, k);
    column_close(&c, *last);
    *last = c;
    return column_low(c);
}

CURVE_INLINE lane square_column(column *last, const fe *a, int k)
{
    column c = column_open(*last);
    add_squares(&c, a, k);
    column_close(&c, *last);
    *last = c;
    return column_low(c);
}

CURVE_NOINLINE void fe_mul(fe *out, const fe *a, const fe *b)
{
    lane z[10];
    column last = column_zero();
    TCT_UNROLL
    for (int k = 0; k < 9; k++)
        z[k] = product_column(&last, a, b, k);
    z[9] = column_rest(last);
    fold(out, z);
}

CURVE_INLINE void square_once(fe *out, const fe *a)
{
    lane z[10];
    column last = column_zero();
    TCT_UNROLL
    for (int k = 0; k < 9; k++)
        z[k] = square_column(&last, a, k);
    z[9] = column_rest(last);
    fold(out, z);
}

CURVE_INLINE void fe_add(fe *out, const fe *a, const fe *b)
{
    lane z[5];
    TCT_UNROLL
    for (int k = 0; k < 5; k++)
        z[k] = a->limb[k] + b->limb[k];
    carry(out, z);
}

CURVE_INLINE void fe_sub(fe *out, const fe *a, const fe *b)
{
    lane z[5];
    z[0] = a->limb[0] + (2 * (LOW51 - 18)) - b->limb[0];
    TCT_UNROLL
    for (int k = 1; k < 5; k++)
        z[k] = a->limb[k] + (2 * LOW51) - b->limb[k];
    carry(out, z);
}

/* 2a - b */
CURVE_INLINE void fe_twice_sub(fe *out, const fe *a, const fe *b)
{
    lane z[5];
    z[0] = a->limb[0] + a->limb[0] + (2 * (LOW51 - 18)) - b->limb[0];
    TCT_UNROLL
    for (int k = 1; k < 5; k++)
        z[k] = a->limb[k] + a->limb[k] + (2 * LOW51) - b->limb[k];
    carry(out, z);
}

/* From and to the limbs in memory: the same ones. */
CURVE_INLINE void fe_from51(fe *out, const lane limb[5])
{
    TCT_UNROLL
    for (int k = 0; k < 5; k++)
        out->limb[k] = limb[k];
}

CURVE_INLINE void fe_to51(lane limb[5], const fe *a)
{
    TCT_UNROLL
    for (int k = 0; k < 5; k++)
        limb[k] = a->limb[k];
}

enum { FE_LIMBS = 5 };
