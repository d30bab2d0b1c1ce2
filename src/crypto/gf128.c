/* SPDX-License-Identifier: ISC */
#include "crypto/gf128.h"

#include <stdatomic.h>

#include "crypto/gf128_backends.h"

const tct_gf128_backend *const tct_gf128_backends[] = {
#if defined(__x86_64__) && !defined(TCT_CHECK_CONSTANT_TIME)
    &tct_gf128_vpclmul,
    &tct_gf128_clmul,
#endif
#if defined(TCT_ARM_AES) && !defined(TCT_CHECK_CONSTANT_TIME)
    &tct_gf128_arm,
#endif
    &tct_gf128_portable, /* the only one under the constant-time tests */
    NULL,
};

/* Two threads may choose at once: both come to the same result. */
static _Atomic(const tct_gf128_backend *) chosen;

enum { TEST_ELEMENTS = 44 };

static bool same(tct_block a, tct_block b)
{
    return a.lo == b.lo && a.hi == b.hi;
}

/* χ^1 … χ^8, and every fourth up to χ^32. */
static void prepare(tct_gf128_point *point, tct_block chi,
                    tct_block (*mul)(tct_block, tct_block))
{
    point->power[0] = chi;
    for (int i = 1; i < TCT_GF128_POWERS; i++)
        point->power[i] = mul(point->power[i - 1], chi);
    point->fourth[0] = point->power[3];
    for (int i = 1; i < TCT_GF128_POWERS; i++)
        point->fourth[i] = mul(point->fourth[i - 1], point->power[3]);
}

bool tct_gf128_self_test(const tct_gf128_backend *backend)
{
    /* Computed by the Python prototype, not by this code: a·b, and a over the elements a, b, a, b,
     * …, eleven of them, from the accumulator b. */
    static const tct_block a = {0x0706050403020100, 0x0f0e0d0c0b0a0908},
                           b = {0x1716151413121110, 0x1f1e1d1c1b1a1918},
                           product = {0x1a76625839ee41c0, 0x51162938728e0aa0},
                           eleven = {0x12c14e1d33a9fc1f, 0xbdd0639dabe08d4c};
    tct_block sum = eleven;
    tct_block c[TEST_ELEMENTS], lanes[TCT_GF128_LANES] = {{0, 0}, {0, 0}, {0, 0}, b};
    tct_gf128_point point;
    for (int i = 0; i < TEST_ELEMENTS; i++)
        c[i] = i % 2 == 0 ? a : b;
    prepare(&point, a, backend->mul);
    bool good = same(backend->mul(a, b), product);
    good &= same(backend->horner(&point, b, c, 11), sum);
    for (size_t i = 11; i < TEST_ELEMENTS;
         i++) /* every width of the lanes, by the definition */
        sum = tct_block_xor(backend->mul(sum, a), c[i]);
    good &= same(backend->horner(&point, b, c, TEST_ELEMENTS), sum);
    if (backend->horner_lanes == NULL)
        return good;
    backend->horner_lanes(&point, lanes, c, TEST_ELEMENTS);
    return good &&
           same(backend->horner(&point, (tct_block){0, 0}, lanes, TCT_GF128_LANES), sum);
}

static const tct_gf128_backend *backend_in_use(void)
{
    const tct_gf128_backend *backend = atomic_load_explicit(&chosen, memory_order_acquire);
    if (backend != NULL)
        return backend;
    const tct_gf128_backend *const *at = tct_gf128_backends;
    while (*at != NULL && !((*at)->usable() && tct_gf128_self_test(*at)))
        at++;
    TCT_ASSERT(*at != NULL); /* the compiler broke even the portable one: go no further */
    atomic_store_explicit(&chosen, *at, memory_order_release);
    return *at;
}

void tct_gf128_choose(const tct_gf128_backend *backend)
{
    atomic_store_explicit(&chosen, backend, memory_order_release);
}

tct_block tct_gf128_mul(tct_block a, tct_block b)
{
    return backend_in_use()->mul(a, b);
}

void tct_gf128_point_init(tct_gf128_point *point, tct_block chi)
{
    prepare(point, chi, tct_gf128_mul);
}

void tct_gf128_horner_lanes(const tct_gf128_point *point, tct_block acc[TCT_GF128_LANES],
                            const tct_block *c, size_t count)
{
    const tct_gf128_backend *backend = backend_in_use();
    if (backend->horner_lanes != NULL)
        backend->horner_lanes(point, acc, c, count);
    else
        acc[3] = backend->horner(point, acc[3], c, count);
}

tct_block tct_gf128_lanes_sum(const tct_gf128_point *point,
                              const tct_block acc[TCT_GF128_LANES])
{
    return tct_gf128_horner(point, (tct_block){0, 0}, acc, TCT_GF128_LANES);
}

tct_block tct_gf128_horner(const tct_gf128_point *point, tct_block acc, const tct_block *c,
                           size_t count)
{
    return backend_in_use()->horner(point, acc, c, count);
}
