/* SPDX-License-Identifier: ISC
 *
 * curve_field.h — what both representations share: constants, signs, comparisons, square roots.
 *
 * A template on top of curve_field51.h or curve_field25.h.  Conditions are lanes of all ones or all
 * zeros; nothing here branches on a number.
 * Source   RFC 9496, section 4 (names of constants and functions are its own); the chain of powers is
 *          the one of every implementation since [BDLSY11].
 */

#if !defined(CURVE_CONSTANTS) /* once a file, though a test includes this twice */
#define CURVE_CONSTANTS
/* RFC 9496, section 4.1, in limbs of 51 bits. */
static const uint64_t D[5] = {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029,
                              0x739c663a03cbb, 0x52036cee2b6ff};
static const uint64_t TWO_D[5] = {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052,
                                  0x6738cc7407977, 0x2406d9dc56dff};
static const uint64_t SQRT_M1[5] = {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60,
                                    0x78595a6804c9e, 0x2b8324804fc1d};
static const uint64_t SQRT_AD_MINUS_ONE[5] = {0x7f6a0497b2e1b, 0x1836f0a97afd2, 0x7d747f6be7638,
                                              0x456079e7e6498, 0x376931bf2b834};
static const uint64_t INVSQRT_A_MINUS_D[5] = {0x0fdaa805d40ea, 0x2eb482e57d339, 0x007610274bc58,
                                              0x6510b613dc8ff, 0x786c8905cfaff};
static const uint64_t ONE_MINUS_D_SQ[5] = {0x409c1945fc176, 0x719abc6a1fc4f, 0x1c37f90b20684,
                                           0x06bccca55eedf, 0x029072a8b2b3e};
static const uint64_t D_MINUS_ONE_SQ[5] = {0x55aaa44ed4d20, 0x59603c3332635, 0x26d3baf4a7928,
                                           0x120a66e6997a9, 0x5968b37af66c2};
static const uint64_t ZERO[5] = {0}, ONE[5] = {1}, TWO[5] = {2};
#endif

/* The same number in every lane. */
CURVE_INLINE void fe_splat(fe *out, const uint64_t v[5])
{
    lane limb[5];
    TCT_UNROLL
    for (int k = 0; k < 5; k++)
        limb[k] = (lane){0} + v[k];
    fe_from51(out, limb);
}

CURVE_INLINE void fe_square(fe *out, const fe *a)
{
    square_once(out, a);
}

/* a^(2^times), times > 0. */
CURVE_NOINLINE void fe_square_times(fe *out, const fe *a, int times)
{
    fe x = *a;
    for (int i = 0; i < times; i++)
        square_once(&x, &x);
    *out = x;
}

CURVE_INLINE void fe_negate(fe *out, const fe *a)
{
    fe zero;
    fe_splat(&zero, ZERO);
    fe_sub(out, &zero, a);
}

/* out = mask ? a : b in each lane. */
CURVE_INLINE void fe_select(fe *out, lane mask, const fe *a, const fe *b)
{
    TCT_UNROLL
    for (int k = 0; k < FE_LIMBS; k++)
        out->limb[k] = b->limb[k] ^ (mask & (a->limb[k] ^ b->limb[k]));
}

CURVE_INLINE void fe_negate_if(fe *out, lane mask, const fe *a)
{
    fe negative;
    fe_negate(&negative, a);
    fe_select(out, mask, &negative, a);
}

/* The one way to write the number: limbs below 2^51, below p.  A number here is below 2p, so that
 * q = floor((number + 19) / 2^255) is how often p goes into it. */
CURVE_INLINE void freeze(lane z[5], const fe *a)
{
    fe_to51(z, a);
    lane q = (z[0] + 19) >> 51;
    TCT_UNROLL
    for (int k = 1; k < 5; k++)
        q = (z[k] + q) >> 51;
    z[0] += times19(q); /* and 2^255 away, below */
    TCT_UNROLL
    for (int k = 0; k < 4; k++) {
        z[k + 1] += z[k] >> 51;
        z[k] &= ((uint64_t)1 << 51) - 1;
    }
    z[4] &= ((uint64_t)1 << 51) - 1;
}

/* All ones where v is zero; v below 2^63. */
CURVE_INLINE lane is_zero_lane(lane v)
{
    return -((lane_opaque(v) - 1) >> 63);
}

CURVE_INLINE lane fe_is_zero(const fe *a)
{
    lane z[5];
    freeze(z, a);
    return is_zero_lane(z[0] | z[1] | z[2] | z[3] | z[4]);
}

/* "Negative" means odd. */
CURVE_INLINE lane fe_is_negative(const fe *a)
{
    lane z[5];
    freeze(z, a);
    return -(lane_opaque(z[0]) & 1);
}

CURVE_INLINE lane fe_equal(const fe *a, const fe *b)
{
    fe difference;
    fe_sub(&difference, a, b);
    return fe_is_zero(&difference);
}

CURVE_INLINE void fe_abs(fe *out, const fe *a)
{
    fe_negate_if(out, fe_is_negative(a), a);
}

/* Two numbers under way at a time: a square waits for the one before, and the processor has room. */
CURVE_NOINLINE void square_both_times(fe out[2], const fe a[2], int times)
{
    fe x = a[0], y = a[1];
    for (int i = 0; i < times; i++) {
        square_once(&x, &x);
        square_once(&y, &y);
    }
    out[0] = x;
    out[1] = y;
}

/* count is 1 or 2 from here on. */
CURVE_INLINE void squares(fe *out, const fe *a, int times, int count)
{
    if (count == 2)
        square_both_times(out, a, times);
    else
        fe_square_times(out, a, times);
}

CURVE_INLINE void products(fe *out, const fe *a, const fe *b, int count)
{
    for (int i = 0; i < count; i++)
        fe_mul(&out[i], &a[i], &b[i]);
}

/* a^((p-5)/8) = a^(2^252 - 3).  The names say for which n the number is a^(2^n - 1). */
CURVE_NOINLINE void fe_power_p58(fe *out, const fe *a, int count)
{
    fe t[2], ones5[2], ones10[2], ones20[2], ones50[2], ones100[2];
    squares(t, a, 1, count);            /* 2 */
    squares(ones10, t, 2, count);       /* 8 */
    products(ones10, ones10, a, count); /* 9 */
    products(t, t, ones10, count);      /* 11 */
    squares(t, t, 1, count);            /* 22 */
    products(ones5, t, ones10, count);  /* 31 */
    squares(t, ones5, 5, count);
    products(ones10, t, ones5, count);
    squares(t, ones10, 10, count);
    products(ones20, t, ones10, count);
    squares(t, ones20, 20, count);
    products(t, t, ones20, count); /* 2^40 - 1 */
    squares(t, t, 10, count);
    products(ones50, t, ones10, count);
    squares(t, ones50, 50, count);
    products(ones100, t, ones50, count);
    squares(t, ones100, 100, count);
    products(t, t, ones100, count); /* 2^200 - 1 */
    squares(t, t, 50, count);
    products(t, t, ones50, count); /* 2^250 - 1 */
    squares(t, t, 2, count);
    products(out, t, a, count); /* 2^252 - 4 + 1 */
}

/* SQRT_RATIO_M1 of RFC 9496, section 4.2: |sqrt(u/v)| and all ones where that is a square,
 * |sqrt(SQRT_M1·u/v)| and zeros elsewhere.  out is neither u nor v. */
CURVE_NOINLINE void fe_sqrt_ratio(fe *out, lane *square, const fe *u, const fe *v, int count)
{
    fe i, r[2], t[2], check, minus_u;
    fe_splat(&i, SQRT_M1);
    squares(t, v, 1, count);
    products(t, t, v, count); /* v^3 */
    products(r, t, u, count); /* u·v^3 */
    squares(t, t, 1, count);
    products(t, t, v, count); /* v^7 */
    products(t, t, u, count);
    fe_power_p58(t, t, count);
    products(r, r, t, count);
    for (int k = 0; k < count; k++) {
        fe_square(&check, &r[k]);
        fe_mul(&check, &check, &v[k]);
        fe_negate(&minus_u, &u[k]);
        fe_mul(&t[k], &minus_u, &i);
        lane correct = fe_equal(&check, &u[k]);
        lane flipped = fe_equal(&check, &minus_u);
        lane flipped_i = fe_equal(&check, &t[k]);
        fe_mul(&t[k], &r[k], &i);
        fe_select(&r[k], flipped | flipped_i, &t[k], &r[k]);
        fe_abs(&out[k], &r[k]);
        square[k] = correct | flipped;
    }
}
