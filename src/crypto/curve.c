/* SPDX-License-Identifier: ISC
 *
 * Between bytes and lanes, the digits of scalars, and the choice of a backend.
 */
#include "crypto/curve.h"

#include <stdatomic.h>
#include <string.h>

#include "crypto/curve_backends.h"

enum { LOW51_BITS = 51, STACK_BYTES = 24 * 1024 };

const tct_curve_backend *const tct_curve_backends[] = {
#if defined(__x86_64__) && !defined(TCT_CHECK_CONSTANT_TIME)
    &tct_curve_ifma,
    &tct_curve_avx2,
#endif
    &tct_curve_portable, /* the only one under the constant-time tests */
    NULL,
};

/* Two threads may choose at once: both come to the same result. */
static _Atomic(const tct_curve_backend *) chosen;

/* ---------------------------------------------------------------------- bytes and lanes --- */

/* The 255 low bits of eight strings of 32 bytes, `stride` bytes apart. */
static void unpack(tct_field8 *out, const uint8_t *in, size_t stride)
{
    const uint64_t low = ((uint64_t)1 << LOW51_BITS) - 1;
    for (int i = 0; i < TCT_LANES; i++) {
        const uint8_t *at = in + stride * (size_t)i;
        uint64_t a = tct_load64(at), b = tct_load64(at + 8), c = tct_load64(at + 16),
                 d = tct_load64(at + 24);
        out->limb[0][i] = a & low;
        out->limb[1][i] = (a >> 51 | b << 13) & low;
        out->limb[2][i] = (b >> 38 | c << 26) & low;
        out->limb[3][i] = (c >> 25 | d << 39) & low;
        out->limb[4][i] = d >> 12 & low;
    }
}

/* Limbs below 2^51. */
static void pack(uint8_t *out, const tct_field8 *in)
{
    for (int i = 0; i < TCT_LANES; i++) {
        uint8_t *at = out + TCT_ELEMENT_BYTES * (size_t)i;
        uint64_t a = in->limb[0][i], b = in->limb[1][i], c = in->limb[2][i], d = in->limb[3][i],
                 e = in->limb[4][i];
        tct_store64(at, a | b << 51);
        tct_store64(at + 8, b >> 13 | c << 38);
        tct_store64(at + 16, c >> 26 | d << 25);
        tct_store64(at + 24, d >> 39 | e << 12);
    }
}

static void copy_lane(tct_points *out, size_t to, const tct_points *in, size_t from)
{
    for (int k = 0; k < TCT_FIELD_LIMBS; k++) {
        out->x.limb[k][to] = in->x.limb[k][from];
        out->y.limb[k][to] = in->y.limb[k][from];
        out->z.limb[k][to] = in->z.limb[k][from];
        out->t.limb[k][to] = in->t.limb[k][from];
    }
}

/* What a kernel and the functions under it left on the stack, once it is done: tables, digits, limbs
 * of secret points.  tests/unit/crypto_curve_test.c looks whether it is deep enough. */
static __attribute__((noinline)) void wipe_stack(void)
{
    uint8_t frames[STACK_BYTES];
    tct_wipe(frames, sizeof frames);
}

tct_err tct_points_decode(tct_points *out, const uint8_t in[TCT_LANES * TCT_ELEMENT_BYTES])
{
    tct_field8 s;
    uint64_t top = 0;
    for (size_t i = 0; i < TCT_LANES; i++)
        top |= in[TCT_ELEMENT_BYTES * i + TCT_ELEMENT_BYTES - 1] & 0x80;
    unpack(&s, in, TCT_ELEMENT_BYTES);
    tct_mask good = {tct_curve()->decode(out, &s)};
    good = tct_mask_and(good, tct_mask_not(tct_mask_of_nonzero(top)));
    return tct_mask_reveal(good) ? TCT_OK : TCT_ERR_FORMAT; /* a peer's bytes: known to it */
}

void tct_points_encode(uint8_t out[TCT_LANES * TCT_ELEMENT_BYTES], const tct_points *in)
{
    tct_field8 s;
    tct_curve()->encode(&s, in);
    pack(out, &s);
    tct_wipe(&s, sizeof s);
    wipe_stack();
}

void tct_points_from_wide(tct_points *out, const uint8_t wide[TCT_LANES * TCT_WIDE_BYTES])
{
    tct_field8 first, second;
    unpack(&first, wide, TCT_WIDE_BYTES);
    unpack(&second, wide + TCT_WIDE_BYTES / 2, TCT_WIDE_BYTES);
    tct_curve()->map(out, &first, &second);
    tct_wipe(&first, sizeof first);
    tct_wipe(&second, sizeof second);
    wipe_stack();
}

void tct_points_add(tct_points *out, const tct_points *a, const tct_points *b)
{
    tct_curve()->add(out, a, b, false);
    wipe_stack();
}

void tct_points_sub(tct_points *out, const tct_points *a, const tct_points *b)
{
    tct_curve()->add(out, a, b, true);
    wipe_stack();
}

/* ------------------------------------------------------------------------------- digits --- */

/* Nibbles 0…15 become -8…7 by carrying 1 where 8 or more; the last one cannot reach 8, as scalars are
 * below 2^253.  [BDLSY11] */
static void recode(tct_digits *out, size_t lane, const tct_scalar *s)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < TCT_DIGITS; i++) {
        uint64_t nibble = (s->bytes[i / 2] >> (4 * (i % 2)) & 15) + carry;
        carry = (nibble + 8) >> 4;
        out->digit[i][lane] = nibble - (carry << 4);
    }
}

void tct_digits_of(tct_digits *out, const tct_scalar s[TCT_LANES])
{
    for (size_t i = 0; i < TCT_LANES; i++)
        recode(out, i, &s[i]);
    wipe_stack();
}

void tct_digits_of_one(tct_digits *out, const tct_scalar *s)
{
    recode(out, 0, s);
    for (size_t i = 0; i < TCT_DIGITS; i++)
        for (size_t lane = 1; lane < TCT_LANES; lane++)
            out->digit[i][lane] = out->digit[i][0];
    wipe_stack();
}

void tct_points_mul(tct_points *out, const tct_digits *s, const tct_points *in)
{
    tct_curve()->multiply(out, s, in);
    wipe_stack();
}

void tct_comb_init(tct_comb *out, const tct_points *in)
{
    tct_curve()->comb_make(out, in);
    wipe_stack();
}

void tct_comb_init_base(tct_comb *out)
{
    /* RFC 9496, section 4.2: the generator, encoded. */
    static const uint8_t generator[TCT_ELEMENT_BYTES] = {
        0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9,
        0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82,
        0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};
    uint8_t block[TCT_LANES * TCT_ELEMENT_BYTES] = {0}; /* the other lanes hold the identity */
    tct_points g;
    memcpy(block, generator, sizeof generator);
    tct_err err = tct_points_decode(&g, block);
    TCT_ASSERT(err == TCT_OK);
    tct_comb_init(out, &g);
}

void tct_comb_mul(tct_points *out, const tct_comb *comb, const tct_digits *s)
{
    tct_curve()->comb_multiply(out, comb, s);
    wipe_stack();
}

/* ---------------------------------------------------------------------------- self-test --- */

/* Byte j of the sum is Σ (2i + 1)·byte j of encoding i: eight encodings in one, each in its place. */
static bool weighs(const tct_curve_backend *backend, const tct_points *points,
                   const uint8_t want[TCT_ELEMENT_BYTES])
{
    tct_field8 s;
    uint8_t bytes[TCT_LANES * TCT_ELEMENT_BYTES], differ = 0;
    backend->encode(&s, points);
    pack(bytes, &s);
    for (size_t j = 0; j < TCT_ELEMENT_BYTES; j++) {
        unsigned sum = 0;
        for (unsigned i = 0; i < TCT_LANES; i++)
            sum += (2 * i + 1) * bytes[TCT_ELEMENT_BYTES * i + j];
        differ |= (uint8_t)(sum ^ want[j]);
    }
    return differ == 0;
}

/* The walk of tests/kat/curve.py, and its answers: the map; there and back through the encodings,
 * which must be taken, and not be when one limb is another; s_i·P_i + s_i·P_0 - P_0. */
bool tct_curve_self_test(const tct_curve_backend *backend)
{
    static const uint8_t mapped[TCT_ELEMENT_BYTES] = {
        0xd8, 0xa9, 0x7c, 0xf8, 0xc5, 0x2b, 0x04, 0xc9, 0x03, 0xe8, 0xa9,
        0x7a, 0x37, 0xff, 0xd2, 0x70, 0x38, 0x04, 0xd9, 0x3b, 0xff, 0x66,
        0x74, 0x77, 0xf6, 0x28, 0x10, 0x92, 0x3b, 0xd9, 0x5f, 0x49};
    static const uint8_t walked[TCT_ELEMENT_BYTES] = {
        0xe0, 0xb7, 0xc2, 0x50, 0xbe, 0x1c, 0x6b, 0xfb, 0x02, 0x99, 0xad,
        0x3f, 0x11, 0x40, 0x69, 0xbe, 0x52, 0xe8, 0xba, 0x22, 0x9e, 0xd2,
        0x7c, 0xc2, 0xcb, 0xcb, 0x8f, 0x9f, 0x47, 0x8e, 0x1e, 0xb8};
    uint8_t wide[TCT_LANES * TCT_WIDE_BYTES];
    tct_scalar scalars[TCT_LANES];
    tct_field8 first, second;
    tct_points p, q, r;
    tct_digits digits;
    tct_comb comb;
    for (unsigned i = 0; i < TCT_LANES; i++) {
        for (unsigned j = 0; j < TCT_WIDE_BYTES; j++)
            wide[TCT_WIDE_BYTES * i + j] = (uint8_t)(29 * i + 7 * j + 5);
        for (unsigned j = 0; j < TCT_SCALAR_BYTES; j++)
            scalars[i].bytes[j] = (uint8_t)(17 * i + 13 * j + 1);
        scalars[i].bytes[TCT_SCALAR_BYTES - 1] = (uint8_t)i;
        recode(&digits, i, &scalars[i]);
    }
    unpack(&first, wide, TCT_WIDE_BYTES);
    unpack(&second, wide + TCT_WIDE_BYTES / 2, TCT_WIDE_BYTES);
    backend->map(&p, &first, &second);
    bool good = weighs(backend, &p, mapped);
    backend->encode(&first, &p);
    good &= backend->decode(&p, &first) == ~(uint64_t)0;
    first.limb[0][TCT_LANES - 1] ^= 1; /* now negative */
    good &= backend->decode(&q, &first) == 0;
    backend->multiply(&q, &digits, &p);
    backend->comb_make(&comb, &p);
    backend->comb_multiply(&r, &comb, &digits);
    backend->add(&q, &q, &r, false);
    for (unsigned i = 1; i < TCT_LANES; i++)
        copy_lane(&p, i, &p, 0);
    backend->add(&q, &q, &p, true);
    return good && weighs(backend, &q, walked);
}

/* ------------------------------------------------------------------------------- choice --- */

const tct_curve_backend *tct_curve(void)
{
    const tct_curve_backend *backend = atomic_load_explicit(&chosen, memory_order_acquire);
    if (backend != NULL)
        return backend;
    const tct_curve_backend *const *at = tct_curve_backends;
    while (*at != NULL && !((*at)->usable() && tct_curve_self_test(*at)))
        at++;
    TCT_ASSERT(*at != NULL); /* the compiler broke even the portable one: go no further */
    atomic_store_explicit(&chosen, *at, memory_order_release);
    return *at;
}

void tct_curve_choose(const tct_curve_backend *backend)
{
    atomic_store_explicit(&chosen, backend, memory_order_release);
}
