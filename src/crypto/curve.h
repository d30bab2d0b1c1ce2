/* SPDX-License-Identifier: ISC
 *
 * curve.h — ristretto255 eight elements at a time.
 *
 * Source   RFC 9496; the curve's arithmetic from [HWCD08].  group.h has the same group by libsodium,
 *          one element at a time, and every function here gives the bytes that libsodium gives.
 * Why      the base OTs are hundreds of equal operations.  Side by side in the lanes of a vector they
 *          cost a sixth of what they cost one by one; and what is only passed on to the next
 *          operation stays a point, so that no sum is encoded and decoded in between.
 * Backends AVX-512 IFMA (eight lanes), AVX2 (four), and plain C (one); each is compared with known
 *          answers before its first use, and all store points in one form.
 * Shapes   a block is eight elements; a caller that has fewer fills up with what it likes.
 * Secrecy  constant time in every point and scalar: neither branches nor addresses depend on them.
 *          Only tct_points_decode reports something, about bytes that a peer sent.
 * Trust    CDH (gap) in the group.
 */
#ifndef TCT_CRYPTO_CURVE_H
#define TCT_CRYPTO_CURVE_H

#include "crypto/group.h"

enum { TCT_LANES = 8, TCT_FIELD_LIMBS = 5, TCT_DIGITS = 64, TCT_COMB_WINDOWS = 16 };

/* Eight numbers mod 2^255 - 19: limb[k][i] is the k-th limb, of weight 2^(51 k), of number i.
 * Limbs in memory are below 2^51 + 2^42 (curve_field25.h says why not just 2^51). */
typedef struct {
    _Alignas(64) uint64_t limb[TCT_FIELD_LIMBS][TCT_LANES];
} tct_field8;

/* Eight elements in extended coordinates: (x/z, y/z) on the curve, t = xy/z.  Every field is private;
 * all bytes zero is not a point. */
typedef struct {
    tct_field8 x, y, z, t;
} tct_points;

/* Multiples of one element: row w holds 1…8 times 2^(16 w)·P, each as y+x, y-x, 2z, 2d·t. */
typedef struct {
    tct_field8 row[TCT_COMB_WINDOWS][4];
} tct_comb;

/* Eight scalars in signed radix 16: digit[i][lane] is -8…8 in two's complement. */
typedef struct {
    _Alignas(64) uint64_t digit[TCT_DIGITS][TCT_LANES];
} tct_digits;

/* in: eight encodings, peer or public.  FORMAT: at least one is not canonical (as
 * tct_element_decode), and *out is of no use then. */
TCT_MUST_CHECK tct_err tct_points_decode(tct_points *out,
                                         const uint8_t in[TCT_LANES * TCT_ELEMENT_BYTES]);
/* The canonical encodings; the identity is 32 zero bytes. */
void tct_points_encode(uint8_t out[TCT_LANES * TCT_ELEMENT_BYTES], const tct_points *in);
/* The one-way map on eight strings of 64 uniform bytes, as tct_element_from_wide. */
void tct_points_from_wide(tct_points *out, const uint8_t wide[TCT_LANES * TCT_WIDE_BYTES]);
/* Lane by lane; out may be a or b. */
void tct_points_add(tct_points *out, const tct_points *a, const tct_points *b);
void tct_points_sub(tct_points *out, const tct_points *a, const tct_points *b);

/* Recodes a scalar below q once for many multiplications: the same in all lanes. */
void tct_digits_of_one(tct_digits *out, const tct_scalar *s);
/* Eight scalars, one a lane. */
void tct_digits_of(tct_digits *out, const tct_scalar s[TCT_LANES]);
/* out[i] = s_i·in[i]; out may be in.  The identity comes out as such. */
void tct_points_mul(tct_points *out, const tct_digits *s, const tct_points *in);

/* The table of the element in the first lane; of the group's generator. */
void tct_comb_init(tct_comb *out, const tct_points *in);
void tct_comb_init_base(tct_comb *out);
/* out[i] = s_i·P: a quarter of what tct_points_mul costs. */
void tct_comb_mul(tct_points *out, const tct_comb *comb, const tct_digits *s);

typedef struct {
    const char *name;
    bool (*usable)(void); /* does this processor have it? */
    /* All ones iff all eight are good.  s: the 255 low bits of each encoding. */
    uint64_t (*decode)(tct_points *out, const tct_field8 *s);
    void (*encode)(tct_field8 *s, const tct_points *in); /* limbs below 2^51, number below p */
    void (*map)(tct_points *out, const tct_field8 *first, const tct_field8 *second);
    void (*add)(tct_points *out, const tct_points *a, const tct_points *b, bool subtract);
    void (*multiply)(tct_points *out, const tct_digits *s, const tct_points *in);
    void (*comb_make)(tct_comb *out, const tct_points *in);
    void (*comb_multiply)(tct_points *out, const tct_comb *comb, const tct_digits *s);
} tct_curve_backend;

/* The list ends with NULL; the portable one is last and always usable. */
extern const tct_curve_backend *const tct_curve_backends[];

/* The fastest backend that is usable here and passed its self-test. */
const tct_curve_backend *tct_curve(void);

/* For tests and benchmarks: use this backend from now on (NULL: choose again). */
void tct_curve_choose(const tct_curve_backend *backend);

/* True iff this backend agrees with known answers (less than a millisecond). */
TCT_MUST_CHECK bool tct_curve_self_test(const tct_curve_backend *backend);

#endif
