/* SPDX-License-Identifier: ISC
 *
 * curve_point.h — points of -x² + y² = 1 + d·x²·y², and ristretto255 on top of them.
 *
 * A template on top of curve_field.h.
 * Source   [HWCD08]: extended coordinates §3, addition §3.1 with a = -1 (its note for k = 2d),
 *          doubling §3.3.  The addition is complete, as -1 is a square and d is not: it needs no case
 *          for equal points or for the identity, so it has none.
 *          RFC 9496, section 4.3: decode, encode, and the map, line by line with its names.
 */

typedef struct {
    fe x, y, z, t;
} point;

/* A point made ready to be added: (y+x, y-x, 2z, 2d·t). */
typedef struct {
    fe sum, difference, twice_z, t_2d;
} ready;

CURVE_INLINE void point_identity(point *out)
{
    fe_splat(&out->x, ZERO);
    fe_splat(&out->y, ONE);
    fe_splat(&out->z, ONE);
    fe_splat(&out->t, ZERO);
}

CURVE_NOINLINE void point_ready(ready *out, const point *p)
{
    fe two_d;
    fe_splat(&two_d, TWO_D);
    fe_add(&out->sum, &p->y, &p->x);
    fe_sub(&out->difference, &p->y, &p->x);
    fe_add(&out->twice_z, &p->z, &p->z);
    fe_mul(&out->t_2d, &p->t, &two_d);
}

/* -P is (-x, y): the sums change places and t changes its sign. */
CURVE_INLINE void ready_negate_if(ready *r, lane mask)
{
    fe sum = r->sum;
    fe_select(&r->sum, mask, &r->difference, &sum);
    fe_select(&r->difference, mask, &sum, &r->difference);
    fe_negate_if(&r->t_2d, mask, &r->t_2d);
}

/* [HWCD08, §3.1], a = -1: 8 multiplications; 7 when nobody reads t afterwards (with_t is public). */
CURVE_NOINLINE void point_add(point *out, const point *p, const ready *q, bool with_t)
{
    fe a, b, c, d, e, f, g, h;
    fe_sub(&a, &p->y, &p->x);
    fe_add(&b, &p->y, &p->x);
    fe_mul(&a, &a, &q->difference);
    fe_mul(&b, &b, &q->sum);
    fe_mul(&c, &p->t, &q->t_2d);
    fe_mul(&d, &p->z, &q->twice_z);
    fe_sub(&e, &b, &a);
    fe_sub(&f, &d, &c);
    fe_add(&g, &d, &c);
    fe_add(&h, &b, &a);
    fe_mul(&out->x, &e, &f);
    fe_mul(&out->y, &g, &h);
    fe_mul(&out->z, &f, &g);
    if (with_t)
        fe_mul(&out->t, &e, &h);
}

/* [HWCD08, §3.3] with all signs turned: 4 squares, 4 multiplications (3 without t). */
CURVE_NOINLINE void point_double(point *out, const point *p, bool with_t)
{
    fe a, b, c, e, f, g, h;
    fe_add(&e, &p->x, &p->y);
    fe_square_times(&e, &e, 1);
    fe_square_times(&a, &p->x, 1);
    fe_square_times(&b, &p->y, 1);
    fe_square_times(&c, &p->z, 1);
    fe_add(&h, &b, &a);
    fe_sub(&e, &e, &h);
    fe_sub(&g, &b, &a);
    fe_twice_sub(&f, &c, &g);
    fe_mul(&out->x, &e, &f);
    fe_mul(&out->y, &g, &h);
    fe_mul(&out->z, &f, &g);
    if (with_t)
        fe_mul(&out->t, &e, &h);
}

/* RFC 9496, section 4.3.1.  s: 255 bits as they came.  All ones where s is canonical and a point. */
CURVE_NOINLINE lane point_decode(point *out, const lane bits[5])
{
    fe s, one, d, ss, u1, u2, u2_sqr, v, t, root, den_x, den_y;
    lane z[5], square, differ = {0};
    fe_from51(&s, bits);
    freeze(z, &s);
    for (int k = 0; k < 5; k++)
        differ |= z[k] ^ bits[k];
    fe_splat(&one, ONE);
    fe_splat(&d, D);
    fe_square(&ss, &s);
    fe_sub(&u1, &one, &ss);
    fe_add(&u2, &one, &ss);
    fe_square(&u2_sqr, &u2);
    fe_square(&v, &u1);
    fe_mul(&v, &v, &d);
    fe_negate(&v, &v);
    fe_sub(&v, &v, &u2_sqr);
    fe_mul(&t, &v, &u2_sqr);
    fe_sqrt_ratio(&root, &square, &one, &t, 1);
    fe_mul(&den_x, &root, &u2);
    fe_mul(&den_y, &root, &den_x);
    fe_mul(&den_y, &den_y, &v);
    fe_mul(&t, &s, &den_x);
    fe_add(&t, &t, &t);
    fe_abs(&out->x, &t);
    fe_mul(&out->y, &u1, &den_y);
    out->z = one;
    fe_mul(&out->t, &out->x, &out->y);
    return is_zero_lane(differ) & ~fe_is_negative(&s) & square & ~fe_is_negative(&out->t) &
           ~fe_is_zero(&out->y);
}

/* RFC 9496, section 4.3.2. */
CURVE_NOINLINE void point_encode(lane out[5], const point *p)
{
    fe one, i, enchanted, u1, u2, t, root, den1, den2, z_inv, x, y, s;
    fe_splat(&one, ONE);
    fe_splat(&i, SQRT_M1);
    fe_splat(&enchanted, INVSQRT_A_MINUS_D);
    fe_add(&u1, &p->z, &p->y);
    fe_sub(&t, &p->z, &p->y);
    fe_mul(&u1, &u1, &t);
    fe_mul(&u2, &p->x, &p->y);
    fe_square(&t, &u2);
    fe_mul(&t, &t, &u1);
    lane square; /* always, for a point, or zero */
    fe_sqrt_ratio(&root, &square, &one, &t, 1);
    fe_mul(&den1, &root, &u1);
    fe_mul(&den2, &root, &u2);
    fe_mul(&z_inv, &den1, &den2);
    fe_mul(&z_inv, &z_inv, &p->t);
    fe_mul(&t, &p->t, &z_inv);
    lane rotate = fe_is_negative(&t);
    fe_mul(&t, &p->y, &i);
    fe_select(&x, rotate, &t, &p->x);
    fe_mul(&t, &p->x, &i);
    fe_select(&y, rotate, &t, &p->y);
    fe_mul(&t, &den1, &enchanted);
    fe_select(&den2, rotate, &t, &den2);
    fe_mul(&t, &x, &z_inv);
    fe_negate_if(&y, fe_is_negative(&t), &y);
    fe_sub(&t, &p->z, &y);
    fe_mul(&s, &den2, &t);
    fe_abs(&s, &s);
    freeze(out, &s);
}

/* MAP of RFC 9496, section 4.3.4, up to its square root u/v: r = SQRT_M1·t². */
CURVE_INLINE void map_begin(fe *r, fe *u, fe *v, const fe *t)
{
    fe one, k, n;
    fe_splat(&one, ONE);
    fe_splat(&k, SQRT_M1);
    fe_square(r, t);
    fe_mul(r, r, &k);
    fe_splat(&k, ONE_MINUS_D_SQ);
    fe_add(u, r, &one);
    fe_mul(u, u, &k);
    fe_splat(&k, D);
    fe_mul(v, r, &k);
    fe_negate(v, v);
    fe_sub(v, v, &one);
    fe_add(&n, r, &k);
    fe_mul(v, v, &n);
}

/* MAP from its square root on: s, and whether u/v was a square. */
CURVE_INLINE void map_end(point *out, const fe *t, const fe *r, const fe *v, const fe *root,
                          lane square)
{
    fe one, k, s, c, n, w0, w1, w2, w3;
    fe_splat(&one, ONE);
    fe_mul(&s, root, t);
    fe_abs(&s, &s);
    fe_negate(&s, &s); /* s_prime */
    fe_select(&s, square, root, &s);
    fe_negate(&c, &one);
    fe_select(&c, square, &c, r);
    fe_sub(&n, r, &one);
    fe_mul(&n, &n, &c);
    fe_splat(&k, D_MINUS_ONE_SQ);
    fe_mul(&n, &n, &k);
    fe_sub(&n, &n, v);
    fe_mul(&w0, &s, v);
    fe_add(&w0, &w0, &w0);
    fe_splat(&k, SQRT_AD_MINUS_ONE);
    fe_mul(&w1, &n, &k);
    fe_square(&k, &s);
    fe_sub(&w2, &one, &k);
    fe_add(&w3, &one, &k);
    fe_mul(&out->x, &w0, &w3);
    fe_mul(&out->y, &w2, &w1);
    fe_mul(&out->z, &w1, &w3);
    fe_mul(&out->t, &w0, &w2);
}

/* The sum of the maps of both halves of 64 bytes. */
CURVE_NOINLINE void point_map(point *out, const lane bits[2][5])
{
    fe t[2], r[2], u[2], v[2], root[2];
    lane square[2];
    point p;
    ready q;
    for (int i = 0; i < 2; i++) {
        fe_from51(&t[i], bits[i]);
        map_begin(&r[i], &u[i], &v[i], &t[i]);
    }
    fe_sqrt_ratio(root, square, u, v, 2);
    map_end(&p, &t[0], &r[0], &v[0], &root[0], square[0]);
    point_ready(&q, &p);
    map_end(&p, &t[1], &r[1], &v[1], &root[1], square[1]);
    point_add(out, &p, &q, true);
}
