/* SPDX-License-Identifier: ISC
 *
 * curve_kernel.h — the functions of a backend: blocks of eight, as many at once as it has lanes.
 *
 * A template on top of curve_point.h; it ends with the definition of the backend's functions.
 * Multiplications by secret scalars take the same steps and touch the same memory for every scalar:
 * a table is read from end to end, and masks keep the one entry that is wanted.
 * What they leave on the stack curve.c wipes, in one go and deep enough for all of them.
 * Source   signed digits of four bits, and the table of one point's multiples by powers of 2^16, so
 *          that 12 doublings do for 256 bits: [BDLSY11], there with 2^8 and 4 doublings.
 */

enum { WINDOW_BITS = 4, PER_WINDOW = TCT_DIGITS / TCT_COMB_WINDOWS };

CURVE_INLINE lane lane_load(const uint64_t row[TCT_LANES], int first)
{
    lane v;
    memcpy(&v, row + first, sizeof v);
    return v;
}

CURVE_INLINE void limbs_load(lane z[5], const tct_field8 *in, int first)
{
    TCT_UNROLL
    for (int k = 0; k < 5; k++)
        z[k] = lane_load(in->limb[k], first);
}

CURVE_INLINE void limbs_store(tct_field8 *out, int first, const lane z[5])
{
    TCT_UNROLL
    for (int k = 0; k < 5; k++)
        memcpy(out->limb[k] + first, &z[k], sizeof z[k]);
}

CURVE_INLINE void fe_load(fe *out, const tct_field8 *in, int first)
{
    lane z[5];
    limbs_load(z, in, first);
    fe_from51(out, z);
}

CURVE_INLINE void fe_store(tct_field8 *out, int first, const fe *a)
{
    lane z[5];
    fe_to51(z, a);
    limbs_store(out, first, z);
}

CURVE_NOINLINE void point_load(point *out, const tct_points *in, int first)
{
    fe_load(&out->x, &in->x, first);
    fe_load(&out->y, &in->y, first);
    fe_load(&out->z, &in->z, first);
    fe_load(&out->t, &in->t, first);
}

CURVE_NOINLINE void point_store(tct_points *out, int first, const point *p)
{
    fe_store(&out->x, first, &p->x);
    fe_store(&out->y, first, &p->y);
    fe_store(&out->z, first, &p->z);
    fe_store(&out->t, first, &p->t);
}

/* ------------------------------------------------------------------- bytes and elements --- */

CURVE_TARGET static uint64_t decode(tct_points *out, const tct_field8 *s)
{
    uint64_t good = ~(uint64_t)0;
    for (int first = 0; first < TCT_LANES; first += LANES) {
        lane bits[5];
        point p;
        uint64_t verdict[LANES];
        limbs_load(bits, s, first);
        lane mask = point_decode(&p, bits);
        memcpy(verdict, &mask, sizeof verdict);
        for (int i = 0; i < LANES; i++)
            good &= verdict[i];
        point_store(out, first, &p);
    }
    return good;
}

CURVE_TARGET static void encode(tct_field8 *s, const tct_points *in)
{
    for (int first = 0; first < TCT_LANES; first += LANES) {
        lane z[5];
        point p;
        point_load(&p, in, first);
        point_encode(z, &p);
        limbs_store(s, first, z);
    }
}

CURVE_TARGET static void map(tct_points *out, const tct_field8 *first_half,
                             const tct_field8 *second_half)
{
    for (int first = 0; first < TCT_LANES; first += LANES) {
        lane bits[2][5];
        point p;
        limbs_load(bits[0], first_half, first);
        limbs_load(bits[1], second_half, first);
        point_map(&p, (const lane(*)[5])bits);
        point_store(out, first, &p);
    }
}

CURVE_TARGET static void add(tct_points *out, const tct_points *a, const tct_points *b,
                             bool subtract)
{
    for (int first = 0; first < TCT_LANES; first += LANES) {
        point p, q;
        ready r;
        point_load(&p, a, first);
        point_load(&q, b, first);
        point_ready(&r, &q);
        ready_negate_if(&r, (lane){0} - (uint64_t)subtract);
        point_add(&p, &p, &r, true);
        point_store(out, first, &p);
    }
}

/* ---------------------------------------------------------------------- multiplications --- */

/* What a digit says: which of 1…8 it is, up to its sign (all zeros: none, the digit is 0). */
typedef struct {
    lane is[TCT_LANES], is_zero, negative;
} choice;

CURVE_INLINE void choose_multiple(choice *c, const tct_digits *s, int i, int first)
{
    lane digit = lane_load(s->digit[i], first);
    c->negative = -(lane_opaque(digit) >> 63);
    lane size = (digit ^ c->negative) - c->negative;
    c->is_zero = is_zero_lane(size);
    TCT_UNROLL
    for (int m = 0; m < TCT_LANES; m++)
        c->is[m] = is_zero_lane(size ^ (uint64_t)(m + 1));
}

/* The identity where the digit is 0: (1, 1, 2, 0). */
CURVE_INLINE void finish_choice(ready *out, const choice *c)
{
    out->sum.limb[0] |= c->is_zero & 1;
    out->difference.limb[0] |= c->is_zero & 1;
    out->twice_z.limb[0] |= c->is_zero & 2;
    ready_negate_if(out, c->negative);
}

/* Σ of what the masks let through, of which at most one is not zero. */
CURVE_NOINLINE void choose_entry(ready *out, const ready table[TCT_LANES], const choice *c)
{
    const lane *in = (const lane *)(const void *)table;
    lane *to = (lane *)(void *)out;
    enum { WORDS = sizeof(ready) / sizeof(lane) };
    for (int w = 0; w < WORDS; w++) {
        lane sum = {0};
        TCT_UNROLL
        for (int m = 0; m < TCT_LANES; m++)
            sum |= c->is[m] & in[m * WORDS + w];
        to[w] = sum;
    }
    finish_choice(out, c);
}

CURVE_INLINE void choose_number(fe *out, const tct_field8 *row, const choice *c)
{
    lane z[5];
    TCT_UNROLL
    for (int k = 0; k < 5; k++) {
        z[k] = (lane){0};
        TCT_UNROLL
        for (int m = 0; m < TCT_LANES; m++)
            z[k] |= c->is[m] & row->limb[k][m];
    }
    fe_from51(out, z);
}

CURVE_NOINLINE void choose_from_row(ready *out, const tct_field8 row[4], const choice *c)
{
    choose_number(&out->sum, &row[0], c);
    choose_number(&out->difference, &row[1], c);
    choose_number(&out->twice_z, &row[2], c);
    choose_number(&out->t_2d, &row[3], c);
    finish_choice(out, c);
}

CURVE_INLINE void double_times(point *p, int times)
{
    for (int i = 1; i <= times; i++)
        point_double(p, p, i == times);
}

/* 1…8 times each point. */
CURVE_NOINLINE void fill_table(ready table[TCT_LANES], const point *p)
{
    point sum = *p;
    point_ready(&table[0], p);
    for (int m = 1; m < TCT_LANES; m++) {
        point_add(&sum, &sum, &table[0], true);
        point_ready(&table[m], &sum);
    }
}

CURVE_TARGET static void multiply(tct_points *out, const tct_digits *s, const tct_points *in)
{
    ready table[TCT_LANES], r;
    point p;
    choice c;
    for (int first = 0; first < TCT_LANES; first += LANES) {
        point_load(&p, in, first);
        fill_table(table, &p);
        point_identity(&p);
        for (int i = TCT_DIGITS - 1; i >= 0; i--) {
            if (i < TCT_DIGITS - 1)
                double_times(&p, WINDOW_BITS);
            choose_multiple(&c, s, i, first);
            choose_entry(&r, table, &c);
            point_add(&p, &p, &r, i == 0); /* a doubling needs no t */
        }
        point_store(out, first, &p);
    }
}

/* The first lane's point times m in lane m - 1. */
CURVE_NOINLINE void spread_multiples(tct_points *out, const tct_points *in)
{
    tct_points sum = *in;
    *out = *in; /* the first lane is right */
    for (int m = 1; m < TCT_LANES; m++) {
        add(&sum, &sum, in, false);
        for (int k = 0; k < TCT_FIELD_LIMBS; k++) {
            out->x.limb[k][m] = sum.x.limb[k][0];
            out->y.limb[k][m] = sum.y.limb[k][0];
            out->z.limb[k][m] = sum.z.limb[k][0];
            out->t.limb[k][m] = sum.t.limb[k][0];
        }
    }
}

/* The lanes are the multiples here, so one chain of doublings fills the table. */
CURVE_TARGET static void comb_make(tct_comb *out, const tct_points *in)
{
    tct_points multiples8;
    point p;
    ready r;
    spread_multiples(&multiples8, in);
    for (int first = 0; first < TCT_LANES; first += LANES) {
        point_load(&p, &multiples8, first);
        for (int w = 0; w < TCT_COMB_WINDOWS; w++) {
            if (w > 0)
                double_times(&p, PER_WINDOW * WINDOW_BITS);
            point_ready(&r, &p);
            fe_store(&out->row[w][0], first, &r.sum);
            fe_store(&out->row[w][1], first, &r.difference);
            fe_store(&out->row[w][2], first, &r.twice_z);
            fe_store(&out->row[w][3], first, &r.t_2d);
        }
    }
}

/* s = Σ 16^(4w + r)·digit: for r = 3…0 the sum so far times 16, plus the digits 4w + r of row w. */
CURVE_TARGET static void comb_multiply(tct_points *out, const tct_comb *comb,
                                       const tct_digits *s)
{
    ready r;
    point p;
    choice c;
    for (int first = 0; first < TCT_LANES; first += LANES) {
        point_identity(&p);
        for (int i = PER_WINDOW - 1; i >= 0; i--) {
            if (i < PER_WINDOW - 1)
                double_times(&p, WINDOW_BITS);
            for (int w = 0; w < TCT_COMB_WINDOWS; w++) {
                choose_multiple(&c, s, PER_WINDOW * w + i, first);
                choose_from_row(&r, comb->row[w], &c);
                point_add(&p, &p, &r, true);
            }
        }
        point_store(out, first, &p);
    }
}

#define CURVE_BACKEND(title, usable)                                                           \
    {                                                                                          \
        title, usable, decode, encode, map, add, multiply, comb_make, comb_multiply            \
    }
