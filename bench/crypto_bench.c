/* SPDX-License-Identifier: ISC
 *
 * crypto_bench.c — times the kernels of src/crypto, each backend beside the portable one.
 *
 * Prints one JSON object a line: {"kernel":…,"backend":…,"value":…,"unit":…,"times_portable":…}.
 * Each value is the median of RUNS runs of processor time, on data that fits the first cache; in
 * WebAssembly, where there is only the clock on the wall, the best of many short ones.
 */
#include "crypto/aes.h"
#include "crypto/gf128.h"
#include "crypto/hash.h"
#include "crypto/tcr.h"
#include "crypto/transpose.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BLOCKS = 512 };
#ifdef __wasm__
enum { RUNS = 101, PICK = RUNS - 1, RUN_MS = 2 };
#else
enum { RUNS = 7, PICK = RUNS / 2, RUN_MS = 30 };
#endif

static tct_block keys[BLOCKS], in[2 * BLOCKS], out[2 * BLOCKS];
static uint64_t tweaks[BLOCKS];
static tct_aes_key one_key;
static tct_gf128_point point;
static tct_xof xof;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* One call of each kernel does BLOCKS units of work. */
static void aes_encrypt(void)
{
    tct_aes()->encrypt(&one_key, in, out, BLOCKS);
}
static void aes_rekeyed_1(void)
{
    tct_aes()->encrypt_rekeyed(keys, BLOCKS, 1, in, out);
}
static void aes_rekeyed_2(void)
{
    tct_aes()->encrypt_rekeyed(keys, BLOCKS / 2, 2, in, out);
}
static void tcr_1(void)
{
    tct_tcr(keys[0], TCT_DOM_GATE_A, tweaks, BLOCKS, 1, in, out);
}
static void tcr_2(void)
{
    tct_tcr(keys[0], TCT_DOM_GATE_A, tweaks, BLOCKS / 2, 2, in, out);
}
static void tcr_of_8(void)
{
    for (size_t i = 0; i < BLOCKS; i += 8)
        tct_tcr(keys[0], TCT_DOM_GATE_A, tweaks + i, 8, 1, in + i, out + i);
}
static void tcr_of_1(void)
{
    for (size_t i = 0; i < BLOCKS; i++)
        tct_tcr(keys[0], TCT_DOM_GATE_A, tweaks + i, 1, 1, in + i, out + i);
}
/* Gates, with all that a garbler or an evaluator needs of their pads. */
static void hash_gates(const tct_delta *delta)
{
    static tct_tcr_gates gates = {.count = TCT_TCR_GATES};
    static tct_tcr_sums sums;
    for (size_t at = 0; at < BLOCKS; at += TCT_TCR_GATES) {
        for (size_t i = 0; i < TCT_TCR_GATES; i++) {
            gates.number[i] = (uint32_t)(at + i);
            gates.a[i] = &in[at + i];
            gates.b[i] = &in[BLOCKS + at + i];
        }
        tct_tcr_gates_sums(keys[0], TCT_DOM_GATE_A, &gates, delta, &sums);
    }
}
static void garbler_hash(void)
{
    static const tct_delta delta = {{1, 2}};
    hash_gates(&delta);
}
static void evaluator_hash(void)
{
    hash_gates(NULL);
}
static void keystream(void)
{
    tct_xof_next(&xof, (uint8_t *)out, BLOCKS * TCT_BLOCK_BYTES);
}
static void horner(void)
{
    out[0] = tct_gf128_horner(&point, out[0], in, BLOCKS);
}
static void product(void)
{
    for (size_t i = 0; i < BLOCKS; i++)
        out[i] = tct_gf128_mul(in[i], out[i]);
}
static void transposition(void)
{
    for (size_t i = 0; i < BLOCKS; i += 128)
        tct_transpose128(in + i, out + i);
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Units a second: the median over RUNS runs. */
static double measure(void (*kernel)(void))
{
    double rate[RUNS];
    size_t calls = 1;
    for (int run = 0; run < RUNS;) {
        double start = seconds();
        for (size_t i = 0; i < calls; i++)
            kernel();
        double took = seconds() - start;
        if (took < 1e-3 * RUN_MS) {
            calls *= 2; /* still finding out how many calls fill a run */
            continue;
        }
        rate[run++] = (double)calls * BLOCKS / took;
    }
    qsort(rate, RUNS, sizeof *rate, ascending);
    return rate[PICK];
}

static void show(const char *kernel, const char *backend, double rate, double portable)
{
    printf("{\"kernel\":\"%s\",\"backend\":\"%s\",\"value\":%.2f,\"unit\":\"M/s\"", kernel,
           backend, rate / 1e6);
    printf(",\"times_portable\":%.2f}\n", rate / portable);
    fflush(stdout);
}

/* Every backend, the portable one first. */
static void compare_aes(const char *name, void (*kernel)(void))
{
    size_t count = 0;
    while (tct_aes_backends[count] != NULL)
        count++;
    double portable = 0;
    while (count-- > 0) {
        const tct_aes_backend *backend = tct_aes_backends[count];
        if (!backend->usable() || !tct_aes_self_test(backend))
            continue;
        tct_aes_choose(backend);
        double rate = measure(kernel);
        portable = portable > 0 ? portable : rate;
        show(name, backend->name, rate, portable);
    }
    tct_aes_choose(NULL);
}

static void compare_gf128(const char *name, void (*kernel)(void))
{
    size_t count = 0;
    while (tct_gf128_backends[count] != NULL)
        count++;
    double portable = 0;
    while (count-- > 0) {
        const tct_gf128_backend *backend = tct_gf128_backends[count];
        if (!backend->usable() || !tct_gf128_self_test(backend))
            continue;
        tct_gf128_choose(backend);
        double rate = measure(kernel);
        portable = portable > 0 ? portable : rate;
        show(name, backend->name, rate, portable);
    }
    tct_gf128_choose(NULL);
}

static void compare_transpose(const char *name, void (*kernel)(void))
{
    size_t count = 0;
    while (tct_transpose_backends[count] != NULL)
        count++;
    double portable = 0;
    while (count-- > 0) {
        const tct_transpose_backend *backend = tct_transpose_backends[count];
        if (!backend->usable() || !tct_transpose_self_test(backend))
            continue;
        tct_transpose_choose(backend);
        double rate = measure(kernel);
        portable = portable > 0 ? portable : rate;
        show(name, backend->name, rate, portable);
    }
    tct_transpose_choose(NULL);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    tct_xof_init(&xof, "crypto_bench.c__", 16, "bench", 5);
    tct_xof_next(&xof, (uint8_t *)keys, sizeof keys);
    tct_xof_next(&xof, (uint8_t *)in, sizeof in);
    tct_xof_next(&xof, (uint8_t *)tweaks, sizeof tweaks);
    tct_aes_expand(&one_key, (const uint8_t *)keys);
    tct_gf128_point_init(&point, keys[1]);
    compare_aes("aes_encrypt", aes_encrypt);
    compare_aes("aes_rekeyed_1", aes_rekeyed_1);
    compare_aes("aes_rekeyed_2", aes_rekeyed_2);
    compare_aes("tcr_1", tcr_1);
    compare_aes("tcr_2", tcr_2);
    compare_aes("tcr_1_batches_of_8", tcr_of_8);
    compare_aes("tcr_1_batches_of_1", tcr_of_1);
    compare_aes("gate_hash_of_a_garbler", garbler_hash);
    compare_aes("gate_hash_of_an_evaluator", evaluator_hash);
    compare_aes("xof_blocks", keystream);
    compare_gf128("gf128_horner", horner);
    compare_gf128("gf128_mul", product);
    compare_transpose("transpose_rows", transposition);
    return 0;
}
