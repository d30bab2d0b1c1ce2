/* SPDX-License-Identifier: ISC
 *
 * curve_bench.c — times the operations of src/crypto/curve.h, each backend beside libsodium, and the
 * base transfers that stand on them.
 *
 * Prints one JSON object a line: {"operation":…,"backend":…,"value":…,"unit":"us","times_libsodium":…}:
 * microseconds for one element (one of the eight of a block), and how often libsodium's time for one
 * is that.  Where libsodium has no such operation the nearest is named: a table's multiplication
 * stands beside its multiplication of any element, a sum beside one that decodes and encodes.
 * Each value is the median of RUNS runs of processor time, all in this process and by turns.
 */
#include "crypto/curve.h"
#include "ot/base_ot.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 7, RUN_US = 4000 };

static tct_points points, result;
static tct_digits digits;
static tct_comb comb;
static tct_scalar scalars[TCT_LANES];
static uint8_t wide[TCT_LANES * TCT_WIDE_BYTES], encoded[TCT_LANES * TCT_ELEMENT_BYTES];
static tct_element one, other, product;
static tct_base_ot party;
static uint8_t own[TCT_BASE_OT_BYTES], peer[TCT_BASE_OT_BYTES];

static void require(bool holds)
{
    if (!holds)
        exit(1);
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void map(void)
{
    tct_points_from_wide(&result, wide);
}
static void encode(void)
{
    tct_points_encode(encoded, &points);
}
static void decode(void)
{
    require(tct_points_decode(&result, encoded) == TCT_OK);
}
static void add(void)
{
    tct_points_add(&result, &points, &points);
}
static void multiply(void)
{
    tct_points_mul(&result, &digits, &points);
}
static void comb_multiply(void)
{
    tct_comb_mul(&result, &comb, &digits);
}
static void comb_make(void)
{
    tct_comb_init(&comb, &points);
}

static void alone_map(void)
{
    tct_element_from_wide(&product, wide);
}
static void alone_decode(void)
{
    require(tct_element_decode(&product, one.bytes) == TCT_OK);
}
static void alone_add(void)
{
    tct_element_add(&product, &one, &other);
}
static void alone_multiply(void)
{
    require(tct_element_mul(&product, &scalars[0], &one) == TCT_OK);
}
static void alone_multiply_base(void)
{
    tct_element_mul_base(&product, &scalars[0]);
}

/* One person's part: message, peer's message, keys. */
static void base_ot(void)
{
    static tct_block chosen[TCT_BASE_OT_COUNT], both[TCT_BASE_OT_COUNT][2];
    const uint8_t sid[32] = {1}, th_s[32] = {2}, seed[32] = {3};
    tct_base_ot_init(&party, sid, 0, (tct_block){5, 7}, seed);
    tct_base_ot_send(&party, own);
    require(tct_base_ot_recv(&party, peer) == TCT_OK);
    require(tct_base_ot_keys(&party, th_s, chosen, both) == TCT_OK);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double measure(void (*operation)(void))
{
    double v[RUNS];
    size_t calls = 1;
    for (int run = 0; run < RUNS;) {
        double start = now_us();
        for (size_t i = 0; i < calls; i++)
            operation();
        double took = now_us() - start;
        if (took < RUN_US) {
            calls *= 2; /* still finding out how many calls fill a run */
            continue;
        }
        v[run++] = took / (double)calls;
    }
    qsort(v, RUNS, sizeof *v, ascending);
    return v[RUNS / 2];
}

typedef struct {
    const char *name;
    void (*lanes)(void);
    void (*sodium)(void); /* what stands beside it, for one element; NULL: nothing */
    double elements;      /* that one call in lanes does */
} operation;

static const operation operations[] = {
    {"encode", encode, NULL, TCT_LANES},
    {"decode", decode, alone_decode, TCT_LANES},
    {"map", map, alone_map, TCT_LANES},
    {"add", add, alone_add, TCT_LANES},
    {"multiply", multiply, alone_multiply, TCT_LANES},
    {"multiply_by_table", comb_multiply, alone_multiply, TCT_LANES},
    {"multiply_base_by_table", comb_multiply, alone_multiply_base, TCT_LANES},
    {"make_table", comb_make, NULL, 1},
    {"base_ot_of_one_person", base_ot, NULL, 1},
};

static void show(const char *name, const char *backend, double us, double sodium)
{
    printf("{\"operation\":\"%s\",\"backend\":\"%s\",\"value\":%.3f,\"unit\":\"us\"", name,
           backend, us);
    if (sodium > 0)
        printf(",\"times_libsodium\":%.2f", sodium / us);
    printf("}\n");
    fflush(stdout);
}

static void compare(const operation *o)
{
    double sodium = o->sodium == NULL ? 0 : measure(o->sodium);
    if (sodium > 0)
        show(o->name, "libsodium", sodium, sodium);
    for (size_t i = 0; tct_curve_backends[i] != NULL; i++) {
        const tct_curve_backend *backend = tct_curve_backends[i];
        if (!backend->usable() || !tct_curve_self_test(backend))
            continue;
        tct_curve_choose(backend);
        show(o->name, backend->name, measure(o->lanes) / o->elements, sodium);
    }
    tct_curve_choose(NULL);
}

int main(void)
{
    const uint8_t sid[32] = {1}, seed[32] = {4};
    if (sodium_init() < 0)
        return 1;
    for (size_t i = 0; i < sizeof wide; i++)
        wide[i] = (uint8_t)(i * i + 3);
    for (size_t i = 0; i < TCT_LANES; i++)
        tct_scalar_from_wide(&scalars[i], wide + TCT_WIDE_BYTES * i);
    tct_points_from_wide(&points, wide);
    tct_points_encode(encoded, &points);
    tct_digits_of(&digits, scalars);
    tct_comb_init(&comb, &points);
    memcpy(one.bytes, encoded, sizeof one.bytes);
    memcpy(other.bytes, encoded + TCT_ELEMENT_BYTES, sizeof other.bytes);
    tct_base_ot_init(&party, sid, 1, (tct_block){1, 2}, seed);
    tct_base_ot_send(&party, peer);
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        compare(&operations[i]);
    return 0;
}
